//! Boarding schools: declared by an establishment, ranked, transmitted once.

use app::AppError;
use app::classements::{
    Noms, Objet, SaisieOrdre, apply_import, export_classement, groupe_vue, preview_import,
    preview_transmission, recepisse, save_ordre, transmit,
};
use app::idempotence::Garde;
use app::internats::{InternatVue, SaisieInternat, remove_internat, save_internat, view_internats};
use domain::calendrier::Etape;
use domain::candidats::TypeBac;
use domain::candidatures::EtatVoeu;
use domain::comptes::Role;
use domain::droits::{Acteur, Attribution};
use domain::formations::Famille;
use domain::{PublicId, RuleViolation};
use testkit::fabrique::{CandidatEssai, FormationEssai};
use testkit::{TestApp, both_databases};

struct Scene {
    t: TestApp,
    etablissement: PublicId,
    /// Two courses that propose boarding, and one that does not.
    formations: [FormationEssai; 3],
    /// The first two ask for boarding on the first course, the third on both; the last asks for none.
    candidats: Vec<CandidatEssai>,
    admin: Acteur,
}

async fn scene(base: testkit::Base) -> Scene {
    let t = TestApp::with_session_2024(base).await;
    t.during(Etape::Examen).await;
    let e = t.etablissement("0800001A", "Lycée Ampère").await;
    let mut formations = Vec::new();
    for libelle in ["BTS Électronique", "CPGE MPSI", "BTS Gestion"] {
        formations.push(t.formation(e, libelle, Famille::Bts, true, 30, true).await);
    }
    let formations: [FormationEssai; 3] = formations.try_into().unwrap_or_else(|_| panic!("three of them"));
    for f in &formations[..2] {
        t.sql("UPDATE formation_session SET internat = 1 WHERE id = $1", vec![f.formation_session.into()])
            .await;
    }
    let mut candidats = Vec::new();
    for i in 0..4usize {
        let c = t.candidat(&format!("c{i}@exemple.example"), TypeBac::General).await;
        let sans = t.voeu(&c, &formations[0], EtatVoeu::Confirme).await;
        let demandees = match i {
            0 | 1 => 1,
            2 => 2,
            _ => 0,
        };
        for f in &formations[..demandees] {
            let avec = if f.formation_session == formations[0].formation_session {
                sans.id
            } else {
                t.voeu(&c, f, EtatVoeu::Confirme).await.id
            };
            t.sql("UPDATE voeu SET avec_internat = 1 WHERE id = $1", vec![avec.into()]).await;
        }
        candidats.push(c);
    }
    let public_id = t.mot("SELECT public_id FROM etablissement WHERE id = $1", vec![e.into()]).await;
    let role = Attribution { etablissement: Some(e), ..Attribution::simple(Role::AdminSite) };
    let (_, admin) = t.personne("admin@exemple.example", role).await;
    Scene {
        etablissement: PublicId::parse(&public_id).expect("an identifier"),
        t,
        formations,
        candidats,
        admin,
    }
}

fn saisie(libelle: &str, accueil: &str, formation: &str) -> SaisieInternat {
    SaisieInternat {
        libelle: libelle.to_owned(),
        capacite: Some(12),
        accueil: accueil.to_owned(),
        formation: formation.to_owned(),
    }
}

impl Scene {
    fn ctx(&self) -> app::Ctx {
        self.t.ctx(self.admin.clone())
    }

    fn n(&self, i: usize) -> i64 {
        self.candidats[i].numero
    }

    async fn saves(&self, internat: Option<&str>, s: &SaisieInternat) -> Result<(), AppError> {
        save_internat(&self.ctx(), &Garde::default(), 2024, &self.etablissement, internat, s)
            .await
            .map(|_| ())
    }

    async fn removes(&self, internat: &str) -> Result<(), AppError> {
        remove_internat(&self.ctx(), &Garde::default(), 2024, &self.etablissement, internat).await.map(|_| ())
    }

    async fn liste(&self) -> Vec<InternatVue> {
        view_internats(&self.ctx(), 2024, &self.etablissement).await.expect("the list is read").internats
    }

    /// Declares one; gives its public identifier.
    async fn declares(&self, libelle: &str, accueil: &str, formation: &str) -> String {
        self.saves(None, &saisie(libelle, accueil, formation)).await.expect("it is declared");
        let liste = self.liste().await;
        liste.into_iter().find(|i| i.libelle == libelle).expect("it is in the list").public_id
    }

    async fn ranks(&self, internat: &str, ordre: &[usize]) -> Result<(), AppError> {
        let rangs = ordre.iter().zip(1..).map(|(i, rang)| (self.n(*i), Some(rang))).collect();
        let cmd = SaisieOrdre { rangs, deplacement: None };
        save_ordre(&self.ctx(), &Garde::default(), 2024, Objet::internat(internat), &cmd).await.map(|_| ())
    }

    async fn sends(&self, internat: &str) -> Result<String, AppError> {
        let r = transmit(&self.ctx(), &Garde::default(), 2024, Objet::internat(internat), true).await;
        r.map(|r| r.numero)
    }

    /// Who is to rank there, by place in the scene, and who is.
    async fn voit(&self, internat: &str) -> (Vec<usize>, Vec<usize>) {
        let vue = groupe_vue(&self.ctx(), 2024, Objet::internat(internat), 1).await.expect("it is read");
        let place = |n: i64| self.candidats.iter().position(|c| c.numero == n).expect("of the scene");
        let mut tous: Vec<usize> = vue.lignes.iter().map(|l| place(l.numero)).collect();
        let classes = vue.lignes.iter().filter(|l| l.rang.is_some()).map(|l| place(l.numero)).collect();
        tous.sort_unstable();
        (tous, classes)
    }
}

fn regle(r: &Result<impl std::fmt::Debug, AppError>) -> &RuleViolation {
    match r {
        Err(AppError::Rule(regle)) => regle,
        autre => panic!("no rule refuses it: {autre:?}"),
    }
}

both_databases! {
    async fn an_establishment_declares_its_boarding_schools_changes_them_and_takes_them_away(base) {
        let s = scene(base).await;
        let commun = s.declares("Internat mixte", "mixte", "").await;
        let mpsi = &s.formations[1].public_id;
        let propre = s.declares("Internat de la prépa", "filles", mpsi).await;
        let liste = s.liste().await;
        assert_eq!(liste.iter().map(|i| i.libelle.as_str()).collect::<Vec<_>>(), ["Internat mixte", "Internat de la prépa"]);
        // The course that has its own is not served by the common one.
        assert_eq!((liste[0].servies.join(";"), liste[1].servies.join(";")), ("BTS Électronique".to_owned(), "CPGE MPSI".to_owned()));
        assert_eq!((s.voit(&commun).await.0, s.voit(&propre).await.0), (vec![0, 1, 2], vec![2]));
        let garde = Garde { version: Some(liste[1].version), ..Garde::default() };
        let change = SaisieInternat { capacite: Some(0), ..saisie("Prépa", "garcons", mpsi) };
        save_internat(&s.ctx(), &garde, 2024, &s.etablissement, Some(&propre), &change).await.unwrap();
        // Out of date: nothing is overwritten nor taken away.
        assert!(matches!(
            save_internat(&s.ctx(), &garde, 2024, &s.etablissement, Some(&propre), &change).await,
            Err(AppError::Conflict)
        ));
        assert!(matches!(
            remove_internat(&s.ctx(), &garde, 2024, &s.etablissement, &propre).await,
            Err(AppError::Conflict)
        ));
        let liste = s.liste().await;
        assert_eq!((liste[1].libelle.as_str(), liste[1].capacite, liste[1].accueil.code()), ("Prépa", 0, "garcons"));
        s.ranks(&propre, &[2]).await.unwrap();
        s.removes(&propre).await.unwrap();
        assert_eq!(s.liste().await.len(), 1);
        assert!(matches!(s.removes(&propre).await, Err(AppError::NotFound)));
        assert!(matches!(s.sends(&propre).await, Err(AppError::NotFound)));
        // Back in the common one.
        assert_eq!(s.liste().await[0].servies.len(), 2);
        let restes = "SELECT COUNT(*) FROM classement_internat_rang";
        assert_eq!(s.t.nombre(restes, vec![]).await, 0);
        let actes = "SELECT COUNT(*) FROM journal WHERE action = 'modifier_etablissement' AND objet = 'groupe_internat'";
        assert_eq!(s.t.nombre(actes, vec![]).await, 4);
    }

    async fn a_wrong_value_is_refused_beside_its_field(base) {
        let s = scene(base).await;
        let gestion = &s.formations[2].public_id;
        for (faute, champ) in [
            (saisie(" ", "mixte", ""), "libelle"),
            (SaisieInternat { capacite: None, ..saisie("A", "mixte", "") }, "capacite"),
            (SaisieInternat { capacite: Some(20_001), ..saisie("A", "mixte", "") }, "capacite"),
            (SaisieInternat { capacite: Some(-1), ..saisie("A", "mixte", "") }, "capacite"),
            (saisie("A", "sans", ""), "accueil"),
            (saisie("A", "mixte", gestion), "formation"),
            (saisie("A", "mixte", "aaaaaaaaaaaaaaaaaaaaaaaaaa"), "formation"),
        ] {
            let refus = s.saves(None, &faute).await;
            assert!(matches!(regle(&refus), RuleViolation::Champ { champ: c, .. } if *c == champ), "{champ}: {refus:?}");
        }
        assert!(s.liste().await.is_empty());
    }

    async fn the_same_click_twice_declares_one(base) {
        let s = scene(base).await;
        let garde = Garde { cle: Some("cle".to_owned()), ..Garde::default() };
        let un = save_internat(&s.ctx(), &garde, 2024, &s.etablissement, None, &saisie("A", "mixte", "")).await.unwrap();
        let deux = save_internat(&s.ctx(), &garde, 2024, &s.etablissement, None, &saisie("A", "mixte", "")).await.unwrap();
        assert_eq!((un.numero == deux.numero, s.liste().await.len()), (true, 1));
    }

    async fn r_int_01_a_boarding_school_ranks_those_who_ask_for_it(base) {
        let s = scene(base).await;
        let id = s.declares("Internat", "mixte", "").await;
        let pas_demandeur = s.ranks(&id, &[3]).await;
        assert_eq!(*regle(&pas_demandeur), RuleViolation::CandidatInconnu { numero: s.n(3) });
        s.ranks(&id, &[2, 0]).await.unwrap();
        let vue = groupe_vue(&s.ctx(), 2024, Objet::internat(&id), 1).await.unwrap();
        assert_eq!((vue.candidats, vue.classes, vue.brouillon), (3, 2, true));
        assert_eq!(vue.lignes[0].formations, "BTS Électronique ; CPGE MPSI");
        assert_eq!(vue.lignes[0].moyenne, None);
        assert_eq!(s.voit(&id).await.1, [2, 0]);
        // The rankings of the courses are not touched, nor the wishes when it is sent.
        s.ranks(&id, &[2, 0, 1]).await.unwrap();
        s.sends(&id).await.unwrap();
        assert_eq!(s.t.nombre("SELECT COUNT(*) FROM classement", vec![]).await, 0);
        assert_eq!(s.t.nombre("SELECT COUNT(*) FROM voeu WHERE etat <> 'confirme'", vec![]).await, 0);
    }

    async fn r_int_02_alone_it_ranks_everybody_once_and_for_all(base) {
        let s = scene(base).await;
        let id = s.declares("Internat", "mixte", "").await;
        s.ranks(&id, &[2, 0]).await.unwrap();
        let apercu = preview_transmission(&s.ctx(), 2024, Objet::internat(&id)).await.unwrap();
        assert_eq!(apercu.refus, Some(RuleViolation::InternatIncomplet { manquants: 1 }));
        assert_eq!(*regle(&s.sends(&id).await), RuleViolation::InternatIncomplet { manquants: 1 });
        s.ranks(&id, &[2, 0, 1]).await.unwrap();
        let sans_engagement = transmit(&s.ctx(), &Garde::default(), 2024, Objet::internat(&id), false).await;
        assert!(matches!(regle(&sans_engagement), RuleViolation::Champ { champ: "engagement", .. }));
        let apercu = preview_transmission(&s.ctx(), 2024, Objet::internat(&id)).await.unwrap();
        let numero = s.sends(&id).await.unwrap();
        let recu = recepisse(&s.ctx(), 2024, Objet::internat(&id), &numero).await.unwrap();
        assert!(recu.recepisse.lignes.iter().any(|(_, v)| *v == apercu.empreinte), "{:?}", recu.recepisse.lignes);
        assert_eq!(recu.recepisse.acte, "Transmission du classement d’un internat");
        let texte = format!("{id}\n1;{}\n2;{}\n3;{}\n", s.n(2), s.n(0), s.n(1));
        assert_eq!(apercu.empreinte, app::idempotence::hash(&texte));
        assert_eq!(*regle(&s.ranks(&id, &[0]).await), RuleViolation::ClassementTransmis);
        assert_eq!(*regle(&s.sends(&id).await), RuleViolation::ClassementTransmis);
        let journal = "SELECT COUNT(*) FROM journal WHERE action = 'transmettre_internat' AND objet = 'groupe_internat' AND issue = 'fait'";
        assert_eq!(s.t.nombre(journal, vec![]).await, 1);
    }

    async fn r_int_02_two_that_serve_the_same_courses_rank_each_candidate_in_one(base) {
        let s = scene(base).await;
        let filles = s.declares("Internat des filles", "filles", "").await;
        let garcons = s.declares("Internat des garçons", "garcons", "").await;
        assert_eq!(*regle(&s.sends(&filles).await), RuleViolation::InternatIncomplet { manquants: 3 });
        s.ranks(&filles, &[2, 0]).await.unwrap();
        // In both drafts: whoever is sent first has them.
        s.ranks(&garcons, &[0, 1]).await.unwrap();
        s.sends(&filles).await.unwrap();
        assert_eq!(s.voit(&filles).await, (vec![0, 2], vec![2, 0]));
        assert_eq!(s.voit(&garcons).await, (vec![1], vec![1]));
        assert_eq!(*regle(&s.ranks(&garcons, &[0]).await), RuleViolation::CandidatInconnu { numero: s.n(0) });
        s.ranks(&garcons, &[]).await.unwrap();
        let cmd = SaisieOrdre { rangs: vec![(s.n(1), None)], deplacement: None };
        save_ordre(&s.ctx(), &Garde::default(), 2024, Objet::internat(&garcons), &cmd).await.unwrap();
        // The last one ranks all those who are left.
        assert_eq!(*regle(&s.sends(&garcons).await), RuleViolation::InternatIncomplet { manquants: 1 });
        s.ranks(&garcons, &[1]).await.unwrap();
        s.sends(&garcons).await.unwrap();
        let doubles = "SELECT COUNT(*) FROM (SELECT candidat_id FROM classement_internat_rang GROUP BY candidat_id HAVING COUNT(*) > 1) d";
        assert_eq!(s.t.nombre(doubles, vec![]).await, 0);
        assert_eq!(s.t.nombre("SELECT COUNT(*) FROM classement_internat_rang", vec![]).await, 3);
    }

    async fn r_int_03_what_a_transmitted_ranking_was_made_for_is_frozen(base) {
        let s = scene(base).await;
        let filles = s.declares("Internat des filles", "filles", "").await;
        let garcons = s.declares("Internat des garçons", "garcons", "").await;
        s.ranks(&filles, &[2]).await.unwrap();
        s.sends(&filles).await.unwrap();
        assert_eq!(*regle(&s.saves(Some(&filles), &saisie("Autre", "filles", "")).await), RuleViolation::ClassementTransmis);
        assert_eq!(*regle(&s.removes(&filles).await), RuleViolation::ClassementTransmis);
        let mpsi = &s.formations[1].public_id;
        for (internat, portee) in [(Some(garcons.as_str()), mpsi.as_str()), (None, ""), (None, mpsi.as_str())] {
            let refus = s.saves(internat, &saisie("Autre", "mixte", portee)).await;
            assert_eq!(*regle(&refus), RuleViolation::InternatFige, "{internat:?} {portee}");
        }
        assert_eq!(*regle(&s.removes(&garcons).await), RuleViolation::InternatFige);
        s.saves(Some(&garcons), &saisie("Garçons", "garcons", "")).await.unwrap();
        assert_eq!(s.liste().await.len(), 2);
    }

    async fn the_steps_and_the_role_decide(base) {
        let s = scene(base).await;
        let id = s.declares("Internat", "mixte", "").await;
        s.ranks(&id, &[2, 0, 1]).await.unwrap();
        let role = |role, etablissement| Attribution { etablissement, ..Attribution::simple(role) };
        let e = s.formations[0].etablissement;
        let (_, lecteur) = s.t.personne("lecteur@exemple.example", role(Role::Lecteur, Some(e))).await;
        let (_, gestion) = s.t.personne("gestion@exemple.example", role(Role::GestAdmin, Some(e))).await;
        let (_, responsable) = s.t.responsable("resp@exemple.example", &s.formations[0]).await;
        let voisin = s.t.etablissement("0800002B", "Lycée voisin").await;
        let (_, voisin) = s.t.personne("voisin@exemple.example", role(Role::AdminSite, Some(voisin))).await;
        let internat = Objet::internat(&id);
        // Read by whoever reads the records of the establishment; ranked by its administrator and its head.
        assert!(groupe_vue(&s.t.ctx(gestion.clone()), 2024, internat, 1).await.is_ok_and(|v| !v.peut_saisir));
        for acteur in [lecteur.clone(), responsable] {
            let vue = groupe_vue(&s.t.ctx(acteur), 2024, internat, 1).await;
            assert!(matches!(vue, Err(AppError::Denied(_))), "{vue:?}");
        }
        for acteur in [voisin.clone(), s.candidats[0].acteur.clone()] {
            let ctx = s.t.ctx(acteur);
            assert!(matches!(groupe_vue(&ctx, 2024, internat, 1).await, Err(AppError::Denied(d)) if !d.connu));
        }
        assert!(view_internats(&s.t.ctx(lecteur.clone()), 2024, &s.etablissement).await.is_ok_and(|v| !v.lit_dossiers));
        for acteur in [lecteur, gestion, voisin] {
            let ctx = s.t.ctx(acteur);
            let cmd = saisie("B", "mixte", "");
            let refus = save_internat(&ctx, &Garde::default(), 2024, &s.etablissement, None, &cmd).await;
            assert!(matches!(refus, Err(AppError::Denied(_))), "{refus:?}");
            let refus = transmit(&ctx, &Garde::default(), 2024, internat, true).await;
            assert!(matches!(refus, Err(AppError::Denied(_))), "{refus:?}");
        }
        // HAB-7: sending asks for a fresh second step, saving does not.
        let vieux = app::Ctx { seconde_etape: app::contexte::SecondeEtape::Absente, ..s.ctx() };
        assert!(matches!(transmit(&vieux, &Garde::default(), 2024, internat, true).await, Err(AppError::Confirmation)));
        let cmd = SaisieOrdre::default();
        save_ordre(&vieux, &Garde::default(), 2024, internat, &cmd).await.unwrap();
        // Declared from the settings on, ranked during the examination only.
        s.t.during(Etape::Voeux).await;
        s.saves(Some(&id), &saisie("Internat", "mixte", "")).await.unwrap();
        assert!(matches!(regle(&s.ranks(&id, &[1]).await), RuleViolation::NotYetOpen { etape: Etape::Examen, .. }));
        assert!(groupe_vue(&s.ctx(), 2024, internat, 1).await.unwrap().lignes.is_empty());
        s.t.at("2023-01-01T10:00");
        let tot = s.saves(Some(&id), &saisie("Internat", "mixte", "")).await;
        assert!(matches!(regle(&tot), RuleViolation::NotYetOpen { etape: Etape::Parametrage, .. }));
        s.t.at_closing(Etape::Examen).await;
        let tard = s.saves(Some(&id), &saisie("Internat", "mixte", "")).await;
        assert!(matches!(regle(&tard), RuleViolation::Closed { etape: Etape::Examen, .. }));
        assert!(matches!(regle(&s.sends(&id).await), RuleViolation::Closed { etape: Etape::Examen, .. }));
    }

    async fn a_file_of_a_boarding_school_goes_out_and_comes_back(base) {
        let s = scene(base).await;
        let id = s.declares("Internat", "mixte", "").await;
        let internat = Objet::internat(&id);
        s.ranks(&id, &[2, 0]).await.unwrap();
        for noms in [Noms::Sans, Noms::Avec] {
            let export = export_classement(&s.ctx(), 2024, internat, noms).await.unwrap();
            let texte = String::from_utf8(export.octets).unwrap();
            assert!(texte.lines().next().is_some_and(|l| l.contains("Formations - Libellé") && !l.contains("Baccalauréat")));
            let apercu = preview_import(&s.ctx(), 2024, internat, "rangs.csv", texte.as_bytes()).await.unwrap();
            assert_eq!((apercu.total_fautes, apercu.classes, apercu.changes), (0, 2, 0), "{:?}", apercu.fautes);
            assert!(apercu.avertissements.is_empty(), "{:?}", apercu.avertissements);
        }
        let csv = format!("Rang;Candidat - Code\n1;{}\n2;{}\n3;{}\n", s.n(1), s.n(2), s.n(0));
        let apercu = preview_import(&s.ctx(), 2024, internat, "rangs.csv", csv.as_bytes()).await.unwrap();
        let fichier = apercu.fichier.expect("it may be applied");
        // Of this boarding school only: no group takes it.
        let autre = s.declares("Autre", "mixte", "").await;
        assert!(matches!(
            apply_import(&s.ctx(), &Garde::default(), 2024, Objet::internat(&autre), &fichier).await,
            Err(AppError::NotFound)
        ));
        apply_import(&s.ctx(), &Garde::default(), 2024, internat, &fichier).await.unwrap();
        assert_eq!(s.voit(&id).await.1, [1, 2, 0]);
    }
}
