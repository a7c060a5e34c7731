//! `/academie/{annee}/completude/relance`: a reminder to many establishments, shown before it leaves.

use app::completude::{APreparer, Apercu, FiltreCompletude, prepare_relance, preview_relance, send_relance};
use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use domain::etablissements::TEXTE_MAX;

use super::completude::{ariane, en_adresse, lit_filtre, relance};
use super::lit_annee;
use crate::components::{
    Aide, Alerte, Bouton, Champ, Choix, Definitions, Formulaire, GroupeChoix, LienBouton, Markup, nombre,
};
use crate::layout::{Page, rend};
use crate::socle::{Recu, Requete, Resultat, redirige, refuse};

#[derive(Template)]
#[template(path = "academie/relance.html")]
struct PageRelance {
    page: Page,
    url: String,
    retour: String,
    form: Formulaire,
    /// Absent when nobody is to be reminded.
    choix: Option<GroupeChoix>,
    texte: Champ,
    tronque: Option<Alerte>,
}

#[derive(Template)]
#[template(path = "academie/relance_apercu.html")]
struct PageApercu {
    page: Page,
    url: String,
    form: Formulaire,
    resume: Definitions,
    sans_destinataire: Option<Alerte>,
    message: Vec<String>,
    /// Subject and lines; none when nobody is there to be written to.
    courriel: Option<(String, Vec<String>)>,
    /// What is sent again with « Envoyer ».
    ids: Vec<String>,
    texte: String,
    correction: Bouton,
}

fn adresse(annee: i64) -> String {
    format!("/academie/{annee}/completude")
}

fn page_de(requete: &Requete, annee: i64, titre: &str, libelle: &str) -> Page {
    requete.page(titre).session(libelle).ariane(ariane(requete, annee))
}

pub async fn get_relance(
    requete: Requete,
    Path(annee): Path<String>,
    Query(paires): Query<Vec<(String, String)>>,
) -> Resultat {
    let annee = lit_annee(&annee)?;
    let filtre = lit_filtre(&mut Formulaire::recu("", paires));
    let p = prepare_relance(&requete.ctx, annee, &filtre).await?;
    let mut form = requete.formulaire().avec("texte", &p.texte);
    for r in p.relances.iter().filter(|r| r.possible) {
        form.ajoute("etablissements", &r.etablissement.id);
    }
    Ok(rend(StatusCode::OK, &page(&requete, &filtre, &p, form)))
}

pub async fn post_relance(
    Path(annee): Path<String>,
    Query(paires): Query<Vec<(String, String)>>,
    mut recu: Recu,
) -> Resultat {
    let annee = lit_annee(&annee)?;
    let requete = recu.requete.clone();
    let filtre = lit_filtre(&mut Formulaire::recu("", paires));
    let ids = recu.form.valeurs("etablissements").to_vec();
    let texte = recu.form.valeur("texte").to_owned();
    let refus = match recu.form.valeur("acte") {
        "envoyer" => match send_relance(&requete.ctx, &recu.garde(), annee, &ids, &texte).await {
            Ok(_) => return Ok(redirige(&format!("{}?fait=relance", adresse(annee)))),
            Err(e) => e,
        },
        "corriger" => {
            let p = prepare_relance(&requete.ctx, annee, &filtre).await?;
            return Ok(rend(StatusCode::OK, &page(&requete, &filtre, &p, recu.form)));
        }
        _ => match preview_relance(&requete.ctx, annee, &ids, &texte).await {
            Ok(a) => return Ok(rend(StatusCode::OK, &apercu(&requete, annee, &filtre, a, ids, recu.form))),
            Err(e) => e,
        },
    };
    refuse(&mut recu.form, refus)?;
    let p = prepare_relance(&requete.ctx, annee, &filtre).await?;
    Ok(rend(StatusCode::UNPROCESSABLE_ENTITY, &page(&requete, &filtre, &p, recu.form)))
}

fn page(requete: &Requete, f: &FiltreCompletude, p: &APreparer, form: Formulaire) -> PageRelance {
    let annee = p.session.annee;
    let choix: Vec<Choix> = p
        .relances
        .iter()
        .map(|r| {
            let e = &r.etablissement;
            let c = Choix::new(&e.id, format_args!("{} ({}), {}", e.nom, e.uai, e.commune));
            match (r.possible, e.relance_le) {
                (true, None) => c,
                (true, le) => c.indice(format_args!("Relancé le {}", relance(le))),
                (false, le) => c.indice(format_args!("Déjà relancé le {}", relance(le))).desactive(),
            }
        })
        .collect();
    let retour = en_adresse(&adresse(annee), f, None);
    PageRelance {
        page: page_de(requete, annee, "Relancer des établissements", &p.session.libelle)
            .en_erreur(!form.est_valide()),
        url: en_adresse(&format!("{}/relance", adresse(annee)), f, None),
        retour,
        choix: (!choix.is_empty()).then(|| form.cases("etablissements", "Établissements à relancer", &choix)),
        texte: form
            .zone("texte", "Message")
            .indice(format_args!(
                "{} caractères au plus. Il est gardé dans les échanges de chaque établissement ; le courriel y mène et ne le répète pas.",
                nombre(i64::try_from(TEXTE_MAX).unwrap_or(i64::MAX))
            ))
            .lignes(8),
        tronque: p.tronque.then(|| {
            Alerte::info(format_args!(
                "Seuls les {} premiers établissements sont proposés ici : choisissez un département ou un type de formation, ou \
                 relancez-les tous ensemble.",
                p.relances.len()
            ))
            .suite(Markup::lien(
                "Relancer tous les établissements incomplets de cette recherche",
                en_adresse(&format!("{}/relances/nouvelle", adresse(annee)), f, None),
            ))
        }),
        form,
    }
}

fn apercu(
    requete: &Requete,
    annee: i64,
    f: &FiltreCompletude,
    a: Apercu,
    ids: Vec<String>,
    form: Formulaire,
) -> PageApercu {
    let lignes = |texte: &str| -> Vec<String> {
        texte.split('\n').filter(|l| !l.trim().is_empty()).map(str::to_owned).collect()
    };
    let compte = |n: usize| nombre(i64::try_from(n).unwrap_or(i64::MAX));
    PageApercu {
        page: page_de(requete, annee, "Relire la relance", &format!("Session {annee}")),
        url: en_adresse(&format!("{}/relance", adresse(annee)), f, None),
        resume: Definitions::new()
            .ligne("Établissements à relancer", format_args!("{} : {}", compte(a.etablissements.len()), a.etablissements.join(", ")))
            .ligne("Courriels à envoyer", compte(a.courriels)),
        sans_destinataire: (!a.sans_destinataire.is_empty()).then(|| {
            Alerte::attention(format_args!(
                "Ni chef d’établissement ni administrateur n’a de compte en service ici, le message n’y sera lu que plus tard : {}.",
                a.sans_destinataire.join(", ")
            ))
        }),
        message: lignes(&a.texte),
        courriel: (a.courriels > 0).then(|| (a.courriel.0, lignes(&a.courriel.1))),
        correction: Bouton::new("Corriger").secondaire().valeur("acte", "corriger"),
        texte: a.texte,
        ids,
        form,
    }
}
