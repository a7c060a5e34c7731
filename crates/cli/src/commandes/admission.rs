//! `parcoursup admission`: what the national team does, from the command line, each in their own name.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Result, bail};
use app::admission::{
    DemandeRetrait, Passage, Personne, abandonner_passage, calculer_ordre_appel, calculer_propositions,
    calculer_retrait, deprogrammer_publication, expliquer_voeu, passage, passages, programmer_publication,
    publier_passage, tableau_national,
};
use app::idempotence::Garde;
use app::messages::accord;
use app::{AppError, Ctx, Plateforme, messages, sessions};
use domain::PublicId;
use domain::admission::{EtatPassage, Nature};

use crate::configuration::Configuration;
use crate::ligne::Communes;
use crate::montage;

use super::{engagements, proces_verbaux, verifier};

/// Options of `admission`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    quoi: Quoi,
    /// Année de la session (par défaut : la session ouverte)
    #[arg(long, global = true, value_name = "ANNÉE")]
    session: Option<i64>,
}

/// In whose name.
#[derive(Debug, Clone, clap::Args)]
struct Signataire {
    /// Adresse du compte de l’équipe nationale au nom duquel la commande agit ; ses droits s’appliquent, son nom est
    /// au journal
    #[arg(long, value_name = "ADRESSE")]
    compte: String,
}

#[derive(Debug, clap::Subcommand)]
enum Quoi {
    /// Calculer les ordres d’appel ; une autre personne les publie
    OrdreAppel(Signataire),
    /// Calculer les propositions du jour ; une autre personne les publie
    Propositions(Signataire),
    /// Publier le passage calculé par quelqu’un d’autre
    Publier {
        /// Identifiant du passage (par défaut : celui qui attend)
        passage: Option<String>,
        /// Donner son accord d’avance : la plateforme publie d’elle-même, à l’heure que donne le calendrier
        #[arg(long)]
        programmer: bool,
        /// Annuler l’accord donné d’avance
        #[arg(long, conflicts_with = "programmer")]
        deprogrammer: bool,
        #[command(flatten)]
        signataire: Signataire,
    },
    /// Abandonner le passage calculé, pour pouvoir le recalculer
    Abandonner {
        /// Identifiant du passage (par défaut : celui qui attend)
        passage: Option<String>,
        #[command(flatten)]
        signataire: Signataire,
    },
    /// Calculer le retrait de ce que des formations ont proposé depuis un jour et qui attend une réponse ; une autre
    /// personne le publie
    Retirer {
        /// Premier jour de l’admission retiré
        #[arg(long, value_name = "JOUR")]
        jour: i64,
        /// Identifiants des formations : la fin de l’adresse de leur page
        #[arg(long = "formation", value_name = "ID", required = true, num_args = 1..)]
        formations: Vec<String>,
        /// Ce qui était faux, et qui l’a constaté ; montré à la personne qui publie
        #[arg(long, value_name = "TEXTE")]
        motif: String,
        #[command(flatten)]
        signataire: Signataire,
    },
    /// Rejouer chaque passage d’après son seul procès-verbal ; dit oui, ou la première différence (code 1)
    Verifier {
        /// Dossier écrit par « admission exporter » (par défaut : ceux que garde la plateforme)
        dossier: Option<PathBuf>,
        /// Clé publique attendue, en hexadécimal (par défaut : celle du dossier, ou celle de la plateforme)
        #[arg(long, value_name = "CLÉ", requires = "dossier")]
        cle: Option<String>,
        #[command(flatten)]
        demande: verifier::Demande,
    },
    /// Écrire les procès-verbaux et leurs pièces dans un dossier, pour un auditeur ; c’est consigné au journal
    Exporter {
        /// Dossier vide, ou qui n’existe pas encore
        dossier: PathBuf,
        /// Ajouter de quoi vérifier que les engagements publics sont ceux de ces procès-verbaux
        #[arg(long)]
        engagements: bool,
        #[command(flatten)]
        signataire: Signataire,
    },
    /// Dire en français pourquoi un vœu en est là, un jour donné, d’après les seuls procès-verbaux ; c’est consigné au
    /// journal
    Expliquer {
        /// Identifiant du vœu : la fin de l’adresse de sa page
        voeu: String,
        /// Jour de l’admission
        #[arg(long, value_name = "JOUR")]
        jour: i64,
        #[command(flatten)]
        signataire: Signataire,
    },
    /// Écrire le reçu vérifiable d’un vœu, à remettre au candidat ; c’est consigné au journal
    Recu {
        /// Identifiant du vœu : la fin de l’adresse de sa page
        voeu: String,
        /// Jour de l’admission, 0 pour les ordres d’appel (par défaut : le dernier passage publié)
        #[arg(long, value_name = "JOUR")]
        jour: Option<i64>,
        #[command(flatten)]
        signataire: Signataire,
    },
    /// Vérifier un reçu avec le registre public, sans la plateforme ; dit oui, ou ce qui ne va pas (code 1)
    VerifierRecu {
        /// Registre public, tel que le donne la page « Transparence »
        registre: PathBuf,
        /// Reçu, tel que le donne la page du vœu
        recu: PathBuf,
        /// Clé publique attendue, en hexadécimal (par défaut : celle du registre)
        #[arg(long, value_name = "CLÉ")]
        cle: Option<String>,
    },
    /// Vérifier le registre public, sans la plateforme : chaque signature, la chaîne, et qu’il prolonge la tête signée avant ;
    /// dit oui et la tête à signer, ou ce qui ne va pas (code 1)
    VerifierRegistre {
        /// Registre public, tel que le donne la page « Transparence »
        registre: PathBuf,
        /// Tête signée avant, telle que l’a écrite « admission tete »
        #[arg(long, value_name = "ANCIENNE")]
        tete: Option<PathBuf>,
        /// Clé publique attendue, en hexadécimal (par défaut : celle du registre)
        #[arg(long, value_name = "CLÉ")]
        cle: Option<String>,
    },
    /// Écrire le registre public des passages, tel que le donne la page « Transparence »
    Registre,
    /// Écrire la tête du registre : le texte qu’un témoin extérieur signe
    Tete,
    /// Inscrire au registre public la signature qu’un témoin extérieur a faite de sa tête
    Temoigner {
        /// Nom du témoin, tel qu’il sera montré
        #[arg(long, value_name = "NOM")]
        temoin: String,
        /// Sa clé publique Ed25519, en hexadécimal
        #[arg(long, value_name = "CLÉ")]
        cle: String,
        /// Sa signature de la tête, en hexadécimal
        #[arg(long, value_name = "SIGNATURE")]
        signature: String,
        #[command(flatten)]
        signataire: Signataire,
    },
    /// Dire où en est l’admission et ce qui manque
    Etat,
}

/// Runs shown by `etat`.
const MONTRES: i64 = 20;

pub async fn run(communes: &Communes, args: Args) -> Result<ExitCode> {
    // An auditor has the records and no platform.
    if let Quoi::Verifier { dossier: Some(dossier), cle, demande } = &args.quoi {
        return verifier::dossier(dossier, cle.as_deref(), demande);
    }
    if let Quoi::VerifierRecu { registre, recu, cle } = &args.quoi {
        return engagements::verifier_recu(registre, recu, cle.as_deref());
    }
    if let Quoi::VerifierRegistre { registre, tete, cle } = &args.quoi {
        return engagements::verifier_registre(registre, tete.as_deref(), cle.as_deref());
    }
    let c = Configuration::lire(communes, &[])?;
    let app = montage::monter_pour_commande(&c).await?;
    let annee = annee(&app, args.session).await?;
    let mut code = ExitCode::SUCCESS;
    match args.quoi {
        Quoi::OrdreAppel(qui) => {
            let ctx = au_nom(&app, &qui).await?;
            calculer_ordre_appel(&ctx, &Garde::default(), annee).await?;
            annoncer_calcul(&ctx, annee).await?;
        }
        Quoi::Propositions(qui) => {
            let ctx = au_nom(&app, &qui).await?;
            calculer_propositions(&ctx, &Garde::default(), annee).await?;
            annoncer_calcul(&ctx, annee).await?;
        }
        Quoi::Publier { passage: id, programmer, deprogrammer, signataire } if programmer || deprogrammer => {
            let ctx = au_nom(&app, &signataire).await?;
            programmation(&ctx, annee, id, programmer).await?;
        }
        Quoi::Publier { passage: id, signataire, .. } => {
            let ctx = au_nom(&app, &signataire).await?;
            let p = choisir(&ctx, annee, id).await?;
            let recepisse = publier_passage(&ctx, &Garde::default(), annee, &p.public_id).await?;
            let p = passage(&ctx, annee, &p.public_id).await?;
            println!("{} : publié, récépissé {}.", nom(&p), recepisse.numero);
            if let Some(n) = p.bilan.publies {
                println!("{} vœux ont changé d’état.", messages::nombre(n));
            }
        }
        Quoi::Abandonner { passage: id, signataire } => {
            let ctx = au_nom(&app, &signataire).await?;
            let p = choisir(&ctx, annee, id).await?;
            abandonner_passage(&ctx, &Garde::default(), annee, &p.public_id).await?;
            println!("{} : abandonné. Rien n’en a été publié ; il peut être recalculé.", nom(&p));
        }
        Quoi::Retirer { jour, formations, motif, signataire } => {
            let ctx = au_nom(&app, &signataire).await?;
            retirer(&ctx, annee, jour, formations, motif).await?;
        }
        Quoi::Verifier { demande, .. } => {
            code = verifier::plateforme(&montage::contexte(&app), annee, &demande).await?;
        }
        Quoi::Exporter { dossier, engagements: secrets, signataire } => {
            let ctx = au_nom(&app, &signataire).await?;
            let (proces_verbaux, pieces) = proces_verbaux::exporter(&ctx, annee, &dossier).await?;
            if secrets {
                engagements::exporter(&ctx, annee, &dossier).await?;
            }
            println!(
                "{} et {} dans {}. Ils ne portent aucun nom, mais décrivent chaque vœu : ne les confiez qu’aux \
                 personnes habilitées.",
                accord(proces_verbaux, "procès-verbal", "procès-verbaux"),
                accord(pieces, "pièce", "pièces"),
                dossier.display()
            );
        }
        Quoi::Expliquer { voeu, jour, signataire } => {
            let ctx = au_nom(&app, &signataire).await?;
            expliquer(&ctx, annee, jour, &voeu).await?;
        }
        Quoi::Recu { voeu, jour, signataire } => {
            let ctx = au_nom(&app, &signataire).await?;
            engagements::recu(&ctx, annee, &voeu, jour).await?;
        }
        Quoi::VerifierRecu { .. } | Quoi::VerifierRegistre { .. } => {}
        Quoi::Registre => engagements::registre(&montage::contexte(&app), annee).await?,
        Quoi::Tete => engagements::tete(&montage::contexte(&app), annee).await?,
        Quoi::Temoigner { temoin, cle, signature, signataire } => {
            let ctx = au_nom(&app, &signataire).await?;
            engagements::temoigner(&ctx, annee, &temoin, &cle, &signature).await?;
        }
        Quoi::Etat => etat(&montage::contexte(&app), annee).await?,
    }
    app.db.clone().close().await?;
    Ok(code)
}

/// R-ADM-40: the agreement given beforehand, or called off.
async fn programmation(ctx: &Ctx, annee: i64, id: Option<String>, programmer: bool) -> Result<()> {
    let p = choisir(ctx, annee, id).await?;
    let garde = Garde { version: Some(p.version), ..Garde::default() };
    let (recepisse, fait) = if programmer {
        (programmer_publication(ctx, &garde, annee, &p.public_id).await?, "publication programmée")
    } else {
        (deprogrammer_publication(ctx, &garde, annee, &p.public_id).await?, "programmation annulée")
    };
    println!("{} : {fait}, récépissé {}.", nom(&p), recepisse.numero);
    if let Some(g) = passage(ctx, annee, &p.public_id).await?.programmation {
        println!("{}", g.texte);
    }
    Ok(())
}

async fn retirer(ctx: &Ctx, annee: i64, jour: i64, formations: Vec<String>, motif: String) -> Result<()> {
    let lus = passages(ctx, annee, i64::MAX, 0).await?;
    let publie = |p: &Passage| p.nature == Nature::Propositions && p.etat == EtatPassage::Publie;
    let Some(p) = lus.into_iter().find(|p| publie(p) && p.jour == jour) else {
        bail!("Aucun passage du jour {jour} n’est publié dans la session {annee}.");
    };
    let demande = DemandeRetrait { passage: p.public_id, formations, motif };
    match calculer_retrait(ctx, &Garde::default(), annee, &demande).await {
        Ok(_) => annoncer_calcul(ctx, annee).await,
        Err(AppError::NotFound) => {
            bail!("L’un de ces identifiants n’est pas celui d’une formation de la session {annee}.")
        }
        Err(e) => Err(e.into()),
    }
}

async fn expliquer(ctx: &Ctx, annee: i64, jour: i64, voeu: &str) -> Result<()> {
    let lu = match PublicId::parse(voeu) {
        Some(id) => expliquer_voeu(ctx, annee, jour, &id).await,
        None => Err(AppError::NotFound),
    };
    let e = match lu {
        Ok(e) => e,
        Err(AppError::NotFound) => bail!(
            "Aucun passage du jour {jour} n’a examiné le vœu « {voeu} » : ce jour n’a pas été calculé, ce vœu n’existe pas, ou \
             il n’était plus dans la procédure."
        ),
        Err(e) => return Err(e.into()),
    };
    let textes = e.textes(Personne::Lecteur, &format!("candidat du vœu {voeu}"), jour);
    let textes: Vec<String> = textes.iter().map(ToString::to_string).collect();
    print!("{}", textes.join("\n"));
    Ok(())
}

async fn annee(app: &Plateforme, option: Option<i64>) -> Result<i64> {
    let trouvee = match option {
        Some(annee) => sessions::session(&app.db, annee).await,
        None => sessions::courante(&app.db).await,
    };
    match trouvee {
        Ok(session) => Ok(session.annee),
        Err(AppError::NotFound) => {
            bail!("Cette session n’existe pas : « parcoursup session lister » montre celles qui existent.")
        }
        Err(e) => Err(e.into()),
    }
}

async fn au_nom(app: &Arc<Plateforme>, qui: &Signataire) -> Result<Ctx> {
    match app::exploitation::au_nom_de(&montage::contexte(app), &qui.compte).await {
        Ok(ctx) => Ok(ctx),
        Err(AppError::NotFound) => bail!("Aucun compte en service n’a l’adresse « {} ».", qui.compte),
        Err(e) => Err(e.into()),
    }
}

/// The run to act on: the one named, else the only one that waits.
async fn choisir(ctx: &Ctx, annee: i64, id: Option<String>) -> Result<Passage> {
    if let Some(id) = id {
        return match passage(ctx, annee, &id).await {
            Ok(p) => Ok(p),
            Err(AppError::NotFound) => bail!("Aucun passage « {id} » dans la session {annee}."),
            Err(e) => Err(e.into()),
        };
    }
    let lus = passages(ctx, annee, MONTRES, 0).await?;
    match lus.into_iter().find(|p| p.etat == EtatPassage::Calcule) {
        Some(p) => Ok(p),
        None => bail!("Aucun passage n’attend d’être publié dans la session {annee}."),
    }
}

fn nom(p: &Passage) -> String {
    messages::passage(p.nature, p.jour)
}

async fn annoncer_calcul(ctx: &Ctx, annee: i64) -> Result<()> {
    let p = choisir(ctx, annee, None).await?;
    // A withdrawal computes nothing that a second implementation could find otherwise.
    let comment = if p.nature == Nature::Retrait { "calculé" } else { "calculé et vérifié" };
    println!("{} : {comment}, passage {}.", nom(&p), p.public_id);
    decrire(&p);
    println!("Une autre personne de l’équipe nationale doit maintenant le publier ou l’abandonner.");
    Ok(())
}

fn decrire(p: &Passage) {
    let b = &p.bilan;
    if let Some(r) = &b.retrait {
        println!(
            "  {} groupes rétablis ; {} propositions retirées, {} acceptées et {} refusées ou rendues qui le restent, {} expirées",
            messages::nombre(b.groupes),
            messages::nombre(r.devenirs.retirees),
            messages::nombre(r.devenirs.acceptees),
            messages::nombre(r.devenirs.rendues),
            messages::nombre(r.devenirs.expirees)
        );
        if r.devenirs.automatiques + r.devenirs.retablis + r.devenirs.perdues > 0 {
            println!(
                "  dont {} que le répondeur automatique avait acceptées ; {} vœux abandonnés automatiquement remis en attente ; {} \
                 propositions rendues automatiquement, qui ne reviennent pas",
                messages::nombre(r.devenirs.automatiques),
                messages::nombre(r.devenirs.retablis),
                messages::nombre(r.devenirs.perdues)
            );
        }
        return;
    }
    println!(
        "  {} groupes, {} candidats, {} vœux ; {} propositions, {} en attente",
        messages::nombre(b.groupes),
        messages::nombre(b.candidats),
        messages::nombre(b.voeux),
        messages::nombre(b.propositions),
        messages::nombre(b.en_attente)
    );
    println!(
        "  lecture {} ms, calcul {} ms, second calcul {} ms, écriture {} ms",
        b.lecture_ms, b.calcul_ms, b.jugement_ms, b.ecriture_ms
    );
    println!("  empreintes : entrée {}, sortie {}", p.empreinte_entree, p.empreinte_sortie);
    if b.alerte {
        println!("  ALERTE : {} groupes sont mis à l’écart par la vérification", b.ecartes.len());
    } else if b.avertissement {
        println!("  À relire : la vérification signale un écart qui ne touche aucune proposition");
    }
}

async fn etat(ctx: &Ctx, annee: i64) -> Result<()> {
    let t = tableau_national(ctx, annee).await?;
    let c = &t.comptes;
    println!("{}, {}", t.libelle, messages::date_heure(ctx.campagne_le));
    println!(
        "Classements : {} transmis sur {} groupes ({} manquants) ; taux manquants : {}",
        messages::nombre(c.classements_transmis),
        messages::nombre(c.groupes),
        messages::nombre(c.classements_manquants),
        messages::nombre(c.taux_manquants)
    );
    println!(
        "Candidats : {} ; vœux en attente : {} ; propositions : {} à répondre, {} acceptées",
        messages::nombre(c.candidats),
        messages::nombre(c.voeux_en_attente),
        messages::nombre(c.propositions_attendues),
        messages::nombre(c.propositions_acceptees)
    );
    let lus = passages(ctx, annee, MONTRES, 0).await?;
    if lus.is_empty() {
        println!("Aucun passage.");
    }
    for p in lus {
        println!(
            "- {} : {} ({}), calculé le {}",
            nom(&p),
            p.etat.libelle().to_lowercase(),
            p.public_id,
            messages::date_heure(p.calcule_le)
        );
        if let Some(g) = &p.programmation {
            println!("  {}", g.texte);
        }
    }
    Ok(())
}
