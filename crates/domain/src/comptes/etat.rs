//! States of an account (`domaine.md` §2.1).

/// How far an account is from being usable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EtatCompte {
    /// Created, no password chosen yet.
    Invite,
    /// Carried over from another session: a new password and a new second factor come first (CPT-4).
    ASecuriser,
    /// May sign in, once its second factor is enrolled.
    Actif,
    /// Cannot sign in until an administrator gives it back.
    Suspendu,
    /// Final for the session.
    Desactive,
}

impl EtatCompte {
    /// Every state.
    pub const ALL: [Self; 5] = [Self::Invite, Self::ASecuriser, Self::Actif, Self::Suspendu, Self::Desactive];

    /// Stable code, used in storage.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Invite => "invite",
            Self::ASecuriser => "a_securiser",
            Self::Actif => "actif",
            Self::Suspendu => "suspendu",
            Self::Desactive => "desactive",
        }
    }

    /// The state of a stored code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|e| e.code() == code)
    }

    /// Whether its holder may sign in, be it only to secure it.
    pub const fn may_sign_in(self) -> bool {
        matches!(self, Self::Actif | Self::ASecuriser)
    }

    /// Whether its holder may choose a new password by mail.
    pub const fn may_reset(self) -> bool {
        matches!(self, Self::Actif | Self::ASecuriser | Self::Invite)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cpt_7_a_suspended_or_closed_account_neither_signs_in_nor_resets() {
        for etat in EtatCompte::ALL {
            assert_eq!(EtatCompte::from_code(etat.code()), Some(etat));
            let ferme = matches!(etat, EtatCompte::Suspendu | EtatCompte::Desactive);
            assert_eq!(etat.may_reset(), !ferme);
            assert!(!(ferme && etat.may_sign_in()));
        }
    }
}
