//! RUN-1: fingerprints of what a run read and wrote, its account, its signature chained to the run before.

use domain::admission::Nature;
use ed25519_dalek::{Signature, Signer as _, SigningKey, Verifier as _, VerifyingKey};
use serde::{Deserialize, Serialize};
use store::Sql;
use store::admission::{self as base, GroupeJour, InternatJour, LigneOrdre};

use super::engagements;
use super::jour::Resultat;
use super::proces_verbaux::cle_publique;
use super::retrait::Devenirs;
use crate::contexte::Ctx;
use crate::erreur::AppError;

/// Fingerprint of a sequence of numbers and texts, each with its length: no two sequences are confused.
#[derive(Default)]
pub(super) struct Empreinte(blake3::Hasher);

impl Empreinte {
    pub(super) fn texte(&mut self, texte: &str) {
        self.nombre(i64::try_from(texte.len()).unwrap_or(i64::MAX));
        self.0.update(texte.as_bytes());
    }

    pub(super) fn nombre(&mut self, n: i64) {
        self.0.update(&n.to_le_bytes());
    }

    pub(super) fn nombres(&mut self, liste: impl IntoIterator<Item = i64>) {
        for n in liste {
            self.nombre(n);
        }
    }

    pub(super) fn hex(&self) -> String {
        self.0.finalize().to_hex().to_string()
    }
}

/// A group set aside by the checks of the engine.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupeEcarte {
    /// Internal key of the assignment group.
    pub groupe: i64,
    /// Broken properties (`P1`…`P8`), or the check that found something, in French.
    pub proprietes: Vec<String>,
}

/// A group out of bounds, that the night withheld or let through (R-ADM-12).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupeRetenu {
    /// Internal key of the assignment group.
    pub groupe: i64,
    /// What was declared for it: lifting it is worth for these numbers alone.
    pub faits: String,
    /// Why, in French.
    pub motifs: Vec<String>,
}

/// What a withdrawal is about (R-ADM-13).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct BilanRetrait {
    /// What the person wrote.
    pub motif: String,
    /// Courses put back.
    pub formations: i64,
    /// What becomes of the propositions, as computed: answers given before the publication still count.
    pub devenirs: Devenirs,
}

/// The account of a run, kept with it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Bilan {
    /// Groups computed: ranking groups for the call orders, assignment groups for a day.
    pub groupes: i64,
    /// Distinct people in the input.
    pub candidats: i64,
    /// Wishes in the input; for the call orders, ranks.
    pub voeux: i64,
    /// Made that day; 0 for the call orders.
    pub propositions: i64,
    /// Wishes given up, and propositions accepted, in their candidate's place; 0 before the summer.
    pub automatiques: i64,
    /// Length of all the waiting lists after the run; 0 for the call orders.
    pub en_attente: i64,
    /// Boarding schools that rank; 0 for the call orders.
    pub internats: i64,
    /// Of which those whose ranking is not transmitted: they receive nobody (R-INT-05).
    pub internats_attendus: i64,
    /// Groups are set aside: propositions are withheld (§9).
    pub alerte: bool,
    /// A property is broken, but no proposition is concerned.
    pub avertissement: bool,
    /// The computation was cut before its end, or is still writing.
    pub inacheve: bool,
    /// Empty when every check passed.
    pub ecartes: Vec<GroupeEcarte>,
    /// Groups whose numbers are out of bounds: they propose nothing that day.
    pub retenus: Vec<GroupeRetenu>,
    /// Groups as much out of bounds that the run let through, because a person had said why these numbers are right.
    pub leves: Vec<GroupeRetenu>,
    /// Rounds of the daily loop until no place came free (§7.4).
    pub passes: i64,
    /// Loading and freezing the input.
    pub lecture_ms: i64,
    /// The engine and the check of what it found.
    pub calcul_ms: i64,
    /// The same computation by the reference, and the comparison (R-ADM-10).
    pub jugement_ms: i64,
    /// Writing the rows, by slices.
    pub ecriture_ms: i64,
    /// Of a withdrawal only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retrait: Option<BilanRetrait>,
    /// Wishes changed by the publication, once published.
    pub publies: Option<i64>,
    /// Whether the simulated candidates have answered this day; `None`: nobody simulates the answers. Cut between a
    /// publication and its answers, a simulation knows by this what remains to be done.
    pub reponses_donnees: Option<bool>,
    /// Ed25519 signature, and the one of the run before.
    pub signature: String,
    /// Empty for the first run of the chain.
    pub precedente: String,
    /// Key of the record in the deposit of files (R-ADM-11).
    pub proces_verbal: String,
}

/// What is signed of a run.
pub(super) struct Sceau<'a> {
    pub(super) session: i64,
    pub(super) nature: Nature,
    pub(super) jour: i64,
    pub(super) entree: &'a str,
    pub(super) sortie: &'a str,
    pub(super) version: &'a str,
    pub(super) parametres: &'a str,
    pub(super) precedente: &'a str,
    pub(super) proces_verbal: &'a str,
}

impl Sceau<'_> {
    fn octets(&self) -> Vec<u8> {
        let mut e = Empreinte::default();
        e.nombres([self.session, self.jour]);
        for texte in [
            self.nature.code(),
            self.entree,
            self.sortie,
            self.version,
            self.parametres,
            self.precedente,
            self.proces_verbal,
        ] {
            e.texte(texte);
        }
        e.hex().into_bytes()
    }

    pub(super) fn sign(&self, cle: &SigningKey) -> String {
        data_encoding::HEXLOWER.encode(&cle.sign(&self.octets()).to_bytes())
    }

    pub(super) fn is_signed(&self, cle: &VerifyingKey, signature: &str) -> bool {
        data_encoding::HEXLOWER
            .decode(signature.as_bytes())
            .ok()
            .and_then(|octets| Signature::from_slice(&octets).ok())
            .is_some_and(|s| cle.verify(&self.octets(), &s).is_ok())
    }
}

/// The key that signs the runs of this platform.
pub(super) fn signing_key(ctx: &Ctx) -> SigningKey {
    SigningKey::from_bytes(&ctx.app.secrets.signature)
}

/// Its public half.
pub(super) fn public_key(ctx: &Ctx) -> VerifyingKey {
    signing_key(ctx).verifying_key()
}

/// Signs a text with the key that signs the runs, in hexadecimal.
pub(crate) fn sign_texte(ctx: &Ctx, texte: &str) -> String {
    engagements::sign(texte, &signing_key(ctx))
}

/// Whether this platform signed a text.
pub(crate) fn is_texte_signed(ctx: &Ctx, texte: &str, signature: &str) -> bool {
    engagements::is_signed(texte, signature, &cle_publique(ctx))
}

/// Signature of the run before, to chain the next one; empty for the first.
pub(super) async fn precedente(c: &impl Sql, session: i64) -> Result<String, AppError> {
    let derniere = base::passages(c, session, 1, 0).await?;
    Ok(derniere.first().map(|p| read_bilan(&p.bilan).signature).unwrap_or_default())
}

/// The account of a run; what an older version did not write is empty.
pub(crate) fn read_bilan(json: &str) -> Bilan {
    serde_json::from_str(json).unwrap_or_default()
}

pub(crate) fn write_json(valeur: &impl Serialize) -> Result<String, AppError> {
    serde_json::to_string(valeur).map_err(AppError::internal)
}

/// Fingerprint of call orders given in the order of (group, candidate).
pub(super) fn hash_ordre(e: &mut Empreinte, lignes: &[LigneOrdre]) {
    for l in lignes {
        e.nombres([l.groupe, l.candidat, l.rang]);
    }
}

/// Fingerprint of the result of a day: propositions, then waiting ranks, then groups, then bars of boarding schools, then what is
/// decided in a candidate's place, each by key.
pub(super) fn hash_jour(r: &Resultat) -> String {
    let mut e = Empreinte::default();
    e.texte("propositions");
    r.propositions.iter().for_each(|&(v, g)| e.nombres([v, g]));
    e.texte("rangs");
    r.rangs.iter().for_each(|&(v, r)| e.nombres([v, r]));
    hash_groupes(&mut e, &r.groupes);
    hash_barres(&mut e, &r.barres);
    hash_automatiques(&mut e, &r.automatiques);
    e.hex()
}

fn hash_automatiques(e: &mut Empreinte, automatiques: &[(i64, i64)]) {
    e.texte("automatiques");
    automatiques.iter().for_each(|&(v, s)| e.nombres([v, s]));
}

fn hash_groupes(e: &mut Empreinte, groupes: &[GroupeJour]) {
    e.texte("groupes");
    for g in groupes {
        e.nombres([g.groupe, g.dernier_appele, g.dernier_interne, g.en_attente, g.propositions]);
    }
}

fn hash_barres(e: &mut Empreinte, barres: &[InternatJour]) {
    e.texte("barres");
    for b in barres {
        e.nombres([b.internat, b.groupe, b.barre_internat, b.barre_appel]);
    }
}

/// The fingerprint of what the base holds of a run, its propositions already read, the rest read by slices.
pub(super) async fn stored_hash(
    c: &impl Sql,
    nature: Nature,
    passage: i64,
    propositions: &[(i64, i64)],
) -> Result<String, AppError> {
    let mut e = Empreinte::default();
    match nature {
        Nature::OrdreAppel => {
            let mut apres = (0, 0);
            loop {
                let lignes = base::load_ordre_appel(c, passage, apres).await?;
                let Some(l) = lignes.last() else { break };
                apres = (l.groupe, l.candidat);
                hash_ordre(&mut e, &lignes);
            }
        }
        Nature::Propositions | Nature::Retrait => {
            e.texte("propositions");
            propositions.iter().for_each(|&(v, g)| e.nombres([v, g]));
            e.texte("rangs");
            let mut apres = 0;
            loop {
                let lignes = base::load_rangs_attente(c, passage, apres).await?;
                let Some(&(v, _)) = lignes.last() else { break };
                apres = v;
                lignes.iter().for_each(|&(v, r)| e.nombres([v, r]));
            }
            hash_groupes(&mut e, &base::load_groupe_jour(c, passage).await?);
            hash_barres(&mut e, &base::load_internat_jour(c, passage).await?);
            hash_automatiques(&mut e, &base::load_passage_automatiques(c, passage).await?);
        }
    }
    Ok(e.hex())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn run_1_two_different_sequences_never_share_a_fingerprint() {
        let hash = |textes: &[&str]| {
            let mut e = Empreinte::default();
            textes.iter().for_each(|t| e.texte(t));
            e.hex()
        };
        assert_ne!(hash(&["ab", "c"]), hash(&["a", "bc"]));
        let un = Resultat { propositions: vec![(1, 2)], ..Resultat::default() };
        let autre = Resultat { rangs: vec![(1, 2)], ..Resultat::default() };
        assert_ne!(hash_jour(&un), hash_jour(&autre));
    }
}
