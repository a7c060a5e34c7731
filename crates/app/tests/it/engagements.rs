//! R-ADM-14: the public register of the runs, the receipts of wishes, what an auditor and a witness add.
// Helpers of tests stop at the first surprise, as tests do.
#![expect(clippy::unwrap_used, reason = "test support: a failure must stop the test")]

use app::AppError;
use app::admission::{
    Declaration, EcartRecu, Recu, Registre, abandonner_passage, calculer_propositions,
    derniers_appeles_publics, exporter_proces_verbaux, exporter_secrets, piece, publier_passage,
    recu_du_candidat, recu_pour, registre, temoigner, un_jour, verifier_engagements, verify_engagements,
    verify_recu, verify_registre,
};
use app::idempotence::Garde;
use domain::PublicId;
use domain::RuleViolation as R;
use domain::calendrier::Etape;
use domain::comptes::Role;
use domain::droits::{Acteur, Attribution};
use ed25519_dalek::{Signer as _, SigningKey};
use testkit::both_databases;

use crate::admission::Scene;

/// Call orders, a day, a day abandoned, the same day again.
async fn campagne(base: testkit::Base) -> Scene {
    let s = Scene::ordonnee(base).await;
    s.t.at_opening(Etape::Admission).await;
    un_jour(&s.un(), &s.deux(), 2024).await.unwrap();
    s.t.at("2024-05-31T06:00");
    calculer_propositions(&s.un(), &Garde::default(), 2024).await.unwrap();
    abandonner_passage(&s.un(), &Garde::default(), 2024, &s.dernier().await).await.unwrap();
    un_jour(&s.un(), &s.deux(), 2024).await.unwrap();
    s
}

fn voeu(s: &Scene, n: usize) -> PublicId {
    PublicId::parse(&s.voeux[n].public_id).unwrap()
}

fn prouve(r: &Registre, recu: &Recu) -> Vec<(String, String)> {
    verify_recu(&serde_json::to_vec(r).unwrap(), recu.json().as_bytes()).unwrap().valeurs
}

fn valeur(valeurs: &[(String, String)], libelle: &str) -> String {
    valeurs.iter().find(|(l, _)| l == libelle).map(|(_, v)| v.clone()).unwrap()
}

both_databases! {
    async fn r_adm_14_a_candidate_proves_their_own_line_of_a_published_run_and_no_other(base) {
        let s = campagne(base).await;
        let public = s.t.ctx(Acteur::public());
        let r = registre(&public, 2024).await.unwrap();
        let declarations = verify_registre(&r).unwrap();
        // Orders, day 1, the abandoned one, day 2: of the abandoned one, nothing but its place.
        let titres: Vec<Option<String>> = declarations.iter().map(|d| d.as_ref().map(Declaration::titre)).collect();
        let dit = |t: &str| Some(t.to_owned());
        assert_eq!(titres, [dit("Ordres d’appel"), dit("Propositions du jour 1"), None, dit("Propositions du jour 2")]);
        assert_eq!((&r.passages[2].declaration, &r.passages[2].signature, &r.passages[2].publie_le), (&None, &None, &None));
        let jour_1 = declarations[1].as_ref().unwrap();
        assert_eq!((jour_1.candidats.as_str(), jour_1.voeux.as_str(), jour_1.propositions.as_str()), ("4", "4", "2"));

        // The scholarship holder, ranked last and called first; the third waits.
        for (n, appel, resultat) in [(3, "1", "une proposition"), (1, "3", "rang 1 de la liste d’attente")] {
            let ctx = s.t.ctx(s.acteur(n));
            let recu = recu_du_candidat(&ctx, &voeu(&s, n), Some(1)).await.unwrap().recu.unwrap();
            let valeurs = prouve(&r, &recu);
            assert_eq!(valeur(&valeurs, "Rang d’appel lu"), appel);
            assert_eq!(valeur(&valeurs, "Ce que le calcul a donné"), resultat);
            let ordre = recu_du_candidat(&ctx, &voeu(&s, n), Some(0)).await.unwrap().recu.unwrap();
            let valeurs = prouve(&r, &ordre);
            assert_eq!(valeur(&valeurs, "Rang d’appel"), appel);
            assert_eq!(valeur(&valeurs, "Boursier pris en compte"), if n == 3 { "oui" } else { "non" });
            // By default, the last published run: what it read is what the day before had decided.
            let dernier = recu_du_candidat(&ctx, &voeu(&s, n), None).await.unwrap();
            assert_eq!(dernier.jour.as_ref().map(|j| j.jour), Some(2));
            assert_eq!(dernier.jours.iter().map(|j| j.jour).collect::<Vec<_>>(), [2, 1, 0]);
            let valeurs = prouve(&r, &dernier.recu.unwrap());
            let lu = if n == 3 { "proposition reçue, sans réponse" } else { "en attente" };
            assert_eq!(valeur(&valeurs, "Ce que le calcul a lu de votre réponse"), lu);
            assert_eq!(valeur(&valeurs, "Rang d’attente de la veille"), if n == 3 { "aucun" } else { "1" });
        }
        // Somebody else's wish is as unknown as an absent one.
        let autre = recu_du_candidat(&s.t.ctx(s.acteur(0)), &voeu(&s, 1), None).await;
        assert!(matches!(autre, Err(AppError::NotFound)), "{autre:?}");
        // Of a day that no run computed, no receipt.
        let rien = recu_du_candidat(&s.t.ctx(s.acteur(0)), &voeu(&s, 0), Some(9)).await.unwrap();
        assert!(rien.jour.is_none() && rien.recu.is_none());
        // For somebody entitled, the journal keeps it.
        let recu = recu_pour(&s.un(), 2024, &voeu(&s, 0), Some(1)).await.unwrap().recu.unwrap();
        prouve(&r, &recu);
        let trace = "SELECT COUNT(*) FROM journal WHERE objet = 'voeu' AND objet_id = $1";
        assert_eq!(s.t.nombre(trace, vec![s.voeux[0].public_id.clone().into()]).await, 1);
    }

    async fn r_adm_14_tps_6_nothing_of_a_run_is_public_before_it_is_published(base) {
        let s = Scene::ordonnee(base).await;
        let public = s.t.ctx(Acteur::public());
        // The call orders are published, the admission is not open: their receipts wait for it.
        assert_eq!(registre(&public, 2024).await.unwrap().passages.len(), 1);
        let avant = recu_du_candidat(&s.t.ctx(s.acteur(0)), &voeu(&s, 0), None).await.unwrap();
        assert!(avant.jours.is_empty() && avant.recu.is_none());
        s.t.at_opening(Etape::Admission).await;
        calculer_propositions(&s.un(), &Garde::default(), 2024).await.unwrap();
        assert_eq!(registre(&public, 2024).await.unwrap().passages.len(), 1);
        let jours = recu_du_candidat(&s.t.ctx(s.acteur(0)), &voeu(&s, 0), None).await.unwrap().jours;
        assert_eq!(jours.iter().map(|j| j.jour).collect::<Vec<_>>(), [0]);
        assert!(matches!(derniers_appeles_publics(&public, 2024, 1).await, Err(AppError::NotFound)));
        publier_passage(&s.deux(), &Garde::default(), 2024, &s.dernier().await).await.unwrap();
        assert_eq!(registre(&public, 2024).await.unwrap().passages.len(), 2);
        let table = derniers_appeles_publics(&public, 2024, 1).await.unwrap();
        let groupe = s.t.nombre("SELECT MAX(id) FROM groupe_affectation", vec![]).await;
        assert_eq!(table, format!("groupe;dernier_appele\n{groupe};2\n"));
        // What was declared is what is given: a table changed since is refused.
        s.t.sql("UPDATE groupe_jour SET dernier_appele = 3", vec![]).await;
        let refus = derniers_appeles_publics(&public, 2024, 1).await;
        assert!(matches!(refus, Err(AppError::Rule(R::PassageAltere))), "{refus:?}");
    }

    async fn r_adm_14_a_register_changed_after_the_fact_is_told(base) {
        let s = campagne(base).await;
        let juste = registre(&s.un(), 2024).await.unwrap();
        assert!(verify_registre(&juste).is_ok());
        let mut retire = juste.clone();
        retire.passages.remove(1);
        // Of the run given up that follows, only the fingerprint is known: the next declaration tells.
        assert_eq!(verify_registre(&retire), Err(EcartRecu::Chaine(3)));
        let mut echange = juste.clone();
        echange.passages.swap(0, 1);
        assert_eq!(verify_registre(&echange), Err(EcartRecu::Chaine(1)));
        let mut change = juste.clone();
        let texte = change.passages[1].declaration.as_mut().unwrap();
        *texte = texte.replace("propositions 2", "propositions 3");
        assert_eq!(verify_registre(&change), Err(EcartRecu::Signature(2)));
        // Not even the platform's own base says otherwise unseen.
        s.t.sql("UPDATE engagement SET declaration = REPLACE(declaration, 'voeux 4', 'voeux 5')", vec![]).await;
        let faux = registre(&s.un(), 2024).await.unwrap();
        assert_eq!(verify_registre(&faux), Err(EcartRecu::Signature(1)));
        // Leaves that are not those of the root give no receipt.
        s.t.sql("UPDATE engagement SET declaration = REPLACE(declaration, 'racine ', 'racine 0')", vec![]).await;
        let refus = recu_du_candidat(&s.t.ctx(s.acteur(0)), &voeu(&s, 0), Some(1)).await;
        assert!(matches!(refus, Err(AppError::Rule(R::PassageAltere))), "{refus:?}");
    }

    async fn r_adm_14_an_auditor_makes_the_commitments_again_from_the_records(base) {
        let s = campagne(base).await;
        assert_eq!(verifier_engagements(&s.un(), 2024, None).await.unwrap(), Ok(4));
        let (_, auditeur) = s.t.personne("audit@cour.example", Attribution::simple(Role::Auditeur)).await;
        let auditeur = s.t.ctx(auditeur);
        let secrets = exporter_secrets(&auditeur, 2024).await.unwrap();
        let traces = "SELECT COUNT(*) FROM journal WHERE objet_id = 'engagements'";
        assert_eq!((secrets.len(), s.t.nombre(traces, vec![]).await), (4, 1));
        let (_, lecteur) = s.t.personne("bts@ecole.example", Attribution::simple(Role::AdminSite)).await;
        let refus = exporter_secrets(&s.t.ctx(lecteur), 2024).await;
        assert!(matches!(refus, Err(AppError::Denied(_))), "{refus:?}");

        let chaine = exporter_proces_verbaux(&auditeur, 2024).await.unwrap();
        let mut pieces = std::collections::HashMap::new();
        for empreinte in chaine.maillons.iter().flat_map(|m| m.pieces()) {
            let octets = piece(&auditeur, &empreinte).await.unwrap();
            pieces.insert(empreinte, octets);
        }
        let lire = |e: &str| pieces.get(e).cloned().ok_or(std::io::ErrorKind::NotFound.into());
        assert_eq!(verify_engagements(&chaine, &secrets, &lire), Ok(4));
        // The records hold no secret: whoever has them alone opens nothing.
        for s in &secrets {
            assert!(!chaine.maillons.iter().any(|m| String::from_utf8_lossy(&m.octets).contains(&s.secret)));
            assert!(!format!("{s:?}").contains(&s.secret));
        }
        // Another secret, another root, another run.
        let change = |f: &dyn Fn(&mut app::admission::SecretPassage)| {
            let mut faux = secrets.clone();
            f(&mut faux[1]);
            let ecart = verify_engagements(&chaine, &faux, &lire).unwrap_err();
            (ecart.passage.clone(), ecart.quoi.to_string())
        };
        let (passage, quoi) = change(&|s| s.secret = "0".repeat(64));
        assert!(passage == "Propositions du jour 1" && quoi.contains("pièce « engagements »"), "{passage} {quoi}");
        let (_, quoi) = change(&|s| {
            let d = Declaration::read(&s.declaration).unwrap();
            s.declaration = Declaration { racine: "0".repeat(64), ..d }.text();
        });
        assert!(quoi.contains("la racine publiée"), "{quoi}");
        let (_, quoi) = change(&|s| {
            let d = Declaration::read(&s.declaration).unwrap();
            s.declaration = Declaration { propositions: "7".to_owned(), ..d }.text();
        });
        assert!(quoi.contains("la déclaration publique"), "{quoi}");
        // In the base, it is ciphered.
        let clair = data_encoding::HEXLOWER.decode(secrets[0].secret.as_bytes()).unwrap();
        assert_eq!(s.t.nombre("SELECT COUNT(*) FROM engagement WHERE secret_chiffre = $1", vec![clair.into()]).await, 0);
    }

    async fn r_adm_14_a_witness_signs_the_head_and_is_shown(base) {
        let s = campagne(base).await;
        let cle = SigningKey::from_bytes(&[4; 32]);
        let publique = data_encoding::HEXLOWER.encode(cle.verifying_key().as_bytes());
        let r = registre(&s.un(), 2024).await.unwrap();
        let signe = |tete: &str| data_encoding::HEXLOWER.encode(&cle.sign(tete.as_bytes()).to_bytes());
        let signature = signe(&r.head(r.passages.len()).unwrap());
        let temoin = async |qui: app::Ctx, nom: &str, signature: &str| {
            temoigner(&qui, 2024, nom, &publique, signature).await
        };
        let refus = temoin(s.un(), "Cour", &signe("autre chose")).await;
        assert!(matches!(refus, Err(AppError::Rule(R::Champ { champ: "signature", .. }))), "{refus:?}");
        let refus = temoin(s.un(), "  ", &signature).await;
        assert!(matches!(refus, Err(AppError::Rule(R::Champ { champ: "temoin", .. }))), "{refus:?}");
        let refus = temoin(s.un(), &"é".repeat(101), &signature).await;
        assert!(matches!(refus, Err(AppError::Rule(R::TropLong { champ: "temoin", max: 100 }))), "{refus:?}");
        let refus = temoin(s.t.ctx(Acteur::public()), "Cour", &signature).await;
        assert!(matches!(refus, Err(AppError::Denied(_))), "{refus:?}");
        assert_eq!(temoin(s.un(), "Cour des comptes", &signature).await.unwrap(), 4);
        assert!(matches!(temoin(s.un(), "Encore", &signature).await, Err(AppError::Conflict)));
        // A head of before counts for what it covers.
        assert_eq!(temoin(s.un(), "Cour des comptes", &signe(&r.head(2).unwrap())).await.unwrap(), 2);

        let r = registre(&s.un(), 2024).await.unwrap();
        assert_eq!(r.temoignages.iter().map(|t| t.passages).collect::<Vec<_>>(), [4, 2]);
        let octets = serde_json::to_vec(&r).unwrap();
        for (jour, temoins) in [(0, 2), (1, 2), (2, 1)] {
            let recu = recu_du_candidat(&s.t.ctx(s.acteur(3)), &voeu(&s, 3), Some(jour)).await.unwrap().recu.unwrap();
            assert_eq!(verify_recu(&octets, recu.json().as_bytes()).unwrap().temoins, temoins);
        }
        let mut faux = r.clone();
        faux.temoignages[1].passages = 4;
        assert_eq!(verify_registre(&faux), Err(EcartRecu::Temoin("Cour des comptes".to_owned())));
    }
}
