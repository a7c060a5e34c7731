//! The courses of each establishment, for session 2024 and, where they existed, 2023.

use domain::formations::{Famille, StatutFormation};

use super::chiffres::{self, ChiffresSession, Cours, GroupePetit};
use super::etablissements::{EtablissementSimule, Nature, StatutJuridique, Tutelle};
use super::specialites::{self as sp, Specialite};
use crate::alea::Alea;

/// A course in the two sessions.
#[derive(Debug, Clone, PartialEq)]
pub struct FormationPetite {
    /// Position of the establishment.
    pub etablissement: usize,
    pub famille: Famille,
    pub statut: StatutFormation,
    pub selective: bool,
    /// « BTS - Services ».
    pub type_national: &'static str,
    /// « Comptabilité et gestion ».
    pub specialite: &'static str,
    /// What the establishment adds: a course of study, a site, a schedule.
    pub intitule_local: Option<&'static str>,
    pub ville: &'static str,
    pub departement: &'static str,
    pub latitude: f64,
    pub longitude: f64,
    /// Places kept for boarders; 0 without boarding.
    pub internat: u32,
    pub session_2023: Option<SessionPetite>,
    /// None: closed after 2023.
    pub session_2024: Option<SessionPetite>,
    /// Figures of session 2023, for courses that existed.
    pub chiffres_2023: Option<ChiffresSession>,
    /// Demand of 2024 at national scale: what the candidates of the small France are drawn from.
    pub(super) demande_2024: ChiffresSession,
}

/// Settings of one session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionPetite {
    pub capacite: u32,
    pub groupes: Vec<GroupePetit>,
    /// Tuition of a year, in cents.
    pub frais_centimes: u32,
}

impl FormationPetite {
    /// National label: type and speciality.
    pub fn libelle(&self) -> String {
        format!("{} - {}", self.type_national, self.specialite)
    }
}

const PARCOURS: &[&str] = &[
    "Parcours international",
    "Option internationale anglais",
    "Rentrée décalée possible",
    "Parcours renforcé",
    "Site du centre-ville",
    "Double cursus possible",
];

/// Draws the courses.
pub fn formations(graine: u64, etablissements: &[EtablissementSimule]) -> Vec<FormationPetite> {
    let mut liste = Vec::new();
    for (i, e) in etablissements.iter().enumerate() {
        let mut a = Atelier {
            alea: Alea::pour(graine, &[0x464f_524d, i as u64]),
            etablissement: i,
            e,
            liste: &mut liste,
        };
        match e.nature {
            Nature::Universite => a.universite(),
            Nature::Iut => a.iut(),
            Nature::Lycee => a.lycee(),
            Nature::Ifsi => a.ifsi(),
            Nature::EcoleIngenieurs => a.plusieurs(Famille::Ingenieur, sp::INGENIEURS, 2, (24, 90)),
            Nature::EcoleCommerce => a.plusieurs(Famille::Commerce, sp::COMMERCE, 2, (30, 120)),
            Nature::Efts => a.plusieurs(Famille::Efts, sp::SOCIALES, 3, (20, 50)),
            Nature::EcoleArt => a.plusieurs(Famille::Autre, sp::ARTS, 2, (15, 40)),
            Nature::Cfa => a.cfa(),
        }
    }
    liste
}

struct Atelier<'a> {
    alea: Alea,
    etablissement: usize,
    e: &'a EtablissementSimule,
    liste: &'a mut Vec<FormationPetite>,
}

impl Atelier<'_> {
    /// `combien` different specialities, the sought-after ones more often.
    fn tirer(&mut self, liste: &'static [Specialite], combien: usize) -> Vec<&'static Specialite> {
        let mut restent: Vec<&Specialite> = liste.iter().collect();
        let mut tirees = Vec::with_capacity(combien);
        while tirees.len() < combien && !restent.is_empty() {
            let poids: Vec<f64> = restent.iter().map(|s| s.2.sqrt()).collect();
            tirees.push(restent.remove(self.alea.selon(&poids)));
        }
        tirees
    }

    /// Overseas and Corsica: hardly anyone comes from elsewhere, so their courses must not ask for many people.
    fn eloigne(&self) -> bool {
        self.e.departement.len() == 3 || matches!(self.e.departement, "2A" | "2B")
    }

    fn universite(&mut self) {
        let combien = if self.eloigne() { 9 } else { 16 };
        for s in self.tirer(sp::LICENCES, combien) {
            let base = self.alea.entre(30, 160);
            self.ajouter(Famille::Licence, StatutFormation::Etudiant, s, base);
        }
        // Not every university has a faculty of health.
        if self.alea.chance(0.75) {
            let base = self.alea.entre(120, 300);
            self.plusieurs(Famille::Pass, sp::PASS, 1, (base, base));
            self.plusieurs(Famille::LicenceLas, sp::LAS, 3, (20, 60));
        }
        let n = self.alea.sous(3);
        self.plusieurs(Famille::Autre, sp::AUTRES_UNIVERSITE, n, (16, 40));
    }

    fn iut(&mut self) {
        for s in self.tirer(sp::BUT, 6) {
            let base = self.alea.entre(26, 90);
            self.ajouter(Famille::But, StatutFormation::Etudiant, s, base);
            if self.alea.chance(0.1) {
                self.ajouter(Famille::But, StatutFormation::Apprentissage, s, 14);
            }
        }
    }

    fn lycee(&mut self) {
        let agricole = self.e.tutelle == Tutelle::Agriculture;
        let n = 2 + self.alea.sous(4);
        for s in self.tirer(if agricole { sp::BTS_AGRICOLES } else { sp::BTS }, n) {
            let base = *self.alea.choix(&[12, 15, 18, 24, 24, 30, 35]);
            self.ajouter(Famille::Bts, StatutFormation::Etudiant, s, base);
            if self.alea.chance(0.1) {
                self.ajouter(Famille::Bts, StatutFormation::Apprentissage, s, 12);
            }
        }
        if !agricole && self.alea.chance(0.35) {
            let n = 2 + self.alea.sous(4);
            self.plusieurs(Famille::Cpge, sp::CPGE, n, (24, 48));
        }
        if !agricole && self.alea.chance(0.12) {
            self.plusieurs(Famille::Autre, sp::DN_MADE, 2, (12, 15));
        }
        if !agricole && self.alea.chance(0.12) {
            self.ajouter(Famille::Autre, StatutFormation::Etudiant, &sp::DCG, 24);
        }
        if self.alea.chance(0.2) {
            self.plusieurs(Famille::Autre, sp::MENTIONS, 1, (10, 15));
        }
    }

    fn ifsi(&mut self) {
        let base = self.alea.entre(40, 130);
        self.ajouter(Famille::Ifsi, StatutFormation::Etudiant, &sp::INFIRMIER, base);
        if self.alea.chance(0.4) {
            self.plusieurs(Famille::Ifsi, sp::PARAMEDICALES, 1, (18, 30));
        }
    }

    fn cfa(&mut self) {
        for s in self.tirer(sp::BTS, 6) {
            let base = self.alea.entre(10, 24);
            self.ajouter(Famille::Bts, StatutFormation::Apprentissage, s, base);
        }
        for s in self.tirer(sp::MENTIONS, 1) {
            self.ajouter(Famille::Autre, StatutFormation::Apprentissage, s, 12);
        }
    }

    fn plusieurs(
        &mut self,
        famille: Famille,
        liste: &'static [Specialite],
        combien: usize,
        places: (u32, u32),
    ) {
        for s in self.tirer(liste, combien) {
            let base = self.alea.entre(places.0, places.1);
            self.ajouter(famille, StatutFormation::Etudiant, s, base);
        }
    }

    /// Tuition of a year, in cents.
    fn frais(&mut self, famille: Famille, statut: StatutFormation) -> u32 {
        if statut == StatutFormation::Apprentissage {
            return 0;
        }
        let prive = self.e.statut != StatutJuridique::Public;
        let euros = match famille {
            Famille::Commerce => 100 * self.alea.entre(65, 125),
            Famille::Ingenieur if prive => 100 * self.alea.entre(60, 98),
            Famille::Ingenieur => 601,
            Famille::Efts => 10 * self.alea.entre(17, 60),
            _ if self.e.nature == Nature::EcoleArt => 10 * self.alea.entre(30, 80),
            _ if self.e.nature == Nature::Lycee && prive => 10 * self.alea.entre(60, 260),
            Famille::Bts | Famille::Cpge | Famille::Autre if self.e.nature == Nature::Lycee => 0,
            _ => 170,
        };
        100 * euros
    }

    fn ajouter(&mut self, famille: Famille, statut: StatutFormation, s: &Specialite, base: u32) {
        let selective = !matches!(famille, Famille::Licence | Famille::LicenceLas | Famille::Pass)
            || (famille == Famille::Licence && self.alea.chance(0.08));
        let internat = match (self.e.internat, famille) {
            (Some(i), Famille::Cpge) => (i.filles + i.garcons) / 4,
            (Some(i), Famille::Bts) if self.alea.chance(0.3) => (i.filles + i.garcons) / 8,
            _ => 0,
        };
        let taille = if self.e.nature == Nature::Lycee { 1.0 } else { self.e.taille };
        let capacite = entier(f64::from(base) * taille).max(8);
        // Between the sessions: 3 % of the courses are new, 2 % closed, a fifth changed their places.
        let tirage = self.alea.unite();
        let (ouverte_en_2023, ouverte_en_2024) = (tirage >= 0.03, tirage < 0.98);
        let change = self.alea.chance(0.2);
        let avant = if change {
            entier(f64::from(capacite) * (0.8 + 0.4 * self.alea.unite())).max(8)
        } else {
            capacite
        };
        let frais = self.frais(famille, statut);
        // Fees set by schools rise; those set by law do not.
        let frais_avant = if frais > 70_000 { frais / 10_000 * 9_700 } else { frais };
        let session = |capacite: u32, frais_centimes: u32, alea: &mut Alea| SessionPetite {
            capacite,
            groupes: chiffres::groupes(famille, capacite, alea),
            frais_centimes,
        };
        // The same draw for both sessions: the shares of a course's groups do not change by chance.
        let session_2023 = session(avant, frais_avant, &mut self.alea.clone());
        let session_2024 = session(capacite, frais, &mut self.alea);
        let libelle = format!("{} - {}", s.0, s.1);
        let eloigne = self.eloigne();
        let cours = |x: &SessionPetite, alea: &mut Alea| {
            let cours = Cours {
                famille,
                statut,
                libelle: &libelle,
                selective,
                attrait: s.2 * if eloigne { 0.3 } else { 1.0 },
                internat,
                capacite: x.capacite,
                groupes: &x.groupes,
            };
            chiffres::session(&cours, alea)
        };
        let chiffres_2023 = cours(&session_2023, &mut self.alea.clone());
        let demande_2024 = cours(&session_2024, &mut self.alea);
        let intitule_local = (statut == StatutFormation::Etudiant && self.alea.chance(0.12))
            .then(|| *self.alea.choix(PARCOURS));
        self.liste.push(FormationPetite {
            etablissement: self.etablissement,
            famille,
            statut,
            selective,
            type_national: s.0,
            specialite: s.1,
            intitule_local,
            ville: self.e.commune,
            departement: self.e.departement,
            latitude: self.e.latitude,
            longitude: self.e.longitude,
            internat,
            session_2023: ouverte_en_2023.then_some(session_2023),
            session_2024: ouverte_en_2024.then_some(session_2024),
            chiffres_2023: ouverte_en_2023.then_some(chiffres_2023),
            demande_2024,
        });
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "counts: positive and far below 2^32"
)]
fn entier(x: f64) -> u32 {
    x.round().max(0.0) as u32
}
