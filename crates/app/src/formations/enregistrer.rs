//! Saving the draft settings of a course. The public sees nothing of it before publication (R-FOR-06).

use std::collections::HashMap;

use domain::calendrier::Etape;
use domain::droits::{Action, Permit};
use domain::formations::description::{Champ, FRAIS};
use domain::formations::{check_capacite, check_frais, check_places, check_presentation};
use domain::{Fautes, PublicId, RuleViolation};
use serde::Serialize;
use serde_json::json;
use store::formations::{self as base, LigneFormation, LigneGestion, LigneGroupe};
use store::{Ecriture, Sql, Tx};

use super::controle::Reouvertures;
use super::description::require_vivante;
use super::parametrage::Brouillon;
use super::vraisemblance::{Lectures, Nombres, note_saisie};
use super::{cible, load, load_groupes, load_groupes_of};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::idempotence::{self, Garde, Recepisse, hash};
use crate::journal::{Acte, record};
use crate::sessions::{self, SessionAdmission};

/// Capacity, fees and places by group. `None` = not declared yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Capacites {
    /// Places open (R-FOR-01); 0 is a value.
    pub capacite: Option<i64>,
    /// Cost of one year, in cents; 0: free.
    pub frais_centimes: Option<i64>,
    /// (public identifier of the ranking group, places). Not needed when there is one group: it has them all.
    pub places: Vec<(String, i64)>,
}

/// The new draft. A part that is absent stays as it is, and is not subject to its step of the calendar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EnregistrerParametrage {
    /// Subject to the step « capacités et frais ».
    pub capacites: Option<Capacites>,
    /// Plain text; subject to the step « paramétrage ».
    pub presentation: Option<String>,
}

/// Saves the draft settings of a course. R-FOR-09: when the capacity is saved, the places of each group
/// follow; the numbers to call wait for the publication, because nobody is called to a place that is not public.
///
/// # Errors
/// [`AppError::Rule`] outside the steps, on an archived session or for a wrong value; [`AppError::Conflict`] when
/// someone else changed the course since the form was shown.
pub async fn save_parametrage(
    ctx: &Ctx,
    garde: &Garde,
    annee: i64,
    id: &PublicId,
    commande: &EnregistrerParametrage,
) -> Result<Recepisse, AppError> {
    let demande = demande(id, commande)?;
    let tx = ctx.begin().await?;
    let session = sessions::session(&tx, annee).await?;
    let f = load(&tx, &session, id).await?;
    let permit = permit(ctx, &f, commande)?;
    if let Some(recepisse) = idempotence::deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(recepisse);
    }
    let seule = Maniere::Seule(garde);
    let (version, apres) = ecrit_parametrage(&tx, ctx, &permit, &session, &f, commande, seule).await?;
    let contenu = json!({ "formation": f.public_id, "version": version, "brouillon": apres });
    let recepisse =
        idempotence::emettre(&tx, ctx, garde, &demande, "parametrage_enregistre", None, &contenu).await?;
    tx.commit().await?;
    Ok(recepisse)
}

/// Whether the person may write all that is asked for.
pub(super) fn permit(
    ctx: &Ctx,
    f: &LigneFormation,
    commande: &EnregistrerParametrage,
) -> Result<Permit, AppError> {
    let cible = cible(f);
    let permit_textes = ctx.permit(Action::ModifierFormation, &cible);
    let permit_capacites = ctx.permit(Action::ModifierCapacites, &cible);
    // With nothing to save, the refusal is that of the widest step.
    match (&commande.capacites, &commande.presentation) {
        (None, Some(_)) => permit_textes,
        (Some(_), Some(_)) => permit_textes.and(permit_capacites),
        _ => permit_capacites,
    }
}

/// How the settings of a course are written.
#[derive(Clone, Copy)]
pub(super) enum Maniere<'a> {
    /// Alone, over the version that a form showed.
    Seule(&'a Garde),
    /// With others: the caller has compared what it read with what is there, and read at once what is there of all those that it writes,
    /// with what the numbers of those whose numbers it writes are held against.
    EnLot(&'a Lectures, LuAvant<'a>),
}

/// Writes the settings of a course in the transaction of the caller, under their steps and rules; gives the new version and what
/// the draft then says.
pub(super) async fn ecrit_parametrage(
    tx: &Tx,
    ctx: &Ctx,
    permit: &Permit,
    session: &SessionAdmission,
    f: &LigneFormation,
    commande: &EnregistrerParametrage,
    maniere: Maniere<'_>,
) -> Result<(i64, Valeurs), AppError> {
    require_vivante(session, f)?;
    let seuls;
    let LuAvant { groupes, reouvertures } = match maniere {
        Maniere::EnLot(_, lu) => lu,
        Maniere::Seule(_) => {
            seuls = (load_groupes(tx, f.id).await?, Reouvertures::load(tx, f.id).await?);
            LuAvant { groupes: &seuls.0, reouvertures: &seuls.1 }
        }
    };
    let (calendrier, now) = (&session.calendrier, ctx.campagne_le);
    // R-CTL-04: a part whose step is closed may have fields reopened; which of them change is looked at below.
    let require_part = |etape, champs: &[&'static str]| {
        let ouverts = champs.iter().copied().filter(|c| reouvertures.ouvre(c, now));
        reouvertures.require(calendrier, etape, ouverts, now)
    };
    let avant = Valeurs::from(f, groupes);
    let mut apres = avant.clone();
    let mut fautes = Fautes::default();
    if let Some(c) = &commande.capacites {
        require_part(Etape::CapacitesFrais, &["capacite", "frais"])?;
        fautes.ajoute(apres.pose(c, groupes));
    }
    if let Some(texte) = &commande.presentation {
        require_part(Etape::Parametrage, &["presentation"])?;
        apres.presentation = fautes.lit(check_presentation(texte));
    }
    fautes.conclut(())?;
    if commande.capacites.is_none() && commande.presentation.is_none() {
        calendrier.require_open(Etape::CapacitesFrais, ctx.campagne_le)?;
    }
    if let Maniere::Seule(garde) = maniere {
        garde.check_version(f.version)?;
    }
    let changes = apres.changes(&avant);
    for (etape, champs) in
        [(Etape::CapacitesFrais, &["capacite", "frais"][..]), (Etape::Parametrage, &["presentation"])]
    {
        let siens: Vec<&str> = changes.iter().copied().filter(|c| champs.contains(c)).collect();
        if !siens.is_empty() {
            reouvertures.require(calendrier, etape, siens, now)?;
        }
    }
    let e = ctx.ecriture(permit);
    let version = apres.save(tx, &e, f, !changes.is_empty()).await?;
    for (g, places) in groupes.iter().zip(&apres.places) {
        if g.places != *places {
            base::save_places(tx, &e, g.affectation_id, *places).await?;
        }
    }
    // R-CAP-05: typed again, even to a value already confirmed, is to be read again.
    let a_relire = if (apres.capacite, &apres.places) == (avant.capacite, &avant.places) {
        Vec::new()
    } else {
        let sienne;
        let lu = match maniere {
            Maniere::EnLot(lu, _) => lu,
            Maniere::Seule(_) => {
                sienne = Lectures::load(ctx, tx, session, std::slice::from_ref(f)).await?;
                &sienne
            }
        };
        let brouillon = Brouillon { formation: f, groupes };
        let nombres = Nombres { capacite: apres.capacite, places: &apres.places };
        note_saisie(ctx, tx, &e, lu, &brouillon, nombres).await?
    };
    let mut journal = apres.journal();
    if !a_relire.is_empty() {
        journal["capacite_a_relire"] = json!(a_relire);
    }
    note(tx, ctx, permit, f, (avant.journal(), journal)).await?;
    Ok((version, apres))
}

/// What the settings said before and say now, in the journal.
async fn note(
    tx: &Tx,
    ctx: &Ctx,
    permit: &Permit,
    f: &LigneFormation,
    (avant, apres): (serde_json::Value, serde_json::Value),
) -> Result<(), AppError> {
    let acte =
        Acte { objet: "formation_session", objet_id: &f.public_id, avant: Some(avant), apres: Some(apres) };
    record(tx, ctx, permit, &acte).await?;
    Ok(())
}

/// What is read of a course before its settings are written with those of others.
#[derive(Clone, Copy)]
pub(super) struct LuAvant<'a> {
    pub groupes: &'a [LigneGroupe],
    pub reouvertures: &'a Reouvertures,
}

/// The same of many courses, all read at once, by key.
pub(super) struct LusAvant {
    groupes: HashMap<i64, Vec<LigneGroupe>>,
    reouvertures: HashMap<i64, Reouvertures>,
}

impl LusAvant {
    pub(super) async fn load(c: &impl Sql, formations_session: &[i64]) -> Result<Self, AppError> {
        Ok(Self {
            groupes: load_groupes_of(c, formations_session).await?,
            reouvertures: Reouvertures::load_all(c, formations_session).await?,
        })
    }

    pub(super) fn of(&self, formation_session: i64) -> LuAvant<'_> {
        static AUCUNE: Reouvertures = Reouvertures(Vec::new());
        LuAvant {
            groupes: self.groupes.get(&formation_session).map_or(&[], Vec::as_slice),
            reouvertures: self.reouvertures.get(&formation_session).unwrap_or(&AUCUNE),
        }
    }
}

/// R-FOR-28: the fees or the presentation of a course, written with those of others under the right, the step and the rules of the
/// page; tells whether it changes anything. The caller has compared what it read with what is there.
pub(super) async fn write_propre(
    tx: &Tx,
    ctx: &Ctx,
    session: &SessionAdmission,
    f: &LigneFormation,
    lu: &LuAvant<'_>,
    (champ, texte): (&Champ, &str),
) -> Result<bool, AppError> {
    let permit = ctx.permit(champ.rubrique.action(), &cible(f))?;
    require_vivante(session, f)?;
    let avant = Valeurs::from(f, lu.groupes);
    let mut apres = avant.clone();
    if champ.code == FRAIS {
        let hors_bornes = RuleViolation::Champ { champ: FRAIS, motif: "hors_bornes" };
        apres.frais_centimes = Some(check_frais(texte.parse().map_err(|_| hors_bornes)?)?);
    } else {
        apres.presentation = check_presentation(texte)?;
    }
    lu.reouvertures.require(&session.calendrier, champ.rubrique.etape(), [champ.code], ctx.campagne_le)?;
    if apres.changes(&avant).is_empty() {
        return Ok(false);
    }
    apres.save(tx, &ctx.ecriture(&permit), f, true).await?;
    note(tx, ctx, &permit, f, (avant.journal(), apres.journal())).await?;
    Ok(true)
}

fn demande(id: &PublicId, commande: &EnregistrerParametrage) -> Result<String, AppError> {
    let corps = serde_json::to_string(commande).map_err(AppError::internal)?;
    Ok(format!("parametrage|{id}|{corps}"))
}

/// What the draft says, before and after.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Valeurs {
    pub capacite: Option<i64>,
    pub frais_centimes: Option<i64>,
    presentation: String,
    /// In the order of the groups.
    pub places: Vec<i64>,
}

impl Valeurs {
    /// The same with other capacities and fees, within their rules (R-FOR-01, R-FOR-04, R-FOR-09); every fault is told, and nothing
    /// then changes.
    pub(super) fn pose(&mut self, c: &Capacites, groupes: &[LigneGroupe]) -> Result<(), Fautes> {
        let mut fautes = Fautes::default();
        let capacite = c.capacite.map(|n| fautes.lit(check_capacite(n)));
        // Places are shared out of a capacity that is one.
        let places = if fautes.liste().is_empty() {
            fautes.lit(repartition(capacite, groupes, &c.places))
        } else {
            Vec::new()
        };
        let frais_centimes = c.frais_centimes.map(|n| fautes.lit(check_frais(n)));
        fautes.conclut(())?;
        (self.capacite, self.frais_centimes, self.places) = (capacite, frais_centimes, places);
        Ok(())
    }

    /// Those of a list, without its presentation.
    pub(super) fn of_gestion(l: &LigneGestion, groupes: &[LigneGroupe]) -> Self {
        Self::of_chiffres(l.capacite, l.frais_centimes, groupes)
    }

    /// The numbers alone.
    pub(super) fn of_chiffres(
        capacite: Option<i64>,
        frais_centimes: Option<i64>,
        groupes: &[LigneGroupe],
    ) -> Self {
        Self {
            capacite,
            frais_centimes,
            presentation: String::new(),
            places: groupes.iter().map(|g| g.places).collect(),
        }
    }

    fn from(f: &LigneFormation, groupes: &[LigneGroupe]) -> Self {
        Self {
            capacite: f.capacite,
            frais_centimes: f.frais_centimes,
            presentation: f.presentation.clone(),
            places: groupes.iter().map(|g| g.places).collect(),
        }
    }

    /// Writes them but the places, over the version that was read; `autres`: they say something else, which is to be submitted again.
    async fn save(
        &self,
        tx: &Tx,
        e: &Ecriture<'_>,
        f: &LigneFormation,
        autres: bool,
    ) -> Result<i64, AppError> {
        let lue = (f.id, f.version);
        let version =
            base::save_parametrage(tx, e, lue, self.capacite, self.frais_centimes, &self.presentation)
                .await?;
        if autres {
            base::undo_controle(tx, e, f.id).await?;
        }
        Ok(version)
    }

    /// Codes of the reviewed fields that differ.
    fn changes(&self, avant: &Self) -> Vec<&'static str> {
        let differe = [
            ("capacite", self.capacite != avant.capacite || self.places != avant.places),
            ("frais", self.frais_centimes != avant.frais_centimes),
            ("presentation", self.presentation != avant.presentation),
        ];
        differe.into_iter().filter(|(_, oui)| *oui).map(|(code, _)| code).collect()
    }

    /// The same for the journal: free text as its fingerprint (JOU-2).
    fn journal(&self) -> serde_json::Value {
        json!(Self { presentation: hash(&self.presentation), ..self.clone() })
    }
}

/// The places of each group, in their order.
fn repartition(
    capacite: Option<i64>,
    groupes: &[LigneGroupe],
    saisie: &[(String, i64)],
) -> Result<Vec<i64>, RuleViolation> {
    let Some(capacite) = capacite else { return Ok(vec![0; groupes.len()]) };
    if groupes.len() <= 1 {
        return Ok(vec![capacite; groupes.len()]);
    }
    let manque = RuleViolation::Champ { champ: "places", motif: "manquant" };
    let places: Vec<i64> = groupes
        .iter()
        .map(|g| {
            saisie.iter().find(|(id, _)| *id == g.public_id).map(|(_, n)| *n).ok_or_else(|| manque.clone())
        })
        .collect::<Result<_, _>>()?;
    check_places(capacite, &places)?;
    Ok(places)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn groupe(id: &str) -> LigneGroupe {
        LigneGroupe {
            id: 1,
            public_id: id.to_owned(),
            libelle: id.to_owned(),
            series: "tous".to_owned(),
            sans_classement: 0,
            affectation_id: 1,
            places: 0,
            nombre_a_appeler: 0,
        }
    }

    #[test]
    fn r_for_09_a_single_group_has_all_the_places_and_several_share_them_exactly() {
        assert_eq!(repartition(Some(24), &[groupe("a")], &[]), Ok(vec![24]));
        assert_eq!(repartition(None, &[groupe("a"), groupe("b")], &[]), Ok(vec![0, 0]));
        let deux = [groupe("a"), groupe("b")];
        let saisie = |b: i64| vec![("b".to_owned(), b), ("a".to_owned(), 10)];
        assert_eq!(repartition(Some(24), &deux, &saisie(14)), Ok(vec![10, 14]));
        assert_eq!(
            repartition(Some(24), &deux, &saisie(13)),
            Err(RuleViolation::PlacesGroupes { capacite: 24, somme: 23 })
        );
        assert!(repartition(Some(24), &deux, &[("a".to_owned(), 24)]).is_err());
    }

    #[test]
    fn r_for_01_every_wrong_number_is_told_at_once_and_nothing_changes() {
        let deux = [groupe("a"), groupe("b")];
        let avant = Valeurs {
            capacite: Some(24),
            frais_centimes: Some(0),
            presentation: "Bonjour".to_owned(),
            places: vec![10, 14],
        };
        let champs = |capacite: i64, frais: i64, b: i64| -> Vec<&str> {
            let places = vec![("a".to_owned(), 10), ("b".to_owned(), b)];
            let demande = Capacites { capacite: Some(capacite), frais_centimes: Some(frais), places };
            let mut apres = avant.clone();
            let fautes = apres.pose(&demande, &deux);
            assert!(fautes.is_ok() || apres.places == avant.places);
            assert_eq!(apres.presentation, "Bonjour");
            fautes.err().iter().flat_map(Fautes::liste).map(RuleViolation::champ).collect()
        };
        assert_eq!(champs(24, -1, 13), ["places", "frais"]);
        assert_eq!(champs(20_001, 10_000_001, 13), ["capacite", "frais"], "there is nothing to share out");
        assert_eq!(champs(30, 17_000, 20), [""; 0]);
    }
}
