use super::*;

/// Waits at the 3rd place of the list, two before, in a groupe of two places where one was given back the same day.
fn exemple() -> Explication {
    let attente = Attente {
        cause: Cause::PlusDePlace,
        rang_attente: 3,
        rang_attente_veille: 4,
        candidats_en_attente: 9,
        avant: 3,
        devant: 2,
        formation_obtenue: false,
        manque: Some(Manque { places: 3, devant: 2, barre: None }),
    };
    Explication {
        voeu: 0,
        candidat: 0,
        groupe: 0,
        avec_internat: false,
        rang_appel: 7,
        rang_appel_affiche: 6,
        situation: Situation::EnAttente(attente),
        retenue: Retenue::Aucune,
        etat_groupe: EtatGroupe {
            places: 2,
            occupees_avant: 1,
            occupees: 2,
            appeles: 2,
            liberees: 1,
            dernier_appele: Some(4),
            dernier_appele_veille: 2,
            rang_limite: 0,
        },
        etat_internat: None,
        autres_propositions: vec![1],
    }
}

fn dit(e: &Explication, personne: Personne) -> String {
    let voeu = |n: u32| if n == 0 { "BTS Optique".to_owned() } else { "Licence de droit".to_owned() };
    let candidat = "candidat 3".to_owned();
    explain_voeu(e, &Noms { personne, candidat, voeu: &voeu, jour: 4 }).to_string()
}

#[test]
fn a_candidat_is_spoken_to_and_told_nothing_of_anybody_else() {
    let texte = dit(&exemple(), Personne::Candidat);
    for attendu in [
        "BTS Optique : jour 4",
        "Votre rang d’appel est 6 : c’est votre place dans l’ordre",
        "Ce jour-là, 2 candidats reçoivent une proposition, jusqu’au rang d’appel 4.",
        "Le même jour, 1 place est rendue par démission automatique.",
        "2 autres candidats passeraient avant vous, si des places se libéraient.",
        "que 3 candidats renoncent à leur proposition : 2 pour les candidats qui passent avant vous et 1 pour vous.",
        "Vos autres propositions",
        "vous aviez aussi une proposition pour : Licence de droit.",
    ] {
        assert!(texte.contains(attendu), "{attendu} : {texte}");
    }
    // Not the rank behind the one displayed, nor why one of those before would not pass, nor what somebody got instead.
    let tus = [
        "candidat 3",
        "rang d’appel est 7",
        "montré au candidat",
        "le retient",
        "en a reçu une autre",
        " lui",
    ];
    for tu in tus {
        assert!(!texte.contains(tu), "{tu} : {texte}");
    }
    let lecteur = dit(&exemple(), Personne::Lecteur);
    let dits = ["Son rang d’appel est 7", "Le rang montré au candidat est 6", "il en a reçu une autre"];
    for attendu in dits {
        assert!(lecteur.contains(attendu), "{attendu} : {lecteur}");
    }
}

#[test]
fn several_other_propositions_are_a_list_for_the_candidat() {
    let e = Explication { autres_propositions: vec![1, 2], ..exemple() };
    let texte = dit(&e, Personne::Candidat);
    let liste = "une proposition pour :\n  – Licence de droit\n  – Licence de droit";
    assert!(texte.contains(liste), "{texte}");
    let lecteur = dit(&e, Personne::Lecteur);
    assert!(lecteur.contains("pour : Licence de droit ; Licence de droit."), "{lecteur}");
}

#[test]
fn tps_6_what_a_check_withholds_is_not_told_to_the_candidat() {
    let proposee = Situation::ProposeeCeJour { appel: Appel::Place, acceptee: false };
    let e = Explication { retenue: Retenue::NonPubliee, situation: proposee, ..exemple() };
    let texte = dit(&e, Personne::Candidat);
    assert!(texte.contains("Rien n’est publié ce jour-là pour cette formation"), "{texte}");
    assert!(!texte.contains("Le calcul donnait") && !texte.contains("places"), "{texte}");
    assert!(dit(&e, Personne::Lecteur).contains("Le calcul donnait une proposition d’admission"));
}

#[test]
fn r_adm_12_a_group_held_by_the_platform_is_not_told_as_suspended_by_its_course() {
    let avec = |cause| match exemple().situation {
        Situation::EnAttente(a) => {
            let situation = Situation::EnAttente(Attente { cause, manque: None, ..a });
            Explication { situation, ..exemple() }
        }
        autre => panic!("{autre:?}"),
    };
    let suspendue = "la formation ne fait aucune proposition, ses admissions sont suspendues";
    for personne in [Personne::Candidat, Personne::Lecteur] {
        let texte = dit(&avec(Cause::GroupeRetenu), personne);
        assert!(texte.contains("la plateforme retient les propositions de cette formation"), "{texte}");
        assert!(!texte.contains(suspendue), "{texte}");
        assert!(dit(&avec(Cause::AdmissionsSuspendues), personne).contains(suspendue));
    }
    // The numbers that are being checked are for whoever reads the runs.
    let texte = dit(&avec(Cause::GroupeRetenu), Personne::Candidat);
    assert!(texte.contains("rien n’est décidé contre vous") && !texte.contains("à la fois"), "{texte}");
    assert!(dit(&avec(Cause::GroupeRetenu), Personne::Lecteur).contains("à la fois"));
}

#[test]
fn what_the_platform_decided_is_told_in_the_name_of_what() {
    let situation = Situation::DemissionAutomatique {
        nature: Demission::Repondeur,
        avant: Avant::Attente,
        pour: Some(1),
    };
    let texte = dit(&Explication { situation, ..exemple() }, Personne::Candidat);
    let recue = "vous recevez ce jour-là une proposition pour : Licence de droit.";
    assert!(texte.contains(recue), "{texte}");
    assert!(texte.contains("dans l’ordre de préférence que vous avez donné"), "{texte}");
}
