//! R-REG-08: the multiple wish of each course, as columns of the first sheet. The file says who is with whom; whether that may be is decided
//! by `regroupement`, as from the page: tried out, then done, by the same acts.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use domain::droits::Action;
use domain::formations::normalise_recherche;
use domain::formations::regroupement::Mutualisation;
use domain::{PublicId, RuleViolation};
use files::tableau::normalize_header;
use serde_json::json;
use store::formations::{self as base, LigneGestion};
use store::{Sql, Tx};

use super::comparer::DifferenceFichier;
use super::{Chargees, PageFormation};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::formations::regroupement::{Souhait, degroupe, regroupe};
use crate::formations::{cible, intitule, load};
use crate::idempotence::Garde;
use crate::messages;
use crate::sessions::SessionAdmission;

/// A column of the multiple wish.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Colonne {
    /// Its name: the same on every line of the same one; empty: the course is on its own.
    Nom,
    /// What its courses share.
    Commun,
    /// Of a « dossier unique »: this course ranks for all.
    Classe,
}

const OUI: &str = "oui";
const NON: &str = "non";

impl Colonne {
    pub(super) const ALL: [Self; 3] = [Self::Nom, Self::Commun, Self::Classe];

    pub(super) const fn libelle(self) -> &'static str {
        match self {
            Self::Nom => "Vœu multiple",
            Self::Commun => "Mise en commun",
            Self::Classe => "Classe pour toutes",
        }
    }

    /// The one of a normalised header.
    pub(super) fn of_entete(entete: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|c| normalize_header(c.libelle()) == entete)
    }

    /// Values that the spreadsheet offers.
    pub(super) fn offertes(self) -> Vec<&'static str> {
        match self {
            Self::Nom => Vec::new(),
            Self::Commun => Mutualisation::ALL.iter().map(|m| m.nom()).collect(),
            Self::Classe => vec![OUI, NON],
        }
    }

    pub(super) fn cellule(self, c: &Chargees, l: &LigneGestion) -> String {
        let dit = c.regroupements.iter().find(|r| r.membre(l.id).is_some()).map(|r| r.dit(l.id));
        dit.unwrap_or_default().cellule(self).to_owned()
    }
}

/// What the three columns say of a course.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Dit {
    nom: String,
    commun: &'static str,
    classe: &'static str,
}

impl Dit {
    fn of(nom: &str, mutualisation: Mutualisation, porteuse: bool) -> Self {
        let classe = match (mutualisation, porteuse) {
            (Mutualisation::DossierUnique, true) => OUI,
            (Mutualisation::DossierUnique, false) => NON,
            _ => "",
        };
        Self { nom: nom.to_owned(), commun: mutualisation.nom(), classe }
    }

    fn cellule(&self, colonne: Colonne) -> &str {
        match colonne {
            Colonne::Nom => &self.nom,
            Colonne::Commun => self.commun,
            Colonne::Classe => self.classe,
        }
    }
}

/// A course of a grouping, within the reach of the person or not.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Membre {
    id: i64,
    public_id: String,
    /// As refusals name it.
    intitule: String,
    etablissement: String,
}

/// A grouping that one course of the person at least is in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Regroupement {
    cle: i64,
    libelle: String,
    /// Its name in the file: two groupings may have the same name.
    etiquette: String,
    mutualisation: Mutualisation,
    /// Key of the course that ranks for all, or that would.
    porteuse: i64,
    /// Every course of it, by key.
    membres: Vec<Membre>,
}

impl Regroupement {
    fn membre(&self, id: i64) -> Option<&Membre> {
        self.membres.iter().find(|m| m.id == id)
    }

    fn dit(&self, id: i64) -> Dit {
        Dit::of(&self.etiquette, self.mutualisation, self.porteuse == id)
    }
}

pub(super) async fn charge(c: &impl Sql, lignes: &[LigneGestion]) -> Result<Vec<Regroupement>, AppError> {
    let cles: Vec<i64> = lignes.iter().map(|l| l.id).collect();
    let mut lus: Vec<Regroupement> = Vec::new();
    for l in base::regroupees(c, &cles).await? {
        if lus.last().is_none_or(|r| r.cle != l.regroupement_id) {
            let mutualisation = Mutualisation::from_code(&l.mutualisation)
                .ok_or_else(|| AppError::Internal("regroupement.mutualisation".to_owned()))?;
            let mut etiquette = net(&l.libelle);
            for n in 2.. {
                if lus.iter().all(|r| r.etiquette != etiquette) {
                    break;
                }
                etiquette = format!("{} (n° {n})", net(&l.libelle));
            }
            lus.push(Regroupement {
                cle: l.regroupement_id,
                libelle: l.libelle,
                etiquette,
                mutualisation,
                porteuse: l.porteuse.unwrap_or(l.id),
                membres: Vec::new(),
            });
        }
        if let Some(r) = lus.last_mut() {
            r.membres.push(Membre {
                id: l.id,
                public_id: l.public_id,
                intitule: intitule(&l.formation, &l.detail),
                etablissement: l.etablissement,
            });
        }
    }
    Ok(lus)
}

/// Where a line is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Ou {
    pub feuille: String,
    pub ligne: u64,
}

/// What a line says of the multiple wish of its course; a column that the file has not is `None`.
#[derive(Debug, Clone)]
pub(super) struct Saisie {
    pub ou: Ou,
    /// Of the course, in the list of those of the person.
    pub place: usize,
    pub cellules: Vec<(Colonne, String)>,
}

impl Saisie {
    fn cellule(&self, colonne: Colonne) -> Option<&str> {
        self.cellules.iter().find(|(c, _)| *c == colonne).map(|(_, texte)| texte.as_str())
    }
}

/// A fault: where, the column, the reason.
pub(super) type Defaut = (Ou, Colonne, String);

/// A grouping as it is to be.
#[derive(Debug)]
struct Voulu {
    /// The one that it was, in the list of those loaded.
    ancien: Option<usize>,
    libelle: String,
    mutualisation: Mutualisation,
    porteuse: i64,
    membres: Vec<Membre>,
}

/// What a file does to the groupings.
#[derive(Debug, Default)]
pub(super) struct Plan {
    voulus: Vec<Voulu>,
    /// Those of which one course at most is left.
    finis: Vec<usize>,
    /// Courses that leave their grouping before any is written: it ends, or they go into another one.
    sorties: Vec<Membre>,
    /// The line that names each course, by key.
    lignes: HashMap<i64, Ou>,
}

impl Plan {
    pub(super) fn is_empty(&self) -> bool {
        self.voulus.is_empty() && self.finis.is_empty()
    }

    /// Keys of the courses that its acts hold: of every grouping written or ended, before and after.
    pub(super) fn concernees(&self, c: &Chargees) -> Vec<i64> {
        let anciens = self.finis.iter().copied().chain(self.voulus.iter().filter_map(|v| v.ancien));
        let anciennes = anciens.flat_map(|g| &c.regroupements[g].membres);
        let nouvelles = self.voulus.iter().flat_map(|v| &v.membres);
        anciennes.chain(nouvelles).chain(&self.sorties).map(|m| m.id).collect()
    }

    /// Public identifiers of the courses whose grouping is written.
    pub(super) fn formations(&self) -> impl Iterator<Item = String> {
        let ids: BTreeSet<&String> =
            self.voulus.iter().flat_map(|v| &v.membres).chain(&self.sorties).map(|m| &m.public_id).collect();
        ids.into_iter().cloned()
    }
}

/// Spaces as the name of a grouping keeps them.
fn net(texte: &str) -> String {
    texte.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What the lines of a file ask for, all of them together.
pub(super) fn plan(c: &Chargees, saisies: &[Saisie]) -> Result<Plan, Vec<Defaut>> {
    let mut defauts = Vec::new();
    let groupe_de: HashMap<i64, usize> = c
        .regroupements
        .iter()
        .enumerate()
        .flat_map(|(i, r)| r.membres.iter().map(move |m| (m.id, i)))
        .collect();
    let id = |s: &Saisie| c.lignes[s.place].id;
    let actuel =
        |s: &Saisie| groupe_de.get(&id(s)).map(|g| c.regroupements[*g].dit(id(s))).unwrap_or_default();
    // The lines of each name, in the order of the file.
    let mut noms: Vec<(String, Vec<&Saisie>)> = Vec::new();
    for s in saisies {
        let nom = s.cellule(Colonne::Nom).map_or_else(|| actuel(s).nom, net);
        if nom.is_empty() {
            for colonne in [Colonne::Commun, Colonne::Classe] {
                let saisi = s.cellule(colonne).unwrap_or_default();
                if !saisi.is_empty() && saisi != actuel(s).cellule(colonne) {
                    let motif = "Cette formation n’est dans aucun vœu multiple : donnez son nom, ou videz la cellule.";
                    defauts.push((s.ou.clone(), colonne, motif.to_owned()));
                }
            }
            continue;
        }
        match noms.iter_mut().find(|(connu, _)| *connu == nom) {
            Some((_, lignes)) => lignes.push(s),
            None => noms.push((nom, vec![s])),
        }
    }
    let nommees: HashSet<i64> = saisies.iter().map(id).collect();
    let mut pris: BTreeSet<usize> = BTreeSet::new();
    let mut voulus = Vec::new();
    for (nom, lignes) in &noms {
        let ancien = c.regroupements.iter().position(|r| r.etiquette == *nom).or_else(|| {
            renomme(c, &noms, &nommees, lignes.iter().filter_map(|s| groupe_de.get(&id(s)).copied()), &pris)
        });
        // One that keeps none of its courses is another one.
        let reste = |g: &usize| {
            let r = &c.regroupements[*g];
            r.membres.iter().any(|m| !nommees.contains(&m.id) || lignes.iter().any(|s| id(s) == m.id))
        };
        let ancien = ancien.filter(reste);
        pris.extend(ancien);
        let r = ancien.map(|g| &c.regroupements[g]);
        let mut membres: Vec<Membre> = lignes.iter().map(|s| membre(&c.lignes[s.place])).collect();
        if let Some(r) = r {
            membres.extend(r.membres.iter().filter(|m| !nommees.contains(&m.id)).cloned());
        }
        let ou_rien = r.map_or(Mutualisation::Aucune, |r| r.mutualisation);
        let mutualisation = commun(nom, lignes, &mut defauts).unwrap_or(ou_rien);
        let premiere = membres.first().map_or(0, |m| m.id);
        let connue = r.map(|r| r.porteuse).filter(|p| membres.iter().any(|m| m.id == *p)).unwrap_or(premiere);
        let dites: Vec<(&Saisie, i64, &'static str)> =
            lignes.iter().map(|s| (*s, id(s), actuel(s).classe)).collect();
        let porteuse = porteuse(mutualisation, connue, &dites, &mut defauts);
        let libelle = r.filter(|r| r.etiquette == *nom).map_or_else(|| nom.clone(), |r| r.libelle.clone());
        membres.sort_by_key(|m| m.id);
        voulus.push(Voulu { ancien, libelle, mutualisation, porteuse, membres });
    }
    if !defauts.is_empty() {
        return Err(defauts);
    }
    let lignes = saisies.iter().map(|s| (id(s), s.ou.clone())).collect();
    let mut plan = Plan { lignes, ..Plan::default() };
    // Groupings that no line names any more, and that some line leaves.
    for (g, r) in c.regroupements.iter().enumerate() {
        if pris.contains(&g) || !r.membres.iter().any(|m| nommees.contains(&m.id)) {
            continue;
        }
        let reste: Vec<Membre> = r.membres.iter().filter(|m| !nommees.contains(&m.id)).cloned().collect();
        if let [premier, _, ..] = &reste[..] {
            let porteuse = reste.iter().find(|m| m.id == r.porteuse).unwrap_or(premier).id;
            let (libelle, mutualisation) = (r.libelle.clone(), r.mutualisation);
            voulus.push(Voulu { ancien: Some(g), libelle, mutualisation, porteuse, membres: reste });
        } else {
            plan.finis.push(g);
        }
    }
    voulus.retain(|v| {
        v.ancien.is_none_or(|g| {
            let r = &c.regroupements[g];
            let porteuse = v.mutualisation == Mutualisation::DossierUnique && v.porteuse != r.porteuse;
            porteuse
                || cles(&v.membres) != cles(&r.membres)
                || v.libelle != r.libelle
                || v.mutualisation != r.mutualisation
        })
    });
    for (g, r) in c.regroupements.iter().enumerate() {
        let fini = plan.finis.contains(&g);
        for m in r.membres.iter().filter(|m| nommees.contains(&m.id)) {
            let va = voulus.iter().find(|v| v.membres.iter().any(|n| n.id == m.id));
            if fini || va.is_some_and(|v| v.ancien != Some(g)) {
                plan.sorties.push(m.clone());
            }
        }
    }
    plan.voulus = voulus;
    Ok(plan)
}

fn cles(membres: &[Membre]) -> Vec<i64> {
    membres.iter().map(|m| m.id).collect()
}

fn membre(l: &LigneGestion) -> Membre {
    Membre {
        id: l.id,
        public_id: l.public_id.clone(),
        intitule: intitule(&l.libelle, &l.detail),
        etablissement: l.etablissement.clone(),
    }
}

/// A new name renames the grouping that its lines come from when the file has every course of it, none under the old name.
fn renomme(
    c: &Chargees,
    noms: &[(String, Vec<&Saisie>)],
    nommees: &HashSet<i64>,
    sources: impl Iterator<Item = usize>,
    pris: &BTreeSet<usize>,
) -> Option<usize> {
    let libres: BTreeSet<usize> = sources
        .filter(|g| {
            let r = &c.regroupements[*g];
            !pris.contains(g)
                && noms.iter().all(|(nom, _)| *nom != r.etiquette)
                && r.membres.iter().all(|m| nommees.contains(&m.id))
        })
        .collect();
    libres.first().copied().filter(|_| libres.len() == 1)
}

/// What the lines of a multiple wish say is shared: the same on all of those that say something.
fn commun(nom: &str, lignes: &[&Saisie], defauts: &mut Vec<Defaut>) -> Option<Mutualisation> {
    let mut dit = None;
    for s in lignes {
        let texte = s.cellule(Colonne::Commun).unwrap_or_default();
        if texte.is_empty() {
            continue;
        }
        let mut refuse = |motif: String| defauts.push((s.ou.clone(), Colonne::Commun, motif));
        match (Mutualisation::from_texte(texte), dit) {
            (None, _) => refuse("Écrivez « rien », « épreuves » ou « dossier unique ».".to_owned()),
            (Some(m), Some(autre)) if m != autre => refuse(format!(
                "Les lignes du vœu multiple « {nom} » ne disent pas la même chose : une autre dit « {} ».",
                Mutualisation::nom(autre)
            )),
            (lu, _) => dit = lu,
        }
    }
    dit
}

/// The course that ranks for all: the one that says so, else the one known. `dites`: each line, the key of its course, and what
/// its cell says today.
fn porteuse(
    mutualisation: Mutualisation,
    connue: i64,
    dites: &[(&Saisie, i64, &'static str)],
    defauts: &mut Vec<Defaut>,
) -> i64 {
    let mut refuse =
        |s: &Saisie, motif: &str| defauts.push((s.ou.clone(), Colonne::Classe, motif.to_owned()));
    let mut choisie: Option<i64> = None;
    let mut retiree = None;
    for (s, id, aujourdhui) in dites {
        let texte = s.cellule(Colonne::Classe).unwrap_or_default();
        match normalise_recherche(texte).as_str() {
            OUI if mutualisation != Mutualisation::DossierUnique => {
                if texte != *aujourdhui {
                    refuse(
                        s,
                        "Une formation ne classe pour toutes que dans un dossier unique : videz la cellule.",
                    );
                }
            }
            OUI if choisie.is_some() => {
                refuse(
                    s,
                    "Une autre formation de ce vœu multiple classe déjà pour toutes : gardez un seul « oui ».",
                );
            }
            OUI => choisie = Some(*id),
            NON if *id == connue && *aujourdhui == OUI => retiree = Some(*s),
            NON | "" => {}
            _ => refuse(s, "Écrivez « oui » ou « non »."),
        }
    }
    if let (Some(s), None, Mutualisation::DossierUnique) = (retiree, choisie, mutualisation) {
        refuse(s, "Écrivez « oui » sur la ligne de la formation qui classe pour toutes.");
    }
    choisie.unwrap_or(connue)
}

/// What changes in the multiple wish of each course, column by column.
pub(super) fn differences(c: &Chargees, plan: &Plan) -> Vec<DifferenceFichier> {
    let mut dits: BTreeMap<i64, (&Membre, Dit, Dit)> = BTreeMap::new();
    let touches = plan.finis.iter().copied().chain(plan.voulus.iter().filter_map(|v| v.ancien));
    let avant = |id: i64| c.regroupements.iter().find(|r| r.membre(id).is_some()).map(|r| r.dit(id));
    for r in touches.map(|g| &c.regroupements[g]) {
        for m in &r.membres {
            dits.insert(m.id, (m, r.dit(m.id), Dit::default()));
        }
    }
    for m in &plan.sorties {
        dits.insert(m.id, (m, avant(m.id).unwrap_or_default(), Dit::default()));
    }
    for v in &plan.voulus {
        let meme = v.ancien.map(|g| &c.regroupements[g]).filter(|r| r.libelle == v.libelle);
        let nom = meme.map_or(v.libelle.as_str(), |r| r.etiquette.as_str());
        for m in &v.membres {
            let apres = Dit::of(nom, v.mutualisation, m.id == v.porteuse);
            dits.insert(m.id, (m, avant(m.id).unwrap_or_default(), apres));
        }
    }
    let mut sortie = Vec::new();
    for (m, avant, apres) in dits.values() {
        for colonne in Colonne::ALL {
            let (a, b) = (avant.cellule(colonne), apres.cellule(colonne));
            if a != b {
                sortie.push(DifferenceFichier {
                    formation: format!("{} – {}", m.intitule, m.etablissement),
                    champ: colonne.libelle().to_owned(),
                    avant: a.to_owned(),
                    apres: b.to_owned(),
                    retirees: Vec::new(),
                    page: c.lignes.iter().find(|l| l.id == m.id).map(PageFormation::of),
                });
            }
        }
    }
    sortie
}

/// What the plan does, values of before included.
pub(super) fn dit(c: &Chargees, plan: &Plan) -> serde_json::Value {
    let ancien = |g: usize| {
        let r = &c.regroupements[g];
        json!([r.cle, r.libelle, r.mutualisation.code(), r.porteuse, cles(&r.membres)])
    };
    let voulus: Vec<_> = plan
        .voulus
        .iter()
        .map(|v| {
            let apres = json!([v.libelle, v.mutualisation.code(), v.porteuse, cles(&v.membres)]);
            json!([v.ancien.map(ancien), apres])
        })
        .collect();
    json!([voulus, plan.finis.iter().map(|g| ancien(*g)).collect::<Vec<_>>()])
}

/// Does what the plan says, as the page would, in the transaction of the caller; gives what was refused, and why.
pub(super) async fn execute(
    tx: &Tx,
    ctx: &Ctx,
    session: &SessionAdmission,
    c: &Chargees,
    plan: &Plan,
) -> Result<Vec<(Defaut, AppError)>, AppError> {
    // All of them first: each act holds its own, and one act after another would not follow the one order.
    base::hold_formations(tx, &plan.concernees(c)).await?;
    let garde = Garde::default();
    let mut refus = Vec::new();
    let mut fautives: HashSet<i64> = HashSet::new();
    for m in &plan.sorties {
        // Its grouping may have ended with the one before.
        if base::regroupement_of(tx, m.id).await?.is_none() {
            continue;
        }
        if let Err(e) = sort(tx, ctx, session, &garde, m).await {
            fautives.insert(m.id);
            let seul = std::slice::from_ref(m);
            refus.push(refusee(plan, seul, e)?);
        }
    }
    for v in &plan.voulus {
        if v.membres.iter().any(|m| fautives.contains(&m.id)) {
            continue;
        }
        if let Err(e) = ecrit(tx, ctx, session, &garde, c, v).await {
            // A grouping that is left is faulty where it is left.
            let mut membres = v.membres.clone();
            membres.extend(v.ancien.into_iter().flat_map(|g| c.regroupements[g].membres.iter().cloned()));
            refus.push(refusee(plan, &membres, e)?);
        }
    }
    Ok(refus)
}

async fn sort(
    tx: &Tx,
    ctx: &Ctx,
    session: &SessionAdmission,
    garde: &Garde,
    m: &Membre,
) -> Result<(), AppError> {
    let id = PublicId::parse(&m.public_id).ok_or(AppError::NotFound)?;
    let f = load(tx, session, &id).await?;
    let permit = ctx.permit(Action::RegrouperFormations, &cible(&f))?;
    degroupe(tx, ctx, &permit, (session, &f), garde).await.map(|_| ())
}

async fn ecrit(
    tx: &Tx,
    ctx: &Ctx,
    session: &SessionAdmission,
    garde: &Garde,
    c: &Chargees,
    v: &Voulu,
) -> Result<(), AppError> {
    // By a course that is in it already: the grouping is changed, not made anew.
    let mut par = v.membres.iter().find(|m| m.id == v.porteuse);
    if let Some(g) = v.ancien {
        for m in &v.membres {
            if base::regroupement_of(tx, m.id).await?.is_some_and(|r| r.id == c.regroupements[g].cle) {
                par = Some(m);
                break;
            }
        }
    }
    let par = par.ok_or(AppError::NotFound)?;
    let id = PublicId::parse(&par.public_id).ok_or(AppError::NotFound)?;
    let f = load(tx, session, &id).await?;
    let permit = ctx.permit(Action::RegrouperFormations, &cible(&f))?;
    let formations: Vec<String> = v.membres.iter().map(|m| m.public_id.clone()).collect();
    let souhait = Souhait {
        libelle: &v.libelle,
        mutualisation: v.mutualisation,
        formations: &formations,
        porteuse: Some(v.porteuse),
    };
    regroupe(tx, ctx, &permit, (session, &f), garde, &souhait).await.map(|_| ())
}

/// Where a refusal is told: on the line of the course that it names, else on the first line of those concerned.
fn refusee(plan: &Plan, membres: &[Membre], e: AppError) -> Result<(Defaut, AppError), AppError> {
    use RuleViolation as R;
    let (nommee, colonne, motif) = match &e {
        AppError::Rule(r @ R::Regroupement { formation, motif }) => {
            let colonne = match *motif {
                "selective" | "groupes" => Colonne::Commun,
                _ => Colonne::Nom,
            };
            (Some(formation), colonne, messages::regle(r))
        }
        AppError::Rule(r @ R::RegroupementAvecVoeux { formation }) => {
            (Some(formation), Colonne::Nom, messages::regle(r))
        }
        AppError::Rule(R::RegroupementSeul) => {
            let motif = "Un vœu multiple réunit au moins deux formations : donnez le même nom à une autre, ou videz la cellule.";
            (None, Colonne::Nom, motif.to_owned())
        }
        AppError::Rule(r) => (None, Colonne::Nom, messages::regle(r)),
        AppError::Denied(_) => {
            let motif = "Vous n’avez pas le droit de regrouper toutes les formations de ce vœu multiple : demandez à \
                         l’administrateur de l’établissement, ou au service académique si elles sont de plusieurs établissements.";
            (None, Colonne::Nom, motif.to_owned())
        }
        _ => return Err(e),
    };
    let ou = |m: &&Membre| plan.lignes.contains_key(&m.id);
    let dite = nommee.and_then(|n| membres.iter().filter(ou).find(|m| m.intitule == *n));
    let ligne = dite
        .map(|m| &plan.lignes[&m.id])
        .or_else(|| membres.iter().filter_map(|m| plan.lignes.get(&m.id)).min_by_key(|ou| ou.ligne));
    let ou = ligne.cloned().unwrap_or_else(|| Ou { feuille: String::new(), ligne: 1 });
    Ok(((ou, colonne, motif), e))
}
