//! Settings of courses and their publication, on both databases.
#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]

use app::formations::{
    Capacites, CriteresGestion, EnregistrerParametrage, ManqueFormation, Ouverture, list_courses,
    publish_formation, save_parametrage, sheet, view_parametrage,
};
use app::idempotence::Garde;
use app::{AppError, Ctx};
use domain::calendrier::Etape;
use domain::comptes::Role;
use domain::droits::{Acteur, Attribution};
use domain::formations::{EtatFormation, Famille};
use domain::{PublicId, RuleViolation};
use testkit::fabrique::FormationEssai;
use testkit::{TestApp, both_databases};

async fn prepare(base: testkit::Base) -> (TestApp, FormationEssai, Ctx) {
    let t = TestApp::with_session_2024(base).await;
    let etablissement = t.etablissement("0800001A", "Lycée Jules-Verne").await;
    let f = t.formation(etablissement, "BTS Électronique", Famille::Bts, true, 24, false).await;
    let (_, acteur) = t.responsable("resp@lycee.example", &f).await;
    t.at("2023-11-20T10:00");
    let ctx = t.ctx(acteur);
    (t, f, ctx)
}

fn id(f: &FormationEssai) -> PublicId {
    PublicId::parse(&f.public_id).unwrap()
}

fn capacites(capacite: i64, frais: i64, places: &[(&str, i64)]) -> EnregistrerParametrage {
    EnregistrerParametrage {
        capacites: Some(Capacites {
            capacite: Some(capacite),
            frais_centimes: Some(frais),
            places: places.iter().map(|(g, n)| ((*g).to_owned(), *n)).collect(),
        }),
        presentation: None,
    }
}

fn garde(cle: &str, version: i64) -> Garde {
    Garde { cle: Some(cle.to_owned()), version: Some(version), ..Garde::default() }
}

both_databases! {
    async fn r_for_06_the_public_reads_the_last_publication_not_the_draft(base) {
        let (t, f, ctx) = prepare(base).await;
        save_parametrage(&ctx, &garde("a", 0), 2024, &id(&f), &capacites(30, 17_000, &[])).await.unwrap();
        publish_formation(&ctx, &garde("b", 1), 2024, &id(&f)).await.unwrap();
        save_parametrage(&ctx, &garde("c", 2), 2024, &id(&f), &capacites(36, 20_050, &[])).await.unwrap();
        t.during(Etape::Voeux).await;
        let public = t.ctx(Acteur::public());
        let fiche = sheet(&public, &id(&f)).await.unwrap();
        assert_eq!((fiche.capacite, fiche.frais_centimes), (Some(30), Some(17_000)));
        assert_eq!(fiche.groupes[0].places, Some(30));
        assert!(fiche.voeux.is_ok());
        t.at("2023-12-01T10:00");
        let vue = view_parametrage(&t.ctx(ctx.acteur.clone()), 2024, &id(&f)).await.unwrap();
        assert!(vue.a_publier);
        publish_formation(&ctx, &garde("d", 3), 2024, &id(&f)).await.unwrap();
        t.during(Etape::Voeux).await;
        let fiche = sheet(&t.ctx(Acteur::public()), &id(&f)).await.unwrap();
        let suite: Vec<i64> = fiche.publications.iter().filter_map(|p| p.capacite).collect();
        assert_eq!((fiche.capacite, suite), (Some(36), vec![36, 30]));
    }

    async fn r_for_09_places_follow_the_capacity_and_numbers_to_call_its_publication(base) {
        let (t, f, ctx) = prepare(base).await;
        save_parametrage(&ctx, &garde("a", 0), 2024, &id(&f), &capacites(31, 0, &[])).await.unwrap();
        let lu = "SELECT places * 1000 + nombre_a_appeler FROM groupe_affectation WHERE id = $1";
        assert_eq!(t.nombre(lu, vec![f.groupe_affectation.into()]).await, 31_024, "a draft calls nobody");

        let (_, autre) = t.groupe(&f, "Bac pro", "pro", 0).await;
        let premier = f.groupe_public_id.as_str();
        let refus = save_parametrage(&ctx, &garde("b", 1), 2024, &id(&f), &capacites(31, 0, &[(premier, 20), (&autre, 10)])).await;
        assert!(matches!(
            refus,
            Err(AppError::Rule(RuleViolation::PlacesGroupes { capacite: 31, somme: 30 }))
        ));
        save_parametrage(&ctx, &garde("c", 1), 2024, &id(&f), &capacites(31, 0, &[(premier, 20), (&autre, 11)])).await.unwrap();
        assert_eq!(t.nombre(lu, vec![f.groupe_affectation.into()]).await, 20_024);
        publish_formation(&ctx, &garde("d", 2), 2024, &id(&f)).await.unwrap();
        assert_eq!(t.nombre(lu, vec![f.groupe_affectation.into()]).await, 20_020);
        let avant = t.nombre("SELECT COUNT(*) FROM journal WHERE objet = 'formation_session' AND avant IS NOT NULL", vec![]).await;
        assert_eq!(avant, 2);
    }

    async fn jou_2_no_free_text_reaches_the_journal(base) {
        let (t, f, ctx) = prepare(base).await;
        let texte = EnregistrerParametrage { capacites: None, presentation: Some("Témoin planté".to_owned()) };
        save_parametrage(&ctx, &garde("a", 0), 2024, &id(&f), &texte).await.unwrap();
        publish_formation(&ctx, &garde("b", 1), 2024, &id(&f)).await.unwrap();
        let lignes = "SELECT COUNT(*) FROM journal WHERE objet = 'formation_session'";
        assert_eq!(t.nombre(lignes, vec![]).await, 2);
        let fuites = format!("{lignes} AND (avant LIKE '%planté%' OR apres LIKE '%planté%')");
        assert_eq!(t.nombre(&fuites, vec![]).await, 0);
    }

    async fn trx_2_trx_4_two_tabs_and_the_same_key_twice(base) {
        let (t, f, ctx) = prepare(base).await;
        let premier = save_parametrage(&ctx, &garde("k", 0), 2024, &id(&f), &capacites(30, 0, &[])).await.unwrap();
        // The same click again: the receipt of then, nothing more.
        let encore = save_parametrage(&ctx, &garde("k", 0), 2024, &id(&f), &capacites(30, 0, &[])).await.unwrap();
        assert_eq!(premier, encore);
        // The same key for something else.
        let autre = save_parametrage(&ctx, &garde("k", 1), 2024, &id(&f), &capacites(31, 0, &[])).await;
        assert!(matches!(autre, Err(AppError::Conflict)));
        // A second tab, opened before the first saved.
        let perime = save_parametrage(&ctx, &garde("l", 0), 2024, &id(&f), &capacites(12, 0, &[])).await;
        assert!(matches!(perime, Err(AppError::Conflict)));
        assert_eq!(t.nombre("SELECT capacite FROM formation_session WHERE id = $1", vec![f.formation_session.into()]).await, 30);
        let publie = publish_formation(&ctx, &garde("m", 0), 2024, &id(&f)).await;
        assert!(matches!(publie, Err(AppError::Conflict)));
        let recu = publish_formation(&ctx, &garde("n", 1), 2024, &id(&f)).await.unwrap();
        assert_eq!(publish_formation(&ctx, &garde("n", 1), 2024, &id(&f)).await.unwrap(), recu);
        assert_eq!(t.nombre("SELECT COUNT(*) FROM formation_publication", vec![]).await, 1);
        assert_eq!(t.nombre("SELECT COUNT(*) FROM recepisse WHERE acte = 'formation_publiee'", vec![]).await, 1);
    }

    async fn r_for_08_publishing_the_same_again_is_refused(base) {
        let (_t, f, ctx) = prepare(base).await;
        let rien = publish_formation(&ctx, &garde("z", 0), 2024, &id(&f)).await;
        assert!(rien.is_ok(), "{rien:?}");
        let encore = publish_formation(&ctx, &garde("y", 1), 2024, &id(&f)).await;
        assert!(matches!(encore, Err(AppError::Rule(RuleViolation::RienAPublier))));
    }

    async fn r_for_02_a_course_without_fees_is_not_published(base) {
        let (t, f, ctx) = prepare(base).await;
        t.sql("UPDATE formation_session SET frais_centimes = NULL WHERE id = $1", vec![f.formation_session.into()]).await;
        let refus = publish_formation(&ctx, &garde("a", 0), 2024, &id(&f)).await;
        assert!(matches!(refus, Err(AppError::Rule(RuleViolation::Champ { champ: "frais", motif: "manquant" }))));
        assert_eq!(t.nombre("SELECT COUNT(*) FROM formation_publication", vec![]).await, 0);
    }

    async fn each_part_follows_its_own_step(base) {
        let (t, f, ctx) = prepare(base).await;
        let texte = EnregistrerParametrage { capacites: None, presentation: Some("Bonjour".to_owned()) };
        t.at_closing(Etape::Parametrage).await;
        let ici = t.ctx(ctx.acteur.clone());
        let refus = save_parametrage(&ici, &garde("a", 0), 2024, &id(&f), &texte).await;
        assert!(matches!(refus, Err(AppError::Rule(RuleViolation::Closed { etape: Etape::Parametrage, .. }))));
        save_parametrage(&ici, &garde("b", 0), 2024, &id(&f), &capacites(30, 0, &[])).await.unwrap();
        let vue = view_parametrage(&ici, 2024, &id(&f)).await.unwrap();
        assert!(vue.capacites.est_ouverte() && !vue.textes.est_ouverte());
        t.at_closing(Etape::CapacitesFrais).await;
        let ici = t.ctx(ctx.acteur.clone());
        for refus in [
            save_parametrage(&ici, &garde("c", 1), 2024, &id(&f), &capacites(31, 0, &[])).await.map(|_| ()),
            publish_formation(&ici, &garde("d", 1), 2024, &id(&f)).await.map(|_| ()),
        ] {
            assert!(matches!(refus, Err(AppError::Rule(RuleViolation::Closed { etape: Etape::CapacitesFrais, .. }))));
        }
    }

    async fn r_dro_01_neighbours_do_not_know_and_readers_do_not_write(base) {
        let (t, f, _) = prepare(base).await;
        let voisin = t.etablissement("0800002B", "Lycée voisin").await;
        let autre = t.formation(voisin, "BTS Voisin", Famille::Bts, true, 12, false).await;
        let (_, intrus) = t.responsable("voisin@lycee.example", &autre).await;
        let intrus = t.ctx(intrus);
        for refus in [
            view_parametrage(&intrus, 2024, &id(&f)).await.map(|_| ()),
            save_parametrage(&intrus, &garde("a", 0), 2024, &id(&f), &capacites(1, 0, &[])).await.map(|_| ()),
            publish_formation(&intrus, &garde("b", 0), 2024, &id(&f)).await.map(|_| ()),
        ] {
            assert!(matches!(refus, Err(AppError::Denied(d)) if !d.connu));
        }
        let lecteur = Attribution { etablissement: Some(f.etablissement), ..Attribution::simple(Role::Lecteur) };
        let (_, lecteur) = t.personne("lecteur@lycee.example", lecteur).await;
        let lecteur = t.ctx(lecteur);
        let vue = view_parametrage(&lecteur, 2024, &id(&f)).await.unwrap();
        assert_eq!(vue.capacites, Ouverture::SansDroit);
        let refus = save_parametrage(&lecteur, &garde("c", 0), 2024, &id(&f), &capacites(1, 0, &[])).await;
        assert!(matches!(refus, Err(AppError::Denied(d)) if d.connu));
        // The head of the establishment signs: publishes, without changing the figures.
        let chef = Attribution { etablissement: Some(f.etablissement), ..Attribution::simple(Role::ChefEtab) };
        let (_, chef) = t.personne("chef@lycee.example", chef).await;
        let chef = t.ctx(chef);
        assert!(matches!(
            save_parametrage(&chef, &garde("d", 0), 2024, &id(&f), &capacites(1, 0, &[])).await,
            Err(AppError::Denied(_))
        ));
        publish_formation(&chef, &garde("e", 0), 2024, &id(&f)).await.unwrap();
    }

    async fn a_list_shows_the_perimeter_and_what_is_missing(base) {
        let (t, f, ctx) = prepare(base).await;
        let voisin = t.etablissement("0800002B", "Lycée voisin").await;
        let autre = t.formation(voisin, "BTS Voisin", Famille::Bts, true, 12, true).await;
        t.sql("UPDATE formation_session SET frais_centimes = NULL WHERE id = $1", vec![f.formation_session.into()]).await;
        let liste = list_courses(&ctx, 2024, &CriteresGestion::default()).await.unwrap();
        assert_eq!((liste.total, liste.lignes[0].id.as_str()), (1, f.public_id.as_str()));
        assert_eq!(liste.lignes[0].manques, [ManqueFormation::Frais]);
        assert!(liste.saisie_ouverte);

        let (_, national) = t.personne("nat@example.org", Attribution::simple(Role::AdminNational)).await;
        let national = t.ctx(national);
        let filtre = |texte: &str, etat, incompletes| CriteresGestion {
            texte: texte.to_owned(), etat, incompletes, page: 1, ..CriteresGestion::default()
        };
        let total = async |c: CriteresGestion| list_courses(&national, 2024, &c).await.unwrap().total;
        assert_eq!(total(filtre("", None, false)).await, 2);
        assert_eq!(total(filtre("electronique", None, false)).await, 1);
        assert_eq!(total(filtre("", Some(EtatFormation::Publiee), false)).await, 1);
        assert_eq!(total(filtre("", None, true)).await, 1);
        // A capacity saved after publication waits to be published.
        t.sql("UPDATE formation_session SET capacite = 13 WHERE id = $1", vec![autre.formation_session.into()]).await;
        let voisine = list_courses(&national, 2024, &filtre("voisin", None, false)).await.unwrap();
        assert!(voisine.lignes[0].modifications_non_publiees);

        let academie = Attribution { academies: vec!["10".to_owned()], ..Attribution::simple(Role::Academie) };
        let (_, lyon) = t.personne("lyon@example.org", academie).await;
        assert_eq!(list_courses(&t.ctx(lyon), 2024, &CriteresGestion::default()).await.unwrap().total, 0);
        let autre_session = Acteur {
            compte: Some(1),
            nom: "Ancien chef".to_owned(),
            attributions: vec![Attribution {
                session: Some(f.session + 7),
                etablissement: Some(f.etablissement),
                ..Attribution::simple(Role::ChefEtab)
            }],
        };
        assert!(matches!(
            list_courses(&t.ctx(autre_session.clone()), 2024, &CriteresGestion::default()).await,
            Err(AppError::Denied(_))
        ));
        let candidat = t.candidat("lea@example.org", domain::candidats::TypeBac::General).await;
        assert!(matches!(
            list_courses(&t.ctx(candidat.acteur), 2024, &CriteresGestion::default()).await,
            Err(AppError::Denied(_))
        ));
    }

    async fn r_ses_01_an_archived_session_reads_and_refuses_writes(base) {
        let t = TestApp::new(base).await;
        app::sessions::ouvrir_session(&t.systeme(), 2023, None).await.unwrap();
        let etablissement = t.etablissement("0800001A", "Lycée Jules-Verne").await;
        let f = t.formation(etablissement, "BTS Électronique", Famille::Bts, true, 24, true).await;
        app::sessions::ouvrir_session(&t.systeme(), 2024, Some(2023)).await.unwrap();
        let (_, acteur) = t.responsable("resp@lycee.example", &f).await;
        t.at("2023-11-20T10:00");
        let ctx = t.ctx(acteur);
        let liste = list_courses(&ctx, 2024, &CriteresGestion::default()).await.unwrap();
        let nouvelle = PublicId::parse(&liste.lignes[0].id).unwrap();
        let vue = view_parametrage(&ctx, 2024, &nouvelle).await.unwrap();
        assert_eq!(vue.capacite, None);
        assert_eq!(vue.precedente.map(|p| (p.annee, p.capacite)), Some((2023, Some(24))));
        let archive = view_parametrage(&ctx, 2023, &id(&f)).await.unwrap();
        assert_eq!(archive.capacites, Ouverture::Fermee(RuleViolation::SessionArchivee));
        for refus in [
            save_parametrage(&ctx, &garde("a", 0), 2023, &id(&f), &capacites(1, 0, &[])).await.map(|_| ()),
            publish_formation(&ctx, &garde("b", 0), 2023, &id(&f)).await.map(|_| ()),
        ] {
            assert!(matches!(refus, Err(AppError::Rule(RuleViolation::SessionArchivee))));
        }
        // The course of one session is not found under another.
        assert!(matches!(view_parametrage(&ctx, 2024, &id(&f)).await, Err(AppError::NotFound)));
    }

    async fn r_for_23_wrong_numbers_and_a_text_too_long_are_told_together(base) {
        let (t, f, ctx) = prepare(base).await;
        let (_, autre) = t.groupe(&f, "Bac pro", "pro", 0).await;
        let places = [(f.groupe_public_id.as_str(), 20), (autre.as_str(), 10)];
        let presentation = Some("x".repeat(5_001));
        let avant = view_parametrage(&ctx, 2024, &id(&f)).await.unwrap().version;
        let tout = EnregistrerParametrage { presentation, ..capacites(31, -1, &places) };
        let refus = save_parametrage(&ctx, &garde("a", avant), 2024, &id(&f), &tout).await;
        let Err(AppError::Invalid(fautes)) = refus else { panic!("{refus:?}") };
        assert_eq!(fautes.iter().map(|(c, _)| *c).collect::<Vec<_>>(), ["places", "frais", "presentation"]);
        assert_eq!(view_parametrage(&ctx, 2024, &id(&f)).await.unwrap().version, avant, "nothing was written");
    }

    async fn r_for_01_values_out_of_bounds_are_refused(base) {
        let (_t, f, ctx) = prepare(base).await;
        let texte = EnregistrerParametrage { capacites: None, presentation: Some("x".repeat(5_001)) };
        for (commande, champ_attendu) in [
            (capacites(20_001, 0, &[]), "capacite"),
            (capacites(-1, 0, &[]), "capacite"),
            (capacites(1, 10_000_001, &[]), "frais"),
            (texte, "presentation"),
        ] {
            let refus = save_parametrage(&ctx, &garde("a", 0), 2024, &id(&f), &commande).await;
            assert!(matches!(&refus, Err(AppError::Rule(r)) if r.champ() == champ_attendu), "{refus:?}");
        }
    }
}
