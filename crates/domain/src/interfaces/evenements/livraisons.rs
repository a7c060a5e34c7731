//! R-API-07: where a delivery stands, and what follows an attempt.

use crate::reprises::attente_ms;

/// Why nothing is sent to a subscription any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MotifSuspension {
    /// Its address answered that it is gone, for good.
    Parti,
    /// Too many messages in a row could not be delivered.
    Echecs,
}

impl MotifSuspension {
    /// Stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Parti => "parti",
            Self::Echecs => "echecs",
        }
    }

    /// The reason of a code.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Parti, Self::Echecs].into_iter().find(|m| m.code() == code)
    }

    /// In French, after « suspendu : ».
    pub const fn libelle(self) -> &'static str {
        match self {
            Self::Parti => "l’adresse a répondu qu’elle n’existe plus (410)",
            Self::Echecs => "trop de messages de suite n’ont pas pu être livrés",
        }
    }
}

/// Where a delivery stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EtatLivraison {
    /// Not received yet.
    ALivrer,
    /// Received.
    Livree,
    /// It never will be.
    Abandonnee,
}

impl EtatLivraison {
    /// Stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::ALivrer => "a_livrer",
            Self::Livree => "livree",
            Self::Abandonnee => "abandonnee",
        }
    }

    /// The state of a code.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::ALivrer, Self::Livree, Self::Abandonnee].into_iter().find(|e| e.code() == code)
    }

    /// In French, for people.
    pub const fn libelle(self) -> &'static str {
        match self {
            Self::ALivrer => "à livrer",
            Self::Livree => "livrée",
            Self::Abandonnee => "abandonnée",
        }
    }
}

/// Why there was no answer at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EchecLivraison {
    /// The name leads to a network that nothing is sent to.
    Interdite,
    /// No answer in time.
    Delai,
    /// Nobody there, or no encryption that can be trusted.
    Injoignable,
    /// The token of the subscription opens nothing any more.
    Jeton,
    /// The subscription was removed meanwhile.
    Retire,
}

impl EchecLivraison {
    const ALL: [Self; 5] = [Self::Interdite, Self::Delai, Self::Injoignable, Self::Jeton, Self::Retire];

    /// Stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Interdite => "adresse_interdite",
            Self::Delai => "delai_depasse",
            Self::Injoignable => "injoignable",
            Self::Jeton => "jeton_sans_effet",
            Self::Retire => "abonnement_retire",
        }
    }

    /// The reason of a code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|e| e.code() == code)
    }

    /// In French, for people.
    pub const fn libelle(self) -> &'static str {
        match self {
            Self::Interdite => "l’adresse mène à un réseau privé",
            Self::Delai => "pas de réponse à temps",
            Self::Injoignable => "serveur injoignable, ou chiffrement refusé",
            Self::Jeton => "le jeton n’ouvre plus rien",
            Self::Retire => "abonnement retiré",
        }
    }
}

/// What an attempt leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Suite {
    /// It was received.
    Livree,
    /// To be tried again at this instant, in milliseconds of real time.
    Reessayer(i64),
    /// It was tried for long enough.
    Abandonner,
    /// The address is gone: neither this message nor any other.
    Suspendre,
}

/// R-API-07: what follows an attempt answered by this HTTP status (`None`: no answer), after this many attempts before it.
/// `cree_le`, `maintenant`: milliseconds of real time; `duree_ms`: how long a message is tried.
pub fn suite(statut: Option<u16>, essais: i64, cree_le: i64, maintenant: i64, duree_ms: i64) -> Suite {
    match statut {
        Some(200..=299) => Suite::Livree,
        Some(410) => Suite::Suspendre,
        _ => {
            let prochaine = maintenant + attente_ms(essais);
            if prochaine - cree_le > duree_ms { Suite::Abandonner } else { Suite::Reessayer(prochaine) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_read_again_from_its_code() {
        let code = |e: EchecLivraison| EchecLivraison::from_code(e.code()) == Some(e);
        assert!(EchecLivraison::ALL.into_iter().all(code));
    }

    #[test]
    fn r_api_07_an_attempt_is_tried_again_later_and_later_then_given_up() {
        const DEUX_JOURS: i64 = 48 * 3_600_000;
        for recue in [200, 204, 299] {
            assert_eq!(suite(Some(recue), 0, 0, 10, DEUX_JOURS), Suite::Livree);
        }
        assert_eq!(suite(Some(410), 0, 0, 10, DEUX_JOURS), Suite::Suspendre);
        for non in [None, Some(301), Some(400), Some(404), Some(429), Some(500)] {
            assert_eq!(suite(non, 0, 0, 10, DEUX_JOURS), Suite::Reessayer(60_010), "{non:?}");
        }
        let (mut maintenant, mut essais) = (0, 0);
        while let Suite::Reessayer(suivante) = suite(None, essais, 0, maintenant, DEUX_JOURS) {
            assert!(suivante > maintenant && suivante <= maintenant + 3_600_000);
            (maintenant, essais) = (suivante, essais + 1);
        }
        assert_eq!(suite(None, essais, 0, maintenant, DEUX_JOURS), Suite::Abandonner);
        assert!(maintenant > 46 * 3_600_000 && maintenant <= DEUX_JOURS, "{maintenant}");
        assert!((50..60).contains(&essais), "{essais}");
    }
}
