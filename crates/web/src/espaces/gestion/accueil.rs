//! `/gestion/{annee}`: the home, with what remains to be done, by whom, until when; the archived sessions.

use app::accueil::{
    Accueil, EtatEtablissement, EtatFormations, FormationAFaire, Geste, Lecture, Qui, home, view_questions,
};
use app::formations::{AttenteCapacite, ManqueFormation};
use app::{AppError, messages, sessions};
use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use domain::PublicId;
use domain::droits::{Action, scope_session};
use domain::references::Theme;
use jiff::Timestamp;
use serde::Deserialize;

use super::formations::attente;
use super::saisie::{self, alerte_archive, motif_fermeture};
use crate::components::demandes::cessions;
use crate::components::{
    Aide, Alerte, Badge, Bouton, Brouillons, Cellule, Colonne, Dates, Echeance, GESTION, LienBouton, Markup,
    Nouveautes, Progression, Tableau, Ton, badges_grille, nombre, non_lus, page_archives,
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

/// The sessions before.
pub async fn get_archives(requete: Requete) -> Resultat {
    page_archives(&requete, GESTION).await
}

/// What remains to be done of one kind, and until when.
struct Section {
    titre: &'static str,
    echeances: Vec<Echeance>,
    motif: Option<String>,
    /// What the numbers of the table count.
    precision: Option<&'static str>,
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
    /// Questions that wait for the answer of the person, with their age.
    questions: Option<Markup>,
    /// Items of the Fil info that the person has not opened.
    informations: Vec<Markup>,
    /// What the person typed and did not save.
    saisies: Option<Brouillons>,
    rien: bool,
    /// What is told to somebody who may change nothing here.
    lecture: Option<String>,
    sections: Vec<Section>,
    progressions: Vec<Progression>,
    /// To the courses that wait for the academic service.
    soumises: Option<Markup>,
    nouveautes: Option<Nouveautes>,
    dates: Option<Dates>,
    /// The pages of the work itself, before what remains to be done.
    acces: Vec<Bouton>,
    /// The others, after it: on a telephone each takes a line.
    autres: Vec<Bouton>,
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
        page.questions = questions(&requete, annee).await?;
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
        let ecrire = scope_session(&requete.ctx.acteur, Action::EcrireEchange, a.session.id).is_ok();
        sections.extend(formations(maintenant, a, f, ecrire));
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
        questions: None,
        informations: Vec::new(),
        rien: sections.is_empty() && cessions.is_none() && !a.session.archivee,
        lecture: a.formations.as_ref().and_then(|f| lecture(f, f.lecture.as_ref()?)),
        soumises: a.formations.as_ref().and_then(|f| soumises(annee, f)),
        cessions,
        saisies,
        sections,
        progressions,
        nouveautes: a.changements.as_ref().map(|c| Nouveautes::new(annee, c)),
        dates: a.dates.as_ref().map(|d| Dates::new(maintenant, d)),
        acces: acces(a),
        autres: autres(requete, a),
    }
}

/// R-ACC-04: how many questions wait for whoever administers the site, since when, and how many for too long.
async fn questions(requete: &Requete, annee: i64) -> Result<Option<Markup>, AppError> {
    let Some(a) = view_questions(&requete.ctx, annee).await?.filter(|a| a.nombre > 0) else {
        return Ok(None);
    };
    let dit = messages::accord(a.nombre, "question sans réponse", "questions sans réponse");
    let depuis = a.depuis.and_then(|ms| Timestamp::from_millisecond(ms).ok());
    let depuis = depuis.map(|le| format!("(la plus ancienne attend depuis le {})", messages::date_heure(le)));
    let lien = Markup::lien(dit, format_args!("/assistance/{annee}/file"));
    let lien = depuis.into_iter().map(Markup::texte).fold(lien, Markup::et);
    Ok(Some(if a.en_retard > 0 {
        lien.et(Badge::new(Ton::Erreur, format_args!("{} en retard", nombre(a.en_retard))))
    } else {
        lien
    }))
}

/// How many courses remain, until when, and who sees to them: told to whoever only reads.
fn lecture(f: &EtatFormations, l: &Lecture) -> Option<String> {
    let limite = messages::date_limite(f.publication?.ferme);
    let verbe = saisie::verbe(f.soumises.is_some());
    let combien = match (l.restantes, f.total) {
        (_, 0) => "Aucune formation n’est ouverte ici.".to_owned(),
        (0, _) => format!("Aucune formation ne reste à {verbe}."),
        (n, total) => {
            let restent = messages::accord(n, "formation", "formations");
            let reste = if n > 1 { "restent" } else { "reste" };
            let qui = match nommes(&l.qui) {
                noms if noms.is_empty() => String::new(),
                noms if l.qui.len() > 1 => format!(" : s’en occupent {noms}"),
                nom => format!(" : s’en occupe {nom}"),
            };
            format!("{restent} sur {} {reste} à {verbe}, jusqu’au {limite}{qui}.", nombre(total))
        }
    };
    Some(format!("Votre rôle permet de lire, pas de modifier. {combien}"))
}

/// To the courses that wait for the academic service, when some do.
fn soumises(annee: i64, f: &EtatFormations) -> Option<Markup> {
    let n = f.soumises.filter(|n| *n > 0)?;
    let dit = format!("Soumises au service académique : {}", nombre(n));
    Some(Markup::lien(dit, format_args!("/gestion/{annee}/formations?etat=soumises")))
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

/// Where courses and the establishment are described.
fn acces(a: &Accueil) -> Vec<Bouton> {
    let annee = a.session.annee;
    let mut liens = vec![LienBouton::new("Mes formations", format_args!("/gestion/{annee}/formations"))];
    if let Some(e) = a.etablissements.iter().find(|e| e.courant && a.description.is_some()) {
        let url = format!("/gestion/{annee}/etablissements/{}", e.id);
        liens.push(LienBouton::new("Mon établissement", url));
    }
    liens.into_iter().map(Bouton::secondaire).collect()
}

/// The other pages that the person may open from here.
fn autres(requete: &Requete, a: &Accueil) -> Vec<Bouton> {
    let annee = a.session.annee;
    let peut = |action| {
        scope_session(&requete.ctx.acteur, action, a.session.id)
            .is_ok_and(|s| !s.portee().etablissements.is_empty())
    };
    let mut liens = Vec::new();
    if let Some(e) = a.etablissements.iter().find(|e| e.courant) {
        liens.push(
            LienBouton::new("Récapitulatif (PDF)", super::recapitulatif::adresse(annee, &e.id))
                .precision("de tout le paramétrage"),
        );
        if peut(Action::ConsulterEchanges) {
            let vers = format!("/gestion/{annee}/etablissements/{}/echanges", e.id);
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
        echeances: match d.modification {
            app::formations::Ouverture::Ouverte { ferme } => vec![echeance(maintenant, a, ferme)],
            _ => Vec::new(),
        },
        motif: motif_fermeture(&d.modification),
        precision: None,
        tableau: Some(
            Tableau::new("Ce qui manque à l’établissement", colonnes).legende_cachee().lignes(lignes),
        ),
        suite: None,
    }
}

/// `ecrire`: the person writes to the academic service.
fn formations(maintenant: Timestamp, a: &Accueil, f: &EtatFormations, ecrire: bool) -> Vec<Section> {
    let annee = a.session.annee;
    let (classements, autres): (Vec<_>, Vec<_>) =
        f.restes.iter().partition(|r| matches!(r.geste, Geste::Transmettre(_)));
    let (retours, parametrages): (Vec<_>, Vec<_>) =
        autres.into_iter().partition(|r| matches!(r.geste, Geste::Corriger(_) | Geste::Depasse { .. }));
    let montrees = i64::try_from(f.restes.len()).unwrap_or(i64::MAX);
    let suite = (f.a_faire > montrees).then(|| {
        Markup::lien(
            format_args!("Les {} premières sur {} : voir toutes les formations", montrees, nombre(f.a_faire)),
            format_args!("/gestion/{annee}/formations"),
        )
    });
    let controlee = f.soumises.is_some();
    let (a_completer, etapes) = if controlee {
        ("Formations à compléter ou à soumettre", ETAPES_CONTROLEES)
    } else {
        ("Formations à compléter ou à publier", ETAPES)
    };
    let transmission = f.transmission.map(|t| echeance(maintenant, a, t.ferme)).into_iter().collect();
    [
        ("Formations retournées à corriger", retours, Vec::new(), None),
        (a_completer, parametrages, echeances(maintenant, a, f), Some(etapes)),
        ("Classements à transmettre", classements, transmission, None),
    ]
    .into_iter()
    .filter(|(_, lignes, ..)| !lignes.is_empty())
    .map(|(titre, lignes, echeances, precision)| Section {
        titre,
        echeances,
        motif: None,
        precision,
        tableau: Some(tableau(annee, titre, &lignes, (controlee, ecrire))),
        suite: suite.clone(),
    })
    .collect()
}

/// What « 3 sur 5 » counts.
const ETAPES_CONTROLEES: &str = "L’avancement compte cinq étapes : la capacité, les frais, la répartition des places, la description, puis la soumission.";
/// The same where nothing is reviewed.
const ETAPES: &str = "L’avancement compte cinq étapes : la capacité, les frais, la répartition des places, la description, puis la publication.";

/// The deadlines of the courses, the first to come first: descriptions close before capacities and fees.
fn echeances(maintenant: Timestamp, a: &Accueil, f: &EtatFormations) -> Vec<Echeance> {
    let Some(publication) = f.publication else { return Vec::new() };
    let derniere = echeance(maintenant, a, publication.ferme);
    let Some(description) = f.description.filter(|d| d.ferme != publication.ferme) else {
        return vec![derniere];
    };
    let quoi = if f.soumises.is_some() {
        "Capacités, frais et soumission"
    } else {
        "Capacités, frais et publication"
    };
    vec![echeance(maintenant, a, description.ferme).objet("Description des formations"), derniere.objet(quoi)]
}

/// Where the first thing that is missing in a course is typed.
fn ancre(manques: &[ManqueFormation]) -> &'static str {
    match manques.first() {
        Some(ManqueFormation::Frais) => "#champ-frais",
        Some(ManqueFormation::Description) => "#description",
        _ => "#champ-capacite",
    }
}

/// « Capacité à confirmer par une deuxième personne ».
fn dite(a: AttenteCapacite) -> String {
    let (quoi, par) = attente(a);
    format!("{quoi} {par}").trim_end().to_owned()
}

/// The last minute of a limit.
fn limite(ms: i64) -> String {
    Timestamp::from_millisecond(ms).map(messages::date_limite).unwrap_or_default()
}

/// R-CTL-09: the last day of a return is past; until when the course may be submitted all the same.
fn depasse(fin: i64, soumission: Option<i64>) -> String {
    let fin = limite(fin);
    match soumission.map(limite) {
        Some(jusque) => format!(
            "Jour donné pour corriger passé ({fin}) : corrigez ce qui est encore ouvert et soumettez de nouveau, jusqu’au {jusque}"
        ),
        None => format!(
            "Jour donné pour corriger passé ({fin}) : elle n’est plus au contrôle. Demandez un nouveau jour au service académique"
        ),
    }
}

fn tableau(
    annee: i64,
    titre: &str,
    lignes: &[&FormationAFaire],
    (controlee, ecrire): (bool, bool),
) -> Tableau {
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
        let (fiche, relecture) = (url.clone(), format!("{url}/relecture"));
        // Said beside what comes before it.
        let capacite = f
            .attente
            .filter(|_| matches!(r.geste, Geste::Corriger(_) | Geste::Completer))
            .map(|a| Markup::lien(dite(a), &relecture));
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
            Geste::Depasse { fin, soumission } => (url, depasse(fin, soumission)),
            Geste::Completer => {
                let manques = f.manques_dits().join(", ");
                (format!("{url}{}", ancre(&f.manques)), format!("Compléter : {manques}"))
            }
            Geste::Publier if controlee => (url, "Relire et soumettre".to_owned()),
            Geste::Publier => (url, "Relire et publier".to_owned()),
            Geste::Republier => {
                let verbe = saisie::verbe(controlee);
                (url, format!("À {verbe} de nouveau : ce qui est publié diffère"))
            }
            Geste::Expliquer => (relecture, dite(AttenteCapacite::Motif)),
            Geste::Confirmer => (relecture, dite(AttenteCapacite::Confirmation)),
            Geste::Transmettre(1) => (url, "Transmettre 1 classement".to_owned()),
            Geste::Transmettre(n) => (url, format!("Transmettre {} classements", nombre(n))),
        };
        // An accepted request keeps open what its step has closed.
        let quoi = match r.jusqu_a {
            Some(fin) => format!("{quoi}, jusqu’au {}", limite(fin)),
            None => quoi,
        };
        let echanges = (matches!(r.geste, Geste::Depasse { .. }) && ecrire)
            .then(|| Markup::lien("Écrire au service académique", format_args!("{fiche}/echanges")));
        let dit = capacite.into_iter().chain(echanges).fold(Markup::texte(quoi), Markup::et);
        vec![
            Cellule::lien(libelle, vers),
            Cellule::markup(Markup::new(Progression::courte(r.fait, r.sur))),
            Cellule::markup(badges_grille(r.grille).into_iter().fold(dit, Markup::et)),
            Cellule::texte(qui(&r.qui)),
        ]
    }))
}

/// « vous, Yves Caron et 3 autres ».
fn qui(qui: &Qui) -> String {
    match qui {
        Qui::Vous => "Vous".to_owned(),
        Qui::Autres => "Une autre personne de l’établissement".to_owned(),
        Qui::Personnes(noms) if noms.is_empty() => {
            "Personne pour l’instant : confiez-le à quelqu’un dans les délégations".to_owned()
        }
        Qui::Personnes(noms) => nommes(noms),
    }
}

/// Names, all of them but when they are many: a single one is never left out.
fn nommes(noms: &[String]) -> String {
    const NOMMES: usize = 3;
    if noms.len() <= NOMMES + 1 {
        return noms.join(", ");
    }
    format!("{} et {} autres personnes", noms[..NOMMES].join(", "), noms.len() - NOMMES)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_may_do_it_is_named_and_one_name_is_never_hidden() {
        let noms = |n: usize| Qui::Personnes((0..n).map(|i| format!("P{i}")).collect());
        assert_eq!(qui(&noms(2)), "P0, P1");
        assert_eq!(qui(&noms(4)), "P0, P1, P2, P3");
        assert_eq!(qui(&noms(9)), "P0, P1, P2 et 6 autres personnes");
        assert!(qui(&noms(0)).starts_with("Personne pour l’instant"));
    }

    #[test]
    fn a_line_leads_to_the_first_thing_that_is_missing() {
        use ManqueFormation as M;
        assert_eq!(ancre(&[M::Capacite, M::Frais]), "#champ-capacite");
        assert_eq!(ancre(&[M::Frais, M::Description]), "#champ-frais");
        assert_eq!(ancre(&[M::Places]), "#champ-capacite");
        assert_eq!(ancre(&[M::Description]), "#description");
    }
}
