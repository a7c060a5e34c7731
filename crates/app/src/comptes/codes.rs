//! SEC-7, SEC-9, SEC-10: codes sent by mail or SMS, and recovery codes.

use data_encoding::BASE32_NOPAD;
use domain::comptes::{Mobile, Moyen};
use domain::droits::{Action, Denial};
use serde_json::json;
use store::comptes as base;

use super::connexion::on_behalf;
use super::courriels;
use super::mot_de_passe::platform_permit;
use super::moyens::{Essai, Titulaire, compact, mobile_key};
use super::session::{EtapeConnexion, SessionVue};
use super::tentatives::{Debit, Tentative};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::journal::{Acte, Cause, Genre, raise, record, record_event};

/// Digits of a code sent.
pub(super) const CHIFFRES: usize = 8;
/// 80 bits in base 32.
pub(super) const SECOURS_CARACTERES: usize = 16;
/// What a code sent is for.
pub(super) const CONNEXION: &str = "connexion";
const MOBILE: &str = "mobile";

/// Fingerprint of a code, bound to its attempt and its use: the base alone never tells the digits.
pub(super) fn key(ctx: &Ctx, session: i64, usage: &str, code: &str) -> String {
    ctx.app.coffre.fingerprint("code-envoye", &format!("{session}|{usage}|{}", compact(code)))
}

fn fresh_digits(ctx: &Ctx) -> String {
    let mut octets = [0; 8];
    ctx.app.alea.fill(&mut octets);
    format!("{:08}", u64::from_le_bytes(octets) % 100_000_000)
}

/// Sends a code to the person whose second step is under way; an earlier one no longer serves.
///
/// # Errors
/// [`AppError::Denied`] when no second step is asked or the means is not offered, [`AppError::TooMany`] beyond SEC-10,
/// [`AppError::Invalid`] when too many SMS leave the platform.
pub async fn send_code(
    ctx: &Ctx,
    session: &SessionVue,
    navigateur: &str,
    moyen: Moyen,
) -> Result<(), AppError> {
    let titulaire = Titulaire::load(&ctx.app.db, ctx, session.compte, &session.roles).await?;
    let envoyable = matches!(moyen, Moyen::Sms | Moyen::Courriel) && titulaire.offered(ctx).contains(&moyen);
    if session.etape == EtapeConnexion::Enrolement || !envoyable {
        return Err(AppError::Denied(Denial { action: Action::ConsulterDossier, connu: true }));
    }
    let mobile = if moyen == Moyen::Sms { titulaire.mobile.as_ref() } else { None };
    dispatch(ctx, session, &titulaire, navigateur, CONNEXION, mobile).await
}

/// Sends a code to a number that the person says is theirs.
///
/// # Errors
/// [`AppError::Invalid`] when it is not a mobile number; as [`send_code`].
pub async fn send_mobile_code(
    ctx: &Ctx,
    session: &SessionVue,
    navigateur: &str,
    numero: &str,
) -> Result<(), AppError> {
    let titulaire = Titulaire::load(&ctx.app.db, ctx, session.compte, &session.roles).await?;
    require_management(ctx, session, &titulaire)?;
    let mobile = Mobile::parse(numero).ok_or_else(|| {
        AppError::Invalid(vec![(
            "mobile",
            "Saisissez un numéro de mobile, par exemple 06 12 34 56 78, ou +262 692 12 34 56 hors de métropole."
                .to_owned(),
        )])
    })?;
    ask_mobile_code(ctx, session, &titulaire, navigateur, &mobile).await
}

/// Sends the code that proves a number, to somebody already entitled to give it.
pub(super) async fn ask_mobile_code(
    ctx: &Ctx,
    session: &SessionVue,
    titulaire: &Titulaire,
    navigateur: &str,
    mobile: &Mobile,
) -> Result<(), AppError> {
    if !ctx.app.sms.available() {
        return Err(AppError::NotFound);
    }
    dispatch(ctx, session, titulaire, navigateur, MOBILE, Some(mobile)).await
}

/// Whether a code that proves a number is on its way for this session.
pub(super) async fn mobile_code_sent(ctx: &Ctx, session: &SessionVue) -> Result<bool, AppError> {
    Ok(base::canal_du_code(&ctx.app.db, session.id, MOBILE, ctx.recu_ms()).await?.is_some())
}

async fn dispatch(
    ctx: &Ctx,
    session: &SessionVue,
    titulaire: &Titulaire,
    navigateur: &str,
    usage: &'static str,
    mobile: Option<&Mobile>,
) -> Result<(), AppError> {
    let l = &ctx.app.limites;
    let compte = &titulaire.compte;
    let debit =
        Debit { minute: Some(l.codes_par_minute), heure: l.codes_par_heure, jour: Some(l.codes_par_jour) };
    Tentative::reserve(ctx, "envoi-code", &compte.id.to_string()).await?.require_rate(ctx, debit).await?;
    if mobile.is_some() {
        check_platform_rate(ctx).await?;
    }
    let code = fresh_digits(ctx);
    let expire_le = ctx.recu_ms() + l.code_envoye_min * 60_000;
    let canal = if mobile.is_some() { Moyen::Sms } else { Moyen::Courriel };
    let tx = ctx.begin().await?;
    base::replace_code(
        &tx,
        &ctx.app.coffre,
        ctx.app.alea.as_ref(),
        &base::NouveauCode {
            session: session.id,
            usage,
            canal: canal.code(),
            empreinte: &key(ctx, session.id, usage, &code),
            navigateur,
            mobile: mobile.filter(|_| usage == MOBILE).map(Mobile::as_str),
            cree_le: ctx.recu_ms(),
            expire_le,
        },
    )
    .await?;
    let message = courriels::code(ctx, &code, expire_le, canal);
    let destinataire = mobile.map_or(compte.courriel.as_str(), Mobile::as_str);
    courriels::enqueue(&tx, ctx, Some(compte.id), destinataire, &message).await?;
    let qui = on_behalf(ctx, compte, &titulaire.roles);
    record_event(&tx, &qui, "code_envoye", canal.code(), "compte", &compte.public_id).await?;
    tx.commit().await?;
    Ok(())
}

/// SEC-10: SMS cost money and are abused; beyond the ceiling of the platform none leaves, and the operator is told.
async fn check_platform_rate(ctx: &Ctx) -> Result<(), AppError> {
    let debit = Debit { minute: None, heure: ctx.app.limites.sms_par_heure, jour: None };
    let tentative = Tentative::reserve(ctx, "envoi-sms", "plateforme").await?;
    match tentative.require_rate(ctx, debit).await {
        Err(AppError::TooMany { .. }) => {}
        autre => return autre,
    }
    let tx = ctx.begin().await?;
    let cause = Cause {
        genre: Genre::PlafondSms,
        cle: format!("plafond_sms:{}", ctx.recu_ms() / 3_600_000),
        compte: None,
        details: json!({ "plafond": ctx.app.limites.sms_par_heure }),
    };
    raise(&tx, ctx, &cause).await?;
    tx.commit().await?;
    Err(AppError::Invalid(vec![(
        "moyen",
        "Trop de SMS partent en ce moment : choisissez un autre moyen, ou recommencez dans une heure."
            .to_owned(),
    )]))
}

/// Managing one's means is a sensitive act (HAB-7). Whoever has nothing better than mail yet may add a first means with it.
pub(super) fn require_management(
    ctx: &Ctx,
    session: &SessionVue,
    titulaire: &Titulaire,
) -> Result<(), AppError> {
    if session.etape != EtapeConnexion::Complete {
        return Err(AppError::Denied(Denial { action: Action::ConsulterDossier, connu: true }));
    }
    let premier = !titulaire.has_strong() && titulaire.mobile.is_none();
    if premier && ctx.is_fresh() { Ok(()) } else { ctx.require_fresh() }
}

/// Gives the account the number to which a code was sent, once the code comes back.
///
/// # Errors
/// [`AppError::Invalid`] when the code is wrong, too old or from another browser; [`AppError::TooMany`] after too many.
pub async fn confirm_mobile(
    ctx: &Ctx,
    session: &SessionVue,
    navigateur: &str,
    code: &str,
) -> Result<(), AppError> {
    let titulaire = Titulaire::load(&ctx.app.db, ctx, session.compte, &session.roles).await?;
    require_management(ctx, session, &titulaire)?;
    prove_mobile(ctx, session, &titulaire, navigateur, code).await
}

/// The number to which the code was sent becomes that of the account, for somebody already entitled to give it.
pub(super) async fn prove_mobile(
    ctx: &Ctx,
    session: &SessionVue,
    titulaire: &Titulaire,
    navigateur: &str,
    code: &str,
) -> Result<(), AppError> {
    let compte = &titulaire.compte;
    let tentative = Tentative::reserve(ctx, "essai-mobile", &compte.id.to_string()).await?;
    tentative.check_day(ctx, ctx.app.limites.echecs_second_facteur_par_jour).await?;
    let permit = platform_permit(compte)?;
    let qui = on_behalf(ctx, compte, &titulaire.roles);
    let tx = ctx.begin().await?;
    let cle = key(ctx, session.id, MOBILE, code);
    let coffre = &ctx.app.coffre;
    let recu = base::use_code(&tx, coffre, session.id, MOBILE, &cle, navigateur, ctx.recu_ms()).await?;
    let Some(mobile) = recu.and_then(|r| r.mobile) else {
        return Err(AppError::Invalid(vec![(
            "code_mobile",
            "Ce code n’est pas le bon, ou n’est plus valable. Vérifiez-le, ou demandez-en un autre."
                .to_owned(),
        )]));
    };
    let e = qui.ecriture(&permit);
    base::set_mobile_prouve(&tx, &e, coffre, compte, &mobile, &mobile_key(ctx, &mobile), ctx.recu_ms())
        .await?;
    tentative.succeed(&tx).await?;
    let apres = serde_json::json!({ "mobile_prouve": true });
    let acte = Acte { objet: "compte", objet_id: &compte.public_id, avant: None, apres: Some(apres) };
    record(&tx, &qui, &permit, &acte).await?;
    let avis = courriels::moyen_change(ctx, "un numéro de mobile y a été ajouté");
    courriels::enqueue(&tx, ctx, Some(compte.id), &compte.courriel, &avis).await?;
    tx.commit().await?;
    Ok(())
}

fn secours_key(ctx: &Ctx, compte: i64, code: &str) -> String {
    ctx.app.coffre.fingerprint("code-secours", &format!("{compte}|{}", compact(code)))
}

/// New recovery codes in place of the former ones, in the transaction of the act that gives them. Shown once.
pub(super) async fn renew_secours(tx: &store::Tx, ctx: &Ctx, compte: i64) -> Result<Vec<String>, AppError> {
    let codes: Vec<String> = (0..ctx.app.limites.codes_secours)
        .map(|_| {
            let mut octets = [0; 10];
            ctx.app.alea.fill(&mut octets);
            let texte = BASE32_NOPAD.encode(&octets).to_lowercase();
            [&texte[..4], &texte[4..8], &texte[8..12], &texte[12..]].join("-")
        })
        .collect();
    let empreintes: Vec<String> = codes.iter().map(|c| secours_key(ctx, compte, c)).collect();
    base::replace_codes_secours(tx, compte, &empreintes, ctx.recu_ms()).await?;
    Ok(codes)
}

/// New recovery codes, the former ones no longer serving.
///
/// # Errors
/// [`AppError::Confirmation`] without a fresh second step.
pub async fn renew_codes(ctx: &Ctx, session: &SessionVue) -> Result<Vec<String>, AppError> {
    let titulaire = Titulaire::load(&ctx.app.db, ctx, session.compte, &session.roles).await?;
    require_management(ctx, session, &titulaire)?;
    let compte = &titulaire.compte;
    let permit = platform_permit(compte)?;
    let tx = ctx.begin().await?;
    let codes = renew_secours(&tx, ctx, compte.id).await?;
    let apres = serde_json::json!({ "codes_secours": codes.len() });
    let acte = Acte { objet: "compte", objet_id: &compte.public_id, avant: None, apres: Some(apres) };
    record(&tx, ctx, &permit, &acte).await?;
    let avis = courriels::moyen_change(ctx, "de nouveaux codes de secours y ont été demandés");
    courriels::enqueue(&tx, ctx, Some(compte.id), &compte.courriel, &avis).await?;
    tx.commit().await?;
    Ok(codes)
}

/// Uses a recovery code; its holder is told, and reminded when few are left (SEC-9).
pub(super) async fn verify_secours(e: &Essai<'_>) -> Result<bool, AppError> {
    let (ctx, compte) = (e.ctx, &e.titulaire.compte);
    let cle = secours_key(ctx, compte.id, e.reponse);
    let Some(reste) = base::use_code_secours(e.tx, compte.id, &cle, ctx.recu_ms()).await? else {
        return Ok(false);
    };
    let avis = courriels::code_secours_utilise(ctx, reste);
    courriels::enqueue(e.tx, ctx, Some(compte.id), &compte.courriel, &avis).await?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sec_9_eighty_bits_make_sixteen_characters() {
        assert_eq!(BASE32_NOPAD.encode(&[0xff; 10]).len(), SECOURS_CARACTERES);
        assert_eq!(compact(" ABCD-efgh 2345-6723 ").len(), SECOURS_CARACTERES);
    }
}
