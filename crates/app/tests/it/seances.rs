//! Information sessions from end to end: announced, joined, full, freed, reminded, attended, counted, forgotten.

use app::idempotence::Garde;
use app::seances::{
    Demande, Selection, agenda_of_seance, announce_seance, cancel_seance, confirm_registration,
    correct_seance, join_seance, leave_public_seance, leave_seance, list_organised, list_presences,
    list_public_seances, list_seances, mark_presences, publish_recording, request_registration, statistics,
    view_organised, view_registration, view_seance,
};
use app::taches::entretenir;
use app::{AppError, Ctx};
use domain::actualites::Audience;
use domain::assistance::Lieu;
use domain::comptes::Role;
use domain::droits::{Acteur, Attribution};
use domain::formations::Famille;
use domain::seances::{EtatInscription, Programme, Qualite};
use domain::{PublicId, RuleViolation};
use testkit::{Base, TestApp, both_databases, paris};

struct Scene {
    t: TestApp,
    national: Acteur,
    /// Academic service of Lille and Amiens.
    lille: Acteur,
    /// Of BTS of Lille, of the Nord.
    bts: [Acteur; 3],
    /// Of an IFSI of Amiens, of the Somme.
    ifsi: Acteur,
}

impl Scene {
    async fn new(base: Base) -> Self {
        let t = TestApp::with_session_2024(base).await;
        t.at("2023-11-15T10:00");
        let mut responsables = Vec::new();
        for (uai, famille, academie, departement) in [
            ("0590001A", Famille::Bts, "09", "59"),
            ("0590002B", Famille::Bts, "09", "59"),
            ("0590003C", Famille::Bts, "09", "59"),
            ("0800001B", Famille::Ifsi, "20", "80"),
        ] {
            let etab = t.etablissement(uai, "Lycée d’essai").await;
            let f = t.formation(etab, "Formation d’essai", famille, true, 24, true).await;
            for table in ["etablissement_session", "formation_session"] {
                let sql =
                    format!("UPDATE {table} SET academie = $1, departement = $2 WHERE etablissement_id = $3");
                t.sql(&sql, vec![academie.to_owned().into(), departement.to_owned().into(), etab.into()])
                    .await;
            }
            responsables.push(t.responsable(&format!("resp@{uai}.example"), &f).await.1);
        }
        let region = Attribution {
            academies: vec!["09".to_owned(), "20".to_owned()],
            ..Attribution::simple(Role::Academie)
        };
        let lille = t.personne("draio@essai.example", region).await.1;
        let national = t.personne("national@essai.example", Attribution::simple(Role::AdminNational)).await.1;
        let ifsi = responsables.pop().expect("four people");
        let bts = responsables.try_into().expect("three people");
        Self { national, lille, bts, ifsi, t }
    }

    fn ctx(&self, acteur: &Acteur) -> Ctx {
        self.t.ctx(acteur.clone())
    }

    fn visitor(&self) -> Ctx {
        self.t.ctx(Acteur::public())
    }

    async fn announces(&self, qui: &Acteur, p: Programme) -> Result<PublicId, AppError> {
        announce_seance(&self.ctx(qui), &Garde::default(), 2024, p.clone()).await?;
        let seances = list_organised(&self.ctx(qui), 2024).await?.seances;
        Ok(seances.into_iter().rfind(|s| s.programme.titre == p.titre).expect("just announced").id)
    }

    async fn joins(&self, qui: &Acteur, id: &PublicId) -> Result<EtatInscription, AppError> {
        join_seance(&self.ctx(qui), &Garde::default(), 2024, id).await?;
        Ok(self.own(qui, id).await.expect("just registered").etat)
    }

    async fn own(&self, qui: &Acteur, id: &PublicId) -> Option<app::seances::MonInscription> {
        view_seance(&self.ctx(qui), 2024, id).await.expect("is read").1.inscription
    }

    async fn titles(&self, qui: &Acteur) -> Vec<(String, bool)> {
        let l = list_seances(&self.ctx(qui), 2024).await.expect("has sessions");
        l.a_venir.into_iter().map(|s| (s.seance.programme.titre, s.concernee)).collect()
    }

    /// Recipients and subjects of the mails of a template, the oldest first.
    async fn mails(&self, modele: &str) -> Vec<(String, String)> {
        // Changes are told by maintenance.
        entretenir(&self.t.app).await.expect("maintained");
        let envois = self.t.envois().await;
        let mut siens: Vec<_> =
            envois.into_iter().filter(|e| e.modele == modele).map(|e| (e.destinataire, e.corps)).collect();
        siens.reverse();
        siens
    }

    /// What follows the address of the platform in the last mail to somebody.
    async fn link(&self, qui: &str) -> String {
        let envois = self.t.envois().await;
        let corps = &envois.iter().find(|e| e.destinataire == qui).expect("was written to").corps;
        let suite = corps.split("/seances/inscription/").nth(1).expect("has a link");
        suite.split_whitespace().next().expect("a token").to_owned()
    }
}

fn p(titre: &str, familles: &[Famille], academies: &[&str], places: Option<i64>) -> Programme {
    Programme {
        titre: titre.to_owned(),
        texte: "Premiers jalons.".to_owned(),
        audience: Audience {
            familles: familles.iter().copied().collect(),
            academies: academies.iter().map(|a| (*a).to_owned()).collect(),
            ..Audience::default()
        },
        qualites: [].into(),
        debut: paris("2023-11-20T10:00").as_millisecond(),
        fin: paris("2023-11-20T12:00").as_millisecond(),
        places,
        lieu: String::new(),
        lien: "https://visio.example/salle".to_owned(),
        ferme_le: None,
    }
}

fn public(titre: &str, qualites: &[Qualite], places: Option<i64>) -> Programme {
    Programme { qualites: qualites.iter().copied().collect(), ..p(titre, &[], &[], places) }
}

fn demande(courriel: &str, qualite: Qualite) -> Demande {
    Demande { courriel: courriel.to_owned(), qualite: Some(qualite), departement: "59".to_owned() }
}

both_databases! {
    async fn r_sea_02_a_session_is_for_whom_it_concerns_and_belongs_to_the_level_that_announced_it(base) {
        let s = Scene::new(base).await;
        let tous = s.announces(&s.national, p("À tous", &[], &[], None)).await.unwrap();
        s.announces(&s.national, p("Aux IFSI", &[Famille::Ifsi], &[], None)).await.unwrap();
        let ici = s.announces(&s.lille, p("Lille", &[], &["09"], Some(50))).await.unwrap();
        let vu = |t: &str, oui| (t.to_owned(), oui);
        assert_eq!(s.titles(&s.bts[0]).await, [vu("À tous", true), vu("Lille", true)]);
        assert_eq!(s.titles(&s.ifsi).await, [vu("À tous", true), vu("Aux IFSI", true)]);
        assert!(matches!(s.joins(&s.ifsi, &ici).await, Err(AppError::NotFound)));
        assert!(matches!(view_organised(&s.ctx(&s.lille), 2024, Some(&tous)).await, Err(AppError::NotFound)));
        let partout = announce_seance(&s.ctx(&s.lille), &Garde::default(), 2024, p("Partout", &[], &[], None)).await;
        let refus = RuleViolation::Champ { champ: "academies", motif: "hors_perimetre" };
        assert!(matches!(&partout, Err(AppError::Rule(r)) if *r == refus), "{partout:?}");
        let passee = Programme { debut: 0, fin: 1, ..p("Hier", &[], &[], None) };
        let passee = announce_seance(&s.ctx(&s.national), &Garde::default(), 2024, passee).await;
        assert!(matches!(passee, Err(AppError::Rule(RuleViolation::Champ { champ: "jour", .. }))), "{passee:?}");
        let moi = announce_seance(&s.ctx(&s.bts[0]), &Garde::default(), 2024, p("Moi", &[], &["09"], None)).await;
        assert!(matches!(moi, Err(AppError::Denied(_))), "{moi:?}");
        let candidat = s.t.candidat("c@essai.example", domain::candidats::TypeBac::General).await.acteur;
        assert!(matches!(list_seances(&s.ctx(&candidat), 2024).await, Err(AppError::Denied(_))));
    }

    async fn r_sea_04_a_place_freed_or_added_goes_to_the_first_who_waits(base) {
        let s = Scene::new(base).await;
        let id = s.announces(&s.lille, p("Webinaire", &[], &["09"], Some(1))).await.unwrap();
        assert_eq!(s.joins(&s.bts[0], &id).await.unwrap(), EtatInscription::Inscrit);
        assert!(matches!(s.joins(&s.bts[0], &id).await, Err(AppError::Conflict)), "once");
        assert_eq!(s.joins(&s.bts[1], &id).await.unwrap(), EtatInscription::Attente);
        assert_eq!(s.joins(&s.bts[2], &id).await.unwrap(), EtatInscription::Attente);
        assert_eq!(s.own(&s.bts[2], &id).await.unwrap().position, 2);
        let inscrit = s.mails("seance_inscrit").await;
        assert_eq!((inscrit.len(), inscrit[0].0.as_str()), (1, "resp@0590001A.example"));
        let corps = &inscrit[0].1;
        let dit = ["de 10\u{a0}h à 12\u{a0}h", "Récépissé :", "/mes-seances/2024/"];
        assert!(dit.iter().all(|d| corps.contains(d)) && !corps.contains("visio.example"), "{corps}");
        assert_eq!(s.mails("seance_attente").await.len(), 2);
        let ics = String::from_utf8(agenda_of_seance(&s.ctx(&s.bts[0]), 2024, &id).await.unwrap()).unwrap();
        assert!(ics.contains("DTSTART:20231120T090000Z") && ics.contains("TRANSP:OPAQUE") && !ics.contains("visio"), "{ics}");

        leave_seance(&s.ctx(&s.bts[0]), &Garde::default(), 2024, &id).await.unwrap();
        assert!(s.own(&s.bts[0], &id).await.is_none());
        assert_eq!(s.own(&s.bts[1], &id).await.unwrap().etat, EtatInscription::Inscrit);
        assert_eq!(s.own(&s.bts[2], &id).await.unwrap().position, 1);
        assert_eq!(s.mails("seance_place").await[0].0, "resp@0590002B.example");
        // Who comes back waits behind the others.
        assert_eq!(s.joins(&s.bts[0], &id).await.unwrap(), EtatInscription::Attente);
        assert_eq!(s.own(&s.bts[0], &id).await.unwrap().position, 2);

        let garde = Garde { version: Some(1), ..Garde::default() };
        correct_seance(&s.ctx(&s.lille), &garde, 2024, &id, p("Webinaire", &[], &["09"], Some(3))).await.unwrap();
        let o = view_organised(&s.ctx(&s.lille), 2024, Some(&id)).await.unwrap().seance.unwrap();
        assert_eq!((o.comptage.inscrits, o.comptage.attente), (3, 0));
        assert_eq!(s.mails("seance_place").await.len(), 3);
        assert!(s.mails("seance_modifiee").await.is_empty(), "neither hours nor place changed");
        // R-SEA-05, on the base as it is.
        let moins = correct_seance(&s.ctx(&s.lille), &Garde::default(), 2024, &id, p("Webinaire", &[], &["09"], Some(2))).await;
        let refus = RuleViolation::Champ { champ: "places", motif: "moins_que_inscrits" };
        assert!(matches!(&moins, Err(AppError::Rule(r)) if *r == refus), "{moins:?}");
        let vieille = correct_seance(&s.ctx(&s.lille), &garde, 2024, &id, p("W", &[], &["09"], None)).await;
        assert!(matches!(vieille, Err(AppError::Conflict)), "{vieille:?}");
    }

    async fn r_sea_04_of_two_who_ask_for_the_last_place_at_once_one_has_it_and_the_other_waits(base) {
        let s = Scene::new(base).await;
        for tour in 0..5 {
            let id = s.announces(&s.lille, p(&format!("Tour {tour}"), &[], &["09"], Some(1))).await.unwrap();
            let [a, b, c] = [0, 1, 2].map(|i| {
                let (ctx, id) = (s.ctx(&s.bts[i]), id.clone());
                tokio::spawn(async move { join_seance(&ctx, &Garde::default(), 2024, &id).await })
            });
            for fait in [a, b, c] {
                fait.await.expect("no panic").expect("registered");
            }
            let n = list_organised(&s.ctx(&s.lille), 2024).await.unwrap();
            let n = n.seances.iter().find(|x| x.id == id).unwrap().comptage;
            assert_eq!((n.inscrits, n.attente), (1, 2));
            let rangs = "SELECT COUNT(DISTINCT i.rang) FROM inscription_seance i JOIN seance s ON s.id = i.seance_id WHERE s.titre = $1";
            assert_eq!(s.t.nombre(rangs, vec![format!("Tour {tour}").into()]).await, 3);
        }
    }

    async fn r_sea_03_06_07_closed_at_the_beginning_reminded_once_and_the_address_shown_on_the_day(base) {
        let s = Scene::new(base).await;
        let id = s.announces(&s.national, p("Jalons", &[], &[], Some(2))).await.unwrap();
        s.joins(&s.bts[0], &id).await.unwrap();
        let rappels = async |quand: &str| {
            s.t.at(quand);
            entretenir(&s.t.app).await.unwrap();
            s.mails("seance_rappel").await.len()
        };
        assert_eq!(rappels("2023-11-19T09:59").await, 0);
        s.t.at("2023-11-19T11:00");
        // Told of it a minute ago: no reminder.
        s.joins(&s.bts[1], &id).await.unwrap();
        assert_eq!(rappels("2023-11-19T11:01").await, 1);
        assert_eq!(rappels("2023-11-19T11:02").await, 1, "once");
        assert_eq!(s.joins(&s.ifsi, &id).await.unwrap(), EtatInscription::Attente);
        let lien = async |quand: &str, qui: &Acteur| {
            s.t.at(quand);
            s.own(qui, &id).await.unwrap().lien
        };
        assert_eq!(lien("2023-11-20T06:59", &s.bts[0]).await, None);
        assert_eq!(lien("2023-11-20T07:00", &s.bts[0]).await.as_deref(), Some("https://visio.example/salle"));
        assert_eq!(lien("2023-11-20T07:00", &s.ifsi).await, None, "who waits has no address");
        assert_eq!(lien("2023-11-20T12:00", &s.bts[0]).await, None);
        let (_, lue) = view_seance(&s.ctx(&s.bts[2]), 2024, &id).await.unwrap();
        assert!(lue.seance.programme.lien.is_empty() && lue.inscription.is_none());
        s.t.at("2023-11-20T10:00");
        for refus in [
            s.joins(&s.bts[2], &id).await.map(|_| ()),
            leave_seance(&s.ctx(&s.bts[0]), &Garde::default(), 2024, &id).await.map(|_| ()),
            cancel_seance(&s.ctx(&s.national), &Garde::default(), 2024, &id).await.map(|_| ()),
        ] {
            assert!(matches!(refus, Err(AppError::Rule(RuleViolation::SeanceFermee))), "{refus:?}");
        }
    }

    async fn a_session_moved_or_cancelled_is_told_to_everybody_registered(base) {
        let s = Scene::new(base).await;
        let id = s.announces(&s.national, p("Jalons", &[], &[], Some(1))).await.unwrap();
        s.joins(&s.bts[0], &id).await.unwrap();
        s.joins(&s.bts[1], &id).await.unwrap();
        let plus_tard = Programme { fin: paris("2023-11-20T13:00").as_millisecond(), ..p("Jalons", &[], &[], Some(1)) };
        correct_seance(&s.ctx(&s.national), &Garde::default(), 2024, &id, plus_tard.clone()).await.unwrap();
        assert_eq!(s.mails("seance_modifiee").await.len(), 2);
        let mixte = Programme { qualites: [Qualite::Eleve].into(), ..plus_tard };
        let refus = correct_seance(&s.ctx(&s.national), &Garde::default(), 2024, &id, mixte).await;
        assert!(matches!(refus, Err(AppError::Rule(RuleViolation::Champ { champ: "qualites", .. }))), "{refus:?}");
        let garde = Garde { cle: Some("aaaaaaaaaaaaaaaaaaaaaaaaaa".to_owned()), ..Garde::default() };
        let un = cancel_seance(&s.ctx(&s.national), &garde, 2024, &id).await.unwrap();
        let deux = cancel_seance(&s.ctx(&s.national), &garde, 2024, &id).await.unwrap();
        assert_eq!(un.numero, deux.numero);
        assert_eq!(s.mails("seance_annulee").await.len(), 2);
        let refus = s.joins(&s.bts[2], &id).await;
        assert!(matches!(refus, Err(AppError::Rule(RuleViolation::SeanceFermee))), "{refus:?}");
        s.t.at("2023-11-19T11:00");
        entretenir(&s.t.app).await.unwrap();
        assert!(s.mails("seance_rappel").await.is_empty());
    }

    async fn r_sea_10_the_public_proves_an_address_that_nobody_learns_and_that_is_forgotten(base) {
        let s = Scene::new(base).await;
        let id = s.announces(&s.national, public("Enseignants", &[Qualite::Enseignant], Some(1))).await.unwrap();
        assert!(s.titles(&s.bts[0]).await.is_empty(), "not on the site de gestion");
        assert_eq!(list_public_seances(&s.visitor()).await.unwrap().a_venir.len(), 1);
        let asks = async |courriel: &str, qualite| request_registration(&s.visitor(), &id, &demande(courriel, qualite)).await;
        let refus = asks("prof", Qualite::Eleve).await.unwrap_err();
        assert!(matches!(&refus, AppError::Invalid(f) if f.len() == 2), "{refus:?}");
        asks("prof@lycee.example", Qualite::Enseignant).await.unwrap();
        asks("autre@lycee.example", Qualite::Enseignant).await.unwrap();
        let place = |s: &Scene| {
            let ctx = s.ctx(&s.national);
            async move { list_organised(&ctx, 2024).await.unwrap().seances[0].comptage }
        };
        assert_eq!(place(&s).await.inscrits, 0, "no place is held by an address that is not proved");
        let jeton = s.link("prof@lycee.example").await;
        let autre = s.link("autre@lycee.example").await;
        for faux in [&jeton[1..], &format!("{}{}", &jeton[..26], &autre[26..]), "x"] {
            assert!(matches!(view_registration(&s.visitor(), faux).await, Err(AppError::NotFound)), "{faux}");
        }
        assert_eq!(view_registration(&s.visitor(), &jeton).await.unwrap().inscription.etat, EtatInscription::AVerifier);
        confirm_registration(&s.visitor(), &Garde::default(), &jeton).await.unwrap();
        confirm_registration(&s.visitor(), &Garde::default(), &autre).await.unwrap();
        assert_eq!(view_registration(&s.visitor(), &autre).await.unwrap().inscription.position, 1);
        let encore = confirm_registration(&s.visitor(), &Garde::default(), &jeton).await;
        assert!(matches!(encore, Err(AppError::Conflict)), "{encore:?}");
        // Asked for again: the same answer on screen, another mail.
        asks("prof@lycee.example", Qualite::Enseignant).await.unwrap();
        assert_eq!(s.mails("seance_deja").await.len(), 1);
        // Beyond the rate, the same answer too, and no mail.
        for _ in 0..5 {
            asks("prof@lycee.example", Qualite::Enseignant).await.unwrap();
        }
        assert!(s.mails("seance_deja").await.len() < 3);

        leave_public_seance(&s.visitor(), &Garde::default(), &jeton).await.unwrap();
        assert!(matches!(view_registration(&s.visitor(), &jeton).await, Err(AppError::NotFound)));
        assert_eq!(s.mails("seance_place").await[0].0, "autre@lycee.example");
        s.t.at("2023-11-20T09:00");
        let sienne = view_registration(&s.visitor(), &autre).await.unwrap().inscription;
        assert_eq!(sienne.lien.as_deref(), Some("https://visio.example/salle"));

        // Never confirmed, then run out: nothing of it stays.
        s.t.at("2023-11-20T09:30");
        asks("jamais@lycee.example", Qualite::Enseignant).await.unwrap();
        let adresses = "SELECT COUNT(*) FROM inscription_seance WHERE empreinte IS NOT NULL";
        assert_eq!(s.t.nombre(adresses, vec![]).await, 2);
        s.t.sql("UPDATE inscription_seance SET expire_le = 1 WHERE etat = 'a_verifier'", vec![]).await;
        s.t.at("2023-12-05T11:59");
        entretenir(&s.t.app).await.unwrap();
        assert_eq!(s.t.nombre(adresses, vec![]).await, 1);
        s.t.at("2023-12-05T12:00");
        entretenir(&s.t.app).await.unwrap();
        assert_eq!(s.t.nombre(adresses, vec![]).await, 0);
        assert_eq!(place(&s).await.inscrits, 1, "the counts stay");
        let b = statistics(&s.ctx(&s.national), 2024).await.unwrap();
        assert_eq!((b.qualites[0].0.as_str(), b.qualites[0].1.inscrits), ("Enseignant", 1));
        assert!(matches!(view_registration(&s.visitor(), &autre).await, Err(AppError::NotFound)));
    }

    async fn r_sea_02_who_registered_goes_on_reading_a_session_addressed_to_others_since(base) {
        let s = Scene::new(base).await;
        let id = s.announces(&s.national, p("Jalons", &[], &[], Some(1))).await.unwrap();
        s.joins(&s.bts[0], &id).await.unwrap();
        let ifsi = p("Jalons", &[Famille::Ifsi], &[], Some(1));
        correct_seance(&s.ctx(&s.national), &Garde::default(), 2024, &id, ifsi).await.unwrap();
        assert_eq!(s.titles(&s.bts[0]).await, [("Jalons".to_owned(), false)]);
        assert!(s.titles(&s.bts[1]).await.is_empty());
        assert!(matches!(s.joins(&s.bts[1], &id).await, Err(AppError::NotFound)));
        leave_seance(&s.ctx(&s.bts[0]), &Garde::default(), 2024, &id).await.unwrap();
        assert!(s.titles(&s.bts[0]).await.is_empty());
    }

    async fn r_sea_03_a_session_taken_from_the_public_gives_it_no_place(base) {
        let s = Scene::new(base).await;
        let id = s.announces(&s.national, public("Enseignants", &[Qualite::Enseignant], None)).await.unwrap();
        let d = demande("prof@lycee.example", Qualite::Enseignant);
        request_registration(&s.visitor(), &id, &d).await.unwrap();
        let jeton = s.link("prof@lycee.example").await;
        correct_seance(&s.ctx(&s.national), &Garde::default(), 2024, &id, p("Jalons", &[], &[], None)).await.unwrap();
        assert!(matches!(view_registration(&s.visitor(), &jeton).await, Err(AppError::NotFound)));
        let refus = confirm_registration(&s.visitor(), &Garde::default(), &jeton).await;
        assert!(matches!(refus, Err(AppError::NotFound)), "{refus:?}");
        let o = list_organised(&s.ctx(&s.national), 2024).await.unwrap();
        assert_eq!(o.seances[0].comptage.inscrits, 0);
    }

    async fn r_sea_13_a_place_reads_its_sessions_and_registers_in_those_of_its_academies(base) {
        let s = Scene::new(base).await;
        let de = |titre: &str, academies: &[&str]| Programme {
            qualites: [Qualite::Eleve].into(),
            ..p(titre, &[], academies, Some(20))
        };
        let partout = s.announces(&s.national, de("Partout", &[])).await.unwrap();
        let lille = s.announces(&s.lille, de("Lille", &["09"])).await.unwrap();
        s.announces(&s.national, de("Bordeaux", &["04"])).await.unwrap();
        let lieu = |code: &str| Lieu::of_departement(code).unwrap();
        let lues = async |code: &str| -> (Vec<String>, Vec<String>) {
            let l = list_public_seances(&s.visitor()).await.unwrap();
            let siennes = l.of_region(lieu(code).region.code);
            let siennes = siennes.into_iter().map(|x| x.programme.titre.clone()).collect();
            let autour = l.around(lieu(code)).a_venir;
            (autour.into_iter().map(|x| x.programme.titre).collect(), siennes)
        };
        let mots = |m: &[&str]| m.iter().map(|x| (*x).to_owned()).collect::<Vec<String>>();
        // The Somme is of another academy of the same région académique.
        for code in ["59", "80"] {
            assert_eq!(lues(code).await, (mots(&["Partout", "Lille"]), mots(&["Lille"])), "{code}");
        }
        assert_eq!(lues("33").await, (mots(&["Partout", "Bordeaux"]), Vec::new()), "held by the national team");
        assert_eq!(lues("75").await, (mots(&["Partout"]), Vec::new()));

        let asks = async |id: &PublicId, departement: &str| {
            let d = demande("eleve@lycee.example", Qualite::Eleve);
            request_registration(&s.visitor(), id, &Demande { departement: departement.to_owned(), ..d }).await
        };
        for ailleurs in ["80", "33", "99"] {
            match asks(&lille, ailleurs).await {
                Err(AppError::Invalid(f)) => {
                    assert_eq!((f.len(), f[0].0), (1, "departement"), "{ailleurs}");
                    let dit = |quoi: &str| f[0].1.contains(quoi);
                    assert!(dit("réservée à l’académie de Lille") && dit("« Séances d’information »"), "{f:?}");
                }
                autre => panic!("{ailleurs}: {autre:?}"),
            }
        }
        let inscriptions = "SELECT COUNT(*) FROM inscription_seance";
        assert_eq!(s.t.nombre(inscriptions, vec![]).await, 0);
        assert!(s.mails("seance_lien").await.is_empty());
        asks(&lille, "59").await.unwrap();
        asks(&partout, "33").await.unwrap();
        assert_eq!(s.t.nombre(inscriptions, vec![]).await, 2);

        cancel_seance(&s.ctx(&s.lille), &Garde::default(), 2024, &lille).await.unwrap();
        assert!(lues("59").await.1.is_empty(), "will not be held");
    }

    async fn lim_4_two_requests_at_once_for_a_new_address_are_answered_alike(base) {
        let s = Scene::new(base).await;
        let id = s.announces(&s.national, public("Enseignants", &[Qualite::Enseignant], None)).await.unwrap();
        for tour in 0..3 {
            let adresse = format!("prof{tour}@lycee.example");
            let [a, b] = [0, 1].map(|_| {
                let (ctx, id, d) = (s.visitor(), id.clone(), demande(&adresse, Qualite::Enseignant));
                tokio::spawn(async move { request_registration(&ctx, &id, &d).await })
            });
            for fait in [a, b] {
                fait.await.expect("no panic").expect("the same answer");
            }
        }
        assert_eq!(s.t.nombre("SELECT COUNT(*) FROM inscription_seance", vec![]).await, 3);
    }

    async fn lim_5_one_address_does_not_receive_the_mails_of_every_session(base) {
        let s = Scene::new(base).await;
        let bornes = &s.t.app.limites;
        for n in 0..bornes.seance_liens_par_heure + 3 {
            let id = s.announces(&s.national, public(&format!("Séance {n}"), &[Qualite::Parent], None)).await.unwrap();
            request_registration(&s.visitor(), &id, &demande("cible@essai.example", Qualite::Parent)).await.unwrap();
        }
        let partis = i64::try_from(s.mails("seance_lien").await.len()).unwrap();
        assert_eq!(partis, bornes.seance_liens_par_heure);
    }

    async fn r_sea_07_what_is_told_late_is_not_reminded_and_what_is_put_off_is_reminded_again(base) {
        let s = Scene::new(base).await;
        let id = s.announces(&s.national, p("Jalons", &[], &[], Some(1))).await.unwrap();
        s.joins(&s.bts[0], &id).await.unwrap();
        s.joins(&s.bts[1], &id).await.unwrap();
        s.t.at("2023-11-19T11:00");
        assert_eq!(s.mails("seance_rappel").await.len(), 1);
        leave_seance(&s.ctx(&s.bts[0]), &Garde::default(), 2024, &id).await.unwrap();
        assert_eq!((s.mails("seance_place").await.len(), s.mails("seance_rappel").await.len()), (1, 1), "told a moment ago");
        let demain = |h: &str| paris(&format!("2023-11-22T{h}")).as_millisecond();
        let remise = Programme { debut: demain("10:00"), fin: demain("12:00"), ..p("Jalons", &[], &[], Some(1)) };
        correct_seance(&s.ctx(&s.national), &Garde::default(), 2024, &id, remise).await.unwrap();
        assert_eq!((s.mails("seance_modifiee").await.len(), s.mails("seance_rappel").await.len()), (1, 1));
        s.t.at("2023-11-21T11:00");
        assert_eq!(s.mails("seance_rappel").await.len(), 2);
    }

    async fn r_sea_11_a_service_counts_its_departments_and_no_session_that_was_not_held(base) {
        let s = Scene::new(base).await;
        let id = s.announces(&s.national, p("Jalons", &[], &[], None)).await.unwrap();
        s.joins(&s.bts[0], &id).await.unwrap();
        s.t.sql(
            "INSERT INTO inscription_seance_profil (inscription_id, critere, code) SELECT id, 'departement', '75' FROM inscription_seance",
            vec![],
        )
        .await;
        let dits = async |qui: &Acteur| {
            let b = statistics(&s.ctx(qui), 2024).await.unwrap();
            b.departements.into_iter().map(|(d, _)| d).collect::<Vec<_>>()
        };
        assert_eq!(dits(&s.lille).await, ["Nord (59)"]);
        assert_eq!(dits(&s.national).await, ["Nord (59)", "Paris (75)"]);
        cancel_seance(&s.ctx(&s.national), &Garde::default(), 2024, &id).await.unwrap();
        assert!(dits(&s.national).await.is_empty());
    }

    async fn r_sea_08_09_11_attendance_recording_and_counts_of_a_perimeter(base) {
        let s = Scene::new(base).await;
        let nationale = s.announces(&s.national, p("Jalons", &[], &[], None)).await.unwrap();
        let ici = s.announces(&s.lille, p("Webinaire", &[Famille::Bts], &["09", "20"], Some(2))).await.unwrap();
        for qui in [&s.bts[0], &s.ifsi, &s.lille] {
            s.joins(qui, &nationale).await.unwrap();
        }
        for qui in &s.bts {
            s.joins(qui, &ici).await.unwrap();
        }
        let lille = s.ctx(&s.lille);
        let tot = mark_presences(&lille, &Garde::default(), 2024, &ici, &Selection::Tous).await;
        assert!(matches!(tot, Err(AppError::Rule(RuleViolation::SeanceAVenir))), "{tot:?}");
        let tot = publish_recording(&lille, &Garde::default(), 2024, &ici, "https://video.example/1").await;
        assert!(matches!(tot, Err(AppError::Rule(RuleViolation::SeanceAVenir))), "{tot:?}");
        s.t.at("2023-11-20T12:00");
        let lille = s.ctx(&s.lille);
        let vues = list_presences(&lille, 2024, &ici, 1).await.unwrap();
        assert_eq!((vues.participants.len(), vues.pages), (2, 1), "who waited did not come");
        let un = Selection::Page { page: 1, presents: [vues.participants[0].id.as_str().to_owned()].into() };
        mark_presences(&lille, &Garde::default(), 2024, &ici, &un).await.unwrap();
        let adresses = Selection::Adresses("RESP@0590002B.example; inconnu@x.example".to_owned());
        let refus = mark_presences(&lille, &Garde::default(), 2024, &ici, &adresses).await.unwrap_err();
        assert!(matches!(&refus, AppError::Invalid(f) if f[0].1.contains("inconnu@x.example")), "{refus:?}");
        let vues = list_presences(&lille, 2024, &ici, 1).await.unwrap();
        assert_eq!(vues.participants.iter().filter(|p| p.presente).count(), 1, "nothing was noted");
        let adresses = Selection::Adresses("RESP@0590002B.example".to_owned());
        mark_presences(&lille, &Garde::default(), 2024, &ici, &adresses).await.unwrap();
        let autre = mark_presences(&lille, &Garde::default(), 2024, &nationale, &Selection::Tous).await;
        assert!(matches!(autre, Err(AppError::NotFound)), "{autre:?}");
        mark_presences(&s.ctx(&s.national), &Garde::default(), 2024, &nationale, &Selection::Tous).await.unwrap();

        let n = |c: app::seances::Comptes| (c.inscrits, c.attente, c.presents);
        let b = statistics(&lille, 2024).await.unwrap();
        // Its own session whole, and its departments in that of the national team: not the service itself, which has none.
        assert_eq!(n(b.total), (4, 1, 4));
        let dits: Vec<_> = b.departements.iter().map(|(d, c)| (d.as_str(), n(*c))).collect();
        assert_eq!(dits, [("Nord (59)", (3, 1, 3)), ("Somme (80)", (1, 0, 1))]);
        assert_eq!(b.familles.len(), 2, "{:?}", b.familles);
        let tout = statistics(&s.ctx(&s.national), 2024).await.unwrap();
        assert_eq!(n(tout.total), (5, 1, 5));
        let csv = app::seances::export_statistics(&lille, 2024, app::FormatTableau::Csv).await.unwrap();
        let texte = String::from_utf8(csv.octets).unwrap();
        assert!(texte.contains("Nord (59);3;1;3") && !texte.contains("resp@"), "{texte}");

        let faux = publish_recording(&lille, &Garde::default(), 2024, &ici, "http://video.example").await;
        assert!(matches!(faux, Err(AppError::Rule(RuleViolation::Champ { champ: "enregistrement", .. }))), "{faux:?}");
        publish_recording(&lille, &Garde::default(), 2024, &ici, "https://video.example/1").await.unwrap();
        // Those who registered are told, once: not of another address.
        let dits = async || {
            entretenir(&s.t.app).await.unwrap();
            s.t.envois().await.into_iter().filter(|e| e.modele == "seance_enregistrement").collect::<Vec<_>>()
        };
        let inscrits = s.t.nombre(
            "SELECT COUNT(*) FROM inscription_seance i JOIN seance s ON s.id = i.seance_id
             WHERE s.public_id = $1 AND i.etat <> 'a_verifier'",
            vec![ici.as_str().to_owned().into()],
        );
        let (inscrits, recus) = (inscrits.await, dits().await);
        assert!(inscrits > 1 && i64::try_from(recus.len()).unwrap() == inscrits, "{inscrits} {}", recus.len());
        assert!(recus[0].corps.contains("/mes-seances/2024/") && !recus[0].corps.contains("video.example"));
        publish_recording(&lille, &Garde::default(), 2024, &ici, "https://video.example/1").await.unwrap();
        publish_recording(&lille, &Garde::default(), 2024, &ici, "https://video.example/2").await.unwrap();
        assert_eq!(dits().await.len(), recus.len());
        publish_recording(&lille, &Garde::default(), 2024, &ici, "https://video.example/1").await.unwrap();
        let l = list_seances(&s.ctx(&s.ifsi), 2024).await.unwrap();
        assert_eq!(l.passees.len(), 1, "registered in it; the other is not addressed to them");
        let l = list_seances(&s.ctx(&s.bts[2]), 2024).await.unwrap();
        assert_eq!(l.passees[0].seance.enregistrement.as_deref(), Some("https://video.example/1"));
        assert!(s.t.journal().await.iter().any(|l| l.objet == "inscription_seance"));
    }

    async fn r_sea_12_mails_carry_the_session_for_a_calendar(base) {
        let s = Scene::new(base).await;
        let id = s.announces(&s.national, p("Jalons", &[], &[], Some(1))).await.unwrap();
        s.joins(&s.bts[0], &id).await.unwrap();
        s.joins(&s.bts[1], &id).await.unwrap();
        let pieces = async |modele: &str| -> Vec<Option<(String, String)>> {
            entretenir(&s.t.app).await.unwrap();
            let envois = s.t.envois().await;
            let siens = envois.into_iter().filter(|e| e.modele == modele);
            siens.map(|e| e.piece.map(|x| (x.genre, String::from_utf8(x.octets).unwrap()))).collect()
        };
        let dit = |f: &str, nom: &str| {
            let ligne = f.split("\r\n").find_map(|l| l.strip_prefix(nom)).expect("is in the file");
            ligne.to_owned()
        };
        let (genre, premier) = pieces("seance_inscrit").await.remove(0).expect("has a file");
        assert_eq!(genre, "text/calendar; charset=utf-8; method=PUBLISH");
        assert!(premier.contains("METHOD:PUBLISH\r\n") && !premier.contains("visio.example"), "{premier}");
        assert_eq!(pieces("seance_attente").await, [None], "nobody is busy without a place");
        let plus_tard = Programme { fin: paris("2023-11-20T13:00").as_millisecond(), ..p("Jalons", &[], &[], Some(1)) };
        correct_seance(&s.ctx(&s.national), &Garde::default(), 2024, &id, plus_tard).await.unwrap();
        let mut change = pieces("seance_modifiee").await;
        change.retain(Option::is_some);
        assert_eq!(change.len(), 1, "who waits has none");
        let change = change.remove(0).expect("has a file").1;
        cancel_seance(&s.ctx(&s.national), &Garde::default(), 2024, &id).await.unwrap();
        let mut retire = pieces("seance_annulee").await;
        retire.retain(Option::is_some);
        let (genre, retire) = retire.remove(0).expect("has a file");
        assert_eq!(genre, "text/calendar; charset=utf-8; method=CANCEL");
        assert!(retire.contains("METHOD:CANCEL\r\n") && retire.contains("STATUS:CANCELLED\r\n"), "{retire}");
        assert_eq!(dit(&change, "UID:"), dit(&premier, "UID:"));
        assert_eq!(dit(&retire, "UID:"), dit(&premier, "UID:"));
        let rangs = [&premier, &change, &retire].map(|f| dit(f, "SEQUENCE:").parse::<i64>().unwrap());
        assert!(rangs.is_sorted_by(|a, b| a < b), "{rangs:?}");
        assert_eq!((dit(&premier, "DTEND:"), dit(&change, "DTEND:")), ("20231120T110000Z".to_owned(), "20231120T120000Z".to_owned()));
        // What leaves is what was kept.
        app::taches::livrer(&s.t.app).await.unwrap();
        let partis = s.t.courriels.0.lock().unwrap();
        assert!(partis.iter().any(|m| m.piece.as_ref().is_some_and(|x| x.octets == retire.as_bytes())));
    }
}
