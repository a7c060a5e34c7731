//! The list of the records, those that are ready at once, and the courses made of them.

use app::AppError;
use app::apprentissage::{
    CriteresFiches, LigneFiche, ListeFiches, PlaceCherchee, StatutCherche, SuiviIntegration, Travail,
    ask_integration, declare_pretes, list_fiches, view_integration,
};
use app::messages::capitale;
use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use domain::PublicId;
use domain::apprentissage::{Constat, Statut};
use domain::references::Theme;

use super::super::lit_annee;
use super::{accueil, adresse, badge, nom};
use crate::components::{
    Aide, Alerte, Badge, Bouton, Cellule, Choix, Colonne, Formulaire, LienBouton, Markup, Pagination,
    Tableau, Ton, accord, avec_compte, depuis, en_tout, recepisse, regards, toute_seule,
};
use crate::layout::{Page, rend};
use crate::socle::{
    Recu, Requete, Resultat, avec_criteres, comes_back, critere, encode, is_coming_back, redirige, refuse,
};

#[derive(Template)]
#[template(path = "academie/apprentissage/liste.html")]
struct PageListe {
    page: Page,
    url: String,
    /// Where the boxes are sent: this page of this list.
    envoi: String,
    aide: Aide,
    form: Formulaire,
    filtres: Formulaire,
    statuts: Vec<Choix>,
    constats: Vec<Choix>,
    departements: Vec<Choix>,
    /// R-APP-20: in the perimeter of the session, or out of it and why.
    perimetres: Vec<Choix>,
    /// To the duplicates, to the refused records and to the days received.
    liens: Vec<Bouton>,
    integrer: Option<String>,
    /// What the platform does of an integration that was asked for, and how one looks again.
    suivi: Vec<Alerte>,
    regards: Vec<Bouton>,
    en_cours: bool,
    titre: String,
    tableau: Tableau,
    par_statut: Tableau,
    par_motif: Tableau,
    en_nombre: bool,
    pagination: Pagination,
}

fn criteres(form: &Formulaire) -> CriteresFiches {
    let dite: String = form.valeur("perimetre").trim().chars().take(500).collect();
    let place = PlaceCherchee::from_code(&dite);
    CriteresFiches {
        statut: StatutCherche::from_code(form.valeur("statut")),
        place,
        constat: Constat::from_code(form.valeur("constat")),
        departement: form.lit_texte_facultatif("departement").map(|d| d.chars().take(3).collect()),
        recherche: form.valeur("q").trim().chars().take(200).collect(),
        page: form.valeur("page").parse().unwrap_or(1),
    }
}

/// The address of a list.
fn question(url: &str, c: &CriteresFiches, page: u32) -> String {
    let page = if page > 1 { page.to_string() } else { String::new() };
    let choix = [
        ("statut", c.statut_liste().code()),
        ("perimetre", c.place.code()),
        ("constat", c.constat.map_or("", Constat::code)),
        ("departement", c.departement.as_deref().unwrap_or("")),
        ("q", c.recherche.as_str()),
        ("page", page.as_str()),
    ];
    avec_criteres(url, None, &choix)
}

async fn aide(requete: &Requete, annee: i64) -> Result<Aide, AppError> {
    Aide::apprentissage("trouver-les-fiches", "les fiches du catalogue")
        .sur(requete, annee, &[Theme::Apprentissage])
        .await
}

pub async fn get(
    requete: Requete,
    Path(annee): Path<String>,
    Query(paires): Query<Vec<(String, String)>>,
) -> Resultat {
    let annee = lit_annee(&annee)?;
    let vues = paires.clone();
    let filtres = Formulaire::recu("", paires);
    let c = criteres(&filtres);
    let liste = list_fiches(&requete.ctx, annee, &c).await?;
    let aide = aide(&requete, annee).await?;
    let seule = is_coming_back(&vues);
    let suivi = suivi(&requete, &liste, seule).await?;
    // Whoever came for another thing is not disturbed.
    let revient = suivi.en_cours && seule && requete.fait() == Some(INTEGRATION);
    let mut page = page(&requete, aide, &c, &liste, filtres, requete.formulaire());
    if requete.fait() == Some(INTEGRATION) {
        page.page = page.page.avis(None);
    }
    if suivi.en_cours {
        page.regards = regards(&ici(&requete, annee), seule).into();
    }
    page.en_cours = suivi.en_cours;
    page.suivi = suivi.alertes;
    let reponse = rend(StatusCode::OK, &page);
    Ok(if revient { comes_back(reponse) } else { reponse })
}

/// What the address says once an integration was asked for.
const INTEGRATION: &str = "integration";

struct Suivi {
    alertes: Vec<Alerte>,
    en_cours: bool,
}

/// The address that the page comes back to.
fn ici(requete: &Requete, annee: i64) -> String {
    match critere(&requete.chemin, "recepisse") {
        Some(numero) => integration(annee, numero),
        None => adresse(annee),
    }
}

fn integration(annee: i64, numero: &str) -> String {
    format!("{}?statut=tous&fait={INTEGRATION}&recepisse={}", adresse(annee), encode(numero))
}

/// What becomes of an integration, for whoever may ask for one.
async fn suivi(requete: &Requete, l: &ListeFiches, seule: bool) -> Result<Suivi, AppError> {
    let mut alertes: Vec<Alerte> = Vec::new();
    let demandee = requete.fait() == Some(INTEGRATION);
    if !l.integrer {
        return Ok(Suivi { alertes, en_cours: false });
    }
    if demandee {
        alertes.extend(recepisse(&requete.chemin));
    }
    let numero = critere(&requete.chemin, "recepisse").filter(|_| demandee);
    let SuiviIntegration { travail, derniere } = view_integration(&requete.ctx, &l.session, numero).await?;
    let en_cours = travail.is_some_and(|(t, _)| t != Travail::Abandonne);
    let alerte = match travail {
        Some((Travail::Abandonne, _)) => Alerte::erreur(
            "La plateforme n’y est pas arrivée, et n’essaie plus : aucune formation n’a changé. Prévenez l’exploitant.",
        )
        .titre("Intégration interrompue"),
        Some((travail, depuis_le)) => {
            let etat = match travail {
                Travail::EnCours => "se poursuit",
                Travail::Reprise => "n’a pas abouti au premier essai ; un autre sera fait dans quelques minutes",
                _ => "va commencer",
            };
            let secondes = requete.ctx.recu_le.duration_since(depuis_le).as_secs().max(0);
            Alerte::info(format_args!(
                "L’intégration, demandée {}, {etat}. Vous pouvez quitter cette page.{}",
                depuis(secondes),
                toute_seule(seule && demandee)
            ))
            .titre("Intégration en cours")
        }
        None if demandee => {
            let faits = derniere.map(|(_, bilan)| bilan.faits()).unwrap_or_default();
            let faits = if faits.is_empty() { "rien n’avait changé".to_owned() } else { faits.join(", ") };
            Alerte::succes(format_args!(
                "L’intégration est faite : {faits}. Le suivi de chaque fiche dit ce qu’elle est devenue."
            ))
            .annonce()
        }
        None => return Ok(Suivi { alertes, en_cours }),
    };
    alertes.push(alerte);
    Ok(Suivi { alertes, en_cours })
}

/// R-APP-06: the boxes ticked, declared ready at once; back on the same page of the same list, whatever happens.
pub async fn post(
    Path(annee): Path<String>,
    Query(paires): Query<Vec<(String, String)>>,
    mut recu: Recu,
) -> Resultat {
    let annee = lit_annee(&annee)?;
    let requete = recu.requete.clone();
    let filtres = Formulaire::recu("", paires);
    let c = criteres(&filtres);
    let lues: Option<Vec<(PublicId, i64)>> =
        recu.form.valeurs("fiches").iter().map(|lue| read_ticked(lue)).collect();
    let mut statut = StatusCode::UNPROCESSABLE_ENTITY;
    match lues {
        Some(lues) if !lues.is_empty() => {
            match declare_pretes(&requete.ctx, &recu.garde(), annee, &lues).await {
                Ok(r) => {
                    let vers = question(&adresse(annee), &c, 1);
                    return Ok(redirige(&format!("{vers}&fait=fiches-pretes&recepisse={}", r.numero)));
                }
                Err(AppError::Conflict) => {
                    statut = StatusCode::CONFLICT;
                    recu.form.refuse_tout(
                        "Une des fiches cochées a changé depuis que vous l’avez lue, et rien n’a été enregistré. Relisez la liste, puis \
                         cochez de nouveau.",
                    );
                }
                Err(e) => refuse(&mut recu.form, e)?,
            }
        }
        _ => recu.form.refuse_tout("Cochez au moins une fiche."),
    }
    let liste = list_fiches(&requete.ctx, annee, &c).await?;
    let aide = aide(&requete, annee).await?;
    Ok(rend(statut, &page(&requete, aide, &c, &liste, filtres, recu.form)))
}

/// What a box sends: the record, and the version that was read.
fn ticked(f: &LigneFiche) -> String {
    format!("{}-{}", f.id, f.version)
}

fn read_ticked(lue: &str) -> Option<(PublicId, i64)> {
    let (id, version) = lue.split_once('-')?;
    Some((PublicId::parse(id)?, version.parse().ok()?))
}

/// R-APP-08: the national team makes courses of the records that are ready.
pub async fn post_integration(Path(annee): Path<String>, mut recu: Recu) -> Resultat {
    let annee = lit_annee(&annee)?;
    let requete = recu.requete.clone();
    match ask_integration(&requete.ctx, &recu.garde(), annee).await {
        Ok(r) => return Ok(redirige(&integration(annee, &r.numero))),
        Err(e) => refuse(&mut recu.form, e)?,
    }
    let filtres = Formulaire::default();
    let c = criteres(&filtres);
    let liste = list_fiches(&requete.ctx, annee, &c).await?;
    let aide = aide(&requete, annee).await?;
    Ok(rend(StatusCode::UNPROCESSABLE_ENTITY, &page(&requete, aide, &c, &liste, filtres, recu.form)))
}

fn tableau(url: &str, form: &Formulaire, l: &ListeFiches) -> Tableau {
    let colonnes = vec![
        Colonne::longue("Formation"),
        Colonne::new("Établissements"),
        Colonne::new("Département"),
        Colonne::new("Statut"),
        Colonne::longue("Constats"),
    ];
    Tableau::new("Fiches de votre périmètre", colonnes)
        .legende_cachee()
        .si_vide("Aucune fiche de votre périmètre ne répond à cette recherche.")
        .lignes(l.lignes.iter().map(|f| ligne(url, form, !l.session.archivee, f)))
}

fn ligne(url: &str, form: &Formulaire, ouverte: bool, f: &LigneFiche) -> Vec<Cellule> {
    let vers = format!("{url}/fiches/{}", f.id);
    let titre = nom(&f.intitule, &f.identifiant);
    let premiere = if ouverte && f.is_declarable() {
        // The column beside it says where: only who hears the box alone needs it said there.
        let ou =
            if f.etablissements.is_empty() { f.identifiant.clone() } else { f.etablissements.join(", ") };
        Markup::new(form.choix_de("fiches", ticked(f), titre).petite().precision(ou))
            .et(Markup::lien(format_args!("Ouvrir « {titre} »"), &vers))
    } else {
        Markup::lien(titre, &vers)
    };
    // R-APP-20: why the session leaves it out.
    let hors = f.raison.as_ref().filter(|_| f.statut == Statut::NonPubliable);
    let statut = Markup::new(badge(f.statut));
    let statut = match hors {
        Some(raison) => statut.et(Markup::lignes(std::slice::from_ref(raison))),
        None => statut,
    };
    let constats = f
        .constats
        .iter()
        .map(|c| Badge::new(if c.is_bloquant() { Ton::Erreur } else { Ton::Attention }, c.libelle()));
    let retiree = (!f.presente).then(|| Badge::new(Ton::Neutre, "Retirée du catalogue"));
    let doublon = f.doublon_de.is_some().then(|| Badge::new(Ton::Neutre, "Doublon"));
    vec![
        Cellule::markup(premiere),
        Cellule::texte(if f.uais.is_empty() { "–".to_owned() } else { f.etablissements.join(", ") }),
        Cellule::texte(if f.departement.is_empty() { "–" } else { &f.departement }),
        Cellule::markup(statut),
        Cellule::markup(Markup::de(constats.chain(retiree).chain(doublon))),
    ]
}

fn par_statut(url: &str, l: &ListeFiches) -> Tableau {
    let colonnes = vec![Colonne::new("Statut"), Colonne::nombre("Fiches")];
    Tableau::new("Fiches par statut", colonnes)
        .si_vide("Le catalogue n’a encore aucune fiche de votre périmètre.")
        .lignes(l.statuts.iter().map(|(s, n)| {
            let vers = format!("{url}?statut={}", s.code());
            vec![Cellule::lien(capitale(s.libelle()), vers), Cellule::nombre(*n)]
        }))
}

/// R-APP-20: what the session admits of the catalogue, what it leaves out, and why.
fn par_motif(url: &str, l: &ListeFiches) -> Tableau {
    let colonnes = vec![Colonne::longue("Périmètre de la session"), Colonne::nombre("Fiches")];
    let ligne = |libelle: &str, code: &str, n: i64| {
        let vers = format!("{url}?statut=tous&perimetre={}", encode(code));
        vec![Cellule::lien(libelle, vers), Cellule::nombre(n)]
    };
    let hors: i64 = l.hors.iter().map(|(_, n)| n).sum();
    let sommes = [
        ("Dans le périmètre", PlaceCherchee::Dans, l.dedans),
        ("Hors du périmètre", PlaceCherchee::Hors, hors),
    ];
    let motifs = l.hors.iter().filter(|(raison, _)| !raison.is_empty());
    Tableau::new("Fiches par périmètre", colonnes)
        .lignes(sommes.iter().map(|(libelle, place, n)| ligne(libelle, place.code(), *n)))
        .lignes(motifs.map(|(raison, n)| ligne(raison, raison, *n)))
}

fn perimetres(l: &ListeFiches) -> Vec<Choix> {
    let mut choix = vec![
        Choix::new(PlaceCherchee::Dans.code(), "Dans le périmètre"),
        Choix::new(PlaceCherchee::Hors.code(), "Hors du périmètre"),
    ];
    let motifs = l.hors.iter().filter(|(raison, _)| !raison.is_empty());
    choix.extend(motifs.map(|(raison, _)| Choix::new(raison, raison)));
    choix
}

fn page(
    requete: &Requete,
    aide: Aide,
    c: &CriteresFiches,
    l: &ListeFiches,
    filtres: Formulaire,
    form: Formulaire,
) -> PageListe {
    let annee = l.session.annee;
    let url = adresse(annee);
    let mut statuts = vec![
        Choix::new(StatutCherche::ATraiter.code(), "À traiter"),
        Choix::new(StatutCherche::Tous.code(), "Tous"),
    ];
    statuts.extend(Statut::ALL.into_iter().map(|s| Choix::new(s.code(), capitale(s.libelle()))));
    let prets = l.statuts.iter().find(|(s, _)| *s == Statut::PretPourIntegration).map_or(0, |(_, n)| *n);
    PageListe {
        page: requete
            .page("Fiches d’apprentissage")
            .session(&l.session.libelle)
            .ariane(vec![accueil(requete, annee)])
            .en_erreur(!form.est_valide()),
        aide,
        statuts,
        constats: Constat::ALL.into_iter().map(|k| Choix::new(k.code(), k.libelle())).collect(),
        departements: l.departements.iter().map(|(code, n)| Choix::new(code, n)).collect(),
        liens: vec![
            LienBouton::new(
                avec_compte("Doublons", Some(l.groupes), "à comparer"),
                format_args!("{url}/doublons"),
            )
            .secondaire(),
            LienBouton::new(
                avec_compte("Fiches refusées", Some(l.rejets), "à faire corriger"),
                format_args!("{url}/rejets"),
            )
            .secondaire(),
            LienBouton::new("Journées reçues du catalogue", format_args!("{url}/journees")).secondaire(),
        ],
        integrer: l.integrer.then(|| match prets {
            0 => "Aucune fiche n’est prête. L’intégration met aussi à jour les formations déjà créées, et ferme celles dont la fiche est \
                  fermée ou refusée."
                .to_owned(),
            n => format!(
                "{} : une formation est créée pour chaque fiche qui n’en a pas encore, et son établissement la complète.",
                accord(n, "fiche prête pour intégration", "fiches prêtes pour intégration")
            ),
        }),
        suivi: Vec::new(),
        regards: Vec::new(),
        en_cours: false,
        titre: accord_fiches(l.total),
        en_nombre: !l.session.archivee && l.lignes.iter().any(LigneFiche::is_declarable),
        tableau: tableau(&url, &form, l),
        par_statut: par_statut(&url, l),
        par_motif: par_motif(&url, l),
        perimetres: perimetres(l),
        pagination: Pagination::new(l.page, l.pages, |n| question(&url, c, n)),
        filtres: filtres.avec("statut", c.statut_liste().code()),
        form,
        envoi: question(&url, c, l.page),
        url,
    }
}

fn accord_fiches(n: i64) -> String {
    en_tout(n, "Aucune fiche", "fiche", "fiches")
}
