//! Conversations between an establishment and its academic service: who is told of a message, and how often.

use crate::comptes::Role;
use crate::erreurs::RuleViolation;

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
            // R-API-15: it writes for its establishment.
            Role::Logiciel => Some(Self::Etablissement),
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

/// R-ECH-04: where a reminder to every incomplete establishment of a perimeter stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EtatRelance {
    /// Being written, batch after batch.
    EnCours,
    /// What remains waits for somebody to resume it.
    Arretee,
    /// Nothing remains.
    Terminee,
}

/// What somebody does to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GesteRelance {
    /// No more batch begins.
    Arreter,
    /// It goes on from where it stood.
    Reprendre,
}

impl GesteRelance {
    /// Stable code, used in forms and in the journal.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Arreter => "arreter",
            Self::Reprendre => "reprendre",
        }
    }

    /// The act of a code.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Arreter, Self::Reprendre].into_iter().find(|g| g.code() == code)
    }
}

impl EtatRelance {
    /// Stable code, used in storage.
    pub const fn code(self) -> &'static str {
        match self {
            Self::EnCours => "en_cours",
            Self::Arretee => "arretee",
            Self::Terminee => "terminee",
        }
    }

    /// The state of a stored code.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::EnCours, Self::Arretee, Self::Terminee].into_iter().find(|e| e.code() == code)
    }

    /// R-ECH-04: the state after an act; one that waits for a batch that will not come may be resumed too.
    ///
    /// # Errors
    /// [`RuleViolation::ForbiddenTransition`].
    pub fn after(self, geste: GesteRelance, interrompue: bool) -> Result<Self, RuleViolation> {
        match (self, geste) {
            (Self::EnCours, GesteRelance::Arreter) => Ok(Self::Arretee),
            (Self::Arretee, GesteRelance::Reprendre) => Ok(Self::EnCours),
            (Self::EnCours, GesteRelance::Reprendre) if interrompue => Ok(Self::EnCours),
            (de, geste) => Err(RuleViolation::ForbiddenTransition { from: de.code(), event: geste.code() }),
        }
    }
}

/// R-ECH-04: what becomes of an establishment that was incomplete when the reminder was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SortRelance {
    /// Written to, somebody being there to be told.
    Ecrite,
    /// Written to, nobody being there to be told.
    SansDestinataire,
    /// Complete meanwhile.
    Complete,
    /// Reminded meanwhile (R-ECH-03).
    DejaRelance,
    /// No longer of the perimeter of whoever asked.
    HorsPerimetre,
}

impl SortRelance {
    /// Stable code, used in storage.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Ecrite => "ecrite",
            Self::SansDestinataire => "sans_destinataire",
            Self::Complete => "complete",
            Self::DejaRelance => "deja_relance",
            Self::HorsPerimetre => "hors_perimetre",
        }
    }

    /// Whether a message is written to it.
    pub const fn is_ecrite(self) -> bool {
        matches!(self, Self::Ecrite | Self::SansDestinataire)
    }

    /// R-ECH-04: looked at again when its turn comes. `due`: of an incomplete establishment, whether it may be reminded (R-ECH-03);
    /// `None`: nothing is missing there any more.
    pub const fn decide(du_perimetre: bool, due: Option<bool>, destinataires: usize) -> Self {
        match (du_perimetre, due, destinataires) {
            (false, _, _) => Self::HorsPerimetre,
            (true, None, _) => Self::Complete,
            (true, Some(false), _) => Self::DejaRelance,
            (true, Some(true), 0) => Self::SansDestinataire,
            (true, Some(true), _) => Self::Ecrite,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r_ech_04_a_reminder_is_stopped_and_resumed_and_ends_once() {
        use EtatRelance::{Arretee, EnCours, Terminee};
        use GesteRelance::{Arreter, Reprendre};
        assert_eq!(EnCours.after(Arreter, false), Ok(Arretee));
        assert_eq!(Arretee.after(Reprendre, false), Ok(EnCours));
        assert_eq!(EnCours.after(Reprendre, true), Ok(EnCours), "its batch was given up");
        for (etat, geste) in
            [(EnCours, Reprendre), (Arretee, Arreter), (Terminee, Arreter), (Terminee, Reprendre)]
        {
            assert!(etat.after(geste, false).is_err(), "{etat:?} {geste:?}");
        }
        for e in [EnCours, Arretee, Terminee] {
            assert_eq!(EtatRelance::from_code(e.code()), Some(e));
        }
    }

    #[test]
    fn r_ech_04_an_establishment_is_looked_at_again_when_its_turn_comes() {
        use SortRelance::{Complete, DejaRelance, Ecrite, HorsPerimetre, SansDestinataire};
        assert_eq!(SortRelance::decide(true, Some(true), 2), Ecrite);
        assert_eq!(SortRelance::decide(true, Some(true), 0), SansDestinataire);
        assert_eq!(SortRelance::decide(true, Some(false), 2), DejaRelance);
        assert_eq!(SortRelance::decide(true, None, 2), Complete);
        assert_eq!(SortRelance::decide(false, Some(true), 2), HorsPerimetre);
        assert!(Ecrite.is_ecrite() && SansDestinataire.is_ecrite() && !Complete.is_ecrite());
    }

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
        assert_eq!(Cote::of_role(Role::Logiciel), Some(Etablissement));
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
