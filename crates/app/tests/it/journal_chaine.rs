//! JOU-3, JOU-4: the chain of seals finds any alteration before the last head kept outside the database, loses no entry
//! under concurrent writers, and survives the end of retention.
#![expect(clippy::unwrap_used, reason = "helpers of tests: a failure must stop the test")]

use std::collections::BTreeMap;
use std::sync::Arc;

use app::Ctx;
use app::journal::{self, Anomalie, Bilan, Lecture, Tete, check, record_event, record_lecture, sceller};
use domain::comptes::Role;
use domain::droits::{Acteur, Action, Attribution, Cible};
use jiff::SignedDuration;
use store::{Sql, Tx, Value};
use testkit::{TestApp, both_databases};

/// Entries written, one head every `par_tete`.
async fn chaine(t: &TestApp, entrees: usize, par_tete: usize) {
    let lecteur = Acteur {
        compte: Some(7),
        nom: "essai".to_owned(),
        attributions: vec![Attribution { etablissement: Some(3), ..Attribution::simple(Role::GestAdmin) }],
    };
    let lecteur = t.ctx(lecteur);
    let cible = Cible { etablissement: Some(3), ..Cible::default() };
    let permit = lecteur.permit(Action::ConsulterDossiers, &cible).unwrap();
    let ctx = t.systeme();
    let mut restent = entrees;
    while restent > 0 {
        let n = restent.min(par_tete);
        let tx = ctx.begin().await.unwrap();
        for i in 0..n {
            if i % 3 == 0 {
                let dossiers = (0..4).map(|d| (i * 10 + d) as i64).collect();
                let lecture = Lecture {
                    objet: "groupe_classement",
                    objet_id: "g",
                    etablissement: Some(3),
                    dossiers,
                    champs: &["nom"],
                    export: None,
                };
                record_lecture(&tx, &lecteur, &permit, &lecture).await.unwrap();
            } else {
                record_event(&tx, &ctx, "essai", "fait", "objet", &format!("o{i}")).await.unwrap();
            }
        }
        tx.commit().await.unwrap();
        later(t, t.app.limites.journal_tete_min * 60);
        sceller(&t.app).await.unwrap();
        restent -= n;
    }
}

fn later(t: &TestApp, secondes: i64) {
    let quand = t.app.horloge.maintenant().checked_add(SignedDuration::from_secs(secondes)).unwrap();
    t.horloge.set_maintenant(quand);
}

async fn dehors(t: &TestApp) -> Vec<Tete> {
    journal::tetes_exterieures(&t.app).await.unwrap().0
}

async fn verifie(t: &TestApp) -> Bilan {
    journal::verifier(&t.systeme(), &dehors(t).await, 0, |_, _| ()).await.unwrap()
}

/// Somebody who owns the database takes the guards away.
async fn unguarded(t: &TestApp) {
    let tables = ["journal", "journal_lecture", "journal_sceau", "journal_tete", "journal_purge"];
    for table in tables {
        if t.app.db.backend() == store::Backend::Postgres {
            t.sql(&format!("ALTER TABLE {table} DISABLE TRIGGER ALL"), vec![]).await;
        } else {
            for garde in ["fige", "garde"] {
                t.sql(&format!("DROP TRIGGER IF EXISTS {table}_{garde}"), vec![]).await;
            }
        }
    }
    if t.app.db.backend() == store::Backend::Sqlite {
        t.sql("DROP TRIGGER journal_entre", vec![]).await;
        t.sql("DROP TRIGGER journal_purge_entre", vec![]).await;
    }
}

/// A small generator: the same seed, the same attacks.
struct Des(u64);

impl Des {
    fn next(&mut self, borne: i64) -> i64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % borne.max(1).unsigned_abs()) as i64
    }
}

async fn x(tx: &Tx, sql: &str, valeurs: Vec<Value>) {
    assert!(tx.exec(sql, valeurs).await.unwrap() > 0, "the attack changes nothing: {sql}");
}

/// One random alteration of what was sealed up to the last head outside (`fin`). Gives its name.
async fn attack(tx: &Tx, des: &mut Des, fin: i64, tetes: i64) -> &'static str {
    let (a, b) = loop {
        let (a, b) = (1 + des.next(fin), 1 + des.next(fin));
        if a != b {
            break (a, b);
        }
    };
    let entree = "(SELECT entree_id FROM journal_sceau WHERE rang = $1)";
    let r = |n: i64| vec![Value::from(n)];
    match des.next(13) {
        0 => {
            let colonne =
                ["role", "reseau", "requete", "route", "action", "objet", "objet_id", "issue", "moyen"]
                    [des.next(9) as usize];
            x(tx, &format!("UPDATE journal SET {colonne} = {colonne} || 'x' WHERE id = {entree}"), r(a))
                .await;
            "texte modifié"
        }
        1 => {
            let colonne = ["instant_us", "dossiers"][des.next(2) as usize];
            x(tx, &format!("UPDATE journal SET {colonne} = {colonne} + 1 WHERE id = {entree}"), r(a)).await;
            "nombre modifié"
        }
        2 => {
            let colonne = ["compte_id", "etablissement_id"][des.next(2) as usize];
            x(
                tx,
                &format!("UPDATE journal SET {colonne} = COALESCE({colonne}, 0) + 1 WHERE id = {entree}"),
                r(a),
            )
            .await;
            "auteur modifié"
        }
        3 => {
            let colonne = ["avant", "apres"][des.next(2) as usize];
            x(
                tx,
                &format!("UPDATE journal SET {colonne} = COALESCE({colonne}, '') || ' ' WHERE id = {entree}"),
                r(a),
            )
            .await;
            "valeurs modifiées"
        }
        4 => {
            x(tx, &format!("DELETE FROM journal WHERE id = {entree}"), r(a)).await;
            "entrée effacée"
        }
        5 => {
            x(tx, &format!("DELETE FROM journal WHERE id = {entree}"), r(a)).await;
            x(tx, "DELETE FROM journal_sceau WHERE rang = $1", r(a)).await;
            "entrée et sceau effacés"
        }
        6 => {
            // Two entries exchange their places.
            let mut ids = Vec::new();
            for rang in [a, b] {
                ids.push(
                    tx.int("SELECT entree_id FROM journal_sceau WHERE rang = $1", r(rang))
                        .await
                        .unwrap()
                        .unwrap(),
                );
            }
            for (rang, id) in [(a, -1), (b, ids[0]), (a, ids[1])] {
                x(
                    tx,
                    "UPDATE journal_sceau SET entree_id = $2 WHERE rang = $1",
                    vec![rang.into(), id.into()],
                )
                .await;
            }
            "ordre changé"
        }
        7 => {
            // Everything from a place on goes, heads of the database included.
            x(
                tx,
                "DELETE FROM journal WHERE id IN (SELECT entree_id FROM journal_sceau WHERE rang >= $1)",
                r(a),
            )
            .await;
            x(tx, "DELETE FROM journal_sceau WHERE rang >= $1", r(a)).await;
            x(tx, "DELETE FROM journal_tete WHERE rang >= $1", r(a)).await;
            "fin coupée, têtes comprises"
        }
        8 => {
            x(tx, "UPDATE journal_sceau SET empreinte = (SELECT empreinte FROM journal_sceau WHERE rang = $2) WHERE rang = $1", vec![a.into(), b.into()]).await;
            "sceau réécrit"
        }
        9 => {
            let numero = 1 + des.next(tetes);
            if des.next(2) == 0 {
                x(tx, "DELETE FROM journal_tete WHERE numero = $1", r(numero)).await;
                "tête effacée"
            } else {
                x(tx, "UPDATE journal_tete SET signee_le = signee_le + 1 WHERE numero = $1", r(numero)).await;
                "tête modifiée"
            }
        }
        10 => {
            // A removal that nobody signed hides what goes.
            let tete = tx
                .int("SELECT rang FROM journal_tete WHERE numero = $1", r(1 + des.next(tetes)))
                .await
                .unwrap()
                .unwrap();
            tx.exec("INSERT INTO journal_purge (rang, avant_le, purgee_le, entrees, signature) VALUES ($1, 0, 0, $1, $2)", vec![tete.into(), vec![0u8; 64].into()]).await.unwrap();
            x(
                tx,
                "DELETE FROM journal WHERE id IN (SELECT entree_id FROM journal_sceau WHERE rang <= $1)",
                r(tete),
            )
            .await;
            x(tx, "DELETE FROM journal_sceau WHERE rang <= $1", r(tete)).await;
            "effacement non signé"
        }
        11 => {
            // Slipped between two entries, the places after it moved by one: the chain no longer holds.
            tx.exec("INSERT INTO journal (instant_us, role, reseau, requete, action, objet, objet_id, issue) VALUES (1, 'r', 'r', 'q', 'a', 'o', 'i', 'fait')", vec![]).await.unwrap();
            let id = tx.int("SELECT MAX(id) FROM journal", vec![]).await.unwrap().unwrap();
            tx.exec("DELETE FROM journal_attente WHERE entree_id = $1", r(id)).await.unwrap();
            x(tx, "UPDATE journal_sceau SET rang = -rang WHERE rang >= $1", r(a)).await;
            x(tx, "UPDATE journal_sceau SET rang = 1 - rang WHERE rang < 0", vec![]).await;
            tx.exec("INSERT INTO journal_sceau (rang, entree_id, empreinte) SELECT $1, $2, empreinte FROM journal_sceau WHERE rang = $3", vec![a.into(), id.into(), (a + 1).into()]).await.unwrap();
            "entrée glissée"
        }
        _ => {
            let lue = tx.int("SELECT MIN(l.entree_id) FROM journal_lecture l JOIN journal_sceau s ON s.entree_id = l.entree_id WHERE s.rang <= $1", r(fin)).await.unwrap().unwrap();
            if des.next(2) == 0 {
                x(tx, "DELETE FROM journal_lecture WHERE entree_id = $1 AND candidat_id = (SELECT MIN(candidat_id) FROM journal_lecture WHERE entree_id = $1)", r(lue)).await;
            } else {
                x(
                    tx,
                    "UPDATE journal_lecture SET candidat_id = candidat_id + 1000000 WHERE entree_id = $1",
                    r(lue),
                )
                .await;
            }
            "lecteur caché"
        }
    }
}

/// Random alterations, each undone: how many of each kind were made, and how many were found.
async fn alterations(t: &TestApp, combien: usize, graine: u64) -> BTreeMap<&'static str, (usize, usize)> {
    let exterieures = dehors(t).await;
    let (fin, tetes) = (exterieures.last().unwrap().rang, exterieures.len() as i64);
    let cle = ed25519_dalek::SigningKey::from_bytes(&t.app.secrets.journal).verifying_key();
    unguarded(t).await;
    // Never zero, and never the sequence of another seed.
    let mut des = Des(2 * graine + 1);
    let mut bilan = BTreeMap::new();
    for _ in 0..combien {
        let tx = t.app.db.begin_write().await.unwrap();
        let genre = attack(&tx, &mut des, fin, tetes).await;
        let trouve = !check(&tx, &cle, &exterieures, |_, _| ()).await.unwrap().is_intact();
        drop(tx);
        let (faites, trouvees) = bilan.entry(genre).or_insert((0, 0));
        *faites += 1;
        *trouvees += usize::from(trouve);
    }
    // All undone: what is left is intact.
    assert!(check(&t.app.db, &cle, &exterieures, |_, _| ()).await.unwrap().is_intact());
    bilan
}

both_databases! {
    async fn jou_3_an_untouched_journal_is_intact_and_shows_its_open_window(base) {
        let t = TestApp::new(base).await;
        assert_eq!(sceller(&t.app).await.unwrap(), journal::Passe::default());
        chaine(&t, 25, 10).await;
        let b = verifie(&t).await;
        assert!(b.is_intact(), "{b:?}");
        assert_eq!((b.entrees, b.tetes, b.exterieures, b.rang, b.prouve), (25, 3, 3, 25, 25));
        // Two entries later, no head is due yet: they are in the open window.
        let tx = t.systeme().begin().await.unwrap();
        record_event(&tx, &t.systeme(), "essai", "fait", "o", "x").await.unwrap();
        record_event(&tx, &t.systeme(), "essai", "fait", "o", "y").await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(sceller(&t.app).await.unwrap(), journal::Passe { scellees: 2, tetes: 0 });
        let e = journal::etat_chaine(&t.app).await.unwrap();
        assert_eq!((e.rang, e.ouvertes, e.exterieure.unwrap().rang), (27, 2, 25));
        // What waits for its seal is counted with the others: proved and not yet proved are the whole.
        let tx = t.systeme().begin().await.unwrap();
        record_event(&tx, &t.systeme(), "essai", "fait", "o", "z").await.unwrap();
        tx.commit().await.unwrap();
        let e = journal::etat_chaine(&t.app).await.unwrap();
        assert_eq!((e.rang, e.entrees, e.ouvertes), (27, 28, 3));
        assert_eq!(sceller(&t.app).await.unwrap(), journal::Passe { scellees: 1, tetes: 0 });
        assert_eq!(sceller(&t.app).await.unwrap(), journal::Passe::default(), "again: nothing");
        later(&t, 10 * 60);
        assert_eq!(sceller(&t.app).await.unwrap().tetes, 1);
        assert_eq!(journal::etat_chaine(&t.app).await.unwrap().ouvertes, 0);
    }

    async fn jou_3_a_head_is_signed_after_a_thousand_entries(base) {
        let t = TestApp::new(base).await;
        let ctx = t.systeme();
        let tx = ctx.begin().await.unwrap();
        for i in 0..2_300 {
            record_event(&tx, &ctx, "essai", "fait", "objet", &i.to_string()).await.unwrap();
        }
        tx.commit().await.unwrap();
        let passe = sceller(&t.app).await.unwrap();
        let rangs: Vec<i64> = dehors(&t).await.iter().map(|h| h.rang).collect();
        // The very first seal signs at once; then one a thousand.
        assert_eq!((passe.scellees, rangs), (2_300, vec![1_000, 2_000]));
        assert!(verifie(&t).await.is_intact());
    }

    async fn jou_3_every_random_alteration_before_the_last_head_outside_is_found(base) {
        let t = TestApp::new(base).await;
        chaine(&t, 48, 12).await;
        for (genre, (faites, trouvees)) in alterations(&t, 120, 2026).await {
            assert_eq!(faites, trouvees, "{genre}");
        }
    }

    async fn jou_3_what_is_wrong_is_said_with_its_place(base) {
        let t = TestApp::new(base).await;
        chaine(&t, 20, 10).await;
        unguarded(&t).await;
        t.sql("UPDATE journal SET issue = 'refus' WHERE id = (SELECT entree_id FROM journal_sceau WHERE rang = 5)", vec![]).await;
        t.sql("DELETE FROM journal WHERE id = (SELECT entree_id FROM journal_sceau WHERE rang = 9)", vec![]).await;
        t.sql("DELETE FROM journal_sceau WHERE rang = 14", vec![]).await;
        let b = verifie(&t).await;
        let rangs: Vec<i64> = b.anomalies.iter().filter_map(|a| match a {
            Anomalie::Modifiee { rang, .. } | Anomalie::Effacee { rang, .. } => Some(*rang),
            Anomalie::RangsManquants { de, .. } => Some(*de),
            _ => None,
        }).collect();
        assert_eq!(rangs, [5, 9, 14], "{:?}", b.anomalies);
        assert!(b.anomalies[0].to_string().contains("rang 5"));
    }

    async fn jou_3_concurrent_writers_and_sealers_lose_and_skip_nothing(base) {
        let t = TestApp::new(base).await;
        let mut taches = Vec::new();
        for ecrivain in 0..6i64 {
            let ctx = t.systeme();
            taches.push(tokio::spawn(async move {
                for i in 0..15i64 {
                    let tx = ctx.begin().await.unwrap();
                    record_event(&tx, &ctx, "essai", "fait", "o", &format!("{ecrivain}-{i}")).await.unwrap();
                    // Transactions end in another order than they begin; one in five ends without a trace.
                    tokio::time::sleep(std::time::Duration::from_millis(((ecrivain * 7 + i * 3) % 5) as u64)).await;
                    if i % 5 != 4 {
                        tx.commit().await.unwrap();
                    }
                }
            }));
        }
        for _ in 0..2 {
            let app = Arc::clone(&t.app);
            taches.push(tokio::spawn(async move {
                for _ in 0..40 {
                    sceller(&app).await.unwrap();
                    tokio::time::sleep(std::time::Duration::from_millis(2)).await;
                }
            }));
        }
        for tache in taches {
            tache.await.unwrap();
        }
        sceller(&t.app).await.unwrap();
        let b = verifie(&t).await;
        assert!(b.is_intact(), "{b:?}");
        assert_eq!((b.entrees, b.attente), (6 * 12, 0));
    }

    async fn jou_4_after_a_year_entries_go_and_the_signed_head_stays(base) {
        let t = TestApp::new(base).await;
        chaine(&t, 20, 10).await;
        later(&t, 364 * 86_400);
        let ctx = t.systeme();
        assert_eq!(journal::purger_journal(&ctx).await.unwrap(), 0, "too young");
        chaine(&t, 6, 6).await;
        later(&t, 2 * 86_400);
        assert_eq!(journal::purger_journal(&t.systeme()).await.unwrap(), 20);
        assert_eq!(journal::purger_journal(&t.systeme()).await.unwrap(), 0, "once");
        assert_eq!(t.nombre("SELECT COUNT(*) FROM journal", vec![]).await, 7, "six, and the removal itself");
        assert_eq!(t.nombre("SELECT COUNT(*) FROM journal_lecture", vec![]).await, 2 * 4);
        assert_eq!(t.nombre("SELECT COUNT(*) FROM journal_tete", vec![]).await, 3);
        sceller(&t.app).await.unwrap();
        let b = verifie(&t).await;
        assert!(b.is_intact(), "{b:?}");
        assert_eq!((b.effacees, b.entrees), (20, 7));
        // What stays is as guarded as before.
        assert!(t.app.db.exec("DELETE FROM journal", vec![]).await.is_err());
        assert!(t.app.db.exec("DELETE FROM journal_tete", vec![]).await.is_err());
        assert!(t.app.db.exec("DELETE FROM journal_purge", vec![]).await.is_err());
    }
}

/// JOU-3: a transaction that commits after a later one was sealed is sealed after it, at the next place.
#[tokio::test]
async fn jou_3_a_late_commit_is_sealed_late_and_not_lost() {
    let Some(base) = testkit::Base::postgres().await else { return };
    let t = TestApp::new(base).await;
    let ctx: Ctx = t.systeme();
    let (premiere, seconde) = (ctx.begin().await.unwrap(), ctx.begin().await.unwrap());
    record_event(&premiere, &ctx, "essai", "fait", "o", "tard").await.unwrap();
    record_event(&seconde, &ctx, "essai", "fait", "o", "tot").await.unwrap();
    seconde.commit().await.unwrap();
    assert_eq!(sceller(&t.app).await.unwrap().scellees, 1);
    premiere.commit().await.unwrap();
    assert_eq!(sceller(&t.app).await.unwrap().scellees, 1);
    let ordre =
        "SELECT j.objet_id FROM journal_sceau s JOIN journal j ON j.id = s.entree_id WHERE s.rang = 2";
    assert_eq!(t.app.db.text(ordre, vec![]).await.unwrap().as_deref(), Some("tard"));
    let b = verifie(&t).await;
    assert!(b.is_intact() && b.entrees == 2, "{b:?}");
}

/// The campaign of `cargo xtask campagne journal`: sizes come from the environment, the result goes to standard output.
#[tokio::test]
#[ignore = "minutes: run by cargo xtask campagne journal"]
async fn campagne_of_random_alterations() {
    let lit = |nom: &str| std::env::var(nom).ok().and_then(|v| v.parse::<usize>().ok()).unwrap();
    let (entrees, combien, graine) =
        (lit("CAMPAGNE_ENTREES"), lit("CAMPAGNE_ALTERATIONS"), lit("CAMPAGNE_GRAINE"));
    let base = match std::env::var("CAMPAGNE_BASE").as_deref() {
        Ok("postgres") => testkit::Base::postgres().await.unwrap(),
        _ => testkit::Base::sqlite(),
    };
    let t = TestApp::new(base).await;
    chaine(&t, entrees, (entrees / 10).max(1)).await;
    for (genre, (faites, trouvees)) in alterations(&t, combien, graine as u64).await {
        println!("CAMPAGNE;{genre};{faites};{trouvees}");
    }
}
