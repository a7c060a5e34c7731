//! Heads and administrators of the establishments of a perimeter: whom to reach, and who is not protected yet.

use domain::comptes::{EtatCompte, Mobile, Role};
use domain::droits::{Action, Cible, Permit, Scope, scope_session};
use domain::etablissements::ParTutelle;
use jiff::Timestamp;
use store::comptes as base;
use store::etablissements::tutelles;

use super::liste::{PAR_PAGE, instant, mots};
use super::securite::require_no_safety;
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::formations::pages;
use crate::messages;
use crate::sessions::{self, SessionAdmission};
use crate::tableaux::{FichierTableau, FormatTableau, Sortie, nom_academie};

/// What the person looks for.
#[derive(Debug, Clone, Default)]
pub struct FiltreResponsables {
    /// Words of the name, of the address, of the establishment, of its town or of its code.
    pub recherche: String,
    /// Heads alone, or administrators alone.
    pub role: Option<Role>,
    /// R-ETA-13: of the establishments of one ministry; `None` for all.
    pub tutelle: Option<ParTutelle>,
    /// Only those who sign in without a second factor.
    pub sans_facteur: bool,
    /// From 1; the export has them all.
    pub page: u32,
}

/// A head or an administrator of an establishment.
#[derive(Debug, Clone)]
pub struct Responsable {
    /// For the address of the account's page.
    pub public_id: String,
    /// Of the account.
    pub nom: String,
    /// Of the account.
    pub prenom: String,
    /// Address of the account.
    pub courriel: String,
    /// The last four digits, never more (CPT-3).
    pub mobile: Option<String>,
    /// A code sent to it came back.
    pub mobile_verifie: bool,
    /// Head or administrator.
    pub role: Role,
    /// Name in the open session.
    pub etablissement: String,
    /// Code of the establishment.
    pub uai: String,
    /// Town of the establishment.
    pub commune: String,
    /// Name of the academy.
    pub academie: String,
    /// How far the account is from being usable.
    pub etat: EtatCompte,
    /// Year until which several people used it.
    pub partage: Option<i64>,
    /// A second factor exists.
    pub facteur: bool,
    /// Real instant of the last visit.
    pub vu_le: Option<Timestamp>,
}

/// One page of them.
#[derive(Debug, Clone)]
pub struct ListeResponsables {
    /// « Session 2024 ».
    pub libelle_session: String,
    /// Those that answer.
    pub total: i64,
    /// Those of the perimeter who sign in without a second factor, whatever the filter.
    pub sans_facteur: i64,
    /// Establishments of the perimeter that have courses and nobody who answers for them.
    pub sans_responsable: i64,
    /// R-ETA-13: those by which the list may be narrowed; none when there is nothing to choose among.
    pub tutelles: Vec<ParTutelle>,
    /// Page shown, from 1.
    pub page: u32,
    /// Pages in all.
    pub pages: u32,
    /// By establishment, the head first.
    pub lignes: Vec<Responsable>,
}

/// Columns of the file, and what each is in the journal.
pub(crate) const COLONNES: [(&str, &str); 12] = [
    ("Académie", "academie"),
    ("UAI", "uai"),
    ("Établissement", "etablissement"),
    ("Commune", "commune"),
    ("Rôle", "role"),
    ("Nom", "nom"),
    ("Prénom", "prenom"),
    ("Adresse électronique", "courriel"),
    ("Téléphone mobile", "mobile"),
    ("État du compte", "etat"),
    ("Double authentification", "second_facteur"),
    ("Dernière visite", "derniere_connexion"),
];

async fn perimeter(ctx: &Ctx) -> Result<(SessionAdmission, Scope), AppError> {
    let session = sessions::courante(&ctx.app.db).await?;
    let scope = scope_session(&ctx.acteur, Action::ConsulterComptes, session.id)?;
    Ok((session, scope))
}

fn stored(session: i64, f: &FiltreResponsables) -> base::FiltreResponsables {
    base::FiltreResponsables {
        session,
        mots: mots(&f.recherche),
        role: f.role.map(Role::code),
        tutelle: f.tutelle.map(ParTutelle::stocke),
        sans_facteur: f.sans_facteur,
    }
}

fn read(ctx: &Ctx, l: base::LigneResponsable) -> Result<Responsable, AppError> {
    let mobile = match &l.mobile_chiffre {
        None => None,
        Some(chiffre) => {
            let clair = base::open_mobile(&ctx.app.coffre, &l.public_id, chiffre)?;
            Mobile::parse(&clair).map(|m| m.masque())
        }
    };
    Ok(Responsable {
        role: l.role()?,
        etat: EtatCompte::from_code(&l.etat).ok_or(AppError::Internal("compte.etat".to_owned()))?,
        academie: nom_academie(l.academie),
        public_id: l.public_id,
        nom: l.nom,
        prenom: l.prenom,
        courriel: l.courriel,
        mobile,
        mobile_verifie: l.mobile_verifie_le.is_some(),
        etablissement: l.etablissement,
        uai: l.uai,
        commune: l.commune,
        partage: l.partage_annee,
        facteur: l.facteur == 1,
        vu_le: l.derniere_connexion_le.map(instant),
    })
}

/// The heads and administrators of the perimeter, by establishment.
///
/// # Errors
/// [`AppError::Denied`] for whoever looks after no account.
pub async fn list_responsables(
    ctx: &Ctx,
    filtre: &FiltreResponsables,
) -> Result<ListeResponsables, AppError> {
    let (session, scope) = perimeter(ctx).await?;
    let db = &ctx.app.db;
    let voulu = stored(session.id, filtre);
    let total = base::count_responsables(db, &scope, &voulu).await?;
    let tous = base::FiltreResponsables { session: session.id, ..Default::default() };
    let sans = base::FiltreResponsables { sans_facteur: true, ..tous.clone() };
    let sans_facteur = base::count_responsables(db, &scope, &sans).await?;
    let (page, pages) = pages(filtre.page, total, PAR_PAGE.into());
    let limites = (i64::from(PAR_PAGE), i64::from(page - 1) * i64::from(PAR_PAGE));
    let lignes = base::list_responsables(db, &scope, &voulu, Some(limites)).await?;
    Ok(ListeResponsables {
        libelle_session: session.libelle,
        total,
        sans_facteur,
        sans_responsable: base::count_sans_responsable(db, &scope, &tous).await?,
        tutelles: ParTutelle::offertes(&tutelles(db, &scope, session.id).await?, filtre.tutelle),
        page,
        pages,
        lignes: lignes.into_iter().map(|l| read(ctx, l)).collect::<Result<_, _>>()?,
    })
}

/// An establishment that has courses in the open session and nobody, head or administrator, who answers for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SansResponsable {
    /// Its code.
    pub uai: String,
    /// Name in the open session.
    pub nom: String,
    /// Its town.
    pub commune: String,
    /// Name of the academy.
    pub academie: String,
    /// How many courses.
    pub formations: i64,
    /// Public identifier of the invitation that waits for an answer.
    pub invitation: Option<String>,
}

/// One page of them.
#[derive(Debug, Clone)]
pub struct ListeSansResponsable {
    /// « Session 2024 ».
    pub libelle_session: String,
    /// All pages.
    pub total: i64,
    /// R-ETA-13: those by which the list may be narrowed; none when there is nothing to choose among.
    pub tutelles: Vec<ParTutelle>,
    /// Page shown, from 1.
    pub page: u32,
    /// Pages in all.
    pub pages: u32,
    /// By academy, then by name.
    pub lignes: Vec<SansResponsable>,
    /// The person may invite somebody there.
    pub invite: bool,
}

/// R-ACC-03: the establishments of the perimeter that nobody answers for, by words of the name, of the town or of the code and by
/// ministry: a role says nothing of them.
///
/// # Errors
/// [`AppError::Denied`] for whoever looks after no account.
pub async fn list_sans_responsable(
    ctx: &Ctx,
    filtre: &FiltreResponsables,
) -> Result<ListeSansResponsable, AppError> {
    let (session, scope) = perimeter(ctx).await?;
    let db = &ctx.app.db;
    let voulu = stored(session.id, filtre);
    let total = base::count_sans_responsable(db, &scope, &voulu).await?;
    let (page, pages) = pages(filtre.page, total, PAR_PAGE.into());
    let limites = (i64::from(PAR_PAGE), i64::from(page - 1) * i64::from(PAR_PAGE));
    let lignes = base::list_sans_responsable(db, &scope, &voulu, limites).await?;
    Ok(ListeSansResponsable {
        tutelles: ParTutelle::offertes(&tutelles(db, &scope, session.id).await?, filtre.tutelle),
        invite: scope_session(&ctx.acteur, Action::InviterComptes, session.id).is_ok(),
        libelle_session: session.libelle,
        total,
        page,
        pages,
        lignes: lignes
            .into_iter()
            .map(|l| SansResponsable {
                academie: nom_academie(l.academie),
                uai: l.uai,
                nom: l.nom,
                commune: l.commune,
                formations: l.formations,
                invitation: l.invitation,
            })
            .collect(),
    })
}

/// The heads and administrators as a file, protected against formulas (ENT-4), whole whatever the page. Recorded with its lines, columns and
/// fingerprint (JOU-1). Nothing leaves an establishment under safety (SES-5).
///
/// # Errors
/// [`AppError::Denied`] for whoever looks after no account, [`domain::RuleViolation::EtablissementEnSecurite`].
pub async fn export_responsables(
    ctx: &Ctx,
    filtre: &FiltreResponsables,
    format: FormatTableau,
) -> Result<FichierTableau, AppError> {
    let _tour = ctx.export_turn().await?;
    let (session, scope) = perimeter(ctx).await?;
    let permit = entitled(ctx, &scope, session.id)?;
    // Names leave the platform (HAB-7).
    ctx.require_fresh()?;
    let tx = ctx.begin().await?;
    for etablissement in &scope.portee().etablissements {
        require_no_safety(&tx, *etablissement).await?;
    }
    let lignes = base::list_responsables(&tx, &scope, &stored(session.id, filtre), None).await?;
    let mut rangees = Vec::with_capacity(lignes.len());
    for l in lignes {
        rangees.push(row(read(ctx, l)?));
    }
    let entetes = COLONNES.map(|(titre, _)| titre);
    let octets = format.write("Responsables", ctx.recu_le, &entetes, &rangees)?;
    let sortie = Sortie {
        objet: ("compte", "responsables"),
        champs: &COLONNES.map(|(_, champ)| champ),
        nom: format!("responsables-{}", session.annee),
        format,
        lignes: rangees.len(),
    };
    let fichier = sortie.leave(&tx, ctx, &permit, octets).await?;
    tx.commit().await?;
    Ok(fichier)
}

/// The permit under which the export is recorded.
fn entitled(ctx: &Ctx, scope: &Scope, session: i64) -> Result<Permit, AppError> {
    let portee = scope.portee();
    let cible = Cible {
        session: Some(session),
        etablissement: portee.etablissements.first().copied(),
        academie: portee.academies.first().cloned(),
        ..Cible::default()
    };
    ctx.permit(Action::ConsulterComptes, &cible)
}

fn row(r: Responsable) -> [String; COLONNES.len()] {
    let mobile = match r.mobile {
        None => "aucun".to_owned(),
        Some(m) if r.mobile_verifie => m,
        Some(m) => format!("{m} (à vérifier)"),
    };
    [
        r.academie,
        r.uai,
        r.etablissement,
        r.commune,
        r.role.libelle().to_owned(),
        r.nom,
        r.prenom,
        r.courriel,
        mobile,
        match r.partage {
            Some(annee) => format!("compte partagé {annee}"),
            None => messages::etat_compte(r.etat.code()).to_owned(),
        },
        if r.facteur { "en place" } else { "absente" }.to_owned(),
        r.vu_le.map_or_else(|| "jamais".to_owned(), messages::date_courte),
    ]
}
