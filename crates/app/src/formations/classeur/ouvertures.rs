//! R-FOR-28, R-CTL-04: what of a file may be written now, field by field: its step is open, or it is reopened in that course. The rest
//! says why, as the page of many courses does.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::calendrier::Etape;
use domain::droits::Action;
use domain::formations::description::{FRAIS, PRESENTATION};
use files::Faute;
use store::formations::LigneGestion;

use super::comparer::Demande;
use super::constats::{self, Lignes};
use super::lire::FauteFichier;
use super::{Chargees, PageFormation, capacites, presentation};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::formations::controle::Reouvertures;
use crate::formations::gestion::cible_of;
use crate::formations::lot::{LECTURE_SEULE, empechement};
use crate::formations::parametrage::ouverture;
use crate::sessions::SessionAdmission;

/// What a file changes and that may not be written now.
#[derive(Debug, Default)]
pub(super) struct Fermes {
    /// Where each is, and why.
    pub(super) fautes: Vec<FauteFichier>,
    /// The fields of descriptions among them, by place of the course.
    pub(super) champs: BTreeSet<(usize, &'static str)>,
}

impl Fermes {
    fn refuse(
        &mut self,
        l: &LigneGestion,
        (feuille, ligne): (String, u64),
        (colonne, motif): (&str, String),
        page: PageFormation,
    ) {
        let faute = Faute { ligne, colonne: colonne.to_owned(), motif };
        self.fautes.push(FauteFichier { feuille, formation: constats::nom(l), faute, page: Some(page) });
    }
}

/// What of these changes may not be written now.
pub(super) async fn fermes(
    ctx: &Ctx,
    session: &SessionAdmission,
    c: &Chargees,
    lignes: &Lignes,
    changent: &BTreeMap<usize, Demande>,
) -> Result<Fermes, AppError> {
    let now = ctx.campagne_le;
    let is_close = |etape| session.calendrier.require_open(etape, now).is_err();
    let mut reouvertures = if is_close(Etape::Parametrage) || is_close(Etape::CapacitesFrais) {
        let cles: Vec<i64> = changent.keys().map(|i| c.lignes[*i].id).collect();
        Reouvertures::load_all(&ctx.app.db, &cles).await?
    } else {
        HashMap::new()
    };
    let mut fermes = Fermes::default();
    for (i, voulue) in changent {
        let l = &c.lignes[*i];
        let cible = cible_of(session.id, l);
        let siennes = reouvertures.remove(&l.id).unwrap_or_default();
        let motif = |action: Action, etape: Etape, code: &str| {
            let ici = ouverture(ctx, session, &cible, action, etape);
            empechement(&siennes.prolonge(ici, [code], now), LECTURE_SEULE)
        };
        let differences = voulue.capacites.as_ref().map(|d| capacites::differences(c, l, d));
        for (libelle, _, _) in differences.unwrap_or_default() {
            let code = if libelle == capacites::FRAIS { FRAIS } else { "capacite" };
            if let Some(motif) = motif(Action::ModifierCapacites, Etape::CapacitesFrais, code) {
                fermes.refuse(l, lignes.trouve(*i, None), (&libelle, motif), PageFormation::of(l));
            }
        }
        if voulue.presentation.is_some()
            && let Some(motif) = motif(Action::ModifierFormation, Etape::Parametrage, PRESENTATION)
        {
            let colonne = presentation::PRESENTATION;
            fermes.refuse(l, lignes.trouve(*i, None), (colonne, motif), PageFormation::of(l));
        }
        for (champ, _) in &voulue.champs {
            let Some(motif) = motif(champ.rubrique.action(), champ.rubrique.etape(), champ.code) else {
                continue;
            };
            // A list has a sheet of its own.
            let colonne = if champ.colonnes().is_empty() { champ.libelle } else { "" };
            let page = PageFormation::partie(ctx, session.id, l, champ.rubrique);
            fermes.refuse(l, lignes.champ(*i, champ.code), (colonne, motif), page);
            fermes.champs.insert((*i, champ.code));
        }
    }
    Ok(fermes)
}
