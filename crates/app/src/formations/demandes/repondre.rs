//! Answering a request, sending it on, withdrawing it.

use std::collections::BTreeSet;

use domain::comptes::Role;
use domain::droits::{Action, Cible, Permit};
use domain::formations::controle::Reouverture;
use domain::formations::demandes::{EtatDemande, Geste, NatureDemande, Parcours, Souhait, check_personne};
use domain::{PublicId, RuleViolation};
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::json;
use store::formations::{self as base, LigneDemande, LigneFormation, NouvelActeDemande, SuiteDemande};
use store::{Sql, Tx};

use super::effets::{Effet, apply, foresee, open};
use super::etablissement::rouvre;
use super::{
    Guichet, caduque, cible_at, cible_of, etat, nature, note, parcours, require_sans_voeu, souhait, usual_day,
};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::formations::annonce::{Annonce, LIRE_LA_REPONSE, announce_to};
use crate::idempotence::{self, Garde, Recepisse, hash};
use crate::messages;
use crate::motif::read_motif;
use crate::sessions::{self, SessionAdmission};

/// What is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reponse {
    /// To the national team, with an opinion.
    Transmettre(String),
    /// With a word that may be empty, and the last day of what it opens in a course; without a day, that of a dispensation apart, the
    /// usual one.
    Accepter(String, Option<Date>),
    /// R-ETA-11: these parts of the establishment, by their codes, until the end of a day; with a word that may be empty.
    Rouvrir(String, BTreeSet<String>, Date),
    /// With the reason.
    Refuser(String),
}

impl Reponse {
    const fn geste(&self) -> Geste {
        match self {
            Self::Transmettre(_) => Geste::Transmettre,
            Self::Accepter(..) | Self::Rouvrir(..) => Geste::Accepter,
            Self::Refuser(_) => Geste::Refuser,
        }
    }

    /// The text as kept: a reason says something, a word with an acceptance is not asked for.
    fn texte(&self, ctx: &Ctx) -> Result<String, AppError> {
        match self {
            Self::Accepter(t, _) | Self::Rouvrir(t, ..) if t.trim().is_empty() => Ok(String::new()),
            Self::Accepter(t, _) | Self::Rouvrir(t, ..) | Self::Transmettre(t) | Self::Refuser(t) => {
                read_motif(ctx, t, "reponse")
            }
        }
    }
}

/// A request read at a desk, under the right to act there.
struct Ouvert {
    d: LigneDemande,
    nature: NatureDemande,
    etat: EtatDemande,
    permit: Permit,
    session: SessionAdmission,
}

impl Ouvert {
    async fn load(tx: &Tx, ctx: &Ctx, annee: i64, guichet: Guichet, id: &PublicId) -> Result<Self, AppError> {
        let session = sessions::session(tx, annee).await?;
        let d = base::demande(tx, id.as_str()).await?.filter(|d| d.session_id == session.id);
        let d = d.ok_or(AppError::NotFound)?;
        let permit = ctx.permit(guichet.action(), &cible_at(guichet, &d)?)?;
        Ok(Self { nature: nature(&d)?, etat: etat(&d)?, permit, session, d })
    }

    /// The course asked about; `None` for an opening.
    async fn formation(&self, tx: &Tx) -> Result<Option<LigneFormation>, AppError> {
        match self.d.formation_session_id {
            None => Ok(None),
            Some(id) => Ok(base::by_id(tx, id).await?),
        }
    }

    async fn write(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        apres: EtatDemande,
        texte: &str,
        suite: SuiteDemande<'_>,
    ) -> Result<serde_json::Value, AppError> {
        let e = ctx.ecriture(&self.permit);
        base::set_demande(tx, &e, (self.d.id, self.d.version), &suite).await?;
        let acte = NouvelActeDemande {
            acte: apres.code(),
            role: self.permit.role().code(),
            motif: texte,
            jusqu_a: suite.jusqu_a,
        };
        base::add_acte_demande(tx, &e, self.d.id, &acte).await?;
        let mut dite = json!({ "formation": self.d.formation, "jusqu_a": suite.jusqu_a });
        if let (Some(dite), Some(parties)) = (dite.as_object_mut(), suite.accorde) {
            let parties = serde_json::from_str(parties).map_err(AppError::internal)?;
            dite.insert("parties".to_owned(), parties);
        }
        let etats = (Some(self.etat), apres);
        note(tx, ctx, &self.permit, (&self.d.public_id, self.nature), etats, (texte, dite)).await
    }
}

/// Withdraws a request that nobody has answered yet.
///
/// # Errors
/// [`RuleViolation::DemandeRepondue`]; [`AppError::Conflict`] when it changed since the person read it.
pub async fn withdraw_demande(
    ctx: &Ctx,
    garde: &Garde,
    annee: i64,
    id: &PublicId,
) -> Result<Recepisse, AppError> {
    let demande = format!("retrait_demande|{annee}|{id}");
    let tx = ctx.begin().await?;
    let o = Ouvert::load(&tx, ctx, annee, Guichet::Etablissement, id).await?;
    if let Some(recepisse) = idempotence::deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(recepisse);
    }
    o.session.require_ouverte()?;
    let apres = o.etat.apres(Parcours::default(), Geste::Retirer)?;
    garde.check_version(o.d.version)?;
    let suite = SuiteDemande {
        etat: apres.code(),
        finie: true,
        jusqu_a: None,
        formation_session: None,
        accorde: None,
    };
    let contenu = o.write(&tx, ctx, apres, "", suite).await?;
    let recepisse =
        idempotence::emettre(&tx, ctx, garde, &demande, "demande_retiree", None, &contenu).await?;
    tx.commit().await?;
    Ok(recepisse)
}

/// Answers a request: accepted, it is done in the same act.
///
/// # Errors
/// [`RuleViolation::DemandeRepondue`]; [`RuleViolation::DeuxiemePersonne`] for whoever asked, agreed or sent on;
/// [`RuleViolation::AccordAttendu`] before the establishment that receives agreed;
/// [`RuleViolation::Champ`] for what is not open again of what was asked for, or until a day that cannot be;
/// [`RuleViolation::VoeuxVivants`], [`RuleViolation::DemandeCaduque`] when it is no longer possible; [`AppError::Invalid`] for a
/// reason that says nothing; [`AppError::Conflict`] when it changed since the person read it.
pub async fn answer_demande(
    ctx: &Ctx,
    garde: &Garde,
    annee: i64,
    guichet: Guichet,
    id: &PublicId,
    reponse: &Reponse,
) -> Result<Recepisse, AppError> {
    let demande = format!("reponse_demande|{annee}|{id}|{}", hash(&format!("{reponse:?}")));
    let tx = ctx.begin().await?;
    let o = Ouvert::load(&tx, ctx, annee, guichet, id).await?;
    if let Some(recepisse) = idempotence::deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(recepisse);
    }
    o.session.require_ouverte()?;
    let f = o.formation(&tx).await?;
    let voulu = souhait(&o.d)?;
    if let Some(f) = &f {
        base::hold_formations(&tx, &[f.id]).await?;
    }
    let effet = foresee(&tx, &o.session, f.as_ref(), &voulu).await?;
    let parcours = parcours(&o.d, o.nature, f.as_ref(), effet.as_ref());
    if guichet == Guichet::Receveur {
        check_accord(&o, reponse)?;
    }
    let consent = guichet == Guichet::Receveur && reponse.geste() == Geste::Accepter;
    let apres = if consent { o.etat } else { o.etat.apres(parcours, reponse.geste())? };
    // Answered at the desk where it waits, and at no other.
    if guichet != Guichet::Receveur && o.etat.action() != Some(guichet.action()) {
        return Err(AppError::NotFound);
    }
    garde.check_version(o.d.version)?;
    check_personne(ctx.acteur.compte, &avant(&tx, &o.d).await?)?;
    let texte = reponse.texte(ctx)?;
    if consent {
        return agree(tx, ctx, garde, &o, &demande, &texte).await;
    }
    let rouvertes = rouvre(&tx, ctx, &o.session, &voulu, reponse).await?;
    let mut suite = SuiteDemande {
        etat: apres.code(),
        finie: apres != EtatDemande::Transmise,
        jusqu_a: rouvertes.as_ref().map(|(_, fin)| *fin),
        formation_session: None,
        accorde: rouvertes.as_ref().map(|(parties, _)| parties.as_str()),
    };
    let mut receveur = None;
    if let Reponse::Accepter(_, jour) = reponse {
        match (&voulu, f.zip(effet)) {
            (Souhait::Ouverture(offre), None) => {
                suite.jusqu_a = accorde(&tx, ctx, &o.session, &voulu, *jour).await?;
                let fait = open(&tx, ctx, &o.permit, &o.session, (&o.d, offre)).await;
                let (cle, _) = fait.map_err(|e| match e {
                    AppError::Rule(r) => caduque(r).into(),
                    autre => autre,
                })?;
                suite.formation_session = Some(cle);
            }
            (souhait, Some((f, effet))) => {
                let effet = effet.map_err(caduque)?;
                require_sans_voeu(&tx, o.nature, &f).await?;
                suite.jusqu_a = accorde(&tx, ctx, &o.session, souhait, *jour).await?;
                apply(&tx, ctx, &o.permit, (&o.d, &f), &effet).await?;
                if let Effet::Ceder(lieu) = effet {
                    receveur = Some(lieu.etablissement);
                }
            }
            _ => return Err(AppError::NotFound),
        }
    }
    let contenu = o.write(&tx, ctx, apres, &texte, suite).await?;
    tell(&tx, ctx, &o, guichet, (apres, suite.jusqu_a, receveur)).await?;
    let acte = format!("demande_{}", apres.code());
    let recepisse = idempotence::emettre(&tx, ctx, garde, &demande, &acte, None, &contenu).await?;
    tx.commit().await?;
    Ok(recepisse)
}

/// Who asked, sent on or agreed so far.
pub(super) async fn avant(c: &impl Sql, d: &LigneDemande) -> Result<Vec<Option<i64>>, AppError> {
    let mut comptes: Vec<Option<i64>> =
        base::actes_demande(c, d.id).await?.into_iter().map(|a| a.compte).collect();
    comptes.extend(d.accorde_par.map(Some));
    Ok(comptes)
}

/// R-VIE-08: the agreement is waited for, and is given or refused.
fn check_accord(o: &Ouvert, reponse: &Reponse) -> Result<(), AppError> {
    if o.etat != EtatDemande::Deposee || o.d.accorde_le.is_some() {
        return Err(RuleViolation::DemandeRepondue.into());
    }
    if reponse.geste() == Geste::Transmettre { Err(AppError::NotFound) } else { Ok(()) }
}

/// R-VIE-08: whoever would receive the course agrees; the request goes on as it was.
async fn agree(
    tx: Tx,
    ctx: &Ctx,
    garde: &Garde,
    o: &Ouvert,
    demande: &str,
    texte: &str,
) -> Result<Recepisse, AppError> {
    let e = ctx.ecriture(&o.permit);
    let suite = SuiteDemande {
        etat: o.etat.code(),
        finie: false,
        jusqu_a: None,
        formation_session: None,
        accorde: None,
    };
    base::set_demande(&tx, &e, (o.d.id, o.d.version), &suite).await?;
    base::give_accord(&tx, &e, o.d.id, texte).await?;
    let dite = json!({ "formation": o.d.formation, "accord": true });
    let etats = (Some(o.etat), o.etat);
    let contenu = note(&tx, ctx, &o.permit, (&o.d.public_id, o.nature), etats, (texte, dite)).await?;
    let recepisse = idempotence::emettre(&tx, ctx, garde, demande, "accord_donne", None, &contenu).await?;
    tx.commit().await?;
    Ok(recepisse)
}

/// R-VIE-07, R-VIE-11: first instant too late for the fields that an acceptance opens in a course; `None`: it opens none.
async fn accorde(
    tx: &Tx,
    ctx: &Ctx,
    session: &SessionAdmission,
    s: &Souhait,
    jour: Option<Date>,
) -> Result<Option<i64>, AppError> {
    let nature = s.nature();
    if !nature.rouvre() {
        return Ok(None);
    }
    let (jour, jours) = if nature == NatureDemande::Derogation {
        let jour = jour.ok_or(RuleViolation::Champ { champ: "jusqu_a", motif: "passe" })?;
        (jour, sessions::parametre_entier(tx, session.id, "derogation_jours_max").await?)
    } else {
        (jour.unwrap_or_else(|| usual_day(ctx)), ctx.app.limites.suite_demande_jours_max)
    };
    let r = Reouverture::until(s.champs_rouverts(), jour, jours, ctx.campagne_le)?;
    Ok(Some(r.fenetre.ferme.as_millisecond()))
}

/// Tells the establishment that asked, and the one that a course is handed to.
async fn tell(
    tx: &Tx,
    ctx: &Ctx,
    o: &Ouvert,
    guichet: Guichet,
    (apres, fin, receveur): (EtatDemande, Option<i64>, Option<i64>),
) -> Result<(), AppError> {
    let qui = (Action::DemanderFormation, &[Role::AdminSite, Role::ChefEtab][..]);
    let cible = cible_of(&o.d);
    let phrase = match (o.etat, apres) {
        (_, EtatDemande::Transmise) => return Ok(()),
        (EtatDemande::Transmise, _) => "L’équipe nationale a répondu à une demande de votre établissement.",
        _ if guichet == Guichet::Receveur => {
            "L’établissement auquel vous vouliez confier une formation a refusé de la recevoir."
        }
        _ => "Le service académique a répondu à une demande de votre établissement.",
    };
    let fin = fin.and_then(|ms| Timestamp::from_millisecond(ms).ok()).map(messages::date_limite);
    let phrase = match &fin {
        Some(fin) if receveur.is_none() => format!("{phrase} Ce qu’elle ouvre se complète jusqu’au {fin}."),
        _ => phrase.to_owned(),
    };
    let annee = sessions::annee(tx, o.d.session_id).await?.ok_or(AppError::NotFound)?;
    let chemin = format!("/gestion/{annee}/demandes/{}", o.d.public_id);
    let annonce = Annonce {
        modele: "demande_repondue",
        sujet: "une réponse à votre demande",
        phrase: &phrase,
        invite: LIRE_LA_REPONSE,
        chemin: &chemin,
        sauf: &[],
    };
    announce_to(tx, ctx, &cible, qui, &annonce).await?;
    if let Some(etablissement) = receveur {
        let phrase = format!(
            "Le service académique a confié une formation à votre établissement.{}",
            fin.map(|fin| format!(" Sa description se complète jusqu’au {fin}.")).unwrap_or_default()
        );
        let annonce = Annonce {
            modele: "formation_confiee",
            sujet: "une formation est confiée à votre établissement",
            phrase: &phrase,
            invite: "Connectez-vous pour la retrouver",
            chemin: "/gestion",
            sauf: &[],
        };
        let cible = Cible { etablissement: Some(etablissement), ..cible };
        announce_to(tx, ctx, &cible, qui, &annonce).await?;
    }
    Ok(())
}
