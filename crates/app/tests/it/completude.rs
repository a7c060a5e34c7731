//! What the database counts as missing is what the rules say is missing.

use app::completude::{FiltreCompletude, follow};
use app::echanges::{Sujet, send_message};
use app::etablissements::view_etablissement;
use app::formations::{CriteresGestion, list_courses};
use app::idempotence::Garde;
use domain::PublicId;
use domain::comptes::Role;
use domain::droits::{Acteur, Attribution};
use domain::etablissements::Manque;
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
}
