//! Records of the national catalogue: an array of objects, objects one after the other, or an object a line.

use std::cell::RefCell;
use std::fmt;
use std::io::{BufRead, BufReader, Cursor, Read};

use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use super::champs::Chantier;
use super::colonnes::{Champ, Lecture};
use super::place::{Place, Repere, Suivie};
use super::{FauteFiche, FicheRefusee, Lue, Sortie};
use crate::{FichierError, source};

/// Reads to the end. `tableau`: the first byte opens an array.
pub(super) fn read(source: impl Read, tableau: bool, sortie: &mut Sortie<'_>) -> Result<(), FichierError> {
    let mut source = BufReader::new(source);
    if tableau {
        return stream(source, true, sortie);
    }
    // An object that ends with its line is the first of one a line; otherwise objects follow each other as they like.
    let budget = sortie.limites.octets_ligne;
    let mut premiere = Vec::new();
    (&mut source).take(budget as u64 + 1).read_until(b'\n', &mut premiere).map_err(|e| explain(e, sortie))?;
    let par_ligne = serde_json::from_slice::<IgnoredAny>(&premiere).is_ok();
    let source = Cursor::new(premiere).chain(source);
    if par_ligne { lines(source, sortie) } else { stream(source, false, sortie) }
}

/// What stops the reading, when it is not the syntax.
fn explain(e: std::io::Error, sortie: &Sortie<'_>) -> FichierError {
    source::explain(e, &sortie.bilan.fichier, sortie.bilan.compression, sortie.limites)
}

fn stream(source: impl BufRead, tableau: bool, sortie: &mut Sortie<'_>) -> Result<(), FichierError> {
    let repere = Repere::new(1, sortie.limites.octets_ligne);
    let mut json = serde_json::Deserializer::from_reader(Suivie::new(source, repere.clone()));
    let arret = RefCell::new(None);
    let lu = if tableau {
        let suite = Suite { repere: &repere, arret: &arret, sortie: &mut *sortie };
        suite.deserialize(&mut json).and_then(|()| json.end())
    } else {
        loop {
            match json.end() {
                Ok(()) => break Ok(()),
                // Something is left: `end` looks at it and does not take it.
                Err(e) if e.classify() == serde_json::error::Category::Syntax => {}
                Err(e) => break Err(e),
            }
            repere.renew();
            let une = Une { repere: &repere, arret: &arret, sortie: &mut *sortie };
            if let Err(e) = une.deserialize(&mut json) {
                break Err(e);
            }
        }
    };
    let Err(e) = lu else { return Ok(()) };
    if let Some(arret) = arret.into_inner() {
        return Err(arret);
    }
    let place = repere.place();
    if e.is_io() {
        let cause = std::io::Error::from(e);
        if cause.get_ref().is_some_and(|c| c.is::<super::place::FicheTropLongue>()) {
            return Err(error(
                sortie,
                place,
                format!("une fiche dépasse {} octets", sortie.limites.octets_ligne),
            ));
        }
        return Err(explain(cause, sortie));
    }
    let motif =
        if e.is_eof() { "le document s’arrête avant sa fin : il est tronqué" } else { syntaxe(&e) };
    Err(error(sortie, place, motif.to_owned()))
}

fn syntaxe(e: &serde_json::Error) -> &'static str {
    if e.to_string().starts_with("recursion limit") {
        "les valeurs sont trop emboîtées"
    } else {
        "la syntaxe du JSON est fausse"
    }
}

fn error(sortie: &Sortie<'_>, ou: Place, motif: String) -> FichierError {
    let fichier = sortie.bilan.fichier.clone();
    FichierError::Catalogue { fichier, ligne: ou.ligne, position: ou.colonne, motif }
}

/// One object a line: a line that is wrong leaves the others.
fn lines(mut source: impl BufRead, sortie: &mut Sortie<'_>) -> Result<(), FichierError> {
    let budget = sortie.limites.octets_ligne;
    let mut numero = 0;
    let mut ligne = Vec::new();
    loop {
        ligne.clear();
        numero += 1;
        let lus = (&mut source)
            .take(budget as u64 + 1)
            .read_until(b'\n', &mut ligne)
            .map_err(|e| explain(e, sortie))?;
        if lus == 0 {
            return Ok(());
        }
        if lus > budget {
            let ou = Place { ligne: numero, colonne: 1 };
            return Err(error(sortie, ou, format!("une fiche dépasse {budget} octets")));
        }
        if ligne.trim_ascii().is_empty() {
            continue;
        }
        let repere = Repere::new(numero, budget + 1);
        let mut json = serde_json::Deserializer::from_reader(Suivie::new(ligne.as_slice(), repere.clone()));
        let arret = RefCell::new(None);
        let avant = sortie.bilan.lues;
        let une = Une { repere: &repere, arret: &arret, sortie: &mut *sortie };
        let lu = une.deserialize(&mut json).and_then(|()| json.end());
        let Err(e) = lu else { continue };
        if let Some(arret) = arret.into_inner() {
            return Err(arret);
        }
        if sortie.bilan.lues == avant {
            sortie.room()?;
        }
        let motif = if e.is_eof() { "la ligne s’arrête avant la fin de la fiche" } else { syntaxe(&e) };
        let place = Place { ligne: numero, ..repere.place() };
        sortie.give(refuse(place, motif));
    }
}

fn refuse(ou: Place, motif: &str) -> Lue {
    let faute =
        FauteFiche { ligne: ou.ligne, colonne: ou.colonne, champ: String::new(), motif: motif.to_owned() };
    Lue::Refusee(FicheRefusee { ligne: ou.ligne, fautes: vec![faute], ..FicheRefusee::default() })
}

/// The array.
struct Suite<'a, 'b, 's> {
    repere: &'a Repere,
    arret: &'a RefCell<Option<FichierError>>,
    sortie: &'b mut Sortie<'s>,
}

impl<'de> DeserializeSeed<'de> for Suite<'_, '_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, d: D) -> Result<(), D::Error> {
        d.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Suite<'_, '_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("un tableau de fiches")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut suite: A) -> Result<(), A::Error> {
        loop {
            self.repere.renew();
            let une = Une { repere: self.repere, arret: self.arret, sortie: &mut *self.sortie };
            if suite.next_element_seed(une)?.is_none() {
                return Ok(());
            }
        }
    }
}

/// One record.
struct Une<'a, 'b, 's> {
    repere: &'a Repere,
    arret: &'a RefCell<Option<FichierError>>,
    sortie: &'b mut Sortie<'s>,
}

impl<'de> DeserializeSeed<'de> for Une<'_, '_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, d: D) -> Result<(), D::Error> {
        if let Err(e) = self.sortie.room() {
            *self.arret.borrow_mut() = Some(e);
            return Err(D::Error::custom("trop de fiches"));
        }
        d.deserialize_any(self)
    }
}

impl Une<'_, '_, '_> {
    fn not_an_object(self) {
        self.sortie.give(refuse(self.repere.place(), "une fiche est attendue : un objet entre accolades"));
    }
}

impl<'de> Visitor<'de> for Une<'_, '_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("une fiche")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut objet: A) -> Result<(), A::Error> {
        let debut = self.repere.place();
        let mut lue = Lecture::new(Chantier::new(debut, &mut self.sortie.bilan.releve));
        while let Some(cle) = objet.next_key::<String>()? {
            let ou = self.repere.place();
            match Champ::of(&cle) {
                None => drop(objet.next_value::<IgnoredAny>()?),
                Some(champ) => lue.field(champ, ou, &cle, objet.next_value::<Value>()?),
            }
        }
        let lue = lue.finish();
        self.sortie.give(lue);
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut suite: A) -> Result<(), A::Error> {
        while suite.next_element::<IgnoredAny>()?.is_some() {}
        self.not_an_object();
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        self.not_an_object();
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        self.not_an_object();
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        self.not_an_object();
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        self.not_an_object();
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        self.not_an_object();
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.not_an_object();
        Ok(())
    }
}
