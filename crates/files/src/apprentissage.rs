//! Apprenticeship courses of the composed national offer: the form of the ministry's map, without national codes.

use std::io::Read;

use domain::formations::Famille;

use crate::offre::{
    Champs, Identite, Indices, Ordres, StatutEtablissement, Territoires, champs, famille_from_fili,
};
use crate::tableau::{Bilan, Entetes, Faute, Lecteur, Ligne, Nature, Releve};
use crate::valeurs::{Coordonnees, FormeUai, parse_whole};
use crate::{FichierError, Options};

/// What the column `source` says of the rows read here; the others repeat the statistics.
const SOURCE: &str = "bts-apprentissage";

/// One apprenticeship course.
#[derive(Debug, Clone, PartialEq)]
pub struct LigneApprentissage {
    /// Line of the file, header = 1.
    pub ligne: u64,
    pub session: u16,
    /// Always composed: the file has no national code for these courses.
    pub identite: Identite,
    pub uai: String,
    pub forme_uai: FormeUai,
    /// Absent when the establishment is not on the ministry's map.
    pub etablissement: Option<String>,
    pub statut: Option<StatutEtablissement>,
    pub famille: Famille,
    /// « BTS - Services - Management Commercial Opérationnel - en apprentissage ».
    pub intitule: String,
    /// The same without the mention of apprenticeship.
    pub specialite: Option<String>,
    /// « BTS-MCO-App ».
    pub abrege: Option<String>,
    /// Type of course (`g_fl_cod`).
    pub code_type: Option<u32>,
    pub departement: Option<String>,
    pub academie: Option<&'static str>,
    pub ville: Option<String>,
    pub coordonnees: Option<Coordonnees>,
    pub site: Option<String>,
}

struct Colonnes {
    session: usize,
    source: usize,
    uai: usize,
    intitule: usize,
    etablissement: Option<usize>,
    statut: Option<usize>,
    famille: Option<usize>,
    specialite: Option<usize>,
    abrege: Option<usize>,
    code_type: Option<usize>,
    departement: Option<usize>,
    ville: Option<usize>,
    gps: Option<usize>,
    site: Option<usize>,
    /// National code of a course under student status, on the rows that repeat the statistics.
    gta: Option<usize>,
}

/// Known columns that say nothing we keep for these rows.
const SANS_EMPLOI: &[&str] = &[
    "app",
    "int",
    "amg",
    "aut",
    "region",
    "fiche",
    "dataviz",
    "gti",
    "etablissement_id_paysage",
    "composante_id_paysage",
    "rnd",
];

/// Reads the apprenticeship rows of the composed offer and hands each right one to `sink`. The other rows repeat the
/// statistics; what they alone say, the type of a course, is handed to `types`: (national code of the course, of its type).
pub fn read_apprentissage<'a>(
    source: impl Read + 'a,
    nom_fichier: &str,
    options: Options<'a>,
    sink: &mut dyn FnMut(LigneApprentissage),
    types: &mut dyn FnMut(u64, u32),
) -> Result<Bilan, FichierError> {
    let mut lecteur = Lecteur::open(source, nom_fichier, options)?.tolerant();
    let mut bilan = lecteur.bilan();
    let colonnes = Colonnes::resolve(&lecteur, &mut bilan)?;
    let entetes = lecteur.entetes().clone();
    let mut ordres = Ordres::default();
    let mut territoires = Territoires::default();
    let mut ligne = Ligne::default();
    while lecteur.read_or_tell(&mut ligne, &mut bilan)? {
        if !ligne.cell(colonnes.source).starts_with(SOURCE) {
            bilan.lignes_ignorees += 1;
            if let Some((course, code)) = colonnes.type_of(&ligne) {
                types(course, code);
            }
            continue;
        }
        let lue = colonnes.row(&ligne, &entetes, &mut ordres, &mut territoires, &mut bilan.releve);
        match lue {
            Some(formation) => {
                bilan.lignes_valides += 1;
                *bilan.sessions.entry(formation.session).or_default() += 1;
                sink(formation);
            }
            None => bilan.lignes_fautives += 1,
        }
    }
    lecteur.close(&mut bilan);
    Ok(bilan)
}

impl Colonnes {
    fn resolve(lecteur: &Lecteur<'_>, bilan: &mut Bilan) -> Result<Self, FichierError> {
        let entetes = lecteur.entetes();
        let mut connues = vec![false; entetes.len()];
        let mut find = |nom: &str| {
            let trouvee = entetes.find(&[nom]);
            if let Some(connue) = trouvee.and_then(|i| connues.get_mut(i)) {
                *connue = true;
            }
            trouvee
        };
        for nom in SANS_EMPLOI {
            find(nom);
        }
        let gta = find("gta");
        let requises = ["annee", "source", "etab_uai", "nm"].map(|nom| (nom, find(nom)));
        let facultatives = [
            "etab_nom",
            "tc",
            "tf",
            "fl",
            "nmc",
            "code_formation",
            "departement",
            "commune",
            "etab_gps",
            "etab_url",
        ]
        .map(|nom| (nom, find(nom)));
        let [(_, Some(session)), (_, Some(source)), (_, Some(uai)), (_, Some(intitule))] = requises else {
            let absentes = requises.iter().filter(|(_, trouvee)| trouvee.is_none());
            return Err(lecteur.header_error(
                absentes
                    .map(|(nom, _)| Faute {
                        ligne: 1,
                        colonne: (*nom).to_owned(),
                        motif: "colonne indispensable absente : vérifiez que le fichier est l’offre composée"
                            .to_owned(),
                    })
                    .collect(),
            ));
        };
        for (nom, trouvee) in facultatives {
            if trouvee.is_none() {
                bilan.releve.warn(Nature::ColonneAbsente, 1, nom, || {
                    "colonne absente : la valeur reste inconnue pour toutes les lignes".to_owned()
                });
            }
        }
        for (index, connue) in connues.iter().enumerate() {
            if !connue {
                bilan.releve.warn(Nature::ColonneInconnue, 1, &entetes.nom(index), || {
                    "colonne inconnue : son contenu n’est pas repris".to_owned()
                });
            }
        }
        let [etablissement, statut, famille, specialite, abrege, code_type, departement, ville, gps, site] =
            facultatives.map(|(_, trouvee)| trouvee);
        Ok(Self {
            session,
            source,
            uai,
            intitule,
            etablissement,
            statut,
            famille,
            specialite,
            abrege,
            code_type,
            departement,
            ville,
            gps,
            site,
            gta,
        })
    }

    fn type_of(&self, ligne: &Ligne) -> Option<(u64, u32)> {
        let course = parse_whole(ligne.cell(self.gta?)).filter(|n| *n > 0)?;
        let code = parse_whole(ligne.cell(self.code_type?)).filter(|n| *n > 0)?;
        Some((u64::try_from(course).ok()?, u32::try_from(code).ok()?))
    }

    fn row(
        &self,
        ligne: &Ligne,
        entetes: &Entetes,
        ordres: &mut Ordres,
        territoires: &mut Territoires,
        releve: &mut Releve,
    ) -> Option<LigneApprentissage> {
        let champs = &mut Champs::new(ligne, entetes, releve);
        champs.report_cleaned();
        let session = champs::session(champs, self.session);
        let uai = champs::uai(champs, self.uai);
        let intitule =
            champs::required(champs, self.intitule, "intitulé de la formation absent : complétez-le");
        let (session, (uai, forme_uai), intitule) = (session?, uai?, intitule?);
        let identite = Identite::Composee {
            ordre: ordres.next(&(session, &uai, &intitule)),
            uai: uai.clone(),
            libelle: intitule.clone(),
        };
        let place =
            territoires.locate(champs, &Indices { code: None, nom: self.departement, academie: None }, &uai);
        Some(LigneApprentissage {
            ligne: ligne.numero(),
            session,
            identite,
            uai,
            forme_uai,
            etablissement: champs.text(self.etablissement),
            statut: champs.listed(self.statut, StatutEtablissement::from_libelle),
            famille: champs.listed(self.famille, famille_from_fili).unwrap_or(Famille::Autre),
            intitule,
            specialite: champs.text(self.specialite),
            abrege: champs.text(self.abrege),
            code_type: self.code_type.and_then(|i| champs::count(champs, i)),
            departement: place.departement,
            academie: place.academie,
            ville: champs.text(self.ville),
            coordonnees: champs::coordonnees(champs, self.gps),
            site: champs.text(self.site),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENTETE: &str =
        "annee;etab_uai;etab_nom;tc;tf;nm;fl;departement;commune;etab_gps;etab_url;nmc;code_formation;source";

    fn read(lignes: &[&str]) -> (Vec<LigneApprentissage>, Bilan) {
        let texte = format!("{ENTETE}\r\n{}\r\n", lignes.join("\r\n"));
        let mut lues = Vec::new();
        let bilan = read_apprentissage(
            texte.as_bytes(),
            "offre.csv",
            Options::default(),
            &mut |l| lues.push(l),
            &mut |_, _| {},
        )
        .unwrap();
        (lues, bilan)
    }

    const MCO: &str = "2024;0570057C;Lycée Robert Schuman (Metz - 57);Publics;BTS;BTS - Services - MCO - en apprentissage;BTS - Services - MCO;Moselle;Metz;49.1108, 6.20875;http://www.lycee-schuman.fr;BTS-MCO-App;11423;bts-apprentissage-2024";

    #[test]
    fn reads_a_course_and_where_it_is() {
        let (lues, bilan) = read(&[MCO]);
        assert!(bilan.releve.is_clean());
        assert_eq!(bilan.releve.total_avertissements, 0, "{:?}", bilan.releve);
        let [l] = lues.as_slice() else { panic!("{lues:?}") };
        assert_eq!(l.departement.as_deref(), Some("57"));
        assert_eq!(l.academie, Some("12"));
        assert_eq!(l.code_type, Some(11423));
        assert_eq!(l.statut, Some(StatutEtablissement::Public));
        assert_eq!(l.famille, Famille::Bts);
        assert!(l.identite.is_incertaine());
    }

    #[test]
    fn same_labels_are_told_apart_by_their_order() {
        let (lues, bilan) = read(&[MCO, MCO, MCO]);
        assert_eq!(bilan.lignes_valides, 3);
        let cles: std::collections::HashSet<String> = lues.iter().map(|l| l.identite.cle()).collect();
        assert_eq!(cles.len(), 3);
    }

    #[test]
    fn leaves_the_rows_of_the_statistics_alone() {
        let (lues, bilan) = read(&[&MCO.replace("bts-apprentissage-2024", "statistiques-2025"), MCO]);
        assert_eq!((lues.len(), bilan.lignes_ignorees), (1, 1));
        assert_eq!(lues.first().map(|l| l.ligne), Some(3));
    }

    #[test]
    fn the_rows_of_the_statistics_say_the_type_of_their_course() {
        let texte = "annee;etab_uai;nm;gta;code_formation;source\n2025;0570057C;Licence - Droit;28097;2002;statistiques-2025\n\
                     2025;0570057C;Licence - X;;2002;statistiques-2025\n2025;0570057C;Licence - Y;12;;statistiques-2025\n";
        let mut types = Vec::new();
        read_apprentissage(texte.as_bytes(), "o.csv", Options::default(), &mut |_| (), &mut |c, t| {
            types.push((c, t))
        })
        .unwrap();
        assert_eq!(types, [(28097, 2002)]);
    }

    #[test]
    fn an_establishment_off_the_map_is_located_by_its_code() {
        let (lues, bilan) =
            read(&["2024;0570057C;;;BTS;BTS - X - en apprentissage;;;;;;;;bts-apprentissage-2024"]);
        let l = lues.first().unwrap();
        assert_eq!(l.departement.as_deref(), Some("57"));
        assert_eq!(l.coordonnees, None);
        assert_eq!(bilan.releve.par_nature.get(&Nature::SansCoordonnees), Some(&1));
    }

    #[test]
    fn missing_identity_is_a_fault() {
        let (lues, bilan) = read(&["2024;;;;BTS;;;;;;;;;bts-apprentissage-2024"]);
        assert!(lues.is_empty());
        let colonnes: Vec<&str> = bilan.releve.fautes.iter().map(|f| f.colonne.as_str()).collect();
        assert_eq!(colonnes, ["etab_uai", "nm"]);
    }
}
