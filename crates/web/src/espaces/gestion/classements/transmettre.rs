//! Transmitting a ranking, and its receipt.

use app::classements::{ApercuTransmission, Nature, preview_transmission, recepisse, transmit};
use app::messages;
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;

use super::super::formation::lit_chemin;
use super::{Quoi, adresse, ariane};
use crate::components::{
    Alerte, Bouton, Cellule, Colonne, Definitions, Formulaire, LienBouton, Tableau, par_groupes,
};
use crate::layout::{Lien, Page, rend};
use crate::socle::{Recu, Requete, Resultat, redirige, refuse};

#[derive(Template)]
#[template(path = "gestion/classements/transmettre.html")]
struct PageTransmettre {
    page: Page,
    url: String,
    retour: String,
    form: Formulaire,
    resume: Definitions,
    /// What proves the list, folded.
    empreinte: Definitions,
    non_retenus: Option<Tableau>,
    avertissement: Alerte,
    obstacle: Option<Alerte>,
    /// In whose name the list was read again.
    engagement: &'static str,
}

fn chemin_page(nature: Nature, annee: i64, retour: &str) -> Vec<Lien> {
    let mut chemin = ariane(nature, annee);
    chemin.push(Lien::new("Classement", retour));
    chemin
}

fn page(requete: &Requete, a: &ApercuTransmission, form: Formulaire) -> PageTransmettre {
    let retour = adresse(a.nature, a.annee, &a.groupe);
    let refuses = if a.selective { a.non_retenus.len() } else { 0 };
    let consequence = match refuses {
        0 => String::new(),
        1 => " Un candidat sans rang sera refusé.".to_owned(),
        n => format!(" {n} candidats sans rang seront refusés."),
    };
    let tableau =
        Tableau::new("Candidats non retenus", vec![Colonne::new("Dossier"), Colonne::new("Candidat")])
            .lignes(a.non_retenus.iter().map(|(n, nom)| vec![Cellule::texte(n), Cellule::texte(nom)]));
    PageTransmettre {
        page: requete
            .page("Transmettre le classement")
            .session(format_args!("Session {}", a.annee))
            .ariane(chemin_page(a.nature, a.annee, &retour))
            .en_erreur(!form.est_valide()),
        url: format!("{retour}/transmettre"),
        retour,
        resume: match a.nature {
            Nature::Groupe => Definitions::new()
                .ligne("Formation", &a.formation)
                .ligne("Groupe", &a.libelle)
                .ligne("Candidats classés", a.classes)
                .ligne("Candidats non retenus", refuses),
            Nature::Internat => {
                Definitions::new().ligne("Internat", &a.formation).ligne("Candidats classés", a.classes)
            }
        },
        empreinte: Definitions::new().ligne("Empreinte SHA-256", par_groupes(&a.empreinte)),
        non_retenus: (refuses > 0).then_some(tableau),
        avertissement: Alerte::attention(format_args!(
            "La transmission est définitive\u{a0}: le classement ne pourra plus être modifié.{consequence}"
        )),
        // The summary of faults already says it, after a refused form.
        obstacle: a.refus.as_ref().map(|r| Alerte::info(messages::regle(r))),
        engagement: match a.nature {
            Nature::Groupe => "J’ai relu ce classement au nom de la commission d’examen des vœux",
            Nature::Internat => "J’ai relu ce classement au nom de l’établissement",
        },
        form,
    }
}

pub async fn get_transmettre<Q: Quoi>(requete: Requete, Path(chemin): Path<(String, String)>) -> Resultat {
    let (annee, id) = lit_chemin(chemin)?;
    let a = preview_transmission(&requete.ctx, annee, Q::objet(id.as_str())).await?;
    let form = requete.formulaire().avec_version(a.version);
    Ok(rend(StatusCode::OK, &page(&requete, &a, form)))
}

pub async fn post_transmettre<Q: Quoi>(Path(chemin): Path<(String, String)>, mut recu: Recu) -> Resultat {
    let (annee, id) = lit_chemin(chemin)?;
    let requete = recu.requete.clone();
    let engagement = recu.form.lit_case("engagement");
    match transmit(&requete.ctx, &recu.garde(), annee, Q::objet(id.as_str()), engagement).await {
        Ok(r) => {
            let url = Q::adresse(annee, id.as_str());
            Ok(redirige(&format!("{url}/recepisses/{}?fait=classement-transmis", r.numero)))
        }
        Err(e) => {
            refuse(&mut recu.form, e)?;
            let a = preview_transmission(&requete.ctx, annee, Q::objet(id.as_str())).await?;
            Ok(rend(StatusCode::UNPROCESSABLE_ENTITY, &page(&requete, &a, recu.form)))
        }
    }
}

#[derive(Template)]
#[template(path = "gestion/classements/recepisse.html")]
struct PageRecepisse {
    page: Page,
    retour: String,
    verifier: String,
    contenu: Definitions,
}

pub async fn get_recepisse<Q: Quoi>(
    requete: Requete,
    Path((annee, id, numero)): Path<(String, String, String)>,
) -> Resultat {
    let (annee, id) = lit_chemin((annee, id))?;
    let r = recepisse(&requete.ctx, annee, Q::objet(id.as_str()), &numero).await?;
    let mut contenu = Definitions::new().ligne("Acte", r.recepisse.acte).ligne(
        "Enregistré le",
        format_args!("{} (heure de Paris)", messages::date_heure(r.recepisse.emis_le)),
    );
    for (libelle, valeur) in &r.recepisse.lignes {
        contenu = contenu.ligne(libelle, valeur);
    }
    let retour = Q::adresse(annee, id.as_str());
    let vue = PageRecepisse {
        page: requete
            .page(format_args!("Récépissé nº {}", r.recepisse.numero))
            .session(format_args!("Session {annee}"))
            .ariane(chemin_page(Q::NATURE, annee, &retour)),
        retour,
        verifier: format!("/recepisse?numero={}", r.recepisse.numero),
        contenu: contenu.ligne("Empreinte du récépissé", &r.recepisse.empreinte),
    };
    Ok(rend(StatusCode::OK, &vue))
}
