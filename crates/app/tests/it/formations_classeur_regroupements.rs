//! R-REG-08: the multiple wish of courses, as columns of the workbook of their set-up; on both databases.
#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]

use app::formations::{
    Regrouper, apply_descriptions, export_descriptions, group_courses, preview_descriptions, ungroup_course,
    view_parametrage, view_regroupement,
};
use app::idempotence::Garde;
use app::{AppError, Ctx, FormatTableau};
use domain::calendrier::Etape;
use domain::candidats::TypeBac;
use domain::candidatures::EtatVoeu;
use domain::comptes::Role;
use domain::droits::Attribution;
use domain::formations::Famille;
use domain::formations::regroupement::Mutualisation;
use files::tableau::FeuilleLue;
use testkit::fabrique::FormationEssai;
use testkit::{TestApp, both_databases};

use crate::formations_classeur::{applied, cell, exported, faults, id, packed, preview};

/// Four courses for nurses of one establishment, and somebody who sets them up.
async fn infirmiers(base: testkit::Base) -> (TestApp, Vec<FormationEssai>, Ctx) {
    let t = TestApp::with_session_2024(base).await;
    let e = t.etablissement("0800001A", "IRFSS de Picardie").await;
    let mut f = Vec::new();
    for ville in ["Amiens", "Beauvais", "Creil", "Laon"] {
        f.push(t.formation(e, &format!("IFSI {ville}"), Famille::Ifsi, true, 20, true).await);
    }
    let a = Attribution { etablissement: Some(e), ..Attribution::simple(Role::AdminSite) };
    let (_, acteur) = t.personne("admin@ecole.example", a).await;
    t.at("2023-11-20T10:00");
    let ctx = t.ctx(acteur);
    (t, f, ctx)
}

const COLONNES: [&str; 3] = ["Vœu multiple", "Mise en commun", "Classe pour toutes"];

/// What the three columns of the multiple wish say of a course.
fn say(feuilles: &mut [FeuilleLue], f: &FormationEssai, dit: [&str; 3]) {
    for (colonne, texte) in COLONNES.iter().zip(dit) {
        *cell(&mut feuilles[0], &f.public_id, colonne) = texte.to_owned();
    }
}

fn said(feuilles: &mut [FeuilleLue], f: &FormationEssai) -> [String; 3] {
    COLONNES.map(|colonne| cell(&mut feuilles[0], &f.public_id, colonne).clone())
}

/// The grouping of a course, as the page shows it: its name, what is shared, its courses, the one that ranks.
async fn grouping(
    ctx: &Ctx,
    f: &FormationEssai,
) -> Option<(String, Mutualisation, Vec<String>, Option<String>)> {
    let r = view_regroupement(ctx, 2024, &id(f), "").await.unwrap().regroupement?;
    let porteuse = r.porteuse().map(|f| f.intitule.libelle.clone());
    Some((
        r.libelle,
        r.mutualisation,
        r.formations.into_iter().map(|f| f.intitule.libelle).collect(),
        porteuse,
    ))
}

async fn group(ctx: &Ctx, libelle: &str, m: Mutualisation, f: &[&FormationEssai]) {
    let formations = f.iter().map(|f| f.public_id.clone()).collect();
    let cmd = Regrouper { libelle: libelle.to_owned(), mutualisation: m, formations };
    group_courses(ctx, &Garde::default(), 2024, &id(f[0]), &cmd).await.unwrap();
}

both_databases! {
    async fn r_reg_08_a_workbook_says_the_multiple_wish_of_each_course_and_sent_back_changes_nothing(base) {
        let (t, f, ctx) = infirmiers(base).await;
        group(&ctx, "Soins infirmiers", Mutualisation::DossierUnique, &[&f[1], &f[0]]).await;
        // A grouping of the same name elsewhere in the perimeter is told apart.
        let (_, agent) = t.personne("agent@national.example", Attribution::simple(Role::AdminNational)).await;
        let voisin = t.etablissement("0800002B", "Institut voisin").await;
        let (un, deux) = (
            t.formation(voisin, "IFSI Abbeville", Famille::Ifsi, true, 20, true).await,
            t.formation(voisin, "IFSI Péronne", Famille::Ifsi, true, 20, true).await,
        );
        let agent = t.ctx(agent);
        group(&agent, "Soins infirmiers", Mutualisation::Epreuves, &[&un, &deux]).await;
        let mut feuilles = exported(&agent).await;
        assert_eq!(said(&mut feuilles, &f[0]), ["Soins infirmiers", "dossier unique", "non"]);
        assert_eq!(said(&mut feuilles, &f[1]), ["Soins infirmiers", "dossier unique", "oui"]);
        assert_eq!(said(&mut feuilles, &f[2]), ["", "", ""]);
        assert_eq!(said(&mut feuilles, &un), ["Soins infirmiers (n° 2)", "épreuves", ""]);
        let avant = t.nombre("SELECT CAST(SUM(version) AS BIGINT) FROM regroupement", vec![]).await;
        for (nom, octets) in [
            ("p.xlsx", packed(&feuilles)),
            ("p.csv", export_descriptions(&agent, 2024, FormatTableau::Csv).await.unwrap().octets),
        ] {
            let a = preview_descriptions(&agent, 2024, nom, &octets).await.unwrap();
            assert_eq!((a.formations, a.fautes.len(), a.differences.len(), a.recu), (6, 0, 0, None), "{:?}{:?}", a.fautes, a.differences);
        }
        assert_eq!(t.nombre("SELECT CAST(SUM(version) AS BIGINT) FROM regroupement", vec![]).await, avant);
        // A file without these columns, or without some of the courses, asks nothing of the groupings.
        let sans: Vec<FeuilleLue> = feuilles
            .iter()
            .map(|feuille| {
                let garde: Vec<bool> = feuille.lignes[0].1.iter().map(|e| !COLONNES.contains(&e.as_str())).collect();
                let lignes = feuille.lignes.iter().filter(|(_, l)| l[0] != f[1].public_id);
                let lignes = lignes.map(|(n, l)| (*n, l.iter().zip(&garde).filter(|(_, g)| **g).map(|(t, _)| t.clone()).collect()));
                FeuilleLue { nom: feuille.nom.clone(), lignes: lignes.collect() }
            })
            .collect();
        let a = preview(&agent, &sans).await;
        assert_eq!((a.fautes.len(), a.differences.len()), (0, 0), "{:?}{:?}", a.fautes, a.differences);
        feuilles[0].lignes.retain(|(_, l)| l[0] != f[1].public_id);
        let a = preview(&agent, &feuilles).await;
        assert_eq!((a.fautes.len(), a.differences.len()), (0, 0), "{:?}{:?}", a.fautes, a.differences);
    }

    async fn r_reg_08_a_workbook_makes_changes_and_ends_groupings_after_showing_it(base) {
        let (t, f, ctx) = infirmiers(base).await;
        let mut feuilles = exported(&ctx).await;
        say(&mut feuilles, &f[0], ["  Soins  infirmiers ", "", ""]);
        say(&mut feuilles, &f[1], ["Soins infirmiers", "Dossier unique", "oui"]);
        let a = preview(&ctx, &feuilles).await;
        let dits: Vec<(&str, &str, &str, &str)> =
            a.differences.iter().map(|d| (d.formation.as_str(), d.champ.as_str(), d.avant.as_str(), d.apres.as_str())).collect();
        let (amiens, beauvais) = ("IFSI Amiens – IRFSS de Picardie", "IFSI Beauvais – IRFSS de Picardie");
        assert_eq!(dits, [
            (amiens, "Vœu multiple", "", "Soins infirmiers"), (amiens, "Mise en commun", "", "dossier unique"),
            (amiens, "Classe pour toutes", "", "non"),
            (beauvais, "Vœu multiple", "", "Soins infirmiers"), (beauvais, "Mise en commun", "", "dossier unique"),
            (beauvais, "Classe pour toutes", "", "oui"),
        ]);
        assert_eq!(grouping(&ctx, &f[0]).await, None, "shown, not done");
        assert_eq!(t.nombre("SELECT COUNT(*) FROM regroupement", vec![]).await, 0);
        apply_descriptions(&ctx, &Garde::default(), 2024, a.recu.as_deref().unwrap()).await.unwrap();
        let noms = |noms: &[&str]| noms.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>();
        let tous = noms(&["IFSI Amiens", "IFSI Beauvais"]);
        let porteuse = Some("IFSI Beauvais".to_owned());
        let attendu = Some(("Soins infirmiers".to_owned(), Mutualisation::DossierUnique, tous.clone(), porteuse));
        assert_eq!(grouping(&ctx, &f[0]).await, attendu);
        assert_eq!(t.nombre("SELECT COUNT(*) FROM groupe_classement WHERE supprime_le IS NULL", vec![]).await, 3);

        // Another name, another course that ranks: the same grouping, with its history.
        let mut feuilles = exported(&ctx).await;
        say(&mut feuilles, &f[0], ["Infirmiers de Picardie", "dossier unique", "oui"]);
        say(&mut feuilles, &f[1], ["Infirmiers de Picardie", "dossier unique", "non"]);
        applied(&ctx, &feuilles).await;
        let porteuse = Some("IFSI Amiens".to_owned());
        let attendu = Some(("Infirmiers de Picardie".to_owned(), Mutualisation::DossierUnique, tous, porteuse));
        assert_eq!(grouping(&ctx, &f[1]).await, attendu);
        assert_eq!(t.nombre("SELECT COUNT(*) FROM regroupement", vec![]).await, 1);

        // One leaves for a new one, another takes its place, in one file that says only three courses and shares nothing more.
        let mut feuilles = exported(&ctx).await;
        feuilles[0].lignes.retain(|(_, l)| l[0] != f[0].public_id);
        say(&mut feuilles, &f[1], ["Autre réseau", "", ""]);
        say(&mut feuilles, &f[2], ["Autre réseau", "épreuves", ""]);
        say(&mut feuilles, &f[3], ["Infirmiers de Picardie", "rien", ""]);
        applied(&ctx, &feuilles).await;
        let lu = grouping(&ctx, &f[0]).await.unwrap();
        assert_eq!((lu.0.as_str(), lu.1, lu.2), ("Infirmiers de Picardie", Mutualisation::Aucune, noms(&["IFSI Amiens", "IFSI Laon"])));
        let lu = grouping(&ctx, &f[1]).await.unwrap();
        assert_eq!((lu.0.as_str(), lu.1, lu.2), ("Autre réseau", Mutualisation::Epreuves, noms(&["IFSI Beauvais", "IFSI Creil"])));
        assert_eq!(t.nombre("SELECT COUNT(*) FROM groupe_classement WHERE supprime_le IS NULL", vec![]).await, 4);

        // R-REG-07: emptied, they are on their own again; one left alone ends, even where the file does not have it.
        let mut feuilles = exported(&ctx).await;
        feuilles[0].lignes.retain(|(_, l)| l[0] != f[0].public_id);
        for f in [&f[1], &f[2], &f[3]] {
            say(&mut feuilles, f, ["", "", ""]);
        }
        let a = preview(&ctx, &feuilles).await;
        assert!(a.differences.iter().any(|d| d.formation == amiens && d.apres.is_empty()), "{:?}", a.differences);
        applied(&ctx, &feuilles).await;
        for f in &f {
            assert_eq!(grouping(&ctx, f).await, None);
        }
        assert_eq!(t.nombre("SELECT COUNT(*) FROM regroupement_formation", vec![]).await, 0);
    }

    async fn r_reg_08_a_csv_file_groups_courses_too(base) {
        let (_t, f, ctx) = infirmiers(base).await;
        let texte = format!(
            "Identifiant;Vœu multiple;Mise en commun\n{};Soins infirmiers;epreuves\n{};Soins infirmiers;\n",
            f[0].public_id, f[1].public_id
        );
        let a = preview_descriptions(&ctx, 2024, "p.csv", texte.as_bytes()).await.unwrap();
        assert_eq!((a.fautes.len(), a.differences.len()), (0, 4), "{:?}{:?}", a.fautes, a.differences);
        apply_descriptions(&ctx, &Garde::default(), 2024, a.recu.as_deref().unwrap()).await.unwrap();
        let lu = grouping(&ctx, &f[0]).await.unwrap();
        assert_eq!((lu.0.as_str(), lu.1, lu.2.len()), ("Soins infirmiers", Mutualisation::Epreuves, 2));
        let csv = export_descriptions(&ctx, 2024, FormatTableau::Csv).await.unwrap();
        let a = preview_descriptions(&ctx, 2024, "p.csv", &csv.octets).await.unwrap();
        assert_eq!((a.formations, a.fautes.len(), a.differences.len()), (4, 0, 0), "{:?}{:?}", a.fautes, a.differences);
    }

    async fn r_reg_08_a_workbook_is_refused_line_by_line_under_the_rules_of_the_page(base) {
        let (t, f, ctx) = infirmiers(base).await;
        let e = f[0].etablissement;
        let bts = t.formation(e, "BTS Optique", Famille::Bts, true, 24, true).await;
        let voisin = t.etablissement("0800002B", "Institut voisin").await;
        let voisine = t.formation(voisin, "IFSI Abbeville", Famille::Ifsi, true, 20, true).await;
        let neuf = exported(&ctx).await;
        let ligne = |f: &FormationEssai| {
            let i = neuf[0].lignes.iter().position(|(_, l)| l[0] == f.public_id).unwrap();
            i as u64 + 1
        };
        // Each fault at its line and column, those of the other fields with them; nothing is kept.
        let mut feuilles = neuf.clone();
        say(&mut feuilles, &f[0], ["Seul", "", ""]);
        say(&mut feuilles, &f[1], ["Mêlé", "", ""]);
        say(&mut feuilles, &bts, ["Mêlé", "", ""]);
        *cell(&mut feuilles[0], &bts.public_id, "Capacité d’accueil") = "beaucoup".to_owned();
        let a = preview(&ctx, &feuilles).await;
        let mut vues = faults(&a);
        vues.sort_unstable();
        let mut ou: Vec<(u64, &str)> = vues.iter().map(|(l, c, _)| (*l, *c)).collect();
        ou.sort_unstable();
        let mut attendu =
            vec![(ligne(&f[0]), "Vœu multiple"), (ligne(&f[1]), "Vœu multiple"), (ligne(&bts), "Capacité d’accueil")];
        attendu.sort_unstable();
        assert_eq!(ou, attendu, "{vues:?}");
        assert!(vues.iter().any(|f| f.2.contains("au moins deux formations")), "{vues:?}");
        assert!(vues.iter().any(|f| f.2.contains("du même type")), "{vues:?}");
        assert!(a.recu.is_none() && a.fautes.iter().all(|f| f.feuille == "Formations"));

        // What the lines of one multiple wish say together.
        let mut feuilles = neuf.clone();
        say(&mut feuilles, &f[0], ["Réseau", "rien", "oui"]);
        say(&mut feuilles, &f[1], ["Réseau", "épreuves", "peut-être"]);
        say(&mut feuilles, &f[2], ["", "épreuves", ""]);
        say(&mut feuilles, &f[3], ["Réseau", "tout", ""]);
        let a = preview(&ctx, &feuilles).await;
        let mut ou: Vec<(u64, &str)> = faults(&a).iter().map(|(l, c, _)| (*l, *c)).collect();
        ou.sort_unstable();
        let mut attendu = vec![
            (ligne(&f[0]), "Classe pour toutes"), (ligne(&f[1]), "Mise en commun"), (ligne(&f[1]), "Classe pour toutes"),
            (ligne(&f[2]), "Mise en commun"), (ligne(&f[3]), "Mise en commun"),
        ];
        attendu.sort_unstable();
        assert_eq!(ou, attendu, "{:?}", a.fautes);
        let mut feuilles = neuf.clone();
        for i in [0, 1] {
            say(&mut feuilles, &f[i], ["Réseau", "dossier unique", "oui"]);
        }
        t.sql("UPDATE groupe_classement SET series = 'pro' WHERE formation_session_id = $1", vec![f[1].formation_session.into()]).await;
        let a = preview(&ctx, &feuilles).await;
        assert_eq!(faults(&a).len(), 1, "{:?}", a.fautes);
        assert_eq!((faults(&a)[0].0, faults(&a)[0].1), (ligne(&f[1]), "Classe pour toutes"));
        say(&mut feuilles, &f[1], ["Réseau", "dossier unique", "non"]);
        let a = preview(&ctx, &feuilles).await;
        assert_eq!(faults(&a).len(), 1, "{:?}", a.fautes);
        assert_eq!((faults(&a)[0].0, faults(&a)[0].1), (ligne(&f[1]), "Mise en commun"));

        // A course of another establishment, and one that is closed, are not courses of the person.
        let mut feuilles = neuf.clone();
        say(&mut feuilles, &f[0], ["Réseau", "", ""]);
        say(&mut feuilles, &f[1], ["Réseau", "", ""]);
        let mut autre = feuilles[0].lignes[1].clone();
        autre.1[0] = voisine.public_id.clone();
        feuilles[0].lignes.push(autre);
        t.sql("UPDATE formation_session SET etat = 'fermee' WHERE id = $1", vec![f[1].formation_session.into()]).await;
        let a = preview(&ctx, &feuilles).await;
        let inconnues = a.fautes.iter().filter(|f| f.feuille == "Formations" && f.faute.colonne == "Identifiant");
        assert_eq!(inconnues.count(), 2, "{:?}", a.fautes);
        t.sql("UPDATE formation_session SET etat = 'publiee' WHERE id = $1", vec![f[1].formation_session.into()]).await;

        // R-REG-04: once somebody wishes, its name alone changes; and nothing once the step is over.
        group(&ctx, "Réseau", Mutualisation::Aucune, &[&f[0], &f[2]]).await;
        let lea = t.candidat("lea@exemple.example", TypeBac::General).await;
        t.voeu(&lea, &f[2], EtatVoeu::Saisi).await;
        let actuel = exported(&ctx).await;
        let mut feuilles = actuel.clone();
        say(&mut feuilles, &f[3], ["Réseau", "", ""]);
        let a = preview(&ctx, &feuilles).await;
        assert_eq!(faults(&a).len(), 1, "{:?}", a.fautes);
        assert_eq!((faults(&a)[0].0, faults(&a)[0].1), (ligne(&f[2]), "Vœu multiple"));
        assert!(faults(&a)[0].2.contains("IFSI Creil"), "{:?}", a.fautes);
        let mut feuilles = actuel.clone();
        for i in [0, 2] {
            say(&mut feuilles, &f[i], ["Réseau de Picardie", "rien", ""]);
        }
        applied(&ctx, &feuilles).await;
        assert_eq!(grouping(&ctx, &f[0]).await.unwrap().0, "Réseau de Picardie");
        t.at_closing(Etape::Parametrage).await;
        let tard = t.ctx(ctx.acteur.clone());
        let a = preview(&tard, &actuel).await;
        assert_eq!(faults(&a).len(), 1, "{:?}", a.fautes);
        assert_eq!(faults(&a)[0].1, "Vœu multiple");
    }

    async fn r_reg_08_whoever_may_not_group_on_all_the_courses_groups_none_by_a_workbook(base) {
        let (t, f, ctx) = infirmiers(base).await;
        // A course of another establishment, grouped by the academic service: out of reach, the grouping does not change.
        let voisin = t.etablissement("0800002B", "Institut voisin").await;
        let voisine = t.formation(voisin, "IFSI Abbeville", Famille::Ifsi, true, 20, true).await;
        let a = Attribution { academies: vec!["20".to_owned()], ..Attribution::simple(Role::Academie) };
        let (_, agent) = t.personne("agent@ac.example", a).await;
        group(&t.ctx(agent), "Réseau", Mutualisation::Aucune, &[&f[0], &voisine]).await;
        let mut feuilles = exported(&ctx).await;
        assert_eq!(said(&mut feuilles, &f[0])[0], "Réseau");
        say(&mut feuilles, &f[0], ["", "", ""]);
        let a = preview(&ctx, &feuilles).await;
        assert_eq!(faults(&a).len(), 1, "{:?}", a.fautes);
        assert!(faults(&a)[0].1 == "Vœu multiple" && faults(&a)[0].2.contains("service académique"), "{:?}", a.fautes);
        // Whoever sets up a course without a right to group it.
        let (_, responsable) = t.responsable("resp@ecole.example", &f[1]).await;
        let responsable = t.ctx(responsable);
        let mut feuilles = exported(&responsable).await;
        say(&mut feuilles, &f[1], ["Autre", "", ""]);
        let a = preview(&responsable, &feuilles).await;
        assert_eq!(faults(&a).len(), 1, "{:?}", a.fautes);
        assert!(faults(&a)[0].1 == "Vœu multiple" && faults(&a)[0].2.contains("service académique"), "{:?}", a.fautes);
        assert_eq!(grouping(&ctx, &f[1]).await, None);
    }

    async fn r_reg_08_a_grouping_changed_after_the_file_was_verified_refuses_all_of_it(base) {
        let (_t, f, ctx) = infirmiers(base).await;
        group(&ctx, "Réseau", Mutualisation::Aucune, &[&f[0], &f[1], &f[2]]).await;
        let mut feuilles = exported(&ctx).await;
        say(&mut feuilles, &f[3], ["Réseau", "", ""]);
        *cell(&mut feuilles[0], &f[3].public_id, "Capacité d’accueil") = "21".to_owned();
        let a = preview(&ctx, &feuilles).await;
        ungroup_course(&ctx, &Garde::default(), 2024, &id(&f[0])).await.unwrap();
        let refus = apply_descriptions(&ctx, &Garde::default(), 2024, a.recu.as_deref().unwrap()).await;
        assert!(matches!(refus, Err(AppError::Conflict)), "{refus:?}");
        assert_eq!(grouping(&ctx, &f[3]).await, None);
        assert_eq!(view_parametrage(&ctx, 2024, &id(&f[3])).await.unwrap().capacite, Some(20));
        // Capacities of courses that share their ranking are written with it.
        let mut feuilles = exported(&ctx).await;
        for i in [1, 2, 3] {
            say(&mut feuilles, &f[i], ["Réseau", "dossier unique", if i == 3 { "oui" } else { "" }]);
            *cell(&mut feuilles[0], &f[i].public_id, "Capacité d’accueil") = "21".to_owned();
        }
        applied(&ctx, &feuilles).await;
        assert_eq!(grouping(&ctx, &f[1]).await.unwrap().3.as_deref(), Some("IFSI Laon"));
        for i in [1, 2, 3] {
            assert_eq!(view_parametrage(&ctx, 2024, &id(&f[i])).await.unwrap().capacite, Some(21));
        }
        let a = preview(&ctx, &exported(&ctx).await).await;
        assert_eq!((a.fautes.len(), a.differences.len()), (0, 0), "{:?}{:?}", a.fautes, a.differences);
    }
}
