//! Sessions of admission, their calendars and their settings.

use std::collections::BTreeMap;

use crate::ecriture::{Ecriture, META};
use crate::error::StoreError;
use crate::ligne::FromLigne;
use crate::sql::{Sql, Tx};
use domain::calendrier::{Calendrier, DelaiReponse, Etape, Fenetre, LimiteReponse};
use jiff::Timestamp;

/// A session as stored.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct LigneSession {
    pub id: i64,
    pub public_id: String,
    pub annee: i64,
    pub libelle: String,
    /// `preparation`, `ouverte`, `archivee`.
    pub etat: String,
    pub precedente_id: Option<i64>,
    pub version: i64,
}

const COLONNES: &str = "id, public_id, annee, libelle, etat, precedente_id, version";

/// Every session, newest first.
///
/// # Errors
/// When the database refuses.
pub async fn list(c: &impl Sql) -> Result<Vec<LigneSession>, StoreError> {
    c.all(&format!("SELECT {COLONNES} FROM session_admission ORDER BY annee DESC"), vec![]).await
}

/// The session of a year.
///
/// # Errors
/// When the database refuses.
pub async fn by_annee(c: &impl Sql, annee: i64) -> Result<Option<LigneSession>, StoreError> {
    c.one(&format!("SELECT {COLONNES} FROM session_admission WHERE annee = $1"), vec![annee.into()]).await
}

/// Adds a session; gives its key.
///
/// # Errors
/// [`StoreError::Conflict`] when the year exists.
pub async fn insert(
    tx: &Tx,
    e: &Ecriture<'_>,
    annee: i64,
    libelle: &str,
    etat: &str,
    precedente: Option<i64>,
) -> Result<i64, StoreError> {
    let (_, mut valeurs) = e.meta();
    valeurs.extend([annee.into(), libelle.to_owned().into(), etat.to_owned().into(), precedente.into()]);
    tx.int(
        &format!(
            "INSERT INTO session_admission ({META}, annee, libelle, etat, precedente_id)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING id"
        ),
        valeurs,
    )
    .await?
    .ok_or(StoreError::NotFound("session_admission"))
}

/// Changes the state of a session.
///
/// # Errors
/// When the database refuses.
pub async fn set_etat(tx: &Tx, e: &Ecriture<'_>, id: i64, etat: &str) -> Result<(), StoreError> {
    tx.exec(
        "UPDATE session_admission SET etat = $1, maj_le = $2, maj_par = $3, version = version + 1 WHERE id = $4",
        vec![etat.to_owned().into(), e.ms().into(), e.compte().into(), id.into()],
    )
    .await
    .map(|_| ())
}

/// Writes a new version of the calendar of a session.
///
/// # Errors
/// [`StoreError::Conflict`] when the version exists.
pub async fn insert_calendrier(
    tx: &Tx,
    e: &Ecriture<'_>,
    session: i64,
    calendrier: &Calendrier,
    sources: &BTreeMap<Etape, String>,
) -> Result<(), StoreError> {
    let (_, mut valeurs) = e.meta();
    valeurs.extend([
        session.into(),
        i64::from(calendrier.numero).into(),
        calendrier.reference.clone().into(),
        e.ms().into(),
    ]);
    let id = tx
        .int(
            &format!(
                "INSERT INTO calendrier ({META}, session_id, numero, reference, effet_le)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING id"
            ),
            valeurs,
        )
        .await?
        .ok_or(StoreError::NotFound("calendrier"))?;
    for etape in Etape::ALL {
        let Some(f) = calendrier.fenetre(etape) else { continue };
        tx.exec(
            "INSERT INTO echeance (calendrier_id, etape, ouvre_le, ferme_le, source) VALUES ($1, $2, $3, $4, $5)",
            vec![
                id.into(),
                etape.code().to_owned().into(),
                f.ouvre.as_millisecond().into(),
                f.ferme.as_millisecond().into(),
                sources.get(&etape).cloned().unwrap_or_default().into(),
            ],
        )
        .await?;
    }
    for d in calendrier.delais() {
        let (jours, jusque) = match d.limite {
            LimiteReponse::Jours(n) => (Some(i64::from(n)), None),
            LimiteReponse::Jusque(date) => (None, Some(date.to_string())),
        };
        tx.exec(
            "INSERT INTO delai_reponse (calendrier_id, du, au, jours, jusque, source) VALUES ($1, $2, $3, $4, $5, '')",
            vec![id.into(), d.du.to_string().into(), d.au.to_string().into(), jours.into(), jusque.into()],
        )
        .await?;
    }
    Ok(())
}

#[derive(FromLigne)]
struct LigneCalendrier {
    id: i64,
    numero: i64,
    reference: String,
}

#[derive(FromLigne)]
struct LigneEcheance {
    etape: String,
    ouvre_le: i64,
    ferme_le: i64,
}

#[derive(FromLigne)]
struct LigneDelai {
    du: String,
    au: String,
    jours: Option<i64>,
    jusque: Option<String>,
}

/// The calendar in force for a session: its last version.
///
/// # Errors
/// [`StoreError::NotFound`] when the session has none; [`StoreError::Unreadable`] when it is incoherent.
pub async fn load_calendrier(c: &impl Sql, session: i64) -> Result<Calendrier, StoreError> {
    const ILLISIBLE: StoreError = StoreError::Unreadable("calendrier");
    let entete: LigneCalendrier = c
        .one(
            "SELECT id, numero, reference FROM calendrier WHERE session_id = $1 ORDER BY numero DESC LIMIT 1",
            vec![session.into()],
        )
        .await?
        .ok_or(StoreError::NotFound("calendrier"))?;
    let echeances: Vec<LigneEcheance> = c
        .all(
            "SELECT etape, ouvre_le, ferme_le FROM echeance WHERE calendrier_id = $1 ORDER BY id",
            vec![entete.id.into()],
        )
        .await?;
    let lignes: Vec<LigneDelai> = c
        .all(
            "SELECT du, au, jours, jusque FROM delai_reponse WHERE calendrier_id = $1 ORDER BY du",
            vec![entete.id.into()],
        )
        .await?;
    let mut fenetres = BTreeMap::new();
    for l in echeances {
        let etape = Etape::from_code(&l.etape).ok_or(ILLISIBLE)?;
        let ouvre = Timestamp::from_millisecond(l.ouvre_le).map_err(|_| ILLISIBLE)?;
        let ferme = Timestamp::from_millisecond(l.ferme_le).map_err(|_| ILLISIBLE)?;
        fenetres.insert(etape, Fenetre { ouvre, ferme });
    }
    let mut delais = Vec::new();
    for l in lignes {
        let limite = match (l.jours, l.jusque) {
            (Some(n), _) => LimiteReponse::Jours(u16::try_from(n).map_err(|_| ILLISIBLE)?),
            (None, Some(date)) => LimiteReponse::Jusque(date.parse().map_err(|_| ILLISIBLE)?),
            (None, None) => return Err(ILLISIBLE),
        };
        delais.push(DelaiReponse {
            du: l.du.parse().map_err(|_| ILLISIBLE)?,
            au: l.au.parse().map_err(|_| ILLISIBLE)?,
            limite,
        });
    }
    let numero = u32::try_from(entete.numero).map_err(|_| ILLISIBLE)?;
    Calendrier::new(numero, entete.reference, fenetres, delais).map_err(|_| ILLISIBLE)
}

/// Campaign instant, in milliseconds, of the calendar in force.
///
/// # Errors
/// [`StoreError::NotFound`] when the session has none.
pub async fn calendrier_effet_le(c: &impl Sql, session: i64) -> Result<i64, StoreError> {
    c.int(
        "SELECT effet_le FROM calendrier WHERE session_id = $1 ORDER BY numero DESC LIMIT 1",
        vec![session.into()],
    )
    .await?
    .ok_or(StoreError::NotFound("calendrier"))
}

/// The value in force of a setting of the session (JSON text).
///
/// # Errors
/// When the database refuses.
pub async fn parametre(c: &impl Sql, session: i64, cle: &str) -> Result<Option<String>, StoreError> {
    c.text(
        "SELECT valeur FROM parametre WHERE session_id = $1 AND cle = $2 ORDER BY numero DESC LIMIT 1",
        vec![session.into(), cle.to_owned().into()],
    )
    .await
}

/// Writes a new version of a setting.
///
/// # Errors
/// When the database refuses.
pub async fn set_parametre(
    tx: &Tx,
    e: &Ecriture<'_>,
    session: i64,
    cle: &str,
    valeur: &str,
    source: &str,
) -> Result<(), StoreError> {
    let numero = tx
        .int(
            "SELECT COALESCE(MAX(numero), 0) + 1 FROM parametre WHERE session_id = $1 AND cle = $2",
            vec![session.into(), cle.to_owned().into()],
        )
        .await?
        .unwrap_or(1);
    let (_, mut valeurs) = e.meta();
    valeurs.extend([
        session.into(),
        cle.to_owned().into(),
        numero.into(),
        valeur.to_owned().into(),
        source.to_owned().into(),
    ]);
    tx.exec(
        &format!(
            "INSERT INTO parametre ({META}, session_id, cle, numero, valeur, source)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
        ),
        valeurs,
    )
    .await
    .map(|_| ())
}

/// Reads a line of the installation's state.
///
/// # Errors
/// When the database refuses.
pub async fn reglage(c: &impl Sql, cle: &str) -> Result<Option<String>, StoreError> {
    c.text("SELECT valeur FROM reglage WHERE cle = $1", vec![cle.to_owned().into()]).await
}

/// Writes a line of the installation's state.
///
/// # Errors
/// When the database refuses.
pub async fn set_reglage(c: &impl Sql, cle: &str, valeur: &str, maintenant: i64) -> Result<(), StoreError> {
    c.exec(
        "INSERT INTO reglage (cle, valeur, maj_le) VALUES ($1, $2, $3)
         ON CONFLICT (cle) DO UPDATE SET valeur = excluded.valeur, maj_le = excluded.maj_le",
        vec![cle.to_owned().into(), valeur.to_owned().into(), maintenant.into()],
    )
    .await
    .map(|_| ())
}

/// How many rows a new session took over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reprise {
    pub etablissements: u64,
    pub formations: u64,
    pub groupes: u64,
}

/// Copies establishments, courses and groups of a session into a new one, each linked to last year's row. Capacities,
/// fees and rates stay behind: they are decisions of each year. Closed courses are not taken over, but for those that were
/// closed for one session alone (R-VIE-03).
///
/// # Errors
/// When the database refuses.
pub async fn carry_over(tx: &Tx, e: &Ecriture<'_>, de: i64, vers: i64) -> Result<Reprise, StoreError> {
    let etablissements = copy_rows(
        tx,
        e,
        "SELECT id FROM etablissement_session WHERE session_id = $1 AND supprime_le IS NULL ORDER BY id",
        vec![de.into()],
        |meta| {
            format!(
                "INSERT INTO etablissement_session ({META}, etablissement_id, session_id, precedent_id, nom, statut,
                     tutelle, departement, academie, commune, latitude, longitude, site_web, sigle, adresse, code_postal,
                     telephone, courriel, accessibilite, referent_nom, referent_courriel, referent_telephone, internat,
                     internat_places, boursiers)
                 SELECT {meta}, etablissement_id, $8, id, nom, statut, tutelle, departement, academie, commune,
                     latitude, longitude, site_web, sigle, adresse, code_postal, telephone, courriel, accessibilite, referent_nom,
                     referent_courriel, referent_telephone, internat, internat_places, boursiers
                 FROM etablissement_session WHERE id = $7"
            )
        },
        vec![vers.into()],
    )
    .await?;
    // Open days are those of the year: they are not copied.
    let maison = Parent {
        table: "etablissement_session",
        cle: "etablissement_session_id",
        suit: "n.precedent_id = p.id",
    };
    for (table, colonnes) in
        [("composante", "nom"), ("site_formation", "nom, adresse, code_postal, commune, latitude, longitude")]
    {
        copy_children(tx, e, (de, vers), &maison, (table, colonnes)).await?;
    }
    let formations = copy_rows(
        tx,
        e,
        "SELECT id FROM formation_session WHERE session_id = $1 AND (etat <> 'fermee' OR suspendue = 1) AND supprime_le IS NULL
         ORDER BY id",
        vec![de.into()],
        |meta| {
            format!(
                "INSERT INTO formation_session ({META}, formation_id, session_id, etablissement_id, precedente_id, famille,
                     libelle, detail, selective, departement, academie, commune, latitude, longitude, internat,
                     presentation, etat, recherche, code_type, secteur)
                 SELECT {meta}, formation_id, $8, etablissement_id, id, famille, libelle, detail, selective, departement,
                     academie, commune, latitude, longitude, internat, presentation, 'brouillon', recherche, code_type,
                     secteur
                 FROM formation_session WHERE id = $7"
            )
        },
        vec![vers.into()],
    )
    .await?;
    copy_rows(
        tx,
        e,
        "SELECT id FROM type_formation WHERE session_id = $1 ORDER BY id",
        vec![de.into()],
        |meta| {
            format!(
                "INSERT INTO type_formation ({META}, session_id, code, code_sans_apprentissage, sigle, libelle, apprentissage,
                     las, attendus, specialites, source)
                 SELECT {meta}, $8, code, code_sans_apprentissage, sigle, libelle, apprentissage, las, attendus, specialites,
                     source
                 FROM type_formation WHERE id = $7"
            )
        },
        vec![vers.into()],
    )
    .await?;
    let groupes = copy_rows(
        tx,
        e,
        "SELECT g.id FROM groupe_classement g JOIN formation_session f ON f.precedente_id = g.formation_session_id
         WHERE g.session_id = $1 AND f.session_id = $2 AND g.supprime_le IS NULL ORDER BY g.id",
        vec![de.into(), vers.into()],
        |meta| {
            format!(
                "INSERT INTO groupe_classement ({META}, session_id, formation_session_id, libelle, series, sans_classement)
                 SELECT {meta}, $8, f.id, g.libelle, g.series, g.sans_classement
                 FROM groupe_classement g JOIN formation_session f
                   ON f.precedente_id = g.formation_session_id AND f.session_id = $8
                 WHERE g.id = $7"
            )
        },
        vec![vers.into()],
    )
    .await?;
    copy_rows(
        tx,
        e,
        "SELECT id FROM groupe_classement WHERE session_id = $1 AND supprime_le IS NULL ORDER BY id",
        vec![vers.into()],
        |meta| {
            format!(
                "INSERT INTO groupe_affectation ({META}, groupe_classement_id, formation_session_id, places,
                     nombre_a_appeler)
                 SELECT {meta}, g.id, g.formation_session_id, 0, 0 FROM groupe_classement g
                 WHERE g.id = $7 AND g.session_id = $8"
            )
        },
        vec![vers.into()],
    )
    .await?;
    copy_regroupements(tx, e, de, vers).await?;
    copy_cellules(tx, e, de, vers).await?;
    Ok(Reprise { etablissements, formations, groupes })
}

/// R-REG-05: a grouping of which two courses at least are carried over is, with the ranking groups that they share.
async fn copy_regroupements(tx: &Tx, e: &Ecriture<'_>, de: i64, vers: i64) -> Result<(), StoreError> {
    copy_rows(
        tx,
        e,
        "SELECT r.id FROM regroupement r
         WHERE r.session_id = $1 AND r.supprime_le IS NULL
           AND (SELECT COUNT(*) FROM regroupement_formation rf
                JOIN formation_session f ON f.precedente_id = rf.formation_session_id
                WHERE rf.regroupement_id = r.id AND f.session_id = $2) >= 2
         ORDER BY r.id",
        vec![de.into(), vers.into()],
        |meta| {
            format!(
                "INSERT INTO regroupement ({META}, session_id, precedent_id, libelle, mutualisation)
                 SELECT {meta}, $8, id, libelle, mutualisation FROM regroupement WHERE id = $7"
            )
        },
        vec![vers.into()],
    )
    .await?;
    tx.exec(
        "INSERT INTO regroupement_formation (formation_session_id, regroupement_id)
         SELECT f.id, r.id FROM regroupement r
         JOIN regroupement_formation rf ON rf.regroupement_id = r.precedent_id
         JOIN formation_session f ON f.precedente_id = rf.formation_session_id AND f.session_id = r.session_id
         WHERE r.session_id = $1",
        vec![vers.into()],
    )
    .await?;
    // The course that ranks has its groups already; the others take their places in them.
    copy_rows(
        tx,
        e,
        "SELECT a.id FROM groupe_affectation a
         JOIN groupe_classement g ON g.id = a.groupe_classement_id AND g.formation_session_id <> a.formation_session_id
         WHERE g.session_id = $1 AND a.supprime_le IS NULL AND g.supprime_le IS NULL ORDER BY a.id",
        vec![de.into()],
        |meta| {
            format!(
                "INSERT INTO groupe_affectation ({META}, groupe_classement_id, formation_session_id, places,
                     nombre_a_appeler)
                 SELECT {meta}, n.id, f.id, 0, 0 FROM groupe_affectation a
                 JOIN groupe_classement g ON g.id = a.groupe_classement_id
                 JOIN formation_session f ON f.precedente_id = a.formation_session_id AND f.session_id = $8
                 JOIN formation_session p ON p.precedente_id = g.formation_session_id AND p.session_id = $8
                 JOIN groupe_classement n ON n.formation_session_id = p.id AND n.series = g.series
                   AND n.supprime_le IS NULL
                 WHERE a.id = $7"
            )
        },
        vec![vers.into()],
    )
    .await
    .map(|_| ())
}

/// R-ASS-15: the cells of support, their sites and the texts that they answer with; what they publish is of its year.
async fn copy_cellules(tx: &Tx, e: &Ecriture<'_>, de: i64, vers: i64) -> Result<(), StoreError> {
    copy_rows(
        tx,
        e,
        "SELECT id FROM cellule WHERE session_id = $1 AND supprime_le IS NULL ORDER BY id",
        vec![de.into()],
        |meta| {
            format!(
                "INSERT INTO cellule ({META}, session_id, region, presentation, courriel, page)
                 SELECT {meta}, $8, region, presentation, courriel, page FROM cellule WHERE id = $7"
            )
        },
        vec![vers.into()],
    )
    .await?;
    let cellule = Parent { table: "cellule", cle: "cellule_id", suit: "n.region = p.region" };
    for (table, colonnes) in [
        ("cellule_site", "nom, telephone, horaires, departements"),
        ("cellule_reponse", "theme, titre, texte"),
    ] {
        copy_children(tx, e, (de, vers), &cellule, (table, colonnes)).await?;
    }
    Ok(())
}

/// What was taken over already, and that other rows belong to.
struct Parent {
    table: &'static str,
    /// Column of those rows that names it.
    cle: &'static str,
    /// Which one (`n`) of the new session follows one (`p`) of the former.
    suit: &'static str,
}

/// Takes over the rows that belong to what was taken over, with these columns.
async fn copy_children(
    tx: &Tx,
    e: &Ecriture<'_>,
    (de, vers): (i64, i64),
    Parent { table: parent, cle, suit }: &Parent,
    (table, colonnes): (&str, &str),
) -> Result<(), StoreError> {
    let siennes: String = colonnes.split(", ").map(|c| format!(", l.{c}")).collect();
    copy_rows(
        tx,
        e,
        &format!(
            "SELECT l.id FROM {table} l JOIN {parent} p ON p.id = l.{cle}
             WHERE p.session_id = $1 AND l.supprime_le IS NULL AND p.supprime_le IS NULL ORDER BY l.id"
        ),
        vec![de.into()],
        |meta| {
            format!(
                "INSERT INTO {table} ({META}, {cle}, {colonnes})
                 SELECT {meta}, n.id{siennes} FROM {table} l JOIN {parent} p ON p.id = l.{cle}
                 JOIN {parent} n ON {suit} AND n.session_id = $8 WHERE l.id = $7"
            )
        },
        vec![vers.into()],
    )
    .await
    .map(|_| ())
}

/// Runs one `INSERT … SELECT` per row found, because each new row needs its own public identifier.
/// `$1`–`$6` are the columns of `@meta`, `$7` the key of the source row, then `reste`.
async fn copy_rows(
    tx: &Tx,
    e: &Ecriture<'_>,
    sources: &str,
    params: Vec<sea_orm::Value>,
    insertion: impl Fn(&str) -> String,
    reste: Vec<sea_orm::Value>,
) -> Result<u64, StoreError> {
    #[derive(FromLigne)]
    struct Cle {
        id: i64,
    }
    let cles: Vec<Cle> = tx.all(sources, params).await?;
    // PostgreSQL cannot guess the type of a bare parameter in a SELECT list.
    let meta = "CAST($1 AS TEXT), CAST($2 AS BIGINT), CAST($3 AS BIGINT), CAST($4 AS BIGINT), CAST($5 AS BIGINT), \
                CAST($6 AS TEXT)";
    let sql = insertion(meta).replace("$8,", "CAST($8 AS BIGINT),");
    let mut n = 0;
    for cle in cles {
        let (_, mut valeurs) = e.meta();
        valeurs.push(cle.id.into());
        valeurs.extend(reste.iter().cloned());
        n += tx.exec(&sql, valeurs).await?;
    }
    Ok(n)
}

/// Staff accounts must be secured again for the new session (CPT-4). Gives how many.
///
/// # Errors
/// When the database refuses.
pub async fn accounts_to_secure(tx: &Tx, e: &Ecriture<'_>) -> Result<u64, StoreError> {
    tx.exec(
        "UPDATE compte SET etat = 'a_securiser', maj_le = $1, maj_par = $2, version = version + 1
         WHERE etat = 'actif' AND supprime_le IS NULL
           AND id IN (SELECT compte_id FROM attribution WHERE role NOT IN ('candidat', 'admin_national'))",
        vec![e.ms().into(), e.compte().into()],
    )
    .await
}
