//! One account, as somebody who looks after it sees it, and what may be done with it.

use domain::comptes::{EtatCompte, Mobile, Role};
use domain::droits::{Acteur, Action, Cible, Denial, may_invite, may_manage};
use domain::{PublicId, RuleViolation};
use jiff::Timestamp;
use store::Sql;
use store::comptes as base;

use super::actes::ActeCompte;
use super::liste::{RoleVu, group, instant};
use crate::comptes::invitations::ChoixPropose;
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::sessions::{self, SessionAdmission};

/// An account and all that is decided upon.
#[derive(Debug, Clone)]
pub(super) struct Charge {
    pub session: SessionAdmission,
    pub compte: base::LigneCompte,
    pub vie: base::LigneVie,
    /// A second factor of its own exists, whichever.
    pub facteur: bool,
    /// Every role of the session, those out of the perimeter included.
    pub roles: Vec<base::LigneRole>,
}

/// The account of an identifier, if at least one of its roles is within the perimeter.
pub(super) async fn load(ctx: &Ctx, c: &impl Sql, id: &PublicId) -> Result<Charge, AppError> {
    let session = sessions::courante(c).await?;
    let compte = base::by_public_id(c, id.as_str()).await?;
    let roles = base::roles_of(c, session.id, &[compte.id]).await?;
    if !roles.iter().any(|r| ctx.permit(Action::ConsulterComptes, &r.cible()).is_ok()) {
        return Err(Denial { action: Action::ConsulterComptes, connu: false }.into());
    }
    let vie = base::vie(c, compte.id).await?;
    let facteur = base::has_factor(c, compte.id).await?;
    Ok(Charge { session, compte, vie, facteur, roles })
}

impl Charge {
    pub fn etat(&self) -> Result<EtatCompte, AppError> {
        Ok(self.compte.etat()?)
    }

    fn is_own(&self, acteur: &Acteur) -> bool {
        acteur.compte == Some(self.compte.id)
    }

    /// The target of a right over the whole account: over every one of its roles.
    pub fn over_account(&self, ctx: &Ctx) -> Result<Cible, AppError> {
        let refus = Denial { action: Action::GererComptes, connu: true };
        if self.is_own(&ctx.acteur) {
            return Err(refus.into());
        }
        let mut gerables = 0;
        let mut geree = None;
        for r in &self.roles {
            let cible = r.cible();
            if may_manage(&ctx.acteur, r.role()?, &cible) && ctx.may(Action::GererComptes, &cible) {
                geree = Some(cible);
                gerables += 1;
            }
        }
        match geree {
            Some(cible) if gerables == self.roles.len() => Ok(cible),
            Some(_) => Err(RuleViolation::RolesAilleurs.into()),
            None => Err(refus.into()),
        }
    }

    /// The target of the right to change some of its roles.
    pub fn over_roles(&self, ctx: &Ctx) -> Result<Cible, AppError> {
        for r in &self.roles {
            if self.manages(ctx, r)? && ctx.may(Action::GererComptes, &r.cible()) {
                return Ok(r.cible());
            }
        }
        Err(Denial { action: Action::GererComptes, connu: true }.into())
    }

    pub fn manages(&self, ctx: &Ctx, r: &base::LigneRole) -> Result<bool, AppError> {
        Ok(!self.is_own(&ctx.acteur) && may_manage(&ctx.acteur, r.role()?, &r.cible()))
    }

    /// Establishments that this account administers.
    pub fn administres(&self) -> Result<Vec<i64>, AppError> {
        let mut ids = Vec::new();
        for r in &self.roles {
            if r.role()?.needs_mobile() {
                ids.extend(r.etablissement_id);
            }
        }
        Ok(ids)
    }

    /// Where this person may name an administrator: the one who takes a shared account over is named by them.
    pub fn nomme(&self, ctx: &Ctx) -> Result<Option<Cible>, AppError> {
        for r in &self.roles {
            if may_invite(&ctx.acteur, Role::AdminSite, &r.cible()) {
                return Ok(Some(r.cible()));
            }
        }
        Ok(None)
    }

    /// Whether this person was named to take this shared account over.
    pub fn is_entrusted(&self, ctx: &Ctx) -> bool {
        self.vie.repris_par.is_none()
            && self.vie.reprise_confiee_a.is_some()
            && self.vie.reprise_confiee_a == ctx.acteur.compte
    }
}

/// A withdrawal of a factor that waits for its second agent.
#[derive(Debug, Clone)]
pub struct RetraitVu {
    /// As the first agent wrote it.
    pub motif: String,
    /// Name of the first agent.
    pub demandeur: String,
    /// This person asked: another one decides.
    pub par_moi: bool,
}

/// An account, in full.
#[derive(Debug, Clone)]
pub struct FicheCompte {
    /// For the addresses of its pages.
    pub public_id: String,
    /// For the forms (TRX-4).
    pub version: i64,
    /// First name and name.
    pub nom: String,
    /// Address of the account.
    pub courriel: String,
    /// How far it is from being usable.
    pub etat: EtatCompte,
    /// Why it is suspended; empty otherwise.
    pub motif_etat: String,
    /// Year until which several people used it.
    pub partage: Option<i64>,
    /// Who takes, or took, a shared account over.
    pub reprise: Option<String>,
    /// They took it.
    pub repris: bool,
    /// Those of the perimeter.
    pub roles: Vec<RoleVu>,
    /// Some roles are out of the perimeter: neither shown nor counted.
    pub ailleurs: bool,
    /// A second factor exists.
    pub facteur: bool,
    /// The last four digits.
    pub mobile: Option<String>,
    /// A code sent to it came back.
    pub mobile_verifie: bool,
    /// Real instant of the last visit.
    pub vu_le: Option<Timestamp>,
    /// A withdrawal of the factor that waits.
    pub retrait: Option<RetraitVu>,
    /// What may be done now.
    pub actes: Vec<ActeCompte>,
    /// Why nothing may be done on the whole account.
    pub obstacle: Option<RuleViolation>,
    /// Roles that may be withdrawn: identifier and name.
    pub retirables: Vec<ChoixPropose>,
    /// Roles that may be added here, and the courses of the establishment.
    pub ajoutables: Vec<Role>,
    /// Courses to choose from for the added role.
    pub formations: Vec<ChoixPropose>,
    /// Active administrators who may be named to take the account over.
    pub administrateurs: Vec<ChoixPropose>,
}

/// An account of the perimeter.
///
/// # Errors
/// [`AppError::Denied`] as for an absent one, out of the perimeter.
pub async fn view_compte(ctx: &Ctx, id: &PublicId) -> Result<FicheCompte, AppError> {
    let db = &ctx.app.db;
    let c = load(ctx, db, id).await?;
    let visibles: Vec<base::LigneRole> = c
        .roles
        .iter()
        .filter(|r| ctx.permit(Action::ConsulterComptes, &r.cible()).is_ok())
        .cloned()
        .collect();
    let retrait = base::pending_withdrawal(db, c.compte.id).await?;
    let obstacle = match c.over_account(ctx) {
        Err(AppError::Rule(r)) => Some(r),
        _ => None,
    };
    let mut actes = Vec::new();
    for acte in ActeCompte::ALL {
        if acte.entitled(ctx, &c).is_ok() && acte.check(&c, retrait.as_ref(), ctx).is_ok() {
            actes.push(acte);
        }
    }
    let mut retirables = Vec::new();
    for r in &visibles {
        if c.manages(ctx, r)? {
            let vu = group(std::slice::from_ref(r))?;
            let libelle = vu.first().map(name).unwrap_or_default();
            retirables.push(ChoixPropose { code: r.public_id.clone(), libelle });
        }
    }
    let (ajoutables, formations) = additions(ctx, &c).await?;
    let administrateurs = match c.nomme(ctx)?.and_then(|cible| cible.etablissement) {
        Some(e) if c.vie.partage_annee.is_some() => administrators(db, e).await?,
        _ => Vec::new(),
    };
    let mobile = match &c.vie.mobile_chiffre {
        None => None,
        Some(chiffre) => {
            let clair = base::open_mobile(&ctx.app.coffre, &c.compte.public_id, chiffre)?;
            Mobile::parse(&clair).map(|m| m.masque())
        }
    };
    let reprise = match c.vie.repris_par.or(c.vie.reprise_confiee_a) {
        None => None,
        Some(qui) => base::by_id(db, qui).await.ok().map(|q| format!("{} {}", q.prenom, q.nom)),
    };
    Ok(FicheCompte {
        etat: c.etat()?,
        nom: format!("{} {}", c.compte.prenom, c.compte.nom),
        roles: group(&visibles)?,
        ailleurs: visibles.len() < c.roles.len(),
        facteur: c.facteur,
        mobile,
        mobile_verifie: c.vie.mobile_verifie_le.is_some(),
        vu_le: c.vie.derniere_connexion_le.map(instant),
        retrait: retrait.map(|r| RetraitVu {
            motif: r.motif,
            demandeur: r.demandeur,
            par_moi: ctx.acteur.compte == Some(r.demande_par),
        }),
        public_id: c.compte.public_id,
        version: c.compte.version,
        courriel: c.compte.courriel,
        motif_etat: c.vie.motif_etat,
        partage: c.vie.partage_annee,
        reprise,
        repris: c.vie.repris_par.is_some(),
        actes,
        obstacle,
        retirables,
        ajoutables,
        formations,
        administrateurs,
    })
}

/// « Responsable de formation : BTS Électronique ».
fn name(r: &RoleVu) -> String {
    match r.formations.as_slice() {
        [] => r.role.libelle().to_owned(),
        f => format!("{}\u{a0}: {}", r.role.libelle(), f.join(", ")),
    }
}

/// The establishment of the perimeter where a role may be added, the roles, its courses.
async fn additions(ctx: &Ctx, c: &Charge) -> Result<(Vec<Role>, Vec<ChoixPropose>), AppError> {
    for r in &c.roles {
        let (cible, Some(etablissement)) = (r.cible(), r.etablissement_id) else { continue };
        let roles: Vec<Role> = Role::ALL
            .into_iter()
            .filter(|role| role.is_over_etablissement() && may_invite(&ctx.acteur, *role, &cible))
            .collect();
        if roles.is_empty() {
            continue;
        }
        let formations = if roles.iter().any(|r| r.is_over_courses()) {
            base::courses_of(&ctx.app.db, c.session.id, etablissement).await?
        } else {
            Vec::new()
        };
        let choix = |l: base::LigneChoix| ChoixPropose { code: l.public_id, libelle: l.libelle };
        return Ok((roles, formations.into_iter().map(choix).collect()));
    }
    Ok((Vec::new(), Vec::new()))
}

async fn administrators(c: &impl Sql, etablissement: i64) -> Result<Vec<ChoixPropose>, AppError> {
    let lignes = base::administrators_of(c, etablissement).await?;
    Ok(lignes
        .into_iter()
        .map(|l| ChoixPropose { code: l.public_id, libelle: format!("{} {}", l.prenom, l.nom) })
        .collect())
}
