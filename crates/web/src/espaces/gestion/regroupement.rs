//! `/gestion/{annee}/formations/{id}/regroupement`: the multiple wish that a course is part of, and what its courses share.

use app::AppError;
use app::formations::{
    FormationRegroupee, Ouverture, RegroupementVu, Regrouper, VueRegroupement, group_courses, ungroup_course,
    view_regroupement,
};
use app::messages;
use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use domain::RuleViolation;
use domain::droits::Action;
use domain::formations::regroupement::Mutualisation;

use super::formation::{adresse, lit_chemin};
use super::saisie::motif_fermeture;
use super::{lien_accueil, lien_formations};
use crate::components::{
    Aide, Alerte, Bouton, Cellule, Champ, Choix, Colonne, Echeance, Formulaire, LienBouton, Markup, Tableau,
    recepisse,
};
use crate::layout::{Lien, Page, rend};
use crate::socle::{Acces, Recu, Requete, Resultat, Table, redirige, refuse};

pub fn routes() -> Table {
    let regrouper = Acces::Action(Action::RegrouperFormations);
    Table::new()
        .get(
            "/gestion/{annee}/formations/{id}/regroupement",
            Acces::Action(Action::ConsulterParametrage),
            get_regroupement,
        )
        .post("/gestion/{annee}/formations/{id}/regroupement", regrouper, post_regroupement)
        .post("/gestion/{annee}/formations/{id}/regroupement/retirer", regrouper, post_retirer)
}

#[derive(Template)]
#[template(path = "gestion/regroupement.html")]
struct PageRegroupement {
    page: Page,
    url: String,
    retour: String,
    formation: String,
    form: Formulaire,
    recepisse: Option<Alerte>,
    /// What the grouping is today; `None`: the course is on its own.
    actuel: Option<Actuel>,
    echeance: Option<Echeance>,
    /// Why it does not change now.
    fermeture: Option<Alerte>,
    modifiable: bool,
    libelle: Champ,
    mutualisations: Vec<Choix>,
    formations: Vec<Choix>,
    /// Words that found the courses of the list, and what to say of them.
    form_recherche: Formulaire,
    proposees: String,
    retirable: bool,
}

struct Actuel {
    libelle: String,
    mutualisation: &'static str,
    /// What a shared ranking means for whoever ranks.
    porteuse: Option<Markup>,
    tableau: Tableau,
}

impl Actuel {
    fn new(annee: i64, ici: &str, r: &RegroupementVu) -> Self {
        let lien = |f: &FormationRegroupee| match f.id == ici {
            true => Cellule::texte(format_args!("{} (cette formation)", f.intitule.libelle)),
            false => {
                Cellule::lien(&f.intitule.libelle, format_args!("{}/regroupement", adresse(annee, &f.id)))
            }
        };
        let lignes = r.formations.iter().map(|f| {
            vec![lien(f), Cellule::texte(&f.intitule.etablissement), Cellule::texte(&f.intitule.lieu)]
        });
        let porteuse = r.porteuse();
        let colonnes = vec![Colonne::new("Formation"), Colonne::new("Établissement"), Colonne::new("Lieu")];
        Self {
            libelle: r.libelle.clone(),
            mutualisation: r.mutualisation.libelle(),
            porteuse: porteuse.map(|f| {
                let qui = match f.id == ici {
                    true => "Le classement de cette formation sert à toutes les formations du regroupement."
                        .to_owned(),
                    false => format!(
                        "Le classement est celui de « {} » : sa commission classe pour toutes.",
                        f.intitule
                    ),
                };
                Markup::texte(format_args!("{qui} Chaque formation garde ses places."))
            }),
            tableau: Tableau::new("Formations du regroupement", colonnes).lignes(lignes),
        }
    }
}

/// The form as the grouping stands.
fn remplit(form: Formulaire, v: &VueRegroupement) -> Formulaire {
    let mut form = form.avec_version(v.version);
    match &v.regroupement {
        Some(r) => {
            form.pose("libelle", &r.libelle);
            form.pose("mutualisation", r.mutualisation.code());
            for f in r.formations.iter().filter(|f| f.id != v.id) {
                form.ajoute("formations", &f.id);
            }
        }
        None => form.pose("mutualisation", Mutualisation::Aucune.code()),
    }
    form
}

pub async fn get_regroupement(
    requete: Requete,
    Path(chemin): Path<(String, String)>,
    Query(paires): Query<Vec<(String, String)>>,
) -> Resultat {
    let (annee, id) = lit_chemin(chemin)?;
    let recherche = Formulaire::recu("", paires);
    let v = view_regroupement(&requete.ctx, annee, &id, recherche.valeur("q")).await?;
    let form = remplit(requete.formulaire(), &v);
    Ok(rend(StatusCode::OK, &page(&requete, &v, form, recherche)))
}

/// What the form says; `None`: its faults are written in it.
fn lit(form: &mut Formulaire) -> Option<Regrouper> {
    let libelle = form.lit_texte("libelle", "Donnez un nom au vœu multiple.");
    let mutualisation = form.lit_choix(
        "mutualisation",
        "Choisissez ce que les formations mettent en commun.",
        Mutualisation::from_code,
    );
    Some(Regrouper {
        libelle: libelle?,
        mutualisation: mutualisation?,
        formations: form.valeurs("formations").to_vec(),
    })
}

pub async fn post_regroupement(Path(chemin): Path<(String, String)>, mut recu: Recu) -> Resultat {
    let (annee, id) = lit_chemin(chemin)?;
    let requete = recu.requete.clone();
    let mut statut = StatusCode::UNPROCESSABLE_ENTITY;
    if let Some(cmd) = lit(&mut recu.form) {
        match group_courses(&requete.ctx, &recu.garde(), annee, &id, &cmd).await {
            Ok(r) => {
                let ici = format!("{}/regroupement", adresse(annee, id.as_str()));
                return Ok(redirige(&format!("{ici}?fait=regroupement&recepisse={}", r.numero)));
            }
            Err(AppError::Conflict) => {
                recu.form = requete.formulaire().with_values(&recu.form);
                recu.form.refuse_tout(
                    "Ce regroupement a changé pendant que vous le modifiiez. Rien n’a été enregistré : comparez avec ce qui \
                     est au-dessus du formulaire, puis enregistrez de nouveau.",
                );
                statut = StatusCode::CONFLICT;
            }
            Err(AppError::Rule(
                r @ (RuleViolation::RegroupementSeul | RuleViolation::Regroupement { .. }),
            )) => {
                recu.form.refuse("formations", messages::regle(&r));
            }
            Err(e) => refuse(&mut recu.form, e)?,
        }
    }
    let v = view_regroupement(&requete.ctx, annee, &id, "").await?;
    let form = if statut == StatusCode::CONFLICT { recu.form.avec_version(v.version) } else { recu.form };
    Ok(rend(statut, &page(&requete, &v, form, Formulaire::default())))
}

pub async fn post_retirer(Path(chemin): Path<(String, String)>, recu: Recu) -> Resultat {
    let (annee, id) = lit_chemin(chemin)?;
    let requete = recu.requete.clone();
    let ici = format!("{}/regroupement", adresse(annee, id.as_str()));
    let e = match ungroup_course(&requete.ctx, &recu.garde(), annee, &id).await {
        Ok(r) => return Ok(redirige(&format!("{ici}?fait=regroupement-quitte&recepisse={}", r.numero))),
        Err(e) => e,
    };
    let v = view_regroupement(&requete.ctx, annee, &id, "").await?;
    let mut form = remplit(requete.formulaire(), &v);
    let statut = if matches!(e, AppError::Conflict) {
        form.refuse_tout(
            "Ce regroupement a changé entre-temps. Rien n’a été enregistré : relisez-le d’abord.",
        );
        StatusCode::CONFLICT
    } else {
        refuse(&mut form, e)?;
        StatusCode::UNPROCESSABLE_ENTITY
    };
    Ok(rend(statut, &page(&requete, &v, form, Formulaire::default())))
}

fn page(requete: &Requete, v: &VueRegroupement, form: Formulaire, recherche: Formulaire) -> PageRegroupement {
    let annee = v.session.annee;
    let retour = adresse(annee, &v.id);
    let ouverte = v.ouverture.est_ouverte();
    let choix = |f: &FormationRegroupee| {
        let c = Choix::new(&f.id, &f.intitule.libelle);
        let lieu = format!("{}, {}", f.intitule.etablissement, f.intitule.lieu);
        match f.ailleurs {
            true => {
                c.indice(format_args!("{lieu}. Elle fait déjà partie d’un autre regroupement.")).desactive()
            }
            false => c.indice(lieu),
        }
    };
    let membres = v.regroupement.iter().flat_map(|r| &r.formations).filter(|f| f.id != v.id);
    let formations: Vec<Choix> = membres.chain(&v.proposees).map(choix).collect();
    let cherchee = !recherche.valeur("q").trim().is_empty();
    let proposees = match (v.proposees.is_empty(), cherchee, v.tronquee) {
        (true, true, _) => "Aucune autre formation du même type ne répond à cette recherche.",
        (true, false, _) => {
            "L’établissement n’a pas d’autre formation du même type et du même statut : cherchez-la par son nom ou sa ville."
        }
        (_, _, true) => "Il y en a d’autres : précisez la recherche.",
        (_, true, _) => "Les formations trouvées suivent celles du regroupement.",
        _ => "Sont proposées les formations de l’établissement du même type et du même statut.",
    };
    PageRegroupement {
        page: requete
            .page("Regroupement")
            .session(&v.session.libelle)
            .ariane(vec![
                lien_accueil(annee),
                lien_formations(annee),
                Lien::new(&v.intitule.libelle, &retour),
            ])
            .en_erreur(!form.est_valide()),
        url: format!("{retour}/regroupement"),
        formation: v.intitule.to_string(),
        recepisse: recepisse(&requete.chemin),
        actuel: v.regroupement.as_ref().map(|r| Actuel::new(annee, &v.id, r)),
        echeance: match v.ouverture {
            Ouverture::Ouverte { ferme } if !v.avec_voeux => Some(Echeance::new(requete.ctx.campagne_le, ferme)),
            _ => None,
        },
        fermeture: if v.hors_portee {
            Some(Alerte::info(
                "Ce regroupement réunit des formations d’établissements où vous n’avez pas de droits : pour le modifier, écrivez au \
                 service académique.",
            ))
        } else if v.avec_voeux && ouverte {
            Some(Alerte::info(
                "Des candidats ont déjà formulé des vœux pour ces formations : le regroupement ne change plus cette session.",
            ))
        } else {
            motif_fermeture(&v.ouverture).map(Alerte::info)
        },
        modifiable: ouverte && !v.avec_voeux && !v.hors_portee,
        libelle: form
            .texte("libelle", "Nom du vœu multiple")
            .indice("Lu par les candidats : le nom du diplôme et le territoire, par exemple « Soins infirmiers – Picardie »."),
        mutualisations: Mutualisation::ALL
            .into_iter()
            .map(|m| Choix::new(m.code(), m.libelle()).indice(effet(m)))
            .collect(),
        formations,
        form_recherche: recherche,
        proposees: proposees.to_owned(),
        retirable: v.regroupement.is_some(),
        retour,
        form,
    }
}

/// What each choice does, for whoever chooses.
const fn effet(m: Mutualisation) -> &'static str {
    match m {
        Mutualisation::Aucune => {
            "Les candidats y font un seul vœu ; chaque formation reste maîtresse de sa réponse."
        }
        Mutualisation::Epreuves => {
            "À décrire de la même façon dans la rubrique « Épreuves » de chaque formation."
        }
        Mutualisation::DossierUnique => {
            "Un seul classement, fait par la commission d’une des formations, sert à toutes ; chacune garde ses places. Les \
             formations ont les mêmes groupes et le même caractère sélectif ou non."
        }
    }
}
