//! What the platform says in public of a run: one text, signed, chained to the one before.

use domain::admission::Nature;
use ed25519_dalek::{Signature, Signer as _, SigningKey, Verifier as _, VerifyingKey};
use sha2::{Digest as _, Sha256};

use super::arbre::hex;
use crate::messages;

/// First line of a declaration: nothing else that a key signs begins so.
const ENTETE: &str = "parcoursup-declaration 1";
/// First line of the head that witnesses sign.
const ENTETE_TETE: &str = "parcoursup-tete 1";
/// First line of what is hashed of a link of the chain.
const ENTETE_MAILLON: &str = "parcoursup-maillon 1";
/// Where there is nothing to say: the first run of a session.
const RIEN: &str = "-";

/// What the public is told of a run, in the order of its lines. Numbers are those of the whole country: of a group, the public
/// page of the course says what is public.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Declaration {
    /// Year of the session.
    pub session: String,
    /// Code of the nature: `ordre_appel`, `propositions`.
    pub nature: String,
    /// Of the admission phase; 0 for call orders.
    pub jour: String,
    /// Instant of the campaign, in UTC.
    pub calcule_le: String,
    /// Of the program.
    pub version: String,
    /// Signature of the record. The fingerprints that it signs are never published: with all of them, whoever guesses the input
    /// would know that they guessed right.
    pub sceau: String,
    /// Signature of the record of the run before, whatever became of it.
    pub sceau_precedent: String,
    /// Link of the run before, whatever became of it: it stands for everything up to there.
    pub maillon_precedent: String,
    /// Root of the tree of the commitments.
    pub racine: String,
    /// Groups that have commitments: leaves of that tree.
    pub arbres: String,
    /// Groups computed.
    pub groupes: String,
    /// Distinct people in the input.
    pub candidats: String,
    /// Wishes in the input; ranks for call orders: as many commitments.
    pub voeux: String,
    /// Made that day.
    pub propositions: String,
    /// Length of all the waiting lists after the run.
    pub en_attente: String,
    /// SHA-256 of the table of the last ones called as displayed, which is public.
    pub derniers_appeles: String,
}

impl Declaration {
    fn fields(&self) -> [(&'static str, &String); 16] {
        [
            ("session", &self.session),
            ("nature", &self.nature),
            ("jour", &self.jour),
            ("calcule_le", &self.calcule_le),
            ("version", &self.version),
            ("sceau", &self.sceau),
            ("sceau_precedent", &self.sceau_precedent),
            ("maillon_precedent", &self.maillon_precedent),
            ("racine", &self.racine),
            ("arbres", &self.arbres),
            ("groupes", &self.groupes),
            ("candidats", &self.candidats),
            ("voeux", &self.voeux),
            ("propositions", &self.propositions),
            ("en_attente", &self.en_attente),
            ("derniers_appeles", &self.derniers_appeles),
        ]
    }

    /// The only way to write it: a line a value, its name before.
    pub fn text(&self) -> String {
        let mut texte = format!("{ENTETE}\n");
        for (nom, valeur) in self.fields() {
            let valeur = if valeur.is_empty() { RIEN } else { valeur };
            texte.push_str(&format!("{nom} {valeur}\n"));
        }
        texte
    }

    /// `None` when the text is not exactly one that [`Declaration::text`] gives.
    pub fn read(texte: &str) -> Option<Self> {
        let mut lignes = texte.lines();
        (lignes.next()? == ENTETE).then_some(())?;
        let mut valeurs = lignes.map(|l| l.split_once(' ').map(|(_, v)| v));
        let mut prend = || -> Option<String> {
            let valeur = valeurs.next()??;
            // A value is one word: nothing is read two ways.
            (!valeur.contains(char::is_whitespace)).then_some(())?;
            Some(if valeur == RIEN { String::new() } else { valeur.to_owned() })
        };
        let lue = Self {
            session: prend()?,
            nature: prend()?,
            jour: prend()?,
            calcule_le: prend()?,
            version: prend()?,
            sceau: prend()?,
            sceau_precedent: prend()?,
            maillon_precedent: prend()?,
            racine: prend()?,
            arbres: prend()?,
            groupes: prend()?,
            candidats: prend()?,
            voeux: prend()?,
            propositions: prend()?,
            en_attente: prend()?,
            derniers_appeles: prend()?,
        };
        (lue.text() == texte).then_some(lue)
    }

    /// What the next declaration names: this one, and everything before.
    pub(super) fn link(&self) -> String {
        link(&self.maillon_precedent, &sha256(&self.text()))
    }

    /// « Ordres d’appel », « Propositions du jour 3 ».
    pub fn titre(&self) -> String {
        let nature = Nature::from_code(&self.nature).unwrap_or(Nature::Propositions);
        messages::passage(nature, self.jour.parse().unwrap_or(0))
    }
}

/// SHA-256 of a text, in hexadecimal, as `sha256sum` prints it.
pub(super) fn sha256(texte: &str) -> String {
    hex(&Sha256::digest(texte.as_bytes()))
}

/// Signs a text, in hexadecimal.
pub(in crate::admission) fn sign(texte: &str, cle: &SigningKey) -> String {
    hex(&cle.sign(texte.as_bytes()).to_bytes())
}

/// Was this text signed by this key? Both in hexadecimal.
pub(in crate::admission) fn is_signed(texte: &str, signature: &str, cle: &str) -> bool {
    let lit = |h: &str| data_encoding::HEXLOWER.decode(h.as_bytes()).ok();
    let cle = super::arbre::from_hex(cle).and_then(|octets| VerifyingKey::from_bytes(&octets).ok());
    let signature = lit(signature).and_then(|octets| Signature::from_slice(&octets).ok());
    matches!((cle, signature), (Some(c), Some(s)) if c.verify(texte.as_bytes(), &s).is_ok())
}

/// The link of a run in the chain, from the one before and the fingerprint of its declaration: that of a run given up is enough to
/// go on.
pub(super) fn link(precedent: &str, empreinte: &str) -> String {
    let precedent = if precedent.is_empty() { RIEN } else { precedent };
    sha256(&format!("{ENTETE_MAILLON}\nprecedent {precedent}\ndeclaration {empreinte}\n"))
}

/// The text that witnesses sign, of a link: everything up to there.
pub(super) fn head(session: i64, passages: usize, maillon: &str) -> String {
    format!("{ENTETE_TETE}\nsession {session}\npassages {passages}\nmaillon {maillon}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r_adm_14_a_declaration_has_one_text_and_another_one_is_refused() {
        let d = Declaration { session: "2024".to_owned(), jour: "3".to_owned(), ..Declaration::default() };
        let texte = d.text();
        assert_eq!(Declaration::read(&texte), Some(d));
        for faux in [
            texte.replace("jour 3", "jour  3"),
            texte.replace("jour", "jours"),
            format!("{texte}\n"),
            format!("{texte}autre 1\n"),
            texte.replace("parcoursup-declaration 1", "parcoursup-declaration 2"),
            texte.trim_end().to_owned(),
            String::new(),
        ] {
            assert_eq!(Declaration::read(&faux), None, "{faux}");
        }
        let cle = SigningKey::from_bytes(&[3; 32]);
        let publique = hex(cle.verifying_key().as_bytes());
        let signature = sign(&texte, &cle);
        assert!(is_signed(&texte, &signature, &publique));
        assert!(!is_signed(&texte.replace('3', "4"), &signature, &publique));
        assert!(!is_signed(&texte, "00", &publique) && !is_signed(&texte, &signature, "00"));
    }
}
