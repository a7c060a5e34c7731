//! R-VOE-02 to 04, R-VOE-09, R-VOE-10: adding a voeu.

use crate::candidats::TypeBac;
use crate::candidatures::{EtatVoeu, Filiere};
use crate::erreurs::RuleViolation;
use crate::formations::{SERIES_TOUTES, StatutFormation, parse_series};

/// Ceilings of the session (data, never constants).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plafonds {
    /// Wishes under student status.
    pub etudiant: u32,
    /// Further wishes for apprenticeship.
    pub apprentissage: u32,
    /// Sub-wishes in one multiple wish, where the session says nothing else of it ([`Multiple::plafond`]).
    pub sous_voeux: u32,
    /// Sub-wishes in all multiple wishes together, those that are not counted left aside.
    pub sous_voeux_total: u32,
}

impl Plafonds {
    /// Multiple wishes and wishes of a status.
    pub const fn voeux(self, statut: StatutFormation) -> u32 {
        match statut {
            StatutFormation::Etudiant => self.etudiant,
            StatutFormation::Apprentissage => self.apprentissage,
        }
    }
}

/// The multiple wish that a course belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Multiple {
    /// Internal key of the grouping.
    pub regroupement: i64,
    /// Its sub-wishes count in the total (R-VOE-09): neither those of a « dossier unique » nor those of the networks that the
    /// session names do.
    pub compte: bool,
    /// The most sub-wishes that it may have.
    pub plafond: u32,
}

/// R-VOE-10: a filière in which the session limits wishes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FiliereLimitee {
    /// Which one.
    pub filiere: Filiere,
    /// The most wishes for it, under one status.
    pub plafond: u32,
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

/// A voeu that the candidate has, or is about to have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VoeuExistant {
    /// Internal key of the course as set for the session.
    pub formation_session: i64,
    /// Which variant, where the course has boarding.
    pub avec_internat: bool,
    /// Decides which ceiling it counts in.
    pub statut: StatutFormation,
    /// One that is no longer living counts for nothing.
    pub etat: EtatVoeu,
    /// The course is grouped with others: this is a sub-wish.
    pub multiple: Option<Multiple>,
    /// The course is of a filière in which wishes are limited.
    pub filiere: Option<FiliereLimitee>,
}

impl VoeuExistant {
    /// What counts as one wish: the course alone, or its grouping.
    const fn unite(&self) -> (bool, i64) {
        match self.multiple {
            Some(m) => (true, m.regroupement),
            None => (false, self.formation_session),
        }
    }
}

/// How many there are of each.
fn distincts(cles: impl Iterator<Item = (bool, i64)>) -> usize {
    cles.collect::<std::collections::BTreeSet<_>>().len()
}

/// R-VOE-02, R-VOE-09: living wishes of a status: a course alone is one, all the courses of a grouping are one, and boarding
/// variants count once.
pub fn count_voeux(voeux: &[VoeuExistant], statut: StatutFormation) -> usize {
    let vivants = voeux.iter().filter(|v| v.etat.is_vivant() && v.statut == statut);
    distincts(vivants.map(VoeuExistant::unite))
}

/// R-VOE-10: living wishes of a status for a filière, counted as [`count_voeux`] does.
fn count_filiere(voeux: &[VoeuExistant], statut: StatutFormation, filiere: &Filiere) -> usize {
    let siens = voeux.iter().filter(|v| v.etat.is_vivant() && v.statut == statut);
    distincts(
        siens.filter(|v| v.filiere.as_ref().is_some_and(|f| f.filiere == *filiere)).map(VoeuExistant::unite),
    )
}

/// R-VOE-09: living sub-wishes of one multiple wish.
pub fn count_sous_voeux(voeux: &[VoeuExistant], regroupement: i64) -> usize {
    let siens = |v: &&VoeuExistant| v.multiple.is_some_and(|m| m.regroupement == regroupement);
    distincts(voeux.iter().filter(|v| v.etat.is_vivant()).filter(siens).map(|v| (true, v.formation_session)))
}

/// R-VOE-09: the sub-wish is within its ceilings, counted among all the wishes of the candidate; asked when it is added and again
/// when it is confirmed.
///
/// # Errors
/// [`RuleViolation::PlafondSousVoeux`] or [`RuleViolation::PlafondSousVoeuxTotal`].
pub fn check_sous_voeux(
    voeux: &[VoeuExistant],
    m: Multiple,
    plafonds: Plafonds,
) -> Result<(), RuleViolation> {
    if count_sous_voeux(voeux, m.regroupement) > m.plafond as usize {
        return Err(RuleViolation::PlafondSousVoeux { plafond: m.plafond });
    }
    let comptes = voeux.iter().filter(|v| v.etat.is_vivant() && v.multiple.is_some_and(|m| m.compte));
    let total = distincts(comptes.map(|v| (true, v.formation_session)));
    if m.compte && total > plafonds.sous_voeux_total as usize {
        return Err(RuleViolation::PlafondSousVoeuxTotal { plafond: plafonds.sous_voeux_total });
    }
    Ok(())
}

/// R-VOE-02: ceilings of wishes by status; R-VOE-03: one voeu per course (two variants when there is boarding,
/// which count once); R-VOE-09: a course of a grouping joins the multiple wish that the candidate has there; R-VOE-10: ceilings of
/// wishes by filière.
///
/// # Errors
/// [`RuleViolation::PlafondVoeux`], [`RuleViolation::PlafondFiliere`], [`RuleViolation::VoeuEnDouble`], or those of [`check_sous_voeux`].
pub fn check_nouveau_voeu(
    existants: &[VoeuExistant],
    nouveau: &VoeuExistant,
    plafonds: Plafonds,
) -> Result<(), RuleViolation> {
    let vivants = || existants.iter().filter(|v| v.etat.is_vivant());
    let meme = |v: &VoeuExistant| v.formation_session == nouveau.formation_session;
    if vivants().any(|v| meme(v) && v.avec_internat == nouveau.avec_internat) {
        return Err(RuleViolation::VoeuEnDouble);
    }
    if vivants().any(meme) {
        return Ok(());
    }
    let mut voeux = existants.to_vec();
    voeux.push(nouveau.clone());
    let avant = count_voeux(existants, nouveau.statut);
    let apres = count_voeux(&voeux, nouveau.statut);
    let plafond = plafonds.voeux(nouveau.statut);
    // A sub-wish more in a multiple wish that exists takes no place.
    if apres > avant && apres > plafond as usize {
        return Err(RuleViolation::PlafondVoeux { plafond });
    }
    if let Some(f) = &nouveau.filiere {
        let compte = |voeux: &[VoeuExistant]| count_filiere(voeux, nouveau.statut, &f.filiere);
        let apres = compte(&voeux);
        if apres > compte(existants) && apres > f.plafond as usize {
            return Err(RuleViolation::PlafondFiliere { plafond: f.plafond });
        }
    }
    nouveau.multiple.map_or(Ok(()), |m| check_sous_voeux(&voeux, m, plafonds))
}

/// R-VOE-04: the ranking group of a candidate in a course: the one that names their series, else the one open to all.
///
/// `groupes`: key and admitted series, as they are stored, of each group of the course.
///
/// # Errors
/// [`RuleViolation::AucunGroupe`] when the course does not admit this series.
pub fn groupe_pour(groupes: &[(i64, String)], type_bac: TypeBac) -> Result<i64, RuleViolation> {
    groupes
        .iter()
        .find(|(_, series)| series != SERIES_TOUTES && parse_series(series).contains(&type_bac))
        .or_else(|| groupes.iter().find(|(_, series)| series == SERIES_TOUTES))
        .map(|(id, _)| *id)
        .ok_or(RuleViolation::AucunGroupe)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAFONDS: Plafonds = Plafonds { etudiant: 2, apprentissage: 1, sous_voeux: 3, sous_voeux_total: 5 };

    fn voeu(formation_session: i64, statut: StatutFormation) -> VoeuExistant {
        VoeuExistant {
            formation_session,
            avec_internat: false,
            statut,
            etat: EtatVoeu::Saisi,
            multiple: None,
            filiere: None,
        }
    }

    fn sous_voeu(formation_session: i64, regroupement: i64, compte: bool) -> VoeuExistant {
        let multiple = Some(Multiple { regroupement, compte, plafond: 3 });
        VoeuExistant { multiple, ..voeu(formation_session, StatutFormation::Etudiant) }
    }

    #[test]
    fn r_voe_02_the_ceiling_counts_living_wishes_of_the_same_status() {
        let etudiant = StatutFormation::Etudiant;
        let mut voeux = vec![voeu(1, etudiant), voeu(2, etudiant)];
        assert_eq!(
            check_nouveau_voeu(&voeux, &voeu(3, etudiant), PLAFONDS),
            Err(RuleViolation::PlafondVoeux { plafond: 2 })
        );
        assert_eq!(check_nouveau_voeu(&voeux, &voeu(3, StatutFormation::Apprentissage), PLAFONDS), Ok(()));
        voeux[0].etat = EtatVoeu::Supprime;
        assert_eq!(check_nouveau_voeu(&voeux, &voeu(3, etudiant), PLAFONDS), Ok(()));
    }

    #[test]
    fn r_voe_03_one_voeu_per_course_and_the_boarding_variant_is_free() {
        let etudiant = StatutFormation::Etudiant;
        let voeux = [voeu(1, etudiant), voeu(2, etudiant)];
        assert_eq!(
            check_nouveau_voeu(&voeux, &voeu(1, etudiant), PLAFONDS),
            Err(RuleViolation::VoeuEnDouble)
        );
        assert_eq!(
            check_nouveau_voeu(&voeux, &VoeuExistant { avec_internat: true, ..voeu(1, etudiant) }, PLAFONDS),
            Ok(())
        );
    }

    #[test]
    fn r_voe_09_a_multiple_wish_counts_once_and_its_sub_wishes_have_ceilings() {
        let mut voeux = vec![voeu(1, StatutFormation::Etudiant), sous_voeu(10, 7, true)];
        // Two wishes are there, one of them multiple: a course of the same grouping takes no place, another one does.
        assert_eq!(check_nouveau_voeu(&voeux, &sous_voeu(11, 7, true), PLAFONDS), Ok(()));
        assert_eq!(
            check_nouveau_voeu(&voeux, &sous_voeu(20, 8, true), PLAFONDS),
            Err(RuleViolation::PlafondVoeux { plafond: 2 })
        );
        voeux.extend([sous_voeu(11, 7, true), sous_voeu(12, 7, true)]);
        assert_eq!(
            check_nouveau_voeu(&voeux, &sous_voeu(13, 7, true), PLAFONDS),
            Err(RuleViolation::PlafondSousVoeux { plafond: 3 })
        );
        // The boarding variant of a sub-wish is the same sub-wish.
        let interne = VoeuExistant { avec_internat: true, ..sous_voeu(12, 7, true) };
        assert_eq!(check_nouveau_voeu(&voeux, &interne, PLAFONDS), Ok(()));
        voeux.push(interne);
        assert_eq!((count_voeux(&voeux, StatutFormation::Etudiant), count_sous_voeux(&voeux, 7)), (2, 3));
        // One that was withdrawn leaves its place.
        voeux[1].etat = EtatVoeu::Supprime;
        assert_eq!(check_nouveau_voeu(&voeux, &sous_voeu(13, 7, true), PLAFONDS), Ok(()));
    }

    #[test]
    fn r_voe_09_the_total_leaves_aside_what_the_session_does_not_count() {
        let larges = Plafonds { etudiant: 10, ..PLAFONDS };
        let mut voeux: Vec<VoeuExistant> = (0..3).map(|n| sous_voeu(n, 7, true)).collect();
        voeux.extend((10..12).map(|n| sous_voeu(n, 8, true)));
        assert_eq!(
            check_nouveau_voeu(&voeux, &sous_voeu(12, 8, true), larges),
            Err(RuleViolation::PlafondSousVoeuxTotal { plafond: 5 })
        );
        let libre = sous_voeu(20, 9, false);
        assert_eq!(check_nouveau_voeu(&voeux, &libre, larges), Ok(()));
        voeux.push(libre);
        // Confirming asks again, among all of them.
        let compte = Multiple { regroupement: 8, compte: true, plafond: 3 };
        assert_eq!(check_sous_voeux(&voeux, compte, larges), Ok(()));
        let moins = Plafonds { sous_voeux_total: 4, ..larges };
        assert!(check_sous_voeux(&voeux, compte, moins).is_err());
        assert_eq!(
            check_sous_voeux(&voeux, Multiple { regroupement: 9, compte: false, plafond: 3 }, moins),
            Ok(())
        );
    }

    #[test]
    fn r_voe_09_a_multiple_wish_has_the_ceiling_that_the_session_gives_it() {
        let large = |formation| VoeuExistant {
            multiple: Some(Multiple { regroupement: 7, compte: false, plafond: 4 }),
            ..sous_voeu(formation, 7, false)
        };
        let voeux: Vec<VoeuExistant> = (0..3).map(large).collect();
        assert_eq!(check_nouveau_voeu(&voeux, &large(3), PLAFONDS), Ok(()), "over the three of the others");
        let voeux: Vec<VoeuExistant> = (0..4).map(large).collect();
        assert_eq!(
            check_nouveau_voeu(&voeux, &large(4), PLAFONDS),
            Err(RuleViolation::PlafondSousVoeux { plafond: 4 })
        );
    }

    #[test]
    fn r_voe_10_wishes_of_a_filiere_have_their_ceiling_a_multiple_wish_counting_once() {
        let larges = Plafonds { etudiant: 10, apprentissage: 10, ..PLAFONDS };
        let de = |code, v: VoeuExistant| VoeuExistant {
            filiere: Some(FiliereLimitee { filiere: Filiere::Type(code), plafond: 2 }),
            ..v
        };
        let etudiant = StatutFormation::Etudiant;
        let infirmier = |v| de(550_001, v);
        let mut voeux = vec![infirmier(voeu(1, etudiant)), infirmier(sous_voeu(10, 7, false))];
        // A sub-wish more takes no place; a wish more does, in that filière only.
        assert_eq!(check_nouveau_voeu(&voeux, &infirmier(sous_voeu(11, 7, false)), larges), Ok(()));
        let refus = Err(RuleViolation::PlafondFiliere { plafond: 2 });
        for de_trop in [voeu(2, etudiant), sous_voeu(20, 8, false)] {
            assert_eq!(check_nouveau_voeu(&voeux, &infirmier(de_trop), larges), refus);
        }
        assert_eq!(check_nouveau_voeu(&voeux, &de(550_003, voeu(2, etudiant)), larges), Ok(()));
        assert_eq!(check_nouveau_voeu(&voeux, &voeu(2, etudiant), larges), Ok(()));
        // Apprenticeship has its own list; one that was withdrawn leaves its place.
        let apprenti = infirmier(voeu(2, StatutFormation::Apprentissage));
        assert_eq!(check_nouveau_voeu(&voeux, &apprenti, larges), Ok(()));
        voeux[0].etat = EtatVoeu::Supprime;
        assert_eq!(check_nouveau_voeu(&voeux, &infirmier(voeu(2, etudiant)), larges), Ok(()));
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
