//! R-ETA-14: what the establishments of the person say of themselves, on sheets of their own. Never whoever heads them, nor whom the
//! academic service calls. Whether it may be written is decided by the acts of the pages: tried out, then done, by the same ones.

mod lecture;

use std::collections::{BTreeSet, HashMap};

use domain::RuleViolation;
use domain::droits::{self, Action, Cible};
use domain::etablissements::{Internat, LIGNE_MAX, Partie, TEXTE_MAX};
use domain::formations::{AccueilDeclare, CAPACITE_MAX};
use files::Faute;
use files::tableau::{FeuilleAEcrire, normalize_header};
use jiff::civil::Date;
use serde::Serialize;
use serde_json::json;
use store::Tx;
use store::etablissements::{self as base, LigneJournee, LigneParametrage, LigneSite};

pub(super) use lecture::lit;

use super::comparer::DifferenceFichier;
use super::exporter::{FIGEES, places};
use super::lieux::LieuxApres;
use super::lire::FauteFichier;
use super::{Chargees, ColonneSchema, FORMATIONS, FeuilleSchema, colonne as decrite};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::etablissements::{
    Accueil, AvecFormations, Composante, Coordonnees, JourneeSaisie, Modification, Parties, Site, cible,
    degres, heure_du_jour, today, write_parts,
};
use crate::formations::distinctes;
use crate::idempotence::Garde;
use crate::messages;
use crate::sessions::SessionAdmission;

/// First columns of these sheets: the first says which establishment a line is about; the last, in lists alone, which line.
const IDENTITE: [&str; 3] = ["UAI", "Établissement", "Identifiant"];

/// What a cell holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Nature {
    Ligne,
    Texte,
    Nombre,
    Degres,
    OuiNon,
    Internat,
    Jour,
    Heure,
}

/// A column.
#[derive(Debug)]
struct Colonne {
    /// The field that refusals name.
    champ: &'static str,
    /// The label of the field of the page.
    libelle: &'static str,
    quoi: &'static str,
    nature: Nature,
}

const fn colonne(champ: &'static str, libelle: &'static str, quoi: &'static str, nature: Nature) -> Colonne {
    Colonne { champ, libelle, quoi, nature }
}

static COORDONNEES: [Colonne; 7] = [
    colonne("sigle", "Sigle", "Nom court.", Nature::Ligne),
    colonne("adresse", "Numéro et voie", "Adresse publique.", Nature::Ligne),
    colonne("code_postal", "Code postal", "Cinq chiffres en France.", Nature::Ligne),
    colonne("commune", "Commune", "Commune de l’adresse publique.", Nature::Ligne),
    colonne("telephone", "Téléphone pour le public", "Celui que les candidats composent.", Nature::Ligne),
    colonne(
        "courriel",
        "Adresse électronique pour le public",
        "Une adresse de service convient.",
        Nature::Ligne,
    ),
    colonne("site_web", "Site de l’établissement", "Par exemple https://www.lycee.fr", Nature::Ligne),
];

static ACCUEIL: [Colonne; 7] = [
    colonne(
        "accessibilite",
        "Accueil des personnes en situation de handicap",
        "Accès, aménagements, accompagnement, internat.",
        Nature::Texte,
    ),
    colonne("referent_nom", "Référent handicap : prénom et nom", "Public.", Nature::Ligne),
    colonne("referent_courriel", "Référent handicap : adresse électronique", "Publique.", Nature::Ligne),
    colonne("referent_telephone", "Référent handicap : téléphone", "Public.", Nature::Ligne),
    colonne(
        "internat",
        "Internat",
        "Ce que l’établissement répond ; vide : pas de réponse.",
        Nature::Internat,
    ),
    colonne("internat_places", "Places d’internat", "S’il y a un internat.", Nature::Nombre),
    colonne(
        "boursiers",
        "L’établissement est-il habilité à recevoir des boursiers ?",
        "Vide : pas de réponse.",
        Nature::OuiNon,
    ),
];

static COMPOSANTES: [Colonne; 1] =
    [colonne("nom", "Nom de la composante", "Faculté, institut, école interne.", Nature::Ligne)];

static SITES: [Colonne; 6] = [
    colonne("nom", "Nom du site", "Tel que les formations le nomment.", Nature::Ligne),
    colonne("adresse", "Numéro et voie", "Où venir.", Nature::Ligne),
    colonne("code_postal", "Code postal", "Cinq chiffres en France.", Nature::Ligne),
    colonne("commune", "Commune", "Commune du site.", Nature::Ligne),
    colonne("latitude", "Latitude", "En degrés ; vide avec la longitude : non placé.", Nature::Degres),
    colonne("longitude", "Longitude", "En degrés ; vide avec la latitude : non placé.", Nature::Degres),
];

static JOURNEES: [Colonne; 5] = [
    colonne("jour", "Jour", "Jour/mois/année, par exemple 03/02/2024.", Nature::Jour),
    colonne("debut", "Ouverture", "Heure du lieu, par exemple 9:00.", Nature::Heure),
    colonne("fin", "Fermeture", "Heure du lieu, par exemple 17:00.", Nature::Heure),
    colonne("a_distance", "La journée se tient à distance", "Vide : non.", Nature::OuiNon),
    colonne("ou", "Lieu, ou adresse du site à distance", "Où venir, ou l’adresse du site.", Nature::Ligne),
];

/// The columns of a part; none for those that are never public.
fn colonnes(p: Partie) -> &'static [Colonne] {
    match p {
        Partie::Coordonnees => &COORDONNEES,
        Partie::Accueil => &ACCUEIL,
        Partie::Composantes => &COMPOSANTES,
        Partie::Sites => &SITES,
        Partie::Journees => &JOURNEES,
        Partie::Chef | Partie::Contacts => &[],
    }
}

/// The title of the column of a field; empty: no column is about it.
fn libelle(p: Partie, champ: &str) -> &'static str {
    colonnes(p).iter().find(|c| c.champ == champ).map_or("", |c| c.libelle)
}

const OUI: &str = "oui";
const NON: &str = "non";

impl Nature {
    /// Values that the spreadsheet offers.
    fn offertes(self) -> Vec<&'static str> {
        match self {
            Self::OuiNon => vec![OUI, NON],
            Self::Internat => Internat::ALL.map(Internat::libelle).to_vec(),
            _ => Vec::new(),
        }
    }

    const fn is_nombre(self) -> bool {
        matches!(self, Self::Nombre | Self::Degres)
    }
}

impl Colonne {
    fn schema(&self) -> ColonneSchema {
        let (genre, longueur_max) = match self.nature {
            Nature::Ligne => ("string", Some(LIGNE_MAX)),
            Nature::Texte => ("string", Some(TEXTE_MAX)),
            Nature::Nombre => ("integer", None),
            Nature::Degres => ("number", None),
            Nature::Jour => ("date", None),
            Nature::OuiNon | Nature::Internat | Nature::Heure => ("string", None),
        };
        ColonneSchema {
            valeurs: self.nature.offertes().into_iter().map(str::to_owned).collect(),
            longueur_max,
            bornes: (self.nature == Nature::Nombre).then_some((0, CAPACITE_MAX)),
            ..decrite(self.libelle, self.quoi, genre)
        }
    }
}

/// A sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Feuille {
    /// A line an establishment.
    Etablissement,
    /// A line an item of each.
    Liste(Partie),
}

impl Feuille {
    /// In the order of the file, and of the reading.
    const ALL: [Self; 4] = [
        Self::Etablissement,
        Self::Liste(Partie::Composantes),
        Self::Liste(Partie::Sites),
        Self::Liste(Partie::Journees),
    ];

    const fn nom(self) -> &'static str {
        match self {
            Self::Etablissement => "Établissement",
            Self::Liste(p) => p.libelle(),
        }
    }

    /// The one of a sheet that is read.
    pub(super) fn of_nom(nom: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|f| normalize_header(f.nom()) == normalize_header(nom))
    }

    fn parties(self) -> Vec<Partie> {
        match self {
            Self::Etablissement => vec![Partie::Coordonnees, Partie::Accueil],
            Self::Liste(p) => vec![p],
        }
    }

    fn identite(self) -> &'static [&'static str] {
        match self {
            Self::Etablissement => &IDENTITE[..2],
            Self::Liste(_) => &IDENTITE,
        }
    }

    fn colonnes(self) -> Vec<&'static Colonne> {
        self.parties().into_iter().flat_map(colonnes).collect()
    }
}

/// A line of a list, as it is stored.
#[derive(Debug)]
struct Existante {
    id: String,
    cellules: Vec<String>,
    /// R-ETA-12: an open day that is over stays as it was.
    passee: bool,
}

/// An establishment that the person describes.
#[derive(Debug)]
pub(super) struct Maison {
    ligne: LigneParametrage,
    composantes: Vec<Existante>,
    sites: Vec<Existante>,
    journees: Vec<Existante>,
}

impl Maison {
    /// « Lycée Jules-Verne (0800001A) ».
    fn nom(&self) -> String {
        format!("{} ({})", self.ligne.nom, self.ligne.uai)
    }

    /// What it is to the table of rights.
    pub(super) fn cible(&self, session: i64) -> Cible {
        cible(session, &self.ligne)
    }

    fn lignes(&self, p: Partie) -> &[Existante] {
        match p {
            Partie::Composantes => &self.composantes,
            Partie::Sites => &self.sites,
            Partie::Journees => &self.journees,
            _ => &[],
        }
    }

    /// What a part that is no list says.
    fn cellules(&self, p: Partie) -> Vec<String> {
        let l = &self.ligne;
        match p {
            Partie::Coordonnees => cellules(&Modification::Coordonnees(Coordonnees {
                sigle: l.sigle.clone(),
                adresse: l.adresse.clone(),
                code_postal: l.code_postal.clone(),
                commune: l.commune.clone(),
                telephone: l.telephone.clone(),
                courriel: l.courriel.clone(),
                site_web: l.site_web.clone().unwrap_or_default(),
            })),
            Partie::Accueil => cellules(&Modification::Accueil(Accueil {
                accessibilite: l.accessibilite.clone(),
                referent_nom: l.referent_nom.clone(),
                referent_courriel: l.referent_courriel.clone(),
                referent_telephone: l.referent_telephone.clone(),
                internat: l.internat.clone(),
                internat_places: l.internat_places,
                boursiers: l.boursiers.map(|b| b == 1),
            })),
            _ => Vec::new(),
        }
    }
}

const fn oui_non(oui: bool) -> &'static str {
    if oui { OUI } else { NON }
}

/// What a part would say, in the order of its columns.
fn cellules(m: &Modification) -> Vec<String> {
    match m {
        Modification::Coordonnees(c) => vec![
            c.sigle.clone(),
            c.adresse.clone(),
            c.code_postal.clone(),
            c.commune.clone(),
            c.telephone.clone(),
            c.courriel.clone(),
            c.site_web.clone(),
        ],
        Modification::Accueil(a) => vec![
            a.accessibilite.clone(),
            a.referent_nom.clone(),
            a.referent_courriel.clone(),
            a.referent_telephone.clone(),
            Internat::from_code(&a.internat).map_or("", Internat::libelle).to_owned(),
            a.internat_places.map_or_else(String::new, |n| n.to_string()),
            a.boursiers.map_or("", oui_non).to_owned(),
        ],
        Modification::Composante(_, c) => vec![c.nom.clone()],
        Modification::Site(_, s) => vec![
            s.nom.clone(),
            s.adresse.clone(),
            s.code_postal.clone(),
            s.commune.clone(),
            s.latitude.clone(),
            s.longitude.clone(),
        ],
        Modification::Journee(_, j) => vec![
            j.jour.strftime("%d/%m/%Y").to_string(),
            j.debut.strftime("%H:%M").to_string(),
            j.fin.strftime("%H:%M").to_string(),
            oui_non(j.a_distance).to_owned(),
            j.ou.clone(),
        ],
        _ => Vec::new(),
    }
}

fn of_site(s: &LigneSite) -> Existante {
    let position = |valeur: Option<f64>| valeur.map(degres).unwrap_or_default();
    let site = Site {
        nom: s.nom.clone(),
        adresse: s.adresse.clone(),
        code_postal: s.code_postal.clone(),
        commune: s.commune.clone(),
        latitude: position(s.latitude),
        longitude: position(s.longitude),
    };
    Existante { id: s.public_id.clone(), cellules: cellules(&Modification::Site(None, site)), passee: false }
}

fn of_journee(l: &LigneJournee, aujourd_hui: Date) -> Result<Existante, AppError> {
    let lue = || {
        Some(JourneeSaisie {
            jour: l.jour.parse().ok()?,
            debut: heure_du_jour(l.debut_min)?,
            fin: heure_du_jour(l.fin_min)?,
            a_distance: l.a_distance == 1,
            ou: l.ou.clone(),
        })
    };
    let j = lue().ok_or_else(|| AppError::Internal("journee_portes_ouvertes".to_owned()))?;
    let passee = j.jour < aujourd_hui;
    Ok(Existante { id: l.public_id.clone(), cellules: cellules(&Modification::Journee(None, j)), passee })
}

/// The rows of those that the person describes: the establishments of the courses of the file, and those of the perimeter that have none.
async fn decrits(ctx: &Ctx, session: i64, maisons: &[i64]) -> Result<Vec<LigneParametrage>, AppError> {
    let Ok(scope) = droits::scope_session(&ctx.acteur, Action::ModifierEtablissement, session) else {
        return Ok(Vec::new());
    };
    let portee = scope.portee();
    let cles = distinctes(maisons.iter().chain(&portee.etablissements).chain(&portee.seuls).copied());
    let mut lignes = base::parametrages_of(&ctx.app.db, session, &cles).await?;
    lignes.retain(|l| ctx.may(Action::ModifierEtablissement, &cible(session, l)));
    Ok(lignes)
}

/// The same, as the table of rights knows them.
pub(in crate::formations) async fn cibles_decrites(
    ctx: &Ctx,
    session: i64,
    maisons: &[i64],
) -> Result<Vec<Cible>, AppError> {
    let lignes = decrits(ctx, session, maisons).await?;
    Ok(lignes.iter().map(|l| cible(session, l)).collect())
}

/// Those that the person describes, by name. `maisons`: those of the courses of the file.
pub(super) async fn charge(ctx: &Ctx, session: i64, maisons: &[i64]) -> Result<Vec<Maison>, AppError> {
    let db = &ctx.app.db;
    // Before their lists: what is written in between is seen by the version (TRX-4).
    let mut lignes = decrits(ctx, session, maisons).await?;
    if lignes.is_empty() {
        return Ok(Vec::new());
    }
    lignes.sort_by(|a, b| (&a.nom, &a.uai).cmp(&(&b.nom, &b.uai)));
    let ids: Vec<i64> = lignes.iter().map(|l| l.id).collect();
    let mut composantes: HashMap<i64, Vec<Existante>> = HashMap::new();
    let mut sites: HashMap<i64, Vec<Existante>> = HashMap::new();
    let mut journees: HashMap<i64, Vec<Existante>> = HashMap::new();
    for (id, c) in base::composantes_of(db, &ids).await? {
        let dite = cellules(&Modification::Composante(None, Composante { nom: c.nom }));
        let existante = Existante { id: c.public_id, cellules: dite, passee: false };
        composantes.entry(id).or_default().push(existante);
    }
    for (id, s) in base::sites_of(db, &ids).await? {
        sites.entry(id).or_default().push(of_site(&s));
    }
    let jour = today(ctx);
    for (id, j) in base::journees_of(db, &ids).await? {
        journees.entry(id).or_default().push(of_journee(&j, jour)?);
    }
    let maison = |ligne: LigneParametrage| Maison {
        composantes: composantes.remove(&ligne.id).unwrap_or_default(),
        sites: sites.remove(&ligne.id).unwrap_or_default(),
        journees: journees.remove(&ligne.id).unwrap_or_default(),
        ligne,
    };
    Ok(lignes.into_iter().map(maison).collect())
}

/// The sheets of the file that leaves; none for somebody who describes no establishment.
pub(super) fn feuilles(maisons: &[Maison]) -> Vec<FeuilleAEcrire<'static>> {
    if maisons.is_empty() {
        return Vec::new();
    }
    Feuille::ALL.into_iter().map(|f| feuille(f, maisons)).collect()
}

fn feuille(f: Feuille, maisons: &[Maison]) -> FeuilleAEcrire<'static> {
    let identite = f.identite();
    let siennes = f.colonnes();
    let mut lignes = Vec::new();
    for m in maisons {
        let debut = [m.ligne.uai.clone(), m.ligne.nom.clone()];
        match f {
            Feuille::Etablissement => {
                let dites = f.parties().into_iter().flat_map(|p| m.cellules(p));
                lignes.push(debut.into_iter().chain(dites).collect());
            }
            Feuille::Liste(p) => {
                for l in m.lignes(p) {
                    let debut = debut.iter().chain([&l.id]);
                    lignes.push(debut.chain(&l.cellules).cloned().collect());
                }
            }
        }
    }
    let nombres = siennes.iter().enumerate().filter(|(_, c)| c.nature.is_nombre());
    FeuilleAEcrire {
        nom: f.nom(),
        nombres: places(nombres.map(|(i, _)| identite.len() + i)),
        entetes: identite
            .iter()
            .map(|e| ((*e).to_owned(), Vec::new()))
            .chain(siennes.iter().map(|c| (c.libelle.to_owned(), c.nature.offertes())))
            .collect(),
        lignes,
        figees: FIGEES,
    }
}

/// The same for whoever writes one with a program.
pub(super) fn schema() -> Vec<FeuilleSchema> {
    let quoi = [
        "Code UAI : dit de quel établissement parle la ligne.",
        "Pour lire ; n’est pas repris.",
        "Identifiant public de la ligne ; vide : une ligne nouvelle.",
    ];
    let feuille = |f: Feuille| {
        let identite = f.identite().iter().zip(quoi).map(|(titre, quoi)| ColonneSchema {
            requise: *titre == IDENTITE[0],
            ..decrite(titre, quoi, "string")
        });
        let siennes = f.colonnes().into_iter().map(Colonne::schema);
        FeuilleSchema { nom: f.nom().to_owned(), colonnes: identite.chain(siennes).collect() }
    };
    Feuille::ALL.into_iter().map(feuille).collect()
}

/// Something to write, and where it is asked for.
#[derive(Debug)]
struct Ecriture {
    feuille: String,
    ligne: u64,
    partie: Partie,
    modification: Modification,
    /// What the sheet no longer has, as it is read; none for a line that it has.
    retiree: Option<String>,
    /// What courses name it by until it is there, for a place that the line adds.
    provisoire: Option<String>,
}

/// A field that changes, as it is shown; of a list, a line each.
#[derive(Debug, Serialize)]
struct Difference {
    champ: &'static str,
    avant: String,
    apres: String,
    /// The lines of a list that are there before and no longer after.
    retirees: Vec<String>,
}

/// What a file changes in an establishment.
#[derive(Debug, Default)]
struct Voulue {
    ecritures: Vec<Ecriture>,
    differences: Vec<Difference>,
}

/// What a file does to the establishments.
#[derive(Debug, Default)]
pub(super) struct Plan {
    /// By place in the list of those of the person; only those that change.
    voulues: Vec<(usize, Voulue)>,
    /// Those that the file names.
    nommees: BTreeSet<usize>,
    /// The places of each once the file is applied, by its key; also when too much is asked for.
    lieux: HashMap<i64, LieuxApres>,
}

impl Plan {
    pub(super) fn is_empty(&self) -> bool {
        self.voulues.is_empty()
    }

    /// How many establishments the file names.
    pub(super) fn nommees(&self) -> usize {
        self.nommees.len()
    }

    /// What the courses of an establishment may name once the file is applied; none for one that the person does not describe.
    pub(super) fn lieux(&self, etablissement: i64) -> Option<&LieuxApres> {
        self.lieux.get(&etablissement)
    }

    /// R-FOR-40: what establishments would answer from then on of what their courses say too, by their key, with the sheet and the row
    /// that ask for it.
    pub(super) fn accueils(&self, c: &Chargees) -> HashMap<i64, (AccueilDeclare, (&str, u64))> {
        let mut dits = HashMap::new();
        for (place, voulue) in &self.voulues {
            for e in &voulue.ecritures {
                if let Modification::Accueil(a) = &e.modification {
                    let dit = AccueilDeclare::new(&a.internat, a.internat_places, a.boursiers.map(i64::from));
                    let ou = (e.feuille.as_str(), e.ligne);
                    dits.insert(c.maisons[*place].ligne.etablissement_id, (dit, ou));
                }
            }
        }
        dits
    }

    /// Public identifiers of those that change.
    pub(super) fn changees<'c>(&self, c: &'c Chargees) -> Vec<&'c str> {
        self.voulues.iter().map(|(place, _)| c.maisons[*place].ligne.etablissement.as_str()).collect()
    }
}

/// What changes, as it is shown.
pub(super) fn differences(c: &Chargees, plan: &Plan) -> Vec<DifferenceFichier> {
    let siennes = |(place, voulue): &(usize, Voulue)| {
        let nom = c.maisons[*place].nom();
        let montre = |d: &Difference| DifferenceFichier {
            formation: nom.clone(),
            champ: d.champ.to_owned(),
            avant: d.avant.clone(),
            apres: d.apres.clone(),
            retirees: d.retirees.clone(),
            page: None,
        };
        voulue.differences.iter().map(montre).collect::<Vec<_>>()
    };
    plan.voulues.iter().flat_map(siennes).collect()
}

/// What the plan does, versions and values of before included.
pub(super) fn dit(c: &Chargees, plan: &Plan) -> serde_json::Value {
    let voulue = |(place, voulue): &(usize, Voulue)| {
        let l = &c.maisons[*place].ligne;
        let actes: Vec<String> = voulue.ecritures.iter().map(|e| format!("{:?}", e.modification)).collect();
        json!([l.etablissement, l.version, voulue.differences, actes])
    };
    plan.voulues.iter().map(voulue).collect()
}

/// What came of a plan.
#[derive(Debug, Default)]
pub(super) struct Execution {
    /// The faults of what was refused, and why.
    pub(super) refus: Vec<(Vec<FauteFichier>, AppError)>,
    /// Public identifiers of the places that were added, by what courses named them by.
    pub(super) ajoutes: HashMap<String, String>,
}

/// Does what the plan says, as the pages would, in the transaction of the caller. `avec`: what the file does to the places that courses
/// name.
pub(super) async fn execute(
    tx: &Tx,
    ctx: &Ctx,
    session: &SessionAdmission,
    c: &Chargees,
    plan: &Plan,
    avec: &AvecFormations,
) -> Result<Execution, AppError> {
    // All of them first, in the one order, whatever that of their names: those that an integration of the catalogue names meanwhile, or
    // those of another file.
    let tenus: Vec<i64> = plan.voulues.iter().map(|(place, _)| c.maisons[*place].ligne.id).collect();
    base::hold_parametrages(tx, &tenus).await?;
    let garde = Garde::default();
    let mut execution = Execution::default();
    for (place, voulue) in &plan.voulues {
        let maison = &c.maisons[*place];
        let permit = ctx.permit(Action::ModifierEtablissement, &cible(session.id, &maison.ligne))?;
        let demandees: Vec<&Modification> = voulue.ecritures.iter().map(|e| &e.modification).collect();
        // Over the version that was read (TRX-4).
        let lue = (session, &maison.ligne);
        match write_parts(tx, ctx, &permit, lue, &garde, (&demandees, avec)).await? {
            Parties::Ecrites { ajoutees, .. } => {
                for (rang, id) in ajoutees {
                    let provisoire = voulue.ecritures.get(rang).and_then(|e| e.provisoire.clone());
                    execution.ajoutes.extend(provisoire.map(|p| (p, id)));
                }
            }
            Parties::Refusees(refus) => {
                for (rang, erreur) in refus {
                    match voulue.ecritures.get(rang).and_then(|e| refusee(maison, e, &erreur)) {
                        Some(fautes) => execution.refus.push((fautes, erreur)),
                        None => return Err(erreur),
                    }
                }
            }
        }
    }
    Ok(execution)
}

/// What is wrong with a line, field by field; nothing when it is not the matter.
fn refusee(maison: &Maison, e: &Ecriture, erreur: &AppError) -> Option<Vec<FauteFichier>> {
    let dites = match erreur {
        // In a file, the mend is in the file too.
        AppError::Rule(RuleViolation::LieuNomme { formations }) => {
            let motif = format!(
                "Des formations s’y donnent encore : {}. Donnez-leur un autre lieu dans la feuille « {FORMATIONS} », ou remettez ici la ligne retirée.",
                formations.join(" ; ")
            );
            vec![("", motif)]
        }
        AppError::Rule(r) => vec![(r.champ(), messages::regle(r))],
        AppError::Invalid(fautes) => fautes.clone(),
        _ => return None,
    };
    let faute = |(champ, motif): (&str, String)| {
        let colonne = libelle(e.partie, champ);
        let motif = match &e.retiree {
            Some(quoi) => format!("« {quoi} » n’a plus sa ligne dans cette feuille. {motif}"),
            None => motif,
        };
        FauteFichier {
            feuille: e.feuille.clone(),
            formation: maison.nom(),
            faute: Faute { ligne: e.ligne, colonne: colonne.to_owned(), motif },
            page: None,
        }
    };
    Some(dites.into_iter().map(faute).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r_eta_14_no_column_is_about_whoever_heads_an_establishment_or_is_called() {
        let parties: Vec<Partie> = Feuille::ALL.into_iter().flat_map(Feuille::parties).collect();
        assert!(parties.iter().all(|p| !p.is_reservee()), "{parties:?}");
        let publiques = Partie::ALL.into_iter().filter(|p| !p.is_reservee());
        assert!(publiques.clone().all(|p| parties.contains(&p) && !colonnes(p).is_empty()));
        assert!(Partie::ALL.into_iter().filter(|p| p.is_reservee()).all(|p| colonnes(p).is_empty()));
        for f in Feuille::ALL {
            let libelles: Vec<&str> = f.colonnes().iter().map(|c| c.libelle).collect();
            let reserve = |l: &&str| l.contains("hef") || l.contains("ontact") || l.contains("ignat");
            assert!(!libelles.iter().any(reserve), "{libelles:?}");
            let mut uniques: Vec<String> = libelles.iter().map(|l| normalize_header(l)).collect();
            uniques.sort_unstable();
            uniques.dedup();
            assert_eq!(uniques.len(), libelles.len(), "two columns of one title: {libelles:?}");
            assert_eq!(Feuille::of_nom(f.nom()), Some(f));
        }
        assert_eq!(Feuille::of_nom(""), None, "a text file has the courses alone");
    }
}
