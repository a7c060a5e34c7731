//! R-APP-18: the establishments that records bring are called as their register calls them.

use std::collections::HashMap;

use domain::apprentissage::{Fiche, OrganismeConnu, Porteur, choose_organisme};
use store::etablissements::{name, sans_nom};
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

/// Names those that were made before the register knew them, and that nobody has named since; gives how many.
pub(super) async fn name_those_without(tx: &Tx, e: &Ecriture<'_>, session: i64) -> Result<u64, AppError> {
    let sans = sans_nom(tx, session, SANS_NOM).await?;
    let uais: Vec<String> = sans.iter().map(|s| s.uai.clone()).collect();
    let repertoire = Repertoire::load(tx, &uais).await?;
    let (mut noms, mut par_cle) = (Vec::new(), HashMap::new());
    for s in sans {
        let Some(o) = repertoire.get(&s.uai, None) else { continue };
        let nom = o.nom_ecrit();
        let ici = s.commune.is_empty() && o.departement == s.departement;
        let commune = if ici { o.ville_ecrite() } else { s.commune };
        par_cle.insert(s.etablissement_id, nom.clone());
        noms.push((s.id, nom, commune));
    }
    name(tx, e, &noms).await?;
    rename_courses(tx, session, &par_cle).await?;
    Ok(noms.len() as u64)
}
