//! What the passes of the cohort read about the courses, in columns.

use std::collections::BTreeMap;

use domain::formations::{Famille, StatutFormation};
use domain::territoires;

use crate::domaines::{self, Domaine, Regroupement};
use crate::geo::{self, Dep, LIEUX};
use crate::offre::OffreSimulee;

/// Columns by course.
pub struct Catalogue {
    pub dep: Vec<Dep>,
    pub position: Vec<(f64, f64)>,
    pub famille: Vec<usize>,
    pub domaine: Vec<Domaine>,
    /// Multiple wish; courses standing alone have one of their own.
    pub regroupement: Vec<u32>,
    pub multiple: Vec<bool>,
    pub compte_dans_les_vingt: Vec<bool>,
    pub ifsi: Vec<bool>,
    pub apprentissage: Vec<bool>,
    /// Sector of residence: the region for Île-de-France, else the academy.
    pub secteur: Vec<&'static str>,
}

/// Sector of residence of a department.
pub fn secteur(dep: Dep) -> &'static str {
    let d = LIEUX[dep].departement;
    if d.region == "Île-de-France" { "idf" } else { d.academie }
}

impl Catalogue {
    pub fn new(offre: &OffreSimulee) -> Self {
        let n = offre.formations.len();
        let mut c = Self {
            dep: Vec::with_capacity(n),
            position: Vec::with_capacity(n),
            famille: Vec::with_capacity(n),
            domaine: Vec::with_capacity(n),
            regroupement: Vec::with_capacity(n),
            multiple: Vec::with_capacity(n),
            compte_dans_les_vingt: Vec::with_capacity(n),
            ifsi: Vec::with_capacity(n),
            apprentissage: Vec::with_capacity(n),
            secteur: Vec::with_capacity(n),
        };
        let mut cles: BTreeMap<String, u32> = BTreeMap::new();
        let mut suivant = 0_u32;
        for f in &offre.formations {
            let dep = geo::dep(&f.departement);
            let lieu = &LIEUX[dep];
            let academie = territoires::academie(lieu.departement.academie).map_or("", |a| a.code);
            let secteur = secteur(dep);
            let (id, multiple, compte) = match domaines::regroupement(f, academie, secteur == "idf") {
                Regroupement::Multiple { cle, compte_dans_les_vingt } => {
                    let id = *cles.entry(cle).or_insert_with(|| {
                        suivant += 1;
                        suivant - 1
                    });
                    (id, true, compte_dans_les_vingt)
                }
                Regroupement::Seul => {
                    suivant += 1;
                    (suivant - 1, false, false)
                }
            };
            c.dep.push(dep);
            c.position.push(f.position.unwrap_or((lieu.latitude, lieu.longitude)));
            c.famille.push(f.famille as usize);
            c.domaine.push(domaines::domaine(f));
            c.regroupement.push(id);
            c.multiple.push(multiple);
            c.compte_dans_les_vingt.push(compte);
            c.ifsi.push(f.famille == Famille::Ifsi);
            c.apprentissage.push(f.statut == StatutFormation::Apprentissage);
            c.secteur.push(secteur);
        }
        c
    }
}
