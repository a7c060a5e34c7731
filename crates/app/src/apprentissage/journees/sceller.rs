//! R-IMP-12: a day that is applied leaves a record, signed after the one before of its flow by the key that signs the runs.

use std::fmt::Write as _;

use domain::apprentissage::{EtatJournee, Etendue};
use jiff::Timestamp;
use store::apprentissage::{self as base, FichierJournee, NouvelleJournee, SceauJournee};
use store::{Ecriture, Tx};

use super::{RapportGarde, content, keep};
use crate::admission::sign_texte;
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::imports::{FluxLu, RapportApprentissage};

/// A day that somebody asked to apply.
#[derive(Debug, Clone, Copy)]
pub(crate) struct AAppliquer<'a> {
    /// Its key.
    pub(crate) id: i64,
    /// The one that is to be applied.
    pub(crate) version: i64,
    /// Milliseconds of the campaign.
    pub(crate) recue_le: i64,
    /// Fingerprint of what was shown.
    pub(crate) montre: &'a str,
}

/// A day whose records are written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct JourApplique<'a> {
    /// The session that takes it.
    pub(crate) session: i64,
    /// Whether absence meant removal.
    pub(crate) etendue: Etendue,
    /// Its files.
    pub(crate) lu: &'a FluxLu,
    /// The one that waited; `None`: a command.
    pub(crate) journee: Option<&'a AAppliquer<'a>>,
}

impl JourApplique<'_> {
    fn fichiers(&self) -> Vec<FichierJournee> {
        self.lu
            .origines()
            .map(|(nom, o)| FichierJournee {
                nom: nom.to_owned(),
                empreinte: o.empreinte.clone(),
                taille: i64::try_from(o.taille).unwrap_or(i64::MAX),
            })
            .collect()
    }
}

/// Keeps what a day did, in the transaction that does it; one that a command applies is received by the way.
///
/// # Errors
/// [`AppError::Conflict`] when somebody gave it up meanwhile, or another day of the flow is applied at the same time.
pub(crate) async fn seal(
    ctx: &Ctx,
    tx: &Tx,
    e: &Ecriture<'_>,
    jour: &JourApplique<'_>,
    rapport: &RapportApprentissage,
) -> Result<(), AppError> {
    let fichiers = jour.fichiers();
    let (id, version, recue_le) = match jour.journee {
        Some(j) => (j.id, j.version, j.recue_le),
        None => {
            let n = NouvelleJournee {
                session: jour.session,
                flux: &rapport.flux,
                etendue: jour.etendue.code(),
                etat: EtatJournee::AAppliquer.code(),
                empreinte: &content(jour.etendue, &fichiers),
                fichiers: &fichiers,
            };
            (base::insert_journee(tx, e, &n).await?.0, 0, e.ms())
        }
    };
    let garde = RapportGarde::new(rapport);
    let cle_rapport = keep(ctx, garde.json()?.as_bytes()).await?;
    let compte_rendu = keep(ctx, &garde.table(e.instant())?).await?;
    let derniere = base::last_journee(tx, jour.session, &rapport.flux).await?;
    let bilan = serde_json::to_string(&rapport.compte).map_err(AppError::internal)?;
    let pv = ProcesVerbal {
        annee: rapport.session,
        flux: &rapport.flux,
        numero: derniere.as_ref().map_or(1, |d| d.numero + 1),
        etendue: jour.etendue,
        recue_le: Timestamp::from_millisecond(recue_le).map_err(AppError::internal)?,
        appliquee_le: e.instant(),
        fichiers: &fichiers,
        bilan: &bilan,
        compte_rendu: &compte_rendu,
        precedente: derniere.as_ref().map_or("-", |d| d.signature.as_str()),
    };
    let texte = pv.texte();
    let sceau = SceauJournee {
        numero: pv.numero,
        bilan: &bilan,
        rapport: &cle_rapport,
        compte_rendu: &compte_rendu,
        proces_verbal: &texte,
        signature: &sign_texte(ctx, &texte),
    };
    Ok(base::seal_journee(tx, e, (id, version), &sceau).await?)
}

/// What is signed.
struct ProcesVerbal<'a> {
    annee: i64,
    flux: &'a str,
    numero: i64,
    etendue: Etendue,
    recue_le: Timestamp,
    appliquee_le: Timestamp,
    fichiers: &'a [FichierJournee],
    bilan: &'a str,
    compte_rendu: &'a str,
    precedente: &'a str,
}

impl ProcesVerbal<'_> {
    /// One fact a line; the last one continues the day before.
    fn texte(&self) -> String {
        let mut t = String::from("parcoursup journee-catalogue 1\n");
        // Writing to a String cannot fail.
        let _ = writeln!(t, "session {}", self.annee);
        let _ = writeln!(t, "flux {}", self.flux);
        let _ = writeln!(t, "numero {}", self.numero);
        let _ = writeln!(t, "etendue {}", self.etendue.code());
        let _ = writeln!(t, "recue {}", self.recue_le);
        let _ = writeln!(t, "appliquee {}", self.appliquee_le);
        for f in self.fichiers {
            let _ = writeln!(t, "fichier {} {} {}", f.empreinte, f.taille, f.nom);
        }
        let _ = writeln!(t, "bilan {}", self.bilan);
        let _ = writeln!(t, "compte-rendu {}", self.compte_rendu);
        let _ = writeln!(t, "precedente {}", self.precedente);
        t
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r_imp_12_what_is_signed_of_a_day_says_its_files_its_counts_and_the_day_before() {
        let fichiers =
            [FichierJournee { nom: "jour 2.json".to_owned(), empreinte: "ab".to_owned(), taille: 12 }];
        let pv = ProcesVerbal {
            annee: 2024,
            flux: "catalogue",
            numero: 2,
            etendue: Etendue::Complete,
            recue_le: Timestamp::UNIX_EPOCH,
            appliquee_le: Timestamp::UNIX_EPOCH,
            fichiers: &fichiers,
            bilan: "{}",
            compte_rendu: "cd",
            precedente: "ef",
        };
        assert_eq!(
            pv.texte(),
            "parcoursup journee-catalogue 1\nsession 2024\nflux catalogue\nnumero 2\netendue complete\n\
             recue 1970-01-01T00:00:00Z\nappliquee 1970-01-01T00:00:00Z\nfichier ab 12 jour 2.json\nbilan {}\n\
             compte-rendu cd\nprecedente ef\n"
        );
    }
}
