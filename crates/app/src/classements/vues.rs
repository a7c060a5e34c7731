//! The group on screen, a page at a time. Reading records is itself recorded (JOU-1).

use std::collections::HashMap;

use domain::RuleViolation;
use domain::candidats::TypeBac;
use domain::classements::par_moyenne;
use domain::droits::{Action, Permit};
use jiff::Timestamp;
use store::Sql;
use store::classements as base;

use super::{Groupe, Nature, Objet, Situation, load_groupe, load_situation};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::journal::{Lecture, record_lecture};

/// Candidates on one page of the list.
pub const PAR_PAGE: usize = 50;

/// A ranking group, ready to be shown.
#[derive(Debug, Clone)]
pub struct GroupeVue {
    /// Year of the session.
    pub annee: i64,
    /// In the addresses of the group’s pages.
    pub public_id: String,
    /// Label of the group.
    pub libelle: String,
    /// What is ranked.
    pub nature: Nature,
    /// Public identifier of the course of the session, or of the establishment of a boarding school.
    pub parent: String,
    /// « BTS Électronique – Lycée Ampère ».
    pub formation: String,
    /// R-REG-03: the courses that this ranking serves, when there are several; course and establishment. For a boarding school,
    /// each of those it serves.
    pub formations_communes: Vec<String>,
    /// R-INT-02: candidates of a boarding school whom another one, transmitted, ranks.
    pub ailleurs: usize,
    /// R-INT-02: other boarding schools that serve the same courses and are still to be transmitted.
    pub attendus: usize,
    /// Candidates may be left without a rank.
    pub selective: bool,
    /// Nothing to rank: everyone is called on the first day (§3.4).
    pub sans_classement: bool,
    /// All those of the group, ranked or not.
    pub candidats: usize,
    /// Candidates with a rank, 1 to this number.
    pub classes: usize,
    /// Candidates who share their average with another one.
    pub ex_aequo: u32,
    /// From 1, within the pages that exist.
    pub page: usize,
    /// At least 1.
    pub pages: usize,
    /// The candidates of the page: ranked ones by rank, then the others by file number. Empty before the step opens.
    pub lignes: Vec<LigneVue>,
    /// An order is saved and not sent.
    pub brouillon: bool,
    /// Instant of the campaign; `None` until sent.
    pub transmis_le: Option<Timestamp>,
    /// SHA-256 of the list sent, in hexadecimal; `None` until sent.
    pub empreinte: Option<String>,
    /// Sent back by the forms: an order changed in between is a conflict.
    pub version: i64,
    /// The order may be changed now.
    pub peut_saisir: bool,
    /// The order may be sent now; sending is final.
    pub peut_transmettre: bool,
    /// Why not, when the calendar or the ranking forbids it.
    pub refus: Option<RuleViolation>,
    /// End of the step.
    pub ferme: Option<Timestamp>,
}

/// One candidate of the list.
#[derive(Debug, Clone)]
pub struct LigneVue {
    /// File number: what files and forms name the candidate by.
    pub numero: i64,
    /// Birth name.
    pub nom: String,
    /// First name in use.
    pub prenom: String,
    /// French label; empty for a stored code that is no longer known.
    pub type_bac: &'static str,
    /// Series or speciality; may be empty.
    pub serie: String,
    /// Present or last school; may be empty.
    pub etablissement_origine: String,
    /// In hundredths.
    pub moyenne: Option<i64>,
    /// « avec », « sans » or « avec ou sans »: the variants wished.
    pub internat: &'static str,
    /// Courses for which boarding is asked; empty in a group.
    pub formations: String,
    /// From 1; `None`: not ranked.
    pub rang: Option<u32>,
}

/// Reads a page of the records of a group (`page` from 1; out of bounds falls on the nearest).
///
/// # Errors
/// [`AppError::Denied`] or [`AppError::NotFound`], alike for whoever may not know the group.
pub async fn groupe_vue(
    ctx: &Ctx,
    annee: i64,
    groupe: impl Into<Objet<'_>>,
    page: usize,
) -> Result<GroupeVue, AppError> {
    let tx = ctx.begin().await?;
    let c = charge(&tx, ctx, annee, groupe.into(), Some(page)).await?;
    if !c.vue.lignes.is_empty() {
        let numeros: Vec<i64> = c.vue.lignes.iter().map(|l| l.numero).collect();
        let lecture =
            Lecture { dossiers: c.situation.cles(&numeros), ..c.groupe.lecture(c.groupe.champs_lus()) };
        record_lecture(&tx, ctx, &c.permit, &lecture).await?;
    }
    tx.commit().await?;
    Ok(c.vue)
}

/// Where a group stands, without the records of anybody: nothing is read of them, and nothing noted (JOU-1).
///
/// # Errors
/// As [`groupe_vue`].
pub async fn groupe_etat(ctx: &Ctx, annee: i64, groupe: impl Into<Objet<'_>>) -> Result<GroupeVue, AppError> {
    Ok(charge(&ctx.app.db, ctx, annee, groupe.into(), None).await?.vue)
}

struct Chargee {
    vue: GroupeVue,
    groupe: Groupe,
    situation: Situation,
    permit: Permit,
}

/// `page`: the records shown; none: no record.
async fn charge(
    c: &impl Sql,
    ctx: &Ctx,
    annee: i64,
    objet: Objet<'_>,
    page: Option<usize>,
) -> Result<Chargee, AppError> {
    let g = load_groupe(c, annee, objet).await?;
    let permit = g.permit(ctx, Action::ConsulterDossiers)?;
    let ouverture = g.require_open(ctx);
    // Records are frozen and shown from the opening of the examination on, not before.
    let lisible =
        !matches!(ouverture, Err(RuleViolation::NotYetOpen { .. } | RuleViolation::NotScheduled { .. }));
    let s = load_situation(c, &g).await?;
    let refus = ouverture.and_then(|()| s.require_brouillon()).err();
    let peut = |action: Action| refus.is_none() && g.may(ctx, action);
    let (peut_saisir, peut_transmettre) = (peut(g.saisir()), peut(g.transmettre()));
    let pages = s.candidats.len().div_ceil(PAR_PAGE).max(1);
    let montre = page.is_some() && lisible;
    let page = page.unwrap_or(1).clamp(1, pages);
    let formations_communes = match g.nature {
        Nature::Groupe => {
            Some(base::formations_du_groupe(c, g.ligne.id).await?).filter(|f| f.len() > 1).unwrap_or_default()
        }
        Nature::Internat => store::internats::servies(c, g.ligne.id).await?.iter().map(nom).collect(),
    };
    let demandees = load_demandees(c, &g).await?;
    let lignes = if montre { page_lignes(&g, &s, page, &demandees) } else { Vec::new() };
    let moyennes: Vec<(i64, Option<i64>)> =
        s.candidats.iter().map(|d| (d.numero, d.moyenne_centiemes)).collect();
    let vue = GroupeVue {
        annee,
        nature: g.nature,
        ailleurs: s.pris.len(),
        attendus: s.attendus,
        formation: g.intitule(),
        formations_communes,
        selective: g.selective(),
        sans_classement: g.ligne.sans_classement == 1,
        candidats: s.candidats.len(),
        classes: s.ordre.len(),
        ex_aequo: par_moyenne(&moyennes).ex_aequo,
        page,
        pages,
        lignes,
        brouillon: s.classement.is_some() && !s.is_transmis(),
        transmis_le: s
            .classement
            .as_ref()
            .and_then(|c| c.transmis_le)
            .and_then(|ms| Timestamp::from_millisecond(ms).ok()),
        empreinte: s.classement.as_ref().and_then(|c| c.empreinte.clone()),
        version: s.version(),
        peut_saisir,
        peut_transmettre,
        refus,
        ferme: g.session.calendrier.fenetre(domain::calendrier::Etape::Examen).map(|f| f.ferme),
        public_id: g.ligne.public_id.clone(),
        libelle: g.ligne.libelle.clone(),
        parent: g.ligne.parent_public_id.clone(),
    };
    Ok(Chargee { vue, groupe: g, situation: s, permit })
}

/// « BTS Électronique, en apprentissage ».
fn nom(f: &store::internats::FormationServie) -> String {
    crate::formations::intitule(&f.libelle, &f.detail)
}

/// For which courses each candidate asks for a boarding school, by key; empty in a group.
pub(super) async fn load_demandees(c: &impl Sql, g: &Groupe) -> Result<HashMap<i64, String>, AppError> {
    let mut demandees: HashMap<i64, String> = HashMap::new();
    if g.nature == Nature::Groupe {
        return Ok(demandees);
    }
    let servies = store::internats::servies(c, g.ligne.id).await?;
    let noms: HashMap<i64, String> = servies.iter().map(|f| (f.id, nom(f))).collect();
    for (candidat, formation) in store::internats::demandes(c, g.ligne.id).await? {
        let Some(nom) = noms.get(&formation) else { continue };
        let siennes = demandees.entry(candidat).or_default();
        if !siennes.is_empty() {
            siennes.push_str(" ; ");
        }
        siennes.push_str(nom);
    }
    Ok(demandees)
}

fn page_lignes(g: &Groupe, s: &Situation, page: usize, demandees: &HashMap<i64, String>) -> Vec<LigneVue> {
    let rangs: HashMap<i64, u32> = s.ordre.iter().copied().zip(1..).collect();
    let mut candidats: Vec<_> = s.candidats.iter().collect();
    candidats.sort_by_key(|c| (rangs.get(&c.numero).copied().unwrap_or(u32::MAX), c.numero));
    candidats
        .into_iter()
        .skip((page - 1) * PAR_PAGE)
        .take(PAR_PAGE)
        .map(|c| LigneVue {
            numero: c.numero,
            nom: c.nom.clone(),
            prenom: c.prenom.clone(),
            type_bac: TypeBac::from_code(&c.type_bac).map_or("", TypeBac::libelle),
            serie: c.serie.clone(),
            etablissement_origine: c.etablissement_origine.clone(),
            moyenne: c.moyenne_centiemes.filter(|_| g.nature == Nature::Groupe),
            formations: demandees.get(&c.id).cloned().unwrap_or_default(),
            internat: internat(c.sans_internat == 1, c.avec_internat == 1),
            rang: rangs.get(&c.numero).copied(),
        })
        .collect()
}

/// What the candidate asks about boarding.
pub(super) const fn internat(sans: bool, avec: bool) -> &'static str {
    match (sans, avec) {
        (true, true) => "avec ou sans",
        (false, true) => "avec",
        _ => "sans",
    }
}
