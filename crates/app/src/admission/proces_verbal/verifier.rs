//! Every record looked at, played again and compared with what it says, in the order of the chain.

use std::collections::{HashMap, HashSet};
use std::io;
use std::sync::Arc;

use domain::admission::{JourGroupe, Nature, avant_retrait};
use ed25519_dalek::VerifyingKey;
use engine::propositions::Statut;
use store::admission::{GroupeJour, LigneOrdre};

use super::pieces::{self, Illisible};
use super::{Fichier, Lecteur, Parametres, ParametresRetrait, ProcesVerbal, TRANCHE, sha256, slice_hash};
use crate::admission::jour::{Lecture, Resultat, compute_day};
use crate::admission::ordre_appel::{self, compute_orders};
use crate::admission::retrait::{self, compute_withdrawal};
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
            Nature::Retrait => format!("retrait-depuis-jour-{}", lu.jour),
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
    /// Call orders, propositions, or a withdrawal.
    pub nature: Nature,
    /// Of the admission phase; 0 for call orders; for a withdrawal, the first day withdrawn.
    pub jour: i64,
    /// Wishes in the input; for call orders, ranks; for a withdrawal, those proposed since.
    pub voeux: usize,
    /// Made that day, or taken back.
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
        Nature::Retrait => format!("Retrait depuis le jour {jour}"),
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
    /// What the public was told is not what the record says (R-ADM-14).
    #[error("les engagements publics ne sont pas ceux de ce procès-verbal : {0}")]
    Engagements(String),
    /// What it read is not what the runs before had decided.
    #[error("ce que le calcul a lu n’est pas ce que les passages précédents avaient décidé : {0}")]
    Continuite(String),
}

impl From<Illisible> for Ecart {
    fn from((piece, defaut): Illisible) -> Self {
        Self::PieceIllisible { piece, ligne: defaut.ligne, motif: defaut.motif }
    }
}

/// Waiting ranks, by voeu.
type Rangs = Arc<Vec<(i64, i64)>>;

/// What a day has shown.
#[derive(Debug, Clone)]
struct JourVu {
    jour: i64,
    /// By group.
    groupes: Arc<Vec<GroupeJour>>,
    /// Its waiting ranks, read again when a withdrawal gives them back.
    rangs: Fichier,
}

/// What the runs up to one have decided, on its line of published runs.
#[derive(Debug, Clone, Default)]
struct Lignee {
    /// Waiting ranks of the last day.
    rangs: Rangs,
    jours: Vec<JourVu>,
    /// Every voeu that had a proposition: the day and the group of the last one.
    proposes: Arc<HashMap<i64, (i64, i64)>>,
    /// (day, group) that count for nothing any more.
    retires: HashSet<(i64, i64)>,
    /// Every voeu whose last proposition was taken back.
    repris: HashSet<i64>,
    /// The waiting ranks that count instead of those of the last day, by group put back since.
    retablis: HashMap<i64, Rangs>,
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

    /// What a day decided.
    pub(in crate::admission) fn result(&self) -> Result<Resultat, Ecart> {
        Ok(pieces::read_result(&|role| self.piece(role))?)
    }

    /// The call orders.
    pub(in crate::admission) fn orders(&self) -> Result<Vec<LigneOrdre>, Ecart> {
        Ok(pieces::read_orders(&|role| self.piece(role))?)
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
    let (voeux, propositions) = match nature {
        Nature::OrdreAppel => (replay_orders(&ouvert, signature, connus)?, 0),
        Nature::Propositions => replay_day(&ouvert, place, signature, connus)?,
        Nature::Retrait => replay_withdrawal(&ouvert, place, signature, lire, connus)?,
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
    let parametres: ParametresRetrait = serde_json::from_str(&pv.parametres).map_err(|_| Ecart::Illisible)?;
    if parametres.depuis != pv.jour {
        return Err(Ecart::Entree);
    }
    let lecture = pieces::read_withdrawal(&|role| ouvert.piece(role), parametres.depuis)?;
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

impl Lignee {
    fn then(mut self, jour: i64, r: Resultat, rangs: Fichier) -> Self {
        Arc::make_mut(&mut self.proposes).extend(r.propositions.iter().map(|&(v, g)| (v, (jour, g))));
        for (voeu, _) in &r.propositions {
            self.repris.remove(voeu);
        }
        self.jours.push(JourVu { jour, groupes: Arc::new(r.groupes), rangs });
        self.rangs = Arc::new(r.rangs);
        self.retablis.clear();
        self
    }

    /// Once a withdrawal is published.
    fn without(mut self, lecture: &retrait::Lecture, r: &Resultat, retablis: HashMap<i64, Rangs>) -> Self {
        for (groupe, _) in &lecture.groupes {
            let jours = self.jours.iter().filter(|j| j.jour >= lecture.depuis);
            self.retires.extend(jours.map(|j| (j.jour, *groupe)));
        }
        self.repris.extend(r.propositions.iter().map(|&(voeu, _)| voeu));
        self.retablis.extend(retablis);
        self
    }

    /// The days that still count for a group.
    fn days(&self, groupe: i64) -> Vec<JourGroupe> {
        let comptent = self.jours.iter().filter(|j| !self.retires.contains(&(j.jour, groupe)));
        comptent
            .filter_map(|j| {
                let n = j.groupes.binary_search_by_key(&groupe, |g| g.groupe).ok()?;
                let g = &j.groupes[n];
                Some(JourGroupe {
                    jour: j.jour,
                    dernier_appele: g.dernier_appele,
                    dernier_interne: g.dernier_interne,
                    en_attente: g.en_attente,
                })
            })
            .collect()
    }

    /// Gives the waiting ranks that count from now on in each group put back.
    fn check_withdrawal(
        &self,
        lecture: &retrait::Lecture,
        lire: &Lecteur<'_>,
    ) -> Result<HashMap<i64, Rangs>, Ecart> {
        let mut lus: HashMap<i64, Rangs> = HashMap::new();
        let mut retablis = HashMap::new();
        for (groupe, retabli) in &lecture.groupes {
            let avant = avant_retrait(&self.days(*groupe), lecture.depuis).ok_or_else(|| {
                Ecart::Continuite(format!(
                    "aucun jour à retirer depuis le jour {} pour le groupe {groupe}",
                    lecture.depuis
                ))
            })?;
            if avant != *retabli {
                return Err(Ecart::Continuite(format!(
                    "état rétabli du groupe {groupe} : {retabli:?} lu, {avant:?} publié avant"
                )));
            }
            let rangs = match lus.get(&avant.jour) {
                Some(rangs) => Arc::clone(rangs),
                None => {
                    let vu = self.jours.iter().find(|j| j.jour == avant.jour);
                    let octets = vu.map(|j| load(&j.rangs, lire)).transpose()?;
                    let rangs = octets.map(|o| pieces::read_ranks(&o)).transpose()?.unwrap_or_default();
                    Arc::clone(lus.entry(avant.jour).or_insert_with(|| Arc::new(rangs)))
                }
            };
            retablis.insert(*groupe, rangs);
        }
        for p in &lecture.propositions {
            // Taken back before, it has an answer all the same if that came before the publication.
            let reprise = p.reponse.is_retirable() && self.repris.contains(&p.voeu);
            let proposee = self.proposes.get(&p.voeu).filter(|_| !reprise);
            if proposee != Some(&(p.jour, p.groupe)) || p.jour < lecture.depuis {
                return Err(Ecart::Continuite(format!(
                    "aucun passage depuis le jour {} n’a proposé le vœu {} dans le groupe {} le jour {}",
                    lecture.depuis, p.voeu, p.groupe, p.jour
                )));
            }
            let rang = retablis.get(&p.groupe).map_or(0, |rangs| rank(rangs, p.voeu));
            if rang != p.rang {
                return Err(Ecart::Continuite(format!(
                    "rang d’attente rétabli du vœu {} : {} lu, {rang} publié avant",
                    p.voeu, p.rang
                )));
            }
        }
        Ok(retablis)
    }

    /// The waiting rank that the next day continues; 0: none.
    fn waiting_rank(&self, groupe: i64, voeu: i64) -> i64 {
        rank(self.retablis.get(&groupe).unwrap_or(&self.rangs), voeu)
    }

    /// (highest rank called, the same five days before, highest rank displayed) of every group.
    fn groups(&self, jour: i64) -> HashMap<i64, (i64, i64, i64)> {
        let mut vus: HashMap<i64, (i64, i64, i64)> = HashMap::new();
        for j in &self.jours {
            for g in j.groupes.iter().filter(|g| !self.retires.contains(&(j.jour, g.groupe))) {
                let vu = vus.entry(g.groupe).or_default();
                vu.0 = vu.0.max(g.dernier_interne);
                if j.jour <= jour - 5 {
                    vu.1 = vu.1.max(g.dernier_interne);
                }
                vu.2 = vu.2.max(g.dernier_appele);
            }
        }
        vus
    }
}

fn rank(rangs: &[(i64, i64)], voeu: i64) -> i64 {
    rangs.binary_search_by_key(&voeu, |&(v, _)| v).map_or(0, |n| rangs[n].1)
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
        let veille = lignee.waiting_rank(g.id, v.id);
        if i64::from(v.veille) != veille {
            return Err(Ecart::Continuite(format!(
                "rang d’attente du vœu {} : {} lu, {veille} publié la veille",
                v.id, v.veille
            )));
        }
        // The complementary phase has propositions of its own.
        let tenu = v.etat.statut() != Statut::EnAttente && !v.etat.is_hors_pp();
        if tenu && !lignee.proposes.contains_key(&v.id) {
            return Err(Ecart::Continuite(format!(
                "le vœu {} tient une place qu’aucun passage n’a proposée",
                v.id
            )));
        }
        // Accepted between the computation of the withdrawal and its publication, it stays: only its candidate knows.
        if tenu && v.etat.statut() == Statut::AnterieureSansReponse && lignee.repris.contains(&v.id) {
            return Err(Ecart::Continuite(format!("le vœu {} tient une place qui a été retirée", v.id)));
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
