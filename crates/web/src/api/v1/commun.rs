//! What several routes answer.

use app::formations::{Bilan, LaisseeDeCote};
use app::idempotence::Recepisse;
use app::{Avertissement, Faute};
use axum::http::StatusCode;
use domain::PublicId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::appel::{Appel, id};
use crate::api::probleme::{ChampFautif, Probleme};

/// La preuve d’un acte.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RecepisseActe {
    /// « K7QX-2MWD-4FZR » : se vérifie sur la page des récépissés.
    pub numero: String,
    /// Code de l’acte.
    pub acte: String,
    /// SHA-256 du contenu, en hexadécimal.
    pub empreinte: String,
    /// Instant de l’acte.
    #[schema(format = DateTime)]
    pub emis_le: String,
}

impl From<&Recepisse> for RecepisseActe {
    fn from(r: &Recepisse) -> Self {
        Self {
            numero: r.numero.clone(),
            acte: r.acte.clone(),
            empreinte: r.empreinte.clone(),
            emis_le: instant(r.emis_le),
        }
    }
}

/// Une formation nommée avec d’autres, telle qu’elle a été lue.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FormationLue {
    /// Identifiant public.
    pub id: String,
    /// Version du brouillon qui a été lu : `version` de la liste des formations, ou de la lecture de ce qui serait publié. Une
    /// formation qui a changé depuis est laissée de côté.
    pub version: i64,
}

/// The courses of a call with the version that was read of each (TRX-4): each once, no more than a page has.
pub fn lues(appel: &Appel, formations: &[FormationLue]) -> Result<Vec<(PublicId, i64)>, Box<Probleme>> {
    let max = usize::try_from(appel.ctx.app.limites.lot_formations).unwrap_or(usize::MAX);
    if !(1..=max).contains(&formations.len()) {
        return Err(Probleme::champ("formations", format!("nommez de 1 à {max} formations.")));
    }
    let mut lues: Vec<(PublicId, i64)> = Vec::with_capacity(formations.len());
    for (i, f) in formations.iter().enumerate() {
        let nommee = id(&f.id)?;
        if lues.iter().any(|(deja, _)| *deja == nommee) {
            return Err(Probleme::champ(format!("formations[{i}]"), "cette formation est déjà nommée."));
        }
        lues.push((nommee, f.version));
    }
    Ok(lues)
}

/// Une formation laissée de côté.
#[derive(Serialize, ToSchema)]
pub struct FormationLaissee {
    /// Identifiant public.
    id: String,
    /// Formation et établissement.
    formation: String,
    /// Tout ce qui l’a fait laisser de côté.
    motifs: Vec<String>,
    /// Rien n’en est attendu : elle attend sa réponse, l’a reçue, ou le public lit déjà ces valeurs.
    a_jour: bool,
    /// Elle a changé depuis la version nommée : relisez-la, puis recommencez avec sa nouvelle version.
    a_relire: bool,
}

impl From<LaisseeDeCote> for FormationLaissee {
    fn from(l: LaisseeDeCote) -> Self {
        Self { id: l.id, formation: l.formation, motifs: l.motifs, a_jour: l.a_jour, a_relire: l.a_relire }
    }
}

/// Nothing was done: what prevents each course of the call, in its order.
pub fn aucune(code: &str, detail: impl Into<String>, bilan: &Bilan) -> Box<Probleme> {
    let mut p = Probleme::new(StatusCode::UNPROCESSABLE_ENTITY, code, detail);
    p.champs = bilan
        .laissees
        .iter()
        .enumerate()
        .map(|(i, l)| ChampFautif { champ: format!("formations[{i}]"), message: l.motifs.join(" ") })
        .collect();
    p
}

/// Une faute d’un fichier.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FauteLigne {
    /// Feuille d’un classeur ; vide pour un CSV.
    pub feuille: String,
    /// À partir de 1, celle des titres.
    pub ligne: u64,
    /// Titre de la colonne ; vide pour toute la ligne.
    pub colonne: String,
    /// Ce qui ne va pas, et que faire.
    pub motif: String,
}

impl FauteLigne {
    pub fn new(feuille: &str, f: &Faute) -> Self {
        Self {
            feuille: feuille.to_owned(),
            ligne: f.ligne,
            colonne: f.colonne.clone(),
            motif: f.motif.clone(),
        }
    }
}

/// Something to know of a file, that prevents nothing.
pub fn avertissement(a: &Avertissement) -> String {
    format!("Ligne {}, {} : {}", a.ligne, a.colonne, a.motif)
}

/// RFC 3339, in UTC.
pub fn instant(ms: i64) -> String {
    Timestamp::from_millisecond(ms).map(|t| t.to_string()).unwrap_or_default()
}

/// RFC 3339, in UTC.
pub fn quand(t: Timestamp) -> String {
    t.to_string()
}
