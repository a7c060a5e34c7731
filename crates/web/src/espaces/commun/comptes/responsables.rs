//! Heads and administrators of the establishments of a perimeter, on screen and as a file.

use app::FormatTableau;
use app::comptes::{
    FiltreResponsables, ListeResponsables, ListeSansResponsable, Responsable, export_responsables,
    list_responsables, list_sans_responsable,
};
use askama::Template;
use axum::extract::Query;
use axum::http::StatusCode;
use domain::comptes::Role;
use domain::etablissements::ParTutelle;

use super::{ariane, liste};
use crate::components::etablissement::{choix_tutelles, lit_tutelle};
use crate::components::{
    Aide, Alerte, Bouton, Cellule, Choix, Colonne, Formulaire, LienBouton, Markup, Pagination, Tableau,
    accord, en_tout,
};
use crate::layout::{Page, rend};
use crate::socle::{Requete, Resultat, avec_criteres, tableur};

#[derive(Template)]
#[template(path = "commun/comptes/responsables.html")]
struct PageResponsables {
    page: Page,
    form: Formulaire,
    roles: Vec<Choix>,
    tutelles: Vec<Choix>,
    alertes: Vec<Alerte>,
    /// Establishments are listed, and not people.
    sans_responsable: bool,
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
        tutelle: lit_tutelle(form),
        sans_facteur: form.lit_case("sans_facteur"),
        page: form.valeur("page").parse().unwrap_or(1),
    }
}

pub async fn get_liste(requete: Requete, Query(paires): Query<Vec<(String, String)>>) -> Resultat {
    let mut form = Formulaire::recu("", paires);
    let filtre = lit(&mut form);
    let statut = if form.est_valide() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    if form.lit_case("sans_responsable") {
        let l = list_sans_responsable(&requete.ctx, &filtre).await?;
        return Ok(rend(statut, &page_sans_responsable(&requete, form, &filtre, &l)));
    }
    let l = list_responsables(&requete.ctx, &filtre).await?;
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
        ("tutelle", filtre.tutelle.map_or("", ParTutelle::code)),
        ("sans_facteur", if filtre.sans_facteur { "oui" } else { "" }),
    ];
    let adresse = |chemin: &str, propre: String| avec_criteres(chemin, Some(propre), &choix);
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
        roles: roles(),
        tutelles: choix_tutelles(&l.tutelles),
        alertes: [
            (l.sans_facteur > 0).then(|| Alerte::attention(liste::sans_facteur(l.sans_facteur))),
            (l.sans_responsable > 0).then(|| Alerte::attention(sans_responsable(l.sans_responsable))),
        ]
        .into_iter()
        .flatten()
        .collect(),
        sans_responsable: false,
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

fn roles() -> Vec<Choix> {
    ROLES.into_iter().map(|r| Choix::new(r.code(), r.libelle())).collect()
}

/// What is said of the establishments that nobody answers for.
fn sans_responsable(n: i64) -> String {
    let combien =
        accord(n, "établissement a des formations et n’a", "établissements ont des formations et n’ont");
    format!(
        "{combien} ni chef d’établissement ni administrateur en service : personne n’y reçoit vos courriels."
    )
}

/// R-ACC-03: the establishments that nobody answers for, each with the invitation of its head.
fn page_sans_responsable(
    requete: &Requete,
    form: Formulaire,
    filtre: &FiltreResponsables,
    l: &ListeSansResponsable,
) -> PageResponsables {
    let colonnes = vec![
        Colonne::new("Établissement"),
        Colonne::new("Académie"),
        Colonne::nombre("Formations"),
        Colonne::actions("Responsable"),
    ];
    let tableau = Tableau::new("Établissements sans responsable", colonnes)
        .legende_cachee()
        .si_vide("Aucun établissement de cette recherche n’est sans responsable.")
        .lignes(l.lignes.iter().map(|e| {
            let inviter = format!("/comptes/inviter?etablissement={}&role={}", e.uai, Role::ChefEtab.code());
            let bouton = |libelle: &str, vers: String| {
                Cellule::markup(Markup::new(
                    LienBouton::new(libelle, vers).petit().tertiaire().precision(&e.nom),
                ))
            };
            vec![
                Cellule::texte(format_args!("{} ({}), {}", e.nom, e.uai, e.commune)),
                Cellule::texte(&e.academie),
                Cellule::nombre(e.formations),
                match &e.invitation {
                    Some(id) if l.invite => {
                        bouton("Voir l’invitation en attente", format!("/comptes/invitations/{id}"))
                    }
                    None if l.invite => bouton("Inviter le chef d’établissement", inviter),
                    Some(_) => Cellule::texte("Invitation en attente"),
                    None => Cellule::texte("–"),
                },
            ]
        }));
    let choix = [
        ("sans_responsable", "oui"),
        ("q", filtre.recherche.as_str()),
        ("tutelle", filtre.tutelle.map_or("", ParTutelle::code)),
    ];
    PageResponsables {
        page: requete
            .page("Chefs d’établissement et administrateurs")
            .session(&l.libelle_session)
            .ariane(ariane())
            .en_erreur(!form.est_valide()),
        form,
        roles: roles(),
        tutelles: choix_tutelles(&l.tutelles),
        alertes: Vec::new(),
        sans_responsable: true,
        compte: en_tout(
            l.total,
            "Aucun établissement sans responsable",
            "établissement sans responsable",
            "établissements sans responsable",
        ),
        exports: Vec::new(),
        tableau,
        pagination: Pagination::new(l.page, l.pages, |n| {
            avec_criteres("/comptes/responsables", Some(format!("page={n}")), &choix)
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
