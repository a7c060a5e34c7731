//! The set-up of many courses as a workbook, on both databases.
#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]

use app::etablissements::{Modification, Site, save_etablissement};
use app::formations::{
    ApercuFichier, ConstatFichier, EnregistrerParametrage, applied_findings, apply_descriptions,
    export_descriptions, preview_descriptions, save_parametrage, save_rubrique, view_description, view_lot,
    view_parametrage, workbook_schema,
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
use store::formations::hold_formations;
use testkit::fabrique::FormationEssai;
use testkit::{Compteurs, TestApp, both_databases};

pub(crate) async fn prepare(base: testkit::Base) -> (TestApp, FormationEssai, FormationEssai, Ctx) {
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

pub(crate) fn id(f: &FormationEssai) -> PublicId {
    PublicId::parse(&f.public_id).unwrap()
}

/// The sheets of an exported workbook, to be changed and sent back.
pub(crate) async fn exported(ctx: &Ctx) -> Vec<FeuilleLue> {
    let e = export_descriptions(ctx, 2024, FormatTableau::Xlsx).await.unwrap();
    read_feuilles(&e.octets, "p.xlsx", files::Limites::default(), files::LimitesArchive::default()).unwrap()
}

pub(crate) fn packed(feuilles: &[FeuilleLue]) -> Vec<u8> {
    let a_ecrire: Vec<FeuilleAEcrire<'_>> = feuilles
        .iter()
        .map(|f| FeuilleAEcrire {
            nom: &f.nom,
            entetes: f.lignes[0].1.iter().map(|e| (e.clone(), Vec::new())).collect(),
            lignes: f.lignes[1..].iter().map(|(_, l)| l.clone()).collect(),
            ..FeuilleAEcrire::default()
        })
        .collect();
    write_feuilles("Paramétrage", 0, &a_ecrire).unwrap()
}

pub(crate) fn cell<'f>(f: &'f mut FeuilleLue, ligne: &str, colonne: &str) -> &'f mut String {
    let c = f.lignes[0].1.iter().position(|e| e == colonne).unwrap();
    let l = f.lignes.iter().position(|(_, l)| l[0] == ligne).unwrap();
    &mut f.lignes[l].1[c]
}

const PRESENTATION: &str = "Présentation publique";

/// Writes the presentation of a course as its page does.
async fn present(ctx: &Ctx, f: &FormationEssai, texte: &str) {
    let commande = EnregistrerParametrage { capacites: None, presentation: Some(texte.to_owned()) };
    save_parametrage(ctx, &Garde::default(), 2024, &id(f), &commande).await.unwrap();
}

/// The capacity and the presentation of the draft of a course.
async fn drafted(ctx: &Ctx, f: &FormationEssai) -> (Option<i64>, String) {
    let p = view_parametrage(ctx, 2024, &id(f)).await.unwrap();
    (p.capacite, p.presentation)
}

pub(crate) async fn preview(ctx: &Ctx, feuilles: &[FeuilleLue]) -> ApercuFichier {
    preview_descriptions(ctx, 2024, "p.xlsx", &packed(feuilles)).await.unwrap()
}

pub(crate) async fn applied(ctx: &Ctx, feuilles: &[FeuilleLue]) {
    let a = preview(ctx, feuilles).await;
    assert!(a.fautes.is_empty(), "{:?}", a.fautes);
    apply_descriptions(ctx, &Garde::default(), 2024, a.recu.as_deref().unwrap()).await.unwrap();
}

/// A course of the session before, archived.
async fn archived(
    t: &TestApp,
    (session, etablissement): (i64, i64),
    libelle: &str,
    places: i64,
) -> FormationEssai {
    let f = t.formation(etablissement, libelle, Famille::Bts, true, places, false).await;
    let deplace = "UPDATE formation_session SET session_id = $1 WHERE id = $2";
    t.sql(deplace, vec![session.into(), f.formation_session.into()]).await;
    f
}

/// Cells of the first sheet to be typed in the line of a course: (header, text).
type Saisie<'a> = (&'a FormationEssai, &'a [(&'a str, &'a str)]);

fn typed(feuilles: &[FeuilleLue], saisies: &[Saisie<'_>]) -> Vec<FeuilleLue> {
    let mut feuilles = feuilles.to_vec();
    for (f, cellules) in saisies {
        for (colonne, texte) in *cellules {
            *cell(&mut feuilles[0], &f.public_id, colonne) = (*texte).to_owned();
        }
    }
    feuilles
}

/// Line, column and reason of each fault.
pub(crate) fn faults(a: &ApercuFichier) -> Vec<(u64, &str, &str)> {
    a.fautes.iter().map(|f| (f.faute.ligne, f.faute.colonne.as_str(), f.faute.motif.as_str())).collect()
}

both_databases! {
    async fn r_for_30_a_day_of_another_year_is_a_fault_of_its_cell(base) {
        let (_t, bts, _, ctx) = prepare(base).await;
        let mut feuilles = exported(&ctx).await;
        let epreuves = feuilles.iter_mut().find(|f| f.nom == "Épreuves et entretiens").unwrap();
        let oral = |colonne: &str, jour: &str| match colonne {
            "Identifiant" => bts.public_id.clone(),
            "Intitulé" => "Oral".to_owned(),
            "Type" => "Oral ou entretien".to_owned(),
            "Premier jour" => jour.to_owned(),
            "Frais" => "0".to_owned(),
            _ => String::new(),
        };
        let entetes = epreuves.lignes[0].1.clone();
        let ligne = |jour| entetes.iter().map(|e| oral(e, jour)).collect();
        epreuves.lignes.push((2, ligne("20/04/2024")));
        epreuves.lignes.push((3, ligne("20/04/2023")));
        let a = preview(&ctx, &feuilles).await;
        let fautes = faults(&a);
        assert!(
            matches!(fautes.as_slice(), [(3, "Premier jour", motif)] if motif.contains("n’est pas de cette session")),
            "{fautes:?}"
        );
        assert_eq!(a.recu, None);
    }

    async fn a_workbook_sent_back_as_it_was_changes_nothing_and_a_change_is_shown_then_applied(base) {
        let (_t, bts, pass, ctx) = prepare(base).await;
        let paragraphes = (Champ::from_code("attendus").unwrap(), Some(Valeur::Texte("Un.\n\n= Deux.".to_owned())));
        save_rubrique(&ctx, &Garde::default(), 2024, &id(&bts), Rubrique::Attendus, &[paragraphes]).await.unwrap();
        let mut feuilles = exported(&ctx).await;
        let noms: Vec<&str> = feuilles.iter().map(|f| f.nom.as_str()).collect();
        assert_eq!(noms, [
            "Formations", "Pièces demandées", "Questionnaire", "Épreuves et entretiens", "Critères", "Établissement", "Composantes",
            "Sites de formation", "Journées portes ouvertes",
        ]);
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

    async fn r_for_22_the_fields_of_a_kind_of_courses_are_columns_that_the_others_leave_empty(base) {
        let (t, bts, _pass, ctx) = prepare(base).await;
        let made = t.formation(bts.etablissement, "DN MADE - Graphisme", Famille::Autre, true, 14, false).await;
        let mut feuilles = exported(&ctx).await;
        *cell(&mut feuilles[0], &made.public_id, "Mention du DN MADE") = "Graphisme".to_owned();
        applied(&ctx, &feuilles).await;
        let vue = view_description(&ctx, 2024, &id(&made)).await.unwrap();
        assert_eq!(vue.description.texte("mention_dnmade"), "graphisme");
        let mut feuilles = exported(&ctx).await;
        assert_eq!(cell(&mut feuilles[0], &made.public_id, "Mention du DN MADE"), "Graphisme");
        *cell(&mut feuilles[0], &bts.public_id, "Mention du DN MADE") = "Graphisme".to_owned();
        let a = preview(&ctx, &feuilles).await;
        let dites: Vec<(&str, &str)> =
            a.fautes.iter().map(|f| (f.faute.colonne.as_str(), f.faute.motif.as_str())).collect();
        assert_eq!(dites, [("Mention du DN MADE", "Ce champ n’existe pas pour le type « BTS » : videz la cellule.")]);
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

    async fn r_for_19_a_list_that_a_workbook_has_twice_takes_nothing_away(base) {
        let (_t, _bts, _pass, ctx) = prepare(base).await;
        let mut feuilles = exported(&ctx).await;
        // Only the titles, under a name that is read as the same: every line of the first one would go.
        let mut vide = feuilles[1].clone();
        vide.lignes.truncate(1);
        vide.nom.push('-');
        feuilles.push(vide.clone());
        let a = preview(&ctx, &feuilles).await;
        let ou: Vec<(&str, u64)> = a.fautes.iter().map(|f| (f.feuille.as_str(), f.faute.ligne)).collect();
        assert_eq!(ou, [(vide.nom.as_str(), 1)], "{:?}", a.fautes);
        assert!(a.fautes[0].faute.motif.contains("deux fois"), "{:?}", a.fautes);
        assert!(a.recu.is_none());
    }

    async fn r_for_19_the_workbook_is_open_as_long_as_capacities_are(base) {
        let (t, _bts, _pass, ctx) = prepare(base).await;
        let ouvert = || async { view_lot(&t.ctx(ctx.acteur.clone()), 2024).await.unwrap() };
        assert!(ouvert().await.modification.est_ouverte());
        t.at("2024-01-05T10:00");
        let lot = ouvert().await;
        assert!(!lot.modification.est_ouverte() && lot.saisie.est_ouverte());
        t.at("2024-01-15T10:00");
        let lot = ouvert().await;
        // R-ETA-12: open days are told all year.
        assert!(!lot.saisie.est_ouverte() && lot.journees && lot.rouvertes == 0);
    }

    async fn r_for_19_thirty_courses_are_written_by_as_many_reads_as_one(base) {
        let (t, bts, _pass, ctx) = prepare(base).await;
        let etablissement = bts.etablissement;
        let mut f = vec![bts];
        for n in 1..30 {
            f.push(t.formation(etablissement, &format!("BTS Option {n}"), Famille::Bts, true, 24, false).await);
        }
        let mut couts = Vec::new();
        for (lot, mot) in [(&f[..1], "Atelier"), (&f[1..], "Bureau")] {
            let mut texte = format!("Identifiant;Pour échanger avec la formation;{PRESENTATION}\n");
            for f in lot {
                texte.push_str(&format!("{};{mot};{mot}\n", f.public_id));
            }
            let a = preview_descriptions(&ctx, 2024, "p.csv", texte.as_bytes()).await.unwrap();
            assert_eq!((a.fautes.len(), a.differences.len()), (0, 2 * lot.len()), "{:?}", a.fautes);
            let recu = a.recu.unwrap();
            let acte = async { apply_descriptions(&ctx, &Garde::default(), 2024, &recu).await };
            let (fait, instructions) = Compteurs::statements(acte).await;
            fait.unwrap();
            couts.push(instructions);
        }
        // What each writes: its page and its description, each with what puts its review back and its entry in the journal.
        assert_eq!(couts[1] - couts[0], 28 * 6);
        assert_eq!(drafted(&ctx, &f[29]).await, (Some(24), "Bureau".to_owned()));
        let d = view_description(&ctx, 2024, &id(&f[29])).await.unwrap().description;
        assert_eq!(d.texte("contact"), "Bureau");
    }

    async fn r_for_19_courses_are_held_in_one_order_whatever_that_of_the_file(base) {
        let (t, bts, _pass, ctx) = prepare(base).await;
        // First of the list and of the file, last by its key.
        let aes = t.formation(bts.etablissement, "AES", Famille::Licence, false, 24, false).await;
        let mut texte = "Identifiant;Pour échanger avec la formation\n".to_owned();
        for f in [&aes, &bts] {
            texte.push_str(&format!("{};Atelier\n", f.public_id));
        }
        let a = preview_descriptions(&ctx, 2024, "p.csv", texte.as_bytes()).await.unwrap();
        let nommees: Vec<&str> = a.differences.iter().map(|d| &d.formation[..3]).collect();
        assert_eq!(nommees, ["AES", "BTS"], "told in the order of the list");
        let recu = a.recu.unwrap();
        // Somebody holds the first by its key, then the other: held the other way round, each would wait for the other.
        let tx = t.app.db.begin_write().await.unwrap();
        hold_formations(&tx, &[bts.formation_session]).await.unwrap();
        let garde = Garde::default();
        let (fait, ()) = tokio::join!(apply_descriptions(&ctx, &garde, 2024, &recu), async {
            tokio::time::sleep(std::time::Duration::from_millis(300)).await;
            hold_formations(&tx, &[aes.formation_session]).await.unwrap();
            tx.commit().await.unwrap();
        });
        fait.unwrap();
        for f in [&aes, &bts] {
            assert_eq!(view_description(&ctx, 2024, &id(f)).await.unwrap().description.texte("contact"), "Atelier");
        }
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
        assert_eq!(a.fautes[0].formation, "BTS Électronique – Lycée Jules-Verne");
        assert!(a.fautes[0].faute.motif.contains("29"), "{:?}", a.fautes);
        *cell(&mut feuilles[0], &bts.public_id, "Places – Bacheliers professionnels") = "12".to_owned();
        let fichier = packed(&feuilles);
        let a = preview_descriptions(&ctx, 2024, "p.xlsx", &fichier).await.unwrap();
        let mut dits: Vec<(&str, &str, &str)> =
            a.differences.iter().map(|d| (d.champ.as_str(), d.avant.as_str(), d.apres.as_str())).collect();
        dits.sort_unstable();
        assert_eq!(dits, [
            ("Capacité d’accueil", "24", "30"), ("Frais de scolarité", "0\u{a0}€", "175,50\u{a0}€"),
            ("Places – Bacheliers professionnels", "0", "12"), (premier.as_str(), "24", "18"),
        ]);
        apply_descriptions(&ctx, &Garde::default(), 2024, &a.recu.unwrap()).await.unwrap();
        let p = view_parametrage(&ctx, 2024, &id(&bts)).await.unwrap();
        assert_eq!((p.capacite, p.groupes.iter().map(|g| g.places).collect::<Vec<_>>()), (Some(30), vec![18, 12]));
        let p = view_parametrage(&ctx, 2024, &id(&pass)).await.unwrap();
        assert_eq!((p.capacite, p.frais_centimes), (Some(300), Some(17_550)));
        // Written as a number, read as the same amount: nothing changes.
        let mut feuilles = exported(&ctx).await;
        assert_eq!(cell(&mut feuilles[0], &pass.public_id, "Frais de scolarité"), "175.5");
        let a = preview_descriptions(&ctx, 2024, "p.xlsx", &packed(&feuilles)).await.unwrap();
        assert_eq!((a.fautes.len(), a.differences.len()), (0, 0), "{:?}{:?}", a.fautes, a.differences);

        t.statistique(&pass, 2023, [300, 4000, 900, 300]).await;
        // R-CAP-05: a value out of the ordinary waits for a second person, wherever it was typed.
        let mut feuilles = exported(&ctx).await;
        *cell(&mut feuilles[0], &pass.public_id, "Capacité d’accueil") = "9 000".to_owned();
        let a = preview_descriptions(&ctx, 2024, "p.xlsx", &packed(&feuilles)).await.unwrap();
        apply_descriptions(&ctx, &Garde::default(), 2024, &a.recu.unwrap()).await.unwrap();
        assert_eq!(t.nombre("SELECT COUNT(*) FROM relecture_capacite WHERE capacite = 9000 AND confirmee_le IS NULL", vec![]).await, 1);
    }

    async fn r_for_19_the_presentation_is_a_column_shown_then_written_as_its_page_does(base) {
        let (t, bts, pass, ctx) = prepare(base).await;
        let texte = "= Bienvenue.\n\nDeux ans d’études\u{202f}; un stage.";
        present(&ctx, &bts, texte).await;
        let mut feuilles = exported(&ctx).await;
        // The published schema names the columns of the file.
        let titres = feuilles[0].lignes[0].1.clone();
        for c in workbook_schema().remove(0).colonnes.iter().filter(|c| !c.titre.starts_with("Places – ")) {
            assert!(titres.contains(&c.titre), "{}: {titres:?}", c.titre);
        }
        assert_eq!(cell(&mut feuilles[0], &bts.public_id, PRESENTATION), "= Bienvenue.\n\nDeux ans d’études ; un stage.");
        let csv = export_descriptions(&ctx, 2024, FormatTableau::Csv).await.unwrap().octets;
        for (nom, octets) in [("p.xlsx", packed(&feuilles)), ("p.csv", csv)] {
            let a = preview_descriptions(&ctx, 2024, nom, &octets).await.unwrap();
            assert_eq!((a.formations, a.fautes.len(), a.differences.len(), a.recu), (2, 0, 0, None), "{:?}{:?}", a.fautes, a.differences);
        }
        // Paragraphs are something that a workbook says; numbers of the same course go with its text.
        let serre = "= Bienvenue.\nDeux ans d’études ; un stage.";
        let feuilles = typed(&feuilles, &[
            (&bts, &[(PRESENTATION, serre)]),
            (&pass, &[(PRESENTATION, "  La première année de médecine.  "), ("Capacité d’accueil", "310")]),
        ]);
        let a = preview(&ctx, &feuilles).await;
        let dits: Vec<(&str, &str, &str)> =
            a.differences.iter().map(|d| (d.champ.as_str(), d.avant.as_str(), d.apres.as_str())).collect();
        assert_eq!(dits, [
            (PRESENTATION, texte, serre), ("Capacité d’accueil", "300", "310"),
            (PRESENTATION, "", "La première année de médecine."),
        ], "{:?}", a.fautes);
        assert_eq!(drafted(&ctx, &bts).await.1, texte, "a preview writes nothing");
        let actes = "SELECT COUNT(*) FROM journal WHERE objet = 'formation_session'";
        let avant = t.nombre(actes, vec![]).await;
        apply_descriptions(&ctx, &Garde::default(), 2024, a.recu.as_deref().unwrap()).await.unwrap();
        assert_eq!(drafted(&ctx, &bts).await, (Some(24), serre.to_owned()));
        assert_eq!(drafted(&ctx, &pass).await, (Some(310), "La première année de médecine.".to_owned()));
        assert_eq!(t.nombre(actes, vec![]).await, avant + 2, "an act a course");
        // A cell emptied, by a text file: the other columns are not there, and stay.
        let vide = format!("Identifiant;{PRESENTATION}\n{};\n", pass.public_id);
        let a = preview_descriptions(&ctx, 2024, "p.csv", vide.as_bytes()).await.unwrap();
        assert_eq!((a.formations, a.fautes.len(), a.differences.len()), (1, 0, 1), "{:?}{:?}", a.fautes, a.differences);
        apply_descriptions(&ctx, &Garde::default(), 2024, a.recu.as_deref().unwrap()).await.unwrap();
        assert_eq!(drafted(&ctx, &pass).await, (Some(310), String::new()));
    }

    async fn r_for_19_a_presentation_too_long_forbidden_late_or_changed_meanwhile_is_not_written(base) {
        let (t, bts, pass, ctx) = prepare(base).await;
        let neuf = exported(&ctx).await;
        let ligne = |f: &FormationEssai| neuf[0].lignes.iter().position(|(_, l)| l[0] == f.public_id).unwrap() as u64 + 1;
        let long = "é".repeat(5_001);
        let a = preview(&ctx, &typed(&neuf, &[(&pass, &[(PRESENTATION, long.as_str())])])).await;
        assert_eq!((faults(&a).len(), faults(&a)[0].0, faults(&a)[0].1), (1, ligne(&pass), PRESENTATION), "{:?}", a.fautes);
        assert!(faults(&a)[0].2.contains("trop longue") && a.recu.is_none(), "{:?}", a.fautes);
        // Whoever writes one course and reads the other writes that one alone.
        let (_, mut acteur) = t.responsable("resp@lycee.example", &bts).await;
        acteur.attributions.push(Attribution { etablissement: Some(bts.etablissement), ..Attribution::simple(Role::Lecteur) });
        let resp = t.ctx(acteur);
        let siennes = exported(&resp).await;
        let les_deux: [Saisie<'_>; 2] = [(&bts, &[(PRESENTATION, "Le BTS.")]), (&pass, &[(PRESENTATION, "La PASS.")])];
        let a = preview(&resp, &typed(&siennes, &les_deux)).await;
        assert_eq!((faults(&a).len(), faults(&a)[0].1), (1, PRESENTATION), "{:?}", a.fautes);
        assert!(a.fautes[0].formation.starts_with("PASS") && faults(&a)[0].2.contains("Votre rôle"), "{:?}", a.fautes);
        applied(&resp, &typed(&siennes, &les_deux[..1])).await;
        assert_eq!(drafted(&ctx, &bts).await.1, "Le BTS.");
        // Somebody writes it after the file was shown: all of the file is refused.
        let feuilles = typed(&exported(&ctx).await, &[
            (&bts, &[(PRESENTATION, "Le BTS en deux ans.")]), (&pass, &[("Capacité d’accueil", "310")]),
        ]);
        let a = preview(&ctx, &feuilles).await;
        present(&ctx, &bts, "Le BTS en trois ans.").await;
        let refus = apply_descriptions(&ctx, &Garde::default(), 2024, a.recu.as_deref().unwrap()).await;
        assert!(matches!(refus, Err(AppError::Conflict)), "{refus:?}");
        assert_eq!(drafted(&ctx, &bts).await.1, "Le BTS en trois ans.");
        assert_eq!(drafted(&ctx, &pass).await.0, Some(300));
        // Once its step is over it is not written, even verified in time, and capacities still are.
        let a = preview(&ctx, &feuilles).await;
        t.at_closing(Etape::Parametrage).await;
        let tard = t.ctx(ctx.acteur.clone());
        let refus = apply_descriptions(&tard, &Garde::default(), 2024, a.recu.as_deref().unwrap()).await;
        assert!(matches!(refus, Err(AppError::Rule(_))), "{refus:?}");
        let a = preview(&tard, &feuilles).await;
        assert_eq!((faults(&a).len(), faults(&a)[0].0, faults(&a)[0].1), (1, ligne(&bts), PRESENTATION), "{:?}", a.fautes);
        assert!(faults(&a)[0].2.contains("close") && a.recu.is_none(), "{:?}", a.fautes);
        applied(&tard, &typed(&exported(&tard).await, &[(&pass, &[("Capacité d’accueil", "310")])])).await;
        assert_eq!(drafted(&tard, &bts).await.1, "Le BTS en trois ans.");
        assert_eq!(drafted(&tard, &pass).await.0, Some(310));
    }

    async fn r_for_25_what_the_reading_of_a_file_finds_is_told_before_and_after_it_is_applied(base) {
        let (t, bts, pass, ctx) = prepare(base).await;
        t.statistique(&pass, 2023, [300, 4000, 900, 300]).await;
        let nom = |code: &str| Champ::from_code("criteres").unwrap().colonnes().iter().find(|c| c.code == code).unwrap().libelle;
        let mut feuilles = exported(&ctx).await;
        let criteres = feuilles.iter().position(|f| f.nom == "Critères").unwrap();
        // Nothing is told of what the file does not change.
        *cell(&mut feuilles[0], &bts.public_id, "Pour échanger avec la formation") = "Atelier".to_owned();
        assert_eq!(preview(&ctx, &feuilles).await.constats, []);
        let ligne = feuilles[criteres].lignes.iter().position(|(_, l)| l[0] == bts.public_id).unwrap() as u64 + 1;
        let eds = "Moyennes ; pour un quart, notes des épreuves terminales de spécialité";
        *cell(&mut feuilles[criteres], &bts.public_id, nom("elements")) = eds.to_owned();
        *cell(&mut feuilles[0], &pass.public_id, "Capacité d’accueil") = "3000".to_owned();
        let formations = feuilles[0].lignes.iter().position(|(_, l)| l[0] == pass.public_id).unwrap() as u64 + 1;
        let a = preview(&ctx, &feuilles).await;
        assert!(a.fautes.is_empty() && a.recu.is_some(), "{:?}", a.fautes);
        let trouve = |code: &str| -> ConstatFichier { a.constats.iter().find(|c| c.code == code).unwrap().clone() };
        let eds = trouve("B4");
        assert_eq!((eds.feuille.as_str(), eds.ligne, eds.bloquant), ("Critères", ligne, false), "{eds:?}");
        assert_eq!(eds.formation, "BTS Électronique – Lycée Jules-Verne");
        assert!(eds.champ.contains("critère 1") && !eds.mots.is_empty() && !eds.correction.is_empty(), "{eds:?}");
        let zero = trouve("chiffre_ajoute");
        assert_eq!((zero.feuille.as_str(), zero.ligne, zero.bloquant), ("Formations", formations, true));
        assert_eq!(zero.champ, "Capacité d’accueil");
        assert!(zero.message.contains("un chiffre a-t-il été doublé") && zero.correction.contains("motif"), "{zero:?}");
        // Each leads to where it is put right: the grid, or the page of the course.
        let page = |c: &ConstatFichier| c.page.clone().map(|p| (p.formation, p.partie)).unwrap();
        assert_eq!(page(&eds), (bts.public_id.clone(), "grille".to_owned()));
        assert_eq!(page(&zero), (pass.public_id.clone(), String::new()));
        let changee = a.differences.iter().any(|d| d.page.as_ref().is_some_and(|p| p.partie == "grille"));
        assert!(changee, "{:?}", a.differences);
        // Applied, it is told again by the receipt, to whoever applied it and to nobody else.
        let recu = apply_descriptions(&ctx, &Garde::default(), 2024, a.recu.as_deref().unwrap()).await.unwrap();
        assert_eq!(applied_findings(&ctx, &recu.numero).await.unwrap(), a.constats);
        let autre = Attribution { etablissement: Some(bts.etablissement), ..Attribution::simple(Role::AdminSite) };
        let (_, autre) = t.personne("autre@lycee.example", autre).await;
        assert_eq!(applied_findings(&t.ctx(autre), &recu.numero).await.unwrap(), []);
        assert_eq!(applied_findings(&ctx, "AAAA-BBBB-CCCC").await.unwrap(), []);
        let d = view_description(&ctx, 2024, &id(&bts)).await.unwrap().description;
        assert!(d.lignes("criteres")[0]["elements"].contains("épreuves terminales"), "nothing was refused");
    }

    async fn r_for_25_courses_read_together_say_what_each_says_alone(base) {
        let t = TestApp::with_session_2024(base).await;
        let ici = t.etablissement("0800001A", "Lycée Jules-Verne").await;
        let la = t.etablissement("0800002B", "Lycée Louis-Thuillier").await;
        let (avant, _) = t.insert("session_admission", "annee, libelle, etat", vec![
            2023_i64.into(), "Session 2023".to_owned().into(), "archivee".to_owned().into(),
        ]).await;
        t.sql("UPDATE session_admission SET precedente_id = $1 WHERE annee = 2024", vec![avant.into()]).await;
        for n in 0..20 {
            archived(&t, (avant, la), "BTS Électronique", 12 + n).await;
        }
        let nouvelle = t.formation(ici, "BTS Électronique", Famille::Bts, true, 24, false).await;
        // Followed since last year, in two groups.
        let suivie = t.formation(ici, "BTS Mécanique", Famille::Bts, true, 20, false).await;
        let ancienne = archived(&t, (avant, ici), "BTS Mécanique", 24).await;
        let suit = "UPDATE formation_session SET precedente_id = $1 WHERE id = $2";
        t.sql(suit, vec![ancienne.formation_session.into(), suivie.formation_session.into()]).await;
        for (f, premier) in [(&ancienne, 16_i64), (&suivie, 12)] {
            t.groupe(f, "Bac pro", "pro", 8).await;
            let places = "UPDATE groupe_affectation SET places = $1 WHERE id = $2";
            t.sql(places, vec![premier.into(), f.groupe_affectation.into()]).await;
        }
        let publiee = t.formation(ici, "BTS Optique", Famille::Bts, true, 24, true).await;
        t.statistique(&publiee, 2022, [20, 290, 55, 20]).await;
        t.statistique(&publiee, 2023, [24, 310, 60, 24]).await;
        // Published twice; its draft is put back to what the public reads, out of the range of its type as it is.
        let rendue = t.formation(la, "BTS Tourisme", Famille::Bts, true, 40, true).await;
        t.sql(
            "INSERT INTO formation_publication (public_id, formation_session_id, numero, publie_le, capacite, frais_centimes,
                 presentation) VALUES ('PUBLICATION-2', $1, 2, 0, 60, 0, '')",
            vec![rendue.formation_session.into()],
        ).await;
        let voisine = t.formation(la, "BTS Chimie", Famille::Bts, true, 24, false).await;
        t.statistique(&voisine, 2023, [24, 310, 60, 24]).await;
        let maison = |e| Attribution { etablissement: Some(e), ..Attribution::simple(Role::AdminSite) };
        let (_, mut acteur) = t.personne("admin@lycee.example", maison(ici)).await;
        acteur.attributions.push(maison(la));
        t.at("2023-11-20T10:00");
        let ctx = t.ctx(acteur);
        let originales = exported(&ctx).await;
        let capacite = "Capacité d’accueil";
        let places = [(capacite, "24"), ("Places – Tous les candidats", "8"), ("Places – Bac pro", "16")];
        let saisies: [Saisie<'_>; 5] = [
            (&nouvelle, &[(capacite, "48")]),
            (&suivie, &places),
            (&publiee, &[(capacite, "240")]),
            (&rendue, &[(capacite, "60")]),
            (&voisine, &[(capacite, "13")]),
        ];
        let mut seules = Vec::new();
        let mut dits: Vec<Vec<String>> = Vec::new();
        for saisie in &saisies {
            let a = preview(&ctx, &typed(&originales, std::slice::from_ref(saisie))).await;
            assert!(a.fautes.is_empty() && !a.differences.is_empty(), "{:?}", a.fautes);
            dits.push(a.constats.iter().map(|c| c.code.clone()).collect());
            seules.extend(a.constats);
        }
        let attendus: [&[&str]; 5] = [
            &["hors_type"], &["groupes_echanges"], &["chiffre_ajoute", "hors_type"], &[], &["ecart", "autre_formation"],
        ];
        assert_eq!(dits, attendus);
        // Together: the same findings, in the order of the file, by as many statements.
        seules.sort_by_key(|c| c.ligne);
        let (_, une) = Compteurs::statements(preview(&ctx, &typed(&originales, &saisies[1..2]))).await;
        let (a, toutes) = Compteurs::statements(preview(&ctx, &typed(&originales, &saisies))).await;
        assert_eq!(a.constats, seules);
        assert_eq!(toutes, une, "statements for one course and for five, of two establishments");
        // Applied together, each is noted, and its own page says the same of it.
        apply_descriptions(&ctx, &Garde::default(), 2024, a.recu.as_deref().unwrap()).await.unwrap();
        for ((f, _), attendus) in saisies.iter().zip(attendus) {
            let c = view_parametrage(&ctx, 2024, &id(f)).await.unwrap().comparaison.unwrap();
            assert_eq!(c.raisons.iter().map(|r| r.code()).collect::<Vec<_>>(), attendus);
            let notees = "SELECT COUNT(*) FROM relecture_capacite WHERE formation_session_id = $1";
            assert_eq!(t.nombre(notees, vec![f.formation_session.into()]).await, i64::from(!attendus.is_empty()));
        }
    }

    async fn r_for_25_a_fault_of_the_grid_comes_by_a_csv_file_too(base) {
        let (_t, bts, _pass, ctx) = prepare(base).await;
        let poids = Champ::from_code("poids_1").unwrap().libelle;
        let texte = format!("Identifiant;{poids}\n{};99\n", bts.public_id);
        let a = preview_descriptions(&ctx, 2024, "p.csv", texte.as_bytes()).await.unwrap();
        assert_eq!(a.fautes.len(), 0, "{:?}", a.fautes);
        let b1 = a.constats.iter().find(|c| c.code == "B1").unwrap();
        assert_eq!((b1.feuille.as_str(), b1.ligne, b1.bloquant), ("", 2, true), "{b1:?}");
    }

    async fn r_for_31_r_for_40_a_file_tells_what_the_pages_tell_of_documents_and_of_the_establishment(base) {
        // The establishment has no boarding, and takes scholarship holders.
        let (_t, bts, pass, ctx) = prepare(base).await;
        let mut feuilles = exported(&ctx).await;
        *cell(&mut feuilles[0], &bts.public_id, "Internat proposé") = "oui".to_owned();
        let ligne = feuilles[0].lignes.iter().position(|(_, l)| l[0] == bts.public_id).unwrap() as u64 + 1;
        let debut = [bts.public_id.clone(), String::new(), String::new()];
        let piece = ["Bulletins de seconde", "oui", "PDF", ""].map(str::to_owned);
        feuilles[1].lignes.push((2, debut.into_iter().chain(piece).collect()));
        let a = preview(&ctx, &feuilles).await;
        assert!(a.fautes.is_empty() && a.recu.is_some(), "{:?}", a.fautes);
        let [bulletins, internat] = a.constats.as_slice() else { panic!("{:?}", a.constats) };
        let ou = |c: &ConstatFichier| (c.feuille.clone(), c.ligne, c.code.clone(), c.champ.clone(), c.bloquant);
        let dit = |feuille: &str, ligne: u64, code: &str, champ: &str| {
            (feuille.to_owned(), ligne, code.to_owned(), champ.to_owned(), false)
        };
        assert_eq!(ou(bulletins), dit("Pièces demandées", 2, "bulletins_transmis", "Pièces demandées"));
        assert_eq!(bulletins.mots, ["Bulletins de seconde"]);
        assert_eq!(ou(internat), dit("Formations", ligne, "internat_contredit", "Internat proposé"));
        assert!(internat.message.contains("déclare ne pas en avoir") && internat.correction.contains("à corriger"));
        let partie = |c: &ConstatFichier| c.page.as_ref().map(|p| p.partie.clone()).unwrap();
        assert_eq!((partie(bulletins), partie(internat)), ("candidature".to_owned(), "caracteristiques".to_owned()));
        // What the file makes the establishment answer is told of the courses that it does not change too.
        let maison = feuilles.iter().position(|f| f.nom == "Établissement").unwrap();
        let question = "L’établissement est-il habilité à recevoir des boursiers ?";
        *cell(&mut feuilles[maison], "0800001A", question) = "non".to_owned();
        let a = preview(&ctx, &feuilles).await;
        assert!(a.fautes.is_empty(), "{:?}", a.fautes);
        let siens = |f: &FormationEssai| -> Vec<ConstatFichier> {
            let sien = |c: &&ConstatFichier| c.page.as_ref().is_some_and(|p| p.formation == f.public_id);
            a.constats.iter().filter(sien).cloned().collect()
        };
        let codes = |lus: &[ConstatFichier]| lus.iter().map(|c| c.code.clone()).collect::<Vec<_>>();
        let boursiers = ["frais_boursiers_contredits", "boursiers_contredits"];
        assert_eq!(codes(&siens(&pass)), boursiers);
        assert!(siens(&pass).iter().all(|c| (c.feuille.as_str(), c.ligne) == ("Établissement", 2) && !c.bloquant));
        assert_eq!(codes(&siens(&bts)), [["bulletins_transmis", "internat_contredit"], boursiers].concat());
        // Nothing is refused; the receipt tells it again, and so do the pages.
        let recu = apply_descriptions(&ctx, &Garde::default(), 2024, a.recu.as_deref().unwrap()).await.unwrap();
        assert_eq!(applied_findings(&ctx, &recu.numero).await.unwrap(), a.constats);
        for f in [&bts, &pass] {
            let vue = view_description(&ctx, 2024, &id(f)).await.unwrap();
            let dites: Vec<&str> = vue.remarques().iter().map(|r| r.code()).collect();
            assert_eq!(codes(&siens(f)), dites);
        }
        // Another file says nothing of what it does not change.
        let mut feuilles = exported(&ctx).await;
        *cell(&mut feuilles[0], &bts.public_id, "Pour échanger avec la formation") = "Atelier".to_owned();
        assert_eq!(preview(&ctx, &feuilles).await.constats, []);
        *cell(&mut feuilles[0], &bts.public_id, "Internat proposé") = "non".to_owned();
        assert_eq!(preview(&ctx, &feuilles).await.constats, []);
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
