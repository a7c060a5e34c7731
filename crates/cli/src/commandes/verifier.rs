//! `parcoursup admission verifier`: the records played again, from a folder or from what the platform keeps; one « Oui » or one « Non ».

use std::path::Path;
use std::process::ExitCode;
use std::sync::{Arc, Mutex};

use anyhow::{Context, Result};
use app::Ctx;
use app::admission::{
    EcartProcesVerbal, PassageRejoue, VERSION, verifier_engagements, verifier_explications,
    verifier_proces_verbaux, verifier_publies, verify_chain, verify_engagements, verify_explications,
};
use app::messages::accord;
use data_encoding::HEXLOWER;
use domain::admission::Nature;

use super::{engagements, proces_verbaux};

/// How far, and against what.
#[derive(Debug, Clone, clap::Args)]
pub struct Demande {
    /// S’arrêter après ce jour de l’admission
    #[arg(long, value_name = "JOUR")]
    jusqu_a: Option<i64>,
    /// Sceau noté ailleurs (journal, copie d’un témoin) : celui du dernier passage, ou, avec « --jusqu-a », de l’un de ceux
    /// qui sont vérifiés ; sans lui, des passages retirés à la fin ne se voient pas
    #[arg(long, value_name = "SCEAU")]
    dernier_sceau: Option<String>,
    /// Faire aussi recalculer par la seconde implémentation autant d’explications de vœux tirées au hasard
    #[arg(long, value_name = "NOMBRE", default_value_t = 0)]
    explications: usize,
    /// Graine de ce tirage : la même redonne les mêmes vœux
    #[arg(long, default_value_t = 1)]
    graine: u64,
}

/// What is wrong, without its full stop.
pub type Verdict = Result<(), String>;

/// Says it; the status says so too.
pub fn non(quoi: &str) -> ExitCode {
    println!("Non. {quoi}.");
    ExitCode::FAILURE
}

/// A run that says the same: its name and its seal.
struct Vu {
    nom: String,
    sceau: String,
}

impl Vu {
    /// Says it on the way.
    fn new(p: &PassageRejoue) -> Self {
        match p.nature {
            Nature::OrdreAppel => {
                println!("{p} : {}, rejoué à l’identique.", accord(p.voeux, "rang", "rangs"));
            }
            Nature::Propositions => println!(
                "{p} : {}, {}, rejoué à l’identique ; {}.",
                accord(p.voeux, "vœu", "vœux"),
                accord(p.propositions, "proposition", "propositions"),
                if p.partis == 0 {
                    "tous les vœux qui attendaient y sont".to_owned()
                } else {
                    accord(p.partis, "vœu qui attendait n’y est plus", "vœux qui attendaient n’y sont plus")
                }
            ),
            Nature::Retrait => println!(
                "{p} : {}, {}, rejoué à l’identique.",
                accord(p.voeux, "vœu proposé depuis", "vœux proposés depuis"),
                accord(p.propositions, "proposition retirée", "propositions retirées")
            ),
        }
        if p.version != VERSION {
            println!(
                "  Note : ce procès-verbal a été fait par la version {}, et rejoué par la version {VERSION}.",
                p.version
            );
        }
        Self { nom: p.to_string(), sceau: p.signature.clone() }
    }
}

impl Demande {
    /// The seal noted elsewhere, once it is one.
    fn sceau(&self) -> Result<Option<String>> {
        let lu = |texte: &String| {
            let texte = texte.trim();
            let octets = HEXLOWER.decode(texte.as_bytes()).ok().filter(|octets| octets.len() == 64);
            octets
                .map(|_| texte.to_owned())
                .context("Le sceau est attendu en 128 chiffres hexadécimaux, en minuscules.")
        };
        self.dernier_sceau.as_ref().map(lu).transpose()
    }

    /// R-ADM-19: something was played again, and ends where it must.
    fn check_fin(
        &self,
        rejoues: Result<usize, EcartProcesVerbal>,
        vus: &[Vu],
        sceau: Option<&str>,
    ) -> Verdict {
        match (rejoues.map_err(|ecart| ecart.to_string())?, self.jusqu_a) {
            (0, None) => return Err("Aucun procès-verbal : rien n’a été vérifié".to_owned()),
            (0, Some(jour)) => {
                return Err(format!("Aucun procès-verbal jusqu’au jour {jour} : rien n’a été vérifié"));
            }
            _ => {}
        }
        let Some(sceau) = sceau else { return Ok(()) };
        match vus.iter().position(|vu| vu.sceau == sceau) {
            Some(n) if n + 1 == vus.len() || self.jusqu_a.is_some() => Ok(()),
            Some(n) => Err(format!(
                "Le sceau attendu est celui de « {} », que {} : la chaîne ne finit pas par lui. Avec « --jusqu-a », il suffit \
                 qu’elle le contienne",
                vus[n].nom,
                accord(vus.len() - n - 1, "passage suit", "passages suivent")
            )),
            None => Err(
                "Le sceau attendu n’est celui d’aucun des passages vérifiés : il en manque à la fin de la chaîne, ou c’est une \
                 autre chaîne"
                    .to_owned(),
            ),
        }
    }
}

fn oui(vus: &[Vu], cle: &[u8; 32], sceau: Option<&str>) -> ExitCode {
    println!(
        "Oui : {} le même résultat, sans rien lire d’autre que {}. Clé publique : {}.",
        accord(vus.len(), "passage redonne", "passages redonnent"),
        if vus.len() < 2 { "son procès-verbal" } else { "leurs procès-verbaux" },
        HEXLOWER.encode(cle)
    );
    let dernier = vus.last().map_or("", |vu| vu.sceau.as_str());
    match sceau {
        Some(attendu) if attendu == dernier => {
            println!("Dernier sceau : {dernier}, celui qui était attendu.");
        }
        Some(_) => println!("Dernier sceau : {dernier} ; celui qui était attendu est dans la chaîne."),
        None => {
            println!("Dernier sceau : {dernier}. Comparez-le au journal ou à un exemplaire gardé ailleurs.");
        }
    }
    ExitCode::SUCCESS
}

/// The records of a folder, without a platform.
pub fn dossier(dossier: &Path, cle: Option<&str>, demande: &Demande) -> Result<ExitCode> {
    let (attendue, sceau) = (cle.map(proces_verbaux::lit_cle).transpose()?, demande.sceau()?);
    let mut chaine = proces_verbaux::lire(dossier, attendue)?;
    let secrets = engagements::lire(dossier)?;
    if attendue.is_none() {
        println!(
            "La clé publique est celle du dossier : comparez-la à celle que montrent les pages des passages."
        );
    }
    let lire = |empreinte: &str| proces_verbaux::lire_piece(dossier, empreinte);
    let mut vus = Vec::new();
    let rejoues = verify_chain(&chaine, &lire, demande.jusqu_a, &mut |p| vus.push(Vu::new(p)));
    chaine.until(demande.jusqu_a);
    let verdict = demande.check_fin(rejoues, &vus, sceau.as_deref()).and_then(|()| {
        if demande.explications > 0 {
            let jugees = verify_explications(&chaine, &lire, demande.explications, demande.graine);
            engagements::dire_explications(jugees)?;
        }
        engagements::dire(verify_engagements(&chaine, &secrets, &lire), !secrets.is_empty())
    });
    Ok(match verdict {
        Ok(()) => oui(&vus, &chaine.cle, sceau.as_deref()),
        Err(quoi) => non(&quoi),
    })
}

/// Those that the platform keeps, and what its base gives to be read of them.
pub async fn plateforme(ctx: &Ctx, annee: i64, demande: &Demande) -> Result<ExitCode> {
    let sceau = demande.sceau()?;
    let vus = Arc::new(Mutex::new(Vec::new()));
    let suivis = Arc::clone(&vus);
    let suivi = move |p: &PassageRejoue| {
        if let Ok(mut vus) = suivis.lock() {
            vus.push(Vu::new(p));
        }
    };
    let bilan = verifier_proces_verbaux(ctx, annee, demande.jusqu_a, suivi).await?;
    if bilan.sans > 0 {
        println!(
            "{} sans procès-verbal : une version antérieure les a calculés, rien ne permet de les rejouer.",
            accord(bilan.sans, "passage", "passages")
        );
    }
    let vus = vus.lock().map(|mut vus| std::mem::take(&mut *vus)).unwrap_or_default();
    if let Err(quoi) = demande.check_fin(bilan.rejoues, &vus, sceau.as_deref()) {
        return Ok(non(&quoi));
    }
    match verifier_publies(ctx, annee, demande.jusqu_a).await? {
        Ok(n) => println!(
            "Base : ce qu’elle donne à lire de {} est ce qui a été scellé.",
            accord(n, "passage publié", "passages publiés")
        ),
        Err(ecart) => return Ok(non(&ecart.to_string())),
    }
    if demande.explications > 0 {
        let jugees =
            verifier_explications(ctx, annee, demande.jusqu_a, demande.explications, demande.graine).await?;
        if let Err(quoi) = engagements::dire_explications(jugees) {
            return Ok(non(&quoi));
        }
    }
    if let Err(quoi) = engagements::dire(verifier_engagements(ctx, annee, demande.jusqu_a).await?, false) {
        return Ok(non(&quoi));
    }
    Ok(oui(&vus, &bilan.cle, sceau.as_deref()))
}
