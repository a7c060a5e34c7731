//! Checks of what comes later: events, records, rankings, and what the sandbox saw of all this.

use std::time::Duration;

use app::ports::{Horloge as _, HorlogeSysteme};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::time::sleep;

use super::client::Reponse;
use super::controles::{Suite, cle};
use super::protocole::regle_horloge;
use super::recepteur::Recepteur;
use super::{Echec, Issue, defaut, exige};

/// How many times, a second apart, a delivery is looked at.
const REGARDS: u32 = 15;
/// A signature older than this many seconds is not believed.
const FRAICHEUR_S: i64 = 300;

/// The subscription under check.
#[derive(Debug)]
pub struct Abonne {
    recepteur: Recepteur,
    id: String,
    secret: String,
    /// Of the trial that was asked for.
    livraison: String,
}

impl Abonne {
    fn chemin(&self, suite: &str) -> String {
        format!("/api/v1/abonnements/{}{suite}", self.id)
    }
}

fn sans_abonnement(s: &Suite) -> Echec {
    if s.client.is_local() {
        defaut("un abonnement pris", "aucun : voyez plus haut")
    } else {
        Echec::SansObjet("le bac à sable est sur une autre machine, qui n’atteint pas celle-ci".to_owned())
    }
}

pub async fn abonnement(s: &mut Suite) -> Issue {
    if !s.client.is_local() {
        return Err(sans_abonnement(s));
    }
    let recepteur = Recepteur::ouvre()
        .await
        .map_err(|e| Echec::SansObjet(format!("cette machine refuse d’ouvrir un récepteur ({e})")))?;
    let (corps, cle) = (json!({ "url": recepteur.url, "evenements": ["formation.publiee"] }), cle());
    let demande = || s.client.demande(Method::POST, "/api/v1/abonnements").cle(&cle).json(&corps);
    let pris = demande().envoie().await?.exige(201)?;
    let (id, secret) = (pris.texte("id").to_owned(), pris.texte("secret").to_owned());
    exige(secret.starts_with("whsec_"), "un secret, qui commence par whsec_", "un autre texte, ou rien")?;
    let repris = demande().envoie().await?.exige(201)?;
    exige(
        repris.texte("id") == id && repris.json["secret"].is_null(),
        "le même abonnement, sans son secret",
        repris.dit(),
    )?;
    let abonne = Abonne { recepteur, id, secret, livraison: String::new() };
    let lu = s.client.lit(&abonne.chemin("")).await?;
    exige(
        lu.texte("url") == abonne.recepteur.url && lu.json["suspendu_le"].is_null(),
        "l’abonnement en service",
        lu.dit(),
    )?;
    s.abonne = Some(abonne);
    Ok(())
}

pub async fn essai(s: &mut Suite) -> Issue {
    let Some(mut abonne) = s.abonne.take() else { return Err(sans_abonnement(s)) };
    let r = recoit(s, &mut abonne).await;
    s.abonne = Some(abonne);
    r
}

async fn recoit(s: &Suite, abonne: &mut Abonne) -> Issue {
    let r =
        s.client.demande(Method::POST, &abonne.chemin("/essai")).cle(&cle()).envoie().await?.exige(200)?;
    abonne.livraison = r.texte("livraison").to_owned();
    let recu =
        abonne.recepteur.attend().await.ok_or_else(|| defaut("un événement en 30 secondes", "aucun"))?;
    exige(recu.id == abonne.livraison, format!("webhook-id: {}", abonne.livraison), &recu.id)?;
    exige(recu.is_signed(&abonne.secret), "une signature faite avec le secret remis", &recu.signatures)?;
    let age = recu
        .horodatage
        .parse::<i64>()
        .map(|t| (HorlogeSysteme::default().maintenant().as_second() - t).abs());
    exige(
        age.is_ok_and(|a| a <= FRAICHEUR_S),
        "l’instant de l’envoi, en secondes, dans webhook-timestamp",
        &recu.horodatage,
    )?;
    let corps: Value = serde_json::from_slice(&recu.corps).unwrap_or_default();
    exige(
        corps["type"] == "essai"
            && corps["id"] == recu.id.as_str()
            && corps["objet"]["id"] == abonne.id.as_str(),
        "un événement « essai » de cet abonnement",
        &corps,
    )?;
    // What a message names is read at the address that it gives.
    s.client.lit(corps["url"].as_str().unwrap_or_default()).await?;
    Ok(())
}

pub async fn livraison(s: &mut Suite) -> Issue {
    let Some(abonne) = &s.abonne else { return Err(sans_abonnement(s)) };
    let mut vue = "rien".to_owned();
    for _ in 0..REGARDS {
        let r = s.client.lit(&abonne.chemin("/livraisons")).await?;
        let liste = r.json["livraisons"].as_array();
        if let Some(l) = liste.and_then(|l| l.iter().find(|l| l["id"] == abonne.livraison.as_str())) {
            if l["etat"] == "livree" && l["statut"] == 204 {
                return Ok(());
            }
            vue = l.to_string();
        }
        sleep(Duration::from_secs(1)).await;
    }
    Err(defaut("l’envoi d’essai, état « livree », statut 204", vue))
}

pub async fn desabonnement(s: &mut Suite) -> Issue {
    let Some(abonne) = s.abonne.take() else { return Err(sans_abonnement(s)) };
    let lu = s.client.lit(&abonne.chemin("")).await?;
    let demande = s.client.demande(Method::DELETE, &abonne.chemin("")).si_version(lu.etag());
    demande.envoie().await?.exige(204)?.recepisse()?;
    s.client.get(&abonne.chemin("")).await?.probleme(404, "inconnu")?;
    Ok(())
}

/// The group of the course that is ranked, whatever its records say.
async fn groupe(s: &Suite) -> Result<String, Echec> {
    let (_, lu) = s.simple().await?;
    let groupe = lu.json["groupes"][0]["groupe"].as_str().unwrap_or_default();
    Ok(s.session(&format!("/groupes/{groupe}")))
}

async fn lit_dossiers(s: &Suite, groupe: &str) -> Result<(Reponse, Vec<String>), Echec> {
    let sorti = s.client.lit(&format!("{groupe}/dossiers")).await?;
    let texte = String::from_utf8_lossy(&sorti.corps).into_owned();
    let mut lignes = texte.trim_start_matches('\u{feff}').lines();
    let titres: Vec<&str> = lignes.next().unwrap_or_default().split(';').collect();
    let place = titres
        .iter()
        .position(|t| *t == "Candidat - Code")
        .ok_or_else(|| defaut("une colonne « Candidat - Code »", sorti.dit()))?;
    let codes = lignes.filter_map(|l| l.split(';').nth(place)).map(str::to_owned).collect();
    Ok((sorti, codes))
}

pub async fn dossiers(s: &mut Suite) -> Issue {
    regle_horloge(s, "examen").await?;
    let groupe = groupe(s).await?;
    let lu = s.client.lit(&groupe).await?;
    let (sorti, codes) = lit_dossiers(s, &groupe).await?;
    exige(
        !codes.is_empty() && lu.json["candidats"] == codes.len(),
        "tous les candidats du groupe",
        sorti.dit(),
    )?;
    let titres = String::from_utf8_lossy(&sorti.corps).lines().next().unwrap_or_default().to_owned();
    exige(!titres.contains("Nom") && !titres.contains("Prénom"), "des colonnes sans nom", titres)
}

pub async fn classement(s: &mut Suite) -> Issue {
    let groupe = groupe(s).await?;
    let (_, codes) = lit_dossiers(s, &groupe).await?;
    let mut fichier = "Rang;Candidat - Code\n".to_owned();
    for (rang, code) in codes.iter().rev().enumerate() {
        fichier.push_str(&format!("{};{code}\n", rang + 1));
    }
    let demande = s.client.demande(Method::POST, &format!("{groupe}/lecture")).corps("text/csv", fichier);
    let lu = demande.envoie().await?.exige(200)?;
    exige(
        lu.json["total_fautes"] == 0 && lu.json["classes"] == codes.len(),
        "un fichier sans faute",
        lu.dit(),
    )?;
    let demande = s.client.demande(Method::POST, &format!("{groupe}/application"));
    let demande = demande.si_version(lu.texte("version")).cle(&cle());
    demande.json(&json!({ "fichier": lu.json["fichier"] })).envoie().await?.exige(200)?.recepisse()?;
    let avant = s.client.lit(&groupe).await?;
    exige(
        avant.json["brouillon"] == true && avant.json["classes"] == codes.len(),
        "un classement à transmettre",
        avant.dit(),
    )?;
    let transmet = |engagement: bool, cle: &str| {
        let demande = s.client.demande(Method::POST, &format!("{groupe}/transmission"));
        demande.si_version(avant.etag()).cle(cle).json(&json!({ "engagement": engagement }))
    };
    transmet(false, &cle()).envoie().await?.probleme(422, "")?;
    transmet(true, &cle()).envoie().await?.exige(200)?.recepisse()?;
    let apres = s.client.lit(&groupe).await?;
    exige(
        apres.json["transmis_le"].is_string() && apres.json["empreinte"].is_string(),
        "un classement transmis",
        apres.dit(),
    )?;
    let demande = s.client.demande(Method::POST, &format!("{groupe}/transmission")).si_version(apres.etag());
    let encore = demande.cle(&cle()).json(&json!({ "engagement": true })).envoie().await?;
    encore.probleme(422, "")?;
    Ok(())
}

pub async fn exercices(s: &mut Suite) -> Issue {
    let r = s.client.lit("/api/v1/bac-a-sable/conformite").await?;
    let manquent: Vec<&str> = r.json["exercices"]
        .as_array()
        .into_iter()
        .flatten()
        // Without a receiver, nothing could come.
        .filter(|e| e["fait"] != true && (s.client.is_local() || e["code"] != "evenement"))
        .filter_map(|e| e["libelle"].as_str())
        .collect();
    exige(r.json["exercices"].is_array() && manquent.is_empty(), "chaque exercice fait", manquent.join(" "))
}
