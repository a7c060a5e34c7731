//! One voeu on one day.

use crate::propositions::{Entree, SANS_LIMITE, Sortie, Statut, Voeux};

/// Where a voeu stands at the end of a day, and the numbers that say why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explication {
    /// Position of the voeu.
    pub voeu: u32,
    /// Its candidat.
    pub candidat: u32,
    /// Position of its groupe.
    pub groupe: u32,
    /// Was boarding asked with it?
    pub avec_internat: bool,
    /// Rang d'appel in the groupe (0: none).
    pub rang_appel: i32,
    /// The rang d'appel that the candidat is shown.
    pub rang_appel_affiche: i32,
    /// Where the voeu stands, and why. When [`Self::retenue`] is [`Retenue::NonPubliee`], what was computed.
    pub situation: Situation,
    /// Is what was computed for this groupe withheld?
    pub retenue: Retenue,
    /// The groupe, that day.
    pub etat_groupe: EtatGroupe,
    /// The internat, when the voeu depends on one that has a classement of its own.
    pub etat_internat: Option<EtatInternat>,
    /// The other voeux of the candidat that hold a place at the end of the day, in whatever groupe.
    pub autres_propositions: Vec<u32>,
}

/// Where a voeu stands at the end of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Situation {
    /// Proposed today.
    ProposeeCeJour {
        /// What allowed it.
        appel: Appel,
        /// The répondeur automatique has accepted it.
        acceptee: bool,
    },
    /// Proposed on an earlier day.
    ProposeeAvant(Reponse),
    /// Waiting.
    EnAttente(Attente),
    /// Given up by the platform, on the order that the candidat gave to their voeux.
    DemissionAutomatique {
        /// In the name of what.
        nature: Demission,
        /// What the voeu was.
        avant: Avant,
        /// The proposition of the day for which it was given up, when there is one.
        pour: Option<u32>,
    },
    /// Given up by the candidat.
    Abandonnee,
    /// Not ranked by the formation.
    NonClassee,
}

/// Why a proposition was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Appel {
    /// A place was free at this rank.
    Place,
    /// Everybody is called up to the rang limite.
    Bloc,
    /// The candidat already had a place in the groupe by another voeu: this one takes no place of the formation.
    FormationObtenue,
}

/// The answer to a proposition of an earlier day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reponse {
    /// None yet.
    Aucune,
    /// Accepted.
    Acceptee,
    /// Refused.
    Refusee,
}

/// In the name of what the platform gives a voeu up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Demission {
    /// The répondeur automatique.
    Repondeur,
    /// The order given to the voeux still waiting in summer, without répondeur.
    Ordre,
}

/// What a voeu given up was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Avant {
    /// It was waiting.
    Attente,
    /// It had been proposed the same day.
    PropositionDuJour,
    /// It had been proposed on an earlier day.
    PropositionAnterieure,
}

/// Is what was computed withheld by the check of the results?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retenue {
    /// No: it is published.
    Aucune,
    /// Yes: the groupe is set aside, nothing of it is published.
    NonPubliee,
    /// The groupe was closed for the day and the rest computed again without it.
    Fermee,
}

/// A voeu that waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attente {
    /// What keeps it waiting.
    pub cause: Cause,
    /// Rank displayed on the waiting list (0: none, as for voeux that depend on an internat).
    pub rang_attente: u32,
    /// The one of the day before (0: none).
    pub rang_attente_veille: i32,
    /// Candidats on the waiting list displayed.
    pub candidats_en_attente: u32,
    /// Other candidats with a better rang d'appel who still wait in the groupe.
    pub avant: u32,
    /// Those of them who would be called before this one if places became free. The others wait for boarding only:
    /// they already have the formation, or are beyond the bar of their internat.
    pub devant: u32,
    /// The candidat already has a place in the groupe by another voeu.
    pub formation_obtenue: bool,
    /// What would have made this voeu proposed; none when the groupe is closed for the day or set aside.
    pub manque: Option<Manque>,
}

/// What keeps a voeu waiting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// No proposition is made in the groupe that day, by decision.
    AdmissionsSuspendues,
    /// The same, by decision of who runs the day and not of the formation. [`explain`] reads no reason and never gives it:
    /// it is for whoever knows the reason to say it instead.
    GroupeRetenu,
    /// No proposition of the groupe is published that day: it was set aside.
    GroupeEcarte,
    /// All places are taken, or go to candidats before.
    PlusDePlace,
    /// The internat only: the formation would have had a place.
    Internat,
    /// Both.
    InternatEtPlace,
}

/// What would have made a waiting voeu proposed. Exactly: let the day be over (its propositions hold a place, what was
/// given up is gone) and the bars of internats be those computed, but that of its internat raised to `barre`. Calling
/// the groupe with `places` more than it has then proposes this voeu; with one less (when `places` is not 0), or under
/// the bar as it was (when `barre` is given), it does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Manque {
    /// Places to be freed or added in the groupe.
    pub places: u32,
    /// Candidats who would take the first of them.
    pub devant: u32,
    /// The bar of its internat should have reached this rank.
    pub barre: Option<i32>,
}

/// A groupe, on the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct EtatGroupe {
    /// Candidats to be called, overbooking included.
    pub places: i32,
    /// Candidats who held a place in the morning.
    pub occupees_avant: u32,
    /// Candidats who hold one at the end.
    pub occupees: u32,
    /// Candidats called today.
    pub appeles: u32,
    /// Candidats who held a place in the morning, or were called today, and hold none at the end: automatic answers and
    /// resignations freed their place the same day.
    pub liberees: u32,
    /// The highest rang d'appel called today.
    pub dernier_appele: Option<i32>,
    /// The highest rang d'appel called until the day before (0: nobody).
    pub dernier_appele_veille: i32,
    /// Everybody is called up to this rank (0: nobody).
    pub rang_limite: i32,
}

/// An internat, on the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EtatInternat {
    /// Its position.
    pub internat: u32,
    /// Rank of the candidat in its classement.
    pub rang: i32,
    /// Its places.
    pub capacite: i32,
    /// Candidats who had one in the morning.
    pub occupees_avant: u32,
    /// Candidats who have one at the end.
    pub occupees: u32,
    /// Nobody new was taken beyond this rank (none: no limit).
    pub barre: Option<i32>,
    /// The bar before places ran out: while boarding places are kept, the rank of the last candidat for whom one is
    /// (none: no limit).
    pub barre_maximale: Option<i32>,
    /// The candidat has a place in it at the end, by this voeu or another.
    pub obtenu: bool,
    /// Better-ranked candidats who still wait for it.
    pub avant: u32,
}

/// Explains a voeu on a day. None when the input has no such voeu, or the result is not that of this input.
#[must_use]
pub fn explain(entree: &Entree, sortie: &Sortie, voeu: u32) -> Option<Explication> {
    let jour = Jour::new(entree, sortie)?;
    let v = jour.ligne(voeu)?;
    let lignes: Vec<Ligne> = jour.lignes(&entree.voeux.groupe, v.groupe);
    let retenue = match sortie.groupes_ecartes.binary_search(&v.groupe) {
        Err(_) => Retenue::Aucune,
        Ok(_) if sortie.reparee => Retenue::Fermee,
        Ok(_) => Retenue::NonPubliee,
    };
    let etat_groupe = jour.etat_groupe(v.groupe, &lignes)?;
    let etat_internat =
        v.internat.and_then(|(internat, rang)| jour.etat_internat(internat, rang, v.candidat));
    let situation = match v.apres {
        Statut::EnAttente => {
            Situation::EnAttente(jour.attente(&v, &lignes, &etat_groupe, etat_internat, retenue))
        }
        Statut::PropositionDuJour | Statut::RaAcceptation => Situation::ProposeeCeJour {
            appel: appel(&v, &lignes, etat_groupe.rang_limite),
            acceptee: v.apres == Statut::RaAcceptation,
        },
        Statut::AnterieureSansReponse => Situation::ProposeeAvant(Reponse::Aucune),
        Statut::AnterieureAcceptee => Situation::ProposeeAvant(Reponse::Acceptee),
        Statut::AnterieureRefusee => Situation::ProposeeAvant(Reponse::Refusee),
        Statut::RaDemissionAttente | Statut::RaRefusProposition => jour.demission(&v, Demission::Repondeur),
        Statut::GddDemissionAttente | Statut::GddDemissionProposition => jour.demission(&v, Demission::Ordre),
        Statut::RefusOuDemission => Situation::Abandonnee,
        Statut::NonClasse => Situation::NonClassee,
    };
    let voeux = &entree.voeux;
    let position = voeu as usize;
    Some(Explication {
        voeu,
        candidat: v.candidat,
        groupe: v.groupe,
        avec_internat: voeux.etat[position].is_avec_internat(),
        rang_appel: v.rang,
        rang_appel_affiche: voeux.rang_appel_affiche.get(position).copied().unwrap_or(v.rang),
        situation,
        retenue,
        etat_groupe,
        etat_internat,
        autres_propositions: jour
            .lignes(&voeux.candidat, v.candidat)
            .iter()
            .filter(|ligne| ligne.voeu != voeu && ligne.apres.is_proposition())
            .map(|ligne| ligne.voeu)
            .collect(),
    })
}

/// A voeu, in the morning and at the end.
#[derive(Debug, Clone, Copy)]
struct Ligne {
    voeu: u32,
    candidat: u32,
    groupe: u32,
    rang: i32,
    avant: Statut,
    apres: Statut,
    /// Position of the internat with its own classement, and rank in it.
    internat: Option<(u32, i32)>,
}

impl Ligne {
    /// Called today, be the proposition kept or given up the same day?
    fn is_called(&self) -> bool {
        let called = self.apres.is_proposition_du_jour()
            || matches!(self.apres, Statut::RaRefusProposition | Statut::GddDemissionProposition);
        called && self.avant == Statut::EnAttente
    }
}

/// The input and the result, side by side.
struct Jour<'a> {
    entree: &'a Entree,
    sortie: &'a Sortie,
    /// (internat, candidat) of those who have a place in it at the end, sorted.
    heberges: Vec<(u32, u32)>,
}

impl<'a> Jour<'a> {
    fn new(entree: &'a Entree, sortie: &'a Sortie) -> Option<Self> {
        let Voeux { candidat, groupe, rang_appel, etat, .. } = &entree.voeux;
        let n = candidat.len();
        let columns = groupe.len() == n && rang_appel.len() == n && etat.len() == n;
        let same = sortie.rangs_attente.len() == n
            && sortie.groupes.len() == entree.groupes.len()
            && sortie.internats.len() == entree.internats.len();
        if !columns || !same {
            return None;
        }
        let mut jour = Self { entree, sortie, heberges: Vec::new() };
        let mut heberges: Vec<(u32, u32)> = jour
            .internes()
            .filter(|ligne| ligne.apres.is_proposition())
            .filter_map(|ligne| ligne.internat.map(|(internat, _)| (internat, ligne.candidat)))
            .collect();
        heberges.sort_unstable();
        heberges.dedup();
        jour.heberges = heberges;
        Some(jour)
    }

    fn ligne(&self, voeu: u32) -> Option<Ligne> {
        let v = &self.entree.voeux;
        let position = voeu as usize;
        let avant = v.etat.get(position)?.statut();
        let changed = |changements: &[crate::propositions::Changement]| {
            changements.binary_search_by_key(&voeu, |c| c.voeu).ok().map(|k| changements[k].statut)
        };
        let apres = changed(&self.sortie.changements)
            .or_else(|| changed(&self.sortie.changements_ecartes))
            .unwrap_or(avant);
        let internat = v
            .en_internat
            .binary_search_by_key(&voeu, |e| e.voeu)
            .ok()
            .map(|k| (v.en_internat[k].internat, v.en_internat[k].rang))
            .filter(|&(internat, _)| (internat as usize) < self.entree.internats.len());
        Some(Ligne {
            voeu,
            candidat: v.candidat[position],
            groupe: v.groupe[position],
            rang: v.rang_appel[position],
            avant,
            apres,
            internat,
        })
    }

    /// The voeux that have a value in a column (a groupe, a candidat), by rang d'appel.
    fn lignes(&self, colonne: &[u32], valeur: u32) -> Vec<Ligne> {
        let voeux = (0..).zip(colonne).filter(|(_, v)| **v == valeur);
        let mut lignes: Vec<Ligne> = voeux.filter_map(|(voeu, _)| self.ligne(voeu)).collect();
        lignes.sort_unstable_by_key(|ligne| (ligne.rang, ligne.candidat, ligne.voeu));
        lignes
    }

    /// The voeux that depend on an internat.
    fn internes(&self) -> impl Iterator<Item = Ligne> + '_ {
        let references = self.entree.voeux.en_internat.iter();
        references.filter_map(|e| self.ligne(e.voeu)).filter(|ligne| ligne.internat.is_some())
    }

    fn is_heberge(&self, internat: u32, candidat: u32) -> bool {
        self.heberges.binary_search(&(internat, candidat)).is_ok()
    }

    /// Is the voeu beyond the bar of its internat? `levee` raises one bar.
    fn is_beyond(&self, ligne: &Ligne, levee: Option<(u32, i32)>) -> bool {
        ligne.internat.is_some_and(|(internat, rang)| {
            let barre = self.sortie.internats[internat as usize].barre;
            let barre = match levee {
                Some((i, haut)) if i == internat => barre.max(haut),
                _ => barre,
            };
            rang > barre && !self.is_heberge(internat, ligne.candidat)
        })
    }

    fn etat_groupe(&self, groupe: u32, lignes: &[Ligne]) -> Option<EtatGroupe> {
        let g = self.entree.groupes.get(groupe as usize)?;
        let mut restent: Vec<u32> =
            lignes.iter().filter(|l| l.apres.is_proposition()).map(|l| l.candidat).collect();
        restent.sort_unstable();
        let left = |l: &Ligne| {
            (l.avant.is_proposition() || l.is_called()) && restent.binary_search(&l.candidat).is_err()
        };
        Some(EtatGroupe {
            places: g.places,
            occupees_avant: candidats(lignes, |l| l.avant.is_proposition()),
            occupees: candidats(lignes, |l| l.apres.is_proposition()),
            appeles: candidats(lignes, Ligne::is_called),
            liberees: candidats(lignes, left),
            dernier_appele: lignes.iter().filter(|l| l.is_called()).map(|l| l.rang).max(),
            dernier_appele_veille: g.rang_dernier_appele,
            rang_limite: g.rang_limite,
        })
    }

    fn etat_internat(&self, internat: u32, rang: i32, candidat: u32) -> Option<EtatInternat> {
        let limit = |barre: i32| Some(barre).filter(|&barre| barre != SANS_LIMITE);
        let affichage = self.sortie.internats.get(internat as usize)?;
        let lignes: Vec<Ligne> =
            self.internes().filter(|ligne| ligne.internat.is_some_and(|(i, _)| i == internat)).collect();
        Some(EtatInternat {
            internat,
            rang,
            capacite: self.entree.internats[internat as usize].capacite,
            occupees_avant: candidats(&lignes, |l| l.avant.is_proposition()),
            occupees: candidats(&lignes, |l| l.apres.is_proposition()),
            barre: limit(affichage.barre),
            barre_maximale: limit(affichage.barre_maximale),
            obtenu: self.is_heberge(internat, candidat),
            avant: candidats(&lignes, |l| {
                l.apres == Statut::EnAttente
                    && l.candidat != candidat
                    && l.internat.is_some_and(|(_, autre)| autre < rang)
                    && !self.is_heberge(internat, l.candidat)
            }),
        })
    }

    fn attente(
        &self,
        v: &Ligne,
        lignes: &[Ligne],
        groupe: &EtatGroupe,
        internat: Option<EtatInternat>,
        retenue: Retenue,
    ) -> Attente {
        let mut places: Vec<u32> =
            lignes.iter().filter(|l| l.apres.is_proposition()).map(|l| l.candidat).collect();
        places.sort_unstable();
        let holds = |candidat: u32| places.binary_search(&candidat).is_ok();
        let is_before =
            |l: &Ligne| l.apres == Statut::EnAttente && l.candidat != v.candidat && l.rang < v.rang;
        let devant =
            |levee| candidats(lignes, |l| is_before(l) && !self.is_beyond(l, levee) && !holds(l.candidat));
        let formation_obtenue = holds(v.candidat);
        let beyond = self.is_beyond(v, None);
        let levee = if beyond { v.internat } else { None };
        let manque = {
            let devant = devant(levee);
            let places = if formation_obtenue || v.rang <= groupe.rang_limite {
                0
            } else {
                let places = i64::from(groupe.occupees) - i64::from(groupe.places) + i64::from(devant) + 1;
                places.max(0) as u32
            };
            Manque { places, devant, barre: levee.map(|_| internat.map_or(0, |i| i.rang)) }
        };
        let cause = match retenue {
            _ if self.entree.groupes[v.groupe as usize].admissions_suspendues => Cause::AdmissionsSuspendues,
            Retenue::NonPubliee | Retenue::Fermee => Cause::GroupeEcarte,
            Retenue::Aucune if !beyond => Cause::PlusDePlace,
            Retenue::Aucune if manque.places == 0 => Cause::Internat,
            Retenue::Aucune => Cause::InternatEtPlace,
        };
        let position = v.voeu as usize;
        Attente {
            cause,
            rang_attente: self.sortie.rangs_attente[position],
            rang_attente_veille: self.entree.voeux.rang_attente_veille.get(position).copied().unwrap_or(0),
            candidats_en_attente: self.sortie.groupes[v.groupe as usize].candidats_en_attente,
            avant: candidats(lignes, is_before),
            devant: devant(None),
            formation_obtenue,
            manque: Some(manque)
                .filter(|_| !matches!(cause, Cause::AdmissionsSuspendues | Cause::GroupeEcarte)),
        }
    }

    fn demission(&self, v: &Ligne, nature: Demission) -> Situation {
        let attended = matches!(v.apres, Statut::RaDemissionAttente | Statut::GddDemissionAttente);
        let avant = if attended {
            Avant::Attente
        } else if matches!(v.avant, Statut::AnterieureSansReponse | Statut::AnterieureAcceptee) {
            Avant::PropositionAnterieure
        } else {
            Avant::PropositionDuJour
        };
        let preference =
            |voeu: u32| self.entree.voeux.rang_preference.get(voeu as usize).copied().unwrap_or(0);
        // The order of the voeux says nothing of what is not ordered; the répondeur looks at the main procedure only.
        let counts = |l: &Ligne| match nature {
            Demission::Ordre => preference(l.voeu) > 0,
            Demission::Repondeur => !self.entree.voeux.etat[l.voeu as usize].is_hors_pp(),
        };
        let pour = self
            .lignes(&self.entree.voeux.candidat, v.candidat)
            .iter()
            .filter(|l| l.apres.is_proposition_du_jour() && counts(l))
            .map(|l| l.voeu)
            .min_by_key(|&voeu| (preference(voeu), voeu));
        Situation::DemissionAutomatique { nature, avant, pour }
    }
}

/// What allowed a proposition of the day.
fn appel(v: &Ligne, lignes: &[Ligne], rang_limite: i32) -> Appel {
    if lignes.iter().any(|l| l.candidat == v.candidat && l.avant.is_proposition()) {
        Appel::FormationObtenue
    } else if v.rang <= rang_limite {
        Appel::Bloc
    } else {
        Appel::Place
    }
}

/// How many different candidats have such a voeu.
fn candidats(lignes: &[Ligne], keep: impl Fn(&Ligne) -> bool) -> u32 {
    let mut candidats: Vec<u32> = lignes.iter().filter(|l| keep(l)).map(|l| l.candidat).collect();
    candidats.sort_unstable();
    candidats.dedup();
    candidats.len() as u32
}
