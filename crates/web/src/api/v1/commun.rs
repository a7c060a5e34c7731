//! What several routes answer.

use app::idempotence::Recepisse;
use app::{Avertissement, Faute};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

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
