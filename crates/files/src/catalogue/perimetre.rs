//! What a session admits of the catalogue: a small table that the national team writes.

use std::io::Read;

use domain::apprentissage::{LignePerimetre, Perimetre, RegleError};

use crate::tableau::{Bilan, FICHIER_ENTIER, Faute, Lecteur, Ligne};
use crate::{FichierError, Options};

const COLONNES: [&str; 4] = ["critere", "valeur", "acces", "libelle"];

/// Reads a perimeter; `None` when something is at fault, which the account tells.
///
/// # Errors
/// Not a table, or another one.
pub fn read_perimetre<'a>(
    source: impl Read + 'a,
    nom_fichier: &str,
    options: Options<'a>,
) -> Result<(Option<Perimetre>, Bilan), FichierError> {
    let mut lecteur = Lecteur::open(source, nom_fichier, options)?.tolerant();
    let mut bilan = lecteur.bilan();
    let trouvees = COLONNES.map(|nom| lecteur.entetes().find(&[nom]));
    let [Some(nature), Some(valeur), Some(acces), Some(libelle)] = trouvees else {
        let absentes = COLONNES.iter().zip(trouvees).filter(|(_, trouvee)| trouvee.is_none());
        return Err(lecteur.header_error(
            absentes
                .map(|(nom, _)| Faute {
                    ligne: 1,
                    colonne: (*nom).to_owned(),
                    motif: "colonne indispensable absente : critere, valeur, acces et libelle sont attendues"
                        .to_owned(),
                })
                .collect(),
        ));
    };
    let mut lignes = Vec::new();
    let mut ligne = Ligne::default();
    while lecteur.read_or_tell(&mut ligne, &mut bilan)? {
        let cell = |i| ligne.cell(i).trim().to_owned();
        let lue = LignePerimetre {
            nature: cell(nature),
            valeur: cell(valeur),
            acces: cell(acces),
            libelle: cell(libelle),
        };
        match lue.check() {
            Ok(()) => {
                bilan.lignes_valides += 1;
                lignes.push(lue);
            }
            Err(e) => {
                bilan.lignes_fautives += 1;
                let colonne = match e {
                    RegleError::Nature(_) => "critere",
                    RegleError::Acces(_) => "acces",
                    _ => "valeur",
                };
                let colonne = colonne.to_owned();
                bilan.releve.fault(Faute { ligne: ligne.numero(), colonne, motif: e.to_string() });
            }
        }
    }
    lecteur.close(&mut bilan);
    if !bilan.releve.is_clean() {
        return Ok((None, bilan));
    }
    match Perimetre::from_lignes(&lignes) {
        Ok(perimetre) => Ok((Some(perimetre), bilan)),
        Err(e) => {
            let faute = Faute { ligne: FICHIER_ENTIER, colonne: String::new(), motif: e.to_string() };
            bilan.releve.fault(faute);
            Ok((None, bilan))
        }
    }
}
