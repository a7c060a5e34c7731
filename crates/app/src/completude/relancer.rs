//! Reminders to establishments chosen one by one: shown before they leave, written in the conversation of each, sent once. Those to a
//! whole perimeter are in `en_nombre`.

use std::collections::BTreeMap;

use domain::calendrier::Etape;
use domain::droits::{Action, Cible, Scope};
use domain::echanges::is_reminder_due;
use domain::etablissements::check_texte;
use domain::{PublicId, RuleViolation};
use serde_json::json;
use store::completude::{self as base, LigneCompletude};
use store::echanges::{self, NouveauMessage};
use store::messagerie::{NouvelEnvoi, enqueue_envoi};
use store::{Sql, Tx};

use super::{EtablissementSuivi, FiltreCompletude, perimetre, stored, suivi};
use crate::contexte::Ctx;
use crate::echanges::Sujet;
use crate::erreur::AppError;
use crate::idempotence::{self, Garde, Recepisse, hash};
use crate::journal::{Acte, record};
use crate::limites::JOUR_MS;
use crate::messages::{PIED, date_limite};
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

pub(super) fn is_due(ctx: &Ctx, relance_le: Option<i64>) -> bool {
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

/// What is proposed as a message.
pub(super) fn proposition(session: &SessionAdmission) -> String {
    let avant = fermeture(session).map_or_else(String::new, |d| format!(" avant le {d}"));
    format!(
        "Bonjour,\n\nVotre établissement n’a pas encore tout renseigné pour la {}. La page d’accueil du site de gestion dit ce \
         qui manque : merci de le compléter{avant}.\n\nRépondez ici si une difficulté vous en empêche.",
        session.libelle.to_lowercase()
    )
}

/// R-ECH-04: the mail that a person receives of all their establishments (name, identifier): it names them, and neither what is missing
/// nor who asks.
pub(super) fn courriel(
    ctx: &Ctx,
    session: &SessionAdmission,
    siens: &[(String, PublicId)],
) -> (String, String) {
    let adresse = |id: &PublicId| {
        format!("{}{}", ctx.app.adresse, Sujet::Etablissement(id.clone()).chemin(session.annee))
    };
    let avant = fermeture(session).map_or_else(String::new, |d| format!(" avant le {d}"));
    let rappel = "Bonjour,\n\nVotre service académique vous rappelle que le paramétrage";
    let corps = match siens {
        [(nom, id)] => format!(
            "{rappel} de l’établissement suivant est à compléter sur Parcoursup{avant} :\n\n{nom}\n\nSon message, et la page pour \
             lui répondre :\n\n{}{PIED}",
            adresse(id)
        ),
        plusieurs => {
            let dits: Vec<String> =
                plusieurs.iter().map(|(nom, id)| format!("{nom}\n{}", adresse(id))).collect();
            format!(
                "{rappel} des {} établissements suivants est à compléter sur Parcoursup{avant}. Son message, et la page pour lui \
                 répondre, sont à l’adresse de chacun :\n\n{}{PIED}",
                plusieurs.len(),
                dits.join("\n\n")
            )
        }
    };
    ("Paramétrage à compléter sur Parcoursup".to_owned(), corps)
}

/// An establishment chosen, with those who will be written to.
pub(super) struct Choisi {
    pub(super) ligne: LigneCompletude,
    pub(super) id: PublicId,
    pub(super) cible: Cible,
    pub(super) destinataires: Vec<base::Destinataire>,
}

/// The establishments chosen, in the order of the table.
///
/// Refused together when one of them is not of the perimeter, is complete, or was reminded too short a while ago.
async fn choose(
    ctx: &Ctx,
    c: &impl Sql,
    (session, scope): (&SessionAdmission, &Scope),
    ids: &[String],
) -> Result<Vec<Choisi>, AppError> {
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
    let lignes = base::list(c, scope, &filtre, None).await?;
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
    with_responsables(c, session.id, lignes).await
}

/// Each of these establishments with those who will be written to.
pub(super) async fn with_responsables(
    c: &impl Sql,
    session: i64,
    lignes: Vec<LigneCompletude>,
) -> Result<Vec<Choisi>, AppError> {
    let cles: Vec<i64> = lignes.iter().map(|l| l.etablissement_id).collect();
    let mut leurs: BTreeMap<i64, Vec<base::Destinataire>> = BTreeMap::new();
    for d in base::responsables(c, session, &cles).await? {
        leurs.entry(d.etablissement_id).or_default().push(d);
    }
    let avec = |ligne: LigneCompletude| {
        Ok::<_, AppError>(Choisi {
            destinataires: leurs.remove(&ligne.etablissement_id).unwrap_or_default(),
            id: PublicId::parse(&ligne.public_id).ok_or(AppError::NotFound)?,
            cible: Cible {
                session: Some(session),
                etablissement: Some(ligne.etablissement_id),
                academie: Some(ligne.academie.clone()),
                ..Cible::default()
            },
            ligne,
        })
    };
    lignes.into_iter().map(avec).collect()
}

/// R-ECH-04: those who will be written to, each with all their establishments: account, address, (name, identifier).
type Avertis = BTreeMap<i64, (String, Vec<(String, PublicId)>)>;

fn told(choisis: &[Choisi]) -> Avertis {
    let mut avertis = Avertis::new();
    for c in choisis {
        for d in &c.destinataires {
            let (_, siens) = avertis.entry(d.compte_id).or_insert_with(|| (d.courriel.clone(), Vec::new()));
            siens.push((c.ligne.nom.clone(), c.id.clone()));
        }
    }
    avertis
}

pub(super) fn read_texte(texte: &str) -> Result<String, RuleViolation> {
    let texte = check_texte("texte", texte)?;
    if texte.is_empty() { Err(RuleViolation::Champ { champ: "texte", motif: "vide" }) } else { Ok(texte) }
}

/// What would leave; nothing is written.
///
/// # Errors
/// [`AppError::Invalid`] on the choice or on the text.
pub async fn preview_relance(ctx: &Ctx, annee: i64, ids: &[String], texte: &str) -> Result<Apercu, AppError> {
    let texte = read_texte(texte)?;
    let (session, scope) = perimetre(ctx, annee, Action::RelancerEtablissements).await?;
    let choisis = choose(ctx, &ctx.app.db, (&session, &scope), ids).await?;
    let premier = choisis.first().ok_or(AppError::NotFound)?;
    Ok(Apercu {
        courriel: courriel(ctx, &session, &[(premier.ligne.nom.clone(), premier.id.clone())]),
        courriels: told(&choisis).len(),
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
/// [`AppError::Confirmation`] without a fresh second step; [`AppError::Invalid`] on the choice or on the text; [`AppError::Rule`] on an
/// archived session.
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
    let (session, scope) = perimetre(ctx, annee, Action::RelancerEtablissements).await?;
    base::hold_etablissements(&tx, session.id, ids).await?;
    let choisis = choose(ctx, &tx, (&session, &scope), ids).await?;
    for c in &choisis {
        write_reminder(&tx, ctx, session.id, c, &texte).await?;
    }
    let avertis = told(&choisis);
    for (compte, (adresse, siens)) in &avertis {
        tell(&tx, ctx, &session, (*compte, adresse.as_str()), siens).await?;
    }
    let contenu =
        json!({ "etablissements": choisis.len(), "courriels": avertis.len(), "empreinte": hash(&texte) });
    let recepisse =
        idempotence::emettre(&tx, ctx, garde, &demande, "relance_envoyee", None, &contenu).await?;
    tx.commit().await?;
    Ok(recepisse)
}

/// Writes the reminder in the conversation of an establishment, which its people are told of apart.
pub(super) async fn write_reminder(
    tx: &Tx,
    ctx: &Ctx,
    session: i64,
    c: &Choisi,
    texte: &str,
) -> Result<(), AppError> {
    let permit = ctx.permit(Action::RelancerEtablissements, &c.cible)?;
    let e = ctx.ecriture(&permit);
    let fil = echanges::open_fil(tx, &e, session, c.ligne.etablissement_id, None).await?;
    let nouveau = NouveauMessage { fil: fil.id, role: permit.role().code(), texte, relance: true };
    let id = echanges::insert_message(tx, &e, &nouveau).await?;
    echanges::mark_read(tx, &e, fil.id, id).await?;
    for d in &c.destinataires {
        echanges::set_told(tx, &e, fil.id, d.compte_id, ctx.recu_ms()).await?;
    }
    let apres = json!({ "relance": true, "courriels": c.destinataires.len(), "empreinte": hash(texte) });
    let acte = Acte { objet: "fil", objet_id: &fil.public_id, avant: None, apres: Some(apres) };
    record(tx, ctx, &permit, &acte).await
}

/// One mail for a person, of all their establishments.
pub(super) async fn tell(
    tx: &Tx,
    ctx: &Ctx,
    session: &SessionAdmission,
    (compte, adresse): (i64, &str),
    siens: &[(String, PublicId)],
) -> Result<(), AppError> {
    let (sujet, corps) = courriel(ctx, session, siens);
    let envoi = NouvelEnvoi {
        canal: "courriel",
        compte: Some(compte),
        destinataire: adresse,
        modele: "relance",
        sujet: &sujet,
        corps: &corps,
        priorite: 5,
        cree_le: ctx.recu_ms(),
        perime_le: None,
    };
    enqueue_envoi(tx, &ctx.app.coffre, ctx.app.alea.as_ref(), &envoi).await?;
    Ok(())
}
