//! `/national/{annee}`: where the campaign stands, and what may be done now.

use app::accueil::view_attentes_nationales;
use app::admission::{Passage, Possibilite, TableauNational, tableau_national};
use app::apprentissage::count_a_traiter;
use app::echeances::{MesDates, mes_dates_en};
use app::formations::{Guichet, count_a_examiner};
use app::sessions;
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use domain::admission::{EtatPassage, Nature};
use domain::droits::Action;
use domain::references::Theme;

use super::{adresse, badge, lit_annee, nom, programmation};
use crate::components::attentes::files;
use crate::components::{
    Aide, Alerte, Brouillons, Carte, Dates, Definitions, LienBouton, Markup, NATIONAL, Tableau, avec_compte,
    nombre, page_archives,
};
use crate::layout::{Page, rend};
use crate::socle::brouillons::unsaved;
use crate::socle::{Requete, Resultat, redirige};

#[derive(Template)]
#[template(path = "national/tableau.html")]
struct PageTableau {
    page: Page,
    /// The session is over: it is told as what it was.
    archivee: bool,
    moment: String,
    aide: Aide,
    /// What waits over the whole country, and what is late, while courses are set.
    attentes: Option<(String, Tableau)>,
    /// What the person typed and did not save.
    saisies: Option<Brouillons>,
    dates: Option<Dates>,
    /// Absent while nobody is a candidate: they would all be zero.
    chiffres: Option<Definitions>,
    cartes: Vec<Carte>,
    /// The computations are the work of the moment: they come before the other pages.
    calculs_d_abord: bool,
    /// To the completeness of establishments.
    completude: Option<String>,
    /// To the records of the catalogue of apprenticeship.
    fiches: Option<(String, String)>,
    /// To the days of this catalogue.
    journees: Option<String>,
    passages: String,
    /// The button to the dispensations, for whoever grants them.
    demandes: Option<(String, String)>,
    /// For whoever manages the session.
    calendrier: Option<String>,
    donnees: Option<String>,
    /// Of the last day, while it waits: when the platform publishes it, or why it did not.
    publication: Option<Alerte>,
    /// Alarms nobody looked at; `None`: not for this person.
    alarmes: Option<Alerte>,
    journal: bool,
}

/// `/national` leads to the open session.
pub async fn get_accueil(requete: Requete) -> Resultat {
    requete.ctx.scope(Action::ConsulterPassages)?;
    let session = sessions::courante(&requete.ctx.app.db).await?;
    Ok(redirige(&format!("/national/{}", session.annee)))
}

/// The sessions before, with the same pages.
pub async fn get_archives(requete: Requete) -> Resultat {
    page_archives(&requete, NATIONAL).await
}

pub async fn get_tableau(requete: Requete, Path(annee): Path<String>) -> Resultat {
    let annee = lit_annee(&annee)?;
    let t = tableau_national(&requete.ctx, annee).await?;
    let a_voir = app::journal::alarmes_a_voir(&requete.ctx).await?;
    let dates = mes_dates_en(&requete.ctx, annee).await?;
    let demandes = count_a_examiner(&requete.ctx, annee, Guichet::National).await?;
    let fiches = count_a_traiter(&requete.ctx, annee).await?;
    let aide = Aide::sans_guide().sur(&requete, annee, &[Theme::Admission]).await?;
    let mut page = page(&requete, aide, &t, a_voir, dates, [demandes, fiches]);
    page.saisies = unsaved(&requete).await?;
    let attentes = view_attentes_nationales(&requete.ctx, annee).await?;
    let jours = requete.ctx.app.limites.attente_jours;
    page.attentes = files("Files de tout le pays", annee, &attentes, jours);
    Ok(rend(StatusCode::OK, &page))
}

fn page(
    requete: &Requete,
    aide: Aide,
    t: &TableauNational,
    a_voir: Option<i64>,
    dates: Option<MesDates>,
    [demandes, fiches]: [Option<i64>; 2],
) -> PageTableau {
    let (annee, c) = (t.annee, &t.comptes);
    let archivee = requete.is_archivee();
    let moment = match t.jour {
        _ if archivee => "La phase d’admission est terminée.".to_owned(),
        ..=0 => "La phase d’admission n’est pas encore ouverte.".to_owned(),
        1 => "Premier jour de la phase d’admission.".to_owned(),
        jour => format!("{jour}e jour depuis l’ouverture de la phase d’admission."),
    };
    PageTableau {
        page: requete
            .page(if requete.ctx.scope(Action::GererSession).is_ok() {
                "Équipe nationale"
            } else {
                "Audit de la plateforme"
            })
            .session(&t.libelle),
        archivee,
        moment,
        aide,
        attentes: None,
        saisies: None,
        dates: dates.map(|d| Dates::new(requete.ctx.campagne_le, &d)),
        chiffres: (c.candidats > 0).then(|| {
            Definitions::new()
                .ligne("Candidats", nombre(c.candidats))
                .ligne("Groupes de classement avec des vœux confirmés", nombre(c.groupes))
                .ligne("Classements transmis", nombre(c.classements_transmis))
                .ligne("Classements manquants", nombre(c.classements_manquants))
                .ligne("Groupes qui ne classent pas", nombre(c.sans_classement))
                .ligne("Taux de boursiers manquants", nombre(c.taux_manquants))
                .ligne("Vœux en attente", nombre(c.voeux_en_attente))
                .ligne("Propositions sans réponse", nombre(c.propositions_attendues))
                .ligne("Propositions acceptées", nombre(c.propositions_acceptees))
        }),
        cartes: cartes(t, archivee),
        calculs_d_abord: t.jour > 0 || t.ordre.is_some() || t.calculer_ordre.is_oui(),
        completude: requete
            .ctx
            .scope(Action::SuivreParametrage)
            .is_ok()
            .then(|| format!("/academie/{annee}/completude")),
        fiches: fiches.map(|n| {
            (
                avec_compte("Fiches d’apprentissage", Some(n), "à traiter"),
                format!("/academie/{annee}/apprentissage"),
            )
        }),
        journees: fiches.map(|_| format!("/academie/{annee}/apprentissage/journees")),
        passages: format!("/national/{annee}/passages"),
        demandes: demandes.map(|n| {
            (
                avec_compte("Demandes hors période", Some(n), "à examiner"),
                format!("/national/{annee}/demandes"),
            )
        }),
        calendrier: requete
            .ctx
            .scope(Action::GererSession)
            .is_ok()
            .then(|| format!("/national/{annee}/calendrier")),
        donnees: requete
            .ctx
            .scope(Action::GererSession)
            .is_ok()
            .then(|| format!("/national/{annee}/donnees")),
        publication: t.dernier.as_ref().filter(|p| p.etat == EtatPassage::Calcule).and_then(|p| {
            programmation(p).map(|alerte| alerte.suite(Markup::lien("Voir ce passage", adresse(annee, p))))
        }),
        alarmes: a_voir.filter(|n| *n > 0).map(|n| {
            let texte = if n == 1 {
                "1 alarme de sécurité à examiner.".to_owned()
            } else {
                format!("{} alarmes de sécurité à examiner.", nombre(n))
            };
            Alerte::attention(texte).suite(Markup::lien("Voir les alarmes", "/alarmes"))
        }),
        journal: a_voir.is_some(),
    }
}

/// The computations; those that were never run say nothing in an archive, nor to whoever does not run them.
fn cartes(t: &TableauNational, archivee: bool) -> Vec<Carte> {
    let annee = t.annee;
    let non = Possibilite::Non;
    let (ordre, jour) = if archivee { (&non, &non) } else { (&t.calculer_ordre, &t.calculer_jour) };
    [
        (*ordre != Possibilite::Non || t.ordre.is_some()).then(|| {
            let vers = format!("/national/{annee}/ordre-appel");
            carte(annee, "Ordres d’appel", t.ordre.as_ref(), ordre, ("Calculer les ordres d’appel", vers))
        }),
        (*jour != Possibilite::Non || t.dernier.is_some()).then(|| {
            let vers = format!("/national/{annee}/propositions");
            let nom = "Calculer les propositions du jour";
            carte(annee, "Propositions du jour", t.dernier.as_ref(), jour, (nom, vers))
        }),
        // Asked from the page of a day: here only while it waits to be published.
        t.retrait.as_ref().map(|p| carte(annee, "Retrait", Some(p), &non, ("", String::new()))),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// One computation: its last run, and the button when it may be done.
fn carte(
    annee: i64,
    titre: &str,
    passage: Option<&Passage>,
    calculer: &Possibilite,
    (libelle, url): (&str, String),
) -> Carte {
    let mut carte = Carte::new(titre).niveau(3);
    let mut actions = Markup::default();
    if let Some(p) = passage {
        carte = carte.surtitre(format_args!("Dernier passage : {}", nom(p))).badges(Markup::new(badge(p)));
        actions = actions
            .et(LienBouton::new("Voir ce passage", adresse(annee, p)).petit().secondaire().precision(nom(p)));
        if p.publier.is_oui() {
            actions = actions.et(LienBouton::new(
                "Relire et publier",
                format_args!("{}/publier", adresse(annee, p)),
            )
            .petit()
            .precision(nom(p)));
        }
    }
    match calculer {
        Possibilite::Oui => actions = actions.et(LienBouton::new(libelle, url).petit()),
        // Call orders are published once: there is nothing more to wait for.
        Possibilite::PasMaintenant(_)
            if passage.is_some_and(|p| p.nature == Nature::OrdreAppel && p.etat == EtatPassage::Publie) => {}
        Possibilite::PasMaintenant(motif) => carte = carte.texte(motif),
        Possibilite::Non => {}
    }
    if actions.est_vide() { carte } else { carte.actions(actions) }
}
