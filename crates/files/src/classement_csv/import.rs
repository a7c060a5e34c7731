//! Reading a ranking back: all its faults at once, by line, and nothing guessed.

use std::collections::{BTreeMap, HashMap};

use super::{AUTRES, CODE, EXPORT, FORMATIONS, MOYENNE, NOM, NOTE, PRENOM, RANG};
use crate::tableau::{Bilan, Entetes, Faute, Lecteur, Ligne, Nature, Releve, rearm};
use crate::valeurs;
use crate::{FichierError, Options};

/// Header variants met in spreadsheets. `Nom` alone is a name, never a code.
const CODES: &[&str] = &[
    CODE,
    "Code candidat",
    "Code du candidat",
    "Candidat",
    "Numéro de dossier",
    "N° de dossier",
    "N° dossier",
    "Dossier",
    "Code",
];
const RANGS: &[&str] = &[RANG, "Rang de classement", "Classement", "Rang candidat"];
/// Columns of the export that the import passes over without a word, with [`AUTRES`].
const CONNUES: &[&str] = &[NOM, PRENOM, MOYENNE, EXPORT, FORMATIONS];
/// Missing ranks named in a message.
const RANGS_MONTRES: usize = 10;

/// One line of the file, right by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LigneClassee {
    /// Line of the file, header = 1.
    pub ligne: u64,
    pub code: String,
    /// Absent = not ranked.
    pub rang: Option<u32>,
    /// In hundredths.
    pub note: Option<i64>,
}

/// A ranking as read. To be applied only when `bilan.releve.is_clean()`: it is all or nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClassementLu {
    pub bilan: Bilan,
    /// In the order of the file.
    pub lignes: Vec<LigneClassee>,
}

impl ClassementLu {
    /// Codes of the ranked candidates, in the order of their ranks.
    pub fn ranked(&self) -> Vec<&str> {
        let mut classes: Vec<(u32, &str)> =
            self.lignes.iter().filter_map(|l| Some((l.rang?, l.code.as_str()))).collect();
        classes.sort_unstable();
        classes.into_iter().map(|(_, code)| code).collect()
    }

    /// Codes of the candidates of the file that it does not rank.
    pub fn unranked(&self) -> Vec<&str> {
        self.lignes.iter().filter(|l| l.rang.is_none()).map(|l| l.code.as_str()).collect()
    }
}

struct Colonnes {
    code: usize,
    rang: usize,
    note: Option<usize>,
}

/// Reads a ranking. `is_known` says whether a file number is one of the group's candidates.
///
/// Ranks must be whole, from 1, each once and without a gap; a candidate appears once; an empty rank leaves the
/// candidate unranked.
pub fn read_classement<'a>(
    octets: &'a [u8],
    nom_fichier: &str,
    options: Options<'a>,
    is_known: &mut dyn FnMut(&str) -> bool,
) -> Result<ClassementLu, FichierError> {
    let mut lecteur = Lecteur::open(octets, nom_fichier, options)?;
    let mut bilan = lecteur.bilan();
    let colonnes = Colonnes::resolve(&lecteur, &mut bilan.releve)?;
    let entetes = lecteur.entetes().clone();
    let mut lignes: Vec<LigneClassee> = Vec::new();
    let mut candidats: HashMap<String, u64> = HashMap::new();
    let mut rangs: BTreeMap<u32, u64> = BTreeMap::new();
    let mut ligne = Ligne::default();
    while lecteur.read_or_tell(&mut ligne, &mut bilan)? {
        // Spreadsheets leave lines of separators behind deleted rows.
        if (0..ligne.len()).all(|i| ligne.cell(i).is_empty()) {
            bilan.lignes_ignorees += 1;
            continue;
        }
        let releve = &mut bilan.releve;
        let mut examen = Examen { colonnes: &colonnes, entetes: &entetes, ligne: &ligne, releve };
        match examen.row(&mut candidats, &mut rangs, is_known) {
            Some(lue) => {
                bilan.lignes_valides += 1;
                lignes.push(lue);
            }
            None => bilan.lignes_fautives += 1,
        }
    }
    // With a rank unread, a gap would only repeat that fault.
    if bilan.releve.is_clean() {
        check_gaps(&rangs, &entetes.nom(colonnes.rang), &mut bilan.releve);
    }
    lecteur.close(&mut bilan);
    Ok(ClassementLu { bilan, lignes })
}

impl Colonnes {
    fn resolve(lecteur: &Lecteur<'_>, releve: &mut Releve) -> Result<Self, FichierError> {
        let entetes = lecteur.entetes();
        let mut fautes = Vec::new();
        let code = one_of(entetes, CODES, &mut fautes);
        let rang = one_of(entetes, RANGS, &mut fautes);
        let note = entetes.find(&[NOTE]);
        let (Some(code), Some(rang), true) = (code, rang, fautes.is_empty()) else {
            return Err(lecteur.header_error(fautes));
        };
        for index in 0..entetes.len() {
            let connue = [Some(code), Some(rang), note].contains(&Some(index))
                || CONNUES.iter().chain(&AUTRES).any(|c| entetes.find(&[c]) == Some(index));
            if !connue {
                releve.warn(Nature::ColonneInconnue, 1, entetes.etiquette(index), || {
                    "colonne non reprise : seuls le code, le rang et la note le sont".to_owned()
                });
            }
        }
        Ok(Self { code, rang, note })
    }
}

/// The only column that bears one of these names.
fn one_of(entetes: &Entetes, noms: &[&str], fautes: &mut Vec<Faute>) -> Option<usize> {
    let mut trouvees: Vec<usize> = noms.iter().filter_map(|n| entetes.find(&[n])).collect();
    trouvees.sort_unstable();
    trouvees.dedup();
    let attendue = noms.first().copied().unwrap_or_default();
    match trouvees.as_slice() {
        [] => {
            fautes.push(Faute {
                ligne: 1,
                colonne: attendue.to_owned(),
                motif: "colonne indispensable absente : exportez le classement et complétez ce fichier"
                    .to_owned(),
            });
            None
        }
        [seule] => Some(*seule),
        // The header of the export settles it: a sheet made from it may well have a further « Classement ».
        [premiere, seconde, ..] => {
            let exacte = entetes.find(&[attendue]);
            if exacte.is_none() {
                fautes.push(Faute {
                    ligne: 1,
                    colonne: entetes.nom(*seconde),
                    motif: format!(
                        "fait double emploi avec « {} » : gardez une seule des deux colonnes, nommée « {attendue} »",
                        entetes.nom(*premiere)
                    ),
                });
            }
            exacte
        }
    }
}

/// One line under examination.
struct Examen<'a> {
    colonnes: &'a Colonnes,
    entetes: &'a Entetes,
    ligne: &'a Ligne,
    releve: &'a mut Releve,
}

impl Examen<'_> {
    fn row(
        &mut self,
        candidats: &mut HashMap<String, u64>,
        rangs: &mut BTreeMap<u32, u64>,
        is_known: &mut dyn FnMut(&str) -> bool,
    ) -> Option<LigneClassee> {
        let code = self.code(candidats, is_known);
        let rang = self.rang(rangs);
        let note = self.note();
        Some(LigneClassee { ligne: self.ligne.numero(), code: code?, rang: rang.ok()?, note: note.ok()? })
    }

    fn code(
        &mut self,
        candidats: &mut HashMap<String, u64>,
        is_known: &mut dyn FnMut(&str) -> bool,
    ) -> Option<String> {
        let code = rearm(self.ligne.cell(self.colonnes.code)).trim();
        let numero = self.ligne.numero();
        let motif = if code.is_empty() {
            "code du candidat absent : complétez-le ou supprimez la ligne".to_owned()
        } else if !is_known(code) {
            format!("candidat inconnu dans ce groupe : « {} »", excerpt(code))
        } else if let Some(premiere) = candidats.get(code) {
            format!("candidat « {code} » en double : il est déjà à la ligne {premiere}")
        } else {
            candidats.insert(code.to_owned(), numero);
            return Some(code.to_owned());
        };
        self.fault(self.colonnes.code, motif);
        None
    }

    fn rang(&mut self, rangs: &mut BTreeMap<u32, u64>) -> Result<Option<u32>, Refus> {
        let brut = self.ligne.cell(self.colonnes.rang);
        if brut.is_empty() {
            return Ok(None);
        }
        let motif = match valeurs::parse_whole(brut) {
            None => format!("rang « {} » : un nombre entier est attendu", excerpt(brut)),
            Some(n) => match u32::try_from(n).ok().filter(|n| *n > 0) {
                None if n <= 0 => format!("rang {n} : les rangs commencent à 1"),
                None => format!("rang {n} : il dépasse le nombre de candidats"),
                Some(rang) => match rangs.get(&rang) {
                    Some(premiere) => {
                        format!("rang {rang} en double : il est déjà à la ligne {premiere}")
                    }
                    None => {
                        rangs.insert(rang, self.ligne.numero());
                        return Ok(Some(rang));
                    }
                },
            },
        };
        self.fault(self.colonnes.rang, motif);
        Err(Refus)
    }

    fn note(&mut self) -> Result<Option<i64>, Refus> {
        let Some(index) = self.colonnes.note else {
            return Ok(None);
        };
        let brut = rearm(self.ligne.cell(index));
        if brut.is_empty() {
            return Ok(None);
        }
        match valeurs::parse_hundredths(brut) {
            Some(note) => Ok(Some(note)),
            None => {
                let motif = format!("note « {} » : un nombre est attendu (14,5)", excerpt(brut));
                self.fault(index, motif);
                Err(Refus)
            }
        }
    }

    fn fault(&mut self, index: usize, motif: String) {
        self.releve.fault(Faute { ligne: self.ligne.numero(), colonne: self.entetes.nom(index), motif });
    }
}

/// A cell refused; its fault is noted.
struct Refus;

fn excerpt(brut: &str) -> String {
    brut.chars().take(40).collect()
}

/// Ranks must follow each other: names the first that are missing, where the gap is seen.
fn check_gaps(rangs: &BTreeMap<u32, u64>, colonne: &str, releve: &mut Releve) {
    let mut attendu = 1u32;
    let mut manquants: Vec<u32> = Vec::new();
    let mut total = 0u64;
    let mut vu_ligne = None;
    for (rang, ligne) in rangs {
        if *rang > attendu {
            vu_ligne.get_or_insert(*ligne);
            total += u64::from(*rang - attendu);
            let place = RANGS_MONTRES.saturating_sub(manquants.len());
            manquants.extend((attendu..*rang).take(place));
        }
        attendu = rang.saturating_add(1);
    }
    let Some(ligne) = vu_ligne else {
        return;
    };
    let liste = manquants.iter().map(u32::to_string).collect::<Vec<_>>().join(", ");
    let suite = if total > manquants.len() as u64 { "…" } else { "" };
    releve.fault(Faute {
        ligne,
        colonne: colonne.to_owned(),
        motif: format!("les rangs doivent se suivre de 1 à {} : il manque {liste}{suite}", rangs.len()),
    });
}
