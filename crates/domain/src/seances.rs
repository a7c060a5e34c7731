//! Information sessions and webinars (« séances »): whom they are for, who has a place, who waits, what is shown when.

use std::collections::BTreeSet;

use crate::actualites::{Audience, check_redaction};
use crate::erreurs::RuleViolation;
use crate::etablissements::check_ligne;
use crate::territoires::{Departement, academie};

/// Characters of an address of the web: those of webinars carry their keys.
pub const LIEN_MAX: usize = 2_000;

/// Places of one session, at most: more is « without limit ».
pub const PLACES_MAX: i64 = 100_000;

/// Who registers on the public site, without an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Qualite {
    /// Of a lycée, or a student who changes course.
    Eleve,
    /// Of such a pupil.
    Parent,
    /// Of a lycée.
    Enseignant,
}

impl Qualite {
    /// In the order of the screens.
    pub const ALL: [Self; 3] = [Self::Eleve, Self::Parent, Self::Enseignant];

    /// Stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Eleve => "eleve",
            Self::Parent => "parent",
            Self::Enseignant => "enseignant",
        }
    }

    /// That of a stored code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|q| q.code() == code)
    }

    /// French label shown on screen.
    pub const fn libelle(self) -> &'static str {
        match self {
            Self::Eleve => "Élève ou étudiant",
            Self::Parent => "Parent",
            Self::Enseignant => "Enseignant",
        }
    }
}

/// A session as its organiser describes it. Instants are milliseconds of the campaign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Programme {
    /// One line.
    pub titre: String,
    /// Light marks, as in the Fil info.
    pub texte: String,
    /// Whom it concerns. For a session of the public site, the academies alone count.
    pub audience: Audience,
    /// Whom it is for on the public site; nobody: a session for those who run courses.
    pub qualites: BTreeSet<Qualite>,
    /// First instant.
    pub debut: i64,
    /// First instant after.
    pub fin: i64,
    /// `None`: without limit.
    pub places: Option<i64>,
    /// Where it is held, said to everybody; empty for a webinar.
    pub lieu: String,
    /// Address of the webinar, shown on the day to those who have a place (R-SEA-06); empty when there is none.
    pub lien: String,
    /// First instant when it is too late to register; `None`: the beginning.
    pub ferme_le: Option<i64>,
}

impl Programme {
    /// R-SEA-01: a title, a text, an end after the beginning, registrations that close by then, a place or a secure address, and
    /// either the public or people who run courses, never both.
    ///
    /// # Errors
    /// [`RuleViolation::Champ`] or [`RuleViolation::TropLong`], for the first field at fault.
    pub fn checked(self) -> Result<Self, RuleViolation> {
        let faux = |champ, motif| Err(RuleViolation::Champ { champ, motif });
        let (titre, texte) = check_redaction(&self.titre, &self.texte, &self.audience)?;
        let pour_la_gestion = !self.audience.roles.is_empty() || self.audience.names_formations();
        if self.is_public() && pour_la_gestion {
            return faux("qualites", "public_et_gestion");
        }
        if self.fin <= self.debut {
            return faux("heure_fin", "avant_debut");
        }
        if self.ferme_le.is_some_and(|le| le > self.debut) {
            return faux("cloture", "apres_debut");
        }
        if self.places.is_some_and(|n| !(1..=PLACES_MAX).contains(&n)) {
            return faux("places", "hors_bornes_seance");
        }
        let lieu = check_ligne("lieu", &self.lieu)?;
        let lien = check_lien("lien", &self.lien)?;
        if lieu.is_empty() && lien.is_empty() {
            return faux("lien", "vide");
        }
        Ok(Self { titre, texte, lieu, lien, ..self })
    }

    /// Whether anybody may register on the public site.
    pub fn is_public(&self) -> bool {
        !self.qualites.is_empty()
    }

    /// R-SEA-13: a session of the public site is for the departments of the academies that it names, and for all of them when it
    /// names none.
    pub fn is_for_departement(&self, departement: &Departement) -> bool {
        let nommees = &self.audience.academies;
        nommees.is_empty()
            || nommees.iter().filter_map(|a| academie(a)).any(|a| a.code == departement.academie)
    }

    /// R-SEA-13: whether it names an academy of a région académique, by its code.
    pub fn names_region(&self, region: &str) -> bool {
        self.audience.academies.iter().filter_map(|a| academie(a)).any(|a| a.region_academique == region)
    }

    /// R-SEA-02: a session is announced before it begins.
    ///
    /// # Errors
    /// [`RuleViolation::Champ`].
    pub fn check_a_venir(&self, maintenant: i64) -> Result<(), RuleViolation> {
        if self.debut > maintenant {
            return Ok(());
        }
        Err(RuleViolation::Champ { champ: "jour", motif: "passe" })
    }

    /// R-SEA-05: nobody who has a place loses it because there are fewer of them.
    ///
    /// # Errors
    /// [`RuleViolation::Champ`].
    pub fn check_places(&self, inscrits: i64) -> Result<(), RuleViolation> {
        if self.places.is_none_or(|n| n >= inscrits) {
            return Ok(());
        }
        Err(RuleViolation::Champ { champ: "places", motif: "moins_que_inscrits" })
    }
}

/// R-SEA-01: a secure address of the web, or nothing.
///
/// # Errors
/// [`RuleViolation::Champ`], [`RuleViolation::TropLong`].
pub fn check_lien(champ: &'static str, texte: &str) -> Result<String, RuleViolation> {
    let lien = texte.trim().to_owned();
    if lien.chars().count() > LIEN_MAX {
        return Err(RuleViolation::TropLong { champ, max: LIEN_MAX });
    }
    let admis = lien.strip_prefix("https://").is_some_and(|r| r.contains('.') && !r.starts_with('.'));
    if lien.is_empty()
        || (admis && !lien.contains(|c: char| c.is_whitespace() || matches!(c, '"' | '<' | '>')))
    {
        return Ok(lien);
    }
    Err(RuleViolation::Champ { champ, motif: "adresse" })
}

/// Where a session stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EtatSeance {
    /// Not begun.
    AVenir,
    /// Between its beginning and its end.
    EnCours,
    /// Over.
    Passee,
    /// By its organiser, whatever the hour.
    Annulee,
}

impl EtatSeance {
    /// French label shown on screen.
    pub const fn libelle(self) -> &'static str {
        match self {
            Self::AVenir => "À venir",
            Self::EnCours => "En cours",
            Self::Passee => "Terminée",
            Self::Annulee => "Annulée",
        }
    }
}

/// The hours of a session, by which everything else is decided. Milliseconds of the campaign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Horaire {
    /// First instant.
    pub debut: i64,
    /// First instant after.
    pub fin: i64,
    /// First instant when it is too late to register; `None`: the beginning.
    pub ferme_le: Option<i64>,
    /// By its organiser.
    pub annulee_le: Option<i64>,
}

impl Horaire {
    /// Where it stands.
    pub fn etat(&self, maintenant: i64) -> EtatSeance {
        match maintenant {
            _ if self.annulee_le.is_some() => EtatSeance::Annulee,
            m if m < self.debut => EtatSeance::AVenir,
            m if m < self.fin => EtatSeance::EnCours,
            _ => EtatSeance::Passee,
        }
    }

    /// R-SEA-03: one registers until the instant that the organiser set, the beginning at the latest.
    ///
    /// # Errors
    /// [`RuleViolation::SeanceFermee`], also for a session that was cancelled.
    pub fn check_inscription(&self, maintenant: i64) -> Result<(), RuleViolation> {
        let ferme = self.ferme_le.map_or(self.debut, |le| le.min(self.debut));
        if self.annulee_le.is_none() && maintenant < ferme {
            return Ok(());
        }
        Err(RuleViolation::SeanceFermee)
    }

    /// What may still be changed: a session that has not begun and was not cancelled.
    ///
    /// # Errors
    /// [`RuleViolation::SeanceFermee`].
    pub fn check_a_venir(&self, maintenant: i64) -> Result<(), RuleViolation> {
        if self.etat(maintenant) == EtatSeance::AVenir { Ok(()) } else { Err(RuleViolation::SeanceFermee) }
    }

    /// R-SEA-05: what is corrected of it: anything before it begins, its address alone while it is held (people wait behind a wrong
    /// one), nothing once it is over or cancelled.
    ///
    /// # Errors
    /// [`RuleViolation::SeanceFermee`]; [`RuleViolation::Champ`] for a session moved to the past.
    pub fn check_correction(
        &self,
        maintenant: i64,
        avant: &Programme,
        apres: &Programme,
    ) -> Result<(), RuleViolation> {
        match self.etat(maintenant) {
            EtatSeance::AVenir => apres.check_a_venir(maintenant),
            EtatSeance::EnCours if Programme { lien: apres.lien.clone(), ..avant.clone() } == *apres => {
                Ok(())
            }
            _ => Err(RuleViolation::SeanceFermee),
        }
    }

    /// R-SEA-06: the address of a webinar is shown from so long before its beginning (milliseconds) until its end.
    pub fn is_lien_shown(&self, maintenant: i64, avance: i64) -> bool {
        self.annulee_le.is_none() && maintenant >= self.debut - avance && maintenant < self.fin
    }

    /// R-SEA-07: a reminder leaves once, so long before the beginning (milliseconds), to who registered earlier than that.
    pub fn is_rappel_due(&self, maintenant: i64, avance: i64, inscrit_le: i64, rappele: bool) -> bool {
        let depuis = self.debut - avance;
        !rappele
            && self.annulee_le.is_none()
            && (depuis..self.debut).contains(&maintenant)
            && inscrit_le < depuis
    }

    /// R-SEA-08: who came is noted from the beginning on.
    ///
    /// # Errors
    /// [`RuleViolation::SeanceAVenir`], also for a session that was cancelled.
    pub fn check_presences(&self, maintenant: i64) -> Result<(), RuleViolation> {
        match self.etat(maintenant) {
            EtatSeance::EnCours | EtatSeance::Passee => Ok(()),
            EtatSeance::AVenir | EtatSeance::Annulee => Err(RuleViolation::SeanceAVenir),
        }
    }

    /// R-SEA-09: a recording is published once the session is over.
    ///
    /// # Errors
    /// [`RuleViolation::SeanceAVenir`].
    pub fn check_enregistrement(&self, maintenant: i64) -> Result<(), RuleViolation> {
        if self.etat(maintenant) == EtatSeance::Passee { Ok(()) } else { Err(RuleViolation::SeanceAVenir) }
    }
}

/// What a registration is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EtatInscription {
    /// Asked for on the public site; the address is not proved yet: no place is held.
    AVerifier,
    /// Has a place.
    Inscrit,
    /// On the waiting list.
    Attente,
}

impl EtatInscription {
    /// Stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::AVerifier => "a_verifier",
            Self::Inscrit => "inscrit",
            Self::Attente => "attente",
        }
    }

    /// That of a stored code.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::AVerifier, Self::Inscrit, Self::Attente].into_iter().find(|e| e.code() == code)
    }
}

/// R-SEA-04: a place is given to who asks while one is free and nobody waits; the others wait in the order in which they asked.
pub fn etat_donne(places: Option<i64>, inscrits: i64, attente: i64) -> EtatInscription {
    if places.is_none_or(|n| attente == 0 && inscrits < n) {
        EtatInscription::Inscrit
    } else {
        EtatInscription::Attente
    }
}

/// R-SEA-04: how many of those who wait, first come first, have a place now.
pub fn a_promouvoir(places: Option<i64>, inscrits: i64, attente: i64) -> i64 {
    places.map_or(attente, |n| (n - inscrits).clamp(0, attente))
}

/// R-SEA-10: when the addresses of the public site are forgotten: so long (milliseconds) after the end; the counts stay.
pub fn is_to_forget(maintenant: i64, fin: i64, garde: i64) -> bool {
    maintenant >= fin + garde
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::comptes::Role;
    use crate::formations::Famille;
    use crate::territoires::departement;

    fn bon() -> Programme {
        Programme {
            titre: " Premiers  jalons ".to_owned(),
            texte: "Le paramétrage.\r\n".to_owned(),
            audience: Audience::default(),
            qualites: BTreeSet::new(),
            debut: 1_000,
            fin: 2_000,
            places: Some(2),
            lieu: String::new(),
            lien: "https://visio.example/salle".to_owned(),
            ferme_le: None,
        }
    }

    fn horaire() -> Horaire {
        Horaire { debut: 1_000, fin: 2_000, ferme_le: None, annulee_le: None }
    }

    #[test]
    fn r_sea_01_what_an_organiser_writes_is_checked() {
        let p = bon().checked().unwrap();
        assert_eq!((p.titre.as_str(), p.texte.as_str()), ("Premiers jalons", "Le paramétrage."));
        let faute = |p: Programme| match p.checked() {
            Err(RuleViolation::Champ { champ, motif }) => (champ, motif),
            autre => panic!("{autre:?}"),
        };
        assert_eq!(faute(Programme { titre: String::new(), ..bon() }), ("titre", "vide"));
        assert_eq!(faute(Programme { fin: 1_000, ..bon() }), ("heure_fin", "avant_debut"));
        assert_eq!(faute(Programme { ferme_le: Some(1_001), ..bon() }), ("cloture", "apres_debut"));
        for n in [0, -1, PLACES_MAX + 1] {
            assert_eq!(faute(Programme { places: Some(n), ..bon() }), ("places", "hors_bornes_seance"));
        }
        assert_eq!(faute(Programme { lien: String::new(), ..bon() }), ("lien", "vide"));
        for lien in ["http://visio.example", "javascript:alert(1)", "https://a b.example", "https://visio"] {
            assert_eq!(faute(Programme { lien: lien.to_owned(), ..bon() }), ("lien", "adresse"), "{lien}");
        }
        let teams = format!("https://visio.example/{}", "k".repeat(300));
        assert_eq!(Programme { lien: teams.clone(), ..bon() }.checked().map(|p| p.lien), Ok(teams));
        let sans_fin = format!("https://visio.example/{}", "k".repeat(LIEN_MAX));
        let trop = Programme { lien: sans_fin, ..bon() }.checked().map(|p| p.lien);
        assert_eq!(trop, Err(RuleViolation::TropLong { champ: "lien", max: LIEN_MAX }));
        let salle = Programme { lien: String::new(), lieu: "Rectorat, salle B".to_owned(), ..bon() };
        assert!(salle.checked().is_ok());
        let qualites = BTreeSet::from([Qualite::Enseignant]);
        for audience in [
            Audience { roles: BTreeSet::from([Role::ChefEtab]), ..Audience::default() },
            Audience { familles: BTreeSet::from([Famille::Ifsi]), ..Audience::default() },
            Audience { paramedical: true, ..Audience::default() },
        ] {
            let mixte = Programme { audience, qualites: qualites.clone(), ..bon() };
            assert_eq!(faute(mixte), ("qualites", "public_et_gestion"));
        }
        let region = Audience { academies: BTreeSet::from(["09".to_owned()]), ..Audience::default() };
        assert!(Programme { audience: region, qualites, ..bon() }.checked().unwrap().is_public());
        for q in Qualite::ALL {
            assert_eq!(Qualite::from_code(q.code()), Some(q));
        }
    }

    #[test]
    fn r_sea_02_a_session_is_announced_before_it_begins() {
        assert_eq!(bon().check_a_venir(999), Ok(()));
        let passe = Err(RuleViolation::Champ { champ: "jour", motif: "passe" });
        assert_eq!(bon().check_a_venir(1_000), passe);
    }

    #[test]
    fn r_sea_05_while_it_is_held_its_address_alone_is_corrected() {
        let lien = Programme { lien: "https://visio.example/bonne".to_owned(), ..bon() };
        let titre = Programme { titre: "Autre".to_owned(), ..lien.clone() };
        let plus_tard = |p: Programme| Programme { debut: p.debut + 100, fin: p.fin + 100, ..p };
        let h = horaire();
        assert_eq!(h.check_correction(999, &bon(), &plus_tard(titre.clone())), Ok(()));
        assert_eq!(h.check_correction(1_000, &bon(), &lien), Ok(()));
        let ferme = Err(RuleViolation::SeanceFermee);
        assert_eq!(h.check_correction(1_000, &bon(), &titre), ferme);
        assert_eq!(h.check_correction(2_000, &bon(), &lien), ferme);
        let annulee = Horaire { annulee_le: Some(1), ..horaire() };
        assert_eq!(annulee.check_correction(999, &bon(), &lien), ferme);
    }

    #[test]
    fn r_sea_13_a_session_of_the_public_site_is_for_the_departments_of_the_academies_that_it_names() {
        let nommant = |code: &str| {
            let academies = BTreeSet::from([code.to_owned()]);
            Programme { audience: Audience { academies, ..Audience::default() }, ..bon() }
        };
        let [nord, somme, gironde, calvados] = ["59", "80", "33", "14"].map(|c| departement(c).unwrap());
        assert!([nord, somme, gironde, calvados].into_iter().all(|d| bon().is_for_departement(d)));
        assert!(!bon().names_region("32"), "everybody is no région académique");
        let lille = nommant("09");
        assert!(lille.is_for_departement(nord));
        assert!(!lille.is_for_departement(somme) && !lille.is_for_departement(gironde));
        assert!(lille.names_region("32") && !lille.names_region("75"));
        // Caen, which is now of Normandie.
        let caen = nommant("05");
        assert!(
            caen.is_for_departement(calvados) && caen.names_region("28") && !caen.is_for_departement(nord)
        );
    }

    #[test]
    fn r_sea_03_one_registers_until_the_beginning_or_an_earlier_instant() {
        let ferme = Err(RuleViolation::SeanceFermee);
        assert_eq!(horaire().check_inscription(999), Ok(()));
        assert_eq!(horaire().check_inscription(1_000), ferme);
        let tot = Horaire { ferme_le: Some(500), ..horaire() };
        assert_eq!((tot.check_inscription(499), tot.check_inscription(500)), (Ok(()), ferme.clone()));
        let annulee = Horaire { annulee_le: Some(1), ..horaire() };
        assert_eq!((annulee.check_inscription(2), annulee.etat(2)), (ferme, EtatSeance::Annulee));
        assert_eq!(annulee.check_a_venir(2), Err(RuleViolation::SeanceFermee));
        let etats = [999, 1_000, 1_999, 2_000].map(|m| horaire().etat(m));
        use EtatSeance as E;
        assert_eq!(etats, [E::AVenir, E::EnCours, E::EnCours, E::Passee]);
    }

    #[test]
    fn r_sea_04_places_then_the_waiting_list_in_order() {
        use EtatInscription as E;
        assert_eq!(etat_donne(Some(2), 1, 0), E::Inscrit);
        assert_eq!(etat_donne(Some(2), 2, 0), E::Attente);
        // A place just freed is for the first who waits.
        assert_eq!(etat_donne(Some(2), 1, 1), E::Attente);
        assert_eq!(etat_donne(None, 9_999, 0), E::Inscrit);
        assert_eq!(a_promouvoir(Some(5), 3, 4), 2);
        assert_eq!(a_promouvoir(Some(5), 3, 1), 1);
        assert_eq!(a_promouvoir(Some(2), 3, 1), 0);
        assert_eq!(a_promouvoir(None, 3, 7), 7);
        for e in [E::AVerifier, E::Inscrit, E::Attente] {
            assert_eq!(EtatInscription::from_code(e.code()), Some(e));
        }
    }

    #[test]
    fn r_sea_05_nobody_loses_a_place() {
        assert_eq!(bon().check_places(2), Ok(()));
        let refus = Err(RuleViolation::Champ { champ: "places", motif: "moins_que_inscrits" });
        assert_eq!(bon().check_places(3), refus);
        assert_eq!(Programme { places: None, ..bon() }.check_places(3), Ok(()));
    }

    #[test]
    fn r_sea_06_the_address_of_a_webinar_is_shown_on_the_day() {
        let montre = [899, 900, 1_999, 2_000].map(|m| horaire().is_lien_shown(m, 100));
        assert_eq!(montre, [false, true, true, false]);
        assert!(!Horaire { annulee_le: Some(1), ..horaire() }.is_lien_shown(950, 100));
    }

    #[test]
    fn r_sea_07_a_reminder_leaves_once() {
        let du = |m, inscrit_le, rappele| horaire().is_rappel_due(m, 100, inscrit_le, rappele);
        assert_eq!([899, 900, 999, 1_000].map(|m| du(m, 10, false)), [false, true, true, false]);
        assert!(!du(950, 10, true) && !du(950, 900, false));
        assert!(!Horaire { annulee_le: Some(1), ..horaire() }.is_rappel_due(950, 100, 10, false));
    }

    #[test]
    fn r_sea_08_09_who_came_is_noted_from_the_beginning_and_the_recording_published_after_the_end() {
        let trop_tot = Err(RuleViolation::SeanceAVenir);
        assert_eq!(horaire().check_presences(999), trop_tot);
        assert_eq!(horaire().check_presences(1_000), Ok(()));
        assert_eq!(horaire().check_enregistrement(1_999), trop_tot);
        assert_eq!(horaire().check_enregistrement(2_000), Ok(()));
        let annulee = Horaire { annulee_le: Some(1), ..horaire() };
        assert_eq!(
            (annulee.check_presences(3_000), annulee.check_enregistrement(3_000)),
            (trop_tot.clone(), trop_tot)
        );
    }

    #[test]
    fn r_sea_10_addresses_are_forgotten_after_a_while() {
        assert!(!is_to_forget(2_099, 2_000, 100));
        assert!(is_to_forget(2_100, 2_000, 100));
    }
}
