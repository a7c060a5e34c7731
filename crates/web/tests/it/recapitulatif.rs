//! The PDF of what was declared: who gets it, what it says to each. The printer of the tests writes the text alone.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};

use app::documents::{Document, ImpressionError, Imprimerie, Imprimeur};
use app::limites::Limites;
use domain::calendrier::Etape;
use domain::candidats::TypeBac;
use domain::comptes::Role;
use domain::droits::Attribution;
use domain::formations::Famille;
use testkit::{Base, FormationEssai, Navigateur, Reponse, TestApp, both_databases};

const ENTIER: &str = "/gestion/2024/recapitulatif.pdf";

struct Scene {
    t: TestApp,
    etablissement: i64,
    public_id: String,
    bts: FormationEssai,
    licence: FormationEssai,
}

async fn scene(base: Base) -> Scene {
    let t = TestApp::with_session_2024(base).await;
    let etablissement = t.etablissement("0800001A", "Lycée Jules-Verne").await;
    let bts = t.formation(etablissement, "BTS Électronique", Famille::Bts, true, 24, true).await;
    let licence = t.formation(etablissement, "Licence Droit", Famille::Licence, false, 31, false).await;
    t.at("2023-11-20T10:00");
    let public_id =
        t.mot("SELECT public_id FROM etablissement WHERE id = $1", vec![etablissement.into()]).await;
    Scene { t, etablissement, public_id, bts, licence }
}

impl Scene {
    async fn avec(&self, role: Role) -> Navigateur {
        let a = match role {
            Role::RespFormation | Role::MembreCev => Attribution {
                etablissement: Some(self.etablissement),
                formation: Some(self.bts.formation),
                ..Attribution::simple(role)
            },
            Role::Academie => Attribution { academies: vec!["20".to_owned()], ..Attribution::simple(role) },
            _ => Attribution { etablissement: Some(self.etablissement), ..Attribution::simple(role) },
        };
        self.t.navigateur_de(self.t.personne(&format!("{}@lycee.example", role.code()), a).await.0).await
    }

    fn de_la_formation(&self, f: &FormationEssai) -> String {
        format!("/gestion/2024/formations/{}/recapitulatif.pdf", f.public_id)
    }

    fn de_l_etablissement(&self) -> String {
        format!("{ENTIER}?etablissement={}", self.public_id)
    }
}

fn entete<'r>(r: &'r Reponse, nom: &str) -> &'r str {
    r.entetes.get(nom).and_then(|v| v.to_str().ok()).unwrap_or("")
}

both_databases! {
    async fn r_doc_01_one_pdf_has_everything_that_the_establishment_declared(base) {
        let s = scene(base).await;
        let mut n = s.avec(Role::AdminSite).await;
        let etab = format!("/gestion/2024/etablissements/{}", s.public_id);
        let page = n.opens(&format!("{etab}/contacts")).await;
        let saisie = [("contact_fonction", "Secrétariat Temoin"), ("contact_objet", "Inscriptions"), ("contact_telephone", "0322009988")];
        n.submits(&page, "Enregistrer le contact", &saisie).await.is(200);
        let page = n.opens(&format!("{etab}/journees")).await;
        let saisie = [("jour", "2024-02-03"), ("debut", "09:00"), ("fin", "17:00"), ("ou", "Hall A")];
        n.submits(&page, "Enregistrer la journée", &saisie).await.is(200);
        s.t.sql("UPDATE formation_session SET frais_centimes = 5000 WHERE id = $1", vec![s.bts.formation_session.into()]).await;
        s.t.sql("UPDATE formation_session SET capacite = NULL WHERE id = $1", vec![s.licence.formation_session.into()]).await;

        let accueil = n.opens("/gestion/2024").await;
        let pdf = n.opens(&accueil.link("Récapitulatif (PDF)")).await;
        pdf.is(200);
        assert_eq!(entete(&pdf, "content-type"), "application/pdf");
        assert_eq!(entete(&pdf, "content-disposition"), "attachment; filename=\"recapitulatif-2024-0800001A.pdf\"");
        for dit in [
            "Récapitulatif du paramétrage – Lycée Jules-Verne",
            "Session 2024",
            "Établi le lundi 20 novembre 2023 à 10 h",
            // The establishment.
            "## Coordonnées publiques",
            "Adresse : 1 rue des Écoles, 80000 Amiens",
            "Téléphone : 03 22 00 00 00",
            "Accueil des personnes en situation de handicap : Accès de plain-pied.",
            "Référent handicap : Ada Référente, handicap@lycee.example",
            "Internat : Pas d’internat",
            "Habilité à recevoir des boursiers : Oui",
            "Site principal | 1 rue des Écoles, 80000 Amiens | Oui",
            "samedi 3 février 2024, de 9 h à 17 h, Hall A",
            "Signataire : Madame Claude Essai",
            "Secrétariat Temoin – Inscriptions : 03 22 00 99 88",
            // Every course on a line, then each.
            "BTS Électronique | Publiée, modifiée depuis | 24 | –",
            "Licence Droit | Brouillon | – | capacité",
            "## BTS Électronique",
            "## Licence Droit",
            "Capacité d’accueil : 24 places",
            "Frais de scolarité : 50 € par an",
            "Change depuis la publication : Frais de scolarité",
            "Tous les candidats | Toutes les candidatures | 24",
            "Capacité d’accueil : Non déclarée",
            "Il manque : capacité.",
            "### Caractéristiques",
            "### Attendus",
            "### Lettre, pièces et questionnaire",
            "### Épreuves et entretiens",
            "### Grille d’analyse des candidatures",
            "Champ | Importance | Poids",
            "### Autres frais et bourses",
            "### Contacts",
        ] {
            pdf.sees(dit);
        }
        let weights = pdf.texte().matches("Poids des champs de la grille").count();
        assert_eq!(weights, 2, "one table a course");
        // One course alone, from its page; the same parts, one level higher.
        let formation = n.opens(&format!("/gestion/2024/formations/{}", s.bts.public_id)).await;
        let pdf = n.opens(&formation.link("Récapitulatif (PDF)")).await;
        pdf.is(200).sees("Récapitulatif du paramétrage – BTS Électronique").sees("# Attendus").sees_not("Licence Droit").sees_not("Essai");
        assert_eq!(
            entete(&pdf, "content-disposition"),
            "attachment; filename=\"recapitulatif-2024-0800001A-bts-electronique.pdf\""
        );
        // The establishment's page leads to the same document.
        assert_eq!(n.opens(&etab).await.link("Récapitulatif (PDF)"), s.de_l_etablissement());
        let traces = "SELECT COUNT(*) FROM journal WHERE issue = 'lu' AND objet IN ('etablissement_session', 'formation_session') AND apres LIKE '%recapitulatif%'";
        assert_eq!(s.t.nombre(traces, vec![]).await, 2);
    }

    async fn r_doc_01_each_reads_in_the_document_what_their_pages_show(base) {
        let s = scene(base).await;
        let chef = ["Claude Essai", "03 22 00 00 01", "Chef d’établissement", "Contacts pour le service académique"];
        let capacites = ["24 places", "Frais de scolarité", "Autres frais et bourses", "Places par groupe"];
        // (role, reads the head and the contacts, reads capacities and fees, every course).
        for (role, lit_chef, lit_capacites, toutes) in [
            (Role::AdminSite, true, true, true),
            (Role::ChefEtab, true, true, true),
            (Role::Lecteur, false, true, true),
            (Role::GestAdmin, false, false, true),
            (Role::RespFormation, false, true, false),
            (Role::MembreCev, false, false, false),
            (Role::Academie, true, true, true),
        ] {
            let mut n = s.avec(role).await;
            let pdf = n.opens(&s.de_l_etablissement()).await;
            let page = n.opens(&format!("/gestion/2024/etablissements/{}", s.public_id)).await;
            pdf.is(200).sees("BTS Électronique").sees("Grille d’analyse des candidatures");
            let qui = role.code();
            let texte = pdf.texte();
            for (mots, lus) in [(chef, lit_chef), (capacites, lit_capacites)] {
                for mot in mots {
                    assert_eq!(texte.contains(mot), lus, "{qui}: « {mot} »\n{texte}");
                }
            }
            assert_eq!(texte.contains("Licence Droit"), toutes, "{qui}");
            // The document says of the head what the page says, and nothing of an establishment whose page is refused.
            assert_eq!(page.texte().contains("Chef d’établissement"), lit_chef, "{qui}");
            assert_eq!(texte.contains("# L’établissement"), page.statut == 200, "{qui}: {}", page.statut);
            n.opens(&s.de_la_formation(&s.bts)).await.is(200).sees("BTS Électronique");
            let autre = n.opens(&s.de_la_formation(&s.licence)).await;
            assert_eq!(autre.statut == 200, toutes, "{qui}");
            // Without a name, that of the home; a whole academy has none.
            let sans_nom = n.opens(ENTIER).await;
            assert_eq!(sans_nom.statut == 200, role != Role::Academie, "{qui}");
        }
    }
}

#[tokio::test]
async fn hab_3_the_document_of_another_establishment_does_not_exist() {
    let s = scene(Base::sqlite()).await;
    let t = &s.t;
    let voisin = t.etablissement("0800002B", "Lycée voisin").await;
    t.formation(voisin, "BTS Voisin", Famille::Bts, true, 12, true).await;
    let a = Attribution { etablissement: Some(voisin), ..Attribution::simple(Role::AdminSite) };
    let mut n = t.navigateur_de(t.personne("voisin@lycee.example", a).await.0).await;
    n.opens(ENTIER).await.is(200).sees("BTS Voisin").sees_not("Électronique").sees_not("Jules-Verne");
    let autre_academie =
        Attribution { academies: vec!["09".to_owned()], ..Attribution::simple(Role::Academie) };
    let mut agent = t.navigateur_de(t.personne("agent@academie.example", autre_academie).await.0).await;
    for url in [s.de_l_etablissement(), s.de_la_formation(&s.bts)] {
        n.opens(&url).await.is(404).sees_not("Jules-Verne");
        agent.opens(&url).await.is(404).sees_not("Jules-Verne");
    }
    for faux in [
        "/gestion/2031/recapitulatif.pdf",
        "/gestion/x/recapitulatif.pdf",
        "/gestion/2024/recapitulatif.pdf?etablissement=../x",
        "/gestion/2024/recapitulatif.pdf?etablissement=aaaaaaaaaaaaaaaaaaaaaaaaaa",
        "/gestion/2024/formations/1/recapitulatif.pdf",
    ] {
        n.opens(faux).await.is(404);
    }
    let lea = t.candidat("lea@example.org", TypeBac::General).await;
    t.navigateur_de(lea.compte).await.opens(ENTIER).await.is(403);
    for url in [s.de_l_etablissement(), s.de_la_formation(&s.bts)] {
        let page = t.navigateur().opens(&url).await;
        assert!(page.url.starts_with("/connexion"), "{}", page.url);
    }
}

#[tokio::test]
async fn what_is_typed_goes_as_it_is_and_never_into_a_header() {
    let s = scene(Base::sqlite()).await;
    let mut n = s.avec(Role::AdminSite).await;
    let hostile = "#import \"@preview/x:0.1.0\"\n] $x$ *gras* <b> {{ 1 }}";
    s.t.sql("UPDATE formation_session SET presentation = $1", vec![hostile.to_owned().into()]).await;
    s.t.sql(
        "UPDATE formation_session SET libelle = $1 WHERE id = $2",
        vec![
            "BTS \"x\"; filename=\u{2028}é\r\nX: y / ..\\z".to_owned().into(),
            s.bts.formation_session.into(),
        ],
    )
    .await;
    let pdf = n.opens(&s.de_la_formation(&s.bts)).await;
    pdf.is(200);
    let dit = String::from_utf8(pdf.octets.clone()).expect("text");
    assert!(dit.contains(hostile), "{dit}");
    assert_eq!(
        entete(&pdf, "content-disposition"),
        "attachment; filename=\"recapitulatif-2024-0800001A-bts-x-filename-e-x-y-z.pdf\""
    );
    assert!(pdf.entetes.get("x").is_none());
}

#[tokio::test]
async fn r_ses_01_an_archived_session_is_printed_too_and_asks_for_nothing() {
    let t = TestApp::new(Base::sqlite()).await;
    let ctx = t.systeme();
    app::sessions::ouvrir_session(&ctx, 2023, None).await.expect("opens");
    let etablissement = t.etablissement("0800001A", "Lycée Jules-Verne").await;
    t.formation(etablissement, "BTS Électronique", Famille::Bts, true, 24, true).await;
    t.sql("UPDATE formation_session SET capacite = NULL", vec![]).await;
    app::sessions::ouvrir_session(&ctx, 2024, Some(2023)).await.expect("opens");
    let a = Attribution { etablissement: Some(etablissement), ..Attribution::simple(Role::AdminSite) };
    let mut n = t.navigateur_de(t.personne("admin@lycee.example", a).await.0).await;
    let accueil = n.opens("/gestion/2023").await;
    let pdf = n.opens(&accueil.link("Récapitulatif (PDF)")).await;
    pdf.is(200).sees("Session 2023").sees("BTS Électronique").sees("Non déclarée").sees_not("Il manque :");
    t.at_closing(Etape::Parametrage).await;
    n.opens("/gestion/2024/recapitulatif.pdf")
        .await
        .is(200)
        .sees("Session 2024")
        .sees("Il manque : capacité");
}

#[tokio::test]
async fn r_doc_01_an_establishment_with_many_courses_has_volumes() {
    let t =
        TestApp::with_limites(Base::sqlite(), Limites { volume_formations: 2, ..testkit::limites() }).await;
    app::sessions::ouvrir_session(&t.systeme(), 2024, None).await.expect("opens");
    let etablissement = t.etablissement("0800001A", "Université Jules-Verne").await;
    let noms = ["Licence Art", "Licence Biologie", "Licence Chimie", "Licence Droit", "Licence Économie"];
    for nom in noms {
        t.formation(etablissement, nom, Famille::Licence, false, 24, false).await;
    }
    t.at("2023-11-20T10:00");
    let a = Attribution { etablissement: Some(etablissement), ..Attribution::simple(Role::AdminSite) };
    let mut n = t.navigateur_de(t.personne("admin@universite.example", a).await.0).await;
    let accueil = n.opens("/gestion/2024").await;
    // The page of the volumes, from every link to the document.
    let page = n.opens(&accueil.link("Récapitulatif (PDF)")).await;
    crate::verification::verifie(&page.is(200).html);
    page.sees("Les 5 formations sont réparties en 3 volumes")
        .sees("L’établissement, et les formations 1 à 1 : de « Licence Art » à « Licence Art ».")
        .sees("Les formations 2 à 3 : de « Licence Biologie » à « Licence Chimie ».")
        .sees("Les formations 4 à 5 : de « Licence Droit » à « Licence Économie ».");
    assert!(page.url.starts_with("/gestion/2024/recapitulatif?"), "{}", page.url);
    let volumes = [&noms[..1], &noms[1..3], &noms[3..]];
    for (i, dedans) in volumes.iter().enumerate() {
        let pdf = n.opens(&page.link(&format!("Volume {} sur 3 (PDF)", i + 1))).await;
        pdf.is(200).sees(&format!("Université Jules-Verne – volume {} sur 3", i + 1));
        let nom = format!("attachment; filename=\"recapitulatif-2024-0800001A-volume-{}.pdf\"", i + 1);
        assert_eq!(entete(&pdf, "content-disposition"), nom);
        for formation in noms {
            assert_eq!(pdf.texte().contains(formation), dedans.contains(&formation), "{i} {formation}");
        }
        // The establishment itself is in the first.
        assert_eq!(pdf.texte().contains("# L’établissement"), i == 0);
    }
    for faux in ["0", "4", "-1", "x", "99999999999999999999"] {
        n.opens(&format!("{ENTIER}?volume={faux}")).await.is(404);
    }
    // A manager reads their own course, in one document.
    let f = t.formation(etablissement, "Licence Zoologie", Famille::Licence, false, 24, false).await;
    let a = Attribution {
        etablissement: Some(etablissement),
        formation: Some(f.formation),
        ..Attribution::simple(Role::RespFormation)
    };
    let mut responsable = t.navigateur_de(t.personne("resp@universite.example", a).await.0).await;
    responsable.opens(ENTIER).await.is(200).sees("Licence Zoologie").sees_not("Licence Droit");
    let page = responsable.opens("/gestion/2024/recapitulatif").await;
    page.is(200).sees("tient dans un document").sees("Récapitulatif (PDF)");
    // Neither for the establishment next door.
    let voisin = t.etablissement("0800002B", "Lycée voisin").await;
    let a = Attribution { etablissement: Some(voisin), ..Attribution::simple(Role::AdminSite) };
    let mut voisin = t.navigateur_de(t.personne("voisin@lycee.example", a).await.0).await;
    let leur = page.link("Récapitulatif (PDF)").replace(".pdf", "");
    voisin.opens(&leur).await.is(404).sees_not("Jules-Verne");
}

/// Sets nothing until it is told to.
struct Lent(Mutex<Receiver<()>>);

impl Imprimeur for Lent {
    fn imprime(&self, _: &Document) -> Result<Vec<u8>, ImpressionError> {
        // An error once the other end is dropped: told.
        let _ = self.0.lock().expect("one at a time").recv();
        Ok(b"%PDF-1.7".to_vec())
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn web_4_a_document_that_is_not_ready_in_time_says_what_to_do_and_gives_its_turn_back() {
    let t =
        TestApp::with_limites(Base::sqlite(), Limites { reponse_longue_s: 2, ..testkit::limites() }).await;
    app::sessions::ouvrir_session(&t.systeme(), 2024, None).await.expect("opens");
    let etablissement = t.etablissement("0800001A", "Lycée Jules-Verne").await;
    t.formation(etablissement, "BTS Un", Famille::Bts, true, 24, false).await;
    let (dis, attend) = channel();
    let imprimerie = Imprimerie::new(Arc::new(Lent(Mutex::new(attend))), 2);
    let t = t.with_imprimerie(imprimerie);
    let a = Attribution { etablissement: Some(etablissement), ..Attribution::simple(Role::AdminSite) };
    let mut n = t.navigateur_de(t.personne("admin@lycee.example", a).await.0).await;
    let lent = n.opens(ENTIER).await;
    lent.is(503).sees("Le document n’a pas été prêt à temps").sees("redemandez-le");
    assert_eq!(entete(&lent, "retry-after"), "30");
    crate::verification::verifie(&lent.html);
    // The turn of the account was given back at once, that of the printer as soon as the document is set.
    drop::<Sender<()>>(dis);
    n.opens(ENTIER).await.is(200);
}
