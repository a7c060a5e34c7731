//! R-APP-18: the establishments that records bring are called as their register calls them.

use std::collections::HashMap;

use domain::apprentissage::{Fiche, OrganismeConnu, Porteur, choose_organisme};
use store::etablissements::{courses_of, hold_parametrages, name, sans_nom};
use store::registres::{LigneOrganisme, organismes_by_uais};
use store::{Ecriture, Sql, Tx};

use crate::erreur::AppError;
use crate::etablissements::{SANS_NOM, rename_courses};

/// Establishments of the register, by code.
pub(super) struct Repertoire(HashMap<String, Vec<OrganismeConnu>>);

fn connu(l: LigneOrganisme) -> OrganismeConnu {
    OrganismeConnu {
        siret: l.siret,
        uai: Some(l.uai),
        nom: l.nom,
        ville: l.ville,
        departement: l.departement,
        position: l.latitude.zip(l.longitude),
        ferme: l.ferme == 1,
    }
}

impl Repertoire {
    pub(super) async fn load(c: &impl Sql, uais: &[String]) -> Result<Self, AppError> {
        let mut par_uai: HashMap<String, Vec<OrganismeConnu>> = HashMap::new();
        for l in organismes_by_uais(c, uais).await? {
            par_uai.entry(l.uai.clone()).or_default().push(connu(l));
        }
        Ok(Self(par_uai))
    }

    /// That of a code: the one that the record names by its SIRET, when several bear it.
    pub(super) fn get(&self, uai: &str, fiche: Option<&Fiche>) -> Option<&OrganismeConnu> {
        let siens: Vec<&OrganismeConnu> = self.0.get(uai)?.iter().collect();
        let sirets: Vec<&str> = fiche
            .into_iter()
            .flat_map(|f| Porteur::ALL.into_iter().filter_map(move |p| f.siret(p)))
            .collect();
        choose_organisme(&siens, &sirets)
    }
}

/// The names of those that were made before the register knew them, and that nobody has named since.
#[derive(Default)]
pub(super) struct Noms {
    /// Key of the row of the session, name, town.
    lignes: Vec<(i64, String, String)>,
    /// By key of the establishment.
    par_cle: HashMap<i64, String>,
}

impl Noms {
    /// Those of a session, whose establishments are held in the one order until the end of the transaction.
    pub(super) async fn hold(tx: &Tx, session: i64) -> Result<Self, AppError> {
        let lus = Self::find(tx, session).await?;
        if lus.lignes.is_empty() {
            return Ok(lus);
        }
        let cles: Vec<i64> = lus.lignes.iter().map(|(cle, ..)| *cle).collect();
        hold_parametrages(tx, &cles).await?;
        // Somebody may have named one of them before it was held.
        Self::find(tx, session).await
    }

    async fn find(c: &impl Sql, session: i64) -> Result<Self, AppError> {
        let sans = sans_nom(c, session, SANS_NOM).await?;
        let uais: Vec<String> = sans.iter().map(|s| s.uai.clone()).collect();
        let repertoire = Repertoire::load(c, &uais).await?;
        let mut noms = Self::default();
        for s in sans {
            let Some(o) = repertoire.get(&s.uai, None) else { continue };
            let nom = o.nom_ecrit();
            let ici = s.commune.is_empty() && o.departement == s.departement;
            let commune = if ici { o.ville_ecrite() } else { s.commune };
            noms.par_cle.insert(s.etablissement_id, nom.clone());
            noms.lignes.push((s.id, nom, commune));
        }
        Ok(noms)
    }

    pub(super) fn combien(&self) -> u64 {
        self.lignes.len() as u64
    }

    /// The courses that are looked for by these names.
    pub(super) async fn courses(&self, c: &impl Sql, session: i64) -> Result<Vec<i64>, AppError> {
        let cles: Vec<i64> = self.par_cle.keys().copied().collect();
        Ok(courses_of(c, session, &cles).await?.into_iter().map(|course| course.id).collect())
    }

    pub(super) async fn write(&self, tx: &Tx, e: &Ecriture<'_>) -> Result<(), AppError> {
        Ok(name(tx, e, &self.lignes).await?)
    }

    /// Once they are written, and those courses held.
    pub(super) async fn rename_courses(&self, tx: &Tx, session: i64) -> Result<(), AppError> {
        rename_courses(tx, session, &self.par_cle).await
    }
}
