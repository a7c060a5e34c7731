//! R-ETA-11: the parts of an establishment that it asks to change once their step is over, and those that were opened again.

use std::collections::BTreeSet;

use domain::calendrier::Fenetre;
use domain::droits::{Action, Cible};
use domain::etablissements::Partie;
use domain::formations::controle::Reouverture;
use domain::formations::demandes::{NatureDemande, Souhait, check_accordees};
use domain::{PublicId, RuleViolation};
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::json;
use store::formations::{self as base, LigneDemande as Ligne, LigneReouverture, NouvelleDemande};
use store::{Sql, Tx};

use super::deposer::{depose, require_moment};
use super::ecrit;
use super::repondre::Reponse;
use super::vues::{SuiviDemande, suivi};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::etablissements::cible;
use crate::formations::controle::{Reouvertures, instant};
use crate::formations::{Ouverture, ouverture};
use crate::idempotence::{self, Garde, Recepisse, hash};
use crate::motif::read_motif;
use crate::sessions::{self, SessionAdmission};

/// The parts of these codes, in the order of the screens.
pub(super) fn lues(codes: &BTreeSet<String>) -> Vec<Partie> {
    Partie::ALL.into_iter().filter(|p| codes.contains(p.code())).collect()
}

/// « Composantes ; Sites de formation ».
pub(super) fn noms(codes: &BTreeSet<String>) -> String {
    lues(codes).into_iter().map(Partie::libelle).collect::<Vec<_>>().join(" ; ")
}

/// Codes of the parts that the answer opened again; `None` until it does.
pub(super) fn accordees(d: &Ligne) -> Option<BTreeSet<String>> {
    serde_json::from_str(d.accorde.as_deref()?).ok()
}

fn faute(motif: &'static str) -> RuleViolation {
    RuleViolation::Champ { champ: "parties", motif }
}

/// The parts of an establishment that were opened again, for a time each.
#[derive(Debug, Clone)]
pub(crate) struct PartiesRouvertes(Reouvertures);

impl PartiesRouvertes {
    /// Those of an establishment in a session.
    pub(crate) async fn load(c: &impl Sql, session: i64, etablissement: i64) -> Result<Self, AppError> {
        let lignes = base::parties_rouvertes(c, session, etablissement).await?;
        Ok(Self(Reouvertures(lignes.iter().filter_map(rouverte).collect())))
    }

    /// This part is written now: it is not closed, or it is open again.
    ///
    /// # Errors
    /// What the calendar says.
    pub(crate) fn require(
        &self,
        session: &SessionAdmission,
        partie: Partie,
        now: Timestamp,
    ) -> Result<(), RuleViolation> {
        match partie.require_open(&session.calendrier, now) {
            Err(RuleViolation::Closed { .. }) if self.0.ouvre(partie.code(), now) => Ok(()),
            autre => autre,
        }
    }

    /// Whether the person may write this part now, and until when.
    pub(crate) fn ouverture(
        &self,
        ctx: &Ctx,
        session: &SessionAdmission,
        cible: &Cible,
        partie: Partie,
    ) -> Ouverture {
        match ouverture(ctx, session, cible, Action::ModifierEtablissement, Partie::ETAPE) {
            Ouverture::Ouverte { .. } | Ouverture::Fermee(RuleViolation::Closed { .. })
                if partie.is_permanente() =>
            {
                Ouverture::Permanente
            }
            autre => self.0.prolonge(autre, [partie.code()], ctx.campagne_le),
        }
    }

    /// The parts that nothing opens now.
    fn closes(&self, session: &SessionAdmission, now: Timestamp) -> Vec<Partie> {
        let close = |p: &Partie| matches!(self.require(session, *p, now), Err(RuleViolation::Closed { .. }));
        Partie::ALL.into_iter().filter(close).collect()
    }
}

fn rouverte(l: &LigneReouverture) -> Option<Reouverture> {
    let champs: BTreeSet<String> = serde_json::from_str(&l.contenu).ok()?;
    let fenetre = Fenetre { ouvre: instant(l.decidee_le), ferme: instant(l.jusqu_a) };
    Some(Reouverture { champs, fenetre })
}

/// One question at a time about an establishment.
fn require_seule(demandees: &[Ligne]) -> Result<(), RuleViolation> {
    if demandees.iter().any(|d| d.decidee_le.is_none()) { Err(faute("demande")) } else { Ok(()) }
}

/// Asks that parts of an establishment, closed now, be opened again until a day.
///
/// # Errors
/// [`RuleViolation::Champ`] on `parties` for none, for one that is open, or when another request waits; on `jusqu_a` for a day past
/// or further than the session allows; [`AppError::Invalid`] for a reason that says nothing; [`AppError::NotFound`] or
/// [`AppError::Denied`] outside the perimeter.
pub async fn ask_reouverture(
    ctx: &Ctx,
    garde: &Garde,
    annee: i64,
    id: &PublicId,
    (parties, jusqu_a): (&BTreeSet<Partie>, Date),
    motif: &str,
) -> Result<Recepisse, AppError> {
    let codes: BTreeSet<String> = parties.iter().map(|p| p.code().to_owned()).collect();
    let contenu = ecrit(&Souhait::Reouverture { parties: codes.clone(), jusqu_a: jusqu_a.to_string() })?;
    let demande = format!("demande|{annee}|{id}|{contenu}|{}", hash(motif));
    let tx = ctx.begin().await?;
    let session = sessions::session(&tx, annee).await?;
    let ligne = store::etablissements::parametrage(&tx, session.id, id.as_str()).await?;
    let ligne = ligne.ok_or(AppError::NotFound)?;
    let permit = ctx.permit(Action::DemanderFormation, &cible(session.id, &ligne))?;
    if let Some(recepisse) = idempotence::deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(recepisse);
    }
    require_moment(ctx, &session, NatureDemande::Reouverture)?;
    require_seule(&base::reouvertures_demandees(&tx, session.id, ligne.etablissement_id).await?)?;
    if parties.is_empty() {
        return Err(faute("reouverture").into());
    }
    let rouvertes = PartiesRouvertes::load(&tx, session.id, ligne.etablissement_id).await?;
    let closes = rouvertes.closes(&session, ctx.campagne_le);
    if !parties.iter().all(|p| closes.contains(p)) {
        return Err(faute("ouvertes").into());
    }
    let jours = sessions::parametre_entier(&tx, session.id, "derogation_jours_max").await?;
    let r = Reouverture::until(codes, jusqu_a, jours, ctx.campagne_le)?;
    let motif = read_motif(ctx, motif, "motif")?;
    let nouvelle = NouvelleDemande {
        session: session.id,
        etablissement: ligne.etablissement_id,
        academie: &ligne.academie,
        formation_session: None,
        nature: NatureDemande::Reouverture.code(),
        contenu: &contenu,
        motif: &motif,
    };
    let dite =
        json!({ "etablissement": ligne.etablissement, "parties": r.champs, "empreinte": hash(&contenu) });
    depose(tx, ctx, garde, (&demande, &permit), NatureDemande::Reouverture, (&nouvelle, dite), None).await
}

/// What an acceptance opens again of an establishment, as it is kept, and the first instant too late; `None` for any other request.
///
/// # Errors
/// [`RuleViolation::Champ`] on `parties` or `jusqu_a`.
pub(super) async fn rouvre(
    tx: &Tx,
    ctx: &Ctx,
    session: &SessionAdmission,
    s: &Souhait,
    r: &Reponse,
) -> Result<Option<(String, i64)>, AppError> {
    let (demandees, accordees, jour) = match (s, r) {
        (Souhait::Reouverture { parties, .. }, Reponse::Rouvrir(_, accordees, jour)) => {
            (parties, accordees, *jour)
        }
        (Souhait::Reouverture { .. }, Reponse::Accepter(..)) => return Err(faute("reouverture").into()),
        (_, Reponse::Rouvrir(..)) => return Err(AppError::NotFound),
        _ => return Ok(None),
    };
    check_accordees(demandees, accordees)?;
    let jours = sessions::parametre_entier(tx, session.id, "derogation_jours_max").await?;
    let r = Reouverture::until(accordees.clone(), jour, jours, ctx.campagne_le)?;
    let ecrites = serde_json::to_string(&r.champs).map_err(AppError::internal)?;
    Ok(Some((ecrites, r.fenetre.ferme.as_millisecond())))
}

/// What may be asked about the parts of an establishment, and what was.
#[derive(Debug, Clone)]
pub struct DemandeReouverture {
    /// Parts that nothing opens now, in the order of the screens.
    pub closes: Vec<Partie>,
    /// Why none can be asked for now, when none can.
    pub possible: Result<(), RuleViolation>,
    /// What was asked, newest first.
    pub suivis: Vec<SuiviDemande>,
}

/// What a person may ask about the parts of an establishment; `None` for whoever may not ask.
///
/// # Errors
/// When the database refuses.
pub async fn view_reouverture(
    ctx: &Ctx,
    session: &SessionAdmission,
    cible: &Cible,
) -> Result<Option<DemandeReouverture>, AppError> {
    let Some(etablissement) = cible.etablissement.filter(|_| ctx.may(Action::DemanderFormation, cible))
    else {
        return Ok(None);
    };
    let db = &ctx.app.db;
    let demandees = base::reouvertures_demandees(db, session.id, etablissement).await?;
    let rouvertes = PartiesRouvertes::load(db, session.id, etablissement).await?;
    let closes = rouvertes.closes(session, ctx.campagne_le);
    let possible = require_moment(ctx, session, NatureDemande::Reouverture)
        .and_then(|()| if closes.is_empty() { Err(faute("ouvertes")) } else { Ok(()) })
        .and_then(|()| require_seule(&demandees));
    let suivis = demandees.iter().map(|d| suivi(ctx, d)).collect::<Result<_, _>>()?;
    Ok(Some(DemandeReouverture { closes, possible, suivis }))
}
