//! `/assistance`: the cell of the reader's région académique, questions with their follow-up, the queues of the services.

mod cellules;
mod demander;
mod file;
mod public;

use app::assistance::{Demande, Etape, Message, SuiviDemande};
use app::messages::{date_heure, minuscule};
use domain::assistance::{Demandeur, Destinataire, EtatAssistance};
use domain::comptes::Role;
use domain::droits::Action;
use jiff::Timestamp;

use crate::components::{Badge, Definitions, MessageFil, Pagination, Ton, nom_departement};
use crate::layout::Lien;
use crate::socle::contact::name;
use crate::socle::{Acces, Table};

pub fn routes() -> Table {
    let demander = Acces::Action(Action::DemanderAssistance);
    let traiter = Acces::Action(Action::TraiterAssistance);
    let tenir = Acces::Action(Action::TenirCellule);
    Table::new()
        .get("/assistance", Acces::Public, public::get_assistance)
        .get("/assistance/cellules", Acces::Public, public::get_cellules)
        .get("/assistance/demander", demander, demander::get_demander)
        .post("/assistance/demander", demander, demander::post_demander)
        .get("/assistance/demandes", demander, demander::get_demandes)
        .get("/assistance/demandes/{id}", demander, demander::get_demande)
        .post("/assistance/demandes/{id}", demander, demander::post_demande)
        .get("/assistance/file", traiter, file::get_session)
        .get("/assistance/{annee}/file", traiter, file::get_file)
        .get("/assistance/{annee}/file/{id}", traiter, file::get_demande)
        .post("/assistance/{annee}/file/{id}", traiter, file::post_demande)
        .get("/assistance/{annee}/cellules", tenir, cellules::get_tenues)
        .get("/assistance/{annee}/cellules/{region}", tenir, cellules::get_tenue)
        .post("/assistance/{annee}/cellules/{region}", tenir, cellules::post_tenue)
        .get("/assistance/{annee}/cellules/{region}/sites", tenir, cellules::get_sites)
        .post("/assistance/{annee}/cellules/{region}/sites", tenir, cellules::post_sites)
        .get("/assistance/{annee}/cellules/{region}/publications", tenir, cellules::get_publications)
        .post("/assistance/{annee}/cellules/{region}/publications", tenir, cellules::post_publications)
        .get("/assistance/{annee}/cellules/{region}/reponses", tenir, cellules::get_reponses)
        .post("/assistance/{annee}/cellules/{region}/reponses", tenir, cellules::post_reponses)
}

fn lien_aide() -> Lien {
    Lien::new("Aide et contact", "/assistance")
}

/// The page of messages asked for; none: the last one.
fn lit_page(paires: &[(String, String)]) -> Option<u32> {
    paires.iter().find(|(nom, _)| nom == "page").and_then(|(_, n)| n.parse().ok())
}

fn messages_pages(s: &SuiviDemande, url: String) -> Pagination {
    Pagination::new(s.page, s.pages, move |n| format!("{url}?page={n}"))
}

fn quand(ms: i64) -> String {
    Timestamp::from_millisecond(ms).map(date_heure).unwrap_or_default()
}

fn badge(etat: EtatAssistance) -> Badge {
    let ton = match etat {
        EtatAssistance::Nouvelle => Ton::Attention,
        EtatAssistance::EnCours => Ton::Info,
        EtatAssistance::Repondue => Ton::Succes,
        EtatAssistance::Close => Ton::Neutre,
    };
    Badge::new(ton, etat.libelle())
}

/// The service, as its asker reads it, then as others do.
fn nom_service(d: Destinataire, demandeur: Demandeur, a_l_auteur: bool) -> &'static str {
    match d {
        Destinataire::Academie if demandeur == Demandeur::Etablissement && a_l_auteur => {
            "votre service académique"
        }
        Destinataire::Etablissement if !a_l_auteur => "l’administrateur du site de l’établissement",
        Destinataire::Cellule if !a_l_auteur => "la cellule de la région académique",
        autre => autre.libelle(),
    }
}

fn message(m: &Message, demandeur: Demandeur) -> MessageFil {
    let le = Timestamp::from_millisecond(m.le).unwrap_or_default();
    let moi = if m.de_moi { " (vous)" } else { "" };
    let role = match (demandeur, m.role) {
        // Whoever answers a candidate speaks for the service.
        (Demandeur::Candidat, Some(Role::Academie)) => "Cellule de la région académique",
        (_, role) => role.map_or("", Role::libelle),
    };
    MessageFil {
        auteur: match (m.auteur.as_str(), role) {
            ("", role) => role.to_owned(),
            (nom, "") => format!("{nom}{moi}"),
            (nom, role) => format!("{nom}{moi}, {}", minuscule(role)),
        },
        quand: date_heure(le),
        iso: le.to_string(),
        badges: if m.nouveau && !m.de_moi { vec![Badge::new(Ton::Info, "Nouveau")] } else { Vec::new() },
        paragraphes: MessageFil::paragraphes(&m.texte),
        de_moi: m.de_moi,
    }
}

/// « Transmise à l’équipe nationale le … par … ».
fn etape(e: &Etape, demandeur: Demandeur, a_l_auteur: bool) -> String {
    let service = e.destinataire.map_or("", |d| nom_service(d, demandeur, a_l_auteur));
    let quoi = match e.acte.as_str() {
        "prise" => format!("Prise en charge par {service}"),
        "transmission" => format!("Transmise à {service}"),
        "cloture" => "Close".to_owned(),
        _ => "Rouverte".to_owned(),
    };
    let role = e.role.map_or("", Role::libelle);
    let qui = match (e.auteur.as_str(), role) {
        ("", _) => String::new(),
        (nom, "") => format!(", par {nom}"),
        (nom, role) => format!(", par {nom} ({})", minuscule(role)),
    };
    format!("{} le {}{qui}", quoi.replace("à le ", "au "), quand(e.le))
}

/// What goes with a question, beside its words.
fn contexte(d: &Demande) -> Definitions {
    let mut valeurs = Definitions::new().ligne("Sujet", d.theme.libelle());
    if let Some(objet) = &d.objet {
        valeurs = valeurs.ligne(if d.sur_voeu { "Vœu" } else { "Formation" }, objet);
    }
    if let Some(etablissement) = &d.etablissement {
        valeurs = valeurs.ligne("Établissement", etablissement);
    }
    if let Some(code) = &d.departement {
        valeurs = valeurs.ligne("Département", nom_departement(code));
    }
    if !d.ecran.is_empty() {
        valeurs = valeurs.ligne("Page", name(&d.ecran));
    }
    valeurs
}
