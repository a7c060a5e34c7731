//! The workbook that comes back: what it would change, shown before it is applied.

use std::collections::BTreeMap;

use domain::droits::Action;
use domain::formations::description::{Champ, Valeur};
use files::tableau::{FeuilleLue, normalize_header};
use store::fichiers::{self, NouveauFichier};
use store::formations::LigneGestion;

use super::constats::{self, ConstatFichier};
use super::etablissements::{self, Plan as PlanMaisons};
use super::lieux::avec_formations;
use super::lire::{Demandes, FauteFichier, feuilles, lit_fichier};
use super::ouvertures::fermes;
use super::presentation::PRESENTATION;
use super::regroupements::{self, Plan};
use super::{Chargees, IDENTITE, PageFormation, capacites, charge, listes, simples};
use crate::contexte::Ctx;
use crate::debits::Debit;
use crate::erreur::AppError;
use crate::formations::description::{Changement, Lieux, genre_de};
use crate::formations::enregistrer::Capacites;
use crate::idempotence::hash;
use crate::sessions;

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
    /// The lines of a list of an establishment that would be lost, as they are read: components, sites, open days.
    pub retirees: Vec<String>,
    /// Where it is read in the course; `None`: the reader may not open it.
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

impl ApercuFichier {
    /// How many lines of the lists of establishments would be lost.
    pub fn lignes_retirees(&self) -> usize {
        self.differences.iter().map(|d| d.retirees.len()).sum()
    }
}

/// What is to be sent, where something else was.
const ATTENDU: &str = "le classeur XLSX ou le fichier CSV que vous avez téléchargé";

/// What kept files are for.
pub(super) const USAGE: &str = "parametrage";
/// Between the name of the kept file and the fingerprint of what was shown.
pub(super) const SEPARATEUR: char = '.';

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
pub(super) fn changements(c: &Chargees, lecture: &Demandes) -> BTreeMap<usize, Demande> {
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
pub(super) fn empreinte(
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
    let changent = changements(&c, &lecture);
    let fermes = fermes(ctx, &session, &c, &lecture.lignes, &changent).await?;
    lecture.ajoute(fermes.fautes);
    if !lecture.plan.is_empty() {
        // Tried out for the faults, and given up.
        let tx = ctx.begin().await?;
        let refus = regroupements::execute(&tx, ctx, &session, &c, &lecture.plan).await?;
        drop(tx);
        lecture.regroupements_refuses(refus.into_iter().map(|(defaut, _)| defaut));
    }
    if !lecture.maisons.is_empty() {
        let avec = avec_formations(&c, &lecture.lignes, &changent, &fermes.champs);
        let tx = ctx.begin().await?;
        let faite = etablissements::execute(&tx, ctx, &session, &c, &lecture.maisons, &avec).await?;
        drop(tx);
        lecture.ajoute(faite.refus.into_iter().flat_map(|(fautes, _)| fautes));
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
    let mut differences = Vec::new();
    for (i, voulue) in &changent {
        let l = &c.lignes[*i];
        let d = c.description(l);
        let lieux = c.lieux(l);
        let lieux_apres = lecture.maisons.lieux(l.etablissement_id).map_or(lieux, |a| &a.lisibles);
        let formation = || constats::nom(l);
        if let Some(demandees) = &voulue.capacites {
            differences.extend(capacites::differences(&c, l, demandees).into_iter().map(
                |(champ, avant, apres)| {
                    let page = Some(PageFormation::of(l));
                    DifferenceFichier {
                        formation: formation(),
                        champ,
                        avant,
                        apres,
                        retirees: Vec::new(),
                        page,
                    }
                },
            ));
        }
        if let Some(texte) = &voulue.presentation {
            differences.push(DifferenceFichier {
                formation: formation(),
                champ: PRESENTATION.to_owned(),
                avant: l.presentation.clone(),
                apres: texte.clone(),
                retirees: Vec::new(),
                page: Some(PageFormation::of(l)),
            });
        }
        for (champ, valeur) in &voulue.champs {
            differences.push(DifferenceFichier {
                formation: formation(),
                champ: champ.libelle.to_owned(),
                avant: montre(champ, d.valeur(champ.code), lieux),
                apres: montre(champ, valeur.as_ref(), lieux_apres),
                retirees: Vec::new(),
                page: Some(PageFormation::partie(ctx, session.id, l, champ.rubrique)),
            });
        }
    }
    differences.extend(regroupements::differences(&c, &lecture.plan));
    differences.extend(etablissements::differences(&c, &lecture.maisons));
    let constats = constats::of(ctx, &session, &c, &lecture, &changent).await?;
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
