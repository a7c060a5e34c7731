//! `/api/v1/sessions/{annee}/formations/{id}/publication`: submitting a course, or many, to the academic service, publishing it, and
//! what it said over time.

use app::AppError;
use app::formations::{
    Bilan, VueDescription, compare_versions, publish_formation, submit_formation, submit_formations,
    view_description, view_parametrage, view_soumission,
};
use app::idempotence::Recepisse;
use axum::extract::Path;
use axum::http::Method;
use domain::droits::Action;
use domain::formations::Remarque;
use domain::formations::description::Description;
use domain::grille::Constat;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa::openapi::Type;

use super::commun::{FormationLaissee, FormationLue, RecepisseActe, aucune, instant, lues};
use crate::api::appel::{Appel, Corps, Criteres, annee, depassee, fait, id, json};
use crate::api::document::{Doc, Interface};
use crate::api::probleme::{Probleme, Rendu};

pub fn routes() -> Interface {
    let (lire, publier) = (Action::ConsulterParametrage, Action::PublierFormation);
    let doc = |nom, resume| Doc::new("publication", nom, resume);
    Interface::default()
        .lit(
            "/api/v1/sessions/{annee}/formations/{id}/publication",
            lire,
            doc("lire_publication", "Ce qui manque avant de publier, et la version qui serait publiée")
                .detail(
                    "« constats » : ce que trouve la relecture de la grille enregistrée (règles B1 à B7 et A1 à A8), puis, sans rien \
                     empêcher, les pièces demandées que la plateforme transmet déjà et ce que la formation dit quand son \
                     établissement répond le contraire. Pour relire une grille sans l’enregistrer, envoyez-la dans un fichier à la \
                     lecture du classeur.",
                )
                .rend::<APublier>(),
            get_publication,
        )
        .route(
            Method::POST,
            "/api/v1/sessions/{annee}/formations/{id}/publication",
            Some(publier),
            doc("publier", "Publier le brouillon").rend::<RecepisseActe>().version().cle(),
            post_publication,
        )
        .route(
            Method::POST,
            "/api/v1/sessions/{annee}/formations/{id}/soumission",
            Some(publier),
            doc("soumettre", "Soumettre le brouillon au contrôle du service académique")
                .rend::<RecepisseActe>()
                .version()
                .cle(),
            post_soumission,
        )
        .route(
            Method::POST,
            "/api/v1/sessions/{annee}/formations/soumission",
            Some(publier),
            doc("soumettre_formations", "Soumettre plusieurs formations au contrôle du service académique")
                .detail(
                    "Demande l’opération « Publication » sur chacune. Chaque formation est nommée avec la version qui a été lue ; \
                     celle qui a changé depuis est laissée de côté, avec `a_relire`. Celles qui sont prêtes partent, sous un seul \
                     récépissé ; chacune des autres reste telle quelle et dit tout ce qui l’en empêche. Une formation dont la \
                     grille est à relire se soumet seule. Si aucune n’est prête, rien n’est fait : la réponse est 422, avec le \
                     code `aucune_soumise` et, dans « champs », ce qui retient chaque formation.",
                )
                .recoit::<FormationsASoumettre>()
                .rend::<SoumissionFaite>()
                .cle(),
            post_soumissions,
        )
        .lit(
            "/api/v1/sessions/{annee}/formations/{id}/publications",
            lire,
            doc("lister_publications", "Les publications, et ce qui change de l’une à l’autre")
                .critere("de", "Numéro de la plus ancienne comparée.", Type::Integer)
                .critere("a", "Numéro de la plus récente comparée.", Type::Integer)
                .rend::<Publications>(),
            get_publications,
        )
}

type Chemin = Path<(String, String)>;

/// Ce que ferait la publication.
#[derive(Serialize, ToSchema)]
struct APublier {
    /// Version du brouillon, celle de l’ETag : va avec la formation quand on la nomme avec d’autres.
    version: i64,
    /// Le brouillon diffère de ce que lit le public.
    a_publier: bool,
    /// Libellés des champs qui diffèrent.
    differences: Vec<&'static str>,
    /// Ce qui l’empêche.
    manques: Vec<&'static str>,
    /// Ce que trouve la relecture de la grille, ce qui empêche de publier d’abord, puis ce qui est à savoir du reste.
    constats: Vec<ConstatFormation>,
}

/// Ce que la relecture trouve dans la formation.
#[derive(Serialize, ToSchema)]
struct ConstatFormation {
    /// Le champ de la grille et le critère, ou un autre champ de la description.
    champ: String,
    /// Règle de la grille (« B4 »), ou ce qui est à savoir (« bulletins_transmis », « internat_contredit »).
    code: &'static str,
    /// Rien n’est publié tant que ce n’est pas corrigé.
    bloquant: bool,
    /// Les mots relevés ; aucun pour ce qui manque, ou pour un nombre.
    mots: Vec<String>,
    /// Ce qui ne va pas.
    message: String,
    /// Le texte d’où vient la règle.
    pourquoi: &'static str,
    /// Ce qui est proposé.
    correction: String,
}

/// R-CGE-01 to 17 and 19, as the page of the grid tells them.
fn de_la_grille(d: &Description) -> Vec<ConstatFormation> {
    let Some(grille) = d.grille_saisie() else { return Vec::new() };
    let mut trouves = d.constats();
    trouves.sort_by_key(Constat::rang);
    let dit = |c: &Constat| ConstatFormation {
        champ: d.lieu_constat(c),
        code: c.regle.code(),
        bloquant: c.regle.prevents_publication(),
        mots: c.mots(&grille),
        message: c.quoi.clone(),
        pourquoi: c.pourquoi(),
        correction: c.correction.clone(),
    };
    trouves.iter().map(dit).collect()
}

/// The same, then R-FOR-31 and R-FOR-40, as the pages tell them.
fn constats(v: &VueDescription) -> Vec<ConstatFormation> {
    let dit = |r: &Remarque| ConstatFormation {
        champ: r.libelle().to_owned(),
        code: r.code(),
        bloquant: false,
        mots: r.mots().to_vec(),
        message: r.message(),
        pourquoi: r.pourquoi(),
        correction: r.correction(),
    };
    let mut tous = de_la_grille(&v.description);
    tous.extend(v.remarques().iter().map(dit));
    tous
}

async fn get_publication(appel: Appel, Path((a, f)): Chemin) -> Rendu {
    let (a, f) = (annee(&a)?, id(&f)?);
    let v = view_parametrage(&appel.ctx, a, &f).await?;
    let dite = view_description(&appel.ctx, a, &f).await?;
    let vue = APublier {
        version: v.version_publication,
        a_publier: v.a_publier,
        differences: v.differences.clone(),
        manques: v.manques.clone(),
        constats: constats(&dite),
    };
    json(&vue, Some(v.version_publication))
}

async fn post_publication(appel: Appel, Path((a, f)): Chemin) -> Rendu {
    let garde = appel.garde_acte(true)?;
    let (a, f) = (annee(&a)?, id(&f)?);
    match publish_formation(&appel.ctx, &garde, a, &f).await {
        Ok(r) => Ok(fait(json(&RecepisseActe::from(&r), None)?, &r)),
        Err(e) => {
            let actuelle = view_parametrage(&appel.ctx, a, &f).await.ok().map(|v| v.version_publication);
            Err(depassee(e, &garde, actuelle))
        }
    }
}

async fn post_soumission(appel: Appel, Path((a, f)): Chemin) -> Rendu {
    let garde = appel.garde_acte(true)?;
    let (a, f) = (annee(&a)?, id(&f)?);
    match submit_formation(&appel.ctx, &garde, a, &f).await {
        Ok(r) => Ok(fait(json(&RecepisseActe::from(&r), None)?, &r)),
        Err(e) => {
            let actuelle = view_parametrage(&appel.ctx, a, &f).await.ok().map(|v| v.version_publication);
            Err(depassee(e, &garde, actuelle))
        }
    }
}

/// Formations à soumettre ensemble.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct FormationsASoumettre {
    /// Chacune une fois.
    formations: Vec<FormationLue>,
}

/// Ce qu’une soumission de plusieurs formations a fait.
#[derive(Serialize, ToSchema)]
struct SoumissionFaite {
    recepisse: RecepisseActe,
    /// Identifiants publics de celles qui sont soumises.
    soumises: Vec<String>,
    /// Les autres, dans l’ordre de la demande.
    laissees: Vec<FormationLaissee>,
}

impl SoumissionFaite {
    fn new(recepisse: &Recepisse, bilan: Bilan) -> Self {
        Self {
            recepisse: RecepisseActe::from(recepisse),
            soumises: bilan.faites,
            laissees: bilan.laissees.into_iter().map(FormationLaissee::from).collect(),
        }
    }
}

/// R-CTL-08: none was ready, and nothing was done. `bilan`: all of those of the call, in its order.
fn aucune_soumise(bilan: &Bilan) -> Box<Probleme> {
    let detail = format!("{} « champs » dit pourquoi, formation par formation.", bilan.dit_aucune());
    aucune("aucune_soumise", detail, bilan)
}

async fn post_soumissions(
    appel: Appel,
    Path(a): Path<String>,
    Corps(c): Corps<FormationsASoumettre>,
) -> Rendu {
    let garde = appel.garde_acte(false)?;
    let choisies = lues(&appel, &c.formations)?;
    match submit_formations(&appel.ctx, &garde, annee(&a)?, &choisies).await? {
        Ok(r) => {
            // From the receipt: the same call made again reads what the first one did.
            let bilan = view_soumission(&appel.ctx, &r.numero).await?.ok_or(AppError::NotFound)?;
            Ok(fait(json(&SoumissionFaite::new(&r, bilan), None)?, &r))
        }
        Err(bilan) => Err(aucune_soumise(&bilan)),
    }
}

/// Two publications to compare.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Choix {
    de: Option<i64>,
    a: Option<i64>,
}

/// Une publication.
#[derive(Serialize, ToSchema)]
struct PublicationListee {
    /// À partir de 1.
    numero: i64,
    #[schema(format = DateTime)]
    publiee_le: String,
}

/// Un champ qui change de l’une à l’autre.
#[derive(Serialize, ToSchema)]
struct ChampChange {
    libelle: String,
    /// Ligne à ligne.
    avant: Vec<String>,
    apres: Vec<String>,
}

/// Les publications d’une formation.
#[derive(Serialize, ToSchema)]
struct Publications {
    /// La plus récente d’abord.
    publications: Vec<PublicationListee>,
    /// Numéros comparés.
    de: i64,
    a: i64,
    champs: Vec<ChampChange>,
}

async fn get_publications(appel: Appel, Path((a, f)): Chemin, Criteres(c): Criteres<Choix>) -> Rendu {
    let v = compare_versions(&appel.ctx, annee(&a)?, &id(&f)?, (c.de, c.a)).await?;
    let publications = v
        .publications
        .iter()
        .map(|(numero, ms)| PublicationListee { numero: *numero, publiee_le: instant(*ms) })
        .collect();
    let champs = v
        .champs
        .iter()
        .map(|c| ChampChange {
            libelle: c.libelle.to_string(),
            avant: c.avant.clone(),
            apres: c.apres.clone(),
        })
        .collect();
    json(&Publications { publications, de: v.de, a: v.a, champs }, None)
}
