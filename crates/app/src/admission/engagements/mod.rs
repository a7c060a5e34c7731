//! R-ADM-14: what the public gets of a run: numbers of the whole country, signatures, and the root of a tree over one salted
//! commitment for each wish. With their receipt, a candidate proves that their own line was read and decided as they were told;
//! without the salt, the root says nothing of anybody (`docs/confidentialite-registre.md`).

mod arbre;
mod declaration;
mod feuilles;
mod recu;
mod registre;
mod verifier;

use std::io;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use store::Tx;
use store::admission::{self as base, GroupeJour, LigneOrdre, NouvelEngagement};

pub use declaration::Declaration;
pub(super) use declaration::{is_signed, sign};
pub(super) use feuilles::Secret;
pub use recu::{
    Chemin, EcartRecu, Inscription, Recu, RecuVerifie, Registre, Temoignage, verify_recu, verify_registre,
};
pub(crate) use registre::COLONNES_GROUPES;
pub use registre::{
    JourPublie, RecuDuVoeu, derniers_appeles_publics, groupes_publics, recu_du_candidat, recu_pour, registre,
    temoigner,
};
pub use verifier::{SecretPassage, exporter_secrets, verifier_engagements, verify_engagements};

use arbre::hex;
use declaration::sha256;
use feuilles::{Arbres, Feuilles, Forme, build};

use super::jour::{self, Resultat};
use super::ordre_appel;
use super::proces_verbal::{ENGAGEMENTS, Piece, ProcesVerbal};
use super::sceau::{Bilan, signing_key, write_json};
use crate::contexte::Ctx;
use crate::erreur::AppError;

/// What a run commits to, before it is written.
#[derive(Debug)]
pub(super) struct Engagement {
    secret: Secret,
    arbres: Arbres,
    /// Fingerprint of the table of the last ones called; empty for call orders.
    derniers_appeles: String,
    /// Key of the piece, with the roots of the groups.
    racines: String,
}

impl Engagement {
    /// Of a day, and the piece that ties its record to it.
    ///
    /// # Errors
    /// When the compressor refuses.
    pub(super) fn of_day(
        annee: i64,
        secret: Secret,
        lu: &jour::Lecture,
        r: &Resultat,
    ) -> io::Result<(Self, Piece)> {
        Self::day_as(Forme::Masquee, annee, secret, lu, r)
    }

    fn day_as(
        forme: Forme,
        annee: i64,
        secret: Secret,
        lu: &jour::Lecture,
        r: &Resultat,
    ) -> io::Result<(Self, Piece)> {
        let feuilles = Feuilles::of_day(annee, lu, r).named_by(forme);
        Self::new(&feuilles, secret, sha256(&last_called(&r.groupes)))
    }

    /// Of the call orders, and the piece that ties their record to it.
    ///
    /// # Errors
    /// When the compressor refuses.
    pub(super) fn of_orders(
        annee: i64,
        secret: Secret,
        lu: &ordre_appel::Lecture,
        lignes: &[LigneOrdre],
    ) -> io::Result<(Self, Piece)> {
        Self::orders_as(Forme::Masquee, annee, secret, lu, lignes)
    }

    fn orders_as(
        forme: Forme,
        annee: i64,
        secret: Secret,
        lu: &ordre_appel::Lecture,
        lignes: &[LigneOrdre],
    ) -> io::Result<(Self, Piece)> {
        Self::new(&Feuilles::of_orders(annee, lu, lignes).named_by(forme), secret, String::new())
    }

    /// Of a withdrawal (R-ADM-13), and the piece that ties its record to it: it decides for nobody by rank and commits to no wish,
    /// but its place in the chain and its numbers are public like those of the other runs.
    ///
    /// # Errors
    /// When the compressor refuses.
    pub(super) fn of_withdrawal(annee: i64, secret: Secret, depuis: i64) -> io::Result<(Self, Piece)> {
        Self::new(&Feuilles::none(annee, depuis), secret, String::new())
    }

    fn new(f: &Feuilles<'_>, secret: Secret, derniers_appeles: String) -> io::Result<(Self, Piece)> {
        let arbres = build(f, &secret)?;
        let octets = arbres.piece()?;
        let racines = hex(&Sha256::digest(&octets));
        Ok((Self { secret, arbres, derniers_appeles, racines }, Piece::new(ENGAGEMENTS, octets)))
    }

    /// Keeps the leaves where a receipt finds them; gives where they are.
    pub(super) async fn deposit(&self, ctx: &Ctx) -> Result<String, AppError> {
        let mut depots = Depots { racines: self.racines.clone(), lots: Vec::new() };
        for lot in &self.arbres.lots {
            let empreinte = ctx.app.depot.put(&lot.octets).await.map_err(AppError::internal)?;
            depots.lots.push((lot.groupes.0, lot.groupes.1, empreinte));
        }
        write_json(&depots)
    }

    /// Writes what the run commits to beside it, signed and chained to the declaration of the run before.
    pub(super) async fn write(
        &self,
        ctx: &Ctx,
        (tx, e): (&Tx, &store::Ecriture<'_>),
        passage: i64,
        lots: &str,
        (pv, bilan): (&ProcesVerbal, &Bilan),
        precedente: Option<String>,
    ) -> Result<(), AppError> {
        let maillon = match precedente.as_deref() {
            None => String::new(),
            Some(texte) => {
                let avant = Declaration::read(texte);
                avant.ok_or_else(|| AppError::Internal("engagement.declaration".to_owned()))?.link()
            }
        };
        let texte = self.declaration(pv, bilan, &maillon).text();
        let signature = sign(&texte, &signing_key(ctx));
        let nouveau = NouvelEngagement { passage, declaration: &texte, signature: &signature, lots };
        base::insert_engagement(tx, e, &ctx.app.coffre, self.secret.bytes(), nouveau).await?;
        Ok(())
    }

    /// What is said of the run in public, from its record and its counts; `maillon`: the link of the run before.
    fn declaration(&self, pv: &ProcesVerbal, bilan: &Bilan, maillon: &str) -> Declaration {
        // A withdrawal touches a few courses, not the country: who they are and how many still wait there are not said.
        let national = |n: i64| if bilan.retrait.is_none() { n.to_string() } else { String::new() };
        let propositions = bilan.retrait.as_ref().map_or(bilan.propositions, |r| r.devenirs.retirees);
        Declaration {
            session: pv.annee.to_string(),
            nature: pv.nature.clone(),
            jour: pv.jour.to_string(),
            calcule_le: Timestamp::from_millisecond(pv.calcule_le).unwrap_or_default().to_string(),
            version: pv.version.clone(),
            sceau: bilan.signature.clone(),
            sceau_precedent: pv.precedente.clone(),
            maillon_precedent: maillon.to_owned(),
            racine: hex(&self.arbres.root()),
            arbres: self.arbres.racines.len().to_string(),
            groupes: bilan.groupes.to_string(),
            candidats: national(bilan.candidats),
            voeux: bilan.voeux.to_string(),
            propositions: propositions.to_string(),
            en_attente: national(bilan.en_attente),
            derniers_appeles: self.derniers_appeles.clone(),
        }
    }
}

/// Where the leaves of a run are, in the deposit of files.
#[derive(Debug, Serialize, Deserialize)]
struct Depots {
    /// The piece with the roots of the groups.
    racines: String,
    /// Keys of the first and last group of each lot, and the lot.
    lots: Vec<(i64, i64, String)>,
}

/// Columns of the table of the last ones called: name, and what it says.
pub(crate) const COLONNES_APPELES: [(&str, &str); 2] = [
    ("groupe", "Clé du groupe de classement, nommé dans le fichier des groupes."),
    ("dernier_appele", "Rang d’appel du dernier candidat appelé dans ce groupe, affiché après la journée."),
];

/// The table of the last ones called as displayed, of the groups that have called somebody.
fn last_called(groupes: &[GroupeJour]) -> String {
    let mut table = COLONNES_APPELES.map(|(nom, _)| nom).join(";");
    table.push('\n');
    for g in groupes.iter().filter(|g| g.dernier_appele > 0) {
        table.push_str(&format!("{};{}\n", g.groupe, g.dernier_appele));
    }
    table
}

#[cfg(test)]
mod tests;
