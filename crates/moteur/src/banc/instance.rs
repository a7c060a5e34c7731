//! The instance of the bench: formations, candidats, rankings, and the first day.
//!
//! Voeux are produced candidat after candidat, as a register of candidatures would give them: sorting them by groupe is
//! the work of the engine and is timed with it.

use engine::ordre_appel::{GroupeClassement, Profil};
use engine::propositions::{Entree, Etat, Groupe, Internat, Parametres, Statut, VoeuInternat, Voeux};
use rayon::prelude::*;

use super::tirages::Tirages;

/// Size and seed.
#[derive(Debug, Clone, Copy)]
pub struct Taille {
    /// Candidats 1 to C.
    pub candidats: u32,
    /// Formations 1 to F.
    pub formations: u32,
    /// Seed.
    pub graine: u64,
}

/// Who applies where, and the rankings.
pub struct Instance {
    taille: Taille,
    tirages: Tirages,
    /// Formations of each candidat: cut by `debut` (candidat 1 first).
    formations: Vec<u32>,
    debut: Vec<u32>,
    /// Code of each groupe that has candidats.
    pub codes: Vec<u32>,
    /// Position of a groupe, by 4·f + index.
    position: Vec<u32>,
    /// The rankings, in the order of `codes`; rows by increasing candidat (numbered from 0).
    pub classements: Vec<GroupeClassement>,
}

const AUCUN: u32 = u32::MAX;

fn groupes_of_formation(t: Tirages, f: u32) -> u32 {
    match t.r(1, f.into(), 0, 100) {
        0..70 => 1,
        70..90 => 2,
        _ => 3,
    }
}

fn filiere(t: Tirages, c: u32) -> u32 {
    match t.r(11, c.into(), 0, 10) {
        0..7 => 0,
        7..9 => 1,
        _ => 2,
    }
}

/// The formations of a candidat, in the order of its draws, added to `choix`.
fn draw_formations(t: Tirages, c: u32, formations: u32, choix: &mut Vec<u32>) {
    let start = choix.len();
    let (c, n) = (u64::from(c), u64::from(formations));
    for j in 0..1 + t.r(12, c, 0, 26) {
        let f = if t.r(13, c, j, 4) == 0 {
            1 + t.r(14, c, j, n)
        } else {
            let (u, v, w) = (t.r(15, c, j, n), t.r(16, c, j, n), t.r(17, c, j, n));
            1 + u * v / n * w / n
        };
        if !choix[start..].contains(&(f as u32)) {
            choix.push(f as u32);
        }
    }
}

impl Instance {
    /// Draws the instance.
    pub fn new(taille: Taille) -> Self {
        let tirages = Tirages::new(taille.graine);
        let nombre_groupes: Vec<u32> =
            (0..=taille.formations).map(|f| groupes_of_formation(tirages, f)).collect();
        let (formations, debut) = draw_candidats(tirages, taille);

        // Members of each groupe by increasing candidat.
        let mut effectif = vec![0_u32; 4 * (taille.formations as usize + 1)];
        let each = |visit: &mut dyn FnMut(u32, u32)| {
            for c in 1..=taille.candidats {
                let filiere = filiere(tirages, c);
                for &f in &formations[debut[c as usize - 1] as usize..debut[c as usize] as usize] {
                    visit(c, 4 * f + filiere % nombre_groupes[f as usize]);
                }
            }
        };
        each(&mut |_, g| effectif[g as usize] += 1);
        let mut position = vec![AUCUN; effectif.len()];
        let mut codes = Vec::new();
        for (g, &n) in effectif.iter().enumerate() {
            if n > 0 {
                position[g] = codes.len() as u32;
                codes.push(g as u32);
            }
        }
        let mut membres: Vec<Vec<u32>> =
            codes.iter().map(|&g| Vec::with_capacity(effectif[g as usize] as usize)).collect();
        each(&mut |c, g| membres[position[g as usize] as usize].push(c));
        let classements =
            codes.par_iter().zip(membres).map(|(&g, membres)| rank(tirages, g / 4, &membres)).collect();
        Self { taille, tirages, formations, debut, codes, position, classements }
    }

    /// The first day, from the rangs d'appel of each ranking (in the order of its rows). Gives up the rankings.
    pub fn first_day(self, rangs_appel: Vec<Vec<u32>>) -> PremierJour {
        let Self { taille, tirages: t, formations, debut, codes, position, classements } = self;
        let effectifs: Vec<u64> = classements.iter().map(|c| c.len() as u64).collect();
        drop(classements);
        let groupes = codes.iter().zip(&effectifs).map(|(&g, &n)| groupe(t, g, n)).collect();
        let (internats, internat_de) = internats(t, taille.formations);

        // A voeu with boarding and one without make two: the exact number is known only once drawn.
        let capacity = formations.len() + formations.len() / 64;
        let mut voeux = Voeux {
            candidat: Vec::with_capacity(capacity),
            groupe: Vec::with_capacity(capacity),
            rang_appel: Vec::with_capacity(capacity),
            etat: Vec::with_capacity(capacity),
            ..Voeux::default()
        };
        let mut curseurs = vec![0_u32; codes.len()];
        for c in 1..=taille.candidats {
            let filiere = filiere(t, c);
            for &f in &formations[debut[c as usize - 1] as usize..debut[c as usize] as usize] {
                let g = position[(4 * f + filiere % groupes_of_formation(t, f)) as usize];
                let curseur = &mut curseurs[g as usize];
                let rang = rangs_appel[g as usize][*curseur as usize];
                *curseur += 1;
                let mut push = |internat: Option<u32>| {
                    if let Some(internat) = internat {
                        let voeu = voeux.candidat.len() as u32;
                        voeux.en_internat.push(VoeuInternat { voeu, internat, rang: 0 });
                    }
                    voeux.candidat.push(c - 1);
                    voeux.groupe.push(g);
                    voeux.rang_appel.push(rang as i32);
                    voeux.etat.push(Etat::new(Statut::EnAttente).with_internat(internat.is_some()));
                };
                let internat = internat_de[f as usize];
                let choix = if internat == AUCUN { 5 } else { t.r(20, c.into(), f.into(), 6) };
                if choix <= 1 {
                    push(Some(internat));
                }
                if choix != 0 {
                    push(None);
                }
            }
        }
        drop((formations, rangs_appel));
        rank_internats(t, &internats, &mut voeux);
        let entree = Entree {
            parametres: Parametres {
                jour: 1,
                jour_fin_reservation_internats: 30,
                jour_debut_gdd: 50,
                jour_fin_ordonnancement_gdd: 55,
            },
            nombre_candidats: taille.candidats,
            groupes,
            internats,
            voeux,
            repondeurs: Vec::new(),
        };
        PremierJour { entree, codes }
    }
}

/// The first day, and the codes of its groupes.
pub struct PremierJour {
    /// The input of the engine.
    pub entree: Entree,
    /// Code of each groupe.
    pub codes: Vec<u32>,
}

fn draw_candidats(t: Tirages, taille: Taille) -> (Vec<u32>, Vec<u32>) {
    const PART: u32 = 16_384;
    let parts: Vec<(Vec<u32>, Vec<u32>)> = (0..taille.candidats.div_ceil(PART))
        .into_par_iter()
        .map(|part| {
            let (mut choix, mut fins) = (Vec::new(), Vec::new());
            for c in part * PART + 1..=((part + 1) * PART).min(taille.candidats) {
                draw_formations(t, c, taille.formations, &mut choix);
                fins.push(choix.len() as u32);
            }
            (choix, fins)
        })
        .collect();
    let mut formations = Vec::with_capacity(parts.iter().map(|p| p.0.len()).sum());
    let mut debut = Vec::with_capacity(taille.candidats as usize + 1);
    debut.push(0);
    for (choix, fins) in parts {
        let base = formations.len() as u32;
        formations.extend(choix);
        debut.extend(fins.iter().map(|fin| base + fin));
    }
    (formations, debut)
}

/// The ranking of a groupe: rates of its formation, ranks by key.
fn rank(t: Tirages, f: u32, membres: &[u32]) -> GroupeClassement {
    let f64 = u64::from(f);
    let boursiers = if t.r(2, f64, 0, 4) == 0 { 0 } else { 2 + t.r(3, f64, 0, 24) };
    let residents = if t.r(4, f64, 0, 10) < 3 { 50 + t.r(5, f64, 0, 50) } else { 0 };
    let mut classement = GroupeClassement::new(boursiers as i32, residents as i32);
    let mut cles: Vec<(u64, u32)> = (0..).zip(membres).map(|(i, &c)| (t.cle(19, c.into(), f64), i)).collect();
    cles.sort_unstable();
    classement.candidat = membres.iter().map(|&c| c - 1).collect();
    classement.rang = vec![0; membres.len()];
    for (rang, &(_, i)) in (1..).zip(&cles) {
        classement.rang[i as usize] = rang;
    }
    classement.profil = membres
        .iter()
        .map(|&c| Profil::new(t.r(10, c.into(), 0, 100) < 23, t.r(18, c.into(), f64, 100) < 60))
        .collect();
    classement
}

fn groupe(t: Tirages, g: u32, n: u64) -> Groupe {
    let f = i64::from(g / 4);
    let g64 = u64::from(g);
    let places = (n * (8 + t.r(22, g64, 0, 8)) / 100).max(1);
    let limite = if t.r(23, g64, 0, 5) == 0 { places * (50 + t.r(24, g64, 0, 100)) / 100 } else { 0 };
    Groupe {
        groupe_classement: i64::from(g),
        formation_inscription: f,
        formation: f,
        places: places as i32,
        rang_limite: limite as i32,
        ..Groupe::default()
    }
}

/// The internats, and that of each formation.
fn internats(t: Tirages, formations: u32) -> (Vec<Internat>, Vec<u32>) {
    let mut internats: Vec<Internat> = Vec::new();
    let mut internat_de = vec![AUCUN; formations as usize + 1];
    let mut etablissement = (AUCUN, 0);
    for f in (7..=formations).step_by(15) {
        let k = (f - 7) / 15;
        if t.r(6, u64::from(k / 3), 0, 2) == 0 && etablissement.0 == k / 3 {
            internat_de[f as usize] = etablissement.1;
            continue;
        }
        let position = internats.len() as u32;
        internat_de[f as usize] = position;
        let (code, formation) = if t.r(6, u64::from(k / 3), 0, 2) == 0 {
            etablissement = (k / 3, position);
            (1_000_000 + k / 3, 0)
        } else {
            (2_000_000 + k, f)
        };
        internats.push(Internat {
            classement_internat: i64::from(code),
            formation_inscription: i64::from(formation),
            formation: i64::from(formation),
            capacite: 20 + t.r(7, u64::from(code), 0, 60) as i32,
        });
    }
    (internats, internat_de)
}

/// Ranks of the candidats of each internat, by key.
fn rank_internats(t: Tirages, internats: &[Internat], voeux: &mut Voeux) {
    let mut lignes: Vec<(u32, u64, u32, u32)> = (0..)
        .zip(&voeux.en_internat)
        .map(|(k, v)| {
            let candidat = voeux.candidat[v.voeu as usize];
            let code = internats[v.internat as usize].classement_internat as u64;
            (v.internat, t.cle(21, u64::from(candidat) + 1, code), candidat, k)
        })
        .collect();
    lignes.par_sort_unstable();
    for internat in lignes.chunk_by(|a, b| a.0 == b.0) {
        for (rang, meme) in (1..).zip(internat.chunk_by(|a, b| a.2 == b.2)) {
            for &(.., k) in meme {
                voeux.en_internat[k as usize].rang = rang;
            }
        }
    }
}
