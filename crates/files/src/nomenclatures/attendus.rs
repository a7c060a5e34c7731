//! What is expected nationally of candidates, and the specialities advised, by type of course: one JSON document.

use std::collections::HashSet;
use std::fmt;
use std::io::Read;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;

use super::html;
use crate::tableau::{Faute, Releve};
use crate::{FichierError, Options, source};

/// Longest text of a field, in characters: that of the field of a course that takes it.
const TEXTE_MAX: usize = 4_000;

/// The texts of one type; at least one of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TexteFiliere {
    /// Line of the file.
    pub ligne: u64,
    /// National code of the type.
    pub code: u32,
    /// One paragraph a line.
    pub attendus: String,
    /// One paragraph a line.
    pub specialites: String,
}

/// What was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Textes {
    pub fichier: String,
    /// Types read, faulty ones included.
    pub lus: u64,
    pub textes: Vec<TexteFiliere>,
    pub releve: Releve,
}

/// The members of a JSON object in their order, the same name twice included.
struct Paires<T>(Vec<(String, T)>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Paires<T> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct Lecteur<T>(std::marker::PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Lecteur<T> {
            type Value = Paires<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("un objet")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut objet: A) -> Result<Self::Value, A::Error> {
                let mut paires = Vec::new();
                while let Some(paire) = objet.next_entry()? {
                    paires.push(paire);
                }
                Ok(Paires(paires))
            }
        }
        d.deserialize_map(Lecteur(std::marker::PhantomData))
    }
}

/// Reads the texts; those at fault are told in the account and left out.
pub fn read_attendus<'a>(
    source: impl Read + 'a,
    nom_fichier: &str,
    options: Options<'a>,
) -> Result<Textes, FichierError> {
    let limites = options.limites;
    let (mut source, compression) =
        source::open(source, nom_fichier, limites, options.taille, options.progression)?;
    let mut octets = Vec::new();
    source.read_to_end(&mut octets).map_err(|e| source::explain(e, nom_fichier, compression, limites))?;
    let texte = std::str::from_utf8(&octets).map_err(|e| {
        let avant = octets.get(..e.valid_up_to()).unwrap_or_default();
        FichierError::Json {
            fichier: nom_fichier.to_owned(),
            ligne: 1 + avant.iter().filter(|o| **o == b'\n').count(),
            motif: "ce n’est pas de l’UTF-8".to_owned(),
        }
    })?;
    let texte = texte.strip_prefix('\u{feff}').unwrap_or(texte);
    let Paires(types) = serde_json::from_str::<Paires<Paires<Value>>>(texte).map_err(|e| {
        let motif = if e.is_data() {
            "un objet par type est attendu : {\"fl1\": {\"attendus\": \"…\", \"recoEDS\": \"…\"}}"
        } else if e.is_eof() {
            "le document s’arrête avant sa fin"
        } else {
            "la syntaxe est fausse"
        };
        let motif = format!("{motif} (colonne {})", e.column());
        FichierError::Json { fichier: nom_fichier.to_owned(), ligne: e.line(), motif }
    })?;
    if types.len() as u64 > limites.lignes {
        return Err(FichierError::TropDeLignes { fichier: nom_fichier.to_owned(), limite: limites.lignes });
    }
    let mut lecture =
        Lecture { reperes: Reperes::new(texte), vus: HashSet::new(), releve: Releve::default() };
    let lus = types.len() as u64;
    let textes =
        types.into_iter().filter_map(|(cle, Paires(champs))| lecture.filiere(&cle, champs)).collect();
    Ok(Textes { fichier: nom_fichier.to_owned(), lus, textes, releve: lecture.releve })
}

/// Where keys are in the text, in their order.
struct Reperes<'t> {
    reste: &'t str,
    ligne: u64,
}

impl<'t> Reperes<'t> {
    fn new(texte: &'t str) -> Self {
        Self { reste: texte, ligne: 1 }
    }

    /// Goes to the next place of this key; gives its line. Quotes inside texts are escaped: only a key, or a text that is
    /// nothing else, reads so. A key written with escapes is not found: it and the next ones stay at the line before, since
    /// looking for each of them to the end would cost the square of the file.
    fn avance(&mut self, cle: &str) -> u64 {
        let motif = format!("\"{cle}\"");
        let place = self.reste.find(&motif).unwrap_or(self.reste.len());
        let (avant, apres) = self.reste.split_at(place);
        self.reste = apres;
        if !apres.is_empty() {
            self.ligne += avant.bytes().filter(|o| *o == b'\n').count() as u64;
        }
        self.ligne
    }
}

struct Lecture<'t> {
    reperes: Reperes<'t>,
    vus: HashSet<u32>,
    releve: Releve,
}

impl Lecture<'_> {
    fn fault(&mut self, ligne: u64, colonne: String, motif: String) {
        self.releve.fault(Faute { ligne, colonne, motif });
    }

    fn filiere(&mut self, cle: &str, champs: Vec<(String, Value)>) -> Option<TexteFiliere> {
        let ligne = self.reperes.avance(cle);
        let nom: String = cle.chars().take(40).collect();
        let code = cle.strip_prefix("fl").filter(|n| n.bytes().all(|o| o.is_ascii_digit()));
        let Some(code) = code.and_then(|n| n.parse::<u32>().ok()).filter(|n| *n > 0) else {
            self.fault(ligne, nom, "type inconnu : « fl » suivi de son code est attendu".to_owned());
            return None;
        };
        if !self.vus.insert(code) {
            self.fault(ligne, nom, "ce type est déjà plus haut : gardez un seul des deux".to_owned());
            return None;
        }
        let mut lue = TexteFiliere { ligne, code, attendus: String::new(), specialites: String::new() };
        let mut juste = true;
        for (champ, valeur) in champs {
            let ou = self.reperes.avance(&champ);
            let place = match champ.as_str() {
                "attendus" => &mut lue.attendus,
                "recoEDS" => &mut lue.specialites,
                _ => {
                    let champ: String = champ.chars().take(40).collect();
                    let motif = "champ inconnu : attendus ou recoEDS est attendu".to_owned();
                    self.fault(ou, format!("{nom}.{champ}"), motif);
                    juste = false;
                    continue;
                }
            };
            match texte(&valeur) {
                Ok(texte) => *place = texte,
                Err(motif) => {
                    self.fault(ou, format!("{nom}.{champ}"), motif);
                    juste = false;
                }
            }
        }
        (juste && !(lue.attendus.is_empty() && lue.specialites.is_empty())).then_some(lue)
    }
}

fn texte(valeur: &Value) -> Result<String, String> {
    let html = match valeur {
        Value::String(html) => html,
        Value::Null => return Ok(String::new()),
        _ => return Err("un texte est attendu".to_owned()),
    };
    let lu = html::paragraphes(html)?.join("\n");
    let longueur = lu.chars().count();
    if longueur > TEXTE_MAX {
        return Err(format!("texte de {longueur} caractères : {TEXTE_MAX} au plus"));
    }
    Ok(lu)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Limites;

    fn read(json: &str) -> Textes {
        read_attendus(json.as_bytes(), "textes.json", Options::default()).unwrap()
    }

    #[test]
    fn reads_texts_as_paragraphs() {
        let lus = read(
            "\u{feff}{\n \"fl4\": {\n  \"attendus\": \"Un.<br/>Deux.\",\n  \"recoEDS\": \"<b>Maths</b> \"\n },\n \"fl5\": {\"recoEDS\": null}\n}",
        );
        assert!(lus.releve.is_clean(), "{:?}", lus.releve);
        assert_eq!(
            lus.textes,
            [TexteFiliere {
                ligne: 2,
                code: 4,
                attendus: "Un.\nDeux.".to_owned(),
                specialites: "Maths".to_owned()
            }]
        );
        assert_eq!(lus.lus, 2);
    }

    #[test]
    fn every_fault_has_its_line_and_its_field() {
        let long = "a".repeat(TEXTE_MAX + 1);
        let lus = read(&format!(
            "{{\n\"fl1\": {{\n\"attendus\": \"<script>x</script>\"\n}},\n\"x2\": {{}},\n\"fl3\": {{\"note\": \"a\"}},\n\
             \"fl4\": {{\"attendus\": 12}},\n\"fl5\": {{\"recoEDS\": \"{long}\"}},\n\"fl6\": {{\"recoEDS\": \"ok\"}},\n\
             \"fl6\": {{\"recoEDS\": \"encore\"}}\n}}"
        ));
        let ou: Vec<(u64, &str)> = lus.releve.fautes.iter().map(|f| (f.ligne, f.colonne.as_str())).collect();
        assert_eq!(
            ou,
            [
                (3, "fl1.attendus"),
                (5, "x2"),
                (6, "fl3.note"),
                (7, "fl4.attendus"),
                (8, "fl5.recoEDS"),
                (10, "fl6")
            ]
        );
        assert_eq!(lus.textes.iter().map(|t| t.code).collect::<Vec<_>>(), [6]);
    }

    #[test]
    fn r_imp_07_a_hostile_document_is_refused_within_bounds() {
        let profond = format!("{{\"fl1\": {{\"attendus\": {}", "[".repeat(100_000));
        let liste = "[1]".to_owned();
        let coupe = "{\"fl1\": {".to_owned();
        for json in [&profond, &liste, &coupe] {
            let refus = read_attendus(json.as_bytes(), "x.json", Options::default()).unwrap_err();
            assert_eq!(refus.code(), "json", "{refus}");
        }
        let refus = read_attendus(&b"{\n\"fl1\": \"\xff\"}"[..], "x.json", Options::default()).unwrap_err();
        assert!(refus.to_string().contains("ligne 2"), "{refus}");
        let limites = Limites { octets: 1_000, lignes: 2, ..Limites::default() };
        let options = || Options { limites, ..Options::default() };
        let gros = format!("{{\"fl1\": {{\"attendus\": \"{}\"}}}}", "a".repeat(2_000));
        assert_eq!(read_attendus(gros.as_bytes(), "x.json", options()).unwrap_err().code(), "trop_gros");
        let trois = "{\"fl1\": {}, \"fl2\": {}, \"fl3\": {}}";
        assert_eq!(
            read_attendus(trois.as_bytes(), "x.json", options()).unwrap_err().code(),
            "trop_de_lignes"
        );
    }
}
