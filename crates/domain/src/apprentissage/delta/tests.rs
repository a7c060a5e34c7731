use super::super::fiche::tests::fiche;
use super::super::fiche::{Complement, Moment, Periode, Porteur, UaiComplete};
use super::super::statut::ActeurStatut;
use super::*;

const SEUIL: SeuilRetraits = SeuilRetraits { libres: 10, centiemes: 20 };

fn une(id: &str, adresse: &str) -> Fiche {
    let mut f = fiche(id);
    f.lieu.adresse = Some(adresse.to_owned());
    f
}

fn connue(fiche: Fiche, statut: Statut) -> Connue {
    let en_ligne = matches!(statut, Statut::Publie | Statut::EnAttenteMiseAJour);
    Connue { fiche, statut, raison: None, doublon_de: None, presente: true, en_ligne }
}

fn flux(fiches: Vec<Fiche>) -> Flux {
    Flux { fiches, refusees: BTreeSet::new(), anonymes: false, etendue: Etendue::Complete, seuil: SEUIL }
}

fn selon(connues: &[Connue], flux: &Flux) -> Delta {
    let p = Perimetre::de_depart(2024);
    delta(connues, flux, &p, &p)
}

fn jour(connues: &[Connue], fiches: Vec<Fiche>) -> Delta {
    selon(connues, &flux(fiches))
}

/// What the platform knows once the day is applied.
fn applique(connues: &[Connue], d: &Delta) -> Vec<Connue> {
    let mut apres = Vec::new();
    for decision in &d.decisions {
        let avant = connues.iter().find(|c| c.fiche.id == decision.id_avant());
        let (statut, raison) = match (&decision.passage, avant) {
            (Some(p), _) => (p.vers, p.raison.clone()),
            (None, Some(c)) => (c.statut, c.raison.clone()),
            (None, None) => panic!("{} has no status", decision.id),
        };
        apres.push(Connue {
            fiche: decision.fiche.clone().or_else(|| avant.map(|c| c.fiche.clone())).unwrap(),
            statut,
            raison,
            doublon_de: decision.doublon_de.clone(),
            presente: match decision.issue {
                Issue::Retrait => false,
                _ => decision.fiche.is_some() || avant.is_some_and(|c| c.presente),
            },
            en_ligne: statut == Statut::Publie
                || (avant.is_some_and(|c| c.en_ligne) && statut != Statut::Ferme),
        });
    }
    apres
}

fn codes(d: &Delta) -> Vec<(&str, &'static str)> {
    d.decisions.iter().map(|d| (d.id.as_str(), d.issue.code())).collect()
}

fn statut(d: &Delta, id: &str) -> Option<Statut> {
    d.decisions.iter().find(|d| d.id == id).and_then(|d| d.passage.as_ref()).map(|p| p.vers)
}

#[test]
fn r_app_06_a_record_sent_back_is_judged_again_once_it_is_corrected_and_not_before() {
    let a = une("a", "1 rue A");
    let attend = Connue {
        raison: Some("Le lieu est faux.".to_owned()),
        en_ligne: false,
        ..connue(a.clone(), Statut::EnAttenteMiseAJour)
    };
    let d = jour(std::slice::from_ref(&attend), vec![a.clone()]);
    assert_eq!((codes(&d), statut(&d, "a")), (vec![("a", "inchangee")], None));
    let mut corrigee = a;
    corrigee.periodes.push(Periode { debut: Moment::mois(2024, 10), fin: None });
    let d = jour(&[attend], vec![corrigee]);
    assert_eq!(statut(&d, "a"), Some(Statut::APublier));
}

#[test]
fn r_app_03_three_days_create_change_remove_and_the_same_day_again_changes_nothing() {
    let (a, b) = (une("a", "1 rue A"), une("b", "2 rue B"));
    let d = jour(&[], vec![a.clone(), b.clone()]);
    assert_eq!(codes(&d), [("a", "creation"), ("b", "creation")]);
    let veille = applique(&[], &d);
    assert_eq!(codes(&jour(&veille, vec![b.clone(), a.clone()])), [("a", "inchangee"), ("b", "inchangee")]);

    let mut modifiee = a.clone();
    modifiee.periodes.push(Periode { debut: Moment::mois(2024, 10), fin: None });
    let c = une("c", "3 rue C");
    let d = jour(&veille, vec![modifiee.clone(), b.clone(), c.clone()]);
    assert_eq!(codes(&d), [("a", "modification"), ("b", "inchangee"), ("c", "creation")]);
    let Issue::Modification(champs) = &d.decisions[0].issue else { panic!() };
    assert_eq!(champs.len(), 1);
    assert_eq!((champs[0].champ, champs[0].apres.as_str()), (Champ::Periodes, "2024-09, 2024-10"));
    let veille = applique(&veille, &d);

    let d = jour(&veille, vec![modifiee.clone(), c.clone()]);
    assert_eq!(codes(&d), [("a", "inchangee"), ("b", "retrait"), ("c", "inchangee")]);
    assert_eq!(statut(&d, "b"), Some(Statut::Ferme));
    let veille = applique(&veille, &d);
    let d = jour(&veille, vec![modifiee.clone(), c.clone()]);
    assert!(d.decisions.iter().all(|d| d.issue == Issue::Inchangee && d.passage.is_none()), "{d:?}");

    let d = jour(&veille, vec![modifiee, b, c]);
    assert_eq!(codes(&d)[1], ("b", "retour"));
    assert_eq!(statut(&d, "b"), Some(Statut::APublier));
}

#[test]
fn r_app_03_a_partial_flow_removes_nothing() {
    let veille = applique(&[], &jour(&[], vec![une("a", "1 rue A"), une("b", "2 rue B")]));
    let f = Flux { etendue: Etendue::Partielle, ..flux(vec![une("a", "1 rue A")]) };
    let d = selon(&veille, &f);
    assert_eq!(codes(&d), [("a", "inchangee"), ("b", "inchangee")]);
}

#[test]
fn r_app_03_a_refused_record_is_not_a_removed_one() {
    let veille = applique(&[], &jour(&[], vec![une("a", "1 rue A"), une("b", "2 rue B")]));
    let mut f = flux(vec![une("a", "1 rue A")]);
    f.refusees.insert("b".to_owned());
    assert_eq!(codes(&selon(&veille, &f))[1], ("b", "inchangee"));
    // One that does not say who it is may be any of those that are missing.
    let f = Flux { anonymes: true, ..flux(vec![une("a", "1 rue A")]) };
    let d = selon(&veille, &f);
    assert_eq!((codes(&d)[1], d.retraits_suspendus), (("b", "inchangee"), 1));
}

#[test]
fn r_app_03_a_new_siret_or_code_is_a_restructuring_and_a_first_one_a_completion() {
    let mut sans = une("a", "1 rue A");
    sans.formateur.uai = None;
    let veille = applique(&[], &jour(&[], vec![sans.clone()]));
    assert_eq!(codes(&jour(&veille, vec![une("a", "1 rue A")]))[0].1, "modification");
    let mut autre = sans.clone();
    autre.gestionnaire.siret = Some("73282932000074".to_owned());
    autre.gestionnaire.uai = Some("0801234B".to_owned());
    let d = jour(&veille, vec![autre]);
    let Issue::Restructuration(motifs, champs) = &d.decisions[0].issue else { panic!("{d:?}") };
    assert_eq!(champs.len(), 2);
    let role = Role::Gestionnaire;
    assert_eq!(
        motifs,
        &[
            Restructuration::Siret {
                role,
                avant: "19290076900014".to_owned(),
                apres: "73282932000074".to_owned()
            },
            Restructuration::Uai { role, avant: "0800001A".to_owned(), apres: "0801234B".to_owned() },
        ]
    );
}

#[test]
fn r_app_17_a_register_judges_again_what_waited_for_it_and_moves_nothing_that_candidates_read() {
    let complete = |titre: &str, uai: &str| {
        let mut f = une("a", "1 rue A");
        (f.intitule, f.formateur.uai, f.gestionnaire.uai) = (None, None, None);
        let uai = (!uai.is_empty()).then(|| UaiComplete { porteur: Porteur::Formateur, uai: uai.to_owned() });
        f.complement = Complement { intitule: Some(titre.to_owned()).filter(|t| !t.is_empty()), uai };
        f
    };
    let dit = |titre: &str, uai: &str| {
        let mut f = complete("", "");
        (f.intitule, f.formateur.uai) = (Some(titre.to_owned()), Some(uai.to_owned()));
        f
    };
    let muette = Connue { en_ligne: false, ..connue(complete("", ""), Statut::Rejete) };
    let d = jour(std::slice::from_ref(&muette), vec![complete("BTS Tourisme", "0800001A")]);
    assert_eq!((codes(&d), statut(&d, "a")), (vec![("a", "modification")], Some(Statut::APublier)));
    let renvoyee = Connue { statut: Statut::EnAttenteMiseAJour, raison: Some("UAI ?".to_owned()), ..muette };
    let d = jour(&[renvoyee], vec![complete("BTS Tourisme", "0800001A")]);
    assert_eq!(statut(&d, "a"), Some(Statut::APublier));
    let d = jour(&applique(&[], &d), vec![complete("BTS Tourisme", "0800001A")]);
    assert_eq!(codes(&d), [("a", "inchangee")]);
    let publiee = [connue(complete("BTS Tourisme", "0800001A"), Statut::Publie)];
    for (suite, issue, attendu) in [
        // The register spells a title otherwise; the catalogue says what the register had completed.
        (complete("BTS TOURISME", "0800001A"), "modification", None),
        (dit("BTS Tourisme", "0800001A"), "modification", None),
        (dit("BTS Tourisme d’affaires", "0800001A"), "modification", Some(Statut::EnAttenteMiseAJour)),
        (dit("BTS Tourisme", "0800002B"), "modification", Some(Statut::EnAttenteMiseAJour)),
        (complete("BTS Tourisme", "0800002B"), "modification", Some(Statut::EnAttenteMiseAJour)),
    ] {
        let d = jour(&publiee, vec![suite.clone()]);
        assert_eq!((codes(&d), statut(&d, "a")), (vec![("a", issue)], attendu), "{suite:?}");
    }
}

#[test]
fn r_app_03_two_establishments_that_become_one_are_a_merger() {
    let de = |id: &str, siret: &str| {
        let mut f = une(id, id);
        f.gestionnaire.siret = Some(siret.to_owned());
        f
    };
    let (un, deux, trois) = ("19290076900014", "73282932000074", "35600000000048");
    let veille = applique(&[], &jour(&[], vec![de("a", un), de("b", deux), de("c", un)]));
    let d = jour(&veille, vec![de("a", trois), de("b", trois), de("c", un)]);
    for rang in [0, 1] {
        let Issue::Restructuration(motifs, _) = &d.decisions[rang].issue else { panic!("{d:?}") };
        let [Restructuration::Fusion { avant, apres, .. }] = motifs.as_slice() else { panic!("{motifs:?}") };
        assert_eq!((avant.as_slice(), apres.as_str()), ([un.to_owned(), deux.to_owned()].as_slice(), trois));
    }
    assert_eq!(codes(&d)[2], ("c", "inchangee"));
}

#[test]
fn r_app_03_a_place_in_another_town_is_a_transfer() {
    let veille = applique(&[], &jour(&[], vec![une("a", "1 rue A")]));
    let mut ailleurs = une("a", "9 quai B");
    ailleurs.lieu.commune = Some("80001".to_owned());
    let d = jour(&veille, vec![ailleurs]);
    let Issue::Restructuration(motifs, _) = &d.decisions[0].issue else { panic!("{d:?}") };
    let (avant, apres) = ("80021, 1 rue A".to_owned(), "80001, 9 quai B".to_owned());
    assert_eq!(motifs, &[Restructuration::Transfert { avant, apres }]);
    // Another number in the same street is an address put right.
    assert_eq!(codes(&jour(&veille, vec![une("a", "1 bis rue A")]))[0].1, "modification");
}

#[test]
fn r_app_03_a_course_that_changes_its_identifier_keeps_its_status() {
    let mut veille = applique(&[], &jour(&[], vec![une("a", "1 rue A"), une("b", "2 rue B")]));
    veille[0].statut = Statut::PretPourIntegration;
    let mut reprise = une("z", "1 RUE A");
    reprise.lieu.adresse = Some("1 rue A".to_owned());
    reprise.gestionnaire.siret = Some("73282932000074".to_owned());
    let d = jour(&veille, vec![une("b", "2 rue B"), reprise]);
    assert_eq!(codes(&d), [("b", "inchangee"), ("z", "restructuration")]);
    assert_eq!((d.decisions[1].id_avant(), &d.decisions[1].passage), ("a", &None));
    // Two that leave and one that comes: nobody can tell which, the new one is created.
    let double = {
        let mut f = une("c", "1 rue A");
        f.formateur.siret = Some("73282932000074".to_owned());
        f
    };
    let veille = applique(&[], &jour(&[], vec![une("a", "1 rue A"), double]));
    assert_eq!(
        codes(&jour(&veille, vec![une("z", "1 rue A")])),
        [("a", "retrait"), ("c", "retrait"), ("z", "creation")]
    );
}

#[test]
fn r_app_03_the_key_of_the_ministry_follows_a_course_whatever_else_changes() {
    let avec =
        |id: &str, adresse: &str| Fiche { cle_ministere: Some("cle-1".to_owned()), ..une(id, adresse) };
    let veille = applique(&[], &jour(&[], vec![avec("a", "1 rue A")]));
    let d = jour(&veille, vec![avec("z", "9 rue Z")]);
    assert_eq!((codes(&d), d.decisions[0].id_avant()), (vec![("z", "restructuration")], "a"));
}

#[test]
fn r_app_03_of_records_that_say_one_course_one_is_kept_and_stays_the_same() {
    let (a, b) = (une("a", "1 rue A"), une("b", "1  Rue a"));
    let d = jour(&[], vec![b.clone(), a.clone()]);
    assert_eq!(d.decisions[1].doublon_de.as_deref(), Some("a"));
    assert_eq!((statut(&d, "a"), statut(&d, "b")), (Some(Statut::APublier), Some(Statut::NonPubliable)));
    let raison = d.decisions[1].passage.as_ref().unwrap().raison.clone().unwrap();
    assert!(raison.starts_with("Même formation que la fiche a :"), "{raison}");
    // The known one stays the first, even beside a smaller identifier.
    let veille = applique(&[], &jour(&[], vec![b.clone()]));
    let d = jour(&veille, vec![a.clone(), b.clone()]);
    assert_eq!(d.decisions[0].doublon_de.as_deref(), Some("b"));
    // The first one removed, the other takes its turn.
    let veille = applique(&veille, &d);
    let d = jour(&veille, vec![a.clone()]);
    assert_eq!(
        (codes(&d), statut(&d, "a")),
        (vec![("a", "inchangee"), ("b", "retrait")], Some(Statut::APublier))
    );
    // Nothing says the diploma: nothing says that they are the same.
    let muette = |f: &Fiche| Fiche { cfd: None, rncp: None, ..f.clone() };
    assert!(jour(&[], vec![muette(&a), muette(&b)]).decisions.iter().all(|d| d.doublon_de.is_none()));
}

#[test]
fn r_app_03_one_identifier_with_two_contents_keeps_the_first_and_refuses_the_second() {
    let d = jour(&[], vec![une("a", "1 rue A"), une("a", "1 rue A"), une("a", "2 rue B")]);
    assert_eq!((codes(&d), d.repetees.as_slice()), (vec![("a", "creation")], [2].as_slice()));
    assert_eq!(d.decisions[0].fiche.as_ref().unwrap().lieu.adresse.as_deref(), Some("1 rue A"));
}

#[test]
fn r_app_03_what_somebody_checked_stays_checked_until_it_depends_on_something_else() {
    let mut f = une("a", "1 rue A");
    f.cfd = Some("16X31007".to_owned());
    let mut veille = applique(&[], &jour(&[], vec![f.clone()]));
    assert_eq!(veille[0].statut, Statut::AVerifierAcces);
    veille[0].statut = Statut::PretPourIntegration;
    let mut autre = f.clone();
    autre.capacite = Some(12);
    let d = jour(&veille, vec![autre]);
    assert_eq!((codes(&d)[0].1, statut(&d, "a")), ("modification", None));
    f.cfd = Some("36T32001".to_owned());
    assert_eq!(statut(&jour(&veille, vec![f]), "a"), Some(Statut::SousHabilitation));
}

#[test]
fn r_app_02_another_perimeter_judges_again_what_nobody_decided() {
    let depart = Perimetre::de_depart(2024);
    let lignes: Vec<_> = depart
        .lignes()
        .into_iter()
        .map(|mut l| {
            if (l.nature.as_str(), l.valeur.as_str()) == ("niveau", "5") {
                "verifier".clone_into(&mut l.acces);
            }
            l
        })
        .collect();
    let autre = Perimetre::from_lignes(&lignes).unwrap();
    let (vue, tue) = (une("a", "1 rue A"), une("b", "2 rue B"));
    let mut veille = applique(&[], &jour(&[], vec![vue.clone(), tue]));
    let f = Flux { etendue: Etendue::Partielle, ..flux(vec![vue]) };
    let d = delta(&veille, &f, &depart, &autre);
    for id in ["a", "b"] {
        assert_eq!(statut(&d, id), Some(Statut::AVerifierAcces), "{id}, whether the day says it or not");
    }
    veille[1].statut = Statut::NonPublie;
    assert_eq!(statut(&delta(&veille, &f, &depart, &autre), "b"), None, "somebody decided");
    assert!(selon(&applique(&veille, &d), &f).decisions.iter().all(|d| d.issue == Issue::Inchangee));
}

#[test]
fn r_app_03_what_candidates_read_waits_for_somebody() {
    let publiee = vec![connue(une("a", "1 rue A"), Statut::Publie)];
    let d = jour(&publiee, vec![]);
    assert_eq!((codes(&d)[0].1, statut(&d, "a")), ("retrait", Some(Statut::EnAttenteMiseAJour)));
    let mut autre = une("a", "1 rue A");
    autre.capacite = Some(3);
    assert_eq!(statut(&jour(&publiee, vec![autre]), "a"), Some(Statut::EnAttenteMiseAJour));
    let mut cle = une("a", "1 rue A");
    cle.cle_ministere = Some("cle-1".to_owned());
    assert_eq!(statut(&jour(&publiee, vec![cle]), "a"), None, "candidates read no key");
    // Refused when it was integrated again: its course is read all the same.
    let refusee = Connue { en_ligne: true, ..connue(une("a", "1 rue A"), Statut::Rejete) };
    assert_eq!(statut(&jour(&[refusee], vec![]), "a"), Some(Statut::EnAttenteMiseAJour));
    assert!(Statut::Rejete.peut_devenir(Statut::EnAttenteMiseAJour, ActeurStatut::Flux));
}

#[test]
fn r_app_03_the_catalogue_may_keep_out_but_never_publishes() {
    let mut f = une("a", "1 rue A");
    f.statut_dit = Some(Statut::Publie);
    assert_eq!(statut(&jour(&[], vec![f.clone()]), "a"), Some(Statut::APublier));
    f.statut_dit = Some(Statut::NonPublie);
    f.raison_dite = Some("Formation reportée.".to_owned());
    let d = jour(&[], vec![f.clone()]);
    let p = d.decisions[0].passage.as_ref().unwrap();
    assert_eq!((p.vers, p.raison.as_deref()), (Statut::NonPublie, Some("Formation reportée.")));
}

#[test]
fn r_app_05_a_flow_that_would_remove_too_much_is_not_believed() {
    let tout: Vec<Fiche> = (0..100).map(|n| une(&format!("f{n:03}"), &format!("{n} rue A"))).collect();
    let veille = applique(&[], &jour(&[], tout.clone()));
    assert_eq!(jour(&veille, tout[..80].to_vec()).retraits_massifs, None);
    assert_eq!(jour(&veille, tout[..79].to_vec()).retraits_massifs, Some((21, 100)));
    let dix = applique(&[], &jour(&[], tout[..10].to_vec()));
    assert_eq!(jour(&dix, Vec::new()).retraits_massifs, None, "ten records surprise nobody");
}

/// Whatever the status before and what the day says, the flow only makes the moves that are its own, always says why when
/// the status asks for it, and the same day again is silent.
#[test]
fn r_app_04_every_move_of_a_day_is_one_that_the_flow_may_make() {
    let mut variantes = vec![une("a", "1 rue A"), une("a", "2 rue B")];
    let base = une("a", "1 rue A");
    for cfd in ["50022137", "36T32001", "16X31007"] {
        variantes.push(Fiche { cfd: Some(cfd.to_owned()), ..base.clone() });
    }
    for dit in Statut::ALL {
        variantes.push(Fiche { statut_dit: Some(dit), ..base.clone() });
    }
    for avant in Statut::ALL {
        for de in &variantes {
            for (presente, enligne) in [(true, false), (false, false), (true, true)] {
                let raison = avant.exige_raison().then(|| "Raison.".to_owned());
                let mut c = Connue { raison, presente, ..connue(de.clone(), avant) };
                // Published, then taken in hand again by somebody.
                c.en_ligne |= enligne && is_ouvert(avant);
                for vers in variantes.iter().map(Some).chain([None]) {
                    let connues = [c.clone()];
                    let d = jour(&connues, vers.into_iter().cloned().collect());
                    let [decision] = d.decisions.as_slice() else { panic!("{d:?}") };
                    if let Some(p) = &decision.passage {
                        let reste = !(enligne && is_ouvert(avant)) || p.vers == Statut::EnAttenteMiseAJour;
                        assert!(reste, "{avant:?} on line → {:?}", p.vers);
                        assert!(
                            p.vers == avant || avant.peut_devenir(p.vers, ActeurStatut::Flux),
                            "{avant:?} → {:?} by {vers:?}",
                            p.vers
                        );
                        assert!(!p.vers.exige_raison() || p.raison.is_some(), "{p:?}");
                    }
                    let apres = applique(&connues, &d);
                    let encore = jour(&apres, vers.into_iter().cloned().collect());
                    let [decision] = encore.decisions.as_slice() else { panic!("{encore:?}") };
                    assert_eq!(
                        (&decision.issue, &decision.passage),
                        (&Issue::Inchangee, &None),
                        "{avant:?} {presente} {de:?} then {vers:?}"
                    );
                }
            }
        }
    }
}

mod jours {
    use proptest::prelude::*;

    use super::*;

    fn une_fiche() -> impl Strategy<Value = Fiche> {
        let id = prop::sample::select(vec!["a", "b", "c", "d", "e", "f"]);
        let cfd = prop::sample::select(vec![None, Some("32025101"), Some("16X31007"), Some("50022137")]);
        let dit = prop::sample::select(vec![None, Some(Statut::NonPublie), Some(Statut::Ferme)]);
        let cle = prop::option::weighted(0.3, 0_u8..2);
        (id, 0_u8..3, any::<bool>(), cfd, dit, cle).prop_map(|(id, rue, siret, cfd, dit, cle)| {
            let mut f = une(id, &format!("{rue} rue A"));
            if siret {
                f.gestionnaire.siret = Some("73282932000074".to_owned());
            }
            f.cfd = cfd.map(str::to_owned);
            f.statut_dit = dit;
            f.cle_ministere = cle.map(|n| format!("cle-{n}"));
            f
        })
    }

    fn un_jour() -> impl Strategy<Value = (Flux, Vec<(usize, Statut)>)> {
        let gestes = prop::collection::vec((0_usize..8, prop::sample::select(Statut::ALL.to_vec())), 0..3);
        let fiches = prop::collection::vec(une_fiche(), 0..7);
        (fiches, any::<bool>(), any::<bool>(), gestes).prop_map(|(fiches, partiel, anonymes, gestes)| {
            let etendue = if partiel { Etendue::Partielle } else { Etendue::Complete };
            (Flux { anonymes, etendue, ..flux(fiches) }, gestes)
        })
    }

    proptest! {
        /// Whatever the days and what people decide between them, each record has one decision, the flow only makes its
        /// own moves, no record repeats one that repeats another, and the same day again is silent.
        #[test]
        fn r_app_03_days_follow_each_other_and_said_twice_are_silent(
            jours in prop::collection::vec(un_jour(), 1..5)
        ) {
            let mut connues: Vec<Connue> = Vec::new();
            for (flux, gestes) in &jours {
                for (rang, statut) in gestes {
                    // People keep out and close with a reason; they do not call a duplicate publishable.
                    let libre = |c: &&mut Connue| c.presente && c.doublon_de.is_none();
                    if let Some(c) = connues.get_mut(*rang).filter(libre)
                        && *statut != Statut::NonPubliable
                    {
                        c.statut = *statut;
                        c.en_ligne = (c.en_ligne || *statut == Statut::Publie) && *statut != Statut::Ferme;
                        c.raison = statut.exige_raison().then(|| "Raison.".to_owned());
                    }
                }
                let d = selon(&connues, flux);
                let mut ids: Vec<&str> = d.decisions.iter().map(Decision::id_avant).collect();
                ids.sort_unstable();
                ids.dedup();
                prop_assert_eq!(ids.len(), d.decisions.len());
                prop_assert!(connues.iter().all(|c| ids.contains(&c.fiche.id.as_str())));
                for decision in &d.decisions {
                    let avant = connues.iter().find(|c| c.fiche.id == decision.id_avant());
                    if let (Some(p), Some(c)) = (&decision.passage, avant) {
                        prop_assert!(
                            p.vers == c.statut || c.statut.peut_devenir(p.vers, ActeurStatut::Flux),
                            "{:?} → {:?}", c.statut, p.vers
                        );
                    }
                    if let Some(premiere) = &decision.doublon_de {
                        let premiere = d.decisions.iter().find(|d| &d.id == premiere);
                        prop_assert!(premiere.is_some_and(|p| p.doublon_de.is_none()));
                    }
                }
                connues = applique(&connues, &d);
                let encore = selon(&connues, flux);
                for decision in &encore.decisions {
                    let avant = connues.iter().find(|c| c.fiche.id == decision.id).unwrap();
                    prop_assert_eq!(
                        (&decision.issue, &decision.passage, &decision.doublon_de),
                        (&Issue::Inchangee, &None, &avant.doublon_de)
                    );
                }
            }
        }
    }
}
