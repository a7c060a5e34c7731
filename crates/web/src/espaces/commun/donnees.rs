//! `/informations/{annee}/donnees`: the note on the data of the files, on the page and to print.

use app::documents::{Bloc, Colonne as ColonneImprimee, Document};
use app::donnees::{NoteDonnees, print_note, view_note};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use domain::donnees::Donnee;

use super::actualites::{adresse, enumere, lit_annee};
use crate::components::{Alerte, Cellule, Colonne, LienBouton, Tableau};
use crate::layout::{Lien, Page, rend};
use crate::socle::{Requete, Resultat, fichier};
use crate::typographie::insecables_texte;

const LEGENDE: &str = "Données de chaque candidature, telles que les commissions les reçoivent";

#[derive(Template)]
#[template(path = "commun/donnees.html")]
struct PageDonnees {
    page: Page,
    changements: Vec<Alerte>,
    /// None while the list is empty.
    document: Option<String>,
    tableau: Tableau,
    /// Year and address of the notes of the other sessions.
    autres: Vec<(i64, String)>,
}

pub async fn get_donnees(requete: Requete, Path(annee): Path<String>) -> Resultat {
    let annee = lit_annee(&annee)?;
    let n = view_note(&requete.ctx, annee).await?;
    let colonnes = vec![
        Colonne::longue("Donnée"),
        Colonne::longue("Ce qu’elle est"),
        Colonne::new("Valeurs"),
        Colonne::longue("D’où elle vient"),
        Colonne::new("Usage"),
    ];
    let lignes = n.transmises.iter().map(|(d, source)| ligne(annee, *d, source).map(Cellule::texte).to_vec());
    let page = PageDonnees {
        page: requete
            .page("Note sur les données des dossiers")
            .session(&n.session.libelle)
            .ariane(vec![Lien::new("Fil info", adresse(annee))]),
        changements: changements(&n).into_iter().map(Alerte::info).collect(),
        document: (!n.transmises.is_empty()).then(|| format!("{}/donnees/document", adresse(annee))),
        tableau: Tableau::new(LEGENDE, colonnes)
            .lignes(lignes)
            .si_vide("La liste des données de cette session n’est pas encore arrêtée."),
        autres: n
            .annees
            .iter()
            .filter(|a| **a != annee)
            .map(|a| (*a, format!("{}/donnees", adresse(*a))))
            .collect(),
    };
    Ok(rend(StatusCode::OK, &page))
}

fn ligne(annee: i64, d: Donnee, source: &str) -> [String; 5] {
    [
        d.libelle().to_owned(),
        d.definition().to_owned(),
        d.unite().to_owned(),
        origine(annee, d, source),
        d.usage().libelle().to_owned(),
    ]
}

/// R-DON-04: where a piece of data comes from, whatever the session, then the source that the national team kept for this one; the first
/// alone when none was kept.
fn origine(annee: i64, d: Donnee, source: &str) -> String {
    let source = source.trim().trim_end_matches('.');
    if source.is_empty() {
        return d.provenance().to_owned();
    }
    format!("{}. Source pour la session {annee} : {source}.", d.provenance())
}

/// What is no longer sent, and what is new, since the session before.
fn changements(n: &NoteDonnees) -> Vec<String> {
    let Some(avant) = n.precedente else { return Vec::new() };
    let noms = |d: &[Donnee]| enumere(&d.iter().map(|d| d.libelle()).collect::<Vec<_>>());
    let mut dits = Vec::new();
    if !n.retirees.is_empty() {
        dits.push(format!(
            "Transmis pour la session {avant}, mais pas pour celle-ci : {}. Vos critères ne doivent pas s’y appuyer.",
            noms(&n.retirees)
        ));
    }
    if !n.nouvelles.is_empty() {
        dits.push(format!("Nouveau depuis la session {avant} : {}.", noms(&n.nouvelles)));
    }
    if dits.is_empty() {
        dits.push(format!("Rien n’a changé depuis la session {avant}."));
    }
    dits
}

pub async fn get_document(requete: Requete, Path(annee): Path<String>) -> Resultat {
    let annee = lit_annee(&annee)?;
    let le = requete.ctx.campagne_le;
    let octets = print_note(&requete.ctx, annee, |n| {
        let texte = |t: &str| insecables_texte(t);
        let titre = texte(&format!("Note sur les données des dossiers – {}", n.session.libelle));
        let mut blocs = vec![Bloc::Paragraphe(texte(INTRODUCTION))];
        blocs.extend(changements(n).iter().map(|c| Bloc::Attention(texte(c))));
        blocs.push(Bloc::Tableau {
            legende: texte(LEGENDE),
            colonnes: ["Donnée", "Ce qu’elle est", "Valeurs", "D’où elle vient", "Usage"]
                .map(ColonneImprimee::new)
                .to_vec(),
            lignes: n
                .transmises
                .iter()
                .map(|(d, source)| ligne(annee, *d, source).map(|t| texte(&t)).to_vec())
                .collect(),
        });
        Document { rappel: titre.clone(), titre, chapeau: Vec::new(), le, sommaire: false, blocs }
    })
    .await?;
    Ok(fichier(&format!("note-donnees-{annee}.pdf"), "application/pdf", octets))
}

const INTRODUCTION: &str = "Cette note est faite de la liste dont sont faits les dossiers eux-mêmes. Les commissions lisent aussi de qui est le dossier (son numéro ou un pseudonyme, le nom et le prénom pour qui en a le droit) et, pour un internat, les formations demandées. Rien d’autre ne leur est transmis, ni à l’écran ni dans un fichier.";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r_don_04_the_source_of_a_session_is_said_beside_where_a_piece_of_data_comes_from() {
        let d = Donnee::Serie;
        let dite = origine(2024, d, "fichier des élèves.");
        assert_eq!(dite, format!("{}. Source pour la session 2024 : fichier des élèves.", d.provenance()));
        assert_eq!(origine(2024, d, " "), d.provenance(), "nothing is made up");
        assert_eq!(ligne(2024, d, "fichier des élèves")[3], dite);
    }
}
