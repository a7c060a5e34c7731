//! CPT-5: an account begins with an invitation. The link serves once, for the address it was sent to; whoever invites
//! neither chooses nor sees a secret.

use domain::PublicId;
use domain::candidats::nom_propre;
use domain::comptes::{Courriel, Role};
use domain::droits::{Action, Attribution, Cible, Denial, Permit, may_invite, roles_invitables};
use domain::territoires;
use store::comptes as base;
use store::{Sql, Tx};

use super::courriels;
use super::derogations::require_personal_address;
use super::gestion::{CoursPropose, InvitationListe, etablissements_of_scope};
use super::oubli::fresh_token;
use super::tentatives::Tentative;
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::idempotence::{Garde, Recepisse, deja_fait, emettre, hash};
use crate::journal::{Acte, record};
use crate::sessions::{self, SessionAdmission};

/// Something to choose: its identifier in the form, its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChoixPropose {
    /// Identifier in the form.
    pub code: String,
    /// Name shown.
    pub libelle: String,
}

/// What the form of an invitation offers.
#[derive(Debug, Clone)]
pub struct FormulaireInvitation {
    /// Roles that the person may give, strongest first.
    pub roles: Vec<Role>,
    /// The establishments of the person, when they are few enough to be listed; otherwise the UAI is typed.
    pub etablissements: Vec<ChoixPropose>,
    /// The establishment already chosen.
    pub choisi: Option<ChoixPropose>,
    /// Its courses.
    pub formations: Vec<ChoixPropose>,
    /// Academies to choose from, for an academic service.
    pub academies: Vec<ChoixPropose>,
}

/// What the person who invites fills in.
#[derive(Debug, Clone, Default)]
pub struct CommandeInvitation {
    /// Address of the person invited, as typed.
    pub courriel: String,
    /// As whoever invites knows it; the person corrects it.
    pub nom: String,
    /// As whoever invites knows it.
    pub prenom: String,
    /// None: not chosen.
    pub role: Option<Role>,
    /// May be empty for roles that have none.
    pub uai: String,
    /// Public identifiers of courses of the session.
    pub formations: Vec<String>,
    /// Codes of academies.
    pub academies: Vec<String>,
}

/// What may be offered, and over what. `uai`: the establishment chosen, if any.
///
/// # Errors
/// [`AppError::Denied`] for whoever invites nobody; [`AppError::NotFound`] for an establishment out of reach.
pub async fn prepare_invitation(ctx: &Ctx, uai: Option<&str>) -> Result<FormulaireInvitation, AppError> {
    let scope = ctx.scope(Action::InviterComptes)?;
    let session = sessions::courante(&ctx.app.db).await?;
    let roles = roles_invitables(&ctx.acteur);
    let etablissements = etablissements_of_scope(ctx, &scope, session.id).await?;
    let choisi = match (uai, etablissements.as_slice()) {
        (Some(uai), _) => Some(reachable(ctx, &ctx.app.db, &session, uai).await?),
        (None, [seul]) => Some(seul.clone()),
        _ => None,
    };
    let formations = match &choisi {
        Some(e) if roles.iter().any(|r| r.is_over_courses()) => {
            base::courses_of(&ctx.app.db, session.id, e.id).await?.into_iter().map(option).collect()
        }
        _ => Vec::new(),
    };
    let academies = if roles.iter().any(|r| r.is_over_academies()) {
        territoires::academies()
            .iter()
            .map(|a| ChoixPropose { code: a.code.to_owned(), libelle: a.nom.to_owned() })
            .collect()
    } else {
        Vec::new()
    };
    Ok(FormulaireInvitation {
        roles,
        etablissements: etablissements.into_iter().map(option).collect(),
        choisi: choisi.map(option),
        formations,
        academies,
    })
}

fn option(l: base::LigneChoix) -> ChoixPropose {
    ChoixPropose { code: l.public_id, libelle: l.libelle }
}

/// An establishment where this person may invite somebody.
async fn reachable(
    ctx: &Ctx,
    c: &impl Sql,
    session: &SessionAdmission,
    uai: &str,
) -> Result<base::LigneChoix, AppError> {
    let uai = uai.trim().to_uppercase();
    let e = base::etablissement_by_uai(c, session.id, &uai).await?.ok_or(AppError::NotFound)?;
    ctx.permit(Action::InviterComptes, &cible(session, Some(&e)))?;
    Ok(e)
}

fn cible(session: &SessionAdmission, e: Option<&base::LigneChoix>) -> Cible {
    Cible {
        session: Some(session.id),
        etablissement: e.map(|e| e.id),
        academie: e.map(|e| e.academie.clone()),
        ..Cible::default()
    }
}

/// An invitation, checked.
struct Offre {
    courriel: Courriel,
    nom: String,
    prenom: String,
    role: Role,
    etablissement: Option<base::LigneChoix>,
    formations: Vec<base::LigneChoix>,
    academies: Vec<String>,
}

impl Offre {
    fn attributions(&self) -> Vec<Attribution> {
        let base = Attribution {
            etablissement: self.etablissement.as_ref().map(|e| e.id),
            academies: self.academies.clone(),
            ..Attribution::simple(self.role)
        };
        if self.formations.is_empty() {
            return vec![base];
        }
        self.formations.iter().map(|f| Attribution { formation: Some(f.id), ..base.clone() }).collect()
    }
}

async fn check(
    ctx: &Ctx,
    tx: &Tx,
    session: &SessionAdmission,
    c: &CommandeInvitation,
) -> Result<Offre, AppError> {
    let mut fautes: Vec<(&'static str, String)> = Vec::new();
    let mut faute = |champ, message: &str| fautes.push((champ, message.to_owned()));
    let (nom, prenom) = (nom_propre(&c.nom), nom_propre(&c.prenom));
    if prenom.is_none() {
        faute("prenom", "Saisissez le prénom de la personne.");
    }
    if nom.is_none() {
        faute("nom", "Saisissez le nom de la personne (lettres, espaces, tirets, apostrophes).");
    }
    let courriel = Courriel::parse(&c.courriel).ok();
    if courriel.is_none() {
        faute("courriel", "Saisissez une adresse complète, sous la forme prenom.nom@domaine.fr.");
    }
    let offerts = roles_invitables(&ctx.acteur);
    let role = c.role.filter(|r| offerts.contains(r));
    if role.is_none() {
        faute("role", "Choisissez un rôle de la liste.");
    }
    let mut etablissement = None;
    let mut formations = Vec::new();
    let mut academies = Vec::new();
    if let Some(role) = role {
        if role.is_over_etablissement() {
            let uai = c.uai.trim();
            etablissement = match reachable(ctx, tx, session, uai).await {
                Ok(e) => Some(e),
                Err(AppError::NotFound | AppError::Denied(_)) => {
                    faute(
                        "uai",
                        "Aucun établissement de votre périmètre n’a ce code : vérifiez les sept chiffres et la lettre de l’UAI.",
                    );
                    None
                }
                Err(e) => return Err(e),
            };
        }
        if role.is_over_courses()
            && let Some(e) = &etablissement
        {
            let offertes = base::courses_of(tx, session.id, e.id).await?;
            formations = offertes.into_iter().filter(|f| c.formations.contains(&f.public_id)).collect();
            if formations.len() < c.formations.len() {
                faute(
                    "formations",
                    "Une formation choisie n’est plus proposée : elle est fermée, retirée ou d’un autre établissement. \
                     Elle n’est plus cochée : vérifiez les autres, puis envoyez de nouveau.",
                );
            } else if formations.is_empty() {
                faute(
                    "formations",
                    "Choisissez au moins une formation : ce rôle ne donne accès qu’à celles que vous cochez.",
                );
            }
        }
        if role.is_over_academies() {
            academies = territoires::academies()
                .iter()
                .filter(|a| c.academies.iter().any(|c| c == a.code))
                .map(|a| a.code.to_owned())
                .collect();
            if academies.is_empty() {
                faute("academies", "Choisissez au moins une académie.");
            }
        }
    }
    match (courriel, nom, prenom, role) {
        (Some(courriel), Some(nom), Some(prenom), Some(role)) if fautes.is_empty() => {
            Ok(Offre { courriel, nom, prenom, role, etablissement, formations, academies })
        }
        _ => Err(AppError::Invalid(fautes)),
    }
}

fn permit(ctx: &Ctx, role: Role, cible: &Cible) -> Result<Permit, AppError> {
    let permit = ctx.permit(Action::InviterComptes, cible)?;
    if may_invite(&ctx.acteur, role, cible) {
        Ok(permit)
    } else {
        Err(Denial { action: Action::InviterComptes, connu: true }.into())
    }
}

/// Offers a role to a person, by mail.
///
/// # Errors
/// [`AppError::Invalid`] with every fault; [`domain::RuleViolation::BoiteDeFonction`] for a mailbox that is not
/// somebody's (CPT-2); [`AppError::Denied`] for a role that the person may not give.
pub async fn invite(ctx: &Ctx, garde: &Garde, c: &CommandeInvitation) -> Result<Recepisse, AppError> {
    let session = sessions::courante(&ctx.app.db).await?;
    let demande = format!("inviter|{:?}|{}|{}|{:?}", c.role.map(Role::code), c.courriel, c.uai, c.formations);
    let tx = ctx.begin().await?;
    if let Some(recepisse) = deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(recepisse);
    }
    ctx.scope(Action::InviterComptes)?;
    let offre = check(ctx, &tx, &session, c).await?;
    let permit = permit(ctx, offre.role, &cible(&session, offre.etablissement.as_ref()))?;
    // An account is about to begin (HAB-7).
    ctx.require_fresh()?;
    session.require_ouverte()?;
    require_personal_address(&tx, session.id, &offre.courriel).await?;
    require_new_role(&tx, &offre).await?;
    let jeton = fresh_token(ctx);
    let expire = ctx.recu_ms() + ctx.app.limites.lien_invitation_h * 3_600_000;
    let formations: Vec<i64> = offre.formations.iter().map(|f| f.id).collect();
    let nouvelle = base::NouvelleInvitation {
        courriel: offre.courriel.as_str(),
        nom: &offre.nom,
        prenom: &offre.prenom,
        role: offre.role,
        session: session.id,
        etablissement: offre.etablissement.as_ref().map(|e| e.id),
        formations: &formations,
        academies: &offre.academies,
        jeton_hache: &hash(&jeton),
        envoyee_le: ctx.recu_ms(),
        expire_le: expire,
    };
    let public_id = match base::insert_invitation(&tx, &ctx.ecriture(&permit), &nouvelle).await {
        Err(store::StoreError::Conflict(_)) => {
            return Err(AppError::Invalid(vec![(
                "courriel",
                "Ce rôle est déjà proposé à cette adresse : renvoyez l’invitation en attente, ou annulez-la d’abord."
                    .to_owned(),
            )]));
        }
        autre => autre?,
    };
    let apres = serde_json::json!({
        "role": offre.role.code(),
        "etablissement": offre.etablissement.as_ref().map(|e| &e.public_id),
        "formations": offre.formations.iter().map(|f| &f.public_id).collect::<Vec<_>>(),
        "academies": offre.academies,
    });
    let acte = Acte { objet: "invitation", objet_id: &public_id, avant: None, apres: Some(apres.clone()) };
    record(&tx, ctx, &permit, &acte).await?;
    let lieu = offre.etablissement.as_ref().map(|e| e.libelle.as_str());
    let lien = courriels::lien_invitation(ctx, &jeton, expire, offre.role, lieu);
    courriels::enqueue(&tx, ctx, None, offre.courriel.as_str(), &lien).await?;
    let recepisse = emettre(&tx, ctx, garde, &demande, "invitation", None, &apres).await?;
    tx.commit().await?;
    Ok(recepisse)
}

/// Refuses to offer what the person has already. Roles elsewhere are nobody's business here (LIM-4).
async fn require_new_role(tx: &Tx, offre: &Offre) -> Result<(), AppError> {
    let Some(compte) = base::by_courriel(tx, offre.courriel.as_str()).await? else { return Ok(()) };
    let siens = base::attributions(tx, compte.id).await?;
    if offre.attributions().iter().all(|a| siens.iter().any(|s| same_role(s, a))) {
        return Err(AppError::Invalid(vec![(
            "courriel",
            "Cette personne a déjà ce rôle : retrouvez son compte dans la liste.".to_owned(),
        )]));
    }
    Ok(())
}

/// Whether two attributions give the same.
pub(super) fn same_role(a: &Attribution, b: &Attribution) -> bool {
    a.role == b.role
        && a.formation == b.formation
        && (a.etablissement == b.etablissement || a.formation.is_some())
        && a.academies == b.academies
}

/// An invitation that waits, as those who sent it see it.
async fn waiting(
    ctx: &Ctx,
    c: &impl Sql,
    id: &PublicId,
) -> Result<(base::LigneInvitation, Permit), AppError> {
    let i = base::invitation(c, id.as_str()).await?;
    let cible = Cible {
        session: Some(i.session_id),
        etablissement: i.etablissement_id,
        academie: i.academie.clone(),
        ..Cible::default()
    };
    let permit = permit(ctx, i.role()?, &cible)?;
    if i.etat != "envoyee" {
        return Err(AppError::Conflict);
    }
    Ok((i, permit))
}

/// An invitation that waits, to be sent again or cancelled.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Denied`]; [`AppError::Conflict`] when it waits no more.
pub async fn view_invitation(ctx: &Ctx, id: &PublicId) -> Result<InvitationListe, AppError> {
    let (i, _) = waiting(ctx, &ctx.app.db, id).await?;
    let formations = courses(&ctx.app.db, &i).await?.into_iter().map(|(_, c)| c).collect();
    Ok(InvitationListe { formations, ..InvitationListe::read(i, ctx.recu_ms())? })
}

/// The courses that an invitation names, with their permanent keys.
pub(super) async fn courses(
    c: &impl Sql,
    i: &base::LigneInvitation,
) -> Result<Vec<(i64, CoursPropose)>, AppError> {
    let Some(etablissement) = i.etablissement_id else { return Ok(Vec::new()) };
    let lignes = base::courses_named(c, i.session_id, etablissement, &i.formations()).await?;
    Ok(lignes.into_iter().map(|l| (l.id, CoursPropose { libelle: l.libelle, ferme: l.ferme == 1 })).collect())
}

/// What an invitation gives now: nothing on a course that was closed or withdrawn since it was sent.
///
/// # Errors
/// [`AppError::Conflict`] when there is nothing left of it.
pub(super) async fn attributions(
    c: &impl Sql,
    i: &base::LigneInvitation,
) -> Result<Vec<Attribution>, AppError> {
    let ouvertes: Vec<i64> =
        courses(c, i).await?.into_iter().filter(|(_, c)| !c.ferme).map(|(id, _)| id).collect();
    let mut offertes = i.attributions()?;
    offertes.retain(|a| a.formation.is_none_or(|f| ouvertes.contains(&f)));
    if offertes.is_empty() { Err(AppError::Conflict) } else { Ok(offertes) }
}

/// Sends the invitation again: a new link, the former one no longer serves.
///
/// # Errors
/// [`AppError::Invalid`] when it was sent too often, [`AppError::Conflict`] when it waits no more.
pub async fn resend_invitation(ctx: &Ctx, garde: &Garde, id: &PublicId) -> Result<Recepisse, AppError> {
    let demande = format!("renvoyer|{id}");
    let tx = ctx.begin().await?;
    if let Some(recepisse) = deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(recepisse);
    }
    let (i, _) = waiting(ctx, &tx, id).await?;
    if attributions(&tx, &i).await.is_err() {
        let message = "Les formations de cette invitation sont fermées ou retirées : annulez-la, puis invitez la \
                       personne sur d’autres formations.";
        return Err(AppError::Invalid(vec![("courriel", message.to_owned())]));
    }
    drop(tx);
    let tentative = Tentative::reserve(ctx, "envoi-invitation", &i.courriel).await?;
    if !tentative.may_send(ctx).await? {
        let l = &ctx.app.limites;
        let message = format!(
            "Cette invitation a déjà été renvoyée : {} envois par heure et {} par jour au plus. Demandez à la personne de regarder ses courriels indésirables.",
            l.oublis_par_heure, l.oublis_par_jour
        );
        return Err(AppError::Invalid(vec![("courriel", message)]));
    }
    let tx = ctx.begin().await?;
    let (i, permit) = waiting(ctx, &tx, id).await?;
    let jeton = fresh_token(ctx);
    let expire = ctx.recu_ms() + ctx.app.limites.lien_invitation_h * 3_600_000;
    base::renew_invitation(&tx, &ctx.ecriture(&permit), &i, &hash(&jeton), ctx.recu_ms(), expire).await?;
    let apres = serde_json::json!({ "etat": "renvoyee" });
    let acte = Acte { objet: "invitation", objet_id: &i.public_id, avant: None, apres: Some(apres.clone()) };
    record(&tx, ctx, &permit, &acte).await?;
    let lien = courriels::lien_invitation(ctx, &jeton, expire, i.role()?, i.etablissement.as_deref());
    courriels::enqueue(&tx, ctx, None, &i.courriel, &lien).await?;
    let recepisse = emettre(&tx, ctx, garde, &demande, "invitation_renvoyee", None, &apres).await?;
    tx.commit().await?;
    Ok(recepisse)
}

/// Cancels the invitation: its link no longer serves.
///
/// # Errors
/// [`AppError::Conflict`] when it waits no more.
pub async fn cancel_invitation(ctx: &Ctx, garde: &Garde, id: &PublicId) -> Result<Recepisse, AppError> {
    let demande = format!("annuler-invitation|{id}");
    let tx = ctx.begin().await?;
    if let Some(recepisse) = deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(recepisse);
    }
    let (i, permit) = waiting(ctx, &tx, id).await?;
    base::end_invitation(&tx, &ctx.ecriture(&permit), &i, None).await?;
    let apres = serde_json::json!({ "etat": "annulee" });
    let acte = Acte { objet: "invitation", objet_id: &i.public_id, avant: None, apres: Some(apres.clone()) };
    record(&tx, ctx, &permit, &acte).await?;
    let recepisse = emettre(&tx, ctx, garde, &demande, "invitation_annulee", None, &apres).await?;
    tx.commit().await?;
    Ok(recepisse)
}
