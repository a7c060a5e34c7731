//! Every record looked at, played again and compared with what it says, in the order of the chain.

mod lignee;

use std::collections::HashMap;
use std::io;
use std::sync::Arc;

use domain::admission::{BornesRetenue, Nature};
use ed25519_dalek::VerifyingKey;
use store::admission::LigneOrdre;

use super::pieces::{self, Illisible};
use super::{Fichier, Lecteur, Parametres, ParametresRetrait, ProcesVerbal, TRANCHE, sha256, slice_hash};
use crate::admission::VERSION;
use crate::admission::jour::{Lecture, Resultat, RetenueLue, check_held, compute_day};
use crate::admission::ordre_appel::{self, compute_orders};
use crate::admission::retrait::{self, compute_withdrawal};
use crate::admission::sceau::{Empreinte, hash_ordre};
use crate::messages;
use lignee::{Lignee, check_continuity};

/// A record, and the signature that it got.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Maillon {
    /// How it is called when it cannot be read: a file name, or the identifier of the run.
    pub nom: String,
    /// Of the record.
    pub octets: Vec<u8>,
    /// Ed25519, in hexadecimal.
    pub signature: String,
}

impl Maillon {
    /// SHA-256 of the pieces that the record names; empty when it cannot be read.
    pub fn pieces(&self) -> Vec<String> {
        let lu = ProcesVerbal::read(&self.octets);
        lu.map(|p| p.fichiers.into_iter().map(|f| f.empreinte).collect()).unwrap_or_default()
    }

    /// A short name for a file: `ordres-appel`, `jour-3`; `None` when the record cannot be read.
    pub fn titre(&self) -> Option<String> {
        let lu = ProcesVerbal::read(&self.octets)?;
        Some(match Nature::from_code(&lu.nature)? {
            Nature::OrdreAppel => "ordres-appel".to_owned(),
            Nature::Propositions => format!("jour-{}", lu.jour),
            Nature::Retrait => format!("retrait-depuis-jour-{}", lu.jour),
        })
    }

    /// The version that the record names, when it is not this program: what this one finds otherwise may come from that.
    pub(in crate::admission) fn autre_version(&self) -> Option<String> {
        ProcesVerbal::read(&self.octets).map(|pv| pv.version).filter(|version| version != VERSION)
    }
}

/// The records of a session, the first one first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chaine {
    /// In the order in which the runs were computed.
    pub maillons: Vec<Maillon>,
    /// Ed25519 public key that must have signed them.
    pub cle: [u8; 32],
}

impl Chaine {
    /// Keeps the records that [`verify_chain`] looks at up to this day; all of them without one.
    pub fn until(&mut self, jusqu_a: Option<i64>) {
        let au_dela = |m: &Maillon| {
            ProcesVerbal::read(&m.octets).is_some_and(|pv| jusqu_a.is_some_and(|jour| pv.jour > jour))
        };
        let fin = self.maillons.iter().position(au_dela).unwrap_or(self.maillons.len());
        self.maillons.truncate(fin);
    }
}

/// A run that says the same when it is played again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PassageRejoue {
    /// Call orders, propositions, or a withdrawal.
    pub nature: Nature,
    /// Of the admission phase; 0 for call orders; for a withdrawal, the first day withdrawn.
    pub jour: i64,
    /// Wishes in the input; for call orders, ranks; for a withdrawal, those proposed since.
    pub voeux: usize,
    /// Made that day, or taken back.
    pub propositions: usize,
    /// Of a day, wishes that waited before it and that it has not read: given up, or withdrawn. On the first day, call ranks whose
    /// candidate has no wish any more (R-ADM-21).
    pub partis: usize,
    /// Of the program that computed it.
    pub version: String,
    /// What chains the next one.
    pub signature: String,
    /// A day of which the record does not say what was withheld and why: it is older than that piece.
    pub sans_retenues: bool,
}

impl std::fmt::Display for PassageRejoue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&messages::passage(self.nature, self.jour))?;
        f.write_str(if self.sans_retenues { " (sans pièce des retenues)" } else { "" })
    }
}

/// The first thing that is not as it must be, in French: where, and what.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{passage} : {quoi}{}", remark(.version.as_deref()))]
pub struct EcartProcesVerbal {
    /// The run.
    pub passage: String,
    /// What is wrong.
    pub quoi: Ecart,
    /// The version that the record names, when it is not the one that plays it again.
    pub version: Option<String>,
}

fn remark(version: Option<&str>) -> String {
    let dit = |version: &str| {
        format!(
            ". Ce procès-verbal a été fait par la version {version} et relu par la version {VERSION} : prenez le programme \
             de sa version avant d’en conclure"
        )
    };
    version.map(dit).unwrap_or_default()
}

/// What is wrong with a record.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Ecart {
    /// Its bytes are not those of a record.
    #[error("le procès-verbal a été modifié ou n’en est pas un")]
    Illisible,
    /// Another key, or one byte changed.
    #[error(
        "la signature n’est pas celle de ce procès-verbal : l’un des deux a été modifié, ou la clé n’est pas la bonne"
    )]
    Signature,
    /// It does not follow the one before.
    #[error("le procès-verbal ne suit pas celui qui le précède : il en manque un, ou leur ordre a changé")]
    Chaine,
    /// A piece is not there.
    #[error("la pièce « {0} » manque")]
    PieceAbsente(String),
    /// A piece has been altered between these two bytes.
    #[error("la pièce « {piece} » a été modifiée entre les octets {debut} et {fin}")]
    PieceModifiee {
        /// Its role.
        piece: String,
        /// First byte of the slice.
        debut: u64,
        /// Last byte of the slice.
        fin: u64,
    },
    /// A piece has not its length.
    #[error("la pièce « {piece} » a {octets} octets au lieu de {attendus}")]
    PieceTronquee {
        /// Its role.
        piece: String,
        /// Found.
        octets: u64,
        /// Signed.
        attendus: u64,
    },
    /// A signed piece does not read: it was written wrong.
    #[error("la pièce « {piece} » ne se lit pas à la ligne {ligne} : {motif}")]
    PieceIllisible {
        /// Its role.
        piece: &'static str,
        /// Of the text.
        ligne: usize,
        /// In French.
        motif: &'static str,
    },
    /// The input is not the one whose fingerprint was signed.
    #[error("ce que le calcul a lu n’a pas l’empreinte signée")]
    Entree,
    /// The engine, its verifier or the reference refuses the input.
    #[error("le calcul refait s’arrête : {0}")]
    Refus(String),
    /// Played again, the run says something else.
    #[error("le calcul refait ne donne pas le même résultat : {0}")]
    Resultat(String),
    /// A group withheld without a reason that follows (R-ADM-12).
    #[error("ce qui est retenu ne suit pas : {0}")]
    Retenues(String),
    /// What the public was told is not what the record says (R-ADM-14).
    #[error("les engagements publics ne sont pas ceux de ce procès-verbal : {0}")]
    Engagements(String),
    /// What it read is not what the runs before had decided.
    #[error("ce que le calcul a lu n’est pas ce que les passages précédents avaient décidé : {0}")]
    Continuite(String),
    /// What the base gives to be read of a published run is not what was sealed (R-ADM-20).
    #[error("ce que la base donne à lire n’est pas ce qui a été scellé : {0}")]
    Publication(String),
}

impl From<Illisible> for Ecart {
    fn from((piece, defaut): Illisible) -> Self {
        Self::PieceIllisible { piece, ligne: defaut.ligne, motif: defaut.motif }
    }
}

/// What the records looked at so far have decided.
#[derive(Default)]
struct Connus {
    /// By signature of the run.
    ordres: HashMap<String, Arc<Vec<LigneOrdre>>>,
    /// By signature of the run, with its place in the chain.
    lignees: HashMap<String, (usize, Lignee)>,
}

/// Looks at every record and every piece, then plays the runs again one after the other, and compares. Gives how many agree: all
/// of those asked for.
///
/// `jusqu_a`: the last day wanted. `suivi` is told of each run as soon as it agrees.
///
/// # Errors
/// The first thing that is not as it must be.
pub fn verify_chain(
    chaine: &Chaine,
    lire: &Lecteur<'_>,
    jusqu_a: Option<i64>,
    suivi: &mut dyn FnMut(&PassageRejoue),
) -> Result<usize, EcartProcesVerbal> {
    let mut lus = Vec::new();
    let mut precedente = "";
    for maillon in &chaine.maillons {
        let mut passage = maillon.nom.clone();
        let lu = check(maillon, precedente, &chaine.cle, lire, jusqu_a, &mut passage);
        match lu.map_err(|quoi| EcartProcesVerbal { passage, quoi, version: None })? {
            Some(lu) => lus.push((lu, maillon)),
            None => break,
        }
        precedente = &maillon.signature;
    }
    let mut connus = Connus::default();
    for (place, ((pv, nature), maillon)) in lus.iter().enumerate() {
        let rejoue = replay(pv, *nature, place, &maillon.signature, lire, &mut connus);
        let rejoue = rejoue.map_err(|quoi| EcartProcesVerbal {
            passage: messages::passage(*nature, pv.jour),
            quoi,
            version: maillon.autre_version(),
        })?;
        suivi(&rejoue);
    }
    Ok(lus.len())
}

/// A record that is what was signed, follows the one before, and has its pieces; `None` beyond the day wanted.
fn check(
    maillon: &Maillon,
    precedente: &str,
    cle: &[u8; 32],
    lire: &Lecteur<'_>,
    jusqu_a: Option<i64>,
    passage: &mut String,
) -> Result<Option<(ProcesVerbal, Nature)>, Ecart> {
    let (pv, nature) = read(maillon)?;
    *passage = messages::passage(nature, pv.jour);
    check_seal(&pv, nature, maillon, cle)?;
    if pv.precedente != precedente {
        return Err(Ecart::Chaine);
    }
    if jusqu_a.is_some_and(|j| pv.jour > j) {
        return Ok(None);
    }
    for fichier in &pv.fichiers {
        load(fichier, lire)?;
    }
    Ok(Some((pv, nature)))
}

/// A record as it says that it is.
fn read(maillon: &Maillon) -> Result<(ProcesVerbal, Nature), Ecart> {
    let pv = ProcesVerbal::read(&maillon.octets).ok_or(Ecart::Illisible)?;
    let nature = Nature::from_code(&pv.nature).ok_or(Ecart::Illisible)?;
    Ok((pv, nature))
}

/// A record that this key has signed, whatever became of its pieces.
pub(in crate::admission) fn sealed(
    maillon: &Maillon,
    cle: &[u8; 32],
) -> Result<(ProcesVerbal, Nature), Ecart> {
    let (pv, nature) = read(maillon)?;
    check_seal(&pv, nature, maillon, cle)?;
    Ok((pv, nature))
}

fn check_seal(pv: &ProcesVerbal, nature: Nature, maillon: &Maillon, cle: &[u8; 32]) -> Result<(), Ecart> {
    let empreinte = sha256(&maillon.octets);
    let sceau = pv.sceau(nature, &empreinte);
    let signe = VerifyingKey::from_bytes(cle).is_ok_and(|cle| sceau.is_signed(&cle, &maillon.signature));
    if signe { Ok(()) } else { Err(Ecart::Signature) }
}

/// The bytes of a piece, once they are those that the record names.
fn load(fichier: &Fichier, lire: &Lecteur<'_>) -> Result<Vec<u8>, Ecart> {
    let octets = lire(&fichier.empreinte).map_err(|e| match e.kind() {
        io::ErrorKind::NotFound => Ecart::PieceAbsente(fichier.role.clone()),
        _ => Ecart::PieceAbsente(format!("{} ({e})", fichier.role)),
    })?;
    for (tranche, (lue, signee)) in octets.chunks(TRANCHE).zip(&fichier.tranches).enumerate() {
        if slice_hash(lue) != *signee && octets.len() as u64 == fichier.octets {
            let debut = (tranche * TRANCHE) as u64;
            let fin = debut + lue.len() as u64 - 1;
            return Err(Ecart::PieceModifiee { piece: fichier.role.clone(), debut, fin });
        }
    }
    // What the slices prove the hash of the whole proves too; the length alone may still differ.
    if octets.len() as u64 != fichier.octets || sha256(&octets) != fichier.empreinte {
        return Err(Ecart::PieceTronquee {
            piece: fichier.role.clone(),
            octets: octets.len() as u64,
            attendus: fichier.octets,
        });
    }
    Ok(octets)
}

/// A record and its pieces, all of them those that were signed.
pub(in crate::admission) struct Ouvert {
    pub(in crate::admission) pv: ProcesVerbal,
    pieces: HashMap<String, Vec<u8>>,
}

impl Ouvert {
    fn load(pv: ProcesVerbal, lire: &Lecteur<'_>) -> Result<Self, Ecart> {
        let pieces = pv
            .fichiers
            .iter()
            .map(|fichier| Ok((fichier.role.clone(), load(fichier, lire)?)))
            .collect::<Result<_, Ecart>>()?;
        Ok(Self { pv, pieces })
    }

    /// One record alone, whatever comes before it.
    pub(in crate::admission) fn open(
        maillon: &Maillon,
        cle: &[u8; 32],
        lire: &Lecteur<'_>,
    ) -> Result<Self, Ecart> {
        let (pv, _) = sealed(maillon, cle)?;
        Self::load(pv, lire)
    }

    /// A piece that the record does not name reads as empty, and is told as unreadable.
    fn piece(&self, role: &'static str) -> &[u8] {
        self.pieces.get(role).map_or(&[][..], Vec::as_slice)
    }

    /// What a day read.
    pub(in crate::admission) fn day(&self) -> Result<Lecture, Ecart> {
        let parametres: Parametres =
            serde_json::from_str(&self.pv.parametres).map_err(|_| Ecart::Illisible)?;
        Ok(pieces::read_day(&|role| self.piece(role), parametres)?)
    }

    /// What a day withheld or let through, and the bounds by which; `None` for a record that kept neither.
    fn held(&self) -> Result<Option<(BornesRetenue, Vec<RetenueLue>)>, Ecart> {
        let parametres: Parametres =
            serde_json::from_str(&self.pv.parametres).map_err(|_| Ecart::Illisible)?;
        match (parametres.bounds(), self.pieces.contains_key(pieces::RETENUES)) {
            (None, false) => Ok(None),
            (Some(_), false) => Err(Ecart::PieceAbsente(pieces::RETENUES.to_owned())),
            (None, true) => Err(Ecart::Retenues("les bornes ne sont pas dans les paramètres".to_owned())),
            (Some(bornes), true) => Ok(Some((bornes, pieces::read_held(&|role| self.piece(role))?))),
        }
    }

    /// What the call orders read.
    pub(in crate::admission) fn rankings(&self) -> Result<ordre_appel::Lecture, Ecart> {
        Ok(pieces::read_rankings(&|role| self.piece(role))?)
    }

    /// What a day decided.
    pub(in crate::admission) fn result(&self) -> Result<Resultat, Ecart> {
        Ok(pieces::read_result(&|role| self.piece(role))?)
    }

    /// The call orders.
    pub(in crate::admission) fn orders(&self) -> Result<Vec<LigneOrdre>, Ecart> {
        Ok(pieces::read_orders(&|role| self.piece(role))?)
    }

    /// What a withdrawal read.
    pub(in crate::admission) fn withdrawal(&self) -> Result<retrait::Lecture, Ecart> {
        let parametres: ParametresRetrait =
            serde_json::from_str(&self.pv.parametres).map_err(|_| Ecart::Illisible)?;
        if parametres.depuis != self.pv.jour {
            return Err(Ecart::Entree);
        }
        Ok(pieces::read_withdrawal(&|role| self.piece(role), parametres.depuis)?)
    }

    /// The roots of the commitments, as they are kept.
    pub(in crate::admission) fn engagements(&self) -> &[u8] {
        self.piece(pieces::ENGAGEMENTS)
    }
}

fn replay(
    pv: &ProcesVerbal,
    nature: Nature,
    place: usize,
    signature: &str,
    lire: &Lecteur<'_>,
    connus: &mut Connus,
) -> Result<PassageRejoue, Ecart> {
    // Looked at again: between the two readings too a file may change.
    let ouvert = Ouvert::load(pv.clone(), lire)?;
    let (voeux, propositions, partis) = match nature {
        Nature::OrdreAppel => (replay_orders(&ouvert, signature, connus)?, 0, 0),
        Nature::Propositions => replay_day(&ouvert, place, signature, connus)?,
        Nature::Retrait => {
            let (voeux, propositions) = replay_withdrawal(&ouvert, place, signature, lire, connus)?;
            (voeux, propositions, 0)
        }
    };
    let sans_retenues = nature == Nature::Propositions && ouvert.held()?.is_none();
    let (signature, version) = (signature.to_owned(), pv.version.clone());
    Ok(PassageRejoue {
        nature,
        jour: pv.jour,
        voeux,
        propositions,
        partis,
        version,
        signature,
        sans_retenues,
    })
}

fn replay_orders(ouvert: &Ouvert, signature: &str, connus: &mut Connus) -> Result<usize, Ecart> {
    let pv = &ouvert.pv;
    let lecture = ouvert.rankings()?;
    let ecrit = pieces::read_orders(&|role| ouvert.piece(role))?;
    let calcul = compute_orders(&lecture).map_err(|r| Ecart::Refus(messages::regle(&r)))?;
    if calcul.entree != pv.entree {
        return Err(Ecart::Entree);
    }
    if let Some((a, b)) = first_difference(&calcul.lignes, &ecrit) {
        let dit = |l: Option<LigneOrdre>| {
            l.map_or_else(
                || "rien".to_owned(),
                |l| format!("groupe {}, candidat {}, rang {}", l.groupe, l.candidat, l.rang),
            )
        };
        return Err(Ecart::Resultat(format!("{} recalculé, {} écrit", dit(a), dit(b))));
    }
    let mut sortie = Empreinte::default();
    hash_ordre(&mut sortie, &ecrit);
    if sortie.hex() != pv.sortie {
        return Err(Ecart::Resultat("l’empreinte signée est une autre".to_owned()));
    }
    connus.ordres.insert(signature.to_owned(), Arc::new(ecrit));
    Ok(lecture.classes.len())
}

/// What two lists have at the first place where they differ.
pub(in crate::admission) fn first_difference<T: Copy + PartialEq>(
    a: &[T],
    b: &[T],
) -> Option<(Option<T>, Option<T>)> {
    let n = (0..a.len().max(b.len())).find(|&n| a.get(n) != b.get(n))?;
    Some((a.get(n).copied(), b.get(n).copied()))
}

/// Gives how many wishes, propositions, and wishes that waited before and are not there any more.
fn replay_day(
    ouvert: &Ouvert,
    place: usize,
    signature: &str,
    connus: &mut Connus,
) -> Result<(usize, usize, usize), Ecart> {
    let pv = &ouvert.pv;
    let lecture = ouvert.day()?;
    if i64::from(lecture.parametres.jour) != pv.jour {
        return Err(Ecart::Entree);
    }
    let ecrit = pieces::read_result(&|role| ouvert.piece(role))?;
    let ordre = connus.ordres.get(&pv.ordre).ok_or_else(|| {
        Ecart::Continuite("les ordres d’appel désignés ne sont pas dans la chaîne".to_owned())
    })?;
    let (depuis, lignee) = match pv.veille.as_str() {
        // Two nodes may have computed the first day side by side: which of them is continued is told by the second day.
        "" => (0, Lignee::default()),
        veille => connus.lignees.get(veille).cloned().ok_or_else(|| {
            Ecart::Continuite("le jour précédent désigné n’est pas dans la chaîne".to_owned())
        })?,
    };
    let partis = check_continuity(&lecture, ordre, &lignee)?;
    if let Some((bornes, lues)) = ouvert.held()? {
        let classes = |groupe: i64| {
            let jusqu_a = |fin: i64| ordre.partition_point(|l| l.groupe < fin);
            i64::try_from(jusqu_a(groupe.saturating_add(1)) - jusqu_a(groupe)).unwrap_or(i64::MAX)
        };
        check_held(&lecture, &bornes, &lues, classes).map_err(Ecart::Retenues)?;
    }
    let calcul = compute_day(&lecture).map_err(|r| Ecart::Refus(messages::regle(&r)))?;
    if calcul.entree != pv.entree {
        return Err(Ecart::Entree);
    }
    compare(&calcul.resultat, &ecrit)?;
    if ecrit.hash() != pv.sortie {
        return Err(Ecart::Resultat("l’empreinte signée est une autre".to_owned()));
    }
    let comptes = (lecture.voeux.len(), ecrit.propositions.len(), partis);
    let lignee = lignee.with_boarding_ranks(&lecture).with_waiting(&lecture, &ecrit);
    // The days before the one that is continued are not continued again.
    connus.lignees.retain(|_, (place, _)| *place >= depuis);
    let rangs = pv.fichiers.iter().find(|f| f.role == pieces::RANGS).cloned().ok_or(Ecart::Illisible)?;
    connus.lignees.insert(signature.to_owned(), (place, lignee.then(pv.jour, ecrit, rangs)));
    Ok(comptes)
}

/// R-ADM-13: what a withdrawal read is what the days before it had decided, and it decides what the rule says.
fn replay_withdrawal(
    ouvert: &Ouvert,
    place: usize,
    signature: &str,
    lire: &Lecteur<'_>,
    connus: &mut Connus,
) -> Result<(usize, usize), Ecart> {
    let pv = &ouvert.pv;
    let lecture = ouvert.withdrawal()?;
    let ecrit = pieces::read_result(&|role| ouvert.piece(role))?;
    let (depuis, lignee) = connus.lignees.get(&pv.veille).cloned().ok_or_else(|| {
        Ecart::Continuite("le passage précédent désigné n’est pas dans la chaîne".to_owned())
    })?;
    let retablis = lignee.check_withdrawal(&lecture, lire)?;
    if lecture.hash() != pv.entree {
        return Err(Ecart::Entree);
    }
    compare(&compute_withdrawal(&lecture), &ecrit)?;
    if ecrit.hash() != pv.sortie {
        return Err(Ecart::Resultat("l’empreinte signée est une autre".to_owned()));
    }
    let comptes = (lecture.propositions.len(), ecrit.propositions.len());
    connus.lignees.retain(|_, (place, _)| *place >= depuis);
    connus.lignees.insert(signature.to_owned(), (place, lignee.without(&lecture, &ecrit, retablis)));
    Ok(comptes)
}

fn compare(calcule: &Resultat, ecrit: &Resultat) -> Result<(), Ecart> {
    let paire = |quoi: &str, a: Option<(i64, i64)>, b: Option<(i64, i64)>| {
        let dit = |p: Option<(i64, i64)>| {
            p.map_or_else(|| "rien".to_owned(), |(v, n)| format!("vœu {v}, {quoi} {n}"))
        };
        Ecart::Resultat(format!("{} recalculé, {} écrit", dit(a), dit(b)))
    };
    if let Some((a, b)) = first_difference(&calcule.propositions, &ecrit.propositions) {
        return Err(paire("groupe", a, b));
    }
    if let Some((a, b)) = first_difference(&calcule.rangs, &ecrit.rangs) {
        return Err(paire("rang d’attente", a, b));
    }
    if let Some((a, b)) = first_difference(&calcule.automatiques, &ecrit.automatiques) {
        return Err(paire("réponse automatique", a, b));
    }
    if let Some((a, b)) = first_difference(&calcule.barres, &ecrit.barres) {
        let internat = a.or(b).map_or(0, |b| b.internat);
        return Err(Ecart::Resultat(format!(
            "barres de l’internat {internat} : {a:?} recalculé, {b:?} écrit"
        )));
    }
    if let Some((a, b)) = first_difference(&calcule.groupes, &ecrit.groupes) {
        let groupe = a.or(b).map_or(0, |g| g.groupe);
        return Err(Ecart::Resultat(format!("affichage du groupe {groupe} : {a:?} recalculé, {b:?} écrit")));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
