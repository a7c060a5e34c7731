//! What an import of the catalogue says: to a person in French, to a machine in JSON.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;

use domain::apprentissage::{Appariement, Changement, Decision, Fiche, Issue, Restructuration, Statut};
use files::catalogue::BilanCatalogue;
use serde::{Deserialize, Serialize};
use store::apprentissage::LigneRejet;

use super::super::rapport::{conclusion, ecrit_releve};
use super::lire::{FluxLu, Place};
use super::{Plan, bouge};
use crate::messages::{accord, nombre};

/// How many records had each outcome.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CompteFiches {
    /// Records of the files, refused ones included.
    pub lues: u64,
    /// New ones.
    pub creations: u64,
    /// Whose fields changed, and no establishment nor place.
    pub modifications: u64,
    /// Whose establishment or place moved.
    pub restructurations: u64,
    /// No longer in the flow.
    pub retraits: u64,
    /// Removed before, and back.
    pub retours: u64,
    /// Nothing to say, those that the flow no longer has included.
    pub inchangees: u64,
    /// Refused.
    pub refusees: u64,
    /// That repeat another one.
    pub doublons: u64,
    /// R-APP-01: warnings.
    pub appariements: u64,
    /// Whose status moves, the new ones apart.
    pub passages: u64,
    /// Not removed, because a refused record does not say who it is.
    pub retraits_suspendus: u64,
    /// R-APP-17: of those that the day says, completed by the national registers.
    pub completees: u64,
    /// Status of the records that the day says, by its code.
    pub statuts: BTreeMap<Cow<'static, str>, u64>,
}

/// What is said of one record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LigneRapport {
    /// Its identifier.
    pub identifiant: String,
    /// Title of its course, when it says it; none in the accounts kept before it was.
    #[serde(default)]
    pub intitule: Option<String>,
    /// Town and code of its establishment, as far as it says them; none likewise.
    #[serde(default)]
    pub lieu: Option<String>,
    /// Name of its file, when the day has it.
    pub fichier: Option<String>,
    /// Among the records of it, from 1; none in the accounts kept before it was.
    #[serde(default)]
    pub rang: Option<u64>,
    /// Where it begins in it.
    pub ligne: Option<u64>,
    /// Code of the outcome.
    pub issue: Cow<'static, str>,
    /// French sentences without final stop: what changes.
    pub details: Vec<String>,
    /// Code of the status that it takes; none: it keeps its own.
    pub statut: Option<Cow<'static, str>>,
    /// Why.
    pub raison: Option<String>,
    /// Identifier of the record that it repeats.
    pub doublon_de: Option<String>,
    /// R-APP-01.
    pub appariement: Option<Appariement>,
}

/// The report of an import of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RapportApprentissage {
    /// Year of the session that takes the records.
    pub session: i64,
    /// Name of the flow.
    pub flux: String,
    /// Written to the base.
    pub applique: bool,
    /// Why nothing may be written, in French.
    pub refus: Option<String>,
    /// What the session admits is written, or would be.
    pub perimetre_change: bool,
    /// The refused records are not those of the day before.
    pub rejets_changent: bool,
    /// How many of each.
    pub compte: CompteFiches,
    /// Every record of which there is something to say, by identifier.
    pub lignes: Vec<LigneRapport>,
    /// In the order given.
    pub fichiers: Vec<BilanCatalogue>,
    /// Records whose row is written, or would be.
    pub ecrites: u64,
    /// Those refused, in the order of the files.
    #[serde(skip)]
    pub(crate) rejets: Vec<LigneRejet>,
    /// R-APP-05: how many it would remove, out of how many, when that is not believed.
    #[serde(skip)]
    pub(crate) retenus: Option<(usize, usize)>,
}

impl RapportApprentissage {
    /// Lines of one outcome that the text shows; all are in the JSON.
    const MAX_LIGNES: usize = 40;

    pub(super) fn new(session: i64, flux: &str, lu: &FluxLu, plan: &Plan) -> Self {
        let places: HashMap<&str, Place> =
            lu.fiches.iter().zip(&lu.places).rev().map(|(f, place)| (f.id.as_str(), *place)).collect();
        let fichiers: Vec<BilanCatalogue> = lu.fichiers.iter().map(|(b, _)| b.clone()).collect();
        let mut compte = CompteFiches {
            lues: fichiers.iter().map(|b| b.lues).sum(),
            refusees: plan.rejets.len() as u64,
            retraits_suspendus: plan.delta.retraits_suspendus as u64,
            ..CompteFiches::default()
        };
        let mut lignes = Vec::new();
        let mut ecrites = 0;
        for (d, avant) in plan.delta.decisions.iter().zip(&plan.avant) {
            let rang = match d.issue {
                Issue::Creation => &mut compte.creations,
                Issue::Modification(_) => &mut compte.modifications,
                Issue::Restructuration(..) => &mut compte.restructurations,
                Issue::Retrait => &mut compte.retraits,
                Issue::Retour => &mut compte.retours,
                Issue::Inchangee => &mut compte.inchangees,
            };
            *rang += 1;
            compte.doublons += u64::from(d.doublon_de.is_some());
            compte.appariements += u64::from(d.appariement.is_some());
            compte.completees += u64::from(d.fiche.as_ref().is_some_and(|f| !f.complement.is_empty()));
            compte.passages += u64::from(d.passage.as_ref().is_some_and(|p| p.de.is_some()));
            let statut = d.passage.as_ref().map(|p| p.vers).or(avant.as_ref().map(|c| c.statut));
            if let (Some(statut), true) = (statut, d.fiche.is_some()) {
                *compte.statuts.entry(Cow::Borrowed(statut.code())).or_default() += 1;
            }
            let ecrit = bouge(d, avant.as_ref());
            ecrites += u64::from(ecrit);
            if ecrit || d.appariement.is_some() {
                let place = places.get(d.id.as_str()).copied();
                let fiche = d.fiche.as_ref().or(avant.as_ref().map(|c| &c.fiche));
                lignes.push(line(d, fiche, place, &fichiers));
            }
        }
        Self {
            session,
            flux: flux.to_owned(),
            applique: false,
            refus: None,
            perimetre_change: plan.perimetre_change,
            rejets_changent: plan.rejets_changent,
            compte,
            lignes,
            fichiers,
            ecrites,
            rejets: plan.rejets.clone(),
            retenus: None,
        }
    }

    /// R-APP-05: the files would remove too much to be believed.
    pub(super) fn refuse_retraits(&mut self, retirees: usize, connues: usize) {
        self.retenus = Some((retirees, connues));
        self.refus = self.doute().map(|doute| {
            format!(
                "{doute} Si elles ont vraiment disparu, ajoutez --retraits-massifs ; si les fichiers n’ont que ce qui change, \
                 ajoutez --partiel."
            )
        });
    }

    /// R-APP-05: why it is not believed, in French; the remedy depends on who reads it.
    pub(crate) fn doute(&self) -> Option<String> {
        let n = |n: usize| nombre(i64::try_from(n).unwrap_or(i64::MAX));
        self.retenus.map(|(retirees, connues)| {
            format!(
                "{} des {} fiches connues de ce flux ne sont pas dans les fichiers : ils semblent incomplets.",
                n(retirees),
                n(connues)
            )
        })
    }

    /// Whether something is, or would be, written.
    pub fn change(&self) -> bool {
        self.ecrites > 0 || self.perimetre_change || self.rejets_changent
    }

    /// Success for a script: applied, or nothing that keeps from it.
    pub fn reussi(&self) -> bool {
        self.refus.is_none()
    }

    /// The last line of every report.
    pub fn derniere_ligne(&self) -> String {
        let c = &self.compte;
        let n = |n: u64| nombre(i64::try_from(n).unwrap_or(i64::MAX));
        format!(
            "{} fiches lues : {} créées, {} modifiées, {} restructurées, {} retirées, {} revenues, {} inchangées ; \
             {} doublons, {} refusées, {} avertissements",
            n(c.lues),
            n(c.creations),
            n(c.modifications),
            n(c.restructurations),
            n(c.retraits),
            n(c.retours),
            n(c.inchangees),
            n(c.doublons),
            n(c.refusees),
            n(c.appariements + self.fichiers.iter().map(|f| f.releve.total_avertissements).sum::<u64>())
        )
    }

    /// The report for a person.
    pub fn texte(&self) -> String {
        let mut t = String::new();
        let n = |n: u64| nombre(i64::try_from(n).unwrap_or(i64::MAX));
        for f in &self.fichiers {
            // Writing to a String cannot fail.
            let _ = writeln!(t, "Fichier « {} », {} : {} fiches", f.fichier, f.format.libelle(), n(f.lues));
            ecrit_releve(&mut t, &f.releve);
        }
        let _ = writeln!(t, "Session {}, flux « {} ».", self.session, self.flux);
        if self.perimetre_change {
            let _ = writeln!(t, "Le périmètre de la session est écrit avec cet import.");
        }
        for issue in
            ["creation", "modification", "restructuration", "retrait", "retour", "reevaluation", "inchangee"]
        {
            self.lines(&mut t, issue);
        }
        if self.compte.retraits_suspendus > 0 {
            let _ = writeln!(
                t,
                "{} fiches absentes ne sont pas retirées : une fiche refusée ne dit pas laquelle elle est.",
                n(self.compte.retraits_suspendus)
            );
        }
        if self.compte.completees > 0 {
            let completees = accord(self.compte.completees, "fiche est complétée", "fiches sont complétées");
            let _ = writeln!(t, "{completees} d’après les registres nationaux.");
        }
        for statut in Statut::ALL {
            if let Some(combien) = self.compte.statuts.get(statut.code()) {
                let _ = writeln!(t, "Statut « {} » : {}.", statut.libelle(), n(*combien));
            }
        }
        let refus = self.refus.as_deref();
        let _ = writeln!(t, "{}", refus.unwrap_or_else(|| conclusion(self.applique, self.change(), true)));
        t.push_str(&self.derniere_ligne());
        t
    }

    fn lines(&self, t: &mut String, issue: &str) {
        let siennes: Vec<&LigneRapport> = self.lignes.iter().filter(|l| l.issue == issue).collect();
        for l in siennes.iter().take(Self::MAX_LIGNES) {
            let _ = writeln!(t, "{}", l.phrase());
        }
        if siennes.len() > Self::MAX_LIGNES {
            let reste = siennes.len() - Self::MAX_LIGNES;
            let _ = writeln!(t, "… et {reste} autres ({}) : --json en donne la liste.", verbe(issue));
        }
    }
}

/// What becomes of a record, in French, by the code of its outcome.
fn verbe(issue: &str) -> &'static str {
    match issue {
        "creation" => "créée",
        "modification" => "modifiée",
        "restructuration" => "restructurée",
        "retrait" => "retirée",
        "retour" => "revenue",
        "reevaluation" => "réévaluée",
        _ => "inchangée",
    }
}

impl LigneRapport {
    /// The status that it takes.
    pub fn devient(&self) -> Option<Statut> {
        self.statut.as_deref().and_then(Statut::from_code)
    }

    /// What becomes of it, in French: « créée ».
    pub fn verbe(&self) -> &'static str {
        verbe(&self.issue)
    }

    /// R-APP-01, in French, without final stop.
    pub fn avertissement(&self) -> Option<String> {
        self.appariement.as_ref().map(|a| {
            let distance = a
                .distance_m
                .map_or_else(String::new, |m| format!(", à {} km", nombre(i64::from(m.div_ceil(1000)))));
            format!(
                "le lieu (commune {}) porte l’UAI {} du formateur (commune {}{distance})",
                a.commune_lieu, a.uai, a.commune_formateur
            )
        })
    }

    /// One line of the text.
    fn phrase(&self) -> String {
        let mut p = match (&self.fichier, self.ligne) {
            (Some(fichier), Some(ligne)) => format!("« {fichier} », ligne {ligne}, "),
            _ => String::new(),
        };
        let _ = write!(p, "fiche {} ", self.identifiant);
        let intitule = self.intitule.as_ref().map(|i| format!("« {i} »"));
        let nom: Vec<String> = intitule.into_iter().chain(self.lieu.clone()).collect();
        if !nom.is_empty() {
            let _ = write!(p, "({}) ", nom.join(", "));
        }
        p.push_str(self.verbe());
        if !self.details.is_empty() {
            let _ = write!(p, " : {}", self.details.join(" ; "));
        }
        if let Some(statut) = self.devient() {
            let _ = write!(p, " → {}", statut.libelle());
        }
        if let Some(avertissement) = self.avertissement() {
            let _ = write!(p, " ; avertissement : {avertissement}");
        }
        match &self.raison {
            // It has its final stop.
            Some(raison) => {
                let _ = write!(p, ". {raison}");
            }
            None => p.push('.'),
        }
        p
    }
}

/// `fiche`: what the day says of it, else what was known.
fn line(
    d: &Decision,
    fiche: Option<&Fiche>,
    place: Option<Place>,
    fichiers: &[BilanCatalogue],
) -> LigneRapport {
    let details = match &d.issue {
        Issue::Modification(champs) => champs.iter().map(change).collect(),
        Issue::Restructuration(motifs, champs) => {
            motifs.iter().map(restructure).chain(champs.iter().map(change)).collect()
        }
        _ => Vec::new(),
    };
    LigneRapport {
        identifiant: d.id.clone(),
        intitule: fiche.and_then(|f| f.titre().map(str::to_owned)),
        lieu: fiche.and_then(Fiche::lieu_dit),
        fichier: place.and_then(|p| fichiers.get(p.fichier)).map(|b| b.fichier.clone()),
        rang: place.map(|p| p.rang),
        ligne: place.map(|p| p.ligne),
        issue: Cow::Borrowed(match d.issue {
            Issue::Inchangee if d.passage.is_some() => "reevaluation",
            _ => d.issue.code(),
        }),
        details,
        statut: d.passage.as_ref().map(|p| Cow::Borrowed(p.vers.code())),
        raison: d.passage.as_ref().and_then(|p| p.raison.clone()),
        doublon_de: d.doublon_de.clone(),
        appariement: d.appariement.clone(),
    }
}

/// One field that says something else, as a person reads it.
pub(crate) fn change(c: &Changement) -> String {
    let nom = c.champ.libelle();
    match (c.avant.as_str(), c.apres.as_str()) {
        ("", apres) => format!("{nom} : « {apres} »"),
        (avant, "") => format!("{nom} : « {avant} » n’est plus dit"),
        (avant, apres) => format!("{nom} : « {avant} » devient « {apres} »"),
    }
}

/// What an establishment did, as a person reads it.
pub(crate) fn restructure(r: &Restructuration) -> String {
    match r {
        Restructuration::Siret { role, .. } => format!("nouveau SIRET {}", role.du()),
        Restructuration::Uai { role, .. } => format!("nouvel UAI {}", role.du()),
        Restructuration::Fusion { role, avant, apres } => {
            format!("fusion {} : {} deviennent {apres}", role.du(), avant.join(", "))
        }
        Restructuration::Transfert { .. } => "transfert du lieu".to_owned(),
        Restructuration::Renumerotation { avant } => format!("remplace la fiche {avant}"),
    }
}
