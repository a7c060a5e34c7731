//! The set-up of many courses as a workbook, on both databases.
#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]

use app::etablissements::{Modification, Site, save_etablissement};
use app::formations::{
    apply_descriptions, export_descriptions, preview_descriptions, save_rubrique, view_description, view_lot,
    view_parametrage,
};
use app::idempotence::Garde;
use app::{AppError, Ctx, FormatTableau};
use domain::PublicId;
use domain::calendrier::Etape;
use domain::comptes::Role;
use domain::droits::Attribution;
use domain::formations::Famille;
use domain::formations::description::{Champ, LigneListe, Rubrique, Valeur};
use files::tableau::{FeuilleAEcrire, FeuilleLue, read_feuilles, write_feuilles};
use testkit::fabrique::FormationEssai;
use testkit::{TestApp, both_databases};

async fn prepare(base: testkit::Base) -> (TestApp, FormationEssai, FormationEssai, Ctx) {
    let t = TestApp::with_session_2024(base).await;
    let etablissement = t.etablissement("0800001A", "Lycée Jules-Verne").await;
    let bts = t.formation(etablissement, "BTS Électronique", Famille::Bts, true, 24, false).await;
    let pass = t.formation(etablissement, "PASS", Famille::Pass, false, 300, false).await;
    let a = Attribution { etablissement: Some(etablissement), ..Attribution::simple(Role::AdminSite) };
    let (_, acteur) = t.personne("admin@lycee.example", a).await;
    t.at("2023-11-20T10:00");
    let ctx = t.ctx(acteur);
    (t, bts, pass, ctx)
}

fn id(f: &FormationEssai) -> PublicId {
    PublicId::parse(&f.public_id).unwrap()
}

/// The sheets of an exported workbook, to be changed and sent back.
async fn exported(ctx: &Ctx) -> Vec<FeuilleLue> {
    let e = export_descriptions(ctx, 2024, FormatTableau::Xlsx).await.unwrap();
    read_feuilles(&e.octets, "p.xlsx", files::Limites::default(), files::LimitesArchive::default()).unwrap()
}

fn packed(feuilles: &[FeuilleLue]) -> Vec<u8> {
    let a_ecrire: Vec<FeuilleAEcrire<'_>> = feuilles
        .iter()
        .map(|f| FeuilleAEcrire {
            nom: &f.nom,
            entetes: f.lignes[0].1.iter().map(|e| (e.clone(), Vec::new())).collect(),
            lignes: f.lignes[1..].iter().map(|(_, l)| l.clone()).collect(),
        })
        .collect();
    write_feuilles("Paramétrage", 0, &a_ecrire).unwrap()
}

fn cell<'f>(f: &'f mut FeuilleLue, ligne: &str, colonne: &str) -> &'f mut String {
    let c = f.lignes[0].1.iter().position(|e| e == colonne).unwrap();
    let l = f.lignes.iter().position(|(_, l)| l[0] == ligne).unwrap();
    &mut f.lignes[l].1[c]
}

both_databases! {
    async fn a_workbook_sent_back_as_it_was_changes_nothing_and_a_change_is_shown_then_applied(base) {
        let (_t, bts, pass, ctx) = prepare(base).await;
        let paragraphes = (Champ::from_code("attendus").unwrap(), Some(Valeur::Texte("Un.\n\n= Deux.".to_owned())));
        save_rubrique(&ctx, &Garde::default(), 2024, &id(&bts), Rubrique::Attendus, &[paragraphes]).await.unwrap();
        let mut feuilles = exported(&ctx).await;
        let noms: Vec<&str> = feuilles.iter().map(|f| f.nom.as_str()).collect();
        assert_eq!(noms, ["Formations", "Pièces demandées", "Questionnaire", "Épreuves et entretiens", "Critères"]);
        let a = preview_descriptions(&ctx, 2024, "p.xlsx", &packed(&feuilles)).await.unwrap();
        assert_eq!((a.formations, a.fautes.len(), a.differences.len(), a.recu), (2, 0, 0, None), "{:?}", a.differences);
        let csv = export_descriptions(&ctx, 2024, FormatTableau::Csv).await.unwrap();
        let a = preview_descriptions(&ctx, 2024, "p.csv", &csv.octets).await.unwrap();
        assert_eq!((a.formations, a.fautes.len(), a.differences.len()), (2, 0, 0), "{:?}{:?}", a.fautes, a.differences);
        // A field, a label for a code, a line of a list.
        *cell(&mut feuilles[0], &bts.public_id, "Pour échanger avec la formation") = "Atelier".to_owned();
        *cell(&mut feuilles[0], &pass.public_id, "Modalité") = "Entièrement à distance".to_owned();
        let piece = vec![bts.public_id.clone(), String::new(), String::new(), "CV".to_owned(), "oui".to_owned(), "PDF".to_owned(), String::new()];
        feuilles[1].lignes.push((2, piece));
        let a = preview_descriptions(&ctx, 2024, "p.xlsx", &packed(&feuilles)).await.unwrap();
        let champs: Vec<&str> = a.differences.iter().map(|d| d.champ.as_str()).collect();
        assert_eq!(champs, ["Pour échanger avec la formation", "Pièces demandées", "Modalité"], "{:?}", a.fautes);
        let avant = view_description(&ctx, 2024, &id(&bts)).await.unwrap().description;
        assert_eq!(avant.texte("contact"), "Secrétariat", "a preview writes nothing");
        apply_descriptions(&ctx, &Garde::default(), 2024, &a.recu.clone().unwrap()).await.unwrap();
        let apres = view_description(&ctx, 2024, &id(&bts)).await.unwrap().description;
        assert_eq!(apres.texte("contact"), "Atelier");
        assert_eq!(apres.texte("attendus"), "Un.\n\n= Deux.");
        let cv: LigneListe = [("piece", "CV"), ("obligatoire", "oui"), ("format", "pdf")].map(|(c, v)| (c.to_owned(), v.to_owned())).into();
        assert_eq!(apres.lignes("pieces"), [cv]);
        assert_eq!(view_description(&ctx, 2024, &id(&pass)).await.unwrap().description.texte("modalite"), "distance");
        // Applied once: the file is no longer kept.
        let encore = apply_descriptions(&ctx, &Garde::default(), 2024, &a.recu.unwrap()).await;
        assert!(matches!(encore, Err(AppError::NotFound)), "{encore:?}");
    }

    async fn every_fault_of_a_workbook_says_its_sheet_its_line_and_its_column(base) {
        let (t, bts, _pass, ctx) = prepare(base).await;
        let ailleurs = t.etablissement("0800002B", "Lycée d’à côté").await;
        let voisine = t.formation(ailleurs, "BTS Voisin", Famille::Bts, true, 24, false).await;
        let mut feuilles = exported(&ctx).await;
        assert!(feuilles[0].lignes.iter().all(|(_, l)| l[0] != voisine.public_id), "a neighbour is not exported");
        *cell(&mut feuilles[0], &bts.public_id, "Durée en années") = "douze".to_owned();
        *cell(&mut feuilles[0], &bts.public_id, "Mineure ou option disciplinaire") = "Droit".to_owned();
        *cell(&mut feuilles[0], &bts.public_id, "Site de formation") = "Sur la Lune".to_owned();
        let mut autre = feuilles[0].lignes[1].clone();
        autre.1[0] = voisine.public_id.clone();
        feuilles[0].lignes.push(autre);
        feuilles[1].lignes.push((2, vec![bts.public_id.clone(), String::new(), String::new(), "CV".to_owned()]));
        feuilles[1].lignes[1].1.resize(7, String::new());
        feuilles.push(FeuilleLue { nom: "Notes".to_owned(), lignes: vec![(1, vec!["x".to_owned()])] });
        let a = preview_descriptions(&ctx, 2024, "p.xlsx", &packed(&feuilles)).await.unwrap();
        assert!(a.recu.is_none() && a.differences.is_empty());
        let mut ou: Vec<(String, String)> = a.fautes.iter().map(|f| (f.feuille.clone(), f.faute.colonne.clone())).collect();
        ou.sort();
        let attendu = [
            ("Formations", "Durée en années"), ("Formations", "Identifiant"), ("Formations", "Mineure ou option disciplinaire"),
            ("Formations", "Site de formation"), ("Notes", ""), ("Pièces demandées", "Format"), ("Pièces demandées", "Obligatoire"),
        ];
        assert_eq!(ou, attendu.map(|(f, c)| (f.to_owned(), c.to_owned())), "{:?}", a.fautes);
        assert!(a.fautes.iter().all(|f| f.faute.ligne >= 1));
        let refus = preview_descriptions(&ctx, 2024, "p.csv", b"").await;
        assert!(matches!(refus, Err(AppError::Invalid(_))));
        let a = preview_descriptions(&ctx, 2024, "p.csv", "Formation;Durée\nBTS;2\n".as_bytes()).await.unwrap();
        assert_eq!(a.fautes[0].faute.colonne, "Identifiant");
    }

    async fn what_is_applied_is_what_was_shown_and_nothing_else(base) {
        let (_t, bts, pass, ctx) = prepare(base).await;
        let mut feuilles = exported(&ctx).await;
        *cell(&mut feuilles[0], &bts.public_id, "Pour échanger avec la formation") = "Atelier".to_owned();
        let a = preview_descriptions(&ctx, 2024, "p.xlsx", &packed(&feuilles)).await.unwrap();
        assert_eq!(a.differences.len(), 1);
        // Somebody changes another course, that the file says as it was before: it would be put back unseen.
        let change = (Champ::from_code("contact").unwrap(), Some(Valeur::Texte("Scolarité de médecine".to_owned())));
        save_rubrique(&ctx, &Garde::default(), 2024, &id(&pass), Rubrique::Contacts, &[change]).await.unwrap();
        let refus = apply_descriptions(&ctx, &Garde::default(), 2024, a.recu.as_deref().unwrap()).await;
        assert!(matches!(refus, Err(AppError::Conflict)), "{refus:?}");
        assert_eq!(view_description(&ctx, 2024, &id(&pass)).await.unwrap().description.texte("contact"), "Scolarité de médecine");
        assert_eq!(view_description(&ctx, 2024, &id(&bts)).await.unwrap().description.texte("contact"), "Secrétariat");
        // Sent again, both are shown, then applied.
        let a = preview_descriptions(&ctx, 2024, "p.xlsx", &packed(&feuilles)).await.unwrap();
        assert_eq!(a.differences.len(), 2);
        apply_descriptions(&ctx, &Garde::default(), 2024, a.recu.as_deref().unwrap()).await.unwrap();
        assert_eq!(view_description(&ctx, 2024, &id(&bts)).await.unwrap().description.texte("contact"), "Atelier");
    }

    async fn two_sites_of_one_name_are_told_apart(base) {
        let (t, bts, _pass, ctx) = prepare(base).await;
        let etablissement = t.mot("SELECT public_id FROM etablissement WHERE id = $1", vec![bts.etablissement.into()]).await;
        let etablissement = PublicId::parse(&etablissement).unwrap();
        let sur = |adresse: &str, commune: &str| Modification::Site(None, Site {
            nom: "Annexe".to_owned(), adresse: adresse.to_owned(), code_postal: "80000".to_owned(), commune: commune.to_owned(),
            ..Site::default()
        });
        for m in [sur("1 rue Haute", "Amiens"), sur("9 rue Basse", "Amiens"), sur("9 rue Basse", "Amiens")] {
            save_etablissement(&ctx, &Garde::default(), 2024, &etablissement, &m).await.unwrap();
        }
        let sites = view_description(&ctx, 2024, &id(&bts)).await.unwrap().lieux.sites;
        let noms: Vec<&str> = sites[1..].iter().map(|(_, nom)| nom.as_str()).collect();
        assert_eq!(noms, ["Annexe (1 rue Haute, Amiens)", "Annexe (9 rue Basse, Amiens)", "Annexe (9 rue Basse, Amiens) n° 2"]);
        let mut feuilles = exported(&ctx).await;
        *cell(&mut feuilles[0], &bts.public_id, "Site de formation") = noms[1].to_owned();
        let a = preview_descriptions(&ctx, 2024, "p.xlsx", &packed(&feuilles)).await.unwrap();
        apply_descriptions(&ctx, &Garde::default(), 2024, a.recu.as_deref().unwrap()).await.unwrap();
        assert_eq!(view_description(&ctx, 2024, &id(&bts)).await.unwrap().description.texte("site"), sites[2].0);
    }

    async fn r_for_19_the_workbook_is_open_as_long_as_capacities_are(base) {
        let (t, _bts, _pass, ctx) = prepare(base).await;
        let ouvert = || async { view_lot(&t.ctx(ctx.acteur.clone()), 2024).await.unwrap() };
        assert!(ouvert().await.modification.est_ouverte());
        t.at("2024-01-05T10:00");
        let lot = ouvert().await;
        assert!(!lot.modification.est_ouverte() && lot.saisie.est_ouverte());
        t.at("2024-01-15T10:00");
        assert!(!ouvert().await.saisie.est_ouverte());
    }

    async fn a_file_verified_before_somebody_wrote_or_kept_too_long_is_not_applied(base) {
        let (t, bts, _pass, ctx) = prepare(base).await;
        let mut feuilles = exported(&ctx).await;
        *cell(&mut feuilles[0], &bts.public_id, "Pour échanger avec la formation") = "Atelier".to_owned();
        let fichier = packed(&feuilles);
        let a = preview_descriptions(&ctx, 2024, "p.xlsx", &fichier).await.unwrap();
        // Somebody else is not offered this file.
        let autre = Attribution { etablissement: Some(bts.etablissement), ..Attribution::simple(Role::AdminSite) };
        let (_, autre) = t.personne("autre@lycee.example", autre).await;
        let refus = apply_descriptions(&t.ctx(autre), &Garde::default(), 2024, a.recu.as_deref().unwrap()).await;
        assert!(matches!(refus, Err(AppError::NotFound)), "{refus:?}");
        let apres = jiff::SignedDuration::from_mins(t.app.limites.demande_gardee_min + 1);
        t.horloge.set_maintenant(ctx.recu_le + apres);
        let ctx = t.ctx(ctx.acteur.clone());
        let refus = apply_descriptions(&ctx, &Garde::default(), 2024, a.recu.as_deref().unwrap()).await;
        assert!(matches!(refus, Err(AppError::NotFound)), "{refus:?}");
        assert_eq!(view_description(&ctx, 2024, &id(&bts)).await.unwrap().description.texte("contact"), "Secrétariat");
    }

    async fn r_for_19_capacities_places_and_fees_are_columns_under_the_rules_of_the_page(base) {
        let (t, bts, pass, ctx) = prepare(base).await;
        t.groupe(&bts, "Bacheliers professionnels", "pro", 0).await;
        let mut feuilles = exported(&ctx).await;
        let entetes = feuilles[0].lignes[0].1.clone();
        assert_eq!(entetes[3], "Capacité d’accueil");
        let groupes: Vec<&String> = entetes.iter().filter(|e| e.starts_with("Places – ")).collect();
        assert_eq!(groupes.len(), 2, "{entetes:?}");
        assert_eq!(groupes[1], "Places – Bacheliers professionnels");
        let premier = groupes[0].clone();
        assert_eq!(cell(&mut feuilles[0], &bts.public_id, "Capacité d’accueil"), "24");
        assert_eq!(cell(&mut feuilles[0], &pass.public_id, &premier), "", "one group: its places are the capacity");
        let a = preview_descriptions(&ctx, 2024, "p.xlsx", &packed(&feuilles)).await.unwrap();
        assert_eq!((a.fautes.len(), a.differences.len()), (0, 0), "{:?}{:?}", a.fautes, a.differences);

        *cell(&mut feuilles[0], &bts.public_id, "Capacité d’accueil") = "30".to_owned();
        *cell(&mut feuilles[0], &bts.public_id, &premier) = "18".to_owned();
        *cell(&mut feuilles[0], &bts.public_id, "Places – Bacheliers professionnels") = "11".to_owned();
        *cell(&mut feuilles[0], &pass.public_id, "Frais de scolarité") = "175,50".to_owned();
        let a = preview_descriptions(&ctx, 2024, "p.xlsx", &packed(&feuilles)).await.unwrap();
        assert_eq!(a.fautes.len(), 1, "{:?}", a.fautes);
        assert_eq!((a.fautes[0].feuille.as_str(), a.fautes[0].faute.colonne.as_str()), ("Formations", "Capacité d’accueil"));
        assert!(a.fautes[0].faute.motif.contains("29"), "{:?}", a.fautes);
        *cell(&mut feuilles[0], &bts.public_id, "Places – Bacheliers professionnels") = "12".to_owned();
        let fichier = packed(&feuilles);
        let a = preview_descriptions(&ctx, 2024, "p.xlsx", &fichier).await.unwrap();
        let mut dits: Vec<(&str, &str, &str)> =
            a.differences.iter().map(|d| (d.champ.as_str(), d.avant.as_str(), d.apres.as_str())).collect();
        dits.sort_unstable();
        assert_eq!(dits, [
            ("Capacité d’accueil", "24", "30"), ("Frais de scolarité", "0", "175,50"),
            ("Places – Bacheliers professionnels", "0", "12"), (premier.as_str(), "24", "18"),
        ]);
        apply_descriptions(&ctx, &Garde::default(), 2024, &a.recu.unwrap()).await.unwrap();
        let p = view_parametrage(&ctx, 2024, &id(&bts)).await.unwrap();
        assert_eq!((p.capacite, p.groupes.iter().map(|g| g.places).collect::<Vec<_>>()), (Some(30), vec![18, 12]));
        let p = view_parametrage(&ctx, 2024, &id(&pass)).await.unwrap();
        assert_eq!((p.capacite, p.frais_centimes), (Some(300), Some(17_550)));

        t.insert(
            "statistique_formation",
            "formation_id, annee, capacite, candidats, propositions, acceptations, chiffres",
            vec![pass.formation.into(), 2023.into(), 300.into(), 4000.into(), 900.into(), 300.into(), "{}".to_owned().into()],
        )
        .await;
        // R-CAP-05: a value out of the ordinary waits for a second person, wherever it was typed.
        let mut feuilles = exported(&ctx).await;
        *cell(&mut feuilles[0], &pass.public_id, "Capacité d’accueil") = "9 000".to_owned();
        let a = preview_descriptions(&ctx, 2024, "p.xlsx", &packed(&feuilles)).await.unwrap();
        apply_descriptions(&ctx, &Garde::default(), 2024, &a.recu.unwrap()).await.unwrap();
        assert_eq!(t.nombre("SELECT COUNT(*) FROM relecture_capacite WHERE capacite = 9000 AND confirmee_le IS NULL", vec![]).await, 1);
    }

    async fn r_for_19_wrong_numbers_closed_steps_and_roles_write_nothing(base) {
        let (t, bts, pass, ctx) = prepare(base).await;
        t.groupe(&bts, "Bacheliers professionnels", "pro", 0).await;
        let mut feuilles = exported(&ctx).await;
        *cell(&mut feuilles[0], &bts.public_id, "Capacité d’accueil") = "beaucoup".to_owned();
        *cell(&mut feuilles[0], &bts.public_id, "Frais de scolarité") = "gratuit".to_owned();
        *cell(&mut feuilles[0], &pass.public_id, "Places – Bacheliers professionnels") = "3".to_owned();
        let a = preview_descriptions(&ctx, 2024, "p.xlsx", &packed(&feuilles)).await.unwrap();
        let mut ou: Vec<&str> = a.fautes.iter().map(|f| f.faute.colonne.as_str()).collect();
        ou.sort_unstable();
        assert_eq!(ou, ["Capacité d’accueil", "Frais de scolarité", "Places – Bacheliers professionnels"], "{:?}", a.fautes);

        // A capacity changed meanwhile refuses all of it, description included.
        let mut feuilles = exported(&ctx).await;
        *cell(&mut feuilles[0], &pass.public_id, "Capacité d’accueil") = "310".to_owned();
        *cell(&mut feuilles[0], &bts.public_id, "Pour échanger avec la formation") = "Atelier".to_owned();
        let fichier = packed(&feuilles);
        let a = preview_descriptions(&ctx, 2024, "p.xlsx", &fichier).await.unwrap();
        let recu = a.recu.unwrap();
        t.at_closing(Etape::CapacitesFrais).await;
        let tard = t.ctx(ctx.acteur.clone());
        let refus = apply_descriptions(&tard, &Garde::default(), 2024, &recu).await;
        assert!(matches!(refus, Err(AppError::Rule(_)) | Err(AppError::NotFound)), "{refus:?}");
        let d = view_description(&ctx, 2024, &id(&bts)).await.unwrap().description;
        assert_eq!(d.texte("contact"), "Secrétariat", "nothing is half-written");
        assert_eq!(view_parametrage(&ctx, 2024, &id(&pass)).await.unwrap().capacite, Some(300));

        // Somebody who does not read capacities has none of these columns.
        t.at("2023-11-20T10:00");
        let cev = Attribution { etablissement: Some(bts.etablissement), ..Attribution::simple(Role::GestAdmin) };
        let (_, lecteur) = t.personne("gestion@lycee.example", cev).await;
        let feuilles = exported(&t.ctx(lecteur)).await;
        let entetes = &feuilles[0].lignes[0].1;
        assert!(entetes.iter().all(|e| e != "Capacité d’accueil" && !e.starts_with("Places – ")), "{entetes:?}");
    }
}
