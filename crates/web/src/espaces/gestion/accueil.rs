//! `/gestion/{annee}`: the home, with what remains to be done, by whom, until when; the archived sessions.

use app::accueil::{Accueil, EtatEtablissement, EtatFormations, FormationAFaire, Geste, Qui, archives, home};
use app::{AppError, messages, sessions};
use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use domain::PublicId;
use domain::droits::{Action, scope_session};
use domain::references::Theme;
use jiff::Timestamp;
use serde::Deserialize;

use super::saisie::{alerte_archive, motif_fermeture};
use crate::components::demandes::cessions;
use crate::components::{
    Aide, Alerte, Bouton, Brouillons, Cellule, Colonne, Dates, Echeance, LienBouton, Markup, Nouveautes,
    Progression, Tableau, nombre, non_lus,
};
use crate::layout::{Lien, Page, rend};
use crate::socle::brouillons::unsaved;
use crate::socle::{Acces, Requete, Resultat, Table, redirige};

pub fn routes() -> Table {
    let consulter = Acces::Action(Action::ConsulterParametrage);
    Table::new()
        .get("/gestion", consulter, get_session)
        .get("/gestion/archives", consulter, get_archives)
        .get("/gestion/{annee}", consulter, get_accueil)
}

/// `/gestion` leads to the open session.
pub async fn get_session(requete: Requete) -> Resultat {
    requete.ctx.scope(Action::ConsulterParametrage)?;
    let session = sessions::courante(&requete.ctx.app.db).await?;
    Ok(redirige(&format!("/gestion/{}", session.annee)))
}

#[derive(Template)]
#[template(path = "gestion/archives.html")]
struct PageArchives {
    page: Page,
    sessions: Vec<(String, String)>,
}

/// The session before; the list of them when there are several, or none.
pub async fn get_archives(requete: Requete) -> Resultat {
    let archives = archives(&requete.ctx).await?;
    if let [(annee, _)] = archives.as_slice() {
        return Ok(redirige(&format!("/gestion/{annee}")));
    }
    let page = requete.page("Archives").ariane(vec![Lien::new("Site de gestion", "/gestion")]);
    let sessions = archives.into_iter().map(|(a, libelle)| (libelle, format!("/gestion/{a}"))).collect();
    Ok(rend(StatusCode::OK, &PageArchives { page, sessions }))
}

/// What remains to be done of one kind, and until when.
struct Section {
    titre: &'static str,
    echeance: Option<Echeance>,
    motif: Option<String>,
    tableau: Option<Tableau>,
    /// Said instead of a table, or under it.
    suite: Option<Markup>,
}

#[derive(Template)]
#[template(path = "gestion/accueil.html")]
struct PageAccueil {
    page: Page,
    surtitre: Option<String>,
    aide: Aide,
    archivee: Option<Alerte>,
    /// Other establishments wait for an answer of the person's.
    cessions: Option<Alerte>,
    /// From one establishment to another; empty with one.
    bascule: Vec<Lien>,
    messages: Vec<Markup>,
    /// Items of the Fil info that the person has not opened.
    informations: Vec<Markup>,
    /// What the person typed and did not save.
    saisies: Option<Brouillons>,
    rien: bool,
    sections: Vec<Section>,
    progressions: Vec<Progression>,
    nouveautes: Option<Nouveautes>,
    dates: Option<Dates>,
    acces: Vec<Bouton>,
}

#[derive(Deserialize)]
pub struct Parametres {
    #[serde(default)]
    etablissement: String,
}

impl Parametres {
    /// The establishment asked for; `None`: the first one.
    pub(super) fn etablissement(&self) -> Result<Option<PublicId>, AppError> {
        match self.etablissement.as_str() {
            "" => Ok(None),
            id => PublicId::parse(id).map(Some).ok_or(AppError::NotFound),
        }
    }
}

pub async fn get_accueil(
    requete: Requete,
    Path(annee): Path<String>,
    Query(p): Query<Parametres>,
) -> Resultat {
    let annee = annee.parse().map_err(|_| AppError::NotFound)?;
    let choisi = p.etablissement()?;
    let a = home(&requete.ctx, annee, choisi.as_ref()).await?;
    if a.etablissements.is_empty() {
        // A whole academy, or the whole country: the list of courses, with its search.
        return Ok(redirige(&format!("/gestion/{annee}/formations")));
    }
    let recues = if a.session.archivee { None } else { cessions(&requete, annee).await? };
    let aide = Aide::new("ce-qu-il-reste-a-faire", "ce qu’il reste à faire")
        .sur(&requete, annee, &[Theme::Procedure])
        .await?;
    let mut page = page(&requete, &a, aide, recues, unsaved(&requete).await?);
    if !a.session.archivee {
        page.informations = informations(&requete, &a).await?;
    }
    if app::apprentissage::count_mes_fiches(&requete.ctx, a.session.id).await? > 0 {
        let vers = format!("/gestion/{annee}/apprentissage");
        page.acces.push(LienBouton::new("Mes fiches du catalogue", vers).secondaire());
    }
    Ok(rend(StatusCode::OK, &page))
}

fn page(
    requete: &Requete,
    a: &Accueil,
    aide: Aide,
    cessions: Option<Alerte>,
    saisies: Option<Brouillons>,
) -> PageAccueil {
    let annee = a.session.annee;
    let maintenant = requete.ctx.campagne_le;
    let courant = a.etablissements.iter().find(|e| e.courant);
    let lien = |e: &app::accueil::Etablissement| {
        Lien::new(&e.nom, format_args!("/gestion/{annee}?etablissement={}", e.id)).courant(e.courant)
    };
    let mut sections = Vec::new();
    let mut progressions = Vec::new();
    if let (Some(d), Some(e)) = (&a.description, courant) {
        progressions.push(Progression::new("Description de l’établissement", d.faites, d.parties));
        if !a.session.archivee && !d.restes.is_empty() {
            let url = format!("/gestion/{annee}/etablissements/{}", e.id);
            sections.push(description(maintenant, a, d, &url));
        }
    }
    if let Some(f) = &a.formations {
        let total = compte(f.total);
        if let Some(completes) = f.completes {
            progressions.push(Progression::new("Formations complètes", compte(completes), total));
        }
        progressions.push(Progression::new("Formations publiées", compte(f.publiees), total));
        sections.extend(formations(maintenant, a, f));
    }
    PageAccueil {
        page: requete.page(courant.map_or("Site de gestion", |e| e.nom.as_str())).session(&a.session.libelle),
        surtitre: a.surtitre.as_ref().map(|(uai, commune)| format!("{uai} – {commune}")),
        aide,
        archivee: a.session.archivee.then(|| alerte_archive(annee)),
        bascule: if a.etablissements.len() > 1 {
            a.etablissements.iter().map(lien).collect()
        } else {
            Vec::new()
        },
        messages: non_lus(annee, &a.non_lus),
        informations: Vec::new(),
        rien: sections.is_empty() && cessions.is_none() && !a.session.archivee,
        cessions,
        saisies,
        sections,
        progressions,
        nouveautes: a.changements.as_ref().map(|c| Nouveautes::new(annee, c)),
        dates: a.dates.as_ref().map(|d| Dates::new(maintenant, d)),
        acces: acces(requete, a),
    }
}

/// Items shown on the home: the Fil info has the others.
const INFORMATIONS: usize = 5;

async fn informations(requete: &Requete, a: &Accueil) -> Result<Vec<Markup>, AppError> {
    let annee = a.session.annee;
    let non_lues = app::actualites::unread(&requete.ctx, a.session.id).await?;
    let mut liens: Vec<Markup> = non_lues
        .iter()
        .take(INFORMATIONS)
        .map(|i| Markup::lien(&i.titre, format_args!("/informations/{annee}/actualites/{}", i.id.as_str())))
        .collect();
    if app::charte::is_expected(&requete.ctx, a.session.id).await? {
        liens.insert(
            0,
            Markup::lien("Accepter la charte de la procédure", format_args!("/informations/{annee}/charte")),
        );
    }
    if non_lues.len() > INFORMATIONS {
        let reste = i64::try_from(non_lues.len() - INFORMATIONS).unwrap_or(i64::MAX);
        let dit = messages::accord(reste, "autre information non lue", "autres informations non lues");
        liens.push(Markup::lien(dit, format_args!("/informations/{annee}")));
    }
    Ok(liens)
}

fn compte(n: i64) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// The pages that the person may open from here.
fn acces(requete: &Requete, a: &Accueil) -> Vec<Bouton> {
    let annee = a.session.annee;
    let peut = |action| {
        scope_session(&requete.ctx.acteur, action, a.session.id)
            .is_ok_and(|s| !s.portee().etablissements.is_empty())
    };
    let mut liens = vec![LienBouton::new("Mes formations", format_args!("/gestion/{annee}/formations"))];
    if let Some(e) = a.etablissements.iter().find(|e| e.courant) {
        let url = format!("/gestion/{annee}/etablissements/{}", e.id);
        if a.description.is_some() {
            liens.push(LienBouton::new("Mon établissement", &url));
        }
        liens.push(
            LienBouton::new("Récapitulatif (PDF)", super::recapitulatif::adresse(annee, &e.id))
                .precision("de tout le paramétrage"),
        );
        if peut(Action::ConsulterEchanges) {
            let vers = format!("{url}/echanges");
            liens.push(LienBouton::new("Échanges avec le service académique", vers));
        }
    }
    if peut(Action::DemanderFormation) {
        liens.push(LienBouton::new("Demandes sur mes formations", format_args!("/gestion/{annee}/demandes")));
    }
    if peut(Action::GererComptes) {
        liens.push(LienBouton::new("Délégations", format_args!("/gestion/{annee}/delegations")));
    }
    if peut(Action::GererJetons) {
        liens.push(LienBouton::new("Accès des logiciels", format_args!("/gestion/{annee}/interfaces")));
    }
    if requete.ctx.scope(Action::ConsulterJournal).is_ok() {
        liens.push(LienBouton::new("Journal de mon établissement", "/journal"));
    }
    liens.into_iter().map(Bouton::secondaire).collect()
}

fn echeance(maintenant: Timestamp, a: &Accueil, ferme: Timestamp) -> Echeance {
    Echeance::new(maintenant, ferme).locales(a.locale)
}

fn description(maintenant: Timestamp, a: &Accueil, d: &EtatEtablissement, url: &str) -> Section {
    let colonnes = vec![Colonne::new("Rubrique"), Colonne::longue("Il manque"), Colonne::longue("Qui")];
    let lignes = d.restes.iter().map(|r| {
        let manques: Vec<&str> = r.manques.iter().map(|m| m.libelle()).collect();
        vec![
            Cellule::lien(r.partie.libelle(), format_args!("{url}/{}#saisie", r.partie.code())),
            Cellule::texte(manques.join(", ")),
            Cellule::texte(qui(&d.qui)),
        ]
    });
    Section {
        titre: "Description de l’établissement",
        echeance: match d.modification {
            app::formations::Ouverture::Ouverte { ferme } => Some(echeance(maintenant, a, ferme)),
            _ => None,
        },
        motif: motif_fermeture(&d.modification),
        tableau: Some(
            Tableau::new("Ce qui manque à l’établissement", colonnes).legende_cachee().lignes(lignes),
        ),
        suite: None,
    }
}

fn formations(maintenant: Timestamp, a: &Accueil, f: &EtatFormations) -> Vec<Section> {
    let annee = a.session.annee;
    let (classements, autres): (Vec<_>, Vec<_>) =
        f.restes.iter().partition(|r| matches!(r.geste, Geste::Transmettre(_)));
    let (retours, parametrages): (Vec<_>, Vec<_>) =
        autres.into_iter().partition(|r| matches!(r.geste, Geste::Corriger(_)));
    let montrees = i64::try_from(f.restes.len()).unwrap_or(i64::MAX);
    let suite = (f.a_faire > montrees).then(|| {
        Markup::lien(
            format_args!("Les {} premières sur {} : voir toutes les formations", montrees, nombre(f.a_faire)),
            format_args!("/gestion/{annee}/formations"),
        )
    });
    [
        ("Formations retournées à corriger", retours, None),
        ("Formations à compléter ou à publier", parametrages, f.publication),
        ("Classements à transmettre", classements, f.transmission),
    ]
    .into_iter()
    .filter(|(_, lignes, _)| !lignes.is_empty())
    .map(|(titre, lignes, fenetre)| Section {
        titre,
        echeance: fenetre.map(|f| echeance(maintenant, a, f.ferme)),
        motif: None,
        tableau: Some(tableau(annee, titre, &lignes)),
        suite: suite.clone(),
    })
    .collect()
}

fn tableau(annee: i64, titre: &str, lignes: &[&FormationAFaire]) -> Tableau {
    let colonnes = vec![
        Colonne::new("Formation"),
        Colonne::new("Avancement"),
        Colonne::longue("À faire"),
        Colonne::longue("Qui"),
    ];
    Tableau::new(titre, colonnes).legende_cachee().lignes(lignes.iter().map(|r| {
        let f = &r.formation;
        let libelle =
            if f.apprentissage { format!("{} (apprentissage)", f.libelle) } else { f.libelle.clone() };
        let url = format!("/gestion/{annee}/formations/{}", f.id);
        let (vers, quoi) = match r.geste {
            Geste::Corriger(ms) => (
                url,
                match Timestamp::from_millisecond(ms) {
                    Ok(fin) => {
                        format!("Corriger puis soumettre de nouveau, jusqu’au {}", messages::date_limite(fin))
                    }
                    Err(_) => "Corriger puis soumettre de nouveau".to_owned(),
                },
            ),
            Geste::Completer => {
                (format!("{url}#champ-capacite"), format!("Compléter : {}", f.manques.join(", ")))
            }
            Geste::Publier => (url, "Relire et publier".to_owned()),
            Geste::Republier => (url, "Publier de nouveau : le public lit d’autres valeurs".to_owned()),
            Geste::Confirmer => {
                (format!("{url}/relecture"), "Confirmer la capacité, à deux personnes".to_owned())
            }
            Geste::Transmettre(1) => (url, "Transmettre 1 classement".to_owned()),
            Geste::Transmettre(n) => (url, format!("Transmettre {} classements", nombre(n))),
        };
        vec![
            Cellule::lien(libelle, vers),
            Cellule::markup(Markup::new(Progression::courte(r.fait, r.sur))),
            Cellule::texte(quoi),
            Cellule::texte(qui(&r.qui)),
        ]
    }))
}

/// « vous, Yves Caron et 3 autres ».
fn qui(qui: &Qui) -> String {
    const NOMMES: usize = 3;
    match qui {
        Qui::Vous => "Vous".to_owned(),
        Qui::Autres => "Une autre personne de l’établissement".to_owned(),
        Qui::Personnes(noms) if noms.is_empty() => {
            "Personne pour l’instant : confiez-le à quelqu’un dans les délégations".to_owned()
        }
        Qui::Personnes(noms) => {
            let mut dits = noms.iter().take(NOMMES).cloned().collect::<Vec<_>>().join(", ");
            match noms.len().saturating_sub(NOMMES) {
                0 => {}
                1 => dits.push_str(" et 1 autre personne"),
                n => dits.push_str(&format!(" et {n} autres personnes")),
            }
            dits
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_may_do_it_is_named_up_to_three() {
        let noms = |n: usize| Qui::Personnes((0..n).map(|i| format!("P{i}")).collect());
        assert_eq!(qui(&noms(2)), "P0, P1");
        assert_eq!(qui(&noms(4)), "P0, P1, P2 et 1 autre personne");
        assert_eq!(qui(&noms(9)), "P0, P1, P2 et 6 autres personnes");
        assert!(qui(&noms(0)).starts_with("Personne pour l’instant"));
    }
}
