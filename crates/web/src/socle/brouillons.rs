//! SES-3: the long forms, of which the pages have what is typed kept until it is saved. Nothing of another form is ever kept.

use app::brouillons::{Gardee, find, list, name_of};
use app::echanges::Sujet;
use app::formations::{Groupe, view_parametrage};
use app::{AppError, messages};
use domain::PublicId;
use domain::droits::Action;
use domain::etablissements::Partie;
use domain::formations::demandes::NatureDemande;
use domain::formations::description::{Champ, Rubrique};

use super::champs::unknown_in;
use super::requete::{Requete, encode};
use crate::components::{AvisBrouillon, BrouillonListe, Brouillons, EtatBrouillon, Formulaire};
use crate::layout::Lien;

/// Where pages send what is typed.
pub(crate) const GARDER: &str = "/brouillon";

/// Identifier of the notice above a form: it may be far down its page.
const AVIS: &str = "avis-brouillon";

/// Begins the name of the field of a group.
const PLACES: &str = "places-";

/// The form that gives a token: some of its fields have the names of others.
const JETON: &str = "/gestion/{annee}/etablissements/{id}/interfaces/nouveau";
const LIBELLES_JETON: &[(&str, &str)] = &[
    ("libelle", "Nom du logiciel"),
    ("jours", "Durée"),
    ("etablissement", "Informations de l’établissement"),
    ("demandes", "Demandes de l’établissement"),
    ("toutes", "Sur toutes les formations"),
    ("a_venir", "Sur les formations à venir"),
    ("ailleurs", "Sur les formations des autres pages"),
];

/// Forms named on a home.
const MONTREES: usize = 5;

/// Boxes: not ticked, they are not sent.
const CASES: [&str; 7] = ["a_distance", "a_venir", "academies", "champs", "demandes", "parties", "toutes"];

/// What the page itself puts in its form, beside what is typed: the line that is changed, the kind of a request, where
/// one is in a long table.
const TECHNIQUES: [&str; 6] = ["acte", "ligne", "nature", "vues", "page", "cherche"];

/// What its address says of a form.
#[derive(Clone, Copy)]
enum Titre {
    Mot(&'static str),
    Rubrique,
    Partie,
    Demande,
}

/// What a form is about.
#[derive(Clone, Copy)]
enum Objet {
    Formation,
    Etablissement,
    Autre,
}

/// A long form: its route, any of the rights that it may be saved with, what it is called.
struct Forme {
    route: &'static str,
    actions: &'static [Action],
    titre: Titre,
    objet: Objet,
}

const fn forme(route: &'static str, action: &'static [Action], titre: Titre, objet: Objet) -> Forme {
    Forme { route, actions: action, titre, objet }
}

/// Those with a last word of their own before those where it varies.
const FORMES: &[Forme] = {
    use Action as A;
    use Titre::Mot;
    &[
        forme(
            "/gestion/{annee}/formations/{id}",
            &[A::ModifierCapacites, A::ModifierFormation],
            Mot("Capacité, frais et présentation"),
            Objet::Formation,
        ),
        forme(
            "/gestion/{annee}/formations/{id}/relecture",
            &[A::ModifierCapacites],
            Mot("Motif de la capacité"),
            Objet::Formation,
        ),
        forme(
            "/gestion/{annee}/formations/{id}/echanges",
            &[A::EcrireEchange],
            Mot("Message"),
            Objet::Formation,
        ),
        forme(
            "/gestion/{annee}/formations/{id}/demander",
            &[A::DemanderFormation],
            Titre::Demande,
            Objet::Formation,
        ),
        forme(
            "/gestion/{annee}/formations/{id}/{rubrique}",
            &[A::ModifierFormation],
            Titre::Rubrique,
            Objet::Formation,
        ),
        forme(
            "/gestion/{annee}/etablissements/{id}",
            &[A::DemanderFormation],
            Mot("Demande de modification hors période"),
            Objet::Etablissement,
        ),
        forme(
            "/gestion/{annee}/etablissements/{id}/echanges",
            &[A::EcrireEchange],
            Mot("Message"),
            Objet::Etablissement,
        ),
        forme(JETON, &[A::GererJetons], Mot("Donner un jeton d’accès"), Objet::Etablissement),
        forme(
            "/gestion/{annee}/etablissements/{id}/{partie}",
            &[A::ModifierEtablissement],
            Titre::Partie,
            Objet::Etablissement,
        ),
        forme(
            "/gestion/{annee}/demandes/ouvrir",
            &[A::DemanderFormation],
            Mot("Demander l’ouverture d’une formation"),
            Objet::Autre,
        ),
        forme(
            "/gestion/{annee}/cessions/{id}",
            &[A::DemanderFormation],
            Mot("Réponse à une demande"),
            Objet::Autre,
        ),
        forme(
            "/informations/{annee}/publication/nouvelle",
            &[A::PublierInformation],
            Mot("Publier une information"),
            Objet::Autre,
        ),
        forme(
            "/mes-seances/{annee}/organisation/nouvelle",
            &[A::OrganiserSeances],
            Mot("Annoncer une séance"),
            Objet::Autre,
        ),
        forme(
            "/mes-seances/{annee}/organisation/{id}",
            &[A::OrganiserSeances],
            Mot("Modifier une séance"),
            Objet::Autre,
        ),
        forme(
            "/assistance/{annee}/file/{id}",
            &[A::TraiterAssistance],
            Mot("Réponse à une question"),
            Objet::Autre,
        ),
        forme(
            "/informations/{annee}/charte/nouvelle",
            &[A::PublierCharte],
            Mot("Publier une version de la charte"),
            Objet::Autre,
        ),
        forme(
            "/informations/{annee}/publication/{id}",
            &[A::PublierInformation],
            Mot("Corriger une information"),
            Objet::Autre,
        ),
        forme(
            "/academie/{annee}/controles/{id}/retour",
            &[A::ControlerFormation],
            Mot("Motifs du retour"),
            Objet::Formation,
        ),
        forme(
            "/academie/{annee}/apprentissage/fiches/{id}",
            &[A::DeciderApprentissage],
            Mot("Décision sur une fiche d’apprentissage"),
            Objet::Autre,
        ),
        forme(
            "/academie/{annee}/demandes/{id}",
            &[A::DeciderDemande],
            Mot("Réponse à une demande"),
            Objet::Autre,
        ),
        forme(
            "/national/{annee}/demandes/{id}",
            &[A::AccorderDerogation],
            Mot("Réponse à une demande"),
            Objet::Autre,
        ),
    ]
};

/// The address of the page of a long form, read.
pub(crate) struct Adresse {
    forme: &'static Forme,
    annee: i64,
    /// What the form is about, when its address names it.
    sujet: Option<Sujet>,
    titre: String,
}

impl Adresse {
    /// Any of these is enough to save such a form somewhere.
    pub(crate) fn actions(&self) -> &'static [Action] {
        self.forme.actions
    }

    /// The home of the space where the form is, first of the way to it.
    pub(crate) fn accueil(&self) -> Lien {
        let (nom, espace) = match self.forme.route.split('/').nth(1) {
            Some("academie") => ("Service académique", "academie"),
            Some("national") => ("Équipe nationale", "national"),
            _ => ("Site de gestion", "gestion"),
        };
        Lien::new(nom, format_args!("/{espace}/{}", self.annee))
    }

    /// What a field is called where its page is not there to say it. Two forms may have one of the same name. `groupes`: those of the
    /// course, for whoever reads them.
    pub(crate) fn libelle(&self, nom: &str, groupes: &[Groupe]) -> String {
        if let Some(g) = nom.strip_prefix(PLACES).and_then(|id| groupes.iter().find(|g| g.id == id)) {
            return format!("Places du groupe « {} »", g.libelle);
        }
        if self.forme.route == JETON {
            let connu = LIBELLES_JETON.iter().find(|(n, _)| *n == nom);
            return connu.map_or("Sur une formation", |(_, libelle)| libelle).to_owned();
        }
        let connu = LIBELLES.iter().find(|(n, _)| *n == nom);
        match (self.forme.titre, connu) {
            (Titre::Mot(_) | Titre::Partie | Titre::Demande, Some((_, libelle))) => (*libelle).to_owned(),
            _ => libelle(nom),
        }
    }

    /// Reads an address; nothing of another form, nor of an address written otherwise than we do.
    pub(crate) fn parse(adresse: &str) -> Option<Self> {
        let (chemin, question) = match adresse.split_once('?') {
            None => (adresse, None),
            Some((chemin, question)) => (chemin, Some(question)),
        };
        FORMES.iter().find_map(|f| Self::of(f, chemin, question))
    }

    fn of(forme: &'static Forme, chemin: &str, question: Option<&str>) -> Option<Self> {
        let (mut annee, mut id, mut mot) = (None, None, None);
        if forme.route.split('/').count() != chemin.split('/').count() {
            return None;
        }
        for (attendu, lu) in forme.route.split('/').zip(chemin.split('/')) {
            match attendu {
                "{annee}" => annee = Some(lu.parse().ok().filter(|_| lu.len() == 4)?),
                "{id}" => id = Some(PublicId::parse(lu)?),
                "{rubrique}" => mot = Some(Rubrique::from_code(lu)?.libelle().to_owned()),
                "{partie}" => mot = Some(Partie::from_code(lu)?.libelle().to_owned()),
                _ if attendu == lu => {}
                _ => return None,
            }
        }
        let titre = match (forme.titre, question) {
            (Titre::Mot(titre), None) => titre.to_owned(),
            (Titre::Rubrique | Titre::Partie, None) => mot?,
            // A line of a list has its own form.
            (Titre::Partie, Some(q)) => PublicId::parse(q.strip_prefix("ligne=")?).and(mot)?,
            (Titre::Demande, Some(q)) => {
                let nature = NatureDemande::from_code(q.strip_prefix("nature=")?)?;
                format!("Demande : {}", nature.libelle().to_lowercase())
            }
            _ => return None,
        };
        let sujet = match forme.objet {
            Objet::Formation => Some(Sujet::Formation(id?)),
            Objet::Etablissement => Some(Sujet::Etablissement(id?)),
            Objet::Autre => None,
        };
        Some(Self { forme, annee: annee?, sujet, titre })
    }
}

/// Whether what is sent there may say that it was kept under this address: a long form is sent to its own page.
pub(super) fn is_kept_by(chemin: &str, adresse: &str) -> bool {
    Adresse::parse(adresse).is_some() && adresse.split('?').next() == chemin.split('?').next()
}

/// The first name that the form of this page does not have: nothing else is kept, neither secrets nor files.
pub(super) fn unknown_of<'p>(adresse: &str, paires: &'p [(String, String)]) -> Option<&'p str> {
    let route = Adresse::parse(adresse).map_or("", |a| a.forme.route);
    unknown_in(route, adresse, paires)
}

/// What is kept of a form: what was typed.
pub(crate) fn typed(form: &Formulaire) -> Vec<(String, String)> {
    form.saisie()
        .filter(|(nom, _)| !TECHNIQUES.contains(nom))
        .map(|(nom, valeur)| (nom.to_owned(), valeur.to_owned()))
        .collect()
}

/// The page that shows what waits by itself.
pub(crate) fn lire(adresse: &str) -> String {
    format!("{GARDER}?adresse={}", encode(adresse))
}

fn asks_back(requete: &Requete) -> bool {
    requete
        .chemin
        .split_once('?')
        .is_some_and(|(_, question)| question.split('&').any(|p| p == "brouillon=reprendre"))
}

/// A long form, as its page opens: kept under this address while it is typed if it is `ouverte`; with what its author typed another
/// time and did not save: told, or taken back when they ask for it.
pub(crate) async fn with_brouillon(
    requete: &Requete,
    form: Formulaire,
    adresse: &str,
    ouverte: bool,
) -> Result<Formulaire, AppError> {
    debug_assert!(Adresse::parse(adresse).is_some(), "{adresse}");
    let kept = |form: Formulaire, onglet: &str| if ouverte { form.gardee(adresse, onglet) } else { form };
    let form = kept(form, requete.ctx.app.alea.public_id().as_str());
    let Some(gardee) = find(&requete.ctx, adresse).await? else { return Ok(form) };
    let etat = if !ouverte {
        EtatBrouillon::Ferme
    } else if asks_back(requete) {
        EtatBrouillon::Repris { change: gardee.version.is_some_and(|v| form.version() != Some(v)) }
    } else {
        EtatBrouillon::Attend
    };
    let form = match etat {
        EtatBrouillon::Repris { .. } => {
            kept(form, &gardee.onglet).reprend(&gardee.paires, gardee.version, &CASES)
        }
        _ => form,
    };
    Ok(form.avec_avis(avis(&gardee, etat)))
}

/// The same form, on a page that did not save it: what its author typed another time, in another page, goes on being offered above
/// what they have just typed.
pub(crate) async fn still_waiting(
    requete: &Requete,
    form: Formulaire,
    ouverte: bool,
) -> Result<Formulaire, AppError> {
    let adresse = form.adresse_gardee().filter(|a| Adresse::parse(a).is_some());
    let Some(adresse) = adresse.filter(|_| ouverte && form.revient() && !form.attend()) else {
        return Ok(form);
    };
    let gardee = find(&requete.ctx, adresse).await?;
    match gardee {
        Some(autre) if autre.onglet != form.onglet() => {
            Ok(form.avec_avis(avis(&autre, EtatBrouillon::Attend)))
        }
        _ => Ok(form),
    }
}

fn avis(gardee: &Gardee, etat: EtatBrouillon) -> AvisBrouillon {
    let adresse = gardee.chemin.clone();
    let et = if adresse.contains('?') { '&' } else { '?' };
    AvisBrouillon {
        reprendre: format!("{adresse}{et}brouillon=reprendre#{AVIS}"),
        lire: lire(&adresse),
        le: messages::date_heure(gardee.le),
        etat,
        adresse,
    }
}

/// What the form is called, and what it is about for whoever still reads that.
pub(crate) async fn full_title(requete: &Requete, adresse: &Adresse) -> Result<String, AppError> {
    let nom = match &adresse.sujet {
        Some(sujet) => name_of(&requete.ctx, adresse.annee, sujet).await?,
        None => None,
    };
    Ok(nom.map_or_else(|| adresse.titre.clone(), |nom| format!("{} – {nom}", adresse.titre)))
}

/// The groups of the course that the form is about: its fields are named after them. None for whoever does not read them, or no longer.
pub(crate) async fn groups(requete: &Requete, adresse: &Adresse) -> Result<Vec<Groupe>, AppError> {
    let Some(Sujet::Formation(id)) = &adresse.sujet else { return Ok(Vec::new()) };
    match view_parametrage(&requete.ctx, adresse.annee, id).await {
        Ok(p) if p.capacites_lisibles => Ok(p.groupes),
        Ok(_) | Err(AppError::NotFound | AppError::Denied(_)) => Ok(Vec::new()),
        Err(e) => Err(e),
    }
}

/// Where a field stands among those of its form: the tenth line of a list after the ninth, groups as their course has them.
pub(crate) fn place<'n>(nom: &'n str, groupes: &[Groupe]) -> (&'n str, usize) {
    if let Some(id) = nom.strip_prefix(PLACES) {
        return (PLACES, groupes.iter().position(|g| g.id == id).unwrap_or(groupes.len()));
    }
    let mut mots = nom.split('.');
    match (mots.next(), mots.next().and_then(|n| n.parse().ok())) {
        (Some(liste), Some(n)) => (liste, n),
        _ => (nom, 0),
    }
}

/// The forms that this person left without saving, the last first; a few of them.
pub(crate) async fn unsaved(requete: &Requete) -> Result<Option<Brouillons>, AppError> {
    let mut lignes = Vec::new();
    let toutes = list(&requete.ctx).await?;
    let connues: Vec<_> = toutes.into_iter().filter_map(|b| Some((Adresse::parse(&b.chemin)?, b))).collect();
    for (adresse, b) in connues.iter().take(MONTREES) {
        lignes.push(BrouillonListe {
            titre: full_title(requete, adresse).await?,
            url: format!("{}#{AVIS}", b.chemin),
            lire: lire(&b.chemin),
            le: messages::date_heure(b.le),
        });
    }
    let autres = connues.len().saturating_sub(MONTREES);
    Ok((!lignes.is_empty()).then(|| Brouillons::new(lignes, autres)))
}

/// The name of a field of the description, or of several.
fn libelle(nom: &str) -> String {
    let mut mots = nom.split('.');
    let (debut, ligne, colonne) = (mots.next().unwrap_or_default(), mots.next(), mots.next());
    let champ = Champ::from_code(debut);
    match (champ, ligne, colonne) {
        (Some(champ), None, _) => champ.libelle.to_owned(),
        (Some(champ), Some(ligne), Some(colonne)) => {
            let quoi = champ.colonnes().iter().find(|c| c.code == colonne).map_or(colonne, |c| c.libelle);
            let rang = ligne.parse::<usize>().map_or(0, |n| n + 1);
            format!("{}, ligne {rang} : {quoi}", champ.libelle)
        }
        // A ranking group that is asked for.
        (None, Some(ligne), colonne) if debut == "groupes" => {
            let rang = ligne.parse::<usize>().map_or(0, |n| n + 1);
            let quoi = match colonne {
                Some("places") => "places",
                Some("series") => "candidats",
                _ => "intitulé",
            };
            format!("Groupe {rang} : {quoi}")
        }
        // The field that an academic service returns, by its code.
        (None, Some(code), None) if debut == "motif" => {
            let sien = || LIBELLES.iter().find(|(n, _)| *n == code).map_or(code, |(_, libelle)| libelle);
            let quoi = Champ::from_code(code).map_or_else(sien, |c| c.libelle);
            format!("Ce qui est à corriger dans « {quoi} »")
        }
        _ if nom.starts_with(PLACES) => "Places d’un groupe".to_owned(),
        _ => nom.to_owned(),
    }
}

/// Names of the fields of the long forms, apart from those of the description.
const LIBELLES: &[(&str, &str)] = &[
    ("capacite", "Capacité d’accueil"),
    ("frais", "Frais de scolarité"),
    ("presentation", "Présentation publique"),
    ("motif", "Motif"),
    ("vers", "Décision"),
    ("texte", "Votre message"),
    ("successeur", "Formation qui la remplace"),
    ("autre", "Adresse de la fiche d’une formation d’un autre établissement"),
    ("site", "Site"),
    ("uai", "Code UAI de l’établissement qui la reçoit"),
    ("champs", "Champ coché"),
    ("parties", "Partie cochée"),
    ("jusqu_a", "Dernier jour"),
    ("filiere", "Filière nationale"),
    ("hors_nomenclature", "Pourquoi la formation n’est pas dans la nomenclature"),
    ("famille", "Type de formation"),
    ("libelle", "Intitulé"),
    ("detail", "Précision"),
    ("statut", "Statut"),
    ("selective", "Sélectivité"),
    ("decision", "Réponse"),
    ("reponse", "Avis, motif du refus ou précision"),
    ("nom", "Nom"),
    ("adresse", "Numéro et voie"),
    ("code_postal", "Code postal"),
    ("commune", "Commune"),
    ("latitude", "Latitude"),
    ("longitude", "Longitude"),
    ("vue", "Carte montrée"),
    ("jour", "Jour"),
    ("debut", "Ouverture"),
    ("fin", "Fermeture"),
    ("titre", "Titre"),
    ("charte", "Texte de la charte"),
    ("contenu", "Texte"),
    ("roles", "Rôles"),
    ("familles", "Types de formation"),
    ("statuts", "Statut des formations"),
    ("modele", "Réponse type"),
    ("academies", "Académies"),
    ("heure", "Heure"),
    ("retrait", "Dernier jour d’affichage"),
    ("qualites", "Public"),
    ("heure_fin", "Heure de fin"),
    ("places", "Places"),
    ("lieu", "Lieu"),
    ("lien", "Lien de connexion"),
    ("cloture", "Dernier jour pour s’inscrire"),
    ("relire", "Importance de la correction"),
    ("a_distance", "La journée se tient à distance"),
    ("ou", "Lieu, ou adresse du site à distance"),
    ("prise", "De qui s’agit-il ?"),
    ("depuis", "Premier jour"),
    ("civilite", "Civilité"),
    ("chef_prenom", "Prénom"),
    ("chef_nom", "Nom"),
    ("chef_fonction", "Fonction"),
    ("chef_courriel", "Adresse électronique"),
    ("chef_telephone", "Téléphone"),
    ("contact_fonction", "Fonction"),
    ("contact_nom", "Prénom et nom"),
    ("contact_objet", "Pour quelles questions"),
    ("contact_telephone", "Téléphone"),
    ("contact_courriel", "Adresse électronique"),
    ("sigle", "Sigle"),
    ("telephone", "Téléphone pour le public"),
    ("courriel", "Adresse électronique pour le public"),
    ("site_web", "Site de l’établissement"),
    ("accessibilite", "Accueil des personnes en situation de handicap"),
    ("referent_nom", "Référent handicap : prénom et nom"),
    ("referent_courriel", "Référent handicap : adresse électronique"),
    ("referent_telephone", "Référent handicap : téléphone"),
    ("internat", "Internat"),
    ("internat_places", "Places d’internat"),
    ("boursiers", "L’établissement est-il habilité à recevoir des boursiers ?"),
];

#[cfg(test)]
mod tests {
    use super::super::champs::names_of;
    use super::*;

    const ID: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaa";

    fn adresse(suite: &str) -> String {
        suite.replace("{annee}", "2024").replace("{id}", ID)
    }

    #[test]
    fn only_the_addresses_of_long_forms_are_read() {
        for (bonne, titre) in [
            ("/gestion/{annee}/formations/{id}", "Capacité, frais et présentation"),
            ("/gestion/{annee}/formations/{id}/grille", "Grille d’analyse des candidatures"),
            ("/gestion/{annee}/formations/{id}/echanges", "Message"),
            ("/gestion/{annee}/etablissements/{id}/sites", "Sites de formation"),
            ("/gestion/{annee}/etablissements/{id}/sites?ligne={id}", "Sites de formation"),
            ("/gestion/{annee}/demandes/ouvrir", "Demander l’ouverture d’une formation"),
            ("/gestion/{annee}/cessions/{id}", "Réponse à une demande"),
            ("/academie/{annee}/controles/{id}/retour", "Motifs du retour"),
        ] {
            let a = Adresse::parse(&adresse(bonne)).unwrap_or_else(|| panic!("{bonne}"));
            assert_eq!((a.annee, a.titre.as_str()), (2024, titre));
        }
        for mauvaise in [
            "",
            "/",
            "/compte/mot-de-passe",
            "/connexion",
            "//ailleurs.example/gestion",
            "https://ailleurs.example/gestion/{annee}/formations/{id}",
            "/gestion/{annee}/formations/{id}/",
            "/gestion/{annee}/formations/{id}/publier",
            "/gestion/{annee}/formations/{id}/grille?x=1",
            "/gestion/{annee}/formations/{id}/grille?",
            "/gestion/{annee}/formations/{id}/demander",
            "/gestion/{annee}/formations/{id}/demander?nature=autre",
            "/gestion/{annee}/etablissements/{id}/sites?ligne=1",
            "/gestion/{annee}/formations/1/grille",
            "/gestion/24/formations/{id}/grille",
            "/gestion/{annee}/groupes/{id}/ordre",
            "/candidat/dossier",
        ] {
            assert!(Adresse::parse(&adresse(mauvaise)).is_none(), "{mauvaise}");
        }
    }

    #[test]
    fn every_long_form_is_saved_by_a_route_and_its_fields_have_a_name_in_french() {
        let lignes = crate::table(false).fin().1;
        for f in FORMES {
            let poste = lignes.iter().find(|l| l.methode == axum::http::Method::POST && l.chemin == f.route);
            let acces = poste.unwrap_or_else(|| panic!("{}: no route", f.route)).acces;
            let crate::Acces::Action(action) = acces else { panic!("{}: {acces:?}", f.route) };
            assert!(f.actions.contains(&action), "{}: {action:?}", f.route);
            for mot in Partie::ALL.map(Partie::code).into_iter().chain(Rubrique::ALL.map(Rubrique::code)) {
                let seule = Adresse { forme: f, annee: 2024, sujet: None, titre: String::new() };
                for nom in names_of(f.route, mot) {
                    let sien = seule.libelle(&nom, &[]);
                    assert!(TECHNIQUES.contains(&nom.as_str()) || sien != nom, "{} {nom}", f.route);
                }
            }
        }
        assert_eq!(libelle("pieces.1.piece"), "Pièces demandées, ligne 2 : Pièce demandée");
        assert_eq!(
            libelle("motif.contact"),
            format!("Ce qui est à corriger dans « {} »", libelle("contact"))
        );
    }

    #[test]
    fn the_lines_of_a_list_and_the_groups_of_a_course_are_read_in_their_order() {
        let groupe = |id: &str, libelle: &str| Groupe {
            id: id.to_owned(),
            libelle: libelle.to_owned(),
            series: String::new(),
            places: 1,
        };
        let groupes = [groupe("z", "Généraux"), groupe("a", "Professionnels")];
        let mut noms =
            ["capacite", "pieces.0.piece", "pieces.10.piece", "pieces.9.piece", "places-a", "places-z"];
        noms.sort_by_key(|nom| place(nom, &groupes));
        assert_eq!(
            noms,
            ["capacite", "pieces.0.piece", "pieces.9.piece", "pieces.10.piece", "places-z", "places-a"]
        );
        let seule = Adresse { forme: &FORMES[0], annee: 2024, sujet: None, titre: String::new() };
        assert_eq!(seule.libelle("places-a", &groupes), "Places du groupe « Professionnels »");
        assert_eq!(seule.libelle("places-parti", &groupes), "Places d’un groupe");
    }
}
