//! A table: columns by name, with the place of whatever is wrong.

use std::collections::HashMap;
use std::io::{BufRead, Write};
use std::sync::Arc;

use anyhow::{Context, anyhow, bail, ensure};
use arrow_array::cast::AsArray;
use arrow_array::types::{
    Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{
    Array, ArrayRef, ArrowPrimitiveType, BooleanArray, Int8Array, Int16Array, Int32Array, Int64Array,
    LargeStringArray, RecordBatch,
};
use arrow_ipc::writer::StreamWriter;
use arrow_schema::{DataType, Field, Schema};

use super::flux;

/// Key of the schema that names the table.
const NOM: &str = "parcoursup.table";

/// A table read, whose columns are taken one by one.
pub(super) struct Table {
    nom: String,
    lignes: usize,
    colonnes: Vec<(String, Vec<ArrayRef>)>,
}

impl Table {
    /// The next table of the file.
    pub(super) fn read(source: &mut dyn BufRead) -> anyhow::Result<Option<Self>> {
        let Some((schema, lots)) = flux::next_stream(source)? else { return Ok(None) };
        let nom = schema.metadata().get(NOM).cloned().unwrap_or_default();
        let colonnes = schema.fields().iter().enumerate();
        let colonnes = colonnes
            .map(|(i, champ)| {
                (champ.name().clone(), lots.iter().map(|lot| Arc::clone(lot.column(i))).collect())
            })
            .collect();
        Ok(Some(Self { nom, lignes: lots.iter().map(RecordBatch::num_rows).sum(), colonnes }))
    }

    /// The next table, which must be this one, with so many rows.
    pub(super) fn expect(source: &mut dyn BufRead, nom: &str, lignes: usize) -> anyhow::Result<Self> {
        let table = Self::read(source)
            .with_context(|| format!("table « {nom} »"))?
            .with_context(|| format!("le fichier s’arrête avant la table « {nom} »"))?;
        ensure!(table.nom == nom, "la table « {} » est à la place de la table « {nom} »", table.nom);
        ensure!(
            table.lignes == lignes,
            "table « {nom} » : {} lignes, {lignes} annoncées : elle est tronquée",
            table.lignes
        );
        Ok(table)
    }

    pub(super) fn is(&self, nom: &str) -> bool {
        self.nom == nom
    }

    pub(super) const fn len(&self) -> usize {
        self.lignes
    }

    fn at(&self, colonne: &str, ligne: usize) -> String {
        format!("table « {} », colonne « {colonne} », ligne {}", self.nom, ligne + 1)
    }

    fn take(&mut self, colonne: &str) -> Option<Vec<ArrayRef>> {
        let place = self.colonnes.iter().position(|(nom, _)| nom == colonne)?;
        Some(self.colonnes.swap_remove(place).1)
    }

    /// Every column must have been taken.
    pub(super) fn finish(self) -> anyhow::Result<()> {
        match self.colonnes.first() {
            None => Ok(()),
            Some((colonne, _)) => bail!("table « {} » : la colonne « {colonne} » est inconnue", self.nom),
        }
    }

    /// Integers of any width, brought to one; zeros when the column is absent.
    pub(super) fn integers<T: TryFrom<i64> + Default + Clone>(
        &mut self,
        colonne: &str,
    ) -> anyhow::Result<Vec<T>> {
        let Some(lots) = self.take(colonne) else { return Ok(vec![T::default(); self.lignes]) };
        let mut valeurs = Vec::with_capacity(self.lignes);
        for lot in lots {
            let premiere = valeurs.len();
            self.each_integer(colonne, &lot, premiere, |valeur| {
                let Some(valeur) = valeur else { bail!("la valeur manque") };
                let Ok(valeur) = T::try_from(valeur) else {
                    bail!("le nombre {valeur} est hors des bornes permises pour cette colonne")
                };
                valeurs.push(valeur);
                Ok(())
            })?;
        }
        Ok(valeurs)
    }

    /// Integers that may be absent, row by row or all.
    pub(super) fn optional<T: TryFrom<i64> + Clone>(
        &mut self,
        colonne: &str,
    ) -> anyhow::Result<Vec<Option<T>>> {
        let Some(lots) = self.take(colonne) else { return Ok(vec![None; self.lignes]) };
        let mut valeurs = Vec::with_capacity(self.lignes);
        for lot in lots {
            let premiere = valeurs.len();
            self.each_integer(colonne, &lot, premiere, |valeur| {
                valeurs.push(match valeur.map(|valeur| (T::try_from(valeur), valeur)) {
                    None => None,
                    Some((Ok(valeur), _)) => Some(valeur),
                    Some((Err(_), valeur)) => {
                        bail!("le nombre {valeur} est hors des bornes permises pour cette colonne")
                    }
                });
                Ok(())
            })?;
        }
        Ok(valeurs)
    }

    fn each_integer(
        &self,
        colonne: &str,
        lot: &ArrayRef,
        premiere: usize,
        visit: impl FnMut(Option<i64>) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        match lot.data_type() {
            DataType::Int8 => self.each::<Int8Type>(colonne, lot, premiere, visit),
            DataType::Int16 => self.each::<Int16Type>(colonne, lot, premiere, visit),
            DataType::Int32 => self.each::<Int32Type>(colonne, lot, premiere, visit),
            DataType::Int64 => self.each::<Int64Type>(colonne, lot, premiere, visit),
            DataType::UInt8 => self.each::<UInt8Type>(colonne, lot, premiere, visit),
            DataType::UInt16 => self.each::<UInt16Type>(colonne, lot, premiere, visit),
            DataType::UInt32 => self.each::<UInt32Type>(colonne, lot, premiere, visit),
            DataType::UInt64 => self.each::<UInt64Type>(colonne, lot, premiere, visit),
            _ => Err(self.wrong_type(colonne, "d’entiers")),
        }
    }

    fn each<T: ArrowPrimitiveType>(
        &self,
        colonne: &str,
        lot: &ArrayRef,
        premiere: usize,
        mut visit: impl FnMut(Option<i64>) -> anyhow::Result<()>,
    ) -> anyhow::Result<()>
    where
        i64: TryFrom<T::Native>,
    {
        for (i, valeur) in lot.as_primitive::<T>().iter().enumerate() {
            let visited = match valeur.map(i64::try_from) {
                Some(Err(_)) => Err(anyhow!("le nombre dépasse un entier de 64 bits")),
                Some(Ok(valeur)) => visit(Some(valeur)),
                None => visit(None),
            };
            visited.with_context(|| self.at(colonne, premiere + i))?;
        }
        Ok(())
    }

    fn wrong_type(&self, colonne: &str, attendu: &str) -> anyhow::Error {
        anyhow!("table « {} » : la colonne « {colonne} » n’est pas {attendu}", self.nom)
    }

    /// Booleans; all false when the column is absent.
    pub(super) fn booleans(&mut self, colonne: &str) -> anyhow::Result<Vec<bool>> {
        let Some(lots) = self.take(colonne) else { return Ok(vec![false; self.lignes]) };
        let mut valeurs = Vec::with_capacity(self.lignes);
        for lot in lots {
            let tableau = lot.as_boolean_opt().ok_or_else(|| self.wrong_type(colonne, "de booléens"))?;
            for valeur in tableau {
                let valeur = valeur.context("la valeur manque");
                valeurs.push(valeur.with_context(|| self.at(colonne, valeurs.len()))?);
            }
        }
        Ok(valeurs)
    }

    /// The text of a table of one row.
    pub(super) fn text(&mut self, colonne: &str) -> anyhow::Result<String> {
        let lots = self.take(colonne);
        let lots =
            lots.with_context(|| format!("table « {} » : la colonne « {colonne} » manque", self.nom))?;
        let lot = lots.iter().find(|lot| !lot.is_empty());
        let lot = lot.with_context(|| format!("table « {} » : elle est vide", self.nom))?;
        let texte = match lot.data_type() {
            DataType::Utf8 => lot.as_string::<i32>().iter().next(),
            DataType::LargeUtf8 => lot.as_string::<i64>().iter().next(),
            _ => return Err(self.wrong_type(colonne, "de textes")),
        };
        let texte = texte.flatten().context("la valeur manque").with_context(|| self.at(colonne, 0))?;
        Ok(texte.to_owned())
    }
}

/// A column to write.
pub(super) enum Colonne {
    Entiers(Vec<i64>),
    Optionnels(Vec<Option<i64>>),
    Booleens(Vec<bool>),
    Texte(String),
}

impl Colonne {
    fn is_default(&self) -> bool {
        match self {
            Self::Entiers(valeurs) => valeurs.iter().all(|&valeur| valeur == 0),
            Self::Optionnels(valeurs) => valeurs.iter().all(Option::is_none),
            Self::Booleens(valeurs) => valeurs.iter().all(|&valeur| !valeur),
            Self::Texte(_) => false,
        }
    }

    fn into_array(self) -> ArrayRef {
        match self {
            Self::Entiers(valeurs) => narrow(valeurs.iter().map(|&valeur| Some(valeur))),
            Self::Optionnels(valeurs) => narrow(valeurs.iter().copied()),
            Self::Booleens(valeurs) => Arc::new(BooleanArray::from(valeurs)),
            Self::Texte(texte) => Arc::new(LargeStringArray::from(vec![texte])),
        }
    }
}

/// The narrowest integers that hold all the values.
fn narrow(valeurs: impl Iterator<Item = Option<i64>> + Clone) -> ArrayRef {
    let all = |min: i64, max: i64| valeurs.clone().flatten().all(|valeur| (min..=max).contains(&valeur));
    if all(i8::MIN.into(), i8::MAX.into()) {
        Arc::new(valeurs.map(|valeur| valeur.map(|valeur| valeur as i8)).collect::<Int8Array>())
    } else if all(i16::MIN.into(), i16::MAX.into()) {
        Arc::new(valeurs.map(|valeur| valeur.map(|valeur| valeur as i16)).collect::<Int16Array>())
    } else if all(i32::MIN.into(), i32::MAX.into()) {
        Arc::new(valeurs.map(|valeur| valeur.map(|valeur| valeur as i32)).collect::<Int32Array>())
    } else {
        Arc::new(valeurs.collect::<Int64Array>())
    }
}

/// Writes a table, without its columns of defaults but the first.
pub(super) fn write(
    sortie: &mut dyn Write,
    nom: &str,
    colonnes: Vec<(&'static str, Colonne)>,
) -> anyhow::Result<()> {
    let (mut champs, mut tableaux) = (Vec::new(), Vec::new());
    for (i, (colonne, valeurs)) in colonnes.into_iter().enumerate() {
        if i > 0 && valeurs.is_default() {
            continue;
        }
        let tableau = valeurs.into_array();
        champs.push(Field::new(colonne, tableau.data_type().clone(), tableau.null_count() > 0));
        tableaux.push(tableau);
    }
    let metadata = HashMap::from([(NOM.to_owned(), nom.to_owned())]);
    let schema = Arc::new(Schema::new(champs).with_metadata(metadata));
    let lot = RecordBatch::try_new(Arc::clone(&schema), tableaux).context("table impossible à former")?;
    let mut flux = StreamWriter::try_new(sortie, &schema).context("écriture impossible")?;
    flux.write(&lot).and_then(|()| flux.finish()).context("écriture impossible")
}
