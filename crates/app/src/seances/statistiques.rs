//! Who registered and who came, by type of course, by department, by kind of person: for the service that organises.

use std::collections::BTreeMap;

use domain::droits::{Action, scope_session};
use domain::formations::Famille;
use domain::seances::{EtatInscription, Qualite};
use domain::territoires::departement;
use jiff::Timestamp;
use store::seances::{self as base, LigneProfil, LigneSeance};

use super::organiser::{is_own, right};
use crate::actualites::academies_of;
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::messages::date_heure;
use crate::sessions::{self, SessionAdmission};
use crate::tableaux::{FichierTableau, FormatTableau, Table, nom_departement};

/// What is counted on a line.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Comptes {
    /// With a place.
    pub inscrits: i64,
    /// On the waiting list.
    pub attente: i64,
    /// Among the first, who came.
    pub presents: i64,
}

impl Comptes {
    fn add(&mut self, p: &LigneProfil) {
        match p.etat {
            EtatInscription::Inscrit => {
                self.inscrits += 1;
                self.presents += i64::from(p.presente);
            }
            EtatInscription::Attente => self.attente += 1,
            EtatInscription::AVerifier => {}
        }
    }
}

/// The counts of a service. Somebody who runs courses of two types counts in both.
#[derive(Debug, Clone)]
pub struct Bilan {
    /// The one of the address.
    pub session: SessionAdmission,
    /// Codes of the academies whose people are counted in the sessions of the national team; `None`: everybody.
    pub academies: Option<Vec<String>>,
    /// Each registration once.
    pub total: Comptes,
    /// Title, beginning, whether the service organises it, counts; in the order of their beginnings.
    pub seances: Vec<(String, i64, bool, Comptes)>,
    /// French label of the type.
    pub familles: Vec<(String, Comptes)>,
    /// French label of the department.
    pub departements: Vec<(String, Comptes)>,
    /// French label of the kind of person of the public site.
    pub qualites: Vec<(String, Comptes)>,
}

fn label(critere: &str, code: &str) -> String {
    match critere {
        "famille" => Famille::from_code(code).map_or_else(|| code.to_owned(), |f| f.libelle().to_owned()),
        "qualite" => Qualite::from_code(code).map_or_else(|| code.to_owned(), |q| q.libelle().to_owned()),
        _ => nom_departement(code.to_owned()),
    }
}

/// What a registration is counted under when nothing says it better.
const SANS_FAMILLE: &str = "Sans formation (services académiques, équipe nationale)";
const SANS_DEPARTEMENT: &str = "Sans département (services académiques, équipe nationale)";

/// The counts of the sessions that the person's service organises and, for an academic service, of the people of its departments
/// in those of the national team (R-SEA-11).
///
/// # Errors
/// [`AppError::Denied`] for those who organise nothing.
pub async fn statistics(ctx: &Ctx, annee: i64) -> Result<Bilan, AppError> {
    let db = &ctx.app.db;
    let session = sessions::session(db, annee).await?;
    let scope = scope_session(&ctx.acteur, Action::OrganiserSeances, session.id)?;
    let portee = academies_of(&scope);
    let mut lignes = base::seances(db, session.id).await?;
    // Who registered in what was not held is nobody's attendance.
    lignes.retain(|l| l.annulee_le.is_none());
    let profils = base::profils(db, session.id).await?;
    let siennes: BTreeMap<i64, (&LigneSeance, bool)> =
        lignes.iter().map(|l| (l.id, (l, is_own(&scope, l)))).collect();
    let sien = |code: &str| {
        let dans = |academies: &Vec<String>| {
            departement(code).is_some_and(|d| academies.iter().any(|a| a == d.academie))
        };
        portee.as_ref().is_none_or(dans)
    };
    let ici = |p: &LigneProfil| {
        portee.is_none() || p.profil.iter().any(|(critere, code)| critere == "departement" && sien(code))
    };
    let mut total = Comptes::default();
    let mut par_seance: BTreeMap<i64, Comptes> =
        siennes.iter().filter(|(_, (_, sienne))| *sienne).map(|(id, _)| (*id, Comptes::default())).collect();
    let mut par_critere: BTreeMap<(&'static str, String), Comptes> = BTreeMap::new();
    for p in &profils {
        let Some((l, sienne)) = siennes.get(&p.seance) else { continue };
        if !sienne && !ici(p) {
            continue;
        }
        total.add(p);
        par_seance.entry(p.seance).or_default().add(p);
        let criteres: &[(&'static str, &str)] = if l.programme.is_public() {
            &[("qualite", ""), ("departement", SANS_DEPARTEMENT)]
        } else {
            &[("famille", SANS_FAMILLE), ("departement", SANS_DEPARTEMENT)]
        };
        for &(critere, sinon) in criteres {
            let mut codes = p
                .profil
                .iter()
                .filter(|(c, code)| c == critere && (*sienne || c != "departement" || sien(code)))
                .map(|(_, code)| label(critere, code))
                .peekable();
            if codes.peek().is_none() && !sinon.is_empty() {
                par_critere.entry((critere, sinon.to_owned())).or_default().add(p);
            }
            codes.for_each(|libelle| par_critere.entry((critere, libelle)).or_default().add(p));
        }
    }
    let de = |critere: &str| {
        par_critere.iter().filter(|((c, _), _)| *c == critere).map(|((_, l), n)| (l.clone(), *n)).collect()
    };
    let seances = lignes
        .iter()
        .filter_map(|l| {
            let n = par_seance.get(&l.id)?;
            Some((l.programme.titre.clone(), l.programme.debut, is_own(&scope, l), *n))
        })
        .collect();
    Ok(Bilan {
        familles: de("famille"),
        departements: de("departement"),
        qualites: de("qualite"),
        academies: portee,
        session,
        total,
        seances,
    })
}

/// Columns of the file, and what each is in the journal.
pub(crate) const COLONNES: [(&str, &str); 5] = [
    ("Compté par", "critere"),
    ("Valeur", "valeur"),
    ("Inscrits", "inscrits"),
    ("En attente", "attente"),
    ("Présents", "presents"),
];

/// The same as the page, whole, protected against formulas (ENT-4); nobody's name is in it.
///
/// # Errors
/// As [`statistics`]; [`AppError::TooMany`] when too many files left.
pub async fn export_statistics(
    ctx: &Ctx,
    annee: i64,
    format: FormatTableau,
) -> Result<FichierTableau, AppError> {
    let _tour = ctx.export_turn().await?;
    let b = statistics(ctx, annee).await?;
    let (_, permit) = right(ctx, b.session.id)?;
    let row = |critere: &str, valeur: String, n: Comptes| {
        [critere.to_owned(), valeur, n.inscrits.to_string(), n.attente.to_string(), n.presents.to_string()]
    };
    let mut rangees: Vec<[String; COLONNES.len()]> = Vec::new();
    for (titre, debut, _, n) in &b.seances {
        let quand = Timestamp::from_millisecond(*debut).map(date_heure).unwrap_or_default();
        rangees.push(row("Séance", format!("{titre}, {quand}"), *n));
    }
    for (critere, lignes) in
        [("Type de formation", &b.familles), ("Département", &b.departements), ("Public", &b.qualites)]
    {
        rangees.extend(lignes.iter().map(|(valeur, n)| row(critere, valeur.clone(), *n)));
    }
    rangees.push(row("Ensemble", "Toutes les séances".to_owned(), b.total));
    let table = Table {
        titre: "Séances",
        objet: ("seance", "statistiques"),
        nom: format!("seances-{annee}"),
        colonnes: &COLONNES,
        lignes: &rangees,
    };
    table.leave(ctx, &permit, format).await
}
