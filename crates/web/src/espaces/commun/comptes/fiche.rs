//! One account: what is known of it, and the page of each act.

use app::AppError;
use app::comptes::{ActeCompte, ChoixPropose, CommandeActe, FicheCompte, act_on_compte, view_compte};
use app::messages;
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use domain::comptes::Role;

use super::{ariane, lit_id};
use crate::components::{Alerte, Bouton, Choix, Definitions, Formulaire, LienBouton, Markup};
use crate::layout::{Lien, Page, rend};
use crate::socle::{Recu, Requete, Resultat, redirige, refuse};

#[derive(Template)]
#[template(path = "commun/comptes/fiche.html")]
struct PageFiche {
    page: Page,
    nom: String,
    alertes: Vec<Alerte>,
    resume: Definitions,
    roles: Vec<String>,
    gestes: Vec<Bouton>,
}

fn lien(f: &FicheCompte, acte: ActeCompte) -> Bouton {
    let bouton = LienBouton::new(libelle(acte), format_args!("/comptes/{}/{}", f.public_id, acte.code()));
    match acte {
        ActeCompte::ChangerRoles | ActeCompte::Reprendre | ActeCompte::ValiderRetrait => bouton,
        _ => bouton.secondaire(),
    }
}

/// What the button says.
fn libelle(acte: ActeCompte) -> &'static str {
    match acte {
        ActeCompte::ChangerRoles => "Changer les rôles et les formations",
        ActeCompte::ForcerMotDePasse => "Forcer un nouveau mot de passe",
        ActeCompte::RetirerFacteur => "Retirer le second facteur perdu",
        ActeCompte::ValiderRetrait => "Valider le retrait du second facteur",
        ActeCompte::AnnulerRetrait => "Annuler la demande de retrait",
        ActeCompte::Suspendre => "Suspendre le compte",
        ActeCompte::Reactiver => "Réactiver le compte",
        ActeCompte::Supprimer => "Supprimer le compte",
        ActeCompte::DeclarerPartage => "Déclarer un compte partagé",
        ActeCompte::ConfierReprise => "Confier la reprise du compte",
        ActeCompte::Reprendre => "Reprendre ce compte partagé",
    }
}

/// What will happen, said before it does.
fn suite(acte: ActeCompte) -> &'static str {
    match acte {
        ActeCompte::ChangerRoles => {
            "Le changement prend effet tout de suite : un rôle retiré ne donne plus aucun accès, même aux sessions ouvertes. La personne est prévenue."
        }
        ActeCompte::ForcerMotDePasse => {
            "Le mot de passe actuel n’ouvre plus rien et ne pourra pas être choisi de nouveau ; les sessions ouvertes sont fermées. La personne en choisit un autre par « Mot de passe oublié »."
        }
        ActeCompte::RetirerFacteur => {
            "Ses sessions ouvertes sont fermées. À sa prochaine connexion, la personne donnera son mot de passe et un code reçu par courriel, puis mettra en place un autre moyen. Vérifiez d’abord son identité : se faire passer pour un collègue est le moyen le plus courant de voler un compte."
        }
        ActeCompte::ValiderRetrait => {
            "Vous êtes le deuxième agent. Rappelez vous-même l’établissement par sa ligne officielle avant de valider : le second facteur est retiré aussitôt."
        }
        ActeCompte::AnnulerRetrait => "La demande est close et le second facteur reste en place.",
        ActeCompte::Suspendre => {
            "La personne ne peut plus se connecter et ses sessions sont fermées aussitôt. Rien n’est effacé : vous pourrez réactiver le compte."
        }
        ActeCompte::Reactiver => "La personne peut de nouveau se connecter, avec les mêmes rôles.",
        ActeCompte::Supprimer => {
            "C’est définitif : l’adresse, le mobile, le mot de passe et le second facteur sont effacés, les rôles retirés, les sessions fermées. Ce que la personne a fait reste à son nom dans l’historique."
        }
        ActeCompte::DeclarerPartage => {
            "Plusieurs personnes utilisaient ce compte : plus personne ne s’y connectera. Son passé restera attribué au « compte partagé » de l’année précédente, et l’administrateur que vous désignerez le reprendra sous son propre nom."
        }
        ActeCompte::ConfierReprise => {
            "L’administrateur désigné recevra les rôles de ce compte sous son propre nom, une seule fois. Le passé reste attribué au compte partagé."
        }
        ActeCompte::Reprendre => {
            "Les rôles de ce compte deviennent les vôtres. Ce qui a été fait avec lui reste attribué au compte partagé, pas à vous."
        }
    }
}

fn needs_reason(acte: ActeCompte) -> bool {
    use ActeCompte as A;
    matches!(
        acte,
        A::ForcerMotDePasse
            | A::RetirerFacteur
            | A::Suspendre
            | A::Reactiver
            | A::Supprimer
            | A::DeclarerPartage
    )
}

pub async fn get_fiche(requete: Requete, Path(id): Path<String>) -> Resultat {
    let f = view_compte(&requete.ctx, &lit_id(&id)?).await?;
    Ok(rend(StatusCode::OK, &fiche(&requete, &f)))
}

fn fiche(requete: &Requete, f: &FicheCompte) -> PageFiche {
    let mut alertes = Vec::new();
    if let Some(r) = &f.retrait {
        alertes.push(Alerte::attention(format_args!(
            "{} a demandé le retrait du second facteur\u{a0}: « {} ». {}",
            r.demandeur,
            r.motif,
            if r.par_moi { "Un autre agent doit valider." } else { "Vous pouvez valider ou annuler." }
        )));
    }
    if let Some(r) = &f.obstacle {
        alertes.push(Alerte::info(messages::regle(r)));
    }
    if f.ailleurs {
        alertes.push(Alerte::info("Cette personne a aussi des rôles hors de votre périmètre."));
    }
    let mut resume = Definitions::new()
        .ligne("Adresse électronique", &f.courriel)
        .ligne_markup("État", Markup::new(super::liste::badge(f.etat, f.partage)))
        .ligne_markup("Double authentification", super::liste::facteur(f.etat, f.partage, f.facteur));
    if !f.motif_etat.is_empty() {
        resume = resume.ligne("Motif", &f.motif_etat);
    }
    if let Some(m) = &f.mobile {
        let verifie = if f.mobile_verifie { "vérifié" } else { "à vérifier" };
        resume = resume.ligne("Téléphone mobile", format_args!("{m} ({verifie})"));
    }
    if let Some(qui) = &f.reprise {
        resume = resume.ligne(if f.repris { "Repris par" } else { "Reprise confiée à" }, qui);
    }
    resume =
        resume.ligne("Dernière visite", f.vu_le.map_or_else(|| "Jamais".to_owned(), messages::date_courte));
    PageFiche {
        page: requete.page(&f.nom).ariane(ariane()),
        nom: f.nom.clone(),
        alertes,
        resume,
        roles: f.roles.iter().map(super::liste::role).collect(),
        gestes: f.actes.iter().map(|a| lien(f, *a)).collect(),
    }
}

#[derive(Template)]
#[template(path = "commun/comptes/acte.html")]
struct PageActe {
    page: Page,
    nom: String,
    form: Formulaire,
    suite: &'static str,
    bouton: &'static str,
    motif: bool,
    controles: Vec<Choix>,
    retirables: Vec<Choix>,
    ajoutables: Vec<Choix>,
    formations: Vec<Choix>,
    administrateurs: Vec<Choix>,
    retour: String,
    url: String,
}

fn choix(liste: &[ChoixPropose]) -> Vec<Choix> {
    liste.iter().map(|c| Choix::new(&c.code, &c.libelle)).collect()
}

/// Checks of identity: on the spot, or from the services above.
fn controles(requete: &Requete) -> Vec<Choix> {
    let sur_place = requete.ctx.acteur.attributions.iter().any(|a| a.role.is_over_etablissement());
    if sur_place {
        vec![
            Choix::new("presence", "J’ai vu la personne, en sa présence"),
            Choix::new("rappel", "Je l’ai rappelée à un numéro que je connaissais déjà"),
        ]
    } else {
        vec![
            Choix::new("ligne_officielle", "J’ai rappelé l’établissement par sa ligne officielle")
                .indice("Un autre agent du service devra valider ce retrait."),
        ]
    }
}

fn rend_acte(
    requete: &Requete,
    f: &FicheCompte,
    acte: ActeCompte,
    form: Formulaire,
    statut: StatusCode,
) -> Response {
    let roles = acte == ActeCompte::ChangerRoles;
    let mut fil = ariane();
    let retour = format!("/comptes/{}", f.public_id);
    fil.push(Lien::new(&f.nom, &retour));
    let page = PageActe {
        page: requete.page(libelle(acte)).ariane(fil).en_erreur(!form.est_valide()),
        nom: f.nom.clone(),
        suite: suite(acte),
        bouton: libelle(acte),
        motif: needs_reason(acte),
        controles: if acte == ActeCompte::RetirerFacteur { controles(requete) } else { Vec::new() },
        retirables: if roles { choix(&f.retirables) } else { Vec::new() },
        ajoutables: if roles {
            f.ajoutables.iter().map(|r| Choix::new(r.code(), r.libelle())).collect()
        } else {
            Vec::new()
        },
        formations: if roles { choix(&f.formations) } else { Vec::new() },
        administrateurs: if acte == ActeCompte::ConfierReprise {
            choix(&f.administrateurs)
        } else {
            Vec::new()
        },
        url: format!("{retour}/{}", acte.code()),
        retour,
        form,
    };
    rend(statut, &page)
}

fn lit_acte(acte: &str) -> Result<ActeCompte, AppError> {
    ActeCompte::from_code(acte).ok_or(AppError::NotFound)
}

pub async fn get_acte(requete: Requete, Path((id, acte)): Path<(String, String)>) -> Resultat {
    let acte = lit_acte(&acte)?;
    let f = view_compte(&requete.ctx, &lit_id(&id)?).await?;
    if !f.actes.contains(&acte) {
        // Done meanwhile, or never possible: the account's page says where it stands.
        return Ok(redirige(&format!("/comptes/{}?fait=acte-impossible", f.public_id)));
    }
    let mut form = requete.formulaire().avec_version(f.version);
    for r in &f.retirables {
        form.ajoute("gardes", &r.code);
    }
    Ok(rend_acte(&requete, &f, acte, form, StatusCode::OK))
}

pub async fn post_acte(Path((id, acte)): Path<(String, String)>, recu: Recu) -> Resultat {
    let garde = recu.garde();
    let Recu { requete, mut form } = recu;
    let (id, acte) = (lit_id(&id)?, lit_acte(&acte)?);
    let commande = CommandeActe {
        motif: form.valeur("motif").to_owned(),
        controle: form.valeur("controle").to_owned(),
        gardes: form.valeurs("gardes").to_vec(),
        ajout: Role::from_code(form.valeur("ajout")),
        formations: form.valeurs("formations").to_vec(),
        confiee_a: form.valeur("confiee_a").to_owned(),
    };
    match act_on_compte(&requete.ctx, &garde, &id, acte, &commande).await {
        Ok(_) => Ok(redirige(&apres(&id, acte))),
        Err(e) => {
            refuse(&mut form, e)?;
            let f = view_compte(&requete.ctx, &id).await?;
            Ok(rend_acte(&requete, &f, acte, form, StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

/// Where one goes after an act: a removed account has no page any more.
fn apres(id: &domain::PublicId, acte: ActeCompte) -> String {
    match acte {
        ActeCompte::Supprimer | ActeCompte::Reprendre => format!("/comptes?fait=compte-{}", acte.code()),
        _ => format!("/comptes/{id}?fait=compte-{}", acte.code()),
    }
}
