//! The eleven publication statuses, and who may take a record from one to another.

/// Where a record stands on its way to the platform (`domaine.md` §11).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Statut {
    /// Out of the perimeter of the session, or a duplicate: the reason says which.
    NonPubliable,
    /// Admitted: the academic service may let it through as it is.
    APublier,
    /// Admitted once somebody has checked that it is entered right after the baccalauréat.
    AVerifierAcces,
    /// Admitted once the rector has agreed.
    AValiderRecteur,
    /// Admitted once the certifier's habilitation is known.
    SousHabilitation,
    /// Let through by the academic service; the platform takes it.
    PretPourIntegration,
    /// Somebody has to correct it at the Carif-Oref: the academic service sent it back, or it is published and the flow says
    /// something else since.
    EnAttenteMiseAJour,
    /// On the platform.
    Publie,
    /// Kept out by somebody, with a reason.
    NonPublie,
    /// The platform could not take it, with the error.
    Rejete,
    /// No longer exists.
    Ferme,
}

/// Who moves a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ActeurStatut {
    /// The day's flow.
    Flux,
    /// The academic service of the place.
    Academie,
    /// What integrates the records that are ready.
    Plateforme,
}

impl Statut {
    /// Every status, in the order of the way.
    pub const ALL: [Self; 11] = [
        Self::NonPubliable,
        Self::APublier,
        Self::AVerifierAcces,
        Self::AValiderRecteur,
        Self::SousHabilitation,
        Self::PretPourIntegration,
        Self::EnAttenteMiseAJour,
        Self::Publie,
        Self::NonPublie,
        Self::Rejete,
        Self::Ferme,
    ];

    /// Stable code, as stored.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NonPubliable => "non_publiable",
            Self::APublier => "a_publier",
            Self::AVerifierAcces => "a_verifier_acces",
            Self::AValiderRecteur => "a_valider_recteur",
            Self::SousHabilitation => "sous_habilitation",
            Self::PretPourIntegration => "pret_pour_integration",
            Self::EnAttenteMiseAJour => "en_attente_mise_a_jour",
            Self::Publie => "publie",
            Self::NonPublie => "non_publie",
            Self::Rejete => "rejete",
            Self::Ferme => "ferme",
        }
    }

    /// The status of a stored code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.code() == code)
    }

    /// French label, that of the national catalogue.
    pub const fn libelle(self) -> &'static str {
        match self {
            Self::NonPubliable => "non publiable en l’état",
            Self::APublier => "à publier",
            Self::AVerifierAcces => "à publier (vérifier accès direct postbac)",
            Self::AValiderRecteur => "à publier (soumis à validation Recteur)",
            Self::SousHabilitation => "à publier (sous condition habilitation)",
            Self::PretPourIntegration => "prêt pour intégration",
            Self::EnAttenteMiseAJour => "en attente de mise à jour",
            Self::Publie => "publié",
            Self::NonPublie => "non publié",
            Self::Rejete => "rejet de publication",
            Self::Ferme => "fermé",
        }
    }

    /// The status that a file names, whatever its apostrophe, capitals and spaces. The catalogue of the years before said « en
    /// attente de publication » for what is ready.
    pub fn from_libelle(texte: &str) -> Option<Self> {
        let propre = |t: &str| -> String {
            let t = t.to_lowercase().replace('\'', "’");
            t.split_whitespace().collect::<Vec<_>>().join(" ")
        };
        let cherche = propre(texte);
        if cherche == "en attente de publication" {
            return Some(Self::PretPourIntegration);
        }
        Self::ALL.into_iter().find(|s| propre(s.libelle()) == cherche)
    }

    /// Whether a record in this status says why.
    pub const fn exige_raison(self) -> bool {
        matches!(self, Self::NonPubliable | Self::NonPublie | Self::Rejete | Self::Ferme)
    }

    /// Waiting for the academic service, whatever it has to check.
    pub const fn is_a_publier(self) -> bool {
        matches!(self, Self::APublier | Self::AVerifierAcces | Self::AValiderRecteur | Self::SousHabilitation)
    }

    /// Whether an academic service says why when it decides so.
    pub const fn motive(self) -> bool {
        self.exige_raison() || matches!(self, Self::EnAttenteMiseAJour)
    }

    /// Waiting for somebody of the academic service.
    pub const fn is_a_traiter(self) -> bool {
        self.is_a_publier() || matches!(self, Self::EnAttenteMiseAJour | Self::Rejete)
    }

    /// R-APP-06: what an academic service may decide from here, in the order of the way.
    pub fn decisions(self) -> Vec<Self> {
        Self::ALL.into_iter().filter(|vers| self.peut_devenir(*vers, ActeurStatut::Academie)).collect()
    }

    /// R-APP-04: whether `acteur` may take a record from here to `vers`. The flow never publishes, never takes off what
    /// candidates read, and never undoes what somebody decided by a reason; the platform only answers for what is ready.
    pub fn peut_devenir(self, vers: Self, acteur: ActeurStatut) -> bool {
        use Statut as S;
        match acteur {
            ActeurStatut::Flux => match self {
                S::NonPubliable => vers.is_a_publier() || matches!(vers, S::NonPublie | S::Ferme),
                // Candidates read its course already: `delta` looks at that.
                S::APublier
                | S::AVerifierAcces
                | S::AValiderRecteur
                | S::SousHabilitation
                | S::PretPourIntegration
                | S::Rejete
                    if vers == S::EnAttenteMiseAJour =>
                {
                    true
                }
                S::APublier
                | S::AVerifierAcces
                | S::AValiderRecteur
                | S::SousHabilitation
                | S::PretPourIntegration
                | S::Rejete => {
                    self != vers
                        && (vers.is_a_publier() || matches!(vers, S::NonPubliable | S::NonPublie | S::Ferme))
                }
                S::Publie => vers == S::EnAttenteMiseAJour,
                // Only while candidates do not read it: `delta` looks at that.
                S::EnAttenteMiseAJour => {
                    vers.is_a_publier() || matches!(vers, S::NonPubliable | S::NonPublie | S::Ferme)
                }
                S::NonPublie => vers == S::Ferme,
                S::Ferme => vers.is_a_publier() || matches!(vers, S::NonPubliable | S::NonPublie),
            },
            ActeurStatut::Academie => match self {
                S::APublier => matches!(vers, S::PretPourIntegration | S::EnAttenteMiseAJour | S::NonPublie),
                S::AVerifierAcces | S::AValiderRecteur | S::SousHabilitation => {
                    matches!(
                        vers,
                        S::APublier | S::PretPourIntegration | S::EnAttenteMiseAJour | S::NonPublie
                    )
                }
                S::PretPourIntegration => matches!(vers, S::APublier | S::EnAttenteMiseAJour | S::NonPublie),
                S::EnAttenteMiseAJour => matches!(vers, S::PretPourIntegration | S::NonPublie | S::Ferme),
                S::Publie => matches!(vers, S::NonPublie | S::Ferme),
                S::NonPublie => vers == S::APublier,
                S::Rejete => matches!(vers, S::PretPourIntegration | S::EnAttenteMiseAJour | S::NonPublie),
                S::NonPubliable | S::Ferme => false,
            },
            ActeurStatut::Plateforme => {
                self == S::PretPourIntegration && matches!(vers, S::Publie | S::Rejete)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r_app_04_the_eleven_statuses_have_one_code_and_one_label_each() {
        for s in Statut::ALL {
            assert_eq!(Statut::from_code(s.code()), Some(s));
            assert_eq!(Statut::from_libelle(s.libelle()), Some(s));
        }
        assert_eq!(Statut::from_libelle("Non publiable en  l'état"), Some(Statut::NonPubliable));
        assert_eq!(Statut::from_libelle("en attente de publication"), Some(Statut::PretPourIntegration));
        assert_eq!(Statut::from_libelle("hors périmètre"), None);
    }

    #[test]
    fn r_app_04_the_flow_never_publishes_nor_takes_off_what_candidates_read() {
        for s in Statut::ALL {
            assert!(!s.peut_devenir(Statut::Publie, ActeurStatut::Flux), "{s:?}");
            assert!(!s.peut_devenir(Statut::PretPourIntegration, ActeurStatut::Flux), "{s:?}");
            for vers in Statut::ALL {
                assert!(!s.peut_devenir(s, ActeurStatut::Flux), "{s:?}: to itself is no move");
                if s == Statut::Publie && s.peut_devenir(vers, ActeurStatut::Flux) {
                    assert_eq!((s, vers), (Statut::Publie, Statut::EnAttenteMiseAJour));
                }
            }
        }
    }

    #[test]
    fn r_app_04_only_the_academic_service_lets_through_and_only_the_platform_publishes() {
        let (a, p) = (ActeurStatut::Academie, ActeurStatut::Plateforme);
        for s in Statut::ALL {
            assert_eq!(s.peut_devenir(Statut::Publie, p), s == Statut::PretPourIntegration, "{s:?}");
            assert!(!s.peut_devenir(Statut::Publie, a), "{s:?}");
            if s.is_a_publier() {
                assert!(s.peut_devenir(Statut::PretPourIntegration, a), "{s:?}");
                assert!(s.peut_devenir(Statut::NonPublie, a), "{s:?}");
            }
        }
        assert!(!Statut::NonPubliable.peut_devenir(Statut::PretPourIntegration, a), "out of the perimeter");
        assert!(Statut::Rejete.peut_devenir(Statut::PretPourIntegration, a), "once its error is mended");
    }

    #[test]
    fn r_app_04_every_status_is_reached_and_left() {
        use ActeurStatut as A;
        let acteurs = [A::Flux, A::Academie, A::Plateforme];
        let passe = |de: Statut, vers: Statut| acteurs.into_iter().any(|a| de.peut_devenir(vers, a));
        for s in Statut::ALL {
            assert!(Statut::ALL.into_iter().any(|de| passe(de, s)), "{s:?} is never reached");
            assert!(Statut::ALL.into_iter().any(|vers| passe(s, vers)), "{s:?} is never left");
        }
    }
}
