//! R-FOR-20: the published offer in one file, for who reuses it: what the public search shows, course by course, and nothing else.

use domain::calendrier::{Etape, jour_paris};
use domain::droits::{Action, Cible};
use domain::formations::{Famille, StatutFormation};
use domain::territoires;
use files::tableau::Ecrivain;
use jiff::Timestamp;
use store::formations::{self as base, LigneOffre};

use crate::contexte::Ctx;
use crate::debits::Debit;
use crate::erreur::AppError;
use crate::idempotence::hash;
use crate::sessions::{self, SessionAdmission};

/// Columns of the file: name, and what it says.
pub const COLONNES_OFFRE: [(&str, &str); 18] = [
    ("identifiant", "De la formation, dans l’adresse de sa fiche : /formations/identifiant."),
    ("session", "Année de la session."),
    ("uai", "Code de l’établissement au répertoire national."),
    ("etablissement", "Nom de l’établissement pour cette session."),
    ("type", "Code du type de formation : licence, bts, but, cpge, ifsi…"),
    ("type_libelle", "Le même, en toutes lettres."),
    ("formation", "Intitulé national."),
    ("precision", "Ce que l’établissement ajoute à l’intitulé ; vide : rien."),
    ("statut", "etudiant ou apprentissage."),
    ("selective", "oui : la formation peut refuser ; non."),
    ("internat", "oui : l’internat se demande avec le vœu ; non."),
    ("academie", "Nom de l’académie."),
    ("departement", "Code du département."),
    ("commune", "Commune où la formation est donnée."),
    ("latitude_longitude", "En degrés décimaux, séparés par une espace ; vide : lieu non situé."),
    ("capacite", "Nombre de places publiées ; vide : non publié."),
    ("frais_euros", "Frais publiés, en euros, virgule décimale ; vide : non publiés."),
    ("publiee_le", "Jour de la dernière publication, AAAA-MM-JJ, heure de Paris ; vide : non connu."),
];

/// The offer at one moment.
#[derive(Debug, Clone)]
pub struct VersionOffre {
    /// The open one.
    pub session: SessionAdmission,
    /// Changes whenever the file would.
    pub empreinte: String,
}

/// Which version of the file is there now.
///
/// # Errors
/// As [`super::search_offre`].
pub async fn version_offre(ctx: &Ctx) -> Result<VersionOffre, AppError> {
    ctx.permit(Action::ConsulterOffre, &Cible::plateforme())?;
    ctx.take(Debit::Recherche)?;
    let db = &ctx.app.db;
    let session = sessions::courante(db).await?;
    session.calendrier.require_open(Etape::Consultation, ctx.campagne_le)?;
    let version = base::version_offre(db, session.id).await?;
    let empreinte = hash(&format!("{}|{COLONNES_OFFRE:?}|{version:?}", session.annee));
    Ok(VersionOffre { empreinte, session })
}

/// A part of the file: its header with the first one, then the courses after a key (0: from the beginning), `combien` at most. Gives
/// the key to go on from; `None` at the end.
///
/// # Errors
/// When the database refuses.
pub async fn write_offre(
    ctx: &Ctx,
    v: &VersionOffre,
    apres: i64,
    combien: i64,
) -> Result<(Vec<u8>, Option<i64>), AppError> {
    let lignes = base::offre_publiee(&ctx.app.db, v.session.id, apres, combien).await?;
    let mut fichier = if apres == 0 {
        let mut f = Ecrivain::open(Vec::new()).map_err(AppError::internal)?;
        f.write_row(COLONNES_OFFRE.iter().map(|(nom, _)| *nom)).map_err(AppError::internal)?;
        f
    } else {
        Ecrivain::resume(Vec::new())
    };
    for l in &lignes {
        let cellules = cells(v.session.annee, l);
        fichier.write_row(cellules.iter().map(String::as_str)).map_err(AppError::internal)?;
    }
    let complete = i64::try_from(lignes.len()).is_ok_and(|n| n >= combien);
    let suite = lignes.last().filter(|_| complete).map(|l| l.id);
    Ok((fichier.finish().map_err(AppError::internal)?, suite))
}

fn cells(annee: i64, l: &LigneOffre) -> [String; 18] {
    let oui = |b: bool| if b { "oui" } else { "non" }.to_owned();
    let famille = Famille::from_code(&l.famille).unwrap_or(Famille::Autre);
    let statut = StatutFormation::from_code(&l.statut).map_or("", StatutFormation::code);
    let euros = |c: i64| format!("{},{:02}", c / 100, c % 100);
    let jour =
        |ms: i64| Timestamp::from_millisecond(ms).map(|t| jour_paris(t).to_string()).unwrap_or_default();
    [
        l.public_id.clone(),
        annee.to_string(),
        l.uai.clone(),
        l.etablissement.clone(),
        famille.code().to_owned(),
        famille.libelle().to_owned(),
        l.libelle.clone(),
        l.detail.clone(),
        statut.to_owned(),
        oui(l.selective == 1),
        oui(l.internat == 1),
        territoires::academie(&l.academie).map_or_else(|| l.academie.clone(), |a| a.nom.to_owned()),
        l.departement.clone(),
        l.commune.clone(),
        l.latitude.zip(l.longitude).map(|(lat, lon)| format!("{lat:.5} {lon:.5}")).unwrap_or_default(),
        l.capacite.map(|n| n.to_string()).unwrap_or_default(),
        l.frais_centimes.map(euros).unwrap_or_default(),
        l.publie_le.map(jour).unwrap_or_default(),
    ]
}
