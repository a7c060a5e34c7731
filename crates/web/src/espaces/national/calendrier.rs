//! `/national/{annee}/calendrier`: the dates in force, later closings and freezes lifted for an establishment, proposed by one
//! agent and decided by another.

use app::idempotence::Garde;
use app::messages::{self, date_heure, date_limite};
use app::sessions::{
    CalendrierVue, GelVue, Levee, Prolongation, decide_levee, decide_prolongation, propose_levee,
    propose_prolongation, view_calendrier, view_gel,
};
use app::{AppError, Ctx};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use domain::calendrier::Etape;
use jiff::Timestamp;

use super::{lit_annee, lit_chemin};
use crate::components::{
    Alerte, Badge, Bouton, Cellule, Choix, Colonne, Definitions, Formulaire, LienBouton, Markup, Tableau, Ton,
};
use crate::layout::{Lien, Page, rend};
use crate::socle::{Recu, Requete, Resultat, redirige, refuse};

#[derive(Template)]
#[template(path = "national/calendrier.html")]
struct PageCalendrier {
    page: Page,
    url: String,
    reference: String,
    fenetres: Tableau,
    prolongations: Tableau,
    etapes: Vec<Choix>,
    form: Formulaire,
    modifiable: bool,
    /// The freeze under way, and what it says of accounts.
    gel: Option<Alerte>,
    levees: Option<Tableau>,
}

fn adresse(annee: i64) -> String {
    format!("/national/{annee}/calendrier")
}

pub async fn get_calendrier(requete: Requete, Path(annee): Path<String>) -> Resultat {
    let vues = vues(&requete.ctx, lit_annee(&annee)?).await?;
    Ok(rend(StatusCode::OK, &page(&requete, &vues, requete.formulaire())))
}

async fn vues(ctx: &Ctx, annee: i64) -> Result<(CalendrierVue, GelVue), AppError> {
    Ok((view_calendrier(ctx, annee).await?, view_gel(ctx, annee).await?))
}

pub async fn post_calendrier(Path(annee): Path<String>, mut recu: Recu) -> Resultat {
    let annee = lit_annee(&annee)?;
    let requete = recu.requete.clone();
    let propose = if recu.form.valeur("acte") == "levee" {
        levee(&mut recu, annee).await
    } else {
        prolongation(&mut recu, annee).await
    };
    match propose {
        Ok(Some(fait)) => return Ok(redirige(&format!("{}?fait={fait}", adresse(annee)))),
        Ok(None) => {}
        Err(e) => refuse(&mut recu.form, e)?,
    }
    let vues = vues(&requete.ctx, annee).await?;
    Ok(rend(StatusCode::UNPROCESSABLE_ENTITY, &page(&requete, &vues, recu.form)))
}

/// What was done; `None`: the form has faults.
async fn prolongation(recu: &mut Recu, annee: i64) -> Result<Option<&'static str>, AppError> {
    let etape = recu.form.lit_choix("etape", "Choisissez l’étape à prolonger.", Etape::from_code);
    let jusque = recu.form.lit_date("jusque");
    let motif =
        recu.form.lit_texte("motif", "Indiquez le motif : il figure dans le courriel envoyé aux personnes.");
    let (Some(etape), Some(jusque), Some(motif)) = (etape, jusque, motif) else { return Ok(None) };
    propose_prolongation(&recu.requete.ctx, &recu.garde(), annee, etape, jusque, &motif).await?;
    Ok(Some("prolongation-proposee"))
}

/// The same for a freeze to lift.
async fn levee(recu: &mut Recu, annee: i64) -> Result<Option<&'static str>, AppError> {
    let uai = recu.form.lit_texte("uai", "Indiquez le code UAI de l’établissement.");
    let motif =
        recu.form.lit_texte("motif_levee", "Indiquez le motif : l’agent qui décide le lit, il est conservé.");
    let (Some(uai), Some(motif)) = (uai, motif) else { return Ok(None) };
    propose_levee(&recu.requete.ctx, &recu.garde(), annee, &uai, &motif).await?;
    Ok(Some("levee-proposee"))
}

fn page(requete: &Requete, (v, g): &(CalendrierVue, GelVue), form: Formulaire) -> PageCalendrier {
    let annee = v.session.annee;
    let maintenant = requete.ctx.campagne_le;
    PageCalendrier {
        page: requete
            .page("Calendrier")
            .session(&v.session.libelle)
            .ariane(vec![Lien::new("Équipe nationale", format_args!("/national/{annee}"))])
            .en_erreur(!form.est_valide()),
        url: adresse(annee),
        reference: format!("{}, version {}", v.session.calendrier.reference, v.session.calendrier.numero),
        fenetres: Tableau::new(
            "Étapes",
            vec![
                Colonne::new("Étape"),
                Colonne::longue("Ouvre"),
                Colonne::longue("Ferme"),
                Colonne::new("État"),
            ],
        )
        .lignes(v.fenetres.iter().map(|(etape, f)| {
            vec![
                Cellule::texte(etape.libelle()),
                Cellule::texte(date_heure(f.ouvre)),
                Cellule::texte(date_limite(f.ferme)),
                Cellule::markup(Markup::new(etat(&v.session.calendrier, *etape, maintenant))),
            ]
        })),
        prolongations: Tableau::new(
            "Prolongations",
            vec![
                Colonne::new("Étape"),
                Colonne::new("Nouvelle date limite"),
                Colonne::new("Proposée par"),
                Colonne::new("État"),
                Colonne::longue("Motif"),
            ],
        )
        .si_vide("Aucune prolongation n’a été proposée.")
        .lignes(v.prolongations.iter().map(|p| ligne(annee, p))),
        etapes: Etape::ALL.into_iter().map(|e| Choix::new(e.code(), e.libelle())).collect(),
        modifiable: !v.session.archivee,
        gel: g.gel.as_ref().map(|(gel, seuil)| {
            Alerte::attention(format_args!(
                "{} D’ici là, aucune nouvelle version n’est livrée et aucun compte n’est suspendu pour inactivité ; un établissement \
                 ne change pas {} ou plus en une fois, sauf levée. Le travail compte par compte continue, et un établissement se met \
                 en sécurité comme toujours.",
                messages::gel(gel),
                messages::accord(i64::from(*seuil), "compte", "comptes")
            ))
        }),
        levees: (!g.levees.is_empty()).then(|| tableau_levees(annee, &g.levees)),
        form,
    }
}

fn tableau_levees(annee: i64, levees: &[Levee]) -> Tableau {
    let colonnes = vec![
        Colonne::new("Établissement"),
        Colonne::new("Jusqu’au"),
        Colonne::new("Proposée par"),
        Colonne::new("État"),
        Colonne::longue("Motif"),
    ];
    Tableau::new("Levées du gel", colonnes).lignes(levees.iter().map(|l| {
        let premiere = if l.etat == "proposee" {
            Cellule::lien(&l.etablissement, format_args!("{}/{}", adresse(annee), l.id))
        } else {
            Cellule::texte(&l.etablissement)
        };
        vec![
            premiere,
            Cellule::texte(date_heure(l.fin)),
            Cellule::texte(super::qui(&l.propose_par)),
            Cellule::markup(Markup::new(badge(&l.etat))),
            Cellule::texte(&l.motif),
        ]
    }))
}

/// Where a proposal stands, of a later closing or of a freeze lifted.
fn badge(etat: &str) -> Badge {
    match etat {
        "proposee" => Badge::new(Ton::Attention, "À décider"),
        "validee" => Badge::new(Ton::Succes, "En vigueur"),
        "passee" => Badge::new(Ton::Neutre, "Gel terminé"),
        _ => Badge::new(Ton::Neutre, "Refusée"),
    }
}

/// Whether the step is open, asked of the one function that compares dates.
fn etat(c: &domain::calendrier::Calendrier, etape: Etape, maintenant: Timestamp) -> Badge {
    match c.require_open(etape, maintenant) {
        Ok(()) => Badge::new(Ton::Succes, "Ouverte"),
        Err(domain::RuleViolation::NotYetOpen { .. }) => Badge::new(Ton::Info, "À venir"),
        Err(_) => Badge::new(Ton::Neutre, "Close"),
    }
}

fn ligne(annee: i64, p: &Prolongation) -> Vec<Cellule> {
    let libelle = p.etape.libelle();
    let premiere = if p.etat == "proposee" {
        Cellule::lien(libelle, format_args!("{}/{}", adresse(annee), p.id))
    } else {
        Cellule::texte(libelle)
    };
    vec![
        premiere,
        Cellule::texte(date_limite(p.nouvelle)),
        Cellule::texte(super::qui(&p.propose_par)),
        Cellule::markup(Markup::new(badge(&p.etat))),
        Cellule::texte(&p.motif),
    ]
}

#[derive(Template)]
#[template(path = "national/prolongation.html")]
struct PageDecision {
    page: Page,
    url: String,
    retour: String,
    resume: Definitions,
    obstacle: Option<Alerte>,
    /// What each decision does.
    effet: &'static str,
    valider: &'static str,
    form: Formulaire,
}

/// What an agent is asked to decide.
enum Proposition {
    Prolongation(Prolongation),
    Levee(Levee),
}

pub async fn get_proposition(requete: Requete, Path(chemin): Path<(String, String)>) -> Resultat {
    let (annee, id) = lit_chemin(&chemin)?;
    let p = trouve(&requete.ctx, annee, &id).await?;
    let form = requete.formulaire().avec_version(p.version());
    Ok(rend(StatusCode::OK, &p.page(&requete, annee, &id, form)))
}

pub async fn post_proposition(Path(chemin): Path<(String, String)>, mut recu: Recu) -> Resultat {
    let (annee, id) = lit_chemin(&chemin)?;
    let requete = recu.requete.clone();
    let p = trouve(&requete.ctx, annee, &id).await?;
    let accorde = recu.form.lit_choix("decision", "Validez ou refusez.", |d| match d {
        "valider" => Some(true),
        "refuser" => Some(false),
        _ => None,
    });
    if let Some(accorde) = accorde {
        match p.decide(&requete.ctx, &recu.garde(), annee, accorde).await {
            Ok(fait) => return Ok(redirige(&format!("{}?fait={fait}", adresse(annee)))),
            Err(e) => refuse(&mut recu.form, e)?,
        }
    }
    let p = trouve(&requete.ctx, annee, &id).await?;
    Ok(rend(StatusCode::UNPROCESSABLE_ENTITY, &p.page(&requete, annee, &id, recu.form)))
}

async fn trouve(ctx: &Ctx, annee: i64, id: &str) -> Result<Proposition, AppError> {
    let (v, g) = vues(ctx, annee).await?;
    if let Some(p) = v.prolongations.into_iter().find(|p| p.id == id) {
        return Ok(Proposition::Prolongation(p));
    }
    g.levees.into_iter().find(|l| l.id == id).map(Proposition::Levee).ok_or(AppError::NotFound)
}

impl Proposition {
    fn version(&self) -> i64 {
        match self {
            Self::Prolongation(p) => p.version,
            Self::Levee(l) => l.version,
        }
    }

    /// Does it; gives what to say.
    async fn decide(
        &self,
        ctx: &Ctx,
        garde: &Garde,
        annee: i64,
        accorde: bool,
    ) -> Result<&'static str, AppError> {
        match self {
            Self::Prolongation(p) => {
                decide_prolongation(ctx, garde, annee, &p.id, accorde).await?;
                Ok(if accorde { "prolongation-validee" } else { "prolongation-refusee" })
            }
            Self::Levee(l) => {
                decide_levee(ctx, garde, annee, &l.id, accorde).await?;
                Ok(if accorde { "levee-validee" } else { "levee-refusee" })
            }
        }
    }

    fn page(&self, requete: &Requete, annee: i64, id: &str, form: Formulaire) -> PageDecision {
        let retour = adresse(annee);
        let (titre, deja, etat, obstacle) = match self {
            Self::Prolongation(p) => {
                ("Décider une prolongation", "Cette prolongation est déjà décidée.", &p.etat, &p.obstacle)
            }
            Self::Levee(l) => (
                "Décider une levée du gel",
                "Cette levée est décidée, ou son gel est terminé.",
                &l.etat,
                &l.obstacle,
            ),
        };
        let obstacle = match (obstacle, etat.as_str()) {
            (_, "validee" | "refusee" | "passee") => Some(Alerte::info(deja)),
            (Some(r), _) => Some(Alerte::info(messages::regle(r))),
            (None, _) => None,
        };
        let (resume, effet, valider) = match self {
            Self::Prolongation(p) => (
                Definitions::new()
                    .ligne("Étape", p.etape.libelle())
                    .ligne("Date limite actuelle", date_limite(p.ferme))
                    .ligne("Nouvelle date limite", date_limite(p.nouvelle))
                    .ligne("Motif", &p.motif)
                    .ligne("Proposée par", super::qui(&p.propose_par)),
                "Validée, la nouvelle date vaut aussitôt sur toutes les pages, et les personnes concernées reçoivent un courriel. \
                 Refusée, rien ne change.",
                "Valider la prolongation",
            ),
            Self::Levee(l) => (
                Definitions::new()
                    .ligne("Établissement", &l.etablissement)
                    .ligne("Fin du gel", date_heure(l.fin))
                    .ligne("Motif", &l.motif)
                    .ligne("Proposée par", super::qui(&l.propose_par)),
                "Validée, cet établissement change ses comptes en nombre jusqu’à la fin du gel. Refusée, rien ne change.",
                "Valider la levée",
            ),
        };
        PageDecision {
            page: requete
                .page(titre)
                .session(format_args!("Session {annee}"))
                .ariane(vec![
                    Lien::new("Équipe nationale", format_args!("/national/{annee}")),
                    Lien::new("Calendrier", &retour),
                ])
                .en_erreur(!form.est_valide()),
            url: format!("{retour}/{id}"),
            retour,
            resume,
            obstacle,
            effet,
            valider,
            form,
        }
    }
}
