//! The queue of the academic service, and a course as it reviews it.

use std::collections::{BTreeSet, HashMap};

use domain::droits::{self, Action};
use domain::formations::controle::{EtatControle, GesteControle, champs_controles};
use domain::formations::description::Description;
use domain::formations::{AccueilDeclare, Contradiction, Famille, Genre, contradictions, mots_recherche};
use domain::grille::Constat;
use domain::{PublicId, RuleViolation};
use store::formations::{self as base, FiltreControle, LigneActe, LigneFile, Pris};

use super::{
    MotifRetour, Reouvertures, check_retour, comptes, dernier_retour, etat, instant, is_controlee, motifs,
};
use crate::contexte::Ctx;
use crate::echanges::from_etablissement;
use crate::erreur::AppError;
use crate::formations::contenu::{ChampCompare, Contenu, Cote, compare_contenus, precedent, present};
use crate::formations::description::{accueil, genre, genre_de, lit};
use crate::formations::parametrage::Brouillon;
use crate::formations::recherche::pages;
use crate::formations::regroupement::regroupement_vu;
use crate::formations::vraisemblance::{self, Comparaison, Lectures};
use crate::formations::{Intitule, RegroupementVu, cible, departements, intitule, lieu, load, load_groupes};
use crate::sessions::{self, SessionAdmission};

/// Who has taken a course that waits, for whoever looks at the queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PriseFile {
    /// The person.
    Moi,
    /// Nobody.
    Libre,
    /// Another agent.
    Collegue,
}

impl PriseFile {
    /// Every answer, in display order.
    pub const ALL: [Self; 3] = [Self::Moi, Self::Libre, Self::Collegue];

    /// Stable code, that of the addresses.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Moi => "moi",
            Self::Libre => "libre",
            Self::Collegue => "collegue",
        }
    }

    /// The one of an address.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|p| p.code() == code)
    }

    /// French label shown on screen.
    pub const fn libelle(self) -> &'static str {
        match self {
            Self::Moi => "Prises par moi",
            Self::Libre => "Libres",
            Self::Collegue => "Prises par un collègue",
        }
    }

    fn of(self, ctx: &Ctx) -> Pris {
        // No account has the key 0.
        let compte = ctx.acteur.compte.unwrap_or(0);
        match self {
            Self::Moi => Pris::Compte(compte),
            Self::Libre => Pris::Personne,
            Self::Collegue => Pris::Autre(compte),
        }
    }
}

/// What an agent looks for in the queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CriteresControle {
    /// Words of the course, of its establishment or of its town; empty for all.
    pub texte: String,
    /// The state listed.
    pub etat: EtatControle,
    /// Only those whose last day is past.
    pub depassees: bool,
    /// `None` for every family.
    pub famille: Option<Famille>,
    /// Code; `None` for every department.
    pub departement: Option<String>,
    /// Of those that wait for a decision; `None`: whoever has taken them.
    pub prise: Option<PriseFile>,
    /// From 1.
    pub page: u32,
}

/// A course of the queue, with what can be said of it without opening it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LigneFileControle {
    /// Public identifier.
    pub id: String,
    /// Course and detail.
    pub libelle: String,
    /// Name, that of the session.
    pub etablissement: String,
    /// « Lyon (69) ».
    pub lieu: String,
    /// Kind of course.
    pub famille: Famille,
    /// Fields that differ from last year, days apart; `None`: new this year, or not submitted.
    pub changes: Option<i64>,
    /// New this year.
    pub nouvelle: bool,
    /// (last year, now) when both are known and differ.
    pub capacite: Option<(i64, i64)>,
    /// Fields of the description still missing.
    pub manques: i64,
    /// Findings of its grid under the rules of the frame (B1 to B7).
    pub grille: usize,
    /// R-FOR-40: what it says that its establishment contradicts.
    pub contradictions: Vec<Contradiction>,
    /// UTC milliseconds.
    pub soumise_le: Option<i64>,
    /// UTC milliseconds: first instant too late for a returned course.
    pub jusqu_a: Option<i64>,
    /// R-CTL-09: it is returned, and that instant is past.
    pub depasse: bool,
    /// Who has taken it, and whether it is the person who looks.
    pub pris: Option<(String, bool)>,
}

impl LigneFileControle {
    /// Says what it said last year, days apart.
    pub fn inchangee(&self) -> bool {
        self.changes == Some(0)
    }

    /// R-CTL-05, R-CGE-18: unchanged, and its grid has nothing to be read again: may be accepted without being opened.
    pub fn is_acceptable_fermee(&self) -> bool {
        self.inchangee() && self.grille == 0
    }
}

/// A page of the queue.
#[derive(Debug, Clone)]
pub struct FileControle {
    /// The one listed.
    pub session: SessionAdmission,
    /// Whether the session is reviewed at all.
    pub active: bool,
    /// The person decides; whoever does not reads where the reviews stand.
    pub decider: bool,
    /// Courses that the criteria keep, all pages.
    pub total: i64,
    /// R-CTL-05: of those that wait for a decision, the ones that say what they said last year, all pages.
    pub inchangees: i64,
    /// Those that wait for a decision, whatever the criteria.
    pub en_attente: i64,
    /// R-CTL-09: those that were returned and whose last day is past, whatever the criteria.
    pub depassees: i64,
    /// From 1, within the pages that exist.
    pub page: u32,
    /// At least 1.
    pub pages: u32,
    /// Those of the page.
    pub lignes: Vec<LigneFileControle>,
    /// (code, name) of the departments of the perimeter.
    pub departements: Vec<(String, String)>,
}

const PAR_PAGE: i64 = 50;

/// What is in a state; `depassees`: whose last day is past at this instant.
fn dans_l_etat(session: i64, etat: EtatControle, depassees: Option<i64>) -> FiltreControle {
    FiltreControle { session, etat: etat.code(), depassees, ..FiltreControle::default() }
}

/// What these criteria keep, at this instant of the campaign.
pub(super) fn filtre(ctx: &Ctx, session: i64, criteres: &CriteresControle) -> FiltreControle {
    let now = ctx.campagne_ms();
    FiltreControle {
        // A decision releases the course: only those that wait are taken.
        pris: criteres.prise.filter(|_| criteres.etat == EtatControle::Soumise).map(|p| p.of(ctx)),
        mots: mots_recherche(&criteres.texte),
        famille: criteres.famille.map(Famille::code),
        departement: criteres.departement.clone(),
        ..dans_l_etat(session, criteres.etat, criteres.depassees.then_some(now))
    }
}

/// The courses of a perimeter in one state of the review: those that have not changed first; of those that were returned, those whose
/// last day is past, or comes, first. Whoever follows the settings reads it, whoever reviews decides.
///
/// # Errors
/// [`AppError::Denied`] for whoever follows nothing; [`AppError::NotFound`] for an unknown session.
pub async fn list_controles(
    ctx: &Ctx,
    annee: i64,
    criteres: &CriteresControle,
) -> Result<FileControle, AppError> {
    let db = &ctx.app.db;
    ctx.scope(Action::SuivreParametrage)?;
    let session = sessions::session(db, annee).await?;
    let scope = droits::scope_session(&ctx.acteur, Action::SuivreParametrage, session.id)?;
    let decider = droits::scope_session(&ctx.acteur, Action::ControlerFormation, session.id).is_ok();
    let now = ctx.campagne_ms();
    let filtre = filtre(ctx, session.id, criteres);
    let total = base::count_file(db, &scope, &filtre).await?;
    let inchangees = if decider && criteres.etat == EtatControle::Soumise && !session.archivee {
        base::count_file(db, &scope, &FiltreControle { inchangees: true, ..filtre.clone() }).await?
    } else {
        0
    };
    let en_attente =
        base::count_file(db, &scope, &dans_l_etat(session.id, EtatControle::Soumise, None)).await?;
    let depassees =
        base::count_file(db, &scope, &dans_l_etat(session.id, EtatControle::Retournee, Some(now))).await?;
    let (page, pages) = pages(criteres.page, total, PAR_PAGE);
    let lignes = base::list_file(db, &scope, &filtre, PAR_PAGE, i64::from(page - 1) * PAR_PAGE).await?;
    let departements = departements(db, &scope, session.id).await?;
    let soumise = criteres.etat != EtatControle::Brouillon;
    let cles: Vec<i64> = lignes.iter().map(|l| l.id).collect();
    let descriptions: HashMap<i64, String> = base::descriptions(db, &cles)
        .await?
        .into_iter()
        .map(|d| (d.formation_session_id, d.contenu))
        .collect();
    let mut vues = Vec::with_capacity(lignes.len());
    for l in lignes {
        let famille = Famille::from_code(&l.famille).unwrap_or(Famille::Autre);
        let genre = genre_de(&l.famille, &l.libelle);
        let contenu = descriptions.get(&l.id);
        let accueil = AccueilDeclare::new(
            l.etablissement_internat.as_deref().unwrap_or_default(),
            l.etablissement_places,
            l.etablissement_boursiers,
        );
        // Only an establishment that answered « no » somewhere is worth reading the whole description again.
        let contredites = if accueil.is_restreint() {
            let d = contenu.map_or_else(|| Ok(Description::default()), |c| lit(c, genre))?;
            contradictions(&d, l.internat == 1, accueil)
        } else {
            Vec::new()
        };
        vues.push(LigneFileControle {
            libelle: intitule(&l.libelle, &l.detail),
            lieu: lieu(&l.commune, &l.departement),
            famille,
            changes: l.changes.filter(|_| soumise),
            nouvelle: l.precedente_id.is_none(),
            capacite: l.capacite_avant.zip(l.capacite).filter(|(avant, apres)| avant != apres),
            manques: l.manques.unwrap_or(1),
            grille: match contenu {
                None => 0,
                Some(contenu) => ctx.app.relues.points(contenu, genre)?.total(),
            },
            contradictions: contredites,
            soumise_le: l.soumise_le,
            depasse: criteres.etat == EtatControle::Retournee && l.jusqu_a.is_some_and(|fin| fin <= now),
            jusqu_a: l.jusqu_a,
            pris: l.pris_par_nom.map(|nom| (nom, l.pris_par == ctx.acteur.compte)),
            id: l.public_id,
            etablissement: l.etablissement,
        });
    }
    Ok(FileControle {
        active: is_controlee(db, session.id).await?,
        decider,
        total,
        inchangees,
        en_attente,
        depassees,
        page,
        pages,
        lignes: vues,
        departements,
        session,
    })
}

/// R-CTL-14: the course that an agent opens after this one, among those that wait and that the criteria keep: the next of the page that
/// they may decide, else the first of it; `None`: the page has no other. Asked before the course is decided, and leaves the list.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown session.
pub async fn next_controle(
    ctx: &Ctx,
    annee: i64,
    criteres: &CriteresControle,
    id: &PublicId,
) -> Result<Option<String>, AppError> {
    let db = &ctx.app.db;
    let session = sessions::session(db, annee).await?;
    let Ok(scope) = droits::scope_session(&ctx.acteur, Action::ControlerFormation, session.id) else {
        return Ok(None);
    };
    if criteres.etat != EtatControle::Soumise {
        return Ok(None);
    }
    let filtre = filtre(ctx, session.id, criteres);
    let total = base::count_file(db, &scope, &filtre).await?;
    let (page, _) = pages(criteres.page, total, PAR_PAGE);
    // One more: the first of the page that follows comes up once this course is decided.
    let lignes = base::list_file(db, &scope, &filtre, PAR_PAGE + 1, i64::from(page - 1) * PAR_PAGE).await?;
    let moi = ctx.acteur.compte;
    let decidable = |l: &&LigneFile| {
        l.public_id != id.as_str()
            && (l.pris_par.is_none() || l.pris_par == moi)
            && (l.soumise_par.is_none() || l.soumise_par != moi)
    };
    let place = lignes.iter().position(|l| l.public_id == id.as_str());
    let suivante = lignes.iter().skip(place.map_or(0, |p| p + 1)).find(decidable);
    Ok(suivante.or_else(|| lignes.iter().find(decidable)).map(|l| l.public_id.clone()))
}

/// An act on the review of a course.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActeControle {
    /// What was done.
    pub geste: GesteControle,
    /// UTC milliseconds.
    pub le: i64,
    /// By whom, when it was a person.
    pub par: Option<String>,
    /// Of a return.
    pub motifs: Vec<MotifRetour>,
    /// UTC milliseconds: first instant too late; of a return.
    pub jusqu_a: Option<i64>,
    /// What was said beside; may be empty.
    pub mot: String,
}

/// R-CTL-09, R-CTL-10: a return that the course has not come back from.
#[derive(Debug, Clone, PartialEq)]
pub struct RetourEnCours {
    /// UTC milliseconds: first instant too late to put it right.
    pub jusqu_a: i64,
    /// That instant is past.
    pub depasse: bool,
    /// Labels of the fields returned.
    pub champs: Vec<&'static str>,
    /// Whether the person may give more time now.
    pub prolonger: Result<(), RuleViolation>,
    /// Whether the person may take it back now.
    pub reprendre: Result<(), RuleViolation>,
}

/// A course as the academic service reviews it.
#[derive(Debug, Clone)]
pub struct FicheControle {
    /// The one of the address.
    pub session: SessionAdmission,
    /// Public identifier.
    pub id: String,
    /// The title of the page.
    pub intitule: Intitule,
    /// Kind of course.
    pub genre: Genre,
    /// Once the present values are looked at.
    pub etat: EtatControle,
    /// Sent back by the forms: a review changed in between is a conflict.
    pub version: i64,
    /// Who has taken it, and whether it is the person who looks.
    pub pris: Option<(String, bool)>,
    /// Year of the session compared; `None` for a course new this year.
    pub annee_precedente: Option<i64>,
    /// Every field, last year then now.
    pub champs: Vec<ChampCompare>,
    /// What changed since the last return; `None`: it was never returned.
    pub depuis_retour: Option<Vec<ChampCompare>>,
    /// Labels of what is missing.
    pub manques: Vec<&'static str>,
    /// What the reading of its grid finds in its description, advice included; `None` until its weights are typed.
    pub grille: Option<(Description, Vec<Constat>)>,
    /// R-FOR-40: what it says that its establishment contradicts.
    pub contradictions: Vec<Contradiction>,
    /// R-CTL-07: its capacity, when it is out of the ordinary and not public yet.
    pub capacite: Option<Comparaison>,
    /// The multiple wish that the course is part of.
    pub regroupement: Option<RegroupementVu>,
    /// Messages that its establishment wrote about it; `None`: the person does not read its conversation.
    pub messages: Option<i64>,
    /// Newest first.
    pub actes: Vec<ActeControle>,
    /// Whether the person may decide it now.
    pub decision: Result<(), RuleViolation>,
    /// `None`: it is not returned.
    pub retour: Option<RetourEnCours>,
}

/// The review of a course, side by side with last year.
///
/// # Errors
/// [`AppError::NotFound`] or [`AppError::Denied`] outside the perimeter.
pub async fn view_controle(ctx: &Ctx, annee: i64, id: &PublicId) -> Result<FicheControle, AppError> {
    let db = &ctx.app.db;
    let session = sessions::session(db, annee).await?;
    let f = load(db, &session, id).await?;
    ctx.permit(Action::ControlerFormation, &cible(&f))?;
    let ici = present(db, &f).await?;
    let avant = precedent(db, &f).await?;
    let genre = genre(&f);
    let ligne = base::controle(db, f.id).await?;
    let fidele =
        ligne.as_ref().map_or(Ok(true), |l| Ok::<_, AppError>(l.empreinte == ici.contenu.empreinte()?))?;
    let etat = etat(ligne.as_ref()).of_values(fidele);
    let actes = match &ligne {
        None => Vec::new(),
        Some(l) => base::actes(db, l.id).await?,
    };
    let depuis_retour = match dernier_retour(&actes) {
        None => None,
        Some((a, _)) => {
            let alors = Cote { contenu: Contenu::lit(&a.contenu)?, lieux: ici.lieux.clone() };
            let champs = compare_contenus(Some(&alors), &ici, genre, false);
            Some(champs.into_iter().filter(|c| c.change).collect())
        }
    };
    let comptes = ligne.as_ref().map(comptes).unwrap_or_default();
    let groupes = load_groupes(db, f.id).await?;
    let lu = Lectures::load(ctx, db, &session, std::slice::from_ref(&f)).await?;
    let brouillon = Brouillon { formation: &f, groupes: &groupes };
    let reouvertures = Reouvertures::load(db, f.id).await?;
    let capacite = vraisemblance::view(ctx, &lu, &session, &brouillon, &reouvertures)?;
    let description = ici.contenu.description();
    let maison = store::etablissements::parametrage_of(db, session.id, f.etablissement_id).await?;
    let maison = maison.as_ref().map(accueil).unwrap_or_default();
    let messages = if ctx.may(Action::ConsulterEchanges, &cible(&f)) {
        Some(from_etablissement(db, f.id).await?)
    } else {
        None
    };
    Ok(FicheControle {
        messages,
        id: f.public_id.clone(),
        intitule: Intitule::of(&f),
        genre,
        etat,
        version: ligne.as_ref().map_or(0, |l| l.version),
        pris: ligne
            .as_ref()
            .and_then(|l| l.pris_par_nom.clone())
            .map(|nom| (nom, comptes.pris_par == ctx.acteur.compte)),
        champs: compare_contenus(avant.as_ref().map(|(_, c)| c), &ici, genre, true),
        annee_precedente: avant.map(|(annee, _)| annee),
        depuis_retour,
        manques: ici.contenu.manques(genre),
        grille: description.grille_saisie().is_some().then(|| (description.clone(), description.constats())),
        contradictions: contradictions(description, f.internat == 1, maison),
        capacite: Some(capacite).filter(|c| !c.raisons.is_empty()),
        regroupement: regroupement_vu(db, f.id).await?,
        actes: actes.iter().filter_map(|a| acte_lu(a, genre)).collect(),
        decision: session.require_ouverte().and_then(|()| etat.check_decision(comptes, ctx.acteur.compte)),
        retour: match ligne.as_ref().and_then(|l| l.jusqu_a.zip(Some(l))) {
            Some((fin, l)) if etat == EtatControle::Retournee => {
                let prolonger =
                    session.require_ouverte().and_then(|()| check_retour(&f, l, ctx.acteur.compte));
                Some(RetourEnCours {
                    jusqu_a: fin,
                    depasse: instant(fin) <= ctx.campagne_le,
                    champs: champs_retournes(genre, &l.champs),
                    reprendre: match &prolonger {
                        Ok(()) if !fidele => Err(RuleViolation::RetourEntame),
                        autre => autre.clone(),
                    },
                    prolonger,
                })
            }
            _ => None,
        },
        session,
    })
}

/// Labels of the fields of a return, in the order of the forms.
fn champs_retournes(genre: Genre, json: &str) -> Vec<&'static str> {
    let codes: BTreeSet<String> = serde_json::from_str(json).unwrap_or_default();
    let siens = champs_controles(genre).into_iter().filter(|(code, _)| codes.contains(*code));
    siens.map(|(_, libelle)| libelle).collect()
}

fn acte_lu(a: &LigneActe, genre: Genre) -> Option<ActeControle> {
    Some(ActeControle {
        geste: GesteControle::from_code(&a.acte)?,
        le: a.fait_le,
        par: a.fait_par.clone(),
        motifs: motifs(genre, &a.motifs),
        jusqu_a: a.jusqu_a,
        mot: a.mot.clone(),
    })
}
