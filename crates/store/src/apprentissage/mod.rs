//! The records of the national catalogue of apprenticeship (R-APP-03): those of a flow in one query, what a day changes of them
//! in large statements.

mod integration;
mod journees;
mod lecture;
mod rapprochements;

pub use integration::{
    EtablissementNomme, FicheAIntegrer, INTEGRATION, IntegrationFaite, NouveauStatut, OuvertureFiche,
    PartDuCatalogue, a_integrer, a_integrer_seules, attach, derniere_integration, etablissements_by_uai,
    has_a_integrer, last_acts, last_integration, open_until, ouvertures_fiches, ouvertures_fiches_of,
    set_statut, set_statuts, update_parts,
};
pub use journees::{
    DerniereJournee, EtapeJournee, FichierJournee, LigneJournee, NouvelleJournee, SceauJournee,
    applied_before, count_journees, fichiers_journees, insert_journee, journee, journees, last_journee,
    move_journee, note_lus, same_journee, seal_journee,
};
pub use lecture::{
    FicheEntiere, FiltreFiches, LigneEvenement, LigneGroupe, LigneListeFiche, LigneRejetListe, PlaceFiche,
    count_fiches, count_groupes, count_hors, count_rejets, count_statuts, departements, details_evenements,
    evenements, fiche, groupe, list_fiches, list_groupes, list_rejets, noms_by_uai, public_id,
    waiting_fiches,
};
pub use rapprochements::{
    CourseLibre, FicheSansFormation, LigneRapprochement, a_rapprocher, courses_libres, rapprochements,
    replace_rapprochements,
};

use std::collections::BTreeSet;

use domain::apprentissage::LignePerimetre;
use sea_orm::Value;

use crate::ecriture::{Ecriture, META, NB_META};
use crate::error::StoreError;
use crate::imports::insert_keyed;
use crate::ligne::FromLigne;
use crate::sql::{Backend, Sql, Tx, all_among, insert_batch, places, update_batch};

/// A record that the platform has.
#[derive(Debug, Clone, FromLigne)]
pub struct LigneFiche {
    pub id: i64,
    pub identifiant: String,
    /// JSON of its fields.
    pub contenu: String,
    pub statut: String,
    pub raison: Option<String>,
    pub doublon_de: Option<String>,
    pub presente: i64,
    /// 1: candidates read its course, or did before it waited for somebody.
    pub en_ligne: i64,
}

/// The records of a session that a transaction holds before it writes them.
#[derive(Debug, Clone, Copy)]
pub enum Tenues<'a> {
    /// All of them.
    Toutes,
    /// Those of a flow.
    Flux(&'a str),
    /// Those that [`a_integrer`] gives.
    AIntegrer,
    /// Those of these keys.
    Seules(&'a [i64]),
}

/// Holds records until the end of the transaction: what an agent decides meanwhile waits, then is refused as late. Whoever writes several of
/// them holds them all so first, in the order of their keys, and their courses afterwards ([`crate::formations::hold_formations`]): two
/// who do never wait for each other. SQLite has one writer at a time.
///
/// # Errors
/// When the database refuses.
pub async fn hold_fiches(tx: &Tx, session: i64, lesquelles: Tenues<'_>) -> Result<(), StoreError> {
    if tx.backend() == Backend::Postgres {
        let mut valeurs: Vec<Value> = vec![session.into()];
        let condition = match lesquelles {
            Tenues::Toutes => "f.session_id = $1".to_owned(),
            Tenues::Flux(flux) => {
                format!("f.session_id = $1 AND f.flux = {}", places(&mut valeurs, [flux.to_owned()]))
            }
            Tenues::AIntegrer => integration::LESQUELLES.to_owned(),
            Tenues::Seules(cles) => {
                format!("f.session_id = $1 AND f.id IN ({})", places(&mut valeurs, cles.iter().copied()))
            }
        };
        let sql = format!(
            "SELECT COUNT(*) FROM (SELECT f.id FROM fiche_apprentissage f WHERE {condition} ORDER BY f.id FOR UPDATE) h"
        );
        tx.int(&sql, valeurs).await?;
    }
    Ok(())
}

/// Those of these courses that are made of a record whose status does not let them be published (R-APP-12), by key.
///
/// # Errors
/// When the database refuses.
pub async fn bloquees(c: &impl Sql, formations_session: &[i64]) -> Result<BTreeSet<i64>, StoreError> {
    #[derive(FromLigne)]
    struct Ligne {
        formation_session_id: i64,
    }
    let sql = "SELECT formation_session_id FROM fiche_apprentissage
             WHERE formation_session_id IN (:cles) AND supprime_le IS NULL
               AND statut NOT IN ('pret_pour_integration', 'publie')
               AND NOT (statut = 'en_attente_mise_a_jour' AND en_ligne = 1)";
    let lues: Vec<Ligne> = all_among(c, sql, vec![], formations_session).await?;
    Ok(lues.into_iter().map(|l| l.formation_session_id).collect())
}

/// Whether a course is that of a record.
///
/// # Errors
/// When the database refuses.
pub async fn has_fiche(c: &impl Sql, formation_session: i64) -> Result<bool, StoreError> {
    let une = c
        .int(
            "SELECT id FROM fiche_apprentissage WHERE formation_session_id = $1 AND supprime_le IS NULL LIMIT 1",
            vec![formation_session.into()],
        )
        .await?;
    Ok(une.is_some())
}

/// The flows of which a session has records, by name.
///
/// # Errors
/// When the database refuses.
pub async fn flux(c: &impl Sql, session: i64) -> Result<Vec<String>, StoreError> {
    #[derive(FromLigne)]
    struct Ligne {
        flux: String,
    }
    let lignes: Vec<Ligne> = c
        .all(
            "SELECT DISTINCT flux FROM fiche_apprentissage WHERE session_id = $1 AND supprime_le IS NULL ORDER BY flux",
            vec![session.into()],
        )
        .await?;
    Ok(lignes.into_iter().map(|l| l.flux).collect())
}

/// The records of a flow, by identifier.
///
/// # Errors
/// When the database refuses.
pub async fn fiches(c: &impl Sql, session: i64, flux: &str) -> Result<Vec<LigneFiche>, StoreError> {
    c.all(
        "SELECT f.id, f.identifiant, f.contenu, f.statut, f.raison, f.doublon_de, f.presente,
                CAST(CASE WHEN f.en_ligne = 1 OR fs.etat = 'publiee' THEN 1 ELSE 0 END AS BIGINT) AS en_ligne
         FROM fiche_apprentissage f LEFT JOIN formation_session fs ON fs.id = f.formation_session_id
         WHERE f.session_id = $1 AND f.flux = $2 AND f.supprime_le IS NULL ORDER BY f.identifiant",
        vec![session.into(), flux.to_owned().into()],
    )
    .await
}

/// What is written of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FicheAEcrire {
    pub identifiant: String,
    /// JSON of its fields.
    pub contenu: String,
    /// Code of the department of its place; empty when nobody knows it.
    pub departement: String,
    /// Code of its academy; the same.
    pub academie: String,
    pub statut: &'static str,
    pub raison: Option<String>,
    pub doublon_de: Option<String>,
    pub presente: bool,
    pub en_ligne: bool,
    /// Empty when nothing names the course.
    pub intitule: String,
    /// Normalised words.
    pub recherche: String,
    /// « |0800001A|0600002B| ».
    pub uais: String,
    /// Of the place, of who trains and of who manages; empty when it says none.
    pub sirets: [String; 3],
    /// « |mef|appariement| ».
    pub constats: String,
}

/// What [`FicheAEcrire`] writes, in the order of its values.
const COLONNES: [&str; 16] = [
    "identifiant",
    "contenu",
    "departement",
    "academie",
    "statut",
    "raison",
    "doublon_de",
    "presente",
    "en_ligne",
    "intitule",
    "recherche",
    "uais",
    "siret_lieu",
    "siret_formateur",
    "siret_gestionnaire",
    "constats",
];

impl FicheAEcrire {
    fn valeurs(&self) -> [Value; 16] {
        let [lieu, formateur, gestionnaire] = &self.sirets;
        [
            self.identifiant.clone().into(),
            self.contenu.clone().into(),
            self.departement.clone().into(),
            self.academie.clone().into(),
            self.statut.to_owned().into(),
            self.raison.clone().into(),
            self.doublon_de.clone().into(),
            i64::from(self.presente).into(),
            i64::from(self.en_ligne).into(),
            self.intitule.clone().into(),
            self.recherche.clone().into(),
            self.uais.clone().into(),
            lieu.clone().into(),
            formateur.clone().into(),
            gestionnaire.clone().into(),
            self.constats.clone().into(),
        ]
    }
}

/// Adds records to a flow; gives their keys in the order given.
///
/// # Errors
/// [`StoreError::Conflict`] when the flow has one of them.
pub async fn add_fiches<'a>(
    tx: &Tx,
    e: &Ecriture<'_>,
    session: i64,
    flux: &str,
    fiches: impl IntoIterator<Item = &'a FicheAEcrire>,
) -> Result<Vec<i64>, StoreError> {
    // Rows and not a way to make them: a task holds what it waits for, and is sent from one thread to another.
    let row = |f: &FicheAEcrire| {
        let mut row: Vec<Value> = vec![session.into(), flux.to_owned().into()];
        row.extend(f.valeurs());
        row
    };
    let rows: Vec<Vec<Value>> = fiches.into_iter().map(row).collect();
    let colonnes = format!("session_id, flux, {}", COLONNES.join(", "));
    insert_keyed(tx, e, "fiche_apprentissage", &colonnes, rows).await
}

/// Writes what the day says over records, by key.
///
/// # Errors
/// When the database refuses.
pub async fn update_fiches(
    tx: &Tx,
    e: &Ecriture<'_>,
    fiches: &[(i64, FicheAEcrire)],
) -> Result<(), StoreError> {
    let rows: Vec<Vec<Value>> = fiches
        .iter()
        .map(|(id, f)| {
            let mut row: Vec<Value> = vec![(*id).into()];
            row.extend(f.valeurs());
            row.extend([e.ms().into(), e.compte().into()]);
            row
        })
        .collect();
    let colonnes: Vec<&str> = COLONNES.iter().copied().chain(["maj_le", "maj_par"]).collect();
    update_batch(tx, "fiche_apprentissage", (&["id"], &colonnes), rows).await.map(|_| ())
}

/// Something that happened to a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvenementAEcrire {
    /// Key of the record.
    pub fiche: i64,
    /// Code of the outcome.
    pub issue: &'static str,
    /// JSON.
    pub detail: String,
    pub statut_avant: Option<&'static str>,
    /// Absent: the status stays.
    pub statut: Option<&'static str>,
    pub raison: Option<String>,
}

/// Adds to the history of records.
///
/// # Errors
/// When the database refuses.
pub async fn add_evenements(
    tx: &Tx,
    e: &Ecriture<'_>,
    evenements: impl IntoIterator<Item = EvenementAEcrire>,
) -> Result<(), StoreError> {
    let rows: Vec<Vec<Value>> = evenements
        .into_iter()
        .map(|ev| {
            let (_, mut row) = e.meta();
            row.extend([
                ev.fiche.into(),
                ev.issue.to_owned().into(),
                ev.detail.into(),
                ev.statut_avant.map(str::to_owned).into(),
                ev.statut.map(str::to_owned).into(),
                ev.raison.into(),
            ]);
            row
        })
        .collect();
    let debut = format!(
        "INSERT INTO evenement_apprentissage ({META}, fiche_apprentissage_id, issue, detail, statut_avant, statut, raison)"
    );
    insert_batch(tx, &debut, NB_META + 6, rows, "").await.map(|_| ())
}

/// A record that the last day of a flow could not take.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct LigneRejet {
    pub fichier: String,
    /// Among the records of its file, from 1; 0: nobody kept it.
    pub rang: i64,
    pub ligne: i64,
    pub identifiant: Option<String>,
    pub intitule: Option<String>,
    pub lieu: Option<String>,
    /// JSON of its faults.
    pub fautes: String,
    /// Code; empty when nobody knows where it would have been.
    pub academie: String,
}

/// Those of a flow, in the order of its files.
///
/// # Errors
/// When the database refuses.
pub async fn rejets(c: &impl Sql, session: i64, flux: &str) -> Result<Vec<LigneRejet>, StoreError> {
    c.all(
        "SELECT fichier, rang, ligne, identifiant, intitule, lieu, fautes, academie FROM rejet_apprentissage
         WHERE session_id = $1 AND flux = $2 ORDER BY id",
        vec![session.into(), flux.to_owned().into()],
    )
    .await
}

/// Puts those of the day in the place of those of the day before.
///
/// # Errors
/// When the database refuses.
pub async fn replace_rejets(
    tx: &Tx,
    e: &Ecriture<'_>,
    session: i64,
    flux: &str,
    rejets: &[LigneRejet],
) -> Result<(), StoreError> {
    tx.exec(
        "DELETE FROM rejet_apprentissage WHERE session_id = $1 AND flux = $2",
        vec![session.into(), flux.to_owned().into()],
    )
    .await?;
    let rows: Vec<Vec<Value>> = rejets
        .iter()
        .map(|r| {
            let (_, mut row) = e.meta();
            row.extend([
                session.into(),
                flux.to_owned().into(),
                r.fichier.clone().into(),
                r.rang.into(),
                r.ligne.into(),
                r.identifiant.clone().into(),
                r.intitule.clone().into(),
                r.lieu.clone().into(),
                r.fautes.clone().into(),
                r.academie.clone().into(),
            ]);
            row
        })
        .collect();
    let debut = format!(
        "INSERT INTO rejet_apprentissage
           ({META}, session_id, flux, fichier, rang, ligne, identifiant, intitule, lieu, fautes, academie)"
    );
    insert_batch(tx, &debut, NB_META + 10, rows, "").await.map(|_| ())
}

#[derive(FromLigne)]
struct Perimetre {
    nature: String,
    valeur: String,
    acces: String,
    libelle: String,
}

/// What a session admits; empty while nothing was written.
///
/// # Errors
/// When the database refuses.
pub async fn perimetre(c: &impl Sql, session: i64) -> Result<Vec<LignePerimetre>, StoreError> {
    let lignes: Vec<Perimetre> = c
        .all(
            "SELECT nature, valeur, acces, libelle FROM perimetre_apprentissage WHERE session_id = $1 ORDER BY id",
            vec![session.into()],
        )
        .await?;
    let ligne = |l: Perimetre| LignePerimetre {
        nature: l.nature,
        valeur: l.valeur,
        acces: l.acces,
        libelle: l.libelle,
    };
    Ok(lignes.into_iter().map(ligne).collect())
}

/// Puts another perimeter in the place of the session's.
///
/// # Errors
/// When the database refuses.
pub async fn replace_perimetre(
    tx: &Tx,
    e: &Ecriture<'_>,
    session: i64,
    lignes: &[LignePerimetre],
) -> Result<(), StoreError> {
    tx.exec("DELETE FROM perimetre_apprentissage WHERE session_id = $1", vec![session.into()]).await?;
    let rows: Vec<Vec<Value>> = lignes
        .iter()
        .map(|l| {
            let (_, mut row) = e.meta();
            row.push(session.into());
            row.extend([&l.nature, &l.valeur, &l.acces, &l.libelle].map(|t| Value::from(t.clone())));
            row
        })
        .collect();
    let debut =
        format!("INSERT INTO perimetre_apprentissage ({META}, session_id, nature, valeur, acces, libelle)");
    insert_batch(tx, &debut, NB_META + 5, rows, "").await.map(|_| ())
}
