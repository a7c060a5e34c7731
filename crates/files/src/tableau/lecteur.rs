//! Strict CSV reading. The usual parser mends broken quotes in silence and lets one line grow without end; here each
//! is a fault with its line and column, and the reading goes on with the next line.

use std::io::Read;

use super::{Bilan, Entetes, Faute, Ligne, Nature, Releve, Separateur};
use crate::encodage::Decodeur;
use crate::source::{self, Limites, Options};
use crate::{Encodage, FichierError};

/// What [`Lecteur::read`] found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lu {
    Ligne,
    /// The line is unusable; the next one may be right.
    Faute(Faute),
    Fin,
}

/// Reads a table line by line, in bounded memory.
pub struct Lecteur<'a> {
    decodeur: Decodeur<'a>,
    fichier: String,
    limites: Limites,
    separateur: Separateur,
    entetes: Entetes,
    tolerant: bool,
    guillemets_libres: bool,
    morceau: String,
    pub(super) octets: Vec<u8>,
    position: usize,
    /// Line of the next byte.
    ligne: u64,
    /// The last byte was a carriage return: a line feed that follows belongs to it.
    apres_retour: bool,
    lues: u64,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Etat {
    DebutChamp,
    Champ,
    Cite,
    /// After a quote inside a quoted cell: doubled or closing.
    Guillemet,
    /// The record is faulty: up to the end of its line nothing counts.
    Saut,
}

impl<'a> Lecteur<'a> {
    /// Recognises compression, encoding and separator, and reads the header line.
    pub fn open(source: impl Read + 'a, fichier: &str, options: Options<'a>) -> Result<Self, FichierError> {
        let Options { limites, separateur, taille, progression } = options;
        let (source, compression) = source::open(source, fichier, limites, taille, progression)?;
        let decodeur = Decodeur::open(source, fichier, compression, limites)?;
        let this = Self::start(decodeur, fichier, limites, separateur)?;
        let doubles = this.entetes.duplicates();
        if !doubles.is_empty() {
            return Err(this.header_error(doubles));
        }
        Ok(this)
    }

    /// From a source that is open: whoever calls looks at the names of the columns.
    pub(crate) fn start(
        decodeur: Decodeur<'a>,
        fichier: &str,
        limites: Limites,
        separateur: Option<Separateur>,
    ) -> Result<Self, FichierError> {
        let mut this = Self {
            decodeur,
            fichier: fichier.to_owned(),
            limites,
            separateur: separateur.unwrap_or(Separateur::PointVirgule),
            entetes: Entetes::default(),
            tolerant: false,
            guillemets_libres: false,
            morceau: String::new(),
            octets: Vec::new(),
            position: 0,
            ligne: 1,
            apres_retour: false,
            lues: 0,
        };
        this.decodeur.next_chunk(&mut this.morceau, 1)?;
        if separateur.is_none() {
            this.separateur = Separateur::detect(&this.morceau);
        }
        let mut ligne = Ligne::default();
        match this.record(&mut ligne)? {
            Lu::Ligne => {}
            Lu::Faute(faute) => return Err(this.header_error(vec![faute])),
            Lu::Fin => {
                return Err(FichierError::Vide { fichier: this.fichier });
            }
        }
        if ligne.len() > limites.colonnes {
            let faute = Faute {
                ligne: ligne.numero(),
                colonne: (limites.colonnes + 1).to_string(),
                motif: format!("plus de {} colonnes", limites.colonnes),
            };
            return Err(this.header_error(vec![faute]));
        }
        this.entetes = Entetes::from_ligne(&ligne);
        Ok(this)
    }

    /// Leaves invisible control characters out instead of refusing the line; NUL is refused all the same.
    pub fn tolerant(mut self) -> Self {
        self.tolerant = true;
        self
    }

    /// A quote inside a cell is a character like another: some national exports never double them.
    pub fn with_loose_quotes(mut self) -> Self {
        self.guillemets_libres = true;
        self
    }

    /// The columns.
    pub fn entetes(&self) -> &Entetes {
        &self.entetes
    }

    /// The separator announced or found.
    pub fn separateur(&self) -> Separateur {
        self.separateur
    }

    /// The encoding recognised so far.
    pub fn encodage(&self) -> Encodage {
        self.decodeur.encodage()
    }

    /// Refuses the file for its header line.
    pub fn header_error(&self, fautes: Vec<Faute>) -> FichierError {
        FichierError::Entete { fichier: self.fichier.clone(), fautes }
    }

    /// Reads the next data line. Blank lines are passed over.
    pub fn read(&mut self, ligne: &mut Ligne) -> Result<Lu, FichierError> {
        let lu = self.record(ligne)?;
        if lu == Lu::Fin {
            return Ok(lu);
        }
        self.lues += 1;
        if self.lues > self.limites.lignes {
            return Err(FichierError::TropDeLignes {
                fichier: self.fichier.clone(),
                limite: self.limites.lignes,
            });
        }
        if lu == Lu::Ligne && ligne.len() != self.entetes.len() {
            let index = ligne.len().min(self.entetes.len());
            return Ok(Lu::Faute(Faute {
                ligne: ligne.numero(),
                colonne: self.entetes.nom(index),
                motif: format!(
                    "{} cellules au lieu de {} : il manque un séparateur ou il y en a un de trop",
                    ligne.len(),
                    self.entetes.len()
                ),
            }));
        }
        Ok(lu)
    }

    /// Reads the next data line that can be read; those that cannot are counted, and their faults told. `false`: the end.
    pub(crate) fn read_or_tell(
        &mut self,
        ligne: &mut Ligne,
        bilan: &mut Bilan,
    ) -> Result<bool, FichierError> {
        loop {
            match self.read(ligne)? {
                Lu::Fin => return Ok(false),
                Lu::Ligne => return Ok(true),
                Lu::Faute(faute) => {
                    bilan.lignes_fautives += 1;
                    bilan.releve.fault(faute);
                }
            }
        }
    }

    /// Data lines read so far.
    pub fn lues(&self) -> u64 {
        self.lues
    }

    /// Starts the account of this file.
    pub fn bilan(&self) -> Bilan {
        Bilan {
            fichier: self.fichier.clone(),
            encodage: self.encodage(),
            compression: self.decodeur.compression(),
            separateur: self.separateur,
            lignes_lues: self.lues,
            lignes_valides: 0,
            lignes_ignorees: 0,
            lignes_fautives: 0,
            sessions: std::collections::BTreeMap::new(),
            releve: Releve::default(),
        }
    }

    /// Completes the account once the end is reached: the encoding is only certain there.
    pub fn close(&self, bilan: &mut Bilan) {
        bilan.lignes_lues = self.lues;
        bilan.encodage = self.encodage();
        self.warn_encodage(&mut bilan.releve);
    }

    /// Tells that the file is not in UTF-8, once its end is reached.
    pub(crate) fn warn_encodage(&self, releve: &mut Releve) {
        let encodage = self.encodage();
        if !encodage.is_utf8() {
            let libelle = encodage.libelle();
            releve.warn(Nature::Encodage, 1, "1", || {
                format!("fichier en {libelle}, reconnu et lu comme tel ; préférez UTF-8")
            });
        }
    }

    fn record(&mut self, ligne: &mut Ligne) -> Result<Lu, FichierError> {
        let coupe = loop {
            match self.cut(ligne)? {
                Coupe::Blanche => {}
                autre => break autre,
            }
        };
        match coupe {
            Coupe::Blanche | Coupe::Fin => return Ok(Lu::Fin),
            Coupe::Faute(faute) => return Ok(Lu::Faute(faute)),
            Coupe::Ligne => {}
        }
        ligne.texte.clear();
        // Whole characters came in and every cut is at an ASCII one: the bytes are still text.
        match std::str::from_utf8(&self.octets) {
            Ok(texte) => ligne.texte.push_str(texte),
            Err(_) => return Ok(Lu::Faute(self.fault(ligne.numero, 0, "texte illisible".into()))),
        }
        Ok(match ligne.clean(self.tolerant) {
            Ok(()) => Lu::Ligne,
            Err(refus) => Lu::Faute(self.fault(ligne.numero, refus.index, refus.motif)),
        })
    }

    /// Cuts one record into `self.octets` and the ends of its cells.
    fn cut(&mut self, ligne: &mut Ligne) -> Result<Coupe, FichierError> {
        let separateur = self.separateur.octet();
        self.octets.clear();
        ligne.fins.clear();
        ligne.numero = self.ligne;
        let mut etat = Etat::DebutChamp;
        let mut cite = false;
        let mut faute: Option<(usize, String)> = None;
        loop {
            if self.position >= self.morceau.len() {
                self.position = 0;
                if !self.decodeur.next_chunk(&mut self.morceau, self.ligne)? {
                    return Ok(self.end_of_file(ligne, etat, cite, faute));
                }
            }
            let reste = self.morceau.as_bytes().get(self.position..).unwrap_or_default();
            let Some(&octet) = reste.first() else {
                continue;
            };
            if std::mem::take(&mut self.apres_retour) && octet == b'\n' {
                self.position += 1;
                continue;
            }
            match etat {
                Etat::DebutChamp if octet == b'"' => {
                    (etat, cite) = (Etat::Cite, true);
                    self.position += 1;
                }
                Etat::DebutChamp => etat = Etat::Champ,
                Etat::Champ => {
                    let n = reste
                        .iter()
                        .position(|b| *b == separateur || matches!(b, b'"' | b'\n' | b'\r'))
                        .unwrap_or(reste.len());
                    self.octets.extend_from_slice(reste.get(..n).unwrap_or_default());
                    let suivant = reste.get(n).copied();
                    self.position += n;
                    match suivant {
                        None => {}
                        Some(b'"') if self.guillemets_libres => {
                            self.octets.push(b'"');
                            self.position += 1;
                        }
                        Some(b'"') => {
                            faute = Some((
                                ligne.fins.len(),
                                "guillemet au milieu d’une cellule : entourez la cellule de guillemets et doublez celui-ci".into(),
                            ));
                            etat = Etat::Saut;
                        }
                        Some(b'\n' | b'\r') => {
                            self.line_break();
                            return Ok(self.end_of_record(ligne, cite));
                        }
                        Some(_) => {
                            self.position += 1;
                            ligne.fins.push(self.octets.len());
                            etat = Etat::DebutChamp;
                        }
                    }
                }
                Etat::Cite => {
                    let n =
                        reste.iter().position(|b| matches!(b, b'"' | b'\n' | b'\r')).unwrap_or(reste.len());
                    self.octets.extend_from_slice(reste.get(..n).unwrap_or_default());
                    let suivant = reste.get(n).copied();
                    self.position += n;
                    match suivant {
                        None => {}
                        Some(b'"') => {
                            self.position += 1;
                            etat = Etat::Guillemet;
                        }
                        Some(_) => {
                            self.line_break();
                            self.octets.push(b'\n');
                        }
                    }
                }
                Etat::Guillemet if octet == b'"' => {
                    self.octets.push(b'"');
                    self.position += 1;
                    etat = Etat::Cite;
                }
                Etat::Guillemet if octet == separateur => {
                    self.position += 1;
                    ligne.fins.push(self.octets.len());
                    etat = Etat::DebutChamp;
                }
                Etat::Guillemet if matches!(octet, b'\n' | b'\r') => {
                    self.line_break();
                    return Ok(self.end_of_record(ligne, cite));
                }
                Etat::Guillemet if self.guillemets_libres => {
                    // The one that began the cell enclosed nothing either.
                    self.octets.insert(ligne.fins.last().copied().unwrap_or_default(), b'"');
                    self.octets.push(b'"');
                    etat = Etat::Champ;
                }
                Etat::Guillemet => {
                    faute = Some((
                        ligne.fins.len(),
                        "caractère après le guillemet fermant : un guillemet dans une cellule se double"
                            .into(),
                    ));
                    etat = Etat::Saut;
                }
                Etat::Saut => {
                    let n = reste.iter().position(|b| matches!(b, b'\n' | b'\r'));
                    self.position += n.unwrap_or(reste.len());
                    if n.is_some() {
                        self.line_break();
                        return Ok(self.skipped(ligne, faute));
                    }
                }
            }
            if etat != Etat::Saut
                && let Some(motif) = self.excess(ligne.fins.len(), etat)
            {
                faute = Some((ligne.fins.len(), motif));
                etat = Etat::Saut;
                self.octets.clear();
            }
            // Without header nothing can be read: no need to look for the end of a line of a gigabyte.
            if etat == Etat::Saut && self.entetes.is_empty() {
                return Ok(self.skipped(ligne, faute));
            }
        }
    }

    fn line_break(&mut self) {
        self.apres_retour = self.morceau.as_bytes().get(self.position) == Some(&b'\r');
        self.position += 1;
        self.ligne += 1;
    }

    /// Why the record is too big, if it is.
    fn excess(&self, cellules: usize, etat: Etat) -> Option<String> {
        if cellules > self.limites.colonnes {
            return Some(format!("plus de {} colonnes", self.limites.colonnes));
        }
        if self.octets.len() + cellules <= self.limites.octets_ligne {
            return None;
        }
        let taille = self.limites.octets_ligne;
        Some(if etat == Etat::Cite {
            format!("guillemet ouvert et non refermé dans les {taille} octets qui suivent")
        } else {
            format!("ligne de plus de {taille} octets")
        })
    }

    fn end_of_record(&self, ligne: &mut Ligne, cite: bool) -> Coupe {
        if ligne.fins.is_empty() && self.octets.is_empty() && !cite {
            return Coupe::Blanche;
        }
        if let Some(motif) = self.excess(ligne.fins.len(), Etat::Champ) {
            return Coupe::Faute(self.fault(ligne.numero, ligne.fins.len(), motif));
        }
        ligne.fins.push(self.octets.len());
        Coupe::Ligne
    }

    fn end_of_file(
        &self,
        ligne: &mut Ligne,
        etat: Etat,
        cite: bool,
        faute: Option<(usize, String)>,
    ) -> Coupe {
        match etat {
            Etat::Saut => self.skipped(ligne, faute),
            Etat::Cite => {
                let motif = "guillemet ouvert et jamais refermé".to_owned();
                self.skipped(ligne, Some((ligne.fins.len(), motif)))
            }
            Etat::DebutChamp | Etat::Champ | Etat::Guillemet => match self.end_of_record(ligne, cite) {
                Coupe::Blanche => Coupe::Fin,
                autre => autre,
            },
        }
    }

    /// The fault of a record that was passed over, with the lines lost on the way.
    fn skipped(&self, ligne: &Ligne, faute: Option<(usize, String)>) -> Coupe {
        let (index, mut motif) = faute.unwrap_or((0, "ligne illisible".to_owned()));
        let derniere = self.ligne.saturating_sub(1);
        if derniere > ligne.numero {
            motif = format!("{motif} (lignes {} à {derniere} non lues)", ligne.numero);
        }
        Coupe::Faute(self.fault(ligne.numero, index, motif))
    }

    fn fault(&self, ligne: u64, index: usize, motif: String) -> Faute {
        Faute { ligne, colonne: self.entetes.nom(index), motif }
    }
}

/// What one record is.
enum Coupe {
    Ligne,
    /// Nothing at all on the line.
    Blanche,
    Faute(Faute),
    Fin,
}

/// Faults told at once (ENT-3).
const FAUTES_MAX: usize = 1_000;

/// A text table as the rows of a sheet: headers first. Any faulty line refuses the whole.
///
/// # Errors
/// What is wrong with the file, the first thousand of its faulty lines included; more cells than [`Limites::cellules`].
pub fn read_lignes_csv(
    octets: &[u8],
    fichier: &str,
    limites: Limites,
) -> Result<Vec<(u64, Vec<String>)>, FichierError> {
    let mut lecteur = Lecteur::open(octets, fichier, Options { limites, ..Options::default() })?;
    let largeur = lecteur.entetes().len();
    let mut lignes = vec![(1, lecteur.entetes().noms().to_vec())];
    let (mut ligne, mut fautes) = (Ligne::default(), Vec::new());
    let mut reste = limites.cellules;
    loop {
        match lecteur.read(&mut ligne)? {
            Lu::Fin => break,
            // A file that is wrong everywhere says so once: the rest is read for nothing.
            Lu::Faute(_) if fautes.len() == FAUTES_MAX => break,
            Lu::Faute(faute) => fautes.push(faute),
            Lu::Ligne => {
                reste = reste.checked_sub(largeur as u64).ok_or_else(|| FichierError::TropDeCellules {
                    fichier: fichier.to_owned(),
                    limite: limites.cellules,
                })?;
                let cellules = (0..largeur).map(|i| super::rearm(ligne.cell(i)).to_owned()).collect();
                lignes.push((ligne.numero(), cellules));
            }
        }
    }
    if fautes.is_empty() { Ok(lignes) } else { Err(lecteur.header_error(fautes)) }
}
