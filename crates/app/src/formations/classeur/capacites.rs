//! Capacity, places of the groups and fees, as columns of the first sheet. Their rules are those of the page (`enregistrer`).

use domain::RuleViolation;
use domain::droits::{Action, authorize};
use domain::formations::{format_montant, parse_montant, write_montant};
use files::tableau::normalize_header;
use store::formations::LigneGestion;

use super::{Chargees, lit_frais};
use crate::contexte::Ctx;
use crate::formations::enregistrer::{Capacites, Valeurs};
use crate::formations::gestion::cible_of;
use crate::formations::parametrage::is_lisible;
use crate::messages;

/// A column that is not a field of the description.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Colonne {
    Capacite,
    /// By the label of the group; only for courses that have several.
    Places(String),
    Frais,
}

pub(super) const CAPACITE: &str = "Capacité d’accueil";
pub(super) const FRAIS: &str = "Frais de scolarité";

/// The columns that somebody reads: capacity, one a label of group, fees (R-DRO-04).
pub(super) fn colonnes(ctx: &Ctx, session: i64, c: &Chargees) -> Vec<Colonne> {
    if !c.lignes.iter().any(|l| lit_capacite(ctx, session, l) || lit_frais(ctx, session, l)) {
        return Vec::new();
    }
    let mut colonnes = vec![Colonne::Capacite];
    for l in c.lignes.iter().filter(|l| lit_capacite(ctx, session, l)) {
        for g in c.groupes(l).iter().filter(|_| c.groupes(l).len() > 1) {
            let nouvelle = Colonne::Places(g.libelle.clone());
            if !colonnes
                .iter()
                .any(|c| normalize_header(&c.libelle()) == normalize_header(&nouvelle.libelle()))
            {
                colonnes.push(nouvelle);
            }
        }
    }
    colonnes.push(Colonne::Frais);
    colonnes
}

/// R-DRO-04: capacities are not for everybody.
fn lit_capacite(ctx: &Ctx, session: i64, l: &LigneGestion) -> bool {
    is_lisible(ctx, "capacite", &cible_of(session, l))
}

impl Colonne {
    pub(super) fn libelle(&self) -> String {
        match self {
            Self::Capacite => CAPACITE.to_owned(),
            Self::Places(groupe) => format!("Places – {groupe}"),
            Self::Frais => FRAIS.to_owned(),
        }
    }

    fn is_lisible(&self, ctx: &Ctx, session: i64, l: &LigneGestion) -> bool {
        match self {
            Self::Frais => lit_frais(ctx, session, l),
            _ => lit_capacite(ctx, session, l),
        }
    }

    /// What the draft of a course says there; empty: not said, not readable, or no such group.
    pub(super) fn cellule(&self, ctx: &Ctx, session: i64, c: &Chargees, l: &LigneGestion) -> String {
        if !self.is_lisible(ctx, session, l) {
            return String::new();
        }
        let valeur = match self {
            Self::Capacite => l.capacite.map(|n| n.to_string()),
            Self::Frais => l.frais_centimes.map(write_montant),
            // Without a capacity, places are not declared: none is no « 0 ».
            Self::Places(_) => l.capacite.and(self.groupe(c, l)).map(|i| c.groupes(l)[i].places.to_string()),
        };
        valeur.unwrap_or_default()
    }

    /// The group of a course that the column is about; none in a course that has one group or less.
    fn groupe(&self, c: &Chargees, l: &LigneGestion) -> Option<usize> {
        let Self::Places(libelle) = self else { return None };
        let groupes = c.groupes(l);
        groupes
            .iter()
            .position(|g| normalize_header(&g.libelle) == normalize_header(libelle))
            .filter(|_| groupes.len() > 1)
    }
}

/// A fault: label of the column, and reason.
type Defaut = (String, String);

/// A number of places; nothing for an empty cell.
pub(super) fn lit_places(saisi: &str) -> Result<Option<i64>, String> {
    let net: String = saisi.chars().filter(|c| !c.is_whitespace()).collect();
    let lu = if net.is_empty() { Ok(None) } else { net.parse().map(Some) };
    lu.map_err(|_| "Saisissez un nombre entier de places, ou laissez la cellule vide.".to_owned())
}

/// What a line asks for: new capacities and fees, or nothing when they are those of the draft.
pub(super) fn lit_ligne(
    ctx: &Ctx,
    session: i64,
    c: &Chargees,
    l: &LigneGestion,
    saisies: &[(Colonne, &str)],
) -> Result<Option<Capacites>, Vec<Defaut>> {
    let groupes = c.groupes(l);
    let mut demande = Capacites {
        capacite: l.capacite,
        frais_centimes: l.frais_centimes,
        places: groupes.iter().map(|g| (g.public_id.clone(), g.places)).collect(),
    };
    let mut defauts: Vec<Defaut> = Vec::new();
    let mut changees = Vec::new();
    for (colonne, saisi) in saisies {
        let actuel = colonne.cellule(ctx, session, c, l);
        let mut refuse = |motif: String| defauts.push((colonne.libelle(), motif));
        if !colonne.is_lisible(ctx, session, l) {
            if !saisi.is_empty() {
                refuse("Votre rôle ne permet pas d’écrire les capacités ni les frais.".to_owned());
            }
            continue;
        }
        // A workbook writes an amount as a number: 690,50 comes back as 690.5.
        let meme_montant = *colonne == Colonne::Frais
            && l.frais_centimes.is_some()
            && parse_montant(saisi).ok() == l.frais_centimes;
        if *saisi == actuel || meme_montant {
            continue;
        }
        let nombre = || lit_places(saisi);
        match colonne {
            Colonne::Capacite => match nombre() {
                Ok(n) => demande.capacite = n,
                Err(motif) => refuse(motif),
            },
            Colonne::Frais if saisi.is_empty() => demande.frais_centimes = None,
            Colonne::Frais => match parse_montant(saisi) {
                Ok(centimes) => demande.frais_centimes = Some(centimes),
                Err(motif) => refuse(motif.to_owned()),
            },
            Colonne::Places(_) => match (colonne.groupe(c, l), nombre()) {
                (_, Err(motif)) => refuse(motif),
                (Some(i), Ok(n)) => {
                    // An empty cell asks for nothing: the rule says whether the group needs places.
                    let id = &groupes[i].public_id;
                    demande.places.retain(|(g, _)| g != id);
                    demande.places.extend(n.map(|n| (id.clone(), n)));
                }
                (None, Ok(_)) if groupes.len() > 1 => {
                    refuse("Cette formation n’a pas ce groupe : videz la cellule.".to_owned());
                }
                (None, Ok(_)) => refuse(
                    "Cette formation a un seul groupe, dont les places sont sa capacité : videz la cellule."
                        .to_owned(),
                ),
            },
        }
        changees.push(colonne.libelle());
    }
    if !defauts.is_empty() {
        return Err(defauts);
    }
    let Some(premiere) = changees.first() else { return Ok(None) };
    let avant = Valeurs::of_gestion(l, groupes);
    let mut apres = avant.clone();
    if let Err(fautes) = apres.pose(&demande, groupes) {
        let dite = |regle: &RuleViolation| (colonne_de(regle, premiere), messages::regle(regle));
        return Err(fautes.liste().iter().map(dite).collect());
    }
    let dit = |v: &Valeurs| (v.capacite, v.frais_centimes, v.places.clone());
    if dit(&apres) == dit(&avant) {
        return Ok(None);
    }
    if authorize(&ctx.acteur, Action::ModifierCapacites, &cible_of(session, l)).is_err() {
        return Err(vec![(
            premiere.clone(),
            "Votre rôle ne permet pas d’écrire les capacités ni les frais.".to_owned(),
        )]);
    }
    Ok(Some(demande))
}

/// Where a refused value was typed.
fn colonne_de(regle: &RuleViolation, changee: &str) -> String {
    match regle {
        RuleViolation::Champ { champ: "capacite", .. } => CAPACITE.to_owned(),
        RuleViolation::Champ { champ: "frais", .. } => FRAIS.to_owned(),
        _ => changee.to_owned(),
    }
}

/// The capacity and the places that would be written, in the order of the groups; nothing when they are those of the draft.
pub(super) fn places(c: &Chargees, l: &LigneGestion, demande: &Capacites) -> Option<(Option<i64>, Vec<i64>)> {
    let avant = Valeurs::of_gestion(l, c.groupes(l));
    let mut apres = avant.clone();
    // Read and checked already.
    apres.pose(demande, c.groupes(l)).ok()?;
    let change = (apres.capacite, &apres.places) != (avant.capacite, &avant.places);
    change.then_some((apres.capacite, apres.places))
}

/// What changes, as it is shown: (label, before, after).
pub(super) fn differences(
    c: &Chargees,
    l: &LigneGestion,
    demande: &Capacites,
) -> Vec<(String, String, String)> {
    let groupes = c.groupes(l);
    let avant = Valeurs::of_gestion(l, groupes);
    let mut apres = avant.clone();
    // Read and checked already.
    if apres.pose(demande, groupes).is_err() {
        return Vec::new();
    }
    let nombre = |n: Option<i64>| n.map_or_else(String::new, |n| n.to_string());
    let montant = |n: Option<i64>| n.map_or_else(String::new, format_montant);
    let mut sortie = vec![
        (CAPACITE.to_owned(), nombre(avant.capacite), nombre(apres.capacite)),
        (FRAIS.to_owned(), montant(avant.frais_centimes), montant(apres.frais_centimes)),
    ];
    // The only group of a course follows its capacity.
    for (i, g) in groupes.iter().enumerate().filter(|_| groupes.len() > 1) {
        let places = |v: &Valeurs| nombre(v.places.get(i).copied());
        sortie.push((Colonne::Places(g.libelle.clone()).libelle(), places(&avant), places(&apres)));
    }
    sortie.retain(|(_, avant, apres)| avant != apres);
    sortie
}
