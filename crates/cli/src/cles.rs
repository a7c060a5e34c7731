//! The keys, in a file of their own, out of the database and readable by their owner only (DEG-4).

use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};
use app::plateforme::Secrets;
use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use store::{Alea, Coffre};

use crate::phrases;

/// Keys of one platform.
pub struct Cles {
    /// Made by `demo`: a real server refuses them.
    pub demonstration: bool,
    /// Date of the file and of the last rotation, for the operator.
    pub creees_le: String,
    coffre: BTreeMap<u8, [u8; 32]>,
    recherche: [u8; 32],
    secrets: Secrets,
}

impl std::fmt::Debug for Cles {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Cles({} versions)", self.coffre.len())
    }
}

/// The file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Fichier {
    demonstration: bool,
    creees_le: String,
    recherche: String,
    poivre: String,
    temoins: String,
    signature: String,
    /// Absent from files made before the journal was signed: `cles completer` adds it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    journal: Option<String>,
    /// Version → key.
    coffre: BTreeMap<String, String>,
}

const ENTETE: &str = "\
# Clés de Parcoursup. SANS CE FICHIER, LA BASE NE SE LIT PLUS ; avec lui et la base, tout se lit.
# À sauvegarder ailleurs que la base. Ne jamais le modifier à la main : « parcoursup cles tourner » ajoute une version.
";

impl Cles {
    /// Fresh keys.
    pub fn creer(alea: &dyn Alea, date: &str, demonstration: bool) -> Self {
        Self {
            demonstration,
            creees_le: date.to_owned(),
            coffre: BTreeMap::from([(1, cle(alea))]),
            recherche: cle(alea),
            secrets: Secrets {
                poivre: cle(alea),
                temoins: cle(alea),
                signature: cle(alea),
                journal: cle(alea),
            },
        }
    }

    /// Reads the file; refuses one that others may read, or weak keys.
    ///
    /// # Errors
    /// One sentence, with what to do.
    pub fn lire(chemin: &Path) -> Result<Self> {
        let texte = lire_prive(chemin, "le fichier de clés", "« parcoursup cles creer » en crée un")?;
        let faute = |quoi: &str| {
            anyhow!(
                "le fichier de clés {} est abîmé ({quoi}) : reprenez-le de sa sauvegarde.",
                chemin.display()
            )
        };
        let fichier: Fichier = toml::from_str(&texte).map_err(|_| faute("il manque des lignes"))?;
        let Some(journal) = &fichier.journal else {
            bail!(
                "le fichier de clés {} n’a pas celle qui signe le journal : « parcoursup cles completer » l’ajoute.",
                chemin.display()
            );
        };
        let lit = |nom: &str, texte: &str| -> Result<[u8; 32]> {
            let octets = HEXLOWER.decode(texte.as_bytes()).ok();
            octets
                .and_then(|o| <[u8; 32]>::try_from(o).ok())
                .ok_or_else(|| faute(&format!("la clé « {nom} » n’a pas 64 chiffres hexadécimaux")))
        };
        let mut coffre = BTreeMap::new();
        for (version, texte) in &fichier.coffre {
            let numero: u8 =
                version.parse().ok().filter(|n| *n > 0).ok_or_else(|| {
                    faute(&format!("la version « {version} » n’est pas un nombre de 1 à 255"))
                })?;
            coffre.insert(numero, lit(&format!("coffre.{version}"), texte)?);
        }
        if coffre.is_empty() {
            return Err(faute("aucune clé du coffre"));
        }
        let cles = Self {
            demonstration: fichier.demonstration,
            creees_le: fichier.creees_le,
            coffre,
            recherche: lit("recherche", &fichier.recherche)?,
            secrets: Secrets {
                poivre: lit("poivre", &fichier.poivre)?,
                temoins: lit("temoins", &fichier.temoins)?,
                signature: lit("signature", &fichier.signature)?,
                journal: lit("journal", journal)?,
            },
        };
        cles.refuser_faibles()
            .with_context(|| format!("le fichier de clés {} ne convient pas", chemin.display()))?;
        Ok(cles)
    }

    /// Adds to an older file the keys that this program needs and that it does not hold. Gives whether it changed.
    ///
    /// # Errors
    /// When the file cannot be read or written.
    pub fn completer(chemin: &Path, alea: &dyn Alea) -> Result<bool> {
        let texte = lire_prive(chemin, "le fichier de clés", "« parcoursup cles creer » en crée un")?;
        let mut fichier: Fichier = toml::from_str(&texte).with_context(|| {
            format!("le fichier de clés {} est abîmé : reprenez-le de sa sauvegarde", chemin.display())
        })?;
        if fichier.journal.is_some() {
            return Ok(false);
        }
        fichier.journal = Some(HEXLOWER.encode(&cle(alea)));
        let texte = format!("{ENTETE}{}", toml::to_string(&fichier).context("écriture des clés")?);
        ecrire_prive(chemin, texte.as_bytes(), false)?;
        Ok(true)
    }

    /// Writes the file in one go. `neuf`: refuses to replace one.
    ///
    /// # Errors
    /// When the file exists, or cannot be written.
    pub fn ecrire(&self, chemin: &Path, neuf: bool) -> Result<()> {
        let hexa = |o: &[u8; 32]| HEXLOWER.encode(o);
        let fichier = Fichier {
            demonstration: self.demonstration,
            creees_le: self.creees_le.clone(),
            recherche: hexa(&self.recherche),
            poivre: hexa(&self.secrets.poivre),
            temoins: hexa(&self.secrets.temoins),
            signature: hexa(&self.secrets.signature),
            journal: Some(hexa(&self.secrets.journal)),
            coffre: self.coffre.iter().map(|(v, c)| (v.to_string(), hexa(c))).collect(),
        };
        let texte = format!("{ENTETE}{}", toml::to_string(&fichier).context("écriture des clés")?);
        ecrire_prive(chemin, texte.as_bytes(), neuf)
    }

    /// Adds a version of the vault key: it ciphers from now on, the older ones still decipher.
    ///
    /// # Errors
    /// When 255 versions exist.
    pub fn tourner(&mut self, alea: &dyn Alea, date: &str) -> Result<u8> {
        let actuelle = self.coffre.keys().next_back().copied().unwrap_or(0);
        let Some(suivante) = actuelle.checked_add(1) else {
            bail!("255 versions existent déjà : retirez les anciennes (« parcoursup cles retirer »).");
        };
        self.coffre.insert(suivante, cle(alea));
        date.clone_into(&mut self.creees_le);
        Ok(suivante)
    }

    /// Forgets an old version.
    ///
    /// # Errors
    /// For the version that ciphers now, or one that is not there.
    pub fn retirer(&mut self, version: u8) -> Result<()> {
        if self.versions().last() == Some(&version) {
            bail!("la version {version} est celle qui chiffre aujourd’hui : elle ne se retire pas.");
        }
        if self.coffre.remove(&version).is_none() {
            bail!("la version {version} n’est pas dans ce fichier.");
        }
        Ok(())
    }

    /// Versions of the vault key, the one that ciphers last.
    pub fn versions(&self) -> Vec<u8> {
        self.coffre.keys().copied().collect()
    }

    /// The vault.
    ///
    /// # Errors
    /// Never with a file that was read.
    pub fn coffre(&self) -> Result<Coffre> {
        Ok(Coffre::new(self.coffre.clone(), self.recherche)?)
    }

    /// The other secrets.
    pub fn secrets(&self) -> Secrets {
        self.secrets.clone()
    }

    fn refuser_faibles(&self) -> Result<()> {
        let mut toutes: Vec<(String, &[u8; 32])> =
            self.coffre.iter().map(|(v, c)| (format!("coffre.{v}"), c)).collect();
        toutes.extend([
            ("recherche".to_owned(), &self.recherche),
            ("poivre".to_owned(), &self.secrets.poivre),
            ("temoins".to_owned(), &self.secrets.temoins),
            ("signature".to_owned(), &self.secrets.signature),
            ("journal".to_owned(), &self.secrets.journal),
        ]);
        for (i, (nom, cle)) in toutes.iter().enumerate() {
            let differents: std::collections::BTreeSet<u8> = cle.iter().copied().collect();
            // 32 random bytes hold fewer than 16 different values once in more than 10^15.
            if differents.len() < 16 {
                bail!(
                    "la clé « {nom} » n’est pas aléatoire : créez de vraies clés par « parcoursup cles creer »."
                );
            }
            if let Some((autre, _)) = toutes[..i].iter().find(|(_, c)| c == cle) {
                bail!("les clés « {autre} » et « {nom} » sont les mêmes : chacune doit être différente.");
            }
        }
        Ok(())
    }
}

/// 32 random bytes.
pub fn cle(alea: &dyn Alea) -> [u8; 32] {
    let mut octets = [0; 32];
    alea.fill(&mut octets);
    octets
}

/// Reads a secret file, refused when others may read it.
///
/// # Errors
/// One sentence, with what to do.
pub fn lire_prive(chemin: &Path, quoi: &str, si_absent: &str) -> Result<String> {
    let droits = match fs::metadata(chemin) {
        Ok(m) => m.permissions().mode(),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
            bail!("{quoi} {} n’existe pas : {si_absent}.", chemin.display())
        }
        Err(e) => return Err(phrases::io(quoi, chemin, &e)),
    };
    if droits & 0o077 != 0 {
        bail!(
            "{quoi} {} est lisible par d’autres que son propriétaire (droits {:03o}) : « chmod 600 {} » y remédie.",
            chemin.display(),
            droits & 0o777,
            chemin.display()
        );
    }
    fs::read_to_string(chemin).map_err(|e| phrases::io(quoi, chemin, &e))
}

/// Writes a secret file: readable by its owner only from its first byte, whole or not at all.
///
/// # Errors
/// When it exists and `neuf`, or cannot be written.
pub fn ecrire_prive(chemin: &Path, octets: &[u8], neuf: bool) -> Result<()> {
    if neuf && chemin.exists() {
        bail!("{} existe déjà : il n’est pas remplacé.", chemin.display());
    }
    let temporaire = chemin.with_extension(format!("{}.tmp", std::process::id()));
    let ecrit = (|| {
        let mut f = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&temporaire)?;
        f.write_all(octets)?;
        f.sync_all()?;
        if neuf {
            // A link refuses an existing name, where a rename would replace it.
            fs::hard_link(&temporaire, chemin)?;
            fs::remove_file(&temporaire)?;
        } else {
            fs::rename(&temporaire, chemin)?;
        }
        match chemin.parent().filter(|d| !d.as_os_str().is_empty()) {
            Some(dossier) => fs::File::open(dossier)?.sync_all(),
            None => Ok(()),
        }
    })();
    ecrit.map_err(|e: std::io::Error| {
        let _ = fs::remove_file(&temporaire);
        phrases::io("impossible d’écrire", chemin, &e)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use app::ports::AleaGraine;

    #[test]
    fn deg_4_a_file_is_private_and_read_back() {
        let dossier = tempfile::tempdir().unwrap();
        let chemin = dossier.path().join("cles.toml");
        let alea = AleaGraine::new(1);
        let mut cles = Cles::creer(&alea, "2026-11-24", false);
        cles.ecrire(&chemin, true).unwrap();
        assert_eq!(fs::metadata(&chemin).unwrap().permissions().mode() & 0o777, 0o600);
        assert!(cles.ecrire(&chemin, true).unwrap_err().to_string().contains("existe déjà"));
        assert_eq!(cles.tourner(&alea, "2026-11-25").unwrap(), 2);
        cles.ecrire(&chemin, false).unwrap();
        let lues = Cles::lire(&chemin).unwrap();
        assert_eq!((lues.versions(), lues.creees_le.as_str()), (vec![1, 2], "2026-11-25"));
        assert_eq!(lues.secrets.poivre, cles.secrets.poivre);
        assert_eq!(fs::read_dir(dossier.path()).unwrap().count(), 1);
    }

    #[test]
    fn deg_4_readable_absent_weak_or_damaged_keys_are_refused() {
        let dossier = tempfile::tempdir().unwrap();
        let chemin = dossier.path().join("cles.toml");
        let dit = |chemin: &Path| format!("{:#}", Cles::lire(chemin).unwrap_err());
        assert!(dit(&chemin).contains("cles creer"));
        let cles = Cles::creer(&AleaGraine::new(1), "d", false);
        cles.ecrire(&chemin, true).unwrap();
        fs::set_permissions(&chemin, fs::Permissions::from_mode(0o644)).unwrap();
        assert!(dit(&chemin).contains("chmod 600"));
        fs::set_permissions(&chemin, fs::Permissions::from_mode(0o600)).unwrap();
        let texte = fs::read_to_string(&chemin).unwrap();
        let poivre = HEXLOWER.encode(&cles.secrets.poivre);
        for (avant, apres, attendu) in [
            (poivre.as_str(), "0".repeat(64), "pas aléatoire"),
            (poivre.as_str(), HEXLOWER.encode(&cles.recherche), "sont les mêmes"),
            (poivre.as_str(), "abc".to_owned(), "64 chiffres"),
            ("poivre =", "poivron =".to_owned(), "abîmé"),
            ("1 = ", "zéro = ".to_owned(), "abîmé"),
            ("1 = ", "0 = ".to_owned(), "de 1 à 255"),
        ] {
            fs::write(&chemin, texte.replace(avant, &apres)).unwrap();
            assert!(dit(&chemin).contains(attendu), "{attendu}: {}", dit(&chemin));
        }
    }

    #[test]
    fn jou_3_an_older_file_receives_the_key_of_the_journal_once() {
        let dossier = tempfile::tempdir().unwrap();
        let chemin = dossier.path().join("cles.toml");
        let cles = Cles::creer(&AleaGraine::new(1), "d", false);
        cles.ecrire(&chemin, true).unwrap();
        let texte = fs::read_to_string(&chemin).unwrap();
        let ancien: String =
            texte.lines().filter(|l| !l.starts_with("journal")).map(|l| format!("{l}\n")).collect();
        assert_ne!(ancien, texte);
        fs::write(&chemin, ancien).unwrap();
        assert!(Cles::lire(&chemin).unwrap_err().to_string().contains("cles completer"));
        assert!(Cles::completer(&chemin, &AleaGraine::new(2)).unwrap());
        assert!(!Cles::completer(&chemin, &AleaGraine::new(3)).unwrap());
        let lues = Cles::lire(&chemin).unwrap();
        assert_eq!(lues.secrets.poivre, cles.secrets.poivre);
        assert_ne!(lues.secrets.journal, cles.secrets.journal);
    }

    #[test]
    fn the_version_in_use_stays() {
        let alea = AleaGraine::new(1);
        let mut cles = Cles::creer(&alea, "d", false);
        assert!(cles.retirer(1).is_err());
        cles.tourner(&alea, "d").unwrap();
        cles.retirer(1).unwrap();
        assert!(cles.retirer(1).is_err());
        assert_eq!(cles.versions(), [2]);
    }
}
