//! R-IMP-11: a day of the catalogue that somebody sent: read, shown, then applied or given up.

use super::delta::Etendue;

/// Where a day stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EtatJournee {
    /// Received: its files are to be read, or are being read.
    ALire,
    /// Read: somebody says whether it is applied.
    AConfirmer,
    /// R-APP-05: it would remove so many records that it is not believed; somebody says what it is.
    Retenue,
    /// Somebody said yes: it is to be applied, or is being applied.
    AAppliquer,
    /// The session has what it says.
    Appliquee,
    /// The session had it already.
    SansChangement,
    /// Its files cannot be used.
    Refusee,
    /// Somebody said no.
    Abandonnee,
}

/// What somebody decides of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ActeJournee {
    /// Apply it as it was shown.
    Appliquer,
    /// R-APP-05: the same, however many records it removes.
    Retirer,
    /// R-APP-05: read it again as files that have only what changed.
    Partielle,
    /// Do nothing with it.
    Abandonner,
}

impl EtatJournee {
    /// Every state, in the order of the way.
    pub const ALL: [Self; 8] = [
        Self::ALire,
        Self::AConfirmer,
        Self::Retenue,
        Self::AAppliquer,
        Self::Appliquee,
        Self::SansChangement,
        Self::Refusee,
        Self::Abandonnee,
    ];

    /// Stable code, as stored.
    pub const fn code(self) -> &'static str {
        match self {
            Self::ALire => "a_lire",
            Self::AConfirmer => "a_confirmer",
            Self::Retenue => "retenue",
            Self::AAppliquer => "a_appliquer",
            Self::Appliquee => "appliquee",
            Self::SansChangement => "sans_changement",
            Self::Refusee => "refusee",
            Self::Abandonnee => "abandonnee",
        }
    }

    /// The state of a stored code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|e| e.code() == code)
    }

    /// French label.
    pub const fn libelle(self) -> &'static str {
        match self {
            Self::ALire => "en lecture",
            Self::AConfirmer => "à confirmer",
            Self::Retenue => "retenue",
            Self::AAppliquer => "en cours d’application",
            Self::Appliquee => "appliquée",
            Self::SansChangement => "rien à changer",
            Self::Refusee => "refusée",
            Self::Abandonnee => "abandonnée",
        }
    }

    /// Of a day whose files are read: whether they would change something, whether they are believed.
    pub const fn lue(change: bool, retenue: bool) -> Self {
        match (retenue, change) {
            (true, _) => Self::Retenue,
            (false, true) => Self::AConfirmer,
            (false, false) => Self::SansChangement,
        }
    }

    /// The platform is at it, or will be.
    pub const fn is_en_cours(self) -> bool {
        matches!(self, Self::ALire | Self::AAppliquer)
    }

    /// Nothing more happens to it.
    pub const fn is_finie(self) -> bool {
        matches!(self, Self::Appliquee | Self::SansChangement | Self::Refusee | Self::Abandonnee)
    }

    /// What it becomes by a decision; `None`: the decision is not to be taken there.
    pub const fn after(self, acte: ActeJournee) -> Option<Self> {
        match (self, acte) {
            (Self::AConfirmer, ActeJournee::Appliquer) | (Self::Retenue, ActeJournee::Retirer) => {
                Some(Self::AAppliquer)
            }
            (Self::Retenue, ActeJournee::Partielle) => Some(Self::ALire),
            (Self::ALire | Self::AConfirmer | Self::Retenue | Self::AAppliquer, ActeJournee::Abandonner) => {
                Some(Self::Abandonnee)
            }
            _ => None,
        }
    }
}

impl ActeJournee {
    /// Every decision.
    pub const ALL: [Self; 4] = [Self::Appliquer, Self::Retirer, Self::Partielle, Self::Abandonner];

    /// Word of the form.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Appliquer => "appliquer",
            Self::Retirer => "retirer",
            Self::Partielle => "partielle",
            Self::Abandonner => "abandonner",
        }
    }

    /// The decision of a word.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|a| a.code() == code)
    }
}

impl Etendue {
    /// Stable code, as stored.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Complete => "complete",
            Self::Partielle => "partielle",
        }
    }

    /// The extent of a stored code.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Complete, Self::Partielle].into_iter().find(|e| e.code() == code)
    }

    /// French label.
    pub const fn libelle(self) -> &'static str {
        match self {
            Self::Complete => "toutes les fiches",
            Self::Partielle => "seulement ce qui change",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r_imp_11_a_day_is_decided_once_it_is_shown_and_no_more_once_it_is_over() {
        use ActeJournee as A;
        use EtatJournee as E;
        let permis = |e: E| -> Vec<A> { A::ALL.into_iter().filter(|a| e.after(*a).is_some()).collect() };
        assert_eq!(permis(E::ALire), [A::Abandonner]);
        assert_eq!(permis(E::AConfirmer), [A::Appliquer, A::Abandonner]);
        assert_eq!(permis(E::Retenue), [A::Retirer, A::Partielle, A::Abandonner]);
        assert_eq!(permis(E::AAppliquer), [A::Abandonner]);
        for e in E::ALL.into_iter().filter(|e| e.is_finie()) {
            assert!(permis(e).is_empty() && !e.is_en_cours(), "{e:?}");
        }
        assert_eq!(E::Retenue.after(A::Partielle), Some(E::ALire), "read again before anything is applied");
        assert_eq!(E::Retenue.after(A::Retirer), Some(E::AAppliquer));
        // What is not believed is held, whatever else it would change.
        assert_eq!(
            [E::lue(true, true), E::lue(true, false), E::lue(false, false)],
            [E::Retenue, E::AConfirmer, E::SansChangement]
        );
    }

    #[test]
    fn r_imp_11_states_decisions_and_extents_have_one_code_each() {
        for e in EtatJournee::ALL {
            assert_eq!(EtatJournee::from_code(e.code()), Some(e));
        }
        for a in ActeJournee::ALL {
            assert_eq!(ActeJournee::from_code(a.code()), Some(a));
        }
        for e in [Etendue::Complete, Etendue::Partielle] {
            assert_eq!(Etendue::from_code(e.code()), Some(e));
        }
        assert_eq!(EtatJournee::from_code("lue"), None);
    }
}
