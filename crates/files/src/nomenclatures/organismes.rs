//! The register of the establishments of the national catalogue of apprenticeship, by their SIRET.

use std::collections::HashMap;
use std::io::Read;

use domain::apprentissage::{OrganismeConnu, choose_nom, is_siret_coherent, parse_siret};
use domain::territoires::{departement, departement_postal};

use super::{is_first, read_rows, resolve};
use crate::offre::Champs;
use crate::tableau::{Bilan, Lecteur, Nature};
use crate::valeurs::{FormeUai, squeeze, uai_form};
use crate::{FichierError, Options};

/// Columns read, each with the names that it may bear, the preferred one first.
const COLONNES: [&[&str]; 5] =
    [&["siret"], &["uai"], &["enseigne"], &["raison_sociale", "entreprise_raison_sociale"], &["localite"]];
const USAGE: &[&str] = &["onisep_nom"];
const DEPARTEMENT: &[&str] = &["departement", "num_departement"];
const CODE_POSTAL: &[&str] = &["code_postal"];
const POSITION: [&str; 2] = ["latitude", "longitude"];
const FERME: &[&str] = &["ferme"];
/// Known columns that say nothing we keep.
const SANS_EMPLOI: [&str; 9] = [
    "siren",
    "onisep_url",
    "adresse",
    "code_insee",
    "code_academie",
    "academie",
    "region",
    "certifie_qualite",
    "nda",
];
/// Longest name kept, in characters: that of the pages of an establishment.
const NOM_MAX: usize = 200;

/// Reads the establishments; those at fault are told in the account and left out.
pub fn read_organismes<'a>(
    source: impl Read + 'a,
    nom_fichier: &str,
    options: Options<'a>,
) -> Result<(Vec<OrganismeConnu>, Bilan), FichierError> {
    let mut lecteur = Lecteur::open(source, nom_fichier, options)?.tolerant();
    let mut bilan = lecteur.bilan();
    let facultatives =
        [USAGE, DEPARTEMENT, CODE_POSTAL, POSITION.as_slice(), FERME, SANS_EMPLOI.as_slice()].concat();
    let colonnes = resolve(&lecteur, &mut bilan.releve, COLONNES, &facultatives, "des établissements")?;
    let entetes = lecteur.entetes();
    let autres = Autres {
        usage: entetes.find(USAGE),
        departement: entetes.find(DEPARTEMENT),
        code_postal: entetes.find(CODE_POSTAL),
        position: POSITION.map(|nom| entetes.find(&[nom])),
        ferme: entetes.find(FERME),
    };
    let mut vus = HashMap::new();
    let organismes = read_rows(&mut lecteur, &mut bilan, |champs| {
        row(&colonnes, &autres, champs)
            .filter(|o| is_first(&mut vus, champs, ("SIRET", colonnes[0]), &o.siret))
    })?;
    Ok((organismes, bilan))
}

/// Where the columns are that a register may not have.
struct Autres {
    usage: Option<usize>,
    departement: Option<usize>,
    code_postal: Option<usize>,
    position: [Option<usize>; 2],
    ferme: Option<usize>,
}

/// The first characters of a name that no page would hold.
fn court(nom: &str) -> String {
    nom.chars().take(NOM_MAX).collect::<String>().trim_end().to_owned()
}

fn uai(champs: &mut Champs<'_>, index: usize) -> Option<String> {
    let lu = champs.cell(index).to_uppercase();
    if lu.is_empty() {
        return None;
    }
    let forme = uai_form(&lu);
    if forme != FormeUai::Conforme {
        champs.warn(Nature::Uai, Some(index), || {
            let garde = if forme == FormeUai::Autre { " : il n’est pas repris" } else { "" };
            format!("le code UAI « {lu} » n’est pas conforme{garde}")
        });
    }
    (forme != FormeUai::Autre).then_some(lu)
}

fn row(colonnes: &[usize; 5], autres: &Autres, champs: &mut Champs<'_>) -> Option<OrganismeConnu> {
    champs.report_cleaned();
    let [siret, code_uai, enseigne, raison_sociale, localite] = *colonnes;
    let lu = parse_siret(champs.cell(siret));
    match &lu {
        None => champs.fault(Some(siret), "SIRET illisible : quatorze chiffres sont attendus".to_owned()),
        Some(s) if !is_siret_coherent(s) => champs
            .warn(Nature::Siret, Some(siret), || format!("la clé du SIRET « {s} » est fausse : vérifiez-le")),
        Some(_) => {}
    }
    let usage = autres.usage.map_or("", |i| champs.cell(i));
    let nom = court(&squeeze(choose_nom(usage, champs.cell(enseigne), champs.cell(raison_sociale))));
    if nom.is_empty() {
        champs.fault(Some(raison_sociale), "nom absent : complétez-le".to_owned());
    }
    let code = autres.departement.and_then(|i| departement(champs.cell(i)));
    let lieu = code.or_else(|| departement_postal(champs.cell(autres.code_postal?)));
    let degres = |i: Option<usize>, borne: f64| {
        let lu = champs.cell(i?).replace(',', ".").parse::<f64>().ok()?;
        (lu.is_finite() && lu.abs() <= borne).then_some(lu)
    };
    let [latitude, longitude] = autres.position;
    let position = degres(latitude, 90.0).zip(degres(longitude, 180.0));
    let ville = squeeze(champs.cell(localite));
    let ferme = autres.ferme.is_some_and(|i| matches!(champs.cell(i), "true" | "oui" | "vrai" | "1"));
    let uai = uai(champs, code_uai);
    Some(OrganismeConnu {
        siret: lu?,
        uai,
        nom: Some(nom).filter(|n| !n.is_empty())?,
        ville,
        departement: lieu.map_or_else(String::new, |d| d.code.to_owned()),
        position,
        ferme,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENTETE: &str = "siret;siren;uai;enseigne;raison_sociale;onisep_nom;code_postal;localite;departement;latitude;longitude;ferme";

    fn read(lignes: &[&str]) -> (Vec<OrganismeConnu>, Bilan) {
        let texte = format!("{ENTETE}\n{}\n", lignes.join("\n"));
        read_organismes(texte.as_bytes(), "etablissements.csv", Options::default()).unwrap()
    }

    #[test]
    fn r_imp_13_establishments_are_read_by_their_siret() {
        let (lus, bilan) = read(&[
            "73282932000074;732829320;0801234b;LPO;LYCEE  DES METIERS;Lycée des Métiers;80000;AMIENS;80;49.9;2.3;false",
            "19290076900014;192900769;;CFA DE LA SOMME;CHAMBRE DE METIERS;;80100;ABBEVILLE;;;;true",
        ]);
        assert!(bilan.releve.is_clean(), "{:?}", bilan.releve);
        let dits: Vec<String> = lus
            .iter()
            .map(|o| {
                let uai = o.uai.as_deref().unwrap_or("–");
                format!("{} {uai} {} {} {} {}", o.siret, o.nom, o.ville, o.departement, o.ferme)
            })
            .collect();
        assert_eq!(
            dits,
            [
                "73282932000074 0801234B Lycée des Métiers AMIENS 80 false",
                "19290076900014 – CFA DE LA SOMME ABBEVILLE 80 true",
            ]
        );
        assert_eq!((lus[0].position, lus[1].position), (Some((49.9, 2.3)), None));
        // The letter of the code is wrong: said, and kept as the catalogue's are.
        assert_eq!(bilan.releve.total_avertissements, 1, "{:?}", bilan.releve.avertissements);
    }

    #[test]
    fn r_imp_13_every_fault_of_an_establishment_has_its_line_and_its_column() {
        let (lus, bilan) = read(&[
            "732;732;;LPO;LYCEE;;80000;AMIENS;80;;;false",
            "73282932000074;732829320;;;;;80000;AMIENS;80;;;false",
            "73282932000074;732829320;X;LPO;LYCEE;;80000;AMIENS;80;;;false",
            "73282932000074;732829320;;LPO;LYCEE;;80000;AMIENS;80;;;false",
        ]);
        assert_eq!((lus.len(), lus[0].uai.as_deref()), (1, None));
        let ou: Vec<(u64, &str)> =
            bilan.releve.fautes.iter().map(|f| (f.ligne, f.colonne.as_str())).collect();
        assert_eq!(ou, [(2, "siret"), (3, "raison_sociale"), (5, "siret")]);
        assert_eq!((bilan.lignes_lues, bilan.lignes_valides, bilan.lignes_fautives), (4, 1, 3));
        let refus = read_organismes("a;b\n1;2\n".as_bytes(), "x.csv", Options::default()).unwrap_err();
        assert_eq!(refus.fautes().len(), 5);
    }
}
