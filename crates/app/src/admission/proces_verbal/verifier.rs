//! Every record looked at, played again and compared with what it says, in the order of the chain.

use std::collections::{HashMap, HashSet};
use std::io;
use std::sync::Arc;

use domain::admission::Nature;
use ed25519_dalek::VerifyingKey;
use engine::propositions::Statut;
use store::admission::{GroupeJour, LigneOrdre};

use super::pieces::{self, Illisible};
use super::{Fichier, Lecteur, Parametres, ProcesVerbal, TRANCHE, sha256, slice_hash};
use crate::admission::jour::{Lecture, Resultat, compute_day};
use crate::admission::ordre_appel::{self, compute_orders};
use crate::admission::sceau::{Empreinte, hash_ordre};

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
        })
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

/// A run that says the same when it is played again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PassageRejoue {
    /// Call orders, or propositions.
    pub nature: Nature,
    /// Of the admission phase; 0 for call orders.
    pub jour: i64,
    /// Wishes in the input; for call orders, ranks.
    pub voeux: usize,
    /// Made that day.
    pub propositions: usize,
    /// What chains the next one.
    pub signature: String,
}

impl std::fmt::Display for PassageRejoue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&nom(self.nature, self.jour))
    }
}

fn nom(nature: Nature, jour: i64) -> String {
    match nature {
        Nature::OrdreAppel => "Ordres d’appel".to_owned(),
        Nature::Propositions => format!("Propositions du jour {jour}"),
    }
}

/// The first thing that is not as it must be, in French: where, and what.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{passage} : {quoi}")]
pub struct EcartProcesVerbal {
    /// The run.
    pub passage: String,
    /// What is wrong.
    pub quoi: Ecart,
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
    /// What it read is not what the runs before had decided.
    #[error("ce que le calcul a lu n’est pas ce que les passages précédents avaient décidé : {0}")]
    Continuite(String),
}

impl From<Illisible> for Ecart {
    fn from((piece, defaut): Illisible) -> Self {
        Self::PieceIllisible { piece, ligne: defaut.ligne, motif: defaut.motif }
    }
}

/// What the days up to one have decided, on its line of published days.
#[derive(Debug, Clone, Default)]
struct Lignee {
    /// Waiting ranks of the last day, by voeu.
    rangs: Arc<Vec<(i64, i64)>>,
    /// What each day showed of the groups.
    jours: Vec<(i64, Arc<Vec<GroupeJour>>)>,
    /// Every voeu that had a proposition.
    proposes: Arc<HashSet<i64>>,
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
        match lu.map_err(|quoi| EcartProcesVerbal { passage, quoi })? {
            Some(lu) => lus.push((lu, maillon.signature.as_str())),
            None => break,
        }
        precedente = &maillon.signature;
    }
    let mut connus = Connus::default();
    for (place, ((pv, nature), signature)) in lus.iter().enumerate() {
        let rejoue = replay(pv, *nature, place, signature, lire, &mut connus);
        let rejoue = rejoue.map_err(|quoi| EcartProcesVerbal { passage: nom(*nature, pv.jour), quoi })?;
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
    let pv = ProcesVerbal::read(&maillon.octets).ok_or(Ecart::Illisible)?;
    let nature = Nature::from_code(&pv.nature).ok_or(Ecart::Illisible)?;
    *passage = nom(nature, pv.jour);
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
        let pv = ProcesVerbal::read(&maillon.octets).ok_or(Ecart::Illisible)?;
        let nature = Nature::from_code(&pv.nature).ok_or(Ecart::Illisible)?;
        check_seal(&pv, nature, maillon, cle)?;
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

    /// What the call orders read.
    pub(in crate::admission) fn rankings(&self) -> Result<ordre_appel::Lecture, Ecart> {
        Ok(pieces::read_rankings(&|role| self.piece(role))?)
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
    let (voeux, propositions) = match nature {
        Nature::OrdreAppel => (replay_orders(&ouvert, signature, connus)?, 0),
        Nature::Propositions => replay_day(&ouvert, place, signature, connus)?,
    };
    Ok(PassageRejoue { nature, jour: pv.jour, voeux, propositions, signature: signature.to_owned() })
}

fn replay_orders(ouvert: &Ouvert, signature: &str, connus: &mut Connus) -> Result<usize, Ecart> {
    let pv = &ouvert.pv;
    let lecture = ouvert.rankings()?;
    let ecrit = pieces::read_orders(&|role| ouvert.piece(role))?;
    let calcul = compute_orders(&lecture).map_err(|r| Ecart::Refus(crate::messages::regle(&r)))?;
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

fn first_difference<T: Copy + PartialEq>(a: &[T], b: &[T]) -> Option<(Option<T>, Option<T>)> {
    let n = (0..a.len().max(b.len())).find(|&n| a.get(n) != b.get(n))?;
    Some((a.get(n).copied(), b.get(n).copied()))
}

fn replay_day(
    ouvert: &Ouvert,
    place: usize,
    signature: &str,
    connus: &mut Connus,
) -> Result<(usize, usize), Ecart> {
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
    check_continuity(&lecture, ordre, &lignee)?;
    let calcul = compute_day(&lecture).map_err(|r| Ecart::Refus(crate::messages::regle(&r)))?;
    if calcul.entree != pv.entree {
        return Err(Ecart::Entree);
    }
    compare(&calcul.resultat, &ecrit)?;
    if ecrit.hash() != pv.sortie {
        return Err(Ecart::Resultat("l’empreinte signée est une autre".to_owned()));
    }
    let comptes = (lecture.voeux.len(), ecrit.propositions.len());
    // The days before the one that is continued are not continued again.
    connus.lignees.retain(|_, (place, _)| *place >= depuis);
    connus.lignees.insert(signature.to_owned(), (place, lignee.then(pv.jour, ecrit)));
    Ok(comptes)
}

impl Lignee {
    fn then(mut self, jour: i64, r: Resultat) -> Self {
        Arc::make_mut(&mut self.proposes).extend(r.propositions.iter().map(|&(voeu, _)| voeu));
        self.jours.push((jour, Arc::new(r.groupes)));
        self.rangs = Arc::new(r.rangs);
        self
    }

    /// (highest rank called, the same five days before, highest rank displayed) of every group.
    fn groups(&self, jour: i64) -> HashMap<i64, (i64, i64, i64)> {
        let mut vus: HashMap<i64, (i64, i64, i64)> = HashMap::new();
        for (j, groupes) in &self.jours {
            for g in groupes.iter() {
                let vu = vus.entry(g.groupe).or_default();
                vu.0 = vu.0.max(g.dernier_interne);
                if *j <= jour - 5 {
                    vu.1 = vu.1.max(g.dernier_interne);
                }
                vu.2 = vu.2.max(g.dernier_appele);
            }
        }
        vus
    }
}

/// What a day read is what the runs before it wrote: ranks, waiting ranks, places held, last ones called.
fn check_continuity(lecture: &Lecture, ordre: &[LigneOrdre], lignee: &Lignee) -> Result<(), Ecart> {
    let vus = lignee.groups(i64::from(lecture.parametres.jour));
    for g in &lecture.groupes {
        let vu = vus.get(&g.id).copied().unwrap_or_default();
        if (g.dernier_interne, g.dernier_reference, g.dernier_affiche) != vu {
            return Err(Ecart::Continuite(format!("dernier appelé du groupe {}", g.id)));
        }
    }
    for v in &lecture.voeux {
        let g = &lecture.groupes[v.groupe as usize];
        let candidat = lecture.candidats[v.candidat as usize];
        let rang = ordre
            .binary_search_by_key(&(g.groupe_classement_id, candidat), |l| (l.groupe, l.candidat))
            .map_or(0, |i| ordre[i].rang);
        if i64::from(v.rang) != rang {
            return Err(Ecart::Continuite(format!(
                "rang d’appel du vœu {} : {} lu, {rang} publié",
                v.id, v.rang
            )));
        }
        let veille =
            lignee.rangs.binary_search_by_key(&v.id, |&(voeu, _)| voeu).map_or(0, |i| lignee.rangs[i].1);
        if i64::from(v.veille) != veille {
            return Err(Ecart::Continuite(format!(
                "rang d’attente du vœu {} : {} lu, {veille} publié la veille",
                v.id, v.veille
            )));
        }
        // The complementary phase has propositions of its own.
        let tenu = v.etat.statut() != Statut::EnAttente && !v.etat.is_hors_pp();
        if tenu && !lignee.proposes.contains(&v.id) {
            return Err(Ecart::Continuite(format!(
                "le vœu {} tient une place qu’aucun passage n’a proposée",
                v.id
            )));
        }
    }
    Ok(())
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
    if let Some((a, b)) = first_difference(&calcule.groupes, &ecrit.groupes) {
        let groupe = a.or(b).map_or(0, |g| g.groupe);
        return Err(Ecart::Resultat(format!("affichage du groupe {groupe} : {a:?} recalculé, {b:?} écrit")));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
