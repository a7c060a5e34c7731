//! A small chain played again, and everything that can be wrong with it.

use domain::admission::{FaitsGroupe, JourGroupe, Nature, ReponseProposition};
use ed25519_dalek::SigningKey;
use engine::propositions::{Etat, Parametres as Reglages, Statut, VoeuInternat};
use store::admission::GroupeAffectation;

use super::super::{FORMAT, Piece, day_pieces, held_piece, order_pieces, withdrawal_pieces};
use super::*;
use crate::admission::jour::{InternatLu, RETENU, VoeuLu};
use crate::admission::ordre_appel::{ClasseLu, GroupeLu};
use crate::admission::retrait::{self, DemissionLue, PropositionLue};
use crate::admission::sceau::Sceau;

const REGLAGES: Reglages = Reglages {
    jour: 1,
    jour_fin_reservation_internats: 30,
    jour_debut_gdd: 50,
    jour_fin_ordonnancement_gdd: 55,
};

/// One who holds the key, and writes what they like.
struct Faussaire {
    cle: SigningKey,
    chaine: Chaine,
    pieces: HashMap<String, Vec<u8>>,
}

impl Faussaire {
    fn new() -> Self {
        let cle = SigningKey::from_bytes(&[9; 32]);
        let chaine = Chaine { maillons: Vec::new(), cle: cle.verifying_key().to_bytes() };
        Self { cle, chaine, pieces: HashMap::new() }
    }

    fn signature(&self, n: usize) -> String {
        self.chaine.maillons.get(n).map(|m| m.signature.clone()).unwrap_or_default()
    }

    fn sign(&mut self, mut pv: ProcesVerbal, pieces: Vec<Piece>) {
        for piece in pieces {
            let empreinte = sha256(&piece.octets);
            pv.fichiers.push(piece.fichier(empreinte.clone()));
            self.pieces.insert(empreinte, piece.octets);
        }
        let octets = pv.octets().unwrap();
        let nature = Nature::from_code(&pv.nature).unwrap();
        let sceau = Sceau {
            session: pv.session,
            nature,
            jour: pv.jour,
            entree: &pv.entree,
            sortie: &pv.sortie,
            version: &pv.version,
            parametres: &pv.parametres,
            precedente: &pv.precedente,
            proces_verbal: &sha256(&octets),
        };
        let signature = sceau.sign(&self.cle);
        self.chaine.maillons.push(Maillon { nom: "x".to_owned(), octets, signature });
    }

    /// A record of this nature after those there are.
    fn record(&self, nature: Nature, jour: i64, entree: &str, sortie: &str) -> ProcesVerbal {
        let place = self.chaine.maillons.len();
        let suit = |n: usize| if jour > 0 { self.signature(n) } else { String::new() };
        ProcesVerbal {
            format: FORMAT,
            session: 1,
            annee: 2024,
            nature: nature.code().to_owned(),
            jour,
            calcule_le: 0,
            version: "essai".to_owned(),
            parametres: serde_json::to_string(&Parametres::from(&Reglages {
                jour: i32::try_from(jour).unwrap(),
                ..REGLAGES
            }))
            .unwrap(),
            precedente: if place == 0 { String::new() } else { self.signature(place - 1) },
            ordre: suit(0),
            veille: if place < 2 { String::new() } else { suit(place - 1) },
            entree: entree.to_owned(),
            sortie: sortie.to_owned(),
            fichiers: Vec::new(),
        }
    }

    fn orders(&mut self) {
        let classes = (1..=3)
            .map(|n| ClasseLu { groupe: 0, rang: n, candidat: n, boursier: n == 3, resident: true })
            .collect();
        let groupes = vec![GroupeLu { id: 7, taux_boursiers: 20, taux_residents: 0 }];
        let lecture = ordre_appel::Lecture { groupes, classes };
        let calcul = compute_orders(&lecture).unwrap();
        let mut sortie = Empreinte::default();
        hash_ordre(&mut sortie, &calcul.lignes);
        let pv = self.record(Nature::OrdreAppel, 0, &calcul.entree, &sortie.hex());
        self.sign(pv, order_pieces(&lecture, &calcul.lignes).unwrap());
    }

    /// A day as it is computed, then changed by hand before it is signed.
    fn day(&mut self, lecture: &Lecture, change: impl FnOnce(&mut ProcesVerbal, &mut Resultat)) {
        let calcul = compute_day(lecture).unwrap();
        let mut resultat = calcul.resultat;
        let jour = i64::from(lecture.parametres.jour);
        let mut pv = self.record(Nature::Propositions, jour, &calcul.entree, &resultat.hash());
        change(&mut pv, &mut resultat);
        self.sign(pv, day_pieces(lecture, &resultat).unwrap());
    }

    /// A day that says what it withheld, and by which bounds.
    fn held_day(&mut self, lecture: &Lecture, bornes: Option<BornesRetenue>, lues: Option<&[RetenueLue]>) {
        let calcul = compute_day(lecture).unwrap();
        let jour = i64::from(lecture.parametres.jour);
        let mut pv = self.record(Nature::Propositions, jour, &calcul.entree, &calcul.resultat.hash());
        if let Some(bornes) = bornes {
            let parametres = Parametres::from(&lecture.parametres).with_bounds(bornes);
            pv.parametres = serde_json::to_string(&parametres).unwrap();
        }
        let mut pieces = day_pieces(lecture, &calcul.resultat).unwrap();
        pieces.extend(lues.map(|lues| held_piece(lues).unwrap()));
        self.sign(pv, pieces);
    }

    /// A withdrawal as it is computed from what may be made up, then changed by hand before it is signed.
    fn withdrawal(
        &mut self,
        lecture: &retrait::Lecture,
        change: impl FnOnce(&mut ProcesVerbal, &mut Resultat),
    ) {
        let mut resultat = compute_withdrawal(lecture);
        let mut pv = self.record(Nature::Retrait, lecture.depuis, &lecture.hash(), &resultat.hash());
        pv.parametres = format!("{{\"depuis\":{}}}", lecture.depuis);
        pv.ordre = String::new();
        change(&mut pv, &mut resultat);
        self.sign(pv, withdrawal_pieces(lecture, &resultat).unwrap());
    }

    fn verify(&self) -> Result<usize, Ecart> {
        let lire = |e: &str| self.pieces.get(e).cloned().ok_or(io::ErrorKind::NotFound.into());
        verify_chain(&self.chaine, &lire, None, &mut |_| {}).map_err(|e| e.quoi)
    }
}

fn groupe() -> GroupeAffectation {
    GroupeAffectation {
        id: 70,
        groupe_classement_id: 7,
        formation_session_id: 1,
        formation_inscription_id: 1,
        formation_id: 1,
        nombre_a_appeler: 1,
        rang_limite: 0,
        admissions_suspendues: 0,
        sans_classement: 0,
        dernier_interne: 0,
        dernier_reference: 0,
        dernier_affiche: 0,
    }
}

/// The call order is 3, 1, 2: of three candidates, the scholarship holder comes first.
fn premier_jour() -> Lecture {
    let voeu = |n: u32, rang: i32| VoeuLu {
        id: 100 + i64::from(n),
        candidat: n - 1,
        groupe: 0,
        etat: Etat::new(Statut::EnAttente),
        rang,
        veille: 0,
        preference: 0,
    };
    Lecture {
        parametres: REGLAGES,
        groupes: vec![groupe()],
        candidats: vec![1, 2, 3],
        voeux: vec![voeu(1, 2), voeu(2, 3), voeu(3, 1)],
        ..Lecture::default()
    }
}

/// The day after: 3 has not answered, 1 and 2 wait.
fn second_jour() -> Lecture {
    let mut jour = premier_jour();
    jour.parametres.jour = 2;
    jour.groupes[0] = GroupeAffectation { dernier_interne: 1, dernier_affiche: 1, ..jour.groupes[0].clone() };
    jour.voeux[0].veille = 1;
    jour.voeux[1].veille = 2;
    jour.voeux[2].etat = Etat::new(Statut::AnterieureSansReponse);
    jour
}

fn rien(_: &mut ProcesVerbal, _: &mut Resultat) {}

#[test]
fn r_adm_11_what_is_signed_and_wrong_is_told() {
    let honnete = || {
        let mut f = Faussaire::new();
        f.orders();
        f.day(&premier_jour(), rien);
        f
    };
    let mut f = honnete();
    f.day(&second_jour(), rien);
    assert_eq!(f.verify(), Ok(3));

    // A result that the engine does not give, its fingerprint made to fit.
    let mut f = Faussaire::new();
    f.orders();
    f.day(&premier_jour(), |pv, r| {
        assert_eq!(r.propositions, [(103, 70)]);
        r.propositions[0].0 = 101;
        pv.sortie = r.hash();
    });
    let dit = "vœu 103, groupe 70 recalculé, vœu 101, groupe 70 écrit".to_owned();
    assert_eq!(f.verify(), Err(Ecart::Resultat(dit)));
    let mut f = Faussaire::new();
    f.orders();
    f.day(&premier_jour(), |pv, _| "autre".clone_into(&mut pv.sortie));
    assert!(matches!(f.verify(), Err(Ecart::Resultat(_))));
    let mut f = Faussaire::new();
    f.orders();
    f.day(&premier_jour(), |pv, _| "autre".clone_into(&mut pv.entree));
    assert_eq!(f.verify(), Err(Ecart::Entree));

    // What is read is not what was decided: each case computes honestly from an input made up.
    type Faux = (&'static str, fn(&mut Lecture));
    let faux: [Faux; 4] = [
        ("rang d’attente du vœu 101 : 9 lu, 1 publié la veille", |j| j.voeux[0].veille = 9),
        ("le vœu 101 tient une place qu’aucun passage n’a proposée", |j| {
            j.voeux[0].etat = Etat::new(Statut::AnterieureAcceptee);
        }),
        ("dernier appelé du groupe 70", |j| j.groupes[0].dernier_affiche = 3),
        ("rang d’appel du vœu 102 : 4 lu, 3 publié", |j| j.voeux[1].rang = 4),
    ];
    for (dit, change) in faux {
        let mut f = honnete();
        let mut jour = second_jour();
        change(&mut jour);
        f.day(&jour, rien);
        assert_eq!(f.verify(), Err(Ecart::Continuite(dit.to_owned())));
    }
    // The runs that a day names are in the chain.
    let mut f = honnete();
    f.day(&second_jour(), |pv, _| "autre".clone_into(&mut pv.veille));
    assert!(matches!(f.verify(), Err(Ecart::Continuite(_))));
    let mut f = honnete();
    f.day(&second_jour(), |pv, _| pv.ordre = pv.veille.clone());
    assert!(matches!(f.verify(), Err(Ecart::Continuite(_))));
}

/// Day 2 once 3 has refused: 1 is proposed.
fn second_jour_libre() -> Lecture {
    let mut jour = second_jour();
    jour.voeux.truncate(2);
    jour.candidats.truncate(2);
    jour
}

/// The withdrawal of day 2: 1 has not answered.
fn retrait() -> retrait::Lecture {
    retrait::Lecture {
        depuis: 2,
        groupes: vec![(70, JourGroupe { jour: 1, dernier_appele: 1, dernier_interne: 1, en_attente: 2 })],
        propositions: vec![PropositionLue {
            voeu: 101,
            groupe: 70,
            jour: 2,
            reponse: ReponseProposition::Attendue,
            rang: 1,
        }],
        demissions: Vec::new(),
    }
}

/// Day 3 after the withdrawal: everything is as day 1 had left it.
fn troisieme_jour() -> Lecture {
    let mut jour = second_jour_libre();
    jour.parametres.jour = 3;
    jour
}

#[test]
fn r_adm_13_a_withdrawal_is_played_again_and_what_follows_it_continues_what_it_restored() {
    let honnete = || {
        let mut f = Faussaire::new();
        f.orders();
        f.day(&premier_jour(), rien);
        f.day(&second_jour_libre(), |_, r| {
            assert_eq!(
                (r.propositions.as_slice(), r.rangs.as_slice()),
                ([(101, 70)].as_slice(), [(102, 1)].as_slice())
            );
        });
        f
    };
    let mut f = honnete();
    f.withdrawal(&retrait(), rien);
    f.day(&troisieme_jour(), rien);
    // Proposed again, the place is held for good.
    let troisieme = compute_day(&troisieme_jour()).unwrap().resultat;
    assert_eq!(
        (troisieme.propositions.as_slice(), troisieme.rangs.as_slice()),
        ([(101, 70)].as_slice(), [(102, 1)].as_slice())
    );
    let mut jour = troisieme_jour();
    jour.parametres.jour = 4;
    jour.groupes[0].dernier_interne = troisieme.groupes[0].dernier_interne;
    jour.groupes[0].dernier_affiche = troisieme.groupes[0].dernier_appele;
    jour.voeux[0] = VoeuLu { etat: Etat::new(Statut::AnterieureSansReponse), veille: 0, ..jour.voeux[0] };
    jour.voeux[1].veille = 1;
    f.day(&jour, rien);
    assert_eq!(f.verify(), Ok(6));

    // A withdrawal signed and wrong.
    type Faux = (&'static str, fn(&mut retrait::Lecture));
    let faux: [Faux; 8] = [
        ("aucun passage n’a abandonné le vœu 102", |l| {
            l.demissions.push(DemissionLue { voeu: 102, jour: 2, statut: 3, cause: 101 });
        }),
        ("aucun passage depuis le jour 2 n’a proposé le vœu 102 dans le groupe 70 le jour 2", |l| {
            l.propositions[0] = PropositionLue { voeu: 102, rang: 2, ..l.propositions[0] };
        }),
        ("aucun passage depuis le jour 2 n’a proposé le vœu 103 dans le groupe 70 le jour 1", |l| {
            l.propositions[0] = PropositionLue { voeu: 103, jour: 1, rang: 0, ..l.propositions[0] };
        }),
        ("aucun passage depuis le jour 2 n’a proposé le vœu 101 dans le groupe 70 le jour 3", |l| {
            l.propositions[0].jour = 3;
        }),
        ("rang d’attente rétabli du vœu 101 : 2 lu, 1 publié avant", |l| l.propositions[0].rang = 2),
        ("aucun jour à retirer depuis le jour 2 pour le groupe 71", |l| {
            l.groupes.push((71, JourGroupe::default()));
        }),
        ("aucun jour à retirer depuis le jour 3 pour le groupe 70", |l| l.depuis = 3),
        ("état rétabli du groupe 70", |l| l.groupes[0].1.dernier_interne = 2),
    ];
    for (dit, change) in faux {
        let mut f = honnete();
        let mut lecture = retrait();
        change(&mut lecture);
        f.withdrawal(&lecture, rien);
        let lu = f.verify();
        assert!(matches!(&lu, Err(Ecart::Continuite(c)) if c.starts_with(dit)), "{dit}: {lu:?}");
    }
    let mut f = honnete();
    f.withdrawal(&retrait(), |pv, r| {
        r.propositions.clear();
        pv.sortie = r.hash();
    });
    assert!(matches!(f.verify(), Err(Ecart::Resultat(_))));
    let mut f = honnete();
    f.withdrawal(&retrait(), |pv, _| "autre".clone_into(&mut pv.entree));
    assert_eq!(f.verify(), Err(Ecart::Entree));
    let mut f = honnete();
    f.withdrawal(&retrait(), |pv, _| pv.jour = 1);
    assert_eq!(f.verify(), Err(Ecart::Entree));
    let mut f = honnete();
    f.withdrawal(&retrait(), |pv, _| pv.veille = String::new());
    assert!(matches!(f.verify(), Err(Ecart::Continuite(_))));
    // A second one has nothing left to withdraw.
    let mut f = honnete();
    f.withdrawal(&retrait(), rien);
    f.withdrawal(&retrait(), rien);
    assert!(matches!(f.verify(), Err(Ecart::Continuite(c)) if c.starts_with("aucun jour à retirer")));
}

#[test]
fn r_adm_13_a_day_that_ignores_the_withdrawal_before_it_is_told() {
    type Faux = (Option<&'static str>, fn(&mut Lecture));
    let faux: [Faux; 6] = [
        (None, |_| {}),
        // Accepted while the withdrawal waited to be published.
        (None, |j| j.voeux[0] = VoeuLu { etat: Etat::new(Statut::AnterieureAcceptee), ..j.voeux[0] }),
        (Some("le vœu 101 tient une place qui a été retirée"), |j| {
            j.voeux[0].etat = Etat::new(Statut::AnterieureSansReponse);
        }),
        (Some("rang d’attente du vœu 102 : 1 lu, 2 publié la veille"), |j| j.voeux[1].veille = 1),
        (Some("dernier appelé du groupe 70"), |j| j.groupes[0].dernier_interne = 2),
        (Some("dernier appelé du groupe 70"), |j| j.groupes[0].dernier_affiche = 2),
    ];
    for (dit, change) in faux {
        let mut f = Faussaire::new();
        f.orders();
        f.day(&premier_jour(), rien);
        f.day(&second_jour_libre(), rien);
        f.withdrawal(&retrait(), rien);
        let mut jour = troisieme_jour();
        change(&mut jour);
        f.day(&jour, rien);
        assert_eq!(f.verify(), dit.map_or(Ok(5), |dit| Err(Ecart::Continuite(dit.to_owned()))));
    }
    // Abandoned, the withdrawal counts for nothing: the day continues day 2.
    let mut f = Faussaire::new();
    f.orders();
    f.day(&premier_jour(), rien);
    f.day(&second_jour_libre(), rien);
    f.withdrawal(&retrait(), rien);
    let mut jour = troisieme_jour();
    let deux = compute_day(&second_jour_libre()).unwrap().resultat;
    jour.groupes[0].dernier_interne = 2;
    jour.groupes[0].dernier_affiche = deux.groupes[0].dernier_appele;
    jour.voeux[0] = VoeuLu { etat: Etat::new(Statut::AnterieureSansReponse), veille: 0, ..jour.voeux[0] };
    jour.voeux[1].veille = 1;
    let veille = f.signature(2);
    f.day(&jour, |pv, _| pv.veille = veille);
    assert_eq!(f.verify(), Ok(5));
}

/// As before, the two who wait ask for the only place of a boarding school, which ranks them the other way round.
fn avec_internat(mut jour: Lecture) -> Lecture {
    for (n, rang) in [(0, 2), (1, 1)] {
        jour.voeux[n as usize].etat = jour.voeux[n as usize].etat.with_internat(true);
        jour.voeux[n as usize].veille = 0;
        jour.en_internat.push(VoeuInternat { voeu: n, internat: 0, rang });
    }
    jour.internats.push(InternatLu {
        id: 5,
        formation_inscription: 0,
        formation: 0,
        capacite: 1,
        transmis: true,
        classes: 2,
    });
    jour
}

#[test]
fn r_int_04_a_bar_or_a_rank_that_is_not_that_of_the_day_before_is_told() {
    type Faux = (Option<&'static str>, fn(&mut Lecture));
    let faux: [Faux; 5] = [
        (None, |_| {}),
        (Some("barres d’internat affichées la veille"), |j| j.barres.clear()),
        (Some("barres d’internat affichées la veille"), |j| j.barres[0].barre_appel = 3),
        (Some("rang à l’internat du vœu 101"), |j| {
            j.en_internat[0].rang = 1;
            j.en_internat[1].rang = 2;
        }),
        (Some("rang à l’internat du vœu 102"), |j| j.en_internat[1].rang = 3),
    ];
    for (dit, change) in faux {
        let mut f = Faussaire::new();
        f.orders();
        let premier = avec_internat(premier_jour());
        f.day(&premier, rien);
        let premier = compute_day(&premier).unwrap().resultat;
        assert_eq!(premier.propositions, [(103, 70)]);
        let mut jour = avec_internat(second_jour_libre());
        jour.barres.clone_from(&premier.barres);
        change(&mut jour);
        jour.internats[0].classes = 3;
        f.day(&jour, |_, r| {
            if dit.is_none() {
                assert_eq!(
                    (r.propositions.as_slice(), r.barres[0].barre_internat),
                    ([(102, 70)].as_slice(), 1)
                );
            }
        });
        assert_eq!(f.verify(), dit.map_or(Ok(3), |dit| Err(Ecart::Continuite(dit.to_owned()))));
    }
}

#[test]
fn r_adm_12_what_a_record_withheld_follows_from_its_facts_or_is_told() {
    const BORNES: Option<BornesRetenue> =
        Some(BornesRetenue { appels_pct: 300, capacite_pct: 300, marge: 20 });
    let mut jour = premier_jour();
    jour.groupes[0].nombre_a_appeler = 40;
    let ouvert = jour.clone();
    jour.groupes[0].admissions_suspendues = RETENU;
    let faits = FaitsGroupe { places: 2, a_appeler: 40, classes: 3, capacite: 2, ..FaitsGroupe::default() };
    let juste = RetenueLue { groupe: 70, faits, motifs: 1, levee: false };
    let signe = |jour: &Lecture, bornes: Option<BornesRetenue>, lues: Option<&[RetenueLue]>| {
        let mut f = Faussaire::new();
        f.orders();
        f.held_day(jour, bornes, lues);
        f
    };
    let dit = |f: &Faussaire| {
        let lire = |e: &str| f.pieces.get(e).cloned().ok_or(io::ErrorKind::NotFound.into());
        let mut dits = Vec::new();
        verify_chain(&f.chaine, &lire, None, &mut |p| dits.push(p.to_string())).unwrap();
        dits.pop().unwrap()
    };
    assert_eq!(dit(&signe(&jour, BORNES, Some(&[juste]))), "Propositions du jour 1");
    assert_eq!(signe(&ouvert, BORNES, Some(&[RetenueLue { levee: true, ..juste }])).verify(), Ok(2));
    // A record made before the piece existed still says the same when it is played again.
    assert_eq!(dit(&signe(&jour, None, None)), "Propositions du jour 1 (sans pièce des retenues)");

    let absente = signe(&jour, BORNES, None).verify();
    assert_eq!(absente, Err(Ecart::PieceAbsente("retenues".to_owned())));
    let autres_places = FaitsGroupe { places: 40, ..faits };
    let faux = [
        ("le groupe 70 est retenu sans motif", vec![]),
        ("un groupe est dit deux fois", vec![juste, juste]),
        ("le groupe 71 n’a pas été lu ce jour-là", vec![juste, RetenueLue { groupe: 71, ..juste }]),
        ("motifs du groupe 70 : 1 recalculés, 3 écrits", vec![RetenueLue { motifs: 3, ..juste }]),
        ("motifs du groupe 70 : 0 recalculés, 1 écrits", vec![RetenueLue { faits: autres_places, ..juste }]),
        (
            "la retenue du groupe 70 ne suit pas de ses motifs",
            vec![RetenueLue { faits: autres_places, motifs: 0, ..juste }],
        ),
        ("la retenue du groupe 70 ne suit pas de ses motifs", vec![RetenueLue { levee: true, ..juste }]),
        (
            "les faits du groupe 70 ne sont pas ceux qui ont été lus",
            vec![RetenueLue { faits: FaitsGroupe { a_appeler: 41, ..faits }, ..juste }],
        ),
        (
            "les faits du groupe 70 ne sont pas ceux qui ont été lus",
            vec![RetenueLue { faits: FaitsGroupe { classes: 4, ..faits }, ..juste }],
        ),
    ];
    for (dit, lues) in faux {
        assert_eq!(signe(&jour, BORNES, Some(&lues)).verify(), Err(Ecart::Retenues(dit.to_owned())));
    }
    // Withheld, and not: a day that goes on in spite of its reasons.
    let malgre = signe(&ouvert, BORNES, Some(&[juste])).verify();
    assert!(matches!(malgre, Err(Ecart::Retenues(_))), "{malgre:?}");
    let sans_bornes = signe(&jour, None, Some(&[juste])).verify();
    assert!(matches!(sans_bornes, Err(Ecart::Retenues(_))), "{sans_bornes:?}");
}

#[test]
fn r_adm_21_who_waited_and_is_not_there_any_more_is_counted() {
    let partis = |f: &Faussaire| {
        let lire = |e: &str| f.pieces.get(e).cloned().ok_or(io::ErrorKind::NotFound.into());
        let mut partis = Vec::new();
        verify_chain(&f.chaine, &lire, None, &mut |p| partis.push(p.partis)).unwrap();
        partis
    };
    // Who is first in the call order has no wish on the first day.
    let mut f = Faussaire::new();
    f.orders();
    let mut jour = premier_jour();
    jour.voeux.truncate(2);
    jour.candidats.truncate(2);
    f.day(&jour, rien);
    assert_eq!(partis(&f), [0, 1]);
    // On the second day, 3 holds its place, and 2 no longer waits.
    let mut f = Faussaire::new();
    f.orders();
    f.day(&premier_jour(), rien);
    let tous = second_jour();
    let mut jour = tous.clone();
    jour.voeux.remove(1);
    jour.candidats.remove(1);
    jour.voeux[1].candidat = 1;
    f.day(&jour, rien);
    assert_eq!(partis(&f), [0, 0, 1]);
    let mut f = Faussaire::new();
    f.orders();
    f.day(&premier_jour(), rien);
    f.day(&tous, rien);
    assert_eq!(partis(&f), [0, 0, 0]);
    // Given back to wait by the withdrawal, 1 is gone on the third day.
    let mut f = Faussaire::new();
    f.orders();
    f.day(&premier_jour(), rien);
    f.day(&second_jour_libre(), rien);
    f.withdrawal(&retrait(), rien);
    let mut jour = troisieme_jour();
    jour.voeux.remove(0);
    jour.candidats.remove(0);
    jour.voeux[0].candidat = 0;
    f.day(&jour, rien);
    assert_eq!(partis(&f), [0, 0, 0, 0, 1]);
}

#[test]
fn r_adm_18_a_record_of_another_version_is_played_again_and_told() {
    let mut f = Faussaire::new();
    f.orders();
    f.day(&premier_jour(), |pv, _| VERSION.clone_into(&mut pv.version));
    let lire = |e: &str| f.pieces.get(e).cloned().ok_or(io::ErrorKind::NotFound.into());
    let mut versions = Vec::new();
    let rejoues = verify_chain(&f.chaine, &lire, None, &mut |p| versions.push(p.version.clone()));
    assert_eq!((rejoues, versions), (Ok(2), vec!["essai".to_owned(), VERSION.to_owned()]));
    // What it says otherwise may come from its version, and from no other.
    for (version, attendue) in [("essai", Some("essai")), (VERSION, None)] {
        let mut f = Faussaire::new();
        f.orders();
        f.day(&premier_jour(), |pv, _| {
            version.clone_into(&mut pv.version);
            "autre".clone_into(&mut pv.sortie);
        });
        let lire = |e: &str| f.pieces.get(e).cloned().ok_or(io::ErrorKind::NotFound.into());
        let ecart = verify_chain(&f.chaine, &lire, None, &mut |_| {}).unwrap_err();
        assert_eq!(ecart.version.as_deref(), attendue);
        let dit = ecart.to_string();
        assert_eq!(
            dit.contains("fait par la version essai et relu par la version"),
            attendue.is_some(),
            "{dit}"
        );
    }
    // Of a record that is not what was signed, nothing is believed.
    let mut f = Faussaire::new();
    f.orders();
    f.chaine.cle = [7; 32];
    let lire = |e: &str| f.pieces.get(e).cloned().ok_or(io::ErrorKind::NotFound.into());
    assert_eq!(verify_chain(&f.chaine, &lire, None, &mut |_| {}).unwrap_err().version, None);
}

#[test]
fn r_adm_19_a_chain_is_kept_up_to_a_day() {
    let mut f = Faussaire::new();
    f.orders();
    f.day(&premier_jour(), rien);
    f.day(&second_jour(), rien);
    for (jour, reste) in [(None, 3), (Some(9), 3), (Some(2), 3), (Some(1), 2), (Some(0), 1), (Some(-1), 0)] {
        let mut chaine = f.chaine.clone();
        chaine.until(jour);
        assert_eq!(chaine.maillons.len(), reste, "{jour:?}");
        let lire = |e: &str| f.pieces.get(e).cloned().ok_or(io::ErrorKind::NotFound.into());
        assert_eq!(verify_chain(&f.chaine, &lire, jour, &mut |_| {}), Ok(reste));
    }
}
