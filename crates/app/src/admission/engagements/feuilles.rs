//! What a run commits to, a leaf for each wish: its text, its salt, and the trees over them.

use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, Write as _};
use std::ops::Range;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use domain::admission::Nature;
use engine::propositions::Statut;
use sha2::{Digest as _, Sha256};
use store::Alea;
use store::admission::LigneOrdre;

use super::arbre::{self, Empreinte, hex};
use crate::admission::jour::{self, Resultat};
use crate::admission::ordre_appel;
use crate::admission::proces_verbal::{decode, encode};

/// Leaves in one file: reading one for a receipt takes some tens of milliseconds.
const LOT: usize = 40_000;

/// The status of a proposition of the day among the results; a waiting rank is greater than 0. Others are the opposite of the
/// number that the engine gives to the status.
const PROPOSE: i64 = -1;
const RA_ATTENTE: i64 = -(Statut::RaDemissionAttente as i64);
const GDD_ATTENTE: i64 = -(Statut::GddDemissionAttente as i64);
const GDD_PROPOSITION: i64 = -(Statut::GddDemissionProposition as i64);
const RA_ACCEPTATION: i64 = -(Statut::RaAcceptation as i64);
const RA_REFUS: i64 = -(Statut::RaRefusProposition as i64);

/// 32 random bytes of one run: the salts of all its leaves come from them.
#[derive(Clone, PartialEq, Eq)]
pub(in crate::admission) struct Secret([u8; 32]);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl Secret {
    pub(in crate::admission) fn new(alea: &dyn Alea) -> Self {
        let mut octets = [0; 32];
        alea.fill(&mut octets);
        Self(octets)
    }

    pub(in crate::admission) fn from_bytes(octets: &[u8]) -> Option<Self> {
        octets.try_into().ok().map(Self)
    }

    pub(in crate::admission) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The salt of one leaf: knowing some of them says nothing of the others.
    fn salt(&self, genre: Genre, ligne: &Ligne) -> Empreinte {
        self.derive(genre as u8, ligne)
    }

    /// What a leaf shows in the place of its key: found in no record, and another number in each run.
    fn pseudonym(&self, genre: Genre, ligne: &Ligne) -> i64 {
        // Apart from the salts.
        let hache = self.derive(2 + genre as u8, ligne);
        let octets = hache.first_chunk::<8>().copied().unwrap_or_default();
        i64::from_le_bytes(octets) & i64::MAX
    }

    fn derive(&self, quoi: u8, ligne: &Ligne) -> Empreinte {
        let mut cles = [0; 17];
        cles[0] = quoi;
        cles[1..9].copy_from_slice(&ligne[0].to_le_bytes());
        cles[9..].copy_from_slice(&ligne[1].to_le_bytes());
        *blake3::keyed_hash(&self.0, &cles).as_bytes()
    }
}

/// What the leaves of a run are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Genre {
    /// A candidate in a ranking group: group, candidate, call rank, scholarship, resident.
    Ordre,
    /// A wish on a day: assignment group, wish, call rank, waiting rank of the day before, status, boarding, outside the main
    /// phase, boarding school that ranks and rank there, rank in the order of its candidate, result.
    Voeu,
}

/// The numbers of a leaf, the first [`Genre::colonnes`] of them.
pub(super) type Ligne = [i64; 11];

const NOMS_ORDRES: [&str; 5] = ["groupe", "candidat", "rang_appel", "boursier", "resident"];
const NOMS_VOEUX: [&str; 11] = [
    "groupe",
    "voeu",
    "rang_appel",
    "rang_veille",
    "statut",
    "avec_internat",
    "hors_pp",
    "internat",
    "rang_internat",
    "rang_preference",
    "resultat",
];

impl Genre {
    /// `None` for a withdrawal (R-ADM-13): it decides for nobody by rank, and commits to no wish.
    pub(super) fn of(nature: Nature) -> Option<Self> {
        match nature {
            Nature::OrdreAppel => Some(Self::Ordre),
            Nature::Propositions => Some(Self::Voeu),
            Nature::Retrait => None,
        }
    }

    const fn code(self, forme: Forme) -> &'static str {
        match (self, forme) {
            (Self::Ordre, Forme::Cle) => "ordre",
            (Self::Voeu, Forme::Cle) => "voeu",
            (Self::Ordre, Forme::Masquee) => "ordre2",
            (Self::Voeu, Forme::Masquee) => "voeu2",
        }
    }

    const fn colonnes(self) -> usize {
        match self {
            Self::Ordre => NOMS_ORDRES.len(),
            Self::Voeu => NOMS_VOEUX.len(),
        }
    }
}

/// How a leaf names its wish, or its candidate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Forme {
    /// By its key in the records: runs of before are committed to so, and stay so.
    Cle,
    /// By a number that only the secret of the run gives: two receipts of a person have nothing in common.
    Masquee,
}

/// Which run the leaves are of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Passage {
    pub(super) genre: Genre,
    pub(super) annee: i64,
    pub(super) jour: i64,
    pub(super) forme: Forme,
}

impl Passage {
    /// The numbers that a leaf shows.
    pub(super) fn shown(self, secret: &Secret, ligne: &Ligne) -> Ligne {
        let mut montree = *ligne;
        if self.forme == Forme::Masquee {
            montree[1] = secret.pseudonym(self.genre, ligne);
        }
        montree
    }

    /// The text of a leaf, as receipts show it: `voeu2;2024;12;` and the numbers.
    fn write(self, ligne: &Ligne, texte: &mut Vec<u8>) {
        let mut chiffres = itoa::Buffer::new();
        texte.extend_from_slice(self.genre.code(self.forme).as_bytes());
        for n in [self.annee, self.jour].iter().chain(&ligne[..self.genre.colonnes()]) {
            texte.push(b';');
            texte.extend_from_slice(chiffres.format(*n).as_bytes());
        }
    }

    pub(super) fn text(self, ligne: &Ligne) -> String {
        let mut texte = Vec::new();
        self.write(ligne, &mut texte);
        String::from_utf8(texte).unwrap_or_default()
    }

    /// The numbers of a text that [`Passage::text`] gives, and the run it is of; `None` for anything else.
    pub(super) fn read(texte: &str) -> Option<(Self, Ligne)> {
        let mut mots = texte.split(';');
        let (genre, forme) = match mots.next()? {
            "ordre" => (Genre::Ordre, Forme::Cle),
            "voeu" => (Genre::Voeu, Forme::Cle),
            "ordre2" => (Genre::Ordre, Forme::Masquee),
            "voeu2" => (Genre::Voeu, Forme::Masquee),
            _ => return None,
        };
        let nombres: Vec<i64> = mots.map(|m| m.parse().ok()).collect::<Option<_>>()?;
        let (&[annee, jour], reste) = nombres.split_first_chunk::<2>()?;
        let mut ligne = [0; 11];
        ligne.get_mut(..reste.len())?.copy_from_slice(reste);
        let passage = Self { genre, annee, jour, forme };
        (passage.text(&ligne) == texte).then_some((passage, ligne))
    }

    pub(super) fn salt(self, secret: &Secret, ligne: &Ligne) -> Empreinte {
        secret.salt(self.genre, ligne)
    }
}

/// `sha256sum` of the salt in hexadecimal, a semicolon and the text: anybody makes it again.
pub(super) fn commitment(sel_hex: &str, texte: &str) -> Empreinte {
    Sha256::digest(format!("{sel_hex};{texte}").as_bytes()).into()
}

/// What a leaf says, for a person: label and value.
pub(super) fn labels(passage: Passage, l: &Ligne) -> Vec<(String, String)> {
    let oui = |n: i64| if n == 1 { "oui" } else { "non" }.to_owned();
    let rang = |n: i64, sans: &str| if n == 0 { sans.to_owned() } else { n.to_string() };
    let paires = match passage.genre {
        Genre::Ordre => vec![
            ("Rang d’appel", l[2].to_string()),
            ("Boursier pris en compte", oui(l[3])),
            ("Du secteur de la formation", oui(l[4])),
        ],
        Genre::Voeu => vec![
            ("Rang d’appel lu", rang(l[2], "aucun : la formation ne classe pas")),
            ("Rang d’attente de la veille", rang(l[3], "aucun")),
            (
                "Ce que le calcul a lu de votre réponse",
                match l[4] {
                    1 => "en attente",
                    2 => "proposition reçue, sans réponse",
                    3 => "proposition acceptée",
                    _ => "inconnu",
                }
                .to_owned(),
            ),
            ("Internat demandé", oui(l[5])),
            ("Hors phase principale", oui(l[6])),
            ("Rang au classement de l’internat", rang(l[8], "aucun : pas d’internat qui classe")),
            ("Rang dans votre ordre de préférence", rang(l[9], "aucun : ce vœu n’est pas ordonné")),
            (
                "Ce que le calcul a donné",
                match l[10] {
                    PROPOSE => "une proposition".to_owned(),
                    RA_ACCEPTATION => "une proposition, acceptée par votre répondeur automatique".to_owned(),
                    RA_ATTENTE | GDD_ATTENTE => {
                        "abandonné : vous avez reçu une proposition mieux ordonnée".to_owned()
                    }
                    GDD_PROPOSITION | RA_REFUS => {
                        "proposition rendue : vous en avez reçu une mieux ordonnée".to_owned()
                    }
                    0 => "rien de nouveau".to_owned(),
                    n => format!("rang {n} de la liste d’attente"),
                },
            ),
        ],
    };
    paires.into_iter().map(|(nom, valeur)| (nom.to_owned(), valeur)).collect()
}

/// The leaves of a run, made when they are asked for: a country has twelve million of them.
pub(super) struct Feuilles<'a> {
    pub(super) passage: Passage,
    /// Key of each group that has leaves and where they are, by key.
    groupes: Vec<(i64, Range<usize>)>,
    ligne: Box<dyn Fn(usize) -> Ligne + Sync + 'a>,
}

impl<'a> Feuilles<'a> {
    /// One for each wish that the day read.
    pub(super) fn of_day(annee: i64, lu: &'a jour::Lecture, r: &Resultat) -> Self {
        // By assignment group, without comparing.
        let mut bornes = vec![0_usize; lu.groupes.len() + 1];
        lu.voeux.iter().for_each(|v| bornes[v.groupe as usize + 1] += 1);
        for g in 0..lu.groupes.len() {
            bornes[g + 1] += bornes[g];
        }
        let mut suivant = bornes.clone();
        let mut ordre = vec![0_u32; lu.voeux.len()];
        for (n, v) in (0..).zip(&lu.voeux) {
            let place = &mut suivant[v.groupe as usize];
            ordre[*place] = n;
            *place += 1;
        }
        let mut resultats = vec![0_i64; lu.voeux.len()];
        let internat = move |n: usize| {
            let place = lu.en_internat.binary_search_by_key(&n, |e| e.voeu as usize).ok()?;
            let e = lu.en_internat[place];
            Some((lu.internats[e.internat as usize].id, i64::from(e.rang)))
        };
        let mut set = |liste: &[(i64, i64)], valeur: fn(i64) -> i64| {
            let mut n = 0;
            for &(voeu, nombre) in liste {
                n += lu.voeux[n..].iter().take_while(|v| v.id < voeu).count();
                if let Some(r) = lu.voeux.get(n).filter(|v| v.id == voeu).and_then(|_| resultats.get_mut(n)) {
                    *r = valeur(nombre);
                }
            }
        };
        set(&r.rangs, |rang| rang);
        set(&r.propositions, |_| PROPOSE);
        set(&r.automatiques, |statut| -statut);
        let mut groupes: Vec<(i64, Range<usize>)> = lu
            .groupes
            .iter()
            .enumerate()
            .map(|(g, groupe)| (groupe.id, bornes[g]..bornes[g + 1]))
            .filter(|(_, place)| !place.is_empty())
            .collect();
        groupes.sort_unstable_by_key(|(cle, _)| *cle);
        let ligne = move |place: usize| {
            let n = ordre[place] as usize;
            let v = &lu.voeux[n];
            let statut = match v.etat.statut() {
                Statut::EnAttente => 1,
                Statut::AnterieureSansReponse => 2,
                Statut::AnterieureAcceptee => 3,
                _ => 0,
            };
            let (interne, hors_pp) = (i64::from(v.etat.is_avec_internat()), i64::from(v.etat.is_hors_pp()));
            let (rang, veille) = (i64::from(v.rang), i64::from(v.veille));
            // Two wishes in a hundred ask for boarding: the others look for nothing.
            let (internat, place) = if interne == 1 { internat(n).unwrap_or((0, 0)) } else { (0, 0) };
            let groupe = lu.groupes[v.groupe as usize].id;
            [
                groupe,
                v.id,
                rang,
                veille,
                statut,
                interne,
                hors_pp,
                internat,
                place,
                i64::from(v.preference),
                resultats[n],
            ]
        };
        let jour = i64::from(lu.parametres.jour);
        let passage = Passage { genre: Genre::Voeu, annee, jour, forme: Forme::Masquee };
        Self { passage, groupes, ligne: Box::new(ligne) }
    }

    /// One for each candidate of each call order.
    pub(super) fn of_orders(annee: i64, lu: &ordre_appel::Lecture, lignes: &'a [LigneOrdre]) -> Self {
        let mut profils: Vec<(i64, i64, bool, bool)> = lu
            .classes
            .iter()
            .map(|c| (lu.groupes[c.groupe as usize].id, c.candidat, c.boursier, c.resident))
            .collect();
        profils.sort_unstable();
        let mut groupes: Vec<(i64, Range<usize>)> = Vec::new();
        for groupe in lignes.chunk_by(|a, b| a.groupe == b.groupe) {
            let debut = groupes.last().map_or(0, |(_, place)| place.end);
            groupes.push((groupe[0].groupe, debut..debut + groupe.len()));
        }
        groupes.sort_unstable_by_key(|(cle, _)| *cle);
        let ligne = move |n: usize| {
            let l = &lignes[n];
            let profil = profils.binary_search_by_key(&(l.groupe, l.candidat), |p| (p.0, p.1));
            let (boursier, resident) = profil.map_or((false, false), |p| (profils[p].2, profils[p].3));
            [l.groupe, l.candidat, l.rang, i64::from(boursier), i64::from(resident), 0, 0, 0, 0, 0, 0]
        };
        let passage = Passage { genre: Genre::Ordre, annee, jour: 0, forme: Forme::Masquee };
        Self { passage, groupes, ligne: Box::new(ligne) }
    }

    /// None: a withdrawal commits to no wish.
    pub(super) fn none(annee: i64, jour: i64) -> Self {
        let passage = Passage { genre: Genre::Voeu, annee, jour, forme: Forme::Masquee };
        Self { passage, groupes: Vec::new(), ligne: Box::new(|_| [0; 11]) }
    }

    /// The same leaves, in this form.
    pub(super) fn named_by(mut self, forme: Forme) -> Self {
        self.passage.forme = forme;
        self
    }

    /// The leaves of a group.
    #[cfg(test)]
    pub(super) fn of_group(&self, groupe: i64) -> Vec<Ligne> {
        let places = self.groupes.iter().find(|g| g.0 == groupe).map(|g| g.1.clone());
        places.map(|places| self.rows(places).collect()).unwrap_or_default()
    }

    fn rows(&self, places: Range<usize>) -> impl Iterator<Item = Ligne> + '_ {
        places.map(|n| (self.ligne)(n))
    }
}

/// The tree of one group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Racine {
    pub(super) groupe: i64,
    pub(super) feuilles: u64,
    pub(super) racine: Empreinte,
}

impl Racine {
    /// Its leaf in the tree of the run: the number of leaves is bound to the root.
    pub(super) fn text(&self) -> String {
        format!("groupe;{};{};{}", self.groupe, self.feuilles, hex(&self.racine))
    }

    fn read(texte: &str) -> Option<Self> {
        let mut mots = texte.split(';');
        let lu = Self {
            groupe: (mots.next()? == "groupe").then(|| mots.next())??.parse().ok()?,
            feuilles: mots.next()?.parse().ok()?,
            racine: arbre::from_hex(mots.next()?)?,
        };
        (lu.text() == texte).then_some(lu)
    }
}

/// Leaves of some groups that follow each other, to be read again for a receipt.
#[derive(Debug)]
pub(super) struct Lot {
    /// Keys of the first and the last group.
    pub(super) groupes: (i64, i64),
    pub(super) octets: Vec<u8>,
}

/// What a run commits to.
#[derive(Debug)]
pub(in crate::admission) struct Arbres {
    /// Of every group that has leaves, by key.
    pub(super) racines: Vec<Racine>,
    pub(super) lots: Vec<Lot>,
}

/// The hashes of leaves in the order of their tree, which is that of the hashes: it says nothing of who is where.
fn hashes(
    passage: Passage,
    secret: &Secret,
    lignes: impl Iterator<Item = Ligne>,
    dans: &mut Vec<(Empreinte, Ligne)>,
) {
    let mut texte = Vec::with_capacity(160);
    dans.clear();
    dans.extend(lignes.map(|ligne| {
        texte.clear();
        let mut sel = [0; 64];
        data_encoding::HEXLOWER.encode_mut(&passage.salt(secret, &ligne), &mut sel);
        texte.extend_from_slice(&sel);
        texte.push(b';');
        passage.write(&passage.shown(secret, &ligne), &mut texte);
        (Sha256::digest(&texte).into(), ligne)
    }));
    dans.sort_unstable();
}

/// Every tree of a run, on every processor.
///
/// # Errors
/// When the compressor refuses.
pub(super) fn build(f: &Feuilles<'_>, secret: &Secret) -> io::Result<Arbres> {
    let mut decoupes: Vec<&[(i64, Range<usize>)]> = Vec::new();
    let mut reste = f.groupes.as_slice();
    while !reste.is_empty() {
        let mut feuilles = 0;
        let assez = reste.iter().position(|(_, place)| {
            feuilles += place.len();
            feuilles >= LOT
        });
        let (lot, suite) = reste.split_at(assez.map_or(reste.len(), |n| n + 1));
        decoupes.push(lot);
        reste = suite;
    }
    let (suivant, faits) = (AtomicUsize::new(0), Mutex::new(BTreeMap::new()));
    let fils = std::thread::available_parallelism().map_or(1, usize::from).min(decoupes.len());
    std::thread::scope(|portee| {
        let travail = || {
            let mut tampon = Vec::new();
            loop {
                let n = suivant.fetch_add(1, Ordering::Relaxed);
                let Some(decoupe) = decoupes.get(n) else { break };
                let lot = build_lot(f, secret, decoupe, &mut tampon);
                faits.lock().unwrap_or_else(std::sync::PoisonError::into_inner).insert(n, lot);
            }
        };
        for _ in 1..fils {
            portee.spawn(travail);
        }
        travail();
    });
    let mut arbres = Arbres { racines: Vec::with_capacity(f.groupes.len()), lots: Vec::new() };
    for lot in faits.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner).into_values() {
        let (racines, lot) = lot?;
        arbres.racines.extend(racines);
        arbres.lots.push(lot);
    }
    Ok(arbres)
}

fn build_lot(
    f: &Feuilles<'_>,
    secret: &Secret,
    groupes: &[(i64, Range<usize>)],
    tampon: &mut Vec<(Empreinte, Ligne)>,
) -> io::Result<(Vec<Racine>, Lot)> {
    let mut racines = Vec::with_capacity(groupes.len());
    let mut feuilles: Vec<Empreinte> = Vec::new();
    for (groupe, places) in groupes {
        hashes(f.passage, secret, f.rows(places.clone()), tampon);
        feuilles.clear();
        feuilles.extend(tampon.iter().map(|(empreinte, _)| *empreinte));
        let racine = arbre::root_of_hashes(&feuilles);
        racines.push(Racine { groupe: *groupe, feuilles: feuilles.len() as u64, racine });
    }
    let lignes = groupes.iter().flat_map(|(_, places)| f.rows(places.clone()));
    let octets = match f.passage.genre {
        Genre::Voeu => encode(NOMS_VOEUX, lignes)?,
        Genre::Ordre => encode(NOMS_ORDRES, lignes.map(|[a, b, c, d, e, ..]| [a, b, c, d, e]))?,
    };
    let bornes = |n: Option<&(i64, Range<usize>)>| n.map_or(0, |(cle, _)| *cle);
    Ok((racines, Lot { groupes: (bornes(groupes.first()), bornes(groupes.last())), octets }))
}

/// The leaves of one group in a lot; `None` when it cannot be read.
pub(super) fn read_lot(genre: Genre, octets: &[u8], groupe: i64) -> Option<Vec<Ligne>> {
    let mut lignes = Vec::new();
    let mut prend = |ligne: Ligne| {
        if ligne[0] == groupe {
            lignes.push(ligne);
        }
        Ok(())
    };
    match genre {
        Genre::Voeu => decode(octets, NOMS_VOEUX, prend),
        Genre::Ordre => {
            decode(octets, NOMS_ORDRES, |[a, b, c, d, e]| prend([a, b, c, d, e, 0, 0, 0, 0, 0, 0]))
        }
    }
    .ok()?;
    Some(lignes)
}

impl Arbres {
    /// The root of the run, over the roots of its groups.
    pub(in crate::admission) fn root(&self) -> Empreinte {
        root(&self.racines)
    }

    /// The roots of the groups, for the record: what its piece holds.
    ///
    /// # Errors
    /// When the compressor refuses.
    pub(in crate::admission) fn piece(&self) -> io::Result<Vec<u8>> {
        let mut sortie = zstd::Encoder::new(Vec::new(), 1)?;
        for r in &self.racines {
            writeln!(sortie, "{}", r.text())?;
        }
        sortie.finish()
    }
}

/// The root of a run, over the roots of its groups.
pub(super) fn root(racines: &[Racine]) -> Empreinte {
    arbre::root(racines.iter().map(|r| r.text().into_bytes()))
}

/// The roots that a piece holds; `None` when it cannot be read.
pub(super) fn read_piece(octets: &[u8]) -> Option<Vec<Racine>> {
    let texte = String::from_utf8(zstd::decode_all(octets).ok()?).ok()?;
    texte.lines().map(Racine::read).collect()
}

/// One leaf among those of its group, and the path to the root of the group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Feuille {
    pub(super) texte: String,
    pub(super) sel: String,
    pub(super) place: u64,
    pub(super) chemin: Vec<String>,
    pub(super) racine: Empreinte,
}

/// Finds the leaf of a key (wish or candidate) and proves it; `None` when the group has no such leaf.
pub(super) fn prove(passage: Passage, secret: &Secret, lignes: &[Ligne], cle: i64) -> Option<Feuille> {
    let mut tampon = Vec::new();
    hashes(passage, secret, lignes.iter().copied(), &mut tampon);
    let place = tampon.iter().position(|(_, ligne)| ligne[1] == cle)?;
    let ligne = tampon[place].1;
    let feuilles = || tampon.iter().map(|(empreinte, _)| empreinte.to_vec());
    Some(Feuille {
        texte: passage.text(&passage.shown(secret, &ligne)),
        sel: hex(&passage.salt(secret, &ligne)),
        place: place as u64,
        chemin: arbre::path(feuilles(), place)?,
        racine: arbre::root(feuilles()),
    })
}
