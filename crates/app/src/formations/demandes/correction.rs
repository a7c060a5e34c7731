//! R-VIE-14: the title, the status or the selectivity of a course, which its establishment does not type and may be wrong.

use domain::droits::Permit;
use domain::formations::nomenclature::{Nomenclature, Rapprochement, TypeNational};
use domain::formations::{
    Attaches, EtatFormation, IdentiteFormation, StatutFormation, check_correction, lieu_recherche,
    texte_recherche,
};
use store::formations::{self as base, Correction, LigneFormation, NouvelleDescription};
use store::nomenclatures::{self, NomType};
use store::{Ecriture, Sql, Tx};

use super::effets::require_seule;
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::formations::controle::{settle, standing};
use crate::formations::description::{genre, genre_de, lit, load_description};
use crate::formations::identite::{Corrigee, identite};
use crate::formations::regroupement::regroupement_vu;

/// What keeps parts of a course as they are.
pub(super) async fn attaches(c: &impl Sql, f: &LigneFormation) -> Result<Attaches, AppError> {
    Ok(Attaches {
        catalogue: store::apprentissage::has_fiche(c, f.id).await?,
        autre_session: base::in_other_session(c, f.formation_id, f.session_id).await?,
        regroupement: regroupement_vu(c, f.id).await?.map(|r| r.mutualisation),
        voeux: base::has_voeu_vivant(c, f.id).await?,
    })
}

/// The identity that is asked for, which its establishment has not in another course of the same place.
pub(super) async fn identite_voulue(
    c: &impl Sql,
    f: &LigneFormation,
    voulue: &IdentiteFormation,
) -> Result<IdentiteFormation, AppError> {
    let voulue = check_correction(&identite(f), voulue.clone(), &attaches(c, f).await?)?;
    let nom = (voulue.libelle.as_str(), voulue.detail.as_str(), voulue.statut.as_str());
    let lieu = (f.etablissement_id, f.commune.as_str());
    require_seule(c, f.session_id, lieu, nom, Some(f.public_id.as_str())).await?;
    Ok(voulue)
}

/// The course is called and is as it was asked for; what the public reads says so at once, as a version of its own. Gives the fields that
/// change.
pub(super) async fn correct(
    tx: &Tx,
    ctx: &Ctx,
    permit: &Permit,
    f: &LigneFormation,
    voulue: &IdentiteFormation,
) -> Result<Vec<&'static str>, AppError> {
    let e = ctx.ecriture(permit);
    let (actuelle, avant) = (identite(f), standing(tx, f).await?);
    let champs = voulue.differences(&actuelle);
    let lieu = lieu_recherche(&f.commune, &f.departement);
    let recherche = texte_recherche(&voulue.libelle, &voulue.detail, &f.etablissement, &lieu);
    let correction = Correction {
        lue: (f.id, f.version),
        formation: f.formation_id,
        libelle: &voulue.libelle,
        detail: &voulue.detail,
        statut: &voulue.statut,
        selective: voulue.selective,
        // R-VIE-10: a course that may refuse has none.
        secteur: if voulue.selective { "" } else { &f.secteur },
        recherche: &recherche,
    };
    base::correct_formation(tx, &e, &correction).await?;
    if champs.iter().any(|c| matches!(*c, "libelle" | "statut")) {
        retype(tx, f, voulue).await?;
    }
    count_again(tx, &e, f, voulue).await?;
    if f.etat == EtatFormation::Publiee.code() {
        let corrigee = Corrigee { avant: actuelle, apres: voulue.clone() }.ecrit()?;
        base::publish_identity(tx, &e, f.id, &corrigee).await?;
    }
    settle(tx, ctx, permit, f.id, (avant, true)).await?;
    Ok(champs)
}

/// R-FOR-16: the national type is that of the new title and status, where the session has one.
async fn retype(tx: &Tx, f: &LigneFormation, voulue: &IdentiteFormation) -> Result<(), AppError> {
    let noms = nomenclatures::noms(tx, f.session_id).await?;
    if noms.is_empty() {
        return Ok(());
    }
    let trouve = match code_national(&noms, voulue) {
        None => None,
        Some(code) => nomenclatures::type_by_code(tx, f.session_id, code).await?,
    };
    let trouve = trouve.map(|t| (t.code, t.id));
    Ok(nomenclatures::retype(tx, f.id, trouve, voulue.statut != f.statut).await?)
}

fn code_national(noms: &[NomType], voulue: &IdentiteFormation) -> Option<i64> {
    let types = Nomenclature::new(noms.iter().map(|t| TypeNational {
        code: t.code,
        sigle: &t.sigle,
        libelle: &t.libelle,
        apprentissage: t.apprentissage == 1,
    }));
    let statut = StatutFormation::from_code(&voulue.statut)?;
    match types.of_libelle(&voulue.libelle, statut) {
        Rapprochement::Trouve(i) => noms.get(i).map(|t| t.code),
        Rapprochement::Ambigu | Rapprochement::Inconnu => None,
    }
}

/// R-FOR-22: under its new title it may be of another kind, which has other fields to fill.
async fn count_again(
    tx: &Tx,
    e: &Ecriture<'_>,
    f: &LigneFormation,
    voulue: &IdentiteFormation,
) -> Result<(), AppError> {
    let neuf = genre_de(&f.famille, &voulue.libelle);
    if neuf == genre(f) {
        return Ok(());
    }
    let Some(l) = load_description(tx, f).await?.1 else { return Ok(()) };
    let manques = lit(&l.contenu, neuf)?.a_completer(neuf);
    let nouvelle = NouvelleDescription { contenu: &l.contenu, manques, confirmee: false };
    base::save_description(tx, e, f.id, Some(l.version), &nouvelle).await?;
    Ok(())
}
