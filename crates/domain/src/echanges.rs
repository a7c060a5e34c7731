//! Conversations between an establishment and its academic service: who is told of a message, and how often.

use crate::comptes::Role;

/// A side of the conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cote {
    /// Those who work in the establishment.
    Etablissement,
    /// The service of its academy.
    Academie,
    /// The national team.
    National,
}

impl Cote {
    /// The side of whoever holds the role; `None` for those who take no part.
    pub const fn of_role(role: Role) -> Option<Self> {
        match role {
            Role::Academie => Some(Self::Academie),
            Role::AdminNational => Some(Self::National),
            r if r.is_over_etablissement() => Some(Self::Etablissement),
            _ => None,
        }
    }
}

/// R-ECH-01: a message is told by mail to the other side, the academic service answering for the State, and to whoever
/// already wrote in the conversation. The national team is told of those that it joined.
pub const fn is_told(auteur: Cote, lecteur: Cote, a_ecrit: bool) -> bool {
    a_ecrit
        || matches!(
            (auteur, lecteur),
            (Cote::Etablissement, Cote::Academie) | (Cote::Academie | Cote::National, Cote::Etablissement)
        )
}

/// R-ECH-02: when the mail that tells of a message leaves, if one must: at most one in `delai` for a person and a
/// conversation. `dernier`: when the last one left, or will. All in milliseconds of real time.
pub fn notice(dernier: Option<i64>, maintenant: i64, delai: i64) -> Option<i64> {
    match dernier {
        // One is still to come, and will tell of this message too.
        Some(le) if le > maintenant => None,
        Some(le) if le > maintenant - delai => Some(le + delai),
        _ => Some(maintenant),
    }
}

/// R-ECH-03: an establishment is not reminded again within `delai` of the last time. Milliseconds of the campaign; a
/// clock set back (demonstration) does not make a reminder recent for ever.
pub fn is_reminder_due(derniere: Option<i64>, maintenant: i64, delai: i64) -> bool {
    derniere.is_none_or(|le| !(le..le.saturating_add(delai)).contains(&maintenant))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r_ech_01_a_message_is_told_to_the_other_side_and_to_those_who_wrote() {
        use Cote::{Academie, Etablissement, National};
        for (auteur, lecteur, dit) in [
            (Etablissement, Academie, true),
            (Etablissement, Etablissement, false),
            (Etablissement, National, false),
            (Academie, Etablissement, true),
            (Academie, Academie, false),
            (Academie, National, false),
            (National, Etablissement, true),
            (National, Academie, false),
            (National, National, false),
        ] {
            assert_eq!(is_told(auteur, lecteur, false), dit, "{auteur:?} {lecteur:?}");
            assert!(is_told(auteur, lecteur, true), "{auteur:?} {lecteur:?}");
        }
        assert_eq!(Cote::of_role(Role::RespFormation), Some(Etablissement));
        assert_eq!(Cote::of_role(Role::Auditeur), None);
        assert_eq!(Cote::of_role(Role::Candidat), None);
    }

    #[test]
    fn r_ech_02_at_most_one_mail_an_hour_and_none_is_lost() {
        assert_eq!(notice(None, 1_000, 60), Some(1_000));
        assert_eq!(notice(Some(990), 1_000, 60), Some(1_050));
        assert_eq!(notice(Some(1_050), 1_000, 60), None);
        assert_eq!(notice(Some(940), 1_000, 60), Some(1_000));
    }

    #[test]
    fn r_ech_03_a_reminder_is_not_sent_again_too_soon() {
        assert!(is_reminder_due(None, 1_000, 60));
        assert!(!is_reminder_due(Some(1_000), 1_059, 60));
        assert!(is_reminder_due(Some(1_000), 1_060, 60));
        assert!(is_reminder_due(Some(5_000), 1_000, 60));
    }
}
