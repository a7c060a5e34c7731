//! The candidate's own record.

mod modifier_residence;

pub use modifier_residence::{Residence, modifier_residence};

use domain::candidats::TypeBac;
use domain::droits::{Action, Cible, Fiche, Permit, champ_interdit};
use domain::{RuleViolation, calendrier::Etape};
use store::candidats::{self as base, LigneDossier};
use store::{Sql, Tx};

use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::sessions::{self, SessionAdmission};

/// A record in hand: authorized, with its session.
#[derive(Debug)]
pub(crate) struct Dossier {
    pub ligne: LigneDossier,
    pub session: SessionAdmission,
    pub permit: Permit,
}

impl Dossier {
    /// A cancelled record does nothing more, an unfinished registration nothing yet.
    pub fn require_inscrit(&self) -> Result<(), RuleViolation> {
        match self.ligne.etat.as_str() {
            "inscrit" => Ok(()),
            "annule" => Err(RuleViolation::ForbiddenTransition { from: "annule", event: "acte" }),
            _ => Err(RuleViolation::DossierIncomplet { champs: vec!["la fin de votre inscription"] }),
        }
    }
}

fn permit(ctx: &Ctx, action: Action) -> Result<(i64, Permit), AppError> {
    // Somebody without a record is told the same as somebody without the right.
    let id = ctx.acteur.candidat().unwrap_or(-1);
    let permit = ctx.permit(action, &Cible::dossier(id))?;
    Ok((id, permit))
}

async fn with_session(c: &impl Sql, ligne: LigneDossier, permit: Permit) -> Result<Dossier, AppError> {
    let session = sessions::courante(c).await?;
    if session.id != ligne.session_id {
        return Err(AppError::NotFound);
    }
    Ok(Dossier { ligne, session, permit })
}

/// The record of the person who acts, for reading.
pub(crate) async fn mien(c: &impl Sql, ctx: &Ctx, action: Action) -> Result<Dossier, AppError> {
    let (id, permit) = permit(ctx, action)?;
    with_session(c, base::by_id(c, id).await?, permit).await
}

/// The record of the person who acts, its row locked until the end of the transaction (TRX-1).
pub(crate) async fn mien_verrouille(tx: &Tx, ctx: &Ctx, action: Action) -> Result<Dossier, AppError> {
    let (id, permit) = permit(ctx, action)?;
    with_session(tx, base::lock(tx, id).await?, permit).await
}

/// R-DRO-04: refuses a form of the record with a field that is not of it.
///
/// # Errors
/// [`AppError::Champ`]; [`AppError::Denied`] for anybody who is not a candidate.
pub fn require_champs<'n>(ctx: &Ctx, noms: impl Iterator<Item = &'n str>) -> Result<(), AppError> {
    let (id, _) = permit(ctx, Action::ModifierDossier)?;
    match champ_interdit(&ctx.acteur, Fiche::Dossier, &Cible::dossier(id), noms) {
        Some(nom) => Err(AppError::Champ(nom.to_owned())),
        None => Ok(()),
    }
}

/// The record as its candidate reads it.
#[derive(Debug, Clone)]
pub struct DossierVue {
    /// Year of the session.
    pub annee: i64,
    /// File number: how commissions name the candidate, unique in the session.
    pub numero: i64,
    /// Birth name.
    pub nom: String,
    /// First name in use.
    pub prenom: String,
    /// `2006-05-14`.
    pub naissance: Option<String>,
    /// In clear for the person alone; `None` for whoever enrolled without one.
    pub ine: Option<String>,
    /// Of the account; `None` while no account is tied to the record.
    pub courriel: Option<String>,
    /// Decides the ranking group.
    pub type_bac: TypeBac,
    /// Series or speciality; may be empty.
    pub serie: String,
    /// Scholarship of the lycée; `None`: not said.
    pub boursier: Option<bool>,
    /// Of residence; empty prevents confirming (R-VOE-07).
    pub commune: String,
    /// Code, of residence; decides the academy, hence who is a resident.
    pub departement: String,
    /// Present or last school; may be empty.
    pub etablissement_origine: String,
    /// In hundredths.
    pub moyenne: Option<i64>,
    /// Subject and average, in hundredths.
    pub notes: Vec<(String, i64)>,
    /// Sent back by the form: a change made in another tab is a conflict.
    pub version: i64,
    /// Why the record cannot be changed now, if it cannot.
    pub modifiable: Result<(), RuleViolation>,
    /// End of the step during which it can.
    pub ferme: Option<jiff::Timestamp>,
}

/// Reads the record of the person who acts.
///
/// # Errors
/// [`AppError::Denied`] for anybody who is not a candidate of the open session.
pub async fn dossier(ctx: &Ctx) -> Result<DossierVue, AppError> {
    let db = &ctx.app.db;
    let d = mien(db, ctx, Action::ConsulterDossier).await?;
    let courriel = match d.ligne.compte_id {
        Some(compte) => Some(store::comptes::by_id(db, compte).await?.courriel),
        None => None,
    };
    let (calendrier, coffre) = (&d.session.calendrier, &ctx.app.coffre);
    let modifiable = d
        .session
        .require_ouverte()
        .and_then(|()| calendrier.require_open(Etape::Confirmation, ctx.campagne_le))
        .and_then(|()| d.require_inscrit());
    Ok(DossierVue {
        annee: d.session.annee,
        numero: d.ligne.numero,
        naissance: d.ligne.naissance.clone(),
        ine: d.ligne.ine(coffre)?,
        courriel,
        type_bac: TypeBac::from_code(&d.ligne.type_bac)
            .ok_or(AppError::Internal("candidat.type_bac".to_owned()))?,
        boursier: d.ligne.boursier(coffre)?,
        notes: read_notes(&d.ligne.notes),
        moyenne: d.ligne.moyenne_centiemes,
        version: d.ligne.version,
        ferme: calendrier.fenetre(Etape::Confirmation).map(|f| f.ferme),
        modifiable,
        nom: d.ligne.nom,
        prenom: d.ligne.prenom,
        serie: d.ligne.serie,
        commune: d.ligne.commune,
        departement: d.ligne.departement,
        etablissement_origine: d.ligne.etablissement_origine,
    })
}

/// `candidat.notes`: an object of averages in hundredths by subject, `{"Mathématiques": 1450}`. What is not a whole
/// number is not an average and does not show.
pub fn read_notes(json: &str) -> Vec<(String, i64)> {
    let lu: serde_json::Map<String, serde_json::Value> = serde_json::from_str(json).unwrap_or_default();
    lu.into_iter().filter_map(|(matiere, note)| Some((matiere, note.as_i64()?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn averages_are_read_by_subject_and_anything_else_is_left_out() {
        assert_eq!(
            read_notes(r#"{"Anglais": 1310, "Mathématiques": 1450, "x": "y"}"#),
            [("Anglais".to_owned(), 1310), ("Mathématiques".to_owned(), 1450)]
        );
        assert!(read_notes("[1]").is_empty());
    }
}
