//! The national list of the types of courses (« filières de formation »), as the ministry's service publishes it.

use std::collections::{HashMap, HashSet};
use std::io::Read;

use super::{is_first, read_rows, resolve};
use crate::offre::{Champs, champs};
use crate::tableau::{Bilan, Faute, Lecteur};
use crate::{FichierError, Options, valeurs};

/// One type of course.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filiere {
    /// Line of the file, header = 1.
    pub ligne: u64,
    /// National code (`g_fl_cod`).
    pub code: u32,
    /// The same diploma under student status; its own code when it is so.
    pub code_sans_apprentissage: u32,
    /// « BTS-MCO ».
    pub sigle: String,
    pub libelle: String,
    pub apprentissage: bool,
    /// With a minor in health.
    pub las: bool,
}

const COLONNES: [&str; 6] =
    ["g_fl_cod", "g_fl_cod_si_sans_apprentissage", "sigle", "libelle", "apprentissage", "las"];
/// Known columns that say nothing we keep.
const SANS_EMPLOI: [&str; 2] = ["mots_cles_parcoursup", "mots_cles_onisep"];

/// Reads the types; those at fault are told in the account and left out.
pub fn read_filieres<'a>(
    source: impl Read + 'a,
    nom_fichier: &str,
    options: Options<'a>,
) -> Result<(Vec<Filiere>, Bilan), FichierError> {
    let mut lecteur = Lecteur::open(source, nom_fichier, options)?.tolerant();
    let mut bilan = lecteur.bilan();
    let noms = COLONNES.each_ref().map(std::slice::from_ref);
    let colonnes = resolve(&lecteur, &mut bilan.releve, noms, &SANS_EMPLOI, "des types")?;
    let mut vus = HashMap::new();
    let mut filieres = read_rows(&mut lecteur, &mut bilan, |champs| {
        row(&colonnes, champs).filter(|f| is_first(&mut vus, champs, ("code", colonnes[0]), &f.code))
    })?;
    refer(&mut filieres, &mut bilan);
    bilan.lignes_valides = filieres.len() as u64;
    Ok((filieres, bilan))
}

fn code(champs: &mut Champs<'_>, index: usize) -> Option<u32> {
    let lu = valeurs::parse_whole(champs.cell(index)).filter(|n| *n > 0).and_then(|n| u32::try_from(n).ok());
    if lu.is_none() {
        champs.fault(Some(index), "code illisible : un nombre entier est attendu".to_owned());
    }
    lu
}

fn drapeau(champs: &mut Champs<'_>, index: usize) -> Option<bool> {
    match champs.cell(index) {
        "0" => Some(false),
        "1" => Some(true),
        _ => {
            champs.fault(Some(index), "valeur inconnue : 0 ou 1 est attendu".to_owned());
            None
        }
    }
}

fn row(colonnes: &[usize; 6], champs: &mut Champs<'_>) -> Option<Filiere> {
    champs.report_cleaned();
    let [c, sans, sigle, libelle, apprentissage, las] = *colonnes;
    let (code, code_sans) = (code(champs, c), code(champs, sans));
    let sigle = champs::required(champs, sigle, "sigle absent : complétez-le");
    let libelle = champs::required(champs, libelle, "libellé absent : complétez-le");
    let (apprentissage, las) = (drapeau(champs, apprentissage), drapeau(champs, las));
    Some(Filiere {
        ligne: champs.numero(),
        code: code?,
        code_sans_apprentissage: code_sans?,
        sigle: sigle?,
        libelle: libelle?,
        apprentissage: apprentissage?,
        las: las?,
    })
}

/// A type in apprenticeship refers to one that the file has.
fn refer(filieres: &mut Vec<Filiere>, bilan: &mut Bilan) {
    let codes: HashSet<u32> = filieres.iter().map(|f| f.code).collect();
    filieres.retain(|f| {
        let connue = codes.contains(&f.code_sans_apprentissage);
        if !connue {
            bilan.lignes_fautives += 1;
            bilan.releve.fault(Faute {
                ligne: f.ligne,
                colonne: COLONNES[1].to_owned(),
                motif: format!("le code {} n’est celui d’aucun type du fichier", f.code_sans_apprentissage),
            });
        }
        connue
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENTETE: &str = "g_fl_cod;g_fl_cod_si_sans_apprentissage;sigle;libelle;apprentissage;las";

    fn read(lignes: &[&str]) -> (Vec<Filiere>, Bilan) {
        let texte = format!("{ENTETE}\n{}\n", lignes.join("\n"));
        read_filieres(texte.as_bytes(), "types.csv", Options::default()).unwrap()
    }

    #[test]
    fn reads_types_and_their_forms() {
        let (types, bilan) = read(&[
            "10423;10423;BTS-MCO;Management commercial;0;0",
            "11423;10423;BTS-MCO-App;Management commercial - en apprentissage;1;0",
            "1002002;1002002;L1-Droit;Droit - Accès Santé (LAS);0;1",
        ]);
        assert!(bilan.releve.is_clean(), "{:?}", bilan.releve);
        assert_eq!(types.iter().map(|t| t.code).collect::<Vec<_>>(), [10423, 11423, 1_002_002]);
        assert_eq!(
            types.iter().map(|t| (t.apprentissage, t.las)).collect::<Vec<_>>(),
            [(false, false), (true, false), (false, true)]
        );
    }

    #[test]
    fn every_fault_has_its_line_and_its_column() {
        let (types, bilan) = read(&[
            "x;1;A;a;0;0",
            "2;2;B;b;oui;0",
            "3;3;;;0;0",
            "4;4;D;d;0;0",
            "4;4;D;d;0;0",
            "5;999;E;e;1;0",
        ]);
        assert_eq!(types.iter().map(|t| t.code).collect::<Vec<_>>(), [4]);
        let ou: Vec<(u64, &str)> =
            bilan.releve.fautes.iter().map(|f| (f.ligne, f.colonne.as_str())).collect();
        assert_eq!(
            ou,
            [
                (2, "g_fl_cod"),
                (3, "apprentissage"),
                (4, "sigle"),
                (4, "libelle"),
                (6, "g_fl_cod"),
                (7, "g_fl_cod_si_sans_apprentissage")
            ]
        );
        assert_eq!((bilan.lignes_lues, bilan.lignes_valides, bilan.lignes_fautives), (6, 1, 5));
    }

    #[test]
    fn another_table_is_refused_by_its_columns() {
        let refus = read_filieres("a;b\n1;2\n".as_bytes(), "x.csv", Options::default()).unwrap_err();
        assert_eq!(refus.fautes().len(), 6);
    }
}
