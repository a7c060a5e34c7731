//! What a day of the flow changes: from the records known and those of the day to one decision a record.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::fiche::{
    Appariement, Champ, Changement, Fiche, changements, check_appariement, is_change_de_fond,
};
use super::perimetre::{Eligibilite, Perimetre};
use super::statut::Statut;

/// A record that the platform has from this flow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connue {
    /// As the flow last said it.
    pub fiche: Fiche,
    /// Where it stands.
    pub statut: Statut,
    /// Why, when the status says it.
    pub raison: Option<String>,
    /// Identifier of the record that says the same course.
    pub doublon_de: Option<String>,
    /// Whether the last day had it.
    pub presente: bool,
    /// Candidates read its course, or did before it waited for somebody.
    pub en_ligne: bool,
}

/// Whether what the flow does not have no longer exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Etendue {
    /// The flow has every record: one that it does not have is removed.
    Complete,
    /// The flow has those that changed: the others stay.
    Partielle,
}

/// A day of the flow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flux {
    /// The right records, in the order of the file.
    pub fiches: Vec<Fiche>,
    /// Identifiers of the records that were refused: they are there, and are not removed.
    pub refusees: BTreeSet<String>,
    /// Some refused record does not even say which one it is: nothing can be removed that day.
    pub anonymes: bool,
    /// Whether absence means removal.
    pub etendue: Etendue,
    /// R-APP-05.
    pub seuil: SeuilRetraits,
}

/// R-APP-05: from when on removals are a cut file rather than the life of courses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SeuilRetraits {
    /// Removals that surprise nobody, however few the records are.
    pub libres: usize,
    /// Share of the records of the flow, in hundredths, that leaves in one day without surprise.
    pub centiemes: usize,
}

/// Whose code changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Of the establishment that manages.
    Gestionnaire,
    /// Of the one that gives the course.
    Formateur,
}

impl Role {
    /// French, with its article contracted: « du … ».
    pub const fn du(self) -> &'static str {
        match self {
            Self::Gestionnaire => "du gestionnaire",
            Self::Formateur => "du formateur",
        }
    }
}

/// What an establishment did to a course that goes on.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case", tag = "genre")]
pub enum Restructuration {
    /// Another SIRET for the same course.
    Siret {
        /// Whose.
        role: Role,
        /// The one before.
        avant: String,
        /// The one now.
        apres: String,
    },
    /// Another establishment code.
    Uai {
        /// Whose.
        role: Role,
        /// The one before.
        avant: String,
        /// The one now.
        apres: String,
    },
    /// Several establishments have become one.
    Fusion {
        /// Whose.
        role: Role,
        /// Those before, this one included, in order.
        avant: Vec<String>,
        /// The one now.
        apres: String,
    },
    /// The course is given elsewhere.
    Transfert {
        /// Town and address before.
        avant: String,
        /// Town and address now.
        apres: String,
    },
    /// The same course under another identifier.
    Renumerotation {
        /// Identifier before.
        avant: String,
    },
}

/// What the day says of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Issue {
    /// It was not known.
    Creation,
    /// Fields say something else, and no establishment nor place moved.
    Modification(Vec<Changement>),
    /// An establishment or the place moved; every field that differs comes with it.
    Restructuration(Vec<Restructuration>, Vec<Changement>),
    /// It is no longer in the flow.
    Retrait,
    /// It had been removed, and is back as it was.
    Retour,
    /// Nothing to say.
    Inchangee,
}

impl Issue {
    /// Stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Creation => "creation",
            Self::Modification(_) => "modification",
            Self::Restructuration(..) => "restructuration",
            Self::Retrait => "retrait",
            Self::Retour => "retour",
            Self::Inchangee => "inchangee",
        }
    }
}

/// A status that becomes another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    /// `None`: the record is new.
    pub de: Option<Statut>,
    /// The one now.
    pub vers: Statut,
    /// Why; always there when the status asks for it.
    pub raison: Option<String>,
}

/// What is decided for a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// Its identifier, the new one when it changed.
    pub id: String,
    /// What the day says.
    pub issue: Issue,
    /// What it says from now on; `None` when the day does not have it.
    pub fiche: Option<Fiche>,
    /// Its status, when it moves.
    pub passage: Option<Passage>,
    /// Identifier of the record that it repeats.
    pub doublon_de: Option<String>,
    /// R-APP-01.
    pub appariement: Option<Appariement>,
}

impl Decision {
    /// Identifier that the platform knows it by until now.
    pub fn id_avant(&self) -> &str {
        if let Issue::Restructuration(motifs, _) = &self.issue
            && let Some(avant) = motifs.iter().find_map(|m| match m {
                Restructuration::Renumerotation { avant } => Some(avant),
                _ => None,
            })
        {
            return avant;
        }
        &self.id
    }
}

/// Every decision of a day.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Delta {
    /// By identifier.
    pub decisions: Vec<Decision>,
    /// Ranks, in the flow, of records whose identifier an earlier one has with another content.
    pub repetees: Vec<usize>,
    /// How many would have been removed on a day whose refused records do not say who they are.
    pub retraits_suspendus: usize,
    /// R-APP-05: so many records would be removed that the flow is not believed: how many, out of how many.
    pub retraits_massifs: Option<(usize, usize)>,
}

/// R-APP-03: what the day changes. Every record known or received has exactly one decision; the same day again has
/// [`Issue::Inchangee`] for all of them.
///
/// `avant`: the perimeter that the known ones were judged by, which tells what a change of it moves.
pub fn delta(connues: &[Connue], flux: &Flux, avant: &Perimetre, perimetre: &Perimetre) -> Delta {
    let perimetres = Perimetres { avant, apres: perimetre };
    let mut d = Delta::default();
    let par_id: BTreeMap<&str, &Connue> = connues.iter().map(|c| (c.fiche.id.as_str(), c)).collect();
    let mut recues: BTreeMap<&str, &Fiche> = BTreeMap::new();
    for (rang, fiche) in flux.fiches.iter().enumerate() {
        match recues.get(fiche.id.as_str()) {
            None => drop(recues.insert(&fiche.id, fiche)),
            Some(premiere) if *premiere == fiche => {}
            Some(_) => d.repetees.push(rang),
        }
    }
    let mut absentes: BTreeSet<&str> = match flux.etendue {
        Etendue::Partielle => BTreeSet::new(),
        Etendue::Complete => par_id
            .values()
            .filter(|c| c.presente)
            .map(|c| c.fiche.id.as_str())
            .filter(|id| !recues.contains_key(id) && !flux.refusees.contains(*id))
            .collect(),
    };
    let presentes = connues.iter().filter(|c| c.presente).count();
    let anciennes = renumerotees(&par_id, &recues, &absentes);
    for avant in anciennes.values() {
        absentes.remove(avant);
    }
    if flux.anonymes {
        d.retraits_suspendus = absentes.len();
        absentes.clear();
    }
    let SeuilRetraits { libres, centiemes } = flux.seuil;
    if absentes.len() > libres && absentes.len() * 100 > presentes * centiemes {
        d.retraits_massifs = Some((absentes.len(), presentes));
    }
    let avant_de =
        |id: &str| -> Option<&Connue> { par_id.get(id).or_else(|| par_id.get(anciennes.get(id)?)).copied() };
    let fusions = fusions(&recues, &avant_de);
    let doublons = doublons(connues, &recues, &absentes, &anciennes, &avant_de);

    for (id, fiche) in &recues {
        let avant = avant_de(id);
        let doublon_de = doublons.get(id).map(|p| (*p).to_owned());
        let issue = match avant {
            None => Issue::Creation,
            Some(c) => issue(c, fiche, &fusions),
        };
        let passage = passage(avant, fiche, &issue, doublon_de.as_deref(), &perimetres);
        d.decisions.push(Decision {
            id: (*id).to_owned(),
            issue,
            fiche: Some((*fiche).clone()),
            passage,
            doublon_de,
            appariement: check_appariement(fiche),
        });
    }
    let repris: HashSet<&str> = anciennes.values().copied().collect();
    for c in connues {
        let id = c.fiche.id.as_str();
        if recues.contains_key(id) || repris.contains(id) {
            continue;
        }
        let retrait = absentes.contains(id);
        let doublon_de = if retrait { None } else { doublons.get(id).map(|p| (*p).to_owned()) };
        let passage = if retrait { retire(c) } else { reste(c, doublon_de.as_deref(), &perimetres) };
        d.decisions.push(Decision {
            id: id.to_owned(),
            issue: if retrait { Issue::Retrait } else { Issue::Inchangee },
            fiche: None,
            passage,
            doublon_de,
            appariement: None,
        });
    }
    d.decisions.sort_by(|a, b| a.id.cmp(&b.id));
    d
}

/// New identifier → known one, for the courses that go on under another identifier: one that leaves and one that comes, alone
/// on each side with the same key of the ministry, else with the same diploma, place and sessions.
fn renumerotees<'a>(
    connues: &BTreeMap<&'a str, &'a Connue>,
    recues: &BTreeMap<&'a str, &'a Fiche>,
    absentes: &BTreeSet<&'a str>,
) -> BTreeMap<&'a str, &'a str> {
    let mut trouvees = BTreeMap::new();
    let mut pris: HashSet<&str> = HashSet::new();
    let par_ministere: fn(&Fiche) -> Option<String> = |f| f.cle_ministere.clone();
    for cle in [par_ministere, Fiche::cle_pedagogique as fn(&Fiche) -> Option<String>] {
        let mut partants: HashMap<String, Vec<&str>> = HashMap::new();
        for id in absentes.iter().filter(|id| !pris.contains(**id)) {
            if let Some(cle) = connues.get(id).and_then(|c| cle(&c.fiche)) {
                partants.entry(cle).or_default().push(id);
            }
        }
        let mut arrivants: HashMap<String, Vec<&str>> = HashMap::new();
        for (id, fiche) in recues.iter().filter(|(id, _)| !connues.contains_key(**id)) {
            if let Some(cle) = cle(fiche).filter(|_| !trouvees.contains_key(id)) {
                arrivants.entry(cle).or_default().push(id);
            }
        }
        for (cle, a) in arrivants {
            if let ([nouveau], Some([ancien])) = (a.as_slice(), partants.get(&cle).map(Vec::as_slice)) {
                trouvees.insert(*nouveau, *ancien);
                pris.insert(ancien);
            }
        }
    }
    trouvees
}

fn siret(fiche: &Fiche, role: Role) -> Option<&str> {
    match role {
        Role::Gestionnaire => fiche.gestionnaire.siret.as_deref(),
        Role::Formateur => fiche.formateur.siret.as_deref(),
    }
}

fn uai(fiche: &Fiche, role: Role) -> Option<&str> {
    match role {
        Role::Gestionnaire => fiche.gestionnaire.uai.as_deref(),
        Role::Formateur => fiche.formateur.uai.as_deref(),
    }
}

const ROLES: [Role; 2] = [Role::Gestionnaire, Role::Formateur];

type Fusions<'a> = HashMap<(Role, &'a str), BTreeSet<&'a str>>;

/// For each SIRET that courses have taken today, those that they had: two at least make a merger.
fn fusions<'a>(
    recues: &BTreeMap<&'a str, &'a Fiche>,
    avant_de: &dyn Fn(&str) -> Option<&'a Connue>,
) -> Fusions<'a> {
    let mut venus: Fusions<'a> = HashMap::new();
    for (id, fiche) in recues {
        let Some(avant) = avant_de(id) else { continue };
        for role in ROLES {
            if let (Some(a), Some(b)) = (siret(&avant.fiche, role), siret(fiche, role))
                && a != b
            {
                venus.entry((role, b)).or_default().insert(a);
            }
        }
    }
    venus.retain(|_, avant| avant.len() > 1);
    venus
}

fn issue(avant: &Connue, fiche: &Fiche, fusions: &Fusions<'_>) -> Issue {
    let champs = changements(&avant.fiche, fiche);
    let mut motifs = Vec::new();
    if avant.fiche.id != fiche.id {
        motifs.push(Restructuration::Renumerotation { avant: avant.fiche.id.clone() });
    }
    for role in ROLES {
        // What was not said and is now is completed, not restructured.
        if let (Some(a), Some(b)) = (siret(&avant.fiche, role), siret(fiche, role))
            && a != b
        {
            motifs.push(match fusions.get(&(role, b)) {
                Some(tous) => Restructuration::Fusion {
                    role,
                    avant: tous.iter().map(|s| (*s).to_owned()).collect(),
                    apres: b.to_owned(),
                },
                None => Restructuration::Siret { role, avant: a.to_owned(), apres: b.to_owned() },
            });
        }
        if let (Some(a), Some(b)) = (uai(&avant.fiche, role), uai(fiche, role))
            && a != b
        {
            motifs.push(Restructuration::Uai { role, avant: a.to_owned(), apres: b.to_owned() });
        }
    }
    let commune = |f: &Fiche| f.lieu.commune.clone();
    if commune(&avant.fiche).is_some() && commune(fiche).is_some() && commune(&avant.fiche) != commune(fiche)
    {
        let ou = |f: &Fiche| {
            let textes = [f.valeur(Champ::CommuneLieu), f.valeur(Champ::AdresseLieu)];
            textes.into_iter().filter(|t| !t.is_empty()).collect::<Vec<_>>().join(", ")
        };
        motifs.push(Restructuration::Transfert { avant: ou(&avant.fiche), apres: ou(fiche) });
    }
    match (motifs.is_empty(), champs.is_empty()) {
        (false, _) => Issue::Restructuration(motifs, champs),
        (true, false) => Issue::Modification(champs),
        (true, true) if avant.presente => Issue::Inchangee,
        (true, true) => Issue::Retour,
    }
}

/// Identifier → that of the record that it repeats. The first of a set is the one that candidates already read, then the one
/// that goes furthest, then the one known longest, then the smallest identifier: it stays the same from one day to the next.
fn doublons<'a>(
    connues: &'a [Connue],
    recues: &BTreeMap<&'a str, &'a Fiche>,
    absentes: &BTreeSet<&'a str>,
    anciennes: &BTreeMap<&'a str, &'a str>,
    avant_de: &dyn Fn(&str) -> Option<&'a Connue>,
) -> HashMap<&'a str, &'a str> {
    let repris: HashSet<&str> = anciennes.values().copied().collect();
    let mut par_contenu: HashMap<String, Vec<(&'a str, u8)>> = HashMap::new();
    let mut ajoute = |id: &'a str, fiche: &Fiche, connue: Option<&Connue>| {
        if let Some(cle) = fiche.cle_contenu() {
            let rang = match connue {
                Some(c) if c.en_ligne => 0,
                Some(c) if c.statut == Statut::PretPourIntegration => 1,
                Some(c) if c.doublon_de.is_none() => 2,
                Some(_) => 3,
                None => 4,
            };
            par_contenu.entry(cle).or_default().push((id, rang));
        }
    };
    for (id, fiche) in recues {
        ajoute(id, fiche, avant_de(id));
    }
    for c in connues.iter().filter(|c| c.presente) {
        let id = c.fiche.id.as_str();
        if !recues.contains_key(id) && !absentes.contains(id) && !repris.contains(id) {
            ajoute(id, &c.fiche, Some(c));
        }
    }
    let mut trouves = HashMap::new();
    for mut ids in par_contenu.into_values() {
        ids.sort_by(|a, b| a.1.cmp(&b.1).then(a.0.cmp(b.0)));
        if let Some(((premier, _), autres)) = ids.split_first() {
            trouves.extend(autres.iter().map(|(id, _)| (*id, *premier)));
        }
    }
    trouves
}

/// What the session admitted until now, and what it admits.
struct Perimetres<'p> {
    avant: &'p Perimetre,
    apres: &'p Perimetre,
}

/// What the flow makes of a record by itself: a duplicate is not published, nor what is out of the perimeter.
pub fn evalue(fiche: &Fiche, doublon_de: Option<&str>, perimetre: &Perimetre) -> Eligibilite {
    match doublon_de {
        Some(premiere) => Eligibilite {
            statut: Statut::NonPubliable,
            raison: Some(format!(
                "Même formation que la fiche {premiere} : demandez à l’organisme de n’en garder qu’une."
            )),
        },
        None => perimetre.evalue(fiche),
    }
}

/// What the catalogue itself keeps out, with its reason.
fn dit(fiche: &Fiche) -> Option<Eligibilite> {
    let statut = fiche.statut_dit.filter(|s| matches!(s, Statut::NonPublie | Statut::Ferme))?;
    let raison = match &fiche.raison_dite {
        Some(raison) => raison.clone(),
        None => format!("Le catalogue national dit : « {} ».", statut.libelle()),
    };
    Some(Eligibilite { statut, raison: Some(raison) })
}

fn passage(
    avant: Option<&Connue>,
    fiche: &Fiche,
    issue: &Issue,
    doublon_de: Option<&str>,
    perimetres: &Perimetres<'_>,
) -> Option<Passage> {
    let voulu = dit(fiche).unwrap_or_else(|| evalue(fiche, doublon_de, perimetres.apres));
    let Some(c) = avant else {
        return Some(Passage { de: None, vers: voulu.statut, raison: voulu.raison });
    };
    let champs: &[Changement] = match issue {
        Issue::Modification(champs) | Issue::Restructuration(_, champs) => champs,
        _ => &[],
    };
    let fond = is_change_de_fond(&c.fiche, fiche, champs);
    // R-APP-17: what a register gives is what somebody waited for.
    let complete = champs.iter().any(|c| c.champ.is_complement());
    let dit_change = champs.iter().any(|c| c.champ == Champ::StatutDit || c.champ == Champ::RaisonDite);
    let de_meme = evalue(&c.fiche, c.doublon_de.as_deref(), perimetres.avant)
        == evalue(fiche, doublon_de, perimetres.apres);
    let cible = match c.statut {
        Statut::Publie => {
            let attend = fond || (dit_change && dit(fiche).is_some()) || !c.presente;
            attend.then(|| Eligibilite {
                statut: Statut::EnAttenteMiseAJour,
                raison: dit(fiche).and_then(|d| d.raison),
            })
        }
        Statut::EnAttenteMiseAJour if c.en_ligne => None,
        // Sent back by the academic service: what was corrected is judged again.
        Statut::EnAttenteMiseAJour => (fond || complete || dit_change || !c.presente).then_some(voulu),
        // Somebody decided, or the catalogue did: only what decided may come back on it.
        Statut::NonPublie => (dit_change && fiche.statut_dit == Some(Statut::Ferme)).then_some(voulu),
        Statut::Ferme => (fiche.statut_dit != Some(Statut::Ferme)
            && (!c.presente || c.fiche.statut_dit == Some(Statut::Ferme)))
        .then_some(voulu),
        Statut::NonPubliable => Some(voulu),
        Statut::Rejete => (fond || complete || (dit_change && dit(fiche).is_some())).then_some(voulu),
        // R-APP-04: candidates read its course; it waits for somebody instead of leaving.
        s if c.en_ligne && is_ouvert(s) => {
            (fond || !de_meme || !c.presente || (dit_change && dit(fiche).is_some())).then(|| Eligibilite {
                statut: Statut::EnAttenteMiseAJour,
                raison: dit(fiche).and_then(|d| d.raison),
            })
        }
        // What somebody has checked is checked again only when what it depends on has changed.
        _ => (!de_meme || (dit_change && dit(fiche).is_some())).then_some(voulu),
    };
    bouge(c, cible)
}

/// A record that the day does not have, and that is not removed.
fn reste(c: &Connue, doublon_de: Option<&str>, perimetres: &Perimetres<'_>) -> Option<Passage> {
    let voulu = evalue(&c.fiche, doublon_de, perimetres.apres);
    let change = evalue(&c.fiche, c.doublon_de.as_deref(), perimetres.avant) != voulu;
    let bouge_seul = c.presente && change;
    if c.en_ligne && is_ouvert(c.statut) {
        let attend = Eligibilite { statut: Statut::EnAttenteMiseAJour, raison: None };
        return bouge(c, bouge_seul.then_some(attend));
    }
    let ouvert = c.statut == Statut::NonPubliable || is_ouvert(c.statut);
    bouge(c, (bouge_seul && ouvert).then_some(voulu))
}

/// Somebody has it in hand, and no reason closes it.
fn is_ouvert(statut: Statut) -> bool {
    statut.is_a_publier() || statut == Statut::PretPourIntegration
}

fn retire(c: &Connue) -> Option<Passage> {
    let raison = Some("La fiche n’est plus dans le catalogue national.".to_owned());
    // What is closed, or was refused by somebody, does not come back by leaving the catalogue.
    if c.statut == Statut::Ferme {
        return None;
    }
    let attend = c.en_ligne && c.statut != Statut::NonPublie;
    let statut = if attend { Statut::EnAttenteMiseAJour } else { Statut::Ferme };
    bouge(c, Some(Eligibilite { statut, raison }))
}

/// The move, when there is one: another status, or another reason for the same.
fn bouge(c: &Connue, cible: Option<Eligibilite>) -> Option<Passage> {
    let cible = cible?;
    (cible.statut != c.statut || cible.raison != c.raison).then_some(Passage {
        de: Some(c.statut),
        vers: cible.statut,
        raison: cible.raison,
    })
}

#[cfg(test)]
mod tests;
