//! The list of accounts, and what waits for somebody.

use app::comptes::{CompteListe, FiltreListe, InvitationListe, ListeComptes, RoleVu, list_comptes};
use app::{AppError, messages, sessions};
use askama::Template;
use axum::extract::Query;
use axum::http::StatusCode;
use domain::comptes::{EtatCompte, Role};
use domain::references::Theme;

use crate::components::{
    Aide, Alerte, Badge, Bouton, Cellule, Choix, Colonne, Formulaire, LienBouton, Markup, Pagination,
    Tableau, Ton, en_tout, nombre,
};
use crate::layout::{Page, rend};
use crate::socle::{Requete, Resultat, avec_criteres};

#[derive(Template)]
#[template(path = "commun/comptes/liste.html")]
struct PageListe {
    page: Page,
    aide: Aide,
    form: Formulaire,
    etats: Vec<Choix>,
    roles: Vec<Choix>,
    invite: bool,
    deroge: bool,
    /// Takes a shared account over.
    reprises: Vec<Bouton>,
    /// Heads and administrators, for the services above the establishments.
    responsables: bool,
    /// Where to put an establishment under safety, or to lift it.
    securite: Option<String>,
    alertes: Vec<Alerte>,
    invitations: Option<Tableau>,
    compte: String,
    tableau: Tableau,
    pagination: Pagination,
}

const ETATS: [EtatCompte; 3] = [EtatCompte::Actif, EtatCompte::ASecuriser, EtatCompte::Suspendu];

pub async fn get_liste(requete: Requete, Query(paires): Query<Vec<(String, String)>>) -> Resultat {
    let mut form = Formulaire::recu("", paires);
    let etat = EtatCompte::from_code(form.valeur("etat"));
    if etat.is_none() && !form.valeur("etat").is_empty() {
        form.refuse("etat", "Choisissez un état de la liste.");
    }
    let role = Role::from_code(form.valeur("role"));
    if role.is_none() && !form.valeur("role").is_empty() {
        form.refuse("role", "Choisissez un rôle de la liste.");
    }
    let filtre = FiltreListe {
        recherche: form.valeur("q").trim().chars().take(200).collect(),
        etat,
        role,
        sans_facteur: form.lit_case("sans_facteur"),
        page: form.valeur("page").parse().unwrap_or(1),
    };
    let liste = list_comptes(&requete.ctx, &filtre).await?;
    let statut = if form.est_valide() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let aide = aide(&requete).await?;
    Ok(rend(statut, &page(&requete, form, aide, &filtre, &liste)))
}

/// What is deposited on accounts is that of the open session: this address names none.
async fn aide(requete: &Requete) -> Result<Aide, AppError> {
    let aide = Aide::comptes("inviter", "inviter, donner des rôles");
    match sessions::courante(&requete.ctx.app.db).await {
        Ok(session) => aide.sur(requete, session.annee, &[Theme::Comptes]).await,
        Err(AppError::NotFound) => Ok(aide),
        Err(e) => Err(e),
    }
}

fn page(
    requete: &Requete,
    form: Formulaire,
    aide: Aide,
    filtre: &FiltreListe,
    l: &ListeComptes,
) -> PageListe {
    let choix = [
        ("q", filtre.recherche.as_str()),
        ("etat", filtre.etat.map_or("", EtatCompte::code)),
        ("role", filtre.role.map_or("", Role::code)),
        ("sans_facteur", if filtre.sans_facteur { "oui" } else { "" }),
    ];
    let adresse = |n: u32| avec_criteres("/comptes", Some(format!("page={n}")), &choix);
    let mut alertes = Vec::new();
    match l.sans_facteur {
        0 => {}
        n => alertes.push(Alerte::attention(sans_facteur(n))),
    }
    if !l.a_reprendre.is_empty() {
        alertes.push(Alerte::info(
            "La reprise d’un ancien compte partagé vous est confiée, sous votre propre nom.",
        ));
    }
    for (uai, nom, _) in l.etablissements.iter().filter(|(_, _, sure)| *sure) {
        alertes.push(Alerte::attention(format_args!(
            "{nom} ({uai}) est en sécurité\u{a0}: les exports sont coupés jusqu’à ce que la mesure soit levée."
        )));
    }
    let securite = match l.etablissements.as_slice() {
        [(uai, ..)] => Some(format!("/comptes/securite/{uai}")),
        _ => Some("/comptes/securite".to_owned()),
    };
    PageListe {
        securite: securite.filter(|_| l.securise),
        page: requete.page("Comptes").session(&l.libelle_session).en_erreur(!form.est_valide()),
        aide,
        form,
        etats: ETATS.into_iter().map(|e| Choix::new(e.code(), libelle_etat(e))).collect(),
        roles: Role::ALL
            .into_iter()
            .filter(|r| r.needs_second_factor())
            .map(|r| Choix::new(r.code(), r.libelle()))
            .collect(),
        invite: l.invite,
        deroge: l.deroge,
        reprises: l
            .a_reprendre
            .iter()
            .map(|c| {
                LienBouton::new(
                    format_args!("Reprendre le «\u{a0}{}\u{a0}»", c.libelle.to_lowercase()),
                    format_args!("/comptes/{}/reprendre", c.code),
                )
            })
            .collect(),
        responsables: l.etablissements.is_empty(),
        alertes,
        invitations: (!l.invitations.is_empty()).then(|| invitations(&l.invitations)),
        compte: en_tout(l.total, "Aucun compte", "compte", "comptes"),
        tableau: tableau(&l.lignes),
        pagination: Pagination::new(l.page, l.pages, adresse),
    }
}

/// How many are not protected yet.
pub(super) fn sans_facteur(n: i64) -> String {
    match n {
        1 => "1 compte n’a pas encore de double authentification.".to_owned(),
        n => format!("{} comptes n’ont pas encore de double authentification.", nombre(n)),
    }
}

pub(super) fn libelle_etat(etat: EtatCompte) -> String {
    messages::capitale(messages::etat_compte(etat.code()))
}

pub(super) fn badge(etat: EtatCompte, partage: Option<i64>) -> Badge {
    if let Some(annee) = partage {
        return Badge::new(Ton::Neutre, format_args!("Compte partagé {annee}"));
    }
    let ton = match etat {
        EtatCompte::Actif => Ton::Succes,
        EtatCompte::ASecuriser | EtatCompte::Invite => Ton::Attention,
        EtatCompte::Suspendu | EtatCompte::Desactive => Ton::Neutre,
    };
    Badge::new(ton, libelle_etat(etat))
}

/// Whether the account is protected; nothing for one that nobody signs in with.
pub(super) fn facteur(etat: EtatCompte, partage: Option<i64>, facteur: bool) -> Markup {
    match facteur {
        true => Markup::new(Badge::new(Ton::Succes, "En place")),
        false if partage.is_some() || !etat.may_sign_in() => Markup::texte("Sans objet"),
        false => Markup::new(Badge::new(Ton::Attention, "Absente")),
    }
}

/// « Responsable de formation : BTS Électronique – Lycée Ampère ».
pub(in crate::espaces::commun) fn role(r: &RoleVu) -> String {
    let mut texte = r.role.libelle().to_owned();
    if !r.formations.is_empty() {
        texte.push_str(&format!("\u{a0}: {}", r.formations.join(", ")));
    }
    if !r.lieu.is_empty() {
        texte.push_str(&format!(" – {}", r.lieu));
    }
    texte
}

fn tableau(lignes: &[CompteListe]) -> Tableau {
    let colonnes = vec![
        Colonne::new("Personne"),
        Colonne::new("Adresse électronique"),
        Colonne::new("Rôles"),
        Colonne::new("État"),
        Colonne::new("Double authentification"),
        Colonne::new("Dernière visite"),
    ];
    Tableau::new("Comptes de votre périmètre", colonnes)
        .legende_cachee()
        .si_vide("Aucun compte ne répond à cette recherche dans votre périmètre.")
        .lignes(lignes.iter().map(|c| {
            let roles: Vec<String> = c.roles.iter().map(role).collect();
            vec![
                Cellule::lien(&c.nom, format_args!("/comptes/{}", c.public_id)),
                Cellule::texte(&c.courriel),
                Cellule::texte(roles.join(" ; ")),
                Cellule::markup(Markup::new(badge(c.etat, c.partage))),
                Cellule::markup(facteur(c.etat, c.partage, c.facteur)),
                Cellule::texte(c.vu_le.map_or_else(|| "Jamais".to_owned(), messages::date_courte)),
            ]
        }))
}

fn invitations(lignes: &[InvitationListe]) -> Tableau {
    let colonnes = vec![
        Colonne::new("Personne"),
        Colonne::new("Adresse électronique"),
        Colonne::new("Rôle proposé"),
        Colonne::new("Lien valable"),
        Colonne::actions("Actions"),
    ];
    Tableau::new("Invitations en attente", colonnes).lignes(lignes.iter().map(|i| {
        let valable = if i.perimee {
            Markup::new(Badge::new(Ton::Attention, "Lien périmé"))
        } else {
            Markup::texte(format_args!("jusqu’au {}", messages::date_heure(i.expire_le)))
        };
        vec![
            Cellule::texte(&i.nom),
            Cellule::texte(&i.courriel),
            Cellule::texte(role_invite(i)),
            Cellule::markup(valable),
            Cellule::markup(Markup::new(
                LienBouton::new("Renvoyer ou annuler", format_args!("/comptes/invitations/{}", i.public_id))
                    .petit()
                    .tertiaire()
                    .precision(format_args!("l’invitation de {}", i.nom)),
            )),
        ]
    }))
}

pub(super) fn role_invite(i: &InvitationListe) -> String {
    match &i.etablissement {
        Some(e) => format!("{} – {e}", i.role.libelle()),
        None => i.role.libelle().to_owned(),
    }
}
