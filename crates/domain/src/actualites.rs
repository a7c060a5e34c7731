//! News of the « Fil info »: whom each concerns, who may publish it and to whom, when it is shown, when it is to be read again.

use std::collections::BTreeSet;

use crate::comptes::Role;
use crate::droits::{Action, Portee, roles_allowed};
use crate::erreurs::RuleViolation;
use crate::etablissements::check_ligne;
use crate::formations::{Famille, StatutFormation};
use crate::territoires::academie;

/// Characters of a text.
pub const TEXTE_MAX: usize = 20_000;

/// Whom a news item concerns. A criterion with nothing in it leaves nobody out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Audience {
    /// Roles of those who are spoken to.
    pub roles: BTreeSet<Role>,
    /// Types of the courses that they run.
    pub familles: BTreeSet<Famille>,
    /// Paramedical courses, whatever their type: adds to the types, and is one of them.
    pub paramedical: bool,
    /// Status of the courses that they run.
    pub statuts: BTreeSet<StatutFormation>,
    /// Codes of the academies where they are.
    pub academies: BTreeSet<String>,
}

/// One of the situations of a reader: a role, and what it is over. A person who holds several roles has several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Situation {
    /// As attributed.
    pub role: Role,
    /// Codes; that of the establishment, or those of the academic service.
    pub academies: BTreeSet<String>,
    /// Of the courses of the session that the role is over.
    pub natures: BTreeSet<NatureFormation>,
}

/// What audiences know of a course.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct NatureFormation {
    /// Its type.
    pub famille: Famille,
    /// Under which it is followed.
    pub statut: StatutFormation,
    /// One of those that the session calls paramedical.
    pub paramedical: bool,
}

impl Audience {
    /// Whether it says which courses, by type or by status.
    pub fn names_formations(&self) -> bool {
        self.names_types() || !self.statuts.is_empty()
    }

    fn names_types(&self) -> bool {
        self.paramedical || !self.familles.is_empty()
    }

    /// R-INF-01: whether a course is of those that it says; types add up, the status restricts them.
    pub fn is_about(&self, n: &NatureFormation) -> bool {
        let du_type = self.familles.contains(&n.famille) || (self.paramedical && n.paramedical);
        (!self.names_types() || du_type) && met(&self.statuts, |s| n.statut == *s)
    }

    /// R-INF-01: a news item is addressed to whoever meets all of its criteria by one and the same situation, and those about courses
    /// by one and the same course.
    pub fn is_for(&self, s: &Situation) -> bool {
        met(&self.roles, |r| s.role == *r)
            && met(&self.academies, |a| s.academies.contains(a))
            && (s.role.is_over_academies()
                || !self.names_formations()
                || s.natures.iter().any(|n| self.is_about(n)))
    }

    /// R-INF-02: read by those whom it is addressed to; by the academic service, all that is said in its academies, since it
    /// will be asked about it; by the national team, everything.
    pub fn is_read_by(&self, s: &Situation) -> bool {
        match s.role {
            Role::AdminNational => true,
            Role::Academie => met(&self.academies, |a| s.academies.contains(a)),
            _ => self.is_for(s),
        }
    }
}

fn met<T>(critere: &BTreeSet<T>, of: impl Fn(&T) -> bool) -> bool {
    critere.is_empty() || critere.iter().any(of)
}

/// Who speaks: an item is changed or taken down at the level that published it, and nowhere else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Emetteur {
    /// The national team.
    National,
    /// An academic service, or the one of a région académique over several academies.
    Academie,
}

impl Emetteur {
    /// Stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::National => "national",
            Self::Academie => "academie",
        }
    }

    /// The level of a stored code.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::National, Self::Academie].into_iter().find(|e| e.code() == code)
    }

    /// At which level a person of this perimeter speaks.
    pub fn of(portee: &Portee) -> Self {
        if portee.tout { Self::National } else { Self::Academie }
    }

    /// R-INF-03: the national team speaks to whom it wants; an academic service to its own academies, and names them. What was
    /// published at a level is changed by those who may publish it there, the national team everything.
    ///
    /// # Errors
    /// [`RuleViolation::Champ`] when the academies named are not all of the perimeter, or none is.
    pub fn check(self, portee: &Portee, audience: &Audience) -> Result<(), RuleViolation> {
        let sienne = |a: &String| portee.tout || portee.academies.contains(a);
        let admis = match self {
            Self::National => portee.tout,
            Self::Academie => !audience.academies.is_empty() && audience.academies.iter().all(sienne),
        };
        if admis { Ok(()) } else { Err(RuleViolation::Champ { champ: "academies", motif: "hors_perimetre" }) }
    }
}

/// When an item is shown. Instants are milliseconds of the campaign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EtatActualite {
    /// Read by nobody before its instant.
    Programmee,
    /// In the Fil info.
    Publiee,
    /// Taken down, or past the end that was set for it.
    Retiree,
}

impl EtatActualite {
    /// R-INF-04: shown from its instant on, until the end set for it.
    pub fn at(maintenant: i64, publiee_le: i64, retiree_le: Option<i64>) -> Self {
        match retiree_le {
            Some(fin) if fin <= maintenant => Self::Retiree,
            _ if publiee_le > maintenant => Self::Programmee,
            _ => Self::Publiee,
        }
    }

    /// French label shown on screen.
    pub const fn libelle(self) -> &'static str {
        match self {
            Self::Programmee => "Programmée",
            Self::Publiee => "Publiée",
            Self::Retiree => "Retirée",
        }
    }
}

/// R-INF-05: an item is to be read by who never opened it, and again by who opened it before the last correction that its author
/// called important. `lue`: the version opened last.
pub fn is_unread(lue: Option<i64>, a_lire: i64) -> bool {
    lue.is_none_or(|v| v < a_lire)
}

/// R-INF-06: when the mail that tells of unread items may leave: at most one in `delai`, and only if something appeared since the
/// last. Milliseconds of real time; `dernier`: when the last one left.
pub fn is_digest_due(dernier: Option<i64>, maintenant: i64, delai: i64) -> bool {
    dernier.is_none_or(|le| maintenant - le >= delai)
}

/// A text as its author gives it, once checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redaction {
    /// One line.
    pub titre: String,
    /// Light marks (headings, lists, links): plain text for whoever reads it as such.
    pub texte: String,
    /// Whom it concerns.
    pub audience: Audience,
    /// Milliseconds of the campaign.
    pub publiee_le: i64,
    /// End of its showing; `None`: none set.
    pub retiree_le: Option<i64>,
}

impl Redaction {
    /// R-INF-07: a title, a text, an end after the beginning, roles that read the Fil info and academies that exist.
    ///
    /// # Errors
    /// [`RuleViolation::Champ`], for the first field at fault.
    pub fn checked(self) -> Result<Self, RuleViolation> {
        let (titre, texte) = check_redaction(&self.titre, &self.texte, &self.audience)?;
        if self.retiree_le.is_some_and(|fin| fin <= self.publiee_le) {
            return Err(RuleViolation::Champ { champ: "retrait", motif: "avant_debut" });
        }
        Ok(Self { titre, texte, ..self })
    }
}

/// R-INF-07, R-SEA-01: a title on one line, a text, roles that read the Fil info and academies that exist. Gives title and text as kept.
///
/// # Errors
/// [`RuleViolation::Champ`] or [`RuleViolation::TropLong`], for the first field at fault.
pub fn check_redaction(
    titre: &str,
    texte: &str,
    audience: &Audience,
) -> Result<(String, String), RuleViolation> {
    let faux = |champ, motif| Err(RuleViolation::Champ { champ, motif });
    let titre = check_ligne("titre", titre)?;
    let texte = texte.replace("\r\n", "\n").replace('\r', "\n").trim().to_owned();
    if titre.is_empty() {
        return faux("titre", "vide");
    }
    if texte.is_empty() {
        return faux("contenu", "vide");
    }
    if texte.chars().count() > TEXTE_MAX {
        return Err(RuleViolation::TropLong { champ: "contenu", max: TEXTE_MAX });
    }
    let lecteurs = roles_allowed(Action::ConsulterInformations);
    if !audience.roles.iter().all(|r| r.signs_in() && lecteurs.contains(r)) {
        return faux("roles", "inconnu");
    }
    if !audience.academies.iter().all(|a| academie(a).is_some()) {
        return faux("academies", "inconnu");
    }
    Ok((titre, texte))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nature(famille: Famille, statut: StatutFormation) -> NatureFormation {
        NatureFormation { famille, statut, paramedical: famille == Famille::Ifsi }
    }

    fn situation(role: Role, academies: &[&str], familles: &[Famille]) -> Situation {
        Situation {
            role,
            academies: academies.iter().map(|a| (*a).to_owned()).collect(),
            natures: familles.iter().map(|f| nature(*f, StatutFormation::Etudiant)).collect(),
        }
    }

    fn audience(roles: &[Role], familles: &[Famille], academies: &[&str]) -> Audience {
        Audience {
            roles: roles.iter().copied().collect(),
            familles: familles.iter().copied().collect(),
            academies: academies.iter().map(|a| (*a).to_owned()).collect(),
            ..Audience::default()
        }
    }

    fn portee(academies: &[&str]) -> Portee {
        Portee { academies: academies.iter().map(|a| (*a).to_owned()).collect(), ..Portee::default() }
    }

    #[test]
    fn r_inf_01_all_criteria_are_met_by_one_situation() {
        let lille_bts = audience(&[Role::RespFormation], &[Famille::Bts, Famille::But], &["09"]);
        assert!(lille_bts.is_for(&situation(Role::RespFormation, &["09"], &[Famille::Bts])));
        assert!(!lille_bts.is_for(&situation(Role::AdminSite, &["09"], &[Famille::Bts])));
        assert!(!lille_bts.is_for(&situation(Role::RespFormation, &["20"], &[Famille::Bts])));
        assert!(!lille_bts.is_for(&situation(Role::RespFormation, &["09"], &[Famille::Ifsi])));
        assert!(Audience::default().is_for(&situation(Role::Lecteur, &[], &[])));
    }

    #[test]
    fn r_inf_01_status_and_paramedical_courses_are_criteria_met_by_one_course() {
        use StatutFormation::{Apprentissage, Etudiant};
        let resp = |natures: &[NatureFormation]| Situation {
            natures: natures.iter().copied().collect(),
            ..situation(Role::AdminSite, &["09"], &[])
        };
        let (bts, bts_app) = (nature(Famille::Bts, Etudiant), nature(Famille::Bts, Apprentissage));
        let (ifsi, licence) = (nature(Famille::Ifsi, Etudiant), nature(Famille::Licence, Etudiant));
        let ergo = NatureFormation { paramedical: true, ..nature(Famille::Autre, Etudiant) };
        let apprentis = Audience { statuts: [Apprentissage].into(), ..Audience::default() };
        assert!(apprentis.is_for(&resp(&[licence, bts_app])) && !apprentis.is_for(&resp(&[bts, ifsi])));
        assert!(!apprentis.is_for(&resp(&[])), "no course at all");
        // A BTS and an apprenticeship of something else: not a BTS under apprenticeship.
        let bts_apprentis =
            Audience { statuts: [Apprentissage].into(), ..audience(&[], &[Famille::Bts], &[]) };
        let licence_app = nature(Famille::Licence, Apprentissage);
        assert!(!bts_apprentis.is_for(&resp(&[bts, licence_app])) && bts_apprentis.is_for(&resp(&[bts_app])));
        let para = Audience { paramedical: true, ..Audience::default() };
        assert!(para.is_for(&resp(&[ergo])) && para.is_for(&resp(&[ifsi])) && !para.is_for(&resp(&[bts])));
        // Types add up.
        let para_et_bts = Audience { paramedical: true, ..audience(&[], &[Famille::Bts], &[]) };
        assert!([ergo, bts].iter().all(|n| para_et_bts.is_about(n)) && !para_et_bts.is_about(&licence));
        // Services of some kind of course: they have no courses of their own.
        assert!(apprentis.is_for(&situation(Role::Academie, &["09"], &[])));
        assert!(
            para.names_formations()
                && apprentis.names_formations()
                && !Audience::default().names_formations()
        );
    }

    #[test]
    fn r_inf_02_the_services_read_what_is_said_to_those_they_answer_for() {
        let aux_chefs = audience(&[Role::ChefEtab], &[Famille::Ifsi], &["09"]);
        let lille = situation(Role::Academie, &["09", "20"], &[]);
        assert!(aux_chefs.is_read_by(&lille) && !aux_chefs.is_for(&lille));
        assert!(!aux_chefs.is_read_by(&situation(Role::Academie, &["20"], &[])));
        assert!(aux_chefs.is_read_by(&situation(Role::AdminNational, &[], &[])));
        assert!(!aux_chefs.is_read_by(&situation(Role::Lecteur, &["09"], &[Famille::Ifsi])));
        // Addressed to services of some type of course: they have no courses of their own.
        assert!(audience(&[], &[Famille::Ifsi], &["09"]).is_for(&lille));
    }

    #[test]
    fn r_inf_03_a_service_speaks_to_its_academies_and_changes_what_it_said() {
        let (tout, lille) = (Portee { tout: true, ..Portee::default() }, portee(&["09", "20"]));
        let (partout, ici, ailleurs) =
            (Audience::default(), audience(&[], &[], &["09"]), audience(&[], &[], &["09", "01"]));
        assert_eq!((Emetteur::of(&tout), Emetteur::of(&lille)), (Emetteur::National, Emetteur::Academie));
        let refus = Err(RuleViolation::Champ { champ: "academies", motif: "hors_perimetre" });
        for a in [&partout, &ici, &ailleurs] {
            assert_eq!(Emetteur::National.check(&tout, a), Ok(()));
            assert_eq!(Emetteur::National.check(&lille, a), refus);
        }
        for (p, a, attendu) in [
            (&lille, &ici, Ok(())),
            (&tout, &ici, Ok(())),
            (&lille, &partout, refus.clone()),
            // Not even by the national team: nobody would sign it.
            (&tout, &partout, refus.clone()),
            (&lille, &ailleurs, refus.clone()),
        ] {
            assert_eq!(Emetteur::Academie.check(p, a), attendu);
        }
        for e in [Emetteur::National, Emetteur::Academie] {
            assert_eq!(Emetteur::from_code(e.code()), Some(e));
        }
    }

    #[test]
    fn r_inf_04_shown_from_its_instant_until_its_end() {
        use EtatActualite as E;
        assert_eq!(E::at(9, 10, None), E::Programmee);
        assert_eq!(E::at(10, 10, Some(20)), E::Publiee);
        assert_eq!(E::at(20, 10, Some(20)), E::Retiree);
        assert_eq!(E::at(5, 10, Some(5)), E::Retiree);
    }

    #[test]
    fn r_inf_05_an_important_correction_is_read_again() {
        assert!(is_unread(None, 1));
        assert!(!is_unread(Some(1), 1));
        assert!(is_unread(Some(1), 2));
        assert!(!is_unread(Some(3), 2));
    }

    #[test]
    fn r_inf_06_a_digest_leaves_at_most_once_in_its_delay() {
        assert!(is_digest_due(None, 0, 10));
        assert!(!is_digest_due(Some(5), 14, 10));
        assert!(is_digest_due(Some(5), 15, 10));
    }

    #[test]
    fn r_inf_07_a_text_is_checked_before_it_is_kept() {
        let bonne = Redaction {
            titre: " Ouverture  du site ".to_owned(),
            texte: "Bonjour.\r\n\r\n- un".to_owned(),
            audience: audience(&[Role::ChefEtab], &[], &["09"]),
            publiee_le: 10,
            retiree_le: Some(11),
        };
        let lue = bonne.clone().checked().unwrap();
        assert_eq!((lue.titre.as_str(), lue.texte.as_str()), ("Ouverture du site", "Bonjour.\n\n- un"));
        let faute = |r: Redaction| match r.checked() {
            Err(RuleViolation::Champ { champ, motif }) => (champ, motif),
            autre => panic!("{autre:?}"),
        };
        assert_eq!(faute(Redaction { titre: " ".to_owned(), ..bonne.clone() }), ("titre", "vide"));
        assert_eq!(faute(Redaction { texte: "\n".to_owned(), ..bonne.clone() }), ("contenu", "vide"));
        let long = "é".repeat(TEXTE_MAX + 1);
        let trop = Redaction { texte: long, ..bonne.clone() }.checked();
        assert_eq!(trop, Err(RuleViolation::TropLong { champ: "contenu", max: TEXTE_MAX }));
        assert_eq!(faute(Redaction { retiree_le: Some(10), ..bonne.clone() }), ("retrait", "avant_debut"));
        let candidats = audience(&[Role::Candidat], &[], &[]);
        assert_eq!(faute(Redaction { audience: candidats, ..bonne.clone() }), ("roles", "inconnu"));
        let ailleurs = audience(&[], &[], &["xx"]);
        assert_eq!(faute(Redaction { audience: ailleurs, ..bonne }), ("academies", "inconnu"));
    }
}
