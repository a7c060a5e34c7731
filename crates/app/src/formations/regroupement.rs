//! R-REG-01 to 07: courses grouped under one multiple wish, with or without one ranking for all.

use std::collections::BTreeSet;

use domain::calendrier::Etape;
use domain::droits::{Action, Cible, Permit, scope_session};
use domain::formations::regroupement::{Membre, Mutualisation, check_libelle, check_membres, cle_series};
use domain::formations::{EtatFormation, Famille, StatutFormation, mots_recherche};
use domain::{PublicId, RuleViolation};
use serde_json::json;
use store::formations::{
    self as base, FiltreGestion, LigneFormation, LigneGroupePartage, LigneMembre, LigneRegroupement,
    NouveauRegroupement,
};
use store::{Sql, Tx};

use super::description::famille;
use super::parametrage::{Ouverture, ouverture};
use super::{Intitule, cible, intitule, lieu, load};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::idempotence::{self, Garde, Recepisse, hash};
use crate::journal::{Acte, record};
use crate::sessions::{self, SessionAdmission};

/// Version that a form carries while there is no grouping: none that a new one has.
pub const VERSION_SANS_REGROUPEMENT: i64 = -1;

/// Courses proposed at once: beyond, the person searches.
const PROPOSEES: i64 = 60;

/// What a person wants a grouping to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Regrouper {
    /// Name of the multiple wish.
    pub libelle: String,
    /// What the courses share.
    pub mutualisation: Mutualisation,
    /// Public identifiers of the other courses.
    pub formations: Vec<String>,
}

/// A grouping as it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegroupementVu {
    /// Name of the multiple wish.
    pub libelle: String,
    /// What the courses share.
    pub mutualisation: Mutualisation,
    /// The courses, by name.
    pub formations: Vec<FormationRegroupee>,
    /// With a shared ranking, the public identifier of the course whose commission makes it.
    porteuse: Option<String>,
}

impl RegroupementVu {
    /// With a shared ranking, the course whose commission makes it.
    pub fn porteuse(&self) -> Option<&FormationRegroupee> {
        self.formations.iter().find(|f| Some(&f.id) == self.porteuse.as_ref())
    }

    /// R-FOR-06: what the public reads of it: the courses that are published.
    pub(super) fn public(mut self) -> Self {
        self.formations.retain(|f| f.publiee);
        self
    }
}

/// A course of a grouping, or one that could be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormationRegroupee {
    /// Public identifier.
    pub id: String,
    /// Names the course.
    pub intitule: Intitule,
    /// In the grouping of the page.
    pub membre: bool,
    /// In another grouping.
    pub ailleurs: bool,
    /// Readable by anybody.
    publiee: bool,
}

/// The grouping of a course, and what may be done to it now.
#[derive(Debug, Clone)]
pub struct VueRegroupement {
    /// The one of the address, open or archived.
    pub session: SessionAdmission,
    /// Public identifier of the course.
    pub id: String,
    /// Names the course.
    pub intitule: Intitule,
    /// Kind of course.
    pub famille: Famille,
    /// Sent back by the forms; [`VERSION_SANS_REGROUPEMENT`]: no grouping yet.
    pub version: i64,
    /// `None`: the course is on its own.
    pub regroupement: Option<RegroupementVu>,
    /// Courses that could enter it, those of it aside; empty when the person may not change it.
    pub proposees: Vec<FormationRegroupee>,
    /// There are more than those proposed.
    pub tronquee: bool,
    /// Whether the person may change it now.
    pub ouverture: Ouverture,
    /// R-REG-04: candidates made wishes; it does not change any more.
    pub avec_voeux: bool,
    /// It has courses that are out of the reach of the person, who would change it otherwise.
    pub hors_portee: bool,
}

fn mutualisation(r: &LigneRegroupement) -> Result<Mutualisation, AppError> {
    Mutualisation::from_code(&r.mutualisation)
        .ok_or_else(|| AppError::Internal("regroupement.mutualisation".to_owned()))
}

fn regroupee(m: &LigneMembre, regroupement: Option<i64>) -> FormationRegroupee {
    FormationRegroupee {
        id: m.public_id.clone(),
        intitule: Intitule {
            libelle: intitule(&m.libelle, &m.detail),
            etablissement: m.etablissement.clone(),
            lieu: lieu(&m.commune, &m.departement),
        },
        membre: m.regroupement_id.is_some() && m.regroupement_id == regroupement,
        ailleurs: m.regroupement_id.is_some() && m.regroupement_id != regroupement,
        publiee: m.etat == EtatFormation::Publiee.code(),
    }
}

/// The grouping of a course as anybody reads it.
pub(super) async fn regroupement_vu(
    c: &impl Sql,
    formation_session: i64,
) -> Result<Option<RegroupementVu>, AppError> {
    let Some(r) = base::regroupement_of(c, formation_session).await? else { return Ok(None) };
    let membres = base::membres(c, r.id).await?;
    let groupes = base::groupes_partages(c, formation_session).await?;
    let mutualisation = mutualisation(&r)?;
    let porteuse =
        groupes.first().map(|g| g.porteuse).filter(|_| mutualisation == Mutualisation::DossierUnique);
    Ok(Some(RegroupementVu {
        porteuse: membres.iter().find(|m| Some(m.id) == porteuse).map(|m| m.public_id.clone()),
        formations: membres.iter().map(|m| regroupee(m, Some(r.id))).collect(),
        libelle: r.libelle,
        mutualisation,
    }))
}

/// The page of the grouping of a course; `recherche`: words to find the other courses.
///
/// # Errors
/// [`AppError::NotFound`], or [`AppError::Denied`] outside the person's perimeter.
pub async fn view_regroupement(
    ctx: &Ctx,
    annee: i64,
    id: &PublicId,
    recherche: &str,
) -> Result<VueRegroupement, AppError> {
    let db = &ctx.app.db;
    let session = sessions::session(db, annee).await?;
    let f = load(db, &session, id).await?;
    let cible = cible(&f);
    ctx.permit(Action::ConsulterParametrage, &cible)?;
    let ligne = base::regroupement_of(db, f.id).await?;
    let cle = ligne.as_ref().map(|r| r.id);
    let membres = match cle {
        Some(r) => base::membres(db, r).await?,
        None => base::membres_by_ids(db, session.id, std::slice::from_ref(&f.public_id)).await?,
    };
    let ouverture = match f.etat == EtatFormation::Fermee.code() {
        true => Ouverture::SansDroit,
        false => ouverture(ctx, &session, &cible, Action::RegrouperFormations, Etape::Parametrage),
    };
    let atteinte = |m: &LigneMembre| ctx.may(Action::RegrouperFormations, &cible_of(&session, m));
    let hors_portee = ouverture.est_ouverte() && !membres.iter().all(atteinte);
    let (mut proposees, mut tronquee) = (Vec::new(), false);
    if ouverture.est_ouverte() && !hors_portee {
        (proposees, tronquee) = proposed(ctx, &session, &f, cle, recherche).await?;
    }
    Ok(VueRegroupement {
        id: f.public_id.clone(),
        intitule: Intitule::of(&f),
        famille: famille(&f),
        version: ligne.map_or(VERSION_SANS_REGROUPEMENT, |r| r.version),
        regroupement: regroupement_vu(db, f.id).await?,
        proposees,
        tronquee,
        ouverture,
        avec_voeux: membres.iter().any(|m| m.voeux == 1),
        hors_portee,
        session,
    })
}

/// The courses of the same type and status that the person may group with this one: those of the establishment, or those that the
/// words find in the whole perimeter.
async fn proposed(
    ctx: &Ctx,
    session: &SessionAdmission,
    f: &LigneFormation,
    regroupement: Option<i64>,
    recherche: &str,
) -> Result<(Vec<FormationRegroupee>, bool), AppError> {
    let db = &ctx.app.db;
    let scope = scope_session(&ctx.acteur, Action::RegrouperFormations, session.id)?;
    let mots = mots_recherche(recherche);
    let filtre = FiltreGestion {
        session: session.id,
        modifiables: true,
        etablissement: mots.is_empty().then_some(f.etablissement_id),
        meme_type: Some((f.famille.clone(), f.statut.clone())),
        mots,
        ..FiltreGestion::default()
    };
    let lignes = base::list_gestion(db, &scope, &filtre, PROPOSEES + 1, 0).await?;
    let tronquee = lignes.len() as i64 > PROPOSEES;
    let ids: Vec<String> = lignes.into_iter().map(|l| l.public_id).take(PROPOSEES as usize).collect();
    let mut trouvees = base::membres_by_ids(db, session.id, &ids).await?;
    trouvees.retain(|m| m.id != f.id && (regroupement.is_none() || m.regroupement_id != regroupement));
    trouvees.sort_by(|a, b| {
        (&a.etablissement, &a.libelle, &a.detail).cmp(&(&b.etablissement, &b.libelle, &b.detail))
    });
    Ok((trouvees.iter().map(|m| regroupee(m, regroupement)).collect(), tronquee))
}

/// Groups a course with others, or changes its grouping, which is written whole: its name, what is shared, every course of it.
///
/// # Errors
/// [`AppError::Rule`] outside the step, for courses that do not go together (R-REG-01 to 03) or that candidates wish already
/// (R-REG-04); [`AppError::Denied`] when one of the courses is out of the person's reach; [`AppError::Conflict`] when it changed
/// meanwhile.
pub async fn group_courses(
    ctx: &Ctx,
    garde: &Garde,
    annee: i64,
    id: &PublicId,
    cmd: &Regrouper,
) -> Result<Recepisse, AppError> {
    let mut ids: BTreeSet<&str> = cmd.formations.iter().map(String::as_str).collect();
    ids.insert(id.as_str());
    let voulus: Vec<String> = ids.iter().map(|id| (*id).to_owned()).collect();
    let code = cmd.mutualisation.code();
    let demande =
        format!("regrouper|{annee}|{id}|{code}|{}", hash(&format!("{}|{}", cmd.libelle, voulus.join(","))));
    let tx = ctx.begin().await?;
    let session = sessions::session(&tx, annee).await?;
    let f = load(&tx, &session, id).await?;
    let permit = ctx.permit(Action::RegrouperFormations, &cible(&f))?;
    if let Some(recepisse) = idempotence::deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(recepisse);
    }
    let s = Souhait {
        libelle: &cmd.libelle,
        mutualisation: cmd.mutualisation,
        formations: &voulus,
        porteuse: None,
    };
    let fait = regroupe(&tx, ctx, &permit, (&session, &f), garde, &s).await?;
    let contenu = json!({ "formation": f.public_id, "regroupement": fait, "formations": voulus.len() });
    let recepisse =
        idempotence::emettre(&tx, ctx, garde, &demande, "formations_regroupees", None, &contenu).await?;
    tx.commit().await?;
    Ok(recepisse)
}

/// What a grouping is to be, whole.
pub(super) struct Souhait<'a> {
    pub libelle: &'a str,
    pub mutualisation: Mutualisation,
    /// Public identifiers of every course of it.
    pub formations: &'a [String],
    /// Key of the course that is to rank for all, where it is said; else it stays, or is the one that the act is about.
    pub porteuse: Option<i64>,
}

/// Groups a course with others, or writes its grouping whole, in the transaction of the caller; gives its public identifier.
///
/// # Errors
/// Those of [`group_courses`].
pub(super) async fn regroupe(
    tx: &Tx,
    ctx: &Ctx,
    permit: &Permit,
    (session, f): (&SessionAdmission, &LigneFormation),
    garde: &Garde,
    s: &Souhait<'_>,
) -> Result<String, AppError> {
    require_open(ctx, session)?;
    let ancien = base::regroupement_of(tx, f.id).await?;
    garde.check_version(ancien.as_ref().map_or(VERSION_SANS_REGROUPEMENT, |r| r.version))?;
    let libelle = check_libelle(s.libelle)?;
    let nouveaux = base::membres_by_ids(tx, session.id, s.formations).await?;
    if nouveaux.len() != s.formations.len() {
        return Err(RuleViolation::Champ { champ: "formations", motif: "inconnu" }.into());
    }
    let anciens = match &ancien {
        Some(r) => base::membres(tx, r.id).await?,
        None => Vec::new(),
    };
    let concernes = hold(tx, ctx, session, &anciens, &nouveaux).await?;
    check(tx, f, ancien.as_ref(), &nouveaux, s.mutualisation).await?;
    let cles = |m: &[LigneMembre]| m.iter().map(|m| m.id).collect::<BTreeSet<i64>>();
    let avant = ancien.as_ref().map(mutualisation).transpose()?;
    let rangeait = porteuse_of(tx, f.id).await?.unwrap_or(f.id);
    let voulue = s.porteuse.unwrap_or(rangeait);
    let porteuse = if cles(&nouveaux).contains(&voulue) { voulue } else { f.id };
    let change = cles(&anciens) != cles(&nouveaux)
        || avant != Some(s.mutualisation)
        || (s.mutualisation == Mutualisation::DossierUnique && porteuse != rangeait);
    if change {
        require_sans_voeu(&concernes)?;
    }
    let e = ctx.ecriture(permit);
    let nouveau =
        NouveauRegroupement { session: session.id, libelle: &libelle, mutualisation: s.mutualisation.code() };
    let (cle, public_id) = match &ancien {
        Some(r) => {
            base::save_regroupement(tx, &e, (r.id, r.version), &nouveau).await?;
            (r.id, r.public_id.clone())
        }
        None => base::insert_regroupement(tx, &e, &nouveau).await?,
    };
    if change {
        for m in &concernes {
            own(tx, &e, m.id).await?;
        }
        for m in anciens.iter().filter(|m| !cles(&nouveaux).contains(&m.id)) {
            base::set_membre(tx, m.id, None).await?;
        }
        for m in nouveaux.iter().filter(|m| !cles(&anciens).contains(&m.id)) {
            base::set_membre(tx, m.id, Some(cle)).await?;
        }
        if s.mutualisation == Mutualisation::DossierUnique {
            share(tx, &e, porteuse, &nouveaux).await?;
        }
    }
    let dit = |m: Option<Mutualisation>, membres: &[LigneMembre], porteuse: i64| {
        let formations: Vec<&str> = membres.iter().map(|m| m.public_id.as_str()).collect();
        let unique = m == Some(Mutualisation::DossierUnique);
        let porteuse = membres.iter().find(|m| unique && m.id == porteuse).map(|m| m.public_id.as_str());
        json!({ "mutualisation": m.map(Mutualisation::code), "formations": formations, "porteuse": porteuse })
    };
    let acte = Acte {
        objet: "regroupement",
        objet_id: &public_id,
        avant: ancien.as_ref().map(|_| dit(avant, &anciens, rangeait)),
        apres: Some(dit(Some(s.mutualisation), &nouveaux, porteuse)),
    };
    record(tx, ctx, permit, &acte).await?;
    Ok(public_id)
}

/// Takes a course out of its grouping, which ends when one course would be left (R-REG-07).
///
/// # Errors
/// As [`group_courses`]; [`AppError::NotFound`] for a course that is in none.
pub async fn ungroup_course(
    ctx: &Ctx,
    garde: &Garde,
    annee: i64,
    id: &PublicId,
) -> Result<Recepisse, AppError> {
    let demande = format!("degrouper|{annee}|{id}");
    let tx = ctx.begin().await?;
    let session = sessions::session(&tx, annee).await?;
    let f = load(&tx, &session, id).await?;
    let permit = ctx.permit(Action::RegrouperFormations, &cible(&f))?;
    if let Some(recepisse) = idempotence::deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(recepisse);
    }
    let quitte = degroupe(&tx, ctx, &permit, (&session, &f), garde).await?;
    let contenu = json!({ "formation": f.public_id, "regroupement": quitte });
    let recepisse =
        idempotence::emettre(&tx, ctx, garde, &demande, "formation_degroupee", None, &contenu).await?;
    tx.commit().await?;
    Ok(recepisse)
}

/// Takes a course out of its grouping in the transaction of the caller; gives the public identifier of the grouping.
///
/// # Errors
/// Those of [`ungroup_course`].
pub(super) async fn degroupe(
    tx: &Tx,
    ctx: &Ctx,
    permit: &Permit,
    (session, f): (&SessionAdmission, &LigneFormation),
    garde: &Garde,
) -> Result<String, AppError> {
    require_open(ctx, session)?;
    let r = base::regroupement_of(tx, f.id).await?.ok_or(AppError::NotFound)?;
    garde.check_version(r.version)?;
    let membres = base::membres(tx, r.id).await?;
    hold(tx, ctx, session, &membres, &[]).await?;
    require_sans_voeu(&membres)?;
    leave(tx, ctx, permit, f.id).await?;
    Ok(r.public_id)
}

fn require_open(ctx: &Ctx, session: &SessionAdmission) -> Result<(), AppError> {
    session.require_ouverte()?;
    session.calendrier.require_open(Etape::Parametrage, ctx.campagne_le)?;
    Ok(())
}

fn cible_of(session: &SessionAdmission, m: &LigneMembre) -> Cible {
    Cible::formation(session.id, m.etablissement_id, m.formation_id, &m.academie)
}

/// Everybody concerned, once each, in the order of keys: the person may group every one of them, and nobody wishes for one meanwhile.
async fn hold(
    tx: &Tx,
    ctx: &Ctx,
    session: &SessionAdmission,
    anciens: &[LigneMembre],
    nouveaux: &[LigneMembre],
) -> Result<Vec<LigneMembre>, AppError> {
    let mut concernes = anciens.to_vec();
    concernes.extend(nouveaux.iter().cloned());
    concernes.sort_by_key(|m| m.id);
    concernes.dedup_by_key(|m| m.id);
    for m in &concernes {
        ctx.permit(Action::RegrouperFormations, &cible_of(session, m))?;
    }
    let cles: Vec<i64> = concernes.iter().map(|m| m.id).collect();
    base::hold_formations(tx, &cles).await?;
    Ok(concernes)
}

/// R-REG-04: what a wish counts as, and where it is ranked, does not change once it is made.
fn require_sans_voeu(membres: &[LigneMembre]) -> Result<(), RuleViolation> {
    match membres.iter().find(|m| m.voeux == 1) {
        Some(m) => Err(RuleViolation::RegroupementAvecVoeux { formation: intitule(&m.libelle, &m.detail) }),
        None => Ok(()),
    }
}

/// R-REG-01 to 03, the course of the page first: the others are compared with it.
async fn check(
    tx: &Tx,
    f: &LigneFormation,
    ancien: Option<&LigneRegroupement>,
    nouveaux: &[LigneMembre],
    m: Mutualisation,
) -> Result<(), AppError> {
    let mut membres = Vec::with_capacity(nouveaux.len());
    for l in nouveaux {
        let groupes = base::groupes_partages(tx, l.id).await?;
        let membre = Membre {
            intitule: intitule(&l.libelle, &l.detail),
            famille: Famille::from_code(&l.famille).unwrap_or(Famille::Autre),
            statut: StatutFormation::from_code(&l.statut)
                .ok_or_else(|| AppError::Internal("formation.statut".to_owned()))?,
            selective: l.selective == 1,
            groupes: groupes.into_iter().map(|g| (g.series, g.sans_classement == 1)).collect(),
            ouverte: l.etat != EtatFormation::Fermee.code(),
            ailleurs: l.regroupement_id.is_some() && l.regroupement_id != ancien.map(|r| r.id),
        };
        if l.id == f.id {
            membres.insert(0, membre);
        } else {
            membres.push(membre);
        }
    }
    Ok(check_membres(&membres, m)?)
}

/// The course that ranks for this one: itself unless it shares the ranking of another.
async fn porteuse_of(tx: &Tx, formation_session: i64) -> Result<Option<i64>, AppError> {
    Ok(base::groupes_partages(tx, formation_session).await?.first().map(|g| g.porteuse))
}

/// The course has its own ranking groups from now on.
async fn own(tx: &Tx, e: &store::Ecriture<'_>, formation_session: i64) -> Result<(), AppError> {
    for g in base::groupes_partages(tx, formation_session).await? {
        if g.porteuse != formation_session {
            base::own_groupe(tx, e, &g).await?;
        }
    }
    Ok(())
}

/// R-REG-03: the groups of `porteuse` rank for all, each keeping its own places.
async fn share(
    tx: &Tx,
    e: &store::Ecriture<'_>,
    porteuse: i64,
    membres: &[LigneMembre],
) -> Result<(), AppError> {
    let communs = base::groupes_partages(tx, porteuse).await?;
    let taux = |g: &LigneGroupePartage| (g.taux_min_boursiers, g.taux_max_non_residents);
    for m in membres.iter().filter(|m| m.id != porteuse) {
        for sien in base::groupes_partages(tx, m.id).await? {
            let commun = communs
                .iter()
                .find(|g| cle_series(&g.series) == cle_series(&sien.series))
                .ok_or_else(|| AppError::Internal("shared group without its series".to_owned()))?;
            base::share_groupe(tx, e, &sien, commun.groupe, taux(&sien) != taux(commun)).await?;
        }
    }
    Ok(())
}

/// A « dossier unique » as an operator or the demonstration loads it: the first course ranks for all.
///
/// # Errors
/// When the groups of the courses are not the same, or the database refuses.
pub(crate) async fn load_dossier_unique(
    tx: &Tx,
    e: &store::Ecriture<'_>,
    session: i64,
    libelle: &str,
    formations: &[i64],
) -> Result<(), AppError> {
    let mutualisation = Mutualisation::DossierUnique.code();
    let nouveau = NouveauRegroupement { session, libelle, mutualisation };
    let (cle, _) = base::insert_regroupement(tx, e, &nouveau).await?;
    for f in formations {
        base::set_membre(tx, *f, Some(cle)).await?;
    }
    let Some(porteuse) = formations.first() else { return Ok(()) };
    share(tx, e, *porteuse, &base::membres(tx, cle).await?).await
}

/// R-REG-07: the course leaves its grouping, if it is in one: by a decision, because it is closed, or handed to another
/// establishment. The others go on, under the ranking of another of them when it was that of this course; a grouping ends when one
/// course is left.
pub(crate) async fn leave(
    tx: &Tx,
    ctx: &Ctx,
    permit: &Permit,
    formation_session: i64,
) -> Result<(), AppError> {
    let Some(r) = base::regroupement_of(tx, formation_session).await? else { return Ok(()) };
    let e = ctx.ecriture(permit);
    let membres = base::membres(tx, r.id).await?;
    let reste: Vec<LigneMembre> = membres.iter().filter(|m| m.id != formation_session).cloned().collect();
    let porteuse = porteuse_of(tx, formation_session).await?;
    for m in &membres {
        own(tx, &e, m.id).await?;
    }
    base::set_membre(tx, formation_session, None).await?;
    let fini = reste.len() < 2;
    if fini {
        for m in &reste {
            base::set_membre(tx, m.id, None).await?;
        }
        base::dissolve_regroupement(tx, &e, r.id).await?;
    } else {
        let nouveau = NouveauRegroupement {
            session: r.session_id,
            libelle: &r.libelle,
            mutualisation: &r.mutualisation,
        };
        base::save_regroupement(tx, &e, (r.id, r.version), &nouveau).await?;
        if mutualisation(&r)? == Mutualisation::DossierUnique {
            let suivante = porteuse.filter(|p| *p != formation_session).unwrap_or(reste[0].id);
            share(tx, &e, suivante, &reste).await?;
        }
    }
    let ids = |m: &[LigneMembre]| m.iter().map(|m| m.public_id.clone()).collect::<Vec<_>>();
    let apres = if fini { Vec::new() } else { ids(&reste) };
    let acte = Acte {
        objet: "regroupement",
        objet_id: &r.public_id,
        avant: Some(json!({ "formations": ids(&membres) })),
        apres: Some(json!({ "formations": apres })),
    };
    record(tx, ctx, permit, &acte).await
}
