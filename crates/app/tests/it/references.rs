//! Documents of reference: deposited by a level, read by those whom they concern, carried by news items, looked at before they are kept.

use std::collections::BTreeMap;

use app::AppError;
use app::actualites::{
    Saisie, publish_actualite, read_actualite, take_down_actualite, view_fil, view_publication,
};
use app::donnees::{save_liste, view_liste, view_note};
use app::idempotence::Garde;
use app::ports::Verdict;
use app::references::{
    Depot, correct_reference, deposit_reference, list_depots, list_on_screen, list_references,
    read_reference, retire_reference, view_depot,
};
use domain::PublicId;
use domain::RuleViolation;
use domain::actualites::Audience;
use domain::comptes::Role;
use domain::donnees::Donnee;
use domain::droits::{Acteur, Attribution};
use domain::formations::Famille;
use domain::references::{Nature, Notice, Theme};
use testkit::{Base, TestApp, both_databases};

const PDF: &[u8] = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n";

/// Two academies of one région académique and another one; a course manager in Lille, one in Amiens.
struct Scene {
    t: TestApp,
    national: Acteur,
    region: Acteur,
    lille: Acteur,
    amiens: Acteur,
}

impl Scene {
    async fn new(base: Base) -> Self {
        let t = TestApp::with_session_2024(base).await;
        t.at("2023-11-20T10:00");
        let mut responsables = Vec::new();
        for (uai, academie, courriel) in
            [("0590001A", "09", "lille@essai.example"), ("0800001B", "20", "amiens@essai.example")]
        {
            let etab = t.etablissement(uai, "Lycée d’essai").await;
            let f = t.formation(etab, "BTS Essai", Famille::Bts, true, 24, true).await;
            for table in ["etablissement_session", "formation_session"] {
                t.sql(
                    &format!("UPDATE {table} SET academie = $1 WHERE etablissement_id = $2"),
                    vec![academie.to_owned().into(), etab.into()],
                )
                .await;
            }
            let role = Attribution {
                etablissement: Some(etab),
                formation: Some(f.formation),
                ..Attribution::simple(Role::RespFormation)
            };
            responsables.push(t.personne(courriel, role).await.1);
        }
        let region = Attribution {
            academies: vec!["09".to_owned(), "20".to_owned()],
            ..Attribution::simple(Role::Academie)
        };
        let region = t.personne("draio@essai.example", region).await.1;
        let national = t.personne("equipe@essai.example", Attribution::simple(Role::AdminNational)).await.1;
        let amiens = responsables.pop().expect("two");
        Self { t, national, region, lille: responsables.pop().expect("two"), amiens }
    }

    async fn deposits(&self, qui: &Acteur, n: Notice) -> Result<PublicId, AppError> {
        let titre = n.titre.clone();
        let depot = Depot { notice: n, fichier: Some(("Note.pdf", PDF)) };
        deposit_reference(&self.t.ctx(qui.clone()), &Garde::default(), 2024, depot).await?;
        let siens = list_depots(&self.t.ctx(qui.clone()), 2024).await?.documents;
        Ok(siens.into_iter().find(|d| d.titre == titre).expect("deposited").id)
    }

    async fn titles(&self, qui: &Acteur) -> Vec<String> {
        let lus = list_references(&self.t.ctx(qui.clone()), 2024).await.expect("library").documents;
        lus.into_iter().map(|d| d.titre).collect()
    }

    async fn reads(&self, qui: &Acteur, id: &PublicId) -> bool {
        match read_reference(&self.t.ctx(qui.clone()), 2024, id).await {
            Ok((_, octets)) => octets == PDF,
            Err(AppError::NotFound) => false,
            Err(e) => panic!("{e}"),
        }
    }
}

fn a(titre: &str, nature: Nature, academies: &[&str]) -> Notice {
    Notice {
        nature,
        theme: Theme::Grille,
        titre: titre.to_owned(),
        audience: Audience {
            academies: academies.iter().map(|c| (*c).to_owned()).collect(),
            ..Audience::default()
        },
    }
}

fn faute<T: std::fmt::Debug>(r: Result<T, AppError>) -> (&'static str, &'static str) {
    match r {
        Err(AppError::Rule(RuleViolation::Champ { champ, motif })) => (champ, motif),
        autre => panic!("{autre:?}"),
    }
}

both_databases! {
    async fn r_ref_01_02_each_reads_the_notes_of_their_academy_and_a_service_deposits_for_its_own(base) {
        let s = Scene::new(base).await;
        let note = s.deposits(&s.national, a("Partout", Nature::Note, &[])).await.unwrap();
        let ici = s.deposits(&s.region, a("À Lille", Nature::Guide, &["09"])).await.unwrap();
        assert_eq!(s.titles(&s.lille).await, ["À Lille", "Partout"]);
        assert_eq!(s.titles(&s.amiens).await, ["Partout"]);
        assert!(s.reads(&s.lille, &ici).await && !s.reads(&s.amiens, &ici).await);
        for hors in [&[][..], &["09", "01"]] {
            let refus = s.deposits(&s.region, a("Ailleurs", Nature::Note, hors)).await;
            assert_eq!(faute(refus), ("academies", "hors_perimetre"));
        }
        // A service reads what the national team says and changes nothing of it; who runs a course deposits nothing.
        assert!(s.reads(&s.region, &note).await);
        let ctx = s.t.ctx(s.region.clone());
        assert!(matches!(view_depot(&ctx, 2024, Some(&note)).await, Err(AppError::NotFound)));
        let refus = s.deposits(&s.lille, a("Moi", Nature::Note, &["09"])).await;
        assert!(matches!(refus, Err(AppError::Denied(_))), "{refus:?}");
        // On the screens of its theme, and on no other.
        let ctx = s.t.ctx(s.lille.clone());
        assert_eq!(list_on_screen(&ctx, 2024, &[Theme::Grille]).await.unwrap().len(), 2);
        assert_eq!(list_on_screen(&ctx, 2024, &[Theme::Capacites, Theme::Grille]).await.unwrap().len(), 2);
        assert!(list_on_screen(&ctx, 2024, &[Theme::Capacites]).await.unwrap().is_empty());
        assert!(list_on_screen(&ctx, 2031, &[Theme::Grille]).await.unwrap().is_empty(), "no such session");
        let amiens = s.t.ctx(s.amiens.clone());
        assert_eq!(list_on_screen(&amiens, 2024, &[Theme::Grille]).await.unwrap().len(), 1);
        // Taken down: in no list, read by nobody but its service.
        let region = s.t.ctx(s.region.clone());
        retire_reference(&region, &Garde::default(), 2024, &ici).await.unwrap();
        assert_eq!(s.titles(&s.lille).await, ["Partout"]);
        assert!(!s.reads(&s.lille, &ici).await && s.reads(&s.region, &ici).await);
        let encore = retire_reference(&region, &Garde::default(), 2024, &ici).await;
        assert!(matches!(encore, Err(AppError::Conflict)), "{encore:?}");
        assert!(s.t.journal().await.iter().any(|l| l.objet == "document_reference"));
    }

    async fn r_ref_03_fic_2_what_the_antivirus_refuses_or_cannot_see_is_not_kept(base) {
        let s = Scene::new(base).await;
        let ctx = s.t.ctx(s.national.clone());
        let envoie = async |nom: &str, octets: &[u8]| {
            let depot = Depot { notice: a("Note", Nature::Note, &[]), fichier: Some((nom, octets)) };
            deposit_reference(&ctx, &Garde::default(), 2024, depot).await
        };
        assert_eq!(faute(envoie("note.docx", PDF).await), ("fichier", "pdf_nom"));
        assert_eq!(faute(envoie("note.pdf", b"PK").await), ("fichier", "pdf_format"));
        assert_eq!(faute(envoie("note.pdf", &PDF[..40]).await), ("fichier", "pdf_tronque"));
        assert_eq!(faute(envoie("note.pdf", b"").await), ("fichier", "vide"));
        let lourd = [PDF, &vec![b' '; s.t.app.limites.document_octets]].concat();
        let refus = envoie("note.pdf", &lourd).await;
        assert!(matches!(refus, Err(AppError::Rule(RuleViolation::FichierLourd { image: false, .. }))), "{refus:?}");
        for (verdict, motif) in [(Some(Verdict::Infecte("Essai".to_owned())), "virus"), (None, "antivirus")] {
            *s.t.antivirus.0.lock().unwrap() = verdict;
            assert_eq!(faute(envoie("note.pdf", PDF).await), ("fichier", motif));
        }
        assert!(list_depots(&ctx, 2024).await.unwrap().documents.is_empty());
        *s.t.antivirus.0.lock().unwrap() = Some(Verdict::Sain);
        let garde = Garde { cle: Some("bbbbbbbbbbbbbbbbbbbbbbbbbb".to_owned()), ..Garde::default() };
        let deux_fois = || Depot { notice: a("Note", Nature::Note, &[]), fichier: Some(("note.pdf", PDF)) };
        let un = deposit_reference(&ctx, &garde, 2024, deux_fois()).await.unwrap();
        assert_eq!(un.numero, deposit_reference(&ctx, &garde, 2024, deux_fois()).await.unwrap().numero);
        assert_eq!(list_depots(&ctx, 2024).await.unwrap().documents.len(), 1);
    }

    async fn r_ref_04_a_file_more_takes_the_place_of_the_one_before_which_stays(base) {
        let s = Scene::new(base).await;
        let id = s.deposits(&s.national, a("Note", Nature::Note, &[])).await.unwrap();
        let ctx = s.t.ctx(s.national.clone());
        s.t.at("2023-11-22T09:00");
        let autre = [PDF, b"\n%%EOF"].concat();
        let corrige = || Depot { notice: a("Note revue", Nature::Guide, &["09"]), fichier: Some(("Note 2.pdf", &autre)) };
        let garde = Garde { version: Some(0), ..Garde::default() };
        correct_reference(&ctx, &garde, 2024, &id, corrige()).await.unwrap();
        let tard = correct_reference(&ctx, &garde, 2024, &id, corrige()).await;
        assert!(matches!(tard, Err(AppError::Conflict)), "{tard:?}");
        let f = view_depot(&ctx, 2024, Some(&id)).await.unwrap();
        assert_eq!(f.fichiers.iter().map(|v| (v.numero, v.nom.as_str())).collect::<Vec<_>>(), [(2, "Note 2.pdf"), (1, "Note.pdf")]);
        assert_ne!(f.fichiers[0].empreinte, f.fichiers[1].empreinte);
        let (nom, octets) = read_reference(&s.t.ctx(s.lille.clone()), 2024, &id).await.unwrap();
        assert_eq!((nom.as_str(), octets), ("Note 2.pdf", autre));
        assert!(!s.reads(&s.amiens, &id).await);
        // Its words alone: the file stays.
        let mots = Depot { notice: a("Note encore", Nature::Guide, &["09"]), fichier: None };
        correct_reference(&ctx, &Garde { version: Some(1), ..Garde::default() }, 2024, &id, mots).await.unwrap();
        assert_eq!(view_depot(&ctx, 2024, Some(&id)).await.unwrap().fichiers.len(), 2);
    }

    async fn r_ref_05_an_item_carries_what_its_author_may_join_and_gives_it_to_its_readers(base) {
        let s = Scene::new(base).await;
        let piece = s.deposits(&s.region, a("Formulaire", Nature::Piece, &["09", "20"])).await.unwrap();
        let nationale = s.deposits(&s.national, a("Interne", Nature::Piece, &[])).await.unwrap();
        assert!(s.titles(&s.lille).await.is_empty() && !s.reads(&s.lille, &piece).await);
        let ctx = s.t.ctx(s.region.clone());
        let saisie = |pieces: Vec<PublicId>| Saisie {
            titre: "Webinaires".to_owned(),
            texte: "Voyez le formulaire.".to_owned(),
            audience: a("", Nature::Note, &["09"]).audience,
            publiee_le: None,
            retiree_le: None,
            pieces,
        };
        // An attachment of another level is not theirs to give.
        let refus = publish_actualite(&ctx, &Garde::default(), 2024, saisie(vec![nationale.clone()])).await;
        assert_eq!(faute(refus), ("pieces", "inconnu"));
        publish_actualite(&ctx, &Garde::default(), 2024, saisie(vec![piece.clone()])).await.unwrap();
        let lille = s.t.ctx(s.lille.clone());
        let item = view_fil(&lille, 2024).await.unwrap().actualites.remove(0).id;
        let lue = read_actualite(&lille, 2024, &item).await.unwrap();
        assert_eq!(lue.pieces.iter().map(|d| d.titre.as_str()).collect::<Vec<_>>(), ["Formulaire"]);
        assert!(s.reads(&s.lille, &piece).await && !s.reads(&s.amiens, &piece).await);
        assert!(s.titles(&s.lille).await.is_empty(), "an attachment is in no list");
        // Taken down from the lists, the item still gives it, and its form still shows it.
        retire_reference(&ctx, &Garde::default(), 2024, &piece).await.unwrap();
        assert!(s.reads(&s.lille, &piece).await);
        let p = view_publication(&ctx, 2024, Some(&item)).await.unwrap();
        assert_eq!((p.pieces.len(), p.joignables.len()), (1, 1));
        take_down_actualite(&ctx, &Garde::default(), 2024, &item).await.unwrap();
        assert!(!s.reads(&s.lille, &piece).await);
    }

    async fn r_don_03_the_list_of_a_session_is_kept_until_commissions_examine(base) {
        let s = Scene::new(base).await;
        let ctx = s.t.ctx(s.national.clone());
        let vue = view_liste(&ctx, 2024).await.unwrap();
        assert!(vue.obstacle.is_none() && vue.modifiee.is_none() && vue.precedente.is_none());
        let impossibles: Vec<_> = vue.lignes.iter().filter(|x| !x.possible).map(|x| x.donnee).collect();
        assert_eq!(impossibles, [Donnee::NotesTerminales], "no marks of the terminal examinations from 2024 on");
        let mut liste: BTreeMap<Donnee, String> =
            vue.lignes.iter().filter_map(|x| Some((x.donnee, x.source.clone()?))).collect();
        liste.remove(&Donnee::EtablissementOrigine);
        for qui in [&s.region, &s.lille] {
            let refus = save_liste(&s.t.ctx(qui.clone()), &Garde::default(), 2024, &liste).await;
            assert!(matches!(refus, Err(AppError::Denied(_))), "{refus:?}");
        }
        let garde = Garde { version: Some(vue.version), ..Garde::default() };
        save_liste(&ctx, &garde, 2024, &liste).await.unwrap();
        let perimee = save_liste(&ctx, &garde, 2024, &BTreeMap::from([(Donnee::Serie, "autre".to_owned())])).await;
        assert!(matches!(perimee, Err(AppError::Conflict)), "{perimee:?}");
        let vue = view_liste(&ctx, 2024).await.unwrap();
        assert!(vue.modifiee.is_some() && vue.version == 2);
        let note = view_note(&ctx, 2024).await.unwrap();
        assert_eq!(note.transmises, liste, "the note is made of it");
        let avec = BTreeMap::from([(Donnee::NotesTerminales, "bac".to_owned())]);
        assert_eq!(faute(save_liste(&ctx, &Garde::default(), 2024, &avec).await), ("donnees", "impossible"));
        assert!(s.t.journal().await.iter().any(|l| l.objet == "liste_donnees"));
        s.t.at("2024-05-01T10:00");
        let ctx = s.t.ctx(s.national.clone());
        assert!(view_liste(&ctx, 2024).await.unwrap().obstacle.is_some());
        assert_eq!(faute(save_liste(&ctx, &Garde::default(), 2024, &liste).await), ("donnees", "examen_commence"));
    }
}
