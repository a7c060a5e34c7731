//! `/informations/{annee}/calendrier`: the technical calendar, on the page, to print, and for a calendar program.

use app::documents::{Bloc, Colonne as ColonneImprimee, Document};
use app::echeances::{
    Avancement, CalendrierTechnique, DateTechnique, agenda_technique, print_calendrier,
    view_calendrier_technique,
};
use app::messages::{date_heure, date_limite};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use domain::comptes::Role;

use super::actualites::{adresse, enumere, lit_annee};
use crate::components::{Badge, Cellule, Colonne, LienBouton, Markup, Tableau, Ton};
use crate::layout::{Lien, Page, rend};
use crate::socle::{Requete, Resultat, fichier};
use crate::typographie::insecables_texte;

#[derive(Template)]
#[template(path = "commun/calendrier.html")]
struct PageCalendrier {
    page: Page,
    etabli: String,
    document: String,
    agenda: String,
    tableau: Tableau,
}

pub async fn get_calendrier(requete: Requete, Path(annee): Path<String>) -> Resultat {
    let annee = lit_annee(&annee)?;
    let c = view_calendrier_technique(&requete.ctx, annee).await?;
    let colonnes = vec![
        Colonne::longue("Étape"),
        Colonne::new("Ouverture"),
        Colonne::new("Date limite"),
        Colonne::longue("Pour qui"),
        Colonne::courte("État"),
    ];
    let url = format!("{}/calendrier", adresse(annee));
    let page = PageCalendrier {
        page: requete
            .page("Calendrier technique")
            .session(&c.session.libelle)
            .ariane(vec![Lien::new("Fil info", adresse(annee))]),
        etabli: date_heure(c.etabli_le),
        document: format!("{url}/document"),
        agenda: format!("{url}/agenda"),
        tableau: Tableau::new("Étapes de la procédure, à l’heure de Paris", colonnes)
            .lignes(c.dates.iter().map(ligne))
            .si_vide("Le calendrier de cette session n’est pas encore publié."),
    };
    Ok(rend(StatusCode::OK, &page))
}

fn ligne(d: &DateTechnique) -> Vec<Cellule> {
    let (ton, etat) = match d.date.avancement {
        Avancement::Ouverte => (Ton::Succes, "Ouverte"),
        Avancement::AVenir => (Ton::Info, "À venir"),
        Avancement::Close => (Ton::Neutre, "Close"),
    };
    let mut badges = Markup::new(Badge::new(ton, etat));
    if d.date.reportee {
        badges = badges.et(Badge::new(Ton::Attention, "Date reportée"));
    }
    vec![
        Cellule::texte(d.date.etape.libelle()),
        Cellule::texte(date_heure(d.date.fenetre.ouvre)),
        Cellule::texte(date_limite(d.date.fenetre.ferme)),
        Cellule::texte(pour_qui(&d.roles)),
        Cellule::markup(badges),
    ]
}

/// « Candidat », « Chef d’établissement et Administrateur du site de gestion », « Tout le monde ».
fn pour_qui(roles: &[Role]) -> String {
    if roles.is_empty() {
        return "Tout le monde".to_owned();
    }
    enumere(&roles.iter().map(|r| r.libelle()).collect::<Vec<_>>())
}

pub async fn get_agenda(requete: Requete, Path(annee): Path<String>) -> Resultat {
    let annee = lit_annee(&annee)?;
    let octets = agenda_technique(&requete.ctx, annee).await?;
    Ok(fichier(&format!("calendrier-technique-{annee}.ics"), "text/calendar; charset=utf-8", octets))
}

pub async fn get_document(requete: Requete, Path(annee): Path<String>) -> Resultat {
    let annee = lit_annee(&annee)?;
    let octets = print_calendrier(&requete.ctx, annee, document).await?;
    Ok(fichier(&format!("calendrier-technique-{annee}.pdf"), "application/pdf", octets))
}

fn document(c: &CalendrierTechnique) -> Document {
    let texte = |t: String| insecables_texte(&t);
    let etabli = format!("Version du calendrier en vigueur depuis le {}.", date_heure(c.etabli_le));
    let lignes = c.dates.iter().map(|d| {
        let limite = date_limite(d.date.fenetre.ferme);
        let limite = if d.date.reportee { format!("{limite} (date reportée)") } else { limite };
        vec![
            texte(d.date.etape.libelle().to_owned()),
            texte(date_heure(d.date.fenetre.ouvre)),
            texte(limite),
            texte(pour_qui(&d.roles)),
        ]
    });
    Document {
        titre: texte(format!("Calendrier technique – {}", c.session.libelle)),
        chapeau: vec![texte(etabli)],
        rappel: texte(format!("Calendrier technique – {}", c.session.libelle)),
        le: c.etabli_le,
        sommaire: false,
        blocs: vec![
            Bloc::Paragraphe(texte(
                "Toutes les heures sont celles de Paris. Ce document est fait des dates que la plateforme applique : si l’une d’elles change, téléchargez-le de nouveau."
                    .to_owned(),
            )),
            Bloc::Tableau {
                legende: texte("Étapes de la procédure".to_owned()),
                colonnes: ["Étape", "Ouverture", "Date limite", "Pour qui"].map(ColonneImprimee::new).into(),
                lignes: lignes.collect(),
            },
        ],
    }
}
