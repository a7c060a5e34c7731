//! R-VIE-09, R-VIE-10: what defines a course and that its establishment does not change by itself: its ranking groups, its sector.

use std::collections::BTreeSet;

use domain::formations::regroupement::Mutualisation;
use domain::formations::{EtatFormation, GroupeVoulu, check_groupes, check_secteur};
use store::formations::{self as base, GroupeRedefini, LigneFormation, LigneGroupe, NouvellePublication};
use store::{Ecriture, Sql, Tx};

use super::effets::champ;
use crate::erreur::AppError;
use crate::formations::places_json;
use crate::formations::regroupement::regroupement_vu;

/// R-VIE-09, R-VIE-10: a ranking that several courses share (R-REG-03) is not changed for one of them.
///
/// # Errors
/// [`domain::RuleViolation::Champ`].
pub(super) async fn require_classement_propre(
    c: &impl Sql,
    f: &LigneFormation,
    sur: &'static str,
) -> Result<(), AppError> {
    let commun = regroupement_vu(c, f.id).await?.map(|r| r.mutualisation);
    if commun == Some(Mutualisation::DossierUnique) { Err(champ(sur, "partage")) } else { Ok(()) }
}

/// R-VIE-09: the groups that are asked for, other than those that the course has.
pub(super) async fn groupes_voulus(
    c: &impl Sql,
    f: &LigneFormation,
    voulus: &[GroupeVoulu],
) -> Result<Vec<GroupeRedefini>, AppError> {
    require_classement_propre(c, f, "groupes").await?;
    let voulus: Vec<GroupeRedefini> = check_groupes(voulus, f.capacite)?
        .into_iter()
        .map(|g| GroupeRedefini { series: g.series_stockees(), libelle: g.libelle, places: g.places })
        .collect();
    let actuels = base::groupes(c, f.id).await?;
    let meme = |a: &LigneGroupe| {
        voulus.iter().any(|v| v.libelle == a.libelle && v.series == a.series && v.places == a.places)
    };
    if actuels.len() == voulus.len() && actuels.iter().all(meme) {
        return Err(champ("groupes", "memes"));
    }
    Ok(voulus)
}

/// R-VIE-10: the sector that is asked for, other than the one that the course has, as it is stored.
pub(super) async fn secteur_voulu(
    c: &impl Sql,
    f: &LigneFormation,
    academies: &BTreeSet<String>,
) -> Result<String, AppError> {
    require_classement_propre(c, f, "academies").await?;
    let secteur = check_secteur(academies, &f.academie, f.selective == 1)?;
    if secteur == f.secteur { Err(champ("academies", "meme")) } else { Ok(secteur) }
}

/// R-VIE-09: the groups of the draft are those asked for; what the public reads says so at once, when it reads that capacity.
pub(super) async fn redefine(
    tx: &Tx,
    e: &Ecriture<'_>,
    f: &LigneFormation,
    voulus: &[GroupeRedefini],
) -> Result<(), AppError> {
    let groupes = base::redefine_groupes(tx, e, (f.session_id, f.id), voulus).await?;
    base::save_parametrage(tx, e, (f.id, f.version), f.capacite, f.frais_centimes, &f.presentation).await?;
    let Some(publiee) = base::last_publication(tx, f.id).await? else { return Ok(()) };
    let Some((capacite, frais_centimes)) = publiee.capacite.zip(publiee.frais_centimes) else {
        return Ok(());
    };
    if f.etat != EtatFormation::Publiee.code() || f.capacite != Some(capacite) {
        return Ok(());
    }
    let nouvelle = NouvellePublication {
        formation_session: f.id,
        capacite,
        frais_centimes,
        presentation: &publiee.presentation,
        groupes: &places_json(&groupes)?,
        description: &publiee.description,
    };
    base::insert_publication(tx, e, &nouvelle).await?;
    Ok(base::call_places(tx, e, &[f.id]).await?)
}
