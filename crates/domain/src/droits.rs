//! R-DRO-01: the one table of rights. What is not written here is refused (HAB-1).
//!
//! `Permit` has private fields: storage writes ask for one, so forgetting to authorize does not compile (HAB-2).

mod action;
mod chaine;
mod champs;
mod portee;

pub use action::Action;
pub use chaine::{CHAINE, Delegation, may_invite, may_manage, roles_invitables};
pub use champs::{Fiche, GROUPES, GroupeChamps, champ_interdit};
pub use portee::{Portee, Scope, scope, scope_session};

use crate::calendrier::Etape;
use crate::comptes::Role;
use crate::delegations::Operations;

/// How the object must be tied to the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// Any object.
    Tout,
    /// Establishment of the attribution.
    SonEtablissement,
    /// The same, for what is about none of its courses; of an attribution that names no course.
    SonEtablissementSeul,
    /// Course named by the attribution.
    SaFormation,
    /// Academy within the attribution's perimeter.
    SonAcademie,
    /// The candidate's own record.
    SonDossier,
}

/// One line of the table.
#[derive(Debug, Clone, Copy)]
pub struct Regle {
    /// Held by the person, through an [`Attribution`].
    pub role: Role,
    /// Which targets the role reaches.
    pub relation: Relation,
    /// All that this line gives; other lines of the role add up.
    pub actions: &'static [Action],
}

/// The table itself (`domaine.md` §9, reduced to the actions that exist).
pub const TABLE: &[Regle] = {
    use Action as A;
    use Relation as L;
    use Role as R;
    &[
        Regle {
            role: R::AdminNational,
            relation: L::Tout,
            actions: &[
                A::ConsulterParametrage,
                A::ConsulterEtablissement,
                A::ModifierEtablissement,
                A::ConsulterCapacites,
                A::ModifierFormation,
                A::ModifierCapacites,
                A::PublierFormation,
                A::ConfirmerCapacite,
                A::RegrouperFormations,
                A::AccorderDerogation,
                A::ConsulterTaux,
                A::ConsulterPassages,
                A::CalculerPassage,
                A::PublierPassage,
                A::GererSession,
                A::ImporterOffre,
                A::DeciderApprentissage,
                A::GererComptes,
                A::ConsulterComptes,
                A::InviterComptes,
                A::SecuriserEtablissement,
                A::ConsulterEchanges,
                A::EcrireEchange,
                A::SuivreParametrage,
                A::RelancerEtablissements,
                A::ConsulterJournal,
                A::ConsulterOffre,
                A::ConsulterInformations,
                A::ConsulterSeances,
                A::PublierInformation,
                A::OrganiserSeances,
                A::PublierCharte,
                A::DemanderAssistance,
                A::TraiterAssistance,
                A::TenirCellule,
            ],
        },
        Regle {
            role: R::Auditeur,
            relation: L::Tout,
            actions: &[
                A::ConsulterPassages,
                A::ConsulterJournal,
                A::ConsulterTaux,
                A::ConsulterOffre,
                A::DemanderAssistance,
            ],
        },
        Regle {
            role: R::Academie,
            relation: L::SonAcademie,
            actions: &[
                A::ConsulterParametrage,
                A::ConsulterEtablissement,
                A::ConsulterCapacites,
                A::ConfirmerCapacite,
                A::ControlerFormation,
                A::DeciderApprentissage,
                A::DeciderDemande,
                A::RegrouperFormations,
                A::FixerTaux,
                A::ConsulterTaux,
                A::GererComptes,
                A::ConsulterComptes,
                A::InviterComptes,
                A::DerogerAdresse,
                A::SecuriserEtablissement,
                A::ConsulterEchanges,
                A::EcrireEchange,
                A::SuivreParametrage,
                A::RelancerEtablissements,
                A::ConsulterInformations,
                A::ConsulterSeances,
                A::PublierInformation,
                A::OrganiserSeances,
                A::DemanderAssistance,
                A::TraiterAssistance,
                A::TenirCellule,
            ],
        },
        Regle {
            role: R::ChefEtab,
            relation: L::SonEtablissement,
            actions: &[
                A::ConsulterParametrage,
                A::ConsulterEtablissement,
                A::ModifierEtablissement,
                A::ConsulterCapacites,
                A::ConsulterTaux,
                A::PublierFormation,
                A::ConfirmerCapacite,
                A::DemanderFormation,
                A::ConsulterDossiers,
                A::ClasserInternat,
                A::TransmettreInternat,
                A::GererComptes,
                A::GererJetons,
                A::ConsulterComptes,
                A::InviterComptes,
                A::SecuriserEtablissement,
                A::ConsulterEchanges,
                A::EcrireEchange,
                A::ConsulterInformations,
                A::ConsulterSeances,
                A::AccepterCharte,
                A::DemanderAssistance,
            ],
        },
        Regle {
            role: R::AdminSite,
            relation: L::SonEtablissement,
            actions: &[
                A::ConsulterParametrage,
                A::ConsulterEtablissement,
                A::ModifierEtablissement,
                A::ConsulterCapacites,
                A::ModifierFormation,
                A::ModifierCapacites,
                A::PublierFormation,
                A::ConfirmerCapacite,
                A::DemanderFormation,
                A::RegrouperFormations,
                A::ConsulterTaux,
                A::ConsulterDossiers,
                A::ClasserInternat,
                A::TransmettreInternat,
                A::GererComptes,
                A::GererJetons,
                A::ConsulterJournal,
                A::ConsulterComptes,
                A::InviterComptes,
                A::SecuriserEtablissement,
                A::ConsulterEchanges,
                A::EcrireEchange,
                A::ConsulterInformations,
                A::ConsulterSeances,
                A::DemanderAssistance,
                A::TraiterAssistance,
            ],
        },
        Regle {
            role: R::RespFormation,
            relation: L::SaFormation,
            actions: &[
                A::ConsulterParametrage,
                A::ConsulterCapacites,
                A::ModifierFormation,
                A::ModifierCapacites,
                A::PublierFormation,
                A::ConsulterTaux,
                A::ConsulterDossiers,
                A::SaisirClassement,
                A::TransmettreClassement,
                A::ConsulterEchanges,
                A::EcrireEchange,
                A::ConsulterInformations,
                A::ConsulterSeances,
                A::DemanderAssistance,
            ],
        },
        Regle {
            role: R::RespFormation,
            relation: L::SonEtablissement,
            actions: &[A::ConsulterEtablissement],
        },
        Regle {
            role: R::MembreCev,
            relation: L::SaFormation,
            actions: &[
                A::ConsulterParametrage,
                A::ConsulterDossiers,
                A::SaisirClassement,
                A::ConsulterInformations,
                A::ConsulterSeances,
                A::DemanderAssistance,
            ],
        },
        Regle {
            role: R::GestAdmin,
            relation: L::SonEtablissement,
            actions: &[
                A::ConsulterParametrage,
                A::ConsulterEtablissement,
                A::ConsulterDossiers,
                A::ConsulterEchanges,
                A::ConsulterInformations,
                A::ConsulterSeances,
                A::DemanderAssistance,
            ],
        },
        Regle {
            role: R::Lecteur,
            relation: L::SonEtablissement,
            actions: &[
                A::ConsulterParametrage,
                A::ConsulterEtablissement,
                A::ConsulterCapacites,
                A::ConsulterInformations,
                A::ConsulterSeances,
                A::DemanderAssistance,
            ],
        },
        Regle {
            role: R::Candidat,
            relation: L::SonDossier,
            actions: &[
                A::ConsulterDossier,
                A::ModifierDossier,
                A::FormulerVoeu,
                A::ConfirmerVoeu,
                A::RepondreProposition,
                A::OrdonnerVoeux,
                A::ReglerRepondeur,
                A::DemanderAssistance,
            ],
        },
        Regle {
            role: R::Public,
            relation: L::Tout,
            actions: &[A::ConsulterOffre, A::RejoindreSeancePublique],
        },
        Regle {
            role: R::Logiciel,
            relation: L::SaFormation,
            actions: &[
                A::ConsulterParametrage,
                A::ConsulterCapacites,
                A::ModifierFormation,
                A::ModifierCapacites,
                A::PublierFormation,
                A::ConsulterDossiers,
                A::SaisirClassement,
                A::TransmettreClassement,
                // R-API-11: with what each of the courses concerned was entrusted for.
                A::RegrouperFormations,
                A::ClasserInternat,
                A::TransmettreInternat,
                A::DemanderFormation,
                // R-API-15: with what lets it write the establishment.
                A::ConsulterEchanges,
                A::EcrireEchange,
            ],
        },
        Regle {
            role: R::Logiciel,
            relation: L::SonEtablissement,
            actions: &[
                A::ConsulterEtablissement,
                A::ModifierEtablissement,
                // R-API-12: what is told to whoever gave the token, over this establishment.
                A::ConsulterInformations,
                A::ConsulterSeances,
            ],
        },
        Regle {
            role: R::Logiciel,
            relation: L::SonEtablissementSeul,
            actions: &[A::DemanderFormation, A::ConsulterEchanges, A::EcrireEchange],
        },
        Regle {
            role: R::Systeme,
            relation: L::Tout,
            actions: &[
                A::GererSession,
                A::ImporterOffre,
                A::DeciderApprentissage,
                A::EntretenirPlateforme,
                A::GererComptes,
                A::CalculerPassage,
                A::PublierPassage,
                A::ConsulterPassages,
                A::ConsulterOffre,
                A::FormulerVoeu,
                A::ConfirmerVoeu,
                A::ModifierDossier,
                A::RepondreProposition,
                A::FixerTaux,
                A::TransmettreClassement,
                A::SaisirClassement,
                A::ClasserInternat,
                A::TransmettreInternat,
                A::PublierFormation,
            ],
        },
    ]
};

/// The people whom a step of the calendar concerns: those to whom the table gives an action that it opens. Not those who
/// run the platform, nor everybody.
pub fn roles_of(etape: Etape) -> Vec<Role> {
    let concerne = |r: &&Regle| {
        !matches!(
            r.role,
            Role::AdminNational | Role::Auditeur | Role::Logiciel | Role::Systeme | Role::Public
        ) && r.actions.iter().any(|a| a.etapes().contains(&etape))
    };
    let mut roles: Vec<Role> = TABLE.iter().filter(concerne).map(|r| r.role).collect();
    roles.dedup();
    roles
}

/// The roles to which a line of the table gives the action, over whatever perimeter.
pub fn roles_allowed(action: Action) -> Vec<Role> {
    let mut roles: Vec<Role> = TABLE.iter().filter(|r| r.actions.contains(&action)).map(|r| r.role).collect();
    roles.dedup();
    roles
}

/// What the table gives a role, in its order.
pub fn actions_of(role: Role) -> Vec<Action> {
    TABLE.iter().filter(|r| r.role == role).flat_map(|r| r.actions).copied().collect()
}

/// What ties the role to the objects of the action; `None` when the table does not give it.
pub fn relation_of(role: Role, action: Action) -> Option<Relation> {
    TABLE.iter().find(|r| r.role == role && r.actions.contains(&action)).map(|r| r.relation)
}

/// The steps whose dates matter to this person in a session, in the order of the campaign; none to the public.
pub fn etapes_of(acteur: &Acteur, session: i64) -> Vec<Etape> {
    let siennes = |a: &&Attribution| a.role != Role::Public && a.session.is_none_or(|s| s == session);
    let suit = |etape: &Etape| {
        acteur.attributions.iter().filter(siennes).any(|a| {
            TABLE
                .iter()
                .filter(|r| r.role == a.role)
                .flat_map(|r| r.actions)
                .any(|action| a.allows(*action) && action.suivies().contains(etape))
        })
    };
    Etape::ALL.into_iter().filter(suit).collect()
}

/// A role that a person holds, and over what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribution {
    /// One line each when a person holds several.
    pub role: Role,
    /// Internal key of the session; `None` = every session.
    pub session: Option<i64>,
    /// Internal key; `None` for a role that is not over an establishment.
    pub etablissement: Option<i64>,
    /// Permanent formation, not its settings of a session.
    pub formation: Option<i64>,
    /// Codes; empty for a role that is not over académies.
    pub academies: Vec<String>,
    /// Internal key of the record; `None` but for a candidate.
    pub candidat: Option<i64>,
    /// What of the role is delegated (R-DRO-03); `None` = all of it.
    pub operations: Option<Operations>,
}

/// Who is acting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acteur {
    /// Internal key of the account; `None` for the public and the system.
    pub compte: Option<i64>,
    /// Name shown to the person and in the journal of commands.
    pub nom: String,
    /// They add up; empty: nothing is allowed.
    pub attributions: Vec<Attribution>,
}

impl Acteur {
    /// Anybody without an account.
    pub fn public() -> Self {
        Self { compte: None, nom: String::new(), attributions: vec![Attribution::simple(Role::Public)] }
    }

    /// A scheduled job or an operator's command, named.
    pub fn systeme(nom: &str) -> Self {
        Self { compte: None, nom: nom.to_owned(), attributions: vec![Attribution::simple(Role::Systeme)] }
    }

    /// The candidate record of this person, if any.
    pub fn candidat(&self) -> Option<i64> {
        self.attributions.iter().find_map(|a| a.candidat)
    }
}

impl Attribution {
    /// A role with no perimeter.
    pub fn simple(role: Role) -> Self {
        Self {
            role,
            session: None,
            etablissement: None,
            formation: None,
            academies: Vec::new(),
            candidat: None,
            operations: None,
        }
    }

    /// Whether what is delegated includes the action.
    fn allows(&self, action: Action) -> bool {
        let necessaire = action.operation_for(self.role);
        self.operations.is_none_or(|o| !o.is_empty() && necessaire.is_none_or(|a| o.contains(a)))
    }

    fn covers(&self, relation: Relation, cible: &Cible) -> bool {
        if self.operations.is_some_and(Operations::is_empty) {
            return false;
        }
        if self.session.is_some() && cible.session.is_some() && self.session != cible.session {
            return false;
        }
        match relation {
            Relation::Tout => true,
            Relation::SonEtablissement => {
                self.etablissement.is_some() && self.etablissement == cible.etablissement
            }
            Relation::SonEtablissementSeul => {
                self.formation.is_none()
                    && cible.formation.is_none()
                    && self.etablissement.is_some()
                    && self.etablissement == cible.etablissement
            }
            Relation::SaFormation => self.formation.is_some() && self.formation == cible.formation,
            Relation::SonAcademie => cible.academie.as_ref().is_some_and(|a| self.academies.contains(a)),
            Relation::SonDossier => self.candidat.is_some() && self.candidat == cible.candidat,
        }
    }
}

/// What an action is about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cible {
    /// Internal key; `None`: the target belongs to no session.
    pub session: Option<i64>,
    /// Internal key; `None`: out of reach of whoever holds an establishment.
    pub etablissement: Option<i64>,
    /// Permanent formation.
    pub formation: Option<i64>,
    /// Code; `None`: out of reach of an académie.
    pub academie: Option<String>,
    /// Internal key of the record; `None`: out of reach of any candidate.
    pub candidat: Option<i64>,
}

impl Cible {
    /// Something that belongs to nobody in particular: the platform itself.
    pub fn plateforme() -> Self {
        Self::default()
    }

    /// A course of a session, by the keys of its establishment and of the permanent course.
    pub fn formation(session: i64, etablissement: i64, formation: i64, academie: &str) -> Self {
        Self {
            session: Some(session),
            etablissement: Some(etablissement),
            formation: Some(formation),
            academie: Some(academie.to_owned()),
            candidat: None,
        }
    }

    /// A candidate's record.
    pub fn dossier(candidat: i64) -> Self {
        Self { candidat: Some(candidat), ..Self::default() }
    }
}

/// Proof that an action was authorized. Only [`authorize`] makes one.
#[derive(Debug, Clone)]
pub struct Permit {
    action: Action,
    role: Role,
    compte: Option<i64>,
}

impl Permit {
    /// The authorized action.
    pub fn action(&self) -> Action {
        self.action
    }

    /// Given to the platform itself: nobody is there to make a second step.
    pub fn by_platform(&self) -> bool {
        self.role == Role::Systeme
    }

    /// The role under which it is done.
    pub fn role(&self) -> Role {
        self.role
    }

    /// The account that acts.
    pub fn compte(&self) -> Option<i64> {
        self.compte
    }
}

/// A refusal. `connu` tells whether the person may know that the object exists (403) or not (404, HAB-3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("action refused")]
pub struct Denial {
    /// What was asked for.
    pub action: Action,
    /// 403 rather than 404.
    pub connu: bool,
}

/// Decides whether the person may do this to that.
///
/// # Errors
/// [`Denial`] unless a line of the table allows it.
pub fn authorize(acteur: &Acteur, action: Action, cible: &Cible) -> Result<Permit, Denial> {
    let mut connu = false;
    for attribution in &acteur.attributions {
        for regle in TABLE.iter().filter(|r| r.role == attribution.role) {
            if !attribution.covers(regle.relation, cible) {
                continue;
            }
            if regle.actions.contains(&action) && attribution.allows(action) {
                return Ok(Permit { action, role: attribution.role, compte: acteur.compte });
            }
            // The published offer is everybody's: it says nothing of an object that is not published.
            connu |= attribution.role != Role::Public;
        }
    }
    Err(Denial { action, connu })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(attribution: Attribution) -> Acteur {
        Acteur { compte: Some(1), nom: "essai".to_owned(), attributions: vec![attribution] }
    }

    #[test]
    fn r_dro_01_hab_3_reading_the_published_offer_does_not_make_a_neighbour_known() {
        let mut voisin =
            person(Attribution { formation: Some(8), ..Attribution::simple(Role::RespFormation) });
        voisin.attributions.push(Attribution::simple(Role::Public));
        let cible = Cible { formation: Some(9), ..Cible::default() };
        assert!(!authorize(&voisin, Action::ModifierCapacites, &cible).expect_err("neighbour").connu);
    }

    #[test]
    fn hab_3_a_perimeter_of_another_session_does_not_count() {
        let chef = person(Attribution {
            session: Some(1),
            etablissement: Some(7),
            ..Attribution::simple(Role::ChefEtab)
        });
        let ici = scope_session(&chef, Action::ConsulterParametrage, 1).expect("own session");
        assert_eq!(ici.portee().etablissements, [7]);
        assert!(scope_session(&chef, Action::ConsulterParametrage, 2).is_err());
        let cible = |session| Cible { session: Some(session), etablissement: Some(7), ..Cible::default() };
        assert!(authorize(&chef, Action::ConsulterParametrage, &cible(1)).is_ok());
        assert!(authorize(&chef, Action::ConsulterParametrage, &cible(2)).is_err_and(|d| !d.connu));
    }

    #[test]
    fn r_dro_01_hab_3_a_neighbour_establishment_is_as_unknown_as_an_absent_one() {
        let chef = person(Attribution { etablissement: Some(7), ..Attribution::simple(Role::AdminSite) });
        let sien = Cible { etablissement: Some(7), ..Cible::default() };
        let voisin = Cible { etablissement: Some(8), ..Cible::default() };
        assert!(authorize(&chef, Action::ModifierCapacites, &sien).is_ok());
        assert!(!authorize(&chef, Action::ModifierCapacites, &voisin).unwrap_err().connu);
        assert!(authorize(&chef, Action::FixerTaux, &sien).unwrap_err().connu);
    }

    #[test]
    fn r_dro_01_the_public_reads_the_published_offer_and_joins_public_sessions_no_more() {
        for action in Action::ALL {
            let permis = authorize(&Acteur::public(), action, &Cible::plateforme()).is_ok();
            let attendu = matches!(action, Action::ConsulterOffre | Action::RejoindreSeancePublique);
            assert_eq!(permis, attendu, "{action:?}");
        }
    }

    #[test]
    fn r_dro_01_a_candidate_only_touches_their_own_record() {
        let lea = person(Attribution { candidat: Some(3), ..Attribution::simple(Role::Candidat) });
        assert!(authorize(&lea, Action::FormulerVoeu, &Cible::dossier(3)).is_ok());
        assert!(authorize(&lea, Action::FormulerVoeu, &Cible::dossier(4)).is_err());
    }

    #[test]
    fn r_dro_01_the_dates_shown_are_those_of_what_one_may_do() {
        use Etape as E;
        let suit = |role| etapes_of(&person(Attribution::simple(role)), 1);
        assert_eq!(
            suit(Role::Candidat),
            [E::Voeux, E::Confirmation, E::Admission, E::Ordonnancement, E::Desistements, E::Repondeur]
        );
        assert_eq!(suit(Role::Academie), [E::Parametrage, E::CapacitesFrais, E::Taux]);
        assert_eq!(suit(Role::Lecteur), [E::Parametrage, E::CapacitesFrais]);
        assert_eq!(suit(Role::GestAdmin), [E::Parametrage, E::CapacitesFrais, E::Examen]);
        assert_eq!(suit(Role::AdminNational), E::ALL);
        assert!(etapes_of(&Acteur::public(), 1).is_empty());
        // Every step that opens an action is among those followed by whoever has the action.
        for action in Action::ALL {
            assert!(action.etapes().iter().all(|e| action.suivies().contains(e)), "{action:?}");
        }
        let ailleurs = Attribution { session: Some(2), ..Attribution::simple(Role::Academie) };
        assert!(etapes_of(&person(ailleurs), 1).is_empty());
        let sans_rien = Attribution {
            operations: Some(crate::delegations::Operations::AUCUNE),
            ..Attribution::simple(Role::RespFormation)
        };
        assert!(etapes_of(&person(sans_rien), 1).is_empty());
    }

    #[test]
    fn r_dro_01_a_scope_adds_the_perimeters_of_every_attribution() {
        let mut agent =
            person(Attribution { academies: vec!["20".into()], ..Attribution::simple(Role::Academie) });
        agent
            .attributions
            .push(Attribution { academies: vec!["09".into()], ..Attribution::simple(Role::Academie) });
        let portee = scope(&agent, Action::FixerTaux).expect("allowed").portee().clone();
        assert_eq!(portee.academies, ["20", "09"]);
        assert!(!portee.tout);
        assert!(scope(&agent, Action::PublierPassage).is_err());
    }

    /// The printed matrix is reviewed with the table (HAB-1): changing one without the other fails here.
    #[test]
    fn r_dro_01_the_printed_matrix_is_the_reviewed_one() {
        let mut imprime = String::from("role;relation;action;etape\n");
        for regle in TABLE {
            for action in regle.actions {
                let etapes: Vec<&str> = action.etapes().iter().map(|e| e.code()).collect();
                let etape = if etapes.is_empty() { "toujours".to_owned() } else { etapes.join(" ou ") };
                imprime.push_str(&format!(
                    "{};{:?};{};{}\n",
                    regle.role.code(),
                    regle.relation,
                    action.code(),
                    etape
                ));
            }
        }
        let chemin = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/droits.csv");
        if std::env::var_os("BLESS").is_some() {
            std::fs::write(chemin, &imprime).expect("docs/droits.csv is writable");
        }
        assert_eq!(
            std::fs::read_to_string(chemin).unwrap_or_default(),
            imprime,
            "run `cargo xtask bless` after review"
        );
    }
}
