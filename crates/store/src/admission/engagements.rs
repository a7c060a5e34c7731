//! R-ADM-14: what runs commit to in public, what opens it, and who has witnessed it.

use super::NOM_FORMATION;
use crate::coffre::{Coffre, Emplacement};
use crate::ecriture::{Ecriture, META};
use crate::error::StoreError;
use crate::ligne::FromLigne;
use crate::sql::{Sql, Tx};

fn emplacement(public_id: &str) -> Emplacement<'_> {
    Emplacement { table: "engagement", colonne: "secret_chiffre", ligne: public_id }
}

/// What a run commits to, to be written.
#[derive(Debug, Clone, Copy)]
pub struct NouvelEngagement<'a> {
    pub passage: i64,
    pub declaration: &'a str,
    pub signature: &'a str,
    pub lots: &'a str,
}

/// Writes what a run commits to; its secret is ciphered.
///
/// # Errors
/// When the database or the vault refuses.
pub async fn insert_engagement(
    tx: &Tx,
    e: &Ecriture<'_>,
    coffre: &Coffre,
    secret: &[u8],
    nouveau: NouvelEngagement<'_>,
) -> Result<(), StoreError> {
    let (public_id, mut valeurs) = e.meta();
    let scelle = coffre.seal(emplacement(public_id.as_str()), secret, e.alea().nonce())?;
    valeurs.extend([
        nouveau.passage.into(),
        scelle.into(),
        nouveau.declaration.to_owned().into(),
        nouveau.signature.to_owned().into(),
        nouveau.lots.to_owned().into(),
    ]);
    tx.exec(
        &format!(
            "INSERT INTO engagement ({META}, passage_id, secret_chiffre, declaration, signature, lots)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
        ),
        valeurs,
    )
    .await?;
    Ok(())
}

/// The declaration of the last run of a session, whatever became of it; `None` before the first.
///
/// # Errors
/// When the database refuses.
pub async fn derniere_declaration(c: &impl Sql, session: i64) -> Result<Option<String>, StoreError> {
    c.text(
        "SELECT g.declaration FROM engagement g JOIN passage p ON p.id = g.passage_id
         WHERE p.session_id = $1 ORDER BY p.id DESC LIMIT 1",
        vec![session.into()],
    )
    .await
}

/// A run in the public register.
#[derive(Debug, Clone, FromLigne)]
pub struct LigneEngagement {
    pub passage: i64,
    pub etat: String,
    pub nature: String,
    pub jour: i64,
    pub publie_le: Option<i64>,
    pub declaration: String,
    pub signature: String,
}

/// The runs of a session up to the last published one, in the order of their chain: what a run not published yet commits to is
/// nobody's before it is.
///
/// # Errors
/// When the database refuses.
pub async fn engagements_publics(c: &impl Sql, session: i64) -> Result<Vec<LigneEngagement>, StoreError> {
    c.all(
        "SELECT p.id AS passage, p.etat, p.nature, p.jour, p.publie_le, g.declaration, g.signature
         FROM engagement g JOIN passage p ON p.id = g.passage_id
         WHERE p.session_id = $1
           AND p.id <= (SELECT MAX(d.id) FROM passage d WHERE d.session_id = $1 AND d.etat = 'publie')
         ORDER BY p.id",
        vec![session.into()],
    )
    .await
}

/// What a run commits to, opened.
#[derive(Debug, Clone)]
pub struct Engagement {
    /// Deciphered.
    pub secret: Vec<u8>,
    pub declaration: String,
    pub signature: String,
    pub lots: String,
}

#[derive(FromLigne)]
struct Scelle {
    public_id: String,
    secret_chiffre: Vec<u8>,
    declaration: String,
    signature: String,
    lots: String,
}

/// What a run commits to; `None` for a run of a version that committed to nothing.
///
/// # Errors
/// When the database or the vault refuses.
pub async fn engagement(
    c: &impl Sql,
    coffre: &Coffre,
    passage: i64,
) -> Result<Option<Engagement>, StoreError> {
    let ligne: Option<Scelle> = c
        .one(
            "SELECT public_id, secret_chiffre, declaration, signature, lots FROM engagement WHERE passage_id = $1",
            vec![passage.into()],
        )
        .await?;
    let Some(l) = ligne else { return Ok(None) };
    let secret = coffre.open(emplacement(&l.public_id), &l.secret_chiffre)?;
    Ok(Some(Engagement { secret, declaration: l.declaration, signature: l.signature, lots: l.lots }))
}

/// Keys of the runs of a session that commit to something, in the order of their chain.
///
/// # Errors
/// When the database refuses.
pub async fn passages_engages(c: &impl Sql, session: i64) -> Result<Vec<i64>, StoreError> {
    #[derive(FromLigne)]
    struct Cle {
        id: i64,
    }
    let sql = "SELECT p.id FROM engagement g JOIN passage p ON p.id = g.passage_id
        WHERE p.session_id = $1 ORDER BY p.id";
    let cles: Vec<Cle> = c.all(sql, vec![session.into()]).await?;
    Ok(cles.into_iter().map(|c| c.id).collect())
}

/// Where the leaves of a wish are.
#[derive(Debug, Clone, FromLigne)]
pub struct VoeuEngage {
    pub id: i64,
    pub candidat: i64,
    pub groupe_classement: i64,
    /// Absent for a course under apprenticeship, which no run looks at.
    pub groupe_affectation: Option<i64>,
    pub avec_internat: i64,
    pub formation: String,
    pub etablissement: String,
}

/// A wish of a session; `None` when there is no such wish.
///
/// # Errors
/// When the database refuses.
pub async fn voeu_engage(
    c: &impl Sql,
    session: i64,
    public_id: &str,
) -> Result<Option<VoeuEngage>, StoreError> {
    c.one(
        &format!(
            "SELECT v.id, v.candidat_id AS candidat, v.groupe_classement_id AS groupe_classement,
                    a.id AS groupe_affectation, v.avec_internat,
                    {NOM_FORMATION} AS formation,
                    COALESCE(e.nom, '') AS etablissement
             FROM voeu v
             JOIN formation_session f ON f.id = v.formation_session_id
             LEFT JOIN groupe_affectation a ON a.groupe_classement_id = v.groupe_classement_id
                  AND a.formation_session_id = v.formation_session_id AND a.supprime_le IS NULL
             LEFT JOIN etablissement_session e ON e.etablissement_id = f.etablissement_id AND e.session_id = f.session_id
             WHERE v.session_id = $1 AND v.public_id = $2"
        ),
        vec![session.into(), public_id.to_owned().into()],
    )
    .await
}

/// Whose group it is, as people name it.
#[derive(Debug, Clone, FromLigne)]
pub struct GroupeNomme {
    pub groupe: i64,
    /// Of the group; often the same for every group of a course.
    pub libelle: String,
    /// Public identifier of the course.
    pub formation: String,
    pub nom: String,
    pub uai: String,
    pub etablissement: String,
    /// Code of the département.
    pub departement: String,
}

/// The assignment groups of the courses of a session that were published, those taken away since too: earlier days name them.
///
/// # Errors
/// When the database refuses.
pub async fn groupes_nommes(c: &impl Sql, session: i64) -> Result<Vec<GroupeNomme>, StoreError> {
    c.all(
        &format!(
            "SELECT a.id AS groupe, g.libelle, f.public_id AS formation,
                    {NOM_FORMATION} AS nom, t.uai,
                    COALESCE(e.nom, '') AS etablissement, f.departement
             FROM groupe_affectation a
             JOIN groupe_classement g ON g.id = a.groupe_classement_id
             JOIN formation_session f ON f.id = a.formation_session_id
             JOIN etablissement t ON t.id = f.etablissement_id
             LEFT JOIN etablissement_session e ON e.etablissement_id = f.etablissement_id AND e.session_id = f.session_id
             WHERE f.session_id = $1 AND f.etat <> 'brouillon' ORDER BY a.id"
        ),
        vec![session.into()],
    )
    .await
}

/// A witness of the head of the register.
#[derive(Debug, Clone, FromLigne)]
pub struct LigneTemoignage {
    pub passage: i64,
    pub temoin: String,
    pub cle: String,
    pub signature: String,
    /// UTC milliseconds.
    pub cree_le: i64,
}

/// Who has witnessed the register of a session, the oldest first.
///
/// # Errors
/// When the database refuses.
pub async fn temoignages(c: &impl Sql, session: i64) -> Result<Vec<LigneTemoignage>, StoreError> {
    c.all(
        "SELECT t.passage_id AS passage, t.temoin, t.cle, t.signature, t.cree_le
         FROM temoignage t JOIN passage p ON p.id = t.passage_id
         WHERE p.session_id = $1 AND t.supprime_le IS NULL ORDER BY t.id",
        vec![session.into()],
    )
    .await
}

/// Keeps the signature of a witness under the head that it signed.
///
/// # Errors
/// [`StoreError::Conflict`] when this key has signed this head already.
pub async fn insert_temoignage(
    tx: &Tx,
    e: &Ecriture<'_>,
    passage: i64,
    temoin: &str,
    cle: &str,
    signature: &str,
) -> Result<(), StoreError> {
    let (_, mut valeurs) = e.meta();
    valeurs.extend([
        passage.into(),
        temoin.to_owned().into(),
        cle.to_owned().into(),
        signature.to_owned().into(),
    ]);
    tx.exec(
        &format!(
            "INSERT INTO temoignage ({META}, passage_id, temoin, cle, signature)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
        ),
        valeurs,
    )
    .await?;
    Ok(())
}
