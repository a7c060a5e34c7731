//! Questions: who asks, which service answers, the states of a question, how long it lives.

use crate::comptes::Role;
use crate::erreurs::RuleViolation;
use crate::etablissements::check_texte;

/// On whose behalf a person asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Demandeur {
    /// A candidate.
    Candidat,
    /// Those who work in an establishment.
    Etablissement,
    /// An academic service.
    Academie,
    /// The national team, and those who audit it.
    National,
}

impl Demandeur {
    /// Stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Candidat => "candidat",
            Self::Etablissement => "etablissement",
            Self::Academie => "academie",
            Self::National => "national",
        }
    }

    /// Of a stored code.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Candidat, Self::Etablissement, Self::Academie, Self::National]
            .into_iter()
            .find(|d| d.code() == code)
    }

    /// Of whoever holds the role; `None` without an account.
    pub const fn of_role(role: Role) -> Option<Self> {
        match role {
            Role::Candidat => Some(Self::Candidat),
            Role::Academie => Some(Self::Academie),
            Role::AdminNational | Role::Auditeur => Some(Self::National),
            r if r.is_over_etablissement() => Some(Self::Etablissement),
            _ => None,
        }
    }
}

/// What a question is about: a closed list, each for those whom it may concern.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ThemeAssistance {
    /// Which studies to choose.
    Orientation,
    /// The record and the wishes of a candidate.
    Voeux,
    /// Propositions and answers.
    Reponses,
    /// What establishments and courses say of themselves.
    Parametrage,
    /// Capacities, places, fees.
    Capacites,
    /// Examination of the records, rankings.
    Classements,
    /// The texts that rule the procedure, its calendar.
    Procedure,
    /// Signing in, roles.
    Compte,
    /// A page that does not work.
    Technique,
}

impl ThemeAssistance {
    /// In the order in which they are shown.
    pub const ALL: [Self; 9] = [
        Self::Orientation,
        Self::Voeux,
        Self::Reponses,
        Self::Parametrage,
        Self::Capacites,
        Self::Classements,
        Self::Procedure,
        Self::Compte,
        Self::Technique,
    ];

    /// Stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Orientation => "orientation",
            Self::Voeux => "voeux",
            Self::Reponses => "reponses",
            Self::Parametrage => "parametrage",
            Self::Capacites => "capacites",
            Self::Classements => "classements",
            Self::Procedure => "procedure",
            Self::Compte => "compte",
            Self::Technique => "technique",
        }
    }

    /// Of a code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|t| t.code() == code)
    }

    /// French label shown on screen.
    pub const fn libelle(self) -> &'static str {
        match self {
            Self::Orientation => "S’orienter, choisir une formation",
            Self::Voeux => "Mon dossier et mes vœux",
            Self::Reponses => "Les propositions et leurs réponses",
            Self::Parametrage => "Décrire l’établissement et ses formations",
            Self::Capacites => "Capacités d’accueil et frais",
            Self::Classements => "Examen des dossiers et classements",
            Self::Procedure => "Règles et calendrier de la procédure",
            Self::Compte => "Compte, connexion et rôles",
            Self::Technique => "Une page qui ne fonctionne pas",
        }
    }

    /// What may be asked by whom.
    pub fn of(demandeur: Demandeur) -> Vec<Self> {
        use ThemeAssistance as T;
        let siens: &[T] = match demandeur {
            Demandeur::Candidat => {
                &[T::Orientation, T::Voeux, T::Reponses, T::Procedure, T::Compte, T::Technique]
            }
            Demandeur::Etablissement => &[
                T::Parametrage,
                T::Capacites,
                T::Classements,
                T::Reponses,
                T::Procedure,
                T::Compte,
                T::Technique,
            ],
            Demandeur::Academie | Demandeur::National => &[
                T::Parametrage,
                T::Capacites,
                T::Classements,
                T::Reponses,
                T::Procedure,
                T::Compte,
                T::Technique,
            ],
        };
        siens.to_vec()
    }

    /// What somebody in the house can look at before anybody else.
    const fn is_de_la_maison(self) -> bool {
        matches!(self, Self::Compte | Self::Technique)
    }
}

/// A service that answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Destinataire {
    /// Those who administer the site of the asker's establishment.
    Etablissement,
    /// The cell of the candidate's région académique.
    Cellule,
    /// The academic service of the establishment.
    Academie,
    /// The national team.
    National,
}

impl Destinataire {
    /// Every service.
    pub const ALL: [Self; 4] = [Self::Etablissement, Self::Cellule, Self::Academie, Self::National];

    /// Stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Etablissement => "etablissement",
            Self::Cellule => "cellule",
            Self::Academie => "academie",
            Self::National => "national",
        }
    }

    /// Of a code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|d| d.code() == code)
    }

    /// French name, with its article.
    pub const fn libelle(self) -> &'static str {
        match self {
            Self::Etablissement => "l’administrateur du site de votre établissement",
            Self::Cellule => "la cellule de votre région académique",
            Self::Academie => "le service académique",
            Self::National => "l’équipe nationale",
        }
    }

    /// R-ASS-04: the role under which its questions are read and answered.
    pub const fn role(self) -> Role {
        match self {
            Self::Etablissement => Role::AdminSite,
            Self::Cellule | Self::Academie => Role::Academie,
            Self::National => Role::AdminNational,
        }
    }
}

/// What is known of the asker beside who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Situation {
    /// Of one of the eighteen régions académiques.
    pub en_region: bool,
    /// Somebody else administers the site of their establishment.
    pub administre: bool,
}

/// R-ASS-03: which service a question goes to. A candidate: the cell of their région académique; an establishment: its academic
/// service, but whoever administers its site first for an account or a page that does not work; an academic service: the
/// national team. Where there is no région académique, the national team.
pub const fn destinataire(d: Demandeur, theme: ThemeAssistance, s: Situation) -> Destinataire {
    match d {
        Demandeur::Etablissement if theme.is_de_la_maison() && s.administre => Destinataire::Etablissement,
        Demandeur::Candidat if s.en_region => Destinataire::Cellule,
        Demandeur::Etablissement if s.en_region => Destinataire::Academie,
        Demandeur::Candidat | Demandeur::Etablissement | Demandeur::Academie | Demandeur::National => {
            Destinataire::National
        }
    }
}

/// R-ASS-05: to whom a service may pass a question on: one level up, and from the national team back to the service that knows
/// the place.
pub const fn transmissions(d: Demandeur, de: Destinataire, s: Situation) -> &'static [Destinataire] {
    match (de, d) {
        (Destinataire::Etablissement, _) if s.en_region => &[Destinataire::Academie],
        (Destinataire::Etablissement | Destinataire::Cellule | Destinataire::Academie, _) => {
            &[Destinataire::National]
        }
        (Destinataire::National, Demandeur::Candidat) if s.en_region => &[Destinataire::Cellule],
        (Destinataire::National, Demandeur::Etablissement) if s.en_region => &[Destinataire::Academie],
        (Destinataire::National, _) => &[],
    }
}

/// Where a question stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EtatAssistance {
    /// Nobody of the service has taken it.
    Nouvelle,
    /// Somebody looks after it.
    EnCours,
    /// Answered; its asker may go on.
    Repondue,
    /// Over.
    Close,
}

/// What is done to a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActeAssistance {
    /// The service takes it in charge.
    Prendre,
    /// The service answers.
    Repondre,
    /// The service sends it to another.
    Transmettre,
    /// Either side ends it.
    Clore,
    /// The asker writes again.
    Completer,
}

impl ActeAssistance {
    /// Stable code, in the trace of a question.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Prendre => "prise",
            Self::Repondre => "reponse",
            Self::Transmettre => "transmission",
            Self::Clore => "cloture",
            Self::Completer => "complement",
        }
    }
}

impl EtatAssistance {
    /// Every state, in the order of a question's life.
    pub const ALL: [Self; 4] = [Self::Nouvelle, Self::EnCours, Self::Repondue, Self::Close];

    /// Stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Nouvelle => "nouvelle",
            Self::EnCours => "en_cours",
            Self::Repondue => "repondue",
            Self::Close => "close",
        }
    }

    /// Of a code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|e| e.code() == code)
    }

    /// French label shown on screen.
    pub const fn libelle(self) -> &'static str {
        match self {
            Self::Nouvelle => "Nouvelle",
            Self::EnCours => "En cours",
            Self::Repondue => "Répondue",
            Self::Close => "Close",
        }
    }

    /// The service has still to answer.
    pub const fn attend(self) -> bool {
        matches!(self, Self::Nouvelle | Self::EnCours)
    }

    /// R-ASS-06: what an act makes of a question. `suivie`: somebody of the service looks after it. R-ASS-07: once closed, only its
    /// asker opens it again, within `delai` of its closing (`close_le`); milliseconds of the campaign.
    ///
    /// # Errors
    /// [`RuleViolation::AssistanceClose`], [`RuleViolation::ReouvertureTardive`].
    pub fn after(
        self,
        acte: ActeAssistance,
        suivie: bool,
        (close_le, maintenant, delai): (Option<i64>, i64, i64),
    ) -> Result<Self, RuleViolation> {
        use ActeAssistance as A;
        match (self, acte) {
            (Self::Close, A::Completer) => {
                let a_temps = close_le.is_none_or(|le| maintenant < le.saturating_add(delai));
                if !a_temps {
                    return Err(RuleViolation::ReouvertureTardive);
                }
                Ok(if suivie { Self::EnCours } else { Self::Nouvelle })
            }
            (Self::Close, _) => Err(RuleViolation::AssistanceClose),
            (_, A::Clore) => Ok(Self::Close),
            (_, A::Transmettre) => Ok(Self::Nouvelle),
            (_, A::Repondre) => Ok(Self::Repondue),
            (Self::Repondue, A::Prendre) => Ok(Self::Repondue),
            (_, A::Prendre) => Ok(Self::EnCours),
            (Self::Repondue, A::Completer) => Ok(if suivie { Self::EnCours } else { Self::Nouvelle }),
            (etat, A::Completer) => Ok(etat),
        }
    }
}

/// R-ASS-08: a question has a text of a few thousand characters at most; an account asks so many in a day, no more.
///
/// # Errors
/// [`RuleViolation::Champ`] on `texte`.
pub fn check_question(texte: &str, recentes: i64, par_jour: i64) -> Result<String, RuleViolation> {
    let texte = check_texte("texte", texte)?;
    if texte.is_empty() {
        return Err(RuleViolation::Champ { champ: "texte", motif: "question_vide" });
    }
    if recentes >= par_jour {
        return Err(RuleViolation::Champ { champ: "texte", motif: "trop_de_demandes" });
    }
    Ok(texte)
}

/// R-ASS-14: what is added to a question has words; an account adds so much in a day, no more.
///
/// # Errors
/// [`RuleViolation::Champ`] on `texte`.
pub fn check_complement(texte: &str, recents: i64, par_jour: i64) -> Result<String, RuleViolation> {
    let texte = check_texte("texte", texte)?;
    if texte.is_empty() {
        return Err(RuleViolation::Champ { champ: "texte", motif: "question_vide" });
    }
    if recents >= par_jour {
        return Err(RuleViolation::Champ { champ: "texte", motif: "trop_de_complements" });
    }
    Ok(texte)
}

/// R-ASS-09: a question on which nothing happened for `delai` is deleted. Milliseconds of the campaign.
pub const fn is_perimee(derniere: i64, maintenant: i64, delai: i64) -> bool {
    maintenant >= derniere.saturating_add(delai)
}

/// The middle one; of the two in the middle, the mean. `None` of nothing.
pub fn mediane(mut valeurs: Vec<i64>) -> Option<i64> {
    valeurs.sort_unstable();
    let n = valeurs.len();
    let milieu = *valeurs.get(n / 2)?;
    if n % 2 == 1 { Some(milieu) } else { valeurs.get(n / 2 - 1).map(|avant| avant.midpoint(milieu)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ThemeAssistance as T;

    const ICI: Situation = Situation { en_region: true, administre: true };
    const SANS_ADMIN: Situation = Situation { administre: false, ..ICI };
    const AILLEURS: Situation = Situation { en_region: false, ..ICI };

    #[test]
    fn r_ass_03_each_question_goes_to_the_service_that_can_answer() {
        use Demandeur as D;
        use Destinataire as S;
        for (d, theme, s, attendu) in [
            (D::Candidat, T::Voeux, ICI, S::Cellule),
            (D::Candidat, T::Technique, ICI, S::Cellule),
            (D::Candidat, T::Voeux, AILLEURS, S::National),
            (D::Etablissement, T::Parametrage, ICI, S::Academie),
            (D::Etablissement, T::Compte, ICI, S::Etablissement),
            (D::Etablissement, T::Technique, ICI, S::Etablissement),
            (D::Etablissement, T::Technique, SANS_ADMIN, S::Academie),
            (D::Etablissement, T::Parametrage, AILLEURS, S::National),
            (D::Etablissement, T::Compte, AILLEURS, S::Etablissement),
            (D::Academie, T::Compte, ICI, S::National),
            (D::National, T::Technique, ICI, S::National),
        ] {
            assert_eq!(destinataire(d, theme, s), attendu, "{d:?} {theme:?} {s:?}");
        }
        for d in [D::Candidat, D::Etablissement, D::Academie, D::National] {
            assert_eq!(Demandeur::from_code(d.code()), Some(d));
            let siens = T::of(d);
            assert!(siens.contains(&T::Compte) && siens.contains(&T::Technique));
            assert_eq!(siens.contains(&T::Voeux), d == D::Candidat);
        }
        for t in T::ALL {
            assert_eq!(T::from_code(t.code()), Some(t));
        }
        assert_eq!(D::of_role(Role::GestAdmin), Some(D::Etablissement));
        assert_eq!(D::of_role(Role::Auditeur), Some(D::National));
        assert_eq!(D::of_role(Role::Public), None);
    }

    #[test]
    fn r_ass_04_a_service_is_a_role_that_may_answer() {
        use crate::droits::{Action, actions_of};
        for d in Destinataire::ALL {
            assert!(actions_of(d.role()).contains(&Action::TraiterAssistance), "{d:?}");
            assert_eq!(Destinataire::from_code(d.code()), Some(d));
        }
    }

    #[test]
    fn r_ass_05_a_question_goes_one_level_up_or_back_to_the_place() {
        use Destinataire as S;
        let vers = |d, de, s| transmissions(d, de, s).to_vec();
        assert_eq!(vers(Demandeur::Etablissement, S::Etablissement, ICI), [S::Academie]);
        assert_eq!(vers(Demandeur::Etablissement, S::Etablissement, AILLEURS), [S::National]);
        assert_eq!(vers(Demandeur::Etablissement, S::Academie, ICI), [S::National]);
        assert_eq!(vers(Demandeur::Candidat, S::Cellule, ICI), [S::National]);
        assert_eq!(vers(Demandeur::Candidat, S::National, ICI), [S::Cellule]);
        assert_eq!(vers(Demandeur::Etablissement, S::National, ICI), [S::Academie]);
        assert!(vers(Demandeur::Academie, S::National, ICI).is_empty());
        assert!(vers(Demandeur::Candidat, S::National, AILLEURS).is_empty());
        for d in [Demandeur::Candidat, Demandeur::Etablissement, Demandeur::Academie, Demandeur::National] {
            for de in S::ALL {
                assert!(!transmissions(d, de, ICI).contains(&de), "to itself");
            }
        }
    }

    #[test]
    fn r_ass_06_the_states_of_a_question() {
        use ActeAssistance as A;
        use EtatAssistance as E;
        let apres = |e: E, a| e.after(a, true, (Some(0), 10, 5));
        assert_eq!(apres(E::Nouvelle, A::Prendre), Ok(E::EnCours));
        assert_eq!(apres(E::Nouvelle, A::Repondre), Ok(E::Repondue));
        assert_eq!(apres(E::Repondue, A::Completer), Ok(E::EnCours));
        assert_eq!(E::Repondue.after(A::Completer, false, (None, 0, 0)), Ok(E::Nouvelle));
        assert_eq!(apres(E::Nouvelle, A::Completer), Ok(E::Nouvelle));
        assert_eq!(apres(E::EnCours, A::Transmettre), Ok(E::Nouvelle));
        for e in [E::Nouvelle, E::EnCours, E::Repondue] {
            assert_eq!(apres(e, A::Clore), Ok(E::Close));
        }
        for a in [A::Prendre, A::Repondre, A::Transmettre, A::Clore] {
            assert_eq!(apres(E::Close, a), Err(RuleViolation::AssistanceClose));
        }
        for e in E::ALL {
            assert_eq!(E::from_code(e.code()), Some(e));
            assert_eq!(e.attend(), matches!(e, E::Nouvelle | E::EnCours));
        }
    }

    #[test]
    fn r_ass_07_a_question_closed_is_opened_again_until_the_delay_has_passed() {
        use ActeAssistance::Completer;
        let rouvre = |maintenant| EtatAssistance::Close.after(Completer, true, (Some(100), maintenant, 50));
        assert_eq!(rouvre(149), Ok(EtatAssistance::EnCours));
        assert_eq!(rouvre(150), Err(RuleViolation::ReouvertureTardive));
    }

    #[test]
    fn r_ass_08_a_question_has_words_and_a_day_has_an_end() {
        let faute = |r: Result<String, RuleViolation>| match r {
            Err(RuleViolation::Champ { champ, motif }) => (champ, motif),
            autre => panic!("{autre:?}"),
        };
        assert_eq!(check_question(" Bonjour\r\n", 9, 10), Ok("Bonjour".to_owned()));
        assert_eq!(faute(check_question(" ", 0, 10)), ("texte", "question_vide"));
        assert_eq!(faute(check_question("Bonjour", 10, 10)), ("texte", "trop_de_demandes"));
    }

    #[test]
    fn r_ass_14_what_is_added_has_words_and_a_day_has_an_end() {
        let champ = |motif| Err(RuleViolation::Champ { champ: "texte", motif });
        assert_eq!(check_complement(" Encore\n", 19, 20), Ok("Encore".to_owned()));
        assert_eq!(check_complement("\n", 0, 20), champ("question_vide"));
        assert_eq!(check_complement("Encore", 20, 20), champ("trop_de_complements"));
    }

    #[test]
    fn r_ass_09_a_question_at_rest_is_deleted_after_its_delay() {
        assert!(!is_perimee(100, 149, 50));
        assert!(is_perimee(100, 150, 50));
    }

    #[test]
    fn the_median_is_the_one_in_the_middle() {
        assert_eq!(mediane(vec![]), None);
        assert_eq!(mediane(vec![9, 1, 5]), Some(5));
        assert_eq!(mediane(vec![4, 2]), Some(3));
    }
}
