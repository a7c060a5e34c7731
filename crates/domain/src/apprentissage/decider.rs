//! R-APP-06 and R-APP-09: what an academic service decides of a record, and which of several that say one course is kept.

use super::constat::{Constat, constats};
use super::delta::{Passage, evalue};
use super::fiche::Fiche;
use super::perimetre::Perimetre;
use super::statut::{ActeurStatut, Statut};
use crate::RuleViolation;

/// R-APP-06: whether an academic service may take a record from a status to another.
///
/// # Errors
/// [`RuleViolation::ForbiddenTransition`] for a move that [`Statut::peut_devenir`] does not know;
/// [`RuleViolation::FicheIncomplete`] when the platform could not take the record.
pub fn decide(statut: Statut, fiche: &Fiche, vers: Statut) -> Result<(), RuleViolation> {
    if !statut.peut_devenir(vers, ActeurStatut::Academie) {
        return Err(RuleViolation::ForbiddenTransition { from: statut.code(), event: vers.code() });
    }
    if vers == Statut::PretPourIntegration {
        let manques: Vec<&str> =
            constats(fiche).into_iter().filter(|c| c.is_bloquant()).map(Constat::libelle).collect();
        if !manques.is_empty() {
            return Err(RuleViolation::FicheIncomplete { manques });
        }
    }
    Ok(())
}

/// One of the records that say the same course.
#[derive(Debug, Clone, Copy)]
pub struct Candidate<'f> {
    /// As the flow last said it.
    pub fiche: &'f Fiche,
    /// Where it stands.
    pub statut: Statut,
    /// Why, when the status says it.
    pub raison: Option<&'f str>,
    /// Candidates read its course, or it has a course that the establishment completes.
    pub retenue: bool,
}

/// R-APP-09: `choisie` is kept among records that say one course: it is judged for itself, and the others repeat it. Gives the move
/// of each of them, in order; none: its status and its reason stay. What somebody decided, or closed, stays.
///
/// # Errors
/// [`RuleViolation::DoublonRetenu`] when another one has a course already.
pub fn keep(
    choisie: usize,
    fiches: &[Candidate<'_>],
    perimetre: &Perimetre,
) -> Result<Vec<Option<Passage>>, RuleViolation> {
    let Some(kept) = fiches.get(choisie) else {
        return Err(RuleViolation::ForbiddenTransition { from: "absente", event: "garder" });
    };
    if fiches.iter().enumerate().any(|(i, f)| i != choisie && f.retenue) {
        return Err(RuleViolation::DoublonRetenu);
    }
    let moves = fiches.iter().enumerate().map(|(i, f)| {
        let doublon_de = (i != choisie).then_some(kept.fiche.id.as_str());
        let voulu = evalue(f.fiche, doublon_de, perimetre);
        // The one that is kept goes on from where it is, unless it was kept out as a duplicate.
        let bouge = match doublon_de {
            None => f.statut == Statut::NonPubliable,
            Some(_) => {
                f.statut == Statut::NonPubliable || f.statut.peut_devenir(voulu.statut, ActeurStatut::Flux)
            }
        };
        let differe = voulu.statut != f.statut || voulu.raison.as_deref() != f.raison;
        (bouge && differe).then_some(Passage { de: Some(f.statut), vers: voulu.statut, raison: voulu.raison })
    });
    Ok(moves.collect())
}

#[cfg(test)]
mod tests {
    use super::super::fiche::tests::fiche;
    use super::*;

    #[test]
    fn r_app_06_only_the_moves_of_the_academic_service_and_a_record_that_can_be_taken() {
        let mut f = fiche("a");
        f.intitule = Some("BTS Tourisme".to_owned());
        f.lieu.uai = Some("0800001A".to_owned());
        f.lieu.commune = Some("80021".to_owned());
        for de in Statut::ALL {
            for vers in Statut::ALL {
                let admis = de.peut_devenir(vers, ActeurStatut::Academie);
                assert_eq!(decide(de, &f, vers).is_ok(), admis, "{de:?} → {vers:?}");
            }
        }
        f.intitule = None;
        assert_eq!(
            decide(Statut::APublier, &f, Statut::PretPourIntegration),
            Err(RuleViolation::FicheIncomplete { manques: vec!["Intitulé absent"] })
        );
        assert_eq!(decide(Statut::APublier, &f, Statut::EnAttenteMiseAJour), Ok(()));
        assert!(
            Statut::EnAttenteMiseAJour.motive() && Statut::NonPublie.motive() && !Statut::APublier.motive()
        );
    }

    fn une(f: &Fiche, statut: Statut) -> Candidate<'_> {
        Candidate { fiche: f, statut, raison: None, retenue: false }
    }

    #[test]
    fn r_app_09_the_record_chosen_is_judged_and_the_others_repeat_it() {
        let p = Perimetre::de_depart(2024);
        let (a, b, c) = (fiche("a"), fiche("b"), fiche("c"));
        let fiches = [une(&a, Statut::APublier), une(&b, Statut::NonPubliable), une(&c, Statut::NonPublie)];
        let moves = keep(1, &fiches, &p).unwrap();
        assert_eq!(moves[1].as_ref().unwrap().vers, Statut::APublier);
        let repete = moves[0].as_ref().unwrap();
        assert_eq!(repete.vers, Statut::NonPubliable);
        assert!(repete.raison.as_ref().unwrap().starts_with("Même formation que la fiche b"), "{repete:?}");
        assert_eq!(moves[2], None, "what somebody decided stays");
        // The one that was kept already: nothing moves but the reason of those that repeat another.
        let moves = keep(0, &fiches, &p).unwrap();
        assert_eq!(moves[0], None);
    }

    #[test]
    fn r_app_09_a_record_that_has_a_course_is_not_put_aside() {
        let p = Perimetre::de_depart(2024);
        let (a, b) = (fiche("a"), fiche("b"));
        let retenue = Candidate { retenue: true, ..une(&a, Statut::Publie) };
        let fiches = [retenue, une(&b, Statut::NonPubliable)];
        assert_eq!(keep(1, &fiches, &p), Err(RuleViolation::DoublonRetenu));
        assert!(keep(0, &fiches, &p).is_ok());
        assert!(keep(2, &fiches, &p).is_err());
    }
}
