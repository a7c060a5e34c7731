//! R-APP-18, R-ETA-13: what an establishment is called in a session, and what courses are looked for by.

use std::collections::HashMap;

use domain::droits::Action;
use domain::etablissements::Tutelle;
use domain::formations::{lieu_recherche, texte_recherche};
use domain::{Fautes, PublicId, RuleViolation};
use files::offre::StatutEtablissement;
use serde_json::json;
use store::etablissements as base;
use store::{Tx, Value};

use super::cible;
use super::saisie::obligatoire;
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::idempotence::{self, Garde, Recepisse, hash};
use crate::journal::{Acte, record};
use crate::sessions;

/// How the name of an establishment that nothing names begins; its code follows.
pub(crate) const SANS_NOM: &str = "Établissement ";

/// Courses are looked for by the name of their establishment: writes their words again after other names, by key of establishment.
///
/// # Errors
/// When the database refuses.
pub(crate) async fn rename_courses(
    tx: &Tx,
    session: i64,
    noms: &HashMap<i64, String>,
) -> Result<(), AppError> {
    let cles: Vec<i64> = noms.keys().copied().collect();
    let mut recherches = Vec::new();
    for c in base::courses_of(tx, session, &cles).await? {
        let Some(nom) = noms.get(&c.etablissement_id) else { continue };
        let lieu = lieu_recherche(&c.commune, &c.departement);
        recherches.push((c.id, texte_recherche(&c.libelle, &c.detail, nom, &lieu)));
    }
    Ok(base::set_recherches(tx, recherches).await?)
}

/// What an academic service says of an establishment, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Identite {
    /// As the public reads it.
    pub nom: String,
    /// Code of the legal status; empty: not known.
    pub statut: String,
    /// Code of the ministry that answers for it; empty: not known.
    pub tutelle: String,
}

/// The legal statuses: code and French label.
pub fn statuts() -> [(&'static str, &'static str); 7] {
    StatutEtablissement::ALL.map(|s| (s.code(), s.libelle()))
}

fn statut(saisi: &str) -> Result<String, RuleViolation> {
    let connu = saisi.is_empty() || StatutEtablissement::ALL.iter().any(|s| s.code() == saisi);
    let faux = RuleViolation::Champ { champ: "statut", motif: "inconnu" };
    if connu { Ok(saisi.to_owned()) } else { Err(faux) }
}

fn tutelle(saisie: &str) -> Result<String, RuleViolation> {
    let connue = saisie.is_empty() || Tutelle::from_code(saisie).is_some();
    let faux = RuleViolation::Champ { champ: "tutelle", motif: "inconnue" };
    if connue { Ok(saisie.to_owned()) } else { Err(faux) }
}

/// R-ETA-13: corrects the name, the legal status and the ministry of an establishment. The imports leave what a person wrote (R-IMP-02).
///
/// # Errors
/// [`AppError::Rule`] on an archived session; [`AppError::Invalid`] for a wrong value; [`AppError::Conflict`] when someone else changed
/// the establishment since the form was shown.
pub async fn correct_identity(
    ctx: &Ctx,
    garde: &Garde,
    annee: i64,
    id: &PublicId,
    identite: &Identite,
) -> Result<Recepisse, AppError> {
    let demande = format!("identite|{annee}|{id}|{identite:?}");
    let tx = ctx.begin().await?;
    let session = sessions::session(&tx, annee).await?;
    let ligne = base::parametrage(&tx, session.id, id.as_str()).await?.ok_or(AppError::NotFound)?;
    let permit = ctx.permit(Action::DeciderApprentissage, &cible(session.id, &ligne))?;
    if let Some(recepisse) = idempotence::deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(recepisse);
    }
    session.require_ouverte()?;
    garde.check_version(ligne.version)?;
    let mut f = Fautes::default();
    let nom = f.lit(obligatoire("nom", &identite.nom));
    let statut = f.lit(statut(&identite.statut));
    let tutelle = f.lit(tutelle(&identite.tutelle));
    f.conclut(())?;
    let e = ctx.ecriture(&permit);
    let colonnes: [(&str, Value); 3] =
        [("nom", nom.clone().into()), ("statut", statut.clone().into()), ("tutelle", tutelle.clone().into())];
    let version = base::save_parametrage(&tx, &e, (ligne.id, ligne.version), &colonnes).await?;
    if nom != ligne.nom {
        rename_courses(&tx, session.id, &HashMap::from([(ligne.etablissement_id, nom.clone())])).await?;
    }
    // JOU-2: no free text in the journal.
    let apres = json!({
        "session": annee, "partie": "identite", "nom": hash(&nom), "statut": statut, "tutelle": tutelle
    });
    let acte = Acte {
        objet: "etablissement_session",
        objet_id: &ligne.etablissement,
        avant: Some(json!({ "nom": hash(&ligne.nom), "statut": ligne.statut, "tutelle": ligne.tutelle })),
        apres: Some(apres),
    };
    record(&tx, ctx, &permit, &acte).await?;
    let contenu = json!({ "etablissement": ligne.etablissement, "version": version, "partie": "identite" });
    let recepisse =
        idempotence::emettre(&tx, ctx, garde, &demande, "etablissement_enregistre", None, &contenu).await?;
    tx.commit().await?;
    Ok(recepisse)
}
