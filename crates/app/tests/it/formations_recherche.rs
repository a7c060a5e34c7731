//! The public search and sheet, on both databases.
#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]

use app::communes::{Lieu, VilleTrouvee, find_ville};
use app::formations::{COLONNES_OFFRE, Criteres, TriOffre, search_offre, sheet, version_offre, write_offre};
use app::{AppError, Ctx};
use domain::calendrier::Etape;
use domain::droits::{Acteur, Action, Cible};
use domain::formations::{Famille, StatutFormation, texte_recherche};
use domain::territoires::{cle_commune, departement, ville};
use domain::{PublicId, RuleViolation};
use store::communes::LigneCommune;
use store::formations as base;
use testkit::{TestApp, both_databases};

/// A published course in a known town.
async fn publie(
    t: &TestApp,
    uai: &str,
    etablissement: &str,
    libelle: &str,
    (dep, commune): (&str, &str),
    statut: StatutFormation,
    selective: bool,
) -> String {
    let ctx = t.systeme();
    let permit = ctx.permit(Action::ImporterOffre, &Cible::plateforme()).unwrap();
    let e = ctx.ecriture(&permit);
    let session = app::sessions::courante(&t.app.db).await.unwrap().id;
    let lieu = ville(dep, commune).unwrap();
    let academie = departement(dep).unwrap().academie;
    let tx = ctx.begin().await.unwrap();
    let etab = match store::etablissements::by_uai(&tx, uai).await.unwrap() {
        Some(id) => id,
        None => {
            let id = store::etablissements::insert(&tx, &e, uai).await.unwrap();
            let n = store::etablissements::NouvelEtablissementSession {
                etablissement: id,
                session,
                nom: etablissement,
                statut: "public",
                departement: dep,
                academie,
                commune,
                coordonnees: Some((lieu.latitude, lieu.longitude)),
                site_web: None,
            };
            store::etablissements::insert_session(&tx, &e, &n).await.unwrap();
            id
        }
    };
    let formation = base::NouvelleFormation {
        etablissement: etab,
        cle: &format!("{uai}-{libelle}"),
        g_ta_cod: None,
        identite_incertaine: false,
        statut: statut.code(),
    };
    let formation = base::insert_formation(&tx, &e, &formation).await.unwrap();
    let recherche = texte_recherche(libelle, "", etablissement, &format!("{commune} {dep}"));
    let n = base::NouvelleFormationSession {
        formation,
        session,
        etablissement: etab,
        precedente: None,
        famille: if libelle.starts_with("BTS") { "bts" } else { "licence" },
        libelle,
        detail: "",
        selective,
        departement: dep,
        academie,
        commune,
        coordonnees: Some((lieu.latitude, lieu.longitude)),
        capacite: Some(24),
        frais_centimes: Some(0),
        internat: false,
        presentation: "",
        recherche: &recherche,
    };
    let (id, public_id) = base::insert_formation_session(&tx, &e, &n).await.unwrap();
    base::insert_groupe(
        &tx,
        &e,
        &base::NouveauGroupe {
            session,
            formation_session: id,
            libelle: "Tous",
            series: "tous",
            sans_classement: false,
            places: 24,
        },
    )
    .await
    .unwrap();
    base::set_publiees(&tx, &e, &[(id, 0)]).await.unwrap();
    let p = base::NouvellePublication {
        formation_session: id,
        capacite: 24,
        frais_centimes: 0,
        presentation: "",
        groupes: "[]",
        description: "{}",
    };
    base::insert_publication(&tx, &e, &p).await.unwrap();
    tx.commit().await.unwrap();
    public_id
}

async fn offre(base: testkit::Base) -> (TestApp, Ctx) {
    use StatutFormation::{Apprentissage, Etudiant};
    let t = TestApp::with_session_2024(base).await;
    for (uai, etab, libelle, lieu, statut, selective) in [
        ("0690001A", "Lycée Ampère", "BTS Électronique", ("69", "Lyon"), Etudiant, true),
        ("0690001A", "Lycée Ampère", "BTS Électrotechnique", ("69", "Lyon"), Apprentissage, true),
        ("0420001B", "Université Jean-Monnet", "Licence – Droit", ("42", "Saint-Étienne"), Etudiant, false),
        ("0750001C", "École du Droit", "BTS Notariat", ("75", "Paris"), Etudiant, true),
        (
            "0690002D",
            "Université Lumière",
            "Licence – Génie électronique",
            ("69", "Villeurbanne"),
            Etudiant,
            false,
        ),
    ] {
        publie(&t, uai, etab, libelle, lieu, statut, selective).await;
    }
    t.at_opening(Etape::Consultation).await;
    let ctx = t.ctx(Acteur::public());
    (t, ctx)
}

/// The platform is given a national list: name, post code, department, place.
async fn communes(t: &TestApp, liste: &[(&str, &str, &str, f64, f64)]) {
    let lignes: Vec<(String, LigneCommune)> = liste
        .iter()
        .map(|(nom, code_postal, departement, latitude, longitude)| {
            let commune = LigneCommune {
                nom: (*nom).to_owned(),
                code_postal: (*code_postal).to_owned(),
                departement: (*departement).to_owned(),
                latitude: *latitude,
                longitude: *longitude,
            };
            (cle_commune(nom), commune)
        })
        .collect();
    let ctx = t.systeme();
    let tx = ctx.begin().await.unwrap();
    store::communes::replace(&tx, &lignes).await.unwrap();
    tx.commit().await.unwrap();
}

/// What a name leads to: « = » and the town, « ? » and those to choose from, « ~ » and the closest spellings.
async fn trouve(ctx: &Ctx, texte: &str, departement: &str) -> String {
    let (signe, lieux) = match find_ville(ctx, texte, departement).await.unwrap() {
        VilleTrouvee::Une(l) => ("=", vec![l]),
        VilleTrouvee::Plusieurs(l) => ("?", l),
        VilleTrouvee::Aucune(l) => ("~", l),
    };
    let noms: Vec<String> = lieux.iter().map(Lieu::designation).collect();
    format!("{signe} {}", noms.join(", "))
}

async fn libelles(ctx: &Ctx, criteres: Criteres) -> Vec<String> {
    search_offre(ctx, &criteres).await.unwrap().lignes.into_iter().map(|r| r.libelle).collect()
}

fn texte(q: &str) -> Criteres {
    Criteres { texte: q.to_owned(), ..Criteres::default() }
}

both_databases! {
    async fn r_for_05_words_are_found_whatever_accents_and_the_label_comes_first(base) {
        let (_t, ctx) = offre(base).await;
        assert_eq!(libelles(&ctx, texte("ELECTRONIQUE")).await, ["BTS Électronique", "Licence – Génie électronique"]);
        // The label wins over the name of the establishment.
        assert_eq!(libelles(&ctx, texte("droit")).await, ["Licence – Droit", "BTS Notariat"]);
        assert_eq!(libelles(&ctx, texte("licence de droit à Saint Etienne")).await, ["Licence – Droit"]);
        // The beginning of a word, never its middle.
        assert_eq!(libelles(&ctx, texte("electro lyon")).await, ["BTS Électronique", "BTS Électrotechnique"]);
        assert_eq!(libelles(&ctx, texte("tronique")).await, Vec::<String>::new());
        assert_eq!(libelles(&ctx, texte("100% _x_ ' \" droit")).await, Vec::<String>::new());
        assert_eq!(search_offre(&ctx, &texte("%")).await.unwrap().total, 5);
    }

    async fn r_for_05_filters_add_up(base) {
        let (_t, ctx) = offre(base).await;
        let bts = Criteres { famille: Some(Famille::Bts), ..Criteres::default() };
        assert_eq!(libelles(&ctx, bts.clone()).await.len(), 3);
        let alternance = Criteres { statut: Some(StatutFormation::Apprentissage), ..bts.clone() };
        assert_eq!(libelles(&ctx, alternance).await, ["BTS Électrotechnique"]);
        let lyon = Criteres { academie: Some("10".to_owned()), selective: Some(false), ..Criteres::default() };
        assert_eq!(libelles(&ctx, lyon).await, ["Licence – Droit", "Licence – Génie électronique"]);
        let rhone = Criteres { departement: Some("69".to_owned()), ..Criteres::default() };
        assert_eq!(libelles(&ctx, rhone).await.len(), 3);
    }

    async fn r_for_05_near_a_town_sorts_by_distance(base) {
        let (_t, ctx) = offre(base).await;
        let autour = |km| Criteres {
            autour: ville("69", "Villeurbanne").map(|v| (Lieu::from(v), km)),
            tri: TriOffre::Distance,
            ..Criteres::default()
        };
        let pres = search_offre(&ctx, &autour(10)).await.unwrap();
        let vus: Vec<(String, i64)> = pres
            .lignes
            .iter()
            .map(|r| (r.libelle.clone(), format!("{:.0}", r.distance_km.unwrap()).parse().unwrap()))
            .collect();
        assert_eq!(vus[0], ("Licence – Génie électronique".to_owned(), 0));
        assert_eq!(vus.iter().map(|v| v.1).collect::<Vec<_>>(), [0, 4, 4]);
        assert_eq!(search_offre(&ctx, &autour(100)).await.unwrap().total, 4);
    }

    async fn r_for_27_without_the_list_the_towns_known_and_those_of_the_courses_serve(base) {
        let (t, ctx) = offre(base).await;
        t.sql(
            "UPDATE formation_session SET commune = 'Tarare', latitude = 45.896, longitude = 4.433 WHERE libelle LIKE 'BTS Électro%'",
            vec![],
        ).await;
        t.sql("UPDATE formation_session SET commune = '' WHERE libelle = 'BTS Notariat'", vec![]).await;
        for (texte, attendu) in [
            ("LYON", "= Lyon (69)"),
            ("69-lyon", "= Lyon (69)"),
            ("St Etienne", "= Saint-Étienne (42)"),
            ("tarare", "= Tarare (69)"),
            ("Tarrare", "~ Tarare (69)"),
            ("Saint-Denis", "? Saint-Denis (93), Saint-Denis (974)"),
            ("Saint-Denis, la Réunion", "= Saint-Denis (974)"),
            ("Paris 5e", "= Paris (75)"),
            ("69170", "~ "),
            // The course that names no town is no town.
            ("!!!", "~ "),
            ("75", "~ "),
        ] {
            assert_eq!(trouve(&ctx, texte, "").await, attendu, "{texte}");
        }
        assert_eq!(trouve(&ctx, "Saint-Denis", "93").await, "= Saint-Denis (93)", "the department that is searched");
        t.at("2023-12-20T11:59");
        let ferme = find_ville(&t.ctx(Acteur::public()), "Lyon", "").await;
        assert!(matches!(ferme, Err(AppError::Rule(RuleViolation::NotYetOpen { .. }))), "{ferme:?}");
    }

    async fn r_for_27_any_town_of_the_list_is_found_and_the_closest_courses_first(base) {
        let (t, ctx) = offre(base).await;
        communes(&t, &[
            ("L’Arbresle", "69210", "69", 45.835, 4.617),
            ("Fleurieux-sur-l’Arbresle", "69210", "69", 45.84, 4.65),
            ("Abbeville", "80100", "80", 50.1, 1.84),
            ("Abbeville-la-Rivière", "91150", "91", 48.34, 2.16),
            ("Saint-Denis", "93200", "93", 48.93, 2.36),
            ("Saint-Denis", "93210", "93", 48.92, 2.36),
            ("Saint-Denis", "97400", "974", -20.88, 55.45),
            ("Paris 13", "75013", "75", 48.83, 2.36),
        ]).await;
        for (texte, attendu) in [
            ("l'arbresle", "= L’Arbresle (69)"),
            ("69210", "? Fleurieux-sur-l’Arbresle (69), L’Arbresle (69)"),
            ("L’Arbresle 69210", "= L’Arbresle (69)"),
            ("L’Arbresle (75)", "= L’Arbresle (69)"),
            ("arbresle", "~ L’Arbresle (69)"),
            ("Abeville", "~ Abbeville (80)"),
            ("Abbevile la rivière", "~ Abbeville-la-Rivière (91)"),
            ("Abbevi", "~ Abbeville (80), Abbeville-la-Rivière (91)"),
            ("Saint-Denis", "? Saint-Denis (93), Saint-Denis (974)"),
            ("saint denis 97400", "= Saint-Denis (974)"),
            ("Saint-Denis (93)", "= Saint-Denis (93)"),
            ("Saint-Dennis", "~ Saint-Denis (93), Saint-Denis (974)"),
            ("75013", "= Paris (75)"),
            ("Paris 13", "= Paris (75)"),
            // What the list does not have, the platform may know.
            ("Villeurbanne", "= Villeurbanne (69)"),
        ] {
            assert_eq!(trouve(&ctx, texte, "").await, attendu, "{texte}");
        }
        let VilleTrouvee::Une(ici) = find_ville(&ctx, "L’Arbresle", "").await.unwrap() else {
            panic!("the only one of its name")
        };
        let autour = |km| Criteres { autour: Some((ici.clone(), km)), tri: TriOffre::Distance, ..Criteres::default() };
        // Lyon is 19.2 km away, Villeurbanne 22.2, Saint-Étienne 48.7.
        for (km, total) in [(10, 0), (19, 0), (20, 2), (22, 2), (23, 3), (48, 3), (50, 4)] {
            assert_eq!(search_offre(&ctx, &autour(km)).await.unwrap().total, total, "{km} km");
        }
        let trouvees = search_offre(&ctx, &autour(100)).await.unwrap().lignes;
        let km: Vec<f64> = trouvees.iter().map(|r| r.distance_km.unwrap()).collect();
        assert!(km.is_sorted() && km.len() == 4, "{km:?}");
        // The other filters add up.
        let bts = Criteres { famille: Some(Famille::Bts), texte: "electro".to_owned(), ..autour(50) };
        assert_eq!(libelles(&ctx, bts).await, ["BTS Électronique", "BTS Électrotechnique"]);
    }

    async fn the_offer_is_closed_before_its_day_and_hides_drafts(base) {
        let (t, ctx) = offre(base).await;
        let brouillon = t.etablissement("0800001A", "Lycée Jules-Verne").await;
        let brouillon = t.formation(brouillon, "BTS Secret", Famille::Bts, true, 24, false).await;
        assert!(libelles(&ctx, texte("secret")).await.is_empty());
        let id = PublicId::parse(&brouillon.public_id).unwrap();
        assert!(matches!(sheet(&ctx, &id).await, Err(AppError::NotFound)));
        t.at("2023-12-20T11:59");
        let avant = t.ctx(Acteur::public());
        for refus in [search_offre(&avant, &texte("")).await.map(|_| ()), sheet(&avant, &id).await.map(|_| ())] {
            assert!(matches!(
                refus,
                Err(AppError::Rule(RuleViolation::NotYetOpen { etape: Etape::Consultation, .. }))
            ));
        }
    }

    async fn r_for_07_the_last_rank_called_never_goes_back(base) {
        let (t, _) = offre(base).await;
        let etab = t.etablissement("0800001A", "Lycée Jules-Verne").await;
        let f = t.formation(etab, "BTS Photonique", Famille::Bts, true, 24, true).await;
        for (jour, etat, rang) in [(1_i64, "publie", 30_i64), (2, "publie", 28), (3, "calcule", 55)] {
            let (passage, _) = t.insert(
                "passage",
                "session_id, nature, jour, etat, calcule_le, publie_le, empreinte_entree, empreinte_sortie, version_code,
                 parametres, bilan",
                vec![
                    f.session.into(), "propositions".to_owned().into(), jour.into(), etat.to_owned().into(),
                    0_i64.into(), (jour * 1000).into(), String::new().into(), String::new().into(), String::new().into(),
                    "{}".to_owned().into(), "{}".to_owned().into(),
                ],
            ).await;
            t.sql(
                "INSERT INTO groupe_jour (passage_id, groupe_affectation_id, dernier_appele, dernier_appele_interne,
                     en_attente, propositions) VALUES ($1, $2, $3, 0, 0, 0)",
                vec![passage.into(), f.groupe_affectation.into(), rang.into()],
            ).await;
        }
        t.during(Etape::Admission).await;
        let fiche = sheet(&t.ctx(Acteur::public()), &PublicId::parse(&f.public_id).unwrap()).await.unwrap();
        assert_eq!(fiche.groupes[0].dernier_appele, Some(30));
        assert_eq!(fiche.appels_le, Some(2000));
        assert!(fiche.voeux.is_err());
    }

    async fn the_sheet_shows_the_figures_of_the_last_session_known(base) {
        let (t, _) = offre(base).await;
        let etab = t.etablissement("0800001A", "Lycée Jules-Verne").await;
        let f = t.formation(etab, "BTS Photonique", Famille::Bts, true, 24, true).await;
        let ctx = t.systeme();
        let permit = ctx.permit(Action::ImporterOffre, &Cible::plateforme()).unwrap();
        let tx = ctx.begin().await.unwrap();
        for (annee, candidats, chiffres) in
            [(2022, 1, "{}"), (2023, 614, r#"{"taux_acces_ens":4350,"acc_bg":12,"acc_bp":3}"#), (2024, 9, "{}")]
        {
            let s = base::LigneStatistique {
                annee,
                capacite: Some(24),
                candidats: Some(candidats),
                propositions: Some(80),
                acceptations: None,
                chiffres: chiffres.to_owned(),
            };
            base::insert_statistique(&tx, &ctx.ecriture(&permit), f.formation, &s).await.unwrap();
        }
        tx.commit().await.unwrap();
        t.during(Etape::Voeux).await;
        let fiche = sheet(&t.ctx(Acteur::public()), &PublicId::parse(&f.public_id).unwrap()).await.unwrap();
        let c = fiche.chiffres.unwrap();
        assert_eq!((c.annee, c.candidats, c.taux_acces), (2023, Some(614), Some(44)));
        assert_eq!(c.admis, [("Baccalauréat général", 12), ("Baccalauréat professionnel", 3)]);
    }

    async fn r_for_20_the_file_of_the_offer_has_what_the_search_shows(base) {
        let t = TestApp::with_session_2024(base).await;
        t.at("2024-02-01T10:00");
        let etudiant = StatutFormation::Etudiant;
        for n in 0..5 {
            let libelle = if n == 0 { "=BTS piégé".to_owned() } else { format!("BTS Essai {n}") };
            publie(&t, "0690001A", "Lycée; d’essai", &libelle, ("69", "Lyon"), etudiant, true).await;
        }
        let ctx = t.ctx(Acteur::public());
        let v = version_offre(&ctx).await.unwrap();
        let mut fichier = Vec::new();
        let (mut apres, mut parts) = (Some(0), 0);
        while let Some(cle) = apres {
            let (octets, suite) = write_offre(&ctx, &v, cle, 2).await.unwrap();
            fichier.extend(octets);
            (apres, parts) = (suite, parts + 1);
        }
        assert_eq!(parts, 3);
        let entier = write_offre(&ctx, &v, 0, 100).await.unwrap();
        assert_eq!((entier.0.as_slice(), entier.1), (fichier.as_slice(), None), "parts make the whole");
        let texte = String::from_utf8(fichier).unwrap();
        let lignes: Vec<&str> = texte.split("\r\n").collect();
        let noms: Vec<&str> = COLONNES_OFFRE.iter().map(|(nom, _)| *nom).collect();
        assert_eq!(lignes[0], format!("\u{feff}{}", noms.join(";")));
        assert_eq!(lignes.len(), 7, "a header, five courses, an end");
        assert!(lignes[1].contains(";\"Lycée; d’essai\";") && lignes[1].contains(";'=BTS piégé;"), "{}", lignes[1]);
        assert!(lignes[2].contains(";bts;BTS;BTS Essai 1;;etudiant;oui;non;Lyon;69;Lyon;"), "{}", lignes[2]);
        assert_eq!(version_offre(&ctx).await.unwrap().empreinte, v.empreinte);
        t.sql("UPDATE formation_session SET etat = 'brouillon' WHERE libelle = 'BTS Essai 4'", vec![]).await;
        let apres = version_offre(&ctx).await.unwrap();
        assert_ne!(apres.empreinte, v.empreinte);
        let (octets, _) = write_offre(&ctx, &apres, 0, 100).await.unwrap();
        assert!(!String::from_utf8(octets).unwrap().contains("BTS Essai 4"), "a draft is in no file");
        t.at("2023-11-20T10:00");
        let ferme = version_offre(&t.ctx(Acteur::public())).await;
        assert!(matches!(ferme, Err(AppError::Rule(RuleViolation::NotYetOpen { .. }))), "{ferme:?}");
    }
}
