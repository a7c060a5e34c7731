//! The records of the national catalogue of apprenticeship (R-APP-03): those of a flow in one query, what a day changes of them
//! in large statements.

use sea_orm::{FromQueryResult, Value};

use crate::ecriture::{Ecriture, META, NB_META};
use crate::error::StoreError;
use crate::imports::insert_keyed;
use crate::sql::{Sql, Tx, insert_batch};

/// A record that the platform has.
#[derive(Debug, Clone, FromQueryResult)]
pub struct LigneFiche {
    pub id: i64,
    pub identifiant: String,
    /// JSON of its fields.
    pub contenu: String,
    pub statut: String,
    pub raison: Option<String>,
    pub doublon_de: Option<String>,
    pub presente: i64,
}

/// The records of a flow, by identifier.
///
/// # Errors
/// When the database refuses.
pub async fn fiches(c: &impl Sql, session: i64, flux: &str) -> Result<Vec<LigneFiche>, StoreError> {
    c.all(
        "SELECT id, identifiant, contenu, statut, raison, doublon_de, presente FROM fiche_apprentissage
         WHERE session_id = $1 AND flux = $2 AND supprime_le IS NULL ORDER BY identifiant",
        vec![session.into(), flux.to_owned().into()],
    )
    .await
}

/// What is written of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FicheAEcrire {
    pub identifiant: String,
    /// JSON of its fields.
    pub contenu: String,
    /// Code of the department of its place; empty when nobody knows it.
    pub departement: String,
    /// Code of its academy; the same.
    pub academie: String,
    pub statut: &'static str,
    pub raison: Option<String>,
    pub doublon_de: Option<String>,
    pub presente: bool,
}

impl FicheAEcrire {
    fn valeurs(&self) -> [Value; 8] {
        [
            self.identifiant.clone().into(),
            self.contenu.clone().into(),
            self.departement.clone().into(),
            self.academie.clone().into(),
            self.statut.to_owned().into(),
            self.raison.clone().into(),
            self.doublon_de.clone().into(),
            i64::from(self.presente).into(),
        ]
    }
}

/// Adds records to a flow; gives their keys in the order given.
///
/// # Errors
/// [`StoreError::Conflict`] when the flow has one of them.
pub async fn add_fiches<'a>(
    tx: &Tx,
    e: &Ecriture<'_>,
    session: i64,
    flux: &str,
    fiches: impl IntoIterator<Item = &'a FicheAEcrire>,
) -> Result<Vec<i64>, StoreError> {
    let rows = fiches.into_iter().map(|f| {
        let mut row: Vec<Value> = vec![session.into(), flux.to_owned().into()];
        row.extend(f.valeurs());
        row
    });
    let colonnes =
        "session_id, flux, identifiant, contenu, departement, academie, statut, raison, doublon_de, presente";
    insert_keyed(tx, e, "fiche_apprentissage", colonnes, rows).await
}

/// Writes what the day says over a record.
///
/// # Errors
/// When the database refuses.
pub async fn update_fiche(tx: &Tx, e: &Ecriture<'_>, id: i64, f: &FicheAEcrire) -> Result<(), StoreError> {
    let mut params: Vec<Value> = f.valeurs().into();
    params.extend([e.ms().into(), e.compte().into(), id.into()]);
    tx.exec(
        "UPDATE fiche_apprentissage SET identifiant = $1, contenu = $2, departement = $3, academie = $4, statut = $5,
             raison = $6, doublon_de = $7, presente = $8, maj_le = $9, maj_par = $10, version = version + 1
         WHERE id = $11",
        params,
    )
    .await
    .map(|_| ())
}

/// Something that happened to a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvenementAEcrire {
    /// Key of the record.
    pub fiche: i64,
    /// Code of the outcome.
    pub issue: &'static str,
    /// JSON.
    pub detail: String,
    pub statut_avant: Option<&'static str>,
    /// Absent: the status stays.
    pub statut: Option<&'static str>,
    pub raison: Option<String>,
}

/// Adds to the history of records.
///
/// # Errors
/// When the database refuses.
pub async fn add_evenements(
    tx: &Tx,
    e: &Ecriture<'_>,
    evenements: impl IntoIterator<Item = EvenementAEcrire>,
) -> Result<(), StoreError> {
    let rows = evenements.into_iter().map(|ev| {
        let (_, mut row) = e.meta();
        row.extend([
            ev.fiche.into(),
            ev.issue.to_owned().into(),
            ev.detail.into(),
            ev.statut_avant.map(str::to_owned).into(),
            ev.statut.map(str::to_owned).into(),
            ev.raison.into(),
        ]);
        row
    });
    let debut = format!(
        "INSERT INTO evenement_apprentissage ({META}, fiche_apprentissage_id, issue, detail, statut_avant, statut, raison)"
    );
    insert_batch(tx, &debut, NB_META + 6, rows, "").await.map(|_| ())
}

/// A record that the last day of a flow could not take.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct LigneRejet {
    pub fichier: String,
    pub ligne: i64,
    pub identifiant: Option<String>,
    /// JSON of its faults.
    pub fautes: String,
}

/// Those of a flow, in the order of its files.
///
/// # Errors
/// When the database refuses.
pub async fn rejets(c: &impl Sql, session: i64, flux: &str) -> Result<Vec<LigneRejet>, StoreError> {
    c.all(
        "SELECT fichier, ligne, identifiant, fautes FROM rejet_apprentissage
         WHERE session_id = $1 AND flux = $2 ORDER BY id",
        vec![session.into(), flux.to_owned().into()],
    )
    .await
}

/// Puts those of the day in the place of those of the day before.
///
/// # Errors
/// When the database refuses.
pub async fn replace_rejets(
    tx: &Tx,
    e: &Ecriture<'_>,
    session: i64,
    flux: &str,
    rejets: &[LigneRejet],
) -> Result<(), StoreError> {
    tx.exec(
        "DELETE FROM rejet_apprentissage WHERE session_id = $1 AND flux = $2",
        vec![session.into(), flux.to_owned().into()],
    )
    .await?;
    let rows = rejets.iter().map(|r| {
        let (_, mut row) = e.meta();
        row.extend([
            session.into(),
            flux.to_owned().into(),
            r.fichier.clone().into(),
            r.ligne.into(),
            r.identifiant.clone().into(),
            r.fautes.clone().into(),
        ]);
        row
    });
    let debut = format!(
        "INSERT INTO rejet_apprentissage ({META}, session_id, flux, fichier, ligne, identifiant, fautes)"
    );
    insert_batch(tx, &debut, NB_META + 6, rows, "").await.map(|_| ())
}

/// A line of what a session admits.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct LignePerimetre {
    /// `cfd`, `niveau` or `rentree`.
    pub nature: String,
    pub valeur: String,
    pub acces: String,
    pub libelle: String,
}

/// What a session admits; empty while nothing was written.
///
/// # Errors
/// When the database refuses.
pub async fn perimetre(c: &impl Sql, session: i64) -> Result<Vec<LignePerimetre>, StoreError> {
    c.all(
        "SELECT nature, valeur, acces, libelle FROM perimetre_apprentissage WHERE session_id = $1 ORDER BY id",
        vec![session.into()],
    )
    .await
}

/// Puts another perimeter in the place of the session's.
///
/// # Errors
/// When the database refuses.
pub async fn replace_perimetre(
    tx: &Tx,
    e: &Ecriture<'_>,
    session: i64,
    lignes: &[LignePerimetre],
) -> Result<(), StoreError> {
    tx.exec("DELETE FROM perimetre_apprentissage WHERE session_id = $1", vec![session.into()]).await?;
    let rows = lignes.iter().map(|l| {
        let (_, mut row) = e.meta();
        row.push(session.into());
        row.extend([&l.nature, &l.valeur, &l.acces, &l.libelle].map(|t| Value::from(t.clone())));
        row
    });
    let debut =
        format!("INSERT INTO perimetre_apprentissage ({META}, session_id, nature, valeur, acces, libelle)");
    insert_batch(tx, &debut, NB_META + 5, rows, "").await.map(|_| ())
}
