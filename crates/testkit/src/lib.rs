//! Help for tests: both databases, a frozen platform, a browser without a socket.
//!
//! ```ignore
//! both_databases! {
//!     async fn a_session_opens(base) {
//!         let t = TestApp::new(base).await;
//!         …
//!     }
//! }
//! ```
// A test that cannot prepare itself must stop there: panics are the answer here, and only here.
#![expect(
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    reason = "test support: a failure must stop the test"
)]

pub mod classeur;
mod compteurs;
pub mod fabrique;
pub mod logiciel;
mod navigateur;
pub mod photo;
pub mod postgres;
pub mod skip;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use app::comptes::Bassin;
use app::debits::Debits;
use app::documents::{Bloc, Document, ImpressionError, Imprimerie, Imprimeur};
use app::limites::Limites;
use app::plateforme::Secrets;
use app::ports::{
    AleaGraine, Antivirus, Depot, EnvoiError, Futur, HorlogeReglable, Livreur, Message, Notification, Temoin,
    Transporteur, Verdict,
};
use app::{Ctx, Mode, Plateforme};
use domain::calendrier::Etape;
use domain::interfaces::evenements::EchecLivraison;
use jiff::Timestamp;
use jiff::civil::DateTime;
use sha2::{Digest as _, Sha256};
use store::{Coffre, Db, Dsn, Durabilite};

pub use compteurs::Compteurs;
pub use fabrique::{CandidatEssai, FormationEssai, VoeuEssai};
pub use logiciel::{Logiciel, Rendu};
pub use navigateur::{Navigateur, Reponse};

/// A database for one test.
#[derive(Debug)]
pub enum Base {
    Sqlite(tempfile::TempDir),
    Postgres(postgres::Base),
}

impl Base {
    /// A throw-away SQLite file.
    pub fn sqlite() -> Self {
        Self::Sqlite(tempfile::tempdir().unwrap())
    }

    /// A throw-away PostgreSQL database, or `None` (said on the way) without a server.
    pub async fn postgres() -> Option<Self> {
        postgres::base_jetable().await.map(Self::Postgres)
    }

    /// Where it is.
    pub fn dsn(&self) -> Dsn {
        match self {
            Self::Sqlite(dossier) => Dsn::Sqlite(dossier.path().join("parcoursup.sqlite")),
            Self::Postgres(base) => Dsn::Postgres(base.url.clone()),
        }
    }

    /// Opens it, migrated.
    pub async fn open(&self) -> Db {
        let dsn = self.dsn();
        if let Dsn::Sqlite(fichier) = &dsn
            && !fichier.exists()
        {
            std::fs::copy(modele_sqlite().await, fichier).unwrap();
        }
        let db = Db::open_with(&dsn, Durabilite::Rien).await.unwrap();
        db.migrate().await.unwrap();
        db
    }
}

/// A SQLite file with the schema of today, empty of rows, made once for all test programs: migrating takes longer than most tests.
async fn modele_sqlite() -> PathBuf {
    let dossier = std::env::temp_dir().join("parcoursup-modeles");
    let modele = dossier.join(format!("{}.sqlite", postgres::schema_version()));
    if !modele.exists() {
        std::fs::create_dir_all(&dossier).unwrap();
        // In a place of its own until it is whole: two programs may come first together, and one may be killed half-way.
        let ebauche = tempfile::tempdir_in(&dossier).unwrap();
        let fichier = ebauche.path().join("parcoursup.sqlite");
        let db = Db::open_with(&Dsn::Sqlite(fichier.clone()), Durabilite::Rien).await.unwrap();
        db.migrate().await.unwrap();
        db.copy_to(&ebauche.path().join("modele.sqlite")).await.unwrap();
        db.close().await.unwrap();
        std::fs::rename(ebauche.path().join("modele.sqlite"), &modele).unwrap();
    }
    modele
}

/// Runs the same test on SQLite and on PostgreSQL.
#[macro_export]
macro_rules! both_databases {
    ($($(#[$meta:meta])* async fn $nom:ident($base:ident) $corps:block)+) => {$(
        #[cfg(test)]
        mod $nom {
            #[allow(unused_imports, clippy::allow_attributes, reason = "the body may not need the imports of the file")]
            use super::*;
            async fn corps($base: $crate::Base) $corps
            $(#[$meta])* #[tokio::test] async fn sqlite() { corps($crate::Base::sqlite()).await; }
            $(#[$meta])* #[tokio::test] async fn postgres() {
                if let Some(base) = $crate::Base::postgres().await { corps(base).await; }
            }
        }
    )+};
}

/// Files in memory.
#[derive(Debug, Default)]
pub struct DepotMemoire(std::sync::Mutex<BTreeMap<String, Vec<u8>>>);

impl Depot for DepotMemoire {
    fn put<'a>(&'a self, octets: &'a [u8]) -> Futur<'a, std::io::Result<String>> {
        Box::pin(async move {
            let cle = data_encoding::HEXLOWER.encode(&Sha256::digest(octets));
            self.0.lock().unwrap().insert(cle.clone(), octets.to_vec());
            Ok(cle)
        })
    }
    fn get<'a>(&'a self, empreinte: &'a str) -> Futur<'a, std::io::Result<Vec<u8>>> {
        self.read(empreinte)
    }
    fn read<'a>(&'a self, empreinte: &'a str) -> Futur<'a, std::io::Result<Vec<u8>>> {
        Box::pin(async move {
            self.0.lock().unwrap().get(empreinte).cloned().ok_or_else(|| std::io::ErrorKind::NotFound.into())
        })
    }
}

/// A copy of the journal's heads, in memory.
#[derive(Debug, Default)]
pub struct TemoinMemoire(pub std::sync::Mutex<Vec<String>>);

impl Temoin for TemoinMemoire {
    fn ajouter<'a>(&'a self, ligne: &'a str) -> Futur<'a, std::io::Result<()>> {
        Box::pin(async move {
            self.0.lock().unwrap().push(ligne.to_owned());
            Ok(())
        })
    }
    fn derniere(&self) -> Futur<'_, std::io::Result<Option<String>>> {
        Box::pin(async move { Ok(self.0.lock().unwrap().last().cloned()) })
    }
    fn lire(&self) -> Futur<'_, std::io::Result<String>> {
        Box::pin(async move { Ok(self.0.lock().unwrap().join("\n")) })
    }
}

/// Keeps what would have been sent.
#[derive(Debug, Default)]
pub struct Boite(pub std::sync::Mutex<Vec<Message>>);

/// Says what it is told to say; without a verdict it does not answer.
#[derive(Debug)]
pub struct AntivirusReglable(pub std::sync::Mutex<Option<Verdict>>);

impl Default for AntivirusReglable {
    fn default() -> Self {
        Self(std::sync::Mutex::new(Some(Verdict::Sain)))
    }
}

impl Antivirus for AntivirusReglable {
    fn scan<'a>(&'a self, _: &'a [u8]) -> Futur<'a, std::io::Result<Verdict>> {
        let verdict = self.0.lock().unwrap().clone();
        Box::pin(async move { verdict.ok_or_else(|| std::io::ErrorKind::TimedOut.into()) })
    }
}

impl Transporteur for Boite {
    fn send<'a>(&'a self, message: &'a Message) -> Futur<'a, Result<(), EnvoiError>> {
        Box::pin(async move {
            self.0.lock().unwrap().push(message.clone());
            Ok(())
        })
    }
}

/// Keeps what programs would have received, and answers what it is told to: 200 at first; without a status, it does not answer in
/// time.
#[derive(Debug)]
pub struct LivreurReglable {
    pub recues: std::sync::Mutex<Vec<Notification>>,
    pub statut: std::sync::Mutex<Option<u16>>,
}

impl Default for LivreurReglable {
    fn default() -> Self {
        Self { recues: std::sync::Mutex::default(), statut: std::sync::Mutex::new(Some(200)) }
    }
}

impl Livreur for LivreurReglable {
    fn post<'a>(&'a self, notification: &'a Notification) -> Futur<'a, Result<u16, EchecLivraison>> {
        self.recues.lock().unwrap().push(notification.clone());
        let statut = *self.statut.lock().unwrap();
        Box::pin(async move { statut.ok_or(EchecLivraison::Delai) })
    }
}

/// Prints the text of a document in reading order, one line each, for tests to read: what a printer must be given, without a
/// printer.
#[derive(Debug, Default)]
pub struct Epreuve;

impl Imprimeur for Epreuve {
    fn imprime(&self, document: &Document) -> Result<Vec<u8>, ImpressionError> {
        let mut lignes = vec!["%PDF-1.7".to_owned(), document.titre.clone()];
        lignes.extend(document.chapeau.iter().cloned());
        for bloc in &document.blocs {
            match bloc {
                Bloc::Titre { niveau, texte } => {
                    lignes.push(format!("{} {texte}", "#".repeat((*niveau).into())))
                }
                Bloc::Paragraphe(t) | Bloc::Attention(t) => lignes.push(t.clone()),
                Bloc::Definitions(d) => lignes.extend(d.iter().map(|(t, v)| format!("{t} : {v}"))),
                Bloc::Liste(points) => lignes.extend(points.iter().cloned()),
                Bloc::Tableau { legende, colonnes, lignes: rangs } => {
                    lignes.push(legende.clone());
                    lignes.push(colonnes.iter().map(|c| c.titre.as_str()).collect::<Vec<_>>().join(" | "));
                    lignes.extend(rangs.iter().map(|r| r.join(" | ")));
                }
                Bloc::Page => {}
            }
        }
        lignes.push("startxref\n0\n%%EOF".to_owned());
        Ok(lignes.join("\n").into_bytes())
    }
}

/// A platform with frozen clocks, seeded identifiers and no network.
pub struct TestApp {
    pub app: Arc<Plateforme>,
    pub horloge: Arc<HorlogeReglable>,
    pub courriels: Arc<Boite>,
    /// Alarms received by the supervision service.
    pub supervision: Arc<Boite>,
    /// Messages received by programs, and what they answer.
    pub livreur: Arc<LivreurReglable>,
    /// What it says of the files that are deposited.
    pub antivirus: Arc<AntivirusReglable>,
    /// Kept so that the database lives as long as the test.
    pub base: Base,
    /// The whole site, without a socket: a new table of routes at each browser costs more than the pages that it asks for.
    site: OnceLock<axum::Router>,
}

/// The instant of a date and time in Paris.
pub fn paris(quand: &str) -> Timestamp {
    let quand: DateTime = quand.parse().unwrap();
    domain::calendrier::instant_paris(quand).unwrap()
}

/// Those of a real service, but for how often one account may ask: a test does in no time, on a clock that stands still,
/// what takes a person an hour.
pub fn limites() -> Limites {
    const SANS: u32 = 1_000_000;
    Limites {
        pages: (SANS, SANS),
        ecritures: (SANS, SANS),
        brouillons_par_minute: (SANS, SANS),
        recherches_par_minute: SANS,
        imports_par_heure: SANS,
        reponses_par_minute: SANS,
        // Tests change the session before.
        reperes_s: 0,
        ..Limites::default()
    }
}

impl TestApp {
    /// An empty migrated platform; both clocks on 13 November 2023, 9 h.
    pub async fn new(base: Base) -> Self {
        Self::with_limites(base, limites()).await
    }

    /// The same under other limits: a campaign of thousands of sign-ins does not hash at the full cost.
    pub async fn with_limites(base: Base, limites: Limites) -> Self {
        let db = base.open().await;
        let horloge = Arc::new(HorlogeReglable::new(paris("2023-11-13T09:00")));
        let courriels = Arc::new(Boite::default());
        let supervision = Arc::new(Boite::default());
        let livreur = Arc::new(LivreurReglable::default());
        let antivirus = Arc::new(AntivirusReglable::default());
        let secrets = Secrets { poivre: [1; 32], temoins: [2; 32], signature: [3; 32], journal: [6; 32] };
        let app = Arc::new(Plateforme {
            carnet: app::interfaces::Carnet::default(),
            reperes: app::formations::Reperes::default(),
            relues: app::formations::Relues::default(),
            db,
            coffre: Coffre::new(BTreeMap::from([(1, [4; 32])]), [5; 32]).unwrap(),
            hachage: Bassin::new(2, &limites, secrets.poivre).unwrap(),
            debits: Arc::new(Debits::new(&limites, &(Arc::clone(&horloge) as Arc<dyn app::ports::Horloge>))),
            secrets,
            horloge: Arc::clone(&horloge) as Arc<dyn app::ports::Horloge>,
            alea: Arc::new(AleaGraine::new(2026)),
            courriel: Arc::clone(&courriels) as Arc<dyn Transporteur>,
            sms: Arc::new(Boite::default()),
            supervision: Arc::clone(&supervision) as Arc<dyn Transporteur>,
            livreur: Arc::clone(&livreur) as Arc<dyn Livreur>,
            depot: Arc::new(DepotMemoire::default()),
            antivirus: Arc::clone(&antivirus) as Arc<dyn Antivirus>,
            temoin: Arc::new(TemoinMemoire::default()),
            imprimerie: Imprimerie::new(Arc::new(Epreuve), 2),
            limites,
            mode: Mode::Production,
            adresse: "https://parcoursup.example".to_owned(),
        });
        Self { app, horloge, courriels, supervision, livreur, antivirus, base, site: OnceLock::new() }
    }

    /// The same with another printer, before anything of it is shared.
    pub fn with_imprimerie(self, imprimerie: Imprimerie) -> Self {
        let app = Arc::into_inner(self.app).expect("nobody else holds the platform");
        Self { app: Arc::new(Plateforme { imprimerie, ..app }), ..self }
    }

    /// The same, with session 2024 open.
    pub async fn with_session_2024(base: Base) -> Self {
        let t = Self::new(base).await;
        t.session_2024().await;
        t
    }

    /// Opens session 2024.
    pub async fn session_2024(&self) {
        app::sessions::ouvrir_session(&self.systeme(), 2024, None).await.unwrap();
        // Publication by the establishment alone; tests of the review put it back.
        self.controle_academique(false).await;
    }

    /// Whether the academic service reviews the courses of every session.
    pub async fn controle_academique(&self, oui: bool) {
        let valeur = if oui { "1" } else { "0" };
        self.sql(
            "UPDATE parametre SET valeur = $1 WHERE cle = 'controle_academique'",
            vec![valeur.to_owned().into()],
        )
        .await;
    }

    /// Context of the platform acting by itself, at the present instants.
    pub fn systeme(&self) -> Ctx {
        Ctx::systeme(&self.app, "essai", "commande")
    }

    /// The same, as a simulated campaign: it plays both of the two people that an act takes.
    pub fn simulation(&self) -> Ctx {
        Ctx { origine: domain::admission::ORIGINE_SIMULATION, ..self.systeme() }
    }

    /// Context of a person acting on screen.
    pub fn ctx(&self, acteur: domain::droits::Acteur) -> Ctx {
        Ctx { acteur, origine: "ecran", ..self.systeme() }
    }

    /// Moves the campaign's clock to a date and time in Paris.
    pub fn at(&self, quand: &str) {
        self.horloge.set_campagne(paris(quand));
    }

    /// Moves the campaign's clock to the opening of a step of the open session.
    pub async fn at_opening(&self, etape: Etape) {
        let session = app::sessions::courante(&self.app.db).await.unwrap();
        self.horloge.set_campagne(session.calendrier.fenetre(etape).unwrap().ouvre);
    }

    /// Moves the campaign's clock to the first instant after a step.
    pub async fn at_closing(&self, etape: Etape) {
        let session = app::sessions::courante(&self.app.db).await.unwrap();
        self.horloge.set_campagne(session.calendrier.fenetre(etape).unwrap().ferme);
    }

    /// The mails and SMS of the outbox, newest first. Every mail of ours ends with the same words.
    pub async fn envois(&self) -> Vec<store::messagerie::Envoi> {
        let envois = store::messagerie::list_envois(&self.app.db, &self.app.coffre, 100).await.unwrap();
        for e in envois.iter().filter(|e| e.canal == "courriel" && e.modele != "essai") {
            assert!(e.corps.ends_with(app::messages::PIED), "{} : {}", e.modele, e.corps);
        }
        envois
    }

    /// The entries of the journal that are not sealed yet, in their order.
    pub async fn journal(&self) -> Vec<store::journal::chaine::Ligne> {
        let tx = self.app.db.begin_write().await.unwrap();
        store::journal::chaine::to_seal(&tx, 10_000).await.unwrap()
    }

    /// A browser without a socket, not signed in.
    pub fn navigateur(&self) -> Navigateur {
        Navigateur::new(self.site())
    }

    /// The same behind a declared proxy, seen from this address.
    pub fn navigateur_depuis(&self, adresse: &str) -> Navigateur {
        Navigateur::new(self.site_behind(vec![std::net::Ipv4Addr::LOCALHOST.into()]))
            .with_header("x-forwarded-for", adresse)
    }

    fn site(&self) -> axum::Router {
        self.site.get_or_init(|| self.site_behind(Vec::new())).clone()
    }

    fn site_behind(&self, mandataires: Vec<std::net::IpAddr>) -> axum::Router {
        web::router(web::EtatWeb::new(web::Interne {
            app: Arc::clone(&self.app),
            site: web::layout::Site { demonstration: false, ..web::layout::Site::default() },
            mandataires,
            demo: None,
            mesures: None,
            https: false,
        }))
    }

    /// The eight digits of the last code sent, by mail or SMS.
    pub async fn code_recu(&self) -> String {
        let envois = self.envois().await;
        let corps = &envois.iter().find(|e| e.modele.starts_with("code_")).unwrap().corps;
        let mots: Vec<&str> =
            corps.split_whitespace().map(|m| m.trim_matches(|c: char| !c.is_ascii_digit())).collect();
        mots.windows(2).find(|m| m.iter().all(|x| x.len() == 4 && x.parse::<u32>().is_ok())).unwrap().concat()
    }

    /// A browser already signed in (second factor done) as an account.
    pub async fn navigateur_de(&self, compte: i64) -> Navigateur {
        let ctx = self.systeme();
        let reseau = self.app.coffre.fingerprint("reseau", "127.0.0.1");
        let ctx = Ctx { reseau, ..ctx };
        let navigateur = self.app.coffre.fingerprint("navigateur", navigateur::AGENT);
        let tx = ctx.begin().await.unwrap();
        let jeton = app::comptes::open_session(
            &tx,
            &ctx,
            compte,
            &navigateur,
            app::comptes::EtapeConnexion::Complete,
            Some((ctx.recu_ms(), domain::comptes::Moyen::Totp)),
        )
        .await
        .unwrap();
        tx.commit().await.unwrap();
        self.navigateur().with_cookie("session", &jeton)
    }
}
