//! R-ETA-14: what establishments say of themselves, on the workbook of the settings; on both databases.
#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]

use std::collections::BTreeSet;

use app::etablissements::{
    Composante, JourneeSaisie, Modification, VueEtablissement, save_etablissement, view_etablissement,
};
use app::formations::{
    ApercuFichier, Guichet, Ouverture, Reponse, Retour, answer_demande, apply_descriptions, ask_reouverture,
    export_descriptions, preview_descriptions, return_formation, submit_formation, view_description,
    view_lot, view_parametrage, workbook_schema,
};
use app::idempotence::Garde;
use app::{AppError, Ctx, FormatTableau};
use domain::calendrier::Etape;
use domain::comptes::Role;
use domain::droits::Attribution;
use domain::etablissements::{Contact, Partie};
use domain::formations::Famille;
use domain::{PublicId, RuleViolation};
use files::tableau::FeuilleLue;
use jiff::SignedDuration;
use jiff::civil::{Date, date, time};
use store::etablissements::hold_parametrages;
use store::formations::hold_formations;
use testkit::fabrique::FormationEssai;
use testkit::{Compteurs, TestApp, both_databases};

use crate::formations_classeur::{applied, cell, exported, id, packed, prepare, preview};

const UAI: &str = "0800001A";
const TELEPHONE: &str = "Téléphone pour le public";
const CAPACITE: &str = "Capacité d’accueil";
const ETABLISSEMENT: &str = "Établissement";
const SITES: &str = "Sites de formation";
const COMPOSANTES: &str = "Composantes";
const JOURNEES: &str = "Journées portes ouvertes";
/// The columns of the first sheet that name a place.
const SITE: &str = "Site de formation";
const COMPOSANTE: &str = "Composante";

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

/// The line of a course on the first sheet.
fn row(feuilles: &[FeuilleLue], f: &FormationEssai) -> u64 {
    feuilles[0].lignes.iter().position(|(_, l)| l[0] == f.public_id).unwrap() as u64 + 1
}

/// What the draft of a course says in a field.
async fn described(ctx: &Ctx, f: &FormationEssai, champ: &str) -> String {
    view_description(ctx, 2024, &id(f)).await.unwrap().description.texte(champ).to_owned()
}

/// How many statements it takes to apply a file.
async fn cost(ctx: &Ctx, feuilles: &[FeuilleLue]) -> u64 {
    let a = preview(ctx, feuilles).await;
    assert!(a.fautes.is_empty(), "{:?}", a.fautes);
    let recu = a.recu.unwrap();
    let acte = async { apply_descriptions(ctx, &Garde::default(), 2024, &recu).await };
    let (fait, instructions) = Compteurs::statements(acte).await;
    fait.unwrap();
    instructions
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
        assert_eq!(l.version, vue.ligne.version + 1, "written at once");
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
        assert!(motif.starts_with("« Site historique"), "{motif}");
        assert!(motif.contains("BTS Électronique (feuille « Formations », ligne 2)"), "{motif}");
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

    async fn r_eta_14_r_eta_09_a_place_goes_with_the_file_that_moves_its_courses(base) {
        let (t, bts, pass, ctx) = prepare(base).await;
        for nom in ["IUT", "UFR de sciences"] {
            says(&t, &ctx, composante(nom)).await;
        }
        let mut feuilles = exported(&ctx).await;
        *cell(&mut feuilles[0], &bts.public_id, COMPOSANTE) = "IUT".to_owned();
        applied(&ctx, &feuilles).await;
        let avant = seen(&t, &ctx).await;
        // The site and a component go; one course leaves them, the other one stays at the site.
        let mut feuilles = exported(&ctx).await;
        let sites = sheet(&mut feuilles, SITES);
        sites.lignes.truncate(1);
        sites.lignes.push(line(UAI, "", &["Annexe", "9 rue Basse", "80000", "Amiens", "", ""]));
        sheet(&mut feuilles, COMPOSANTES).lignes.retain(|(_, l)| l[3] != "IUT");
        *cell(&mut feuilles[0], &bts.public_id, SITE) = "Annexe".to_owned();
        *cell(&mut feuilles[0], &bts.public_id, COMPOSANTE) = String::new();
        let a = preview(&ctx, &feuilles).await;
        assert_eq!(places(&a), [(SITES, 1, "")], "{:?}", a.fautes);
        let motif = &a.fautes[0].faute.motif;
        let ou = format!("PASS (feuille « Formations », ligne {})", row(&feuilles, &pass));
        assert!(motif.contains(&ou) && !motif.contains("BTS"), "{motif}");
        // The same of one whose line is not in the file.
        let mut sans = feuilles.clone();
        sans[0].lignes.retain(|(_, l)| l[0] != pass.public_id);
        let a = preview(&ctx, &sans).await;
        assert_eq!(places(&a), [(SITES, 1, "")], "{:?}", a.fautes);
        assert!(a.fautes[0].faute.motif.contains("PASS (absente de la feuille « Formations »)"), "{:?}", a.fautes);
        // One that would come there is told on its own line.
        let mut vers = feuilles.clone();
        *cell(&mut vers[0], &pass.public_id, SITE) = "Annexe".to_owned();
        *cell(&mut vers[0], &pass.public_id, COMPOSANTE) = "IUT".to_owned();
        let a = preview(&ctx, &vers).await;
        assert_eq!(places(&a), [("Formations", row(&vers, &pass), COMPOSANTE)], "{:?}", a.fautes);
        // All of them leave: shown, and what would be lost is counted.
        *cell(&mut feuilles[0], &pass.public_id, SITE) = "Annexe".to_owned();
        let a = preview(&ctx, &feuilles).await;
        let dites: Vec<(&str, &str, &str)> = shown(&a).into_iter().map(|(_, c, avant, apres)| (c, avant, apres)).collect();
        let principal = "Site principal – 1 rue des Écoles, 80000 Amiens (49,894 ; 2,302)";
        assert_eq!(dites, [
            (SITE, "Site principal", "Annexe"), (COMPOSANTE, "IUT", ""), (SITE, "Site principal", "Annexe"),
            (COMPOSANTES, "IUT\nUFR de sciences", "UFR de sciences"), (SITES, principal, "Annexe – 9 rue Basse, 80000 Amiens"),
        ], "{:?}", a.fautes);
        let perdues: Vec<&str> = a.differences.iter().flat_map(|d| &d.retirees).map(String::as_str).collect();
        assert_eq!((a.lignes_retirees(), perdues), (2, vec!["IUT", principal]));
        // Another course comes there meanwhile: nothing is done.
        let autre = t.formation(bts.etablissement, "BTS Optique", Famille::Bts, true, 24, false).await;
        let recu = a.recu.unwrap();
        let refus = apply_descriptions(&ctx, &Garde::default(), 2024, &recu).await;
        assert!(matches!(&refus, Err(AppError::Rule(RuleViolation::LieuNomme { formations })) if formations.len() == 1), "{refus:?}");
        assert_eq!(seen(&t, &ctx).await.sites, avant.sites);
        assert_eq!(described(&ctx, &bts, "site").await, avant.sites[0].public_id);
        // Closed, it is taught nowhere any more.
        t.sql("UPDATE formation_session SET etat = 'fermee' WHERE id = $1", vec![autre.formation_session.into()]).await;
        apply_descriptions(&ctx, &Garde::default(), 2024, &recu).await.unwrap();
        let apres = seen(&t, &ctx).await;
        let noms: Vec<&str> = apres.sites.iter().map(|s| s.nom.as_str()).collect();
        assert_eq!((noms, apres.composantes.len()), (vec!["Annexe"], 1));
        for f in [&bts, &pass] {
            assert_eq!(described(&ctx, f, "site").await, apres.sites[0].public_id);
        }
        assert_eq!(described(&ctx, &bts, "composante").await, "");
        let a = preview(&ctx, &exported(&ctx).await).await;
        assert!(a.fautes.is_empty() && a.differences.is_empty(), "{:?}{:?}", a.fautes, a.differences);
    }

    async fn r_eta_14_a_place_that_the_file_adds_is_named_by_its_courses_and_never_guessed(base) {
        let (t, bts, pass, ctx) = prepare(base).await;
        let mut feuilles = exported(&ctx).await;
        sheet(&mut feuilles, SITES).lignes.push(line(UAI, "", &["Annexe", "9 rue Basse", "80000", "Amiens", "", ""]));
        sheet(&mut feuilles, COMPOSANTES).lignes.push(line(UAI, "", &["IUT"]));
        *cell(&mut feuilles[0], &bts.public_id, SITE) = "Annexe".to_owned();
        *cell(&mut feuilles[0], &bts.public_id, COMPOSANTE) = "IUT".to_owned();
        let a = preview(&ctx, &feuilles).await;
        assert_eq!(shown(&a)[..2], [
            ("BTS Électronique – Lycée Jules-Verne", SITE, "Site principal", "Annexe"),
            ("BTS Électronique – Lycée Jules-Verne", COMPOSANTE, "", "IUT"),
        ], "{:?}", a.fautes);
        assert_eq!(a.lignes_retirees(), 0);
        applied(&ctx, &feuilles).await;
        let vue = seen(&t, &ctx).await;
        assert_eq!((vue.sites.len(), vue.composantes.len()), (2, 1));
        assert_eq!(described(&ctx, &bts, "site").await, vue.sites[1].public_id);
        assert_eq!(described(&ctx, &bts, "composante").await, vue.composantes[0].public_id);
        assert_eq!(described(&ctx, &pass, "site").await, vue.sites[0].public_id);
        let actes = "SELECT COUNT(*) FROM journal WHERE objet = 'formation_description' AND issue = 'fait'";
        assert_eq!(t.nombre(actes, vec![]).await, 1, "the course that moved, once");
        // Another one of the same name: which of them is not guessed, and each has a name of its own.
        let mut feuilles = exported(&ctx).await;
        sheet(&mut feuilles, SITES).lignes.push(line(UAI, "", &["Annexe", "3 rue Haute", "80000", "Amiens", "", ""]));
        let a = preview(&ctx, &feuilles).await;
        assert_eq!(places(&a), [("Formations", row(&feuilles, &bts), SITE)], "{:?}", a.fautes);
        let motif = &a.fautes[0].faute.motif;
        assert!(motif.contains("« Annexe (9 rue Basse, Amiens) » ; « Annexe (3 rue Haute, Amiens) »"), "{motif}");
        *cell(&mut feuilles[0], &bts.public_id, SITE) = "Annexe (3 rue Haute, Amiens)".to_owned();
        applied(&ctx, &feuilles).await;
        let vue = seen(&t, &ctx).await;
        assert_eq!(described(&ctx, &bts, "site").await, vue.sites[2].public_id);
        // A line that is refused is named all the same: its own fault is the only one.
        let mut feuilles = exported(&ctx).await;
        let sites = sheet(&mut feuilles, SITES);
        sites.lignes.push(line(UAI, "", &["Quai", "", "80000", "Amiens", "", ""]));
        let derniere = sites.lignes.len() as u64;
        *cell(&mut feuilles[0], &pass.public_id, SITE) = "Quai".to_owned();
        let a = preview(&ctx, &feuilles).await;
        assert_eq!(places(&a), [(SITES, derniere, "Numéro et voie")], "{:?}", a.fautes);
        // The names of two of them exchanged: nobody knows whether courses follow the name.
        let mut feuilles = exported(&ctx).await;
        let sites = sheet(&mut feuilles, SITES);
        sites.lignes.truncate(3);
        let noms = [sites.lignes[2].1[3].clone(), sites.lignes[1].1[3].clone()];
        for (l, nom) in sites.lignes[1..].iter_mut().zip(noms) {
            l.1[3] = nom;
        }
        *cell(&mut feuilles[0], &bts.public_id, SITE) = vue.sites[0].public_id.clone();
        let a = preview(&ctx, &feuilles).await;
        assert_eq!(places(&a), [("Formations", row(&feuilles, &pass), SITE)], "{:?}", a.fautes);
        assert!(a.fautes[0].faute.motif.contains("qui n’a pas servi"), "{:?}", a.fautes);
    }

    async fn r_eta_14_r_ctl_04_courses_that_the_file_may_not_move_keep_their_site(base) {
        let (t, bts, pass, ctx) = prepare(base).await;
        t.controle_academique(true).await;
        submit_formation(&ctx, &Garde::default(), 2024, &id(&bts)).await.unwrap();
        let agent = Attribution { academies: vec!["20".to_owned()], ..Attribution::simple(Role::Academie) };
        let (_, agent) = t.personne("agent@ac.example", agent).await;
        // The step is over; the site of one course, and the sites of the establishment, are open again.
        t.at("2023-12-14T10:00");
        let (tard, agent) = (t.ctx(ctx.acteur.clone()), t.ctx(agent));
        let jusqu_a = date(2023, 12, 20);
        let motifs = vec![("site", "Ce site a fermé, dit votre page d’accueil.".to_owned())];
        return_formation(&agent, &Garde::default(), 2024, &id(&bts), &Retour { motifs, jusqu_a }).await.unwrap();
        let maison = public_id(&t, UAI).await;
        let parties = BTreeSet::from([Partie::Sites]);
        let motif = "Nous déménageons avant la rentrée prochaine.";
        ask_reouverture(&tard, &Garde::default(), 2024, &maison, (&parties, jusqu_a), motif).await.unwrap();
        let demande = t.mot("SELECT public_id FROM demande_formation ORDER BY id DESC LIMIT 1", vec![]).await;
        let reponse = Reponse::Rouvrir(String::new(), BTreeSet::from(["sites".to_owned()]), jusqu_a);
        let demande = PublicId::parse(&demande).unwrap();
        answer_demande(&agent, &Garde::default(), 2024, Guichet::Academie, &demande, &reponse).await.unwrap();
        // Both would move: the one that may not says why, and the site says that it stays there.
        let mut feuilles = exported(&tard).await;
        let principal = sheet(&mut feuilles, SITES).lignes[1].clone();
        let sites = sheet(&mut feuilles, SITES);
        sites.lignes.truncate(1);
        sites.lignes.push(line(UAI, "", &["Annexe", "9 rue Basse", "80000", "Amiens", "", ""]));
        for f in [&bts, &pass] {
            *cell(&mut feuilles[0], &f.public_id, SITE) = "Annexe".to_owned();
        }
        let a = preview(&tard, &feuilles).await;
        assert_eq!(places(&a), [("Formations", row(&feuilles, &pass), SITE), (SITES, 1, "")], "{:?}", a.fautes);
        assert!(a.fautes[0].faute.motif.contains("est close depuis") && a.fautes[0].page.is_some(), "{:?}", a.fautes);
        let motif = &a.fautes[1].faute.motif;
        assert!(motif.contains("PASS") && !motif.contains("BTS"), "{motif}");
        // The site stays beside the new one; what is open again is written.
        *cell(&mut feuilles[0], &pass.public_id, SITE) = "Site principal".to_owned();
        sheet(&mut feuilles, SITES).lignes.push(principal);
        applied(&tard, &feuilles).await;
        let vue = seen(&t, &tard).await;
        assert_eq!(vue.sites.len(), 2);
        assert_eq!(described(&tard, &bts, "site").await, vue.sites[1].public_id);
        assert_eq!(described(&tard, &pass, "site").await, vue.sites[0].public_id);
    }

    async fn r_eta_14_thirty_lines_are_written_by_as_many_statements_as_one(base) {
        let (t, _bts, _pass, ctx) = prepare(base).await;
        let mut couts = Vec::new();
        for plage in [0..1, 1..30] {
            let mut feuilles = exported(&ctx).await;
            for n in plage {
                let (ufr, site, jour) = (format!("UFR {n:02}"), format!("Site {n:02}"), format!("{:02}/03/2024", n + 1));
                sheet(&mut feuilles, COMPOSANTES).lignes.push(line(UAI, "", &[ufr.as_str()]));
                let site = [site.as_str(), "9 rue Basse", "80000", "Amiens", "", ""];
                sheet(&mut feuilles, SITES).lignes.push(line(UAI, "", &site));
                let journee = [jour.as_str(), "9:00", "17:00", "", "Hall"];
                sheet(&mut feuilles, JOURNEES).lignes.push(line(UAI, "", &journee));
            }
            couts.push(cost(&ctx, &feuilles).await);
        }
        assert_eq!(couts[0], couts[1], "added");
        couts.clear();
        for (combien, mot) in [(1, "Faculté"), (29, "École")] {
            let mut feuilles = exported(&ctx).await;
            for (nom, colonne) in [(COMPOSANTES, 3), (SITES, 4), (JOURNEES, 7)] {
                // The first site is the one of the fixture.
                let debut = if nom == SITES { 2 } else { 1 };
                for (_, l) in sheet(&mut feuilles, nom).lignes[debut..].iter_mut().take(combien) {
                    l[colonne].push_str(mot);
                }
            }
            couts.push(cost(&ctx, &feuilles).await);
        }
        assert_eq!(couts[0], couts[1], "written over");
        couts.clear();
        // Five files leave in an hour.
        let ctx = Ctx { recu_le: ctx.recu_le + SignedDuration::from_hours(2), ..ctx };
        for combien in [1, 29] {
            let mut feuilles = exported(&ctx).await;
            for nom in [COMPOSANTES, SITES, JOURNEES] {
                let debut = if nom == SITES { 2 } else { 1 };
                sheet(&mut feuilles, nom).lignes.drain(debut..debut + combien);
            }
            couts.push(cost(&ctx, &feuilles).await);
        }
        assert_eq!(couts[0], couts[1], "taken away");
        let vue = seen(&t, &ctx).await;
        assert_eq!((vue.sites.len(), vue.composantes.len(), vue.journees.len()), (1, 0, 0));
        // Each line is an act of the journal, whatever the number of statements.
        let actes = "SELECT COUNT(*) FROM journal WHERE objet = 'etablissement_session'";
        assert_eq!(t.nombre(actes, vec![]).await, 3 * (30 + 30 + 30));
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

    async fn r_eta_06_a_workbook_tells_an_open_day_once(base) {
        let (t, _bts, _pass, ctx) = prepare(base).await;
        says(&t, &ctx, journee(date(2024, 2, 3))).await;
        let mut feuilles = exported(&ctx).await;
        let journees = sheet(&mut feuilles, JOURNEES);
        for jour in ["03/02/2024", "09/03/2024", "09/03/2024"] {
            journees.lignes.push(line(UAI, "", &[jour, "9:00", "17:30", "", "hall"]));
        }
        let a = preview(&ctx, &feuilles).await;
        assert_eq!(places(&a), [(JOURNEES, 3, "Jour"), (JOURNEES, 5, "Jour")], "{:?}", a.fautes);
        assert!(a.fautes[0].faute.motif.contains("déjà annoncée") && a.recu.is_none(), "{:?}", a.fautes);
        // Two days exchanged in one file are as many as before.
        let mut feuilles = exported(&ctx).await;
        sheet(&mut feuilles, JOURNEES).lignes.push(line(UAI, "", &["09/03/2024", "9:00", "17:30", "", "Hall"]));
        applied(&ctx, &feuilles).await;
        let mut feuilles = exported(&ctx).await;
        let lignes = &mut sheet(&mut feuilles, JOURNEES).lignes;
        (lignes[1].1[3], lignes[2].1[3]) = ("09/03/2024".to_owned(), "03/02/2024".to_owned());
        applied(&ctx, &feuilles).await;
        assert_eq!(seen(&t, &ctx).await.journees.len(), 2);
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

    async fn r_eta_14_r_eta_12_an_establishment_without_courses_is_told_by_file_as_long_as_something_of_it_is(base) {
        let t = TestApp::with_session_2024(base).await;
        let seul = t.etablissement(UAI, "Lycée Jules-Verne").await;
        let maison = |role| Attribution { etablissement: Some(seul), ..Attribution::simple(role) };
        let (_, admin) = t.personne("admin@lycee.example", maison(Role::AdminSite)).await;
        let (_, chef) = t.personne("chef@lycee.example", maison(Role::ChefEtab)).await;
        let admin = || t.ctx(admin.clone());
        t.at("2023-11-20T10:00");
        let lot = view_lot(&admin(), 2024).await.unwrap();
        assert_eq!((lot.total, lot.saisie.est_ouverte(), lot.journees), (0, true, true));
        // Whoever writes no description sends no file, although the head describes the establishment on its pages.
        let lot = view_lot(&t.ctx(chef.clone()), 2024).await.unwrap();
        assert!(lot.saisie == Ouverture::SansDroit && !lot.journees, "{lot:?}");
        t.at_closing(Etape::CapacitesFrais).await;
        let lot = view_lot(&admin(), 2024).await.unwrap();
        assert!(matches!(lot.saisie, Ouverture::Fermee(RuleViolation::Closed { .. })) && lot.journees, "{lot:?}");
        // What the page then asks for is taken.
        let mut feuilles = exported(&admin()).await;
        sheet(&mut feuilles, JOURNEES).lignes.push(line(UAI, "", &["09/03/2024", "9:00", "17:00", "", "Hall"]));
        applied(&admin(), &feuilles).await;
        assert_eq!(seen(&t, &admin()).await.journees.len(), 1);
        // An archived session takes nothing.
        t.sql("UPDATE session_admission SET etat = 'archivee'", vec![]).await;
        assert!(!view_lot(&admin(), 2024).await.unwrap().journees);
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

    async fn r_for_19_r_eta_14_establishments_are_held_in_one_order_then_their_courses(base) {
        let (t, bts, _pass, ctx) = prepare(base).await;
        // First by its name, last by its key; so is its course.
        let annexe = t.etablissement("0800002B", "Annexe").await;
        let aes = t.formation(annexe, "AES", Famille::Licence, false, 24, false).await;
        let mut acteur = ctx.acteur.clone();
        acteur.attributions.push(Attribution { etablissement: Some(annexe), ..Attribution::simple(Role::AdminSite) });
        let ctx = t.ctx(acteur);
        let mut feuilles = exported(&ctx).await;
        for (f, uai) in [(&aes, "0800002B"), (&bts, UAI)] {
            *cell(&mut feuilles[0], &f.public_id, CAPACITE) = "30".to_owned();
            *cell(sheet(&mut feuilles, ETABLISSEMENT), uai, TELEPHONE) = "03 22 33 44 55".to_owned();
        }
        let a = preview(&ctx, &feuilles).await;
        let nommees: Vec<&str> = a.differences.iter().map(|d| &d.formation[..3]).collect();
        assert_eq!(nommees, ["AES", "BTS", "Ann", "Lyc"], "{:?}", a.fautes);
        let recu = a.recu.unwrap();
        let mut maisons = Vec::new();
        for etablissement in [bts.etablissement, annexe] {
            let sql = "SELECT id FROM etablissement_session WHERE etablissement_id = $1";
            maisons.push(t.nombre(sql, vec![etablissement.into()]).await);
        }
        // Somebody holds one after the other, as an integration of the catalogue does: establishments by their keys, then courses by theirs.
        let tx = t.app.db.begin_write().await.unwrap();
        hold_parametrages(&tx, &maisons[..1]).await.unwrap();
        let garde = Garde::default();
        let (fait, ()) = tokio::join!(apply_descriptions(&ctx, &garde, 2024, &recu), async {
            tokio::time::sleep(std::time::Duration::from_millis(300)).await;
            hold_parametrages(&tx, &maisons[1..]).await.unwrap();
            hold_formations(&tx, &[bts.formation_session, aes.formation_session]).await.unwrap();
            tx.commit().await.unwrap();
        });
        fait.unwrap();
        let ecrits = "SELECT COUNT(*) FROM etablissement_session WHERE telephone = '03 22 33 44 55'";
        assert_eq!(t.nombre(ecrits, vec![]).await, 2);
        for f in [&aes, &bts] {
            assert_eq!(view_parametrage(&ctx, 2024, &id(f)).await.unwrap().capacite, Some(30));
        }
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
