//! Explanations, recomputed by the reference: every number that a person is told is counted again from what the second
//! implementation finds, and what is said to be missing is tried on it.

use std::collections::BTreeSet;

use engine::explication::{
    Appel, Attente, Avant, Cause, Demission, Effet, EtatGroupe, EtatInternat, Explication, ExplicationOrdre,
    Manque, Reponse, Retenue, Situation,
};
use engine::ordre_appel::GroupeClassement;
use engine::propositions::{Entree, Options};
use reference::ordre_appel::{Classement, call_order};
use reference::propositions::{self as juge, Statut};

use super::{input, ranking};

/// More than anybody could wait for.
const FOULE: i32 = 1_000_000;

/// A day computed by the reference alone, against which its explanations are judged.
#[derive(Debug)]
pub struct JourJuge {
    /// Wishes by number.
    matin: juge::Entree,
    soir: juge::Sortie,
}

impl JourJuge {
    /// # Errors
    /// The code of the reference, when it refuses the day.
    pub fn new(entree: &Entree, options: &Options) -> Result<Self, &'static str> {
        let matin = input(entree);
        let soir = if options.reparation {
            juge::compute_repaired(matin.clone())?
        } else {
            juge::compute(matin.clone())?
        };
        Ok(Self { matin, soir })
    }

    /// The first number of an explanation that the reference does not find, in French; `None`: it finds them all.
    #[must_use]
    pub fn judge(&self, e: &Explication) -> Option<String> {
        let Some(v) = self.matin.voeux.get(e.voeu as usize) else { return Some("vœu inconnu".to_owned()) };
        let dit = (e.candidat, e.groupe, e.avec_internat, e.rang_appel, e.rang_appel_affiche);
        let lu = (v.candidat, v.groupe, v.avec_internat, v.rang_appel, v.rang_appel_affiche);
        different("le vœu", &dit, &lu)
            .or_else(|| different("les places", &e.etat_groupe, &self.groupe(v.groupe)))
            .or_else(|| different("l’internat", &e.etat_internat, &self.internat(v, e.etat_internat)))
            .or_else(|| {
                let mut autres = e.autres_propositions.clone();
                autres.sort_unstable();
                different("les autres propositions", &autres, &self.others(v))
            })
            .or_else(|| {
                let ecarte = self.soir.groupes_ecartes.contains(&(v.groupe as usize));
                different("ce qui est retenu", &(e.retenue != Retenue::Aucune), &ecarte)
            })
            .or_else(|| self.situation(e, v))
    }

    fn after(&self, v: &juge::Voeu) -> Statut {
        self.soir.statuts[v.numero as usize]
    }

    /// Called that day, be the proposition kept or given up the same day.
    fn is_called(&self, v: &juge::Voeu) -> bool {
        v.statut.attend()
            && (self.after(v).du_jour()
                || matches!(self.after(v), Statut::RaRefusProposition | Statut::GddDemissionProposition))
    }

    /// Candidates, each once, whose wishes are kept.
    fn who(&self, keep: impl Fn(&juge::Voeu) -> bool) -> BTreeSet<u32> {
        self.matin.voeux.iter().filter(|v| keep(v)).map(|v| v.candidat).collect()
    }

    fn groupe(&self, g: u32) -> EtatGroupe {
        let groupe = &self.matin.groupes[g as usize];
        let of = |v: &juge::Voeu| v.groupe == g;
        let occupees = self.who(|v| of(v) && self.after(v).occupe());
        let eus = self.who(|v| of(v) && (v.statut.occupe() || self.is_called(v)));
        let appeles = self.matin.voeux.iter().filter(|v| of(v) && self.is_called(v));
        EtatGroupe {
            places: groupe.places,
            occupees_avant: nombre(&self.who(|v| of(v) && v.statut.occupe())),
            occupees: nombre(&occupees),
            appeles: nombre(&self.who(|v| of(v) && self.is_called(v))),
            liberees: eus.difference(&occupees).count() as u32,
            dernier_appele: appeles.map(|v| v.rang_appel).max(),
            dernier_appele_veille: groupe.rang_dernier_appele,
            rang_limite: groupe.rang_limite,
        }
    }

    /// Those who have a bed at the end.
    fn housed(&self, internat: u32) -> BTreeSet<u32> {
        self.who(|v| v.internat == Some(internat) && self.after(v).occupe())
    }

    /// Of a boarding set aside the reference shows no bar: those of `dit` are taken.
    fn internat(&self, v: &juge::Voeu, dit: Option<EtatInternat>) -> Option<EtatInternat> {
        let internat = v.internat?;
        let of = |autre: &juge::Voeu| autre.internat == Some(internat);
        let limite = |barre: i32| Some(barre).filter(|barre| *barre != juge::INFINI);
        let loges = self.housed(internat);
        let mut avant = self
            .who(|autre| of(autre) && self.after(autre).attend() && autre.rang_internat < v.rang_internat);
        avant.remove(&v.candidat);
        let affiche = self.soir.internats[internat as usize].as_ref();
        Some(EtatInternat {
            internat,
            rang: v.rang_internat,
            capacite: self.matin.internats[internat as usize].capacite,
            occupees_avant: nombre(&self.who(|autre| of(autre) && autre.statut.occupe())),
            occupees: nombre(&loges),
            barre: affiche.map_or(dit.and_then(|d| d.barre), |a| limite(a.barre)),
            barre_maximale: affiche.map_or(dit.and_then(|d| d.barre_maximale), |a| limite(a.barre_maximale)),
            obtenu: loges.contains(&v.candidat),
            avant: avant.difference(&loges).count() as u32,
        })
    }

    fn others(&self, v: &juge::Voeu) -> Vec<u32> {
        let siens = self.matin.voeux.iter().filter(|a| a.candidat == v.candidat && a.numero != v.numero);
        siens.filter(|a| self.after(a).occupe()).map(|a| a.numero).collect()
    }

    fn situation(&self, e: &Explication, v: &juge::Voeu) -> Option<String> {
        let juste = match self.after(v) {
            Statut::EnAttente => {
                let Situation::EnAttente(attente) = &e.situation else {
                    return Some("la référence dit qu’il attend".to_owned());
                };
                return self.waiting(attente, v);
            }
            Statut::PropositionDuJour | Statut::RaAcceptation => Situation::ProposeeCeJour {
                appel: self.call_reason(v),
                acceptee: self.after(v) == Statut::RaAcceptation,
            },
            Statut::PropositionAnterieureSansReponse => Situation::ProposeeAvant(Reponse::Aucune),
            Statut::PropositionAnterieureAcceptee => Situation::ProposeeAvant(Reponse::Acceptee),
            Statut::PropositionAnterieureRefusee => Situation::ProposeeAvant(Reponse::Refusee),
            Statut::RefusOuDemission => Situation::Abandonnee,
            Statut::NonClasse => Situation::NonClassee,
            Statut::RaDemissionAttente
            | Statut::RaRefusProposition
            | Statut::GddDemissionAttente
            | Statut::GddDemissionProposition => self.given_up(v),
        };
        different("la situation", &e.situation, &juste)
    }

    fn call_reason(&self, v: &juge::Voeu) -> Appel {
        let tenait = self.who(|a| a.groupe == v.groupe && a.statut.occupe()).contains(&v.candidat);
        if tenait {
            Appel::FormationObtenue
        } else if v.rang_appel <= self.matin.groupes[v.groupe as usize].rang_limite {
            Appel::Bloc
        } else {
            Appel::Place
        }
    }

    fn given_up(&self, v: &juge::Voeu) -> Situation {
        let apres = self.after(v);
        let nature = if apres.quitte_par_repondeur() { Demission::Repondeur } else { Demission::Ordre };
        let avant = match apres {
            Statut::RaDemissionAttente | Statut::GddDemissionAttente => Avant::Attente,
            _ if v.statut.tenue() => Avant::PropositionAnterieure,
            _ => Avant::PropositionDuJour,
        };
        let compte = |a: &&juge::Voeu| match nature {
            Demission::Ordre => a.rang_preference > 0,
            Demission::Repondeur => !a.hors_pp,
        };
        let du_jour = |a: &&juge::Voeu| a.candidat == v.candidat && self.after(a).du_jour();
        let mieux = self.matin.voeux.iter().filter(du_jour).filter(compte);
        let pour = mieux.min_by_key(|a| (a.rang_preference, a.numero)).map(|a| a.numero);
        Situation::DemissionAutomatique { nature, avant, pour }
    }

    fn waiting(&self, dite: &Attente, v: &juge::Voeu) -> Option<String> {
        let g = v.groupe as usize;
        let of = |a: &juge::Voeu| a.groupe == v.groupe;
        let mut avant = self.who(|a| of(a) && self.after(a).attend() && a.rang_appel < v.rang_appel);
        avant.remove(&v.candidat);
        let obtenue = self.who(|a| of(a) && self.after(a).occupe()).contains(&v.candidat);
        let rang = u32::try_from(self.soir.rangs_attente[v.numero as usize]).unwrap_or(0);
        // A group set aside shows nothing of its list.
        let en_attente = self.soir.groupes[g]
            .as_ref()
            .map_or(dite.candidats_en_attente, |a| u32::try_from(a.candidats_en_attente).unwrap_or(0));
        let dit = (
            dite.rang_attente,
            dite.rang_attente_veille,
            dite.candidats_en_attente,
            dite.avant,
            dite.formation_obtenue,
        );
        let juste = (rang, v.rang_attente_veille, en_attente, nombre(&avant), obtenue);
        different("l’attente", &dit, &juste).or_else(|| self.missing(dite, v))
    }

    /// What is missing, tried: the places and the bar said propose the wish, a place less or the bar as it was do not.
    fn missing(&self, dite: &Attente, v: &juge::Voeu) -> Option<String> {
        // Of a boarding set aside, the reference gives no bar.
        let barres: Vec<i32> =
            self.soir.internats.iter().map(|i| i.as_ref().map(|i| i.barre)).collect::<Option<_>>()?;
        let bloque = self.is_beyond(v, &barres);
        let suspendu = self.matin.groupes[v.groupe as usize].admissions_suspendues;
        let ecarte = self.soir.groupes_ecartes.contains(&(v.groupe as usize));
        let devant = |barres: &[i32]| {
            let appeles = self.call(v.groupe, FOULE, barres)?;
            let tient = self.who(|a| a.groupe == v.groupe && self.after(a).occupe());
            let devant = |n: &&u32| {
                let a = &self.matin.voeux[**n as usize];
                a.rang_appel < v.rang_appel && a.candidat != v.candidat && !tient.contains(&a.candidat)
            };
            let devant = appeles.iter().filter(devant).map(|n| self.matin.voeux[*n as usize].candidat);
            Ok(nombre(&devant.collect()))
        };
        let lit = |r: Result<u32, juge::Refus>| r.unwrap_or(u32::MAX);
        if let Some(ecart) = different("ceux qui seraient appelés avant", &dite.devant, &lit(devant(&barres)))
        {
            return Some(ecart);
        }
        let Some(manque) = &dite.manque else {
            return different(
                "ce qui manque",
                &"rien de dit",
                &if suspendu || ecarte { "rien de dit" } else { "un manque" },
            );
        };
        let mut hautes = barres.clone();
        if let (Some(barre), Some(i)) = (manque.barre, v.internat) {
            hautes[i as usize] = hautes[i as usize].max(barre);
        }
        let cause = match (suspendu, ecarte, bloque, manque.places) {
            (true, ..) => Cause::AdmissionsSuspendues,
            (_, true, ..) => Cause::GroupeEcarte,
            (_, _, false, _) => Cause::PlusDePlace,
            (_, _, true, 0) => Cause::Internat,
            (_, _, true, _) => Cause::InternatEtPlace,
        };
        different("la cause", &dite.cause, &cause)
            .or_else(|| different("ceux qui prendraient les places", &manque.devant, &lit(devant(&hautes))))
            .or_else(|| {
                let barre = bloque.then_some(v.rang_internat);
                different("la barre qu’il aurait fallu", &manque.barre, &barre)
            })
            .or_else(|| self.try_out(manque, v, &barres, &hautes))
    }

    fn try_out(&self, manque: &Manque, v: &juge::Voeu, barres: &[i32], hautes: &[i32]) -> Option<String> {
        let plus = i32::try_from(manque.places).unwrap_or(FOULE);
        let propose = |plus: i32, barres: &[i32]| {
            self.call(v.groupe, plus, barres).is_ok_and(|p| p.contains(&v.numero))
        };
        if !propose(plus, hautes) {
            return Some(format!("avec {plus} places de plus, la référence ne le propose pas"));
        }
        if plus > 0 && propose(plus - 1, hautes) {
            return Some(format!("avec {} places de plus, la référence le propose déjà", plus - 1));
        }
        (manque.barre.is_some() && propose(FOULE, barres))
            .then(|| "la référence le propose sans que la barre de l’internat monte".to_owned())
    }

    /// Beyond the bar of its boarding, and no bed there.
    fn is_beyond(&self, v: &juge::Voeu, barres: &[i32]) -> bool {
        v.internat
            .is_some_and(|i| v.rang_internat > barres[i as usize] && !self.housed(i).contains(&v.candidat))
    }

    /// The wishes that one group proposes once the day is over, with so many places more and under these bars: the others are gone,
    /// those beyond a bar too, and the reference computes the day that is left.
    fn call(&self, g: u32, plus: i32, barres: &[i32]) -> Result<BTreeSet<u32>, juge::Refus> {
        let mut groupes = self.matin.groupes.clone();
        let groupe = &mut groupes[g as usize];
        groupe.places = groupe.places.saturating_add(plus);
        groupe.admissions_suspendues = false;
        let mut voeux = Vec::new();
        let mut numeros = Vec::new();
        for v in self.matin.voeux.iter().filter(|v| v.groupe == g) {
            let statut = match self.after(v) {
                Statut::PropositionDuJour => Statut::PropositionAnterieureSansReponse,
                Statut::RaAcceptation => Statut::PropositionAnterieureAcceptee,
                s if s.tenue() || s.attend() => s,
                _ => continue,
            };
            if statut.attend() && self.is_beyond(v, barres) {
                continue;
            }
            numeros.push(v.numero);
            voeux.push(juge::Voeu {
                numero: voeux.len() as u32,
                avec_internat: v.avec_internat || v.internat.is_some(),
                internat: None,
                rang_internat: 0,
                rang_preference: 0,
                rang_attente_veille: 0,
                statut,
                ..v.clone()
            });
        }
        let attendaient: Vec<bool> = voeux.iter().map(|v| v.statut.attend()).collect();
        let sortie = juge::compute(juge::Entree {
            parametres: juge::Parametres {
                jour_debut_gdd: i32::MAX,
                jour_fin_ordonnancement_gdd: i32::MAX,
                ..self.matin.parametres
            },
            groupes,
            internats: Vec::new(),
            voeux,
            repondeurs: vec![false; self.matin.repondeurs.len()],
        })?;
        let proposes = sortie.statuts.iter().zip(attendaient).zip(numeros);
        Ok(proposes.filter(|((s, attendait), _)| *attendait && s.du_jour()).map(|(_, n)| n).collect())
    }
}

fn nombre(candidats: &BTreeSet<u32>) -> u32 {
    candidats.len() as u32
}

fn different<T: PartialEq + std::fmt::Debug>(quoi: &str, dit: &T, juste: &T) -> Option<String> {
    (dit != juste).then(|| format!("{quoi} : {dit:?}, {juste:?} selon la référence"))
}

/// The first number of the explanation of a rang d'appel that the reference does not find, in French; `None`: it finds them all.
#[must_use]
pub fn judge_order_explanation(
    groupe: &GroupeClassement,
    position: u32,
    e: &ExplicationOrdre,
) -> Option<String> {
    let classement = ranking(groupe);
    let Some(lui) = classement.classes.get(position as usize).copied() else {
        return Some("candidat inconnu".to_owned());
    };
    let compte = |keep: &dyn Fn(&reference::ordre_appel::Classe) -> bool| {
        classement.classes.iter().filter(|c| keep(c)).count() as u32
    };
    let dit = (e.classes, e.boursiers, e.residents, e.place, i64::from(e.rang));
    let juste = (
        classement.classes.len() as u32,
        compte(&|c| c.boursier),
        compte(&|c| c.resident),
        1 + compte(&|c| c.rang < lui.rang),
        lui.rang,
    );
    let taux = (classement.taux_min_boursiers, classement.taux_min_residents);
    different("le classement", &dit, &juste)
        .or_else(|| {
            let dits = (i64::from(e.taux_min_boursiers), i64::from(e.taux_min_residents));
            different("les taux", &dits, &taux)
        })
        .or_else(|| {
            [(taux.0, taux.1, e.effet), (taux.0, 0, e.boursiers_seuls), (0, taux.1, e.residents_seuls)]
                .into_iter()
                .find_map(|(b, r, dit)| match effect(&classement, b, r, lui.candidat) {
                    Ok(juste) => different("l’effet des taux", &dit, &juste),
                    Err(code) => Some(format!("la référence refuse le groupe : {code}")),
                })
        })
        .or_else(|| {
            let trop = e.garantie.rang_appel_maximal.is_some_and(|borne| e.effet.rang_appel > borne);
            trop.then(|| "le rang d’appel dépasse ce qui est garanti".to_owned())
        })
}

/// What these rates do to a candidate, by the order of the reference.
fn effect(c: &Classement, taux_b: i64, taux_r: i64, candidat: i64) -> Result<Effet, &'static str> {
    let essai = Classement { taux_min_boursiers: taux_b, taux_min_residents: taux_r, ..c.clone() };
    let ordre = call_order(&essai)?;
    let classe = |candidat: &i64| c.classes.iter().find(|k| k.candidat == *candidat).copied();
    let place = ordre.iter().position(|k| *k == candidat).unwrap_or_default();
    let rang = classe(&candidat).map_or(0, |k| k.rang);
    let avant = || ordre[..place].iter().filter_map(classe).filter(|k| k.rang > rang);
    Ok(Effet {
        rang_appel: place as u32 + 1,
        gagnees: ordre[place..].iter().filter_map(classe).filter(|k| k.rang < rang).count() as u32,
        perdues: avant().count() as u32,
        perdues_boursiers: avant().filter(|k| k.boursier).count() as u32,
        perdues_residents: avant().filter(|k| k.resident).count() as u32,
    })
}

#[cfg(test)]
mod tests {
    use engine::explication::{explain, explain_ordre};
    use engine::ordre_appel::Profil;
    use engine::propositions::compute_with;

    use super::super::tests::{REPAREE, jour};
    use super::*;

    #[test]
    fn r_adm_15_an_explanation_that_the_reference_does_not_find_is_told() {
        let entree = jour();
        let sortie = compute_with(&entree, &REPAREE).unwrap();
        let jour_juge = JourJuge::new(&entree, &REPAREE).unwrap();
        let mut attendus = 0;
        for voeu in 0..entree.voeux.len() as u32 {
            let juste = explain(&entree, &sortie, voeu).unwrap();
            assert_eq!(jour_juge.judge(&juste), None, "{juste:?}");
            // Any number that a person is told is looked at.
            let mut fausses = vec![juste.clone(); 5];
            fausses[0].rang_appel += 1;
            fausses[1].etat_groupe.appeles += 1;
            fausses[2].autres_propositions.push(99);
            fausses[3].etat_groupe.places += 1;
            fausses[4].situation = Situation::NonClassee;
            if let Situation::EnAttente(a) = juste.situation {
                let manque = a.manque.unwrap();
                for faux in [
                    Attente { devant: a.devant + 1, ..a },
                    Attente { avant: a.avant + 1, ..a },
                    Attente { rang_attente: a.rang_attente + 1, ..a },
                    Attente { cause: Cause::AdmissionsSuspendues, ..a },
                    Attente { manque: Some(Manque { places: manque.places + 1, ..manque }), ..a },
                    Attente { manque: Some(Manque { devant: manque.devant + 1, ..manque }), ..a },
                    Attente { manque: None, ..a },
                ] {
                    fausses.push(Explication { situation: Situation::EnAttente(faux), ..juste.clone() });
                }
                attendus += 1;
            }
            for fausse in fausses {
                assert!(jour_juge.judge(&fausse).is_some(), "{fausse:?}");
            }
        }
        assert!(attendus >= 2, "{attendus} wishes wait");
    }

    #[test]
    fn r_adm_15_an_explanation_of_a_call_rank_that_the_reference_does_not_find_is_told() {
        let mut groupe = GroupeClassement::new(50, 0);
        for (candidat, rang, boursier) in [(7, 1, false), (8, 2, true), (9, 3, false)] {
            groupe.push(candidat, rang, Profil::new(boursier, false));
        }
        for position in 0..3 {
            let juste = explain_ordre(&groupe, position).unwrap().unwrap();
            assert_eq!(judge_order_explanation(&groupe, position, &juste), None);
            let mut fausses = [juste; 4];
            fausses[0].effet.rang_appel += 1;
            fausses[1].boursiers_seuls.perdues += 1;
            fausses[2].place += 1;
            fausses[3].taux_min_boursiers += 1;
            for fausse in fausses {
                assert!(judge_order_explanation(&groupe, position, &fausse).is_some());
            }
        }
    }
}
