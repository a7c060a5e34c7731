//! What a program does of an establishment and of several of its courses at once: contacts, boarding schools, multiple wishes,
//! records of the catalogue, what remains (R-API-11), requests (R-API-14), conversations (R-API-15), last year's capacities (R-FOR-24).

use std::collections::BTreeMap;

use app::interfaces::EtendueJeton;
use app::limites::Limites;
use axum::http::{Method, StatusCode};
use domain::calendrier::Etape;
use domain::candidats::TypeBac;
use domain::candidatures::EtatVoeu;
use domain::comptes::Role;
use domain::delegations::Operation;
use domain::droits::Attribution;
use domain::formations::Famille;
use serde_json::{Value, json};
use testkit::fabrique::{CandidatEssai, FormationEssai};
use testkit::{Base, Logiciel, Rendu, TestApp, both_databases};

/// Why a course of the national list is asked for otherwise.
const MOTIF: &str = "Ouverture décidée en septembre, absente de la liste nationale.";
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
    // The version alone: the rest of it follows what the page says beside the object.
    let version = etag.split('.').next().unwrap_or_default();
    let cle = format!("{methode} {ici} {version} {corps:?}");
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

    async fn r_ctl_08_a_program_submits_those_that_are_ready_and_reads_why_the_others_are_not(base) {
        let s = scene(base).await;
        let ici = "/api/v1/sessions/2024/formations/soumission";
        let ids: Vec<&str> = s.f.iter().map(|f| f.public_id.as_str()).collect();
        // The version of each, as the list of its courses gives it to a program.
        let mut versions: BTreeMap<String, Value> = BTreeMap::new();
        for f in s.l.lit("/api/v1/sessions/2024/formations").await.json["formations"].as_array().unwrap() {
            let id = f["id"].as_str().unwrap();
            let seule = s.l.lit(&format!("/api/v1/sessions/2024/formations/{id}/publication")).await;
            assert_eq!(seule.json["version"], f["version"]);
            assert!(seule.etag().starts_with(&format!("\"v{}.", f["version"])), "{}", seule.etag());
            versions.insert(id.to_owned(), f["version"].clone());
        }
        let corps = |ids: &[&str]| {
            let lue = |id: &&str| json!({ "id": id, "version": versions.get(*id).unwrap_or(&json!(0)) });
            json!({ "formations": ids.iter().map(lue).collect::<Vec<_>>() })
        };
        let soumet = async |l: &Logiciel, cle: &str, ids: &[&str]| {
            l.ecrit(Method::POST, ici, &[("idempotency-key", cle)], &corps(ids)).await
        };
        let refus = soumet(&s.l, "a", &ids).await;
        assert_eq!(refus.statut, StatusCode::UNPROCESSABLE_ENTITY, "a session that is not reviewed: {}", refus.json);
        s.t.controle_academique(true).await;
        let soumises = async || s.t.nombre("SELECT COUNT(*) FROM controle_formation WHERE etat = 'soumise'", vec![]).await;
        // What cannot be read does nothing.
        for (faux, champ) in [
            (vec![], "formations"),
            (vec![ids[0], ids[1], ids[0]], "formations[2]"),
        ] {
            let r = soumet(&s.l, "b", &faux).await;
            assert_eq!((r.statut, r.json["champs"][0]["champ"].as_str()), (StatusCode::BAD_REQUEST, Some(champ)), "{}", r.json);
        }
        let sans_version = s.l.ecrit(Method::POST, ici, &[("idempotency-key", "b")], &json!({ "formations": [{ "id": ids[0] }] })).await;
        assert_eq!(sans_version.statut, StatusCode::BAD_REQUEST, "{}", sans_version.json);
        let sans_cle = s.l.ecrit(Method::POST, ici, &[], &corps(&ids)).await;
        assert_eq!(sans_cle.json["champs"][0]["champ"], "Idempotency-Key");
        let un = s.logiciel(&[(0, TOUT), (1, "parametrage,capacites"), (2, TOUT)], true).await;
        let r = soumet(&un, "c", &ids).await;
        assert_eq!((r.statut, r.code()), (StatusCode::FORBIDDEN, "acte_non_permis"), "each with the operation: {}", r.json);
        let voisin = s.t.etablissement("0801235B", "Lycée voisin").await;
        let g = s.t.formation(voisin, "CPGE MPSI", Famille::Cpge, true, 24, false).await;
        let r = soumet(&s.l, "d", &[ids[0], g.public_id.as_str()]).await;
        assert_eq!(r.statut, StatusCode::NOT_FOUND, "a neighbour’s among them: {}", r.json);
        assert_eq!(soumises().await, 0);
        // Two are ready, the one in the middle is not.
        s.t.sql("UPDATE formation_session SET capacite = NULL WHERE id = $1", vec![s.f[1].formation_session.into()]).await;
        let fait = soumet(&s.l, "e", &ids).await;
        assert_eq!(fait.statut, StatusCode::OK, "{}", fait.json);
        assert_eq!(fait.json["soumises"], json!([ids[0], ids[2]]));
        let laissee = &fait.json["laissees"][0];
        assert_eq!((laissee["id"].as_str(), laissee["a_jour"].as_bool()), (Some(ids[1]), Some(false)), "{laissee}");
        assert_eq!(laissee["motifs"], json!(["Il manque : capacité."]));
        assert_eq!(fait.entetes["recepisse"].to_str().unwrap(), fait.json["recepisse"]["numero"].as_str().unwrap());
        assert_eq!(soumises().await, 2);
        let actes = "SELECT COUNT(*) FROM journal WHERE requete = $1";
        let numero = fait.entetes["numero-requete"].to_str().unwrap().to_owned();
        assert_eq!(s.t.nombre(actes, vec![numero.into()]).await, 2, "an act of the journal a course, under the number of the call");
        // The same call again is the same act, the same key for other courses is none.
        let encore = soumet(&s.l, "e", &ids).await;
        assert_eq!((encore.statut, &encore.json), (StatusCode::OK, &fait.json));
        assert_eq!(soumet(&s.l, "e", &ids[..2]).await.statut, StatusCode::CONFLICT);
        // None is ready any more: nothing is half said.
        let rien = soumet(&s.l, "f", &ids).await;
        assert_eq!((rien.statut, rien.code()), (StatusCode::UNPROCESSABLE_ENTITY, "aucune_soumise"), "{}", rien.json);
        let dit = rien.json["detail"].as_str().unwrap();
        assert!(dit.starts_with("Aucune formation n’est soumise : 1 à compléter, 2 déjà à jour."), "{dit}");
        let champs: Vec<(&str, &str)> = rien.json["champs"].as_array().unwrap().iter().map(|c| (c["champ"].as_str().unwrap(), c["message"].as_str().unwrap())).collect();
        assert_eq!(champs[1], ("formations[1]", "Il manque : capacité."));
        assert!(champs.len() == 3 && champs[0].1.contains("déjà soumise"), "{champs:?}");
        // Nothing was kept of that key: once completed, it goes under it.
        s.t.sql("UPDATE formation_session SET capacite = 24 WHERE id = $1", vec![s.f[1].formation_session.into()]).await;
        let fait = soumet(&s.l, "f", &ids).await;
        assert_eq!((fait.statut, &fait.json["soumises"]), (StatusCode::OK, &json!([ids[1]])), "{}", fait.json);
        assert_eq!(fait.json["laissees"].as_array().map(Vec::len), Some(2));
    }

    async fn r_ctl_08_trx_4_a_program_names_what_it_read_and_what_changed_since_is_left_aside(base) {
        let s = scene(base).await;
        s.t.controle_academique(true).await;
        let ici = "/api/v1/sessions/2024/formations/soumission";
        let lue = async |i: usize| {
            let version = s.l.lit(&s.formation(i, "/publication")).await.json["version"].clone();
            json!({ "id": s.f[i].public_id, "version": version })
        };
        let corps = json!({ "formations": [lue(0).await, lue(1).await] });
        // Somebody writes on screen meanwhile.
        let a = Attribution { etablissement: Some(s.etab), ..Attribution::simple(Role::AdminSite) };
        let (compte, _) = s.t.personne("collegue@essai.example", a).await;
        let mut collegue = s.t.navigateur_de(compte).await;
        let page = collegue.opens(&format!("/gestion/2024/formations/{}/contacts", s.f[1].public_id)).await;
        collegue.submits(&page, "Enregistrer", &[("contact", "Vie scolaire")]).await.is(200);
        let fait = s.l.ecrit(Method::POST, ici, &[("idempotency-key", "a")], &corps).await;
        assert_eq!((fait.statut, &fait.json["soumises"]), (StatusCode::OK, &json!([s.f[0].public_id])), "{}", fait.json);
        let laissee = &fait.json["laissees"][0];
        assert_eq!((laissee["id"].as_str(), laissee["a_relire"].as_bool()), (Some(s.f[1].public_id.as_str()), Some(true)));
        let relue = json!({ "formations": [lue(1).await] });
        let fait = s.l.ecrit(Method::POST, ici, &[("idempotency-key", "b")], &relue).await;
        assert_eq!((fait.statut, &fait.json["soumises"]), (StatusCode::OK, &json!([s.f[1].public_id])), "{}", fait.json);
    }

    async fn r_api_14_a_program_asks_with_what_was_entrusted_to_it_and_follows_what_it_asked(base) {
        const MOTIF: &str = "Trop peu d’élèves depuis trois ans.";
        let s = scene(base).await;
        let liste = "/api/v1/sessions/2024/demandes";
        assert_eq!(s.l.lit(liste).await.statut, StatusCode::FORBIDDEN, "writing everything is not asking");
        let l = s.logiciel(&[(0, "demandes"), (1, TOUT)], true).await;
        let autre = s.logiciel(&[(1, "demandes")], false).await;
        let etendue = EtendueJeton { demande_etablissement: true, ..EtendueJeton::default() };
        let maison = s.l.avec(Some(&s.t.jeton_de(s.etab, etendue).await));
        let ici = s.formation(0, "/demandes");
        let lu = l.lit(&ici).await;
        assert_eq!((lu.statut, lu.json["natures"].as_array().map(Vec::len)), (StatusCode::OK, Some(9)), "{}", lu.json);
        let (i, identite) = (&lu.json["identite"], &["libelle", "statut", "selective", "fixes"]);
        assert!(identite.iter().all(|champ| !i[*champ].is_null()), "{}", lu.json);
        let nature = |n: &str| lu.json["natures"].as_array().unwrap().iter().find(|x| x["nature"] == n).unwrap().clone();
        assert_eq!(nature("suspension")["possible"], true);
        assert!(nature("derogation")["motif"].is_string(), "its fields are still open");
        for (qui, l, i) in [("another operation", &l, 1), ("a course that is not named", &l, 2), ("the establishment alone", &maison, 0)] {
            assert_eq!(l.lit(&s.formation(i, "/demandes")).await.statut, StatusCode::FORBIDDEN, "{qui}");
        }
        // What cannot be read asks nothing.
        for (corps, champ) in [
            (json!({ "nature": "ouverture", "motif": MOTIF }), "nature"),
            (json!({ "nature": "suspension", "motif": MOTIF, "site": "x" }), "site"),
            (json!({ "nature": "cession", "motif": MOTIF }), "uai"),
            (json!({ "nature": "correction", "motif": MOTIF, "libelle": "BTS", "detail": "", "statut": "etudiant" }), "selective"),
            (json!({ "nature": "suspension", "motif": MOTIF, "libelle": "BTS" }), "libelle"),
            (json!({ "nature": "derogation", "motif": MOTIF, "champs": ["frais"], "jusqu_a": "demain" }), "jusqu_a"),
        ] {
            let r = ecrit(&l, Method::POST, &ici, &ici, Some(&corps)).await;
            assert_eq!((r.statut, r.json["champs"][0]["champ"].as_str()), (StatusCode::BAD_REQUEST, Some(champ)), "{}", r.json);
        }
        let corps = json!({ "nature": "suspension", "motif": MOTIF });
        let sans = l.ecrit(Method::POST, &ici, &[("if-match", &lu.etag())], &corps).await;
        assert_eq!(sans.json["champs"][0]["champ"], "Idempotency-Key");
        let perimee = l.ecrit(Method::POST, &ici, &[("if-match", "\"v-7\""), ("idempotency-key", "p")], &corps).await;
        assert_eq!((perimee.statut, perimee.code()), (StatusCode::PRECONDITION_FAILED, "version_depassee"));
        let refus = maison.ecrit(Method::POST, &ici, &[("if-match", &lu.etag()), ("idempotency-key", "p")], &corps).await;
        assert_eq!(refus.statut, StatusCode::FORBIDDEN, "{}", refus.json);
        let fait = ecrit(&l, Method::POST, &ici, &ici, Some(&corps)).await;
        assert_eq!(fait.statut, StatusCode::CREATED, "{}", fait.json);
        let encore = ecrit(&l, Method::POST, &ici, &ici, Some(&corps)).await;
        assert_eq!((encore.statut, &encore.json), (StatusCode::CREATED, &fait.json), "asked once");
        let relu = l.appelle(Method::GET, &ici, &[("if-none-match", &lu.etag())], None).await;
        assert_eq!(relu.statut, StatusCode::OK, "what is read has changed, though the course has not");
        assert_eq!(relu.json["demandes"][0]["id"], fait.json["id"]);
        let une = format!("{liste}/{}", fait.json["id"].as_str().unwrap());
        let seconde = ecrit(&l, Method::POST, &ici, &ici, Some(&json!({ "nature": "fermeture", "motif": MOTIF }))).await;
        assert_eq!(seconde.statut, StatusCode::UNPROCESSABLE_ENTITY, "one question at a time: {}", seconde.json);
        let lue = l.lit(&une).await;
        assert_eq!((lue.statut, lue.json["etat"].as_str(), lue.json["motif"].as_str()), (StatusCode::OK, Some("deposee"), Some(MOTIF)));
        assert_eq!(lue.json["actes"][0]["role"], "Logiciel de l’établissement");
        assert_eq!(lue.json["formation"], s.f[0].public_id.as_str());
        assert_eq!(l.lit(&ici).await.json["demandes"][0]["id"], lue.json["id"]);
        let numero = fait.entetes["numero-requete"].to_str().unwrap().to_owned();
        let acte = s.t.journal().await.into_iter().find(|e| e.requete == numero).unwrap();
        assert_eq!((acte.role.as_str(), acte.action.as_str(), acte.objet.as_str()), ("logiciel", "demander_formation", "demande_formation"));
        // Neither another course's program nor the establishment's reads it.
        for l in [&autre, &maison] {
            assert_eq!((l.lit(liste).await.json["total"].as_i64(), l.lit(&une).await.statut), (Some(0), StatusCode::FORBIDDEN));
        }
        assert_eq!(l.lit(liste).await.json["total"], 1);
        for (critere, attendu) in [("etat=deposee", 1), ("etat=acceptee", 0), ("nature=suspension", 1), ("nature=cession", 0)] {
            assert_eq!(l.lit(&format!("{liste}?{critere}")).await.json["total"], attendu, "{critere}");
        }
        for faux in ["etat=x", "nature=x", "page=0", "x=1"] {
            assert_eq!(l.lit(&format!("{liste}?{faux}")).await.statut, StatusCode::BAD_REQUEST, "{faux}");
        }
        let retrait = format!("{une}/retrait");
        let retiree = ecrit(&l, Method::POST, &une, &retrait, None).await;
        assert_eq!((retiree.statut, retiree.json["etat"].as_str()), (StatusCode::OK, Some("retiree")), "{}", retiree.json);
        let encore = ecrit(&l, Method::POST, &une, &retrait, None).await;
        assert_eq!(encore.statut, StatusCode::UNPROCESSABLE_ENTITY, "{}", encore.json);
        // The establishment itself.
        let site = s.l.lit(&s.etablissement("")).await.json["sites"][0]["id"].clone();
        let ouverture = json!({ "famille": "bts", "libelle": "BTS Tourisme", "statut": "etudiant", "selective": true, "site": site, "motif": MOTIF });
        let cle = [("idempotency-key", "o1")];
        let refus = l.ecrit(Method::POST, liste, &cle, &ouverture).await;
        assert_eq!((refus.statut, refus.code()), (StatusCode::FORBIDDEN, "acte_non_permis"), "{}", refus.json);
        let fait = maison.ecrit(Method::POST, liste, &cle, &ouverture).await;
        assert_eq!(fait.statut, StatusCode::CREATED, "{}", fait.json);
        let lue = maison.lit(liste).await.json;
        assert_eq!((&lue["demandes"][0]["nature"], &lue["ouverture"]["possible"]), (&json!("ouverture"), &json!(true)));
        let sans = l.lit(liste).await.json["ouverture"].clone();
        assert_eq!(sans["possible"], false, "it asks about its course alone");
        assert!(sans["motif"].as_str().unwrap().contains("Demandes de l’établissement"), "{sans}");
        assert_eq!(l.lit(liste).await.json["total"], 1, "the request on its course alone");
        let parties = s.etablissement("/demandes");
        assert_eq!(l.lit(&parties).await.statut, StatusCode::FORBIDDEN);
        let lu = maison.lit(&parties).await;
        assert_eq!((&lu.json["parties_closes"], &lu.json["reouverture"]["possible"]), (&json!([]), &json!(false)), "{}", lu.json);
        s.t.at("2023-12-20T10:00");
        let lu = maison.lit(&parties).await;
        let closes: Vec<&str> = lu.json["parties_closes"].as_array().unwrap().iter().map(|p| p["partie"].as_str().unwrap()).collect();
        assert!(closes.contains(&"accueil") && !closes.contains(&"chef"), "{closes:?}");
        let corps = |parties: &[&str]| json!({ "parties": parties, "jusqu_a": "2023-12-28", "motif": MOTIF });
        let chef = maison.ecrit(Method::POST, &parties, &[("idempotency-key", "r0")], &corps(&["accueil", "chef"])).await;
        assert_eq!((chef.statut, chef.json["champs"][0]["champ"].as_str()), (StatusCode::BAD_REQUEST, Some("parties[1]")));
        let refus = l.ecrit(Method::POST, &parties, &[("idempotency-key", "r1")], &corps(&["accueil"])).await;
        assert_eq!(refus.statut, StatusCode::FORBIDDEN, "{}", refus.json);
        let fait = maison.ecrit(Method::POST, &parties, &[("idempotency-key", "r1")], &corps(&["accueil"])).await;
        assert_eq!(fait.statut, StatusCode::CREATED, "{}", fait.json);
        assert_eq!(maison.lit(liste).await.json["total"], 2);
        assert_eq!(maison.lit(&parties).await.json["demandes"][0]["id"], fait.json["id"]);
        // A neighbour knows nothing of it.
        let voisin = s.t.etablissement("0801235B", "Lycée voisin").await;
        let etendue = EtendueJeton { demande_etablissement: true, ecrit_etablissement: true, ..EtendueJeton::default() };
        let voisin = s.l.avec(Some(&s.t.jeton_de(voisin, etendue).await));
        assert_eq!((voisin.lit(liste).await.json["total"].as_i64(), voisin.lit(&une).await.statut), (Some(0), StatusCode::NOT_FOUND));
    }

    async fn r_vie_13_a_program_asks_for_a_new_course_with_its_national_type(base) {
        let s = scene(base).await;
        let liste = "/api/v1/sessions/2024/demandes";
        let etendue = EtendueJeton { demande_etablissement: true, ..EtendueJeton::default() };
        let l = s.l.avec(Some(&s.t.jeton_de(s.etab, etendue).await));
        assert_eq!(l.lit(liste).await.json["filiere_exigee"], false);
        let colonnes = "session_id, code, code_sans_apprentissage, sigle, libelle, apprentissage, las, attendus, source";
        let [sigle, libelle, attendus, source] =
            ["BTS-ME", "Métiers de l’eau", "Aimer l’eau.", "Cadre d’essai"].map(|t| t.to_owned().into());
        let valeurs = vec![s.f[0].session.into(), 467_i64.into(), 467_i64.into(), sigle, libelle, 0_i64.into(), 0_i64.into(), attendus, source];
        s.t.insert("type_formation", colonnes, valeurs).await;
        assert_eq!(l.lit(liste).await.json["filiere_exigee"], true);
        let site = s.l.lit(&s.etablissement("")).await.json["sites"][0]["id"].clone();
        let ask = async |cle: &str, plus: Value| {
            let mut corps = json!({ "selective": true, "site": site, "motif": MOTIF });
            corps.as_object_mut().unwrap().extend(plus.as_object().unwrap().clone());
            l.ecrit(Method::POST, liste, &[("idempotency-key", cle)], &corps).await
        };
        let libre = json!({ "famille": "bts", "libelle": "BTS Eau", "statut": "etudiant" });
        for (plus, champ) in [
            (libre.clone(), "filiere"),
            (json!({ "filiere": 1 }), "filiere"),
            (json!({ "filiere": 467, "famille": "but" }), "famille"),
            (json!({ "filiere": 467, "hors_nomenclature": MOTIF }), "hors_nomenclature"),
        ] {
            let r = ask("f", plus).await;
            assert_eq!((r.statut, r.json["champs"][0]["champ"].as_str()), (StatusCode::UNPROCESSABLE_ENTITY, Some(champ)), "{}", r.json);
        }
        let fait = ask("a", json!({ "filiere": 467 })).await;
        assert_eq!(fait.statut, StatusCode::CREATED, "{}", fait.json);
        let lue = l.lit(&format!("{liste}/{}", fait.json["id"].as_str().unwrap())).await;
        assert_eq!(lue.json["objet"], "BTS - Métiers de l’eau");
        let valeurs = lue.json["valeurs"].as_array().unwrap().clone();
        assert!(valeurs.iter().any(|v| v["terme"] == "Filière nationale" && v["texte"] == "BTS-ME (code 467)"), "{valeurs:?}");
        let mut hors = libre;
        hors["hors_nomenclature"] = json!(MOTIF);
        let fait = ask("b", hors).await;
        assert_eq!(fait.statut, StatusCode::CREATED, "{}", fait.json);
    }

    async fn r_api_14_what_was_asked_is_followed_once_it_is_done(base) {
        let s = scene(base).await;
        let etendue = EtendueJeton {
            demande_etablissement: true,
            formations: vec![(s.f[0].public_id.clone(), [Operation::Demandes].into_iter().collect())],
            ..EtendueJeton::default()
        };
        let l = s.l.avec(Some(&s.t.jeton_de(s.etab, etendue).await));
        let seule = s.logiciel(&[(0, "demandes")], false).await;
        s.t.etablissement("0801235B", "Lycée voisin").await;
        let ici = s.formation(0, "/demandes");
        let corps = json!({ "nature": "cession", "motif": "Le lycée voisin a les ateliers.", "uai": " 0801235b" });
        let fait = ecrit(&seule, Method::POST, &ici, &ici, Some(&corps)).await;
        assert_eq!(fait.statut, StatusCode::CREATED, "{}", fait.json);
        let une = format!("/api/v1/sessions/2024/demandes/{}", fait.json["id"].as_str().unwrap());
        assert_eq!((seule.lit(&une).await.json["accord_attendu"].as_bool(), l.lit(&une).await.statut), (Some(true), StatusCode::OK));
        // Once the course is the neighbour's, its former establishment still reads what became of what it asked; no course of its own does.
        for sql in [
            "UPDATE formation_session SET etablissement_id = (SELECT MAX(id) FROM etablissement) WHERE id = $1",
            "UPDATE demande_formation SET etat = 'acceptee', decidee_le = 1 WHERE formation_session_id = $1",
        ] {
            s.t.sql(sql, vec![s.f[0].formation_session.into()]).await;
        }
        let apres = l.lit(&une).await;
        assert_eq!((apres.statut, apres.json["etat"].as_str()), (StatusCode::OK, Some("acceptee")), "{}", apres.json);
        assert_eq!(l.lit("/api/v1/sessions/2024/demandes").await.json["total"], 1);
        assert_eq!((seule.lit(&une).await.statut, seule.lit("/api/v1/sessions/2024/demandes").await.json["total"].as_i64()), (StatusCode::FORBIDDEN, Some(0)));
    }

    async fn r_api_15_a_program_that_writes_the_establishment_converses_and_reads_for_nobody(base) {
        let s = scene(base).await;
        let agent = Attribution { academies: vec!["20".to_owned()], ..Attribution::simple(Role::Academie) };
        let (agent, _) = s.t.personne("agent@ac.example", agent).await;
        let ici = s.etablissement("/echanges");
        let lu = s.l.lit(&ici).await;
        assert_eq!((lu.statut, &lu.json["messages"], &lu.json["ecriture"]), (StatusCode::OK, &json!([]), &json!(true)), "{}", lu.json);
        let message = |texte: &str| json!({ "texte": texte });
        let vide = s.l.ecrit(Method::POST, &ici, &[("idempotency-key", "m0")], &message(" ")).await;
        assert_eq!((vide.statut, vide.json["champs"][0]["champ"].as_str()), (StatusCode::UNPROCESSABLE_ENTITY, Some("texte")));
        for _ in 0..2 {
            let fait = s.l.ecrit(Method::POST, &ici, &[("idempotency-key", "m1")], &message("Le site est fermé lundi.")).await;
            assert_eq!((fait.statut, fait.json["messages"].as_array().map(Vec::len)), (StatusCode::CREATED, Some(1)), "{}", fait.json);
            assert_eq!(fait.json["messages"][0]["role"], "Logiciel de l’établissement");
        }
        assert_eq!(s.t.envois().await.iter().filter(|e| e.modele == "message_fil").count(), 1, "the academic service is told");
        // The service answers; the program reads it, whoever gave the token has not.
        let mut n = s.t.navigateur_de(agent).await;
        let page = n.opens(&format!("/gestion/2024/etablissements/{}/echanges", s.id)).await;
        page.is(200).sees("Le site est fermé lundi.");
        n.submits(&page, "Envoyer", &[("texte", "Bien reçu.")]).await.is(200);
        assert_eq!(s.l.lit(&ici).await.json["messages"][1]["texte"], "Bien reçu.");
        let donneur = s.t.nombre("SELECT MIN(donneur_id) FROM jeton_api", vec![]).await;
        let lus = "SELECT COUNT(*) FROM fil_lecture WHERE compte_id = $1 AND lu > 0";
        assert_eq!(s.t.nombre(lus, vec![donneur.into()]).await, 0);
        // About a course: with its settings too.
        let cours = s.formation(0, "/echanges");
        let fait = s.l.ecrit(Method::POST, &cours, &[("idempotency-key", "m2")], &message("Une question sur les attendus.")).await;
        assert_eq!((fait.statut, fait.json["objet"].as_str()), (StatusCode::CREATED, Some("CPGE MPSI")), "{}", fait.json);
        for (qui, siennes, maison, attendus) in [
            ("other operations", vec![(0, "capacites,publication,demandes")], true, [200, 403]),
            ("without the establishment", vec![(0, TOUT)], false, [403, 403]),
            ("a course that is not named", vec![(1, TOUT)], true, [200, 403]),
        ] {
            let l = s.logiciel(&siennes, maison).await;
            for (chemin, attendu) in [&ici, &cours].into_iter().zip(attendus) {
                assert_eq!(l.lit(chemin).await.statut.as_u16(), attendu, "{qui} {chemin}");
            }
            let r = l.ecrit(Method::POST, &cours, &[("idempotency-key", "m3")], &message("Bonjour.")).await;
            assert_eq!(r.statut, StatusCode::FORBIDDEN, "{qui}");
        }
        assert_eq!(s.l.lit(&ici).await.json["messages"].as_array().map(Vec::len), Some(2), "each conversation by itself");
    }

    async fn r_for_24_a_program_puts_last_years_capacities_back_course_by_course(base) {
        let s = scene(base).await;
        let partiel = s.logiciel(&[(0, TOUT), (1, "parametrage"), (2, TOUT)], true).await;
        s.t.at("2024-11-12T08:00");
        app::sessions::ouvrir_session(&s.t.systeme(), 2025, Some(2024)).await.unwrap();
        s.t.at("2024-11-20T10:00");
        // Whoever gave the tokens has brought their account up to date.
        s.t.sql("UPDATE compte SET etat = 'actif'", vec![]).await;
        let ici = "/api/v1/sessions/2025/formations/reconduction";
        let lit = async || s.l.lit(ici).await.json["formations"].as_array().unwrap().clone();
        let lues = lit().await;
        let noms: Vec<&str> = lues.iter().map(|f| f["formation"].as_str().unwrap()).collect();
        assert_eq!(noms, ["CPGE BCPST", "CPGE MPSI", "CPGE PCSI"]);
        for f in &lues {
            assert_eq!((&f["possible"], &f["capacite"], &f["capacite_avant"]), (&json!(true), &Value::Null, &json!(24)), "{f}");
            assert_eq!(f["ecarts"][0], json!({ "libelle": "Capacité d’accueil", "ici": null, "avant": 24 }));
        }
        let corps = |lues: &[Value]| {
            let choisies: Vec<Value> = lues.iter().map(|f| json!({ "id": f["id"], "version": f["version"] })).collect();
            json!({ "formations": choisies })
        };
        let reprend = async |l: &Logiciel, cle: &str, lues: &[Value]| {
            l.ecrit(Method::POST, ici, &[("idempotency-key", cle)], &corps(lues)).await
        };
        for (faux, champ) in [
            (json!({ "formations": [] }), "formations"),
            (json!({ "formations": [{ "id": lues[0]["id"], "version": "x" }] }), "formations[0].version"),
            (json!({ "formations": [{ "id": lues[0]["id"], "version": "1" }, { "id": lues[0]["id"], "version": "1" }] }), "formations[1]"),
        ] {
            let r = s.l.ecrit(Method::POST, ici, &[("idempotency-key", "z")], &faux).await;
            assert_eq!((r.statut, r.json["champs"][0]["champ"].as_str()), (StatusCode::BAD_REQUEST, Some(champ)), "{}", r.json);
        }
        let refus = reprend(&partiel, "a", &lues).await;
        assert_eq!((refus.statut, refus.code()), (StatusCode::FORBIDDEN, "acte_non_permis"), "each with the operation: {}", refus.json);
        // A colleague types another one in between.
        let une = format!("/api/v1/sessions/2025/formations/{}/capacites", lues[1]["id"].as_str().unwrap());
        let tapee = ecrit(&s.l, Method::PUT, &une, &une, Some(&json!({ "capacite": 30, "frais_centimes": 0 }))).await;
        assert_eq!(tapee.statut, StatusCode::OK, "{}", tapee.json);
        let fait = reprend(&s.l, "b", &lues).await;
        assert_eq!(fait.statut, StatusCode::OK, "{}", fait.json);
        assert_eq!(fait.json["reprises"], json!([lues[0]["id"], lues[2]["id"]]));
        let laissee = &fait.json["laissees"][0];
        assert_eq!((&laissee["id"], &laissee["a_relire"], &laissee["deja"]), (&lues[1]["id"], &json!(true), &json!(false)), "{laissee}");
        assert_eq!(s.l.lit(&une).await.json["capacite"], 30, "nothing is written over without being read");
        let encore = reprend(&s.l, "b", &lues).await;
        assert_eq!((encore.statut, &encore.json), (StatusCode::OK, &fait.json), "the same call is the same act");
        assert_eq!(reprend(&s.l, "b", &lues[..1]).await.statut, StatusCode::CONFLICT);
        let fait = reprend(&s.l, "c", &lit().await).await;
        assert_eq!((fait.statut, &fait.json["reprises"]), (StatusCode::OK, &json!([lues[1]["id"]])), "{}", fait.json);
        assert!(fait.json["laissees"].as_array().unwrap().iter().all(|l| l["deja"] == true), "{}", fait.json);
        assert_eq!(s.l.lit(&une).await.json["capacite"], 24);
        let rien = reprend(&s.l, "d", &lit().await).await;
        assert_eq!((rien.statut, rien.code(), rien.json["champs"].as_array().map(Vec::len)), (StatusCode::UNPROCESSABLE_ENTITY, "aucune_reprise", Some(3)), "{}", rien.json);
        s.t.at("2025-02-15T10:00");
        let tard = lit().await;
        assert!(tard.iter().all(|f| f["possible"] == false && f["empechement"].is_string()), "{tard:?}");
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
