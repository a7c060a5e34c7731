//! What courses say of themselves, field by field (R-FOR-10).

use std::collections::HashMap;

use sea_orm::Value;

use crate::ecriture::{Ecriture, META, NB_META};
use crate::error::StoreError;
use crate::ligne::FromLigne;
use crate::sql::{Sql, Tx, all_among, insert_batch, update_versions};
use domain::PublicId;

/// The description of a course in a session.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct LigneDescription {
    pub id: i64,
    pub version: i64,
    pub formation_session_id: i64,
    /// JSON by code of field.
    pub contenu: String,
    /// Fields still missing when it was last written.
    pub manques: i64,
    /// 1: carried over from last year.
    pub reprise: i64,
    /// UTC milliseconds; `None`: not confirmed.
    pub confirmee_le: Option<i64>,
    /// UTC milliseconds of the last change.
    pub maj_le: i64,
    /// Name of the account that wrote last, when it was an account.
    pub maj_par: Option<String>,
}

const SELECT: &str = "SELECT d.id, d.version, d.formation_session_id, d.contenu, d.manques, d.reprise, d.confirmee_le, d.maj_le,
            CASE WHEN c.id IS NULL THEN NULL ELSE c.prenom || ' ' || c.nom END AS maj_par
     FROM formation_description d LEFT JOIN compte c ON c.id = d.maj_par";

/// The description of a course of a session; `None`: nothing was ever said.
///
/// # Errors
/// When the database refuses.
pub async fn description(
    c: &impl Sql,
    formation_session: i64,
) -> Result<Option<LigneDescription>, StoreError> {
    c.one(&format!("{SELECT} WHERE d.formation_session_id = $1"), vec![formation_session.into()]).await
}

/// The descriptions of these courses, in no order.
///
/// # Errors
/// When the database refuses.
pub async fn descriptions(
    c: &impl Sql,
    formations_session: &[i64],
) -> Result<Vec<LigneDescription>, StoreError> {
    let sql = format!("{SELECT} WHERE d.formation_session_id IN (:cles)");
    all_among(c, &sql, vec![], formations_session).await
}

/// What is written of a description.
#[derive(Debug, Clone)]
pub struct NouvelleDescription<'a> {
    pub contenu: &'a str,
    pub manques: usize,
    /// Somebody says that it is right for this session.
    pub confirmee: bool,
}

/// Writes the description of a course over the version that was read (`None`: there was none).
///
/// # Errors
/// [`StoreError::Conflict`] when someone was faster.
pub async fn save_description(
    tx: &Tx,
    e: &Ecriture<'_>,
    formation_session: i64,
    lue: Option<i64>,
    n: &NouvelleDescription<'_>,
) -> Result<(), StoreError> {
    let seule = vec![(formation_session, lue, n.contenu.to_owned(), n.manques)];
    save_descriptions(tx, e, seule, n.confirmee).await
}

/// Writes descriptions, each over the version that was read of it (`None`: there was none): (course of the session, that version, JSON, fields
/// missing). `confirmees`: somebody says that they are right for this session; else who said it last, and when, stays.
///
/// # Errors
/// [`StoreError::Conflict`] when someone was faster on one of them.
pub async fn save_descriptions(
    tx: &Tx,
    e: &Ecriture<'_>,
    descriptions: Vec<(i64, Option<i64>, String, usize)>,
    confirmees: bool,
) -> Result<(), StoreError> {
    let confirmation: [Value; 2] =
        [confirmees.then(|| e.ms()).into(), e.compte().filter(|_| confirmees).into()];
    let (mut lues, mut nouvelles) = (Vec::new(), Vec::new());
    for (formation, lue, contenu, manques) in descriptions {
        let manques = i64::try_from(manques).unwrap_or(i64::MAX);
        if let Some(version) = lue {
            let mut valeurs: Vec<Value> = vec![
                formation.into(),
                version.into(),
                contenu.into(),
                manques.into(),
                e.ms().into(),
                e.compte().into(),
            ];
            if confirmees {
                valeurs.extend(confirmation.clone());
            }
            lues.push(valeurs);
        } else {
            let (_, mut valeurs) = e.meta();
            valeurs.extend([formation.into(), contenu.into(), manques.into()]);
            valeurs.extend(confirmation.clone());
            nouvelles.push(valeurs);
        }
    }
    let toutes = ["contenu", "manques", "maj_le", "maj_par", "confirmee_le", "confirmee_par"];
    let colonnes = if confirmees { &toutes[..] } else { &toutes[..4] };
    update_versions(tx, ("formation_description", "formation_session_id"), colonnes, lues).await?;
    let debut = format!(
        "INSERT INTO formation_description ({META}, formation_session_id, contenu, manques, confirmee_le, confirmee_par)"
    );
    insert_batch(tx, &debut, NB_META + 5, nouvelles, "").await.map(|_| ())
}

/// Adds the descriptions of a session being opened or filled: (course of the session, JSON, fields missing, carried over).
///
/// # Errors
/// When the database refuses.
pub async fn add_descriptions(
    tx: &Tx,
    e: &Ecriture<'_>,
    descriptions: impl IntoIterator<Item = (i64, String, usize, bool)>,
) -> Result<u64, StoreError> {
    let lignes = descriptions.into_iter().map(|(formation, contenu, manques, reprise)| {
        let (_, mut valeurs) = e.meta();
        valeurs.extend([
            formation.into(),
            contenu.into(),
            i64::try_from(manques).unwrap_or(i64::MAX).into(),
            i64::from(reprise).into(),
        ]);
        valeurs
    });
    let debut = format!(
        "INSERT INTO formation_description ({META}, formation_session_id, contenu, manques, reprise)"
    );
    insert_batch(tx, &debut, NB_META + 4, lignes, "").await
}

/// The courses of a session whose forerunner said something: (course, JSON of the forerunner, family, label).
#[derive(Debug, Clone, FromLigne)]
pub struct DescriptionAnterieure {
    pub formation_session_id: i64,
    pub contenu: String,
    pub famille: String,
    pub libelle: String,
}

/// What last year said of each course of a session, `limite` courses after the key `apres`.
///
/// # Errors
/// When the database refuses.
pub async fn descriptions_anterieures(
    c: &impl Sql,
    session: i64,
    apres: i64,
    limite: i64,
) -> Result<Vec<DescriptionAnterieure>, StoreError> {
    c.all(
        "SELECT fs.id AS formation_session_id, d.contenu, fs.famille, fs.libelle
         FROM formation_session fs JOIN formation_description d ON d.formation_session_id = fs.precedente_id
         WHERE fs.session_id = $1 AND fs.id > $2 ORDER BY fs.id LIMIT $3",
        vec![session.into(), apres.into(), limite.into()],
    )
    .await
}

/// The sites and components of a session by the identifier that they had the year before: same establishment, same name.
///
/// # Errors
/// When the database refuses.
pub async fn renvois_lieux(c: &impl Sql, session: i64) -> Result<HashMap<String, String>, StoreError> {
    #[derive(FromLigne)]
    struct Renvoi {
        avant: String,
        apres: String,
    }
    let mut renvois = HashMap::new();
    // Two sites of one name differ by their address.
    let adresse = " AND a.adresse = n.adresse AND a.code_postal = n.code_postal AND a.commune = n.commune";
    for (table, precision) in [("site_formation", adresse), ("composante", "")] {
        let sql = format!(
            "SELECT a.public_id AS avant, n.public_id AS apres
             FROM etablissement_session s
             JOIN {table} n ON n.etablissement_session_id = s.id AND n.supprime_le IS NULL
             JOIN {table} a ON a.etablissement_session_id = s.precedent_id AND a.nom = n.nom{precision} AND a.supprime_le IS NULL
             WHERE s.session_id = $1"
        );
        let lignes: Vec<Renvoi> = c.all(&sql, vec![session.into()]).await?;
        renvois.extend(lignes.into_iter().map(|r| (r.avant, r.apres)));
    }
    Ok(renvois)
}

/// A course whose description names a site or a component of its establishment.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct Nommante {
    /// Key of the course in the session.
    pub id: i64,
    pub libelle: String,
    pub detail: String,
}

/// Places asked about at once.
const LIEUX: usize = 200;

/// The courses of an establishment that the public reads, whose last publication names this site or component, in the order of the lists
/// of courses.
///
/// # Errors
/// When the database refuses.
pub async fn published_naming(
    c: &impl Sql,
    session: i64,
    etablissement: i64,
    lieu: &PublicId,
) -> Result<Vec<Nommante>, StoreError> {
    c.all(
        "SELECT fs.id, fs.libelle, fs.detail FROM formation_session fs
         JOIN formation_publication p ON p.formation_session_id = fs.id
           AND p.numero = (SELECT MAX(d.numero) FROM formation_publication d WHERE d.formation_session_id = fs.id)
         WHERE fs.session_id = $1 AND fs.etablissement_id = $2 AND fs.etat = 'publiee' AND fs.supprime_le IS NULL
           AND p.description LIKE $3
         ORDER BY fs.recherche, fs.id",
        vec![session.into(), etablissement.into(), format!("%\"{lieu}\"%").into()],
    )
    .await
}

/// How many courses of an establishment the public reads, once the offer is open.
///
/// # Errors
/// When the database refuses.
pub async fn count_publiees(c: &impl Sql, session: i64, etablissement: i64) -> Result<i64, StoreError> {
    let sql = "SELECT COUNT(*) FROM formation_session
               WHERE session_id = $1 AND etablissement_id = $2 AND etat = 'publiee' AND supprime_le IS NULL";
    Ok(c.int(sql, vec![session.into(), etablissement.into()]).await?.unwrap_or(0))
}

/// The courses of an establishment, closed ones left out, whose description names one of these sites or components, with the public
/// identifier of that place; those of each place in the order of the lists of courses.
///
/// # Errors
/// When the database refuses.
pub async fn naming(
    c: &impl Sql,
    session: i64,
    etablissement: i64,
    lieux: &[PublicId],
) -> Result<Vec<(String, Nommante)>, StoreError> {
    #[derive(FromLigne)]
    struct Lue {
        #[ligne(incluse)]
        nommante: Nommante,
        contenu: String,
    }
    let mut nommantes = Vec::new();
    for lot in lieux.chunks(LIEUX) {
        let mut valeurs: Vec<Value> = vec![session.into(), etablissement.into()];
        let mut ou = Vec::with_capacity(lot.len());
        for lieu in lot {
            valeurs.push(format!("%\"{lieu}\"%").into());
            ou.push(format!("d.contenu LIKE ${}", valeurs.len()));
        }
        let sql = format!(
            "SELECT fs.id, fs.libelle, fs.detail, d.contenu FROM formation_session fs
             JOIN formation_description d ON d.formation_session_id = fs.id
             WHERE fs.session_id = $1 AND fs.etablissement_id = $2 AND fs.etat <> 'fermee' AND ({})
             ORDER BY fs.recherche, fs.id",
            ou.join(" OR ")
        );
        let lues: Vec<Lue> = c.all(&sql, valeurs).await?;
        for Lue { nommante, contenu } in lues {
            let siens = lot.iter().filter(|lieu| contenu.contains(&format!("\"{lieu}\"")));
            nommantes.extend(siens.map(|lieu| (lieu.as_str().to_owned(), nommante.clone())));
        }
    }
    Ok(nommantes)
}
