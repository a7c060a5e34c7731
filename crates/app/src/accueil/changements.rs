//! What changed on an establishment and its courses since the person's last visit, by whom, when.

use domain::accueil::Visite;
use domain::droits::{Action, Cible, Scope, scope_session};
use domain::formations::demandes::{EtatDemande, NatureDemande};
use store::accueil as base;
use store::etablissements::{ChangementEtablissement, changements, parametrage_of, parametrages_since};
use store::formations::{Brouillon, FiltreGestion, Publication, brouillons_changes, publications_since};

use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::formations::{SuiviDemande, answered_since, intitule, is_lisible};

/// Of each kind; beyond, only the newest are told.
const PAR_GENRE: i64 = 20;
/// A home opened again sooner is not noted again.
const NOTE_MS: i64 = 60_000;

/// What a change is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Objet {
    /// An establishment: public identifier and name, when the page is not about it alone.
    Etablissement(Option<(String, String)>),
    /// One of its courses.
    Formation {
        /// Public identifier.
        id: String,
        /// Course and detail, with the establishment when the page is about several.
        libelle: String,
    },
    /// A request about the life of a course: its public identifier, the course.
    Demande(String, String),
}

/// A value that is not the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ecart {
    /// (before, after); `None`: not declared.
    Capacite(Option<i64>, Option<i64>),
    /// In cents.
    Frais(Option<i64>, Option<i64>),
    /// Too long to be shown here.
    Presentation,
    /// Some of its fields; its page says which.
    Description,
}

/// What was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Nature {
    /// Part of the settings of the establishment: kind of line (`parametrage`, `site`…), act (`ajout`, `retrait`,
    /// `modification`), and its name when it has one.
    Description(String, String, String),
    /// A draft; what it says that the public does not read yet.
    Brouillon(Vec<Ecart>),
    /// A publication: its number, and what the public reads since.
    Publication(i64, Vec<Ecart>),
    /// The answer to a request, for whoever may ask.
    Reponse(NatureDemande, EtatDemande),
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changement {
    /// Milliseconds of the campaign.
    pub le: i64,
    /// First name and name; `None`: the platform, or a file.
    pub qui: Option<String>,
    /// Of what.
    pub objet: Objet,
    /// What was done to it.
    pub nature: Nature,
}

/// What changed since a visit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changements {
    /// End of the visit before, in milliseconds of the campaign; `None`: this is the first one, nothing can be compared.
    pub depuis: Option<i64>,
    /// Newest first.
    pub liste: Vec<Changement>,
}

/// What others changed since the person's last visit, on an establishment or on the whole perimeter; notes this visit.
/// `None` for whoever has no account.
pub(crate) async fn changes(
    ctx: &Ctx,
    session: i64,
    etablissement: Option<i64>,
) -> Result<Option<Changements>, AppError> {
    let Some(compte) = ctx.acteur.compte else { return Ok(None) };
    let scope = scope_session(&ctx.acteur, Action::ConsulterParametrage, session)?;
    let db = &ctx.app.db;
    let avant = base::visite(db, compte, session).await?;
    let v = Visite::opened(
        avant.map(|v| Visite { precedente: v.precedente_le, vue: v.vue_le }),
        ctx.campagne_ms(),
        ctx.app.limites.visite_min * 60_000,
    );
    let mut liste = Vec::new();
    if let Some(depuis) = v.precedente {
        let bornes = (depuis, compte);
        liste = match etablissement {
            Some(e) => of_etablissement(ctx, session, e, bornes).await?,
            None => of_perimetre(ctx, session, bornes).await?,
        };
        let filtre = FiltreGestion { session, etablissement, ..FiltreGestion::default() };
        let vue = Vue { ctx, session, seul: etablissement.is_some() };
        let publications = publications_since(db, &scope, &filtre, bornes, PAR_GENRE).await?;
        liste.extend(publications.into_iter().map(|p| vue.publication(p)));
        let brouillons = brouillons_changes(db, &scope, &filtre, bornes, PAR_GENRE).await?;
        liste.extend(brouillons.into_iter().map(|b| vue.brouillon(b)));
    }
    // What was asked waits for its answer: it is told on the first visit too.
    let bornes = (v.precedente.unwrap_or(i64::MIN), compte);
    let reponses = answered_since(ctx, session, etablissement, bornes, PAR_GENRE).await?;
    liste.extend(reponses.into_iter().filter_map(reponse));
    liste.sort_by_key(|c| std::cmp::Reverse(c.le));
    note(ctx, &scope, (session, etablissement), avant, v).await?;
    Ok(Some(Changements { depuis: v.precedente, liste }))
}

fn reponse((d, qui): (SuiviDemande, Option<String>)) -> Option<Changement> {
    Some(Changement {
        le: d.decidee_le?,
        qui,
        objet: Objet::Demande(d.id?, d.formation),
        nature: Nature::Reponse(d.nature, d.etat),
    })
}

async fn note(
    ctx: &Ctx,
    scope: &Scope,
    (session, etablissement): (i64, Option<i64>),
    avant: Option<base::Visite>,
    v: Visite,
) -> Result<(), AppError> {
    let recente =
        |a: &base::Visite| a.precedente_le == v.precedente && (a.vue_le..a.vue_le + NOTE_MS).contains(&v.vue);
    if avant.as_ref().is_some_and(recente) {
        return Ok(());
    }
    let cible = Cible {
        session: Some(session),
        etablissement,
        formation: scope.portee().formations.first().copied(),
        academie: scope.portee().academies.first().cloned(),
        candidat: None,
    };
    let permit = ctx.permit(Action::ConsulterParametrage, &cible)?;
    let tx = ctx.begin().await?;
    let visite = base::Visite { precedente_le: v.precedente, vue_le: v.vue };
    base::save_visite(&tx, &ctx.ecriture(&permit), session, visite).await?;
    Ok(tx.commit().await?)
}

/// On the description of one establishment, line by line, for whoever reads it.
async fn of_etablissement(
    ctx: &Ctx,
    session: i64,
    etablissement: i64,
    (depuis, sauf): (i64, i64),
) -> Result<Vec<Changement>, AppError> {
    let db = &ctx.app.db;
    let Some(p) = parametrage_of(db, session, etablissement).await? else { return Ok(Vec::new()) };
    let lit = Cible {
        session: Some(session),
        etablissement: Some(etablissement),
        academie: Some(p.academie.clone()),
        ..Cible::default()
    };
    if !ctx.may(Action::ConsulterEtablissement, &lit) {
        return Ok(Vec::new());
    }
    let lignes = changements(db, (p.id, etablissement), depuis, sauf).await?;
    // The row of the settings moves with each line of their lists: one act is told once.
    let d_une_liste = |l: &ChangementEtablissement| {
        l.objet == "parametrage" && lignes.iter().any(|a| a.objet != "parametrage" && a.le == l.le)
    };
    let dits = lignes.iter().filter(|l| !d_une_liste(l)).map(|l| Changement {
        le: l.le,
        qui: l.qui.clone(),
        objet: Objet::Etablissement(None),
        nature: Nature::Description(l.objet.clone(), l.acte.clone(), l.nom.clone()),
    });
    Ok(dits.collect())
}

/// On the descriptions of the establishments of a perimeter, one line each.
async fn of_perimetre(ctx: &Ctx, session: i64, bornes: (i64, i64)) -> Result<Vec<Changement>, AppError> {
    let Ok(scope) = scope_session(&ctx.acteur, Action::ConsulterEtablissement, session) else {
        return Ok(Vec::new());
    };
    let lignes = parametrages_since(&ctx.app.db, &scope, session, bornes, PAR_GENRE).await?;
    let dits = lignes.into_iter().map(|l| Changement {
        le: l.le,
        qui: l.qui,
        objet: Objet::Etablissement(Some((l.etablissement, l.nom))),
        nature: Nature::Description("parametrage".to_owned(), "modification".to_owned(), String::new()),
    });
    Ok(dits.collect())
}

/// R-DRO-04: capacities and fees are told to those who read them.
fn ecarts(
    ctx: &Ctx,
    cible: &Cible,
    capacite: (Option<i64>, Option<i64>),
    frais: (Option<i64>, Option<i64>),
    (presentation, description): (Option<i64>, i64),
) -> Vec<Ecart> {
    let lisibles = is_lisible(ctx, "capacite", cible);
    let mut ecarts = Vec::new();
    if lisibles && capacite.0 != capacite.1 {
        ecarts.push(Ecart::Capacite(capacite.0, capacite.1));
    }
    if lisibles && frais.0 != frais.1 {
        ecarts.push(Ecart::Frais(frais.0, frais.1));
    }
    if presentation == Some(1) {
        ecarts.push(Ecart::Presentation);
    }
    if description == 1 {
        ecarts.push(Ecart::Description);
    }
    ecarts
}

fn cible(session: i64, etablissement: i64, formation: i64, academie: String) -> Cible {
    Cible::formation(session, etablissement, formation, &academie)
}

/// Who reads, and whether the page is about one establishment.
struct Vue<'a> {
    ctx: &'a Ctx,
    session: i64,
    seul: bool,
}

impl Vue<'_> {
    fn formation(&self, id: String, libelle: &str, detail: &str, etablissement: &str) -> Objet {
        let titre = intitule(libelle, detail);
        let libelle = if self.seul { titre } else { format!("{titre} – {etablissement}") };
        Objet::Formation { id, libelle }
    }

    fn brouillon(&self, b: Brouillon) -> Changement {
        let cible = cible(self.session, b.etablissement_id, b.formation_id, b.academie);
        let capacite = (b.publiee_capacite, b.capacite);
        let frais = (b.publiee_frais, b.frais_centimes);
        Changement {
            le: b.maj_le,
            qui: b.qui,
            nature: Nature::Brouillon(ecarts(
                self.ctx,
                &cible,
                capacite,
                frais,
                (b.autre_presentation, b.autre_description),
            )),
            objet: self.formation(b.public_id, &b.libelle, &b.detail, &b.etablissement),
        }
    }

    fn publication(&self, p: Publication) -> Changement {
        let cible = cible(self.session, p.etablissement_id, p.formation_id, p.academie);
        let capacite = (p.avant_capacite, p.capacite);
        let frais = (p.avant_frais, p.frais_centimes);
        let ecarts = ecarts(self.ctx, &cible, capacite, frais, (p.autre_presentation, p.autre_description));
        Changement {
            le: p.publie_le,
            qui: p.qui,
            nature: Nature::Publication(p.numero, ecarts),
            objet: self.formation(p.public_id, &p.libelle, &p.detail, &p.etablissement),
        }
    }
}
