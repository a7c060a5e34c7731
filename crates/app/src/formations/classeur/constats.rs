//! R-FOR-25: what the reading of what a file brings finds, line by line: in the grids that it changes, in the capacities that it
//! writes, in what else is to be known of a course (R-FOR-31, R-FOR-40). It is told before and after the file is applied, as the pages
//! tell it on save, and refuses nothing.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::formations::description::{Champ, Description, Rubrique};
use domain::formations::{AccueilDeclare, Contradiction, Raison, Remarque, remarques};
use domain::grille::Constat;
use serde::{Deserialize, Serialize};
use store::etablissements::parametrages_of;
use store::formations::{LigneGestion, by_ids};

use super::comparer::Demande;
use super::lire::Demandes;
use super::{Chargees, PageFormation, capacites, lit_frais};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::formations::description::{Changement, accueil};
use crate::formations::vraisemblance::{Nombres, raisons_of};
use crate::formations::{distinctes, intitule};
use crate::sessions::SessionAdmission;

/// Something to put right, or to read again, in what a file brings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConstatFichier {
    /// Name of the sheet where it is; empty in a CSV file.
    pub feuille: String,
    /// Row of that sheet, from 1: that of the headers.
    pub ligne: u64,
    /// Course and establishment.
    pub formation: String,
    /// Field of the course, in French.
    pub champ: String,
    /// Code of the rule of the grid, of the reason why a capacity is to be read again, or of what is to be known.
    pub code: String,
    /// Nothing of the course is published before it is put right, or confirmed by a second person.
    pub bloquant: bool,
    /// The words found; none for what is missing, or a matter of numbers.
    pub mots: Vec<String>,
    /// What is wrong, in French.
    pub message: String,
    /// What to do about it, in French.
    pub correction: String,
    /// Where it is read in the course; `None`: the reader may not open it.
    #[serde(default)]
    pub page: Option<PageFormation>,
}

/// What the list of criteria is, among the sheets.
const CRITERES: &str = "criteres";
/// Findings told at once, as faults are (ENT-3).
const CONSTATS_MAX: usize = 1_000;

/// Where each course is in the file.
#[derive(Debug, Default)]
pub(super) struct Lignes {
    /// Sheet and row, by place of the course.
    formations: BTreeMap<usize, (String, u64)>,
    /// The same of the criteria that are kept, in their order.
    criteres: BTreeMap<usize, (String, Vec<u64>)>,
    /// The same of each field of a description that is asked for, by its code; of a list, its first line.
    champs: BTreeMap<(usize, &'static str), (String, u64)>,
}

impl Lignes {
    /// A line of the first sheet.
    pub(super) fn note(&mut self, place: usize, feuille: &str, ligne: u64) {
        self.formations.insert(place, (feuille.to_owned(), ligne));
    }

    /// A field of a description.
    pub(super) fn note_champ(&mut self, place: usize, code: &'static str, (feuille, ligne): (&str, u64)) {
        self.champs.insert((place, code), (feuille.to_owned(), ligne));
    }

    /// Where a field of a description is asked for.
    pub(super) fn champ(&self, place: usize, code: &'static str) -> (String, u64) {
        self.champs.get(&(place, code)).cloned().unwrap_or_default()
    }

    /// Where a course is on the first sheet; `None`: it is not there.
    pub(super) fn formation(&self, place: usize) -> Option<&(String, u64)> {
        self.formations.get(&place)
    }

    /// The lines of a list, those where nothing is typed apart.
    pub(super) fn note_liste(&mut self, place: usize, (code, feuille): (&str, &str), lignes: Vec<u64>) {
        if code == CRITERES {
            self.criteres.insert(place, (feuille.to_owned(), lignes));
        }
    }

    /// Where a course is; `critere`: or that line of its criteria, when the file has them.
    pub(super) fn trouve(&self, place: usize, critere: Option<usize>) -> (String, u64) {
        let criteres = self.criteres.get(&place);
        let sien = criteres.and_then(|(feuille, lignes)| Some((feuille.clone(), *lignes.get(critere?)?)));
        let premiere = || criteres.and_then(|(feuille, lignes)| Some((feuille.clone(), *lignes.first()?)));
        sien.or_else(|| self.formations.get(&place).cloned()).or_else(premiere).unwrap_or_default()
    }
}

/// A description once these fields are written.
fn ecrite(avant: &Description, changements: &[Changement]) -> Description {
    let mut apres = avant.clone();
    for (champ, valeur) in changements {
        apres.pose(champ.code, valeur.clone());
    }
    apres
}

/// What the reading of the grid finds once these fields are written: all of it when the grid changes, what is new when something
/// else does.
fn lus(avant: &Description, changements: &[Changement]) -> (Description, Vec<Constat>) {
    let apres = ecrite(avant, changements);
    let mut constats = apres.constats();
    if !changements.iter().any(|(c, _)| c.rubrique == Rubrique::Grille) {
        let deja = avant.constats();
        constats.retain(|c| !deja.contains(c));
    }
    constats.sort_by_key(Constat::rang);
    (apres, constats)
}

fn of_grille(
    lignes: &Lignes,
    place: usize,
    formation: &str,
    avant: &Description,
    changements: &[Changement],
) -> Vec<ConstatFichier> {
    let (apres, constats) = lus(avant, changements);
    let Some(grille) = apres.grille_saisie() else { return Vec::new() };
    let dit = |c: &Constat| {
        let (feuille, ligne) = lignes.trouve(place, apres.ligne_critere(c));
        ConstatFichier {
            feuille,
            ligne,
            formation: formation.to_owned(),
            champ: apres.lieu_constat(c),
            code: c.regle.code().to_owned(),
            bloquant: c.regle.prevents_publication(),
            mots: c.mots(&grille),
            message: c.quoi.clone(),
            correction: c.correction.clone(),
            page: None,
        }
    };
    constats.iter().map(dit).collect()
}

/// What to do about a number out of the ordinary.
const RELIRE: &str = "Si ce nombre est faux, corrigez-le dans le fichier. S’il est juste, appliquez-le, puis écrivez-en le motif sur la \
                      page de la formation : une deuxième personne le confirmera avant la publication.";

fn of_raison(lignes: &Lignes, place: usize, formation: &str, raison: &Raison) -> ConstatFichier {
    let (feuille, ligne) = lignes.trouve(place, None);
    ConstatFichier {
        feuille,
        ligne,
        formation: formation.to_owned(),
        champ: capacites::CAPACITE.to_owned(),
        code: raison.code().to_owned(),
        bloquant: true,
        mots: Vec::new(),
        message: raison.to_string(),
        correction: RELIRE.to_owned(),
        page: None,
    }
}

/// What the establishment of a course answers, before a file and once it is applied, and what the course keeps of last year (R-FOR-21).
#[derive(Debug, Clone, Copy, Default)]
struct Accueils {
    internat: bool,
    avant: AccueilDeclare,
    apres: AccueilDeclare,
}

/// R-FOR-40: those of the courses of which the file changes what they say of it, or what their establishment answers, by place.
/// `dits`: what establishments would answer, by their key.
async fn accueils(
    ctx: &Ctx,
    session: i64,
    c: &Chargees,
    dits: &HashMap<i64, (AccueilDeclare, (&str, u64))>,
    changent: &BTreeMap<usize, Demande>,
) -> Result<BTreeMap<usize, Accueils>, AppError> {
    let dit = |champ: &Champ| Contradiction::ALL.iter().any(|d| d.champ() == champ.code);
    let parle = |voulue: &Demande| voulue.champs.iter().any(|(champ, _)| dit(champ));
    let touchee = |place: usize, l: &LigneGestion| {
        dits.contains_key(&l.etablissement_id) || changent.get(&place).is_some_and(parle)
    };
    let touchees: Vec<(usize, &LigneGestion)> =
        c.lignes.iter().enumerate().filter(|(place, l)| touchee(*place, l)).collect();
    if touchees.is_empty() {
        return Ok(BTreeMap::new());
    }
    let db = &ctx.app.db;
    let maisons = distinctes(touchees.iter().map(|(_, l)| l.etablissement_id));
    let reponses: HashMap<i64, AccueilDeclare> = parametrages_of(db, session, &maisons)
        .await?
        .iter()
        .map(|l| (l.etablissement_id, accueil(l)))
        .collect();
    let cles: Vec<i64> = touchees.iter().map(|(_, l)| l.id).collect();
    let internats: BTreeSet<i64> =
        by_ids(db, &cles).await?.iter().filter(|f| f.internat == 1).map(|f| f.id).collect();
    let lus = touchees.into_iter().map(|(place, l)| {
        let avant = reponses.get(&l.etablissement_id).copied().unwrap_or_default();
        let apres = dits.get(&l.etablissement_id).map_or(avant, |(dit, _)| *dit);
        (place, Accueils { internat: internats.contains(&l.id), avant, apres })
    });
    Ok(lus.collect())
}

/// R-FOR-31, R-FOR-40: what is to be known of the fields that a file writes, and what it brings out besides.
fn a_savoir(avant: &Description, changements: &[Changement], lus: Accueils) -> Vec<Remarque> {
    let deja = remarques(avant, lus.internat, lus.avant);
    let mut toutes = remarques(&ecrite(avant, changements), lus.internat, lus.apres);
    toutes.retain(|r| is_ecrit(changements, r) || !deja.contains(r));
    toutes
}

/// Whether the file writes the field that a remark is about.
fn is_ecrit(changements: &[Changement], r: &Remarque) -> bool {
    changements.iter().any(|(champ, _)| champ.code == r.champ())
}

fn of_remarque((feuille, ligne): (String, u64), formation: &str, r: &Remarque) -> ConstatFichier {
    ConstatFichier {
        feuille,
        ligne,
        formation: formation.to_owned(),
        champ: r.libelle().to_owned(),
        code: r.code().to_owned(),
        bloquant: false,
        mots: r.mots().to_vec(),
        message: r.message(),
        correction: r.correction(),
        page: None,
    }
}

/// Course and establishment, as the report names them.
pub(super) fn nom(l: &LigneGestion) -> String {
    format!("{} – {}", intitule(&l.libelle, &l.detail), l.etablissement)
}

/// What the reading of what a file changes finds, in the order of the courses; at most 1,000.
pub(super) async fn of(
    ctx: &Ctx,
    session: &SessionAdmission,
    c: &Chargees,
    lecture: &Demandes,
    changent: &BTreeMap<usize, Demande>,
) -> Result<Vec<ConstatFichier>, AppError> {
    let lignes = &lecture.lignes;
    let mut places: BTreeMap<i64, (Option<i64>, Vec<i64>)> = BTreeMap::new();
    for (place, voulue) in changent {
        let l = &c.lignes[*place];
        places.extend(voulue.capacites.as_ref().and_then(|d| Some((l.id, capacites::places(c, l, d)?))));
    }
    let mut nombres = BTreeMap::new();
    for (id, (capacite, places)) in &places {
        nombres.insert(*id, Nombres { capacite: *capacite, places });
    }
    let raisons = raisons_of(ctx, &ctx.app.db, session, &nombres).await?;
    let dits = lecture.maisons.accueils(c);
    let accueils = accueils(ctx, session.id, c, &dits, changent).await?;
    let mut constats = Vec::new();
    // Those that the file does not change may be contradicted by what it makes their establishment answer.
    let concernees: BTreeSet<usize> = changent.keys().chain(accueils.keys()).copied().collect();
    for place in concernees {
        let l = &c.lignes[place];
        let formation = nom(l);
        let champs = changent.get(&place).map_or(&[][..], |voulue| voulue.champs.as_slice());
        let siennes = raisons.get(&l.id).into_iter().flatten();
        constats.extend(siennes.map(|r| ConstatFichier {
            page: Some(PageFormation::of(l)),
            ..of_raison(lignes, place, &formation, r)
        }));
        if !champs.is_empty() {
            let grille = PageFormation::partie(ctx, session.id, l, Rubrique::Grille);
            let siens = of_grille(lignes, place, &formation, c.description(l), champs);
            constats.extend(siens.into_iter().map(|s| ConstatFichier { page: Some(grille.clone()), ..s }));
        }
        let lus = accueils.get(&place).copied().unwrap_or_default();
        for r in a_savoir(c.description(l), champs, lus) {
            if r.rubrique() == Rubrique::Frais && !lit_frais(ctx, session.id, l) {
                continue;
            }
            let ou = match dits.get(&l.etablissement_id) {
                Some((_, (feuille, ligne))) if !is_ecrit(champs, &r) => ((*feuille).to_owned(), *ligne),
                _ => lignes.champ(place, r.champ()),
            };
            let page = Some(PageFormation::partie(ctx, session.id, l, r.rubrique()));
            constats.push(ConstatFichier { page, ..of_remarque(ou, &formation, &r) });
        }
        if constats.len() >= CONSTATS_MAX {
            constats.truncate(CONSTATS_MAX);
            break;
        }
    }
    Ok(constats)
}

#[cfg(test)]
mod tests {
    use domain::formations::description::{INTERNAT, LigneListe, Valeur, modele};
    use domain::formations::{Famille, Genre};

    use super::*;

    fn ecrit(code: &str, texte: &str) -> Changement {
        (Champ::from_code(code).expect("a field"), Some(Valeur::Texte(texte.to_owned())))
    }

    #[test]
    fn r_for_25_a_finding_says_its_course_its_field_its_line_and_its_mend() {
        let d = modele(Genre::of_famille(Famille::Bts));
        let mut criteres: Vec<LigneListe> = d.lignes(CRITERES).to_vec();
        let rang = criteres.len() - 1;
        criteres[rang].insert("elements".to_owned(), "Projet de formation motivé".to_owned());
        let liste = (Champ::from_code(CRITERES).expect("a list"), Some(Valeur::Lignes(criteres.clone())));
        let mut lignes = Lignes::default();
        lignes.note(3, "Formations", 5);
        let dits = of_grille(&lignes, 3, "BTS – Lycée", &d, std::slice::from_ref(&liste));
        let dit = dits.iter().find(|c| c.code == "B7").expect("the abolished project");
        assert_eq!((dit.feuille.as_str(), dit.ligne, dit.bloquant), ("Formations", 5, true));
        assert!(dit.formation == "BTS – Lycée" && !dit.mots.is_empty(), "{dit:?}");
        assert!(dit.champ.contains("critère") && !dit.correction.is_empty(), "{dit:?}");
        // Where the file has the criteria, the line is theirs.
        let rangs = (0..criteres.len() as u64).map(|n| n + 40).collect();
        lignes.note_liste(3, (CRITERES, "Critères"), rangs);
        lignes.note_liste(3, ("pieces", "Pièces"), vec![2]);
        let dits = of_grille(&lignes, 3, "BTS – Lycée", &d, &[liste]);
        let dit = dits.iter().find(|c| c.code == "B7").expect("the abolished project");
        assert_eq!((dit.feuille.as_str(), dit.ligne), ("Critères", 40 + rang as u64));
    }

    #[test]
    fn r_for_25_another_field_tells_only_what_it_brings_out() {
        let d = modele(Genre::of_famille(Famille::Bts)).avec("poids_1", "99");
        let codes = |changements: &[Changement]| -> Vec<&str> {
            lus(&d, changements).1.iter().map(|c| c.regle.code()).collect()
        };
        assert_eq!(codes(&[ecrit("contact", "Atelier")]), [""; 0], "the weights were wrong before");
        assert!(codes(&[ecrit("lettre", "oui")]).contains(&"B5"), "a letter that the grid does not explain");
        assert!(codes(&[ecrit("poids_2", "1")]).contains(&"B1"), "the grid itself is read whole");
    }

    #[test]
    fn r_for_25_r_for_40_what_a_file_writes_or_brings_out_is_told_and_nothing_else() {
        let d = Description::default().avec(INTERNAT, "oui").avec("boursiers", "oui");
        let non = AccueilDeclare::new("sans", None, Some(0));
        let codes = |changements: &[Changement], avant: AccueilDeclare, apres: AccueilDeclare| -> Vec<&str> {
            let lus = Accueils { internat: false, avant, apres };
            a_savoir(&d, changements, lus).iter().map(Remarque::code).collect()
        };
        assert_eq!(codes(&[ecrit("contact", "Atelier")], non, non), [""; 0], "it was so before");
        assert_eq!(codes(&[ecrit(INTERNAT, "oui")], non, non), ["internat_contredit"]);
        assert_eq!(codes(&[ecrit(INTERNAT, "non")], non, non), [""; 0]);
        let oui = AccueilDeclare::new("mixte", Some(4), Some(1));
        assert_eq!(codes(&[], oui, non), ["internat_contredit", "boursiers_contredits"]);
        assert_eq!(codes(&[], non, oui), [""; 0]);
        assert_eq!(codes(&[], AccueilDeclare::default(), AccueilDeclare::default()), [""; 0]);
        let piece = LigneListe::from([("piece".to_owned(), "Bulletins de seconde".to_owned())]);
        let pieces = (Champ::from_code("pieces").expect("a list"), Some(Valeur::Lignes(vec![piece])));
        assert_eq!(codes(&[pieces], oui, oui), ["bulletins_transmis"]);
    }
}
