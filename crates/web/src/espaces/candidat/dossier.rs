//! `/candidat/dossier`: the record. Identity and marks are read; the residence is changed while the step is open.

use app::candidats::{DossierVue, Residence, dossier, modifier_residence, require_champs};
use app::messages;
use askama::Template;
use axum::http::StatusCode;
use domain::territoires::{HeureLocale, departements};

use super::page;
use crate::components::{
    Alerte, Bouton, Cellule, Choix, Colonne, Definitions, Echeance, Formulaire, Tableau, choix_departements,
};
use crate::layout::{Page, rend};
use crate::socle::{Recu, Requete, Resultat, redirige, refuse};

#[derive(Template)]
#[template(path = "candidat/dossier.html")]
struct PageDossier {
    page: Page,
    identite: Definitions,
    scolarite: Definitions,
    notes: Tableau,
    residence: Definitions,
    form: Formulaire,
    departements: Vec<Choix>,
    echeance: Option<Echeance>,
    /// Why the residence cannot be changed now.
    clos: Option<Alerte>,
}

pub async fn get_dossier(requete: Requete) -> Resultat {
    let d = dossier(&requete.ctx).await?;
    let form = requete
        .formulaire()
        .avec_version(d.version)
        .avec("commune", &d.commune)
        .avec("departement", &d.departement);
    Ok(rend(StatusCode::OK, &vue(&requete, &d, form)))
}

pub async fn post_dossier(mut recu: Recu) -> Resultat {
    let requete = recu.requete.clone();
    require_champs(&requete.ctx, recu.form.noms())?;
    let cmd = Residence {
        commune: recu.form.valeur("commune").to_owned(),
        departement: recu.form.valeur("departement").to_owned(),
    };
    match modifier_residence(&requete.ctx, &recu.garde(), &cmd).await {
        Ok(_) => Ok(redirige("/candidat/dossier?fait=dossier")),
        Err(e) => {
            refuse(&mut recu.form, e)?;
            let d = dossier(&requete.ctx).await?;
            Ok(rend(StatusCode::UNPROCESSABLE_ENTITY, &vue(&requete, &d, recu.form)))
        }
    }
}

fn vue(requete: &Requete, d: &DossierVue, form: Formulaire) -> PageDossier {
    let locale = HeureLocale::of_departement(&d.departement);
    let non_renseigne = || "non renseigné".to_owned();
    let departement = departements().iter().find(|x| x.code == d.departement).map(|x| x.nom);
    PageDossier {
        page: page(requete, "Mon dossier", d.annee, vec![]).en_erreur(!form.est_valide()),
        identite: Definitions::new()
            .ligne("Numéro de dossier", d.numero)
            .ligne("Nom", &d.nom)
            .ligne("Prénom", &d.prenom)
            .ligne("Date de naissance", d.naissance.as_deref().map_or_else(non_renseigne, jour_mois_annee))
            .ligne("INE", d.ine.clone().unwrap_or_else(non_renseigne))
            .ligne("Adresse électronique", d.courriel.clone().unwrap_or_else(non_renseigne)),
        scolarite: Definitions::new()
            .ligne("Baccalauréat ou parcours", d.type_bac.libelle())
            .ligne("Série", texte_ou(&d.serie, "non renseignée"))
            .ligne("Établissement d’origine", texte_ou(&d.etablissement_origine, "non renseigné"))
            .ligne(
                "Bourse",
                match d.boursier {
                    Some(true) => "boursier de l’enseignement secondaire",
                    Some(false) => "non boursier",
                    None => "non déclarée",
                },
            )
            .ligne("Moyenne générale", d.moyenne.map_or_else(|| "non transmise".to_owned(), note)),
        notes: Tableau::new(
            "Moyennes par matière",
            vec![Colonne::new("Matière"), Colonne::nombre("Moyenne")],
        )
        .lignes(d.notes.iter().map(|(m, n)| vec![Cellule::texte(m), Cellule::texte(note(*n))]))
        .si_vide("Aucune moyenne n’a encore été transmise par votre établissement."),
        residence: Definitions::new()
            .ligne("Commune", texte_ou(&d.commune, "non renseignée"))
            .ligne("Département", departement.unwrap_or("non renseigné")),
        departements: choix_departements(),
        echeance: d
            .modifiable
            .is_ok()
            .then(|| d.ferme.map(|f| Echeance::new(requete.ctx.campagne_le, f).locales(locale)))
            .flatten(),
        clos: d.modifiable.as_ref().err().map(|r| Alerte::info(messages::regle_ici(r, locale))),
        form,
    }
}

fn texte_ou<'a>(texte: &'a str, sinon: &'a str) -> &'a str {
    if texte.is_empty() { sinon } else { texte }
}

/// « 14,50 / 20 ».
fn note(centiemes: i64) -> String {
    format!("{},{:02} / 20", centiemes / 100, centiemes.rem_euclid(100))
}

/// `2006-05-14` → « 14/05/2006 ».
fn jour_mois_annee(iso: &str) -> String {
    match iso.split('-').collect::<Vec<_>>()[..] {
        [annee, mois, jour] => format!("{jour}/{mois}/{annee}"),
        _ => iso.to_owned(),
    }
}
