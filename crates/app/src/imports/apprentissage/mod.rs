//! Loading a day of the national catalogue of apprenticeship (R-APP-01 to R-APP-05): read, compare with what is known, show what
//! would change record by record, apply in one transaction. See `docs/imports.md`.

mod completer;
mod lire;
mod rapport;

pub(crate) use completer::{AVenir, complete_again};
pub(crate) use lire::lire_recus;
pub use lire::{FichierRecu, FluxLu, lire_catalogue, lire_perimetre};
pub use rapport::{CompteFiches, LigneRapport, RapportApprentissage};
pub(crate) use rapport::{change, restructure};

use std::collections::{BTreeSet, HashMap};

use domain::RuleViolation;
use domain::apprentissage::{
    Changement, Connue, Decision, Delta, Etendue, Fiche, Flux, Issue, LignePerimetre, Perimetre, Porteur,
    Restructuration, SeuilRetraits, Statut, constats, delta,
};
use domain::droits::{Action, Cible};
use files::catalogue::{FauteFiche, FicheRefusee};
use store::apprentissage::{self as base, EvenementAEcrire, FicheAEcrire, LigneRejet, Tenues};
use store::{Ecriture, Sql, StoreError, Tx};

use completer::complete_day;

use super::nomenclatures::session;
use super::noter::{Importe, note_one};
use crate::apprentissage::{AAppliquer, JourApplique, fingerprint, seal};
use crate::contexte::Ctx;
use crate::erreur::AppError;

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

impl OptionsApprentissage {
    fn etendue(&self) -> Etendue {
        if self.partiel { Etendue::Partielle } else { Etendue::Complete }
    }
}

/// The flow of whoever names none: the national catalogue.
pub const FLUX_CATALOGUE: &str = "catalogue";
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
                en_ligne: l.en_ligne == 1 || l.statut == Statut::Publie.code(),
            });
        }
        Ok(Self {
            cles,
            connues,
            rejets: base::rejets(c, session, flux).await?,
            perimetre: base::perimetre(c, session).await?,
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
    import_journee(ctx, lu, options, None).await
}

/// The same of a day that somebody asked to apply (R-IMP-11): as it was shown to them, or not at all.
///
/// # Errors
/// As [`import_apprentissage`]; [`AppError::Conflict`] when somebody gave it up meanwhile.
pub(crate) async fn import_journee(
    ctx: &Ctx,
    lu: &FluxLu,
    options: &OptionsApprentissage,
    journee: Option<&AAppliquer<'_>>,
) -> Result<RapportApprentissage, AppError> {
    let permit = ctx.permit(Action::ImporterOffre, &Cible::plateforme())?;
    let flux = nom_flux(options.flux.as_deref())?;
    let cible = session(ctx, options.session).await?;
    if cible.etat == "archivee" && !store::imports::est_importee(&ctx.app.db, cible.id).await? {
        return Err(RuleViolation::SessionArchivee.into());
    }
    // One transaction reads what is known and writes what differs: nobody decides for a record in between.
    let tx = if options.appliquer { Some(ctx.begin().await?) } else { None };
    let connues = match &tx {
        Some(tx) => {
            base::hold_fiches(tx, cible.id, Tenues::Flux(flux)).await?;
            Connues::load(tx, cible.id, flux).await?
        }
        None => Connues::load(&ctx.app.db, cible.id, flux).await?,
    };
    let avant = perimetre_of(cible.annee, &connues.perimetre)?;
    let perimetre = options.perimetre.clone().unwrap_or_else(|| avant.clone());
    let mut jour = jour(lu, options, ctx.app.limites.retraits_apprentissage);
    match &tx {
        Some(tx) => complete_day(tx, &mut jour.fiches).await?,
        None => complete_day(&ctx.app.db, &mut jour.fiches).await?,
    }
    let d = delta(&connues.connues, &jour, &avant, &perimetre);
    let plan = Plan::new((lu, options.etendue()), &connues, &perimetre, d);
    let mut rapport = RapportApprentissage::new(cible.annee, flux, lu, &plan);
    if let Some((retirees, connues)) = plan.delta.retraits_massifs
        && !options.retraits_massifs
    {
        rapport.refuse_retraits(retirees, connues);
        return Ok(rapport);
    }
    if let Some(j) = journee
        && fingerprint(&rapport)? != j.montre
    {
        return Ok(rapport);
    }
    if let Some(tx) = tx
        && rapport.change()
    {
        let e = Ecriture::new(&permit, ctx.campagne_le, "import", ctx.app.alea.as_ref());
        plan.write(&tx, &e, cible.id, flux, &connues).await?;
        rapport.applique = true;
        let bilan = serde_json::to_value(&rapport.compte).map_err(AppError::internal)?;
        let importe =
            Importe { nature: "apprentissage", session: cible.id, bilan: &bilan, flux: Some(&rapport.flux) };
        let origines: Vec<_> = lu.origines().collect();
        for (nom, origine) in origines {
            note_one(ctx, &tx, &permit, &e, &importe, (nom, &origine.empreinte)).await?;
        }
        let jour = JourApplique { session: cible.id, etendue: options.etendue(), lu, journee };
        seal(ctx, &tx, &e, &jour, &rapport).await?;
        tx.commit().await?;
        ctx.app.db.analyze_tables(&["fiche_apprentissage", "evenement_apprentissage"]).await?;
    }
    Ok(rapport)
}

/// Writes a day that no file said, in the transaction of whoever invents it.
///
/// # Errors
/// When the database refuses.
pub(crate) async fn write_day(
    ctx: &Ctx,
    tx: &Tx,
    e: &Ecriture<'_>,
    (session, annee): (i64, i64),
    lu: &FluxLu,
) -> Result<(), AppError> {
    let connues = Connues::load(tx, session, FLUX_CATALOGUE).await?;
    let perimetre = perimetre_of(annee, &connues.perimetre)?;
    let options = OptionsApprentissage::default();
    let mut jour = jour(lu, &options, ctx.app.limites.retraits_apprentissage);
    complete_day(tx, &mut jour.fiches).await?;
    let d = delta(&connues.connues, &jour, &perimetre, &perimetre);
    let plan = Plan::new((lu, options.etendue()), &connues, &perimetre, d);
    plan.write(tx, e, session, FLUX_CATALOGUE, &connues).await
}

/// The name of a flow; that of whoever names none.
///
/// # Errors
/// [`AppError::Invalid`] for what is no name.
pub(crate) fn nom_flux(dit: Option<&str>) -> Result<&str, AppError> {
    let flux = dit.unwrap_or(FLUX_CATALOGUE);
    let juste = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if flux.is_empty() || flux.len() > FLUX_MAX || !flux.chars().all(juste) {
        let message = format!(
            "Un flux se nomme en minuscules sans accent, chiffres et tirets, en {FLUX_MAX} caractères au plus."
        );
        return Err(AppError::Invalid(vec![("flux", message)]));
    }
    Ok(flux)
}

/// What a session admits, from the lines that it has.
///
/// # Errors
/// [`AppError::Internal`] for lines that cannot be read.
pub(crate) fn perimetre_of(annee: i64, lignes: &[LignePerimetre]) -> Result<Perimetre, AppError> {
    if lignes.is_empty() {
        let annee = i16::try_from(annee).map_err(|_| AppError::Internal(format!("session {annee}")))?;
        return Ok(Perimetre::de_depart(annee));
    }
    Perimetre::from_lignes(lignes).map_err(|_| StoreError::Unreadable("perimetre_apprentissage").into())
}

fn jour(lu: &FluxLu, options: &OptionsApprentissage, seuil: SeuilRetraits) -> Flux {
    let refusees: BTreeSet<String> = lu.refusees.iter().filter_map(|(_, r)| r.id.clone()).collect();
    Flux {
        fiches: lu.fiches.clone(),
        refusees,
        anonymes: lu.refusees.iter().any(|(_, r)| r.id.is_none()),
        etendue: options.etendue(),
        seuil,
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
    fn new(
        (lu, etendue): (&FluxLu, Etendue),
        connues: &Connues,
        perimetre: &Perimetre,
        delta: Delta,
    ) -> Self {
        let mut refusees: Vec<(usize, FicheRefusee)> = lu.refusees.clone();
        for rang in &delta.repetees {
            if let (Some(fiche), Some(place)) = (lu.fiches.get(*rang), lu.places.get(*rang)) {
                let faute = FauteFiche {
                    ligne: place.ligne,
                    colonne: 1,
                    champ: "id_formation".to_owned(),
                    motif:
                        "cet identifiant est déjà plus haut avec un autre contenu : gardez une seule fiche"
                            .to_owned(),
                };
                let (rang, ligne, fautes) = (place.rang, place.ligne, vec![faute]);
                let refusee = FicheRefusee { rang, ligne, fautes, ..FicheRefusee::of(fiche) };
                refusees.push((place.fichier, refusee));
            }
        }
        refusees.sort_by_key(|(fichier, r)| (*fichier, r.ligne, r.rang));
        let nom = |rang: usize| {
            lu.fichiers.get(rang).map_or_else(|| "catalogue.json".to_owned(), |(b, _)| b.fichier.clone())
        };
        let du_jour: Vec<LigneRejet> = refusees
            .into_iter()
            .map(|(fichier, r)| LigneRejet {
                fichier: nom(fichier),
                rang: i64::try_from(r.rang).unwrap_or(i64::MAX),
                ligne: i64::try_from(r.ligne).unwrap_or(i64::MAX),
                identifiant: r.id,
                intitule: r.intitule,
                lieu: r.lieu,
                fautes: serde_json::to_string(&r.fautes).unwrap_or_default(),
                academie: r.academie.unwrap_or_default().to_owned(),
            })
            .collect();
        let mut rejets = match etendue {
            Etendue::Complete => Vec::new(),
            // R-APP-11: what a partial day does not speak of is still to be corrected.
            Etendue::Partielle => rejets_en_suspens(lu, &connues.rejets, &du_jour),
        };
        rejets.extend(du_jour);
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
            base::replace_perimetre(tx, e, session, &self.perimetre).await?;
        }
        if self.rejets_changent {
            base::replace_rejets(tx, e, session, flux, &self.rejets).await?;
        }
        let (mut nouvelles, mut reecrites, mut renommees) = (Vec::new(), Vec::new(), Vec::new());
        let mut evenements = Vec::new();
        for (d, avant) in self.delta.decisions.iter().zip(&self.avant) {
            let avant = avant.as_ref();
            if !bouge(d, avant) {
                continue;
            }
            let fiche = ligne(d, avant)?;
            match connues.cles.get(d.id_avant()) {
                Some(id) => {
                    let liste =
                        if d.id_avant() == fiche.identifiant { &mut reecrites } else { &mut renommees };
                    liste.push((*id, fiche));
                    if d.issue != Issue::Inchangee || d.passage.is_some() {
                        evenements.push(evenement(*id, d));
                    }
                }
                None => nouvelles.push((fiche, d)),
            }
        }
        base::update_fiches(tx, e, &reecrites).await?;
        // One may take the identifier that another leaves: one after the other.
        for renommee in &renommees {
            base::update_fiches(tx, e, std::slice::from_ref(renommee)).await?;
        }
        let seules: Vec<&FicheAEcrire> = nouvelles.iter().map(|(f, _)| f).collect();
        let cles = base::add_fiches(tx, e, session, flux, seules).await?;
        evenements.extend(cles.into_iter().zip(&nouvelles).map(|(id, (_, d))| evenement(id, d)));
        base::add_evenements(tx, e, evenements).await?;
        Ok(())
    }
}

/// The refused records that a partial day leaves as they are: neither in it, refused or not, nor nameless in a file of the same name.
fn rejets_en_suspens(lu: &FluxLu, connus: &[LigneRejet], du_jour: &[LigneRejet]) -> Vec<LigneRejet> {
    let dits: BTreeSet<&str> = lu
        .fiches
        .iter()
        .map(|f| f.id.as_str())
        .chain(du_jour.iter().filter_map(|r| r.identifiant.as_deref()))
        .collect();
    let envoyes: BTreeSet<&str> = lu.fichiers.iter().map(|(b, _)| b.fichier.as_str()).collect();
    let reste = |r: &&LigneRejet| match r.identifiant.as_deref() {
        Some(id) => !dits.contains(id),
        None => !envoyes.contains(r.fichier.as_str()),
    };
    connus.iter().filter(reste).cloned().collect()
}

/// Codes that a list is searched by: « |a|b| », empty without any.
fn codes<'c>(codes: impl IntoIterator<Item = &'c str>) -> String {
    let joints = codes.into_iter().collect::<Vec<_>>().join("|");
    if joints.is_empty() { joints } else { format!("|{joints}|") }
}

/// What a record is looked for by: title, codes of the diploma, establishments, place, identifier.
fn recherche(fiche: &Fiche) -> String {
    let [lieu, formateur, gestionnaire] = fiche.uais();
    let textes = [
        fiche.titre(),
        fiche.cfd.as_deref(),
        fiche.rncp.as_deref(),
        gestionnaire,
        formateur,
        lieu,
        fiche.gestionnaire.siret.as_deref(),
        fiche.lieu.adresse.as_deref(),
        fiche.lieu.code_postal.as_deref(),
        fiche.departement().map(|d| d.nom),
        Some(fiche.id.as_str()),
    ];
    domain::formations::normalise_recherche(&textes.into_iter().flatten().collect::<Vec<_>>().join(" "))
}

fn ligne(d: &Decision, avant: Option<&Connue>) -> Result<FicheAEcrire, AppError> {
    let incomplete = || AppError::Internal(format!("apprenticeship record {} without a state", d.id));
    let fiche = d.fiche.as_ref().or(avant.map(|c| &c.fiche)).ok_or_else(incomplete)?;
    let (statut, raison) = match (&d.passage, avant) {
        (Some(p), _) => (p.vers, p.raison.clone()),
        (None, Some(c)) => (c.statut, c.raison.clone()),
        (None, None) => return Err(incomplete()),
    };
    let place = fiche.departement();
    let mut uais: Vec<&str> = fiche.uais().into_iter().flatten().collect();
    uais.sort_unstable();
    uais.dedup();
    Ok(FicheAEcrire {
        identifiant: fiche.id.clone(),
        contenu: serde_json::to_string(fiche).map_err(|e| AppError::Internal(e.to_string()))?,
        departement: place.map_or_else(String::new, |p| p.code.to_owned()),
        academie: place.map_or_else(String::new, |p| p.academie.to_owned()),
        statut: statut.code(),
        raison,
        doublon_de: d.doublon_de.clone(),
        presente: match d.issue {
            Issue::Retrait => false,
            _ => d.fiche.is_some() || avant.is_some_and(|c| c.presente),
        },
        en_ligne: avant.is_some_and(|c| c.en_ligne) && statut != Statut::Ferme,
        intitule: fiche.titre().unwrap_or_default().to_owned(),
        recherche: recherche(fiche),
        uais: codes(uais),
        sirets: [Porteur::Lieu, Porteur::Formateur, Porteur::Gestionnaire]
            .map(|p| fiche.siret(p).unwrap_or_default().to_owned()),
        constats: codes(constats(fiche).into_iter().map(|c| c.code())),
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
