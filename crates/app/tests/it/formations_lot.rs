//! Acts on many courses at once: submitting those that are ready, last year's capacities put back, the same field in all of them; on
//! both databases.
#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]

use app::formations::{
    Bilan, BilanLot, Capacites, ChampDesFormations, EcritureLot, EnregistrerParametrage, LigneLot,
    LigneReconduction, Retour, VueReconduction, confirm_descriptions, field_of_courses, list_lot, reconduct,
    return_formation, save_parametrage, save_rubrique, set_field, submit_formation, submit_formations,
    view_bilan_lot, view_description, view_parametrage, view_reconduction, view_soumission,
};
use app::idempotence::Garde;
use app::sessions::ouvrir_session;
use app::{AppError, Ctx};
use domain::comptes::Role;
use domain::droits::{Acteur, Attribution};
use domain::formations::description::{Champ, LigneListe, Rubrique, Valeur};
use domain::formations::{Famille, format_montant};
use domain::{PublicId, RuleViolation};
use jiff::civil::date;
use testkit::fabrique::FormationEssai;
use testkit::{Compteurs, TestApp, both_databases, paris};

/// An establishment with four courses, whose session is reviewed.
struct Scene {
    t: TestApp,
    f: Vec<FormationEssai>,
    admin: Acteur,
}

impl Scene {
    async fn new(base: testkit::Base) -> Self {
        let t = TestApp::with_session_2024(base).await;
        t.controle_academique(true).await;
        let etablissement = t.etablissement("0800001A", "Lycée Jules-Verne").await;
        let mut f = Vec::new();
        for nom in ["BTS Électronique", "BTS Mécanique", "BTS Optique", "BTS Tourisme"] {
            f.push(t.formation(etablissement, nom, Famille::Bts, true, 24, false).await);
        }
        let a = Attribution { etablissement: Some(etablissement), ..Attribution::simple(Role::AdminSite) };
        let (_, admin) = t.personne("admin@lycee.example", a).await;
        t.at("2023-11-20T10:00");
        Self { t, f, admin }
    }

    fn admin(&self) -> Ctx {
        self.t.ctx(self.admin.clone())
    }

    async fn role(&self, role: Role) -> Ctx {
        let a = Attribution { etablissement: Some(self.f[0].etablissement), ..Attribution::simple(role) };
        self.t.ctx(self.t.personne(&format!("{}@lycee.example", role.code()), a).await.1)
    }

    fn ids(&self) -> Vec<PublicId> {
        self.f.iter().map(|f| PublicId::parse(&f.public_id).unwrap()).collect()
    }

    /// These courses, each at the version that its page shows now.
    async fn lues(&self, ids: &[PublicId]) -> Vec<(PublicId, i64)> {
        let mut lues = Vec::new();
        for id in ids {
            let v = view_parametrage(&self.admin(), 2024, id).await.unwrap();
            lues.push((id.clone(), v.version_publication));
        }
        lues
    }

    /// All its courses, each at the version that their list shows now.
    async fn listees(&self) -> Vec<(PublicId, i64)> {
        let lignes = list_lot(&self.admin(), 2024).await.unwrap().lignes;
        lignes.iter().map(|l| (PublicId::parse(&l.id).unwrap(), l.version)).collect()
    }

    /// A grid that prevents nothing and is to be read again.
    async fn a_relire(&self, i: usize) {
        let vue = view_description(&self.admin(), 2024, &self.ids()[i]).await.unwrap();
        let mut criteres = vue.description.lignes("criteres").to_vec();
        let eds = "Moyennes ; pour un quart, notes des épreuves terminales de spécialité";
        criteres[0].insert("elements".to_owned(), eds.to_owned());
        let c = [(Champ::from_code("criteres").unwrap(), Some(Valeur::Lignes(criteres)))];
        save_rubrique(&self.admin(), &Garde::default(), 2024, &self.ids()[i], Rubrique::Grille, &c)
            .await
            .unwrap();
    }

    async fn bilan(&self, numero: &str) -> Bilan {
        view_soumission(&self.admin(), numero).await.unwrap().unwrap()
    }

    /// What writing this in a field of the four courses would do.
    async fn vu(&self, code: &str, voulue: &EcritureLot) -> ChampDesFormations {
        field_of_courses(&self.admin(), 2024, &self.ids(), partageable(code), Some(voulue)).await.unwrap()
    }

    /// Writes it; tells in how many it changed something.
    async fn ecrit(&self, garde: &Garde, code: &str, voulue: &EcritureLot) -> Result<usize, AppError> {
        let recu = set_field(&self.admin(), garde, 2024, &self.ids(), partageable(code), voulue).await?;
        match view_bilan_lot(&self.admin(), &recu.numero).await? {
            Some(BilanLot::Ecrites { formations, .. }) => Ok(formations),
            autre => panic!("{autre:?}"),
        }
    }

    async fn pieces(&self, i: usize) -> Vec<LigneListe> {
        let vue = view_description(&self.admin(), 2024, &self.ids()[i]).await.unwrap();
        vue.description.lignes("pieces").to_vec()
    }

    /// Whether somebody may submit each of the four courses now, as their list says it.
    async fn soumettables(&self, qui: &Ctx) -> Vec<bool> {
        let liste = list_lot(qui, 2024).await.unwrap();
        let dites: Vec<bool> = liste.lignes.iter().map(LigneLot::is_soumettable).collect();
        assert_eq!(liste.is_soumettable(), dites.contains(&true));
        dites
    }

    /// As many courses in all, the others like the four.
    async fn with(self, total: usize) -> Self {
        for n in 4..total {
            let nom = format!("BTS Option {n}");
            self.t.formation(self.f[0].etablissement, &nom, Famille::Bts, true, 24, false).await;
        }
        self
    }

    async fn soumises(&self) -> i64 {
        self.t.nombre("SELECT COUNT(*) FROM controle_formation WHERE etat = 'soumise'", vec![]).await
    }
}

fn garde(cle: &str) -> Garde {
    Garde { cle: Some(cle.to_owned()), ..Garde::default() }
}

/// A field that many courses may say alike.
fn partageable(code: &str) -> &'static Champ {
    Champ::partageables().find(|c| c.code == code).unwrap()
}

fn dire(texte: &str) -> EcritureLot {
    EcritureLot::Dire(Valeur::Texte(texte.to_owned()))
}

fn piece(nom: &str) -> LigneListe {
    [("piece", nom), ("obligatoire", "oui"), ("format", "pdf")]
        .map(|(c, v)| (c.to_owned(), v.to_owned()))
        .into()
}

/// A closed step refuses the first course, by its name.
fn is_close<T>(refus: &Result<T, AppError>) -> bool {
    matches!(refus, Err(AppError::Rule(RuleViolation::DansLot { formation, cause }))
        if formation == "BTS Électronique" && matches!(**cause, RuleViolation::Closed { .. }))
}

/// The same establishment a year later: capacities are to be declared again.
struct Suivante {
    t: TestApp,
    admin: Acteur,
    f: Vec<FormationEssai>,
}

impl Suivante {
    async fn new(base: testkit::Base) -> Self {
        Self::of(Scene::new(base).await).await
    }

    async fn of(Scene { t, f, admin }: Scene) -> Self {
        // Two groups share the places of the second course.
        t.groupe(&f[1], "Bac pro", "pro", 8).await;
        t.sql(
            "UPDATE groupe_affectation SET places = 16 WHERE id = $1",
            vec![f[1].groupe_affectation.into()],
        )
        .await;
        t.sql(
            "UPDATE formation_session SET capacite = NULL WHERE id = $1",
            vec![f[3].formation_session.into()],
        )
        .await;
        t.at("2024-11-12T08:00");
        ouvrir_session(&t.systeme(), 2025, Some(2024)).await.unwrap();
        t.at("2024-11-20T10:00");
        Self { t, admin, f }
    }

    fn admin(&self) -> Ctx {
        self.t.ctx(self.admin.clone())
    }

    async fn vue(&self) -> VueReconduction {
        view_reconduction(&self.admin(), 2025, None).await.unwrap()
    }

    async fn ligne(&self, libelle: &str) -> LigneReconduction {
        self.vue().await.lignes.into_iter().find(|l| l.libelle == libelle).unwrap()
    }

    /// The course of this year, by its place among those of last year.
    async fn id(&self, i: usize) -> PublicId {
        let sql = "SELECT public_id FROM formation_session WHERE precedente_id = $1";
        PublicId::parse(&self.t.mot(sql, vec![self.f[i].formation_session.into()]).await).unwrap()
    }

    async fn types(&self, i: usize, capacite: i64) {
        let p = EnregistrerParametrage {
            capacites: Some(Capacites { capacite: Some(capacite), frais_centimes: Some(0), places: vec![] }),
            presentation: None,
        };
        save_parametrage(&self.admin(), &Garde::default(), 2025, &self.id(i).await, &p).await.unwrap();
    }
}

fn choix(l: &LigneReconduction) -> (PublicId, i64) {
    (PublicId::parse(&l.id).unwrap(), l.version)
}

both_databases! {
    async fn r_ctl_08_those_that_are_ready_are_submitted_and_each_of_the_others_says_everything(base) {
        let s = Scene::new(base).await;
        let ids = s.ids();
        s.t.sql(
            "UPDATE formation_session SET capacite = NULL, frais_centimes = NULL WHERE id = $1",
            vec![s.f[1].formation_session.into()],
        ).await;
        s.t.sql(
            "UPDATE formation_description SET contenu = '{}' WHERE formation_session_id = $1",
            vec![s.f[1].formation_session.into()],
        ).await;
        s.a_relire(2).await;
        submit_formation(&s.admin(), &Garde::default(), 2024, &ids[3]).await.unwrap();
        let lues = s.lues(&ids).await;
        let recu = submit_formations(&s.admin(), &garde("a"), 2024, &lues).await.unwrap().unwrap();
        assert_eq!(s.soumises().await, 2, "the ready one, and the one that was");
        // The same form twice is one act, and the page that follows tells the same.
        assert_eq!(submit_formations(&s.admin(), &garde("a"), 2024, &lues).await.unwrap().unwrap(), recu);
        let b = s.bilan(&recu.numero).await;
        assert_eq!(b.faites, [s.f[0].public_id.clone()]);
        let noms: Vec<&str> = b.laissees.iter().map(|l| l.formation.as_str()).collect();
        let lycee = |nom: &str| format!("{nom} – Lycée Jules-Verne");
        assert_eq!(noms, [lycee("BTS Mécanique"), lycee("BTS Optique"), lycee("BTS Tourisme")]);
        let motifs = b.laissees[0].motifs.join("|");
        assert!(motifs.starts_with("Il manque : capacité, frais de scolarité, "), "{motifs}");
        assert_eq!(b.laissees[0].motifs.len(), 1, "{motifs}");
        assert_eq!(b.laissees.iter().map(|l| l.a_jour).collect::<Vec<_>>(), [false, false, true]);
        // R-CGE-18: nothing of what is to be read again goes with the others.
        assert_eq!(b.laissees[1].motifs.len(), 1);
        assert!(b.laissees[1].motifs[0].contains("un point à relire"), "{:?}", b.laissees[1]);
        assert!(b.laissees[2].motifs[0].contains("déjà soumise"), "{:?}", b.laissees[2]);
        // What a receipt says is for whoever it was given to.
        let collegue = s.role(Role::ChefEtab).await;
        assert_eq!(view_soumission(&collegue, &recu.numero).await.unwrap(), None);
        assert_eq!(view_soumission(&s.admin(), "AAAA-BBBB-CCCC").await.unwrap(), None);
        // Another key, the same courses: nothing is ready any more, and it is told of each.
        let refus = submit_formations(&s.admin(), &garde("b"), 2024, &lues).await;
        assert!(matches!(&refus, Ok(Err(b)) if b.laissees.len() == 4 && b.laissees[3].formation.contains("BTS Tourisme")), "{refus:?}");
        // Once read, it is submitted alone.
        submit_formation(&s.admin(), &Garde::default(), 2024, &ids[2]).await.unwrap();
    }

    async fn r_ctl_08_who_may_not_and_when_it_is_over_submit_nothing(base) {
        let s = Scene::new(base).await;
        let lues = s.lues(&s.ids()).await;
        let refus = submit_formations(&s.admin(), &Garde::default(), 2024, &[]).await;
        assert!(matches!(refus, Err(AppError::Rule(RuleViolation::Champ { champ: "formations", .. }))), "{refus:?}");
        let lecteur = s.role(Role::Lecteur).await;
        assert!(matches!(submit_formations(&lecteur, &Garde::default(), 2024, &lues).await, Err(AppError::Denied(_))));
        // A neighbour's course among them: none is submitted.
        let voisin = s.t.etablissement("0800002B", "Voisin").await;
        let ailleurs = s.t.formation(voisin, "BTS Voisin", Famille::Bts, true, 24, false).await;
        let mut melees = lues.clone();
        melees.push((PublicId::parse(&ailleurs.public_id).unwrap(), 0));
        let refus = submit_formations(&s.admin(), &Garde::default(), 2024, &melees).await;
        assert!(matches!(&refus, Err(AppError::Denied(d)) if !d.connu), "{refus:?}");
        assert_eq!(s.soumises().await, 0);
        // An establishment that is not described stops all its courses, and each says so.
        s.t.sql("UPDATE etablissement_session SET accessibilite = ''", vec![]).await;
        let refus = submit_formations(&s.admin(), &Garde::default(), 2024, &lues).await;
        assert!(matches!(&refus, Ok(Err(b)) if b.laissees.len() == 4 && b.laissees[0].motifs.join(" ").contains("l’établissement doit être décrit")), "{refus:?}");
        s.t.sql("UPDATE etablissement_session SET accessibilite = 'Plain-pied.'", vec![]).await;
        s.t.at("2024-01-15T10:00");
        let refus = submit_formations(&s.admin(), &Garde::default(), 2024, &lues).await;
        assert!(matches!(&refus, Ok(Err(b)) if b.laissees.iter().all(|l| l.motifs[0].contains("est close depuis"))), "{refus:?}");
        assert!(matches!(&refus, Ok(Err(b)) if b.dit_aucune() == "Aucune formation n’est soumise : l’étape n’est pas ouverte."), "{refus:?}");
        s.t.at("2023-11-20T10:00");
        s.t.controle_academique(false).await;
        let refus = submit_formations(&s.admin(), &Garde::default(), 2024, &lues).await;
        assert!(matches!(refus, Err(AppError::Rule(RuleViolation::ForbiddenTransition { .. }))), "{refus:?}");
        assert_eq!(s.soumises().await, 0);
        // The head, who publishes and does not write, submits as well.
        s.t.controle_academique(true).await;
        let chef = s.role(Role::ChefEtab).await;
        submit_formations(&chef, &Garde::default(), 2024, &lues).await.unwrap().unwrap();
        assert_eq!(s.soumises().await, 4);
    }

    async fn r_ctl_08_trx_4_what_a_colleague_changed_meanwhile_is_left_aside_and_the_others_go(base) {
        let s = Scene::new(base).await;
        let ids = s.ids();
        let lues = s.lues(&ids[..3]).await;
        // Somebody else of the establishment changes a description, then a capacity, while the list is read.
        let collegue = s.role(Role::AdminSite).await;
        let contact = [(Champ::from_code("contact").unwrap(), Some(Valeur::Texte("Vie scolaire".to_owned())))];
        save_rubrique(&collegue, &Garde::default(), 2024, &ids[1], Rubrique::Contacts, &contact).await.unwrap();
        let p = EnregistrerParametrage {
            capacites: Some(Capacites { capacite: Some(25), frais_centimes: Some(0), places: vec![] }),
            presentation: None,
        };
        save_parametrage(&collegue, &Garde::default(), 2024, &ids[2], &p).await.unwrap();
        let recu = submit_formations(&s.admin(), &garde("a"), 2024, &lues).await.unwrap().unwrap();
        let b = s.bilan(&recu.numero).await;
        assert_eq!(b.faites, [s.f[0].public_id.clone()]);
        let dites: Vec<(&str, bool, bool)> = b.laissees.iter().map(|l| (l.id.as_str(), l.a_relire, l.a_jour)).collect();
        assert_eq!(dites, [(s.f[1].public_id.as_str(), true, false), (s.f[2].public_id.as_str(), true, false)]);
        assert_eq!(b.laissees[0].motifs, ["Elle a été modifiée depuis que vous l’avez lue : relisez-la."]);
        assert_eq!(s.soumises().await, 1);
        // The same list again: nothing is done, and it is told of each.
        let refus = submit_formations(&s.admin(), &garde("b"), 2024, &lues).await;
        assert!(matches!(&refus, Ok(Err(b)) if b.dit_aucune() == "Aucune formation n’est soumise : 2 à relire, 1 déjà à jour."), "{refus:?}");
        // Read again, they go.
        let relues = s.lues(&ids[1..3]).await;
        submit_formations(&s.admin(), &garde("c"), 2024, &relues).await.unwrap().unwrap();
        assert_eq!(s.soumises().await, 3);
    }

    async fn r_for_14_thirty_courses_are_confirmed_by_as_many_statements_as_two(base) {
        let s = Scene::new(base).await.with(32).await;
        let lues = s.listees().await;
        assert_eq!(lues.len(), 32);
        let mut couts = Vec::new();
        for lot in [&lues[..2], &lues[2..]] {
            let acte = async { confirm_descriptions(&s.admin(), &Garde::default(), 2024, lot).await };
            let (fait, instructions) = Compteurs::statements(acte).await;
            fait.unwrap().unwrap();
            couts.push(instructions);
        }
        assert_eq!(couts[0], couts[1]);
        // Each by whom and when, with its entry in the journal.
        let confirmees = "SELECT COUNT(*) FROM formation_description
                          WHERE confirmee_le = maj_le AND confirmee_par = maj_par AND version = 1 AND manques = 0";
        assert_eq!(s.t.nombre(confirmees, vec![]).await, 32);
        let notes = "SELECT COUNT(*) FROM journal WHERE objet = 'formation_description'";
        assert_eq!(s.t.nombre(notes, vec![]).await, 32);
    }

    async fn r_for_14_a_course_named_twice_is_confirmed_once(base) {
        let s = Scene::new(base).await;
        let mut lues = s.lues(&s.ids()[..2]).await;
        lues.push(lues[0].clone());
        let recu = confirm_descriptions(&s.admin(), &Garde::default(), 2024, &lues).await.unwrap().unwrap();
        let Some(BilanLot::Confirmees(b)) = view_bilan_lot(&s.admin(), &recu.numero).await.unwrap() else { panic!("a receipt") };
        assert_eq!((b.faites.len(), b.laissees.len()), (2, 0));
        let notes = "SELECT COUNT(*) FROM journal WHERE objet = 'formation_description'";
        assert_eq!(s.t.nombre(notes, vec![]).await, 2);
    }

    async fn r_ctl_08_the_list_says_what_waits_only_to_be_submitted_and_what_is_public_as_it_is(base) {
        let s = Scene::new(base).await;
        s.a_relire(1).await;
        s.t.sql("UPDATE formation_session SET capacite = NULL WHERE id = $1", vec![s.f[2].formation_session.into()]).await;
        let publique = s.t.formation(s.f[0].etablissement, "BTS Zoologie", Famille::Bts, true, 24, true).await;
        let dites = async || -> Vec<(bool, bool, bool)> {
            let lignes = list_lot(&s.admin(), 2024).await.unwrap().lignes;
            lignes.iter().map(|l| (l.is_prete(), l.soumise, l.publiee)).collect()
        };
        let (prete, rien, publiee) = ((true, false, false), (false, false, false), (false, false, true));
        // Ready; a grid to be read again; a number that is missing; ready; public as it is.
        assert_eq!(dites().await, [prete, rien, rien, prete, publiee]);
        submit_formation(&s.admin(), &Garde::default(), 2024, &s.ids()[0]).await.unwrap();
        assert_eq!(dites().await[0], (false, true, false));
        // Other fees than those that the public reads are to be sent.
        let p = EnregistrerParametrage {
            capacites: Some(Capacites { capacite: Some(24), frais_centimes: Some(17_000), places: vec![] }),
            presentation: None,
        };
        let id = PublicId::parse(&publique.public_id).unwrap();
        save_parametrage(&s.admin(), &Garde::default(), 2024, &id, &p).await.unwrap();
        assert_eq!(dites().await[4], prete);
        // Who only reads has nothing to submit.
        let lecteur = s.role(Role::Lecteur).await;
        assert!(list_lot(&lecteur, 2024).await.unwrap().lignes.iter().all(|l| !l.is_prete()));
    }

    async fn r_ctl_08_thirty_courses_are_submitted_by_as_many_statements_as_two(base) {
        let s = Scene::new(base).await.with(32).await;
        s.t.sql("UPDATE formation_session SET presentation = libelle", vec![]).await;
        let lues = s.listees().await;
        assert_eq!(lues.len(), 32);
        // Submitted for the first time, then again in another order, each over the review that it has.
        for numero in [1_i64, 2] {
            let mut couts = Vec::new();
            for lot in [&lues[..2], &lues[2..]] {
                let lot: Vec<(PublicId, i64)> = if numero == 1 { lot.to_vec() } else { lot.iter().rev().cloned().collect() };
                let acte = async { submit_formations(&s.admin(), &Garde::default(), 2024, &lot).await };
                let (fait, instructions) = Compteurs::statements(acte).await;
                assert!(fait.unwrap().is_ok());
                couts.push(instructions);
            }
            assert_eq!(couts[0], couts[1]);
            assert_eq!(s.soumises().await, 32);
            // Each has its act, with its own values, and its entry in the journal.
            let actes = "SELECT COUNT(*) FROM controle_acte a JOIN controle_formation k ON k.id = a.controle_id
                         JOIN formation_session f ON f.id = k.formation_session_id
                         WHERE a.numero = $1 AND k.version + 1 = a.numero AND k.soumise_par = a.fait_par
                           AND a.contenu LIKE '%\"' || f.libelle || '\"%'";
            assert_eq!(s.t.nombre(actes, vec![numero.into()]).await, 32);
            let notes = "SELECT COUNT(*) FROM journal WHERE objet = 'controle_formation'";
            assert_eq!(s.t.nombre(notes, vec![]).await, 32 * numero);
            if numero == 1 {
                let lue = "UPDATE controle_formation SET etat = 'brouillon', pris_par = 1, pris_le = 1";
                s.t.sql(lue, vec![]).await;
            }
        }
        assert_eq!(s.t.nombre("SELECT COUNT(*) FROM controle_formation WHERE pris_par IS NOT NULL", vec![]).await, 0);
        assert_eq!(s.t.nombre("SELECT COUNT(DISTINCT empreinte) FROM controle_formation", vec![]).await, 32);
    }

    async fn r_ctl_08_a_course_named_twice_is_submitted_once(base) {
        let s = Scene::new(base).await;
        let mut lues = s.lues(&s.ids()[..2]).await;
        lues.push(lues[0].clone());
        let recu = submit_formations(&s.admin(), &Garde::default(), 2024, &lues).await.unwrap().unwrap();
        let b = s.bilan(&recu.numero).await;
        assert_eq!((b.faites.len(), b.laissees.len(), s.soumises().await), (2, 0, 2));
    }

    async fn r_ctl_08_r_ctl_04_returned_courses_are_submitted_again_from_the_list_once_the_step_is_closed(base) {
        let s = Scene::new(base).await;
        let ids = s.ids();
        assert_eq!(s.soumettables(&s.admin()).await, [true; 4]);
        for id in &ids[..2] {
            submit_formation(&s.admin(), &Garde::default(), 2024, id).await.unwrap();
        }
        s.t.at("2024-01-15T10:00");
        assert_eq!(s.soumettables(&s.admin()).await, [false; 4]);
        assert_eq!(list_lot(&s.admin(), 2024).await.unwrap().resoumettables(), None);
        let agent = Attribution { academies: vec!["20".to_owned()], ..Attribution::simple(Role::Academie) };
        let agent = s.t.personne("agent@ac.example", agent).await.1;
        for id in &ids[..2] {
            let motifs = vec![("contact", "Ce n’est pas ce que dit votre site.".to_owned())];
            let r = Retour { motifs, jusqu_a: date(2024, 1, 20) };
            return_formation(&s.t.ctx(agent.clone()), &Garde::default(), 2024, id, &r).await.unwrap();
        }
        assert_eq!(s.soumettables(&s.admin()).await, [true, true, false, false]);
        let dit = list_lot(&s.admin(), 2024).await.unwrap().resoumettables();
        assert!(dit.as_ref().is_some_and(|(motif, n)| motif.contains("est close depuis") && *n == 2), "{dit:?}");
        // The page of each course says the same; the head, who writes nothing, submits too; who only reads is offered nothing.
        for (id, attendu) in ids.iter().zip([true, true, false, false]) {
            let p = view_parametrage(&s.admin(), 2024, id).await.unwrap();
            assert_eq!(p.publication.est_ouverte(), attendu, "{id}");
        }
        let chef = s.role(Role::ChefEtab).await.acteur;
        let chef = || s.t.ctx(chef.clone());
        assert_eq!(s.soumettables(&chef()).await, [true, true, false, false]);
        assert_eq!(s.soumettables(&s.role(Role::Lecteur).await).await, [false; 4]);
        // One is put right, the other is sent back as it is; those that are not reopened say why they stay.
        let champ = partageable("contact");
        set_field(&s.admin(), &Garde::default(), 2024, &ids[..1], champ, &dire("Accueil")).await.unwrap();
        s.t.at("2024-01-21T10:00");
        assert_eq!(s.soumettables(&chef()).await, [false; 4], "their last day is past");
        s.t.at("2024-01-20T23:59");
        let lues = s.lues(&ids).await;
        let recu = submit_formations(&chef(), &Garde::default(), 2024, &lues).await.unwrap().unwrap();
        let b = view_soumission(&chef(), &recu.numero).await.unwrap().unwrap();
        assert_eq!(b.faites, [s.f[0].public_id.clone(), s.f[1].public_id.clone()]);
        assert!(b.laissees.iter().all(|l| l.motifs[0].contains("est close depuis")), "{b:?}");
        assert_eq!((b.laissees.len(), s.soumises().await), (2, 2));
        assert_eq!(s.soumettables(&s.admin()).await, [false; 4], "nothing is reopened any more");
    }

    async fn r_for_28_r_ctl_04_reopened_fields_are_written_in_their_courses_and_the_others_say_why(base) {
        let s = Scene::new(base).await;
        let ids = s.ids();
        for id in &ids[..2] {
            submit_formation(&s.admin(), &Garde::default(), 2024, id).await.unwrap();
        }
        s.t.at("2024-01-15T10:00");
        let close = list_lot(&s.admin(), 2024).await.unwrap();
        assert!(close.rouvertes() == 0 && close.lignes.iter().all(|l| l.ouverts.is_empty()), "{close:?}");
        let agent = Attribution { academies: vec!["20".to_owned()], ..Attribution::simple(Role::Academie) };
        let agent = s.t.personne("agent@ac.example", agent).await.1;
        for (id, champ) in [(&ids[0], "contact"), (&ids[1], "frais")] {
            let motifs = vec![(champ, "Ce n’est pas ce que dit votre site.".to_owned())];
            let r = Retour { motifs, jusqu_a: date(2024, 1, 20) };
            return_formation(&s.t.ctx(agent.clone()), &Garde::default(), 2024, id, &r).await.unwrap();
        }
        let liste = list_lot(&s.admin(), 2024).await.unwrap();
        let dits: Vec<(&str, &[&str], bool)> =
            liste.lignes.iter().map(|l| (l.libelle.as_str(), l.ouverts.as_slice(), l.rouverte)).collect();
        assert_eq!(dits, [
            ("BTS Électronique", &["contact"][..], true), ("BTS Mécanique", &["frais"][..], true),
            ("BTS Optique", &[][..], false), ("BTS Tourisme", &[][..], false),
        ]);
        let motif = liste.lignes[2].fermeture.as_ref();
        assert!(motif.is_some_and(|m| m.contains("est close depuis")), "{motif:?}");
        let ouverts = ["contact", "frais", "presentation"].map(|c| liste.is_ouvert(partageable(c)));
        assert_eq!((liste.rouvertes(), ouverts), (2, [true, true, false]));
        // The page of the field says until when, and of the others why not.
        let vu = s.vu("contact", &dire("Accueil")).await;
        assert_eq!(vu.lignes.iter().map(|l| l.change).collect::<Vec<_>>(), [true, false, false, false]);
        assert_eq!(vu.ferme, Some(paris("2024-01-21T00:00")));
        let refus = s.ecrit(&Garde::default(), "contact", &dire("Accueil")).await;
        assert!(
            matches!(&refus, Err(AppError::Rule(RuleViolation::DansLot { formation, .. })) if formation == "BTS Mécanique"),
            "{refus:?}"
        );
        let champ = partageable("contact");
        set_field(&s.admin(), &Garde::default(), 2024, &ids[..1], champ, &dire("Accueil")).await.unwrap();
        let d = view_description(&s.admin(), 2024, &ids[0]).await.unwrap().description;
        assert_eq!(d.texte("contact"), "Accueil");
        // Who only reads is offered nothing, nor is anybody once that day is over.
        let lue = list_lot(&s.role(Role::Lecteur).await, 2024).await.unwrap();
        assert_eq!((lue.rouvertes(), lue.is_ouvert(champ)), (0, false));
        s.t.at("2024-01-21T10:00");
        let liste = list_lot(&s.admin(), 2024).await.unwrap();
        assert!(liste.rouvertes() == 0 && !liste.is_ouvert(champ), "{liste:?}");
    }

    async fn r_for_28_fees_are_written_alike_under_the_right_and_the_window_of_their_form(base) {
        let s = Scene::new(base).await;
        let ids = s.ids();
        s.t.sql("UPDATE formation_session SET frais_centimes = 17000 WHERE id = $1", vec![s.f[1].formation_session.into()]).await;
        let voulue = dire("17000");
        let vu = s.vu("frais", &voulue).await;
        assert_eq!(vu.lignes.iter().map(|l| l.change).collect::<Vec<_>>(), [true, false, true, true]);
        assert_eq!(vu.lignes[0].actuel, [format_montant(0)]);
        assert_eq!(vu.lignes[0].apres, [format_montant(17_000)]);
        let g = Garde { version: Some(vu.version), ..garde("a") };
        assert_eq!(s.ecrit(&g, "frais", &voulue).await.unwrap(), 3, "one said it already");
        assert_eq!(s.ecrit(&g, "frais", &voulue).await.unwrap(), 3, "the same form twice is one act");
        for id in &ids {
            let p = view_parametrage(&s.admin(), 2024, id).await.unwrap();
            assert_eq!((p.frais_centimes, p.capacite, p.groupes[0].places), (Some(17_000), Some(24), 24));
        }
        let notes = "SELECT COUNT(*) FROM journal WHERE objet = 'formation_session' AND avant IS NOT NULL";
        assert_eq!(s.t.nombre(notes, vec![]).await, 3, "one for each course that changed");
        // R-DRO-04: fees are neither read nor written by those who do not read them.
        let gestion = s.role(Role::GestAdmin).await;
        let vu = field_of_courses(&gestion, 2024, &ids, partageable("frais"), None).await.unwrap();
        assert!(vu.lignes.iter().all(|l| l.actuel.is_empty() && l.empechement.is_some()), "{vu:?}");
        let refus = set_field(&gestion, &Garde::default(), 2024, &ids, partageable("frais"), &voulue).await;
        assert!(matches!(refus, Err(AppError::Denied(_))), "{refus:?}");
        // Descriptions close in December, fees a month later.
        s.t.at("2023-12-20T10:00");
        let refus = s.ecrit(&Garde::default(), "contact", &dire("Accueil")).await;
        assert!(is_close(&refus), "{refus:?}");
        let refus = s.ecrit(&Garde::default(), "presentation", &dire("Venez.")).await;
        assert!(is_close(&refus), "{refus:?}");
        assert_eq!(s.ecrit(&Garde::default(), "frais", &dire("0")).await.unwrap(), 4);
        s.t.at("2024-01-15T10:00");
        let refus = s.ecrit(&Garde::default(), "frais", &voulue).await;
        assert!(is_close(&refus), "{refus:?}");
        let vu = s.vu("frais", &voulue).await;
        assert!(vu.lignes.iter().all(|l| !l.change && l.empechement.as_ref().is_some_and(|m| m.contains("est close depuis"))), "{vu:?}");
    }

    async fn r_for_28_trx_4_a_presentation_written_meanwhile_is_not_overwritten(base) {
        let s = Scene::new(base).await;
        let ids = s.ids();
        let voulue = dire("Venez nous voir.");
        let lue = s.vu("presentation", &voulue).await.version;
        let a_cote = EnregistrerParametrage { capacites: None, presentation: Some("Écrite à côté.".to_owned()) };
        save_parametrage(&s.admin(), &Garde::default(), 2024, &ids[1], &a_cote).await.unwrap();
        let refus = s.ecrit(&Garde { version: Some(lue), ..Garde::default() }, "presentation", &voulue).await;
        assert!(matches!(refus, Err(AppError::Conflict)), "{refus:?}");
        let presentation = async |i: usize| view_parametrage(&s.admin(), 2024, &ids[i]).await.unwrap().presentation;
        assert_eq!((presentation(0).await.as_str(), presentation(1).await.as_str()), ("", "Écrite à côté."));
        // Another field of a course is no conflict.
        let lue = s.vu("presentation", &voulue).await.version;
        let p = EnregistrerParametrage {
            capacites: Some(Capacites { capacite: Some(30), frais_centimes: Some(0), places: vec![] }),
            presentation: None,
        };
        save_parametrage(&s.admin(), &Garde::default(), 2024, &ids[2], &p).await.unwrap();
        let g = Garde { version: Some(lue), ..Garde::default() };
        assert_eq!(s.ecrit(&g, "presentation", &voulue).await.unwrap(), 4);
        for i in 0..4 {
            assert_eq!(presentation(i).await, "Venez nous voir.");
        }
        assert_eq!(view_parametrage(&s.admin(), 2024, &ids[2]).await.unwrap().capacite, Some(30));
        // JOU-2: no free text in the journal.
        let fuites = "SELECT COUNT(*) FROM journal WHERE COALESCE(apres, '') LIKE '%Venez%'";
        assert_eq!(s.t.nombre(fuites, vec![]).await, 0);
        // What was submitted and changes is to be submitted again.
        submit_formation(&s.admin(), &Garde::default(), 2024, &ids[0]).await.unwrap();
        assert_eq!(s.soumises().await, 1);
        s.ecrit(&Garde::default(), "presentation", &voulue).await.unwrap();
        assert_eq!(s.soumises().await, 1, "it says the same");
        let refus = s.ecrit(&Garde::default(), "presentation", &dire(&"é".repeat(5_001))).await;
        assert!(matches!(&refus, Err(AppError::Invalid(f)) if f[0].0 == "presentation" && f[0].1.starts_with("BTS Électronique : ")), "{refus:?}");
        s.ecrit(&Garde::default(), "presentation", &dire("Bienvenue.")).await.unwrap();
        assert_eq!(s.soumises().await, 0);
    }

    async fn r_for_28_lines_come_after_those_of_each_course_or_take_their_place(base) {
        let s = Scene::new(base).await;
        let ids = s.ids();
        let pose = async |i: usize, lignes: Vec<LigneListe>| {
            let c = [(partageable("pieces"), Some(Valeur::Lignes(lignes)))];
            save_rubrique(&s.admin(), &Garde::default(), 2024, &ids[i], Rubrique::Candidature, &c).await.unwrap();
        };
        let (cv, livret) = (piece("CV"), piece("Livret"));
        pose(0, vec![cv.clone()]).await;
        let ajout = EcritureLot::Ajouter(vec![cv.clone(), livret.clone()]);
        let vu = s.vu("pieces", &ajout).await;
        assert!(vu.lignes.iter().all(|l| l.change && l.apres == ["CV, Oui, PDF", "Livret, Oui, PDF"]), "{vu:?}");
        assert_eq!((vu.lignes[0].actuel.len(), vu.lignes[1].actuel.len()), (1, 0));
        let g = Garde { version: Some(vu.version), ..Garde::default() };
        // TRX-4: a line that a colleague adds to one of the lists while they are read.
        pose(3, vec![piece("Dossier")]).await;
        let refus = s.ecrit(&g, "pieces", &ajout).await;
        assert!(matches!(refus, Err(AppError::Conflict)), "{refus:?}");
        assert_eq!(s.ecrit(&Garde::default(), "pieces", &ajout).await.unwrap(), 4);
        assert_eq!(s.pieces(0).await, [cv.clone(), livret.clone()], "not repeated");
        assert_eq!(s.pieces(3).await, [piece("Dossier"), cv.clone(), livret.clone()], "its own are kept");
        assert_eq!(s.ecrit(&Garde::default(), "pieces", &ajout).await.unwrap(), 0);
        let remplace = EcritureLot::Dire(Valeur::Lignes(vec![livret.clone()]));
        assert_eq!(s.ecrit(&Garde::default(), "pieces", &remplace).await.unwrap(), 4);
        assert_eq!(s.pieces(3).await, std::slice::from_ref(&livret));
        // A list that is full refuses them all, and the preview says which.
        pose(2, (0..15).map(|i| piece(&format!("Pièce {i}"))).collect()).await;
        let vu = s.vu("pieces", &ajout).await;
        let pleines: Vec<bool> = vu.lignes.iter().map(|l| l.empechement.is_some()).collect();
        assert_eq!(pleines, [false, false, true, false], "{vu:?}");
        let refus = s.ecrit(&Garde::default(), "pieces", &ajout).await;
        assert!(matches!(&refus, Err(AppError::Invalid(f)) if f[0].1 == "BTS Optique : 17 lignes : 15 au plus."), "{refus:?}");
        assert_eq!(s.pieces(0).await, [livret]);
        // Neither the grid nor the places of an establishment are said alike.
        for code in ["criteres", "poids_1", "site"] {
            let champ = Champ::from_code(code).unwrap();
            let refus = set_field(&s.admin(), &Garde::default(), 2024, &ids, champ, &dire("1")).await;
            assert!(matches!(refus, Err(AppError::Champ(_))), "{code} {refus:?}");
            let refus = field_of_courses(&s.admin(), 2024, &ids, champ, None).await;
            assert!(matches!(refus, Err(AppError::NotFound)), "{code} {refus:?}");
        }
    }

    async fn r_for_24_last_years_capacities_and_places_are_put_back_as_if_typed(base) {
        let s = Suivante::new(base).await;
        let vue = s.vue().await;
        let reprenables: Vec<&str> = vue.lignes.iter().filter(|l| l.is_reprenable()).map(|l| l.libelle.as_str()).collect();
        assert_eq!(reprenables, ["BTS Électronique", "BTS Mécanique", "BTS Optique"]);
        let sans = s.ligne("BTS Tourisme").await;
        assert!(sans.empechement.is_some_and(|m| m.contains("n’était pas renseignée en 2024")));
        let choisies: Vec<_> = vue.lignes.iter().filter(|l| l.is_reprenable()).map(choix).collect();
        let recu = reconduct(&s.admin(), &garde("a"), 2025, &choisies[..2]).await.unwrap();
        assert_eq!(reconduct(&s.admin(), &garde("a"), 2025, &choisies[..2]).await.unwrap(), recu, "once");
        let p = view_parametrage(&s.admin(), 2025, &s.id(0).await).await.unwrap();
        assert_eq!((p.capacite, p.groupes[0].places, p.frais_centimes), (Some(24), 24, None), "fees are typed");
        let p = view_parametrage(&s.admin(), 2025, &s.id(1).await).await.unwrap();
        assert_eq!((p.capacite, p.groupes.iter().map(|g| g.places).collect::<Vec<_>>()), (Some(24), vec![16, 8]));
        assert!(!p.comparaison.unwrap().is_en_attente(), "last year’s number is likely");
        let p = view_parametrage(&s.admin(), 2025, &s.id(2).await).await.unwrap();
        assert_eq!(p.capacite, None, "not ticked");
        assert!(s.ligne("BTS Électronique").await.ecarts.is_empty(), "nothing differs any more");
        // One course alone, by its address; another's is unknown.
        let seule = view_reconduction(&s.admin(), 2025, Some(&s.id(2).await)).await.unwrap();
        assert_eq!(seule.lignes.len(), 1);
        let ailleurs = PublicId::parse(&s.f[0].public_id).unwrap();
        assert!(matches!(view_reconduction(&s.admin(), 2025, Some(&ailleurs)).await, Err(AppError::NotFound)));
    }

    async fn r_for_24_trx_4_what_changed_since_it_was_shown_is_not_put_back(base) {
        let s = Suivante::new(base).await;
        let choisies: Vec<_> = s.vue().await.lignes.iter().filter(|l| l.is_reprenable()).map(choix).collect();
        s.types(0, 30).await;
        let refus = reconduct(&s.admin(), &Garde::default(), 2025, &choisies).await;
        assert!(matches!(refus, Err(AppError::Conflict)), "{refus:?}");
        for (i, attendue) in [(0, Some(30)), (2, None)] {
            let p = view_parametrage(&s.admin(), 2025, &s.id(i).await).await.unwrap();
            assert_eq!(p.capacite, attendue, "all of them or none");
        }
        // Read again, it is put back: a number held for two people is no more.
        s.types(0, 240).await;
        let l = s.ligne("BTS Électronique").await;
        assert_eq!((l.ecarts[0].ici, l.ecarts[0].avant), (Some(240), 24));
        reconduct(&s.admin(), &Garde::default(), 2025, &[choix(&l)]).await.unwrap();
        let p = view_parametrage(&s.admin(), 2025, &s.id(0).await).await.unwrap();
        assert_eq!((p.capacite, p.frais_centimes), (Some(24), Some(0)), "fees stay");
        assert!(!p.comparaison.unwrap().is_en_attente());
    }

    async fn r_for_24_thirty_capacities_are_put_back_by_as_many_reads_as_one(base) {
        let s = Suivante::of(Scene::new(base).await.with(32).await).await;
        // Each with one group.
        let vue = s.vue().await;
        let reprenables = vue.lignes.iter().filter(|l| l.is_reprenable() && l.libelle != "BTS Mécanique");
        let choisies: Vec<_> = reprenables.map(choix).collect();
        assert_eq!(choisies.len(), 30);
        let mut couts = Vec::new();
        for lot in [&choisies[..1], &choisies[1..]] {
            let acte = async { reconduct(&s.admin(), &Garde::default(), 2025, lot).await };
            let (fait, instructions) = Compteurs::statements(acte).await;
            fait.unwrap();
            couts.push(instructions);
        }
        // What each writes: its capacity, its review that it is no longer what was submitted, its places, and its entry in the journal.
        assert_eq!(couts[1] - couts[0], 28 * 4);
        let reprises = "SELECT COUNT(*) FROM formation_session f JOIN session_admission s ON s.id = f.session_id
                        WHERE s.annee = 2025 AND f.capacite = 24";
        assert_eq!(s.t.nombre(reprises, vec![]).await, 30);
    }

    async fn r_for_24_who_may_not_and_when_it_is_over(base) {
        let s = Suivante::new(base).await;
        let choisie = choix(&s.ligne("BTS Électronique").await);
        let maison = |role| Attribution { etablissement: Some(s.f[0].etablissement), ..Attribution::simple(role) };
        let lecteur = s.t.ctx(s.t.personne("chef@lycee.example", maison(Role::ChefEtab)).await.1);
        let vue = view_reconduction(&lecteur, 2025, None).await.unwrap();
        assert!(vue.lignes.iter().all(|l| !l.is_reprenable()), "the head reads, and types nothing");
        let refus = reconduct(&lecteur, &Garde::default(), 2025, std::slice::from_ref(&choisie)).await;
        assert!(matches!(refus, Err(AppError::Denied(_))), "{refus:?}");
        let gestion = s.t.ctx(s.t.personne("gest@lycee.example", maison(Role::GestAdmin)).await.1);
        assert!(matches!(view_reconduction(&gestion, 2025, None).await, Err(AppError::Denied(_))));
        let refus = reconduct(&s.admin(), &Garde::default(), 2025, &[]).await;
        assert!(matches!(refus, Err(AppError::Rule(RuleViolation::Champ { champ: "formations", .. }))), "{refus:?}");
        s.t.at("2025-02-15T10:00");
        assert!(s.vue().await.lignes.iter().all(|l| !l.is_reprenable()));
        let refus = reconduct(&s.admin(), &Garde::default(), 2025, &[choisie]).await;
        assert!(
            matches!(&refus, Err(AppError::Rule(RuleViolation::DansLot { cause, .. })) if matches!(**cause, RuleViolation::Closed { .. })),
            "{refus:?}"
        );
    }
}
