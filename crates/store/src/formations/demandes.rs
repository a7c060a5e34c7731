//! What establishments ask about the life of their courses (R-VIE-01 to 14) and about their own settings (R-ETA-11), and what an
//! acceptance does.

use crate::ligne::FromLigne;
use domain::droits::Scope;

use crate::accueil::{Attente, attente};
use crate::ecriture::{Ecriture, META};
use crate::error::StoreError;
use crate::sql::{Params, Sql, Tx, all_among};

/// A request.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct LigneDemande {
    pub id: i64,
    pub public_id: String,
    pub version: i64,
    pub session_id: i64,
    /// The establishment that asks.
    pub etablissement_id: i64,
    /// Whose service answers.
    pub academie: String,
    /// Absent until an opening is accepted.
    pub formation_session_id: Option<i64>,
    /// Permanent course, as long as it is of the establishment that asks.
    pub formation_id: Option<i64>,
    pub nature: String,
    pub etat: String,
    /// JSON of what is asked for.
    pub contenu: String,
    pub motif: String,
    /// UTC milliseconds.
    pub cree_le: i64,
    pub cree_par: Option<i64>,
    /// First name and name of whoever asked, when it was a person.
    pub demandeur: Option<String>,
    /// UTC milliseconds of the answer or of the withdrawal.
    pub decidee_le: Option<i64>,
    /// UTC milliseconds: first instant too late for the fields opened again.
    pub jusqu_a: Option<i64>,
    /// JSON: codes of the parts of the establishment that were opened again.
    pub accorde: Option<String>,
    /// Name, that of the session.
    pub etablissement: String,
    pub uai: String,
    /// Where it is; empty when the session does not know it.
    pub commune: String,
    pub departement: String,
    /// Public identifier of the establishment.
    pub etablissement_public: String,
    /// Public identifier of the course of the session.
    pub formation: Option<String>,
    pub libelle: Option<String>,
    pub detail: Option<String>,
    /// The establishment that would receive the course, when its agreement is asked for.
    pub receveur_id: Option<i64>,
    pub receveur_academie: Option<String>,
    /// UTC milliseconds of its agreement.
    pub accorde_le: Option<i64>,
    pub accorde_par: Option<i64>,
    /// First name and name of whoever agreed.
    pub accordant: Option<String>,
    pub accord_texte: Option<String>,
}

const SELECT: &str =
    "SELECT d.id, d.public_id, d.version, d.session_id, d.etablissement_id, d.academie, d.formation_session_id, d.nature,
            d.etat, d.contenu, d.motif, d.cree_le, d.cree_par,
            CASE WHEN c.id IS NULL THEN NULL ELSE c.prenom || ' ' || c.nom END AS demandeur, d.decidee_le, d.jusqu_a,
            d.accorde, COALESCE(es.nom, e.uai) AS etablissement, e.uai, COALESCE(es.commune, '') AS commune,
            COALESCE(es.departement, '') AS departement, e.public_id AS etablissement_public,
            CASE WHEN fs.etablissement_id = d.etablissement_id THEN fs.formation_id END AS formation_id,
            fs.public_id AS formation, fs.libelle, fs.detail, a.etablissement_id AS receveur_id,
            a.academie AS receveur_academie, a.accorde_le, a.accorde_par,
            CASE WHEN ac.id IS NULL THEN NULL ELSE ac.prenom || ' ' || ac.nom END AS accordant, a.texte AS accord_texte
     FROM demande_formation d
     JOIN etablissement e ON e.id = d.etablissement_id
     LEFT JOIN etablissement_session es ON es.etablissement_id = d.etablissement_id AND es.session_id = d.session_id
     LEFT JOIN formation_session fs ON fs.id = d.formation_session_id
     LEFT JOIN compte c ON c.id = d.cree_par
     LEFT JOIN accord_cession a ON a.demande_id = d.id
     LEFT JOIN compte ac ON ac.id = a.accorde_par";

/// A request by its public identifier.
///
/// # Errors
/// When the database refuses.
pub async fn demande(c: &impl Sql, public_id: &str) -> Result<Option<LigneDemande>, StoreError> {
    let sql = format!("{SELECT} WHERE d.public_id = $1 AND d.supprime_le IS NULL");
    c.one(&sql, vec![public_id.to_owned().into()]).await
}

/// The requests about a course of a session, newest first.
///
/// # Errors
/// When the database refuses.
pub async fn demandes_of(c: &impl Sql, formation_session: i64) -> Result<Vec<LigneDemande>, StoreError> {
    let sql =
        format!("{SELECT} WHERE d.formation_session_id = $1 AND d.supprime_le IS NULL ORDER BY d.id DESC");
    c.all(&sql, vec![formation_session.into()]).await
}

/// The last requests of an establishment in a session, newest first.
///
/// # Errors
/// When the database refuses.
pub async fn demandes_etablissement(
    c: &impl Sql,
    session: i64,
    etablissement: i64,
    limite: i64,
) -> Result<Vec<LigneDemande>, StoreError> {
    let sql = format!(
        "{SELECT} WHERE d.session_id = $1 AND d.etablissement_id = $2 AND d.supprime_le IS NULL
         ORDER BY d.id DESC LIMIT $3"
    );
    c.all(&sql, vec![session.into(), etablissement.into(), limite.into()]).await
}

/// The openings that an establishment waits for in a session.
///
/// # Errors
/// When the database refuses.
pub async fn ouvertures_of(
    c: &impl Sql,
    session: i64,
    etablissement: i64,
) -> Result<Vec<LigneDemande>, StoreError> {
    let sql = format!(
        "{SELECT} WHERE d.session_id = $1 AND d.etablissement_id = $2 AND d.nature = 'ouverture' AND d.etat = 'deposee'
           AND d.supprime_le IS NULL ORDER BY d.id"
    );
    c.all(&sql, vec![session.into(), etablissement.into()]).await
}

/// R-ETA-11: what an establishment asked about its own settings in a session, newest first.
///
/// # Errors
/// When the database refuses.
pub async fn reouvertures_demandees(
    c: &impl Sql,
    session: i64,
    etablissement: i64,
) -> Result<Vec<LigneDemande>, StoreError> {
    let sql = format!(
        "{SELECT} WHERE d.session_id = $1 AND d.etablissement_id = $2 AND d.nature = 'reouverture' AND d.supprime_le IS NULL
         ORDER BY d.id DESC"
    );
    c.all(&sql, vec![session.into(), etablissement.into()]).await
}

/// About a course that was there, and is still of the establishment that asks.
const SUR_LA_SIENNE: &str =
    "d.nature NOT IN ('ouverture', 'reouverture') AND EXISTS (SELECT 1 FROM formation_session x
     WHERE x.id = d.formation_session_id AND x.etablissement_id = d.etablissement_id)";

/// What is looked for among the requests of a perimeter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FiltreDemandes {
    pub session: i64,
    pub etat: Option<&'static str>,
    pub nature: Option<&'static str>,
    /// Only what the national team answers: what was sent on.
    pub transmises: bool,
    /// The perimeter is that of the establishments that would receive a course.
    pub recues: bool,
    /// Only what waits for their agreement.
    pub sans_accord: bool,
    /// Code: only what the establishments of this department ask.
    pub departement: Option<String>,
}

fn condition(scope: &Scope, f: &FiltreDemandes, p: &mut Params) -> String {
    let portee = scope.portee();
    let mut parties =
        vec![format!("d.session_id = {}", p.add(f.session)), "d.supprime_le IS NULL".to_owned()];
    let (etablissement, academie) = match f.recues {
        true => ("a.etablissement_id", "a.academie"),
        false => ("d.etablissement_id", "d.academie"),
    };
    if f.recues {
        parties.push("a.id IS NOT NULL".to_owned());
    }
    if f.sans_accord {
        parties.push("a.accorde_le IS NULL".to_owned());
    }
    if !portee.tout {
        let mut ou = Vec::new();
        let mut parmi = |colonne: &str, valeurs: Vec<String>| {
            if !valeurs.is_empty() {
                ou.push(format!("{colonne} IN ({})", valeurs.join(", ")));
            }
        };
        parmi(etablissement, portee.etablissements.iter().map(|id| p.add(*id)).collect());
        parmi(academie, portee.academies.iter().map(|a| p.add(a.clone())).collect());
        // R-API-14: a program asks about the establishment by one right, about each course by another.
        if !portee.seuls.is_empty() {
            let seuls: Vec<String> = portee.seuls.iter().map(|id| p.add(*id)).collect();
            ou.push(format!("(NOT ({SUR_LA_SIENNE}) AND {etablissement} IN ({}))", seuls.join(", ")));
        }
        if !portee.formations.is_empty() {
            let siennes: Vec<String> = portee.formations.iter().map(|id| p.add(*id)).collect();
            ou.push(format!(
                "({SUR_LA_SIENNE} AND d.formation_session_id IN
                   (SELECT id FROM formation_session WHERE formation_id IN ({})))",
                siennes.join(", ")
            ));
        }
        // A perimeter with nothing in it lists nothing.
        parties.push(if ou.is_empty() { "1 = 0".to_owned() } else { format!("({})", ou.join(" OR ")) });
    }
    if let Some(etat) = f.etat {
        parties.push(format!("d.etat = {}", p.add(etat.to_owned())));
    }
    if let Some(nature) = f.nature {
        parties.push(format!("d.nature = {}", p.add(nature.to_owned())));
    }
    if let Some(departement) = &f.departement {
        parties.push(format!(
            "EXISTS (SELECT 1 FROM etablissement_session z WHERE z.etablissement_id = d.etablissement_id
                     AND z.session_id = d.session_id AND z.departement = {})",
            p.add(departement.clone())
        ));
    }
    if f.transmises {
        parties.push(
            "EXISTS (SELECT 1 FROM demande_acte t WHERE t.demande_id = d.id AND t.acte = 'transmise')"
                .to_owned(),
        );
    }
    parties.join(" AND ")
}

/// How many requests of the perimeter answer.
///
/// # Errors
/// When the database refuses.
pub async fn count_demandes(c: &impl Sql, scope: &Scope, f: &FiltreDemandes) -> Result<i64, StoreError> {
    let mut p = Params::default();
    let condition = condition(scope, f, &mut p);
    let sql = format!(
        "SELECT COUNT(*) FROM demande_formation d LEFT JOIN accord_cession a ON a.demande_id = d.id WHERE {condition}"
    );
    Ok(c.int(&sql, p.0).await?.unwrap_or(0))
}

/// How many they are by what is asked, since when the oldest waits, and how many wait since an instant or before.
///
/// # Errors
/// When the database refuses.
pub async fn waiting_demandes(
    c: &impl Sql,
    scope: &Scope,
    f: &FiltreDemandes,
    avant: i64,
) -> Result<Vec<(String, Attente)>, StoreError> {
    #[derive(FromLigne)]
    struct Ligne {
        nature: String,
        #[ligne(incluse)]
        attente: Attente,
    }
    let mut p = Params::default();
    let condition = condition(scope, f, &mut p);
    let sommes = attente("d.cree_le", &p.add(avant));
    let sql = format!(
        "SELECT d.nature, {sommes} FROM demande_formation d LEFT JOIN accord_cession a ON a.demande_id = d.id
         WHERE {condition} GROUP BY d.nature ORDER BY d.nature"
    );
    let lignes: Vec<Ligne> = c.all(&sql, p.0).await?;
    Ok(lignes.into_iter().map(|l| (l.nature, l.attente)).collect())
}

/// One page of the requests of the perimeter (how many, from which), or all of them: those that wait first, the oldest of them first;
/// then the newest answers.
///
/// # Errors
/// When the database refuses.
pub async fn list_demandes(
    c: &impl Sql,
    scope: &Scope,
    f: &FiltreDemandes,
    limites: Option<(i64, i64)>,
) -> Result<Vec<LigneDemande>, StoreError> {
    let mut p = Params::default();
    let condition = condition(scope, f, &mut p);
    let limites = limites.map_or_else(String::new, |page| p.page(page));
    let sql = format!(
        "{SELECT} WHERE {condition}
         ORDER BY CASE WHEN d.decidee_le IS NULL THEN 0 ELSE 1 END, CASE WHEN d.decidee_le IS NULL THEN d.cree_le END,
                  d.decidee_le DESC, d.id {limites}"
    );
    c.all(&sql, p.0).await
}

/// Requests answered by somebody else than `sauf` after an instant, newest first.
///
/// # Errors
/// When the database refuses.
pub async fn demandes_repondues(
    c: &impl Sql,
    scope: &Scope,
    session: i64,
    etablissement: Option<i64>,
    (depuis, sauf): (i64, i64),
    limite: i64,
) -> Result<Vec<(LigneDemande, Option<String>)>, StoreError> {
    let mut p = Params::default();
    let filtre = FiltreDemandes {
        session,
        etat: None,
        nature: None,
        transmises: false,
        recues: false,
        sans_accord: false,
        departement: None,
    };
    let mut condition = condition(scope, &filtre, &mut p);
    if let Some(e) = etablissement {
        condition.push_str(&format!(" AND d.etablissement_id = {}", p.add(e)));
    }
    let (depuis, limite) = (p.add(depuis), p.add(limite));
    let sql = format!(
        "{SELECT} WHERE {condition} AND d.etat IN ('acceptee', 'refusee') AND d.decidee_le > {depuis}
         ORDER BY d.decidee_le DESC, d.id DESC LIMIT {limite}"
    );
    let lignes: Vec<LigneDemande> = c.all(&sql, p.0).await?;
    let mut repondues = Vec::with_capacity(lignes.len());
    for l in lignes {
        let dernier = actes_demande(c, l.id).await?.into_iter().next_back();
        if dernier.as_ref().and_then(|a| a.compte) != Some(sauf) {
            repondues.push((l, dernier.and_then(|a| a.fait_par)));
        }
    }
    Ok(repondues)
}

/// A request to be written.
#[derive(Debug, Clone)]
pub struct NouvelleDemande<'a> {
    pub session: i64,
    pub etablissement: i64,
    pub academie: &'a str,
    pub formation_session: Option<i64>,
    pub nature: &'a str,
    /// JSON.
    pub contenu: &'a str,
    pub motif: &'a str,
}

/// Adds a request; gives its key and public identifier.
///
/// # Errors
/// [`StoreError::Conflict`] when another one waits about the same course.
pub async fn insert_demande(
    tx: &Tx,
    e: &Ecriture<'_>,
    n: &NouvelleDemande<'_>,
) -> Result<(i64, String), StoreError> {
    let (public_id, mut valeurs) = e.meta();
    valeurs.extend([
        n.session.into(),
        n.etablissement.into(),
        n.academie.to_owned().into(),
        n.formation_session.into(),
        n.nature.to_owned().into(),
        n.contenu.to_owned().into(),
        n.motif.to_owned().into(),
    ]);
    let id = tx
        .int(
            &format!(
                "INSERT INTO demande_formation ({META}, session_id, etablissement_id, academie, formation_session_id, nature,
                     etat, contenu, motif)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'deposee', $12, $13) RETURNING id"
            ),
            valeurs,
        )
        .await?
        .ok_or(StoreError::NotFound("demande_formation"))?;
    Ok((id, public_id.as_str().to_owned()))
}

/// What becomes of a request.
#[derive(Debug, Clone, Copy)]
pub struct SuiteDemande<'a> {
    pub etat: &'a str,
    /// Answered, or withdrawn: nothing more is expected.
    pub finie: bool,
    /// UTC milliseconds; of what an acceptance opens.
    pub jusqu_a: Option<i64>,
    /// The course that an opening made.
    pub formation_session: Option<i64>,
    /// JSON: codes of the parts of the establishment that are opened again.
    pub accorde: Option<&'a str>,
}

/// Writes the state of a request over the version that was read.
///
/// # Errors
/// [`StoreError::Conflict`] when someone was faster.
pub async fn set_demande(
    tx: &Tx,
    e: &Ecriture<'_>,
    (id, version): (i64, i64),
    s: &SuiteDemande<'_>,
) -> Result<(), StoreError> {
    let fait = tx
        .exec(
            "UPDATE demande_formation SET etat = $1, decidee_le = $2, jusqu_a = $3,
                 formation_session_id = COALESCE($4, formation_session_id), accorde = $5, maj_le = $6, maj_par = $7,
                 version = version + 1
             WHERE id = $8 AND version = $9",
            vec![
                s.etat.to_owned().into(),
                s.finie.then(|| e.ms()).into(),
                s.jusqu_a.into(),
                s.formation_session.into(),
                s.accorde.map(str::to_owned).into(),
                e.ms().into(),
                e.compte().into(),
                id.into(),
                version.into(),
            ],
        )
        .await?;
    if fait == 1 { Ok(()) } else { Err(StoreError::Conflict("demande_formation".to_owned())) }
}

/// Something done to a request.
#[derive(Debug, Clone)]
pub struct NouvelActeDemande<'a> {
    /// The state that it gave.
    pub acte: &'a str,
    /// Code of the role of whoever did it.
    pub role: &'a str,
    /// Reason or opinion; may be empty for a withdrawal or an acceptance.
    pub motif: &'a str,
    /// UTC milliseconds.
    pub jusqu_a: Option<i64>,
}

/// Adds an act after the last one.
///
/// # Errors
/// [`StoreError::Conflict`] when a parallel act took the number.
pub async fn add_acte_demande(
    tx: &Tx,
    e: &Ecriture<'_>,
    demande: i64,
    n: &NouvelActeDemande<'_>,
) -> Result<(), StoreError> {
    let numero = tx
        .int(
            "SELECT COALESCE(MAX(numero), 0) + 1 FROM demande_acte WHERE demande_id = $1",
            vec![demande.into()],
        )
        .await?
        .unwrap_or(1);
    tx.exec(
        "INSERT INTO demande_acte (public_id, demande_id, numero, acte, fait_le, fait_par, role, motif, jusqu_a)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        vec![
            e.alea().public_id().as_str().to_owned().into(),
            demande.into(),
            numero.into(),
            n.acte.to_owned().into(),
            e.ms().into(),
            e.compte().into(),
            n.role.to_owned().into(),
            n.motif.to_owned().into(),
            n.jusqu_a.into(),
        ],
    )
    .await
    .map(|_| ())
}

/// An act on a request.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct LigneActeDemande {
    pub acte: String,
    /// UTC milliseconds.
    pub fait_le: i64,
    /// The account, when it was one.
    pub compte: Option<i64>,
    /// Its first name and name.
    pub fait_par: Option<String>,
    pub role: String,
    pub motif: String,
    pub jusqu_a: Option<i64>,
}

/// The acts on a request, in their order.
///
/// # Errors
/// When the database refuses.
pub async fn actes_demande(c: &impl Sql, demande: i64) -> Result<Vec<LigneActeDemande>, StoreError> {
    c.all(
        "SELECT a.acte, a.fait_le, a.fait_par AS compte,
                CASE WHEN c.id IS NULL THEN NULL ELSE c.prenom || ' ' || c.nom END AS fait_par, a.role, a.motif, a.jusqu_a
         FROM demande_acte a LEFT JOIN compte c ON c.id = a.fait_par
         WHERE a.demande_id = $1 ORDER BY a.numero",
        vec![demande.into()],
    )
    .await
}

/// What an accepted request opens again: JSON of what was asked for, when it was accepted, first instant too late.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct LigneReouverture {
    pub contenu: String,
    pub decidee_le: i64,
    pub jusqu_a: i64,
}

/// What accepted requests open again in a course, past ones included.
///
/// # Errors
/// When the database refuses.
pub async fn reouvertures(c: &impl Sql, formation_session: i64) -> Result<Vec<LigneReouverture>, StoreError> {
    let lues = reouvertures_of(c, &[formation_session]).await?;
    Ok(lues.into_iter().map(|(_, reouverture)| reouverture).collect())
}

/// The same of many courses: (key of the course, what is open again), in the order of the requests.
///
/// # Errors
/// When the database refuses.
pub async fn reouvertures_of(
    c: &impl Sql,
    formations_session: &[i64],
) -> Result<Vec<(i64, LigneReouverture)>, StoreError> {
    #[derive(FromLigne)]
    struct Ligne {
        formation_session_id: i64,
        #[ligne(incluse)]
        reouverture: LigneReouverture,
    }
    let sql = "SELECT formation_session_id, contenu, decidee_le, jusqu_a FROM demande_formation
             WHERE formation_session_id IN (:cles) AND etat = 'acceptee' AND jusqu_a IS NOT NULL
               AND decidee_le IS NOT NULL AND supprime_le IS NULL ORDER BY id";
    let lues: Vec<Ligne> = all_among(c, sql, vec![], formations_session).await?;
    Ok(lues.into_iter().map(|l| (l.formation_session_id, l.reouverture)).collect())
}

/// R-ETA-11: what was opened again of an establishment in a session, past ones included; `contenu`: the codes of the parts.
///
/// # Errors
/// When the database refuses.
pub async fn parties_rouvertes(
    c: &impl Sql,
    session: i64,
    etablissement: i64,
) -> Result<Vec<LigneReouverture>, StoreError> {
    c.all(
        "SELECT accorde AS contenu, decidee_le, jusqu_a FROM demande_formation
         WHERE session_id = $1 AND etablissement_id = $2 AND nature = 'reouverture' AND etat = 'acceptee'
           AND accorde IS NOT NULL AND jusqu_a IS NOT NULL AND decidee_le IS NOT NULL AND supprime_le IS NULL ORDER BY id",
        vec![session.into(), etablissement.into()],
    )
    .await
}

/// Asks an establishment whether it would receive the course of a request.
///
/// # Errors
/// When the database refuses.
pub async fn ask_accord(
    tx: &Tx,
    e: &Ecriture<'_>,
    demande: i64,
    (etablissement, academie): (i64, &str),
) -> Result<(), StoreError> {
    let (_, mut valeurs) = e.meta();
    valeurs.extend([demande.into(), etablissement.into(), academie.to_owned().into()]);
    tx.exec(
        &format!(
            "INSERT INTO accord_cession ({META}, demande_id, etablissement_id, academie) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
        ),
        valeurs,
    )
    .await
    .map(|_| ())
}

/// The establishment agrees.
///
/// # Errors
/// [`StoreError::Conflict`] when somebody of it did already.
pub async fn give_accord(tx: &Tx, e: &Ecriture<'_>, demande: i64, texte: &str) -> Result<(), StoreError> {
    let fait = tx
        .exec(
            "UPDATE accord_cession SET accorde_le = $1, accorde_par = $2, texte = $3, maj_le = $1, maj_par = $2,
                 version = version + 1
             WHERE demande_id = $4 AND accorde_le IS NULL",
            vec![e.ms().into(), e.compte().into(), texte.to_owned().into(), demande.into()],
        )
        .await?;
    if fait == 1 { Ok(()) } else { Err(StoreError::Conflict("accord_cession".to_owned())) }
}
