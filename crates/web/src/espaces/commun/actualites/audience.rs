//! Whom something concerns: how it is said, chosen, read.

use std::collections::BTreeSet;

use domain::actualites::Audience;
use domain::comptes::Role;
use domain::droits::{Action, roles_allowed};
use domain::formations::{Famille, StatutFormation};
use domain::territoires::{academie, academies};

use super::enumere;
use crate::components::{Choix, Formulaire, GroupeChoix};

/// Among the types of course, those that the session calls paramedical: value and label.
const PARAMEDICAL: (&str, &str) = ("paramedical", "Formations paramédicales");

/// How light marks are typed.
pub const MARQUES: &str = "Une ligne vide sépare deux paragraphes ; « ## » au début d’une ligne en fait un titre, un tiret l’élément d’une liste ; un lien s’écrit [ses mots](https://adresse).";

/// « Tous les rôles », or the criteria one after the other.
pub fn destinataires(a: &Audience) -> String {
    let roles: Vec<&str> = a.roles.iter().map(|r| r.libelle()).collect();
    let mut familles: Vec<&str> = a.familles.iter().map(|f| f.libelle()).collect();
    if a.paramedical {
        familles.push(PARAMEDICAL.1);
    }
    let statuts: Vec<&str> = a.statuts.iter().map(|s| s.libelle()).collect();
    let noms: Vec<&str> = a.academies.iter().filter_map(|c| academie(c)).map(|a| a.nom).collect();
    let mut dit = if roles.is_empty() { "Tous les rôles".to_owned() } else { enumere(&roles) };
    if !familles.is_empty() {
        dit.push_str(&format!(" ; formations : {}", enumere(&familles)));
    }
    if !statuts.is_empty() {
        dit.push_str(&format!(" ; statut : {}", enumere(&statuts)));
    }
    if !noms.is_empty() {
        let quoi = if noms.len() == 1 { "académie" } else { "académies" };
        dit.push_str(&format!(" ; {quoi} : {}", enumere(&noms)));
    }
    dit
}

/// What was ticked.
pub fn lit_audience(form: &Formulaire) -> Audience {
    let choisis = |nom: &str| form.valeurs(nom).to_vec();
    Audience {
        roles: choisis("roles").iter().filter_map(|c| Role::from_code(c)).collect(),
        familles: choisis("familles").iter().filter_map(|c| Famille::from_code(c)).collect(),
        paramedical: choisis("familles").iter().any(|c| c == PARAMEDICAL.0),
        statuts: choisis("statuts").iter().filter_map(|c| StatutFormation::from_code(c)).collect(),
        academies: choisis("academies").into_iter().collect::<BTreeSet<String>>(),
    }
}

/// Ticks what an audience is made of.
pub fn pose_audience(form: &mut Formulaire, a: &Audience) {
    a.roles.iter().for_each(|r| form.ajoute("roles", r.code()));
    a.familles.iter().for_each(|f| form.ajoute("familles", f.code()));
    if a.paramedical {
        form.ajoute("familles", PARAMEDICAL.0);
    }
    a.statuts.iter().for_each(|s| form.ajoute("statuts", s.code()));
    a.academies.iter().for_each(|c| form.ajoute("academies", c));
}

/// The criteria, as boxes.
pub struct ChampsAudience {
    pub roles: GroupeChoix,
    pub familles: GroupeChoix,
    pub statuts: GroupeChoix,
    pub academies: GroupeChoix,
}

impl ChampsAudience {
    /// `siennes`: the academies that the author may name; `None`: everybody.
    pub fn new(form: &Formulaire, siennes: Option<&[String]>) -> Self {
        let roles: Vec<Choix> = roles_allowed(Action::ConsulterInformations)
            .into_iter()
            .filter(|r| r.signs_in() && *r != Role::AdminNational)
            .map(|r| Choix::new(r.code(), r.libelle()))
            .collect();
        let mut familles: Vec<Choix> =
            Famille::ALL.into_iter().map(|f| Choix::new(f.code(), f.libelle())).collect();
        familles.push(Choix::new(PARAMEDICAL.0, PARAMEDICAL.1));
        let statuts: Vec<Choix> =
            StatutFormation::ALL.into_iter().map(|s| Choix::new(s.code(), s.libelle())).collect();
        let est_sienne = |code: &str| siennes.is_none_or(|a| a.iter().any(|c| c == code));
        let possibles: Vec<Choix> =
            academies().iter().filter(|a| est_sienne(a.code)).map(|a| Choix::new(a.code, a.nom)).collect();
        Self {
            roles: form.cases("roles", "Rôles", &roles).indice("Aucune case cochée : tous les rôles."),
            familles: form
                .cases("familles", "Types de formation", &familles)
                .indice("Aucune case cochée : quelles que soient leurs formations."),
            statuts: form
                .cases("statuts", "Statut des formations", &statuts)
                .indice("Aucune case cochée : quel que soit leur statut."),
            academies: form.cases("academies", "Académies", &possibles).indice(if siennes.is_some() {
                "Au moins une : votre service ne s’adresse qu’à ses académies."
            } else {
                "Aucune case cochée : toute la France."
            }),
        }
    }
}
