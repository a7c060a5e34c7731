//! What of an establishment is never public beside its heads: whom the academic service calls, signatures.

use std::collections::BTreeMap;

use domain::etablissements::Contact;

use crate::coffre::{Coffre, Emplacement};
use crate::ecriture::{Ecriture, META};
use crate::error::StoreError;
use crate::ligne::FromLigne;
use crate::sql::{Sql, Tx, all_among};

#[derive(FromLigne)]
struct LigneContact {
    etablissement_id: i64,
    public_id: String,
    fonction: String,
    nom: String,
    objet: String,
    courriel_chiffre: Vec<u8>,
    telephone_chiffre: Vec<u8>,
}

/// A contact, readable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContactEtablissement {
    pub public_id: String,
    pub contact: Contact,
}

fn place<'a>(table: &'static str, colonne: &'static str, ligne: &'a str) -> Emplacement<'a> {
    Emplacement { table, colonne, ligne }
}

const CONTACT: &str = "contact_etablissement";
const SIGNATURE: &str = "signature_chef";

/// The contacts of establishments, by key of the establishment, the first declared first.
///
/// # Errors
/// When the database or the vault refuses.
pub async fn contacts(
    c: &impl Sql,
    coffre: &Coffre,
    etablissements: &[i64],
) -> Result<BTreeMap<i64, Vec<ContactEtablissement>>, StoreError> {
    let sql = "SELECT etablissement_id, public_id, fonction, nom, objet, courriel_chiffre, telephone_chiffre
               FROM contact_etablissement WHERE etablissement_id IN (:cles) AND supprime_le IS NULL ORDER BY id";
    let lignes: Vec<LigneContact> = all_among(c, sql, vec![], etablissements).await?;
    let mut par_cle: BTreeMap<i64, Vec<ContactEtablissement>> = BTreeMap::new();
    for l in lignes {
        let open = |colonne, octets: &[u8]| {
            let clair = coffre.open(place(CONTACT, colonne, &l.public_id), octets)?;
            String::from_utf8(clair).map_err(|_| StoreError::Unreadable(CONTACT))
        };
        let contact = Contact {
            courriel: open("courriel_chiffre", &l.courriel_chiffre)?,
            telephone: open("telephone_chiffre", &l.telephone_chiffre)?,
            fonction: l.fonction,
            nom: l.nom,
            objet: l.objet,
        };
        let siens = par_cle.entry(l.etablissement_id).or_default();
        siens.push(ContactEtablissement { public_id: l.public_id, contact });
    }
    Ok(par_cle)
}

/// Adds a contact to an establishment.
///
/// # Errors
/// When the database or the vault refuses.
pub async fn insert_contact(
    tx: &Tx,
    e: &Ecriture<'_>,
    coffre: &Coffre,
    etablissement: i64,
    c: &Contact,
) -> Result<(), StoreError> {
    let (id, mut valeurs) = e.meta();
    let seal = |colonne, clair: &str| {
        coffre.seal(place(CONTACT, colonne, id.as_str()), clair.as_bytes(), e.alea().nonce())
    };
    valeurs.extend([
        etablissement.into(),
        c.fonction.clone().into(),
        c.nom.clone().into(),
        c.objet.clone().into(),
        seal("courriel_chiffre", &c.courriel)?.into(),
        seal("telephone_chiffre", &c.telephone)?.into(),
    ]);
    tx.exec(
        &format!(
            "INSERT INTO contact_etablissement ({META}, etablissement_id, fonction, nom, objet, courriel_chiffre, telephone_chiffre)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
        ),
        valeurs,
    )
    .await
    .map(|_| ())
}

/// Changes a contact; false when it is not one of this establishment.
///
/// # Errors
/// When the database or the vault refuses.
pub async fn update_contact(
    tx: &Tx,
    e: &Ecriture<'_>,
    coffre: &Coffre,
    (etablissement, public_id): (i64, &str),
    c: &Contact,
) -> Result<bool, StoreError> {
    let seal = |colonne, clair: &str| {
        coffre.seal(place(CONTACT, colonne, public_id), clair.as_bytes(), e.alea().nonce())
    };
    let n = tx
        .exec(
            "UPDATE contact_etablissement SET fonction = $1, nom = $2, objet = $3, courriel_chiffre = $4,
                 telephone_chiffre = $5, maj_le = $6, maj_par = $7, version = version + 1
             WHERE etablissement_id = $8 AND public_id = $9 AND supprime_le IS NULL",
            vec![
                c.fonction.clone().into(),
                c.nom.clone().into(),
                c.objet.clone().into(),
                seal("courriel_chiffre", &c.courriel)?.into(),
                seal("telephone_chiffre", &c.telephone)?.into(),
                e.ms().into(),
                e.compte().into(),
                etablissement.into(),
                public_id.to_owned().into(),
            ],
        )
        .await?;
    Ok(n == 1)
}

/// Takes a contact off; false when it is not one of this establishment.
///
/// # Errors
/// When the database refuses.
pub async fn remove_contact(
    tx: &Tx,
    e: &Ecriture<'_>,
    (etablissement, public_id): (i64, &str),
) -> Result<bool, StoreError> {
    let n = tx
        .exec(
            "UPDATE contact_etablissement SET supprime_le = $1, maj_le = $1, maj_par = $2, version = version + 1
             WHERE etablissement_id = $3 AND public_id = $4 AND supprime_le IS NULL",
            vec![e.ms().into(), e.compte().into(), etablissement.into(), public_id.to_owned().into()],
        )
        .await?;
    Ok(n == 1)
}

/// The image of the signature of a head replaces the one before.
///
/// # Errors
/// When the database or the vault refuses.
pub async fn save_signature(
    tx: &Tx,
    e: &Ecriture<'_>,
    coffre: &Coffre,
    chef: i64,
    png: &[u8],
) -> Result<(), StoreError> {
    remove_signature(tx, chef).await?;
    let (id, mut valeurs) = e.meta();
    let image = coffre.seal(place(SIGNATURE, "image_chiffre", id.as_str()), png, e.alea().nonce())?;
    valeurs.extend([chef.into(), image.into()]);
    tx.exec(
        &format!("INSERT INTO signature_chef ({META}, chef_id, image_chiffre) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"),
        valeurs,
    )
    .await
    .map(|_| ())
}

/// Withdraws an image for good; false when there was none.
///
/// # Errors
/// When the database refuses.
pub async fn remove_signature(tx: &Tx, chef: i64) -> Result<bool, StoreError> {
    Ok(tx.exec("DELETE FROM signature_chef WHERE chef_id = $1", vec![chef.into()]).await? == 1)
}

#[derive(FromLigne)]
struct LigneSignature {
    public_id: String,
    image_chiffre: Vec<u8>,
}

/// The image of the signature of a head, as PNG.
///
/// # Errors
/// When the database or the vault refuses.
pub async fn signature(c: &impl Sql, coffre: &Coffre, chef: i64) -> Result<Option<Vec<u8>>, StoreError> {
    let ligne: Option<LigneSignature> = c
        .one("SELECT public_id, image_chiffre FROM signature_chef WHERE chef_id = $1", vec![chef.into()])
        .await?;
    ligne.map(|l| coffre.open(place(SIGNATURE, "image_chiffre", &l.public_id), &l.image_chiffre)).transpose()
}
