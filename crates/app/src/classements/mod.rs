//! Rankings: the commission reads the records of a group, orders them, and transmits the order once.

mod brouillon;
mod exporter;
mod importer;
mod transmettre;
mod vues;

pub use brouillon::{SaisieOrdre, save_ordre, start_from_averages};
pub use exporter::{ExportClassement, Noms, export_classement};
pub use importer::{ApercuImport, apply_import, preview_import};
pub use transmettre::{ApercuTransmission, RecepisseClassement, preview_transmission, recepisse, transmit};
pub use vues::{GroupeVue, LigneVue, groupe_vue};

use std::collections::HashMap;

use domain::RuleViolation;
use domain::calendrier::Etape;
use domain::droits::Cible;
use store::Sql;
use store::classements::{self as base, CandidatDuGroupe, LigneClassement, LigneGroupe};

use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::journal::Lecture;
use crate::sessions::{self, SessionAdmission};

/// Version that a form carries while no draft exists yet.
pub const VERSION_SANS_BROUILLON: i64 = -1;

/// What the list and the file of a group show of each candidate, as the journal names it.
const CHAMPS_LUS: &[&str] =
    &["numero", "nom", "prenom", "type_bac", "serie", "etablissement_origine", "moyenne", "internat", "rang"];
/// What a file without names says of them.
const CHAMPS_SANS_NOMS: &[&str] =
    &["type_bac", "serie", "etablissement_origine", "moyenne", "internat", "rang"];
/// What the previews show: who would be first, who would not be kept.
const CHAMPS_APERCU: &[&str] = &["numero", "nom", "prenom", "rang"];

/// A group with its session.
struct Groupe {
    session: SessionAdmission,
    ligne: LigneGroupe,
}

impl Groupe {
    fn cible(&self) -> Cible {
        Cible::formation(
            self.session.id,
            self.ligne.etablissement_id,
            self.ligne.formation_id,
            &self.ligne.academie,
        )
    }

    fn selective(&self) -> bool {
        self.ligne.selective == 1
    }

    fn require_open(&self, ctx: &Ctx) -> Result<(), RuleViolation> {
        self.session.require_ouverte()?;
        self.session.calendrier.require_open(Etape::Examen, ctx.campagne_le)
    }

    /// A reading of its records, for the journal.
    fn lecture(&self, champs: &'static [&'static str]) -> Lecture<'_> {
        Lecture {
            objet: "groupe_classement",
            objet_id: &self.ligne.public_id,
            etablissement: Some(self.ligne.etablissement_id),
            dossiers: Vec::new(),
            champs,
            export: None,
        }
    }

    /// DON-3: what stands for a candidate in a file without names. A letter first, or a spreadsheet would read a number.
    fn pseudonyme(&self, ctx: &Ctx, numero: i64) -> String {
        let qui = format!("{}|{}|{numero}", self.session.id, self.ligne.etablissement_id);
        let empreinte = ctx.app.coffre.fingerprint("pseudonyme", &qui);
        format!("P{}", empreinte.get(..16).unwrap_or_default().to_uppercase())
    }

    /// « BTS Électronique – Lycée Ampère ».
    fn intitule(&self) -> String {
        match &self.ligne.etablissement {
            Some(e) => format!("{} – {e}", self.ligne.formation),
            None => self.ligne.formation.clone(),
        }
    }
}

async fn load_groupe(c: &impl Sql, annee: i64, public_id: &str) -> Result<Groupe, AppError> {
    let session = sessions::session(c, annee).await?;
    let ligne = base::groupe(c, session.id, public_id).await?;
    Ok(Groupe { session, ligne })
}

/// The candidates of a group and where its ranking stands.
struct Situation {
    candidats: Vec<CandidatDuGroupe>,
    classement: Option<LigneClassement>,
    /// File numbers of the ranked candidates, best first. Somebody who left the group since is left out.
    ordre: Vec<i64>,
}

async fn load_situation(c: &impl Sql, groupe: i64) -> Result<Situation, AppError> {
    let candidats = base::candidats(c, groupe).await?;
    let classement = base::classement(c, groupe).await?;
    let numeros: HashMap<i64, i64> = candidats.iter().map(|c| (c.id, c.numero)).collect();
    let cles = match &classement {
        Some(l) => base::ordre(c, l.id).await?,
        None => Vec::new(),
    };
    let ordre = cles.iter().filter_map(|id| numeros.get(id).copied()).collect();
    Ok(Situation { candidats, classement, ordre })
}

impl Situation {
    fn version(&self) -> i64 {
        self.classement.as_ref().map_or(VERSION_SANS_BROUILLON, |c| c.version)
    }

    fn is_transmis(&self) -> bool {
        self.classement.as_ref().is_some_and(|c| c.etat == "transmis")
    }

    fn require_brouillon(&self) -> Result<(), RuleViolation> {
        if self.is_transmis() { Err(RuleViolation::ClassementTransmis) } else { Ok(()) }
    }

    /// Keys of the candidates of an order of file numbers.
    fn cles(&self, ordre: &[i64]) -> Vec<i64> {
        let cles: HashMap<i64, i64> = self.candidats.iter().map(|c| (c.numero, c.id)).collect();
        ordre.iter().filter_map(|n| cles.get(n).copied()).collect()
    }

    fn connus(&self) -> std::collections::HashSet<i64> {
        self.candidats.iter().map(|c| c.numero).collect()
    }
}
