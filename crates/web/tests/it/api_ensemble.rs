//! What a program does of an establishment and of several of its courses at once: contacts, boarding schools, multiple wishes,
//! records of the catalogue, what remains (R-API-11).

use app::limites::Limites;
use axum::http::{Method, StatusCode};
use domain::calendrier::Etape;
use domain::candidats::TypeBac;
use domain::candidatures::EtatVoeu;
use domain::comptes::Role;
use domain::droits::Attribution;
use domain::formations::Famille;
use serde_json::{Value, json};
use testkit::fabrique::{CandidatEssai, FormationEssai};
use testkit::{Base, Logiciel, Rendu, TestApp, both_databases};

const TOUT: &str = "parametrage,capacites,publication,candidatures,classement,transmission";

struct Scene {
    t: TestApp,
    etab: i64,
    id: String,
    f: Vec<FormationEssai>,
    l: Logiciel,
}

/// Three courses of one kind; the program has everything.
async fn scene(base: Base) -> Scene {
    let t = TestApp::with_session_2024(base).await;
    let etab = t.etablissement("0800001A", "Lycée Jules-Verne").await;
    let mut f = Vec::new();
    for nom in ["CPGE MPSI", "CPGE PCSI", "CPGE BCPST"] {
        f.push(t.formation(etab, nom, Famille::Cpge, true, 24, false).await);
    }
    t.at("2023-11-25T10:00");
    let jeton = t.jeton(etab, &f.iter().map(|f| (f, TOUT)).collect::<Vec<_>>(), true).await;
    let id = t.mot("SELECT public_id FROM etablissement WHERE id = $1", vec![etab.into()]).await;
    let l = t.logiciel(&jeton);
    Scene { t, etab, id, f, l }
}

/// Sends under the version that was read there, if it has one, with a key of its own.
pub(crate) async fn ecrit(
    l: &Logiciel,
    methode: Method,
    lu: &str,
    ici: &str,
    corps: Option<&Value>,
) -> Rendu {
    let etag = l.lit(lu).await.etag();
    let cle = format!("{methode} {ici} {etag} {corps:?}");
    let cle = format!("{:x}", cle.bytes().fold(7u64, |h, o| h.wrapping_mul(31).wrapping_add(o.into())));
    let mut entetes = vec![("idempotency-key", cle.as_str())];
    // A list has the ETag of its content, which is no version.
    if etag.starts_with("\"v") {
        entetes.push(("if-match", etag.as_str()));
    }
    if corps.is_some() {
        entetes.push(("content-type", "application/json"));
    }
    l.appelle(methode, ici, &entetes, corps.map(|c| c.to_string().into_bytes())).await
}

impl Scene {
    fn etablissement(&self, suite: &str) -> String {
        format!("/api/v1/sessions/2024/etablissements/{}{suite}", self.id)
    }

    fn formation(&self, i: usize, suite: &str) -> String {
        format!("/api/v1/sessions/2024/formations/{}{suite}", self.f[i].public_id)
    }

    /// A program that has this on each of the courses, by their place.
    async fn logiciel(&self, siennes: &[(usize, &str)], ecrit: bool) -> Logiciel {
        let siennes: Vec<_> = siennes.iter().map(|(i, o)| (&self.f[*i], *o)).collect();
        self.l.avec(Some(&self.t.jeton(self.etab, &siennes, ecrit).await))
    }

    /// Courses propose boarding, and these many ask for it on the first one, the last of them on the second one too.
    async fn demandes(&self, combien: usize) -> Vec<CandidatEssai> {
        self.t.sql("UPDATE formation_session SET internat = 1", vec![]).await;
        let mut candidats = Vec::new();
        for i in 0..combien {
            let c = self.t.candidat(&format!("c{i}@exemple.example"), TypeBac::General).await;
            self.t.voeu(&c, &self.f[0], EtatVoeu::Confirme).await;
            if i + 1 == combien {
                self.t.voeu(&c, &self.f[1], EtatVoeu::Confirme).await;
            }
            candidats.push(c);
        }
        self.t.sql("UPDATE voeu SET avec_internat = 1", vec![]).await;
        self.t.during(Etape::Examen).await;
        candidats
    }
}

both_databases! {
    async fn r_api_11_contacts_are_of_a_token_that_writes_the_establishment_and_of_no_other_route(base) {
        let s = scene(base).await;
        let ici = s.etablissement("/contacts");
        let lu = s.l.lit(&ici).await;
        assert_eq!((lu.statut, lu.json["contacts"].clone()), (StatusCode::OK, json!([])));
        let corps = json!({ "fonction": "Secrétariat Temoin", "objet": "Inscriptions", "telephone": "0322009988" });
        let injoignable = json!({ "fonction": "Secrétariat", "objet": "Inscriptions" });
        let refus = ecrit(&s.l, Method::POST, &ici, &ici, Some(&injoignable)).await;
        assert_eq!((refus.statut, refus.json["champs"][0]["champ"].as_str()), (StatusCode::UNPROCESSABLE_ENTITY, Some("telephone")));
        let fait = ecrit(&s.l, Method::POST, &ici, &ici, Some(&corps)).await;
        assert_eq!(fait.statut, StatusCode::CREATED, "{}", fait.json);
        assert_eq!(fait.json["contacts"][0]["telephone"], "03 22 00 99 88");
        let une = format!("{ici}/{}", fait.json["contacts"][0]["id"].as_str().unwrap());
        let corps = json!({ "fonction": "Secrétariat Temoin", "nom": "Ada", "objet": "Bourses", "courriel": "temoin@lycee.example" });
        let change = ecrit(&s.l, Method::PUT, &ici, &une, Some(&corps)).await;
        assert_eq!((change.statut, change.json["contacts"][0]["objet"].as_str()), (StatusCode::OK, Some("Bourses")), "{}", change.json);
        let perime = s.l.ecrit(Method::PUT, &une, &[("if-match", &lu.etag())], &corps).await;
        assert_eq!(perime.statut, StatusCode::PRECONDITION_FAILED);
        // No other address of the interface says it, to whoever it is; nor this one to a token that only reads.
        let lecteur = s.logiciel(&[(0, "")], false).await;
        assert_eq!(lecteur.lit(&ici).await.statut, StatusCode::FORBIDDEN);
        for ligne in web::api::lignes(false).iter().filter(|l| l.methode == Method::GET && !l.chemin.ends_with("/contacts")) {
            let chemin = ligne
                .chemin
                .replace("{annee}", "2024")
                .replace("{rubrique}", "contacts")
                .replace("etablissements/{id}", &format!("etablissements/{}", s.id))
                .replace("formations/{id}", &format!("formations/{}", s.f[0].public_id))
                .replace("groupes/{id}", &format!("groupes/{}", s.f[0].groupe_public_id))
                .replace("{id}", "aaaaaaaaaaaaaaaaaaaaaaaaaa")
                .replace("{ligne}", "aaaaaaaaaaaaaaaaaaaaaaaaaa");
            for l in [&s.l, &lecteur] {
                let r = l.lit(&chemin).await;
                let dit = String::from_utf8_lossy(&r.octets).to_lowercase();
                assert!(!dit.contains("temoin"), "{chemin}");
            }
        }
        let parti = ecrit(&s.l, Method::DELETE, &ici, &une, None).await;
        assert_eq!((parti.statut, parti.json["contacts"].clone()), (StatusCode::OK, json!([])), "{}", parti.json);
    }

    async fn r_api_11_a_boarding_school_is_declared_ranked_and_transmitted(base) {
        let s = scene(base).await;
        let candidats = s.demandes(3).await;
        let liste = s.etablissement("/internats");
        let faux = json!({ "libelle": "Internat", "capacite": 30, "accueil": "tous" });
        let cle = [("idempotency-key", "i1")];
        assert_eq!(s.l.ecrit(Method::POST, &liste, &cle, &faux).await.statut, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(s.l.ecrit(Method::POST, &liste, &[], &faux).await.statut, StatusCode::BAD_REQUEST, "without a key");
        let corps = json!({ "libelle": "Internat", "capacite": 30, "accueil": "mixte" });
        let fait = s.l.ecrit(Method::POST, &liste, &cle, &corps).await;
        assert_eq!(fait.statut, StatusCode::CREATED, "{}", fait.json);
        let encore = s.l.ecrit(Method::POST, &liste, &cle, &corps).await;
        assert_eq!(encore.json["internats"].as_array().map(Vec::len), Some(1), "sent twice, declared once");
        let id = fait.json["internats"][0]["id"].as_str().unwrap().to_owned();
        let declare = format!("{liste}/{id}");
        let lu = s.l.lit(&declare).await;
        let change = json!({ "libelle": "Internat", "capacite": 28, "accueil": "mixte", "formation": null });
        let ecrit_ = s.l.ecrit(Method::PUT, &declare, &[("if-match", &lu.etag())], &change).await;
        assert_eq!((ecrit_.statut, ecrit_.json["capacite"].as_i64()), (StatusCode::OK, Some(28)), "{}", ecrit_.json);
        let perime = s.l.ecrit(Method::PUT, &declare, &[("if-match", &lu.etag())], &corps).await;
        assert_eq!(perime.statut, StatusCode::PRECONDITION_FAILED);
        // Its ranking.
        let rang = format!("/api/v1/sessions/2024/internats/{id}");
        let r = s.l.lit(&rang).await;
        assert_eq!((r.statut, r.json["demandes"].as_i64(), r.json["peut_saisir"].as_bool()), (StatusCode::OK, Some(3), Some(true)), "{}", r.json);
        assert_eq!(s.t.nombre("SELECT COUNT(*) FROM journal_lecture", vec![]).await, 0);
        let dossiers = s.l.lit(&format!("{rang}/dossiers")).await;
        let texte = String::from_utf8(dossiers.octets).unwrap();
        let codes: Vec<&str> = texte.lines().skip(1).map(|l| l.split(';').nth(1).unwrap()).collect();
        assert!(codes.iter().all(|c| c.starts_with('P') && *c != candidats[0].numero.to_string()), "no file number: {texte}");
        assert_eq!(s.t.nombre("SELECT COUNT(*) FROM journal_lecture", vec![]).await, 3);
        let csv = [("content-type", "text/csv")];
        let envoi = format!("Rang;Candidat - Code\n2;{}\n1;{}\n3;{}\n", codes[0], codes[1], codes[2]);
        let lu = s.l.appelle(Method::POST, &format!("{rang}/lecture"), &csv, Some(envoi.into_bytes())).await;
        assert_eq!((lu.json["classes"].as_i64(), lu.json["total_fautes"].as_i64()), (Some(3), Some(0)), "{}", lu.json);
        let version = lu.json["version"].as_str().unwrap().to_owned();
        let entetes = [("if-match", version.as_str()), ("idempotency-key", "a1")];
        let corps = json!({ "fichier": lu.json["fichier"] });
        let ailleurs = format!("/api/v1/sessions/2024/groupes/{}/application", s.f[0].groupe_public_id);
        let autre = s.l.ecrit(Method::POST, &ailleurs, &[("if-match", "\"v-1\""), ("idempotency-key", "a0")], &corps).await;
        assert!(autre.statut.is_client_error(), "the file of a boarding school is no ranking of a course: {}", autre.json);
        let r = s.l.ecrit(Method::POST, &format!("{rang}/application"), &entetes, &corps).await;
        assert_eq!(r.statut, StatusCode::OK, "{}", r.json);
        let sans = ecrit(&s.l, Method::POST, &rang, &format!("{rang}/transmission"), Some(&json!({ "engagement": false }))).await;
        assert_eq!(sans.statut, StatusCode::UNPROCESSABLE_ENTITY);
        let fait = ecrit(&s.l, Method::POST, &rang, &format!("{rang}/transmission"), Some(&json!({ "engagement": true }))).await;
        assert_eq!((fait.statut, fait.json["acte"].as_str()), (StatusCode::OK, Some("transmettre_internat")), "{}", fait.json);
        assert!(!s.l.lit(&rang).await.json["transmis_le"].is_null());
        // Frozen: neither changed nor taken away.
        let fige = ecrit(&s.l, Method::DELETE, &declare, &declare, None).await;
        assert_eq!(fige.statut, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(s.l.lit(&liste).await.json["internats"][0]["brouillon"], false);
    }

    async fn r_api_11_a_boarding_school_is_ranked_with_each_course_that_it_serves(base) {
        let s = scene(base).await;
        s.demandes(2).await;
        let liste = s.etablissement("/internats");
        for (cle, formation) in [("commun", Value::Null), ("propre", json!(s.f[2].public_id))] {
            let corps = json!({ "libelle": cle, "capacite": 10, "accueil": "mixte", "formation": formation });
            let r = s.l.ecrit(Method::POST, &liste, &[("idempotency-key", cle)], &corps).await;
            assert_eq!(r.statut, StatusCode::CREATED, "{}", r.json);
        }
        let ids = s.l.lit(&liste).await.json["internats"].clone();
        let rang = |i: usize| format!("/api/v1/sessions/2024/internats/{}", ids[i]["id"].as_str().unwrap());
        let (commun, propre) = (rang(0), rang(1));
        let classe = "candidatures,classement";
        let tous = s.logiciel(&[(0, classe), (1, classe)], false).await;
        let un = s.logiciel(&[(0, TOUT)], true).await;
        let lit = s.logiciel(&[(0, "candidatures"), (1, "candidatures")], false).await;
        let sien = s.logiciel(&[(2, TOUT)], false).await;
        let vides = s.logiciel(&[], true).await;
        for (qui, l, attendus) in [
            ("each course of the common one", &tous, [200, 403]),
            ("one of its courses", &un, [403, 403]),
            ("reads each of them", &lit, [200, 403]),
            ("the course of the other one", &sien, [403, 200]),
            ("the establishment alone", &vides, [403, 403]),
        ] {
            for (chemin, attendu) in [&commun, &propre].into_iter().zip(attendus) {
                let r = l.lit(chemin).await;
                assert_eq!(r.statut.as_u16(), attendu, "{qui} {chemin}: {}", r.json);
                let r = l.lit(&format!("{chemin}/dossiers")).await;
                assert_eq!(r.statut.as_u16(), attendu, "{qui} {chemin}/dossiers");
            }
        }
        let envoi = Some(b"Rang;Candidat - Code\n".to_vec());
        let csv = [("content-type", "text/csv")];
        for (qui, l, attendu) in [("ranks", &tous, 200), ("reads", &lit, 403), ("one course", &un, 403)] {
            let r = l.appelle(Method::POST, &format!("{commun}/lecture"), &csv, envoi.clone()).await;
            assert_eq!(r.statut.as_u16(), attendu, "{qui}: {}", r.json);
        }
        let r = ecrit(&tous, Method::POST, &commun, &format!("{commun}/transmission"), Some(&json!({ "engagement": true }))).await;
        assert_eq!(r.statut, StatusCode::FORBIDDEN, "ranking is not sending");
        // A course that is closed keeps those who asked for it: it counts.
        s.t.sql("UPDATE formation_session SET etat = 'fermee' WHERE id = $1", vec![s.f[1].formation_session.into()]).await;
        let seule = s.logiciel(&[(0, classe)], false).await;
        assert_eq!(seule.lit(&commun).await.statut, StatusCode::FORBIDDEN);
        // People go on as before: who manages a course does not rank its boarding school.
        let (compte, _) = s.t.responsable("resp@essai.example", &s.f[2]).await;
        let mut n = s.t.navigateur_de(compte).await;
        n.opens(&format!("/gestion/2024/internats/{}", ids[1]["id"].as_str().unwrap())).await.is(404);
        let voisin = s.t.etablissement("0801235B", "Lycée voisin").await;
        let g = s.t.formation(voisin, "CPGE MPSI", Famille::Cpge, true, 24, false).await;
        let voisin = s.l.avec(Some(&s.t.jeton(voisin, &[(&g, TOUT)], true).await));
        assert_eq!(voisin.lit(&commun).await.statut, StatusCode::NOT_FOUND);
    }

    async fn r_api_11_courses_are_grouped_with_the_settings_of_each(base) {
        let s = scene(base).await;
        let ici = s.formation(0, "/regroupement");
        let lu = s.l.lit(&ici).await;
        assert_eq!((lu.statut, lu.json["regroupement"].clone()), (StatusCode::OK, Value::Null));
        assert_eq!(lu.json["proposees"].as_array().map(Vec::len), Some(2), "{}", lu.json);
        let avec = |autres: &[usize], m: &str| {
            let autres: Vec<&str> = autres.iter().map(|i| s.f[*i].public_id.as_str()).collect();
            json!({ "libelle": "Prépas scientifiques", "mutualisation": m, "formations": autres })
        };
        let faux = ecrit(&s.l, Method::PUT, &ici, &ici, Some(&avec(&[1], "tout"))).await;
        assert_eq!((faux.statut, faux.json["champs"][0]["champ"].as_str()), (StatusCode::BAD_REQUEST, Some("mutualisation")));
        let seule = ecrit(&s.l, Method::PUT, &ici, &ici, Some(&avec(&[], "aucune"))).await;
        assert_eq!(seule.statut, StatusCode::UNPROCESSABLE_ENTITY, "R-REG-01: {}", seule.json);
        let fait = ecrit(&s.l, Method::PUT, &ici, &ici, Some(&avec(&[1], "dossier_unique"))).await;
        assert_eq!(fait.statut, StatusCode::OK, "{}", fait.json);
        assert_eq!(fait.json["regroupement"]["formations"].as_array().map(Vec::len), Some(2));
        assert_eq!(fait.json["regroupement"]["porteuse"], s.f[0].public_id.as_str());
        let perime = s.l.ecrit(Method::PUT, &ici, &[("if-match", &lu.etag())], &avec(&[1, 2], "aucune")).await;
        assert_eq!(perime.statut, StatusCode::PRECONDITION_FAILED);
        // Neither the settings of one course alone, nor the establishment alone.
        for (qui, siennes, maison) in [
            ("without the establishment", vec![(0, "parametrage"), (1, "parametrage"), (2, "parametrage")], false),
            ("without the settings of the one that enters", vec![(0, "parametrage"), (1, "parametrage")], true),
            ("without the settings of the one that is there", vec![(0, "parametrage"), (2, "parametrage")], true),
            ("with other operations", vec![(0, "capacites,publication"), (1, TOUT), (2, TOUT)], true),
        ] {
            let l = s.logiciel(&siennes, maison).await;
            let r = ecrit(&l, Method::PUT, &ici, &ici, Some(&avec(&[1, 2], "aucune"))).await;
            assert!(matches!(r.statut.as_u16(), 403 | 404), "{qui}: {} {}", r.statut, r.json);
        }
        let l = s.logiciel(&[(0, "parametrage"), (2, "parametrage")], true).await;
        assert_eq!(l.lit(&ici).await.json["hors_portee"], true);
        let retire = ecrit(&l, Method::DELETE, &ici, &ici, None).await;
        assert!(matches!(retire.statut.as_u16(), 403 | 404), "{}", retire.json);
        let retire = ecrit(&s.l, Method::DELETE, &ici, &ici, None).await;
        assert_eq!((retire.statut, retire.json["regroupement"].clone()), (StatusCode::OK, Value::Null), "{}", retire.json);
        assert_eq!(s.t.nombre("SELECT COUNT(*) FROM regroupement_formation", vec![]).await, 0, "R-REG-07");
        // Once somebody wishes for one of them, nothing changes.
        s.t.sql("UPDATE formation_session SET etat = 'publiee'", vec![]).await;
        let c = s.t.candidat("lea@exemple.example", TypeBac::General).await;
        s.t.voeu(&c, &s.f[1], EtatVoeu::Confirme).await;
        let fige = ecrit(&s.l, Method::PUT, &ici, &ici, Some(&avec(&[1], "aucune"))).await;
        assert_eq!(fige.statut, StatusCode::UNPROCESSABLE_ENTITY, "R-REG-04");
    }

    async fn r_api_11_records_of_the_catalogue_are_those_of_the_establishment_and_its_courses(base) {
        let s = scene(base).await;
        let fiches = [crate::apprentissage::fiche("a", "BTS Tourisme"), crate::apprentissage::fiche("b", "BTS Comptabilité"), crate::apprentissage::fiche("c", "BTS Gestion")];
        crate::apprentissage::imports(&s.t, &fiches).await;
        let motif = "La convention avec le lycée n’est pas signée.".to_owned();
        s.t.sql("UPDATE fiche_apprentissage SET statut = 'non_publie', raison = $1 WHERE identifiant LIKE 'b|%'", vec![motif.clone().into()]).await;
        // One made the first course, another the second.
        for (identifiant, i) in [("a|%", 0), ("c|%", 1)] {
            let cle = s.f[i].formation_session;
            s.t.sql("UPDATE fiche_apprentissage SET formation_session_id = $1 WHERE identifiant LIKE $2", vec![cle.into(), identifiant.to_owned().into()]).await;
        }
        let ici = "/api/v1/sessions/2024/apprentissage";
        let r = s.l.lit(ici).await;
        assert_eq!((r.statut, r.json["total"].as_i64()), (StatusCode::OK, Some(3)), "{}", r.json);
        let l = s.logiciel(&[(0, "")], false).await;
        let r = l.lit(ici).await;
        let titres: Vec<&str> = r.json["fiches"].as_array().unwrap().iter().map(|f| f["intitule"].as_str().unwrap()).collect();
        assert_eq!(titres, ["BTS Comptabilité", "BTS Tourisme"], "not the record of a course that is not its own");
        assert_eq!((r.json["fiches"][0]["statut"].as_str(), r.json["fiches"][0]["raison"].as_str()), (Some("non_publie"), Some(motif.as_str())));
        assert_eq!(r.json["fiches"][1]["formation"], s.f[0].public_id.as_str());
        assert_eq!(l.lit(&format!("{ici}?page=0")).await.statut, StatusCode::BAD_REQUEST);
        let voisin = s.t.etablissement("0801235B", "Lycée voisin").await;
        let g = s.t.formation(voisin, "CPGE MPSI", Famille::Cpge, true, 24, false).await;
        let voisin = s.l.avec(Some(&s.t.jeton(voisin, &[(&g, TOUT)], true).await));
        assert_eq!(voisin.lit(ici).await.json["total"], 0);
    }

    async fn an_establishment_with_many_courses_is_printed_in_volumes(base) {
        let t = TestApp::with_limites(base, Limites { volume_formations: 2, ..testkit::limites() }).await;
        app::sessions::ouvrir_session(&t.systeme(), 2024, None).await.unwrap();
        let etab = t.etablissement("0800001A", "Lycée Jules-Verne").await;
        let mut f = Vec::new();
        for nom in ["CPGE BCPST", "CPGE MPSI", "CPGE PCSI"] {
            f.push(t.formation(etab, nom, Famille::Cpge, true, 24, false).await);
        }
        t.at("2023-11-25T10:00");
        let l = t.logiciel(&t.jeton(etab, &f.iter().map(|f| (f, "")).collect::<Vec<_>>(), false).await);
        let id = t.mot("SELECT public_id FROM etablissement WHERE id = $1", vec![etab.into()]).await;
        let ici = format!("/api/v1/sessions/2024/etablissements/{id}/recapitulatif.pdf");
        let lequel = l.lit(&ici).await;
        assert_eq!(lequel.statut, StatusCode::BAD_REQUEST);
        assert!(lequel.json["detail"].as_str().unwrap().contains("2 volumes"), "{}", lequel.json);
        let mut lus = Vec::new();
        for (volume, attendu) in [(1, 200), (2, 200), (0, 400), (3, 400)] {
            let r = l.lit(&format!("{ici}?volume={volume}")).await;
            assert_eq!(r.statut.as_u16(), attendu, "{volume}");
            lus.push(String::from_utf8_lossy(&r.octets).into_owned());
        }
        for f in ["CPGE BCPST", "CPGE MPSI", "CPGE PCSI"] {
            assert!(lus[0].contains(f) != lus[1].contains(f), "each course in one volume: {f}");
        }
        assert!(lus[0].contains("# L’établissement") && !lus[1].contains("# L’établissement"));
    }

    async fn what_remains_is_read_without_being_a_visit_and_a_course_is_printed(base) {
        let s = scene(base).await;
        s.t.sql("UPDATE etablissement_session SET accessibilite = '', chef_confirme = NULL", vec![]).await;
        s.t.sql("UPDATE formation_session SET capacite = NULL WHERE id = $1", vec![s.f[0].formation_session.into()]).await;
        let r = s.l.lit(&s.etablissement("/a-faire")).await;
        assert_eq!(r.statut, StatusCode::OK, "{}", r.json);
        let parties: Vec<&str> = r.json["parties"].as_array().unwrap().iter().map(|p| p["partie"].as_str().unwrap()).collect();
        assert_eq!(parties, ["accueil"], "never its head: R-ETA-03");
        let gestes: Vec<&str> = r.json["formations"].as_array().unwrap().iter().map(|f| f["geste"].as_str().unwrap()).collect();
        assert!(gestes.contains(&"completer") && gestes.contains(&"publier"), "{}", r.json);
        assert_eq!((r.json["total"].as_i64(), r.json["publiees"].as_i64()), (Some(3), Some(0)));
        assert_eq!(s.t.nombre("SELECT COUNT(*) FROM visite", vec![]).await, 0, "whoever gave the token did not come");
        let l = s.logiciel(&[(1, "")], false).await;
        assert_eq!(l.lit(&s.etablissement("/a-faire")).await.json["total"], 1, "its courses alone");
        let r = s.l.lit(&s.formation(0, "/recapitulatif.pdf")).await;
        assert_eq!((r.statut, &r.octets[..5]), (StatusCode::OK, &b"%PDF-"[..]));
        assert!(r.entetes["content-disposition"].to_str().unwrap().contains("recapitulatif-2024-0800001A-cpge-mpsi.pdf"), "{:?}", r.entetes);
        assert!(l.lit(&s.formation(0, "/recapitulatif.pdf")).await.statut.is_client_error());
        // The whole establishment: the courses of the token, never its head.
        let ici = s.etablissement("/recapitulatif.pdf");
        let r = s.l.lit(&ici).await;
        let dit = String::from_utf8_lossy(&r.octets).into_owned();
        assert_eq!(r.statut, StatusCode::OK, "{dit}");
        assert!(r.entetes["content-disposition"].to_str().unwrap().contains("recapitulatif-2024-0800001A.pdf"), "{:?}", r.entetes);
        assert!(dit.contains("## Coordonnées publiques") && dit.contains("## CPGE MPSI") && dit.contains("## CPGE BCPST"), "{dit}");
        assert!(!dit.contains("Signataire") && !dit.contains("Claude"), "R-ETA-03: {dit}");
        assert_eq!(r.octets, s.l.lit(&format!("{ici}?volume=1")).await.octets);
        let dit = String::from_utf8_lossy(&l.lit(&ici).await.octets).into_owned();
        assert!(dit.contains("## CPGE PCSI") && !dit.contains("CPGE MPSI"), "its course alone: {dit}");
        let faux = s.l.lit(&format!("{ici}?volume=2")).await;
        assert_eq!((faux.statut, faux.json["champs"][0]["champ"].as_str()), (StatusCode::BAD_REQUEST, Some("volume")));
        // A person who manages nothing of it is told nothing either: a session of a browser opens nothing here.
        let a = Attribution { etablissement: Some(s.etab), ..Attribution::simple(Role::AdminSite) };
        let (compte, _) = s.t.personne("autre@essai.example", a).await;
        let mut n = s.t.navigateur_de(compte).await;
        assert_eq!(n.opens(&s.etablissement("/a-faire")).await.statut, StatusCode::UNAUTHORIZED);
    }
}
