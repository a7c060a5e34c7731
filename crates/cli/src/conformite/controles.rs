//! The checks, in the order in which they are made: each reads again what it needs, so that one that fails does not bring others down.

use std::future::Future;
use std::pin::Pin;
use std::time::Instant;

use app::ports::{AleaSysteme, Horloge, HorlogeSysteme};
use store::Alea;

use super::campagne::Abonne;
use super::client::{Client, Reponse, Sandbox};
use super::rapport::{Bilan, Controle, Etat};
use super::{Echec, Issue, campagne, defaut, demandes, informations, parametrage, protocole};

/// What checks hold.
pub struct Suite {
    pub client: Client,
    pub bac: Sandbox,
    /// The subscription, between the checks on it.
    pub abonne: Option<Abonne>,
}

impl Suite {
    /// An address of the session.
    pub fn session(&self, suite: &str) -> String {
        format!("/api/v1/sessions/{}{suite}", self.bac.annee)
    }

    /// An address of the establishment.
    pub fn etablissement(&self, suite: &str) -> String {
        self.session(&format!("/etablissements/{}{suite}", self.bac.etablissement))
    }

    /// An address of a course.
    pub fn formation(&self, id: &str, suite: &str) -> String {
        self.session(&format!("/formations/{id}{suite}"))
    }

    /// The course that is set up: the first with one ranking group, with what its capacities say.
    pub async fn simple(&self) -> Result<(String, Reponse), Echec> {
        for f in &self.bac.formations {
            let lu = self.client.lit(&self.formation(&f.id, "/capacites")).await?;
            if lu.json["groupes"].as_array().is_some_and(|g| g.len() == 1) {
                return Ok((f.id.clone(), lu));
            }
        }
        Err(defaut("une formation du bac à sable qui a un seul groupe de classement", "aucune"))
    }
}

/// A key that nobody used.
pub fn cle() -> String {
    AleaSysteme.public_id().as_str().to_owned()
}

type Futur<'a> = Pin<Box<dyn Future<Output = Issue> + 'a>>;
type Essai = for<'a> fn(&'a mut Suite) -> Futur<'a>;

/// Code, sentence, check.
const CONTROLES: &[(&str, &str, Essai)] = &[
    ("description", "La description de l’interface est servie, avec sa version.", |s| {
        Box::pin(protocole::description(s))
    }),
    ("sans_jeton", "Sans jeton, la réponse est 401 et dit comment se présenter.", |s| {
        Box::pin(protocole::sans_jeton(s))
    }),
    ("faux_jeton", "Un faux jeton est refusé par 401.", |s| Box::pin(protocole::faux_jeton(s))),
    ("jeton", "Le jeton dit ce qu’il permet, formation par formation.", |s| Box::pin(protocole::jeton(s))),
    ("neuf", "Un bac à sable neuf n’a encore rien montré.", |s| Box::pin(protocole::neuf(s))),
    ("horloge", "L’horloge du bac à sable se règle sur une étape du calendrier.", |s| {
        Box::pin(protocole::horloge(s))
    }),
    ("liste", "La liste des formations donne celles du jeton, et elles seules.", |s| {
        Box::pin(protocole::liste(s))
    }),
    ("pages", "Une liste se lit page par page, sans rien perdre ni répéter.", |s| {
        Box::pin(protocole::pages(s))
    }),
    ("critere", "Un paramètre inconnu de l’adresse est refusé par 400.", |s| {
        Box::pin(protocole::critere(s))
    }),
    ("formation", "Une formation de la liste se lit.", |s| Box::pin(protocole::formation(s))),
    ("si_change", "Relire avec If-None-Match donne 304, sans corps.", |s| Box::pin(protocole::si_change(s))),
    ("inconnu", "Une adresse inconnue répond par 404.", |s| Box::pin(protocole::inconnu(s))),
    ("methode", "Une méthode inconnue répond par 405, et Allow dit lesquelles le sont.", |s| {
        Box::pin(protocole::methode(s))
    }),
    (
        "autrui",
        "La formation d’un autre établissement est comme absente, en lecture et en écriture.",
        |s| Box::pin(protocole::autrui(s)),
    ),
    ("sans_version", "Écrire sans If-Match est refusé par 428.", |s| Box::pin(protocole::sans_version(s))),
    ("champ_inconnu", "Un champ inconnu est refusé par 400, qui le nomme.", |s| {
        Box::pin(protocole::champ_inconnu(s))
    }),
    ("type", "Une valeur du mauvais type est refusée par 400, avec sa ligne et sa colonne.", |s| {
        Box::pin(protocole::mauvais_type(s))
    }),
    ("illisible", "Un corps qui n’est pas du JSON est refusé par 400, avec sa ligne.", |s| {
        Box::pin(protocole::illisible(s))
    }),
    ("format", "Un autre format que ceux de la description est refusé par 415.", |s| {
        Box::pin(protocole::format(s))
    }),
    ("regle", "Ce qu’une règle refuse répond par 422, avec un code et le champ en faute.", |s| {
        Box::pin(protocole::regle(s))
    }),
    ("sans_cle", "Un acte sans Idempotency-Key est refusé par 400, qui la nomme.", |s| {
        Box::pin(protocole::sans_cle(s))
    }),
    ("capacites", "Capacité et frais se relisent tels qu’ils ont été écrits.", |s| {
        Box::pin(parametrage::capacites(s))
    }),
    ("depassee", "Une version dépassée est refusée par 412 ; relue, l’écriture réussit.", |s| {
        Box::pin(parametrage::depassee(s))
    }),
    ("rejeu", "La même demande avec la même clé ne compte qu’une fois : même récépissé.", |s| {
        Box::pin(parametrage::rejeu(s))
    }),
    ("cle_reprise", "La même clé pour une autre demande est refusée par 409.", |s| {
        Box::pin(parametrage::cle_reprise(s))
    }),
    ("presentation", "La présentation se relit telle qu’elle a été écrite.", |s| {
        Box::pin(parametrage::presentation(s))
    }),
    (
        "etablissement",
        "L’établissement se complète, et une ligne ajoutée deux fois ne l’est qu’une.",
        |s| Box::pin(parametrage::etablissement(s)),
    ),
    (
        "contacts",
        "Un contact ajouté deux fois ne l’est qu’une, et n’est dit nulle part ailleurs.",
        |s| Box::pin(parametrage::contacts(s)),
    ),
    ("internat", "Un internat se déclare une fois, se modifie et se retire.", |s| {
        Box::pin(parametrage::internat(s))
    }),
    (
        "rubrique",
        "Une rubrique de la description se relit telle qu’elle a été écrite, le reste intact.",
        |s| Box::pin(parametrage::rubrique(s)),
    ),
    ("saisie", "Une rubrique mal remplie est refusée par 422, champ par champ.", |s| {
        Box::pin(parametrage::saisie(s))
    }),
    (
        "grille",
        "Ce que trouve la relecture de la grille se lit avec ce qui manque, et s’en va une fois corrigé.",
        |s| Box::pin(parametrage::grille(s)),
    ),
    ("classeur", "Le classeur sort en CSV, change, est relu puis appliqué.", |s| {
        Box::pin(parametrage::classeur(s))
    }),
    ("classeur_xlsx", "Le classeur sort en XLSX et se relit sans différence.", |s| {
        Box::pin(parametrage::classeur_xlsx(s))
    }),
    ("classeur_fautif", "Un classeur fautif dit ses fautes, et rien n’est à appliquer.", |s| {
        Box::pin(parametrage::classeur_fautif(s))
    }),
    ("schemas", "Chaque fichier du site de gestion a son schéma, qui se lit sans jeton.", |s| {
        Box::pin(informations::schemas(s))
    }),
    ("actualites", "Le Fil info se lit, information par information, avec ce qu’elle porte.", |s| {
        Box::pin(informations::actualites(s))
    }),
    ("documents", "Documents de référence, charte, note sur les données et calendrier se lisent.", |s| {
        Box::pin(informations::documents(s))
    }),
    ("seances", "Une inscription à une séance ne compte qu’une fois, et se retire.", |s| {
        Box::pin(informations::seances(s))
    }),
    (
        "demandes",
        "Une demande au service académique ne compte qu’une fois, se lit dans la liste et se retire.",
        |s| Box::pin(demandes::demandes(s)),
    ),
    (
        "demandes_formation",
        "Une formation dit ce qui peut être demandé sur elle, et pourquoi le reste non.",
        |s| Box::pin(demandes::demandes_formation(s)),
    ),
    (
        "echanges",
        "Un message au service académique envoyé deux fois ne l’est qu’une, et se relit.",
        |s| Box::pin(demandes::echanges(s)),
    ),
    (
        "reconduction",
        "Les capacités de l’an dernier se comparent et se reprennent, formation par formation.",
        |s| Box::pin(demandes::reconduction(s)),
    ),
    (
        "confirmation",
        "Des formations se confirment en un envoi, qui ne compte qu’une fois ; ce qui a changé est à relire.",
        |s| Box::pin(parametrage::confirmation(s)),
    ),
    ("publication", "Une formation complète est publiée, ou soumise, et se lit ainsi.", |s| {
        Box::pin(parametrage::publication(s))
    }),
    (
        "soumissions",
        "Plusieurs formations se soumettent en un envoi ; chacune de celles qui restent dit pourquoi.",
        |s| Box::pin(parametrage::soumissions(s)),
    ),
    (
        "attente",
        "Refusée par 429, une écriture attend Retry-After puis réussit avec la même clé.",
        |s| Box::pin(parametrage::attente(s)),
    ),
    ("panne", "Refusée par 503, une écriture attend Retry-After puis réussit avec la même clé.", |s| {
        Box::pin(parametrage::panne(s))
    }),
    ("abonnement", "Un abonnement est pris, son secret montré une seule fois.", |s| {
        Box::pin(campagne::abonnement(s))
    }),
    ("essai", "L’événement d’essai arrive, signé avec ce secret.", |s| Box::pin(campagne::essai(s))),
    ("livraison", "L’envoi est montré comme livré.", |s| Box::pin(campagne::livraison(s))),
    ("desabonnement", "L’abonnement retiré ne se lit plus.", |s| Box::pin(campagne::desabonnement(s))),
    ("dossiers", "À l’ouverture de l’examen, les dossiers sortent en CSV, sans noms.", |s| {
        Box::pin(campagne::dossiers(s))
    }),
    ("classement", "Un classement est relu, appliqué, puis transmis, une fois pour toutes.", |s| {
        Box::pin(campagne::classement(s))
    }),
    ("exercices", "Le bac à sable constate chaque exercice comme fait.", |s| {
        Box::pin(campagne::exercices(s))
    }),
];

/// Makes every check, and prints it.
pub async fn run(client: Client, bac: Sandbox) -> Bilan {
    let (adresse, version) = (client.base().to_owned(), client.description().version().to_owned());
    let mut suite = Suite { client, bac, abonne: None };
    let mut controles = Vec::with_capacity(CONTROLES.len());
    for (code, libelle, essai) in CONTROLES {
        let depart = Instant::now();
        let issue = essai(&mut suite).await;
        let duree_ms = u64::try_from(depart.elapsed().as_millis()).unwrap_or(u64::MAX);
        let c = Controle::new((code, libelle), issue, duree_ms);
        println!("{}", c.dit());
        controles.push(c);
    }
    Bilan {
        date: HorlogeSysteme::default().maintenant().to_string(),
        adresse,
        version,
        programme: env!("CARGO_PKG_VERSION"),
        conforme: controles.iter().all(|c| c.etat != Etat::Defaut),
        controles,
    }
}

#[cfg(test)]
mod tests {
    use super::CONTROLES;

    #[test]
    fn each_check_has_its_code_and_its_sentence() {
        let mut codes: Vec<&str> = CONTROLES.iter().map(|(code, ..)| *code).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), CONTROLES.len());
        assert!(CONTROLES.iter().all(|(_, phrase, _)| phrase.ends_with('.')));
    }
}
