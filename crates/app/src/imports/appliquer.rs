//! Writing what an import changes, in one transaction.

use std::collections::HashMap;

use domain::droits::Permit;
use store::imports::{
    self as base, Changement, FormationAjoutee, GroupeAjoute, OffreAjoutee, PublicationAjoutee,
};
use store::{Ecriture, Tx};

use super::Cibles;
use super::lire::OffreLue;
use super::nomenclatures::{Liens, relier};
use super::noter::{Importe, noter};
use super::plan::{Acte, ActeStatistique, LignePlan, Plan};
use super::rapport::RapportImport;
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::etablissements::rename_courses;
use crate::sessions::creer_session;

/// Applies and commits; then refreshes the planner's statistics.
pub(super) async fn appliquer(
    ctx: &Ctx,
    tx: Tx,
    permit: &Permit,
    cibles: &Cibles,
    lue: &OffreLue,
    plan: &Plan<'_>,
    rapport: &mut RapportImport,
) -> Result<(), AppError> {
    // The origin tells an imported session from the archive of a real campaign, whoever imports.
    let e = Ecriture::new(permit, ctx.campagne_le, "import", ctx.app.alea.as_ref());
    let session = match &cibles.ligne {
        Some(l) => l.id,
        None => creer_session(&tx, &e, cibles.annee, cibles.etat, None).await?,
    };
    let etablissements = etablissements(&tx, &e, session, plan).await?;
    let mut a = Atelier { tx: &tx, e: &e, session, etablissements };
    a.ajouter(plan).await?;
    a.modifier(plan).await?;
    rename_courses(&tx, session, &plan.renommes).await?;
    let types = store::nomenclatures::types(&tx, session).await?;
    let ouverte = cibles.ligne.as_ref().map_or(cibles.etat, |l| l.etat.as_str()) == "ouverte";
    relier(&tx, Some(&e), (session, ouverte), &types, &mut Liens::default()).await?;
    rapport.applique = true;
    let bilan = serde_json::to_value(rapport.compte).map_err(AppError::internal)?;
    let importe = Importe { nature: "offre", session, bilan: &bilan, flux: None };
    let fichiers = lue.fichiers.iter().map(|(b, chemin)| (b.fichier.as_str(), chemin.as_path()));
    noter(ctx, &tx, permit, &e, &importe, fichiers).await?;
    tx.commit().await?;
    ctx.app.db.analyze().await?;
    Ok(())
}

/// Writes the establishments; gives the key of each by its UAI.
async fn etablissements<'p>(
    tx: &Tx,
    e: &Ecriture<'_>,
    session: i64,
    plan: &Plan<'p>,
) -> Result<HashMap<&'p str, i64>, AppError> {
    base::add_etablissements(tx, e, &plan.etablissements_nouveaux).await?;
    // Session 0 exists nowhere: the permanent rows alone.
    let connus = base::etablissements(tx, 0).await?;
    let connus: HashMap<&str, i64> = connus.iter().map(|c| (c.uai.as_str(), c.id)).collect();
    let mut cles = HashMap::with_capacity(plan.etablissements.len());
    for l in &plan.etablissements {
        let id = connus.get(l.uai.as_str()).copied().ok_or(AppError::NotFound)?;
        cles.insert(l.uai.as_str(), id);
    }
    let nouveaux = plan
        .etablissements_session_nouveaux
        .iter()
        .filter_map(|l| cles.get(l.uai.as_str()).map(|id| (*id, *l)));
    base::add_etablissements_session(tx, e, session, nouveaux).await?;
    for (id, l) in &plan.etablissements_modifies {
        base::update_etablissement_session(tx, e, *id, l).await?;
    }
    Ok(cles)
}

struct Atelier<'a, 'p> {
    tx: &'a Tx,
    e: &'a Ecriture<'a>,
    session: i64,
    etablissements: HashMap<&'p str, i64>,
}

/// JSON of the places by group, as a publication keeps it.
fn groupes_json(l: &LignePlan<'_>) -> String {
    let groupes: Vec<serde_json::Value> = l
        .ligne
        .groupes
        .iter()
        .map(|g| serde_json::json!({ "libelle": g.libelle, "places": g.places }))
        .collect();
    serde_json::Value::Array(groupes).to_string()
}

impl<'p> Atelier<'_, 'p> {
    fn etablissement(&self, l: &LignePlan<'_>) -> Result<i64, AppError> {
        self.etablissements.get(l.ligne.etablissement.uai.as_str()).copied().ok_or(AppError::NotFound)
    }

    /// New courses: permanent identity, settings, publication, groups, figures.
    async fn ajouter(&mut self, plan: &Plan<'p>) -> Result<(), AppError> {
        let (tx, e) = (self.tx, self.e);
        let lignes: Vec<&LignePlan<'p>> = plan.lignes.iter().filter(|l| l.acte == Acte::Ajouter).collect();
        let mut nouvelles = Vec::new();
        for l in lignes.iter().filter(|l| l.formation.is_none()) {
            nouvelles.push(FormationAjoutee {
                etablissement: self.etablissement(l)?,
                cle: &l.ligne.cle,
                cle_inscription: &l.ligne.cle_inscription,
                g_ta_cod: l.ligne.g_ta_cod,
                incertaine: l.ligne.g_ta_cod.is_none(),
                statut: l.ligne.statut.code(),
            });
        }
        let mut ajoutees = base::add_formations(tx, e, &nouvelles).await?.into_iter();
        let mut formations = Vec::with_capacity(lignes.len());
        for l in &lignes {
            let id = l.formation.map_or_else(|| ajoutees.next(), |f| Some(f.id));
            formations.push(id.ok_or(AppError::NotFound)?);
        }
        let mut offres = Vec::with_capacity(lignes.len());
        for (l, formation) in lignes.iter().zip(&formations) {
            offres.push(OffreAjoutee {
                formation: *formation,
                etablissement: self.etablissement(l)?,
                precedente: None,
                offre: &l.ligne.offre,
                frais_centimes: None,
                presentation: "",
                etat: "publiee",
                publiee_le: Some(e.ms()),
            });
        }
        let cles = base::add_offres(tx, e, self.session, &offres).await?;
        let publications = lignes.iter().zip(&cles).map(|(l, id)| PublicationAjoutee {
            formation_session: *id,
            numero: 1,
            publie_le: e.ms(),
            capacite: l.ligne.offre.capacite,
            frais_centimes: None,
            presentation: "",
            groupes: groupes_json(l),
        });
        base::add_publications(tx, e, publications).await?;
        let groupes: Vec<GroupeAjoute<'_>> = lignes
            .iter()
            .zip(&cles)
            .flat_map(|(l, id)| {
                l.ligne.groupes.iter().map(|g| GroupeAjoute {
                    formation_session: *id,
                    libelle: &g.libelle,
                    series: &g.series,
                    places: i64::from(g.places),
                    taux_min_boursiers: None,
                })
            })
            .collect();
        let ids = base::add_groupes(tx, e, self.session, &groupes).await?;
        base::add_affectations(tx, e, &ids, &groupes).await?;
        let chiffres = lignes.iter().zip(&formations).filter_map(|(l, id)| {
            let s = l.ligne.statistique.as_ref()?;
            (l.statistique == ActeStatistique::Ajouter).then_some((*id, s))
        });
        base::add_statistiques(tx, e, chiffres).await?;
        for l in lignes {
            self.corriger_chiffres(l).await?;
        }
        Ok(())
    }

    async fn corriger_chiffres(&self, l: &LignePlan<'_>) -> Result<(), AppError> {
        if let (ActeStatistique::Modifier(id), Some(s)) = (l.statistique, &l.ligne.statistique) {
            base::update_statistique(self.tx, self.e, id, s).await?;
        }
        Ok(())
    }

    /// Courses that the session already has.
    async fn modifier(&mut self, plan: &Plan<'p>) -> Result<(), AppError> {
        let (tx, e) = (self.tx, self.e);
        let connus = base::groupes(tx, self.session).await?;
        let mut par_offre: HashMap<i64, Vec<&base::GroupeConnu>> = HashMap::new();
        for g in &connus {
            par_offre.entry(g.formation_session_id).or_default().push(g);
        }
        let mut publications = Vec::new();
        for l in &plan.lignes {
            let Some(f) = l.formation.filter(|_| l.acte != Acte::Ajouter) else { continue };
            if let Acte::Modifier { offre_id, groupes, .. } = &l.acte {
                let etablissement = self.etablissement(l)?;
                base::update_offre(
                    tx,
                    e,
                    &Changement { offre_id: *offre_id, etablissement, offre: &l.ligne.offre },
                )
                .await?;
                if *groupes {
                    let connus = par_offre.get(offre_id).map_or(&[][..], Vec::as_slice);
                    self.reprendre_groupes(l, *offre_id, connus).await?;
                }
                publications.push(PublicationAjoutee {
                    formation_session: *offre_id,
                    numero: f.publication + 1,
                    publie_le: e.ms(),
                    capacite: l.ligne.offre.capacite,
                    frais_centimes: f.frais_centimes,
                    presentation: f.presentation.as_deref().unwrap_or_default(),
                    groupes: groupes_json(l),
                });
            }
            match (l.statistique, &l.ligne.statistique) {
                (ActeStatistique::Ajouter, Some(s)) => base::add_statistiques(tx, e, [(f.id, s)]).await?,
                _ => self.corriger_chiffres(l).await?,
            }
        }
        Ok(base::add_publications(tx, e, publications).await?)
    }

    /// Groups are recognised by their label: changed, added, or removed.
    async fn reprendre_groupes(
        &self,
        l: &LignePlan<'_>,
        offre_id: i64,
        connus: &[&base::GroupeConnu],
    ) -> Result<(), AppError> {
        let (tx, e) = (self.tx, self.e);
        let mut restent: Vec<&base::GroupeConnu> = connus.to_vec();
        let mut nouveaux = Vec::new();
        for g in &l.ligne.groupes {
            let places = i64::from(g.places);
            match restent.iter().position(|c| c.libelle == g.libelle) {
                Some(i) => {
                    let c = restent.remove(i);
                    base::update_groupe(tx, e, (c.id, c.affectation), &g.series, places).await?;
                }
                None => nouveaux.push(GroupeAjoute {
                    formation_session: offre_id,
                    libelle: &g.libelle,
                    series: &g.series,
                    places,
                    taux_min_boursiers: None,
                }),
            }
        }
        for c in restent {
            base::remove_groupe(tx, e, (c.id, c.affectation)).await?;
        }
        let ids = base::add_groupes(tx, e, self.session, &nouveaux).await?;
        base::add_affectations(tx, e, &ids, &nouveaux).await?;
        Ok(())
    }
}
