//! What LHÉO 2.3 wants of each of its elements: what it holds, in which order and how many times, what its text and its attributes
//! may be. A test compares it with the schema that the standard publishes.

use std::collections::HashMap;
use std::sync::LazyLock;

use Valeur::{Code, Entier, Jour, Texte};

/// An element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Element {
    pub nom: &'static str,
    pub contenu: Contenu,
}

/// What an element holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Contenu {
    /// These elements, in this order.
    Suite(Vec<Enfant>),
    /// These elements, in any order.
    Melange(Vec<Enfant>),
    /// Text.
    Valeur(Valeur),
    /// Anything, of any namespace.
    Libre,
}

/// An element inside another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enfant {
    pub nom: &'static str,
    pub min: u32,
    /// None: as many as one likes.
    pub max: Option<u32>,
}

/// What a text may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Valeur {
    /// So many characters, blanks included.
    Texte(usize, usize),
    /// One of these, separated here by spaces.
    Code(&'static str),
    /// Eight digits, year, month and day; 99999999 is a day that nobody knows.
    Jour,
    /// A whole number.
    Entier,
}

/// What an attribute may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attribut {
    Texte,
    /// A name that no other element of the document has.
    Identifiant,
    /// The identifier of an element of the document.
    Reference,
    /// A day and a time, as ISO 8601 writes them.
    Horodatage,
    Adresse,
}

impl Element {
    /// The attributes that it may have; it must have none.
    pub fn attributs(&self) -> impl Iterator<Item = (&'static str, Attribut)> {
        let liens: &[_] = if LIENS_DE.contains(&self.nom) { LIENS } else { &[] };
        let dates: &[_] = if DATES_DE.contains(&self.nom) { DATES } else { &[] };
        COMMUNS.iter().chain(liens).chain(dates).copied()
    }
}

impl Contenu {
    /// The elements that it names.
    pub fn enfants(&self) -> &[Enfant] {
        match self {
            Self::Suite(enfants) | Self::Melange(enfants) => enfants,
            Self::Valeur(_) | Self::Libre => &[],
        }
    }
}

/// The element of this name.
pub fn element(nom: &str) -> Option<&'static Element> {
    ELEMENTS.get(nom)
}

/// Every element.
pub fn elements() -> impl Iterator<Item = &'static Element> {
    ELEMENTS.values()
}

static ELEMENTS: LazyLock<HashMap<&'static str, Element>> = LazyLock::new(|| {
    let suite = |noms: &'static str| noms.split(' ').map(enfant).collect::<Vec<_>>();
    let suites = SUITES.iter().map(|&(nom, enfants)| (nom, Contenu::Suite(suite(enfants))));
    let valeurs = VALEURS
        .iter()
        .flat_map(|&(valeur, noms)| noms.split(' ').map(move |nom| (nom, Contenu::Valeur(valeur))));
    let libres = [("extras", Contenu::Melange(suite("extras* extra*"))), ("extra", Contenu::Libre)];
    suites.chain(valeurs).chain(libres).map(|(nom, contenu)| (nom, Element { nom, contenu })).collect()
});

/// `x`: one; `x?`: one at most; `x+`: one at least; `x*`: any number; `x{1,3}`: from one to three.
fn enfant(note: &'static str) -> Enfant {
    let (nom, min, max) = if let Some(nom) = note.strip_suffix('?') {
        (nom, 0, Some(1))
    } else if let Some(nom) = note.strip_suffix('+') {
        (nom, 1, None)
    } else if let Some(nom) = note.strip_suffix('*') {
        (nom, 0, None)
    } else if let Some((nom, bornes)) = note.strip_suffix('}').and_then(|n| n.split_once('{')) {
        let (min, max) = bornes.split_once(',').unwrap_or((bornes, bornes));
        (nom, min.parse().unwrap_or(1), max.parse().ok())
    } else {
        (note, 1, Some(1))
    };
    Enfant { nom, min, max }
}

const COMMUNS: &[(&str, Attribut)] = &[
    ("numero", Attribut::Texte),
    ("info", Attribut::Texte),
    ("ref", Attribut::Texte),
    ("id", Attribut::Identifiant),
    ("idref", Attribut::Reference),
    ("tag", Attribut::Texte),
    ("horodatage-creation", Attribut::Horodatage),
    ("horodatage-modification", Attribut::Horodatage),
    ("horodatage-export", Attribut::Horodatage),
    ("uri", Attribut::Adresse),
];

const LIENS: &[(&str, Attribut)] = &[("href", Attribut::Texte), ("file", Attribut::Texte)];
/// Elements that may be in a file of their own.
const LIENS_DE: &[&str] =
    &["formation", "organisme-formation-responsable", "resume-offre", "resume-organisme"];

const DATES: &[(&str, Attribut)] = &[("datemaj", Attribut::Texte), ("datecrea", Attribut::Texte)];
const DATES_DE: &[&str] =
    &["lheo", "formation", "action", "session", "lheo-index", "resume-offre", "resume-organisme"];

/// Elements that hold others, from the document down.
const SUITES: &[(&str, &str)] = &[
    ("lheo", "offres extras*"),
    ("offres", "formation+ extras*"),
    (
        "formation",
        "domaine-formation intitule-formation objectif-formation resultats-attendus contenu-formation \
         certifiante contact-formation+ parcours-de-formation code-niveau-entree objectif-general-formation? \
         certification{0,5} code-type-formation{0,5} code-niveau-sortie? url-formation? action+ \
         organisme-formation-responsable identifiant-module? positionnement? sous-modules? \
         modules-prerequis? extras*",
    ),
    (
        "action",
        "rythme-formation code-public-vise{1,10} info-public-vise? niveau-entree-obligatoire \
         modalites-alternance modalites-enseignement conditions-specifiques prise-en-charge-frais-possible \
         lieu-de-formation* modalites-entrees-sorties url-action? duree-cycle? session+ adresse-information? \
         date-information{0,3} restauration? hebergement? transport? acces-handicapes? langue-formation{0,5} \
         modalites-recrutement? modalites-pedagogiques? code-modalite-pedagogique{0,5} equipement* \
         frais-restants? code-perimetre-recrutement? infos-perimetre-recrutement? prix-horaire-TTC? \
         prix-total-TTC? duree-indicative? nombre-heures-centre? nombre-heures-entreprise? \
         nombre-heures-total? detail-conditions-prise-en-charge? conventionnement? duree-conventionnee? \
         organisme-formateur* organisme-financeur{0,8} enseignement* extras*",
    ),
    (
        "session",
        "periode adresse-inscription modalites-inscription? periode-inscription? etat-recrutement? \
         recrutement* url-session? contact-session* reference-certification{0,5} blocs-competences* cycle* \
         extras*",
    ),
    (
        "organisme-formation-responsable",
        "numero-activite SIRET-organisme-formation nom-organisme raison-sociale coordonnees-organisme \
         contact-organisme+ renseignements-specifiques? potentiel? code-UAI-organisme-formation? extras*",
    ),
    (
        "organisme-formateur",
        "SIRET-formateur raison-sociale-formateur contact-formateur* potentiel? code-UAI-formateur? \
         reference-certification{0,5} extras*",
    ),
    ("domaine-formation", "code-FORMACODE{0,5} code-NSF{0,3} code-ROME{0,5} extras*"),
    ("contact-formation", "type-contact? coordonnees extras*"),
    ("contact-session", "type-contact? coordonnees extras*"),
    ("certification", "code-RNCP? code-CERTIFINFO? code-RS? code-CPF? reference-code-FORMACODE? extras*"),
    ("reference-certification", "reference-code-RNCP? reference-code-CERTIFINFO? reference-code-RS? extras*"),
    ("code-type-formation", "code-CPF? code-ELU? extras*"),
    ("potentiel", "code-FORMACODE{1,25} extras*"),
    ("url-formation", "urlweb{1,3} extras*"),
    ("lieu-de-formation", "SIRET-lieu-formation? code-UAI-lieu-formation? coordonnees extras*"),
    (
        "recrutement",
        "modalite-recrutement code-perimetre-recrutement? infos-perimetre-recrutement? a-distance? adresse? \
         urlweb? nb-places? periode? heure-debut? heure-fin? commentaire? extras*",
    ),
    ("enseignement", "libelle-enseignement type-enseignement obligatoire commentaire? extras*"),
    ("equipement", "type-equipement cout-indicatif-equipement? commentaire? extras*"),
    ("rythme-alternance", "unite-rythme-alternance unites-entreprise unites-centre extras*"),
    ("alternance", "type-alternance rythme-alternance? extras*"),
    (
        "cycle",
        "type-cycle annee-cycle* effectif-minimal? capacite-simultanee? capacite-cumulee? alternance? \
         extras*",
    ),
    ("adresse-inscription", "adresse extras*"),
    ("adresse-information", "adresse extras*"),
    ("date-information", "date extras*"),
    ("url-action", "urlweb{1,3} extras*"),
    ("url-session", "urlweb{1,3} extras*"),
    ("SIRET-organisme-formation", "SIRET extras*"),
    ("code-UAI-organisme-formation", "code-UAI extras*"),
    ("SIRET-lieu-formation", "SIRET extras*"),
    ("code-UAI-lieu-formation", "code-UAI extras*"),
    ("coordonnees-organisme", "coordonnees extras*"),
    ("contact-organisme", "type-contact? coordonnees extras*"),
    ("contact-formateur", "type-contact? coordonnees extras*"),
    ("organisme-financeur", "code-financeur nb-places-financees? extras*"),
    ("SIRET-formateur", "SIRET extras*"),
    ("code-UAI-formateur", "code-UAI extras*"),
    ("bloc-competences", "libelle-bloc code-bloc extras*"),
    ("blocs-competences", "validation-blocs reference-certification bloc-competences+ extras*"),
    ("sous-modules", "sous-module+ extras*"),
    ("modules-prerequis", "reference-module+ extras*"),
    ("sous-module", "reference-module type-module extras*"),
    (
        "coordonnees",
        "civilite? nom? prenom? ligne{0,3} adresse? telfixe? portable? fax? courriel? web? extras*",
    ),
    (
        "adresse",
        "denomination? ligne{1,4} codepostal ville departement? code-INSEE-commune? code-INSEE-canton? \
         region? pays? geolocalisation? extras*",
    ),
    ("geolocalisation", "latitude longitude extras*"),
    ("web", "urlweb{1,3} extras*"),
    ("telfixe", "numtel{1,3} extras*"),
    ("portable", "numtel{1,3} extras*"),
    ("fax", "numtel{1,3} extras*"),
    ("periode", "debut fin extras*"),
    ("periode-inscription", "periode"),
    ("lheo-index", "resumes-offres? resumes-organismes? extras*"),
    ("resumes-offres", "resume-offre* extras*"),
    ("resumes-organismes", "resume-organisme* extras*"),
    (
        "resume-offre",
        "domaine-formation intitule-formation nom-organisme SIRET codepostal? code-INSEE-commune? ville \
         departement region? certifiante code-niveau-entree prise-en-charge-frais-possible \
         modalites-enseignement? code-public-vise{1,10} nombre-heures-total? session* \
         contact-formation-resume* certification{0,5} extras*",
    ),
    ("resume-organisme", "nom-organisme raison-sociale SIRET numero-activite extras*"),
    ("contact-formation-resume", "type-contact? nom? telfixe? courriel? extras*"),
    ("lheo-plus", "lheo? organisme-formation-responsable* extras*"),
];

/// Elements that hold a text, by what it may be.
const VALEURS: &[(Valeur, &str)] = &[
    (Texte(0, 30), "latitude longitude"),
    (Texte(0, 50), "infos-perimetre-recrutement"),
    (Texte(0, 150), "duree-indicative"),
    (Texte(0, 200), "frais-restants modalites-pedagogiques"),
    (Texte(0, 250), "raison-sociale-formateur"),
    (Texte(0, 3_000), "renseignements-specifiques modalites-recrutement"),
    (Texte(1, 6), "prix-horaire-TTC"),
    (
        Texte(1, 10),
        "prix-total-TTC reference-code-CERTIFINFO reference-code-RNCP reference-code-RS code-RNCP \
         code-CERTIFINFO",
    ),
    (Texte(1, 25), "numtel"),
    (Texte(1, 50), "ligne prenom civilite nom ville"),
    (
        Texte(1, 250),
        "nom-organisme raison-sociale restauration hebergement transport acces-handicapes info-public-vise",
    ),
    (Texte(1, 255), "intitule-formation libelle-enseignement denomination modalites-inscription"),
    (Texte(1, 500), "libelle-bloc commentaire"),
    (Texte(1, 600), "detail-conditions-prise-en-charge"),
    (
        Texte(1, 3_000),
        "objectif-formation resultats-attendus contenu-formation rythme-formation modalites-alternance \
         conditions-specifiques identifiant-module reference-module",
    ),
    (Texte(2, 2), "langue-formation region pays"),
    (Texte(2, 3), "departement"),
    (Texte(2, 5), "heure-debut heure-fin"),
    (Texte(3, 3), "code-NSF"),
    (Texte(3, 10), "code-RS"),
    (Texte(3, 160), "courriel"),
    (Texte(3, 400), "urlweb"),
    (Texte(4, 5), "code-INSEE-canton"),
    (Texte(4, 10), "code-CPF code-ELU"),
    (
        Texte(5, 5),
        "code-modalite-pedagogique reference-code-FORMACODE code-FORMACODE code-ROME code-public-vise \
         codepostal code-INSEE-commune",
    ),
    (Texte(8, 8), "code-UAI"),
    (Texte(8, 40), "code-bloc"),
    (Texte(11, 11), "numero-activite"),
    (Texte(14, 14), "SIRET"),
    (
        Code("0 1"),
        "certifiante niveau-entree-obligatoire prise-en-charge-frais-possible a-distance obligatoire \
         modalites-entrees-sorties type-cycle conventionnement",
    ),
    (Code("1 2 3 4"), "parcours-de-formation"),
    (Code("1 2 3 4 5 6 7 8 9"), "objectif-general-formation"),
    (Code("0 1 2 3 4 5 6 7 8 11 12 13 14 15 16 17 18"), "code-niveau-entree code-niveau-sortie"),
    (Code("0 1 2"), "modalites-enseignement type-alternance validation-blocs type-module"),
    (Code("0 1 2 3 4 5 6 7 8 9 10 11"), "type-equipement"),
    (Code("0 1 2 3 4 5 6 7 8 9"), "modalite-recrutement"),
    (Code("1 2 3 4 5 6 7 8 9 10"), "type-enseignement"),
    (Code("0 1 2 3 4"), "unite-rythme-alternance"),
    (Code("0 1 2 3 4 5 6 7 8 9 10 11 12 13 14"), "type-contact"),
    (Code("0 1 2 3 4 5 6"), "code-perimetre-recrutement"),
    (Code("0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20"), "code-financeur"),
    (Code("1 2"), "positionnement"),
    (Code("1 2 3"), "etat-recrutement"),
    (Jour, "debut fin date"),
    (
        Entier,
        "nb-places cout-indicatif-equipement effectif-minimal capacite-simultanee capacite-cumulee \
         unites-entreprise unites-centre duree-cycle annee-cycle nb-places-financees nombre-heures-centre \
         nombre-heures-entreprise nombre-heures-total duree-conventionnee",
    ),
];
