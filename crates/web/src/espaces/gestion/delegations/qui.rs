//! « Qui peut voir cela ? » for a course, its groups and the records of its candidates.

use app::delegations::{Lecteur, who_sees};
use app::messages::{action, date_heure, groupe_dossier, relation};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use domain::droits::{Action, relation_of};

use super::super::formation::{adresse, lit_chemin};
use super::super::{lien_accueil, lien_formations};
use crate::components::{Cellule, Colonne, LienBouton, Tableau};
use crate::layout::{Lien, Page, rend};
use crate::socle::{Requete, Resultat};

#[derive(Template)]
#[template(path = "gestion/delegations/acces.html")]
struct PageAcces {
    page: Page,
    formation: String,
    retour: String,
    tableau: Tableau,
    /// Who reads the records, and why.
    lecteurs: Tableau,
    /// What they read of them.
    lus: Vec<&'static str>,
    depuis: Option<String>,
}

pub async fn get_acces(requete: Requete, Path(chemin): Path<(String, String)>) -> Resultat {
    let (annee, id) = lit_chemin(chemin)?;
    let v = who_sees(&requete.ctx, annee, id.as_str()).await?;
    let retour = adresse(annee, id.as_str());
    let page = requete.page("Qui peut voir cela ?").session(format_args!("Session {annee}")).ariane(vec![
        lien_accueil(annee),
        lien_formations(annee),
        Lien::new(&v.formation, &retour),
    ]);
    let colonnes = vec![Colonne::new("Personne"), Colonne::new("À quel titre"), Colonne::longue("Peut")];
    let tableau = Tableau::new("Personnes qui ont accès à cette formation", colonnes)
        .legende_cachee()
        .si_vide("Personne n’a accès à cette formation sur le site de gestion.")
        .lignes(v.lecteurs.iter().map(ligne));
    let colonnes = vec![Colonne::new("Personne"), Colonne::new("Rôle"), Colonne::longue("Parce que")];
    let lecteurs = Tableau::new("Personnes qui lisent les dossiers des candidats", colonnes)
        .legende_cachee()
        .si_vide("Personne ne peut lire les dossiers des candidats de cette formation.")
        .lignes(v.lecteurs.iter().filter_map(|l| {
            let role = l.dossiers?;
            let raison = relation_of(role, Action::ConsulterDossiers).map_or("", relation);
            Some(vec![Cellule::texte(&l.nom), Cellule::texte(role.libelle()), Cellule::texte(raison)])
        }));
    let vue = PageAcces {
        page,
        formation: v.formation,
        retour,
        tableau,
        lecteurs,
        lus: v.dossier.lus.into_iter().map(groupe_dossier).collect(),
        depuis: v.dossier.depuis.map(date_heure),
    };
    Ok(rend(StatusCode::OK, &vue))
}

fn ligne(l: &Lecteur) -> Vec<Cellule> {
    let actions: Vec<&str> = l.actions.iter().map(|a| action(*a)).collect();
    vec![Cellule::texte(&l.nom), Cellule::texte(l.roles.join(", ")), Cellule::texte(actions.join(" ; "))]
}
