//! What the database counts as missing is what the rules say is missing.

use app::completude::{FiltreCompletude, export_completude, export_formations, follow, preview_en_nombre};
use app::echanges::{Sujet, send_message};
use app::etablissements::view_etablissement;
use app::formations::{CriteresGestion, list_courses};
use app::idempotence::Garde;
use app::{AppError, FormatTableau};
use domain::PublicId;
use domain::comptes::Role;
use domain::droits::{Acteur, Attribution};
use domain::etablissements::{Manque, ParTutelle, Tutelle};
use domain::formations::Famille;
use store::Sql;
use testkit::{TestApp, both_databases};

/// What is done to the establishment, and what it then lacks.
const CAS: &[(&str, Option<Manque>)] = &[
    ("UPDATE etablissement_session SET version = version", None),
    ("UPDATE etablissement_session SET code_postal = ''", Some(Manque::Adresse)),
    ("UPDATE etablissement_session SET telephone = '', courriel = ''", Some(Manque::Contact)),
    ("UPDATE etablissement_session SET accessibilite = ''", Some(Manque::Accessibilite)),
    ("UPDATE etablissement_session SET referent_courriel = ''", Some(Manque::Referent)),
    ("UPDATE etablissement_session SET internat = ''", Some(Manque::Internat)),
    ("UPDATE etablissement_session SET internat = 'mixte'", Some(Manque::PlacesInternat)),
    ("UPDATE etablissement_session SET internat = 'mixte', internat_places = 0", None),
    ("UPDATE etablissement_session SET boursiers = NULL", Some(Manque::Boursiers)),
    ("UPDATE site_formation SET supprime_le = 1", Some(Manque::Site)),
    ("UPDATE site_formation SET latitude = NULL, longitude = NULL", Some(Manque::Position)),
    ("UPDATE etablissement_session SET chef_confirme = NULL", Some(Manque::Confirmation)),
    ("UPDATE chef_etablissement SET jusqu_a = '2023-11-01' WHERE etablissement_id = {etab}", Some(Manque::Chef)),
    ("UPDATE chef_etablissement SET jusqu_a = '2023-11-20' WHERE etablissement_id = {etab}", None),
    ("UPDATE chef_etablissement SET depuis = '2023-12-01' WHERE etablissement_id = {etab}", Some(Manque::Chef)),
    ("UPDATE chef_etablissement SET supprime_le = 1 WHERE etablissement_id = {etab}", Some(Manque::Chef)),
    (
        "INSERT INTO chef_etablissement (public_id, cree_le, maj_le, origine, etablissement_id, civilite, nom, prenom, fonction,
             courriel_chiffre, telephone_chiffre, depuis, jusqu_a, interim)
         SELECT '{id}', cree_le, maj_le, origine, etablissement_id, civilite, nom, prenom, fonction, courriel_chiffre,
             telephone_chiffre, '2023-11-10', '2023-12-01', 1 FROM chef_etablissement WHERE etablissement_id = {etab}",
        Some(Manque::Confirmation),
    ),
];

both_databases! {
    async fn r_eta_01_the_table_counts_what_the_page_says_is_missing(base) {
        let t = TestApp::with_session_2024(base).await;
        t.at("2023-11-20T10:00");
        for (i, (sql, attendu)) in CAS.iter().enumerate() {
            // Alone in the session: those of the cases before are put away.
            t.sql("UPDATE etablissement_session SET supprime_le = 1", vec![]).await;
            t.sql("UPDATE formation_session SET supprime_le = 1", vec![]).await;
            let etab = t.etablissement(&format!("08000{i:02}A"), "Lycée d’essai").await;
            t.formation(etab, "BTS Essai", Famille::Bts, true, 24, true).await;
            let sql = sql.replace("{id}", t.app.alea.public_id().as_str()).replace("{etab}", &etab.to_string());
            t.sql(&sql, vec![]).await;
            let national = Acteur { compte: None, nom: "Essai".to_owned(), attributions: vec![Attribution::simple(Role::AdminNational)] };
            let ctx = t.ctx(national);
            let suivi = follow(&ctx, 2024, &FiltreCompletude::default()).await.unwrap();
            let ligne = &suivi.lignes[0];
            let id = PublicId::parse(&ligne.id).unwrap();
            // The new head's particulars cannot be read (they are sealed for another line): the rule is asked of its row alone.
            if !sql.starts_with("INSERT") {
                assert_eq!(ligne.manques, view_etablissement(&ctx, 2024, &id).await.unwrap().manques, "{sql}");
            }
            assert_eq!(ligne.manques, attendu.iter().copied().collect::<Vec<_>>(), "{sql}");
            assert_eq!(ligne.is_complet(), attendu.is_none(), "{sql}");
            assert_eq!(suivi.departements[0].complets, i64::from(attendu.is_none()), "{sql}");
            let seuls = FiltreCompletude { incomplets: true, ..FiltreCompletude::default() };
            let suivi = follow(&ctx, 2024, &seuls).await.unwrap();
            assert_eq!(suivi.lignes.len(), usize::from(attendu.is_some()), "{sql}");
            assert_eq!(suivi.total, i64::from(attendu.is_some()), "{sql}");
        }
    }

    async fn what_was_said_is_never_changed(base) {
        let t = TestApp::with_session_2024(base).await;
        let etab = t.etablissement("0800001A", "Lycée d’essai").await;
        let a = Attribution { etablissement: Some(etab), ..Attribution::simple(Role::AdminSite) };
        let (_, admin) = t.personne("admin@essai.example", a).await;
        let id = t.mot("SELECT public_id FROM etablissement", vec![]).await;
        let sujet = Sujet::Etablissement(PublicId::parse(&id).unwrap());
        send_message(&t.ctx(admin), &Garde::default(), 2024, &sujet, "Bonjour").await.unwrap();
        let tx = t.app.db.begin_write().await.unwrap();
        assert!(tx.exec("UPDATE message_fil SET texte = 'x'", vec![]).await.is_err());
    }

    async fn r_cpl_02_a_file_says_course_by_course_what_is_missing_and_what_is_late(base) {
        let t = TestApp::with_session_2024(base).await;
        t.at("2023-11-20T10:00");
        let etab = t.etablissement("0800001A", "Lycée d’essai").await;
        let loin = t.etablissement("0590001B", "Lycée lillois").await;
        t.formation(etab, "BTS Complet", Famille::Bts, true, 24, true).await;
        let sans = t.formation(etab, "BTS Sans capacité", Famille::Bts, true, 24, false).await;
        t.sql("UPDATE formation_session SET capacite = NULL WHERE id = $1", vec![sans.formation_session.into()]).await;
        let muette = t.formation(etab, "Licence Muette", Famille::Licence, false, 24, false).await;
        t.sql("DELETE FROM formation_description WHERE formation_session_id = $1", vec![muette.formation_session.into()]).await;
        let fermee = t.formation(etab, "BTS Fermé", Famille::Bts, true, 24, false).await;
        t.sql("UPDATE formation_session SET etat = 'fermee' WHERE id = $1", vec![fermee.formation_session.into()]).await;
        t.formation(loin, "BTS Lillois", Famille::Bts, true, 24, false).await;
        for table in ["etablissement_session", "formation_session"] {
            t.sql(&format!("UPDATE {table} SET academie = '09' WHERE etablissement_id = $1"), vec![loin.into()]).await;
        }
        let service = Attribution { academies: vec!["20".to_owned()], ..Attribution::simple(Role::Academie) };
        let (_, service) = t.personne("service@ac.example", service).await;
        let (_, national) = t.personne("national@essai.example", Attribution::simple(Role::AdminNational)).await;
        let lignes = async |qui: &Acteur, f: FiltreCompletude| -> Vec<String> {
            let e = export_formations(&t.ctx(qui.clone()), 2024, &f, FormatTableau::Csv).await.unwrap();
            let csv = String::from_utf8(e.octets).unwrap();
            csv.lines().skip(1).map(str::to_owned).collect()
        };
        let toutes = lignes(&service, FiltreCompletude::default()).await;
        assert_eq!(toutes.len(), 3, "neither the closed one nor the neighbour's: {toutes:?}");
        let ligne = |nom: &str| toutes.iter().find(|l| l.contains(nom)).unwrap();
        assert!(ligne("BTS Complet").contains(";Publiée;;0;;non;20/11/2023"), "{}", ligne("BTS Complet"));
        assert!(ligne("BTS Complet").starts_with("Amiens;Somme (80);0800001A;Lycée d’essai;Amiens;"));
        assert!(ligne("BTS Sans").contains(";Brouillon;;1;capacité;non;"), "{}", ligne("BTS Sans"));
        // Nothing was ever said: each field is named.
        let champs = domain::formations::description::Champ::from_code("diplome").unwrap().libelle;
        assert!(ligne("Licence Muette").contains(champs), "{}", ligne("Licence Muette"));
        let bts = FiltreCompletude { famille: Some(Famille::Bts), incomplets: true, ..FiltreCompletude::default() };
        assert_eq!(lignes(&service, bts).await.len(), 1);
        assert_eq!(lignes(&national, FiltreCompletude::default()).await.len(), 4);
        // R-CPL-01: in the last days it is late.
        t.at("2024-01-05T10:00");
        let tard = lignes(&service, FiltreCompletude::default()).await;
        assert_eq!(tard.iter().filter(|l| l.contains(";oui;")).count(), 2, "{tard:?}");
        let xlsx = export_formations(&t.ctx(service.clone()), 2024, &FiltreCompletude::default(), FormatTableau::Xlsx).await.unwrap();
        assert!(xlsx.octets.starts_with(b"PK") && xlsx.nom_fichier.ends_with(".xlsx"));
        let journal = t.journal().await;
        let exports = journal.iter().filter(|e| e.issue == "exporte" && e.objet == "formation_session");
        assert_eq!(exports.count(), 5);
        let (_, resp) = t.responsable("resp@essai.example", &sans).await;
        let refus = export_formations(&t.ctx(resp), 2024, &FiltreCompletude::default(), FormatTableau::Csv).await;
        assert!(matches!(refus, Err(AppError::Denied(_))), "{refus:?}");
    }

    async fn r_eta_13_the_table_its_files_and_its_reminders_are_narrowed_by_ministry(base) {
        let t = TestApp::with_session_2024(base).await;
        t.at("2023-11-20T10:00");
        for (uai, tutelle) in [("0800001A", "agriculture"), ("0800002B", ""), ("0800003C", "culture"), ("0590001D", "sante")] {
            let etab = t.etablissement(uai, "Lycée d’essai").await;
            let famille = if uai == "0800002B" { Famille::Licence } else { Famille::Bts };
            t.formation(etab, "Essai", famille, true, 24, false).await;
            let sql = "UPDATE etablissement_session SET tutelle = $1 WHERE etablissement_id = $2";
            t.sql(sql, vec![tutelle.to_owned().into(), etab.into()]).await;
        }
        for table in ["etablissement_session", "formation_session"] {
            let lille = "etablissement_id = (SELECT id FROM etablissement WHERE uai = '0590001D')";
            t.sql(&format!("UPDATE {table} SET academie = '09', departement = '59' WHERE {lille}"), vec![]).await;
        }
        let service = Attribution { academies: vec!["20".to_owned()], ..Attribution::simple(Role::Academie) };
        let service = t.ctx(t.personne("service@ac.example", service).await.1);
        let national = t.ctx(t.personne("national@essai.example", Attribution::simple(Role::AdminNational)).await.1);
        let celle = |t: Tutelle| FiltreCompletude { tutelle: Some(ParTutelle::Celle(t)), ..FiltreCompletude::default() };
        // Those of the perimeter, in their order.
        let suivi = follow(&service, 2024, &FiltreCompletude::default()).await.unwrap();
        let [agriculture, culture] = [Tutelle::Agriculture, Tutelle::Culture].map(ParTutelle::Celle);
        assert_eq!(suivi.tutelles, [agriculture, culture, ParTutelle::NonConnue]);
        assert_eq!(follow(&national, 2024, &FiltreCompletude::default()).await.unwrap().tutelles.len(), 4);
        let inconnue = FiltreCompletude { tutelle: Some(ParTutelle::NonConnue), ..FiltreCompletude::default() };
        for (qui, f, uai, famille) in [
            (&service, celle(Tutelle::Agriculture), "0800001A", Famille::Bts),
            (&service, inconnue, "0800002B", Famille::Licence),
            (&national, celle(Tutelle::Sante), "0590001D", Famille::Bts),
        ] {
            let suivi = follow(qui, 2024, &f).await.unwrap();
            let uais: Vec<&str> = suivi.lignes.iter().map(|l| l.uai.as_str()).collect();
            assert_eq!((suivi.total, uais.as_slice()), (1, &[uai][..]));
            let familles: Vec<(Famille, i64)> = suivi.familles.iter().map(|f| (f.famille, f.formations)).collect();
            assert_eq!(familles, [(famille, 1)]);
            let maisons = export_completude(qui, 2024, &f, FormatTableau::Csv).await.unwrap();
            let maisons = String::from_utf8(maisons.octets).unwrap();
            assert!(maisons.lines().count() == 2 && maisons.contains(uai), "{maisons}");
            let libelle = f.tutelle.filter(|t| *t != ParTutelle::NonConnue).map_or("", ParTutelle::libelle);
            assert!(maisons.contains(&format!(";Amiens;{libelle};")), "{maisons}");
            let cours = export_formations(qui, 2024, &f, FormatTableau::Csv).await.unwrap();
            let cours = String::from_utf8(cours.octets).unwrap();
            assert!(cours.lines().count() == 2 && cours.contains(uai), "{cours}");
            assert_eq!(preview_en_nombre(qui, 2024, &f, None).await.unwrap().etablissements, 1);
        }
        // Of another perimeter: nothing, and what was chosen is still in sight.
        let suivi = follow(&service, 2024, &celle(Tutelle::Sante)).await.unwrap();
        assert_eq!((suivi.total, suivi.lignes.len()), (0, 0));
        assert!(suivi.tutelles.contains(&ParTutelle::Celle(Tutelle::Sante)));
    }

    async fn r_for_06_the_table_counts_courses_as_their_list_does(base) {
        let t = TestApp::with_session_2024(base).await;
        let etab = t.etablissement("0800001A", "Lycée d’essai").await;
        t.at("2023-11-20T10:00");
        let national = Acteur { compte: None, nom: "Essai".to_owned(), attributions: vec![Attribution::simple(Role::AdminNational)] };
        let ctx = t.ctx(national);
        for (i, sql) in [
            "UPDATE formation_session SET version = version WHERE id = $1",
            "UPDATE formation_session SET capacite = NULL WHERE id = $1",
            "UPDATE formation_session SET frais_centimes = NULL WHERE id = $1",
            "UPDATE formation_session SET capacite = 25 WHERE id = $1",
            "UPDATE groupe_affectation SET supprime_le = 1 WHERE formation_session_id = $1",
            "UPDATE formation_session SET etat = 'fermee', capacite = NULL WHERE id = $1",
            "UPDATE formation_description SET manques = 1 WHERE formation_session_id = $1",
            "DELETE FROM formation_description WHERE formation_session_id = $1",
        ].iter().enumerate() {
            let f = t.formation(etab, &format!("BTS {i}"), Famille::Bts, true, 24, i % 2 == 0).await;
            t.sql(sql, vec![f.formation_session.into()]).await;
        }
        let liste = list_courses(&ctx, 2024, &CriteresGestion::default()).await.unwrap();
        let vivantes: Vec<_> = liste.lignes.iter().filter(|f| f.etat.code() != "fermee").collect();
        let completes = vivantes.iter().filter(|f| f.manques.is_empty()).count();
        let publiees = vivantes.iter().filter(|f| f.etat.code() == "publiee").count();
        let suivi = follow(&ctx, 2024, &FiltreCompletude::default()).await.unwrap();
        let compte = |n: usize| i64::try_from(n).unwrap();
        let l = &suivi.lignes[0];
        assert_eq!((l.formations, l.completes, l.publiees), (compte(vivantes.len()), compte(completes), compte(publiees)));
        assert_eq!((l.formations, l.completes), (7, 1));
        let criteres = CriteresGestion { incompletes: true, ..CriteresGestion::default() };
        let a_completer = list_courses(&ctx, 2024, &criteres).await.unwrap().lignes;
        assert_eq!(a_completer.iter().filter(|f| f.etat.code() != "fermee").count(), 6, "the filter of the list");
        let d = &suivi.familles[0];
        assert_eq!((d.formations, d.completes, d.publiees), (l.formations, l.completes, l.publiees));
    }

    async fn pages_are_slices_of_the_table_whatever_is_looked_for(base) {
        use domain::droits::{Action, scope_session};
        use store::completude::{FiltreCompletude as Filtre, Groupe, LigneCompletude, groupes, list};
        let t = TestApp::with_session_2024(base).await;
        t.at("2023-11-20T10:00");
        for i in 0..9 {
            // Several of one name: their code decides.
            let etab = t.etablissement(&format!("080000{i}A"), &format!("Lycée {}", 9 - i / 2)).await;
            let famille = if i % 3 == 0 { Famille::Licence } else { Famille::Bts };
            t.formation(etab, "Essai", famille, true, 24, i % 2 == 0).await;
        }
        t.sql("UPDATE etablissement_session SET departement = '60' WHERE id % 4 = 0", vec![]).await;
        t.sql("UPDATE etablissement_session SET boursiers = NULL WHERE id % 3 = 0", vec![]).await;
        t.sql("UPDATE etablissement_session SET tutelle = 'agriculture' WHERE nom = 'Lycée 9'", vec![]).await;
        let national = Acteur { compte: None, nom: "Essai".to_owned(), attributions: vec![Attribution::simple(Role::AdminNational)] };
        let session = app::sessions::courante(&t.app.db).await.unwrap().id;
        let scope = scope_session(&national, Action::SuivreParametrage, session).unwrap();
        let db = &t.app.db;
        let deux = vec![
            t.mot("SELECT public_id FROM etablissement ORDER BY id LIMIT 1", vec![]).await,
            t.mot("SELECT public_id FROM etablissement ORDER BY id DESC LIMIT 1", vec![]).await,
        ];
        let tous = Filtre { session, jour: "2023-11-20".to_owned(), ..Filtre::default() };
        let cas = [
            (tous.clone(), 9),
            (Filtre { departement: Some("80".to_owned()), ..tous.clone() }, 7),
            (Filtre { famille: Some("bts"), ..tous.clone() }, 6),
            (Filtre { mots: "lycée 9".to_owned(), ..tous.clone() }, 2),
            (Filtre { tutelle: Some("agriculture"), ..tous.clone() }, 2),
            (Filtre { tutelle: Some(""), famille: Some("bts"), ..tous.clone() }, 5),
            (Filtre { etablissements: Some(deux), ..tous }, 2),
        ];
        let fait = |l: &LigneCompletude| {
            l.completes == l.formations && l.publiees == l.formations && l.manquent.tous().iter().all(|n| *n == 0)
        };
        for (f, combien) in cas {
            let entiere = list(db, &scope, &f, None).await.unwrap();
            assert_eq!(entiere.len(), combien, "{f:?}");
            let figures = groupes(db, &scope, &f, false).await.unwrap();
            let somme = |n: fn(&Groupe) -> i64| usize::try_from(figures.iter().map(n).sum::<i64>()).unwrap();
            let faits = entiere.iter().filter(|l| fait(l)).count();
            assert_eq!((somme(|g| g.etablissements), somme(|g| g.complets)), (combien, faits), "{f:?}");
            for incomplets in [false, true] {
                let f = Filtre { incomplets, ..f.clone() };
                let attendues: Vec<_> = entiere.iter().filter(|l| !(incomplets && fait(l))).cloned().collect();
                assert_eq!(list(db, &scope, &f, None).await.unwrap(), attendues, "{f:?}");
                let mut pages = Vec::new();
                for saut in [0, 4, 8] {
                    pages.extend(list(db, &scope, &f, Some((4, saut))).await.unwrap());
                }
                assert_eq!(pages, attendues, "{f:?}");
            }
        }
    }
}
