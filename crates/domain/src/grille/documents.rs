//! R-CGE-19: the documents that candidates join to their record. What a criterion rests on is asked of them, and what is asked of
//! them is spoken of. A closed list: of other documents nothing is said.

use std::ops::Range;

use super::lexique::Classe as C;
use super::polarite::{is_denial, is_left_out};
use super::relecture::{Passage, Trouve};
use super::tenue::is_not_held;
use super::texte::{Phrase, phrases};
use super::{Contexte, Partie};

/// A kind of document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Document {
    Cv,
    Portfolio,
    Recommandation,
    Video,
    /// Of a level in a language.
    Langue,
    /// To look after children.
    Bafa,
    Secourisme,
    /// Of something else, or of nothing that is said.
    Attestation,
}

impl Document {
    /// The precise ones before the vague one.
    const ALL: [Self; 8] = [
        Self::Cv,
        Self::Portfolio,
        Self::Recommandation,
        Self::Video,
        Self::Langue,
        Self::Bafa,
        Self::Secourisme,
        Self::Attestation,
    ];

    /// With its article.
    pub const fn libelle(self) -> &'static str {
        match self {
            Self::Cv => "un curriculum vitæ",
            Self::Portfolio => "un portfolio ou un dossier artistique",
            Self::Recommandation => "une lettre de recommandation",
            Self::Video => "une vidéo de présentation",
            Self::Langue => "une attestation de niveau en langue",
            Self::Bafa => "une attestation du BAFA ou du BAFD",
            Self::Secourisme => "une attestation de secourisme",
            Self::Attestation => "une attestation ou un certificat",
        }
    }
}

/// Kinds of documents, one bit each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Genres(u8);

impl Genres {
    const TOUS: Self = Self(u8::MAX);
    /// What an « attestation » may be.
    const ATTESTATIONS: Self = Self::of(Document::Langue)
        .ou(Self::of(Document::Bafa))
        .ou(Self::of(Document::Secourisme))
        .ou(Self::of(Document::Attestation));

    const fn of(document: Document) -> Self {
        Self(1 << document as u8)
    }

    const fn ou(self, autre: Self) -> Self {
        Self(self.0 | autre.0)
    }

    const fn et(self, autre: Self) -> Self {
        Self(self.0 & autre.0)
    }

    const fn is_empty(self) -> bool {
        self.0 == 0
    }

    const fn a(self, document: Document) -> bool {
        !self.et(Self::of(document)).is_empty()
    }

    fn si(self, vrai: bool) -> Self {
        if vrai { self } else { Self::default() }
    }

    /// Whether one of these is one of the others; « une attestation » is any of them.
    const fn meets(self, autres: Self) -> bool {
        let vague = self.a(Document::Attestation) && !autres.et(Self::ATTESTATIONS).is_empty()
            || autres.a(Document::Attestation) && !self.et(Self::ATTESTATIONS).is_empty();
        vague || !self.et(autres).is_empty()
    }

    fn first(self) -> Option<Document> {
        Document::ALL.into_iter().find(|d| self.a(*d))
    }
}

/// Documents that a course may ask for and that the grid should speak of.
const PIECES: usize = 16;

/// What a course asks of candidates, beside what the platform sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Documents {
    demandes: Genres,
    /// A set for each document, one of which is to be spoken of.
    a_dire: [Genres; PIECES],
}

impl Documents {
    /// From the titles of the documents asked for, and from the other texts of the course that may ask for one: its questions, its
    /// examinations, its conditions.
    pub fn new(pieces: &[&str], ailleurs: &[&str]) -> Self {
        let lu = |texte: &str| phrases(texte, Partie::Conseils);
        let tous = |phrases: &[Phrase], dit: fn(&Phrase) -> Genres| {
            phrases.iter().fold(Genres::default(), |tout, p| tout.ou(dit(p)))
        };
        let mut demandes = ailleurs.iter().fold(Genres::default(), |d, texte| d.ou(tous(&lu(texte), asked)));
        let mut a_dire = [Genres::default(); PIECES];
        let mut places = a_dire.iter_mut();
        for piece in pieces {
            let phrases = lu(piece);
            demandes = demandes.ou(tous(&phrases, asked));
            // What the registration needs is no matter of the commission.
            let nommes = tous(&phrases, named).si(!phrases.iter().any(|p| p.a(C::Administratif)));
            if let (false, Some(place)) = (nommes.is_empty(), places.next()) {
                *place = nommes;
            }
        }
        Self { demandes, a_dire }
    }
}

/// The documents that a sentence names.
fn named(phrase: &Phrase) -> Genres {
    let debut = |racine: &str| phrase.jetons.iter().any(|j| j.mot.starts_with(racine));
    let si = |document, vrai| Genres::of(document).si(vrai);
    si(Document::Cv, phrase.a(C::Cv))
        .ou(si(Document::Portfolio, phrase.a(C::Portfolio)))
        .ou(si(Document::Recommandation, phrase.a(C::Recommandation) || debut("recommandation")))
        .ou(si(Document::Video, phrase.a(C::Video) || debut("video")))
        .ou(certified(phrase))
        .ou(si(Document::Attestation, has_attestation(phrase) && certified(phrase).is_empty()))
}

/// « Un certificat », but not that of a diploma.
fn has_attestation(phrase: &Phrase) -> bool {
    phrase.places(C::Attestation).any(|i| !phrase.est(i, C::Diplome))
}

/// What an attestation may be of.
fn certified(phrase: &Phrase) -> Genres {
    let si = |document, vrai| Genres::of(document).si(vrai);
    let nommee = || phrase.jetons.iter().any(|j| is_language(&j.mot));
    let langue = phrase.a(C::Langue) || has_attestation(phrase) && nommee();
    si(Document::Langue, langue)
        .ou(si(Document::Bafa, phrase.a(C::Bafa)))
        .ou(si(Document::Secourisme, phrase.a(C::Secourisme)))
}

fn is_language(mot: &str) -> bool {
    ["langue", "linguisti", "anglais", "allemand", "espagnol", "francais", "italien"]
        .iter()
        .any(|debut| mot.starts_with(debut))
}

/// The documents that a sentence names, or asks for by what is in them.
fn asked(phrase: &Phrase) -> Genres {
    named(phrase).ou(Genres::of(Document::Portfolio).si(phrase.a(C::Oeuvres)))
}

/// The documents that a sentence may speak of.
fn spoken_of(phrase: &Phrase) -> Genres {
    if phrase.a(C::ToutesPieces) { Genres::TOUS } else { asked(phrase) }
}

/// A document that a criterion rests on, by its name: its words, and what it may be.
fn cited(phrase: &Phrase, i: usize) -> Option<(Range<usize>, Genres)> {
    // « Lettre de recommandation », « courte vidéo ».
    let groupe = |n: usize| {
        let de = matches!(phrase.mot(i + 1), "d" | "de" | "du");
        i..(i + n + usize::from(de)).min(phrase.len())
    };
    if phrase.est(i, C::Cv) {
        let n = if phrase.mot(i).starts_with("cv") { 1 } else { 2 };
        return Some((i..(i + n).min(phrase.len()), Genres::of(Document::Cv)));
    }
    if phrase.est(i, C::Portfolio) {
        let seul = ["book", "portefolio", "portfolio", "portofolio", "pressbook"];
        let seul = seul.iter().any(|m| phrase.mot(i).starts_with(m));
        let mots = if seul { i..i + 1 } else { groupe(2) };
        return Some((mots, Genres::of(Document::Portfolio)));
    }
    if phrase.est(i, C::Recommandation) {
        return Some((groupe(2), Genres::of(Document::Recommandation)));
    }
    if phrase.est(i, C::Video) {
        return Some((groupe(2), Genres::of(Document::Video)));
    }
    attested(phrase, i)
}

/// « Attestation de secourisme », « score au TOEIC » ; neither « BAFA » alone, which candidates declare, nor what the registration
/// needs.
fn attested(phrase: &Phrase, i: usize) -> Option<(Range<usize>, Genres)> {
    const SUITE: usize = 6;
    let suite = || i + 1..(i + 1 + SUITE).min(phrase.len());
    let dit = |classe| suite().any(|k| phrase.est(k, classe));
    if phrase.est(i, C::Attestation) && !phrase.est(i, C::Diplome) && !dit(C::Administratif) {
        let si = |document, vrai| Genres::of(document).si(vrai);
        let langue = dit(C::Langue) || suite().any(|k| is_language(phrase.mot(k)));
        let precis = si(Document::Langue, langue)
            .ou(si(Document::Bafa, dit(C::Bafa)))
            .ou(si(Document::Secourisme, dit(C::Secourisme)));
        return Some((i..i + 1, if precis.is_empty() { Genres::of(Document::Attestation) } else { precis }));
    }
    let pres = |classe| (i + 1..(i + 5).min(phrase.len())).find(|k| phrase.est(*k, classe));
    if !phrase.est(i, C::Resultat) {
        return None;
    }
    let sortes =
        [(C::Langue, Document::Langue), (C::Bafa, Document::Bafa), (C::Secourisme, Document::Secourisme)];
    sortes.into_iter().find_map(|(classe, document)| Some((i..pres(classe)? + 1, Genres::of(document))))
}

/// What the grid and the documents asked for do not say alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Manque {
    /// A criterion rests on it, nobody is asked for it.
    NonDemande(Document),
    /// Candidates are asked for it, the grid says nothing of it.
    NonCite(Document),
}

/// Compares the grid with what is asked of candidates.
pub(super) fn compare(passages: &[Passage], contexte: &Contexte) -> Vec<(Manque, Option<Trouve>)> {
    let Some(documents) = contexte.documents else { return Vec::new() };
    let mut sorties = Vec::new();
    let mut dits = Genres::default();
    for passage in passages {
        let mut vus = Genres::default();
        for (k, phrase) in passage.phrases.iter().enumerate() {
            dits = dits.ou(spoken_of(phrase));
            // The advice may speak of what is not in the record: a document to bring, the diplomas of the course.
            if passage.champ == 0 {
                continue;
            }
            let suite = passage.phrases.get(k + 1);
            for (mots, genres) in (0..phrase.len()).filter_map(|i| cited(phrase, i)) {
                let ecarte = (denies(phrase) || suite.is_some_and(denies))
                    && (is_left_out(phrase, &mots, suite) || is_not_held(phrase, &mots, suite));
                let apporte = (contexte.oral || contexte.pratique) && is_shown(passage);
                if ecarte || apporte || genres.meets(documents.demandes) {
                    continue;
                }
                if let Some(document) = genres.first().filter(|d| !vus.a(*d)) {
                    vus = vus.ou(Genres::of(document));
                    sorties.push((Manque::NonDemande(document), Some(Trouve::new(passage, k, mots))));
                }
            }
        }
    }
    let tus = documents.a_dire.iter().filter(|g| !g.is_empty() && !g.meets(dits));
    sorties.extend(tus.filter_map(|g| Some((Manque::NonCite(g.first()?), None))));
    sorties
}

/// Most sentences deny nothing: « CV soigné ».
fn denies(phrase: &Phrase) -> bool {
    [C::Exclut, C::Sauf, C::Seul, C::Supprime].iter().any(|c| phrase.a(*c))
        || (0..phrase.len()).any(|i| is_denial(phrase, i))
}

/// « Portfolio présenté à l'entretien » : it is brought there.
fn is_shown(passage: &Passage) -> bool {
    const SCENES: &[C] = &[C::Entretien, C::OralNom, C::Jury, C::Audition];
    passage.phrases.iter().any(|p| SCENES.iter().any(|c| p.a(*c)))
}
