//! What the forms of an establishment send.

use app::communes::{CommuneTrouvee, find_commune};
use app::etablissements::{
    Accueil, Chef, ChefEtablissement, Composante, Coordonnees, JourneeSaisie, Modification, Prise, Site,
    VueEtablissement,
};
use app::messages::{self, date_civile};
use app::{AppError, Ctx};
use domain::RuleViolation;
use domain::etablissements::{Civilite, Contact, Partie, check_ou, parse_position};
use domain::formations::CAPACITE_MAX;
use jiff::civil::Date;

use crate::components::plan::{Position, Taille, Vue};
use crate::components::{Choix, Formulaire};

/// What a button asks first: to take a line, or an image, away.
const RETIRER: &str = "retirer";
/// The same, once what goes with it was read.
const RETIRER_RELU: &str = "retirer-relu";
/// To call off a change of head that was announced.
const ANNULER: &str = "annuler";
/// The same, once what goes with it was read.
const ANNULER_RELU: &str = "annuler-relu";

/// R-ETA-18: what is asked may have to be looked at a second time; the act of the button that then does it.
pub(super) fn a_relire(form: &Formulaire) -> Option<&'static str> {
    match form.valeur("acte") {
        RETIRER => Some(RETIRER_RELU),
        ANNULER => Some(ANNULER_RELU),
        _ => None,
    }
}

/// « lundi 1er septembre 2020 »; a stored date that is none is shown as it is.
pub(in crate::espaces::gestion) fn jour(iso: &str) -> String {
    iso.parse::<Date>().map_or_else(|_| iso.to_owned(), date_civile)
}

/// How a head comes into office: at first there is nobody to keep.
pub(super) fn prises(v: &VueEtablissement) -> Vec<Choix> {
    let meme = match v.signataire {
        Some(_) => Choix::new("meme", "C’est la même personne : je corrige ses coordonnées"),
        None => Choix::new("meme", "C’est le chef d’établissement en fonction"),
    };
    let mut prises = vec![meme];
    if signataire(v).is_some_and(|c| c.interim) {
        prises.push(Choix::new("jusque", "C’est la même personne : son intérim finit un autre jour"));
    }
    prises.push(Choix::new("successeur", "Une autre personne a pris ou prend ses fonctions"));
    prises.push(Choix::new("interim", "Une autre personne assure l’intérim, à des dates précises"));
    prises
}

/// Whoever signs today, for those who read it.
fn signataire(v: &VueEtablissement) -> Option<&ChefEtablissement> {
    v.signataire.and_then(|i| v.chefs.as_ref()?.get(i))
}

/// The form filled with what is stored; `ligne` names the line of a list that is being changed.
pub(super) fn remplit(form: Formulaire, v: &VueEtablissement, partie: Partie, ligne: &str) -> Formulaire {
    let l = &v.ligne;
    let form = form.avec_version(l.version);
    match partie {
        Partie::Coordonnees => form
            .avec("sigle", &l.sigle)
            .avec("adresse", &l.adresse)
            .avec("code_postal", &l.code_postal)
            .avec("commune", &l.commune)
            .avec("telephone", &l.telephone)
            .avec("courriel", &l.courriel)
            .avec("site_web", l.site_web.as_deref().unwrap_or_default()),
        Partie::Accueil => {
            let boursiers = l.boursiers.map_or("", |b| if b == 1 { "oui" } else { "non" });
            form.avec("accessibilite", &l.accessibilite)
                .avec("referent_nom", &l.referent_nom)
                .avec("referent_courriel", &l.referent_courriel)
                .avec("referent_telephone", &l.referent_telephone)
                .avec("internat", &l.internat)
                .avec("internat_places", l.internat_places.map(|n| n.to_string()).unwrap_or_default())
                .avec("boursiers", boursiers)
        }
        Partie::Composantes => match v.composantes.iter().find(|c| c.public_id == ligne) {
            Some(c) => form.avec("ligne", ligne).avec("nom", &c.nom),
            None => form,
        },
        Partie::Sites => match v.sites.iter().find(|s| s.public_id == ligne) {
            Some(s) => form
                .avec("ligne", ligne)
                .avec("nom", &s.nom)
                .avec("adresse", &s.adresse)
                .avec("code_postal", &s.code_postal)
                .avec("commune", &s.commune)
                .avec("latitude", degres(s.latitude))
                .avec("longitude", degres(s.longitude)),
            // Most establishments have one site, at their own address.
            None if v.sites.is_empty() => form
                .avec("nom", "Site principal")
                .avec("adresse", &l.adresse)
                .avec("code_postal", &l.code_postal)
                .avec("commune", &l.commune)
                .avec("latitude", degres(l.latitude))
                .avec("longitude", degres(l.longitude)),
            // Another one is seldom far.
            None => form.avec("vue", l.latitude.zip(l.longitude).map_or(Vue::France, Vue::Region).code()),
        },
        Partie::Journees => match v.journees.iter().find(|j| j.id == ligne) {
            Some(j) => {
                let heure = |m: i64| format!("{:02}:{:02}", m / 60, m % 60);
                form.avec("ligne", ligne)
                    .avec("jour", j.jour)
                    .avec("debut", heure(j.horaires.0))
                    .avec("fin", heure(j.horaires.1))
                    .avec("a_distance", if j.a_distance { "oui" } else { "" })
                    .avec("ou", &j.ou)
            }
            None => form,
        },
        Partie::Contacts => {
            let trouve = v.contacts.iter().flatten().find(|c| c.public_id == ligne);
            match trouve.map(|c| &c.contact) {
                None => form,
                Some(c) => form
                    .avec("ligne", ligne)
                    .avec("contact_fonction", &c.fonction)
                    .avec("contact_nom", &c.nom)
                    .avec("contact_objet", &c.objet)
                    .avec("contact_telephone", &c.telephone)
                    .avec("contact_courriel", &c.courriel),
            }
        }
        Partie::Chef => {
            let form = form.avec("prise", "meme");
            match signataire(v) {
                None => form,
                Some(c) => form
                    .avec("jusqu_a", c.jusqu_a.as_deref().filter(|_| c.interim).unwrap_or_default())
                    .avec("civilite", &c.civilite)
                    .avec("chef_nom", &c.nom)
                    .avec("chef_prenom", &c.prenom)
                    .avec("chef_fonction", &c.fonction)
                    .avec("chef_courriel", &c.courriel)
                    .avec("chef_telephone", &c.telephone),
            }
        }
    }
}

fn degres(valeur: Option<f64>) -> String {
    valeur.map(app::etablissements::degres).unwrap_or_default()
}

/// What the form shows on the map: what it showed before, else what surrounds the position that it holds.
pub(super) fn carte(form: &Formulaire) -> (Vue, Option<Position>) {
    let point = position(form);
    let vue = Vue::from_code(form.valeur("vue"));
    (vue.unwrap_or_else(|| point.map_or(Vue::France, Vue::Region)), point)
}

fn position(form: &Formulaire) -> Option<Position> {
    parse_position(form.valeur("latitude"), form.valeur("longitude")).ok().flatten()
}

fn pose(form: &mut Formulaire, (latitude, longitude): Position, vue: Vue) {
    form.pose("latitude", degres(Some(latitude)));
    form.pose("longitude", degres(Some(longitude)));
    form.pose("vue", vue.code());
}

/// What the map is asked for: a click, a wider view, what is typed. Everything that was typed stays; nothing is saved.
///
/// # Errors
/// When the database refuses.
pub(super) async fn montre(ctx: &Ctx, form: &mut Formulaire, v: &VueEtablissement) -> Result<bool, AppError> {
    let clic = Taille::ALL.into_iter().find(|t| form.noms().any(|n| n == format!("{}.x", t.code())));
    let acte = form.valeur("acte").to_owned();
    match (clic, acte.as_str()) {
        (Some(taille), _) => click(form, taille),
        (None, "placer") => place(ctx, form, &v.ligne.departement).await?,
        (None, "elargir") => {
            let (vue, _) = carte(form);
            form.pose("vue", vue.wider().unwrap_or(vue).code());
        }
        (None, "montrer") => match parse_position(form.valeur("latitude"), form.valeur("longitude")) {
            Ok(Some(ici)) => form.pose("vue", Vue::Commune(ici).code()),
            Ok(None) => form.refuse(
                "latitude",
                "Saisissez la latitude et la longitude à montrer, par exemple 49,894 et 2,302.",
            ),
            Err(faute) => {
                if let RuleViolation::Champ { champ, .. } = faute {
                    form.refuse(champ, messages::regle(&faute));
                }
            }
        },
        _ => return Ok(false),
    }
    Ok(true)
}

fn click(form: &mut Formulaire, taille: Taille) {
    let lit =
        |form: &Formulaire, axe: &str| form.valeur(&format!("{}.{axe}", taille.code())).parse::<u16>().ok();
    let (vue, _) = carte(form);
    match (lit(form, "x"), lit(form, "y")) {
        // What a browser sends when the picture is pressed with the keyboard.
        (Some(0), Some(0)) => form.refuse(
            "latitude",
            "Au clavier, la carte ne reçoit pas de position : choisissez « Placer d’après la commune », ou saisissez la latitude \
             et la longitude.",
        ),
        (Some(x), Some(y)) => {
            if let Some((ici, suite)) = vue.click(taille, (f64::from(x), f64::from(y))) {
                pose(form, ici, suite);
            }
        }
        _ => {}
    }
}

/// Puts the position of the town that is typed, which the person may then make more precise; saves nothing.
async fn place(ctx: &Ctx, form: &mut Formulaire, departement: &str) -> Result<(), AppError> {
    let typee = form.valeur("commune").trim().to_owned();
    if typee.is_empty() {
        form.refuse("commune", "Indiquez d’abord la commune.");
        return Ok(());
    }
    let code_postal: String = form.valeur("code_postal").split_whitespace().collect();
    match find_commune(ctx, form.valeur("commune"), &code_postal, departement).await? {
        CommuneTrouvee::Une(latitude, longitude) => {
            let ici = (latitude, longitude);
            pose(form, ici, Vue::Commune(ici));
        }
        CommuneTrouvee::Plusieurs(noms) => form.refuse(
            "code_postal",
            format_args!("Communes de ce nom : {}. Indiquez le code postal de la vôtre.", noms.join(", ")),
        ),
        // The address may be right all the same, and is kept.
        CommuneTrouvee::Aucune(voisines) if voisines.is_empty() => form.refuse(
            "commune",
            format_args!(
                "« {typee} » n’est pas dans notre répertoire des communes. Votre adresse est gardée : cliquez sur la carte, ou saisissez la \
                 latitude et la longitude."
            ),
        ),
        CommuneTrouvee::Aucune(voisines) => form.refuse(
            "commune",
            format_args!(
                "Cette commune n’est pas dans notre répertoire. Communes du code postal {code_postal} : {}. Votre adresse \
                 est juste ? Gardez-la, et cliquez sur la carte ou saisissez la latitude et la longitude.",
                voisines.join(", ")
            ),
        ),
    }
    Ok(())
}

/// Reads what was typed; faults are noted on the form, all of them, and nothing is then to be saved.
pub(super) fn lit(form: &mut Formulaire, partie: Partie) -> Option<Modification> {
    let m = lue(form, partie);
    if form.est_valide() {
        return m;
    }
    // A field that cannot be read hides nothing of the others.
    for (champ, message) in m.iter().flat_map(Modification::fautes) {
        form.refuse(champ, message);
    }
    None
}

/// The same with what could be read of a form at fault; `None`: too little of it could.
pub(super) fn lue(form: &mut Formulaire, partie: Partie) -> Option<Modification> {
    let ligne = form.lit_texte_facultatif("ligne");
    if matches!(form.valeur("acte"), RETIRER | RETIRER_RELU) {
        let ligne = ligne.unwrap_or_default();
        return match partie {
            Partie::Composantes => Some(Modification::RetirerComposante(ligne)),
            Partie::Sites => Some(Modification::RetirerSite(ligne)),
            Partie::Journees => Some(Modification::RetirerJournee(ligne)),
            Partie::Contacts => Some(Modification::RetirerContact(ligne)),
            Partie::Chef => Some(Modification::RetirerSignature(ligne)),
            _ => None,
        };
    }
    let mot = |form: &Formulaire, nom: &str| form.valeur(nom).to_owned();
    Some(match partie {
        Partie::Coordonnees => Modification::Coordonnees(Coordonnees {
            sigle: mot(form, "sigle"),
            adresse: mot(form, "adresse"),
            code_postal: mot(form, "code_postal"),
            commune: mot(form, "commune"),
            telephone: mot(form, "telephone"),
            courriel: mot(form, "courriel"),
            site_web: mot(form, "site_web"),
        }),
        Partie::Accueil => {
            let places = match form.lit_texte_facultatif("internat_places") {
                None => None,
                Some(_) => form.lit_entier("internat_places", 0..=CAPACITE_MAX),
            };
            Modification::Accueil(Accueil {
                accessibilite: mot(form, "accessibilite"),
                referent_nom: mot(form, "referent_nom"),
                referent_courriel: mot(form, "referent_courriel"),
                referent_telephone: mot(form, "referent_telephone"),
                internat: mot(form, "internat"),
                internat_places: places,
                boursiers: match form.valeur("boursiers") {
                    "oui" => Some(true),
                    "non" => Some(false),
                    _ => None,
                },
            })
        }
        Partie::Composantes => Modification::Composante(ligne, Composante { nom: mot(form, "nom") }),
        Partie::Sites => Modification::Site(
            ligne,
            Site {
                nom: mot(form, "nom"),
                adresse: mot(form, "adresse"),
                code_postal: mot(form, "code_postal"),
                commune: mot(form, "commune"),
                latitude: mot(form, "latitude"),
                longitude: mot(form, "longitude"),
            },
        ),
        Partie::Journees => {
            let (jour, debut, fin) = (form.lit_date("jour"), form.lit_heure("debut"), form.lit_heure("fin"));
            if let (false, Err(faute)) =
                (form.est_valide(), check_ou(form.lit_case("a_distance"), form.valeur("ou")))
            {
                form.refuse("ou", messages::regle(&faute));
            }
            Modification::Journee(
                ligne,
                JourneeSaisie {
                    jour: jour?,
                    debut: debut?,
                    fin: fin?,
                    a_distance: form.lit_case("a_distance"),
                    ou: mot(form, "ou"),
                },
            )
        }
        Partie::Contacts => Modification::Contact(
            ligne,
            Contact {
                fonction: mot(form, "contact_fonction"),
                nom: mot(form, "contact_nom"),
                courriel: mot(form, "contact_courriel"),
                telephone: mot(form, "contact_telephone"),
                objet: mot(form, "contact_objet"),
            },
        ),
        Partie::Chef if form.valeur("acte") == "confirmer" => Modification::ConfirmerChef,
        Partie::Chef if matches!(form.valeur("acte"), ANNULER | ANNULER_RELU) => {
            Modification::AnnulerAnnonce(ligne.unwrap_or_default())
        }
        Partie::Chef => Modification::Chef(chef(form)),
    })
}

/// What is typed of a head; where an answer cannot be read, its fault is noted and any other stands for it.
fn chef(form: &mut Formulaire) -> Chef {
    let civilite = form.lit_choix("civilite", "Choisissez une civilité.", Civilite::from_code);
    let prise = match form.valeur("prise") {
        "successeur" => form.lit_date("depuis").map(Prise::Successeur),
        "interim" => {
            let (de, a) = (form.lit_date("depuis"), form.lit_date("jusqu_a"));
            de.zip(a).map(|(de, a)| Prise::Interim(de, a))
        }
        "jusque" => form.lit_date("jusqu_a").map(Prise::Jusque),
        "meme" => Some(Prise::Meme),
        _ => {
            form.refuse("prise", "Choisissez une réponse.");
            None
        }
    };
    let mot = |nom: &str| form.valeur(nom).to_owned();
    Chef {
        nom: mot("chef_nom"),
        prenom: mot("chef_prenom"),
        fonction: mot("chef_fonction"),
        courriel: mot("chef_courriel"),
        telephone: mot("chef_telephone"),
        civilite: civilite.unwrap_or(Civilite::Madame),
        prise: prise.unwrap_or(Prise::Meme),
    }
}
