//! `/candidat`: what to do next and until when.

use app::candidatures::{MesVoeux, mes_voeux};
use app::echeances::mes_dates;
use app::messages;
use askama::Template;
use axum::http::StatusCode;
use domain::RuleViolation;
use domain::calendrier::Etape;
use domain::candidatures::EtatVoeu;

use super::{badges, lieu, ordre};
use crate::components::{
    Alerte, Bouton, Carte, Dates, Definitions, Echeance, Formulaire, LienBouton, Markup, Tuile,
};
use crate::layout::{Page, rend};
use crate::socle::{Requete, Resultat};

#[derive(Template)]
#[template(path = "candidat/accueil.html")]
struct PageAccueil {
    page: Page,
    identite: String,
    propositions: Vec<Carte>,
    /// Waiting wishes at risk, and the form that keeps them.
    silence: Option<(Alerte, Formulaire)>,
    a_faire: Vec<(Alerte, Option<Echeance>)>,
    dates: Option<Dates>,
    etats: Option<Definitions>,
    tuiles: Vec<Tuile>,
}

pub async fn get_accueil(requete: Requete) -> Resultat {
    let m = mes_voeux(&requete.ctx).await?;
    let dates = mes_dates(&requete.ctx).await?;
    let page = PageAccueil {
        page: requete.page("Mon espace candidat").session(&m.session),
        identite: format!("Bonjour {}. Votre dossier porte le numéro {}.", m.prenom, m.numero),
        propositions: propositions(&requete, &m),
        silence: silence(&requete, &m),
        a_faire: a_faire(&requete, &m),
        dates: dates.map(|d| Dates::new(requete.ctx.campagne_le, &d)),
        etats: etats(&m),
        tuiles: vec![
            Tuile::new("Mes vœux", "/candidat/voeux").detail(possible(&m)),
            Tuile::new("Mon dossier", "/candidat/dossier").detail("Mon identité, mes notes, ma résidence"),
            Tuile::new("Mes récépissés", "/candidat/recepisses").detail("La preuve de chacun de mes actes"),
            Tuile::new("Qui a vu mon dossier", "/candidat/acces")
                .detail("Les lectures de mon dossier par d’autres"),
        ],
    };
    Ok(rend(StatusCode::OK, &page))
}

/// What may be done of the wishes now.
fn possible(m: &MesVoeux) -> &'static str {
    if m.peut_ajouter {
        "Ajouter, confirmer, retirer, suivre mes vœux"
    } else if m.voeux.iter().any(|v| v.actes.confirmer) {
        "Confirmer et suivre mes vœux"
    } else {
        "Suivre mes vœux"
    }
}

/// Propositions that wait for an answer, the most urgent first.
fn propositions(requete: &Requete, m: &MesVoeux) -> Vec<Carte> {
    let mut voeux: Vec<_> = m.voeux.iter().filter(|v| v.actes.repondre).collect();
    voeux.sort_by_key(|v| v.proposition.map(|p| p.echeance));
    voeux
        .into_iter()
        .map(|v| {
            let echeance =
                v.proposition.map(|p| Echeance::new(requete.ctx.campagne_le, p.echeance).locales(m.locale));
            let url = format!("/candidat/propositions/{}", v.public_id);
            Carte::new(&v.libelle).surtitre(lieu(v)).badges(badges(v)).contenu(Markup::de(echeance)).actions(
                Markup::new(
                    LienBouton::new("Répondre", url)
                        .precision(format_args!("à la proposition : {}", v.intitule)),
                ),
            )
        })
        .collect()
}

fn silence(requete: &Requete, m: &MesVoeux) -> Option<(Alerte, Formulaire)> {
    let s = m.silence.filter(|s| s.a_perdre > 0)?;
    let texte = format!(
        "Vous n’avez répondu à aucune proposition dans le délai. Sans confirmation de votre part, {} \
         définitivement perdus après le {}.",
        avec_nombre(s.a_perdre, "votre vœu en attente sera", "vœux en attente seront"),
        messages::date_limite_ici(s.perte_le, m.locale)
    );
    let texte = texte.replace("perdus", if s.a_perdre > 1 { "perdus" } else { "perdu" });
    Some((
        Alerte::attention(texte).titre("Confirmez que vous maintenez vos vœux en attente"),
        requete.formulaire(),
    ))
}

/// « votre vœu … » or « 3 vœux … ».
fn avec_nombre(n: usize, un: &str, plusieurs: &str) -> String {
    if n > 1 { format!("{n} {plusieurs}") } else { un.to_owned() }
}

fn a_faire(requete: &Requete, m: &MesVoeux) -> Vec<(Alerte, Option<Echeance>)> {
    let ctx = &requete.ctx;
    let ouvre = |etape| m.calendrier.require_open(etape, ctx.campagne_le);
    let fin = |etape| {
        m.calendrier.fenetre(etape).map(|f| Echeance::new(ctx.campagne_le, f.ferme).locales(m.locale))
    };
    let mut liste = ordre::a_faire(requete, m);
    let a_confirmer = m.voeux.iter().filter(|v| v.actes.confirmer).count();
    if a_confirmer > 0 {
        let texte = format!(
            "Vous avez {} à confirmer. Un vœu non confirmé à la date limite est annulé.",
            if a_confirmer > 1 { format!("{a_confirmer} vœux") } else { "un vœu".to_owned() }
        );
        let alerte = Alerte::attention(texte)
            .titre("Confirmez vos vœux")
            .suite(Markup::lien("Voir mes vœux", "/candidat/voeux"));
        liste.push((alerte, fin(Etape::Confirmation)));
    }
    match ouvre(Etape::Voeux) {
        Ok(()) if m.peut_ajouter => {
            let reste = m.plafonds.etudiant.saturating_sub(m.etudiant);
            let texte = match reste {
                0 => "Vous avez formulé tous les vœux que vous pouvez faire sous statut étudiant.".to_owned(),
                1 => "Vous pouvez encore ajouter un vœu sous statut étudiant.".to_owned(),
                n => format!("Vous pouvez encore ajouter {n} vœux sous statut étudiant."),
            };
            let alerte = Alerte::info(texte)
                .titre("Formulez vos vœux")
                .suite(Markup::lien("Chercher une formation", "/formations"));
            liste.push((alerte, fin(Etape::Voeux)));
        }
        Err(regle @ RuleViolation::NotYetOpen { .. }) => {
            liste.push((
                Alerte::info(messages::regle_ici(&regle, m.locale)).titre("Formulation des vœux"),
                None,
            ));
        }
        _ => {}
    }
    let confirmes = m.voeux.iter().any(|v| v.etat == EtatVoeu::Confirme);
    if let Err(regle @ RuleViolation::NotYetOpen { .. }) = ouvre(Etape::Admission)
        && ouvre(Etape::Confirmation).is_err()
        && confirmes
    {
        let texte =
            format!("Les formations examinent vos vœux confirmés. {}", messages::regle_ici(&regle, m.locale));
        liste.push((Alerte::info(texte).titre("Vos vœux sont examinés"), None));
    }
    if liste.is_empty()
        && m.silence.is_none_or(|s| s.a_perdre == 0)
        && !m.voeux.iter().any(|v| v.actes.repondre)
    {
        liste.push((Alerte::info("Vous n’avez rien à faire pour le moment."), None));
    }
    liste
}

/// How many wishes in each state.
fn etats(m: &MesVoeux) -> Option<Definitions> {
    let mut definitions = Definitions::new();
    for etat in EtatVoeu::ALL {
        let n = m.voeux.iter().filter(|v| v.etat == etat).count();
        if n > 0 {
            definitions = definitions.ligne(etat.libelle(), n);
        }
    }
    (!m.voeux.is_empty()).then_some(definitions)
}
