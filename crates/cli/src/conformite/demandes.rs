//! Checks of what is asked and said to the academic service, and of last year's capacities: done once, read back, told course by course.

use reqwest::Method;
use serde_json::{Value, json};

use super::controles::{Suite, cle};
use super::{Echec, Issue, exige};

const MOTIF: &str = "Essai de conformité : cette demande est retirée aussitôt.";

fn liste<'a>(v: &'a Value, champ: &str) -> &'a [Value] {
    v[champ].as_array().map_or(&[], Vec::as_slice)
}

pub async fn demandes(s: &mut Suite) -> Issue {
    let chemin = s.session("/demandes");
    let lu = s.client.lit(&chemin).await?;
    if lu.json["ouverture"]["possible"] != true {
        return Err(Echec::SansObjet(
            "aucune ouverture de formation ne se demande à ce moment de la session".to_owned(),
        ));
    }
    let site = s.client.lit(&s.etablissement("")).await?.json["sites"][0]["id"].clone();
    let mut voulue = json!({
        "famille": "bts", "libelle": format!("BTS Essai {}", &cle()[..6]), "statut": "etudiant", "selective": true,
        "site": site, "motif": MOTIF,
    });
    if lu.json["filiere_exigee"] == true {
        let sans = s.client.demande(Method::POST, &chemin).cle(&cle()).json(&voulue);
        sans.envoie().await?.probleme(422, "")?.nomme("filiere")?;
        voulue["hors_nomenclature"] = json!(MOTIF);
    }
    let cle = cle();
    let demande = || s.client.demande(Method::POST, &chemin).cle(&cle).json(&voulue);
    let faite = demande().envoie().await?.exige(201)?;
    let (id, recepisse) = (faite.texte("id").to_owned(), faite.recepisse()?);
    let encore = demande().envoie().await?.exige(201)?;
    exige(
        encore.texte("id") == id && encore.recepisse()? == recepisse,
        format!("la même demande, {id}"),
        encore.dit(),
    )?;
    let une = format!("{chemin}/{id}");
    let lue = s.client.lit(&une).await?;
    exige(
        lue.json["etat"] == "deposee" && lue.json["motif"] == MOTIF && lue.json["retirable"] == true,
        "une demande qui attend sa réponse, avec son motif",
        lue.dit(),
    )?;
    let relu = s.client.lit(&chemin).await?;
    let combien = liste(&relu.json, "demandes").iter().filter(|d| d["id"] == id.as_str()).count();
    exige(combien == 1, "cette demande, une fois dans la liste", relu.dit())?;
    let retrait = format!("{une}/retrait");
    let retrait =
        s.client.demande(Method::POST, &retrait).si_version(lue.etag()).cle(&super::controles::cle());
    let retiree = retrait.envoie().await?.exige(200)?;
    exige(
        retiree.json["etat"] == "retiree" && retiree.json["retirable"] == false,
        "une demande retirée",
        retiree.dit(),
    )
}

pub async fn demandes_formation(s: &mut Suite) -> Issue {
    let (id, _) = s.simple().await?;
    let chemin = s.formation(&id, "/demandes");
    let lu = s.client.lit(&chemin).await?;
    let dites = liste(&lu.json, "natures").iter().all(|n| n["possible"] == true || n["motif"].is_string());
    exige(
        dites && !liste(&lu.json, "natures").is_empty(),
        "chaque nature de demande, possible ou avec son motif",
        lu.dit(),
    )?;
    let demande =
        |corps: &Value| s.client.demande(Method::POST, &chemin).si_version(lu.etag()).cle(&cle()).json(corps);
    let melee = json!({ "nature": "suspension", "motif": MOTIF, "uai": "0800001A" });
    demande(&melee).envoie().await?.probleme(400, "")?.nomme("uai")?;
    let vide = json!({ "nature": "fusion", "motif": MOTIF });
    demande(&vide).envoie().await?.probleme(400, "")?.nomme("successeur")?;
    let inconnue = json!({ "nature": "fusion", "motif": MOTIF, "successeur": cle() });
    demande(&inconnue).envoie().await?.probleme(422, "")?;
    let relu = s.client.lit(&chemin).await?;
    exige(relu.json == lu.json, "rien de changé par une demande refusée", relu.dit())
}

pub async fn echanges(s: &mut Suite) -> Issue {
    let chemin = s.etablissement("/echanges");
    let avant = liste(&s.client.lit(&chemin).await?.json, "messages").len();
    let texte = format!("Essai de conformité {}", &cle()[..6]);
    let cle = cle();
    for _ in 0..2 {
        let envoi = s.client.demande(Method::POST, &chemin).cle(&cle).json(&json!({ "texte": texte }));
        let fait = envoi.envoie().await?.exige(201)?;
        fait.recepisse()?;
        let messages = liste(&fait.json, "messages");
        exige(messages.len() == avant + 1, "un message de plus, et un seul", fait.dit())?;
        exige(messages.last().is_some_and(|m| m["texte"] == texte.as_str()), texte.as_str(), fait.dit())?;
    }
    let (id, _) = s.simple().await?;
    let formation = s.client.lit(&s.formation(&id, "/echanges")).await?;
    exige(formation.json["messages"].is_array(), "les échanges sur une formation", formation.dit())
}

pub async fn reconduction(s: &mut Suite) -> Issue {
    let chemin = s.session("/formations/reconduction");
    let lu = s.client.lit(&chemin).await?;
    let Some(premiere) = liste(&lu.json, "formations").first() else {
        return exige(false, "les formations du bac à sable", lu.dit());
    };
    let dites =
        liste(&lu.json, "formations").iter().all(|f| f["version"].is_string() && f["possible"].is_boolean());
    exige(dites, "chaque formation avec sa version", lu.dit())?;
    let reprend = |formations: Value| {
        let corps = json!({ "formations": formations });
        s.client.demande(Method::POST, &chemin).cle(&cle()).json(&corps)
    };
    reprend(json!([])).envoie().await?.probleme(400, "")?.nomme("formations")?;
    let fausse = json!([{ "id": premiere["id"], "version": "0" }]);
    reprend(fausse).envoie().await?.probleme(422, "aucune_reprise")?.nomme("formations[0]")?;
    let relu = s.client.lit(&chemin).await?;
    exige(relu.json == lu.json, "rien de changé par une reprise refusée", relu.dit())
}
