//! R-SES-01: the sessions that are kept, opened from each space with its own pages, at their year.

use app::accueil::archives;
use askama::Template;
use axum::http::StatusCode;
use domain::droits::{Acteur, Action, scope};

use super::{Alerte, Markup};
use crate::layout::{Lien, Page, rend};
use crate::socle::{Requete, Resultat, redirige};

/// A space whose addresses carry their session.
#[derive(Clone, Copy, Debug)]
pub struct Espace {
    /// As the way to its pages names it.
    pub nom: &'static str,
    /// First words of its addresses.
    pub chemin: &'static str,
    /// What its home asks for.
    pub action: Action,
}

/// Of the establishments.
pub const GESTION: Espace =
    Espace { nom: "Site de gestion", chemin: "/gestion", action: Action::ConsulterParametrage };
/// Of the academic service.
pub const ACADEMIE: Espace =
    Espace { nom: "Service académique", chemin: "/academie", action: Action::FixerTaux };
/// Of the national team.
pub const NATIONAL: Espace =
    Espace { nom: "Équipe nationale", chemin: "/national", action: Action::ConsulterPassages };

const ESPACES: [Espace; 3] = [GESTION, ACADEMIE, NATIONAL];

impl Espace {
    /// The one that an address is in.
    pub fn of(chemin: &str) -> Option<Self> {
        let suite = |e: &Self| chemin.strip_prefix(e.chemin);
        ESPACES
            .into_iter()
            .find(|e| suite(e).is_some_and(|suite| suite.is_empty() || suite.starts_with(['/', '?'])))
    }

    /// Where a person is by an address: the services read the pages of establishments from their own space, and the national team those of
    /// the academic service. `None`: in no space that is open to them.
    pub fn pour(chemin: &str, acteur: &Acteur) -> Option<Self> {
        let permis = |e: &Self| scope(acteur, e.action).is_ok();
        let maison = acteur.attributions.iter().any(|a| a.role.is_over_etablissement());
        let ici = Self::of(chemin)?;
        let sien = if ici.chemin == GESTION.chemin {
            maison || !permis(&ici)
        } else {
            ici.chemin == NATIONAL.chemin
        };
        if sien { Some(ici).filter(permis) } else { [ACADEMIE, NATIONAL].into_iter().find(permis) }
    }

    /// The year that an address of it carries.
    pub fn annee(self, chemin: &str) -> Option<i64> {
        chemin.strip_prefix(self.chemin)?.split(['/', '?']).nth(1)?.parse().ok()
    }

    /// Address of what it keeps.
    pub fn archives(self) -> String {
        format!("{}/archives", self.chemin)
    }
}

/// The session is over: everything is read, nothing is written.
pub fn alerte_archive(annee: i64, espace: Espace) -> Alerte {
    Alerte::info(format_args!("Session {annee} archivée : tout se consulte, rien ne se modifie."))
        .suite(Markup::lien("Revenir à la session en cours", espace.chemin))
}

#[derive(Template)]
#[template(path = "commun/archives.html")]
struct PageArchives {
    page: Page,
    sessions: Vec<(String, String)>,
}

/// The session before; the list of them when there are several, or none.
pub async fn page_archives(requete: &Requete, espace: Espace) -> Resultat {
    let gardees = archives(&requete.ctx, espace.action).await?;
    if let [(annee, _)] = gardees.as_slice() {
        return Ok(redirige(&format!("{}/{annee}", espace.chemin)));
    }
    let page = requete.page("Archives").ariane(vec![Lien::new(espace.nom, espace.chemin)]);
    let sessions = gardees.into_iter().map(|(a, nom)| (nom, format!("{}/{a}", espace.chemin))).collect();
    Ok(rend(StatusCode::OK, &PageArchives { page, sessions }))
}

#[cfg(test)]
mod tests {
    use domain::comptes::Role;
    use domain::droits::Attribution;

    use super::*;

    #[test]
    fn an_address_is_in_one_space_and_carries_its_year() {
        let lue = |chemin: &str| Espace::of(chemin).map(|e| (e.chemin, e.annee(chemin)));
        assert_eq!(lue("/academie/2023/controles?page=2"), Some(("/academie", Some(2023))));
        assert_eq!(lue("/national/2023"), Some(("/national", Some(2023))));
        assert_eq!(lue("/national/securite"), Some(("/national", None)));
        assert_eq!(lue("/gestion"), Some(("/gestion", None)));
        assert_eq!(lue("/gestion?x=1"), Some(("/gestion", None)));
        for ailleurs in ["/", "/gestionnaires/2023", "/informations/2023", ""] {
            assert_eq!(lue(ailleurs), None, "{ailleurs}");
        }
    }

    #[test]
    fn r_ses_01_each_service_reads_the_pages_of_the_others_from_its_own_space() {
        let pour = |chemin: &str, roles: &[Role]| {
            let attributions = roles.iter().map(|r| Attribution::simple(*r)).collect();
            Espace::pour(chemin, &Acteur { attributions, ..Acteur::public() }).map(|e| e.chemin)
        };
        let etablissement = "/gestion/2023/etablissements/x/identite";
        assert_eq!(pour(etablissement, &[Role::AdminSite]), Some("/gestion"));
        assert_eq!(pour(etablissement, &[Role::Academie]), Some("/academie"));
        assert_eq!(pour(etablissement, &[Role::AdminNational]), Some("/national"));
        assert_eq!(pour(etablissement, &[Role::Academie, Role::ChefEtab]), Some("/gestion"));
        assert_eq!(pour("/academie/2023/apprentissage", &[Role::Academie]), Some("/academie"));
        assert_eq!(pour("/academie/2023/apprentissage", &[Role::AdminNational]), Some("/national"));
        for (ailleurs, role) in
            [("/gestion/2023", Role::Auditeur), ("/gestion", Role::Candidat), ("/national", Role::Academie)]
        {
            assert_eq!(pour(ailleurs, &[role]), None, "{ailleurs}");
        }
    }
}
