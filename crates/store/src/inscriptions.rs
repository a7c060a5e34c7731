//! Registration of candidates.

use crate::coffre::{Coffre, Emplacement};
use crate::ecriture::{Ecriture, META};
use crate::error::StoreError;
use crate::sql::{Sql, Tx};

/// A candidate who registers.
#[derive(Debug, Clone)]
pub struct NouveauCandidat<'a> {
    pub session: i64,
    pub compte: Option<i64>,
    pub nom: &'a str,
    pub prenom: &'a str,
    /// ISO day.
    pub naissance: &'a str,
    /// In clear: sealed here, with its fingerprint for uniqueness.
    pub ine: Option<&'a str>,
    pub type_bac: &'a str,
    pub serie: &'a str,
    /// Code of `domain::candidats::code_boursier`, sealed here.
    pub boursier: &'a str,
    pub commune: &'a str,
    pub departement: &'a str,
    pub academie: &'a str,
    pub etablissement_origine: &'a str,
}

/// Adds a candidate under the next number of the session; gives (key, number).
///
/// # Errors
/// [`StoreError::Conflict`] when the account or the INE has a record already.
pub async fn insert(
    tx: &Tx,
    e: &Ecriture<'_>,
    coffre: &Coffre,
    n: &NouveauCandidat<'_>,
) -> Result<(i64, i64), StoreError> {
    // R-CAN-04: the row of the session is the queue in which numbers are given: two registrations never draw the same.
    tx.exec("UPDATE session_admission SET version = version WHERE id = $1", vec![n.session.into()]).await?;
    let numero = tx
        .int(
            "SELECT COALESCE(MAX(numero), 0) + 1 FROM candidat WHERE session_id = $1",
            vec![n.session.into()],
        )
        .await?
        .ok_or(StoreError::NotFound("candidat"))?;
    let (public_id, mut valeurs) = e.meta();
    let seal = |colonne: &'static str, clair: &str| {
        coffre.seal(
            Emplacement { table: "candidat", colonne, ligne: public_id.as_str() },
            clair.as_bytes(),
            e.alea().nonce(),
        )
    };
    let ine = n.ine.map(|i| seal("ine_chiffre", i)).transpose()?;
    let boursier = seal("boursier_chiffre", n.boursier)?;
    valeurs.extend([
        n.session.into(),
        n.compte.into(),
        numero.into(),
        n.nom.to_owned().into(),
        n.prenom.to_owned().into(),
        n.naissance.to_owned().into(),
        ine.into(),
        n.ine.map(|i| ine_fingerprint(coffre, i)).into(),
        n.type_bac.to_owned().into(),
        n.serie.to_owned().into(),
        boursier.into(),
        n.commune.to_owned().into(),
        n.departement.to_owned().into(),
        n.academie.to_owned().into(),
        n.etablissement_origine.to_owned().into(),
    ]);
    let id = tx
        .int(
            &format!(
                "INSERT INTO candidat ({META}, session_id, compte_id, numero, nom, prenom, naissance, ine_chiffre, ine_hmac,
                     type_bac, serie, boursier_chiffre, commune, departement, academie, etablissement_origine, etat)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21,
                     'inscrit') RETURNING id"
            ),
            valeurs,
        )
        .await?
        .ok_or(StoreError::NotFound("candidat"))?;
    Ok((id, numero))
}

/// Fingerprint under which an INE is found again.
pub fn ine_fingerprint(coffre: &Coffre, ine: &str) -> String {
    coffre.fingerprint("ine", ine)
}

/// Whether this INE has a record in the session.
///
/// # Errors
/// When the database refuses.
pub async fn ine_taken(c: &impl Sql, coffre: &Coffre, session: i64, ine: &str) -> Result<bool, StoreError> {
    Ok(c.int(
        "SELECT id FROM candidat WHERE session_id = $1 AND ine_hmac = $2",
        vec![session.into(), ine_fingerprint(coffre, ine).into()],
    )
    .await?
    .is_some())
}
