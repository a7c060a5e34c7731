//! The cells of one line, read one by one; what is wrong is noted where it is.

use std::collections::HashSet;

use domain::formations::{CAPACITE_MAX, milliers};

use super::chiffres::Chiffres;
use super::colonnes::Colonnes;
use super::ligne::{GroupePublie, Libelles, ListeAppel};
use crate::tableau::{Entetes, Faute, Ligne, Nature, Releve, normalize_header};
use crate::valeurs::{self, Coordonnees, FormeUai, LectureGps, Taux};

/// First and last session that can be believed.
const SESSIONS: std::ops::RangeInclusive<i64> = 2018..=2100;
/// Longest label or name accepted, in characters (the longest published has 394).
const LIBELLE_MAX: usize = 500;
/// The published files of these sessions have the two values of `list_com` swapped: from 2023 to 2024 nearly every
/// course changes from one to the other, and every CPGE would share its list.
const LISTES_INTERVERTIES: std::ops::RangeInclusive<u16> = 2024..=2025;

/// One line, its columns, and where to note what is wrong with it.
pub(crate) struct Champs<'a> {
    ligne: &'a Ligne,
    entetes: &'a Entetes,
    releve: &'a mut Releve,
}

impl<'a> Champs<'a> {
    pub(crate) fn new(ligne: &'a Ligne, entetes: &'a Entetes, releve: &'a mut Releve) -> Self {
        Self { ligne, entetes, releve }
    }

    pub(crate) fn numero(&self) -> u64 {
        self.ligne.numero()
    }

    pub(crate) fn cell(&self, index: usize) -> &'a str {
        self.ligne.cell(index)
    }

    /// The text of an optional column, with single spaces.
    pub(crate) fn text(&self, index: Option<usize>) -> Option<String> {
        let brut = self.cell(index?);
        (!brut.is_empty()).then(|| valeurs::squeeze(brut))
    }

    /// A value out of a known list; another one is told and left out.
    pub(crate) fn listed<T>(
        &mut self,
        index: Option<usize>,
        from: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        let brut = self.cell(index?);
        if brut.is_empty() {
            return None;
        }
        let lu = from(brut);
        if lu.is_none() {
            self.warn(Nature::ValeurInconnue, index, || format!("valeur hors liste : « {} »", excerpt(brut)));
        }
        lu
    }

    pub(crate) fn fault(&mut self, index: Option<usize>, motif: String) {
        let faute = Faute {
            ligne: self.ligne.numero(),
            colonne: index.map_or_else(|| "1".to_owned(), |i| self.entetes.nom(i)),
            motif,
        };
        self.releve.fault(faute);
    }

    pub(crate) fn warn(&mut self, nature: Nature, index: Option<usize>, motif: impl FnOnce() -> String) {
        let nom = index.map_or("1", |i| self.entetes.etiquette(i));
        self.releve.warn(nature, self.ligne.numero(), nom, motif);
    }

    pub(crate) fn report_cleaned(&mut self) {
        for index in self.ligne.cleaned_cells() {
            self.warn(Nature::CaractereOte, Some(*index), || {
                "caractère de contrôle remplacé par une espace".to_owned()
            });
        }
    }
}

/// The beginning of a cell, for a message.
fn excerpt(brut: &str) -> String {
    const MAX: usize = 60;
    if brut.chars().count() <= MAX {
        return brut.to_owned();
    }
    let debut: String = brut.chars().take(MAX).collect();
    format!("{debut}…")
}

pub(crate) fn session(champs: &mut Champs<'_>, index: usize) -> Option<u16> {
    let brut = champs.cell(index);
    let lue = valeurs::parse_whole(brut).filter(|n| SESSIONS.contains(n)).and_then(|n| u16::try_from(n).ok());
    if lue.is_none() {
        let motif = if brut.is_empty() {
            "session absente : indiquez l’année".to_owned()
        } else {
            format!("session illisible : « {} » (une année est attendue, depuis 2018)", excerpt(brut))
        };
        champs.fault(Some(index), motif);
    }
    lue
}

pub(crate) fn uai(champs: &mut Champs<'_>, index: usize) -> Option<(String, FormeUai)> {
    let brut = champs.cell(index);
    if brut.is_empty() {
        champs.fault(Some(index), "code UAI absent : complétez-le".to_owned());
        return None;
    }
    let capitales = brut.to_ascii_uppercase();
    let forme = valeurs::uai_form(&capitales);
    match forme {
        FormeUai::Conforme | FormeUai::Provisoire => {}
        FormeUai::ClefFausse => champs.warn(Nature::Uai, Some(index), || {
            format!("code UAI « {capitales} » : la lettre finale n’est pas celle que donnent les chiffres")
        }),
        FormeUai::Autre => champs.warn(Nature::Uai, Some(index), || {
            format!("« {} » n’est pas un code UAI (7 chiffres et une lettre)", excerpt(brut))
        }),
    }
    let code = match forme {
        FormeUai::Autre => bounded(champs, index, brut)?,
        _ => capitales,
    };
    Some((code, forme))
}

/// A decisive text.
pub(crate) fn required(champs: &mut Champs<'_>, index: usize, absent: &str) -> Option<String> {
    let brut = champs.cell(index);
    if brut.is_empty() {
        champs.fault(Some(index), absent.to_owned());
        return None;
    }
    bounded(champs, index, brut)
}

fn bounded(champs: &mut Champs<'_>, index: usize, brut: &str) -> Option<String> {
    let longueur = brut.chars().count();
    if longueur > LIBELLE_MAX {
        let motif = format!("texte de {longueur} caractères : {LIBELLE_MAX} au plus");
        champs.fault(Some(index), motif);
        return None;
    }
    Some(valeurs::squeeze(brut))
}

pub(super) fn libelles(champs: &mut Champs<'_>, colonnes: &Colonnes) -> Option<Libelles> {
    let mut trop_long = false;
    let mut read = |index: Option<usize>| {
        let index = index?;
        let brut = champs.cell(index);
        if brut.is_empty() {
            return None;
        }
        let lu = bounded(champs, index, brut);
        trop_long |= lu.is_none();
        lu
    };
    let libelles = Libelles {
        formation: read(colonnes.formation),
        type_formation: read(colonnes.type_formation),
        mention: read(colonnes.mention),
        detail: read(colonnes.detail),
        regroupement: read(colonnes.regroupement),
    };
    if trop_long {
        return None;
    }
    if libelles.intitule().is_empty() {
        let index = colonnes.formation.or(colonnes.type_formation).or(colonnes.mention);
        champs.fault(index, "aucun libellé de formation : complétez-le".to_owned());
        return None;
    }
    Some(libelles)
}

/// The capacity: absent stays absent, 0 is a value, anything impossible is a fault. The inner option is the value.
#[expect(clippy::option_option, reason = "outer: the line stands; inner: the file gives a capacity")]
pub(crate) fn capacite(champs: &mut Champs<'_>, index: usize) -> Option<Option<u32>> {
    let brut = champs.cell(index);
    if brut.is_empty() {
        champs.warn(Nature::CapaciteAbsente, Some(index), || {
            "capacité absente : elle reste inconnue, à saisir par l’établissement".to_owned()
        });
        return Some(None);
    }
    let motif = match valeurs::parse_whole(brut) {
        None => format!("capacité illisible : « {} » (un nombre entier est attendu)", excerpt(brut)),
        Some(n) if n < 0 => format!("capacité négative : {n}"),
        Some(n) if n > CAPACITE_MAX => {
            format!("capacité invraisemblable : {} places ({} au plus)", milliers(n), milliers(CAPACITE_MAX))
        }
        Some(n) => return Some(u32::try_from(n).ok()),
    };
    champs.fault(Some(index), motif);
    None
}

/// National codes of a line.
pub(super) struct Codes {
    /// Code, and column it comes from.
    pub g_ta_cod: Option<(u64, usize)>,
    pub g_ti_cod: Option<u64>,
    /// Where a code was expected.
    pub colonne: Option<usize>,
}

pub(super) fn codes(champs: &mut Champs<'_>, colonnes: &Colonnes) -> Option<Codes> {
    let lien = colonnes.lien.map(|i| champs.cell(i)).unwrap_or_default();
    let in_link = link_code(lien, "g_ta_cod");
    let mut g_ta_cod = in_link.zip(colonnes.lien);
    if let Some(index) = colonnes.cod_aff_form {
        let brut = champs.cell(index);
        if !brut.is_empty() {
            let lu = valeurs::parse_whole(brut).filter(|n| *n > 0).and_then(|n| u64::try_from(n).ok());
            let Some(code) = lu else {
                let motif = format!(
                    "code de formation illisible : « {} » (un nombre entier est attendu)",
                    excerpt(brut)
                );
                champs.fault(Some(index), motif);
                return None;
            };
            if let Some(autre) = in_link.filter(|autre| *autre != code) {
                champs.warn(Nature::Discordance, Some(index), || {
                    format!("code {code}, mais le lien de la fiche porte {autre} : le code est retenu")
                });
            }
            g_ta_cod = Some((code, index));
        }
    }
    Some(Codes {
        g_ta_cod,
        g_ti_cod: link_code(lien, "g_ti_cod"),
        colonne: colonnes.cod_aff_form.or(colonnes.lien),
    })
}

/// The number after `nom=` in the parameters of a link.
fn link_code(lien: &str, nom: &str) -> Option<u64> {
    let (_, parametres) = lien.split_once('?')?;
    parametres
        .split(['&', '#'])
        .find_map(|p| p.strip_prefix(nom)?.strip_prefix('='))
        .and_then(|code| code.parse().ok())
        .filter(|code| *code > 0)
}

pub(crate) fn coordonnees(champs: &mut Champs<'_>, index: Option<usize>) -> Option<Coordonnees> {
    let colonne = index?;
    let brut = champs.cell(colonne);
    match valeurs::parse_gps(brut) {
        LectureGps::Lues(point) => Some(point),
        LectureGps::Absentes => {
            champs.warn(Nature::SansCoordonnees, index, || {
                "pas de coordonnées : la formation ne sera pas sur la carte".to_owned()
            });
            None
        }
        LectureGps::HorsBornes => {
            champs.warn(Nature::CoordonneesHorsBornes, index, || {
                format!(
                    "coordonnées hors bornes ou illisibles : « {} » (latitude, longitude en degrés)",
                    excerpt(brut)
                )
            });
            None
        }
    }
}

pub(crate) fn selective_from(texte: &str) -> Option<bool> {
    match normalize_header(texte).as_str() {
        "formationselective" => Some(true),
        // The 2020 file cuts the label short.
        "formationnonselective" | "formationnonselec" => Some(false),
        _ => None,
    }
}

pub(crate) fn liste_appel(
    champs: &mut Champs<'_>,
    index: Option<usize>,
    session: u16,
    signalees: &mut HashSet<u16>,
) -> Option<ListeAppel> {
    let ecrite = champs.listed(index, |texte| match normalize_header(texte).as_str() {
        "listedappelproprecetteformation" | "listedappelpropreacetteformation" => Some(ListeAppel::Propre),
        "listedappelcommuneaplusieursformations" => Some(ListeAppel::Commune),
        _ => None,
    })?;
    if !LISTES_INTERVERTIES.contains(&session) {
        return Some(ecrite);
    }
    if signalees.insert(session) {
        champs.warn(Nature::Discordance, index, || {
            format!("le fichier publié pour {session} intervertit les deux valeurs de cette colonne : elles sont rétablies")
        });
    }
    Some(match ecrite {
        ListeAppel::Propre => ListeAppel::Commune,
        ListeAppel::Commune => ListeAppel::Propre,
    })
}

pub(super) fn groupes(champs: &mut Champs<'_>, colonnes: &Colonnes) -> Vec<GroupePublie> {
    let mut groupes = Vec::new();
    for (libelle, rang) in &colonnes.groupes {
        let libelle = champs.text(*libelle);
        let rang_dernier_appele = count(champs, *rang);
        if libelle.is_some() || rang_dernier_appele.is_some() {
            groupes.push(GroupePublie { libelle, rang_dernier_appele });
        }
    }
    groupes
}

pub(super) fn chiffres(champs: &mut Champs<'_>, colonnes: &Colonnes) -> Chiffres {
    let mut chiffres = Chiffres::default();
    for (colonne, place) in &colonnes.compteurs {
        if let Some(compteur) = Chiffres::COMPTEURS.get(*place) {
            *(compteur.slot)(&mut chiffres) = count(champs, *colonne);
        }
    }
    for (colonne, place) in &colonnes.taux {
        if let Some(taux) = Chiffres::TAUX.get(*place) {
            *(taux.slot)(&mut chiffres) = figure(champs, *colonne, Taux::parse);
        }
    }
    chiffres
}

pub(crate) fn count(champs: &mut Champs<'_>, index: usize) -> Option<u32> {
    figure(champs, index, |brut| valeurs::parse_whole(brut).and_then(|n| u32::try_from(n).ok()))
}

/// A statistic: empty and « nd » are absent, what is no number is told and absent.
fn figure<T>(champs: &mut Champs<'_>, index: usize, parse: impl FnOnce(&str) -> Option<T>) -> Option<T> {
    let brut = champs.cell(index);
    if brut.is_empty() {
        return None;
    }
    let lu = parse(brut);
    if lu.is_none() {
        if brut.eq_ignore_ascii_case("nd") {
            champs.warn(Nature::NonDisponible, Some(index), || {
                "« nd » : statistique non disponible".to_owned()
            });
        } else {
            champs.warn(Nature::ChiffreIllisible, Some(index), || {
                format!("statistique illisible, laissée de côté : « {} »", excerpt(brut))
            });
        }
    }
    lu
}
