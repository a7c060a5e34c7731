//! The interface of programs: every answer is one that its description announces, and what is written by it is what pages write.

use std::collections::BTreeSet;

use app::formations::{Guichet, Reponse, answer_demande, ask_reouverture};
use app::idempotence::Garde;
use app::interfaces::Carnet;
use app::ports::Horloge as _;
use axum::http::{Method, StatusCode};
use domain::PublicId;
use domain::comptes::Role;
use domain::droits::Attribution;
use domain::etablissements::Partie;
use domain::formations::Famille;
use jiff::civil::date;
use serde_json::{Value, json};
use testkit::fabrique::FormationEssai;
use testkit::{Logiciel, TestApp, both_databases};
use web::Acces;

const TOUT: &str = "parametrage,capacites,publication,candidatures,classement,transmission";

struct Scene {
    t: TestApp,
    etab: i64,
    id: String,
    f: FormationEssai,
    l: Logiciel,
}

async fn scene(base: testkit::Base) -> Scene {
    let t = TestApp::with_session_2024(base).await;
    let etab = t.etablissement("0801234A", "Lycée d’essai").await;
    let f = t.formation(etab, "BTS Essai", Famille::Bts, true, 24, false).await;
    t.at("2023-11-25T10:00");
    let jeton = t.jeton(etab, &[(&f, TOUT)], true).await;
    let id = t.mot("SELECT public_id FROM etablissement WHERE id = $1", vec![etab.into()]).await;
    let l = t.logiciel(&jeton);
    Scene { t, etab, id, f, l }
}

impl Scene {
    fn formation(&self, suite: &str) -> String {
        format!("/api/v1/sessions/2024/formations/{}{suite}", self.f.public_id)
    }

    fn etablissement(&self, suite: &str) -> String {
        format!("/api/v1/sessions/2024/etablissements/{}{suite}", self.id)
    }
}

#[test]
fn the_description_is_whole_and_in_french() {
    let d = web::api::description(true);
    assert_eq!(d["openapi"], "3.1.0");
    let mut noms = Vec::new();
    for (chemin, verbes) in d["paths"].as_object().unwrap() {
        for (verbe, o) in verbes.as_object().unwrap() {
            noms.push(o["operationId"].as_str().unwrap().to_owned());
            assert!(!o["summary"].as_str().unwrap().is_empty(), "{verbe} {chemin}");
        }
    }
    let combien = noms.len();
    noms.sort_unstable();
    noms.dedup();
    assert_eq!(
        (noms.len(), web::api::lignes(true).len()),
        (combien, combien),
        "one name an operation, all described"
    );
    // Whoever reads it reads French: a few words that only English has.
    let texte = d.to_string();
    for mot in [" the ", " of ", " is ", " and ", " when "] {
        let ou = texte.find(mot).map(|i| texte[i.saturating_sub(40)..].chars().take(90).collect::<String>());
        assert_eq!(ou, None, "{mot}");
    }
}

both_databases! {
    async fn hab_3_r_api_02_each_route_refuses_whoever_it_was_not_entrusted_to(base) {
        let s = scene(base).await;
        let autre = s.t.etablissement("0801235B", "Lycée voisin").await;
        let g = s.t.formation(autre, "BTS Voisin", Famille::Bts, true, 24, false).await;
        let voisin = s.l.avec(Some(&s.t.jeton(autre, &[(&g, TOUT)], true).await));
        let lecteur = s.l.avec(Some(&s.t.jeton(s.etab, &[(&s.f, "")], false).await));
        let revoque = s.t.jeton(s.etab, &[(&s.f, TOUT)], true).await;
        s.t.sql("UPDATE jeton_api SET revoque_le = 1 WHERE suffixe = $1", vec![revoque[revoque.len() - 4..].to_owned().into()]).await;
        let inconnu = format!("{}{}", &revoque[..revoque.len() - 4], "zzzz");
        let mut cellules = 0;
        for ligne in web::api::lignes(false) {
            let Acces::Jeton(action) = ligne.acces else { continue };
            let chemin = ligne
                .chemin
                .replace("{annee}", "2024")
                .replace("{rubrique}", "attendus")
                .replace("etablissements/{id}", &format!("etablissements/{}", s.id))
                .replace("formations/{id}", &format!("formations/{}", s.f.public_id))
                .replace("groupes/{id}", &format!("groupes/{}", s.f.groupe_public_id))
                .replace("{ligne}", "aaaaaaaaaaaaaaaaaaaaaaaaaa")
                .replace("{id}", "aaaaaaaaaaaaaaaaaaaaaaaaaa");
            let appelle = async |l: &Logiciel| {
                let entetes = [("if-match", "\"v0\""), ("idempotency-key", "essai"), ("content-type", "application/json")];
                l.appelle(ligne.methode.clone(), &chemin, &entetes, Some(b"{}".to_vec())).await
            };
            for (qui, l) in [
                ("nobody", s.l.avec(None)),
                ("revoked", s.l.avec(Some(&revoque))),
                ("unknown", s.l.avec(Some(&inconnu))),
                ("nonsense", s.l.avec(Some("x"))),
            ] {
                let r = appelle(&l).await;
                assert_eq!(r.statut, StatusCode::UNAUTHORIZED, "{qui} {} {chemin}", ligne.methode);
                assert!(r.entetes.contains_key("www-authenticate"));
                cellules += 1;
            }
            let ecrit = ligne.methode != Method::GET;
            if ligne.chemin.contains("{id}") {
                let r = appelle(&voisin).await;
                let attendus: &[u16] = if ecrit { &[400, 404, 415] } else { &[404] };
                assert!(attendus.contains(&r.statut.as_u16()), "neighbour {} {chemin}: {}", ligne.methode, r.statut);
                cellules += 1;
            }
            if action.operation_for(Role::Logiciel).is_some() {
                let r = appelle(&lecteur).await;
                let attendus: &[u16] = if ecrit { &[400, 403, 404, 415] } else { &[403, 404] };
                assert!(attendus.contains(&r.statut.as_u16()), "reader {} {chemin}: {} {}", ligne.methode, r.statut, r.json);
                cellules += 1;
            }
        }
        assert!(cellules > 150, "{cellules} cells only");
        // A browser is not a program: its session opens nothing here.
        let a = Attribution { etablissement: Some(s.etab), ..Attribution::simple(Role::AdminSite) };
        let (compte, _) = s.t.personne("admin@essai.example", a).await;
        let mut n = s.t.navigateur_de(compte).await;
        assert_eq!(n.opens("/api/v1/jeton").await.statut, StatusCode::UNAUTHORIZED);
    }

    async fn a_token_says_what_it_may_do_and_ends_with_who_gave_it(base) {
        let s = scene(base).await;
        let r = s.l.lit("/api/v1/jeton").await;
        assert_eq!(r.json["formations"][0]["formation"], s.f.public_id.as_str());
        assert_eq!(r.json["formations"][0]["operations"].as_array().unwrap().len(), 6);
        assert_eq!(r.json["ecrit_etablissement"], true);
        // HAB-6: at the next request.
        s.t.sql("UPDATE attribution SET supprime_le = 1", vec![]).await;
        let r = s.l.lit("/api/v1/jeton").await;
        assert_eq!((r.statut, r.code()), (StatusCode::UNAUTHORIZED, "jeton_sans_donneur"));
    }

    async fn r_api_05_each_call_is_noted_and_each_act_is_in_the_journal_under_the_same_number(base) {
        let s = scene(base).await;
        let lu = s.l.lit(&s.formation("/capacites")).await;
        let corps = json!({ "capacite": 30, "frais_centimes": 17_000 });
        let ecrit = s.l.ecrit(Method::PUT, &s.formation("/capacites"), &[("if-match", &lu.etag())], &corps).await;
        assert_eq!(ecrit.statut, StatusCode::OK, "{}", ecrit.json);
        s.l.lit("/api/v1/sessions/2024/formations/aaaaaaaaaaaaaaaaaaaaaaaaaa").await;
        Carnet::flush(&s.t.app.carnet, &s.t.app).await.unwrap();
        assert_eq!(s.t.nombre("SELECT COUNT(*) FROM appel_api", vec![]).await, 3);
        assert_eq!(s.t.nombre("SELECT COUNT(*) FROM appel_api WHERE statut = 404", vec![]).await, 1);
        assert_eq!(s.t.nombre("SELECT COUNT(*) FROM appel_api WHERE marques = 'si_version'", vec![]).await, 1);
        let numero = ecrit.entetes["numero-requete"].to_str().unwrap().to_owned();
        let entrees = s.t.journal().await;
        let acte = entrees.iter().find(|e| e.requete == numero).unwrap();
        assert_eq!((acte.role.as_str(), acte.action.as_str(), acte.moyen.as_str()), ("logiciel", "modifier_capacites", "jeton"));
        assert!(entrees.iter().any(|e| e.issue == "absent"), "what is not theirs is noted too (JOU-1)");
        assert!(s.t.nombre("SELECT COUNT(*) FROM jeton_api WHERE vu_le IS NOT NULL", vec![]).await == 1);
    }

    async fn conditions_keys_and_versions(base) {
        let s = scene(base).await;
        let chemin = s.formation("/capacites");
        let lu = s.l.lit(&chemin).await;
        let pas_change = s.l.appelle(Method::GET, &chemin, &[("if-none-match", &lu.etag())], None).await;
        assert_eq!(pas_change.statut, StatusCode::NOT_MODIFIED);
        let corps = json!({ "capacite": 30, "frais_centimes": 0, "groupes": [] });
        let sans = s.l.ecrit(Method::PUT, &chemin, &[], &corps).await;
        assert_eq!((sans.statut, sans.code()), (StatusCode::PRECONDITION_REQUIRED, "version_attendue"));
        let fausse = s.l.ecrit(Method::PUT, &chemin, &[("if-match", "*")], &corps).await;
        assert_eq!(fausse.statut, StatusCode::BAD_REQUEST);
        let entetes = [("if-match", lu.etag()), ("idempotency-key", "cle-1".to_owned())];
        let entetes: Vec<(&str, &str)> = entetes.iter().map(|(n, v)| (*n, v.as_str())).collect();
        let premier = s.l.ecrit(Method::PUT, &chemin, &entetes, &corps).await;
        assert_eq!(premier.statut, StatusCode::OK, "{}", premier.json);
        // The answer was lost: the same again, though the version has moved.
        let encore = s.l.ecrit(Method::PUT, &chemin, &entetes, &corps).await;
        assert_eq!(encore.statut, StatusCode::OK);
        assert_eq!(encore.entetes["recepisse"], premier.entetes["recepisse"]);
        assert_eq!(encore.etag(), premier.etag());
        // The same key for something else.
        let corps = json!({ "capacite": 31, "frais_centimes": 0 });
        let entetes = [("if-match", premier.etag()), ("idempotency-key", "cle-1".to_owned())];
        let entetes: Vec<(&str, &str)> = entetes.iter().map(|(n, v)| (*n, v.as_str())).collect();
        let autre = s.l.ecrit(Method::PUT, &chemin, &entetes, &corps).await;
        assert_eq!((autre.statut, autre.code()), (StatusCode::CONFLICT, "conflit"));
        // A version that is no longer the last.
        let perime = s.l.ecrit(Method::PUT, &chemin, &[("if-match", &lu.etag())], &corps).await;
        assert_eq!((perime.statut, perime.code()), (StatusCode::PRECONDITION_FAILED, "version_depassee"));
        assert_eq!(s.l.lit(&chemin).await.json["capacite"], 30);
    }

    async fn what_cannot_be_read_says_where(base) {
        let s = scene(base).await;
        let chemin = s.formation("/capacites");
        let etag = s.l.lit(&chemin).await.etag();
        for (corps, champ) in [
            ("{\"capacite\": \"trente\", \"frais_centimes\": 0}", "capacite"),
            ("{\"capacite\": 30, \"frais_centimes\": 0, \"places\": 1}", "places"),
            ("{\"capacite\": 30, \"frais_centimes\": 0, \"groupes\": [{\"groupe\": \"x\"}]}", "groupes[0]"),
            ("{", ""),
        ] {
            let entetes = [("content-type", "application/json"), ("if-match", etag.as_str())];
            let r = s.l.appelle(Method::PUT, &chemin, &entetes, Some(corps.as_bytes().to_vec())).await;
            assert_eq!((r.statut, r.json["champs"][0]["champ"].as_str().unwrap()), (StatusCode::BAD_REQUEST, champ), "{corps}");
            assert!(r.json["detail"].as_str().unwrap().contains("ligne 1"), "{}", r.json);
        }
        let r = s.l.appelle(Method::PUT, &chemin, &[("if-match", &etag)], Some(b"x=1".to_vec())).await;
        assert_eq!(r.statut, StatusCode::UNSUPPORTED_MEDIA_TYPE);
        // A rule: its code, its sentence, its field.
        let r = s.l.ecrit(Method::PUT, &chemin, &[("if-match", &etag)], &json!({ "capacite": -1, "frais_centimes": 0 })).await;
        assert_eq!(r.statut, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(r.json["title"], "Règle non respectée");
        for chemin in ["/api/v1/sessions/2024/formations?x=1", "/api/v1/sessions/2024/formations?etat=x"] {
            assert_eq!(s.l.lit(chemin).await.statut, StatusCode::BAD_REQUEST, "{chemin}");
        }
        assert_eq!(s.l.lit("/api/v1/sessions/1999/formations").await.statut, StatusCode::NOT_FOUND);
        assert_eq!(s.l.lit("/api/v2").await.statut, StatusCode::NOT_FOUND);
        let r = s.l.appelle(Method::DELETE, "/api/v1/jeton", &[], None).await;
        assert_eq!(r.statut, StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(r.entetes["allow"], "GET,HEAD");
    }

    async fn what_is_open_to_all_needs_no_token(base) {
        let s = scene(base).await;
        let l = s.l.avec(None);
        for ligne in web::api::lignes(false).iter().filter(|l| l.acces == Acces::Public) {
            let r = l.lit(ligne.chemin).await;
            assert_eq!(r.statut, StatusCode::OK, "{}", ligne.chemin);
        }
        let champs = l.lit("/api/v1/nomenclatures/champs").await;
        let champs = champs.json["champs"].as_array().unwrap().clone();
        assert!(champs.len() > 30);
        // R-FOR-22: the kinds that a field names are those of the list.
        let listes = l.lit("/api/v1/nomenclatures/familles").await;
        let genres: Vec<&str> =
            listes.json["genres"].as_array().unwrap().iter().filter_map(|g| g["code"].as_str()).collect();
        assert!(genres.contains(&"dn_made") && genres.contains(&"bts"), "{genres:?}");
        for champ in &champs {
            let siens = champ["genres"].as_array().unwrap();
            assert!(siens.iter().all(|g| genres.contains(&g.as_str().unwrap())), "{champ}");
        }
        let classeur = l.lit("/api/v1/schemas/classeur").await;
        assert_eq!(classeur.json["feuilles"][0]["fields"][0]["name"], "Identifiant");
        // Each file has a schema, and what is read back says what it cannot go without.
        let liste = l.lit("/api/v1/schemas").await;
        for fichier in liste.json["fichiers"].as_array().unwrap() {
            let schema = l.lit(fichier["schema"].as_str().unwrap()).await;
            assert!(!schema.json["feuilles"][0]["fields"].as_array().unwrap().is_empty(), "{fichier}");
        }
        let delegations = l.lit("/api/v1/schemas/delegations").await;
        let champs = delegations.json["feuilles"][0]["fields"].as_array().unwrap();
        assert_eq!((champs[0]["name"].as_str(), champs[0]["constraints"]["required"].as_bool()), (Some("Compte"), Some(true)));
        assert_eq!(champs.last().unwrap()["constraints"]["enum"], json!(["oui", "non"]));
    }

    async fn an_establishment_is_described_line_by_line(base) {
        let s = scene(base).await;
        let chemin = s.etablissement("");
        let mut lu = s.l.lit(&chemin).await;
        let mut coordonnees = lu.json["coordonnees"].clone();
        coordonnees["telephone"] = json!("03 22 11 22 33");
        lu = s.l.ecrit(Method::PUT, &s.etablissement("/coordonnees"), &[("if-match", &lu.etag())], &coordonnees).await;
        assert_eq!(lu.statut, StatusCode::OK, "{}", lu.json);
        assert_eq!(lu.json["coordonnees"]["telephone"], "03 22 11 22 33");
        let accueil = json!({
            "accessibilite": "Ascenseur.", "referent_nom": "Ada", "referent_courriel": "ada@lycee.example",
            "internat": "sans", "internat_places": null, "boursiers": true,
        });
        lu = s.l.ecrit(Method::PUT, &s.etablissement("/accueil"), &[("if-match", &lu.etag())], &accueil).await;
        assert_eq!(lu.statut, StatusCode::OK, "{}", lu.json);
        for (liste, ligne, autre) in [
            ("composantes", json!({ "nom": "UFR de sciences" }), json!({ "nom": "UFR de droit" })),
            (
                "sites",
                json!({ "nom": "Site sud", "adresse": "2 rue", "code_postal": "80000", "commune": "Amiens",
                        "latitude": 49.9, "longitude": 2.3 }),
                json!({ "nom": "Site nord", "adresse": "3 rue", "code_postal": "80000", "commune": "Amiens",
                        "latitude": null, "longitude": null }),
            ),
            (
                "journees",
                json!({ "jour": "2024-02-03", "debut": "09:00", "fin": "17:00", "a_distance": false, "ou": "Au lycée" }),
                json!({ "jour": "2024-02-10", "debut": "10:00", "fin": "12:30", "a_distance": true, "ou": "https://lycee.example/jpo" }),
            ),
        ] {
            let avant = lu.json[liste].as_array().unwrap().len();
            let ici = s.etablissement(&format!("/{liste}"));
            let cle = [("if-match", lu.etag()), ("idempotency-key", format!("ajout-{liste}"))];
            let cle: Vec<(&str, &str)> = cle.iter().map(|(n, v)| (*n, v.as_str())).collect();
            let ajoute = s.l.ecrit(Method::POST, &ici, &cle, &ligne).await;
            assert_eq!(ajoute.statut, StatusCode::CREATED, "{}", ajoute.json);
            // Sent again: the same line, not another.
            let encore = s.l.ecrit(Method::POST, &ici, &cle, &ligne).await;
            assert_eq!(encore.json[liste].as_array().unwrap().len(), avant + 1);
            let neuve = encore.json[liste].as_array().unwrap().iter().find(|l| l.get("nom") == ligne.get("nom") && l.get("jour") == ligne.get("jour")).unwrap();
            let une = format!("{ici}/{}", neuve["id"].as_str().unwrap());
            let change = s.l.ecrit(Method::PUT, &une, &[("if-match", &encore.etag())], &autre).await;
            assert_eq!(change.statut, StatusCode::OK, "{}", change.json);
            lu = s.l.appelle(Method::DELETE, &une, &[("if-match", &change.etag())], None).await;
            assert_eq!(lu.statut, StatusCode::OK, "{}", lu.json);
            assert_eq!(lu.json[liste].as_array().unwrap().len(), avant);
        }
        assert!(!lu.json.to_string().contains("Claude"), "R-ETA-03: never its head");
    }

    async fn r_eta_11_r_eta_12_a_program_writes_what_is_open_again_and_the_open_days_to_come(base) {
        let s = scene(base).await;
        let a = Attribution { etablissement: Some(s.etab), ..Attribution::simple(Role::AdminSite) };
        let admin = s.t.personne("admin@essai.example", a).await.1;
        let a = Attribution { academies: vec!["20".to_owned()], ..Attribution::simple(Role::Academie) };
        let agent = s.t.personne("agent@essai.example", a).await.1;
        let id = PublicId::parse(&s.id).unwrap();
        s.t.at("2023-12-14T10:00");
        let lu = s.l.lit(&s.etablissement("")).await;
        assert_eq!((&lu.json["modifiable"], &lu.json["parties_modifiables"]), (&json!(false), &json!(["journees"])));
        let accueil = lu.json["accueil"].clone();
        let ferme = s.l.ecrit(Method::PUT, &s.etablissement("/accueil"), &[("if-match", &lu.etag())], &accueil).await;
        assert_eq!(ferme.statut, StatusCode::UNPROCESSABLE_ENTITY, "{}", ferme.json);
        let demandees = (&BTreeSet::from([Partie::Accueil, Partie::Contacts]), date(2023, 12, 20));
        let motif = "Le référent handicap a changé ce matin.";
        ask_reouverture(&s.t.ctx(admin), &Garde::default(), 2024, &id, demandees, motif).await.unwrap();
        let demande = s.t.mot("SELECT public_id FROM demande_formation", vec![]).await;
        let demande = PublicId::parse(&demande).unwrap();
        let r = Reponse::Rouvrir(String::new(), BTreeSet::from(["accueil".to_owned()]), date(2023, 12, 18));
        answer_demande(&s.t.ctx(agent), &Garde::default(), 2024, Guichet::Academie, &demande, &r).await.unwrap();
        let lu = s.l.lit(&s.etablissement("")).await;
        assert_eq!(lu.json["parties_modifiables"], json!(["accueil", "journees"]));
        let ecrit = s.l.ecrit(Method::PUT, &s.etablissement("/accueil"), &[("if-match", &lu.etag())], &accueil).await;
        assert_eq!(ecrit.statut, StatusCode::OK, "{}", ecrit.json);
        let coordonnees = ecrit.json["coordonnees"].clone();
        let ferme = s.l.ecrit(Method::PUT, &s.etablissement("/coordonnees"), &[("if-match", &ecrit.etag())], &coordonnees).await;
        assert_eq!(ferme.statut, StatusCode::UNPROCESSABLE_ENTITY, "{}", ferme.json);
        // Open days, months later; those that are over stay.
        let jpo = json!({ "jour": "2024-02-03", "debut": "09:00", "fin": "17:00", "ou": "Au lycée" });
        let entetes = [("if-match", ecrit.etag()), ("idempotency-key", "jpo".to_owned())];
        let entetes: Vec<(&str, &str)> = entetes.iter().map(|(n, v)| (*n, v.as_str())).collect();
        let ajoutee = s.l.ecrit(Method::POST, &s.etablissement("/journees"), &entetes, &jpo).await;
        assert_eq!(ajoutee.statut, StatusCode::CREATED, "{}", ajoutee.json);
        let une = s.etablissement(&format!("/journees/{}", ajoutee.json["journees"][0]["id"].as_str().unwrap()));
        s.t.at("2024-02-04T00:00");
        let passee = s.l.appelle(Method::DELETE, &une, &[("if-match", &ajoutee.etag())], None).await;
        assert_eq!(passee.statut, StatusCode::UNPROCESSABLE_ENTITY, "{}", passee.json);
    }

    async fn a_course_is_set_up_and_published_by_a_program_as_by_a_person(base) {
        let s = scene(base).await;
        // The same course set up by the forms.
        let g = s.t.formation(s.etab, "BTS Essai", Famille::Bts, true, 24, false).await;
        let (compte, _) = s.t.responsable("resp@essai.example", &g).await;
        let mut n = s.t.navigateur_de(compte).await;
        let base = format!("/gestion/2024/formations/{}", g.public_id);
        let page = n.opens(&base).await;
        let r = n.submits(&page, "Enregistrer", &[("capacite", "30"), ("frais", "170"), ("presentation", "Deux ans d’atelier.")]).await;
        assert_eq!(r.statut, StatusCode::OK, "{}", r.url);
        let page = n.opens(&format!("{base}/attendus")).await;
        let r = n.submits(&page, "Enregistrer", &[("attendus", "Aimer mesurer.")]).await;
        assert_eq!(r.statut, StatusCode::OK);
        let page = n.opens(&format!("{base}/publier")).await;
        let r = n.submits(&page, "Publier", &[]).await;
        assert_eq!(r.statut, StatusCode::OK);

        let lu = s.l.lit(&s.formation("/capacites")).await;
        let corps = json!({ "capacite": 30, "frais_centimes": 17_000 });
        let r = s.l.ecrit(Method::PUT, &s.formation("/capacites"), &[("if-match", &lu.etag())], &corps).await;
        assert_eq!(r.json["groupes"][0]["places"], 30, "R-FOR-09");
        let lu = s.l.lit(&s.formation("/presentation")).await;
        let corps = json!({ "texte": "Deux ans d’atelier." });
        s.l.ecrit(Method::PUT, &s.formation("/presentation"), &[("if-match", &lu.etag())], &corps).await;
        let lu = s.l.lit(&s.formation("/description/attendus")).await;
        let corps = json!({ "attendus": "Aimer mesurer." });
        let r = s.l.ecrit(Method::PATCH, &s.formation("/description/attendus"), &[("if-match", &lu.etag())], &corps).await;
        assert_eq!(r.statut, StatusCode::OK, "{}", r.json);
        let lu = s.l.lit(&s.formation("/publication")).await;
        assert_eq!(lu.json["manques"], json!([]));
        let entetes = [("if-match", lu.etag()), ("idempotency-key", "publier".to_owned())];
        let entetes: Vec<(&str, &str)> = entetes.iter().map(|(n, v)| (*n, v.as_str())).collect();
        let sans_cle = s.l.appelle(Method::POST, &s.formation("/publication"), &entetes[..1], None).await;
        assert_eq!(sans_cle.json["champs"][0]["champ"], "Idempotency-Key");
        let r = s.l.appelle(Method::POST, &s.formation("/publication"), &entetes, None).await;
        assert_eq!((r.statut, r.json["acte"].as_str().unwrap()), (StatusCode::OK, "formation_publiee"));

        let etat = async |id: i64| {
            let mut dits = Vec::new();
            for sql in [
                "SELECT etat || ' ' || capacite || ' ' || frais_centimes || ' ' || presentation FROM formation_session WHERE id = $1",
                "SELECT numero || ' ' || capacite || ' ' || groupes || ' ' || description FROM formation_publication WHERE formation_session_id = $1",
                "SELECT contenu FROM formation_description WHERE formation_session_id = $1",
                "SELECT CAST(SUM(a.places) AS BIGINT) || ' ' || CAST(SUM(a.nombre_a_appeler) AS BIGINT) FROM groupe_affectation a WHERE a.formation_session_id = $1",
            ] {
                dits.push(s.t.mot(sql, vec![id.into()]).await);
            }
            dits
        };
        assert_eq!(etat(s.f.formation_session).await, etat(g.formation_session).await);
        let r = s.l.lit(&s.formation("")).await;
        assert_eq!((r.json["etat"].as_str().unwrap(), r.json["a_publier"].as_bool().unwrap()), ("publiee", false));
        let r = s.l.lit(&s.formation("/publications")).await;
        assert_eq!(r.json["publications"].as_array().unwrap().len(), 1);
    }

    async fn each_part_of_the_description_comes_back_as_it_was_written(base) {
        let s = scene(base).await;
        for rubrique in domain::formations::description::Rubrique::ALL {
            let chemin = s.formation(&format!("/description/{}", rubrique.code()));
            let lu = s.l.lit(&chemin).await;
            assert_eq!(lu.statut, StatusCode::OK, "{chemin}");
            let mut envoi = lu.json.clone();
            // Sites are named by their identifier, and stay.
            envoi.as_object_mut().unwrap().retain(|_, v| !v.is_null());
            let r = s.l.ecrit(Method::PATCH, &chemin, &[("if-match", &lu.etag())], &envoi).await;
            assert_eq!(r.statut, StatusCode::OK, "{chemin}: {}", r.json);
            assert_eq!(r.json, lu.json, "{chemin}");
        }
        let chemin = s.formation("/description/epreuves");
        let lu = s.l.lit(&chemin).await;
        let r = s.l.ecrit(Method::PATCH, &chemin, &[("if-match", &lu.etag())], &json!({ "contact": "x" })).await;
        assert_eq!((r.statut, r.json["champs"][0]["champ"].as_str().unwrap()), (StatusCode::BAD_REQUEST, "contact"));
        let chemin = s.formation("/description/contacts");
        let lu = s.l.lit(&chemin).await;
        let r = s.l.ecrit(Method::PATCH, &chemin, &[("if-match", &lu.etag())], &json!({ "contact_courriel": "pas une adresse" })).await;
        assert_eq!((r.statut, r.json["champs"][0]["champ"].as_str().unwrap()), (StatusCode::UNPROCESSABLE_ENTITY, "contact_courriel"));
        let r = s.l.ecrit(Method::PATCH, &chemin, &[("if-match", &lu.etag())], &json!({ "contact_courriel": 12 })).await;
        assert_eq!(r.statut, StatusCode::BAD_REQUEST);
    }

    async fn a_workbook_goes_out_and_comes_back(base) {
        let s = scene(base).await;
        let r = s.l.appelle(Method::GET, "/api/v1/sessions/2024/classeur", &[("accept", "text/csv")], None).await;
        assert_eq!(r.statut, StatusCode::OK);
        let texte = String::from_utf8(r.octets.clone()).unwrap();
        assert!(texte.contains(&s.f.public_id));
        let change = texte.replace("S’intéresser à la matière.", "Aimer compter.");
        let csv = [("content-type", "text/csv")];
        let lu = s.l.appelle(Method::POST, "/api/v1/sessions/2024/classeur/lecture", &csv, Some(change.into_bytes())).await;
        assert_eq!(lu.json["differences"].as_array().unwrap().len(), 1, "{}", lu.json);
        assert_eq!((&lu.json["constats"], lu.json["lignes_retirees"].as_u64()), (&json!([]), Some(0)));
        let corps = json!({ "recu": lu.json["recu"] });
        let r = s.l.ecrit(Method::POST, "/api/v1/sessions/2024/classeur/application", &[("idempotency-key", "c1")], &corps).await;
        assert_eq!(r.statut, StatusCode::OK, "{}", r.json);
        assert_eq!(s.l.lit(&s.formation("/description/attendus")).await.json["attendus"], "Aimer compter.");
        // R-FOR-25: what the reading finds is told with the file, and again once it is applied.
        s.t.statistique(&s.f, 2023, [24, 310, 60, 24]).await;
        let chiffres = format!("Identifiant;Capacité d’accueil\n{};240\n", s.f.public_id);
        let lu = s.l.appelle(Method::POST, "/api/v1/sessions/2024/classeur/lecture", &csv, Some(chiffres.into_bytes())).await;
        let c = &lu.json["constats"][0];
        let dit = (c["code"].as_str(), c["ligne"].as_u64(), c["bloquant"].as_bool());
        assert_eq!(dit, (Some("chiffre_ajoute"), Some(2), Some(true)), "{}", lu.json);
        let corps = json!({ "recu": lu.json["recu"] });
        let r = s.l.ecrit(Method::POST, "/api/v1/sessions/2024/classeur/application", &[("idempotency-key", "c2")], &corps).await;
        assert_eq!((r.statut, &r.json["constats"]), (StatusCode::OK, &lu.json["constats"]), "{}", r.json);
        assert!(r.json["numero"].is_string() && r.json["empreinte"].is_string(), "{}", r.json);
        let faux = s.l.appelle(Method::POST, "/api/v1/sessions/2024/classeur/lecture", &csv, Some(b"a;b\n1;2\n".to_vec())).await;
        assert!(!faux.json["fautes"].as_array().unwrap().is_empty());
        assert_eq!(faux.json["recu"], Value::Null);
        let xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
        let r = s.l.appelle(Method::GET, "/api/v1/sessions/2024/classeur", &[("accept", xlsx)], None).await;
        assert_eq!(&r.octets[..2], b"PK");
    }

    async fn r_for_31_r_for_40_a_program_reads_what_the_pages_tell_of_documents_and_of_the_establishment(base) {
        let s = scene(base).await;
        let lus = async || s.l.lit(&s.formation("/publication")).await.json["constats"].as_array().unwrap().clone();
        let avant = lus().await.len();
        let piece = json!([{ "piece": "Bulletins de seconde", "obligatoire": true, "format": "pdf" }]);
        for (rubrique, corps) in [("candidature", json!({ "pieces": piece })), ("caracteristiques", json!({ "internat": true }))] {
            let ici = s.formation(&format!("/description/{rubrique}"));
            let lu = s.l.lit(&ici).await;
            let r = s.l.ecrit(Method::PATCH, &ici, &[("if-match", &lu.etag())], &corps).await;
            assert_eq!(r.statut, StatusCode::OK, "{}", r.json);
        }
        // The establishment has no boarding.
        let constats = lus().await.split_off(avant);
        let codes: Vec<&str> = constats.iter().filter_map(|c| c["code"].as_str()).collect();
        assert_eq!(codes, ["bulletins_transmis", "internat_contredit"], "{constats:?}");
        assert_eq!((&constats[0]["mots"], &constats[1]["mots"]), (&json!(["Bulletins de seconde"]), &json!([])));
        for c in &constats {
            assert_eq!((&c["bloquant"], c["correction"] != "", c["pourquoi"] != ""), (&json!(false), true, true), "{c}");
        }
        let lu = s.l.lit(&s.formation("/publication")).await;
        assert_eq!((&lu.json["manques"], lu.json["a_publier"].as_bool()), (&json!([]), Some(true)), "nothing is prevented");
        // The reading of a file says the same.
        let csv = [("content-type", "text/csv")];
        let texte = format!("Identifiant;Internat proposé\n{};non\n", s.f.public_id);
        let lecture = "/api/v1/sessions/2024/classeur/lecture";
        let lu = s.l.appelle(Method::POST, lecture, &csv, Some(texte.into_bytes())).await;
        assert_eq!((lu.statut, &lu.json["constats"]), (StatusCode::OK, &json!([])), "{}", lu.json);
        let ici = s.formation("/description/caracteristiques");
        let corps = json!({ "internat": null });
        let r = s.l.ecrit(Method::PATCH, &ici, &[("if-match", &s.l.lit(&ici).await.etag())], &corps).await;
        assert_eq!(r.statut, StatusCode::OK, "{}", r.json);
        let texte = format!("Identifiant;Internat proposé\n{};oui\n", s.f.public_id);
        let lu = s.l.appelle(Method::POST, lecture, &csv, Some(texte.into_bytes())).await;
        let c = &lu.json["constats"][0];
        assert_eq!((c["code"].as_str(), c["ligne"].as_u64()), (Some("internat_contredit"), Some(2)), "{}", lu.json);
        assert_eq!(c["message"], constats[1]["message"]);
    }

    async fn a_reason_a_confirmation_and_fields_taken_from_a_model(base) {
        let s = scene(base).await;
        let ici = "/api/v1/sessions/2024/formations/confirmation";
        let lue = async || s.l.lit(&s.formation("/publication")).await.json["version"].clone();
        let version = lue().await;
        let corps = json!({ "formations": [{ "id": s.f.public_id, "version": version }] });
        let r = s.l.ecrit(Method::POST, ici, &[("idempotency-key", "c1")], &corps).await;
        assert_eq!((r.statut, &r.json["confirmees"]), (StatusCode::OK, &json!([s.f.public_id])), "{}", r.json);
        assert_eq!((r.json["acte"].as_str(), &r.json["laissees"]), (Some("descriptions_confirmees"), &json!([])));
        // TRX-4: said again of what was read before, it confirms nothing.
        let r = s.l.ecrit(Method::POST, ici, &[("idempotency-key", "c2")], &corps).await;
        assert_eq!((r.statut, r.code()), (StatusCode::UNPROCESSABLE_ENTITY, "aucune_confirmee"), "{}", r.json);
        assert_eq!(r.json["champs"][0]["champ"], "formations[0]");
        let sans = json!({ "formations": [{ "id": s.f.public_id }] });
        let r = s.l.ecrit(Method::POST, ici, &[("idempotency-key", "c3")], &sans).await;
        assert_eq!(r.statut, StatusCode::BAD_REQUEST, "{}", r.json);
        assert_ne!(lue().await, version, "confirmed once");
        let r = s.l.lit(&s.formation("/reprise?source=modele")).await;
        assert_eq!(r.statut, StatusCode::OK);
        let code = r.json["ecarts"][0]["champ"].as_str().unwrap().to_owned();
        let corps = json!({ "source": "modele", "champs": [code] });
        let r = s.l.ecrit(Method::POST, &s.formation("/reprise"), &[("idempotency-key", "r1")], &corps).await;
        assert_eq!(r.statut, StatusCode::OK, "{}", r.json);
        // Ten times the places of last year: read again, so explained first, under the version that was read.
        s.t.statistique(&s.f, 2023, [24, 310, 60, 24]).await;
        let lu = s.l.lit(&s.formation("/capacites")).await;
        let corps = json!({ "capacite": 240, "frais_centimes": 0 });
        let lu = s.l.ecrit(Method::PUT, &s.formation("/capacites"), &[("if-match", &lu.etag())], &corps).await;
        assert!(!lu.json["a_relire"].as_array().unwrap().is_empty(), "{}", lu.json);
        let entetes = [("if-match", lu.etag()), ("idempotency-key", "m1".to_owned())];
        let entetes: Vec<(&str, &str)> = entetes.iter().map(|(n, v)| (*n, v.as_str())).collect();
        let motif = json!({ "motif": "Neuf divisions ouvrent à la rentrée dans le nouveau bâtiment." });
        let court = s.l.ecrit(Method::POST, &s.formation("/capacites/motif"), &entetes, &json!({ "motif": "court" })).await;
        assert_eq!(court.statut, StatusCode::UNPROCESSABLE_ENTITY, "{}", court.json);
        let dit = s.l.ecrit(Method::POST, &s.formation("/capacites/motif"), &entetes, &motif).await;
        assert_eq!((dit.statut, dit.json["acte"].as_str()), (StatusCode::OK, Some("capacite_motivee")), "{}", dit.json);
        let encore = s.l.ecrit(Method::POST, &s.formation("/capacites/motif"), &entetes, &motif).await;
        assert_eq!(encore.json["numero"], dit.json["numero"]);
        assert_eq!(s.l.lit(&s.formation("/capacites")).await.json["en_attente_de_relecture"], true, "by a person, on screen");
    }

    async fn records_go_out_and_a_ranking_comes_back(base) {
        use domain::calendrier::Etape;
        use domain::candidats::TypeBac;
        use domain::candidatures::EtatVoeu;
        let s = scene(base).await;
        let mut candidats = Vec::new();
        for nom in ["lea", "tom", "zoe"] {
            let c = s.t.candidat(&format!("{nom}@essai.example"), TypeBac::General).await;
            s.t.voeu(&c, &s.f, EtatVoeu::Confirme).await;
            candidats.push(c);
        }
        s.t.during(Etape::Examen).await;
        let groupe = format!("/api/v1/sessions/2024/groupes/{}", s.f.groupe_public_id);
        let r = s.l.lit(&groupe).await;
        assert_eq!((r.statut, r.json["candidats"].as_i64().unwrap()), (StatusCode::OK, 3));
        assert_eq!(s.t.nombre("SELECT COUNT(*) FROM journal_lecture", vec![]).await, 0, "counts are nobody's record");
        let dossiers = s.l.lit(&format!("{groupe}/dossiers")).await;
        assert_eq!(s.t.nombre("SELECT COUNT(*) FROM journal_lecture", vec![]).await, 3);
        assert_eq!(dossiers.statut, StatusCode::OK, "{}", dossiers.json);
        let texte = String::from_utf8(dossiers.octets).unwrap();
        let codes: Vec<&str> = texte.lines().skip(1).map(|l| l.split(';').nth(1).unwrap()).collect();
        assert_eq!(codes.len(), 3);
        assert!(!codes.contains(&candidats[0].numero.to_string().as_str()), "no file number without names");
        let envoi = format!("Rang;Candidat - Code\n1;{}\n2;{}\n;{}\n", codes[2], codes[0], codes[1]);
        let csv = [("content-type", "text/csv")];
        let long = format!("{envoi}{}", ";inconnu\n".repeat(60_000)).into_bytes();
        let lu = s.l.appelle(Method::POST, &format!("{groupe}/lecture"), &csv, Some(long)).await;
        assert!(lu.json["total_fautes"].as_i64() > Some(0), "a file larger than a form is read: {}", lu.statut);
        let lu = s.l.appelle(Method::POST, &format!("{groupe}/lecture"), &csv, Some(envoi.into_bytes())).await;
        assert_eq!((lu.json["classes"].as_i64(), lu.json["total_fautes"].as_i64()), (Some(2), Some(0)), "{}", lu.json);
        let version = lu.json["version"].as_str().unwrap().to_owned();
        let entetes = [("if-match", version.as_str()), ("idempotency-key", "k1")];
        let corps = json!({ "fichier": lu.json["fichier"] });
        let r = s.l.ecrit(Method::POST, &format!("{groupe}/application"), &entetes, &corps).await;
        assert_eq!(r.statut, StatusCode::OK, "{}", r.json);
        let perime = s.l.ecrit(Method::POST, &format!("{groupe}/transmission"), &[("if-match", &version), ("idempotency-key", "t0")], &json!({ "engagement": true })).await;
        assert_eq!(perime.statut, StatusCode::PRECONDITION_FAILED, "{}", perime.json);
        let r = s.l.lit(&groupe).await;
        let entetes = [("if-match", r.etag()), ("idempotency-key", "t1".to_owned())];
        let entetes: Vec<(&str, &str)> = entetes.iter().map(|(n, v)| (*n, v.as_str())).collect();
        let sans = s.l.ecrit(Method::POST, &format!("{groupe}/transmission"), &entetes, &json!({ "engagement": false })).await;
        assert_eq!(sans.statut, StatusCode::UNPROCESSABLE_ENTITY);
        let fait = s.l.ecrit(Method::POST, &format!("{groupe}/transmission"), &entetes, &json!({ "engagement": true })).await;
        assert_eq!(fait.statut, StatusCode::OK, "{}", fait.json);
        assert_eq!(s.t.nombre("SELECT COUNT(*) FROM voeu WHERE etat = 'refuse_formation'", vec![]).await, 1);
        assert!(!s.l.lit(&groupe).await.json["transmis_le"].is_null());
    }

    async fn lim_a_token_is_slowed_down_alone(base) {
        let t = TestApp::with_limites(base, app::limites::Limites { lectures_api: 3, ..app::limites::Limites::default() }).await;
        t.session_2024().await;
        let etab = t.etablissement("0801234A", "Lycée d’essai").await;
        let f = t.formation(etab, "BTS Essai", Famille::Bts, true, 24, false).await;
        let l = t.logiciel(&t.jeton(etab, &[(&f, "")], false).await);
        let autre = l.avec(Some(&t.jeton(etab, &[(&f, "")], false).await));
        for _ in 0..3 {
            assert_eq!(l.lit("/api/v1/jeton").await.statut, StatusCode::OK);
        }
        let r = l.lit("/api/v1/jeton").await;
        assert_eq!((r.statut, r.code()), (StatusCode::TOO_MANY_REQUESTS, "limite"));
        let attente: u64 = r.entetes["retry-after"].to_str().unwrap().parse().unwrap();
        assert!((1..=60).contains(&attente));
        assert_eq!(autre.lit("/api/v1/jeton").await.statut, StatusCode::OK);
    }

    async fn r_api_09_a_sandbox_has_its_own_establishment_and_its_own_clock(base) {
        let t = TestApp::with_session_2024(base).await;
        let (app, horloge, site) = crate::dev::demonstration_site(&t);
        let ecart = testkit::paris("2023-11-25T10:00").as_millisecond() - horloge.maintenant().as_millisecond();
        horloge.set_decalage_ms(ecart);
        let l = Logiciel::on(site, true);
        let ouvre = async || {
            let r = l.appelle(Method::POST, "/api/v1/bac-a-sable", &[], None).await;
            assert_eq!(r.statut, StatusCode::CREATED, "{}", r.json);
            (l.avec(r.json["jeton"].as_str()), r.json)
        };
        let ((moi, bac), (autre, voisin)) = (ouvre().await, ouvre().await);
        assert_eq!(bac["formations"].as_array().unwrap().len(), 5);
        let formation = |b: &Value, n: usize| format!("/api/v1/sessions/2024/formations/{}", b["formations"][n]["id"].as_str().unwrap());
        assert_eq!(moi.lit(&formation(&bac, 0)).await.statut, StatusCode::OK);
        assert_eq!(moi.lit(&formation(&voisin, 0)).await.statut, StatusCode::NOT_FOUND);
        assert_eq!(moi.lit(&formation(&bac, 0)).await.json["capacites"]["ouvert"], true);
        // Its clock, and nobody else's.
        let r = moi.ecrit(Method::PUT, "/api/v1/bac-a-sable/horloge", &[], &json!({ "instant": "2024-04-15T10:00" })).await;
        assert_eq!(r.json["instant"], "2024-04-15T08:00:00Z");
        assert_eq!(moi.lit(&formation(&bac, 0)).await.json["capacites"]["ouvert"], false);
        assert_eq!(autre.lit(&formation(&voisin, 0)).await.json["capacites"]["ouvert"], true);
        let groupes = moi.lit(&format!("{}/capacites", formation(&bac, 0))).await.json["groupes"].clone();
        assert_eq!(groupes.as_array().unwrap().len(), 3);
        let groupe = format!("/api/v1/sessions/2024/groupes/{}", groupes[0]["groupe"].as_str().unwrap());
        let r = moi.lit(&groupe).await;
        assert_eq!((r.json["candidats"].as_i64(), r.json["peut_saisir"].as_bool()), (Some(3), Some(true)), "{}", r.json);
        let faux = moi.ecrit(Method::PUT, "/api/v1/bac-a-sable/horloge", &[], &json!({ "instant": "demain" })).await;
        assert_eq!(faux.statut, StatusCode::BAD_REQUEST);
        // Back to the beginning: the same data under other identifiers, and the former ones are gone.
        let neuf = moi.appelle(Method::POST, "/api/v1/bac-a-sable/remise-a-zero", &[], None).await;
        assert_eq!((neuf.statut, neuf.json["jeton"].is_null()), (StatusCode::OK, true));
        assert_eq!(moi.lit(&formation(&bac, 0)).await.statut, StatusCode::NOT_FOUND);
        assert_eq!(moi.lit(&formation(&neuf.json, 0)).await.json["capacites"]["ouvert"], true);
        assert_eq!(moi.lit("/api/v1/sessions/2024/formations").await.json["total"], 5);
        Carnet::flush(&app.carnet, &app).await.unwrap();
    }

    async fn r_api_10_the_exercises_are_read_from_the_calls(base) {
        let t = TestApp::with_session_2024(base).await;
        let (app, horloge, site) = crate::dev::demonstration_site(&t);
        let ecart = testkit::paris("2023-11-25T10:00").as_millisecond() - horloge.maintenant().as_millisecond();
        horloge.set_decalage_ms(ecart);
        let l = Logiciel::on(site, true);
        let bac = l.appelle(Method::POST, "/api/v1/bac-a-sable", &[], None).await.json;
        let l = l.avec(bac["jeton"].as_str());
        let faits = async || {
            let r = l.lit("/api/v1/bac-a-sable/conformite").await;
            let exercices = r.json["exercices"].as_array().unwrap().clone();
            let faits: Vec<String> = exercices.iter().filter(|e| e["fait"] == true).map(|e| e["code"].as_str().unwrap().to_owned()).collect();
            (r.json["conforme"].as_bool().unwrap(), faits)
        };
        assert_eq!(faits().await, (false, vec![]));
        let chemin = format!("/api/v1/sessions/2024/formations/{}/capacites", bac["formations"][4]["id"].as_str().unwrap());
        let lu = l.lit(&chemin).await;
        l.appelle(Method::GET, &chemin, &[("if-none-match", &lu.etag())], None).await;
        let corps = |n: i64| json!({ "capacite": n, "frais_centimes": 0 });
        let v = lu.etag();
        let ecrit = l.ecrit(Method::PUT, &chemin, &[("if-match", &v), ("idempotency-key", "a")], &corps(20)).await;
        assert_eq!(ecrit.statut, StatusCode::OK, "{}", ecrit.json);
        l.ecrit(Method::PUT, &chemin, &[("if-match", &v), ("idempotency-key", "a")], &corps(20)).await;
        let perime = l.ecrit(Method::PUT, &chemin, &[("if-match", &v)], &corps(21)).await;
        assert_eq!(perime.statut, StatusCode::PRECONDITION_FAILED);
        let lu = l.lit(&chemin).await;
        l.ecrit(Method::PUT, &chemin, &[("if-match", &lu.etag())], &corps(21)).await;
        assert_eq!(faits().await.1, ["lecture", "si_change", "version", "version_depassee", "rejeu"]);
        for (genre, statut) in [("limite", StatusCode::TOO_MANY_REQUESTS), ("panne", StatusCode::SERVICE_UNAVAILABLE)] {
            l.ecrit(Method::PUT, "/api/v1/bac-a-sable/incident", &[], &json!({ "genre": genre })).await;
            let v = l.lit(&chemin).await.etag();
            let r = l.ecrit(Method::PUT, &chemin, &[("if-match", &v), ("idempotency-key", genre)], &corps(22)).await;
            assert_eq!((r.statut, r.entetes["retry-after"].to_str().unwrap()), (statut, "2"), "{genre}");
            // Once only.
            let r = l.ecrit(Method::PUT, &chemin, &[("if-match", &v), ("idempotency-key", genre)], &corps(22)).await;
            assert_eq!(r.statut, StatusCode::OK, "{}", r.json);
        }
        assert!(!faits().await.1.contains(&"attente".to_owned()), "sent again at once");
        let r = l.ecrit(Method::PUT, "/api/v1/bac-a-sable/incident", &[], &json!({ "genre": "feu" })).await;
        assert_eq!(r.statut, StatusCode::BAD_REQUEST);
        Carnet::flush(&app.carnet, &app).await.unwrap();
    }

    async fn r_api_08_a_program_subscribes_tries_and_leaves(base) {
        let s = scene(base).await;
        let evenements = s.l.avec(None).lit("/api/v1/nomenclatures/evenements").await;
        assert!(evenements.json["evenements"].as_array().unwrap().len() >= 7);
        let corps = json!({ "url": "https://editeur.example/parcoursup", "evenements": ["formation.publiee"] });
        let r = s.l.ecrit(Method::POST, "/api/v1/abonnements", &[("idempotency-key", "a")], &corps).await;
        assert_eq!(r.statut, StatusCode::CREATED, "{}", r.json);
        assert!(r.json["secret"].as_str().unwrap().starts_with("whsec_"));
        let encore = s.l.ecrit(Method::POST, "/api/v1/abonnements", &[("idempotency-key", "a")], &corps).await;
        assert_eq!((encore.json["id"].clone(), encore.json["secret"].is_null()), (r.json["id"].clone(), true));
        let ici = format!("/api/v1/abonnements/{}", r.json["id"].as_str().unwrap());
        let lu = s.l.lit(&ici).await;
        assert_eq!(lu.json["evenements"], json!(["formation.publiee"]));
        let essai = s.l.appelle(Method::POST, &format!("{ici}/essai"), &[("idempotency-key", "e")], None).await;
        assert_eq!(essai.statut, StatusCode::OK, "{}", essai.json);
        app::interfaces::deliver(&s.t.app).await.unwrap();
        let livraisons = s.l.lit(&format!("{ici}/livraisons")).await;
        assert_eq!(livraisons.json["livraisons"][0]["evenement"], "essai");
        let autre = s.l.avec(Some(&s.t.jeton(s.etab, &[(&s.f, "")], false).await));
        assert_eq!(autre.lit(&ici).await.statut, StatusCode::NOT_FOUND);
        assert_eq!(autre.lit("/api/v1/abonnements").await.json["abonnements"], json!([]));
        for faux in [json!({ "url": "http://10.0.0.1/", "evenements": ["essai"] }), json!({ "url": "https://x.example", "evenements": [] })] {
            let r = s.l.ecrit(Method::POST, "/api/v1/abonnements", &[("idempotency-key", "f")], &faux).await;
            assert_eq!(r.statut, StatusCode::UNPROCESSABLE_ENTITY, "{}", r.json);
        }
        let parti = s.l.appelle(Method::DELETE, &ici, &[("if-match", &s.l.lit(&ici).await.etag())], None).await;
        assert_eq!(parti.statut, StatusCode::NO_CONTENT);
        assert_eq!(s.l.lit(&ici).await.statut, StatusCode::NOT_FOUND);
    }

    async fn a_candidate_and_an_administrator_read_which_programs_reach_the_records(base) {
        use domain::candidats::TypeBac;
        use domain::candidatures::EtatVoeu;
        let s = scene(base).await;
        s.t.jeton(s.etab, &[(&s.f, "parametrage")], false).await;
        let c = s.t.candidat("lea@essai.example", TypeBac::General).await;
        s.t.voeu(&c, &s.f, EtatVoeu::Confirme).await;
        let vus = app::delegations::who_can_read(&s.t.ctx(c.acteur.clone())).await.unwrap();
        // Of the two tokens, one reads records.
        assert!(vus.formations[0].roles.contains(&(Role::Logiciel, 1)), "{:?}", vus.formations[0].roles);
        let a = Attribution { etablissement: Some(s.etab), ..Attribution::simple(Role::AdminSite) };
        let (_, admin) = s.t.personne("admin@essai.example", a).await;
        let ctx = app::Ctx { seconde_etape: app::contexte::SecondeEtape::SansObjet, ..s.t.ctx(admin) };
        let vus = app::delegations::who_sees(&ctx, 2024, &s.f.public_id).await.unwrap();
        let programmes: Vec<_> = vus.lecteurs.iter().filter(|l| l.nom == "Logiciel d’essai").collect();
        assert_eq!(programmes.iter().map(|l| l.dossiers).collect::<Vec<_>>(), [Some(Role::Logiciel), None]);
    }

    async fn ses_5_an_establishment_made_safe_has_no_token_left(base) {
        let s = scene(base).await;
        let autre = s.t.etablissement("0801235B", "Lycée voisin").await;
        let g = s.t.formation(autre, "BTS Voisin", Famille::Bts, true, 24, false).await;
        let voisin = s.l.avec(Some(&s.t.jeton(autre, &[(&g, "")], false).await));
        let a = Attribution { etablissement: Some(s.etab), ..Attribution::simple(Role::AdminSite) };
        let (_, admin) = s.t.personne("admin@essai.example", a).await;
        let ctx = app::Ctx { seconde_etape: app::contexte::SecondeEtape::SansObjet, ..s.t.ctx(admin) };
        let garde = app::idempotence::Garde::default();
        app::comptes::secure_etablissement(&ctx, &garde, "0801234A", "Un compte a été volé, on ne sait pas lequel.").await.unwrap();
        let r = s.l.lit("/api/v1/jeton").await;
        assert_eq!((r.statut, r.code()), (StatusCode::UNAUTHORIZED, "jeton_revoque"));
        assert_eq!(voisin.lit("/api/v1/jeton").await.statut, StatusCode::OK, "another one's goes on");
    }

    async fn a_program_that_insists_fills_neither_the_journal_nor_the_list_of_calls(base) {
        let limites = app::limites::Limites { refus_api: 5, lectures_api: 20, ..app::limites::Limites::default() };
        let t = TestApp::with_limites(base, limites).await;
        t.session_2024().await;
        let etab = t.etablissement("0801234A", "Lycée d’essai").await;
        let f = t.formation(etab, "BTS Essai", Famille::Bts, true, 24, false).await;
        let l = t.logiciel(&t.jeton(etab, &[(&f, "")], false).await);
        for _ in 0..40 {
            l.lit("/api/v1/sessions/2024/formations/aaaaaaaaaaaaaaaaaaaaaaaaaa").await;
        }
        Carnet::flush(&t.app.carnet, &t.app).await.unwrap();
        let refus = t.journal().await.iter().filter(|e| e.issue == "absent").count();
        assert!((1..=6).contains(&refus), "{refus}");
        assert_eq!(t.nombre("SELECT COUNT(*) FROM appel_api WHERE statut = 404", vec![]).await, 20);
        assert!(t.nombre("SELECT COUNT(*) FROM appel_api WHERE statut = 429", vec![]).await <= 6);
    }
}

/// Another transaction holds SQLite: what was called is known all the same, and nobody waits to be told.
#[tokio::test]
async fn r_api_10_the_exercises_are_read_while_the_database_is_held() {
    let t = TestApp::with_session_2024(testkit::Base::sqlite()).await;
    let (app, _, site) = crate::dev::demonstration_site(&t);
    let l = Logiciel::on(site, true);
    let bac = l.appelle(Method::POST, "/api/v1/bac-a-sable", &[], None).await.json;
    let l = l.avec(bac["jeton"].as_str());
    let formation = bac["formations"][0]["id"].as_str().unwrap();
    let autre = app.db.begin_write().await.unwrap();
    l.lit(&format!("/api/v1/sessions/2024/formations/{formation}")).await;
    let delai = std::time::Duration::from_secs(10);
    let r =
        tokio::time::timeout(delai, l.lit("/api/v1/bac-a-sable/conformite")).await.expect("does not wait");
    assert_eq!(
        (r.statut, r.json["exercices"][0]["fait"].as_bool()),
        (StatusCode::OK, Some(true)),
        "{}",
        r.json
    );
    autre.commit().await.unwrap();
    Carnet::flush(&app.carnet, &app).await.unwrap();
    assert_eq!(t.nombre("SELECT COUNT(*) FROM appel_api", vec![]).await, 2);
}
