//! « Contacter »: from any page, a link that says which page it is and what it is about. Never an address that a person typed: the
//! page is one of the table of routes, and the object an identifier whose reading the use case checks (R-ASS-12).

use std::sync::OnceLock;

use app::AppError;
use app::assistance::{ObjetDemande, Origine};
use domain::PublicId;

use super::requete::encode;
use crate::components::Formulaire;

/// The form that asks.
pub(crate) const DEMANDER: &str = "/assistance/demander";

/// Where one asks about the page of this route (« GET /gestion/{annee} ») at this address.
pub(super) fn link(route: &str, chemin: &str) -> String {
    let Some((_, route)) = route.split_once(' ').filter(|(_, r)| r.starts_with('/')) else {
        return DEMANDER.to_owned();
    };
    // Asking how to ask is about nothing.
    if route == "/" || route.starts_with("/assistance") {
        return DEMANDER.to_owned();
    }
    let mut url = format!("{DEMANDER}?ecran={}", encode(route));
    let chemin = chemin.split('?').next().unwrap_or_default();
    for (motif, mot) in route.split('/').zip(chemin.split('/')) {
        match motif {
            "{annee}" => url.push_str(&format!("&annee={}", encode(mot))),
            "{id}" if kind(route).is_some() => url.push_str(&format!("&objet={}", encode(mot))),
            _ => {}
        }
    }
    url
}

/// Makes the object of an identifier.
type Objet = fn(PublicId) -> ObjetDemande;

/// What the identifier of a route names.
fn kind(route: &str) -> Option<Objet> {
    let objets: [(&str, Objet); 5] = [
        ("/gestion/{annee}/formations/{id}", ObjetDemande::Formation),
        ("/academie/{annee}/controles/{id}", ObjetDemande::Formation),
        ("/gestion/{annee}/etablissements/{id}", ObjetDemande::Etablissement),
        ("/candidat/voeux/{id}", ObjetDemande::Voeu),
        ("/candidat/propositions/{id}", ObjetDemande::Voeu),
    ];
    let de = |motif: &str| route == motif || route.strip_prefix(motif).is_some_and(|r| r.starts_with('/'));
    objets.into_iter().find(|(motif, _)| de(motif)).map(|(_, kind)| kind)
}

fn declared(route: &str) -> bool {
    static ROUTES: OnceLock<Vec<&'static str>> = OnceLock::new();
    ROUTES.get_or_init(|| crate::table(true).fin().1.iter().map(|l| l.chemin).collect()).contains(&route)
}

/// Where the form was opened from.
///
/// # Errors
/// [`AppError::NotFound`] for a page or an identifier that is none of ours.
pub(crate) fn origin(form: &Formulaire) -> Result<Origine, AppError> {
    let ecran = form.valeur("ecran").to_owned();
    if !ecran.is_empty() && !declared(&ecran) {
        return Err(AppError::NotFound);
    }
    let annee = match form.valeur("annee") {
        "" => None,
        annee => Some(annee.parse().map_err(|_| AppError::NotFound)?),
    };
    let objet = match (form.valeur("objet"), kind(&ecran)) {
        ("", _) => None,
        (id, Some(kind)) => Some(kind(PublicId::parse(id).ok_or(AppError::NotFound)?)),
        (_, None) => return Err(AppError::NotFound),
    };
    let etablissement = match form.valeur("etablissement") {
        "" => None,
        id => Some(PublicId::parse(id).ok_or(AppError::NotFound)?),
    };
    Ok(Origine { annee, ecran, objet, etablissement })
}

/// What a page is called, to those who ask and to those who answer.
pub(crate) fn name(route: &str) -> &'static str {
    const NOMS: [(&str, &str); 20] = [
        ("/gestion/{annee}/formations", "Site de gestion, formations"),
        ("/gestion/{annee}/etablissements", "Site de gestion, établissement"),
        ("/gestion/{annee}/groupes", "Site de gestion, classements"),
        ("/gestion/{annee}/classements", "Site de gestion, classements"),
        ("/gestion/{annee}/internats", "Site de gestion, internats"),
        ("/gestion/{annee}/demandes", "Site de gestion, demandes"),
        ("/gestion", "Site de gestion"),
        ("/academie", "Service académique"),
        ("/national", "Équipe nationale"),
        ("/candidat/voeux", "Espace candidat, vœux"),
        ("/candidat/propositions", "Espace candidat, propositions"),
        ("/candidat/dossier", "Espace candidat, dossier"),
        ("/candidat", "Espace candidat"),
        ("/informations", "Fil info"),
        ("/comptes", "Comptes"),
        ("/compte", "Mon compte"),
        ("/documentation", "Documentation"),
        ("/formations", "Recherche de formations"),
        ("/journal", "Historique"),
        ("/transparence", "Transparence"),
    ];
    let de = |debut: &str| route == debut || route.strip_prefix(debut).is_some_and(|r| r.starts_with('/'));
    NOMS.iter().find(|(debut, _)| de(debut)).map_or("Autre page du site", |(_, nom)| nom)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(paires: &[(&str, &str)]) -> Formulaire {
        Formulaire::recu("", paires.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())))
    }

    #[test]
    fn r_ass_12_a_link_says_its_page_and_its_object_and_nothing_that_was_typed() {
        let id = "aaaaaaaaaaaaaaaaaaaaaaaaaa";
        let url = link(
            "GET /gestion/{annee}/formations/{id}/echanges",
            &format!("/gestion/2024/formations/{id}/echanges?x=y"),
        );
        assert_eq!(
            url,
            format!(
                "/assistance/demander?ecran=/gestion/%7Bannee%7D/formations/%7Bid%7D/echanges&annee=2024&objet={id}"
            )
        );
        // An identifier that names something else is not said.
        assert_eq!(
            link("GET /comptes/{id}", &format!("/comptes/{id}")),
            "/assistance/demander?ecran=/comptes/%7Bid%7D"
        );
        assert_eq!(link("GET autre", "/rien"), DEMANDER);
        assert_eq!(link("GET /assistance", "/assistance"), DEMANDER);
    }

    #[test]
    fn r_ass_12_a_page_that_is_not_ours_is_refused() {
        let ecran = "/gestion/{annee}/formations/{id}";
        let id = "aaaaaaaaaaaaaaaaaaaaaaaaaa";
        let o = origin(&form(&[("ecran", ecran), ("annee", "2024"), ("objet", id)])).expect("ours");
        assert!(matches!(o.objet, Some(ObjetDemande::Formation(_))) && o.annee == Some(2024));
        for faux in [
            &[("ecran", "https://ailleurs.example")][..],
            &[("ecran", ecran), ("objet", "x")],
            &[("ecran", "/gestion"), ("objet", id)],
            &[("annee", "deux")],
        ] {
            assert!(matches!(origin(&form(faux)), Err(AppError::NotFound)), "{faux:?}");
        }
        assert_eq!(name(ecran), "Site de gestion, formations");
        assert_eq!(name("/candidat/voeux/{id}/recu"), "Espace candidat, vœux");
        assert_eq!(name("/comptes/{id}"), "Comptes");
    }
}
