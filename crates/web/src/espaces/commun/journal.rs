//! `/journal`: search and export for those entitled; « violation » : what an account saw.

use app::journal::{self, EntreeLue, EtatChaine, PageJournal, Recherche};
use app::messages::date_heure;
use askama::Template;
use axum::extract::Query;
use axum::http::StatusCode;
use domain::PublicId;
use domain::calendrier::instant_paris;

use crate::components::{
    Alerte, Bouton, Cellule, Choix, Colonne, Definitions, Formulaire, LienBouton, Markup, Tableau, accord,
    nombre,
};
use crate::layout::{Lien, Page, rend};
use crate::socle::{CSV, Erreur, Requete, Resultat, avec_criteres, encode, fichier, refuse};

#[derive(Template)]
#[template(path = "commun/journal.html")]
struct PageRecherche {
    page: Page,
    form: Formulaire,
    actions: Vec<Choix>,
    issues: Vec<Choix>,
    perimetre: &'static str,
    chaine: Option<Definitions>,
    tableau: Tableau,
    suite: Option<String>,
    export: String,
    vus: bool,
}

#[derive(Template)]
#[template(path = "commun/vus.html")]
struct PageVus {
    page: Page,
    form: Formulaire,
    rapport: Option<Rapport>,
}

/// Without a line, the table alone says so.
struct Rapport {
    alerte: Option<Alerte>,
    tableau: Tableau,
    csv: Option<String>,
}

/// Persons listed on the page; the file has them all.
const MONTRES: usize = 200;

pub async fn get_journal(requete: Requete, Query(paires): Query<Vec<(String, String)>>) -> Resultat {
    let mut form = Formulaire::recu("", paires);
    let recherche = lit(&mut form);
    let resultat = if form.est_valide() {
        journal::consulter(&requete.ctx, &recherche).await?
    } else {
        // What was typed cannot be looked for: the right is asked all the same.
        let scope = requete.ctx.scope(domain::droits::Action::ConsulterJournal)?;
        PageJournal { entrees: Vec::new(), suite: None, tout: scope.portee().tout }
    };
    let chaine =
        if resultat.tout { Some(etat(&journal::etat_chaine(&requete.ctx.app).await?)) } else { None };
    let statut = if form.est_valide() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(rend(statut, &page(&requete, form, resultat, chaine)))
}

pub async fn get_export(requete: Requete, Query(paires): Query<Vec<(String, String)>>) -> Resultat {
    let mut form = Formulaire::recu("", paires);
    let recherche = lit(&mut form);
    if !form.est_valide() {
        return Err(Erreur(app::AppError::Invalid(
            form.erreurs().iter().map(|e| ("du", e.message.clone())).collect(),
        )));
    }
    let e = journal::exporter(&requete.ctx, &recherche).await?;
    Ok(fichier(&e.nom_fichier, CSV, e.octets))
}

fn lit(form: &mut Formulaire) -> Recherche {
    let du = lit_jour(form, "du");
    let au = lit_jour(form, "au");
    let texte = |nom: &str| form.valeur(nom).trim().chars().take(200).collect::<String>();
    Recherche {
        du,
        au,
        compte: texte("compte"),
        action: texte("action"),
        issue: texte("issue"),
        objet: texte("objet"),
        avant: form.valeur("avant").parse().ok(),
    }
}

fn lit_jour(form: &mut Formulaire, nom: &str) -> Option<jiff::civil::Date> {
    if form.valeur(nom).trim().is_empty() { None } else { form.lit_date(nom) }
}

fn page(requete: &Requete, form: Formulaire, r: PageJournal, chaine: Option<Definitions>) -> PageRecherche {
    let adresse = |chemin: &str, avant: &str| {
        let filtres = ["du", "au", "compte", "action", "issue", "objet"];
        let mut dits: Vec<(&str, &str)> =
            filtres.into_iter().map(|nom| (nom, form.valeur(nom).trim())).collect();
        dits.push(("avant", avant));
        avec_criteres(chemin, None, &dits)
    };
    let choix = |codes: &[&str], libelle: fn(&str) -> String| {
        codes.iter().map(|c| Choix::new(c, libelle(c))).collect()
    };
    PageRecherche {
        page: requete.page("Journal d’audit").en_erreur(!form.est_valide()),
        actions: choix(&journal::actions(), journal::libelle_action),
        issues: choix(journal::ISSUES, journal::libelle_issue),
        perimetre: if r.tout { "Toute la plateforme." } else { "Votre établissement." },
        chaine,
        tableau: tableau(&r.entrees),
        suite: r.suite.map(|n| adresse("/journal", &n.to_string())),
        export: adresse("/journal/export", ""),
        vus: r.tout,
        form,
    }
}

fn tableau(entrees: &[EntreeLue]) -> Tableau {
    let colonnes = vec![
        Colonne::new("Instant"),
        Colonne::new("Qui"),
        Colonne::new("Action"),
        Colonne::new("Objet"),
        Colonne::nombre("Dossiers lus"),
        Colonne::longue("Ce que dit l’entrée"),
    ];
    Tableau::new("Entrées, de la plus récente à la plus ancienne", colonnes)
        .legende_cachee()
        .si_vide("Aucune entrée ne répond à cette recherche.")
        .lignes(entrees.iter().map(|e| {
            let qui = [e.compte.as_str(), e.role, e.etablissement.as_str()];
            let qui: Vec<&str> = qui.into_iter().filter(|t| !t.is_empty()).collect();
            let mut action =
                format!("{} : {}", journal::libelle_action(&e.action), journal::libelle_issue(&e.issue));
            if !e.moyen.is_empty() {
                action.push_str(&format!(" ({})", journal::libelle_moyen(&e.moyen)));
            }
            vec![
                Cellule::texte(date_heure(e.instant)),
                Cellule::texte(qui.join(", ")),
                Cellule::texte(action),
                objet(e),
                Cellule::nombre(e.dossiers),
                Cellule::markup(Markup::lignes(&journal::valeurs(&e.avant, &e.apres)).et(Exact { e })),
            ]
        }))
}

/// What it was done to, by name; with what else the journal says of it.
fn objet(e: &EntreeLue) -> Cellule {
    let quoi = journal::libelle_objet(&e.objet);
    let dit = if e.nom.is_empty() { quoi } else { format!("{quoi} : {}", e.nom) };
    match PublicId::parse(&e.objet_id) {
        Some(id) => Cellule::lien(dit, format_args!("/journal?objet={}", id.as_str())),
        None => Cellule::texte(dit),
    }
}

/// An entry as the journal holds it, folded.
#[derive(Template)]
#[template(
    ext = "html",
    source = r#"<details class="journal-exact"><summary>Contenu exact<span class="fr-sr-only"> de l’entrée nº {{ e.numero }}</span></summary><code>{{ self.texte() }}</code></details>"#
)]
struct Exact<'a> {
    e: &'a EntreeLue,
}
impl askama::filters::HtmlSafe for Exact<'_> {}

impl Exact<'_> {
    fn texte(&self) -> String {
        let e = self.e;
        let mut lignes = vec![
            format!("demande {}", e.requete),
            format!("{} {} : {}", e.route, e.action, e.issue),
            format!("{} {}", e.objet, e.objet_id),
        ];
        for (nom, valeur) in [("avant", &e.avant), ("apres", &e.apres)] {
            if !valeur.is_empty() {
                lignes.push(format!("{nom} {}", coupe(valeur)));
            }
        }
        lignes.join("\n")
    }
}

/// Enough to see; the export has it whole.
fn coupe(texte: &str) -> String {
    const LONGUEUR: usize = 2_000;
    if texte.chars().count() <= LONGUEUR {
        return texte.to_owned();
    }
    texte.chars().take(LONGUEUR).chain(['…']).collect()
}

fn etat(e: &EtatChaine) -> Definitions {
    let tete = match &e.exterieure {
        Some(t) if t.rang < 2 => format!("la première (signature nº {})", t.numero),
        Some(t) => format!("les {} premières (signature nº {})", nombre(t.rang), t.numero),
        None => "aucune pour l’instant".to_owned(),
    };
    let ouvertes = accord(e.ouvertes, "entrée", "entrées");
    let ouverte = match e.depuis {
        Some(depuis) => format!("{ouvertes}, depuis {}", date_heure(depuis)),
        None => ouvertes,
    };
    Definitions::new()
        .ligne("Entrées du journal", nombre(e.entrees))
        .ligne("Prouvées par une signature gardée hors de la base", tete)
        .ligne("Pas encore prouvées", ouverte)
}

pub async fn get_vus(requete: Requete, Query(paires): Query<Vec<(String, String)>>) -> Resultat {
    requete.ctx.permit(domain::droits::Action::ConsulterJournal, &domain::droits::Cible::plateforme())?;
    let demande = paires.iter().any(|(nom, _)| nom == "compte");
    let fichier = paires.iter().any(|(nom, valeur)| nom == "fichier" && valeur == "csv");
    let mut form = Formulaire::recu("", paires);
    if !demande {
        return Ok(rend(StatusCode::OK, &page_vus(&requete, form, None)));
    }
    let (du, au) = (form.lit_date("du"), form.lit_date("au"));
    let minuit = |d: jiff::civil::Date| instant_paris(d.at(0, 0, 0, 0));
    let bornes = du.and_then(minuit).zip(au.and_then(|d| d.tomorrow().ok()).and_then(minuit));
    let Some((de, avant)) = bornes else {
        return Ok(rend(StatusCode::UNPROCESSABLE_ENTITY, &page_vus(&requete, form, None)));
    };
    let compte = form.valeur("compte").trim().to_owned();
    match journal::vus(&requete.ctx, &compte, de, avant).await {
        Ok(r) if fichier => Ok(crate::socle::fichier("dossiers-vus.csv", CSV, journal::vus_csv(&r)?)),
        Ok(r) => {
            let url = format!(
                "/journal/vus?compte={}&du={}&au={}&fichier=csv",
                encode(&compte),
                encode(form.valeur("du").trim()),
                encode(form.valeur("au").trim())
            );
            let lu = r.lectures > 0;
            let rapport = Rapport {
                alerte: lu.then(|| Alerte::info(r.resume())),
                tableau: tableau_vus(&r),
                csv: lu.then_some(url),
            };
            Ok(rend(StatusCode::OK, &page_vus(&requete, form, Some(rapport))))
        }
        Err(e) => {
            refuse(&mut form, e)?;
            Ok(rend(StatusCode::UNPROCESSABLE_ENTITY, &page_vus(&requete, form, None)))
        }
    }
}

fn page_vus(requete: &Requete, form: Formulaire, rapport: Option<Rapport>) -> PageVus {
    PageVus {
        page: requete
            .page("Ce qu’un compte a vu")
            .ariane(vec![
                Lien::new("Équipe nationale", "/national"),
                Lien::new("Journal d’audit", "/journal"),
            ])
            .en_erreur(!form.est_valide()),
        form,
        rapport,
    }
}

fn tableau_vus(r: &journal::RapportVus) -> Tableau {
    let colonnes = vec![
        Colonne::new("Dossier"),
        Colonne::new("Personne"),
        Colonne::new("Ce qui a été vu"),
        Colonne::new("Première et dernière lecture"),
        Colonne::nombre("Lectures"),
        Colonne::new("Exporté"),
    ];
    Tableau::new("Personnes dont le dossier a été vu", colonnes)
        .si_vide("Ce compte n’a lu aucun dossier pendant cette période.")
        .lignes(r.personnes.iter().take(MONTRES).map(|p| {
            vec![
                Cellule::texte(format_args!("{} (session {})", p.numero, p.session)),
                Cellule::texte(format_args!("{} {}", p.prenom, p.nom)),
                Cellule::texte(p.champs.join(", ")),
                Cellule::texte(format_args!("{} – {}", date_heure(p.premiere), date_heure(p.derniere))),
                Cellule::nombre(p.fois as i64),
                Cellule::texte(if p.exporte { "oui" } else { "non" }),
            ]
        }))
}
