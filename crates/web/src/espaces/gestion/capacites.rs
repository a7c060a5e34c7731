//! `/gestion/{annee}/lot/capacites`: last year's capacity and places put back in the drafts of this year, in many courses or in one
//! (R-FOR-24).

use app::AppError;
use app::formations::{EcartCapacite, LigneReconduction, VueReconduction, reconduct, view_reconduction};
use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use domain::PublicId;
use serde::Deserialize;

use super::formation::adresse;
use super::saisie::{alerte_archive, motif_fermeture};
use super::{lit_annee, seul};
use crate::components::{
    Aide, Alerte, Bouton, Cellule, Colonne, Echeance, Formulaire, LienBouton, Markup, Tableau, accord, lue,
    nombre, recepisse,
};
use crate::layout::{Lien, Page, rend};
use crate::socle::{Recu, Requete, Resultat, redirige, refuse};

#[derive(Template)]
#[template(path = "gestion/capacites.html")]
struct PageCapacites {
    page: Page,
    url: String,
    retour: String,
    compte: String,
    alertes: Vec<Alerte>,
    echeance: Option<Echeance>,
    form: Formulaire,
    /// Something may be put back now.
    ouverte: bool,
    /// Text and address of what ticks those without a capacity, or unticks all of them.
    cocher: Option<(String, String)>,
    tableau: Tableau,
}

#[derive(Deserialize)]
pub struct Parametres {
    /// Public identifier of the only course shown; empty: all of them.
    #[serde(default)]
    formation: String,
    /// [`VIDES`]: those without a capacity that may be put back are ticked.
    #[serde(default)]
    cocher: String,
}

/// Every course without a capacity whose last year's one may be put back: nothing that was typed is lost.
const VIDES: &str = "vides";

impl Parametres {
    fn seule(&self) -> Result<Option<PublicId>, AppError> {
        match self.formation.as_str() {
            "" => Ok(None),
            id => PublicId::parse(id).map(Some).ok_or(AppError::NotFound),
        }
    }

    fn adresse(&self, annee: i64) -> String {
        let url = format!("/gestion/{annee}/lot/capacites");
        if self.formation.is_empty() { url } else { format!("{url}?formation={}", self.formation) }
    }
}

/// Nothing was typed there this year, and last year's numbers may be put back.
fn is_vide(l: &LigneReconduction) -> bool {
    l.is_reprenable() && l.capacite.is_none()
}

/// What a box sends.
fn valeur(l: &LigneReconduction) -> String {
    lue(&l.id, l.version)
}

pub async fn get_capacites(
    requete: Requete,
    Path(annee): Path<String>,
    Query(p): Query<Parametres>,
) -> Resultat {
    let annee = lit_annee(&annee)?;
    let seule = p.seule()?;
    let vue = view_reconduction(&requete.ctx, annee, seule.as_ref()).await?;
    let mut form = requete.formulaire();
    let cochee =
        |l: &&LigneReconduction| l.is_reprenable() && (seule.is_some() || (p.cocher == VIDES && is_vide(l)));
    for l in vue.lignes.iter().filter(cochee) {
        form.ajoute("formations", valeur(l));
    }
    Ok(rend(StatusCode::OK, &page(&requete, &vue, &p, form)))
}

pub async fn post_capacites(
    Path(annee): Path<String>,
    Query(p): Query<Parametres>,
    mut recu: Recu,
) -> Resultat {
    let annee = lit_annee(&annee)?;
    let requete = recu.requete.clone();
    let mut statut = StatusCode::UNPROCESSABLE_ENTITY;
    match recu.form.lit_lues("formations") {
        Some(choix) if !choix.is_empty() => {
            match reconduct(&requete.ctx, &recu.garde(), annee, &choix).await {
                Ok(r) => return Ok(redirige(&faite(&p, annee, &r.numero))),
                Err(AppError::Conflict) => {
                    recu.form.refuse_tout(
                        "Une de ces capacités a changé depuis que vous l’avez lue. Rien n’a été repris : relisez le tableau, les \
                         formations inchangées restent cochées.",
                    );
                    statut = StatusCode::CONFLICT;
                }
                Err(e) => refuse(&mut recu.form, e)?,
            }
        }
        _ => recu.form.refuse_tout("Cochez au moins une formation."),
    }
    let vue = view_reconduction(&requete.ctx, annee, p.seule()?.as_ref()).await?;
    let form = if statut == StatusCode::CONFLICT { anew(&requete, &vue, &recu.form) } else { recu.form };
    Ok(rend(statut, &page(&requete, &vue, &p, form)))
}

/// The same boxes under a new key, those whose line changed apart.
fn anew(requete: &Requete, vue: &VueReconduction, recu: &Formulaire) -> Formulaire {
    let mut form = requete.formulaire();
    for v in vue.lignes.iter().map(valeur).filter(|v| recu.valeurs("formations").contains(v)) {
        form.ajoute("formations", v);
    }
    for e in recu.erreurs() {
        form.refuse_tout(&e.message);
    }
    form
}

/// Back to the course when it was about one; to the list otherwise.
fn faite(p: &Parametres, annee: i64, recepisse: &str) -> String {
    let page = match p.formation.as_str() {
        "" => p.adresse(annee),
        id => adresse(annee, id),
    };
    format!("{page}?fait=capacites-reprises&recepisse={recepisse}")
}

/// The numbers that differ, or the capacity alone when none does.
fn nombres(
    ecarts: &[EcartCapacite],
    capacite: Option<i64>,
    dit: impl Fn(&EcartCapacite) -> Option<i64>,
) -> Markup {
    if ecarts.is_empty() {
        return Markup::texte(capacite.map_or_else(|| "–".to_owned(), nombre));
    }
    let ligne = |e: &EcartCapacite| {
        let vide = if e.libelle.starts_with("Places") { "non renseignées" } else { "non renseignée" };
        let combien = dit(e).map_or_else(|| vide.to_owned(), nombre);
        format!("{} :\u{a0}{combien}", e.libelle)
    };
    Markup::lignes(&ecarts.iter().map(ligne).collect::<Vec<_>>())
}

/// How many may be put back, or that there is nothing to do.
fn compte(v: &VueReconduction, reprenables: usize, seule: bool) -> String {
    if reprenables > 0 {
        return format!("{}.", accord(reprenables as u64, "formation diffère", "formations diffèrent"));
    }
    match (v.lignes.iter().all(LigneReconduction::is_pareille), seule) {
        _ if v.lignes.is_empty() => String::new(),
        (true, true) => "Cette capacité est celle de l’an dernier : il n’y a rien à reprendre.".to_owned(),
        (true, false) => {
            "Toutes vos capacités sont celles de l’an dernier : il n’y a rien à reprendre.".to_owned()
        }
        (false, _) => "Il n’y a rien à reprendre : la colonne « Reprise » dit pourquoi.".to_owned(),
    }
}

fn ligne(annee: i64, l: &LigneReconduction, form: &Formulaire, seul: Option<&str>) -> Vec<Cellule> {
    let nom = match seul {
        Some(_) => l.libelle.clone(),
        None => format!("{} – {}", l.libelle, l.etablissement),
    };
    let lien = adresse(annee, &l.id);
    let premiere = if l.is_reprenable() {
        Markup::new(form.choix_de("formations", valeur(l), &nom).petite()).et(Markup::lien("Ouvrir", lien))
    } else {
        Markup::lien(&nom, lien)
    };
    let suite = match (&l.empechement, l.capacite, l.capacite_avant) {
        (Some(motif), ..) => motif.clone(),
        _ if l.ecarts.is_empty() => "Comme l’an dernier".to_owned(),
        (_, None, _) => "À reprendre si vous la cochez".to_owned(),
        (_, Some(ici), Some(avant)) if ici != avant => format!(
            "Remplace le nombre saisi cette année ({}) par celui de l’an dernier ({}), si vous la cochez",
            nombre(ici),
            nombre(avant)
        ),
        _ => {
            "Remplace les places saisies cette année par celles de l’an dernier, si vous la cochez".to_owned()
        }
    };
    vec![
        Cellule::markup(premiere),
        Cellule::markup(nombres(&l.ecarts, l.capacite, |e| e.ici)),
        Cellule::markup(nombres(&l.ecarts, l.capacite_avant, |e| Some(e.avant))),
        Cellule::texte(suite),
    ]
}

fn alertes(requete: &Requete, v: &VueReconduction) -> Vec<Alerte> {
    let mut alertes: Vec<Alerte> = recepisse(&requete.chemin).into_iter().collect();
    if v.session.archivee {
        alertes.push(alerte_archive(v.session.annee));
    } else {
        alertes.extend(motif_fermeture(&v.saisie).map(Alerte::info));
    }
    let max = requete.ctx.app.limites.lot_formations;
    if v.total > max {
        alertes.push(Alerte::info(format_args!(
            "Les {} premières formations sur {} sont affichées.",
            nombre(max),
            nombre(v.total)
        )));
    }
    alertes
}

fn page(requete: &Requete, v: &VueReconduction, p: &Parametres, form: Formulaire) -> PageCapacites {
    let annee = v.session.annee;
    let reprenables = v.lignes.iter().filter(|l| l.is_reprenable()).count();
    let seule = v.lignes.first().filter(|_| !p.formation.is_empty());
    let colonnes = vec![
        Colonne::new("Formation"),
        Colonne::courte("Aujourd’hui"),
        Colonne::courte("L’an dernier"),
        Colonne::longue("Reprise"),
    ];
    let lieu = seul(v.lignes.iter().map(|l| l.etablissement.as_str()));
    let tableau = Tableau::new("Capacités de cette année et de l’an dernier", colonnes)
        .si_vide("Aucune formation dont vous lisez la capacité.")
        .lignes(v.lignes.iter().map(|l| ligne(annee, l, &form, lieu)));
    let url = p.adresse(annee);
    let vides = v.lignes.iter().filter(|l| is_vide(l)).count();
    let cocher = match (vides, form.valeurs("formations").is_empty()) {
        _ if seule.is_some() => None,
        (_, false) => Some(("Tout décocher".to_owned(), url.clone())),
        (0 | 1, true) => None,
        (n, true) => {
            Some((format!("Cocher les {n} formations sans capacité"), format!("{url}?cocher={VIDES}")))
        }
    };
    let mut ariane = vec![super::lien_accueil(annee), super::lien_formations(annee)];
    let retour = seule.map_or_else(|| format!("/gestion/{annee}/lot"), |l| adresse(annee, &l.id));
    ariane.push(match seule {
        Some(l) => Lien::new(&l.libelle, &retour),
        None => Lien::new("Plusieurs formations à la fois", &retour),
    });
    PageCapacites {
        page: requete
            .page("Capacités comme l’an dernier")
            .session(&v.session.libelle)
            .ariane(ariane)
            .en_erreur(!form.est_valide()),
        compte: compte(v, reprenables, seule.is_some()),
        alertes: alertes(requete, v),
        echeance: match &v.saisie {
            app::formations::Ouverture::Ouverte { ferme } => {
                Some(Echeance::new(requete.ctx.campagne_le, *ferme))
            }
            _ => None,
        },
        ouverte: reprenables > 0,
        cocher,
        tableau,
        url,
        retour,
        form,
    }
}
