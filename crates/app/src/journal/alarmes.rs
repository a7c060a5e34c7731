//! JOU-5: alarms, looked for among the entries that the sealer has just sealed: within the second, and at no cost for the
//! acts themselves.

use std::collections::{BTreeMap, BTreeSet};

use domain::comptes::Role;
use domain::droits::{Action, Cible};
use jiff::Timestamp;
use serde_json::json;
use store::Tx;
use store::journal::alarmes as base;
use store::journal::chaine::Ligne;
use store::messagerie::{NouvelEnvoi, enqueue_envoi, etat_canal};

use super::{Acte, record, record_event};
use crate::comptes::{is_usual_network, network_key};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::messages::PIED;

/// Channel of the outbox to the supervision service.
pub(crate) const SUPERVISION: &str = "supervision";

/// Kind of alarm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Genre {
    /// One account read many records in a few minutes.
    LectureMassive,
    /// A file left from a network where the account was never seen.
    ExportReseauInconnu,
    /// The journal was altered.
    RuptureChaine,
    /// Many failures on many accounts from one network (LIM-2).
    Bourrage,
    /// An account of the site de gestion signed in from two networks within minutes.
    DoubleConnexion,
    /// Sign-ins fail far more than usual in the whole country: everybody is asked for a second step (LIM-3).
    ModeRenforce,
    /// The hourly ceiling of SMS was reached (SEC-10).
    PlafondSms,
}

impl Genre {
    /// Every kind.
    pub const ALL: [Self; 7] = [
        Self::LectureMassive,
        Self::ExportReseauInconnu,
        Self::RuptureChaine,
        Self::Bourrage,
        Self::DoubleConnexion,
        Self::ModeRenforce,
        Self::PlafondSms,
    ];

    /// Stable code, used in storage.
    pub const fn code(self) -> &'static str {
        match self {
            Self::LectureMassive => "lecture_massive",
            Self::ExportReseauInconnu => "export_reseau_inconnu",
            Self::RuptureChaine => "rupture_chaine",
            Self::Bourrage => "bourrage",
            Self::DoubleConnexion => "double_connexion",
            Self::ModeRenforce => "mode_renforce",
            Self::PlafondSms => "plafond_sms",
        }
    }

    pub(super) fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|g| g.code() == code)
    }

    /// What happened, in French.
    pub const fn libelle(self) -> &'static str {
        match self {
            Self::LectureMassive => "Un compte a lu beaucoup de dossiers en quelques minutes",
            Self::ExportReseauInconnu => "Un fichier a été exporté depuis un réseau inconnu de ce compte",
            Self::RuptureChaine => "Le journal d’audit a été altéré",
            Self::Bourrage => "Beaucoup d’échecs de connexion sur beaucoup de comptes, depuis un même réseau",
            Self::DoubleConnexion => "Un compte s’est connecté depuis deux réseaux en quelques minutes",
            Self::ModeRenforce => {
                "Les échecs de connexion sont bien plus nombreux que d’habitude : le mode renforcé est en marche"
            }
            Self::PlafondSms => {
                "Le plafond horaire de SMS est atteint : aucun ne part jusqu’à l’heure suivante"
            }
        }
    }
}

/// One alarm, readable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alarme {
    /// Its identifier, as the journal says it.
    pub public_id: String,
    /// What happened.
    pub genre: Genre,
    /// When it was found.
    pub constatee: Timestamp,
    /// Name of the account concerned, or empty.
    pub compte: String,
    /// JSON of numbers and codes.
    pub details: String,
    /// When and by whom it was looked at.
    pub vue: Option<(Timestamp, String)>,
}

/// What raises an alarm.
#[derive(Debug)]
pub(crate) struct Cause {
    pub genre: Genre,
    /// One cause and one period raise one alarm.
    pub cle: String,
    /// Account concerned.
    pub compte: Option<i64>,
    /// Codes and numbers only: they leave for the supervision service.
    pub details: serde_json::Value,
}

/// Looks for alarms among entries just sealed, and raises them in the same transaction.
pub(super) async fn detect(tx: &Tx, ctx: &Ctx, lignes: &[Ligne]) -> Result<(), AppError> {
    for cause in massive_readings(tx, ctx, lignes).await? {
        raise(tx, ctx, &cause).await?;
    }
    for l in lignes {
        let Some(compte) = l.compte_id else { continue };
        if is_export(l) && !is_usual_network(tx, ctx, compte, &l.reseau, l.instant_us / 1_000).await? {
            let genre = Genre::ExportReseauInconnu;
            let details = json!({ "dossiers": l.dossiers });
            // A program that takes its files one after the other gives one alarm a window; the journal has each of them.
            let fenetre = l.instant_us / minutes_us(ctx.app.limites.alarme_fenetre_min);
            let cle = format!("export:{}:{fenetre}", network_key(ctx, compte, &l.reseau));
            raise(tx, ctx, &Cause { genre, cle, compte: Some(compte), details }).await?;
        }
        if is_sign_in_of_staff(l) && signed_in_elsewhere(tx, ctx, l, compte).await? {
            let genre = Genre::DoubleConnexion;
            let details = json!({});
            raise(tx, ctx, &Cause { genre, cle: format!("double:{}", l.id), compte: Some(compte), details })
                .await?;
        }
    }
    Ok(())
}

fn minutes_us(minutes: i64) -> i64 {
    minutes * 60_000_000
}

async fn massive_readings(tx: &Tx, ctx: &Ctx, lignes: &[Ligne]) -> Result<Vec<Cause>, AppError> {
    let limites = &ctx.app.limites;
    let fenetre = minutes_us(limites.alarme_fenetre_min);
    let mut derniers: BTreeMap<i64, i64> = BTreeMap::new();
    for l in lignes.iter().filter(|l| l.dossiers > 0) {
        if let Some(compte) = l.compte_id {
            let dernier = derniers.entry(compte).or_insert(l.instant_us);
            *dernier = (*dernier).max(l.instant_us);
        }
    }
    let mut causes = Vec::new();
    for (compte, a) in derniers {
        let n = base::records_read(tx, compte, a - fenetre, a).await?;
        if n > limites.alarme_dossiers {
            let cle = format!("lecture:{compte}:{}", a / fenetre);
            causes.push(Cause {
                genre: Genre::LectureMassive,
                cle,
                compte: Some(compte),
                details: json!({ "dossiers": n, "minutes": limites.alarme_fenetre_min }),
            });
        }
    }
    Ok(causes)
}

fn is_export(l: &Ligne) -> bool {
    l.issue == "exporte" || (l.objet == "journal" && l.objet_id == "export")
}

fn is_sign_in_of_staff(l: &Ligne) -> bool {
    l.action == "connexion"
        && l.issue == "complete"
        && Role::from_code(&l.role).is_some_and(Role::needs_second_factor)
}

async fn signed_in_elsewhere(tx: &Tx, ctx: &Ctx, l: &Ligne, compte: i64) -> Result<bool, AppError> {
    let de = l.instant_us - minutes_us(ctx.app.limites.alarme_fenetre_min);
    Ok(base::signed_in_elsewhere(tx, compte, &l.reseau, de, l.instant_us).await?)
}

/// The journal was altered: raised by the round of verification.
pub(super) async fn raise_rupture(
    tx: &Tx,
    ctx: &Ctx,
    premiere: &str,
    anomalies: usize,
) -> Result<(), AppError> {
    let cause = Cause {
        genre: Genre::RuptureChaine,
        cle: format!("rupture:{premiere}"),
        compte: None,
        details: json!({ "anomalies": anomalies, "premiere": premiere }),
    };
    raise(tx, ctx, &cause).await
}

/// Writes the alarm once, says it in the journal, and puts in the outbox a mail to each of the national team and a
/// message to the supervision service.
pub(crate) async fn raise(tx: &Tx, ctx: &Ctx, cause: &Cause) -> Result<(), AppError> {
    let id = ctx.app.alea.public_id();
    let details = cause.details.to_string();
    let alarme = base::NouvelleAlarme {
        public_id: id.as_str(),
        genre: cause.genre.code(),
        cle: &cause.cle,
        constatee_le: ctx.recu_ms(),
        compte: cause.compte,
        details: &details,
    };
    if !base::insert(tx, &alarme).await? {
        return Ok(());
    }
    tracing::error!(genre = cause.genre.code(), alarme = id.as_str(), "alarme de sécurité");
    record_event(tx, ctx, "alarme", cause.genre.code(), "alarme", id.as_str()).await?;
    if ctx.app.supervision.available() {
        supervise(tx, ctx, id.as_str(), cause).await?;
    }
    let sujet = format!("Alarme de sécurité : {}", cause.genre.libelle());
    let corps = format!(
        "Bonjour,\n\n{}.\n\nConstatée le {} (heure de Paris).\nÀ examiner maintenant : {}/alarmes{PIED}",
        cause.genre.libelle(),
        crate::messages::date_heure(ctx.recu_le),
        ctx.app.adresse
    );
    for (compte, courriel) in base::recipients(tx, Role::AdminNational.code()).await? {
        let envoi = NouvelEnvoi {
            canal: "courriel",
            compte: Some(compte),
            destinataire: &courriel,
            modele: "alarme",
            sujet: &sujet,
            corps: &corps,
            priorite: 1,
            cree_le: ctx.recu_ms(),
            perime_le: None,
        };
        enqueue_envoi(tx, &ctx.app.coffre, ctx.app.alea.as_ref(), &envoi).await?;
    }
    Ok(())
}

/// JOU-5: kind, instant and numbers, under the alarm's own identifier; whom it is about stays on the page of alarms.
async fn supervise(tx: &Tx, ctx: &Ctx, id: &str, cause: &Cause) -> Result<(), AppError> {
    let corps = json!({
        "version": 1,
        "alarme": id,
        "genre": cause.genre.code(),
        "libelle": cause.genre.libelle(),
        "constatee_le": ctx.recu_le.to_string(),
        "details": cause.details,
        "page": format!("{}/alarmes", ctx.app.adresse),
    })
    .to_string();
    let envoi = NouvelEnvoi {
        canal: SUPERVISION,
        compte: None,
        destinataire: SUPERVISION,
        modele: "alarme",
        sujet: cause.genre.code(),
        corps: &corps,
        priorite: 1,
        cree_le: ctx.recu_ms(),
        perime_le: None,
    };
    enqueue_envoi(tx, &ctx.app.coffre, ctx.app.alea.as_ref(), &envoi).await?;
    Ok(())
}

/// How the messages to the supervision service go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Supervision {
    /// Messages that have not left yet.
    pub en_attente: i64,
    /// Messages that never will.
    pub abandonnes: i64,
    /// When the last one left.
    pub dernier_envoi: Option<Timestamp>,
}

/// How the messages to the supervision service go; nothing while none is declared.
///
/// # Errors
/// [`AppError::Denied`] unless the person may read the whole journal.
pub async fn supervision(ctx: &Ctx) -> Result<Option<Supervision>, AppError> {
    ctx.permit(Action::ConsulterJournal, &Cible::plateforme())?;
    if !ctx.app.supervision.available() {
        return Ok(None);
    }
    let e = etat_canal(&ctx.app.db, SUPERVISION).await?;
    let dernier_envoi = e.dernier_envoi.and_then(|ms| Timestamp::from_millisecond(ms).ok());
    Ok(Some(Supervision { en_attente: e.en_attente, abandonnes: e.abandonnes, dernier_envoi }))
}

/// The last alarms, newest first.
///
/// # Errors
/// [`AppError::Denied`] unless the person may read the whole journal.
pub async fn alarmes(ctx: &Ctx) -> Result<Vec<Alarme>, AppError> {
    const MONTREES: i64 = 200;
    ctx.permit(Action::ConsulterJournal, &Cible::plateforme())?;
    let quand = |ms| Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH);
    let lignes = base::list(&ctx.app.db, MONTREES).await?;
    Ok(lignes
        .into_iter()
        .filter_map(|l| {
            Some(Alarme {
                genre: Genre::from_code(&l.genre)?,
                public_id: l.public_id,
                constatee: quand(l.constatee_le),
                compte: l.compte.unwrap_or_default(),
                details: l.details,
                vue: l.vue_le.map(|ms| (quand(ms), l.vue_par.unwrap_or_default())),
            })
        })
        .collect())
}

/// How many alarms nobody looked at yet; nothing for those who may not know.
///
/// # Errors
/// When the database refuses.
pub async fn alarmes_a_voir(ctx: &Ctx) -> Result<Option<i64>, AppError> {
    if ctx.permit(Action::ConsulterJournal, &Cible::plateforme()).is_err() {
        return Ok(None);
    }
    Ok(Some(base::unseen(&ctx.app.db).await?))
}

/// Somebody looked at these alarms. Recorded.
///
/// # Errors
/// [`AppError::Denied`] unless the person may read the whole journal.
pub async fn marquer_vues(ctx: &Ctx) -> Result<usize, AppError> {
    let permit = ctx.permit(Action::ConsulterJournal, &Cible::plateforme())?;
    let tx = ctx.begin().await?;
    let a_voir: BTreeSet<String> =
        base::list(&tx, 200).await?.into_iter().filter(|l| l.vue_le.is_none()).map(|l| l.public_id).collect();
    for id in &a_voir {
        if base::set_seen(&tx, id, ctx.acteur.compte, ctx.recu_ms()).await? {
            let apres = Some(json!({ "etat": "vue" }));
            record(&tx, ctx, &permit, &Acte { objet: "alarme", objet_id: id, avant: None, apres }).await?;
        }
    }
    tx.commit().await?;
    Ok(a_voir.len())
}
