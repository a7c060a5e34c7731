//! RUN-4, F-18: the capacities of the real public files of successive sessions, right, and with an accident planted.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::path::Path;

use app::limites::Limites;
use domain::formations::{
    Contexte, Famille, Passee, Repere, Seuils, Vraisemblance, check_capacite, check_vraisemblance,
};
use files::offre::LigneOffre;
use simulation::Alea;

/// A session as its public file tells it, by national code.
type Session = BTreeMap<u64, LigneOffre>;

/// The file of a session, beside the repository. Its absence is a failure in continuous integration.
fn session(annee: i64) -> Option<Session> {
    let nom = format!("fr-esr-parcoursup_{annee}.csv.zst");
    let chemin =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/02-statistiques").join(&nom);
    let Ok(fichier) = File::open(&chemin) else {
        assert!(std::env::var("CI").as_deref() != Ok("true"), "données absentes : {}", chemin.display());
        println!("passé : {} est absent", chemin.display());
        return None;
    };
    let mut lues = Session::new();
    files::read_offre(fichier, &nom, files::Options::default(), &mut |l| {
        if l.capacite.is_some() {
            lues.insert(l.identite.g_ta_cod().unwrap(), l);
        }
    })
    .unwrap();
    Some(lues)
}

fn places(l: &LigneOffre) -> i64 {
    l.capacite.unwrap().into()
}

fn passee(annee: i64, l: &LigneOffre) -> Passee {
    Passee {
        annee,
        capacite: places(l),
        candidats: l.chiffres.voe_tot.map(i64::from),
        classes: l.chiffres.nb_cla_pp.map(i64::from),
        propositions: l.chiffres.prop_tot.map(i64::from),
        acceptations: l.chiffres.acc_tot.map(i64::from),
    }
}

/// What the page knows of each course of a session when its capacity is typed: only what earlier sessions published.
struct Connu<'a> {
    annee: i64,
    avant: &'a Session,
    anterieures: &'a [&'a Session],
    familles: HashMap<Famille, Vec<i64>>,
    titres: HashMap<(Famille, String), Vec<i64>>,
    etablissements: HashMap<&'a str, Vec<(u64, i64)>>,
    reperes: HashMap<(Famille, String), Option<Repere>>,
    seuils: Seuils,
}

impl<'a> Connu<'a> {
    /// `sessions`: newest first, the one before that of the capacities being the first.
    fn new(annee: i64, sessions: &'a [&'a Session]) -> Self {
        let (avant, anterieures) = sessions.split_first().unwrap();
        let mut connu = Self {
            annee,
            avant,
            anterieures,
            familles: HashMap::new(),
            titres: HashMap::new(),
            etablissements: HashMap::new(),
            reperes: HashMap::new(),
            seuils: Limites::default().vraisemblance,
        };
        for (code, l) in *avant {
            connu.familles.entry(l.famille).or_default().push(places(l));
            connu.titres.entry((l.famille, l.intitule())).or_default().push(places(l));
            connu.etablissements.entry(&l.uai).or_default().push((*code, places(l)));
        }
        connu
    }

    fn contexte(&mut self, code: u64, l: &LigneOffre) -> Contexte {
        let cle = (l.famille, l.intitule());
        let famille = self.familles.get(&l.famille).map_or(&[][..], Vec::as_slice);
        let titre = self.titres.get(&cle).map_or(&[][..], Vec::as_slice);
        let seuils = &self.seuils;
        let repere = self.reperes.entry(cle).or_insert_with(|| Repere::new(titre, famille, seuils)).clone();
        let autres = self.etablissements.get(l.uai.as_str()).into_iter().flatten();
        Contexte {
            derniere: self.avant.get(&code).map(|l| passee(self.annee, l)),
            avant_derniere: self.anterieures.iter().find_map(|s| s.get(&code)).map(places),
            repere,
            autres: autres.filter(|(c, _)| *c != code).map(|(_, n)| (String::new(), *n)).collect(),
            groupes: Vec::new(),
        }
    }

    fn is_held(&self, n: i64, c: &Contexte) -> bool {
        check_vraisemblance(n, c, &self.seuils) != Vraisemblance::Vraisemblable
    }
}

const ACCIDENTS: [&str; 8] = [
    "chiffre oublié",
    "chiffre doublé",
    "chiffres échangés",
    "places d’un seul groupe",
    "autre formation de l’établissement",
    "longueur de la liste d’attente",
    "nombre de candidats",
    "nombre doublé",
];

/// The number typed instead of the right one, when this accident can happen to it.
fn accident(quoi: usize, l: &LigneOffre, c: &Contexte, voisins: &[i64], alea: &mut Alea) -> Option<i64> {
    let juste = places(l);
    let chiffres = juste.to_string();
    let faux = match quoi {
        0 if chiffres.len() > 1 => {
            let i = alea.sous(chiffres.len());
            [&chiffres[..i], &chiffres[i + 1..]].concat().parse().ok()
        }
        1 => {
            let i = alea.sous(chiffres.len());
            [&chiffres[..=i], &chiffres[i..]].concat().parse().ok()
        }
        2 if chiffres.len() > 1 => {
            let i = alea.sous(chiffres.len() - 1);
            let mut echanges = chiffres.into_bytes();
            echanges.swap(i, i + 1);
            String::from_utf8(echanges).ok()?.parse().ok()
        }
        3 => un_groupe(juste, l, alea),
        4 => (!voisins.is_empty()).then(|| voisins[alea.sous(voisins.len())]),
        5 => c.derniere.and_then(|p| Some((p.classes? - p.capacite).max(0))),
        6 => c.derniere.and_then(|p| p.candidats),
        7 => Some(2 * juste),
        _ => None,
    };
    faux.filter(|n| *n != juste && check_capacite(*n).is_ok())
}

/// The places of one of the groups, shared as the admitted are by series: the files do not say them.
fn un_groupe(juste: i64, l: &LigneOffre, alea: &mut Alea) -> Option<i64> {
    let acceptations = i64::from(l.chiffres.acc_tot?);
    let libelles: Vec<String> = l.groupes.iter().filter_map(|g| g.libelle.clone()).collect();
    if libelles.len() < 2 || acceptations == 0 {
        return None;
    }
    let (techno, pro) = (i64::from(l.chiffres.acc_bt?), i64::from(l.chiffres.acc_bp?));
    let part = match libelles[alea.sous(libelles.len())].to_lowercase() {
        g if g.contains("général") => acceptations - techno - pro,
        g if g.contains("professionnel") => pro,
        g if g.contains("technolog") => techno,
        _ => acceptations - techno - pro,
    };
    Some(juste * part.clamp(0, acceptations) / acceptations)
}

fn taille(juste: i64, faux: i64) -> &'static str {
    match (faux - juste).abs() * 100 / juste.max(1) {
        0..10 => "moins de 10 %",
        10..25 => "de 10 à 25 %",
        25..50 => "de 25 à 50 %",
        50..100 => "de 50 à 100 %",
        _ => "100 % et plus",
    }
}

/// (made, held) by known or new course, and by what is counted.
type Compte = BTreeMap<(&'static str, String), (u64, u64)>;

#[derive(Default)]
struct Mesure {
    /// By family.
    justes: Compte,
    /// By kind and size, as `kind;size`.
    faux: Compte,
    changees: u64,
}

impl Mesure {
    fn note(compte: &mut Compte, quand: &'static str, quoi: String, held: bool) {
        let total = compte.entry((quand, quoi)).or_default();
        total.0 += 1;
        total.1 += u64::from(held);
    }

    fn total(compte: &Compte, garde: impl Fn(&str) -> bool) -> (u64, u64) {
        let gardes = compte.iter().filter(|((quand, quoi), _)| *quand == CONNUE && garde(quoi));
        gardes.fold((0, 0), |a, (_, n)| (a.0 + n.0, a.1 + n.1))
    }
}

const CONNUE: &str = "connue";

/// Every capacity of a session, right and with each accident that it can have.
fn mesure(annee: i64, graine: u64) -> Option<Mesure> {
    let actuelle = session(annee)?;
    let anciennes: Vec<Session> = (2020..annee).rev().filter(|a| *a != 2022).filter_map(session).collect();
    let sessions: Vec<&Session> = anciennes.iter().collect();
    let mut connu = Connu::new(annee - 1, &sessions);
    let mut voisins: HashMap<&str, Vec<(u64, i64)>> = HashMap::new();
    for (code, l) in &actuelle {
        voisins.entry(&l.uai).or_default().push((*code, places(l)));
    }
    let mut m = Mesure::default();
    for (code, l) in &actuelle {
        let c = connu.contexte(*code, l);
        let quand = if c.derniere.is_some() { CONNUE } else { "nouvelle" };
        let juste = places(l);
        m.changees += u64::from(c.derniere.is_some_and(|p| p.capacite != juste));
        Mesure::note(&mut m.justes, quand, l.famille.code().to_owned(), connu.is_held(juste, &c));
        let autres: Vec<i64> =
            voisins[l.uai.as_str()].iter().filter(|(v, _)| v != code).map(|(_, n)| *n).collect();
        for (quoi, nom) in ACCIDENTS.iter().enumerate() {
            let mut alea = Alea::pour(graine, &[*code, quoi as u64]);
            if let Some(faux) = accident(quoi, l, &c, &autres, &mut alea) {
                let cle = format!("{nom};{}", taille(juste, faux));
                Mesure::note(&mut m.faux, quand, cle, connu.is_held(faux, &c));
            }
        }
    }
    Some(m)
}

/// A change of half or more of the right value.
fn is_grave(cle: &str) -> bool {
    cle.ends_with("de 50 à 100 %") || cle.ends_with("100 % et plus")
}

#[test]
#[ignore = "half a minute: run by cargo xtask campagne capacites"]
fn campagne_of_real_capacities() {
    let lit = |nom: &str| std::env::var(nom).ok().and_then(|v| v.parse::<u64>().ok());
    let annee = lit("CAMPAGNE_ANNEE").unwrap_or(2024);
    let Some(m) = mesure(i64::try_from(annee).unwrap(), lit("CAMPAGNE_GRAINE").unwrap_or(1)) else { return };
    println!("CAMPAGNE;changees;connue;;;{};0", m.changees);
    for ((quand, famille), (faites, retenues)) in &m.justes {
        println!("CAMPAGNE;juste;{quand};{famille};;{faites};{retenues}");
    }
    for ((quand, cle), (faites, retenues)) in &m.faux {
        println!("CAMPAGNE;faux;{quand};{cle};{faites};{retenues}");
    }
    let (faites, retenues) = Mesure::total(&m.faux, is_grave);
    assert!(retenues * 100 >= faites * 99, "{retenues} of {faites} wrong by half or more are held");
    let (faites, retenues) = Mesure::total(&m.justes, |_| true);
    assert!(retenues * 100 <= faites * 5, "{retenues} of {faites} right values are held");
}
