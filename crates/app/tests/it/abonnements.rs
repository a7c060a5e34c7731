//! What programs are told: events follow the journal, within the perimeter of a token, and are delivered signed.
#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]

use app::actualites::{Saisie, correct_actualite, list_publications, publish_actualite, take_down_actualite};
use app::charte::publish_charte;
use app::classements::{Objet, SaisieOrdre, save_ordre, transmit};
use app::echanges::{Sujet, send_message};
use app::etablissements::{Composante, Modification, save_etablissement};
use app::formations::{
    Capacites, EnregistrerParametrage, Guichet, PriseControle, Reponse, Retour, accept_formation,
    answer_demande, ask_formation, extend_retour, publish_formation, return_formation, save_parametrage,
    submit_formation, take_controle,
};
use app::idempotence::Garde;
use app::interfaces::{
    Abonnement, DemandeAbonnement, DemandeJeton, EtendueJeton, Livraison, Souscription, ask_essai, deliver,
    give_jeton, list_abonnements, list_abonnements_of, list_livraisons, make_events, purge_livraisons,
    remove_abonnement, remove_abonnement_of, resolve_jeton, resume_abonnement, revoke_jeton, subscribe,
    view_abonnement,
};
use app::internats::{SaisieInternat, remove_internat, save_internat, view_internats};
use app::journal::sceller;
use app::limites::Limites;
use app::seances::{announce_seance, cancel_seance, correct_seance, list_organised};
use app::sessions::{decide_prolongation, propose_prolongation, view_calendrier};
use app::{AppError, Ctx};
use data_encoding::BASE64;
use domain::actualites::Audience;
use domain::calendrier::Etape;
use domain::candidats::TypeBac;
use domain::candidatures::EtatVoeu;
use domain::comptes::Role;
use domain::delegations::Operations;
use domain::droits::{Acteur, Attribution};
use domain::formations::Famille;
use domain::formations::demandes::Souhait;
use domain::interfaces::evenements::{EchecLivraison, EtatLivraison, Evenement, MotifSuspension};
use domain::seances::{Programme, Qualite};
use domain::{PublicId, RuleViolation};
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use jiff::civil::date;
use sha2::Sha256;
use testkit::fabrique::FormationEssai;
use testkit::{Base, TestApp, both_databases, paris};

const TOUS: [&str; 20] = [
    "formation.modifiee",
    "formation.soumise",
    "formation.acceptee",
    "formation.retournee",
    "formation.retour_prolonge",
    "formation.publiee",
    "etablissement.modifie",
    "classement.transmis",
    "internat.modifie",
    "internat.transmis",
    "apprentissage.modifie",
    "demande.repondue",
    "conversation.message",
    "calendrier.reporte",
    "actualite.publiee",
    "actualite.modifiee",
    "charte.publiee",
    "seance.annoncee",
    "seance.modifiee",
    "seance.annulee",
];

/// An establishment with two courses, of which a token names the first, and a neighbour with one.
struct Scene {
    t: TestApp,
    admin: Acteur,
    maison: PublicId,
    nommee: FormationEssai,
    autre: FormationEssai,
    voisine: FormationEssai,
    jeton: PublicId,
    logiciel: Ctx,
}

impl Scene {
    async fn new(base: Base) -> Self {
        Self::with(base, testkit::limites()).await
    }

    async fn with(base: Base, limites: Limites) -> Self {
        let t = TestApp::with_limites(base, limites).await;
        app::sessions::ouvrir_session(&t.systeme(), 2024, None).await.unwrap();
        t.controle_academique(false).await;
        t.at("2023-11-20T10:00");
        let cle = t.etablissement("0800001A", "Lycée Jules-Verne").await;
        let nommee = t.formation(cle, "BTS Électronique", Famille::Bts, true, 24, false).await;
        let autre = t.formation(cle, "BTS Optique", Famille::Bts, true, 24, false).await;
        let la = t.etablissement("0800002B", "Lycée Voisin").await;
        let voisine = t.formation(la, "BTS Électronique", Famille::Bts, true, 24, false).await;
        let a = Attribution { etablissement: Some(cle), ..Attribution::simple(Role::AdminSite) };
        let (_, admin) = t.personne("admin@lycee.example", a).await;
        let maison = public_id(&t, cle).await;
        let mut s =
            Self { jeton: maison.clone(), logiciel: t.systeme(), t, admin, maison, nommee, autre, voisine };
        (s.jeton, s.logiciel) = s.gives("SI scolarité").await;
        s
    }

    fn admin(&self) -> Ctx {
        self.t.ctx(self.admin.clone())
    }

    /// A token that reads the first course, and the program that has it.
    async fn gives(&self, libelle: &str) -> (PublicId, Ctx) {
        let d = DemandeJeton {
            libelle: libelle.to_owned(),
            jours: 30,
            etendue: EtendueJeton {
                formations: vec![(self.nommee.public_id.clone(), Operations::AUCUNE)],
                ..EtendueJeton::default()
            },
        };
        let remise = give_jeton(&self.admin(), &Garde::default(), 2024, &self.maison, &d).await.unwrap();
        let maintenant = self.t.systeme().recu_ms();
        let vu = resolve_jeton(&self.t.app, &remise.jeton.unwrap(), maintenant).await.unwrap().unwrap();
        let ctx = Ctx { acteur: vu.acteur, jeton: Some(vu.cle), origine: "api", ..self.t.systeme() };
        (PublicId::parse(&remise.id).unwrap(), ctx)
    }

    /// The same program, at the present instant.
    fn logiciel(&self) -> Ctx {
        Ctx { recu_le: self.t.systeme().recu_le, ..self.logiciel.clone() }
    }

    async fn subscribes(&self, evenements: &[&str]) -> Souscription {
        subscribe(&self.logiciel(), &Garde::default(), &demande(evenements)).await.unwrap()
    }

    /// Saves another capacity of a course.
    async fn saves(&self, f: &FormationEssai, capacite: i64) {
        let capacites = Capacites { capacite: Some(capacite), frais_centimes: Some(0), places: Vec::new() };
        let c = EnregistrerParametrage { capacites: Some(capacites), presentation: None };
        let ctx = match f.etablissement == self.voisine.etablissement {
            true => self.t.ctx(self.t.responsable(&format!("r{capacite}@voisin.example"), f).await.1),
            false => self.admin(),
        };
        save_parametrage(&ctx, &Garde::default(), 2024, &id(f), &c).await.unwrap();
    }

    /// Seals what is committed, and makes events of it.
    async fn tells(&self) -> usize {
        sceller(&self.t.app).await.unwrap();
        make_events(&self.t.app).await.unwrap()
    }

    async fn livraisons(&self, abonnement: &str) -> Vec<Livraison> {
        let id = PublicId::parse(abonnement).unwrap();
        let mut l = list_livraisons(&self.logiciel(), &id, None, 100).await.unwrap();
        l.reverse();
        l
    }

    async fn dits(&self, abonnement: &str) -> Vec<&'static str> {
        self.livraisons(abonnement).await.iter().map(|l| l.evenement.code()).collect()
    }

    async fn abonnement(&self, id: &str) -> Abonnement {
        view_abonnement(&self.logiciel(), &PublicId::parse(id).unwrap()).await.unwrap()
    }

    fn answers(&self, statut: Option<u16>) {
        *self.t.livreur.statut.lock().unwrap() = statut;
    }

    fn received(&self) -> Vec<String> {
        self.t.livreur.recues.lock().unwrap().iter().map(|n| n.identifiant.clone()).collect()
    }

    fn later(&self, minutes: i64) {
        let ms = self.t.systeme().recu_ms() + minutes * 60_000;
        self.t.horloge.set_maintenant(Timestamp::from_millisecond(ms).unwrap());
    }

    async fn delivers(&self) -> usize {
        deliver(&self.t.app).await.unwrap()
    }

    async fn mails(&self) -> usize {
        self.t.envois().await.iter().filter(|e| e.modele == "abonnement_suspendu").count()
    }
}

fn demande(evenements: &[&str]) -> DemandeAbonnement {
    DemandeAbonnement {
        url: "https://si.lycee.example/crochet?cle=secrete".to_owned(),
        evenements: evenements.iter().map(|e| (*e).to_owned()).collect(),
    }
}

const MOTIF: &str = "Les effectifs du lycée suffisent.";

fn actualite(titre: &str, familles: &[Famille]) -> Saisie {
    Saisie {
        titre: titre.to_owned(),
        texte: "Premiers jalons.".to_owned(),
        audience: Audience { familles: familles.iter().copied().collect(), ..Audience::default() },
        publiee_le: None,
        retiree_le: None,
        pieces: Vec::new(),
    }
}

fn seance(titre: &str, familles: &[Famille]) -> Programme {
    Programme {
        titre: titre.to_owned(),
        texte: "Premiers jalons.".to_owned(),
        audience: Audience { familles: familles.iter().copied().collect(), ..Audience::default() },
        qualites: [].into(),
        debut: paris("2023-12-04T10:00").as_millisecond(),
        fin: paris("2023-12-04T12:00").as_millisecond(),
        places: None,
        lieu: String::new(),
        lien: "https://visio.example/salle".to_owned(),
        ferme_le: None,
    }
}

fn id(f: &FormationEssai) -> PublicId {
    PublicId::parse(&f.public_id).unwrap()
}

async fn public_id(t: &TestApp, etablissement: i64) -> PublicId {
    let sql = "SELECT public_id FROM etablissement WHERE id = $1";
    PublicId::parse(&t.mot(sql, vec![etablissement.into()]).await).unwrap()
}

fn json(l: &Livraison) -> serde_json::Value {
    serde_json::from_str(&l.corps).unwrap()
}

both_databases! {
    async fn r_api_06_an_act_on_a_course_of_the_token_is_told_once_and_no_other(base) {
        let s = Scene::new(base).await;
        // What was done before anybody was told is not told.
        s.saves(&s.nommee, 20).await;
        sceller(&s.t.app).await.unwrap();
        let a = s.subscribes(&["formation.modifiee", "formation.publiee"]).await.id;
        assert_eq!(s.tells().await, 0);
        s.saves(&s.autre, 21).await;
        s.saves(&s.voisine, 22).await;
        assert_eq!(s.tells().await, 0, "another course, a neighbour's");
        s.later(5);
        s.saves(&s.nommee, 23).await;
        assert_eq!(s.tells().await, 1);
        assert_eq!(s.tells().await, 0, "once");
        publish_formation(&s.admin(), &Garde::default(), 2024, &id(&s.nommee)).await.unwrap();
        s.tells().await;
        let l = s.livraisons(&a).await;
        assert_eq!(s.dits(&a).await, ["formation.modifiee", "formation.publiee"]);
        let attendu = serde_json::json!({
            "id": l[0].id,
            "type": "formation.modifiee",
            "date": s.t.systeme().recu_le.to_string(),
            "session": 2024,
            "objet": { "genre": "formation", "id": s.nommee.public_id },
            "url": format!("/api/v1/sessions/2024/formations/{}", s.nommee.public_id),
        });
        assert_eq!(json(&l[0]), attendu);
        // A course that changed hands is not the establishment's any more.
        s.t.sql(
            "UPDATE formation_session SET etablissement_id = $1 WHERE id = $2",
            vec![s.voisine.etablissement.into(), s.nommee.formation_session.into()],
        )
        .await;
        let cede = FormationEssai { etablissement: s.voisine.etablissement, ..s.nommee.clone() };
        s.saves(&cede, 24).await;
        assert_eq!(s.tells().await, 0);
    }

    async fn r_api_06_the_review_the_establishment_and_the_rankings_are_told(base) {
        let s = Scene::new(base).await;
        s.t.controle_academique(true).await;
        let a = s.subscribes(&TOUS).await.id;
        submit_formation(&s.admin(), &Garde::default(), 2024, &id(&s.nommee)).await.unwrap();
        let academie = Attribution { academies: vec!["20".to_owned()], ..Attribution::simple(Role::Academie) };
        let agent = s.t.ctx(s.t.personne("agent@ac.example", academie).await.1);
        take_controle(&agent, &Garde::default(), 2024, &id(&s.nommee), PriseControle::Prendre).await.unwrap();
        accept_formation(&agent, &Garde::default(), 2024, &id(&s.nommee)).await.unwrap();
        let m = Modification::Composante(None, Composante { nom: "IUT".to_owned() });
        save_etablissement(&s.admin(), &Garde::default(), 2024, &s.maison, &m).await.unwrap();
        let a_cote = Attribution { etablissement: Some(s.voisine.etablissement), ..Attribution::simple(Role::AdminSite) };
        let a_cote = s.t.ctx(s.t.personne("admin@voisin.example", a_cote).await.1);
        let la = public_id(&s.t, s.voisine.etablissement).await;
        save_etablissement(&a_cote, &Garde::default(), 2024, &la, &m).await.unwrap();
        s.tells().await;
        let dits = ["formation.soumise", "formation.acceptee", "formation.publiee", "etablissement.modifie"];
        assert_eq!(s.dits(&a).await, dits);
        let dernier = json(&s.livraisons(&a).await[3]);
        assert_eq!((&dernier["objet"]["id"], &dernier["session"]), (&s.maison.as_str().into(), &2024.into()));

        s.t.during(Etape::Examen).await;
        for (i, f) in [&s.nommee, &s.autre].into_iter().enumerate() {
            let c = s.t.candidat(&format!("c{i}@exemple.example"), TypeBac::General).await;
            s.t.voeu(&c, f, EtatVoeu::Confirme).await;
            let cmd = SaisieOrdre { rangs: vec![(c.numero, Some(1))], deplacement: None };
            let ctx = s.t.ctx(s.t.responsable(&format!("resp{i}@lycee.example"), f).await.1);
            save_ordre(&ctx, &Garde::default(), 2024, &f.groupe_public_id, &cmd).await.unwrap();
            transmit(&ctx, &Garde::default(), 2024, &f.groupe_public_id, true).await.unwrap();
        }
        assert_eq!(s.tells().await, 1, "the ranking of the other course is not told");
        let l = s.livraisons(&a).await;
        let dernier = json(&l[4]);
        assert_eq!(l[4].evenement, Evenement::ClassementTransmis);
        let url = format!("/api/v1/sessions/2024/groupes/{}", s.nommee.groupe_public_id);
        assert_eq!((&dernier["objet"]["genre"], &dernier["url"]), (&"groupe".into(), &url.into()));
        assert!(!l[4].corps.contains("exemple.example"), "{}", l[4].corps);
    }

    async fn r_api_06_a_boarding_school_is_told_declared_taken_away_and_ranked(base) {
        let s = Scene::new(base).await;
        let a = s.subscribes(&TOUS).await.id;
        let admin = s.admin();
        let saisie = |libelle: &str| SaisieInternat {
            libelle: libelle.to_owned(),
            capacite: Some(30),
            accueil: "mixte".to_owned(),
            formation: String::new(),
        };
        save_internat(&admin, &Garde::default(), 2024, &s.maison, None, &saisie("Temoin")).await.unwrap();
        assert_eq!(s.tells().await, 1);
        let lu = view_internats(&admin, 2024, &s.maison).await.unwrap().internats.remove(0).public_id;
        let l = s.livraisons(&a).await;
        let dit = json(&l[0]);
        let url = format!("/api/v1/sessions/2024/etablissements/{}/internats/{lu}", s.maison);
        assert_eq!((&dit["type"], &dit["objet"]["genre"]), (&"internat.modifie".into(), &"internat".into()));
        assert_eq!((&dit["objet"]["id"], &dit["url"]), (&lu.as_str().into(), &url.as_str().into()));
        assert!(!l[0].corps.contains("Temoin"), "{}", l[0].corps);
        remove_internat(&admin, &Garde::default(), 2024, &s.maison, &lu).await.unwrap();
        assert_eq!(s.tells().await, 1, "taken away, it is told all the same");
        // A neighbour's is not.
        let a_cote = Attribution { etablissement: Some(s.voisine.etablissement), ..Attribution::simple(Role::AdminSite) };
        let a_cote = s.t.ctx(s.t.personne("admin@voisin.example", a_cote).await.1);
        let la = public_id(&s.t, s.voisine.etablissement).await;
        save_internat(&a_cote, &Garde::default(), 2024, &la, None, &saisie("Voisin")).await.unwrap();
        assert_eq!(s.tells().await, 0);

        save_internat(&admin, &Garde::default(), 2024, &s.maison, None, &saisie("Internat")).await.unwrap();
        let lu = view_internats(&admin, 2024, &s.maison).await.unwrap().internats.remove(0).public_id;
        s.t.during(Etape::Examen).await;
        transmit(&s.admin(), &Garde::default(), 2024, Objet::internat(&lu), true).await.unwrap();
        s.tells().await;
        assert_eq!(
            s.dits(&a).await,
            ["internat.modifie", "internat.modifie", "internat.modifie", "internat.transmis"]
        );
    }

    async fn r_api_06_what_is_said_to_many_is_told_to_those_whom_it_concerns(base) {
        let s = Scene::new(base).await;
        let a = s.subscribes(&TOUS).await.id;
        let mut agents = Vec::new();
        for nom in ["un", "deux"] {
            let national = Attribution::simple(Role::AdminNational);
            agents.push(s.t.personne(&format!("{nom}@national.example"), national).await.1);
        }
        let un = || s.t.ctx(agents[0].clone());
        let deux = || s.t.ctx(agents[1].clone());
        let sans = Garde::default();
        let dernier = async || json(s.livraisons(&a).await.last().unwrap());

        publish_actualite(&un(), &sans, 2024, actualite("Aux licences", &[Famille::Licence])).await.unwrap();
        assert_eq!(s.tells().await, 0, "about courses that it does not run");
        publish_actualite(&un(), &sans, 2024, actualite("Temoin", &[Famille::Bts])).await.unwrap();
        assert_eq!(s.tells().await, 1);
        let lignes = list_publications(&un(), 2024).await.unwrap().lignes;
        let item = lignes.into_iter().find(|(l, _)| l.titre == "Temoin").unwrap().0.id;
        let dit = dernier().await;
        let url = format!("/api/v1/sessions/2024/actualites/{}", item.as_str());
        assert_eq!((&dit["type"], &dit["objet"]["genre"]), (&"actualite.publiee".into(), &"actualite".into()));
        assert_eq!((&dit["url"], &dit["session"]), (&url.into(), &2024.into()));
        assert!(!dit.to_string().contains("Temoin"), "{dit}");
        let corrigee = actualite("Temoin, corrigée", &[Famille::Bts]);
        correct_actualite(&un(), &sans, 2024, &item, corrigee, false).await.unwrap();
        take_down_actualite(&un(), &sans, 2024, &item).await.unwrap();
        assert_eq!(s.tells().await, 2);

        publish_charte(&un(), &sans, 2024, "Dire la vérité.").await.unwrap();
        assert_eq!(s.tells().await, 1);
        let dit = dernier().await;
        assert_eq!((&dit["objet"]["id"], &dit["url"]), (&"1".into(), &"/api/v1/sessions/2024/charte".into()));

        announce_seance(&un(), &sans, 2024, seance("Aux licences", &[Famille::Licence])).await.unwrap();
        let publique = Programme { qualites: [Qualite::Parent].into(), ..seance("Aux parents", &[]) };
        announce_seance(&un(), &sans, 2024, publique).await.unwrap();
        assert_eq!(s.tells().await, 0, "neither of other courses nor of the public site");
        announce_seance(&un(), &sans, 2024, seance("Temoin", &[Famille::Bts])).await.unwrap();
        let seances = list_organised(&un(), 2024).await.unwrap().seances;
        let annoncee = seances.into_iter().find(|l| l.programme.titre == "Temoin").unwrap().id;
        correct_seance(&un(), &sans, 2024, &annoncee, seance("Autre titre", &[Famille::Bts])).await.unwrap();
        cancel_seance(&un(), &sans, 2024, &annoncee).await.unwrap();
        assert_eq!(s.tells().await, 3);
        let url = format!("/api/v1/sessions/2024/seances/{}", annoncee.as_str());
        assert_eq!(dernier().await["url"], url.as_str());

        let jusque = date(2024, 3, 17);
        propose_prolongation(&un(), &sans, 2024, Etape::Voeux, jusque, "Panne du réseau le 14 mars.").await.unwrap();
        assert_eq!(s.tells().await, 0, "nothing changes before a second person agrees");
        let proposee = view_calendrier(&un(), 2024).await.unwrap().prolongations.remove(0).id;
        decide_prolongation(&deux(), &sans, 2024, &proposee, true).await.unwrap();
        assert_eq!(s.tells().await, 1);
        let dit = dernier().await;
        assert_eq!((&dit["objet"]["genre"], &dit["url"]), (&"calendrier".into(), &"/api/v1/sessions/2024".into()));
        assert_eq!(s.dits(&a).await, [
            "actualite.publiee", "actualite.modifiee", "actualite.modifiee", "charte.publiee",
            "seance.annoncee", "seance.modifiee", "seance.annulee", "calendrier.reporte",
        ]);
        while s.delivers().await > 0 {}

        // An item that is shown tomorrow is told tomorrow.
        let demain = s.t.systeme().campagne_ms() + 24 * 3_600_000;
        let programmee = Saisie { publiee_le: Some(demain), ..actualite("Demain", &[]) };
        publish_actualite(&un(), &sans, 2024, programmee).await.unwrap();
        assert_eq!((s.tells().await, s.delivers().await), (1, 0));
        s.later(24 * 60);
        assert_eq!(s.delivers().await, 1);
    }

    async fn r_api_06_answers_messages_and_more_time_are_told_to_programs_that_may_ask_and_write(base) {
        let s = Scene::new(base).await;
        let a = s.subscribes(&TOUS).await.id;
        let jeton = s.t.jeton(s.nommee.etablissement, &[(&s.nommee, "parametrage,demandes")], true).await;
        let vu = resolve_jeton(&s.t.app, &jeton, s.t.systeme().recu_ms()).await.unwrap().unwrap();
        let ecrit = Ctx { acteur: vu.acteur, jeton: Some(vu.cle), origine: "api", ..s.t.systeme() };
        let b = subscribe(&ecrit, &Garde::default(), &demande(&TOUS)).await.unwrap().id;
        let dits = async || {
            let mut l = list_livraisons(&ecrit, &PublicId::parse(&b).unwrap(), None, 100).await.unwrap();
            l.reverse();
            l.iter().map(json).collect::<Vec<_>>()
        };
        let academie = Attribution { academies: vec!["20".to_owned()], ..Attribution::simple(Role::Academie) };
        let agent = s.t.personne("agent@ac.example", academie).await.1;
        let agent = || s.t.ctx(agent.clone());
        let sans = Garde::default();

        let maison = Sujet::Etablissement(s.maison.clone());
        send_message(&s.admin(), &sans, 2024, &maison, "Bonjour").await.unwrap();
        assert_eq!(s.tells().await, 0, "what the establishment says is no news to it");
        send_message(&agent(), &sans, 2024, &maison, "Temoin").await.unwrap();
        assert_eq!(s.tells().await, 1, "to the program that converses");
        let dit = dits().await.pop().unwrap();
        let url = format!("/api/v1/sessions/2024/etablissements/{}/echanges", s.maison);
        assert_eq!((&dit["type"], &dit["url"]), (&"conversation.message".into(), &url.into()));
        assert!(!dit.to_string().contains("Temoin"), "{dit}");
        send_message(&agent(), &sans, 2024, &Sujet::Formation(id(&s.nommee)), "Bonjour").await.unwrap();
        send_message(&agent(), &sans, 2024, &Sujet::Formation(id(&s.autre)), "Bonjour").await.unwrap();
        assert_eq!(s.tells().await, 1, "about a course that it was given, not about another");
        let url = format!("/api/v1/sessions/2024/formations/{}/echanges", s.nommee.public_id);
        assert_eq!(dits().await.pop().unwrap()["url"], url.as_str());

        for (f, dites) in [(&s.nommee, 1), (&s.autre, 0)] {
            ask_formation(&s.admin(), &sans, 2024, &id(f), &Souhait::Suspension, MOTIF).await.unwrap();
            assert_eq!(s.tells().await, 0, "asked, not answered");
            let posee = s.t.mot("SELECT public_id FROM demande_formation ORDER BY id DESC LIMIT 1", vec![]).await;
            let refus = Reponse::Refuser(MOTIF.to_owned());
            let posee = PublicId::parse(&posee).unwrap();
            answer_demande(&agent(), &sans, 2024, Guichet::Academie, &posee, &refus).await.unwrap();
            assert_eq!(s.tells().await, dites, "about the course that it may ask about");
        }
        assert_eq!(dits().await.pop().unwrap()["type"], "demande.repondue");

        s.t.controle_academique(true).await;
        submit_formation(&s.admin(), &sans, 2024, &id(&s.nommee)).await.unwrap();
        let retour = Retour {
            motifs: vec![("attendus", "Les attendus nationaux manquent ici.".to_owned())],
            jusqu_a: date(2023, 12, 1),
        };
        return_formation(&agent(), &sans, 2024, &id(&s.nommee), &retour).await.unwrap();
        extend_retour(&agent(), &sans, 2024, &id(&s.nommee), date(2023, 12, 5), "").await.unwrap();
        s.tells().await;
        let attendus = ["formation.soumise", "formation.retournee", "formation.retour_prolonge"];
        assert_eq!(s.dits(&a).await, attendus, "both read the course");
        let lus: Vec<serde_json::Value> = dits().await.into_iter().rev().take(3).collect();
        assert_eq!(lus.iter().rev().map(|d| d["type"].as_str().unwrap()).collect::<Vec<_>>(), attendus);

        // Once the course is another's, what was asked of it is of the establishment alone: the program that asks about that one is told.
        let etendue = EtendueJeton { demande_etablissement: true, ..EtendueJeton::default() };
        let jeton = s.t.jeton_de(s.autre.etablissement, etendue).await;
        let vu = resolve_jeton(&s.t.app, &jeton, s.t.systeme().recu_ms()).await.unwrap().unwrap();
        let demandeur = Ctx { acteur: vu.acteur, jeton: Some(vu.cle), origine: "api", ..s.t.systeme() };
        let c = subscribe(&demandeur, &sans, &demande(&["demande.repondue"])).await.unwrap().id;
        let la = Attribution { etablissement: Some(s.voisine.etablissement), ..Attribution::simple(Role::AdminSite) };
        let receveur = s.t.personne("admin@voisin.example", la).await.1;
        let cession = Souhait::Cession { uai: "0800002B".to_owned() };
        ask_formation(&s.admin(), &sans, 2024, &id(&s.autre), &cession, MOTIF).await.unwrap();
        let posee = s.t.mot("SELECT public_id FROM demande_formation ORDER BY id DESC LIMIT 1", vec![]).await;
        let posee = PublicId::parse(&posee).unwrap();
        let oui = Reponse::Accepter(String::new(), None);
        for (ctx, guichet) in [(s.t.ctx(receveur), Guichet::Receveur), (agent(), Guichet::Academie)] {
            answer_demande(&ctx, &sans, 2024, guichet, &posee, &oui).await.unwrap();
        }
        s.tells().await;
        let dites = list_livraisons(&demandeur, &PublicId::parse(&c).unwrap(), None, 100).await.unwrap();
        assert_eq!(dites.iter().map(json).map(|d| d["objet"]["id"].clone()).collect::<Vec<_>>(), [posee.as_str()]);
    }

    async fn r_api_06_many_acts_are_told_by_lots_in_their_order(base) {
        let s = Scene::with(base, Limites { evenements_lot: 2, ..testkit::limites() }).await;
        let a = s.subscribes(&["formation.modifiee"]).await.id;
        for capacite in 30..37 {
            s.saves(&s.nommee, capacite).await;
        }
        assert_eq!(s.tells().await, 7);
        assert_eq!(s.dits(&a).await.len(), 7);
        let rang = s.t.nombre("SELECT rang FROM evenement_curseur", vec![]).await;
        assert_eq!(rang, s.t.nombre("SELECT MAX(rang) FROM journal_sceau", vec![]).await);
    }

    async fn r_api_04_r_api_06_a_token_that_opens_nothing_is_told_nothing(base) {
        let s = Scene::new(base).await;
        let a = s.subscribes(&["formation.modifiee"]).await.id;
        s.saves(&s.nommee, 30).await;
        assert_eq!(s.tells().await, 1, "what waits when it ends");
        // Whoever gave it has no right to give it any more, then has it back.
        let droits = "UPDATE attribution SET supprime_le = $1 WHERE compte_id = $2";
        let donneur = s.admin.compte;
        s.t.sql(droits, vec![1i64.into(), donneur.into()]).await;
        s.saves(&s.nommee, 31).await;
        assert_eq!(s.tells().await, 0, "without its giver");
        assert_eq!((s.delivers().await, s.received().len()), (1, 0), "nor is what waited delivered");
        s.t.sql(droits, vec![None::<i64>.into(), donneur.into()]).await;
        let l = s.livraisons(&a).await;
        assert_eq!((l[0].etat, l[0].erreur), (EtatLivraison::Abandonnee, Some(EchecLivraison::Jeton)));
        assert_eq!(s.abonnement(&a).await.suspendu, None);
        s.saves(&s.nommee, 32).await;
        assert_eq!(s.tells().await, 1);
        revoke_jeton(&s.admin(), &Garde::default(), &s.jeton).await.unwrap();
        assert_eq!((s.delivers().await, s.received().len()), (1, 0));
        s.saves(&s.nommee, 33).await;
        assert_eq!(s.tells().await, 0, "revoked");
        // Over.
        let s = Scene { logiciel: s.gives("Autre").await.1, ..s };
        s.subscribes(&["formation.modifiee"]).await;
        s.later(31 * 24 * 60);
        s.saves(&s.nommee, 34).await;
        assert_eq!(s.tells().await, 0, "over");
    }

    async fn r_api_07_a_message_is_signed_and_tried_again_under_one_identifier(base) {
        let s = Scene::new(base).await;
        let prise = s.subscribes(&["formation.modifiee"]).await;
        s.saves(&s.nommee, 30).await;
        s.tells().await;
        s.answers(None);
        assert_eq!((s.delivers().await, s.delivers().await), (1, 0), "not before a minute");
        s.answers(Some(500));
        s.later(1);
        assert_eq!(s.delivers().await, 1);
        let l = s.livraisons(&prise.id).await;
        assert_eq!((l[0].etat, l[0].essais, l[0].statut, l[0].erreur), (EtatLivraison::ALivrer, 2, Some(500), None));
        s.later(1);
        assert_eq!(s.delivers().await, 0, "the second wait is twice as long");
        s.later(1);
        s.answers(Some(204));
        assert_eq!((s.delivers().await, s.delivers().await), (1, 0));
        let l = s.livraisons(&prise.id).await;
        assert_eq!((l[0].etat, l[0].statut, l[0].prochaine_le), (EtatLivraison::Livree, Some(204), None));
        assert_eq!(s.received(), vec![l[0].id.clone(); 3]);
        // What the program does to believe it.
        let secret = prise.secret.unwrap();
        let cle = BASE64.decode(secret.strip_prefix("whsec_").unwrap().as_bytes()).unwrap();
        assert_eq!(cle.len(), 32);
        let recues = s.t.livreur.recues.lock().unwrap().clone();
        assert_eq!(recues[2].horodatage - recues[0].horodatage, 180, "dated by the attempt");
        for n in recues {
            let mut mac = Hmac::<Sha256>::new_from_slice(&cle).unwrap();
            mac.update(format!("{}.{}.{}", n.identifiant, n.horodatage, n.corps).as_bytes());
            let signe = BASE64.decode(n.signature.strip_prefix("v1,").unwrap().as_bytes()).unwrap();
            mac.verify_slice(&signe).unwrap();
        }
        // The secret is nowhere in clear.
        let garde = s.t.nombre("SELECT COUNT(*) FROM recepisse WHERE contenu LIKE '%whsec%'", vec![]).await;
        let note = s.t.nombre("SELECT COUNT(*) FROM journal WHERE apres LIKE '%si.lycee%' OR apres LIKE '%whsec%'", vec![]).await;
        assert_eq!((garde, note), (0, 0));
    }

    async fn r_api_07_what_is_given_up_too_often_suspends_and_is_told_by_mail(base) {
        let s = Scene::with(base, Limites { livraisons_abandonnees: 2, ..testkit::limites() }).await;
        let a = s.subscribes(&["formation.modifiee"]).await.id;
        let aid = PublicId::parse(&a).unwrap();
        s.answers(Some(503));
        for capacite in [30, 31] {
            s.saves(&s.nommee, capacite).await;
        }
        s.tells().await;
        for _ in 0..47 {
            s.delivers().await;
            s.later(60);
        }
        assert_eq!((s.abonnement(&a).await.suspendu, s.mails().await), (None, 0));
        for _ in 0..3 {
            s.delivers().await;
            s.later(60);
        }
        let motif = s.abonnement(&a).await.suspendu.map(|(_, m)| m);
        assert_eq!((motif, s.mails().await), (Some(MotifSuspension::Echecs), 1));
        let mail = s.t.envois().await.remove(0);
        assert_eq!(mail.destinataire, "admin@lycee.example");
        assert!(mail.corps.contains("« SI scolarité »") && mail.corps.contains("si.lycee.example"), "{}", mail.corps);
        assert!(!mail.corps.contains("secrete"), "{}", mail.corps);
        let trace = "SELECT COUNT(*) FROM journal WHERE objet = 'abonnement' AND objet_id = $1 AND role = 'systeme'";
        assert_eq!(s.t.nombre(trace, vec![a.clone().into()]).await, 1);
        s.saves(&s.nommee, 32).await;
        assert_eq!(s.tells().await, 0, "nothing is told any more");
        let refus = ask_essai(&s.logiciel(), &Garde::default(), &aid).await;
        assert!(matches!(refus, Err(AppError::Rule(RuleViolation::Champ { champ: "abonnement", .. }))), "{refus:?}");

        resume_abonnement(&s.logiciel(), &Garde::default(), &aid).await.unwrap();
        assert_eq!(s.abonnement(&a).await.suspendu, None);
        assert_eq!(s.tells().await, 0, "what happened meanwhile was not kept");
        s.saves(&s.nommee, 33).await;
        assert_eq!(s.tells().await, 1);
        for _ in 0..50 {
            s.delivers().await;
            s.later(60);
        }
        assert_eq!(s.livraisons(&a).await[2].etat, EtatLivraison::Abandonnee);
        assert_eq!(s.abonnement(&a).await.suspendu, None, "those given up before do not count");
        // Gone for good: at once.
        s.answers(Some(410));
        s.saves(&s.nommee, 34).await;
        s.tells().await;
        assert_eq!(s.delivers().await, 1);
        let motif = s.abonnement(&a).await.suspendu.map(|(_, m)| m);
        assert_eq!((motif, s.mails().await), (Some(MotifSuspension::Parti), 2));
    }

    async fn r_api_07_one_runner_delivers_and_another_takes_over_what_it_left(base) {
        let s = Scene::new(base).await;
        let a = s.subscribes(&["formation.modifiee"]).await.id;
        s.saves(&s.nommee, 30).await;
        s.tells().await;
        let maintenant = s.t.systeme().recu_ms();
        let tx = s.t.app.db.begin_write().await.unwrap();
        let prises = store::interfaces::take_livraisons(&tx, (maintenant, maintenant + 60_000), 10, 10).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!((prises.len(), s.delivers().await), (1, 0), "it is somebody's");
        s.later(2);
        assert_eq!(s.delivers().await, 1);
        // The first one comes back too late.
        let issue = store::interfaces::IssueLivraison { etat: "a_livrer", ..Default::default() };
        let tx = s.t.app.db.begin_write().await.unwrap();
        let garde = store::interfaces::save_livraison(&tx, &prises[0], &issue, maintenant).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!((garde, s.livraisons(&a).await[0].etat), (false, EtatLivraison::Livree));
    }

    async fn r_api_07_a_program_that_waits_does_not_hold_the_others(base) {
        let s = Scene::new(base).await;
        let autre = s.gives("Autre logiciel").await.1;
        for _ in 0..3 {
            s.subscribes(&["formation.modifiee"]).await;
        }
        let discret = subscribe(&autre, &Garde::default(), &demande(&["formation.publiee"])).await.unwrap().id;
        for capacite in 30..33 {
            s.saves(&s.nommee, capacite).await;
        }
        publish_formation(&s.admin(), &Garde::default(), 2024, &id(&s.nommee)).await.unwrap();
        assert_eq!(s.tells().await, 10);
        let maintenant = s.t.systeme().recu_ms();
        // A token has four at once, whatever its subscriptions; the other one, whose only message is the last, is not kept waiting.
        let takes = async || {
            let tx = s.t.app.db.begin_write().await.unwrap();
            let bail = (maintenant, maintenant + 60_000);
            let prises = store::interfaces::take_livraisons(&tx, bail, 5, 4).await.unwrap();
            tx.commit().await.unwrap();
            prises
        };
        let prises = takes().await;
        let du_discret = prises.iter().filter(|p| p.abonnement == discret).count();
        assert_eq!((prises.len(), du_discret), (5, 1));
        assert_eq!(takes().await.len(), 0, "those under way count");
        // Answered: the places are free again, and everything leaves in one turn.
        s.later(2);
        assert_eq!((s.delivers().await, s.delivers().await), (10, 0));
    }

    async fn r_api_08_a_program_has_its_own_subscriptions_and_sees_no_other(base) {
        let s = Scene::with(base, Limites { abonnements_par_jeton: 2, ..testkit::limites() }).await;
        let cle = Garde { cle: Some("cle-1".to_owned()), ..Garde::default() };
        let d = demande(&["formation.modifiee"]);
        let une = subscribe(&s.logiciel(), &cle, &d).await.unwrap();
        let encore = subscribe(&s.logiciel(), &cle, &d).await.unwrap();
        assert_eq!((encore.id.as_str(), encore.secret, encore.recepisse), (une.id.as_str(), None, une.recepisse));
        let autre = subscribe(&s.logiciel(), &cle, &demande(&["formation.publiee"])).await;
        assert!(matches!(autre, Err(AppError::Conflict)), "{autre:?}");
        assert_eq!(list_abonnements(&s.logiciel()).await.unwrap().len(), 1);
        for url in ["http://si.lycee.example/", "https://127.0.0.1/", "https://u:p@si.lycee.example/"] {
            let d = DemandeAbonnement { url: url.to_owned(), ..d.clone() };
            let refus = subscribe(&s.logiciel(), &Garde::default(), &d).await;
            assert!(matches!(refus, Err(AppError::Rule(RuleViolation::Champ { champ: "url", .. }))), "{url}");
        }
        s.subscribes(&["formation.publiee"]).await;
        let trop = subscribe(&s.logiciel(), &Garde::default(), &d).await;
        assert!(matches!(trop, Err(AppError::Invalid(_))), "{trop:?}");

        let id = PublicId::parse(&une.id).unwrap();
        let (autre_jeton, autre) = s.gives("Un autre").await;
        let sans = Garde::default();
        for ctx in [autre.clone(), s.admin(), s.t.ctx(Acteur::public())] {
            assert!(matches!(view_abonnement(&ctx, &id).await, Err(AppError::NotFound)));
            assert!(matches!(remove_abonnement(&ctx, &sans, &id).await, Err(AppError::NotFound)));
            assert!(matches!(resume_abonnement(&ctx, &sans, &id).await, Err(AppError::NotFound)));
            assert!(matches!(ask_essai(&ctx, &sans, &id).await, Err(AppError::NotFound)));
            assert!(matches!(list_livraisons(&ctx, &id, None, 10).await, Err(AppError::NotFound)));
        }
        assert!(list_abonnements(&autre).await.unwrap().is_empty());
        assert!(list_abonnements_of(&autre, &s.jeton, 5).await.is_err(), "a program is no person");

        // A trial, asked twice, is one message.
        let essai = ask_essai(&s.logiciel(), &sans, &id).await.unwrap().livraison;
        assert_eq!(ask_essai(&s.logiciel(), &sans, &id).await.unwrap().livraison, essai);
        assert_eq!(s.delivers().await, 1);
        assert_eq!(s.received(), vec![essai.clone()]);
        assert_ne!(ask_essai(&s.logiciel(), &sans, &id).await.unwrap().livraison, essai);

        // Whoever gives tokens looks after them.
        let suivis = list_abonnements_of(&s.admin(), &s.jeton, 1).await.unwrap();
        assert_eq!((suivis.len(), suivis[0].livraisons.len(), suivis[0].abonnement.en_attente), (2, 1, 1));
        let etranger = Attribution { etablissement: Some(s.voisine.etablissement), ..Attribution::simple(Role::AdminSite) };
        let etranger = s.t.ctx(s.t.personne("admin@voisin.example", etranger).await.1);
        assert!(list_abonnements_of(&etranger, &s.jeton, 5).await.is_err());
        assert!(remove_abonnement_of(&etranger, &sans, &s.jeton, &id).await.is_err());
        let ailleurs = remove_abonnement_of(&s.admin(), &sans, &autre_jeton, &id).await;
        assert!(matches!(ailleurs, Err(AppError::NotFound)), "not of that token");
        let vieille = Garde { version: Some(7), ..Garde::default() };
        assert!(matches!(remove_abonnement(&s.logiciel(), &vieille, &id).await, Err(AppError::Conflict)));
        let cle = Garde { cle: Some("cle-2".to_owned()), ..Garde::default() };
        let retire = remove_abonnement_of(&s.admin(), &cle, &s.jeton, &id).await.unwrap();
        assert_eq!(remove_abonnement_of(&s.admin(), &cle, &s.jeton, &id).await.unwrap(), retire);
        assert!(matches!(view_abonnement(&s.logiciel(), &id).await, Err(AppError::NotFound)));
        assert_eq!((s.delivers().await, s.received().len()), (0, 1), "what waited for it is not delivered");
        let actes = "SELECT COUNT(*) FROM journal WHERE objet = 'abonnement' AND objet_id = $1";
        assert_eq!(s.t.nombre(actes, vec![une.id.clone().into()]).await, 5, "taken, three trials, removed");
    }

    async fn r_api_07_deliveries_are_forgotten_in_their_time(base) {
        let s = Scene::new(base).await;
        let a = s.subscribes(&["formation.modifiee"]).await.id;
        s.saves(&s.nommee, 30).await;
        s.tells().await;
        s.delivers().await;
        s.later(29 * 24 * 60);
        assert_eq!(purge_livraisons(&s.t.systeme()).await.unwrap(), 0);
        s.later(2 * 24 * 60);
        assert_eq!(purge_livraisons(&s.t.systeme()).await.unwrap(), 1);
        assert!(purge_livraisons(&s.admin()).await.is_err());
        let reste = "SELECT COUNT(*) FROM livraison l JOIN abonnement a ON a.id = l.abonnement_id WHERE a.public_id = $1";
        assert_eq!(s.t.nombre(reste, vec![a.into()]).await, 0);
    }
}

/// A transaction that commits after a later one was told is told in its turn.
#[tokio::test]
async fn r_api_06_a_late_commit_is_told_late_and_not_lost() {
    let Some(base) = Base::postgres().await else { return };
    let s = Scene::new(base).await;
    let a = s.subscribes(&["formation.modifiee"]).await.id;
    let ctx = s.admin();
    let tard = ctx.begin().await.unwrap();
    let objet = s.nommee.public_id.as_str();
    app::journal::record_event(&tard, &ctx, "modifier_formation", "fait", "formation_session", objet)
        .await
        .unwrap();
    s.saves(&s.nommee, 30).await;
    assert_eq!(s.tells().await, 1);
    tard.commit().await.unwrap();
    assert_eq!((s.tells().await, s.tells().await), (1, 0));
    assert_eq!(s.dits(&a).await.len(), 2);
}
