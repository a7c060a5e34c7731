//! Events told to programs (R-API-06); where they are sent (R-API-08), and what becomes of each (R-API-07).

mod adresses;
mod livraisons;

pub use adresses::{URL_MAX, check_url, is_reachable};
pub use livraisons::{EchecLivraison, EtatLivraison, MotifSuspension, Suite, suite};

use crate::comptes::Role;
use crate::echanges::Cote;
use crate::erreurs::RuleViolation;

/// What an event is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Genre {
    /// A course of a session.
    Formation,
    /// An establishment in a session.
    Etablissement,
    /// A ranking group of a session.
    Groupe,
    /// A boarding school of a session that ranks.
    Internat,
    /// What the catalogue of apprenticeship makes of the courses of an establishment in a session.
    Apprentissage,
    /// What an establishment asked about itself or about one of its courses.
    Demande,
    /// The conversation about an establishment or about a course.
    Conversation,
    /// The calendar of a session.
    Calendrier,
    /// An item of the Fil info.
    Actualite,
    /// The charter of a session.
    Charte,
    /// An information session.
    Seance,
    /// A subscription.
    Abonnement,
}

impl Genre {
    /// Stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Formation => "formation",
            Self::Etablissement => "etablissement",
            Self::Groupe => "groupe",
            Self::Internat => "internat",
            Self::Apprentissage => "apprentissage",
            Self::Demande => "demande",
            Self::Conversation => "conversation",
            Self::Calendrier => "calendrier",
            Self::Actualite => "actualite",
            Self::Charte => "charte",
            Self::Seance => "seance",
            Self::Abonnement => "abonnement",
        }
    }

    /// Where such objects are in the addresses of the interface; nothing for what the address of the session says.
    pub const fn chemin(self) -> &'static str {
        match self {
            Self::Formation => "formations",
            Self::Etablissement => "etablissements",
            Self::Groupe => "groupes",
            Self::Internat => "internats",
            Self::Apprentissage => "apprentissage",
            Self::Demande => "demandes",
            Self::Conversation => "echanges",
            Self::Calendrier => "",
            Self::Actualite => "actualites",
            Self::Charte => "charte",
            Self::Seance => "seances",
            Self::Abonnement => "abonnements",
        }
    }

    /// Read as a whole, at an address that names no object.
    pub const fn is_list(self) -> bool {
        matches!(self, Self::Apprentissage | Self::Conversation | Self::Calendrier | Self::Charte)
    }

    /// Said to many establishments at once: the entry of the journal says in which session.
    pub const fn is_of_session(self) -> bool {
        matches!(self, Self::Calendrier | Self::Actualite | Self::Charte | Self::Seance)
    }

    /// About an establishment: the entry of the journal says in which session.
    pub const fn is_of_etablissement(self) -> bool {
        matches!(self, Self::Etablissement | Self::Apprentissage)
    }
}

/// An act as the journal tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fait<'a> {
    /// Code of the role under which it was done.
    pub role: &'a str,
    /// Code of the action that was permitted.
    pub action: &'a str,
    /// Kind of object: the table's name.
    pub objet: &'a str,
    /// `fait` for an act; readings and refusals have others.
    pub issue: &'a str,
    /// The state before the act, when the entry says one.
    pub avant: Option<&'a str>,
    /// The state that the act led to, when the entry says one.
    pub etat: Option<&'a str>,
}

/// What a program may be told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Evenement {
    /// The draft of a course changed: settings, description, capacity, or its life.
    FormationModifiee,
    /// A course was submitted to the academic service.
    FormationSoumise,
    /// The academic service accepted it.
    FormationAcceptee,
    /// The academic service returned it.
    FormationRetournee,
    /// The academic service gave more time to put it right.
    FormationRetourProlonge,
    /// The public reads a new version of it.
    FormationPubliee,
    /// The settings of an establishment changed.
    EtablissementModifie,
    /// The ranking of a group was sent.
    ClassementTransmis,
    /// A boarding school that ranks was declared, changed or taken away.
    InternatModifie,
    /// The ranking of a boarding school was sent.
    InternatTransmis,
    /// A day of the catalogue made, changed, handed over or closed courses under apprenticeship of an establishment.
    ApprentissageModifie,
    /// What an establishment asked was granted or refused.
    DemandeRepondue,
    /// The academic service, or the national team, wrote in a conversation.
    ConversationMessage,
    /// A deadline of the calendar was put off.
    CalendrierReporte,
    /// An item of the Fil info was published.
    ActualitePubliee,
    /// An item of the Fil info was corrected or taken down.
    ActualiteModifiee,
    /// Another version of the charter is in force.
    ChartePubliee,
    /// An information session was announced.
    SeanceAnnoncee,
    /// An information session changed, or its recording was published.
    SeanceModifiee,
    /// An information session is not held.
    SeanceAnnulee,
    /// Nothing happened: the program asked whether it receives.
    Essai,
}

impl Evenement {
    /// Every event.
    pub const ALL: [Self; 21] = [
        Self::FormationModifiee,
        Self::FormationSoumise,
        Self::FormationAcceptee,
        Self::FormationRetournee,
        Self::FormationRetourProlonge,
        Self::FormationPubliee,
        Self::EtablissementModifie,
        Self::ClassementTransmis,
        Self::InternatModifie,
        Self::InternatTransmis,
        Self::ApprentissageModifie,
        Self::DemandeRepondue,
        Self::ConversationMessage,
        Self::CalendrierReporte,
        Self::ActualitePubliee,
        Self::ActualiteModifiee,
        Self::ChartePubliee,
        Self::SeanceAnnoncee,
        Self::SeanceModifiee,
        Self::SeanceAnnulee,
        Self::Essai,
    ];

    /// Kinds of objects of the journal of which an event may come.
    pub const OBJETS: [&'static str; 12] = [
        "formation_session",
        "formation_description",
        "controle_formation",
        "etablissement_session",
        "groupe_classement",
        "groupe_internat",
        "demande_formation",
        "fil",
        "prolongation",
        "actualite",
        "charte",
        "seance",
    ];

    /// Stable code, that of the messages.
    pub const fn code(self) -> &'static str {
        match self {
            Self::FormationModifiee => "formation.modifiee",
            Self::FormationSoumise => "formation.soumise",
            Self::FormationAcceptee => "formation.acceptee",
            Self::FormationRetournee => "formation.retournee",
            Self::FormationRetourProlonge => "formation.retour_prolonge",
            Self::FormationPubliee => "formation.publiee",
            Self::EtablissementModifie => "etablissement.modifie",
            Self::ClassementTransmis => "classement.transmis",
            Self::InternatModifie => "internat.modifie",
            Self::InternatTransmis => "internat.transmis",
            Self::ApprentissageModifie => "apprentissage.modifie",
            Self::DemandeRepondue => "demande.repondue",
            Self::ConversationMessage => "conversation.message",
            Self::CalendrierReporte => "calendrier.reporte",
            Self::ActualitePubliee => "actualite.publiee",
            Self::ActualiteModifiee => "actualite.modifiee",
            Self::ChartePubliee => "charte.publiee",
            Self::SeanceAnnoncee => "seance.annoncee",
            Self::SeanceModifiee => "seance.modifiee",
            Self::SeanceAnnulee => "seance.annulee",
            Self::Essai => "essai",
        }
    }

    /// The event of a code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|e| e.code() == code)
    }

    /// In French, for people.
    pub const fn libelle(self) -> &'static str {
        match self {
            Self::FormationModifiee => "Formation modifiée",
            Self::FormationSoumise => "Formation soumise au service académique",
            Self::FormationAcceptee => "Formation acceptée par le service académique",
            Self::FormationRetournee => "Formation retournée par le service académique",
            Self::FormationRetourProlonge => {
                "Délai de correction d’une formation retournée prolongé par le service académique"
            }
            Self::FormationPubliee => "Formation publiée",
            Self::EtablissementModifie => "Établissement modifié",
            Self::ClassementTransmis => "Classement transmis",
            Self::InternatModifie => "Internat déclaré, modifié ou retiré",
            Self::InternatTransmis => "Classement d’internat transmis",
            Self::ApprentissageModifie => {
                "Formations en apprentissage créées, modifiées, reprises ou fermées par le catalogue national"
            }
            Self::DemandeRepondue => "Réponse à une demande de l’établissement",
            Self::ConversationMessage => "Message du service académique ou de l’équipe nationale",
            Self::CalendrierReporte => "Date limite du calendrier reportée",
            Self::ActualitePubliee => "Information publiée au Fil info",
            Self::ActualiteModifiee => "Information du Fil info corrigée ou retirée",
            Self::ChartePubliee => "Version de la charte publiée",
            Self::SeanceAnnoncee => "Séance d’information annoncée",
            Self::SeanceModifiee => "Séance d’information modifiée, ou son enregistrement publié",
            Self::SeanceAnnulee => "Séance d’information annulée",
            Self::Essai => "Essai demandé par le logiciel",
        }
    }

    /// Sent on demand alone: nobody subscribes to it.
    pub const fn on_demand(self) -> bool {
        matches!(self, Self::Essai)
    }

    /// What it is about.
    pub const fn genre(self) -> Genre {
        match self {
            Self::FormationModifiee
            | Self::FormationSoumise
            | Self::FormationAcceptee
            | Self::FormationRetournee
            | Self::FormationRetourProlonge
            | Self::FormationPubliee => Genre::Formation,
            Self::EtablissementModifie => Genre::Etablissement,
            Self::ClassementTransmis => Genre::Groupe,
            Self::InternatModifie | Self::InternatTransmis => Genre::Internat,
            Self::ApprentissageModifie => Genre::Apprentissage,
            Self::DemandeRepondue => Genre::Demande,
            Self::ConversationMessage => Genre::Conversation,
            Self::CalendrierReporte => Genre::Calendrier,
            Self::ActualitePubliee | Self::ActualiteModifiee => Genre::Actualite,
            Self::ChartePubliee => Genre::Charte,
            Self::SeanceAnnoncee | Self::SeanceModifiee | Self::SeanceAnnulee => Genre::Seance,
            Self::Essai => Genre::Abonnement,
        }
    }

    /// R-API-06: the event of an act, whoever did it and through whatever. Readings and refusals are none, nor is a review
    /// that changes hands.
    pub fn of(fait: Fait<'_>) -> Option<Self> {
        if fait.issue != "fait" {
            return None;
        }
        match (fait.objet, fait.action) {
            // Accepted, a course is published by the same act.
            ("formation_session", "publier_formation" | "controler_formation") => {
                Some(Self::FormationPubliee)
            }
            ("formation_session" | "formation_description", _) => Some(Self::FormationModifiee),
            ("controle_formation", "publier_formation") => Some(Self::FormationSoumise),
            ("controle_formation", "controler_formation") => match fait.etat {
                Some("acceptee") => Some(Self::FormationAcceptee),
                // R-CTL-09: it was returned already.
                Some("retournee") if fait.avant == Some("retournee") => Some(Self::FormationRetourProlonge),
                Some("retournee") => Some(Self::FormationRetournee),
                // R-CTL-10: it waits again, as it was submitted.
                Some("reprise") => Some(Self::FormationSoumise),
                _ => None,
            },
            ("etablissement_session", "modifier_etablissement" | "decider_apprentissage") => {
                Some(Self::EtablissementModifie)
            }
            // Nothing else of what is imported is noted establishment by establishment.
            ("etablissement_session", "importer_offre") => Some(Self::ApprentissageModifie),
            ("groupe_classement", "transmettre_classement") => Some(Self::ClassementTransmis),
            ("groupe_internat", "modifier_etablissement") => Some(Self::InternatModifie),
            ("groupe_internat", "transmettre_internat") => Some(Self::InternatTransmis),
            // Whoever answers: the academic service, the national team, the establishment that a course was offered to.
            ("demande_formation", _) if matches!(fait.etat, Some("acceptee" | "refusee")) => {
                Some(Self::DemandeRepondue)
            }
            ("fil", _) => {
                let cote = Role::from_code(fait.role).and_then(Cote::of_role);
                matches!(cote, Some(Cote::Academie | Cote::National)).then_some(Self::ConversationMessage)
            }
            ("prolongation", "gerer_session") if fait.etat == Some("validee") => {
                Some(Self::CalendrierReporte)
            }
            ("actualite", "publier_information") => match fait.etat {
                Some("publiee") => Some(Self::ActualitePubliee),
                Some("corrigee" | "retiree") => Some(Self::ActualiteModifiee),
                _ => None,
            },
            ("charte", "publier_charte") => Some(Self::ChartePubliee),
            ("seance", "organiser_seances") => match fait.etat {
                Some("annoncee") => Some(Self::SeanceAnnoncee),
                Some("modifiee" | "enregistree") => Some(Self::SeanceModifiee),
                Some("annulee") => Some(Self::SeanceAnnulee),
                _ => None,
            },
            _ => None,
        }
    }
}

/// R-API-08: what a program subscribes to: known events, each once.
///
/// # Errors
/// [`RuleViolation::Champ`] on `evenements`.
pub fn check_evenements(codes: &[String]) -> Result<Vec<Evenement>, RuleViolation> {
    let faux = |motif| RuleViolation::Champ { champ: "evenements", motif };
    let mut lus = Vec::new();
    for code in codes {
        let lu =
            Evenement::from_code(code).filter(|e| !e.on_demand()).ok_or_else(|| faux("evenement_inconnu"))?;
        if !lus.contains(&lu) {
            lus.push(lu);
        }
    }
    lus.sort_unstable();
    if lus.is_empty() { Err(faux("aucun")) } else { Ok(lus) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fait<'a>(action: &'a str, objet: &'a str, etat: Option<&'a str>) -> Fait<'a> {
        Fait { role: "academie", action, objet, issue: "fait", avant: None, etat }
    }

    #[test]
    fn r_api_06_each_act_of_the_journal_is_one_event_or_none() {
        use Evenement as E;
        for (action, objet, etat, attendu) in [
            ("modifier_formation", "formation_description", None, Some(E::FormationModifiee)),
            ("modifier_capacites", "formation_session", None, Some(E::FormationModifiee)),
            ("decider_demande", "formation_session", Some("fermee"), Some(E::FormationModifiee)),
            ("publier_formation", "formation_session", None, Some(E::FormationPubliee)),
            ("controler_formation", "formation_session", None, Some(E::FormationPubliee)),
            ("publier_formation", "controle_formation", Some("soumise"), Some(E::FormationSoumise)),
            ("controler_formation", "controle_formation", Some("acceptee"), Some(E::FormationAcceptee)),
            ("controler_formation", "controle_formation", Some("retournee"), Some(E::FormationRetournee)),
            ("controler_formation", "controle_formation", Some("soumise"), None),
            ("controler_formation", "controle_formation", Some("reprise"), Some(E::FormationSoumise)),
            ("decider_demande", "controle_formation", Some("soumise"), None),
            ("modifier_etablissement", "etablissement_session", None, Some(E::EtablissementModifie)),
            ("decider_apprentissage", "etablissement_session", None, Some(E::EtablissementModifie)),
            ("importer_offre", "etablissement_session", None, Some(E::ApprentissageModifie)),
            ("importer_offre", "fiche_apprentissage", None, None),
            ("transmettre_classement", "groupe_classement", Some("transmis"), Some(E::ClassementTransmis)),
            ("saisir_classement", "groupe_classement", Some("brouillon"), None),
            ("modifier_etablissement", "groupe_internat", None, Some(E::InternatModifie)),
            ("modifier_etablissement", "groupe_internat", Some("retire"), Some(E::InternatModifie)),
            ("classer_internat", "groupe_internat", Some("brouillon"), None),
            ("transmettre_internat", "groupe_internat", Some("transmis"), Some(E::InternatTransmis)),
            ("decider_demande", "demande_formation", Some("acceptee"), Some(E::DemandeRepondue)),
            ("accorder_derogation", "demande_formation", Some("refusee"), Some(E::DemandeRepondue)),
            ("decider_demande", "demande_formation", Some("transmise"), None),
            ("demander_formation", "demande_formation", Some("deposee"), None),
            ("demander_formation", "demande_formation", Some("retiree"), None),
            ("ecrire_echange", "fil", None, Some(E::ConversationMessage)),
            ("relancer_etablissements", "fil", None, Some(E::ConversationMessage)),
            ("gerer_session", "prolongation", Some("proposee"), None),
            ("gerer_session", "prolongation", Some("validee"), Some(E::CalendrierReporte)),
            ("publier_information", "actualite", Some("publiee"), Some(E::ActualitePubliee)),
            ("publier_information", "actualite", Some("corrigee"), Some(E::ActualiteModifiee)),
            ("publier_information", "actualite", Some("retiree"), Some(E::ActualiteModifiee)),
            ("publier_charte", "charte", None, Some(E::ChartePubliee)),
            ("organiser_seances", "seance", Some("annoncee"), Some(E::SeanceAnnoncee)),
            ("organiser_seances", "seance", Some("modifiee"), Some(E::SeanceModifiee)),
            ("organiser_seances", "seance", Some("enregistree"), Some(E::SeanceModifiee)),
            ("organiser_seances", "seance", Some("annulee"), Some(E::SeanceAnnulee)),
            ("organiser_seances", "seance", None, None),
            ("gerer_jetons", "jeton_api", None, None),
        ] {
            assert_eq!(Evenement::of(fait(action, objet, etat)), attendu, "{action} {objet}");
        }
        let encore = Fait {
            avant: Some("retournee"),
            ..fait("controler_formation", "controle_formation", Some("retournee"))
        };
        assert_eq!(Evenement::of(encore), Some(E::FormationRetourProlonge), "R-CTL-09");
        // What an establishment writes, itself or by its program, is no news to it.
        for role in ["admin_site", "logiciel", "inconnu"] {
            assert_eq!(Evenement::of(Fait { role, ..fait("ecrire_echange", "fil", None) }), None, "{role}");
        }
        let lu = Fait { issue: "exporte", ..fait("consulter_parametrage", "formation_description", None) };
        assert_eq!(Evenement::of(lu), None, "a reading");
    }

    #[test]
    fn r_api_06_codes_are_read_again_and_labels_differ() {
        for e in Evenement::ALL {
            assert_eq!(Evenement::from_code(e.code()), Some(e));
            assert_eq!(Evenement::ALL.iter().filter(|a| a.libelle() == e.libelle()).count(), 1);
        }
    }

    #[test]
    fn r_api_08_a_subscription_names_known_events_once() {
        let lit =
            |codes: &[&str]| check_evenements(&codes.iter().map(|c| (*c).to_owned()).collect::<Vec<_>>());
        let deux = Ok(vec![Evenement::FormationModifiee, Evenement::FormationPubliee]);
        assert_eq!(lit(&["formation.publiee", "formation.modifiee", "formation.publiee"]), deux);
        assert!(lit(&[]).is_err());
        assert!(lit(&["formation.publiee", "candidat.classe"]).is_err());
        assert!(lit(&["essai"]).is_err(), "sent on demand alone");
    }
}
