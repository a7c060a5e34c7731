//! What a day is computed from: the rows frozen at one instant, and the columns of the engine made of them.

use std::collections::{BTreeMap, HashMap};

use domain::candidatures::{EtatVoeu, VoeuOrdonnable, check_activation};
use engine::propositions::{Entree, Etat, Groupe, Internat, Parametres, Statut, Voeu, VoeuInternat, Voeux};
use store::admission::{self as base, GroupeAffectation, InternatJour, VoeuDuJour};
use store::candidatures::repondeurs_actifs;
use store::{EnRoute, Sql};

use crate::admission::sceau::Empreinte;
use crate::erreur::AppError;
use crate::sessions::SessionAdmission;

/// A wish as it stands before the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct VoeuLu {
    pub(crate) id: i64,
    /// Position in [`Lecture::candidats`].
    pub(in crate::admission) candidat: u32,
    /// Position in [`Lecture::groupes`].
    pub(in crate::admission) groupe: u32,
    pub(in crate::admission) etat: Etat,
    /// In the call order; 0 for a course that does not rank.
    pub(in crate::admission) rang: i32,
    /// Waiting rank of the day before; 0: none.
    pub(in crate::admission) veille: i32,
    /// In the order of its candidate, from the first day of the summer on; 0: not ordered.
    pub(in crate::admission) preference: i32,
}

/// A boarding school that has a ranking of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct InternatLu {
    pub(in crate::admission) id: i64,
    /// The course that it serves alone, as the engine names it; 0: a whole establishment.
    pub(in crate::admission) formation_inscription: i64,
    pub(in crate::admission) formation: i64,
    pub(in crate::admission) capacite: i64,
    /// R-INT-05: until its ranking is transmitted, nobody is called there.
    pub(in crate::admission) transmis: bool,
    /// Candidates that its ranking holds: whoever asks without being there comes after them (R-INT-04).
    pub(in crate::admission) classes: i32,
}

/// Everything that a day depends on.
#[derive(Debug, Clone, Default)]
pub(crate) struct Lecture {
    pub(in crate::admission) parametres: Parametres,
    pub(in crate::admission) groupes: Vec<GroupeAffectation>,
    /// Internal keys, in the order in which they are met among the wishes.
    pub(crate) candidats: Vec<i64>,
    /// By key.
    pub(crate) voeux: Vec<VoeuLu>,
    /// By key.
    pub(in crate::admission) internats: Vec<InternatLu>,
    /// The wishes that depend on them, by position; schools by position in [`Lecture::internats`].
    pub(in crate::admission) en_internat: Vec<VoeuInternat>,
    /// Positions of the candidates whom the platform answers for (R-RA-04), by position.
    pub(in crate::admission) repondeurs: Vec<u32>,
    /// The highest bars shown so far, by school and group.
    pub(in crate::admission) barres: Vec<InternatJour>,
}

pub(in crate::admission) fn petit(n: i64) -> i32 {
    i32::try_from(n).unwrap_or(i32::MAX)
}

/// Dense numbers for keys, in the order in which they come.
#[derive(Default)]
pub(in crate::admission) struct Numeros {
    positions: HashMap<i64, u32>,
    pub(in crate::admission) cles: Vec<i64>,
}

impl Numeros {
    pub(in crate::admission) fn number(&mut self, cle: i64) -> u32 {
        let suivant = u32::try_from(self.cles.len()).unwrap_or(u32::MAX);
        *self.positions.entry(cle).or_insert_with(|| {
            self.cles.push(cle);
            suivant
        })
    }
}

/// Reads a day at one instant, and how many people each ranking group has in its call order. `ordre`, `veille`: the runs whose
/// call orders and waiting ranks are continued.
pub(super) async fn read(
    c: &impl Sql,
    session: &SessionAdmission,
    ordre: i64,
    veille: i64,
    parametres: Parametres,
) -> Result<(Lecture, HashMap<i64, i64>), AppError> {
    let groupes = base::groupes_affectation(c, session.id, i64::from(parametres.jour)).await?;
    let position: HashMap<(i64, i64), u32> =
        groupes.iter().map(|g| (g.groupe_classement_id, g.formation_session_id)).zip(0..).collect();
    let rangs = call_ranks(c, ordre).await?;
    let rang_appel = |groupe: i64, candidat: i64| {
        rangs.binary_search_by_key(&(groupe, candidat), |&(g, c, _)| (g, c)).map_or(0, |i| rangs[i].2)
    };
    let classes = rangs
        .chunk_by(|a, b| a.0 == b.0)
        .map(|groupe| (groupe[0].0, i64::try_from(groupe.len()).unwrap_or(i64::MAX)))
        .collect();
    let retablis = restored_ranks(c, veille).await?;
    let mut candidats = Numeros::default();
    let mut voeux: Vec<VoeuLu> = Vec::new();
    let mut take = |lot: Vec<VoeuDuJour>| -> Result<(), AppError> {
        for v in lot {
            // Apprenticeship is outside the engine (I5).
            let Some(&groupe) = position.get(&(v.groupe, v.formation_session)) else { continue };
            let statut = match EtatVoeu::from_code(&v.etat) {
                Some(EtatVoeu::EnAttente) => Statut::EnAttente,
                Some(EtatVoeu::Propose) => Statut::AnterieureSansReponse,
                Some(EtatVoeu::Accepte) => Statut::AnterieureAcceptee,
                _ => return Err(AppError::Internal("voeu.etat".to_owned())),
            };
            voeux.push(VoeuLu {
                id: v.id,
                candidat: candidats.number(v.candidat),
                groupe,
                etat: Etat::new(statut).with_internat(v.avec_internat == 1).with_hors_pp(v.phase != "pp"),
                rang: rang_appel(v.groupe, v.candidat),
                veille: petit(match retablis.get(&groupes[groupe as usize].id) {
                    Some(rangs) => rangs.get(&v.id).copied().unwrap_or(0),
                    None => v.rang_veille,
                }),
                // Before, an order is a draft that nothing follows.
                preference: if parametres.jour >= parametres.jour_debut_gdd {
                    petit(v.preference)
                } else {
                    0
                },
            });
        }
        Ok(())
    };
    // While the database reads a slice, the one before is decoded, then taken.
    let mut avant: Option<EnRoute<VoeuDuJour>> = None;
    for cles in base::tranches_de_voeux(c).await? {
        let lot = avant.take();
        let (lu, pris) = tokio::join!(base::voeux_du_jour(c, session.id, veille, cles), async {
            match lot {
                Some(lot) => take(lot.lignes().await?),
                None => Ok(()),
            }
        });
        pris?;
        avant = Some(lu?);
    }
    if let Some(lot) = avant {
        take(lot.lignes().await?)?;
    }
    let (internats, en_internat) = boarding(c, session, &groupes, &voeux).await?;
    let actifs = repondeurs_actifs(c, session.id).await?;
    let repondeurs = answered_for(&actifs, &candidats.cles, &voeux);
    let barres = base::barres_passees(c, session.id, i64::from(parametres.jour)).await?;
    let lecture = Lecture {
        parametres,
        groupes,
        candidats: candidats.cles,
        voeux,
        internats,
        en_internat,
        repondeurs,
        barres,
    };
    Ok((lecture, classes))
}

/// R-RA-05: of the candidates whose automatic answer is on, those who could switch it on with the wishes that they have today
/// (R-RA-01, R-RA-02), no rank twice: for one of the others the engine would refuse the night of a whole country.
fn answered_for(actifs: &[i64], candidats: &[i64], voeux: &[VoeuLu]) -> Vec<u32> {
    let mut siens: BTreeMap<u32, Vec<VoeuOrdonnable>> = (0..)
        .zip(candidats)
        .filter(|(_, cle)| actifs.binary_search(cle).is_ok())
        .map(|(position, _)| (position, Vec::new()))
        .collect();
    if siens.is_empty() {
        return Vec::new();
    }
    for v in voeux {
        if let Some(liste) = siens.get_mut(&v.candidat) {
            liste.push(VoeuOrdonnable {
                id: v.id,
                etat: match v.etat.statut() {
                    Statut::EnAttente => EtatVoeu::EnAttente,
                    Statut::AnterieureAcceptee => EtatVoeu::Accepte,
                    _ => EtatVoeu::Propose,
                },
                concerne: !v.etat.is_hors_pp(),
                rang: u32::try_from(v.preference).unwrap_or(0),
            });
        }
    }
    let permet = |liste: &[VoeuOrdonnable]| {
        let mut rangs: Vec<u32> = liste.iter().map(|v| v.rang).filter(|r| *r > 0).collect();
        rangs.sort_unstable();
        check_activation(liste).is_ok() && rangs.windows(2).all(|paire| paire[0] != paire[1])
    };
    siens.into_iter().filter(|(_, liste)| permet(liste)).map(|(position, _)| position).collect()
}

/// The boarding schools that rank, by key, and the wishes of the day that depend on them.
async fn boarding(
    c: &impl Sql,
    session: &SessionAdmission,
    groupes: &[GroupeAffectation],
    voeux: &[VoeuLu],
) -> Result<(Vec<InternatLu>, Vec<VoeuInternat>), AppError> {
    let formations: HashMap<i64, (i64, i64)> = groupes
        .iter()
        .map(|g| (g.formation_session_id, (g.formation_inscription_id, g.formation_id)))
        .collect();
    let lus: Vec<InternatLu> = base::internats(c, session.id)
        .await?
        .into_iter()
        .filter_map(|i| {
            // A course followed as an apprentice is outside the engine (I5), and its boarding school with it.
            let formation = i.formation_session_id.map_or(Some((0, 0)), |f| formations.get(&f).copied());
            let (formation_inscription, formation) = formation?;
            Some(InternatLu {
                id: i.id,
                formation_inscription,
                formation,
                capacite: i.capacite,
                transmis: i.transmis == 1,
                classes: if i.transmis == 1 { petit(i.classes) } else { 0 },
            })
        })
        .collect();
    if lus.is_empty() {
        return Ok((lus, Vec::new()));
    }
    let position = |internat: i64| {
        lus.binary_search_by_key(&internat, |i| i.id).ok().and_then(|n| u32::try_from(n).ok())
    };
    let demandes = base::voeux_en_internat(c, session.id).await?;
    // R-INT-04: whoever a ranking does not hold comes after those that it holds, in the order of the files.
    let mut suivants: BTreeMap<(i64, i64), i32> =
        demandes.iter().filter(|d| d.rang.is_none()).map(|d| ((d.internat, d.candidat), 0)).collect();
    let mut dernier = (0, 0);
    for ((internat, _), rang) in &mut suivants {
        if dernier.0 != *internat {
            dernier = (*internat, position(*internat).map_or(0, |n| lus[n as usize].classes));
        }
        dernier.1 = dernier.1.saturating_add(1);
        *rang = dernier.1;
    }
    let mut en_internat = Vec::with_capacity(demandes.len());
    let mut lu = 0;
    for d in demandes {
        // Both are by key; some are not of the day (complementary phase).
        lu += voeux[lu..].partition_point(|v| v.id < d.voeu);
        let (Some(internat), true) = (position(d.internat), voeux.get(lu).is_some_and(|v| v.id == d.voeu))
        else {
            continue;
        };
        let rang = d.rang.map(petit).or_else(|| suivants.get(&(d.internat, d.candidat)).copied());
        en_internat.push(VoeuInternat {
            voeu: u32::try_from(lu).unwrap_or(u32::MAX),
            internat,
            rang: rang.unwrap_or(i32::MAX),
        });
    }
    Ok((lus, en_internat))
}

/// R-ADM-13: the waiting ranks that are continued in the groups put back since the last day, by group and wish.
async fn restored_ranks(c: &impl Sql, veille: i64) -> Result<HashMap<i64, HashMap<i64, i64>>, AppError> {
    let mut retablis = HashMap::new();
    for g in base::groupes_retablis(c, veille).await? {
        let rangs = base::rangs_du_groupe(c, g.passage, g.groupe).await?;
        retablis.insert(g.groupe, rangs.into_iter().map(|r| (r.voeu, r.rang)).collect());
    }
    Ok(retablis)
}

/// The call orders, read from one end to the other: asked for each wish, they would be read at random. (group, candidate,
/// rank), in this order.
async fn call_ranks(c: &impl Sql, ordre: i64) -> Result<Vec<(i64, i64, i32)>, AppError> {
    let mut rangs: Vec<(i64, i64, i32)> = Vec::new();
    loop {
        let apres = rangs.last().map_or((0, 0), |&(groupe, candidat, _)| (groupe, candidat));
        let lot = base::load_ordre_appel(c, ordre, apres).await?;
        if lot.is_empty() {
            return Ok(rangs);
        }
        rangs.extend(lot.into_iter().map(|l| (l.groupe, l.candidat, petit(l.rang))));
    }
}

impl Lecture {
    /// The input of the engine, and its fingerprint (RUN-1).
    pub(crate) fn freeze(&self) -> (Entree, String) {
        let (rangs, effectifs) = self.ranks();
        let mut empreinte = Empreinte::default();
        let p = &self.parametres;
        empreinte.nombres([
            i64::from(p.jour),
            i64::from(p.jour_fin_reservation_internats),
            i64::from(p.jour_debut_gdd),
            i64::from(p.jour_fin_ordonnancement_gdd),
        ]);
        let groupes: Vec<Groupe> =
            self.groupes.iter().zip(effectifs).map(|(g, n)| engine_group(g, n)).collect();
        for (g, m) in self.groupes.iter().zip(&groupes) {
            empreinte.nombres([
                g.id,
                i64::from(m.places),
                i64::from(m.rang_limite),
                i64::from(m.rang_dernier_appele),
                i64::from(m.rang_dernier_appele_reference),
                i64::from(m.admissions_suspendues),
            ]);
        }
        empreinte.texte("repondeurs");
        empreinte.nombres(self.repondeurs.iter().map(|c| i64::from(*c)));
        empreinte.texte("internats");
        for i in &self.internats {
            let cle = [i.id, i.formation_inscription, i.formation];
            empreinte.nombres(cle.into_iter().chain([
                i.capacite,
                i64::from(i.transmis),
                i64::from(i.classes),
            ]));
        }
        for v in &self.en_internat {
            empreinte.nombres([i64::from(v.voeu), i64::from(v.internat), i64::from(v.rang)]);
        }
        for b in &self.barres {
            empreinte.nombres([b.internat, b.groupe, b.barre_internat, b.barre_appel]);
        }
        let mut voeux = Voeux::default();
        let mut en_internat = self.en_internat.iter().peekable();
        for ((n, l), rang) in (0..).zip(&self.voeux).zip(rangs) {
            empreinte.nombres([l.id, i64::from(l.candidat), i64::from(l.groupe), i64::from(rang)]);
            empreinte.nombres([i64::from(l.etat.statut() as u8), i64::from(l.veille)]);
            empreinte.nombres([i64::from(l.etat.is_avec_internat()), i64::from(l.etat.is_hors_pp())]);
            empreinte.nombre(i64::from(l.preference));
            voeux.push(Voeu {
                candidat: l.candidat,
                groupe: l.groupe,
                rang_appel: rang,
                etat: l.etat,
                rang_preference: l.preference,
                rang_attente_veille: l.veille,
                internat: en_internat.next_if(|v| v.voeu == n).map(|v| (v.internat, v.rang)),
                ..Voeu::default()
            });
        }
        let entree = Entree {
            parametres: self.parametres,
            nombre_candidats: u32::try_from(self.candidats.len()).unwrap_or(u32::MAX),
            groupes,
            internats: self.internats.iter().map(engine_boarding).collect(),
            voeux,
            repondeurs: self.repondeurs.clone(),
        };
        (entree, empreinte.hex())
    }

    /// Courses that do not rank propose to everybody: their candidates get consecutive ranks, all under the rank limit.
    /// Gives the rank of each wish, and the number of candidates of each such group, 0 for the others.
    fn ranks(&self) -> (Vec<i32>, Vec<i32>) {
        let mut rangs: HashMap<(u32, u32), i32> = HashMap::new();
        let mut effectifs = vec![0; self.groupes.len()];
        let rang = |l: &VoeuLu| {
            if self.groupes[l.groupe as usize].sans_classement == 0 {
                return l.rang;
            }
            let effectif = &mut effectifs[l.groupe as usize];
            *rangs.entry((l.groupe, l.candidat)).or_insert_with(|| {
                *effectif += 1;
                *effectif
            })
        };
        (self.voeux.iter().map(rang).collect(), effectifs)
    }
}

/// R-INT-05: without a transmitted ranking, no place.
fn engine_boarding(i: &InternatLu) -> Internat {
    Internat {
        classement_internat: i.id,
        formation_inscription: i.formation_inscription,
        formation: i.formation,
        capacite: if i.transmis { petit(i.capacite) } else { 0 },
    }
}

fn engine_group(g: &GroupeAffectation, sans_classement: i32) -> Groupe {
    // §1.3: the last one called counts for nothing when the group has no place.
    let appele = |rang: i64| if g.nombre_a_appeler == 0 { 0 } else { petit(rang) };
    Groupe {
        groupe_classement: g.groupe_classement_id,
        formation_inscription: g.formation_inscription_id,
        formation: g.formation_id,
        places: petit(g.nombre_a_appeler),
        rang_limite: petit(g.rang_limite).max(sans_classement),
        rang_dernier_appele: appele(g.dernier_interne),
        rang_dernier_appele_reference: appele(g.dernier_reference),
        fin_reservation_internats: false,
        admissions_suspendues: g.admissions_suspendues != 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PP: bool = false;

    /// Candidate 30 leaves the platform answer; what they have: status, rank in their order, outside the main phase.
    fn answered(voeux: &[(Statut, i32, bool)]) -> bool {
        let lus: Vec<VoeuLu> = (1..)
            .zip(voeux)
            .map(|(id, &(statut, preference, hors_pp))| VoeuLu {
                id,
                candidat: 1,
                groupe: 0,
                etat: Etat::new(statut).with_hors_pp(hors_pp),
                rang: 1,
                veille: 0,
                preference,
            })
            .collect();
        let repondeurs = answered_for(&[30], &[20, 30], &lus);
        assert!(repondeurs.is_empty() || repondeurs == [1], "{repondeurs:?}");
        !repondeurs.is_empty()
    }

    #[test]
    fn r_ra_05_the_platform_answers_for_whom_it_could_be_asked_to_that_day() {
        use Statut::{AnterieureAcceptee as Acceptee, AnterieureSansReponse as Proposee, EnAttente};
        assert!(answered(&[(EnAttente, 1, PP), (EnAttente, 2, PP)]));
        assert!(answered(&[(EnAttente, 1, PP), (Acceptee, 2, PP)]));
        // Accepted without a rank, it comes after all that waits.
        assert!(answered(&[(EnAttente, 1, PP), (Acceptee, 0, PP)]));
        // The complementary phase is not looked at (I5).
        assert!(answered(&[(EnAttente, 1, PP), (Acceptee, 0, !PP)]));
        for refuse in [
            &[(EnAttente, 0, PP)][..],
            &[(EnAttente, 1, PP), (EnAttente, 0, PP)],
            &[(EnAttente, 1, PP), (EnAttente, 1, PP)],
            &[(EnAttente, 1, PP), (Proposee, 2, PP)],
            &[(EnAttente, 2, PP), (Acceptee, 1, PP)],
            &[(Acceptee, 1, PP)],
        ] {
            assert!(!answered(refuse), "{refuse:?}");
        }
        assert_eq!(answered_for(&[], &[20, 30], &[]), [0; 0]);
        // Who has nothing that day is not among the candidates.
        assert_eq!(answered_for(&[40], &[20, 30], &[]), [0; 0]);
    }
}
