//! What a capacity is compared with, and the second reading of those out of the ordinary (R-CAP-05).

use super::gestion::perimetre;
use crate::accueil::{Attente, attente};
use crate::ecriture::{Ecriture, META};
use crate::error::StoreError;
use crate::ligne::FromLigne;
use crate::sql::{Params, Sql, Tx, all_among, places, update_where};
use domain::admission::Signataire;
use domain::droits::Scope;
use sea_orm::Value;

/// A capacity to be read again, with the names of who typed, explained and confirmed it.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct LigneRelecture {
    pub id: i64,
    pub version: i64,
    pub origine: String,
    pub cree_le: i64,
    pub cree_par: Option<i64>,
    pub saisie_par: String,
    pub capacite: i64,
    /// JSON, as a publication writes the places.
    pub places: String,
    /// Empty: no reason yet.
    pub motif: String,
    pub motivee_le: Option<i64>,
    pub motivee_compte: Option<i64>,
    pub motivee_origine: Option<String>,
    pub motivee_par: String,
    pub confirmee_le: Option<i64>,
    pub confirmee_par: String,
}

impl LigneRelecture {
    /// Who typed the numbers.
    pub fn auteur(&self) -> Signataire<'_> {
        Signataire { compte: self.cree_par, origine: &self.origine }
    }

    /// Who wrote the reason; `None` before.
    pub fn explique(&self) -> Option<Signataire<'_>> {
        let origine = self.motivee_origine.as_deref()?;
        Some(Signataire { compte: self.motivee_compte, origine })
    }
}

/// The last row of each of these courses, whatever its numbers: (key of the course, row), in no order.
///
/// # Errors
/// When the database refuses.
pub async fn last_relectures(
    c: &impl Sql,
    formations_session: &[i64],
) -> Result<Vec<(i64, LigneRelecture)>, StoreError> {
    #[derive(FromLigne)]
    struct Ligne {
        formation_session_id: i64,
        #[ligne(incluse)]
        relecture: LigneRelecture,
    }
    let sql = "SELECT r.formation_session_id, r.id, r.version, r.origine, r.cree_le, r.cree_par,
                    COALESCE(a.prenom || ' ' || a.nom, '') AS saisie_par, r.capacite, r.places, r.motif, r.motivee_le,
                    r.motivee_par AS motivee_compte, r.motivee_origine,
                    COALESCE(b.prenom || ' ' || b.nom, '') AS motivee_par, r.confirmee_le,
                    COALESCE(d.prenom || ' ' || d.nom, '') AS confirmee_par
             FROM relecture_capacite r
             LEFT JOIN compte a ON a.id = r.cree_par
             LEFT JOIN compte b ON b.id = r.motivee_par
             LEFT JOIN compte d ON d.id = r.confirmee_par
             WHERE r.id IN (SELECT MAX(x.id) FROM relecture_capacite x
                            WHERE x.formation_session_id IN (:cles) AND x.supprime_le IS NULL
                            GROUP BY x.formation_session_id)";
    let lues: Vec<Ligne> = all_among(c, sql, vec![], formations_session).await?;
    Ok(lues.into_iter().map(|l| (l.formation_session_id, l.relecture)).collect())
}

/// Begins the second reading of these numbers; gives its key.
///
/// # Errors
/// When the database refuses.
pub async fn insert_relecture(
    tx: &Tx,
    e: &Ecriture<'_>,
    formation_session: i64,
    capacite: i64,
    places: &str,
) -> Result<i64, StoreError> {
    let (_, mut valeurs) = e.meta();
    valeurs.extend([formation_session.into(), capacite.into(), places.to_owned().into()]);
    tx.int(
        &format!(
            "INSERT INTO relecture_capacite ({META}, formation_session_id, capacite, places)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id"
        ),
        valeurs,
    )
    .await?
    .ok_or(StoreError::NotFound("relecture_capacite"))
}

/// Writes the reason, over the version that was read; a reason changed is no longer confirmed by anybody.
///
/// # Errors
/// [`StoreError::Conflict`] when somebody was faster, or the numbers are confirmed already.
pub async fn motive_relecture(
    tx: &Tx,
    e: &Ecriture<'_>,
    (id, version): (i64, i64),
    motif: &str,
    origine: &str,
) -> Result<(), StoreError> {
    let n = tx
        .exec(
            "UPDATE relecture_capacite SET motif = $1, motivee_le = $2, motivee_par = $3, motivee_origine = $4, maj_le = $2,
                 maj_par = $3, version = version + 1
             WHERE id = $5 AND version = $6 AND confirmee_le IS NULL",
            vec![
                motif.to_owned().into(),
                e.ms().into(),
                e.compte().into(),
                origine.to_owned().into(),
                id.into(),
                version.into(),
            ],
        )
        .await?;
    one(n, id)
}

/// Confirms the numbers and their reason, over the version that was read.
///
/// # Errors
/// [`StoreError::Conflict`] when somebody was faster, or there is no reason.
pub async fn confirm_relecture(
    tx: &Tx,
    e: &Ecriture<'_>,
    (id, version): (i64, i64),
) -> Result<(), StoreError> {
    let n = tx
        .exec(
            "UPDATE relecture_capacite SET confirmee_le = $1, confirmee_par = $2, maj_le = $1, maj_par = $2,
                 version = version + 1
             WHERE id = $3 AND version = $4 AND confirmee_le IS NULL AND motif <> ''",
            vec![e.ms().into(), e.compte().into(), id.into(), version.into()],
        )
        .await?;
    one(n, id)
}

/// Ties confirmed readings, by their keys, to the numbers of the publications that they allowed.
///
/// # Errors
/// [`StoreError::Conflict`] when one of them is not confirmed.
pub async fn set_relectures_publiees(
    tx: &Tx,
    e: &Ecriture<'_>,
    publiees: &[(i64, i64)],
) -> Result<(), StoreError> {
    let rows = publiees.iter().map(|(id, numero)| -> Vec<Value> {
        vec![(*id).into(), (*numero).into(), e.ms().into(), e.compte().into()]
    });
    let colonnes = ["publication_numero", "maj_le", "maj_par"];
    let trouve: (&[&str], &[&str]) = (&["id"], &colonnes);
    let condition = " AND t.confirmee_le IS NOT NULL";
    let faites = update_where(tx, "relecture_capacite", trouve, condition, rows.collect()).await?;
    if faites == publiees.len() as u64 {
        Ok(())
    } else {
        Err(StoreError::Conflict("relecture_capacite".to_owned()))
    }
}

fn one(n: u64, id: i64) -> Result<(), StoreError> {
    if n == 1 { Ok(()) } else { Err(StoreError::Conflict(format!("relecture_capacite {id}"))) }
}

/// A capacity that is explained and waits for a second person.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct LigneAConfirmer {
    /// Of the course.
    pub public_id: String,
    pub libelle: String,
    pub detail: String,
    pub commune: String,
    pub departement: String,
    pub academie: String,
    /// Name, that of the session.
    pub etablissement: String,
    pub uai: String,
    pub capacite: i64,
    /// Last year's.
    pub capacite_avant: Option<i64>,
    pub motif: String,
    pub motivee_le: i64,
    /// First name and name of who wrote the reason; empty for an import.
    pub motivee_par: String,
}

/// What is looked for among them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FiltreRelectures {
    pub session: i64,
    /// Normalised words.
    pub mots: Vec<String>,
    /// Code.
    pub departement: Option<String>,
}

impl FiltreRelectures {
    /// All those of a session.
    pub const fn of(session: i64) -> Self {
        Self { session, mots: Vec::new(), departement: None }
    }
}

/// The readings `r` of the courses `fs` of a perimeter that a second person has still to confirm: those of the numbers of the draft.
fn a_confirmer(scope: &Scope, f: &FiltreRelectures, p: &mut Params) -> String {
    let mut parties = perimetre(scope, f.session, p);
    if let Some(departement) = &f.departement {
        parties.push(format!("fs.departement = {}", p.add(departement.clone())));
    }
    for mot in &f.mots {
        parties.push(format!("fs.recherche LIKE {}", p.add(format!("% {mot}%"))));
    }
    format!(
        "relecture_capacite r JOIN formation_session fs ON fs.id = r.formation_session_id
         WHERE {} AND fs.etat <> 'fermee' AND r.supprime_le IS NULL AND r.motif <> '' AND r.confirmee_le IS NULL
           AND r.capacite = fs.capacite
           AND r.id = (SELECT MAX(d.id) FROM relecture_capacite d WHERE d.formation_session_id = fs.id)",
        parties.join(" AND ")
    )
}

/// How many they are, since when the oldest waits, and how many wait since an instant or before.
///
/// # Errors
/// When the database refuses.
pub async fn waiting_relectures(
    c: &impl Sql,
    scope: &Scope,
    f: &FiltreRelectures,
    avant: i64,
) -> Result<Attente, StoreError> {
    let mut p = Params::default();
    let depuis = a_confirmer(scope, f, &mut p);
    let sommes = attente("r.motivee_le", &p.add(avant));
    Ok(c.one(&format!("SELECT {sommes} FROM {depuis}"), p.0).await?.unwrap_or_default())
}

/// One page of them (how many, from which), or all of them, the one that has waited longest first.
///
/// # Errors
/// When the database refuses.
pub async fn list_relectures(
    c: &impl Sql,
    scope: &Scope,
    f: &FiltreRelectures,
    limites: Option<(i64, i64)>,
) -> Result<Vec<LigneAConfirmer>, StoreError> {
    let mut p = Params::default();
    let depuis = a_confirmer(scope, f, &mut p);
    let limites = limites.map_or_else(String::new, |page| p.page(page));
    let sql = format!(
        "SELECT fs.public_id, fs.libelle, fs.detail, fs.commune, fs.departement, fs.academie,
                COALESCE(es.nom, e.uai) AS etablissement, e.uai, t.capacite, pr.capacite AS capacite_avant, t.motif, t.motivee_le,
                COALESCE(b.prenom || ' ' || b.nom, '') AS motivee_par
         FROM (SELECT r.id, r.formation_session_id, r.capacite, r.motif, r.motivee_le, r.motivee_par
               FROM {depuis} ORDER BY r.motivee_le, r.id {limites}) t
         JOIN formation_session fs ON fs.id = t.formation_session_id
         JOIN etablissement e ON e.id = fs.etablissement_id
         LEFT JOIN etablissement_session es
           ON es.etablissement_id = fs.etablissement_id AND es.session_id = fs.session_id
         LEFT JOIN formation_session pr ON pr.id = fs.precedente_id
         LEFT JOIN compte b ON b.id = t.motivee_par
         ORDER BY t.motivee_le, t.id"
    );
    c.all(&sql, p.0).await
}

/// A second reading that a publication rested on, as the public sees it: nobody is named.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct LigneRelue {
    /// Number of the publication.
    pub numero: i64,
    pub confirmee_le: i64,
    pub motif: String,
}

/// The second readings that the publications of a course rested on.
///
/// # Errors
/// When the database refuses.
pub async fn relues(c: &impl Sql, formation_session: i64) -> Result<Vec<LigneRelue>, StoreError> {
    c.all(
        "SELECT publication_numero AS numero, confirmee_le, motif FROM relecture_capacite
         WHERE formation_session_id = $1 AND publication_numero IS NOT NULL AND confirmee_le IS NOT NULL
           AND supprime_le IS NULL
         ORDER BY id",
        vec![formation_session.into()],
    )
    .await
}

/// How many courses of a family and status have a capacity.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct Capacites {
    pub famille: String,
    pub statut: String,
    /// Of this title among them; `None`: all of them.
    pub libelle: Option<String>,
    pub capacite: i64,
    pub formations: i64,
}

/// The capacities of these families in a session, by status: those of each family, then those of each of these titles. Each title is
/// asked for once.
///
/// # Errors
/// When the database refuses.
pub async fn capacites_des_types(
    c: &impl Sql,
    session: i64,
    familles: &[&str],
    libelles: &[&str],
) -> Result<Vec<Capacites>, StoreError> {
    count_types(c, session, (familles, libelles), |Types { libelle, condition, par }| {
        format!(
            "SELECT fs.famille, f.statut, {libelle} AS libelle, fs.capacite, COUNT(*) AS formations
             FROM formation_session fs JOIN formation f ON f.id = fs.formation_id
             WHERE {condition} AND fs.capacite IS NOT NULL GROUP BY {par}, fs.capacite"
        )
    })
    .await
}

/// What is counted at a time among courses (`fs`, permanent `f`): those of whole families, or of some titles.
struct Types {
    /// The title, where it tells them apart.
    libelle: &'static str,
    condition: String,
    /// What tells them apart.
    par: &'static str,
}

async fn count_types<L: FromLigne + Send>(
    c: &impl Sql,
    session: i64,
    (familles, libelles): (&[&str], &[&str]),
    requete: fn(&Types) -> String,
) -> Result<Vec<L>, StoreError> {
    let mut lots = vec![None];
    lots.extend(libelles.chunks(500).map(Some));
    let mut lus = Vec::new();
    for lot in lots {
        let mut valeurs: Vec<sea_orm::Value> = vec![session.into()];
        let familles = places(&mut valeurs, familles.iter().map(|f| (*f).to_owned()));
        let condition =
            format!("fs.session_id = $1 AND fs.famille IN ({familles}) AND fs.supprime_le IS NULL");
        let types = match lot {
            None => Types { libelle: "CAST(NULL AS TEXT)", condition, par: "fs.famille, f.statut" },
            Some(libelles) => {
                let libelles = places(&mut valeurs, libelles.iter().map(|l| (*l).to_owned()));
                Types {
                    libelle: "fs.libelle",
                    condition: format!("{condition} AND fs.libelle IN ({libelles})"),
                    par: "fs.famille, f.statut, fs.libelle",
                }
            }
        };
        let lues: Vec<L> = c.all(&requete(&types), valeurs).await?;
        lus.extend(lues);
    }
    Ok(lus)
}

/// How many ranking groups of the same candidates have a share of the places, in courses of a family and status.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct PartsGroupes {
    pub famille: String,
    pub statut: String,
    /// Of this title among them; `None`: all of them.
    pub libelle: Option<String>,
    pub series: String,
    /// Per cent of the capacity of the course.
    pub part: i64,
    pub groupes: i64,
}

/// The shares that groups have in these families in a session, as [`capacites_des_types`] gives capacities. A group that takes everybody
/// is left out.
///
/// # Errors
/// When the database refuses.
pub async fn parts_des_types(
    c: &impl Sql,
    session: i64,
    familles: &[&str],
    libelles: &[&str],
) -> Result<Vec<PartsGroupes>, StoreError> {
    count_types(c, session, (familles, libelles), |Types { libelle, condition, par }| {
        format!(
            "SELECT fs.famille, f.statut, {libelle} AS libelle, g.series, a.places * 100 / fs.capacite AS part,
                    COUNT(*) AS groupes
             FROM formation_session fs
             JOIN formation f ON f.id = fs.formation_id
             JOIN groupe_affectation a ON a.formation_session_id = fs.id AND a.supprime_le IS NULL
             JOIN groupe_classement g ON g.id = a.groupe_classement_id AND g.supprime_le IS NULL
             WHERE {condition} AND fs.capacite > 0 AND g.series <> 'tous'
             GROUP BY {par}, g.series, a.places * 100 / fs.capacite"
        )
    })
    .await
}

/// A course of a past session, with the capacity that it had there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromLigne)]
pub struct LignePassee {
    pub id: i64,
    pub annee: i64,
    pub capacite: Option<i64>,
}

/// What these courses, of any session, had there: their capacity and the year.
///
/// # Errors
/// When the database refuses.
pub async fn capacites_passees(
    c: &impl Sql,
    formations_session: &[i64],
) -> Result<Vec<LignePassee>, StoreError> {
    let sql = "SELECT fs.id, s.annee, fs.capacite FROM formation_session fs
             JOIN session_admission s ON s.id = fs.session_id
             WHERE fs.id IN (:cles) AND fs.supprime_le IS NULL";
    all_among(c, sql, vec![], formations_session).await
}

/// A capacity that a course of an establishment has.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct LigneVoisine {
    pub etablissement_id: i64,
    /// Key of the permanent course.
    pub formation_id: i64,
    pub libelle: String,
    pub capacite: i64,
}

/// The capacities of the courses of establishments: those of the session before, and those that the public reads in this one. Never a
/// draft. Those of an establishment, which is asked for once, are by title then capacity.
///
/// # Errors
/// When the database refuses.
pub async fn capacites_voisines(
    c: &impl Sql,
    (session, precedente): (i64, Option<i64>),
    etablissements: &[i64],
) -> Result<Vec<LigneVoisine>, StoreError> {
    let sql = "SELECT fs.etablissement_id, fs.formation_id, fs.libelle, fs.capacite FROM formation_session fs
             WHERE fs.session_id = $1 AND fs.etablissement_id IN (:cles) AND fs.capacite IS NOT NULL
               AND fs.supprime_le IS NULL
             UNION
             SELECT fs.etablissement_id, fs.formation_id, fs.libelle, p.capacite FROM formation_session fs
             JOIN formation_publication p ON p.formation_session_id = fs.id
               AND p.numero = (SELECT MAX(d.numero) FROM formation_publication d WHERE d.formation_session_id = fs.id)
             WHERE fs.session_id = $2 AND fs.etablissement_id IN (:cles) AND fs.etat = 'publiee'
               AND p.capacite IS NOT NULL AND fs.supprime_le IS NULL
             ORDER BY 3, 4";
    // No session has the key 0.
    all_among(c, sql, vec![precedente.unwrap_or(0).into(), session.into()], etablissements).await
}
