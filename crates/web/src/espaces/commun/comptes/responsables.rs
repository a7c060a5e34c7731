//! Heads and administrators of the establishments of a perimeter, on screen and as a file.

use app::FormatTableau;
use app::comptes::{
    FiltreResponsables, ListeResponsables, Responsable, export_responsables, list_responsables,
};
use askama::Template;
use axum::extract::Query;
use axum::http::StatusCode;
use domain::comptes::Role;

use super::{ariane, liste};
use crate::components::{
    Alerte, Bouton, Cellule, Choix, Colonne, Formulaire, LienBouton, Markup, Pagination, Tableau, en_tout,
};
use crate::layout::{Page, rend};
use crate::socle::{Requete, Resultat, encode, tableur};

#[derive(Template)]
#[template(path = "commun/comptes/responsables.html")]
struct PageResponsables {
    page: Page,
    form: Formulaire,
    roles: Vec<Choix>,
    alerte: Option<Alerte>,
    compte: String,
    exports: Vec<Bouton>,
    tableau: Tableau,
    pagination: Pagination,
}

const ROLES: [Role; 2] = [Role::ChefEtab, Role::AdminSite];

fn lit(form: &mut Formulaire) -> FiltreResponsables {
    let role = Role::from_code(form.valeur("role")).filter(|r| ROLES.contains(r));
    if role.is_none() && !form.valeur("role").is_empty() {
        form.refuse("role", "Choisissez un rôle de la liste.");
    }
    FiltreResponsables {
        recherche: form.valeur("q").trim().chars().take(200).collect(),
        role,
        sans_facteur: form.lit_case("sans_facteur"),
        page: form.valeur("page").parse().unwrap_or(1),
    }
}

pub async fn get_liste(requete: Requete, Query(paires): Query<Vec<(String, String)>>) -> Resultat {
    let mut form = Formulaire::recu("", paires);
    let filtre = lit(&mut form);
    let l = list_responsables(&requete.ctx, &filtre).await?;
    let statut = if form.est_valide() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(rend(statut, &page(&requete, form, &filtre, &l)))
}

pub async fn get_export(requete: Requete, Query(paires): Query<Vec<(String, String)>>) -> Resultat {
    let mut form = Formulaire::recu("", paires);
    let filtre = lit(&mut form);
    let format = FormatTableau::from_code(form.valeur("format")).unwrap_or(FormatTableau::Csv);
    let e = export_responsables(&requete.ctx, &filtre, format).await?;
    Ok(tableur(&e.nom_fichier, e.format, e.octets))
}

fn page(
    requete: &Requete,
    form: Formulaire,
    filtre: &FiltreResponsables,
    l: &ListeResponsables,
) -> PageResponsables {
    let choix = [
        ("q", filtre.recherche.as_str()),
        ("role", filtre.role.map_or("", Role::code)),
        ("sans_facteur", if filtre.sans_facteur { "oui" } else { "" }),
    ];
    let adresse = |chemin: &str, propre: String| {
        let mut parties = vec![propre];
        parties
            .extend(choix.iter().filter(|(_, v)| !v.is_empty()).map(|(n, v)| format!("{n}={}", encode(v))));
        format!("{chemin}?{}", parties.join("&"))
    };
    let export = |libelle: &str, format: FormatTableau| {
        let url = adresse("/comptes/responsables/export", format!("format={}", format.code()));
        LienBouton::new(libelle, url).secondaire().icone("download-line")
    };
    PageResponsables {
        page: requete
            .page("Chefs d’établissement et administrateurs")
            .session(&l.libelle_session)
            .ariane(ariane())
            .en_erreur(!form.est_valide()),
        form,
        roles: ROLES.into_iter().map(|r| Choix::new(r.code(), r.libelle())).collect(),
        alerte: (l.sans_facteur > 0).then(|| Alerte::attention(liste::sans_facteur(l.sans_facteur))),
        compte: en_tout(l.total, "Aucune personne", "personne", "personnes"),
        exports: if l.total == 0 {
            Vec::new()
        } else {
            vec![
                export("Télécharger le tableur (XLSX)", FormatTableau::Xlsx),
                export("Télécharger en CSV", FormatTableau::Csv),
            ]
        },
        tableau: tableau(&l.lignes),
        pagination: Pagination::new(l.page, l.pages, |n| {
            adresse("/comptes/responsables", format!("page={n}"))
        }),
    }
}

fn tableau(lignes: &[Responsable]) -> Tableau {
    let colonnes = vec![
        Colonne::new("Personne"),
        Colonne::new("Rôle"),
        Colonne::new("Établissement"),
        Colonne::new("Adresse électronique"),
        Colonne::new("Téléphone mobile"),
        Colonne::new("État"),
        Colonne::new("Double authentification"),
    ];
    Tableau::new("Chefs d’établissement et administrateurs", colonnes)
        .legende_cachee()
        .si_vide("Personne ne répond à cette recherche dans votre périmètre.")
        .lignes(lignes.iter().map(|r| {
            let mobile = match &r.mobile {
                None => "Aucun".to_owned(),
                Some(m) if r.mobile_verifie => m.clone(),
                Some(m) => format!("{m} (à vérifier)"),
            };
            vec![
                Cellule::lien(
                    format_args!("{} {}", r.prenom, r.nom),
                    format_args!("/comptes/{}", r.public_id),
                ),
                Cellule::texte(r.role.libelle()),
                Cellule::texte(format_args!("{} ({}), {}", r.etablissement, r.uai, r.commune)),
                Cellule::texte(&r.courriel),
                Cellule::texte(mobile),
                Cellule::markup(Markup::new(liste::badge(r.etat, r.partage))),
                Cellule::markup(liste::facteur(r.etat, r.partage, r.facteur)),
            ]
        }))
}
