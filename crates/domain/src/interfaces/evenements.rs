//! Events told to programs, and where they are sent (R-API-06 to R-API-08).

// Addresses as values: `core` opens no socket.
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::comptes::Role;
use crate::echanges::Cote;
use crate::erreurs::RuleViolation;
use crate::reprises::attente_ms;

/// Characters of the address of a subscription.
pub const URL_MAX: usize = 500;

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

/// R-API-08: whether a message may go to this network address: one that the Internet routes, and no other. `boucle_locale`: the
/// machine itself too, for a sandbox.
pub fn is_reachable(adresse: IpAddr, boucle_locale: bool) -> bool {
    match adresse {
        _ if boucle_locale && adresse.is_loopback() => true,
        IpAddr::V4(a) => is_public_v4(a),
        IpAddr::V6(a) => is_public_v6(a),
    }
}

fn is_public_v4(a: Ipv4Addr) -> bool {
    let [o1, o2, o3, _] = a.octets();
    !(a.is_private()
        || a.is_loopback()
        || a.is_link_local()
        || a.is_multicast()
        || a.is_documentation()
        || o1 == 0
        || o1 >= 240
        // Shared by operators, assigned to protocols, to relays between versions, to measures.
        || (o1 == 100 && (64..128).contains(&o2))
        || (o1 == 192 && o2 == 0 && o3 == 0)
        || (o1 == 192 && o2 == 88 && o3 == 99)
        || (o1 == 198 && (18..20).contains(&o2)))
}

/// Only 2000::/3 is routed; within it, what is assigned to protocols or documentation, or carries another address, is not.
fn is_public_v6(a: Ipv6Addr) -> bool {
    let [s1, s2, ..] = a.segments();
    s1 & 0xe000 == 0x2000
        && !(s1 == 0x2001 && s2 < 0x0200)
        && !(s1 == 0x2001 && s2 == 0x0db8)
        && s1 != 0x2002
        && !(s1 == 0x3fff && s2 < 0x1000)
}

/// R-API-08: the address of a subscription, as it will be called: https, a host that is not on a network of ours, no name nor
/// password, no fragment. `boucle_locale`: http too, to the machine itself.
///
/// # Errors
/// [`RuleViolation::Champ`] on `url`.
pub fn check_url(texte: &str, boucle_locale: bool) -> Result<String, RuleViolation> {
    let faux = |motif| RuleViolation::Champ { champ: "url", motif };
    let net = texte.trim();
    if net.len() > URL_MAX {
        return Err(faux("url_trop_longue"));
    }
    // Written so that every reader of addresses reads the same: no blank, no backslash, nothing to decode in the host.
    let illisible = |c: char| !c.is_ascii_graphic() || matches!(c, '\\' | '#' | '"' | '<' | '>' | '`');
    if net.contains(illisible) {
        return Err(faux("url_a_appeler"));
    }
    let (protege, reste) = match (net.strip_prefix("https://"), net.strip_prefix("http://")) {
        (Some(reste), _) => (true, reste),
        (None, Some(reste)) => (false, reste),
        (None, None) => return Err(faux("url_a_appeler")),
    };
    let fin = reste.find(['/', '?']).unwrap_or(reste.len());
    let autorite = reste.get(..fin).unwrap_or_default();
    let (hote, port) = split_port(autorite).ok_or_else(|| faux("url_a_appeler"))?;
    let port_juste = port.is_none_or(|p| {
        (1..=5).contains(&p.len())
            && p.bytes().all(|o| o.is_ascii_digit())
            && p.parse::<u16>().is_ok_and(|n| n > 0)
    });
    if !port_juste {
        return Err(faux("url_a_appeler"));
    }
    let hote = Hote::read(hote).ok_or_else(|| faux("url_a_appeler"))?;
    match hote {
        Hote::Adresse(a) if !is_reachable(a, boucle_locale) => Err(faux("url_privee")),
        Hote::Local if !boucle_locale => Err(faux("url_privee")),
        _ if protege || (boucle_locale && hote.is_local()) => Ok(net.to_owned()),
        _ => Err(faux("url_a_appeler")),
    }
}

/// Host, and port when there is one.
fn split_port(autorite: &str) -> Option<(&str, Option<&str>)> {
    if let Some(reste) = autorite.strip_prefix('[') {
        let (v6, apres) = reste.split_once(']')?;
        let port = match apres.strip_prefix(':') {
            Some(port) => Some(port),
            None if apres.is_empty() => None,
            None => return None,
        };
        // The brackets say that it is a number.
        return Some((autorite.get(..v6.len() + 2)?, port));
    }
    Some(match autorite.split_once(':') {
        Some((hote, port)) => (hote, Some(port)),
        None => (autorite, None),
    })
}

enum Hote {
    Adresse(IpAddr),
    Local,
    Nom,
}

impl Hote {
    fn read(hote: &str) -> Option<Self> {
        if let Some(v6) = hote.strip_prefix('[').and_then(|h| h.strip_suffix(']')) {
            return v6.parse::<Ipv6Addr>().ok().map(|a| Self::Adresse(a.into()));
        }
        if let Ok(v4) = hote.parse::<Ipv4Addr>() {
            return Some(Self::Adresse(v4.into()));
        }
        if hote.eq_ignore_ascii_case("localhost") {
            return Some(Self::Local);
        }
        let partie_juste = |p: &str| {
            (1..=63).contains(&p.len())
                && p.bytes().all(|o| o.is_ascii_alphanumeric() || o == b'-')
                && !p.starts_with('-')
                && !p.ends_with('-')
        };
        let parties: Vec<&str> = hote.split('.').collect();
        // A last part that begins with a digit is an address written otherwise: « 127.1 », « 0x7f.1 ».
        let nom = parties.len() >= 2
            && hote.len() <= 253
            && parties.iter().all(|p| partie_juste(p))
            && parties.last().is_some_and(|p| p.starts_with(|c: char| c.is_ascii_alphabetic()));
        nom.then_some(Self::Nom)
    }

    fn is_local(&self) -> bool {
        match self {
            Self::Adresse(a) => a.is_loopback(),
            Self::Local => true,
            Self::Nom => false,
        }
    }
}

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

    #[test]
    fn r_api_08_only_addresses_that_the_internet_routes_are_called() {
        let motif = |url: &str, locale: bool| match check_url(url, locale) {
            Ok(_) => "",
            Err(RuleViolation::Champ { champ: "url", motif }) => motif,
            Err(autre) => panic!("{url}: {autre:?}"),
        };
        for url in [
            "https://si.lycee.example/parcoursup",
            "https://si.lycee.example:8443/a?b=c",
            "https://93.184.216.34/a",
            "https://[2a00:1450:4007:80e::200e]/a",
        ] {
            assert_eq!(motif(url, false), "", "{url}");
        }
        for url in [
            "http://si.lycee.example/",
            "ftp://si.lycee.example/",
            "https://",
            "https://lycee/",
            "https://ada:secret@si.lycee.example/",
            "https://si.lycee.example/#haut",
            "https://si.lycee.example\\@10.0.0.1/",
            "https://si.lycee.example:0/",
            "https://si.lycee.example:99999/",
            "https://2130706433/",
            "https://127.1/",
            "https://0x7f.0x1/",
            "https://[::1/",
            "https://[fe80::1%25eth0]/",
            "https://lycée.example/",
            "si.lycee.example/a",
        ] {
            assert_eq!(motif(url, false), "url_a_appeler", "{url}");
        }
        for url in [
            "https://localhost/",
            "https://127.0.0.1/",
            "https://10.1.2.3/",
            "https://172.16.0.1/",
            "https://192.168.1.1/",
            "https://169.254.169.254/latest",
            "https://100.64.0.1/",
            "https://0.0.0.0/",
            "https://224.0.0.1/",
            "https://255.255.255.255/",
            "https://[::1]/",
            "https://[::]/",
            "https://[::ffff:10.0.0.1]/",
            "https://[::ffff:93.184.216.34]/",
            "https://[fe80::1]/",
            "https://[fd00::1]/",
            "https://[ff02::1]/",
            "https://[64:ff9b::a00:1]/",
            "https://[2002:a00:1::]/",
            "https://[2001:db8::1]/",
            "https://[2001::1]/",
        ] {
            assert_eq!(motif(url, false), "url_privee", "{url}");
        }
        assert_eq!(
            motif(&format!("https://si.lycee.example/{}", "a".repeat(URL_MAX)), false),
            "url_trop_longue"
        );
        for url in ["http://localhost:8090/a", "http://127.0.0.1:8090/", "http://[::1]:8090/"] {
            assert_eq!((motif(url, true), motif(url, false)), ("", "url_privee"), "{url}");
        }
        assert_eq!(motif("http://si.lycee.example/", true), "url_a_appeler");
        assert_eq!(motif("https://10.0.0.1/", true), "url_privee", "the machine itself alone");
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
