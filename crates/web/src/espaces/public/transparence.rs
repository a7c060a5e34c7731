//! R-ADM-14: `/transparence`: the register of the runs of a session, that anybody reads, keeps and checks.

use app::admission::{
    Declaration, Inscription, RecuVerifie, Registre, derniers_appeles_publics, groupes_publics, registre,
    verify_recu,
};
use app::debits::Debit;
use app::{AppError, messages, sessions};
use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use domain::admission::Nature;
use jiff::Timestamp;
use serde::Deserialize;

use crate::components::{
    Alerte, Bouton, Cellule, Colonne, Definitions, Formulaire, LienBouton, Tableau, nombre,
};
use crate::layout::{Lien, Page, rend};
use crate::socle::{CSV, RecuFichiers, Requete, Resultat, fichier, redirige};

#[derive(Template)]
#[template(path = "public/transparence.html")]
struct PageTransparence {
    page: Page,
    lien_registre: String,
    lien_groupes: String,
    lien_tete: String,
    lien_verifier: String,
    vide: Option<Alerte>,
    passages: Tableau,
    preuves: Vec<(String, Definitions)>,
    tete: Option<String>,
    temoins: Tableau,
    cle: String,
}

pub async fn get_courante(requete: Requete) -> Resultat {
    let annee = sessions::courante(&requete.ctx.app.db).await?.annee;
    Ok(redirige(&format!("/transparence/{annee}")))
}

fn lit_annee(texte: &str) -> Result<i64, AppError> {
    texte.parse().map_err(|_| AppError::NotFound)
}

pub async fn get_transparence(requete: Requete, Path(annee): Path<String>) -> Resultat {
    let annee = lit_annee(&annee)?;
    let r = registre(&requete.ctx, annee).await?;
    let page = requete.page("Transparence des calculs").session(format_args!("Session {annee}"));
    let vue = PageTransparence {
        page,
        lien_registre: format!("/transparence/{annee}/registre"),
        lien_groupes: format!("/transparence/{annee}/groupes"),
        lien_tete: format!("/transparence/{annee}/tete"),
        lien_verifier: format!("/transparence/{annee}/verifier"),
        vide: r
            .passages
            .is_empty()
            .then(|| Alerte::info("Aucun calcul de cette session n’est publié pour le moment.")),
        passages: passages(annee, &r),
        preuves: r.passages.iter().enumerate().rev().map(|(n, p)| preuves(n + 1, p)).collect(),
        tete: r.head(r.passages.len()),
        temoins: temoins(&r),
        cle: r.cle,
    };
    Ok(rend(StatusCode::OK, &vue))
}

fn declaree(p: &Inscription) -> Option<Declaration> {
    p.declaration.as_deref().and_then(Declaration::read)
}

fn date(instant: &str) -> String {
    instant.parse::<Timestamp>().map(messages::date_heure).unwrap_or_default()
}

fn passages(annee: i64, r: &Registre) -> Tableau {
    let compte = |texte: &str| Cellule::nombre(texte.parse().unwrap_or_default());
    let lignes = r.passages.iter().rev().filter_map(|p| {
        let d = declaree(p)?;
        let nature = Nature::from_code(&d.nature)?;
        let sans = || Cellule::texte("–");
        let propositions = match nature {
            Nature::OrdreAppel => sans(),
            Nature::Propositions => compte(&d.propositions),
            Nature::Retrait => {
                let n: i64 = d.propositions.parse().unwrap_or_default();
                Cellule::texte(messages::accord(n, "retirée", "retirées"))
            }
        };
        Some(vec![
            Cellule::texte(d.titre()),
            Cellule::texte(p.publie_le.as_deref().map(date).unwrap_or_default()),
            if nature == Nature::Retrait { sans() } else { compte(&d.candidats) },
            compte(&d.voeux),
            propositions,
            if nature == Nature::Propositions { compte(&d.en_attente) } else { sans() },
            if nature == Nature::Propositions {
                let url = format!("/transparence/{annee}/derniers-appeles?jour={}", d.jour);
                Cellule::lien(format_args!("jour {}", d.jour), url)
            } else {
                sans()
            },
        ])
    });
    Tableau::new(
        "Calculs publiés, du plus récent au plus ancien",
        vec![
            Colonne::longue("Calcul"),
            Colonne::longue("Publié le"),
            Colonne::nombre("Candidats"),
            Colonne::nombre("Vœux examinés"),
            Colonne::nombre("Propositions"),
            Colonne::nombre("En attente"),
            Colonne::new("Derniers rangs appelés"),
        ],
    )
    .legende_cachee()
    .lignes(lignes)
}

fn preuves(n: usize, p: &Inscription) -> (String, Definitions) {
    let Some(d) = declaree(p) else {
        let d = Definitions::new().ligne("Empreinte de la déclaration", &p.empreinte);
        return (format!("Nº {n} : calcul abandonné avant publication"), d);
    };
    let suite = |texte: &str| {
        if texte.is_empty() { "aucun : c’est le premier".to_owned() } else { texte.to_owned() }
    };
    // The root of a tree without a leaf would look like the proof of something.
    let racine = if d.arbres == "0" { "aucun vœu n’est engagé" } else { d.racine.as_str() };
    let definitions = Definitions::new()
        .ligne("Racine des engagements", racine)
        .ligne("Sceau du procès-verbal", &d.sceau)
        .ligne("Sceau du passage précédent", suite(&d.sceau_precedent))
        .ligne("Maillon précédent de la chaîne", suite(&d.maillon_precedent))
        .ligne("Empreinte de la déclaration", &p.empreinte)
        .ligne("Signature de la déclaration", p.signature.as_deref().unwrap_or_default())
        .ligne("Version du programme", &d.version);
    (format!("Nº {n} : {}", d.titre()), definitions)
}

fn temoins(r: &Registre) -> Tableau {
    let colonnes = vec![
        Colonne::longue("Témoin"),
        Colonne::nombre("Passages couverts"),
        Colonne::longue("Clé publique du témoin"),
    ];
    Tableau::new("Signatures de témoins extérieurs", colonnes)
        .lignes(r.temoignages.iter().map(|t| {
            vec![
                Cellule::texte(&t.temoin),
                Cellule::texte(nombre(i64::try_from(t.passages).unwrap_or_default())),
                Cellule::texte(&t.cle),
            ]
        }))
        .si_vide("Aucun témoin n’a encore signé.")
}

pub async fn get_registre(requete: Requete, Path(annee): Path<String>) -> Resultat {
    let annee = lit_annee(&annee)?;
    let r = registre(&requete.ctx, annee).await?;
    Ok(fichier(&format!("registre-{annee}.json"), "application/json", r.json().into_bytes()))
}

#[derive(Deserialize)]
pub struct Jour {
    jour: Option<String>,
}

pub async fn get_derniers_appeles(
    requete: Requete,
    Path(annee): Path<String>,
    Query(q): Query<Jour>,
) -> Resultat {
    let annee = lit_annee(&annee)?;
    let jour = q.jour.and_then(|j| j.parse().ok()).ok_or(AppError::NotFound)?;
    let table = derniers_appeles_publics(&requete.ctx, annee, jour).await?;
    Ok(fichier(&format!("derniers-appeles-{annee}-jour-{jour}.csv"), CSV, table.into_bytes()))
}

pub async fn get_groupes(requete: Requete, Path(annee): Path<String>) -> Resultat {
    let annee = lit_annee(&annee)?;
    let table = groupes_publics(&requete.ctx, annee).await?;
    Ok(fichier(&format!("groupes-{annee}.csv"), CSV, table))
}

pub async fn get_tete(requete: Requete, Path(annee): Path<String>) -> Resultat {
    let annee = lit_annee(&annee)?;
    let r = registre(&requete.ctx, annee).await?;
    let tete = r.head(r.passages.len()).ok_or(AppError::NotFound)?;
    Ok(fichier(&format!("tete-{annee}.txt"), "text/plain; charset=utf-8", tete.into_bytes()))
}

#[derive(Template)]
#[template(path = "public/verifier_recu.html")]
struct PageVerifier {
    page: Page,
    annee: i64,
    form: Formulaire,
    retour: String,
    succes: Alerte,
    /// The run, what its leaf says, and who else has signed.
    verifie: Option<(String, Definitions, String)>,
}

fn page_verifier(
    requete: &Requete,
    annee: i64,
    form: Formulaire,
    verifie: Option<RecuVerifie>,
    statut: StatusCode,
) -> Response {
    let retour = format!("/transparence/{annee}");
    let page = requete
        .page("Vérifier un reçu")
        .session(format_args!("Session {annee}"))
        .ariane(vec![Lien::new("Transparence des calculs", &retour)])
        .en_erreur(!form.est_valide());
    let verifie = verifie.map(|v| {
        let valeurs = v.valeurs.iter().fold(Definitions::new(), |d, (nom, valeur)| d.ligne(nom, valeur));
        let temoins = match v.temoins {
            0 => "Aucun témoin extérieur n’a encore signé le registre depuis ce calcul.".to_owned(),
            1 => "Un témoin extérieur a signé le registre depuis ce calcul.".to_owned(),
            n => format!("{n} témoins extérieurs ont signé le registre depuis ce calcul."),
        };
        (v.passage, valeurs, temoins)
    });
    let succes = Alerte::succes("Oui : ce reçu est bien celui que le registre public engage.");
    rend(statut, &PageVerifier { page, annee, form, retour, succes, verifie })
}

pub async fn get_verifier(requete: Requete, Path(annee): Path<String>) -> Resultat {
    let annee = lit_annee(&annee)?;
    sessions::session(&requete.ctx.app.db, annee).await?;
    let form = requete.formulaire();
    Ok(page_verifier(&requete, annee, form, None, StatusCode::OK))
}

/// What is sent or pasted is compared, and not kept.
pub async fn post_verifier(Path(annee): Path<String>, recu: RecuFichiers) -> Resultat {
    let annee = lit_annee(&annee)?;
    let RecuFichiers { requete, mut form, mut fichiers } = recu;
    // The whole register is gone through for each: anybody may ask, as often as they may search.
    requete.ctx.take(Debit::Recherche)?;
    let registre = registre(&requete.ctx, annee).await?;
    let colle = form.valeur("recu").trim().as_bytes().to_vec();
    let envoye = fichiers.pop().map(|(_, octets)| octets);
    let champ = if envoye.is_none() && !colle.is_empty() { "recu" } else { "fichier" };
    let octets = envoye.unwrap_or(colle);
    let max = requete.ctx.app.limites.formulaire_octets;
    let lu = if octets.is_empty() {
        Err("Choisissez le fichier du reçu, ou collez ce qu’il contient.".to_owned())
    } else if octets.len() > max {
        // Whoever is signed in may send files that are no receipt, and long to read.
        let max = messages::poids(i64::try_from(max).unwrap_or(i64::MAX));
        Err(format!("Ce n’est pas un reçu : un reçu pèse moins de {max}."))
    } else {
        verify_recu(registre.json().as_bytes(), &octets).map_err(|ecart| format!("Non : {ecart}."))
    };
    Ok(match lu {
        Ok(verifie) => page_verifier(&requete, annee, requete.formulaire(), Some(verifie), StatusCode::OK),
        Err(message) => {
            form.refuse(champ, message);
            page_verifier(&requete, annee, form, None, StatusCode::UNPROCESSABLE_ENTITY)
        }
    })
}
