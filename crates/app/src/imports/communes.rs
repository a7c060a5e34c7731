//! R-ETA-10: loading the national list of towns: read, compare with the one that the platform has, apply in one transaction. The list is
//! of no session; the import is noted in the open one. See `docs/imports.md`.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use domain::droits::{Action, Cible};
use domain::territoires::{Commune, cle_commune};
use files::nomenclatures::read_communes;
use files::{Limites, Progression, Releve};
use serde::Serialize;
use store::Ecriture;
use store::communes::{self as base, LigneCommune};

use super::lire::{ImportError, lire_un};
use super::nomenclatures::session;
use super::noter::{Importe, noter};
use super::rapport::{conclusion, ecrit_releve};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::messages::nombre;

/// What was read of the national list.
#[derive(Debug)]
pub struct CommunesLues {
    communes: Vec<Commune>,
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
        communes,
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

fn ligne(c: &Commune) -> LigneCommune {
    LigneCommune {
        nom: c.nom.clone(),
        code_postal: c.code_postal.clone(),
        departement: c.departement.clone(),
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

    /// Compares; gives the list that the platform is to have, before each town how it is looked for.
    fn compare(&mut self, lues: &[Commune], connues: &[LigneCommune]) -> Vec<(String, LigneCommune)> {
        let mut restent: HashMap<(&str, &str), &LigneCommune> =
            connues.iter().map(|c| ((c.code_postal.as_str(), c.nom.as_str()), c)).collect();
        let mut voulues = Vec::with_capacity(lues.len());
        for c in lues {
            let voulue = ligne(c);
            match restent.remove(&(c.code_postal.as_str(), c.nom.as_str())) {
                None => self.ajoutees += 1,
                Some(connue) if *connue == voulue => self.inchangees += 1,
                Some(_) => self.modifiees += 1,
            }
            voulues.push((cle_commune(&c.nom), voulue));
        }
        // What a line at fault left out is not what the list no longer has.
        if self.fautes() > 0 {
            voulues.extend(restent.into_values().map(|c| (cle_commune(&c.nom), c.clone())));
        } else {
            self.retirees = restent.len() as u64;
        }
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
        let mut t = String::new();
        // Writing to a String cannot fail.
        let _ = writeln!(t, "Fichier « {} »", self.fichier);
        ecrit_releve(&mut t, &self.releve);
        if self.laissees > 0 {
            let laissees = nombre(i64::try_from(self.laissees).unwrap_or(i64::MAX));
            let _ =
                writeln!(t, "{laissees} lignes sans position, ou dites deux fois, sont laissées de côté.");
        }
        let _ = writeln!(
            t,
            "{}",
            if self.refuse {
                "Rien n’a été importé : corrigez les fautes, ou laissez-les de côté avec --ignorer-fautes."
            } else {
                conclusion(self.applique, self.change(), false)
            }
        );
        t.push_str(&self.derniere_ligne());
        t
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
        base::replace(&tx, &voulues).await?;
        let bilan = rapport.compte();
        let importe = Importe { nature: "communes", session: session.id, bilan: &bilan, flux: None };
        let fichier = [(lues.fichier.as_str(), lues.chemin.as_path())];
        noter(ctx, &tx, &permit, &e, &importe, fichier).await?;
        tx.commit().await?;
        ctx.app.db.analyze().await?;
    }
    Ok(rapport)
}
