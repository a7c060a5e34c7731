//! Who may do what remains: names for whoever manages the accounts of the establishment, « vous » for the others.

use domain::comptes::Role;
use domain::droits::{Acteur, Action, Cible, authorize};
use store::Sql;
use store::comptes::proches;

use crate::contexte::Ctx;
use crate::delegations::acteurs;
use crate::erreur::AppError;

/// Who may do something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Qui {
    /// The person who looks, and maybe others.
    Vous,
    /// These people, by name, « vous » among them; nobody when it is empty.
    Personnes(Vec<String>),
    /// Somebody else, who is not named to this person.
    Autres,
}

/// What the settings of an establishment and of its courses are made by.
pub(super) const PARAMETRAGE: [Action; 5] = [
    Action::ModifierEtablissement,
    Action::ModifierFormation,
    Action::ModifierCapacites,
    Action::PublierFormation,
    Action::ConfirmerCapacite,
];

/// Those who see to the courses of an establishment, all of them, by name: a colleague who only reads asks them.
pub(super) async fn in_charge(
    c: &impl Sql,
    session: i64,
    etablissement: i64,
) -> Result<Vec<String>, AppError> {
    let cible = Cible { session: Some(session), etablissement: Some(etablissement), ..Cible::default() };
    let tous = sur_place(c, etablissement, &[]).await?;
    let siens = tous.into_iter().filter(|a| authorize(a, Action::PublierFormation, &cible).is_ok());
    Ok(siens.map(|a| a.nom).collect())
}

/// Those who have a role over an establishment, or over one of these courses of it.
async fn sur_place(c: &impl Sql, etablissement: i64, formations: &[i64]) -> Result<Vec<Acteur>, AppError> {
    let roles: Vec<Role> = Role::ALL.into_iter().filter(|r| r.is_over_etablissement()).collect();
    // No course: a key that none has.
    let formations = if formations.is_empty() { &[0] } else { formations };
    Ok(acteurs(proches(c, formations, &[etablissement], &roles).await?))
}

/// The people of an establishment.
pub(super) struct Equipe {
    /// `None`: they are not named to the person who looks.
    acteurs: Option<Vec<Acteur>>,
}

impl Equipe {
    pub(super) async fn load(
        ctx: &Ctx,
        c: &impl Sql,
        session: i64,
        etablissement: i64,
        formations: &[i64],
    ) -> Result<Self, AppError> {
        let cible = Cible { session: Some(session), etablissement: Some(etablissement), ..Cible::default() };
        if !ctx.may(Action::GererComptes, &cible) {
            return Ok(Self { acteurs: None });
        }
        Ok(Self { acteurs: Some(sur_place(c, etablissement, formations).await?) })
    }

    pub(super) fn qui(&self, ctx: &Ctx, action: Action, cible: &Cible) -> Qui {
        match &self.acteurs {
            None if ctx.may(action, cible) => Qui::Vous,
            None => Qui::Autres,
            Some(acteurs) => {
                let peut = acteurs.iter().filter(|a| authorize(a, action, cible).is_ok());
                let nomme = |a: &Acteur| {
                    if a.compte == ctx.acteur.compte { "vous".to_owned() } else { a.nom.clone() }
                };
                Qui::Personnes(peut.map(nomme).collect())
            }
        }
    }
}
