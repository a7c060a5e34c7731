//! R-VOE-02 to 04: adding a voeu.

use crate::candidats::TypeBac;
use crate::candidatures::EtatVoeu;
use crate::erreurs::RuleViolation;
use crate::formations::StatutFormation;

/// Ceilings of the session (data, never constants).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plafonds {
    /// Wishes under student status.
    pub etudiant: u32,
    /// Further wishes for apprenticeship.
    pub apprentissage: u32,
}

/// What the candidate asks about boarding: one or two variants of the same voeu.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChoixInternat {
    /// One variant, without boarding: the only choice where the course has none.
    Sans,
    /// One variant, with boarding.
    Avec,
    /// Both variants, each with its own proposition; counted once in the ceiling (R-VOE-05).
    LesDeux,
}

impl ChoixInternat {
    /// Every choice, in display order.
    pub const ALL: [Self; 3] = [Self::Sans, Self::Avec, Self::LesDeux];

    /// Stable code, used in forms.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Sans => "sans",
            Self::Avec => "avec",
            Self::LesDeux => "les_deux",
        }
    }

    /// The choice of a code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|c| c.code() == code)
    }

    /// R-VOE-05: the variants to create (`avec_internat` of each); boarding only where there is some.
    ///
    /// # Errors
    /// [`RuleViolation::Champ`] when the course has no boarding.
    pub fn variantes(self, internat_propose: bool) -> Result<&'static [bool], RuleViolation> {
        match self {
            Self::Sans => Ok(&[false]),
            Self::Avec if internat_propose => Ok(&[true]),
            Self::LesDeux if internat_propose => Ok(&[false, true]),
            _ => Err(RuleViolation::Champ { champ: "internat", motif: "indisponible" }),
        }
    }
}

/// R-VOE-07: what a record must say before a voeu is confirmed.
///
/// # Errors
/// [`RuleViolation::DossierIncomplet`] with what is missing, in French.
pub fn check_dossier_complet(commune: &str, departement: &str) -> Result<(), RuleViolation> {
    let mut champs = Vec::new();
    if commune.trim().is_empty() {
        champs.push("votre commune de résidence");
    }
    if departement.trim().is_empty() {
        champs.push("votre département de résidence");
    }
    if champs.is_empty() { Ok(()) } else { Err(RuleViolation::DossierIncomplet { champs }) }
}

/// A voeu that the candidate already has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VoeuExistant {
    /// Internal key of the course as set for the session.
    pub formation_session: i64,
    /// Which variant, where the course has boarding.
    pub avec_internat: bool,
    /// Decides which ceiling it counts in.
    pub statut: StatutFormation,
    /// One that is no longer living counts for nothing.
    pub etat: EtatVoeu,
}

/// R-VOE-02: ceilings of wishes by status; R-VOE-03: one voeu per course (two variants when there is boarding,
/// which count once).
///
/// # Errors
/// [`RuleViolation::PlafondVoeux`] or [`RuleViolation::VoeuEnDouble`].
pub fn check_nouveau_voeu(
    existants: &[VoeuExistant],
    formation_session: i64,
    avec_internat: bool,
    statut: StatutFormation,
    plafonds: Plafonds,
) -> Result<(), RuleViolation> {
    let vivants = || existants.iter().filter(|v| v.etat.is_vivant());
    if vivants().any(|v| v.formation_session == formation_session && v.avec_internat == avec_internat) {
        return Err(RuleViolation::VoeuEnDouble);
    }
    if vivants().any(|v| v.formation_session == formation_session) {
        return Ok(());
    }
    let mut formations: Vec<i64> =
        vivants().filter(|v| v.statut == statut).map(|v| v.formation_session).collect();
    formations.sort_unstable();
    formations.dedup();
    let plafond = match statut {
        StatutFormation::Etudiant => plafonds.etudiant,
        StatutFormation::Apprentissage => plafonds.apprentissage,
    };
    if formations.len() >= plafond as usize {
        return Err(RuleViolation::PlafondVoeux { plafond });
    }
    Ok(())
}

/// R-VOE-04: the ranking group of a candidate in a course: the one that names their series, else the one open to all.
///
/// `groupes`: key and admitted series (`tous`, or codes separated by commas) of each group of the course.
///
/// # Errors
/// [`RuleViolation::AucunGroupe`] when the course does not admit this series.
pub fn groupe_pour(groupes: &[(i64, String)], type_bac: TypeBac) -> Result<i64, RuleViolation> {
    groupes
        .iter()
        .find(|(_, series)| series.split(',').any(|s| s.trim() == type_bac.code()))
        .or_else(|| groupes.iter().find(|(_, series)| series == "tous"))
        .map(|(id, _)| *id)
        .ok_or(RuleViolation::AucunGroupe)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAFONDS: Plafonds = Plafonds { etudiant: 2, apprentissage: 1 };

    fn voeu(formation_session: i64, statut: StatutFormation) -> VoeuExistant {
        VoeuExistant { formation_session, avec_internat: false, statut, etat: EtatVoeu::Saisi }
    }

    #[test]
    fn r_voe_02_the_ceiling_counts_living_wishes_of_the_same_status() {
        let etudiant = StatutFormation::Etudiant;
        let mut voeux = vec![voeu(1, etudiant), voeu(2, etudiant)];
        assert_eq!(
            check_nouveau_voeu(&voeux, 3, false, etudiant, PLAFONDS),
            Err(RuleViolation::PlafondVoeux { plafond: 2 })
        );
        assert_eq!(check_nouveau_voeu(&voeux, 3, false, StatutFormation::Apprentissage, PLAFONDS), Ok(()));
        voeux[0].etat = EtatVoeu::Supprime;
        assert_eq!(check_nouveau_voeu(&voeux, 3, false, etudiant, PLAFONDS), Ok(()));
    }

    #[test]
    fn r_voe_03_one_voeu_per_course_and_the_boarding_variant_is_free() {
        let etudiant = StatutFormation::Etudiant;
        let voeux = [voeu(1, etudiant), voeu(2, etudiant)];
        assert_eq!(
            check_nouveau_voeu(&voeux, 1, false, etudiant, PLAFONDS),
            Err(RuleViolation::VoeuEnDouble)
        );
        assert_eq!(check_nouveau_voeu(&voeux, 1, true, etudiant, PLAFONDS), Ok(()));
    }

    #[test]
    fn r_voe_05_boarding_is_asked_only_where_there_is_some() {
        assert_eq!(ChoixInternat::Sans.variantes(false), Ok(&[false][..]));
        assert_eq!(ChoixInternat::LesDeux.variantes(true), Ok(&[false, true][..]));
        for choix in [ChoixInternat::Avec, ChoixInternat::LesDeux] {
            assert!(choix.variantes(false).is_err(), "{choix:?}");
        }
        for choix in ChoixInternat::ALL {
            assert_eq!(ChoixInternat::from_code(choix.code()), Some(choix));
        }
    }

    #[test]
    fn r_voe_07_a_record_without_residence_confirms_nothing() {
        assert_eq!(check_dossier_complet("Amiens", "80"), Ok(()));
        assert_eq!(
            check_dossier_complet(" ", ""),
            Err(RuleViolation::DossierIncomplet {
                champs: vec!["votre commune de résidence", "votre département de résidence"]
            })
        );
    }

    #[test]
    fn r_voe_04_the_group_that_names_the_series_wins_over_the_open_one() {
        let groupes = [(10, "tous".to_owned()), (11, "pro".to_owned()), (12, "techno, general".to_owned())];
        assert_eq!(groupe_pour(&groupes, TypeBac::Pro), Ok(11));
        assert_eq!(groupe_pour(&groupes, TypeBac::General), Ok(12));
        assert_eq!(groupe_pour(&groupes, TypeBac::Autre), Ok(10));
        assert_eq!(groupe_pour(&groupes[1..], TypeBac::Autre), Err(RuleViolation::AucunGroupe));
    }
}
