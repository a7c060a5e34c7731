//! The charter of the procedure: published by the national team, version by version; read by all those who run courses; accepted by
//! the head of each establishment, with a trace, before anything of it is published (R-CHA-01).

use domain::PublicId;
use domain::charte::{check_acceptee, check_texte};
use domain::droits::{Action, Cible, roles_allowed, scope_session};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::charte::{self as base, LigneCharte, LigneSansCharte};
use store::messagerie::{NouvelEnvoi, enqueue_envoi_once, enqueue_tache};
use store::{Sql, Tx};

use crate::admission::mail_id;
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::idempotence::{self, Garde, Recepisse, hash};
use crate::journal::{Acte, record};
use crate::messages::PIED;
use crate::sessions::{self, SessionAdmission};
use crate::tableaux::{FichierTableau, FormatTableau, Table, nom_academie, nom_departement};
use crate::taches::ANNONCER_CHARTE;

/// Mails prepared at a time, in one transaction.
const LOT: i64 = 200;

/// A version of the charter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// From 1.
    pub numero: i64,
    /// Milliseconds of the campaign.
    pub publiee_le: i64,
    /// With light marks.
    pub texte: String,
}

impl Version {
    fn new(l: &LigneCharte) -> Self {
        Self { numero: l.numero, publiee_le: l.publiee_le, texte: l.texte.clone() }
    }
}

/// Where an establishment of the person stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EngagementEtablissement {
    /// Public identifier.
    pub id: String,
    /// Name, that of the session.
    pub nom: String,
    /// Name of the person and instant (campaign), when the version in force is accepted.
    pub acceptee: Option<(String, i64)>,
    /// The person may accept it now.
    pub acceptable: bool,
}

/// The charter, as a person reads it.
#[derive(Debug, Clone)]
pub struct CharteVue {
    /// The one of the address, open or archived.
    pub session: SessionAdmission,
    /// The one in force first; none when the session has no charter.
    pub versions: Vec<Version>,
    /// Of the person.
    pub etablissements: Vec<EngagementEtablissement>,
    /// For the services: how many establishments of their perimeter accepted the version in force, of how many.
    pub suivi: Option<(i64, i64)>,
}

/// Keys of the establishments where the person holds a role in a session.
fn etablissements_of(ctx: &Ctx, session: i64) -> Vec<i64> {
    let mut cles: Vec<i64> = ctx
        .acteur
        .attributions
        .iter()
        .filter(|a| a.session.is_none_or(|s| s == session))
        .filter_map(|a| a.etablissement)
        .collect();
    cles.sort_unstable();
    cles.dedup();
    cles
}

/// The charter, and where the person's establishments stand.
///
/// # Errors
/// [`AppError::NotFound`] for a session that does not exist, [`AppError::Denied`] for those who have no Fil info.
pub async fn view_charte(ctx: &Ctx, annee: i64) -> Result<CharteVue, AppError> {
    let db = &ctx.app.db;
    let session = sessions::session(db, annee).await?;
    scope_session(&ctx.acteur, Action::ConsulterInformations, session.id)?;
    let lignes = base::versions(db, session.id).await?;
    let mut etablissements = Vec::new();
    let mut suivi = None;
    if let Some(en_vigueur) = lignes.first() {
        for cle in etablissements_of(ctx, session.id) {
            let Some(l) = store::etablissements::parametrage_of(db, session.id, cle).await? else { continue };
            let a = base::acceptation(db, session.id, cle).await?.filter(|a| a.numero >= en_vigueur.numero);
            let cible = Cible { session: Some(session.id), etablissement: Some(cle), ..Cible::default() };
            etablissements.push(EngagementEtablissement {
                id: l.etablissement,
                nom: l.nom,
                acceptable: a.is_none() && !session.archivee && ctx.may(Action::AccepterCharte, &cible),
                acceptee: a.map(|a| (a.par, a.acceptee_le)),
            });
        }
        if let Ok(scope) = scope_session(&ctx.acteur, Action::SuivreParametrage, session.id) {
            suivi = Some(base::count_acceptees(db, &scope, session.id, en_vigueur.id).await?);
        }
    }
    Ok(CharteVue { versions: lignes.iter().map(Version::new).collect(), etablissements, suivi, session })
}

/// Columns of the file of those who have not accepted it, and what each is in the journal.
pub(crate) const COLONNES: [(&str, &str); 6] = [
    ("Académie", "academie"),
    ("Département", "departement"),
    ("UAI", "uai"),
    ("Établissement", "etablissement"),
    ("Commune", "commune"),
    ("Dernière version acceptée", "numero"),
];

/// R-CHA-03: the establishments of a service's perimeter for which the version in force is not accepted, by department then by name.
/// Recorded with its lines and fingerprint (JOU-1).
///
/// # Errors
/// [`AppError::Denied`] for whoever follows no establishment; [`AppError::NotFound`] for a session without a charter;
/// [`AppError::TooMany`] when too many files left.
pub async fn export_sans_charte(
    ctx: &Ctx,
    annee: i64,
    format: FormatTableau,
) -> Result<FichierTableau, AppError> {
    let _tour = ctx.export_turn().await?;
    let db = &ctx.app.db;
    let (session, scope) = sessions::perimetre(ctx, annee, Action::SuivreParametrage).await?;
    let permit = ctx.permit_over(Action::SuivreParametrage, session.id, &scope)?;
    let en_vigueur = base::versions(db, session.id).await?.into_iter().next().ok_or(AppError::NotFound)?;
    let lignes = base::sans_acceptation(db, &scope, session.id, en_vigueur.id).await?;
    let rangees: Vec<[String; COLONNES.len()]> = lignes.into_iter().map(row).collect();
    let table = Table {
        titre: "Charte",
        objet: ("charte", "sans_acceptation"),
        nom: format!("charte-non-acceptee-{annee}"),
        colonnes: &COLONNES,
        lignes: &rangees,
    };
    table.leave(ctx, &permit, format).await
}

fn row(l: LigneSansCharte) -> [String; COLONNES.len()] {
    [
        nom_academie(l.academie),
        nom_departement(l.departement),
        l.uai,
        l.nom,
        l.commune,
        l.derniere.map_or_else(|| "aucune".to_owned(), |n| n.to_string()),
    ]
}

/// Whether the person is to accept the charter in force for one of their establishments.
///
/// # Errors
/// When the database refuses.
pub async fn is_expected(ctx: &Ctx, session: i64) -> Result<bool, AppError> {
    let db = &ctx.app.db;
    let Some(en_vigueur) = base::versions(db, session).await?.into_iter().next() else { return Ok(false) };
    for cle in etablissements_of(ctx, session) {
        let cible = Cible { session: Some(session), etablissement: Some(cle), ..Cible::default() };
        if ctx.may(Action::AccepterCharte, &cible) {
            let a = base::acceptation(db, session, cle).await?;
            if check_acceptee(Some(en_vigueur.numero), a.map(|a| a.numero)).is_err() {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// R-CHA-04: the number of the version in force, when it is not accepted for the establishment of a course: an agent who accepts the course
/// publishes it all the same.
///
/// # Errors
/// [`AppError::NotFound`] for a course that the session does not have; [`AppError::Denied`] for whoever reviews no course.
pub async fn not_accepted_for(ctx: &Ctx, annee: i64, formation: &PublicId) -> Result<Option<i64>, AppError> {
    let db = &ctx.app.db;
    let session = sessions::session(db, annee).await?;
    let l = base::etablissement_of(db, session.id, formation.as_str()).await?.ok_or(AppError::NotFound)?;
    let cible = Cible {
        session: Some(session.id),
        etablissement: Some(l.etablissement_id),
        formation: Some(l.formation_id),
        academie: Some(l.academie),
        ..Cible::default()
    };
    ctx.permit(Action::ControlerFormation, &cible)?;
    let Some(en_vigueur) = base::versions(db, session.id).await?.into_iter().next() else { return Ok(None) };
    let acceptee = base::acceptation(db, session.id, l.etablissement_id).await?.map(|a| a.numero);
    Ok(check_acceptee(Some(en_vigueur.numero), acceptee).is_err().then_some(en_vigueur.numero))
}

/// R-CHA-01, asked when somebody of an establishment submits or publishes.
///
/// # Errors
/// [`domain::RuleViolation::CharteNonAcceptee`].
pub(crate) async fn require_acceptee(c: &impl Sql, session: i64, etablissement: i64) -> Result<(), AppError> {
    let en_vigueur = base::versions(c, session).await?.first().map(|v| v.numero);
    let acceptee = base::acceptation(c, session, etablissement).await?.map(|a| a.numero);
    Ok(check_acceptee(en_vigueur, acceptee)?)
}

/// Accepts the version in force for an establishment.
///
/// # Errors
/// [`AppError::NotFound`] for an establishment that is not the person's, [`AppError::Conflict`] when another version was published since
/// it was read, [`AppError::Rule`] in an archived session.
pub async fn accept_charte(
    ctx: &Ctx,
    garde: &Garde,
    annee: i64,
    etablissement: &PublicId,
    numero: i64,
) -> Result<Recepisse, AppError> {
    let demande = format!("charte|{annee}|{}|{numero}", etablissement.as_str());
    let tx = ctx.begin().await?;
    let session = sessions::session(&tx, annee).await?;
    let l = store::etablissements::parametrage(&tx, session.id, etablissement.as_str())
        .await?
        .ok_or(AppError::NotFound)?;
    let cible = Cible {
        session: Some(session.id),
        etablissement: Some(l.etablissement_id),
        academie: Some(l.academie.clone()),
        ..Cible::default()
    };
    let permit = ctx.permit(Action::AccepterCharte, &cible)?;
    if let Some(recepisse) = idempotence::deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(recepisse);
    }
    session.require_ouverte()?;
    let en_vigueur = base::versions(&tx, session.id).await?.into_iter().next().ok_or(AppError::NotFound)?;
    if en_vigueur.numero != numero {
        return Err(AppError::Conflict);
    }
    base::accept(&tx, &ctx.ecriture(&permit), en_vigueur.id, l.etablissement_id, &ctx.acteur.nom).await?;
    let contenu = json!({ "charte": numero, "empreinte": hash(&en_vigueur.texte), "etablissement": l.uai });
    let acte = Acte {
        objet: "etablissement",
        objet_id: etablissement.as_str(),
        avant: None,
        apres: Some(contenu.clone()),
    };
    record(&tx, ctx, &permit, &acte).await?;
    let recepisse =
        idempotence::emettre(&tx, ctx, garde, &demande, "charte_acceptee", None, &contenu).await?;
    tx.commit().await?;
    Ok(recepisse)
}

/// Publishes a version: it is in force at once, and each head accepts it anew.
///
/// # Errors
/// [`AppError::Rule`] for a text that is empty, too long or that of the version in force, or in an archived session.
pub async fn publish_charte(
    ctx: &Ctx,
    garde: &Garde,
    annee: i64,
    texte: &str,
) -> Result<Recepisse, AppError> {
    let demande = format!("version_charte|{annee}|{}", hash(texte));
    let tx = ctx.begin().await?;
    let session = sessions::session(&tx, annee).await?;
    let permit = ctx.permit(Action::PublierCharte, &session.cible())?;
    if let Some(recepisse) = idempotence::deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(recepisse);
    }
    session.require_ouverte()?;
    let avant = base::versions(&tx, session.id).await?.into_iter().next();
    let texte = check_texte(texte, avant.as_ref().map(|v| v.texte.as_str()))?;
    let numero = base::insert(&tx, &ctx.ecriture(&permit), session.id, &texte).await?;
    let contenu = json!({ "session": annee, "numero": numero, "empreinte": hash(&texte) });
    let acte =
        Acte { objet: "charte", objet_id: &numero.to_string(), avant: None, apres: Some(contenu.clone()) };
    record(&tx, ctx, &permit, &acte).await?;
    Avis { annee, numero, apres: 0 }.enqueue(&tx, ctx).await?;
    let recepisse = idempotence::emettre(&tx, ctx, garde, &demande, "charte_publiee", None, &contenu).await?;
    tx.commit().await?;
    Ok(recepisse)
}

/// A batch of the mails that say that a version is to be accepted, as its task carries it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Avis {
    annee: i64,
    numero: i64,
    /// Key of the last account told; 0 for the first batch.
    apres: i64,
}

impl Avis {
    async fn enqueue(&self, tx: &Tx, ctx: &Ctx) -> Result<(), AppError> {
        let (alea, maintenant) = (ctx.app.alea.as_ref(), ctx.recu_ms());
        let cle = format!("{ANNONCER_CHARTE}:{}:{}:{}", self.annee, self.numero, self.apres);
        let donnees = serde_json::to_string(self).map_err(AppError::internal)?;
        enqueue_tache(tx, alea, ANNONCER_CHARTE, Some(&cle), &donnees, maintenant, maintenant).await?;
        Ok(())
    }
}

/// R-CHA-04: puts in the outbox a mail for each person who is to accept a version, a few hundred at a time; one that is already there is
/// not put twice. Nobody is told of a version that another has replaced, nor of one that they have accepted.
///
/// # Errors
/// When the database or the vault refuses.
pub(crate) async fn announce(ctx: &Ctx, tx: &Tx, avis: &Avis) -> Result<(), AppError> {
    let session = sessions::session(tx, avis.annee).await?;
    let en_vigueur = base::versions(tx, session.id).await?.into_iter().next();
    let Some(version) = en_vigueur.filter(|v| v.numero == avis.numero && !session.archivee) else {
        return Ok(());
    };
    let roles = roles_allowed(Action::AccepterCharte);
    let gens = base::signataires(tx, (session.id, version.id), &roles, (avis.apres, LOT)).await?;
    for g in &gens {
        let corps = format!(
            "Bonjour,\n\nLa version {} de la charte de la procédure est publiée, pour la {}. Tant qu’elle n’est pas acceptée pour \
             votre établissement, rien n’y est soumis ni publié ; ce que le public lit déjà ne change pas.\n\nPour la lire et \
             l’accepter, connectez-vous :\n\n{}/informations/{}/charte{PIED}",
            version.numero,
            session.libelle.to_lowercase(),
            ctx.app.adresse,
            session.annee
        );
        let envoi = NouvelEnvoi {
            canal: "courriel",
            compte: Some(g.id),
            destinataire: &g.courriel,
            modele: "charte_a_accepter",
            sujet: "La charte de Parcoursup est à accepter",
            corps: &corps,
            priorite: 5,
            cree_le: ctx.recu_ms(),
            perime_le: None,
        };
        let cle = mail_id(&format!("charte:{}:{}:{}", avis.annee, avis.numero, g.public_id));
        enqueue_envoi_once(tx, &ctx.app.coffre, ctx.app.alea.as_ref(), &cle, &envoi).await?;
    }
    match gens.last() {
        Some(dernier) if i64::try_from(gens.len()).is_ok_and(|n| n == LOT) => {
            Avis { apres: dernier.id, ..avis.clone() }.enqueue(tx, ctx).await
        }
        _ => Ok(()),
    }
}
