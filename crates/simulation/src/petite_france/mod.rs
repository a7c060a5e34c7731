//! A small believable France: some 320 establishments in real towns, about 2,000 courses of every family in sessions
//! 2023 and 2024, 5,000 candidates with their records and wishes. Same seed, same country.

mod bulletins;
mod candidats;
mod chiffres;
mod etablissements;
mod formations;
mod noms;
mod specialites;
mod uai;

pub use bulletins::{AnneeScolaire, LigneBulletin};
pub use candidats::{CandidatSimule, Naissance, Profil, Sexe};
pub use chiffres::{ChiffresSession, GroupePetit};
pub use etablissements::{EtablissementSimule, InternatSimule, Nature, StatutJuridique, Tutelle};
pub use formations::{FormationPetite, SessionPetite};

use domain::formations::StatutFormation;

use crate::cohorte::{Cohorte, ErreurCohorte, Parametres, cohorte};
use crate::offre::{Cibles, FormationSimulee, OffreSimulee};

/// Candidates of the small France.
const CANDIDATS: u32 = 5_000;
/// Wishes a head that the scale aims at, sub-wishes included.
const VOEUX_PAR_CANDIDAT: f64 = 10.5;
/// By series: flatter than nationally, because a small offer has few courses of one label to fill multiple wishes.
const VOEUX_PAR_SERIE: [f64; 4] = [11.8, 10.0, 7.5, 9.8];

/// The small France.
#[derive(Debug, Clone, PartialEq)]
pub struct PetiteFrance {
    pub graine: u64,
    pub etablissements: Vec<EtablissementSimule>,
    pub formations: Vec<FormationPetite>,
    /// At the positions of the cohort.
    pub candidats: Vec<CandidatSimule>,
    /// Wishes, marks, rankings of session 2024; positions of courses are those of `formations`.
    pub cohorte: Cohorte,
}

/// Draws the small France of a seed.
pub fn petite_france(graine: u64) -> Result<PetiteFrance, ErreurCohorte> {
    let etablissements = etablissements::etablissements(graine);
    let formations = formations::formations(graine, &etablissements);
    let offre = offre(&formations);
    let voeux: f64 = offre
        .formations
        .iter()
        .filter(|f| f.statut == StatutFormation::Etudiant)
        .map(|f| f64::from(f.cibles.voeux()))
        .sum();
    let echelle = (f64::from(CANDIDATS) * VOEUX_PAR_CANDIDAT / voeux.max(1.0)).min(1.0);
    let parametres = Parametres {
        candidats: Some(CANDIDATS),
        voeux_par_candidat: VOEUX_PAR_SERIE,
        ..Parametres::new(graine, echelle)
    };
    let cohorte = cohorte(&offre, &parametres)?;
    let candidats = candidats::candidats(graine, &cohorte, &etablissements);
    Ok(PetiteFrance { graine, etablissements, formations, candidats, cohorte })
}

impl PetiteFrance {
    /// The school reports of a candidate.
    pub fn bulletins(&self, candidat: usize) -> Vec<LigneBulletin> {
        match self.candidats.get(candidat) {
            Some(c) => bulletins::bulletins(self.graine, candidat, c, &self.cohorte),
            None => Vec::new(),
        }
    }

    /// The offer of 2024 as the cohort saw it; closed courses keep their position, without candidates.
    pub fn offre(&self) -> OffreSimulee {
        offre(&self.formations)
    }
}

fn offre(formations: &[FormationPetite]) -> OffreSimulee {
    let formations = formations
        .iter()
        .map(|f| FormationSimulee {
            famille: f.famille,
            statut: f.statut,
            selective: f.selective,
            libelle: f.libelle(),
            departement: f.departement.to_owned(),
            position: Some((f.latitude, f.longitude)),
            capacite: f.session_2024.as_ref().map_or(0, |s| s.capacite),
            groupes: f.session_2024.iter().flat_map(|s| &s.groupes).map(|g| g.series).collect(),
            cibles: if f.session_2024.is_some() { f.demande_2024.cibles } else { Cibles::default() },
        })
        .collect();
    OffreSimulee { formations }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cohorte::{drapeau, rapport};
    use domain::formations::Famille;
    use std::collections::BTreeSet;
    use std::hash::{DefaultHasher, Hash, Hasher};

    fn empreinte(p: &PetiteFrance) -> u64 {
        let mut h = DefaultHasher::new();
        format!("{p:?}").hash(&mut h);
        h.finish()
    }

    #[test]
    fn a_seed_gives_one_country() {
        let a = petite_france(1).unwrap();
        assert_eq!(empreinte(&a), empreinte(&petite_france(1).unwrap()));
        assert_ne!(empreinte(&a), empreinte(&petite_france(2).unwrap()));
    }

    #[test]
    fn every_family_is_taught_and_the_sessions_differ() {
        let p = petite_france(2024).unwrap();
        assert!((1_800..2_200).contains(&p.formations.len()), "{}", p.formations.len());
        for famille in Famille::ALL {
            let n = p.formations.iter().filter(|f| f.famille == famille).count();
            assert!(n >= 15, "{famille:?}: {n}");
        }
        let apprentissage =
            p.formations.iter().filter(|f| f.statut == StatutFormation::Apprentissage).count();
        assert!((120..350).contains(&apprentissage), "{apprentissage}");
        let nouvelles = p.formations.iter().filter(|f| f.session_2023.is_none()).count();
        let fermees = p.formations.iter().filter(|f| f.session_2024.is_none()).count();
        let changees = p
            .formations
            .iter()
            .filter(|f| matches!((&f.session_2023, &f.session_2024), (Some(a), Some(b)) if a.capacite != b.capacite))
            .count();
        assert!((20..120).contains(&nouvelles) && (10..90).contains(&fermees), "{nouvelles} {fermees}");
        assert!((200..600).contains(&changees), "{changees}");
        for f in &p.formations {
            assert!(f.session_2023.is_some() || f.session_2024.is_some());
            assert_eq!(f.session_2023.is_some(), f.chiffres_2023.is_some());
            for s in f.session_2023.iter().chain(&f.session_2024) {
                assert_eq!(s.groupes.iter().map(|g| g.capacite).sum::<u32>(), s.capacite);
            }
        }
        let cles: BTreeSet<_> =
            p.formations.iter().map(|f| (f.etablissement, f.libelle(), f.statut)).collect();
        assert_eq!(cles.len(), p.formations.len());
    }

    #[test]
    fn five_thousand_candidates_within_the_limits() {
        let p = petite_france(2024).unwrap();
        assert!((4_900..=5_010).contains(&p.candidats.len()), "{}", p.candidats.len());
        let r = rapport(&p.offre(), &p.cohorte, 1.0);
        assert_eq!((r.doublons, r.hors_limites), (0, 0));
        assert!(usize::try_from(r.non_places).unwrap() <= r.voeux / 200, "{} of {}", r.non_places, r.voeux);
        assert!((10.0..15.0).contains(&r.voeux_par_candidat), "{}", r.voeux_par_candidat);
        let mails: BTreeSet<_> = p.candidats.iter().map(|c| &c.mail).collect();
        assert_eq!(mails.len(), p.candidats.len());
        let v = &p.cohorte.voeux;
        for (w, f) in v.formation.iter().enumerate() {
            let f = &p.formations[*f as usize];
            assert!(f.session_2024.is_some());
            let apprentissage = v.drapeaux[w] & drapeau::APPRENTISSAGE != 0;
            assert_eq!(apprentissage, f.statut == StatutFormation::Apprentissage);
        }
        for c in &p.candidats {
            if let Some(ine) = &c.ine {
                let chiffres = ine.chars().take_while(char::is_ascii_digit).count();
                assert!(ine.len() == 11 && (chiffres == 10 || chiffres == 9), "{ine}");
            }
            // A lycée of one's own academy, for all those still there.
            assert_eq!(c.lycee.is_some(), c.profil == Profil::Terminale && lycee_possible(c), "{c:?}");
        }
    }

    /// Some collectivities and foreign countries have no lycée in this small country.
    fn lycee_possible(c: &CandidatSimule) -> bool {
        !c.code_postal.is_empty()
            && !["975", "986", "987", "988"].iter().any(|p| c.code_postal.starts_with(p))
    }

    #[test]
    fn reports_agree_with_the_marks() {
        let p = petite_france(3).unwrap();
        let mut lus = 0;
        for i in (0..p.candidats.len()).step_by(50) {
            for l in p.bulletins(i) {
                lus += 1;
                assert!(l.plus_basse <= l.moyenne && l.moyenne <= l.plus_haute && l.plus_haute <= 2_000);
                assert!(l.plus_basse <= l.classe && l.classe <= l.plus_haute);
                assert!((1..=l.effectif).contains(&l.rang));
            }
        }
        assert!(lus > 1_500, "{lus}");
        assert!(p.bulletins(usize::MAX).is_empty());
    }

    #[test]
    fn there_is_competition_in_some_places_and_room_in_others() {
        let p = petite_france(2024).unwrap();
        let mut candidats = vec![0_u32; p.formations.len()];
        for (w, f) in p.cohorte.voeux.formation.iter().enumerate() {
            candidats[*f as usize] += u32::from(p.cohorte.voeux.drapeaux[w] & drapeau::COMPLEMENTAIRE == 0);
        }
        let ouvertes: Vec<_> =
            p.formations.iter().zip(&candidats).filter(|(f, _)| f.session_2024.is_some()).collect();
        let en_tension = ouvertes
            .iter()
            .filter(|(f, n)| f.session_2024.as_ref().is_some_and(|s| **n > s.capacite))
            .count();
        println!("{en_tension} of {} courses have more candidates than places", ouvertes.len());
        assert!(en_tension * 100 >= ouvertes.len() * 12, "{en_tension} of {}", ouvertes.len());
    }
}
