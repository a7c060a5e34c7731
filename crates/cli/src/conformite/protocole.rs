//! Checks of what is the same at every address: tokens, lists, conditions, refusals.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::{Value, json};

use super::client::{Demande, Sandbox};
use super::controles::{Suite, cle};
use super::{Echec, Issue, defaut, exige};

/// The identifiers of a list.
fn ids(liste: &Value) -> Vec<String> {
    liste.as_array().into_iter().flatten().filter_map(|f| f["id"].as_str()).map(str::to_owned).collect()
}

pub async fn description(s: &mut Suite) -> Issue {
    let entree = s.client.avec(None).lit("/api/v1").await?;
    let d = s.client.description();
    exige(d.openapi().starts_with("3.1"), "une description OpenAPI 3.1", d.openapi())?;
    exige(
        !d.version().is_empty() && entree.texte("version") == d.version(),
        format!("la version de la description, « {} »", d.version()),
        entree.dit(),
    )
}

pub async fn sans_jeton(s: &mut Suite) -> Issue {
    let r = s.client.avec(None).get("/api/v1/jeton").await?.probleme(401, "jeton_absent")?;
    let defi = r.entete("www-authenticate");
    exige(defi.starts_with("Bearer"), "un en-tête WWW-Authenticate: Bearer", defi)
}

pub async fn faux_jeton(s: &mut Suite) -> Issue {
    let faux = format!("pcs_{}", cle().repeat(2));
    s.client.avec(Some(&faux)).get("/api/v1/jeton").await?.probleme(401, "jeton_inconnu")?;
    Ok(())
}

pub async fn jeton(s: &mut Suite) -> Issue {
    let r = s.client.lit("/api/v1/jeton").await?;
    let siennes: BTreeSet<&str> = r.json["formations"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|f| f["formation"].as_str())
        .collect();
    let attendues: BTreeSet<&str> = s.bac.formations.iter().map(|f| f.id.as_str()).collect();
    exige(siennes == attendues, format!("les {} formations du bac à sable", attendues.len()), r.dit())?;
    let operent = r.json["formations"]
        .as_array()
        .into_iter()
        .flatten()
        .all(|f| f["operations"].as_array().is_some_and(|o| !o.is_empty()));
    exige(operent, "des opérations permises pour chacune", r.dit())
}

pub async fn neuf(s: &mut Suite) -> Issue {
    let r = s.client.lit("/api/v1/bac-a-sable/conformite").await?;
    let faits = r.json["exercices"].as_array().map(|l| l.iter().filter(|e| e["fait"] == true).count());
    exige(faits == Some(0), "des exercices, aucun fait", r.dit())
}

/// Sets the clock at the opening of a step of the calendar.
pub async fn regle_horloge(s: &Suite, code: &str) -> Issue {
    let session = s.client.lit(&s.session("")).await?;
    let etape = |json: &Value| -> Option<Value> {
        json["etapes"].as_array()?.iter().find(|e| e["code"] == code).cloned()
    };
    let ouvre = etape(&session.json)
        .and_then(|e| e["ouvre"].as_str().map(str::to_owned))
        .ok_or_else(|| defaut(format!("une étape « {code} » dans le calendrier"), session.dit()))?;
    let corps = json!({ "instant": ouvre });
    s.client.demande(Method::PUT, "/api/v1/bac-a-sable/horloge").json(&corps).envoie().await?.exige(200)?;
    let session = s.client.lit(&s.session("")).await?;
    let ouverte = etape(&session.json).is_some_and(|e| e["ouverte"] == true);
    exige(ouverte, format!("l’étape « {code} » ouverte, l’horloge réglée sur {ouvre}"), session.dit())
}

pub async fn horloge(s: &mut Suite) -> Issue {
    regle_horloge(s, "capacites_frais").await
}

pub async fn liste(s: &mut Suite) -> Issue {
    let r = s.client.lit(&s.session("/formations")).await?;
    let lues: BTreeSet<String> = ids(&r.json["formations"]).into_iter().collect();
    let attendues: BTreeSet<String> = s.bac.formations.iter().map(|f| f.id.clone()).collect();
    exige(lues == attendues, format!("les {} formations du bac à sable", attendues.len()), r.dit())?;
    let etablissements = s.client.lit(&s.session("/etablissements")).await?;
    let lus = ids(&etablissements.json["etablissements"]);
    exige(lus == [s.bac.etablissement.clone()], "l’établissement du bac à sable seul", etablissements.dit())
}

pub async fn pages(s: &mut Suite) -> Issue {
    let total = s.bac.formations.len();
    let combien = total.div_ceil(2);
    let mut lues = Vec::new();
    for page in 1..=combien {
        let r = s.client.lit(&s.session(&format!("/formations?page={page}&par_page=2"))).await?;
        exige(
            r.json["total"] == total && r.json["pages"] == combien && r.json["page"] == page,
            format!("la page {page} sur {combien}, de {total} formations"),
            r.dit(),
        )?;
        let siennes = ids(&r.json["formations"]);
        exige(siennes.len() <= 2, "deux formations au plus par page", r.dit())?;
        lues.extend(siennes);
    }
    let uniques: BTreeSet<&String> = lues.iter().collect();
    let dit = format!("{} formations, {} différentes", lues.len(), uniques.len());
    exige(lues.len() == total && uniques.len() == total, format!("{total} formations différentes"), dit)
}

pub async fn critere(s: &mut Suite) -> Issue {
    s.client.get(&s.session("/formations?inconnu=1")).await?.probleme(400, "")?;
    Ok(())
}

pub async fn formation(s: &mut Suite) -> Issue {
    let (id, _) = s.simple().await?;
    let r = s.client.lit(&s.formation(&id, "")).await?;
    exige(r.texte("id") == id && !r.texte("libelle").is_empty(), "la formation demandée", r.dit())
}

pub async fn si_change(s: &mut Suite) -> Issue {
    let (id, lu) = s.simple().await?;
    exige(!lu.etag().is_empty(), "un ETag", lu.dit())?;
    let relu = s.client.demande(Method::GET, &s.formation(&id, "/capacites"));
    let r = relu.entete("if-none-match", lu.etag()).envoie().await?.exige(304)?;
    exige(r.corps.is_empty(), "un corps vide", r.dit())
}

pub async fn inconnu(s: &mut Suite) -> Issue {
    s.client.get("/api/v1/nulle-part").await?.probleme(404, "inconnu")?;
    s.client.get(&s.formation(&cle(), "")).await?.probleme(404, "inconnu")?;
    Ok(())
}

pub async fn methode(s: &mut Suite) -> Issue {
    let r = s.client.demande(Method::DELETE, "/api/v1/jeton").envoie().await?.probleme(405, "methode")?;
    exige(r.entete("allow").contains("GET"), "un en-tête Allow qui dit GET", r.entete("allow"))
}

pub async fn autrui(s: &mut Suite) -> Issue {
    let ouvert = s.client.avec(None).demande(Method::POST, "/api/v1/bac-a-sable").envoie().await?;
    if ouvert.statut == 429 {
        let motif = "le serveur n’ouvre plus de second bac à sable aujourd’hui".to_owned();
        return Err(Echec::SansObjet(motif));
    }
    let ouvert = ouvert.exige(201)?;
    let autre: Sandbox = serde_json::from_value(ouvert.json.clone())
        .map_err(|_| defaut("un bac à sable, tel que la description le dit", "un autre objet"))?;
    let Some(leur) = autre.formations.first() else {
        return Err(defaut("un bac à sable qui a des formations", ouvert.dit()));
    };
    let chemin = s.formation(&leur.id, "/capacites");
    s.client.get(&chemin).await?.probleme(404, "inconnu")?;
    let corps = json!({ "capacite": 1, "frais_centimes": 0 });
    let ecrit = s.client.demande(Method::PUT, &chemin).si_version("\"v0\"").json(&corps).envoie().await?;
    ecrit.probleme(404, "inconnu")?;
    Ok(())
}

/// A write of capacities that will be refused, under the version that is in force.
async fn ecriture(
    s: &Suite,
    prepare: impl Fn(Demande<'_>) -> Demande<'_>,
) -> Result<super::client::Reponse, Echec> {
    let (id, lu) = s.simple().await?;
    let chemin = s.formation(&id, "/capacites");
    let r = prepare(s.client.demande(Method::PUT, &chemin).si_version(lu.etag())).envoie().await?;
    let apres = s.client.lit(&chemin).await?;
    exige(apres.etag() == lu.etag(), "rien de changé par une écriture refusée", apres.dit())?;
    Ok(r)
}

pub async fn sans_version(s: &mut Suite) -> Issue {
    let (id, _) = s.simple().await?;
    let corps = json!({ "capacite": 30, "frais_centimes": 0 });
    let demande = s.client.demande(Method::PUT, &s.formation(&id, "/capacites")).json(&corps);
    demande.envoie().await?.probleme(428, "version_attendue")?;
    Ok(())
}

pub async fn champ_inconnu(s: &mut Suite) -> Issue {
    let corps = json!({ "capacite": 30, "frais_centimes": 0, "places": 1 });
    ecriture(s, |d| d.json(&corps)).await?.probleme(400, "demande_mal_formee")?.nomme("places")?;
    Ok(())
}

pub async fn mauvais_type(s: &mut Suite) -> Issue {
    let corps = "{\n  \"capacite\": \"trente\",\n  \"frais_centimes\": 0\n}";
    let r = ecriture(s, |d| d.corps("application/json", corps)).await?;
    let r = r.probleme(400, "demande_mal_formee")?.nomme("capacite")?;
    let detail = r.texte("detail");
    exige(detail.contains("ligne 2") && detail.contains("colonne"), "la ligne 2 et la colonne", detail)
}

pub async fn illisible(s: &mut Suite) -> Issue {
    let r = ecriture(s, |d| d.corps("application/json", "{\"capacite\": ")).await?;
    let r = r.probleme(400, "demande_mal_formee")?;
    exige(r.texte("detail").contains("ligne 1"), "la ligne 1", r.texte("detail"))
}

pub async fn format(s: &mut Suite) -> Issue {
    let r = ecriture(s, |d| d.corps("application/x-www-form-urlencoded", "capacite=30")).await?;
    r.probleme(415, "format")?;
    Ok(())
}

pub async fn regle(s: &mut Suite) -> Issue {
    let corps = json!({ "capacite": -1, "frais_centimes": 0 });
    ecriture(s, |d| d.json(&corps)).await?.probleme(422, "")?.nomme("capacite")?;
    Ok(())
}

pub async fn sans_cle(s: &mut Suite) -> Issue {
    let etab = s.client.lit(&s.etablissement("")).await?;
    let demande = s.client.demande(Method::POST, &s.etablissement("/composantes")).si_version(etab.etag());
    let r = demande.json(&json!({ "nom": "UFR d’essai" })).envoie().await?;
    r.probleme(400, "demande_mal_formee")?.nomme("Idempotency-Key")?;
    Ok(())
}
