//! `/candidat/voeux`: the list of wishes, each with its state and what may be done.

use app::candidatures::{MesVoeux, RangInternat, RangsVue, VoeuVue, mes_voeux};
use app::messages;
use askama::Template;
use axum::http::StatusCode;
use domain::calendrier::Etape;
use domain::candidatures::EtatVoeu;

use super::{badges, lieu, ordre, page};
use crate::components::{Alerte, Carte, Definitions, Echeance, LienBouton, Markup, nombre};
use crate::layout::{Page, rend};
use crate::socle::{Requete, Resultat};

#[derive(Template)]
#[template(path = "candidat/voeux.html")]
struct PageVoeux {
    page: Page,
    compte: String,
    /// The step of wishes and the step of confirmation: name, deadline or why it is closed.
    etapes: Vec<(&'static str, Option<Echeance>, Option<String>)>,
    /// What the summer asks for, and until when.
    ete: Vec<(Alerte, Option<Echeance>)>,
    peut_ajouter: bool,
    vide: Option<Alerte>,
    groupes: Vec<(&'static str, Vec<Carte>)>,
}

pub async fn get_voeux(requete: Requete) -> Resultat {
    let m = mes_voeux(&requete.ctx).await?;
    let (vivants, clos): (Vec<_>, Vec<_>) = m.voeux.iter().partition(|v| v.etat.is_vivant());
    let (apprentissage, etudiant): (Vec<_>, Vec<_>) = vivants.into_iter().partition(|v| v.apprentissage);
    let groupes = [
        ("Vœux sous statut étudiant", etudiant),
        ("Vœux en apprentissage", apprentissage),
        ("Vœux clos", clos),
    ]
    .into_iter()
    .filter(|(_, voeux)| !voeux.is_empty())
    .map(|(titre, voeux)| (titre, voeux.into_iter().map(|v| carte(&requete, &m, v)).collect()))
    .collect();
    let vue = PageVoeux {
        compte: compte(&m),
        etapes: [("Formulation des vœux", Etape::Voeux), ("Confirmation des vœux", Etape::Confirmation)]
            .into_iter()
            .map(|(nom, etape)| {
                let (echeance, motif) = delai(&requete, &m, etape);
                (nom, echeance, motif)
            })
            .collect(),
        ete: ordre::a_faire(&requete, &m),
        peut_ajouter: m.peut_ajouter,
        vide: m.voeux.is_empty().then(|| Alerte::info("Vous n’avez aucun vœu pour le moment.")),
        groupes,
        page: page(&requete, "Mes vœux", m.annee, vec![]),
    };
    Ok(rend(StatusCode::OK, &vue))
}

fn compte(m: &MesVoeux) -> String {
    let phrase = |n: u32, max: u32, quoi: &str| {
        let voeux = if n > 1 { "vœux" } else { "vœu" };
        // Made under another ceiling: « 12 sur 10 possibles » would mean nothing.
        if n > max {
            format!("{n} {voeux} {quoi}")
        } else {
            format!("{n} {voeux} {quoi} sur {max} possibles")
        }
    };
    let etudiant = phrase(m.etudiant, m.plafonds.etudiant, "sous statut étudiant");
    if m.apprentissage == 0 {
        return format!("{etudiant}.");
    }
    format!("{etudiant}, {}.", phrase(m.apprentissage, m.plafonds.apprentissage, "en apprentissage"))
}

/// The deadline of an open step, or the sentence that says since or until when it is closed.
pub(super) fn delai(requete: &Requete, m: &MesVoeux, etape: Etape) -> (Option<Echeance>, Option<String>) {
    match m.calendrier.require_open(etape, requete.ctx.campagne_le) {
        Ok(()) => {
            let fenetre = m.calendrier.fenetre(etape);
            (fenetre.map(|f| Echeance::new(requete.ctx.campagne_le, f.ferme).locales(m.locale)), None)
        }
        Err(regle) => (None, Some(messages::regle_ici(&regle, m.locale))),
    }
}

fn carte(requete: &Requete, m: &MesVoeux, v: &VoeuVue) -> Carte {
    Carte::new(&v.libelle)
        .surtitre(lieu(v))
        .badges(badges(v))
        .contenu(details(requete, m, v))
        .actions(actions(v))
}

fn details(requete: &Requete, m: &MesVoeux, v: &VoeuVue) -> Markup {
    let multiple =
        v.multiple.iter().map(|nom| Markup::texte(format_args!("Sous-vœu du vœu multiple « {nom} ». ")));
    let suspendue = (v.suspendue && v.etat.is_vivant()).then(|| {
        Markup::new(Alerte::attention(
            "Cette formation est suspendue : elle n’accueillera personne pour cette session. Vos autres vœux ne changent pas.",
        ))
    });
    let debut = suspendue.into_iter().fold(Markup::default(), Markup::et);
    multiple.fold(debut, Markup::et).et(etat(requete, m, v))
}

fn etat(requete: &Requete, m: &MesVoeux, v: &VoeuVue) -> Markup {
    match (v.etat, v.proposition) {
        (EtatVoeu::Propose, Some(p)) => {
            Markup::new(Echeance::new(requete.ctx.campagne_le, p.echeance).locales(m.locale))
        }
        (EtatVoeu::EnAttente, _) => {
            let d = rangs(&v.rangs, v.maintenu);
            Markup::new(match ordre::preference(m, v) {
                Some(rang) => d.ligne("Votre rang de préférence", rang),
                None => d,
            })
        }
        (EtatVoeu::Saisi, _) => Markup::texte("Ce vœu n’est pas encore confirmé."),
        (etat, _) => {
            // No run looks at apprenticeship: nothing else will be told here.
            let suite = if v.apprentissage && etat == EtatVoeu::Confirme {
                " Le CFA vous répond directement."
            } else {
                ""
            };
            match v.confirme_le {
                Some(le) => Markup::texte(format_args!("Confirmé le {}.{suite}", messages::date_longue(le))),
                None => Markup::texte(suite.trim_start()),
            }
        }
    }
}

/// « 3e sur 40 ».
pub(super) fn place(r: &RangsVue) -> String {
    let ordinal = |rang: i64| if rang == 1 { "1er".to_owned() } else { format!("{}e", nombre(rang)) };
    match (r.attente, r.en_attente) {
        // No waiting list for a boarding school that ranks.
        _ if r.internat.is_some() => r.internat.and_then(|i| i.rang).map_or_else(
            || "selon la formation et l’internat".to_owned(),
            |rang| format!("rang {} au classement de l’internat", nombre(rang)),
        ),
        (Some(rang), Some(total)) => format!("{} sur {}", ordinal(rang), nombre(total)),
        (Some(rang), None) => ordinal(rang),
        _ => "connue à la prochaine publication".to_owned(),
    }
}

/// Where a waiting wish stands.
pub(super) fn rangs(r: &RangsVue, maintenu: bool) -> Definitions {
    if let Some(internat) = &r.internat {
        return boarding_ranks(r, internat, maintenu);
    }
    let mut d = Definitions::new();
    d = d.ligne("Votre place dans la liste d’attente", place(r));
    if let Some(rang) = r.appel {
        d = d.ligne("Votre rang d’appel", nombre(rang));
    }
    if let Some(rang) = r.dernier_appele.filter(|n| *n > 0) {
        d = d.ligne("Dernier rang appelé", nombre(rang));
    }
    if maintenu {
        d = d.ligne("Maintien", "confirmé par vous");
    }
    d
}

/// A wish that depends on a boarding school that ranks: two rankings count, and no waiting list.
fn boarding_ranks(r: &RangsVue, internat: &RangInternat, maintenu: bool) -> Definitions {
    let mut d = Definitions::new();
    if let Some(rang) = r.appel {
        d = d.ligne("Votre rang d’appel dans la formation", nombre(rang));
    }
    d = d.ligne(
        "Votre rang au classement de l’internat",
        internat.rang.map_or_else(|| "pas encore connu".to_owned(), nombre),
    );
    let barres = match internat.barres {
        Some((a_l_internat, appel)) if a_l_internat > 0 && appel > 0 => format!(
            "appelés jusqu’au rang {} de l’internat, parmi les rangs d’appel jusqu’à {}",
            nombre(a_l_internat),
            nombre(appel)
        ),
        Some(_) => "personne n’a encore été appelé avec internat".to_owned(),
        None => "connus à la prochaine publication".to_owned(),
    };
    d = d.ligne("Derniers rangs appelés avec internat", barres);
    if maintenu {
        d = d.ligne("Maintien", "confirmé par vous");
    }
    d
}

fn actions(v: &VoeuVue) -> Markup {
    let base = format!("/candidat/voeux/{}", v.public_id);
    let mut boutons = Vec::new();
    if v.actes.repondre {
        boutons.push(
            LienBouton::new("Répondre", format_args!("/candidat/propositions/{}", v.public_id)).petit(),
        );
    } else if v.proposition.is_some() {
        let url = format!("/candidat/propositions/{}", v.public_id);
        boutons.push(LienBouton::new("Voir la proposition", url).petit().secondaire());
    }
    if v.actes.confirmer {
        boutons.push(LienBouton::new("Confirmer", format_args!("{base}/confirmer")).petit());
    }
    if v.actes.retirer {
        boutons.push(LienBouton::new("Retirer", format_args!("{base}/retirer")).petit().secondaire());
    }
    if v.actes.renoncer {
        let libelle = if v.etat == EtatVoeu::Accepte { "Rendre cette place" } else { "Renoncer" };
        boutons.push(LienBouton::new(libelle, format_args!("{base}/renoncer")).petit().secondaire());
    }
    if is_explicable(v) {
        boutons.push(LienBouton::new("Pourquoi ?", format_args!("{base}/explication")).petit().tertiaire());
    }
    if matches!(v.etat, EtatVoeu::EnAttente | EtatVoeu::Propose | EtatVoeu::Accepte) {
        boutons.push(LienBouton::new("Reçu vérifiable", format_args!("{base}/recu")).petit().tertiaire());
    }
    let fiche = LienBouton::new("Voir la fiche", format_args!("/formations/{}", v.formation_id));
    boutons.push(fiche.petit().tertiaire());
    Markup::de(boutons.into_iter().map(|b| b.precision(format_args!(": {}", v.intitule))))
}

/// R-ADM-16: a run has decided something of it, and may be asked why. None looks at apprenticeship.
fn is_explicable(v: &VoeuVue) -> bool {
    use EtatVoeu as E;
    let decide = matches!(
        v.etat,
        E::EnAttente
            | E::Propose
            | E::Accepte
            | E::DemissionAutoGdd
            | E::DemissionAutoRa
            | E::CloSansProposition
    );
    decide && !v.apprentissage
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_first_of_the_waiting_list_is_1er() {
        let dit = |attente| {
            let r = RangsVue { attente: Some(attente), en_attente: Some(40), ..RangsVue::default() };
            rangs(&r, false).to_string()
        };
        assert!(dit(1).contains("1er sur 40"), "{}", dit(1));
        assert!(dit(21).contains("21e sur 40"), "{}", dit(21));
    }
}
