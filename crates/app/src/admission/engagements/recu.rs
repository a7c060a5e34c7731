//! The public register and the receipt of a wish, checked without a database, an account or the platform.

use domain::admission::Nature;
use serde::{Deserialize, Serialize};

use super::arbre::{from_hex, hex, is_included, path};
use super::declaration::{Declaration, head, is_signed, link, sha256};
use super::feuilles::{
    Feuille, Forme, Genre, Ligne, Passage, Racine, Secret, commitment, labels, prove as prove_leaf,
};

/// Of both files; another one is refused, never guessed.
pub(super) const FORMAT: u32 = 1;

/// A run in the public register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Inscription {
    /// SHA-256 of its declaration.
    pub empreinte: String,
    /// Signed text; absent for a run that was given up, of which only the place in the chain is public.
    pub declaration: Option<String>,
    /// Ed25519, in hexadecimal.
    pub signature: Option<String>,
    /// Instant of the campaign, in UTC; absent for a run that was given up.
    pub publie_le: Option<String>,
}

/// Somebody outside the platform has signed the head.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Temoignage {
    /// Who, as they ask to be called.
    pub temoin: String,
    /// Their Ed25519 public key, in hexadecimal: to be compared with the one that they publish themselves.
    pub cle: String,
    /// Of the text of the head, in hexadecimal.
    pub signature: String,
    /// Runs in the register when they signed.
    pub passages: usize,
}

/// Everything that is public of the runs of a session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Registre {
    /// Of this file.
    pub format: u32,
    /// Year.
    pub session: i64,
    /// Ed25519 public key that signs the declarations, in hexadecimal.
    pub cle: String,
    /// In the order of the chain.
    pub passages: Vec<Inscription>,
    /// In the order in which they came.
    pub temoignages: Vec<Temoignage>,
}

/// What is wrong with a register or a receipt, in French.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EcartRecu {
    /// Not a file of ours.
    #[error("{0} n’est pas lisible (mauvais fichier, ou fichier modifié)")]
    Illisible(&'static str),
    /// A declaration that the key has not signed.
    #[error("le registre : la déclaration nº {0} n’a pas la signature de la plateforme")]
    Signature(usize),
    /// A declaration that does not name the one before.
    #[error("le registre : la déclaration nº {0} ne suit pas celle d’avant")]
    Chaine(usize),
    /// A witness whose signature is of something else.
    #[error("le registre : la signature du témoin « {0} » n’est pas celle de cette chaîne")]
    Temoin(String),
    /// The register has no such run.
    #[error(
        "le reçu parle d’un passage que ce registre n’a pas publié : l’un des deux est d’une autre session, ou faux"
    )]
    Passage,
    /// The sentences of the receipt are not those of the text that was committed to.
    #[error("les phrases du reçu ne sont pas celles du texte engagé")]
    Libelles,
    /// The text is of another run.
    #[error("le texte engagé parle d’un autre passage que celui du reçu")]
    Texte,
    /// The path does not lead to the public root.
    #[error(
        "la preuve ne mène pas à la racine publiée : ces valeurs ne sont pas celles que la plateforme a engagées"
    )]
    Preuve,
}

impl Registre {
    /// The file.
    pub fn json(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }

    /// The text that witnesses sign for the first `passages` runs; `None` when there are not as many, or none.
    pub fn head(&self, passages: usize) -> Option<String> {
        let couverts = self.passages.get(..passages).filter(|p| !p.is_empty())?;
        let maillon = couverts.iter().fold(String::new(), |avant, p| link(&avant, &p.empreinte));
        Some(head(self.session, passages, &maillon))
    }

    /// The file, read; nothing of it is checked.
    ///
    /// # Errors
    /// [`EcartRecu::Illisible`] when it is no register.
    pub fn read(octets: &[u8]) -> Result<Self, EcartRecu> {
        serde_json::from_slice(octets).map_err(|_| EcartRecu::Illisible("le registre"))
    }

    /// R-ADM-22: how many of its runs this head stands for; `None` when the register does not go on from it.
    pub fn covered_by(&self, tete: &str) -> Option<usize> {
        (1..=self.passages.len()).find(|n| self.head(*n).as_deref() == Some(tete))
    }
}

/// A register whose signatures and chain are as they must be: its declarations, `None` where a run was given up.
///
/// # Errors
/// The first thing that is not as it must be.
pub fn verify_registre(r: &Registre) -> Result<Vec<Option<Declaration>>, EcartRecu> {
    if r.format != FORMAT {
        return Err(EcartRecu::Illisible("le registre"));
    }
    let (mut lues, mut suivant) = (Vec::new(), String::new());
    for (n, inscription) in (1..).zip(&r.passages) {
        let precedent = std::mem::take(&mut suivant);
        suivant = link(&precedent, &inscription.empreinte);
        let Some(texte) = &inscription.declaration else {
            lues.push(None);
            continue;
        };
        let signature = inscription.signature.as_deref().unwrap_or_default();
        if sha256(texte) != inscription.empreinte || !is_signed(texte, signature, &r.cle) {
            return Err(EcartRecu::Signature(n));
        }
        let lue = Declaration::read(texte).ok_or(EcartRecu::Signature(n))?;
        if lue.maillon_precedent != precedent || lue.session != r.session.to_string() {
            return Err(EcartRecu::Chaine(n));
        }
        lues.push(Some(lue));
    }
    for t in &r.temoignages {
        let tete = r.head(t.passages);
        if !tete.is_some_and(|tete| is_signed(&tete, &t.signature, &t.cle)) {
            return Err(EcartRecu::Temoin(t.temoin.clone()));
        }
    }
    Ok(lues)
}

/// A path in a tree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chemin {
    /// Leaves of the tree.
    pub feuilles: u64,
    /// Place of the leaf, from 0.
    pub place: u64,
    /// Hashes met on the way up (RFC 6962), in hexadecimal.
    pub empreintes: Vec<String>,
}

/// What a candidate takes away: their own line of a run, its salt, and the way from it to the root that everybody reads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recu {
    /// Of this file.
    pub format: u32,
    /// The course, for whoever keeps several; signed by nobody.
    pub formation: String,
    /// « Propositions du jour 3 ».
    pub passage: String,
    /// What the text says: label and value.
    pub valeurs: Vec<(String, String)>,
    /// What the platform committed to.
    pub texte: String,
    /// 256 bits, in hexadecimal: without it the commitment says nothing.
    pub sel: String,
    /// Key of the group, in the text of its leaf.
    pub groupe: i64,
    /// Root of the tree of the group.
    pub racine_groupe: String,
    /// From the text to the root of the group.
    pub dans_le_groupe: Chemin,
    /// From the group to the root of the run.
    pub dans_le_passage: Chemin,
    /// SHA-256 of the declaration of the run: it names its line of the register.
    pub declaration: String,
}

/// What a receipt is made from.
#[derive(Debug)]
pub(super) struct Source<'a> {
    pub(super) passage: Passage,
    pub(super) secret: &'a Secret,
    /// Of the group.
    pub(super) lignes: &'a [Ligne],
    /// Of the run.
    pub(super) racines: &'a [Racine],
}

impl Source<'_> {
    /// The receipt of a key (wish or candidate) of a group; `None` when the group has no such leaf.
    ///
    /// # Errors
    /// When the leaves are not those of the root that was committed to.
    pub(super) fn receipt(
        &self,
        formation: &str,
        groupe: i64,
        cle: i64,
        declaration: &str,
    ) -> Result<Option<Recu>, ()> {
        let prouve = |forme| prove_leaf(Passage { forme, ..self.passage }, self.secret, self.lignes, cle);
        let Some(feuille) = prouve(Forme::Masquee) else { return Ok(None) };
        let place = self.racines.iter().position(|r| r.groupe == groupe).ok_or(())?;
        let racine = &self.racines[place];
        // A run of before has committed to the other form.
        let engagee = |f: &Feuille| f.racine == racine.racine;
        let feuille =
            Some(feuille).filter(engagee).or_else(|| prouve(Forme::Cle).filter(engagee)).ok_or(())?;
        let declaree = Declaration::read(declaration).ok_or(())?;
        let (_, ligne) = Passage::read(&feuille.texte).ok_or(())?;
        let chemin = path(self.racines.iter().map(|r| r.text().into_bytes()), place).ok_or(())?;
        Ok(Some(Recu {
            format: FORMAT,
            formation: formation.to_owned(),
            passage: declaree.titre(),
            valeurs: labels(self.passage, &ligne),
            texte: feuille.texte,
            sel: feuille.sel,
            groupe,
            racine_groupe: hex(&feuille.racine),
            dans_le_groupe: Chemin {
                feuilles: racine.feuilles,
                place: feuille.place,
                empreintes: feuille.chemin,
            },
            dans_le_passage: Chemin {
                feuilles: self.racines.len() as u64,
                place: place as u64,
                empreintes: chemin,
            },
            declaration: sha256(declaration),
        }))
    }
}

impl Recu {
    /// The file.
    pub fn json(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }
}

/// A receipt that the register proves: what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecuVerifie {
    /// « Propositions du jour 3 ».
    pub passage: String,
    /// Label and value, made again from the text that was committed to.
    pub valeurs: Vec<(String, String)>,
    /// How many witnesses have signed a head that covers this run.
    pub temoins: usize,
}

/// Checks a receipt against a register, both as files, without anything else.
///
/// # Errors
/// The first thing that is not as it must be.
pub fn verify_recu(registre: &[u8], recu: &[u8]) -> Result<RecuVerifie, EcartRecu> {
    let registre = Registre::read(registre)?;
    let recu: Recu = serde_json::from_slice(recu).map_err(|_| EcartRecu::Illisible("le reçu"))?;
    if recu.format != FORMAT {
        return Err(EcartRecu::Illisible("le reçu"));
    }
    let declarations = verify_registre(&registre)?;
    let inscrite = registre.passages.iter().position(|p| p.empreinte == recu.declaration);
    let (place, declaration) = inscrite
        .and_then(|n| declarations.get(n).cloned().flatten().map(|d| (n, d)))
        .ok_or(EcartRecu::Passage)?;
    let (passage, ligne) = Passage::read(&recu.texte).ok_or(EcartRecu::Illisible("le reçu"))?;
    let meme = (passage.annee.to_string(), passage.jour.to_string());
    let attendu = Nature::from_code(&declaration.nature).and_then(Genre::of);
    if meme != (declaration.session.clone(), declaration.jour.clone())
        || Some(passage.genre) != attendu
        || ligne[0] != recu.groupe
        || recu.passage != declaration.titre()
    {
        return Err(EcartRecu::Texte);
    }
    let valeurs = labels(passage, &ligne);
    if valeurs != recu.valeurs {
        return Err(EcartRecu::Libelles);
    }
    prove(&recu, &declaration).ok_or(EcartRecu::Preuve)?;
    let temoins = registre.temoignages.iter().filter(|t| t.passages > place).count();
    Ok(RecuVerifie { passage: declaration.titre(), valeurs, temoins })
}

/// From the text to the root of the declaration.
fn prove(recu: &Recu, declaration: &Declaration) -> Option<()> {
    // One way to write a salt: the text that is hashed holds it.
    from_hex(&recu.sel)?;
    let (g, p) = (&recu.dans_le_groupe, &recu.dans_le_passage);
    let racine_groupe = from_hex(&recu.racine_groupe)?;
    let feuille = commitment(&recu.sel, &recu.texte);
    let groupe = Racine { groupe: recu.groupe, feuilles: g.feuilles, racine: racine_groupe };
    let dedans = is_included(racine_groupe, g.feuilles, g.place, &feuille, &g.empreintes)
        && p.feuilles.to_string() == declaration.arbres
        && is_included(
            from_hex(&declaration.racine)?,
            p.feuilles,
            p.place,
            groupe.text().as_bytes(),
            &p.empreintes,
        );
    dedans.then_some(())
}
