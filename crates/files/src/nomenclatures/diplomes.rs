//! The national nomenclature of diplomas, by their code (CFD).

use std::collections::HashMap;
use std::io::Read;

use domain::apprentissage::Diplome;

use super::{is_first, read_rows, resolve};
use crate::offre::{Champs, champs};
use crate::tableau::{Bilan, Lecteur};
use crate::{FichierError, Options};

const COLONNES: [&str; 3] = ["formation_diplome", "libelle_court", "libelle_long_200"];
/// Known columns that say nothing we keep.
const SANS_EMPLOI: [&str; 29] = [
    "niveau_formation_diplome",
    "groupe_specialite",
    "lettre_specialite",
    "ancien_recme",
    "libelle_stat_33",
    "date_ouverture",
    "date_fermeture",
    "unite_capitalisable",
    "date_premiere_session",
    "date_derniere_session",
    "date_arrete_creation",
    "date_arrete_abrogation",
    "date_arrete_modification_1",
    "date_arrete_modification_2",
    "date_arrete_modification_3",
    "date_arrete_modification_4",
    "date_arrete_modification_5",
    "date_arrete_modification_6",
    "date_arrete_modification_7",
    "date_arrete_modification_8",
    "date_arrete_modification_9",
    "date_arrete_modification_10",
    "commentaire",
    "nature_formation_diplome",
    "gestionnaire_formation_diplome",
    "date_intervention",
    "id_document",
    "cite_domaine_formation",
    "niveau_qualification_rncp",
];

/// Reads the diplomas; those at fault are told in the account and left out.
pub fn read_diplomes<'a>(
    source: impl Read + 'a,
    nom_fichier: &str,
    options: Options<'a>,
) -> Result<(Vec<Diplome>, Bilan), FichierError> {
    let mut lecteur = Lecteur::open(source, nom_fichier, options)?.tolerant().with_loose_quotes();
    let mut bilan = lecteur.bilan();
    let noms = COLONNES.each_ref().map(std::slice::from_ref);
    let colonnes = resolve(&lecteur, &mut bilan.releve, noms, &SANS_EMPLOI, "des diplômes")?;
    let mut vus = HashMap::new();
    let diplomes = read_rows(&mut lecteur, &mut bilan, |champs| {
        row(&colonnes, champs).filter(|d| is_first(&mut vus, champs, ("code", colonnes[0]), &d.code))
    })?;
    Ok((diplomes, bilan))
}

fn row(colonnes: &[usize; 3], champs: &mut Champs<'_>) -> Option<Diplome> {
    champs.report_cleaned();
    let [code, sigle, libelle] = *colonnes;
    let lu = champs.cell(code).to_uppercase();
    let juste = lu.len() == 8 && lu.bytes().all(|o| o.is_ascii_alphanumeric());
    if !juste {
        champs.fault(Some(code), "code illisible : huit lettres ou chiffres sont attendus".to_owned());
    }
    let libelle = champs::required(champs, libelle, "libellé absent : complétez-le");
    let sigle = champs.text(Some(sigle)).unwrap_or_default();
    Some(Diplome { code: juste.then_some(lu)?, sigle, libelle: libelle? })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENTETE: &str =
        "\u{feff}FORMATION_DIPLOME;GROUPE_SPECIALITE;LIBELLE_COURT;LIBELLE_LONG_200;DATE_FERMETURE";

    fn read(lignes: &[&str]) -> (Vec<Diplome>, Bilan) {
        let texte = format!("{ENTETE}\n{}\n", lignes.join("\n"));
        read_diplomes(texte.as_bytes(), "diplomes.csv", Options::default()).unwrap()
    }

    #[test]
    fn r_imp_13_diplomas_are_read_by_their_code() {
        let (diplomes, bilan) = read(&[
            "32033426;334;BTS;TOURISME (BTS);",
            "1353103h;310;MASTER PRO;MANAGEMENT  (MASTER);31/08/2024",
            "01022001;220;;AGENT \"NDT\" DE CONTROLE;",
            "01022002;220;;\"NDT\" DE CONTROLE;",
        ]);
        assert!(bilan.releve.is_clean(), "{:?}", bilan.releve);
        assert_eq!(bilan.releve.total_avertissements, 0, "{:?}", bilan.releve.avertissements);
        let lus: Vec<(&str, &str, &str)> =
            diplomes.iter().map(|d| (d.code.as_str(), d.sigle.as_str(), d.libelle.as_str())).collect();
        assert_eq!(
            lus,
            [
                ("32033426", "BTS", "TOURISME (BTS)"),
                ("1353103H", "MASTER PRO", "MANAGEMENT (MASTER)"),
                ("01022001", "", "AGENT \"NDT\" DE CONTROLE"),
                ("01022002", "", "\"NDT\" DE CONTROLE"),
            ]
        );
    }

    #[test]
    fn r_imp_13_every_fault_of_a_diploma_has_its_line_and_its_column() {
        let (diplomes, bilan) = read(&[
            "320;334;BTS;TOURISME (BTS);",
            "32033426;334;BTS;;",
            "32033426;334;BTS;TOURISME (BTS);",
            "32033426;334;BTS;TOURISME (BTS);",
        ]);
        assert_eq!(diplomes.len(), 1);
        let ou: Vec<(u64, &str)> =
            bilan.releve.fautes.iter().map(|f| (f.ligne, f.colonne.as_str())).collect();
        assert_eq!(ou, [(2, "FORMATION_DIPLOME"), (3, "LIBELLE_LONG_200"), (5, "FORMATION_DIPLOME")]);
        assert_eq!((bilan.lignes_lues, bilan.lignes_valides, bilan.lignes_fautives), (4, 1, 3));
        let refus = read_diplomes("a;b\n1;2\n".as_bytes(), "x.csv", Options::default()).unwrap_err();
        assert_eq!(refus.fautes().len(), 3);
    }
}
