//! `/api/v1/sessions/{annee}/seances`: the information sessions and webinars addressed to whoever gave the token, by what they are over
//! the establishment; registering them, and withdrawing (R-API-12). The address of a webinar is on the page alone.

use app::seances::{SeanceLue, agenda_of_seance, join_seance, leave_seance, list_seances, view_seance};
use axum::extract::Path;
use axum::http::{Method, StatusCode};
use domain::droits::Action;
use domain::seances::EtatSeance;
use serde::Serialize;
use utoipa::ToSchema;

use super::commun::instant;
use crate::api::appel::{Appel, annee, fait, id, json};
use crate::api::document::{Doc, Interface};
use crate::api::probleme::Rendu;
use crate::components::signature;
use crate::socle::{CALENDRIER, fichier};

pub fn routes() -> Interface {
    let (lire, ecrire) = (Action::ConsulterSeances, Some(Action::ModifierEtablissement));
    let doc = |nom, resume| Doc::new("seances", nom, resume);
    Interface::default()
        .lit(
            "/api/v1/sessions/{annee}/seances",
            lire,
            doc("lister_seances", "Les séances d’information adressées à l’établissement")
                .detail(
                    "Les séances terminées y sont quand leur enregistrement est publié, ou quand la personne \
                     qui a donné le jeton y était inscrite.",
                )
                .rend::<SeancesListees>(),
            get_liste,
        )
        .lit(
            "/api/v1/sessions/{annee}/seances/{id}",
            lire,
            doc("lire_seance", "Une séance, et l’inscription de la personne qui a donné le jeton")
                .detail("Le lien d’un webinaire se lit à l’écran, le jour même.")
                .rend::<SeanceVue>(),
            get_seance,
        )
        .lit(
            "/api/v1/sessions/{annee}/seances/{id}/agenda.ics",
            lire,
            doc("lire_agenda_seance", "Une séance, pour un agenda").rend_fichier(&["text/calendar"]),
            get_agenda,
        )
        .route(
            Method::POST,
            "/api/v1/sessions/{annee}/seances/{id}/inscription",
            ecrire,
            doc(
                "inscrire_seance",
                "Inscrire la personne qui a donné le jeton, ou la mettre sur la liste d’attente",
            )
            .detail("Elle en est prévenue par courriel. Demande l’écriture sur l’établissement.")
            .rend::<SeanceVue>()
            .cle()
            .cree(),
            post_inscription,
        )
        .route(
            Method::DELETE,
            "/api/v1/sessions/{annee}/seances/{id}/inscription",
            ecrire,
            doc(
                "desinscrire_seance",
                "Désinscrire la personne qui a donné le jeton : sa place sert à une autre",
            )
            .detail("Demande l’écriture sur l’établissement.")
            .rend::<SeanceVue>()
            .cle(),
            delete_inscription,
        )
}

/// Une inscription.
#[derive(Serialize, ToSchema)]
struct InscriptionSeance {
    /// `inscrit` ou `attente`.
    etat: &'static str,
    /// Place sur la liste d’attente, à partir de 1 ; 0 pour un inscrit.
    position: i64,
    /// Numéro du récépissé.
    recepisse: Option<String>,
}

/// Une séance.
#[derive(Serialize, ToSchema)]
struct SeanceVue {
    /// Identifiant public, dans les adresses.
    id: String,
    titre: String,
    /// Texte simple, avec des marques légères.
    texte: String,
    /// Qui l’organise.
    de: String,
    #[schema(format = DateTime)]
    debut: String,
    /// Premier instant après.
    #[schema(format = DateTime)]
    fin: String,
    /// Premier instant trop tard pour s’inscrire, quand ce n’est pas le début.
    #[schema(format = DateTime)]
    inscriptions_ferment_le: Option<String>,
    /// `a_venir`, `en_cours`, `terminee` ou `annulee`.
    etat: &'static str,
    /// L’inscription est possible maintenant.
    ouverte: bool,
    /// Elle s’adresse à la personne qui a donné le jeton : elle peut s’y inscrire.
    concernee: bool,
    /// null : sans limite.
    places: Option<i64>,
    /// null : sans limite ; 0 dès que quelqu’un attend.
    places_libres: Option<i64>,
    /// Vide : à distance seulement.
    lieu: String,
    /// Adresse de l’enregistrement, une fois publié.
    enregistrement: Option<String>,
    /// null : pas inscrite.
    inscription: Option<InscriptionSeance>,
}

impl From<&SeanceLue> for SeanceVue {
    fn from(l: &SeanceLue) -> Self {
        let s = &l.seance;
        let p = &s.programme;
        Self {
            id: s.id.as_str().to_owned(),
            titre: p.titre.clone(),
            texte: p.texte.clone(),
            de: signature(s.emetteur, &p.audience),
            debut: instant(p.debut),
            fin: instant(p.fin),
            inscriptions_ferment_le: p.ferme_le.map(instant),
            etat: match s.etat {
                EtatSeance::AVenir => "a_venir",
                EtatSeance::EnCours => "en_cours",
                EtatSeance::Passee => "terminee",
                EtatSeance::Annulee => "annulee",
            },
            ouverte: s.ouverte,
            concernee: l.concernee,
            places: p.places,
            places_libres: s.libres(),
            lieu: p.lieu.clone(),
            enregistrement: s.enregistrement.clone(),
            inscription: l.inscription.as_ref().map(|i| InscriptionSeance {
                etat: i.etat.code(),
                position: i.position,
                recepisse: i.recepisse.clone(),
            }),
        }
    }
}

/// Les séances.
#[derive(Serialize, ToSchema)]
struct SeancesListees {
    /// La première à commencer d’abord.
    a_venir: Vec<SeanceVue>,
    /// La dernière d’abord.
    terminees: Vec<SeanceVue>,
}

async fn get_liste(appel: Appel, Path(a): Path<String>) -> Rendu {
    let l = list_seances(&appel.ctx, annee(&a)?).await?;
    let vues = |liste: &[SeanceLue]| liste.iter().map(SeanceVue::from).collect();
    json(&SeancesListees { a_venir: vues(&l.a_venir), terminees: vues(&l.passees) }, None)
}

type Chemin = Path<(String, String)>;

async fn get_seance(appel: Appel, Path((a, s)): Chemin) -> Rendu {
    let (_, lue) = view_seance(&appel.ctx, annee(&a)?, &id(&s)?).await?;
    json(&SeanceVue::from(&lue), None)
}

async fn get_agenda(appel: Appel, Path((a, s)): Chemin) -> Rendu {
    let octets = agenda_of_seance(&appel.ctx, annee(&a)?, &id(&s)?).await?;
    Ok(fichier("seance.ics", CALENDRIER, octets))
}

async fn post_inscription(appel: Appel, Path((a, s)): Chemin) -> Rendu {
    let garde = appel.garde_acte(false)?;
    let (a, s) = (annee(&a)?, id(&s)?);
    let recepisse = join_seance(&appel.ctx, &garde, a, &s).await?;
    let (_, lue) = view_seance(&appel.ctx, a, &s).await?;
    let mut reponse = fait(json(&SeanceVue::from(&lue), None)?, &recepisse);
    *reponse.status_mut() = StatusCode::CREATED;
    Ok(reponse)
}

async fn delete_inscription(appel: Appel, Path((a, s)): Chemin) -> Rendu {
    let garde = appel.garde_acte(false)?;
    let (a, s) = (annee(&a)?, id(&s)?);
    let recepisse = leave_seance(&appel.ctx, &garde, a, &s).await?;
    let (_, lue) = view_seance(&appel.ctx, a, &s).await?;
    Ok(fait(json(&SeanceVue::from(&lue), None)?, &recepisse))
}
