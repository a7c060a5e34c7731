//! R-ORD-01 to 04, R-RA-01 and 02: `/candidat/voeux/ordre` and `/candidat/voeux/repondeur`, and what the other pages say of
//! them.

use app::AppError;
use app::candidatures::{
    ApercuOrdre, MesVoeux, OrdreDemande, VoeuVue, mes_voeux, order_voeux, preview_ordre, set_repondeur,
};
use app::messages;
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use domain::calendrier::Etape;
use domain::candidatures::EtatVoeu;
use domain::classements::{Sens, deplacer};

use super::actes::PageActe;
use super::voeux::{delai, place};
use super::{badges, lien_voeux, lieu, page, refuse_acte};
use crate::components::{Alerte, Bouton, Carte, Definitions, Echeance, Formulaire, LienBouton, Markup};
use crate::layout::{Lien, Page, rend};
use crate::socle::{Erreur, Recu, Requete, Resultat, redirige, refuse};

const ORDRE: &str = "/candidat/voeux/ordre";
const REPONDEUR: &str = "/candidat/voeux/repondeur";

#[derive(Template)]
#[template(path = "candidat/ordre.html")]
struct PageOrdre {
    page: Page,
    form: Formulaire,
    echeance: Option<Echeance>,
    /// Why nothing can be ordered now, or what is already said.
    obstacle: Option<Alerte>,
    /// What is lost without a rank, and when.
    consequence: String,
    /// A proposition is among the wishes.
    avec_tenue: bool,
    /// From the preferred one to the last, then those without rank.
    cartes: Vec<Carte>,
}

#[derive(Template)]
#[template(path = "candidat/ordre_verifier.html")]
struct PageVerifier {
    page: Page,
    form: Formulaire,
    /// Names and values that the form carries on.
    rangs: Vec<(String, String)>,
    ordonnes: Vec<(String, bool)>,
    pertes: Option<Alerte>,
    laisses: Vec<String>,
    apres_la_tenue: Vec<String>,
}

/// What takes part in the order: a proposition held, and what waits.
fn participants(m: &MesVoeux) -> Vec<&VoeuVue> {
    m.voeux.iter().filter(|v| v.ordonnable || v.tenu).collect()
}

fn champ(v: &VoeuVue) -> String {
    format!("rang-{}", v.public_id)
}

pub async fn get_ordre(requete: Requete) -> Resultat {
    let m = mes_voeux(&requete.ctx).await?;
    let form = stored(&requete, &m);
    Ok(rend(StatusCode::OK, &vue(&requete, &m, form)))
}

/// The form with the ranks as they are stored.
fn stored(requete: &Requete, m: &MesVoeux) -> Formulaire {
    participants(m).into_iter().fold(requete.formulaire(), |form, v| match v.preference {
        Some(rang) => form.avec(&champ(v), rang),
        None => form.avec(&champ(v), ""),
    })
}

/// The ranks typed, every wish of the form named; one that is no number is a fault of its field.
fn lit_rangs(form: &mut Formulaire, m: &MesVoeux) -> OrdreDemande {
    let noms: Vec<String> = form.noms().filter(|n| n.starts_with("rang-")).map(str::to_owned).collect();
    let mut cmd = OrdreDemande::default();
    for nom in noms {
        let id = nom.trim_start_matches("rang-").to_owned();
        let rang = form.lit_texte_facultatif(&nom).map(|texte| texte.parse::<u32>().ok().filter(|r| *r > 0));
        if rang == Some(None) {
            let quoi = m.voeux.iter().find(|v| v.public_id == id).map_or("Ce vœu", |v| &v.intitule);
            let texte = format!(
                "{quoi} : saisissez un rang entier à partir de 1, ou videz le champ pour ne pas l’ordonner."
            );
            form.refuse(&nom, texte);
        }
        cmd.rangs.push((id, rang.flatten()));
    }
    cmd
}

/// The ranks after a button of the list: one step up or down, a first rank, none any more. The others close up.
fn moved(form: &mut Formulaire, m: &MesVoeux, cmd: &OrdreDemande, acte: &str) {
    let Some((geste, id)) = acte.split_once(':') else { return };
    let voeux = participants(m);
    let cle = |id: &str| voeux.iter().position(|v| v.public_id == id).and_then(|i| i64::try_from(i).ok());
    let Some(vise) = cle(id) else { return };
    let mut ranges: Vec<(u32, i64)> =
        cmd.rangs.iter().filter_map(|(id, rang)| Some(((*rang)?, cle(id)?))).collect();
    ranges.sort_unstable();
    let mut ordre: Vec<i64> = ranges.into_iter().map(|(_, c)| c).collect();
    match geste {
        "monter" => ordre = deplacer(&ordre, vise, Sens::Monter),
        "descendre" => ordre = deplacer(&ordre, vise, Sens::Descendre),
        "oter" => ordre.retain(|c| *c != vise),
        "ordonner" if !ordre.contains(&vise) => ordre.push(vise),
        _ => {}
    }
    for (c, v) in (0..).zip(&voeux) {
        let rang = ordre.iter().position(|o| *o == c).map(|i| i + 1);
        form.pose(&champ(v), rang.map(|r| r.to_string()).unwrap_or_default());
    }
}

pub async fn post_ordre(mut recu: Recu) -> Resultat {
    let requete = recu.requete.clone();
    let m = mes_voeux(&requete.ctx).await?;
    let acte = recu.form.valeur("acte").to_owned();
    let cmd = lit_rangs(&mut recu.form, &m);
    if !recu.form.est_valide() {
        return Ok(rend(StatusCode::UNPROCESSABLE_ENTITY, &vue(&requete, &m, recu.form)));
    }
    match acte.as_str() {
        "confirmer" => match order_voeux(&requete.ctx, &recu.garde(), &cmd).await {
            Ok(r) => Ok(redirige(&format!("/candidat/recepisses/{}?fait=voeux-ordonnes", r.numero))),
            Err(e) => refusal(&requete, recu.form, e).await,
        },
        "verifier" => match preview_ordre(&requete.ctx, &cmd).await {
            Ok(ApercuOrdre { refus: Some(r), .. }) => refusal(&requete, recu.form, r.into()).await,
            Ok(apercu) => Ok(rend(StatusCode::OK, &verifier(&requete, &m, recu.form, &cmd, &apercu))),
            Err(e) => refusal(&requete, recu.form, e).await,
        },
        autre => {
            moved(&mut recu.form, &m, &cmd, autre);
            Ok(rend(StatusCode::OK, &vue(&requete, &m, recu.form)))
        }
    }
}

/// The page again with what is wrong. Wishes that changed meanwhile are shown as they are now, with what was typed for those
/// that are still there.
async fn refusal(requete: &Requete, mut form: Formulaire, e: AppError) -> Result<Response, Erreur> {
    let m = mes_voeux(&requete.ctx).await?;
    if matches!(e, AppError::Conflict) {
        let mut neuf = stored(requete, &m);
        for v in participants(&m) {
            if form.noms().any(|n| n == champ(v)) {
                neuf.pose(&champ(v), form.valeur(&champ(v)));
            }
        }
        neuf.refuse_tout(
            "Vos vœux ont changé depuis que vous avez ouvert la page, et rien n’a été enregistré. Voici où ils en sont.",
        );
        return Ok(rend(StatusCode::CONFLICT, &vue(requete, &m, neuf)));
    }
    refuse(&mut form, e)?;
    Ok(rend(StatusCode::UNPROCESSABLE_ENTITY, &vue(requete, &m, form)))
}

fn vue(requete: &Requete, m: &MesVoeux, form: Formulaire) -> PageOrdre {
    let mut voeux: Vec<(u32, &VoeuVue)> = participants(m)
        .into_iter()
        .map(|v| (form.valeur(&champ(v)).parse().unwrap_or(u32::MAX), v))
        .collect();
    voeux.sort_by_key(|(rang, _)| *rang);
    let ouvert = m.ordonnancement.as_ref().filter(|o| o.refus.is_none());
    let (echeance, motif) = delai(requete, m, Etape::Ordonnancement);
    let obstacle = match (&m.ordonnancement, motif) {
        (Some(o), _) => o.refus.as_ref().map(|r| {
            Alerte::attention(messages::regle_ici(r, m.locale))
                .suite(Markup::lien("Voir mes propositions", "/candidat"))
        }),
        (None, Some(motif)) => Some(Alerte::info(motif)),
        (None, None) => Some(Alerte::info(messages::regle(&domain::RuleViolation::RienAOrdonner))),
    };
    // Where no rank is given, a proposition that never had one is not asked for any.
    voeux.retain(|(_, v)| ouvert.is_some() || !v.tenu || v.preference.is_some());
    PageOrdre {
        page: page(requete, "Ordonner mes vœux en attente", m.annee, vec![lien_voeux()])
            .en_erreur(!form.est_valide()),
        echeance: echeance.filter(|_| m.ordonnancement.is_some()),
        obstacle,
        consequence: m
            .ordonnancement
            .as_ref()
            .map(|o| messages::date_limite_ici(o.ferme, m.locale))
            .unwrap_or_default(),
        avec_tenue: voeux.iter().any(|(_, v)| v.tenu),
        cartes: voeux.iter().map(|(_, v)| carte(v, &form, ouvert.is_some())).collect(),
        form,
    }
}

fn carte(v: &VoeuVue, form: &Formulaire, saisie: bool) -> Carte {
    let carte = Carte::new(&v.libelle).surtitre(lieu(v)).badges(badges(v));
    let rang = form.valeur(&champ(v));
    if !saisie {
        let texte = match v.preference {
            Some(rang) => format!("Votre rang : {rang}."),
            None => "Sans rang.".to_owned(),
        };
        return carte.texte(texte);
    }
    let contenu = if v.tenu {
        Markup::texte("La proposition que vous gardez : son rang dit quels vœux vous préférez à elle.")
    } else {
        Markup::texte(format_args!("Dans la liste d’attente : {}.", place(&v.rangs)))
    };
    let saisie = form.nombre(&champ(v), format_args!("Rang de préférence : {}", v.intitule));
    let bouton = |libelle: &str, geste: &str| {
        Bouton::new(libelle)
            .petit()
            .tertiaire()
            .valeur("acte", format_args!("{geste}:{}", v.public_id))
            .precision(format_args!(": {}", v.intitule))
    };
    let boutons = if rang.is_empty() {
        vec![bouton("Placer à la suite", "ordonner").icone("add-line")]
    } else {
        vec![
            bouton("Monter", "monter").icone("arrow-up-line"),
            bouton("Descendre", "descendre").icone("arrow-down-line"),
            bouton("Ne pas ordonner", "oter"),
        ]
    };
    let champ = Markup::new(saisie.facultatif().sans_libelle().court().min(1));
    carte.contenu(contenu.et(champ)).actions(Markup::de(boutons))
}

fn verifier(
    requete: &Requete,
    m: &MesVoeux,
    form: Formulaire,
    cmd: &OrdreDemande,
    apercu: &ApercuOrdre,
) -> PageVerifier {
    let fin = m.ordonnancement.as_ref().map(|o| messages::date_limite_ici(o.ferme, m.locale));
    let pertes = (!apercu.laisses.is_empty()).then(|| {
        let (ils, seront) = match apercu.laisses.len() {
            1 => ("Un vœu n’a pas de rang".to_owned(), "il sera définitivement supprimé"),
            n => (format!("{n} vœux n’ont pas de rang"), "ils seront définitivement supprimés"),
        };
        Alerte::attention(format!("{ils} : {seront} après le {}.", fin.unwrap_or_default()))
    });
    let etapes = vec![lien_voeux(), Lien::new("Ordonner mes vœux en attente", ORDRE)];
    PageVerifier {
        page: page(requete, "Vérifier mon ordre", m.annee, etapes),
        rangs: cmd
            .rangs
            .iter()
            .map(|(id, rang)| (format!("rang-{id}"), rang.map(|r| r.to_string()).unwrap_or_default()))
            .collect(),
        ordonnes: apercu.ordonnes.iter().map(|c| (c.intitule.clone(), c.tenu)).collect(),
        pertes,
        laisses: apercu.laisses.clone(),
        apres_la_tenue: apercu.apres_la_tenue.clone(),
        form,
    }
}

/// What is to be done in summer, and until when, for the home page and the list of wishes.
pub(super) fn a_faire(requete: &Requete, m: &MesVoeux) -> Vec<(Alerte, Option<Echeance>)> {
    let echeance = |t| Echeance::new(requete.ctx.campagne_le, t).locales(m.locale);
    let mut liste = Vec::new();
    if let Some(o) = &m.ordonnancement {
        let alerte = match (&o.refus, o.sans_rang) {
            (Some(r), _) => Alerte::attention(messages::regle_ici(r, m.locale)),
            (None, 0) => {
                Alerte::succes("Tous vos vœux en attente ont un rang. Vous pouvez encore changer leur ordre.")
            }
            (None, 1) => Alerte::attention(
                "Un vœu en attente n’a pas de rang. Sans rang à la date limite, il sera définitivement supprimé.",
            ),
            (None, n) => Alerte::attention(format_args!(
                "{n} vœux en attente n’ont pas de rang. Sans rang à la date limite, ils seront définitivement supprimés."
            )),
        };
        let alerte = alerte.titre("Ordonnez vos vœux en attente");
        liste.push((alerte.suite(Markup::lien("Ordonner mes vœux", ORDRE)), Some(echeance(o.ferme))));
    }
    if let Some(r) = &m.repondeur {
        let (texte, lien) = if r.actif {
            (
                "Il est activé : une proposition qui vous est faite est acceptée à votre place, selon votre ordre.",
                "Voir ou désactiver le répondeur",
            )
        } else {
            (
                "Il est désactivé : vous répondez vous-même à chaque proposition, dans son délai.",
                "Voir ce que fait le répondeur",
            )
        };
        let alerte = Alerte::info(texte).titre("Répondeur automatique").suite(Markup::lien(lien, REPONDEUR));
        let fin = r.ferme.filter(|_| !r.actif && r.refus.is_none()).map(echeance);
        liste.push((alerte, fin));
    }
    liste
}

/// « 2 », or what happens to a wish without rank while the ordering is open.
pub(super) fn preference(m: &MesVoeux, v: &VoeuVue) -> Option<String> {
    match (v.preference, &m.ordonnancement) {
        (Some(rang), _) => Some(rang.to_string()),
        (None, Some(_)) if v.ordonnable => {
            Some("aucun : ce vœu sera supprimé s’il reste sans rang".to_owned())
        }
        _ => None,
    }
}

const SI_ACTIF: &[&str] = &[
    "Dès qu’une proposition vous est faite, le répondeur l’accepte à votre place, le jour même. Vous recevez un courriel.",
    "La proposition que vous aviez acceptée est alors rendue, et ceux de vos vœux que vous aviez ordonnés après la nouvelle \
     proposition sont abandonnés. Rien de cela ne s’annule.",
    "Vos vœux mieux ordonnés restent en attente : le répondeur continue pour eux.",
    "Vos vœux en apprentissage et ceux de la phase complémentaire ne sont pas concernés : vous y répondez vous-même.",
    "Vous pouvez désactiver le répondeur quand vous le voulez. Ce qu’il a accepté ou abandonné reste fait.",
];

fn page_repondeur(requete: &Requete, m: &MesVoeux, form: Formulaire) -> PageActe {
    let r = m.repondeur.as_ref();
    let actif = r.is_some_and(|r| r.actif);
    let etat = match (actif, r.and_then(|r| r.depuis)) {
        (true, Some(le)) => format!("activé le {}", messages::date_heure_ici(le, m.locale)),
        (false, Some(le)) => format!("désactivé le {}", messages::date_heure_ici(le, m.locale)),
        (true, None) => "activé".to_owned(),
        (false, None) => "désactivé".to_owned(),
    };
    let mut voeux: Vec<(u32, &VoeuVue)> =
        participants(m).into_iter().filter_map(|v| Some((v.preference?, v))).collect();
    voeux.sort_by_key(|(rang, _)| *rang);
    let resume = voeux.into_iter().fold(Definitions::new().ligne("État", etat), |d, (rang, v)| {
        let quoi = if v.etat == EtatVoeu::Accepte { "proposition acceptée" } else { "vœu en attente" };
        d.ligne(format_args!("Rang {rang}, {quoi}"), &v.intitule)
    });
    let (_, motif) = delai(requete, m, Etape::Repondeur);
    let obstacle = match r {
        Some(r) => r.refus.as_ref().map(|regle| messages::regle_ici(regle, m.locale)),
        None => Some(motif.unwrap_or_else(|| messages::regle(&domain::RuleViolation::RepondeurSansOrdre))),
    };
    PageActe {
        page: page(requete, "Répondeur automatique", m.annee, vec![lien_voeux()])
            .en_erreur(!form.est_valide()),
        url: format!("{REPONDEUR}/{}", if actif { "desactiver" } else { "activer" }),
        resume,
        echeance: r
            .filter(|_| !actif)
            .and_then(|r| r.ferme)
            .map(|f| Echeance::new(requete.ctx.campagne_le, f).locales(m.locale)),
        explications: if actif {
            vec![
                "Une fois le répondeur désactivé, vous répondez vous-même à chaque proposition, dans son délai.",
            ]
        } else {
            SI_ACTIF.to_vec()
        },
        engagement: None,
        bouton: if actif {
            "Désactiver le répondeur automatique"
        } else {
            "Activer le répondeur automatique"
        },
        obstacle: obstacle.map(Alerte::info),
        form,
    }
}

pub async fn get_repondeur(requete: Requete) -> Resultat {
    let m = mes_voeux(&requete.ctx).await?;
    Ok(rend(StatusCode::OK, &page_repondeur(&requete, &m, requete.formulaire())))
}

pub async fn post_activer(recu: Recu) -> Resultat {
    switch(recu, true).await
}

pub async fn post_desactiver(recu: Recu) -> Resultat {
    switch(recu, false).await
}

async fn switch(recu: Recu, allumer: bool) -> Resultat {
    let requete = recu.requete.clone();
    match set_repondeur(&requete.ctx, &recu.garde(), allumer).await {
        Ok(r) => {
            let fait = if allumer { "repondeur-active" } else { "repondeur-desactive" };
            Ok(redirige(&format!("/candidat/recepisses/{}?fait={fait}", r.numero)))
        }
        Err(e) => {
            let (statut, form) = refuse_acte(&requete, recu.form, e)?;
            let m = mes_voeux(&requete.ctx).await?;
            Ok(rend(statut, &page_repondeur(&requete, &m, form)))
        }
    }
}
