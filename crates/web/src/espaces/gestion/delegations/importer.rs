//! Delegations changed in a spreadsheet: sent, shown as a difference, then applied.

use app::delegations::{ApercuDelegations, Demande, preview_import, save_delegations, view_delegations};
use app::messages;
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;

use super::super::formation::lit_chemin;
use super::super::lien_accueil;
use super::{adresse, tableau_differences};
use crate::components::{Alerte, Bouton, Formulaire, LienBouton, Tableau};
use crate::layout::{Lien, Page, rend};
use crate::socle::{Recu, RecuFichier, Requete, Resultat, redirige, refuse};

#[derive(Template)]
#[template(path = "gestion/delegations/importer.html")]
struct PageImport {
    page: Page,
    url: String,
    retour: String,
    form: Formulaire,
    lecture: Option<Lecture>,
}

struct Lecture {
    /// The file cannot be applied as it is.
    refusee: bool,
    bilan: Alerte,
    detail: Tableau,
    /// The form that applies the file, and what it asks for.
    appliquer: Option<(Formulaire, String)>,
}

fn page(requete: &Requete, annee: i64, id: &str, form: Formulaire, lecture: Option<Lecture>) -> PageImport {
    let retour = adresse(annee, id);
    PageImport {
        page: requete
            .page("Importer des délégations")
            .session(format_args!("Session {annee}"))
            .ariane(vec![lien_accueil(annee), Lien::new("Délégations", &retour)])
            .en_erreur(!form.est_valide() || lecture.as_ref().is_some_and(|l| l.refusee)),
        url: format!("{retour}/import"),
        retour,
        form,
        lecture,
    }
}

pub async fn get_import(requete: Requete, Path(chemin): Path<(String, String)>) -> Resultat {
    let (annee, id) = lit_chemin(chemin)?;
    let m = view_delegations(&requete.ctx, annee, id.as_str()).await?;
    if m.session.archivee {
        return Ok(redirige(&adresse(annee, id.as_str())));
    }
    let form = requete.formulaire();
    Ok(rend(StatusCode::OK, &page(&requete, annee, id.as_str(), form, None)))
}

pub async fn post_import(Path(chemin): Path<(String, String)>, mut recu: RecuFichier) -> Resultat {
    let (annee, id) = lit_chemin(chemin)?;
    let requete = recu.requete.clone();
    match preview_import(&requete.ctx, annee, id.as_str(), &recu.nom_fichier, &recu.octets).await {
        Ok(apercu) => {
            let pris = apercu.fautes.is_empty() && apercu.gel.is_none();
            let statut = if pris { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
            if let [faute] = apercu.fautes.as_slice()
                && let Some(motif) = faute.du_fichier()
            {
                recu.form.refuse("fichier", motif);
                return Ok(rend(statut, &page(&requete, annee, id.as_str(), recu.form, None)));
            }
            let lecture = lecture(&requete, &apercu);
            let form = requete.formulaire();
            Ok(rend(statut, &page(&requete, annee, id.as_str(), form, Some(lecture))))
        }
        Err(e) => {
            refuse(&mut recu.form, e)?;
            let vue = page(&requete, annee, id.as_str(), recu.form, None);
            Ok(rend(StatusCode::UNPROCESSABLE_ENTITY, &vue))
        }
    }
}

pub async fn post_appliquer(Path(chemin): Path<(String, String)>, recu: Recu) -> Resultat {
    let (annee, id) = lit_chemin(chemin)?;
    let demandes: Vec<Demande> = recu.form.valeur("demandes").lines().filter_map(lit_demande).collect();
    save_delegations(&recu.requete.ctx, &recu.garde(), annee, id.as_str(), &demandes).await?;
    Ok(redirige(&format!("{}?fait=delegations", adresse(annee, id.as_str()))))
}

/// What the confirmation sends back: one line a cell. The use case judges each as if it were typed.
fn ecrit_demandes(demandes: &[Demande]) -> String {
    demandes
        .iter()
        .map(|d| format!("{};{};{};{}", d.compte, d.role, d.formation, d.operations))
        .collect::<Vec<_>>()
        .join("\n")
}

fn lit_demande(ligne: &str) -> Option<Demande> {
    let [compte, role, formation, operations] =
        ligne.trim().split(';').map(str::to_owned).collect::<Vec<_>>().try_into().ok()?;
    Some(Demande { compte, role, formation, operations })
}

fn lecture(requete: &Requete, a: &ApercuDelegations) -> Lecture {
    let ou = a.feuille.as_ref().map_or_else(String::new, |f| format!(" (feuille « {f} »)"));
    if !a.fautes.is_empty() {
        return Lecture {
            refusee: true,
            bilan: Alerte::erreur(
                "Le fichier est refusé. Rien n’est enregistré : corrigez-le et envoyez-le de nouveau.",
            )
            .refus(),
            detail: Tableau::releve(
                &format!("Fautes à corriger{ou}"),
                "Ce qui ne va pas",
                a.fautes.iter().map(|f| (f.ligne, f.colonne.as_str(), f.motif.as_str())),
            ),
            appliquer: None,
        };
    }
    if let Some(gel) = &a.gel {
        return Lecture {
            refusee: true,
            bilan: Alerte::erreur(messages::regle(gel)).refus(),
            detail: tableau_differences(&a.matrice, &a.differences),
            appliquer: None,
        };
    }
    let demandes = ecrit_demandes(&a.demandes);
    // Forms have a limit (ENT-1): beyond it, the confirmation would be refused without a word.
    let tient = demandes.len() < requete.ctx.app.limites.formulaire_octets / 2;
    let bilan = match (a.demandes.is_empty(), tient) {
        (true, _) => Alerte::info(format_args!("Le fichier est lisible{ou} et ne change rien.")),
        (_, true) => Alerte::info(format_args!(
            "Le fichier est lisible{ou}. Rien n’est encore enregistré : vérifiez ce qui change, puis appliquez.",
        )),
        (_, false) => Alerte::erreur(
            "Ce fichier change trop de délégations pour un seul envoi : partagez-le en plusieurs fichiers.",
        )
        .refus(),
    };
    Lecture {
        refusee: !tient && !a.demandes.is_empty(),
        bilan,
        detail: tableau_differences(&a.matrice, &a.differences),
        appliquer: (tient && !a.demandes.is_empty())
            .then(|| (requete.formulaire().avec_version(a.matrice.version), demandes)),
    }
}
