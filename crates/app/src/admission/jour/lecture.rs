//! What a day is computed from: the rows frozen at one instant, and the columns of the engine made of them.

use std::collections::HashMap;

use domain::candidatures::EtatVoeu;
use engine::propositions::{Entree, Etat, Groupe, Parametres, Statut, Voeu, Voeux};
use store::Sql;
use store::admission::{self as base, GroupeAffectation};

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
}

/// Everything that a day depends on.
#[derive(Debug, Clone)]
pub(crate) struct Lecture {
    pub(in crate::admission) parametres: Parametres,
    pub(in crate::admission) groupes: Vec<GroupeAffectation>,
    /// Internal keys, in the order in which they are met among the wishes.
    pub(crate) candidats: Vec<i64>,
    /// By key.
    pub(crate) voeux: Vec<VoeuLu>,
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
    for cles in base::tranches_de_voeux(c).await? {
        for v in base::voeux_du_jour(c, session.id, veille, cles).await? {
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
                    None => v.rang_veille.unwrap_or(0),
                }),
            });
        }
    }
    Ok((Lecture { parametres, groupes, candidats: candidats.cles, voeux }, classes))
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
        let mut voeux = Voeux::default();
        for (l, rang) in self.voeux.iter().zip(rangs) {
            empreinte.nombres([l.id, i64::from(l.candidat), i64::from(l.groupe), i64::from(rang)]);
            empreinte.nombres([i64::from(l.etat.statut() as u8), i64::from(l.veille)]);
            empreinte.nombres([i64::from(l.etat.is_avec_internat()), i64::from(l.etat.is_hors_pp())]);
            voeux.push(Voeu {
                candidat: l.candidat,
                groupe: l.groupe,
                rang_appel: rang,
                etat: l.etat,
                rang_attente_veille: l.veille,
                ..Voeu::default()
            });
        }
        let entree = Entree {
            parametres: self.parametres,
            nombre_candidats: u32::try_from(self.candidats.len()).unwrap_or(u32::MAX),
            groupes,
            internats: Vec::new(),
            voeux,
            repondeurs: Vec::new(),
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
