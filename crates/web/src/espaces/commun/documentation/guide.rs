//! A guide: chapters made of sections, cut out of a text rendered from one template, and what it answers to a search.
//!
//! In the text, a line `= ancre | Titre` begins a chapter and a line `== ancre | Titre` a section; all the rest is HTML.

use domain::formations::{mots_recherche, normalise_recherche};

use crate::components::Markup;

const EXTRAIT: usize = 220;

/// A guide as served.
#[derive(Debug, Clone)]
pub struct Guide {
    pub titre: String,
    pub chapitres: Vec<Chapitre>,
}

/// A chapter; what stands before its first section introduces it.
#[derive(Debug, Clone)]
pub struct Chapitre {
    pub ancre: String,
    pub titre: String,
    pub introduction: Markup,
    pub sections: Vec<Section>,
}

/// What one looks for: a question and its answer.
#[derive(Debug, Clone)]
pub struct Section {
    pub ancre: String,
    pub titre: String,
    pub contenu: Markup,
}

/// A section that answers a search.
#[derive(Debug, Clone)]
pub struct Trouvaille {
    pub ancre: String,
    pub titre: String,
    pub chapitre: String,
    pub extrait: String,
}

impl Guide {
    /// Cuts a rendered text.
    pub fn new(titre: impl Into<String>, texte: &str) -> Self {
        let mut chapitres: Vec<Chapitre> = Vec::new();
        for bloc in format!("\n{texte}").split("\n= ").skip(1) {
            let mut parties = bloc.split("\n== ");
            let (ancre, titre, introduction) = entete(parties.next().unwrap_or_default());
            let sections = parties
                .map(|partie| {
                    let (ancre, titre, contenu) = entete(partie);
                    Section { ancre, titre, contenu }
                })
                .collect();
            chapitres.push(Chapitre { ancre, titre, introduction, sections });
        }
        Self { titre: titre.into(), chapitres }
    }

    /// The sections that have every word of the question, by beginnings of words, accents and case apart; those that have
    /// them in their title first. `None`: nothing was asked.
    pub fn cherche(&self, question: &str) -> Option<Vec<Trouvaille>> {
        let mots = mots_recherche(question);
        if mots.is_empty() {
            return None;
        }
        let mut trouvees: Vec<(bool, Trouvaille)> = Vec::new();
        for c in &self.chapitres {
            for s in &c.sections {
                let texte = texte_nu(&s.contenu.to_string());
                if !has_all(&format!("{} {texte}", s.titre), &mots) {
                    continue;
                }
                trouvees.push((
                    has_all(&s.titre, &mots),
                    Trouvaille {
                        ancre: s.ancre.clone(),
                        titre: s.titre.clone(),
                        chapitre: c.titre.clone(),
                        extrait: extrait(&texte, &mots),
                    },
                ));
            }
        }
        trouvees.sort_by_key(|(titre, _)| !titre);
        Some(trouvees.into_iter().map(|(_, t)| t).collect())
    }
}

/// « ancre | Titre », a line, then the content.
fn entete(bloc: &str) -> (String, String, Markup) {
    let (ligne, contenu) = bloc.split_once('\n').unwrap_or((bloc, ""));
    let (ancre, titre) = ligne.split_once('|').unwrap_or(("", ligne));
    (ancre.trim().to_owned(), titre.trim().to_owned(), Markup::rendu(contenu.trim()))
}

fn has_all(texte: &str, mots: &[String]) -> bool {
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
