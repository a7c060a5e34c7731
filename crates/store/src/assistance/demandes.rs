//! Questions asked to the services: who reads which, what was said, what was done.

use domain::assistance::Destinataire;
use sea_orm::Value;

use crate::accueil::{Attente, attente};
use crate::coffre::{Coffre, Emplacement};
use crate::ecriture::{Ecriture, META};
use crate::error::StoreError;
use crate::ligne::FromLigne;
use crate::sql::{Backend, Sql, Tx, tuples};

/// A question, without what was said.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct LigneDemande {
    pub id: i64,
    pub public_id: String,
    pub version: i64,
    pub session_id: i64,
    pub compte_id: i64,
    /// First name, then name.
    pub auteur: String,
    pub demandeur: String,
    pub role: String,
    pub theme: String,
    pub etat: String,
    pub destinataire: String,
    pub academie: Option<String>,
    pub departement: Option<String>,
    pub etablissement_id: Option<i64>,
    /// Name of the establishment.
    pub etablissement: Option<String>,
    /// Public identifier of the course that it is about.
    pub formation: Option<String>,
    /// Its permanent key.
    pub formation_id: Option<i64>,
    pub libelle: Option<String>,
    pub detail: Option<String>,
    /// 1 when it is about a wish for that course.
    pub sur_voeu: i64,
    pub ecran: String,
    pub responsable_id: Option<i64>,
    /// First name, then name of whoever looks after it.
    pub responsable: Option<String>,
    pub deposee_le: i64,
    pub active_le: i64,
    pub repondue_le: Option<i64>,
    pub close_le: Option<i64>,
    /// Key of the last message that the asker has read.
    pub lu: i64,
    pub avise_le: Option<i64>,
    /// Answers that the asker has not read.
    pub non_lus: i64,
}

const LECTURE: &str = "SELECT d.id, d.public_id, d.version, d.session_id, d.compte_id, c.prenom || ' ' || c.nom AS auteur,
        d.demandeur, d.role, d.theme, d.etat, d.destinataire, d.academie, d.departement, d.etablissement_id,
        es.nom AS etablissement, fs.public_id AS formation, fs.formation_id, fs.libelle, fs.detail,
        CAST(CASE WHEN d.voeu_id IS NULL THEN 0 ELSE 1 END AS BIGINT) AS sur_voeu, d.ecran, d.responsable_id,
        r.prenom || ' ' || r.nom AS responsable, d.deposee_le, d.active_le, d.repondue_le, d.close_le, d.lu, d.avise_le,
        (SELECT COUNT(*) FROM message_assistance m
         WHERE m.demande_id = d.id AND m.reponse = 1 AND m.id > d.lu) AS non_lus
 FROM demande_assistance d
 JOIN compte c ON c.id = d.compte_id
 LEFT JOIN compte r ON r.id = d.responsable_id
 LEFT JOIN etablissement_session es ON es.etablissement_id = d.etablissement_id AND es.session_id = d.session_id
 LEFT JOIN formation_session fs ON fs.id = d.formation_session_id";

/// A question by its public identifier.
///
/// # Errors
/// When the database refuses.
pub async fn demande(c: &impl Sql, public_id: &str) -> Result<Option<LigneDemande>, StoreError> {
    c.one(
        &format!("{LECTURE} WHERE d.public_id = $1 AND d.supprime_le IS NULL"),
        vec![public_id.to_owned().into()],
    )
    .await
}

/// What an account asked, the last first.
///
/// # Errors
/// When the database refuses.
pub async fn demandes_of(c: &impl Sql, compte: i64, combien: i64) -> Result<Vec<LigneDemande>, StoreError> {
    c.all(
        &format!("{LECTURE} WHERE d.compte_id = $1 AND d.supprime_le IS NULL ORDER BY d.active_le DESC, d.id DESC LIMIT $2"),
        vec![compte.into(), combien.into()],
    )
    .await
}

/// How many questions of an account have answers that it has not read.
///
/// # Errors
/// When the database refuses.
pub async fn unread(c: &impl Sql, compte: i64) -> Result<i64, StoreError> {
    let n = c
        .int(
            "SELECT COUNT(*) FROM demande_assistance d WHERE d.compte_id = $1 AND d.supprime_le IS NULL
             AND EXISTS (SELECT 1 FROM message_assistance m
                         WHERE m.demande_id = d.id AND m.reponse = 1 AND m.id > d.lu)",
            vec![compte.into()],
        )
        .await?;
    Ok(n.unwrap_or(0))
}

/// How many questions an account asked since an instant of the campaign.
///
/// # Errors
/// When the database refuses.
pub async fn recentes(c: &impl Sql, compte: i64, depuis: i64) -> Result<i64, StoreError> {
    let n = c
        .int(
            "SELECT COUNT(*) FROM demande_assistance WHERE compte_id = $1 AND deposee_le > $2",
            vec![compte.into(), depuis.into()],
        )
        .await?;
    Ok(n.unwrap_or(0))
}

/// How many messages an account added to its own questions since an instant of the campaign, the questions themselves left out.
///
/// # Errors
/// When the database refuses.
pub async fn complements_recents(c: &impl Sql, compte: i64, depuis: i64) -> Result<i64, StoreError> {
    let messages = c
        .int(
            "SELECT COUNT(*) FROM message_assistance m JOIN demande_assistance d ON d.id = m.demande_id
             WHERE d.compte_id = $1 AND m.compte_id = $1 AND m.reponse = 0 AND m.envoye_le > $2",
            vec![compte.into(), depuis.into()],
        )
        .await?;
    // Each question begins with one message, of the same instant.
    Ok(messages.unwrap_or(0) - recentes(c, compte, depuis).await?)
}

/// The establishment of a permanent course in a session.
///
/// # Errors
/// When the database refuses.
pub async fn formation_etablissement(
    c: &impl Sql,
    session: i64,
    formation: i64,
) -> Result<Option<i64>, StoreError> {
    c.int(
        "SELECT etablissement_id FROM formation_session
         WHERE session_id = $1 AND formation_id = $2 AND supprime_le IS NULL",
        vec![session.into(), formation.into()],
    )
    .await
}

/// The public identifier of a permanent course in a session.
///
/// # Errors
/// When the database refuses.
pub async fn public_id_formation(
    c: &impl Sql,
    session: i64,
    formation: i64,
) -> Result<Option<String>, StoreError> {
    c.text(
        "SELECT public_id FROM formation_session
         WHERE session_id = $1 AND formation_id = $2 AND supprime_le IS NULL",
        vec![session.into(), formation.into()],
    )
    .await
}

/// What a person answers: each service by its own perimeter (R-ASS-04).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Perimetre {
    /// Of the national team.
    pub national: bool,
    /// Codes of the academies of their service.
    pub academies: Vec<String>,
    /// Establishments whose site they administer.
    pub etablissements: Vec<i64>,
}

impl Perimetre {
    fn condition(&self, valeurs: &mut Vec<Value>) -> String {
        let mut ou = Vec::new();
        let service = |d: Destinataire| format!("d.destinataire = '{}'", d.code());
        if self.national {
            ou.push(service(Destinataire::National));
        }
        if !self.academies.is_empty() {
            let places: Vec<String> = self
                .academies
                .iter()
                .map(|a| {
                    valeurs.push(a.clone().into());
                    format!("${}", valeurs.len())
                })
                .collect();
            ou.push(format!(
                "(({} OR {}) AND d.academie IN ({}))",
                service(Destinataire::Academie),
                service(Destinataire::Cellule),
                places.join(", ")
            ));
        }
        if !self.etablissements.is_empty() {
            let places: Vec<String> = self
                .etablissements
                .iter()
                .map(|e| {
                    valeurs.push((*e).into());
                    format!("${}", valeurs.len())
                })
                .collect();
            ou.push(format!(
                "({} AND d.etablissement_id IN ({}))",
                service(Destinataire::Etablissement),
                places.join(", ")
            ));
        }
        // A perimeter with nothing in it lists nothing.
        if ou.is_empty() { "1 = 0".to_owned() } else { format!("({})", ou.join(" OR ")) }
    }
}

/// What a queue is narrowed to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FiltreFile {
    /// Codes of states; empty: all of them.
    pub etats: Vec<&'static str>,
    pub theme: Option<&'static str>,
    pub departement: Option<String>,
    /// Asked at this instant at the latest.
    pub avant: Option<i64>,
}

impl FiltreFile {
    fn condition(&self, valeurs: &mut Vec<Value>) -> String {
        let mut et = String::new();
        if !self.etats.is_empty() {
            let etats: Vec<String> = self.etats.iter().map(|e| format!("'{e}'")).collect();
            et.push_str(&format!(" AND d.etat IN ({})", etats.join(", ")));
        }
        if let Some(theme) = self.theme {
            et.push_str(&format!(" AND d.theme = '{theme}'"));
        }
        if let Some(departement) = &self.departement {
            valeurs.push(departement.clone().into());
            et.push_str(&format!(" AND d.departement = ${}", valeurs.len()));
        }
        if let Some(avant) = self.avant {
            valeurs.push(avant.into());
            et.push_str(&format!(" AND d.deposee_le <= ${}", valeurs.len()));
        }
        et
    }
}

/// How many questions of a queue meet a filter.
///
/// # Errors
/// When the database refuses.
pub async fn count_file(
    c: &impl Sql,
    session: i64,
    p: &Perimetre,
    f: &FiltreFile,
) -> Result<i64, StoreError> {
    let mut valeurs: Vec<Value> = vec![session.into()];
    let conditions = format!("{}{}", p.condition(&mut valeurs), f.condition(&mut valeurs));
    let n = c
        .int(
            &format!(
                "SELECT COUNT(*) FROM demande_assistance d
                 WHERE d.session_id = $1 AND d.supprime_le IS NULL AND {conditions}"
            ),
            valeurs,
        )
        .await?;
    Ok(n.unwrap_or(0))
}

/// How many questions of a queue meet a filter, since when the oldest waits, and how many wait since an instant or before.
///
/// # Errors
/// When the database refuses.
pub async fn waiting_file(
    c: &impl Sql,
    session: i64,
    p: &Perimetre,
    f: &FiltreFile,
    avant: i64,
) -> Result<Attente, StoreError> {
    let mut valeurs: Vec<Value> = vec![session.into(), avant.into()];
    let conditions = format!("{}{}", p.condition(&mut valeurs), f.condition(&mut valeurs));
    let sommes = attente("d.deposee_le", "$2");
    let sql = format!(
        "SELECT {sommes} FROM demande_assistance d
         WHERE d.session_id = $1 AND d.supprime_le IS NULL AND {conditions}"
    );
    Ok(c.one(&sql, valeurs).await?.unwrap_or_default())
}

/// The questions of a queue, the one that has waited longest first.
///
/// # Errors
/// When the database refuses.
pub async fn file(
    c: &impl Sql,
    session: i64,
    p: &Perimetre,
    f: &FiltreFile,
    (combien, saut): (i64, i64),
) -> Result<Vec<LigneDemande>, StoreError> {
    let mut valeurs: Vec<Value> = vec![session.into(), combien.into(), saut.into()];
    let conditions = format!("{}{}", p.condition(&mut valeurs), f.condition(&mut valeurs));
    c.all(
        &format!(
            "{LECTURE} WHERE d.session_id = $1 AND d.supprime_le IS NULL AND {conditions}
             ORDER BY d.deposee_le, d.id LIMIT $2 OFFSET $3"
        ),
        valeurs,
    )
    .await
}

/// What a service is measured by.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bilan {
    /// Theme, state, how many questions.
    pub nombres: Vec<(String, String, i64)>,
    /// Theme, milliseconds before the first answer; of the last questions that were answered.
    pub delais: Vec<(String, i64)>,
}

/// Over the questions of a perimeter: all of them counted, the delays of the last `derniers` that were answered.
///
/// # Errors
/// When the database refuses.
pub async fn bilan(c: &impl Sql, session: i64, p: &Perimetre, derniers: i64) -> Result<Bilan, StoreError> {
    let mut valeurs: Vec<Value> = vec![session.into()];
    let conditions = p.condition(&mut valeurs);
    let ici =
        format!("demande_assistance d WHERE d.session_id = $1 AND d.supprime_le IS NULL AND {conditions}");
    let par_etat =
        format!("(SELECT d.theme, d.etat, COUNT(*) AS nombre FROM {ici} GROUP BY d.theme, d.etat) x");
    let nombres = tuples(c, "x.theme, x.etat, x.nombre", &par_etat, valeurs.clone()).await?;
    valeurs.push(derniers.into());
    let limite = valeurs.len();
    let repondues = format!(
        "(SELECT d.theme, d.repondue_le - d.deposee_le AS delai FROM {ici} AND d.repondue_le IS NOT NULL
          ORDER BY d.repondue_le DESC, d.id DESC LIMIT ${limite}) x"
    );
    Ok(Bilan { nombres, delais: tuples(c, "x.theme, x.delai", &repondues, valeurs).await? })
}

/// Holds an account until the end of the transaction: what it asks at once is counted one after the other.
///
/// # Errors
/// When the database refuses.
pub async fn hold_compte(tx: &Tx, compte: i64) -> Result<(), StoreError> {
    if tx.backend() == Backend::Postgres {
        tx.int("SELECT id FROM compte WHERE id = $1 FOR UPDATE", vec![compte.into()]).await?;
    }
    Ok(())
}

/// A question to be kept.
#[derive(Debug, Clone)]
pub struct NouvelleDemande<'a> {
    pub session: i64,
    pub demandeur: &'a str,
    pub role: &'a str,
    pub theme: &'a str,
    pub destinataire: &'a str,
    pub academie: Option<&'a str>,
    pub departement: Option<&'a str>,
    pub etablissement: Option<i64>,
    pub formation_session: Option<i64>,
    pub voeu: Option<i64>,
    pub ecran: &'a str,
}

/// Keeps a new question, of whoever writes; gives its key and public identifier.
///
/// # Errors
/// When the database refuses.
pub async fn insert_demande(
    tx: &Tx,
    e: &Ecriture<'_>,
    n: &NouvelleDemande<'_>,
) -> Result<(i64, String), StoreError> {
    let (public_id, mut valeurs) = e.meta();
    let texte = |t: &str| Value::from(t.to_owned());
    valeurs.extend([
        n.session.into(),
        e.compte().into(),
        texte(n.demandeur),
        texte(n.role),
        texte(n.theme),
        texte(n.destinataire),
        n.academie.map(str::to_owned).into(),
        n.departement.map(str::to_owned).into(),
        n.etablissement.into(),
        n.formation_session.into(),
        n.voeu.into(),
        texte(n.ecran),
        e.ms().into(),
    ]);
    let id = tx
        .int(
            &format!(
                "INSERT INTO demande_assistance ({META}, session_id, compte_id, demandeur, role, theme, destinataire,
                    academie, departement, etablissement_id, formation_session_id, voeu_id, ecran, deposee_le, active_le,
                    etat)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $19,
                    'nouvelle') RETURNING id"
            ),
            valeurs,
        )
        .await?
        .ok_or(StoreError::NotFound("demande_assistance"))?;
    Ok((id, public_id.as_str().to_owned()))
}

/// What a question becomes.
#[derive(Debug, Clone)]
pub struct SuiteDemande<'a> {
    pub etat: &'a str,
    pub destinataire: &'a str,
    pub responsable: Option<i64>,
    pub repondue_le: Option<i64>,
    pub close_le: Option<i64>,
}

/// Writes what a question becomes.
///
/// # Errors
/// [`StoreError::Conflict`] when it changed meanwhile.
pub async fn set_suite(
    tx: &Tx,
    e: &Ecriture<'_>,
    d: &LigneDemande,
    s: &SuiteDemande<'_>,
) -> Result<(), StoreError> {
    let n = tx
        .exec(
            "UPDATE demande_assistance SET etat = $1, destinataire = $2, responsable_id = $3, repondue_le = $4,
                    close_le = $5, active_le = $6, maj_le = $6, maj_par = $7, version = version + 1
             WHERE id = $8 AND version = $9",
            vec![
                s.etat.to_owned().into(),
                s.destinataire.to_owned().into(),
                s.responsable.into(),
                s.repondue_le.into(),
                s.close_le.into(),
                e.ms().into(),
                e.compte().into(),
                d.id.into(),
                d.version.into(),
            ],
        )
        .await?;
    if n == 1 { Ok(()) } else { Err(StoreError::Conflict(format!("demande_assistance {}", d.public_id))) }
}

/// Notes how far the asker has read.
///
/// # Errors
/// When the database refuses.
pub async fn mark_lu(tx: &Tx, _: &Ecriture<'_>, demande: i64, message: i64) -> Result<(), StoreError> {
    tx.exec(
        "UPDATE demande_assistance SET lu = $1 WHERE id = $2 AND lu < $1",
        vec![message.into(), demande.into()],
    )
    .await
    .map(|_| ())
}

/// Notes when the asker is told of an answer.
///
/// # Errors
/// When the database refuses.
pub async fn set_avise(tx: &Tx, _: &Ecriture<'_>, demande: i64, le: i64) -> Result<(), StoreError> {
    tx.exec("UPDATE demande_assistance SET avise_le = $1 WHERE id = $2", vec![le.into(), demande.into()])
        .await
        .map(|_| ())
}

#[derive(FromLigne)]
struct MessageBrut {
    id: i64,
    public_id: String,
    compte_id: i64,
    auteur: String,
    role: String,
    reponse: i64,
    envoye_le: i64,
    texte_chiffre: Vec<u8>,
}

/// What was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LigneMessage {
    pub id: i64,
    pub compte_id: i64,
    /// First name, then name.
    pub auteur: String,
    pub role: String,
    /// By the service.
    pub reponse: bool,
    pub envoye_le: i64,
    pub texte: String,
}

fn emplacement(ligne: &str) -> Emplacement<'_> {
    Emplacement { table: "message_assistance", colonne: "texte_chiffre", ligne }
}

/// How many messages a question has.
///
/// # Errors
/// When the database refuses.
pub async fn count_messages(c: &impl Sql, demande: i64) -> Result<i64, StoreError> {
    let n =
        c.int("SELECT COUNT(*) FROM message_assistance WHERE demande_id = $1", vec![demande.into()]).await?;
    Ok(n.unwrap_or(0))
}

/// What was said about a question, the oldest first: a page of it (how many, after how many).
///
/// # Errors
/// When the database or the vault refuses.
pub async fn messages(
    c: &impl Sql,
    coffre: &Coffre,
    demande: i64,
    (combien, saut): (i64, i64),
) -> Result<Vec<LigneMessage>, StoreError> {
    let bruts: Vec<MessageBrut> = c
        .all(
            "SELECT m.id, m.public_id, m.compte_id, c.prenom || ' ' || c.nom AS auteur, m.role, m.reponse, m.envoye_le,
                    m.texte_chiffre
             FROM message_assistance m JOIN compte c ON c.id = m.compte_id WHERE m.demande_id = $1 ORDER BY m.id
             LIMIT $2 OFFSET $3",
            vec![demande.into(), combien.into(), saut.into()],
        )
        .await?;
    bruts
        .into_iter()
        .map(|m| {
            let clair = coffre.open(emplacement(&m.public_id), &m.texte_chiffre)?;
            Ok(LigneMessage {
                id: m.id,
                compte_id: m.compte_id,
                auteur: m.auteur,
                role: m.role,
                reponse: m.reponse == 1,
                envoye_le: m.envoye_le,
                texte: String::from_utf8(clair).map_err(|_| StoreError::Unreadable("message_assistance"))?,
            })
        })
        .collect()
}

/// A message to be kept.
#[derive(Debug, Clone)]
pub struct NouveauMessage<'a> {
    pub demande: i64,
    pub role: &'a str,
    pub reponse: bool,
    pub texte: &'a str,
}

/// Keeps a message, ciphered; gives its key.
///
/// # Errors
/// When the database or the vault refuses.
pub async fn insert_message(
    tx: &Tx,
    e: &Ecriture<'_>,
    coffre: &Coffre,
    n: &NouveauMessage<'_>,
) -> Result<i64, StoreError> {
    let id = e.alea().public_id();
    let chiffre = coffre.seal(emplacement(id.as_str()), n.texte.as_bytes(), e.alea().nonce())?;
    tx.int(
        "INSERT INTO message_assistance (public_id, demande_id, compte_id, role, reponse, envoye_le, texte_chiffre)
         VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id",
        vec![
            id.as_str().to_owned().into(),
            n.demande.into(),
            e.compte().into(),
            n.role.to_owned().into(),
            i64::from(n.reponse).into(),
            e.ms().into(),
            chiffre.into(),
        ],
    )
    .await?
    .ok_or(StoreError::NotFound("message_assistance"))
}

/// What was done beside what was said.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct LigneEtape {
    pub acte: String,
    /// Code of the service where the question then was.
    pub destinataire: String,
    /// First name, then name.
    pub auteur: Option<String>,
    pub role: String,
    pub faite_le: i64,
}

/// The last things done to a question, so many at most, the oldest first.
///
/// # Errors
/// When the database refuses.
pub async fn etapes(c: &impl Sql, demande: i64, combien: i64) -> Result<Vec<LigneEtape>, StoreError> {
    let mut etapes: Vec<LigneEtape> = c
        .all(
            "SELECT t.acte, t.destinataire, c.prenom || ' ' || c.nom AS auteur, t.role, t.faite_le
             FROM etape_assistance t LEFT JOIN compte c ON c.id = t.compte_id WHERE t.demande_id = $1
             ORDER BY t.id DESC LIMIT $2",
            vec![demande.into(), combien.into()],
        )
        .await?;
    etapes.reverse();
    Ok(etapes)
}

/// Keeps the trace of an act: `prise`, `transmission`, `cloture` or `reouverture`, to the service named.
///
/// # Errors
/// When the database refuses.
pub async fn insert_etape(
    tx: &Tx,
    e: &Ecriture<'_>,
    demande: i64,
    acte: &str,
    destinataire: &str,
    role: &str,
) -> Result<(), StoreError> {
    tx.exec(
        "INSERT INTO etape_assistance (demande_id, acte, destinataire, compte_id, role, faite_le)
         VALUES ($1, $2, $3, $4, $5, $6)",
        vec![
            demande.into(),
            acte.to_owned().into(),
            destinataire.to_owned().into(),
            e.compte().into(),
            role.to_owned().into(),
            e.ms().into(),
        ],
    )
    .await
    .map(|_| ())
}

/// Deletes the questions on which nothing happened since an instant of the campaign, with all that was said. Gives how many.
///
/// # Errors
/// When the database refuses.
pub async fn purge(tx: &Tx, avant: i64) -> Result<u64, StoreError> {
    let celles = "(SELECT id FROM demande_assistance WHERE active_le <= $1)";
    for table in ["message_assistance", "etape_assistance"] {
        tx.exec(&format!("DELETE FROM {table} WHERE demande_id IN {celles}"), vec![avant.into()]).await?;
    }
    tx.exec("DELETE FROM demande_assistance WHERE active_le <= $1", vec![avant.into()]).await
}
