//! The offer of a session with its figures, as the cohort is drawn from it.

use domain::candidats::TypeBac;
use domain::formations::{Famille, StatutFormation};
use simulation::{CibleSerie, Cibles, FormationSimulee, OffreSimulee};
use store::Sql;
use store::simulation as base;

use super::ecriture::Place;
use crate::erreur::AppError;
use crate::imports::{ChiffresPublies, series_from_code};

/// Courses of the session: what the model needs, and where they are in the base.
pub(super) async fn load(
    c: &impl Sql,
    session: i64,
    annee: i64,
) -> Result<(OffreSimulee, Vec<Option<Place>>), AppError> {
    let lignes = base::offre(c, session, annee).await?;
    let groupes = base::groupes_offre(c, session).await?;
    let mut groupes = groupes.chunk_by(|a, b| a.formation_session == b.formation_session).peekable();
    let mut offre = OffreSimulee::default();
    let mut places = Vec::with_capacity(lignes.len());
    for l in lignes {
        while groupes
            .peek()
            .and_then(|g| g.first())
            .is_some_and(|g| g.formation_session < l.formation_session)
        {
            groupes.next();
        }
        let siens = groupes
            .peek()
            .filter(|g| g.first().is_some_and(|g| g.formation_session == l.formation_session))
            .copied()
            .unwrap_or_default();
        let publies: ChiffresPublies = match &l.chiffres {
            Some(json) => serde_json::from_str(json)
                .map_err(|e| AppError::Internal(format!("figures of {}: {e}", l.formation_session)))?,
            None => ChiffresPublies::default(),
        };
        let statut = StatutFormation::from_code(&l.statut)
            .ok_or_else(|| AppError::Internal(format!("formation.statut {}", l.statut)))?;
        offre.formations.push(FormationSimulee {
            famille: Famille::from_code(&l.famille).unwrap_or(Famille::Autre),
            statut,
            selective: l.selective == 1,
            libelle: publies.libelle_national.clone().unwrap_or(l.libelle),
            departement: l.departement,
            position: l.latitude.zip(l.longitude),
            capacite: l.capacite.and_then(|n| u32::try_from(n).ok()).unwrap_or(0),
            groupes: siens.iter().map(|g| series_from_code(&g.series)).collect(),
            // Without a ranking group nobody can be received.
            cibles: if siens.is_empty() { Cibles::default() } else { cibles(&publies) },
        });
        places.push(Some(Place {
            formation_session: l.formation_session,
            groupes: siens.iter().map(|g| g.id).collect(),
            statut,
            selective: l.selective == 1,
            etablissement: l.etablissement,
            places_internat: publies.chiffres.acc_internat.unwrap_or(0),
        }));
    }
    Ok((offre, places))
}

/// The published figures as targets.
fn cibles(publies: &ChiffresPublies) -> Cibles {
    let c = &publies.chiffres;
    let n = |x: Option<u32>| x.unwrap_or(0);
    let serie = |serie: TypeBac| {
        let (voeux, boursiers, classes, tard) = match serie {
            TypeBac::General => (c.nb_voe_pp_bg, c.nb_voe_pp_bg_brs, c.nb_cla_pp_bg, c.nb_voe_pc_bg),
            TypeBac::Techno => (c.nb_voe_pp_bt, c.nb_voe_pp_bt_brs, c.nb_cla_pp_bt, c.nb_voe_pc_bt),
            TypeBac::Pro => (c.nb_voe_pp_bp, c.nb_voe_pp_bp_brs, c.nb_cla_pp_bp, c.nb_voe_pc_bp),
            TypeBac::Autre => (c.nb_voe_pp_at, None, c.nb_cla_pp_at, c.nb_voe_pc_at),
        };
        let voeux = n(voeux);
        // Some published counts exceed the candidates by one or two.
        CibleSerie {
            voeux,
            boursiers: n(boursiers).min(voeux),
            classes: n(classes).min(voeux),
            complementaires: n(tard),
        }
    };
    let internat = n(c.nb_voe_pp_internat);
    Cibles {
        series: TypeBac::ALL.map(serie),
        internat,
        internat_classes: n(c.nb_cla_pp_internat).min(internat),
    }
}
