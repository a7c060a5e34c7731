//! `/gestion/{annee}/formations/{id}/publier`: reading in full what becomes public, then publishing.

use app::AppError;
use app::formations::{
    Ouverture, Parametrage, VueDescription, publish_formation, submit_formation, view_description,
    view_parametrage,
};
use app::messages;
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use domain::PublicId;
use domain::droits::{Action, Denial};
use domain::formations::controle::EtatControle;
use domain::formations::description::Rubrique;

use super::description::contredit;
use super::formation::{adresse, lit_chemin};
use super::{relecture, saisie};
use crate::components::fiche::{FichePublique, nature, places_et_frais};
use crate::components::{Aide, Alerte, Bouton, Constats, Formulaire, LienBouton, Markup};
use crate::layout::{Lien, Page, rend};
use crate::socle::{Recu, Requete, Resultat, redirige, refuse};

#[derive(Template)]
#[template(path = "gestion/publier.html")]
struct PagePublier {
    page: Page,
    url: String,
    retour: String,
    form: Formulaire,
    formation: String,
    /// What candidates will read, in the rubrics of the sheet.
    public: FichePublique,
    /// What the public reads today.
    actuel: String,
    /// What the reading of the grid finds under the rules of the frame, and the page where it is put right.
    constats: Option<(Constats, String)>,
    /// R-FOR-40: what the establishment contradicts.
    contredit: Option<Alerte>,
    suite: String,
    bouton: &'static str,
    /// Why nothing can be published now.
    obstacle: Option<Alerte>,
}

/// What would become public: the settings first, so that a description changed meanwhile is a conflict.
async fn load(
    requete: &Requete,
    annee: i64,
    id: &PublicId,
) -> Result<(Parametrage, VueDescription), AppError> {
    let p = view_parametrage(&requete.ctx, annee, id).await?;
    let description = view_description(&requete.ctx, annee, id).await?;
    Ok((p, description))
}

pub async fn get_publier(requete: Requete, Path(chemin): Path<(String, String)>) -> Resultat {
    let (annee, id) = lit_chemin(chemin)?;
    let (p, description) = load(&requete, annee, &id).await?;
    if p.publication == Ouverture::SansDroit {
        return Err(AppError::Denied(Denial { action: Action::PublierFormation, connu: true }).into());
    }
    let form = requete.formulaire().avec_version(p.version_publication);
    Ok(rend(StatusCode::OK, &page(&requete, &p, &description, form)))
}

pub async fn post_publier(Path(chemin): Path<(String, String)>, mut recu: Recu) -> Resultat {
    let (annee, id) = lit_chemin(chemin)?;
    let requete = recu.requete.clone();
    // R-CTL-01: where the academic service reviews, publishing is asking it to.
    let p = view_parametrage(&requete.ctx, annee, &id).await?;
    let (fait, avis) = if p.controle.is_some() {
        (submit_formation(&requete.ctx, &recu.garde(), annee, &id).await, "soumise")
    } else {
        (publish_formation(&requete.ctx, &recu.garde(), annee, &id).await, "publie")
    };
    match fait {
        Ok(r) => Ok(redirige(&format!("{}?fait={avis}&recepisse={}", adresse(annee, id.as_str()), r.numero))),
        Err(AppError::Conflict) => {
            // The person must read again what has changed before publishing it.
            let (p, description) = load(&requete, annee, &id).await?;
            let mut form = requete.formulaire().avec_version(p.version_publication);
            form.refuse_tout(
                "Ces informations ont été modifiées depuis que vous les avez lues. Rien n’a été envoyé : relisez-les \
                 ci-dessous avant de recommencer.",
            );
            Ok(rend(StatusCode::CONFLICT, &page(&requete, &p, &description, form)))
        }
        Err(e) => {
            refuse(&mut recu.form, e)?;
            let (p, description) = load(&requete, annee, &id).await?;
            Ok(refusee(&requete, &p, &description, recu.form))
        }
    }
}

fn refusee(requete: &Requete, p: &Parametrage, description: &VueDescription, form: Formulaire) -> Response {
    rend(StatusCode::UNPROCESSABLE_ENTITY, &page(requete, p, description, form))
}

fn obstacle(p: &Parametrage) -> Option<Alerte> {
    if let Some(motif) = saisie::motif_fermeture(&p.publication) {
        return Some(Alerte::info(motif));
    }
    if !p.manques.is_empty() {
        return Some(Alerte::attention(saisie::il_manque(p)));
    }
    if relecture::is_en_attente(p) {
        return Some(relecture::alerte(p));
    }
    if p.controle.as_ref().is_some_and(|c| c.etat == EtatControle::Soumise) {
        return Some(Alerte::info(
            "Cette formation est déjà soumise : elle attend la réponse du service académique.",
        ));
    }
    (!p.a_publier).then(|| {
        let verbe = saisie::verbe(p.controle.is_some());
        Alerte::info(format_args!("Aucune modification à {verbe} : ces informations sont déjà publiées."))
    })
}

/// R-CGE-18: advice stays on the page of the grid.
fn constats(description: &VueDescription, grille: &str) -> Option<Constats> {
    let mut constats = description.description.constats();
    constats.retain(|c| c.regle.is_blocking());
    (!constats.is_empty()).then(|| Constats::new(&description.description, grille, constats))
}

fn page(requete: &Requete, p: &Parametrage, description: &VueDescription, form: Formulaire) -> PagePublier {
    let annee = p.session.annee;
    let retour = adresse(annee, &p.id);
    let essentiel = places_et_frais(p.capacite, p.frais_centimes);
    let presentation = match p.presentation.trim() {
        "" => "Aucune présentation.",
        dite => dite,
    };
    let public = FichePublique::relecture()
        .essentiel(nature(essentiel, p.genre, p.apprentissage, p.selective))
        .presentation(presentation)
        .champs(&description.public(), description.national.as_ref())
        .groupes(&saisie::groupes_publics(p.capacite, &p.groupes), Markup::default());
    let actuel = p
        .publiee
        .as_ref()
        .map_or_else(|| "Le public ne voit pas encore cette formation.".to_owned(), saisie::lecture_publique);
    let grille = format!("{retour}/{}", Rubrique::Grille.code());
    let suite = match &p.publication {
        Ouverture::Ouverte { ferme } if p.controle.is_some() => format!(
            "Le service académique compare ces informations à celles de l’an dernier, puis les accepte, et elles sont alors \
             publiées, ou vous les retourne avec ses motifs. Les modifier d’ici là les retire du contrôle : elles sont à \
             soumettre de nouveau, jusqu’au {}.",
            messages::date_limite(*ferme)
        ),
        Ouverture::Ouverte { ferme } => format!(
            "La publication est immédiate et datée ; elle reste visible dans l’historique de la fiche. Vous pourrez \
             modifier puis publier de nouveau jusqu’au {}.",
            messages::date_limite(*ferme)
        ),
        _ => String::new(),
    };
    PagePublier {
        page: requete
            .page(if p.controle.is_some() { "Soumettre la formation" } else { "Publier la formation" })
            .session(&p.session.libelle)
            .ariane(vec![
                super::lien_accueil(annee),
                super::lien_formations(annee),
                Lien::new(&p.intitule.libelle, &retour),
            ])
            .en_erreur(!form.est_valide()),
        bouton: if p.controle.is_some() {
            "Soumettre au service académique"
        } else {
            "Publier ces informations"
        },
        url: format!("{retour}/publier"),
        constats: constats(description, &grille).map(|c| (c, grille)),
        contredit: contredit(description, &description.description, None),
        retour,
        formation: format!("{} – {}", p.intitule.libelle, p.intitule.etablissement),
        public,
        actuel,
        suite,
        obstacle: obstacle(p),
        form,
    }
}
