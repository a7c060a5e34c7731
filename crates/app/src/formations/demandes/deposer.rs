//! Asking: about a course, or for one that does not exist yet.

use std::collections::BTreeSet;

use domain::comptes::Role;
use domain::droits::{Action, Cible, Denial, Permit, scope_session};
use domain::formations::controle::Reouverture;
use domain::formations::controle::champs_controles;
use domain::formations::demandes::{EtatDemande, NatureDemande, NouvelleOffre, Souhait};
use domain::{PublicId, RuleViolation};
use jiff::civil::Date;
use serde::Deserialize;
use serde_json::json;
use store::formations::{self as base, LigneFormation, NouvelActeDemande, NouvelleDemande};
use store::{Sql, Tx};

use super::effets::{Effet, Lieu, require_nouvelle, resolve};
use super::filieres::with_nomenclature;
use super::{champs_clos, ecrit, note, require_sans_voeu, souhait};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::formations::annonce::{Annonce, announce_to};
use crate::formations::controle::Reouvertures;
use crate::formations::description::genre;
use crate::formations::{cible, load};
use crate::idempotence::{self, Garde, Recepisse, hash};
use crate::motif::read_motif;
use crate::sessions::{self, SessionAdmission};

/// R-VIE-02: what is asked is asked within its step.
pub(super) fn require_moment(
    ctx: &Ctx,
    session: &SessionAdmission,
    nature: NatureDemande,
) -> Result<(), RuleViolation> {
    session.require_ouverte()?;
    nature.etape().map_or(Ok(()), |etape| session.calendrier.require_open(etape, ctx.campagne_le))
}

/// R-VIE-07: fields of this course, closed now, until a day that the session allows.
async fn require_derogation(
    c: &impl Sql,
    ctx: &Ctx,
    session: &SessionAdmission,
    f: &LigneFormation,
    (champs, jusqu_a): (&BTreeSet<String>, &str),
) -> Result<(), AppError> {
    let connus = champs_controles(genre(f));
    if let Some(inconnu) = champs.iter().find(|c| !connus.iter().any(|(code, _)| code == c)) {
        return Err(AppError::Champ(inconnu.clone()));
    }
    let jour: Date =
        jusqu_a.parse().map_err(|_| RuleViolation::Champ { champ: "jusqu_a", motif: "passe" })?;
    let jours = sessions::parametre_entier(c, session.id, "derogation_jours_max").await?;
    Reouverture::until(champs.clone(), jour, jours, ctx.campagne_le)?;
    let clos = champs_clos(ctx, session, f, &Reouvertures::load(c, f.id).await?);
    if champs.iter().all(|c| clos.iter().any(|(code, _)| code == c)) {
        Ok(())
    } else {
        Err(RuleViolation::Champ { champ: "champs", motif: "ouverts" }.into())
    }
}

/// Asks something about a course.
///
/// # Errors
/// [`AppError::Rule`] outside the step, for a course that candidates wish or is closed, when another request waits, or for
/// what cannot be; [`AppError::Invalid`] for a reason that says nothing.
pub async fn ask_formation(
    ctx: &Ctx,
    garde: &Garde,
    annee: i64,
    id: &PublicId,
    s: &Souhait,
    motif: &str,
) -> Result<Recepisse, AppError> {
    let contenu = ecrit(s)?;
    let demande = format!("demande|{annee}|{id}|{contenu}|{}", hash(motif));
    let tx = ctx.begin().await?;
    let session = sessions::session(&tx, annee).await?;
    let f = load(&tx, &session, id).await?;
    let permit = ctx.permit(Action::DemanderFormation, &cible(&f))?;
    if let Some(recepisse) = idempotence::deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(recepisse);
    }
    require_moment(ctx, &session, s.nature())?;
    garde.check_version(f.version)?;
    let effet = resolve(&tx, &session, &f, s).await?;
    if let Souhait::Derogation { champs, jusqu_a } = s {
        require_derogation(&tx, ctx, &session, &f, (champs, jusqu_a)).await?;
    }
    require_sans_voeu(&tx, s.nature(), &f).await?;
    let attend =
        |d: &base::LigneDemande| EtatDemande::from_code(&d.etat).is_some_and(EtatDemande::is_en_cours);
    if base::demandes_of(&tx, f.id).await?.iter().any(attend) {
        return Err(RuleViolation::DemandeEnCours.into());
    }
    let motif = read_motif(ctx, motif, "motif")?;
    let nouvelle = NouvelleDemande {
        session: session.id,
        etablissement: f.etablissement_id,
        academie: &f.academie,
        formation_session: Some(f.id),
        nature: s.nature().code(),
        contenu: &contenu,
        motif: &motif,
    };
    let dite = json!({ "formation": f.public_id, "empreinte": hash(&contenu) });
    let receveur = match &effet {
        Effet::Ceder(lieu) => Some(lieu),
        _ => None,
    };
    depose(tx, ctx, garde, (&demande, &permit), s.nature(), (&nouvelle, dite), receveur).await
}

/// Asks for a course that does not exist yet, on a site of an establishment of the person's.
///
/// # Errors
/// As [`ask_formation`]; [`RuleViolation::Champ`] for a name that the establishment has already, for a national type that the session
/// does not have, or for none, without a reason, where it has some.
pub async fn ask_ouverture(
    ctx: &Ctx,
    garde: &Garde,
    annee: i64,
    offre: &NouvelleOffre,
    motif: &str,
) -> Result<Recepisse, AppError> {
    let brut = ecrit(&Souhait::Ouverture(offre.clone()))?;
    let demande = format!("demande|{annee}|{brut}|{}", hash(motif));
    let tx = ctx.begin().await?;
    ctx.scope(Action::DemanderFormation)?;
    let session = sessions::session(&tx, annee).await?;
    let scope = scope_session(&ctx.acteur, Action::DemanderFormation, session.id)?;
    let siens = scope.portee().hors_formation();
    // R-API-14: a program that asks about courses alone asks for none.
    if siens.is_empty() {
        return Err(Denial { action: Action::DemanderFormation, connu: true }.into());
    }
    // The list, or the site, may have changed since.
    if let Some(recepisse) = idempotence::deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(recepisse);
    }
    let offre = with_nomenclature(ctx, &tx, session.id, offre).await?.check()?;
    let lieu = Lieu::site(&tx, session.id, &siens, &offre.site).await?;
    let cible = Cible {
        session: Some(session.id),
        etablissement: Some(lieu.etablissement),
        academie: Some(lieu.academie().to_owned()),
        ..Cible::default()
    };
    let permit = ctx.permit(Action::DemanderFormation, &cible)?;
    require_moment(ctx, &session, NatureDemande::Ouverture)?;
    require_nouvelle(&tx, session.id, &lieu, &offre).await?;
    for d in base::ouvertures_of(&tx, session.id, lieu.etablissement).await? {
        if matches!(souhait(&d)?, Souhait::Ouverture(autre) if autre.is_meme(&offre)) {
            return Err(RuleViolation::Champ { champ: "libelle", motif: "demande" }.into());
        }
    }
    let motif = read_motif(ctx, motif, "motif")?;
    let contenu = ecrit(&Souhait::Ouverture(offre))?;
    let nouvelle = NouvelleDemande {
        session: session.id,
        etablissement: lieu.etablissement,
        academie: lieu.academie(),
        formation_session: None,
        nature: NatureDemande::Ouverture.code(),
        contenu: &contenu,
        motif: &motif,
    };
    let dite = json!({ "empreinte": hash(&contenu) });
    depose(tx, ctx, garde, (&demande, &permit), NatureDemande::Ouverture, (&nouvelle, dite), None).await
}

/// The receipt of a request.
const DEPOSEE: &str = "demande_deposee";

/// Public identifier of the request that a receipt is of; `None` for a receipt of something else, or somebody else's.
///
/// # Errors
/// When the database refuses.
pub async fn demande_of_recepisse(ctx: &Ctx, numero: &str) -> Result<Option<String>, AppError> {
    #[derive(Deserialize)]
    struct Contenu {
        demande: String,
    }
    let contenu: Option<Contenu> = idempotence::contenu_de(ctx, numero, DEPOSEE).await?;
    Ok(contenu.map(|c| c.demande))
}

/// R-VIE-08: tells the establishment to which a course would be handed that its agreement is asked for.
async fn propose(tx: &Tx, ctx: &Ctx, session: i64, lieu: &Lieu, demande: &str) -> Result<(), AppError> {
    let cible = Cible {
        session: Some(session),
        etablissement: Some(lieu.etablissement),
        academie: Some(lieu.academie().to_owned()),
        ..Cible::default()
    };
    let annee = sessions::annee(tx, session).await?.ok_or(AppError::NotFound)?;
    let chemin = format!("/gestion/{annee}/cessions/{demande}");
    let annonce = Annonce {
        modele: "cession_proposee",
        sujet: "une formation est proposée à votre établissement",
        phrase: "Un établissement demande à vous confier une formation : votre accord est attendu.",
        invite: "Connectez-vous pour lire sa demande et y répondre",
        chemin: &chemin,
        sauf: &[],
    };
    let qui = (Action::DemanderFormation, &[Role::AdminSite, Role::ChefEtab][..]);
    announce_to(tx, ctx, &cible, qui, &annonce).await
}

/// Writes a request, with its trace.
pub(super) async fn depose(
    tx: Tx,
    ctx: &Ctx,
    garde: &Garde,
    (demande, permit): (&str, &Permit),
    nature: NatureDemande,
    (n, dite): (&NouvelleDemande<'_>, serde_json::Value),
    receveur: Option<&Lieu>,
) -> Result<Recepisse, AppError> {
    let e = ctx.ecriture(permit);
    let (id, public_id) = base::insert_demande(&tx, &e, n).await?;
    if let Some(lieu) = receveur {
        base::ask_accord(&tx, &e, id, (lieu.etablissement, lieu.academie())).await?;
        propose(&tx, ctx, n.session, lieu, &public_id).await?;
    }
    let acte = NouvelActeDemande {
        acte: EtatDemande::Deposee.code(),
        role: permit.role().code(),
        motif: n.motif,
        jusqu_a: None,
    };
    base::add_acte_demande(&tx, &e, id, &acte).await?;
    let etats = (None, EtatDemande::Deposee);
    let dit = note(&tx, ctx, permit, (&public_id, nature), etats, (n.motif, dite)).await?;
    let contenu = json!({ "demande": public_id, "contenu": dit });
    let recepisse = idempotence::emettre(&tx, ctx, garde, demande, DEPOSEE, None, &contenu).await?;
    tx.commit().await?;
    Ok(recepisse)
}
