//! Publishing in the Fil info: an item written, programmed, corrected, taken down; who opened it.

use std::collections::BTreeMap;

use domain::PublicId;
use domain::actualites::{Emetteur, EtatActualite, Redaction, Situation, is_unread};
use domain::droits::{Action, Permit, Scope, scope_session};
use serde_json::json;
use store::Sql;
use store::actualites::{self as base, Comptes, LigneActualite};

use super::{Actualite, permit_of};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::idempotence::{self, Garde, Recepisse, hash};
use crate::journal::{Acte, record};
use crate::sessions::{self, SessionAdmission};

/// How many of those whom an item is addressed to have opened it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Suivi {
    /// Accounts in service that meet the audience.
    pub concernes: usize,
    /// Those that opened it, before or since its last important correction.
    pub ouvertures: usize,
    /// Those that opened it since.
    pub a_jour: usize,
}

impl Suivi {
    fn new(
        l: &LigneActualite,
        comptes: &BTreeMap<i64, Vec<Situation>>,
        lues: &BTreeMap<(i64, i64), i64>,
    ) -> Self {
        let mut suivi = Self::default();
        for (&compte, _) in comptes.iter().filter(|(_, s)| s.iter().any(|s| l.audience.is_for(s))) {
            let lue = lues.get(&(compte, l.id)).copied();
            suivi.concernes += 1;
            suivi.ouvertures += usize::from(lue.is_some());
            suivi.a_jour += usize::from(!is_unread(lue, l.a_lire));
        }
        suivi
    }
}

/// The items that a person looks after.
#[derive(Debug, Clone)]
pub struct Publications {
    /// The one of the address, open or archived.
    pub session: SessionAdmission,
    /// Programmed, shown, taken down; the last published first.
    pub lignes: Vec<(Actualite, Suivi)>,
    /// Codes of the academies that the person speaks to; `None`: everybody.
    pub academies: Option<Vec<String>>,
}

/// An item to be corrected, or one to be written.
#[derive(Debug, Clone)]
pub struct Publication {
    /// The one of the address, open or archived.
    pub session: SessionAdmission,
    /// Codes of the academies that the person speaks to; `None`: everybody.
    pub academies: Option<Vec<String>>,
    /// `None`: a new one.
    pub ligne: Option<(Actualite, Suivi)>,
    /// Empty for a new one.
    pub texte: String,
    /// TRX-4: the one that the form was made from.
    pub version: i64,
}

fn academies(scope: &Scope) -> Option<Vec<String>> {
    (!scope.portee().tout).then(|| scope.portee().academies.clone())
}

/// What this person published, or their service.
///
/// # Errors
/// [`AppError::NotFound`] for a session that does not exist, [`AppError::Denied`] for those who do not publish.
pub async fn list_publications(ctx: &Ctx, annee: i64) -> Result<Publications, AppError> {
    let db = &ctx.app.db;
    let session = sessions::session(db, annee).await?;
    let scope = scope_session(&ctx.acteur, Action::PublierInformation, session.id)?;
    let comptes = base::situations(db, session.id, Comptes::Tous).await?;
    let lues = base::lectures_by_compte(db, session.id).await?;
    let maintenant = ctx.campagne_ms();
    let lignes = base::actualites(db, session.id)
        .await?
        .iter()
        .filter(|l| l.emetteur.is_changed_by(scope.portee(), &l.audience))
        .map(|l| Ok((Actualite::new(l, maintenant, None)?, Suivi::new(l, &comptes, &lues))))
        .collect::<Result<_, AppError>>()?;
    Ok(Publications { academies: academies(&scope), session, lignes })
}

/// An item of theirs, or a blank one.
///
/// # Errors
/// [`AppError::NotFound`] for an item that does not exist, or that another level published.
pub async fn view_publication(ctx: &Ctx, annee: i64, id: Option<&PublicId>) -> Result<Publication, AppError> {
    let db = &ctx.app.db;
    let session = sessions::session(db, annee).await?;
    let scope = scope_session(&ctx.acteur, Action::PublierInformation, session.id)?;
    let academies = academies(&scope);
    let Some(id) = id else {
        return Ok(Publication { session, academies, ligne: None, texte: String::new(), version: 0 });
    };
    let l = own(db, &scope, session.id, id).await?;
    let comptes = base::situations(db, session.id, Comptes::Tous).await?;
    let lues = base::lecteurs(db, l.id).await?;
    let lues = lues.into_iter().map(|(compte, n)| ((compte, l.id), n)).collect();
    let suivi = Suivi::new(&l, &comptes, &lues);
    Ok(Publication {
        academies,
        texte: base::texte(db, l.id).await?,
        version: l.version,
        ligne: Some((Actualite::new(&l, ctx.campagne_ms(), None)?, suivi)),
        session,
    })
}

async fn own(c: &impl Sql, scope: &Scope, session: i64, id: &PublicId) -> Result<LigneActualite, AppError> {
    let lignes = base::actualites(c, session).await?;
    let siennes = |l: &LigneActualite| {
        l.public_id == id.as_str() && l.emetteur.is_changed_by(scope.portee(), &l.audience)
    };
    lignes.into_iter().find(siennes).ok_or(AppError::NotFound)
}

/// What an act on an item was asked for: the same asked twice is done once.
fn demande(acte: &str, annee: i64, id: &str, r: &Redaction, a_relire: bool) -> String {
    let fin = r.retiree_le.map_or_else(String::new, |f| f.to_string());
    let audience = format!("{:?}", r.audience);
    format!(
        "{acte}|{annee}|{id}|{}|{fin}|{a_relire}|{}",
        r.publiee_le,
        hash(&format!("{}\n{}\n{audience}", r.titre, r.texte))
    )
}

/// JOU-2: no free text in the journal; the versions of the item keep it.
fn trace(r: &Redaction, emetteur: Emetteur) -> serde_json::Value {
    json!({
        "emetteur": emetteur.code(),
        "publiee_le": r.publiee_le,
        "retiree_le": r.retiree_le,
        "roles": r.audience.roles.iter().map(|x| x.code()).collect::<Vec<_>>(),
        "familles": r.audience.familles.iter().map(|f| f.code()).collect::<Vec<_>>(),
        "academies": r.audience.academies,
        "empreinte": hash(&format!("{}\n{}", r.titre, r.texte)),
    })
}

/// Publishes an item, now or from the instant that it says on.
///
/// # Errors
/// [`AppError::Rule`] for a text that is empty or too long, an end before the beginning, academies outside the perimeter, or an
/// archived session.
pub async fn publish_actualite(
    ctx: &Ctx,
    garde: &Garde,
    annee: i64,
    redaction: Redaction,
) -> Result<Recepisse, AppError> {
    let demande = demande("publication", annee, "", &redaction, false);
    let tx = ctx.begin().await?;
    let session = sessions::session(&tx, annee).await?;
    let (scope, permit) = right(ctx, session.id)?;
    if let Some(recepisse) = idempotence::deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(recepisse);
    }
    session.require_ouverte()?;
    let r = redaction.checked()?;
    let emetteur = Emetteur::of(scope.portee(), &r.audience)?;
    let id = base::insert(&tx, &ctx.ecriture(&permit), session.id, emetteur, &r).await?;
    let contenu = trace(&r, emetteur);
    let acte = Acte { objet: "actualite", objet_id: &id, avant: None, apres: Some(contenu.clone()) };
    record(&tx, ctx, &permit, &acte).await?;
    let recepisse =
        idempotence::emettre(&tx, ctx, garde, &demande, "publier_actualite", None, &contenu).await?;
    tx.commit().await?;
    Ok(recepisse)
}

fn right(ctx: &Ctx, session: i64) -> Result<(Scope, Permit), AppError> {
    let scope = scope_session(&ctx.acteur, Action::PublierInformation, session)?;
    Ok((scope, permit_of(ctx, Action::PublierInformation, session)?))
}

/// Corrects an item; what it said before is kept. `a_relire`: who opened it is told again.
///
/// # Errors
/// As [`publish_actualite`]; [`AppError::NotFound`] for an item of another level; [`AppError::Conflict`] when it changed meanwhile.
pub async fn correct_actualite(
    ctx: &Ctx,
    garde: &Garde,
    annee: i64,
    id: &PublicId,
    redaction: Redaction,
    a_relire: bool,
) -> Result<Recepisse, AppError> {
    let demande = demande("correction", annee, id.as_str(), &redaction, a_relire);
    let tx = ctx.begin().await?;
    let session = sessions::session(&tx, annee).await?;
    let (scope, permit) = right(ctx, session.id)?;
    if let Some(recepisse) = idempotence::deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(recepisse);
    }
    let avant = own(&tx, &scope, session.id, id).await?;
    session.require_ouverte()?;
    garde.check_version(avant.version)?;
    let r = redaction.checked()?;
    // The level stays the one that published it; its author may only speak to their own academies.
    Emetteur::of(scope.portee(), &r.audience)?;
    // Nobody opened what is not shown yet: nobody is to open it again.
    let montree = EtatActualite::at(ctx.campagne_ms(), avant.publiee_le, None) == EtatActualite::Publiee;
    base::correct(&tx, &ctx.ecriture(&permit), &avant, &r, a_relire && montree).await?;
    let contenu = trace(&r, avant.emetteur);
    let acte = Acte {
        objet: "actualite",
        objet_id: &avant.public_id,
        avant: Some(json!({ "version": avant.version })),
        apres: Some(contenu.clone()),
    };
    record(&tx, ctx, &permit, &acte).await?;
    let recepisse =
        idempotence::emettre(&tx, ctx, garde, &demande, "corriger_actualite", None, &contenu).await?;
    tx.commit().await?;
    Ok(recepisse)
}

/// Takes an item down, now. It stays in the list of whoever published it.
///
/// # Errors
/// [`AppError::NotFound`] for an item of another level; [`AppError::Rule`] in an archived session.
pub async fn take_down_actualite(
    ctx: &Ctx,
    garde: &Garde,
    annee: i64,
    id: &PublicId,
) -> Result<Recepisse, AppError> {
    let demande = format!("retrait_actualite|{annee}|{}", id.as_str());
    let tx = ctx.begin().await?;
    let session = sessions::session(&tx, annee).await?;
    let (scope, permit) = right(ctx, session.id)?;
    if let Some(recepisse) = idempotence::deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(recepisse);
    }
    let avant = own(&tx, &scope, session.id, id).await?;
    session.require_ouverte()?;
    let le = ctx.campagne_ms();
    if EtatActualite::at(le, avant.publiee_le, avant.retiree_le) == EtatActualite::Retiree {
        return Err(AppError::Conflict);
    }
    base::take_down(&tx, &ctx.ecriture(&permit), avant.id, le).await?;
    let contenu = json!({ "retiree_le": le });
    let acte = Acte {
        objet: "actualite",
        objet_id: &avant.public_id,
        avant: Some(json!({ "retiree_le": avant.retiree_le })),
        apres: Some(contenu.clone()),
    };
    record(&tx, ctx, &permit, &acte).await?;
    let recepisse =
        idempotence::emettre(&tx, ctx, garde, &demande, "retirer_actualite", None, &contenu).await?;
    tx.commit().await?;
    Ok(recepisse)
}
