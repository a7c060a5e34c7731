//! Boarding schools that an establishment declares, to rank those who ask for a place there (`domaine.md` §6.11). Ranking itself is
//! what a commission does of a group: [`crate::classements`].

use domain::calendrier::Etape;
use domain::droits::{Action, Cible, Permit};
use domain::etablissements::{Internat, check_ligne};
use domain::formations::check_capacite;
use domain::internats::{ACCUEILS, Declare, Portee, check_declaration};
use domain::{Fautes, PublicId, RuleViolation};
use jiff::Timestamp;
use serde_json::json;
use store::etablissements::LigneParametrage;
use store::internats::{self as base, FormationServie, LigneInternat, NouvelInternat};
use store::{Sql, Tx};

use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::formations::{Ouverture, intitule};
use crate::idempotence::{Garde, Recepisse, deja_fait, emettre, hash};
use crate::journal::{Acte, record};
use crate::sessions::{self, SessionAdmission};

/// A line as the rules see it.
pub(crate) fn declare(l: &LigneInternat) -> Declare {
    Declare {
        id: l.id,
        portee: Portee::of(l.formation_session_id),
        transmis: l.etat.as_deref() == Some("transmis"),
    }
}

/// The boarding schools of an establishment that rank, with what the person may do to them now.
#[derive(Debug, Clone)]
pub struct VueInternats {
    /// The one of the address, open or archived.
    pub session: SessionAdmission,
    /// Public identifier of the establishment.
    pub etablissement: String,
    /// Its name.
    pub nom: String,
    /// The common ones first.
    pub internats: Vec<InternatVue>,
    /// Courses that propose boarding: public identifier and name.
    pub formations: Vec<(String, String)>,
    /// Whether the person may declare, change and remove now.
    pub modification: Ouverture,
    /// Whether the person reads those who ask, and so the rankings.
    pub lit_dossiers: bool,
}

/// A boarding school that ranks, ready to be shown.
#[derive(Debug, Clone)]
pub struct InternatVue {
    /// In the addresses of its pages.
    pub public_id: String,
    /// Sent back by the form: changed in between is a conflict.
    pub version: i64,
    /// As the establishment calls it.
    pub libelle: String,
    /// Places.
    pub capacite: i64,
    /// Who boards.
    pub accueil: Internat,
    /// Public identifier of the only course served; `None`: common.
    pub formation: Option<String>,
    /// Names of the courses served.
    pub servies: Vec<String>,
    /// A draft is saved.
    pub brouillon: bool,
    /// Instant of the campaign; `None` until its ranking is sent.
    pub transmis_le: Option<Timestamp>,
}

/// What is typed of a boarding school.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SaisieInternat {
    /// As the establishment calls it.
    pub libelle: String,
    /// Places; `None`: not typed.
    pub capacite: Option<i64>,
    /// Code of who boards.
    pub accueil: String,
    /// Public identifier of the only course served; empty: common.
    pub formation: String,
}

/// An establishment of a session, with its boarding schools.
struct Chargee {
    session: SessionAdmission,
    ligne: LigneParametrage,
    internats: Vec<LigneInternat>,
}

impl Chargee {
    async fn load(c: &impl Sql, annee: i64, id: &PublicId) -> Result<Self, AppError> {
        let session = sessions::session(c, annee).await?;
        let ligne = store::etablissements::parametrage(c, session.id, id.as_str()).await?;
        let ligne = ligne.ok_or(AppError::NotFound)?;
        let internats = base::internats(c, session.id, ligne.etablissement_id).await?;
        Ok(Self { session, ligne, internats })
    }

    fn cible(&self) -> Cible {
        crate::etablissements::cible(self.session.id, &self.ligne)
    }

    fn require_open(&self, ctx: &Ctx) -> Result<(), RuleViolation> {
        self.session.require_ouverte()?;
        self.session.calendrier.require_between(Etape::Parametrage, Etape::Examen, ctx.campagne_le)
    }

    fn declares(&self) -> Vec<Declare> {
        self.internats.iter().map(declare).collect()
    }

    /// The one that is changed or removed.
    fn internat(&self, id: &str) -> Result<&LigneInternat, AppError> {
        self.internats.iter().find(|l| l.public_id == id).ok_or(AppError::NotFound)
    }
}

/// Loads the boarding schools of an establishment for the person.
///
/// # Errors
/// [`AppError::NotFound`], or [`AppError::Denied`] outside the person's perimeter.
pub async fn view_internats(ctx: &Ctx, annee: i64, id: &PublicId) -> Result<VueInternats, AppError> {
    let db = &ctx.app.db;
    let c = Chargee::load(db, annee, id).await?;
    let cible = c.cible();
    ctx.permit(Action::ConsulterEtablissement, &cible)?;
    let formations = base::avec_internat(db, c.session.id, c.ligne.etablissement_id).await?;
    let propres: Vec<i64> = c.internats.iter().filter_map(|l| l.formation_session_id).collect();
    let sans_propre = formations.iter().filter(|f| !propres.contains(&f.id));
    let communes: Vec<String> = sans_propre.map(nom).collect();
    let modification = match c.require_open(ctx) {
        _ if !ctx.may(Action::ModifierEtablissement, &cible) => Ouverture::SansDroit,
        Err(regle) => Ouverture::Fermee(regle),
        Ok(()) => c
            .session
            .calendrier
            .fenetre(Etape::Examen)
            .map_or(Ouverture::SansDroit, |f| Ouverture::Ouverte { ferme: f.ferme }),
    };
    Ok(VueInternats {
        internats: c.internats.iter().map(|l| vue(l, &communes)).collect(),
        formations: formations.iter().map(|f| (f.public_id.clone(), nom(f))).collect(),
        modification,
        lit_dossiers: ctx.may(Action::ConsulterDossiers, &cible),
        etablissement: c.ligne.etablissement,
        nom: c.ligne.nom,
        session: c.session,
    })
}

fn nom(f: &FormationServie) -> String {
    intitule(&f.libelle, &f.detail)
}

fn vue(l: &LigneInternat, communes: &[String]) -> InternatVue {
    let servies = match &l.formation {
        Some(libelle) => vec![intitule(libelle, l.detail.as_deref().unwrap_or_default())],
        None => communes.to_vec(),
    };
    InternatVue {
        public_id: l.public_id.clone(),
        version: l.version,
        libelle: l.libelle.clone(),
        capacite: l.capacite,
        accueil: Internat::from_code(&l.accueil).unwrap_or(Internat::Mixte),
        formation: l.formation_public_id.clone(),
        servies,
        brouillon: l.etat.as_deref() == Some("brouillon"),
        transmis_le: l.transmis_le.and_then(|ms| Timestamp::from_millisecond(ms).ok()),
    }
}

/// What is typed, checked: what it becomes in the base, or everything that is wrong with it.
async fn check(c: &impl Sql, charge: &Chargee, s: &SaisieInternat) -> Result<NouvelInternat, AppError> {
    let faux = |champ, motif| RuleViolation::Champ { champ, motif };
    let mut fautes = Fautes::default();
    let libelle = fautes.lit(check_ligne("libelle", &s.libelle));
    if libelle.is_empty() {
        fautes.note(faux("libelle", "vide"));
    }
    let capacite = s.capacite.ok_or_else(|| faux("capacite", "hors_bornes"));
    let capacite = fautes.lit(capacite.and_then(check_capacite));
    let accueil = ACCUEILS.into_iter().find(|a| a.code() == s.accueil);
    let accueil = fautes.lit(accueil.map(Internat::code).ok_or_else(|| faux("accueil", "vide")));
    let formation_session = if s.formation.is_empty() {
        None
    } else {
        let siennes = base::avec_internat(c, charge.session.id, charge.ligne.etablissement_id).await?;
        let sienne = siennes.iter().find(|f| f.public_id == s.formation).map(|f| f.id);
        if sienne.is_none() {
            fautes.note(faux("formation", "sans_internat"));
        }
        sienne
    };
    Ok(fautes.conclut(NouvelInternat { libelle, capacite, accueil, formation_session })?)
}

/// What an act on a boarding school leaves behind.
struct Fait<'a> {
    demande: &'a str,
    acte: &'static str,
    public_id: &'a str,
    libelle: &'a str,
    avant: Option<serde_json::Value>,
    apres: serde_json::Value,
}

async fn conclude(
    tx: &Tx,
    ctx: &Ctx,
    garde: &Garde,
    (charge, permit): (&Chargee, &Permit),
    f: Fait<'_>,
) -> Result<Recepisse, AppError> {
    let acte = Acte { objet: "groupe_internat", objet_id: f.public_id, avant: f.avant, apres: Some(f.apres) };
    record(tx, ctx, permit, &acte).await?;
    let contenu = json!({
        "session": charge.session.annee,
        "internat": f.public_id,
        "lignes": [["Établissement", charge.ligne.nom], ["Internat", f.libelle]],
    });
    emettre(tx, ctx, garde, f.demande, f.acte, None, &contenu).await
}

fn dit(capacite: i64, accueil: &str, portee: Portee) -> serde_json::Value {
    let portee = if portee == Portee::Commun { "commun" } else { "propre" };
    json!({ "capacite": capacite, "internat": accueil, "nature": portee })
}

/// Opens the way to a change: the right checked, the boarding schools locked, then read with what was sent meanwhile.
async fn open(tx: &Tx, ctx: &Ctx, annee: i64, id: &PublicId) -> Result<(Chargee, Permit), AppError> {
    let mut c = Chargee::load(tx, annee, id).await?;
    let permit = ctx.permit(Action::ModifierEtablissement, &c.cible())?;
    base::lock(tx, c.ligne.etablissement_id).await?;
    c.internats = base::internats(tx, c.session.id, c.ligne.etablissement_id).await?;
    Ok((c, permit))
}

/// Declares a boarding school that ranks, or changes one (`internat`: its public identifier). R-INT-03.
///
/// # Errors
/// [`AppError::Rule`] outside the steps, for a wrong value or once a ranking freezes it; [`AppError::Conflict`] when someone else
/// changed it since the form was shown; [`AppError::NotFound`] for one that is not of the establishment.
pub async fn save_internat(
    ctx: &Ctx,
    garde: &Garde,
    annee: i64,
    id: &PublicId,
    internat: Option<&str>,
    saisie: &SaisieInternat,
) -> Result<Recepisse, AppError> {
    let demande = format!("internat|{id}|{}|{}", internat.unwrap_or_default(), hash(&format!("{saisie:?}")));
    let tx = ctx.begin().await?;
    let (c, permit) = open(&tx, ctx, annee, id).await?;
    if let Some(fait) = deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(fait);
    }
    c.require_open(ctx)?;
    let n = check(&tx, &c, saisie).await?;
    let portee = Portee::of(n.formation_session);
    let sien = internat.map(|i| c.internat(i)).transpose()?;
    check_declaration(&c.declares(), sien.map(|l| l.id), Some(portee))?;
    let e = ctx.ecriture(&permit);
    let public_id = match sien {
        Some(lu) => {
            garde.check_version(lu.version)?;
            base::update(&tx, &e, lu, &n).await?;
            lu.public_id.clone()
        }
        None => base::insert(&tx, &e, (c.session.id, c.ligne.etablissement_id), &n).await?,
    };
    let fait = Fait {
        demande: &demande,
        acte: "internat_enregistre",
        public_id: &public_id,
        libelle: &n.libelle,
        avant: sien.map(|l| dit(l.capacite, &l.accueil, Portee::of(l.formation_session_id))),
        apres: dit(n.capacite, n.accueil, portee),
    };
    let recepisse = conclude(&tx, ctx, garde, (&c, &permit), fait).await?;
    tx.commit().await?;
    Ok(recepisse)
}

/// Takes away a boarding school whose ranking is not sent (R-INT-03); a draft goes with it.
///
/// # Errors
/// As [`save_internat`].
pub async fn remove_internat(
    ctx: &Ctx,
    garde: &Garde,
    annee: i64,
    id: &PublicId,
    internat: &str,
) -> Result<Recepisse, AppError> {
    let demande = format!("internat|{id}|{internat}|retrait");
    let tx = ctx.begin().await?;
    let (c, permit) = open(&tx, ctx, annee, id).await?;
    if let Some(fait) = deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(fait);
    }
    c.require_open(ctx)?;
    let lu = c.internat(internat)?;
    garde.check_version(lu.version)?;
    check_declaration(&c.declares(), Some(lu.id), None)?;
    base::remove(&tx, &ctx.ecriture(&permit), lu).await?;
    let fait = Fait {
        demande: &demande,
        acte: "internat_retire",
        public_id: &lu.public_id,
        libelle: &lu.libelle,
        avant: Some(dit(lu.capacite, &lu.accueil, Portee::of(lu.formation_session_id))),
        apres: json!({ "etat": "retire" }),
    };
    let recepisse = conclude(&tx, ctx, garde, (&c, &permit), fait).await?;
    tx.commit().await?;
    Ok(recepisse)
}
