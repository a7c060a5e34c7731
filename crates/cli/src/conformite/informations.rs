//! Checks of what an establishment is told, and of the schemas of files: read as they are announced, and one registration.

use reqwest::Method;
use serde_json::Value;

use super::client::Reponse;
use super::controles::{Suite, cle};
use super::{Echec, Issue, exige};

fn liste<'a>(r: &'a Reponse, champ: &str) -> &'a [Value] {
    r.json[champ].as_array().map_or(&[], Vec::as_slice)
}

pub async fn schemas(s: &mut Suite) -> Issue {
    let client = s.client.avec(None);
    let lu = client.lit("/api/v1/schemas").await?;
    exige(!liste(&lu, "fichiers").is_empty(), "des fichiers, chacun avec son schéma", lu.dit())?;
    for fichier in liste(&lu, "fichiers") {
        let schema = client.lit(fichier["schema"].as_str().unwrap_or_default()).await?;
        let feuilles = liste(&schema, "feuilles");
        let decrites = feuilles.iter().all(|f| f["fields"].as_array().is_some_and(|c| !c.is_empty()));
        exige(!feuilles.is_empty() && decrites, "les colonnes de chaque feuille", schema.dit())?;
    }
    Ok(())
}

pub async fn actualites(s: &mut Suite) -> Issue {
    let chemin = s.session("/actualites");
    let lu = s.client.lit(&chemin).await?;
    exige(lu.json["actualites"].is_array(), "le Fil info", lu.dit())?;
    let relu = s.client.demande(Method::GET, &chemin).entete("if-none-match", lu.etag());
    relu.envoie().await?.exige(304)?;
    for une in liste(&lu, "actualites") {
        let id = une["id"].as_str().unwrap_or_default();
        let entiere = s.client.lit(&format!("{chemin}/{id}")).await?;
        exige(
            entiere.json["information"] == *une && !entiere.texte("texte").is_empty(),
            "l’information de la liste, avec son texte",
            entiere.dit(),
        )?;
        for piece in liste(&entiere, "pieces") {
            fichier(s, piece).await?;
        }
    }
    s.client.get(&format!("{chemin}/{}", cle())).await?.probleme(404, "inconnu")?;
    Ok(())
}

/// The file of a document, whole.
async fn fichier(s: &Suite, document: &Value) -> Issue {
    let id = document["id"].as_str().unwrap_or_default();
    let lu = s.client.lit(&s.session(&format!("/documents/{id}/fichier"))).await?;
    let octets = document["octets"].as_u64().and_then(|n| usize::try_from(n).ok());
    exige(
        octets == Some(lu.corps.len()),
        format!("{} octets", document["octets"]),
        format!("{} octets", lu.corps.len()),
    )
}

pub async fn documents(s: &mut Suite) -> Issue {
    let lu = s.client.lit(&s.session("/documents")).await?;
    exige(lu.json["documents"].is_array(), "les documents de référence", lu.dit())?;
    for document in liste(&lu, "documents") {
        fichier(s, document).await?;
    }
    let charte = s.client.lit(&s.session("/charte")).await?;
    exige(charte.json["versions"].is_array(), "les versions de la charte", charte.dit())?;
    let donnees = s.client.lit(&s.session("/donnees")).await?;
    exige(donnees.json["donnees"].is_array(), "les données des dossiers", donnees.dit())?;
    let agenda = s.client.lit(&s.session("/calendrier.ics")).await?;
    exige(agenda.corps.starts_with(b"BEGIN:VCALENDAR"), "un calendrier (RFC 5545)", agenda.dit())
}

pub async fn seances(s: &mut Suite) -> Issue {
    let adresse = s.session("/seances");
    let lu = s.client.lit(&adresse).await?;
    exige(
        lu.json["a_venir"].is_array() && lu.json["terminees"].is_array(),
        "les séances à venir et terminées",
        lu.dit(),
    )?;
    let possible = |v: &&Value| v["ouverte"] == true && v["concernee"] == true && v["inscription"].is_null();
    let Some(une) = liste(&lu, "a_venir").iter().find(possible) else {
        return Err(Echec::SansObjet(
            "aucune séance ne prend d’inscription à ce moment de la campagne".to_owned(),
        ));
    };
    let chemin = format!("{adresse}/{}", une["id"].as_str().unwrap_or_default());
    let inscription = format!("{chemin}/inscription");
    let (premiere, seconde) = (cle(), cle());
    let demande = || s.client.demande(Method::POST, &inscription).cle(&premiere);
    let recepisse = demande().envoie().await?.exige(201)?.recepisse()?;
    let rejoue = demande().envoie().await?.exige(201)?.recepisse()?;
    exige(rejoue == recepisse, format!("le même récépissé, {recepisse}"), rejoue)?;
    let relu = s.client.lit(&chemin).await?;
    exige(
        relu.json["inscription"]["recepisse"] == recepisse.as_str(),
        "l’inscription, avec son récépissé",
        relu.dit(),
    )?;
    let depart = s.client.demande(Method::DELETE, &inscription).cle(&seconde);
    depart.envoie().await?.exige(200)?.recepisse()?;
    let apres = s.client.lit(&chemin).await?;
    exige(apres.json["inscription"].is_null(), "plus d’inscription", apres.dit())
}
