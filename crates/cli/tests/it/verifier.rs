//! `admission verifier` and `verifier-registre` on files: what they say of intact ones, and of the same ones altered.
#![expect(clippy::unwrap_used, reason = "helpers of tests: a failure must stop the test")]

use std::fs;
use std::path::{Path, PathBuf};

use app::Ctx;
use app::admission::{
    Registre, VERSION, calculer_ordre_appel, exporter_proces_verbaux, exporter_secrets, passages, piece,
    publier_passage, registre, un_jour,
};
use app::idempotence::Garde;
use data_encoding::HEXLOWER;
use domain::calendrier::Etape;
use domain::candidats::TypeBac;
use domain::candidatures::EtatVoeu;
use domain::comptes::Role;
use domain::droits::{Acteur, Attribution};
use domain::formations::Famille;
use testkit::{Base, TestApp};

use crate::commun::{echoue, reussit, run, texte};

/// Of the platform of the tests, which signs with a key that never changes.
const CLE: &str = "ed4928c628d1c2c6eae90338905995612959273a5c63f93636c14614ac8737d1";

/// Call orders and two days of a course of two places. Between the days, one refuses and one who waits gives up.
struct Campagne {
    t: TestApp,
    un: Acteur,
}

impl Campagne {
    async fn new() -> Self {
        let t = TestApp::with_session_2024(Base::sqlite()).await;
        t.during(Etape::Examen).await;
        let e = t.etablissement("0800001A", "Lycée Alpha").await;
        let f = t.formation(e, "BTS Électronique", Famille::Bts, true, 2, true).await;
        let (mut candidats, mut voeux) = (Vec::new(), Vec::new());
        for i in 0..4 {
            let c = t.candidat_boursier(&format!("c{i}@essai.fr"), TypeBac::General, i == 3).await;
            voeux.push(t.voeu(&c, &f, EtatVoeu::Classe).await.id);
            candidats.push(c);
        }
        t.classement(&f, &candidats.iter().collect::<Vec<_>>()).await;
        t.sql("UPDATE groupe_classement SET taux_min_boursiers = 25", vec![]).await;
        let agent = Attribution::simple(Role::AdminNational);
        let (_, un) = t.personne("un@national.fr", agent.clone()).await;
        let (_, deux) = t.personne("deux@national.fr", agent).await;
        let qui = |a: &Acteur| t.ctx(a.clone());
        t.during(Etape::OrdreAppel).await;
        calculer_ordre_appel(&qui(&un), &Garde::default(), 2024).await.unwrap();
        let ordres = passages(&qui(&un), 2024, 1, 0).await.unwrap().remove(0).public_id;
        publier_passage(&qui(&deux), &Garde::default(), 2024, &ordres).await.unwrap();
        t.at_opening(Etape::Admission).await;
        un_jour(&qui(&un), &qui(&deux), 2024).await.unwrap();
        t.sql("UPDATE proposition SET reponse = 'refusee' WHERE voeu_id = $1", vec![voeux[0].into()]).await;
        t.sql("UPDATE voeu SET etat = 'refuse_candidat' WHERE id = $1", vec![voeux[0].into()]).await;
        t.sql("UPDATE voeu SET etat = 'renonce' WHERE id = $1", vec![voeux[2].into()]).await;
        t.at("2024-05-31T06:00");
        un_jour(&qui(&un), &qui(&deux), 2024).await.unwrap();
        Self { t, un }
    }

    fn ctx(&self) -> Ctx {
        self.t.ctx(self.un.clone())
    }
}

/// What « admission exporter » writes.
struct Dossier {
    dossier: tempfile::TempDir,
    /// Of each run, in their order.
    sceaux: Vec<String>,
}

impl Dossier {
    async fn new(c: &Campagne) -> Self {
        let dossier = tempfile::tempdir().unwrap();
        let ici = |nom: &str| dossier.path().join(nom);
        let chaine = exporter_proces_verbaux(&c.ctx(), 2024).await.unwrap();
        fs::create_dir(ici("pieces")).unwrap();
        let mut liste = "fichier;signature\n".to_owned();
        for (n, m) in chaine.maillons.iter().enumerate() {
            let fichier = format!("{:03}-{}.json", n + 1, m.titre().unwrap());
            fs::write(ici(&fichier), &m.octets).unwrap();
            liste.push_str(&format!("{fichier};{}\n", m.signature));
            for empreinte in m.pieces() {
                fs::write(ici("pieces").join(&empreinte), piece(&c.ctx(), &empreinte).await.unwrap())
                    .unwrap();
            }
        }
        fs::write(ici("chaine.csv"), liste).unwrap();
        fs::write(ici("cle-publique.txt"), format!("{}\n", HEXLOWER.encode(&chaine.cle))).unwrap();
        let sceaux = chaine.maillons.into_iter().map(|m| m.signature).collect();
        Self { dossier, sceaux }
    }

    fn chemin(&self, nom: &str) -> PathBuf {
        self.dossier.path().join(nom)
    }

    /// Where a piece of a record is.
    fn piece(&self, fichier: &str, role: &str) -> PathBuf {
        let lu: serde_json::Value = serde_json::from_slice(&fs::read(self.chemin(fichier)).unwrap()).unwrap();
        let pieces = lu["fichiers"].as_array().unwrap();
        let trouvee = pieces.iter().find(|p| p["role"] == role).unwrap();
        self.chemin("pieces").join(trouvee["empreinte"].as_str().unwrap())
    }

    /// Runs the command; gives its status and what it prints.
    fn verifie(&self, options: &[&str]) -> (Option<i32>, String) {
        let dossier = self.dossier.path().to_str().unwrap();
        let s = run(&[&["admission", "verifier", dossier][..], options].concat());
        assert!(s.stderr.is_empty(), "{options:?} {}", texte(&s.stderr));
        (s.status.code(), texte(&s.stdout))
    }

    fn refuse(&self, options: &[&str], attendu: &str) {
        let (code, dit) = self.verifie(options);
        assert!(code == Some(1) && dit.contains(attendu), "{options:?} {code:?} {dit}");
        assert!(dit.lines().last().unwrap().starts_with("Non. ") && !dit.contains("Oui"), "{dit}");
    }

    fn accepte(&self, options: &[&str]) -> String {
        let (code, dit) = self.verifie(options);
        assert!(code == Some(0) && dit.contains("\nOui : "), "{options:?} {code:?} {dit}");
        dit
    }
}

/// A file that was changed, as it was.
struct Avant {
    chemin: PathBuf,
    octets: Vec<u8>,
}

impl Avant {
    fn remet(self) {
        fs::write(self.chemin, self.octets).unwrap();
    }
}

fn change(chemin: PathBuf, faire: impl FnOnce(Vec<u8>) -> Vec<u8>) -> Avant {
    let octets = fs::read(&chemin).unwrap();
    fs::write(&chemin, faire(octets.clone())).unwrap();
    Avant { chemin, octets }
}

/// Keys and seals are cut to « … »: the version of the program is signed, hence each changes them.
fn courts(dit: &str) -> String {
    let (mut sortie, mut mot) = (String::new(), String::new());
    for c in dit.chars().chain(['\0']) {
        if matches!(c, '0'..='9' | 'a'..='f') {
            mot.push(c);
            continue;
        }
        sortie.push_str(if mot.len() >= 64 { "…" } else { mot.as_str() });
        mot.clear();
        sortie.push(c);
    }
    sortie.trim_end_matches('\0').to_owned()
}

/// The block of the documentation under a heading.
fn bloc(titre: &str) -> String {
    let chemin = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/proces-verbaux.md");
    let doc = fs::read_to_string(chemin).unwrap();
    let section = doc.split(&format!("\n## {titre}\n")).nth(1).unwrap().to_owned();
    let section = section.split("\n## ").next().unwrap();
    section.split("```\n").nth(1).unwrap().to_owned()
}

#[test]
fn r_adm_18_the_program_says_the_version_that_its_records_name() {
    assert_eq!(reussit(&["--version"]), format!("parcoursup {VERSION}\n"));
    let (_, empreinte) = VERSION.split_once('+').unwrap();
    assert!(
        empreinte.len() == 16 && empreinte.chars().all(|c| matches!(c, '0'..='9' | 'a'..='f')),
        "{VERSION}"
    );
}

#[tokio::test]
async fn r_adm_11_r_adm_19_one_record_verified_the_same_one_altered_as_the_documentation_shows() {
    let d = Dossier::new(&Campagne::new().await).await;
    let cle = ["--cle", CLE];
    let mut dits: Vec<String> = Vec::new();
    let mut joue = |quoi: &str, options: &[&str], attendu: i32| {
        let (code, dit) = d.verifie(options);
        assert_eq!(code, Some(attendu), "{quoi}: {dit}");
        dits.push(format!("# {quoi}\n$ parcoursup admission verifier dossier/ {}\n{dit}", options.join(" ")));
    };
    joue("intact", &cle, 0);

    let propositions = d.piece("003-jour-2.json", "propositions");
    let avant = change(propositions, |mut octets| {
        octets[20] ^= 1;
        octets
    });
    joue("one byte of the piece « propositions » of day 2 altered", &cle, 1);
    avant.remet();

    let avant = change(d.chemin("002-jour-1.json"), |octets| {
        let lu = texte(&octets);
        let instant = lu.split("\"calcule_le\":").nth(1).unwrap().split(',').next().unwrap().to_owned();
        let autre = instant.replacen('1', "2", 1);
        lu.replacen(&instant, &autre, 1).into_bytes()
    });
    joue("one digit of the record of day 1 altered", &cle, 1);
    avant.remet();

    let autre = "07".repeat(32);
    joue("another key", &["--cle", autre.as_str()], 1);
    joue("no further than day 1", &[&cle[..], &["--jusqu-a", "1"]].concat(), 0);

    let dernier = d.sceaux[2].as_str();
    let avec_sceau = [&cle[..], &["--dernier-sceau", dernier]].concat();
    let avant = change(d.chemin("chaine.csv"), |octets| {
        texte(&octets).split_inclusive('\n').take(3).collect::<String>().into_bytes()
    });
    joue("the last run cut off: nothing tells it", &cle, 0);
    joue("but for its seal, noted elsewhere", &avec_sceau, 1);
    avant.remet();
    joue("the whole folder again", &avec_sceau, 0);

    let transcription = courts(&dits.join("\n"));
    assert_eq!(transcription, bloc("One record verified, the same one altered"), "{transcription}");
}

#[tokio::test]
async fn r_adm_19_yes_is_said_of_what_was_looked_at_and_never_of_nothing() {
    let c = Campagne::new().await;
    let d = Dossier::new(&c).await;
    let secrets = exporter_secrets(&c.ctx(), 2024).await.unwrap();
    fs::write(d.chemin("engagements.json"), serde_json::to_vec(&secrets).unwrap()).unwrap();
    let cle = ["--cle", CLE];
    let avec = |options: &[&'static str]| -> Vec<&'static str> { [&["--cle", CLE][..], options].concat() };
    let dit = d.accepte(&avec(&["--explications", "6"]));
    assert!(dit.contains("Engagements publics : 3 passages ont ceux de leurs procès-verbaux."), "{dit}");
    assert!(dit.contains("Explications tirées au hasard : 6 d’un vœu"), "{dit}");

    // Beyond the day asked for, nothing is looked at: a piece of day 2 is not as it was.
    let avant = change(d.piece("003-jour-2.json", "voeux"), |mut octets| {
        octets[8] ^= 1;
        octets
    });
    d.refuse(&cle, "Propositions du jour 2 : la pièce « voeux » a été modifiée");
    let dit = d.accepte(&avec(&["--jusqu-a", "1", "--explications", "6"]));
    assert!(dit.contains("Engagements publics : 2 passages ont") && dit.contains(" : 6 d’un vœu"), "{dit}");
    avant.remet();

    // Nothing to draw, nothing to open, nothing at all.
    d.refuse(&avec(&["--jusqu-a", "0", "--explications", "6"]), "il n’y avait rien à tirer");
    let dit = d.accepte(&avec(&["--jusqu-a", "0"]));
    assert!(dit.contains("1 passage redonne le même résultat, sans rien lire d’autre que son"), "{dit}");
    let avant = change(d.chemin("engagements.json"), |_| {
        let autres = texte(&serde_json::to_vec(&secrets).unwrap()).replace(&d.sceaux[0][..20], "0");
        autres.replace(&d.sceaux[1][..20], "0").replace(&d.sceaux[2][..20], "0").into_bytes()
    });
    d.refuse(&cle, "Aucun des engagements donnés n’est celui d’un passage vérifié");
    avant.remet();
    let avant = change(d.chemin("chaine.csv"), |_| b"fichier;signature\n".to_vec());
    d.refuse(&cle, "Aucun procès-verbal : rien n’a été vérifié");
    d.refuse(&avec(&["--jusqu-a", "3"]), "Aucun procès-verbal jusqu’au jour 3 : rien n’a été vérifié");
    avant.remet();

    // A seal that is not the last one is told as such, unless the chain need only contain it.
    let sceau = ["--cle", CLE, "--dernier-sceau", d.sceaux[1].as_str()];
    d.refuse(&sceau, "Le sceau attendu est celui de « Propositions du jour 1 », que 1 passage suit");
    let dit = d.accepte(&[&sceau[..], &["--jusqu-a", "2"]].concat());
    assert!(dit.contains("celui qui était attendu est dans la chaîne"), "{dit}");
    let dossier = d.dossier.path().to_str().unwrap();
    echoue(&["admission", "verifier", dossier, "--dernier-sceau", "abc"], "128 chiffres hexadécimaux");
}

#[tokio::test]
async fn r_adm_22_a_witness_checks_the_register_and_that_it_goes_on_from_what_they_signed() {
    let c = Campagne::new().await;
    let r = registre(&c.ctx(), 2024).await.unwrap();
    let dossier = tempfile::tempdir().unwrap();
    let (fichier, tete) = (dossier.path().join("registre.json"), dossier.path().join("tete.txt"));
    let verifie = |r: &Registre, ancienne: &str, cle: &str| {
        fs::write(&fichier, r.json()).unwrap();
        fs::write(&tete, ancienne).unwrap();
        let (fichier, tete) = (fichier.to_str().unwrap(), tete.to_str().unwrap());
        let s = run(&["admission", "verifier-registre", fichier, "--tete", tete, "--cle", cle]);
        assert!(s.stderr.is_empty(), "{}", texte(&s.stderr));
        (s.status.code(), texte(&s.stdout))
    };
    let (premiere, nouvelle) = (r.head(1).unwrap(), r.head(3).unwrap());
    let (code, dit) = verifie(&r, &premiere, CLE);
    assert_eq!(
        (code, dit),
        (
            Some(0),
            format!(
                "Oui. Registre de la session 2024 : 3 passages dans la chaîne, dont 3 publiés et signés par la plateforme ; \
                 0 signature de témoin.\nIl prolonge la tête donnée, de 1 passage : 2 passages ajoutés depuis.\n  \
                 nº 2 : Propositions du jour 1\n  nº 3 : Propositions du jour 2\nTête à signer :\n{nouvelle}"
            )
        )
    );
    // Without a head, it is checked alone, and brings its own key.
    let s = run(&["admission", "verifier-registre", fichier.to_str().unwrap()]);
    let dit = texte(&s.stdout);
    assert!(
        s.status.success() && dit.starts_with(&format!("La clé publique est celle du registre ({CLE})")),
        "{dit}"
    );
    assert!(dit.contains("\nOui. ") && !dit.contains("prolonge"), "{dit}");

    let refuse = |r: &Registre, ancienne: &str, cle: &str, attendu: &str| {
        let (code, dit) = verifie(r, ancienne, cle);
        assert!(code == Some(1) && dit.starts_with("Non. ") && dit.contains(attendu), "{dit}");
    };
    // Cut since, or written otherwise: each holds together, and goes on from nothing that was signed.
    let mut coupe = r.clone();
    coupe.passages.pop();
    refuse(&coupe, &nouvelle, CLE, "ne prolonge pas la tête donnée");
    refuse(&r, "parcoursup-tete 1\n", CLE, "ne prolonge pas la tête donnée");
    let mut autre = r.clone();
    autre.session = 2025;
    refuse(&autre, &premiere, CLE, "Le registre : la déclaration nº 1 ne suit pas celle d’avant");
    let mut change = r.clone();
    let declaration = change.passages[1].declaration.as_mut().unwrap();
    *declaration = declaration.replace("propositions 2", "propositions 3");
    refuse(
        &change,
        &premiere,
        CLE,
        "Le registre : la déclaration nº 2 n’a pas la signature de la plateforme",
    );
    let mut vide = r.clone();
    vide.passages.clear();
    refuse(&vide, &premiere, CLE, "Le registre est vide : rien n’a été vérifié");
    refuse(&r, &premiere, &"07".repeat(32), "n’est pas signé par la clé attendue");
    fs::write(&fichier, "{}").unwrap();
    let s = run(&["admission", "verifier-registre", fichier.to_str().unwrap()]);
    assert_eq!(
        (s.status.code(), texte(&s.stdout).as_str()),
        (Some(1), "Non. Le registre n’est pas lisible (mauvais fichier, ou fichier modifié).\n")
    );
    // For each head that was ever signed, it says how many runs it covers.
    for n in 1..=3 {
        assert_eq!(r.covered_by(&r.head(n).unwrap()), Some(n));
    }
    assert_eq!((r.covered_by(""), coupe.covered_by(&nouvelle)), (None, None));
}
