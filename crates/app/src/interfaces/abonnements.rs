//! Subscriptions to events: a program has its own, and sees no other; whoever may give tokens sees those of theirs.

use data_encoding::BASE64;
use domain::PublicId;
use domain::RuleViolation;
use domain::droits::{Action, Cible, Permit};
use domain::interfaces::evenements::{
    EchecLivraison, EtatLivraison, Evenement, MotifSuspension, check_evenements, check_url,
};
use serde_json::json;
use store::interfaces::{self as base, LigneAbonnement, LigneJeton, LigneLivraison, NouvelleLivraison};
use store::{Sql, Tx};

use super::evenements::{Objet, corps};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::idempotence::{self, Garde, Recepisse, hash};
use crate::journal::{Acte, record};
use crate::limites::JOUR_MS;

/// What a secret begins with, as the receivers of signed messages know it.
const PREFIXE: &str = "whsec_";

/// A subscription, without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Abonnement {
    /// Public identifier.
    pub id: String,
    /// For conditional requests.
    pub version: i64,
    /// Where its messages go.
    pub url: String,
    /// What it is told of.
    pub evenements: Vec<Evenement>,
    /// Milliseconds of the campaign's clock.
    pub cree_le: i64,
    /// Since when (real milliseconds) and why nothing is sent; `None`: it is in force.
    pub suspendu: Option<(i64, MotifSuspension)>,
    /// Messages not received yet.
    pub en_attente: i64,
}

impl TryFrom<LigneAbonnement> for Abonnement {
    type Error = AppError;

    fn try_from(l: LigneAbonnement) -> Result<Self, AppError> {
        let illisible = |quoi: &str| AppError::Internal(format!("abonnement.{quoi}"));
        let suspendu = match l.suspendu_le {
            None => None,
            Some(le) => Some((le, MotifSuspension::from_code(&l.motif).ok_or_else(|| illisible("motif"))?)),
        };
        Ok(Self {
            evenements: read_evenements(&l.evenements)?,
            id: l.public_id,
            version: l.version,
            url: l.url,
            cree_le: l.cree_le,
            suspendu,
            en_attente: l.en_attente,
        })
    }
}

impl Abonnement {
    /// Where it leads, for people: the rest of an address may hold a secret.
    pub fn hote(&self) -> &str {
        super::livraisons::host(&self.url)
    }
}

/// The events of a column.
pub(super) fn read_evenements(codes: &str) -> Result<Vec<Evenement>, AppError> {
    let illisible = || AppError::Internal(format!("abonnement.evenements : {codes}"));
    codes.split(',').map(|c| Evenement::from_code(c).ok_or_else(illisible)).collect()
}

/// A message delivered, or to deliver.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Livraison {
    /// To ask for those before.
    pub cle: i64,
    /// Public identifier: the `webhook-id` of the message.
    pub id: String,
    /// What it tells.
    pub evenement: Evenement,
    /// The message itself, JSON.
    pub corps: String,
    /// Where it stands.
    pub etat: EtatLivraison,
    /// Real milliseconds, here and below.
    pub cree_le: i64,
    /// Next attempt; `None` once it is over.
    pub prochaine_le: Option<i64>,
    /// Attempts made.
    pub essais: i64,
    /// HTTP status of the last answer.
    pub statut: Option<i64>,
    /// Why there was no answer.
    pub erreur: Option<EchecLivraison>,
    /// When it was received.
    pub livree_le: Option<i64>,
}

impl TryFrom<LigneLivraison> for Livraison {
    type Error = AppError;

    fn try_from(l: LigneLivraison) -> Result<Self, AppError> {
        let illisible = |quoi: &str| AppError::Internal(format!("livraison.{quoi}"));
        let etat = EtatLivraison::from_code(&l.etat).ok_or_else(|| illisible("etat"))?;
        Ok(Self {
            cle: l.id,
            id: l.public_id,
            evenement: Evenement::from_code(&l.evenement).ok_or_else(|| illisible("evenement"))?,
            corps: l.corps,
            etat,
            cree_le: l.cree_le,
            prochaine_le: (etat == EtatLivraison::ALivrer).then_some(l.prochaine_le),
            essais: l.essais,
            statut: l.statut,
            erreur: l.erreur.as_deref().and_then(EchecLivraison::from_code),
            livree_le: l.livree_le,
        })
    }
}

/// The token of the program that asks.
async fn own(c: &impl Sql, ctx: &Ctx) -> Result<(LigneJeton, Permit), AppError> {
    let cle = ctx.jeton.ok_or(AppError::NotFound)?;
    let j = base::jeton_by_id(c, cle).await?.ok_or(AppError::NotFound)?;
    // Whoever may read anything with a token may be told that there is something to read.
    let cible = Cible { etablissement: Some(j.etablissement_id), ..Cible::default() };
    let permit = ctx.permit(Action::ConsulterEtablissement, &cible)?;
    Ok((j, permit))
}

/// A token, for whoever may give those of its establishment.
async fn given(c: &impl Sql, ctx: &Ctx, jeton: &PublicId) -> Result<(LigneJeton, Permit), AppError> {
    let j = base::jeton(c, jeton.as_str()).await?.ok_or(AppError::NotFound)?;
    let cible = Cible { etablissement: Some(j.etablissement_id), ..Cible::default() };
    let permit = ctx.permit(Action::GererJetons, &cible)?;
    Ok((j, permit))
}

async fn load(c: &impl Sql, jeton: &LigneJeton, id: &PublicId) -> Result<LigneAbonnement, AppError> {
    base::abonnement(c, jeton.id, id.as_str()).await?.ok_or(AppError::NotFound)
}

/// What a receipt of before says of a field.
async fn said(c: &impl Sql, recepisse: &Recepisse, champ: &str) -> Result<String, AppError> {
    let r = store::idempotence::find_recepisse(c, &recepisse.numero).await?.ok_or(AppError::NotFound)?;
    let contenu: serde_json::Value = serde_json::from_str(&r.contenu).map_err(AppError::internal)?;
    Ok(contenu.get(champ).and_then(|v| v.as_str()).unwrap_or_default().to_owned())
}

/// What a program asks to be told, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemandeAbonnement {
    /// As the program wrote it.
    pub url: String,
    /// Codes of events.
    pub evenements: Vec<String>,
}

/// A subscription that was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Souscription {
    /// Proof of the act.
    pub recepisse: Recepisse,
    /// Public identifier of the subscription.
    pub id: String,
    /// What signs its messages, shown this once; `None`: it was given by the same request before.
    pub secret: Option<String>,
}

/// Subscribes the program that asks. R-API-08.
///
/// # Errors
/// [`AppError::Rule`] for an address that is not called or events that are not told; [`AppError::Invalid`] for too many
/// subscriptions; [`AppError::NotFound`] for anybody but a program.
pub async fn subscribe(ctx: &Ctx, garde: &Garde, d: &DemandeAbonnement) -> Result<Souscription, AppError> {
    let tx = ctx.begin().await?;
    let (jeton, permit) = own(&tx, ctx).await?;
    let demande = format!("abonnement|{}|{}", jeton.public_id, hash(&format!("{d:?}")));
    if let Some(recepisse) = idempotence::deja_fait(&tx, ctx, garde, &demande).await? {
        let id = said(&tx, &recepisse, "abonnement").await?;
        return Ok(Souscription { recepisse, id, secret: None });
    }
    let url = check_url(&d.url, ctx.app.livreur.boucle_locale())?;
    let evenements = check_evenements(&d.evenements)?;
    base::hold_jeton(&tx, jeton.id).await?;
    let plafond = ctx.app.limites.abonnements_par_jeton;
    if base::abonnements_of(&tx, jeton.id).await?.len() >= plafond {
        let message =
            format!("Ce jeton a déjà {plafond} abonnements, le plus qu’il puisse avoir : retirez-en un.");
        return Err(AppError::Invalid(vec![("url", message)]));
    }
    start(&tx, ctx).await?;
    let mut secret = [0; 32];
    ctx.app.alea.fill(&mut secret);
    let codes: Vec<&str> = evenements.iter().map(|e| e.code()).collect();
    let e = ctx.ecriture(&permit);
    let ligne = (jeton.id, url.as_str(), codes.join(","));
    let id = base::insert_abonnement(&tx, &ctx.app.coffre, &e, (ligne.0, ligne.1, &ligne.2), &secret).await?;
    let apres = json!({ "evenements": codes, "url": url });
    let contenu = json!({ "abonnement": id, "jeton": jeton.public_id, "evenements": codes });
    note(&tx, ctx, &permit, &id, apres).await?;
    let recepisse =
        idempotence::emettre(&tx, ctx, garde, &demande, "abonnement_pris", None, &contenu).await?;
    tx.commit().await?;
    Ok(Souscription { recepisse, id, secret: Some(format!("{PREFIXE}{}", BASE64.encode(&secret))) })
}

/// Whoever is the first to subscribe is told of what comes, not of what came while nobody was told.
async fn start(tx: &Tx, ctx: &Ctx) -> Result<(), AppError> {
    if !base::is_subscribed(tx, ctx.recu_ms()).await? {
        base::start_curseur(tx, base::head(tx).await?).await?;
    }
    Ok(())
}

async fn note(
    tx: &Tx,
    ctx: &Ctx,
    permit: &Permit,
    id: &str,
    apres: serde_json::Value,
) -> Result<(), AppError> {
    let acte = Acte { objet: "abonnement", objet_id: id, avant: None, apres: Some(apres) };
    record(tx, ctx, permit, &acte).await
}

/// The subscriptions of the program that asks, the first one first.
///
/// # Errors
/// [`AppError::NotFound`] for anybody but a program.
pub async fn list_abonnements(ctx: &Ctx) -> Result<Vec<Abonnement>, AppError> {
    let db = &ctx.app.db;
    let (jeton, _) = own(db, ctx).await?;
    base::abonnements_of(db, jeton.id).await?.into_iter().map(Abonnement::try_from).collect()
}

/// A subscription of the program that asks.
///
/// # Errors
/// [`AppError::NotFound`] for that of another token, removed, or unknown.
pub async fn view_abonnement(ctx: &Ctx, id: &PublicId) -> Result<Abonnement, AppError> {
    let db = &ctx.app.db;
    let (jeton, _) = own(db, ctx).await?;
    load(db, &jeton, id).await?.try_into()
}

/// Takes away a subscription of the program that asks: what waits for it is never delivered.
///
/// # Errors
/// As [`view_abonnement`]; [`AppError::Conflict`] when it changed since the program read it.
pub async fn remove_abonnement(ctx: &Ctx, garde: &Garde, id: &PublicId) -> Result<Recepisse, AppError> {
    let tx = ctx.begin().await?;
    let (jeton, permit) = own(&tx, ctx).await?;
    remove(tx, ctx, garde, (&jeton, &permit), id).await
}

async fn remove(
    tx: Tx,
    ctx: &Ctx,
    garde: &Garde,
    (jeton, permit): (&LigneJeton, &Permit),
    id: &PublicId,
) -> Result<Recepisse, AppError> {
    let demande = format!("retirer_abonnement|{}|{id}", jeton.public_id);
    // Asked first: once done, there is no subscription any more.
    if let Some(recepisse) = idempotence::deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(recepisse);
    }
    let a = load(&tx, jeton, id).await?;
    garde.check_version(a.version)?;
    base::remove_abonnement(&tx, &ctx.ecriture(permit), a.id, EchecLivraison::Retire.code()).await?;
    let apres = json!({ "etat": "retire" });
    note(&tx, ctx, permit, &a.public_id, apres.clone()).await?;
    let contenu = json!({ "abonnement": a.public_id, "jeton": jeton.public_id, "retire": true });
    let recepisse =
        idempotence::emettre(&tx, ctx, garde, &demande, "abonnement_retire", None, &contenu).await?;
    tx.commit().await?;
    Ok(recepisse)
}

/// Puts a suspended subscription of the program that asks in force again: what waited for it is due at once, what happened
/// meanwhile was not kept. One that is in force stays so.
///
/// # Errors
/// As [`remove_abonnement`].
pub async fn resume_abonnement(ctx: &Ctx, garde: &Garde, id: &PublicId) -> Result<Recepisse, AppError> {
    let tx = ctx.begin().await?;
    let (jeton, permit) = own(&tx, ctx).await?;
    let demande = format!("reprendre_abonnement|{}|{id}", jeton.public_id);
    if let Some(recepisse) = idempotence::deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(recepisse);
    }
    let a = load(&tx, &jeton, id).await?;
    garde.check_version(a.version)?;
    if a.suspendu_le.is_some() {
        start(&tx, ctx).await?;
        base::resume_abonnement(&tx, &ctx.ecriture(&permit), a.id, ctx.recu_ms()).await?;
    }
    note(&tx, ctx, &permit, &a.public_id, json!({ "etat": "en_vigueur" })).await?;
    let contenu = json!({ "abonnement": a.public_id, "repris": a.suspendu_le.is_some() });
    let recepisse =
        idempotence::emettre(&tx, ctx, garde, &demande, "abonnement_repris", None, &contenu).await?;
    tx.commit().await?;
    Ok(recepisse)
}

/// A trial that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EssaiDemande {
    /// Proof of the act.
    pub recepisse: Recepisse,
    /// Public identifier of the delivery.
    pub livraison: String,
}

/// Sends a message that tells nothing to a subscription of the program that asks. One that waits already is that one.
///
/// # Errors
/// As [`view_abonnement`]; [`AppError::Rule`] for one that is suspended.
pub async fn ask_essai(ctx: &Ctx, garde: &Garde, id: &PublicId) -> Result<EssaiDemande, AppError> {
    let tx = ctx.begin().await?;
    let (jeton, permit) = own(&tx, ctx).await?;
    let demande = format!("essai_abonnement|{}|{id}", jeton.public_id);
    if let Some(recepisse) = idempotence::deja_fait(&tx, ctx, garde, &demande).await? {
        let livraison = said(&tx, &recepisse, "livraison").await?;
        return Ok(EssaiDemande { recepisse, livraison });
    }
    let a = load(&tx, &jeton, id).await?;
    if a.suspendu_le.is_some() {
        return Err(RuleViolation::Champ { champ: "abonnement", motif: "suspendu" }.into());
    }
    let evenement = Evenement::Essai;
    let livraison = match base::waiting_essai(&tx, a.id, evenement.code()).await? {
        Some(livraison) => livraison,
        None => {
            let public_id = ctx.app.alea.public_id().as_str().to_owned();
            let objet = Objet { session: None, sous: None, id: &a.public_id };
            let corps = corps(&public_id, evenement, ctx.recu_le, &objet)?;
            let nouvelle = NouvelleLivraison {
                public_id: public_id.clone(),
                abonnement: a.id,
                evenement: evenement.code(),
                corps,
                des: ctx.recu_ms(),
            };
            base::insert_livraisons(&tx, &[nouvelle], ctx.recu_ms()).await?;
            public_id
        }
    };
    note(&tx, ctx, &permit, &a.public_id, json!({ "evenement": evenement.code() })).await?;
    let contenu = json!({ "abonnement": a.public_id, "livraison": livraison });
    let recepisse = idempotence::emettre(&tx, ctx, garde, &demande, "essai_demande", None, &contenu).await?;
    tx.commit().await?;
    Ok(EssaiDemande { recepisse, livraison })
}

/// The deliveries of a subscription of the program that asks, the last first; `avant`: only those before this key.
///
/// # Errors
/// As [`view_abonnement`].
pub async fn list_livraisons(
    ctx: &Ctx,
    id: &PublicId,
    avant: Option<i64>,
    limite: i64,
) -> Result<Vec<Livraison>, AppError> {
    let db = &ctx.app.db;
    let (jeton, _) = own(db, ctx).await?;
    let a = load(db, &jeton, id).await?;
    let lignes = base::livraisons(db, a.id, avant.unwrap_or(i64::MAX), limite).await?;
    lignes.into_iter().map(Livraison::try_from).collect()
}

/// A subscription and its last deliveries, for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SuiviAbonnement {
    /// Without its secret.
    pub abonnement: Abonnement,
    /// The last first.
    pub livraisons: Vec<Livraison>,
}

/// The subscriptions of a token, each with so many of its last deliveries, for whoever may give tokens of its establishment.
///
/// # Errors
/// [`AppError::NotFound`] or [`AppError::Denied`], the same page for both; [`AppError::Confirmation`].
pub async fn list_abonnements_of(
    ctx: &Ctx,
    jeton: &PublicId,
    livraisons: i64,
) -> Result<Vec<SuiviAbonnement>, AppError> {
    let db = &ctx.app.db;
    let (jeton, _) = given(db, ctx, jeton).await?;
    let mut suivis = Vec::new();
    for a in base::abonnements_of(db, jeton.id).await? {
        let lignes = base::livraisons(db, a.id, i64::MAX, livraisons).await?;
        suivis.push(SuiviAbonnement {
            abonnement: a.try_into()?,
            livraisons: lignes.into_iter().map(Livraison::try_from).collect::<Result<_, _>>()?,
        });
    }
    Ok(suivis)
}

/// Takes away a subscription of a token, for whoever may give tokens of its establishment.
///
/// # Errors
/// As [`list_abonnements_of`]; [`AppError::NotFound`] when it is not of this token.
pub async fn remove_abonnement_of(
    ctx: &Ctx,
    garde: &Garde,
    jeton: &PublicId,
    id: &PublicId,
) -> Result<Recepisse, AppError> {
    let tx = ctx.begin().await?;
    let (jeton, permit) = given(&tx, ctx, jeton).await?;
    remove(tx, ctx, garde, (&jeton, &permit), id).await
}

/// Forgets the deliveries that were kept long enough. Gives how many.
///
/// # Errors
/// [`AppError::Denied`] for anybody but the platform.
pub async fn purge_livraisons(ctx: &Ctx) -> Result<u64, AppError> {
    ctx.permit(Action::EntretenirPlateforme, &Cible::plateforme())?;
    let tx = ctx.begin().await?;
    let n = base::purge_livraisons(&tx, ctx.recu_ms() - ctx.app.limites.livraisons_jours * JOUR_MS).await?;
    tx.commit().await?;
    Ok(n)
}
