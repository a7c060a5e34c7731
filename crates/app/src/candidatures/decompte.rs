//! R-VOE-09, R-VOE-10: how the wishes of a candidate are counted, sub-wishes of multiple wishes included.

use domain::candidatures::{FiliereLimitee, Multiple, Plafonds, Selecteur, Visee, VoeuExistant};
use domain::formations::regroupement::Mutualisation;
use domain::formations::{Famille, StatutFormation};
use store::Sql;
use store::candidatures::{FormationVoeu, LigneVoeu};

use crate::erreur::AppError;
use crate::sessions;

/// What the session says of counting.
pub(super) struct Decompte {
    pub plafonds: Plafonds,
    /// Courses whose networks are not counted in the total.
    hors: Vec<Selecteur>,
    /// Courses whose networks take one sub-wish an establishment.
    par_etablissement: Vec<Selecteur>,
    /// Courses of which each filière takes a few wishes.
    filieres: Vec<(Selecteur, u32)>,
}

/// A course as it is counted.
struct Comptee<'a> {
    visee: Visee<'a>,
    regroupement: Option<i64>,
    mutualisation: Option<&'a str>,
    /// Of its grouping.
    etablissements: i64,
}

impl Decompte {
    pub(super) async fn load(c: &impl Sql, session: i64) -> Result<Self, AppError> {
        Ok(Self {
            plafonds: sessions::plafonds(c, session).await?,
            hors: sessions::hors_decompte(c, session).await?,
            par_etablissement: sessions::sous_voeux_par_etablissement(c, session).await?,
            filieres: sessions::plafonds_par_filiere(c, session).await?,
        })
    }

    fn multiple(&self, f: &Comptee<'_>) -> Option<Multiple> {
        let regroupement = f.regroupement?;
        let unique = f.mutualisation.and_then(Mutualisation::from_code) == Some(Mutualisation::DossierUnique);
        let vise = |selecteurs: &[Selecteur]| selecteurs.iter().any(|s| s.vise(&f.visee));
        let plafond = match vise(&self.par_etablissement) {
            true => u32::try_from(f.etablissements).unwrap_or(self.plafonds.sous_voeux),
            false => self.plafonds.sous_voeux,
        };
        Some(Multiple { regroupement, compte: !unique && !vise(&self.hors), plafond })
    }

    fn filiere(&self, f: &Comptee<'_>) -> Option<FiliereLimitee> {
        let (_, plafond) = self.filieres.iter().find(|(s, _)| s.vise(&f.visee))?;
        Some(FiliereLimitee { filiere: f.visee.filiere(), plafond: *plafond })
    }

    /// The multiple wish that a wish for this course would be part of, and the filière that it would count in.
    pub(super) fn of_formation(&self, f: &FormationVoeu) -> (Option<Multiple>, Option<FiliereLimitee>) {
        let comptee = Comptee {
            visee: Visee {
                famille: Famille::from_code(&f.famille),
                type_national: f.type_national,
                academie: &f.academie,
                libelle: &f.libelle,
            },
            regroupement: f.regroupement_id,
            mutualisation: f.mutualisation.as_deref(),
            etablissements: f.etablissements_regroupes,
        };
        (self.multiple(&comptee), self.filiere(&comptee))
    }

    pub(super) fn existant(&self, v: &LigneVoeu) -> Result<VoeuExistant, AppError> {
        let comptee = Comptee {
            visee: Visee {
                famille: Famille::from_code(&v.famille),
                type_national: v.type_national,
                academie: &v.academie,
                libelle: &v.libelle,
            },
            regroupement: v.regroupement_id,
            mutualisation: v.mutualisation.as_deref(),
            etablissements: v.etablissements_regroupes,
        };
        Ok(VoeuExistant {
            formation_session: v.formation_session_id,
            avec_internat: v.avec_internat == 1,
            statut: StatutFormation::from_code(&v.statut)
                .ok_or_else(|| AppError::Internal("formation.statut".to_owned()))?,
            etat: v.etat()?,
            multiple: self.multiple(&comptee),
            filiere: self.filiere(&comptee),
        })
    }

    pub(super) fn existants(&self, voeux: &[LigneVoeu]) -> Result<Vec<VoeuExistant>, AppError> {
        voeux.iter().map(|v| self.existant(v)).collect()
    }
}
