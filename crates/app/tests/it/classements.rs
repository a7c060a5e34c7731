//! Rankings: read, ordered, imported, transmitted once.

use app::AppError;
use app::classements::{
    Noms, SaisieOrdre, apply_import, export_classement, groupe_vue, preview_import, preview_transmission,
    save_ordre, start_from_averages, transmit,
};
use app::contexte::SecondeEtape;
use app::donnees::view_note;
use app::idempotence::Garde;
use domain::RuleViolation;
use domain::calendrier::Etape;
use domain::candidats::TypeBac;
use domain::candidatures::EtatVoeu;
use domain::classements::Sens;
use domain::comptes::{Moyen, Role};
use domain::donnees::Donnee;
use domain::droits::{Acteur, Attribution};
use domain::formations::Famille;
use testkit::fabrique::{CandidatEssai, FormationEssai};
use testkit::{TestApp, both_databases};

struct Scene {
    t: TestApp,
    f: FormationEssai,
    candidats: Vec<CandidatEssai>,
    responsable: Acteur,
}

/// Three confirmed candidates of averages 11, 12 and 13.
async fn scene(base: testkit::Base, selective: bool) -> Scene {
    let t = TestApp::with_session_2024(base).await;
    t.during(Etape::Examen).await;
    let e = t.etablissement("0800001A", "Lycée Ampère").await;
    let f = t.formation(e, "BTS Électronique", Famille::Bts, selective, 30, true).await;
    let mut candidats = Vec::new();
    for i in 0..3i64 {
        let c = t.candidat(&format!("c{i}@exemple.example"), TypeBac::General).await;
        let moyenne = (11 + i) * 100;
        t.sql(
            "UPDATE candidat SET moyenne_centiemes = $1 WHERE id = $2",
            vec![moyenne.into(), c.candidat.into()],
        )
        .await;
        t.voeu(&c, &f, EtatVoeu::Confirme).await;
        candidats.push(c);
    }
    let (_, responsable) = t.responsable("resp@exemple.example", &f).await;
    Scene { t, f, candidats, responsable }
}

impl Scene {
    fn ctx(&self) -> app::Ctx {
        self.t.ctx(self.responsable.clone())
    }

    fn n(&self, i: usize) -> i64 {
        self.candidats[i].numero
    }

    async fn rangs(&self) -> Vec<Option<u32>> {
        let vue = groupe_vue(&self.ctx(), 2024, &self.f.groupe_public_id, 1).await;
        let vue = vue.expect("the group is read");
        (0..3).map(|i| vue.lignes.iter().find(|l| l.numero == self.n(i)).and_then(|l| l.rang)).collect()
    }

    async fn saves(&self, rangs: Vec<(i64, Option<u32>)>) -> Result<(), AppError> {
        let cmd = SaisieOrdre { rangs, deplacement: None };
        save_ordre(&self.ctx(), &Garde::default(), 2024, &self.f.groupe_public_id, &cmd).await.map(|_| ())
    }

    async fn etats(&self) -> Vec<String> {
        let mut etats = Vec::new();
        for c in &self.candidats {
            let sql = "SELECT etat FROM voeu WHERE candidat_id = $1";
            let etat = store::Sql::text(&self.t.app.db, sql, vec![c.candidat.into()]).await;
            etats.push(etat.expect("the query runs").expect("the wish exists"));
        }
        etats
    }
}

both_databases! {
    async fn r_don_02_the_note_and_the_files_are_made_of_one_list(base) {
        let s = scene(base, true).await;
        let lit = async || {
            let export = export_classement(&s.ctx(), 2024, &s.f.groupe_public_id, Noms::Sans).await.unwrap();
            let vue = groupe_vue(&s.ctx(), 2024, &s.f.groupe_public_id, 1).await.unwrap();
            let note = view_note(&s.ctx(), 2024).await.unwrap();
            let texte = String::from_utf8(export.octets).unwrap();
            let montree = vue.lignes.iter().any(|c| c.moyenne.is_some());
            (texte, montree, note)
        };
        let (texte, montree, note) = lit().await;
        assert!(texte.contains("11,00") && montree);
        // Each line of the note is a column of the file, but what no file of this session has.
        let entete = texte.lines().next().unwrap_or_default();
        for d in Donnee::ALL {
            assert_eq!(entete.contains(d.libelle()), note.transmises.contains_key(&d), "{d:?}");
        }
        assert!(!note.transmises.contains_key(&Donnee::NotesTerminales));
        // And no column of the file is out of the list, but whose the file is and where it ranks.
        let connues: Vec<&str> = Donnee::ALL.iter().map(|d| d.libelle()).collect();
        let autres: Vec<&str> = entete
            .trim_start_matches('\u{feff}')
            .split(';')
            .map(|c| c.trim_matches('"'))
            .filter(|c| !connues.contains(c))
            .collect();
        assert_eq!(autres, ["Rang", "Candidat - Code", "Note"], "{entete}");
        s.t.sql("DELETE FROM donnee_transmise WHERE code IN ('moyenne_generale', 'etablissement_origine')", vec![]).await;
        s.t.sql("UPDATE candidat SET etablissement_origine = 'Lycée Lavoisier'", vec![]).await;
        let (texte, montree, note) = lit().await;
        assert!(!texte.contains("11,00") && !texte.contains("Lavoisier") && !montree);
        assert!(!note.transmises.contains_key(&Donnee::MoyenneGenerale));
        // A past session has its own note, and what left it is told.
        let mots = ["Session 2023", "archivee"].map(|m| m.to_owned().into());
        let valeurs = [2023i64.into()].into_iter().chain(mots).collect();
        let (archive, _) = s.t.insert("session_admission", "annee, libelle, etat", valeurs).await;
        for code in ["moyenne_generale", "type_bac", "serie", "demande_internat", "notes_terminales"] {
            s.t.sql(
                "INSERT INTO donnee_transmise (session_id, code, source) VALUES ($1, $2, 'essai')",
                vec![archive.into(), code.to_owned().into()],
            )
            .await;
        }
        let note = view_note(&s.ctx(), 2024).await.unwrap();
        assert_eq!((note.annees, note.precedente), (vec![2024, 2023], Some(2023)));
        assert!(note.retirees.contains(&Donnee::NotesTerminales) && note.nouvelles.is_empty());
    }

    async fn r_cla_04_the_order_starts_from_averages_and_people_change_it(base) {
        let s = scene(base, true).await;
        let id = s.f.groupe_public_id.clone();
        start_from_averages(&s.ctx(), &Garde::default(), 2024, &id).await.unwrap();
        assert_eq!(s.rangs().await, [Some(3), Some(2), Some(1)]);
        let cmd = SaisieOrdre { rangs: vec![], deplacement: Some((s.n(0), Sens::Monter)) };
        save_ordre(&s.ctx(), &Garde::default(), 2024, &id, &cmd).await.unwrap();
        assert_eq!(s.rangs().await, [Some(2), Some(3), Some(1)]);
        s.saves(vec![(s.n(1), None)]).await.unwrap();
        assert_eq!(s.rangs().await, [Some(2), None, Some(1)]);
        // Typed beside one who did not move, a rank pushes the others; typed for two, it is refused.
        s.saves(vec![(s.n(1), Some(2)), (s.n(0), Some(2))]).await.unwrap();
        assert_eq!(s.rangs().await, [Some(3), Some(2), Some(1)]);
        assert!(matches!(
            s.saves(vec![(s.n(1), Some(1)), (s.n(0), Some(1))]).await,
            Err(AppError::Rule(RuleViolation::RangEnDouble { rang: 1 }))
        ));
        assert!(matches!(
            s.saves(vec![(s.n(1), Some(9))]).await,
            Err(AppError::Rule(RuleViolation::RangsNonContigus { .. }))
        ));
        assert!(matches!(
            s.saves(vec![(999, Some(1))]).await,
            Err(AppError::Rule(RuleViolation::CandidatInconnu { numero: 999 }))
        ));
    }

    async fn trx_4_a_draft_changed_in_another_tab_is_not_overwritten(base) {
        let s = scene(base, true).await;
        let id = s.f.groupe_public_id.clone();
        let vue = groupe_vue(&s.ctx(), 2024, &id, 1).await.unwrap();
        let garde = |cle: &str| Garde { cle: Some(cle.to_owned()), version: Some(vue.version), ..Garde::default() };
        let cmd = |n: i64| SaisieOrdre { rangs: vec![(n, Some(1))], deplacement: None };
        let un = save_ordre(&s.ctx(), &garde("a"), 2024, &id, &cmd(s.n(0))).await.unwrap();
        assert!(matches!(
            save_ordre(&s.ctx(), &garde("b"), 2024, &id, &cmd(s.n(1))).await,
            Err(AppError::Conflict)
        ));
        // The same click sent twice is the same act.
        let encore = save_ordre(&s.ctx(), &garde("a"), 2024, &id, &cmd(s.n(0))).await.unwrap();
        assert_eq!(un.numero, encore.numero);
        assert_eq!(s.rangs().await, [Some(1), None, None]);
    }

    async fn r_cla_05_transmission_is_final_and_refuses_the_others_of_a_selective_course(base) {
        let s = scene(base, true).await;
        let id = s.f.groupe_public_id.clone();
        assert_eq!(preview_transmission(&s.ctx(), 2024, &id).await.unwrap().refus, Some(RuleViolation::ClassementVide));
        s.saves(vec![(s.n(2), Some(1)), (s.n(0), Some(2))]).await.unwrap();
        let apercu = preview_transmission(&s.ctx(), 2024, &id).await.unwrap();
        assert_eq!((apercu.classes, apercu.non_retenus.len()), (2, 1));
        assert!(matches!(
            transmit(&s.ctx(), &Garde::default(), 2024, &id, false).await,
            Err(AppError::Rule(RuleViolation::Champ { .. }))
        ));
        let garde = Garde { cle: Some("t".to_owned()), version: Some(apercu.version), ..Garde::default() };
        let r = transmit(&s.ctx(), &garde, 2024, &id, true).await.unwrap();
        assert_eq!(transmit(&s.ctx(), &garde, 2024, &id, true).await.unwrap().numero, r.numero);
        assert_eq!(s.etats().await, ["classe", "refuse_formation", "classe"]);
        let vue = groupe_vue(&s.ctx(), 2024, &id, 1).await.unwrap();
        assert_eq!(vue.empreinte.as_deref(), Some(apercu.empreinte.as_str()));
        let texte = format!("{id}\n1;{}\n2;{}\n", s.n(2), s.n(0));
        assert_eq!(apercu.empreinte, app::idempotence::hash(&texte));
        assert!(!vue.peut_saisir && !vue.peut_transmettre);
        for essai in [
            s.saves(vec![(s.n(1), Some(1))]).await,
            start_from_averages(&s.ctx(), &Garde::default(), 2024, &id).await.map(|_| ()),
            transmit(&s.ctx(), &Garde::default(), 2024, &id, true).await.map(|_| ()),
        ] {
            assert!(matches!(essai, Err(AppError::Rule(RuleViolation::ClassementTransmis))), "{essai:?}");
        }
    }

    async fn r_cla_02_a_non_selective_course_transmits_nothing_incomplete(base) {
        let s = scene(base, false).await;
        let id = s.f.groupe_public_id.clone();
        s.saves(vec![(s.n(2), Some(1))]).await.unwrap();
        assert!(matches!(
            transmit(&s.ctx(), &Garde::default(), 2024, &id, true).await,
            Err(AppError::Rule(RuleViolation::ClassementIncomplet { manquants: 2 }))
        ));
        start_from_averages(&s.ctx(), &Garde::default(), 2024, &id).await.unwrap();
        transmit(&s.ctx(), &Garde::default(), 2024, &id, true).await.unwrap();
        assert_eq!(s.etats().await, ["classe", "classe", "classe"]);
    }

    async fn the_step_and_the_role_decide(base) {
        let s = scene(base, true).await;
        let id = s.f.groupe_public_id.clone();
        let membre = Attribution { formation: Some(s.f.formation), ..Attribution::simple(Role::MembreCev) };
        let (_, membre) = s.t.personne("cev@exemple.example", membre).await;
        let cev = s.t.ctx(membre);
        start_from_averages(&cev, &Garde::default(), 2024, &id).await.unwrap();
        // A member ranks but does not transmit: they know the group, so it is a refusal, not an absence.
        assert!(matches!(
            transmit(&cev, &Garde::default(), 2024, &id, true).await,
            Err(AppError::Denied(d)) if d.connu
        ));
        // The neighbour's manager cannot tell this group from one that does not exist.
        let e = s.t.etablissement("0800002B", "Lycée voisin").await;
        let voisine = s.t.formation(e, "BTS Optique", Famille::Bts, true, 30, true).await;
        let (_, voisin) = s.t.responsable("voisin@exemple.example", &voisine).await;
        for acteur in [voisin, s.candidats[0].acteur.clone()] {
            let ctx = s.t.ctx(acteur);
            assert!(matches!(
                groupe_vue(&ctx, 2024, &id, 1).await,
                Err(AppError::Denied(d)) if !d.connu
            ));
            assert!(matches!(export_classement(&ctx, 2024, &id, Noms::Avec).await, Err(AppError::Denied(d)) if !d.connu));
        }
        // Before the step nothing of the records shows; after it nothing changes.
        s.t.at("2024-04-03T23:59:59");
        assert!(groupe_vue(&s.ctx(), 2024, &id, 1).await.unwrap().lignes.is_empty());
        assert!(matches!(
            export_classement(&s.ctx(), 2024, &id, Noms::Avec).await,
            Err(AppError::Rule(RuleViolation::NotYetOpen { .. }))
        ));
        s.t.at_closing(Etape::Examen).await;
        let vue = groupe_vue(&s.ctx(), 2024, &id, 1).await.unwrap();
        assert!(vue.lignes.len() == 3 && !vue.peut_saisir);
        assert!(matches!(s.saves(vec![]).await, Err(AppError::Rule(RuleViolation::Closed { .. }))));
        assert!(matches!(
            transmit(&s.ctx(), &Garde::default(), 2024, &id, true).await,
            Err(AppError::Rule(RuleViolation::Closed { .. }))
        ));
    }

    async fn jou_1_reading_records_is_recorded_with_who_was_read(base) {
        let s = scene(base, true).await;
        groupe_vue(&s.ctx(), 2024, &s.f.groupe_public_id, 1).await.unwrap();
        let sql = "SELECT apres FROM journal WHERE action = 'consulter_dossiers'";
        let apres = store::Sql::text(&s.t.app.db, sql, vec![]).await.unwrap().unwrap();
        let apres: serde_json::Value = serde_json::from_str(&apres).expect("JSON");
        let mut lus: Vec<i64> = apres["dossiers_lus"].as_array().into_iter().flatten().filter_map(|n| n.as_i64()).collect();
        lus.sort_unstable();
        assert_eq!(lus, s.candidats.iter().map(|c| c.candidat).collect::<Vec<_>>());
        assert!(apres["champs"].as_array().is_some_and(|c| c.contains(&"moyenne".into())), "{apres}");
        let index = "SELECT COUNT(*) FROM journal_lecture WHERE candidat_id = $1";
        assert_eq!(s.t.nombre(index, vec![s.candidats[1].candidat.into()]).await, 1);
        // On behalf of the establishment of the course, by a person whose attribution names the course only.
        let etab = "SELECT COUNT(*) FROM journal j JOIN etablissement e ON e.id = j.etablissement_id WHERE e.uai = $1 AND j.issue = 'lu'";
        assert_eq!(s.t.nombre(etab, vec!["0800001A".to_owned().into()]).await, 1);

        export_classement(&s.ctx(), 2024, &s.f.groupe_public_id, Noms::Avec).await.unwrap();
        let sql = "SELECT apres FROM journal WHERE issue = 'exporte'";
        let apres = store::Sql::text(&s.t.app.db, sql, vec![]).await.unwrap().unwrap();
        let apres: serde_json::Value = serde_json::from_str(&apres).expect("JSON");
        assert_eq!((&apres["export"]["lignes"], &apres["export"]["colonnes"]), (&3.into(), &9.into()));
        assert_eq!(apres["export"]["empreinte"].as_str().map(str::len), Some(64));

        // Previews show names too.
        preview_transmission(&s.ctx(), 2024, &s.f.groupe_public_id).await.unwrap();
        assert_eq!(s.t.nombre("SELECT COUNT(*) FROM journal WHERE action = 'transmettre_classement' AND dossiers = 3", vec![]).await, 1);
    }

    async fn don_3_hab_7_names_leave_only_after_a_fresh_second_step(base) {
        let s = scene(base, true).await;
        let il_y_a = |minutes: i64, moyen| SecondeEtape::Faite { le_ms: s.ctx().recu_ms() - minutes * 60_000, moyen };
        for (seconde_etape, sort) in [
            (SecondeEtape::Absente, false),
            (il_y_a(15, Moyen::Totp), false),
            (il_y_a(1, Moyen::Courriel), false),
            (il_y_a(14, Moyen::Totp), true),
        ] {
            let ctx = app::Ctx { seconde_etape, ..s.ctx() };
            let export = export_classement(&ctx, 2024, &s.f.groupe_public_id, Noms::Avec).await;
            match sort {
                true => assert!(export.is_ok_and(|e| !e.octets.is_empty()), "{seconde_etape:?}"),
                false => assert!(matches!(export, Err(AppError::Confirmation)), "{seconde_etape:?}"),
            }
        }
        // Only the one that left is in the journal.
        assert_eq!(s.t.nombre("SELECT COUNT(*) FROM journal WHERE issue = 'exporte'", vec![]).await, 1);
    }

    async fn a_file_goes_out_and_comes_back_shown_before_it_is_applied(base) {
        let s = scene(base, true).await;
        let id = s.f.groupe_public_id.clone();
        s.t.sql(
            "UPDATE candidat SET nom = $1 WHERE id = $2",
            vec!["=HYPERLINK(\"x\")".to_owned().into(), s.candidats[0].candidat.into()],
        )
        .await;
        let export = export_classement(&s.ctx(), 2024, &id, Noms::Avec).await.unwrap();
        let texte = String::from_utf8(export.octets).unwrap();
        assert!(texte.contains("'=HYPERLINK"), "{texte}");
        assert_eq!(texte.lines().count(), 4);
        // As it went out, it comes back without a word about its columns.
        let tel_quel = preview_import(&s.ctx(), 2024, &id, "rang.csv", texte.as_bytes()).await.unwrap();
        assert!(tel_quel.fautes.is_empty() && tel_quel.avertissements.is_empty(), "{tel_quel:?}");

        let csv = format!("Rang;Candidat - Code\n2;{}\n1;{}\n;{}\n", s.n(0), s.n(1), s.n(2));
        let apercu = preview_import(&s.ctx(), 2024, &id, "C:\\tmp\\rang.csv", csv.as_bytes()).await.unwrap();
        assert_eq!(apercu.nom_fichier, "rang.csv");
        assert_eq!((apercu.classes, apercu.non_classes, apercu.changes), (2, 1, 2));
        assert_eq!(s.rangs().await, [None, None, None], "a preview changes nothing");
        let fichier = apercu.fichier.unwrap();
        let garde = Garde { cle: None, version: Some(apercu.version), ..Garde::default() };
        apply_import(&s.ctx(), &garde, 2024, &id, &fichier).await.unwrap();
        assert_eq!(s.rangs().await, [Some(2), Some(1), None]);
        assert_eq!(s.t.nombre("SELECT COUNT(*) FROM import WHERE nature = 'classement'", vec![]).await, 1);
        // From an older page, or by a colleague who did not send it: nothing.
        assert!(matches!(apply_import(&s.ctx(), &garde, 2024, &id, &fichier).await, Err(AppError::Conflict)));
        let (_, collegue) = s.t.responsable("collegue@exemple.example", &s.f).await;
        assert!(matches!(
            apply_import(&s.t.ctx(collegue), &Garde::default(), 2024, &id, &fichier).await,
            Err(AppError::NotFound)
        ));
    }

    async fn don_3_a_file_goes_out_without_names_and_comes_back(base) {
        let s = scene(base, true).await;
        let id = s.f.groupe_public_id.clone();
        // No second step is asked: nobody is named.
        let ctx = app::Ctx { seconde_etape: SecondeEtape::Absente, ..s.ctx() };
        let export = export_classement(&ctx, 2024, &id, Noms::Sans).await.unwrap();
        assert!(!export.nom_fichier.contains("noms"), "{}", export.nom_fichier);
        let texte = String::from_utf8(export.octets).unwrap();
        for (i, c) in s.candidats.iter().enumerate() {
            let nom = s.t.mot("SELECT nom FROM candidat WHERE id = $1", vec![c.candidat.into()]).await;
            let code = format!(";{};", s.n(i));
            assert!(!texte.contains(&nom) && !texte.contains(&code) && !texte.contains("Prénom"), "{texte}");
        }
        let codes = |texte: &str| -> Vec<String> {
            texte.lines().skip(1).filter_map(|l| l.split(';').nth(1)).map(str::to_owned).collect()
        };
        let premiers = codes(&texte);
        assert!(premiers.len() == 3 && premiers.iter().all(|c| c.len() == 17 && c.starts_with('P')), "{premiers:?}");
        assert!(premiers.is_sorted(), "their order says nothing of their numbers");
        // The same next time, and another one for another establishment.
        let encore = export_classement(&ctx, 2024, &id, Noms::Sans).await.unwrap();
        assert_eq!(codes(&String::from_utf8(encore.octets).unwrap()), premiers);
        let ailleurs = s.t.etablissement("0590001B", "Lycée Faidherbe").await;
        let autre = s.t.formation(ailleurs, "BTS Optique", Famille::Bts, true, 12, true).await;
        for c in &s.candidats {
            s.t.voeu(c, &autre, EtatVoeu::Confirme).await;
        }
        let (_, voisin) = s.t.responsable("voisin@exemple.example", &autre).await;
        let ctx_voisin = app::Ctx { seconde_etape: SecondeEtape::Absente, ..s.t.ctx(voisin) };
        let chez_lui = export_classement(&ctx_voisin, 2024, &autre.groupe_public_id, Noms::Sans).await.unwrap();
        let les_siens = codes(&String::from_utf8(chez_lui.octets).unwrap());
        assert!(les_siens.len() == 3 && les_siens.iter().all(|c| !premiers.contains(c)), "{les_siens:?}");
        // Filled in, it comes back; a candidate named twice, each time otherwise, is found.
        let csv = format!("Rang;Candidat - Code\n2;{}\n1;{}\n;{}\n", premiers[0], premiers[1], premiers[2]);
        let apercu = preview_import(&ctx, 2024, &id, "rang.csv", csv.as_bytes()).await.unwrap();
        assert_eq!((apercu.classes, apercu.non_classes, apercu.fautes.len()), (2, 1, 0), "{:?}", apercu.fautes);
        let garde = Garde { cle: None, version: Some(apercu.version), ..Garde::default() };
        apply_import(&ctx, &garde, 2024, &id, &apercu.fichier.unwrap()).await.unwrap();
        assert_eq!(s.rangs().await.iter().flatten().count(), 2);
        let double = format!("{csv};{}\n", apercu.premiers[0].0);
        let refus = preview_import(&ctx, 2024, &id, "rang.csv", double.as_bytes()).await.unwrap();
        assert!(refus.fichier.is_none() && refus.fautes[0].motif.contains("sous son autre code"), "{:?}", refus.fautes);
        // With names: numbered as in the journal, and who took it away is on each line.
        let nomme = export_classement(&s.ctx(), 2024, &id, Noms::Avec).await.unwrap();
        let numero = s.t.mot("SELECT requete FROM journal WHERE issue = 'exporte' ORDER BY id DESC", vec![]).await;
        assert!(nomme.nom_fichier.ends_with(&format!("-noms-{numero}.csv")), "{}", nomme.nom_fichier);
        let texte = String::from_utf8(nomme.octets).unwrap();
        assert_eq!(texte.matches(&format!("{}, export {numero}", s.ctx().acteur.nom)).count(), 3, "{texte}");
    }

    async fn r_cla_06_a_file_names_every_candidate_of_the_group(base) {
        let s = scene(base, true).await;
        let id = s.f.groupe_public_id.clone();
        let csv = format!("Rang;Candidat - Code\n1;{}\n2;{}\n", s.n(2), s.n(0));
        let apercu = preview_import(&s.ctx(), 2024, &id, "rang.csv", csv.as_bytes()).await.unwrap();
        assert_eq!((apercu.fichier, apercu.total_fautes), (None, 1));
        assert!(apercu.fautes[0].motif.contains(&format!("(dossier nº {})", s.n(1))), "{:?}", apercu.fautes);
        let csv = format!("{csv};{}\n", s.n(1));
        let apercu = preview_import(&s.ctx(), 2024, &id, "rang.csv", csv.as_bytes()).await.unwrap();
        assert_eq!((apercu.total_fautes, apercu.classes, apercu.non_classes), (0, 2, 1));
        assert!(apercu.fichier.is_some());
    }

    async fn a_faulty_file_says_where_and_keeps_nothing(base) {
        let s = scene(base, true).await;
        let id = s.f.groupe_public_id.clone();
        let csv = format!("Rang;Candidat - Code\n1;{}\n1;{}\n3;424242\n", s.n(0), s.n(1));
        let apercu = preview_import(&s.ctx(), 2024, &id, "rang.csv", csv.as_bytes()).await.unwrap();
        assert_eq!(apercu.fichier, None);
        let lignes: Vec<u64> = apercu.fautes.iter().map(|f| f.ligne).collect();
        assert_eq!(lignes, [3, 4]);
        // The two columns that the header lacks, each at its line.
        let illisible = preview_import(&s.ctx(), 2024, &id, "x.csv", b"rien;utile\n1;2\n").await.unwrap();
        let ou: Vec<(u64, &str)> =
            illisible.fautes.iter().map(|f| (f.ligne, f.colonne.as_str())).collect();
        assert_eq!(ou, [(1, "Candidat - Code"), (1, "Rang")]);
        assert_eq!((illisible.fichier, illisible.total_fautes), (None, 2));
        assert!(matches!(
            preview_import(&s.ctx(), 2024, &id, "", b"").await,
            Err(AppError::Invalid(_))
        ));
        assert_eq!(s.t.nombre("SELECT COUNT(*) FROM fichier", vec![]).await, 0);
    }
}
