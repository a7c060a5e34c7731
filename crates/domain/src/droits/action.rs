//! What a person may want to do, and the steps of the calendar that it depends on.

use crate::calendrier::Etape;

/// What a person may want to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// Read the settings of courses on the site de gestion.
    ConsulterParametrage,
    /// Read the settings of an establishment.
    ConsulterEtablissement,
    /// Describe an establishment: addresses, sites, open days, head.
    ModifierEtablissement,
    /// Read the capacity, the places and the fees of a draft: not for those who only examine records.
    ConsulterCapacites,
    /// Presentation and everything but capacity and fees.
    ModifierFormation,
    /// Capacity, places by group and fees: a step of their own.
    ModifierCapacites,
    /// Make the draft what the public reads.
    PublierFormation,
    /// Read again, as a second person, a capacity out of the ordinary (R-CAP-05).
    ConfirmerCapacite,
    /// Accept what an establishment submits, or return it.
    ControlerFormation,
    /// Say which records of the catalogue of apprenticeship may be published.
    DeciderApprentissage,
    /// Ask that a course be opened, closed, moved, merged, or changed outside its step.
    DemanderFormation,
    /// Answer what an establishment asks about the life of a course, or send it on.
    DeciderDemande,
    /// Group courses under one multiple wish, with or without one ranking for all.
    RegrouperFormations,
    /// Let fields of a course be written outside their step.
    AccorderDerogation,
    /// Read the records of the candidates of a course.
    ConsulterDossiers,
    /// Save the draft of an order, or import it from a file.
    SaisirClassement,
    /// Send a ranking for good; refuses those whom a selective course does not keep.
    TransmettreClassement,
    /// Save the draft of the order of a boarding school, or import it from a file.
    ClasserInternat,
    /// Send the ranking of a boarding school for good.
    TransmettreInternat,
    /// The rector’s decision, before the call orders.
    FixerTaux,
    /// Rates already fixed.
    ConsulterTaux,
    /// Runs, with their counts and fingerprints.
    ConsulterPassages,
    /// Compute a run, or abandon it before publication.
    CalculerPassage,
    /// Give effect to a run that somebody else computed.
    PublierPassage,
    /// Open a session, load a calendar.
    GererSession,
    /// Load the courses of a session from files.
    ImporterOffre,
    /// Invite, give and take roles, suspend, within the perimeter.
    GererComptes,
    /// Give and revoke the tokens of programs (R-API-01).
    GererJetons,
    /// Read the list of the accounts of a perimeter.
    ConsulterComptes,
    /// Offer a role to a person: which one is said by [`CHAINE`].
    InviterComptes,
    /// Admit a role mailbox for a session (CPT-2).
    DerogerAdresse,
    /// Close everything that an establishment has open (SES-5).
    SecuriserEtablissement,
    /// Read the conversation about an establishment or a course.
    ConsulterEchanges,
    /// Write in it.
    EcrireEchange,
    /// Read the Fil info: which items is said by their audience (R-INF-01, 02).
    ConsulterInformations,
    /// Publish in the Fil info, correct, take down.
    PublierInformation,
    /// Read which information sessions are held for those who run courses, and register: which ones is said by their audience.
    ConsulterSeances,
    /// Announce information sessions, note who came.
    OrganiserSeances,
    /// Register in an information session of the public site.
    RejoindreSeancePublique,
    /// Accept the charter of the procedure for an establishment.
    AccepterCharte,
    /// Publish a version of the charter.
    PublierCharte,
    /// Ask a service, and follow what one asked.
    DemanderAssistance,
    /// Answer what is asked of one's service (R-ASS-04).
    TraiterAssistance,
    /// Keep what the support cell of a région académique says of itself.
    TenirCellule,
    /// Know which establishments of a perimeter still have to complete what they say.
    SuivreParametrage,
    /// Remind them, many at once.
    RelancerEtablissements,
    /// Who did what, over the whole platform.
    ConsulterJournal,
    /// Read the published offer.
    ConsulterOffre,
    /// A candidate's own record.
    ConsulterDossier,
    /// What a candidate declares: residence, and no more once wishes are examined.
    ModifierDossier,
    /// Add or withdraw a wish.
    FormulerVoeu,
    /// Have a wish examined.
    ConfirmerVoeu,
    /// Accept, refuse, keep or give up.
    RepondreProposition,
    /// Put one's waiting wishes in order.
    OrdonnerVoeux,
    /// Switch the automatic answer on or off.
    ReglerRepondeur,
    /// Nightly work: deadlines, mails, purges.
    EntretenirPlateforme,
}

impl Action {
    /// Every action, in the order of the printed matrix.
    pub const ALL: [Self; 56] = [
        Self::ConsulterParametrage,
        Self::ConsulterEtablissement,
        Self::ModifierEtablissement,
        Self::ConsulterCapacites,
        Self::ModifierFormation,
        Self::ModifierCapacites,
        Self::PublierFormation,
        Self::ConfirmerCapacite,
        Self::ControlerFormation,
        Self::DeciderApprentissage,
        Self::DemanderFormation,
        Self::DeciderDemande,
        Self::RegrouperFormations,
        Self::AccorderDerogation,
        Self::ConsulterDossiers,
        Self::SaisirClassement,
        Self::TransmettreClassement,
        Self::ClasserInternat,
        Self::TransmettreInternat,
        Self::FixerTaux,
        Self::ConsulterTaux,
        Self::ConsulterPassages,
        Self::CalculerPassage,
        Self::PublierPassage,
        Self::GererSession,
        Self::ImporterOffre,
        Self::GererComptes,
        Self::GererJetons,
        Self::ConsulterComptes,
        Self::InviterComptes,
        Self::DerogerAdresse,
        Self::SecuriserEtablissement,
        Self::ConsulterEchanges,
        Self::EcrireEchange,
        Self::ConsulterInformations,
        Self::PublierInformation,
        Self::ConsulterSeances,
        Self::OrganiserSeances,
        Self::RejoindreSeancePublique,
        Self::AccepterCharte,
        Self::PublierCharte,
        Self::DemanderAssistance,
        Self::TraiterAssistance,
        Self::TenirCellule,
        Self::SuivreParametrage,
        Self::RelancerEtablissements,
        Self::ConsulterJournal,
        Self::ConsulterOffre,
        Self::ConsulterDossier,
        Self::ModifierDossier,
        Self::FormulerVoeu,
        Self::ConfirmerVoeu,
        Self::RepondreProposition,
        Self::OrdonnerVoeux,
        Self::ReglerRepondeur,
        Self::EntretenirPlateforme,
    ];

    /// Stable code, used in the journal and in the printed matrix.
    pub const fn code(self) -> &'static str {
        match self {
            Self::ConsulterParametrage => "consulter_parametrage",
            Self::ConsulterEtablissement => "consulter_etablissement",
            Self::ModifierEtablissement => "modifier_etablissement",
            Self::ConsulterCapacites => "consulter_capacites",
            Self::ModifierFormation => "modifier_formation",
            Self::ModifierCapacites => "modifier_capacites",
            Self::PublierFormation => "publier_formation",
            Self::ConfirmerCapacite => "confirmer_capacite",
            Self::ControlerFormation => "controler_formation",
            Self::DeciderApprentissage => "decider_apprentissage",
            Self::DemanderFormation => "demander_formation",
            Self::DeciderDemande => "decider_demande",
            Self::RegrouperFormations => "regrouper_formations",
            Self::AccorderDerogation => "accorder_derogation",
            Self::ConsulterDossiers => "consulter_dossiers",
            Self::SaisirClassement => "saisir_classement",
            Self::TransmettreClassement => "transmettre_classement",
            Self::ClasserInternat => "classer_internat",
            Self::TransmettreInternat => "transmettre_internat",
            Self::FixerTaux => "fixer_taux",
            Self::ConsulterTaux => "consulter_taux",
            Self::ConsulterPassages => "consulter_passages",
            Self::CalculerPassage => "calculer_passage",
            Self::PublierPassage => "publier_passage",
            Self::GererSession => "gerer_session",
            Self::ImporterOffre => "importer_offre",
            Self::GererComptes => "gerer_comptes",
            Self::GererJetons => "gerer_jetons",
            Self::ConsulterComptes => "consulter_comptes",
            Self::InviterComptes => "inviter_comptes",
            Self::DerogerAdresse => "deroger_adresse",
            Self::SecuriserEtablissement => "securiser_etablissement",
            Self::ConsulterEchanges => "consulter_echanges",
            Self::EcrireEchange => "ecrire_echange",
            Self::ConsulterInformations => "consulter_informations",
            Self::PublierInformation => "publier_information",
            Self::ConsulterSeances => "consulter_seances",
            Self::OrganiserSeances => "organiser_seances",
            Self::RejoindreSeancePublique => "rejoindre_seance_publique",
            Self::AccepterCharte => "accepter_charte",
            Self::PublierCharte => "publier_charte",
            Self::DemanderAssistance => "demander_assistance",
            Self::TraiterAssistance => "traiter_assistance",
            Self::TenirCellule => "tenir_cellule",
            Self::SuivreParametrage => "suivre_parametrage",
            Self::RelancerEtablissements => "relancer_etablissements",
            Self::ConsulterJournal => "consulter_journal",
            Self::ConsulterOffre => "consulter_offre",
            Self::ConsulterDossier => "consulter_dossier",
            Self::ModifierDossier => "modifier_dossier",
            Self::FormulerVoeu => "formuler_voeu",
            Self::ConfirmerVoeu => "confirmer_voeu",
            Self::RepondreProposition => "repondre_proposition",
            Self::OrdonnerVoeux => "ordonner_voeux",
            Self::ReglerRepondeur => "regler_repondeur",
            Self::EntretenirPlateforme => "entretenir_plateforme",
        }
    }

    /// HAB-7: asks for a second step of a few minutes at most.
    pub const fn sensible(self) -> bool {
        matches!(
            self,
            Self::GererComptes
                | Self::GererJetons
                | Self::TransmettreClassement
                | Self::TransmettreInternat
                | Self::PublierFormation
                | Self::ConfirmerCapacite
                | Self::PublierPassage
                | Self::AccepterCharte
                | Self::PublierCharte
                | Self::RelancerEtablissements
        )
    }

    /// The steps of the calendar outside which the action is closed; none: it is always open.
    pub const fn etapes(self) -> &'static [Etape] {
        match self {
            // Parts of an establishment stay open, or are opened again (R-ETA-03, R-ETA-11, R-ETA-12), as fields of a course are.
            Self::ModifierFormation | Self::ModifierEtablissement | Self::RegrouperFormations => {
                &[Etape::Parametrage]
            }
            Self::ModifierCapacites | Self::PublierFormation | Self::ConfirmerCapacite => {
                &[Etape::CapacitesFrais]
            }
            Self::ConsulterOffre => &[Etape::Consultation],
            Self::FormulerVoeu => &[Etape::Voeux],
            Self::ConfirmerVoeu | Self::ModifierDossier => &[Etape::Confirmation],
            Self::SaisirClassement
            | Self::TransmettreClassement
            | Self::ClasserInternat
            | Self::TransmettreInternat => &[Etape::Examen],
            Self::FixerTaux => &[Etape::Taux],
            Self::RepondreProposition => Etape::PROPOSITIONS,
            Self::OrdonnerVoeux => &[Etape::Ordonnancement],
            // R-RA-01: switched on during its own step, off as long as propositions are made.
            Self::ReglerRepondeur => &[Etape::Desistements, Etape::Repondeur],
            _ => &[],
        }
    }

    /// R-CAL-07 (TPS-5): writes that an instant decides, which a clock gone wrong would decide wrongly.
    pub const fn sous_echeance(self) -> bool {
        match self {
            Self::ConsulterOffre => false,
            Self::CalculerPassage | Self::PublierPassage | Self::GererSession => true,
            autre => !autre.etapes().is_empty(),
        }
    }

    /// The steps whose dates matter to whoever may do this: the one that opens it, and those in which what it reads is
    /// written by others.
    pub fn suivies(self) -> &'static [Etape] {
        use Etape as E;
        match self {
            Self::GererSession => &E::ALL,
            Self::ConsulterParametrage | Self::ModifierFormation => &[E::Parametrage, E::CapacitesFrais],
            Self::ConsulterEtablissement
            | Self::ModifierEtablissement
            | Self::DemanderFormation
            | Self::RegrouperFormations => &[E::Parametrage],
            Self::ConsulterCapacites
            | Self::ModifierCapacites
            | Self::PublierFormation
            | Self::ConfirmerCapacite
            | Self::ControlerFormation => &[E::CapacitesFrais],
            Self::ConsulterOffre => &[E::Consultation],
            Self::FormulerVoeu => &[E::Voeux],
            Self::ConfirmerVoeu | Self::ModifierDossier => &[E::Confirmation],
            Self::ConsulterDossiers
            | Self::SaisirClassement
            | Self::TransmettreClassement
            | Self::ClasserInternat
            | Self::TransmettreInternat => &[E::Examen],
            Self::FixerTaux | Self::ConsulterTaux => &[E::Taux],
            Self::ConsulterPassages | Self::CalculerPassage | Self::PublierPassage => {
                &[E::OrdreAppel, E::Admission, E::Desistements]
            }
            Self::RepondreProposition => Etape::PROPOSITIONS,
            Self::OrdonnerVoeux => &[E::Ordonnancement],
            Self::ReglerRepondeur => &[E::Desistements, E::Repondeur],
            _ => &[],
        }
    }
}
