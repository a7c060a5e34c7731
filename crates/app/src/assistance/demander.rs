//! The side of those who ask: what will be sent, to whom, what came back.

use std::collections::BTreeSet;

use domain::assistance::{
    ActeAssistance, Demandeur, Destinataire, EtatAssistance, Lieu, Situation, ThemeAssistance,
    check_complement, check_question, destinataire,
};
use domain::comptes::Role;
use domain::droits::{Action, Permit};
use domain::{PublicId, RuleViolation};
use serde_json::json;
use store::Sql;
use store::assistance::{self as base, LigneDemande, NouveauMessage, NouvelleDemande, SuiteDemande};

use super::cellules::own_etablissement;
use super::vues::{Demande, Historique, SuiviDemande, etat, history};
use crate::actualites::permit_of;
use crate::candidats;
use crate::contexte::Ctx;
use crate::echanges::{Objet, Sujet};
use crate::erreur::AppError;
use crate::formations::intitule;
use crate::idempotence::{self, Garde, Recepisse, hash};
use crate::journal::{Acte, record};
use crate::limites::JOUR_MS;
use crate::sessions::{self, SessionAdmission};

/// Questions of a person that are listed; older ones stay stored.
const LISTEES: i64 = 100;

/// What the page that one asks from is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ObjetDemande {
    /// An establishment, by its public identifier.
    Etablissement(PublicId),
    /// A course of the session, by its public identifier.
    Formation(PublicId),
    /// A wish of the candidate who asks, by its public identifier.
    Voeu(PublicId),
}

/// Where one asks from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origine {
    /// The session of the page; `None`: the open one.
    pub annee: Option<i64>,
    /// The page as the table of routes writes it; empty: none.
    pub ecran: String,
    /// What it is about.
    pub objet: Option<ObjetDemande>,
    /// On behalf of which establishment of the person, when it is about nothing in particular.
    pub etablissement: Option<PublicId>,
}

impl Origine {
    fn code(&self) -> String {
        format!("{:?}", self)
    }
}

/// What will be sent, and to whom.
#[derive(Debug, Clone)]
pub struct Preparation {
    /// Open.
    pub session: SessionAdmission,
    /// On whose behalf.
    pub demandeur: Demandeur,
    /// What may be asked, and who answers it.
    pub themes: Vec<(ThemeAssistance, Destinataire)>,
    /// The course, the establishment or the wish that it is about.
    pub objet: Option<String>,
    /// Name of the asker's establishment.
    pub etablissement: Option<String>,
    /// Those that the person may ask for, by name: identifier and name; empty when there is nothing to choose.
    pub etablissements: Vec<(PublicId, String)>,
    /// Code of the asker's department.
    pub departement: Option<String>,
    /// The conversation with the academic service where the person may write instead, when the page is about something that has one.
    pub conversation: Option<String>,
}

/// All that is known of a question before it is asked.
struct Contexte {
    session: SessionAdmission,
    permit: Permit,
    demandeur: Demandeur,
    situation: Situation,
    academie: Option<String>,
    departement: Option<String>,
    etablissement: Option<(i64, String)>,
    /// Those to choose from; empty when there is nothing to choose.
    choix: Vec<(PublicId, String)>,
    formation_session: Option<i64>,
    voeu: Option<i64>,
    objet: Option<String>,
    conversation: Option<String>,
}

/// R-ASS-12: what a question is about is read by its asker, or is not named in it.
async fn context(c: &impl Sql, ctx: &Ctx, origine: &Origine) -> Result<Contexte, AppError> {
    let courante = sessions::courante(c).await?;
    // A page of the archives has no question of its own.
    let objet = origine.objet.as_ref().filter(|_| origine.annee.is_none_or(|a| a == courante.annee));
    if let Some(candidat) = ctx.acteur.candidat() {
        return of_candidat(c, ctx, candidat, objet).await;
    }
    let permit = permit_of(ctx, Action::DemanderAssistance, courante.id)?;
    let demandeur = Demandeur::of_role(permit.role()).ok_or(AppError::NotFound)?;
    let sujet = match objet {
        Some(ObjetDemande::Etablissement(id)) => Some(Sujet::Etablissement(id.clone())),
        Some(ObjetDemande::Formation(id)) => Some(Sujet::Formation(id.clone())),
        Some(ObjetDemande::Voeu(_)) => return Err(AppError::NotFound),
        None => None,
    };
    if let Some(sujet) = sujet {
        let o = Objet::load(c, courante.annee, &sujet).await?;
        // HAB-3: a course of one's establishment that one does not read is not named either.
        let lu = match &sujet {
            Sujet::Formation(_) => ctx.may(Action::ConsulterParametrage, &o.cible),
            Sujet::Etablissement(_) => [Action::ConsulterParametrage, Action::ConsulterEtablissement]
                .into_iter()
                .any(|a| ctx.may(a, &o.cible)),
        };
        if !lu {
            return Err(AppError::NotFound);
        }
        // By the role that reads it, when the person has several.
        let permit = ctx.permit(Action::DemanderAssistance, &o.cible).unwrap_or(permit);
        let demandeur = Demandeur::of_role(permit.role()).ok_or(AppError::NotFound)?;
        let academie = o.cible.academie.clone();
        let conversation = (demandeur == Demandeur::Etablissement
            && ctx.may(Action::EcrireEchange, &o.cible))
        .then(|| sujet.chemin(courante.annee));
        return Ok(Contexte {
            situation: situation(c, ctx, academie.as_deref(), Some(o.etablissement)).await?,
            academie,
            departement: Some(o.departement.clone()),
            etablissement: Some((o.etablissement, o.nom.clone())),
            choix: Vec::new(),
            formation_session: o.formation_session,
            voeu: None,
            objet: Some(o.titre.clone()),
            conversation,
            session: courante,
            permit,
            demandeur,
        });
    }
    let siens = own_etablissements(c, ctx, courante.id, demandeur).await?;
    let sien = match (&origine.etablissement, siens.as_slice()) {
        (Some(id), _) => Some(siens.iter().find(|s| s.id == *id).ok_or(AppError::NotFound)?),
        (None, [seul]) => Some(seul),
        (None, _) => None,
    };
    let du_service = || {
        let siennes = ctx.acteur.attributions.iter().filter(|a| a.session.is_none_or(|s| s == courante.id));
        siennes.filter(|a| a.role == Role::Academie).find_map(|a| a.academies.first().cloned())
    };
    let academie = match sien {
        Some(sien) => Some(sien.academie.clone()),
        None if demandeur == Demandeur::Academie => du_service(),
        None => None,
    };
    let choix: Vec<(PublicId, String)> = match siens.as_slice() {
        [] | [_] => Vec::new(),
        plusieurs => plusieurs.iter().map(|s| (s.id.clone(), s.nom.clone())).collect(),
    };
    Ok(Contexte {
        situation: situation(c, ctx, academie.as_deref(), sien.map(|s| s.cle)).await?,
        departement: sien.map(|s| s.departement.clone()),
        etablissement: sien.map(|s| (s.cle, s.nom.clone())),
        choix,
        session: courante,
        permit,
        demandeur,
        academie,
        formation_session: None,
        voeu: None,
        objet: None,
        conversation: None,
    })
}

/// An establishment on whose behalf a person asks.
struct Sien {
    cle: i64,
    id: PublicId,
    nom: String,
    academie: String,
    departement: String,
}

/// R-ASS-16: the establishments of the session that a person may ask for, by name.
async fn own_etablissements(
    c: &impl Sql,
    ctx: &Ctx,
    session: i64,
    demandeur: Demandeur,
) -> Result<Vec<Sien>, AppError> {
    let mut cles = BTreeSet::new();
    for a in &ctx.acteur.attributions {
        let sienne = a.session.is_none_or(|s| s == session)
            && a.role != Role::Academie
            && Demandeur::of_role(a.role) == Some(demandeur);
        if sienne {
            cles.extend(own_etablissement(c, session, a).await?);
        }
    }
    let mut siens = Vec::new();
    for cle in cles {
        let Some(l) = store::etablissements::parametrage_of(c, session, cle).await? else { continue };
        siens.push(Sien {
            cle,
            id: PublicId::parse(&l.etablissement).ok_or(AppError::NotFound)?,
            nom: l.nom,
            academie: l.academie,
            departement: l.departement,
        });
    }
    siens.sort_by(|a, b| (&a.nom, a.cle).cmp(&(&b.nom, b.cle)));
    Ok(siens)
}

async fn of_candidat(
    c: &impl Sql,
    ctx: &Ctx,
    candidat: i64,
    objet: Option<&ObjetDemande>,
) -> Result<Contexte, AppError> {
    let d = candidats::mien(c, ctx, Action::DemanderAssistance).await?;
    let voeu = match objet {
        None => None,
        Some(ObjetDemande::Voeu(id)) => {
            let voeux = store::candidatures::list_voeux(c, candidat).await?;
            Some(voeux.into_iter().find(|v| v.public_id == id.as_str()).ok_or(AppError::NotFound)?)
        }
        Some(_) => return Err(AppError::NotFound),
    };
    let lieu = Lieu::of_departement(&d.ligne.departement);
    Ok(Contexte {
        session: d.session,
        permit: d.permit,
        demandeur: Demandeur::Candidat,
        situation: Situation { en_region: lieu.is_some_and(|l| l.has_cellule()), administre: false },
        academie: lieu.map(|l| l.academie.code.to_owned()),
        departement: lieu.and_then(|l| l.departement).map(|d| d.code.to_owned()),
        etablissement: None,
        choix: Vec::new(),
        formation_session: voeu.as_ref().map(|v| v.formation_session_id),
        objet: voeu.as_ref().map(|v| {
            let ou = v.etablissement.clone().unwrap_or_default();
            intitule(&v.libelle, &ou)
        }),
        voeu: voeu.map(|v| v.id),
        conversation: None,
    })
}

async fn situation(
    c: &impl Sql,
    ctx: &Ctx,
    academie: Option<&str>,
    etablissement: Option<i64>,
) -> Result<Situation, AppError> {
    let administre = match etablissement {
        // Whoever asks is not the one to be asked.
        Some(cle) => {
            store::comptes::administrators_of(c, cle).await?.iter().any(|a| Some(a.id) != ctx.acteur.compte)
        }
        None => false,
    };
    Ok(Situation {
        en_region: academie.and_then(Lieu::of_academie).is_some_and(|l| l.has_cellule()),
        administre,
    })
}

/// What the form shows before anything is sent.
///
/// # Errors
/// [`AppError::NotFound`] for something that the person does not read, [`AppError::Denied`] for those who ask nothing.
pub async fn prepare_demande(ctx: &Ctx, origine: &Origine) -> Result<Preparation, AppError> {
    let x = context(&ctx.app.db, ctx, origine).await?;
    Ok(Preparation {
        themes: ThemeAssistance::of(x.demandeur)
            .into_iter()
            .map(|t| (t, destinataire(x.demandeur, t, x.situation)))
            .collect(),
        session: x.session,
        demandeur: x.demandeur,
        objet: x.objet,
        etablissement: x.etablissement.map(|(_, nom)| nom),
        etablissements: x.choix,
        departement: x.departement,
        conversation: x.conversation,
    })
}

/// Asks a question: it goes to the service that R-ASS-03 says.
///
/// # Errors
/// [`AppError::Rule`] without words or theme, for too many questions in a day, or when no session is open; [`AppError::Invalid`] when the
/// person has several establishments and does not say which one asks; [`AppError::NotFound`] for one that is not theirs.
pub async fn ask(
    ctx: &Ctx,
    garde: &Garde,
    origine: &Origine,
    theme: Option<ThemeAssistance>,
    texte: &str,
) -> Result<Recepisse, AppError> {
    let nom = theme.map_or("", ThemeAssistance::code);
    let demande = format!("assistance|{nom}|{}|{}", hash(&origine.code()), hash(texte));
    let tx = ctx.begin().await?;
    let x = context(&tx, ctx, origine).await?;
    if let Some(recepisse) = idempotence::deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(recepisse);
    }
    x.session.require_ouverte()?;
    if !x.choix.is_empty() && x.etablissement.is_none() {
        let faute = "Choisissez l’établissement au nom duquel vous posez la question.".to_owned();
        return Err(AppError::Invalid(vec![("etablissement", faute)]));
    }
    let theme = theme
        .filter(|t| ThemeAssistance::of(x.demandeur).contains(t))
        .ok_or(RuleViolation::Champ { champ: "theme", motif: "manquant" })?;
    let compte = ctx.acteur.compte.ok_or(AppError::NotFound)?;
    base::hold_compte(&tx, compte).await?;
    let recentes = base::recentes(&tx, compte, ctx.campagne_ms() - JOUR_MS).await?;
    let texte = check_question(texte, recentes, ctx.app.limites.assistance_par_jour)?;
    let vers = destinataire(x.demandeur, theme, x.situation);
    let e = ctx.ecriture(&x.permit);
    let role = x.permit.role().code();
    let nouvelle = NouvelleDemande {
        session: x.session.id,
        demandeur: x.demandeur.code(),
        role,
        theme: theme.code(),
        destinataire: vers.code(),
        academie: x.academie.as_deref(),
        departement: x.departement.as_deref(),
        etablissement: x.etablissement.as_ref().map(|(cle, _)| *cle),
        formation_session: x.formation_session,
        voeu: x.voeu,
        ecran: &origine.ecran,
    };
    let (cle, id) = base::insert_demande(&tx, &e, &nouvelle).await?;
    let message = NouveauMessage { demande: cle, role, reponse: false, texte: &texte };
    base::insert_message(&tx, &e, &ctx.app.coffre, &message).await?;
    // JOU-2: neither what was said nor what it is about.
    let contenu = json!({ "destinataire": vers.code() });
    let acte = Acte { objet: "demande_assistance", objet_id: &id, avant: None, apres: Some(contenu.clone()) };
    record(&tx, ctx, &x.permit, &acte).await?;
    let candidat = ctx.acteur.candidat();
    let recepisse =
        idempotence::emettre(&tx, ctx, garde, &demande, "assistance_demandee", candidat, &contenu).await?;
    tx.commit().await?;
    Ok(recepisse)
}

/// What the person asked, the last that moved first.
///
/// # Errors
/// [`AppError::Denied`] for those who ask nothing.
pub async fn list_mine(ctx: &Ctx) -> Result<Vec<Demande>, AppError> {
    ctx.scope(Action::DemanderAssistance)?;
    let compte = ctx.acteur.compte.ok_or(AppError::NotFound)?;
    base::demandes_of(&ctx.app.db, compte, LISTEES).await?.into_iter().map(Demande::new).collect()
}

/// How many of the person's questions have answers that they have not read; 0 for those who ask nothing.
///
/// # Errors
/// When the database refuses.
pub async fn count_unread(ctx: &Ctx) -> Result<i64, AppError> {
    match (ctx.acteur.compte, ctx.scope(Action::DemanderAssistance)) {
        (Some(compte), Ok(_)) => Ok(base::unread(&ctx.app.db, compte).await?),
        _ => Ok(0),
    }
}

/// R-ASS-10: a question of one's own, whatever the session: who asked reads what was answered, in another role if need be.
async fn asked(c: &impl Sql, ctx: &Ctx, id: &PublicId) -> Result<LigneDemande, AppError> {
    ctx.scope(Action::DemanderAssistance)?;
    let compte = ctx.acteur.compte.ok_or(AppError::NotFound)?;
    base::demande(c, id.as_str()).await?.filter(|l| l.compte_id == compte).ok_or(AppError::NotFound)
}

/// The same to go on with it, by a role of its session.
async fn mine(c: &impl Sql, ctx: &Ctx, id: &PublicId) -> Result<(LigneDemande, Permit), AppError> {
    let l = asked(c, ctx, id).await?;
    let permit = permit_of(ctx, Action::DemanderAssistance, l.session_id)?;
    Ok((l, permit))
}

fn instants(ctx: &Ctx, l: &LigneDemande) -> (Option<i64>, i64, i64) {
    (l.close_le, ctx.campagne_ms(), ctx.app.limites.assistance_reouverture_jours * JOUR_MS)
}

/// Reads a question of one's own; its answers are read from then on. `page`: of its messages, the last one when none is asked for.
///
/// # Errors
/// [`AppError::NotFound`] for one that is not theirs.
pub async fn view_mine(ctx: &Ctx, id: &PublicId, page: Option<u32>) -> Result<SuiviDemande, AppError> {
    let db = &ctx.app.db;
    let l = asked(db, ctx, id).await?;
    let annee = sessions::annee(db, l.session_id).await?.ok_or(AppError::NotFound)?;
    let session = sessions::session(db, annee).await?;
    let nomme = l.demandeur != Demandeur::Candidat.code();
    let Historique { messages, page, pages, etapes, dernier } = history(db, ctx, &l, nomme, page).await?;
    if dernier > l.lu {
        let permit = permit_of(ctx, Action::DemanderAssistance, sessions::courante(db).await?.id)?;
        let tx = ctx.begin().await?;
        base::mark_lu(&tx, &ctx.ecriture(&permit), l.id, dernier).await?;
        tx.commit().await?;
    }
    let suite = etat(&l)?.after(ActeAssistance::Completer, l.responsable_id.is_some(), instants(ctx, &l));
    Ok(SuiviDemande {
        ecriture: !session.archivee && suite.is_ok(),
        session,
        demande: Demande::new(l)?,
        messages,
        page,
        pages,
        etapes,
        transmissions: Vec::new(),
        de_moi: true,
        reponses: Vec::new(),
    })
}

/// Adds to one's question; opens it again when it was answered or closed (R-ASS-07).
///
/// # Errors
/// [`AppError::Rule`] without words, for too many messages in a day, or too long after its closing; [`AppError::NotFound`] for one that is not theirs.
pub async fn complete(ctx: &Ctx, garde: &Garde, id: &PublicId, texte: &str) -> Result<Recepisse, AppError> {
    let demande = format!("assistance_complement|{}|{}", id.as_str(), hash(texte));
    ctx.scope(Action::DemanderAssistance)?;
    let compte = ctx.acteur.compte.ok_or(AppError::NotFound)?;
    let tx = ctx.begin().await?;
    // Before the question is read: of two messages sent at once the second is added to what the first left.
    base::hold_compte(&tx, compte).await?;
    let (l, permit) = mine(&tx, ctx, id).await?;
    if let Some(recepisse) = idempotence::deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(recepisse);
    }
    require_ouverte(&tx, &l).await?;
    let recents = base::complements_recents(&tx, compte, ctx.campagne_ms() - JOUR_MS).await?;
    let texte = check_complement(texte, recents, ctx.app.limites.assistance_complements_par_jour)?;
    let avant = etat(&l)?;
    let apres = avant.after(ActeAssistance::Completer, l.responsable_id.is_some(), instants(ctx, &l))?;
    let e = ctx.ecriture(&permit);
    let role = permit.role().code();
    let message = NouveauMessage { demande: l.id, role, reponse: false, texte: &texte };
    base::insert_message(&tx, &e, &ctx.app.coffre, &message).await?;
    if !avant.attend() {
        base::insert_etape(&tx, &e, l.id, "reouverture", &l.destinataire, role).await?;
    }
    write_suite(&tx, ctx, &permit, &l, apres).await?;
    receipt(tx, ctx, garde, &permit, &l, (&demande, "assistance_completee"), apres).await
}

/// Closes one's own question.
///
/// # Errors
/// [`AppError::Rule`] when it is closed already; [`AppError::NotFound`] for one that is not theirs.
pub async fn close_mine(ctx: &Ctx, garde: &Garde, id: &PublicId) -> Result<Recepisse, AppError> {
    let demande = format!("assistance_cloture|{}", id.as_str());
    let tx = ctx.begin().await?;
    let (l, permit) = mine(&tx, ctx, id).await?;
    if let Some(recepisse) = idempotence::deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(recepisse);
    }
    require_ouverte(&tx, &l).await?;
    let apres = etat(&l)?.after(ActeAssistance::Clore, true, instants(ctx, &l))?;
    let e = ctx.ecriture(&permit);
    base::insert_etape(&tx, &e, l.id, "cloture", &l.destinataire, permit.role().code()).await?;
    write_suite(&tx, ctx, &permit, &l, apres).await?;
    receipt(tx, ctx, garde, &permit, &l, (&demande, "assistance_close"), apres).await
}

/// R-SES-01: what was asked in an archived session is read, no more.
async fn require_ouverte(c: &impl Sql, l: &LigneDemande) -> Result<(), AppError> {
    let annee = sessions::annee(c, l.session_id).await?.ok_or(AppError::NotFound)?;
    Ok(sessions::session(c, annee).await?.require_ouverte()?)
}

async fn write_suite(
    tx: &store::Tx,
    ctx: &Ctx,
    permit: &Permit,
    l: &LigneDemande,
    apres: EtatAssistance,
) -> Result<(), AppError> {
    let suite = SuiteDemande {
        etat: apres.code(),
        destinataire: &l.destinataire,
        responsable: l.responsable_id,
        repondue_le: l.repondue_le,
        close_le: (apres == EtatAssistance::Close).then(|| ctx.campagne_ms()),
    };
    Ok(base::set_suite(tx, &ctx.ecriture(permit), l, &suite).await?)
}

/// The journal, the receipt, the end of the transaction.
pub(super) async fn receipt(
    tx: store::Tx,
    ctx: &Ctx,
    garde: &Garde,
    permit: &Permit,
    l: &LigneDemande,
    (demande, acte): (&str, &str),
    apres: EtatAssistance,
) -> Result<Recepisse, AppError> {
    let contenu = json!({ "etat": apres.code() });
    let fait = Acte {
        objet: "demande_assistance",
        objet_id: &l.public_id,
        avant: Some(json!({ "etat": l.etat, "destinataire": l.destinataire })),
        apres: Some(contenu.clone()),
    };
    record(&tx, ctx, permit, &fait).await?;
    let candidat = ctx.acteur.candidat();
    let recepisse = idempotence::emettre(&tx, ctx, garde, demande, acte, candidat, &contenu).await?;
    tx.commit().await?;
    Ok(recepisse)
}
