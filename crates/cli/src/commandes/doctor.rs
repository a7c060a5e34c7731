//! `parcoursup doctor`: what is wrong, and how to mend it.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use app::Mode;
use app::comptes::Bassin;
use app::exploitation::{Sante, sante};
use app::ports::{AleaSysteme, HorlogeSysteme, Message, Transporteur};
use domain::comptes::Role;
use serde::Serialize;
use store::{Alea, Dsn, VerrouServeur};

use crate::cles::Cles;
use crate::configuration::{Configuration, Courriel};
use crate::ligne::Communes;
use crate::{montage, phrases};

/// Options of `doctor`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Envoyer un courriel d’essai à cette adresse
    #[arg(long, value_name = "ADRESSE")]
    envoyer: Option<String>,
    /// Mesurer pendant ces secondes combien de mots de passe la machine hache
    #[arg(long, value_name = "SECONDES", value_parser = clap::value_parser!(u64).range(1..=60))]
    hachage: Option<u64>,
    /// Répondre en JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Etat {
    Bon,
    Attention,
    Faute,
}

/// One thing looked at.
#[derive(Debug, Serialize)]
struct Point {
    nom: &'static str,
    etat: Etat,
    constat: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    remede: Option<String>,
}

#[derive(Default)]
struct Bilan(Vec<Point>);

impl Bilan {
    fn bon(&mut self, nom: &'static str, constat: impl Into<String>) {
        self.0.push(Point { nom, etat: Etat::Bon, constat: constat.into(), remede: None });
    }

    fn note(&mut self, nom: &'static str, etat: Etat, constat: impl Into<String>, remede: impl Into<String>) {
        self.0.push(Point { nom, etat, constat: constat.into(), remede: Some(remede.into()) });
    }

    fn faute(&mut self, nom: &'static str, constat: impl Into<String>, remede: impl Into<String>) {
        self.note(nom, Etat::Faute, constat, remede);
    }
}

/// Free space below which the next backup or the next evening is at risk.
const ESPACE_FAUTE: u64 = 512 * 1024 * 1024;
const ESPACE_ATTENTION: u64 = 5 * 1024 * 1024 * 1024;
/// A message that waits longer than this is late.
const RETARD_S: i64 = 15 * 60;

pub async fn run(communes: &Communes, args: &Args) -> Result<ExitCode> {
    let mut bilan = Bilan::default();
    match Configuration::lire(communes, &[]) {
        Err(e) => bilan.faute(
            "configuration",
            phrases::erreur(&e),
            "corrigez le fichier ou l’environnement ; « parcoursup configuration exemple » montre chaque réglage",
        ),
        Ok(c) => examiner(&mut bilan, &c, args).await,
    }
    let fautes = bilan.0.iter().filter(|p| p.etat == Etat::Faute).count();
    if args.json {
        println!("{}", serde_json::to_string_pretty(&bilan.0)?);
    } else {
        for p in &bilan.0 {
            let mot = match p.etat {
                Etat::Bon => "bon      ",
                Etat::Attention => "ATTENTION",
                Etat::Faute => "FAUTE    ",
            };
            println!("{mot}  {} : {}", p.nom, p.constat);
            if let Some(remede) = &p.remede {
                println!("           → {remede}");
            }
        }
        let attentions = bilan.0.iter().filter(|p| p.etat == Etat::Attention).count();
        println!("{fautes} faute(s), {attentions} point(s) à surveiller.");
    }
    Ok(if fautes == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn examiner(bilan: &mut Bilan, c: &Configuration, args: &Args) {
    match &c.fichier {
        Some(f) => bilan.bon("configuration", format!("lue dans {}", f.display())),
        None => bilan.bon("configuration", "valeurs par défaut et environnement"),
    }
    let demonstration = cles(bilan, c);
    if c.adresse.is_none() && !demonstration {
        bilan.faute(
            "adresse publique",
            "non déclarée : « servir » refusera de démarrer",
            "ajoutez adresse = \"https://…\" à la configuration",
        );
    }
    dossier(bilan, "dossier des données", &c.donnees);
    serveur(bilan, c);
    base(bilan, c, demonstration).await;
    courriel(bilan, c, args.envoyer.as_deref()).await;
    if let Some(secondes) = args.hachage {
        hachage(bilan, c, secondes).await;
    }
}

/// MDP-6: what signing in costs on this machine, at the cost declared.
async fn hachage(bilan: &mut Bilan, c: &Configuration, secondes: u64) {
    let l = &c.limites;
    let debit = match Bassin::new(montage::coeurs(), l, [0; 32]) {
        Ok(bassin) => bassin.bare_rate(Duration::from_secs(secondes)).await.map(|n| (n, bassin.coeurs())),
        Err(e) => Err(e),
    };
    match debit {
        Ok((n, coeurs)) => bilan.bon(
            "hachage",
            format!(
                "{n:.1} mots de passe à la seconde ({} Kio, {} passes, {coeurs} cœur(s) sur {})",
                l.hachage_memoire_kio,
                l.hachage_passes,
                montage::coeurs()
            ),
        ),
        Err(e) => bilan.faute("hachage", e.to_string(), "revoyez les réglages « mots_de_passe »"),
    }
}

/// Gives whether these are the keys of a demonstration.
fn cles(bilan: &mut Bilan, c: &Configuration) -> bool {
    match Cles::lire(&c.cles) {
        Ok(cles) => {
            let versions = cles.versions();
            let numeros: Vec<String> = versions.iter().map(ToString::to_string).collect();
            let constat = format!(
                "{} : version(s) {} du {}, lisibles par leur seul propriétaire",
                c.cles.display(),
                numeros.join(", "),
                cles.creees_le
            );
            if cles.demonstration {
                bilan.note(
                    "clés",
                    Etat::Attention,
                    format!("{constat} ; ce sont celles d’une démonstration"),
                    "pour un vrai service : « parcoursup cles creer » dans un autre dossier de données",
                );
            } else {
                bilan.bon("clés", constat);
            }
            cles.demonstration
        }
        Err(e) => {
            bilan.faute("clés", phrases::erreur(&e), "sans elles la base ne se lit pas : reprenez leur copie, ou créez-les sur une installation neuve");
            false
        }
    }
}

fn dossier(bilan: &mut Bilan, nom: &'static str, chemin: &Path) {
    let metadonnees = match fs::metadata(chemin) {
        Ok(m) => m,
        Err(e) => {
            let remede =
                "créez-le (il appartient à l’utilisateur du service), ou donnez le bon par --donnees";
            return bilan.faute(nom, format!("{} : {}", chemin.display(), phrases::cause_io(&e)), remede);
        }
    };
    if let Err(e) = tempfile::tempfile_in(chemin) {
        return bilan.faute(
            nom,
            format!("{} ne peut pas être écrit : {}", chemin.display(), phrases::cause_io(&e)),
            format!("donnez-le à l’utilisateur du service : chown -R parcoursup {}", chemin.display()),
        );
    }
    if metadonnees.permissions().mode() & 0o007 != 0 {
        bilan.note(
            nom,
            Etat::Attention,
            format!("{} est ouvert à tous les utilisateurs de la machine", chemin.display()),
            format!("chmod o-rwx {}", chemin.display()),
        );
    } else {
        bilan.bon(nom, format!("{} s’écrit", chemin.display()));
    }
    if let Ok(disque) = rustix::fs::statvfs(chemin) {
        let libre = disque.f_bavail.saturating_mul(disque.f_frsize);
        let constat = format!("{} Mo libres", libre / (1024 * 1024));
        let remede = "agrandissez le disque ou libérez-en : plein, il arrête toutes les écritures";
        match libre {
            0..ESPACE_FAUTE => bilan.faute("disque", constat, remede),
            ESPACE_FAUTE..ESPACE_ATTENTION => bilan.note("disque", Etat::Attention, constat, remede),
            _ => bilan.bon("disque", constat),
        }
    }
}

fn serveur(bilan: &mut Bilan, c: &Configuration) {
    if let Dsn::Postgres(_) = c.base {
        return;
    }
    match VerrouServeur::take(&c.donnees) {
        Ok(Some(_)) => bilan.bon("serveur", "aucun ne tourne sur ces données"),
        Ok(None) => bilan.bon("serveur", "un serveur tourne sur ces données"),
        // Told by the folder's own point.
        Err(_) => {}
    }
}

async fn base(bilan: &mut Bilan, c: &Configuration, demonstration: bool) {
    let db = match montage::ouvrir_base(c, false).await {
        Ok(db) => db,
        Err(e) => {
            let remede = match &c.base {
                Dsn::Sqlite(_) => "« parcoursup migrer » crée la base d’une installation neuve",
                Dsn::Postgres(_) => {
                    "le service PostgreSQL tourne-t-il, l’adresse et les droits sont-ils les bons ?"
                }
            };
            return bilan.faute("base", phrases::erreur(&e), remede);
        }
    };
    match db.pending_migrations().await {
        Ok(0) => bilan.bon("base", "joignable, au niveau de ce programme"),
        Ok(n) => {
            return bilan.faute(
                "base",
                format!("{n} migration(s) à appliquer"),
                "sauvegardez, puis « parcoursup migrer »",
            );
        }
        Err(e) => {
            return bilan.faute(
                "base",
                phrases::base(&e),
                "vérifiez les droits de l’utilisateur sur la base",
            );
        }
    }
    match store::exploitation::comptes_du_role(&db, Role::AdminNational.code()).await {
        Ok(0) => bilan.note(
            "équipe nationale",
            Etat::Attention,
            "aucun compte",
            "« parcoursup compte creer-administrateur » crée le premier",
        ),
        Ok(1) => bilan.note(
            "équipe nationale",
            Etat::Attention,
            "un seul compte : un passage se calcule et se publie par deux personnes",
            "« parcoursup compte creer-administrateur » en crée un second",
        ),
        Ok(n) => bilan.bon("équipe nationale", format!("{n} comptes")),
        Err(e) => bilan.faute("équipe nationale", phrases::base(&e), "vérifiez la base"),
    }
    drop(db);
    let mode = if demonstration { Mode::Demo } else { Mode::Production };
    // Keys and mail have their own points: what fails here has been told.
    if let Ok(app) = montage::monter(c, mode, Arc::new(HorlogeSysteme::default())).await {
        attentes(bilan, &sante(&app).await);
    }
}

fn attentes(bilan: &mut Bilan, s: &Sante) {
    match s.ecart_horloge_ms {
        None => bilan.bon("horloge", "base sur la même machine"),
        Some(ecart) if !s.horloge_decalee => bilan.bon("horloge", format!("{ecart} ms d’écart avec la base")),
        Some(ecart) => bilan.faute(
            "horloge",
            format!(
                "{ecart} ms d’écart avec la base : les écritures soumises à une date limite sont refusées"
            ),
            "mettez les deux machines à l’heure (systemd-timesyncd ou chrony)",
        ),
    }
    let constat = format!(
        "{} message(s) en attente, le plus ancien depuis {} s ; {} abandonné(s)",
        s.envois_en_attente, s.plus_vieil_envoi_s, s.envois_abandonnes
    );
    if s.plus_vieil_envoi_s > RETARD_S {
        bilan.note(
            "boîte d’envoi",
            Etat::Attention,
            constat,
            "les tâches tournent-elles (servir sans --sans-taches, ou travailler) ? le relais répond-il ?",
        );
    } else {
        bilan.bon("boîte d’envoi", constat);
    }
    let constat = format!(
        "{} en attente, {} s de retard ; {} abandonnée(s)",
        s.taches_en_attente, s.retard_taches_s, s.taches_abandonnees
    );
    if s.retard_taches_s > RETARD_S || s.taches_abandonnees > 0 {
        bilan.note("tâches", Etat::Attention, constat, "les journaux de « travailler » en disent la cause");
    } else {
        bilan.bon("tâches", constat);
    }
}

async fn courriel(bilan: &mut Bilan, c: &Configuration, envoyer: Option<&str>) {
    let relais = match &c.courriel {
        Courriel::Journal => {
            let etat = if envoyer.is_some() { Etat::Faute } else { Etat::Attention };
            return bilan.note(
                "courriel",
                etat,
                "gardé dans la boîte d’envoi : rien ne part",
                "courriel.transport = \"smtp\" et les réglages du relais",
            );
        }
        Courriel::Smtp(relais) => relais,
    };
    let ou = format!("relais {}, port {}", relais.hote, relais.port);
    let smtp = match montage::relais(relais) {
        Ok(smtp) => smtp,
        Err(e) => return bilan.faute("courriel", phrases::erreur(&e), "corrigez les réglages courriel.*"),
    };
    if let Err(e) = smtp.check().await {
        return bilan.faute(
            "courriel",
            format!("{ou} : {e}"),
            "vérifiez courriel.hote, courriel.port, courriel.securite, le compte, et le pare-feu",
        );
    }
    let Some(adresse) = envoyer else { return bilan.bon("courriel", format!("{ou} : répond")) };
    let message = Message {
        identifiant: AleaSysteme.public_id().as_str().to_owned(),
        destinataire: adresse.to_owned(),
        sujet: "Essai d’envoi de Parcoursup".to_owned(),
        corps: "Bonjour,\n\nCe message montre que la plateforme sait envoyer du courriel. Il n’appelle pas de réponse.\n"
            .to_owned(),
        piece: None,
        arret: None,
    };
    match smtp.send(&message).await {
        Ok(()) => bilan.bon("courriel", format!("{ou} : message d’essai remis pour {adresse}")),
        Err(e) => bilan.faute(
            "courriel",
            format!("{ou} : message d’essai refusé, {e}"),
            "vérifiez l’expéditeur déclaré et les règles du relais",
        ),
    }
}
