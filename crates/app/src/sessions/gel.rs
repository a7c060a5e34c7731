//! RUN-6: what waits during a freeze of the calendar, and the two people who may agree to it all the same (HAB-8).

use domain::RuleViolation;
use domain::calendrier::{DelaisGel, Gel};
use domain::comptes::Courriel;
use domain::droits::{Action, Cible};
use jiff::Timestamp;
use serde_json::{Value as Json, json};
use store::gel as base;
use store::messagerie::{NouvelEnvoi, enqueue_envoi};
use store::prolongations::Destinataire;
use store::{Sql, Tx};

use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::journal::{Acte, record};
use crate::messages::{self, PIED};

/// Accounts that one act changes, from which it is one on many accounts: setting of the session.
pub(super) const SEUIL: &str = "gel_seuil_comptes";
/// Before reminders (NOT-1): somebody's name was used.
const PRIORITE: i64 = 4;

/// R-CAL-09: the freeze of a session at an instant of the campaign. None on a database made before freezes: the migration
/// that brings their settings is not stopped by them.
pub(super) async fn gel_en_cours(
    c: &impl Sql,
    session: i64,
    now: Timestamp,
) -> Result<Option<Gel>, AppError> {
    let jours = reglage(c, session, "gel_ouverture_jours").await?;
    let heures = reglage(c, session, "gel_echeance_heures").await?;
    let (Some(ouverture_jours), Some(echeance_heures)) = (jours, heures) else { return Ok(None) };
    let fenetres = base::fenetres(c, session).await?;
    Ok(Gel::en_cours(&fenetres, DelaisGel { ouverture_jours, echeance_heures }, now))
}

async fn reglage(c: &impl Sql, session: i64, cle: &'static str) -> Result<Option<u16>, AppError> {
    let Some(valeur) = store::sessions::parametre(c, session, cle).await? else { return Ok(None) };
    let lu =
        valeur.parse().map_err(|_| AppError::Internal(format!("parametre {cle} of session {session}")))?;
    Ok(Some(lu))
}

/// The freeze of the open session: what a delivery and the nightly works look at. A schema older than this program is read
/// as well as its own.
///
/// # Errors
/// When the database refuses.
pub async fn gel_ouvert(c: &impl Sql, now: Timestamp) -> Result<Option<Gel>, AppError> {
    match base::open_session(c).await? {
        Some(session) => gel_en_cours(c, session, now).await,
        None => Ok(None),
    }
}

/// R-CAL-10: many accounts are not changed at once during a freeze, unless it is lifted for their establishment.
///
/// # Errors
/// [`RuleViolation::Gel`].
pub(crate) async fn require_hors_gel(
    c: &impl Sql,
    ctx: &Ctx,
    session: i64,
    etablissement: Option<i64>,
    comptes: usize,
) -> Result<(), AppError> {
    let Some(gel) = gel_en_cours(c, session, ctx.campagne_le).await? else { return Ok(()) };
    let comptes = u32::try_from(comptes).unwrap_or(u32::MAX);
    if comptes < super::parametre_entier(c, session, SEUIL).await? {
        return Ok(());
    }
    if let Some(e) = etablissement
        && base::is_lifted(c, session, e, ctx.campagne_ms()).await?
    {
        return Ok(());
    }
    Err(RuleViolation::Gel { gel, comptes }.into())
}

/// Two people of the national team who agree to what an operator does at the console during a freeze. The operator does not
/// sign for them: the journal has their names, and each is told by mail.
#[derive(Debug, Clone)]
pub struct Accord {
    gel: Gel,
    personnes: Vec<Destinataire>,
}

/// R-CAL-11: reads the agreement that a command declares, before it does anything.
///
/// # Errors
/// [`AppError::Invalid`] unless the addresses are those of two people of the national team in service.
pub async fn accord_malgre_le_gel(c: &impl Sql, gel: Gel, adresses: &[String]) -> Result<Accord, AppError> {
    let refus = |message: String| AppError::Invalid(vec![("malgre_le_gel", message)]);
    let mut personnes: Vec<Destinataire> = Vec::new();
    for adresse in adresses {
        let trouvee = match Courriel::parse(adresse) {
            Ok(lue) => base::validateur(c, lue.as_str()).await?,
            Err(_) => None,
        };
        let Some(p) = trouvee else {
            return Err(refus(format!(
                "« {adresse} » n’est pas l’adresse d’un compte actif de l’équipe nationale : rien n’a été fait."
            )));
        };
        if personnes.iter().all(|q| q.id != p.id) {
            personnes.push(p);
        }
    }
    if personnes.len() < 2 {
        return Err(refus(
            "Pendant un gel, deux personnes différentes de l’équipe nationale valident : donnez --malgre-le-gel deux fois, \
             avec l’adresse de chacune. Rien n’a été fait."
                .to_owned(),
        ));
    }
    Ok(Accord { gel, personnes })
}

impl Accord {
    /// Who agreed, for the journal.
    pub(super) fn par(&self) -> Json {
        self.personnes.iter().map(|p| p.public_id.as_str()).collect()
    }

    /// Tells each of them what was done with their agreement.
    pub(super) async fn tell(&self, tx: &Tx, ctx: &Ctx, quoi: &str) -> Result<(), AppError> {
        for p in &self.personnes {
            let corps = format!(
                "Bonjour {},\n\n{quoi} pendant un gel, avec votre accord et celui d’une autre personne de l’équipe nationale, tel que \
                 l’exploitant l’a déclaré. {} Cet accord est au journal.\n\nSi vous ne l’avez pas donné, prévenez tout de suite \
                 l’équipe nationale.\n\n{}{PIED}",
                p.prenom,
                messages::gel(&self.gel),
                ctx.app.adresse
            );
            let envoi = NouvelEnvoi {
                canal: "courriel",
                compte: Some(p.id),
                destinataire: &p.courriel,
                modele: "accord_gel",
                sujet: "Parcoursup : fait pendant un gel, avec votre accord",
                corps: &corps,
                priorite: PRIORITE,
                cree_le: ctx.recu_ms(),
                perime_le: None,
            };
            enqueue_envoi(tx, &ctx.app.coffre, ctx.app.alea.as_ref(), &envoi).await?;
        }
        Ok(())
    }
}

/// R-CAL-11: notes a delivery made during a freeze, on the schema that it brought.
///
/// # Errors
/// [`AppError::Denied`] unless the platform itself asks.
pub async fn record_livraison(
    ctx: &Ctx,
    accord: &Accord,
    version: &str,
    migrations: usize,
) -> Result<(), AppError> {
    let permit = ctx.permit(Action::GererSession, &Cible::plateforme())?;
    let tx = ctx.begin().await?;
    let apres = json!({
        "numero": migrations, "par": accord.par(), "evenement": accord.gel.etape.code(),
        "jusqu_a": accord.gel.fin.as_millisecond(),
    });
    let acte = Acte { objet: "livraison", objet_id: version, avant: None, apres: Some(apres) };
    record(&tx, ctx, &permit, &acte).await?;
    accord.tell(&tx, ctx, "Une nouvelle version de Parcoursup a été livrée").await?;
    tx.commit().await?;
    Ok(())
}
