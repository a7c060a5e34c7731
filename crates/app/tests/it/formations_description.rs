//! What courses say of themselves, on both databases.
#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]

use app::formations::{
    BilanLot, Changement, EcritureLot, LigneLot, Source, compare, confirm_descriptions, field_of_courses,
    list_lot, publish_formation, save_rubrique, set_field, sheet, take_fields, view_bilan_lot,
    view_description, view_parametrage,
};
use app::idempotence::{Garde, Recepisse};
use app::sessions::ouvrir_session;
use app::{AppError, Ctx};
use domain::calendrier::Etape;
use domain::comptes::Role;
use domain::delegations::{Operation, Operations};
use domain::droits::{Acteur, Attribution};
use domain::formations::description::{Champ, Description, Rubrique, Valeur};
use domain::formations::{Famille, Genre};
use domain::{PublicId, RuleViolation};
use testkit::fabrique::FormationEssai;
use testkit::{TestApp, both_databases};

async fn prepare(base: testkit::Base) -> (TestApp, FormationEssai, Ctx) {
    let t = TestApp::with_session_2024(base).await;
    let etablissement = t.etablissement("0800001A", "Lycée Jules-Verne").await;
    let f = t.formation(etablissement, "BTS Électronique", Famille::Bts, true, 24, false).await;
    let a = Attribution { etablissement: Some(etablissement), ..Attribution::simple(Role::AdminSite) };
    let (_, acteur) = t.personne("admin@lycee.example", a).await;
    t.at("2023-11-20T10:00");
    let ctx = t.ctx(acteur);
    (t, f, ctx)
}

fn id(f: &FormationEssai) -> PublicId {
    PublicId::parse(&f.public_id).unwrap()
}

fn texte(code: &str, valeur: &str) -> Changement {
    let valeur = (!valeur.is_empty()).then(|| Valeur::Texte(valeur.to_owned()));
    (Champ::from_code(code).unwrap(), valeur)
}

/// The same field said alike in many courses.
async fn dit(
    ctx: &Ctx,
    garde: &Garde,
    ids: &[PublicId],
    (code, valeur): (&str, &str),
) -> Result<Recepisse, AppError> {
    let ecriture = EcritureLot::Dire(Valeur::Texte(valeur.to_owned()));
    set_field(ctx, garde, 2024, ids, Champ::from_code(code).unwrap(), &ecriture).await
}

/// The criteria of a grid, the first of which rests on this.
fn criteres(d: &Description, elements: &str) -> Changement {
    let mut lignes = d.lignes("criteres").to_vec();
    lignes[0].insert("elements".to_owned(), elements.to_owned());
    (Champ::from_code("criteres").unwrap(), Some(Valeur::Lignes(lignes)))
}

/// A course, as its line shows it.
fn lue(l: &LigneLot) -> (PublicId, i64) {
    (PublicId::parse(&l.id).unwrap(), l.version)
}

fn garde(version: i64) -> Garde {
    Garde { cle: None, version: Some(version), ..Garde::default() }
}

both_databases! {
    async fn r_for_12_two_parts_do_not_disturb_each_other(base) {
        let (_t, f, ctx) = prepare(base).await;
        let avant = view_description(&ctx, 2024, &id(&f)).await.unwrap();
        let (contacts, attendus) = (avant.version(Rubrique::Contacts), avant.version(Rubrique::Attendus));
        let c = [texte("contact", "Vie scolaire")];
        save_rubrique(&ctx, &garde(contacts), 2024, &id(&f), Rubrique::Contacts, &c).await.unwrap();
        let a = [texte("attendus", "Aimer l’électronique.")];
        save_rubrique(&ctx, &garde(attendus), 2024, &id(&f), Rubrique::Attendus, &a).await.unwrap();
        // The same part read before: somebody was faster.
        let refus = save_rubrique(&ctx, &garde(contacts), 2024, &id(&f), Rubrique::Contacts, &c).await;
        assert!(matches!(refus, Err(AppError::Conflict)), "{refus:?}");
        let apres = view_description(&ctx, 2024, &id(&f)).await.unwrap();
        assert_eq!(apres.description.texte("contact"), "Vie scolaire");
        assert_eq!(apres.description.texte("attendus"), "Aimer l’électronique.");
        // A field of another part is not written through this one.
        let refus = save_rubrique(
            &ctx, &garde(apres.version(Rubrique::Contacts)), 2024, &id(&f), Rubrique::Contacts, &a,
        ).await;
        assert!(matches!(refus, Err(AppError::Champ(c)) if c == "attendus"));
    }

    async fn r_for_10_a_field_of_another_family_and_a_place_of_elsewhere_are_refused(base) {
        let (t, f, ctx) = prepare(base).await;
        let ailleurs = t.etablissement("0800002B", "Lycée d’à côté").await;
        let site = t.mot(
            "SELECT s.public_id FROM site_formation s JOIN etablissement_session e ON e.id = s.etablissement_session_id
             WHERE e.etablissement_id = $1",
            vec![ailleurs.into()],
        ).await;
        for (code, valeur) in [("mineure", "Droit"), ("site", site.as_str()), ("duree", "12"), ("controle", "or")] {
            let refus = save_rubrique(
                &ctx, &Garde::default(), 2024, &id(&f), Rubrique::Caracteristiques, &[texte(code, valeur)],
            ).await;
            assert!(matches!(&refus, Err(AppError::Invalid(f)) if f[0].0 == code), "{code}: {refus:?}");
        }
        let vue = view_description(&ctx, 2024, &id(&f)).await.unwrap();
        assert_eq!(vue.description.texte("duree"), "2", "nothing was written");
    }

    async fn r_for_12_each_part_has_its_right_and_its_step(base) {
        let (t, f, ctx) = prepare(base).await;
        let a = Attribution {
            formation: Some(f.formation),
            operations: Some([Operation::Capacites].into_iter().collect::<Operations>()),
            ..Attribution::simple(Role::RespFormation)
        };
        let (_, acteur) = t.personne("frais@lycee.example", a).await;
        let frais = t.ctx(acteur);
        let c = [texte("contact", "Vie scolaire")];
        let refus = save_rubrique(&frais, &Garde::default(), 2024, &id(&f), Rubrique::Contacts, &c).await;
        assert!(matches!(refus, Err(AppError::Denied(_))), "{refus:?}");
        let b = [texte("frais_precision", "Tarif selon le revenu.")];
        save_rubrique(&frais, &Garde::default(), 2024, &id(&f), Rubrique::Frais, &b).await.unwrap();
        // After 13 December the description is closed, fees are not; after 12 January nothing is written.
        t.at("2023-12-20T10:00");
        let refus = save_rubrique(&t.ctx(ctx.acteur.clone()), &Garde::default(), 2024, &id(&f), Rubrique::Contacts, &c).await;
        assert!(matches!(refus, Err(AppError::Rule(RuleViolation::Closed { .. }))), "{refus:?}");
        let b = [texte("frais_precision", "")];
        save_rubrique(&t.ctx(ctx.acteur.clone()), &Garde::default(), 2024, &id(&f), Rubrique::Frais, &b).await.unwrap();
        t.at("2024-01-13T10:00");
        let refus = save_rubrique(&t.ctx(ctx.acteur.clone()), &Garde::default(), 2024, &id(&f), Rubrique::Frais, &b).await;
        assert!(matches!(refus, Err(AppError::Rule(RuleViolation::Closed { .. }))), "{refus:?}");
    }

    async fn r_for_11_nothing_incomplete_is_published(base) {
        let (t, f, ctx) = prepare(base).await;
        save_rubrique(&ctx, &Garde::default(), 2024, &id(&f), Rubrique::Attendus, &[texte("attendus", "")]).await.unwrap();
        let refus = publish_formation(&ctx, &Garde::default(), 2024, &id(&f)).await;
        let Err(AppError::Rule(RuleViolation::DescriptionIncomplete { champs, .. })) = refus else { panic!("{refus:?}") };
        assert_eq!(champs, ["Attendus de la formation"]);
        let p = view_parametrage(&ctx, 2024, &id(&f)).await.unwrap();
        assert_eq!(p.manques, ["Attendus"]);
        let a = [texte("attendus", "Aimer l’électronique.")];
        save_rubrique(&ctx, &Garde::default(), 2024, &id(&f), Rubrique::Attendus, &a).await.unwrap();
        publish_formation(&ctx, &Garde::default(), 2024, &id(&f)).await.unwrap();
        // The public reads what was published, not the draft; and never what is not public.
        let n = [texte("note_academie", "À nous."), texte("contact", "Ailleurs")];
        save_rubrique(&ctx, &Garde::default(), 2024, &id(&f), Rubrique::Contacts, &n).await.unwrap();
        assert!(view_parametrage(&ctx, 2024, &id(&f)).await.unwrap().a_publier);
        publish_formation(&ctx, &Garde::default(), 2024, &id(&f)).await.unwrap();
        save_rubrique(&ctx, &Garde::default(), 2024, &id(&f), Rubrique::Contacts, &[texte("contact", "Brouillon")]).await.unwrap();
        t.during(Etape::Voeux).await;
        let lu = format!("{:?}", sheet(&t.ctx(Acteur::public()), &id(&f)).await.unwrap().description);
        assert!(lu.contains("Aimer l’électronique.") && lu.contains("Ailleurs") && lu.contains("Site principal"));
        assert!(!lu.contains("À nous") && !lu.contains("Brouillon"));
    }

    async fn r_for_21_boarding_is_said_by_the_course_and_counts_once_published(base) {
        let (t, f, ctx) = prepare(base).await;
        t.sql("UPDATE formation_session SET internat = 1 WHERE id = $1", vec![f.formation_session.into()]).await;
        let propose = async || t.nombre("SELECT internat FROM formation_session WHERE id = $1", vec![f.formation_session.into()]).await;
        publish_formation(&ctx, &Garde::default(), 2024, &id(&f)).await.unwrap();
        assert_eq!(propose().await, 1, "not said, it stays as the offer said it");
        for (dit, attendu) in [("non", 0), ("oui", 1)] {
            let c = [texte("internat", dit)];
            save_rubrique(&ctx, &Garde::default(), 2024, &id(&f), Rubrique::Caracteristiques, &c).await.unwrap();
            assert_eq!(propose().await, 1 - attendu, "{dit}: the draft is not what candidates read");
            publish_formation(&ctx, &Garde::default(), 2024, &id(&f)).await.unwrap();
            assert_eq!(propose().await, attendu, "{dit}");
        }
        t.during(Etape::Voeux).await;
        let lue = sheet(&t.ctx(Acteur::public()), &id(&f)).await.unwrap();
        assert!(lue.internat && lue.description.iter().any(|c| c.champ.code == "internat"));
    }

    async fn r_for_22_a_course_has_the_fields_of_the_diploma_that_its_label_names(base) {
        let (t, bts, ctx) = prepare(base).await;
        let made = t.formation(bts.etablissement, "DN MADE - Graphisme", Famille::Autre, true, 14, false).await;
        let c = [texte("mention_dnmade", "graphisme"), texte("universite", "Université de Picardie")];
        let la = Rubrique::Caracteristiques;
        save_rubrique(&ctx, &Garde::default(), 2024, &id(&made), la, &c).await.unwrap();
        let refus = save_rubrique(&ctx, &Garde::default(), 2024, &id(&bts), la, &c[..1]).await;
        assert!(matches!(&refus, Err(AppError::Invalid(f)) if f[0].0 == "mention_dnmade"), "{refus:?}");
        let modele = compare(&ctx, 2024, &id(&made), &Source::Modele).await.unwrap();
        assert_eq!(modele.nom, "Modèle : DN MADE");
        let diplome = modele.ecarts.iter().find(|e| e.champ.code == "diplome").unwrap();
        let attendu = "Diplôme national des métiers d’art et du design";
        assert_eq!(diplome.la, Valeur::Texte(attendu.to_owned()));
        publish_formation(&ctx, &Garde::default(), 2024, &id(&made)).await.unwrap();
        t.during(Etape::Voeux).await;
        let lue = sheet(&t.ctx(Acteur::public()), &id(&made)).await.unwrap();
        assert_eq!(lue.genre, Genre::DnMade);
        let lus = format!("{:?}", lue.description);
        assert!(lus.contains("Graphisme") && lus.contains("Université de Picardie"), "{lus}");
        // The next session has them too.
        t.at("2024-11-12T08:00");
        ouvrir_session(&t.systeme(), 2025, Some(2024)).await.unwrap();
        t.at("2024-11-20T10:00");
        let admin = t.ctx(ctx.acteur.clone());
        let lot = list_lot(&admin, 2025).await.unwrap();
        let neuve = lot.lignes.iter().find(|l| l.genre == Genre::DnMade).unwrap();
        let neuve = view_description(&admin, 2025, &PublicId::parse(&neuve.id).unwrap()).await.unwrap();
        assert_eq!(neuve.description.texte("mention_dnmade"), "graphisme");
    }

    async fn r_for_13_fields_are_taken_one_by_one_and_nothing_is_emptied(base) {
        let (t, f, ctx) = prepare(base).await;
        let etablissement = f.etablissement;
        let autre = t.formation(etablissement, "BTS Mécanique", Famille::Bts, true, 24, false).await;
        let c = [texte("contact", "Atelier"), texte("contact_telephone", "03 22 00 00 09")];
        save_rubrique(&ctx, &Garde::default(), 2024, &id(&autre), Rubrique::Contacts, &c).await.unwrap();
        let c = [texte("contact", "Bureau"), texte("handicap_courriel", "handi@lycee.example")];
        save_rubrique(&ctx, &Garde::default(), 2024, &id(&f), Rubrique::Contacts, &c).await.unwrap();
        let source = Source::Formation(id(&autre));
        let comparee = compare(&ctx, 2024, &id(&f), &source).await.unwrap();
        let ecarts: Vec<&str> = comparee.ecarts.iter().map(|e| e.champ.code).collect();
        assert_eq!(ecarts, ["contact", "contact_telephone"], "what the source does not say is not offered");
        // The parts of which a source says something, differing or not.
        assert!([Rubrique::Attendus, Rubrique::Contacts].iter().all(|r| comparee.dites.contains(r)), "{:?}", comparee.dites);
        let modele = compare(&ctx, 2024, &id(&f), &Source::Modele).await.unwrap().dites;
        assert!(modele.contains(&Rubrique::Grille), "{modele:?}");
        assert!(!modele.contains(&Rubrique::Attendus) && !modele.contains(&Rubrique::Contacts), "{modele:?}");
        take_fields(&ctx, &Garde::default(), 2024, &id(&f), &source, &["contact_telephone".to_owned()]).await.unwrap();
        let d = view_description(&ctx, 2024, &id(&f)).await.unwrap().description;
        assert_eq!((d.texte("contact"), d.texte("contact_telephone"), d.texte("handicap_courriel")),
            ("Bureau", "03 22 00 00 09", "handi@lycee.example"));
        // Taken already: it no longer differs.
        let refus = take_fields(&ctx, &Garde::default(), 2024, &id(&f), &source, &["contact_telephone".to_owned(), "contact".to_owned()]).await;
        assert!(matches!(refus, Err(AppError::Conflict)), "{refus:?}");
        // A course of a neighbour is not a source.
        let ailleurs = t.etablissement("0800002B", "Lycée d’à côté").await;
        let voisine = t.formation(ailleurs, "BTS Voisin", Famille::Bts, true, 24, false).await;
        let refus = compare(&ctx, 2024, &id(&f), &Source::Formation(id(&voisine))).await;
        assert!(matches!(refus, Err(AppError::Denied(_) | AppError::NotFound)), "{refus:?}");
    }

    async fn r_dro_04_fees_that_one_does_not_read_are_not_taken_from_another_course(base) {
        let (t, f, ctx) = prepare(base).await;
        let ailleurs = t.etablissement("0800002B", "Lycée d’à côté").await;
        let voisine = t.formation(ailleurs, "BTS Voisin", Famille::Bts, true, 24, false).await;
        t.sql("UPDATE formation_description SET contenu = REPLACE(contenu, '{', '{\"frais_precision\":\"Tarif secret.\",')
               WHERE formation_session_id = $1", vec![voisine.formation_session.into()]).await;
        // Fees of one's own establishment are read and written; those of the neighbour are not, its other fields are.
        let mut acteur = ctx.acteur.clone();
        let gestion = Attribution { etablissement: Some(ailleurs), ..Attribution::simple(Role::GestAdmin) };
        acteur.attributions.push(gestion);
        let autre = t.ctx(acteur.clone());
        save_rubrique(&ctx, &Garde::default(), 2024, &id(&f), Rubrique::Contacts, &[texte("contact", "Bureau")]).await.unwrap();
        let repris = async |ctx: &Ctx| -> Vec<&'static str> {
            let source = Source::Formation(id(&voisine));
            compare(ctx, 2024, &id(&f), &source).await.unwrap().ecarts.iter().map(|e| e.champ.code).collect()
        };
        let vus = repris(&autre).await;
        assert!(vus.contains(&"contact") && !vus.contains(&"frais_precision"), "{vus:?}");
        acteur.attributions.push(Attribution { etablissement: Some(ailleurs), ..Attribution::simple(Role::Lecteur) });
        assert!(repris(&t.ctx(acteur)).await.contains(&"frais_precision"), "whoever reads them may take them");
    }

    async fn r_for_14_last_year_is_the_draft_until_it_is_confirmed(base) {
        let (t, f, ctx) = prepare(base).await;
        let autre = t.formation(f.etablissement, "BTS Mécanique", Famille::Bts, true, 24, false).await;
        save_rubrique(&ctx, &Garde::default(), 2024, &id(&autre), Rubrique::Attendus, &[texte("attendus", "")]).await.unwrap();
        t.at("2024-11-12T08:00");
        ouvrir_session(&t.systeme(), 2025, Some(2024)).await.unwrap();
        t.at("2024-11-20T10:00");
        let admin = t.ctx(ctx.acteur.clone());
        let lot = list_lot(&admin, 2025).await.unwrap();
        assert_eq!(lot.lignes.len(), 2);
        assert!(lot.lignes.iter().all(|l| l.a_confirmer && l.changes.as_deref() == Some(&[])), "{:?}", lot.lignes);
        let lues: Vec<(PublicId, i64)> = lot.lignes.iter().map(lue).collect();
        let complete: Vec<(PublicId, i64)> = lot.lignes.iter().filter(|l| l.manques == 0).map(lue).collect();
        assert_eq!(complete.len(), 1);
        let vue = view_description(&admin, 2025, &complete[0].0).await.unwrap();
        assert!(vue.lieux.sites.iter().any(|(id, _)| id == vue.description.texte("site")), "the site of the new session");
        // All the chosen courses or none.
        let refus = confirm_descriptions(&admin, &Garde::default(), 2025, &lues).await;
        assert!(matches!(refus, Err(AppError::Rule(RuleViolation::DescriptionIncomplete { .. }))), "{refus:?}");
        assert!(list_lot(&admin, 2025).await.unwrap().lignes.iter().all(|l| l.a_confirmer));
        confirm_descriptions(&admin, &Garde::default(), 2025, &complete).await.unwrap().unwrap();
        let lot = list_lot(&admin, 2025).await.unwrap();
        assert_eq!(lot.lignes.iter().filter(|l| l.a_confirmer).count(), 1);
        assert!(!view_description(&admin, 2025, &complete[0].0).await.unwrap().a_confirmer);
    }

    async fn r_for_14_trx_4_what_a_colleague_changed_meanwhile_is_not_confirmed_and_the_others_are(base) {
        let (t, f, ctx) = prepare(base).await;
        t.formation(f.etablissement, "BTS Mécanique", Famille::Bts, true, 24, false).await;
        t.at("2024-11-12T08:00");
        ouvrir_session(&t.systeme(), 2025, Some(2024)).await.unwrap();
        t.at("2024-11-20T10:00");
        let admin = t.ctx(ctx.acteur.clone());
        let lues: Vec<(PublicId, i64)> = list_lot(&admin, 2025).await.unwrap().lignes.iter().map(lue).collect();
        // Somebody else of the establishment writes in the second one, while the list is read.
        let a = Attribution { etablissement: Some(f.etablissement), ..Attribution::simple(Role::AdminSite) };
        let collegue = t.ctx(t.personne("collegue@lycee.example", a).await.1);
        let ecrit = async |contact: &str| {
            let c = [texte("contact", contact)];
            save_rubrique(&collegue, &Garde::default(), 2025, &lues[1].0, Rubrique::Contacts, &c).await.unwrap();
        };
        ecrit("Vie scolaire").await;
        let garde = Garde { cle: Some("a".to_owned()), ..Garde::default() };
        let recu = confirm_descriptions(&admin, &garde, 2025, &lues).await.unwrap().unwrap();
        assert_eq!(confirm_descriptions(&admin, &garde, 2025, &lues).await.unwrap().unwrap(), recu, "once");
        let Some(BilanLot::Confirmees(bilan)) = view_bilan_lot(&admin, &recu.numero).await.unwrap() else {
            panic!("a confirmation");
        };
        assert_eq!(bilan.faites, [lues[0].0.as_str()]);
        let dites: Vec<(&str, bool)> = bilan.laissees.iter().map(|l| (l.id.as_str(), l.a_relire)).collect();
        assert_eq!(dites, [(lues[1].0.as_str(), true)]);
        let attendues = async || {
            let lot = list_lot(&admin, 2025).await.unwrap();
            lot.lignes.into_iter().filter(|l| l.a_confirmer).collect::<Vec<LigneLot>>()
        };
        let reste = attendues().await;
        assert_eq!(reste.iter().map(|l| l.id.as_str()).collect::<Vec<_>>(), [lues[1].0.as_str()]);
        // Each of those that are named changed: nothing is done.
        let relue = reste.iter().map(lue).collect::<Vec<_>>();
        ecrit("Secrétariat").await;
        let refus = confirm_descriptions(&admin, &Garde::default(), 2025, &relue).await.unwrap().unwrap_err();
        assert!(refus.faites.is_empty() && refus.laissees.iter().all(|l| l.a_relire), "{refus:?}");
        let relue: Vec<(PublicId, i64)> = attendues().await.iter().map(lue).collect();
        confirm_descriptions(&admin, &Garde::default(), 2025, &relue).await.unwrap().unwrap();
        assert!(attendues().await.is_empty());
    }

    async fn r_cge_18_a_grid_to_be_read_again_is_confirmed_alone_and_a_wrong_one_not_at_all(base) {
        let (t, f, ctx) = prepare(base).await;
        t.formation(f.etablissement, "BTS Mécanique", Famille::Bts, true, 24, false).await;
        let fausse = t.formation(f.etablissement, "BTS Tourisme", Famille::Bts, true, 24, false).await;
        let d = view_description(&ctx, 2024, &id(&f)).await.unwrap().description;
        for (course, elements) in [
            (&f, "Moyennes ; pour un quart, notes des épreuves terminales de spécialité"),
            (&fausse, "Projet de formation motivé"),
        ] {
            let c = [criteres(&d, elements)];
            save_rubrique(&ctx, &Garde::default(), 2024, &id(course), Rubrique::Grille, &c).await.unwrap();
        }
        t.at("2024-11-12T08:00");
        ouvrir_session(&t.systeme(), 2025, Some(2024)).await.unwrap();
        t.at("2024-11-20T10:00");
        let admin = t.ctx(ctx.acteur.clone());
        let lignes = || async { list_lot(&admin, 2025).await.unwrap().lignes };
        // Nothing changed since last year, nothing is missing: the grids alone tell them apart.
        let lot = lignes().await;
        assert!(lot.iter().all(|l| l.a_confirmer && l.manques == 0 && l.changes.as_deref() == Some(&[])), "{lot:?}");
        let points = |nom: &str| {
            let l = lot.iter().find(|l| l.libelle == nom).unwrap();
            (l.grille.bloquants, l.grille.a_verifier, l.is_confirmable())
        };
        assert_eq!(points("BTS Électronique"), (0, 1, false));
        assert_eq!(points("BTS Mécanique"), (0, 0, true));
        assert_eq!(points("BTS Tourisme"), (1, 0, false));
        let ligne = |nom: &str| lot.iter().find(|l| l.libelle == nom).map(lue).unwrap();
        let [a_relire, saine, fautive] = ["BTS Électronique", "BTS Mécanique", "BTS Tourisme"].map(ligne);
        let deux = [saine, a_relire];
        let refus = confirm_descriptions(&admin, &Garde::default(), 2025, &deux).await;
        assert!(
            matches!(&refus, Err(AppError::Rule(RuleViolation::GrilleARelire { formation, points: 1 }))
                if formation == "BTS Électronique"),
            "{refus:?}"
        );
        // Not even alone.
        let refus = confirm_descriptions(&admin, &Garde::default(), 2025, &[fautive]).await;
        assert!(
            matches!(&refus, Err(AppError::Rule(RuleViolation::DansLot { formation, cause }))
                if formation == "BTS Tourisme" && matches!(**cause, RuleViolation::GrilleFautive { .. })),
            "{refus:?}"
        );
        assert!(lignes().await.iter().all(|l| l.a_confirmer), "all the chosen courses or none");
        for une in deux.chunks(1) {
            confirm_descriptions(&admin, &Garde::default(), 2025, une).await.unwrap().unwrap();
        }
        let restent: Vec<LigneLot> = lignes().await.into_iter().filter(|l| l.a_confirmer).collect();
        assert_eq!(restent.iter().map(|l| l.libelle.as_str()).collect::<Vec<_>>(), ["BTS Tourisme"]);
    }

    async fn the_same_field_is_written_in_all_the_courses_or_in_none(base) {
        let (t, f, ctx) = prepare(base).await;
        let pass = t.formation(f.etablissement, "PASS", Famille::Pass, false, 100, false).await;
        let ids = [id(&f), id(&pass)];
        let refus = dit(&ctx, &Garde::default(), &ids, ("mineure", "Chimie")).await;
        assert!(matches!(refus, Err(AppError::Invalid(_))), "{refus:?}");
        assert_eq!(view_description(&ctx, 2024, &ids[1]).await.unwrap().description.texte("mineure"), "Droit");
        let recu = dit(&ctx, &Garde::default(), &ids, ("contact", "Accueil unique")).await.unwrap();
        let bilan = view_bilan_lot(&ctx, &recu.numero).await.unwrap();
        assert_eq!(bilan, Some(BilanLot::Ecrites { formations: 2, publiees: 0 }));
        let lus = field_of_courses(&ctx, 2024, &ids, Champ::from_code("contact").unwrap(), None).await.unwrap();
        assert!(lus.lignes.iter().all(|l| l.actuel == ["Accueil unique"] && l.empechement.is_none()));
        // TRX-4: what somebody wrote in one of them after the list was read is not overwritten.
        let garde = Garde { version: Some(lus.version), ..Garde::default() };
        save_rubrique(&ctx, &Garde::default(), 2024, &ids[1], Rubrique::Contacts, &[texte("contact", "Scolarité")]).await.unwrap();
        let refus = dit(&ctx, &garde, &ids, ("contact", "Standard")).await;
        assert!(matches!(refus, Err(AppError::Conflict)), "{refus:?}");
        assert_eq!(view_description(&ctx, 2024, &ids[0]).await.unwrap().description.texte("contact"), "Accueil unique");
    }
}
