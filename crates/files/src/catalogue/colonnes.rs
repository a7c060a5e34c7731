//! The fields of a record of the national catalogue: keys of the JSON, columns of a table. The flow of the Carif-Oref and the
//! catalogue made of it have not the same names.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde_json::Value;

use super::Lue;
use super::champs::{Chantier, Qui, court};
use super::place::Place;
use Qui::{Formateur, Gestionnaire, Lieu};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Genre {
    Texte,
    Entier,
    /// `true` or `false`, `oui` or `non`, `vrai` or `faux`.
    OuiNon,
    /// Texts separated by `|`, `,` or `;`, or a list of JSON.
    Liste,
}

/// A field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Colonne {
    pub(super) champ: Champ,
    /// Its name in the flow of the Carif-Oref.
    pub nom: &'static str,
    /// Its other name, in the catalogue made of it.
    pub autre: Option<&'static str>,
    pub genre: Genre,
    /// Whether a record is refused without it. The identifier is apart: three fields, or one.
    pub requise: bool,
    /// French sentences: what it says.
    pub quoi: &'static str,
    /// A value as it may be written.
    pub exemple: &'static str,
}

impl Colonne {
    const fn new(champ: Champ, nom: &'static str, exemple: &'static str, quoi: &'static str) -> Self {
        Self { champ, nom, autre: None, genre: Genre::Texte, requise: false, quoi, exemple }
    }

    const fn ou(self, autre: &'static str) -> Self {
        Self { autre: Some(autre), ..self }
    }

    const fn genre(self, genre: Genre) -> Self {
        Self { genre, ..self }
    }

    const fn requise(self) -> Self {
        Self { requise: true, ..self }
    }
}

/// Every field that is read; the others are passed over.
pub const COLONNES: &[Colonne] = &[
    Colonne::new(
        Champ::IdFormation,
        "id_formation",
        "24_100001",
        "Identifiant de la formation au Carif-Oref, première partie de l’identifiant de la fiche. Les trois parties sont \
         exigées, sauf si id_rco_formation est donné.",
    ),
    Colonne::new(
        Champ::IdAction,
        "id_action",
        "24_200001",
        "Identifiant de l’action de formation, deuxième partie de l’identifiant de la fiche.",
    ),
    Colonne::new(
        Champ::IdCertifinfo,
        "id_certifinfo",
        "97049",
        "Code Certif Info du diplôme, troisième partie de l’identifiant de la fiche.",
    ),
    Colonne::new(
        Champ::IdEntier,
        "id_rco_formation",
        "24_100001|24_200001|97049",
        "L’identifiant entier de la fiche, à la place des trois parties.",
    ),
    Colonne::new(
        Champ::CleMinistere,
        "cle_ministere_educatif",
        "100001P01214",
        "Clé du ministère : la même d’une année à l’autre.",
    ),
    Colonne::new(Champ::Intitule, "intitule_long", "BTS Tourisme", "Intitulé de la formation."),
    Colonne::new(
        Champ::Siret(Gestionnaire),
        "etablissement_gestionnaire_siret",
        "73282932000074",
        "SIRET de l’établissement qui répond de la formation : quatorze chiffres.",
    )
    .requise(),
    Colonne::new(
        Champ::Uai(Gestionnaire),
        "etablissement_gestionnaire_uai",
        "0040578G",
        "Code UAI de l’établissement qui répond de la formation.",
    ),
    Colonne::new(
        Champ::Commune(Gestionnaire),
        "etablissement_gestionnaire_code_insee",
        "80021",
        "Code INSEE de sa commune.",
    )
    .ou("etablissement_gestionnaire_code_commune_insee"),
    Colonne::new(
        Champ::Point(Gestionnaire),
        "etablissement_gestionnaire_geo_coordonnees",
        "49.894,2.295",
        "Où il est : latitude et longitude en degrés, séparées par une virgule.",
    )
    .ou("geo_coordonnees_etablissement_gestionnaire"),
    Colonne::new(
        Champ::Siret(Formateur),
        "etablissement_formateur_siret",
        "73282932000074",
        "SIRET de l’établissement qui donne la formation : quatorze chiffres.",
    )
    .requise(),
    Colonne::new(
        Champ::Uai(Formateur),
        "etablissement_formateur_uai",
        "0040578G",
        "Code UAI de l’établissement qui donne la formation.",
    ),
    Colonne::new(
        Champ::Commune(Formateur),
        "etablissement_formateur_code_insee",
        "80021",
        "Code INSEE de sa commune.",
    )
    .ou("etablissement_formateur_code_commune_insee"),
    Colonne::new(
        Champ::Point(Formateur),
        "etablissement_formateur_geo_coordonnees",
        "49.894,2.295",
        "Où il est : latitude et longitude en degrés, séparées par une virgule.",
    )
    .ou("geo_coordonnees_etablissement_formateur"),
    Colonne::new(
        Champ::Siret(Lieu),
        "etablissement_lieu_formation_siret",
        "73282932000074",
        "SIRET du lieu où la formation est donnée.",
    ),
    Colonne::new(
        Champ::Uai(Lieu),
        "etablissement_lieu_formation_uai",
        "0040578G",
        "Code UAI du lieu où la formation est donnée.",
    )
    .ou("uai_formation"),
    Colonne::new(
        Champ::Commune(Lieu),
        "etablissement_lieu_formation_code_insee",
        "80021",
        "Code INSEE de la commune du lieu : dit le département et l’académie de la fiche.",
    )
    .ou("code_commune_insee"),
    Colonne::new(
        Champ::Point(Lieu),
        "etablissement_lieu_formation_geo_coordonnees",
        "49.894,2.295",
        "Où est le lieu : latitude et longitude en degrés, séparées par une virgule.",
    )
    .ou("lieu_formation_geo_coordonnees"),
    Colonne::new(
        Champ::Ville,
        "etablissement_lieu_formation_localite",
        "Amiens",
        "Nom de la commune du lieu.",
    )
    .ou("localite"),
    Colonne::new(
        Champ::CodePostal,
        "etablissement_lieu_formation_code_postal",
        "80000",
        "Code postal du lieu.",
    )
    .ou("code_postal"),
    Colonne::new(
        Champ::Adresse,
        "etablissement_lieu_formation_adresse",
        "3 rue des Écoles",
        "Numéro et voie du lieu.",
    )
    .ou("lieu_formation_adresse"),
    Colonne::new(Champ::Cfd, "cfd", "32033422", "Code du diplôme (CFD) : huit lettres ou chiffres."),
    Colonne::new(
        Champ::Rncp,
        "rncp_code",
        "RNCP474",
        "Numéro au répertoire national des certifications professionnelles.",
    ),
    Colonne::new(
        Champ::Mefs,
        "bcn_mefs_10",
        "2472541130|2472541131",
        "Codes MEF des années de la formation : dix ou onze chiffres.",
    )
    .genre(Genre::Liste),
    Colonne::new(
        Champ::Niveau,
        "niveau",
        "5 (BTS, DEUST...)",
        "Niveau européen : le premier chiffre est lu, quand le code du diplôme ne le dit pas.",
    ),
    Colonne::new(
        Champ::Mois,
        "periode",
        "2024-09|2024-10",
        "Mois d’entrée (AAAA-MM), quand les jours ne sont pas connus.",
    )
    .genre(Genre::Liste),
    Colonne::new(
        Champ::Debut,
        "date_debut",
        "2024-09-02|2025-09-01",
        "Premier jour de chaque session (AAAA-MM-JJ) ; celui de même rang dans date_fin est son dernier jour.",
    )
    .genre(Genre::Liste),
    Colonne::new(
        Champ::Fin,
        "date_fin",
        "2026-06-30|2027-06-30",
        "Dernier jour de chaque session (AAAA-MM-JJ).",
    )
    .genre(Genre::Liste),
    Colonne::new(
        Champ::ADistance,
        "entierement_a_distance",
        "false",
        "Personne ne vient sur place : true ou false, oui ou non, vrai ou faux.",
    )
    .genre(Genre::OuiNon),
    Colonne::new(Champ::Capacite, "capacite", "24", "Places ; vide : non dit, ce qui n’est pas zéro.")
        .genre(Genre::Entier),
    Colonne::new(
        Champ::Statut,
        "parcoursup_statut",
        "à publier",
        "Statut de publication dans le catalogue : « non publié » et « fermé » écartent la fiche, aucun ne publie.",
    ),
    Colonne::new(
        Champ::Raison,
        "parcoursup_raison_depublication",
        "Formation reportée.",
        "Pourquoi elle n’est pas publiée.",
    ),
    Colonne::new(
        Champ::Erreur,
        "parcoursup_error",
        "Établissement inconnu.",
        "L’erreur que la plateforme a répondue : dite plutôt que la raison.",
    ),
];

static NOMS: LazyLock<HashMap<&'static str, Champ>> = LazyLock::new(|| {
    let noms = |c: &'static Colonne| std::iter::once(c.nom).chain(c.autre);
    COLONNES.iter().flat_map(|c| noms(c).map(move |nom| (nom, c.champ))).collect()
});

/// What a field says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Champ {
    IdFormation,
    IdAction,
    IdCertifinfo,
    IdEntier,
    CleMinistere,
    Intitule,
    Siret(Qui),
    Uai(Qui),
    Commune(Qui),
    Point(Qui),
    Ville,
    CodePostal,
    Adresse,
    Cfd,
    Rncp,
    Mefs,
    Niveau,
    Mois,
    Debut,
    Fin,
    ADistance,
    Capacite,
    Statut,
    Raison,
    Erreur,
}

impl Champ {
    /// The field of this name.
    pub(super) fn of(nom: &str) -> Option<Self> {
        NOMS.get(nom).copied()
    }
}

/// A record being read, field by field.
pub(super) struct Lecture<'r> {
    chantier: Chantier<'r>,
    vus: Vec<Champ>,
    /// The three parts of the identifier, and the one already joined.
    parties: [Option<(Place, String)>; 3],
    entier: Option<(Place, String)>,
    raison: Option<(Place, String, String)>,
    erreur: Option<(Place, String, String)>,
}

impl<'r> Lecture<'r> {
    pub(super) fn new(chantier: Chantier<'r>) -> Self {
        Self {
            chantier,
            vus: Vec::new(),
            parties: [None, None, None],
            entier: None,
            raison: None,
            erreur: None,
        }
    }

    pub(super) fn field(&mut self, champ: Champ, ou: Place, nom: &str, valeur: Value) {
        if valeur.is_null() {
            return;
        }
        if self.vus.contains(&champ) {
            self.chantier.fault(ou, nom, "ce champ est déjà dit : gardez une seule valeur");
            return;
        }
        self.vus.push(champ);
        match champ {
            Champ::Mefs | Champ::Mois | Champ::Debut | Champ::Fin => self.list(champ, ou, nom, valeur),
            Champ::ADistance => match valeur {
                Value::Bool(oui) => self.chantier.a_distance(oui),
                _ => self.chantier.fault(ou, nom, "true ou false est attendu"),
            },
            _ => match text(valeur) {
                Some(texte) => self.text_field(champ, ou, nom, texte),
                None => self.chantier.fault(ou, nom, "un texte ou un nombre est attendu"),
            },
        }
    }

    fn text_field(&mut self, champ: Champ, ou: Place, nom: &str, texte: String) {
        let c = &mut self.chantier;
        let [formation, action, certifinfo] = &mut self.parties;
        match champ {
            Champ::IdFormation => *formation = Some((ou, texte)),
            Champ::IdAction => *action = Some((ou, texte)),
            Champ::IdCertifinfo => *certifinfo = Some((ou, texte)),
            Champ::IdEntier => self.entier = Some((ou, texte)),
            Champ::CleMinistere => c.cle_ministere(ou, nom, &texte),
            Champ::Intitule => c.intitule(ou, nom, &texte),
            Champ::Siret(qui) => c.siret(qui, ou, nom, &texte),
            Champ::Uai(qui) => c.uai(qui, ou, nom, &texte),
            Champ::Commune(qui) => c.commune(qui, ou, nom, &texte),
            Champ::Point(qui) => c.point(qui, ou, nom, &texte),
            Champ::Ville => c.ville(ou, nom, &texte),
            Champ::CodePostal => c.code_postal(ou, nom, &texte),
            Champ::Adresse => c.adresse(ou, nom, &texte),
            Champ::Cfd => c.cfd(ou, nom, &texte),
            Champ::Rncp => c.rncp(ou, nom, &texte),
            Champ::Niveau => c.niveau(ou, nom, &texte),
            Champ::Capacite => c.capacite(ou, nom, &texte),
            Champ::Statut => c.statut(ou, nom, &texte),
            Champ::Raison => self.raison = Some((ou, nom.to_owned(), texte)),
            Champ::Erreur => self.erreur = Some((ou, nom.to_owned(), texte)),
            Champ::Mefs | Champ::Mois | Champ::Debut | Champ::Fin | Champ::ADistance => {}
        }
    }

    /// A list of texts, of objects that hold one, or texts separated by commas.
    fn list(&mut self, champ: Champ, ou: Place, nom: &str, valeur: Value) {
        let elements = match valeur {
            Value::Array(elements) => elements,
            Value::String(texte) => texte
                .split([',', ';', '|'])
                .map(str::trim)
                .filter(|t| !t.is_empty())
                .map(|t| Value::String(t.to_owned()))
                .collect(),
            _ => {
                self.chantier.fault(ou, nom, "une liste est attendue");
                return;
            }
        };
        for element in elements {
            let texte = match element {
                Value::Object(mut objet) if champ == Champ::Mefs => objet.remove("mef10").and_then(text),
                autre => text(autre),
            };
            let c = &mut self.chantier;
            match (texte, champ) {
                (None, _) => c.fault(ou, nom, "un élément de la liste n’est pas un texte"),
                (Some(t), Champ::Mefs) => c.mef(ou, nom, &t),
                (Some(t), Champ::Debut) => c.debut(ou, nom, &t),
                (Some(t), Champ::Fin) => c.fin(ou, nom, &t),
                (Some(t), _) => c.mois(ou, nom, &t),
            }
        }
    }

    pub(super) fn finish(mut self) -> Lue {
        let c = &mut self.chantier;
        match (&self.parties, &self.entier) {
            ([Some((ou, formation)), Some((_, action)), Some((_, certifinfo))], _) => {
                c.id(*ou, "id_formation", &[formation, action, certifinfo]);
            }
            (_, Some((ou, entier))) => c.id(*ou, "id_rco_formation", &[entier]),
            _ => {}
        }
        // The error of the platform says more than the reason, when both are there.
        if let Some((ou, nom, texte)) = self.erreur.or(self.raison) {
            c.raison(ou, &nom, &texte);
        }
        self.chantier.finish()
    }
}

/// What a field says: files write codes as texts or as numbers.
fn text(valeur: Value) -> Option<String> {
    match valeur {
        Value::String(texte) => Some(texte),
        Value::Number(n) => Some(court(&n.to_string())),
        _ => None,
    }
}
