//! One record: what it says, what is to be looked at, what happened to it.

use std::collections::{BTreeMap, BTreeSet};

use domain::apprentissage::{
    Appariement, Champ, Changement, Constat, Fiche, Moment, Periode, Restructuration, Statut,
    check_appariement, constats,
};
use domain::calendrier::MOIS;
use domain::droits::Action;
use domain::{PublicId, RuleViolation};
use serde::Deserialize;
use store::Sql;
use store::apprentissage::{self as base, LigneEvenement};

use super::liste::{decisions, departement};
use super::rapprocher::voisinage;
use super::{cible, gardee, load, read, statut};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::imports::{change, restructure};
use crate::sessions::{self, SessionAdmission};

/// Something that happened to a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvenementVu {
    /// French, with its capital: « Modification », « Intégration ».
    pub quoi: &'static str,
    /// UTC milliseconds.
    pub le: i64,
    /// By whom, when it was a person.
    pub par: Option<String>,
    /// The status that it took.
    pub statut: Option<Statut>,
    /// Why.
    pub raison: Option<String>,
    /// Sentences without final stop.
    pub details: Vec<String>,
}

/// What an event of a record says, as its history keeps it.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Detail {
    champs: Vec<Changement>,
    motifs: Vec<Restructuration>,
    quoi: Option<String>,
}

impl Detail {
    /// R-APP-17: whether nothing but the registers changed what the record says.
    fn is_complement(&self) -> bool {
        !self.champs.is_empty() && self.champs.iter().all(|c| c.champ.is_complement())
    }

    /// R-APP-14: whether the record's codes of establishments changed then; `None`: neither did they, nor was its course given to the
    /// establishment that has it.
    fn changes_hands(&self) -> Option<bool> {
        if matches!(self.quoi.as_deref(), Some("integration" | "rattachement" | "cession")) {
            return Some(false);
        }
        self.champs.iter().any(|c| c.champ.is_code_etablissement()).then_some(true)
    }
}

/// R-APP-14: those of these records whose codes of establishments changed since their course is where it is.
pub(super) async fn changed_hands(c: &impl Sql, fiches: &[i64]) -> Result<BTreeSet<i64>, AppError> {
    let mut dits: BTreeMap<i64, bool> = BTreeMap::new();
    for (fiche, detail) in base::details_evenements(c, fiches).await? {
        // Newest first: the first that says anything decides.
        if !dits.contains_key(&fiche) {
            let detail: Detail = serde_json::from_str(&detail).unwrap_or_default();
            dits.extend(detail.changes_hands().map(|change| (fiche, change)));
        }
    }
    Ok(dits.into_iter().filter(|(_, change)| *change).map(|(fiche, _)| fiche).collect())
}

impl EvenementVu {
    fn new(l: LigneEvenement) -> Self {
        let detail: Detail = serde_json::from_str(&l.detail).unwrap_or_default();
        let quoi = match (l.issue.as_str(), detail.quoi.as_deref()) {
            ("creation", _) => "Arrivée dans le catalogue",
            ("modification", _) if detail.is_complement() => "Complément d’après les registres nationaux",
            ("modification", _) => "Modification par le catalogue",
            ("restructuration", _) => "Restructuration",
            ("retrait", _) => "Retrait du catalogue",
            ("retour", _) => "Retour dans le catalogue",
            ("reevaluation", _) => "Nouvelle évaluation",
            (_, Some("integration")) => "Intégration : la formation est créée",
            (_, Some("rattachement")) => "Intégration : la formation existait déjà",
            (_, Some("cession")) => "Formation passée à un autre établissement",
            (_, Some("mise_a_jour")) => "Formation mise à jour d’après le catalogue",
            (_, Some("publication")) => "Publication de la formation",
            (_, Some("rejet")) => "Rejet par la plateforme",
            (_, Some("fermeture")) => "Fermeture de la formation",
            (_, Some("suspension")) => "Suspension de la formation, que des candidats demandent",
            (_, Some("doublon")) => "Choix entre des doublons",
            (_, Some("rapprochement")) => "Comparaison avec une formation déclarée par l’établissement",
            _ => "Décision du service académique",
        };
        Self {
            quoi,
            le: l.cree_le,
            par: l.par,
            statut: l.statut.as_deref().and_then(Statut::from_code),
            raison: l.raison,
            details: detail.motifs.iter().map(restructure).chain(detail.champs.iter().map(change)).collect(),
        }
    }
}

/// A record as an agent, or its establishment, reads it.
#[derive(Debug, Clone)]
pub struct FicheVue {
    /// The one of the address.
    pub session: SessionAdmission,
    /// Public identifier.
    pub id: String,
    /// Sent back by the forms: a record changed in between is a conflict.
    pub version: i64,
    /// Identifier in the catalogue.
    pub identifiant: String,
    /// Empty when nothing names the course.
    pub intitule: String,
    /// « Somme (80) »; empty when nobody knows where it is.
    pub departement: String,
    /// Where it stands.
    pub statut: Statut,
    /// Why.
    pub raison: Option<String>,
    /// (name, value) of what it says.
    pub champs: Vec<(&'static str, String)>,
    /// R-APP-07.
    pub constats: Vec<Constat>,
    /// R-APP-01: towns and distance.
    pub appariement: Option<Appariement>,
    /// What may be decided, with the rule that refuses it now; empty in an archived session.
    pub decisions: Vec<(Statut, Result<(), RuleViolation>)>,
    /// Records that say the same course, this one included; 1: alone.
    pub groupe: usize,
    /// Identifier of the record that it repeats.
    pub doublon_de: Option<String>,
    /// R-APP-19: courses of its establishment that it may describe, and whether integration waits until somebody says so.
    pub voisines: (usize, bool),
    /// Public identifier and state of the course made of it.
    pub formation: Option<(String, String)>,
    /// R-APP-14: the establishment that has the course, and the one that the record names, when they differ.
    pub ailleurs: Option<(String, String)>,
    /// Whether the last day had it.
    pub presente: bool,
    /// Newest first.
    pub evenements: Vec<EvenementVu>,
}

/// What a field says, as a person reads it: towns named when the record names them, months in words.
fn said(fiche: &Fiche, champ: Champ) -> String {
    let ville = fiche.lieu.ville.as_deref().filter(|_| fiche.lieu.commune.is_some());
    match champ {
        Champ::CommuneGestionnaire | Champ::CommuneFormateur | Champ::CommuneLieu => {
            let code = fiche.valeur(champ);
            match ville.filter(|_| fiche.lieu.commune.as_ref() == Some(&code)) {
                _ if code.is_empty() => code,
                Some(ville) => format!("{ville} (code INSEE {code})"),
                None => format!("code INSEE {code}"),
            }
        }
        // Said with the code.
        Champ::VilleLieu if ville.is_some() => String::new(),
        Champ::Periodes => fiche.periodes.iter().map(period).collect::<Vec<_>>().join(" ; "),
        champ => fiche.valeur(champ),
    }
}

/// « septembre 2024 », « 2 septembre 2024, jusqu’au 30 juin 2026 ».
fn period(p: &Periode) -> String {
    let debut = moment(p.debut);
    match p.fin {
        None => debut,
        Some(fin) if fin.jour.is_some() => format!("{debut}, jusqu’au {}", moment(fin)),
        Some(fin) => format!("{debut}, jusqu’en {}", moment(fin)),
    }
}

fn moment(m: Moment) -> String {
    let nom = usize::try_from(m.mois - 1).ok().and_then(|i| MOIS.get(i)).copied().unwrap_or_default();
    match m.jour {
        None => format!("{nom} {}", m.annee),
        Some(1) => format!("1er {nom} {}", m.annee),
        Some(jour) => format!("{jour} {nom} {}", m.annee),
    }
}

/// A record of the agent's academies.
///
/// # Errors
/// [`AppError::NotFound`] for a record that does not exist or is out of their perimeter.
pub async fn view_fiche(ctx: &Ctx, annee: i64, id: &PublicId) -> Result<FicheVue, AppError> {
    let db = &ctx.app.db;
    let session = sessions::session(db, annee).await?;
    let f = load(db, &session, id).await?;
    ctx.permit(Action::DeciderApprentissage, &cible(&session, &f))?;
    let fiche = read(&f.contenu)?;
    let ou = statut(&f.statut)?;
    let groupe = base::groupe(db, session.id, &f.flux, gardee(&f)).await?;
    let evenements = base::evenements(db, f.id).await?;
    let (voisines, attend) = voisinage(db, session.id, (&f, &fiche)).await?;
    let champs = Champ::ALL
        .into_iter()
        .map(|c| (c.libelle(), said(&fiche, c)))
        .filter(|(_, v)| !v.is_empty())
        .collect();
    Ok(FicheVue {
        id: f.public_id,
        version: f.version,
        identifiant: f.identifiant,
        intitule: fiche.titre().unwrap_or_default().to_owned(),
        departement: departement(fiche.departement().map_or("", |d| d.code)),
        statut: ou,
        raison: f.raison,
        champs,
        constats: constats(&fiche),
        appariement: check_appariement(&fiche),
        decisions: if session.archivee { Vec::new() } else { decisions(ou, &fiche) },
        groupe: groupe.len().max(1),
        voisines: (voisines.len(), attend && !session.archivee),
        doublon_de: f.doublon_de,
        formation: f.formation.zip(f.formation_etat),
        ailleurs: f.formation_uai.zip(fiche.uai().map(str::to_owned)).filter(|(ici, nomme)| ici != nomme),
        presente: f.presente == 1,
        evenements: evenements.into_iter().map(EvenementVu::new).collect(),
        session,
    })
}
