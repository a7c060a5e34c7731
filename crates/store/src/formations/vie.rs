//! What an accepted request does to a course (R-VIE-01 to 06): closed, not opened this year, moved, merged, handed over.

use crate::ligne::FromLigne;
use domain::candidatures::EtatVoeu;

use super::recherche::Params;
use crate::ecriture::{Ecriture, META};
use crate::error::StoreError;
use crate::sql::{Backend, Sql, Tx, tuples};

/// A site of an establishment of a session.
#[derive(Debug, Clone, PartialEq, FromLigne)]
pub struct LigneSiteSession {
    pub public_id: String,
    pub nom: String,
    pub code_postal: String,
    pub commune: String,
    pub latitude: Option<f64>,
    pub longitude: Option<f64>,
    pub etablissement_id: i64,
    /// Name, that of the session.
    pub etablissement: String,
}

/// The sites of establishments of a session, by establishment then as they were declared.
///
/// # Errors
/// When the database refuses.
pub async fn sites_of(
    c: &impl Sql,
    session: i64,
    etablissements: &[i64],
) -> Result<Vec<LigneSiteSession>, StoreError> {
    if etablissements.is_empty() {
        return Ok(Vec::new());
    }
    let mut p = Params::default();
    let session = p.add(session);
    let cles: Vec<String> = etablissements.iter().map(|e| p.add(*e)).collect();
    let sql = format!(
        "SELECT s.public_id, s.nom, s.code_postal, s.commune, s.latitude, s.longitude, es.etablissement_id,
                es.nom AS etablissement
         FROM site_formation s JOIN etablissement_session es ON es.id = s.etablissement_session_id
         WHERE es.session_id = {session} AND es.etablissement_id IN ({}) AND s.supprime_le IS NULL
           AND es.supprime_le IS NULL ORDER BY es.nom, es.id, s.id",
        cles.join(", ")
    );
    c.all(&sql, p.0).await
}

/// Holds a course until the end of the transaction: a wish added meanwhile waits, and sees it closed
/// ([`crate::candidatures::insert_voeu`]).
///
/// # Errors
/// When the database refuses.
pub async fn hold_formation(tx: &Tx, formation_session: i64) -> Result<(), StoreError> {
    if tx.backend() == Backend::Postgres {
        tx.int("SELECT id FROM formation_session WHERE id = $1 FOR UPDATE", vec![formation_session.into()])
            .await?;
    }
    Ok(())
}

/// Whether a candidate has a living wish for a course.
///
/// # Errors
/// When the database refuses.
pub async fn has_voeu_vivant(c: &impl Sql, formation_session: i64) -> Result<bool, StoreError> {
    let mut p = Params::default();
    let formation = p.add(formation_session);
    let etats: Vec<String> =
        EtatVoeu::ALL.into_iter().filter(|e| e.is_vivant()).map(|e| p.add(e.code().to_owned())).collect();
    let sql = format!(
        "SELECT COUNT(*) FROM voeu WHERE formation_session_id = {formation} AND supprime_le IS NULL AND etat IN ({})",
        etats.join(", ")
    );
    Ok(c.int(&sql, p.0).await?.unwrap_or(0) > 0)
}

/// Accounts of the candidates who have a living wish for a course, after one of them, so many at most: key and address.
///
/// # Errors
/// When the database refuses.
pub async fn comptes_demandeurs(
    c: &impl Sql,
    formation_session: i64,
    apres: i64,
    combien: i64,
) -> Result<Vec<(i64, String)>, StoreError> {
    let mut p = Params::default();
    let (formation, apres, combien) = (p.add(formation_session), p.add(apres), p.add(combien));
    let etats: Vec<String> =
        EtatVoeu::ALL.into_iter().filter(|e| e.is_vivant()).map(|e| p.add(e.code().to_owned())).collect();
    tuples(
        c,
        "d.id, d.courriel",
        &format!(
            "(SELECT a.id, a.courriel FROM compte a
              WHERE a.id > {apres} AND a.supprime_le IS NULL AND EXISTS (
                SELECT 1 FROM voeu v JOIN candidat k ON k.id = v.candidat_id
                WHERE k.compte_id = a.id AND v.formation_session_id = {formation} AND v.supprime_le IS NULL
                  AND v.etat IN ({}))
              ORDER BY a.id LIMIT {combien}) d",
            etats.join(", ")
        ),
        p.0,
    )
    .await
}

/// How a course ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fin {
    /// For this session; the next one takes it over.
    Suspension,
    /// For good; the permanent course that takes its place.
    Definitive(Option<i64>),
}

/// Closes a course of a session over the version that was read; it is no longer reviewed.
///
/// # Errors
/// [`StoreError::Conflict`] when someone was faster.
pub async fn close_formation(
    tx: &Tx,
    e: &Ecriture<'_>,
    (id, version, formation): (i64, i64, i64),
    fin: Fin,
) -> Result<(), StoreError> {
    let suspendue = i64::from(fin == Fin::Suspension);
    let fait = tx
        .exec(
            "UPDATE formation_session SET etat = 'fermee', suspendue = $1, maj_le = $2, maj_par = $3, version = version + 1
             WHERE id = $4 AND version = $5",
            vec![suspendue.into(), e.ms().into(), e.compte().into(), id.into(), version.into()],
        )
        .await?;
    if fait != 1 {
        return Err(StoreError::Conflict("formation_session".to_owned()));
    }
    if let Fin::Definitive(successeur) = fin {
        tx.exec(
            "UPDATE formation SET successeur_id = $1, maj_le = $2, maj_par = $3, version = version + 1 WHERE id = $4",
            vec![successeur.into(), e.ms().into(), e.compte().into(), formation.into()],
        )
        .await?;
    }
    super::undo_controle(tx, e, id).await
}

/// Where a course is from now on.
#[derive(Debug, Clone)]
pub struct NouveauLieu<'a> {
    pub etablissement: i64,
    pub departement: &'a str,
    pub academie: &'a str,
    pub commune: &'a str,
    pub coordonnees: Option<(f64, f64)>,
    /// `domain::formations::texte_recherche`.
    pub recherche: &'a str,
}

/// Moves a course of a session over the version that was read; in another academy, its sector is that of the new one (R-VIE-10).
///
/// # Errors
/// [`StoreError::Conflict`] when someone was faster.
pub async fn move_formation(
    tx: &Tx,
    e: &Ecriture<'_>,
    (id, version): (i64, i64),
    n: &NouveauLieu<'_>,
) -> Result<(), StoreError> {
    let fait = tx
        .exec(
            "UPDATE formation_session SET etablissement_id = $1, departement = $2, academie = $3, commune = $4, latitude = $5,
                 longitude = $6, recherche = $7, secteur = CASE WHEN academie = $3 THEN secteur ELSE '' END, maj_le = $8,
                 maj_par = $9, version = version + 1
             WHERE id = $10 AND version = $11",
            vec![
                n.etablissement.into(),
                n.departement.to_owned().into(),
                n.academie.to_owned().into(),
                n.commune.to_owned().into(),
                n.coordonnees.map(|c| c.0).into(),
                n.coordonnees.map(|c| c.1).into(),
                n.recherche.to_owned().into(),
                e.ms().into(),
                e.compte().into(),
                id.into(),
                version.into(),
            ],
        )
        .await?;
    if fait == 1 { Ok(()) } else { Err(StoreError::Conflict("formation_session".to_owned())) }
}

/// What goes along with a course that another establishment takes over: its course of registration (a new one when others
/// share it, under the key `cle`), its boarding groups and its conversation. The roles that people of the former establishment
/// hold on it end; gives them: (public identifier of the account, code of the role).
///
/// # Errors
/// When the database refuses.
pub async fn hand_over(
    tx: &Tx,
    e: &Ecriture<'_>,
    (formation_session, formation): (i64, i64),
    etablissement: i64,
    cle: &str,
) -> Result<Vec<(String, String)>, StoreError> {
    #[derive(FromLigne)]
    struct Retire {
        compte: String,
        role: String,
    }
    let (ms, compte) = (e.ms(), e.compte());
    let partagee = tx
        .int(
            "SELECT COUNT(*) FROM formation o JOIN formation f ON f.formation_inscription_id = o.formation_inscription_id
             WHERE f.id = $1 AND o.id <> f.id AND o.supprime_le IS NULL",
            vec![formation.into()],
        )
        .await?
        .unwrap_or(0)
        > 0;
    if partagee {
        let (_, mut valeurs) = e.meta();
        valeurs.extend([etablissement.into(), cle.to_owned().into()]);
        let inscription = tx
            .int(
                &format!(
                    "INSERT INTO formation_inscription ({META}, etablissement_id, cle)
                     VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id"
                ),
                valeurs,
            )
            .await?;
        tx.exec(
            "UPDATE formation SET formation_inscription_id = $1, maj_le = $2, maj_par = $3, version = version + 1
             WHERE id = $4",
            vec![inscription.into(), ms.into(), compte.into(), formation.into()],
        )
        .await?;
    } else {
        tx.exec(
            "UPDATE formation_inscription SET etablissement_id = $1, maj_le = $2, maj_par = $3, version = version + 1
             WHERE id = (SELECT formation_inscription_id FROM formation WHERE id = $4)",
            vec![etablissement.into(), ms.into(), compte.into(), formation.into()],
        )
        .await?;
    }
    for table in ["groupe_internat", "fil"] {
        tx.exec(
            &format!(
                "UPDATE {table} SET etablissement_id = $1, maj_le = $2, maj_par = $3, version = version + 1
                 WHERE formation_session_id = $4"
            ),
            vec![etablissement.into(), ms.into(), compte.into(), formation_session.into()],
        )
        .await?;
    }
    let retires: Vec<Retire> = tx
        .all(
            "SELECT c.public_id AS compte, a.role FROM attribution a JOIN compte c ON c.id = a.compte_id
             WHERE a.formation_id = $1 AND a.supprime_le IS NULL ORDER BY a.id",
            vec![formation.into()],
        )
        .await?;
    tx.exec(
        "UPDATE attribution SET supprime_le = $1, maj_le = $1, maj_par = $2, version = version + 1
         WHERE formation_id = $3 AND supprime_le IS NULL",
        vec![ms.into(), compte.into(), formation.into()],
    )
    .await?;
    Ok(retires.into_iter().map(|r| (r.compte, r.role)).collect())
}

/// How a closed course ended, for whoever looks for it.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct LigneFin {
    /// 1: for this session alone.
    pub suspendue: i64,
    /// Public identifier of the course of the session that takes its place.
    pub successeur: Option<String>,
    pub libelle: Option<String>,
    pub detail: Option<String>,
    pub etablissement: Option<String>,
}

/// How a course of a session ended; the course that takes its place when the session has it.
///
/// # Errors
/// When the database refuses.
pub async fn fin(c: &impl Sql, formation_session: i64) -> Result<Option<LigneFin>, StoreError> {
    c.one(
        "SELECT fs.suspendue, s.public_id AS successeur, s.libelle, s.detail, es.nom AS etablissement
         FROM formation_session fs JOIN formation f ON f.id = fs.formation_id
         LEFT JOIN formation_session s
           ON s.formation_id = f.successeur_id AND s.session_id = fs.session_id AND s.supprime_le IS NULL
         LEFT JOIN etablissement_session es ON es.etablissement_id = s.etablissement_id AND es.session_id = s.session_id
         WHERE fs.id = $1",
        vec![formation_session.into()],
    )
    .await
}

/// A course that may take the place of another one.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct LigneJumelle {
    pub public_id: String,
    pub libelle: String,
    pub detail: String,
    pub statut: String,
    pub commune: String,
}

/// The open courses of an establishment in a session, by name.
///
/// # Errors
/// When the database refuses.
pub async fn ouvertes_of(
    c: &impl Sql,
    session: i64,
    etablissement: i64,
) -> Result<Vec<LigneJumelle>, StoreError> {
    c.all(
        "SELECT fs.public_id, fs.libelle, fs.detail, f.statut, fs.commune
         FROM formation_session fs JOIN formation f ON f.id = fs.formation_id
         WHERE fs.session_id = $1 AND fs.etablissement_id = $2 AND fs.etat <> 'fermee' AND fs.supprime_le IS NULL
         ORDER BY fs.libelle, fs.detail, fs.id",
        vec![session.into(), etablissement.into()],
    )
    .await
}

/// The permanent course that takes the place of another one, if any.
///
/// # Errors
/// When the database refuses.
pub async fn successeur(c: &impl Sql, formation: i64) -> Result<Option<i64>, StoreError> {
    c.int(
        "SELECT successeur_id FROM formation WHERE id = $1 AND successeur_id IS NOT NULL",
        vec![formation.into()],
    )
    .await
}
