//! R-ETA-14: what establishments say of themselves, on the workbook of the settings; on both databases.
#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]

use app::etablissements::{
    Composante, JourneeSaisie, Modification, VueEtablissement, save_etablissement, view_etablissement,
};
use app::formations::{
    ApercuFichier, apply_descriptions, export_descriptions, preview_descriptions, view_description,
    view_parametrage, workbook_schema,
};
use app::idempotence::Garde;
use app::{AppError, Ctx, FormatTableau};
use domain::PublicId;
use domain::calendrier::Etape;
use domain::comptes::Role;
use domain::droits::Attribution;
use domain::etablissements::Contact;
use files::tableau::FeuilleLue;
use jiff::civil::{Date, date, time};
use testkit::{TestApp, both_databases};

use crate::formations_classeur::{applied, cell, exported, id, packed, prepare, preview};

const UAI: &str = "0800001A";
const TELEPHONE: &str = "Téléphone pour le public";
const CAPACITE: &str = "Capacité d’accueil";
const ETABLISSEMENT: &str = "Établissement";
const SITES: &str = "Sites de formation";
const COMPOSANTES: &str = "Composantes";
const JOURNEES: &str = "Journées portes ouvertes";

fn sheet<'f>(feuilles: &'f mut [FeuilleLue], nom: &str) -> &'f mut FeuilleLue {
    feuilles.iter_mut().find(|f| f.nom == nom).unwrap()
}

/// A line of a list: the establishment, the identifier, then the columns.
fn line(uai: &str, id: &str, mots: &[&str]) -> (u64, Vec<String>) {
    let debut = [uai, "", id].into_iter();
    (0, debut.chain(mots.iter().copied()).map(str::to_owned).collect())
}

/// The cells of the lines of a list, without the establishment.
fn said(feuilles: &mut [FeuilleLue], nom: &str) -> Vec<Vec<String>> {
    sheet(feuilles, nom).lignes[1..].iter().map(|(_, l)| l[3..].to_vec()).collect()
}

async fn public_id(t: &TestApp, uai: &str) -> PublicId {
    let id = t.mot("SELECT public_id FROM etablissement WHERE uai = $1", vec![uai.to_owned().into()]).await;
    PublicId::parse(&id).unwrap()
}

async fn seen(t: &TestApp, ctx: &Ctx) -> VueEtablissement {
    view_etablissement(ctx, 2024, &public_id(t, UAI).await).await.unwrap()
}

async fn says(t: &TestApp, ctx: &Ctx, m: Modification) {
    save_etablissement(ctx, &Garde::default(), 2024, &public_id(t, UAI).await, &m).await.unwrap();
}

fn journee(jour: Date) -> Modification {
    let (debut, fin) = (time(9, 0, 0, 0), time(17, 30, 0, 0));
    Modification::Journee(None, JourneeSaisie { jour, debut, fin, a_distance: false, ou: "Hall".to_owned() })
}

fn composante(nom: &str) -> Modification {
    Modification::Composante(None, Composante { nom: nom.to_owned() })
}

/// Sheet, line and column of each fault.
fn places(a: &ApercuFichier) -> Vec<(&str, u64, &str)> {
    a.fautes.iter().map(|f| (f.feuille.as_str(), f.faute.ligne, f.faute.colonne.as_str())).collect()
}

/// Establishment or course, label, before and after of each difference.
fn shown(a: &ApercuFichier) -> Vec<(&str, &str, &str, &str)> {
    a.differences
        .iter()
        .map(|d| (d.formation.as_str(), d.champ.as_str(), d.avant.as_str(), d.apres.as_str()))
        .collect()
}

both_databases! {
    async fn r_eta_14_a_workbook_says_what_each_establishment_says_and_sent_back_changes_nothing(base) {
        let (t, _bts, _pass, ctx) = prepare(base).await;
        // One that has no course yet, and a neighbour that the person does not describe.
        let annexe = t.etablissement("0800002B", "Annexe").await;
        t.etablissement("0800003C", "Lycée d’à côté").await;
        let mut acteur = ctx.acteur.clone();
        acteur.attributions.push(Attribution { etablissement: Some(annexe), ..Attribution::simple(Role::AdminSite) });
        let ctx = t.ctx(acteur);
        says(&t, &ctx, composante("UFR de sciences")).await;
        says(&t, &ctx, journee(date(2024, 2, 3))).await;
        let mut feuilles = exported(&ctx).await;
        let uais: Vec<&str> = sheet(&mut feuilles, ETABLISSEMENT).lignes.iter().map(|(_, l)| l[0].as_str()).collect();
        assert_eq!(uais, ["UAI", "0800002B", UAI], "by name, and no neighbour");
        let maison = sheet(&mut feuilles, ETABLISSEMENT);
        for (colonne, dit) in [
            ("Établissement", "Lycée Jules-Verne"), ("Code postal", "80000"), (TELEPHONE, "03 22 00 00 00"),
            ("Référent handicap : prénom et nom", "Ada Référente"), ("Internat", "Pas d’internat"),
            ("L’établissement est-il habilité à recevoir des boursiers ?", "oui"),
        ] {
            assert_eq!(cell(maison, UAI, colonne), dit, "{colonne}");
        }
        assert_eq!(said(&mut feuilles, COMPOSANTES), [["UFR de sciences"]]);
        assert_eq!(said(&mut feuilles, JOURNEES), [["03/02/2024", "09:00", "17:30", "non", "Hall"]]);
        assert_eq!(said(&mut feuilles, SITES).len(), 2);
        let avant = t.nombre("SELECT CAST(SUM(version) AS BIGINT) FROM etablissement_session", vec![]).await;
        let e = export_descriptions(&ctx, 2024, FormatTableau::Xlsx).await.unwrap();
        for octets in [packed(&feuilles), e.octets] {
            let a = preview_descriptions(&ctx, 2024, "p.xlsx", &octets).await.unwrap();
            assert_eq!((a.formations, a.etablissements, a.recu.is_none()), (2, 2, true), "{:?}{:?}", a.fautes, a.differences);
            assert!(a.fautes.is_empty() && a.differences.is_empty(), "{:?}{:?}", a.fautes, a.differences);
        }
        // The same said otherwise is the same, a line without its identifier included.
        *cell(sheet(&mut feuilles, ETABLISSEMENT), UAI, TELEPHONE) = "0322.00-00 00".to_owned();
        *cell(sheet(&mut feuilles, ETABLISSEMENT), UAI, "UAI") = UAI.to_lowercase();
        *cell(sheet(&mut feuilles, JOURNEES), UAI, "Jour") = "2024-02-03".to_owned();
        *cell(sheet(&mut feuilles, JOURNEES), UAI, "Ouverture") = "9 h".to_owned();
        for nom in [COMPOSANTES, SITES, JOURNEES] {
            *cell(sheet(&mut feuilles, nom), UAI, "Identifiant") = String::new();
        }
        let a = preview(&ctx, &feuilles).await;
        assert!(a.fautes.is_empty() && a.differences.is_empty(), "{:?}{:?}", a.fautes, a.differences);
        assert_eq!(t.nombre("SELECT CAST(SUM(version) AS BIGINT) FROM etablissement_session", vec![]).await, avant);
        // A text file has the courses alone.
        let csv = export_descriptions(&ctx, 2024, FormatTableau::Csv).await.unwrap();
        let a = preview_descriptions(&ctx, 2024, "p.csv", &csv.octets).await.unwrap();
        assert_eq!((a.formations, a.etablissements, a.fautes.len(), a.differences.len()), (2, 0, 0, 0), "{:?}", a.fautes);
    }

    async fn r_eta_14_the_head_and_the_contacts_neither_leave_nor_come_back(base) {
        let (t, _bts, _pass, ctx) = prepare(base).await;
        let contact = Contact {
            fonction: "Secrétariat des admissions".to_owned(),
            nom: "Maud Temoin".to_owned(),
            courriel: "maud.temoin@lycee.example".to_owned(),
            telephone: "0322000009".to_owned(),
            objet: "Inscriptions".to_owned(),
        };
        says(&t, &ctx, Modification::Contact(None, contact)).await;
        let chef = seen(&t, &ctx).await.chefs.unwrap().remove(0);
        let feuilles = exported(&ctx).await;
        let lues = |depuis: usize| -> Vec<&String> {
            feuilles[depuis..].iter().flat_map(|f| &f.lignes).flat_map(|(_, l)| l).collect()
        };
        for prive in [chef.courriel.as_str(), &chef.telephone, "Temoin", "maud", "03 22 00 00 09"] {
            assert!(!lues(0).iter().any(|c| c.contains(prive)), "{prive}");
        }
        // The sheets of the establishments come after those of the courses.
        let siennes = lues(5);
        assert!(siennes.iter().any(|c| c.contains("Ada Référente")), "{siennes:?}");
        for prive in [chef.nom.as_str(), &chef.prenom, &chef.fonction, "Secrétariat", "Chef", "Contact", "Signa"] {
            assert!(!siennes.iter().any(|c| c.contains(prive)), "{prive}");
        }
        // Nor are they read, whatever the sheet or the column.
        let mut ajoutees = feuilles.clone();
        let maison = sheet(&mut ajoutees, ETABLISSEMENT);
        for (n, (_, l)) in maison.lignes.iter_mut().enumerate() {
            l.push(if n == 0 { "Chef d’établissement".to_owned() } else { "Autre".to_owned() });
        }
        for nom in ["Chef d’établissement", "Contacts"] {
            let lignes = vec![(1, vec!["UAI".to_owned(), "Nom".to_owned()]), (2, vec![UAI.to_owned(), "Autre".to_owned()])];
            ajoutees.push(FeuilleLue { nom: nom.to_owned(), lignes });
        }
        let a = preview(&ctx, &ajoutees).await;
        let mut ou = places(&a);
        ou.sort_unstable();
        assert_eq!(ou, [
            ("Chef d’établissement", 1, ""), ("Contacts", 1, ""), (ETABLISSEMENT, 1, "Chef d’établissement"),
        ], "{:?}", a.fautes);
        assert!(a.recu.is_none());
        // What is written of the rest leaves them as they are.
        let mut feuilles = feuilles;
        *cell(sheet(&mut feuilles, ETABLISSEMENT), UAI, "Sigle") = "LJV".to_owned();
        applied(&ctx, &feuilles).await;
        let vue = seen(&t, &ctx).await;
        assert_eq!((vue.ligne.sigle.as_str(), vue.chefs.unwrap(), vue.confirme), ("LJV", vec![chef], true));
        assert_eq!(vue.contacts.unwrap().len(), 1);
    }

    async fn r_eta_14_a_workbook_writes_establishments_after_showing_it_with_the_rest(base) {
        let (t, bts, _pass, ctx) = prepare(base).await;
        let mut feuilles = exported(&ctx).await;
        *cell(&mut feuilles[0], &bts.public_id, CAPACITE) = "30".to_owned();
        let maison = sheet(&mut feuilles, ETABLISSEMENT);
        for (colonne, dit) in [
            (TELEPHONE, "0322.33.44.55"), ("Accueil des personnes en situation de handicap", "Plain-pied.\nAscenseur."),
            ("Internat", "internat mixte"), ("Places d’internat", "120"),
            ("L’établissement est-il habilité à recevoir des boursiers ?", "non"),
        ] {
            *cell(maison, UAI, colonne) = dit.to_owned();
        }
        let a = preview(&ctx, &feuilles).await;
        let lycee = "Lycée Jules-Verne (0800001A)";
        assert_eq!(shown(&a)[1..], [
            (lycee, TELEPHONE, "03 22 00 00 00", "03 22 33 44 55"),
            (lycee, "Accueil des personnes en situation de handicap", "Accès de plain-pied.", "Plain-pied.\nAscenseur."),
            (lycee, "Internat", "Pas d’internat", "Internat mixte"), (lycee, "Places d’internat", "", "120"),
            (lycee, "L’établissement est-il habilité à recevoir des boursiers ?", "oui", "non"),
        ], "{:?}", a.fautes);
        assert_eq!(shown(&a)[0], ("BTS Électronique – Lycée Jules-Verne", CAPACITE, "24", "30"));
        let vue = seen(&t, &ctx).await;
        assert_eq!((vue.ligne.telephone.as_str(), vue.ligne.internat.as_str()), ("03 22 00 00 00", "sans"), "shown, not done");
        let actes = "SELECT COUNT(*) FROM journal WHERE objet = 'etablissement_session'";
        let avant = t.nombre(actes, vec![]).await;
        let garde = Garde { cle: Some("classeur-1".to_owned()), ..Garde::default() };
        let recu = a.recu.unwrap();
        let recepisse = apply_descriptions(&ctx, &garde, 2024, &recu).await.unwrap();
        let l = seen(&t, &ctx).await.ligne;
        assert_eq!((l.telephone.as_str(), l.accessibilite.as_str()), ("03 22 33 44 55", "Plain-pied.\nAscenseur."));
        assert_eq!((l.internat.as_str(), l.internat_places, l.boursiers), ("mixte", Some(120), Some(0)));
        assert_eq!(l.version, vue.ligne.version + 2, "a part each");
        assert_eq!(view_parametrage(&ctx, 2024, &id(&bts)).await.unwrap().capacite, Some(30));
        assert_eq!(t.nombre(actes, vec![]).await, avant + 2, "an act a part");
        // JOU-2: no free text in the journal.
        let journal: String = t.journal().await.iter().map(|l| format!("{l:?}")).collect();
        assert!(!journal.contains("Ascenseur") && !journal.contains("33 44 55"), "{journal}");
        // Done once under its key, whatever is sent again.
        let encore = apply_descriptions(&ctx, &garde, 2024, &recu).await.unwrap();
        assert_eq!(encore.numero, recepisse.numero);
        assert_eq!(t.nombre(actes, vec![]).await, avant + 2);
        let a = preview(&ctx, &exported(&ctx).await).await;
        assert!(a.fautes.is_empty() && a.differences.is_empty(), "{:?}{:?}", a.fautes, a.differences);
    }

    async fn r_eta_14_sites_components_and_open_days_follow_their_lines(base) {
        let (t, bts, _pass, ctx) = prepare(base).await;
        for m in [composante("UFR de sciences"), composante("IUT"), journee(date(2023, 11, 25)), journee(date(2024, 2, 3))] {
            says(&t, &ctx, m).await;
        }
        let site = seen(&t, &ctx).await.sites.remove(0).public_id;
        assert_eq!(view_description(&ctx, 2024, &id(&bts)).await.unwrap().description.texte("site"), site);
        // The first open day is over.
        t.at("2023-12-01T10:00");
        let ctx = t.ctx(ctx.acteur.clone());
        let mut feuilles = exported(&ctx).await;
        *cell(sheet(&mut feuilles, SITES), UAI, "Nom du site") = "Site historique".to_owned();
        let ajoute = ["Annexe", "9 rue Basse", "80 000", "Amiens", "49.9", "2,31"];
        sheet(&mut feuilles, SITES).lignes.push(line(UAI, "", &ajoute));
        let composantes = sheet(&mut feuilles, COMPOSANTES);
        composantes.lignes.retain(|(_, l)| l[3] != "IUT");
        *cell(composantes, UAI, "Nom de la composante") = "UFR des sciences".to_owned();
        let journees = sheet(&mut feuilles, JOURNEES);
        journees.lignes.truncate(1);
        journees.lignes.push(line(UAI, "", &["9/3/2024", "14h", "18 h 30", "oui", "visio.lycee.example/jpo"]));
        let a = preview(&ctx, &feuilles).await;
        let listes: Vec<(&str, &str, &str)> = shown(&a).into_iter().map(|(_, c, avant, apres)| (c, avant, apres)).collect();
        assert_eq!(listes, [
            (COMPOSANTES, "IUT\nUFR de sciences", "UFR des sciences"),
            (
                SITES,
                "Site principal – 1 rue des Écoles, 80000 Amiens (49,894 ; 2,302)",
                "Site historique – 1 rue des Écoles, 80000 Amiens (49,894 ; 2,302)\nAnnexe – 9 rue Basse, 80000 Amiens (49,9 ; 2,31)",
            ),
            (
                JOURNEES,
                "25/11/2023, de 09:00 à 17:30 : Hall\n03/02/2024, de 09:00 à 17:30 : Hall",
                "25/11/2023, de 09:00 à 17:30 : Hall\n09/03/2024, de 14:00 à 18:30 : à distance, https://visio.lycee.example/jpo",
            ),
        ], "{:?}", a.fautes);
        applied(&ctx, &feuilles).await;
        let vue = seen(&t, &ctx).await;
        let noms: Vec<&str> = vue.sites.iter().map(|s| s.nom.as_str()).collect();
        assert_eq!((noms, vue.sites[0].public_id.as_str()), (vec!["Site historique", "Annexe"], site.as_str()), "the same site");
        assert_eq!((vue.sites[1].latitude, vue.sites[1].longitude), (Some(49.9), Some(2.31)));
        assert_eq!(vue.composantes.iter().map(|c| c.nom.as_str()).collect::<Vec<_>>(), ["UFR des sciences"]);
        let jours: Vec<Date> = vue.journees.iter().map(|j| j.jour).collect();
        assert_eq!(jours, [date(2023, 11, 25), date(2024, 3, 9)], "R-ETA-12: what is over stays");
        assert_eq!(view_description(&ctx, 2024, &id(&bts)).await.unwrap().description.texte("site"), site, "still named");
        // R-ETA-09: a site that a course names is not taken away, and the file says which course.
        let mut feuilles = exported(&ctx).await;
        sheet(&mut feuilles, SITES).lignes.retain(|(_, l)| l[3] != "Site historique");
        let a = preview(&ctx, &feuilles).await;
        assert_eq!(places(&a), [(SITES, 1, "")], "{:?}", a.fautes);
        let motif = &a.fautes[0].faute.motif;
        assert!(motif.starts_with("« Site historique") && motif.contains("BTS Électronique"), "{motif}");
        // A list that the file has not stays as it is, and so does one of which it has no column.
        let mut feuilles = exported(&ctx).await;
        feuilles.retain(|f| f.nom != SITES && f.nom != COMPOSANTES);
        let vide = vec!["UAI".to_owned(), "Établissement".to_owned()];
        feuilles.push(FeuilleLue { nom: COMPOSANTES.to_owned(), lignes: vec![(1, vide)] });
        let a = preview(&ctx, &feuilles).await;
        assert!(a.fautes.is_empty() && a.differences.is_empty(), "{:?}{:?}", a.fautes, a.differences);
        // Neither does one empty the lists of an establishment that only another list names.
        let mut feuilles = exported(&ctx).await;
        feuilles.retain(|f| [COMPOSANTES, SITES].contains(&f.nom.as_str()));
        sheet(&mut feuilles, SITES).lignes.truncate(1);
        let a = preview(&ctx, &feuilles).await;
        assert!(a.fautes.is_empty() && a.differences.is_empty(), "{:?}{:?}", a.fautes, a.differences);
        // A second sheet of the same list would take away the lines of the first one.
        let lignes = sheet(&mut feuilles, SITES).lignes.clone();
        feuilles.push(FeuilleLue { nom: "Sites-de-formation".to_owned(), lignes });
        let a = preview(&ctx, &feuilles).await;
        assert_eq!(places(&a), [("Sites-de-formation", 1, "")], "{:?}", a.fautes);
        // Without identifiers and in another order, each line is that of its very name.
        for nom in ["Pôle A-1", "Pôle A1"] {
            says(&t, &ctx, composante(nom)).await;
        }
        feuilles.retain(|f| f.nom == COMPOSANTES);
        feuilles[0].lignes.extend([line(UAI, "", &["Pôle A1"]), line(UAI, "", &["Pôle A-1"])]);
        let a = preview(&ctx, &feuilles).await;
        assert!(a.fautes.is_empty() && a.differences.is_empty(), "{:?}{:?}", a.fautes, a.differences);
    }

    async fn r_eta_14_every_fault_of_an_establishment_says_its_sheet_its_line_and_its_column(base) {
        let (t, bts, _pass, ctx) = prepare(base).await;
        t.etablissement("0800003C", "Lycée d’à côté").await;
        let voisin = "SELECT s.public_id FROM site_formation s JOIN etablissement_session es ON es.id = s.etablissement_session_id
                      JOIN etablissement e ON e.id = es.etablissement_id WHERE e.uai = $1";
        let voisin = t.mot(voisin, vec!["0800003C".to_owned().into()]).await;
        let avant = seen(&t, &ctx).await.ligne;
        let mut feuilles = exported(&ctx).await;
        *cell(&mut feuilles[0], &bts.public_id, CAPACITE) = "30".to_owned();
        let maison = sheet(&mut feuilles, ETABLISSEMENT);
        for (colonne, dit) in [
            ("Code postal", "8"), ("Commune", ""), ("Référent handicap : adresse électronique", "rien"),
            ("Internat", "Dortoir"), ("Places d’internat", "beaucoup"),
        ] {
            *cell(maison, UAI, colonne) = dit.to_owned();
        }
        let mut voisine = maison.lignes[1].clone();
        voisine.1[0] = "0800003C".to_owned();
        let mut inconnue = voisine.clone();
        inconnue.1[0] = "9999999Z".to_owned();
        let encore = maison.lignes[1].clone();
        maison.lignes.extend([voisine, inconnue, encore]);
        let sites = sheet(&mut feuilles, SITES);
        // A line of the neighbour, under one's own code; then one more for the neighbour.
        sites.lignes.push(line(UAI, &voisin, &["Annexe", "9 rue Basse", "80000", "Amiens", "", ""]));
        sites.lignes.push(line(UAI, "", &["Autre annexe", "", "80000", "Amiens", "95", "2"]));
        sites.lignes.push(line("0800003C", "", &["Annexe", "9 rue Basse", "80000", "Amiens", "", ""]));
        let journees = sheet(&mut feuilles, JOURNEES);
        journees.lignes.push(line(UAI, "", &["hier", "9:00", "", "", "Hall"]));
        journees.lignes.push(line(UAI, "", &["03/02/2023", "9:00", "8:00", "", ""]));
        for (n, (_, l)) in journees.lignes.iter_mut().enumerate() {
            l.push(if n == 0 { "Notes".to_owned() } else { "x".to_owned() });
        }
        let a = preview(&ctx, &feuilles).await;
        let mut ou = places(&a);
        ou.sort_unstable();
        let mut attendu = vec![
            (ETABLISSEMENT, 2, "Code postal"), (ETABLISSEMENT, 2, "Commune"), (ETABLISSEMENT, 2, "Internat"),
            (ETABLISSEMENT, 2, "Places d’internat"), (ETABLISSEMENT, 2, "Référent handicap : adresse électronique"),
            (ETABLISSEMENT, 3, "UAI"), (ETABLISSEMENT, 4, "UAI"), (ETABLISSEMENT, 5, "UAI"),
            (JOURNEES, 1, "Notes"), (JOURNEES, 2, "Fermeture"), (JOURNEES, 2, "Jour"),
            (JOURNEES, 3, "Fermeture"), (JOURNEES, 3, "Jour"), (JOURNEES, 3, "Lieu, ou adresse du site à distance"),
            (SITES, 3, "Identifiant"), (SITES, 4, "Latitude"), (SITES, 4, "Numéro et voie"), (SITES, 5, "UAI"),
        ];
        attendu.sort_unstable();
        assert_eq!(ou, attendu, "{:?}", a.fautes);
        let dit = |feuille: &str, colonne: &str| {
            a.fautes.iter().find(|f| f.feuille == feuille && f.faute.colonne == colonne).unwrap()
        };
        assert!(dit(ETABLISSEMENT, "UAI").faute.motif.contains("0800003C"), "{:?}", a.fautes);
        assert!(dit(ETABLISSEMENT, "Internat").faute.motif.contains("Internat mixte"), "what is offered is said");
        assert_eq!(dit(ETABLISSEMENT, "Commune").formation, "Lycée Jules-Verne (0800001A)");
        assert!(a.recu.is_none() && a.differences.is_empty());
        // Without what says which establishment it is, nothing is read.
        let lignes = vec![(1, vec!["Sigle".to_owned()]), (2, vec!["LJV".to_owned()])];
        let sans = [FeuilleLue { nom: ETABLISSEMENT.to_owned(), lignes }];
        assert_eq!(places(&preview(&ctx, &sans).await), [(ETABLISSEMENT, 1, "UAI")]);
        // Nor is a list emptied by a sheet that cannot tell one of its lines from another.
        let lignes = vec![(1, vec!["UAI".to_owned(), "Commune".to_owned()]), (2, vec![UAI.to_owned(), "Laon".to_owned()])];
        let muette = [FeuilleLue { nom: SITES.to_owned(), lignes }];
        assert_eq!(places(&preview(&ctx, &muette).await), [(SITES, 1, "Nom du site")]);
        assert_eq!(seen(&t, &ctx).await.ligne, avant);
        assert_eq!(view_parametrage(&ctx, 2024, &id(&bts)).await.unwrap().capacite, Some(24));
    }

    async fn r_eta_14_a_closed_step_refuses_all_of_the_file_but_for_open_days(base) {
        let (t, bts, _pass, ctx) = prepare(base).await;
        let mut feuilles = exported(&ctx).await;
        *cell(&mut feuilles[0], &bts.public_id, CAPACITE) = "30".to_owned();
        *cell(sheet(&mut feuilles, ETABLISSEMENT), UAI, TELEPHONE) = "03 22 33 44 55".to_owned();
        let a = preview(&ctx, &feuilles).await;
        // Verified in time, applied too late: capacities are still open, and are not written either.
        t.at_closing(Etape::Parametrage).await;
        let tard = t.ctx(ctx.acteur.clone());
        let refus = apply_descriptions(&tard, &Garde::default(), 2024, a.recu.as_deref().unwrap()).await;
        assert!(matches!(refus, Err(AppError::Rule(_))), "{refus:?}");
        assert_eq!(view_parametrage(&tard, 2024, &id(&bts)).await.unwrap().capacite, Some(24));
        assert_eq!(seen(&t, &tard).await.ligne.telephone, "03 22 00 00 00");
        // Verified too late, it is told on the line.
        let a = preview(&tard, &feuilles).await;
        assert_eq!(places(&a), [(ETABLISSEMENT, 2, "")], "{:?}", a.fautes);
        assert!(a.fautes[0].faute.motif.contains("close") && a.recu.is_none(), "{:?}", a.fautes);
        // R-ETA-12: open days are told all year, and what did not change is asked nothing.
        let mut feuilles = exported(&tard).await;
        *cell(&mut feuilles[0], &bts.public_id, CAPACITE) = "30".to_owned();
        sheet(&mut feuilles, JOURNEES).lignes.push(line(UAI, "", &["09/03/2024", "9:00", "17:00", "", "Hall"]));
        applied(&tard, &feuilles).await;
        assert_eq!(view_parametrage(&tard, 2024, &id(&bts)).await.unwrap().capacite, Some(30));
        assert_eq!(seen(&t, &tard).await.journees.len(), 1);
    }

    async fn r_eta_14_an_establishment_written_since_refuses_all_of_the_file(base) {
        let (t, bts, _pass, ctx) = prepare(base).await;
        let mut feuilles = exported(&ctx).await;
        *cell(&mut feuilles[0], &bts.public_id, CAPACITE) = "30".to_owned();
        *cell(sheet(&mut feuilles, ETABLISSEMENT), UAI, TELEPHONE) = "03 22 33 44 55".to_owned();
        // The list is left out: what is added meanwhile would be taken away, and shown.
        feuilles.retain(|f| f.nom != COMPOSANTES);
        let a = preview(&ctx, &feuilles).await;
        assert_eq!(a.differences.len(), 2, "{:?}{:?}", a.fautes, a.differences);
        // TRX-4: another part, written since, is another version.
        says(&t, &ctx, composante("UFR de sciences")).await;
        let refus = apply_descriptions(&ctx, &Garde::default(), 2024, a.recu.as_deref().unwrap()).await;
        assert!(matches!(refus, Err(AppError::Conflict)), "{refus:?}");
        assert_eq!(view_parametrage(&ctx, 2024, &id(&bts)).await.unwrap().capacite, Some(24), "nothing is half-written");
        assert_eq!(seen(&t, &ctx).await.ligne.telephone, "03 22 00 00 00");
        // Verified again, it is applied; the rest stays.
        applied(&ctx, &feuilles).await;
        let vue = seen(&t, &ctx).await;
        assert_eq!((vue.ligne.telephone.as_str(), vue.composantes.len()), ("03 22 33 44 55", 1));
        assert_eq!(view_parametrage(&ctx, 2024, &id(&bts)).await.unwrap().capacite, Some(30));
    }

    async fn r_eta_14_whoever_describes_no_establishment_has_the_workbook_of_before(base) {
        let (t, bts, _pass, ctx) = prepare(base).await;
        let (_, acteur) = t.responsable("resp@lycee.example", &bts).await;
        let resp = t.ctx(acteur);
        let siennes = exported(&resp).await;
        let noms: Vec<&str> = siennes.iter().map(|f| f.nom.as_str()).collect();
        assert_eq!(noms, ["Formations", "Pièces demandées", "Questionnaire", "Épreuves et entretiens", "Critères"]);
        // The sheet of somebody else is refused as a whole, once.
        let mut feuilles = exported(&ctx).await;
        let mut maison = sheet(&mut feuilles, ETABLISSEMENT).clone();
        *cell(&mut maison, UAI, TELEPHONE) = "03 22 33 44 55".to_owned();
        let mut envoyees = siennes.clone();
        envoyees.push(maison);
        let a = preview(&resp, &envoyees).await;
        assert_eq!(places(&a), [(ETABLISSEMENT, 1, "")], "{:?}", a.fautes);
        assert!(a.fautes[0].faute.motif.contains("Votre rôle") && a.recu.is_none(), "{:?}", a.fautes);
        // A file of before the sheets, sent by whoever describes it, changes nothing of it.
        let avant = seen(&t, &ctx).await.ligne;
        feuilles.truncate(noms.len());
        *cell(&mut feuilles[0], &bts.public_id, CAPACITE) = "30".to_owned();
        let a = preview(&ctx, &feuilles).await;
        assert_eq!((a.differences.len(), a.etablissements), (1, 0), "{:?}{:?}", a.fautes, a.differences);
        applied(&ctx, &feuilles).await;
        assert_eq!(seen(&t, &ctx).await.ligne, avant);
    }

    async fn r_eta_14_the_schema_of_the_workbook_has_the_sheets_of_the_establishment(base) {
        let (_t, _bts, _pass, ctx) = prepare(base).await;
        let feuilles = exported(&ctx).await;
        let schema = workbook_schema();
        let noms: Vec<&str> = schema.iter().map(|f| f.nom.as_str()).collect();
        assert_eq!(noms, feuilles.iter().map(|f| f.nom.as_str()).collect::<Vec<_>>());
        for (f, ecrite) in schema.iter().zip(&feuilles).skip(5) {
            let titres: Vec<&str> = f.colonnes.iter().map(|c| c.titre.as_str()).collect();
            assert_eq!(titres, ecrite.lignes[0].1.iter().map(String::as_str).collect::<Vec<_>>());
            let requises: Vec<&str> = f.colonnes.iter().filter(|c| c.requise).map(|c| c.titre.as_str()).collect();
            assert_eq!(requises, ["UAI"]);
            assert!(f.colonnes.iter().all(|c| !c.quoi.is_empty()), "{}", f.nom);
        }
    }
}
