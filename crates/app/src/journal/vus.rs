//! JOU-6, « violation » : the exact list of persons and fields that an account saw between two instants.

use std::collections::{BTreeMap, BTreeSet};

use domain::comptes::Courriel;
use domain::droits::{Action, Cible};
use jiff::Timestamp;
use serde_json::json;
use store::journal::recherche as base;

use super::consulter::{libelle_champ, read_champs};
use super::verifier::read_dossiers;
use super::{Acte, record};
use crate::contexte::Ctx;
use crate::erreur::AppError;

/// Entries read at a time.
const LOT: i64 = 2_000;

/// One person whose record was seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonneVue {
    /// Year of the session of the record.
    pub session: i64,
    /// File number.
    pub numero: i64,
    /// As the record says it today.
    pub nom: String,
    /// See `nom`.
    pub prenom: String,
    /// What was seen, in French.
    pub champs: Vec<&'static str>,
    /// First reading of the period.
    pub premiere: Timestamp,
    /// Last one.
    pub derniere: Timestamp,
    /// How many.
    pub fois: usize,
    /// It left in a file at least once.
    pub exporte: bool,
}

/// What an account saw.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RapportVus {
    /// Readings that make it up.
    pub lectures: usize,
    /// By session and file number.
    pub personnes: Vec<PersonneVue>,
    /// Records removed since: they no longer have a name.
    pub disparus: usize,
}

impl RapportVus {
    /// « 12 personnes vues en 3 lectures. »
    pub fn resume(&self) -> String {
        let s = |n: usize| if n > 1 { "s" } else { "" };
        let (p, l) = (self.personnes.len(), self.lectures);
        let compte = |n: usize| crate::messages::nombre(i64::try_from(n).unwrap_or(i64::MAX));
        format!("{} personne{} vue{} en {} lecture{}.", compte(p), s(p), s(p), compte(l), s(l))
    }
}

struct Vu {
    champs: BTreeSet<String>,
    premiere: i64,
    derniere: i64,
    fois: usize,
    exporte: bool,
}

/// The report for an account, from an instant to another one excluded. Itself recorded.
///
/// # Errors
/// [`AppError::Denied`] unless the person may read the whole journal; [`AppError::Invalid`] when there is no such account.
pub async fn vus(ctx: &Ctx, courriel: &str, de: Timestamp, avant: Timestamp) -> Result<RapportVus, AppError> {
    let _tour = ctx.export_turn().await?;
    let permit = ctx.permit(Action::ConsulterJournal, &Cible::plateforme())?;
    // Names of many people (HAB-7).
    ctx.require_fresh()?;
    let inconnu = || AppError::Invalid(vec![("compte", "Aucun compte n’a cette adresse.".to_owned())]);
    let adresse = Courriel::parse(courriel).map_err(|_| inconnu())?;
    let db = &ctx.app.db;
    let compte = store::comptes::by_courriel(db, adresse.as_str()).await?.ok_or_else(inconnu)?;

    let mut lectures = 0;
    let mut vus: BTreeMap<i64, Vu> = BTreeMap::new();
    let mut apres = (i64::MIN, 0);
    loop {
        let (de, avant) = (de.as_microsecond(), avant.as_microsecond());
        let lot = base::readings_of(db, compte.id, de, avant, apres, LOT).await?;
        let Some(derniere) = lot.last() else { break };
        apres = (derniere.instant_us, derniere.id);
        for l in &lot {
            lectures += 1;
            let champs = read_champs(l.apres.as_deref());
            for candidat in read_dossiers(l.apres.as_deref()) {
                let vu = vus.entry(candidat).or_insert_with(|| Vu {
                    champs: BTreeSet::new(),
                    premiere: l.instant_us,
                    derniere: l.instant_us,
                    fois: 0,
                    exporte: false,
                });
                vu.champs.extend(champs.iter().cloned());
                vu.derniere = l.instant_us;
                vu.fois += 1;
                vu.exporte |= l.issue == "exporte";
            }
        }
    }
    let cles: Vec<i64> = vus.keys().copied().collect();
    let quand = |us| Timestamp::from_microsecond(us).unwrap_or(Timestamp::UNIX_EPOCH);
    let mut personnes: Vec<PersonneVue> = Vec::with_capacity(cles.len());
    for p in base::personnes(db, &cles).await? {
        let Some(vu) = vus.get(&p.id) else { continue };
        personnes.push(PersonneVue {
            session: p.annee,
            numero: p.numero,
            nom: p.nom,
            prenom: p.prenom,
            champs: vu.champs.iter().map(|c| libelle_champ(c)).collect(),
            premiere: quand(vu.premiere),
            derniere: quand(vu.derniere),
            fois: vu.fois,
            exporte: vu.exporte,
        });
    }
    personnes.sort_by_key(|p| (p.session, p.numero));
    let rapport = RapportVus { lectures, disparus: cles.len() - personnes.len(), personnes };

    let tx = ctx.begin().await?;
    let apres = json!({
        "lignes": rapport.personnes.len(),
        "filtres": { "du": de.as_second(), "au": avant.as_second() },
    });
    let acte = Acte { objet: "compte", objet_id: &compte.public_id, avant: None, apres: Some(apres) };
    record(&tx, ctx, &permit, &acte).await?;
    tx.commit().await?;
    Ok(rapport)
}

/// Columns of the report.
pub(crate) const COLONNES: [&str; 9] = [
    "Session",
    "Numéro de dossier",
    "Nom",
    "Prénom",
    "Champs vus",
    "Première lecture (UTC)",
    "Dernière lecture (UTC)",
    "Lectures",
    "Exporté",
];

/// The report as a file, protected against formulas (ENT-4).
///
/// # Errors
/// When it cannot be written.
pub fn vus_csv(r: &RapportVus) -> Result<Vec<u8>, AppError> {
    let rangees: Vec<_> = r
        .personnes
        .iter()
        .map(|p| {
            [
                p.session.to_string(),
                p.numero.to_string(),
                p.nom.clone(),
                p.prenom.clone(),
                p.champs.join(", "),
                p.premiere.to_string(),
                p.derniere.to_string(),
                p.fois.to_string(),
                if p.exporte { "oui" } else { "non" }.to_owned(),
            ]
        })
        .collect();
    files::tableau::write_table(&COLONNES, &rangees).map_err(AppError::internal)
}
