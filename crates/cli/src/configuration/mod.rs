//! The one place of the configuration: read, checked whole at start, every fault told with its name and its place.

mod lecture;
pub mod table;

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use adapters::{FormatSms, Prise, ReglagesSms, ReglagesSmtp, SecuriteSmtp, SmsInvalide};
use anyhow::{Result, bail};
use app::limites::Limites;
use store::Dsn;
use web::layout::Identite;

use crate::ligne::Communes;
use lecture::Lecture;

/// Name of the file looked for in the data folder.
const FICHIER: &str = "parcoursup.toml";
const SQLITE: &str = "parcoursup.sqlite";

/// How much the logs say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Niveau {
    Erreur,
    Avertissement,
    Info,
    Detail,
}

/// Logs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Journaux {
    pub json: bool,
    pub niveau: Niveau,
}

/// How mails leave.
#[derive(Debug, Clone)]
pub enum Courriel {
    /// They stay in the outbox.
    Journal,
    Smtp(Relais),
}

/// The relay as declared; the password is read from its file when the platform is put together.
#[derive(Debug, Clone)]
pub struct Relais {
    pub hote: String,
    pub port: u16,
    pub securite: SecuriteSmtp,
    pub utilisateur: Option<String>,
    pub mot_de_passe: Option<PathBuf>,
    pub expediteur: String,
    pub repondre_a: Option<String>,
    pub delai: Duration,
}

impl Relais {
    /// Ready for the adapter.
    pub fn reglages(&self, mot_de_passe: Option<String>) -> ReglagesSmtp {
        ReglagesSmtp {
            hote: self.hote.clone(),
            port: self.port,
            securite: self.securite,
            identifiants: self.utilisateur.clone().zip(mot_de_passe),
            expediteur: self.expediteur.clone(),
            repondre_a: self.repondre_a.clone(),
            delai: self.delai,
        }
    }
}

/// The SMS gateway as declared; the secret is read from its file when the platform is put together.
#[derive(Debug, Clone)]
pub struct Passerelle {
    pub url: String,
    pub entetes: Vec<String>,
    pub format: FormatSms,
    pub corps: String,
    pub secret: Option<PathBuf>,
    pub delai: Duration,
}

impl Passerelle {
    /// Ready for the adapter.
    pub fn reglages(&self, secret: Option<String>) -> ReglagesSms {
        ReglagesSms {
            url: self.url.clone(),
            entetes: self.entetes.clone(),
            format: self.format,
            corps: self.corps.clone(),
            secret,
            delai: self.delai,
        }
    }
}

/// The supervision service as declared; the secret is read from its file when the platform is put together.
#[derive(Debug, Clone)]
pub struct Veille {
    pub url: String,
    pub secret: PathBuf,
    pub delai: Duration,
}

/// The antivirus as declared.
#[derive(Debug, Clone)]
pub struct Analyse {
    pub prise: Prise,
    pub delai: Duration,
}

/// Everything that is decided outside the program.
#[derive(Debug, Clone)]
pub struct Configuration {
    pub donnees: PathBuf,
    /// The file that was read, if any.
    pub fichier: Option<PathBuf>,
    /// `None`: not declared; `servir` needs it.
    pub adresse: Option<String>,
    pub ecoute: Vec<SocketAddr>,
    pub mandataires: Vec<IpAddr>,
    pub identite: Identite,
    pub base: Dsn,
    pub cles: PathBuf,
    pub fichiers: PathBuf,
    pub arret: Duration,
    pub journaux: Journaux,
    pub courriel: Courriel,
    /// `None`: no SMS leaves.
    pub sms: Option<Passerelle>,
    /// `None`: alarms leave by mail alone.
    pub supervision: Option<Veille>,
    /// Messages to programs may go to the machine itself.
    pub boucle_locale: bool,
    /// `None`: no document of reference can be deposited.
    pub antivirus: Option<Analyse>,
    /// The numbers of security, those of sessions as declared.
    pub limites: Limites,
    pub mesures: Vec<IpAddr>,
    /// Copy of the journal's signed heads.
    pub journal_tetes: PathBuf,
    pub sauvegarde_cle: Option<PathBuf>,
}

impl Configuration {
    /// Reads file, environment and options; refuses with every fault at once.
    ///
    /// # Errors
    /// The list of what is wrong, each with its place.
    pub fn lire(communes: &Communes, options: &[(&'static str, &'static str, String)]) -> Result<Self> {
        let donnees = communes.donnees();
        let fichier = communes.configuration.clone().unwrap_or_else(|| donnees.join(FICHIER));
        let texte = match std::fs::read_to_string(&fichier) {
            Ok(texte) => Some(texte),
            // A folder that does not exist, or cannot, has no file: what is wrong with it is told by who needs it.
            Err(e)
                if matches!(e.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory)
                    && communes.configuration.is_none() =>
            {
                None
            }
            Err(e) => bail!(
                "Le fichier de configuration {} ne se lit pas : {}.",
                fichier.display(),
                crate::phrases::cause_io(&e)
            ),
        };
        let mut options = options.to_vec();
        if let Some(base) = &communes.base {
            options.push(("base", "--base", base.clone()));
        }
        Self::assembler(
            &donnees,
            texte.as_deref().map(|t| (fichier.as_path(), t)),
            std::env::vars(),
            &options,
        )
    }

    /// The same from given texts.
    fn assembler(
        donnees: &Path,
        fichier: Option<(&Path, &str)>,
        environnement: impl IntoIterator<Item = (String, String)>,
        options: &[(&'static str, &'static str, String)],
    ) -> Result<Self> {
        let mut l = Lecture::new(fichier, environnement, options);
        let configuration = Self {
            donnees: donnees.to_owned(),
            fichier: fichier.map(|(chemin, _)| chemin.to_owned()),
            adresse: adresse(&mut l),
            ecoute: ecoute(&mut l),
            mandataires: l.liste("mandataires", "une adresse IP"),
            identite: l
                .choix("identite", &[("neutre", Identite::Neutre), ("etat", Identite::Etat)])
                .unwrap_or_default(),
            base: base(&mut l, donnees),
            cles: chemin(&mut l, "cles", donnees).unwrap_or_default(),
            fichiers: chemin(&mut l, "fichiers", donnees).unwrap_or_default(),
            arret: Duration::from_secs(l.entier("arret_s", 1..=300).unwrap_or(10)),
            journaux: Journaux {
                json: l.choix("journaux.format", &[("json", true), ("lisible", false)]).unwrap_or(true),
                niveau: l
                    .choix(
                        "journaux.niveau",
                        &[
                            ("erreur", Niveau::Erreur),
                            ("avertissement", Niveau::Avertissement),
                            ("info", Niveau::Info),
                            ("detail", Niveau::Detail),
                        ],
                    )
                    .unwrap_or(Niveau::Info),
            },
            courriel: courriel(&mut l, donnees),
            sms: sms(&mut l, donnees),
            supervision: supervision(&mut l, donnees),
            boucle_locale: l
                .choix("abonnements.boucle_locale", &[("non", false), ("oui", true)])
                .unwrap_or(false),
            antivirus: antivirus(&mut l),
            limites: limites(&mut l),
            mesures: l.liste("mesures.adresses", "une adresse IP"),
            journal_tetes: chemin(&mut l, "journal.tetes", donnees).unwrap_or_default(),
            sauvegarde_cle: chemin(&mut l, "sauvegarde.cle", donnees),
        };
        match l.fautes.as_slice() {
            [] => Ok(configuration),
            [une] => bail!("La configuration a une faute : {une}."),
            plusieurs => {
                bail!("La configuration a {} fautes :\n- {}", plusieurs.len(), plusieurs.join(" ;\n- "))
            }
        }
    }

    /// The public address, which a real server must know.
    ///
    /// # Errors
    /// When it is not declared.
    pub fn adresse_exigee(&self) -> Result<&str> {
        match &self.adresse {
            Some(a) => Ok(a),
            None => bail!(
                "Le réglage « adresse » manque : l’adresse publique du site, par exemple \
                 adresse = \"https://parcoursup.exemple.fr\" dans {}.",
                self.fichier_attendu().display()
            ),
        }
    }

    /// Where the file is, or would be.
    pub fn fichier_attendu(&self) -> PathBuf {
        self.fichier.clone().unwrap_or_else(|| self.donnees.join(FICHIER))
    }
}

fn chemin(l: &mut Lecture, nom: &'static str, donnees: &Path) -> Option<PathBuf> {
    l.texte(nom).map(|t| donnees.join(t))
}

fn adresse(l: &mut Lecture) -> Option<String> {
    let adresse = l.texte("adresse")?;
    let hote = adresse.strip_prefix("https://").or_else(|| adresse.strip_prefix("http://"));
    let Some(hote) = hote.filter(|h| !h.is_empty() && !h.contains(['/', '?', '#', '@', ' '])) else {
        l.refuse(
            "adresse",
            &format!("« {adresse} » n’est pas de la forme https://nom, sans barre ni chemin"),
        );
        return None;
    };
    let nom = hote.rsplit_once(':').map_or(hote, |(nom, _)| nom);
    if adresse.starts_with("http://") && !matches!(nom, "localhost" | "127.0.0.1" | "[::1]") {
        l.refuse("adresse", "le site public doit être en https : les mots de passe passent par là");
        return None;
    }
    Some(adresse)
}

fn ecoute(l: &mut Lecture) -> Vec<SocketAddr> {
    let avant = l.fautes.len();
    let adresses = l.liste("ecoute", "une adresse et un port (127.0.0.1:8080, [::1]:8080)");
    if adresses.is_empty() && l.fautes.len() == avant {
        l.refuse("ecoute", "au moins une adresse est attendue");
    }
    adresses
}

fn base(l: &mut Lecture, donnees: &Path) -> Dsn {
    match l.texte("base") {
        Some(t) if t.starts_with("postgres://") || t.starts_with("postgresql://") => Dsn::Postgres(t),
        Some(t) if t == "sqlite" => Dsn::Sqlite(donnees.join(SQLITE)),
        // The value is not repeated: it may hold a password.
        _ => {
            l.refuse("base", "« sqlite », ou une adresse postgres://… est attendue");
            Dsn::Sqlite(donnees.join(SQLITE))
        }
    }
}

fn courriel(l: &mut Lecture, donnees: &Path) -> Courriel {
    let smtp = l.choix("courriel.transport", &[("journal", false), ("smtp", true)]).unwrap_or(false);
    let port = l.entier("courriel.port", 1..=65_535).and_then(|p| u16::try_from(p).ok()).unwrap_or(587);
    let securite = l
        .choix(
            "courriel.securite",
            &[
                ("starttls", SecuriteSmtp::StartTls),
                ("tls", SecuriteSmtp::Tls),
                ("aucune", SecuriteSmtp::Aucune),
            ],
        )
        .unwrap_or(SecuriteSmtp::StartTls);
    let delai = Duration::from_secs(l.entier("courriel.delai_s", 1..=120).unwrap_or(20));
    let (hote, expediteur) = (l.texte("courriel.hote"), l.texte("courriel.expediteur"));
    let (utilisateur, repondre_a) = (l.texte("courriel.utilisateur"), l.texte("courriel.repondre_a"));
    let mot_de_passe = chemin(l, "courriel.mot_de_passe_fichier", donnees);
    if !smtp {
        return Courriel::Journal;
    }
    for (nom, absent) in [("courriel.hote", hote.is_none()), ("courriel.expediteur", expediteur.is_none())] {
        if absent {
            l.refuse(nom, "nécessaire quand courriel.transport = \"smtp\"");
        }
    }
    if utilisateur.is_some() != mot_de_passe.is_some() {
        l.refuse("courriel.utilisateur", "va avec courriel.mot_de_passe_fichier : les deux, ou aucun");
    }
    if securite == SecuriteSmtp::Aucune && utilisateur.is_some() {
        l.refuse(
            "courriel.securite",
            "un mot de passe ne voyage pas en clair : choisir « starttls » ou « tls »",
        );
    }
    let relais = Relais {
        hote: hote.unwrap_or_default(),
        port,
        securite,
        utilisateur,
        mot_de_passe,
        expediteur: expediteur.unwrap_or_default(),
        repondre_a,
        delai,
    };
    // The adapter knows what an address is.
    for (nom, adresse) in [
        ("courriel.expediteur", Some(&relais.expediteur)),
        ("courriel.repondre_a", relais.repondre_a.as_ref()),
    ] {
        if let Some(Err(e)) = adresse.filter(|a| !a.is_empty()).map(|a| adapters::check_adresse(a)) {
            l.refuse(nom, &e.to_string());
        }
    }
    Courriel::Smtp(relais)
}

fn antivirus(l: &mut Lecture) -> Option<Analyse> {
    let delai = Duration::from_secs(l.entier("antivirus.delai_s", 1..=120).unwrap_or(20));
    let texte = l.texte("antivirus.prise")?;
    let prise = if let Some(adresse) = texte.strip_prefix("tcp:") {
        let port = adresse
            .rsplit_once(':')
            .is_some_and(|(hote, port)| !hote.is_empty() && port.parse::<u16>().is_ok_and(|p| p > 0));
        port.then(|| Prise::Reseau(adresse.to_owned()))
    } else {
        let chemin = texte.strip_prefix("unix:").map(PathBuf::from);
        chemin.filter(|c| c.is_absolute()).map(Prise::Fichier)
    };
    if prise.is_none() {
        l.refuse("antivirus.prise", "« unix:/chemin/absolu » ou « tcp:hôte:port » est attendu");
    }
    Some(Analyse { prise: prise?, delai })
}

fn sms(l: &mut Lecture, donnees: &Path) -> Option<Passerelle> {
    let entetes = l.liste("sms.entetes", "un en-tête");
    let format = l
        .choix("sms.format", &[("json", FormatSms::Json), ("formulaire", FormatSms::Formulaire)])
        .unwrap_or(FormatSms::Json);
    let corps = l.texte("sms.corps").unwrap_or_default();
    let secret = chemin(l, "sms.secret_fichier", donnees);
    let delai = Duration::from_secs(l.entier("sms.delai_s", 1..=60).unwrap_or(10));
    let passerelle = Passerelle { url: l.texte("sms.url")?, entetes, format, corps, secret, delai };
    // The adapter knows what a gateway is.
    if let Err(e) = adapters::check_sms(&passerelle.reglages(None)) {
        let nom = match e {
            SmsInvalide::Entete(_) => "sms.entetes",
            SmsInvalide::Corps => "sms.corps",
            SmsInvalide::Url(_) | SmsInvalide::Client(_) => "sms.url",
        };
        l.refuse(nom, &e.to_string());
    }
    Some(passerelle)
}

fn supervision(l: &mut Lecture, donnees: &Path) -> Option<Veille> {
    let secret = chemin(l, "supervision.secret_fichier", donnees);
    let delai = Duration::from_secs(l.entier("supervision.delai_s", 1..=60).unwrap_or(10));
    let url = l.texte("supervision.url")?;
    if let Err(e) = adapters::check_supervision(&url) {
        l.refuse("supervision.url", &e.to_string());
    }
    let Some(secret) = secret else {
        l.refuse("supervision.secret_fichier", "une alarme part signée : le fichier du secret est attendu");
        return None;
    };
    Some(Veille { url, secret, delai })
}

/// Beyond, a ceiling is none: what a test or a demonstration asks for.
const DEBIT: u64 = 1_000_000;

fn limites(l: &mut Lecture) -> Limites {
    let defaut = Limites::default();
    let memoire = l.entier("mots_de_passe.memoire_kio", 8..=1_048_576).and_then(|n| u32::try_from(n).ok());
    let passes = l.entier("mots_de_passe.passes", 1..=20).and_then(|n| u32::try_from(n).ok());
    let nombre = |l: &mut Lecture, nom: &'static str, sinon: u32| {
        l.entier(nom, 1..=DEBIT).and_then(|n| u32::try_from(n).ok()).unwrap_or(sinon)
    };
    let recherches_par_minute = nombre(l, "debits.recherches", defaut.recherches_par_minute);
    let reponses_par_minute = nombre(l, "debits.reponses", defaut.reponses_par_minute);
    let lectures_api = nombre(l, "debits.lectures_api", defaut.lectures_api);
    let ecritures_api = nombre(l, "debits.ecritures_api", defaut.ecritures_api);
    let bacs_a_sable_par_jour =
        l.entier("interfaces.bacs_a_sable", 1..=DEBIT).and_then(|n| i64::try_from(n).ok());
    let imports_par_heure = nombre(l, "debits.imports", defaut.imports_par_heure);
    let exports_simultanes =
        l.entier("debits.exports_simultanes", 1..=64).and_then(|n| usize::try_from(n).ok());
    let exports = l.deux("debits.exports", 1..=1_000, "par heure, puis par jour");
    let rafale = |l: &mut Lecture, nom: &'static str, sinon: (u32, u32)| {
        l.deux(nom, 1..=DEBIT as i64, "par minute, puis d’affilée")
            .and_then(|(a, b)| Some((u32::try_from(a).ok()?, u32::try_from(b).ok()?)))
            .unwrap_or(sinon)
    };
    let secondes =
        |l: &mut Lecture, nom: &'static str, max: u64, sinon: u64| l.entier(nom, 1..=max).unwrap_or(sinon);
    let places = |l: &mut Lecture, nom: &'static str, sinon: usize| {
        l.entier(nom, 1..=DEBIT).and_then(|n| usize::try_from(n).ok()).unwrap_or(sinon)
    };
    let pages = rafale(l, "debits.pages", defaut.pages);
    let ecritures = rafale(l, "debits.ecritures", defaut.ecritures);
    let brouillons_par_minute = rafale(l, "debits.brouillons", defaut.brouillons_par_minute);
    let defaut = Limites {
        entetes_s: secondes(l, "delais.entetes_s", 300, defaut.entetes_s),
        corps_s: secondes(l, "delais.corps_s", 600, defaut.corps_s),
        corps_octets_s: l.entier("delais.corps_kio_s", 1..=DEBIT).map_or(defaut.corps_octets_s, |n| n * 1024),
        reponse_s: secondes(l, "delais.reponse_s", 300, defaut.reponse_s),
        reponse_longue_s: secondes(l, "delais.reponse_longue_s", 3_600, defaut.reponse_longue_s),
        sql_ecran_s: secondes(l, "delais.sql_s", 300, defaut.sql_ecran_s),
        connexions: places(l, "connexions.total", defaut.connexions),
        connexions_par_adresse: places(l, "connexions.par_adresse", defaut.connexions_par_adresse),
        connexions_en_file: places(l, "connexions.file", defaut.connexions_en_file),
        ..defaut
    };
    let coeurs = l.entier("mots_de_passe.coeurs", 0..=256).and_then(|n| usize::try_from(n).ok());
    let courtoisie = l.entier("mots_de_passe.courtoisie", 0..=19).and_then(|n| i32::try_from(n).ok());
    let mut lit = |nom: &'static str, sinon| l.durees(nom).unwrap_or(sinon);
    Limites {
        pages,
        ecritures,
        brouillons_par_minute,
        recherches_par_minute,
        reponses_par_minute,
        lectures_api,
        ecritures_api,
        bacs_a_sable_par_jour: bacs_a_sable_par_jour.unwrap_or(defaut.bacs_a_sable_par_jour),
        imports_par_heure,
        exports_simultanes: exports_simultanes.unwrap_or(defaut.exports_simultanes),
        exports_par_heure: exports.map_or(defaut.exports_par_heure, |(heure, _)| heure),
        exports_par_jour: exports.map_or(defaut.exports_par_jour, |(_, jour)| jour),
        session_nationale: lit("sessions.nationale", defaut.session_nationale),
        session_etablissement: lit("sessions.etablissement", defaut.session_etablissement),
        session_candidat: lit("sessions.candidat", defaut.session_candidat),
        hachage_memoire_kio: memoire.unwrap_or(defaut.hachage_memoire_kio),
        hachage_passes: passes.unwrap_or(defaut.hachage_passes),
        hachage_coeurs: coeurs.unwrap_or(defaut.hachage_coeurs),
        hachage_courtoisie: courtoisie.unwrap_or(defaut.hachage_courtoisie),
        ..defaut
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lit(texte: &str, env: &[(&str, &str)]) -> Result<Configuration> {
        let env: Vec<(String, String)> =
            env.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
        Configuration::assembler(Path::new("/d"), Some((Path::new("/d/parcoursup.toml"), texte)), env, &[])
    }

    fn fautes(texte: &str, env: &[(&str, &str)]) -> String {
        lit(texte, env).unwrap_err().to_string()
    }

    #[test]
    fn without_a_file_every_default_holds() {
        let c = lit("", &[]).unwrap();
        assert_eq!(c.ecoute, ["127.0.0.1:8080".parse().unwrap()]);
        assert_eq!(c.base, Dsn::Sqlite("/d/parcoursup.sqlite".into()));
        assert_eq!(c.cles, Path::new("/d/cles.toml"));
        assert_eq!(c.mesures.len(), 2);
        assert!(c.adresse.is_none() && c.adresse_exigee().unwrap_err().to_string().contains("« adresse »"));
    }

    #[test]
    fn the_example_as_printed_is_accepted() {
        assert!(lit(&table::exemple(), &[]).is_ok());
    }

    #[test]
    fn ses_2_the_durations_of_sessions_are_settings() {
        let c = lit("[sessions]\nnationale = [10, 4]", &[("PARCOURSUP_SESSIONS_CANDIDAT", "60, 6")]).unwrap();
        assert_eq!(c.limites.session_nationale, (10, 4));
        assert_eq!(c.limites.session_etablissement, (30, 12));
        assert_eq!(c.limites.session_candidat, (60, 6));
        assert_eq!(lit("", &[]).unwrap().limites, Limites::default(), "the table of settings says the same");
    }

    #[test]
    fn ceilings_are_settings() {
        let c = lit(
            "[debits]\npages = [60, 20]\nimports = 3\nexports = [2, 8]",
            &[("PARCOURSUP_DEBITS_ECRITURES", "9, 5"), ("PARCOURSUP_DEBITS_EXPORTS_SIMULTANES", "1")],
        )
        .unwrap();
        let attendues = Limites {
            pages: (60, 20),
            ecritures: (9, 5),
            imports_par_heure: 3,
            exports_par_heure: 2,
            exports_par_jour: 8,
            exports_simultanes: 1,
            ..Limites::default()
        };
        assert_eq!(c.limites, attendues);
    }

    #[test]
    fn the_environment_wins_over_the_file_and_lists_use_commas() {
        let c = lit(
            "ecoute = [\"127.0.0.1:1\"]\n[courriel]\nport = 25",
            &[
                ("PARCOURSUP_ECOUTE", "127.0.0.1:2, [::1]:3"),
                ("HOME", "/"),
                ("PARCOURSUP_TEST_POSTGRES", "x"),
            ],
        )
        .unwrap();
        assert_eq!(c.ecoute.len(), 2);
    }

    #[test]
    fn each_fault_names_its_setting_and_its_place() {
        for (texte, attendu) in [
            ("adresse = \"http://parcoursup.exemple.fr\"", "« adresse » (dans /d/parcoursup.toml)"),
            ("adresse = \"https://a.fr/chemin\"", "sans barre ni chemin"),
            ("ecoute = [\"8080\"]", "« 8080 » n’est pas une adresse et un port"),
            ("ecoute = []", "au moins une adresse"),
            ("ecoute = 3", "une liste de textes"),
            ("identite = \"autre\"", "choisir « neutre », « etat »"),
            ("base = \"mysql://s3cr3t\"", "« base »"),
            ("arret_s = 0", "de 1 à 300"),
            ("arret_s = \"dix\"", "de 1 à 300"),
            ("adress = \"x\"", "vouliez-vous dire « adresse » ?"),
            ("[courriel]\ntransport = \"smtp\"", "courriel.expediteur"),
            ("[courriel]\nport = 70000", "de 1 à 65535"),
            ("[sms]\nurl = \"http://sms.exemple.fr\"", "« sms.url »"),
            ("[sms]\nurl = \"https://s.fr\"\ncorps = \"x\"", "{destinataire}"),
            ("[sms]\nurl = \"https://s.fr\"\nentetes = [\"s3cr3t\"]", "« sms.entetes »"),
            ("[supervision]\nurl = \"http://veille.exemple.fr\"", "« supervision.url »"),
            ("[antivirus]\nprise = \"/run/clamav/clamd.ctl\"", "« antivirus.prise »"),
            ("[antivirus]\nprise = \"tcp:antivirus\"", "« antivirus.prise »"),
            ("[supervision]\nurl = \"https://veille.exemple.fr\"", "« supervision.secret_fichier »"),
            ("[mots_de_passe]\nmemoire_kio = 1", "de 8 à 1048576"),
            ("[debits]\npages = [120]", "par minute, puis d’affilée"),
            ("[debits]\necritures = [0, 10]", "« debits.ecritures »"),
            ("[debits]\nrecherches = 0", "de 1 à 1000000"),
            ("[mots_de_passe]\ncourtoisie = 20", "de 0 à 19"),
            ("[sessions]\nnationale = [15]", "« sessions.nationale »"),
            ("[sessions]\ncandidat = [0, 12]", "« sessions.candidat »"),
            ("[sessions]\ncandidat = [120, 1]", "« sessions.candidat »"),
            ("a b", "ligne 1"),
            ("\n\nx =", "ligne 3"),
            (
                "[courriel]\ntransport = \"smtp\"\nhote = \"r\"\nexpediteur = \"personne\"",
                "« personne » n’est pas une adresse de messagerie",
            ),
            (
                "[courriel]\ntransport = \"smtp\"\nhote = \"r\"\nexpediteur = \"a@b.fr\"\nutilisateur = \"u\"",
                "les deux, ou aucun",
            ),
        ] {
            let dit = fautes(texte, &[]);
            assert!(dit.contains(attendu), "{texte} → {dit}");
            assert!(!dit.contains("s3cr3t"), "{dit}");
        }
        assert!(fautes("", &[("PARCOURSUP_COURRIEL_HOTES", "x")]).contains("« courriel.hote »"));
        assert!(fautes("arret_s = 0\nidentite = \"x\"", &[]).starts_with("La configuration a 2 fautes"));
    }
}
