//! R-APP-08, R-APP-10, R-APP-14: a course follows its record: what the catalogue owns of it, its establishment, its end.

use std::collections::HashMap;

use domain::PublicId;
use domain::apprentissage::Statut;
use domain::formations::{EtatFormation, texte_recherche};
use serde_json::json;
use store::apprentissage::{self as base, FicheAIntegrer, NouveauStatut, PartDuCatalogue};
use store::formations::Fin;

use super::super::fiche::changed_hands;
use super::super::rapprocher::PREFIXE;
use super::annonce::REOUVERTURE;
use super::part::{Chez, Part};
use super::{Atelier, Une};
use crate::candidatures::tell_suspended;
use crate::erreur::AppError;
use crate::formations::{hand_to, leave};
use crate::journal::{Acte, record};

impl Atelier<'_> {
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
        let mut libres = Vec::new();
        for une in partent {
            if self.is_wished(&une).await? {
                restent.push(une);
            } else {
                libres.push(une);
            }
        }
        if libres.is_empty() {
            return Ok(restent);
        }
        let etablissements = self.establishments(&libres).await?;
        let mut cedees = Vec::new();
        for une in libres {
            let vers = une.fiche.uai().and_then(|uai| etablissements.get(uai)).map(|(id, _)| *id);
            let id = une.l.formation_public_id.as_deref().and_then(PublicId::parse);
            if let (Some(vers), Some(id)) = (vers, id)
                && self.takes_over(&une, &id, vers).await?
            {
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

    async fn is_wished(&self, une: &Une) -> Result<bool, AppError> {
        let Some(cle) = une.l.formation_session_id else { return Ok(false) };
        store::formations::hold_formation(self.tx, cle).await?;
        Ok(store::formations::has_voeu_vivant(self.tx, cle).await?)
    }

    async fn takes_over(&self, une: &Une, id: &PublicId, vers: i64) -> Result<bool, AppError> {
        let inscription = format!("restructuration:{}|{}", self.session.annee, une.l.public_id);
        hand_to(self.tx, self.ctx, self.permit, (self.session, id), (vers, &inscription)).await
    }

    /// A record that has its course.
    pub(super) async fn follow(&mut self, mut une: Une) -> Result<(), AppError> {
        let fermee = une.l.etat.as_deref() == Some(EtatFormation::Fermee.code());
        match une.statut {
            // R-VIE-03: what the establishment closed or left out of this year stays so.
            Statut::PretPourIntegration if fermee && !self.was_closed_here(&une) => Ok(()),
            Statut::PretPourIntegration => {
                self.update(&une, fermee);
                if une.l.etat.as_deref() == Some(EtatFormation::Publiee.code()) {
                    self.publish(&mut une)?;
                }
                Ok(())
            }
            Statut::NonPublie | Statut::Ferme if !fermee => self.close(&mut une).await,
            _ => Ok(()),
        }
    }

    /// R-APP-10: whether integration closed the course, and nobody since.
    fn was_closed_here(&self, une: &Une) -> bool {
        let dernier = self.derniers.get(&une.l.id);
        dernier.is_some_and(|d| d.contains("fermeture") || d.contains("suspension"))
    }

    /// What the catalogue owns follows it; what somebody typed stays.
    fn update(&mut self, une: &Une, fermee: bool) {
        let l = &une.l;
        let (Some(id), Some(version)) = (l.formation_session_id, l.formation_version) else { return };
        let texte = |t: &Option<String>| t.clone().unwrap_or_default();
        let (nom, departement, commune) = (texte(&l.etablissement), texte(&l.departement), texte(&l.commune));
        let (la, leur) = (texte(&l.etablissement_departement), texte(&l.etablissement_commune));
        let chez = Chez {
            nom: &nom,
            departement: &la,
            commune: &leur,
            coordonnees: l.etablissement_latitude.zip(l.etablissement_longitude),
        };
        let Some(mut part) = Part::new(&une.fiche, l.detail.as_deref().unwrap_or_default(), &chez) else {
            return;
        };
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
            return;
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
        self.parts.push(((id, version), n));
        if fermee {
            self.bilan.rouvertes += 1;
            self.touchees.note(une, REOUVERTURE);
            self.open_late(une);
        } else {
            self.bilan.mises_a_jour += 1;
        }
        self.event(une, "mise_a_jour", None);
    }

    /// R-APP-10: the course of a record that is refused or closed ends: for good, or for the session when candidates wish it.
    async fn close(&mut self, une: &mut Une) -> Result<(), AppError> {
        let (Some(id), Some(version), Some(formation)) =
            (une.l.formation_session_id, une.l.formation_version, une.l.formation_id)
        else {
            return Ok(());
        };
        store::formations::hold_formation(self.tx, id).await?;
        let demandee = store::formations::has_voeu_vivant(self.tx, id).await?;
        let (fin, quoi) =
            if demandee { (Fin::Suspension, "suspension") } else { (Fin::Definitive(None), "fermeture") };
        leave(self.tx, self.ctx, self.permit, id).await?;
        store::formations::close_formation(self.tx, &self.e, (id, version, formation), fin).await?;
        if demandee {
            tell_suspended(self.tx, self.ctx, id).await?;
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
        une.version += 1;
        let acte = Acte {
            objet: "formation_session",
            objet_id: une.l.formation_public_id.as_deref().unwrap_or_default(),
            avant: Some(json!({ "etat": une.l.etat })),
            apres: Some(json!({ "etat": "fermee", "nature": quoi })),
        };
        record(self.tx, self.ctx, self.permit, &acte).await
    }
}
