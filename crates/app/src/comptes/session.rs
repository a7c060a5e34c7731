//! SES-1 to 3: server-side sign-in sessions. The token lives in the cookie, its hash in the base.

use std::sync::Arc;

use domain::comptes::{Moyen, Role};
use domain::droits::{Acteur, Attribution};
use store::comptes as base;
use store::{Sql, Tx};

use super::connus::stored_means;
use crate::contexte::{Ctx, SecondeEtape};
use crate::erreur::AppError;
use crate::idempotence::hash;
use crate::journal::record_event;
use crate::limites::Limites;
use crate::plateforme::Plateforme;

/// How far the sign-in went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EtapeConnexion {
    /// Password accepted; the second factor is missing.
    SecondFacteur,
    /// Password accepted; no second factor exists yet: only the enrolment page answers.
    Enrolement,
    /// Every page that the roles allow.
    Complete,
}

impl EtapeConnexion {
    /// Stable code, used in storage.
    pub const fn code(self) -> &'static str {
        match self {
            Self::SecondFacteur => "second_facteur",
            Self::Enrolement => "enrolement",
            Self::Complete => "complete",
        }
    }

    fn from_code(code: &str) -> Option<Self> {
        [Self::SecondFacteur, Self::Enrolement, Self::Complete].into_iter().find(|e| e.code() == code)
    }
}

/// A living sign-in session.
#[derive(Debug, Clone)]
pub struct SessionVue {
    /// Internal key of the sign-in session.
    pub id: i64,
    /// Internal key of the account.
    pub compte: i64,
    /// Shown in the header.
    pub nom: String,
    /// Shown in the header.
    pub prenom: String,
    /// Anything but `Complete` opens only the page of that step.
    pub etape: EtapeConnexion,
    /// Anti-CSRF token bound to the session (WEB-2).
    pub csrf: String,
    /// Read again at each request: a role taken away is gone at once.
    pub roles: Vec<Attribution>,
    /// Real instant (ms) at which it closes: by inactivity, or for good.
    pub expire_ms: i64,
    /// It closes for good then: it has lasted as long as a session may.
    pub totale: bool,
    /// Real instant (ms) of the second step of this session, and its means.
    pub seconde_etape: Option<(i64, Moyen)>,
}

impl SessionVue {
    /// What a use case knows of the second step: nothing counts before sign-in is complete.
    pub fn seconde_etape(&self) -> SecondeEtape {
        match self.seconde_etape {
            Some((le_ms, moyen)) if self.etape == EtapeConnexion::Complete => {
                SecondeEtape::Faite { le_ms, moyen }
            }
            _ => SecondeEtape::Absente,
        }
    }

    /// Who acts: the person once sign-in is complete, the public before.
    pub fn acteur(&self) -> Acteur {
        if self.etape != EtapeConnexion::Complete {
            return Acteur::public();
        }
        let mut attributions = self.roles.clone();
        // Everybody may read the published offer, signed in or not.
        attributions.push(Attribution::simple(Role::Public));
        Acteur { compte: Some(self.compte), nom: format!("{} {}", self.prenom, self.nom), attributions }
    }
}

/// SES-2: (idle, total) in milliseconds; the strongest role gives the shortest.
pub(super) fn durees(limites: &Limites, roles: &[Attribution]) -> (i64, i64) {
    let (minutes, heures) = roles
        .iter()
        .map(|a| match a.role {
            Role::AdminNational | Role::Auditeur | Role::Academie => limites.session_nationale,
            Role::Candidat | Role::Public => limites.session_candidat,
            _ => limites.session_etablissement,
        })
        .min()
        .unwrap_or(limites.session_candidat);
    (minutes * 60_000, heures * 3_600_000)
}

/// True when one of the roles asks for a second factor (SEC-1).
pub fn needs_second_factor(roles: &[Attribution]) -> bool {
    roles.iter().any(|a| a.role.needs_second_factor())
}

/// Opens a session; gives the token to put in the cookie. `seconde_etape`: when (real ms) and by which means the second
/// step was made, if it was.
///
/// # Errors
/// When the database refuses.
pub async fn open_session(
    tx: &Tx,
    ctx: &Ctx,
    compte: i64,
    navigateur: &str,
    etape: EtapeConnexion,
    seconde_etape: Option<(i64, Moyen)>,
) -> Result<String, AppError> {
    let roles = base::attributions(tx, compte).await?;
    let (_, totale) = durees(&ctx.app.limites, &roles);
    let (a, b) = (ctx.app.alea.public_id(), ctx.app.alea.public_id());
    let jeton = format!("{a}{b}");
    let csrf = ctx.app.alea.public_id();
    base::insert_session_web(
        tx,
        &base::NouvelleSessionWeb {
            public_id: ctx.app.alea.public_id().as_str(),
            jeton_hache: &hash(&jeton),
            compte,
            etape: etape.code(),
            reseau: &ctx.reseau,
            navigateur,
            csrf: csrf.as_str(),
            ouverte_le: ctx.recu_ms(),
            expire_le: ctx.recu_ms() + totale,
            second_facteur_le: seconde_etape.map(|(le, _)| le),
            moyen: seconde_etape.map(|(_, moyen)| moyen.code()),
            appareil: &ctx.appareil,
        },
    )
    .await?;
    Ok(jeton)
}

/// The living session of a cookie, or nothing. A change of network sends accounts of the site de gestion back to
/// the second factor (SEC-3). The instant of use is written at most once a minute.
///
/// # Errors
/// When the database refuses.
pub async fn resolve_session(
    app: &Arc<Plateforme>,
    jeton: &str,
    reseau: &str,
    maintenant_ms: i64,
) -> Result<Option<SessionVue>, AppError> {
    if jeton.len() != 52 {
        return Ok(None);
    }
    let Some(ligne) = base::session_web(&app.db, &hash(jeton)).await? else { return Ok(None) };
    let roles = base::attributions(&app.db, ligne.compte_id).await?;
    let (inactivite, _) = durees(&app.limites, &roles);
    // Its line stays for some hours, so that what is sent from its pages is not lost (SES-3); it opens nothing.
    if maintenant_ms >= ligne.expire_le || maintenant_ms >= ligne.vue_le + inactivite {
        return Ok(None);
    }
    let compte = base::by_id(&app.db, ligne.compte_id).await?;
    if !matches!(compte.etat.as_str(), "actif" | "a_securiser" | "invite") {
        return Ok(None);
    }
    let mut etape =
        EtapeConnexion::from_code(&ligne.etape).ok_or(AppError::Internal("session_web.etape".to_owned()))?;
    // Securing an account asks too: what is enrolled there opens everything.
    if etape != EtapeConnexion::SecondFacteur && ligne.reseau != reseau && needs_second_factor(&roles) {
        base::demote_session_web(&app.db, ligne.id).await?;
        etape = EtapeConnexion::SecondFacteur;
    }
    if etape == EtapeConnexion::Complete && compte.etat == "a_securiser" {
        // Carried over to another session while signed in: it must be secured first (CPT-4).
        // Its factor is shown again before it is renewed; without one, the step made in this session counts.
        let a_un_facteur =
            compte.totp_chiffre.is_some() || !base::list_cles(&app.db, compte.id).await?.is_empty();
        let a_montrer = a_un_facteur || ligne.moyen.is_none();
        etape = if needs_second_factor(&roles) && a_montrer {
            EtapeConnexion::SecondFacteur
        } else {
            EtapeConnexion::Enrolement
        };
    }
    if maintenant_ms - ligne.vue_le > 60_000 {
        base::touch_session_web(&app.db, ligne.id, maintenant_ms).await?;
    }
    Ok(Some(SessionVue {
        id: ligne.id,
        compte: ligne.compte_id,
        nom: compte.nom,
        prenom: compte.prenom,
        etape,
        csrf: ligne.csrf,
        roles,
        expire_ms: ligne.expire_le.min(maintenant_ms + inactivite),
        totale: ligne.expire_le <= maintenant_ms + inactivite,
        seconde_etape: ligne.second_facteur_le.zip(stored_means(ligne.moyen.as_deref())),
    }))
}

/// A session that ran out: it opens nothing, but says whose page a form was sent from (SES-3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionFinie {
    /// Internal key of the account.
    pub compte: i64,
    /// The token that its pages hold: a form without it comes from elsewhere.
    pub csrf: String,
}

/// The session of a cookie that no longer opens anything because its time is over. One that was closed is not found.
///
/// # Errors
/// When the database refuses.
pub async fn ended_session(app: &Arc<Plateforme>, jeton: &str) -> Result<Option<SessionFinie>, AppError> {
    let ligne = base::session_web(&app.db, &hash(jeton)).await?;
    Ok(ligne
        .filter(|l| l.etape == EtapeConnexion::Complete.code())
        .map(|l| SessionFinie { compte: l.compte_id, csrf: l.csrf }))
}

/// Signs out: the session no longer exists on the server, and the journal says so.
///
/// # Errors
/// When the database refuses.
pub async fn sign_out(ctx: &Ctx, session: &SessionVue) -> Result<(), AppError> {
    let tx = ctx.begin().await?;
    close_session(&tx, session.id).await?;
    record_event(&tx, ctx, "deconnexion", "fait", "compte", "").await?;
    tx.commit().await?;
    Ok(())
}

/// The session no longer exists on the server.
///
/// # Errors
/// When the database refuses.
pub async fn close_session(c: &impl Sql, id: i64) -> Result<(), AppError> {
    Ok(base::delete_session_web(c, id).await?)
}
