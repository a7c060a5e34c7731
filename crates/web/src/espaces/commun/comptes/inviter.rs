//! Inviting a person, sending the invitation again, cancelling it.

use app::AppError;
use app::comptes::{
    ChoixPropose, CommandeInvitation, CoursPropose, FormulaireInvitation, InvitationListe, cancel_invitation,
    invite, prepare_invitation, request_derogation, resend_invitation, view_invitation,
};
use app::messages;
use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use domain::RuleViolation;
use domain::comptes::Role;
use domain::droits::actions_of;
use serde::Deserialize;

use super::{ariane, lit_id};
use crate::components::{Bouton, Choix, Definitions, Formulaire, LienBouton};
use crate::layout::{Lien, Page, rend};
use crate::socle::{Recu, Requete, Resultat, redirige, refuse};

#[derive(Debug, Default, Deserialize)]
pub struct Etablissement {
    etablissement: Option<String>,
    /// Already chosen in the form; the rights decide of it all the same.
    role: Option<String>,
}

#[derive(Template)]
#[template(path = "commun/comptes/inviter.html")]
struct PageInviter {
    page: Page,
    form: Formulaire,
    roles: Vec<Choix>,
    /// Names the establishment, or lets type its UAI.
    etablissement: Option<ChoixPropose>,
    /// Establishments to choose from first.
    a_choisir: Vec<Lien>,
    uai: bool,
    formations: Vec<Choix>,
    academies: Vec<Choix>,
    heures: i64,
    /// The address is that of a service: an exception may be asked for.
    derogation: Option<Formulaire>,
}

fn choix(liste: &[ChoixPropose]) -> Vec<Choix> {
    liste.iter().map(|c| Choix::new(&c.code, &c.libelle)).collect()
}

async fn rend_inviter(
    requete: &Requete,
    mut form: Formulaire,
    derogation: Option<Formulaire>,
    uai: Option<&str>,
    statut: StatusCode,
) -> Result<Response, AppError> {
    let f: FormulaireInvitation = prepare_invitation(&requete.ctx, uai).await?;
    if let Some(e) = &f.choisi {
        form.pose("uai", &e.code);
    }
    let a_choisir = if f.choisi.is_none() {
        f.etablissements
            .iter()
            .map(|e| Lien::new(&e.libelle, format_args!("/comptes/inviter?etablissement={}", e.code)))
            .collect()
    } else {
        Vec::new()
    };
    let page = PageInviter {
        page: requete.page("Inviter une personne").ariane(ariane()).en_erreur(!form.est_valide()),
        roles: f.roles.iter().map(|r| Choix::new(r.code(), r.libelle()).indice(explication(*r))).collect(),
        uai: f.choisi.is_none() && f.etablissements.is_empty(),
        formations: choix(&f.formations),
        academies: choix(&f.academies),
        etablissement: f.choisi,
        a_choisir,
        heures: requete.ctx.app.limites.lien_invitation_h,
        form,
        derogation,
    };
    Ok(rend(statut, &page))
}

/// What a role allows, in one line.
fn explication(role: Role) -> &'static str {
    match role {
        Role::Auditeur => "Lit les passages, les règles et le journal ; aucune donnée nominative par défaut.",
        Role::Academie => {
            "Contrôle les établissements de ses académies, fixe les taux, nomme chefs et administrateurs."
        }
        Role::ChefEtab => "Nomme l’administrateur et signe pour l’établissement.",
        Role::AdminSite => "Gère les comptes et le paramétrage ; téléphone mobile obligatoire.",
        Role::RespFormation => {
            "Paramètre ses formations, lit les dossiers, saisit et transmet le classement."
        }
        Role::MembreCev => "Lit les dossiers et saisit le classement des formations cochées.",
        Role::GestAdmin => "Vérifie les pièces et les inscriptions ; ni note ni classement.",
        Role::Lecteur => "Consulte sans rien modifier.",
        _ => "",
    }
}

pub async fn get_inviter(requete: Requete, Query(e): Query<Etablissement>) -> Resultat {
    let uai = e.etablissement.filter(|u| !u.is_empty());
    let mut form = requete.formulaire();
    if let Some(role) = e.role.as_deref().and_then(Role::from_code) {
        form.pose("role", role.code());
    }
    Ok(rend_inviter(&requete, form, None, uai.as_deref(), StatusCode::OK).await?)
}

pub async fn post_inviter(recu: Recu) -> Resultat {
    let garde = recu.garde();
    let Recu { requete, mut form } = recu;
    let commande = CommandeInvitation {
        courriel: form.valeur("courriel").to_owned(),
        nom: form.valeur("nom").to_owned(),
        prenom: form.valeur("prenom").to_owned(),
        role: Role::from_code(form.valeur("role")),
        uai: form.valeur("uai").to_owned(),
        formations: form.valeurs("formations").to_vec(),
        academies: form.valeurs("academies").to_vec(),
    };
    match invite(&requete.ctx, &garde, &commande).await {
        Ok(_) => Ok(redirige("/comptes?fait=invitation-envoyee")),
        Err(e) => {
            let de_service = matches!(&e, AppError::Rule(RuleViolation::BoiteDeFonction { .. }));
            match e {
                AppError::Rule(r) if de_service => form.refuse("courriel", messages::regle(&r)),
                autre => refuse(&mut form, autre)?,
            }
            let derogation = de_service.then(|| {
                requete
                    .formulaire()
                    .avec_prefixe("derogation")
                    .avec("courriel", &commande.courriel)
                    .avec("uai", &commande.uai)
            });
            let uai = presente(&requete, &commande.uai).await?;
            let statut = StatusCode::UNPROCESSABLE_ENTITY;
            Ok(rend_inviter(&requete, form, derogation, uai, statut).await?)
        }
    }
}

/// The establishment typed, if it is one where the person may invite: the page then shows its name and its courses.
async fn presente<'a>(requete: &Requete, uai: &'a str) -> Result<Option<&'a str>, AppError> {
    match prepare_invitation(&requete.ctx, Some(uai)).await {
        Ok(f) if !f.etablissements.is_empty() => Ok(Some(uai)),
        Ok(_) | Err(AppError::NotFound | AppError::Denied(_)) => Ok(None),
        Err(e) => Err(e),
    }
}

pub async fn post_derogation(recu: Recu) -> Resultat {
    let garde = recu.garde();
    let Recu { requete, form } = recu;
    let (courriel, uai, motif) =
        (form.valeur("courriel").to_owned(), form.valeur("uai").to_owned(), form.valeur("motif").to_owned());
    match request_derogation(&requete.ctx, &garde, &uai, &courriel, &motif).await {
        Ok(_) => Ok(redirige("/comptes?fait=derogation-demandee")),
        Err(e) => {
            let mut derogation = form.avec_prefixe("derogation");
            refuse(&mut derogation, e)?;
            let principal = requete.formulaire().avec("courriel", &courriel).avec("uai", &uai);
            let choisi = presente(&requete, &uai).await?;
            let statut = StatusCode::UNPROCESSABLE_ENTITY;
            Ok(rend_inviter(&requete, principal, Some(derogation), choisi, statut).await?)
        }
    }
}

#[derive(Template)]
#[template(path = "commun/comptes/invitation.html")]
struct PageInvitation {
    page: Page,
    resume: Definitions,
    formations: Vec<CoursPropose>,
    /// What the role lets do.
    actions: Vec<&'static str>,
    renvoyer: Formulaire,
    annuler: Formulaire,
    url: String,
}

fn rend_invitation(
    requete: &Requete,
    i: &InvitationListe,
    renvoyer: Formulaire,
    statut: StatusCode,
) -> Response {
    let fin = if i.perimee { "périmé depuis le" } else { "valable jusqu’au" };
    let page = PageInvitation {
        page: requete
            .page(format_args!("Invitation de {}", i.nom))
            .ariane(ariane())
            .en_erreur(!renvoyer.est_valide()),
        resume: Definitions::new()
            .ligne("Adresse électronique", &i.courriel)
            .ligne("Rôle proposé", super::liste::role_invite(i))
            .ligne("Lien", format_args!("{fin} {}", messages::date_heure(i.expire_le))),
        formations: i.formations.clone(),
        actions: actions_of(i.role).into_iter().map(messages::action).collect(),
        annuler: requete.formulaire().avec_prefixe("annuler"),
        renvoyer,
        url: format!("/comptes/invitations/{}", i.public_id),
    };
    rend(statut, &page)
}

pub async fn get_invitation(requete: Requete, Path(id): Path<String>) -> Resultat {
    let i = view_invitation(&requete.ctx, &lit_id(&id)?).await?;
    Ok(rend_invitation(&requete, &i, requete.formulaire(), StatusCode::OK))
}

pub async fn post_renvoyer(Path(id): Path<String>, recu: Recu) -> Resultat {
    let garde = recu.garde();
    let Recu { requete, mut form } = recu;
    let id = lit_id(&id)?;
    match resend_invitation(&requete.ctx, &garde, &id).await {
        Ok(_) => Ok(redirige("/comptes?fait=invitation-renvoyee")),
        Err(e) => {
            refuse(&mut form, e)?;
            let i = view_invitation(&requete.ctx, &id).await?;
            Ok(rend_invitation(&requete, &i, form, StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

pub async fn post_annuler(Path(id): Path<String>, recu: Recu) -> Resultat {
    let garde = recu.garde();
    cancel_invitation(&recu.requete.ctx, &garde, &lit_id(&id)?).await?;
    Ok(redirige("/comptes?fait=invitation-annulee"))
}
