//! R-ETA-10, R-FOR-27: where a town is, looked for offline in the national list that the platform was given, else in the few towns that
//! it knows.

use domain::calendrier::Etape;
use domain::droits::{Action, Cible};
use domain::territoires::{
    Commune, Trouvee, Ville, VilleDite, choose_commune, cle_commune, cles_proches, read_ville, ville_entiere,
    villes,
};
use store::communes::{self as base, LigneCommune};

use crate::contexte::Ctx;
use crate::debits::Debit;
use crate::erreur::AppError;
use crate::sessions;

/// What the name of a town leads to.
#[derive(Debug, Clone, PartialEq)]
pub enum CommuneTrouvee {
    /// Its place: latitude and longitude in degrees, to about a metre.
    Une(f64, f64),
    /// Several of that name, each with what tells it from the others: « Saint-Denis (93200) ».
    Plusieurs(Vec<String>),
    /// None; names of the towns that have the post code, a few of them.
    Aucune(Vec<String>),
}

/// Towns named in place of one that is not found.
const VOISINES: i64 = 8;

fn of_ligne(l: LigneCommune) -> Commune {
    Commune {
        nom: l.nom,
        code_postal: l.code_postal,
        departement: l.departement,
        latitude: l.latitude,
        longitude: l.longitude,
    }
}

fn of_ville(v: &Ville) -> Commune {
    Commune {
        nom: v.nom.to_owned(),
        code_postal: String::new(),
        departement: v.departement.to_owned(),
        latitude: v.latitude,
        longitude: v.longitude,
    }
}

fn nommee(c: &Commune) -> String {
    let ou = if c.code_postal.is_empty() { &c.departement } else { &c.code_postal };
    format!("{} ({ou})", c.nom)
}

fn au_metre(degres: f64) -> f64 {
    (degres * 1e5).round() / 1e5
}

/// The town of a name; the post code tells those of one name apart, else the department of whoever looks. Both may be empty.
///
/// # Errors
/// When the database refuses.
pub async fn find_commune(
    ctx: &Ctx,
    nom: &str,
    code_postal: &str,
    departement: &str,
) -> Result<CommuneTrouvee, AppError> {
    ctx.permit(Action::ConsulterOffre, &Cible::plateforme())?;
    let db = &ctx.app.db;
    let cle = cle_commune(nom);
    let mut communes: Vec<Commune> = base::by_cle(db, &cle).await?.into_iter().map(of_ligne).collect();
    if communes.is_empty() {
        communes = villes().iter().filter(|v| cle_commune(v.nom) == cle).map(of_ville).collect();
    }
    match choose_commune(&communes, code_postal, departement) {
        Trouvee::Une(c) => return Ok(CommuneTrouvee::Une(au_metre(c.latitude), au_metre(c.longitude))),
        Trouvee::Plusieurs(p) => return Ok(CommuneTrouvee::Plusieurs(p.into_iter().map(nommee).collect())),
        Trouvee::Aucune => {}
    }
    let voisines = base::by_code_postal(db, code_postal.trim(), VOISINES).await?;
    Ok(CommuneTrouvee::Aucune(voisines.into_iter().map(|c| c.nom).collect()))
}

/// A place that a search is around.
#[derive(Debug, Clone, PartialEq)]
pub struct Lieu {
    /// French name of the town.
    pub nom: String,
    /// Code of its department, which tells it from the towns of its name.
    pub departement: String,
    /// Degrees, WGS 84.
    pub latitude: f64,
    /// Degrees, WGS 84.
    pub longitude: f64,
}

impl Lieu {
    /// « Saint-Denis (93) »: read again by [`find_ville`], it is the same place.
    pub fn designation(&self) -> String {
        if self.departement.is_empty() {
            return self.nom.clone();
        }
        format!("{} ({})", self.nom, self.departement)
    }
}

impl From<&Ville> for Lieu {
    fn from(v: &Ville) -> Self {
        Self {
            nom: v.nom.to_owned(),
            departement: v.departement.to_owned(),
            latitude: v.latitude,
            longitude: v.longitude,
        }
    }
}

impl From<&Commune> for Lieu {
    fn from(c: &Commune) -> Self {
        // An arrondissement is its town, whole: one name and one middle.
        ville_entiere(c).map_or_else(
            || Self {
                nom: c.nom.clone(),
                departement: c.departement.clone(),
                latitude: c.latitude,
                longitude: c.longitude,
            },
            Self::from,
        )
    }
}

/// What the name that a visitor types leads to.
#[derive(Debug, Clone, PartialEq)]
pub enum VilleTrouvee {
    /// One town.
    Une(Lieu),
    /// Several: of one name, by department, or of one post code, by name.
    Plusieurs(Vec<Lieu>),
    /// None; the closest spellings, a few of them.
    Aucune(Vec<Lieu>),
}

/// Towns offered in place of one that is not found.
const PROPOSEES: usize = 6;
/// Towns of one post code: none has more.
const PAR_CODE: i64 = 60;
/// How much longer than the name typed a close one may be: an article and two letters.
const PLUS_LONGUE: i64 = 6;

/// The towns that the platform knows of itself, and those where courses are published.
async fn connues(ctx: &Ctx, session: i64) -> Result<Vec<Commune>, AppError> {
    let mut toutes: Vec<Commune> = villes().iter().map(of_ville).collect();
    toutes.extend(base::of_offre(&ctx.app.db, session).await?.into_iter().map(of_ligne));
    Ok(toutes)
}

/// The towns of a key: of the national list, else of those that are known without it; the first of a department is the one.
async fn of_cle(ctx: &Ctx, session: i64, cle: &str) -> Result<Vec<Commune>, AppError> {
    let liste = base::by_cle(&ctx.app.db, cle).await?;
    if !liste.is_empty() {
        return Ok(liste.into_iter().map(of_ligne).collect());
    }
    let mut siennes = connues(ctx, session).await?;
    siennes.retain(|c| cle_commune(&c.nom) == cle);
    Ok(siennes)
}

/// Places, each once.
fn lieux<'c>(communes: impl IntoIterator<Item = &'c Commune>) -> Vec<Lieu> {
    let mut lieux: Vec<Lieu> = Vec::new();
    for lieu in communes.into_iter().map(Lieu::from) {
        if !lieux.iter().any(|l| (&l.nom, &l.departement) == (&lieu.nom, &lieu.departement)) {
            lieux.push(lieu);
        }
    }
    lieux
}

/// What these places lead to; `None` without any.
fn parmi(lieux: Vec<Lieu>) -> Option<VilleTrouvee> {
    if lieux.is_empty() {
        return None;
    }
    if let [seul] = lieux.as_slice() {
        return Some(VilleTrouvee::Une(seul.clone()));
    }
    Some(VilleTrouvee::Plusieurs(lieux))
}

/// The closest spellings of a name that no town has.
async fn proches(ctx: &Ctx, session: i64, cle: &str) -> Result<Vec<Lieu>, AppError> {
    if cle.is_empty() {
        return Ok(Vec::new());
    }
    // It costs more than a search.
    ctx.take(Debit::Recherche)?;
    let longueur = i64::try_from(cle.chars().count()).unwrap_or(i64::MAX - PLUS_LONGUE);
    let mut cles = base::cles_voisines(&ctx.app.db, cle, (longueur - 2, longueur + PLUS_LONGUE)).await?;
    let connues = connues(ctx, session).await?;
    cles.extend(connues.iter().map(|c| cle_commune(&c.nom)));
    let retenues = cles_proches(cle, cles.iter().map(String::as_str), PROPOSEES);
    let retenues: Vec<String> = retenues.into_iter().map(str::to_owned).collect();
    let mut proposees = Vec::new();
    for cle in &retenues {
        proposees.extend(lieux(&of_cle(ctx, session, cle).await?));
    }
    proposees.truncate(PROPOSEES);
    Ok(proposees)
}

/// R-FOR-27: the town that a visitor names, with its department or its post code when others have its name, as
/// `domain::territoires::read_ville` reads it. `departement`: the one that they search in, empty for none; it tells towns of one name
/// apart when nothing typed does.
///
/// # Errors
/// [`AppError::Rule`] before and after the step « consultation », [`AppError::NotFound`] without an open session,
/// [`AppError::TooMany`] beyond the searches that a network makes in a minute.
pub async fn find_ville(ctx: &Ctx, texte: &str, departement: &str) -> Result<VilleTrouvee, AppError> {
    ctx.permit(Action::ConsulterOffre, &Cible::plateforme())?;
    ctx.take(Debit::Recherche)?;
    let session = sessions::courante(&ctx.app.db).await?;
    session.calendrier.require_open(Etape::Consultation, ctx.campagne_le)?;
    let VilleDite { nom, code_postal, departement: dit } = read_ville(texte);
    let cle = cle_commune(&nom);
    if cle.is_empty() && !code_postal.is_empty() {
        let siennes = base::by_code_postal(&ctx.app.db, &code_postal, PAR_CODE).await?;
        let siennes: Vec<Commune> = siennes.into_iter().map(of_ligne).collect();
        return Ok(parmi(lieux(&siennes)).unwrap_or_else(|| VilleTrouvee::Aucune(Vec::new())));
    }
    let communes = of_cle(ctx, session.id, &cle).await?;
    let ici = if dit.is_empty() { departement } else { dit.as_str() };
    let trouvee = match choose_commune(&communes, &code_postal, ici) {
        Trouvee::Une(c) => parmi(lieux([c])),
        // One alone when the post code is none of its own.
        Trouvee::Plusieurs(p) => parmi(lieux(p)),
        Trouvee::Aucune => None,
    };
    match trouvee {
        Some(trouvee) => Ok(trouvee),
        None => Ok(VilleTrouvee::Aucune(proches(ctx, session.id, &cle).await?)),
    }
}
