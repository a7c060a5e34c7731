//! R-DRO-04 (HAB-4, F-29): the fields of a course and of a record, by groups, on the pages of each role.

use axum::http::Method;
use domain::calendrier::Etape;
use domain::candidats::TypeBac;
use domain::candidatures::EtatVoeu;
use domain::comptes::Role;
use domain::droits::{Attribution, Cible, Fiche, GroupeChamps};
use domain::formations::Famille;
use testkit::{Base, TestApp, both_databases};
use web::Acces;

/// An identifier of the right shape that nothing bears.
const ABSENT: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaa";

#[tokio::test]
async fn hab_4_every_form_refuses_by_its_name_a_field_that_it_does_not_have() {
    let t = TestApp::with_session_2024(Base::sqlite()).await;
    let (compte, _) = t.personne("national@essai.example", Attribution::simple(Role::AdminNational)).await;
    let mut n = t.navigateur_de(compte).await;
    let page = n.opens("/compte").await;
    let jeton = page.jeton().to_owned();
    let mut formulaires = 0;
    for l in web::table(true).fin().1 {
        if l.methode == Method::GET || l.acces == Acces::Demo {
            continue;
        }
        let mots = l.chemin.replace("{annee}", "2024");
        let mots = mots.split('/').map(|m| if m.starts_with('{') { ABSENT } else { m });
        let url = mots.collect::<Vec<_>>().join("/");
        let paires = [("_jeton".to_owned(), jeton.clone()), ("champ_de_trop".to_owned(), "1".to_owned())];
        let depot = url.contains("/publication/documents/") && !url.ends_with("/retirer");
        let reponse = if depot || url.ends_with("/import") {
            n.posts_file(&url, &paires, "fichier", "f.csv", b"a;b").await
        } else {
            n.posts(&url, &paires.each_ref().map(|(n, v)| (n.as_str(), v.as_str()))).await
        };
        reponse.is(400).sees("Le champ « champ_de_trop » n’est pas de ceux que vous pouvez modifier ici");
        formulaires += 1;
    }
    // Where each last word has a form of its own, a field of another of them is one too many.
    let paires = [("_jeton", jeton.as_str()), ("prenom", "Léa"), ("nom", "Martin"), ("nouveau", "x")];
    n.posts("/compte/nom", &paires).await.is(400).sees("Le champ « nouveau »");
    assert!(formulaires > 60, "{formulaires} forms only");
    n.opens("/compte").await.is(200).sees("Se déconnecter");
}

both_databases! {
    async fn r_dro_04_hab_4_a_field_too_many_is_named_and_nothing_is_saved(base) {
        let t = TestApp::with_session_2024(base).await;
        let etab = t.etablissement("0801234A", "Lycée d’essai").await;
        let f = t.formation(etab, "BTS Essai", Famille::Bts, true, 24, true).await;
        let (resp, _) = t.responsable("resp@essai.example", &f).await;
        t.at_opening(Etape::Parametrage).await;
        let url = format!("/gestion/2024/formations/{}", f.public_id);
        let capacite = || t.nombre("SELECT capacite FROM formation_session WHERE id = $1", vec![f.formation_session.into()]);
        let mut resp_n = t.navigateur_de(resp).await;
        let page = resp_n.opens(&url).await;
        for nom in ["selective", "etat", "places-aaaaaaaaaaaaaaaaaaaaaaaaaa", "capacite2"] {
            let r = resp_n.submits(&page, "Enregistrer", &[("capacite", "31"), (nom, "1")]).await;
            r.is(400).sees(&format!("Le champ « {nom} » n’est pas de ceux que vous pouvez modifier ici"));
            assert_eq!(capacite().await, 24);
        }
        // Delegated the presentation alone: the capacity is a field too many, whatever page sent it.
        t.sql("UPDATE attribution SET operations = 'parametrage' WHERE compte_id = $1", vec![resp.into()]).await;
        let r = resp_n.submits(&page, "Enregistrer", &[("capacite", "31")]).await;
        r.is(400).sees("Le champ « capacite »");
        assert_eq!(capacite().await, 24);
        // The candidate's record: only the residence is typed.
        let lea = t.candidat("lea@essai.example", TypeBac::General).await;
        t.during(Etape::Confirmation).await;
        let mut lea_n = t.navigateur_de(lea.compte).await;
        let page = lea_n.opens("/candidat/dossier").await;
        for nom in ["boursier", "numero", "moyenne_centiemes", "academie"] {
            let r = lea_n.submits(&page, "Enregistrer", &[("commune", "Lille"), (nom, "1")]).await;
            r.is(400).sees(&format!("Le champ « {nom} »"));
        }
        assert_eq!(t.mot("SELECT commune FROM candidat WHERE id = $1", vec![lea.candidat.into()]).await, "Amiens");
        lea_n.submits(&page, "Enregistrer", &[("commune", "Lille"), ("departement", "59")]).await.is(200);
    }

    async fn r_dro_04_f_29_pages_show_the_fields_of_the_role_and_no_other(base) {
        let t = TestApp::with_session_2024(base).await;
        let etab = t.etablissement("0801234A", "Lycée d’essai").await;
        let f = t.formation(etab, "BTS Essai", Famille::Bts, true, 7_351, false).await;
        t.sql(
            "UPDATE formation_session SET frais_centimes = 983100, presentation = 'Temoin-presentation' WHERE id = $1",
            vec![f.formation_session.into()],
        ).await;
        let lea = t.candidat_boursier("lea@essai.example", TypeBac::General, true).await;
        t.voeu(&lea, &f, EtatVoeu::Confirme).await;
        t.sql(
            "UPDATE candidat SET naissance = '1999-08-07', commune = 'Temoinville', etablissement_origine = 'Temoin-origine'
             WHERE id = $1",
            vec![lea.candidat.into()],
        ).await;
        t.during(Etape::Examen).await;
        let sienne = Cible {
            session: Some(f.session),
            etablissement: Some(etab),
            formation: Some(f.formation),
            academie: Some(f.academie.clone()),
            candidat: None,
        };
        // Column, and how pages write the value planted in it.
        let course = [("capacite", "7351"), ("frais_centimes", "9831"), ("presentation", "Temoin-presentation")];
        let record = [
            ("nom", "Nom1"),
            ("etablissement_origine", "Temoin-origine"),
            ("naissance", "07/08/1999"),
            ("commune", "Temoinville"),
            ("boursier_chiffre", "boursier de l’enseignement secondaire"),
        ];
        let mut shown = 0;
        for role in Role::ALL {
            let a = match role {
                Role::Public | Role::Logiciel | Role::Systeme | Role::Candidat => continue,
                Role::Academie => Attribution { academies: vec!["20".into()], ..Attribution::simple(role) },
                Role::RespFormation | Role::MembreCev => Attribution { formation: Some(f.formation), ..Attribution::simple(role) },
                Role::AdminNational | Role::Auditeur => Attribution::simple(role),
                _ => Attribution { etablissement: Some(etab), ..Attribution::simple(role) },
            };
            let (compte, acteur) = t.personne(&format!("{}@essai.example", role.code()), a).await;
            let mut n = t.navigateur_de(compte).await;
            let entiers = |html: String| html.replace(['\u{a0}', '\u{202f}'], "");
            let fiche = entiers(n.opens(&format!("/gestion/2024/formations/{}", f.public_id)).await.html);
            let liste = entiers(n.opens("/gestion/2024/formations").await.html);
            let groupe = n.opens(&format!("/gestion/2024/groupes/{}", f.groupe_public_id)).await.html;
            let fichier = n.opens(&format!("/gestion/2024/groupes/{}/export?noms=oui", f.groupe_public_id)).await.html;
            let mut hold = |fiche: Fiche, colonne: &str, temoin: &str, page: &str, always: bool| {
                let g = GroupeChamps::of_colonne(fiche, colonne).unwrap();
                let lisible = g.is_lisible(&acteur, &sienne);
                let vu = page.contains(temoin);
                assert!(lisible || !vu, "{role:?} reads {colonne}");
                assert!(!always || vu == lisible, "{role:?} should read {colonne}");
                shown += usize::from(vu);
            };
            for (colonne, temoin) in course {
                hold(Fiche::Formation, colonne, temoin, &fiche, true);
                hold(Fiche::Formation, colonne, temoin, &liste, colonne != "presentation");
            }
            for (colonne, temoin) in record {
                hold(Fiche::Dossier, colonne, temoin, &groupe, matches!(colonne, "nom" | "etablissement_origine"));
                hold(Fiche::Dossier, colonne, temoin, &fichier, false);
            }
        }
        assert!(shown > 20, "{shown}");
        // The holder reads all of it.
        let sien = t.navigateur_de(lea.compte).await.opens("/candidat/dossier").await;
        for (colonne, temoin) in record {
            assert!(sien.html.contains(temoin), "{colonne}");
        }
    }
}
