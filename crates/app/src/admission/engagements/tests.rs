//! What somebody who knows three wishes of a person finds in the public part: nothing more; and the same attack, on what is not
//! salted or says a little too much, finds it.

use std::collections::HashSet;

use domain::admission::Nature;
use ed25519_dalek::SigningKey;
use engine::propositions::{Etat, Parametres as Reglages, Statut};
use sha2::Digest as _;
use store::admission::GroupeAffectation;

use super::declaration::Declaration;
use super::feuilles::{Forme, Ligne, Passage, Racine, commitment};
use super::recu::{FORMAT, Inscription, Recu, Registre, Source, verify_recu};
use super::*;
use crate::admission::jour::{Lecture, VoeuLu, compute_day};
use crate::admission::ordre_appel::{ClasseLu, GroupeLu, compute_orders};
use crate::admission::proces_verbal::{self, day_pieces};
use crate::admission::sceau::Sceau;

const JOUR: i64 = 2;
const X: usize = 0;
const Y: usize = 1;

/// One of two countries: in one X asks for the fourth course and Y for the fifth, in the other the contrary. The wish that X
/// gets is the one that a neighbour does not know. Everything else is the same, the public numbers too.
fn lecture(autre_monde: bool) -> Lecture {
    let groupes = (0..5)
        .map(|g| GroupeAffectation {
            id: 70 + g,
            groupe_classement_id: 7 + g,
            formation_session_id: 1 + g,
            formation_inscription_id: 1 + g,
            formation_id: 1 + g,
            nombre_a_appeler: 1,
            rang_limite: 0,
            admissions_suspendues: 0,
            sans_classement: 0,
            dernier_interne: 0,
            dernier_reference: 0,
            dernier_affiche: 0,
        })
        .collect();
    // Group, candidate, call rank.
    let (x, y) = if autre_monde { ((4, 2), (3, 1)) } else { ((3, 1), (4, 2)) };
    let mut voeux: Vec<(u32, usize, i32)> = vec![
        (0, X, 2),
        (1, X, 1),
        (2, X, 3),
        (x.0, X, x.1),
        (0, Y, 1),
        (1, Y, 2),
        (2, Y, 2),
        (y.0, Y, y.1),
        (4, 4, 1),
        (3, 4, 2),
        (3, 5, 3),
        (4, 5, 3),
    ];
    for g in 0..3 {
        voeux.push((g, 2, if g == 2 { 1 } else { 3 }));
        voeux.push((g, 3, 4));
    }
    voeux.sort_unstable_by_key(|v| v.1);
    let voeux = (0..)
        .zip(voeux)
        .map(|(n, (groupe, candidat, rang))| VoeuLu {
            id: 100 + n,
            candidat: u32::try_from(candidat).unwrap(),
            groupe,
            etat: Etat::new(Statut::EnAttente),
            rang,
            veille: 0,
            preference: 0,
        })
        .collect();
    let parametres = Reglages {
        jour: 2,
        jour_fin_reservation_internats: 30,
        jour_debut_gdd: 50,
        jour_fin_ordonnancement_gdd: 55,
    };
    Lecture { parametres, groupes, candidats: (1..=6).collect(), voeux, ..Lecture::default() }
}

/// Everything that anybody reads of a run, and what the platform keeps for itself.
struct Publie {
    declaration: Declaration,
    /// The declaration, the table of the last ones called and the receipts of the three wishes of X, as texts.
    textes: String,
    recus: Vec<Recu>,
    registre: Registre,
    pv: ProcesVerbal,
    /// Of the record.
    empreinte: String,
}

fn cle() -> SigningKey {
    SigningKey::from_bytes(&[9; 32])
}

fn secret(n: u8) -> Secret {
    Secret::from_bytes(blake3::hash(&[n]).as_bytes()).unwrap()
}

fn publish(autre_monde: bool, secret: Secret) -> Publie {
    publish_as(Forme::Masquee, JOUR, autre_monde, secret)
}

fn publish_as(forme: Forme, jour: i64, autre_monde: bool, secret: Secret) -> Publie {
    let mut lu = lecture(autre_monde);
    lu.parametres.jour = i32::try_from(jour).unwrap();
    let calcul = compute_day(&lu).unwrap();
    let (engagement, piece) = Engagement::day_as(forme, 2024, secret.clone(), &lu, &calcul.resultat).unwrap();
    let mut pv = ProcesVerbal {
        format: proces_verbal::FORMAT,
        session: 1,
        annee: 2024,
        nature: Nature::Propositions.code().to_owned(),
        jour,
        calcule_le: 0,
        version: "essai".to_owned(),
        parametres: "{}".to_owned(),
        precedente: String::new(),
        ordre: String::new(),
        veille: String::new(),
        entree: calcul.entree.clone(),
        sortie: calcul.resultat.hash(),
        fichiers: Vec::new(),
    };
    let mut pieces = day_pieces(&lu, &calcul.resultat).unwrap();
    pieces.push(piece);
    pv.fichiers = pieces.iter().map(|p| p.fichier(hex(&Sha256::digest(&p.octets)))).collect();
    let empreinte = hex(&Sha256::digest(pv.octets().unwrap()));
    let signature = pv.sceau(Nature::Propositions, &empreinte).sign(&cle());
    let bilan = Bilan { signature, proces_verbal: empreinte.clone(), ..calcul.bilan };
    let declaration = engagement.declaration(&pv, &bilan, "");
    let texte = declaration.text();
    let f = Feuilles::of_day(2024, &lu, &calcul.resultat);
    let siens: Vec<(i64, i64)> = lu
        .voeux
        .iter()
        .filter(|v| v.candidat as usize == X && v.groupe < 3)
        .map(|v| (lu.groupes[v.groupe as usize].id, v.id))
        .collect();
    let recus: Vec<Recu> = siens
        .iter()
        .map(|&(groupe, voeu)| {
            let lignes = f.of_group(groupe);
            let racines = &engagement.arbres.racines;
            let source = Source { passage: f.passage, secret: &secret, lignes: &lignes, racines };
            source.receipt("Formation", groupe, voeu, &texte).unwrap().unwrap()
        })
        .collect();
    assert_eq!(recus.len(), 3);
    let mut textes = texte.clone() + &last_called(&calcul.resultat.groupes);
    recus.iter().for_each(|r| textes.push_str(&r.json()));
    let inscription = Inscription {
        empreinte: sha256(&texte),
        signature: Some(sign(&texte, &cle())),
        declaration: Some(texte),
        publie_le: None,
    };
    let registre = Registre {
        format: FORMAT,
        session: 2024,
        cle: hex(cle().verifying_key().as_bytes()),
        passages: vec![inscription],
        temoignages: Vec::new(),
    };
    Publie { declaration, textes, recus, registre, pv, empreinte }
}

/// The hexadecimal hashes in a text.
fn empreintes(texte: &str) -> HashSet<String> {
    texte
        .split(|c: char| !c.is_ascii_hexdigit())
        .filter(|mot| mot.len() == 64 && mot.bytes().all(|b| !b.is_ascii_uppercase()))
        .map(str::to_owned)
        .collect()
}

/// Every line that a wish could have in a group of this size.
fn lines() -> impl Iterator<Item = Ligne> {
    (70..75_i64).flat_map(|groupe| {
        (100..118_i64).flat_map(move |voeu| {
            (1..=4_i64).flat_map(move |rang| {
                (-1..=4_i64).map(move |resultat| [groupe, voeu, rang, 0, 1, 0, 0, 0, 0, 0, resultat])
            })
        })
    })
}

const PASSAGE: Passage =
    Passage { genre: feuilles::Genre::Voeu, annee: 2024, jour: JOUR, forme: Forme::Masquee };

/// What the neighbour is told besides: which number a leaf shows in the place of each key of a run, though it takes the secret.
struct Dit {
    passage: Passage,
    secret: Secret,
}

impl Dit {
    /// Of day 2, under this secret.
    fn day(n: u8) -> Self {
        Self { passage: PASSAGE, secret: secret(n) }
    }

    fn text(&self, ligne: &Ligne) -> String {
        self.passage.text(&self.passage.shown(&self.secret, ligne))
    }
}

/// All that the neighbour can make without the salts, of every line there could be: hashed alone, under no salt, under the salts
/// that receipts show; the hashes of leaves of the trees too. Gives the lines that are found in what is public.
fn brute_force(
    dit: &Dit,
    lignes: impl Iterator<Item = Ligne>,
    publics: &HashSet<String>,
    sels: &[String],
) -> Vec<Ligne> {
    let mut trouvees = Vec::new();
    for ligne in lignes {
        let cle = Passage { forme: Forme::Cle, ..dit.passage };
        let mut essais: Vec<Vec<u8>> = Vec::new();
        for texte in [dit.text(&ligne), cle.text(&ligne)] {
            essais.extend([
                Sha256::digest(texte.as_bytes()).to_vec(),
                blake3::hash(texte.as_bytes()).as_bytes().to_vec(),
                commitment("", &texte).to_vec(),
                commitment(&"0".repeat(64), &texte).to_vec(),
            ]);
            essais.extend(sels.iter().map(|sel| commitment(sel, &texte).to_vec()));
        }
        let feuille = |octets: &Vec<u8>| hex(&Sha256::digest([&[0], octets.as_slice()].concat()));
        if essais.iter().any(|e| publics.contains(&hex(e)) || publics.contains(&feuille(e))) {
            trouvees.push(ligne);
        }
    }
    trouvees
}

/// Of somebody who hesitates between the two countries and knows everything of both, every salt apart: is the seal, or anything
/// public, that of this country? `vues` are the fingerprints of the record that they have seen published.
fn is_country(p: &Publie, autre_monde: bool, vues: &[String]) -> bool {
    let lu = lecture(autre_monde);
    let calcul = compute_day(&lu).unwrap();
    let (entree, sortie) = (calcul.entree.clone(), calcul.resultat.hash());
    let mut faits: HashSet<String> = [entree.clone(), sortie.clone()].into();
    for piece in day_pieces(&lu, &calcul.resultat).unwrap() {
        faits.insert(hex(&Sha256::digest(&piece.octets)));
        faits.extend(piece.octets.chunks(64 * 1024).map(|t| blake3::hash(t).to_hex().to_string()));
    }
    let sans: ProcesVerbal = ProcesVerbal { fichiers: Vec::new(), entree, sortie, ..p.pv.clone() };
    faits.insert(hex(&Sha256::digest(sans.octets().unwrap())));
    let publics: HashSet<String> = empreintes(&p.textes).into_iter().chain(vues.iter().cloned()).collect();
    // The signature of the record says yes or no to a whole guess: only what it signs and nobody knows keeps it silent.
    let scelle = publics.iter().any(|empreinte| {
        let sceau: Sceau<'_> = sans.sceau(Nature::Propositions, empreinte);
        sceau.is_signed(&cle().verifying_key(), &p.declaration.sceau)
    });
    scelle || faits.iter().any(|f| publics.contains(f))
}

#[test]
fn r_adm_14_who_knows_three_wishes_of_a_person_finds_nothing_more_in_the_public_part() {
    let (a, b, encore) = (publish(false, secret(1)), publish(true, secret(2)), publish(false, secret(3)));
    // The two countries are not the same: X has a proposition of the fourth course in one, waits for the fifth in the other.
    let de_x = |autre| {
        let lu = lecture(autre);
        let r = compute_day(&lu).unwrap().resultat;
        let v = lu.voeux.iter().find(|v| v.candidat as usize == X && v.groupe >= 3).copied().unwrap();
        r.propositions.iter().any(|p| p.0 == v.id)
    };
    assert!(de_x(false) && !de_x(true));
    assert_ne!(a.pv.entree, b.pv.entree);

    // What is not a hash is the same in both; what is one is another one each time, in the same country too.
    let hasards = |d: &Declaration| {
        (
            Declaration { sceau: String::new(), racine: String::new(), ..d.clone() },
            [d.sceau.clone(), d.racine.clone()],
        )
    };
    let ((clair_a, h_a), (clair_b, h_b), (clair_e, h_e)) =
        (hasards(&a.declaration), hasards(&b.declaration), hasards(&encore.declaration));
    assert_eq!((&clair_a, &clair_a), (&clair_b, &clair_e));
    for n in 0..2 {
        assert!(h_a[n] != h_b[n] && h_a[n] != h_e[n]);
    }
    // The receipts of the three wishes say the same words in both, and have the same shape.
    for (ra, rb) in a.recus.iter().zip(&b.recus) {
        assert_eq!(
            (sans_cle(&ra.texte), &ra.valeurs, ra.groupe),
            (sans_cle(&rb.texte), &rb.valeurs, rb.groupe)
        );
        let forme =
            |r: &Recu| [&r.dans_le_groupe, &r.dans_le_passage].map(|c| (c.feuilles, c.empreintes.len()));
        assert_eq!(forme(ra), forme(rb));
        assert_ne!(ra.sel, rb.sel);
    }
    // No line that there could be is found, nor the country, even by whoever knows everything of both.
    for (p, monde, n) in [(&a, false, 1), (&b, true, 2)] {
        let sels: Vec<String> = p.recus.iter().map(|r| r.sel.clone()).collect();
        assert_eq!(brute_force(&Dit::day(n), lines(), &empreintes(&p.textes), &sels), Vec::<Ligne>::new());
        assert!(!is_country(p, monde, &[]) && !is_country(p, !monde, &[]));
        // And yet the receipts prove what they say.
        let registre = serde_json::to_vec(&p.registre).unwrap();
        for r in &p.recus {
            let lu = verify_recu(&registre, r.json().as_bytes()).unwrap();
            assert_eq!(lu.valeurs, r.valeurs);
        }
    }
}

/// The number that a leaf shows in the place of its key, and its text without it.
fn cle_montree(texte: &str) -> &str {
    texte.split(';').nth(4).unwrap()
}

fn sans_cle(texte: &str) -> String {
    let autres: Vec<&str> =
        texte.split(';').enumerate().filter(|(n, _)| *n != 4).map(|(_, mot)| mot).collect();
    autres.join(";")
}

#[test]
fn r_adm_14_receipts_of_several_days_and_wishes_have_nothing_in_common_and_find_nothing_more() {
    let jours = [publish(false, secret(1)), publish_as(Forme::Masquee, JOUR + 1, false, secret(2))];
    let recus: Vec<&Recu> = jours.iter().flat_map(|p| &p.recus).collect();
    // Three wishes whose keys follow each other, two days: six numbers, none of which is a key.
    let montrees: HashSet<&str> = recus.iter().map(|r| cle_montree(&r.texte)).collect();
    assert_eq!(montrees.len(), 6);
    assert!(montrees.iter().all(|cle| cle.parse::<i64>().unwrap() > 1_000_000), "{montrees:?}");
    // With everything of both days, salts included, nothing is found of either.
    let textes: HashSet<String> = jours.iter().flat_map(|p| empreintes(&p.textes)).collect();
    let sels: Vec<String> = recus.iter().map(|r| r.sel.clone()).collect();
    for (n, jour) in [(1, JOUR), (2, JOUR + 1)] {
        let dit = Dit { passage: Passage { jour, ..PASSAGE }, secret: secret(n) };
        assert_eq!(brute_force(&dit, lines(), &textes, &sels), Vec::<Ligne>::new());
    }
}

#[test]
fn r_adm_14_a_run_of_before_named_wishes_by_their_keys_and_is_still_proved() {
    let p = publish_as(Forme::Cle, JOUR, false, secret(1));
    let registre = serde_json::to_vec(&p.registre).unwrap();
    for r in &p.recus {
        assert!(r.texte.starts_with("voeu;2024;2;") && cle_montree(&r.texte).len() == 3, "{}", r.texte);
        assert_eq!(verify_recu(&registre, r.json().as_bytes()).unwrap().valeurs, r.valeurs);
        // Said in the other form, it is another text.
        let faux = Recu { texte: r.texte.replacen("voeu", "voeu2", 1), ..r.clone() };
        assert_eq!(verify_recu(&registre, faux.json().as_bytes()), Err(EcartRecu::Preuve));
    }
}

/// The call order of one of two countries: in one, the second candidate holds a scholarship and is not of the sector, in the other the
/// contrary. With rates of nought the ranks are the same.
fn classement(autre_monde: bool) -> ordre_appel::Lecture {
    let classe = |n: i64| ClasseLu {
        groupe: 0,
        rang: n,
        candidat: 30 + n,
        boursier: n == 2 && !autre_monde,
        resident: n != 2 || autre_monde,
    };
    let groupes = vec![GroupeLu { id: 7, taux_boursiers: 0, taux_residents: 0 }];
    ordre_appel::Lecture { groupes, classes: (1..=4).map(classe).collect() }
}

/// Everything that anybody reads of call orders, and the receipt of the first candidate.
fn publish_orders(autre_monde: bool, secret: &Secret) -> (String, Recu) {
    let lu = classement(autre_monde);
    let lignes = compute_orders(&lu).unwrap().lignes;
    let (engagement, _) = Engagement::of_orders(2024, secret.clone(), &lu, &lignes).unwrap();
    let declaration = Declaration {
        session: "2024".to_owned(),
        nature: Nature::OrdreAppel.code().to_owned(),
        jour: "0".to_owned(),
        racine: hex(&engagement.arbres.root()),
        arbres: "1".to_owned(),
        ..Declaration::default()
    };
    let texte = declaration.text();
    let f = Feuilles::of_orders(2024, &lu, &lignes);
    let siennes = f.of_group(7);
    let racines = &engagement.arbres.racines;
    let source = Source { passage: f.passage, secret, lignes: &siennes, racines };
    let recu = source.receipt("Formation", 7, 31, &texte).unwrap().unwrap();
    let inscription = Inscription {
        empreinte: sha256(&texte),
        signature: Some(sign(&texte, &cle())),
        declaration: Some(texte.clone()),
        publie_le: None,
    };
    let registre = Registre {
        format: FORMAT,
        session: 2024,
        cle: hex(cle().verifying_key().as_bytes()),
        passages: vec![inscription],
        temoignages: Vec::new(),
    };
    let lu = verify_recu(&serde_json::to_vec(&registre).unwrap(), recu.json().as_bytes()).unwrap();
    assert_eq!(lu.valeurs, recu.valeurs);
    (texte + &recu.json(), recu)
}

#[test]
fn r_adm_14_call_orders_tell_of_nobody_else_the_scholarship_the_sector_or_the_key() {
    let ordres = Passage { genre: feuilles::Genre::Ordre, jour: 0, ..PASSAGE };
    let lignes = || {
        (30..36_i64).flat_map(|candidat| {
            (1..=4_i64).flat_map(move |rang| {
                [(0, 0), (0, 1), (1, 0), (1, 1)]
                    .map(|(boursier, resident)| [7, candidat, rang, boursier, resident, 0, 0, 0, 0, 0, 0])
            })
        })
    };
    let (textes_a, a) = publish_orders(false, &secret(1));
    let (textes_b, b) = publish_orders(true, &secret(2));
    // The two countries are not the same, and the receipt of somebody else says the same words in both.
    assert_ne!(classement(false).classes[1], classement(true).classes[1]);
    assert_eq!((sans_cle(&a.texte), &a.valeurs), (sans_cle(&b.texte), &b.valeurs));
    assert_ne!(a.sel, b.sel);
    for (n, textes, recu) in [(1, &textes_a, &a), (2, &textes_b, &b)] {
        let cle: i64 = cle_montree(&recu.texte).parse().unwrap();
        assert!(cle > 1_000_000 && recu.texte.starts_with("ordre2;2024;0;7;"), "{}", recu.texte);
        let dit = Dit { passage: ordres, secret: secret(n) };
        let sels = std::slice::from_ref(&recu.sel);
        assert_eq!(brute_force(&dit, lignes(), &empreintes(textes), sels), Vec::<Ligne>::new());
        // The same attack finds everybody once nothing is salted.
        let lu = classement(n == 2);
        let ordre = compute_orders(&lu).unwrap().lignes;
        let nues = Feuilles::of_orders(2024, &lu, &ordre).of_group(7);
        let nues: Vec<String> = nues.iter().map(|l| hex(&Sha256::digest(dit.text(l).as_bytes()))).collect();
        assert_eq!(brute_force(&dit, lignes(), &empreintes(&nues.join("\n")), &[]).len(), 4);
    }
}

#[test]
fn r_adm_14_the_same_attack_finds_what_is_not_salted_or_says_too_much() {
    // Without salts: the neighbours of the leaf of a receipt are found, one by one.
    let lu = lecture(false);
    let calcul = compute_day(&lu).unwrap();
    let f = Feuilles::of_day(2024, &lu, &calcul.resultat);
    let lignes = f.of_group(70);
    let dit = Dit::day(1);
    let mut feuilles: Vec<Vec<u8>> =
        lignes.iter().map(|l| Sha256::digest(dit.text(l).as_bytes()).to_vec()).collect();
    feuilles.sort_unstable();
    let chemin = arbre::path(feuilles, 0).unwrap().join("\n");
    let trouvees = brute_force(&dit, lines(), &empreintes(&chemin), &[]);
    assert!(!trouvees.is_empty() && trouvees.iter().all(|l| lignes.contains(l)), "{trouvees:?}");

    // One salt for a whole run: a receipt gives all the others.
    let sel = hex(&[5; 32]);
    let mut feuilles: Vec<Vec<u8>> = lignes.iter().map(|l| commitment(&sel, &dit.text(l)).to_vec()).collect();
    feuilles.sort_unstable();
    let chemin = arbre::path(feuilles, 0).unwrap().join("\n");
    assert!(brute_force(&dit, lines(), &empreintes(&chemin), &[]).is_empty());
    assert!(!brute_force(&dit, lines(), &empreintes(&chemin), &[sel]).is_empty());

    // The fingerprint of the input, or that of the record beside its signature, tells one country from the other.
    let a = publish(false, secret(1));
    for trop in [&a.pv.entree, &a.pv.sortie, &a.empreinte] {
        assert!(is_country(&a, false, std::slice::from_ref(trop)));
        assert!(!is_country(&a, true, std::slice::from_ref(trop)));
    }
}

#[test]
fn r_adm_14_the_place_of_a_leaf_says_nothing_of_the_order_of_the_wishes() {
    let lu = lecture(false);
    let calcul = compute_day(&lu).unwrap();
    let f = Feuilles::of_day(2024, &lu, &calcul.resultat);
    let lignes = f.of_group(70);
    let places = |lignes: &[Ligne], voeu: i64| {
        let mut vues = vec![0; lignes.len()];
        for n in 0..200 {
            let feuille = feuilles::prove(f.passage, &secret(n), lignes, voeu).unwrap();
            vues[usize::try_from(feuille.place).unwrap()] += 1;
        }
        vues
    };
    // Four wishes: each place fifty times out of two hundred, whoever comes first.
    for voeu in lignes.iter().map(|l| l[1]) {
        let vues = places(&lignes, voeu);
        assert!(vues.iter().all(|n| (25..=75).contains(n)), "{vues:?}");
    }
    let retournees: Vec<Ligne> = lignes.iter().rev().copied().collect();
    assert_eq!(places(&lignes, lignes[0][1]), places(&retournees, lignes[0][1]));
}

#[test]
fn r_adm_14_a_leaf_is_made_of_the_whole_line_and_read_back() {
    let lu = lecture(true);
    let calcul = compute_day(&lu).unwrap();
    let f = Feuilles::of_day(2024, &lu, &calcul.resultat);
    let mut vues = HashSet::new();
    for groupe in 70..75 {
        for ligne in f.of_group(groupe) {
            let texte = f.passage.text(&ligne);
            assert_eq!(Passage::read(&texte), Some((f.passage, ligne)));
            // As it is: call rank, status, and what the day decided of it.
            let v = lu.voeux.iter().find(|v| v.id == ligne[1]).unwrap();
            let propose = calcul.resultat.propositions.iter().any(|p| p.0 == v.id);
            let rang = calcul.resultat.rangs.iter().find(|r| r.0 == v.id).map_or(0, |r| r.1);
            assert_eq!((ligne[2], ligne[4]), (i64::from(v.rang), 1));
            assert_eq!(ligne[10], if propose { -1 } else { rang });
            assert!(vues.insert(texte));
        }
    }
    assert_eq!(vues.len(), lu.voeux.len());
    for faux in [
        "",
        "voeu;2024;2",
        "voeu;2024;2;1;2;3;4;5;6;7;8;9;10;11;12;13",
        "voeu;2024;02;70;100;1;0;1;0;0;0;0;0;0",
        "voeu3;2024;2;70;100;1;0;1;0;0;0;0;0;0",
        "autre;1;2",
    ] {
        assert_eq!(Passage::read(faux), None, "{faux}");
    }
}

#[test]
fn r_adm_14_a_receipt_altered_anywhere_is_refused() {
    let p = publish(false, secret(1));
    let registre = serde_json::to_vec(&p.registre).unwrap();
    let juste = &p.recus[0];
    let dit = |r: &Recu| verify_recu(&registre, r.json().as_bytes());
    assert!(dit(juste).is_ok());
    let change = |f: &dyn Fn(&mut Recu)| {
        let mut r = juste.clone();
        f(&mut r);
        dit(&r).unwrap_err()
    };
    use EcartRecu as E;
    assert_eq!(
        change(&|r| r.sel.replace_range(0..1, if r.sel.starts_with('0') { "1" } else { "0" })),
        E::Preuve
    );
    assert_eq!(change(&|r| r.declaration = "0".repeat(64)), E::Passage);
    assert_eq!(change(&|r| r.valeurs[0].1 = "1".to_owned()), E::Libelles);
    // A better rank, with the words that go with it.
    let meilleur = |r: &mut Recu| {
        let (passage, mut ligne) = Passage::read(&r.texte).unwrap();
        ligne[2] = 9;
        r.texte = passage.text(&ligne);
        r.valeurs = feuilles::labels(passage, &ligne);
    };
    assert_eq!(change(&meilleur), E::Preuve);
    assert_eq!(change(&|r| r.texte = r.texte.replace("2024;2;", "2024;3;")), E::Texte);
    assert_eq!(change(&|r| r.groupe += 1), E::Texte);
    assert_eq!(change(&|r| r.racine_groupe = hex(&[1; 32])), E::Preuve);
    assert_eq!(change(&|r| r.dans_le_groupe.place += 1), E::Preuve);
    assert_eq!(change(&|r| r.dans_le_groupe.feuilles += 1), E::Preuve);
    assert_eq!(change(&|r| r.dans_le_passage.feuilles += 1), E::Preuve);
    assert_eq!(change(&|r| r.dans_le_passage.empreintes.swap(0, 1)), E::Preuve);
    assert!(matches!(change(&|r| r.format = 2), E::Illisible(_)));
    // A register of another key, whatever it says.
    let mut faux = p.registre.clone();
    faux.cle = hex(SigningKey::from_bytes(&[8; 32]).verifying_key().as_bytes());
    let faux = serde_json::to_vec(&faux).unwrap();
    assert_eq!(verify_recu(&faux, juste.json().as_bytes()), Err(E::Signature(1)));
}

/// What `Arbres` says does not depend on the number of processors, nor on how groups are cut into files.
#[test]
fn r_adm_14_many_groups_give_the_trees_of_each_of_them() {
    let classes: Vec<ClasseLu> = (0..900_u32)
        .flat_map(|groupe| {
            (1..=100_i64).map(move |rang| ClasseLu {
                groupe,
                rang,
                candidat: 1 + (rang * 7 + i64::from(groupe)) % 101,
                boursier: rang % 5 == 0,
                resident: rang % 2 == 0,
            })
        })
        .collect();
    let groupes = (0..900).map(|n| GroupeLu { id: 10 + n, taux_boursiers: 20, taux_residents: 0 }).collect();
    let lu = ordre_appel::Lecture { groupes, classes };
    let lignes = compute_orders(&lu).unwrap().lignes;
    let f = Feuilles::of_orders(2024, &lu, &lignes);
    let arbres = build(&f, &secret(1)).unwrap();
    assert_eq!((arbres.racines.len(), arbres.lots.len()), (900, 3));
    for lot in &arbres.lots {
        let (premier, dernier) = lot.groupes;
        for groupe in [premier, dernier] {
            let lues = feuilles::read_lot(feuilles::Genre::Ordre, &lot.octets, groupe).unwrap();
            assert_eq!(lues, f.of_group(groupe));
            let preuve = feuilles::prove(f.passage, &secret(1), &lues, lues[3][1]).unwrap();
            let racine: &Racine = arbres.racines.iter().find(|r| r.groupe == groupe).unwrap();
            assert_eq!(preuve.racine, racine.racine);
            let profil =
                lu.classes.iter().find(|c| 10 + i64::from(c.groupe) == groupe && c.candidat == lues[3][1]);
            assert_eq!(
                profil.map(|c| (i64::from(c.boursier), i64::from(c.resident))),
                Some((lues[3][3], lues[3][4]))
            );
        }
    }
    assert_eq!(feuilles::read_piece(&arbres.piece().unwrap()), Some(arbres.racines.clone()));
}
