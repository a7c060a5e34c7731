//! R-IMP-13: loading the national registers that complete the records of the catalogue of apprenticeship (R-APP-17, R-APP-18): diplomas by
//! their code, establishments by their SIRET. Read, compared with what the platform has, applied in one transaction with what they change
//! of the records of the open session. The registers are of no session; the import is noted in the open one. See `docs/imports.md`.

use std::path::{Path, PathBuf};

use domain::apprentissage::{Diplome, OrganismeConnu};
use domain::droits::{Action, Cible};
use files::nomenclatures::{read_diplomes, read_organismes};
use files::{Bilan, Limites, Progression, Releve};
use serde::Serialize;
use store::apprentissage::{Tenues, hold_fiches};
use store::registres::{self as base, LigneDiplome, LigneOrganisme};
use store::{Ecriture, Sql, Tx};

use super::apprentissage::{AVenir, complete_again};
use super::lire::{ImportError, lire_un};
use super::liste::{compare, texte};
use super::nomenclatures::session;
use super::noter::{Importe, noter};
use super::rapport::{REFUS, conclusion};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::messages::{accord, nombre};

/// A register, whole.
#[derive(Debug)]
enum Registre {
    Diplomes(Vec<LigneDiplome>),
    Organismes(Vec<LigneOrganisme>),
}

/// What was read of a register.
#[derive(Debug)]
pub struct RegistreLu {
    registre: Registre,
    fichier: String,
    chemin: PathBuf,
    lus: u64,
    releve: Releve,
}

/// The nomenclature has 11,000 lines and 2.6 MB, the register of establishments half as much: several times that is another file, and
/// the limits bound the memory that a hostile one can take.
const LIMITES: Limites =
    Limites { octets: 32 * 1024 * 1024, lignes: 100_000, colonnes: 200, ..Limites::DEFAUT };

fn diplome(d: Diplome) -> LigneDiplome {
    LigneDiplome { code: d.code, sigle: d.sigle, libelle: d.libelle }
}

fn organisme(o: OrganismeConnu) -> LigneOrganisme {
    LigneOrganisme {
        siret: o.siret,
        uai: o.uai.unwrap_or_default(),
        nom: o.nom,
        ville: o.ville,
        departement: o.departement,
        latitude: o.position.map(|p| p.0),
        longitude: o.position.map(|p| p.1),
        ferme: o.ferme.into(),
    }
}

impl RegistreLu {
    fn new(registre: Registre, bilan: Bilan, chemin: &Path) -> Result<Self, ImportError> {
        if registre.combien() == 0 && bilan.releve.is_clean() {
            return Err(ImportError::RegistreVide { fichier: bilan.fichier });
        }
        Ok(Self {
            registre,
            fichier: bilan.fichier,
            chemin: chemin.to_owned(),
            lus: bilan.lignes_lues,
            releve: bilan.releve,
        })
    }
}

/// Reads the national nomenclature of diplomas.
///
/// # Errors
/// [`ImportError`], in French.
#[expect(clippy::redundant_closure, reason = "the function itself would be of one lifetime only")]
pub fn lire_diplomes(
    chemin: &Path,
    progression: &mut dyn FnMut(&str, Progression),
) -> Result<RegistreLu, ImportError> {
    let (lus, bilan) = lire_un(chemin, LIMITES, progression, |s, nom, o| read_diplomes(s, nom, o))?;
    RegistreLu::new(Registre::Diplomes(lus.into_iter().map(diplome).collect()), bilan, chemin)
}

/// Reads the register of the establishments of the catalogue of apprenticeship.
///
/// # Errors
/// [`ImportError`], in French.
#[expect(clippy::redundant_closure, reason = "the function itself would be of one lifetime only")]
pub fn lire_organismes(
    chemin: &Path,
    progression: &mut dyn FnMut(&str, Progression),
) -> Result<RegistreLu, ImportError> {
    let (lus, bilan) = lire_un(chemin, LIMITES, progression, |s, nom, o| read_organismes(s, nom, o))?;
    RegistreLu::new(Registre::Organismes(lus.into_iter().map(organisme).collect()), bilan, chemin)
}

/// What to do with what was read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OptionsRegistre {
    /// Writes; otherwise only says what would change.
    pub appliquer: bool,
    /// Leaves out the lines at fault instead of refusing the file.
    pub ignorer_fautes: bool,
}

/// What an import of a register says: to a person in French, to a machine in JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RapportRegistre {
    /// `diplomes` or `organismes`.
    pub registre: &'static str,
    /// Written to the base.
    pub applique: bool,
    /// The faults refused the file: nothing was compared.
    pub refuse: bool,
    /// Those that the platform did not have.
    pub ajoutes: u64,
    /// Those that it says otherwise.
    pub modifies: u64,
    /// Those that the file no longer has: removed, unless lines at fault were left out.
    pub retires: u64,
    /// Those that are as they were.
    pub inchanges: u64,
    /// R-APP-17: records of the open session whose title or code it completes otherwise.
    pub fiches: u64,
    /// Lines of the file, faulty ones included.
    pub lus: u64,
    /// Name of the file.
    pub fichier: String,
    /// Faults and warnings with their place.
    pub releve: Releve,
}

impl RapportRegistre {
    fn new(lu: &RegistreLu) -> Self {
        Self {
            registre: lu.registre.code(),
            applique: false,
            refuse: false,
            ajoutes: 0,
            modifies: 0,
            retires: 0,
            inchanges: 0,
            fiches: 0,
            lus: lu.lus,
            fichier: lu.fichier.clone(),
            releve: lu.releve.clone(),
        }
    }

    /// Lines at fault.
    pub fn fautes(&self) -> u64 {
        self.releve.total_fautes
    }

    /// Compares; gives what the platform is to have.
    fn compare<L: Clone + PartialEq>(&mut self, lus: &[L], connus: &[L], cle: fn(&L) -> &str) -> Vec<L> {
        let (voulus, e) = compare(lus, connus, cle, self.fautes() > 0);
        (self.ajoutes, self.modifies) = (e.ajoutes, e.modifies);
        (self.retires, self.inchanges) = (e.retires, e.inchanges);
        voulus
    }

    /// Whether something is, or would be, written.
    pub fn change(&self) -> bool {
        self.ajoutes + self.modifies + self.retires > 0
    }

    /// Success for a script: applied, or nothing wrong to say.
    pub fn reussi(&self) -> bool {
        !self.refuse
    }

    /// The counts, as the table of imports and the journal keep them.
    fn compte(&self) -> serde_json::Value {
        serde_json::json!({
            "ajoutes": self.ajoutes, "modifies": self.modifies, "retires": self.retires,
            "inchanges": self.inchanges, "fiches": self.fiches, "fautes": self.fautes(),
        })
    }

    /// The last line of every report.
    pub fn derniere_ligne(&self) -> String {
        let n = |n: u64| nombre(i64::try_from(n).unwrap_or(i64::MAX));
        let quoi = if self.registre == "diplomes" { "diplômes" } else { "établissements" };
        format!(
            "{} lignes lues, {} {quoi} ajoutés, {} modifiés, {} retirés, {} inchangés, {} fautes",
            n(self.lus),
            n(self.ajoutes),
            n(self.modifies),
            n(self.retires),
            n(self.inchanges),
            n(self.fautes())
        )
    }

    /// The report for a person.
    pub fn texte(&self) -> String {
        let fiches = if self.fiches == 0 {
            String::new()
        } else {
            let fiches =
                accord(self.fiches, "fiche d’apprentissage change", "fiches d’apprentissage changent");
            format!("{fiches} d’intitulé ou de code UAI dans la session ouverte.")
        };
        let fin = if self.refuse { REFUS } else { conclusion(self.applique, self.change(), false) };
        texte((self.fichier.as_str(), &self.releve), &fiches, fin, &self.derniere_ligne())
    }
}

impl Registre {
    const fn code(&self) -> &'static str {
        match self {
            Self::Diplomes(_) => "diplomes",
            Self::Organismes(_) => "organismes",
        }
    }

    fn combien(&self) -> usize {
        match self {
            Self::Diplomes(lignes) => lignes.len(),
            Self::Organismes(lignes) => lignes.len(),
        }
    }

    /// What the platform is to have once this was read.
    async fn compare(&self, c: &impl Sql, rapport: &mut RapportRegistre) -> Result<Self, AppError> {
        Ok(match self {
            Self::Diplomes(lus) => {
                let connus = base::diplomes(c).await?;
                Self::Diplomes(rapport.compare(lus, &connus, |d| &d.code))
            }
            Self::Organismes(lus) => {
                let connus = base::organismes(c).await?;
                Self::Organismes(rapport.compare(lus, &connus, |o| &o.siret))
            }
        })
    }

    fn a_venir(&self) -> AVenir<'_> {
        match self {
            Self::Diplomes(lignes) => AVenir::Diplomes(lignes),
            Self::Organismes(lignes) => AVenir::Organismes(lignes),
        }
    }

    async fn replace(&self, tx: &Tx) -> Result<(), AppError> {
        match self {
            Self::Diplomes(lignes) => base::replace_diplomes(tx, lignes).await?,
            Self::Organismes(lignes) => base::replace_organismes(tx, lignes).await?,
        }
        Ok(())
    }
}

/// R-IMP-13: compares a register with the one that the platform has; takes its place when asked, in one transaction with what it changes
/// of the records of the open session. What is already there is not written again.
///
/// # Errors
/// [`AppError::Denied`]; [`AppError::Invalid`] when no session is open.
pub async fn import_registre(
    ctx: &Ctx,
    lu: &RegistreLu,
    options: OptionsRegistre,
) -> Result<RapportRegistre, AppError> {
    let permit = ctx.permit(Action::ImporterOffre, &Cible::plateforme())?;
    let session = session(ctx, None).await?;
    let ici = (session.id, session.annee);
    let seuil = ctx.app.limites.retraits_apprentissage;
    let mut rapport = RapportRegistre::new(lu);
    if rapport.fautes() > 0 && !options.ignorer_fautes {
        rapport.refuse = true;
        return Ok(rapport);
    }
    if !options.appliquer {
        let db = &ctx.app.db;
        let voulu = lu.registre.compare(db, &mut rapport).await?;
        if rapport.change() {
            let fiches = complete_again(db, ici, seuil, voulu.a_venir()).await?;
            rapport.fiches = fiches.iter().map(|f| f.combien).sum();
        }
        return Ok(rapport);
    }
    let tx = ctx.begin().await?;
    let voulu = lu.registre.compare(&tx, &mut rapport).await?;
    if rapport.change() {
        rapport.applique = true;
        let e = Ecriture::new(&permit, ctx.campagne_le, "import", ctx.app.alea.as_ref());
        voulu.replace(&tx).await?;
        // What an agent decides of a record meanwhile waits, then is refused as late.
        hold_fiches(&tx, session.id, Tenues::Toutes).await?;
        for fiches in complete_again(&tx, ici, seuil, voulu.a_venir()).await? {
            rapport.fiches += fiches.combien;
            fiches.write(&tx, &e, session.id).await?;
        }
        let bilan = rapport.compte();
        let importe = Importe { nature: rapport.registre, session: session.id, bilan: &bilan, flux: None };
        let fichier = [(lu.fichier.as_str(), lu.chemin.as_path())];
        noter(ctx, &tx, &permit, &e, &importe, fichier).await?;
        tx.commit().await?;
        ctx.app.db.analyze().await?;
    }
    Ok(rapport)
}
