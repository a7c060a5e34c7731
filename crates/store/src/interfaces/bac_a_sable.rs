//! The invented establishment of a sandbox: its courses, and candidates who wish them.

use domain::candidats::{TypeBac, code_boursier};
use domain::candidatures::EtatVoeu;

use crate::coffre::{Coffre, Emplacement};
use crate::ecriture::{Ecriture, META, NB_META};
use crate::error::StoreError;
use crate::etablissements::{NouveauChef, insert_chef};
use crate::sql::{Sql, Tx};
use crate::{Alea, Value};

/// A course to write.
#[derive(Debug, Clone)]
pub struct EssaiFormation {
    pub famille: &'static str,
    pub libelle: &'static str,
    pub selective: bool,
    /// Words by which it is found.
    pub recherche: String,
    /// (label, series, candidates who wish it).
    pub groupes: Vec<(&'static str, &'static str, usize)>,
    /// The description, in its stored form, and how many things are missing.
    pub description: (String, usize),
}

/// An establishment to write.
#[derive(Debug, Clone)]
pub struct Essai<'a> {
    pub session: i64,
    pub nom: &'a str,
    pub uai: &'a str,
    pub formations: &'a [EssaiFormation],
}

async fn insert(
    tx: &Tx,
    e: &Ecriture<'_>,
    table: &str,
    colonnes: &str,
    valeurs: Vec<Value>,
) -> Result<(i64, String), StoreError> {
    let (public_id, mut toutes) = e.meta();
    let places: Vec<String> = (1..=NB_META + valeurs.len()).map(|i| format!("${i}")).collect();
    toutes.extend(valeurs);
    let sql = format!("INSERT INTO {table} ({META}, {colonnes}) VALUES ({}) RETURNING id", places.join(", "));
    let id = tx.int(&sql, toutes).await?.ok_or(StoreError::NotFound("bac à sable"))?;
    Ok((id, public_id.as_str().to_owned()))
}

fn texte(t: &str) -> Value {
    t.to_owned().into()
}

/// Writes the establishment with its courses and their candidates; gives its key and those of the permanent courses.
///
/// # Errors
/// When the database refuses.
pub async fn insert_essai(
    tx: &Tx,
    e: &Ecriture<'_>,
    coffre: &Coffre,
    alea: &dyn Alea,
    essai: &Essai<'_>,
) -> Result<(i64, Vec<i64>), StoreError> {
    let session = essai.session;
    let (etablissement, _) = insert(tx, e, "etablissement", "uai", vec![texte(essai.uai)]).await?;
    // Whoever signs is confirmed: that is no program's to do, and nothing is published without it.
    let chef = NouveauChef {
        civilite: "madame",
        nom: "Essai",
        prenom: "Directrice",
        fonction: "Cheffe d’établissement",
        courriel: "direction@bac-a-sable.example",
        telephone: "03 22 00 00 01",
        depuis: "2021-09-01",
        jusqu_a: None,
        interim: false,
    };
    let chef = insert_chef(tx, e, coffre, etablissement, &chef).await?;
    insert(
        tx,
        e,
        "etablissement_session",
        "etablissement_id, session_id, nom, statut, departement, academie, commune, adresse, code_postal, telephone,
         accessibilite, referent_nom, referent_courriel, internat, boursiers, chef_confirme, chef_confirme_le",
        vec![
            etablissement.into(),
            session.into(),
            texte(essai.nom),
            texte("public"),
            texte("80"),
            texte("20"),
            texte("Amiens"),
            texte("1 rue du Bac"),
            texte("80000"),
            texte("03 22 00 00 00"),
            texte("Accès de plain-pied."),
            texte("Référente d’essai"),
            texte("referente@bac-a-sable.example"),
            texte("sans"),
            1_i64.into(),
            chef.into(),
            e.ms().into(),
        ],
    )
    .await?;
    let mut formations = Vec::new();
    for f in essai.formations {
        let cle = alea.public_id().as_str().to_owned();
        let (inscription, _) = insert(
            tx,
            e,
            "formation_inscription",
            "etablissement_id, cle",
            vec![etablissement.into(), cle.clone().into()],
        )
        .await?;
        let (formation, _) = insert(
            tx,
            e,
            "formation",
            "formation_inscription_id, cle, statut",
            vec![inscription.into(), cle.into(), texte("etudiant")],
        )
        .await?;
        let (fs, _) = insert(
            tx,
            e,
            "formation_session",
            "formation_id, session_id, etablissement_id, famille, libelle, selective, departement, academie, commune, etat,
             recherche",
            vec![
                formation.into(),
                session.into(),
                etablissement.into(),
                texte(f.famille),
                texte(f.libelle),
                i64::from(f.selective).into(),
                texte("80"),
                texte("20"),
                texte("Amiens"),
                texte("brouillon"),
                f.recherche.clone().into(),
            ],
        )
        .await?;
        insert(
            tx,
            e,
            "formation_description",
            "formation_session_id, contenu, manques",
            vec![
                fs.into(),
                f.description.0.clone().into(),
                i64::try_from(f.description.1).unwrap_or(i64::MAX).into(),
            ],
        )
        .await?;
        for (libelle, series, candidats) in f.groupes.clone() {
            let (groupe, _) = insert(
                tx,
                e,
                "groupe_classement",
                "session_id, formation_session_id, libelle, series",
                vec![session.into(), fs.into(), texte(libelle), texte(series)],
            )
            .await?;
            insert(
                tx,
                e,
                "groupe_affectation",
                "groupe_classement_id, formation_session_id, places, nombre_a_appeler",
                vec![groupe.into(), fs.into(), 0_i64.into(), 0_i64.into()],
            )
            .await?;
            for n in 0..candidats {
                let candidat = candidat(tx, e, coffre, alea, session, n, series).await?;
                insert(
                    tx,
                    e,
                    "voeu",
                    "session_id, candidat_id, formation_session_id, groupe_classement_id, phase, etat, etat_le, confirme_le",
                    vec![
                        session.into(),
                        candidat.into(),
                        fs.into(),
                        groupe.into(),
                        texte("pp"),
                        texte(EtatVoeu::Confirme.code()),
                        e.ms().into(),
                        e.ms().into(),
                    ],
                )
                .await?;
            }
        }
        formations.push(formation);
    }
    Ok((etablissement, formations))
}

async fn candidat(
    tx: &Tx,
    e: &Ecriture<'_>,
    coffre: &Coffre,
    alea: &dyn Alea,
    session: i64,
    n: usize,
    series: &'static str,
) -> Result<i64, StoreError> {
    const NOMS: [(&str, &str); 6] = [
        ("Ravel", "Inès"),
        ("Moreau", "Tom"),
        ("Petit", "Léa"),
        ("Diallo", "Awa"),
        ("Nguyen", "Paul"),
        ("Garcia", "Zoé"),
    ];
    let (nom, prenom) = NOMS[n % NOMS.len()];
    let courriel = format!("{}@bac-a-sable.example", alea.public_id());
    let (compte, _) = insert(
        tx,
        e,
        "compte",
        "courriel, nom, prenom, etat",
        vec![courriel.into(), texte(nom), texte(prenom), texte("invite")],
    )
    .await?;
    let numero = tx
        .int("SELECT COALESCE(MAX(numero), 0) + 1 FROM candidat WHERE session_id = $1", vec![session.into()])
        .await?;
    let type_bac = match series {
        "pro" => TypeBac::Pro,
        "techno" => TypeBac::Techno,
        _ => TypeBac::General,
    };
    let moyenne = i64::try_from(1_000 + n * 67).unwrap_or(1_000);
    let (candidat, public_id) = insert(
        tx,
        e,
        "candidat",
        "session_id, compte_id, numero, nom, prenom, type_bac, commune, departement, academie, moyenne_centiemes, etat",
        vec![
            session.into(),
            compte.into(),
            numero.into(),
            texte(nom),
            texte(prenom),
            texte(type_bac.code()),
            texte("Amiens"),
            texte("80"),
            texte("20"),
            moyenne.into(),
            texte("inscrit"),
        ],
    )
    .await?;
    let ou = Emplacement { table: "candidat", colonne: "boursier_chiffre", ligne: &public_id };
    let scelle = coffre.seal(ou, code_boursier(n.is_multiple_of(4)).as_bytes(), alea.nonce())?;
    tx.exec("UPDATE candidat SET boursier_chiffre = $1 WHERE id = $2", vec![scelle.into(), candidat.into()])
        .await?;
    Ok(candidat)
}

/// Withdraws the establishment that a sandbox had before: nobody reads its courses any more.
///
/// # Errors
/// When the database refuses.
pub async fn withdraw_essai(tx: &Tx, e: &Ecriture<'_>, etablissement: i64) -> Result<(), StoreError> {
    for table in ["formation_session", "etablissement_session"] {
        tx.exec(
            &format!(
                "UPDATE {table} SET supprime_le = $2 WHERE etablissement_id = $1 AND supprime_le IS NULL"
            ),
            vec![etablissement.into(), e.ms().into()],
        )
        .await?;
    }
    Ok(())
}
