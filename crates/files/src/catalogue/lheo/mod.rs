//! LHÉO 2.3: one record an action of a course. No DTD, no entity but those of XML itself, a bounded depth; the schema of the standard
//! is followed while the document is read: what it finds in a course refuses its records, outside any course the document.

mod fiche;
pub mod schema;
#[cfg(test)]
mod tests;
mod valide;

use std::io::{BufReader, Read};

use quick_xml::errors::SyntaxError;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::{NamespaceResolver, ResolveResult};
use quick_xml::{NsReader, XmlVersion};

use super::champs::court;
use super::place::{FicheTropLongue, Place, Repere, Suivie};
use super::{FauteFiche, FicheRefusee, Lue, Sortie};
use crate::{FichierError, source};
use fiche::{DEBUT, GARDES_EN_NOMBRE, record};
use valide::{Ecart, Validateur};

/// Namespace of LHÉO 2.3, the only one read.
pub const ESPACE_LHEO: &str = "http://lheo.gouv.fr/2.3";

/// Elements inside one another: the deepest of the standard is the tenth.
const PROFONDEUR_MAX: usize = 32;
/// Actions of one course, texts kept of one action.
const ACTIONS_MAX: usize = 2_000;
const TEXTES_MAX: usize = 2_000;
/// Characters kept of one text: the codes and titles that are read have much less.
const TEXTE_MAX: usize = 4_000;
/// Attributes of one element: the schema knows fourteen.
const ATTRIBUTS_MAX: usize = 40;
/// Faults kept of one course, of one action; and how many of those of the course its records repeat after the first.
const FAUTES_MAX: usize = 100;
const FAUTES_REPETEES: usize = 10;

/// A text that is kept.
struct Texte {
    /// Names of the elements from the course or the action down, joined by `/`.
    chemin: String,
    ou: Place,
    texte: String,
}

/// An action of a course.
struct Action {
    ou: Place,
    numero: String,
    textes: Vec<Texte>,
    /// What the schema refuses in it.
    fautes: Vec<FauteFiche>,
}

/// A course.
struct Formation {
    ou: Place,
    numero: String,
    textes: Vec<Texte>,
    actions: Vec<Action>,
    /// What the schema refuses in it, its actions apart.
    fautes: Vec<FauteFiche>,
}

struct Lecture<'b, 's> {
    sortie: &'b mut Sortie<'s>,
    repere: Repere,
    valide: Validateur,
    /// Local names of the open elements, after a colon for those of another namespace.
    pile: Vec<String>,
    formation: Option<Formation>,
    texte: Option<(Place, String)>,
}

/// Reads a document to its end.
pub(super) fn read(source: impl Read, sortie: &mut Sortie<'_>) -> Result<(), FichierError> {
    let repere = Repere::new(1, sortie.limites.octets_ligne);
    let source = Suivie::new(BufReader::new(source), repere.clone());
    let mut xml = NsReader::from_reader(source);
    xml.config_mut().expand_empty_elements = true;
    let valide = Validateur::default();
    let mut lecture = Lecture { sortie, repere, valide, pile: Vec::new(), formation: None, texte: None };
    let mut tampon = Vec::new();
    let mut racine = false;
    loop {
        tampon.clear();
        let avant = lecture.repere.ahead();
        let (espace, evenement) = match xml.read_resolved_event_into(&mut tampon) {
            Ok((espace, evenement)) => (espace, evenement),
            Err(e) => return Err(lecture.syntax(e)),
        };
        match evenement {
            Event::Start(e) => {
                let dedans = matches!(&espace, ResolveResult::Bound(n) if n.as_ref() == ESPACE_LHEO);
                if !racine {
                    lecture.root(&e, &espace, dedans)?;
                    racine = true;
                } else if lecture.pile.is_empty() {
                    return Err(lecture.error("le document a plus d’un élément racine"));
                }
                lecture.open(&e, dedans, avant, xml.resolver())?;
            }
            Event::End(_) => lecture.close(avant)?,
            Event::Text(t) => lecture.add(avant, &t.xml10_content())?,
            Event::CData(t) => lecture.add(avant, &t.xml10_content())?,
            Event::GeneralRef(r) => {
                let car = r.resolve_char_ref().map_err(|e| lecture.syntax(e))?;
                let nom = r.into_inner();
                match (car, resolve_predefined_entity(&nom)) {
                    (Some(c), _) => lecture.add(avant, c.encode_utf8(&mut [0; 4]))?,
                    (None, Some(texte)) => lecture.add(avant, texte)?,
                    (None, None) => {
                        let motif =
                            format!("l’entité « {} » est refusée : écrivez le caractère", court(&nom));
                        return Err(lecture.error(motif));
                    }
                }
            }
            Event::DocType(_) => {
                let motif =
                    "la déclaration DOCTYPE est refusée : un document LHÉO n’a ni DTD ni entité externe";
                return Err(lecture.error(motif));
            }
            Event::Decl(d) => {
                if let Some(Ok(encodage)) = d.encoding()
                    && !encodage.eq_ignore_ascii_case("utf-8")
                {
                    let motif = format!("l’encodage « {} » n’est pas UTF-8", court(&encodage));
                    return Err(lecture.error(motif));
                }
            }
            Event::Comment(_) | Event::PI(_) => {}
            Event::Eof => break,
            // An empty element is read as one that opens and closes.
            Event::Empty(_) => {}
        }
        if lecture.formation.is_none() {
            lecture.repere.renew();
        }
    }
    if !racine || !lecture.pile.is_empty() {
        return Err(lecture.error("le document s’arrête avant sa fin : il est tronqué"));
    }
    match lecture.valide.dangling() {
        None => Ok(()),
        Some(ou) => Err(lecture
            .error_at(ou, "l’attribut « idref » renvoie à un identifiant qu’aucun élément du document n’a")),
    }
}

impl Lecture<'_, '_> {
    fn error(&self, motif: impl Into<String>) -> FichierError {
        self.error_at(self.repere.place(), motif)
    }

    fn error_at(&self, ou: Place, motif: impl Into<String>) -> FichierError {
        FichierError::Catalogue {
            fichier: self.sortie.bilan.fichier.clone(),
            ligne: ou.ligne,
            position: ou.colonne,
            motif: motif.into(),
        }
    }

    fn syntax(&self, e: quick_xml::Error) -> FichierError {
        match e {
            quick_xml::Error::Io(cause) => {
                if cause.get_ref().is_some_and(|c| c.is::<FicheTropLongue>()) {
                    let octets = self.sortie.limites.octets_ligne;
                    return self.error(format!("une formation dépasse {octets} octets"));
                }
                let b = &self.sortie.bilan;
                // Shared by its type, it has no other owner here.
                let cause = std::sync::Arc::try_unwrap(cause)
                    .unwrap_or_else(|c| std::io::Error::new(c.kind(), c.to_string()));
                source::explain(cause, &b.fichier, b.compression, self.sortie.limites)
            }
            quick_xml::Error::Encoding(_) => self.error("le document n’est pas en UTF-8"),
            quick_xml::Error::IllFormed(_) => self
                .error("les éléments ne s’emboîtent pas : une balise fermante manque ou n’est pas la sienne"),
            quick_xml::Error::Syntax(cause) if cause != SyntaxError::InvalidBangMarkup => {
                self.error("le document s’arrête avant sa fin : il est tronqué")
            }
            _ => self.error("la syntaxe du XML est fausse"),
        }
    }

    fn root(&self, e: &BytesStart<'_>, espace: &ResolveResult<'_>, dedans: bool) -> Result<(), FichierError> {
        let nom = e.local_name();
        let nom: &str = nom.as_ref();
        if dedans && nom == "lheo" {
            return Ok(());
        }
        let trouve = match espace {
            ResolveResult::Bound(n) => format!("a l’espace de noms « {} »", court(n.as_ref())),
            ResolveResult::Unbound => "n’a aucun espace de noms".to_owned(),
            ResolveResult::Unknown(p) => format!("a le préfixe « {} » sans espace de noms", court(p)),
        };
        let motif = if dedans {
            format!("l’élément racine « {} » n’est pas « lheo »", court(nom))
        } else {
            format!(
                "le document {trouve} ; seul « {ESPACE_LHEO} » (LHÉO 2.3) est lu : demandez à son producteur de \
                 l’exporter dans cette version"
            )
        };
        Err(self.error(motif))
    }

    fn open(
        &mut self,
        e: &BytesStart<'_>,
        dedans: bool,
        avant: Place,
        espaces: &NamespaceResolver,
    ) -> Result<(), FichierError> {
        if self.pile.len() >= PROFONDEUR_MAX {
            return Err(self.error(format!("plus de {PROFONDEUR_MAX} éléments emboîtés")));
        }
        let nom = e.local_name().into_inner();
        self.valide.open(nom, dedans, avant);
        let numero = self.attributes(e, avant, espaces)?;
        if self.valide.is_full() {
            return Err(self.error("le document a trop d’identifiants"));
        }
        self.pile.push(if dedans { nom.to_owned() } else { format!(":{nom}") });
        self.texte = None;
        let chemin: Vec<&str> = self.pile.iter().map(String::as_str).collect();
        match chemin.as_slice() {
            ["lheo", "offres", "formation"] => {
                self.repere.renew();
                let (textes, actions, fautes) = (Vec::new(), Vec::new(), Vec::new());
                self.formation = Some(Formation { ou: avant, numero, textes, actions, fautes });
            }
            ["lheo", "offres", "formation", "action"] => {
                let Some(f) = &mut self.formation else { return Ok(()) };
                if f.actions.len() >= ACTIONS_MAX {
                    return Err(self.error(format!("plus de {ACTIONS_MAX} actions dans une formation")));
                }
                f.actions.push(Action { ou: avant, numero, textes: Vec::new(), fautes: Vec::new() });
            }
            // A second place, a second certification: what follows is told apart from the first by a mark.
            ["lheo", "offres", "formation", reste @ ..]
                if GARDES_EN_NOMBRE.contains(&reste.join("/").as_str()) =>
            {
                let chemin = reste.join("/");
                self.keep(avant, &chemin, DEBUT.to_owned());
            }
            _ => {}
        }
        self.judge()
    }

    /// Shows the attributes of an element to the schema, and gives its number.
    fn attributes(
        &mut self,
        e: &BytesStart<'_>,
        ou: Place,
        espaces: &NamespaceResolver,
    ) -> Result<String, FichierError> {
        let mut numero = String::new();
        for (rang, a) in e.attributes().enumerate() {
            if rang >= ATTRIBUTS_MAX {
                return Err(self.error(format!("plus de {ATTRIBUTS_MAX} attributs sur un élément")));
            }
            let a = a.map_err(|_| self.error("un attribut est mal écrit ou donné deux fois"))?;
            if a.key.as_namespace_binding().is_some() {
                continue;
            }
            let (espace, nom) = espaces.resolve_attribute(a.key);
            let nom = nom.into_inner();
            let valeur = a
                .normalized_value(XmlVersion::Implicit1_0)
                .map_err(|_| self.error(format!("l’attribut « {} » est illisible", court(nom))))?;
            let espace = match &espace {
                ResolveResult::Unbound => None,
                ResolveResult::Bound(n) => Some(n.into_inner()),
                ResolveResult::Unknown(_) => Some(""),
            };
            if espace.is_none() && nom == "numero" {
                numero = valeur.trim().to_owned();
            }
            self.valide.attribute(espace, nom, &valeur, ou);
        }
        Ok(numero)
    }

    fn add(&mut self, ou: Place, texte: &str) -> Result<(), FichierError> {
        if self.pile.is_empty() {
            if texte.trim().is_empty() {
                return Ok(());
            }
            return Err(self.error_at(ou, "du texte est écrit hors de l’élément racine"));
        }
        self.valide.text(texte, ou);
        if self.formation.is_some() {
            let (_, ecrit) = self.texte.get_or_insert_with(|| (ou, String::new()));
            if ecrit.len() < TEXTE_MAX {
                ecrit.extend(texte.chars().take(TEXTE_MAX));
            }
        }
        self.judge()
    }

    /// What the schema found about the innermost element is a fault of its action or of its course; outside any course, it ends
    /// the reading.
    fn judge(&mut self) -> Result<(), FichierError> {
        for Ecart { ou, absent, motif } in self.valide.take() {
            let pile: Vec<&str> = self.pile.iter().map(String::as_str).collect();
            let noms = pile.iter().map(|n| n.trim_start_matches(':')).chain(absent);
            let chemin: Vec<String> = noms.map(court).collect();
            let ["lheo", "offres", "formation", dessous @ ..] = pile.as_slice() else {
                return Err(self.error_at(ou, format!("« {} » : {motif}", chemin.join("/"))));
            };
            let Some(f) = &mut self.formation else { return Ok(()) };
            let fautes = match (dessous.first(), f.actions.last_mut()) {
                (Some(&"action"), Some(action)) => &mut action.fautes,
                _ => &mut f.fautes,
            };
            if fautes.len() < FAUTES_MAX {
                let champ = chemin.get(2..).unwrap_or_default().join("/");
                fautes.push(FauteFiche { ligne: ou.ligne, colonne: ou.colonne, champ, motif });
            }
        }
        Ok(())
    }

    /// Keeps a text of the course, or of its last action.
    fn keep(&mut self, ou: Place, chemin: &str, texte: String) {
        let Some(f) = &mut self.formation else { return };
        let (textes, chemin) = match (chemin.strip_prefix("action/"), f.actions.last_mut()) {
            (Some(dessous), Some(action)) => (&mut action.textes, dessous),
            _ => (&mut f.textes, chemin),
        };
        if textes.len() < TEXTES_MAX {
            textes.push(Texte { chemin: chemin.to_owned(), ou, texte });
        }
    }

    fn close(&mut self, ou: Place) -> Result<(), FichierError> {
        self.valide.close(ou);
        self.judge()?;
        let texte = self.texte.take();
        let chemin: Vec<&str> = self.pile.iter().map(String::as_str).collect();
        if let ["lheo", "offres", "formation", reste @ ..] = chemin.as_slice() {
            if reste.is_empty() {
                if let Some(f) = self.formation.take() {
                    self.give(f)?;
                }
            } else if let Some((ou, texte)) = texte {
                let chemin = reste.join("/");
                if !texte.trim().is_empty() {
                    self.keep(ou, &chemin, texte.trim().to_owned());
                }
            }
        }
        self.pile.pop();
        Ok(())
    }

    fn give(&mut self, f: Formation) -> Result<(), FichierError> {
        if f.actions.is_empty() {
            self.sortie.room()?;
            // The schema wants one at least, and said so.
            let refusee = FicheRefusee { ligne: f.ou.ligne, fautes: f.fautes, ..FicheRefusee::default() };
            self.sortie.give(Lue::Refusee(refusee));
            return Ok(());
        }
        for (rang, action) in f.actions.iter().enumerate() {
            self.sortie.room()?;
            let lue = record(&f, action, &mut self.sortie.bilan.releve);
            let communes = if rang == 0 { FAUTES_MAX } else { FAUTES_REPETEES };
            self.sortie.give(refuse(lue, action, f.fautes.iter().take(communes)));
        }
        Ok(())
    }
}

/// What the schema refuses in an action or in its course refuses the record, with what is wrong in its fields.
fn refuse<'f>(lue: Lue, action: &Action, communes: impl Iterator<Item = &'f FauteFiche>) -> Lue {
    let mut fautes = action.fautes.clone();
    fautes.extend(communes.cloned());
    if fautes.is_empty() {
        return lue;
    }
    let mut refusee = match lue {
        Lue::Fiche(l) => FicheRefusee::of(&l.fiche),
        Lue::Refusee(r) => r,
    };
    let siennes = std::mem::take(&mut refusee.fautes);
    let place = |f: &FauteFiche| (f.ligne, f.colonne);
    let debut = (action.ou.ligne, action.ou.colonne);
    // What the schema says of a text, its field does not say again.
    let neuve = |s: &FauteFiche| place(s) == debut || !fautes.iter().any(|f| place(f) == place(s));
    let neuves: Vec<FauteFiche> = siennes.into_iter().filter(neuve).collect();
    fautes.extend(neuves);
    fautes.sort_by_key(place);
    Lue::Refusee(FicheRefusee { ligne: action.ou.ligne, fautes, ..refusee })
}
