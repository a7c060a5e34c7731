//! R-APP-08, R-APP-10, R-APP-14: a course follows its record: what the catalogue owns of it, its establishment, its end.

use std::collections::{BTreeSet, HashMap};

use domain::PublicId;
use domain::apprentissage::Statut;
use domain::formations::{EtatFormation, texte_recherche};
use serde_json::json;
use store::apprentissage::{self as base, FicheAIntegrer, NouveauStatut, PartDuCatalogue};
use store::formations::{self, Fermeture, Fin};

use super::super::fiche::changed_hands;
use super::super::rapprocher::PREFIXE;
use super::annonce::REOUVERTURE;
use super::nommer::Noms;
use super::part::{Chez, Part};
use super::{Atelier, Une};
use crate::candidatures::tell_suspended;
use crate::erreur::AppError;
use crate::formations::{Reprise, hand_to, leave};
use crate::journal::{Acte, record_all};

impl Atelier<'_> {
    /// Holds the courses that this run may write, once their records are held and before it writes any of them. `noms`: establishments
    /// whose courses are looked for by another name from now on.
    pub(super) async fn hold_courses(&self, toutes: &[Une], noms: &Noms) -> Result<(), AppError> {
        let mut cles = noms.courses(self.tx, self.session.id).await?;
        cles.extend(toutes.iter().filter(|une| self.moves(une)).filter_map(|une| une.l.formation_session_id));
        Ok(formations::hold_formations(self.tx, &cles).await?)
    }

    /// Whether the course of a record is closed, changed or given to another establishment.
    fn moves(&self, une: &Une) -> bool {
        let fermee = une.l.etat.as_deref() == Some(EtatFormation::Fermee.code());
        self.names_another(une)
            || match une.statut {
                Statut::PretPourIntegration => {
                    (!fermee || self.was_closed_here(une)) && changed_part(une, fermee).is_some()
                }
                Statut::NonPublie | Statut::Ferme => !fermee,
                _ => false,
            }
    }

    /// R-APP-14: gives the courses of records whose establishments changed to the one that they name now. What candidates wish stays
    /// where it is for as long as they do. Gives all the records again, as they are then.
    pub(super) async fn hand_over(&mut self, avec: Vec<Une>) -> Result<Vec<Une>, AppError> {
        let ailleurs: Vec<i64> =
            avec.iter().filter(|une| self.names_another(une)).map(|une| une.l.id).collect();
        let passees = changed_hands(self.tx, &ailleurs).await?;
        let (partent, mut restent): (Vec<Une>, Vec<Une>) =
            avec.into_iter().partition(|une| passees.contains(&une.l.id));
        if partent.is_empty() {
            return Ok(restent);
        }
        // No establishment is made for a course that stays.
        let demandees = self.demandees(&partent).await?;
        let (tenues, libres): (Vec<Une>, Vec<Une>) = partent
            .into_iter()
            .partition(|une| une.l.formation_session_id.is_none_or(|cle| demandees.contains(&cle)));
        restent.extend(tenues);
        if libres.is_empty() {
            return Ok(restent);
        }
        let etablissements = self.establishments(&libres).await?;
        let mut possibles = Vec::with_capacity(libres.len());
        let mut reprises = Vec::with_capacity(libres.len());
        for une in libres {
            let vers = une.fiche.uai().and_then(|uai| etablissements.get(uai)).map(|(id, _)| *id);
            let id = une.l.formation_public_id.as_deref().and_then(PublicId::parse);
            match vers.zip(id) {
                Some((etablissement, id)) => {
                    // A record may leave more than once: each time as it was written then.
                    let cle = format!(
                        "restructuration:{}|{}|{}",
                        self.session.annee, une.l.public_id, une.l.version
                    );
                    reprises.push(Reprise { id, etablissement, cle });
                    possibles.push(une);
                }
                None => restent.push(une),
            }
        }
        let faites = hand_to(self.tx, self.ctx, self.permit, self.session, &reprises).await?;
        let mut cedees = Vec::new();
        for (une, faite) in possibles.into_iter().zip(faites) {
            if faite {
                self.bilan.cedees += 1;
                self.event(&une, "cession", None);
                self.open_late(&une);
                cedees.push(une);
            } else {
                restent.push(une);
            }
        }
        let cles: Vec<i64> = cedees.iter().map(|une| une.l.id).collect();
        let mut relues: HashMap<i64, FicheAIntegrer> =
            base::a_integrer_seules(self.tx, &cles).await?.into_iter().map(|l| (l.id, l)).collect();
        for mut une in cedees {
            une.l = relues.remove(&une.l.id).ok_or(AppError::NotFound)?;
            restent.push(une);
        }
        Ok(restent)
    }

    /// Whether the record names another establishment than the one that has its course, which may follow it.
    fn names_another(&self, une: &Une) -> bool {
        let Some(uai) = une.fiche.uai() else { return false };
        let ici = une.l.etablissement_uai.as_deref();
        // Ready, or published where it was because candidates wished it.
        let pret = matches!(une.statut, Statut::PretPourIntegration | Statut::Publie)
            && une.fiche.departement().is_some();
        if !pret || ici.is_none() || ici == Some(uai) {
            return false;
        }
        // R-VIE-03: what the establishment closed stays so.
        let fermee = une.l.etat.as_deref() == Some(EtatFormation::Fermee.code());
        !fermee || self.was_closed_here(une)
    }

    /// The courses of records that candidates wish.
    async fn demandees(&self, fiches: &[Une]) -> Result<BTreeSet<i64>, AppError> {
        let cles: Vec<i64> = fiches.iter().filter_map(|une| une.l.formation_session_id).collect();
        Ok(formations::demandees(self.tx, &cles).await?)
    }

    /// Records that have their courses.
    pub(super) async fn follow(&mut self, avec: Vec<Une>) -> Result<(), AppError> {
        let mut finissent = Vec::new();
        for mut une in avec {
            let fermee = une.l.etat.as_deref() == Some(EtatFormation::Fermee.code());
            match une.statut {
                // R-VIE-03: what the establishment closed or left out of this year stays so.
                Statut::PretPourIntegration if fermee && !self.was_closed_here(&une) => {}
                Statut::PretPourIntegration => {
                    self.update(&une, fermee);
                    if une.l.etat.as_deref() == Some(EtatFormation::Publiee.code()) {
                        self.publish(&mut une)?;
                    }
                }
                Statut::NonPublie | Statut::Ferme if !fermee => finissent.push(une),
                _ => {}
            }
        }
        self.close(finissent).await
    }

    /// R-APP-10: whether integration closed the course, and nobody since.
    fn was_closed_here(&self, une: &Une) -> bool {
        let dernier = self.derniers.get(&une.l.id);
        dernier.is_some_and(|d| d.contains("fermeture") || d.contains("suspension"))
    }

    /// What the catalogue owns follows it; what somebody typed stays.
    fn update(&mut self, une: &Une, fermee: bool) {
        let Some(part) = changed_part(une, fermee) else { return };
        self.parts.push(part);
        if fermee {
            self.bilan.rouvertes += 1;
            self.touchees.note(une, REOUVERTURE);
            self.open_late(une);
        } else {
            self.bilan.mises_a_jour += 1;
        }
        self.event(une, "mise_a_jour", None);
    }

    /// R-APP-10: the courses of records that are refused or closed end: for good, or for the session when candidates wish them.
    async fn close(&mut self, fiches: Vec<Une>) -> Result<(), AppError> {
        if fiches.is_empty() {
            return Ok(());
        }
        let demandees = self.demandees(&fiches).await?;
        let cles: Vec<i64> = fiches.iter().filter_map(|une| une.l.formation_session_id).collect();
        for membre in formations::in_regroupement(self.tx, &cles).await? {
            leave(self.tx, self.ctx, self.permit, membre).await?;
        }
        let mut fermetures = Vec::with_capacity(fiches.len());
        let mut actes = Vec::with_capacity(fiches.len());
        for une in &fiches {
            let (Some(id), Some(version), Some(formation)) =
                (une.l.formation_session_id, une.l.formation_version, une.l.formation_id)
            else {
                continue;
            };
            let demandee = demandees.contains(&id);
            let (fin, quoi) =
                if demandee { (Fin::Suspension, "suspension") } else { (Fin::Definitive(None), "fermeture") };
            fermetures.push(Fermeture { lue: (id, version), formation, fin });
            if demandee {
                self.bilan.suspendues += 1;
            } else {
                self.bilan.fermees += 1;
            }
            self.event(une, quoi, None);
            let nouveau = NouveauStatut {
                statut: une.statut.code(),
                raison: une.l.raison.clone(),
                doublon_de: None,
                en_ligne: false,
            };
            self.statuts.push(((une.l.id, une.version), nouveau));
            actes.push(Acte {
                objet: "formation_session",
                objet_id: une.l.formation_public_id.as_deref().unwrap_or_default(),
                avant: Some(json!({ "etat": une.l.etat })),
                apres: Some(json!({ "etat": "fermee", "nature": quoi })),
            });
        }
        formations::close_formations(self.tx, &self.e, &fermetures).await?;
        record_all(self.tx, self.ctx, self.permit, &actes).await?;
        for suspendue in demandees {
            tell_suspended(self.tx, self.ctx, suspendue).await?;
        }
        Ok(())
    }
}

/// What the catalogue owns of a course, over the key and the version that were read of it; `None`: the course says it already. `fermee`: it
/// is to be opened again.
fn changed_part(une: &Une, fermee: bool) -> Option<((i64, i64), PartDuCatalogue)> {
    let l = &une.l;
    let (id, version) = l.formation_session_id.zip(l.formation_version)?;
    let texte = |t: &Option<String>| t.clone().unwrap_or_default();
    let (nom, departement, commune) = (texte(&l.etablissement), texte(&l.departement), texte(&l.commune));
    let (la, leur) = (texte(&l.etablissement_departement), texte(&l.etablissement_commune));
    let chez = Chez {
        nom: &nom,
        departement: &la,
        commune: &leur,
        coordonnees: l.etablissement_latitude.zip(l.etablissement_longitude),
    };
    let mut part = Part::new(&une.fiche, l.detail.as_deref().unwrap_or_default(), &chez)?;
    // A course that the offer named before the catalogue keeps its name.
    let cree_ici = l.cle.as_deref().is_some_and(|c| c.starts_with(PREFIXE));
    if !cree_ici {
        part.libelle = texte(&l.libelle);
    }
    // A record that does not say where takes nothing away from what the course says.
    if departement == part.departement {
        if part.commune.is_empty() {
            part.commune.clone_from(&commune);
        }
        if part.coordonnees.is_none() {
            part.coordonnees = l.latitude.zip(l.longitude);
        }
    }
    let meme = l.libelle.as_deref() == Some(&part.libelle)
        && departement == part.departement
        && commune == part.commune
        && l.latitude.zip(l.longitude) == part.coordonnees;
    if meme && !fermee {
        return None;
    }
    let lieu = format!("{} {}", part.commune, part.departement);
    let recherche = if cree_ici {
        part.recherche.clone()
    } else {
        texte_recherche(&part.libelle, l.detail.as_deref().unwrap_or_default(), &nom, &lieu)
    };
    let n = PartDuCatalogue {
        libelle: part.libelle,
        departement: part.departement,
        academie: part.academie,
        commune: part.commune,
        coordonnees: part.coordonnees,
        recherche,
        rouvre: fermee,
    };
    Some(((id, version), n))
}
