//! Delegations: who may do what on each course of an establishment (R-DRO-03), changed many at a time.

mod fichier;
mod qui;

pub use fichier::{ApercuDelegations, export_delegations, preview_import};
pub(crate) use qui::acteurs;
pub use qui::{DossierLu, Lecteur, LecteursFormation, Visibilite, VisibiliteDossier, who_can_read, who_sees};

use std::collections::{BTreeMap, BTreeSet};

use domain::comptes::Role;
use domain::delegations::{Operation, Operations};
use domain::droits::{self, Action, Cible};
use files::delegations as colonnes;
use jiff::{Timestamp, ToSpan};
use serde::Serialize;
use serde_json::json;
use store::Sql;
use store::delegations::{self as base, LigneDelegation, LigneEtablissement};

use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::idempotence::{Garde, Recepisse, deja_fait, emettre};
use crate::journal::{Acte, record};
use crate::sessions::{self, SessionAdmission};

/// A person under one of their roles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Personne {
    /// Public identifier of the account.
    pub compte: String,
    /// First name, then name.
    pub nom: String,
    /// Bounds what may be delegated.
    pub role: Role,
    /// No sign-in for so long that the account should be looked at (CPT-7).
    pub inactive: bool,
}

/// A course of the matrix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Formation {
    /// Public identifier in the session.
    pub id: String,
    /// « BTS Électronique – parcours A ».
    pub intitule: String,
    /// Operations that nobody has: an orphan course has them all.
    pub sans_personne: Vec<Operation>,
}

/// Person × course × operation of an establishment.
#[derive(Debug, Clone)]
pub struct Matrice {
    /// Session of the courses.
    pub session: SessionAdmission,
    /// Public identifier of the establishment.
    pub etablissement: String,
    /// Its name in the session.
    pub nom: String,
    /// Of the whole matrix (TRX-4).
    pub version: i64,
    /// By name.
    pub personnes: Vec<Personne>,
    /// By title.
    pub formations: Vec<Formation>,
    /// (person, course), by their places in the lists; absent = not attached.
    pub cellules: BTreeMap<(usize, usize), Operations>,
}

/// What a cell of the matrix should become.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Demande {
    /// Public identifier of the account.
    pub compte: String,
    /// Code of the role under which it is delegated.
    pub role: String,
    /// Public identifier of the course in the session.
    pub formation: String,
    /// Codes separated by commas.
    pub operations: String,
}

/// A cell that would change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Place of the person.
    pub personne: usize,
    /// Place of the course.
    pub formation: usize,
    /// What is given.
    pub ajoutees: Operations,
    /// What is withdrawn.
    pub retirees: Operations,
    /// What it becomes.
    pub apres: Operations,
}

/// The establishments whose delegations the person manages: (public identifier, name).
///
/// # Errors
/// [`AppError::Denied`] for somebody who manages none.
pub async fn managed_establishments(ctx: &Ctx, annee: i64) -> Result<Vec<(String, String)>, AppError> {
    establishments_for(ctx, annee, Action::GererComptes).await
}

/// The establishments of the session where this person may do this: public identifier and name.
///
/// # Errors
/// [`AppError::Denied`] for somebody who may nowhere.
pub async fn establishments_for(
    ctx: &Ctx,
    annee: i64,
    action: Action,
) -> Result<Vec<(String, String)>, AppError> {
    ctx.scope(action)?;
    let session = sessions::session(&ctx.app.db, annee).await?;
    let scope = droits::scope_session(&ctx.acteur, action, session.id)?;
    let lignes = base::etablissements(&ctx.app.db, session.id, &scope.portee().etablissements).await?;
    Ok(lignes.into_iter().map(|l| (l.public_id, l.nom)).collect())
}

struct Chargee {
    matrice: Matrice,
    lignes: Vec<LigneDelegation>,
    /// Permanent keys of the courses, in their order.
    cles: Vec<i64>,
    cible: Cible,
}

async fn load(c: &impl Sql, ctx: &Ctx, annee: i64, id: &str) -> Result<Chargee, AppError> {
    let session = sessions::session(c, annee).await?;
    let e: LigneEtablissement = base::etablissement(c, session.id, id).await?.ok_or(AppError::NotFound)?;
    let cible = Cible { session: Some(session.id), etablissement: Some(e.id), ..Cible::default() };
    ctx.permit(Action::GererComptes, &cible)?;
    let version = base::version(c, session.id, e.id).await?;
    let formations = base::formations(c, session.id, e.id).await?;
    let lignes = base::delegations(c, session.id, e.id).await?;
    let places: BTreeMap<i64, usize> = formations.iter().map(|f| f.formation_id).zip(0..).collect();
    let seuil = dormant_since(ctx);
    let mut personnes: Vec<Personne> = Vec::new();
    let mut cellules: BTreeMap<(usize, usize), Operations> = BTreeMap::new();
    for l in &lignes {
        let (role, operations) = l.lit()?;
        let place = personnes.iter().position(|p| p.compte == l.compte && p.role == role);
        let place = place.unwrap_or_else(|| {
            personnes.push(Personne {
                compte: l.compte.clone(),
                nom: format!("{} {}", l.prenom, l.nom),
                role,
                inactive: l.derniere_connexion_le.unwrap_or(l.cree_le) < seuil,
            });
            personnes.len() - 1
        });
        if let Some(&f) = places.get(&l.formation_id) {
            cellules.entry((place, f)).or_insert(operations);
        }
    }
    let formations_vues = formations
        .iter()
        .enumerate()
        .map(|(i, f)| Formation {
            id: f.public_id.clone(),
            intitule: crate::formations::intitule(&f.libelle, &f.detail),
            sans_personne: Operation::ALL
                .into_iter()
                .filter(|o| !cellules.iter().any(|((_, f), ops)| *f == i && ops.contains(*o)))
                .collect(),
        })
        .collect();
    Ok(Chargee {
        cles: formations.iter().map(|f| f.formation_id).collect(),
        lignes,
        cible,
        matrice: Matrice {
            session,
            etablissement: e.public_id,
            nom: e.nom,
            version,
            personnes,
            formations: formations_vues,
            cellules,
        },
    })
}

/// Milliseconds before which a last sign-in makes an account idle.
fn dormant_since(ctx: &Ctx) -> i64 {
    let jours = ctx.app.limites.compte_inactif_jours;
    let seuil: Timestamp = ctx.recu_le.checked_sub((jours * 24).hours()).unwrap_or(Timestamp::MIN);
    seuil.as_millisecond()
}

/// The matrix of an establishment, for whoever manages its accounts.
///
/// # Errors
/// [`AppError::NotFound`] or [`AppError::Denied`], the same page for both.
pub async fn view_delegations(ctx: &Ctx, annee: i64, etablissement: &str) -> Result<Matrice, AppError> {
    Ok(load(&ctx.app.db, ctx, annee, etablissement).await?.matrice)
}

/// Why a cell cannot become what is asked, and under which column of a file it stands.
struct Refus {
    colonne: &'static str,
    motif: String,
}

/// What changes in the matrix if each cell asked for becomes what is asked.
///
/// # Errors
/// [`AppError::Invalid`] naming what is unknown in this establishment, or more than the role can receive.
pub fn differences(m: &Matrice, demandes: &[Demande]) -> Result<Vec<Difference>, AppError> {
    let mut sortie = Vec::new();
    for d in demandes {
        sortie.extend(difference(m, d).map_err(|r| AppError::Invalid(vec![("delegations", r.motif)]))?);
    }
    Ok(sortie)
}

/// `None`: the cell is already what is asked.
fn difference(m: &Matrice, d: &Demande) -> Result<Option<Difference>, Refus> {
    let refus = |colonne, motif| Refus { colonne, motif };
    let personne =
        m.personnes.iter().position(|p| p.compte == d.compte && p.role.code() == d.role).ok_or_else(
            || {
                let motif = format!(
                    "Le compte « {} » ({}) n’est rattaché à aucune formation de l’établissement : invitez d’abord cette \
                     personne, ou retirez la ligne.",
                    d.compte, d.role
                );
                refus(colonnes::COMPTE, motif)
            },
        )?;
    let formation = m.formations.iter().position(|f| f.id == d.formation).ok_or_else(|| {
        let motif =
            format!("La formation « {} » n’est pas de l’établissement : retirez cette ligne.", d.formation);
        refus(colonnes::FORMATION, motif)
    })?;
    let demandees = Operations::from_code(&d.operations)
        .ok_or_else(|| refus("", format!("« {} » n’est pas une liste d’opérations.", d.operations)))?;
    let role = m.personnes[personne].role;
    let trop = demandees.minus(Operations::of_role(role));
    if let Some(o) = trop.iter().next() {
        let motif = format!(
            "« {} » ne peut pas être délégué à {}, dont le rôle est « {} » : décochez cette opération.",
            o.libelle(),
            m.personnes[personne].nom,
            role.libelle()
        );
        return Err(refus(o.libelle(), motif));
    }
    let apres = demandees.closed().and(Operations::of_role(role));
    let avant = m.cellules.get(&(personne, formation)).copied().unwrap_or_default();
    let (ajoutees, retirees) = (apres.minus(avant), avant.minus(apres));
    let change = !(ajoutees.is_empty() && retirees.is_empty());
    Ok(change.then_some(Difference { personne, formation, ajoutees, retirees, apres }))
}

/// Accounts that some differences touch.
fn changed_accounts(m: &Matrice, changements: &[Difference]) -> usize {
    changements.iter().map(|d| &m.personnes[d.personne].compte).collect::<BTreeSet<_>>().len()
}

/// Changes many delegations in one transaction. They hold from the next request of each person (HAB-6).
///
/// # Errors
/// [`AppError::Conflict`] when the matrix changed since it was shown; [`AppError::Invalid`] for a cell that cannot be;
/// [`AppError::Rule`] on an archived session, and for many accounts during a freeze (R-CAL-10).
pub async fn save_delegations(
    ctx: &Ctx,
    garde: &Garde,
    annee: i64,
    etablissement: &str,
    demandes: &[Demande],
) -> Result<Recepisse, AppError> {
    let corps = serde_json::to_string(demandes).map_err(AppError::internal)?;
    let demande = format!("delegations|{annee}|{etablissement}|{corps}");
    let tx = ctx.begin().await?;
    let c = load(&tx, ctx, annee, etablissement).await?;
    let permit = ctx.permit(Action::GererComptes, &c.cible)?;
    if let Some(fait) = deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(fait);
    }
    c.matrice.session.require_ouverte()?;
    garde.check_version(c.matrice.version)?;
    let changements = differences(&c.matrice, demandes)?;
    let comptes = changed_accounts(&c.matrice, &changements);
    sessions::require_hors_gel(&tx, ctx, c.matrice.session.id, c.cible.etablissement, comptes).await?;
    let e = ctx.ecriture(&permit);
    for d in &changements {
        let p = &c.matrice.personnes[d.personne];
        let siennes = |l: &&LigneDelegation| l.compte == p.compte && l.role == p.role.code();
        let ici: Vec<&LigneDelegation> =
            c.lignes.iter().filter(siennes).filter(|l| l.formation_id == c.cles[d.formation]).collect();
        for l in &ici {
            base::set_operations(&tx, &e, l.id, l.version, d.apres).await?;
        }
        let modele = c.lignes.iter().find(siennes).ok_or(AppError::NotFound)?;
        if ici.is_empty() {
            let nouvelle = droits::Attribution {
                session: c.cible.session,
                etablissement: c.cible.etablissement,
                formation: Some(c.cles[d.formation]),
                operations: Some(d.apres),
                ..droits::Attribution::simple(p.role)
            };
            store::comptes::insert_attributions(&tx, &e, &[(modele.compte_id, &nouvelle)]).await?;
        }
    }
    let etat = |avant: bool| {
        let lignes: Vec<_> = changements
            .iter()
            .map(|d| {
                let ops =
                    if avant { c.matrice.cellules.get(&(d.personne, d.formation)) } else { Some(&d.apres) };
                json!({
                    "compte": c.matrice.personnes[d.personne].compte,
                    "formation": c.matrice.formations[d.formation].id,
                    "operations": ops.map(|o| o.iter().map(Operation::code).collect::<Vec<_>>()),
                })
            })
            .collect();
        json!({ "lignes": lignes })
    };
    let acte = Acte {
        objet: "attribution",
        objet_id: etablissement,
        avant: Some(etat(true)),
        apres: Some(etat(false)),
    };
    record(&tx, ctx, &permit, &acte).await?;
    let contenu = json!({ "etablissement": etablissement, "delegations": etat(false) });
    let recepisse = emettre(&tx, ctx, garde, &demande, "changer_delegations", None, &contenu).await?;
    tx.commit().await?;
    Ok(recepisse)
}
