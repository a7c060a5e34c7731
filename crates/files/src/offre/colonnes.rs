//! Where each value is in this year's file.

use super::Chiffres;
use crate::FichierError;
use crate::tableau::{Bilan, Faute, Lecteur, Nature};

/// Known columns that say nothing we keep.
const SANS_EMPLOI: &[&str] =
    &["tri", "lib_comp_voe_ins", "region_etab_aff", "etablissement_id_paysage", "composante_id_paysage"];

/// Ranking groups a session may have.
const GROUPES: usize = 5;

pub(super) struct Colonnes {
    pub session: usize,
    pub uai: usize,
    pub etablissement: usize,
    pub capacite: usize,
    pub cod_aff_form: Option<usize>,
    pub lien: Option<usize>,
    pub statut: Option<usize>,
    pub departement: Option<usize>,
    pub departement_nom: Option<usize>,
    pub academie: Option<usize>,
    pub ville: Option<usize>,
    pub gps: Option<usize>,
    pub selective: Option<usize>,
    pub fili: Option<usize>,
    pub formation: Option<usize>,
    pub type_formation: Option<usize>,
    pub mention: Option<usize>,
    pub detail: Option<usize>,
    pub regroupement: Option<usize>,
    pub liste: Option<usize>,
    /// Label (absent in 2018 and 2019) and rank of each group.
    pub groupes: Vec<(Option<usize>, usize)>,
    pub internat: Option<usize>,
    /// Column, and place in `Chiffres::COMPTEURS`.
    pub compteurs: Vec<(usize, usize)>,
    /// Column, and place in `Chiffres::TAUX`.
    pub taux: Vec<(usize, usize)>,
}

impl Colonnes {
    /// Finds the columns; unknown and missing ones are told, those without which nothing can be read refuse the file.
    pub fn resolve(lecteur: &Lecteur<'_>, bilan: &mut Bilan) -> Result<Self, FichierError> {
        let entetes = lecteur.entetes();
        let mut connues = vec![false; entetes.len()];
        let mut absentes: Vec<&'static str> = Vec::new();
        let mut find = |noms: &[&'static str]| {
            let trouvee = entetes.find(noms);
            if let Some(connue) = trouvee.and_then(|i| connues.get_mut(i)) {
                *connue = true;
            }
            trouvee
        };
        let mut optional = |noms: &[&'static str]| {
            let trouvee = find(noms);
            if trouvee.is_none() {
                absentes.extend(noms.first());
            }
            trouvee
        };

        let (compteurs, taux) = figures(&mut optional);
        let cod_aff_form = optional(&["cod_aff_form"]);
        let lien = optional(&["lien_form_psup"]);
        let statut = optional(&["contrat_etab"]);
        let departement = optional(&["dep"]);
        let departement_nom = optional(&["dep_lib"]);
        let academie = optional(&["acad_mies"]);
        let ville = optional(&["ville_etab"]);
        let gps = optional(&["g_olocalisation_des_formations"]);
        let selective = optional(&["select_form"]);
        let fili = optional(&["fili"]);
        let formation = optional(&["lib_for_voe_ins"]);
        let type_formation = optional(&["form_lib_voe_acc"]);
        let mention = optional(&["fil_lib_voe_acc"]);
        let detail = optional(&["detail_forma"]);
        let regroupement = optional(&["detail_forma2", "regr_forma"]);
        let liste = optional(&["list_com"]);

        let mut groupes = Vec::new();
        for n in 1..=GROUPES {
            let (libelle, rang) = (format!("lib_grp{n}"), format!("ran_grp{n}"));
            let (libelle, rang) = (entetes.find(&[&libelle]), entetes.find(&[&rang]));
            for colonne in [libelle, rang].into_iter().flatten() {
                if let Some(connue) = connues.get_mut(colonne) {
                    *connue = true;
                }
            }
            groupes.extend(rang.map(|rang| (libelle, rang)));
        }
        let mut find = |noms: &[&'static str]| {
            let trouvee = entetes.find(noms);
            if let Some(connue) = trouvee.and_then(|i| connues.get_mut(i)) {
                *connue = true;
            }
            trouvee
        };
        let rang_unique = find(&["rang_der_max"]);
        groupes.extend(rang_unique.map(|rang| (None, rang)));
        if groupes.is_empty() {
            absentes.push("ran_grp1");
        }
        for nom in SANS_EMPLOI {
            find(&[nom]);
        }
        let requises = ["session", "cod_uai", "g_ea_lib_vx", "capa_fin"].map(|nom| (nom, find(&[nom])));

        let mut fautes: Vec<Faute> =
            requises.iter().filter(|(_, trouvee)| trouvee.is_none()).map(|(nom, _)| missing(nom)).collect();
        if formation.or(type_formation).or(mention).is_none() {
            fautes.push(missing("lib_for_voe_ins ou form_lib_voe_acc"));
        }
        let [(_, Some(session)), (_, Some(uai)), (_, Some(etablissement)), (_, Some(capacite))] = requises
        else {
            return Err(lecteur.header_error(fautes));
        };
        if !fautes.is_empty() {
            return Err(lecteur.header_error(fautes));
        }

        for nom in absentes {
            bilan
                .releve
                .warn(Nature::ColonneAbsente, 1, nom, || format!("colonne absente : {}", consequence(nom)));
        }
        for (index, connue) in connues.iter().enumerate() {
            if !connue {
                bilan.releve.warn(Nature::ColonneInconnue, 1, &entetes.nom(index), || {
                    "colonne inconnue : son contenu n’est pas repris".to_owned()
                });
            }
        }
        Ok(Self {
            session,
            uai,
            etablissement,
            capacite,
            cod_aff_form,
            lien,
            statut,
            departement,
            departement_nom,
            academie,
            ville,
            gps,
            selective,
            fili,
            formation,
            type_formation,
            mention,
            detail,
            regroupement,
            liste,
            groupes,
            internat: entetes.find(&["nb_voe_pp_internat"]),
            compteurs,
            taux,
        })
    }
}

type Places = Vec<(usize, usize)>;

fn figures(optional: &mut impl FnMut(&[&'static str]) -> Option<usize>) -> (Places, Places) {
    let compteurs = Chiffres::COMPTEURS
        .iter()
        .enumerate()
        .filter_map(|(place, c)| Some((optional(&[c.colonne])?, place)))
        .collect();
    let taux = Chiffres::TAUX
        .iter()
        .enumerate()
        .filter_map(|(place, t)| {
            let noms: Vec<&'static str> = std::iter::once(t.colonne).chain(t.alias.iter().copied()).collect();
            Some((optional(&noms)?, place))
        })
        .collect();
    (compteurs, taux)
}

fn missing(nom: &str) -> Faute {
    Faute {
        ligne: 1,
        colonne: nom.to_owned(),
        motif: "colonne indispensable absente : vérifiez que le fichier est le jeu « fr-esr-parcoursup » avec ses noms techniques".to_owned(),
    }
}

fn consequence(nom: &str) -> &'static str {
    match nom {
        "cod_aff_form" => "l’identité est lue dans le lien de la fiche",
        "lien_form_psup" => "les formations sans code n’ont qu’une identité incertaine",
        "contrat_etab" => "le statut des établissements reste inconnu",
        "dep" | "dep_lib" => "le département est tiré des autres colonnes",
        "acad_mies" => "l’académie est tirée du département",
        "ville_etab" => "la commune reste inconnue",
        "g_olocalisation_des_formations" => "les formations ne peuvent être placées sur la carte",
        "select_form" => "la sélectivité reste inconnue",
        "fili" => "toutes les formations sont rangées dans « Autre formation »",
        "list_com" => "la liste d’appel reste inconnue",
        "ran_grp1" => "aucun groupe de classement n’est connu",
        _ => "la valeur reste inconnue pour toutes les lignes",
    }
}
