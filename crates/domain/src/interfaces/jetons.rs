//! Tokens of programs (R-API-01 to R-API-04).

use crate::comptes::Role;
use crate::delegations::{Operation, Operations};
use crate::droits::{Acteur, Attribution, TABLE};
use crate::erreurs::RuleViolation;

/// Characters of what a token is called.
pub const LIBELLE_MAX: usize = 80;

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
    /// Course by course; what is not here is as unknown as a neighbour's.
    pub formations: Vec<PorteeFormation>,
}

/// R-API-02: what may be entrusted to a program on a course, in the order of the matrix: what the table gives its role.
pub fn operations_possibles() -> Operations {
    TABLE
        .iter()
        .filter(|r| r.role == Role::Logiciel)
        .flat_map(|r| r.actions)
        .filter_map(|a| a.operation())
        .filter(|o| Operation::ALL.contains(o))
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
        self.formations.iter().any(|f| SENSIBLES.iter().any(|o| f.operations.contains(*o)))
    }

    /// The days that a token of this extent may last.
    pub fn jours_max(&self, durees: DureesJeton) -> i64 {
        if self.is_sensible() { durees.jours_sensible } else { durees.jours }
    }

    /// R-API-02: the same with what an operation cannot go without; nothing beyond what a program may do.
    #[must_use]
    pub fn closed(mut self) -> Self {
        let possibles = operations_possibles();
        for f in &mut self.formations {
            f.operations = f.operations.closed().and(possibles);
        }
        self
    }

    /// R-API-02: who acts. A program is never more than its own role: no account, no conversation, no second reading.
    /// `donneur`: the account that answers for it.
    pub fn acteur(&self, donneur: i64, libelle: &str) -> Acteur {
        let maison =
            Attribution { etablissement: Some(self.etablissement), ..Attribution::simple(Role::Logiciel) };
        let ecrit: Operations =
            self.ecrit_etablissement.then_some(Operation::Etablissement).into_iter().collect();
        let mut attributions: Vec<Attribution> =
            vec![Attribution { operations: Some(Operations::LECTURE.or(ecrit)), ..maison.clone() }];
        attributions.extend(self.formations.iter().map(|f| {
            // R-API-11: how its courses are grouped is of the establishment and of the settings of each of them.
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
/// [`RuleViolation::Champ`] on `libelle` or `formations`.
pub fn check_jeton(libelle: &str, portee: &PorteeJeton) -> Result<String, RuleViolation> {
    let net = libelle.split_whitespace().collect::<Vec<_>>().join(" ");
    let faux = |champ, motif| Err(RuleViolation::Champ { champ, motif });
    if net.is_empty() {
        return faux("libelle", "vide");
    }
    if net.chars().count() > LIBELLE_MAX {
        return faux("libelle", "trop_long");
    }
    if portee.formations.is_empty() && !portee.ecrit_etablissement {
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

/// Why a token opens nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FinJeton {
    /// Its time has passed.
    Expire,
    /// Somebody of the establishment took it back.
    Revoque,
    /// Whoever gave it may no longer give it.
    SansDonneur,
}

impl FinJeton {
    /// Stable code, in the answers of the interface.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Expire => "jeton_expire",
            Self::Revoque => "jeton_revoque",
            Self::SansDonneur => "jeton_sans_donneur",
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
        assert!(check_jeton("x", &PorteeJeton { ecrit_etablissement: true, ..rien }).is_ok());
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
            Action::EcrireEchange,
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
