//! Puts the platform together from its configuration.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use adapters::{
    AntivirusAbsent, AntivirusDemonstration, Clamd, CourrielJournal, DepotDisque, LivreurHttp, PasserelleSms,
    ReglagesSupervision, SmsAbsent, Smtp, Supervision, SupervisionAbsente, TemoinFichier,
};
use anyhow::{Context, Result, bail};
use app::comptes::Bassin;
use app::debits::Debits;
use app::documents::Imprimerie;
use app::limites::Limites;
use app::ports::{AleaSysteme, Antivirus, Horloge, HorlogeSysteme, Livreur, Transporteur};
use app::{Ctx, Mode, Plateforme, messages};
use documents::Typographe;
use domain::calendrier::Gel;
use store::{Db, Dsn};

use crate::cles::{Cles, lire_prive};
use crate::configuration::{Configuration, Courriel, Passerelle, Relais, Veille};
use crate::phrases;

/// Address used by commands that write no mail, when none is declared.
const ADRESSE_LOCALE: &str = "http://localhost:8080";

/// Opens the database of the configuration. A SQLite file must be there: a command never creates an empty one by
/// mistake.
///
/// # Errors
/// One sentence, with what to do.
pub async fn ouvrir_base(c: &Configuration, creer: bool) -> Result<Db> {
    if let Dsn::Sqlite(chemin) = &c.base
        && !creer
        && !chemin.exists()
    {
        bail!(
            "Il n’y a pas de base dans {} : « parcoursup migrer » la crée, « --donnees DOSSIER » en désigne une autre.",
            c.donnees.display()
        );
    }
    match Db::open_for_screens(&c.base, Duration::from_secs(c.limites.sql_ecran_s)).await {
        Ok(db) => Ok(db),
        Err(e) => match &c.base {
            Dsn::Sqlite(chemin) => {
                bail!("La base {} ne s’ouvre pas : {}", chemin.display(), phrases::base(&e))
            }
            Dsn::Postgres(url) => bail!("La base {} ne répond pas : {}", sans_secret(url), phrases::base(&e)),
        },
    }
}

/// The address of a database without its password.
pub fn sans_secret(url: &str) -> String {
    match url.split_once("://").and_then(|(p, reste)| reste.rsplit_once('@').map(|(q, hote)| (p, q, hote))) {
        Some((protocole, qui, hote)) => {
            let utilisateur = qui.split(':').next().unwrap_or("");
            format!("{protocole}://{utilisateur}@{hote}")
        }
        None => url.to_owned(),
    }
}

/// The keys of the configuration.
///
/// # Errors
/// When they are missing, readable by others, weak, or those of a demonstration.
pub fn lire_cles(c: &Configuration, mode: Mode) -> Result<Cles> {
    let cles = Cles::lire(&c.cles)?;
    if cles.demonstration && mode == Mode::Production {
        bail!(
            "Le fichier de clés {} est celui d’une démonstration : un vrai service a les siennes \
             (« parcoursup cles creer », avec le réglage « cles » ou un autre dossier de données).",
            c.cles.display()
        );
    }
    Ok(cles)
}

/// The relay, with its password.
///
/// # Errors
/// When the file of the password cannot be read.
pub fn relais(r: &Relais) -> Result<Smtp> {
    let mot_de_passe = r
        .mot_de_passe
        .as_deref()
        .map(|chemin| {
            secret(
                chemin,
                "le fichier du mot de passe du relais",
                "créez-le, ou ôtez courriel.mot_de_passe_fichier",
            )
        })
        .transpose()?;
    Smtp::new(&r.reglages(mot_de_passe)).context("Le relais de courriel ne convient pas")
}

/// The first line of a file that only its owner reads.
fn secret(chemin: &Path, quoi: &str, conseil: &str) -> Result<String> {
    let texte = lire_prive(chemin, quoi, conseil)?;
    Ok(texte.lines().next().unwrap_or("").trim().to_owned())
}

/// The SMS gateway, with its secret.
///
/// # Errors
/// When the file of the secret cannot be read.
pub fn passerelle(p: &Passerelle) -> Result<PasserelleSms> {
    let secret = p
        .secret
        .as_deref()
        .map(|chemin| {
            secret(
                chemin,
                "le fichier du secret de la passerelle SMS",
                "créez-le, ou ôtez sms.secret_fichier",
            )
        })
        .transpose()?;
    PasserelleSms::new(p.reglages(secret)).context("La passerelle SMS ne convient pas")
}

/// Cores of this machine.
pub fn coeurs() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

/// The supervision service, with its secret.
///
/// # Errors
/// When the file of the secret cannot be read, or holds too short a one.
pub fn supervision(v: &Veille) -> Result<Supervision> {
    let secret = secret(
        &v.secret,
        "le fichier du secret de la supervision",
        "créez-le, ou ôtez supervision.url et supervision.secret_fichier",
    )?;
    Supervision::new(ReglagesSupervision { url: v.url.clone(), secret, delai: v.delai })
        .context("Le service de supervision ne convient pas")
}

/// The whole platform.
///
/// # Errors
/// One sentence, with what to do.
pub async fn monter(c: &Configuration, mode: Mode, horloge: Arc<HorlogeSysteme>) -> Result<Arc<Plateforme>> {
    let cles = lire_cles(c, mode)?;
    let courriel: Arc<dyn Transporteur> = match (&c.courriel, mode) {
        // A demonstration writes to nobody.
        (_, Mode::Demo) | (Courriel::Journal, _) => Arc::new(CourrielJournal),
        (Courriel::Smtp(r), Mode::Production) => Arc::new(relais(r)?),
    };
    let sms: Arc<dyn Transporteur> = match (&c.sms, mode) {
        (_, Mode::Demo) => Arc::new(CourrielJournal),
        (None, Mode::Production) => Arc::new(SmsAbsent),
        (Some(p), Mode::Production) => Arc::new(passerelle(p)?),
    };
    let antivirus: Arc<dyn Antivirus> = match (&c.antivirus, mode) {
        (Some(a), _) => Arc::new(Clamd::new(a.prise.clone(), a.delai)),
        (None, Mode::Demo) => Arc::new(AntivirusDemonstration),
        (None, Mode::Production) => Arc::new(AntivirusAbsent),
    };
    let supervision: Arc<dyn Transporteur> = match &c.supervision {
        None => Arc::new(SupervisionAbsente),
        Some(v) => Arc::new(supervision(v)?),
    };
    let livreur = LivreurHttp::new(c.boucle_locale || mode == Mode::Demo)
        .context("Les messages aux logiciels ne peuvent pas être préparés")?;
    let livreur: Arc<dyn Livreur> = Arc::new(livreur);
    let (memoire, passes) = (Limites::HACHAGE_PLANCHER_KIO, Limites::HACHAGE_PLANCHER_PASSES);
    let faible = c.limites.hachage_memoire_kio < memoire || c.limites.hachage_passes < passes;
    if mode == Mode::Production && faible {
        bail!(
            "Les réglages « mots_de_passe » sont sous le plancher de {memoire} Kio et {passes} passes : seule une démonstration l’admet."
        );
    }
    let db = ouvrir_base(c, false).await?;
    let secrets = cles.secrets();
    let limites = c.limites.clone();
    let horloge: Arc<dyn Horloge> = horloge;
    Ok(Arc::new(Plateforme {
        carnet: app::interfaces::Carnet::default(),
        reperes: app::formations::Reperes::default(),
        relues: app::formations::Relues::default(),
        db,
        coffre: cles.coffre()?,
        hachage: Bassin::new(coeurs(), &limites, secrets.poivre)?,
        debits: Arc::new(Debits::new(&limites, &horloge)),
        secrets,
        horloge,
        alea: Arc::new(AleaSysteme),
        courriel,
        sms,
        supervision,
        livreur,
        depot: Arc::new(DepotDisque::new(&c.fichiers)),
        antivirus,
        temoin: Arc::new(TemoinFichier::new(&c.journal_tetes)),
        imprimerie: Imprimerie::new(Arc::new(Typographe), coeurs()),
        limites,
        mode,
        adresse: c.adresse.clone().unwrap_or_else(|| ADRESSE_LOCALE.to_owned()),
    }))
}

/// The platform of a command that works beside a running server: production or demonstration, as its keys say; in a
/// demonstration, at the date of its campaign.
///
/// # Errors
/// As [`monter`], and when migrations are missing.
pub async fn monter_pour_commande(c: &Configuration) -> Result<Arc<Plateforme>> {
    let mode = if Cles::lire(&c.cles)?.demonstration { Mode::Demo } else { Mode::Production };
    let horloge = Arc::new(HorlogeSysteme::default());
    let app = monter(c, mode, Arc::clone(&horloge)).await?;
    exiger_migree(&app).await?;
    if mode == Mode::Demo {
        horloge.set_decalage_ms(app::demonstration::load_decalage(&app.db).await?);
    }
    Ok(app)
}

/// Refuses a database whose schema is not this program's.
///
/// # Errors
/// With the number of missing migrations, and the freeze in which they wait.
pub async fn exiger_migree(app: &Plateforme) -> Result<()> {
    let n = app.db.pending_migrations().await?;
    if n == 0 {
        return Ok(());
    }
    if let Some(gel) = gel_de_livraison(&app.db, n, app.mode == Mode::Demo).await? {
        bail!(livraison_gelee(&gel));
    }
    bail!("La base attend {n} migration(s) : lancez « parcoursup migrer », puis recommencez.")
}

/// R-CAL-11 (RUN-6): the freeze that stops a delivery, given how many migrations wait. A new database and a demonstration
/// are never stopped.
///
/// # Errors
/// When the database cannot be read.
pub async fn gel_de_livraison(db: &Db, attendues: usize, demonstration: bool) -> Result<Option<Gel>> {
    if demonstration || attendues == 0 || attendues >= Db::MIGRATIONS {
        return Ok(None);
    }
    Ok(app::sessions::gel_ouvert(db, HorlogeSysteme::default().maintenant()).await?)
}

/// What is said of a delivery in a freeze: which date, until when, what to do.
pub fn livraison_gelee(gel: &Gel) -> String {
    format!(
        "{} D’ici là, aucune version ne se livre sur cette base : gardez celle qui tournait. S’il le faut vraiment, deux personnes de \
         l’équipe nationale valident : « parcoursup migrer --malgre-le-gel ADRESSE --malgre-le-gel ADRESSE », avec l’adresse du \
         compte de chacune ; elles en sont prévenues, et c’est au journal.",
        messages::gel(gel)
    )
}

/// Context of a command.
pub fn contexte(app: &Arc<Plateforme>) -> Ctx {
    Ctx::systeme(app, "ligne de commande", "commande")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_never_show() {
        assert_eq!(sans_secret("postgres://u:s3cret@h:5432/b"), "postgres://u@h:5432/b");
        assert_eq!(sans_secret("postgres://u:s@cret@h/b"), "postgres://u@h/b");
        assert_eq!(sans_secret("postgres://h/b"), "postgres://h/b");
    }
}
