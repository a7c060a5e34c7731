//! ADR 0007: canonical encoding of an entry, the link it makes, and what signatures cover. Pure.

use ed25519_dalek::{Signature, Signer as _, SigningKey, Verifier as _, VerifyingKey};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use store::journal::chaine::{Ligne, LignePurge, LigneTete};

/// A fingerprint of the chain.
pub(super) type Empreinte = [u8; 32];

/// What comes before the first entry.
pub(super) const ORIGINE: Empreinte = [0; 32];

/// SHA-256 of the link before, of the place and of the whole entry, each field with its kind and its length: no two
/// entries are written alike.
pub(super) fn maillon(precedent: &[u8], rang: i64, e: &Ligne) -> Empreinte {
    let mut h = Sha256::new();
    h.update(b"parcoursup/journal/entree/1");
    h.update(precedent);
    let mut nombre = |n: Option<i64>| match n {
        None => h.update([0]),
        Some(n) => {
            h.update([1]);
            h.update(n.to_be_bytes());
        }
    };
    for n in [Some(rang), Some(e.id), Some(e.instant_us), e.compte_id, e.etablissement_id, Some(e.dossiers)] {
        nombre(n);
    }
    let textes = [
        Some(&e.role),
        Some(&e.reseau),
        Some(&e.requete),
        Some(&e.route),
        Some(&e.action),
        Some(&e.objet),
        Some(&e.objet_id),
        Some(&e.issue),
        Some(&e.moyen),
        e.avant.as_ref(),
        e.apres.as_ref(),
    ];
    for texte in textes {
        match texte {
            None => h.update([0]),
            Some(t) => {
                h.update([2]);
                h.update((t.len() as u64).to_be_bytes());
                h.update(t.as_bytes());
            }
        }
    }
    h.finalize().into()
}

/// A signed head, as it is copied outside the database: one line of JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tete {
    /// From 1, without hole.
    pub numero: i64,
    /// Place of the chain up to which it proves everything.
    pub rang: i64,
    /// SHA-256 of the link at this place, in hexadecimal.
    pub empreinte: String,
    /// UTC milliseconds.
    pub signee_le: i64,
    /// Ed25519, in hexadecimal.
    pub signature: String,
}

impl Tete {
    /// The line that leaves the database.
    pub fn ligne(&self) -> String {
        // A struct of numbers and texts always has its JSON.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Reads a line.
    pub fn lit(ligne: &str) -> Option<Self> {
        serde_json::from_str(ligne).ok()
    }

    fn message(&self) -> String {
        format!(
            "parcoursup/journal/tete/1\n{}\n{}\n{}\n{}\n",
            self.numero, self.rang, self.empreinte, self.signee_le
        )
    }
}

impl From<LigneTete> for Tete {
    fn from(t: LigneTete) -> Self {
        Self {
            numero: t.numero,
            rang: t.rang,
            empreinte: hexa(&t.empreinte),
            signee_le: t.signee_le,
            signature: hexa(&t.signature),
        }
    }
}

pub(super) fn hexa(octets: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(octets)
}

/// Signs a head of the chain.
pub(super) fn sign_tete(
    secret: &[u8; 32],
    numero: i64,
    rang: i64,
    empreinte: &[u8],
    signee_le: i64,
) -> LigneTete {
    let mut tete = Tete { numero, rang, empreinte: hexa(empreinte), signee_le, signature: String::new() };
    let signature = SigningKey::from_bytes(secret).sign(tete.message().as_bytes());
    tete.signature = hexa(&signature.to_bytes());
    LigneTete {
        numero,
        rang,
        empreinte: empreinte.to_vec(),
        signee_le,
        signature: signature.to_bytes().to_vec(),
    }
}

/// The head is signed by the holder of this key.
pub(super) fn is_signed(cle: &VerifyingKey, tete: &Tete) -> bool {
    let octets = data_encoding::HEXLOWER.decode(tete.signature.as_bytes()).unwrap_or_default();
    check(cle, tete.message().as_bytes(), &octets)
}

/// Signs a removal.
pub(super) fn sign_purge(secret: &[u8; 32], p: &mut LignePurge) {
    p.signature = SigningKey::from_bytes(secret).sign(message_purge(p).as_bytes()).to_bytes().to_vec();
}

/// The removal is signed by the holder of this key.
pub(super) fn is_purge_signed(cle: &VerifyingKey, p: &LignePurge) -> bool {
    check(cle, message_purge(p).as_bytes(), &p.signature)
}

fn message_purge(p: &LignePurge) -> String {
    format!("parcoursup/journal/purge/1\n{}\n{}\n{}\n{}\n", p.rang, p.avant_le, p.purgee_le, p.entrees)
}

fn check(cle: &VerifyingKey, message: &[u8], signature: &[u8]) -> bool {
    Signature::from_slice(signature).is_ok_and(|s| cle.verify(message, &s).is_ok())
}

/// The public half of the key that signs heads.
pub(super) fn public_key(secret: &[u8; 32]) -> VerifyingKey {
    SigningKey::from_bytes(secret).verifying_key()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ligne() -> Ligne {
        Ligne {
            id: 7,
            instant_us: 1_700_000_000_000_000,
            compte_id: Some(3),
            role: "admin_site".into(),
            etablissement_id: None,
            reseau: "r".into(),
            requete: "q".into(),
            route: "GET /".into(),
            action: "ab".into(),
            objet: "c".into(),
            objet_id: String::new(),
            issue: "fait".into(),
            moyen: String::new(),
            dossiers: 0,
            avant: None,
            apres: Some("{}".into()),
        }
    }

    #[test]
    fn jou_3_each_field_place_and_link_before_changes_the_link() {
        let reference = maillon(&ORIGINE, 1, &ligne());
        assert_eq!(reference, maillon(&ORIGINE, 1, &ligne()));
        let mut autres = vec![maillon(&ORIGINE, 2, &ligne()), maillon(&[1; 32], 1, &ligne())];
        let changements: [fn(&mut Ligne); 10] = [
            |l| l.id = 8,
            |l| l.instant_us += 1,
            |l| l.compte_id = None,
            |l| l.etablissement_id = Some(0),
            |l| l.dossiers = 1,
            // The border between two texts moves.
            |l| (l.action, l.objet) = ("a".into(), "bc".into()),
            |l| l.issue = "refus".into(),
            |l| l.avant = Some(String::new()),
            |l| l.apres = None,
            |l| l.moyen = "totp".into(),
        ];
        for change in changements {
            let mut l = ligne();
            change(&mut l);
            autres.push(maillon(&ORIGINE, 1, &l));
        }
        autres.push(reference);
        autres.sort_unstable();
        autres.dedup();
        assert_eq!(autres.len(), 13);
    }

    #[test]
    fn jou_3_a_head_is_signed_whole_and_survives_its_line() {
        let tete = Tete::from(sign_tete(&[7; 32], 1, 10, &[9; 32], 1_700));
        let cle = public_key(&[7; 32]);
        assert_eq!(Tete::lit(&tete.ligne()), Some(tete.clone()));
        assert!(is_signed(&cle, &tete) && !is_signed(&public_key(&[8; 32]), &tete));
        for faux in [
            Tete { numero: 2, ..tete.clone() },
            Tete { rang: 11, ..tete.clone() },
            Tete { empreinte: hexa(&[8; 32]), ..tete.clone() },
            Tete { signee_le: 1, ..tete.clone() },
        ] {
            assert!(!is_signed(&cle, &faux), "{faux:?}");
        }
    }
}
