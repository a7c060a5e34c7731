//! One record: what it says, what is to be looked at, what happened to it, the decision.

use app::AppError;
use app::apprentissage::{Decision, EvenementVu, FicheVue, decide_fiche, view_fiche};
use app::messages::{self, capitale};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use domain::apprentissage::Statut;

use super::super::controles::quand;
use super::{adresse, ariane, badge, lit_chemin, nom};
use crate::components::{
    Aide, Alerte, Badge, Bouton, Choix, Definitions, Formulaire, LienBouton, Markup, Ton, accord,
};
use crate::layout::{Page, rend};
use crate::socle::brouillons::with_brouillon;
use crate::socle::{Recu, Requete, Resultat, redirige, refuse};

#[derive(Template)]
#[template(path = "academie/apprentissage/fiche.html")]
struct PageFiche {
    page: Page,
    url: String,
    retour: String,
    badges: Vec<Badge>,
    alertes: Vec<Alerte>,
    form: Formulaire,
    decisions: Vec<Choix>,
    /// The only decision, which is not chosen among others.
    seule: Option<Choix>,
    /// Why a decision is not among them.
    refus: Vec<String>,
    constats: Vec<(Badge, &'static str)>,
    appariement: Option<String>,
    champs: Definitions,
    suivi: Vec<(String, Definitions)>,
}

fn ici(annee: i64, id: &str) -> String {
    format!("{}/fiches/{id}", adresse(annee))
}

pub async fn get(requete: Requete, Path(chemin): Path<(String, String)>) -> Resultat {
    let (annee, id) = lit_chemin(chemin)?;
    let f = view_fiche(&requete.ctx, annee, &id).await?;
    let form = requete.formulaire().avec_version(f.version);
    let form = with_brouillon(&requete, form, &ici(annee, &f.id), !f.decisions.is_empty()).await?;
    Ok(rend(StatusCode::OK, &page(&requete, annee, &f, form)))
}

pub async fn post(Path(chemin): Path<(String, String)>, mut recu: Recu) -> Resultat {
    let (annee, id) = lit_chemin(chemin)?;
    let requete = recu.requete.clone();
    let mut statut = StatusCode::UNPROCESSABLE_ENTITY;
    match Statut::from_code(recu.form.valeur("vers")) {
        None => recu.form.refuse("vers", "Choisissez une décision."),
        Some(vers) => {
            let d = Decision { vers, motif: recu.form.valeur("motif").to_owned() };
            match decide_fiche(&requete.ctx, &recu.garde(), annee, &id, &d).await {
                Ok(r) => {
                    let vers =
                        format!("{}?fait=fiche-decidee&recepisse={}", ici(annee, id.as_str()), r.numero);
                    return Ok(redirige(&vers));
                }
                Err(AppError::Conflict) => {
                    recu.form = requete.formulaire().with_values(&recu.form);
                    recu.form.refuse_tout(
                        "Cette fiche a changé depuis que vous l’avez ouverte. Rien n’a été décidé : relisez-la ci-dessous, votre motif est \
                         gardé.",
                    );
                    statut = StatusCode::CONFLICT;
                }
                Err(e) => refuse(&mut recu.form, e)?,
            }
        }
    }
    let f = view_fiche(&requete.ctx, annee, &id).await?;
    let form = recu.form.avec_version(f.version);
    Ok(rend(statut, &page(&requete, annee, &f, form)))
}

/// A decision as a person takes it, from where the record stands.
fn decision(de: Statut, vers: Statut) -> (String, &'static str) {
    let recteur = de == Statut::AValiderRecteur;
    let nom = match vers {
        Statut::PretPourIntegration if recteur => "Validée par le recteur : prête pour intégration",
        Statut::PretPourIntegration => "Éligible : prête pour intégration",
        Statut::APublier if recteur => "Validée par le recteur : à publier plus tard",
        Statut::APublier if de.is_a_publier() => "Condition vérifiée : à publier plus tard",
        Statut::APublier => "À publier : reprendre la vérification",
        Statut::EnAttenteMiseAJour => "À compléter : en attente de mise à jour",
        Statut::NonPublie => "Refusée : non publiée",
        Statut::Ferme => "Fermée",
        autre => return (capitale(autre.libelle()), ""),
    };
    let indice = match vers {
        Statut::PretPourIntegration => "La plateforme en fait une formation, que l’établissement complète.",
        Statut::EnAttenteMiseAJour => {
            "L’organisme la corrige auprès de son Carif-Oref ; elle est évaluée de nouveau quand la correction arrive. Motif demandé."
        }
        Statut::NonPublie => "Le catalogue ne peut plus la remettre en ligne. Motif demandé.",
        Statut::Ferme => {
            "Sa formation est fermée, ou suspendue si des candidats la demandent. Motif demandé."
        }
        _ => "",
    };
    (nom.to_owned(), indice)
}

fn evenement(e: &EvenementVu) -> (String, Definitions) {
    let qui = e.par.as_ref().map(|nom| format!(" par {nom}")).unwrap_or_default();
    let mut faits = Definitions::new();
    if let Some(s) = e.statut {
        faits = faits.ligne("Statut", capitale(s.libelle()));
    }
    if let Some(raison) = &e.raison {
        faits = faits.ligne("Motif", raison);
    }
    for d in &e.details {
        faits = faits.ligne("Changement", capitale(d));
    }
    (format!("{}, le {}{qui}", e.quoi, quand(e.le)), faits)
}

fn alertes(annee: i64, f: &FicheVue) -> Vec<Alerte> {
    let mut alertes = Vec::new();
    if let Some(raison) = &f.raison {
        alertes.push(Alerte::info(raison).titre("Motif"));
    }
    if f.groupe > 1 {
        let n = i64::try_from(f.groupe).unwrap_or(i64::MAX);
        let texte = format!("{} décrivent la même formation.", accord(n, "fiche", "fiches"));
        let lien = Markup::lien("Les comparer", format_args!("{}/doublons/{}", adresse(annee), f.id));
        alertes.push(Alerte::attention(texte).suite(lien));
    }
    // R-APP-19.
    if let (n @ 1.., attend) = f.voisines {
        let n = i64::try_from(n).unwrap_or(i64::MAX);
        let ici = "de son établissement, au même lieu, que cette fiche décrit peut-être";
        let texte = format!("{} {ici}.", accord(n, "formation déclarée", "formations déclarées"));
        let lien = Markup::lien("Les comparer", format_args!("{}/doublons/{}", adresse(annee), f.id));
        alertes.push(if attend {
            Alerte::attention(format!("{texte} L’intégration attend que vous disiez ce qu’il en est."))
                .suite(lien)
        } else {
            Alerte::info(texte).suite(lien)
        });
    }
    if let Some((id, etat)) = &f.formation {
        let texte = match etat.as_str() {
            "publiee" => "Les candidats lisent la formation de cette fiche.",
            "fermee" => "La formation de cette fiche est fermée.",
            _ => "La formation de cette fiche est créée : son établissement la complète.",
        };
        let lien = Markup::lien("Voir la formation", format_args!("/gestion/{annee}/formations/{id}"));
        alertes.push(Alerte::info(texte).suite(lien));
    }
    // R-APP-14.
    if let (Some((ici, nomme)), Some((_, etat))) = (&f.ailleurs, &f.formation)
        && etat != "fermee"
    {
        let quand = match f.statut {
            Statut::PretPourIntegration | Statut::Publie => {
                "Elle y passe la nuit prochaine si le catalogue a changé ce code depuis que la formation existe et si aucun candidat ne \
                 la demande ; tant que des candidats la demandent, elle reste où elle est."
            }
            _ => "Elle n’y passe pas tant que la fiche n’est pas prête pour l’intégration.",
        };
        let texte = format!(
            "La fiche désigne l’établissement {nomme} ; la formation est à l’établissement {ici}. {quand}"
        );
        alertes.push(Alerte::attention(texte));
    }
    alertes
}

fn page(requete: &Requete, annee: i64, f: &FicheVue, form: Formulaire) -> PageFiche {
    let titre = nom(&f.intitule, &f.identifiant);
    let mut badges = vec![badge(f.statut)];
    if !f.presente {
        badges.push(Badge::new(Ton::Neutre, "Retirée du catalogue"));
    }
    let possibles = f.decisions.iter().filter(|(_, r)| r.is_ok()).map(|(vers, _)| {
        let (nom, indice) = decision(f.statut, *vers);
        let choix = Choix::new(vers.code(), nom);
        if indice.is_empty() { choix } else { choix.indice(indice) }
    });
    let mut decisions: Vec<Choix> = possibles.collect();
    let seule = if decisions.len() == 1 { decisions.pop() } else { None };
    let mut champs = Definitions::new().ligne("Identifiant", &f.identifiant);
    if !f.departement.is_empty() {
        champs = champs.ligne("Département", &f.departement);
    }
    for (nom, valeur) in &f.champs {
        champs = champs.ligne(capitale(nom), valeur);
    }
    PageFiche {
        page: requete
            .page(titre)
            .session(&f.session.libelle)
            .ariane(ariane(requete, annee))
            .en_erreur(!form.est_valide()),
        url: ici(annee, &f.id),
        retour: adresse(annee),
        badges,
        alertes: alertes(annee, f),
        decisions,
        seule,
        refus: f.decisions.iter().filter_map(|(_, r)| r.as_ref().err().map(messages::regle)).collect(),
        constats: f
            .constats
            .iter()
            .map(|c| {
                let ton = if c.is_bloquant() { Ton::Erreur } else { Ton::Attention };
                (Badge::new(ton, c.libelle()), c.a_faire())
            })
            .collect(),
        appariement: f.appariement.as_ref().map(|a| {
            let distance = a
                .distance_m
                .map_or_else(String::new, |m| format!(", à {} km l’un de l’autre", m.div_ceil(1000)));
            format!(
                "Code {} ; commune du lieu {}, commune du formateur {}{distance}.",
                a.uai, a.commune_lieu, a.commune_formateur
            )
        }),
        champs,
        suivi: f.evenements.iter().map(evenement).collect(),
        form,
    }
}
