//! `/gestion/{annee}/formations/{id}/copier`: taking fields from last year, the template of the type or another course.

use app::AppError;
use app::formations::{Ecart, Ecarts, Source, compare, take_fields, view_lot};
use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use domain::PublicId;
use domain::formations::description::{Champ, Rubrique, Valeur};
use serde::Deserialize;

use super::formation::{adresse, lit_chemin};
use crate::components::versions::cotes;
use crate::components::{
    Aide, Bouton, Case, Cellule, Choix, Colonne, Formulaire, LienBouton, Markup, Tableau, accord,
};
use crate::layout::{Lien, Page, rend};
use crate::socle::{Recu, Requete, Resultat, redirige, refuse};

#[derive(Template)]
#[template(path = "gestion/copier.html")]
struct PageCopier {
    page: Page,
    url: String,
    retour: String,
    form: Formulaire,
    surtitre: String,
    nom: String,
    compte: String,
    /// What the source says of the part that the page was opened from, when there is nothing to take of it.
    rien: Option<String>,
    tableau: Option<Tableau>,
    /// The other course is still to be chosen: nothing is compared yet.
    a_choisir: bool,
    /// Where the course is confirmed, while that is all that it waits for.
    confirmer: Option<String>,
    sources: Formulaire,
    choix: Vec<Choix>,
    /// The part that the page was opened from, for the next comparison.
    rubrique: Option<&'static str>,
}

#[derive(Deserialize)]
pub struct Parametres {
    #[serde(default)]
    source: String,
    /// The part that the page was opened from; anything else: none.
    #[serde(default)]
    rubrique: String,
}

impl Parametres {
    fn rubrique(&self) -> Option<Rubrique> {
        Rubrique::from_code(&self.rubrique)
    }
}

/// In an address: the page opens on the choice of another course.
const AUTRE: &str = "autre";

/// `precedente`, `modele`, or the identifier of a course.
fn lit_source(texte: &str) -> Result<Source, AppError> {
    match texte {
        "precedente" => Ok(Source::Precedente),
        "" | "modele" => Ok(Source::Modele),
        id => PublicId::parse(id).map(Source::Formation).ok_or(AppError::NotFound),
    }
}

/// What a field says, one line each; nothing: not said.
fn lignes(c: &Ecarts, champ: &Champ, valeur: Option<&Valeur>) -> Vec<String> {
    match valeur {
        None => Vec::new(),
        Some(Valeur::Texte(t)) => c.vue.lieux.lisible(champ, t).lines().map(str::to_owned).collect(),
        Some(Valeur::Lignes(lignes)) => champ.lignes_lisibles(lignes),
    }
}

pub async fn get_copier(
    requete: Requete,
    Path(chemin): Path<(String, String)>,
    Query(p): Query<Parametres>,
) -> Resultat {
    let (annee, id) = lit_chemin(chemin)?;
    let mut form = requete.formulaire();
    if p.source == AUTRE {
        let c = compare(&requete.ctx, annee, &id, &Source::Modele).await?;
        return affiche(&requete, annee, &c, &p, form, StatusCode::OK).await;
    }
    let c = compare(&requete.ctx, annee, &id, &lit_source(&p.source)?).await?;
    // What the draft does not say is taken unless one says no.
    for e in c.ecarts.iter().filter(|e| e.ici.is_none()) {
        form.ajoute("champs", e.champ.code);
    }
    affiche(&requete, annee, &c, &p, form, StatusCode::OK).await
}

pub async fn post_copier(
    Path(chemin): Path<(String, String)>,
    Query(p): Query<Parametres>,
    mut recu: Recu,
) -> Resultat {
    let (annee, id) = lit_chemin(chemin)?;
    let source = lit_source(&p.source)?;
    let requete = recu.requete.clone();
    let champs = recu.form.valeurs("champs").to_vec();
    let statut = match take_fields(&requete.ctx, &recu.garde(), annee, &id, &source, &champs).await {
        Ok(_) => return Ok(redirige(&format!("{}?fait=reprise", adresse(annee, id.as_str())))),
        Err(AppError::Conflict) => {
            recu.form.refuse_tout(
                "La description a changé depuis que vous avez lu ces différences. Rien n’a été repris : relisez-les ci-dessous.",
            );
            StatusCode::CONFLICT
        }
        Err(e) => {
            refuse(&mut recu.form, e)?;
            StatusCode::UNPROCESSABLE_ENTITY
        }
    };
    let c = compare(&requete.ctx, annee, &id, &source).await?;
    affiche(&requete, annee, &c, &p, recu.form, statut).await
}

/// The differences of the part that the page was opened from, then the others, each in the order of the forms.
fn ranges(c: &Ecarts, rubrique: Option<Rubrique>) -> Vec<&Ecart> {
    let mut ecarts: Vec<&Ecart> = c.ecarts.iter().collect();
    ecarts.sort_by_key(|e| Some(e.champ.rubrique) != rubrique);
    ecarts
}

/// How many fields differ, and how many of them in the part that the page was opened from.
fn compte(c: &Ecarts, rubrique: Option<Rubrique>) -> String {
    let tous = accord(c.ecarts.len() as u64, "champ diffère", "champs diffèrent");
    let siens = c.ecarts.iter().filter(|e| Some(e.champ.rubrique) == rubrique).count();
    match rubrique {
        Some(r) if siens > 0 && siens < c.ecarts.len() => {
            format!("{tous}, dont {siens} dans « {} », en premier.", r.libelle())
        }
        _ => format!("{tous}."),
    }
}

/// Why nothing is taken in the part that the page was opened from; nothing when something may be, or when the part is closed.
fn rien(c: &Ecarts, rubrique: Rubrique, source: &str) -> Option<String> {
    let differe = c.ecarts.iter().any(|e| e.champ.rubrique == rubrique);
    if differe || !c.vue.ouverture(rubrique).est_ouverte() {
        return None;
    }
    let nom = rubrique.libelle();
    if c.dites.contains(&rubrique) {
        // Where nothing differs at all, the page says so.
        return (!c.ecarts.is_empty()).then(|| format!("Dans « {nom} », rien ne diffère."));
    }
    let qui = match source {
        "" | "modele" => "Le modèle",
        "precedente" => "La session précédente",
        _ => "Cette formation",
    };
    Some(format!("{qui} n’a rien pour « {nom} »."))
}

async fn affiche(
    requete: &Requete,
    annee: i64,
    c: &Ecarts,
    p: &Parametres,
    form: Formulaire,
    statut: StatusCode,
) -> Result<Response, crate::socle::Erreur> {
    let (source, rubrique) = (p.source.as_str(), p.rubrique());
    let retour = adresse(annee, &c.vue.id);
    let case = |e: &Ecart| {
        let case: Case = form.choix_de("champs", e.champ.code, e.champ.libelle).petite();
        Markup::new(case)
    };
    let colonnes = vec![
        Colonne::new("Champ à reprendre"),
        Colonne::new("Aujourd’hui"),
        Colonne::new(format_args!("« {} »", c.nom)),
    ];
    let tableau = (!c.ecarts.is_empty()).then(|| {
        Tableau::new("Ce qui diffère", colonnes).lignes(ranges(c, rubrique).into_iter().map(|e| {
            let [ici, la] = cotes(&lignes(c, e.champ, e.ici.as_ref()), &lignes(c, e.champ, Some(&e.la)));
            vec![Cellule::markup(case(e)), ici, la]
        }))
    });
    let a_choisir = source == AUTRE;
    let mut choix = if a_choisir { Vec::new() } else { vec![Choix::new("modele", "Modèle du type")] };
    if let Some((avant, _)) = c.vue.precedente.as_ref().filter(|_| !a_choisir) {
        choix.insert(0, Choix::new("precedente", format_args!("Même formation, session {avant}")));
    }
    let autres = view_lot(&requete.ctx, annee).await?.formations;
    choix.extend(autres.iter().filter(|(id, _)| *id != c.vue.id).map(|(id, nom)| Choix::new(id, nom)));
    let page = PageCopier {
        page: requete
            .page("Reprendre des informations")
            .session(&c.vue.session.libelle)
            .ariane(vec![
                super::lien_accueil(annee),
                super::lien_formations(annee),
                Lien::new(&c.vue.intitule.libelle, &retour),
            ])
            .en_erreur(!form.est_valide()),
        url: match rubrique {
            Some(r) => format!("{retour}/copier?source={source}&rubrique={}", r.code()),
            None => format!("{retour}/copier?source={source}"),
        },
        surtitre: format!("{} – {}", c.vue.intitule.libelle, c.vue.intitule.etablissement),
        nom: c.nom.clone(),
        compte: compte(c, rubrique),
        rien: rubrique.filter(|_| !a_choisir).and_then(|r| rien(c, r, source)),
        rubrique: rubrique.map(Rubrique::code),
        tableau,
        confirmer: (c.vue.a_confirmer && c.vue.ouverture(Rubrique::Caracteristiques).est_ouverte())
            .then(|| format!("/gestion/{annee}/lot?cocher={}", c.vue.id)),
        sources: Formulaire::default().avec("source", source),
        a_choisir,
        choix,
        retour,
        form,
    };
    Ok(rend(statut, &page))
}
