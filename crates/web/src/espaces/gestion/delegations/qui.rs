//! « Qui peut voir cela ? » for a course, its groups and the records of its candidates.

use app::delegations::{Lecteur, who_sees};
use app::messages::action;
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;

use super::super::formation::{adresse, lit_chemin};
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
}

pub async fn get_acces(requete: Requete, Path(chemin): Path<(String, String)>) -> Resultat {
    let (annee, id) = lit_chemin(chemin)?;
    let v = who_sees(&requete.ctx, annee, id.as_str()).await?;
    let retour = adresse(annee, id.as_str());
    let page = requete.page("Qui peut voir cela ?").session(format_args!("Session {annee}")).ariane(vec![
        Lien::new("Mes formations", format_args!("/gestion/{annee}")),
        Lien::new(&v.formation, &retour),
    ]);
    let colonnes = vec![Colonne::new("Personne"), Colonne::new("À quel titre"), Colonne::longue("Peut")];
    let tableau = Tableau::new("Personnes qui ont accès à cette formation", colonnes)
        .legende_cachee()
        .si_vide("Personne n’a accès à cette formation sur le site de gestion.")
        .lignes(v.lecteurs.iter().map(ligne));
    Ok(rend(StatusCode::OK, &PageAcces { page, formation: v.formation, retour, tableau }))
}

fn ligne(l: &Lecteur) -> Vec<Cellule> {
    let actions: Vec<&str> = l.actions.iter().map(|a| action(*a)).collect();
    vec![Cellule::texte(&l.nom), Cellule::texte(l.roles.join(", ")), Cellule::texte(actions.join(" ; "))]
}
