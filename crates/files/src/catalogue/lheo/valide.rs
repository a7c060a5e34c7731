//! Whether a document is what the schema of LHÉO 2.3 wants, while it is read: each element, attribute and text is looked at once.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher as _, RandomState};

use super::super::champs::court;
use super::super::place::Place;
use super::schema::{Attribut, Contenu, Element, Enfant, Valeur, element};

/// Identifiers and references of one document.
const IDENTIFIANTS_MAX: usize = 1_000_000;
/// Bytes kept of a text: those of codes, days and numbers, and what a message repeats.
const JETON_MAX: usize = 100;
/// Attributes that any element of any schema may have, which say where schemas are; they are never followed.
const ESPACE_INSTANCE: &str = "http://www.w3.org/2001/XMLSchema-instance";
const SCHEMAS: [&str; 2] = ["schemaLocation", "noNamespaceSchemaLocation"];

/// What a document says otherwise than the schema.
pub(super) struct Ecart {
    pub ou: Place,
    /// The child that is missing in the element at fault.
    pub absent: Option<&'static str>,
    /// French sentence without final stop: what is wrong, what the schema wants.
    pub motif: String,
}

/// What an open element is to the schema.
#[derive(Clone, Copy)]
enum Nature {
    Connu(&'static Element),
    /// Another vocabulary, where the schema takes any.
    Libre,
    /// At fault: what it holds is not looked at.
    Fautif,
}

/// An open element.
struct Cadre {
    nature: Nature,
    /// Where the counts of its children begin.
    base: usize,
    /// Rank of the furthest of the children met.
    rang: usize,
    /// It holds what it should not, which was said.
    dit: bool,
}

/// Follows a document from one event to the next.
#[derive(Default)]
pub(super) struct Validateur {
    cadres: Vec<Cadre>,
    /// For each open element, how many of each of its children.
    comptes: Vec<u32>,
    /// The text of the innermost element.
    texte: Jeton,
    identifiants: Identifiants,
    ecarts: Vec<Ecart>,
}

impl Validateur {
    /// What was found since the last time.
    pub(super) fn take(&mut self) -> Vec<Ecart> {
        std::mem::take(&mut self.ecarts)
    }

    fn add(&mut self, ou: Place, motif: String) {
        self.ecarts.push(Ecart { ou, absent: None, motif });
    }

    /// An element begins; `dedans`: it is of the namespace of LHÉO.
    pub(super) fn open(&mut self, nom: &str, dedans: bool, ou: Place) {
        let connu = if dedans { element(nom) } else { None };
        let nature = match self.admit(nom, dedans, connu) {
            Ok(nature) => nature,
            Err(None) => Nature::Fautif,
            Err(Some(motif)) => {
                self.add(ou, motif);
                // Too many, or too late: its own content is still read.
                connu.filter(|_| self.is_wanted(nom)).map_or(Nature::Fautif, Nature::Connu)
            }
        };
        self.texte = Jeton::default();
        let base = self.comptes.len();
        if let Nature::Connu(e) = nature {
            self.comptes.resize(base + e.contenu.enfants().len(), 0);
        }
        self.cadres.push(Cadre { nature, base, rang: 0, dit: false });
    }

    /// Whether the innermost element has children of this name.
    fn is_wanted(&self, nom: &str) -> bool {
        match self.cadres.last().map(|c| c.nature) {
            Some(Nature::Connu(p)) => p.contenu.enfants().iter().any(|x| x.nom == nom),
            _ => false,
        }
    }

    /// What a new element is in the innermost one, or why it should not be there; no reason: it was given already.
    fn admit(
        &mut self,
        nom: &str,
        dedans: bool,
        connu: Option<&'static Element>,
    ) -> Result<Nature, Option<String>> {
        let Some(cadre) = self.cadres.last_mut() else { return connu.map(Nature::Connu).ok_or(None) };
        let parent = match cadre.nature {
            Nature::Fautif => return Err(None),
            Nature::Libre => return Ok(connu.map_or(Nature::Libre, Nature::Connu)),
            Nature::Connu(parent) => parent,
        };
        let enfants = match &parent.contenu {
            Contenu::Libre => return Ok(connu.map_or(Nature::Libre, Nature::Connu)),
            Contenu::Valeur(_) if std::mem::replace(&mut cadre.dit, true) => return Err(None),
            Contenu::Valeur(_) => {
                let (nom, parent) = (court(nom), parent.nom);
                return Err(Some(format!(
                    "« {parent} » contient l’élément « {nom} » : le schéma n’y veut que du texte"
                )));
            }
            Contenu::Suite(enfants) | Contenu::Melange(enfants) => enfants,
        };
        let trouve = connu.and_then(|e| enfants.iter().enumerate().find(|(_, x)| x.nom == e.nom));
        let (Some((rang, enfant)), Some(connu)) = (trouve, connu) else {
            return Err(Some(intrus(nom, dedans, connu.is_some(), parent, cadre.rang)));
        };
        if let Some(compte) = self.comptes.get_mut(cadre.base + rang) {
            *compte = compte.saturating_add(1);
            // Said once: the next ones are as many faults as one.
            if enfant.max.is_some_and(|max| *compte == max.saturating_add(1)) {
                let quantite = quantite(enfant);
                return Err(Some(format!(
                    "un élément « {nom} » de trop : le schéma en veut {quantite} dans « {} »",
                    parent.nom
                )));
            }
        }
        if matches!(parent.contenu, Contenu::Suite(_)) && rang < cadre.rang {
            let suivant = enfants.get(cadre.rang).map_or("", |x| x.nom);
            return Err(Some(format!(
                "l’élément « {nom} » vient après « {suivant} » : dans « {} », le schéma le veut avant",
                parent.nom
            )));
        }
        cadre.rang = rang;
        Ok(Nature::Connu(connu))
    }

    /// An attribute of the innermost element, by its namespace and its local name.
    pub(super) fn attribute(&mut self, espace: Option<&str>, nom: &str, valeur: &str, ou: Place) {
        let Some(Nature::Connu(e)) = self.cadres.last().map(|c| c.nature) else { return };
        if espace == Some(ESPACE_INSTANCE) && SCHEMAS.contains(&nom) {
            return;
        }
        let declare = e.attributs().find(|(a, _)| espace.is_none() && *a == nom);
        let Some((_, genre)) = declare else {
            if e.contenu != Contenu::Libre {
                let admis: Vec<&str> = e.attributs().map(|(a, _)| a).collect();
                let (nom, admis) = (court(nom), admis.join(", "));
                self.add(
                    ou,
                    format!(
                        "l’attribut « {nom} » n’existe pas sur « {} » : le schéma y admet {admis}",
                        e.nom
                    ),
                );
            }
            return;
        };
        let valeur = valeur.trim();
        let veut = match genre {
            Attribut::Texte | Attribut::Adresse => return,
            Attribut::Horodatage if is_horodatage(valeur) => return,
            Attribut::Horodatage => "veut une date et une heure, AAAA-MM-JJThh:mm:ss",
            Attribut::Identifiant | Attribut::Reference if !is_nom(valeur) => {
                "veut un nom : une lettre ou « _ », puis des lettres, des chiffres, « . », « - » ou « _ »"
            }
            Attribut::Reference => {
                self.identifiants.refer(valeur, ou);
                return;
            }
            Attribut::Identifiant if self.identifiants.give(valeur) => return,
            Attribut::Identifiant => "veut un nom qu’aucun autre élément du document n’a",
        };
        let valeur = court(valeur);
        self.add(ou, format!("l’attribut « {nom} » vaut « {valeur} » : le schéma {veut}"));
    }

    /// A piece of text of the innermost element.
    pub(super) fn text(&mut self, texte: &str, ou: Place) {
        let Some(cadre) = self.cadres.last_mut() else { return };
        let Nature::Connu(e) = cadre.nature else { return };
        match &e.contenu {
            Contenu::Libre => {}
            Contenu::Valeur(_) => self.texte.add(texte, ou),
            Contenu::Suite(_) | Contenu::Melange(_) => {
                if texte.chars().any(|c| !is_blanc(c)) && !std::mem::replace(&mut cadre.dit, true) {
                    let (texte, nom) = (court(texte.trim()), e.nom);
                    self.add(
                        ou,
                        format!(
                            "« {nom} » contient du texte (« {texte} ») : le schéma n’y veut que des éléments"
                        ),
                    );
                }
            }
        }
    }

    /// The innermost element ends; what was found is about it.
    pub(super) fn close(&mut self, ou: Place) {
        let Some(cadre) = self.cadres.pop() else { return };
        let texte = std::mem::take(&mut self.texte);
        if let Nature::Connu(e) = cadre.nature {
            match &e.contenu {
                Contenu::Valeur(valeur) if !cadre.dit => {
                    if let Some(motif) = texte.fault(*valeur) {
                        self.add(texte.ou.unwrap_or(ou), motif);
                    }
                }
                Contenu::Suite(enfants) => self.missing(e, enfants, cadre.base, ou),
                Contenu::Valeur(_) | Contenu::Melange(_) | Contenu::Libre => {}
            }
        }
        self.comptes.truncate(cadre.base);
    }

    /// The children that an element should have and has not.
    fn missing(&mut self, parent: &'static Element, enfants: &'static [Enfant], base: usize, ou: Place) {
        let mut avant = None;
        for (rang, enfant) in enfants.iter().enumerate() {
            let compte = self.comptes.get(base + rang).copied().unwrap_or_default();
            if compte < enfant.min {
                let place = match avant {
                    None => "au début".to_owned(),
                    Some(avant) => format!("après « {avant} »"),
                };
                let motif = format!(
                    "il manque l’élément « {} » : le schéma en veut {} dans « {} », {place}",
                    enfant.nom,
                    quantite(enfant),
                    parent.nom
                );
                self.ecarts.push(Ecart { ou, absent: Some(enfant.nom), motif });
            }
            if compte > 0 || enfant.min > 0 {
                avant = Some(enfant.nom);
            }
        }
    }

    /// Whether the document has more identifiers than can be followed.
    pub(super) fn is_full(&self) -> bool {
        self.identifiants.donnes.len() + self.identifiants.attendus.len() > IDENTIFIANTS_MAX
    }

    /// Where the first reference is that no element of the document answers to.
    pub(super) fn dangling(&self) -> Option<Place> {
        self.identifiants.attendus.values().copied().min_by_key(|p| (p.ligne, p.colonne))
    }
}

/// Why an element has no place where it is; `rang`: how far its parent is.
fn intrus(nom: &str, dedans: bool, connu: bool, parent: &Element, rang: usize) -> String {
    const MONTRES: usize = 5;
    let nom = court(nom);
    if !dedans {
        return format!(
            "l’élément « {nom} » n’est pas de l’espace de noms de LHÉO 2.3 : seul « extra » en contient d’autres"
        );
    }
    let admis: Vec<String> =
        parent.contenu.enfants().iter().skip(rang).map(|x| format!("« {} »", x.nom)).collect();
    let suite = if admis.len() > MONTRES { "…" } else { "" };
    let admis = admis.get(..MONTRES).unwrap_or(&admis).join(", ");
    let parent = parent.nom;
    if connu {
        format!(
            "l’élément « {nom} » n’a pas sa place dans « {parent} » : le schéma y veut ici {admis}{suite}"
        )
    } else {
        format!(
            "l’élément « {nom} » n’existe pas en LHÉO 2.3 : dans « {parent} », le schéma veut ici {admis}{suite}"
        )
    }
}

fn quantite(enfant: &Enfant) -> String {
    match (enfant.min, enfant.max) {
        (1, Some(1)) => "un et un seul".to_owned(),
        (0, Some(1)) => "un au plus".to_owned(),
        (0, Some(max)) => format!("{max} au plus"),
        (1, None) => "un au moins".to_owned(),
        (min, Some(max)) => format!("de {min} à {max}"),
        (min, None) => format!("{min} au moins"),
    }
}

/// The blanks of XML.
fn is_blanc(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r')
}

/// A text as it comes, in pieces.
#[derive(Default)]
struct Jeton {
    ou: Option<Place>,
    caracteres: usize,
    /// Its beginning, with single spaces.
    debut: String,
    espace: bool,
}

impl Jeton {
    fn add(&mut self, texte: &str, ou: Place) {
        self.ou.get_or_insert(ou);
        for c in texte.chars() {
            self.caracteres += 1;
            if is_blanc(c) {
                self.espace = true;
            } else if self.debut.len() < JETON_MAX {
                if std::mem::take(&mut self.espace) && !self.debut.is_empty() {
                    self.debut.push(' ');
                }
                self.debut.push(c);
            }
        }
    }

    /// What is wrong with it.
    fn fault(&self, valeur: Valeur) -> Option<String> {
        let dit = court(&self.debut);
        match valeur {
            Valeur::Texte(min, max) => {
                let n = self.caracteres;
                let s = if n > 1 { "s" } else { "" };
                let bornes = match (min, max) {
                    (0, max) => format!("{max} au plus"),
                    (min, max) if min == max => format!("{max}"),
                    (min, max) => format!("de {min} à {max}"),
                };
                (!(min..=max).contains(&n)).then(|| {
                    format!("le texte a {n} caractère{s}, blancs compris : le schéma en veut {bornes}")
                })
            }
            Valeur::Code(codes) => (!codes.split(' ').any(|c| c == self.debut)).then(|| {
                let codes = codes.replace(' ', ", ");
                format!("le code « {dit} » n’est pas admis : le schéma veut l’un de ceux-ci : {codes}")
            }),
            Valeur::Jour => (!is_jour(&self.debut)).then(|| {
                format!("« {dit} » n’est pas une date : le schéma veut huit chiffres, AAAAMMJJ, ou 99999999")
            }),
            Valeur::Entier => self
                .debut
                .parse::<i64>()
                .is_err()
                .then(|| format!("« {dit} » n’est pas un nombre : le schéma veut un nombre entier")),
        }
    }
}

/// Eight digits, of which the schema bounds those of tens.
fn is_jour(texte: &str) -> bool {
    let &[a, b, c, d, dizaine_mois, mois, dizaine_jour, jour] = texte.as_bytes() else { return false };
    [a, b, c, d, mois, jour].iter().all(u8::is_ascii_digit)
        && matches!(dizaine_mois, b'0' | b'1' | b'9')
        && matches!(dizaine_jour, b'0'..=b'3' | b'9')
}

/// A day and a time of XML.
fn is_horodatage(texte: &str) -> bool {
    let nombre = |t: Option<&str>, longueur: usize| -> Option<i16> {
        t.filter(|t| t.len() == longueur && t.bytes().all(|o| o.is_ascii_digit()))?.parse().ok()
    };
    let Some((jour, reste)) = texte.split_once('T') else { return false };
    let mut parties = jour.splitn(3, '-');
    let date = (nombre(parties.next(), 4), nombre(parties.next(), 2), nombre(parties.next(), 2));
    let (Some(annee @ 1..), Some(mois), Some(jour)) = date else { return false };
    let (Ok(mois), Ok(jour)) = (i8::try_from(mois), i8::try_from(jour)) else { return false };
    let (heure, zone) = match (reste.strip_suffix('Z'), reste.rfind(['+', '-'])) {
        (Some(heure), _) => (heure, None),
        (None, Some(i)) => (reste.get(..i).unwrap_or_default(), reste.get(i + 1..)),
        (None, None) => (reste, None),
    };
    let (heure, fraction) = heure.split_once('.').map_or((heure, None), |(h, f)| (h, Some(f)));
    let mut parties = heure.splitn(3, ':');
    let heure = (nombre(parties.next(), 2), nombre(parties.next(), 2), nombre(parties.next(), 2));
    let (Some(heures), Some(minutes @ ..=59), Some(secondes @ ..=59)) = heure else { return false };
    let zone_juste = zone.is_none_or(|z| {
        let (h, m) = z.split_once(':').unwrap_or_default();
        matches!((nombre(Some(h), 2), nombre(Some(m), 2)), (Some(0..=13), Some(0..=59)) | (Some(14), Some(0)))
    });
    jiff::civil::Date::new(annee, mois, jour).is_ok()
        && (heures < 24 || (heures, minutes, secondes) == (24, 0, 0))
        && fraction.is_none_or(|f| !f.is_empty() && f.bytes().all(|o| o.is_ascii_digit()))
        && zone_juste
}

/// A name of XML, without a colon.
fn is_nom(texte: &str) -> bool {
    let mut lettres = texte.chars();
    lettres.next().is_some_and(|c| c.is_alphabetic() || c == '_')
        && lettres.all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '\u{b7}'))
}

/// Identifiers and references, by their hash: a document may have as many as it has elements.
#[derive(Default)]
struct Identifiants {
    hacheur: RandomState,
    donnes: HashSet<u64>,
    /// References that no element answered to so far, with the place of the first.
    attendus: HashMap<u64, Place>,
}

impl Identifiants {
    /// Whether it is the first element of this name.
    fn give(&mut self, nom: &str) -> bool {
        let cle = self.hacheur.hash_one(nom);
        self.attendus.remove(&cle);
        self.donnes.insert(cle)
    }

    fn refer(&mut self, nom: &str, ou: Place) {
        let cle = self.hacheur.hash_one(nom);
        if !self.donnes.contains(&cle) {
            self.attendus.entry(cle).or_insert(ou);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r_imp_09_days_times_and_names_are_those_of_the_schema() {
        for (texte, juste) in [
            ("20240902", true),
            ("99999999", true),
            ("2024090", false),
            ("20244902", false),
            ("20240942", false),
            ("2024-9-2", false),
        ] {
            assert_eq!(is_jour(texte), juste, "{texte}");
        }
        for (texte, juste) in [
            ("2024-09-02T08:30:00", true),
            ("2024-09-02T08:30:00.125Z", true),
            ("2024-09-02T08:30:00+02:00", true),
            ("2024-09-02T24:00:00", true),
            ("2024-09-02", false),
            ("2024-02-30T08:30:00", false),
            ("2024-09-02T08:30", false),
            ("2024-09-02T24:00:01", false),
            ("2024-09-02T08:30:00+15:00", false),
            ("2024-09-02T08:30:00.Z", false),
        ] {
            assert_eq!(is_horodatage(texte), juste, "{texte}");
        }
        for (texte, juste) in [("f1", true), ("_é.b-c", true), ("1f", false), ("a:b", false), ("", false)] {
            assert_eq!(is_nom(texte), juste, "{texte}");
        }
    }
}
