//! JOU-1, JOU-2: refusals are recorded, and nothing of what people type reaches journal or logs.

use std::io::Write;
use std::sync::{Arc, Mutex};

use domain::candidats::TypeBac;
use domain::candidatures::EtatVoeu;
use domain::comptes::Role;
use domain::droits::Attribution;
use domain::formations::Famille;
use testkit::{Navigateur, TestApp, both_databases};

const TEMOIN: &str = "Temoin7f3a";

/// Keeps what would have been logged.
#[derive(Clone, Default)]
struct Capture(Arc<Mutex<Vec<u8>>>);

impl Write for Capture {
    fn write(&mut self, octets: &[u8]) -> std::io::Result<usize> {
        self.0.lock().map_err(|e| std::io::Error::other(e.to_string()))?.extend_from_slice(octets);
        Ok(octets.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

both_databases! {
    async fn jou_1_a_refusal_says_the_route_and_the_object_and_costs_the_same_when_it_does_not_exist(base) {
        let t = TestApp::with_session_2024(base).await;
        let etab = t.etablissement("0801234A", "Lycée d’essai").await;
        let voisin = t.etablissement("0801235B", "Lycée voisin").await;
        let f = t.formation(etab, "BTS Essai", Famille::Bts, true, 24, true).await;
        let a = Attribution { etablissement: Some(voisin), ..Attribution::simple(Role::AdminSite) };
        let (compte, _) = t.personne("voisin@essai.example", a).await;
        let mut n = t.navigateur_de(compte).await;
        let absent = "a".repeat(26);
        for id in [&f.groupe_public_id, &absent] {
            assert_eq!(n.opens(&format!("/gestion/2024/groupes/{id}?secret=x")).await.statut, 404);
        }
        assert_eq!(n.opens("/national/2024").await.statut, 404);
        // Nobody signed in: sent to sign in, nothing to say.
        t.navigateur().opens("/national/2024").await;
        let mut refus = t.journal().await;
        refus.retain(|l| l.objet == "page");
        let dits: Vec<_> = refus.iter().map(|r| (r.action.as_str(), r.issue.as_str(), r.route.as_str())).collect();
        assert_eq!(dits, [
            ("consulter_dossiers", "refus", "GET /gestion/{annee}/groupes/{id}"),
            ("acces", "absent", "GET /gestion/{annee}/groupes/{id}"),
            ("consulter_passages", "refus", "GET /national/{annee}"),
        ]);
        assert_eq!((refus[0].objet_id.as_str(), refus[1].objet_id.as_str()), (f.groupe_public_id.as_str(), absent.as_str()));
        assert!(refus.iter().all(|r| r.compte_id == Some(compte)));
    }
}

both_databases! {
    async fn jou_4_the_pages_of_the_journal_answer_those_entitled(base) {
        let t = TestApp::with_session_2024(base).await;
        t.during(domain::calendrier::Etape::Examen).await;
        let etab = t.etablissement("0801234A", "Lycée d’essai").await;
        let f = t.formation(etab, "BTS Essai", Famille::Bts, true, 24, true).await;
        let lea = t.candidat("lea@essai.example", TypeBac::General).await;
        t.voeu(&lea, &f, EtatVoeu::Confirme).await;
        let (responsable, _) = t.responsable("resp@essai.example", &f).await;
        let (national, _) = t.personne("nat@essai.example", Attribution::simple(Role::AdminNational)).await;
        let admin = Attribution { etablissement: Some(etab), ..Attribution::simple(Role::AdminSite) };
        let (admin, _) = t.personne("admin@essai.example", admin).await;
        let groupe = format!("/gestion/2024/groupes/{}", f.groupe_public_id);
        t.navigateur_de(responsable).await.opens(&groupe).await.is(200);

        let mut n = t.navigateur_de(lea.compte).await;
        n.opens("/candidat/acces").await.is(200).sees("Responsable de formation").sees("Lycée d’essai").sees("moyenne");

        let mut n = t.navigateur_de(national).await;
        let page = n.opens("/journal").await;
        page.is(200).sees("Pas encore prouvées").sees("Lire les dossiers des candidats : lu");
        // What was read is named, leads to its own entries, and is there as the journal holds it.
        page.sees("Groupe de classement : BTS Essai – Lycée d’essai").sees("Champs : numéro de dossier, nom");
        assert_eq!(page.link("Groupe de classement : BTS Essai"), format!("/journal?objet={}", f.groupe_public_id));
        page.sees(&format!("groupe_classement {}", f.groupe_public_id)).sees_not("dossiers_lus");
        let trouve = n.submits(&page, "Chercher", &[("compte", "nat@essai.example")]).await;
        trouve.is(200).sees("Lire le journal : fait").sees_not("Lire les dossiers des candidats : lu");
        let refus = n.submits(&page, "Chercher", &[("du", "32/13/2024")]).await;
        refus.is(422).sees("Saisissez une date qui existe").sees("Toute la plateforme.").sees("Preuve du journal");
        let export = n.opens("/journal/export?action=consulter_dossiers").await;
        assert!(export.html.starts_with('\u{feff}') && export.html.lines().count() == 2, "{}", export.html);
        n.opens("/journal/vus?compte=resp%40essai.example&du=2023-11-13&au=2023-11-13").await.is(200).sees("1 personne vue en 1 lecture");
        let rien = n.opens("/journal/vus?compte=resp%40essai.example&du=2023-11-12&au=2023-11-12").await;
        rien.is(200).sees("n’a lu aucun dossier").sees_not("0 personne").sees_not("Télécharger la liste");
        n.opens("/journal/vus?compte=absent%40essai.example&du=2023-11-13&au=2023-11-13").await.is(422).sees("Aucun compte n’a cette adresse");
        n.opens("/alarmes").await.is(200).sees("Aucune alarme");

        let mut n = t.navigateur_de(admin).await;
        n.opens("/gestion/2024").await.sees("Journal de mon établissement");
        n.opens("/journal").await.is(200).sees("Votre établissement.").sees("Lire les dossiers des candidats : lu").sees_not("Pas encore prouvées");
        for interdite in ["/journal/vus", "/alarmes"] {
            assert!(n.opens(interdite).await.statut.is_client_error(), "{interdite}");
        }
        assert_eq!(t.navigateur_de(lea.compte).await.opens("/journal").await.statut, 403);
    }
}

/// Plants witnesses in every form of these pages; gives how many.
async fn plants(n: &mut Navigateur, pages: &[String]) -> usize {
    let mut total = 0;
    for url in pages {
        let page = n.opens(url).await;
        total += n.plants(&page, TEMOIN).await.len();
    }
    total
}

/// JOU-2: witnesses planted in every field of every form that a person of each kind reaches, at the dates when the forms
/// are open, appear in no column of the journal and in no line of the logs.
#[tokio::test]
async fn jou_2_planted_witnesses_reach_neither_the_journal_nor_the_logs() {
    let capture = Capture::default();
    let ecrit = capture.clone();
    let abonne = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(move || ecrit.clone())
        .finish();
    let _ = tracing::subscriber::set_global_default(abonne);

    let t = TestApp::with_session_2024(testkit::Base::sqlite()).await;
    let etab = t.etablissement("0801234A", "Lycée d’essai").await;
    let f = t.formation(etab, "BTS Essai", Famille::Bts, true, 24, true).await;
    let c = t.candidat("lea@essai.example", TypeBac::General).await;
    let voeu = t.voeu(&c, &f, EtatVoeu::Confirme).await;
    let (responsable, _) = t.responsable("resp@essai.example", &f).await;
    let (national, _) = t.personne("nat@essai.example", Attribution::simple(Role::AdminNational)).await;
    let academie = Attribution { academies: vec!["20".into()], ..Attribution::simple(Role::Academie) };
    let (agent, _) = t.personne("aca@essai.example", academie).await;

    let page = |p: &str| {
        p.replace("{f}", &f.public_id).replace("{g}", &f.groupe_public_id).replace("{v}", &voeu.public_id)
    };
    let pages = |liste: &[&str]| liste.iter().map(|p| page(p)).collect::<Vec<_>>();
    let publics = plants(
        &mut t.navigateur(),
        &pages(&["/connexion", "/inscription", "/mot-de-passe-oublie", "/recepisse"]),
    )
    .await;
    let (mut gestion, mut autres) = (0, 0);
    use domain::calendrier::Etape;
    for etape in [
        Etape::Parametrage,
        Etape::CapacitesFrais,
        Etape::Voeux,
        Etape::Examen,
        Etape::Taux,
        Etape::Admission,
    ] {
        t.during(etape).await;
        autres += plants(
            &mut t.navigateur_de(c.compte).await,
            &pages(&[
                "/candidat/dossier",
                "/candidat/voeux",
                "/candidat/voeux/{v}/retirer",
                "/candidat/voeux/{v}/renoncer",
            ]),
        )
        .await;
        gestion += plants(
            &mut t.navigateur_de(responsable).await,
            &pages(&[
                "/gestion/2024/formations/{f}",
                "/gestion/2024/formations/{f}/contacts",
                "/gestion/2024/formations/{f}/publier",
                "/gestion/2024/groupes/{g}",
                "/gestion/2024/groupes/{g}/import",
                "/gestion/2024/groupes/{g}/transmettre",
            ]),
        )
        .await;
        autres +=
            plants(&mut t.navigateur_de(agent).await, &pages(&["/academie/2024/taux", "/academie/2024"]))
                .await;
        autres += plants(
            &mut t.navigateur_de(national).await,
            &pages(&["/national/2024/ordre-appel", "/national/2024/propositions"]),
        )
        .await;
    }
    assert!(
        publics >= 3 && gestion >= 6 && publics + gestion + autres > 20,
        "{publics} {gestion} {autres}: forms not reached"
    );
    // A text that is accepted, so that it goes all the way to an entry.
    t.during(Etape::CapacitesFrais).await;
    let mut n = t.navigateur_de(responsable).await;
    let fiche = n.opens(&page("/gestion/2024/formations/{f}")).await;
    let texte = format!("{TEMOIN} Une formation exigeante.");
    n.submits(&fiche, "Enregistrer", &[("presentation", &texte)]).await;
    assert_eq!(
        t.nombre("SELECT COUNT(*) FROM formation_session WHERE presentation LIKE '%Temoin7f3a%'", vec![])
            .await,
        1
    );

    let colonnes =
        "COALESCE(role, '') || reseau || requete || route || action || objet || objet_id || issue || moyen
                    || COALESCE(avant, '') || COALESCE(apres, '')";
    assert!(t.nombre("SELECT COUNT(*) FROM journal WHERE apres IS NOT NULL", vec![]).await > 0);
    let vus = format!("SELECT COUNT(*) FROM journal WHERE LOWER({colonnes}) LIKE '%temoin7f3a%'");
    assert_eq!(t.nombre(&vus, vec![]).await, 0);
    let journaux = String::from_utf8_lossy(&capture.0.lock().unwrap()).to_lowercase();
    assert!(journaux.contains("requête"), "nothing was captured");
    assert!(!journaux.contains("temoin7f3a"), "{journaux}");
}
