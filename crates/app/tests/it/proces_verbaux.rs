//! R-ADM-11: records of runs: played again from themselves alone, and altered nowhere unseen.
// Helpers of tests stop at the first surprise, as tests do.
#![expect(clippy::unwrap_used, reason = "test support: a failure must stop the test")]

use std::collections::HashMap;
use std::io;
use std::sync::{Arc, Mutex};

use app::admission::{
    Chaine, Ecart, EcartProcesVerbal, ExplicationVoeu, VERSION, abandonner_passage, calculer_propositions,
    expliquer_voeu, exporter_proces_verbaux, passages, piece, publier_passage, un_jour, verifier_engagements,
    verifier_explications, verifier_proces_verbaux, verifier_publies, verify_chain,
};
use app::idempotence::Garde;
use app::{AppError, Ctx};
use domain::PublicId;
use domain::admission::EtatPassage;
use domain::calendrier::Etape;
use domain::comptes::Role;
use domain::droits::Attribution;
use engine::explication::{Attente, Cause, Situation};
use testkit::both_databases;

use crate::admission::Scene;

/// Call orders, a day, a day abandoned, the same day again: four runs, in the course of two places.
async fn campagne(base: testkit::Base) -> Scene {
    let s = Scene::ordonnee(base).await;
    s.t.at_opening(Etape::Admission).await;
    un_jour(&s.un(), &s.deux(), 2024).await.unwrap();
    s.t.sql("UPDATE proposition SET reponse = 'refusee' WHERE voeu_id = $1", vec![s.voeux[0].id.into()])
        .await;
    s.t.sql("UPDATE voeu SET etat = 'refuse_candidat' WHERE id = $1", vec![s.voeux[0].id.into()]).await;
    s.t.at("2024-05-31T06:00");
    calculer_propositions(&s.un(), &Garde::default(), 2024).await.unwrap();
    abandonner_passage(&s.un(), &Garde::default(), 2024, &s.dernier().await).await.unwrap();
    un_jour(&s.un(), &s.deux(), 2024).await.unwrap();
    s
}

/// What an auditor takes away.
pub(crate) struct Dossier {
    pub(crate) chaine: Chaine,
    pub(crate) pieces: HashMap<String, Vec<u8>>,
}

impl Dossier {
    pub(crate) async fn new(ctx: &Ctx) -> Self {
        let chaine = exporter_proces_verbaux(ctx, 2024).await.unwrap();
        let mut pieces = HashMap::new();
        for empreinte in chaine.maillons.iter().flat_map(|m| m.pieces()) {
            let octets = piece(ctx, &empreinte).await.unwrap();
            pieces.insert(empreinte, octets);
        }
        Self { chaine, pieces }
    }

    pub(crate) fn verify(&self) -> Result<usize, EcartProcesVerbal> {
        let lire =
            |empreinte: &str| self.pieces.get(empreinte).cloned().ok_or(io::ErrorKind::NotFound.into());
        verify_chain(&self.chaine, &lire, None, &mut |_| {})
    }

    pub(crate) fn ecart(&self) -> (String, Ecart) {
        let e = self.verify().unwrap_err();
        (e.passage, e.quoi)
    }
}

const NOMS: [&str; 4] =
    ["Ordres d’appel", "Propositions du jour 1", "Propositions du jour 2", "Propositions du jour 2"];

both_databases! {
    async fn r_adm_11_every_run_abandoned_ones_included_is_played_again_from_its_record_alone(base) {
        let s = campagne(base).await;
        let suivis = Arc::new(Mutex::new(Vec::new()));
        let vus = Arc::clone(&suivis);
        let bilan = verifier_proces_verbaux(&s.un(), 2024, None, move |p| {
            vus.lock().unwrap().push((p.to_string(), p.voeux, p.propositions));
        })
        .await
        .unwrap();
        assert_eq!((bilan.rejoues, bilan.sans), (Ok(4), 0));
        let attendus = [(4, 0), (4, 2), (3, 1), (3, 1)];
        let attendus: Vec<(String, usize, usize)> =
            NOMS.iter().zip(attendus).map(|(nom, (v, p))| ((*nom).to_owned(), v, p)).collect();
        assert_eq!(*suivis.lock().unwrap(), attendus);
        let bilan = verifier_proces_verbaux(&s.un(), 2024, Some(1), |_| {}).await.unwrap();
        assert_eq!(bilan.rejoues, Ok(2), "no further than the day asked for");
        // What is in the base counts for nothing.
        s.t.sql("DELETE FROM rang_attente", vec![]).await;
        s.t.sql("UPDATE voeu SET etat = 'renonce'", vec![]).await;
        assert_eq!(verifier_proces_verbaux(&s.un(), 2024, None, |_| {}).await.unwrap().rejoues, Ok(4));
    }

    async fn r_adm_20_what_the_base_gives_to_be_read_of_a_published_run_is_what_was_sealed(base) {
        let s = campagne(base).await;
        let publies = async |jusqu_a| verifier_publies(&s.un(), 2024, jusqu_a).await.unwrap();
        // Answers, and a run given up, change nothing of what was published.
        assert_eq!(publies(None).await, Ok(3));
        assert_eq!(publies(Some(1)).await, Ok(2));
        let abandonne = "(SELECT id FROM passage WHERE etat = 'abandonne')";
        let (premier, dernier) =
            ("(SELECT id FROM passage WHERE jour = 1)", "(SELECT MAX(id) FROM passage WHERE etat = 'publie')");
        let [zero, un, deux] = [0, 1, 2].map(|n: usize| s.voeux[n].id);
        let groupe = s.formation().groupe_affectation;
        let candidat = s.candidat(1);
        let change = async |faire: &str| assert!(s.t.sql(faire, vec![]).await > 0, "{faire}");
        // Of a run given up, nobody reads anything.
        change(&format!("UPDATE rang_attente SET rang = rang + 5 WHERE passage_id = {abandonne}")).await;
        assert_eq!(publies(None).await, Ok(3));
        let jour_1 = "Propositions du jour 1";
        let jour_2 = "Propositions du jour 2";
        let alteres = [
            (
                format!("UPDATE rang_attente SET rang = 2 WHERE passage_id = {dernier}"),
                format!("UPDATE rang_attente SET rang = 1 WHERE passage_id = {dernier}"),
                jour_2,
                format!("rangs d’attente : « vœu {deux}, rang 2 » au lieu de « vœu {deux}, rang 1 »"),
            ),
            (
                format!("UPDATE groupe_jour SET dernier_appele = 4 WHERE passage_id = {premier}"),
                format!("UPDATE groupe_jour SET dernier_appele = 2 WHERE passage_id = {premier}"),
                jour_1,
                "derniers appelés : « groupe ".to_owned(),
            ),
            (
                format!("UPDATE ordre_appel SET rang_appel = 9 WHERE candidat_id = {candidat}"),
                format!("UPDATE ordre_appel SET rang_appel = 3 WHERE candidat_id = {candidat}"),
                "Ordres d’appel",
                format!("candidat {candidat}, rang 9 »"),
            ),
            (
                format!("UPDATE passage_proposition SET voeu_id = {deux} WHERE voeu_id = {zero} AND passage_id = {premier}"),
                format!("UPDATE passage_proposition SET voeu_id = {zero} WHERE voeu_id = {deux} AND passage_id = {premier}"),
                jour_1,
                format!("propositions : « vœu {deux}, groupe {groupe} » au lieu de « vœu {zero}, groupe {groupe} »"),
            ),
            // What publication makes of it.
            (
                format!("UPDATE proposition SET voeu_id = {deux} WHERE voeu_id = {un}"),
                format!("UPDATE proposition SET voeu_id = {un} WHERE voeu_id = {deux}"),
                jour_2,
                format!("proposition du vœu {deux} dans le groupe {groupe}, qui n’a pas été scellée"),
            ),
            (
                format!("UPDATE proposition SET passage_id = {dernier} WHERE voeu_id = {zero}"),
                format!("UPDATE proposition SET passage_id = {premier} WHERE voeu_id = {zero}"),
                jour_1,
                "propositions : 1 lues, 2 faites à la publication".to_owned(),
            ),
            (
                format!("UPDATE passage SET jour = 9 WHERE id = {dernier}"),
                "UPDATE passage SET jour = 2 WHERE jour = 9".to_owned(),
                jour_2,
                "nature, jour ou empreinte du passage".to_owned(),
            ),
        ];
        for (faire, defaire, passage, dit) in alteres {
            change(&faire).await;
            let ecart = publies(None).await.unwrap_err();
            let quoi = ecart.quoi.to_string();
            assert!(matches!(ecart.quoi, Ecart::Publication(_)) && quoi.contains(&dit), "{faire} : {quoi}");
            assert_eq!(ecart.passage, passage, "{faire}");
            change(&defaire).await;
            assert_eq!(publies(None).await, Ok(3), "{defaire}");
        }
        // A proposition that no published run has made.
        let ajout = format!(
            "UPDATE proposition SET passage_id = {abandonne} WHERE voeu_id = {zero}"
        );
        change("UPDATE passage SET bilan = REPLACE(bilan, '\"publies\":2', '\"publies\":1') WHERE jour = 1").await;
        change(&ajout).await;
        let ecart = publies(None).await.unwrap_err();
        assert!(ecart.to_string().contains(&format!("proposition du vœu {zero}, d’un passage")), "{ecart}");
    }

    async fn r_adm_11_two_nodes_at_once_leave_one_chain(base) {
        let s = Scene::ordonnee(base).await;
        s.t.at_opening(Etape::Admission).await;
        for jour in 0..4 {
            s.t.at(&format!("2024-06-0{}T06:00", jour + 1));
            let (ctx_un, ctx_deux, garde) = (s.un(), s.deux(), Garde::default());
            let (un, deux) = tokio::join!(
                calculer_propositions(&ctx_un, &garde, 2024),
                calculer_propositions(&ctx_deux, &garde, 2024),
            );
            assert!(un.is_ok() != deux.is_ok(), "{un:?} {deux:?}");
            let publie_par = if un.is_ok() { s.deux() } else { s.un() };
            let calcule = passages(&publie_par, 2024, 2, 0).await.unwrap();
            let calcule = calcule.iter().find(|p| p.etat == EtatPassage::Calcule).unwrap();
            publier_passage(&publie_par, &garde, 2024, &calcule.public_id).await.unwrap();
        }
        let bilan = verifier_proces_verbaux(&s.un(), 2024, None, |_| {}).await.unwrap();
        assert!(bilan.rejoues.as_ref().is_ok_and(|n| *n >= 5), "{:?}", bilan.rejoues);
    }

    async fn r_adm_11_the_records_are_for_who_reads_the_runs_and_the_journal_says_who_took_them(base) {
        let s = campagne(base).await;
        let e = s.t.etablissement("0800002B", "Lycée Bêta").await;
        let admin = Attribution { etablissement: Some(e), ..Attribution::simple(Role::AdminSite) };
        let (_, admin) = s.t.personne("admin@ecole.example", admin).await;
        let refus = exporter_proces_verbaux(&s.t.ctx(admin), 2024).await;
        assert!(matches!(refus, Err(AppError::Denied(_))), "{refus:?}");
        let (_, auditeur) = s.t.personne("audit@cour.example", Attribution::simple(Role::Auditeur)).await;
        let chaine = exporter_proces_verbaux(&s.t.ctx(auditeur), 2024).await.unwrap();
        assert_eq!(chaine.maillons.len(), 4);
        let titres: Vec<String> = chaine.maillons.iter().filter_map(|m| m.titre()).collect();
        assert_eq!(titres, ["ordres-appel", "jour-1", "jour-2", "jour-2"]);
        let traces = s.t.nombre("SELECT COUNT(*) FROM journal WHERE objet_id = 'proces-verbaux'", vec![]).await;
        assert_eq!(traces, 1);
    }
}

/// What somebody waits for, by the reason of their wish of this rank.
fn attente(e: &ExplicationVoeu) -> Attente {
    match e.jour.situation {
        Situation::EnAttente(attente) => attente,
        autre => panic!("{autre:?}"),
    }
}

#[tokio::test]
async fn r_adm_11_a_wish_is_explained_on_a_day_from_the_records_alone() {
    let s = campagne(testkit::Base::sqlite()).await;
    let voeu = |n: usize| PublicId::parse(&s.voeux[n].public_id).unwrap();
    let explique = async |jour: i64, n: usize| expliquer_voeu(&s.un(), 2024, jour, &voeu(n)).await;
    // Four ranked, two places, a scholarship holder ranked last and called first.
    let e = explique(1, 2).await.unwrap();
    assert_eq!((attente(&e).cause, attente(&e).manque.map(|m| m.places)), (Cause::PlusDePlace, Some(2)));
    let ordre = e.ordre.unwrap();
    assert_eq!((ordre.place, ordre.effet.rang_appel, ordre.effet.perdues_boursiers), (3, 4, 1));
    assert_eq!(e.noms[&e.jour.voeu], "BTS Électronique – Lycée Alpha");
    // The day after, the place given back went to the one before.
    let e = explique(2, 2).await.unwrap();
    assert_eq!(attente(&e).manque.map(|m| m.places), Some(1));
    assert!(matches!(explique(1, 3).await.unwrap().jour.situation, Situation::ProposeeCeJour { .. }));
    // No run looked at it: a day to come, a wish given up.
    for (jour, n) in [(3, 2), (2, 0)] {
        assert!(matches!(explique(jour, n).await, Err(AppError::NotFound)));
    }
    let traces = "SELECT COUNT(*) FROM journal WHERE objet = 'voeu' AND objet_id = $1 AND action = 'consulter_passages'";
    assert_eq!(s.t.nombre(traces, vec![s.voeux[2].public_id.clone().into()]).await, 2);
    let (_, public) = s.t.personne("gestion@ecole.example", Attribution::simple(Role::AdminSite)).await;
    let refus = expliquer_voeu(&s.t.ctx(public), 2024, 1, &voeu(2)).await;
    assert!(matches!(refus, Err(AppError::Denied(_))), "{refus:?}");
}

#[tokio::test]
async fn r_adm_11_one_byte_altered_anywhere_is_found_and_told_where() {
    let mut d = Dossier::new(&campagne(testkit::Base::sqlite()).await.un()).await;
    assert_eq!(d.verify(), Ok(4));
    let mut essais = 0;
    for (m, attendu) in NOMS.into_iter().enumerate() {
        for octet in 0..d.chaine.maillons[m].octets.len() {
            d.chaine.maillons[m].octets[octet] ^= 1;
            let (passage, quoi) = d.ecart();
            assert!(matches!(quoi, Ecart::Illisible | Ecart::Signature), "{passage} {octet} {quoi}");
            // Its own name is part of what is altered.
            let nom = passage == attendu || passage == d.chaine.maillons[m].nom || quoi == Ecart::Signature;
            assert!(nom, "{passage} {octet} {quoi}");
            d.chaine.maillons[m].octets[octet] ^= 1;
            essais += 1;
        }
        let signature = d.chaine.maillons[m].signature.clone();
        for i in 0..signature.len() {
            let autre = if &signature[i..=i] == "0" { "1" } else { "0" };
            d.chaine.maillons[m].signature.replace_range(i..=i, autre);
            assert_eq!(d.ecart(), (attendu.to_owned(), Ecart::Signature), "{i}");
            d.chaine.maillons[m].signature.clone_from(&signature);
            essais += 1;
        }
    }
    for cle in d.pieces.keys().cloned().collect::<Vec<_>>() {
        let n = d.pieces[&cle].len();
        for octet in 0..n {
            d.pieces.get_mut(&cle).unwrap()[octet] ^= 0x10;
            let (_, quoi) = d.ecart();
            let Ecart::PieceModifiee { debut, fin, .. } = quoi else { panic!("{octet} {quoi}") };
            assert!((debut..=fin).contains(&(octet as u64)));
            d.pieces.get_mut(&cle).unwrap()[octet] ^= 0x10;
            essais += 1;
        }
        let dernier = d.pieces.get_mut(&cle).unwrap().pop().unwrap();
        assert!(matches!(d.ecart().1, Ecart::PieceTronquee { .. }));
        d.pieces.get_mut(&cle).unwrap().push(dernier);
    }
    assert!(essais > 4_000, "{essais}");
    assert_eq!(d.verify(), Ok(4));
}

#[tokio::test]
async fn r_adm_11_a_record_missing_moved_or_of_another_key_is_told() {
    let mut d = Dossier::new(&campagne(testkit::Base::sqlite()).await.un()).await;
    for (retire, passage) in [(0, NOMS[1]), (1, NOMS[2]), (2, NOMS[3])] {
        let ote = d.chaine.maillons.remove(retire);
        assert_eq!(d.ecart(), (passage.to_owned(), Ecart::Chaine));
        d.chaine.maillons.insert(retire, ote);
    }
    d.chaine.maillons.swap(1, 2);
    assert_eq!(d.ecart(), (NOMS[2].to_owned(), Ecart::Chaine));
    d.chaine.maillons.swap(1, 2);
    let (cle, octets) = d.pieces.iter().next().map(|(c, o)| (c.clone(), o.clone())).unwrap();
    d.pieces.remove(&cle);
    assert!(matches!(d.ecart().1, Ecart::PieceAbsente(_)));
    d.pieces.insert(cle, octets);
    assert_eq!(d.verify(), Ok(4));
    d.chaine.cle = [7; 32];
    assert_eq!(d.ecart(), (NOMS[0].to_owned(), Ecart::Signature));
}

#[tokio::test]
async fn r_adm_19_commitments_and_explanations_go_no_further_than_the_day_asked_for() {
    let s = campagne(testkit::Base::sqlite()).await;
    for (jour, passages, voeux) in [(None, 4, 6), (Some(2), 4, 6), (Some(1), 2, 6), (Some(0), 1, 0)] {
        assert_eq!(verifier_engagements(&s.un(), 2024, jour).await.unwrap(), Ok(passages), "{jour:?}");
        let bilan = verifier_explications(&s.un(), 2024, jour, 6, 1).await.unwrap().unwrap();
        assert_eq!(bilan.voeux, voeux, "{jour:?}");
    }
}

/// The recipe of `docs/proces-verbaux.md`, at the root of the repository.
const RECETTE: &str = "find crates/app/src/admission crates/domain/src/admission crates/engine/src crates/juge/src \
                       crates/reference/src -name '*.rs' | LC_ALL=C sort | xargs sha256sum | sha256sum | cut -c 1-16";

#[tokio::test]
async fn r_adm_18_a_record_names_the_sources_that_decided() {
    let s = campagne(testkit::Base::sqlite()).await;
    let chaine = exporter_proces_verbaux(&s.un(), 2024).await.unwrap();
    for m in &chaine.maillons {
        let lu: serde_json::Value = serde_json::from_slice(&m.octets).unwrap();
        assert_eq!(lu["version"], VERSION);
    }
    assert_eq!(passages(&s.un(), 2024, 1, 0).await.unwrap()[0].version_code, VERSION);
    // A shell finds the same from the sources.
    let racine = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let doc = std::fs::read_to_string(racine.join("docs/proces-verbaux.md")).unwrap();
    let mots = |texte: &str| texte.split_whitespace().filter(|m| *m != "\\").collect::<Vec<_>>().join(" ");
    assert!(mots(&doc).contains(&mots(RECETTE)));
    let dit = std::process::Command::new("sh").args(["-c", RECETTE]).current_dir(racine).output().unwrap();
    let empreinte = String::from_utf8(dit.stdout).unwrap();
    assert_eq!(VERSION, format!("{}+{}", env!("CARGO_PKG_VERSION"), empreinte.trim()));
}
