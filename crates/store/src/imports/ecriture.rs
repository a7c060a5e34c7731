//! Adding and changing an offer in bulk.

use std::collections::HashMap;

use sea_orm::Value;

use crate::ligne::FromLigne;

use super::{
    EtablissementImport, FormationAjoutee, GroupeAjoute, OffreAjoutee, OffreImport, PublicationAjoutee,
    StatistiqueImport,
};
use crate::ecriture::{Ecriture, META, NB_META};
use crate::error::StoreError;
use crate::sql::{Sql, Tx, insert_batch};

#[derive(FromLigne)]
struct Cle {
    id: i64,
    public_id: String,
}

/// Inserts rows with the columns of `@meta` first and gives their keys, in the order given.
pub(crate) async fn insert_keyed(
    tx: &Tx,
    e: &Ecriture<'_>,
    table: &str,
    colonnes: &str,
    rows: impl IntoIterator<Item = Vec<Value>>,
) -> Result<Vec<i64>, StoreError> {
    let avant = tx.int(&format!("SELECT COALESCE(MAX(id), 0) FROM {table}"), vec![]).await?.unwrap_or(0);
    let mut publics = Vec::new();
    let mut lignes = Vec::new();
    for row in rows {
        let (public_id, mut valeurs) = e.meta();
        publics.push(public_id.as_str().to_owned());
        valeurs.extend(row);
        lignes.push(valeurs);
    }
    let n = NB_META + colonnes.split(',').count();
    insert_batch(tx, &format!("INSERT INTO {table} ({META}, {colonnes})"), n, lignes, "").await?;
    keys_after(tx, table, avant, &publics).await
}

/// Keys of public identifiers among the rows added after a key, in the order given.
pub(crate) async fn keys_after(
    tx: &Tx,
    table: &str,
    avant: i64,
    publics: &[String],
) -> Result<Vec<i64>, StoreError> {
    let cles: Vec<Cle> =
        tx.all(&format!("SELECT id, public_id FROM {table} WHERE id > $1"), vec![avant.into()]).await?;
    let cles: HashMap<String, i64> = cles.into_iter().map(|c| (c.public_id, c.id)).collect();
    publics
        .iter()
        .map(|p| cles.get(p).copied().ok_or_else(|| StoreError::Conflict(format!("{table}: row lost"))))
        .collect()
}

fn texte(valeur: &str) -> Value {
    valeur.to_owned().into()
}

/// Adds permanent establishments; gives their keys.
///
/// # Errors
/// [`StoreError::Conflict`] when an establishment exists.
pub async fn add_etablissements(tx: &Tx, e: &Ecriture<'_>, uais: &[&str]) -> Result<Vec<i64>, StoreError> {
    insert_keyed(tx, e, "etablissement", "uai", uais.iter().map(|uai| vec![texte(uai)])).await
}

/// Adds what the session says of establishments.
///
/// # Errors
/// [`StoreError::Conflict`] when the session has one of them.
pub async fn add_etablissements_session<'a>(
    tx: &Tx,
    e: &Ecriture<'_>,
    session: i64,
    lignes: impl IntoIterator<Item = (i64, &'a EtablissementImport)>,
) -> Result<(), StoreError> {
    let rows = lignes.into_iter().map(|(id, l)| {
        let (_, mut valeurs) = e.meta();
        valeurs.extend([id.into(), session.into()]);
        valeurs.extend(valeurs_etablissement(l));
        valeurs
    });
    let debut = format!(
        "INSERT INTO etablissement_session ({META}, etablissement_id, session_id, nom, statut, departement, academie,
             commune, latitude, longitude, site_web)"
    );
    insert_batch(tx, &debut, NB_META + 10, rows, "").await.map(|_| ())
}

fn valeurs_etablissement(l: &EtablissementImport) -> [Value; 8] {
    [
        texte(&l.nom),
        texte(&l.statut),
        texte(&l.departement),
        texte(&l.academie),
        texte(&l.commune),
        l.latitude.into(),
        l.longitude.into(),
        l.site_web.clone().into(),
    ]
}

/// Writes what a file says over the row of a session.
///
/// # Errors
/// When the database refuses.
pub async fn update_etablissement_session(
    tx: &Tx,
    e: &Ecriture<'_>,
    id: i64,
    l: &EtablissementImport,
) -> Result<(), StoreError> {
    let mut valeurs: Vec<Value> = valeurs_etablissement(l).into();
    valeurs.extend([e.ms().into(), e.compte().into(), id.into()]);
    tx.exec(
        "UPDATE etablissement_session SET nom = $1, statut = $2, departement = $3, academie = $4, commune = $5,
             latitude = $6, longitude = $7, site_web = COALESCE($8, site_web), maj_le = $9, maj_par = $10,
             version = version + 1
         WHERE id = $11",
        valeurs,
    )
    .await
    .map(|_| ())
}

/// Adds permanent courses and, where it is new, their course of registration; gives their keys.
///
/// # Errors
/// [`StoreError::Conflict`] when a course exists.
pub async fn add_formations(
    tx: &Tx,
    e: &Ecriture<'_>,
    formations: &[FormationAjoutee<'_>],
) -> Result<Vec<i64>, StoreError> {
    #[derive(FromLigne)]
    struct Inscription {
        id: i64,
        cle: String,
    }
    if formations.is_empty() {
        return Ok(Vec::new());
    }
    let connues: Vec<Inscription> = tx.all("SELECT id, cle FROM formation_inscription", vec![]).await?;
    let mut inscriptions: HashMap<String, i64> = connues.into_iter().map(|i| (i.cle, i.id)).collect();
    let mut nouvelles: Vec<&FormationAjoutee<'_>> = Vec::new();
    for f in formations {
        // Reserved until its key is known.
        if !inscriptions.contains_key(f.cle_inscription) {
            inscriptions.insert(f.cle_inscription.to_owned(), 0);
            nouvelles.push(f);
        }
    }
    let rows = nouvelles.iter().map(|f| vec![f.etablissement.into(), texte(f.cle_inscription)]);
    let cles = insert_keyed(tx, e, "formation_inscription", "etablissement_id, cle", rows).await?;
    inscriptions.extend(nouvelles.iter().map(|f| f.cle_inscription.to_owned()).zip(cles));
    let rows = formations.iter().map(|f| {
        vec![
            inscriptions.get(f.cle_inscription).copied().into(),
            texte(f.cle),
            f.g_ta_cod.into(),
            i64::from(f.incertaine).into(),
            texte(f.statut),
        ]
    });
    insert_keyed(
        tx,
        e,
        "formation",
        "formation_inscription_id, cle, g_ta_cod, identite_incertaine, statut",
        rows,
    )
    .await
}

fn valeurs_offre(o: &OffreImport) -> [Value; 13] {
    [
        texte(o.famille),
        texte(&o.libelle),
        texte(&o.detail),
        i64::from(o.selective).into(),
        texte(&o.departement),
        texte(&o.academie),
        texte(&o.commune),
        o.latitude.into(),
        o.longitude.into(),
        o.capacite.into(),
        i64::from(o.internat).into(),
        texte(&o.recherche),
        o.code_type.into(),
    ]
}

/// Adds courses to a session; gives the keys of their settings.
///
/// # Errors
/// [`StoreError::Conflict`] when the session has one of them.
pub async fn add_offres(
    tx: &Tx,
    e: &Ecriture<'_>,
    session: i64,
    offres: &[OffreAjoutee<'_>],
) -> Result<Vec<i64>, StoreError> {
    let rows = offres.iter().map(|o| {
        let mut valeurs: Vec<Value> = vec![
            o.formation.into(),
            session.into(),
            o.etablissement.into(),
            o.precedente.into(),
            o.frais_centimes.into(),
            texte(o.presentation),
            texte(o.etat),
            o.publiee_le.into(),
        ];
        valeurs.extend(valeurs_offre(o.offre));
        valeurs
    });
    insert_keyed(
        tx,
        e,
        "formation_session",
        "formation_id, session_id, etablissement_id, precedente_id, frais_centimes, presentation, etat, publiee_le,
         famille, libelle, detail, selective, departement, academie, commune, latitude, longitude, capacite, internat,
         recherche, code_type",
        rows,
    )
    .await
}

/// A change of the settings of a course by an import.
#[derive(Debug, Clone, Copy)]
pub struct Changement<'a> {
    pub offre_id: i64,
    pub etablissement: i64,
    pub offre: &'a OffreImport,
}

/// Writes what a file says over the settings of a session, and publishes them.
///
/// # Errors
/// When the database refuses.
pub async fn update_offre(tx: &Tx, e: &Ecriture<'_>, c: &Changement<'_>) -> Result<(), StoreError> {
    let mut valeurs: Vec<Value> = valeurs_offre(c.offre).into();
    valeurs.extend([c.etablissement.into(), e.ms().into(), e.compte().into(), c.offre_id.into()]);
    tx.exec(
        "UPDATE formation_session SET famille = $1, libelle = $2, detail = $3, selective = $4, departement = $5,
             academie = $6, commune = $7, latitude = $8, longitude = $9, capacite = $10, internat = $11,
             recherche = $12, code_type = COALESCE($13, code_type), etablissement_id = $14, etat = 'publiee', suspendue = 0,
             publiee_le = $15, maj_le = $15, maj_par = $16, version = version + 1
         WHERE id = $17",
        valeurs,
    )
    .await
    .map(|_| ())
}

/// Adds publications.
///
/// # Errors
/// [`StoreError::Conflict`] when a number is taken.
pub async fn add_publications<'a>(
    tx: &Tx,
    e: &Ecriture<'_>,
    publications: impl IntoIterator<Item = PublicationAjoutee<'a>>,
) -> Result<(), StoreError> {
    let rows = publications.into_iter().map(|p| {
        vec![
            texte(e.alea().public_id().as_str()),
            p.formation_session.into(),
            p.numero.into(),
            p.publie_le.into(),
            e.compte().into(),
            p.capacite.into(),
            p.frais_centimes.into(),
            texte(p.presentation),
            p.groupes.into(),
        ]
    });
    let debut = "INSERT INTO formation_publication (public_id, formation_session_id, numero, publie_le, publie_par, \
                 capacite, frais_centimes, presentation, groupes)";
    insert_batch(tx, debut, 9, rows, "").await.map(|_| ())
}

/// Adds ranking groups; gives their keys.
///
/// # Errors
/// When the database refuses.
pub async fn add_groupes(
    tx: &Tx,
    e: &Ecriture<'_>,
    session: i64,
    groupes: &[GroupeAjoute<'_>],
) -> Result<Vec<i64>, StoreError> {
    let rows = groupes.iter().map(|g| {
        vec![
            session.into(),
            g.formation_session.into(),
            texte(g.libelle),
            texte(g.series),
            g.taux_min_boursiers.into(),
        ]
    });
    insert_keyed(
        tx,
        e,
        "groupe_classement",
        "session_id, formation_session_id, libelle, series, taux_min_boursiers",
        rows,
    )
    .await
}

/// Gives each ranking group its places in its own course.
///
/// # Errors
/// [`StoreError::Conflict`] when a group has places there already.
pub async fn add_affectations(
    tx: &Tx,
    e: &Ecriture<'_>,
    groupes: &[i64],
    definitions: &[GroupeAjoute<'_>],
) -> Result<Vec<i64>, StoreError> {
    let rows = groupes
        .iter()
        .zip(definitions)
        .map(|(id, g)| vec![(*id).into(), g.formation_session.into(), g.places.into(), g.places.into()]);
    insert_keyed(
        tx,
        e,
        "groupe_affectation",
        "groupe_classement_id, formation_session_id, places, nombre_a_appeler",
        rows,
    )
    .await
}

/// Changes series and places of a ranking group; one that several courses share keeps its series (R-REG-03).
///
/// # Errors
/// When the database refuses.
pub async fn update_groupe(
    tx: &Tx,
    e: &Ecriture<'_>,
    (groupe, affectation): (i64, i64),
    series: &str,
    places: i64,
) -> Result<(), StoreError> {
    tx.exec(
        "UPDATE groupe_classement SET series = $1, maj_le = $2, maj_par = $3, version = version + 1
         WHERE id = $4 AND NOT EXISTS (SELECT 1 FROM groupe_affectation a WHERE a.groupe_classement_id = $4 AND a.id <> $5
                                         AND a.supprime_le IS NULL)",
        vec![texte(series), e.ms().into(), e.compte().into(), groupe.into(), affectation.into()],
    )
    .await?;
    tx.exec(
        "UPDATE groupe_affectation SET places = $1, nombre_a_appeler = $1, maj_le = $2, maj_par = $3,
             version = version + 1
         WHERE id = $4",
        vec![places.into(), e.ms().into(), e.compte().into(), affectation.into()],
    )
    .await
    .map(|_| ())
}

/// Removes a ranking group that the file no longer has; one that holds wishes stays, without places, and so does one that other
/// courses share.
///
/// # Errors
/// When the database refuses.
pub async fn remove_groupe(
    tx: &Tx,
    e: &Ecriture<'_>,
    (groupe, affectation): (i64, i64),
) -> Result<(), StoreError> {
    let voeux = tx
        .int("SELECT COUNT(*) FROM voeu WHERE groupe_classement_id = $1", vec![groupe.into()])
        .await?
        .unwrap_or(0);
    if voeux > 0 {
        return tx
            .exec(
                "UPDATE groupe_affectation SET places = 0, nombre_a_appeler = 0, maj_le = $1, maj_par = $2,
                     version = version + 1
                 WHERE id = $3",
                vec![e.ms().into(), e.compte().into(), affectation.into()],
            )
            .await
            .map(|_| ());
    }
    tx.exec(
        "UPDATE groupe_affectation SET supprime_le = $1, maj_le = $1, maj_par = $2, version = version + 1 WHERE id = $3",
        vec![e.ms().into(), e.compte().into(), affectation.into()],
    )
    .await?;
    tx.exec(
        "UPDATE groupe_classement SET supprime_le = $1, maj_le = $1, maj_par = $2, version = version + 1
         WHERE id = $3 AND NOT EXISTS (SELECT 1 FROM groupe_affectation a WHERE a.groupe_classement_id = $3
                                         AND a.supprime_le IS NULL)",
        vec![e.ms().into(), e.compte().into(), groupe.into()],
    )
    .await
    .map(|_| ())
}

/// Adds figures: (permanent course, figures).
///
/// # Errors
/// [`StoreError::Conflict`] when a course has figures for that year.
pub async fn add_statistiques<'a>(
    tx: &Tx,
    e: &Ecriture<'_>,
    lignes: impl IntoIterator<Item = (i64, &'a StatistiqueImport)>,
) -> Result<(), StoreError> {
    let rows = lignes.into_iter().map(|(formation, s)| {
        let (_, mut valeurs) = e.meta();
        valeurs.extend([
            formation.into(),
            s.annee.into(),
            s.capacite.into(),
            s.candidats.into(),
            s.propositions.into(),
            s.acceptations.into(),
            texte(&s.chiffres),
        ]);
        valeurs
    });
    let debut = format!(
        "INSERT INTO statistique_formation ({META}, formation_id, annee, capacite, candidats, propositions, acceptations,
             chiffres)"
    );
    insert_batch(tx, &debut, NB_META + 7, rows, "").await.map(|_| ())
}

/// Writes the figures of a file over those of the base.
///
/// # Errors
/// When the database refuses.
pub async fn update_statistique(
    tx: &Tx,
    e: &Ecriture<'_>,
    id: i64,
    s: &StatistiqueImport,
) -> Result<(), StoreError> {
    tx.exec(
        "UPDATE statistique_formation SET capacite = $1, candidats = $2, propositions = $3, acceptations = $4,
             chiffres = $5, maj_le = $6, maj_par = $7, version = version + 1
         WHERE id = $8",
        vec![
            s.capacite.into(),
            s.candidats.into(),
            s.propositions.into(),
            s.acceptations.into(),
            texte(&s.chiffres),
            e.ms().into(),
            e.compte().into(),
            id.into(),
        ],
    )
    .await
    .map(|_| ())
}

/// Keeps the account of an import; gives its public identifier.
///
/// # Errors
/// When the database refuses.
pub async fn record_import(
    tx: &Tx,
    e: &Ecriture<'_>,
    nature: &str,
    session: i64,
    empreinte: &str,
    nom: &str,
    bilan: &str,
) -> Result<String, StoreError> {
    let (id, mut valeurs) = e.meta();
    valeurs.extend([texte(nature), session.into(), texte(empreinte), texte(nom), texte(bilan)]);
    tx.exec(
        &format!(
            "INSERT INTO import ({META}, nature, session_id, empreinte, nom, bilan)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
        ),
        valeurs,
    )
    .await?;
    Ok(id.as_str().to_owned())
}
