//! R-CTL-02, R-CTL-08: a course, or many, are submitted to the academic service.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use domain::calendrier::Etape;
use domain::droits::{Action, Permit};
use domain::formations::controle::{EtatControle, GesteControle};
use domain::grille::Decompte;
use domain::{PublicId, RuleViolation};
use serde_json::json;
use store::Tx;
use store::formations::{self as base, LigneControle, LigneFormation, LigneGroupe, NouvelActe, Soumission};

use super::{Permise, acte, count_since, etat, hold_permises, is_controlee};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::formations::bilan::{Bilan, IssueLot, LaisseeDeCote};
use crate::formations::contenu::{Contenu, Cote, precedents};
use crate::formations::description::{Lieux, Lue, demande_lot, version_brouillon};
use crate::formations::lot::first_named;
use crate::formations::publier::{AExaminer, Pret, examine, examine_maison, require_decrit, verifie};
use crate::formations::vraisemblance::Lectures;
use crate::formations::{distinctes, intitule, load_groupes_of};
use crate::idempotence::{self, Garde, Recepisse};
use crate::journal::{Acte, record_each};
use crate::sessions::{self, SessionAdmission};

/// A course to be submitted, with all that is read of it.
struct ASoumettre {
    f: LigneFormation,
    permit: Permit,
    ligne: Option<LigneControle>,
    /// With the places that its description names.
    lue: Lue,
    groupes: Vec<LigneGroupe>,
    /// R-APP-12: the record that it is made of does not let it be public.
    bloquee: bool,
    /// Last year's values; `None`: new this year.
    avant: Option<Cote>,
}

impl ASoumettre {
    /// These courses of a session, each named once, all read at once.
    async fn load_all(tx: &Tx, session: i64, permises: Vec<Permise>) -> Result<Vec<Self>, AppError> {
        let formations: Vec<LigneFormation> = permises.iter().map(|(f, _)| f.clone()).collect();
        let cles: Vec<i64> = formations.iter().map(|f| f.id).collect();
        let mut lues = Lue::load_all(tx, &formations).await?;
        let controles = base::controles(tx, &cles).await?.into_iter();
        let mut controles: HashMap<i64, LigneControle> =
            controles.map(|l| (l.formation_session_id, l)).collect();
        let mut groupes = load_groupes_of(tx, &cles).await?;
        let bloquees = store::apprentissage::bloquees(tx, &cles).await?;
        let maisons = distinctes(formations.iter().map(|f| f.etablissement_id));
        let lieux = Lieux::load_all(tx, session, &maisons).await?;
        let mut avant = precedents(tx, &formations).await?;
        let mut lot = Vec::with_capacity(permises.len());
        for (f, permit) in permises {
            let mut lue = lues.remove(&f.id).unwrap_or_default();
            lue.lieux = lieux.get(&f.etablissement_id).cloned().unwrap_or_default();
            lot.push(Self {
                permit,
                ligne: controles.remove(&f.id),
                lue,
                groupes: groupes.remove(&f.id).unwrap_or_default(),
                bloquee: bloquees.contains(&f.id),
                avant: avant.remove(&f.id).map(|(_, cote)| cote),
                f,
            });
        }
        Ok(lot)
    }

    /// The step is open, or a return or an accepted request lets the course be submitted.
    fn check_moment(&self, ctx: &Ctx, session: &SessionAdmission) -> Result<(), RuleViolation> {
        match self.lue.reouvertures.soumission(ctx.campagne_le) {
            Some(_) => Ok(()),
            None => session.calendrier.require_open(Etape::CapacitesFrais, ctx.campagne_le),
        }
    }

    fn a_examiner(&self) -> AExaminer {
        AExaminer {
            description: self.lue.description.clone(),
            groupes: self.groupes.clone(),
            bloquee: self.bloquee,
        }
    }

    /// Where the review of the present values stands.
    fn etat(&self, empreinte: &str) -> EtatControle {
        let fidele = self.ligne.as_ref().is_some_and(|l| l.empreinte == empreinte);
        etat(self.ligne.as_ref()).of_values(fidele)
    }

    /// What is submitted of values that are ready.
    ///
    /// # Errors
    /// [`AppError::Rule`] when the public reads these values already or when they are submitted already.
    fn soumise(&self, pret: &Pret) -> Result<Soumise, AppError> {
        let contenu = pret.contenu(&self.f);
        let empreinte = contenu.empreinte()?;
        let etat = self.etat(&empreinte);
        // R-CTL-04: a returned course waits for its decision even put back to what the public reads already.
        if etat != EtatControle::Retournee {
            pret.require_nouveau()?;
        }
        etat.check_soumission()?;
        let cote = Cote { contenu, lieux: self.lue.lieux.clone() };
        let changes = count_since(self.avant.as_ref(), &self.f, &cote);
        Ok(Soumise { contenu: cote.contenu.ecrit()?, empreinte, changes })
    }

    /// R-CTL-08: what is submitted of it with others, or everything that prevents it. `lu`: what the numbers of all of them are held
    /// against; `maison`: what its establishment lacks; `vue`: the version of the draft that the person read (TRX-4).
    fn essaie(
        &self,
        ctx: &Ctx,
        session: &SessionAdmission,
        (lu, maison): (&Lectures, &[RuleViolation]),
        vue: i64,
    ) -> Result<Result<Soumise, Vec<RuleViolation>>, AppError> {
        if let Err(regle) = self.check_moment(ctx, session) {
            return Ok(Err(vec![regle]));
        }
        let Lue { description, ligne, .. } = &self.lue;
        let contenu = Contenu::new(&self.f, &self.groupes, description.clone());
        // What waits for an answer, or has it, asks for nothing else.
        if let Err(regle) = self.etat(&contenu.empreinte()?).check_soumission() {
            return Ok(Err(vec![regle]));
        }
        if version_brouillon(&self.f, ligne.as_ref()) != vue {
            return Ok(Err(vec![RuleViolation::ModifieeDepuis]));
        }
        let points = Decompte::of(&description.constats()).a_verifier;
        let (pret, mut refus) = match examine(ctx, lu, &self.f, self.a_examiner())? {
            Ok(pret) => (Some(pret), Vec::new()),
            Err(refus) => (None, refus),
        };
        if points > 0 {
            let formation = intitule(&self.f.libelle, &self.f.detail);
            refus.push(RuleViolation::GrilleARelire { formation, points });
        }
        refus.extend_from_slice(maison);
        let Some(pret) = pret.filter(|_| refus.is_empty()) else { return Ok(Err(refus)) };
        match self.soumise(&pret) {
            Err(AppError::Rule(regle)) => Ok(Err(vec![regle])),
            autre => autre.map(Ok),
        }
    }
}

/// What is written of a course that is submitted.
struct Soumise {
    /// JSON of its values.
    contenu: String,
    empreinte: String,
    /// Fields that differ from last year; `None`: new this year.
    changes: Option<i64>,
}

impl Soumise {
    /// As the journal and the receipt say it.
    fn dite(&self) -> serde_json::Value {
        json!({ "etat": "soumise", "empreinte": self.empreinte, "changes": self.changes })
    }
}

/// Submits courses that are ready, each named once. As many statements for many as for one; the journal tells them course by course.
async fn submit_ready(tx: &Tx, ctx: &Ctx, pretes: &[(&ASoumettre, Soumise)]) -> Result<(), AppError> {
    let Some((premiere, _)) = pretes.first() else { return Ok(()) };
    let e = ctx.ecriture(&premiere.permit);
    let mut soumissions = Vec::with_capacity(pretes.len());
    for (c, soumise) in pretes {
        soumissions.push(Soumission {
            formation_session: c.f.id,
            lue: c.ligne.as_ref().map(|l| (l.id, l.version)),
            empreinte: &soumise.empreinte,
            changes: soumise.changes,
        });
    }
    let cles = base::submit_controles(tx, &e, &soumissions).await?;
    let mut gestes = Vec::with_capacity(pretes.len());
    for (cle, (_, soumise)) in cles.into_iter().zip(pretes) {
        let geste = NouvelActe {
            acte: GesteControle::Soumettre.code(),
            contenu: &soumise.contenu,
            motifs: "{}",
            jusqu_a: None,
            mot: "",
        };
        gestes.push((cle, geste));
    }
    base::add_actes(tx, &e, &gestes).await?;
    let actes: Vec<Acte<'_>> =
        pretes.iter().map(|(c, soumise)| acte(&c.f, c.ligne.as_ref(), soumise.dite())).collect();
    let actes: Vec<(&Permit, &Acte<'_>)> = pretes.iter().map(|(c, _)| &c.permit).zip(&actes).collect();
    record_each(tx, ctx, &actes).await
}

/// Submits a course to the academic service, and asks for its publication once accepted.
///
/// # Errors
/// [`AppError::Rule`] when something is missing, when the public reads these values already, when it is submitted already, or
/// outside the step and any return; [`AppError::Conflict`] when the draft changed since the person read it.
pub async fn submit_formation(
    ctx: &Ctx,
    garde: &Garde,
    annee: i64,
    id: &PublicId,
) -> Result<Recepisse, AppError> {
    let demande = format!("soumission|{annee}|{id}");
    let tx = ctx.begin().await?;
    let session = sessions::session(&tx, annee).await?;
    let seule = std::slice::from_ref(id);
    let permises = hold_permises(&tx, ctx, &session, seule, Action::PublierFormation).await?;
    if let Some(recepisse) = idempotence::deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(recepisse);
    }
    session.require_ouverte()?;
    let c = ASoumettre::load_all(&tx, session.id, permises).await?.pop().ok_or(AppError::NotFound)?;
    c.check_moment(ctx, &session)?;
    let pret = verifie(&tx, ctx, &session, &c.f, garde).await?;
    require_decrit(&tx, ctx, &session, &c.f).await?;
    let soumise = c.soumise(&pret)?;
    let apres = soumise.dite();
    submit_ready(&tx, ctx, &[(&c, soumise)]).await?;
    let contenu = json!({ "formation": c.f.public_id, "controle": apres });
    let recepisse =
        idempotence::emettre(&tx, ctx, garde, &demande, "formation_soumise", None, &contenu).await?;
    tx.commit().await?;
    Ok(recepisse)
}

/// The receipt of a submission of many courses.
const ACTE: &str = "formations_soumises";

/// R-CTL-08: submits those of these courses that are ready, each at the version of its draft that the person read, in one act; the
/// others stay as they are, and each says everything that prevents it, or that it changed meanwhile (TRX-4). One whose grid is to be
/// read again is submitted alone, once read (R-CGE-18). When none of them is ready, nothing is done: what prevents each is given,
/// without a receipt.
///
/// # Errors
/// [`AppError::Rule`] without any course, in an archived session or one that is not reviewed; [`AppError::Denied`] or
/// [`AppError::NotFound`] for the first that the person may not submit.
pub async fn submit_formations(
    ctx: &Ctx,
    garde: &Garde,
    annee: i64,
    choisies: &[(PublicId, i64)],
) -> Result<IssueLot, AppError> {
    let demande = demande_lot("soumission_lot", annee, choisies)?;
    let tx = ctx.begin().await?;
    let session = sessions::session(&tx, annee).await?;
    let choisies = first_named(choisies);
    let ids: Vec<PublicId> = choisies.iter().map(|(id, _)| id.clone()).collect();
    let permises = hold_permises(&tx, ctx, &session, &ids, Action::PublierFormation).await?;
    if let Some(recepisse) = idempotence::deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(Ok(recepisse));
    }
    session.require_ouverte()?;
    if permises.is_empty() {
        return Err(RuleViolation::Champ { champ: "formations", motif: "aucune" }.into());
    }
    if !is_controlee(&tx, session.id).await? {
        let etat = EtatControle::Brouillon.code();
        return Err(RuleViolation::ForbiddenTransition { from: etat, event: "soumettre" }.into());
    }
    let lot = ASoumettre::load_all(&tx, session.id, permises).await?;
    let formations: Vec<LigneFormation> = lot.iter().map(|c| c.f.clone()).collect();
    let lu = Lectures::load(ctx, &tx, &session, &formations).await?;
    let mut bilan = Bilan::default();
    let mut pretes = Vec::with_capacity(lot.len());
    // Looked at once for all the courses of an establishment.
    let mut maisons: HashMap<i64, Vec<RuleViolation>> = HashMap::new();
    for (c, (_, vue)) in lot.iter().zip(choisies) {
        let maison = match maisons.entry(c.f.etablissement_id) {
            Entry::Occupied(lue) => lue.into_mut(),
            Entry::Vacant(place) => {
                place.insert(examine_maison(&tx, ctx, &session, c.f.etablissement_id).await?)
            }
        };
        match c.essaie(ctx, &session, (&lu, maison.as_slice()), *vue)? {
            Ok(soumise) => {
                bilan.faites.push(c.f.public_id.clone());
                pretes.push((c, soumise));
            }
            Err(refus) => bilan.laissees.push(LaisseeDeCote::new(&c.f, &refus)),
        }
    }
    if bilan.faites.is_empty() {
        return Ok(Err(bilan));
    }
    submit_ready(&tx, ctx, &pretes).await?;
    let contenu = serde_json::to_value(&bilan).map_err(AppError::internal)?;
    let recepisse = idempotence::emettre(&tx, ctx, garde, &demande, ACTE, None, &contenu).await?;
    tx.commit().await?;
    Ok(Ok(recepisse))
}

/// What a submission of many did, by the number of its receipt; `None` for a receipt that is not one, or somebody else's.
///
/// # Errors
/// When the database refuses.
pub async fn view_soumission(ctx: &Ctx, numero: &str) -> Result<Option<Bilan>, AppError> {
    idempotence::contenu_de(ctx, numero, ACTE).await
}
