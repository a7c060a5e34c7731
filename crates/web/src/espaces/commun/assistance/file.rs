//! `/assistance/{annee}/file`: what is asked of one's service, and its answers.

use app::AppError;
use app::assistance::{
    CriteresFile, FileAssistance, LigneBilan, SuiviDemande, Traitement, ages, treat, view_file, view_traitee,
};
use app::messages::accord;
use app::sessions;
use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use domain::PublicId;
use domain::assistance::{Destinataire, EtatAssistance, ThemeAssistance, insert_reponse};
use domain::comptes::Role;
use domain::droits::Action;
use domain::etablissements::TEXTE_MAX;
use domain::territoires::departement;

use super::{badge, contexte, etape, lien_aide, lit_page, message, messages_pages, nom_service, quand};
use crate::components::{
    Aide, Alerte, Badge, Bouton, Cellule, Champ, Choix, Colonne, Definitions, Fil, Formulaire, LienBouton,
    Liste, Markup, Pagination, Tableau, nom_departement, nombre,
};
use crate::layout::{Lien, Page, rend};
use crate::socle::brouillons::with_brouillon;
use crate::socle::{Recu, Requete, Resultat, avec_criteres, redirige, refuse};

const JOUR_MS: i64 = 86_400_000;

fn adresse(annee: i64) -> String {
    format!("/assistance/{annee}/file")
}

fn lit_annee(annee: &str) -> Result<i64, AppError> {
    annee.parse().map_err(|_| AppError::NotFound)
}

/// `/assistance/file` leads to the queue of the open session.
pub async fn get_session(requete: Requete) -> Resultat {
    requete.ctx.scope(Action::TraiterAssistance)?;
    let session = sessions::courante(&requete.ctx.app.db).await?;
    Ok(redirige(&adresse(session.annee)))
}

#[derive(Template)]
#[template(path = "commun/assistance/file.html")]
struct PageFile {
    page: Page,
    url: String,
    attente: Alerte,
    form: Formulaire,
    etats: Vec<Choix>,
    themes: Vec<Choix>,
    departements: Vec<Choix>,
    jours: Vec<Choix>,
    titre: String,
    tableau: Tableau,
    pagination: Pagination,
    bilan: Option<Tableau>,
}

pub async fn get_file(
    requete: Requete,
    Path(annee): Path<String>,
    Query(paires): Query<Vec<(String, String)>>,
) -> Resultat {
    let annee = lit_annee(&annee)?;
    let mut form = Formulaire::recu("", paires);
    let criteres = lit(&mut form);
    let f = view_file(&requete.ctx, annee, &criteres).await?;
    let statut = if form.est_valide() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(rend(statut, &page(&requete, &f, form)))
}

/// The filters that are understood; the others are refused, and the list goes on without them.
fn lit(form: &mut Formulaire) -> CriteresFile {
    const LISTE: &str = "Choisissez une réponse de la liste.";
    let dit = |form: &Formulaire, nom: &str| !form.valeur(nom).is_empty();
    let toutes = form.valeur("etat") == "toutes";
    let etat = (dit(form, "etat") && !toutes)
        .then(|| form.lit_choix("etat", LISTE, EtatAssistance::from_code))
        .flatten();
    let theme =
        dit(form, "sujet").then(|| form.lit_choix("sujet", LISTE, ThemeAssistance::from_code)).flatten();
    let departement = dit(form, "departement")
        .then(|| form.lit_choix("departement", LISTE, |c| departement(c).map(|d| d.code.to_owned())))
        .flatten();
    let jours = dit(form, "depuis")
        .then(|| form.lit_choix("depuis", LISTE, |c| c.parse().ok().filter(|j| ages().contains(j))))
        .flatten();
    let page = form.valeur("page").parse().unwrap_or(1);
    CriteresFile { etat, toutes, theme, departement, jours, page }
}

fn depuis(ms: i64) -> String {
    match ms.max(0) / JOUR_MS {
        0 => "aujourd’hui".to_owned(),
        n => format!("il y a {}", accord(n, "jour", "jours")),
    }
}

fn page(requete: &Requete, f: &FileAssistance, form: Formulaire) -> PageFile {
    let annee = f.session.annee;
    let url = adresse(annee);
    let colonnes = vec![
        Colonne::longue("Question"),
        Colonne::longue("Posée par"),
        Colonne::new("Département"),
        Colonne::new("Posée"),
        Colonne::new("État"),
    ];
    let maintenant = requete.ctx.campagne_ms();
    let lignes = f.demandes.iter().map(|d| {
        let titre = match &d.objet {
            Some(objet) => format!("{} : {objet}", d.theme.libelle()),
            None => d.theme.libelle().to_owned(),
        };
        let qui = match (&d.etablissement, d.role) {
            (Some(e), Some(r)) => format!("{}, {} – {e}", d.auteur, r.libelle().to_lowercase()),
            (None, Some(r)) => format!("{}, {}", d.auteur, r.libelle().to_lowercase()),
            _ => d.auteur.clone(),
        };
        let mut etat = Markup::new(badge(d.etat));
        if let Some(qui) = &d.responsable {
            etat = etat.et(Markup::texte(qui));
        }
        vec![
            Cellule::lien(titre, format_args!("{url}/{}", d.id.as_str())),
            Cellule::texte(qui),
            Cellule::texte(d.departement.as_deref().map(nom_departement).unwrap_or_default()),
            Cellule::texte(format_args!("{}, {}", quand(d.deposee_le), depuis(maintenant - d.deposee_le))),
            Cellule::markup(etat),
        ]
    });
    let mut etats = vec![Choix::new("toutes", "Tous les états")];
    etats.extend(EtatAssistance::ALL.into_iter().map(|e| Choix::new(e.code(), e.libelle())));
    let filtres = ["etat", "sujet", "departement", "depuis"].map(|n| (n, form.valeur(n).to_owned()));
    let base = url.clone();
    let page_de = move |n: u32| {
        let page = n.to_string();
        let dits = filtres.iter().map(|(n, v)| (*n, v.as_str()));
        let choix: Vec<(&str, &str)> = dits.chain([("page", page.as_str())]).collect();
        avec_criteres(&base, None, &choix)
    };
    PageFile {
        page: requete
            .page("Questions reçues par mon service")
            .session(&f.session.libelle)
            .ariane(vec![lien_aide()])
            .en_erreur(!form.est_valide()),
        attente: match f.en_attente {
            0 => Alerte::succes("Aucune question n’attend votre réponse."),
            1 => Alerte::info("1 question attend votre réponse."),
            n => Alerte::info(format_args!("{} questions attendent votre réponse.", nombre(n))),
        },
        etats,
        themes: ThemeAssistance::ALL.into_iter().map(|t| Choix::new(t.code(), t.libelle())).collect(),
        departements: f.departements.iter().map(|(c, _)| Choix::new(c, nom_departement(c))).collect(),
        jours: ages()
            .into_iter()
            .map(|j| Choix::new(j, format_args!("Depuis {} ou plus", accord(j, "jour", "jours"))))
            .collect(),
        titre: accord(f.total, "question", "questions"),
        tableau: Tableau::new("Questions, celle qui attend depuis le plus longtemps en premier", colonnes)
            .lignes(lignes)
            .si_vide("Aucune question ne répond à ces critères."),
        pagination: Pagination::new(f.page, f.pages, page_de),
        bilan: (!f.bilan.is_empty()).then(|| bilan(&f.bilan)),
        url,
        form,
    }
}

fn bilan(lignes: &[LigneBilan]) -> Tableau {
    let mut colonnes = vec![Colonne::longue("Sujet")];
    colonnes.extend(EtatAssistance::ALL.map(|e| Colonne::nombre(format_args!("{}s", e.libelle()))));
    if let Some(en_cours) = colonnes.get_mut(2) {
        *en_cours = Colonne::nombre("En cours");
    }
    colonnes.push(Colonne::new("Délai médian des dernières réponses"));
    Tableau::new("Questions de la session par sujet, et délai de réponse", colonnes).lignes(
        lignes.iter().map(|l| {
            let mut ligne = vec![Cellule::texte(l.theme.map_or("Tous les sujets", ThemeAssistance::libelle))];
            ligne.extend(l.etats.map(Cellule::nombre));
            ligne.push(Cellule::texte(l.delai_median.map_or_else(|| "–".to_owned(), duree)));
            ligne
        }),
    )
}

/// « 2 jours », « 5 heures », « 12 minutes ».
fn duree(ms: i64) -> String {
    let minutes = ms / 60_000;
    match minutes {
        0..120 => accord(minutes, "minute", "minutes"),
        120..2_880 => accord(minutes / 60, "heure", "heures"),
        _ => accord(minutes / 1_440, "jour", "jours"),
    }
}

#[derive(Template)]
#[template(path = "commun/assistance/traiter.html")]
struct PageTraiter {
    page: Page,
    url: String,
    retour: String,
    badge: Badge,
    responsable: Option<String>,
    contexte: Definitions,
    /// The page of the course, for those who read it.
    formation: Option<String>,
    fil: Fil,
    etapes: Vec<String>,
    pagination: Pagination,
    form: Formulaire,
    modeles: Option<Liste>,
    texte: Option<Champ>,
    /// Taken by nobody yet.
    prendre: bool,
    transmissions: Vec<(String, String)>,
    empechement: Option<Alerte>,
}

fn lit_chemin((annee, id): &(String, String)) -> Result<(i64, PublicId), AppError> {
    Ok((lit_annee(annee)?, PublicId::parse(id).ok_or(AppError::NotFound)?))
}

pub async fn get_demande(
    requete: Requete,
    Path(chemin): Path<(String, String)>,
    Query(paires): Query<Vec<(String, String)>>,
) -> Resultat {
    let (annee, id) = lit_chemin(&chemin)?;
    let s = view_traitee(&requete.ctx, annee, &id, lit_page(&paires)).await?;
    let form = requete.formulaire().avec_version(s.demande.version);
    let ici = format!("{}/{}", adresse(annee), id.as_str());
    let form = with_brouillon(&requete, form, &ici, s.ecriture).await?;
    Ok(rend(StatusCode::OK, &page_demande(&requete, &s, form)))
}

pub async fn post_demande(Path(chemin): Path<(String, String)>, mut recu: Recu) -> Resultat {
    let (annee, id) = lit_chemin(&chemin)?;
    let requete = recu.requete.clone();
    let texte = recu.form.valeur("texte").to_owned();
    let acte = recu.form.valeur("acte").to_owned();
    if acte == "inserer" {
        return insert(&requete, annee, &id, recu.form).await;
    }
    let (traitement, quoi) = match acte.split_once('-') {
        Some(("transmettre", vers)) => {
            let vers = Destinataire::from_code(vers).ok_or(AppError::NotFound)?;
            (Traitement::Transmettre(vers), "question-transmise")
        }
        _ => match acte.as_str() {
            "prendre" => (Traitement::Prendre, "question-prise"),
            "clore" => (Traitement::Clore, "question-close"),
            _ => (Traitement::Repondre(&texte), "question-repondue"),
        },
    };
    let ici = format!("{}/{}", adresse(annee), id.as_str());
    match treat(&requete.ctx, &recu.garde(), annee, &id, traitement).await {
        Ok(_) => {
            // Passed on: it is read here no more.
            let vers = if quoi == "question-transmise" { adresse(annee) } else { ici };
            return Ok(redirige(&format!("{vers}?fait={quoi}")));
        }
        // What was typed stays, with what happened meanwhile above it.
        Err(AppError::Conflict) => {
            let mut form = requete.formulaire().with_values(&recu.form);
            form.refuse_tout(
                "Cette question a changé depuis que vous l’avez ouverte, et rien n’a été enregistré. Relisez-la, puis envoyez de nouveau.",
            );
            let s = view_traitee(&requete.ctx, annee, &id, None).await?;
            return Ok(rend(StatusCode::CONFLICT, &page_demande(&requete, &s, form)));
        }
        Err(e) => refuse(&mut recu.form, e)?,
    }
    let s = view_traitee(&requete.ctx, annee, &id, None).await?;
    Ok(rend(StatusCode::UNPROCESSABLE_ENTITY, &page_demande(&requete, &s, recu.form)))
}

/// R-ASS-13: the page again, with the text chosen after what was typed; nothing is sent.
async fn insert(requete: &Requete, annee: i64, id: &PublicId, mut form: Formulaire) -> Resultat {
    let s = view_traitee(&requete.ctx, annee, id, None).await?;
    let choisie = s.reponses.iter().find(|(id, _)| id == form.valeur("modele"));
    let statut = match choisie {
        Some((_, r)) => {
            let texte = insert_reponse(form.valeur("texte"), &r.texte);
            form.pose("texte", texte);
            form.pose("modele", "");
            StatusCode::OK
        }
        None => {
            form.refuse("modele", "Choisissez une réponse type dans la liste.");
            StatusCode::UNPROCESSABLE_ENTITY
        }
    };
    Ok(rend(statut, &page_demande(requete, &s, form)))
}

/// What the cell of the reader keeps to answer with; `None`: nothing.
fn modeles(s: &SuiviDemande, form: &Formulaire) -> Option<Liste> {
    let choix: Vec<Choix> = s
        .reponses
        .iter()
        .map(|(id, r)| {
            Choix::new(id, format_args!("{} – {}", r.theme.map_or("", ThemeAssistance::libelle), r.titre))
        })
        .collect();
    (s.ecriture && !choix.is_empty()).then(|| {
        form.liste("modele", "Réponse type de la cellule", &choix)
            .facultatif()
            .indice("Elle s’ajoute à ce que vous avez écrit ; relisez-la avant d’envoyer.")
    })
}

fn page_demande(requete: &Requete, s: &SuiviDemande, form: Formulaire) -> PageTraiter {
    let d = &s.demande;
    let annee = s.session.annee;
    let form = if form.version().is_some() { form } else { form.avec_version(d.version) };
    let mut valeurs = contexte(d);
    let role = d.role.map_or("", Role::libelle);
    valeurs = valeurs.ligne("Posée par", format_args!("{}, {}", d.auteur, role.to_lowercase()));
    if !d.ecran.is_empty() {
        valeurs = valeurs.ligne("Adresse de la page", &d.ecran);
    }
    PageTraiter {
        page: requete
            .page("Répondre à une question")
            .session(&s.session.libelle)
            .ariane(vec![lien_aide(), Lien::new("Questions reçues", adresse(annee))])
            .en_erreur(!form.est_valide()),
        url: format!("{}/{}", adresse(annee), d.id.as_str()),
        retour: adresse(annee),
        badge: badge(d.etat),
        responsable: d.responsable.clone(),
        contexte: valeurs,
        formation: d
            .formation
            .as_ref()
            .filter(|_| !d.sur_voeu)
            .map(|f| format!("/gestion/{annee}/formations/{}", f.as_str())),
        fil: Fil::new(
            s.messages
                .iter()
                .map(|m| {
                    let mut m = message(m, d.demandeur);
                    // « Nouveau » is for the asker.
                    m.badges.clear();
                    m
                })
                .collect(),
        ),
        etapes: s.etapes.iter().map(|e| etape(e, d.demandeur, false)).collect(),
        pagination: messages_pages(s, format!("{}/{}", adresse(annee), d.id.as_str())),
        modeles: modeles(s, &form),
        texte: s.ecriture.then(|| {
            form.zone("texte", "Votre réponse")
                .indice(format_args!(
                    "Texte simple, {} caractères au plus. Une réponse envoyée ne se modifie plus.",
                    nombre(i64::try_from(TEXTE_MAX).unwrap_or(i64::MAX))
                ))
                .lignes(8)
        }),
        prendre: s.ecriture && d.etat == EtatAssistance::Nouvelle,
        transmissions: s
            .transmissions
            .iter()
            .map(|t| {
                let vers = format!("Transmettre à {}", nom_service(*t, d.demandeur, false));
                (format!("transmettre-{}", t.code()), vers.replace("à le ", "au "))
            })
            .collect(),
        empechement: match (s.de_moi, d.etat) {
            (true, _) => Some(Alerte::info(
                "Vous avez posé cette question vous-même : un autre agent de votre service y répond.",
            )),
            (_, EtatAssistance::Close) => Some(Alerte::info(
                "Cette question est close : seule la personne qui l’a posée peut la rouvrir.",
            )),
            _ => None,
        },
        form,
    }
}
