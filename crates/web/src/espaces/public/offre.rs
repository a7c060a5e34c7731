//! `/formations/donnees`: the published offer in one file, and what each of its columns says.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use app::AppError;
use app::formations::{COLONNES_OFFRE, version_offre, write_offre};
use askama::Template;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use http_body::Frame;
use tokio::sync::mpsc;

use super::recherche::page_fermee;
use crate::components::{Cellule, Colonne, LienBouton, Tableau};
use crate::layout::{Lien, Page, rend};
use crate::socle::{CSV, Requete, Resultat, fichier, is_known};

/// Where the file is.
const FICHIER: &str = "/formations/donnees/export";
/// Parts written ahead of who reads them: a slow reader holds no more.
const AVANCE: usize = 2;

#[derive(Template)]
#[template(path = "public/formations_donnees.html")]
struct PageDonnees {
    page: Page,
    fichier: &'static str,
    colonnes: Tableau,
}

pub async fn get_donnees(requete: Requete) -> Resultat {
    let v = match version_offre(&requete.ctx).await {
        Ok(v) => v,
        Err(AppError::Rule(regle)) => return Ok(page_fermee(&requete, &regle)),
        Err(autre) => return Err(autre.into()),
    };
    let colonnes = vec![Colonne::new("Colonne"), Colonne::longue("Ce qu’elle dit")];
    let page = PageDonnees {
        page: requete
            .page("L’offre de formation en un fichier")
            .session(&v.session.libelle)
            .ariane(vec![Lien::new("Rechercher une formation", "/formations")]),
        fichier: FICHIER,
        colonnes: Tableau::new("Colonnes du fichier, dans leur ordre", colonnes)
            .lignes(COLONNES_OFFRE.iter().map(|(nom, dit)| vec![Cellule::texte(nom), Cellule::texte(dit)])),
    };
    Ok(rend(StatusCode::OK, &page))
}

/// What is being written, part by part.
struct Flux(mpsc::Receiver<io::Result<Bytes>>);

impl http_body::Body for Flux {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        self.0.poll_recv(cx).map(|part| part.map(|octets| octets.map(Frame::data)))
    }
}

pub async fn get_export(requete: Requete, entetes: HeaderMap) -> Resultat {
    let v = match version_offre(&requete.ctx).await {
        Ok(v) => v,
        Err(AppError::Rule(regle)) => return Ok(page_fermee(&requete, &regle)),
        Err(autre) => return Err(autre.into()),
    };
    let limites = &requete.ctx.app.limites;
    let etag = format!("\"{}\"", v.empreinte);
    let cache = format!("public, max-age={}", limites.offre_cache_s);
    if is_known(&entetes, &etag) {
        return Ok(with_version(StatusCode::NOT_MODIFIED.into_response(), &etag, &cache));
    }
    let nom = format!("offre-parcoursup-{}.csv", v.session.annee);
    let (lot, ctx) = (limites.offre_lot, requete.ctx.clone());
    let (envoi, recu) = mpsc::channel(AVANCE);
    tokio::spawn(async move {
        let mut apres = Some(0);
        while let Some(cle) = apres {
            let part = match write_offre(&ctx, &v, cle, lot).await {
                Ok((octets, suite)) => {
                    apres = suite;
                    Ok(Bytes::from(octets))
                }
                // The file is cut: who reads it sees that it did not end well.
                Err(cause) => {
                    tracing::error!(%cause, "offre interrompue");
                    apres = None;
                    Err(io::Error::other("interrompu"))
                }
            };
            // Nobody reads any more.
            if envoi.send(part).await.is_err() {
                return;
            }
        }
    });
    Ok(with_version(fichier(&nom, CSV, Body::new(Flux(recu))), &etag, &cache))
}

fn with_version(mut reponse: Response, etag: &str, cache: &str) -> Response {
    for (nom, valeur) in [(header::ETAG, etag), (header::CACHE_CONTROL, cache)] {
        if let Ok(valeur) = HeaderValue::from_str(valeur) {
            reponse.headers_mut().insert(nom, valeur);
        }
    }
    reponse
}
