//! The matrix of delegations on the site de gestion.

use domain::candidats::TypeBac;
use domain::candidatures::EtatVoeu;
use domain::comptes::Role;
use domain::delegations::Operations;
use domain::droits::{Action, Attribution, Cible, authorize};
use domain::formations::Famille;
use testkit::classeur::with_cell;
use testkit::fabrique::FormationEssai;
use testkit::{Base, Navigateur, TestApp, both_databases};

struct Scene {
    t: TestApp,
    f: FormationEssai,
    /// Of the same establishment, nobody's.
    g: FormationEssai,
    responsable: i64,
    admin: Navigateur,
}

async fn scene(base: Base) -> Scene {
    let t = TestApp::with_session_2024(base).await;
    let etab = t.etablissement("0800001A", "Lycée Jules-Verne").await;
    let f = t.formation(etab, "BTS Électronique", Famille::Bts, true, 24, false).await;
    let g = t.formation(etab, "BTS Tourisme", Famille::Bts, true, 24, false).await;
    let (responsable, _) = t.responsable("resp@lycee.example", &f).await;
    let admin = Attribution { etablissement: Some(etab), ..Attribution::simple(Role::AdminSite) };
    let (admin, _) = t.personne("admin@lycee.example", admin).await;
    t.at("2023-11-20T10:00");
    let admin = t.navigateur_de(admin).await;
    Scene { t, f, g, responsable, admin }
}

async fn peut(s: &Scene, action: Action, f: &FormationEssai) -> bool {
    let acteur = s.t.acteur_de(s.responsable).await;
    let cible = Cible {
        session: Some(f.session),
        etablissement: Some(f.etablissement),
        formation: Some(f.formation),
        ..Cible::default()
    };
    authorize(&acteur, action, &cible).is_ok()
}

/// Name of a box of the page, found by the end of its name.
fn boite(html: &str, formation: &str, operation: &str) -> String {
    let fin = format!("{formation}.{operation}\"");
    let avant = html.find(&fin).unwrap_or_else(|| panic!("no box {fin}"));
    let debut = html[..avant].rfind('"').expect("the attribute opens with a quote") + 1;
    html[debut..avant + fin.len() - 1].to_owned()
}

both_databases! {
    async fn r_dro_03_hab_6_a_delegation_holds_and_is_withdrawn_at_the_next_request(base) {
        let mut s = scene(base).await;
        let mut resp = s.t.navigateur_de(s.responsable).await;
        let tourisme = format!("/gestion/2024/formations/{}", s.g.public_id);
        let electronique = format!("/gestion/2024/formations/{}", s.f.public_id);
        resp.opens(&tourisme).await.is(404);
        resp.opens(&electronique).await.is(200);
        let page = s.admin.opens("/gestion/2024/delegations").await;
        page.is(200).sees("Formations orphelines").sees("BTS Tourisme (aucune personne)");
        let capacites = boite(&page.html, &s.g.public_id, "capacites");
        let page = s.admin.submits(&page, "Enregistrer les délégations", &[(&capacites, "oui")]).await;
        page.is(200).sees("Les délégations sont enregistrées").sees("BTS Tourisme (personne pour : Présentation");
        // HAB-6: the session of the person was open all along.
        resp.opens(&tourisme).await.is(200);
        assert!(peut(&s, Action::ModifierCapacites, &s.g).await);
        assert!(!peut(&s, Action::ConsulterDossiers, &s.g).await);
        assert!(peut(&s, Action::ConsulterDossiers, &s.f).await, "what was not touched stays");
        s.t.sql("UPDATE attribution SET operations = '', version = version + 1", vec![]).await;
        resp.opens(&tourisme).await.is(404);
        resp.opens(&electronique).await.is(404);
        // Journal and receipt are there, in the same transaction.
        let n = s.t.nombre("SELECT COUNT(*) FROM journal WHERE objet = 'attribution' AND apres IS NOT NULL", vec![]).await;
        assert_eq!(n, 1);
    }

    async fn r_dro_03_trx_4_a_matrix_changed_meanwhile_keeps_what_was_ticked(base) {
        let mut s = scene(base).await;
        let page = s.admin.opens("/gestion/2024/delegations").await;
        let capacites = boite(&page.html, &s.g.public_id, "capacites");
        s.t.sql("UPDATE attribution SET version = version + 1 WHERE formation_id IS NOT NULL", vec![]).await;
        let page = s.admin.submits(&page, "Enregistrer les délégations", &[(&capacites, "oui")]).await;
        page.is(409).sees("Une autre personne a changé ces délégations").sees("Ce qui change").sees("Capacités et frais");
        assert!(!peut(&s, Action::ModifierCapacites, &s.g).await);
        s.admin.submits(&page, "Enregistrer les délégations", &[]).await.is(200).sees("enregistrées");
        assert!(peut(&s, Action::ModifierCapacites, &s.g).await);
    }

    async fn ses_5_r_dro_03_no_matrix_leaves_an_establishment_under_safety(base) {
        let mut s = scene(base).await;
        let page = s.admin.opens("/gestion/2024/delegations").await;
        let etablissement = s.f.etablissement;
        let valeurs = vec![etablissement.into(), "Courriel reçu.".to_owned().into(), 0_i64.into()];
        s.t.insert("mise_en_securite", "etablissement_id, motif, comptes", valeurs).await;
        for export in ["Exporter en CSV", "Exporter en XLSX"] {
            s.admin.opens(&page.link(export)).await.is(422).sees("mis en sécurité");
        }
        s.t.sql("UPDATE mise_en_securite SET levee_le = 1", vec![]).await;
        s.admin.opens(&page.link("Exporter en CSV")).await.is(200);
    }

    async fn r_dro_03_a_file_is_shown_as_a_difference_then_applied(base) {
        let mut s = scene(base).await;
        let page = s.admin.opens("/gestion/2024/delegations").await;
        let export = s.admin.opens(&page.link("Exporter en CSV")).await;
        let texte = export.html.clone();
        assert_eq!(texte.lines().count(), 3, "{texte}");
        // The line of the second course: publication and sending given.
        let change: Vec<String> = texte
            .lines()
            .map(|l| if l.contains(&s.g.public_id) { l.replace("non;non;non;non;non;non", "non;non;oui;non;non;oui") } else { l.to_owned() })
            .collect();
        let import = s.admin.opens(&page.link("Importer un fichier")).await;
        let apercu = s.admin.uploads(&import, "Vérifier ce fichier", "fichier", "d.csv", change.join("\r\n").as_bytes()).await;
        apercu.is(200).sees("Rien n’est encore enregistré").sees("Publication, Lecture des dossiers, Transmission du classement");
        assert!(!peut(&s, Action::PublierFormation, &s.g).await);
        s.admin.submits(&apercu, "Appliquer ces changements", &[]).await.is(200).sees("enregistrées");
        assert!(peut(&s, Action::PublierFormation, &s.g).await && peut(&s, Action::ConsulterDossiers, &s.g).await);
        // The workbook holds the same cells; each fault is told with its sheet, its line, its column and the value.
        let classeur = s.admin.opens(&page.link("Exporter en XLSX")).await;
        assert_eq!(classeur.entetes["content-disposition"], "attachment; filename=\"delegations-2024.xlsx\"");
        let import = s.admin.opens(&page.link("Importer un fichier")).await;
        let meme = s.admin.uploads(&import, "Vérifier ce fichier", "fichier", "d.xlsx", &classeur.octets).await;
        meme.is(200).sees("Le fichier est lisible (feuille « Délégations ») et ne change rien");
        let autre = with_cell::<11>(&classeur.octets, 2, "Publication", "non");
        let apercu = s.admin.uploads(&import, "Vérifier ce fichier", "fichier", "d.xlsx", &autre).await;
        apercu.is(200).sees("Ce qui change").sees("Publication");
        assert!(peut(&s, Action::PublierFormation, &s.f).await && peut(&s, Action::PublierFormation, &s.g).await);
        s.admin.submits(&apercu, "Appliquer ces changements", &[]).await.is(200).sees("enregistrées");
        assert!(!(peut(&s, Action::PublierFormation, &s.f).await && peut(&s, Action::PublierFormation, &s.g).await));
        let faux = with_cell::<11>(&classeur.octets, 3, "Publication", "jamais");
        let refus = s.admin.uploads(&import, "Vérifier ce fichier", "fichier", "d.xlsx", &faux).await;
        refus.is(422).sees("Fautes à corriger (feuille « Délégations »)").sees("« jamais » n’est ni « oui » ni « non »");
        refus.sees("Publication");
        for (octets, dit) in [
            (&b"PK\x03\x04 rien"[..], "Un classeur XLSX est attendu"),
            (b"\xd0\xcf\x11\xe0", "ancien classeur Excel"),
            (b"", "Choisissez un fichier CSV ou XLSX"),
        ] {
            let refus = s.admin.uploads(&import, "Vérifier ce fichier", "fichier", "d.xlsx", octets).await;
            refus.is(422).sees(dit);
        }
        let import = s.admin.opens(&page.link("Importer un fichier")).await;
        let faux = change.join("\r\n").replace(&s.g.public_id, "aaaa");
        let refus = s.admin.uploads(&import, "Vérifier ce fichier", "fichier", "d.csv", faux.as_bytes()).await;
        refus.is(422).sees("Le fichier est refusé").sees("La formation « aaaa » n’est pas de l’établissement");
        assert!(["2", "3"].iter().any(|n| refus.html.contains(&format!(">{n}</"))), "the line is named");
    }

    async fn r_dro_03_hab_3_a_neighbour_and_a_manager_of_courses_do_not_reach_the_matrix(base) {
        let s = scene(base).await;
        let autre = s.t.etablissement("0800002B", "Lycée voisin").await;
        let a = Attribution { etablissement: Some(autre), ..Attribution::simple(Role::AdminSite) };
        let (voisin, _) = s.t.personne("voisin@lycee.example", a).await;
        let sql = "SELECT public_id FROM etablissement WHERE uai = '0800001A'";
        let id = s.t.mot(sql, vec![]).await;
        let url = format!("/gestion/2024/etablissements/{id}/delegations");
        let acces = format!("/gestion/2024/formations/{}/acces", s.f.public_id);
        for compte in [voisin, s.responsable] {
            let mut n = s.t.navigateur_de(compte).await;
            for adresse in [url.clone(), format!("{url}/export"), format!("{url}/import"), acces.clone()] {
                let statut = n.opens(&adresse).await.statut.as_u16();
                assert!(matches!(statut, 403 | 404), "{adresse}: {statut}");
            }
        }
        let mut n = s.t.navigateur_de(voisin).await;
        assert_eq!(n.opens(&url).await.statut, 404);
    }
}

#[tokio::test]
async fn r_dro_03_who_sees_a_course_is_what_the_table_gives() {
    let mut s = scene(Base::sqlite()).await;
    let acces = format!("/gestion/2024/formations/{}/acces", s.f.public_id);
    let page = s.admin.opens(&acces).await;
    page.is(200)
        .sees("Responsable de formation")
        .sees("transmettre le classement")
        .sees("Administrateur du site")
        .sees("Qui lit les dossiers des candidats")
        .sees("cette formation lui est confiée")
        .sees("Scolarité : baccalauréat")
        .sees("À partir du");
    let seule = Operations::from_code("parametrage").unwrap().code();
    s.t.sql("UPDATE attribution SET operations = $1 WHERE formation_id IS NOT NULL", vec![seule.into()])
        .await;
    s.admin
        .opens(&acces)
        .await
        .is(200)
        .sees_not("transmettre le classement")
        .sees_not("cette formation lui est confiée");
}

/// What a candidate reads of the page, course by course.
async fn lecteurs(n: &mut Navigateur) -> Vec<String> {
    let page = n.opens("/candidat/acces/qui").await;
    page.is(200);
    let ligne = scraper::Selector::parse("main table tbody tr").expect("a selector of ours");
    scraper::Html::parse_document(&page.html)
        .select(&ligne)
        .map(|l| l.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" "))
        .collect()
}

both_databases! {
    async fn r_dro_04_hab_4_a_candidate_reads_who_may_read_the_record_by_role_and_number(base) {
        let s = scene(base).await;
        let candidat = s.t.candidat("candidate@courriel.example", TypeBac::General).await;
        let mut n = s.t.navigateur_de(candidat.compte).await;
        n.opens("/candidat/acces").await.is(200).link("Qui peut voir mon dossier");
        n.opens("/candidat/acces/qui").await.is(200).sees("Vous n’avez demandé aucune formation");
        s.t.voeu(&candidat, &s.f, EtatVoeu::Confirme).await;
        let page = n.opens("/candidat/acces/qui").await;
        page.is(200).sees("BTS Électronique").sees("Responsable de formation").sees("1 personne");
        page.sees("cette formation lui est confiée").sees("Identité : numéro de dossier").sees("État civil");
        // Nobody is named; who may not read records is not there, the administrator of the other course's school neither.
        page.sees_not("resp@").sees_not("Lecteur").sees_not("BTS Tourisme");
        assert_eq!(lecteurs(&mut n).await.len(), 2, "the manager and the administrator");
        // The same table answers: a delegation withdrawn, and the line goes.
        let sql = "UPDATE attribution SET operations = 'parametrage' WHERE formation_id IS NOT NULL";
        s.t.sql(sql, vec![]).await;
        let lues = lecteurs(&mut n).await;
        assert_eq!(lues.len(), 1, "{lues:?}");
        assert!(lues[0].contains("Administrateur du site"), "{lues:?}");
        // Nobody else has this page.
        let mut resp = s.t.navigateur_de(s.responsable).await;
        resp.opens("/candidat/acces/qui").await.is(404);
    }
}

#[tokio::test]
async fn r_dro_03_an_archived_session_is_read_and_exported_but_not_changed() {
    let mut s = scene(Base::sqlite()).await;
    let page = s.admin.opens("/gestion/2024/delegations").await;
    let capacites = boite(&page.html, &s.g.public_id, "capacites");
    let import = s.admin.opens(&page.link("Importer un fichier")).await;
    let export = s.admin.opens(&page.link("Exporter en XLSX")).await;
    // One of the two lines has it already.
    let change = with_cell::<11>(&export.octets, 2, "Publication", "oui");
    let change = with_cell::<11>(&change, 3, "Publication", "oui");
    let apercu = s.admin.uploads(&import, "Vérifier ce fichier", "fichier", "d.xlsx", &change).await;
    s.t.sql("UPDATE session_admission SET etat = 'archivee'", vec![]).await;
    // Forms that were open before it closed change nothing.
    let refus = s.admin.submits(&page, "Enregistrer les délégations", &[(&capacites, "oui")]).await;
    refus.is(422).sees("archivée");
    s.admin.submits(&apercu, "Appliquer ces changements", &[]).await.is(422).sees("archivée");
    assert!(!peut(&s, Action::ModifierCapacites, &s.g).await);
    let vue = s.admin.opens(&page.url).await;
    vue.is(200).sees("archivée").sees_not("Enregistrer les délégations").sees_not("Importer un fichier");
    s.admin.opens(&vue.link("Exporter en CSV")).await.is(200);
    let ailleurs = s.admin.opens(&import.url).await;
    ailleurs.is(200).sees_not("Vérifier ce fichier");
}

#[tokio::test]
async fn ent_2_a_field_given_twice_is_refused_in_a_form_and_in_an_address() {
    let mut s = scene(Base::sqlite()).await;
    let page = s.admin.opens("/gestion/2024/delegations").await;
    let jeton = page.jeton().to_owned();
    let url = page.url.clone();
    let double = [("_jeton", jeton.as_str()), ("formations", ""), ("formations", "")];
    s.admin.posts(&url, &double).await.is(400);
    s.admin.posts(&url, &double[..2]).await.is(200);
    // A field made for several answers may have them, but not beside a single one of its name.
    let plusieurs = [double[0], ("formations[]", "a"), ("formations[]", "b")];
    s.admin.posts("/comptes/inviter", &plusieurs).await.is(422);
    s.admin.posts("/comptes/inviter", &[double[0], plusieurs[1], ("formations", "a")]).await.is(400);
    s.admin.opens("/gestion/2024?q=a&q=b").await.is(400);
    s.admin.opens("/gestion/2024?q=a").await.is(200);
}
