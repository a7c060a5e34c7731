//! `/national/{annee}/passages`: every run, and each in detail.

use app::admission::{
    LigneGroupe, Passage, RETENUS_MONTRES, cle_publique, groupes_du_passage, groupes_ecartes, groupes_leves,
    groupes_retenus, passage, passages,
};
use app::messages::date_heure;
use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use domain::admission::Nature;
use domain::droits::{Action, Cible};

use super::{adresse, badge, lit_annee, lit_chemin, nom, programmation, qui, retenues};
use crate::components::{
    Alerte, Cellule, Colonne, Definitions, LienBouton, Markup, Pagination, Tableau, nombre,
};
use crate::layout::{Lien, Page, rend};
use crate::socle::{Requete, Resultat, lit_page};

const PAR_PAGE: i64 = 50;

#[derive(Template)]
#[template(path = "national/passages.html")]
struct PageListe {
    page: Page,
    tableau: Tableau,
    pagination: Pagination,
}

#[derive(Template)]
#[template(path = "national/passage.html")]
struct PagePassage {
    page: Page,
    badges: Markup,
    alertes: Vec<Alerte>,
    actions: Vec<Acte>,
    resume: Definitions,
    preuves: Definitions,
    retenus: Option<Tableau>,
    leves: Option<Tableau>,
    ecartes: Option<Tableau>,
    titre_groupes: &'static str,
    groupes: Option<(Tableau, Pagination)>,
}

/// An act offered on the page, as a link to its confirmation.
struct Acte {
    libelle: &'static str,
    url: String,
    secondaire: bool,
}

/// The address of the next page exists when one more line was found.
fn pagination(page: u32, encore: bool, url: &str) -> Pagination {
    Pagination::new(page, page + u32::from(encore), |n| format!("{url}?page={n}"))
}

pub async fn get_liste(
    requete: Requete,
    Path(annee): Path<String>,
    Query(paires): Query<Vec<(String, String)>>,
) -> Resultat {
    let annee = lit_annee(&annee)?;
    let page = lit_page(&paires);
    let saut = i64::from(page - 1) * PAR_PAGE;
    let mut liste = passages(&requete.ctx, annee, PAR_PAGE + 1, saut).await?;
    let encore = liste.len() > PAR_PAGE as usize;
    liste.truncate(PAR_PAGE as usize);
    let colonnes = vec![
        Colonne::new("Passage"),
        Colonne::new("État"),
        Colonne::longue("Calculé"),
        Colonne::longue("Publié"),
        Colonne::nombre("Propositions"),
    ];
    let tableau = Tableau::new("Passages de la session", colonnes)
        .legende_cachee()
        .si_vide(if requete.is_archivee() {
            "Aucun passage dans cette session."
        } else {
            "Aucun passage n’a encore été calculé."
        })
        .lignes(liste.iter().map(|p| ligne(annee, p)));
    let page = PageListe {
        page: requete
            .page("Passages")
            .session(format_args!("Session {annee}"))
            .ariane(vec![Lien::new("Équipe nationale", format_args!("/national/{annee}"))]),
        tableau,
        pagination: pagination(page, encore, &format!("/national/{annee}/passages")),
    };
    Ok(rend(StatusCode::OK, &page))
}

fn ligne(annee: i64, p: &Passage) -> Vec<Cellule> {
    let publie = match p.publie_le {
        Some(le) => format!("{}, par {}", date_heure(le), qui(&p.publie_par)),
        None => "–".to_owned(),
    };
    vec![
        Cellule::lien(nom(p), adresse(annee, p)),
        Cellule::markup(Markup::new(badge(p))),
        Cellule::texte(format_args!("{}, par {}", date_heure(p.calcule_le), qui(&p.calcule_par))),
        Cellule::texte(publie),
        match p.nature {
            Nature::OrdreAppel | Nature::Retrait => Cellule::texte("–"),
            Nature::Propositions => Cellule::nombre(p.bilan.propositions),
        },
    ]
}

pub async fn get_passage(
    requete: Requete,
    Path(chemin): Path<(String, String)>,
    Query(paires): Query<Vec<(String, String)>>,
) -> Resultat {
    let (annee, id) = lit_chemin(&chemin)?;
    let p = passage(&requete.ctx, annee, &id).await?;
    let numero = lit_page(&paires);
    let groupes = match p.nature {
        Nature::OrdreAppel => None,
        Nature::Propositions | Nature::Retrait => {
            let saut = i64::from(numero - 1) * PAR_PAGE;
            let mut lignes = groupes_du_passage(&requete.ctx, annee, &id, PAR_PAGE + 1, saut).await?;
            let encore = lignes.len() > PAR_PAGE as usize;
            lignes.truncate(PAR_PAGE as usize);
            let tableau = tableau_groupes(&p, lignes);
            Some((tableau, pagination(numero, encore, &adresse(annee, &p))))
        }
    };
    let lever = requete.ctx.may(Action::CalculerPassage, &Cible::plateforme());
    let retenus = retenues::tableau(annee, &p, &groupes_retenus(&requete.ctx, annee, &p).await?, lever);
    let leves = retenues::tableau_leves(&groupes_leves(&requete.ctx, annee, &p).await?);
    let ecartes = groupes_ecartes(&requete.ctx, annee, &p).await?;
    let ecartes = (!ecartes.is_empty()).then(|| {
        let colonnes = vec![
            Colonne::new("Formation"),
            Colonne::new("Établissement"),
            Colonne::new("Propriétés en défaut"),
        ];
        Tableau::new("Groupes signalés par les vérifications", colonnes).lignes(ecartes.into_iter().map(
            |e| {
                vec![
                    Cellule::texte(e.formation),
                    Cellule::texte(e.etablissement),
                    Cellule::texte(e.proprietes),
                ]
            },
        ))
    });
    Ok(rend(StatusCode::OK, &page(&requete, annee, &p, [retenus, leves, ecartes], groupes)))
}

fn page(
    requete: &Requete,
    annee: i64,
    p: &Passage,
    [retenus, leves, ecartes]: [Option<Tableau>; 3],
    groupes: Option<(Tableau, Pagination)>,
) -> PagePassage {
    let b = &p.bilan;
    let mut alertes = Vec::new();
    if b.alerte {
        alertes.push(Alerte::attention(
            "Des groupes sont mis à l’écart par les vérifications : leurs propositions ne partent pas ce jour-là. \
             La liste est plus bas.",
        ));
    } else if b.avertissement {
        alertes.push(Alerte::info("Une propriété est en défaut, mais aucune proposition n’est concernée."));
    } else if p.nature != Nature::Retrait {
        alertes.push(Alerte::succes("Toutes les vérifications sont conformes."));
    }
    if !b.retenus.is_empty() {
        alertes.push(Alerte::attention(format_args!(
            "{} Rien n’est proposé là ce jour-là, et rien ne change ailleurs. Relisez-les plus bas{}.",
            retenus_en_bref(b.retenus.len()),
            if b.retenus.len() > RETENUS_MONTRES { " : les cent premiers sont montrés" } else { "" }
        )));
    }
    if p.etat == domain::admission::EtatPassage::Calcule
        && let Some(motif) = p.publier.motif()
    {
        alertes.push(Alerte::info(motif));
    }
    alertes.extend(programmation(p));
    let url = adresse(annee, p);
    let mut actions = Vec::new();
    if p.publier.is_oui() {
        actions.push(Acte { libelle: "Publier", url: format!("{url}/publier"), secondaire: false });
    }
    let programmation = format!("/national/{annee}/programmation?passage={}", p.public_id);
    if p.programmer.is_oui() {
        let secondaire = p.publier.is_oui();
        actions.push(Acte { libelle: "Programmer la publication", url: programmation, secondaire });
    } else if p.deprogrammer.is_oui() {
        actions.push(Acte { libelle: "Annuler la programmation", url: programmation, secondaire: true });
    }
    if p.abandonner.is_oui() {
        actions.push(Acte { libelle: "Abandonner", url: format!("{url}/abandonner"), secondaire: true });
    }
    if p.retirer.is_oui() {
        let url = format!("/national/{annee}/retrait?passage={}", p.public_id);
        actions.push(Acte { libelle: "Retirer des propositions", url, secondaire: true });
    }
    PagePassage {
        page: requete.page(nom(p)).session(format_args!("Session {annee}")).ariane(vec![
            Lien::new("Équipe nationale", format_args!("/national/{annee}")),
            Lien::new("Passages", format_args!("/national/{annee}/passages")),
        ]),
        badges: Markup::new(badge(p)),
        alertes,
        actions,
        resume: super::decider::resume(p),
        preuves: Definitions::new()
            .ligne("Empreinte des données lues", &p.empreinte_entree)
            .ligne("Empreinte du résultat", &p.empreinte_sortie)
            .ligne("Procès-verbal (SHA-256)", &b.proces_verbal)
            .ligne("Signature", &b.signature)
            .ligne("Clé publique de la signature", cle_publique(&requete.ctx))
            .ligne("Version du programme", &p.version_code)
            .ligne("Paramètres", &p.parametres)
            .ligne("Lecture des données", format_args!("{} ms", nombre(b.lecture_ms)))
            .ligne("Calcul et vérifications", format_args!("{} ms", nombre(b.calcul_ms)))
            .ligne(
                "Second calcul, par la référence, et comparaison",
                format_args!("{} ms", nombre(b.jugement_ms)),
            ),
        retenus,
        leves,
        ecartes,
        titre_groupes: titre_groupes(p),
        groupes,
    }
}

/// What a day made of its groups, or what a withdrawal puts back.
pub(super) fn tableau_groupes(p: &Passage, lignes: Vec<LigneGroupe>) -> Tableau {
    let colonnes = vec![
        Colonne::new("Formation"),
        Colonne::new("Établissement"),
        Colonne::new("Groupe"),
        Colonne::nombre("À appeler"),
        Colonne::nombre(match p.nature {
            Nature::Retrait => "Propositions retirées",
            _ => "Propositions du jour",
        }),
        Colonne::nombre("En attente"),
        Colonne::nombre("Dernier appelé"),
    ];
    Tableau::new(titre_groupes(p), colonnes).legende_cachee().si_vide("Aucun groupe.").lignes(
        lignes.into_iter().map(|g| {
            vec![
                Cellule::lien(g.formation, format_args!("/formations/{}", g.formation_public_id)),
                Cellule::texte(g.etablissement),
                if g.retire == 1 {
                    Cellule::texte(format_args!("{} (ce jour est retiré)", g.groupe))
                } else {
                    Cellule::texte(g.groupe)
                },
                Cellule::nombre(g.nombre_a_appeler),
                Cellule::nombre(g.propositions),
                Cellule::nombre(g.en_attente),
                Cellule::nombre(g.dernier_appele),
            ]
        }),
    )
}

fn titre_groupes(p: &Passage) -> &'static str {
    match p.nature {
        Nature::Retrait => "Groupes rétablis",
        _ => "Propositions par groupe",
    }
}

fn retenus_en_bref(n: usize) -> String {
    match n {
        1 => "1 groupe est retenu : ses chiffres sortent de l’ordinaire.".to_owned(),
        n => format!("{n} groupes sont retenus : leurs chiffres sortent de l’ordinaire."),
    }
}
