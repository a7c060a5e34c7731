//! What SQLite keeps in a row, as serde reads it.

use rusqlite::types::ValueRef;
use serde::de::value::{Error, SeqDeserializer};
use serde::de::{Deserializer, IntoDeserializer, Visitor};
use serde::{Deserialize, de, forward_to_deserialize_any};

use crate::error::StoreError;

/// A row as `T`, a tuple of its columns.
///
/// # Errors
/// When a column is not what `T` holds in its place.
pub(crate) fn row<'de, T: Deserialize<'de>>(
    colonnes: usize,
    cellule: impl Fn(usize) -> ValueRef<'de>,
) -> Result<T, StoreError> {
    let cellules = (0..colonnes).map(|i| Cellule(cellule(i)));
    T::deserialize(SeqDeserializer::<_, Error>::new(cellules)).map_err(|_| StoreError::Unreadable("ligne"))
}

struct Cellule<'de>(ValueRef<'de>);

impl<'de> IntoDeserializer<'de> for Cellule<'de> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for Cellule<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visiteur: V) -> Result<V::Value, Error> {
        match self.0 {
            ValueRef::Null => visiteur.visit_unit(),
            ValueRef::Integer(n) => visiteur.visit_i64(n),
            ValueRef::Real(r) => visiteur.visit_f64(r),
            ValueRef::Text(t) => visiteur.visit_str(std::str::from_utf8(t).map_err(de::Error::custom)?),
            ValueRef::Blob(b) => visiteur.visit_bytes(b),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visiteur: V) -> Result<V::Value, Error> {
        match self.0 {
            ValueRef::Null => visiteur.visit_none(),
            _ => visiteur.visit_some(self),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}
