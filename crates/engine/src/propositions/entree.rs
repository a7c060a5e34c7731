//! What a day of admission receives: columns of the caller, numbered by 32-bit positions.

/// The days that rule the computation, numbered from 1 for the first day of the campaign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Parametres {
    /// The day computed.
    pub jour: i32,
    /// First day without reservation of boarding places.
    pub jour_fin_reservation_internats: i32,
    /// First day of the automatic resignation of ordered voeux.
    pub jour_debut_gdd: i32,
    /// Until the eve of this day the ordering is going on: answers are not checked.
    pub jour_fin_ordonnancement_gdd: i32,
}

/// A groupe d'affectation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Groupe {
    /// Code of its groupe de classement.
    pub groupe_classement: i64,
    /// Code of the formation in which people enrol.
    pub formation_inscription: i64,
    /// Code of the formation d'affectation.
    pub formation: i64,
    /// Number of candidats to call, overbooking included.
    pub places: i32,
    /// Everybody up to this rang d'appel is called (0: nobody).
    pub rang_limite: i32,
    /// Highest rang d'appel proposed until the eve.
    pub rang_dernier_appele: i32,
    /// The same until five days before.
    pub rang_dernier_appele_reference: i32,
    /// The reservation of boarding places is over for this groupe.
    pub fin_reservation_internats: bool,
    /// No proposition is made in this groupe today.
    pub admissions_suspendues: bool,
}

/// A groupe d'affectation internat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Internat {
    /// Code of its classement.
    pub classement_internat: i64,
    /// Formation d'inscription, or 0.
    pub formation_inscription: i64,
    /// Formation d'affectation, or 0.
    pub formation: i64,
    /// Number of places.
    pub capacite: i32,
}

/// Where a voeu stands. The numbers are those of the exchange format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[repr(u8)]
pub enum Statut {
    /// Waiting.
    #[default]
    EnAttente = 0,
    /// Proposed today.
    PropositionDuJour = 1,
    /// Waiting voeu resigned by the répondeur automatique today.
    RaDemissionAttente = 2,
    /// Waiting ordered voeu resigned today.
    GddDemissionAttente = 3,
    /// Proposition of an ordered voeu resigned today.
    GddDemissionProposition = 4,
    /// Proposed today and accepted by the répondeur automatique.
    RaAcceptation = 5,
    /// Proposition refused by the répondeur automatique today.
    RaRefusProposition = 6,
    /// Proposed on an earlier day, no answer yet.
    AnterieureSansReponse = 7,
    /// Proposed on an earlier day, accepted.
    AnterieureAcceptee = 8,
    /// Proposed on an earlier day, refused.
    AnterieureRefusee = 9,
    /// Given up by the candidat.
    RefusOuDemission = 10,
    /// Not ranked.
    NonClasse = 11,
}

impl Statut {
    /// All of them, by number.
    pub const TOUS: [Self; 12] = [
        Self::EnAttente,
        Self::PropositionDuJour,
        Self::RaDemissionAttente,
        Self::GddDemissionAttente,
        Self::GddDemissionProposition,
        Self::RaAcceptation,
        Self::RaRefusProposition,
        Self::AnterieureSansReponse,
        Self::AnterieureAcceptee,
        Self::AnterieureRefusee,
        Self::RefusOuDemission,
        Self::NonClasse,
    ];

    /// The name in the exchange format.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::EnAttente => "en_attente",
            Self::PropositionDuJour => "proposition_du_jour",
            Self::RaDemissionAttente => "ra_demission_attente",
            Self::GddDemissionAttente => "gdd_demission_attente",
            Self::GddDemissionProposition => "gdd_demission_proposition",
            Self::RaAcceptation => "ra_acceptation",
            Self::RaRefusProposition => "ra_refus_proposition",
            Self::AnterieureSansReponse => "proposition_anterieure_sans_reponse",
            Self::AnterieureAcceptee => "proposition_anterieure_acceptee",
            Self::AnterieureRefusee => "proposition_anterieure_refusee",
            Self::RefusOuDemission => "refus_ou_demission",
            Self::NonClasse => "non_classe",
        }
    }

    /// Does the voeu hold a place?
    #[must_use]
    pub const fn is_proposition(self) -> bool {
        Ensemble::PROP.contains(self)
    }

    /// Is it a proposition of the day?
    #[must_use]
    pub const fn is_proposition_du_jour(self) -> bool {
        Ensemble::JOUR.contains(self)
    }
}

/// A set of statuts.
#[derive(Clone, Copy)]
pub(crate) struct Ensemble(u16);

impl Ensemble {
    pub(crate) const JOUR: Self = Self::of(&[Statut::PropositionDuJour, Statut::RaAcceptation]);
    pub(crate) const ANT: Self =
        Self::of(&[Statut::AnterieureSansReponse, Statut::AnterieureAcceptee, Statut::AnterieureRefusee]);
    /// Earlier propositions that hold a place.
    pub(crate) const ANT_PROP: Self = Self::of(&[Statut::AnterieureSansReponse, Statut::AnterieureAcceptee]);
    pub(crate) const PROP: Self = Self(Self::JOUR.0 | Self::ANT_PROP.0);
    pub(crate) const DEM_RA: Self = Self::of(&[Statut::RaDemissionAttente, Statut::RaRefusProposition]);
    pub(crate) const DEM_GDD: Self =
        Self::of(&[Statut::GddDemissionAttente, Statut::GddDemissionProposition]);
    /// Propositions lost today by automatic answer or resignation.
    pub(crate) const REFUS_AUTO: Self =
        Self::of(&[Statut::RaRefusProposition, Statut::GddDemissionProposition]);
    pub(crate) const ATT_OU_PROP: Self = Self(Self::PROP.0 | 1);

    pub(crate) const NON_CLASSE: Self = Self::of(&[Statut::NonClasse]);

    const fn of(statuts: &[Statut]) -> Self {
        let (mut bits, mut i) = (0, 0);
        while i < statuts.len() {
            bits |= 1 << statuts[i] as u16;
            i += 1;
        }
        Self(bits)
    }

    pub(crate) const fn contains(self, statut: Statut) -> bool {
        self.0 >> statut as u16 & 1 == 1
    }

    /// Membership by number, without a lookup.
    #[inline]
    pub(crate) const fn contains_etat(self, etat: Etat) -> bool {
        self.0 >> (etat.0 & 15) & 1 == 1
    }
}

/// Statut and marks of a voeu, in one byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Etat(u8);

impl Etat {
    const AVEC_INTERNAT: u8 = 0x10;
    const HORS_PP: u8 = 0x20;
    const IGNORER_RANG_ATTENTE: u8 = 0x40;
    const IGNORER_BARRE_INTERNAT: u8 = 0x80;

    /// A voeu without marks.
    #[must_use]
    pub const fn new(statut: Statut) -> Self {
        Self(statut as u8)
    }

    const fn with(self, mark: u8, yes: bool) -> Self {
        Self(if yes { self.0 | mark } else { self.0 & !mark })
    }

    /// The same voeu, with boarding or without.
    #[must_use]
    pub const fn with_internat(self, yes: bool) -> Self {
        self.with(Self::AVEC_INTERNAT, yes)
    }

    /// The same voeu, assigned outside the main procedure or not.
    #[must_use]
    pub const fn with_hors_pp(self, yes: bool) -> Self {
        self.with(Self::HORS_PP, yes)
    }

    /// The same voeu, to be ignored or not when the displays look for somebody overtaken.
    #[must_use]
    pub const fn with_ignorer_rang_attente(self, yes: bool) -> Self {
        self.with(Self::IGNORER_RANG_ATTENTE, yes)
    }

    /// The same voeu, exempted or not from the boarding bar displayed.
    #[must_use]
    pub const fn with_ignorer_barre_internat(self, yes: bool) -> Self {
        self.with(Self::IGNORER_BARRE_INTERNAT, yes)
    }

    /// The same marks with another statut.
    #[must_use]
    pub const fn with_statut(self, statut: Statut) -> Self {
        Self(self.0 & 0xf0 | statut as u8)
    }

    /// The statut.
    #[must_use]
    pub const fn statut(self) -> Statut {
        // An Etat is only made from a Statut: the remainder never changes the number.
        Statut::TOUS[(self.0 & 15) as usize % Statut::TOUS.len()]
    }

    /// With boarding?
    #[must_use]
    pub const fn is_avec_internat(self) -> bool {
        self.0 & Self::AVEC_INTERNAT != 0
    }

    /// Outside the main procedure?
    #[must_use]
    pub const fn is_hors_pp(self) -> bool {
        self.0 & Self::HORS_PP != 0
    }

    /// Reinstated or re-ranked?
    #[must_use]
    pub const fn is_ignorer_rang_attente(self) -> bool {
        self.0 & Self::IGNORER_RANG_ATTENTE != 0
    }

    /// Exempted from the boarding bar?
    #[must_use]
    pub const fn is_ignorer_barre_internat(self) -> bool {
        self.0 & Self::IGNORER_BARRE_INTERNAT != 0
    }

    #[inline]
    pub(crate) const fn is_attente(self) -> bool {
        self.0 & 15 == 0
    }

    pub(crate) const fn bits(self) -> u8 {
        self.0
    }

    #[inline]
    pub(crate) const fn from_bits(bits: u8) -> Self {
        Self(bits)
    }
}

/// The boarding part of a voeu whose internat has a classement of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VoeuInternat {
    /// Position of the voeu.
    pub voeu: u32,
    /// Position of the internat, or [`VoeuInternat::SANS_REFERENCE`].
    pub internat: u32,
    /// Rank in the classement of the internat.
    pub rang: i32,
}

impl VoeuInternat {
    /// A rank without internat: checked, then ignored.
    pub const SANS_REFERENCE: u32 = u32::MAX;
}

/// The voeux, one column per attribute. The first four have the same length; the optional ones may be empty.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Voeux {
    /// Position of the candidat, below [`Entree::nombre_candidats`].
    pub candidat: Vec<u32>,
    /// Position of the groupe in [`Entree::groupes`].
    pub groupe: Vec<u32>,
    /// Rang d'appel in the groupe (0: none).
    pub rang_appel: Vec<i32>,
    /// Statut and marks.
    pub etat: Vec<Etat>,
    /// Rank among the ordered voeux of the candidat (0: not ordered). Empty: all 0.
    pub rang_preference: Vec<i32>,
    /// Rang d'appel shown to the candidat. Empty: the rang d'appel.
    pub rang_appel_affiche: Vec<i32>,
    /// Waiting rank displayed the day before (0: none). Empty: all 0.
    pub rang_attente_veille: Vec<i32>,
    /// Boarding parts, by increasing voeu, at most one per voeu. It implies « avec internat ».
    pub en_internat: Vec<VoeuInternat>,
}

/// One voeu with all its attributes, to fill [`Voeux`] row by row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Voeu {
    /// Position of the candidat.
    pub candidat: u32,
    /// Position of the groupe.
    pub groupe: u32,
    /// Rang d'appel.
    pub rang_appel: i32,
    /// Statut and marks.
    pub etat: Etat,
    /// Rank among the ordered voeux.
    pub rang_preference: i32,
    /// Rang d'appel shown, when another.
    pub rang_appel_affiche: Option<i32>,
    /// Waiting rank of the day before.
    pub rang_attente_veille: i32,
    /// Position of the internat, and rank in it.
    pub internat: Option<(u32, i32)>,
}

impl Voeux {
    /// Number of voeux.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.candidat.len()
    }

    /// Is there none?
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.candidat.is_empty()
    }

    /// Adds a voeu; optional columns appear at their first value that is not the default.
    pub fn push(&mut self, voeu: Voeu) {
        let n = self.len();
        if let Some((internat, rang)) = voeu.internat {
            self.en_internat.push(VoeuInternat { voeu: n as u32, internat, rang });
        }
        push_optional(&mut self.rang_preference, n, voeu.rang_preference, 0);
        push_optional(&mut self.rang_attente_veille, n, voeu.rang_attente_veille, 0);
        let affiche = voeu.rang_appel_affiche.unwrap_or(voeu.rang_appel);
        if affiche != voeu.rang_appel && self.rang_appel_affiche.is_empty() {
            self.rang_appel_affiche.clone_from(&self.rang_appel);
        }
        if affiche != voeu.rang_appel || self.rang_appel_affiche.len() == n && n > 0 {
            self.rang_appel_affiche.push(affiche);
        }
        self.candidat.push(voeu.candidat);
        self.groupe.push(voeu.groupe);
        self.rang_appel.push(voeu.rang_appel);
        self.etat.push(if voeu.internat.is_some_and(|(i, _)| i != VoeuInternat::SANS_REFERENCE) {
            voeu.etat.with_internat(true)
        } else {
            voeu.etat
        });
    }
}

fn push_optional(column: &mut Vec<i32>, n: usize, value: i32, default: i32) {
    if value != default && column.is_empty() {
        column.resize(n, default);
    }
    if value != default || (column.len() == n && n > 0) {
        column.push(value);
    }
}

/// Everything a day receives.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Entree {
    /// The days.
    pub parametres: Parametres,
    /// Candidats are numbered from 0 to this number, excluded.
    pub nombre_candidats: u32,
    /// The groupes d'affectation.
    pub groupes: Vec<Groupe>,
    /// The internats.
    pub internats: Vec<Internat>,
    /// The voeux.
    pub voeux: Voeux,
    /// Candidats whose répondeur automatique is active.
    pub repondeurs: Vec<u32>,
}
