//! HAB-4: the fields of each form. One that a form does not have is refused by its name, before anything else is read.

use domain::droits::{Fiche, GroupeChamps};

use domain::formations::description::{Champ, Rubrique};

use super::brouillons::{GARDER, is_kept_by, unknown_of};
use crate::components::{NOM_BROUILLON, NOM_CLE, NOM_JETON, NOM_ONGLET, NOM_VERSION};

/// The forms that write a sheet: their fields are those of the groups of the table of rights, all of them or the one named.
const FICHES: &[(&str, Fiche, Option<&str>)] = &[
    ("/candidat/dossier", Fiche::Dossier, None),
    ("/gestion/{annee}/formations/{id}", Fiche::Formation, None),
    ("/gestion/{annee}/etablissements/{id}/identite", Fiche::Etablissement, Some("identite")),
    ("/gestion/{annee}/etablissements/{id}/coordonnees", Fiche::Etablissement, Some("coordonnees")),
    ("/gestion/{annee}/etablissements/{id}/accueil", Fiche::Etablissement, Some("accueil")),
];

/// The description of a course: the fields of each part are those of the table of fields.
const DESCRIPTION: &str = "/gestion/{annee}/formations/{id}/";

/// The others: address as declared, its last word in full where each has a form of its own; fields by the names that the
/// browser sends. A name that ends with « - » or « . » is followed by identifiers. A form of buttons alone, or of a file alone, is not here.
const FORMULAIRES: &[(&str, &[&str])] = &[
    ("/connexion", &["courriel", "mot_de_passe"]),
    ("/connexion/verification", &["code", "secours"]),
    ("/connexion/enrolement", &["mot_de_passe", "confirmation", "scelle", "code"]),
    ("/connexion/enrolement/cle", &["reponse", "nom"]),
    ("/connexion/code", &["moyen"]),
    ("/connexion/conformite", &["quoi", "courriel", "mobile", "code_mobile"]),
    ("/compte/nom", &["prenom", "nom"]),
    ("/compte/adresse", &["courriel", "mot_de_passe"]),
    ("/compte/mobile", &["mobile", "code_mobile", "etape", "mot_de_passe"]),
    ("/compte/mot-de-passe", &["nouveau", "confirmation", "mot_de_passe"]),
    ("/compte/quitter", &["mot_de_passe"]),
    // What a mail program sends (RFC 8058).
    ("/resume/{jeton}", &["List-Unsubscribe"]),
    ("/compte/agenda/retirer", &["adresse"]),
    ("/compte/securite/mobile", &["mobile"]),
    ("/compte/securite/mobile/code", &["code_mobile"]),
    ("/compte/securite/application", &["scelle", "code"]),
    ("/compte/securite/cle", &["reponse", "nom"]),
    ("/inscription", &["courriel"]),
    (
        "/inscription/{jeton}",
        &[
            "nom",
            "prenom",
            "naissance",
            "ine",
            "departement",
            "commune",
            "type_bac",
            "serie",
            "etablissement_origine",
            "boursier",
            "mot_de_passe",
            "confirmation",
        ],
    ),
    ("/mot-de-passe-oublie", &["courriel"]),
    ("/transparence/{annee}/verifier", &["fichier", "recu"]),
    ("/mot-de-passe/{jeton}", &["mot_de_passe", "confirmation"]),
    ("/invitation/{jeton}", &["prenom", "nom", "mobile", "mot_de_passe", "confirmation"]),
    ("/comptes/inviter", &["prenom", "nom", "courriel", "role", "uai", "formations[]", "academies[]"]),
    ("/comptes/inviter/derogation", &["uai", "courriel", "motif"]),
    ("/comptes/derogations/{id}", &["decision", "reponse"]),
    ("/comptes/securite/{uai}", &["motif", "geste"]),
    ("/comptes/{id}/{acte}", &["gardes[]", "ajout", "formations[]", "confiee_a", "controle", "motif"]),
    (
        "/informations/{annee}/publication/nouvelle",
        &[
            "titre",
            "contenu",
            "pieces[]",
            "roles[]",
            "familles[]",
            "statuts[]",
            "academies[]",
            "jour",
            "heure",
            "retrait",
            "acte",
        ],
    ),
    (
        "/informations/{annee}/publication/{id}",
        &[
            "titre",
            "contenu",
            "pieces[]",
            "roles[]",
            "familles[]",
            "statuts[]",
            "academies[]",
            "jour",
            "heure",
            "retrait",
            "relire[]",
            "acte",
        ],
    ),
    (
        "/informations/{annee}/publication/documents/nouveau",
        &["titre", "nature", "theme", "fichier", "roles[]", "familles[]", "statuts[]", "academies[]"],
    ),
    (
        "/informations/{annee}/publication/documents/{id}",
        &["titre", "nature", "theme", "fichier", "roles[]", "familles[]", "statuts[]", "academies[]"],
    ),
    (
        "/mes-seances/{annee}/organisation/nouvelle",
        &[
            "titre",
            "contenu",
            "qualites[]",
            "roles[]",
            "familles[]",
            "statuts[]",
            "academies[]",
            "jour",
            "heure",
            "heure_fin",
            "places",
            "lieu",
            "lien",
            "cloture",
            "acte",
        ],
    ),
    (
        "/mes-seances/{annee}/organisation/{id}",
        &[
            "titre",
            "contenu",
            "qualites[]",
            "roles[]",
            "familles[]",
            "statuts[]",
            "academies[]",
            "jour",
            "heure",
            "heure_fin",
            "places",
            "lieu",
            "lien",
            "cloture",
            "acte",
        ],
    ),
    ("/mes-seances/{annee}/organisation/{id}/presences", &["presents[]", "adresses", "acte"]),
    ("/mes-seances/{annee}/organisation/{id}/enregistrement", &["enregistrement"]),
    ("/seances/inscription", &["seance", "courriel", "qualite", "departement"]),
    ("/informations/{annee}/charte", &["etablissement", "numero", "engagement"]),
    ("/informations/{annee}/charte/nouvelle", &["charte", "acte"]),
    ("/assistance/demander", &["ecran", "annee", "objet", "etablissement", "theme", "texte"]),
    ("/assistance/demandes/{id}", &["acte", "texte"]),
    ("/assistance/{annee}/file/{id}", &["acte", "texte", "modele"]),
    ("/assistance/{annee}/cellules/{region}", &["presentation", "courriel", "site_web"]),
    (
        "/assistance/{annee}/cellules/{region}/sites",
        &["acte", "ligne", "nom", "telephone", "horaires", "departements[]"],
    ),
    (
        "/assistance/{annee}/cellules/{region}/publications",
        &["acte", "ligne", "titre", "theme", "lien", "texte", "jour"],
    ),
    ("/assistance/{annee}/cellules/{region}/reponses", &["acte", "ligne", "theme", "titre", "texte"]),
    ("/apparence", &["apparence"]),
    ("/candidat/voeux/ajouter", &["internat"]),
    ("/candidat/voeux/ordre", &["rang-", "acte"]),
    ("/candidat/voeux/{id}/confirmer", &["engagement"]),
    ("/candidat/voeux/{id}/retirer", &["engagement"]),
    ("/candidat/voeux/{id}/renoncer", &["engagement"]),
    ("/candidat/voeux/{id}/explication", &["jour"]),
    ("/candidat/propositions/{id}/repondre", &["choix", "maintenu[]"]),
    ("/gestion/{annee}/formations/{id}/relecture", &["motif"]),
    ("/gestion/{annee}/formations/{id}/regroupement", &["libelle", "mutualisation", "formations[]"]),
    ("/gestion/{annee}/formations/{id}/copier", &["champs[]"]),
    ("/gestion/{annee}/classeur/import/appliquer", &["fichier_recu"]),
    ("/gestion/{annee}/lot", &["formations[]", "acte", "champ"]),
    ("/gestion/{annee}/lot/soumission", &["formations[]", "champ"]),
    ("/gestion/{annee}/lot/capacites", &["formations[]"]),
    ("/gestion/{annee}/groupes/{id}/ordre", &["rang-", "deplacer"]),
    ("/gestion/{annee}/groupes/{id}/import/appliquer", &["fichier_recu"]),
    ("/gestion/{annee}/groupes/{id}/transmettre", &["engagement"]),
    ("/gestion/{annee}/internats/{id}/ordre", &["rang-", "deplacer"]),
    ("/gestion/{annee}/internats/{id}/import/appliquer", &["fichier_recu"]),
    ("/gestion/{annee}/internats/{id}/transmettre", &["engagement"]),
    ("/gestion/{annee}/etablissements/{id}", &["parties[]", "jusqu_a", "motif"]),
    (
        "/gestion/{annee}/etablissements/{id}/internats",
        &["acte", "ligne", "libelle", "capacite", "accueil", "formation"],
    ),
    ("/gestion/{annee}/etablissements/{id}/composantes", &["acte", "ligne", "nom"]),
    (
        "/gestion/{annee}/etablissements/{id}/sites",
        &[
            "acte",
            "ligne",
            "nom",
            "adresse",
            "code_postal",
            "commune",
            "latitude",
            "longitude",
            "vue",
            "grande.x",
            "grande.y",
            "petite.x",
            "petite.y",
        ],
    ),
    (
        "/gestion/{annee}/etablissements/{id}/journees",
        &["acte", "ligne", "jour", "debut", "fin", "a_distance", "ou"],
    ),
    (
        "/gestion/{annee}/etablissements/{id}/chef",
        &[
            "acte",
            "ligne",
            "prise",
            "depuis",
            "jusqu_a",
            "civilite",
            "chef_prenom",
            "chef_nom",
            "chef_fonction",
            "chef_courriel",
            "chef_telephone",
        ],
    ),
    ("/gestion/{annee}/etablissements/{id}/signature/import", &["signataire"]),
    (
        "/gestion/{annee}/etablissements/{id}/contacts",
        &[
            "acte",
            "ligne",
            "contact_fonction",
            "contact_nom",
            "contact_objet",
            "contact_telephone",
            "contact_courriel",
        ],
    ),
    ("/gestion/{annee}/etablissements/{id}/echanges", &["texte"]),
    ("/gestion/{annee}/formations/{id}/echanges", &["texte"]),
    ("/gestion/{annee}/etablissements/{id}/delegations", &["formations", "d."]),
    ("/gestion/{annee}/etablissements/{id}/delegations/import/appliquer", &["demandes"]),
    ("/gestion/{annee}/etablissements/{id}/interfaces/{jeton}/abonnements", &["abonnement"]),
    (
        "/gestion/{annee}/etablissements/{id}/interfaces/nouveau",
        &[
            "libelle",
            "jours",
            "etablissement",
            "demandes",
            "toutes[]",
            "a_venir",
            "f.",
            "vues",
            "ailleurs",
            "page",
            "cherche",
            "acte",
        ],
    ),
    (
        "/gestion/{annee}/etablissements/{id}/interfaces/{jeton}/modifier",
        &[
            "libelle",
            "etablissement",
            "demandes",
            "toutes[]",
            "a_venir",
            "f.",
            "vues",
            "ailleurs",
            "page",
            "cherche",
            "acte",
        ],
    ),
    ("/gestion/{annee}/etablissements/{id}/interfaces/{jeton}/renouveler", &["jours", "ancien"]),
    ("/academie/{annee}/completude/relance", &["etablissements[]", "texte", "acte"]),
    ("/academie/{annee}/completude/relances/nouvelle", &["texte", "acte"]),
    ("/academie/{annee}/completude/relances/{id}", &["acte"]),
    ("/academie/{annee}/apprentissage", &["fiches[]"]),
    ("/academie/{annee}/apprentissage/fiches/{id}", &["vers", "motif"]),
    ("/academie/{annee}/apprentissage/doublons/{id}", &["choisie", "acte", "rapprochement"]),
    ("/academie/{annee}/apprentissage/journees/import", &["flux", "etendue"]),
    ("/academie/{annee}/apprentissage/journees/{id}", &["acte", "retraits"]),
    ("/academie/{annee}/controles", &["formations[]"]),
    ("/academie/{annee}/controles/inchangees", &["formations[]"]),
    ("/academie/{annee}/controles/{id}", &["acte", "jusqu_a", "mot"]),
    ("/academie/{annee}/controles/{id}/retour", &["champs[]", "motif.", "jusqu_a"]),
    (
        "/gestion/{annee}/formations/{id}/demander",
        &[
            "nature",
            "successeur",
            "autre",
            "site",
            "uai",
            "groupes.",
            "academies[]",
            "libelle",
            "detail",
            "statut",
            "selective",
            "champs[]",
            "jusqu_a",
            "motif",
        ],
    ),
    (
        "/gestion/{annee}/demandes/ouvrir",
        &[
            "cherche",
            "acte",
            "filiere",
            "hors_nomenclature",
            "famille",
            "libelle",
            "detail",
            "statut",
            "selective",
            "site",
            "motif",
        ],
    ),
    ("/gestion/{annee}/demandes/{id}", &["acte"]),
    ("/gestion/{annee}/cessions/{id}", &["decision", "reponse"]),
    ("/academie/{annee}/demandes/{id}", &["decision", "reponse", "parties[]", "jusqu_a"]),
    ("/national/{annee}/demandes/{id}", &["decision", "reponse", "jusqu_a"]),
    ("/academie/{annee}/taux", &["famille", "taux_min_boursiers"]),
    ("/academie/{annee}/taux/{id}", &["taux_min_boursiers", "taux_max_non_residents"]),
    ("/national/{annee}/calendrier", &["etape", "jusque", "motif", "acte", "uai", "motif_levee"]),
    ("/national/{annee}/donnees", &["donnees[]", "source-"]),
    ("/national/{annee}/calendrier/{id}", &["decision"]),
    ("/national/{annee}/retenue", &["passage", "groupe", "motif"]),
    ("/national/{annee}/retrait", &["passage", "formations[]", "motif"]),
    ("/national/{annee}/programmation", &["passage", "annuler"]),
    ("/national/securite", &["mode", "acte"]),
    ("/dev/horloge", &["moment", "quand"]),
];

/// The address as declared, with the last word that was really asked for in place of a parameter.
fn precise(route: &str, chemin: &str) -> String {
    match (route.rsplit_once('/'), chemin.split('?').next().and_then(|c| c.rsplit('/').next())) {
        (Some((debut, parametre)), Some(mot)) if parametre.starts_with('{') => format!("{debut}/{mot}"),
        _ => route.to_owned(),
    }
}

/// The first name sent to this route, at this address, that its form does not have. What is kept of a form is held to the names of
/// that form (SES-3).
pub(super) fn unknown<'p>(route: &str, chemin: &str, paires: &'p [(String, String)]) -> Option<&'p str> {
    let kept = paires.iter().find(|(nom, _)| nom == NOM_BROUILLON).map(|(_, adresse)| adresse.as_str());
    if route == GARDER {
        return unknown_of(kept.unwrap_or_default(), paires);
    }
    if kept.is_some_and(|adresse| route != EFFACER && !is_kept_by(chemin, adresse)) {
        return Some(NOM_BROUILLON);
    }
    unknown_in(route, chemin, paires)
}

/// Forgets what is kept of a form, of which it gives the address.
const EFFACER: &str = "/brouillon/effacer";

/// The first name that the form of this route, at this address, does not have.
pub(super) fn unknown_in<'p>(route: &str, chemin: &str, paires: &'p [(String, String)]) -> Option<&'p str> {
    let precise = precise(route, chemin);
    let ici = |r: &str| r == route || r == precise;
    let rubrique = precise.strip_prefix(DESCRIPTION).and_then(Rubrique::from_code);
    let fiche = FICHES.iter().find(|(r, ..)| ici(r));
    let champs = FORMULAIRES.iter().find(|(r, _)| ici(r)).map_or(&[][..], |(_, c)| c);
    let connu = |nom: &str| match fiche {
        Some((_, fiche, None)) => GroupeChamps::of_saisie(*fiche, nom).is_some(),
        None if rubrique.is_some() => {
            nom == "acte"
                || Champ::from_code(nom.split('.').next().unwrap_or_default()).is_some_and(|c| {
                    Some(c.rubrique) == rubrique && c.colonnes().is_empty() != nom.contains('.')
                })
        }
        Some((_, fiche, Some(code))) => {
            GroupeChamps::of_code(*fiche, code).is_some_and(|g| g.saisie.contains(&nom))
        }
        None if route == "/gestion/{annee}/lot/{quoi}" => {
            ["formations[]", "acte"].contains(&nom) || is_of_champ(&precise, nom)
        }
        None => champs.iter().any(|c| {
            if c.ends_with(['-', '.']) { nom.len() > c.len() && nom.starts_with(c) } else { nom == *c }
        }),
    };
    // The button that shows what is typed and saves nothing.
    let bouton = |nom: &str| nom == "acte" && fiche.is_some_and(|(_, fiche, _)| *fiche != Fiche::Dossier);
    let noms = paires.iter().map(|(nom, _)| nom.as_str());
    noms.filter(|n| ![NOM_JETON, NOM_CLE, NOM_VERSION, NOM_BROUILLON, NOM_ONGLET].contains(n))
        .find(|n| !connu(n) && !bouton(n))
}

/// The field that the last word of an address names; of a list, the columns of its lines, and what is done of it.
fn is_of_champ(adresse: &str, nom: &str) -> bool {
    let code = adresse.rsplit('/').next().unwrap_or_default();
    match Champ::partageables().find(|c| c.code == code) {
        Some(c) if !c.colonnes().is_empty() => {
            nom == "facon" || nom.strip_prefix(code).is_some_and(|suite| suite.starts_with('.'))
        }
        _ => nom == code,
    }
}

/// The names that a form has, one of each kind, where the last word of its address is this one.
#[cfg(test)]
pub(super) fn names_of(route: &str, mot: &str) -> Vec<String> {
    let precise = precise(route, mot);
    let complete = |nom: &str| if nom.ends_with(['-', '.']) { format!("{nom}a") } else { nom.to_owned() };
    let noms = match (
        FORMULAIRES.iter().find(|(r, _)| *r == route || *r == precise),
        FICHES.iter().find(|(r, ..)| *r == route || *r == precise),
        precise.strip_prefix(DESCRIPTION).and_then(Rubrique::from_code),
    ) {
        (Some((_, noms)), ..) => noms.iter().map(|n| complete(n)).collect::<Vec<_>>(),
        (_, Some((_, fiche, code)), _) => domain::droits::GROUPES
            .iter()
            .filter(|g| g.fiche == *fiche && code.is_none_or(|c| c == g.code))
            .flat_map(|g| g.saisie)
            .map(|n| complete(n))
            .collect(),
        (.., Some(rubrique)) => domain::formations::description::CHAMPS
            .iter()
            .filter(|c| c.rubrique == rubrique)
            .flat_map(|c| match c.colonnes() {
                [] => vec![c.code.to_owned()],
                colonnes => colonnes.iter().map(|k| format!("{}.0.{}", c.code, k.code)).collect(),
            })
            .collect(),
        _ => Vec::new(),
    };
    // The picture of a map is clicked, not filled.
    let plan = ["grande.x", "grande.y", "petite.x", "petite.y"];
    noms.iter().map(|n| n.trim_end_matches("[]").to_owned()).filter(|n| !plan.contains(&n.as_str())).collect()
}
