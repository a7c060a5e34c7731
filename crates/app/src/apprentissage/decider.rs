//! R-APP-06: the decisions of an academic service, one record at a time or many at once.

use domain::PublicId;
use domain::RuleViolation;
use domain::apprentissage::{Statut, decide};
use domain::droits::{Action, Permit};
use serde_json::json;
use store::Tx;
use store::apprentissage::{self as base, EvenementAEcrire, FicheEntiere, NouveauStatut, Tenues};

use super::courriels::tell_decision;
use super::{cible, load, read, statut};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::idempotence::{self, Garde, Recepisse, hash};
use crate::journal::{Acte, record};
use crate::motif::read_motif;
use crate::sessions::{self, SessionAdmission};

/// What an agent decides of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// The status that it takes.
    pub vers: Statut,
    /// As typed; read only when the status says why.
    pub motif: String,
}

/// A record to be moved, with the right to move it.
struct Ouverte {
    f: FicheEntiere,
    permit: Permit,
    de: Statut,
}

impl Ouverte {
    async fn load(tx: &Tx, ctx: &Ctx, session: &SessionAdmission, id: &PublicId) -> Result<Self, AppError> {
        let f = load(tx, session, id).await?;
        let permit = ctx.permit(Action::DeciderApprentissage, &cible(session, &f))?;
        let de = statut(&f.statut)?;
        Ok(Self { f, permit, de })
    }

    /// R-APP-09: a record that repeats another is not let through: the platform would make two courses of one.
    fn require_seule(&self, vers: Statut) -> Result<(), RuleViolation> {
        if self.f.doublon_de.is_some() && matches!(vers, Statut::PretPourIntegration | Statut::APublier) {
            return Err(RuleViolation::FicheEnDouble);
        }
        Ok(())
    }

    /// Moves it, with its history and its entry of the journal.
    async fn write(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        vers: Statut,
        raison: Option<&str>,
    ) -> Result<serde_json::Value, AppError> {
        let e = ctx.ecriture(&self.permit);
        let nouveau = NouveauStatut {
            statut: vers.code(),
            raison: raison.map(str::to_owned),
            doublon_de: self.f.doublon_de.clone(),
            en_ligne: self.f.en_ligne == 1,
        };
        base::set_statut(tx, &e, (self.f.id, self.f.version), nouveau).await?;
        let evenement = EvenementAEcrire {
            fiche: self.f.id,
            issue: "decision",
            detail: "{}".to_owned(),
            statut_avant: Some(self.de.code()),
            statut: Some(vers.code()),
            raison: raison.map(str::to_owned),
        };
        base::add_evenements(tx, &e, [evenement]).await?;
        // JOU-2: no free text in the journal; the history of the record keeps it.
        let apres = json!({ "etat": vers.code(), "motif": raison.map(hash) });
        let acte = Acte {
            objet: "fiche_apprentissage",
            objet_id: &self.f.public_id,
            avant: Some(json!({ "etat": self.de.code() })),
            apres: Some(apres.clone()),
        };
        record(tx, ctx, &self.permit, &acte).await?;
        Ok(apres)
    }
}

/// Takes a record to another status.
///
/// # Errors
/// [`RuleViolation::ForbiddenTransition`], [`RuleViolation::FicheIncomplete`]; [`AppError::Invalid`] for a reason that says nothing;
/// [`AppError::Conflict`] when the record changed since the agent read it.
pub async fn decide_fiche(
    ctx: &Ctx,
    garde: &Garde,
    annee: i64,
    id: &PublicId,
    d: &Decision,
) -> Result<Recepisse, AppError> {
    let demande = format!("decision_fiche|{annee}|{id}|{}|{}", d.vers.code(), hash(&d.motif));
    let tx = ctx.begin().await?;
    let session = sessions::session(&tx, annee).await?;
    let o = Ouverte::load(&tx, ctx, &session, id).await?;
    if let Some(recepisse) = idempotence::deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(recepisse);
    }
    session.require_ouverte()?;
    garde.check_version(o.f.version)?;
    o.require_seule(d.vers)?;
    let fiche = read(&o.f.contenu)?;
    decide(o.de, &fiche, d.vers)?;
    let raison = if d.vers.motive() { Some(read_motif(ctx, &d.motif, "motif")?) } else { None };
    let apres = o.write(&tx, ctx, d.vers, raison.as_deref()).await?;
    if d.vers.motive() {
        tell_decision(&tx, ctx, &session, (&fiche, o.f.formation_uai.as_deref())).await?;
    }
    let contenu = json!({ "fiche": o.f.public_id, "decision": apres });
    let recepisse = idempotence::emettre(&tx, ctx, garde, &demande, "fiche_decidee", None, &contenu).await?;
    tx.commit().await?;
    Ok(recepisse)
}

/// Declares records ready for the platform without opening them, each as it was read (identifier, version): all of them or none.
///
/// # Errors
/// [`RuleViolation::DansLot`] for the first one that [`decide_fiche`] would refuse; [`RuleViolation::Champ`] when there is none;
/// [`AppError::Conflict`] when one changed since.
pub async fn declare_pretes(
    ctx: &Ctx,
    garde: &Garde,
    annee: i64,
    lues: &[(PublicId, i64)],
) -> Result<Recepisse, AppError> {
    let codes: Vec<&str> = lues.iter().map(|(id, _)| id.as_str()).collect();
    let demande = format!("fiches_pretes|{annee}|{}", codes.join(","));
    let tx = ctx.begin().await?;
    let session = sessions::session(&tx, annee).await?;
    let mut lot = Vec::with_capacity(lues.len());
    for (id, version) in lues {
        lot.push((Ouverte::load(&tx, ctx, &session, id).await?, *version));
    }
    if let Some(recepisse) = idempotence::deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(recepisse);
    }
    session.require_ouverte()?;
    if lot.is_empty() {
        return Err(RuleViolation::Champ { champ: "fiches", motif: "aucune" }.into());
    }
    // All of them first: they are written in the order asked for, which is not that in which records are held.
    let cles: Vec<i64> = lot.iter().map(|(o, _)| o.f.id).collect();
    base::hold_fiches(&tx, session.id, Tenues::Seules(&cles)).await?;
    for (o, version) in &lot {
        // TRX-4: what the agent read of it is what it still says.
        if o.f.version != *version {
            return Err(AppError::Conflict);
        }
        let fiche = read(&o.f.contenu)?;
        let nom = || fiche.titre().unwrap_or(&o.f.identifiant).to_owned();
        // What waits for a correction, or was refused, is opened before it is let through.
        let fait = if o.de.is_a_publier() {
            o.require_seule(Statut::PretPourIntegration)
                .and_then(|()| decide(o.de, &fiche, Statut::PretPourIntegration))
        } else {
            let event = Statut::PretPourIntegration.code();
            Err(RuleViolation::ForbiddenTransition { from: o.de.code(), event })
        };
        fait.map_err(|r| AppError::from(r).dans_lot(nom))?;
        o.write(&tx, ctx, Statut::PretPourIntegration, None).await?;
    }
    let contenu = json!({ "fiches": codes });
    let recepisse = idempotence::emettre(&tx, ctx, garde, &demande, "fiches_pretes", None, &contenu).await?;
    tx.commit().await?;
    Ok(recepisse)
}
