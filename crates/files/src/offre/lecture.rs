//! From the cells of a line to a course: what is decisive must be right, what is not is told.

use std::collections::{HashMap, HashSet};

use domain::formations::Famille;

use super::champs::{self, Champs, Codes};
use super::colonnes::Colonnes;
use super::identite::{Identite, Ordres};
use super::ligne::{Libelles, LigneOffre, StatutEtablissement, famille_from_fili};
use super::territoires::{Indices, Territoires};
use crate::FichierError;
use crate::tableau::{Bilan, Entetes, Lecteur, Ligne, Nature, Releve};

/// The reading of one file: its columns, and what was already met.
pub(super) struct Lecture {
    colonnes: Colonnes,
    entetes: Entetes,
    /// Line of each national code, by session.
    vues: HashMap<(u16, u64), u64>,
    ordres: Ordres,
    territoires: Territoires,
    listes_signalees: HashSet<u16>,
}

impl Lecture {
    pub(super) fn prepare(lecteur: &Lecteur<'_>, bilan: &mut Bilan) -> Result<Self, FichierError> {
        Ok(Self {
            colonnes: Colonnes::resolve(lecteur, bilan)?,
            entetes: lecteur.entetes().clone(),
            vues: HashMap::new(),
            ordres: Ordres::default(),
            territoires: Territoires::default(),
            listes_signalees: HashSet::new(),
        })
    }

    /// The course of a line, or `None` when the line has faults; they are all noted.
    pub(super) fn row(&mut self, ligne: &Ligne, releve: &mut Releve) -> Option<LigneOffre> {
        let Self { colonnes, entetes, vues, ordres, territoires, listes_signalees } = self;
        let champs = &mut Champs::new(ligne, entetes, releve);
        champs.report_cleaned();

        // All of them are read before giving up, so that one pass shows every fault of the line.
        let session = champs::session(champs, colonnes.session);
        let uai = champs::uai(champs, colonnes.uai);
        let etablissement =
            champs::required(champs, colonnes.etablissement, "nom de l’établissement absent : complétez-le");
        let libelles = champs::libelles(champs, colonnes);
        let capacite = champs::capacite(champs, colonnes.capacite);
        let codes = champs::codes(champs, colonnes);
        let (session, (uai, forme_uai), etablissement, libelles, capacite, codes) =
            (session?, uai?, etablissement?, libelles?, capacite?, codes?);
        let identite = identify(champs, vues, ordres, session, &uai, &libelles, &codes)?;

        let place = territoires.locate(
            champs,
            &Indices {
                code: colonnes.departement,
                nom: colonnes.departement_nom,
                academie: colonnes.academie,
            },
            &uai,
        );
        Some(LigneOffre {
            ligne: ligne.numero(),
            session,
            identite,
            g_ti_cod: codes.g_ti_cod,
            forme_uai,
            uai,
            etablissement,
            statut: champs.listed(colonnes.statut, StatutEtablissement::from_libelle),
            departement: place.departement,
            academie: place.academie,
            ville: champs.text(colonnes.ville),
            coordonnees: champs::coordonnees(champs, colonnes.gps),
            selective: champs.listed(colonnes.selective, champs::selective_from),
            famille: champs.listed(colonnes.fili, famille_from_fili).unwrap_or(Famille::Autre),
            libelles,
            capacite,
            groupes: champs::groupes(champs, colonnes),
            liste_appel: champs::liste_appel(champs, colonnes.liste, session, listes_signalees),
            internat: colonnes.internat.is_some_and(|i| !ligne.cell(i).is_empty()),
            lien: champs.text(colonnes.lien),
            chiffres: champs::chiffres(champs, colonnes),
        })
    }
}

/// The identity of the line: national code if any, composed otherwise; a code met twice is a fault.
fn identify(
    champs: &mut Champs<'_>,
    vues: &mut HashMap<(u16, u64), u64>,
    ordres: &mut Ordres,
    session: u16,
    uai: &str,
    libelles: &Libelles,
    codes: &Codes,
) -> Option<Identite> {
    let Some((code, colonne)) = codes.g_ta_cod else {
        let libelle = libelles.signature();
        let ordre = ordres.next(&(session, uai, &libelle));
        champs.warn(Nature::IdentiteIncertaine, codes.colonne, || {
            "ni code national ni lien : identité incertaine, faite de l’UAI, des libellés et de l’ordre dans le fichier".to_owned()
        });
        return Some(Identite::Composee { uai: uai.to_owned(), libelle, ordre });
    };
    if let Some(premiere) = vues.get(&(session, code)) {
        let motif = format!("formation en double : le code {code} est déjà à la ligne {premiere}");
        champs.fault(Some(colonne), motif);
        return None;
    }
    vues.insert((session, code), champs.numero());
    Some(Identite::Nationale(code))
}
