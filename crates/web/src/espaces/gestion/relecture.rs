//! `/gestion/{annee}/formations/{id}/relecture`: a capacity out of the ordinary, why, and its second reading (R-CAP-05);
//! what a capacity is compared with, beside the field.

use app::AppError;
use app::formations::{
    Comparaison, Ouverture, Parametrage, Relecture, confirm_capacite, motive_capacite, view_parametrage,
};
use app::messages;
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use domain::droits::{Action, Denial};
use domain::formations::Passee;
use domain::{PublicId, RuleViolation};
use jiff::Timestamp;

use super::formation::{adresse, lit_chemin};
use super::saisie;
use crate::components::{
    Aide, Alerte, Bouton, Champ, Definitions, Formulaire, LienBouton, Markup, accord, capacite, nombre,
    recepisse,
};
use crate::layout::{Lien, Page, rend};
use crate::socle::brouillons::with_brouillon;
use crate::socle::{Recu, Requete, Resultat, redirige, refuse};

/// What a capacity is, under its field, with last year's.
pub(super) fn definition(avant: Option<String>) -> String {
    let definition = "Nombre total de places offertes à l’entrée, tous groupes réunis : ni le nombre de candidats, ni la \
                      longueur de la liste d’attente.";
    avant.map_or_else(|| definition.to_owned(), |avant| format!("{definition} {avant}"))
}

/// Beside the fields: the past of the course and its type, and what is to be read again.
pub(super) struct Reperes {
    pub alerte: Option<Alerte>,
    pub passe: Option<Definitions>,
}

impl Reperes {
    pub(super) fn new(url: &str, p: &Parametrage, c: &Comparaison) -> Self {
        let relue = c.relecture.as_ref().and_then(|r| r.confirmee_le.map(|le| (le, r)));
        let alerte = match relue {
            _ if p.session.archivee || c.raisons.is_empty() => None,
            Some((le, r)) => Some(Alerte::info(format_args!(
                "Cette capacité sort de l’ordinaire : elle a été confirmée par {} le {}.",
                r.confirmee_par,
                date(le)
            ))),
            None => Some(alerte_vers(url, p, c)),
        };
        Self { alerte, passe: passe(c) }
    }
}

pub(super) fn is_en_attente(p: &Parametrage) -> bool {
    p.comparaison.as_ref().is_some_and(Comparaison::is_en_attente)
}

/// What stands before publication, with the way to it.
pub(super) fn alerte(p: &Parametrage) -> Alerte {
    let url = adresse(p.session.annee, &p.id);
    p.comparaison.as_ref().map_or_else(|| Alerte::attention(titre(p)), |c| alerte_vers(&url, p, c))
}

fn titre(p: &Parametrage) -> &'static str {
    if p.controle.is_some() {
        "Capacité à relire avant de soumettre"
    } else {
        "Capacité à relire avant de publier"
    }
}

/// Its reason is written.
fn is_motivee(c: &Comparaison) -> bool {
    c.relecture.as_ref().is_some_and(|r| !r.motif.is_empty())
}

/// The way to the second reading, by what the person does there: whoever types the number puts it right or explains it, the others read
/// it again. `url`: of the course.
pub(super) fn lien(url: &str, c: &Comparaison) -> Markup {
    lien_selon(url, c.motivation.est_ouverte() && !is_motivee(c))
}

/// The same, by whether the person may still put the number right or explain it.
pub(super) fn lien_selon(url: &str, a_expliquer: bool) -> Markup {
    let vers = format!("{url}/relecture");
    if a_expliquer {
        Markup::lien("Corriger ou expliquer ce nombre", vers)
    } else {
        Markup::lien("Relire la capacité", vers)
    }
}

fn alerte_vers(url: &str, p: &Parametrage, c: &Comparaison) -> Alerte {
    let raisons = c.raisons.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    let lien = lien(url, c);
    let close = |o: &Ouverture| matches!(o, Ouverture::Fermee(RuleViolation::Closed { .. }));
    // Nobody explains nor confirms it any more.
    if close(&c.motivation) || close(&c.confirmation) {
        let suite = "Personne ne l’a confirmée avant la fin de l’étape : elle n’est pas publiée.";
        return Alerte::info(format_args!("{raisons} {suite} "))
            .titre("Capacité non confirmée")
            .niveau(3)
            .suite(lien);
    }
    let suite = match &c.motivation {
        _ if is_motivee(c) => "Son motif est écrit : une deuxième personne doit encore la confirmer.",
        Ouverture::SansDroit => {
            "La personne qui la saisit la corrige, ou en écrit le motif : une deuxième la confirmera."
        }
        _ => {
            "Si elle est juste, écrivez-en le motif : une deuxième personne la confirmera. Sinon, corrigez-la."
        }
    };
    Alerte::attention(format_args!("{raisons} {suite} ")).titre(titre(p)).niveau(3).suite(lien)
}

fn date(ms: i64) -> String {
    Timestamp::from_millisecond(ms).map(messages::date_heure).unwrap_or_default()
}

fn passe(c: &Comparaison) -> Option<Definitions> {
    let k = &c.contexte;
    if k.derniere.is_none() && k.repere.is_none() {
        return None;
    }
    let mut d = Definitions::new();
    if let Some(p) = &k.derniere {
        d = d.ligne(format_args!("En {}", p.annee), annee(p));
    }
    if let Some(n) = k.avant_derniere {
        d = d.ligne("À la session d’avant", accord(n, "place", "places"));
    }
    if let Some(r) = &k.repere {
        let quoi = if r.meme_intitule { "Formations du même intitulé" } else { "Formations du même type" };
        let effectif = i64::try_from(r.effectif).unwrap_or(i64::MAX);
        d = d.ligne(
            quoi,
            format_args!(
                "la plupart ont de {} à {} places ({} formations)",
                nombre(r.bas),
                nombre(r.haut),
                nombre(effectif)
            ),
        );
    }
    Some(d)
}

/// « 24 places, 310 candidats, 45 propositions, 23 acceptations ».
fn annee(p: &Passee) -> String {
    let mut parts = vec![accord(p.capacite, "place", "places")];
    for (n, un, plusieurs) in [
        (p.candidats, "candidat", "candidats"),
        (p.propositions, "personne a reçu une proposition", "personnes ont reçu une proposition"),
        (p.acceptations, "l’a acceptée", "l’ont acceptée"),
    ] {
        parts.extend(n.map(|n| accord(n, un, plusieurs)));
    }
    parts.join(", ")
}

#[derive(Template)]
#[template(path = "gestion/relecture.html")]
struct PageRelecture {
    page: Page,
    url: String,
    retour: String,
    formation: String,
    archive: Option<Alerte>,
    form: Formulaire,
    recepisse: Option<Alerte>,
    /// Shown when nothing is to be read again.
    rien: Alerte,
    saisie: Definitions,
    /// To the field, for whoever may put the number right now.
    corriger: Option<String>,
    raisons: Vec<String>,
    passe: Option<Definitions>,
    motif: Option<Champ>,
    /// Why the person does not confirm now.
    obstacle: Option<Alerte>,
    /// What remains to be done once it is confirmed.
    reste: &'static str,
}

/// The course with its comparison; whoever does not read capacities is refused.
async fn charge(
    requete: &Requete,
    annee: i64,
    id: &PublicId,
) -> Result<(Parametrage, Comparaison), AppError> {
    let p = view_parametrage(&requete.ctx, annee, id).await?;
    let refus = || AppError::Denied(Denial { action: Action::ConsulterCapacites, connu: true });
    let c = p.comparaison.clone().ok_or_else(refus)?;
    Ok((p, c))
}

/// A reason may be written now.
fn takes_motif(c: &Comparaison) -> bool {
    let confirmee = c.relecture.as_ref().is_some_and(|r| r.confirmee_le.is_some());
    c.motivation.est_ouverte() && !confirmee && !c.raisons.is_empty()
}

/// The form filled with the reason already written.
fn remplit(requete: &Requete, c: &Comparaison) -> Formulaire {
    let form = requete.formulaire().avec_version(c.version);
    form.avec("motif", c.relecture.as_ref().map_or("", |r| r.motif.as_str()))
}

pub async fn get_relecture(requete: Requete, Path(chemin): Path<(String, String)>) -> Resultat {
    let (annee, id) = lit_chemin(chemin)?;
    let (p, c) = charge(&requete, annee, &id).await?;
    let ici = format!("{}/relecture", adresse(annee, &p.id));
    let form = with_brouillon(&requete, remplit(&requete, &c), &ici, takes_motif(&c)).await?;
    Ok(rend(StatusCode::OK, &page(&requete, &p, &c, form)))
}

pub async fn post_motif(Path(chemin): Path<(String, String)>, mut recu: Recu) -> Resultat {
    let (annee, id) = lit_chemin(chemin)?;
    let requete = recu.requete.clone();
    let motif = recu.form.lit_texte("motif", "Écrivez pourquoi ce nombre est le bon.");
    let Some(motif) = motif else { return refusee(&requete, annee, &id, recu.form).await };
    match motive_capacite(&requete.ctx, &recu.garde(), annee, &id, &motif).await {
        Ok(r) => Ok(faite(annee, &id, "capacite-motivee", &r.numero)),
        Err(AppError::Conflict) => en_conflit(&requete, annee, &id, Some(&recu.form)).await,
        Err(e) => {
            refuse(&mut recu.form, e)?;
            refusee(&requete, annee, &id, recu.form).await
        }
    }
}

pub async fn post_confirmation(Path(chemin): Path<(String, String)>, mut recu: Recu) -> Resultat {
    let (annee, id) = lit_chemin(chemin)?;
    let requete = recu.requete.clone();
    match confirm_capacite(&requete.ctx, &recu.garde(), annee, &id).await {
        Ok(r) => Ok(faite(annee, &id, "capacite-confirmee", &r.numero)),
        Err(AppError::Conflict) => en_conflit(&requete, annee, &id, None).await,
        Err(e) => {
            refuse(&mut recu.form, e)?;
            refusee(&requete, annee, &id, recu.form).await
        }
    }
}

fn faite(annee: i64, id: &PublicId, code: &str, recepisse: &str) -> Response {
    redirige(&format!("{}/relecture?fait={code}&recepisse={recepisse}", adresse(annee, id.as_str())))
}

async fn refusee(requete: &Requete, annee: i64, id: &PublicId, form: Formulaire) -> Resultat {
    let (p, c) = charge(requete, annee, id).await?;
    Ok(rend(StatusCode::UNPROCESSABLE_ENTITY, &page(requete, &p, &c, form)))
}

/// The numbers or their reason changed since the page was read: both are shown again, what was typed is kept.
async fn en_conflit(requete: &Requete, annee: i64, id: &PublicId, saisi: Option<&Formulaire>) -> Resultat {
    let (p, c) = charge(requete, annee, id).await?;
    let mut form = remplit(requete, &c);
    if let Some(saisi) = saisi {
        form = form.kept_as(saisi).avec("motif", saisi.valeur("motif"));
    }
    form.refuse_tout(
        "Cette capacité ou son motif ont changé depuis que vous les avez lus. Rien n’a été enregistré : relisez-les \
         ci-dessous.",
    );
    Ok(rend(StatusCode::CONFLICT, &page(requete, &p, &c, form)))
}

fn saisie_vue(p: &Parametrage, r: Option<&Relecture>) -> Definitions {
    let non = || "Non renseignée".to_owned();
    let d = Definitions::new().ligne(
        "Capacité enregistrée",
        p.capacite.map_or_else(non, |n| saisie::places_en_toutes_lettres(n, &p.groupes)),
    );
    match r {
        Some(r) => capacite::relecture(d, r),
        None => d,
    }
}

fn obstacle(p: &Parametrage, c: &Comparaison) -> Option<Alerte> {
    match &c.relecture {
        Some(r) if r.confirmee_le.is_some() => {
            let suite = if p.session.archivee || matches!(p.publication, Ouverture::Fermee(_)) {
                ""
            } else if p.controle.is_some() {
                " : elle peut être soumise"
            } else {
                " : elle peut être publiée"
            };
            Some(Alerte::succes(format_args!("Une deuxième personne a confirmé cette capacité{suite}.")))
        }
        _ if p.session.archivee => Some(Alerte::info("Personne n’a confirmé cette capacité.")),
        Some(r) if !r.motif.is_empty() => match &c.confirmation {
            Ouverture::SansDroit => Some(Alerte::info(
                "Le chef d’établissement, un autre administrateur de l’établissement ou le service académique confirme cette capacité.",
            )),
            autre => saisie::motif_fermeture(autre).map(Alerte::info),
        },
        _ => Some(match &c.motivation {
            Ouverture::Fermee(regle) => {
                Alerte::info(format_args!("Son motif n’est pas écrit. {}", messages::regle(regle)))
            }
            _ => Alerte::info("Cette capacité se confirme une fois son motif écrit."),
        }),
    }
}

/// Said when nothing is to be read again.
fn rien(p: &Parametrage) -> Alerte {
    Alerte::info(match p.capacite {
        None if p.session.archivee => "La capacité n’a pas été renseignée.",
        None => "La capacité n’est pas encore renseignée : elle se saisit sur la page de la formation.",
        Some(_) => {
            "Aucune capacité n’est à relire : celle qui est enregistrée est vraisemblable, ou déjà publique."
        }
    })
}

fn page(requete: &Requete, p: &Parametrage, c: &Comparaison, form: Formulaire) -> PageRelecture {
    let annee = p.session.annee;
    let retour = adresse(annee, &p.id);
    PageRelecture {
        page: requete
            .page("Relire la capacité")
            .session(&p.session.libelle)
            .ariane(vec![
                super::lien_accueil(annee),
                super::lien_formations(annee),
                Lien::new(&p.intitule.libelle, &retour),
            ])
            .en_erreur(!form.est_valide()),
        url: format!("{retour}/relecture"),
        formation: format!("{} – {}", p.intitule.libelle, p.intitule.etablissement),
        archive: p.session.archivee.then(|| saisie::alerte_archive(annee)),
        recepisse: recepisse(&requete.chemin),
        rien: rien(p),
        saisie: saisie_vue(p, c.relecture.as_ref()),
        corriger: p.is_ouvert("capacite").then(|| format!("{retour}#{}", form.id("capacite"))),
        raisons: c.raisons.iter().map(ToString::to_string).collect(),
        passe: passe(c),
        motif: takes_motif(c).then(|| {
            form.zone("motif", "Pourquoi ce nombre est le bon")
                .indice("Par exemple l’ouverture d’une division, ou un changement de locaux. Ce motif sera public, dans l’historique de la fiche.")
                .lignes(4)
        }),
        obstacle: obstacle(p, c),
        reste: if p.controle.is_some() {
            "la soumission au service académique"
        } else {
            "la publication"
        },
        form,
        retour,
    }
}
