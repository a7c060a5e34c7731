//! What waits for an academic service, and what is late there.

use app::accueil::{FileService, view_attentes, view_attentes_nationales};
use app::comptes::{CommandeInvitation, FiltreResponsables, invite, list_sans_responsable};
use app::echanges::{Sujet, send_message};
use app::formations::{CriteresCapacites, export_a_confirmer, list_a_confirmer};
use app::idempotence::Garde;
use app::{AppError, Ctx, FormatTableau};
use domain::PublicId;
use domain::comptes::Role;
use domain::droits::Attribution;
use domain::etablissements::{ParTutelle, Tutelle};
use domain::formations::Famille;
use domain::formations::demandes::NatureDemande;
use testkit::{FormationEssai, TestApp, both_databases};

fn texte(s: &str) -> store::Value {
    s.to_owned().into()
}

fn capacites(mots: &str, departement: &str) -> CriteresCapacites {
    let departement = Some(departement.to_owned()).filter(|d| !d.is_empty());
    CriteresCapacites { texte: mots.to_owned(), departement, page: 1 }
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
    async fn r_acc_03_a_service_reads_which_establishments_have_courses_and_nobody_who_answers_for_them(base) {
        let t = TestApp::with_session_2024(base).await;
        t.at("2023-11-20T10:00");
        let service = |academie: &str| Attribution {
            academies: vec![academie.to_owned()],
            ..Attribution::simple(Role::Academie)
        };
        let agent = t.ctx(t.personne("agent@ac.example", service("20")).await.1);
        let lille = t.ctx(t.personne("lille@ac.example", service("09")).await.1);
        let etab = t.etablissement("0800001A", "Lycée d’essai").await;
        let noms = async |ctx: &Ctx, mots: &str| {
            let f = FiltreResponsables { recherche: mots.to_owned(), ..FiltreResponsables::default() };
            let l = list_sans_responsable(ctx, &f).await.expect("a list");
            assert_eq!(l.total, i64::try_from(l.lignes.len()).expect("few"));
            l.lignes.into_iter().map(|l| (l.uai, l.formations, l.invitation.is_some())).collect::<Vec<_>>()
        };
        assert!(noms(&agent, "").await.is_empty(), "without a course, nobody is missed");
        t.formation(etab, "BTS Essai", Famille::Bts, true, 24, false).await;
        let seul = [("0800001A".to_owned(), 1, false)];
        assert_eq!(noms(&agent, "").await, seul);
        assert_eq!(noms(&agent, "essai 0800001a").await, seul);
        assert!(noms(&agent, "ailleurs").await.is_empty());
        // R-ETA-13: by the ministry that answers for them.
        let par = async |tutelle: ParTutelle| {
            let f = FiltreResponsables { tutelle: Some(tutelle), ..FiltreResponsables::default() };
            list_sans_responsable(&agent, &f).await.expect("a list").total
        };
        let culture = ParTutelle::Celle(Tutelle::Culture);
        assert_eq!((par(ParTutelle::NonConnue).await, par(culture).await), (1, 0));
        t.sql("UPDATE etablissement_session SET tutelle = 'culture'", vec![]).await;
        assert_eq!((par(ParTutelle::NonConnue).await, par(culture).await), (0, 1));
        assert!(noms(&lille, "").await.is_empty(), "of other academies");
        // Neither a reader nor whoever left answers for it.
        let sur = |role: Role| Attribution { etablissement: Some(etab), ..Attribution::simple(role) };
        t.personne("lecteur@essai.example", sur(Role::Lecteur)).await;
        let (parti, _) = t.personne("parti@essai.example", sur(Role::ChefEtab)).await;
        assert!(noms(&agent, "").await.is_empty());
        t.sql("UPDATE compte SET etat = 'desactive' WHERE id = $1", vec![parti.into()]).await;
        assert_eq!(noms(&agent, "").await, seul);
        let invitation = CommandeInvitation {
            courriel: "nadia.lemaire@essai.example".to_owned(),
            nom: "Lemaire".to_owned(),
            prenom: "Nadia".to_owned(),
            role: Some(Role::ChefEtab),
            uai: "0800001A".to_owned(),
            ..CommandeInvitation::default()
        };
        invite(&agent, &Garde::default(), &invitation).await.expect("invited");
        assert_eq!(noms(&agent, "").await, [("0800001A".to_owned(), 1, true)], "until it is accepted");
        t.personne("chef@essai.example", sur(Role::ChefEtab)).await;
        assert!(noms(&agent, "").await.is_empty());
        let resp = Attribution { etablissement: Some(etab), ..Attribution::simple(Role::Lecteur) };
        let lecteur = t.ctx(t.personne("autre@essai.example", resp).await.1);
        let refus = list_sans_responsable(&lecteur, &FiltreResponsables::default()).await;
        assert!(matches!(refus, Err(AppError::Denied(_))), "{refus:?}");
    }

    async fn r_acc_05_the_national_team_reads_the_queues_of_the_whole_country_while_courses_are_set(base) {
        use FileService::{Capacites, Controles, Demandes, Echanges, Fiches, Questions, SansResponsable, Transmises};
        let t = TestApp::with_session_2024(base).await;
        t.at("2023-11-20T10:00");
        let etab = t.etablissement("0800001A", "Lycée d’essai").await;
        let f = t.formation(etab, "BTS Essai", Famille::Bts, true, 24, false).await;
        fill(&t, &f).await;
        let national = t.personne("national@essai.example", Attribution::simple(Role::AdminNational)).await.1;
        let files = view_attentes_nationales(&t.ctx(national.clone()), 2024).await.expect("queues");
        let dites: Vec<_> = files.iter().map(|a| (a.file, a.nombre, a.lisible)).collect();
        assert_eq!(
            dites,
            [
                (Controles, 1, true),
                (Capacites, 1, true),
                // Those of the academic services: how they stand, no more.
                (Demandes, 1, false),
                (Transmises, 0, true),
                (Fiches, 1, true),
                (Questions, 0, true),
                (Echanges, 0, true),
                (SansResponsable, 1, true),
            ]
        );
        t.sql("UPDATE demande_formation SET etat = 'transmise'", vec![]).await;
        t.sql(
            "INSERT INTO demande_acte (public_id, demande_id, numero, acte, fait_le, role, motif)
             SELECT 'acte', id, 1, 'transmise', 0, 'academie', '' FROM demande_formation",
            vec![],
        )
        .await;
        t.at("2023-11-28T10:00");
        let files = view_attentes_nationales(&t.ctx(national.clone()), 2024).await.expect("queues");
        let demandes: Vec<_> = files[2..4].iter().map(|a| (a.nombre, a.en_retard)).collect();
        assert_eq!((demandes, files[0].en_retard), (vec![(0, 0), (1, 1)], 1));
        // Nobody else of the country, and nothing once courses are set.
        let auditeur = t.personne("audit@essai.example", Attribution::simple(Role::Auditeur)).await.1;
        assert!(view_attentes_nationales(&t.ctx(auditeur), 2024).await.expect("no queue").is_empty());
        t.at("2024-02-15T10:00");
        assert!(view_attentes_nationales(&t.ctx(national), 2024).await.expect("no queue").is_empty());
    }

    async fn r_acc_02_a_service_reads_what_waits_for_it_and_what_is_late(base) {
        use FileService::{Capacites, Controles, Demandes, Echanges, Fiches, Questions, SansResponsable};
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
        let toutes = [Controles, Capacites, Demandes, Fiches, Questions, Echanges, SansResponsable];
        let rien = toutes.map(|f| (f, 0, 0));
        // R-ACC-03: nobody answers for the establishment yet.
        let seule = toutes.map(|f| (f, i64::from(f == SansResponsable), 0));
        assert_eq!(nombres(&t.ctx(agent.clone())).await, seule);
        fill(&t, &f).await;
        let a = Attribution { etablissement: Some(etab), ..Attribution::simple(Role::AdminSite) };
        let (_, admin) = t.personne("admin@essai.example", a).await;
        let id = t.mot("SELECT public_id FROM etablissement", vec![]).await;
        let sujet = Sujet::Etablissement(PublicId::parse(&id).expect("an identifier"));
        let admin = t.ctx(admin);
        send_message(&admin, &Garde::default(), 2024, &sujet, "Bonjour").await.expect("sent");
        let attendus = |retard: i64| {
            let attendent = [1i64, 1, 1, 1, 0, 1, 0];
            let de = |i: usize| (toutes[i], attendent[i], if attendent[i] == 1 { retard } else { 0 });
            [0, 1, 2, 3, 4, 5, 6].map(de)
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
        let toutes = capacites("", "");
        let liste = list_a_confirmer(&t.ctx(agent.clone()), 2024, &toutes).await.expect("a list");
        assert_eq!((liste.total, liste.lignes[0].capacite, liste.lignes[0].en_retard), (1, 24, true));
        assert_eq!(liste.lignes[0].motif, "Une classe ouvre à la rentrée.");
        assert_eq!(list_a_confirmer(&t.ctx(lille), 2024, &toutes).await.expect("a list").total, 0);
        let refus = list_a_confirmer(&admin, 2024, &toutes).await;
        assert!(matches!(refus, Err(AppError::Denied(_))), "{refus:?}");
        // Other numbers are typed since: nobody has to confirm these.
        t.sql("UPDATE formation_session SET capacite = 30", vec![]).await;
        assert_eq!(list_a_confirmer(&t.ctx(agent), 2024, &toutes).await.expect("a list").total, 0);
    }

    async fn r_ctl_15_the_capacities_to_confirm_are_searched_and_taken_away(base) {
        let t = TestApp::with_session_2024(base).await;
        let a = t.etablissement("0800001A", "Lycée Jules-Verne").await;
        let b = t.etablissement("0800002B", "Lycée voisin").await;
        let f = t.formation(a, "BTS Électronique", Famille::Bts, true, 24, false).await;
        let g = t.formation(b, "BTS Tourisme", Famille::Bts, true, 24, false).await;
        t.sql("UPDATE formation_session SET departement = '60' WHERE id = $1", vec![g.formation_session.into()]).await;
        t.at("2023-11-20T10:00");
        let le = t.app.horloge.campagne().as_millisecond();
        for f in [&f, &g] {
            let colonnes = "formation_session_id, capacite, places, motif, motivee_le, motivee_origine";
            let [places, motif, origine] = ["[]", "Une classe ouvre à la rentrée.", "ecran"].map(texte);
            let valeurs = vec![f.formation_session.into(), 24i64.into(), places, motif, le.into(), origine];
            t.insert("relecture_capacite", colonnes, valeurs).await;
        }
        let service = Attribution { academies: vec!["20".to_owned()], ..Attribution::simple(Role::Academie) };
        let agent = t.personne("agent@essai.example", service).await.1;
        let lues = |c: CriteresCapacites| {
            let ctx = t.ctx(agent.clone());
            async move {
                let l = list_a_confirmer(&ctx, 2024, &c).await.expect("a list");
                (l.total, l.lignes.into_iter().map(|l| l.libelle).collect::<Vec<_>>(), l.departements.len())
            }
        };
        let (une, autre) = ("BTS Électronique".to_owned(), "BTS Tourisme".to_owned());
        assert_eq!(lues(capacites("", "")).await, (2, vec![une.clone(), autre.clone()], 2));
        // Words without accents, of the course, of the establishment or of the town.
        assert_eq!(lues(capacites("electro verne", "")).await, (1, vec![une.clone()], 2));
        assert_eq!(lues(capacites("amiens", "80")).await, (1, vec![une], 2));
        assert_eq!(lues(capacites("", "60")).await, (1, vec![autre], 2));
        assert_eq!(lues(capacites("electro", "60")).await, (0, vec![], 2));
        // The file has what is looked for, leaves a trace and counts among the files of the hour.
        let max = t.app.limites.exports_par_heure;
        for _ in 0..max {
            let ctx = t.ctx(agent.clone());
            let e = export_a_confirmer(&ctx, 2024, &capacites("", "60"), FormatTableau::Csv).await.expect("a file");
            let csv = String::from_utf8(e.octets).expect("text");
            assert!(csv.contains("BTS Tourisme") && csv.contains("Oise (60)"), "{csv}");
            assert!(!csv.contains("Électronique"), "{csv}");
        }
        let ctx = t.ctx(agent.clone());
        let refus = export_a_confirmer(&ctx, 2024, &capacites("", ""), FormatTableau::Xlsx).await;
        assert!(matches!(refus, Err(AppError::TooMany { .. })), "{refus:?}");
        let sql = "SELECT COUNT(*) FROM journal WHERE action = 'suivre_parametrage' AND issue = 'exporte'";
        assert_eq!(t.nombre(sql, vec![]).await, max);
        let admin = Attribution { etablissement: Some(a), ..Attribution::simple(Role::AdminSite) };
        let admin = t.personne("admin@essai.example", admin).await.1;
        let refus = export_a_confirmer(&t.ctx(admin), 2024, &capacites("", ""), FormatTableau::Csv).await;
        assert!(matches!(refus, Err(AppError::Denied(_))), "{refus:?}");
    }
}
