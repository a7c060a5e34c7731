//! The right to write: a permit, an instant, an origin and a source of identifiers.

use std::fmt;

use domain::PublicId;
use domain::droits::Permit;
use jiff::Timestamp;
use sea_orm::Value;

/// Source of random bytes. `app` owns the real one; tests and the demo give a seeded one.
pub trait Alea: Send + Sync {
    /// Fills the buffer.
    fn fill(&self, tampon: &mut [u8]);

    /// A fresh public identifier.
    fn public_id(&self) -> PublicId {
        let mut octets = [0; 16];
        self.fill(&mut octets);
        PublicId::from_bytes(octets)
    }

    /// A fresh nonce for the vault.
    fn nonce(&self) -> [u8; 24] {
        let mut octets = [0; 24];
        self.fill(&mut octets);
        octets
    }
}

/// Who writes, when, through what. No write function of `store` exists without one.
#[derive(Clone, Copy)]
pub struct Ecriture<'a> {
    compte: Option<i64>,
    instant: Timestamp,
    origine: &'static str,
    alea: &'a dyn Alea,
}

impl fmt::Debug for Ecriture<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Ecriture({:?}, {}, {})", self.compte, self.instant, self.origine)
    }
}

/// Columns that `@meta` adds to a table, in the order of [`Ecriture::meta`].
pub const META: &str = "public_id, cree_le, cree_par, maj_le, maj_par, origine";
/// How many they are.
pub const NB_META: usize = 6;

impl<'a> Ecriture<'a> {
    /// `origine`: `ecran`, `import`, `commande`, `tache`, `demo`.
    pub fn new(permit: &Permit, instant: Timestamp, origine: &'static str, alea: &'a dyn Alea) -> Self {
        Self { compte: permit.compte(), instant, origine, alea }
    }

    /// Values of the [`META`] columns of a new row.
    pub fn meta(&self) -> (PublicId, Vec<Value>) {
        let id = self.alea.public_id();
        let valeurs = self.meta_of(&id);
        (id, valeurs)
    }

    /// Those of the `rang`-th of `parmi` rows written in one go, whose identifiers grow ([`PublicId::in_order`]).
    pub(crate) fn meta_in_order(&self, rang: usize, parmi: usize) -> Vec<Value> {
        let mut octets = [0; 16];
        self.alea.fill(&mut octets);
        self.meta_of(&PublicId::in_order(rang, parmi, octets))
    }

    fn meta_of(&self, id: &PublicId) -> Vec<Value> {
        let ms = self.ms();
        vec![
            id.as_str().to_owned().into(),
            ms.into(),
            self.compte.into(),
            ms.into(),
            self.compte.into(),
            self.origine.to_owned().into(),
        ]
    }

    /// The instant, in UTC milliseconds.
    pub fn ms(&self) -> i64 {
        self.instant.as_millisecond()
    }

    /// The instant.
    pub fn instant(&self) -> Timestamp {
        self.instant
    }

    /// The account that writes.
    pub fn compte(&self) -> Option<i64> {
        self.compte
    }

    /// The source of randomness.
    pub fn alea(&self) -> &'a dyn Alea {
        self.alea
    }
}

/// « colonne = $5, … » for an update whose first values are in `valeurs` already, where these are added.
pub(crate) fn poses(colonnes: &[(&str, Value)], valeurs: &mut Vec<Value>) -> String {
    let pose = |(nom, valeur): &(&str, Value)| {
        valeurs.push(valeur.clone());
        format!("{nom} = ${}, ", valeurs.len())
    };
    colonnes.iter().map(pose).collect()
}

/// HAB-2: whoever has not been authorized has nothing to write with. The first two do not compile; the third, which only
/// adds the question asked to the table of rights, does: nothing else is missing.
///
/// ```compile_fail
/// use domain::comptes::Role;
/// use domain::droits::{Action, Permit};
/// fn writes(alea: &dyn store::Alea, instant: jiff::Timestamp) {
///     let permit = Permit { action: Action::PublierPassage, role: Role::AdminNational, compte: Some(1) };
///     let _ = store::Ecriture::new(&permit, instant, "ecran", alea);
/// }
/// ```
///
/// ```compile_fail
/// fn writes(alea: &dyn store::Alea, instant: jiff::Timestamp) {
///     let _ = store::Ecriture { compte: Some(1), instant, origine: "ecran", alea };
/// }
/// ```
///
/// ```
/// use domain::droits::{Acteur, Action, Cible, authorize};
/// fn writes(alea: &dyn store::Alea, instant: jiff::Timestamp) {
///     if let Ok(permit) = authorize(&Acteur::public(), Action::PublierPassage, &Cible::default()) {
///         let _ = store::Ecriture::new(&permit, instant, "ecran", alea);
///     }
/// }
/// ```
#[cfg(doctest)]
pub mod hab_2_nothing_is_written_without_a_permit {}
