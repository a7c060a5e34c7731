//! The side of the services: their queue, what they answer, how long they take.

use std::collections::BTreeMap;

use domain::assistance::{
    ActeAssistance, Demandeur, Destinataire, EtatAssistance, ThemeAssistance, mediane, transmissions,
};
use domain::comptes::Role;
use domain::droits::{Acteur, Action, Cible, Permit};
use domain::echanges::notice;
use domain::etablissements::check_texte;
use domain::territoires::{academie, departements};
use domain::{PublicId, RuleViolation};
use store::Sql;
use store::assistance::{self as base, FiltreFile, LigneDemande, NouveauMessage, Perimetre, SuiteDemande};
use store::messagerie::{NouvelEnvoi, enqueue_envoi};

use super::cellules::kept_reponses;
use super::demander::receipt;
use super::vues::{Demande, Historique, SuiviDemande, cible, etat, history, service, situation};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::idempotence::{self, Garde, Recepisse, hash};
use crate::limites::JOUR_MS;
use crate::messages::PIED;
use crate::sessions::{self, SessionAdmission};

/// Answers whose delays make the median: those of the last weeks of a large service, all of those of a small one.
const DERNIERES: i64 = 2_000;

/// Questions of a page of the queue.
const PAR_PAGE: i64 = 25;

/// Days since a question was asked, from which a queue may be narrowed to what waits longest: an answer is owed in two days,
/// is late after a week, is a fault after two.
pub const fn ages() -> [i64; 3] {
    [2, 7, 14]
}

/// What a queue is narrowed to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CriteresFile {
    /// `None`: those that wait for an answer.
    pub etat: Option<EtatAssistance>,
    /// Every state.
    pub toutes: bool,
    /// What it is about.
    pub theme: Option<ThemeAssistance>,
    /// Code of the asker's department.
    pub departement: Option<String>,
    /// Asked so many days ago, or more.
    pub jours: Option<i64>,
    /// From 1.
    pub page: u32,
}

/// How a service stands on a theme.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LigneBilan {
    /// `None`: all of them.
    pub theme: Option<ThemeAssistance>,
    /// New, being looked after, answered, closed.
    pub etats: [i64; 4],
    /// Middle of the times to the first answer, in milliseconds; `None` when none was answered.
    pub delai_median: Option<i64>,
}

/// The queue of a service.
#[derive(Debug, Clone)]
pub struct FileAssistance {
    /// The one of the address, open or archived.
    pub session: SessionAdmission,
    /// The one that has waited longest first.
    pub demandes: Vec<Demande>,
    /// That meet the criteria.
    pub total: i64,
    /// The one shown, from 1.
    pub page: u32,
    /// At least 1.
    pub pages: u32,
    /// That wait for an answer, whatever the criteria.
    pub en_attente: i64,
    /// Departments that the perimeter covers: (code, name); empty for an establishment.
    pub departements: Vec<(&'static str, &'static str)>,
    /// One line a theme that has been asked about, then the total; nothing when nothing was ever asked.
    pub bilan: Vec<LigneBilan>,
}

/// R-ASS-04: each service by the perimeter of its own role.
pub(crate) fn perimetre(ctx: &Ctx, session: i64) -> Result<Perimetre, AppError> {
    ctx.scope(Action::TraiterAssistance)?;
    let mut p = Perimetre::default();
    for a in ctx.acteur.attributions.iter().filter(|a| a.session.is_none_or(|s| s == session)) {
        match a.role {
            Role::AdminNational => p.national = true,
            Role::Academie => p.academies.extend(a.academies.iter().cloned()),
            Role::AdminSite => p.etablissements.extend(a.etablissement),
            _ => {}
        }
    }
    Ok(p)
}

/// The queue of the person's service, and how it stands.
///
/// # Errors
/// [`AppError::Denied`] for those who answer nothing, [`AppError::NotFound`] for a session that does not exist.
pub async fn view_file(ctx: &Ctx, annee: i64, c: &CriteresFile) -> Result<FileAssistance, AppError> {
    let db = &ctx.app.db;
    let session = sessions::session(db, annee).await?;
    let p = perimetre(ctx, session.id)?;
    let attente =
        || EtatAssistance::ALL.into_iter().filter(|e| e.attend()).map(EtatAssistance::code).collect();
    let filtre = FiltreFile {
        etats: match c.etat {
            Some(e) => vec![e.code()],
            None if c.toutes => Vec::new(),
            None => attente(),
        },
        theme: c.theme.map(ThemeAssistance::code),
        departement: c.departement.clone(),
        avant: c.jours.map(|j| ctx.campagne_ms() - j * JOUR_MS),
    };
    let total = base::count_file(db, session.id, &p, &filtre).await?;
    let pages = u32::try_from((total + PAR_PAGE - 1) / PAR_PAGE).unwrap_or(1).max(1);
    let page = c.page.clamp(1, pages);
    let saut = i64::from(page - 1) * PAR_PAGE;
    let lignes = base::file(db, session.id, &p, &filtre, (PAR_PAGE, saut)).await?;
    let tout = FiltreFile { etats: attente(), ..FiltreFile::default() };
    let du_perimetre = |academie: &str| p.national || p.academies.iter().any(|a| a == academie);
    Ok(FileAssistance {
        demandes: lignes.into_iter().map(Demande::new).collect::<Result<_, _>>()?,
        total,
        page,
        pages,
        en_attente: base::count_file(db, session.id, &p, &tout).await?,
        departements: departements()
            .iter()
            .filter(|d| du_perimetre(d.academie))
            .map(|d| (d.code, d.nom))
            .collect(),
        bilan: sums(base::bilan(db, session.id, &p, DERNIERES).await?),
        session,
    })
}

fn sums(b: base::Bilan) -> Vec<LigneBilan> {
    let mut par_theme: BTreeMap<Option<ThemeAssistance>, ([i64; 4], Vec<i64>)> = BTreeMap::new();
    // The total too.
    let cles = |theme: &str| [ThemeAssistance::from_code(theme), None];
    for (theme, etat, nombre) in b.nombres {
        let place = EtatAssistance::ALL.into_iter().position(|e| e.code() == etat);
        for cle in cles(&theme) {
            let (etats, _) = par_theme.entry(cle).or_default();
            if let Some(n) = place.and_then(|i| etats.get_mut(i)) {
                *n += nombre;
            }
        }
    }
    for (theme, delai) in b.delais {
        cles(&theme).into_iter().for_each(|cle| par_theme.entry(cle).or_default().1.push(delai.max(0)));
    }
    let mut bilan: Vec<LigneBilan> = par_theme
        .into_iter()
        .map(|(theme, (etats, delais))| LigneBilan { theme, etats, delai_median: mediane(delais) })
        .collect();
    // `None` sorts first; a total is read last.
    if !bilan.is_empty() {
        bilan.rotate_left(1);
    }
    bilan
}

/// R-ASS-04: a question is read by the service that it is with, in its perimeter, and by nobody else.
async fn treated(c: &impl Sql, ctx: &Ctx, annee: i64, id: &PublicId) -> Result<Prise, AppError> {
    let session = sessions::session(c, annee).await?;
    ctx.scope(Action::TraiterAssistance)?;
    let l = base::demande(c, id.as_str())
        .await?
        .filter(|l| l.session_id == session.id)
        .ok_or(AppError::NotFound)?;
    let ici = service(&l)?;
    let permit = by_role(ctx, ici.role(), &cible(&l, ici)).map_err(|_| AppError::NotFound)?;
    Ok(Prise { session, l, ici, permit })
}

/// A question in hand: authorized, with the service where it is.
struct Prise {
    session: SessionAdmission,
    l: LigneDemande,
    ici: Destinataire,
    permit: Permit,
}

/// The permit that this very role gives: that of the national team does not open what is asked of others.
fn by_role(ctx: &Ctx, role: Role, cible: &Cible) -> Result<Permit, AppError> {
    let siennes = ctx.acteur.attributions.iter().filter(|a| a.role == role).cloned().collect();
    let acteur = Acteur { attributions: siennes, ..ctx.acteur.clone() };
    Ctx { acteur, ..ctx.clone() }.permit(Action::TraiterAssistance, cible)
}

/// Reads a question of the queue. `page`: of its messages, the last one when none is asked for.
///
/// # Errors
/// [`AppError::NotFound`] for one that is with another service, or out of the perimeter.
pub async fn view_traitee(
    ctx: &Ctx,
    annee: i64,
    id: &PublicId,
    page: Option<u32>,
) -> Result<SuiviDemande, AppError> {
    let db = &ctx.app.db;
    let Prise { session, l, ici, .. } = treated(db, ctx, annee, id).await?;
    let Historique { messages, page, pages, etapes, .. } = history(db, ctx, &l, true, page).await?;
    let d = Demandeur::from_code(&l.demandeur).ok_or(AppError::NotFound)?;
    let de_moi = Some(l.compte_id) == ctx.acteur.compte;
    let ouverte = !session.archivee && etat(&l)? != EtatAssistance::Close && !de_moi;
    let region = l.academie.as_deref().and_then(academie).map(|a| a.region_academique);
    let mut reponses = match region {
        // The question is with the cell: whoever reads it here is one of its agents.
        Some(region) if ouverte && ici == Destinataire::Cellule => {
            kept_reponses(db, ctx, session.id, region).await?
        }
        _ => Vec::new(),
    };
    let sujet = ThemeAssistance::from_code(&l.theme);
    reponses.sort_by_key(|(_, r)| r.theme != sujet);
    Ok(SuiviDemande {
        page,
        pages,
        reponses,
        transmissions: if ouverte { transmissions(d, ici, situation(&l)).to_vec() } else { Vec::new() },
        ecriture: ouverte,
        session,
        demande: Demande::new(l)?,
        messages,
        etapes,
        de_moi,
    })
}

/// What a service does to a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Traitement<'a> {
    /// Takes it in charge.
    Prendre,
    /// Answers it.
    Repondre(&'a str),
    /// Sends it to another service.
    Transmettre(Destinataire),
    /// Ends it.
    Clore,
}

impl Traitement<'_> {
    const fn acte(self) -> ActeAssistance {
        match self {
            Self::Prendre => ActeAssistance::Prendre,
            Self::Repondre(_) => ActeAssistance::Repondre,
            Self::Transmettre(_) => ActeAssistance::Transmettre,
            Self::Clore => ActeAssistance::Clore,
        }
    }

    const fn recepisse(self) -> &'static str {
        match self {
            Self::Prendre => "assistance_prise",
            Self::Repondre(_) => "assistance_repondue",
            Self::Transmettre(_) => "assistance_transmise",
            Self::Clore => "assistance_close",
        }
    }
}

/// Takes a question in charge, answers it, passes it on or closes it.
///
/// # Errors
/// [`AppError::Rule`] for an answer without words, a question that is closed, one's own (R-ASS-10), or a service to which it is
/// not passed on (R-ASS-05); [`AppError::NotFound`] as [`view_traitee`]; [`AppError::Conflict`] when it changed meanwhile.
pub async fn treat(
    ctx: &Ctx,
    garde: &Garde,
    annee: i64,
    id: &PublicId,
    t: Traitement<'_>,
) -> Result<Recepisse, AppError> {
    let demande = format!("assistance_traitee|{}|{}", id.as_str(), hash(&format!("{t:?}")));
    let tx = ctx.begin().await?;
    if let Some(recepisse) = {
        // The same act sent twice: the question may be with another service by now.
        ctx.scope(Action::TraiterAssistance)?;
        idempotence::deja_fait(&tx, ctx, garde, &demande).await?
    } {
        return Ok(recepisse);
    }
    let Prise { session, l, ici, permit } = treated(&tx, ctx, annee, id).await?;
    session.require_ouverte()?;
    // R-ASS-10: nobody answers what they asked.
    if Some(l.compte_id) == ctx.acteur.compte {
        return Err(RuleViolation::AssistanceDeSoi.into());
    }
    garde.check_version(l.version + 1)?;
    let instants = (l.close_le, ctx.campagne_ms(), ctx.app.limites.assistance_reouverture_jours * JOUR_MS);
    let apres = etat(&l)?.after(t.acte(), l.responsable_id.is_some(), instants)?;
    let e = ctx.ecriture(&permit);
    let role = permit.role().code();
    let mut suite = SuiteDemande {
        etat: apres.code(),
        destinataire: ici.code(),
        responsable: ctx.acteur.compte,
        repondue_le: l.repondue_le,
        close_le: None,
    };
    match t {
        Traitement::Prendre => base::insert_etape(&tx, &e, l.id, "prise", ici.code(), role).await?,
        Traitement::Repondre(texte) => {
            let texte = check_texte("texte", texte)?;
            if texte.is_empty() {
                return Err(RuleViolation::Champ { champ: "texte", motif: "reponse_vide" }.into());
            }
            let message = NouveauMessage { demande: l.id, role, reponse: true, texte: &texte };
            base::insert_message(&tx, &e, &ctx.app.coffre, &message).await?;
            suite.repondue_le = l.repondue_le.or(Some(ctx.campagne_ms()));
            tell(&tx, ctx, &permit, &l).await?;
        }
        Traitement::Transmettre(vers) => {
            let d = Demandeur::from_code(&l.demandeur).ok_or(AppError::NotFound)?;
            if !transmissions(d, ici, situation(&l)).contains(&vers) {
                return Err(RuleViolation::Champ { champ: "vers", motif: "inconnu" }.into());
            }
            suite.destinataire = vers.code();
            suite.responsable = None;
            base::insert_etape(&tx, &e, l.id, "transmission", vers.code(), role).await?;
        }
        Traitement::Clore => {
            suite.responsable = l.responsable_id.or(ctx.acteur.compte);
            suite.close_le = Some(ctx.campagne_ms());
            base::insert_etape(&tx, &e, l.id, "cloture", ici.code(), role).await?;
        }
    }
    base::set_suite(&tx, &e, &l, &suite).await?;
    receipt(tx, ctx, garde, &permit, &l, (&demande, t.recepisse()), apres).await
}

/// Tells the asker that an answer is there, and nothing of it; at most one mail in a while for one question (R-ECH-02).
async fn tell(tx: &store::Tx, ctx: &Ctx, permit: &Permit, l: &LigneDemande) -> Result<(), AppError> {
    let delai = ctx.app.limites.avis_fil_min * 60_000;
    let Some(le) = notice(l.avise_le, ctx.recu_ms(), delai) else { return Ok(()) };
    let adresse = store::comptes::by_id(tx, l.compte_id).await?.courriel;
    let corps = format!(
        "Bonjour,\n\nVous avez une réponse à une question que vous avez posée sur Parcoursup. Pour la lire, connectez-vous :\n\n\
         {}/assistance/demandes/{}\n\n\
         D’autres réponses ont pu s’y ajouter : il n’est envoyé qu’un courriel par heure et par question.{PIED}",
        ctx.app.adresse, l.public_id
    );
    let envoi = NouvelEnvoi {
        canal: "courriel",
        compte: Some(l.compte_id),
        destinataire: &adresse,
        modele: "reponse_assistance",
        sujet: "Vous avez une réponse sur Parcoursup",
        corps: &corps,
        priorite: 5,
        // It leaves then, not before.
        cree_le: le,
        perime_le: None,
    };
    enqueue_envoi(tx, &ctx.app.coffre, ctx.app.alea.as_ref(), &envoi).await?;
    base::set_avise(tx, &ctx.ecriture(permit), l.id, le).await?;
    Ok(())
}

/// R-ASS-09: deletes the questions on which nothing happened for the delay of the settings. Gives how many.
///
/// # Errors
/// When the database refuses.
pub async fn purge_demandes(ctx: &Ctx) -> Result<u64, AppError> {
    ctx.permit(Action::EntretenirPlateforme, &Cible::plateforme())?;
    let delai = ctx.app.limites.assistance_conservation_jours * JOUR_MS;
    let tx = ctx.begin().await?;
    let n = base::purge(&tx, ctx.campagne_ms() - delai).await?;
    tx.commit().await?;
    Ok(n)
}
