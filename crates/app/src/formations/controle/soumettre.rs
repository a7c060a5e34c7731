//! R-CTL-02, R-CTL-08: a course, or many, are submitted to the academic service.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use domain::calendrier::Etape;
use domain::droits::{Action, Permit};
use domain::formations::controle::{EtatControle, GesteControle};
use domain::grille::Decompte;
use domain::{PublicId, RuleViolation};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::Tx;
use store::formations::{self as base, LigneControle, LigneFormation, NouvelActe};

use super::{Reouvertures, count_changes, etat, is_controlee, note};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::formations::contenu::{Contenu, Cote};
use crate::formations::description::{Lieux, demande_lot, load_description, version_brouillon};
use crate::formations::publier::{Pret, examine, examine_maison, require_decrit, verifie};
use crate::formations::vraisemblance::Lectures;
use crate::formations::{cible, intitule, load, load_groupes};
use crate::idempotence::{self, Garde, Recepisse};
use crate::messages;
use crate::sessions::{self, SessionAdmission};

/// A course to be submitted, loaded under the right to publish it.
struct ASoumettre {
    f: LigneFormation,
    ligne: Option<LigneControle>,
    permit: Permit,
}

impl ASoumettre {
    async fn load(tx: &Tx, ctx: &Ctx, session: &SessionAdmission, id: &PublicId) -> Result<Self, AppError> {
        let f = load(tx, session, id).await?;
        let permit = ctx.permit(Action::PublierFormation, &cible(&f))?;
        Ok(Self { ligne: base::controle(tx, f.id).await?, f, permit })
    }

    /// The step is open, or a return or an accepted request lets the course be submitted.
    async fn require_moment(&self, tx: &Tx, ctx: &Ctx, session: &SessionAdmission) -> Result<(), AppError> {
        let ouverte = session.calendrier.require_open(Etape::CapacitesFrais, ctx.campagne_le);
        match Reouvertures::load(tx, self.f.id).await?.soumission(ctx.campagne_le) {
            Some(_) => Ok(()),
            None => Ok(ouverte?),
        }
    }

    /// Where the review of the present values stands.
    fn etat(&self, empreinte: &str) -> EtatControle {
        let fidele = self.ligne.as_ref().is_some_and(|l| l.empreinte == empreinte);
        etat(self.ligne.as_ref()).of_values(fidele)
    }

    /// Submits values that are ready; gives what the receipt says.
    ///
    /// # Errors
    /// [`AppError::Rule`], before anything is written, when the public reads these values already or when they are submitted already.
    async fn soumet(&self, tx: &Tx, ctx: &Ctx, pret: &Pret) -> Result<serde_json::Value, AppError> {
        let (f, ligne) = (&self.f, self.ligne.as_ref());
        let contenu = pret.contenu(f);
        let empreinte = contenu.empreinte()?;
        let etat = self.etat(&empreinte);
        // R-CTL-04: a returned course waits for its decision even put back to what the public reads already.
        if etat != EtatControle::Retournee {
            pret.require_nouveau()?;
        }
        etat.check_soumission()?;
        let cote = Cote { contenu, lieux: Lieux::load(tx, f.session_id, f.etablissement_id).await? };
        let changes = count_changes(tx, f, &cote).await?;
        let e = ctx.ecriture(&self.permit);
        let cle = base::submit_controle(tx, &e, f.id, ligne.map(|l| l.version), &empreinte, changes).await?;
        let acte = NouvelActe {
            acte: GesteControle::Soumettre.code(),
            contenu: &cote.contenu.ecrit()?,
            motifs: "{}",
            jusqu_a: None,
            mot: "",
        };
        base::add_acte(tx, &e, cle, &acte).await?;
        let apres = json!({ "etat": "soumise", "empreinte": empreinte, "changes": changes });
        note(tx, ctx, &self.permit, f, ligne, &apres).await?;
        Ok(apres)
    }

    /// R-CTL-08: submits it with others when nothing prevents it; gives everything that does. `lu`: what the numbers of all of them are
    /// held against; `maison`: what its establishment lacks; `vue`: the version of the draft that the person read (TRX-4).
    async fn essaie(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        session: &SessionAdmission,
        (lu, maison): (&Lectures, &[RuleViolation]),
        vue: i64,
    ) -> Result<Vec<RuleViolation>, AppError> {
        match self.require_moment(tx, ctx, session).await {
            Err(AppError::Rule(regle)) => return Ok(vec![regle]),
            autre => autre?,
        }
        let groupes = load_groupes(tx, self.f.id).await?;
        let (description, ligne) = load_description(tx, &self.f).await?;
        let contenu = Contenu::new(&self.f, &groupes, description.clone());
        // What waits for an answer, or has it, asks for nothing else.
        if let Err(regle) = self.etat(&contenu.empreinte()?).check_soumission() {
            return Ok(vec![regle]);
        }
        if version_brouillon(&self.f, ligne.as_ref()) != vue {
            return Ok(vec![RuleViolation::ModifieeDepuis]);
        }
        let points = Decompte::of(&description.constats()).a_verifier;
        let (pret, mut refus) = match examine(tx, ctx, lu, &self.f, description).await? {
            Ok(pret) => (Some(pret), Vec::new()),
            Err(refus) => (None, refus),
        };
        if points > 0 {
            let formation = intitule(&self.f.libelle, &self.f.detail);
            refus.push(RuleViolation::GrilleARelire { formation, points });
        }
        refus.extend_from_slice(maison);
        if let Some(pret) = pret.filter(|_| refus.is_empty()) {
            match self.soumet(tx, ctx, &pret).await {
                Err(AppError::Rule(regle)) => refus.push(regle),
                autre => drop(autre?),
            }
        }
        Ok(refus)
    }
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
    let c = ASoumettre::load(&tx, ctx, &session, id).await?;
    if let Some(recepisse) = idempotence::deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(recepisse);
    }
    session.require_ouverte()?;
    c.require_moment(&tx, ctx, &session).await?;
    let pret = verifie(&tx, ctx, &session, &c.f, garde).await?;
    require_decrit(&tx, ctx, &session, &c.f).await?;
    let apres = c.soumet(&tx, ctx, &pret).await?;
    let contenu = json!({ "formation": c.f.public_id, "controle": apres });
    let recepisse =
        idempotence::emettre(&tx, ctx, garde, &demande, "formation_soumise", None, &contenu).await?;
    tx.commit().await?;
    Ok(recepisse)
}

/// A course that was not submitted with the others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LaisseeDeCote {
    /// Public identifier.
    pub id: String,
    /// Course and establishment.
    pub formation: String,
    /// Everything that prevents it, in French; never empty.
    pub motifs: Vec<String>,
    /// Nothing is asked of it: it waits for its answer, has it, or the public reads these values already.
    #[serde(default)]
    pub a_jour: bool,
    /// TRX-4: it changed since it was shown.
    #[serde(default)]
    pub a_relire: bool,
}

impl LaisseeDeCote {
    pub(in crate::formations) fn new(f: &LigneFormation, refus: &[RuleViolation]) -> Self {
        Self {
            id: f.public_id.clone(),
            formation: format!("{} – {}", intitule(&f.libelle, &f.detail), f.etablissement),
            motifs: messages::motifs_a_part(refus),
            a_jour: refus.iter().all(is_a_jour),
            a_relire: refus.iter().any(|r| matches!(r, RuleViolation::ModifieeDepuis)),
        }
    }
}

/// What a submission of many courses did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BilanSoumission {
    /// Public identifiers of those submitted.
    pub soumises: Vec<String>,
    /// The others, in the order asked for.
    pub laissees: Vec<LaisseeDeCote>,
}

impl BilanSoumission {
    /// That none was submitted, and how many for which reason, in French.
    pub fn dit_aucune(&self) -> String {
        let a_jour = self.laissees.iter().filter(|l| l.a_jour).count();
        let a_relire = self.laissees.iter().filter(|l| l.a_relire).count();
        let a_completer = self.laissees.len() - a_jour - a_relire;
        let mut dits = Vec::new();
        if a_completer > 0 {
            dits.push(format!("{a_completer} à compléter"));
        }
        if a_relire > 0 {
            dits.push(format!("{a_relire} à relire"));
        }
        if a_jour > 0 {
            dits.push(format!("{a_jour} déjà à jour"));
        }
        format!("Aucune formation n’est soumise : {}.", dits.join(", "))
    }
}

/// Whether this says that there is nothing to submit, rather than something to mend.
fn is_a_jour(r: &RuleViolation) -> bool {
    use RuleViolation as R;
    matches!(r, R::RienAPublier | R::ForbiddenTransition { from: "soumise" | "acceptee", .. })
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
) -> Result<Result<Recepisse, BilanSoumission>, AppError> {
    let demande = demande_lot("soumission_lot", annee, choisies)?;
    let tx = ctx.begin().await?;
    let session = sessions::session(&tx, annee).await?;
    let mut lot = Vec::with_capacity(choisies.len());
    for (id, _) in choisies {
        lot.push(ASoumettre::load(&tx, ctx, &session, id).await?);
    }
    if let Some(recepisse) = idempotence::deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(Ok(recepisse));
    }
    session.require_ouverte()?;
    if lot.is_empty() {
        return Err(RuleViolation::Champ { champ: "formations", motif: "aucune" }.into());
    }
    if !is_controlee(&tx, session.id).await? {
        let etat = EtatControle::Brouillon.code();
        return Err(RuleViolation::ForbiddenTransition { from: etat, event: "soumettre" }.into());
    }
    let formations: Vec<LigneFormation> = lot.iter().map(|c| c.f.clone()).collect();
    let lu = Lectures::load(ctx, &tx, &session, &formations).await?;
    let mut bilan = BilanSoumission::default();
    // Looked at once for all the courses of an establishment.
    let mut maisons: HashMap<i64, Vec<RuleViolation>> = HashMap::new();
    for (c, (_, vue)) in lot.iter().zip(choisies) {
        let maison = match maisons.entry(c.f.etablissement_id) {
            Entry::Occupied(lue) => lue.into_mut(),
            Entry::Vacant(place) => {
                place.insert(examine_maison(&tx, ctx, &session, c.f.etablissement_id).await?)
            }
        };
        let refus = c.essaie(&tx, ctx, &session, (&lu, maison.as_slice()), *vue).await?;
        if refus.is_empty() {
            bilan.soumises.push(c.f.public_id.clone());
        } else {
            bilan.laissees.push(LaisseeDeCote::new(&c.f, &refus));
        }
    }
    if bilan.soumises.is_empty() {
        return Ok(Err(bilan));
    }
    let contenu = serde_json::to_value(&bilan).map_err(AppError::internal)?;
    let recepisse = idempotence::emettre(&tx, ctx, garde, &demande, ACTE, None, &contenu).await?;
    tx.commit().await?;
    Ok(Ok(recepisse))
}

/// What a submission of many did, by the number of its receipt; `None` for a receipt that is not one, or somebody else's.
///
/// # Errors
/// When the database refuses.
pub async fn view_soumission(ctx: &Ctx, numero: &str) -> Result<Option<BilanSoumission>, AppError> {
    idempotence::contenu_de(ctx, numero, ACTE).await
}
