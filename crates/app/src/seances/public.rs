//! The public site: pupils, parents and teachers register with an address that they prove, without an account. Whether an address is
//! registered is said to nobody but who reads its mail (LIM-4).

use domain::PublicId;
use domain::actualites::Emetteur;
use domain::assistance::Lieu;
use domain::droits::{Action, Cible};
use domain::seances::{EtatInscription, EtatSeance, Qualite, etat_donne};
use domain::territoires::{academie, departement};
use serde_json::json;
use store::seances::{self as base, LigneInscription, LigneSeance, NouvelleInscription};

use super::courriels::{Avis, read_token, send};
use super::{MonInscription, Seance, locked, withdraw};
use crate::comptes::{Tentative, read_address};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::idempotence::{self, Garde, Recepisse, hash};
use crate::journal::{Acte, record};
use crate::messages::{du, enumere};
use crate::sessions::{self, SessionAdmission};

/// The sessions of the public site.
#[derive(Debug, Clone)]
pub struct SeancesPubliques {
    /// The open one.
    pub session: SessionAdmission,
    /// Not over, the first to begin first.
    pub a_venir: Vec<Seance>,
    /// Over, with a recording; the last first.
    pub passees: Vec<Seance>,
}

impl SeancesPubliques {
    /// R-SEA-13: those that concern a place: for the whole country, or for an academy of its région académique.
    #[must_use]
    pub fn around(mut self, lieu: Lieu) -> Self {
        let concerne = |s: &Seance| {
            s.programme.audience.academies.is_empty() || s.programme.names_region(lieu.region.code)
        };
        self.a_venir.retain(concerne);
        self.passees.retain(concerne);
        self
    }

    /// R-SEA-13: those that the services of a région académique, by its code, hold for it, and that have not begun.
    pub fn of_region(&self, region: &str) -> Vec<&Seance> {
        let sienne = |s: &&Seance| {
            s.emetteur == Emetteur::Academie
                && s.etat == EtatSeance::AVenir
                && s.programme.names_region(region)
        };
        self.a_venir.iter().filter(sienne).collect()
    }
}

/// What somebody asks for.
#[derive(Debug, Clone)]
pub struct Demande {
    /// As typed.
    pub courriel: String,
    /// `None`: none chosen, or unknown.
    pub qualite: Option<Qualite>,
    /// Code, as chosen.
    pub departement: String,
}

/// A registration, for who has its link.
#[derive(Debug, Clone)]
pub struct InscriptionPublique {
    /// The one that the session is of.
    pub session: SessionAdmission,
    /// Without the address of the webinar.
    pub seance: Seance,
    /// Still to be confirmed, a place, or the waiting list.
    pub inscription: MonInscription,
    /// The link that proves the address has run out: it is to be asked for again.
    pub perime: bool,
}

/// What the public may register in.
///
/// # Errors
/// [`AppError::NotFound`] when no session is open.
pub async fn list_public_seances(ctx: &Ctx) -> Result<SeancesPubliques, AppError> {
    let db = &ctx.app.db;
    let session = sessions::courante(db).await?;
    let comptages = base::comptages_publics(db, session.id).await?;
    let (mut a_venir, mut passees) = (Vec::new(), Vec::new());
    for l in base::seances(db, session.id).await?.iter().filter(|l| l.programme.is_public()) {
        let seance = Seance::new(l, ctx.campagne_ms(), comptages.get(&l.id).copied().unwrap_or_default())?;
        if l.programme.fin > ctx.campagne_ms() {
            a_venir.push(seance);
        } else if seance.enregistrement.is_some() && seance.etat == EtatSeance::Passee {
            passees.push(seance);
        }
    }
    passees.reverse();
    Ok(SeancesPubliques { session, a_venir, passees })
}

/// Sends the link that proves an address. Somebody registered already is told so by mail, never on screen.
///
/// # Errors
/// [`AppError::NotFound`] for a session that is not of the public site; R-SEA-03; [`AppError::Invalid`] with every fault of the form,
/// among them a department that the session is not for (R-SEA-13).
pub async fn request_registration(ctx: &Ctx, id: &PublicId, d: &Demande) -> Result<(), AppError> {
    let permit = ctx.permit(Action::RejoindreSeancePublique, &Cible::plateforme())?;
    let session = sessions::courante(&ctx.app.db).await?;
    let publique = |l: &LigneSeance| l.public_id == id.as_str() && l.programme.is_public();
    let seances = base::seances(&ctx.app.db, session.id).await?;
    let l = seances.into_iter().find(publique).ok_or(AppError::NotFound)?;
    require_open_to_the_public(ctx, &l)?;
    let mut fautes = Vec::new();
    let adresse = match read_address(&d.courriel) {
        Ok(adresse) => Some(adresse),
        Err(AppError::Invalid(f)) => {
            fautes.extend(f);
            None
        }
        Err(e) => return Err(e),
    };
    let qualite = d.qualite.filter(|q| l.programme.qualites.contains(q));
    if qualite.is_none() {
        let message = if d.qualite.is_none() {
            "Dites si vous êtes élève, parent ou enseignant."
        } else {
            "Cette séance ne s’adresse pas à vous : choisissez-en une autre dans la liste."
        };
        fautes.push(("qualite", message.to_owned()));
    }
    let lieu = match departement(&d.departement).filter(|_| !d.departement.is_empty()) {
        Some(lieu) if l.programme.is_for_departement(lieu) => Some(lieu),
        dit => {
            let sans = || "Choisissez votre département dans la liste.".to_owned();
            fautes.push(("departement", dit.map_or_else(sans, |_| reserved(&l))));
            None
        }
    };
    let (Some(adresse), Some(qualite), Some(lieu)) = (adresse, qualite, lieu) else {
        return Err(AppError::Invalid(fautes));
    };
    let objet = format!("{}|{}", adresse.as_str(), l.public_id);
    let tentative = Tentative::reserve(ctx, "envoi-seance", &objet).await?;
    if !tentative.may_send(ctx).await? {
        return Ok(());
    }
    // LIM-5: nor does somebody receive the mails of every session at once.
    let toutes = Tentative::reserve(ctx, "envoi-seances", adresse.as_str()).await?;
    let bornes = (ctx.app.limites.seance_liens_par_heure, ctx.app.limites.seance_liens_par_jour);
    if !toutes.may_send_within(ctx, bornes).await? {
        return Ok(());
    }
    let heures = ctx.app.limites.lien_inscription_h;
    let expire = ctx.recu_ms() + heures * 3_600_000;
    let profil = [("qualite", qualite.code().to_owned()), ("departement", lieu.code.to_owned())];
    let tx = ctx.begin().await?;
    let e = ctx.ecriture(&permit);
    let coffre = &ctx.app.coffre;
    // In the queue of the session: of two requests at once the second finds what the first wrote, and both answer alike (LIM-4).
    let (l, _) = locked(&tx, session.id, l.id).await?;
    require_open_to_the_public(ctx, &l)?;
    let avant = base::of_adresse(&tx, coffre, l.id, adresse.as_str()).await?;
    let avis = match &avant {
        Some(i) if i.etat != EtatInscription::AVerifier => Avis::Deja,
        Some(i) => {
            base::set_expire(&tx, &e, i.id, expire).await?;
            base::write_profil(&tx, &e, i.id, &profil).await?;
            Avis::Verifier(heures)
        }
        None => {
            let nouvelle = NouvelleInscription {
                seance: l.id,
                compte: None,
                adresse: Some(adresse.as_str()),
                etat: EtatInscription::AVerifier,
                expire_le: Some(expire),
                profil: &profil,
            };
            base::register(&tx, &e, coffre, &nouvelle).await?;
            Avis::Verifier(heures)
        }
    };
    let i = base::of_adresse(&tx, coffre, l.id, adresse.as_str()).await?.ok_or(AppError::NotFound)?;
    send(&tx, ctx, session.annee, &l, &i, avis).await?;
    tx.commit().await?;
    Ok(())
}

/// R-SEA-13: which academies a session is for, and where to look for another.
fn reserved(l: &LigneSeance) -> String {
    let academies = l.programme.audience.academies.iter().filter_map(|c| academie(c));
    let noms: Vec<String> = academies.map(|a| du(a.nom)).collect();
    let noms: Vec<&str> = noms.iter().map(String::as_str).collect();
    let pour = if noms.len() > 1 { "aux académies" } else { "à l’académie" };
    format!(
        "Cette séance est réservée {pour} {}, et votre département n’en fait pas partie. Choisissez-le dans la liste « Séances d’information » : vous y verrez les séances qui vous sont ouvertes.",
        enumere(&noms)
    )
}

/// R-SEA-03, for a session of the public site: what became one of the site de gestion since is no business of the public.
fn require_open_to_the_public(ctx: &Ctx, l: &LigneSeance) -> Result<(), AppError> {
    if !l.programme.is_public() {
        return Err(AppError::NotFound);
    }
    Ok(l.horaire().check_inscription(ctx.campagne_ms())?)
}

/// What a link leads to, as long as its address is kept.
pub(super) async fn of_token(
    ctx: &Ctx,
    jeton: &str,
) -> Result<(SessionAdmission, LigneSeance, LigneInscription), AppError> {
    let db = &ctx.app.db;
    let id = read_token(ctx, jeton).ok_or(AppError::NotFound)?;
    let i = base::of_public_site(db, &ctx.app.coffre, id.as_str()).await?.ok_or(AppError::NotFound)?;
    let session = sessions::courante(db).await?;
    let seances = base::seances(db, session.id).await?;
    let l = seances.into_iter().find(|l| l.id == i.seance && l.programme.is_public());
    Ok((session, l.ok_or(AppError::NotFound)?, i))
}

/// The registration behind a link.
///
/// # Errors
/// [`AppError::NotFound`] for a link that never was, whose registration was withdrawn, or that was forgotten.
pub async fn view_registration(ctx: &Ctx, jeton: &str) -> Result<InscriptionPublique, AppError> {
    let (session, l, i) = of_token(ctx, jeton).await?;
    let comptage = base::comptage(&ctx.app.db, l.id).await?;
    Ok(InscriptionPublique {
        seance: Seance::new(&l, ctx.campagne_ms(), comptage)?,
        inscription: MonInscription::new(ctx, &l, &i).await?,
        perime: is_expired(ctx, &i),
        session,
    })
}

fn is_expired(ctx: &Ctx, i: &LigneInscription) -> bool {
    i.etat == EtatInscription::AVerifier && i.expire_le.is_none_or(|le| le <= ctx.recu_ms())
}

/// The address is proved by who opened its link: a place while there is one, else the waiting list (R-SEA-04).
///
/// # Errors
/// [`AppError::NotFound`] for a link that ran out; R-SEA-03; [`AppError::Conflict`] for a registration already confirmed.
pub async fn confirm_registration(ctx: &Ctx, garde: &Garde, jeton: &str) -> Result<Recepisse, AppError> {
    let demande = format!("confirmation_seance|{}", hash(jeton));
    let permit = ctx.permit(Action::RejoindreSeancePublique, &Cible::plateforme())?;
    let (session, lue, vue) = of_token(ctx, jeton).await?;
    let tx = ctx.begin().await?;
    if let Some(recepisse) = idempotence::deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(recepisse);
    }
    let (l, comptage) = locked(&tx, session.id, lue.id).await?;
    let i = base::of_public_site(&tx, &ctx.app.coffre, &vue.public_id).await?.ok_or(AppError::NotFound)?;
    if i.etat != EtatInscription::AVerifier {
        return Err(AppError::Conflict);
    }
    if is_expired(ctx, &i) {
        return Err(AppError::NotFound);
    }
    require_open_to_the_public(ctx, &l)?;
    let etat = etat_donne(l.programme.places, comptage.inscrits, comptage.attente);
    let e = ctx.ecriture(&permit);
    base::confirm(&tx, &e, &i, etat).await?;
    let contenu = json!({ "seance": l.public_id, "etat": etat.code() });
    let acte = Acte {
        objet: "inscription_seance",
        objet_id: &i.public_id,
        avant: None,
        apres: Some(contenu.clone()),
    };
    record(&tx, ctx, &permit, &acte).await?;
    let recepisse =
        idempotence::emettre(&tx, ctx, garde, &demande, "seance_inscription", None, &contenu).await?;
    base::set_recepisse(&tx, &e, i.id, &recepisse.numero).await?;
    let avis = match etat {
        EtatInscription::Inscrit => Avis::Inscrit(&recepisse.numero),
        _ => Avis::Attente(&recepisse.numero),
    };
    send(&tx, ctx, session.annee, &l, &i, avis).await?;
    tx.commit().await?;
    Ok(recepisse)
}

/// Withdraws who has the link; their address is forgotten at once, and the place goes to the first who waits.
///
/// # Errors
/// [`AppError::NotFound`] for a link that leads nowhere; [`domain::RuleViolation::SeanceFermee`] once the session has begun.
pub async fn leave_public_seance(ctx: &Ctx, garde: &Garde, jeton: &str) -> Result<Recepisse, AppError> {
    let demande = format!("desistement_public|{}", hash(jeton));
    let permit = ctx.permit(Action::RejoindreSeancePublique, &Cible::plateforme())?;
    let tx = ctx.begin().await?;
    if let Some(recepisse) = idempotence::deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(recepisse);
    }
    drop(tx);
    let (session, lue, vue) = of_token(ctx, jeton).await?;
    let tx = ctx.begin().await?;
    let (l, comptage) = locked(&tx, session.id, lue.id).await?;
    let i = base::of_public_site(&tx, &ctx.app.coffre, &vue.public_id).await?.ok_or(AppError::NotFound)?;
    let contenu = withdraw(&tx, ctx, &permit, (&l, comptage), &i).await?;
    let recepisse =
        idempotence::emettre(&tx, ctx, garde, &demande, "seance_desistement", None, &contenu).await?;
    tx.commit().await?;
    Ok(recepisse)
}
