//! The part of a course that the catalogue owns.

use domain::apprentissage::Fiche;
use domain::formations::{lieu_recherche, normalise_recherche, texte_recherche};
use store::imports::EtablissementImport;

/// « BTS Tourisme - en apprentissage », as the composed offer names them.
pub(super) fn libelle(fiche: &Fiche) -> String {
    let titre = fiche.titre().unwrap_or_default().to_owned();
    if normalise_recherche(&titre).contains("apprentissage") {
        titre
    } else {
        format!("{titre} - en apprentissage")
    }
}

/// What it says.
pub(super) struct Part {
    pub libelle: String,
    pub departement: &'static str,
    pub academie: &'static str,
    pub commune: String,
    pub coordonnees: Option<(f64, f64)>,
    pub recherche: String,
}

impl Part {
    /// `connu`: the name, the department, the town and the position of its establishment.
    pub(super) fn new(fiche: &Fiche, detail: &str, connu: &Chez<'_>) -> Option<Self> {
        let place = fiche.departement()?;
        // The town of the establishment is that of the course when the course is given there.
        let sur_place = fiche.lieu.uai.is_some() || fiche.lieu.commune == fiche.formateur.commune;
        let chez = sur_place && connu.departement == place.code;
        let ici = if chez { connu.commune } else { "" };
        let commune = fiche.lieu.ville.as_deref().unwrap_or(ici).to_owned();
        let degres = |micro: i32| f64::from(micro) / 1e6;
        let coordonnees = fiche
            .lieu
            .point
            .map(|p| (degres(p.latitude), degres(p.longitude)))
            .or(connu.coordonnees.filter(|_| chez));
        let libelle = libelle(fiche);
        let recherche = texte_recherche(&libelle, detail, connu.nom, &lieu_recherche(&commune, place.code));
        let (departement, academie) = (place.code, place.academie);
        Some(Self { libelle, departement, academie, commune, coordonnees, recherche })
    }
}

/// An establishment, as a part of a course repeats it.
pub(super) struct Chez<'a> {
    pub nom: &'a str,
    pub departement: &'a str,
    pub commune: &'a str,
    pub coordonnees: Option<(f64, f64)>,
}

impl<'a> From<&'a EtablissementImport> for Chez<'a> {
    fn from(e: &'a EtablissementImport) -> Self {
        Self {
            nom: &e.nom,
            departement: &e.departement,
            commune: &e.commune,
            coordonnees: e.latitude.zip(e.longitude),
        }
    }
}
