//! Tokens of programs (R-API-01 to R-API-04, R-API-13).

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::calendrier::{fin_de_jour, jour_paris};
use crate::comptes::Role;
use crate::delegations::{Operation, Operations};
use crate::droits::{Acteur, Attribution, TABLE};
use crate::erreurs::RuleViolation;

/// Characters of what a token is called.
pub const LIBELLE_MAX: usize = 80;

const JOUR_MS: i64 = 86_400_000;

/// How long a token may last, in days of real time: settings of the platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DureesJeton {
    /// One that prepares and reads.
    pub jours: i64,
    /// One that makes public, sends rankings or reads records: what a person does after a second step.
    pub jours_sensible: i64,
}

/// What is entrusted to a program on one course.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PorteeFormation {
    /// Permanent formation.
    pub formation: i64,
    /// Empty: it reads the settings of the course.
    pub operations: Operations,
}

/// What is entrusted to a program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PorteeJeton {
    /// Internal key.
    pub etablissement: i64,
    /// Whether it writes the settings of the establishment; it reads them in any case.
    pub ecrit_etablissement: bool,
    /// R-API-14: whether it asks for a new course, and that parts of the establishment be open again.
    pub demande_etablissement: bool,
    /// What is entrusted to it on every course of the establishment, those to come included; `None`: on those that are named alone.
    pub toutes: Option<Operations>,
    /// Course by course; what is not here is as unknown as a neighbour's.
    pub formations: Vec<PorteeFormation>,
}

/// R-API-02: what may be entrusted to a program on a course, in the order of the forms: what the table gives its role.
pub fn operations_possibles() -> Operations {
    TABLE
        .iter()
        .filter(|r| r.role == Role::Logiciel)
        .flat_map(|r| r.actions)
        .filter_map(|a| a.operation())
        .filter(|o| Operation::PROGRAMME.contains(o))
        .collect()
}

/// The operations that a person does after a second step, or that open the records of candidates.
pub const SENSIBLES: [Operation; 3] =
    [Operation::Publication, Operation::Candidatures, Operation::Transmission];

/// R-API-03: whether an operation opens that by itself or by what it cannot go without.
pub fn is_sensible(operation: Operation) -> bool {
    let avec: Operations = std::iter::once(operation).collect::<Operations>().closed();
    SENSIBLES.iter().any(|o| avec.contains(*o))
}

impl PorteeJeton {
    /// R-API-03: gives more than preparing and reading settings.
    pub fn is_sensible(&self) -> bool {
        self.formations
            .iter()
            .map(|f| f.operations)
            .chain(self.toutes)
            .any(|operations| SENSIBLES.iter().any(|o| operations.contains(*o)))
    }

    /// The days that a token of this extent may last.
    pub fn jours_max(&self, durees: DureesJeton) -> i64 {
        if self.is_sensible() { durees.jours_sensible } else { durees.jours }
    }

    /// R-API-02: the same with what an operation cannot go without; nothing beyond what a program may do.
    #[must_use]
    pub fn closed(mut self) -> Self {
        let possibles = operations_possibles();
        self.toutes = self.toutes.map(|o| o.closed().and(possibles));
        for f in &mut self.formations {
            f.operations = f.operations.closed().and(possibles);
        }
        self
    }

    /// R-API-13: the same over the courses that the establishment has now, by their permanent keys: what is entrusted on all of them
    /// adds to what is on each.
    #[must_use]
    pub fn over(mut self, siennes: &[i64]) -> Self {
        let Some(communes) = self.toutes else { return self };
        let mut toutes: BTreeMap<i64, Operations> = siennes.iter().map(|f| (*f, communes)).collect();
        for f in &self.formations {
            let operations = toutes.entry(f.formation).or_default();
            *operations = operations.or(f.operations);
        }
        self.formations = toutes
            .into_iter()
            .map(|(formation, operations)| PorteeFormation { formation, operations })
            .collect();
        self
    }

    /// R-API-02: who acts. A program is never more than its own role: no account, no second reading. `donneur`: the account that
    /// answers for it.
    pub fn acteur(&self, donneur: i64, libelle: &str) -> Acteur {
        let maison =
            Attribution { etablissement: Some(self.etablissement), ..Attribution::simple(Role::Logiciel) };
        let ecrit: Operations =
            self.ecrit_etablissement.then_some(Operation::Etablissement).into_iter().collect();
        // R-API-14: asking about the establishment is entrusted by itself.
        let demande: Operations =
            self.demande_etablissement.then_some(Operation::Demandes).into_iter().collect();
        let lit = Operations::LECTURE.or(ecrit).or(demande);
        let mut attributions: Vec<Attribution> =
            vec![Attribution { operations: Some(lit), ..maison.clone() }];
        attributions.extend(self.formations.iter().map(|f| {
            // R-API-11, R-API-15: how its courses are grouped, and what is said of them, is of the establishment and of the settings
            // of each of them.
            let regroupe =
                if f.operations.contains(Operation::Parametrage) { ecrit } else { Operations::AUCUNE };
            Attribution {
                formation: Some(f.formation),
                operations: Some(Operations::LECTURE.or(f.operations).or(regroupe)),
                ..maison.clone()
            }
        }));
        Acteur { compte: Some(donneur), nom: libelle.to_owned(), attributions }
    }
}

/// R-API-01: a token has a name, and at least something to read.
///
/// # Errors
/// [`RuleViolation::Champ`] on `libelle` or `formations`; [`RuleViolation::TropLong`] on `libelle`.
pub fn check_jeton(libelle: &str, portee: &PorteeJeton) -> Result<String, RuleViolation> {
    let net = libelle.split_whitespace().collect::<Vec<_>>().join(" ");
    let faux = |champ, motif| Err(RuleViolation::Champ { champ, motif });
    if net.is_empty() {
        return faux("libelle", "vide");
    }
    if net.chars().count() > LIBELLE_MAX {
        return Err(RuleViolation::TropLong { champ: "libelle", max: LIBELLE_MAX });
    }
    let maison = portee.ecrit_etablissement || portee.demande_etablissement;
    if portee.formations.is_empty() && portee.toutes.is_none() && !maison {
        return faux("formations", "vide");
    }
    Ok(net)
}

/// R-API-03: how many days a token lasts, within its bounds.
///
/// # Errors
/// [`RuleViolation::DureeJeton`], with the most that this extent allows.
pub fn check_duree(jours: i64, portee: &PorteeJeton, durees: DureesJeton) -> Result<i64, RuleViolation> {
    let max = portee.jours_max(durees);
    if (1..=max).contains(&jours) { Ok(jours) } else { Err(RuleViolation::DureeJeton { max }) }
}

/// R-API-13: the first instant when a token whose extent changes opens nothing: never later than before, and within the days that
/// its new extent allows from now. Milliseconds of real time.
pub fn fin_changee(expire_le: i64, portee: &PorteeJeton, durees: DureesJeton, maintenant: i64) -> i64 {
    expire_le.min(maintenant.saturating_add(portee.jours_max(durees).saturating_mul(JOUR_MS)))
}

/// R-API-13: how long the secret that a token had still opens what the new one opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AncienSecret {
    /// Nothing, from the renewal on.
    Aussitot,
    /// Until the end of the day, in Paris.
    FinDeJournee,
    /// Until the end of the next day.
    Lendemain,
}

impl AncienSecret {
    /// Every choice, the shortest first.
    pub const ALL: [Self; 3] = [Self::Aussitot, Self::FinDeJournee, Self::Lendemain];

    /// Stable code, that of the form.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Aussitot => "aussitot",
            Self::FinDeJournee => "jour",
            Self::Lendemain => "lendemain",
        }
    }

    /// The choice of a code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|a| a.code() == code)
    }

    /// French label: what becomes of the secret that the program has.
    pub const fn libelle(self) -> &'static str {
        match self {
            Self::Aussitot => "Il n’ouvre plus rien dès maintenant",
            Self::FinDeJournee => "Il vaut jusqu’à la fin de la journée",
            Self::Lendemain => "Il vaut jusqu’à demain soir",
        }
    }

    /// The first instant when it opens nothing, in milliseconds of real time; never later than the end that the token had.
    pub fn fin(self, maintenant: Timestamp, expire_le: i64) -> i64 {
        let jour = jour_paris(maintenant);
        let fin = match self {
            Self::Aussitot => maintenant,
            Self::FinDeJournee => fin_de_jour(jour),
            Self::Lendemain => fin_de_jour(jour.tomorrow().unwrap_or(jour)),
        };
        fin.as_millisecond().min(expire_le)
    }
}

/// Why a token opens nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FinJeton {
    /// Its time has passed.
    Expire,
    /// Somebody of the establishment took it back.
    Revoque,
    /// Whoever gave it may no longer give it.
    SansDonneur,
    /// It was renewed, and this is the secret of before.
    Renouvele,
}

impl FinJeton {
    /// Stable code, in the answers of the interface.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Expire => "jeton_expire",
            Self::Revoque => "jeton_revoque",
            Self::SansDonneur => "jeton_sans_donneur",
            Self::Renouvele => "jeton_renouvele",
        }
    }
}

/// R-API-04: what a token is worth now, in milliseconds of real time. `donneur`: whoever gave it may still give it.
pub fn fin(expire_le: i64, revoque: bool, donneur: bool, maintenant: i64) -> Option<FinJeton> {
    if revoque {
        Some(FinJeton::Revoque)
    } else if maintenant >= expire_le {
        Some(FinJeton::Expire)
    } else if !donneur {
        Some(FinJeton::SansDonneur)
    } else {
        None
    }
}

/// R-API-13: the same for the secret that the token had before it was renewed. `jusqu_a`: first instant when that one opens nothing.
pub fn fin_de_l_ancien(fin: Option<FinJeton>, jusqu_a: i64, maintenant: i64) -> Option<FinJeton> {
    fin.or((maintenant >= jusqu_a).then_some(FinJeton::Renouvele))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::droits::{Action, Cible, authorize, scope};

    const DUREES: DureesJeton = DureesJeton { jours: 400, jours_sensible: 92 };

    fn portee(operations: &str, ecrit_etablissement: bool) -> PorteeJeton {
        let operations = Operations::from_code(operations).expect("codes");
        PorteeJeton {
            etablissement: 3,
            ecrit_etablissement,
            demande_etablissement: false,
            toutes: None,
            formations: vec![PorteeFormation { formation: 9, operations }],
        }
        .closed()
    }

    fn may(p: &PorteeJeton, action: Action, formation: Option<i64>, etablissement: i64) -> Result<(), bool> {
        let cible =
            Cible { session: Some(1), etablissement: Some(etablissement), formation, ..Cible::default() };
        authorize(&p.acteur(7, "essai"), action, &cible).map(|_| ()).map_err(|d| d.connu)
    }

    #[test]
    fn r_api_01_a_token_has_a_name_and_something_to_read() {
        let p = portee("", false);
        assert_eq!(check_jeton("  SI  scolarité ", &p), Ok("SI scolarité".to_owned()));
        assert_eq!(check_jeton(" ", &p), Err(RuleViolation::Champ { champ: "libelle", motif: "vide" }));
        assert!(check_jeton(&"é".repeat(LIBELLE_MAX + 1), &p).is_err());
        let rien = PorteeJeton { formations: Vec::new(), ..p };
        assert!(check_jeton("x", &rien).is_err());
        assert!(check_jeton("x", &PorteeJeton { ecrit_etablissement: true, ..rien.clone() }).is_ok());
        assert!(check_jeton("x", &PorteeJeton { demande_etablissement: true, ..rien.clone() }).is_ok());
        assert!(check_jeton("x", &PorteeJeton { toutes: Some(Operations::AUCUNE), ..rien }).is_ok());
    }

    #[test]
    fn r_api_13_a_token_over_all_courses_has_those_to_come_and_what_adds_to_each() {
        let code = |codes| Operations::from_code(codes).expect("codes");
        let p = PorteeJeton { toutes: Some(code("parametrage")), ..portee("publication", false) }.closed();
        assert!(p.is_sensible());
        let dites: Vec<(i64, String)> =
            p.over(&[9, 12]).formations.iter().map(|f| (f.formation, f.operations.code())).collect();
        assert_eq!(dites, [(9, "parametrage,publication".to_owned()), (12, "parametrage".to_owned())]);
        // Named alone: nothing is added.
        assert_eq!(portee("publication", false).over(&[9, 12]), portee("publication", false));
        let sensible = PorteeJeton { toutes: Some(code("transmission")), ..portee("", false) }.closed();
        assert!(sensible.is_sensible());
        assert_eq!(sensible.toutes, Some(code("candidatures,transmission")));
    }

    #[test]
    fn r_api_13_a_change_never_makes_a_token_last_longer_and_may_make_it_end_sooner() {
        let fin = |p: &PorteeJeton, expire_le| fin_changee(expire_le, p, DUREES, 1_000);
        assert_eq!(fin(&portee("parametrage", true), 300 * JOUR_MS), 300 * JOUR_MS);
        assert_eq!(fin(&portee("publication", true), 300 * JOUR_MS), 1_000 + 92 * JOUR_MS);
        assert_eq!(fin(&portee("publication", true), 5_000), 5_000);
    }

    #[test]
    fn r_api_13_the_secret_of_before_ends_when_it_was_said_and_no_later_than_the_token() {
        let maintenant: Timestamp = "2023-11-20T22:30:00Z".parse().expect("23 h 30 in Paris");
        let fin =
            |a: AncienSecret| Timestamp::from_millisecond(a.fin(maintenant, i64::MAX)).expect("an instant");
        assert_eq!(fin(AncienSecret::Aussitot), maintenant);
        assert_eq!(fin(AncienSecret::FinDeJournee).to_string(), "2023-11-20T23:00:00Z");
        assert_eq!(fin(AncienSecret::Lendemain).to_string(), "2023-11-21T23:00:00Z");
        assert_eq!(AncienSecret::Lendemain.fin(maintenant, 5), 5);
        for a in AncienSecret::ALL {
            assert_eq!(AncienSecret::from_code(a.code()), Some(a));
        }
        assert_eq!(fin_de_l_ancien(None, 100, 99), None);
        assert_eq!(fin_de_l_ancien(None, 100, 100), Some(FinJeton::Renouvele));
        assert_eq!(fin_de_l_ancien(Some(FinJeton::Revoque), 100, 99), Some(FinJeton::Revoque));
    }

    #[test]
    fn r_api_02_a_program_reads_its_courses_and_writes_what_was_entrusted() {
        let lecture = portee("", false);
        assert_eq!(may(&lecture, Action::ConsulterParametrage, Some(9), 3), Ok(()));
        assert_eq!(may(&lecture, Action::ConsulterEtablissement, None, 3), Ok(()));
        for action in [Action::ModifierFormation, Action::ModifierCapacites, Action::PublierFormation] {
            assert_eq!(may(&lecture, action, Some(9), 3), Err(true), "{action:?}");
        }
        assert_eq!(may(&lecture, Action::ModifierEtablissement, None, 3), Err(true));
        let ecriture = portee("parametrage", true);
        assert_eq!(may(&ecriture, Action::ModifierFormation, Some(9), 3), Ok(()));
        assert_eq!(may(&ecriture, Action::ModifierEtablissement, None, 3), Ok(()));
        assert_eq!(may(&ecriture, Action::ModifierCapacites, Some(9), 3), Err(true));
        assert!(scope(&lecture.acteur(7, ""), Action::ModifierFormation).is_err());
        let classement = portee("transmission", false);
        assert_eq!(may(&classement, Action::ConsulterDossiers, Some(9), 3), Ok(()), "goes along");
    }

    #[test]
    fn r_api_02_what_is_not_named_is_unknown_and_what_is_a_person_s_is_refused() {
        let tout = portee("parametrage,capacites,publication,candidatures,classement,transmission", true);
        assert_eq!(may(&tout, Action::ConsulterParametrage, Some(8), 4), Err(false));
        assert_eq!(may(&tout, Action::ConsulterEtablissement, None, 4), Err(false));
        for action in [
            Action::GererComptes,
            Action::GererJetons,
            Action::ConfirmerCapacite,
            Action::DeciderDemande,
            Action::AccepterCharte,
            Action::DemanderAssistance,
            Action::ConsulterJournal,
        ] {
            assert!(may(&tout, action, Some(9), 3).is_err(), "{action:?}");
        }
    }

    #[test]
    fn r_api_11_grouping_takes_the_establishment_and_the_settings_of_the_course() {
        for (operations, ecrit, attendu) in [
            ("parametrage", true, Ok(())),
            ("parametrage", false, Err(true)),
            ("capacites,publication", true, Err(true)),
        ] {
            let p = portee(operations, ecrit);
            assert_eq!(may(&p, Action::RegrouperFormations, Some(9), 3), attendu, "{operations} {ecrit}");
            assert_eq!(
                may(&p, Action::RegrouperFormations, Some(8), 3),
                Err(true),
                "a course that is not named"
            );
        }
    }

    /// R-API-14: (the establishment itself, its course, a course that is not named).
    fn asks(p: &PorteeJeton) -> [bool; 3] {
        [None, Some(9), Some(8)].map(|f| may(p, Action::DemanderFormation, f, 3).is_ok())
    }

    #[test]
    fn r_api_14_asking_is_entrusted_course_by_course_and_for_the_establishment_apart() {
        let tout = portee("parametrage,capacites,publication,candidatures,classement,transmission", true);
        assert_eq!(asks(&tout), [false; 3], "writing is not asking");
        assert_eq!(asks(&portee("demandes", true)), [false, true, false]);
        let maison = PorteeJeton { demande_etablissement: true, ..portee("parametrage", false) };
        assert_eq!(asks(&maison), [true, false, false], "none of its courses");
        let les_deux = PorteeJeton { demande_etablissement: true, ..portee("demandes", false) };
        assert_eq!(asks(&les_deux), [true, true, false]);
        assert!(!portee("demandes", false).is_sensible());
        assert_eq!(may(&les_deux, Action::DemanderFormation, None, 4), Err(false), "a neighbour");
        let perimetre = scope(&les_deux.acteur(7, ""), Action::DemanderFormation).expect("it asks");
        let perimetre = perimetre.portee();
        assert_eq!((&*perimetre.seuls, &*perimetre.formations), (&[3][..], &[9][..]));
        assert!(perimetre.etablissements.is_empty());
        assert!(scope(&tout.acteur(7, ""), Action::DemanderFormation).is_err());
    }

    #[test]
    fn r_api_15_a_program_converses_with_what_lets_it_write_the_establishment() {
        for action in [Action::ConsulterEchanges, Action::EcrireEchange] {
            let peut = |p: &PorteeJeton| [None, Some(9), Some(8)].map(|f| may(p, action, f, 3).is_ok());
            assert_eq!(peut(&portee("parametrage", true)), [true, true, false], "{action:?}");
            assert_eq!(peut(&portee("capacites", true)), [true, false, false], "{action:?}");
            assert_eq!(peut(&portee("parametrage", false)), [false; 3], "{action:?}");
        }
    }

    #[test]
    fn r_api_11_a_boarding_school_is_ranked_through_its_courses() {
        for (operations, classe, transmet) in
            [("classement", true, false), ("transmission", false, true), ("candidatures", false, false)]
        {
            let p = portee(operations, true);
            assert_eq!(may(&p, Action::ClasserInternat, Some(9), 3).is_ok(), classe, "{operations}");
            assert_eq!(may(&p, Action::TransmettreInternat, Some(9), 3).is_ok(), transmet, "{operations}");
            assert!(may(&p, Action::ClasserInternat, None, 3).is_err(), "never over the establishment alone");
            assert!(may(&p, Action::TransmettreInternat, None, 3).is_err());
        }
    }

    #[test]
    fn r_api_03_what_opens_more_lasts_less() {
        assert_eq!(check_duree(400, &portee("parametrage", true), DUREES), Ok(400));
        let sensibles: Operations = operations_possibles().iter().filter(|o| is_sensible(*o)).collect();
        assert_eq!(sensibles.code(), "publication,candidatures,classement,transmission");
        for sensible in ["publication", "candidatures", "classement"] {
            let p = portee(sensible, false);
            assert_eq!(check_duree(93, &p, DUREES), Err(RuleViolation::DureeJeton { max: 92 }), "{sensible}");
            assert_eq!(check_duree(92, &p, DUREES), Ok(92));
        }
        assert_eq!(check_duree(0, &portee("", false), DUREES), Err(RuleViolation::DureeJeton { max: 400 }));
    }

    #[test]
    fn r_api_04_a_token_ends_with_its_time_its_revocation_or_the_right_of_who_gave_it() {
        assert_eq!(fin(100, false, true, 99), None);
        assert_eq!(fin(100, false, true, 100), Some(FinJeton::Expire));
        assert_eq!(fin(100, true, true, 99), Some(FinJeton::Revoque));
        assert_eq!(fin(100, false, false, 99), Some(FinJeton::SansDonneur));
    }
}
