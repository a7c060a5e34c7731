//! Rankings: the commission reads the records of a group, orders them, and transmits the order once; an establishment does the
//! same of those who ask for its boarding school.

mod brouillon;
mod exporter;
mod importer;
mod transmettre;
mod vues;

pub use brouillon::{SaisieOrdre, save_ordre, start_from_averages};
pub use exporter::{ExportClassement, Noms, export_classement};
pub(crate) use importer::short_name;
pub use importer::{ApercuImport, apply_import, preview_import};
pub use transmettre::{ApercuTransmission, RecepisseClassement, preview_transmission, recepisse, transmit};
pub use vues::{GroupeVue, LigneVue, PAR_PAGE, groupe_etat, groupe_vue};

pub use store::classements::Nature;

use std::collections::{HashMap, HashSet};

use domain::RuleViolation;
use domain::calendrier::Etape;
use domain::classements::check_transmission;
use domain::donnees::Donnee;
use domain::droits::{Action, Cible, Permit};
use domain::internats;
use store::Sql;
use store::classements::{self as base, CandidatDuGroupe, LigneClassement, LigneGroupe};

use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::journal::Lecture;
use crate::sessions::{self, SessionAdmission};

/// Version that a form carries while no draft exists yet.
pub const VERSION_SANS_BROUILLON: i64 = -1;

/// What is ranked, by its public identifier. A text alone names a group of courses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Objet<'a> {
    /// A group of courses, or a boarding school.
    pub nature: Nature,
    /// Public identifier.
    pub id: &'a str,
}

impl<'a> Objet<'a> {
    /// A boarding school.
    pub const fn internat(id: &'a str) -> Self {
        Self { nature: Nature::Internat, id }
    }

    /// What a received file may serve for, and nothing else.
    fn usage(self) -> String {
        match self.nature {
            Nature::Groupe => format!("classement/{}", self.id),
            Nature::Internat => format!("internat/{}", self.id),
        }
    }
}

impl<'a> From<&'a str> for Objet<'a> {
    fn from(id: &'a str) -> Self {
        Self { nature: Nature::Groupe, id }
    }
}

impl<'a> From<&'a String> for Objet<'a> {
    fn from(id: &'a String) -> Self {
        id.as_str().into()
    }
}

/// What the previews show: who would be first, who would not be kept.
const CHAMPS_APERCU: &[&str] = &["numero", "nom", "prenom", "rang"];

/// A group with its session.
struct Groupe {
    session: SessionAdmission,
    nature: Nature,
    ligne: LigneGroupe,
    /// Keys of the permanent courses that a boarding school serves; none for a group.
    servies: Vec<i64>,
}

impl Groupe {
    fn cible(&self) -> Cible {
        Cible {
            session: Some(self.session.id),
            etablissement: Some(self.ligne.etablissement_id),
            formation: self.ligne.formation_id,
            academie: Some(self.ligne.academie.clone()),
            candidat: None,
        }
    }

    /// What the person, or the program, must have a right on. R-API-11: a program is entrusted with courses, never with a boarding
    /// school: it ranks one through each of those that it serves.
    fn cibles(&self, ctx: &Ctx) -> Vec<Cible> {
        if ctx.jeton.is_none() || self.servies.is_empty() {
            return vec![self.cible()];
        }
        self.servies.iter().map(|f| Cible { formation: Some(*f), ..self.cible() }).collect()
    }

    fn permit(&self, ctx: &Ctx, action: Action) -> Result<Permit, AppError> {
        let permits: Vec<Permit> =
            self.cibles(ctx).iter().map(|c| ctx.permit(action, c)).collect::<Result<_, _>>()?;
        permits.into_iter().next().ok_or(AppError::NotFound)
    }

    fn may(&self, ctx: &Ctx, action: Action) -> bool {
        self.cibles(ctx).iter().all(|c| ctx.may(action, c))
    }

    fn selective(&self) -> bool {
        self.ligne.selective == 1
    }

    fn saisir(&self) -> Action {
        match self.nature {
            Nature::Groupe => Action::SaisirClassement,
            Nature::Internat => Action::ClasserInternat,
        }
    }

    fn transmettre(&self) -> Action {
        match self.nature {
            Nature::Groupe => Action::TransmettreClassement,
            Nature::Internat => Action::TransmettreInternat,
        }
    }

    /// What its heading is called in a receipt.
    fn titre(&self) -> &'static str {
        match self.nature {
            Nature::Groupe => "Formation",
            Nature::Internat => "Internat",
        }
    }

    /// Code of an act: « enregistrer », « importer » or « transmettre » followed by what is ranked.
    fn acte(&self, verbe: &str) -> String {
        let quoi = match self.nature {
            Nature::Groupe => "classement",
            Nature::Internat => "internat",
        };
        format!("{verbe}_{quoi}")
    }

    /// What the list and the file show of each candidate, as the journal names it.
    fn champs_lus(&self) -> &'static [&'static str] {
        match self.nature {
            Nature::Groupe => &[
                "numero",
                "nom",
                "prenom",
                "type_bac",
                "serie",
                "etablissement_origine",
                "moyenne",
                "internat",
                "rang",
            ],
            Nature::Internat => &["numero", "nom", "prenom", "etablissement_origine", "formations", "rang"],
        }
    }

    /// What a file without names says of them.
    fn champs_sans_noms(&self) -> &'static [&'static str] {
        match self.nature {
            Nature::Groupe => &["type_bac", "serie", "etablissement_origine", "moyenne", "internat", "rang"],
            Nature::Internat => &["etablissement_origine", "formations", "rang"],
        }
    }

    fn require_open(&self, ctx: &Ctx) -> Result<(), RuleViolation> {
        self.session.require_ouverte()?;
        self.session.calendrier.require_open(Etape::Examen, ctx.campagne_le)
    }

    /// A reading of its records, for the journal.
    fn lecture(&self, champs: &'static [&'static str]) -> Lecture<'_> {
        Lecture {
            objet: self.nature.objet(),
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

async fn load_groupe(c: &impl Sql, annee: i64, objet: Objet<'_>) -> Result<Groupe, AppError> {
    let session = sessions::session(c, annee).await?;
    let ligne = match objet.nature {
        Nature::Groupe => base::groupe(c, session.id, objet.id).await?,
        Nature::Internat => store::internats::groupe(c, session.id, objet.id).await?,
    };
    let servies = match objet.nature {
        Nature::Groupe => Vec::new(),
        Nature::Internat => store::internats::formations_servies(c, ligne.id).await?,
    };
    Ok(Groupe { session, nature: objet.nature, ligne, servies })
}

/// The candidates of a group and where its ranking stands.
struct Situation {
    /// Those to rank: for a boarding school, whoever asks and is not ranked in another one already transmitted.
    candidats: Vec<CandidatDuGroupe>,
    classement: Option<LigneClassement>,
    /// File numbers of the ranked candidates, best first. Somebody who left the group since is left out.
    ordre: Vec<i64>,
    /// R-INT-02: file numbers of those who ask for this boarding and are ranked in another one.
    pris: HashSet<i64>,
    /// R-INT-02: other boarding schools that serve the same courses and are still to be transmitted.
    attendus: usize,
}

async fn load_situation(c: &impl Sql, g: &Groupe) -> Result<Situation, AppError> {
    let classement = base::classement(c, g.nature, g.ligne.id).await?;
    let cles = match &classement {
        Some(l) => base::ordre(c, g.nature, l.id).await?,
        None => Vec::new(),
    };
    let mut s =
        Situation { candidats: Vec::new(), classement, ordre: Vec::new(), pris: HashSet::new(), attendus: 0 };
    match g.nature {
        Nature::Groupe => s.candidats = base::candidats(c, g.ligne.id).await?,
        Nature::Internat => {
            let demandeurs = store::internats::demandeurs(c, g.ligne.id).await?;
            let (ailleurs, attendus) = ranked_elsewhere(c, g).await?;
            s.attendus = attendus;
            s.pris = demandeurs.iter().filter(|c| ailleurs.contains(&c.id)).map(|c| c.numero).collect();
            // Once sent, it shows those whom it ranks.
            let siens: HashSet<i64> = cles.iter().copied().collect();
            let montre = |c: &CandidatDuGroupe| !s.is_transmis() || siens.contains(&c.id);
            s.candidats = demandeurs.into_iter().filter(|c| !ailleurs.contains(&c.id) && montre(c)).collect();
        }
    }
    let transmises = store::donnees::transmises(c, g.session.id).await?;
    s.candidats.iter_mut().for_each(|c| withhold(c, |d| transmises.contains_key(&d)));
    let numeros: HashMap<i64, i64> = s.candidats.iter().map(|c| (c.id, c.numero)).collect();
    s.ordre = cles.iter().filter_map(|id| numeros.get(id).copied()).collect();
    Ok(s)
}

/// R-DON-02: what the session does not send to the commissions stays here: neither their pages nor their files have it.
fn withhold(c: &mut CandidatDuGroupe, transmise: impl Fn(Donnee) -> bool) {
    if !transmise(Donnee::MoyenneGenerale) {
        c.moyenne_centiemes = None;
    }
    for (donnee, texte) in [
        (Donnee::TypeBac, &mut c.type_bac),
        (Donnee::Serie, &mut c.serie),
        (Donnee::EtablissementOrigine, &mut c.etablissement_origine),
    ] {
        if !transmise(donnee) {
            texte.clear();
        }
    }
    if !transmise(Donnee::DemandeInternat) {
        (c.sans_internat, c.avec_internat) = (0, 0);
    }
}

/// Keys of the candidates ranked in the transmitted boarding schools that serve the same courses, and how many others are still to
/// be transmitted.
async fn ranked_elsewhere(c: &impl Sql, g: &Groupe) -> Result<(HashSet<i64>, usize), AppError> {
    let lignes = store::internats::internats(c, g.session.id, g.ligne.etablissement_id).await?;
    let declares: Vec<_> = lignes.iter().map(crate::internats::declare).collect();
    let Some(sien) = declares.iter().find(|d| d.id == g.ligne.id) else {
        return Err(AppError::NotFound);
    };
    let (mut pris, mut attendus) = (HashSet::new(), 0);
    for frere in internats::freres(&declares, sien.id, sien.portee) {
        let classement = lignes.iter().find(|l| l.id == frere.id).and_then(|l| l.classement_id);
        match classement.filter(|_| frere.transmis) {
            Some(id) => pris.extend(base::ordre(c, Nature::Internat, id).await?),
            None => attendus += 1,
        }
    }
    Ok((pris, attendus))
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

    fn connus(&self) -> HashSet<i64> {
        self.candidats.iter().map(|c| c.numero).collect()
    }

    /// What forbids transmitting this order, apart from the calendar.
    fn check(&self, g: &Groupe) -> Result<(), RuleViolation> {
        match g.nature {
            Nature::Groupe => {
                check_transmission(&self.ordre, &self.connus(), g.selective(), g.ligne.sans_classement == 1)
            }
            Nature::Internat => {
                let demandeurs = self.connus().union(&self.pris).copied().collect();
                internats::check_transmission(&self.ordre, &demandeurs, &self.pris, self.attendus == 0)
            }
        }
    }
}
