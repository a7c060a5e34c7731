//! Why a day is refused, and where.

/// The reason. Its code is the one of the exchange format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each one is explained in French by `explication`")]
pub enum Motif {
    ColonnesIncoherentes,
    CandidatInconnu,
    ParametresGroupeInvalides,
    RangDernierAppeleIncoherent,
    GroupeEnDouble,
    CapaciteInternatNegative,
    InternatEnDouble,
    InternatSansCode,
    InternatTypesMelanges,
    HorsPpSansProposition,
    RangNegatif,
    RangAppelManquant,
    VoeuEnDouble,
    GroupeInconnu,
    InternatInconnu,
    IdentifiantIncoherent,
    RangAppelPartage,
    RangsAppelMultiples,
    RangInternatNonPositif,
    RangInternatPartage,
    RangsInternatMultiples,
    JourAnterieurALaCampagne,
    RepondeurP7_1,
    RepondeurP7_2,
    RepondeurP7_3,
    RepondeurP7_4,
    RepondeurP7_5,
    RepondeurP7_6,
    RepondeurVoeuSansRang,
    GddP8,
}

impl Motif {
    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::ColonnesIncoherentes => "colonnes_incoherentes",
            Self::CandidatInconnu => "candidat_inconnu",
            Self::ParametresGroupeInvalides => "parametres_groupe_invalides",
            Self::RangDernierAppeleIncoherent => "rang_dernier_appele_incoherent",
            Self::GroupeEnDouble => "groupe_en_double",
            Self::CapaciteInternatNegative => "capacite_internat_negative",
            Self::InternatEnDouble => "internat_en_double",
            Self::InternatSansCode => "internat_sans_code",
            Self::InternatTypesMelanges => "internat_types_melanges",
            Self::HorsPpSansProposition => "hors_pp_sans_proposition",
            Self::RangNegatif => "rang_negatif",
            Self::RangAppelManquant => "rang_appel_manquant",
            Self::VoeuEnDouble => "voeu_en_double",
            Self::GroupeInconnu => "groupe_inconnu",
            Self::InternatInconnu => "internat_inconnu",
            Self::IdentifiantIncoherent => "identifiant_incoherent",
            Self::RangAppelPartage => "rang_appel_partage",
            Self::RangsAppelMultiples => "rangs_appel_multiples",
            Self::RangInternatNonPositif => "rang_internat_non_positif",
            Self::RangInternatPartage => "rang_internat_partage",
            Self::RangsInternatMultiples => "rangs_internat_multiples",
            Self::JourAnterieurALaCampagne => "jour_anterieur_a_la_campagne",
            Self::RepondeurP7_1 => "repondeur_p7_1",
            Self::RepondeurP7_2 => "repondeur_p7_2",
            Self::RepondeurP7_3 => "repondeur_p7_3",
            Self::RepondeurP7_4 => "repondeur_p7_4",
            Self::RepondeurP7_5 => "repondeur_p7_5",
            Self::RepondeurP7_6 => "repondeur_p7_6",
            Self::RepondeurVoeuSansRang => "repondeur_voeu_sans_rang",
            Self::GddP8 => "gdd_p8",
        }
    }

    /// The reason, for a person.
    #[must_use]
    pub const fn explication(self) -> &'static str {
        match self {
            Self::ColonnesIncoherentes => {
                "les colonnes des vœux n’ont pas la même longueur, ou leur partie internat n’est pas triée par vœu"
            }
            Self::CandidatInconnu => "le numéro de candidat dépasse le nombre de candidats annoncé",
            Self::ParametresGroupeInvalides => {
                "le nombre de places, le rang limite et le rang du dernier appelé ne peuvent pas être négatifs"
            }
            Self::RangDernierAppeleIncoherent => {
                "le rang du dernier appelé est inférieur à ce qu’il était cinq jours plus tôt"
            }
            Self::GroupeEnDouble => "deux groupes d’affectation ont les mêmes codes",
            Self::CapaciteInternatNegative => "la capacité d’un internat ne peut pas être négative",
            Self::InternatEnDouble => "deux internats ont les mêmes codes",
            Self::InternatSansCode => "le code du classement d’internat est nul",
            Self::InternatTypesMelanges => {
                "un même classement d’internat sert à la fois à un établissement, à plusieurs formations ou à une seule"
            }
            Self::HorsPpSansProposition => {
                "une affectation hors procédure principale doit être une proposition d’un jour précédent"
            }
            Self::RangNegatif => "un rang d’appel, de préférence ou d’internat est négatif",
            Self::RangAppelManquant => "le rang d’appel manque",
            Self::VoeuEnDouble => {
                "le candidat a deux fois le même vœu (même formation, même choix d’internat)"
            }
            Self::GroupeInconnu => "le groupe d’affectation du vœu est inconnu",
            Self::InternatInconnu => "l’internat du vœu est inconnu",
            Self::IdentifiantIncoherent => "l’internat du vœu est celui d’une autre formation",
            Self::RangAppelPartage => "deux candidats en attente ont le même rang d’appel dans le groupe",
            Self::RangsAppelMultiples => "un candidat en attente a deux rangs d’appel dans le groupe",
            Self::RangInternatNonPositif => "le rang internat d’un vœu en attente doit être au moins 1",
            Self::RangInternatPartage => "deux candidats en attente ont le même rang dans l’internat",
            Self::RangsInternatMultiples => "un candidat en attente a deux rangs dans l’internat",
            Self::JourAnterieurALaCampagne => "le jour doit être au moins 1 quand il y a des internats",
            Self::RepondeurP7_1 => {
                "une réponse automatique est enregistrée pour un candidat dont le répondeur n’est pas actif (P7.1)"
            }
            Self::RepondeurP7_2 => "un candidat au répondeur actif a plus d’une proposition (P7.2)",
            Self::RepondeurP7_3 => {
                "un vœu est démissionné par le répondeur sans meilleure proposition acceptée (P7.3)"
            }
            Self::RepondeurP7_4 => "un candidat au répondeur actif a un vœu qui n’est pas ordonné (P7.4)",
            Self::RepondeurP7_5 => {
                "un candidat au répondeur actif a deux vœux de même rang de préférence (P7.5)"
            }
            Self::RepondeurP7_6 => {
                "un candidat au répondeur actif attend des vœux moins bons que sa proposition (P7.6)"
            }
            Self::RepondeurVoeuSansRang => {
                "un candidat au répondeur actif a un vœu en attente sans rang de préférence"
            }
            Self::GddP8 => "un vœu ordonné est démissionné sans meilleure proposition du jour (P8)",
        }
    }
}

/// What the refusal is about: positions in the input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Lieu {
    /// The days.
    Parametres,
    /// A groupe.
    Groupe(u32),
    /// An internat.
    Internat(u32),
    /// A voeu.
    Voeu(u32),
    /// A candidat.
    Candidat(u32),
    /// The columns.
    Colonnes,
}

/// The refusal of a day: nothing is computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Refus {
    /// Why.
    pub motif: Motif,
    /// Where.
    pub lieu: Lieu,
}

impl Refus {
    pub(crate) const fn new(motif: Motif, lieu: Lieu) -> Self {
        Self { motif, lieu }
    }

    /// The stable code of the reason.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        self.motif.code()
    }
}

impl std::fmt::Display for Refus {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let n = |position: u32| u64::from(position) + 1;
        match self.lieu {
            Lieu::Parametres => write!(f, "paramètres")?,
            Lieu::Groupe(p) => write!(f, "groupe n° {}", n(p))?,
            Lieu::Internat(p) => write!(f, "internat n° {}", n(p))?,
            Lieu::Voeu(p) => write!(f, "vœu n° {}", n(p))?,
            Lieu::Candidat(p) => write!(f, "candidat n° {}", n(p))?,
            Lieu::Colonnes => write!(f, "vœux")?,
        }
        write!(f, " : {}", self.motif.explication())
    }
}

impl std::error::Error for Refus {}
