//! Cells: what they say of themselves, where they answer, what they publish.

use crate::ecriture::{Ecriture, META};
use crate::error::StoreError;
use crate::ligne::FromLigne;
use crate::sql::{Sql, Tx};
use domain::assistance::{FicheCellule, Publication, ReponseType, SiteCellule};

/// A cell.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct LigneCellule {
    pub id: i64,
    pub public_id: String,
    pub region: String,
    pub presentation: String,
    pub courriel: String,
    pub page: String,
    pub maj_le: i64,
    pub version: i64,
}

/// Where a cell answers.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct LigneSite {
    pub public_id: String,
    pub cellule_id: i64,
    pub nom: String,
    pub telephone: String,
    pub horaires: String,
    pub departements: String,
}

impl LigneSite {
    /// As the rules read it.
    pub fn site(&self) -> SiteCellule {
        SiteCellule {
            nom: self.nom.clone(),
            telephone: self.telephone.clone(),
            horaires: self.horaires.clone(),
            departements: self.departements.split(',').filter(|d| !d.is_empty()).map(str::to_owned).collect(),
        }
    }
}

/// What a cell publishes.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct LignePublication {
    pub public_id: String,
    pub cellule_id: i64,
    pub titre: String,
    pub theme: String,
    pub lien: String,
    pub texte: String,
    pub parue_le: String,
}

/// A text that a cell keeps to answer with.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct LigneReponse {
    pub public_id: String,
    pub theme: String,
    pub titre: String,
    pub texte: String,
}

/// The cells of a session, by region.
///
/// # Errors
/// When the database refuses.
pub async fn cellules(c: &impl Sql, session: i64) -> Result<Vec<LigneCellule>, StoreError> {
    c.all(
        "SELECT id, public_id, region, presentation, courriel, page, maj_le, version FROM cellule
         WHERE session_id = $1 AND supprime_le IS NULL ORDER BY region",
        vec![session.into()],
    )
    .await
}

/// The sites of the cells of a session, in the order in which they were declared.
///
/// # Errors
/// When the database refuses.
pub async fn sites(c: &impl Sql, session: i64) -> Result<Vec<LigneSite>, StoreError> {
    c.all(
        "SELECT s.public_id, s.cellule_id, s.nom, s.telephone, s.horaires, s.departements
         FROM cellule_site s JOIN cellule c ON c.id = s.cellule_id
         WHERE c.session_id = $1 AND s.supprime_le IS NULL AND c.supprime_le IS NULL ORDER BY s.id",
        vec![session.into()],
    )
    .await
}

/// What the cells of a session publish, the last first.
///
/// # Errors
/// When the database refuses.
pub async fn publications(c: &impl Sql, session: i64) -> Result<Vec<LignePublication>, StoreError> {
    c.all(
        "SELECT p.public_id, p.cellule_id, p.titre, p.theme, p.lien, p.texte, p.parue_le
         FROM cellule_publication p JOIN cellule c ON c.id = p.cellule_id
         WHERE c.session_id = $1 AND p.supprime_le IS NULL AND c.supprime_le IS NULL
         ORDER BY p.parue_le DESC, p.id DESC",
        vec![session.into()],
    )
    .await
}

/// The texts that the cell of a region keeps to answer with, by title; so many at most.
///
/// # Errors
/// When the database refuses.
pub async fn reponses(
    c: &impl Sql,
    session: i64,
    region: &str,
    combien: i64,
) -> Result<Vec<LigneReponse>, StoreError> {
    c.all(
        "SELECT r.public_id, r.theme, r.titre, r.texte
         FROM cellule_reponse r JOIN cellule c ON c.id = r.cellule_id
         WHERE c.session_id = $1 AND c.region = $2 AND r.supprime_le IS NULL AND c.supprime_le IS NULL
         ORDER BY r.titre, r.id LIMIT $3",
        vec![session.into(), region.to_owned().into(), combien.into()],
    )
    .await
}

/// How many texts a cell keeps to answer with.
///
/// # Errors
/// When the database refuses.
pub async fn count_reponses(c: &impl Sql, cellule: i64) -> Result<i64, StoreError> {
    let n = c
        .int(
            "SELECT COUNT(*) FROM cellule_reponse WHERE cellule_id = $1 AND supprime_le IS NULL",
            vec![cellule.into()],
        )
        .await?;
    Ok(n.unwrap_or(0))
}

/// Adds a text to answer with, or changes the one named. `theme`: its code.
///
/// # Errors
/// [`StoreError::NotFound`] for one that is not of this cell.
pub async fn save_reponse(
    tx: &Tx,
    e: &Ecriture<'_>,
    cellule: i64,
    ligne: Option<&str>,
    theme: &str,
    r: &ReponseType,
) -> Result<(), StoreError> {
    let textes = [theme.to_owned(), r.titre.clone(), r.texte.clone()].map(Into::into);
    save_part(tx, e, "cellule_reponse", "theme, titre, texte", cellule, ligne, textes.to_vec()).await
}

/// Removes a text to answer with.
///
/// # Errors
/// [`StoreError::NotFound`] for one that is not of this cell.
pub async fn remove_reponse(tx: &Tx, e: &Ecriture<'_>, cellule: i64, ligne: &str) -> Result<(), StoreError> {
    remove_part(tx, e, "cellule_reponse", cellule, ligne).await
}

/// Declares a cell, or changes what it says; gives its public identifier.
///
/// # Errors
/// [`StoreError::Conflict`] when it changed meanwhile.
pub async fn save_cellule(
    tx: &Tx,
    e: &Ecriture<'_>,
    session: i64,
    region: &str,
    avant: Option<&LigneCellule>,
    f: &FicheCellule,
) -> Result<String, StoreError> {
    let textes = [f.presentation.clone(), f.courriel.clone(), f.page.clone()];
    let Some(avant) = avant else {
        let (id, mut valeurs) = e.meta();
        valeurs.extend([session.into(), region.to_owned().into()]);
        valeurs.extend(textes.map(Into::into));
        let n = tx
            .exec(
                &format!(
                    "INSERT INTO cellule ({META}, session_id, region, presentation, courriel, page)
                     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING"
                ),
                valeurs,
            )
            .await?;
        let id = id.as_str().to_owned();
        return if n == 1 { Ok(id) } else { Err(StoreError::Conflict(format!("cellule {region}"))) };
    };
    let [presentation, courriel, page] = textes;
    let n = tx
        .exec(
            "UPDATE cellule SET presentation = $1, courriel = $2, page = $3, maj_le = $4, maj_par = $5,
                    version = version + 1 WHERE id = $6 AND version = $7",
            vec![
                presentation.into(),
                courriel.into(),
                page.into(),
                e.ms().into(),
                e.compte().into(),
                avant.id.into(),
                avant.version.into(),
            ],
        )
        .await?;
    if n == 1 { Ok(avant.public_id.clone()) } else { Err(StoreError::Conflict(format!("cellule {region}"))) }
}

/// Notes that a part of a cell changes: a version more.
///
/// # Errors
/// [`StoreError::Conflict`] when it changed meanwhile.
pub async fn touch_cellule(tx: &Tx, e: &Ecriture<'_>, c: &LigneCellule) -> Result<(), StoreError> {
    let n = tx
        .exec(
            "UPDATE cellule SET maj_le = $1, maj_par = $2, version = version + 1 WHERE id = $3 AND version = $4",
            vec![e.ms().into(), e.compte().into(), c.id.into(), c.version.into()],
        )
        .await?;
    if n == 1 { Ok(()) } else { Err(StoreError::Conflict(format!("cellule {}", c.region))) }
}

/// Adds a site, or changes the one named.
///
/// # Errors
/// [`StoreError::NotFound`] for one that is not of this cell.
pub async fn save_site(
    tx: &Tx,
    e: &Ecriture<'_>,
    cellule: i64,
    ligne: Option<&str>,
    s: &SiteCellule,
) -> Result<(), StoreError> {
    let departements = s.departements.iter().cloned().collect::<Vec<_>>().join(",");
    let textes = [s.nom.clone(), s.telephone.clone(), s.horaires.clone(), departements].map(Into::into);
    save_part(
        tx,
        e,
        "cellule_site",
        "nom, telephone, horaires, departements",
        cellule,
        ligne,
        textes.to_vec(),
    )
    .await
}

/// Adds a publication, or changes the one named.
///
/// # Errors
/// [`StoreError::NotFound`] for one that is not of this cell.
pub async fn save_publication(
    tx: &Tx,
    e: &Ecriture<'_>,
    cellule: i64,
    ligne: Option<&str>,
    p: &Publication,
) -> Result<(), StoreError> {
    let textes = [p.titre.clone(), p.theme.clone(), p.lien.clone(), p.texte.clone(), p.parue_le.to_string()]
        .map(Into::into);
    let colonnes = "titre, theme, lien, texte, parue_le";
    save_part(tx, e, "cellule_publication", colonnes, cellule, ligne, textes.to_vec()).await
}

async fn save_part(
    tx: &Tx,
    e: &Ecriture<'_>,
    table: &'static str,
    colonnes: &str,
    cellule: i64,
    ligne: Option<&str>,
    textes: Vec<sea_orm::Value>,
) -> Result<(), StoreError> {
    let Some(ligne) = ligne else {
        let (_, mut valeurs) = e.meta();
        valeurs.push(cellule.into());
        valeurs.extend(textes);
        let places: Vec<String> = (1..=valeurs.len()).map(|n| format!("${n}")).collect();
        let places = places.join(", ");
        tx.exec(&format!("INSERT INTO {table} ({META}, cellule_id, {colonnes}) VALUES ({places})"), valeurs)
            .await?;
        return Ok(());
    };
    let mut valeurs: Vec<sea_orm::Value> =
        vec![e.ms().into(), e.compte().into(), cellule.into(), ligne.to_owned().into()];
    let poses: Vec<String> =
        colonnes.split(", ").enumerate().map(|(i, nom)| format!("{nom} = ${}", i + 5)).collect();
    valeurs.extend(textes);
    let n = tx
        .exec(
            &format!(
                "UPDATE {table} SET {}, maj_le = $1, maj_par = $2, version = version + 1
                 WHERE cellule_id = $3 AND public_id = $4 AND supprime_le IS NULL",
                poses.join(", ")
            ),
            valeurs,
        )
        .await?;
    if n == 1 { Ok(()) } else { Err(StoreError::NotFound(table)) }
}

/// Removes a site.
///
/// # Errors
/// [`StoreError::NotFound`] for one that is not of this cell.
pub async fn remove_site(tx: &Tx, e: &Ecriture<'_>, cellule: i64, ligne: &str) -> Result<(), StoreError> {
    remove_part(tx, e, "cellule_site", cellule, ligne).await
}

/// Removes a publication.
///
/// # Errors
/// [`StoreError::NotFound`] for one that is not of this cell.
pub async fn remove_publication(
    tx: &Tx,
    e: &Ecriture<'_>,
    cellule: i64,
    ligne: &str,
) -> Result<(), StoreError> {
    remove_part(tx, e, "cellule_publication", cellule, ligne).await
}

async fn remove_part(
    tx: &Tx,
    e: &Ecriture<'_>,
    table: &'static str,
    cellule: i64,
    ligne: &str,
) -> Result<(), StoreError> {
    let n = tx
        .exec(
            &format!(
                "UPDATE {table} SET supprime_le = $1, maj_le = $1, maj_par = $2
                 WHERE cellule_id = $3 AND public_id = $4 AND supprime_le IS NULL"
            ),
            vec![e.ms().into(), e.compte().into(), cellule.into(), ligne.to_owned().into()],
        )
        .await?;
    if n == 1 { Ok(()) } else { Err(StoreError::NotFound(table)) }
}
