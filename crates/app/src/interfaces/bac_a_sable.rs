//! R-API-09: a sandbox, where whoever writes a program tries it on an invented establishment, at the moment of the campaign that
//! they choose. It exists only on an installation that was started for that; nobody's data is there.

use std::collections::HashSet;
use std::sync::Arc;

use domain::comptes::{EtatCompte, Role};
use domain::delegations::Operations;
use domain::droits::{Action, Attribution, Cible, Denial};
use domain::formations::description::modele_de;
use domain::formations::{Famille, Genre};
use domain::interfaces::conformite::{AppelFait, Exercice};
use domain::interfaces::jetons::operations_possibles;
use jiff::Timestamp;
use serde_json::json;
use store::interfaces::{self as base, Essai, EssaiFormation, NouveauJeton};
use store::{Ecriture, Tx};

use super::JetonVu;
use crate::contexte::Ctx;
use crate::debits::Debit;
use crate::erreur::AppError;
use crate::formations::ecrit;
use crate::idempotence::hash;
use crate::journal::{Acte, record};
use crate::limites::JOUR_MS;
use crate::plateforme::{Mode, Plateforme};
use crate::sessions;

/// A sandbox that was opened or put back to its beginning.
#[derive(Debug, Clone)]
pub struct BacASable {
    /// Shown once; `None`: the one that the caller has.
    pub jeton: Option<String>,
    /// Year of the session.
    pub annee: i64,
    /// Public identifier of the invented establishment.
    pub etablissement: String,
    /// (public identifier, label) of its courses.
    pub formations: Vec<(String, String)>,
    /// Its clock of the campaign.
    pub maintenant: Timestamp,
    /// Real milliseconds: first instant when the token opens nothing.
    pub expire_le: i64,
}

/// A production answers as if nothing of this existed.
fn require_demo(app: &Plateforme) -> Result<(), AppError> {
    if app.mode == Mode::Demo {
        Ok(())
    } else {
        Err(Denial { action: Action::EntretenirPlateforme, connu: false }.into())
    }
}

fn require_bac(ctx: &Ctx, j: &JetonVu) -> Result<(), AppError> {
    require_demo(&ctx.app)?;
    if j.bac_a_sable { Ok(()) } else { Err(AppError::NotFound) }
}

/// What the courses of a sandbox are: several kinds, one or several groups, with something left to fill.
fn formations(nom: &str) -> Result<Vec<EssaiFormation>, AppError> {
    let courses = [
        (
            Famille::Bts,
            "BTS - Services - Essais et mesures",
            true,
            vec![
                ("Bac professionnel", "pro", 3),
                ("Bac technologique", "techno", 3),
                ("Autres candidats", "general", 2),
            ],
        ),
        (
            Famille::But,
            "BUT - Essais et qualité",
            true,
            vec![("Bac technologique", "techno", 3), ("Autres candidats", "general", 2)],
        ),
        (Famille::Licence, "Licence - Sciences de l’essai", false, vec![("Tous les candidats", "tous", 4)]),
        (Famille::Ifsi, "D.E secteur sanitaire - Infirmier", true, vec![("Tous les candidats", "tous", 6)]),
        (Famille::Cpge, "Classe préparatoire - Essais", true, vec![("Tous les candidats", "tous", 5)]),
    ];
    courses
        .into_iter()
        .map(|(famille, libelle, selective, groupes)| {
            let genre = Genre::of(famille, libelle);
            let d = modele_de(genre, libelle)
                .avec("contact", "Secrétariat")
                .avec("contact_courriel", "secretariat@bac-a-sable.example");
            let manques = d.a_completer(genre);
            Ok(EssaiFormation {
                famille: famille.code(),
                libelle,
                selective,
                recherche: domain::formations::texte_recherche(libelle, "", nom, "Amiens 80 Somme"),
                groupes,
                description: (ecrit(&d)?, manques),
            })
        })
        .collect()
}

/// Writes an establishment nobody has used yet; gives its key and those of its courses, with what a program may do there.
async fn ecrit_maison(
    tx: &Tx,
    ctx: &Ctx,
    e: &Ecriture<'_>,
    session: i64,
) -> Result<(i64, Vec<(i64, String)>), AppError> {
    let n = store::delegations::count_etablissements(tx).await? + 1;
    let (nom, uai) = (format!("Établissement d’essai nº {n}"), format!("{n:07}Z"));
    let essai = Essai { session, nom: &nom, uai: &uai, formations: &formations(&nom)? };
    let (etablissement, cles) =
        base::insert_essai(tx, e, &ctx.app.coffre, ctx.app.alea.as_ref(), &essai).await?;
    if let Some(charte) = store::charte::versions(tx, session).await?.first() {
        store::charte::accept(tx, e, charte.id, etablissement, "Directrice Essai").await?;
    }
    let tout: Operations = operations_possibles();
    Ok((etablissement, cles.into_iter().map(|c| (c, tout.code())).collect()))
}

async fn dit(
    ctx: &Ctx,
    etablissement: i64,
    jeton: Option<String>,
    (ecart_ms, expire_le): (i64, i64),
) -> Result<BacASable, AppError> {
    let db = &ctx.app.db;
    let session = sessions::courante(db).await?;
    let maisons = store::delegations::etablissements(db, session.id, &[etablissement]).await?;
    let maison = maisons.into_iter().next().ok_or(AppError::NotFound)?;
    let formations = store::delegations::formations(db, session.id, etablissement).await?;
    Ok(BacASable {
        jeton,
        annee: session.annee,
        etablissement: maison.public_id,
        formations: formations
            .into_iter()
            .map(|f| (f.public_id, crate::formations::intitule(&f.libelle, &f.detail)))
            .collect(),
        maintenant: Timestamp::from_millisecond(ctx.recu_ms() + ecart_ms).map_err(AppError::internal)?,
        expire_le,
    })
}

/// Opens a sandbox for whoever asks: an establishment, its courses, its token.
///
/// # Errors
/// [`AppError::Denied`] outside a demonstration; [`AppError::TooMany`] beyond those of a day.
pub async fn open_bac_a_sable(app: &Arc<Plateforme>) -> Result<BacASable, AppError> {
    require_demo(app)?;
    let ctx = Ctx::systeme(app, "bac à sable", "demo");
    let permit = ctx.permit(Action::ImporterOffre, &Cible::plateforme())?;
    let tx = ctx.begin().await?;
    let maintenant = ctx.recu_ms();
    if base::count_bacs_a_sable(&tx, maintenant - JOUR_MS).await? >= app.limites.bacs_a_sable_par_jour {
        return Err(AppError::TooMany { attente_s: 3_600 });
    }
    let session = sessions::courante(&tx).await?;
    let e = ctx.ecriture(&permit);
    let (etablissement, formations) = ecrit_maison(&tx, &ctx, &e, session.id).await?;
    // Whoever answers for the token: of this establishment alone, and that nobody signs in as.
    let courriel = format!("{}@bac-a-sable.example", app.alea.public_id());
    let nouveau = store::comptes::NouveauCompte {
        courriel: &courriel,
        nom: "Essai",
        prenom: "Donneur",
        etat: EtatCompte::Actif,
        mot_de_passe: None,
        totp: None,
        courriel_verifie_le: None,
    };
    let donneur = store::comptes::insert(&tx, &e, &app.coffre, &nouveau).await?;
    let attribution =
        Attribution { etablissement: Some(etablissement), ..Attribution::simple(Role::AdminSite) };
    store::comptes::insert_attributions(&tx, &e, &[(donneur, &attribution)]).await?;
    let jeton = super::jetons::tire(app);
    let expire_le = maintenant + app.limites.jetons.jours_sensible * JOUR_MS;
    let n = NouveauJeton {
        etablissement,
        donneur,
        libelle: "Bac à sable",
        empreinte: &hash(&jeton),
        suffixe: super::jetons::suffixe(&jeton),
        ecrit_etablissement: true,
        demande_etablissement: true,
        toutes: None,
        donne_le: maintenant,
        expire_le,
    };
    let id = base::insert_jeton(&tx, &e, &n, &formations).await?;
    let cle = base::jeton(&tx, &id).await?.ok_or(AppError::NotFound)?.id;
    let ecart = ctx.campagne_ms() - maintenant;
    base::set_bac_a_sable(&tx, cle, etablissement, &formations, ecart).await?;
    let acte = Acte {
        objet: "jeton_api",
        objet_id: &id,
        avant: None,
        apres: Some(json!({ "formations": formations.len() })),
    };
    record(&tx, &ctx, &permit, &acte).await?;
    tx.commit().await?;
    dit(&ctx, etablissement, Some(jeton), (ecart, expire_le)).await
}

/// Puts a sandbox back to its beginning: another establishment with the same data, nothing called yet. The token stays.
///
/// # Errors
/// [`AppError::NotFound`] for a token that is not of a sandbox.
pub async fn reset_bac_a_sable(ctx: &Ctx, j: &JetonVu) -> Result<BacASable, AppError> {
    require_bac(ctx, j)?;
    ctx.take(Debit::RemiseAZero)?;
    ctx.app.carnet.flush(&ctx.app).await?;
    let plateforme = Ctx { jeton: None, ..Ctx::systeme(&ctx.app, "bac à sable", "demo") };
    let permit = plateforme.permit(Action::ImporterOffre, &Cible::plateforme())?;
    let tx = plateforme.begin().await?;
    let session = sessions::courante(&tx).await?;
    let e = plateforme.ecriture(&permit);
    base::withdraw_essai(&tx, &e, j.portee.etablissement).await?;
    let (etablissement, formations) = ecrit_maison(&tx, &plateforme, &e, session.id).await?;
    let donneur = j.acteur.compte.ok_or(AppError::NotFound)?;
    let attribution =
        Attribution { etablissement: Some(etablissement), ..Attribution::simple(Role::AdminSite) };
    store::comptes::insert_attributions(&tx, &e, &[(donneur, &attribution)]).await?;
    let ecart = plateforme.campagne_ms() - plateforme.recu_ms();
    base::set_bac_a_sable(&tx, j.cle, etablissement, &formations, ecart).await?;
    tx.commit().await?;
    dit(&plateforme, etablissement, None, (ecart, j.expire_le)).await
}

/// Sets the clock of a sandbox: of this one alone.
///
/// # Errors
/// [`AppError::NotFound`] for a token that is not of a sandbox.
pub async fn set_horloge(ctx: &Ctx, j: &JetonVu, instant: Timestamp) -> Result<(), AppError> {
    require_bac(ctx, j)?;
    let tx = ctx.begin().await?;
    base::set_ecart(&tx, j.cle, instant.as_millisecond() - ctx.recu_ms()).await?;
    tx.commit().await?;
    Ok(())
}

/// What goes wrong at the next write, to try the caller out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Incident {
    /// 429: the limit is reached.
    Limite,
    /// 503: nothing answers.
    Panne,
}

impl Incident {
    /// Stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Limite => "limite",
            Self::Panne => "panne",
        }
    }

    /// The incident of a code.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Limite, Self::Panne].into_iter().find(|i| i.code() == code)
    }
}

/// Arms or disarms an incident of a sandbox.
///
/// # Errors
/// [`AppError::NotFound`] for a token that is not of a sandbox.
pub async fn set_incident(ctx: &Ctx, j: &JetonVu, incident: Option<Incident>) -> Result<(), AppError> {
    require_bac(ctx, j)?;
    let tx = ctx.begin().await?;
    base::set_incident(&tx, j.cle, incident.map(Incident::code)).await?;
    tx.commit().await?;
    Ok(())
}

/// Calls of a token that are looked at, the last ones.
const APPELS_LUS: i64 = 10_000;

fn fait(instant: i64, route: String, objet: String, statut: i64, marques: &str) -> AppelFait {
    AppelFait { instant, route, objet, statut, marques: marques.split(',').map(str::to_owned).collect() }
}

/// R-API-10: each exercise, and whether the calls of this token show it. A reading, that waits for nobody who writes: the calls that are
/// not written yet are known all the same.
///
/// # Errors
/// [`AppError::NotFound`] for a token that is not of a sandbox.
pub async fn view_conformite(ctx: &Ctx, j: &JetonVu) -> Result<Vec<(Exercice, bool)>, AppError> {
    require_bac(ctx, j)?;
    // Before those that are written: one that is written meanwhile is then met twice, rather than never.
    let attendent = ctx.app.carnet.waiting(j.cle);
    let mut lignes = base::appels(&ctx.app.db, j.cle, i64::MAX, APPELS_LUS).await?;
    lignes.reverse();
    let ecrits: HashSet<String> = lignes.iter().map(|l| l.requete.clone()).collect();
    let mut appels: Vec<AppelFait> =
        lignes.into_iter().map(|a| fait(a.instant_le, a.route, a.objet_id, a.statut, &a.marques)).collect();
    appels.extend(
        attendent
            .into_iter()
            .filter(|a| !ecrits.contains(&a.requete))
            .map(|a| fait(a.instant, a.route, a.objet, a.statut.into(), &a.marques)),
    );
    let evenements = base::count_livrees(&ctx.app.db, j.cle).await?;
    Ok(Exercice::ALL.into_iter().map(|e| (e, e.is_fait(&appels, evenements))).collect())
}
