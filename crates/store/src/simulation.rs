//! Candidates, wishes and rankings in bulk: what a simulated cohort and the demonstration write.

use sea_orm::Value;

use crate::coffre::{Coffre, Emplacement};
use crate::ecriture::{Ecriture, META, NB_META};
use crate::error::StoreError;
use crate::imports::insert_keyed;
use crate::inscriptions::ine_fingerprint;
use crate::sql::{Sql, Tx, insert_batch};

/// A candidate to write.
#[derive(Debug, Clone)]
pub struct CandidatSeme {
    pub compte: Option<i64>,
    pub numero: i64,
    pub nom: String,
    pub prenom: String,
    /// ISO day.
    pub naissance: Option<String>,
    /// In clear: sealed here.
    pub ine: Option<String>,
    pub type_bac: &'static str,
    pub serie: String,
    /// Code of `domain::candidats::code_boursier`, sealed here.
    pub boursier: &'static str,
    pub commune: String,
    pub departement: String,
    pub academie: String,
    pub etablissement_origine: String,
    pub moyenne_centiemes: Option<i64>,
    /// JSON of averages by subject, in hundredths.
    pub notes: String,
}

/// A wish to write.
#[derive(Debug, Clone, Copy)]
pub struct VoeuSeme {
    pub candidat: i64,
    pub formation_session: i64,
    pub groupe: i64,
    pub internat: bool,
    /// `pp` or `pc`.
    pub phase: &'static str,
    /// Code of `EtatVoeu`.
    pub etat: &'static str,
    pub etat_le: i64,
    pub confirme_le: Option<i64>,
    /// Order of preference of the simulated person; 0 = none told.
    pub preference: i64,
}

/// A ranking to write.
#[derive(Debug, Clone)]
pub struct ClassementSeme {
    pub groupe: i64,
    /// Sent at this instant; `None`: a draft.
    pub transmis_le: Option<i64>,
    pub empreinte: Option<String>,
}

/// The last number given to a candidate of the session.
///
/// # Errors
/// When the database refuses.
pub async fn dernier_numero(c: &impl Sql, session: i64) -> Result<i64, StoreError> {
    let n =
        c.int("SELECT COALESCE(MAX(numero), 0) FROM candidat WHERE session_id = $1", vec![session.into()]).await?;
    Ok(n.unwrap_or(0))
}

/// Adds registered candidates, sensitive columns sealed; gives their keys.
///
/// # Errors
/// [`StoreError::Conflict`] when a number, an account or an INE is taken.
pub async fn add_candidats(
    tx: &Tx,
    e: &Ecriture<'_>,
    coffre: &Coffre,
    session: i64,
    candidats: &[CandidatSeme],
) -> Result<Vec<i64>, StoreError> {
    let avant = tx.int("SELECT COALESCE(MAX(id), 0) FROM candidat", vec![]).await?.unwrap_or(0);
    let debut = format!(
        "INSERT INTO candidat ({META}, session_id, compte_id, numero, nom, prenom, naissance, ine_chiffre, ine_hmac, type_bac,
             serie, boursier_chiffre, commune, departement, academie, etablissement_origine, moyenne_centiemes, notes, etat)"
    );
    let mut publics = Vec::with_capacity(candidats.len());
    // Sealed by slices: a whole cohort of sealed rows would not be light in memory.
    for lot in candidats.chunks(5_000) {
        let mut rows = Vec::with_capacity(lot.len());
        for c in lot {
            let (public_id, mut valeurs) = e.meta();
            let seal = |colonne: &'static str, clair: &str| {
                let ou = Emplacement { table: "candidat", colonne, ligne: public_id.as_str() };
                coffre.seal(ou, clair.as_bytes(), e.alea().nonce())
            };
            let ine = c.ine.as_deref().map(|i| seal("ine_chiffre", i)).transpose()?;
            let boursier = seal("boursier_chiffre", c.boursier)?;
            valeurs.extend([
                session.into(),
                c.compte.into(),
                c.numero.into(),
                c.nom.clone().into(),
                c.prenom.clone().into(),
                c.naissance.clone().into(),
                ine.into(),
                c.ine.as_deref().map(|i| ine_fingerprint(coffre, i)).into(),
                c.type_bac.to_owned().into(),
                c.serie.clone().into(),
                boursier.into(),
                c.commune.clone().into(),
                c.departement.clone().into(),
                c.academie.clone().into(),
                c.etablissement_origine.clone().into(),
                c.moyenne_centiemes.into(),
                c.notes.clone().into(),
                "inscrit".to_owned().into(),
            ]);
            publics.push(public_id.as_str().to_owned());
            rows.push(valeurs);
        }
        insert_batch(tx, &debut, NB_META + 18, rows, "").await?;
    }
    crate::imports::keys_after(tx, "candidat", avant, &publics).await
}

/// Adds wishes.
///
/// # Errors
/// [`StoreError::Conflict`] when a candidate has a course twice.
pub async fn add_voeux(
    tx: &Tx,
    e: &Ecriture<'_>,
    session: i64,
    voeux: impl IntoIterator<Item = VoeuSeme>,
) -> Result<u64, StoreError> {
    let debut = format!(
        "INSERT INTO voeu ({META}, session_id, candidat_id, formation_session_id, groupe_classement_id, avec_internat, phase,
             etat, etat_le, confirme_le, rang_preference)"
    );
    let rows = voeux.into_iter().map(|v| {
        let (_, mut valeurs) = e.meta();
        valeurs.extend([
            session.into(),
            v.candidat.into(),
            v.formation_session.into(),
            v.groupe.into(),
            i64::from(v.internat).into(),
            v.phase.to_owned().into(),
            v.etat.to_owned().into(),
            v.etat_le.into(),
            v.confirme_le.into(),
            v.preference.into(),
        ]);
        valeurs
    });
    insert_batch(tx, &debut, NB_META + 10, rows, "").await
}

/// Adds first rankings of groups; gives their keys.
///
/// # Errors
/// [`StoreError::Conflict`] when a group has a ranking.
pub async fn add_classements(
    tx: &Tx,
    e: &Ecriture<'_>,
    classements: &[ClassementSeme],
) -> Result<Vec<i64>, StoreError> {
    let rows = classements.iter().map(|c| {
        let etat = if c.transmis_le.is_some() { "transmis" } else { "brouillon" };
        vec![
            c.groupe.into(),
            1_i64.into(),
            etat.to_owned().into(),
            c.transmis_le.into(),
            c.empreinte.clone().into(),
        ]
    });
    insert_keyed(tx, e, "classement", "groupe_classement_id, numero, etat, transmis_le, empreinte", rows).await
}

/// Adds ranks: (ranking, candidate, rank).
///
/// # Errors
/// [`StoreError::Conflict`] when a rank or a candidate is taken.
pub async fn add_rangs(
    tx: &Tx,
    rangs: impl IntoIterator<Item = (i64, i64, i64)>,
) -> Result<u64, StoreError> {
    let rows = rangs.into_iter().map(|(c, k, r)| vec![c.into(), k.into(), r.into()]);
    insert_batch(tx, "INSERT INTO classement_rang (classement_id, candidat_id, rang)", 3, rows, "").await
}

/// Sets the minimum rate of scholarship holders of groups: (group, rate).
///
/// # Errors
/// When the database refuses.
pub async fn set_taux(tx: &Tx, e: &Ecriture<'_>, taux: &[(i64, i64)]) -> Result<(), StoreError> {
    let mut par_taux: std::collections::BTreeMap<i64, Vec<i64>> = std::collections::BTreeMap::new();
    for &(groupe, t) in taux {
        par_taux.entry(t).or_default().push(groupe);
    }
    for (t, groupes) in par_taux {
        update_lots(
            tx,
            "UPDATE groupe_classement SET taux_min_boursiers = $1, maj_le = $2, maj_par = $3, version = version + 1",
            vec![t.into(), e.ms().into(), e.compte().into()],
            &groupes,
        )
        .await?;
    }
    Ok(())
}

/// Moves wishes from one state to another; gives how many were still in the first.
///
/// # Errors
/// When the database refuses.
pub async fn move_voeux(
    tx: &Tx,
    e: &Ecriture<'_>,
    vers: &'static str,
    voeux: &[i64],
) -> Result<u64, StoreError> {
    update_lots(
        tx,
        "UPDATE voeu SET etat = $1, etat_le = $2, maj_le = $2, maj_par = $3, version = version + 1",
        vec![vers.to_owned().into(), e.ms().into(), e.compte().into()],
        voeux,
    )
    .await
}

/// Marks waiting wishes as explicitly kept.
///
/// # Errors
/// When the database refuses.
pub async fn keep_voeux(tx: &Tx, e: &Ecriture<'_>, voeux: &[i64]) -> Result<u64, StoreError> {
    update_lots(
        tx,
        "UPDATE voeu SET maintenu_le = $1, maj_le = $1, maj_par = $2, version = version + 1",
        vec![e.ms().into(), e.compte().into()],
        voeux,
    )
    .await
}

/// Answers the propositions of wishes.
///
/// # Errors
/// When the database refuses.
pub async fn answer_propositions(
    tx: &Tx,
    e: &Ecriture<'_>,
    reponse: &'static str,
    voeux: &[i64],
) -> Result<u64, StoreError> {
    let mut total = 0;
    for lot in voeux.chunks(1_000) {
        let mut params: Vec<Value> =
            vec![reponse.to_owned().into(), e.ms().into(), e.compte().into()];
        let places = places(&mut params, lot);
        let sql = format!(
            "UPDATE proposition SET reponse = $1, repondue_le = $2, maj_le = $2, maj_par = $3, version = version + 1
             WHERE voeu_id IN ({places})"
        );
        total += tx.exec(&sql, params).await?;
    }
    Ok(total)
}

fn places(params: &mut Vec<Value>, ids: &[i64]) -> String {
    let debut = params.len();
    params.extend(ids.iter().map(|id| Value::from(*id)));
    let noms: Vec<String> = (debut + 1..=params.len()).map(|i| format!("${i}")).collect();
    noms.join(", ")
}

/// Runs an update on rows by key, a thousand at a time.
async fn update_lots(tx: &Tx, debut: &str, fixes: Vec<Value>, ids: &[i64]) -> Result<u64, StoreError> {
    let mut total = 0;
    for lot in ids.chunks(1_000) {
        let mut params = fixes.clone();
        let places = places(&mut params, lot);
        total += tx.exec(&format!("{debut} WHERE id IN ({places})"), params).await?;
    }
    Ok(total)
}
