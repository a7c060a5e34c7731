//! Cases in columns: a compact file that other tools read too.
//!
//! A file is a sequence of Arrow IPC *streams*, one after the other, each a table named by the key `parcoursup.table` of
//! its schema. A case is a table `cas` of one row (name, kind, number of rows of each table that follows, and as JSON
//! what has no table), then, when they have rows, `classes` for call orders, `groupes`, `internats`, `voeux` and
//! `repondeurs` for days. Integers are as narrow as their values allow; a column of defaults is left out. The whole may
//! be compressed (gzip, zstd), as any file of cases.

mod cas;
mod flux;
mod table;

pub use cas::{Lecteur, write_case};
pub use flux::MARQUE;
