//! Networks and browsers that an account already confirmed, requests kept meanwhile, waves of failures.

use crate::coffre::{Coffre, Emplacement};
use crate::ecriture::Alea;
use crate::error::StoreError;
use crate::ligne::FromLigne;
use crate::sql::{Sql, Tx};
use domain::PublicId;

/// Notes a network just confirmed by a second step, and keeps the `gardes` last ones (SEC-2). Tells whether it is new.
///
/// # Errors
/// When the database refuses.
pub async fn confirm_reseau(
    tx: &Tx,
    compte: i64,
    empreinte: &str,
    maintenant: i64,
    gardes: i64,
) -> Result<bool, StoreError> {
    let connu = tx
        .exec(
            "UPDATE reseau_connu SET confirme_le = $1 WHERE compte_id = $2 AND empreinte = $3",
            vec![maintenant.into(), compte.into(), empreinte.to_owned().into()],
        )
        .await?;
    if connu == 0 {
        tx.exec(
            "INSERT INTO reseau_connu (compte_id, empreinte, confirme_le, premiere_le) VALUES ($1, $2, $3, $3)
             ON CONFLICT (compte_id, empreinte) DO UPDATE SET confirme_le = excluded.confirme_le",
            vec![compte.into(), empreinte.to_owned().into(), maintenant.into()],
        )
        .await?;
        tx.exec(
            "DELETE FROM reseau_connu WHERE compte_id = $1 AND id NOT IN
               (SELECT id FROM reseau_connu WHERE compte_id = $1 ORDER BY confirme_le DESC, id DESC LIMIT $2)",
            vec![compte.into(), gardes.into()],
        )
        .await?;
    }
    Ok(connu == 0)
}

/// When a network was last confirmed, and when any was: (this one, the last of all).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, FromLigne)]
pub struct Confirmation {
    pub ici: Option<i64>,
    pub derniere: Option<i64>,
}

/// The confirmations of a network.
///
/// # Errors
/// When the database refuses.
pub async fn reseau_confirme(c: &impl Sql, compte: i64, empreinte: &str) -> Result<Confirmation, StoreError> {
    confirmation(c, "reseau_connu", compte, empreinte).await
}

/// The confirmations of a browser.
///
/// # Errors
/// When the database refuses.
pub async fn navigateur_confirme(
    c: &impl Sql,
    compte: i64,
    empreinte: &str,
) -> Result<Confirmation, StoreError> {
    confirmation(c, "navigateur_connu", compte, empreinte).await
}

async fn confirmation(
    c: &impl Sql,
    table: &'static str,
    compte: i64,
    empreinte: &str,
) -> Result<Confirmation, StoreError> {
    let ligne = c
        .one(
            &format!(
                "SELECT MAX(CASE WHEN empreinte = $2 THEN confirme_le END) AS ici, MAX(confirme_le) AS derniere
                 FROM {table} WHERE compte_id = $1"
            ),
            vec![compte.into(), empreinte.to_owned().into()],
        )
        .await?;
    Ok(ligne.unwrap_or_default())
}

/// Whether a network was confirmed since an instant, and for the first time before another one.
///
/// # Errors
/// When the database refuses.
pub async fn is_reseau_connu(
    c: &impl Sql,
    compte: i64,
    empreinte: &str,
    confirme_depuis: i64,
    premiere_avant: i64,
) -> Result<bool, StoreError> {
    let n = c
        .int(
            "SELECT id FROM reseau_connu
             WHERE compte_id = $1 AND empreinte = $2 AND confirme_le > $3 AND premiere_le < $4",
            vec![compte.into(), empreinte.to_owned().into(), confirme_depuis.into(), premiere_avant.into()],
        )
        .await?;
    Ok(n.is_some())
}

/// Notes a browser just confirmed by a complete sign-in, and keeps the `gardes` last ones.
///
/// # Errors
/// When the database refuses.
pub async fn confirm_navigateur(
    tx: &Tx,
    alea: &dyn Alea,
    compte: i64,
    empreinte: &str,
    appareil: &str,
    maintenant: i64,
    gardes: i64,
) -> Result<(), StoreError> {
    tx.exec(
        "INSERT INTO navigateur_connu (public_id, compte_id, empreinte, appareil, cree_le, confirme_le)
         VALUES ($1, $2, $3, $4, $5, $5)
         ON CONFLICT (compte_id, empreinte) DO UPDATE SET confirme_le = excluded.confirme_le,
                                                          appareil = excluded.appareil",
        vec![
            alea.public_id().as_str().to_owned().into(),
            compte.into(),
            empreinte.to_owned().into(),
            appareil.to_owned().into(),
            maintenant.into(),
        ],
    )
    .await?;
    tx.exec(
        "DELETE FROM navigateur_connu WHERE compte_id = $1 AND id NOT IN
           (SELECT id FROM navigateur_connu WHERE compte_id = $1 ORDER BY confirme_le DESC, id DESC LIMIT $2)",
        vec![compte.into(), gardes.into()],
    )
    .await
    .map(|_| ())
}

/// How many browsers an account knows.
///
/// # Errors
/// When the database refuses.
pub async fn count_navigateurs(c: &impl Sql, compte: i64) -> Result<i64, StoreError> {
    let n = c.int("SELECT COUNT(*) FROM navigateur_connu WHERE compte_id = $1", vec![compte.into()]).await?;
    Ok(n.unwrap_or(0))
}

/// Forgets every known network and browser of an account: the next sign-in asks for everything again.
///
/// # Errors
/// When the database refuses.
pub async fn forget_connus(tx: &Tx, compte: i64) -> Result<(), StoreError> {
    for table in ["navigateur_connu", "reseau_connu"] {
        tx.exec(&format!("DELETE FROM {table} WHERE compte_id = $1"), vec![compte.into()]).await?;
    }
    Ok(())
}

/// Leaves the last `gardees` forms of an account that wait: one sent from elsewhere does not push out the one that waits
/// here.
///
/// # Errors
/// When the database refuses.
pub async fn prune_demandes(tx: &Tx, compte: i64, gardees: i64) -> Result<(), StoreError> {
    tx.exec(
        "DELETE FROM demande_gardee WHERE compte_id = $1
           AND id NOT IN (SELECT id FROM demande_gardee WHERE compte_id = $1 ORDER BY id DESC LIMIT $2)",
        vec![compte.into(), gardees.into()],
    )
    .await
    .map(|_| ())
}

/// Keeps a form, ciphered, until it is confirmed (SEC-3).
///
/// # Errors
/// When the database or the vault refuses.
pub async fn keep_demande(
    tx: &Tx,
    coffre: &Coffre,
    alea: &dyn Alea,
    compte: i64,
    chemin: &str,
    corps: &[u8],
    expire_le: i64,
) -> Result<PublicId, StoreError> {
    let id = alea.public_id();
    let seal = |colonne: &'static str, octets: &[u8]| {
        coffre.seal(
            Emplacement { table: "demande_gardee", colonne, ligne: id.as_str() },
            octets,
            alea.nonce(),
        )
    };
    let (chemin, corps) = (seal("chemin_chiffre", chemin.as_bytes())?, seal("corps_chiffre", corps)?);
    tx.exec(
        "INSERT INTO demande_gardee (public_id, compte_id, chemin_chiffre, corps_chiffre, expire_le)
         VALUES ($1, $2, $3, $4, $5)",
        vec![id.as_str().to_owned().into(), compte.into(), chemin.into(), corps.into(), expire_le.into()],
    )
    .await?;
    Ok(id)
}

#[derive(FromLigne)]
struct LigneDemande {
    chemin_chiffre: Vec<u8>,
    corps_chiffre: Vec<u8>,
}

/// A form kept for this account: (path, body).
///
/// # Errors
/// When the database or the vault refuses.
pub async fn demande_gardee(
    c: &impl Sql,
    coffre: &Coffre,
    compte: i64,
    public_id: &str,
    maintenant: i64,
) -> Result<Option<(String, Vec<u8>)>, StoreError> {
    let ligne: Option<LigneDemande> = c
        .one(
            "SELECT chemin_chiffre, corps_chiffre FROM demande_gardee
             WHERE compte_id = $1 AND public_id = $2 AND expire_le > $3",
            vec![compte.into(), public_id.to_owned().into(), maintenant.into()],
        )
        .await?;
    let Some(ligne) = ligne else { return Ok(None) };
    let open = |colonne: &'static str, octets: &[u8]| {
        coffre.open(Emplacement { table: "demande_gardee", colonne, ligne: public_id }, octets)
    };
    let chemin = String::from_utf8(open("chemin_chiffre", &ligne.chemin_chiffre)?)
        .map_err(|_| StoreError::Unreadable("demande_gardee.chemin_chiffre"))?;
    Ok(Some((chemin, open("corps_chiffre", &ligne.corps_chiffre)?)))
}

/// Counts a sign-in in its slice of ten minutes (LIM-3).
///
/// # Errors
/// When the database refuses.
pub async fn count_connexion(tx: &Tx, tranche: i64, echec: bool) -> Result<(), StoreError> {
    tx.exec(
        "INSERT INTO mesure_connexion (tranche, essais, echecs) VALUES ($1, 1, $2)
         ON CONFLICT (tranche) DO UPDATE SET essais = mesure_connexion.essais + 1,
                                             echecs = mesure_connexion.echecs + excluded.echecs",
        vec![tranche.into(), i64::from(echec).into()],
    )
    .await
    .map(|_| ())
}

/// Sign-ins of a slice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromLigne)]
pub struct Tranche {
    pub tranche: i64,
    pub essais: i64,
    pub echecs: i64,
}

/// The slices since one, oldest first.
///
/// # Errors
/// When the database refuses.
pub async fn tranches(c: &impl Sql, depuis: i64) -> Result<Vec<Tranche>, StoreError> {
    c.all(
        "SELECT tranche, essais, echecs FROM mesure_connexion WHERE tranche >= $1 ORDER BY tranche",
        vec![depuis.into()],
    )
    .await
}

/// Notes a failure of a network for an address, both as fingerprints (LIM-2).
///
/// # Errors
/// When the database refuses.
pub async fn note_echec(tx: &Tx, reseau: &str, adresse: &str, instant: i64) -> Result<(), StoreError> {
    tx.exec(
        "INSERT INTO echec_reseau (reseau, adresse, instant) VALUES ($1, $2, $3)",
        vec![reseau.to_owned().into(), adresse.to_owned().into(), instant.into()],
    )
    .await
    .map(|_| ())
}

/// Failures of a network and how many accounts they are about.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, FromLigne)]
pub struct EchecsReseau {
    pub echecs: i64,
    pub comptes: i64,
}

/// The failures of a network since an instant.
///
/// # Errors
/// When the database refuses.
pub async fn echecs_reseau(c: &impl Sql, reseau: &str, depuis: i64) -> Result<EchecsReseau, StoreError> {
    let ligne = c
        .one(
            "SELECT COUNT(*) AS echecs, COUNT(DISTINCT adresse) AS comptes FROM echec_reseau
             WHERE reseau = $1 AND instant > $2",
            vec![reseau.to_owned().into(), depuis.into()],
        )
        .await?;
    Ok(ligne.unwrap_or_default())
}

/// What is old enough to go: real instants (ms), but for `tranche`, the first period of sign-ins to keep.
#[derive(Debug, Clone, Copy)]
pub struct AvantConnus {
    pub reseaux: i64,
    pub navigateurs: i64,
    pub tranche: i64,
    pub echecs: i64,
}

/// Removes what this module keeps beyond its retention; gives how many rows.
///
/// # Errors
/// When the database refuses.
pub async fn purge_connus(tx: &Tx, maintenant: i64, avant: &AvantConnus) -> Result<u64, StoreError> {
    let mut n = 0;
    for (sql, borne) in [
        ("DELETE FROM code_envoye WHERE expire_le <= $1", maintenant),
        ("DELETE FROM defi_cle WHERE expire_le <= $1", maintenant),
        ("DELETE FROM demande_gardee WHERE expire_le <= $1", maintenant),
        ("DELETE FROM reseau_connu WHERE confirme_le <= $1", avant.reseaux),
        ("DELETE FROM navigateur_connu WHERE confirme_le <= $1", avant.navigateurs),
        ("DELETE FROM mesure_connexion WHERE tranche < $1", avant.tranche),
        ("DELETE FROM echec_reseau WHERE instant <= $1", avant.echecs),
    ] {
        n += tx.exec(sql, vec![borne.into()]).await?;
    }
    Ok(n)
}
