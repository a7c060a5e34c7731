//! SEC-4: the means of the second step, behind one trait. The sign-in asks each in turn whether an answer is its own.

use domain::comptes::{Mobile, Moyen};
use domain::droits::Attribution;
use store::comptes::{self as base, LigneCompte};
use store::{Sql, Tx};

use super::cles;
use super::codes;
use super::session::{SessionVue, needs_second_factor};
use super::totp::step_of;
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::limites::JOUR_MS;
use crate::ports::Futur;

/// The person whose second step is under way, and what they can show.
#[derive(Debug, Clone)]
pub(super) struct Titulaire {
    pub compte: LigneCompte,
    pub roles: Vec<Attribution>,
    /// The number that they proved.
    pub mobile: Option<Mobile>,
    pub cles: Vec<base::LigneCle>,
    pub secours: i64,
}

impl Titulaire {
    pub(super) async fn load(
        c: &impl Sql,
        ctx: &Ctx,
        compte: i64,
        roles: &[Attribution],
    ) -> Result<Self, AppError> {
        let compte = base::by_id(c, compte).await?;
        let mobile = match &compte.mobile_chiffre {
            None => None,
            Some(chiffre) => {
                let numero = base::open_mobile(&ctx.app.coffre, &compte.public_id, chiffre)?;
                let prouve = base::mobile_prouve(c, compte.id).await? == Some(mobile_key(ctx, &numero));
                Mobile::parse(&numero).filter(|_| prouve)
            }
        };
        Ok(Self {
            mobile,
            cles: base::list_cles(c, compte.id).await?,
            secours: base::count_codes_secours(c, compte.id).await?,
            compte,
            roles: roles.to_vec(),
        })
    }

    /// Has an authenticator or a passkey.
    pub(super) fn has_strong(&self) -> bool {
        self.compte.totp_chiffre.is_some() || !self.cles.is_empty()
    }

    /// Real instant (ms) from which a strong factor is compulsory, for whom it is (SEC-5).
    pub(super) fn strong_from(&self, ctx: &Ctx) -> Option<i64> {
        self.roles.iter().any(|a| a.role.needs_strong_factor()).then(|| {
            let debut = self.compte.active_le.unwrap_or(ctx.recu_ms());
            debut + ctx.app.limites.facteur_fort_jours * JOUR_MS
        })
    }

    /// The strong factor is compulsory now.
    pub(super) fn needs_strong(&self, ctx: &Ctx) -> bool {
        self.strong_from(ctx).is_some_and(|des| ctx.recu_ms() >= des)
    }

    /// The means that this person may use now, the safest first.
    pub(super) fn offered(&self, ctx: &Ctx) -> Vec<Moyen> {
        MOYENS.iter().filter(|m| m.offered(ctx, self)).map(|m| m.moyen()).collect()
    }
}

/// Fingerprint of a proved number.
pub(crate) fn mobile_key(ctx: &Ctx, numero: &str) -> String {
    ctx.app.coffre.fingerprint("mobile-prouve", numero)
}

/// An answer to check.
pub(super) struct Essai<'a> {
    pub tx: &'a Tx,
    pub ctx: &'a Ctx,
    pub titulaire: &'a Titulaire,
    pub session: &'a SessionVue,
    pub navigateur: &'a str,
    pub reponse: &'a str,
}

/// One means of the second step.
pub(super) trait MoyenSecond: Sync {
    fn moyen(&self) -> Moyen;

    /// Whether this person may use it now.
    fn offered(&self, ctx: &Ctx, titulaire: &Titulaire) -> bool;

    /// Whether the answer has the shape of this means.
    fn recognises(&self, reponse: &str) -> bool;

    /// Checks the answer and uses it up, in the transaction of the sign-in.
    fn verify<'a>(&'a self, essai: &'a Essai<'a>) -> Futur<'a, Result<bool, AppError>>;
}

/// Every means, in the order of SEC-4.
pub(super) static MOYENS: [&dyn MoyenSecond; 5] =
    [&CleAcces, &Application, &Envoye(Moyen::Sms), &Envoye(Moyen::Courriel), &Secours];

/// The characters that count in a code: people add spaces and hyphens.
pub(super) fn compact(reponse: &str) -> String {
    reponse.chars().filter(|c| !c.is_whitespace() && *c != '-').flat_map(char::to_lowercase).collect()
}

fn digits(reponse: &str, combien: usize) -> bool {
    let code = compact(reponse);
    code.len() == combien && code.bytes().all(|o| o.is_ascii_digit())
}

struct CleAcces;

impl MoyenSecond for CleAcces {
    fn moyen(&self) -> Moyen {
        Moyen::CleAcces
    }

    fn offered(&self, ctx: &Ctx, titulaire: &Titulaire) -> bool {
        !titulaire.cles.is_empty() && cles::possible(ctx)
    }

    fn recognises(&self, reponse: &str) -> bool {
        reponse.trim_start().starts_with('{')
    }

    fn verify<'a>(&'a self, essai: &'a Essai<'a>) -> Futur<'a, Result<bool, AppError>> {
        Box::pin(cles::verify(essai))
    }
}

struct Application;

impl MoyenSecond for Application {
    fn moyen(&self) -> Moyen {
        Moyen::Totp
    }

    fn offered(&self, _: &Ctx, titulaire: &Titulaire) -> bool {
        titulaire.compte.totp_chiffre.is_some()
    }

    fn recognises(&self, reponse: &str) -> bool {
        digits(reponse, 6)
    }

    fn verify<'a>(&'a self, e: &'a Essai<'a>) -> Futur<'a, Result<bool, AppError>> {
        Box::pin(async move {
            let compte = &e.titulaire.compte;
            let Some(chiffre) = &compte.totp_chiffre else { return Ok(false) };
            let secret = base::open_totp(&e.ctx.app.coffre, &compte.public_id, chiffre)?;
            match step_of(&secret, &compact(e.reponse), e.ctx.recu_ms())? {
                None => Ok(false),
                // The conditional update is what refuses a replay, even in parallel (SEC-6).
                Some(pas) => Ok(base::use_totp_step(e.tx, compte.id, pas).await?),
            }
        })
    }
}

/// A code sent by SMS or by mail.
struct Envoye(Moyen);

impl MoyenSecond for Envoye {
    fn moyen(&self) -> Moyen {
        self.0
    }

    fn offered(&self, ctx: &Ctx, titulaire: &Titulaire) -> bool {
        // Whoever must have a strong factor, and has it, shows that one (SEC-5).
        let releve = titulaire.needs_strong(ctx) && titulaire.has_strong();
        !releve
            && match self.0 {
                Moyen::Sms => titulaire.mobile.is_some() && ctx.app.sms.available(),
                _ => true,
            }
    }

    fn recognises(&self, reponse: &str) -> bool {
        digits(reponse, codes::CHIFFRES)
    }

    fn verify<'a>(&'a self, e: &'a Essai<'a>) -> Futur<'a, Result<bool, AppError>> {
        Box::pin(async move {
            let canal = base::canal_du_code(e.tx, e.session.id, codes::CONNEXION, e.ctx.recu_ms()).await?;
            if canal.as_deref() != Some(self.0.code()) {
                return Ok(false);
            }
            let cle = codes::key(e.ctx, e.session.id, codes::CONNEXION, e.reponse);
            let utilise = base::use_code(
                e.tx,
                &e.ctx.app.coffre,
                e.session.id,
                codes::CONNEXION,
                &cle,
                e.navigateur,
                e.ctx.recu_ms(),
            )
            .await?;
            Ok(utilise.is_some())
        })
    }
}

struct Secours;

impl MoyenSecond for Secours {
    fn moyen(&self) -> Moyen {
        Moyen::Secours
    }

    fn offered(&self, _: &Ctx, titulaire: &Titulaire) -> bool {
        titulaire.secours > 0
    }

    fn recognises(&self, reponse: &str) -> bool {
        compact(reponse).len() == codes::SECOURS_CARACTERES
    }

    fn verify<'a>(&'a self, essai: &'a Essai<'a>) -> Futur<'a, Result<bool, AppError>> {
        Box::pin(codes::verify_secours(essai))
    }
}

/// Whether a sign-in of these roles asks for a second step at all.
pub(super) fn asks_second_step(roles: &[Attribution], renforce: bool) -> bool {
    renforce || needs_second_factor(roles)
}
