//! R-DRO-02: who may give which role, and whose account one may manage. Nobody makes an equal or a superior, except that
//! the administrators of an establishment look after each other.

use super::{Acteur, Cible, Relation};
use crate::comptes::Role;

/// One line of the chain.
#[derive(Debug, Clone, Copy)]
pub struct Delegation {
    /// Who gives.
    pub par: Role,
    /// Over what.
    pub relation: Relation,
    /// Roles offered by invitation (`domaine.md` §2).
    pub invite: &'static [Role],
    /// Roles whose accounts are suspended, secured, deleted.
    pub gere: &'static [Role],
}

const UTILISATEURS: &[Role] = &[Role::RespFormation, Role::MembreCev, Role::GestAdmin, Role::Lecteur];

/// National team → academic service → head → administrator → users. The national team itself is created by the
/// operator's command.
pub const CHAINE: &[Delegation] = &[
    Delegation {
        par: Role::AdminNational,
        relation: Relation::Tout,
        invite: &[Role::Auditeur, Role::Academie, Role::ChefEtab],
        gere: &[
            Role::Auditeur,
            Role::Academie,
            Role::ChefEtab,
            Role::AdminSite,
            Role::RespFormation,
            Role::MembreCev,
            Role::GestAdmin,
            Role::Lecteur,
        ],
    },
    Delegation {
        par: Role::Academie,
        relation: Relation::SonAcademie,
        invite: &[Role::ChefEtab, Role::AdminSite],
        gere: &[Role::ChefEtab, Role::AdminSite],
    },
    Delegation {
        par: Role::ChefEtab,
        relation: Relation::SonEtablissement,
        invite: &[Role::AdminSite, Role::RespFormation, Role::MembreCev, Role::GestAdmin, Role::Lecteur],
        gere: &[Role::AdminSite, Role::RespFormation, Role::MembreCev, Role::GestAdmin, Role::Lecteur],
    },
    Delegation {
        par: Role::AdminSite,
        relation: Relation::SonEtablissement,
        invite: UTILISATEURS,
        gere: &[Role::AdminSite, Role::RespFormation, Role::MembreCev, Role::GestAdmin, Role::Lecteur],
    },
];

fn lines<'a>(acteur: &'a Acteur, cible: &'a Cible) -> impl Iterator<Item = &'static Delegation> + 'a {
    acteur
        .attributions
        .iter()
        .flat_map(move |a| CHAINE.iter().filter(move |d| d.par == a.role && a.covers(d.relation, cible)))
}

/// Whether the person may offer this role over this object.
pub fn may_invite(acteur: &Acteur, role: Role, cible: &Cible) -> bool {
    lines(acteur, cible).any(|d| d.invite.contains(&role))
}

/// Whether the person may manage the account of somebody who holds this role over this object.
pub fn may_manage(acteur: &Acteur, role: Role, cible: &Cible) -> bool {
    lines(acteur, cible).any(|d| d.gere.contains(&role))
}

/// Roles that the person may offer somewhere, strongest first.
pub fn roles_invitables(acteur: &Acteur) -> Vec<Role> {
    let offre = |role: &Role| {
        let donne =
            |d: &Delegation| d.invite.contains(role) && acteur.attributions.iter().any(|a| a.role == d.par);
        CHAINE.iter().any(donne)
    };
    Role::ALL.into_iter().filter(offre).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::droits::Attribution;

    fn person(attribution: Attribution) -> Acteur {
        Acteur { compte: Some(1), nom: "essai".to_owned(), attributions: vec![attribution] }
    }

    fn du_lycee(role: Role) -> Acteur {
        person(Attribution { etablissement: Some(7), ..Attribution::simple(role) })
    }

    fn lycee(id: i64) -> Cible {
        Cible { etablissement: Some(id), academie: Some("20".to_owned()), ..Cible::default() }
    }

    #[test]
    fn r_dro_02_nobody_invites_an_equal_or_a_superior() {
        let rang = |role: Role| Role::ALL.iter().position(|r| *r == role);
        for d in CHAINE {
            for role in d.invite {
                assert!(rang(d.par) < rang(*role), "{:?} invites {role:?}", d.par);
                assert!(d.gere.contains(role), "{:?} invites {role:?} and could not manage it", d.par);
            }
        }
    }

    #[test]
    fn r_dro_02_the_chain_goes_down_step_by_step() {
        let academie =
            person(Attribution { academies: vec!["20".into()], ..Attribution::simple(Role::Academie) });
        assert!(may_invite(&academie, Role::ChefEtab, &lycee(7)));
        assert!(!may_invite(&academie, Role::RespFormation, &lycee(7)));
        let ailleurs = Cible { academie: Some("09".to_owned()), ..lycee(7) };
        assert!(!may_invite(&academie, Role::ChefEtab, &ailleurs));
        assert!(may_invite(&du_lycee(Role::ChefEtab), Role::AdminSite, &lycee(7)));
        assert!(!may_invite(&du_lycee(Role::AdminSite), Role::AdminSite, &lycee(7)));
        assert!(may_invite(&du_lycee(Role::AdminSite), Role::MembreCev, &lycee(7)));
    }

    #[test]
    fn r_dro_02_a_neighbour_establishment_is_out_of_reach() {
        for role in [Role::ChefEtab, Role::AdminSite] {
            for donne in Role::ALL {
                assert!(!may_invite(&du_lycee(role), donne, &lycee(8)));
                assert!(!may_manage(&du_lycee(role), donne, &lycee(8)));
            }
        }
    }

    #[test]
    fn r_dro_02_whoever_delegates_nothing_is_offered_no_role() {
        for role in [Role::RespFormation, Role::MembreCev, Role::GestAdmin, Role::Lecteur, Role::Auditeur] {
            assert!(roles_invitables(&du_lycee(role)).is_empty(), "{role:?}");
        }
        assert_eq!(roles_invitables(&du_lycee(Role::AdminSite)), UTILISATEURS);
    }
}
