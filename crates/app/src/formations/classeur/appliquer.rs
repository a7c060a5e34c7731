//! The workbook that comes back: applied as it was shown, and what its reading had found told again.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::droits::Action;
use domain::formations::description::Description;
use serde::Deserialize;
use serde_json::json;
use store::Tx;
use store::fichiers;
use store::formations::{self as base, LigneFormation};

use super::comparer::{Demande, SEPARATEUR, USAGE, changements, empreinte};
use super::constats::{self, ConstatFichier};
use super::lieux::{avec_formations, rejoint};
use super::lire::{feuilles, lit_fichier};
use super::{Chargees, charge, etablissements, regroupements};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::formations::description::{Lieux, Lue as DescriptionLue, Plume, demande, names_lieux};
use crate::formations::enregistrer::{EnregistrerParametrage, LusAvant, Maniere, ecrit_parametrage, permit};
use crate::formations::vraisemblance::Lectures;
use crate::formations::{cible, distinctes};
use crate::idempotence::{self, Garde, Recepisse};
use crate::sessions::{self, SessionAdmission};

/// The receipt of a file applied.
const APPLICATION: &str = "classeur_applique";

/// Applies a file that was read and kept: exactly what was shown, all of it or nothing. The file says what every field should
/// be: without the fingerprint, it would also put back fields that somebody changed after it was shown.
///
/// # Errors
/// [`AppError::NotFound`] once the file is no longer kept; [`AppError::Conflict`] when applying it would no longer do what
/// was shown; [`AppError::Rule`] outside the step of a field that it changes.
pub async fn apply_descriptions(
    ctx: &Ctx,
    garde: &Garde,
    annee: i64,
    recu: &str,
) -> Result<Recepisse, AppError> {
    let compte = ctx.acteur.compte.ok_or(AppError::NotFound)?;
    let demande = demande("parametrage_importe", annee, &recu)?;
    let (recu, montree) = recu.split_once(SEPARATEUR).ok_or(AppError::NotFound)?;
    let depuis = ctx.recu_ms() - ctx.app.limites.demande_gardee_min * 60_000;
    let session = sessions::session(&ctx.app.db, annee).await?;
    if let Some(recepisse) = idempotence::deja_fait(&ctx.app.db, ctx, garde, &demande).await? {
        return Ok(recepisse);
    }
    let f = fichiers::kept(&ctx.app.db, compte, USAGE, recu, depuis).await?.ok_or(AppError::NotFound)?;
    let c = charge(ctx, session.id).await?;
    let lues = feuilles(&f.octets, &f.nom).map_err(|_| AppError::Conflict)?;
    let lecture = lit_fichier(ctx, session.id, &c, &lues);
    if !lecture.fautes.is_empty() {
        return Err(AppError::Conflict);
    }
    let mut changent = changements(&c, &lecture);
    if empreinte(&c, &changent, (&lecture.plan, &lecture.maisons)) != montree {
        return Err(AppError::Conflict);
    }
    let constats = constats::of(ctx, &session, &c, &lecture, &changent).await?;
    let tx = ctx.begin().await?;
    // First: courses name the places that the file adds, and leave those that it takes away.
    let avec = avec_formations(&c, &lecture.lignes, &changent, &BTreeSet::new());
    let faite = etablissements::execute(&tx, ctx, &session, &c, &lecture.maisons, &avec).await?;
    if let Some((_, e)) = faite.refus.into_iter().next() {
        return Err(e);
    }
    rejoint(&mut changent, &faite.ajoutes);
    // Then all the courses that it writes, in the one order, whatever that of their list: those of an integration of the catalogue, which
    // holds some of them meanwhile, or those of another file.
    let mut tenues: Vec<i64> = changent.keys().map(|i| c.lignes[*i].id).collect();
    tenues.extend(lecture.plan.concernees(&c));
    base::hold_formations(&tx, &tenues).await?;
    let mut changees = write_courses(&tx, ctx, &session, &c, changent).await?;
    // Last: groups that are shared are no longer those of the courses above.
    if !lecture.plan.is_empty() {
        if regroupements::charge(&tx, &c.lignes).await? != c.regroupements {
            return Err(AppError::Conflict);
        }
        let refus = regroupements::execute(&tx, ctx, &session, &c, &lecture.plan).await?;
        if let Some((_, e)) = refus.into_iter().next() {
            return Err(e);
        }
        changees.extend(lecture.plan.formations().filter(|f| !changees.contains(f)).collect::<Vec<_>>());
    }
    fichiers::forget(&tx, compte, USAGE, recu).await?;
    let maisons = lecture.maisons.changees(&c);
    let contenu = json!({ "formations": changees, "etablissements": maisons, "constats": constats });
    let recepisse = idempotence::emettre(&tx, ctx, garde, &demande, APPLICATION, None, &contenu).await?;
    tx.commit().await?;
    Ok(recepisse)
}

/// What is read at once of the courses that a file changes, by key, in the transaction that writes them.
struct Relu {
    formations: HashMap<i64, LigneFormation>,
    parametrages: LusAvant,
    /// What the numbers that change are held against.
    nombres: Lectures,
    descriptions: HashMap<i64, DescriptionLue>,
    /// By key of the establishment; read where a field that changes names one.
    lieux: HashMap<i64, Lieux>,
}

impl Relu {
    async fn load(
        tx: &Tx,
        ctx: &Ctx,
        session: &SessionAdmission,
        c: &Chargees,
        changent: &BTreeMap<usize, Demande>,
    ) -> Result<Self, AppError> {
        let toutes: Vec<i64> = changent.keys().map(|i| c.lignes[*i].id).collect();
        let lues = base::by_ids(tx, &toutes).await?;
        let formations: HashMap<i64, LigneFormation> = lues.into_iter().map(|f| (f.id, f)).collect();
        let (mut ecrites, mut chiffrees, mut decrites) = (Vec::new(), Vec::new(), Vec::new());
        let mut maisons = Vec::new();
        for (i, voulue) in changent {
            let Some(f) = formations.get(&c.lignes[*i].id) else { continue };
            if voulue.capacites.is_some() {
                chiffrees.push(f.clone());
            }
            if voulue.capacites.is_some() || voulue.presentation.is_some() {
                ecrites.push(f.id);
            }
            if !voulue.champs.is_empty() {
                decrites.push(f.clone());
            }
            if names_lieux(&voulue.champs) {
                maisons.push(f.etablissement_id);
            }
        }
        Ok(Self {
            parametrages: LusAvant::load(tx, &ecrites).await?,
            nombres: Lectures::load(ctx, tx, session, &chiffrees).await?,
            descriptions: DescriptionLue::load_all(tx, &decrites).await?,
            lieux: Lieux::load_all(tx, session.id, &distinctes(maisons)).await?,
            formations,
        })
    }
}

/// Writes what a file changes in each course, in their order; gives the public identifiers of those that really changed.
async fn write_courses(
    tx: &Tx,
    ctx: &Ctx,
    session: &SessionAdmission,
    c: &Chargees,
    changent: BTreeMap<usize, Demande>,
) -> Result<Vec<String>, AppError> {
    let plume = Plume { tx, ctx, session };
    let mut relu = Relu::load(tx, ctx, session, c, &changent).await?;
    let mut changees = Vec::new();
    for (i, Demande { capacites, presentation, champs }) in changent {
        let l = &c.lignes[i];
        let f = relu.formations.remove(&l.id).ok_or(AppError::NotFound)?;
        let lu = relu.parametrages.of(f.id);
        let mut change = false;
        if capacites.is_some() {
            let memes = lu.groupes == c.groupes(l);
            if !memes || (f.capacite, f.frais_centimes) != (l.capacite, l.frais_centimes) {
                return Err(AppError::Conflict);
            }
        }
        if presentation.is_some() && f.presentation != l.presentation {
            return Err(AppError::Conflict);
        }
        if capacites.is_some() || presentation.is_some() {
            let commande = EnregistrerParametrage { capacites, presentation };
            let permit = permit(ctx, &f, &commande)?;
            let maniere = Maniere::EnLot(&relu.nombres, lu);
            ecrit_parametrage(tx, ctx, &permit, session, &f, &commande, maniere).await?;
            change = true;
        }
        if !champs.is_empty() {
            let mut lue = relu.descriptions.remove(&f.id).unwrap_or_default();
            let maintenant = &lue.description;
            if Some(maintenant) != c.descriptions.get(&f.id) && *maintenant != Description::default() {
                return Err(AppError::Conflict);
            }
            lue.lieux = relu.lieux.get(&f.etablissement_id).cloned().unwrap_or_default();
            change |= !plume.write_over(&f, lue, &champs, false).await?.is_empty();
        }
        if change {
            changees.push(f.public_id);
        }
    }
    Ok(changees)
}

/// What the reading of what a file brought found when it was applied, by the number of its receipt; nothing for a receipt of something
/// else, or of somebody else.
///
/// # Errors
/// When the database refuses.
pub async fn applied_findings(ctx: &Ctx, numero: &str) -> Result<Vec<ConstatFichier>, AppError> {
    #[derive(Default, Deserialize)]
    struct Contenu {
        #[serde(default)]
        constats: Vec<ConstatFichier>,
    }
    let contenu: Option<Contenu> = idempotence::contenu_de(ctx, numero, APPLICATION).await?;
    let mut constats = contenu.unwrap_or_default().constats;
    let pages: BTreeSet<String> =
        constats.iter().filter_map(|c| c.page.as_ref()).map(|p| p.formation.clone()).collect();
    let codes: Vec<&str> = pages.iter().map(String::as_str).collect();
    let lues = base::by_public_ids(&ctx.app.db, &codes).await?;
    // A receipt outlives the rights of who made the act.
    let ouvrables: BTreeSet<&str> = lues
        .iter()
        .filter(|f| ctx.may(Action::ConsulterParametrage, &cible(f)))
        .map(|f| f.public_id.as_str())
        .collect();
    for c in &mut constats {
        c.page = c.page.take().filter(|p| ouvrables.contains(p.formation.as_str()));
    }
    Ok(constats)
}
