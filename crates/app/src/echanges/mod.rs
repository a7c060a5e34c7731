//! Conversations about an establishment or a course of a session, between those who work there and the academic service.
//! What was said is dated, signed with a name and a role, and never changed.

mod avis;

use avis::tell;

use domain::comptes::Role;
use domain::droits::{Action, Cible, scope_session};
use domain::echanges::Cote;
use domain::etablissements::check_texte;
use domain::territoires::HeureLocale;
use domain::{PublicId, RuleViolation};
use serde_json::json;
use store::Sql;
use store::echanges::{self as base, FilNonLu, LigneMessage, NouveauMessage};

use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::formations::intitule;
use crate::idempotence::{self, Garde, Recepisse, hash};
use crate::journal::{Acte, record};
use crate::sessions::{self, SessionAdmission};

/// Messages shown; older ones stay stored.
const MONTRES: i64 = 200;
/// Threads told as unread.
const FILS: i64 = 20;

/// What a conversation is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sujet {
    /// An establishment, by its public identifier.
    Etablissement(PublicId),
    /// A course of the session, by its public identifier.
    Formation(PublicId),
}

impl Sujet {
    /// The page of the conversation.
    pub fn chemin(&self, annee: i64) -> String {
        let (quoi, id) = match self {
            Self::Etablissement(id) => ("etablissements", id),
            Self::Formation(id) => ("formations", id),
        };
        format!("/gestion/{annee}/{quoi}/{}/echanges", id.as_str())
    }
}

/// The object of a conversation, loaded.
pub(crate) struct Objet {
    session: SessionAdmission,
    pub(crate) etablissement: i64,
    pub(crate) formation_session: Option<i64>,
    pub(crate) cible: Cible,
    pub(crate) titre: String,
    pub(crate) nom: String,
    pub(crate) departement: String,
}

impl Objet {
    pub(crate) async fn load(c: &impl Sql, annee: i64, sujet: &Sujet) -> Result<Self, AppError> {
        let session = sessions::session(c, annee).await?;
        match sujet {
            Sujet::Etablissement(id) => {
                let l = store::etablissements::parametrage(c, session.id, id.as_str())
                    .await?
                    .ok_or(AppError::NotFound)?;
                Ok(Self {
                    cible: Cible {
                        session: Some(session.id),
                        etablissement: Some(l.etablissement_id),
                        academie: Some(l.academie),
                        ..Cible::default()
                    },
                    etablissement: l.etablissement_id,
                    formation_session: None,
                    titre: l.nom.clone(),
                    nom: l.nom,
                    departement: l.departement,
                    session,
                })
            }
            Sujet::Formation(id) => {
                let f = store::formations::by_public_id(c, id.as_str())
                    .await?
                    .filter(|f| f.session_id == session.id)
                    .ok_or(AppError::NotFound)?;
                Ok(Self {
                    cible: Cible::formation(session.id, f.etablissement_id, f.formation_id, &f.academie),
                    etablissement: f.etablissement_id,
                    formation_session: Some(f.id),
                    titre: intitule(&f.libelle, &f.detail),
                    nom: f.etablissement.clone(),
                    departement: f.departement.clone(),
                    session,
                })
            }
        }
    }
}

/// A message of a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// First name, then name.
    pub auteur: String,
    /// The role under which it was written; `None` for a stored code that is no longer known.
    pub role: Option<Role>,
    /// Milliseconds of the campaign.
    pub le: i64,
    /// Plain text.
    pub texte: String,
    /// Sent to many establishments at once.
    pub relance: bool,
    /// Written by the person who reads.
    pub de_moi: bool,
    /// Not read before by this person.
    pub nouveau: bool,
}

/// A conversation, as a person reads it.
#[derive(Debug, Clone)]
pub struct Echange {
    /// The one of the address, open or archived.
    pub session: SessionAdmission,
    /// Name of the establishment, or title of the course.
    pub titre: String,
    /// Name of the establishment.
    pub etablissement: String,
    /// Where it is, when the clocks are not those of Paris (TPS-4).
    pub locale: Option<HeureLocale>,
    /// The oldest first.
    pub messages: Vec<Message>,
    /// Those about the courses of an establishment that the person reads, the last written first.
    pub formations: Vec<Conversation>,
    /// The person may write now.
    pub ecriture: bool,
}

/// A conversation about a course, among those of its establishment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conversation {
    /// What it is about.
    pub sujet: Sujet,
    /// Title of the course.
    pub titre: String,
    /// Messages written in it.
    pub nombre: i64,
    /// The last of them, in milliseconds of the campaign.
    pub le: i64,
}

/// Reads a conversation; what it shows is read from then on, by a person: what a program reads is read by nobody (R-API-15).
///
/// # Errors
/// [`AppError::NotFound`], or [`AppError::Denied`] outside the person's perimeter.
pub async fn view_echange(ctx: &Ctx, annee: i64, sujet: &Sujet) -> Result<Echange, AppError> {
    let db = &ctx.app.db;
    let o = Objet::load(db, annee, sujet).await?;
    let permit = ctx.permit(Action::ConsulterEchanges, &o.cible)?;
    let compte = ctx.acteur.compte.ok_or(AppError::NotFound)?;
    let mut messages = Vec::new();
    if let Some(fil) = base::fil(db, o.session.id, o.etablissement, o.formation_session).await? {
        let lu = base::lecture(db, compte, fil.id).await?.lu;
        let lignes = base::messages(db, fil.id, MONTRES).await?;
        if let Some(dernier) = lignes.first().filter(|m| m.id > lu && ctx.jeton.is_none()) {
            let tx = ctx.begin().await?;
            base::mark_read(&tx, &ctx.ecriture(&permit), fil.id, dernier.id).await?;
            tx.commit().await?;
        }
        messages = lignes.into_iter().rev().map(|m| message(compte, lu, m)).collect();
    }
    let formations = match o.formation_session {
        Some(_) => Vec::new(),
        None => of_courses(ctx, o.session.id, o.etablissement).await?,
    };
    Ok(Echange {
        formations,
        ecriture: !o.session.archivee && ctx.may(Action::EcrireEchange, &o.cible),
        titre: o.titre,
        etablissement: o.nom,
        locale: HeureLocale::of_departement(&o.departement),
        session: o.session,
        messages,
    })
}

async fn of_courses(ctx: &Ctx, session: i64, etablissement: i64) -> Result<Vec<Conversation>, AppError> {
    let Ok(scope) = scope_session(&ctx.acteur, Action::ConsulterEchanges, session) else {
        return Ok(Vec::new());
    };
    let fils = base::of_courses(&ctx.app.db, &scope, (session, etablissement), MONTRES).await?;
    Ok(fils
        .into_iter()
        .filter_map(|f| {
            Some(Conversation {
                sujet: Sujet::Formation(PublicId::parse(&f.formation)?),
                titre: intitule(&f.libelle, &f.detail),
                nombre: f.nombre,
                le: f.dernier_le,
            })
        })
        .collect())
}

/// How many messages those who work in its establishment wrote about a course.
pub(crate) async fn from_etablissement(c: &impl Sql, formation_session: i64) -> Result<i64, AppError> {
    let roles: Vec<&str> = Role::ALL
        .into_iter()
        .filter(|r| Cote::of_role(*r) == Some(Cote::Etablissement))
        .map(Role::code)
        .collect();
    Ok(base::count_of_course(c, formation_session, &roles).await?)
}

fn message(compte: i64, lu: i64, m: LigneMessage) -> Message {
    let de_moi = m.compte_id == compte;
    Message {
        auteur: m.auteur,
        role: Role::from_code(&m.role),
        le: m.envoye_le,
        texte: m.texte,
        relance: m.relance == 1,
        nouveau: !de_moi && m.id > lu,
        de_moi,
    }
}

/// Writes a message, and tells those whom it is for by mail.
///
/// # Errors
/// [`AppError::Rule`] on an archived session, or for a text that is empty or too long.
pub async fn send_message(
    ctx: &Ctx,
    garde: &Garde,
    annee: i64,
    sujet: &Sujet,
    texte: &str,
) -> Result<Recepisse, AppError> {
    let demande = format!("message|{}|{}", sujet.chemin(annee), hash(texte));
    let tx = ctx.begin().await?;
    let o = Objet::load(&tx, annee, sujet).await?;
    let permit = ctx.permit(Action::EcrireEchange, &o.cible)?;
    if let Some(recepisse) = idempotence::deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(recepisse);
    }
    o.session.require_ouverte()?;
    let texte = check_texte("texte", texte)?;
    if texte.is_empty() {
        return Err(RuleViolation::Champ { champ: "texte", motif: "vide" }.into());
    }
    let e = ctx.ecriture(&permit);
    let fil = base::open_fil(&tx, &e, o.session.id, o.etablissement, o.formation_session).await?;
    let nouveau = NouveauMessage { fil: fil.id, role: permit.role().code(), texte: &texte, relance: false };
    let id = base::insert_message(&tx, &e, &nouveau).await?;
    if ctx.jeton.is_none() {
        base::mark_read(&tx, &e, fil.id, id).await?;
    }
    tell(&tx, ctx, &permit, &fil, &o.cible, &sujet.chemin(annee)).await?;
    // JOU-2: no free text in the journal; the conversation keeps it.
    let contenu = json!({ "fil": fil.public_id, "empreinte": hash(&texte) });
    let acte = Acte { objet: "fil", objet_id: &fil.public_id, avant: None, apres: Some(contenu.clone()) };
    record(&tx, ctx, &permit, &acte).await?;
    let recepisse = idempotence::emettre(&tx, ctx, garde, &demande, "message_envoye", None, &contenu).await?;
    tx.commit().await?;
    Ok(recepisse)
}

/// A conversation with messages that the person has not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NonLu {
    /// What it is about.
    pub sujet: Sujet,
    /// Name of the establishment, and title of the course when it is about one.
    pub titre: String,
    /// Messages not read.
    pub nombre: i64,
    /// The last of them, in milliseconds of the campaign.
    pub le: i64,
}

/// The conversations with messages that the person has not read, newest first; nothing for those who read none.
///
/// # Errors
/// When the database refuses.
pub async fn unread(ctx: &Ctx, session: i64, etablissement: Option<i64>) -> Result<Vec<NonLu>, AppError> {
    let Ok(scope) = scope_session(&ctx.acteur, Action::ConsulterEchanges, session) else {
        return Ok(Vec::new());
    };
    let Some(compte) = ctx.acteur.compte else { return Ok(Vec::new()) };
    let fils = base::unread(&ctx.app.db, &scope, (session, etablissement), compte, FILS).await?;
    Ok(fils.into_iter().filter_map(non_lu).collect())
}

fn non_lu(f: FilNonLu) -> Option<NonLu> {
    let (sujet, titre) = match (&f.formation, &f.libelle) {
        (Some(id), Some(libelle)) => {
            let libelle = intitule(libelle, f.detail.as_deref().unwrap_or(""));
            (Sujet::Formation(PublicId::parse(id)?), format!("{libelle} – {}", f.nom))
        }
        _ => (Sujet::Etablissement(PublicId::parse(&f.etablissement)?), f.nom),
    };
    Some(NonLu { sujet, titre, nombre: f.nombre, le: f.dernier_le })
}
