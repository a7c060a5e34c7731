//! LHÉO 2.3: one record an action of a course. No DTD, no entity but those of XML itself, a bounded depth.

use std::io::{BufReader, Read};

use quick_xml::errors::SyntaxError;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::ResolveResult;
use quick_xml::{NsReader, XmlVersion};

use super::champs::{Chantier, Qui, court};
use super::place::{FicheTropLongue, Place, Repere, Suivie};
use super::{FauteFiche, FicheRefusee, Lue, Sortie};
use crate::tableau::Nature;
use crate::{FichierError, source};

/// Namespace of LHÉO 2.3, the only one read.
pub const ESPACE_LHEO: &str = "http://lheo.gouv.fr/2.3";

/// Elements inside one another: the deepest of the standard is the tenth.
const PROFONDEUR_MAX: usize = 32;
/// Actions of one course, texts kept of one action.
const ACTIONS_MAX: usize = 2_000;
const TEXTES_MAX: usize = 2_000;
/// Characters kept of one text: the codes and titles that are read have much less.
const TEXTE_MAX: usize = 4_000;

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
}

/// A course.
struct Formation {
    ou: Place,
    numero: String,
    textes: Vec<Texte>,
    actions: Vec<Action>,
}

struct Lecture<'b, 's> {
    sortie: &'b mut Sortie<'s>,
    repere: Repere,
    /// Local names of the open elements; empty for those of another namespace.
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
    let mut lecture = Lecture { sortie, repere, pile: Vec::new(), formation: None, texte: None };
    let mut tampon = Vec::new();
    let mut racine = false;
    loop {
        tampon.clear();
        let avant = lecture.repere.place();
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
                }
                lecture.open(&e, dedans, avant)?;
            }
            Event::End(_) => lecture.close()?,
            Event::Text(t) => lecture.add(avant, &t.xml10_content()),
            Event::CData(t) => lecture.add(avant, &t.xml10_content()),
            Event::GeneralRef(r) => {
                let car = r.resolve_char_ref().map_err(|e| lecture.syntax(e))?;
                let nom = r.into_inner();
                match (car, resolve_predefined_entity(&nom)) {
                    (Some(c), _) => lecture.add(avant, c.encode_utf8(&mut [0; 4])),
                    (None, Some(texte)) => lecture.add(avant, texte),
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
    Ok(())
}

impl Lecture<'_, '_> {
    fn error(&self, motif: impl Into<String>) -> FichierError {
        let ou = self.repere.place();
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

    fn open(&mut self, e: &BytesStart<'_>, dedans: bool, avant: Place) -> Result<(), FichierError> {
        if self.pile.len() >= PROFONDEUR_MAX {
            return Err(self.error(format!("plus de {PROFONDEUR_MAX} éléments emboîtés")));
        }
        let nom = e.local_name();
        self.pile.push(if dedans { AsRef::<str>::as_ref(&nom).to_owned() } else { String::new() });
        self.texte = None;
        let chemin: Vec<&str> = self.pile.iter().map(String::as_str).collect();
        match chemin.as_slice() {
            ["lheo", "offres", "formation"] => {
                self.repere.renew();
                let numero = self.numero(e)?;
                self.formation =
                    Some(Formation { ou: avant, numero, textes: Vec::new(), actions: Vec::new() });
            }
            ["lheo", "offres", "formation", "action"] => {
                let numero = self.numero(e)?;
                let Some(f) = &mut self.formation else { return Ok(()) };
                if f.actions.len() >= ACTIONS_MAX {
                    return Err(self.error(format!("plus de {ACTIONS_MAX} actions dans une formation")));
                }
                f.actions.push(Action { ou: avant, numero, textes: Vec::new() });
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
        Ok(())
    }

    fn numero(&self, e: &BytesStart<'_>) -> Result<String, FichierError> {
        for a in e.attributes() {
            let a = a.map_err(|_| self.error("un attribut est mal écrit ou donné deux fois"))?;
            let nom: &str = a.key.as_ref();
            if nom == "numero" {
                let valeur = a
                    .normalized_value(XmlVersion::Implicit1_0)
                    .map_err(|_| self.error("l’attribut « numero » est illisible"))?;
                return Ok(valeur.trim().to_owned());
            }
        }
        Ok(String::new())
    }

    fn add(&mut self, ou: Place, texte: &str) {
        if self.formation.is_none() {
            return;
        }
        let (_, ecrit) = self.texte.get_or_insert_with(|| (ou, String::new()));
        if ecrit.len() < TEXTE_MAX {
            ecrit.extend(texte.chars().take(TEXTE_MAX));
        }
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

    fn close(&mut self) -> Result<(), FichierError> {
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
            let faute = FauteFiche {
                ligne: f.ou.ligne,
                colonne: f.ou.colonne,
                champ: "action".to_owned(),
                motif: "la formation n’a aucune action : rien ne dit où ni quand elle se suit".to_owned(),
            };
            let refusee = FicheRefusee { ligne: f.ou.ligne, id: None, academie: None, fautes: vec![faute] };
            self.sortie.give(Lue::Refusee(refusee));
            return Ok(());
        }
        for action in &f.actions {
            self.sortie.room()?;
            let lue = record(&f, action, &mut self.sortie.bilan.releve);
            self.sortie.give(lue);
        }
        Ok(())
    }
}

/// Elements that may be there several times and of which only the first is taken.
const GARDES_EN_NOMBRE: &[&str] =
    &["certification", "action/lieu-de-formation", "action/organisme-formateur"];
/// Text of the mark that such an element begins.
const DEBUT: &str = "\u{1}";

/// The texts of the first element only, of those that may be several.
fn first<'t>(textes: &'t [Texte], prefixe: &str) -> (Vec<&'t Texte>, usize) {
    let mut nombre = 0;
    let mut gardes = Vec::new();
    for t in textes.iter().filter(|t| t.chemin.starts_with(prefixe)) {
        if t.chemin == prefixe && t.texte == DEBUT {
            nombre += 1;
        } else if nombre == 1 {
            gardes.push(t);
        }
    }
    (gardes, nombre)
}

/// The record of an action. Nothing in the standard says the code of the diploma nor those of its years.
fn record(f: &Formation, action: &Action, releve: &mut crate::Releve) -> Lue {
    let (certification, certifications) = first(&f.textes, "certification");
    let (lieu, lieux) = first(&action.textes, "lieu-de-formation");
    let (formateur, formateurs) = first(&action.textes, "organisme-formateur");
    for (nombre, champ, quoi) in [
        (certifications, "certification", "certifications"),
        (lieux, "lieu-de-formation", "lieux"),
        (formateurs, "organisme-formateur", "organismes formateurs"),
    ] {
        if nombre > 1 {
            releve.warn(Nature::Discordance, action.ou.ligne, champ, || {
                format!("{nombre} {quoi} : seul le premier est repris")
            });
        }
    }
    let mut c = Chantier::new(action.ou, releve);
    let certifinfo = certification
        .iter()
        .find(|t| t.chemin.ends_with("/code-CERTIFINFO"))
        .map_or("-", |t| t.texte.as_str());
    if f.numero.is_empty() || action.numero.is_empty() {
        let motif = "l’identifiant manque : la formation et l’action ont chacune un attribut « numero »";
        c.without_id(action.ou, "numero", motif);
    } else {
        c.id(action.ou, "numero", &[&f.numero, &action.numero, certifinfo]);
    }
    for t in certification.iter().filter(|t| t.chemin.ends_with("/code-RNCP")) {
        c.rncp(t.ou, "code-RNCP", &t.texte);
    }
    for t in &f.textes {
        match t.chemin.as_str() {
            "intitule-formation" => c.intitule(t.ou, "intitule-formation", &t.texte),
            "code-niveau-sortie" => {
                // Two numberings: that of the former levels, one above the European ones, and these from 11 on.
                let europeen = match t.texte.parse::<u8>() {
                    Ok(n @ 4..=8) => Some(n - 1),
                    Ok(n @ 11..=18) => Some(n - 10),
                    _ => None,
                };
                if let Some(n) = europeen {
                    c.niveau(t.ou, "code-niveau-sortie", &n.to_string());
                }
            }
            _ => {}
        }
    }
    let responsable: Vec<&Texte> =
        f.textes.iter().filter(|t| t.chemin.starts_with("organisme-formation-responsable/")).collect();
    organisme(&mut c, Qui::Gestionnaire, &responsable);
    organisme(&mut c, Qui::Formateur, &formateur);
    if formateurs == 0 {
        c.formateur_is_gestionnaire();
    }
    organisme(&mut c, Qui::Lieu, &lieu);
    let lignes: Vec<&str> =
        lieu.iter().filter(|t| t.chemin.ends_with("/adresse/ligne")).map(|t| t.texte.as_str()).collect();
    if let Some(premiere) = lieu.iter().find(|t| t.chemin.ends_with("/adresse/ligne")) {
        c.adresse(premiere.ou, "ligne", &lignes.join(" "));
    }
    if let Some(t) = lieu.iter().find(|t| t.chemin.ends_with("/adresse/ville")) {
        c.ville(t.ou, "ville", &t.texte);
    }
    if let Some(t) = lieu.iter().find(|t| t.chemin.ends_with("/adresse/codepostal")) {
        c.code_postal(t.ou, "codepostal", &t.texte);
    }
    sessions(&mut c, &action.textes);
    c.finish()
}

fn organisme(c: &mut Chantier<'_>, qui: Qui, textes: &[&Texte]) {
    let find = |fin: &str| textes.iter().find(|t| t.chemin.ends_with(fin));
    if let Some(t) = find("/SIRET") {
        c.siret(qui, t.ou, "SIRET", &t.texte);
    }
    if let Some(t) = find("/code-UAI") {
        c.uai(qui, t.ou, "code-UAI", &t.texte);
    }
    if let Some(t) = find("/code-INSEE-commune") {
        c.commune(qui, t.ou, "code-INSEE-commune", &t.texte);
    }
    if let (Some(lat), Some(lon)) = (find("/latitude"), find("/longitude")) {
        c.point(qui, lat.ou, "geolocalisation", &format!("{},{}", lat.texte, lon.texte));
    }
}

fn sessions(c: &mut Chantier<'_>, textes: &[Texte]) {
    let mut debut: Option<&Texte> = None;
    let mut places: Option<(Place, u32)> = None;
    for t in textes {
        match t.chemin.as_str() {
            "modalites-enseignement" => c.a_distance(t.texte == "2"),
            "session/periode/debut" => debut = Some(t),
            "session/periode/fin" => {
                if let Some(d) = debut.take() {
                    // The standard writes 99999999 for an end that nobody knows.
                    let fin = Some(t.texte.as_str()).filter(|f| *f != "99999999");
                    c.periode(d.ou, "periode", &d.texte, fin);
                }
            }
            "session/cycle/capacite-cumulee" | "session/cycle/capacite-simultanee" => {
                match t.texte.parse::<u32>() {
                    Ok(n) => places = Some((t.ou, places.map_or(n, |(_, avant)| avant.max(n)))),
                    Err(_) => c.capacite(t.ou, "capacite", &t.texte),
                }
            }
            _ => {}
        }
    }
    if let Some((ou, n)) = places {
        c.capacite(ou, "capacite", &n.to_string());
    }
}
