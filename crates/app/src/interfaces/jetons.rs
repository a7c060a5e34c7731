//! Giving tokens to the programs of an establishment, taking them back, and knowing one when it comes.

use std::collections::HashMap;
use std::sync::Arc;

use domain::PublicId;
use domain::delegations::Operations;
use domain::droits::{Acteur, Action, Cible, authorize};
use domain::interfaces::jetons::{self as regles, FinJeton, PorteeFormation, PorteeJeton};
use serde_json::json;
use store::Sql;
use store::comptes as comptes_base;
use store::delegations as maisons;
use store::interfaces::{self as base, LigneJeton, NouveauJeton};

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
    /// Whether it writes the settings of the establishment.
    pub ecrit_etablissement: bool,
    /// Those of the session of the page.
    pub formations: Vec<FormationJeton>,
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

async fn portee(c: &impl Sql, j: &LigneJeton) -> Result<PorteeJeton, AppError> {
    let formations = base::formations_of(c, j.id)
        .await?
        .into_iter()
        .map(|(formation, codes)| {
            let operations = Operations::from_code(&codes)
                .ok_or_else(|| AppError::Internal(format!("jeton_api_formation.operations : {codes}")))?;
            Ok(PorteeFormation { formation, operations })
        })
        .collect::<Result<_, AppError>>()?;
    Ok(PorteeJeton {
        etablissement: j.etablissement_id,
        ecrit_etablissement: j.ecrit_etablissement == 1,
        formations,
    })
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
    let siennes: HashMap<i64, Operations> =
        portee(c, &j).await?.formations.into_iter().map(|f| (f.formation, f.operations)).collect();
    let donneur = donneur_valable(c, &j).await?;
    Ok(Jeton {
        fin: regles::fin(j.expire_le, j.revoque_le.is_some(), donneur, ctx.recu_ms()),
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

/// What is asked for a program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemandeJeton {
    /// What it is called.
    pub libelle: String,
    /// Days that it lasts.
    pub jours: i64,
    /// Whether it writes the settings of the establishment.
    pub ecrit_etablissement: bool,
    /// Public identifiers of courses, and what it writes there.
    pub formations: Vec<(String, Operations)>,
}

/// A token that was given.
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
    let l = &ctx.app.limites;
    let maintenant = ctx.recu_ms();
    base::hold_etablissement(&tx, m.etablissement.id).await?;
    let vivants = base::jetons_of(&tx, m.etablissement.id).await?;
    let vivants = vivants.iter().filter(|j| j.revoque_le.is_none() && j.expire_le > maintenant).count();
    if vivants >= l.jetons_par_etablissement {
        let message = format!(
            "{} jetons sont en vigueur, le plus que permet un établissement : révoquez ceux qui ne servent plus.",
            l.jetons_par_etablissement
        );
        return Err(AppError::Invalid(vec![("libelle", message)]));
    }
    let mut formations = Vec::new();
    for (id, operations) in &d.formations {
        let Some((cle, ..)) = m.formations.iter().find(|(_, f, _)| f == id) else {
            let message =
                "Une formation cochée n’est plus de l’établissement : rechargez la page.".to_owned();
            return Err(AppError::Invalid(vec![("formations", message)]));
        };
        formations.push(PorteeFormation { formation: *cle, operations: *operations });
    }
    let portee = PorteeJeton {
        etablissement: m.etablissement.id,
        ecrit_etablissement: d.ecrit_etablissement,
        formations,
    }
    .closed();
    let libelle = regles::check_jeton(&d.libelle, &portee)?;
    let jours = regles::check_duree(d.jours, &portee, l.jetons)?;
    let jeton = tire(&ctx.app);
    let lignes: Vec<(i64, String)> =
        portee.formations.iter().map(|f| (f.formation, f.operations.code())).collect();
    let donneur = ctx.acteur.compte.ok_or(AppError::NotFound)?;
    let nouveau = NouveauJeton {
        etablissement: m.etablissement.id,
        donneur,
        libelle: &libelle,
        empreinte: &hash(&jeton),
        suffixe: suffixe(&jeton),
        ecrit_etablissement: portee.ecrit_etablissement,
        donne_le: maintenant,
        expire_le: maintenant + jours * JOUR_MS,
    };
    let e = ctx.ecriture(&permit);
    let id = base::insert_jeton(&tx, &e, &nouveau, &lignes).await?;
    let contenu = json!({
        "jours": jours,
        "etablissement": m.etablissement.public_id,
        "ecrit_etablissement": portee.ecrit_etablissement,
        "formations": lignes.len(),
        "operations": lignes.iter().map(|(_, o)| o).collect::<std::collections::BTreeSet<_>>(),
    });
    let acte = Acte { objet: "jeton_api", objet_id: &id, avant: None, apres: Some(contenu.clone()) };
    record(&tx, ctx, &permit, &acte).await?;
    let recepisse = idempotence::emettre(&tx, ctx, garde, &demande, "jeton_donne", None, &contenu).await?;
    tx.commit().await?;
    Ok(Remise { recepisse, id, jeton: Some(jeton) })
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

/// Knows a token. HAB-6: read again at each request, with the rights of whoever gave it. `Err(None)`: there is no such token.
///
/// # Errors
/// When the database refuses.
pub async fn resolve_jeton(
    app: &Arc<Plateforme>,
    jeton: &str,
    maintenant_ms: i64,
) -> Result<Result<JetonVu, Option<FinJeton>>, AppError> {
    if jeton.len() != LONGUEUR || !jeton.starts_with(PREFIXE) {
        return Ok(Err(None));
    }
    let db = &app.db;
    let Some(j) = base::by_empreinte(db, &hash(jeton)).await? else { return Ok(Err(None)) };
    let donneur = donneur_valable(db, &j).await?;
    if let Some(fin) = regles::fin(j.expire_le, j.revoque_le.is_some(), donneur, maintenant_ms) {
        return Ok(Err(Some(fin)));
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
        expire_le: j.expire_le,
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
