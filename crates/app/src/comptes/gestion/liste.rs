//! The list of accounts of a perimeter, with the invitations that wait.

use std::collections::HashMap;

use domain::comptes::{EtatCompte, Role};
use domain::droits::{Action, scope_session};
use domain::territoires;
use jiff::Timestamp;
use store::comptes as base;

use crate::comptes::invitations::ChoixPropose;
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::sessions;

/// Lines of a page.
pub(super) const PAR_PAGE: u32 = 30;
/// Waiting invitations shown above the list.
const INVITATIONS: i64 = 100;

/// What the person looks for.
#[derive(Debug, Clone, Default)]
pub struct FiltreListe {
    /// Words of the name or of the address.
    pub recherche: String,
    /// Only accounts in this state.
    pub etat: Option<EtatCompte>,
    /// Only accounts with this role.
    pub role: Option<Role>,
    /// Only accounts without a second factor.
    pub sans_facteur: bool,
    /// From 1.
    pub page: u32,
}

/// A role, as people read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleVu {
    /// What the person is.
    pub role: Role,
    /// Establishment, academies, or nothing.
    pub lieu: String,
    /// Code of the establishment; empty otherwise.
    pub uai: String,
    /// Courses of this role, there.
    pub formations: Vec<String>,
}

/// An account in the list.
#[derive(Debug, Clone)]
pub struct CompteListe {
    /// For the address of its page.
    pub public_id: String,
    /// First name and name.
    pub nom: String,
    /// Address of the account.
    pub courriel: String,
    /// How far it is from being usable.
    pub etat: EtatCompte,
    /// Year until which several people used it.
    pub partage: Option<i64>,
    /// Those of the perimeter.
    pub roles: Vec<RoleVu>,
    /// A second factor exists.
    pub facteur: bool,
    /// Real instant of the last visit.
    pub vu_le: Option<Timestamp>,
}

/// An invitation that waits.
#[derive(Debug, Clone)]
pub struct InvitationListe {
    /// For the address of its page.
    pub public_id: String,
    /// First name and name.
    pub nom: String,
    /// Where the link was sent.
    pub courriel: String,
    /// Role offered.
    pub role: Role,
    /// Name, for a role in an establishment.
    pub etablissement: Option<String>,
    /// The courses that it names; read on its own page only.
    pub formations: Vec<CoursPropose>,
    /// Real instant from which the link no longer serves.
    pub expire_le: Timestamp,
    /// It no longer does.
    pub perimee: bool,
}

impl InvitationListe {
    pub(in crate::comptes) fn read(i: base::LigneInvitation, maintenant_ms: i64) -> Result<Self, AppError> {
        Ok(Self {
            role: i.role()?,
            perimee: i.expire_le <= maintenant_ms,
            expire_le: instant(i.expire_le),
            public_id: i.public_id,
            nom: format!("{} {}", i.prenom, i.nom),
            courriel: i.courriel,
            etablissement: i.etablissement,
            formations: Vec::new(),
        })
    }
}

/// A course that an invitation names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CoursPropose {
    /// « BTS Électronique – parcours A ».
    pub libelle: String,
    /// Closed or withdrawn since: the role is not given there.
    pub ferme: bool,
}

/// One page of the list.
#[derive(Debug, Clone)]
pub struct ListeComptes {
    /// « Session 2024 ».
    pub libelle_session: String,
    /// Accounts that answer.
    pub total: i64,
    /// Accounts of the perimeter that serve without a second factor, whatever the filter.
    pub sans_facteur: i64,
    /// Page shown, from 1.
    pub page: u32,
    /// Pages in all.
    pub pages: u32,
    /// The accounts of the page.
    pub lignes: Vec<CompteListe>,
    /// Those that wait, soonest to run out first.
    pub invitations: Vec<InvitationListe>,
    /// Shared accounts that this person was named to take over: identifier and name.
    pub a_reprendre: Vec<ChoixPropose>,
    /// May invite somebody, decide on addresses.
    pub invite: bool,
    /// Decides on role mailboxes.
    pub deroge: bool,
    /// May put an establishment under safety.
    pub securise: bool,
    /// The establishments of the person, when the perimeter names them: (UAI, name, made safe).
    pub etablissements: Vec<(String, String, bool)>,
}

pub(super) fn instant(ms: i64) -> Timestamp {
    Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// The words to look for.
pub(super) fn mots(recherche: &str) -> Vec<String> {
    recherche.to_lowercase().split_whitespace().take(6).map(str::to_owned).collect()
}

/// The accounts that the person looks after, by name.
///
/// # Errors
/// [`AppError::Denied`] for whoever looks after none.
pub async fn list_comptes(ctx: &Ctx, filtre: &FiltreListe) -> Result<ListeComptes, AppError> {
    let session = sessions::courante(&ctx.app.db).await?;
    let scope = scope_session(&ctx.acteur, Action::ConsulterComptes, session.id)?;
    let db = &ctx.app.db;
    let stocke = base::FiltreComptes {
        session: session.id,
        mots: mots(&filtre.recherche),
        etat: filtre.etat.map(EtatCompte::code),
        role: filtre.role.map(Role::code),
        sans_facteur: filtre.sans_facteur,
        etablissement: None,
    };
    let total = base::count_accounts(db, &scope, &stocke).await?;
    let sans =
        base::FiltreComptes { session: session.id, sans_facteur: true, ..base::FiltreComptes::default() };
    let sans_facteur = base::count_accounts(db, &scope, &sans).await?;
    let pages = u32::try_from(total.max(1)).unwrap_or(u32::MAX).div_ceil(PAR_PAGE);
    let page = filtre.page.clamp(1, pages);
    let decalage = i64::from(page - 1) * i64::from(PAR_PAGE);
    let lignes = base::list_accounts(db, &scope, &stocke, i64::from(PAR_PAGE), decalage).await?;
    let ids: Vec<i64> = lignes.iter().map(|l| l.id).collect();
    let mut roles: HashMap<i64, Vec<base::LigneRole>> = HashMap::new();
    for r in base::roles_of(db, session.id, &ids).await? {
        // What a person does out of the perimeter is not shown there.
        if ctx.permit(Action::ConsulterComptes, &r.cible()).is_ok() {
            roles.entry(r.compte_id).or_default().push(r);
        }
    }
    let mut vus = Vec::with_capacity(lignes.len());
    for l in lignes {
        let siens = roles.remove(&l.id).unwrap_or_default();
        vus.push(CompteListe {
            etat: EtatCompte::from_code(&l.etat).ok_or(AppError::Internal("compte.etat".to_owned()))?,
            public_id: l.public_id,
            nom: format!("{} {}", l.prenom, l.nom),
            courriel: l.courriel,
            partage: l.partage_annee,
            roles: group(&siens)?,
            facteur: l.facteur == 1,
            vu_le: l.derniere_connexion_le.map(instant),
        });
    }
    let mut invitations = Vec::new();
    for i in base::waiting_invitations(db, &scope, session.id, INVITATIONS).await? {
        invitations.push(InvitationListe::read(i, ctx.recu_ms())?);
    }
    let confies = match ctx.acteur.compte {
        Some(compte) => base::entrusted_to(db, compte).await?,
        None => Vec::new(),
    };
    let mut etablissements = Vec::new();
    for e in super::etablissements_of_scope(ctx, &scope, session.id).await? {
        let sure = base::safety(db, e.id).await?.is_some();
        etablissements.push((e.public_id, e.libelle, sure));
    }
    Ok(ListeComptes {
        libelle_session: session.libelle,
        total,
        sans_facteur,
        page,
        pages,
        lignes: vus,
        invitations,
        a_reprendre: confies
            .into_iter()
            .map(|c| ChoixPropose { code: c.public_id, libelle: format!("{} {}", c.prenom, c.nom) })
            .collect(),
        invite: ctx.scope(Action::InviterComptes).is_ok(),
        deroge: ctx.scope(Action::DerogerAdresse).is_ok(),
        securise: ctx.scope(Action::SecuriserEtablissement).is_ok(),
        etablissements,
    })
}

/// Courses of the same role in the same place together, in the order of the rows.
pub(in crate::comptes) fn group(lignes: &[base::LigneRole]) -> Result<Vec<RoleVu>, AppError> {
    let mut roles: Vec<RoleVu> = Vec::new();
    for l in lignes {
        let role = l.role()?;
        let lieu = match &l.etablissement {
            Some(nom) => nom.clone(),
            None => l
                .academies
                .split(',')
                .filter_map(territoires::academie)
                .map(|a| a.nom)
                .collect::<Vec<_>>()
                .join(", "),
        };
        let uai = l.uai.clone().unwrap_or_default();
        let place = match roles.iter().position(|r| r.role == role && r.lieu == lieu) {
            Some(i) => i,
            None => {
                roles.push(RoleVu { role, lieu, uai, formations: Vec::new() });
                roles.len() - 1
            }
        };
        roles[place].formations.extend(l.formation.clone());
    }
    Ok(roles)
}
