//! Documents of reference: notes and guides that the national team and the academic services deposit, read by those whom they concern
//! (R-REF-01), and what the items of the Fil info carry.

mod deposer;
mod fichier;

pub use deposer::{
    Depot, Depots, FicheDepot, correct_reference, deposit_reference, list_depots, retire_reference,
    view_depot,
};
pub(crate) use fichier::require_sain;

use std::collections::BTreeSet;

use domain::PublicId;
use domain::actualites::{Audience, Emetteur};
use domain::droits::{Action, scope_session};
use domain::references::{Nature, Theme, is_read_by};
use store::Sql;
use store::actualites as fil;
use store::references::{self as base, LigneReference, LigneVersion};

use crate::actualites::{own_situations, readable as readable_items};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::sessions::{self, SessionAdmission};

/// A file of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FichierReference {
    /// From 1.
    pub numero: i64,
    /// Milliseconds of the campaign.
    pub depose_le: i64,
    /// As it downloads.
    pub nom: String,
    /// Bytes.
    pub taille: i64,
    /// SHA-256, in hexadecimal.
    pub empreinte: String,
}

impl From<&LigneVersion> for FichierReference {
    fn from(v: &LigneVersion) -> Self {
        let LigneVersion { numero, depose_le, nom, taille, empreinte } = v.clone();
        Self { numero, depose_le, nom, taille, empreinte }
    }
}

/// A document, with its last file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentReference {
    /// In its address.
    pub id: PublicId,
    /// What it is for.
    pub nature: Nature,
    /// What it is about.
    pub theme: Theme,
    /// One line.
    pub titre: String,
    /// Who deposited it.
    pub emetteur: Emetteur,
    /// Whom it concerns.
    pub audience: Audience,
    /// Taken down at this instant (milliseconds of the campaign).
    pub retire_le: Option<i64>,
    /// The one that is read.
    pub fichier: FichierReference,
}

impl DocumentReference {
    fn new(l: &LigneReference) -> Result<Self, AppError> {
        Ok(Self {
            id: PublicId::parse(&l.public_id).ok_or(AppError::NotFound)?,
            nature: l.nature,
            theme: l.theme,
            titre: l.titre.clone(),
            emetteur: l.emetteur,
            audience: l.audience.clone(),
            retire_le: l.retire_le,
            fichier: FichierReference {
                numero: l.numero,
                depose_le: l.depose_le,
                nom: l.nom.clone(),
                taille: l.taille,
                empreinte: l.empreinte.clone(),
            },
        })
    }
}

/// The notes and guides that a person reads in a session.
#[derive(Debug, Clone)]
pub struct Bibliotheque {
    /// The one of the address, open or archived.
    pub session: SessionAdmission,
    /// The last deposited first.
    pub documents: Vec<DocumentReference>,
    /// The person deposits too.
    pub depose: bool,
}

/// Those that the person reads: notes and guides, and, with `pieces`, what the items that they read carry.
async fn readable(
    c: &impl Sql,
    ctx: &Ctx,
    session: i64,
    pieces: bool,
) -> Result<Vec<LigneReference>, AppError> {
    let siennes = own_situations(c, ctx, session).await?;
    let mut portees = BTreeSet::new();
    if pieces {
        let par_actualite = fil::pieces(c, session).await?;
        for l in readable_items(c, ctx, session).await?.0 {
            portees.extend(par_actualite.get(&l.id).into_iter().flatten().copied());
        }
    }
    let mut lignes = base::references(c, session).await?;
    lignes.retain(|l| {
        is_read_by(l.nature, &l.audience, l.retire_le.is_some(), &siennes, portees.contains(&l.id))
    });
    Ok(lignes)
}

/// The notes and guides, as this person reads them.
///
/// # Errors
/// [`AppError::NotFound`] for a session that does not exist, [`AppError::Denied`] for those who have no Fil info.
pub async fn list_references(ctx: &Ctx, annee: i64) -> Result<Bibliotheque, AppError> {
    let db = &ctx.app.db;
    let session = sessions::session(db, annee).await?;
    scope_session(&ctx.acteur, Action::ConsulterInformations, session.id)?;
    let lignes = readable(db, ctx, session.id, false).await?;
    Ok(Bibliotheque {
        documents: lignes.iter().map(DocumentReference::new).collect::<Result<_, _>>()?,
        depose: !session.archivee
            && scope_session(&ctx.acteur, Action::PublierInformation, session.id).is_ok(),
        session,
    })
}

/// R-REF-06: the notes and guides of these themes that the person reads in the session of a year, the last deposited first: for the
/// screens that they explain. Nothing for those who have no Fil info, nor for a year without a session.
///
/// # Errors
/// When the database refuses.
pub async fn list_on_screen(
    ctx: &Ctx,
    annee: i64,
    themes: &[Theme],
) -> Result<Vec<DocumentReference>, AppError> {
    let db = &ctx.app.db;
    let Some(session) = store::sessions::by_annee(db, annee).await?.map(|s| s.id) else {
        return Ok(Vec::new());
    };
    if scope_session(&ctx.acteur, Action::ConsulterInformations, session).is_err() {
        return Ok(Vec::new());
    }
    // Most screens have none: who the person is is then not looked for.
    let mut lignes = base::references(db, session).await?;
    lignes.retain(|l| themes.contains(&l.theme));
    if lignes.is_empty() {
        return Ok(Vec::new());
    }
    let siennes = own_situations(db, ctx, session).await?;
    lignes.retain(|l| is_read_by(l.nature, &l.audience, l.retire_le.is_some(), &siennes, false));
    lignes.iter().map(DocumentReference::new).collect()
}

/// What the person may join to an item: what their service deposited, and the notes and guides that they read, by title.
///
/// # Errors
/// [`AppError::Denied`] for those who do not publish.
pub(crate) async fn joinable(
    c: &impl Sql,
    ctx: &Ctx,
    session: i64,
) -> Result<Vec<(LigneReference, DocumentReference)>, AppError> {
    let scope = scope_session(&ctx.acteur, Action::PublierInformation, session)?;
    let lues: BTreeSet<i64> = readable(c, ctx, session, false).await?.iter().map(|l| l.id).collect();
    let mut lignes = base::references(c, session).await?;
    lignes.retain(|l| l.retire_le.is_none() && (lues.contains(&l.id) || deposer::changed_by(&scope, l)));
    lignes.sort_by(|a, b| a.titre.cmp(&b.titre));
    lignes.into_iter().map(|l| DocumentReference::new(&l).map(|d| (l, d))).collect()
}

/// What an item carries, by title; for whoever reads the item.
pub(crate) async fn list_carried(
    c: &impl Sql,
    session: i64,
    actualite: i64,
) -> Result<Vec<DocumentReference>, AppError> {
    let portees = fil::pieces(c, session).await?.remove(&actualite).unwrap_or_default();
    if portees.is_empty() {
        return Ok(Vec::new());
    }
    let lignes = base::references(c, session).await?;
    let mut documents: Vec<DocumentReference> = lignes
        .iter()
        .filter(|l| portees.contains(&l.id))
        .map(DocumentReference::new)
        .collect::<Result<_, _>>()?;
    documents.sort_by(|a, b| a.titre.cmp(&b.titre));
    Ok(documents)
}

/// The last file of a document: its name, its bytes. Whoever may change the document reads it too.
///
/// # Errors
/// [`AppError::NotFound`] for a document that does not exist or concerns others; [`AppError::Denied`].
pub async fn read_reference(ctx: &Ctx, annee: i64, id: &PublicId) -> Result<(String, Vec<u8>), AppError> {
    let db = &ctx.app.db;
    let session = sessions::session(db, annee).await?;
    scope_session(&ctx.acteur, Action::ConsulterInformations, session.id)?;
    let lue = readable(db, ctx, session.id, true).await?.into_iter().find(|l| l.public_id == id.as_str());
    let ligne = match lue {
        Some(ligne) => ligne,
        None => deposer::own(db, ctx, session.id, id).await?,
    };
    let octets = ctx.app.depot.get(&ligne.empreinte).await.map_err(AppError::internal)?;
    Ok((ligne.nom, octets))
}
