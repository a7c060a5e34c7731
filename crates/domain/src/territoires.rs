//! Territories: departments, academies, academic regions and towns, written as facts.

/// A department (or overseas collectivity, or « étranger », code `99`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Departement {
    /// `01` … `95`, `2A`, `2B`, `971` …, `987`, `988`, `99` abroad.
    pub code: &'static str,
    pub nom: &'static str,
    /// Code of its academy.
    pub academie: &'static str,
    /// Name of the administrative region.
    pub region: &'static str,
}

/// An academy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Academie {
    /// Ministry code on two digits (`10` Lyon, `09` Lille…).
    pub code: &'static str,
    pub nom: &'static str,
    /// Code of its académique region.
    pub region_academique: &'static str,
}

/// A région académique: one to three academies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RegionAcademique {
    pub code: &'static str,
    pub nom: &'static str,
}

/// A town with its coordinates.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ville {
    pub nom: &'static str,
    pub departement: &'static str,
    pub latitude: f64,
    pub longitude: f64,
    /// Inhabitants, rounded.
    pub population: u32,
}
