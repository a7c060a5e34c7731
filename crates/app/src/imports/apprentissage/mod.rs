//! Loading a day of the national catalogue of apprenticeship (R-APP-01 to R-APP-05): read, compare with what is known, show what
//! would change record by record, apply in one transaction. See `docs/imports.md`.

mod lire;
mod rapport;

pub use lire::{FluxLu, lire_catalogue, lire_perimetre};
pub use rapport::{CompteFiches, LigneRapport, RapportApprentissage};

use std::collections::{BTreeSet, HashMap};

use domain::RuleViolation;
use domain::apprentissage::{
    Changement, Connue, Decision, Delta, Etendue, Fiche, Flux, Issue, LignePerimetre, Perimetre,
    Restructuration, Statut, delta,
};
use domain::droits::{Action, Cible, Permit};
use domain::territoires::{Departement, departement, departement_postal};
use files::catalogue::{FauteFiche, FicheRefusee};
use store::apprentissage::{self as base, EvenementAEcrire, FicheAEcrire, LigneRejet};
use store::sessions::LigneSession;
use store::{Ecriture, Sql, StoreError, Tx};

use super::lire::OffreLue;
use super::nomenclatures::session;
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::journal::{self, Acte};

/// What to do with what was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OptionsApprentissage {
    /// Writes; otherwise only says what would change.
    pub appliquer: bool,
    /// Session that takes the records; the open one otherwise.
    pub session: Option<i64>,
    /// Where the records come from: absence is judged among those of one flow. `catalogue` otherwise.
    pub flux: Option<String>,
    /// The files have only what changed: what they do not have stays.
    pub partiel: bool,
    /// Removes however many the files do not have.
    pub retraits_massifs: bool,
    /// What the session admits from now on; otherwise what it has, else the one that every session starts with.
    pub perimetre: Option<Perimetre>,
}

const FLUX: &str = "catalogue";
const FLUX_MAX: usize = 40;

/// A record of the base, by its key.
struct Connues {
    cles: HashMap<String, i64>,
    connues: Vec<Connue>,
    rejets: Vec<LigneRejet>,
    perimetre: Vec<LignePerimetre>,
}

impl Connues {
    async fn load(c: &impl Sql, session: i64, flux: &str) -> Result<Self, AppError> {
        let mut cles = HashMap::new();
        let mut connues = Vec::new();
        for l in base::fiches(c, session, flux).await? {
            let illisible = || StoreError::Unreadable("fiche_apprentissage");
            cles.insert(l.identifiant, l.id);
            connues.push(Connue {
                fiche: serde_json::from_str(&l.contenu).map_err(|_| illisible())?,
                statut: Statut::from_code(&l.statut).ok_or_else(illisible)?,
                raison: l.raison,
                doublon_de: l.doublon_de,
                presente: l.presente == 1,
            });
        }
        let perimetre = base::perimetre(c, session).await?.into_iter().map(|l| LignePerimetre {
            nature: l.nature,
            valeur: l.valeur,
            acces: l.acces,
            libelle: l.libelle,
        });
        Ok(Self {
            cles,
            connues,
            rejets: base::rejets(c, session, flux).await?,
            perimetre: perimetre.collect(),
        })
    }
}

/// R-IMP-10: compares a day of the catalogue with what the session has of this flow and says what would change, record by
/// record; writes it all in one transaction when asked. The same day again writes nothing.
///
/// # Errors
/// [`AppError::Denied`]; [`AppError::Invalid`] for a session that does not exist or a name of flow that is none;
/// [`AppError::Rule`] when the session is the archive of a real campaign.
pub async fn import_apprentissage(
    ctx: &Ctx,
    lu: &FluxLu,
    options: &OptionsApprentissage,
) -> Result<RapportApprentissage, AppError> {
    let permit = ctx.permit(Action::ImporterOffre, &Cible::plateforme())?;
    let flux = nom_flux(options)?;
    let cible = session(ctx, options.session).await?;
    if cible.etat == "archivee" && !store::imports::est_importee(&ctx.app.db, cible.id).await? {
        return Err(RuleViolation::SessionArchivee.into());
    }
    // One transaction reads what is known and writes what differs: nobody decides for a record in between.
    let tx = if options.appliquer { Some(ctx.begin().await?) } else { None };
    let connues = match &tx {
        Some(tx) => Connues::load(tx, cible.id, flux).await?,
        None => Connues::load(&ctx.app.db, cible.id, flux).await?,
    };
    let avant = perimetre(&cible, &connues)?;
    let perimetre = options.perimetre.clone().unwrap_or_else(|| avant.clone());
    let d = delta(&connues.connues, &jour(lu, options), &avant, &perimetre);
    let plan = Plan::new(lu, &connues, &perimetre, d);
    let mut rapport = RapportApprentissage::new(cible.annee, flux, lu, &plan);
    if let Some((retirees, connues)) = plan.delta.retraits_massifs
        && !options.retraits_massifs
    {
        rapport.refuse_retraits(retirees, connues);
        return Ok(rapport);
    }
    if let Some(tx) = tx
        && rapport.change()
    {
        let e = Ecriture::new(&permit, ctx.campagne_le, "import", ctx.app.alea.as_ref());
        plan.write(&tx, &e, cible.id, flux, &connues).await?;
        rapport.applique = true;
        noter(ctx, &tx, &permit, &e, cible.id, lu, &rapport).await?;
        tx.commit().await?;
        ctx.app.db.analyze().await?;
    }
    Ok(rapport)
}

fn nom_flux(options: &OptionsApprentissage) -> Result<&str, AppError> {
    let flux = options.flux.as_deref().unwrap_or(FLUX);
    let juste = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if flux.is_empty() || flux.len() > FLUX_MAX || !flux.chars().all(juste) {
        let message = format!(
            "Un flux se nomme en minuscules sans accent, chiffres et tirets, en {FLUX_MAX} caractères au plus."
        );
        return Err(AppError::Invalid(vec![("flux", message)]));
    }
    Ok(flux)
}

/// What the session admits until now.
fn perimetre(session: &LigneSession, connues: &Connues) -> Result<Perimetre, AppError> {
    if connues.perimetre.is_empty() {
        let annee = i16::try_from(session.annee)
            .map_err(|_| AppError::Internal(format!("session {}", session.annee)))?;
        return Ok(Perimetre::de_depart(annee));
    }
    Perimetre::from_lignes(&connues.perimetre)
        .map_err(|_| StoreError::Unreadable("perimetre_apprentissage").into())
}

fn jour(lu: &FluxLu, options: &OptionsApprentissage) -> Flux {
    let refusees: BTreeSet<String> = lu.refusees.iter().filter_map(|(_, r)| r.id.clone()).collect();
    Flux {
        fiches: lu.fiches.clone(),
        refusees,
        anonymes: lu.refusees.iter().any(|(_, r)| r.id.is_none()),
        etendue: if options.partiel { Etendue::Partielle } else { Etendue::Complete },
    }
}

/// What is to be written.
struct Plan {
    delta: Delta,
    /// For each decision, what the platform has of the record.
    avant: Vec<Option<Connue>>,
    rejets: Vec<LigneRejet>,
    rejets_changent: bool,
    perimetre: Vec<LignePerimetre>,
    perimetre_change: bool,
}

/// Whether a decision writes something.
fn bouge(d: &Decision, avant: Option<&Connue>) -> bool {
    d.issue != Issue::Inchangee || d.passage.is_some() || avant.is_some_and(|c| c.doublon_de != d.doublon_de)
}

impl Plan {
    fn new(lu: &FluxLu, connues: &Connues, perimetre: &Perimetre, delta: Delta) -> Self {
        let mut refusees: Vec<(usize, FicheRefusee)> = lu.refusees.clone();
        for rang in &delta.repetees {
            if let (Some(fiche), Some((fichier, ligne))) = (lu.fiches.get(*rang), lu.places.get(*rang)) {
                let faute = FauteFiche {
                    ligne: *ligne,
                    colonne: 1,
                    champ: "id_formation".to_owned(),
                    motif:
                        "cet identifiant est déjà plus haut avec un autre contenu : gardez une seule fiche"
                            .to_owned(),
                };
                let id = Some(fiche.id.clone());
                refusees.push((*fichier, FicheRefusee { ligne: *ligne, id, fautes: vec![faute] }));
            }
        }
        refusees.sort_by_key(|(fichier, r)| (*fichier, r.ligne));
        let nom = |rang: usize| lu.fichiers.get(rang).map_or_else(String::new, |(b, _)| b.fichier.clone());
        let rejets: Vec<LigneRejet> = refusees
            .into_iter()
            .map(|(fichier, r)| LigneRejet {
                fichier: nom(fichier),
                ligne: i64::try_from(r.ligne).unwrap_or(i64::MAX),
                identifiant: r.id,
                fautes: serde_json::to_string(&r.fautes).unwrap_or_default(),
            })
            .collect();
        let lignes = perimetre.lignes();
        let par_id: HashMap<&str, &Connue> =
            connues.connues.iter().map(|c| (c.fiche.id.as_str(), c)).collect();
        let avant = delta.decisions.iter().map(|d| par_id.get(d.id_avant()).copied().cloned()).collect();
        Self {
            avant,
            rejets_changent: rejets != connues.rejets,
            perimetre_change: lignes != connues.perimetre,
            delta,
            rejets,
            perimetre: lignes,
        }
    }

    async fn write(
        &self,
        tx: &Tx,
        e: &Ecriture<'_>,
        session: i64,
        flux: &str,
        connues: &Connues,
    ) -> Result<(), AppError> {
        if self.perimetre_change {
            let lignes: Vec<base::LignePerimetre> = self
                .perimetre
                .iter()
                .map(|l| base::LignePerimetre {
                    nature: l.nature.clone(),
                    valeur: l.valeur.clone(),
                    acces: l.acces.clone(),
                    libelle: l.libelle.clone(),
                })
                .collect();
            base::replace_perimetre(tx, e, session, &lignes).await?;
        }
        if self.rejets_changent {
            base::replace_rejets(tx, e, session, flux, &self.rejets).await?;
        }
        let mut nouvelles = Vec::new();
        let mut evenements = Vec::new();
        for (d, avant) in self.delta.decisions.iter().zip(&self.avant) {
            let avant = avant.as_ref();
            if !bouge(d, avant) {
                continue;
            }
            let fiche = ligne(d, avant)?;
            match connues.cles.get(d.id_avant()) {
                Some(id) => {
                    base::update_fiche(tx, e, *id, &fiche).await?;
                    if d.issue != Issue::Inchangee || d.passage.is_some() {
                        evenements.push(evenement(*id, d));
                    }
                }
                None => nouvelles.push((fiche, d)),
            }
        }
        let cles = base::add_fiches(tx, e, session, flux, nouvelles.iter().map(|(f, _)| f)).await?;
        evenements.extend(cles.into_iter().zip(&nouvelles).map(|(id, (_, d))| evenement(id, d)));
        base::add_evenements(tx, e, evenements).await?;
        Ok(())
    }
}

/// The department where a course is given: by its town, else by its post code.
fn ou(fiche: &Fiche) -> Option<&'static Departement> {
    let commune = fiche.lieu.commune.as_deref().and_then(|c| {
        let chiffres = if c.starts_with("97") || c.starts_with("98") { 3 } else { 2 };
        departement(c.get(..chiffres)?)
    });
    commune.or_else(|| departement_postal(fiche.lieu.code_postal.as_deref()?))
}

fn ligne(d: &Decision, avant: Option<&Connue>) -> Result<FicheAEcrire, AppError> {
    let incomplete = || AppError::Internal(format!("apprenticeship record {} without a state", d.id));
    let fiche = d.fiche.as_ref().or(avant.map(|c| &c.fiche)).ok_or_else(incomplete)?;
    let (statut, raison) = match (&d.passage, avant) {
        (Some(p), _) => (p.vers, p.raison.clone()),
        (None, Some(c)) => (c.statut, c.raison.clone()),
        (None, None) => return Err(incomplete()),
    };
    let place = ou(fiche);
    let code = |f: fn(&Departement) -> &'static str| place.map_or_else(String::new, |p| f(p).to_owned());
    Ok(FicheAEcrire {
        identifiant: fiche.id.clone(),
        contenu: serde_json::to_string(fiche).map_err(|e| AppError::Internal(e.to_string()))?,
        departement: code(|p| p.code),
        academie: code(|p| p.academie),
        statut: statut.code(),
        raison,
        doublon_de: d.doublon_de.clone(),
        presente: match d.issue {
            Issue::Retrait => false,
            _ => d.fiche.is_some() || avant.is_some_and(|c| c.presente),
        },
    })
}

fn evenement(fiche: i64, d: &Decision) -> EvenementAEcrire {
    let (motifs, champs): (&[Restructuration], &[Changement]) = match &d.issue {
        Issue::Modification(champs) => (&[], champs),
        Issue::Restructuration(motifs, champs) => (motifs, champs),
        _ => (&[], &[]),
    };
    EvenementAEcrire {
        fiche,
        issue: if d.issue == Issue::Inchangee { "reevaluation" } else { d.issue.code() },
        detail: serde_json::json!({ "champs": champs, "motifs": motifs }).to_string(),
        statut_avant: d.passage.as_ref().and_then(|p| p.de).map(Statut::code),
        statut: d.passage.as_ref().map(|p| p.vers.code()),
        raison: d.passage.as_ref().and_then(|p| p.raison.clone()),
    }
}

/// The line of the table `import` for each file, and the journal.
async fn noter(
    ctx: &Ctx,
    tx: &Tx,
    permit: &Permit,
    e: &Ecriture<'_>,
    session: i64,
    lu: &FluxLu,
    rapport: &RapportApprentissage,
) -> Result<(), AppError> {
    let compte = serde_json::to_value(&rapport.compte).map_err(|e| AppError::Internal(e.to_string()))?;
    for (bilan, chemin) in &lu.fichiers {
        let nom = &bilan.fichier;
        let empreinte = OffreLue::empreinte(chemin).map_err(|e| AppError::Internal(format!("{nom}: {e}")))?;
        let id = store::imports::record_import(
            tx,
            e,
            "apprentissage",
            session,
            &empreinte,
            nom,
            &compte.to_string(),
        )
        .await?;
        let acte = Acte {
            objet: "import",
            objet_id: &id,
            avant: None,
            apres: Some(serde_json::json!({
                "fichier": nom, "empreinte": empreinte, "flux": rapport.flux, "bilan": compte,
            })),
        };
        journal::record(tx, ctx, permit, &acte).await?;
    }
    Ok(())
}
