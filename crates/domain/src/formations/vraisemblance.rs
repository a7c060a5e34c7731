//! R-CAP-01 to 04 and 07: whether a capacity looks like the one that was meant, before the public reads it (RUN-4).
//!
//! One capacity in four changes each year, so that a ratio to last year alone holds either too much or too little. Last
//! year's value is read with what the course did with it (who accepted), the values that its family usually has, those of
//! the other courses of the establishment, and the value of the year before.

mod groupes;

use std::fmt;

use super::argent::milliers;

pub use groupes::{PartGroupe, PlacesGroupe};

/// Where a change becomes one to be read again. Percentages of last year's capacity unless said otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seuils {
    /// At or below: a large decrease.
    pub baisse: i64,
    /// At or above: a large increase.
    pub hausse: i64,
    /// The same for a value that courses of the family usually have.
    pub hausse_usuelle: i64,
    /// The same for an unusual value, where last year's places were not all taken.
    pub hausse_non_pourvue: i64,
    /// Share of last year's places accepted below which they were not all taken.
    pub pourvue: i64,
    /// (decrease, increase) for a value that another course of the establishment has.
    pub autre: (i64, i64),
    /// (decrease, increase) between which going back to the value of two sessions ago is a way back.
    pub retour: (i64, i64),
    /// Share of the courses of the family, in thousandths, from which a value is usual.
    pub usuelle_pour_mille: usize,
    /// (low, high) share of the courses of the type, in per cent, that bounds its range.
    pub etendue: (usize, usize),
    /// Courses from which a type has a range of its own; below, its family's.
    pub effectif: usize,
    /// (decrease, increase) of the places of a ranking group.
    pub groupe: (i64, i64),
    /// The same for a group whose share is outside what groups of its candidates have in courses of the type.
    pub groupe_rare: (i64, i64),
    /// Places by which a group must be off to be held: small groups change by large shares.
    pub groupe_places: i64,
}

/// What a past session says of the course.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Passee {
    /// Year of the session.
    pub annee: i64,
    /// Places of that session.
    pub capacite: i64,
    /// People who wished it; `None`, here and below: not published.
    pub candidats: Option<i64>,
    /// People whom the course ranked.
    pub classes: Option<i64>,
    /// People who received a proposition.
    pub propositions: Option<i64>,
    /// People who accepted one.
    pub acceptations: Option<i64>,
}

/// What the courses of the type had in the session before: data of the session, never constants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repere {
    /// How many courses it was drawn from.
    pub effectif: usize,
    /// They have the same title, not only the same family.
    pub meme_intitule: bool,
    /// Few courses of the type have less.
    pub bas: i64,
    /// Few have more.
    pub haut: i64,
    /// Values that the family usually has, in order.
    usuelles: Vec<i64>,
    /// By the candidates of a group.
    parts: Vec<PartGroupe>,
}

impl Repere {
    /// The range of a type from the capacities of the session before: those of the courses of the same title, and of the
    /// whole family. `None` when there are too few to say anything.
    pub fn new(meme_intitule: &[i64], famille: &[i64], seuils: &Seuils) -> Option<Self> {
        let e = Etendue::new(meme_intitule, famille, seuils)?;
        Some(Self {
            effectif: e.effectif,
            meme_intitule: e.meme_intitule,
            bas: e.bas,
            haut: e.haut,
            usuelles: usuelles(famille, seuils.usuelle_pour_mille),
            parts: Vec::new(),
        })
    }

    /// The same, with the shares that ranking groups have in these courses.
    #[must_use]
    pub fn with_parts(self, parts: Vec<PartGroupe>) -> Self {
        Self { parts, ..self }
    }

    fn is_usuelle(&self, places: i64) -> bool {
        self.usuelles.binary_search(&places).is_ok()
    }
}

/// What most courses of a type have.
struct Etendue {
    effectif: usize,
    meme_intitule: bool,
    bas: i64,
    haut: i64,
}

impl Etendue {
    fn new(meme_intitule: &[i64], famille: &[i64], seuils: &Seuils) -> Option<Self> {
        let propre = meme_intitule.len() >= seuils.effectif;
        let mut valeurs = if propre { meme_intitule.to_vec() } else { famille.to_vec() };
        if valeurs.len() < seuils.effectif {
            return None;
        }
        valeurs.sort_unstable();
        let rang = |part: usize| valeurs[(valeurs.len() * part / 100).min(valeurs.len() - 1)];
        Some(Self {
            effectif: valeurs.len(),
            meme_intitule: propre,
            bas: rang(seuils.etendue.0),
            haut: rang(seuils.etendue.1),
        })
    }
}

fn usuelles(famille: &[i64], pour_mille: usize) -> Vec<i64> {
    let mut triees = famille.to_vec();
    triees.sort_unstable();
    let assez = |n: usize| n * 1_000 >= famille.len() * pour_mille;
    triees.chunk_by(|a, b| a == b).filter(|c| assez(c.len())).map(|c| c[0]).collect()
}

/// What a capacity is compared with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Contexte {
    /// The last session known; `None` for a new course.
    pub derniere: Option<Passee>,
    /// Capacity of the session known before that one.
    pub avant_derniere: Option<i64>,
    /// `None` when the platform knows too few courses of the family.
    pub repere: Option<Repere>,
    /// (title, public capacity) of the other courses of the establishment.
    pub autres: Vec<(String, i64)>,
    /// In the order of the draft.
    pub groupes: Vec<PlacesGroupe>,
}

/// The slip of the keyboard that leads from last year's number to the one typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Glissement {
    /// One digit less.
    Oublie,
    /// One digit more: typed twice, or a zero too many.
    Ajoute,
    /// Two neighbours changed places.
    Echanges,
}

impl Glissement {
    fn between(avant: i64, places: i64) -> Option<Self> {
        let (avant, places) = (avant.to_string(), places.to_string());
        let sans = |texte: &str, i: usize| [&texte[..i], &texte[i + 1..]].concat();
        let moins_un =
            |long: &str, court: &str| long.len() > 1 && (0..long.len()).any(|i| sans(long, i) == court);
        let echanges = || {
            let (a, p) = (avant.as_bytes(), places.as_bytes());
            let ecarts: Vec<usize> = (0..a.len().min(p.len())).filter(|i| a[*i] != p[*i]).collect();
            a.len() == p.len() && matches!(ecarts[..], [i, j] if j == i + 1 && a[i] == p[j] && a[j] == p[i])
        };
        if moins_un(&avant, &places) {
            Some(Self::Oublie)
        } else if moins_un(&places, &avant) {
            Some(Self::Ajoute)
        } else {
            echanges().then_some(Self::Echanges)
        }
    }
}

/// Why a capacity is to be read again; displayed as a French sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Raison {
    /// No place at all.
    Nulle {
        /// Places of the last session, when there was one.
        avant: Option<i64>,
    },
    /// Far from last year's.
    Ecart {
        /// As typed.
        places: i64,
        /// Year of the session compared with.
        annee: i64,
        /// Places of that session.
        avant: i64,
        /// The slip that explains it, if any.
        glissement: Option<Glissement>,
    },
    /// Another course of the establishment has that many places.
    AutreFormation {
        /// Its title.
        libelle: String,
    },
    /// A ranking group of the course has that many places.
    Groupe {
        /// Its label.
        libelle: String,
    },
    /// The number counted people, not places.
    Personnes {
        /// Year of the session.
        annee: i64,
        /// « candidats », « candidats classés »…
        quoi: &'static str,
    },
    /// More places, where last year's were not all taken.
    NonPourvue {
        /// Year of the session.
        annee: i64,
        /// People who accepted.
        acceptations: i64,
        /// Places of that session.
        avant: i64,
    },
    /// Outside what courses of the type have.
    HorsType {
        /// Low end of the range.
        bas: i64,
        /// High end.
        haut: i64,
        /// Of the courses of the same title, not only of the family.
        meme_intitule: bool,
    },
    /// Two groups have each the places that the other had.
    GroupesEchanges {
        /// Label of the one.
        un: String,
        /// Label of the other.
        autre: String,
    },
    /// A group is far from the places that it had.
    GroupeEcart {
        /// Its label.
        libelle: String,
        /// Of the draft.
        places: i64,
        /// In the session before.
        avant: i64,
        /// Label of the group that had that many.
        autre: Option<String>,
    },
    /// A group has a share of the places that groups of its candidates do not have.
    GroupePart {
        /// Its label.
        libelle: String,
        /// In per cent.
        part: i64,
        /// Low end of the range, in per cent.
        bas: i64,
        /// High end.
        haut: i64,
        /// Of the courses of the same title, not only of the family.
        meme_intitule: bool,
    },
}

impl Raison {
    /// Stable code, for the journal and the measures.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Nulle { .. } => "nulle",
            Self::Ecart { glissement: None, .. } => "ecart",
            Self::Ecart { glissement: Some(Glissement::Oublie), .. } => "chiffre_oublie",
            Self::Ecart { glissement: Some(Glissement::Ajoute), .. } => "chiffre_ajoute",
            Self::Ecart { glissement: Some(Glissement::Echanges), .. } => "chiffres_echanges",
            Self::AutreFormation { .. } => "autre_formation",
            Self::Groupe { .. } => "groupe",
            Self::Personnes { .. } => "personnes",
            Self::NonPourvue { .. } => "non_pourvue",
            Self::HorsType { .. } => "hors_type",
            Self::GroupesEchanges { .. } => "groupes_echanges",
            Self::GroupeEcart { .. } => "groupe_ecart",
            Self::GroupePart { .. } => "groupe_part",
        }
    }
}

impl fmt::Display for Raison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nulle { avant: Some(n) } if *n > 0 => {
                write!(
                    f,
                    "Aucune place, alors qu’il y en avait {} : personne ne pourra être admis.",
                    milliers(*n)
                )
            }
            Self::Nulle { .. } => write!(f, "Aucune place : personne ne pourra être admis."),
            Self::Ecart { places, annee, avant, glissement } => {
                write!(f, "{} {}", en_places(*places), ecart(*places, *avant, *annee))?;
                match glissement {
                    None => write!(f, "."),
                    Some(Glissement::Oublie) => write!(f, " : un chiffre a-t-il été oublié ?"),
                    Some(Glissement::Ajoute) => write!(f, " : un chiffre a-t-il été doublé ou ajouté ?"),
                    Some(Glissement::Echanges) => write!(f, " : deux chiffres ont-ils été échangés ?"),
                }
            }
            Self::AutreFormation { libelle } => write!(
                f,
                "C’est le nombre de places d’une autre formation de l’établissement : « {libelle} »."
            ),
            Self::Groupe { libelle } => write!(
                f,
                "C’est le nombre de places d’un seul groupe, « {libelle} » : la capacité est celle de toute la formation."
            ),
            Self::Personnes { annee, quoi } => {
                write!(f, "C’est le nombre de {quoi} en {annee}, pas un nombre de places.")
            }
            Self::NonPourvue { annee, acceptations, avant } => write!(
                f,
                "En {annee}, {} accepté une proposition, pour {}.",
                match acceptations {
                    0 => "personne n’avait".to_owned(),
                    1 => "une seule personne avait".to_owned(),
                    n => format!("{} personnes avaient", milliers(*n)),
                },
                en_places(*avant)
            ),
            Self::HorsType { bas, haut, meme_intitule } => write!(
                f,
                "La plupart des formations {} ont de {} à {} places.",
                de_quel_type(*meme_intitule),
                milliers(*bas),
                milliers(*haut)
            ),
            Self::GroupesEchanges { un, autre } => write!(
                f,
                "Les groupes « {un} » et « {autre} » ont chacun les places que l’autre avait : les a-t-on échangées ?"
            ),
            Self::GroupeEcart { libelle, places, avant, autre } => {
                write!(
                    f,
                    "Le groupe « {libelle} » a {} au lieu de {}",
                    en_places(*places),
                    milliers(*avant)
                )?;
                if let Some(autre) = autre {
                    write!(f, ", le nombre du groupe « {autre} »")?;
                }
                write!(f, " : ces places sont-elles dans le bon groupe ?")
            }
            Self::GroupePart { libelle, part, bas, haut, meme_intitule } => write!(
                f,
                "Le groupe « {libelle} » a {part} % des places ; dans la plupart des formations {}, ces candidats en ont de {bas} à {haut} %.",
                de_quel_type(*meme_intitule)
            ),
        }
    }
}

const fn de_quel_type(meme_intitule: bool) -> &'static str {
    if meme_intitule { "du même intitulé" } else { "du même type" }
}

fn en_places(n: i64) -> String {
    if n.abs() <= 1 { format!("{n} place") } else { format!("{} places", milliers(n)) }
}

/// « au lieu de 24, 10 fois plus qu’en 2023 », « au lieu de 50, 40 % de moins qu’en 2023 ».
fn ecart(places: i64, avant: i64, annee: i64) -> String {
    let (grand, petit) = (places.max(avant), places.min(avant));
    let sens = if places > avant { "plus" } else { "moins" };
    if petit == 0 {
        return format!("alors qu’il n’y en avait aucune en {annee}");
    }
    if grand >= 2 * petit {
        let dixiemes = (grand * 10 + petit / 2) / petit;
        let fois = match (dixiemes / 10, dixiemes % 10) {
            (n, 0) => milliers(n),
            (n, d) => format!("{},{d}", milliers(n)),
        };
        return format!("au lieu de {}, {fois} fois {sens} qu’en {annee}", milliers(avant));
    }
    let part = ((grand - petit) * 100 + avant / 2) / avant;
    format!("au lieu de {}, {part} % de {sens} qu’en {annee}", milliers(avant))
}

/// What is to be done with a capacity before it is published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Vraisemblance {
    /// Nothing speaks against it.
    Vraisemblable,
    /// A reason is written and a second person reads it again (R-CAP-05); never empty.
    ARelire(Vec<Raison>),
}

impl Vraisemblance {
    /// The reasons; none when it is likely.
    pub fn raisons(&self) -> &[Raison] {
        match self {
            Self::Vraisemblable => &[],
            Self::ARelire(raisons) => raisons,
        }
    }
}

/// R-CAP-01 to 04 and 07: whether a capacity is likely. An exact rule, without chance nor clock: the same numbers give the same
/// answer on the page and at publication.
pub fn check_vraisemblance(places: i64, c: &Contexte, s: &Seuils) -> Vraisemblance {
    let mut raisons = match &c.derniere {
        _ if places == 0 && c.derniere.is_none_or(|p| p.capacite != 0) => {
            vec![Raison::Nulle { avant: c.derniere.map(|p| p.capacite) }]
        }
        Some(derniere) if is_likely(places, derniere, c, s) => Vec::new(),
        Some(derniere) => explain(places, derniere, c, s),
        None => hors_type(places, c).into_iter().collect(),
    };
    raisons.extend(groupes::raisons(c, s));
    if raisons.is_empty() { Vraisemblance::Vraisemblable } else { Vraisemblance::ARelire(raisons) }
}

/// Whether a number is strictly between two percentages of another.
fn between(places: i64, avant: i64, (bas, haut): (i64, i64)) -> bool {
    places * 100 > avant * bas && places * 100 < avant * haut
}

/// R-CAP-01, R-CAP-02: against the past of the course.
fn is_likely(places: i64, p: &Passee, c: &Contexte, s: &Seuils) -> bool {
    let avant = p.capacite;
    if places == avant {
        return true;
    }
    if c.avant_derniere == Some(places) && between(places, avant, s.retour) {
        return true;
    }
    if c.autres.iter().any(|(_, n)| *n == places) {
        return between(places, avant, s.autre);
    }
    let hausse = if c.repere.as_ref().is_some_and(|r| r.is_usuelle(places)) {
        s.hausse_usuelle
    } else if non_pourvue(p, s).is_some() {
        s.hausse_non_pourvue
    } else {
        s.hausse
    };
    between(places, avant, (s.baisse, hausse))
}

/// Who accepted, where the places were not all taken.
fn non_pourvue(p: &Passee, s: &Seuils) -> Option<i64> {
    p.acceptations.filter(|n| n * 100 < p.capacite * s.pourvue)
}

fn explain(places: i64, p: &Passee, c: &Contexte, s: &Seuils) -> Vec<Raison> {
    let avant = p.capacite;
    let glissement = Glissement::between(avant, places);
    let mut raisons = vec![Raison::Ecart { places, annee: p.annee, avant, glissement }];
    if glissement.is_none() {
        let groupe = c.groupes.iter().find(|g| c.groupes.len() > 1 && g.avant == Some(places));
        raisons.extend(groupe.map(|g| Raison::Groupe { libelle: g.libelle.clone() }));
        raisons.extend(personnes(places, p));
        let autre = c.autres.iter().find(|(_, n)| *n == places);
        raisons.extend(autre.map(|(libelle, _)| Raison::AutreFormation { libelle: libelle.clone() }));
    }
    if let Some(acceptations) = non_pourvue(p, s).filter(|_| places > avant) {
        raisons.push(Raison::NonPourvue { annee: p.annee, acceptations, avant });
    }
    raisons.extend(hors_type(places, c));
    raisons
}

/// The number of people that was typed for a number of places.
fn personnes(places: i64, p: &Passee) -> Option<Raison> {
    let attente = p.classes.map(|n| n - p.capacite);
    [
        (p.candidats, "candidats"),
        (p.classes, "candidats classés"),
        (attente, "candidats de la liste d’attente"),
        (p.propositions, "propositions"),
    ]
    .into_iter()
    .find(|(n, _)| *n == Some(places))
    .map(|(_, quoi)| Raison::Personnes { annee: p.annee, quoi })
}

/// R-CAP-03: outside the range of the type. All that there is to compare a new course with.
fn hors_type(places: i64, c: &Contexte) -> Option<Raison> {
    let r = c.repere.as_ref().filter(|r| !(r.bas..=r.haut).contains(&places))?;
    Some(Raison::HorsType { bas: r.bas, haut: r.haut, meme_intitule: r.meme_intitule })
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) const SEUILS: Seuils = Seuils {
        baisse: 60,
        hausse: 120,
        hausse_usuelle: 140,
        hausse_non_pourvue: 110,
        pourvue: 80,
        autre: (74, 120),
        retour: (60, 150),
        usuelle_pour_mille: 100,
        etendue: (5, 95),
        effectif: 10,
        groupe: (50, 200),
        groupe_rare: (67, 150),
        groupe_places: 6,
    };

    /// (candidates, places, places before).
    pub(super) fn places(groupes: &[(&str, i64, Option<i64>)]) -> Vec<PlacesGroupe> {
        let groupe = |&(nom, places, avant): &(&str, i64, Option<i64>)| PlacesGroupe {
            libelle: format!("Bacs {nom}"),
            series: nom.to_owned(),
            places,
            avant,
        };
        groupes.iter().map(groupe).collect()
    }

    pub(super) fn passee(capacite: i64, acceptations: i64) -> Contexte {
        let derniere =
            Passee { annee: 2023, capacite, acceptations: Some(acceptations), ..Passee::default() };
        Contexte { derniere: Some(derniere), ..Contexte::default() }
    }

    pub(super) fn codes(places: i64, c: &Contexte) -> Vec<&'static str> {
        check_vraisemblance(places, c, &SEUILS).raisons().iter().map(Raison::code).collect()
    }

    #[test]
    fn r_cap_01_a_slip_of_the_keyboard_is_held_and_named() {
        let c = passee(24, 24);
        for (places, code) in [(2, "chiffre_oublie"), (4, "chiffre_oublie"), (42, "chiffres_echanges")] {
            assert_eq!(codes(places, &c)[0], code, "{places}");
        }
        for places in [240, 244, 224, 124] {
            assert_eq!(codes(places, &c), ["chiffre_ajoute"], "{places}");
        }
        assert!(codes(24, &c).is_empty());
        let dit = check_vraisemblance(240, &c, &SEUILS).raisons()[0].to_string();
        assert_eq!(
            dit,
            "240 places au lieu de 24, 10 fois plus qu’en 2023 : un chiffre a-t-il été doublé ou ajouté ?"
        );
    }

    #[test]
    fn r_cap_01_the_limits_themselves_are_read_again() {
        let c = passee(50, 50);
        for (places, likely) in [(30, false), (31, true), (59, true), (60, false)] {
            assert_eq!(codes(places, &c).is_empty(), likely, "{places}");
        }
        let vide = passee(50, 39);
        for (places, likely) in [(54, true), (55, false), (31, true)] {
            assert_eq!(codes(places, &vide).is_empty(), likely, "{places}");
        }
        assert_eq!(codes(55, &vide), ["ecart", "non_pourvue"]);
    }

    #[test]
    fn r_cap_02_usual_values_and_ways_back_are_likely_and_those_of_a_neighbour_are_not() {
        let famille: Vec<i64> = (1..=90).chain([65; 30]).collect();
        let c = Contexte { repere: Repere::new(&[], &famille, &SEUILS), ..passee(50, 50) };
        assert!(codes(65, &c).is_empty() && !codes(64, &c).is_empty() && !codes(70, &c).is_empty());
        let c = Contexte { avant_derniere: Some(72), ..passee(50, 50) };
        assert!(codes(72, &c).is_empty() && !codes(71, &c).is_empty());
        let c = Contexte { autres: vec![("BTS Tourisme".to_owned(), 35)], ..passee(50, 50) };
        assert_eq!(codes(35, &c), ["ecart", "autre_formation"]);
        assert!(codes(36, &c).is_empty());
    }

    #[test]
    fn r_cap_02_a_number_of_people_or_of_a_group_is_named() {
        let mut c = passee(24, 24);
        if let Some(p) = &mut c.derniere {
            (p.candidats, p.classes) = (Some(310), Some(203));
        }
        c.groupes = places(&[("pro", 8, Some(8)), ("general", 16, Some(16))]);
        for (places, code) in [(310, "personnes"), (203, "personnes"), (179, "personnes"), (8, "groupe")] {
            assert_eq!(codes(places, &c)[1], code, "{places}");
        }
    }

    #[test]
    fn r_cap_03_a_new_course_is_compared_with_its_type() {
        let titre: Vec<i64> = (10..30).collect();
        let famille: Vec<i64> = (1..100).collect();
        let avec = |repere| Contexte { repere, ..Contexte::default() };
        let c = avec(Repere::new(&titre, &famille, &SEUILS));
        for (places, likely) in [(10, false), (11, true), (29, true), (30, false)] {
            assert_eq!(codes(places, &c).is_empty(), likely, "{places}");
        }
        let dit = check_vraisemblance(240, &c, &SEUILS).raisons()[0].to_string();
        assert_eq!(dit, "La plupart des formations du même intitulé ont de 11 à 29 places.");
        let c = avec(Repere::new(&titre[..5], &famille, &SEUILS));
        assert!(codes(90, &c).is_empty() && codes(2, &c) == ["hors_type"]);
        // Too few courses known: nothing to compare with, but no place at all is never a matter of course.
        let c = avec(Repere::new(&titre[..5], &famille[..5], &SEUILS));
        assert!(codes(900, &c).is_empty() && codes(0, &c) == ["nulle"]);
        assert!(codes(0, &passee(0, 0)).is_empty() && codes(3, &passee(0, 0)) == ["ecart"]);
    }
}
