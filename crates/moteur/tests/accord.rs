#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]
//! The engine and the second implementation on drawn days, chained one after the other: the same output, or both refuse.

use engine::propositions::Options;
use moteur::ecarts::differences;
use moteur::evaluation::evaluate;
use moteur::lecture::Lieu;
use moteur::reference;
use serde_json::{Value, json};

/// Small, deterministic, good enough to draw days.
struct Des(u64);

impl Des {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }

    fn chance(&mut self, cent: u64) -> bool {
        self.below(100) < cent
    }

    fn permutation(&mut self, n: u64) -> Vec<u64> {
        let mut rangs: Vec<u64> = (1..=n).collect();
        for i in (1..rangs.len()).rev() {
            rangs.swap(i, usize::try_from(self.below(i as u64 + 1)).unwrap());
        }
        rangs
    }
}

/// Groups, boardings, and the rank of every candidate in each of their rankings.
struct Pays {
    parametres: Value,
    groupes: Vec<Value>,
    internats: Vec<Value>,
    rangs: Vec<Vec<u64>>,
    rangs_internat: Vec<Vec<u64>>,
}

fn pays(des: &mut Des, candidats: u64) -> Pays {
    let jour = 1 + des.below(60);
    let parametres = json!({
        "jour": jour,
        "jour_fin_reservation_internats": 2 + des.below(58),
        "jour_debut_gdd": 20 + des.below(40),
        "jour_fin_ordonnancement_gdd": 20 + des.below(45),
    });
    let formations = 1 + des.below(4);
    let classements: Vec<Vec<u64>> = (0..4).map(|_| des.permutation(candidats)).collect();
    let (mut groupes, mut rangs) = (Vec::new(), Vec::new());
    for f in 1..=formations {
        for rang in 0..1 + u64::from(des.chance(30)) {
            // A ranking may serve several courses; two groups of a course have two.
            let classement = 2 * des.below(2) + rang;
            let a = des.below(6);
            groupes.push(json!({
                "id": groupes.len(),
                "groupe_classement": 50 + classement,
                "formation_inscription": 1 + f / 2,
                "formation": f,
                "places": des.below(candidats / 2 + 2),
                "rang_limite": if des.chance(25) { des.below(candidats + 1) } else { 0 },
                "rang_dernier_appele": a,
                "rang_dernier_appele_reference": des.below(a + 1),
                "fin_reservation_internats": des.chance(5),
                "admissions_suspendues": des.chance(8),
            }));
            rangs.push(classements[usize::try_from(classement).unwrap()].clone());
        }
    }
    let (mut internats, mut rangs_internat) = (Vec::new(), Vec::new());
    for i in 0..des.below(4) {
        internats.push(json!({ "id": i, "classement_internat": 900 + i, "capacite": des.below(4) }));
        rangs_internat.push(des.permutation(candidats));
    }
    Pays { parametres, groupes, internats, rangs, rangs_internat }
}

fn voeux_of(des: &mut Des, p: &Pays, c: u64, actif: bool) -> Vec<Value> {
    let place = usize::try_from(c - 1).unwrap();
    let mut voeux: Vec<Value> = Vec::new();
    let mut g = 0;
    while g < p.groupes.len() {
        let formation = &p.groupes[g]["formation"];
        let fin = g + p.groupes[g..].iter().take_while(|h| h["formation"] == *formation).count();
        let choisi = g + usize::try_from(des.below((fin - g) as u64)).unwrap();
        g = fin;
        if !des.chance(65) {
            continue;
        }
        let sans = json!({
            "candidat": c,
            "groupe": choisi,
            "rang_appel": p.rangs[choisi][place],
            "statut": "en_attente",
            "rang_attente_veille": if des.chance(70) { des.below(6) } else { 0 },
            "ignorer_rang_attente": des.chance(5),
            "ignorer_barre_internat": des.chance(5),
        });
        let interne = !p.internats.is_empty() && des.chance(50);
        if interne {
            let i = usize::try_from(des.below(p.internats.len() as u64)).unwrap();
            let mut avec = sans.clone();
            avec["avec_internat"] = json!(true);
            avec["internat"] = json!(i);
            avec["rang_internat"] = json!(p.rangs_internat[i][place]);
            voeux.push(avec);
        } else if des.chance(10) {
            // Boarding without a ranking.
            let mut avec = sans.clone();
            avec["avec_internat"] = json!(true);
            voeux.push(avec);
        }
        if !interne || des.chance(60) {
            voeux.push(sans);
        }
    }
    if actif || des.chance(40) {
        let ordre = des.permutation(voeux.len() as u64);
        for (v, rang) in voeux.iter_mut().zip(ordre) {
            v["rang_preference"] = json!(rang);
        }
    }
    // Propositions of former days: the worst one in order, as the rules ask of whoever has an answering machine.
    let pire = (0..voeux.len()).max_by_key(|n| voeux[*n]["rang_preference"].as_u64().unwrap_or(0));
    if let Some(n) = pire.filter(|_| des.chance(35)) {
        let statuts = ["sans_reponse", "acceptee", "refusee"];
        let statut = statuts[usize::try_from(des.below(3)).unwrap()];
        voeux[n]["statut"] = json!(format!("proposition_anterieure_{statut}"));
        voeux[n]["hors_pp"] = json!(des.chance(20));
        if des.chance(50) {
            voeux[n]["rang_appel"] = json!(0);
            voeux[n]["rang_internat"] = json!(0);
        }
    }
    voeux
}

fn draw(graine: u64) -> Value {
    let mut des = Des(graine.wrapping_mul(0x9E37_79B9_7F4A_7C15));
    let candidats = 1 + des.below(14);
    let p = pays(&mut des, candidats);
    let repond = des.chance(60);
    let (mut voeux, mut repondeurs) = (Vec::new(), Vec::new());
    for c in 1..=candidats {
        let actif = repond && des.chance(40);
        if actif {
            repondeurs.push(c);
        }
        voeux.extend(voeux_of(&mut des, &p, c, actif));
    }
    // Now and then, something that the data may not say.
    if des.chance(10) && !voeux.is_empty() {
        let n = usize::try_from(des.below(voeux.len() as u64)).unwrap();
        let champs = ["rang_appel", "rang_internat", "rang_preference", "groupe", "internat"];
        let champ = champs[usize::try_from(des.below(5)).unwrap()];
        voeux[n][champ] = json!(des.below(20));
    }
    json!({
        "parametres": p.parametres,
        "groupes": p.groupes,
        "internats": p.internats,
        "voeux": voeux,
        "candidats_repondeur": repondeurs,
    })
}

/// The same day the next morning: what was proposed waits for an answer, what was given up is gone.
fn next_morning(entree: &Value, sortie: &Value) -> Value {
    let mut suivante = entree.clone();
    let mut statuts: Vec<Value> =
        entree["voeux"].as_array().unwrap().iter().map(|v| v["statut"].clone()).collect();
    for c in sortie["changements"].as_array().unwrap() {
        statuts[usize::try_from(c["voeu"].as_u64().unwrap()).unwrap()] = c["statut"].clone();
    }
    let mut veilles = vec![0; statuts.len()];
    for r in sortie["rangs_attente"].as_array().unwrap() {
        veilles[usize::try_from(r["voeu"].as_u64().unwrap()).unwrap()] = r["rang"].as_u64().unwrap();
    }
    let mut voeux = Vec::new();
    for ((v, statut), veille) in entree["voeux"].as_array().unwrap().iter().zip(statuts).zip(veilles) {
        let devenu = match statut.as_str().unwrap() {
            "proposition_du_jour" => "proposition_anterieure_sans_reponse",
            "ra_acceptation" => "proposition_anterieure_acceptee",
            "en_attente" => "en_attente",
            tenue if tenue.starts_with("proposition_anterieure") => tenue,
            _ => continue,
        };
        let mut v = v.clone();
        v["statut"] = json!(devenu);
        v["rang_attente_veille"] = json!(veille);
        voeux.push(v);
    }
    suivante["voeux"] = json!(voeux);
    suivante["parametres"]["jour"] = json!(entree["parametres"]["jour"].as_u64().unwrap() + 1);
    suivante
}

/// Computes both ways; gives the output when there is one.
fn agree(cas: &str, entree: &Value) -> Option<Value> {
    let ligne = json!({ "cas": cas, "type": "propositions", "entree": entree }).to_string();
    let lieu = Lieu { fichier: "tirage", ligne: 1 };
    let obtenu = evaluate(lieu, &ligne, &Options::default()).unwrap().resultat.sortie;
    let jugee = reference::evaluate(&ligne).unwrap();
    // Several faults at once: which one is told first is not specified.
    if obtenu.get("erreur").is_some() && jugee.get("erreur").is_some() {
        return None;
    }
    let found = differences(&jugee, &obtenu, 5);
    assert!(found.is_empty(), "{cas} : {found:#?}\n{ligne}");
    Some(obtenu)
}

#[test]
fn the_engine_and_its_judge_agree_on_drawn_campaigns() {
    let (mut jours, mut refus, mut alertes) = (0, 0, 0);
    for graine in 0..1_500 {
        let mut entree = draw(graine);
        for jour in 0..3 {
            jours += 1;
            let Some(sortie) = agree(&format!("tirage {graine}, jour {jour}"), &entree) else {
                refus += 1;
                break;
            };
            alertes += u32::from(sortie["alerte"] == json!(true));
            entree = next_morning(&entree, &sortie);
        }
    }
    println!("{jours} jours, {refus} refus, {alertes} alertes");
    // The draws mean something: most days are computed, some are refused, some set groups aside.
    assert!(refus > 50 && refus * 2 < jours && alertes > 10, "{jours}, {refus}, {alertes}");
}

#[test]
fn call_orders_agree_on_drawn_rankings() {
    for graine in 0..2_000 {
        let mut des = Des(graine);
        let n = des.below(40);
        let voeux: Vec<Value> = des
            .permutation(n)
            .into_iter()
            .zip(1..)
            .map(|(rang, c)| json!({ "candidat": c, "rang": 3 * rang, "boursier": des.chance(30), "resident": des.chance(50) }))
            .collect();
        let groupe = json!({
            "groupe": 1, "voeux": voeux,
            "taux_min_boursiers": des.below(101), "taux_min_residents": des.below(101),
        });
        let modification = json!({ "candidat": 1 + des.below(45), "nouveau_rang": des.below(100), "boursier": des.chance(50), "resident": des.chance(50) });
        for (genre, entree) in [
            ("ordre_appel", json!({ "groupes_classement": [groupe] })),
            ("modification_classement", json!({ "groupe_classement": groupe, "modification": modification })),
        ] {
            let ligne = json!({ "cas": "tirage", "type": genre, "entree": entree }).to_string();
            let obtenu = evaluate(Lieu { fichier: "tirage", ligne: 1 }, &ligne, &Options::default()).unwrap();
            let jugee = reference::evaluate(&ligne).unwrap();
            let found = differences(&jugee, &obtenu.resultat.sortie, 5);
            assert!(found.is_empty(), "tirage {graine} : {found:#?}\n{ligne}");
        }
    }
}
