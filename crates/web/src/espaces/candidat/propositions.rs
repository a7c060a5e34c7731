//! Propositions: what they are, what an answer does, the answer; renouncing.

use app::candidatures::{ApercuReponse, Effet, MesVoeux, Reponse, VoeuVue, answer, preview_answer};
use app::{AppError, messages};
use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use domain::admission::ChoixCandidat;
use domain::candidatures::EtatVoeu;

use super::{badges, lien_voeux, lieu, page, refuse_acte, voeu};
use crate::components::{
    Alerte, Bouton, Choix, Definitions, Echeance, Formulaire, GroupeChoix, LienBouton, PLUSIEURS,
};
use crate::layout::{Lien, Page, rend};
use crate::socle::{Erreur, Recu, Requete, Resultat, redirige};

#[derive(Template)]
#[template(path = "candidat/proposition.html")]
struct PageProposition {
    page: Page,
    resume: Definitions,
    echeance: Option<Echeance>,
    /// Where the choice is sent, when an answer is possible.
    repondre: Option<String>,
    /// Waiting wishes to keep.
    maintien: Option<GroupeChoix>,
    en_attente: usize,
    si_accepte: Vec<(&'static str, String)>,
    /// Other propositions, which an acceptance leaves open.
    ouvertes: Vec<String>,
    /// Why no answer is possible, or what was answered.
    obstacle: Option<Alerte>,
    renoncer: Option<String>,
}

pub async fn get_proposition(requete: Requete, Path(id): Path<String>) -> Resultat {
    let (m, v) = voeu(&requete, &id).await?;
    let proposition = v.proposition.ok_or(Erreur(AppError::NotFound))?;
    let cmd = Reponse { voeu: v.public_id.clone(), choix: ChoixCandidat::Accepter, maintenus: vec![] };
    let apercu = preview_answer(&requete.ctx, &cmd).await?;
    let possible = v.actes.repondre;
    let attente: Vec<&VoeuVue> = m
        .voeux
        .iter()
        .filter(|x| !v.apprentissage && !x.apprentissage && x.etat == EtatVoeu::EnAttente)
        .collect();
    let choix: Vec<Choix> =
        attente.iter().map(|x| Choix::new(&x.public_id, &x.intitule).indice(place(x))).collect();
    let vue = PageProposition {
        page: page(&requete, "Proposition d’admission", m.annee, vec![lien_voeux()]),
        resume: Definitions::new()
            .ligne("Formation", &v.libelle)
            .ligne("Établissement", lieu(&v))
            .ligne("Proposée le", messages::date_heure_ici(proposition.emise_le, m.locale))
            .ligne_markup("État", badges(&v)),
        echeance: (v.etat == EtatVoeu::Propose)
            .then(|| Echeance::new(requete.ctx.campagne_le, proposition.echeance).locales(m.locale)),
        repondre: possible.then(|| format!("/candidat/propositions/{}/repondre", v.public_id)),
        maintien: (!choix.is_empty()).then(|| {
            requete
                .formulaire()
                .cases("maintenu", "Vœux en attente que je garde si j’accepte", &choix)
                .indice("Ceux que vous ne cochez pas sont définitivement perdus.")
        }),
        en_attente: choix.len(),
        si_accepte: apercu.effets.iter().map(|e| (e.libelle(), e.intitule.clone())).collect(),
        ouvertes: m
            .voeux
            .iter()
            .filter(|x| x.public_id != v.public_id && x.actes.repondre)
            .map(|x| x.intitule.clone())
            .collect(),
        obstacle: (!possible).then(|| Alerte::info(situation(&m, &v, &apercu))),
        renoncer: v.actes.renoncer.then(|| format!("/candidat/voeux/{}/renoncer", v.public_id)),
    };
    Ok(rend(StatusCode::OK, &vue))
}

fn place(v: &VoeuVue) -> String {
    match v.rangs.attente {
        Some(rang) => format!("Place {rang} dans la liste d’attente"),
        None => "Place connue à la prochaine publication".to_owned(),
    }
}

fn situation(m: &MesVoeux, v: &VoeuVue, apercu: &ApercuReponse) -> String {
    match (v.etat, &apercu.refus) {
        (EtatVoeu::Propose, Some(regle)) => messages::regle_ici(regle, m.locale),
        (EtatVoeu::Accepte, _) => "Vous avez accepté cette proposition.".to_owned(),
        (etat, _) => format!("Cette proposition est close : {}.", etat.libelle().to_lowercase()),
    }
}

#[derive(Template)]
#[template(path = "candidat/repondre.html")]
struct PageRepondre {
    page: Page,
    url: String,
    retour: String,
    form: Formulaire,
    intitule: String,
    echeance: Option<Echeance>,
    /// Hidden fields that carry the choice.
    choix: Option<&'static str>,
    maintenus: Vec<String>,
    effets: Vec<(&'static str, String)>,
    gardes: Vec<String>,
    avertissement: Option<Alerte>,
    bouton: &'static str,
    obstacle: Option<Alerte>,
}

fn lit_choix(code: &str) -> Option<ChoixCandidat> {
    match code {
        "accepter" => Some(ChoixCandidat::Accepter),
        "refuser" => Some(ChoixCandidat::Refuser),
        _ => None,
    }
}

const fn code(choix: ChoixCandidat) -> Option<&'static str> {
    match choix {
        ChoixCandidat::Accepter => Some("accepter"),
        ChoixCandidat::Refuser => Some("refuser"),
        ChoixCandidat::Renoncer => None,
    }
}

/// Title, button, and what cannot be undone.
fn textes(choix: ChoixCandidat, v: &VoeuVue) -> (&'static str, &'static str, Option<&'static str>) {
    match choix {
        ChoixCandidat::Accepter => ("J’accepte la proposition", "Confirmer : j’accepte", None),
        ChoixCandidat::Refuser => (
            "Je refuse la proposition",
            "Confirmer : je refuse",
            Some("La place est proposée à une autre personne : vous ne pourrez plus l’obtenir."),
        ),
        ChoixCandidat::Renoncer if v.etat == EtatVoeu::Accepte => (
            "Rendre cette place",
            "Confirmer : je rends cette place",
            Some("La place est proposée à une autre personne : vous ne pourrez plus l’obtenir."),
        ),
        ChoixCandidat::Renoncer => (
            "Renoncer à ce vœu",
            "Confirmer : je renonce à ce vœu",
            Some("Vous quittez définitivement la liste d’attente de cette formation."),
        ),
    }
}

async fn page_repondre(
    requete: &Requete,
    m: &MesVoeux,
    v: &VoeuVue,
    cmd: &Reponse,
    form: Formulaire,
) -> Result<PageRepondre, Erreur> {
    let apercu = preview_answer(&requete.ctx, cmd).await?;
    let (titre, bouton, definitif) = textes(cmd.choix, v);
    let renonce = cmd.choix == ChoixCandidat::Renoncer;
    let proposition = format!("/candidat/propositions/{}", v.public_id);
    let (retour, url, chemin) = if renonce {
        let url = format!("/candidat/voeux/{}/renoncer", v.public_id);
        ("/candidat/voeux".to_owned(), url, vec![lien_voeux()])
    } else {
        let chemin = vec![lien_voeux(), Lien::new("Proposition d’admission", &proposition)];
        (proposition.clone(), format!("{proposition}/repondre"), chemin)
    };
    let perdus = apercu.effets.iter().filter(|e| is_perdu(e)).count();
    let perte = match perdus {
        0 => None,
        1 => Some(
            "Vous perdez définitivement un vœu en attente que vous n’avez pas choisi de garder.".to_owned(),
        ),
        n => Some(format!(
            "Vous perdez définitivement {n} vœux en attente que vous n’avez pas choisi de garder."
        )),
    };
    Ok(PageRepondre {
        page: page(requete, titre, m.annee, chemin).en_erreur(!form.est_valide()),
        url,
        retour,
        intitule: v.intitule.clone(),
        echeance: v
            .proposition
            .filter(|_| v.etat == EtatVoeu::Propose)
            .map(|p| Echeance::new(requete.ctx.campagne_le, p.echeance).locales(m.locale)),
        choix: code(cmd.choix),
        maintenus: cmd.maintenus.clone(),
        effets: apercu
            .effets
            .iter()
            .filter(|e| !e.maintenu)
            .map(|e| (e.libelle(), e.intitule.clone()))
            .collect(),
        gardes: apercu.effets.iter().filter(|e| e.maintenu).map(|e| e.intitule.clone()).collect(),
        avertissement: perte.or_else(|| definitif.map(str::to_owned)).map(Alerte::attention),
        bouton,
        obstacle: apercu.refus.map(|r| Alerte::info(messages::regle_ici(&r, m.locale))),
        form,
    })
}

fn is_perdu(e: &Effet) -> bool {
    e.evenement == domain::candidatures::Evenement::NonMaintien
}

pub async fn get_repondre(
    requete: Requete,
    Path(id): Path<String>,
    Query(parametres): Query<Vec<(String, String)>>,
) -> Resultat {
    let (m, v) = voeu(&requete, &id).await?;
    let choix = parametres.iter().find(|(n, _)| n == "choix").and_then(|(_, c)| lit_choix(c));
    let Some(choix) = choix else {
        return Ok(redirige(&format!("/candidat/propositions/{}", v.public_id)));
    };
    let maintenus = parametres
        .into_iter()
        .filter(|(n, _)| n.strip_suffix(PLUSIEURS) == Some("maintenu"))
        .map(|(_, id)| id)
        .collect();
    let cmd = reponse(&v, choix, maintenus);
    let form = requete.formulaire().avec_version(v.version);
    Ok(rend(StatusCode::OK, &page_repondre(&requete, &m, &v, &cmd, form).await?))
}

/// Only an acceptance keeps wishes: refusing or renouncing touches none of them.
fn reponse(v: &VoeuVue, choix: ChoixCandidat, maintenus: Vec<String>) -> Reponse {
    let maintenus = if choix == ChoixCandidat::Accepter { maintenus } else { Vec::new() };
    Reponse { voeu: v.public_id.clone(), choix, maintenus }
}

pub async fn post_repondre(Path(id): Path<String>, recu: Recu) -> Resultat {
    let (_, v) = voeu(&recu.requete, &id).await?;
    let Some(choix) = lit_choix(recu.form.valeur("choix")) else {
        return Ok(redirige(&format!("/candidat/propositions/{}", v.public_id)));
    };
    let maintenus = recu.form.valeurs("maintenu").to_vec();
    envoie(recu, reponse(&v, choix, maintenus)).await
}

pub async fn get_renoncer(requete: Requete, Path(id): Path<String>) -> Resultat {
    let (m, v) = voeu(&requete, &id).await?;
    let cmd = reponse(&v, ChoixCandidat::Renoncer, Vec::new());
    let form = requete.formulaire().avec_version(v.version);
    Ok(rend(StatusCode::OK, &page_repondre(&requete, &m, &v, &cmd, form).await?))
}

pub async fn post_renoncer(Path(id): Path<String>, recu: Recu) -> Resultat {
    let (_, v) = voeu(&recu.requete, &id).await?;
    let cmd = reponse(&v, ChoixCandidat::Renoncer, Vec::new());
    envoie(recu, cmd).await
}

async fn envoie(recu: Recu, cmd: Reponse) -> Resultat {
    let requete = recu.requete.clone();
    match answer(&requete.ctx, &recu.garde(), &cmd).await {
        Ok(r) => Ok(redirige(&format!("/candidat/recepisses/{}?fait=reponse", r.numero))),
        Err(e) => {
            let (statut, form) = refuse_acte(&requete, recu.form, e)?;
            let (m, v) = voeu(&requete, &cmd.voeu).await?;
            let vue = page_repondre(&requete, &m, &v, &cmd, form.avec_version(v.version)).await?;
            Ok(rend(statut, &vue))
        }
    }
}
