//! The Fil info from end to end: who reads what, who may say it, what is corrected, what is told by mail.

use app::actualites::{
    Saisie, correct_actualite, export_sans_lecture, list_publications, publish_actualite, read_actualite,
    stop_digest, take_down_actualite, unread, view_digest_link, view_fil, view_publication,
};
use app::contexte::SecondeEtape;
use app::idempotence::Garde;
use app::taches::entretenir;
use app::{AppError, Ctx, FormatTableau};
use domain::actualites::{Audience, EtatActualite};
use domain::comptes::{Moyen, Role};
use domain::droits::{Acteur, Attribution};
use domain::formations::{Famille, StatutFormation};
use domain::{PublicId, RuleViolation};
use testkit::{Base, TestApp, both_databases, paris};

struct Scene {
    t: TestApp,
    national: Acteur,
    /// Academic service of Lille and Amiens.
    lille: Acteur,
    /// Of a BTS of Lille.
    bts: Acteur,
    /// Of an IFSI of Amiens.
    ifsi: Acteur,
}

impl Scene {
    async fn new(base: Base) -> Self {
        let t = TestApp::with_session_2024(base).await;
        t.at("2023-11-20T10:00");
        let mut responsables = Vec::new();
        for (uai, famille, academie) in [("0590001A", Famille::Bts, "09"), ("0800001B", Famille::Ifsi, "20")]
        {
            let etab = t.etablissement(uai, "Lycée d’essai").await;
            let f = t.formation(etab, "Formation d’essai", famille, true, 24, true).await;
            for table in ["etablissement_session", "formation_session"] {
                let valeurs = vec![academie.to_owned().into(), etab.into()];
                t.sql(&format!("UPDATE {table} SET academie = $1 WHERE etablissement_id = $2"), valeurs)
                    .await;
            }
            responsables.push(t.responsable(&format!("resp@{uai}.example"), &f).await.1);
        }
        let region = Attribution {
            academies: vec!["09".to_owned(), "20".to_owned()],
            ..Attribution::simple(Role::Academie)
        };
        let lille = t.personne("draio@essai.example", region).await.1;
        let national = t.personne("national@essai.example", Attribution::simple(Role::AdminNational)).await.1;
        let ifsi = responsables.pop().expect("two people");
        Self { national, lille, bts: responsables.pop().expect("two people"), ifsi, t }
    }

    fn ctx(&self, acteur: &Acteur) -> Ctx {
        self.t.ctx(acteur.clone())
    }

    async fn publishes(&self, qui: &Acteur, r: Saisie) -> Result<PublicId, AppError> {
        publish_actualite(&self.ctx(qui), &Garde::default(), 2024, r.clone()).await?;
        let lignes = list_publications(&self.ctx(qui), 2024).await?.lignes;
        let sienne = lignes.into_iter().find(|(a, _)| a.titre == r.titre);
        Ok(sienne.expect("just published").0.id)
    }

    async fn titles(&self, qui: &Acteur) -> Vec<String> {
        let fil = view_fil(&self.ctx(qui), 2024).await.expect("has a Fil info");
        fil.actualites.into_iter().map(|a| a.titre).collect()
    }
}

fn a(titre: &str, familles: &[Famille], academies: &[&str]) -> Saisie {
    Saisie {
        titre: titre.to_owned(),
        texte: "Bonjour.\n\n- Premier point".to_owned(),
        audience: Audience {
            familles: familles.iter().copied().collect(),
            academies: academies.iter().map(|a| (*a).to_owned()).collect(),
            ..Audience::default()
        },
        publiee_le: None,
        retiree_le: None,
        pieces: Vec::new(),
    }
}

both_databases! {
    async fn r_inf_01_02_each_reads_what_concerns_them_and_services_what_they_answer_for(base) {
        let s = Scene::new(base).await;
        s.publishes(&s.national, a("À tous", &[], &[])).await.unwrap();
        s.publishes(&s.national, a("Aux IFSI", &[Famille::Ifsi], &[])).await.unwrap();
        let ici = s.publishes(&s.lille, a("Webinaires de Lille", &[], &["09"])).await.unwrap();
        assert_eq!(s.titles(&s.bts).await, ["Webinaires de Lille", "À tous"]);
        assert_eq!(s.titles(&s.ifsi).await, ["Aux IFSI", "À tous"]);
        for qui in [&s.lille, &s.national] {
            assert_eq!(s.titles(qui).await, ["Webinaires de Lille", "Aux IFSI", "À tous"]);
        }
        // What is not theirs is as unknown as what does not exist.
        for id in [&ici, &PublicId::parse("aaaaaaaaaaaaaaaaaaaaaaaaaa").unwrap()] {
            let refus = read_actualite(&s.ctx(&s.ifsi), 2024, id).await.unwrap_err();
            assert!(matches!(refus, AppError::NotFound), "{refus:?}");
        }
        let candidat = s.t.candidat("c@essai.example", domain::candidats::TypeBac::General).await.acteur;
        assert!(matches!(view_fil(&s.ctx(&candidat), 2024).await, Err(AppError::Denied(_))));
    }

    async fn hab_7_an_item_told_to_its_whole_audience_asks_for_a_fresh_second_step(base) {
        let s = Scene::new(base).await;
        let id = s.publishes(&s.national, a("À tous", &[], &[])).await.unwrap();
        let ctx = s.ctx(&s.national);
        let vieille = ctx.recu_ms() - s.t.app.limites.acte_sensible_min * 60_000;
        let seconde_etape = SecondeEtape::Faite { le_ms: vieille, moyen: Moyen::Totp };
        let ctx = Ctx { seconde_etape, ..ctx };
        let publie = publish_actualite(&ctx, &Garde::default(), 2024, a("Encore", &[], &[])).await;
        assert!(matches!(publie, Err(AppError::Confirmation)), "{publie:?}");
        let version = view_publication(&ctx, 2024, Some(&id)).await.unwrap().version;
        let garde = Garde { version: Some(version), ..Garde::default() };
        let corrige = correct_actualite(&ctx, &garde, 2024, &id, a("À toutes et tous", &[], &[]), true).await;
        assert!(matches!(corrige, Err(AppError::Confirmation)), "{corrige:?}");
        assert_eq!(s.titles(&s.bts).await, ["À tous"]);
        // What must be taken down waits for nothing.
        take_down_actualite(&ctx, &Garde::default(), 2024, &id).await.unwrap();
    }

    async fn r_inf_03_a_service_speaks_to_its_academies_and_leaves_the_national_team_s_alone(base) {
        let s = Scene::new(base).await;
        for audience in [&[][..], &["09", "01"][..]] {
            let refus = s.publishes(&s.lille, a("Partout", &[], audience)).await.unwrap_err();
            let attendu = RuleViolation::Champ { champ: "academies", motif: "hors_perimetre" };
            assert!(matches!(&refus, AppError::Rule(r) if *r == attendu), "{refus:?}");
        }
        let nationale = s.publishes(&s.national, a("À Lille", &[], &["09"])).await.unwrap();
        let lille = s.ctx(&s.lille);
        assert!(matches!(view_publication(&lille, 2024, Some(&nationale)).await, Err(AppError::NotFound)));
        let retrait = take_down_actualite(&lille, &Garde::default(), 2024, &nationale).await;
        assert!(matches!(retrait, Err(AppError::NotFound)), "{retrait:?}");
        let bts = publish_actualite(&s.ctx(&s.bts), &Garde::default(), 2024, a("Moi", &[], &["09"])).await;
        assert!(matches!(bts, Err(AppError::Denied(_))), "{bts:?}");
        assert_eq!(s.titles(&s.bts).await, ["À Lille"]);
        // What a service signs names its academies, whoever corrects it.
        let sienne = s.publishes(&s.lille, a("Webinaires", &[], &["09"])).await.unwrap();
        let garde = Garde { version: Some(1), ..Garde::default() };
        let partout = a("Webinaires", &[], &[]);
        let refus = correct_actualite(&s.ctx(&s.national), &garde, 2024, &sienne, partout, false).await;
        assert!(matches!(refus, Err(AppError::Rule(_))), "{refus:?}");
        assert!(s.t.journal().await.iter().any(|l| l.objet == "actualite"));
    }

    async fn r_inf_04_05_it_appears_at_its_instant_is_read_again_when_it_matters_and_goes(base) {
        let s = Scene::new(base).await;
        let demain = paris("2023-11-21T08:00").as_millisecond();
        let programmee = Saisie { publiee_le: Some(demain), ..a("Demain", &[], &[]) };
        let id = s.publishes(&s.national, programmee.clone()).await.unwrap();
        assert!(s.titles(&s.bts).await.is_empty());
        s.t.at("2023-11-21T08:00");
        let bts = s.ctx(&s.bts);
        assert_eq!(unread(&bts, 1).await.unwrap().len(), 1);
        let lue = read_actualite(&bts, 2024, &id).await.unwrap();
        assert!(lue.actualite.non_lue && lue.texte.contains("Premier point") && !lue.modifiable);
        assert!(unread(&bts, 1).await.unwrap().is_empty());
        let suivi = |s: &Scene| {
            let ctx = s.ctx(&s.national);
            async move { list_publications(&ctx, 2024).await.unwrap().lignes[0].1 }
        };
        let lu = suivi(&s).await;
        assert_eq!((lu.concernes, lu.ouvertures, lu.a_jour), (4, 1, 1));
        // A slip of the pen is not told; what matters is.
        for (n, a_relire) in [(1, false), (2, true)] {
            s.t.at(&format!("2023-11-21T1{n}:00"));
            let garde = Garde { version: Some(n), ..Garde::default() };
            let corrigee = Saisie { texte: format!("Correction {n}"), ..programmee.clone() };
            correct_actualite(&s.ctx(&s.national), &garde, 2024, &id, corrigee.clone(), a_relire).await.unwrap();
            assert_eq!(unread(&s.ctx(&s.bts), 1).await.unwrap().len(), usize::from(a_relire));
            let refus = correct_actualite(&s.ctx(&s.national), &garde, 2024, &id, corrigee, true).await;
            assert!(matches!(refus, Err(AppError::Conflict)), "{refus:?}");
        }
        let lu = suivi(&s).await;
        assert_eq!((lu.concernes, lu.ouvertures, lu.a_jour), (4, 1, 0));
        let versions = "SELECT COUNT(*) FROM actualite_version WHERE texte LIKE 'Correction%' OR texte LIKE 'Bonjour%'";
        assert_eq!(s.t.nombre(versions, vec![]).await, 3);
        let lue = read_actualite(&s.ctx(&s.bts), 2024, &id).await.unwrap();
        assert_eq!((lue.texte.as_str(), lue.actualite.corrigee_le.is_some()), ("Correction 2", true));
        take_down_actualite(&s.ctx(&s.national), &Garde::default(), 2024, &id).await.unwrap();
        assert!(s.titles(&s.bts).await.is_empty());
        let reste = list_publications(&s.ctx(&s.national), 2024).await.unwrap().lignes;
        assert_eq!(reste[0].0.etat, EtatActualite::Retiree);
    }

    async fn r_inf_09_publishers_read_the_establishments_where_nobody_has_opened_an_item(base) {
        let s = Scene::new(base).await;
        let etab = s.t.nombre("SELECT id FROM etablissement WHERE uai = '0590001A'", vec![]).await;
        let admin = Attribution { etablissement: Some(etab), ..Attribution::simple(Role::AdminSite) };
        let admin = s.t.personne("admin@essai.example", admin).await.1;
        // Nobody works there: nobody is spoken to.
        s.t.etablissement("0800009Z", "Lycée sans compte").await;
        let sql = "UPDATE etablissement_session SET departement = '59', nom = 'Lycée du Nord' WHERE etablissement_id = $1";
        s.t.sql(sql, vec![etab.into()]).await;
        let lus = async |qui: &Acteur, id: &PublicId| -> (usize, Vec<String>) {
            let p = view_publication(&s.ctx(qui), 2024, Some(id)).await.unwrap();
            let fermes = p.etablissements.fermes.into_iter();
            (p.etablissements.concernes, fermes.map(|e| format!("{} {}", e.departement, e.uai)).collect())
        };
        let uais = |u: &[&str]| u.iter().map(|x| (*x).to_owned()).collect::<Vec<String>>();
        let (nord, somme) = ("59 0590001A", "80 0800001B");
        let tous = s.publishes(&s.national, a("À tous", &[], &[])).await.unwrap();
        assert_eq!(lus(&s.national, &tous).await, (2, uais(&[nord, somme])));
        // The service itself is no establishment; of two people of one establishment, either will do.
        read_actualite(&s.ctx(&s.lille), 2024, &tous).await.unwrap();
        assert_eq!(lus(&s.national, &tous).await, (2, uais(&[nord, somme])));
        read_actualite(&s.ctx(&admin), 2024, &tous).await.unwrap();
        assert_eq!(lus(&s.national, &tous).await, (2, uais(&[somme])));
        // What is to be read again has been opened by nobody.
        let garde = Garde { version: Some(1), ..Garde::default() };
        let corrigee = Saisie { texte: "Correction".to_owned(), ..a("À tous", &[], &[]) };
        correct_actualite(&s.ctx(&s.national), &garde, 2024, &tous, corrigee, true).await.unwrap();
        assert_eq!(lus(&s.national, &tous).await, (2, uais(&[nord, somme])));
        // Only those whom it is addressed to.
        let ifsi = s.publishes(&s.national, a("Aux IFSI", &[Famille::Ifsi], &[])).await.unwrap();
        assert_eq!(lus(&s.national, &ifsi).await, (1, uais(&[somme])));
        read_actualite(&s.ctx(&s.ifsi), 2024, &ifsi).await.unwrap();
        assert_eq!(lus(&s.national, &ifsi).await, (1, Vec::new()));
        // A course held in another academy than its establishment: the service reads of the establishments of its own.
        s.t.sql("UPDATE formation_session SET academie = '20' WHERE etablissement_id = $1", vec![etab.into()]).await;
        let amiens = Attribution { academies: vec!["20".to_owned()], ..Attribution::simple(Role::Academie) };
        let amiens = s.t.personne("amiens@essai.example", amiens).await.1;
        let ici = s.publishes(&amiens, a("À Amiens", &[], &["20"])).await.unwrap();
        assert_eq!(lus(&amiens, &ici).await, (1, uais(&[somme])));
        assert_eq!(lus(&s.national, &ici).await, (2, uais(&[nord, somme])));
        assert!(matches!(view_publication(&s.ctx(&amiens), 2024, Some(&tous)).await, Err(AppError::NotFound)));
        // The same as a file, over the same perimeter; recorded.
        let fichier = async |qui: &Acteur, id: &PublicId| {
            export_sans_lecture(&s.ctx(qui), 2024, id, FormatTableau::Csv).await
        };
        let csv = String::from_utf8(fichier(&amiens, &ici).await.unwrap().octets).unwrap();
        assert!(csv.contains("0800001B") && !csv.contains("0590001A") && !csv.contains("@"), "{csv}");
        let csv = String::from_utf8(fichier(&s.national, &ici).await.unwrap().octets).unwrap();
        assert!(csv.contains("0800001B") && csv.contains("0590001A"), "{csv}");
        assert!(matches!(fichier(&amiens, &tous).await, Err(AppError::NotFound)));
        assert!(matches!(fichier(&admin, &ici).await, Err(AppError::Denied(_))));
        assert_eq!(s.t.journal().await.iter().filter(|e| e.issue == "exporte").count(), 2);
    }

    async fn what_is_sent_twice_is_published_once(base) {
        let s = Scene::new(base).await;
        let garde = Garde { cle: Some("aaaaaaaaaaaaaaaaaaaaaaaaaa".to_owned()), ..Garde::default() };
        let un = publish_actualite(&s.ctx(&s.national), &garde, 2024, a("Une fois", &[], &[])).await.unwrap();
        // Later: « at once » is what was asked for, both times.
        s.t.at("2023-11-20T10:01");
        let deux = publish_actualite(&s.ctx(&s.national), &garde, 2024, a("Une fois", &[], &[])).await.unwrap();
        assert_eq!(un.numero, deux.numero);
        assert_eq!(s.titles(&s.bts).await, ["Une fois"]);
    }

    async fn r_inf_06_what_nobody_opened_is_told_once_and_a_day_at_most(base) {
        let s = Scene::new(base).await;
        s.publishes(&s.national, a("Aux BTS", &[Famille::Bts], &["09"])).await.unwrap();
        let ouverte = s.publishes(&s.national, a("Aux IFSI", &[Famille::Ifsi], &[])).await.unwrap();
        read_actualite(&s.ctx(&s.ifsi), 2024, &ouverte).await.unwrap();
        let avis = async |s: &Scene| -> Vec<(String, String)> {
            entretenir(&s.t.app).await.unwrap();
            let envois = s.t.envois().await;
            let resumes = envois.into_iter().filter(|e| e.sujet.starts_with("Fil info"));
            resumes.map(|e| (e.destinataire, e.corps)).collect()
        };
        // Academic services have no courses: what is said to a type of course concerns theirs, in their academies.
        let partis = avis(&s).await;
        let qui: Vec<&str> = partis.iter().map(|(a, _)| a.as_str()).collect();
        assert_eq!(qui.len(), 2, "{partis:?}");
        assert!(qui.contains(&"resp@0590001A.example") && qui.contains(&"draio@essai.example"), "{partis:?}");
        assert!(partis.iter().all(|(_, corps)| corps.contains("/informations/2024") && !corps.contains("Bonjour.\n\n- Premier")));
        assert_eq!(avis(&s).await.len(), 2, "nothing more is told of the same items");
        s.publishes(&s.national, a("Encore", &[], &[])).await.unwrap();
        // Not before a day, of real time, for those who were told; at once for the others.
        let apres = avis(&s).await;
        assert_eq!(apres.len(), 4, "{apres:?}");
    }

    async fn r_inf_06_a_correction_is_told_to_those_whom_it_adds_alone(base) {
        let s = Scene::new(base).await;
        let id = s.publishes(&s.national, a("Aux IFSI", &[Famille::Ifsi], &[])).await.unwrap();
        let partis = async |s: &Scene| -> Vec<String> {
            entretenir(&s.t.app).await.unwrap();
            let envois = s.t.envois().await.into_iter().filter(|e| e.modele == "resume_fil_info");
            let mut partis: Vec<String> = envois.map(|e| e.destinataire).collect();
            // The oldest first.
            partis.reverse();
            partis
        };
        let premiers = partis(&s).await;
        assert!(premiers.contains(&"resp@0800001B.example".to_owned()), "{premiers:?}");
        let corrige = async |n: i64, jour: &str, familles: &[Famille], a_relire: bool| {
            let plus_tard = s.t.systeme().recu_ms() + 2 * 86_400_000;
            s.t.horloge.set_maintenant(jiff::Timestamp::from_millisecond(plus_tard).unwrap());
            s.t.at(jour);
            let garde = Garde { version: Some(n), ..Garde::default() };
            let corrigee = Saisie { texte: format!("Correction {n}"), ..a("Aux IFSI", familles, &[]) };
            correct_actualite(&s.ctx(&s.national), &garde, 2024, &id, corrigee, a_relire).await.unwrap();
        };
        // One to be read again, then two that are not: it is told again once.
        corrige(1, "2023-11-22T10:00", &[Famille::Ifsi], true).await;
        let seconds = partis(&s).await;
        assert_eq!(seconds.len(), 2 * premiers.len(), "{seconds:?}");
        corrige(2, "2023-11-24T10:00", &[Famille::Ifsi], false).await;
        assert_eq!(partis(&s).await.len(), seconds.len(), "a slip of the pen is not news");
        // Those whom it is addressed to from now on have never been told.
        corrige(3, "2023-11-26T10:00", &[], false).await;
        let tous = partis(&s).await;
        let ajoutes = &tous[seconds.len()..];
        assert!(ajoutes.contains(&"resp@0590001A.example".to_owned()), "{ajoutes:?}");
        assert!(ajoutes.iter().all(|a| !premiers.contains(a)), "{ajoutes:?}");
    }

    async fn r_inf_08_who_stopped_the_digest_receives_none(base) {
        let s = Scene::new(base).await;
        s.publishes(&s.national, a("À tous", &[], &[])).await.unwrap();
        let avis = async |s: &Scene, qui: &str| -> Vec<store::messagerie::Envoi> {
            entretenir(&s.t.app).await.unwrap();
            let envois = s.t.envois().await;
            envois.into_iter().filter(|e| e.modele == "resume_fil_info" && e.destinataire == qui).collect()
        };
        let premier = avis(&s, "resp@0590001A.example").await.remove(0);
        let arret = premier.arret.expect("says how to stop");
        assert!(premier.corps.contains(&arret), "{}", premier.corps);
        let jeton = arret.split("/resume/").nth(1).unwrap().to_owned();
        let ctx = s.t.ctx(Acteur::public());
        assert!(view_digest_link(&ctx, &jeton).await.unwrap());
        for faux in [&jeton[..26], &format!("{}x", &jeton[..57]), "é"] {
            assert!(matches!(stop_digest(&ctx, faux).await, Err(AppError::NotFound)), "{faux}");
        }
        stop_digest(&ctx, &jeton).await.unwrap();
        stop_digest(&ctx, &jeton).await.unwrap();
        assert!(!view_digest_link(&ctx, &jeton).await.unwrap());
        let arrets = s.t.journal().await.into_iter().filter(|l| l.action == "resume_arrete").count();
        assert_eq!(arrets, 1, "noted once");
        s.t.at("2023-11-20T12:00");
        s.publishes(&s.national, a("Encore", &[], &[])).await.unwrap();
        let demain = s.t.systeme().recu_ms() + 2 * 86_400_000;
        s.t.horloge.set_maintenant(jiff::Timestamp::from_millisecond(demain).unwrap());
        assert_eq!(avis(&s, "resp@0800001B.example").await.len(), 2);
        assert_eq!(avis(&s, "resp@0590001A.example").await.len(), 1);
    }

    async fn r_inf_01_items_are_said_to_who_runs_paramedical_courses_or_apprenticeship(base) {
        let s = Scene::new(base).await;
        let sql = "UPDATE formation SET statut = 'apprentissage' WHERE id IN (SELECT formation_id FROM formation_session WHERE famille = 'bts')";
        s.t.sql(sql, vec![]).await;
        let dit = |titre: &str, audience| Saisie { audience, ..a(titre, &[], &[]) };
        let apprentis = Audience { statuts: [StatutFormation::Apprentissage].into(), ..Audience::default() };
        let para = Audience { paramedical: true, ..Audience::default() };
        s.publishes(&s.national, dit("Apprentissage", apprentis.clone())).await.unwrap();
        let id = s.publishes(&s.national, dit("Paramédical", para.clone())).await.unwrap();
        assert_eq!(s.titles(&s.bts).await, ["Apprentissage"]);
        assert_eq!(s.titles(&s.ifsi).await, ["Paramédical"]);
        assert_eq!(view_publication(&s.ctx(&s.national), 2024, Some(&id)).await.unwrap().ligne.unwrap().0.audience, para);
        // The session says which they are.
        s.t.sql("UPDATE formation_session SET famille = 'autre' WHERE famille = 'ifsi'", vec![]).await;
        assert!(s.titles(&s.ifsi).await.is_empty());
        s.t.sql("UPDATE parametre SET valeur = 'autre' WHERE cle = 'filieres_paramedicales'", vec![]).await;
        assert_eq!(s.titles(&s.ifsi).await, ["Paramédical"]);
        let versions = "SELECT COUNT(*) FROM actualite_version WHERE audience LIKE '%famille:paramedical%' OR audience LIKE '%statut:apprentissage%'";
        assert_eq!(s.t.nombre(versions, vec![]).await, 2);
    }
}
