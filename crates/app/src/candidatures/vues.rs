//! The candidate's wishes, ready to be shown: only what may be read now, and what may be done.

use domain::RuleViolation;
use domain::calendrier::{Calendrier, Etape};
use domain::candidatures::{EtatVoeu, Evenement, Plafonds, VoeuOrdonnable, check_ordonnable, count_voeux};
use domain::droits::{Action, Cible};
use domain::formations::StatutFormation;
use domain::territoires::HeureLocale;
use jiff::Timestamp;
use store::candidatures::{LigneVoeu, list_voeux, repondeur as load_repondeur};

use super::decompte::Decompte;
use super::repondeur::{self, RepondeurVue};
use super::silence::{Silence, silence};
use super::{instant, intitule_voeu, ordonnables};
use crate::candidats::{Dossier, mien};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::{formations, sessions};

/// Everything that the candidate's pages show.
#[derive(Debug, Clone)]
pub struct MesVoeux {
    /// Year of the session.
    pub annee: i64,
    /// Its label, for the title.
    pub session: String,
    /// For the greeting.
    pub prenom: String,
    /// File number, to quote to a commission.
    pub numero: i64,
    /// Of the session: the pages write its dates, none of their own.
    pub calendrier: Calendrier,
    /// Where the candidate lives, when the clocks are not those of Paris (TPS-4).
    pub locale: Option<HeureLocale>,
    /// Oldest first; those given up or lost included.
    pub voeux: Vec<VoeuVue>,
    /// Settings of the session.
    pub plafonds: Plafonds,
    /// Living wishes under student status: boarding variants count once, and all the sub-wishes of a multiple wish.
    pub etudiant: u32,
    /// The same under apprenticeship.
    pub apprentissage: u32,
    /// A wish may be added now.
    pub peut_ajouter: bool,
    /// Propositions that nobody answered put waiting wishes at risk.
    pub silence: Option<Silence>,
    /// While the ordering is open and something waits.
    pub ordonnancement: Option<Ordonnancement>,
    /// `None` while it means nothing to this candidate.
    pub repondeur: Option<RepondeurVue>,
}

/// The ordering of waiting wishes, while it is open (R-ORD-01 to 04).
#[derive(Debug, Clone, PartialEq)]
pub struct Ordonnancement {
    /// First instant too late.
    pub ferme: Timestamp,
    /// Waiting wishes that take part.
    pub a_ordonner: usize,
    /// Those of them without rank, which would be lost then.
    pub sans_rang: usize,
    /// Why the candidate cannot order them yet, if they cannot.
    pub refus: Option<RuleViolation>,
}

/// A wish as its candidate sees it.
#[derive(Debug, Clone)]
pub struct VoeuVue {
    /// In the addresses and forms of the wish.
    pub public_id: String,
    /// Sent back by the forms: a wish changed in between is a conflict.
    pub version: i64,
    /// Address of the public sheet.
    pub formation_id: String,
    /// « BTS Électronique – Lycée Ampère, Lyon (avec internat) ».
    pub intitule: String,
    /// Label of the course alone, with what tells it from others of the same name.
    pub libelle: String,
    /// Name, empty when the session does not know it.
    pub etablissement: String,
    /// Town of the course.
    pub commune: String,
    /// Listed apart, with its own ceiling.
    pub apprentissage: bool,
    /// R-APP-13: its course is suspended for the session, and takes nobody.
    pub suspendue: bool,
    /// The multiple wish of which this is a sub-wish, by its name.
    pub multiple: Option<String>,
    /// Which of the two variants.
    pub avec_internat: bool,
    /// What may be read now (R-VOE-06), not always what is stored.
    pub etat: EtatVoeu,
    /// Instant of the campaign; `None` until the candidate confirms.
    pub confirme_le: Option<Timestamp>,
    /// Explicitly kept after an acceptance or a silence (I2, I3).
    pub maintenu: bool,
    /// Rank given by the candidate; `None`: not ordered.
    pub preference: Option<u32>,
    /// Waits, and takes part in the order (R-ORD-01).
    pub ordonnable: bool,
    /// A proposition held or to be answered, which takes part as well (R-ORD-04).
    pub tenu: bool,
    /// The last one, answered or not; `None` until one is published.
    pub proposition: Option<PropositionVue>,
    /// Empty until admission opens.
    pub rangs: RangsVue,
    /// The buttons of the page.
    pub actes: Actes,
}

/// A proposition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PropositionVue {
    /// Instant of the publication of its run.
    pub emise_le: Timestamp,
    /// First instant too late to answer.
    pub echeance: Timestamp,
}

/// Where a waiting wish stands, according to the last published day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RangsVue {
    /// In the call order of the group.
    pub appel: Option<i64>,
    /// In the waiting list.
    pub attente: Option<i64>,
    /// Last rank called.
    pub dernier_appele: Option<i64>,
    /// Length of the waiting list.
    pub en_attente: Option<i64>,
    /// Of a wish that depends on a boarding school that ranks: it has no waiting list, two rankings count.
    pub internat: Option<RangInternat>,
}

/// Where a wish stands in the ranking of a boarding school.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RangInternat {
    /// `None` until the ranking is transmitted, or when it does not hold the candidate.
    pub rang: Option<i64>,
    /// R-ADM-08: every candidate whose rank in the school and call rank are under both bars has had a proposition, or has
    /// given up. `None`: nothing shown so far; 0: nobody.
    pub barres: Option<(i64, i64)>,
}

/// What may be done with a wish now: the right, the step and the state all agree.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Actes {
    /// Not confirmed yet, and the step is open.
    pub confirmer: bool,
    /// While wishes may still be added.
    pub retirer: bool,
    /// A proposition waits, before its deadline.
    pub repondre: bool,
    /// A wish that waits, or a place held.
    pub renoncer: bool,
}

/// The wishes of the person who acts.
///
/// # Errors
/// [`AppError::Denied`] for anybody who is not a candidate of the open session.
pub async fn mes_voeux(ctx: &Ctx) -> Result<MesVoeux, AppError> {
    let db = &ctx.app.db;
    let d = mien(db, ctx, Action::ConsulterDossier).await?;
    let lignes = list_voeux(db, d.ligne.id).await?;
    let decompte = Decompte::load(db, d.session.id).await?;
    let existants = decompte.existants(&lignes)?;
    let compte = |statut| u32::try_from(count_voeux(&existants, statut)).unwrap_or(u32::MAX);
    let jours = sessions::parametre_entier(db, d.session.id, "maintien_sans_reponse_jours").await?;
    let peut = Pouvoirs::new(ctx, &d);
    let enjeu = ordonnables(&lignes)?;
    let voeux = lignes.iter().map(|l| vue(ctx, &d, &peut, l, &enjeu)).collect::<Result<Vec<_>, _>>()?;
    let admission = is_commencee(ctx, &d.session.calendrier);
    let ligne_repondeur = load_repondeur(db, d.ligne.id).await?;
    Ok(MesVoeux {
        annee: d.session.annee,
        session: d.session.libelle.clone(),
        prenom: d.ligne.prenom.clone(),
        numero: d.ligne.numero,
        etudiant: compte(StatutFormation::Etudiant),
        apprentissage: compte(StatutFormation::Apprentissage),
        peut_ajouter: peut.formuler,
        silence: silence(&lignes, &d.session.calendrier, jours).filter(|_| admission && peut.repondre),
        ordonnancement: ordonnancement(ctx, &d, &enjeu),
        repondeur: repondeur::vue(ctx, &d, ligne_repondeur, &enjeu),
        locale: HeureLocale::of_departement(&d.ligne.departement),
        calendrier: d.session.calendrier,
        voeux,
        plafonds: decompte.plafonds,
    })
}

fn ordonnancement(ctx: &Ctx, d: &Dossier, enjeu: &[VoeuOrdonnable]) -> Option<Ordonnancement> {
    let f = d.session.calendrier.fenetre(Etape::Ordonnancement)?;
    let attente: Vec<&VoeuOrdonnable> = enjeu.iter().filter(|v| v.attend()).collect();
    let concerne = f.contient(ctx.campagne_le) && !attente.is_empty();
    let permis = concerne && d.session.require_ouverte().is_ok() && d.require_inscrit().is_ok();
    permis.then(|| Ordonnancement {
        ferme: f.ferme,
        a_ordonner: attente.len(),
        sans_rang: attente.iter().filter(|v| v.rang == 0).count(),
        refus: check_ordonnable(enjeu).err(),
    })
}

/// The admission phase has begun: what the examination decided may be read.
pub(crate) fn is_commencee(ctx: &Ctx, calendrier: &Calendrier) -> bool {
    !matches!(
        calendrier.require_open(Etape::Admission, ctx.campagne_le),
        Err(RuleViolation::NotYetOpen { .. } | RuleViolation::NotScheduled { .. })
    )
}

/// What the person may do at all now: right and step.
struct Pouvoirs {
    formuler: bool,
    confirmer: bool,
    repondre: bool,
}

impl Pouvoirs {
    fn new(ctx: &Ctx, d: &Dossier) -> Self {
        let peut = |action: Action| {
            ctx.may(action, &Cible::dossier(d.ligne.id))
                && d.session.require_ouverte().is_ok()
                && d.session.calendrier.require_any_open(action.etapes(), ctx.campagne_le).is_ok()
                && d.require_inscrit().is_ok()
        };
        Self {
            formuler: peut(Action::FormulerVoeu),
            confirmer: peut(Action::ConfirmerVoeu),
            repondre: peut(Action::RepondreProposition),
        }
    }
}

fn vue(
    ctx: &Ctx,
    d: &Dossier,
    peut: &Pouvoirs,
    l: &LigneVoeu,
    enjeu: &[VoeuOrdonnable],
) -> Result<VoeuVue, AppError> {
    let reel = l.etat()?;
    let commencee = is_commencee(ctx, &d.session.calendrier);
    let etat = reel.montre(commencee);
    let proposition = match (l.emise_le, l.echeance_le) {
        (Some(emise), Some(echeance)) if commencee => {
            Some(PropositionVue { emise_le: instant(emise), echeance: instant(echeance) })
        }
        _ => None,
    };
    let possible = |evenement| reel.apply(evenement).is_ok();
    let a_temps = proposition.is_some_and(|p| ctx.campagne_le < p.echeance);
    let rangs = if commencee {
        RangsVue {
            appel: l.rang_appel,
            attente: l.rang_attente,
            dernier_appele: l.dernier_appele,
            en_attente: l.en_attente,
            internat: l
                .internat_classe
                .as_ref()
                .map(|_| RangInternat { rang: l.rang_internat, barres: l.barre_internat.zip(l.barre_appel) }),
        }
    } else {
        RangsVue::default()
    };
    Ok(VoeuVue {
        public_id: l.public_id.clone(),
        version: l.version,
        formation_id: l.formation_public_id.clone(),
        intitule: intitule_voeu(l),
        libelle: formations::intitule(&l.libelle, &l.detail),
        etablissement: l.etablissement.clone().unwrap_or_default(),
        commune: l.commune.clone(),
        apprentissage: l.apprentissage(),
        suspendue: l.fermee == 1,
        multiple: l.regroupement.clone(),
        avec_internat: l.avec_internat == 1,
        etat,
        confirme_le: l.confirme_le.map(instant),
        maintenu: l.maintenu_le.is_some(),
        preference: u32::try_from(l.rang_preference).ok().filter(|r| *r > 0),
        ordonnable: commencee && enjeu.iter().any(|v| v.id == l.id && v.attend()),
        tenu: commencee && enjeu.iter().any(|v| v.id == l.id && v.tient()),
        proposition,
        rangs,
        actes: Actes {
            confirmer: peut.confirmer && possible(Evenement::Confirmation),
            retirer: peut.formuler && possible(Evenement::Retrait),
            repondre: peut.repondre && a_temps && possible(Evenement::Acceptation),
            renoncer: peut.repondre && commencee && possible(Evenement::Renonciation),
        },
    })
}
