//! What stops the reading of a file. Faults of single lines do not: they are collected (see [`crate::Releve`]).

use crate::tableau::{FICHIER_ENTIER, Faute};

/// A file that cannot be read at all. The text names the file, says what is wrong and what to do.
#[derive(Debug, thiserror::Error)]
pub enum FichierError {
    #[error(
        "Fichier « {fichier} » : lecture interrompue ({cause}). Vérifiez le disque et vos droits, puis recommencez."
    )]
    Lecture {
        fichier: String,
        #[source]
        cause: std::io::Error,
    },
    #[error(
        "Fichier « {fichier} » : décompression impossible ({motif}). Le fichier est tronqué ou abîmé : téléchargez-le à nouveau."
    )]
    Compression { fichier: String, motif: String },
    #[error(
        "Fichier « {fichier} » : {motif}. Un fichier CSV est attendu, en clair ou compressé (.gz, .zst)."
    )]
    Format { fichier: String, motif: String },
    #[error(
        "Fichier « {fichier} » : {motif}. Un classeur XLSX est attendu : enregistrez-le sous ce format depuis votre tableur."
    )]
    Classeur { fichier: String, motif: String },
    #[error(
        "Fichier « {fichier} », ligne {ligne} : encodage non reconnu ({motif}). Enregistrez-le en UTF-8 et recommencez ; sont aussi admis UTF-16 avec marque d’ordre, Windows-1252 et Mac Roman."
    )]
    Encodage { fichier: String, ligne: u64, motif: String },
    #[error(
        "Fichier « {fichier} » : plus de {limite} octets une fois décompressé. Vérifiez qu’il s’agit du bon fichier, ou découpez-le."
    )]
    TropGros { fichier: String, limite: u64 },
    #[error(
        "Fichier « {fichier} » : plus de {limite} lignes de données. Vérifiez qu’il s’agit du bon fichier, ou découpez-le."
    )]
    TropDeLignes { fichier: String, limite: u64 },
    #[error(
        "Fichier « {fichier} » : plus de {limite} cellules, vides comprises. Retirez les lignes et les colonnes qui ne servent pas, ou découpez-le."
    )]
    TropDeCellules { fichier: String, limite: u64 },
    #[error(
        "Fichier « {fichier} » : le fichier est vide. La première ligne doit porter le nom des colonnes."
    )]
    Vide { fichier: String },
    #[error(
        "Fichier « {fichier} », ligne {ligne} : {motif}. Un document JSON en UTF-8 est attendu, en clair ou compressé (.gz, .zst)."
    )]
    Json { fichier: String, ligne: usize, motif: String },
    #[error(
        "Fichier « {fichier} », ligne {ligne}, colonne {position} : {motif}. Sont attendues des fiches du catalogue national (JSON ou CSV) ou un document LHÉO 2.3 (XML), en clair ou compressés (.gz, .zst)."
    )]
    Catalogue { fichier: String, ligne: u64, position: u64, motif: String },
    #[error(
        "Fichier « {fichier} » : il manque {}. C’est peut-être un autre fichier.\n{}",
        how_many(absentes.len()),
        one_a_line(absentes)
    )]
    Colonnes { fichier: String, absentes: Vec<&'static str> },
    #[error("Fichier « {fichier} » : la ligne d’en-tête est inutilisable. {}", phrase(fautes))]
    Entete { fichier: String, fautes: Vec<Faute> },
}

impl FichierError {
    /// As the lines of a report: those of the header one by one, anything else as a fault of the whole file. `attendu` says which
    /// file to send instead of one that is no table: « le fichier CSV exporté ».
    pub fn en_fautes(&self, attendu: &str) -> Vec<Faute> {
        let motif = match self {
            Self::Entete { fautes, .. } => return fautes.clone(),
            Self::Format { motif, .. } => {
                let mut lettres = motif.chars();
                let debut = lettres.next().into_iter().flat_map(char::to_uppercase);
                format!("{}. Envoyez {attendu}.", debut.chain(lettres).collect::<String>())
            }
            autre => autre.to_string(),
        };
        vec![Faute { ligne: FICHIER_ENTIER, colonne: String::new(), motif }]
    }

    /// The file it is about.
    pub fn fichier(&self) -> &str {
        match self {
            Self::Lecture { fichier, .. }
            | Self::Compression { fichier, .. }
            | Self::Format { fichier, .. }
            | Self::Classeur { fichier, .. }
            | Self::Encodage { fichier, .. }
            | Self::TropGros { fichier, .. }
            | Self::TropDeLignes { fichier, .. }
            | Self::TropDeCellules { fichier, .. }
            | Self::Vide { fichier }
            | Self::Json { fichier, .. }
            | Self::Catalogue { fichier, .. }
            | Self::Colonnes { fichier, .. }
            | Self::Entete { fichier, .. } => fichier,
        }
    }

    /// Stable code, for machines.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Lecture { .. } => "lecture",
            Self::Compression { .. } => "compression",
            Self::Format { .. } => "format",
            Self::Classeur { .. } => "classeur",
            Self::Encodage { .. } => "encodage",
            Self::TropGros { .. } => "trop_gros",
            Self::TropDeLignes { .. } => "trop_de_lignes",
            Self::TropDeCellules { .. } => "trop_de_cellules",
            Self::Vide { .. } => "vide",
            Self::Json { .. } => "json",
            Self::Catalogue { .. } => "catalogue",
            Self::Colonnes { .. } => "colonnes",
            Self::Entete { .. } => "entete",
        }
    }

    /// The faults of the header line, when this is what stopped the reading.
    pub fn fautes(&self) -> &[Faute] {
        match self {
            Self::Entete { fautes, .. } => fautes,
            _ => &[],
        }
    }
}

fn how_many(colonnes: usize) -> String {
    if colonnes == 1 { "1 colonne".to_owned() } else { format!("{colonnes} colonnes") }
}

fn one_a_line(colonnes: &[&str]) -> String {
    colonnes.iter().map(|c| format!("« {c} »")).collect::<Vec<_>>().join("\n")
}

fn phrase(fautes: &[Faute]) -> String {
    const MONTREES: usize = 5;
    let mut texte: Vec<String> =
        fautes.iter().take(MONTREES).map(|f| format!("Colonne « {} » : {}.", f.colonne, f.motif)).collect();
    if fautes.len() > MONTREES {
        texte.push(format!("Et {} autres fautes.", fautes.len() - MONTREES));
    }
    texte.join(" ")
}
