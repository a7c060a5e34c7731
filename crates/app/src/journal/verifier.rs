//! `parcoursup journal verifier`: walks the chain again, against the signed heads (JOU-3). Reads only.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;

use ed25519_dalek::VerifyingKey;
use store::Sql;
use store::journal::chaine as base;
use store::journal::chaine::{Ligne, LigneTete, Sceau};

use super::chaine::{ORIGINE, Tete, hexa, is_purge_signed, is_signed, maillon, public_key};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use domain::droits::{Action, Cible};

/// Links read at a time.
const LOT: i64 = 2_000;
/// Faults told one by one; the rest is counted.
const DITES: usize = 1_000;

/// What is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(
    missing_docs,
    reason = "the fields are what their names say: places, numbers of entries and of heads"
)]
pub enum Anomalie {
    /// The entry is not what was sealed at this place.
    Modifiee { rang: i64, entree: i64 },
    /// The entry sealed at this place is gone.
    Effacee { rang: i64, entree: i64 },
    /// Places without seal, bounds included.
    RangsManquants { de: i64, a: i64 },
    /// An entry that is neither sealed nor waiting.
    HorsChaine { entree: i64 },
    /// An entry waited for its seal and is gone.
    Perdue { entree: i64 },
    /// The index of readings does not say what the entry says.
    Lectures { rang: i64, entree: i64 },
    /// A head that our key did not sign.
    TeteNonSignee { numero: i64 },
    /// A head that says something else than the chain at its place.
    TeteContredite { numero: i64, rang: i64 },
    /// A head missing from the database.
    TeteManquante { numero: i64 },
    /// A head that the copy outside the database does not say the same way.
    TeteDifferente { numero: i64 },
    /// The chain ends before the last head.
    Tronquee { rang: i64, tete: i64 },
    /// A removal that our key did not sign, or that goes up to no head.
    Purge { rang: i64 },
    /// Lines of the copy that are not heads.
    CopieIllisible { lignes: usize },
}

impl Anomalie {
    /// Stable code with its place: one cause, one alarm.
    pub(super) fn code(&self) -> String {
        match self {
            Self::Modifiee { rang, .. } => format!("modifiee:{rang}"),
            Self::Effacee { rang, .. } => format!("effacee:{rang}"),
            Self::RangsManquants { de, .. } => format!("manquants:{de}"),
            Self::HorsChaine { entree } => format!("hors_chaine:{entree}"),
            Self::Perdue { entree } => format!("perdue:{entree}"),
            Self::Lectures { rang, .. } => format!("lectures:{rang}"),
            Self::TeteNonSignee { numero } => format!("tete_non_signee:{numero}"),
            Self::TeteContredite { numero, .. } => format!("tete_contredite:{numero}"),
            Self::TeteManquante { numero } => format!("tete_manquante:{numero}"),
            Self::TeteDifferente { numero } => format!("tete_differente:{numero}"),
            Self::Tronquee { tete, .. } => format!("tronquee:{tete}"),
            Self::Purge { rang } => format!("purge:{rang}"),
            Self::CopieIllisible { .. } => "copie_illisible".to_owned(),
        }
    }
}

impl fmt::Display for Anomalie {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Modifiee { rang, entree } => {
                write!(f, "rang {rang} : l’entrée {entree} a été modifiée, déplacée ou remplacée")
            }
            Self::Effacee { rang, entree } => write!(f, "rang {rang} : l’entrée {entree} a été effacée"),
            Self::RangsManquants { de, a } if de == a => write!(f, "rang {de} : le sceau a été effacé"),
            Self::RangsManquants { de, a } => write!(f, "rangs {de} à {a} : les sceaux ont été effacés"),
            Self::HorsChaine { entree } => {
                write!(f, "entrée {entree} : hors de la chaîne, ni scellée ni en attente")
            }
            Self::Perdue { entree } => write!(f, "entrée {entree} : effacée avant d’être scellée"),
            Self::Lectures { rang, entree } => {
                write!(f, "rang {rang} : la liste des dossiers lus de l’entrée {entree} a été modifiée")
            }
            Self::TeteNonSignee { numero } => {
                write!(f, "tête {numero} : sa signature n’est pas celle de la clé")
            }
            Self::TeteContredite { numero, rang } => {
                write!(f, "tête {numero}, rang {rang} : la chaîne a été réécrite avant ce rang")
            }
            Self::TeteManquante { numero } => write!(f, "tête {numero} : absente de la base"),
            Self::TeteDifferente { numero } => {
                write!(f, "tête {numero} : la base et la copie extérieure ne disent pas la même chose")
            }
            Self::Tronquee { rang, tete } => {
                write!(
                    f,
                    "fin de la chaîne coupée : elle s’arrête au rang {rang}, une tête signée va au rang {tete}"
                )
            }
            Self::Purge { rang } => {
                write!(f, "effacement jusqu’au rang {rang} : sans signature ou sans tête")
            }
            Self::CopieIllisible { lignes } => {
                write!(f, "copie extérieure des têtes : {lignes} lignes illisibles")
            }
        }
    }
}

/// The account of a verification.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bilan {
    /// Entries whose link was computed again.
    pub entrees: i64,
    /// Heads of the database.
    pub tetes: usize,
    /// Heads of the copy outside.
    pub exterieures: usize,
    /// Last place of the chain.
    pub rang: i64,
    /// Last place that a head outside the database proves.
    pub prouve: i64,
    /// Entries removed at the end of their retention.
    pub effacees: i64,
    /// Entries that wait for their seal.
    pub attente: i64,
    /// The first faults, in the order of the chain.
    pub anomalies: Vec<Anomalie>,
    /// All of them.
    pub total: usize,
}

impl Bilan {
    /// Nothing is wrong.
    pub fn is_intact(&self) -> bool {
        self.total == 0
    }

    pub(super) fn dit(&mut self, a: Anomalie) {
        self.total += 1;
        if self.anomalies.len() < DITES {
            self.anomalies.push(a);
        }
    }
}

/// Verifies the whole journal against its heads and their copy outside the database. `avance` hears (place, last place).
///
/// # Errors
/// When the database refuses or the copy cannot be read; what is wrong in the journal is in the account.
pub async fn verifier(
    ctx: &Ctx,
    exterieures: &[Tete],
    illisibles: usize,
    avance: impl FnMut(i64, i64),
) -> Result<Bilan, AppError> {
    ctx.permit(Action::EntretenirPlateforme, &Cible::plateforme())?;
    let cle = public_key(&ctx.app.secrets.journal);
    let mut bilan = check(&ctx.app.db, &cle, exterieures, avance).await?;
    if illisibles > 0 {
        bilan.dit(Anomalie::CopieIllisible { lignes: illisibles });
    }
    Ok(bilan)
}

/// The same, on any reader and under any public key.
///
/// # Errors
/// When the database refuses.
pub async fn check(
    c: &impl Sql,
    cle: &VerifyingKey,
    exterieures: &[Tete],
    mut avance: impl FnMut(i64, i64),
) -> Result<Bilan, AppError> {
    let mut bilan = Bilan { exterieures: exterieures.len(), ..Bilan::default() };
    let tetes = base::tetes(c, 0).await?;
    bilan.tetes = tetes.len();
    check_copies(&mut bilan, &tetes, exterieures);
    for t in &tetes {
        if !is_signed(cle, &Tete::from(t.clone())) {
            bilan.dit(Anomalie::TeteNonSignee { numero: t.numero });
        }
    }
    let (debut, precedent) = check_purges(c, &mut bilan, cle, &tetes).await?;
    let fin = base::last_sceau(c).await?.map_or(debut, |s| s.rang);
    bilan.rang = fin;
    let par_rang: BTreeMap<i64, &LigneTete> = tetes.iter().map(|t| (t.rang, t)).collect();

    walk(c, &mut bilan, &par_rang, (debut, Some(precedent)), i64::MAX, |rang| avance(rang, fin)).await?;

    check_end(&mut bilan, &tetes, exterieures, fin);
    // Every place up to the last head is there; what is missing in the middle was said above.
    for entree in base::outside(c, 1_000).await? {
        bilan.dit(Anomalie::HorsChaine { entree });
    }
    for entree in base::lost(c, 1_000).await? {
        bilan.dit(Anomalie::Perdue { entree });
    }
    bilan.attente = base::attente(c).await?.0;
    bilan.prouve = exterieures.iter().map(|t| t.rang).max().unwrap_or(0);
    Ok(bilan)
}

/// Links from a place on, up to another one. `debut`: the place before the first, and its link when it is known. Gives
/// the last place seen.
async fn walk(
    c: &impl Sql,
    bilan: &mut Bilan,
    tetes: &BTreeMap<i64, &LigneTete>,
    debut: (i64, Option<Vec<u8>>),
    jusqu_a: i64,
    mut avance: impl FnMut(i64),
) -> Result<i64, AppError> {
    let (mut rang, mut precedent) = debut;
    while rang < jusqu_a {
        let sceaux = base::sceaux(c, rang, LOT.min(jusqu_a - rang)).await?;
        let (Some(premier), Some(dernier)) = (sceaux.first(), sceaux.last()) else { break };
        let lot = Lot::read(c, premier.rang, dernier.rang).await?;
        for s in &sceaux {
            if s.rang > rang + 1 {
                bilan.dit(Anomalie::RangsManquants { de: rang + 1, a: s.rang - 1 });
                precedent = None;
            }
            lot.check(bilan, s, precedent.as_deref());
            if let Some(t) = tetes.get(&s.rang)
                && t.empreinte != s.empreinte
            {
                bilan.dit(Anomalie::TeteContredite { numero: t.numero, rang: s.rang });
            }
            rang = s.rang;
            precedent = Some(s.empreinte.clone());
        }
        avance(rang);
    }
    Ok(rang)
}

/// A round (JOU-5): every head against its copy outside, the signatures of the last ones, and `combien` links after a
/// place. Gives the account and the place where the next round begins, from the start again after the end.
///
/// # Errors
/// When the database refuses.
pub(super) async fn check_slice(
    c: &impl Sql,
    cle: &VerifyingKey,
    exterieures: &[Tete],
    apres: i64,
    combien: i64,
) -> Result<(Bilan, i64), AppError> {
    /// Older signatures were verified by earlier rounds, and their texts are compared with the copy.
    const SIGNATURES: usize = 50;
    let mut bilan = Bilan { exterieures: exterieures.len(), ..Bilan::default() };
    let tetes = base::tetes(c, 0).await?;
    check_copies(&mut bilan, &tetes, exterieures);
    for t in tetes.iter().rev().take(SIGNATURES) {
        if !is_signed(cle, &Tete::from(t.clone())) {
            bilan.dit(Anomalie::TeteNonSignee { numero: t.numero });
        }
    }
    let (debut, origine) = check_purges(c, &mut bilan, cle, &tetes).await?;
    let fin = base::last_sceau(c).await?.map_or(debut, |s| s.rang);
    let par_rang: BTreeMap<i64, &LigneTete> = tetes.iter().map(|t| (t.rang, t)).collect();
    let depart = if apres <= debut || apres >= fin {
        (debut, Some(origine))
    } else {
        (apres, base::sceaux(c, apres - 1, 1).await?.pop().filter(|s| s.rang == apres).map(|s| s.empreinte))
    };
    let jusqu_a = depart.0 + combien;
    let vu = walk(c, &mut bilan, &par_rang, depart, jusqu_a, |_| ()).await?;
    check_end(&mut bilan, &tetes, exterieures, fin);
    Ok((bilan, if vu >= fin { 0 } else { vu }))
}

/// No head goes further than the chain.
fn check_end(bilan: &mut Bilan, tetes: &[LigneTete], exterieures: &[Tete], fin: i64) {
    let derniere = tetes.iter().map(|t| t.rang).chain(exterieures.iter().map(|t| t.rang)).max().unwrap_or(0);
    if derniere > fin {
        bilan.dit(Anomalie::Tronquee { rang: fin, tete: derniere });
    }
}

/// Heads are numbered without hole, and those of the copy are the same.
fn check_copies(bilan: &mut Bilan, tetes: &[LigneTete], exterieures: &[Tete]) {
    let ici: BTreeMap<i64, Tete> = tetes.iter().map(|t| (t.numero, Tete::from(t.clone()))).collect();
    let mut manquantes: BTreeSet<i64> = BTreeSet::new();
    let mut attendu = 1;
    for numero in ici.keys() {
        manquantes.extend(attendu..*numero);
        attendu = numero + 1;
    }
    for dehors in exterieures {
        match ici.get(&dehors.numero) {
            None => {
                manquantes.insert(dehors.numero);
            }
            Some(tete) if tete != dehors => bilan.dit(Anomalie::TeteDifferente { numero: dehors.numero }),
            Some(_) => {}
        }
    }
    for numero in manquantes {
        bilan.dit(Anomalie::TeteManquante { numero });
    }
}

/// Where the chain begins today, and the link before: the origin, or the head up to which entries were removed.
async fn check_purges(
    c: &impl Sql,
    bilan: &mut Bilan,
    cle: &VerifyingKey,
    tetes: &[LigneTete],
) -> Result<(i64, Vec<u8>), AppError> {
    let mut debut = (0, ORIGINE.to_vec());
    for p in base::purges(c).await? {
        match tetes.iter().find(|t| t.rang == p.rang) {
            Some(t) if is_purge_signed(cle, &p) => {
                bilan.effacees += p.entrees;
                debut = (t.rang, t.empreinte.clone());
            }
            _ => bilan.dit(Anomalie::Purge { rang: p.rang }),
        }
    }
    Ok(debut)
}

/// Entries and readings of a few links.
struct Lot {
    lignes: HashMap<i64, Ligne>,
    lectures: HashMap<i64, BTreeSet<i64>>,
}

impl Lot {
    async fn read(c: &impl Sql, de: i64, a: i64) -> Result<Self, AppError> {
        let lignes = base::lignes(c, de, a).await?.into_iter().map(|l| (l.id, l)).collect();
        let mut lectures: HashMap<i64, BTreeSet<i64>> = HashMap::new();
        for (entree, candidat) in base::lectures(c, de, a).await? {
            lectures.entry(entree).or_default().insert(candidat);
        }
        Ok(Self { lignes, lectures })
    }

    /// `precedent`: the link before, when it is there; without it only the presence of the entry can be told.
    fn check(&self, bilan: &mut Bilan, s: &Sceau, precedent: Option<&[u8]>) {
        let (rang, entree) = (s.rang, s.entree_id);
        let Some(ligne) = self.lignes.get(&entree) else {
            return bilan.dit(Anomalie::Effacee { rang, entree });
        };
        bilan.entrees += 1;
        if precedent.is_some_and(|p| maillon(p, rang, ligne).as_slice() != s.empreinte) {
            return bilan.dit(Anomalie::Modifiee { rang, entree });
        }
        let lus = self.lectures.get(&entree);
        if lus.map_or(0, BTreeSet::len) > 0 || ligne.dossiers > 0 {
            let dits = read_dossiers(ligne.apres.as_deref());
            if lus.is_none_or(|l| *l != dits) {
                bilan.dit(Anomalie::Lectures { rang, entree });
            }
        }
    }
}

/// Internal keys of the records that an entry says were read.
pub(super) fn read_dossiers(apres: Option<&str>) -> BTreeSet<i64> {
    let json: serde_json::Value = apres.and_then(|t| serde_json::from_str(t).ok()).unwrap_or_default();
    json["dossiers_lus"].as_array().into_iter().flatten().filter_map(serde_json::Value::as_i64).collect()
}

/// The public key that verifies this platform's heads, in hexadecimal.
pub fn cle_publique(ctx: &Ctx) -> String {
    hexa(public_key(&ctx.app.secrets.journal).as_bytes())
}
