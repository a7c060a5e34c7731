//! A course as the import sees it, whatever file it comes from.

use domain::formations::{Famille, SERIES_TOUTES, StatutFormation, lieu_recherche, texte_recherche};
use files::apprentissage::LigneApprentissage;
use files::offre::{Chiffres, GroupePublie, Identite, LigneOffre, ListeAppel};
use files::valeurs::FormeUai;
use serde::{Deserialize, Serialize};
use store::imports::{EtablissementImport, OffreImport, StatistiqueImport};

use super::groupes::{GroupeImport, groupes};

/// One line to import.
#[derive(Debug, Clone, PartialEq)]
pub struct LigneImport {
    /// Line of the file, header = 1.
    pub ligne: u64,
    /// Permanent key of the formation: `ta:CODE`, or `incertaine:…`.
    pub cle: String,
    /// Permanent key of the formation d’inscription, which carries the record asked for.
    pub cle_inscription: String,
    /// National code of the formation d’affectation; `None` when the file gives none.
    pub g_ta_cod: Option<i64>,
    /// From the kind of file: the offer, or the courses in apprenticeship.
    pub statut: StatutFormation,
    /// Created or completed with the line.
    pub etablissement: EtablissementImport,
    /// What the session stores of the course.
    pub offre: OffreImport,
    /// At least one.
    pub groupes: Vec<GroupeImport>,
    /// Published figures of the year of the file; `None` when it carries none.
    pub statistique: Option<StatistiqueImport>,
}

impl LigneImport {
    /// The course as a person would name it in a report.
    pub fn nom(&self) -> String {
        format!("{} — {}", self.offre.libelle, self.etablissement.nom)
    }
}

/// What `statistique_formation.chiffres` holds: the published figures, and what goes with them.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ChiffresPublies {
    /// Kept flat in the JSON, under the names of the open data.
    #[serde(flatten)]
    pub chiffres: Chiffres,
    /// Ranking groups with the rank of the last one called.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groupes: Vec<DernierAppele>,
    /// One call list for several courses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub liste_commune: Option<bool>,
    /// National label without the establishment: « BTS - Services - Comptabilité et gestion ».
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub libelle_national: Option<String>,
    /// Public sheet of that year.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fiche: Option<String>,
}

/// Rank of the last one called in a ranking group, that year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DernierAppele {
    /// As published; `None` when the course has a single group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub libelle: Option<String>,
    /// From 1; `None`: not published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rang: Option<u32>,
}

fn cles(identite: &Identite, g_ti_cod: Option<u64>) -> (String, String) {
    let cle = match identite {
        Identite::Nationale(code) => format!("ta:{code}"),
        Identite::Composee { .. } => format!("incertaine:{}", identite.cle()),
    };
    let inscription = g_ti_cod.map_or_else(|| cle.clone(), |ti| format!("ti:{ti}"));
    (cle, inscription)
}

/// Universities and health courses admit everybody within their places; the others select.
const fn selective_par_defaut(famille: Famille) -> bool {
    !matches!(famille, Famille::Licence | Famille::LicenceLas | Famille::Pass)
}

impl From<LigneOffre> for LigneImport {
    fn from(l: LigneOffre) -> Self {
        let (cle, cle_inscription) = cles(&l.identite, l.g_ti_cod);
        let uai = l.cle_etablissement();
        let intitule = l.intitule();
        let detail = l.libelles.detail.as_deref().filter(|d| !intitule.contains(*d)).unwrap_or_default();
        let departement = l.departement.clone().unwrap_or_default();
        let academie = l.academie.unwrap_or_default().to_owned();
        let commune = l.ville.clone().unwrap_or_default();
        let libelles: Vec<String> = l.groupes.iter().filter_map(|g| g.libelle.clone()).collect();
        let national = [&l.libelles.type_formation, &l.libelles.mention];
        let national: Vec<&str> = national.into_iter().flatten().map(String::as_str).collect();
        let publies = ChiffresPublies {
            groupes: l.groupes.iter().map(dernier_appele).collect(),
            liste_commune: l.liste_appel.map(|liste| liste == ListeAppel::Commune),
            libelle_national: (!national.is_empty()).then(|| national.join(" - ")),
            fiche: l.lien.clone(),
            chiffres: l.chiffres.clone(),
        };
        let (latitude, longitude) =
            l.coordonnees.map_or((None, None), |c| (Some(c.latitude), Some(c.longitude)));
        let nombre = |n: Option<u32>| n.map(i64::from);
        Self {
            ligne: l.ligne,
            g_ta_cod: l.identite.g_ta_cod().and_then(|c| i64::try_from(c).ok()),
            statut: StatutFormation::Etudiant,
            groupes: groupes(&libelles, l.famille, l.capacite, &l.chiffres),
            statistique: Some(StatistiqueImport {
                annee: i64::from(l.session),
                capacite: nombre(l.capacite),
                candidats: nombre(l.chiffres.voe_tot),
                propositions: nombre(l.chiffres.prop_tot),
                acceptations: nombre(l.chiffres.acc_tot),
                // A structure of numbers and texts always serialises.
                chiffres: serde_json::to_string(&publies).unwrap_or_default(),
            }),
            offre: OffreImport {
                famille: l.famille.code(),
                recherche: recherche(&intitule, detail, &l.etablissement, (&commune, &departement)),
                detail: detail.to_owned(),
                libelle: intitule,
                selective: l.selective.unwrap_or(selective_par_defaut(l.famille)),
                departement: departement.clone(),
                academie: academie.clone(),
                commune: commune.clone(),
                latitude,
                longitude,
                capacite: nombre(l.capacite),
                internat: l.internat,
                code_type: None,
            },
            etablissement: EtablissementImport {
                uai,
                nom: l.etablissement,
                statut: l.statut.map_or("", files::offre::StatutEtablissement::code).to_owned(),
                departement,
                academie,
                commune,
                latitude,
                longitude,
                site_web: None,
            },
            cle,
            cle_inscription,
        }
    }
}

fn dernier_appele(g: &GroupePublie) -> DernierAppele {
    DernierAppele { libelle: g.libelle.clone(), rang: g.rang_dernier_appele }
}

fn recherche(
    libelle: &str,
    detail: &str,
    etablissement: &str,
    (commune, departement): (&str, &str),
) -> String {
    texte_recherche(libelle, detail, etablissement, &lieu_recherche(commune, departement))
}

impl From<LigneApprentissage> for LigneImport {
    fn from(l: LigneApprentissage) -> Self {
        let (cle, cle_inscription) = cles(&l.identite, None);
        let nom = l.etablissement.clone().unwrap_or_else(|| format!("Établissement {}", l.uai));
        let uai = match l.forme_uai {
            FormeUai::Autre => format!("{}|{nom}|{}", l.uai, l.departement.as_deref().unwrap_or_default()),
            _ => l.uai.clone(),
        };
        let departement = l.departement.clone().unwrap_or_default();
        let academie = l.academie.unwrap_or_default().to_owned();
        let commune = l.ville.clone().unwrap_or_default();
        let (latitude, longitude) =
            l.coordonnees.map_or((None, None), |c| (Some(c.latitude), Some(c.longitude)));
        Self {
            ligne: l.ligne,
            g_ta_cod: None,
            statut: StatutFormation::Apprentissage,
            // An apprenticeship has one group: the contract decides, not the series (`domaine.md` §11).
            groupes: vec![GroupeImport {
                libelle: "Tous les candidats".to_owned(),
                series: SERIES_TOUTES.to_owned(),
                places: 0,
            }],
            statistique: None,
            offre: OffreImport {
                famille: l.famille.code(),
                recherche: recherche(&l.intitule, "", &nom, (&commune, &departement)),
                libelle: l.intitule,
                detail: String::new(),
                selective: true,
                departement: departement.clone(),
                academie: academie.clone(),
                commune: commune.clone(),
                latitude,
                longitude,
                capacite: None,
                internat: false,
                code_type: l.code_type.map(i64::from),
            },
            etablissement: EtablissementImport {
                uai,
                nom,
                statut: l.statut.map_or("", files::offre::StatutEtablissement::code).to_owned(),
                departement,
                academie,
                commune,
                latitude,
                longitude,
                site_web: l.site,
            },
            cle,
            cle_inscription,
        }
    }
}
