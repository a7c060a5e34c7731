//! The workbook that comes back: what its sheets ask for, line by line.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::formations::description::{
    Champ, LigneListe, Nature, Rubrique, Valeur, check_jours, read_lignes, read_texte,
};
use files::Faute;
use files::tableau::{FeuilleLue, is_classeur, normalize_header, read_feuilles, read_lignes_csv};

use super::capacites::{self, Colonne};
use super::constats::Lignes;
use super::etablissements::{self, Feuille, Plan as PlanMaisons};
use super::lieux::trouve;
use super::presentation::{self, PRESENTATION};
use super::regroupements::{self, Colonne as ColonneRegroupement, Ou, Plan, Saisie};
use super::{Chargees, FORMATIONS, IDENTITE, PageFormation, listes, lit_frais, simples};
use crate::contexte::Ctx;
use crate::formations::description::{Changement, genre_de};
use crate::formations::enregistrer::Capacites;

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

/// Faults told at once (ENT-3).
const FAUTES_MAX: usize = 1_000;

/// What a file asks for, course by course, in the order of the file.
pub(super) struct Demandes {
    pub(super) fautes: Vec<FauteFichier>,
    /// Courses of the first sheet.
    pub(super) nommees: BTreeSet<usize>,
    /// Place of the course in the list of those of the person, then what is asked.
    pub(super) demandes: BTreeMap<usize, Vec<Changement>>,
    /// The same for capacities and fees; only those that change.
    pub(super) capacites: BTreeMap<usize, Capacites>,
    /// The same for the presentation.
    pub(super) presentations: BTreeMap<usize, String>,
    /// What is asked of the groupings, all lines together.
    pub(super) plan: Plan,
    /// What is asked of the establishments.
    pub(super) maisons: PlanMaisons,
    /// Where each course is in the file.
    pub(super) lignes: Lignes,
}

impl Demandes {
    fn faute(&mut self, feuille: &str, ligne: u64, colonne: &str, motif: impl Into<String>) {
        if self.fautes.len() < FAUTES_MAX {
            let faute = Faute { ligne, colonne: colonne.to_owned(), motif: motif.into() };
            let feuille = feuille.to_owned();
            self.fautes.push(FauteFichier { feuille, formation: String::new(), faute, page: None });
        }
    }

    pub(super) fn regroupements_refuses(&mut self, defauts: impl IntoIterator<Item = regroupements::Defaut>) {
        for (ou, colonne, motif) in defauts {
            self.faute(&ou.feuille, ou.ligne, colonne.libelle(), motif);
        }
    }

    /// Those that say their course, or their establishment, already.
    pub(super) fn ajoute(&mut self, fautes: impl IntoIterator<Item = FauteFichier>) {
        let reste = FAUTES_MAX.saturating_sub(self.fautes.len());
        self.fautes.extend(fautes.into_iter().take(reste));
    }
}

/// A line has every text of a course, each as long as its field lets it be: more than a line of an ordinary table.
const LIMITES_TEXTE: files::Limites = files::Limites { octets_ligne: 256 * 1024, ..files::Limites::DEFAUT };

pub(super) fn feuilles(octets: &[u8], nom: &str) -> Result<Vec<FeuilleLue>, files::FichierError> {
    if is_classeur(octets) {
        read_feuilles(octets, nom, files::Limites::default(), files::LimitesArchive::default())
    } else {
        read_lignes_csv(octets, nom, LIMITES_TEXTE)
            .map(|lignes| vec![FeuilleLue { nom: String::new(), lignes }])
    }
}

/// A title that is none of those of the sheet.
pub(super) const COLONNE_INCONNUE: &str =
    "Cette colonne n’est pas connue : retirez-la, ou reprenez le titre du fichier exporté.";
/// Two columns of the same title.
pub(super) const COLONNE_DOUBLE: &str = "Cette colonne est deux fois dans la feuille.";

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
                lecture.faute(&f.nom, *numero, &entetes[i], COLONNE_DOUBLE);
            }
            Some(c) => lues.push((i, c)),
            None => lecture.faute(&f.nom, *numero, &entetes[i], COLONNE_INCONNUE),
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

pub(super) fn lit_fichier(ctx: &Ctx, session: i64, c: &Chargees, feuilles: &[FeuilleLue]) -> Demandes {
    // Before the courses, which name the places that it leaves.
    let (maisons, fautes) = etablissements::lit(&c.maisons, feuilles, ctx.app.limites.lot_formations);
    let mut lecture = Demandes {
        fautes: Vec::new(),
        nommees: BTreeSet::new(),
        demandes: BTreeMap::new(),
        capacites: BTreeMap::new(),
        presentations: BTreeMap::new(),
        plan: Plan::default(),
        maisons,
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
    lecture.ajoute(fautes);
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
            let actuel = c.description(l).texte(champ.code);
            let nomme = champ.nature.is_lieu() && !saisi.is_empty();
            let apres = lecture.maisons.lieux(l.etablissement_id);
            let lieu = match nomme.then(|| trouve(champ, (lieux, apres), (saisi, actuel))).transpose() {
                Ok(lieu) => lieu,
                Err(motif) => {
                    lecture.faute(&f.nom, *numero, champ.libelle, motif);
                    continue;
                }
            };
            let saisi = lieu.as_deref().unwrap_or(saisi);
            let libre = matches!(champ.nature, Nature::Texte(_) | Nature::Zone(_));
            if libre && meme_texte(actuel, saisi, &f.nom) {
                continue;
            }
            match read_texte(champ, saisi) {
                Ok(lu) => {
                    lecture.lignes.note_champ(i, champ.code, (&f.nom, *numero));
                    lecture.demandes.entry(i).or_default().push((champ, lu.map(Valeur::Texte)));
                }
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
        let premiere = saisies.first().map_or(1, |(n, _)| *n);
        let mut defauts = check_jours(liste, &textes, c.campagne);
        match read_lignes(liste, &textes) {
            Ok(lues) => {
                lecture.lignes.note_champ(i, liste.code, (&f.nom, premiere));
                lecture.demandes.entry(i).or_default().push((liste, Some(Valeur::Lignes(lues))));
            }
            Err(autres) => defauts.extend(autres),
        }
        for d in defauts {
            let (numero, colonne) = match d.ou {
                None => (premiere, ""),
                Some((ligne, code)) => (
                    saisies.get(ligne).map_or(1, |(n, _)| *n),
                    champs.iter().find(|c| c.code == code).map_or("", |c| c.libelle),
                ),
            };
            lecture.faute(&f.nom, numero, colonne, d.message);
        }
    }
}
