//! What waits for an academic service, and what is late there.

use app::accueil::{FileService, view_attentes};
use app::echanges::{Sujet, send_message};
use app::formations::list_a_confirmer;
use app::idempotence::Garde;
use app::{AppError, Ctx};
use domain::PublicId;
use domain::comptes::Role;
use domain::droits::Attribution;
use domain::formations::Famille;
use domain::formations::demandes::NatureDemande;
use testkit::{FormationEssai, TestApp, both_databases};

fn texte(s: &str) -> store::Value {
    s.to_owned().into()
}

/// One of each in the queues, about a course of academy 20.
async fn fill(t: &TestApp, f: &FormationEssai) {
    let le = t.app.horloge.campagne().as_millisecond();
    t.insert(
        "controle_formation",
        "formation_session_id, etat, empreinte, soumise_le",
        vec![f.formation_session.into(), texte("soumise"), texte(""), le.into()],
    )
    .await;
    let colonnes = "formation_session_id, capacite, places, motif, motivee_le, motivee_origine";
    let [places, motif, origine] = ["[]", "Une classe ouvre à la rentrée.", "ecran"].map(texte);
    t.insert(
        "relecture_capacite",
        colonnes,
        vec![f.formation_session.into(), 24i64.into(), places, motif, le.into(), origine],
    )
    .await;
    let colonnes =
        "session_id, etablissement_id, academie, formation_session_id, nature, etat, contenu, motif";
    let [academie, nature, etat, contenu, motif] =
        ["20", "fermeture", "deposee", r#"{"nature":"fermeture"}"#, "Plus d’élèves."].map(texte);
    let (session, etablissement) = (f.session.into(), f.etablissement.into());
    t.insert(
        "demande_formation",
        colonnes,
        vec![session, etablissement, academie, f.formation_session.into(), nature, etat, contenu, motif],
    )
    .await;
    let colonnes = "session_id, flux, identifiant, contenu, departement, academie, statut, presente";
    let [flux, id, contenu, departement, academie, statut] =
        ["catalogue", "a|1|2", "{}", "80", "20", "a_publier"].map(texte);
    t.insert(
        "fiche_apprentissage",
        colonnes,
        vec![f.session.into(), flux, id, contenu, departement, academie, statut, 1i64.into()],
    )
    .await;
}

async fn nombres(ctx: &Ctx) -> Vec<(FileService, i64, i64)> {
    let files = view_attentes(ctx, 2024).await.expect("queues");
    files.into_iter().map(|a| (a.file, a.nombre, a.en_retard)).collect()
}

both_databases! {
    async fn r_acc_02_a_service_reads_what_waits_for_it_and_what_is_late(base) {
        use FileService::{Capacites, Controles, Demandes, Echanges, Fiches, Questions};
        let t = TestApp::with_session_2024(base).await;
        t.at("2023-11-20T10:00");
        let etab = t.etablissement("0800001A", "Lycée d’essai").await;
        let f = t.formation(etab, "BTS Essai", Famille::Bts, true, 24, false).await;
        let service = |academie: &str| Attribution {
            academies: vec![academie.to_owned()],
            ..Attribution::simple(Role::Academie)
        };
        let (_, agent) = t.personne("agent@ac.example", service("20")).await;
        let (_, lille) = t.personne("lille@ac.example", service("09")).await;
        let rien = [Controles, Capacites, Demandes, Fiches, Questions, Echanges].map(|f| (f, 0, 0));
        assert_eq!(nombres(&t.ctx(agent.clone())).await, rien);
        fill(&t, &f).await;
        let a = Attribution { etablissement: Some(etab), ..Attribution::simple(Role::AdminSite) };
        let (_, admin) = t.personne("admin@essai.example", a).await;
        let id = t.mot("SELECT public_id FROM etablissement", vec![]).await;
        let sujet = Sujet::Etablissement(PublicId::parse(&id).expect("an identifier"));
        let admin = t.ctx(admin);
        send_message(&admin, &Garde::default(), 2024, &sujet, "Bonjour").await.expect("sent");
        let attendus = |retard| {
            [(Controles, 1), (Capacites, 1), (Demandes, 1), (Fiches, 1), (Questions, 0), (Echanges, 1)]
                .map(|(f, n)| (f, n, if n == 1 { retard } else { 0 }))
        };
        assert_eq!(nombres(&t.ctx(agent.clone())).await, attendus(0));
        assert_eq!(nombres(&t.ctx(lille.clone())).await, rien, "of other academies");
        let files = view_attentes(&t.ctx(agent.clone()), 2024).await.expect("queues");
        let le = t.app.horloge.campagne().as_millisecond();
        assert!(files.iter().filter(|a| a.nombre > 0).all(|a| a.depuis == Some(le)), "{files:?}");
        assert_eq!(files[2].natures, [(NatureDemande::Fermeture, 1)]);
        // A week later it is late.
        t.at("2023-11-28T10:00");
        assert_eq!(nombres(&t.ctx(agent.clone())).await, attendus(1));
        let liste = list_a_confirmer(&t.ctx(agent.clone()), 2024, 1).await.expect("a list");
        assert_eq!((liste.total, liste.lignes[0].capacite, liste.lignes[0].en_retard), (1, 24, true));
        assert_eq!(liste.lignes[0].motif, "Une classe ouvre à la rentrée.");
        assert_eq!(list_a_confirmer(&t.ctx(lille), 2024, 1).await.expect("a list").total, 0);
        let refus = list_a_confirmer(&admin, 2024, 1).await;
        assert!(matches!(refus, Err(AppError::Denied(_))), "{refus:?}");
        // Other numbers are typed since: nobody has to confirm these.
        t.sql("UPDATE formation_session SET capacite = 30", vec![]).await;
        assert_eq!(list_a_confirmer(&t.ctx(agent), 2024, 1).await.expect("a list").total, 0);
    }
}
