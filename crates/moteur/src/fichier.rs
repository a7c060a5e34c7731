//! A file of cases, in lines or in columns: recognised by its content.

use anyhow::bail;

use crate::colonnes::{Lecteur, MARQUE};
use crate::evaluation::{CasLu, read, read_whole};
use crate::lecture::Lignes;

/// A file being read case by case.
pub struct Fichier {
    forme: Forme,
    whole: bool,
}

enum Forme {
    Lignes(Lignes),
    Colonnes(Lecteur),
}

impl Fichier {
    /// Opens `chemin` (`-`: standard input).
    pub fn open(chemin: &str) -> anyhow::Result<Self> {
        Self::new(Lignes::open(chemin)?)
    }

    /// The cases of what was opened.
    pub fn new(mut lignes: Lignes) -> anyhow::Result<Self> {
        let debut = lignes.peek()?;
        if debut.starts_with(b"ARROW1") {
            bail!(
                "{} : c’est un fichier Arrow à accès direct ; nous lisons les flux Arrow, que la commande « convertir » écrit",
                lignes.nom()
            );
        }
        let forme = if debut.starts_with(&MARQUE) {
            let (nom, source) = lignes.into_source();
            Forme::Colonnes(Lecteur::new(&nom, source))
        } else {
            Forme::Lignes(lignes)
        };
        Ok(Self { forme, whole: false })
    }

    /// Keeps what a case says beside its input and its output, as a conversion must.
    #[must_use]
    pub fn whole(self) -> Self {
        Self { whole: true, ..self }
    }

    /// The next case.
    pub fn next_cas(&mut self) -> anyhow::Result<Option<CasLu>> {
        match &mut self.forme {
            Forme::Colonnes(lecteur) => lecteur.next_cas(),
            Forme::Lignes(lignes) => match lignes.next_ligne()? {
                None => Ok(None),
                Some((lieu, ligne)) if self.whole => read_whole(lieu, ligne).map(Some),
                Some((lieu, ligne)) => read(lieu, ligne).map(Some),
            },
        }
    }
}
