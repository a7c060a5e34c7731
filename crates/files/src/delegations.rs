//! The delegations of an establishment as a spreadsheet: one line a person and a course, one column an operation.

use std::collections::HashMap;

use domain::comptes::Role;
use domain::delegations::{Operation, Operations};

use crate::source::LimitesArchive;
use crate::tableau::{
    Bilan, Faute, Feuille, Lecteur, Ligne, Lu, Separateur, is_classeur, normalize_header, read_classeur,
    rearm,
};
use crate::{FichierError, Limites, Options};

/// Column of the account.
pub const COMPTE: &str = "Compte";
/// Column of the role.
pub const ROLE: &str = "Rôle";
/// Column of the course.
pub const FORMATION: &str = "Formation";
/// Read by people, passed over by the import.
const LISIBLES: [&str; 2] = ["Personne", "Intitulé"];
/// Columns of the file.
pub const COLONNES: usize = 5 + Operation::ALL.len();

/// One line of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LigneDelegation {
    /// Public identifier of the account.
    pub compte: String,
    pub nom: String,
    pub role: Role,
    /// Public identifier of the course in the session.
    pub formation: String,
    pub intitule: String,
    pub operations: Operations,
}

/// A file read back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DelegationsLues {
    /// With the line of the file of each.
    pub lignes: Vec<(u64, LigneDelegation)>,
    pub bilan: Bilan,
    /// The sheet that was read; `None` when the file is text.
    pub feuille: Option<String>,
}

/// The names of the columns.
pub fn headers() -> [&'static str; COLONNES] {
    let [a, b, c, d, e, f] = Operation::ALL.map(Operation::libelle);
    [COMPTE, LISIBLES[0], ROLE, FORMATION, LISIBLES[1], a, b, c, d, e, f]
}

/// A line as the cells of a table.
pub fn cells(l: LigneDelegation) -> [String; COLONNES] {
    let [a, b, c, d, e, f] =
        Operation::ALL.map(|o| if l.operations.contains(o) { "oui" } else { "non" }.to_owned());
    [l.compte, l.nom, l.role.code().to_owned(), l.formation, l.intitule, a, b, c, d, e, f]
}

/// Reads the file back, CSV or workbook; names and titles are passed over. To be applied only when the bilan is clean.
pub fn read_delegations(
    octets: &[u8],
    nom_fichier: &str,
    limites: Limites,
) -> Result<DelegationsLues, FichierError> {
    if !is_classeur(octets) {
        let (lignes, bilan) = read_table(octets, nom_fichier, Options { limites, ..Options::default() })?;
        return Ok(DelegationsLues { lignes, bilan, feuille: None });
    }
    let Feuille { nom, csv } = read_classeur(octets, nom_fichier, limites, LimitesArchive::default())?;
    let options = Options { limites, separateur: Some(Separateur::PointVirgule), ..Options::default() };
    let (lignes, bilan) = read_table(&csv, nom_fichier, options)?;
    Ok(DelegationsLues { lignes, bilan, feuille: Some(nom) })
}

fn read_table<'a>(
    octets: &'a [u8],
    nom_fichier: &str,
    options: Options<'a>,
) -> Result<(Vec<(u64, LigneDelegation)>, Bilan), FichierError> {
    let mut lecteur = Lecteur::open(octets, nom_fichier, options)?;
    let mut bilan = lecteur.bilan();
    let mut absentes = Vec::new();
    let mut colonne = |nom: &'static str| {
        lecteur.entetes().find(&[nom]).unwrap_or_else(|| {
            absentes.push(Faute {
                ligne: 1,
                colonne: nom.to_owned(),
                motif: "colonne indispensable absente : exportez les délégations et modifiez ce fichier"
                    .to_owned(),
            });
            0
        })
    };
    let (compte, role, formation) = (colonne(COMPTE), colonne(ROLE), colonne(FORMATION));
    let operations = Operation::ALL.map(|o| (o, colonne(o.libelle())));
    if !absentes.is_empty() {
        return Err(lecteur.header_error(absentes));
    }
    let mut lues = Vec::new();
    let mut vues = HashMap::new();
    let mut ligne = Ligne::default();
    loop {
        let lu = match lecteur.read(&mut ligne)? {
            Lu::Fin => break,
            Lu::Faute(faute) => Err(faute),
            Lu::Ligne if (0..ligne.len()).all(|i| ligne.cell(i).is_empty()) => {
                bilan.lignes_ignorees += 1;
                continue;
            }
            Lu::Ligne => row(&ligne, (compte, role, formation), &operations),
        };
        let numero = ligne.numero();
        let seule = lu.and_then(|l| {
            match vues.insert((l.compte.clone(), l.role.code(), l.formation.clone()), numero) {
                None => Ok(l),
                Some(n) => {
                    let motif = format!(
                        "cette personne et cette formation figurent déjà à la ligne {n} : gardez une seule ligne"
                    );
                    Err(fault(&ligne, FORMATION, motif))
                }
            }
        });
        match seule {
            Ok(l) => {
                bilan.lignes_valides += 1;
                lues.push((numero, l));
            }
            Err(faute) => {
                bilan.lignes_fautives += 1;
                bilan.releve.fault(faute);
            }
        }
    }
    lecteur.close(&mut bilan);
    Ok((lues, bilan))
}

fn fault(ligne: &Ligne, colonne: &str, motif: String) -> Faute {
    Faute { ligne: ligne.numero(), colonne: colonne.to_owned(), motif }
}

fn row(
    ligne: &Ligne,
    (compte, role, formation): (usize, usize, usize),
    operations: &[(Operation, usize); 6],
) -> Result<LigneDelegation, Faute> {
    let lu = rearm(ligne.cell(role));
    let role = Role::from_code(lu)
        .ok_or_else(|| fault(ligne, ROLE, format!("« {lu} » n’est pas un code de rôle de l’export")))?;
    let mut accordees = Vec::new();
    for &(operation, index) in operations {
        match normalize_header(ligne.cell(index)).as_str() {
            "oui" | "x" | "1" => accordees.push(operation),
            "" | "non" | "0" => {}
            _ => {
                let motif = format!("« {} » n’est ni « oui » ni « non »", ligne.cell(index));
                return Err(fault(ligne, operation.libelle(), motif));
            }
        }
    }
    Ok(LigneDelegation {
        compte: rearm(ligne.cell(compte)).to_owned(),
        nom: String::new(),
        role,
        formation: rearm(ligne.cell(formation)).to_owned(),
        intitule: String::new(),
        operations: accordees.into_iter().collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tableau::{write_classeur, write_table};

    fn ligne(formation: &str, operations: &str) -> LigneDelegation {
        LigneDelegation {
            compte: "a1".to_owned(),
            nom: "=Nom".to_owned(),
            role: Role::RespFormation,
            formation: formation.to_owned(),
            intitule: "BTS".to_owned(),
            operations: Operations::from_code(operations).unwrap(),
        }
    }

    fn both(lignes: &[[String; COLONNES]]) -> [Vec<u8>; 2] {
        [
            write_table(&headers(), lignes).unwrap(),
            write_classeur("Délégations", 0, &headers(), lignes).unwrap(),
        ]
    }

    fn read(octets: &[u8]) -> DelegationsLues {
        read_delegations(octets, "d.csv", Limites::default()).unwrap()
    }

    #[test]
    fn what_is_written_is_read_back_in_both_formats() {
        let lignes = [ligne("f1", "parametrage,candidatures"), ligne("f2", "")];
        for (octets, feuille) in both(&lignes.clone().map(cells)).iter().zip([None, Some("Délégations")]) {
            let lu = read(octets);
            assert!(lu.bilan.releve.is_clean(), "{lu:?}");
            assert_eq!(lu.feuille.as_deref(), feuille);
            let lues: Vec<_> = lu.lignes.iter().map(|(n, l)| (*n, &*l.formation, l.operations)).collect();
            assert_eq!(lues, [(2, "f1", lignes[0].operations), (3, "f2", lignes[1].operations)]);
        }
    }

    #[test]
    fn each_fault_is_told_with_its_line_its_column_and_the_value() {
        let mut lignes = [ligne("f1", ""), ligne("f1", "capacites"), ligne("f2", "")].map(cells);
        lignes[2][5] = "peut-être".to_owned();
        for octets in both(&lignes) {
            let dites: Vec<_> = read(&octets)
                .bilan
                .releve
                .fautes
                .into_iter()
                .map(|f| (f.ligne, f.colonne, f.motif))
                .collect();
            let dit = |n, c: &str, m: &str| (n, c.to_owned(), m.to_owned());
            let double =
                "cette personne et cette formation figurent déjà à la ligne 2 : gardez une seule ligne";
            let valeur = "« peut-être » n’est ni « oui » ni « non »";
            assert_eq!(dites, [dit(3, "Formation", double), dit(4, "Présentation", valeur)]);
        }
        assert!(read_delegations(b"Compte;Formation\r\na;b\r\n", "d.csv", Limites::default()).is_err());
    }
}
