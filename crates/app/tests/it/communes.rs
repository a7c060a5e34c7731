//! The national list of towns, on both databases: dry run, application, second pass, faults; and what the name of a town leads to.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use app::communes::{CommuneTrouvee, find_commune};
use app::imports::{
    CommunesLues, ImportError, OptionsCommunes, RapportCommunes, import_communes, lire_communes,
};
use app::{AppError, Ctx};
use domain::droits::Acteur;
use testkit::{TestApp, both_databases};

const ENTETE: &str = "code_commune_INSEE;code_postal;latitude;longitude;nom_commune_complet;code_departement";
const LISTE: &str = "80001;80100;50.1004;1.8372;Abbeville;80\n93066;93200;48.9295;2.3596;Saint-Denis;93\n\
    93066;93210;48.9295;2.3596;Saint-Denis;93\n97411;97400;-20.9336;55.4461;Saint-Denis;974\n\
    80721;80230;50.1775;1.6285;Saint-Valery-sur-Somme;80\n";

fn lue(lignes: &str) -> Result<CommunesLues, ImportError> {
    let d = tempfile::tempdir().unwrap();
    let chemin = d.path().join("communes.csv");
    std::fs::write(&chemin, format!("{ENTETE}\n{lignes}")).unwrap();
    lire_communes(&chemin, &mut |_, _| {})
}

/// The file stays where it was read as long as it is imported: the import keeps its fingerprint.
async fn importe(t: &TestApp, lignes: &str, options: OptionsCommunes) -> RapportCommunes {
    let d = tempfile::tempdir().unwrap();
    let chemin = d.path().join("communes.csv");
    std::fs::write(&chemin, format!("{ENTETE}\n{lignes}")).unwrap();
    let lues = lire_communes(&chemin, &mut |_, _| {}).unwrap();
    import_communes(&t.systeme(), &lues, options).await.unwrap()
}

const APPLIQUER: OptionsCommunes = OptionsCommunes { appliquer: true, ignorer_fautes: false };

async fn compter(t: &TestApp, table: &str) -> i64 {
    t.nombre(&format!("SELECT COUNT(*) FROM {table}"), vec![]).await
}

fn lecteur(t: &TestApp) -> Ctx {
    t.ctx(Acteur::public())
}

both_databases! {
    async fn r_eta_10_the_list_of_towns_is_shown_then_applied_then_changes_nothing(base) {
        let t = TestApp::with_session_2024(base).await;
        let essai = importe(&t, LISTE, OptionsCommunes::default()).await;
        assert!(!essai.applique && essai.change() && essai.reussi(), "{}", essai.texte());
        assert_eq!((essai.ajoutees, essai.lues), (5, 5));
        assert_eq!((compter(&t, "commune").await, compter(&t, "import").await), (0, 0));
        let journal = compter(&t, "journal").await;
        let r = importe(&t, LISTE, APPLIQUER).await;
        assert!(r.applique, "{}", r.texte());
        assert_eq!((r.ajoutees, compter(&t, "commune").await, compter(&t, "import").await), (5, 5, 1));
        assert_eq!(compter(&t, "journal").await, journal + 1);
        let encore = importe(&t, LISTE, APPLIQUER).await;
        assert!(!encore.applique && !encore.change(), "{}", encore.texte());
        assert_eq!((encore.inchangees, compter(&t, "import").await), (5, 1));
        // A town that moves, another that is no longer there.
        let suite = LISTE.replace("50.1004", "50.2").replace("80721;80230;50.1775;1.6285;Saint-Valery-sur-Somme;80\n", "");
        let r = importe(&t, &suite, APPLIQUER).await;
        assert_eq!((r.modifiees, r.retirees, r.inchangees), (1, 1, 3));
        assert_eq!(compter(&t, "commune").await, 4);
    }

    async fn r_eta_10_a_list_at_fault_writes_nothing_unless_its_faults_are_left_out(base) {
        let t = TestApp::with_session_2024(base).await;
        importe(&t, LISTE, APPLIQUER).await;
        let fautive = LISTE.replace("80001;80100;50.1004", "80001;80100;nord");
        let r = importe(&t, &fautive, APPLIQUER).await;
        assert!(r.refuse && !r.reussi() && !r.applique, "{}", r.texte());
        assert!(r.texte().contains("ligne 2"), "{}", r.texte());
        let ignorer = OptionsCommunes { ignorer_fautes: true, ..APPLIQUER };
        let r = importe(&t, &format!("{fautive}80016;80300;50.0;2.65;Albert;80\n"), ignorer).await;
        // The town of the faulty line stays as it was.
        assert_eq!((r.applique, r.ajoutees, r.retirees), (true, 1, 0));
        assert_eq!(compter(&t, "commune").await, 6);
        assert!(matches!(lue(""), Err(ImportError::SansCommune { .. })));
        // Nobody but the operator loads it.
        let lues = lue(LISTE).unwrap();
        let refus = import_communes(&lecteur(&t), &lues, OptionsCommunes::default()).await;
        assert!(matches!(refus, Err(AppError::Denied(_))), "{refus:?}");
    }

    async fn r_eta_10_the_name_of_a_town_leads_to_its_place(base) {
        let t = TestApp::with_session_2024(base).await;
        let ctx = lecteur(&t);
        // Without a list, the towns that the platform knows of itself.
        let amiens = find_commune(&ctx, "AMIENS", "80000", "80").await.unwrap();
        assert!(matches!(amiens, CommuneTrouvee::Une(..)), "{amiens:?}");
        assert_eq!(find_commune(&ctx, "Saint-Valery-sur-Somme", "80230", "80").await.unwrap(), CommuneTrouvee::Aucune(vec![]));
        importe(&t, LISTE, APPLIQUER).await;
        for nom in ["Saint-Valery-sur-Somme", "ST VALERY SUR SOMME", "saint valéry sur somme"] {
            assert_eq!(find_commune(&ctx, nom, "", "80").await.unwrap(), CommuneTrouvee::Une(50.1775, 1.6285), "{nom}");
        }
        assert_eq!(find_commune(&ctx, "Saint-Denis", "97400", "93").await.unwrap(), CommuneTrouvee::Une(-20.9336, 55.4461));
        assert_eq!(find_commune(&ctx, "Saint-Denis", "", "93").await.unwrap(), CommuneTrouvee::Une(48.9295, 2.3596));
        let CommuneTrouvee::Plusieurs(noms) = find_commune(&ctx, "Saint-Denis", "", "80").await.unwrap() else {
            panic!("two towns of that name")
        };
        assert_eq!(noms, ["Saint-Denis (93200)", "Saint-Denis (97400)"]);
        // A name that no list has: the towns of the post code, as the list writes them.
        let proches = find_commune(&ctx, "Abeville", "80100", "80").await.unwrap();
        assert_eq!(proches, CommuneTrouvee::Aucune(vec!["Abbeville".to_owned()]));
    }
}
