//! Where a service deposits, corrects and takes down its documents.

use domain::actualites::Emetteur;
use domain::droits::{Action, Permit, Scope, scope_session};
use domain::references::Notice;
use domain::{PublicId, RuleViolation};
use serde_json::json;
use store::Sql;
use store::fichiers::{NouveauDepot, insert_fichier};
use store::references::{self as base, LigneReference};

use super::fichier::{self, Recu};
use super::{DocumentReference, FichierReference};
use crate::actualites::{academies_of, right};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::idempotence::{self, Garde, Recepisse, hash};
use crate::journal::{Acte, record};
use crate::sessions::{self, SessionAdmission};

/// What the files of documents may serve for.
const USAGE: &str = "document_reference";

/// The documents that a person may change, the last deposited first.
#[derive(Debug, Clone)]
pub struct Depots {
    /// The one of the address.
    pub session: SessionAdmission,
    /// Codes of the academies that the person may name; `None`: all of them, or none.
    pub academies: Option<Vec<String>>,
    /// Those taken down too.
    pub documents: Vec<DocumentReference>,
}

/// A document in the form that corrects it, or the empty form.
#[derive(Debug, Clone)]
pub struct FicheDepot {
    /// The one of the address.
    pub session: SessionAdmission,
    /// As in [`Depots`].
    pub academies: Option<Vec<String>>,
    /// `None` for a new one.
    pub document: Option<DocumentReference>,
    /// Of what is said of it: expected when it is saved.
    pub version: i64,
    /// The last first.
    pub fichiers: Vec<FichierReference>,
}

/// A document as its author gives it.
#[derive(Debug, Clone)]
pub struct Depot<'a> {
    /// What is said of it, not checked yet.
    pub notice: Notice,
    /// Name and bytes; `None`: the file stays the one before.
    pub fichier: Option<(&'a str, &'a [u8])>,
}

impl Depot<'_> {
    /// What is asked for: the same sent twice is done once.
    fn demande(&self, acte: &str, annee: i64, id: &str) -> String {
        let fichier = self.fichier.map_or_else(String::new, |(nom, octets)| {
            format!("{nom}|{}", hash(&data_encoding::HEXLOWER.encode(octets)))
        });
        format!("{acte}|{annee}|{id}|{}|{fichier}", hash(&format!("{:?}", self.notice)))
    }
}

pub(super) fn changed_by(scope: &Scope, l: &LigneReference) -> bool {
    l.emetteur.check(scope.portee(), &l.audience).is_ok()
}

/// A document that the person may change.
pub(super) async fn own(
    c: &impl Sql,
    ctx: &Ctx,
    session: i64,
    id: &PublicId,
) -> Result<LigneReference, AppError> {
    let scope =
        scope_session(&ctx.acteur, Action::PublierInformation, session).map_err(|_| AppError::NotFound)?;
    let lignes = base::references(c, session).await?;
    let sienne = |l: &LigneReference| l.public_id == id.as_str() && changed_by(&scope, l);
    lignes.into_iter().find(sienne).ok_or(AppError::NotFound)
}

/// The documents of the person's service.
///
/// # Errors
/// [`AppError::NotFound`] for a session that does not exist; [`AppError::Denied`].
pub async fn list_depots(ctx: &Ctx, annee: i64) -> Result<Depots, AppError> {
    let db = &ctx.app.db;
    let session = sessions::session(db, annee).await?;
    let scope = scope_session(&ctx.acteur, Action::PublierInformation, session.id)?;
    let lignes = base::references(db, session.id).await?;
    let siennes = lignes.iter().filter(|l| changed_by(&scope, l));
    Ok(Depots {
        documents: siennes.map(DocumentReference::new).collect::<Result<_, _>>()?,
        academies: academies_of(&scope),
        session,
    })
}

/// A document of the person's service, or what a new one starts from.
///
/// # Errors
/// As [`list_depots`]; [`AppError::NotFound`] for a document of others.
pub async fn view_depot(ctx: &Ctx, annee: i64, id: Option<&PublicId>) -> Result<FicheDepot, AppError> {
    let db = &ctx.app.db;
    let session = sessions::session(db, annee).await?;
    let scope = scope_session(&ctx.acteur, Action::PublierInformation, session.id)?;
    let ligne = match id {
        Some(id) => Some(own(db, ctx, session.id, id).await?),
        None => None,
    };
    let fichiers = match &ligne {
        Some(l) => base::versions(db, l.id).await?.iter().map(FichierReference::from).collect(),
        None => Vec::new(),
    };
    Ok(FicheDepot {
        academies: academies_of(&scope),
        document: ligne.as_ref().map(DocumentReference::new).transpose()?,
        version: ligne.as_ref().map_or(0, |l| l.version),
        fichiers,
        session,
    })
}

async fn keep(
    ctx: &Ctx,
    tx: &store::Tx,
    permit: &Permit,
    recu: &Recu<'_>,
) -> Result<(i64, String), AppError> {
    let empreinte = ctx.app.depot.put(recu.octets).await.map_err(AppError::internal)?;
    let n = NouveauDepot {
        empreinte: &empreinte,
        taille: recu.octets.len(),
        nom: &recu.nom,
        type_mime: "application/pdf",
        usage: USAGE,
    };
    let (cle, _) = insert_fichier(tx, &ctx.ecriture(permit), n).await?;
    Ok((cle, empreinte))
}

/// JOU-2: codes and fingerprints, no words.
fn trace(n: &Notice, empreinte: &str) -> serde_json::Value {
    json!({ "nature": n.nature.code(), "theme": n.theme.code(), "empreinte": empreinte })
}

/// Deposits a document.
///
/// # Errors
/// [`AppError::Rule`] for a field at fault, a file that is refused, or a past session; [`AppError::Denied`];
/// [`AppError::TooMany`].
pub async fn deposit_reference(
    ctx: &Ctx,
    garde: &Garde,
    annee: i64,
    depot: Depot<'_>,
) -> Result<Recepisse, AppError> {
    // Nothing is looked at for somebody who may not send it, nor while the database is held.
    let session = sessions::session(&ctx.app.db, annee).await?;
    right(ctx, session.id)?;
    let (nom, octets) = depot.fichier.ok_or(RuleViolation::Champ { champ: "fichier", motif: "vide" })?;
    let demande = depot.demande("depot", annee, "");
    let notice = depot.notice.checked()?;
    let recu = fichier::check(ctx, nom, octets).await?;
    let tx = ctx.begin().await?;
    let (scope, permit) = right(ctx, session.id)?;
    if let Some(fait) = idempotence::deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(fait);
    }
    session.require_ouverte()?;
    let emetteur = Emetteur::of(scope.portee());
    emetteur.check(scope.portee(), &notice.audience)?;
    let (cle, empreinte) = keep(ctx, &tx, &permit, &recu).await?;
    let id = base::insert(&tx, &ctx.ecriture(&permit), session.id, emetteur, &notice, cle).await?;
    let contenu = trace(&notice, &empreinte);
    let acte = Acte { objet: "document_reference", objet_id: &id, avant: None, apres: Some(contenu.clone()) };
    record(&tx, ctx, &permit, &acte).await?;
    let recepisse =
        idempotence::emettre(&tx, ctx, garde, &demande, "deposer_document", None, &contenu).await?;
    tx.commit().await?;
    Ok(recepisse)
}

/// Corrects what is said of a document, and gives it another file when one is sent: those before stay.
///
/// # Errors
/// As [`deposit_reference`]; [`AppError::NotFound`] for a document of others; [`AppError::Conflict`] when it changed meanwhile.
pub async fn correct_reference(
    ctx: &Ctx,
    garde: &Garde,
    annee: i64,
    id: &PublicId,
    depot: Depot<'_>,
) -> Result<Recepisse, AppError> {
    let session = sessions::session(&ctx.app.db, annee).await?;
    right(ctx, session.id)?;
    let demande = depot.demande("depot_corrige", annee, id.as_str());
    let notice = depot.notice.checked()?;
    let recu = match depot.fichier {
        Some((nom, octets)) => Some(fichier::check(ctx, nom, octets).await?),
        None => None,
    };
    let tx = ctx.begin().await?;
    let (scope, permit) = right(ctx, session.id)?;
    if let Some(fait) = idempotence::deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(fait);
    }
    let avant = own(&tx, ctx, session.id, id).await?;
    session.require_ouverte()?;
    garde.check_version(avant.version)?;
    avant.emetteur.check(scope.portee(), &notice.audience)?;
    let (cle, empreinte) = match &recu {
        Some(recu) => {
            let (cle, empreinte) = keep(ctx, &tx, &permit, recu).await?;
            (Some(cle), empreinte)
        }
        None => (None, avant.empreinte.clone()),
    };
    base::correct(&tx, &ctx.ecriture(&permit), &avant, &notice, cle).await?;
    let ancienne = Notice {
        nature: avant.nature,
        theme: avant.theme,
        titre: avant.titre.clone(),
        audience: avant.audience.clone(),
    };
    let contenu = trace(&notice, &empreinte);
    let acte = Acte {
        objet: "document_reference",
        objet_id: id.as_str(),
        avant: Some(trace(&ancienne, &avant.empreinte)),
        apres: Some(contenu.clone()),
    };
    record(&tx, ctx, &permit, &acte).await?;
    let recepisse =
        idempotence::emettre(&tx, ctx, garde, &demande, "corriger_document", None, &contenu).await?;
    tx.commit().await?;
    Ok(recepisse)
}

/// Takes a document down: it is in no list any more; the items that carry it still give it.
///
/// # Errors
/// [`AppError::NotFound`] for a document of others; [`AppError::Rule`] in a past session; [`AppError::Conflict`].
pub async fn retire_reference(
    ctx: &Ctx,
    garde: &Garde,
    annee: i64,
    id: &PublicId,
) -> Result<Recepisse, AppError> {
    let demande = format!("depot_retire|{annee}|{}", id.as_str());
    let tx = ctx.begin().await?;
    let session = sessions::session(&tx, annee).await?;
    let (_, permit) = right(ctx, session.id)?;
    if let Some(fait) = idempotence::deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(fait);
    }
    let avant = own(&tx, ctx, session.id, id).await?;
    session.require_ouverte()?;
    if avant.retire_le.is_some() {
        return Err(AppError::Conflict);
    }
    base::take_down(&tx, &ctx.ecriture(&permit), avant.id).await?;
    let contenu = json!({ "retire": true });
    let acte = Acte {
        objet: "document_reference",
        objet_id: id.as_str(),
        avant: None,
        apres: Some(contenu.clone()),
    };
    record(&tx, ctx, &permit, &acte).await?;
    let recepisse =
        idempotence::emettre(&tx, ctx, garde, &demande, "retirer_document", None, &contenu).await?;
    tx.commit().await?;
    Ok(recepisse)
}
