//! `/api/v1/sessions/{annee}/etablissements`: what an establishment says of itself. Never its head (R-ETA-03): a program does not
//! sign. Whom the academic service calls is on an address of its own, for a token that writes the establishment (R-API-11).

use app::etablissements::{
    Accueil, Composante, Coordonnees, JourneeSaisie, Modification, Site, VueEtablissement,
    own_establishments, save_etablissement, view_etablissement,
};
use axum::extract::Path;
use axum::http::{Method, StatusCode};
use axum::response::IntoResponse;
use domain::PublicId;
use domain::droits::Action;
use domain::etablissements::{Contact, Partie};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::appel::{Appel, Corps, annee, depassee, fait, id, json};
use crate::api::document::{Doc, Interface};
use crate::api::probleme::{Probleme, Rendu};

pub fn routes() -> Interface {
    let (lire, ecrire) = (Action::ConsulterEtablissement, Action::ModifierEtablissement);
    let doc = |nom, resume| Doc::new("etablissements", nom, resume).rend::<Etablissement>();
    let base = Interface::default()
        .lit(
            "/api/v1/sessions/{annee}/etablissements",
            lire,
            Doc::new("etablissements", "lister_etablissements", "Les établissements que le jeton lit")
                .rend::<Etablissements>(),
            get_liste,
        )
        .lit(
            "/api/v1/sessions/{annee}/etablissements/{id}",
            lire,
            doc("lire_etablissement", "Ce que l’établissement dit de lui, et ce qui manque"),
            get_etablissement,
        )
        .route(
            Method::PUT,
            "/api/v1/sessions/{annee}/etablissements/{id}/coordonnees",
            Some(ecrire),
            doc("ecrire_coordonnees", "Enregistrer les coordonnées publiques")
                .recoit::<CoordonneesEcrites>()
                .version(),
            put_coordonnees,
        )
        .route(
            Method::PUT,
            "/api/v1/sessions/{annee}/etablissements/{id}/accueil",
            Some(ecrire),
            doc("ecrire_accueil", "Enregistrer l’accueil : accessibilité, référent, internat, bourses")
                .recoit::<AccueilEcrit>()
                .version(),
            put_accueil,
        );
    contacts(lignes(base, ecrire, doc), ecrire)
}

/// Whom the academic service calls: never public, so never beside what is.
fn contacts(base: Interface, ecrire: Action) -> Interface {
    let doc = |nom, resume| Doc::new("etablissements", nom, resume).rend::<Contacts>();
    base.lit(
        "/api/v1/sessions/{annee}/etablissements/{id}/contacts",
        ecrire,
        doc("lire_contacts", "Les personnes que le service académique appelle")
            .detail("Jamais publiées : seul un jeton qui écrit les informations de l’établissement les lit."),
        get_contacts,
    )
    .route(
        Method::POST,
        "/api/v1/sessions/{annee}/etablissements/{id}/contacts",
        Some(ecrire),
        doc("ajouter_contact", "Ajouter un contact").recoit::<ContactEcrit>().version().cle().cree(),
        post_contact,
    )
    .route(
        Method::PUT,
        "/api/v1/sessions/{annee}/etablissements/{id}/contacts/{ligne}",
        Some(ecrire),
        doc("ecrire_contact", "Modifier un contact").recoit::<ContactEcrit>().version(),
        put_contact,
    )
    .route(
        Method::DELETE,
        "/api/v1/sessions/{annee}/etablissements/{id}/contacts/{ligne}",
        Some(ecrire),
        doc("retirer_contact", "Retirer un contact").version(),
        delete_contact,
    )
}

/// The lists of an establishment: each line is added, changed and taken away alike.
fn lignes(base: Interface, ecrire: Action, doc: impl Fn(&'static str, &'static str) -> Doc) -> Interface {
    base.route(
        Method::POST,
        "/api/v1/sessions/{annee}/etablissements/{id}/composantes",
        Some(ecrire),
        doc("ajouter_composante", "Ajouter une composante")
            .recoit::<ComposanteEcrite>()
            .version()
            .cle()
            .cree(),
        post_composante,
    )
    .route(
        Method::PUT,
        "/api/v1/sessions/{annee}/etablissements/{id}/composantes/{ligne}",
        Some(ecrire),
        doc("ecrire_composante", "Renommer une composante").recoit::<ComposanteEcrite>().version(),
        put_composante,
    )
    .route(
        Method::DELETE,
        "/api/v1/sessions/{annee}/etablissements/{id}/composantes/{ligne}",
        Some(ecrire),
        doc("retirer_composante", "Retirer une composante").version(),
        delete_composante,
    )
    .route(
        Method::POST,
        "/api/v1/sessions/{annee}/etablissements/{id}/sites",
        Some(ecrire),
        doc("ajouter_site", "Ajouter un site").recoit::<SiteEcrit>().version().cle().cree(),
        post_site,
    )
    .route(
        Method::PUT,
        "/api/v1/sessions/{annee}/etablissements/{id}/sites/{ligne}",
        Some(ecrire),
        doc("ecrire_site", "Modifier un site").recoit::<SiteEcrit>().version(),
        put_site,
    )
    .route(
        Method::DELETE,
        "/api/v1/sessions/{annee}/etablissements/{id}/sites/{ligne}",
        Some(ecrire),
        doc("retirer_site", "Retirer un site").version(),
        delete_site,
    )
    .route(
        Method::POST,
        "/api/v1/sessions/{annee}/etablissements/{id}/journees",
        Some(ecrire),
        doc("ajouter_journee", "Ajouter une journée portes ouvertes")
            .recoit::<JourneeEcrite>()
            .version()
            .cle()
            .cree(),
        post_journee,
    )
    .route(
        Method::PUT,
        "/api/v1/sessions/{annee}/etablissements/{id}/journees/{ligne}",
        Some(ecrire),
        doc("ecrire_journee", "Modifier une journée portes ouvertes").recoit::<JourneeEcrite>().version(),
        put_journee,
    )
    .route(
        Method::DELETE,
        "/api/v1/sessions/{annee}/etablissements/{id}/journees/{ligne}",
        Some(ecrire),
        doc("retirer_journee", "Retirer une journée portes ouvertes").version(),
        delete_journee,
    )
}

/// Un établissement de la liste.
#[derive(Serialize, ToSchema)]
struct EtablissementListe {
    /// Identifiant public, dans les adresses.
    id: String,
    nom: String,
}

/// Les établissements du jeton.
#[derive(Serialize, ToSchema)]
struct Etablissements {
    etablissements: Vec<EtablissementListe>,
}

async fn get_liste(appel: Appel, Path(texte): Path<String>) -> Rendu {
    let siens = own_establishments(&appel.ctx, annee(&texte)?).await?;
    let etablissements = siens.into_iter().map(|(id, nom)| EtablissementListe { id, nom }).collect();
    json(&Etablissements { etablissements }, None)
}

/// Coordonnées publiques.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CoordonneesEcrites {
    /// Sigle.
    #[serde(default)]
    sigle: String,
    /// Numéro et voie.
    adresse: String,
    /// Cinq chiffres en France.
    code_postal: String,
    /// Commune.
    commune: String,
    #[serde(default)]
    telephone: String,
    #[serde(default)]
    courriel: String,
    #[serde(default)]
    site_web: String,
}

/// Accueil.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AccueilEcrit {
    /// Accessibilité aux personnes handicapées.
    accessibilite: String,
    referent_nom: String,
    referent_courriel: String,
    #[serde(default)]
    referent_telephone: String,
    /// Code de la réponse sur l’internat ; vide : pas de réponse.
    internat: String,
    /// Places d’internat ; null : non dit.
    internat_places: Option<i64>,
    /// Accueil des boursiers avec leur bourse ; null : pas de réponse.
    boursiers: Option<bool>,
}

/// Une composante.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ComposanteEcrite {
    /// UFR, institut, département.
    nom: String,
}

/// Un site.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SiteEcrit {
    nom: String,
    #[serde(default)]
    adresse: String,
    #[serde(default)]
    code_postal: String,
    #[serde(default)]
    commune: String,
    /// Degrés ; null avec la longitude : non placé.
    latitude: Option<f64>,
    longitude: Option<f64>,
}

/// Une journée portes ouvertes.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct JourneeEcrite {
    /// Jour ISO.
    #[schema(format = Date)]
    jour: String,
    /// « 09:00 », heure du lieu.
    debut: String,
    fin: String,
    /// En ligne plutôt que sur place.
    #[serde(default)]
    a_distance: bool,
    /// Un lieu, ou une adresse web.
    ou: String,
}

/// Une ligne de liste.
#[derive(Serialize, ToSchema)]
struct ComposanteLue {
    /// Identifiant public, dans les adresses.
    id: String,
    /// UFR, institut, département.
    nom: String,
}

/// Une ligne de liste.
#[derive(Serialize, ToSchema)]
struct SiteLu {
    /// Identifiant public, dans les adresses.
    id: String,
    nom: String,
    adresse: String,
    code_postal: String,
    commune: String,
    /// Degrés ; null avec la longitude : non placé.
    latitude: Option<f64>,
    longitude: Option<f64>,
}

/// Une ligne de liste.
#[derive(Serialize, ToSchema)]
struct JourneeLue {
    /// Identifiant public, dans les adresses.
    id: String,
    /// Jour ISO.
    #[schema(format = Date)]
    jour: String,
    /// « 09:00 », heure du lieu.
    debut: String,
    fin: String,
    /// En ligne plutôt que sur place.
    a_distance: bool,
    /// Un lieu, ou une adresse web.
    ou: String,
}

/// Un établissement dans une session.
#[derive(Serialize, ToSchema)]
struct Etablissement {
    id: String,
    /// UAI.
    uai: String,
    nom: String,
    /// Statut juridique.
    statut: &'static str,
    /// Ministère de tutelle ; vide s’il n’est pas dit.
    tutelle: &'static str,
    coordonnees: CoordonneesEcrites,
    accueil: AccueilEcrit,
    composantes: Vec<ComposanteLue>,
    sites: Vec<SiteLu>,
    journees: Vec<JourneeLue>,
    /// Ce qui manque avant que ses formations soient publiées.
    manques: Vec<&'static str>,
    /// L’étape où l’établissement se décrit est ouverte au jeton : toutes les parties se modifient.
    modifiable: bool,
    /// Codes des parties que le jeton peut modifier maintenant : hors de l’étape, celles qui ne ferment pas, et celles que le service
    /// académique a rouvertes.
    parties_modifiables: Vec<&'static str>,
}

/// « 09:30 ».
fn heure(minutes: i64) -> String {
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

fn vue(v: &VueEtablissement) -> Etablissement {
    let l = &v.ligne;
    Etablissement {
        id: l.etablissement.clone(),
        uai: l.uai.clone(),
        nom: l.nom.clone(),
        statut: v.statut,
        tutelle: v.public.tutelle,
        coordonnees: CoordonneesEcrites {
            sigle: l.sigle.clone(),
            adresse: l.adresse.clone(),
            code_postal: l.code_postal.clone(),
            commune: l.commune.clone(),
            telephone: l.telephone.clone(),
            courriel: l.courriel.clone(),
            site_web: l.site_web.clone().unwrap_or_default(),
        },
        accueil: AccueilEcrit {
            accessibilite: l.accessibilite.clone(),
            referent_nom: l.referent_nom.clone(),
            referent_courriel: l.referent_courriel.clone(),
            referent_telephone: l.referent_telephone.clone(),
            internat: l.internat.clone(),
            internat_places: l.internat_places,
            boursiers: l.boursiers.map(|b| b == 1),
        },
        composantes: v
            .composantes
            .iter()
            .map(|c| ComposanteLue { id: c.public_id.clone(), nom: c.nom.clone() })
            .collect(),
        sites: v
            .sites
            .iter()
            .map(|s| SiteLu {
                id: s.public_id.clone(),

                nom: s.nom.clone(),
                adresse: s.adresse.clone(),
                code_postal: s.code_postal.clone(),
                commune: s.commune.clone(),
                latitude: s.latitude,
                longitude: s.longitude,
            })
            .collect(),
        journees: v
            .journees
            .iter()
            .map(|j| JourneeLue {
                id: j.id.clone(),

                jour: j.jour.to_string(),
                debut: heure(j.horaires.0),
                fin: heure(j.horaires.1),
                a_distance: j.a_distance,
                ou: j.ou.clone(),
            })
            .collect(),
        manques: v
            .manques
            .iter()
            .filter(|m| !matches!(m.partie(), Partie::Chef))
            .map(|m| m.libelle())
            .collect(),
        modifiable: v.modification.est_ouverte(),
        parties_modifiables: Partie::ALL
            .into_iter()
            .filter(|p| *p != Partie::Chef && v.ouverture(*p).est_ouverte())
            .map(Partie::code)
            .collect(),
    }
}

type Chemin = Path<(String, String)>;
type CheminLigne = Path<(String, String, String)>;

async fn get_etablissement(appel: Appel, Path((a, e)): Chemin) -> Rendu {
    rend(&view_etablissement(&appel.ctx, annee(&a)?, &id(&e)?).await?)
}

fn rend(v: &VueEtablissement) -> Rendu {
    json(&vue(v), Some(v.ligne.version))
}

/// Saves one change, and gives the establishment as it then is.
async fn save(appel: &Appel, a: i64, e: &PublicId, m: Modification, cree: bool) -> Rendu {
    save_and(appel, (a, e), m, cree, rend).await
}

/// The same, and gives the part that was changed.
async fn save_and(
    appel: &Appel,
    (a, e): (i64, &PublicId),
    m: Modification,
    cree: bool,
    rend: impl Fn(&VueEtablissement) -> Rendu,
) -> Rendu {
    let garde = if cree { appel.garde_acte(true)? } else { appel.garde(true)? };
    match save_etablissement(&appel.ctx, &garde, a, e, &m).await {
        Ok(recepisse) => {
            let v = view_etablissement(&appel.ctx, a, e).await?;
            let mut reponse = fait(rend(&v)?, &recepisse);
            if cree {
                *reponse.status_mut() = StatusCode::CREATED;
            }
            Ok(reponse.into_response())
        }
        Err(erreur) => {
            let actuelle = view_etablissement(&appel.ctx, a, e).await.ok().map(|v| v.ligne.version);
            Err(depassee(erreur, &garde, actuelle))
        }
    }
}

async fn put_coordonnees(appel: Appel, Path((a, e)): Chemin, Corps(c): Corps<CoordonneesEcrites>) -> Rendu {
    let m = Modification::Coordonnees(Coordonnees {
        sigle: c.sigle,
        adresse: c.adresse,
        code_postal: c.code_postal,
        commune: c.commune,
        telephone: c.telephone,
        courriel: c.courriel,
        site_web: c.site_web,
    });
    save(&appel, annee(&a)?, &id(&e)?, m, false).await
}

async fn put_accueil(appel: Appel, Path((a, e)): Chemin, Corps(c): Corps<AccueilEcrit>) -> Rendu {
    let m = Modification::Accueil(Accueil {
        accessibilite: c.accessibilite,
        referent_nom: c.referent_nom,
        referent_courriel: c.referent_courriel,
        referent_telephone: c.referent_telephone,
        internat: c.internat,
        internat_places: c.internat_places,
        boursiers: c.boursiers,
    });
    save(&appel, annee(&a)?, &id(&e)?, m, false).await
}

async fn post_composante(appel: Appel, Path((a, e)): Chemin, Corps(c): Corps<ComposanteEcrite>) -> Rendu {
    let m = Modification::Composante(None, Composante { nom: c.nom });
    save(&appel, annee(&a)?, &id(&e)?, m, true).await
}

async fn put_composante(
    appel: Appel,
    Path((a, e, l)): CheminLigne,
    Corps(c): Corps<ComposanteEcrite>,
) -> Rendu {
    let m = Modification::Composante(Some(ligne(&l)?), Composante { nom: c.nom });
    save(&appel, annee(&a)?, &id(&e)?, m, false).await
}

async fn delete_composante(appel: Appel, Path((a, e, l)): CheminLigne) -> Rendu {
    save(&appel, annee(&a)?, &id(&e)?, Modification::RetirerComposante(ligne(&l)?), false).await
}

fn ligne(texte: &str) -> Result<String, Box<Probleme>> {
    Ok(id(texte)?.as_str().to_owned())
}

fn site(s: SiteEcrit) -> Site {
    let degres = |d: Option<f64>| d.map(|d| d.to_string()).unwrap_or_default();
    Site {
        nom: s.nom,
        adresse: s.adresse,
        code_postal: s.code_postal,
        commune: s.commune,
        latitude: degres(s.latitude),
        longitude: degres(s.longitude),
    }
}

async fn post_site(appel: Appel, Path((a, e)): Chemin, Corps(s): Corps<SiteEcrit>) -> Rendu {
    save(&appel, annee(&a)?, &id(&e)?, Modification::Site(None, site(s)), true).await
}

async fn put_site(appel: Appel, Path((a, e, l)): CheminLigne, Corps(s): Corps<SiteEcrit>) -> Rendu {
    save(&appel, annee(&a)?, &id(&e)?, Modification::Site(Some(ligne(&l)?), site(s)), false).await
}

async fn delete_site(appel: Appel, Path((a, e, l)): CheminLigne) -> Rendu {
    save(&appel, annee(&a)?, &id(&e)?, Modification::RetirerSite(ligne(&l)?), false).await
}

fn journee(j: JourneeEcrite) -> Result<JourneeSaisie, Box<Probleme>> {
    let heure = |champ: &str, texte: &str| {
        texte.parse().map_err(|_| Probleme::champ(champ, "écrivez l’heure ainsi : 09:00."))
    };
    Ok(JourneeSaisie {
        jour: j.jour.parse().map_err(|_| Probleme::champ("jour", "écrivez le jour ainsi : 2024-02-03."))?,
        debut: heure("debut", &j.debut)?,
        fin: heure("fin", &j.fin)?,
        a_distance: j.a_distance,
        ou: j.ou,
    })
}

async fn post_journee(appel: Appel, Path((a, e)): Chemin, Corps(j): Corps<JourneeEcrite>) -> Rendu {
    save(&appel, annee(&a)?, &id(&e)?, Modification::Journee(None, journee(j)?), true).await
}

async fn put_journee(appel: Appel, Path((a, e, l)): CheminLigne, Corps(j): Corps<JourneeEcrite>) -> Rendu {
    save(&appel, annee(&a)?, &id(&e)?, Modification::Journee(Some(ligne(&l)?), journee(j)?), false).await
}

async fn delete_journee(appel: Appel, Path((a, e, l)): CheminLigne) -> Rendu {
    save(&appel, annee(&a)?, &id(&e)?, Modification::RetirerJournee(ligne(&l)?), false).await
}

/// Une personne, ou une fonction, que le service académique appelle. Un téléphone ou une adresse : l’un des deux suffit.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ContactEcrit {
    /// « Secrétariat des admissions ».
    fonction: String,
    /// Vide quand c’est une fonction seule.
    #[serde(default)]
    nom: String,
    #[serde(default)]
    courriel: String,
    #[serde(default)]
    telephone: String,
    /// Pourquoi l’appeler.
    objet: String,
}

/// Une ligne de liste.
#[derive(Serialize, ToSchema)]
struct ContactLu {
    /// Identifiant public, dans les adresses.
    id: String,
    fonction: String,
    nom: String,
    courriel: String,
    telephone: String,
    objet: String,
}

/// Les contacts du service académique dans l’établissement.
#[derive(Serialize, ToSchema)]
struct Contacts {
    contacts: Vec<ContactLu>,
}

fn rend_contacts(v: &VueEtablissement) -> Rendu {
    let lu = |c: &app::etablissements::ContactEtablissement| ContactLu {
        id: c.public_id.clone(),
        fonction: c.contact.fonction.clone(),
        nom: c.contact.nom.clone(),
        courriel: c.contact.courriel.clone(),
        telephone: c.contact.telephone.clone(),
        objet: c.contact.objet.clone(),
    };
    json(&Contacts { contacts: v.contacts.iter().flatten().map(lu).collect() }, Some(v.ligne.version))
}

async fn get_contacts(appel: Appel, Path((a, e)): Chemin) -> Rendu {
    let v = view_etablissement(&appel.ctx, annee(&a)?, &id(&e)?).await?;
    appel.ctx.permit(Action::ModifierEtablissement, &v.cible())?;
    rend_contacts(&v)
}

async fn save_contact(appel: &Appel, (a, e): (String, String), m: Modification, cree: bool) -> Rendu {
    save_and(appel, (annee(&a)?, &id(&e)?), m, cree, rend_contacts).await.map_err(|mut p| {
        // As this interface names them, not as the form of the pages does.
        for c in &mut p.champs {
            if let Some(nom) = c.champ.strip_prefix("contact_").map(str::to_owned) {
                c.champ = nom;
            }
        }
        p
    })
}

fn contact(c: ContactEcrit) -> Contact {
    Contact { fonction: c.fonction, nom: c.nom, courriel: c.courriel, telephone: c.telephone, objet: c.objet }
}

async fn post_contact(appel: Appel, Path(chemin): Chemin, Corps(c): Corps<ContactEcrit>) -> Rendu {
    save_contact(&appel, chemin, Modification::Contact(None, contact(c)), true).await
}

async fn put_contact(appel: Appel, Path((a, e, l)): CheminLigne, Corps(c): Corps<ContactEcrit>) -> Rendu {
    let m = Modification::Contact(Some(ligne(&l)?), contact(c));
    save_contact(&appel, (a, e), m, false).await
}

async fn delete_contact(appel: Appel, Path((a, e, l)): CheminLigne) -> Rendu {
    save_contact(&appel, (a, e), Modification::RetirerContact(ligne(&l)?), false).await
}
