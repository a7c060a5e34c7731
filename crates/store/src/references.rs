//! Documents of reference: what is said of them, whom they concern, their files.

use crate::audiences::{TableAudience, audiences, write_audience};
use crate::ecriture::{Ecriture, META};
use crate::error::StoreError;
use crate::ligne::FromLigne;
use crate::sql::{Sql, Tx};
use domain::actualites::{Audience, Emetteur};
use domain::references::{Nature, Notice, Theme};

const AUDIENCE: TableAudience =
    TableAudience { table: "document_reference_audience", cle: "document_id", parent: "document_reference" };

/// A document, with its last file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LigneReference {
    pub id: i64,
    pub public_id: String,
    /// Of what is said of it: 0 when it is deposited, more by one at each correction.
    pub version: i64,
    pub emetteur: Emetteur,
    pub nature: Nature,
    pub theme: Theme,
    pub titre: String,
    pub retire_le: Option<i64>,
    pub audience: Audience,
    /// Of its files: 1 for the first.
    pub numero: i64,
    /// Milliseconds of the campaign.
    pub depose_le: i64,
    pub nom: String,
    /// Bytes.
    pub taille: i64,
    pub empreinte: String,
}

#[derive(FromLigne)]
struct Brute {
    id: i64,
    public_id: String,
    version: i64,
    emetteur: String,
    nature: String,
    theme: String,
    titre: String,
    retire_le: Option<i64>,
    numero: i64,
    depose_le: i64,
    nom: String,
    taille: i64,
    empreinte: String,
}

impl Brute {
    fn lue(self, audience: Audience) -> Result<LigneReference, StoreError> {
        Ok(LigneReference {
            emetteur: Emetteur::from_code(&self.emetteur)
                .ok_or(StoreError::Unreadable("document_reference.emetteur"))?,
            nature: Nature::from_code(&self.nature)
                .ok_or(StoreError::Unreadable("document_reference.nature"))?,
            theme: Theme::from_code(&self.theme).ok_or(StoreError::Unreadable("document_reference.theme"))?,
            id: self.id,
            public_id: self.public_id,
            version: self.version,
            titre: self.titre,
            retire_le: self.retire_le,
            audience,
            numero: self.numero,
            depose_le: self.depose_le,
            nom: self.nom,
            taille: self.taille,
            empreinte: self.empreinte,
        })
    }
}

/// Every document of a session, the last deposited first.
///
/// # Errors
/// When the database refuses, or a stored code is unknown.
pub async fn references(c: &impl Sql, session: i64) -> Result<Vec<LigneReference>, StoreError> {
    let lignes: Vec<Brute> = c
        .all(
            "SELECT d.id, d.public_id, d.version, d.emetteur, d.nature, d.theme, d.titre, d.retire_le, v.numero,
                    v.depose_le, f.nom, f.taille, f.empreinte
             FROM document_reference d
             JOIN document_reference_version v ON v.document_id = d.id
             JOIN fichier f ON f.id = v.fichier_id
             WHERE d.session_id = $1 AND d.supprime_le IS NULL
               AND v.numero = (SELECT MAX(w.numero) FROM document_reference_version w WHERE w.document_id = d.id)
             ORDER BY v.depose_le DESC, d.id DESC",
            vec![session.into()],
        )
        .await?;
    let mut audiences = audiences(c, AUDIENCE, session).await?;
    lignes
        .into_iter()
        .map(|l| {
            let audience = audiences.remove(&l.id).unwrap_or_default();
            l.lue(audience)
        })
        .collect()
}

/// A file of a document.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct LigneVersion {
    /// From 1.
    pub numero: i64,
    /// Milliseconds of the campaign.
    pub depose_le: i64,
    pub nom: String,
    /// Bytes.
    pub taille: i64,
    pub empreinte: String,
}

/// The files of a document, the last first.
///
/// # Errors
/// When the database refuses.
pub async fn versions(c: &impl Sql, document: i64) -> Result<Vec<LigneVersion>, StoreError> {
    c.all(
        "SELECT v.numero, v.depose_le, f.nom, f.taille, f.empreinte
         FROM document_reference_version v JOIN fichier f ON f.id = v.fichier_id
         WHERE v.document_id = $1 ORDER BY v.numero DESC",
        vec![document.into()],
    )
    .await
}

/// Keeps a new document with its first file, by its key; gives its public identifier.
///
/// # Errors
/// When the database refuses.
pub async fn insert(
    tx: &Tx,
    e: &Ecriture<'_>,
    session: i64,
    emetteur: Emetteur,
    n: &Notice,
    fichier: i64,
) -> Result<String, StoreError> {
    let (public_id, mut valeurs) = e.meta();
    valeurs.extend([
        session.into(),
        emetteur.code().into(),
        n.nature.code().into(),
        n.theme.code().into(),
        n.titre.clone().into(),
    ]);
    let id = tx
        .int(
            &format!(
                "INSERT INTO document_reference ({META}, session_id, emetteur, nature, theme, titre)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING id"
            ),
            valeurs,
        )
        .await?
        .ok_or(StoreError::NotFound("document_reference"))?;
    write_audience(tx, AUDIENCE, id, &n.audience).await?;
    write_file(tx, e, id, 1, fichier).await?;
    Ok(public_id.as_str().to_owned())
}

/// Corrects what is said of a document; `fichier`: a file more, by its key.
///
/// # Errors
/// [`StoreError::Conflict`] when it changed meanwhile.
pub async fn correct(
    tx: &Tx,
    e: &Ecriture<'_>,
    avant: &LigneReference,
    n: &Notice,
    fichier: Option<i64>,
) -> Result<(), StoreError> {
    let fait = tx
        .exec(
            "UPDATE document_reference SET nature = $1, theme = $2, titre = $3, maj_le = $4, maj_par = $5,
                    version = version + 1
             WHERE id = $6 AND version = $7",
            vec![
                n.nature.code().into(),
                n.theme.code().into(),
                n.titre.clone().into(),
                e.ms().into(),
                e.compte().into(),
                avant.id.into(),
                avant.version.into(),
            ],
        )
        .await?;
    if fait != 1 {
        return Err(StoreError::Conflict(format!("document_reference {}", avant.public_id)));
    }
    write_audience(tx, AUDIENCE, avant.id, &n.audience).await?;
    if let Some(fichier) = fichier {
        write_file(tx, e, avant.id, avant.numero + 1, fichier).await?;
    }
    Ok(())
}

async fn write_file(
    tx: &Tx,
    e: &Ecriture<'_>,
    document: i64,
    numero: i64,
    fichier: i64,
) -> Result<(), StoreError> {
    tx.exec(
        "INSERT INTO document_reference_version (document_id, numero, fichier_id, depose_le, depose_par)
         VALUES ($1, $2, $3, $4, $5)",
        vec![document.into(), numero.into(), fichier.into(), e.ms().into(), e.compte().into()],
    )
    .await?;
    Ok(())
}

/// Takes a document down: the items that carry it still give it.
///
/// # Errors
/// When the database refuses.
pub async fn take_down(tx: &Tx, e: &Ecriture<'_>, document: i64) -> Result<(), StoreError> {
    tx.exec(
        "UPDATE document_reference SET retire_le = $1, maj_le = $1, maj_par = $2 WHERE id = $3",
        vec![e.ms().into(), e.compte().into(), document.into()],
    )
    .await?;
    Ok(())
}
