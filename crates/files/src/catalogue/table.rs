//! Records of the national catalogue as a table: a record a line, a field a column, under the names of the JSON.

use std::io::Read;

use serde_json::Value;

use super::champs::Chantier;
use super::colonnes::{COLONNES, Champ, Genre, Lecture};
use super::place::Place;
use super::{FauteFiche, FicheRefusee, Lue, Sortie};
use crate::encodage::Decodeur;
use crate::tableau::{Entetes, Faute, Lecteur, Ligne, Lu, Nature, Releve, normalize_header};
use crate::{FichierError, Separateur};

/// Reads to the end. `separateur`: as announced; found in the header line otherwise.
pub(super) fn read<'a>(
    source: impl Read + 'a,
    separateur: Option<Separateur>,
    sortie: &mut Sortie<'_>,
) -> Result<(), FichierError> {
    let (fichier, limites) = (sortie.bilan.fichier.clone(), sortie.limites);
    let decodeur = Decodeur::open(Box::new(source), &fichier, sortie.bilan.compression, limites)
        .map_err(of_catalogue)?;
    let mut lecteur = Lecteur::start(decodeur, &fichier, limites, separateur)?.tolerant();
    let colonnes = columns(&lecteur, &fichier, &mut sortie.bilan.releve)?;
    let mut ligne = Ligne::default();
    loop {
        let lue = match lecteur.read(&mut ligne)? {
            Lu::Fin => break,
            Lu::Faute(faute) => unreadable(faute, lecteur.entetes()),
            Lu::Ligne => record(&ligne, lecteur.entetes(), &colonnes, &mut sortie.bilan.releve),
        };
        sortie.room()?;
        sortie.give(lue);
    }
    lecteur.warn_encodage(&mut sortie.bilan.releve);
    Ok(())
}

/// Something else than a text: the formats of the catalogue are those expected, and not CSV alone.
fn of_catalogue(e: FichierError) -> FichierError {
    match e {
        FichierError::Format { fichier, motif } => {
            FichierError::Catalogue { fichier, ligne: 1, position: 1, motif }
        }
        autre => autre,
    }
}

/// The field of each column; a table without those that tell a record is another one.
fn columns(
    lecteur: &Lecteur<'_>,
    fichier: &str,
    releve: &mut Releve,
) -> Result<Vec<Option<Champ>>, FichierError> {
    let entetes = lecteur.entetes();
    let colonnes: Vec<Option<Champ>> =
        entetes.noms().iter().map(|nom| Champ::of(&normalize_header(nom))).collect();
    let dite = |champ: Champ| colonnes.contains(&Some(champ));
    let parties = [Champ::IdFormation, Champ::IdAction, Champ::IdCertifinfo];
    let absentes = COLONNES.iter().filter(|c| {
        let exigee = c.requise || (parties.contains(&c.champ) && !dite(Champ::IdEntier));
        exigee && !dite(c.champ)
    });
    let absentes: Vec<&'static str> = absentes.map(|c| c.nom).collect();
    if !absentes.is_empty() {
        return Err(FichierError::Colonnes { fichier: fichier.to_owned(), absentes });
    }
    let doubles = entetes.duplicates();
    if !doubles.is_empty() {
        return Err(lecteur.header_error(doubles));
    }
    for (rang, _) in colonnes.iter().enumerate().filter(|(_, champ)| champ.is_none()) {
        releve.warn(Nature::ColonneInconnue, 1, &entetes.nom(rang), || {
            "colonne inconnue : son contenu n’est pas repris".to_owned()
        });
    }
    Ok(colonnes)
}

/// A line that cannot be cut into its cells.
fn unreadable(faute: Faute, entetes: &Entetes) -> Lue {
    let Faute { ligne, colonne: champ, motif } = faute;
    // A column without a name is told by its number.
    let rang = (0..entetes.len()).find(|rang| entetes.nom(*rang) == champ);
    let colonne = rang.map(|rang| rang as u64 + 1).or_else(|| champ.parse().ok()).unwrap_or(1);
    let fautes = vec![FauteFiche { ligne, colonne, champ, motif }];
    Lue::Refusee(FicheRefusee { ligne, fautes, ..FicheRefusee::default() })
}

fn record(ligne: &Ligne, entetes: &Entetes, colonnes: &[Option<Champ>], releve: &mut Releve) -> Lue {
    let debut = Place { ligne: ligne.numero(), colonne: 1 };
    for rang in ligne.cleaned_cells() {
        releve.warn(Nature::CaractereOte, debut.ligne, &entetes.nom(*rang), || {
            "caractère de contrôle ôté".to_owned()
        });
    }
    let mut lue = Lecture::new(Chantier::new(debut, releve));
    for (rang, champ) in colonnes.iter().enumerate() {
        let Some(champ) = *champ else { continue };
        let ou = Place { colonne: rang as u64 + 1, ..debut };
        lue.field(champ, ou, entetes.etiquette(rang), value(champ, ligne.cell(rang)));
    }
    lue.finish()
}

/// What a cell says, as the JSON would.
fn value(champ: Champ, cellule: &str) -> Value {
    if cellule.is_empty() {
        return Value::Null;
    }
    let texte = || Value::String(cellule.to_owned());
    match COLONNES.iter().find(|c| c.champ == champ).map(|c| c.genre) {
        Some(Genre::OuiNon) => match cellule.to_lowercase().as_str() {
            "true" | "vrai" | "oui" => Value::Bool(true),
            "false" | "faux" | "non" => Value::Bool(false),
            _ => texte(),
        },
        Some(Genre::Liste) if cellule.starts_with('[') => {
            serde_json::from_str(cellule).unwrap_or_else(|_| texte())
        }
        _ => texte(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{UNE, error, fiche, read, refusee};
    use super::super::{BilanCatalogue, Fiche, FormatCatalogue, read_catalogue};
    use super::*;

    const ENTETE: &str = "id_formation;id_action;id_certifinfo;etablissement_gestionnaire_siret;\
        etablissement_formateur_siret;localite;cfd;capacite;periode;entierement_a_distance";
    const UNE_LIGNE: &str =
        "24_1;24_2;56927;73282932000074;73282932000074;Château-Thierry;32033422;24;2021-10|2021-09;vrai";

    fn lues(lignes: &[&str]) -> (Vec<Lue>, BilanCatalogue) {
        read(format!("{ENTETE}\n{}\n", lignes.join("\n")).as_bytes()).unwrap()
    }

    #[test]
    fn r_imp_08_a_table_gives_the_records_of_the_json() {
        let json: Value = serde_json::from_str(UNE).unwrap();
        let champs = json.as_object().unwrap();
        let cellule = |v: &Value| match v {
            Value::Null => String::new(),
            Value::String(texte) => format!("\"{texte}\""),
            Value::Array(textes) => textes.iter().map(|t| t.as_str().unwrap()).collect::<Vec<_>>().join("|"),
            autre => autre.to_string(),
        };
        let (attendues, _) = read(format!("[{UNE}]").as_bytes()).unwrap();
        for separateur in [";", ","] {
            let noms: Vec<&str> = champs.keys().map(String::as_str).collect();
            let valeurs: Vec<String> = champs.values().map(cellule).collect();
            let texte = format!("{}\r\n{}\r\n", noms.join(separateur), valeurs.join(separateur));
            let (lues, bilan) = read(texte.as_bytes()).unwrap();
            assert_eq!((bilan.format, bilan.lues, bilan.refusees), (FormatCatalogue::Csv, 1, 0));
            assert_eq!(fiche(&lues[0]), fiche(&attendues[0]), "{separateur}");
            let Lue::Fiche(lue) = &lues[0] else { panic!() };
            assert_eq!(lue.ligne, 2);
        }
    }

    #[test]
    fn r_imp_08_the_examples_of_the_columns_make_a_record() {
        let noms: Vec<&str> = COLONNES.iter().map(|c| c.nom).collect();
        let exemples: Vec<String> = COLONNES.iter().map(|c| format!("\"{}\"", c.exemple)).collect();
        let (lues, bilan) = read(format!("{}\n{}", noms.join(";"), exemples.join(";")).as_bytes()).unwrap();
        assert_eq!((bilan.refusees, bilan.releve.total_avertissements), (0, 0), "{:?}", bilan.releve);
        let f: &Fiche = fiche(&lues[0]);
        assert_eq!((f.id.as_str(), f.mefs.len(), f.periodes.len()), ("24_100001|24_200001|97049", 2, 2));
        assert_eq!((f.lieu.ville.as_deref(), f.niveau_dit, f.capacite), (Some("Amiens"), Some(5), Some(24)));
        assert_eq!((f.a_distance, f.raison_dite.as_deref()), (false, Some("Établissement inconnu.")));
        // Under the other names too.
        let autres: Vec<&str> = COLONNES.iter().map(|c| c.autre.unwrap_or(c.nom)).collect();
        let (memes, _) = read(format!("{}\n{}", autres.join(";"), exemples.join(";")).as_bytes()).unwrap();
        assert_eq!(fiche(&memes[0]), f);
    }

    #[test]
    fn r_imp_08_a_table_is_read_in_its_encoding_and_its_lists_as_they_are_written() {
        let texte = format!("{ENTETE}\n{UNE_LIGNE}\n");
        let windows = encoding_rs::WINDOWS_1252.encode(&texte).0.into_owned();
        let marque = format!("\u{feff}{texte}").into_bytes();
        for octets in [texte.clone().into_bytes(), marque, windows.clone()] {
            let (lues, bilan) = read(&octets).unwrap();
            let f = fiche(&lues[0]);
            assert_eq!((f.lieu.ville.as_deref(), f.a_distance), (Some("Château-Thierry"), true));
            assert_eq!(f.periodes.len(), 2);
            let autre = u64::from(octets == windows);
            assert_eq!(bilan.releve.par_nature.get(&Nature::Encodage).copied().unwrap_or_default(), autre);
        }
        for liste in ["2021-10,2021-09", "\"2021-10;2021-09\"", "\"[\"\"2021-10\"\",\"\"2021-09\"\"]\""] {
            let (autres, _) = lues(&[&UNE_LIGNE.replace("2021-10|2021-09", liste)]);
            assert_eq!(fiche(&autres[0]).periodes.len(), 2, "{liste}");
        }
    }

    #[test]
    fn r_imp_08_a_fault_of_a_table_has_its_line_its_column_and_its_field() {
        let fautive = UNE_LIGNE.replace(";24;", ";beaucoup;").replace(";vrai", ";peut-être");
        let (lues, bilan) = lues(&[UNE_LIGNE, &fautive, "a;b", "", &UNE_LIGNE.replace("24_1", "24_9")]);
        assert_eq!((lues.len(), bilan.lues, bilan.refusees), (4, 4, 2));
        let r = refusee(&lues[1]);
        assert_eq!((r.ligne, r.id.as_deref()), (3, Some("24_1|24_2|56927")));
        let ou: Vec<(u64, u64, &str)> =
            r.fautes.iter().map(|f| (f.ligne, f.colonne, f.champ.as_str())).collect();
        assert_eq!(ou, [(3, 8, "capacite"), (3, 10, "entierement_a_distance")]);
        assert_eq!(r.fautes[1].motif, "true ou false est attendu");
        let r = refusee(&lues[2]);
        assert_eq!((r.id.as_deref(), r.fautes[0].ligne, r.fautes[0].colonne), (None, 4, 3));
        assert!(r.fautes[0].motif.starts_with("2 cellules au lieu de 10"), "{r:?}");
        assert_eq!(fiche(&lues[3]).id, "24_9|24_2|56927");
        assert_eq!(bilan.releve.fautes[0].colonne, "capacite");
    }

    #[test]
    fn r_imp_08_a_table_without_the_columns_of_a_record_is_another_one() {
        for (texte, dit) in [
            (
                "a;b\n1;2".to_owned(),
                "il manque 5 colonnes. C’est peut-être un autre fichier.\n« id_formation »\n« id_action »\n",
            ),
            (
                ENTETE.replace("id_action", "action"),
                "il manque 1 colonne. C’est peut-être un autre fichier.\n« id_action »",
            ),
            (
                ENTETE.replace(";etablissement_formateur_siret", ""),
                "C’est peut-être un autre fichier.\n« etablissement_formateur_siret »",
            ),
            (format!("{ENTETE};CFD"), "Colonne « CFD » : nom de colonne en double (colonnes 7 et 11)"),
            (
                "PK\u{3}\u{4}".to_owned(),
                "c’est un classeur ou une archive ZIP, pas un texte. Sont attendues des fiches",
            ),
        ] {
            let e = error(texte.as_bytes());
            assert!(e.contains(dit), "{e}");
        }
        // One column says the identifier of the other three; what is not known is told and passed over.
        let entier = ENTETE.replace("id_formation;id_action;id_certifinfo", "id_rco_formation;autre;encore");
        let (lues, bilan) = read(format!("{entier}\n{UNE_LIGNE}").as_bytes()).unwrap();
        assert_eq!(fiche(&lues[0]).id, "24_1");
        assert_eq!(bilan.releve.par_nature.get(&Nature::ColonneInconnue), Some(&2));
        // Two names of one field: one value alone.
        let deux = format!("{ENTETE};etablissement_lieu_formation_localite\n{UNE_LIGNE};Amiens");
        let (lues, _) = read(deux.as_bytes()).unwrap();
        assert!(refusee(&lues[0]).fautes[0].motif.starts_with("ce champ est déjà dit"), "{lues:?}");
    }

    #[test]
    fn r_imp_08_a_name_that_says_json_or_xml_is_no_table() {
        for nom in ["fiches.json", "lheo.XML.zst"] {
            let mut octets = format!("{ENTETE}\n{UNE_LIGNE}\n").into_bytes();
            if nom.ends_with("zst") {
                octets = zstd::encode_all(octets.as_slice(), 1).unwrap();
            }
            let lu = read_catalogue(octets.as_slice(), nom, crate::Options::default(), &mut |_| {});
            assert!(lu.unwrap_err().to_string().contains("ce n’est ni du JSON ni du XML"), "{nom}");
        }
    }

    #[test]
    fn r_imp_08_the_document_names_every_column() {
        let document = include_str!("../../../../docs/imports.md");
        for c in COLONNES {
            let autre = c.autre.map(|a| format!(" `{a}`")).unwrap_or_default();
            let requise = if c.requise { " yes" } else { "" };
            let exemple = c.exemple.replace('|', "\\|");
            let ligne = format!("| `{}` |{autre} |{requise} | `{exemple}` | ", c.nom);
            assert!(document.lines().any(|l| l.starts_with(&ligne)), "docs/imports.md has not: {ligne}");
        }
    }
}
