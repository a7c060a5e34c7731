//! `/gestion/{annee}/etablissements/{id}/interfaces`: the tokens of the programs of an establishment.

mod abonnements;
mod changer;
mod jeton;
mod nouveau;

use app::AppError;
use app::delegations::establishments_for;
use app::interfaces::{Jeton, Jetons, view_jetons};
use app::limites::JOUR_MS;
use app::messages::{accord, date_heure};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use domain::PublicId;
use domain::delegations::{Operation, Operations};
use domain::droits::Action;
use domain::interfaces::jetons::FinJeton;

use super::formation::lit_chemin;
use crate::components::{
    Alerte, Badge, Cellule, Colonne, GUIDE_INTERFACES, LienBouton, Markup, Tableau, Ton, instant, recepisse,
};
use crate::layout::{Lien, Page, rend};
use crate::socle::{Acces, Requete, Resultat, Table, redirige};

pub fn routes() -> Table {
    let gerer = Acces::Action(Action::GererJetons);
    Table::new()
        .get("/gestion/{annee}/interfaces", gerer, get_choix)
        .get("/gestion/{annee}/etablissements/{id}/interfaces", gerer, get_liste)
        .get("/gestion/{annee}/etablissements/{id}/interfaces/nouveau", gerer, nouveau::get_nouveau)
        .post("/gestion/{annee}/etablissements/{id}/interfaces/nouveau", gerer, nouveau::post_nouveau)
        .get("/gestion/{annee}/etablissements/{id}/interfaces/{jeton}", gerer, jeton::get_jeton)
        .get("/gestion/{annee}/etablissements/{id}/interfaces/{jeton}/modifier", gerer, changer::get_modifier)
        .post(
            "/gestion/{annee}/etablissements/{id}/interfaces/{jeton}/modifier",
            gerer,
            changer::post_modifier,
        )
        .get(
            "/gestion/{annee}/etablissements/{id}/interfaces/{jeton}/renouveler",
            gerer,
            changer::get_renouveler,
        )
        .post(
            "/gestion/{annee}/etablissements/{id}/interfaces/{jeton}/renouveler",
            gerer,
            changer::post_renouveler,
        )
        .get("/gestion/{annee}/etablissements/{id}/interfaces/{jeton}/revoquer", gerer, jeton::get_revoquer)
        .post("/gestion/{annee}/etablissements/{id}/interfaces/{jeton}/revoquer", gerer, jeton::post_revoquer)
        .get(
            "/gestion/{annee}/etablissements/{id}/interfaces/{jeton}/abonnements",
            gerer,
            abonnements::get_abonnements,
        )
        .post(
            "/gestion/{annee}/etablissements/{id}/interfaces/{jeton}/abonnements",
            gerer,
            abonnements::post_retrait,
        )
}

fn adresse(annee: i64, etablissement: &str) -> String {
    format!("/gestion/{annee}/etablissements/{etablissement}/interfaces")
}

/// The establishment and the token of an address.
fn lit_jeton(
    (annee, etablissement, jeton): (String, String, String),
) -> Result<(i64, PublicId, PublicId), AppError> {
    let (annee, etablissement) = lit_chemin((annee, etablissement))?;
    Ok((annee, etablissement, PublicId::parse(&jeton).ok_or(AppError::NotFound)?))
}

#[derive(Template)]
#[template(path = "gestion/interfaces/choix.html")]
struct PageChoix {
    page: Page,
    etablissements: Vec<(String, String)>,
}

/// One establishment: its tokens at once; several: the list of them.
pub async fn get_choix(requete: Requete, Path(annee): Path<String>) -> Resultat {
    let annee = annee.parse().map_err(|_| AppError::NotFound)?;
    let siens = establishments_for(&requete.ctx, annee, Action::GererJetons).await?;
    if let [(id, _)] = siens.as_slice() {
        return Ok(redirige(&adresse(annee, id)));
    }
    let page = requete
        .page("Accès des logiciels")
        .session(format_args!("Session {annee}"))
        .ariane(vec![super::lien_accueil(annee)]);
    let etablissements = siens.into_iter().map(|(id, nom)| (nom, adresse(annee, &id))).collect();
    Ok(rend(StatusCode::OK, &PageChoix { page, etablissements }))
}

#[derive(Template)]
#[template(path = "gestion/interfaces/liste.html")]
struct PageListe {
    page: Page,
    etablissement: String,
    alertes: Vec<Alerte>,
    /// Where one is given, while the session is open.
    nouveau: Option<String>,
    documentation: &'static str,
    tableau: Tableau,
}

pub async fn get_liste(requete: Requete, Path(chemin): Path<(String, String)>) -> Resultat {
    let (annee, id) = lit_chemin(chemin)?;
    let j = view_jetons(&requete.ctx, annee, &id).await?;
    let url = adresse(annee, &j.etablissement);
    let colonnes = vec![
        Colonne::new("Logiciel"),
        Colonne::new("État"),
        Colonne::longue("Ce qu’il peut faire"),
        Colonne::new("Donné par"),
        Colonne::new("Valable jusqu’au"),
        Colonne::new("Dernier appel"),
        Colonne::longue("Derniers caractères du jeton"),
    ];
    let lignes = j.jetons.iter().map(|jeton| {
        vec![
            Cellule::lien(&jeton.libelle, format_args!("{url}/{}", jeton.id)),
            Cellule::markup(etats(&requete, jeton)),
            Cellule::markup(Markup::lignes(&etendue(&j, jeton))),
            Cellule::texte(&jeton.donneur),
            Cellule::texte(date_heure(instant(jeton.expire_le))),
            Cellule::texte(jeton.vu_le.map_or_else(|| "Aucun".to_owned(), |le| date_heure(instant(le)))),
            Cellule::texte(format_args!("…{}", jeton.suffixe)),
        ]
    });
    let mut alertes: Vec<Alerte> = recepisse(&requete.chemin).into_iter().collect();
    if j.session.archivee {
        alertes.push(super::saisie::alerte_archive(annee));
    }
    let page = PageListe {
        page: requete
            .page("Accès des logiciels")
            .session(&j.session.libelle)
            .ariane(vec![super::lien_accueil(annee)]),
        alertes,
        nouveau: (!j.session.archivee).then(|| format!("{url}/nouveau")),
        documentation: GUIDE_INTERFACES,
        tableau: Tableau::new("Jetons d’accès", colonnes)
            .lignes(lignes)
            .si_vide("Aucun logiciel n’a reçu de jeton d’accès pour cet établissement."),
        etablissement: j.nom,
    };
    Ok(rend(StatusCode::OK, &page))
}

/// The way to the list of the tokens.
fn ariane(j: &Jetons) -> Vec<Lien> {
    let annee = j.session.annee;
    vec![super::lien_accueil(annee), Lien::new("Accès des logiciels", adresse(annee, &j.etablissement))]
}

/// The same, and whether calls come that it no longer opens.
fn etats(requete: &Requete, jeton: &Jeton) -> Markup {
    let refus = jeton.refus.map(|_| Badge::new(Ton::Attention, "Appels refusés"));
    Markup::de(std::iter::once(etat(requete, jeton)).chain(refus))
}

/// What the token is worth now.
fn etat(requete: &Requete, jeton: &Jeton) -> Badge {
    let bientot = requete.ctx.app.limites.jetons_avis_jours;
    match jeton.fin {
        Some(FinJeton::Revoque) => Badge::new(Ton::Neutre, "Révoqué"),
        Some(FinJeton::Expire) => Badge::new(Ton::Neutre, "Expiré"),
        // Said of a secret that was presented, never of a token.
        Some(FinJeton::Renouvele) => Badge::new(Ton::Neutre, "Renouvelé"),
        Some(FinJeton::SansDonneur) => Badge::new(Ton::Erreur, "Sans donneur"),
        None if jeton.expire_le - requete.ctx.recu_ms() < bientot * JOUR_MS => {
            Badge::new(Ton::Attention, format_args!("Expire dans moins de {bientot} jours"))
        }
        None => Badge::new(Ton::Succes, "En vigueur"),
    }
}

/// The reading that goes with everything, then the operations.
fn dit(operations: Operations) -> String {
    if operations.is_empty() {
        return "lecture".to_owned();
    }
    operations.iter().map(libelle).collect::<Vec<_>>().join(", ").to_lowercase()
}

/// What a program does by an operation: a person would call the first one its presentation.
fn libelle(operation: Operation) -> &'static str {
    match operation {
        Operation::Parametrage => "Paramétrage",
        autre => autre.libelle(),
    }
}

/// What the token may do, in words: the establishment, then the courses that have the same operations.
fn etendue(j: &Jetons, jeton: &Jeton) -> Vec<String> {
    let ecrit = if jeton.ecrit_etablissement { "lecture et écriture" } else { "lecture" };
    let demande = if jeton.demande_etablissement { ", demandes au service académique" } else { "" };
    let mut lignes = vec![format!("Établissement\u{a0}: {ecrit}{demande}")];
    if let Some(communes) = jeton.toutes {
        lignes.push(format!("Toutes les formations, celles à venir comprises\u{a0}: {}", dit(communes)));
    }
    let mut groupes: Vec<(Operations, Vec<&str>)> = Vec::new();
    for f in jeton.formations.iter().filter(|f| Some(f.operations) != jeton.toutes) {
        match groupes.iter_mut().find(|(o, _)| *o == f.operations) {
            Some((_, noms)) => noms.push(&f.intitule),
            None => groupes.push((f.operations, vec![&f.intitule])),
        }
    }
    for (operations, noms) in groupes {
        let n = i64::try_from(noms.len()).unwrap_or(i64::MAX);
        let qui = match noms.as_slice() {
            [seule] => (*seule).to_owned(),
            _ if noms.len() == j.formations.len() => format!("Toutes les formations ({n})"),
            _ => accord(n, "formation", "formations"),
        };
        lignes.push(format!("{qui}\u{a0}: {}", dit(operations)));
    }
    lignes
}
