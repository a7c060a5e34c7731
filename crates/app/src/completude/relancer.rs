//! Reminders to many establishments at once: shown before they leave, written in the conversation of each, sent once.

use domain::calendrier::Etape;
use domain::droits::{Action, Cible};
use domain::echanges::is_reminder_due;
use domain::etablissements::check_texte;
use domain::{PublicId, RuleViolation};
use serde_json::json;
use store::completude::{self as base, LigneCompletude};
use store::echanges::{self, NouveauMessage};
use store::messagerie::{NouvelEnvoi, enqueue_envoi};
use store::{Sql, Tx};

use super::{EtablissementSuivi, FiltreCompletude, perimetre, stored, suivi};
use crate::comptes::PIED;
use crate::contexte::Ctx;
use crate::echanges::Sujet;
use crate::erreur::AppError;
use crate::idempotence::{self, Garde, Recepisse, hash};
use crate::journal::{Acte, record};
use crate::limites::JOUR_MS;
use crate::messages::date_limite;
use crate::sessions::SessionAdmission;

/// An establishment that may be reminded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relance {
    /// As the table has it.
    pub etablissement: EtablissementSuivi,
    /// R-ECH-03: not reminded too short a while ago.
    pub possible: bool,
}

/// What a reminder is prepared from.
#[derive(Debug, Clone)]
pub struct APreparer {
    /// The open one.
    pub session: SessionAdmission,
    /// Incomplete establishments that the filter keeps, by department and name; no more than may be reminded at once.
    pub relances: Vec<Relance>,
    /// Some were left out.
    pub tronque: bool,
    /// What is proposed as a message.
    pub texte: String,
}

/// A reminder as it will leave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Apercu {
    /// Names of the establishments, by department and name.
    pub etablissements: Vec<String>,
    /// Mails that will leave.
    pub courriels: usize,
    /// Names of the establishments where nobody is there to be written to.
    pub sans_destinataire: Vec<String>,
    /// The message that each conversation will keep.
    pub texte: String,
    /// Subject and body of the mail, as the first of these establishments will receive it.
    pub courriel: (String, String),
}

fn is_due(ctx: &Ctx, relance_le: Option<i64>) -> bool {
    is_reminder_due(relance_le, ctx.campagne_ms(), ctx.app.limites.relance_jours * JOUR_MS)
}

/// The incomplete establishments of the perimeter, with what is proposed to be written to them.
///
/// # Errors
/// [`AppError::Denied`] for whoever reminds nobody; [`RuleViolation::SessionArchivee`].
pub async fn prepare_relance(ctx: &Ctx, annee: i64, f: &FiltreCompletude) -> Result<APreparer, AppError> {
    let (session, scope) = perimetre(ctx, annee, Action::RelancerEtablissements).await?;
    session.require_ouverte()?;
    let filtre = base::FiltreCompletude { incomplets: true, ..stored(ctx, session.id, f) };
    let maximum = ctx.app.limites.relances;
    let combien = i64::try_from(maximum).unwrap_or(i64::MAX).saturating_add(1);
    let mut lignes = base::list(&ctx.app.db, &scope, &filtre, Some((combien, 0))).await?;
    let tronque = lignes.len() > maximum;
    lignes.truncate(maximum);
    let relances = lignes.into_iter().map(|l| {
        let etablissement = suivi(l);
        Relance { possible: is_due(ctx, etablissement.relance_le), etablissement }
    });
    Ok(APreparer { relances: relances.collect(), tronque, texte: proposition(&session), session })
}

fn fermeture(session: &SessionAdmission) -> Option<String> {
    session.calendrier.fenetre(Etape::CapacitesFrais).map(|f| date_limite(f.ferme))
}

fn proposition(session: &SessionAdmission) -> String {
    let avant = fermeture(session).map_or_else(String::new, |d| format!(" avant le {d}"));
    format!(
        "Bonjour,\n\nVotre établissement n’a pas encore tout renseigné pour la {}. La page d’accueil du site de gestion dit ce \
         qu’il manque : merci de le compléter{avant}.\n\nRépondez ici si une difficulté vous en empêche.",
        session.libelle.to_lowercase()
    )
}

/// The mail that an establishment receives: it names the establishment, and neither what is missing nor who asks.
fn courriel(ctx: &Ctx, session: &SessionAdmission, nom: &str, id: &PublicId) -> (String, String) {
    let chemin = Sujet::Etablissement(id.clone()).chemin(session.annee);
    let avant = fermeture(session).map_or_else(String::new, |d| format!(" avant le {d}"));
    let corps = format!(
        "Bonjour,\n\nVotre service académique vous rappelle que le paramétrage de l’établissement suivant est à compléter sur \
         Parcoursup{avant} :\n\n{nom}\n\nSon message, et la page pour lui répondre :\n\n{}{chemin}{PIED}",
        ctx.app.adresse
    );
    ("Paramétrage à compléter sur Parcoursup".to_owned(), corps)
}

/// An establishment chosen, with those who will be written to.
struct Choisi {
    ligne: LigneCompletude,
    id: PublicId,
    cible: Cible,
    destinataires: Vec<base::Destinataire>,
}

/// The establishments chosen, in the order of the table.
///
/// Refused together when one of them is not of the perimeter, is complete, or was reminded too short a while ago.
async fn choose(
    ctx: &Ctx,
    c: &impl Sql,
    annee: i64,
    ids: &[String],
) -> Result<(SessionAdmission, Vec<Choisi>), AppError> {
    let (session, scope) = perimetre(ctx, annee, Action::RelancerEtablissements).await?;
    session.require_ouverte()?;
    let faute = |texte: String| AppError::Invalid(vec![("etablissements", texte)]);
    if ids.is_empty() {
        return Err(faute("Choisissez au moins un établissement.".to_owned()));
    }
    if ids.len() > ctx.app.limites.relances {
        return Err(faute(format!("Choisissez {} établissements au plus.", ctx.app.limites.relances)));
    }
    let filtre = base::FiltreCompletude {
        incomplets: true,
        etablissements: Some(ids.to_vec()),
        ..stored(ctx, session.id, &FiltreCompletude::default())
    };
    let lignes = base::list(c, &scope, &filtre, None).await?;
    if lignes.len() < ids.len() {
        return Err(faute(
            "Un établissement choisi est maintenant complet, ou n’est pas de votre périmètre : vérifiez la liste, puis recommencez."
                .to_owned(),
        ));
    }
    let deja: Vec<&str> =
        lignes.iter().filter(|l| !is_due(ctx, l.relance_le)).map(|l| l.nom.as_str()).collect();
    if !deja.is_empty() {
        return Err(faute(format!(
            "Déjà relancé il y a moins de {} jours : {}. Retirez-le de votre choix.",
            ctx.app.limites.relance_jours,
            deja.join(", ")
        )));
    }
    let mut choisis = Vec::with_capacity(lignes.len());
    for ligne in lignes {
        choisis.push(Choisi {
            destinataires: base::responsables(c, session.id, ligne.etablissement_id).await?,
            id: PublicId::parse(&ligne.public_id).ok_or(AppError::NotFound)?,
            cible: Cible {
                session: Some(session.id),
                etablissement: Some(ligne.etablissement_id),
                academie: Some(ligne.academie.clone()),
                ..Cible::default()
            },
            ligne,
        });
    }
    Ok((session, choisis))
}

fn read_texte(texte: &str) -> Result<String, RuleViolation> {
    let texte = check_texte("texte", texte)?;
    if texte.is_empty() { Err(RuleViolation::Champ { champ: "texte", motif: "vide" }) } else { Ok(texte) }
}

/// What would leave; nothing is written.
///
/// # Errors
/// [`AppError::Invalid`] on the choice or on the text.
pub async fn preview_relance(ctx: &Ctx, annee: i64, ids: &[String], texte: &str) -> Result<Apercu, AppError> {
    let texte = read_texte(texte)?;
    let (session, choisis) = choose(ctx, &ctx.app.db, annee, ids).await?;
    let premier = choisis.first().ok_or(AppError::NotFound)?;
    Ok(Apercu {
        courriel: courriel(ctx, &session, &premier.ligne.nom, &premier.id),
        courriels: choisis.iter().map(|c| c.destinataires.len()).sum(),
        sans_destinataire: choisis
            .iter()
            .filter(|c| c.destinataires.is_empty())
            .map(|c| c.ligne.nom.clone())
            .collect(),
        etablissements: choisis.into_iter().map(|c| c.ligne.nom).collect(),
        texte,
    })
}

/// Writes the reminder in the conversation of each establishment and tells its head and administrators, all or nothing.
///
/// # Errors
/// [`AppError::Invalid`] on the choice or on the text; [`AppError::Rule`] on an archived session.
pub async fn send_relance(
    ctx: &Ctx,
    garde: &Garde,
    annee: i64,
    ids: &[String],
    texte: &str,
) -> Result<Recepisse, AppError> {
    let demande = format!("relance|{annee}|{}|{}", ids.join(","), hash(texte));
    ctx.scope(Action::RelancerEtablissements)?;
    let tx = ctx.begin().await?;
    if let Some(recepisse) = idempotence::deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(recepisse);
    }
    let texte = read_texte(texte)?;
    let (session, choisis) = choose(ctx, &tx, annee, ids).await?;
    let mut courriels = 0;
    for c in &choisis {
        courriels += remind(&tx, ctx, &session, c, &texte).await?;
    }
    let contenu =
        json!({ "etablissements": choisis.len(), "courriels": courriels, "empreinte": hash(&texte) });
    let recepisse =
        idempotence::emettre(&tx, ctx, garde, &demande, "relance_envoyee", None, &contenu).await?;
    tx.commit().await?;
    Ok(recepisse)
}

/// Gives how many mails leave.
async fn remind(
    tx: &Tx,
    ctx: &Ctx,
    session: &SessionAdmission,
    c: &Choisi,
    texte: &str,
) -> Result<usize, AppError> {
    let permit = ctx.permit(Action::RelancerEtablissements, &c.cible)?;
    let e = ctx.ecriture(&permit);
    let fil = echanges::open_fil(tx, &e, session.id, c.ligne.etablissement_id, None).await?;
    let nouveau = NouveauMessage { fil: fil.id, role: permit.role().code(), texte, relance: true };
    let id = echanges::insert_message(tx, &e, &nouveau).await?;
    echanges::mark_read(tx, &e, fil.id, id).await?;
    let (sujet, corps) = courriel(ctx, session, &c.ligne.nom, &c.id);
    for d in &c.destinataires {
        let envoi = NouvelEnvoi {
            canal: "courriel",
            compte: Some(d.compte_id),
            destinataire: &d.courriel,
            modele: "relance",
            sujet: &sujet,
            corps: &corps,
            priorite: 5,
            cree_le: ctx.recu_ms(),
            perime_le: None,
        };
        enqueue_envoi(tx, &ctx.app.coffre, ctx.app.alea.as_ref(), &envoi).await?;
        echanges::set_told(tx, &e, fil.id, d.compte_id, ctx.recu_ms()).await?;
    }
    let apres = json!({ "relance": true, "courriels": c.destinataires.len(), "empreinte": hash(texte) });
    let acte = Acte { objet: "fil", objet_id: &fil.public_id, avant: None, apres: Some(apres) };
    record(tx, ctx, &permit, &acte).await?;
    Ok(c.destinataires.len())
}
