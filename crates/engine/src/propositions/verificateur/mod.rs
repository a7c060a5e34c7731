//! The independent verifier: restates from the input and the result alone what must be true of a day, in the words
//! of the published properties. It shares only the types with the computation: no table, no pass, no set.
//!
//! Groupes and internats set aside are out of its sight, and so are the candidats who have a voeu there: their answers
//! may miss one half.

mod barres;
mod candidats;
mod groupes;
mod internats;

use std::fmt;

use super::{Entree, Lieu, Sortie, Statut, VoeuInternat};

/// What a verified day must respect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Regle {
    /// The result has the form announced: positions in range, lists sorted, nothing of a groupe set aside.
    Forme,
    /// A statut may change only as the rules say, and only for those concerned.
    Transition,
    /// Nobody is overtaken in the call order.
    P1,
    /// Nobody is overtaken in the call order and in the internat at once.
    P2,
    /// Nobody is overtaken in an internat.
    P3,
    /// Places: none beyond, none left empty while somebody waits.
    P4,
    /// Capacity of an internat.
    P5,
    /// A bar below its maximum cannot be higher.
    P6,
    /// Everybody up to the rang limite is called.
    Bloc,
    /// Without automatic answers, whoever is beyond the bar of an internat does not enter it.
    Barre,
    /// Automatic answers.
    P7,
    /// Resignations of ordered voeux.
    P8,
    /// Waiting ranks and their number.
    RangAttente,
    /// Last one called displayed.
    DernierAppele,
}

/// A rule broken, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Violation {
    /// The rule.
    pub regle: Regle,
    /// The place.
    pub lieu: Lieu,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let texte = match self.regle {
            Regle::Forme => "la sortie n’a pas la forme attendue",
            Regle::Transition => "le changement de statut n’est pas permis",
            Regle::P1 => "un candidat est doublé dans l’ordre d’appel (P1)",
            Regle::P2 => "un candidat est doublé dans l’ordre d’appel et à l’internat (P2)",
            Regle::P3 => "un candidat est doublé à l’internat (P3)",
            Regle::P4 => "les places ne sont pas respectées : trop de propositions, ou place vide (P4)",
            Regle::P5 => "la capacité de l’internat est dépassée (P5)",
            Regle::P6 => "la barre de l’internat pourrait être plus haute (P6)",
            Regle::Bloc => "un candidat sous le rang limite n’est pas appelé",
            Regle::Barre => "un candidat au-delà de la barre entre à l’internat",
            Regle::P7 => "la réponse automatique n’est pas conforme (P7)",
            Regle::P8 => "la démission d’un vœu ordonné n’est pas conforme (P8)",
            Regle::RangAttente => "les rangs sur liste d’attente ne sont pas conformes",
            Regle::DernierAppele => "le rang du dernier appelé affiché n’est pas conforme",
        };
        match self.lieu {
            Lieu::Groupe(p) => write!(f, "groupe à la position {p} : {texte}"),
            Lieu::Internat(p) => write!(f, "internat à la position {p} : {texte}"),
            Lieu::Voeu(p) => write!(f, "vœu à la position {p} : {texte}"),
            Lieu::Candidat(p) => write!(f, "candidat à la position {p} : {texte}"),
            Lieu::Parametres | Lieu::Colonnes => write!(f, "sortie : {texte}"),
        }
    }
}

/// A day under examination.
struct Examen<'a> {
    entree: &'a Entree,
    sortie: &'a Sortie,
    /// Statut of each voeu once the published changes are applied.
    finals: Vec<Statut>,
    groupe_ecarte: Vec<bool>,
    /// No proposition is made there today: suspended, or closed by the repair.
    ferme: Vec<bool>,
    /// Position in `en_internat` of each voeu with a reference, or `u32::MAX`. Empty without boarding.
    reference: Vec<u32>,
    /// The boarding parts by candidat: (candidat, position in `en_internat`).
    par_interne: Vec<(u32, u32)>,
    par_groupe: ParGroupe,
    repondeur: Vec<bool>,
    /// Nothing is withheld: the statuts at the end are those of the whole day.
    whole: bool,
    /// One pass was made: nobody gave a place back, so the bars published are those of the whole day.
    one_pass: bool,
    violations: Vec<Violation>,
}

/// The voeux of each groupe, in the order of the input.
struct ParGroupe {
    debut: Vec<u32>,
    voeux: Vec<u32>,
}

impl ParGroupe {
    /// By counting.
    fn new(entree: &Entree) -> Self {
        let mut debut = vec![0_u32; entree.groupes.len() + 1];
        for &g in &entree.voeux.groupe {
            debut[g as usize + 1] += 1;
        }
        for g in 0..entree.groupes.len() {
            debut[g + 1] += debut[g];
        }
        let mut curseurs = debut.clone();
        let mut voeux = vec![0_u32; entree.voeux.len()];
        for (voeu, &g) in (0..).zip(&entree.voeux.groupe) {
            voeux[curseurs[g as usize] as usize] = voeu;
            curseurs[g as usize] += 1;
        }
        Self { debut, voeux }
    }

    fn of(&self, g: usize) -> &[u32] {
        &self.voeux[self.debut[g] as usize..self.debut[g + 1] as usize]
    }
}

/// Everything that the result breaks (nothing: the day may be published).
///
/// `entree` is what was given to [`super::compute`], and was accepted by it.
#[must_use]
pub fn verify(entree: &Entree, sortie: &Sortie) -> Vec<Violation> {
    let n = entree.voeux.len();
    let voeux = &entree.voeux;
    let known = voeux.groupe.iter().all(|&g| (g as usize) < entree.groupes.len())
        && voeux.candidat.iter().chain(&entree.repondeurs).all(|&c| c < entree.nombre_candidats)
        && voeux.en_internat.iter().all(|v| {
            (v.voeu as usize) < n
                && (v.internat == VoeuInternat::SANS_REFERENCE
                    || (v.internat as usize) < entree.internats.len())
        })
        && [voeux.groupe.len(), voeux.rang_appel.len(), voeux.etat.len()] == [n; 3];
    let sizes = known
        && sortie.rangs_attente.len() == n
        && sortie.groupes.len() == entree.groupes.len()
        && sortie.internats.len() == entree.internats.len()
        && sortie.groupes_ecartes.iter().all(|&g| (g as usize) < entree.groupes.len())
        && sortie.changements.iter().all(|c| (c.voeu as usize) < n)
        && sortie.changements.is_sorted_by(|a, b| a.voeu < b.voeu);
    if !sizes {
        return vec![Violation { regle: Regle::Forme, lieu: Lieu::Colonnes }];
    }
    let mut examen = Examen::new(entree, sortie);
    examen.check_changements();
    examen.check_groupes();
    examen.check_internats();
    examen.check_candidats();
    examen.violations
}

impl<'a> Examen<'a> {
    fn new(entree: &'a Entree, sortie: &'a Sortie) -> Self {
        let mut finals: Vec<Statut> = entree.voeux.etat.iter().map(|etat| etat.statut()).collect();
        for c in &sortie.changements {
            finals[c.voeu as usize] = c.statut;
        }
        let mut groupe_ecarte = vec![false; entree.groupes.len()];
        for &g in &sortie.groupes_ecartes {
            // With nothing withheld, the groupes were closed before the computation: they are like any other.
            groupe_ecarte[g as usize] = !sortie.reparee;
        }
        let mut ferme: Vec<bool> = entree.groupes.iter().map(|g| g.admissions_suspendues).collect();
        for &g in sortie.groupes_ecartes.iter().filter(|_| sortie.reparee) {
            ferme[g as usize] = true;
        }
        let mut reference = Vec::new();
        if !entree.internats.is_empty() {
            reference = vec![u32::MAX; entree.voeux.len()];
            for (k, v) in (0..).zip(&entree.voeux.en_internat) {
                if v.internat != VoeuInternat::SANS_REFERENCE {
                    reference[v.voeu as usize] = k;
                }
            }
        }
        let mut par_interne: Vec<(u32, u32)> = (0..)
            .zip(&entree.voeux.en_internat)
            .filter(|(_, v)| v.internat != VoeuInternat::SANS_REFERENCE)
            .map(|(k, v)| (entree.voeux.candidat[v.voeu as usize], k))
            .collect();
        par_interne.sort_unstable();
        let mut repondeur = vec![false; entree.nombre_candidats as usize];
        for &c in &entree.repondeurs {
            repondeur[c as usize] = true;
        }
        // What is withheld may hide a second pass.
        let whole = !sortie.alerte || sortie.reparee;
        let one_pass = whole
            && !finals
                .iter()
                .zip(&entree.voeux.etat)
                .any(|(statut, etat)| gives_back(*statut) && *statut != etat.statut());
        Self {
            entree,
            sortie,
            finals,
            groupe_ecarte,
            ferme,
            reference,
            par_interne,
            par_groupe: ParGroupe::new(entree),
            repondeur,
            whole,
            one_pass,
            violations: Vec::new(),
        }
    }

    fn report(&mut self, regle: Regle, lieu: Lieu) {
        self.violations.push(Violation { regle, lieu });
    }

    /// The boarding part of a voeu.
    fn internat(&self, voeu: usize) -> Option<&VoeuInternat> {
        let k = *self.reference.get(voeu)?;
        self.entree.voeux.en_internat.get(k as usize)
    }

    /// Had the candidat of this voeu, in this voeu, a place before today, kept until the end?
    fn is_place_gardee(&self, voeu: usize) -> bool {
        matches!(self.finals[voeu], Statut::AnterieureSansReponse | Statut::AnterieureAcceptee)
    }

    /// Each change is one that the rules allow to this voeu today.
    fn check_changements(&mut self) {
        let p = &self.entree.parametres;
        let voeux = &self.entree.voeux;
        for c in &self.sortie.changements {
            let v = c.voeu as usize;
            let groupe = voeux.groupe[v] as usize;
            let actif = self.repondeur[voeux.candidat[v] as usize];
            let before = voeux.etat[v].statut();
            let waited = before == Statut::EnAttente;
            let ordonne = voeux.rang_preference.get(v).is_some_and(|&rang| rang > 0);
            let suspendu = self.ferme[groupe];
            let gdd = p.jour >= p.jour_debut_gdd && !actif && ordonne;
            let legal = match c.statut {
                Statut::PropositionDuJour => waited && !suspendu && !(actif && ordonne),
                Statut::RaAcceptation => waited && !suspendu && actif && ordonne,
                Statut::RaDemissionAttente => waited && actif && ordonne,
                Statut::RaRefusProposition => {
                    actif
                        && (waited
                            || matches!(
                                before,
                                Statut::AnterieureSansReponse
                                    | Statut::AnterieureAcceptee
                                    | Statut::PropositionDuJour
                                    | Statut::RaAcceptation
                            ))
                }
                Statut::GddDemissionAttente => waited && gdd,
                Statut::GddDemissionProposition => {
                    gdd && matches!(
                        before,
                        Statut::EnAttente
                            | Statut::AnterieureSansReponse
                            | Statut::PropositionDuJour
                            | Statut::RaAcceptation
                    )
                }
                _ => false,
            };
            let hidden = self.groupe_ecarte[groupe];
            if !legal || hidden || voeux.etat[v].is_hors_pp() {
                let regle = if hidden { Regle::Forme } else { Regle::Transition };
                self.violations.push(Violation { regle, lieu: Lieu::Voeu(c.voeu) });
            }
        }
    }
}

/// Statuts of a place given back today.
fn gives_back(statut: Statut) -> bool {
    matches!(statut, Statut::RaRefusProposition | Statut::GddDemissionProposition)
}
