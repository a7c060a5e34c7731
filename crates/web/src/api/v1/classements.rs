//! `/api/v1/sessions/{annee}/groupes` and `…/internats`: the records of the candidates of a ranking group, or of those who ask for a
//! boarding school, and its ranking.

use app::AppError;
use app::classements::{
    GroupeVue, Nature, Noms, Objet, apply_import, export_classement, groupe_etat, preview_import, transmit,
};
use app::idempotence::Garde;
use axum::body::Bytes;
use axum::extract::Path;
use axum::http::{Method, StatusCode};
use domain::PublicId;
use domain::droits::Action;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa::openapi::Type;

use super::commun::{FauteLigne, RecepisseActe, avertissement, quand};
use crate::api::appel::{Appel, Corps, Criteres, annee, depassee, fait, id, json};
use crate::api::document::{Doc, Interface};
use crate::api::probleme::{Probleme, Rendu};
use crate::socle::{CSV as CSV_UTF8, fichier};

const CSV: &str = "text/csv";

/// What is ranked, for handlers that do the same of a group and of a boarding school.
pub trait Quoi: Send + Sync + 'static {
    const NATURE: Nature;
}

/// Ranking groups of courses.
pub struct Groupes;

/// Boarding schools.
pub struct Internats;

impl Quoi for Groupes {
    const NATURE: Nature = Nature::Groupe;
}

impl Quoi for Internats {
    const NATURE: Nature = Nature::Internat;
}

const DOSSIERS: &str = "Sans noms : un code à la place du numéro de dossier, le même d’un fichier à l’autre, que le classement \
                        reprend. Avec noms : la lecture de chaque dossier est consignée, et le nombre de fichiers limité.";

pub fn routes() -> Interface {
    let lire = Action::ConsulterDossiers;
    let groupes = Interface::default()
        .lit(
            "/api/v1/sessions/{annee}/groupes/{id}",
            lire,
            doc("lire_groupe", "Où en est le classement d’un groupe").rend::<Groupe>(),
            get_groupe,
        )
        .lit(
            "/api/v1/sessions/{annee}/groupes/{id}/dossiers",
            lire,
            dossiers("lire_dossiers", "Les candidats du groupe, dans l’ordre du classement, en CSV"),
            get_dossiers::<Groupes>,
        )
        .route(
            Method::POST,
            "/api/v1/sessions/{annee}/groupes/{id}/lecture",
            Some(Action::SaisirClassement),
            lecture(
                "relire_classement",
                "Lire un fichier de classement et dire ce que son application changerait",
            ),
            post_lecture::<Groupes>,
        )
        .route(
            Method::POST,
            "/api/v1/sessions/{annee}/groupes/{id}/application",
            Some(Action::SaisirClassement),
            acte("appliquer_classement", "Appliquer un fichier lu : il devient le classement, à transmettre")
                .recoit::<Application>(),
            post_application::<Groupes>,
        )
        .route(
            Method::POST,
            "/api/v1/sessions/{annee}/groupes/{id}/transmission",
            Some(Action::TransmettreClassement),
            acte("transmettre_classement", "Transmettre le classement, une fois pour toutes")
                .detail("Une formation sélective refuse ainsi les candidats qui ne sont pas classés.")
                .recoit::<Transmission>(),
            post_transmission::<Groupes>,
        );
    internats(groupes, lire)
}

/// R-API-11: the same of a boarding school, by a token that has the operation on every course that it serves.
fn internats(base: Interface, lire: Action) -> Interface {
    base.lit(
        "/api/v1/sessions/{annee}/internats/{id}",
        lire,
        doc("lire_internat", "Où en est le classement d’un internat")
            .detail(
                "Lire, classer et transmettre demandent l’opération voulue sur chacune des formations que l’internat sert.",
            )
            .rend::<InternatClasse>(),
        get_internat,
    )
    .lit(
        "/api/v1/sessions/{annee}/internats/{id}/dossiers",
        lire,
        dossiers("lire_demandes_internat", "Les demandes d’internat, dans l’ordre du classement, en CSV"),
        get_dossiers::<Internats>,
    )
    .route(
        Method::POST,
        "/api/v1/sessions/{annee}/internats/{id}/lecture",
        Some(Action::ClasserInternat),
        lecture("relire_internat", "Lire un fichier de classement d’un internat et dire ce qu’il changerait"),
        post_lecture::<Internats>,
    )
    .route(
        Method::POST,
        "/api/v1/sessions/{annee}/internats/{id}/application",
        Some(Action::ClasserInternat),
        acte("appliquer_internat", "Appliquer un fichier lu : il devient le classement de l’internat, à transmettre")
            .recoit::<Application>(),
        post_application::<Internats>,
    )
    .route(
        Method::POST,
        "/api/v1/sessions/{annee}/internats/{id}/transmission",
        Some(Action::TransmettreInternat),
        acte("transmettre_internat", "Transmettre le classement de l’internat, une fois pour toutes")
            .detail("Le dernier internat d’une formation classe tous ceux qui restent.")
            .recoit::<Transmission>(),
        post_transmission::<Internats>,
    )
}

fn doc(nom: &'static str, resume: &'static str) -> Doc {
    Doc::new("classements", nom, resume)
}

fn dossiers(nom: &'static str, resume: &'static str) -> Doc {
    doc(nom, resume)
        .detail(DOSSIERS)
        .critere("noms", "true : avec les noms et les numéros de dossier.", Type::Boolean)
        .rend_fichier(&[CSV])
}

fn lecture(nom: &'static str, resume: &'static str) -> Doc {
    doc(nom, resume).recoit_fichier(&[CSV]).rend::<LectureClassement>()
}

fn acte(nom: &'static str, resume: &'static str) -> Doc {
    doc(nom, resume).rend::<RecepisseActe>().version().cle().long()
}

/// Un groupe de classement.
#[derive(Serialize, ToSchema)]
struct Groupe {
    id: String,
    libelle: String,
    /// Identifiant public de la formation qui classe.
    formation: String,
    /// Tous ceux du groupe, classés ou non.
    candidats: usize,
    /// Ceux qui ont un rang.
    classes: usize,
    /// Des candidats peuvent rester sans rang.
    selective: bool,
    /// Rien à classer : tous sont appelés le premier jour.
    sans_classement: bool,
    #[serde(flatten)]
    avancement: Avancement,
}

/// Un internat qui classe.
#[derive(Serialize, ToSchema)]
struct InternatClasse {
    id: String,
    libelle: String,
    /// Identifiant public de l’établissement.
    etablissement: String,
    /// Formations servies.
    formations: Vec<String>,
    /// Demandes à classer ici.
    demandes: usize,
    /// Celles qui ont un rang.
    classees: usize,
    /// Demandes qu’un autre internat, transmis, classe.
    classees_ailleurs: usize,
    /// Autres internats des mêmes formations, encore à transmettre.
    a_transmettre_ailleurs: usize,
    #[serde(flatten)]
    avancement: Avancement,
}

/// Où en est un classement.
#[derive(Serialize, ToSchema)]
struct Avancement {
    /// Un ordre est enregistré et non transmis.
    brouillon: bool,
    #[schema(format = DateTime)]
    transmis_le: Option<String>,
    /// SHA-256 de la liste transmise, en hexadécimal.
    empreinte: Option<String>,
    /// L’ordre peut être modifié maintenant.
    peut_saisir: bool,
    /// L’ordre peut être transmis maintenant.
    peut_transmettre: bool,
    /// Pourquoi non.
    refus: Option<String>,
    /// Premier instant trop tard.
    #[schema(format = DateTime)]
    ferme: Option<String>,
}

impl From<&GroupeVue> for Avancement {
    fn from(g: &GroupeVue) -> Self {
        Self {
            brouillon: g.brouillon,
            transmis_le: g.transmis_le.map(quand),
            empreinte: g.empreinte.clone(),
            peut_saisir: g.peut_saisir,
            peut_transmettre: g.peut_transmettre,
            refus: g.refus.as_ref().map(app::messages::regle),
            ferme: g.ferme.map(quand),
        }
    }
}

type Chemin = Path<(String, String)>;

async fn etat<Q: Quoi>(appel: &Appel, a: i64, id: &PublicId) -> Result<GroupeVue, AppError> {
    groupe_etat(&appel.ctx, a, objet::<Q>(id)).await
}

fn objet<Q: Quoi>(id: &PublicId) -> Objet<'_> {
    Objet { nature: Q::NATURE, id: id.as_str() }
}

async fn get_groupe(appel: Appel, Path((a, g)): Chemin) -> Rendu {
    let g = etat::<Groupes>(&appel, annee(&a)?, &id(&g)?).await?;
    let avancement = Avancement::from(&g);
    json(
        &Groupe {
            id: g.public_id,
            libelle: g.libelle,
            formation: g.parent,
            candidats: g.candidats,
            classes: g.classes,
            selective: g.selective,
            sans_classement: g.sans_classement,
            avancement,
        },
        Some(g.version),
    )
}

async fn get_internat(appel: Appel, Path((a, g)): Chemin) -> Rendu {
    let g = etat::<Internats>(&appel, annee(&a)?, &id(&g)?).await?;
    let avancement = Avancement::from(&g);
    json(
        &InternatClasse {
            id: g.public_id,
            libelle: g.libelle,
            etablissement: g.parent,
            formations: g.formations_communes,
            demandes: g.candidats,
            classees: g.classes,
            classees_ailleurs: g.ailleurs,
            a_transmettre_ailleurs: g.attendus,
            avancement,
        },
        Some(g.version),
    )
}

/// With or without names.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Choix {
    #[serde(default)]
    noms: bool,
}

async fn get_dossiers<Q: Quoi>(appel: Appel, Path((a, g)): Chemin, Criteres(c): Criteres<Choix>) -> Rendu {
    let noms = if c.noms { Noms::Avec } else { Noms::Sans };
    let e = export_classement(&appel.ctx, annee(&a)?, objet::<Q>(&id(&g)?), noms).await?;
    Ok(fichier(&e.nom_fichier, CSV_UTF8, e.octets))
}

/// Ce que ferait l’application d’un fichier.
#[derive(Serialize, ToSchema)]
struct LectureClassement {
    /// Une seule refuse tout le fichier ; les premières.
    fautes: Vec<FauteLigne>,
    /// Toutes.
    total_fautes: u64,
    /// Ils n’empêchent rien.
    avertissements: Vec<String>,
    /// Candidats que le fichier classe.
    classes: usize,
    /// Candidats du groupe qu’il ne classe pas.
    non_classes: usize,
    /// Candidats dont le rang changerait.
    changes: usize,
    /// Pour l’appliquer ; null : refusé.
    fichier: Option<String>,
    /// À renvoyer dans If-Match pour l’appliquer.
    version: String,
}

async fn post_lecture<Q: Quoi>(appel: Appel, Path((a, g)): Chemin, octets: Bytes) -> Rendu {
    if appel.genre() != CSV {
        let quoi = format!("Envoyez un fichier : Content-Type: {CSV}.");
        return Err(Probleme::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "format", quoi));
    }
    let l = preview_import(&appel.ctx, annee(&a)?, objet::<Q>(&id(&g)?), "classement.csv", &octets).await?;
    json(
        &LectureClassement {
            fautes: l.fautes.iter().map(|f| FauteLigne::new("", f)).collect(),
            total_fautes: l.total_fautes,
            avertissements: l.avertissements.iter().map(avertissement).collect(),
            classes: l.classes,
            non_classes: l.non_classes,
            changes: l.changes,
            fichier: l.fichier,
            version: format!("\"v{}\"", l.version),
        },
        None,
    )
}

/// Un fichier à appliquer.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Application {
    /// Tel que la lecture du fichier l’a donné.
    fichier: String,
}

/// The stale version told apart.
async fn refuse<Q: Quoi>(
    appel: &Appel,
    (a, g): (i64, &PublicId),
    e: AppError,
    garde: &Garde,
) -> Box<Probleme> {
    let actuelle = etat::<Q>(appel, a, g).await.ok().map(|g| g.version);
    depassee(e, garde, actuelle)
}

async fn post_application<Q: Quoi>(
    appel: Appel,
    Path((a, g)): Chemin,
    Corps(c): Corps<Application>,
) -> Rendu {
    let garde = appel.garde_acte(true)?;
    let (a, g) = (annee(&a)?, id(&g)?);
    match apply_import(&appel.ctx, &garde, a, objet::<Q>(&g), &c.fichier).await {
        Ok(r) => Ok(fait(json(&RecepisseActe::from(&r), None)?, &r)),
        Err(e) => Err(refuse::<Q>(&appel, (a, &g), e, &garde).await),
    }
}

/// L’engagement sans lequel rien n’est transmis.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Transmission {
    /// La liste a été vérifiée : true.
    engagement: bool,
}

async fn post_transmission<Q: Quoi>(
    appel: Appel,
    Path((a, g)): Chemin,
    Corps(c): Corps<Transmission>,
) -> Rendu {
    let garde = appel.garde_acte(true)?;
    let (a, g) = (annee(&a)?, id(&g)?);
    match transmit(&appel.ctx, &garde, a, objet::<Q>(&g), c.engagement).await {
        Ok(r) => Ok(fait(json(&RecepisseActe::from(&r), None)?, &r)),
        Err(e) => Err(refuse::<Q>(&appel, (a, &g), e, &garde).await),
    }
}
