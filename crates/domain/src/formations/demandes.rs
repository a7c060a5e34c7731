//! R-VIE-01 to 14: what an establishment asks about the life of a course, and who answers.
//!
//! No establishment makes, closes, moves or merges a course: it asks, with its reason; the academic service of the place
//! answers, and what was asked happens in the same act. Only an import makes courses otherwise.
//!
//! | from | to | who | when |
//! |---|---|---|---|
//! | – | asked | head or administrator of the establishment | one question at a time about a course; the step of [`NatureDemande::etape`] |
//! | asked, sent on | withdrawn | the same | before the answer |
//! | asked (handing over) | the same, agreed to | head or administrator of the establishment that receives, never whoever asked | – |
//! | asked | accepted, with its effect | the academic service | as long as it is still possible, and agreed to by whoever receives; never whoever asked |
//! | asked | refused | the academic service | with a reason |
//! | asked (dispensation, or another academy) | sent on | the academic service, with its opinion | – |
//! | sent on | accepted until a day, refused | the national team, never whoever asked or sent it on | – |
//!
//! What takes a course away from candidates is refused once one of them has a living wish for it.
//!
//! R-ETA-11: an establishment asks in the same way that parts of its own settings be open again; its academic service grants all of
//! them or some, until a day, alone: the same as a return, which the national team does not see either.
//!
//! An acceptance that leaves the establishment something to describe opens the fields concerned, and the submission, until a last
//! day that whoever accepts sets, whatever the calendar says ([`Souhait::champs_rouverts`]).

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::controle::CHAMPS_PROPRES;
use super::correction::IdentiteFormation;
use super::description::{CHAMPS, INTERNAT, Rubrique};
use super::famille::{Famille, StatutFormation};
use super::groupes::GroupeVoulu;
use super::nomenclature::FiliereNationale;
use crate::calendrier::Etape;
use crate::droits::Action;
use crate::erreurs::RuleViolation;
use crate::etablissements::check_ligne;

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NatureDemande {
    /// A new course.
    Ouverture,
    /// Closed for good.
    Fermeture,
    /// Closed for this session; the next one takes it over.
    Suspension,
    /// Another site of the establishment.
    Deplacement,
    /// Another establishment.
    Cession,
    /// Closed for good, another course taking its place.
    Fusion,
    /// Other ranking groups (R-VIE-09).
    Groupes,
    /// Another sector (R-VIE-10).
    Sectorisation,
    /// Another title, status or selectivity: those that it has are wrong (R-VIE-14).
    Correction,
    /// Fields open outside their step.
    Derogation,
    /// Parts of the establishment itself open outside their step (R-ETA-11).
    Reouverture,
}

impl NatureDemande {
    /// Every one, in the order of the forms.
    pub const ALL: [Self; 11] = [
        Self::Ouverture,
        Self::Suspension,
        Self::Fermeture,
        Self::Fusion,
        Self::Deplacement,
        Self::Cession,
        Self::Groupes,
        Self::Sectorisation,
        Self::Correction,
        Self::Derogation,
        Self::Reouverture,
    ];

    /// Stable code, used in storage and addresses.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Ouverture => "ouverture",
            Self::Fermeture => "fermeture",
            Self::Suspension => "suspension",
            Self::Deplacement => "deplacement",
            Self::Cession => "cession",
            Self::Fusion => "fusion",
            Self::Groupes => "groupes",
            Self::Sectorisation => "sectorisation",
            Self::Correction => "correction",
            Self::Derogation => "derogation",
            Self::Reouverture => "reouverture",
        }
    }

    /// The one of a stored code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|n| n.code() == code)
    }

    /// French label: what the establishment asks.
    pub const fn libelle(self) -> &'static str {
        match self {
            Self::Ouverture => "Ouvrir une formation",
            Self::Fermeture => "Fermer la formation définitivement",
            Self::Suspension => "Ne pas ouvrir la formation cette année",
            Self::Deplacement => "Déplacer la formation sur un autre site",
            Self::Cession => "Confier la formation à un autre établissement",
            Self::Fusion => "Fusionner la formation avec une autre",
            Self::Groupes => "Changer les groupes de classement de la formation",
            Self::Sectorisation => "Changer le secteur de la formation",
            Self::Correction => "Corriger l’intitulé, le statut ou la sélectivité",
            Self::Derogation => "Modifier la formation hors période",
            Self::Reouverture => "Modifier l’établissement hors période",
        }
    }

    /// Asked about a course that is there already.
    pub const fn is_sur_formation(self) -> bool {
        !matches!(self, Self::Ouverture | Self::Reouverture)
    }

    /// R-VIE-02: the step within which it is asked: for what the establishment has to describe afterwards, and for what is part of its
    /// settings (domaine §9), places going with capacities; `None`: any day of the session.
    pub const fn etape(self) -> Option<Etape> {
        match self {
            Self::Ouverture | Self::Deplacement | Self::Cession | Self::Fusion | Self::Sectorisation => {
                Some(Etape::Parametrage)
            }
            Self::Groupes => Some(Etape::CapacitesFrais),
            Self::Fermeture | Self::Suspension | Self::Correction | Self::Derogation | Self::Reouverture => {
                None
            }
        }
    }

    /// R-VIE-11: its acceptance leaves something to describe or to read again in a course: fields are open until a last day.
    pub const fn rouvre(self) -> bool {
        match self {
            Self::Ouverture | Self::Deplacement | Self::Cession | Self::Groupes | Self::Derogation => true,
            Self::Fermeture
            | Self::Suspension
            | Self::Fusion
            | Self::Sectorisation
            | Self::Correction
            | Self::Reouverture => false,
        }
    }

    /// R-VIE-04: forbidden once a candidate has a living wish for the course; of a correction, parts are ([`super::Attaches`]).
    pub const fn is_sans_voeu(self) -> bool {
        !matches!(self, Self::Ouverture | Self::Correction | Self::Derogation | Self::Reouverture)
    }
}

/// What a request needs beside the answer of the academic service of the place.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Parcours {
    /// R-VIE-05: a dispensation, or a course that changes its academy: no academic service decides it alone, it is sent on to
    /// the national team.
    pub national: bool,
    /// R-VIE-08: whether the establishment that would receive the course agreed; `None`: nobody receives it.
    pub accord: Option<bool>,
}

/// Where a request stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EtatDemande {
    /// Waits for the academic service.
    Deposee,
    /// Sent on: waits for the national team.
    Transmise,
    /// Done.
    Acceptee,
    /// Not done, with a reason.
    Refusee,
    /// The establishment no longer asks.
    Retiree,
}

/// What is done to a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Geste {
    /// By the establishment, before the answer.
    Retirer,
    /// To the national team, with an opinion.
    Transmettre,
    /// With its effect.
    Accepter,
    /// With a reason.
    Refuser,
}

impl EtatDemande {
    /// Every state, that of the queue first.
    pub const ALL: [Self; 5] = [Self::Deposee, Self::Transmise, Self::Acceptee, Self::Refusee, Self::Retiree];

    /// Stable code, used in storage and addresses.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Deposee => "deposee",
            Self::Transmise => "transmise",
            Self::Acceptee => "acceptee",
            Self::Refusee => "refusee",
            Self::Retiree => "retiree",
        }
    }

    /// The state of a stored code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|e| e.code() == code)
    }

    /// French label shown on screen.
    pub const fn libelle(self) -> &'static str {
        match self {
            Self::Deposee => "À examiner par le service académique",
            Self::Transmise => "À examiner par l’équipe nationale",
            Self::Acceptee => "Acceptée",
            Self::Refusee => "Refusée",
            Self::Retiree => "Retirée par l’établissement",
        }
    }

    /// Waits for an answer.
    pub const fn is_en_cours(self) -> bool {
        matches!(self, Self::Deposee | Self::Transmise)
    }

    /// R-VIE-05: what somebody needs to answer; `None` once it is answered.
    pub const fn action(self) -> Option<Action> {
        match self {
            Self::Deposee => Some(Action::DeciderDemande),
            Self::Transmise => Some(Action::AccorderDerogation),
            _ => None,
        }
    }

    /// R-VIE-01, R-VIE-05, R-VIE-08: the state that follows; nothing is answered twice, what the national team decides is never
    /// accepted by the academic service alone, and nothing is handed to whoever has not agreed.
    ///
    /// # Errors
    /// [`RuleViolation::DemandeRepondue`], [`RuleViolation::AccordAttendu`], [`RuleViolation::ForbiddenTransition`].
    pub fn apres(self, parcours: Parcours, geste: Geste) -> Result<Self, RuleViolation> {
        match (self, geste) {
            (Self::Acceptee | Self::Refusee | Self::Retiree, _) => Err(RuleViolation::DemandeRepondue),
            (_, Geste::Retirer) => Ok(Self::Retiree),
            (_, Geste::Refuser) => Ok(Self::Refusee),
            (_, Geste::Accepter | Geste::Transmettre) if parcours.accord == Some(false) => {
                Err(RuleViolation::AccordAttendu)
            }
            (Self::Deposee, Geste::Transmettre) if parcours.national => Ok(Self::Transmise),
            (Self::Deposee, Geste::Accepter) if !parcours.national => Ok(Self::Acceptee),
            (Self::Transmise, Geste::Accepter) => Ok(Self::Acceptee),
            (etat, _) => Err(RuleViolation::ForbiddenTransition { from: etat.code(), event: "repondre" }),
        }
    }
}

/// R-VIE-05: whoever asked, or sent on, does not answer.
///
/// # Errors
/// [`RuleViolation::DeuxiemePersonne`].
pub fn check_personne(agent: Option<i64>, avant: &[Option<i64>]) -> Result<(), RuleViolation> {
    if avant.contains(&agent) { Err(RuleViolation::DeuxiemePersonne) } else { Ok(()) }
}

/// R-ETA-11: what is granted is some of the parts that were asked for, or all of them.
///
/// # Errors
/// [`RuleViolation::Champ`] on `parties`.
pub fn check_accordees(
    demandees: &BTreeSet<String>,
    accordees: &BTreeSet<String>,
) -> Result<(), RuleViolation> {
    let faute = |motif| Err(RuleViolation::Champ { champ: "parties", motif });
    if accordees.is_empty() {
        return faute("reouverture");
    }
    if accordees.is_subset(demandees) { Ok(()) } else { faute("demandees") }
}

/// A course that does not exist yet.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NouvelleOffre {
    /// Code of the family.
    pub famille: String,
    /// « BTS - Services - Tourisme ».
    pub libelle: String,
    /// What tells it from others of the same label; may be empty.
    pub detail: String,
    /// Code of the status.
    pub statut: String,
    /// It may refuse candidates.
    pub selective: bool,
    /// Public identifier of a site of the establishment.
    pub site: String,
    /// Code of its national type, which gives the family, the label and the status.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filiere: Option<i64>,
    /// Why it has no national type, where the session has some.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hors_nomenclature: Option<String>,
}

impl NouvelleOffre {
    /// R-VIE-13: what its national type says of it; what was said otherwise is refused.
    ///
    /// # Errors
    /// [`RuleViolation::Champ`].
    pub fn with_filiere(self, f: FiliereNationale<'_>) -> Result<Self, RuleViolation> {
        let (famille, libelle, statut) = (f.famille().code(), f.titre(), f.statut().code());
        for (champ, dit, national) in [
            ("famille", &self.famille, famille),
            ("libelle", &self.libelle, libelle.as_str()),
            ("statut", &self.statut, statut),
        ] {
            if !dit.trim().is_empty() && dit.trim() != national {
                return Err(RuleViolation::Champ { champ, motif: "filiere" });
            }
        }
        Ok(Self { famille: famille.to_owned(), libelle, statut: statut.to_owned(), ..self })
    }

    /// Whether another request is for the same course, whatever the reasons.
    pub fn is_meme(&self, autre: &Self) -> bool {
        let sans = |o: &Self| Self { hors_nomenclature: None, ..o.clone() };
        sans(self) == sans(autre)
    }

    /// R-VIE-01: as it is kept: on one line, a known family and status, a name.
    ///
    /// # Errors
    /// [`RuleViolation::Champ`].
    pub fn check(self) -> Result<Self, RuleViolation> {
        let manque = |champ| Err(RuleViolation::Champ { champ, motif: "manquant" });
        let libelle = check_ligne("libelle", &self.libelle)?;
        let detail = check_ligne("detail", &self.detail)?;
        if libelle.is_empty() {
            return manque("libelle");
        }
        if Famille::from_code(&self.famille).is_none() {
            return manque("famille");
        }
        if StatutFormation::from_code(&self.statut).is_none() {
            return manque("statut");
        }
        Ok(Self { libelle, detail, ..self })
    }
}

/// What is asked for, with what it takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "nature", rename_all = "snake_case")]
pub enum Souhait {
    /// A new course.
    Ouverture(NouvelleOffre),
    /// Closed for good.
    Fermeture {
        /// Public identifier of a course of the session, when one takes its place.
        successeur: Option<String>,
    },
    /// Closed for this session.
    Suspension,
    /// Another site of the establishment.
    Deplacement {
        /// Its public identifier.
        site: String,
    },
    /// Another establishment of the session.
    Cession {
        /// Its code in the national register.
        uai: String,
    },
    /// Another course takes its place.
    Fusion {
        /// Its public identifier.
        successeur: String,
    },
    /// Other ranking groups, all of them, with their places.
    Groupes {
        /// From one to [`super::GROUPES_MAX`].
        groupes: Vec<GroupeVoulu>,
    },
    /// Another sector.
    Sectorisation {
        /// Codes of the academies whose residents are residents for the course.
        academies: BTreeSet<String>,
    },
    /// What it is called and is, all of it.
    Correction(IdentiteFormation),
    /// Fields open outside their step.
    Derogation {
        /// Codes of fields, of those reviewed.
        champs: BTreeSet<String>,
        /// Last day wanted, as `2024-01-20`.
        jusqu_a: String,
    },
    /// Parts of the establishment open outside their step.
    Reouverture {
        /// Codes of parts of its settings.
        parties: BTreeSet<String>,
        /// Last day wanted, as `2024-01-20`.
        jusqu_a: String,
    },
}

impl Souhait {
    /// Its kind.
    pub const fn nature(&self) -> NatureDemande {
        match self {
            Self::Ouverture(_) => NatureDemande::Ouverture,
            Self::Fermeture { .. } => NatureDemande::Fermeture,
            Self::Suspension => NatureDemande::Suspension,
            Self::Deplacement { .. } => NatureDemande::Deplacement,
            Self::Cession { .. } => NatureDemande::Cession,
            Self::Fusion { .. } => NatureDemande::Fusion,
            Self::Groupes { .. } => NatureDemande::Groupes,
            Self::Sectorisation { .. } => NatureDemande::Sectorisation,
            Self::Correction(_) => NatureDemande::Correction,
            Self::Derogation { .. } => NatureDemande::Derogation,
            Self::Reouverture { .. } => NatureDemande::Reouverture,
        }
    }

    /// R-VIE-07, R-VIE-11: the fields that its acceptance opens until a last day, by code: those that a dispensation names; all of a
    /// course that is made, or that another establishment takes over; of one that moves, those that depend on its place; the
    /// capacity, which the places of its groups make up.
    pub fn champs_rouverts(&self) -> BTreeSet<String> {
        let du_lieu = || {
            let contacts = CHAMPS.iter().filter(|c| c.rubrique == Rubrique::Contacts).map(|c| c.code);
            DU_LIEU.into_iter().chain(contacts)
        };
        match self {
            Self::Derogation { champs, .. } => champs.clone(),
            Self::Ouverture(_) | Self::Cession { .. } => tous_les_champs(),
            Self::Deplacement { .. } => du_lieu().map(str::to_owned).collect(),
            Self::Groupes { .. } => BTreeSet::from(["capacite".to_owned()]),
            Self::Fermeture { .. }
            | Self::Suspension
            | Self::Fusion { .. }
            | Self::Sectorisation { .. }
            | Self::Correction(_)
            | Self::Reouverture { .. } => BTreeSet::new(),
        }
    }
}

/// R-VIE-11, R-APP-21: codes of all that an establishment writes of a course.
pub fn tous_les_champs() -> BTreeSet<String> {
    let codes = CHAMPS_PROPRES.into_iter().map(|(code, _)| code).chain(CHAMPS.iter().map(|c| c.code));
    codes.map(str::to_owned).collect()
}

/// Codes of the fields that depend on where a course is, those of its contacts apart.
const DU_LIEU: [&str; 4] = ["site", "composante", INTERNAT, "presentation"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r_vie_01_a_request_is_answered_once_and_withdrawn_only_before() {
        use EtatDemande as E;
        use Geste as G;
        let n = Parcours::default();
        assert_eq!(E::Deposee.apres(n, G::Accepter), Ok(E::Acceptee));
        assert_eq!(E::Deposee.apres(n, G::Refuser), Ok(E::Refusee));
        assert_eq!(E::Deposee.apres(n, G::Retirer), Ok(E::Retiree));
        assert!(E::Deposee.apres(n, G::Transmettre).is_err(), "answered by the academic service");
        for fini in [E::Acceptee, E::Refusee, E::Retiree] {
            assert!(!fini.is_en_cours() && fini.action().is_none());
            for g in [G::Retirer, G::Transmettre, G::Accepter, G::Refuser] {
                assert_eq!(fini.apres(n, g), Err(RuleViolation::DemandeRepondue));
            }
        }
        for e in E::ALL {
            assert_eq!(E::from_code(e.code()), Some(e));
        }
        for n in NatureDemande::ALL {
            assert_eq!(NatureDemande::from_code(n.code()), Some(n));
        }
    }

    #[test]
    fn r_vie_01_a_new_course_has_a_name_a_family_and_a_status() {
        let offre = NouvelleOffre {
            famille: "bts".to_owned(),
            libelle: "  BTS\tTourisme ".to_owned(),
            detail: String::new(),
            statut: "etudiant".to_owned(),
            selective: true,
            site: "s".to_owned(),
            ..NouvelleOffre::default()
        };
        assert_eq!(offre.clone().check().expect("complete").libelle, "BTS Tourisme");
        let faux = |o: NouvelleOffre| match o.check() {
            Err(RuleViolation::Champ { champ, .. }) => champ,
            autre => panic!("{autre:?}"),
        };
        assert_eq!(faux(NouvelleOffre { libelle: " ".to_owned(), ..offre.clone() }), "libelle");
        assert_eq!(faux(NouvelleOffre { famille: "x".to_owned(), ..offre.clone() }), "famille");
        assert_eq!(faux(NouvelleOffre { statut: String::new(), ..offre }), "statut");
    }

    #[test]
    fn r_vie_13_what_a_national_type_says_of_a_new_course_is_not_said_otherwise() {
        let eau = FiliereNationale {
            sigle: "BTS-ME",
            libelle: "Métiers de l’eau",
            apprentissage: false,
            las: false,
        };
        let nue = NouvelleOffre { site: "s".to_owned(), filiere: Some(325), ..NouvelleOffre::default() };
        let offre = nue.clone().with_filiere(eau).expect("said by the type");
        let dite = (offre.famille.as_str(), offre.libelle.as_str(), offre.statut.as_str(), offre.filiere);
        assert_eq!(dite, ("bts", "BTS - Métiers de l’eau", "etudiant", Some(325)));
        assert_eq!(offre.clone().with_filiere(eau), Ok(offre.clone()), "the same said again");
        let faux = |o: NouvelleOffre| o.with_filiere(eau).expect_err("said otherwise");
        let faute = |champ| RuleViolation::Champ { champ, motif: "filiere" };
        assert_eq!(faux(NouvelleOffre { famille: "but".to_owned(), ..nue.clone() }), faute("famille"));
        assert_eq!(faux(NouvelleOffre { libelle: "BTS Eau".to_owned(), ..nue.clone() }), faute("libelle"));
        assert_eq!(faux(NouvelleOffre { statut: "apprentissage".to_owned(), ..nue }), faute("statut"));
        // Kept as before where nothing national is said, and read back.
        let seule = NouvelleOffre { filiere: None, ..offre.clone() };
        let ecrite = serde_json::to_string(&Souhait::Ouverture(seule.clone())).expect("JSON");
        assert!(!ecrite.contains("filiere") && !ecrite.contains("hors_nomenclature"), "{ecrite}");
        let relue: Souhait = serde_json::from_str(&ecrite).expect("JSON");
        assert_eq!(relue, Souhait::Ouverture(seule.clone()));
        let hors = NouvelleOffre { hors_nomenclature: Some("Titre local.".to_owned()), ..seule.clone() };
        assert!(hors.is_meme(&seule) && !offre.is_meme(&seule));
    }

    #[test]
    fn r_vie_02_what_is_to_be_described_afterwards_is_asked_while_it_can_be() {
        let dedans: Vec<NatureDemande> =
            NatureDemande::ALL.into_iter().filter(|n| n.etape() == Some(Etape::Parametrage)).collect();
        use NatureDemande as N;
        assert_eq!(dedans, [N::Ouverture, N::Fusion, N::Deplacement, N::Cession, N::Sectorisation]);
        // Places go with capacities.
        assert_eq!(N::Groupes.etape(), Some(Etape::CapacitesFrais));
    }

    #[test]
    fn r_vie_11_an_acceptance_opens_what_is_to_be_described_and_nothing_else() {
        let rouverts = |s: Souhait| {
            let champs = s.champs_rouverts();
            assert_eq!(s.nature().rouvre(), !champs.is_empty(), "{s:?}");
            champs
        };
        let offre = NouvelleOffre {
            famille: "bts".to_owned(),
            libelle: "BTS Tourisme".to_owned(),
            detail: String::new(),
            statut: "etudiant".to_owned(),
            selective: true,
            site: "s".to_owned(),
            ..NouvelleOffre::default()
        };
        let neuve = rouverts(Souhait::Ouverture(offre));
        assert_eq!(neuve.len(), CHAMPS.len() + CHAMPS_PROPRES.len());
        assert_eq!(rouverts(Souhait::Cession { uai: "0800002B".to_owned() }), neuve);
        let deplacee = rouverts(Souhait::Deplacement { site: "s".to_owned() });
        assert!(deplacee.is_subset(&neuve) && deplacee.contains("site") && deplacee.contains("contact"));
        for champ in ["capacite", "frais", "attendus", "criteres"] {
            assert!(!deplacee.contains(champ), "{champ} does not depend on the place");
        }
        assert_eq!(
            rouverts(Souhait::Groupes { groupes: Vec::new() }),
            BTreeSet::from(["capacite".to_owned()])
        );
        let champs = BTreeSet::from(["frais".to_owned()]);
        let jusqu_a = "2024-01-20".to_owned();
        assert_eq!(rouverts(Souhait::Derogation { champs: champs.clone(), jusqu_a }), champs);
        for rien in [
            Souhait::Suspension,
            Souhait::Fermeture { successeur: None },
            Souhait::Fusion { successeur: "s".to_owned() },
            Souhait::Sectorisation { academies: BTreeSet::new() },
            Souhait::Correction(IdentiteFormation::default()),
        ] {
            assert!(rouverts(rien).is_empty());
        }
    }

    #[test]
    fn r_eta_11_what_is_granted_is_some_of_what_was_asked_for() {
        let parties = |codes: &[&str]| codes.iter().map(|c| (*c).to_owned()).collect::<BTreeSet<_>>();
        let demandees = parties(&["accueil", "sites"]);
        for accordees in [demandees.clone(), parties(&["sites"])] {
            assert_eq!(check_accordees(&demandees, &accordees), Ok(()));
        }
        let faux = |codes: &[&str]| check_accordees(&demandees, &parties(codes));
        let faute = |motif| Err(RuleViolation::Champ { champ: "parties", motif });
        assert_eq!(faux(&[]), faute("reouverture"));
        assert_eq!(faux(&["sites", "contacts"]), faute("demandees"));
        // About no course, and on any day.
        let n = NatureDemande::Reouverture;
        assert!(n.etape().is_none() && !n.is_sans_voeu() && !n.is_sur_formation());
        let ecrit = r#"{"nature":"reouverture","parties":["accueil","sites"],"jusqu_a":"2024-01-20"}"#;
        let lu: Souhait = serde_json::from_str(ecrit).expect("as it is stored");
        assert_eq!(lu, Souhait::Reouverture { parties: demandees, jusqu_a: "2024-01-20".to_owned() });
    }

    #[test]
    fn r_vie_05_r_vie_08_two_people_three_when_it_is_sent_on_and_whoever_receives_agrees() {
        use EtatDemande as E;
        use Geste as G;
        let n = Parcours { national: true, accord: None };
        assert!(E::Deposee.apres(n, G::Accepter).is_err(), "the academic service alone grants none");
        assert_eq!(E::Deposee.apres(n, G::Transmettre), Ok(E::Transmise));
        assert_eq!(E::Deposee.apres(n, G::Refuser), Ok(E::Refusee));
        assert_eq!(E::Transmise.apres(n, G::Accepter), Ok(E::Acceptee));
        assert_eq!(E::Transmise.apres(n, G::Refuser), Ok(E::Refusee));
        assert_eq!(E::Transmise.apres(n, G::Retirer), Ok(E::Retiree));
        assert!(E::Transmise.apres(n, G::Transmettre).is_err());
        assert_eq!(E::Deposee.action(), Some(Action::DeciderDemande));
        assert_eq!(E::Transmise.action(), Some(Action::AccorderDerogation));
        // R-VIE-08: whoever receives a course agrees first.
        for national in [false, true] {
            let attend = Parcours { national, accord: Some(false) };
            for g in [G::Accepter, G::Transmettre] {
                assert_eq!(E::Deposee.apres(attend, g), Err(RuleViolation::AccordAttendu));
            }
            assert_eq!(E::Deposee.apres(attend, G::Refuser), Ok(E::Refusee));
            assert_eq!(E::Deposee.apres(attend, G::Retirer), Ok(E::Retiree));
        }
        assert_eq!(
            E::Deposee.apres(Parcours { national: false, accord: Some(true) }, G::Accepter),
            Ok(E::Acceptee)
        );
        assert!(check_personne(Some(3), &[Some(1), Some(2)]).is_ok());
        assert_eq!(check_personne(Some(2), &[Some(1), Some(2)]), Err(RuleViolation::DeuxiemePersonne));
    }
}
