//! What an establishment is told, read by its program: news with what they carry, documents, charter, note on the data, sessions; and
//! whoever gave the token registered in one (R-API-12).

use app::actualites::{Saisie, publish_actualite, view_fil};
use app::idempotence::Garde;
use app::references::{Depot, deposit_reference};
use app::seances::{announce_seance, join_seance, list_seances};
use axum::http::{Method, StatusCode};
use domain::PublicId;
use domain::actualites::Audience;
use domain::comptes::Role;
use domain::droits::{Acteur, Attribution};
use domain::formations::Famille;
use domain::references::{Nature, Notice, Theme};
use domain::seances::Programme;
use serde_json::Value;
use testkit::{Base, Logiciel, TestApp, both_databases, paris};

const PDF: &[u8] = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n";
const SESSION: &str = "/api/v1/sessions/2024";

/// An establishment with a BTS, whose program was given a token by somebody who also manages an IFSI elsewhere.
struct Scene {
    t: TestApp,
    national: Acteur,
    donneur: i64,
    /// Writes the establishment.
    l: Logiciel,
    /// Reads it.
    lecteur: Logiciel,
}

async fn scene(base: Base) -> Scene {
    let t = TestApp::with_session_2024(base).await;
    t.at("2023-11-15T10:00");
    let ici = t.etablissement("0800001A", "Lycée d’essai").await;
    let f = t.formation(ici, "BTS Essai", Famille::Bts, true, 24, true).await;
    let la = t.etablissement("0800002B", "Institut voisin").await;
    t.formation(la, "Infirmier", Famille::Ifsi, true, 24, true).await;
    let national = t.personne("national@essai.example", Attribution::simple(Role::AdminNational)).await.1;
    let l = t.logiciel(&t.jeton(ici, &[(&f, "")], true).await);
    let donneur = t.nombre("SELECT donneur_id FROM jeton_api", vec![]).await;
    let role = "admin_site".to_owned();
    t.insert(
        "attribution",
        "compte_id, role, etablissement_id",
        vec![donneur.into(), role.into(), la.into()],
    )
    .await;
    let lecteur = l.avec(Some(&t.jeton(ici, &[(&f, "")], false).await));
    Scene { t, national, donneur, l, lecteur }
}

fn pour(familles: &[Famille]) -> Audience {
    Audience { familles: familles.iter().copied().collect(), ..Audience::default() }
}

/// The values of a field of a list.
fn champs<'a>(liste: &'a Value, nom: &str) -> Vec<&'a str> {
    liste.as_array().expect("a list").iter().map(|e| e[nom].as_str().expect("a text")).collect()
}

impl Scene {
    fn national(&self) -> app::Ctx {
        self.t.ctx(self.national.clone())
    }

    /// Whoever gave the token, at the screen.
    async fn donneur(&self) -> app::Ctx {
        self.t.ctx(self.t.acteur_de(self.donneur).await)
    }

    async fn deposits(&self, nature: Nature, titre: &str, familles: &[Famille]) -> PublicId {
        let notice =
            Notice { nature, theme: Theme::Procedure, titre: titre.to_owned(), audience: pour(familles) };
        let depot = Depot { notice, fichier: Some(("Pièce d’essai.pdf", PDF)) };
        deposit_reference(&self.national(), &Garde::default(), 2024, depot).await.expect("deposited");
        let sql = "SELECT public_id FROM document_reference WHERE titre = $1";
        PublicId::parse(&self.t.mot(sql, vec![titre.to_owned().into()]).await).expect("an identifier")
    }

    async fn publishes(&self, titre: &str, familles: &[Famille], pieces: &[PublicId]) -> String {
        let saisie = Saisie {
            titre: titre.to_owned(),
            texte: "Bonjour.\n\n- Premier point".to_owned(),
            audience: pour(familles),
            publiee_le: None,
            retiree_le: None,
            pieces: pieces.to_vec(),
        };
        publish_actualite(&self.national(), &Garde::default(), 2024, saisie).await.expect("published");
        self.t.mot("SELECT public_id FROM actualite WHERE titre = $1", vec![titre.to_owned().into()]).await
    }

    async fn announces(&self, titre: &str, familles: &[Famille]) -> String {
        let p = Programme {
            titre: titre.to_owned(),
            texte: "Premiers jalons.".to_owned(),
            audience: pour(familles),
            qualites: [].into(),
            debut: paris("2023-11-20T10:00").as_millisecond(),
            fin: paris("2023-11-20T12:00").as_millisecond(),
            places: Some(1),
            lieu: String::new(),
            lien: "https://visio.example/salle".to_owned(),
            ferme_le: None,
        };
        announce_seance(&self.national(), &Garde::default(), 2024, p).await.expect("announced");
        self.t.mot("SELECT public_id FROM seance WHERE titre = $1", vec![titre.to_owned().into()]).await
    }
}

both_databases! {
    async fn r_api_12_a_program_reads_what_its_giver_reads_over_the_establishment_and_nothing_else(base) {
        let s = scene(base).await;
        let piece = s.deposits(Nature::Piece, "Annexe", &[]).await;
        s.deposits(Nature::Note, "Note à tous", &[]).await;
        let ailleurs = s.deposits(Nature::Note, "Note des IFSI", &[Famille::Ifsi]).await;
        let une = s.publishes("À tous", &[], std::slice::from_ref(&piece)).await;
        let autre = s.publishes("Aux IFSI", &[Famille::Ifsi], &[]).await;
        let fil = view_fil(&s.donneur().await, 2024).await.unwrap();
        assert_eq!(fil.actualites.len(), 2, "at the screen, those of both establishments");

        let liste = s.l.lit(&format!("{SESSION}/actualites")).await;
        assert_eq!((liste.statut, champs(&liste.json["actualites"], "titre")), (StatusCode::OK, vec!["À tous"]));
        let ici = format!("{SESSION}/actualites/{une}");
        let lue = s.l.lit(&ici).await;
        assert_eq!(lue.json["information"]["de"], "Équipe nationale", "{}", lue.json);
        assert!(lue.json["texte"].as_str().unwrap().contains("- Premier point"));
        assert_eq!(champs(&lue.json["pieces"], "titre"), ["Annexe"]);
        let encore = s.l.appelle(Method::GET, &ici, &[("if-none-match", &lue.etag())], None).await;
        assert_eq!(encore.statut, StatusCode::NOT_MODIFIED);
        assert_eq!(s.l.lit(&format!("{SESSION}/actualites/{autre}")).await.statut, StatusCode::NOT_FOUND);
        assert_eq!(s.t.nombre("SELECT COUNT(*) FROM actualite_lecture", vec![]).await, 0, "nobody opened it");

        let fichier = s.l.lit(&format!("{SESSION}/documents/{piece}/fichier")).await;
        assert_eq!((fichier.statut, fichier.octets.as_slice()), (StatusCode::OK, PDF));
        assert!(fichier.entetes["content-disposition"].to_str().unwrap().contains(".pdf"));
        let documents = s.l.lit(&format!("{SESSION}/documents")).await;
        assert_eq!(champs(&documents.json["documents"], "titre"), ["Note à tous"]);
        let note = &documents.json["documents"][0];
        assert_eq!((note["nature"].as_str(), note["octets"].as_i64()), (Some("note"), i64::try_from(PDF.len()).ok()));
        let refus = s.l.lit(&format!("{SESSION}/documents/{ailleurs}/fichier")).await;
        assert_eq!(refus.statut, StatusCode::NOT_FOUND);

        let charte = s.lecteur.lit(&format!("{SESSION}/charte")).await;
        assert!(charte.statut == StatusCode::OK && charte.json["versions"].is_array(), "{}", charte.json);
        let donnees = s.lecteur.lit(&format!("{SESSION}/donnees")).await;
        assert!(champs(&donnees.json["donnees"], "code").contains(&"moyenne_generale"), "{}", donnees.json);
        let agenda = s.lecteur.lit(&format!("{SESSION}/calendrier.ics")).await;
        assert!(String::from_utf8_lossy(&agenda.octets).contains("BEGIN:VCALENDAR"));
    }

    async fn r_api_12_a_program_registers_its_giver_when_it_writes_the_establishment(base) {
        let s = scene(base).await;
        let une = s.announces("Webinaire des BTS", &[Famille::Bts]).await;
        let autre = s.announces("Webinaire des IFSI", &[Famille::Ifsi]).await;
        // Registered elsewhere by themselves: that is no business of this establishment.
        let donneur = s.donneur().await;
        join_seance(&donneur, &Garde::default(), 2024, &PublicId::parse(&autre).unwrap()).await.unwrap();
        assert_eq!(list_seances(&donneur, 2024).await.unwrap().a_venir.len(), 2);
        let liste = format!("{SESSION}/seances");
        assert_eq!(champs(&s.l.lit(&liste).await.json["a_venir"], "titre"), ["Webinaire des BTS"]);
        assert_eq!(s.l.lit(&format!("{liste}/{autre}")).await.statut, StatusCode::NOT_FOUND);

        let ici = format!("{liste}/{une}");
        let lue = s.l.lit(&ici).await;
        assert_eq!((lue.json["places_libres"].as_i64(), lue.json["concernee"].as_bool()), (Some(1), Some(true)));
        assert!(lue.json["inscription"].is_null() && !lue.json.to_string().contains("visio.example"));
        let agenda = s.l.lit(&format!("{ici}/agenda.ics")).await;
        assert!(String::from_utf8_lossy(&agenda.octets).contains("BEGIN:VEVENT"));
        let inscription = format!("{ici}/inscription");
        let appelle = async |l: &Logiciel, methode: Method, cle: &str| {
            l.appelle(methode, &inscription, &[("idempotency-key", cle)], None).await
        };
        let sans = s.l.appelle(Method::POST, &inscription, &[], None).await;
        assert_eq!(sans.statut, StatusCode::BAD_REQUEST, "without a key");
        for methode in [Method::POST, Method::DELETE] {
            assert_eq!(appelle(&s.lecteur, methode, "l").await.statut, StatusCode::FORBIDDEN, "reads alone");
        }
        let fait = appelle(&s.l, Method::POST, "a").await;
        assert_eq!((fait.statut, fait.json["inscription"]["etat"].as_str()), (StatusCode::CREATED, Some("inscrit")), "{}", fait.json);
        let recepisse = fait.entetes["recepisse"].to_str().unwrap().to_owned();
        assert_eq!(fait.json["inscription"]["recepisse"], recepisse.as_str());
        let encore = appelle(&s.l, Method::POST, "a").await;
        assert_eq!((encore.statut, encore.entetes["recepisse"].to_str().unwrap()), (StatusCode::CREATED, recepisse.as_str()));
        assert_eq!(appelle(&s.l, Method::POST, "b").await.statut, StatusCode::CONFLICT, "registered already");
        let envois = s.t.envois().await;
        assert_eq!(envois.iter().filter(|e| e.modele == "seance_inscrit").count(), 2, "told by mail, each time once");
        let actes = s.t.journal().await.into_iter().filter(|e| e.objet == "inscription_seance");
        let moyens: Vec<(String, String)> = actes.map(|e| (e.moyen, e.role)).collect();
        assert!(moyens.len() == 2 && moyens.contains(&("jeton".to_owned(), "logiciel".to_owned())), "{moyens:?}");
        let parti = appelle(&s.l, Method::DELETE, "c").await;
        assert_eq!((parti.statut, parti.json["inscription"].is_null()), (StatusCode::OK, true), "{}", parti.json);
        assert_eq!(parti.json["places_libres"], 1);
    }
}
