//! SEC-4: the means of the second step.

/// How a person proves a second time who they are. In the order in which they are offered: the safest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Moyen {
    /// A passkey (WebAuthn).
    CleAcces,
    /// An authenticator application.
    Totp,
    /// A code sent to the mobile number.
    Sms,
    /// A code sent to the mail address: a double check, not a second factor in the sense of the CNIL.
    Courriel,
    /// One of the recovery codes.
    Secours,
}

impl Moyen {
    /// Every means, in order.
    pub const ALL: [Self; 5] = [Self::CleAcces, Self::Totp, Self::Sms, Self::Courriel, Self::Secours];

    /// Stable code, used in storage and in the journal.
    pub const fn code(self) -> &'static str {
        match self {
            Self::CleAcces => "cle_acces",
            Self::Totp => "totp",
            Self::Sms => "sms",
            Self::Courriel => "courriel",
            Self::Secours => "secours",
        }
    }

    /// The means of a stored code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|m| m.code() == code)
    }

    /// French name shown on screen.
    pub const fn libelle(self) -> &'static str {
        match self {
            Self::CleAcces => "clé d’accès",
            Self::Totp => "application d’authentification",
            Self::Sms => "code par SMS",
            Self::Courriel => "code par courriel",
            Self::Secours => "code de secours",
        }
    }

    /// SEC-5: enough for a sensitive act. The mailbox opens with a password too, often the same one.
    pub const fn suffit_aux_actes_sensibles(self) -> bool {
        !matches!(self, Self::Courriel)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sec_4_the_safest_means_comes_first_and_codes_read_back() {
        assert_eq!(Moyen::ALL[0], Moyen::CleAcces);
        assert!(Moyen::ALL.is_sorted());
        for m in Moyen::ALL {
            assert_eq!(Moyen::from_code(m.code()), Some(m));
        }
        assert_eq!(Moyen::from_code("fax"), None);
    }

    #[test]
    fn sec_5_mail_alone_is_never_enough_for_a_sensitive_act() {
        let insuffisants: Vec<Moyen> =
            Moyen::ALL.into_iter().filter(|m| !m.suffit_aux_actes_sensibles()).collect();
        assert_eq!(insuffisants, [Moyen::Courriel]);
    }
}
