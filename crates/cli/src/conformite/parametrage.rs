//! Checks of what is written: it is read back as it was written, once, and by nobody's surprise.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use tokio::time::sleep;

use super::client::Reponse;
use super::controles::{Suite, cle};
use super::{Echec, Issue, defaut, exige};

const CSV: &str = "text/csv";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
/// More than an incident ever asks.
const ATTENTE_MAX_S: u64 = 60;

fn frais(capacite: i64) -> Value {
    json!({ "capacite": capacite, "frais_centimes": 17_000 })
}

pub async fn capacites(s: &mut Suite) -> Issue {
    let (id, lu) = s.simple().await?;
    let chemin = s.formation(&id, "/capacites");
    let demande = s.client.demande(Method::PUT, &chemin).si_version(lu.etag()).cle(&cle());
    let ecrit = demande.json(&frais(24)).envoie().await?.exige(200)?;
    ecrit.recepisse()?;
    let relu = s.client.lit(&chemin).await?;
    exige(
        relu.json["capacite"] == 24 && relu.json["frais_centimes"] == 17_000,
        "capacité 24, frais 17000 centimes",
        relu.dit(),
    )?;
    exige(relu.json["groupes"][0]["places"] == 24, "24 places dans son seul groupe", relu.dit())?;
    exige(relu.etag() == ecrit.etag(), "l’ETag que l’écriture a rendu", relu.etag())
}

pub async fn depassee(s: &mut Suite) -> Issue {
    let (id, vieux) = s.simple().await?;
    let chemin = s.formation(&id, "/capacites");
    let ecrit = async |etag: &str, capacite| {
        s.client.demande(Method::PUT, &chemin).si_version(etag).json(&frais(capacite)).envoie().await
    };
    ecrit(vieux.etag(), 25).await?.exige(200)?;
    ecrit(vieux.etag(), 26).await?.probleme(412, "version_depassee")?;
    let relu = s.client.lit(&chemin).await?;
    exige(relu.json["capacite"] == 25, "capacité 25 : rien d’écrasé", relu.dit())?;
    ecrit(relu.etag(), 26).await?.exige(200)?;
    Ok(())
}

pub async fn rejeu(s: &mut Suite) -> Issue {
    let (id, lu) = s.simple().await?;
    let (chemin, cle) = (s.formation(&id, "/capacites"), cle());
    let demande = || s.client.demande(Method::PUT, &chemin).si_version(lu.etag()).cle(&cle).json(&frais(27));
    let premier = demande().envoie().await?.exige(200)?;
    let second = demande().envoie().await?.exige(200)?;
    let recepisse = premier.recepisse()?;
    exige(
        second.recepisse()? == recepisse,
        format!("le même récépissé, {recepisse}"),
        second.entete("recepisse"),
    )?;
    let relu = s.client.lit(&chemin).await?;
    exige(relu.etag() == premier.etag(), "un seul changement de version", relu.etag())
}

pub async fn cle_reprise(s: &mut Suite) -> Issue {
    let (id, lu) = s.simple().await?;
    let (chemin, cle) = (s.formation(&id, "/capacites"), cle());
    let demande = |capacite| s.client.demande(Method::PUT, &chemin).cle(&cle).json(&frais(capacite));
    let premier = demande(28).si_version(lu.etag()).envoie().await?.exige(200)?;
    demande(29).si_version(premier.etag()).envoie().await?.probleme(409, "conflit")?;
    let relu = s.client.lit(&chemin).await?;
    exige(relu.json["capacite"] == 28, "capacité 28 : rien d’écrasé", relu.dit())
}

pub async fn presentation(s: &mut Suite) -> Issue {
    let (id, _) = s.simple().await?;
    let chemin = s.formation(&id, "/presentation");
    let lu = s.client.lit(&chemin).await?;
    let corps = json!({ "texte": "Deux ans d’atelier.\nUn stage « long » : œuvrer & mesurer." });
    let ecrit = s.client.demande(Method::PUT, &chemin).si_version(lu.etag()).json(&corps).envoie().await?;
    ecrit.exige(200)?;
    let relu = s.client.lit(&chemin).await?;
    exige(relu.json == corps, "le texte écrit, caractère pour caractère", relu.dit())
}

pub async fn etablissement(s: &mut Suite) -> Issue {
    let chemin = s.etablissement("");
    let lu = s.client.lit(&chemin).await?;
    let mut coordonnees = lu.json["coordonnees"].clone();
    coordonnees["telephone"] = json!("03 22 11 22 33");
    let demande = s.client.demande(Method::PUT, &s.etablissement("/coordonnees")).si_version(lu.etag());
    let ecrit = demande.json(&coordonnees).envoie().await?.exige(200)?;
    exige(ecrit.json["coordonnees"] == coordonnees, "les coordonnées écrites", ecrit.dit())?;
    let site = json!({
        "nom": "Site d’essai", "adresse": "2 rue du Bac", "code_postal": "80000", "commune": "Amiens",
        "latitude": 49.9, "longitude": 2.3,
    });
    let (etag, cle) = (ecrit.etag().to_owned(), cle());
    let nombre = |r: &Reponse| r.json["sites"].as_array().map_or(0, Vec::len);
    let avant = nombre(&ecrit);
    for _ in 0..2 {
        let demande = s.client.demande(Method::POST, &s.etablissement("/sites")).si_version(&etag).cle(&cle);
        let ajoute = demande.json(&site).envoie().await?.exige(201)?;
        exige(nombre(&ajoute) == avant + 1, "un site de plus, et un seul", ajoute.dit())?;
    }
    let relu = s.client.lit(&chemin).await?;
    let lu = relu.json["sites"].as_array().and_then(|l| l.iter().find(|l| l["nom"] == site["nom"]));
    let pareil = lu.is_some_and(|l| site.as_object().into_iter().flatten().all(|(n, v)| l[n] == *v));
    exige(pareil, "le site écrit, champ par champ", relu.dit())
}

pub async fn contacts(s: &mut Suite) -> Issue {
    let chemin = s.etablissement("/contacts");
    let lu = s.client.lit(&chemin).await?;
    let avant = lu.json["contacts"].as_array().map_or(0, Vec::len);
    let fonction = format!("Secrétariat {}", &cle()[..6]);
    let contact = json!({ "fonction": fonction, "objet": "Essais", "telephone": "03 22 11 22 33" });
    let cle = cle();
    let mut ajoute = lu.clone();
    for _ in 0..2 {
        let demande = s.client.demande(Method::POST, &chemin).si_version(lu.etag()).cle(&cle);
        ajoute = demande.json(&contact).envoie().await?.exige(201)?;
        let apres = ajoute.json["contacts"].as_array().map_or(0, Vec::len);
        exige(apres == avant + 1, "un contact de plus, et un seul", ajoute.dit())?;
    }
    let public = s.client.lit(&s.etablissement("")).await?;
    exige(!public.json.to_string().contains(&fonction), "un établissement sans ses contacts", public.dit())?;
    let sien = ajoute.json["contacts"].as_array().and_then(|l| l.iter().find(|c| c["fonction"] == fonction));
    let id = sien.and_then(|c| c["id"].as_str()).ok_or_else(|| defaut("le contact ajouté", ajoute.dit()))?;
    let retrait = s.client.demande(Method::DELETE, &format!("{chemin}/{id}")).si_version(ajoute.etag());
    let retire = retrait.envoie().await?.exige(200)?;
    exige(retire.json["contacts"].as_array().map_or(0, Vec::len) == avant, "le contact retiré", retire.dit())
}

pub async fn internat(s: &mut Suite) -> Issue {
    let liste = s.etablissement("/internats");
    let libelle = format!("Internat {}", &cle()[..6]);
    let declare = |capacite: i64| json!({ "libelle": libelle, "capacite": capacite, "accueil": "mixte" });
    let cle = cle();
    let siens = |r: &Reponse| -> Vec<String> {
        let internats = r.json["internats"].as_array().into_iter().flatten();
        internats
            .filter(|i| i["libelle"] == libelle)
            .filter_map(|i| i["id"].as_str().map(str::to_owned))
            .collect()
    };
    let mut fait = s.client.lit(&liste).await?;
    for _ in 0..2 {
        let demande = s.client.demande(Method::POST, &liste).cle(&cle).json(&declare(20));
        fait = demande.envoie().await?.exige(201)?;
    }
    let [id] = &siens(&fait)[..] else { return Err(defaut("un internat de plus, et un seul", fait.dit())) };
    let chemin = format!("{liste}/{id}");
    let lu = s.client.lit(&chemin).await?;
    let demande = s.client.demande(Method::PUT, &chemin).si_version(lu.etag()).json(&declare(24));
    let change = demande.envoie().await?.exige(200)?;
    exige(change.json["capacite"] == 24, "24 places", change.dit())?;
    let retire =
        s.client.demande(Method::DELETE, &chemin).si_version(change.etag()).envoie().await?.exige(200)?;
    exige(siens(&retire).is_empty(), "l’internat retiré", retire.dit())
}

/// Writes fields of a part, and gives what is then read.
async fn ecrit_rubrique(s: &Suite, chemin: &str, corps: &Value) -> Result<(Reponse, Reponse), Echec> {
    let lu = s.client.lit(chemin).await?;
    let ecrit = s.client.demande(Method::PATCH, chemin).si_version(lu.etag()).json(corps).envoie().await?;
    ecrit.exige(200)?;
    Ok((lu, s.client.lit(chemin).await?))
}

/// What is read is what was read before, but for what was written.
fn exige_ecrit(avant: &Reponse, apres: &Reponse, corps: &Value) -> Issue {
    let mut attendu = avant.json.clone();
    for (nom, valeur) in corps.as_object().into_iter().flatten() {
        attendu[nom] = valeur.clone();
    }
    exige(apres.json == attendu, attendu.to_string(), apres.dit())
}

pub async fn rubrique(s: &mut Suite) -> Issue {
    let (id, _) = s.simple().await?;
    let etab = s.client.lit(&s.etablissement("")).await?;
    let site = etab.json["sites"][0]["id"].clone();
    exige(site.is_string(), "un site de l’établissement", etab.dit())?;
    for (rubrique, corps) in
        [("attendus", json!({ "attendus": "Aimer mesurer." })), ("caracteristiques", json!({ "site": site }))]
    {
        let chemin = s.formation(&id, &format!("/description/{rubrique}"));
        let (avant, apres) = ecrit_rubrique(s, &chemin, &corps).await?;
        exige_ecrit(&avant, &apres, &corps)?;
    }
    let chemin = s.formation(&id, "/description/contacts");
    for corps in [json!({ "contact": "Secrétariat des essais" }), json!({ "contact": null })] {
        let (avant, apres) = ecrit_rubrique(s, &chemin, &corps).await?;
        exige_ecrit(&avant, &apres, &corps)?;
    }
    ecrit_rubrique(s, &chemin, &json!({ "contact": "Secrétariat" })).await?;
    Ok(())
}

pub async fn saisie(s: &mut Suite) -> Issue {
    let (id, _) = s.simple().await?;
    let chemin = s.formation(&id, "/description/contacts");
    let lu = s.client.lit(&chemin).await?;
    let corps = json!({ "contact_courriel": "pas une adresse" });
    let r = s.client.demande(Method::PATCH, &chemin).si_version(lu.etag()).json(&corps).envoie().await?;
    r.probleme(422, "saisie")?.nomme("contact_courriel")?;
    let relu = s.client.lit(&chemin).await?;
    exige(relu.json == lu.json, "rien de changé par une écriture refusée", relu.dit())
}

pub async fn grille(s: &mut Suite) -> Issue {
    let (id, _) = s.simple().await?;
    let (chemin, publication) = (s.formation(&id, "/description/grille"), s.formation(&id, "/publication"));
    let Some(poids) = s.client.lit(&chemin).await?.json["poids_1"].as_i64() else {
        return Err(Echec::SansObjet("la grille de cette formation n’a pas encore de poids".to_owned()));
    };
    let somme = |r: &Reponse| {
        let constats = r.json["constats"].as_array().cloned().unwrap_or_default();
        constats.into_iter().find(|c| c["code"] == "B1")
    };
    let faux = if poids < 100 { poids + 1 } else { poids - 1 };
    ecrit_rubrique(s, &chemin, &json!({ "poids_1": faux })).await?;
    let lu = s.client.lit(&publication).await?;
    let dit = somme(&lu).is_some_and(|c| c["bloquant"] == true && c["correction"] != "");
    exige(dit, "le constat B1, qui empêche de publier, et ce qui le corrige", lu.dit())?;
    ecrit_rubrique(s, &chemin, &json!({ "poids_1": poids })).await?;
    let relu = s.client.lit(&publication).await?;
    exige(somme(&relu).is_none(), "plus de constat B1", relu.dit())
}

async fn relit_classeur(s: &Suite, genre: &str, octets: Vec<u8>) -> Result<Reponse, Echec> {
    let demande = s.client.demande(Method::POST, &s.session("/classeur/lecture"));
    demande.corps(genre, octets).envoie().await?.exige(200)
}

pub async fn classeur(s: &mut Suite) -> Issue {
    let (id, _) = s.simple().await?;
    let attendus = s.formation(&id, "/description/attendus");
    ecrit_rubrique(s, &attendus, &json!({ "attendus": "Aimer mesurer avant le classeur." })).await?;
    let sorti = s.client.demande(Method::GET, &s.session("/classeur")).entete("accept", CSV);
    let sorti = sorti.envoie().await?.exige(200)?;
    let texte = String::from_utf8(sorti.corps.clone())
        .map_err(|_| defaut("un fichier CSV en UTF-8", "d’autres octets"))?;
    let combien = texte.matches("Aimer mesurer avant le classeur.").count();
    exige(combien == 1 && texte.contains(&id), "la formation et son texte, une fois", combien)?;
    let change = texte.replace("Aimer mesurer avant le classeur.", "Aimer compter.");
    let lu = relit_classeur(s, CSV, change.into_bytes()).await?;
    let ecarts = lu.json["differences"].as_array().map_or(0, Vec::len);
    exige(ecarts == 1 && lu.json["recu"].is_string(), "une différence, à appliquer", lu.dit())?;
    let corps = json!({ "recu": lu.json["recu"] });
    let demande = s.client.demande(Method::POST, &s.session("/classeur/application")).cle(&cle());
    demande.json(&corps).envoie().await?.exige(200)?.recepisse()?;
    let relu = s.client.lit(&attendus).await?;
    exige(relu.json["attendus"] == "Aimer compter.", "« Aimer compter. »", relu.dit())
}

pub async fn classeur_xlsx(s: &mut Suite) -> Issue {
    let sorti = s.client.demande(Method::GET, &s.session("/classeur")).entete("accept", XLSX);
    let sorti = sorti.envoie().await?.exige(200)?;
    exige(sorti.corps.starts_with(b"PK"), "un fichier XLSX", sorti.entete("content-type"))?;
    let lu = relit_classeur(s, XLSX, sorti.corps).await?;
    let vide = |nom: &str| lu.json[nom].as_array().is_some_and(Vec::is_empty);
    exige(vide("fautes") && vide("differences"), "ni faute ni différence", lu.dit())
}

pub async fn classeur_fautif(s: &mut Suite) -> Issue {
    let lu = relit_classeur(s, CSV, b"a;b\n1;2\n".to_vec()).await?;
    let fautes = lu.json["fautes"].as_array().map_or(0, Vec::len);
    exige(fautes > 0 && lu.json["recu"].is_null(), "des fautes, et rien à appliquer", lu.dit())
}

pub async fn publication(s: &mut Suite) -> Issue {
    let (id, _) = s.simple().await?;
    let lu = s.client.lit(&s.formation(&id, "/publication")).await?;
    let complete = lu.json["manques"].as_array().is_some_and(Vec::is_empty);
    exige(complete, "rien qui manque avant de publier", lu.dit())?;
    let controlee = !s.client.lit(&s.formation(&id, "")).await?.json["controle"].is_null();
    let chemin = s.formation(&id, if controlee { "/soumission" } else { "/publication" });
    let demande = s.client.demande(Method::POST, &chemin).si_version(lu.etag()).cle(&cle());
    demande.envoie().await?.exige(200)?.recepisse()?;
    let relu = s.client.lit(&s.formation(&id, "")).await?;
    if controlee {
        exige(relu.json["controle"]["etat"] == "soumise", "une formation soumise", relu.dit())
    } else {
        let publique = &relu.json["publique"];
        exige(
            relu.json["etat"] == "publiee" && publique["capacite"] == 28,
            "publiée, capacité 28",
            relu.dit(),
        )
    }
}

/// Another course that has one group, made ready to be submitted: neither the one that is published nor the last one, that later
/// checks write.
async fn prepare(s: &Suite, premiere: &str) -> Result<String, Echec> {
    let derniere = s.bac.formations.last().map_or("", |f| f.id.as_str());
    for f in s.bac.formations.iter().filter(|f| f.id != premiere && f.id != derniere) {
        let chemin = s.formation(&f.id, "/capacites");
        let lu = s.client.lit(&chemin).await?;
        if lu.json["groupes"].as_array().is_none_or(|g| g.len() != 1) {
            continue;
        }
        let demande = s.client.demande(Method::PUT, &chemin).si_version(lu.etag()).cle(&cle());
        demande.json(&frais(24)).envoie().await?.exige(200)?;
        let site = s.client.lit(&s.etablissement("")).await?.json["sites"][0]["id"].clone();
        for (rubrique, corps) in [
            ("attendus", json!({ "attendus": "Aimer mesurer." })),
            ("caracteristiques", json!({ "site": site })),
        ] {
            ecrit_rubrique(s, &s.formation(&f.id, &format!("/description/{rubrique}")), &corps).await?;
        }
        return Ok(f.id.clone());
    }
    Err(defaut("une autre formation du bac à sable qui a un seul groupe de classement", "aucune"))
}

/// A course with the version of its draft, as it is named with others.
async fn lue(s: &Suite, id: &str) -> Result<Value, Echec> {
    let version = s.client.lit(&s.formation(id, "/publication")).await?.json["version"].clone();
    Ok(json!({ "id": id, "version": version }))
}

pub async fn confirmation(s: &mut Suite) -> Issue {
    let (id, _) = s.simple().await?;
    let (chemin, envoi) = (s.session("/formations/confirmation"), cle());
    let corps = json!({ "formations": [lue(s, &id).await?] });
    let confirme = |cle: &str| s.client.demande(Method::POST, &chemin).cle(cle).json(&corps);
    let fait = confirme(&envoi).envoie().await?.exige(200)?;
    exige(fait.json["confirmees"] == json!([id]), "la formation, confirmée", fait.dit())?;
    let encore = confirme(&envoi).envoie().await?.exige(200)?;
    let recepisse = fait.recepisse()?;
    exige(
        encore.recepisse()? == recepisse && encore.json == fait.json,
        format!("la même réponse, récépissé {recepisse}"),
        encore.dit(),
    )?;
    // Of what was read before, it confirms nothing.
    confirme(&cle()).envoie().await?.probleme(422, "aucune_confirmee")?.nomme("formations[0]")?;
    Ok(())
}

pub async fn soumissions(s: &mut Suite) -> Issue {
    let (premiere, _) = s.simple().await?;
    let chemin = s.session("/formations/soumission");
    let soumet = |lues: &[Value], cle: &str| {
        s.client.demande(Method::POST, &chemin).cle(cle).json(&json!({ "formations": lues }))
    };
    soumet(&[], &cle()).envoie().await?.probleme(400, "")?.nomme("formations")?;
    if s.client.lit(&s.formation(&premiere, "")).await?.json["controle"].is_null() {
        // Courses are published without a review in this session.
        soumet(&[lue(s, &premiere).await?], &cle()).envoie().await?.probleme(422, "")?;
        return Ok(());
    }
    let autre = prepare(s, &premiere).await?;
    let (lues, envoi) = ([lue(s, &premiere).await?, lue(s, &autre).await?], cle());
    let fait = soumet(&lues, &envoi).envoie().await?.exige(200)?;
    let liste = |nom: &str| fait.json[nom].as_array().cloned().unwrap_or_default();
    let (soumises, laissees) = (liste("soumises"), liste("laissees"));
    exige(
        soumises.iter().any(|id| *id == autre),
        "la formation prête parmi celles qui sont soumises",
        fait.dit(),
    )?;
    exige(soumises.len() + laissees.len() == lues.len(), "chaque formation, dite une fois", fait.dit())?;
    let dites = laissees.iter().all(|l| l["motifs"].as_array().is_some_and(|m| !m.is_empty()));
    exige(dites, "pourquoi chacune des autres ne l’est pas", fait.dit())?;
    let relu = s.client.lit(&s.formation(&autre, "")).await?;
    exige(relu.json["controle"]["etat"] == "soumise", "une formation soumise", relu.dit())?;
    let encore = soumet(&lues, &envoi).envoie().await?.exige(200)?;
    let recepisse = fait.recepisse()?;
    exige(
        encore.recepisse()? == recepisse && encore.json == fait.json,
        format!("la même réponse, récépissé {recepisse}"),
        encore.dit(),
    )?;
    let rien = soumet(&lues, &cle()).envoie().await?.probleme(422, "aucune_soumise")?;
    rien.nomme("formations[0]")?.nomme("formations[1]")?;
    Ok(())
}

/// An incident that was asked for, met as a program must.
async fn incident(s: &Suite, genre: &str, statut: u16) -> Issue {
    // Not the one that was submitted: the academic service reads it.
    let id = s.bac.formations.last().map(|f| f.id.clone()).unwrap_or_default();
    let chemin = s.formation(&id, "/presentation");
    let lu = s.client.lit(&chemin).await?;
    let arme = s.client.demande(Method::PUT, "/api/v1/bac-a-sable/incident").json(&json!({ "genre": genre }));
    arme.envoie().await?.exige(200)?;
    let (cle, corps) = (cle(), json!({ "texte": format!("Après {statut}, une seule fois.") }));
    let demande = || s.client.demande(Method::PUT, &chemin).si_version(lu.etag()).cle(&cle).json(&corps);
    let refuse = demande().envoie().await?.probleme(statut, "")?;
    let attente: u64 = refuse.entete("retry-after").parse().unwrap_or(0);
    exige(
        (1..=ATTENTE_MAX_S).contains(&attente),
        "des secondes dans Retry-After",
        refuse.entete("retry-after"),
    )?;
    sleep(Duration::from_secs(attente)).await;
    demande().envoie().await?.exige(200)?.recepisse()?;
    let relu = s.client.lit(&chemin).await?;
    exige(relu.json == corps, corps.to_string(), relu.dit())
}

pub async fn attente(s: &mut Suite) -> Issue {
    incident(s, "limite", 429).await
}

pub async fn panne(s: &mut Suite) -> Issue {
    incident(s, "panne", 503).await
}
