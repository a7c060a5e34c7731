//! R-API-10: what a program must have shown in its sandbox, read from what it called.

use std::collections::{BTreeMap, BTreeSet};

/// A call, as it was noted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppelFait {
    /// Real milliseconds.
    pub instant: i64,
    /// « GET /api/v1/… ».
    pub route: String,
    /// Public identifier in the address; empty for none.
    pub objet: String,
    /// HTTP status of the answer.
    pub statut: i64,
    /// Codes: `si_change`, `si_version`, `cle:…`.
    pub marques: Vec<String>,
}

/// Milliseconds that the answer of an incident asks to wait.
pub const ATTENTE_INCIDENT_MS: i64 = 2_000;

/// An exercise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exercice {
    /// Reads a course.
    Lecture,
    /// Does not read again what has not changed.
    SiChange,
    /// Writes with the version that it read.
    Version,
    /// Meets a version that is no longer the last, reads again, and succeeds.
    Depassee,
    /// Sends the same call again under the same key.
    Rejeu,
    /// Is told to wait, waits, and succeeds under the same key.
    Attente,
    /// Publishes, or submits, a course.
    Publication,
    /// Receives an event, and says so.
    Evenement,
}

impl Exercice {
    /// Every exercise, in the order in which they are best done.
    pub const ALL: [Self; 8] = [
        Self::Lecture,
        Self::SiChange,
        Self::Version,
        Self::Depassee,
        Self::Rejeu,
        Self::Attente,
        Self::Publication,
        Self::Evenement,
    ];

    /// Stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Lecture => "lecture",
            Self::SiChange => "si_change",
            Self::Version => "version",
            Self::Depassee => "version_depassee",
            Self::Rejeu => "rejeu",
            Self::Attente => "attente",
            Self::Publication => "publication",
            Self::Evenement => "evenement",
        }
    }

    /// What it asks for, in French.
    pub const fn libelle(self) -> &'static str {
        match self {
            Self::Lecture => "Lire une formation de la liste.",
            Self::SiChange => "Relire un objet avec If-None-Match et recevoir 304.",
            Self::Version => "Écrire avec l’ETag lu, dans If-Match.",
            Self::Depassee => "Recevoir 412, relire l’objet, puis réussir l’écriture.",
            Self::Rejeu => "Refaire le même envoi avec la même Idempotency-Key, sans double effet.",
            Self::Attente => {
                "Recevoir 429 ou 503, attendre ce que dit Retry-After, puis réussir avec la même Idempotency-Key."
            }
            Self::Publication => "Publier une formation, ou la soumettre au service académique.",
            Self::Evenement => "Recevoir un événement et répondre 2xx.",
        }
    }

    /// Whether it was done. `evenements`: deliveries that were accepted. The calls are in their order, and each is looked at once,
    /// however many there are: whoever tries a program out at random makes ten thousand of them.
    pub fn is_fait(self, appels: &[AppelFait], evenements: i64) -> bool {
        match self {
            Self::Lecture => {
                appels.iter().any(|a| a.statut == 200 && a.lit() && a.route.contains("/formations/{id}"))
            }
            Self::SiChange => appels.iter().any(|a| a.statut == 304),
            Self::Version => appels.iter().any(|a| a.reussi() && !a.lit() && a.marque("si_version")),
            Self::Depassee => has_caught_up(appels),
            Self::Rejeu => has_repeated(appels),
            Self::Attente => has_waited(appels),
            Self::Publication => appels.iter().any(|a| {
                a.statut == 200
                    && (a.route.ends_with("/publication") || a.route.ends_with("/soumission"))
                    && !a.lit()
            }),
            Self::Evenement => evenements > 0,
        }
    }
}

/// A stale version, the object read since, then the same write done.
fn has_caught_up(appels: &[AppelFait]) -> bool {
    // By object: the routes whose version was stale, then those of them whose object was read since.
    let mut perimees: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut relues: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for a in appels {
        let (objet, route) = (a.objet.as_str(), a.route.as_str());
        if a.statut == 412 {
            perimees.entry(objet).or_default().insert(route);
        }
        if a.lit()
            && a.statut == 200
            && let Some(routes) = perimees.remove(objet)
        {
            relues.entry(objet).or_default().extend(routes);
        }
        if a.reussi() && relues.get(objet).is_some_and(|routes| routes.contains(route)) {
            return true;
        }
    }
    false
}

/// A write that was done, and done again under the same key.
fn has_repeated(appels: &[AppelFait]) -> bool {
    let mut faits = BTreeSet::new();
    appels
        .iter()
        .filter(|a| a.reussi() && !a.lit())
        .filter_map(|a| Some((a.route.as_str(), a.objet.as_str(), a.cle()?)))
        .any(|fait| !faits.insert(fait))
}

/// Told to wait, the very next call of the same route came late enough, under the same key, and succeeded.
fn has_waited(appels: &[AppelFait]) -> bool {
    let mut refuses: BTreeMap<(&str, &str), (i64, &str)> = BTreeMap::new();
    for a in appels {
        let ou = (a.route.as_str(), a.objet.as_str());
        if let Some((instant, cle)) = refuses.remove(&ou)
            && a.reussi()
            && a.cle() == Some(cle)
            && a.instant - instant >= ATTENTE_INCIDENT_MS
        {
            return true;
        }
        if let (429 | 503, Some(cle)) = (a.statut, a.cle()) {
            refuses.insert(ou, (a.instant, cle));
        }
    }
    false
}

impl AppelFait {
    fn lit(&self) -> bool {
        self.route.starts_with("GET ")
    }

    fn reussi(&self) -> bool {
        (200..300).contains(&self.statut)
    }

    fn marque(&self, code: &str) -> bool {
        self.marques.iter().any(|m| m == code)
    }

    fn cle(&self) -> Option<&str> {
        self.marques.iter().find_map(|m| m.strip_prefix("cle:"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn appel(instant: i64, route: &str, statut: i64, marques: &[&str]) -> AppelFait {
        AppelFait {
            instant,
            route: route.to_owned(),
            objet: "o".to_owned(),
            statut,
            marques: marques.iter().map(|m| (*m).to_owned()).collect(),
        }
    }

    const LIRE: &str = "GET /api/v1/sessions/{annee}/formations/{id}/capacites";
    const ECRIRE: &str = "PUT /api/v1/sessions/{annee}/formations/{id}/capacites";

    #[test]
    fn r_api_10_each_exercise_is_read_from_the_calls_alone() {
        let fait = |e: Exercice, appels: &[AppelFait]| e.is_fait(appels, 0);
        assert!(Exercice::ALL.iter().all(|e| !e.is_fait(&[], 0)));
        assert!(fait(Exercice::Lecture, &[appel(0, LIRE, 200, &[])]));
        assert!(!fait(Exercice::Lecture, &[appel(0, LIRE, 404, &[])]));
        assert!(fait(Exercice::SiChange, &[appel(0, LIRE, 304, &["si_change"])]));
        assert!(fait(Exercice::Version, &[appel(0, ECRIRE, 200, &["si_version"])]));
        assert!(!fait(Exercice::Version, &[appel(0, ECRIRE, 412, &["si_version"])]));
        let depassee = [appel(0, ECRIRE, 412, &[]), appel(1, LIRE, 200, &[]), appel(2, ECRIRE, 200, &[])];
        assert!(fait(Exercice::Depassee, &depassee));
        assert!(!fait(Exercice::Depassee, &[depassee[0].clone(), depassee[2].clone()]), "not read again");
        assert!(!fait(Exercice::Depassee, &depassee[1..]));
        let rejeu = [appel(0, ECRIRE, 200, &["cle:a"]), appel(1, ECRIRE, 200, &["cle:a"])];
        assert!(fait(Exercice::Rejeu, &rejeu));
        assert!(!fait(Exercice::Rejeu, &[rejeu[0].clone(), appel(1, ECRIRE, 200, &["cle:b"])]));
        assert!(!fait(Exercice::Rejeu, &[rejeu[0].clone(), appel(1, ECRIRE, 409, &["cle:a"])]));
        assert!(fait(Exercice::Publication, &[appel(0, "POST /x/{id}/soumission", 200, &[])]));
        assert!(!fait(Exercice::Publication, &[appel(0, "GET /x/{id}/publication", 200, &[])]));
        assert!(Exercice::Evenement.is_fait(&[], 1));
    }

    #[test]
    fn r_api_10_whoever_is_told_to_wait_waits_and_sends_the_same() {
        let suite = |instant, cle| [appel(0, ECRIRE, 429, &["cle:a"]), appel(instant, ECRIRE, 200, &[cle])];
        assert!(Exercice::Attente.is_fait(&suite(ATTENTE_INCIDENT_MS, "cle:a"), 0));
        assert!(!Exercice::Attente.is_fait(&suite(ATTENTE_INCIDENT_MS - 1, "cle:a"), 0), "too soon");
        assert!(!Exercice::Attente.is_fait(&suite(ATTENTE_INCIDENT_MS, "cle:b"), 0), "another key");
        let trois = [
            appel(0, ECRIRE, 503, &["cle:a"]),
            appel(100, ECRIRE, 503, &["cle:a"]),
            appel(5_000, ECRIRE, 200, &["cle:a"]),
        ];
        assert!(Exercice::Attente.is_fait(&trois, 0), "the second one was waited for");
    }

    #[test]
    fn r_api_10_a_stale_version_is_caught_up_with_on_its_own_route_and_object() {
        let ailleurs = AppelFait { objet: "p".to_owned(), ..appel(1, LIRE, 200, &[]) };
        let perimee = appel(0, ECRIRE, 412, &[]);
        let fini = appel(3, ECRIRE, 200, &[]);
        assert!(
            !Exercice::Depassee.is_fait(&[perimee.clone(), ailleurs, fini.clone()], 0),
            "another object was read"
        );
        let autre = appel(3, "PUT /api/v1/sessions/{annee}/formations/{id}/presentation", 200, &[]);
        assert!(!Exercice::Depassee.is_fait(&[perimee.clone(), appel(1, LIRE, 200, &[]), autre], 0));
        // Stale again after the reading: the first reading still counts.
        let encore = [perimee.clone(), appel(1, LIRE, 200, &[]), perimee, fini];
        assert!(Exercice::Depassee.is_fait(&encore, 0));
    }

    #[test]
    fn r_api_10_ten_thousand_calls_that_show_nothing_are_looked_at_once_each() {
        // What a program tried out at random leaves: each stale write, with each reading, with each refusal after them, would be
        // tens of billions of looks.
        let mut appels = Vec::new();
        for i in 0..3_300 {
            appels.push(appel(i, ECRIRE, 412, &["si_version", "cle:a"]));
            appels.push(appel(i, LIRE, 200, &[]));
            appels.push(appel(i, ECRIRE, 422, &["cle:b"]));
        }
        for e in [Exercice::Version, Exercice::Depassee, Exercice::Rejeu, Exercice::Attente] {
            assert!(!e.is_fait(&appels, 0), "{e:?}");
        }
        appels.push(appel(3_300, ECRIRE, 200, &["si_version"]));
        assert!(Exercice::Depassee.is_fait(&appels, 0));
    }
}
