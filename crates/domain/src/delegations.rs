//! R-DRO-03: what a person is delegated on a course. A role says the most that may be delegated; the administrator of
//! the establishment says how much of it.

use crate::comptes::Role;
use crate::droits::{Action, TABLE};

/// Something that may be entrusted on one course without the rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Operation {
    /// Presentation and criteria.
    Parametrage,
    /// Places and fees.
    Capacites,
    /// Making the draft public.
    Publication,
    /// Reading the records of the candidates.
    Candidatures,
    /// Ordering the records.
    Classement,
    /// Sending the order, once and for all.
    Transmission,
    /// The settings of the establishment itself: of a program only (R-API-02), not of the matrix.
    Etablissement,
    /// Asking about the life of a course: of a program only (R-API-14); people ask by their role.
    Demandes,
}

impl Operation {
    /// Every operation on a course, in the order of the matrix.
    pub const ALL: [Self; 6] = [
        Self::Parametrage,
        Self::Capacites,
        Self::Publication,
        Self::Candidatures,
        Self::Classement,
        Self::Transmission,
    ];

    /// What may be entrusted to a program on a course: the matrix, and asking.
    pub const PROGRAMME: [Self; 7] = [
        Self::Parametrage,
        Self::Capacites,
        Self::Publication,
        Self::Candidatures,
        Self::Classement,
        Self::Transmission,
        Self::Demandes,
    ];

    /// Stable code, used in storage.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Parametrage => "parametrage",
            Self::Capacites => "capacites",
            Self::Publication => "publication",
            Self::Candidatures => "candidatures",
            Self::Classement => "classement",
            Self::Transmission => "transmission",
            Self::Etablissement => "etablissement",
            Self::Demandes => "demandes",
        }
    }

    /// French name shown on screen and in files.
    pub const fn libelle(self) -> &'static str {
        match self {
            Self::Parametrage => "Présentation",
            Self::Capacites => "Capacités et frais",
            Self::Publication => "Publication",
            Self::Candidatures => "Lecture des dossiers",
            Self::Classement => "Classement",
            Self::Transmission => "Transmission du classement",
            Self::Etablissement => "Établissement",
            Self::Demandes => "Demandes au service académique",
        }
    }

    const fn bit(self) -> u16 {
        1 << self as u16
    }
}

impl Action {
    /// The operation without which the action is refused to somebody who has delegations; `None`: having any is enough.
    pub const fn operation(self) -> Option<Operation> {
        match self {
            Self::ModifierFormation => Some(Operation::Parametrage),
            Self::ModifierCapacites => Some(Operation::Capacites),
            Self::PublierFormation => Some(Operation::Publication),
            Self::ConsulterDossiers => Some(Operation::Candidatures),
            Self::SaisirClassement | Self::ClasserInternat => Some(Operation::Classement),
            Self::TransmettreClassement | Self::TransmettreInternat => Some(Operation::Transmission),
            Self::ModifierEtablissement | Self::RegrouperFormations => Some(Operation::Etablissement),
            Self::DemanderFormation => Some(Operation::Demandes),
            _ => None,
        }
    }

    /// The same under a role: a program converses with what lets it write the establishment (R-API-15).
    pub const fn operation_for(self, role: Role) -> Option<Operation> {
        match (role, self) {
            (Role::Logiciel, Self::ConsulterEchanges | Self::EcrireEchange) => Some(Operation::Etablissement),
            (_, action) => action.operation(),
        }
    }
}

/// A set of operations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Operations(u16);

impl Operations {
    /// Nothing: the person stays attached to the course and may do nothing there.
    pub const AUCUNE: Self = Self(0);

    /// Reading what anybody attached to the course reads, and no operation (R-API-02).
    pub const LECTURE: Self = Self(1 << 15);

    /// The most that the table of rights lets a role receive on a course.
    pub fn of_role(role: Role) -> Self {
        TABLE
            .iter()
            .filter(|r| r.role == role)
            .flat_map(|r| r.actions)
            .filter_map(|a| a.operation())
            .collect()
    }

    /// Whether the operation is in the set.
    pub const fn contains(self, operation: Operation) -> bool {
        self.0 & operation.bit() != 0
    }

    /// Nothing in it.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// What is in one or the other.
    #[must_use]
    pub const fn or(self, autre: Self) -> Self {
        Self(self.0 | autre.0)
    }

    /// What is in both.
    #[must_use]
    pub const fn and(self, autre: Self) -> Self {
        Self(self.0 & autre.0)
    }

    /// What is here and not in the other.
    #[must_use]
    pub const fn minus(self, autre: Self) -> Self {
        Self(self.0 & !autre.0)
    }

    /// The same with what it cannot go without: nobody orders or sends records that they may not read.
    #[must_use]
    pub const fn closed(self) -> Self {
        if self.contains(Operation::Classement) || self.contains(Operation::Transmission) {
            Self(self.0 | Operation::Candidatures.bit())
        } else {
            self
        }
    }

    /// In the order of [`Operation::PROGRAMME`].
    pub fn iter(self) -> impl Iterator<Item = Operation> {
        Operation::PROGRAMME.into_iter().filter(move |o| self.contains(*o))
    }

    /// Codes separated by commas; empty for none.
    pub fn code(self) -> String {
        self.iter().map(Operation::code).collect::<Vec<_>>().join(",")
    }

    /// The set of a stored text.
    pub fn from_code(texte: &str) -> Option<Self> {
        texte
            .split(',')
            .filter(|c| !c.is_empty())
            .map(|c| Operation::PROGRAMME.into_iter().find(|o| o.code() == c))
            .collect()
    }
}

impl FromIterator<Operation> for Operations {
    fn from_iter<I: IntoIterator<Item = Operation>>(operations: I) -> Self {
        Self(operations.into_iter().fold(0, |s, o| s | o.bit()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::droits::{Acteur, Attribution, Cible, authorize, scope};

    fn deleguee(operations: Option<Operations>) -> Acteur {
        let simple = Attribution::simple(Role::RespFormation);
        let a = Attribution { etablissement: Some(3), formation: Some(9), operations, ..simple };
        Acteur { compte: Some(1), nom: "essai".to_owned(), attributions: vec![a] }
    }

    #[test]
    fn r_dro_03_each_operation_opens_its_actions_and_no_other() {
        let cible = Cible { etablissement: Some(3), formation: Some(9), ..Cible::default() };
        let tout = Operations::of_role(Role::RespFormation);
        for operation in tout.iter() {
            let qui = deleguee(Some([operation].into_iter().collect()));
            for action in Action::ALL {
                let role = authorize(&deleguee(None), action, &cible).is_ok();
                let attendu = role && action.operation().is_none_or(|o| o == operation);
                assert_eq!(authorize(&qui, action, &cible).is_ok(), attendu, "{operation:?} {action:?}");
                assert_eq!(scope(&qui, action).is_ok(), attendu, "{operation:?} {action:?}");
            }
        }
    }

    #[test]
    fn r_dro_03_without_any_operation_the_course_is_as_unknown_as_a_neighbour_s() {
        let cible = Cible { formation: Some(9), ..Cible::default() };
        for action in Action::ALL {
            let refus = authorize(&deleguee(Some(Operations::AUCUNE)), action, &cible).expect_err("nothing");
            assert!(!refus.connu, "{action:?}");
        }
        assert!(scope(&deleguee(Some(Operations::AUCUNE)), Action::ConsulterParametrage).is_err());
    }

    #[test]
    fn r_dro_03_a_delegation_never_gives_more_than_the_role() {
        let cev = Operations::of_role(Role::MembreCev);
        assert_eq!(cev.code(), "candidatures,classement");
        let tout: Operations = Operation::ALL.into_iter().collect();
        let a = Attribution {
            formation: Some(9),
            operations: Some(tout),
            ..Attribution::simple(Role::MembreCev)
        };
        let qui = Acteur { compte: Some(1), nom: String::new(), attributions: vec![a] };
        let cible = Cible { formation: Some(9), ..Cible::default() };
        assert!(authorize(&qui, Action::ModifierCapacites, &cible).is_err());
        assert!(authorize(&qui, Action::SaisirClassement, &cible).is_ok());
    }

    #[test]
    fn r_dro_03_nobody_orders_records_that_they_may_not_read() {
        let o: Operations = [Operation::Transmission].into_iter().collect();
        assert_eq!(o.closed().code(), "candidatures,transmission");
        assert_eq!(Operations::from_code("candidatures,transmission"), Some(o.closed()));
        assert_eq!(Operations::from_code(""), Some(Operations::AUCUNE));
        assert_eq!(Operations::from_code("tout"), None);
    }
}
