//! R-APP-08: a record that is ready takes the course that the session has already, else a new one.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use domain::apprentissage::{Fiche, OrganismeConnu};
use domain::formations::description::Description;
use domain::formations::{EtatFormation, SERIES_TOUTES, StatutFormation};
use store::imports::{
    self as imports, EtablissementConnu, EtablissementImport, FormationAjoutee, GroupeAjoute, OffreAjoutee,
    OffreImport,
};

use super::super::rapprocher::{Declarees, PREFIXE, Prise, cle};
use super::annonce::DELAI;
use super::nommer::Repertoire;
use super::part::{Chez, Part};
use super::{Atelier, Une};
use crate::erreur::AppError;
use crate::etablissements::SANS_NOM;
use crate::formations::{ecrit, genre_de};

/// What a session says of an establishment, when it says anything.
fn said<'c>(uai: &str, connus: &'c HashMap<String, EtablissementConnu>) -> Option<&'c EtablissementConnu> {
    connus.get(uai).filter(|c| c.ligne.is_some())
}

impl Atelier<'_> {
    /// The establishments of records by code, those that the session does not have being added; key and what the session says.
    pub(super) async fn establishments(
        &mut self,
        prets: &[Une],
    ) -> Result<HashMap<String, (i64, EtablissementImport)>, AppError> {
        let (tx, session) = (self.tx, self.session);
        let connus: HashMap<String, EtablissementConnu> =
            imports::etablissements(tx, session.id).await?.into_iter().map(|c| (c.uai.clone(), c)).collect();
        let anciens: HashMap<String, EtablissementConnu> = match session.precedente {
            None => HashMap::new(),
            Some(p) => {
                imports::etablissements(tx, p).await?.into_iter().map(|c| (c.uai.clone(), c)).collect()
            }
        };
        let inconnus: BTreeSet<&str> = prets
            .iter()
            .filter_map(|une| une.fiche.uai())
            .filter(|uai| said(uai, &connus).or_else(|| said(uai, &anciens)).is_none())
            .collect();
        let inconnus: Vec<String> = inconnus.into_iter().map(str::to_owned).collect();
        let repertoire = Repertoire::load(tx, &inconnus).await?;
        let mut voulus: BTreeMap<&str, EtablissementImport> = BTreeMap::new();
        for une in prets {
            let (Some(uai), Some(place)) = (une.fiche.uai(), une.fiche.departement()) else { continue };
            if voulus.contains_key(uai) {
                continue;
            }
            let dit = said(uai, &connus).or_else(|| said(uai, &anciens));
            let point = une.fiche.lieu.point.map(|p| {
                let degres = |micro: i32| f64::from(micro) / 1e6;
                (degres(p.latitude), degres(p.longitude))
            });
            let texte = |t: Option<&String>| t.cloned().unwrap_or_default();
            let e = match dit {
                Some(c) => EtablissementImport {
                    uai: uai.to_owned(),
                    nom: texte(c.nom.as_ref()),
                    statut: texte(c.statut.as_ref()),
                    departement: texte(c.departement.as_ref()),
                    academie: texte(c.academie.as_ref()),
                    commune: texte(c.commune.as_ref()),
                    latitude: c.latitude,
                    longitude: c.longitude,
                    site_web: c.site_web.clone(),
                },
                // The catalogue does not name them: as its register does, else as the import of the offer.
                None => {
                    let connu = repertoire.get(uai, Some(&une.fiche));
                    let ici = connu.filter(|o| o.departement == place.code);
                    let position = point.or(ici.and_then(|o| o.position));
                    EtablissementImport {
                        uai: uai.to_owned(),
                        nom: connu.map_or_else(|| format!("{SANS_NOM}{uai}"), OrganismeConnu::nom_ecrit),
                        statut: String::new(),
                        departement: place.code.to_owned(),
                        academie: place.academie.to_owned(),
                        commune: ici.map_or_else(String::new, OrganismeConnu::ville_ecrite),
                        latitude: position.map(|p| p.0),
                        longitude: position.map(|p| p.1),
                        site_web: None,
                    }
                }
            };
            voulus.insert(uai, e);
        }
        let nouveaux: Vec<&str> = voulus.keys().copied().filter(|uai| !connus.contains_key(*uai)).collect();
        self.bilan.etablissements += nouveaux.len() as u64;
        let ajoutes = imports::add_etablissements(tx, &self.e, &nouveaux).await?;
        let mut cles: HashMap<&str, i64> = connus.iter().map(|(uai, c)| (uai.as_str(), c.id)).collect();
        cles.extend(nouveaux.iter().copied().zip(ajoutes));
        let sans_ligne: Vec<(i64, &EtablissementImport)> = voulus
            .iter()
            .filter(|(uai, _)| connus.get(**uai).is_none_or(|c| c.ligne.is_none()))
            .filter_map(|(uai, e)| cles.get(uai).map(|id| (*id, e)))
            .collect();
        imports::add_etablissements_session(tx, &self.e, session.id, sans_ligne).await?;
        Ok(voulus
            .iter()
            .filter_map(|(uai, e)| cles.get(uai).map(|id| ((*uai).to_owned(), (*id, e.clone()))))
            .collect())
    }

    /// Gives each record its course: one that the session has already, else a new one, whose establishment is made when it has to be.
    pub(super) async fn create(&mut self, prets: Vec<Une>) -> Result<(), AppError> {
        let (tx, session) = (self.tx, self.session.id);
        let mut declarees = Declarees::load(tx, session).await?;
        {
            let fiches: Vec<&Fiche> = prets.iter().map(|une| &une.fiche).collect();
            declarees.learn(tx, &fiches).await?;
        }
        let mut seules = Vec::new();
        for mut une in prets {
            if une.fiche.uai().is_none() || une.fiche.departement().is_none() {
                continue;
            }
            match declarees.take(une.l.id, &une.fiche) {
                Prise::Course { formation_session, uai, publiee } => {
                    // It is told to whoever has it, which the record may not name first.
                    une.l.etablissement_uai = Some(uai);
                    self.attach(&mut une, formation_session);
                    self.bilan.rattachees += 1;
                    self.event(&une, "rattachement", None);
                    if publiee {
                        self.publish(&mut une)?;
                    } else if self.tardive.is_some() {
                        self.open_late(&une);
                        self.touchees.note(&une, DELAI);
                    }
                }
                // R-APP-19: a second course of one would be made.
                Prise::Attend => self.bilan.a_comparer += 1,
                Prise::Aucune => seules.push(une),
            }
        }
        if seules.is_empty() {
            return Ok(());
        }
        let etablissements = self.establishments(&seules).await?;
        let permanentes: HashMap<String, (i64, bool)> = imports::formations(tx, session)
            .await?
            .into_iter()
            .map(|f| (f.cle, (f.id, f.offre.is_some())))
            .collect();
        let mut prises: HashSet<String> = HashSet::new();
        let mut nouvelles: Vec<(Une, String, i64, OffreImport)> = Vec::new();
        for une in seules {
            let Some((etablissement, chez)) = une.fiche.uai().and_then(|uai| etablissements.get(uai)) else {
                continue;
            };
            let Some(part) = Part::new(&une.fiche, "", &Chez::from(chez)) else { continue };
            let mut cle = cle(&une.fiche);
            if prises.contains(&cle) || permanentes.get(&cle).is_some_and(|(_, ici)| *ici) {
                cle = format!("{PREFIXE}{}|{}", self.session.annee, une.l.public_id);
            }
            prises.insert(cle.clone());
            let offre = OffreImport {
                famille: une.fiche.famille().code(),
                libelle: part.libelle,
                detail: String::new(),
                selective: true,
                departement: part.departement.to_owned(),
                academie: part.academie.to_owned(),
                commune: part.commune,
                latitude: part.coordonnees.map(|c| c.0),
                longitude: part.coordonnees.map(|c| c.1),
                // The establishment says it, in its step.
                capacite: None,
                internat: false,
                recherche: part.recherche,
                code_type: None,
            };
            nouvelles.push((une, cle, *etablissement, offre));
        }
        self.add(nouvelles, &permanentes).await
    }

    /// New courses, drafts with one group and nothing said but their rhythm.
    async fn add(
        &mut self,
        nouvelles: Vec<(Une, String, i64, OffreImport)>,
        permanentes: &HashMap<String, (i64, bool)>,
    ) -> Result<(), AppError> {
        let (tx, session) = (self.tx, self.session.id);
        let e = self.e;
        let a_faire: Vec<FormationAjoutee<'_>> = nouvelles
            .iter()
            .filter(|(_, cle, ..)| !permanentes.contains_key(cle))
            .map(|(_, cle, etablissement, _)| FormationAjoutee {
                etablissement: *etablissement,
                cle,
                cle_inscription: cle,
                g_ta_cod: None,
                incertaine: false,
                statut: StatutFormation::Apprentissage.code(),
            })
            .collect();
        let mut ajoutees = imports::add_formations(tx, &e, &a_faire).await?.into_iter();
        let mut offres = Vec::with_capacity(nouvelles.len());
        for (_, cle, etablissement, offre) in &nouvelles {
            let formation = permanentes.get(cle).map_or_else(|| ajoutees.next(), |(id, _)| Some(*id));
            offres.push(OffreAjoutee {
                formation: formation.ok_or(AppError::NotFound)?,
                etablissement: *etablissement,
                precedente: None,
                offre,
                frais_centimes: None,
                presentation: "",
                etat: EtatFormation::Brouillon.code(),
                publiee_le: None,
            });
        }
        let cles = imports::add_offres(tx, &e, session, &offres).await?;
        // The contract decides, not the series (`domaine.md` §11): one group.
        let groupes: Vec<GroupeAjoute<'_>> = cles
            .iter()
            .map(|id| GroupeAjoute {
                formation_session: *id,
                libelle: "Tous les candidats",
                series: SERIES_TOUTES,
                places: 0,
                taux_min_boursiers: None,
            })
            .collect();
        let ids = imports::add_groupes(tx, &e, session, &groupes).await?;
        imports::add_affectations(tx, &e, &ids, &groupes).await?;
        let dite = Description::default().avec("rythme", "alternance");
        let contenu = ecrit(&dite)?;
        let descriptions: Vec<(i64, String, usize, bool)> = nouvelles
            .iter()
            .zip(&cles)
            .map(|((.., offre), id)| {
                let genre = genre_de(offre.famille, &offre.libelle);
                (*id, contenu.clone(), dite.a_completer(genre), false)
            })
            .collect();
        store::formations::add_descriptions(tx, &e, descriptions).await?;
        for ((mut une, ..), id) in nouvelles.into_iter().zip(cles) {
            self.attach(&mut une, id);
            self.bilan.creees += 1;
            self.event(&une, "integration", None);
            self.open_late(&une);
        }
        Ok(())
    }
}
