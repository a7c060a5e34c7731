//! R-ETA-10: where a town is, looked for offline in the national list that the platform was given, else in the few towns that it knows.

use domain::droits::{Action, Cible};
use domain::territoires::{Commune, Trouvee, Ville, choose_commune, cle_commune, villes};
use store::communes::{self as base, LigneCommune};

use crate::contexte::Ctx;
use crate::erreur::AppError;

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
