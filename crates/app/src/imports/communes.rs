//! R-ETA-10: loading the national list of towns: read, compare with the one that the platform has, apply in one transaction. The list is
//! of no session; the import is noted in the open one. See `docs/imports.md`.

use std::path::{Path, PathBuf};

use domain::droits::{Action, Cible};
use domain::territoires::{Commune, cle_commune};
use files::nomenclatures::read_communes;
use files::{Limites, Progression, Releve};
use serde::Serialize;
use store::Ecriture;
use store::communes::{self as base, LigneCommune};

use super::lire::{ImportError, lire_un};
use super::liste::{compare, texte};
use super::nomenclatures::session;
use super::noter::{Importe, noter};
use super::rapport::{REFUS, conclusion};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::messages::{accord, nombre};

/// What was read of the national list.
#[derive(Debug)]
pub struct CommunesLues {
    communes: Vec<LigneCommune>,
    fichier: String,
    chemin: PathBuf,
    lues: u64,
    laissees: u64,
    releve: Releve,
}

/// The national list has 39,000 lines and 3 MB: several times that is another file, and the limits bound the memory that a hostile
/// one can take.
const LIMITES: Limites =
    Limites { octets: 16 * 1024 * 1024, lignes: 150_000, colonnes: 50, ..Limites::DEFAUT };

/// Reads the list of towns.
///
/// # Errors
/// [`ImportError`], in French.
#[expect(clippy::redundant_closure, reason = "the function itself would be of one lifetime only")]
pub fn lire_communes(
    chemin: &Path,
    progression: &mut dyn FnMut(&str, Progression),
) -> Result<CommunesLues, ImportError> {
    let (communes, bilan) = lire_un(chemin, LIMITES, progression, |s, nom, o| read_communes(s, nom, o))?;
    if communes.is_empty() && bilan.releve.is_clean() {
        return Err(ImportError::SansCommune { fichier: bilan.fichier });
    }
    Ok(CommunesLues {
        communes: communes.into_iter().map(ligne).collect(),
        fichier: bilan.fichier,
        chemin: chemin.to_owned(),
        lues: bilan.lignes_lues,
        laissees: bilan.lignes_ignorees,
        releve: bilan.releve,
    })
}

/// What to do with what was read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OptionsCommunes {
    /// Writes; otherwise only says what would change.
    pub appliquer: bool,
    /// Leaves out the lines at fault instead of refusing the file.
    pub ignorer_fautes: bool,
}

/// What an import of towns says: to a person in French, to a machine in JSON. A town counts once for each of its post codes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RapportCommunes {
    /// Written to the base.
    pub applique: bool,
    /// The faults refused the file: nothing was compared.
    pub refuse: bool,
    /// Towns that the platform did not have.
    pub ajoutees: u64,
    /// Towns whose place or department changes.
    pub modifiees: u64,
    /// Towns that the file no longer has: removed, unless lines at fault were left out.
    pub retirees: u64,
    /// Towns that are as they were.
    pub inchangees: u64,
    /// Lines without a position, or said twice: left aside.
    pub laissees: u64,
    /// Lines of the file, faulty ones included.
    pub lues: u64,
    /// Name of the file.
    pub fichier: String,
    /// Faults and warnings with their place.
    pub releve: Releve,
}

fn ligne(c: Commune) -> LigneCommune {
    LigneCommune {
        nom: c.nom,
        code_postal: c.code_postal,
        departement: c.departement,
        latitude: c.latitude,
        longitude: c.longitude,
    }
}

impl RapportCommunes {
    fn new(lues: &CommunesLues) -> Self {
        Self {
            applique: false,
            refuse: false,
            ajoutees: 0,
            modifiees: 0,
            retirees: 0,
            inchangees: 0,
            laissees: lues.laissees,
            lues: lues.lues,
            fichier: lues.fichier.clone(),
            releve: lues.releve.clone(),
        }
    }

    /// Lines at fault.
    pub fn fautes(&self) -> u64 {
        self.releve.total_fautes
    }

    /// Compares; gives the list that the platform is to have.
    fn compare(&mut self, lues: &[LigneCommune], connues: &[LigneCommune]) -> Vec<LigneCommune> {
        let partielle = self.fautes() > 0;
        let (voulues, e) = compare(lues, connues, |c| (c.code_postal.as_str(), c.nom.as_str()), partielle);
        (self.ajoutees, self.modifiees) = (e.ajoutes, e.modifies);
        (self.retirees, self.inchangees) = (e.retires, e.inchanges);
        voulues
    }

    /// Whether something is, or would be, written.
    pub fn change(&self) -> bool {
        self.ajoutees + self.modifiees + self.retirees > 0
    }

    /// Success for a script: applied, or nothing wrong to say.
    pub fn reussi(&self) -> bool {
        !self.refuse
    }

    /// The counts, as the table of imports and the journal keep them.
    fn compte(&self) -> serde_json::Value {
        serde_json::json!({
            "ajoutees": self.ajoutees, "modifiees": self.modifiees, "retirees": self.retirees,
            "inchangees": self.inchangees, "laissees": self.laissees, "fautes": self.fautes(),
        })
    }

    /// The last line of every report.
    pub fn derniere_ligne(&self) -> String {
        let n = |n: u64| nombre(i64::try_from(n).unwrap_or(i64::MAX));
        format!(
            "{} lignes lues, {} communes ajoutées, {} modifiées, {} retirées, {} inchangées, {} lignes laissées de côté, \
             {} fautes",
            n(self.lues),
            n(self.ajoutees),
            n(self.modifiees),
            n(self.retirees),
            n(self.inchangees),
            n(self.laissees),
            n(self.fautes())
        )
    }

    /// The report for a person.
    pub fn texte(&self) -> String {
        let laissees = if self.laissees == 0 {
            String::new()
        } else {
            accord(
                self.laissees,
                "ligne sans position, ou dite deux fois, est laissée de côté.",
                "lignes sans position, ou dites deux fois, sont laissées de côté.",
            )
        };
        let fin = if self.refuse { REFUS } else { conclusion(self.applique, self.change(), false) };
        texte((self.fichier.as_str(), &self.releve), &laissees, fin, &self.derniere_ligne())
    }
}

/// R-ETA-10: compares the list with the one that the platform has; takes its place, in one transaction, when asked. What is already
/// there is not written again.
///
/// # Errors
/// [`AppError::Denied`]; [`AppError::Invalid`] when no session is open.
pub async fn import_communes(
    ctx: &Ctx,
    lues: &CommunesLues,
    options: OptionsCommunes,
) -> Result<RapportCommunes, AppError> {
    let permit = ctx.permit(Action::ImporterOffre, &Cible::plateforme())?;
    let session = session(ctx, None).await?;
    let mut rapport = RapportCommunes::new(lues);
    if rapport.fautes() > 0 && !options.ignorer_fautes {
        rapport.refuse = true;
        return Ok(rapport);
    }
    if !options.appliquer {
        let connues = base::all(&ctx.app.db).await?;
        rapport.compare(&lues.communes, &connues);
        return Ok(rapport);
    }
    let tx = ctx.begin().await?;
    let connues = base::all(&tx).await?;
    let voulues = rapport.compare(&lues.communes, &connues);
    if rapport.change() {
        rapport.applique = true;
        let e = Ecriture::new(&permit, ctx.campagne_le, "import", ctx.app.alea.as_ref());
        // Before each town, how it is looked for.
        let cherchees: Vec<(String, LigneCommune)> =
            voulues.into_iter().map(|c| (cle_commune(&c.nom), c)).collect();
        base::replace(&tx, &cherchees).await?;
        let bilan = rapport.compte();
        let importe = Importe { nature: "communes", session: session.id, bilan: &bilan, flux: None };
        let fichier = [(lues.fichier.as_str(), lues.chemin.as_path())];
        noter(ctx, &tx, &permit, &e, &importe, fichier).await?;
        tx.commit().await?;
        ctx.app.db.analyze().await?;
    }
    Ok(rapport)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_left_aside_are_counted_in_french() {
        let lues = CommunesLues {
            communes: Vec::new(),
            fichier: "communes.csv".to_owned(),
            chemin: PathBuf::new(),
            lues: 2,
            laissees: 1,
            releve: Releve::default(),
        };
        let mut r = RapportCommunes::new(&lues);
        let une = "\n1 ligne sans position, ou dite deux fois, est laissée de côté.\n";
        assert!(r.texte().contains(une), "{}", r.texte());
        r.laissees = 2;
        assert!(r.texte().contains("\n2 lignes sans position, ou dites deux fois, sont"), "{}", r.texte());
        r.laissees = 0;
        assert!(!r.texte().contains("sans position"), "{}", r.texte());
    }
}
