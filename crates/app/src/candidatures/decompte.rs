//! R-VOE-09: how the wishes of a candidate are counted, sub-wishes of multiple wishes included.

use domain::candidatures::{Multiple, Plafonds, VoeuExistant};
use domain::formations::regroupement::Mutualisation;
use domain::formations::{Famille, StatutFormation};
use store::Sql;
use store::candidatures::{FormationVoeu, LigneVoeu};

use crate::erreur::AppError;
use crate::sessions;

/// What the session says of counting.
pub(super) struct Decompte {
    pub plafonds: Plafonds,
    /// Kinds of courses whose networks are not counted in the total.
    hors: Vec<Famille>,
}

impl Decompte {
    pub(super) async fn load(c: &impl Sql, session: i64) -> Result<Self, AppError> {
        Ok(Self {
            plafonds: sessions::plafonds(c, session).await?,
            hors: sessions::familles_hors_decompte(c, session).await?,
        })
    }

    fn multiple(
        &self,
        regroupement: Option<i64>,
        mutualisation: Option<&str>,
        famille: &str,
    ) -> Option<Multiple> {
        let regroupement = regroupement?;
        let unique = mutualisation.and_then(Mutualisation::from_code) == Some(Mutualisation::DossierUnique);
        let hors = Famille::from_code(famille).is_some_and(|f| self.hors.contains(&f));
        Some(Multiple { regroupement, compte: !unique && !hors })
    }

    /// The multiple wish that a wish for this course would be part of.
    pub(super) fn multiple_of(&self, f: &FormationVoeu) -> Option<Multiple> {
        self.multiple(f.regroupement_id, f.mutualisation.as_deref(), &f.famille)
    }

    pub(super) fn existant(&self, v: &LigneVoeu) -> Result<VoeuExistant, AppError> {
        Ok(VoeuExistant {
            formation_session: v.formation_session_id,
            avec_internat: v.avec_internat == 1,
            statut: StatutFormation::from_code(&v.statut)
                .ok_or_else(|| AppError::Internal("formation.statut".to_owned()))?,
            etat: v.etat()?,
            multiple: self.multiple(v.regroupement_id, v.mutualisation.as_deref(), &v.famille),
        })
    }

    pub(super) fn existants(&self, voeux: &[LigneVoeu]) -> Result<Vec<VoeuExistant>, AppError> {
        voeux.iter().map(|v| self.existant(v)).collect()
    }
}
