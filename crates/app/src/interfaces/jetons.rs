//! Giving tokens to the programs of an establishment, changing and renewing them, taking them back, and knowing one when it comes.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use domain::delegations::{Operation, Operations};
use domain::droits::{Acteur, Action, Cible, Permit, authorize};
use domain::interfaces::jetons::{self as regles, AncienSecret, FinJeton, PorteeFormation, PorteeJeton};
use domain::{PublicId, RuleViolation};
use serde_json::json;
use store::comptes as comptes_base;
use store::delegations as maisons;
use store::interfaces::{self as base, ChangementJeton, LigneJeton, NouveauJeton, NouveauSecret};
use store::{Sql, Tx};

use super::bac_a_sable::Incident;
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::idempotence::{self, Garde, Recepisse, hash};
use crate::journal::{Acte, record};
use crate::limites::JOUR_MS;
use crate::plateforme::Plateforme;
use crate::sessions::{self, SessionAdmission};

/// What a token begins with: programs that look for forgotten secrets know it by that.
const PREFIXE: &str = "pcs_";
/// Characters of a whole token.
const LONGUEUR: usize = 4 + 52;

/// A course of the establishment, and what a token writes there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormationJeton {
    /// Public identifier, in the session of the page.
    pub id: String,
    /// Course and detail.
    pub intitule: String,
    /// Empty: it reads.
    pub operations: Operations,
}

/// A token, without itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Jeton {
    /// Public identifier.
    pub id: String,
    /// Sent back by the forms: a token changed in between is a conflict.
    pub version: i64,
    /// What it is called.
    pub libelle: String,
    /// Its last characters.
    pub suffixe: String,
    /// Who gave it, and answers for it.
    pub donneur: String,
    /// Real milliseconds, here and below.
    pub donne_le: i64,
    /// First instant when it opens nothing.
    pub expire_le: i64,
    /// Last call.
    pub vu_le: Option<i64>,
    /// Why it opens nothing; `None`: it is in force.
    pub fin: Option<FinJeton>,
    /// R-API-13: first instant when the secret that it had before opens nothing; `None`: it opens nothing already.
    pub ancien_jusqu_a: Option<i64>,
    /// R-API-05: calls refused since it was given, renewed or taken back, and when the last one came; `None`: there were none.
    pub refus: Option<(i64, i64)>,
    /// Whether it writes the settings of the establishment.
    pub ecrit_etablissement: bool,
    /// Whether it asks about the establishment (R-API-14).
    pub demande_etablissement: bool,
    /// What it does on every course, those to come included; `None`: on those that are named alone.
    pub toutes: Option<Operations>,
    /// Those of the session of the page.
    pub formations: Vec<FormationJeton>,
    /// Courses named that are not of the session of the page.
    pub autres: usize,
}

/// The tokens of an establishment.
#[derive(Debug, Clone)]
pub struct Jetons {
    /// The one of the address.
    pub session: SessionAdmission,
    /// Public identifier of the establishment.
    pub etablissement: String,
    /// Its name.
    pub nom: String,
    /// (public identifier, course and detail): what a token may name.
    pub formations: Vec<(String, String)>,
    /// The last given first.
    pub jetons: Vec<Jeton>,
}

struct Maison {
    session: SessionAdmission,
    etablissement: maisons::LigneEtablissement,
    /// By the key of the permanent course.
    formations: Vec<(i64, String, String)>,
    cible: Cible,
}

async fn maison(c: &impl Sql, ctx: &Ctx, annee: i64, id: &PublicId) -> Result<Maison, AppError> {
    let session = sessions::session(c, annee).await?;
    let etablissement =
        maisons::etablissement(c, session.id, id.as_str()).await?.ok_or(AppError::NotFound)?;
    let cible =
        Cible { session: Some(session.id), etablissement: Some(etablissement.id), ..Cible::default() };
    ctx.permit(Action::GererJetons, &cible)?;
    let formations = maisons::formations(c, session.id, etablissement.id).await?;
    let formations = formations
        .into_iter()
        .map(|f| (f.formation_id, f.public_id, crate::formations::intitule(&f.libelle, &f.detail)))
        .collect();
    Ok(Maison { session, etablissement, formations, cible })
}

/// R-API-04: whether whoever gave a token could still give it.
async fn donneur_valable(c: &impl Sql, j: &LigneJeton) -> Result<bool, AppError> {
    if j.donneur_etat != "actif" {
        return Ok(false);
    }
    let attributions = comptes_base::attributions(c, j.donneur_id).await?;
    let donneur = Acteur { compte: Some(j.donneur_id), nom: String::new(), attributions };
    let cible = Cible { etablissement: Some(j.etablissement_id), ..Cible::default() };
    Ok(authorize(&donneur, Action::GererJetons, &cible).is_ok())
}

fn lit_operations(codes: &str) -> Result<Operations, AppError> {
    Operations::from_code(codes)
        .ok_or_else(|| AppError::Internal(format!("jeton_api_formation.operations : {codes}")))
}

/// What was entrusted, course by course and on all of them.
async fn confiee(c: &impl Sql, j: &LigneJeton) -> Result<PorteeJeton, AppError> {
    let formations = base::formations_of(c, j.id)
        .await?
        .into_iter()
        .map(|(formation, codes)| Ok(PorteeFormation { formation, operations: lit_operations(&codes)? }))
        .collect::<Result<_, AppError>>()?;
    Ok(PorteeJeton {
        etablissement: j.etablissement_id,
        ecrit_etablissement: j.ecrit_etablissement == 1,
        demande_etablissement: j.demande_etablissement == 1,
        toutes: j.toutes.as_deref().map(lit_operations).transpose()?,
        formations,
    })
}

/// The same over the courses that the establishment has now.
async fn portee(c: &impl Sql, j: &LigneJeton) -> Result<PorteeJeton, AppError> {
    let portee = confiee(c, j).await?;
    if portee.toutes.is_none() {
        return Ok(portee);
    }
    let siennes = base::formations_of_etablissement(c, j.etablissement_id).await?;
    Ok(portee.over(&siennes))
}

/// R-API-04: who acts with this token at this instant; `None`: it opens nothing.
pub(super) async fn acteur_of(
    c: &impl Sql,
    j: &LigneJeton,
    maintenant_ms: i64,
) -> Result<Option<Acteur>, AppError> {
    let donneur = donneur_valable(c, j).await?;
    if regles::fin(j.expire_le, j.revoque_le.is_some(), donneur, maintenant_ms).is_some() {
        return Ok(None);
    }
    Ok(Some(portee(c, j).await?.acteur(j.donneur_id, &j.libelle)))
}

async fn vue(c: &impl Sql, ctx: &Ctx, m: &Maison, j: LigneJeton) -> Result<Jeton, AppError> {
    let confiee = confiee(c, &j).await?;
    let cles: Vec<i64> = m.formations.iter().map(|(cle, ..)| *cle).collect();
    let autres = confiee.formations.iter().filter(|f| !cles.contains(&f.formation)).count();
    let toutes = confiee.toutes;
    let siennes: HashMap<i64, Operations> =
        confiee.over(&cles).formations.into_iter().map(|f| (f.formation, f.operations)).collect();
    let donneur = donneur_valable(c, &j).await?;
    let maintenant = ctx.recu_ms();
    let fin = regles::fin(j.expire_le, j.revoque_le.is_some(), donneur, maintenant);
    Ok(Jeton {
        fin,
        autres,
        toutes,
        ancien_jusqu_a: j.ancien_expire_le.filter(|le| fin.is_none() && *le > maintenant),
        refus: j.refuse_le.map(|le| (j.refuses, le)),
        demande_etablissement: j.demande_etablissement == 1,
        version: j.version,
        id: j.public_id,
        libelle: j.libelle,
        suffixe: j.suffixe,
        donneur: j.donneur,
        donne_le: j.donne_le,
        expire_le: j.expire_le,
        vu_le: j.vu_le,
        ecrit_etablissement: j.ecrit_etablissement == 1,
        formations: m
            .formations
            .iter()
            .filter_map(|(cle, id, intitule)| {
                siennes.get(cle).map(|operations| FormationJeton {
                    id: id.clone(),
                    intitule: intitule.clone(),
                    operations: *operations,
                })
            })
            .collect(),
    })
}

/// The tokens of an establishment, for whoever may give them.
///
/// # Errors
/// [`AppError::NotFound`] or [`AppError::Denied`], the same page for both.
pub async fn view_jetons(ctx: &Ctx, annee: i64, etablissement: &PublicId) -> Result<Jetons, AppError> {
    let db = &ctx.app.db;
    let m = maison(db, ctx, annee, etablissement).await?;
    let mut jetons = Vec::new();
    for j in base::jetons_of(db, m.etablissement.id).await? {
        jetons.push(vue(db, ctx, &m, j).await?);
    }
    Ok(Jetons {
        formations: m.formations.into_iter().map(|(_, id, intitule)| (id, intitule)).collect(),
        session: m.session,
        etablissement: m.etablissement.public_id,
        nom: m.etablissement.nom,
        jetons,
    })
}

/// One token of an establishment.
///
/// # Errors
/// As [`view_jetons`]; [`AppError::NotFound`] for a token of others.
pub async fn view_jeton(
    ctx: &Ctx,
    annee: i64,
    etablissement: &PublicId,
    jeton: &PublicId,
) -> Result<(Jetons, Jeton), AppError> {
    let tous = view_jetons(ctx, annee, etablissement).await?;
    let un = tous.jetons.iter().find(|j| j.id == jeton.as_str()).cloned().ok_or(AppError::NotFound)?;
    Ok((tous, un))
}

/// A token that nobody has.
pub(super) fn tire(app: &Plateforme) -> String {
    format!("{PREFIXE}{}{}", app.alea.public_id(), app.alea.public_id())
}

/// Its last characters, by which people tell it from another.
pub(super) fn suffixe(jeton: &str) -> &str {
    jeton.get(LONGUEUR - 4..).unwrap_or_default()
}

/// What is entrusted to a program.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EtendueJeton {
    /// Whether it writes the settings of the establishment.
    pub ecrit_etablissement: bool,
    /// Whether it asks for new courses, and that parts of the establishment be open again.
    pub demande_etablissement: bool,
    /// What it does on every course, those to come included; `None`: on those that are named alone.
    pub toutes: Option<Operations>,
    /// Public identifiers of courses, and what it writes there.
    pub formations: Vec<(String, Operations)>,
}

impl EtendueJeton {
    /// R-API-02: over the courses of the establishment in the session of the page. `autres`: named already, and of another session.
    fn portee(&self, m: &Maison, autres: Vec<PorteeFormation>) -> Result<PorteeJeton, AppError> {
        let mut formations = autres;
        for (id, operations) in &self.formations {
            let Some((cle, ..)) = m.formations.iter().find(|(_, f, _)| f == id) else {
                let message =
                    "Une formation cochée n’est plus de l’établissement : rechargez la page.".to_owned();
                return Err(AppError::Invalid(vec![("formations", message)]));
            };
            formations.push(PorteeFormation { formation: *cle, operations: *operations });
        }
        let portee = PorteeJeton {
            etablissement: m.etablissement.id,
            ecrit_etablissement: self.ecrit_etablissement,
            demande_etablissement: self.demande_etablissement,
            toutes: self.toutes,
            formations,
        };
        Ok(portee.closed())
    }
}

/// As they are stored: (permanent course, codes of operations).
fn lignes_of(portee: &PorteeJeton) -> Vec<(i64, String)> {
    portee.formations.iter().map(|f| (f.formation, f.operations.code())).collect()
}

/// What the journal says of an extent, and `plus`.
fn dite(portee: &PorteeJeton, plus: serde_json::Value) -> serde_json::Value {
    // Code by code: joined, they would leave but a fingerprint.
    let operations: BTreeSet<&str> =
        portee.formations.iter().flat_map(|f| f.operations.iter().map(Operation::code)).collect();
    let toutes = portee.toutes.map(|t| t.iter().map(Operation::code).collect::<Vec<_>>());
    let mut dite = json!({
        "ecrit_etablissement": portee.ecrit_etablissement,
        "demande_etablissement": portee.demande_etablissement,
        "toutes": toutes,
        "formations": portee.formations.len(),
        "operations": operations,
    });
    if let (Some(dite), serde_json::Value::Object(plus)) = (dite.as_object_mut(), plus) {
        dite.extend(plus);
    }
    dite
}

/// R-API-01: room for one more token in force, `sauf` this one.
async fn require_place(tx: &Tx, ctx: &Ctx, etablissement: i64, sauf: Option<i64>) -> Result<(), AppError> {
    let plafond = ctx.app.limites.jetons_par_etablissement;
    base::hold_etablissement(tx, etablissement).await?;
    let tous = base::jetons_of(tx, etablissement).await?;
    let vivant =
        |j: &&LigneJeton| j.revoque_le.is_none() && j.expire_le > ctx.recu_ms() && Some(j.id) != sauf;
    if tous.iter().filter(vivant).count() < plafond {
        return Ok(());
    }
    let message = format!(
        "{plafond} jetons sont en vigueur, le plus que permet un établissement : révoquez ceux qui ne servent plus."
    );
    Err(AppError::Invalid(vec![("libelle", message)]))
}

/// What is asked for a program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemandeJeton {
    /// What it is called.
    pub libelle: String,
    /// Days that it lasts.
    pub jours: i64,
    /// What it may do.
    pub etendue: EtendueJeton,
}

/// A token that was given, or renewed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remise {
    /// Proof of the act.
    pub recepisse: Recepisse,
    /// Public identifier of the token.
    pub id: String,
    /// The token itself, shown this once; `None`: it was given by the same request before.
    pub jeton: Option<String>,
}

/// Gives a token to a program of the establishment. HAB-7: a fresh second step.
///
/// # Errors
/// [`AppError::Rule`] for a name, an extent or a time that cannot be; [`AppError::Invalid`] for a course that is not of the
/// establishment, or too many tokens; [`AppError::Confirmation`]; [`AppError::Denied`].
pub async fn give_jeton(
    ctx: &Ctx,
    garde: &Garde,
    annee: i64,
    etablissement: &PublicId,
    d: &DemandeJeton,
) -> Result<Remise, AppError> {
    let demande = format!("jeton|{annee}|{etablissement}|{}", hash(&format!("{d:?}")));
    let tx = ctx.begin().await?;
    let m = maison(&tx, ctx, annee, etablissement).await?;
    let permit = ctx.permit(Action::GererJetons, &m.cible)?;
    if let Some(recepisse) = idempotence::deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(Remise { recepisse, id: String::new(), jeton: None });
    }
    m.session.require_ouverte()?;
    let maintenant = ctx.recu_ms();
    require_place(&tx, ctx, m.etablissement.id, None).await?;
    let portee = d.etendue.portee(&m, Vec::new())?;
    let libelle = regles::check_jeton(&d.libelle, &portee)?;
    let jours = regles::check_duree(d.jours, &portee, ctx.app.limites.jetons)?;
    let jeton = tire(&ctx.app);
    let donneur = ctx.acteur.compte.ok_or(AppError::NotFound)?;
    let nouveau = NouveauJeton {
        etablissement: m.etablissement.id,
        donneur,
        libelle: &libelle,
        empreinte: &hash(&jeton),
        suffixe: suffixe(&jeton),
        ecrit_etablissement: portee.ecrit_etablissement,
        demande_etablissement: portee.demande_etablissement,
        toutes: portee.toutes.map(Operations::code),
        donne_le: maintenant,
        expire_le: maintenant + jours * JOUR_MS,
    };
    let e = ctx.ecriture(&permit);
    let id = base::insert_jeton(&tx, &e, &nouveau, &lignes_of(&portee)).await?;
    let contenu = dite(&portee, json!({ "jours": jours, "etablissement": m.etablissement.public_id }));
    let acte = Acte { objet: "jeton_api", objet_id: &id, avant: None, apres: Some(contenu.clone()) };
    record(&tx, ctx, &permit, &acte).await?;
    let recepisse = idempotence::emettre(&tx, ctx, garde, &demande, "jeton_donne", None, &contenu).await?;
    tx.commit().await?;
    Ok(Remise { recepisse, id, jeton: Some(jeton) })
}

/// A token of the establishment, to be changed or renewed.
struct Sien {
    m: Maison,
    permit: Permit,
    j: LigneJeton,
}

impl Sien {
    async fn load(
        tx: &Tx,
        ctx: &Ctx,
        annee: i64,
        etablissement: &PublicId,
        jeton: &PublicId,
    ) -> Result<Self, AppError> {
        let m = maison(tx, ctx, annee, etablissement).await?;
        let permit = ctx.permit(Action::GererJetons, &m.cible)?;
        let j = base::jeton(tx, jeton.as_str()).await?;
        let j = j.filter(|j| j.etablissement_id == m.etablissement.id).ok_or(AppError::NotFound)?;
        Ok(Self { m, permit, j })
    }

    async fn fin(&self, tx: &Tx, ctx: &Ctx) -> Result<Option<FinJeton>, AppError> {
        let donneur = donneur_valable(tx, &self.j).await?;
        Ok(regles::fin(self.j.expire_le, self.j.revoque_le.is_some(), donneur, ctx.recu_ms()))
    }
}

fn sans_effet(motif: &'static str) -> AppError {
    RuleViolation::Champ { champ: "jeton", motif }.into()
}

/// R-API-13: changes what a token in force is called and what it does, as if it were given so; its secret, its subscriptions and its
/// calls stay. It ends when it would have, or sooner when its new extent allows fewer days. Whoever changes it answers for it.
///
/// # Errors
/// As [`give_jeton`]; [`RuleViolation::Champ`] on `jeton` for one that opens nothing; [`AppError::Conflict`] when it changed since the
/// person read it.
pub async fn change_jeton(
    ctx: &Ctx,
    garde: &Garde,
    (annee, etablissement, jeton): (i64, &PublicId, &PublicId),
    libelle: &str,
    etendue: &EtendueJeton,
) -> Result<Recepisse, AppError> {
    let demande = format!("changer_jeton|{annee}|{jeton}|{}", hash(&format!("{libelle}|{etendue:?}")));
    let tx = ctx.begin().await?;
    let s = Sien::load(&tx, ctx, annee, etablissement, jeton).await?;
    if let Some(recepisse) = idempotence::deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(recepisse);
    }
    s.m.session.require_ouverte()?;
    if s.fin(&tx, ctx).await?.is_some() {
        return Err(sans_effet("sans_effet"));
    }
    garde.check_version(s.j.version)?;
    let avant = confiee(&tx, &s.j).await?;
    // What the page does not show stays as it is.
    let ici = |f: &PorteeFormation| s.m.formations.iter().any(|(cle, ..)| *cle == f.formation);
    let autres: Vec<PorteeFormation> = avant.formations.iter().filter(|f| !ici(f)).cloned().collect();
    let portee = etendue.portee(&s.m, autres)?;
    let libelle = regles::check_jeton(libelle, &portee)?;
    let changement = ChangementJeton {
        donneur: ctx.acteur.compte.ok_or(AppError::NotFound)?,
        libelle: &libelle,
        ecrit_etablissement: portee.ecrit_etablissement,
        demande_etablissement: portee.demande_etablissement,
        toutes: portee.toutes.map(Operations::code),
        expire_le: regles::fin_changee(s.j.expire_le, &portee, ctx.app.limites.jetons, ctx.recu_ms()),
    };
    let e = ctx.ecriture(&s.permit);
    base::change_jeton(&tx, &e, (s.j.id, s.j.version), &changement, &lignes_of(&portee)).await?;
    let contenu = dite(&portee, json!({ "expire_le": changement.expire_le }));
    let acte = Acte {
        objet: "jeton_api",
        objet_id: &s.j.public_id,
        avant: Some(dite(&avant, json!({ "expire_le": s.j.expire_le }))),
        apres: Some(contenu.clone()),
    };
    record(&tx, ctx, &s.permit, &acte).await?;
    let recepisse = idempotence::emettre(&tx, ctx, garde, &demande, "jeton_change", None, &contenu).await?;
    tx.commit().await?;
    Ok(recepisse)
}

/// R-API-13: gives a token another secret and a new time; what it does, its subscriptions and its calls stay. The former secret opens
/// the same until it was said. One that expired, or whose giver left, is in force again, by its new secret alone; one that was taken
/// back is never.
///
/// # Errors
/// [`AppError::Rule`] for a time that its extent does not allow, or on `jeton` for one that was taken back; [`AppError::Invalid`] for
/// too many tokens; [`AppError::Conflict`] when it changed since the person read it.
pub async fn renew_jeton(
    ctx: &Ctx,
    garde: &Garde,
    (annee, etablissement, jeton): (i64, &PublicId, &PublicId),
    jours: i64,
    ancien: AncienSecret,
) -> Result<Remise, AppError> {
    let demande = format!("renouveler_jeton|{annee}|{jeton}|{jours}|{}", ancien.code());
    let tx = ctx.begin().await?;
    let s = Sien::load(&tx, ctx, annee, etablissement, jeton).await?;
    let id = s.j.public_id.clone();
    if let Some(recepisse) = idempotence::deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(Remise { recepisse, id, jeton: None });
    }
    s.m.session.require_ouverte()?;
    let fin = s.fin(&tx, ctx).await?;
    if fin == Some(FinJeton::Revoque) {
        return Err(sans_effet("revoque"));
    }
    garde.check_version(s.j.version)?;
    require_place(&tx, ctx, s.m.etablissement.id, Some(s.j.id)).await?;
    let jours = regles::check_duree(jours, &confiee(&tx, &s.j).await?, ctx.app.limites.jetons)?;
    let maintenant = ctx.recu_ms();
    let secret = tire(&ctx.app);
    let nouveau = NouveauSecret {
        donneur: ctx.acteur.compte.ok_or(AppError::NotFound)?,
        empreinte: &hash(&secret),
        suffixe: suffixe(&secret),
        expire_le: maintenant + jours * JOUR_MS,
        // What opened nothing any more opens nothing again.
        ancien_expire_le: if fin.is_none() { ancien.fin(ctx.recu_le, s.j.expire_le) } else { maintenant },
    };
    base::renew_jeton(&tx, &ctx.ecriture(&s.permit), (s.j.id, s.j.version), &nouveau).await?;
    let contenu =
        json!({ "jours": jours, "ancien": ancien.code(), "ancien_jusqu_a": nouveau.ancien_expire_le });
    let acte = Acte {
        objet: "jeton_api",
        objet_id: &id,
        avant: Some(json!({ "expire_le": s.j.expire_le })),
        apres: Some(contenu.clone()),
    };
    record(&tx, ctx, &s.permit, &acte).await?;
    let recepisse =
        idempotence::emettre(&tx, ctx, garde, &demande, "jeton_renouvele", None, &contenu).await?;
    tx.commit().await?;
    Ok(Remise { recepisse, id, jeton: Some(secret) })
}

/// Takes a token back, at once and for good. Taking back what no longer opens anything changes nothing.
///
/// # Errors
/// [`AppError::NotFound`] or [`AppError::Denied`], the same page for both; [`AppError::Confirmation`].
pub async fn revoke_jeton(ctx: &Ctx, garde: &Garde, jeton: &PublicId) -> Result<Recepisse, AppError> {
    let demande = format!("revoquer_jeton|{jeton}");
    let tx = ctx.begin().await?;
    let j = base::jeton(&tx, jeton.as_str()).await?.ok_or(AppError::NotFound)?;
    let cible = Cible { etablissement: Some(j.etablissement_id), ..Cible::default() };
    let permit = ctx.permit(Action::GererJetons, &cible)?;
    if let Some(recepisse) = idempotence::deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(recepisse);
    }
    base::revoke_jeton(&tx, &ctx.ecriture(&permit), j.id, ctx.acteur.compte, ctx.recu_ms()).await?;
    let contenu = json!({ "revoque": true });
    let acte = Acte {
        objet: "jeton_api",
        objet_id: &j.public_id,
        avant: Some(json!({ "revoque": j.revoque_le.is_some() })),
        apres: Some(contenu.clone()),
    };
    record(&tx, ctx, &permit, &acte).await?;
    let recepisse = idempotence::emettre(&tx, ctx, garde, &demande, "jeton_revoque", None, &contenu).await?;
    tx.commit().await?;
    Ok(recepisse)
}

/// A token that came with a request, and is in force.
#[derive(Debug, Clone)]
pub struct JetonVu {
    /// Internal key.
    pub cle: i64,
    /// Public identifier.
    pub id: String,
    /// What it is called.
    pub libelle: String,
    /// Real milliseconds: first instant when it opens nothing.
    pub expire_le: i64,
    /// What it may do.
    pub portee: PorteeJeton,
    /// Who acts.
    pub acteur: Acteur,
    /// Of a sandbox.
    pub bac_a_sable: bool,
    /// Its clock of the campaign, in milliseconds from real time; `None`: the platform's.
    pub campagne_ecart_ms: Option<i64>,
    /// What is answered instead at its next write.
    pub incident: Option<Incident>,
}

/// A token that came with a request, is known, and opens nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JetonSansEffet {
    /// Internal key.
    pub cle: i64,
    /// Why.
    pub fin: FinJeton,
}

/// The token of a secret, and the first instant when this secret opens nothing when it is the one of before it was renewed.
async fn by_secret(c: &impl Sql, jeton: &str) -> Result<Option<(LigneJeton, Option<i64>)>, AppError> {
    let empreinte = hash(jeton);
    if let Some(j) = base::by_empreinte(c, &empreinte).await? {
        return Ok(Some((j, None)));
    }
    let ancien = base::by_ancienne_empreinte(c, &empreinte).await?;
    Ok(ancien.map(|j| {
        let jusqu_a = j.ancien_expire_le.unwrap_or(0);
        (j, Some(jusqu_a))
    }))
}

/// Knows a token. HAB-6: read again at each request, with the rights of whoever gave it. `Err(None)`: there is no such token.
///
/// # Errors
/// When the database refuses.
pub async fn resolve_jeton(
    app: &Arc<Plateforme>,
    jeton: &str,
    maintenant_ms: i64,
) -> Result<Result<JetonVu, Option<JetonSansEffet>>, AppError> {
    if jeton.len() != LONGUEUR || !jeton.starts_with(PREFIXE) {
        return Ok(Err(None));
    }
    let db = &app.db;
    let Some((j, ancien)) = by_secret(db, jeton).await? else { return Ok(Err(None)) };
    let donneur = donneur_valable(db, &j).await?;
    let fin = regles::fin(j.expire_le, j.revoque_le.is_some(), donneur, maintenant_ms);
    let fin = match ancien {
        None => fin,
        Some(jusqu_a) => regles::fin_de_l_ancien(fin, jusqu_a, maintenant_ms),
    };
    if let Some(fin) = fin {
        return Ok(Err(Some(JetonSansEffet { cle: j.id, fin })));
    }
    let portee = portee(db, &j).await?;
    Ok(Ok(JetonVu {
        cle: j.id,
        acteur: portee.acteur(j.donneur_id, &j.libelle),
        bac_a_sable: j.bac_a_sable == 1,
        campagne_ecart_ms: j.campagne_ecart_ms.filter(|_| j.bac_a_sable == 1),
        incident: j.incident.as_deref().and_then(Incident::from_code),
        id: j.public_id,
        libelle: j.libelle,
        // The secret that was presented opens nothing from then on.
        expire_le: ancien.map_or(j.expire_le, |jusqu_a| jusqu_a.min(j.expire_le)),
        portee,
    }))
}

/// The courses of a token in the open session: (public identifier, operations). Those that the session does not know are not said.
///
/// # Errors
/// When the database refuses, or no session is open.
pub async fn named_courses(ctx: &Ctx, portee: &PorteeJeton) -> Result<Vec<(String, Operations)>, AppError> {
    let session = sessions::courante(&ctx.app.db).await?;
    let toutes = maisons::formations(&ctx.app.db, session.id, portee.etablissement).await?;
    let siennes: HashMap<i64, Operations> =
        portee.formations.iter().map(|f| (f.formation, f.operations)).collect();
    Ok(toutes.into_iter().filter_map(|f| siennes.get(&f.formation_id).map(|o| (f.public_id, *o))).collect())
}

/// The programs that act in these establishments now, as the table of rights knows them.
///
/// # Errors
/// When the database refuses.
pub(crate) async fn programmes(
    c: &impl Sql,
    etablissements: &[i64],
    maintenant_ms: i64,
) -> Result<Vec<Acteur>, AppError> {
    let mut acteurs = Vec::new();
    for j in base::jetons_in_force(c, etablissements, maintenant_ms).await? {
        if donneur_valable(c, &j).await? {
            acteurs.push(portee(c, &j).await?.acteur(j.donneur_id, &j.libelle));
        }
    }
    Ok(acteurs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_journal_says_what_is_entrusted_code_by_code() {
        let operations: Operations = [Operation::Parametrage, Operation::Capacites].into_iter().collect();
        let portee = PorteeJeton {
            etablissement: 1,
            ecrit_etablissement: false,
            demande_etablissement: false,
            toutes: Some(operations),
            formations: vec![PorteeFormation { formation: 2, operations }],
        };
        let dit = dite(&portee, json!({ "jours": 90 }));
        assert_eq!(dit["toutes"], json!(["parametrage", "capacites"]));
        assert_eq!(dit["operations"], json!(["capacites", "parametrage"]));
        assert_eq!((&dit["formations"], &dit["jours"]), (&json!(1), &json!(90)));
    }
}
