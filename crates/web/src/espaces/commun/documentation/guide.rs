//! A guide: chapters made of sections, cut out of a text rendered from one template, and what it answers to a search.
//!
//! In the text, a line `= ancre | Titre | mots` begins a chapter and a line `== ancre | Titre | mots` a section; all the
//! rest is HTML. The words, which may be absent, are those that people look for and the text does not use: searched, never
//! shown.

use domain::formations::{mots_recherche, normalise_recherche};

use crate::components::Markup;

const EXTRAIT: usize = 220;

/// Words of a whole sentence that say nothing of what is looked for: « mon compte a été piraté ».
const MOTS_DE_PHRASE: &[&str] = &[
    "ai", "avoir", "c", "ce", "cet", "cette", "ces", "comment", "est", "ete", "etre", "faire", "faut", "il",
    "elle", "ils", "j", "je", "m", "ma", "me", "mes", "mon", "n", "ne", "nos", "notre", "on", "ont", "pas",
    "plus", "puis", "qu", "que", "quel", "quelle", "qui", "quoi", "s", "sa", "se", "ses", "si", "son",
    "sont", "suis", "t", "votre", "vous", "y",
];

/// What a guide is, its text apart.
#[derive(Debug, Clone, Copy)]
pub struct Couverture {
    /// Where it is served.
    pub adresse: &'static str,
    pub titre: &'static str,
    /// Within a sentence: « le guide des comptes ».
    pub nom: &'static str,
    /// What it is about, under its title.
    pub objet: &'static str,
    /// Whom it is for and what for, in the list of guides.
    pub lecteurs: &'static str,
}

/// A guide as served.
#[derive(Debug, Clone)]
pub struct Guide {
    pub couverture: Couverture,
    pub chapitres: Vec<Chapitre>,
}

/// A chapter; what stands before its first section introduces it.
#[derive(Debug, Clone)]
pub struct Chapitre {
    pub ancre: String,
    pub titre: String,
    mots: String,
    pub introduction: Markup,
    pub sections: Vec<Section>,
}

/// What one looks for: a question and its answer.
#[derive(Debug, Clone)]
pub struct Section {
    pub ancre: String,
    pub titre: String,
    mots: String,
    pub contenu: Markup,
}

/// A section that answers a search.
#[derive(Debug, Clone)]
pub struct Trouvaille {
    /// How near the question: 0 is in the title.
    rang: usize,
    pub couverture: Couverture,
    pub ancre: String,
    pub titre: String,
    pub chapitre: String,
    pub extrait: String,
}

/// What several guides answer, the nearest to the question first. `None`: nothing was asked.
pub fn cherche(guides: &[Guide], question: &str) -> Option<Vec<Trouvaille>> {
    let reponses: Option<Vec<_>> = guides.iter().map(|g| g.cherche(question)).collect();
    let mut trouvees: Vec<Trouvaille> = reponses?.into_iter().flatten().collect();
    trouvees.sort_by_key(|t| t.rang);
    Some(trouvees)
}

/// The same guide by guide: the one at the address `sien` first, then the nearest to the question, the one at `en_fin` after all others;
/// in each, the nearest first.
pub fn cherche_par_guide(
    guides: &[Guide],
    question: &str,
    (sien, en_fin): (Option<&str>, &str),
) -> Option<Vec<(Couverture, Vec<Trouvaille>)>> {
    let trouvees = cherche(guides, question)?;
    let mut groupes: Vec<(Couverture, Vec<Trouvaille>)> = Vec::new();
    for t in trouvees {
        match groupes.iter_mut().find(|(c, _)| c.adresse == t.couverture.adresse) {
            Some((_, siennes)) => siennes.push(t),
            None => groupes.push((t.couverture, vec![t])),
        }
    }
    // Groups come already by their nearest answer.
    groupes.sort_by_key(|(c, _)| {
        let autre = sien != Some(c.adresse);
        (autre, autre && c.adresse == en_fin)
    });
    Some(groupes)
}

impl Guide {
    /// Cuts a rendered text.
    pub fn new(couverture: Couverture, texte: &str) -> Self {
        let mut chapitres: Vec<Chapitre> = Vec::new();
        for bloc in format!("\n{texte}").split("\n= ").skip(1) {
            let mut parties = bloc.split("\n== ");
            let (tete, introduction) = entete(parties.next().unwrap_or_default());
            let sections = parties
                .map(|partie| {
                    let ([ancre, titre, mots], contenu) = entete(partie);
                    Section { ancre, titre, mots, contenu }
                })
                .collect();
            let [ancre, titre, mots] = tete;
            chapitres.push(Chapitre { ancre, titre, mots, introduction, sections });
        }
        Self { couverture, chapitres }
    }

    /// The sections that have every word of the question, by beginnings of words, accents, case and plurals apart: in their
    /// title first, then in the words that people use for it, then in their text. `None`: nothing was asked.
    pub fn cherche(&self, question: &str) -> Option<Vec<Trouvaille>> {
        let mots = radicaux(question);
        if mots.is_empty() {
            return None;
        }
        let mut trouvees: Vec<Trouvaille> = Vec::new();
        for c in &self.chapitres {
            for s in &c.sections {
                let texte = texte_nu(&s.contenu.to_string());
                let ordinaires = format!("{} {} {} {}", s.titre, s.mots, c.titre, c.mots);
                let tout = format!("{ordinaires} {texte}");
                let Some(rang) = [&s.titre, &ordinaires, &tout].iter().position(|t| has_all(t, &mots)) else {
                    continue;
                };
                trouvees.push(Trouvaille {
                    rang,
                    couverture: self.couverture,
                    ancre: s.ancre.clone(),
                    titre: s.titre.clone(),
                    chapitre: c.titre.clone(),
                    extrait: extrait(&texte, &mots),
                });
            }
        }
        trouvees.sort_by_key(|t| t.rang);
        Some(trouvees)
    }
}

/// « ancre | Titre | mots », a line, then the content.
fn entete(bloc: &str) -> ([String; 3], Markup) {
    let (ligne, contenu) = bloc.split_once('\n').unwrap_or((bloc, ""));
    let mut parties = ligne.splitn(3, '|').map(|p| p.trim().to_owned());
    ([(); 3].map(|()| parties.next().unwrap_or_default()), Markup::rendu(contenu.trim()))
}

/// The words of a question, without their plural and feminine endings: words are found by their beginning.
pub(super) fn radicaux(question: &str) -> Vec<String> {
    let mots = mots_recherche(question);
    let dits: Vec<&String> = mots.iter().filter(|m| !MOTS_DE_PHRASE.contains(&m.as_str())).collect();
    let gardes = if dits.is_empty() { mots.iter().collect() } else { dits };
    let court = |mot: &String| {
        let singulier = if mot.len() > 3 { mot.trim_end_matches(['s', 'x']) } else { mot };
        singulier.strip_suffix("ee").map_or(singulier, |_| &singulier[..singulier.len() - 1]).to_owned()
    };
    gardes.into_iter().map(court).collect()
}

pub(super) fn has_all(texte: &str, mots: &[String]) -> bool {
    let net = format!(" {}", normalise_recherche(texte));
    mots.iter().all(|mot| net.contains(&format!(" {mot}")))
}

/// The words of some HTML of ours: no tag, one space between two, the few entities opened.
fn texte_nu(html: &str) -> String {
    let mut texte = String::with_capacity(html.len());
    let mut dans_une_balise = false;
    for c in html.chars() {
        match c {
            '<' => dans_une_balise = true,
            '>' => {
                dans_une_balise = false;
                texte.push(' ');
            }
            _ if dans_une_balise => {}
            _ => texte.push(c),
        }
    }
    let ouvert = [("&#39;", "’"), ("&quot;", "\""), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")]
        .into_iter()
        .fold(texte, |t, (entite, lettre)| t.replace(entite, lettre));
    let simple = ouvert.split_whitespace().collect::<Vec<_>>().join(" ");
    // A tag between a word and its full stop leaves a space.
    [" .", " ,", " )"].into_iter().fold(simple, |t, espace| t.replace(espace, &espace[1..]))
}

/// The sentence that has the first word found, cut where it is too long.
fn extrait(texte: &str, mots: &[String]) -> String {
    let phrases: Vec<&str> = texte.split_inclusive(". ").collect();
    let phrase = phrases
        .iter()
        .find(|p| mots.iter().any(|m| has_all(p, std::slice::from_ref(m))))
        .or(phrases.first())
        .map_or("", |p| p.trim());
    match phrase.char_indices().nth(EXTRAIT) {
        None => phrase.to_owned(),
        Some((fin, _)) => {
            let debut = &phrase[..fin];
            format!("{}…", debut.rsplit_once(' ').map_or(debut, |(mots, _)| mots))
        }
    }
}
