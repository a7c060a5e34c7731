//! The workbook that comes back: read, shown as a difference, applied.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::droits::Action;
use domain::formations::description::{
    Champ, Description, LigneListe, Nature, Rubrique, Valeur, read_lignes, read_texte,
};
use files::Faute;
use files::tableau::{FeuilleLue, is_classeur, normalize_header, read_feuilles, read_lignes_csv};
use serde::Deserialize;
use serde_json::json;
use store::Tx;
use store::fichiers::{self, NouveauFichier};
use store::formations::{self as base, LigneFormation, LigneGestion};

use super::capacites::{self, Colonne};
use super::constats::{self, ConstatFichier, Lignes};
use super::etablissements::{self, Feuille, Plan as PlanMaisons};
use super::presentation::{self, PRESENTATION};
use super::regroupements::{self, Colonne as ColonneRegroupement, Ou, Plan, Saisie};
use super::{Chargees, FORMATIONS, IDENTITE, PageFormation, charge, listes, lit_frais, simples};
use crate::contexte::Ctx;
use crate::debits::Debit;
use crate::erreur::AppError;
use crate::formations::description::{
    Changement, Lieux, Lue as DescriptionLue, Plume, demande, genre_de, names_lieux,
};
use crate::formations::enregistrer::{
    Capacites, EnregistrerParametrage, LusAvant, Maniere, ecrit_parametrage, permit,
};
use crate::formations::vraisemblance::Lectures;
use crate::formations::{cible, distinctes};
use crate::idempotence::{self, Garde, Recepisse, hash};
use crate::sessions::{self, SessionAdmission};

/// A field that a file would change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DifferenceFichier {
    /// Course and establishment, or the establishment alone with its UAI.
    pub formation: String,
    /// Label of the field.
    pub champ: String,
    /// What it says; empty: nothing. Of a list, a line each.
    pub avant: String,
    /// What it would say.
    pub apres: String,
    /// Where it is read in the course; `None`: the reader may not open it.
    pub page: Option<PageFormation>,
}

/// A fault of a file, with its sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FauteFichier {
    /// Name of the sheet; empty in a CSV file.
    pub feuille: String,
    /// Course of the row, and its establishment, or the establishment alone; empty when the row says none.
    pub formation: String,
    /// Row, column and reason.
    pub faute: Faute,
    /// Where that field is in the course; `None`: the row is about none that the reader may open.
    pub page: Option<PageFormation>,
}

/// What applying a file would do, or why it cannot be applied.
#[derive(Debug, Clone, Default)]
pub struct ApercuFichier {
    /// Courses named by the file.
    pub formations: usize,
    /// Establishments named by the sheets that are about them.
    pub etablissements: usize,
    /// Any of them refuses the whole file; at most 1,000.
    pub fautes: Vec<FauteFichier>,
    /// What would change.
    pub differences: Vec<DifferenceFichier>,
    /// What the reading of what would change finds; it refuses nothing.
    pub constats: Vec<ConstatFichier>,
    /// What goes back to apply it: where the file is kept, and a fingerprint of what was shown; `None` when there is nothing to
    /// apply.
    pub recu: Option<String>,
}

/// What is to be sent, where something else was.
const ATTENDU: &str = "le classeur XLSX ou le fichier CSV que vous avez téléchargé";

/// Faults told at once (ENT-3).
const FAUTES_MAX: usize = 1_000;

/// What a file asks for, course by course, in the order of the file.
struct Demandes {
    fautes: Vec<FauteFichier>,
    /// Courses of the first sheet.
    nommees: BTreeSet<usize>,
    /// Place of the course in the list of those of the person, then what is asked.
    demandes: BTreeMap<usize, Vec<Changement>>,
    /// The same for capacities and fees; only those that change.
    capacites: BTreeMap<usize, Capacites>,
    /// The same for the presentation.
    presentations: BTreeMap<usize, String>,
    /// What is asked of the groupings, all lines together.
    plan: Plan,
    /// What is asked of the establishments.
    maisons: PlanMaisons,
    /// Where each course is in the file.
    lignes: Lignes,
}

impl Demandes {
    fn faute(&mut self, feuille: &str, ligne: u64, colonne: &str, motif: impl Into<String>) {
        if self.fautes.len() < FAUTES_MAX {
            let faute = Faute { ligne, colonne: colonne.to_owned(), motif: motif.into() };
            let feuille = feuille.to_owned();
            self.fautes.push(FauteFichier { feuille, formation: String::new(), faute, page: None });
        }
    }

    fn regroupements_refuses(&mut self, defauts: impl IntoIterator<Item = regroupements::Defaut>) {
        for (ou, colonne, motif) in defauts {
            self.faute(&ou.feuille, ou.ligne, colonne.libelle(), motif);
        }
    }

    fn etablissements_refuses(&mut self, fautes: impl IntoIterator<Item = FauteFichier>) {
        let reste = FAUTES_MAX.saturating_sub(self.fautes.len());
        self.fautes.extend(fautes.into_iter().take(reste));
    }
}

/// A line has every text of a course, each as long as its field lets it be: more than a line of an ordinary table.
const LIMITES_TEXTE: files::Limites = files::Limites { octets_ligne: 256 * 1024, ..files::Limites::DEFAUT };

fn feuilles(octets: &[u8], nom: &str) -> Result<Vec<FeuilleLue>, files::FichierError> {
    if is_classeur(octets) {
        read_feuilles(octets, nom, files::Limites::default(), files::LimitesArchive::default())
    } else {
        read_lignes_csv(octets, nom, LIMITES_TEXTE)
            .map(|lignes| vec![FeuilleLue { nom: String::new(), lignes }])
    }
}

/// The columns of a sheet: where the identifier is, and which field is in which column.
fn colonnes<T: PartialEq>(
    lecture: &mut Demandes,
    f: &FeuilleLue,
    connue: impl Fn(&str) -> Option<T>,
) -> Option<(usize, Vec<(usize, T)>)> {
    let (numero, entetes) = f.lignes.first()?;
    let normaux: Vec<String> = entetes.iter().map(|e| normalize_header(e)).collect();
    let Some(id) = normaux.iter().position(|e| *e == normalize_header(IDENTITE[0])) else {
        lecture.faute(
            &f.nom,
            *numero,
            IDENTITE[0],
            "La colonne « Identifiant » manque : partez du fichier exporté.",
        );
        return None;
    };
    let mut lues = Vec::new();
    for (i, entete) in normaux.iter().enumerate() {
        if entete.is_empty() || IDENTITE.iter().any(|e| *entete == normalize_header(e)) {
            continue;
        }
        match connue(entete) {
            Some(c) if lues.iter().any(|(_, d): &(usize, T)| *d == c) => {
                lecture.faute(&f.nom, *numero, &entetes[i], "Cette colonne est deux fois dans la feuille.");
            }
            Some(c) => lues.push((i, c)),
            None => lecture.faute(
                &f.nom,
                *numero,
                &entetes[i],
                "Cette colonne n’est pas connue : retirez-la, ou reprenez le titre du fichier exporté.",
            ),
        }
    }
    Some((id, lues))
}

/// The field of a header.
fn champ_de(champs: &[&'static Champ], entete: &str) -> Option<&'static Champ> {
    champs.iter().copied().find(|c| normalize_header(c.libelle) == entete || c.code == entete)
}

/// A column of the first sheet.
#[derive(PartialEq)]
enum Lue {
    Champ(&'static Champ),
    Capacite(Colonne),
    Regroupement(ColonneRegroupement),
    Presentation,
}

/// Two sheets of the same list.
pub(super) const FEUILLE_DOUBLE: &str = "Cette feuille est deux fois dans le classeur : retirez-en une.";

fn lit_fichier(ctx: &Ctx, session: i64, c: &Chargees, feuilles: &[FeuilleLue]) -> Demandes {
    let mut lecture = Demandes {
        fautes: Vec::new(),
        nommees: BTreeSet::new(),
        demandes: BTreeMap::new(),
        capacites: BTreeMap::new(),
        presentations: BTreeMap::new(),
        plan: Plan::default(),
        maisons: PlanMaisons::default(),
        lignes: Lignes::default(),
    };
    let mut saisies = Vec::new();
    let places: HashMap<&str, usize> =
        c.lignes.iter().enumerate().map(|(i, l)| (l.public_id.as_str(), i)).collect();
    let champs: Vec<&'static Champ> = simples().collect();
    let mut vues = BTreeSet::new();
    for f in feuilles.iter().filter(|f| Feuille::of_nom(&f.nom).is_none()) {
        let liste = listes().find(|l| normalize_header(l.libelle) == normalize_header(&f.nom));
        if !f.nom.is_empty() && liste.is_none() && normalize_header(&f.nom) != normalize_header(FORMATIONS) {
            lecture.faute(
                &f.nom,
                1,
                "",
                "Cette feuille n’est pas connue : retirez-la, ou reprenez le nom du fichier exporté.",
            );
            continue;
        }
        match liste {
            None => lit_simples(ctx, session, c, &places, f, &champs, (&mut lecture, &mut saisies)),
            // The second one would take away the lines of the first.
            Some(l) if !vues.insert(l.code) => lecture.faute(&f.nom, 1, "", FEUILLE_DOUBLE),
            Some(l) => lit_liste(c, &places, f, l, &mut lecture),
        }
    }
    match regroupements::plan(c, &saisies) {
        Ok(plan) => lecture.plan = plan,
        Err(defauts) => lecture.regroupements_refuses(defauts),
    }
    let (maisons, fautes) = etablissements::lit(&c.maisons, feuilles, ctx.app.limites.lot_formations);
    lecture.maisons = maisons;
    lecture.etablissements_refuses(fautes);
    lecture
}

fn place(
    lecture: &mut Demandes,
    places: &HashMap<&str, usize>,
    f: &FeuilleLue,
    (numero, cellules): &(u64, Vec<String>),
    id: usize,
) -> Option<usize> {
    let identifiant = cellules.get(id).map_or("", |c| c.trim());
    let place = places.get(identifiant).copied();
    if place.is_none() {
        lecture.faute(
            &f.nom,
            *numero,
            IDENTITE[0],
            format!("« {identifiant} » n’est l’identifiant d’aucune de vos formations pour cette session."),
        );
    }
    place
}

/// Files have no spaces of several kinds, and text files, whose sheet has no name, no line breaks in their cells: what differs by
/// nothing else is unchanged.
pub(super) fn meme_texte(actuel: &str, saisi: &str, feuille: &str) -> bool {
    match feuille {
        "" => actuel.split_whitespace().eq(saisi.split_whitespace()),
        _ => lignes_de(actuel).eq(lignes_de(saisi)),
    }
}

fn lignes_de(texte: &str) -> impl Iterator<Item = Vec<&str>> {
    texte.trim().lines().map(|l| l.split_whitespace().collect())
}

fn lit_simples(
    ctx: &Ctx,
    session: i64,
    c: &Chargees,
    places: &HashMap<&str, usize>,
    f: &FeuilleLue,
    champs: &[&'static Champ],
    (lecture, saisies): (&mut Demandes, &mut Vec<Saisie>),
) {
    let siennes = capacites::colonnes(ctx, session, c);
    let connue = |entete: &str| {
        let capacite = siennes.iter().find(|c| normalize_header(&c.libelle()) == entete).cloned();
        let regroupement = || ColonneRegroupement::of_entete(entete).map(Lue::Regroupement);
        let presentation = || (normalize_header(PRESENTATION) == entete).then_some(Lue::Presentation);
        let champ = || champ_de(champs, entete).map(Lue::Champ);
        capacite.map(Lue::Capacite).or_else(regroupement).or_else(presentation).or_else(champ)
    };
    let Some((id, lues)) = colonnes(lecture, f, connue) else { return };
    for ligne in f.lignes.iter().skip(1) {
        let Some(i) = place(lecture, places, f, ligne, id) else { continue };
        let (numero, cellules) = ligne;
        if !lecture.nommees.insert(i) {
            lecture.faute(&f.nom, *numero, IDENTITE[0], "Cette formation est déjà sur une autre ligne.");
            continue;
        }
        lecture.lignes.note(i, &f.nom, *numero);
        let l = &c.lignes[i];
        let genre = genre_de(&l.famille, &l.libelle);
        let lieux = c.lieux(l);
        let texte = |i: usize| cellules.get(i).map_or("", |t| t.trim());
        let chiffres: Vec<(Colonne, &str)> = lues
            .iter()
            .filter_map(|(i, lue)| match lue {
                Lue::Capacite(colonne) => Some((colonne.clone(), texte(*i))),
                _ => None,
            })
            .collect();
        let regroupement: Vec<(ColonneRegroupement, String)> = lues
            .iter()
            .filter_map(|(i, lue)| match lue {
                Lue::Regroupement(colonne) => Some((*colonne, texte(*i).to_owned())),
                _ => None,
            })
            .collect();
        if !regroupement.is_empty() {
            let ou = Ou { feuille: f.nom.clone(), ligne: *numero };
            saisies.push(Saisie { ou, place: i, cellules: regroupement });
        }
        match capacites::lit_ligne(ctx, session, c, l, &chiffres) {
            Ok(demande) => lecture.capacites.extend(demande.map(|d| (i, d))),
            Err(defauts) => {
                for (colonne, motif) in defauts {
                    lecture.faute(&f.nom, *numero, &colonne, motif);
                }
            }
        }
        if let Some((colonne, _)) = lues.iter().find(|(_, lue)| *lue == Lue::Presentation) {
            match presentation::lit_cellule(ctx, session, l, (texte(*colonne), &f.nom)) {
                Ok(demandee) => lecture.presentations.extend(demandee.map(|t| (i, t))),
                Err(motif) => lecture.faute(&f.nom, *numero, PRESENTATION, motif),
            }
        }
        for (colonne, lue) in &lues {
            let Lue::Champ(champ) = *lue else { continue };
            let saisi = cellules.get(*colonne).map_or("", |t| t.trim());
            if champ.rubrique == Rubrique::Frais && !lit_frais(ctx, session, l) {
                if !saisi.is_empty() {
                    lecture.faute(
                        &f.nom,
                        *numero,
                        champ.libelle,
                        "Votre rôle ne permet pas d’écrire les frais.",
                    );
                }
                continue;
            }
            if !champ.concerne(genre) {
                if !saisi.is_empty() {
                    let motif = format!(
                        "Ce champ n’existe pas pour le type « {} » : videz la cellule.",
                        genre.libelle()
                    );
                    lecture.faute(&f.nom, *numero, champ.libelle, motif);
                }
                continue;
            }
            let saisi = match champ.nature {
                nature if nature.is_lieu() && !saisi.is_empty() => {
                    match lieux.of(champ.nature).iter().find(|(id, nom)| nom == saisi || id == saisi) {
                        Some((id, _)) => id.as_str(),
                        None => {
                            let motif = format!("« {saisi} » n’est pas décrit avec l’établissement.");
                            lecture.faute(&f.nom, *numero, champ.libelle, motif);
                            continue;
                        }
                    }
                }
                _ => saisi,
            };
            let actuel = c.description(l).texte(champ.code);
            let libre = matches!(champ.nature, Nature::Texte(_) | Nature::Zone(_));
            if libre && meme_texte(actuel, saisi, &f.nom) {
                continue;
            }
            match read_texte(champ, saisi) {
                Ok(lu) => lecture.demandes.entry(i).or_default().push((champ, lu.map(Valeur::Texte))),
                Err(motif) => lecture.faute(&f.nom, *numero, champ.libelle, motif),
            }
        }
    }
}

/// The lines of a list replace those of each course that the file names, here or on the first sheet.
fn lit_liste(
    c: &Chargees,
    places: &HashMap<&str, usize>,
    f: &FeuilleLue,
    liste: &'static Champ,
    lecture: &mut Demandes,
) {
    let champs: Vec<&'static Champ> = liste.colonnes().iter().collect();
    let Some((id, lues)) = colonnes(lecture, f, |entete| champ_de(&champs, entete)) else { return };
    let mut lignes: BTreeMap<usize, Vec<(u64, LigneListe)>> =
        lecture.nommees.iter().map(|i| (*i, Vec::new())).collect();
    for ligne in f.lignes.iter().skip(1) {
        let Some(i) = place(lecture, places, f, ligne, id) else { continue };
        let saisie = lues
            .iter()
            .map(|(colonne, c)| (c.code.to_owned(), ligne.1.get(*colonne).cloned().unwrap_or_default()))
            .collect();
        lignes.entry(i).or_default().push((ligne.0, saisie));
    }
    for (i, saisies) in lignes {
        let l = &c.lignes[i];
        if !liste.concerne(genre_de(&l.famille, &l.libelle)) {
            continue;
        }
        let pleines = saisies.iter().filter(|(_, l)| l.values().any(|v| !v.trim().is_empty()));
        let rangs = pleines.map(|(numero, _)| *numero).collect();
        lecture.lignes.note_liste(i, (liste.code, &f.nom), rangs);
        let textes: Vec<LigneListe> = saisies.iter().map(|(_, l)| l.clone()).collect();
        match read_lignes(liste, &textes) {
            Ok(lues) => lecture.demandes.entry(i).or_default().push((liste, Some(Valeur::Lignes(lues)))),
            Err(defauts) => {
                for d in defauts {
                    let (numero, colonne) = match d.ou {
                        None => (saisies.first().map_or(1, |(n, _)| *n), ""),
                        Some((ligne, code)) => (
                            saisies.get(ligne).map_or(1, |(n, _)| *n),
                            champs.iter().find(|c| c.code == code).map_or("", |c| c.libelle),
                        ),
                    };
                    lecture.faute(&f.nom, numero, colonne, d.message);
                }
            }
        }
    }
}

/// The course that a row is about: by its identifier, with its name; else by the name that the row gives it.
fn formation_de<'c>(
    c: &'c Chargees,
    feuilles: &[FeuilleLue],
    feuille: &str,
    ligne: u64,
) -> Option<(Option<&'c LigneGestion>, String)> {
    let (entetes, lignes) = feuilles.iter().find(|f| f.nom == feuille)?.lignes.split_first()?;
    let (_, cellules) = lignes.iter().find(|(numero, _)| *numero == ligne)?;
    let cellule = |titre: &str| {
        let place = entetes.1.iter().position(|e| normalize_header(e) == normalize_header(titre))?;
        cellules.get(place).map(|t| t.trim())
    };
    let connue = cellule(IDENTITE[0]).and_then(|id| c.lignes.iter().find(|l| l.public_id == id));
    match connue {
        Some(l) => Some((Some(l), constats::nom(l))),
        None => cellule(IDENTITE[1]).map(|nom| (None, nom.to_owned())),
    }
}

/// Where a column of a sheet is in a course: the part of its field, when its kind has one.
fn page_de(ctx: &Ctx, session: i64, l: &LigneGestion, feuille: &str, colonne: &str) -> PageFormation {
    let liste = listes().find(|c| normalize_header(c.libelle) == normalize_header(feuille));
    let champ = liste.or_else(|| simples().find(|c| c.libelle == colonne));
    match champ.filter(|c| c.concerne(genre_de(&l.famille, &l.libelle))) {
        Some(c) => PageFormation::partie(ctx, session, l, c.rubrique),
        None => PageFormation::of(l),
    }
}

fn montre(champ: &Champ, valeur: Option<&Valeur>, lieux: &Lieux) -> String {
    match valeur {
        None => String::new(),
        Some(Valeur::Texte(t)) => lieux.lisible(champ, t),
        Some(Valeur::Lignes(lignes)) => champ.lignes_lisibles(lignes).join("\n"),
    }
}

/// What changes in a course.
#[derive(Default)]
pub(super) struct Demande {
    /// Its capacities and fees; `None`: neither.
    pub capacites: Option<Capacites>,
    /// Its presentation.
    pub presentation: Option<String>,
    /// Fields of its description.
    pub champs: Vec<Changement>,
}

/// What of the demands changes something, by place of the course.
fn changements(c: &Chargees, lecture: &Demandes) -> BTreeMap<usize, Demande> {
    let mut changent: BTreeMap<usize, Demande> = BTreeMap::new();
    for (i, demandees) in &lecture.capacites {
        changent.entry(*i).or_default().capacites = Some(demandees.clone());
    }
    for (i, texte) in &lecture.presentations {
        changent.entry(*i).or_default().presentation = Some(texte.clone());
    }
    for (i, demandes) in &lecture.demandes {
        let d = c.description(&c.lignes[*i]);
        let vrais: Vec<Changement> = demandes
            .iter()
            .filter(|(champ, valeur)| {
                let net = valeur.as_ref().filter(|v| !matches!(v, Valeur::Lignes(l) if l.is_empty()));
                d.valeur(champ.code) != net
            })
            .cloned()
            .collect();
        if !vrais.is_empty() {
            changent.entry(*i).or_default().champs = vrais;
        }
    }
    changent
}

/// Fingerprint of what a file changes, values of before included: what was shown is what is applied.
fn empreinte(
    c: &Chargees,
    changent: &BTreeMap<usize, Demande>,
    (plan, maisons): (&Plan, &PlanMaisons),
) -> String {
    let dits: Vec<_> = changent
        .iter()
        .map(|(i, voulue)| {
            let l = &c.lignes[*i];
            let d = c.description(l);
            let capacites = voulue.capacites.as_ref().map(|d| capacites::differences(c, l, d));
            let presentation = voulue.presentation.as_ref().map(|texte| (&l.presentation, texte));
            let champs: Vec<_> = voulue.champs.iter().map(|(c, v)| (c.code, d.valeur(c.code), v)).collect();
            (&l.public_id, capacites, presentation, champs)
        })
        .collect();
    let autres = (regroupements::dit(c, plan), etablissements::dit(c, maisons));
    hash(&serde_json::to_string(&(dits, autres)).unwrap_or_default())
}

/// Reads a file and says what applying it would do. Changes nothing, but keeps the file for a while when it may be applied.
///
/// # Errors
/// [`AppError::Invalid`] without a file; [`AppError::Invalid`] beyond the courses of one act.
pub async fn preview_descriptions(
    ctx: &Ctx,
    annee: i64,
    nom_fichier: &str,
    octets: &[u8],
) -> Result<ApercuFichier, AppError> {
    ctx.take(Debit::Import)?;
    ctx.scope(Action::ModifierFormation)?;
    let session = sessions::session(&ctx.app.db, annee).await?;
    session.require_ouverte()?;
    if octets.is_empty() {
        let message = "Choisissez un fichier CSV ou XLSX : celui qui a été envoyé est vide ou absent.";
        return Err(AppError::Invalid(vec![("fichier", message.to_owned())]));
    }
    let c = charge(ctx, session.id).await?;
    let lues = match feuilles(octets, nom_fichier) {
        Ok(lues) => lues,
        Err(illisible) => {
            let fautes = illisible.en_fautes(ATTENDU);
            let fautes = fautes.into_iter().map(|faute| FauteFichier {
                feuille: String::new(),
                formation: String::new(),
                faute,
                page: None,
            });
            return Ok(ApercuFichier { fautes: fautes.collect(), ..ApercuFichier::default() });
        }
    };
    let mut lecture = lit_fichier(ctx, session.id, &c, &lues);
    if !lecture.plan.is_empty() {
        // Tried out for the faults, and given up.
        let tx = ctx.begin().await?;
        let refus = regroupements::execute(&tx, ctx, &session, &c, &lecture.plan).await?;
        drop(tx);
        lecture.regroupements_refuses(refus.into_iter().map(|(defaut, _)| defaut));
    }
    if !lecture.maisons.is_empty() {
        let tx = ctx.begin().await?;
        let refus = etablissements::execute(&tx, ctx, &session, &c, &lecture.maisons).await?;
        drop(tx);
        lecture.etablissements_refuses(refus.into_iter().flat_map(|(fautes, _)| fautes));
    }
    let formations = lecture.nommees.len().max(lecture.demandes.len());
    let etablissements = lecture.maisons.nommees();
    if !lecture.fautes.is_empty() {
        for f in lecture.fautes.iter_mut().filter(|f| f.formation.is_empty()) {
            if let Some((connue, nom)) = formation_de(&c, &lues, &f.feuille, f.faute.ligne) {
                f.page = connue.map(|l| page_de(ctx, session.id, l, &f.feuille, &f.faute.colonne));
                f.formation = nom;
            }
        }
        let fautes = lecture.fautes;
        return Ok(ApercuFichier { formations, etablissements, fautes, ..ApercuFichier::default() });
    }
    let changent = changements(&c, &lecture);
    let mut differences = Vec::new();
    for (i, voulue) in &changent {
        let l = &c.lignes[*i];
        let d = c.description(l);
        let lieux = c.lieux(l);
        let formation = || constats::nom(l);
        if let Some(demandees) = &voulue.capacites {
            differences.extend(capacites::differences(&c, l, demandees).into_iter().map(
                |(champ, avant, apres)| {
                    let page = Some(PageFormation::of(l));
                    DifferenceFichier { formation: formation(), champ, avant, apres, page }
                },
            ));
        }
        if let Some(texte) = &voulue.presentation {
            differences.push(DifferenceFichier {
                formation: formation(),
                champ: PRESENTATION.to_owned(),
                avant: l.presentation.clone(),
                apres: texte.clone(),
                page: Some(PageFormation::of(l)),
            });
        }
        for (champ, valeur) in &voulue.champs {
            differences.push(DifferenceFichier {
                formation: formation(),
                champ: champ.libelle.to_owned(),
                avant: montre(champ, d.valeur(champ.code), lieux),
                apres: montre(champ, valeur.as_ref(), lieux),
                page: Some(PageFormation::partie(ctx, session.id, l, champ.rubrique)),
            });
        }
    }
    differences.extend(regroupements::differences(&c, &lecture.plan));
    differences.extend(etablissements::differences(&c, &lecture.maisons));
    let constats = constats::of(ctx, &session, &c, &lecture.lignes, &changent).await?;
    let recu = match ctx.acteur.compte {
        Some(compte) if !differences.is_empty() => {
            let tx = ctx.begin().await?;
            let n = NouveauFichier { compte, pour: USAGE, nom: nom_fichier, octets, recu_le: ctx.recu_ms() };
            let recu = fichiers::keep(&tx, ctx.app.alea.as_ref(), &n).await?;
            tx.commit().await?;
            let montree = empreinte(&c, &changent, (&lecture.plan, &lecture.maisons));
            Some(format!("{recu}{SEPARATEUR}{montree}"))
        }
        _ => None,
    };
    Ok(ApercuFichier { formations, etablissements, fautes: Vec::new(), differences, constats, recu })
}

/// What kept files are for.
const USAGE: &str = "parametrage";
/// The receipt of a file applied.
const APPLICATION: &str = "classeur_applique";
/// Between the name of the kept file and the fingerprint of what was shown.
const SEPARATEUR: char = '.';

/// Applies a file that was read and kept: exactly what was shown, all of it or nothing. The file says what every field should
/// be: without the fingerprint, it would also put back fields that somebody changed after it was shown.
///
/// # Errors
/// [`AppError::NotFound`] once the file is no longer kept; [`AppError::Conflict`] when applying it would no longer do what
/// was shown; [`AppError::Rule`] outside the step of a field that it changes.
pub async fn apply_descriptions(
    ctx: &Ctx,
    garde: &Garde,
    annee: i64,
    recu: &str,
) -> Result<Recepisse, AppError> {
    let compte = ctx.acteur.compte.ok_or(AppError::NotFound)?;
    let demande = demande("parametrage_importe", annee, &recu)?;
    let (recu, montree) = recu.split_once(SEPARATEUR).ok_or(AppError::NotFound)?;
    let depuis = ctx.recu_ms() - ctx.app.limites.demande_gardee_min * 60_000;
    let session = sessions::session(&ctx.app.db, annee).await?;
    if let Some(recepisse) = idempotence::deja_fait(&ctx.app.db, ctx, garde, &demande).await? {
        return Ok(recepisse);
    }
    let f = fichiers::kept(&ctx.app.db, compte, USAGE, recu, depuis).await?.ok_or(AppError::NotFound)?;
    let c = charge(ctx, session.id).await?;
    let lues = feuilles(&f.octets, &f.nom).map_err(|_| AppError::Conflict)?;
    let lecture = lit_fichier(ctx, session.id, &c, &lues);
    if !lecture.fautes.is_empty() {
        return Err(AppError::Conflict);
    }
    let changent = changements(&c, &lecture);
    if empreinte(&c, &changent, (&lecture.plan, &lecture.maisons)) != montree {
        return Err(AppError::Conflict);
    }
    let constats = constats::of(ctx, &session, &c, &lecture.lignes, &changent).await?;
    let tx = ctx.begin().await?;
    let mut changees = write_courses(&tx, ctx, &session, &c, changent).await?;
    // Last: groups that are shared are no longer those of the courses above.
    if !lecture.plan.is_empty() {
        if regroupements::charge(&tx, &c.lignes).await? != c.regroupements {
            return Err(AppError::Conflict);
        }
        let refus = regroupements::execute(&tx, ctx, &session, &c, &lecture.plan).await?;
        if let Some((_, e)) = refus.into_iter().next() {
            return Err(e);
        }
        changees.extend(lecture.plan.formations().filter(|f| !changees.contains(f)).collect::<Vec<_>>());
    }
    let refus = etablissements::execute(&tx, ctx, &session, &c, &lecture.maisons).await?;
    if let Some((_, e)) = refus.into_iter().next() {
        return Err(e);
    }
    fichiers::forget(&tx, compte, USAGE, recu).await?;
    let maisons = lecture.maisons.changees(&c);
    let contenu = json!({ "formations": changees, "etablissements": maisons, "constats": constats });
    let recepisse = idempotence::emettre(&tx, ctx, garde, &demande, APPLICATION, None, &contenu).await?;
    tx.commit().await?;
    Ok(recepisse)
}

/// What is read at once of the courses that a file changes, by key, in the transaction that writes them.
struct Relu {
    formations: HashMap<i64, LigneFormation>,
    parametrages: LusAvant,
    /// What the numbers that change are held against.
    nombres: Lectures,
    descriptions: HashMap<i64, DescriptionLue>,
    /// By key of the establishment; read where a field that changes names one.
    lieux: HashMap<i64, Lieux>,
}

impl Relu {
    async fn load(
        tx: &Tx,
        ctx: &Ctx,
        session: &SessionAdmission,
        c: &Chargees,
        changent: &BTreeMap<usize, Demande>,
    ) -> Result<Self, AppError> {
        let toutes: Vec<i64> = changent.keys().map(|i| c.lignes[*i].id).collect();
        let lues = base::by_ids(tx, &toutes).await?;
        let formations: HashMap<i64, LigneFormation> = lues.into_iter().map(|f| (f.id, f)).collect();
        let (mut ecrites, mut chiffrees, mut decrites) = (Vec::new(), Vec::new(), Vec::new());
        let mut maisons = Vec::new();
        for (i, voulue) in changent {
            let Some(f) = formations.get(&c.lignes[*i].id) else { continue };
            if voulue.capacites.is_some() {
                chiffrees.push(f.clone());
            }
            if voulue.capacites.is_some() || voulue.presentation.is_some() {
                ecrites.push(f.id);
            }
            if !voulue.champs.is_empty() {
                decrites.push(f.clone());
            }
            if names_lieux(&voulue.champs) {
                maisons.push(f.etablissement_id);
            }
        }
        Ok(Self {
            parametrages: LusAvant::load(tx, &ecrites).await?,
            nombres: Lectures::load(ctx, tx, session, &chiffrees).await?,
            descriptions: DescriptionLue::load_all(tx, &decrites).await?,
            lieux: Lieux::load_all(tx, session.id, &distinctes(maisons)).await?,
            formations,
        })
    }
}

/// Writes what a file changes in each course, in their order; gives the public identifiers of those that really changed.
async fn write_courses(
    tx: &Tx,
    ctx: &Ctx,
    session: &SessionAdmission,
    c: &Chargees,
    changent: BTreeMap<usize, Demande>,
) -> Result<Vec<String>, AppError> {
    let plume = Plume { tx, ctx, session };
    let mut relu = Relu::load(tx, ctx, session, c, &changent).await?;
    let mut changees = Vec::new();
    for (i, Demande { capacites, presentation, champs }) in changent {
        let l = &c.lignes[i];
        let f = relu.formations.remove(&l.id).ok_or(AppError::NotFound)?;
        let lu = relu.parametrages.of(f.id);
        let mut change = false;
        if capacites.is_some() {
            let memes = lu.groupes == c.groupes(l);
            if !memes || (f.capacite, f.frais_centimes) != (l.capacite, l.frais_centimes) {
                return Err(AppError::Conflict);
            }
        }
        if presentation.is_some() && f.presentation != l.presentation {
            return Err(AppError::Conflict);
        }
        if capacites.is_some() || presentation.is_some() {
            let commande = EnregistrerParametrage { capacites, presentation };
            let permit = permit(ctx, &f, &commande)?;
            let maniere = Maniere::EnLot(&relu.nombres, lu);
            ecrit_parametrage(tx, ctx, &permit, session, &f, &commande, maniere).await?;
            change = true;
        }
        if !champs.is_empty() {
            let mut lue = relu.descriptions.remove(&f.id).unwrap_or_default();
            let maintenant = &lue.description;
            if Some(maintenant) != c.descriptions.get(&f.id) && *maintenant != Description::default() {
                return Err(AppError::Conflict);
            }
            lue.lieux = relu.lieux.get(&f.etablissement_id).cloned().unwrap_or_default();
            change |= !plume.write_over(&f, lue, &champs, false).await?.is_empty();
        }
        if change {
            changees.push(f.public_id);
        }
    }
    Ok(changees)
}

/// What the reading of what a file brought found when it was applied, by the number of its receipt; nothing for a receipt of something
/// else, or of somebody else.
///
/// # Errors
/// When the database refuses.
pub async fn applied_findings(ctx: &Ctx, numero: &str) -> Result<Vec<ConstatFichier>, AppError> {
    #[derive(Default, Deserialize)]
    struct Contenu {
        #[serde(default)]
        constats: Vec<ConstatFichier>,
    }
    let contenu: Option<Contenu> = idempotence::contenu_de(ctx, numero, APPLICATION).await?;
    let mut constats = contenu.unwrap_or_default().constats;
    let pages: BTreeSet<String> =
        constats.iter().filter_map(|c| c.page.as_ref()).map(|p| p.formation.clone()).collect();
    let codes: Vec<&str> = pages.iter().map(String::as_str).collect();
    let lues = base::by_public_ids(&ctx.app.db, &codes).await?;
    // A receipt outlives the rights of who made the act.
    let ouvrables: BTreeSet<&str> = lues
        .iter()
        .filter(|f| ctx.may(Action::ConsulterParametrage, &cible(f)))
        .map(|f| f.public_id.as_str())
        .collect();
    for c in &mut constats {
        c.page = c.page.take().filter(|p| ouvrables.contains(p.formation.as_str()));
    }
    Ok(constats)
}
