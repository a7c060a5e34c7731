//! The national list of towns, with their post codes and their positions.

use std::collections::HashSet;
use std::io::Read;

use domain::territoires::{Commune, departement, departement_postal};

use super::{read_rows, resolve};
use crate::offre::{Champs, champs};
use crate::tableau::{Bilan, Lecteur};
use crate::{FichierError, Options};

/// Columns read, each with the names that it may bear, the preferred one first.
const COLONNES: [&[&str]; 4] =
    [&["code_postal"], &["nom_commune_complet", "nom_commune"], &["latitude"], &["longitude"]];
/// A department code that is wrong in the list is found again by the post code.
const DEPARTEMENT: &[&str] = &["code_departement"];
/// Known columns that say nothing we keep.
const SANS_EMPLOI: [&str; 12] = [
    "nom_commune",
    "libelle_acheminement",
    "nom_departement",
    "nom_region",
    "code_region",
    "code_commune",
    "code_commune_insee",
    "nom_commune_postal",
    "ligne_5",
    "article",
    "gps",
    "id",
];

/// What a line gives.
enum Lue {
    Une(Commune),
    /// Right, and of no use: without a position.
    SansPosition,
}

/// Reads the towns; those at fault are told in the account and left out, those without a position, and lines said twice, are counted
/// as left aside.
pub fn read_communes<'a>(
    source: impl Read + 'a,
    nom_fichier: &str,
    options: Options<'a>,
) -> Result<(Vec<Commune>, Bilan), FichierError> {
    let mut lecteur = Lecteur::open(source, nom_fichier, options)?.tolerant();
    let mut bilan = lecteur.bilan();
    let facultatives = [DEPARTEMENT, SANS_EMPLOI.as_slice()].concat();
    let colonnes = resolve(&lecteur, &mut bilan.releve, COLONNES, &facultatives, "des communes")?;
    let code_departement = lecteur.entetes().find(DEPARTEMENT);
    let lues = read_rows(&mut lecteur, &mut bilan, |champs| row(&colonnes, code_departement, champs))?;
    let mut communes: Vec<Commune> = Vec::new();
    let mut vues: HashSet<(String, String)> = HashSet::new();
    for lue in lues {
        match lue {
            Lue::Une(c) if vues.insert((c.code_postal.clone(), c.nom.clone())) => communes.push(c),
            Lue::Une(_) | Lue::SansPosition => bilan.lignes_ignorees += 1,
        }
    }
    bilan.lignes_valides = communes.len() as u64;
    Ok((communes, bilan))
}

/// Five digits; the list has lost the zero that some begin with.
fn code_postal(champs: &mut Champs<'_>, index: usize) -> Option<String> {
    let lu = champs.cell(index);
    let juste = (4..=5).contains(&lu.len()) && lu.bytes().all(|b| b.is_ascii_digit());
    if !juste {
        champs.fault(Some(index), "code postal illisible : cinq chiffres sont attendus".to_owned());
    }
    juste.then(|| format!("{lu:0>5}"))
}

fn degres(champs: &mut Champs<'_>, index: usize, borne: f64) -> Option<f64> {
    let lu = champs.cell(index).replace(',', ".").parse::<f64>();
    let lu = lu.ok().filter(|degres| degres.is_finite() && degres.abs() <= borne);
    if lu.is_none() {
        champs.fault(
            Some(index),
            format!("position illisible : des degrés, de -{borne} à {borne}, sont attendus"),
        );
    }
    lu
}

fn row(colonnes: &[usize; 4], code_departement: Option<usize>, champs: &mut Champs<'_>) -> Option<Lue> {
    champs.report_cleaned();
    let [code, nom, latitude, longitude] = *colonnes;
    let code_postal = code_postal(champs, code);
    let nom = champs::required(champs, nom, "nom de la commune absent : complétez-le");
    if champs.cell(latitude).is_empty() && champs.cell(longitude).is_empty() {
        return code_postal.and(nom).map(|_| Lue::SansPosition);
    }
    let (latitude, longitude) = (degres(champs, latitude, 90.0), degres(champs, longitude, 180.0));
    let code_postal = code_postal?;
    let dit = code_departement.and_then(|index| departement(champs.cell(index)));
    let Some(lieu) = dit.or_else(|| departement_postal(&code_postal)) else {
        champs.fault(
            Some(code),
            "département inconnu : il n’est ni dans la ligne ni dans le code postal".to_owned(),
        );
        return None;
    };
    Some(Lue::Une(Commune {
        nom: nom?,
        code_postal,
        departement: lieu.code.to_owned(),
        latitude: latitude?,
        longitude: longitude?,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENTETE: &str = "code_postal;libelle_acheminement;latitude;longitude;nom_commune;nom_commune_complet;code_departement;nom_departement;nom_region";

    fn read(lignes: &[&str]) -> (Vec<Commune>, Bilan) {
        let texte = format!("{ENTETE}\n{}\n", lignes.join("\n"));
        read_communes(texte.as_bytes(), "communes.csv", Options::default()).unwrap()
    }

    #[test]
    fn r_eta_10_towns_are_read_with_the_zeros_that_the_list_lost() {
        let (communes, bilan) = read(&[
            "1400;L ABERGEMENT CLEMENCIAT;46.153;4.926;Abergement-Clémenciat;L'Abergement-Clémenciat;1;Ain;Auvergne-Rhône-Alpes",
            "20167;AFA;41.984;8.798;Afa;Afa;2A;Corse-du-Sud;Corse",
            "97425;LES AVIRONS;-21,209;55,359;Avirons;Les Avirons;974;La Réunion;La Réunion",
            "97425;LES AVIRONS;-21.209;55.359;Avirons;Les Avirons;974;La Réunion;La Réunion",
            "98610;ALO;;;Alo;Alo;98;;",
        ]);
        assert!(bilan.releve.is_clean(), "{:?}", bilan.releve);
        assert_eq!(bilan.releve.total_avertissements, 0, "{:?}", bilan.releve.avertissements);
        let lues: Vec<(&str, &str, &str)> = communes
            .iter()
            .map(|c| (c.code_postal.as_str(), c.nom.as_str(), c.departement.as_str()))
            .collect();
        assert_eq!(
            lues,
            [
                ("01400", "L'Abergement-Clémenciat", "01"),
                ("20167", "Afa", "2A"),
                ("97425", "Les Avirons", "974")
            ]
        );
        assert!((communes[2].latitude + 21.209).abs() < 1e-9);
        assert_eq!((bilan.lignes_lues, bilan.lignes_valides, bilan.lignes_ignorees), (5, 3, 2));
    }

    #[test]
    fn r_eta_10_every_fault_has_its_line_and_its_column() {
        let (communes, bilan) = read(&[
            "x;A;46.1;4.9;A;A;1;;",
            "80000;A;96.1;4.9;A;A;80;;",
            "80000;A;49.9;loin;A;A;80;;",
            "80000;A;49.9;2.3;;;80;;",
            "00000;A;49.9;2.3;A;A;;;",
            "80100;B;50.1;1.8;B;B;;;",
        ]);
        assert_eq!(
            communes.iter().map(|c| c.departement.as_str()).collect::<Vec<_>>(),
            ["80"],
            "by its post code"
        );
        let ou: Vec<(u64, &str)> =
            bilan.releve.fautes.iter().map(|f| (f.ligne, f.colonne.as_str())).collect();
        assert_eq!(
            ou,
            [
                (2, "code_postal"),
                (3, "latitude"),
                (4, "longitude"),
                (5, "nom_commune_complet"),
                (6, "code_postal")
            ]
        );
        assert_eq!((bilan.lignes_lues, bilan.lignes_valides, bilan.lignes_fautives), (6, 1, 5));
    }

    #[test]
    fn another_table_is_refused_by_its_columns() {
        let refus = read_communes("a;b\n1;2\n".as_bytes(), "x.csv", Options::default()).unwrap_err();
        assert_eq!(refus.fautes().len(), 4);
    }
}
