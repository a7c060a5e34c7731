//! The delegations of an establishment as a spreadsheet: one line a person and a course, one column an operation.

use std::io;

use domain::comptes::Role;
use domain::delegations::{Operation, Operations};

use crate::tableau::{Bilan, Ecrivain, Faute, Lecteur, Ligne, Lu, normalize_header, rearm};
use crate::{FichierError, Options};

const COMPTE: &str = "Compte";
const ROLE: &str = "Rôle";
const FORMATION: &str = "Formation";
/// Read by people, passed over by the import.
const LISIBLES: [&str; 3] = ["Nom", "Prénom", "Intitulé"];

/// One line of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LigneDelegation {
    /// Public identifier of the account.
    pub compte: String,
    pub nom: String,
    pub prenom: String,
    pub role: Role,
    /// Public identifier of the course in the session.
    pub formation: String,
    pub intitule: String,
    pub operations: Operations,
}

/// The file, ready to be opened in a spreadsheet.
pub fn write_delegations(lignes: &[LigneDelegation]) -> io::Result<Vec<u8>> {
    let mut ecrivain = Ecrivain::open(Vec::new())?;
    let fixes = [COMPTE, LISIBLES[0], LISIBLES[1], ROLE, FORMATION, LISIBLES[2]];
    ecrivain.write_row(fixes.into_iter().chain(Operation::ALL.map(Operation::libelle)))?;
    for l in lignes {
        let fixes = [l.compte.as_str(), &l.nom, &l.prenom, l.role.code(), &l.formation, &l.intitule];
        let oui = |o| if l.operations.contains(o) { "oui" } else { "non" };
        ecrivain.write_row(fixes.into_iter().chain(Operation::ALL.map(oui)))?;
    }
    ecrivain.finish()
}

/// Reads the file back; names and titles are passed over. To be applied only when the bilan is clean.
pub fn read_delegations<'a>(
    octets: &'a [u8],
    nom_fichier: &str,
    options: Options<'a>,
) -> Result<(Vec<LigneDelegation>, Bilan), FichierError> {
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
    let mut lues: Vec<LigneDelegation> = Vec::new();
    let mut ligne = Ligne::default();
    loop {
        match lecteur.read(&mut ligne)? {
            Lu::Fin => break,
            Lu::Faute(faute) => {
                bilan.lignes_fautives += 1;
                bilan.releve.fault(faute);
            }
            Lu::Ligne if (0..ligne.len()).all(|i| ligne.cell(i).is_empty()) => bilan.lignes_ignorees += 1,
            Lu::Ligne => match row(&ligne, (compte, role, formation), &operations) {
                Ok(l) if lues.iter().any(|d| same_cell(d, &l)) => {
                    bilan.lignes_fautives += 1;
                    let motif =
                        "cette personne et cette formation figurent déjà plus haut : gardez une seule ligne";
                    bilan.releve.fault(fault(&ligne, FORMATION, motif.to_owned()));
                }
                Ok(l) => {
                    bilan.lignes_valides += 1;
                    lues.push(l);
                }
                Err(faute) => {
                    bilan.lignes_fautives += 1;
                    bilan.releve.fault(faute);
                }
            },
        }
    }
    lecteur.close(&mut bilan);
    Ok((lues, bilan))
}

fn same_cell(a: &LigneDelegation, b: &LigneDelegation) -> bool {
    (&a.compte, a.role, &a.formation) == (&b.compte, b.role, &b.formation)
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
        prenom: String::new(),
        role,
        formation: rearm(ligne.cell(formation)).to_owned(),
        intitule: String::new(),
        operations: accordees.into_iter().collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ligne(formation: &str, operations: &str) -> LigneDelegation {
        LigneDelegation {
            compte: "a1".to_owned(),
            nom: "=Nom".to_owned(),
            prenom: "Zoé".to_owned(),
            role: Role::RespFormation,
            formation: formation.to_owned(),
            intitule: "BTS".to_owned(),
            operations: Operations::from_code(operations).unwrap(),
        }
    }

    #[test]
    fn what_is_written_is_read_back() {
        let lignes = [ligne("f1", "parametrage,candidatures"), ligne("f2", "")];
        let octets = write_delegations(&lignes).unwrap();
        let (lues, bilan) = read_delegations(&octets, "d.csv", Options::default()).unwrap();
        assert!(bilan.releve.is_clean(), "{bilan:?}");
        for (lue, ecrite) in lues.iter().zip(&lignes) {
            assert!(same_cell(lue, ecrite));
            assert_eq!(lue.operations, ecrite.operations);
        }
        assert_eq!(lues.len(), 2);
    }

    #[test]
    fn each_fault_is_told_with_its_line_and_column() {
        let texte =
            String::from_utf8(write_delegations(&[ligne("f1", ""), ligne("f1", "")]).unwrap()).unwrap();
        let texte = texte.replacen("non", "peut-être", 1);
        let (_, bilan) = read_delegations(texte.as_bytes(), "d.csv", Options::default()).unwrap();
        assert_eq!(
            (bilan.releve.fautes[0].ligne, bilan.releve.fautes[0].colonne.as_str()),
            (2, "Présentation")
        );
        let double = write_delegations(&[ligne("f1", ""), ligne("f1", "capacites")]).unwrap();
        let (_, bilan) = read_delegations(&double, "d.csv", Options::default()).unwrap();
        assert_eq!(bilan.releve.fautes[0].ligne, 3);
        assert!(read_delegations(b"Compte;Formation\r\na;b\r\n", "d.csv", Options::default()).is_err());
    }
}
