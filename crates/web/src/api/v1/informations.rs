//! `/api/v1/sessions/{annee}`: what an establishment is told. News with what they carry, notes and guides, charter, note on the data of
//! the files, technical calendar: what whoever gave the token reads by what they are over the establishment (R-API-12).

use app::actualites::{Actualite, read_actualite, view_fil};
use app::charte::view_charte;
use app::donnees::{NoteDonnees, view_note};
use app::echeances::agenda_technique;
use app::references::{DocumentReference, list_references, read_reference};
use axum::extract::Path;
use domain::donnees::Donnee;
use domain::droits::Action;
use serde::Serialize;
use utoipa::ToSchema;

use super::commun::instant;
use crate::api::appel::{Appel, annee, id, json};
use crate::api::document::{Doc, Interface};
use crate::api::probleme::Rendu;
use crate::components::signature;
use crate::socle::{CALENDRIER, document, fichier};

pub fn routes() -> Interface {
    let lire = Action::ConsulterInformations;
    let doc = |nom, resume| Doc::new("informations", nom, resume);
    Interface::default()
        .lit(
            "/api/v1/sessions/{annee}/actualites",
            lire,
            doc(
                "lister_actualites",
                "Le Fil info adressé à l’établissement, l’information publiée en dernier d’abord",
            )
            .rend::<Actualites>(),
            get_actualites,
        )
        .lit(
            "/api/v1/sessions/{annee}/actualites/{id}",
            lire,
            doc("lire_actualite", "Une information, son texte et ce qu’elle porte")
                .detail(
                    "Lue par un logiciel, elle n’est pas marquée comme lue par la personne qui a donné le \
                     jeton.",
                )
                .rend::<ActualiteEntiere>(),
            get_actualite,
        )
        .lit(
            "/api/v1/sessions/{annee}/documents",
            lire,
            doc(
                "lister_documents",
                "Les notes et les guides adressés à l’établissement, le dernier déposé d’abord",
            )
            .rend::<DocumentsDeReference>(),
            get_documents,
        )
        .lit(
            "/api/v1/sessions/{annee}/documents/{id}/fichier",
            lire,
            doc("lire_document", "Le fichier d’un document, ou de ce que porte une information")
                .detail("Celui du dernier dépôt : son empreinte, dans les listes, dit s’il est à relire.")
                .rend_fichier(&["application/pdf"]),
            get_fichier,
        )
        .lit(
            "/api/v1/sessions/{annee}/charte",
            lire,
            doc("lire_charte", "La charte de la procédure, et où en est l’établissement")
                .detail("Elle s’accepte à l’écran, par le chef d’établissement.")
                .rend::<CharteDeLaProcedure>(),
            get_charte,
        )
        .lit(
            "/api/v1/sessions/{annee}/donnees",
            lire,
            doc("lire_note_donnees", "Ce que les dossiers des candidats disent aux commissions cette année")
                .rend::<NoteSurLesDonnees>(),
            get_donnees,
        )
        .lit(
            "/api/v1/sessions/{annee}/calendrier.ics",
            lire,
            doc("lire_calendrier_technique", "Toutes les étapes de la procédure, pour un agenda")
                .rend_fichier(&["text/calendar"]),
            get_calendrier,
        )
}

/// Une information.
#[derive(Serialize, ToSchema)]
struct ActualiteListee {
    /// Identifiant public, dans les adresses.
    id: String,
    titre: String,
    /// Qui parle.
    de: String,
    #[schema(format = DateTime)]
    publiee_le: String,
    /// Premier instant où elle n’est plus montrée, quand il est fixé.
    #[schema(format = DateTime)]
    retiree_le: Option<String>,
    /// Dernière correction depuis sa publication.
    #[schema(format = DateTime)]
    corrigee_le: Option<String>,
}

impl From<&Actualite> for ActualiteListee {
    fn from(a: &Actualite) -> Self {
        Self {
            id: a.id.as_str().to_owned(),
            titre: a.titre.clone(),
            de: signature(a.emetteur, &a.audience),
            publiee_le: instant(a.publiee_le),
            retiree_le: a.retiree_le.map(instant),
            corrigee_le: a.corrigee_le.map(instant),
        }
    }
}

/// Le Fil info.
#[derive(Serialize, ToSchema)]
struct Actualites {
    actualites: Vec<ActualiteListee>,
}

async fn get_actualites(appel: Appel, Path(a): Path<String>) -> Rendu {
    let fil = view_fil(&appel.ctx, annee(&a)?).await?;
    json(&Actualites { actualites: fil.actualites.iter().map(ActualiteListee::from).collect() }, None)
}

/// Un document de référence.
#[derive(Serialize, ToSchema)]
struct DocumentListe {
    /// Identifiant public, dans les adresses.
    id: String,
    titre: String,
    /// `note`, `guide` ou `piece`.
    nature: &'static str,
    /// Code du thème.
    theme: &'static str,
    libelle_theme: &'static str,
    /// Qui l’a déposé.
    de: String,
    /// Dépôt du fichier, à partir de 1.
    version: i64,
    #[schema(format = DateTime)]
    depose_le: String,
    nom_fichier: String,
    octets: i64,
    /// SHA-256 du fichier, en hexadécimal.
    empreinte: String,
}

impl From<&DocumentReference> for DocumentListe {
    fn from(d: &DocumentReference) -> Self {
        Self {
            id: d.id.as_str().to_owned(),
            titre: d.titre.clone(),
            nature: d.nature.code(),
            theme: d.theme.code(),
            libelle_theme: d.theme.libelle(),
            de: signature(d.emetteur, &d.audience),
            version: d.fichier.numero,
            depose_le: instant(d.fichier.depose_le),
            nom_fichier: d.fichier.nom.clone(),
            octets: d.fichier.taille,
            empreinte: d.fichier.empreinte.clone(),
        }
    }
}

/// Une information entière.
#[derive(Serialize, ToSchema)]
struct ActualiteEntiere {
    information: ActualiteListee,
    /// Texte simple, avec des marques légères : titres, listes, liens.
    texte: String,
    /// Ce qu’elle porte, par titre.
    pieces: Vec<DocumentListe>,
}

type Chemin = Path<(String, String)>;

async fn get_actualite(appel: Appel, Path((a, i)): Chemin) -> Rendu {
    let l = read_actualite(&appel.ctx, annee(&a)?, &id(&i)?).await?;
    let pieces = l.pieces.iter().map(DocumentListe::from).collect();
    json(&ActualiteEntiere { information: ActualiteListee::from(&l.actualite), texte: l.texte, pieces }, None)
}

/// Les notes et les guides.
#[derive(Serialize, ToSchema)]
struct DocumentsDeReference {
    documents: Vec<DocumentListe>,
}

async fn get_documents(appel: Appel, Path(a): Path<String>) -> Rendu {
    let b = list_references(&appel.ctx, annee(&a)?).await?;
    json(&DocumentsDeReference { documents: b.documents.iter().map(DocumentListe::from).collect() }, None)
}

async fn get_fichier(appel: Appel, Path((a, d)): Chemin) -> Rendu {
    let (nom, octets) = read_reference(&appel.ctx, annee(&a)?, &id(&d)?).await?;
    Ok(document(&nom, "application/pdf", octets))
}

/// Une version de la charte.
#[derive(Serialize, ToSchema)]
struct VersionCharte {
    /// À partir de 1.
    numero: i64,
    #[schema(format = DateTime)]
    publiee_le: String,
    /// Texte simple, avec des marques légères.
    texte: String,
}

/// Où en est un établissement.
#[derive(Serialize, ToSchema)]
struct EngagementCharte {
    /// Identifiant public de l’établissement.
    etablissement: String,
    nom: String,
    /// Quand la version en vigueur a été acceptée ; null : elle ne l’est pas, et rien ne se publie.
    #[schema(format = DateTime)]
    acceptee_le: Option<String>,
}

/// La charte de la procédure.
#[derive(Serialize, ToSchema)]
struct CharteDeLaProcedure {
    /// Celle en vigueur d’abord ; vide : la session n’en a pas.
    versions: Vec<VersionCharte>,
    etablissements: Vec<EngagementCharte>,
}

async fn get_charte(appel: Appel, Path(a): Path<String>) -> Rendu {
    let c = view_charte(&appel.ctx, annee(&a)?).await?;
    let versions = c.versions.into_iter().map(|v| VersionCharte {
        numero: v.numero,
        publiee_le: instant(v.publiee_le),
        texte: v.texte,
    });
    // R-ETA-03: when it was accepted, and never by whom.
    let etablissements = c.etablissements.into_iter().map(|e| EngagementCharte {
        etablissement: e.id,
        nom: e.nom,
        acceptee_le: e.acceptee.map(|(_, le)| instant(le)),
    });
    let charte =
        CharteDeLaProcedure { versions: versions.collect(), etablissements: etablissements.collect() };
    json(&charte, None)
}

/// Une donnée des dossiers.
#[derive(Serialize, ToSchema)]
struct DonneeTransmise {
    /// Code stable.
    code: &'static str,
    /// Titre de sa colonne dans le fichier des dossiers.
    libelle: &'static str,
    definition: &'static str,
    /// Unité, ou valeurs possibles.
    unite: &'static str,
    provenance: &'static str,
    /// Source gardée pour cette session ; vide : aucune n’est dite.
    source: String,
    /// Ce qu’une commission peut en faire.
    usage: &'static str,
}

/// La note sur les données des dossiers.
#[derive(Serialize, ToSchema)]
struct NoteSurLesDonnees {
    donnees: Vec<DonneeTransmise>,
    /// Année de la session d’avant, quand toutes deux ont une note.
    precedente: Option<i64>,
    /// Codes de ce qu’elle transmettait et qui ne l’est plus : les critères ne doivent pas s’y appuyer.
    retirees: Vec<&'static str>,
    /// Codes de ce qui est transmis depuis cette session.
    nouvelles: Vec<&'static str>,
}

fn note(n: &NoteDonnees) -> NoteSurLesDonnees {
    let codes = |liste: &[Donnee]| liste.iter().map(|d| d.code()).collect();
    NoteSurLesDonnees {
        donnees: n
            .transmises
            .iter()
            .map(|(d, source)| DonneeTransmise {
                code: d.code(),
                libelle: d.libelle(),
                definition: d.definition(),
                unite: d.unite(),
                provenance: d.provenance(),
                source: source.clone(),
                usage: d.usage().libelle(),
            })
            .collect(),
        precedente: n.precedente,
        retirees: codes(&n.retirees),
        nouvelles: codes(&n.nouvelles),
    }
}

async fn get_donnees(appel: Appel, Path(a): Path<String>) -> Rendu {
    json(&note(&view_note(&appel.ctx, annee(&a)?).await?), None)
}

async fn get_calendrier(appel: Appel, Path(a): Path<String>) -> Rendu {
    let a = annee(&a)?;
    let octets = agenda_technique(&appel.ctx, a).await?;
    Ok(fichier(&format!("calendrier-technique-{a}.ics"), CALENDRIER, octets))
}
