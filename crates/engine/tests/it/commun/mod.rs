//! Small days, written by hand or drawn.
#![allow(dead_code, reason = "each test file uses its part")]

use engine::propositions::{
    Entree, Etat, Groupe, Internat, Parametres, Sortie, Statut, Voeu, VoeuInternat, Voeux, compute,
};

/// A day with `groupes` (places, rang limite), each of its own formation (numbered from 1).
pub fn day(jour: i32, groupes: &[(i32, i32)]) -> Entree {
    Entree {
        parametres: Parametres {
            jour,
            jour_fin_reservation_internats: 10,
            jour_debut_gdd: 50,
            jour_fin_ordonnancement_gdd: 55,
        },
        nombre_candidats: 20,
        groupes: (1..)
            .zip(groupes)
            .map(|(code, &(places, rang_limite))| Groupe {
                groupe_classement: code,
                formation_inscription: code,
                formation: code,
                places,
                rang_limite,
                ..Groupe::default()
            })
            .collect(),
        internats: Vec::new(),
        voeux: Voeux::default(),
        repondeurs: Vec::new(),
    }
}

/// An internat of the whole establishment.
pub fn internat(code: i64, capacite: i32) -> Internat {
    Internat { classement_internat: code, capacite, ..Internat::default() }
}

/// The same day with these voeux.
pub fn with(mut entree: Entree, voeux: &[Voeu]) -> Entree {
    for v in voeux {
        entree.voeux.push(*v);
    }
    entree
}

/// A waiting voeu.
pub fn voeu(candidat: u32, groupe: u32, rang_appel: i32) -> Voeu {
    Voeu { candidat, groupe, rang_appel, ..Voeu::default() }
}

/// Shorthands to change a voeu.
pub trait Variante {
    fn statut(self, statut: Statut) -> Self;
    fn interne(self, internat: u32, rang: i32) -> Self;
    fn ordonne(self, rang: i32) -> Self;
}

impl Variante for Voeu {
    fn statut(self, statut: Statut) -> Self {
        Self { etat: self.etat.with_statut(statut), ..self }
    }

    fn interne(self, internat: u32, rang: i32) -> Self {
        Self { internat: Some((internat, rang)), etat: self.etat.with_internat(true), ..self }
    }

    fn ordonne(self, rang: i32) -> Self {
        Self { rang_preference: rang, ..self }
    }
}

/// The statuts at the end, changes published and withheld.
pub fn finals(entree: &Entree, sortie: &Sortie) -> Vec<Statut> {
    let mut finals: Vec<Statut> = entree.voeux.etat.iter().map(|etat| etat.statut()).collect();
    for c in sortie.changements.iter().chain(&sortie.changements_ecartes) {
        finals[c.voeu as usize] = c.statut;
    }
    finals
}

/// The code of the refusal of a day.
pub fn refusal(entree: &Entree) -> &'static str {
    compute(entree).expect_err("a refusal").code()
}

/// A generator of draws: small, deterministic, good enough to build days.
pub struct Des(pub u64);

impl Des {
    pub fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }

    pub fn chance(&mut self, cent: u64) -> bool {
        self.below(100) < cent
    }

    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for i in (1..list.len()).rev() {
            list.swap(i, self.below(i as u64 + 1) as usize);
        }
    }
}

/// What a drawn day has.
#[derive(Clone, Copy, Debug)]
pub struct Profil {
    pub candidats: u32,
    pub formations: u32,
    pub internats: bool,
    pub reponses: bool,
    pub jour: i32,
}

/// A valid day: rankings, boarding, propositions of earlier days, ordered voeux, répondeurs.
pub fn draw(graine: u64, profil: Profil) -> Entree {
    let mut des = Des(graine);
    let mut entree = day(profil.jour, &[]);
    entree.nombre_candidats = profil.candidats;
    for f in 1..=i64::from(profil.formations) {
        for g in 0..1 + i64::from(des.chance(30)) {
            let a = des.below(6) as i32;
            entree.groupes.push(Groupe {
                groupe_classement: 10 * f + g,
                formation_inscription: f,
                formation: f,
                places: des.below(u64::from(profil.candidats) / 3 + 1) as i32,
                rang_limite: if des.chance(20) { des.below(4) as i32 } else { 0 },
                rang_dernier_appele: a,
                rang_dernier_appele_reference: des.below(a as u64 + 1) as i32,
                fin_reservation_internats: des.chance(5),
                admissions_suspendues: des.chance(5),
            });
        }
    }
    let nombre_internats = if profil.internats { 1 + des.below(3) as u32 } else { 0 };
    for i in 0..nombre_internats {
        entree.internats.push(internat(100 + i64::from(i), des.below(4) as i32));
    }
    // Ranks: a permutation of the candidats per groupe and per internat.
    let permutation = |des: &mut Des| {
        let mut rangs: Vec<i32> = (1..=profil.candidats as i32).collect();
        des.shuffle(&mut rangs);
        rangs
    };
    let rangs: Vec<Vec<i32>> = entree.groupes.iter().map(|_| permutation(&mut des)).collect();
    let rangs_internat: Vec<Vec<i32>> = entree.internats.iter().map(|_| permutation(&mut des)).collect();
    for candidat in 0..profil.candidats {
        let actif = profil.reponses && des.chance(30);
        let ordonne = actif || (profil.reponses && des.chance(50));
        if actif {
            entree.repondeurs.push(candidat);
        }
        draw_candidat(&mut des, &mut entree, candidat, ordonne, &rangs, &rangs_internat);
    }
    entree
}

fn draw_candidat(
    des: &mut Des,
    entree: &mut Entree,
    candidat: u32,
    ordonne: bool,
    rangs: &[Vec<i32>],
    rangs_internat: &[Vec<i32>],
) {
    let mut voeux: Vec<Voeu> = Vec::new();
    let mut g = 0;
    while g < entree.groupes.len() {
        let fin = (g..entree.groupes.len())
            .take_while(|&h| entree.groupes[h].formation == entree.groupes[g].formation);
        let fin = fin.last().unwrap_or(g) + 1;
        let choix = g + des.below((fin - g) as u64) as usize;
        g = fin;
        if !des.chance(60) {
            continue;
        }
        let base = voeu(candidat, choix as u32, rangs[choix][candidat as usize]);
        let interne = !rangs_internat.is_empty() && des.chance(50);
        if interne {
            let i = des.below(rangs_internat.len() as u64) as usize;
            voeux.push(base.interne(i as u32, rangs_internat[i][candidat as usize]));
        }
        if !interne || des.chance(60) {
            voeux.push(base);
        }
    }
    des.shuffle(&mut voeux);
    if ordonne {
        for (rang, v) in (1..).zip(&mut voeux) {
            v.rang_preference = rang;
        }
    }
    // The last one may be a proposition of an earlier day: with the worst preference, as the rules ask.
    if entree.parametres.jour > 1
        && des.chance(30)
        && let Some(v) = voeux.last_mut()
    {
        *v =
            v.statut(if des.chance(50) { Statut::AnterieureAcceptee } else { Statut::AnterieureSansReponse });
    }
    for v in voeux {
        entree.voeux.push(v);
    }
}

/// The next morning: propositions of the day become earlier ones, what was given up disappears.
pub fn next_morning(entree: &Entree, sortie: &Sortie, published: &[Statut]) -> Entree {
    let mut suivant = Entree { voeux: Voeux::default(), ..entree.clone() };
    for (i, &statut) in published.iter().enumerate() {
        let statut = match statut {
            Statut::PropositionDuJour => Statut::AnterieureSansReponse,
            Statut::RaAcceptation => Statut::AnterieureAcceptee,
            Statut::EnAttente | Statut::AnterieureSansReponse | Statut::AnterieureAcceptee => statut,
            _ => continue,
        };
        let v = &entree.voeux;
        let interne =
            v.en_internat.iter().find(|e| e.voeu as usize == i).map(|e: &VoeuInternat| (e.internat, e.rang));
        suivant.voeux.push(Voeu {
            candidat: v.candidat[i],
            groupe: v.groupe[i],
            rang_appel: v.rang_appel[i],
            etat: Etat::with_statut(v.etat[i], statut),
            rang_preference: v.rang_preference.get(i).copied().unwrap_or(0),
            rang_appel_affiche: None,
            rang_attente_veille: sortie.rangs_attente[i] as i32,
            internat: interne,
        });
    }
    suivant
}

/// §5 as it is told, for one groupe under given bars: who is proposed (voeux).
pub fn call(entree: &Entree, g: u32, barres: &[i32]) -> Vec<usize> {
    let v = &entree.voeux;
    let groupe = &entree.groupes[g as usize];
    let interne = |i: usize| {
        let of = |e: &&VoeuInternat| e.voeu as usize == i && e.internat != VoeuInternat::SANS_REFERENCE;
        v.en_internat.iter().find(of)
    };
    let placed = |c: u32, of: &dyn Fn(usize) -> bool| {
        (0..v.len()).any(|i| v.candidat[i] == c && of(i) && v.etat[i].statut().is_proposition())
    };
    let pourvus = (0..entree.nombre_candidats).filter(|&c| placed(c, &|i| v.groupe[i] == g)).count() as i32;
    let mut restant = (groupe.places - pourvus).max(0);
    let mut attente: Vec<usize> =
        (0..v.len()).filter(|&i| v.groupe[i] == g && v.etat[i].statut() == Statut::EnAttente).collect();
    attente.sort_by_key(|&i| v.rang_appel[i]);
    let mut dernier = None;
    let mut proposes = Vec::new();
    for i in attente {
        let c = v.candidat[i];
        if let Some(e) = interne(i)
            && e.rang > barres[e.internat as usize]
            && !placed(c, &|j| interne(j).is_some_and(|autre| autre.internat == e.internat))
        {
            continue;
        }
        let obtenue = placed(c, &|j| v.groupe[j] == g);
        if restant > 0 || v.rang_appel[i] <= groupe.rang_limite || obtenue || dernier == Some(c) {
            if !obtenue && dernier != Some(c) {
                restant -= 1;
            }
            dernier = Some(c);
            proposes.push(i);
        }
    }
    proposes
}
