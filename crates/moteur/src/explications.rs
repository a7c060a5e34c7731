//! From a case of a file and the codes of a person to explanations.

use std::fmt::Display;

use anyhow::{Context, bail};
use engine::explication::{explain, explain_modification, explain_ordre};
use engine::propositions::{Options, compute_with};
use phrases::{Noms, Personne, Texte, explain_rang, explain_voeu};

use crate::cas::{EntreeModification, EntreeOrdre, EntreePropositions, VoeuJson};
use crate::evaluation::{CasLu, EntreeLue, read, unknown};
use crate::lecture::Lieu;
use crate::ordres;
use crate::propositions::Jour;

/// What is to be explained, with the codes of the file.
#[derive(Debug, Clone, Copy, Default)]
pub struct Choix {
    /// The candidat.
    pub candidat: i64,
    /// Code of the formation, in a day. None: all voeux of the candidat.
    pub formation: Option<i64>,
    /// In a day, the `id` of the groupe d'affectation; in a call order, the code of the groupe de classement.
    pub groupe: Option<i64>,
    /// With boarding, without; none: both.
    pub internat: Option<bool>,
    /// How the day is computed.
    pub options: Options,
}

/// What comes of it.
#[derive(Debug)]
pub enum Explications {
    /// One per voeu, or per ranking.
    Textes(Vec<Texte>),
    /// The data are refused: nothing was computed, here is why.
    Refus(String),
}

/// Explains what the case of a line gives to a candidat.
pub fn explain_case(lieu: Lieu<'_>, ligne: &str, choix: &Choix) -> anyhow::Result<Explications> {
    explain_read(&read(lieu, ligne)?, choix)
}

/// Explains what a case gives to a candidat.
pub fn explain_read(cas: &CasLu, choix: &Choix) -> anyhow::Result<Explications> {
    match &cas.entree {
        EntreeLue::Ordre(entree) => {
            only_groupe(choix)?;
            in_orders(entree, choix)
        }
        EntreeLue::Modification(entree) => {
            only_groupe(choix)?;
            in_modification(entree, choix)
        }
        EntreeLue::Jour(entree) => in_day(entree, choix).with_context(|| cas.lieu.clone()),
        EntreeLue::Inconnue(autre) => Err(unknown(&cas.lieu, autre)),
    }
}

fn only_groupe(choix: &Choix) -> anyhow::Result<()> {
    if choix.formation.is_some() || choix.internat.is_some() {
        bail!(
            "ce cas est un ordre d’appel : --formation, --internat et --sans-internat n’y ont pas de sens ; choisissez au \
             besoin un groupe de classement par --groupe"
        );
    }
    Ok(())
}

fn in_day(json: &EntreePropositions, choix: &Choix) -> anyhow::Result<Explications> {
    let voeux = chosen(json, choix)?;
    let jour = Jour::new(json)?;
    let sortie = match compute_with(&jour.entree, &choix.options) {
        Ok(sortie) => sortie,
        Err(refus) => return Ok(Explications::Refus(jour.refusal(json, &refus))),
    };
    let nom = |voeu: u32| label(json, &json.voeux[voeu as usize]);
    let noms = Noms {
        personne: Personne::Lecteur,
        candidat: format!("candidat {}", choix.candidat),
        voeu: &nom,
        jour: json.parametres.jour,
    };
    voeux
        .into_iter()
        .map(|voeu| {
            let explication = explain(&jour.entree, &sortie, voeu);
            explication.map(|e| explain_voeu(&e, &noms)).context("le vœu n’est pas de cette journée")
        })
        .collect::<anyhow::Result<_>>()
        .map(Explications::Textes)
}

/// Positions of the voeux asked for.
fn chosen(json: &EntreePropositions, choix: &Choix) -> anyhow::Result<Vec<u32>> {
    let du_candidat: Vec<(u32, &VoeuJson)> =
        (0..).zip(&json.voeux).filter(|(_, v)| v.candidat == choix.candidat).collect();
    if du_candidat.is_empty() {
        bail!(
            "aucun vœu du candidat {} dans ce cas ; {}",
            choix.candidat,
            list("candidats", json.voeux.iter().map(|v| v.candidat))
        );
    }
    let of_formation = |v: &VoeuJson| {
        choix.formation.is_none_or(|f| formation(json, v) == Some(f))
            && choix.groupe.is_none_or(|g| v.groupe == g)
    };
    let with = |v: &VoeuJson| v.avec_internat || v.internat.is_some();
    let voeux: Vec<u32> = du_candidat
        .iter()
        .filter(|(_, v)| of_formation(v) && choix.internat.is_none_or(|internat| with(v) == internat))
        .map(|&(position, _)| position)
        .collect();
    if voeux.is_empty() {
        let siens: Vec<String> = du_candidat.iter().map(|(_, v)| label(json, v)).collect();
        bail!("le candidat {} n’a pas ce vœu ; il a : {}", choix.candidat, siens.join(" ; "));
    }
    Ok(voeux)
}

fn formation(json: &EntreePropositions, v: &VoeuJson) -> Option<i64> {
    json.groupes.iter().find(|g| g.id == v.groupe).map(|g| g.formation)
}

fn label(json: &EntreePropositions, v: &VoeuJson) -> String {
    let avec = if v.avec_internat || v.internat.is_some() { "avec internat" } else { "sans internat" };
    match formation(json, v) {
        Some(formation) => format!("formation {formation} (groupe {}), {avec}", v.groupe),
        None => format!("groupe inconnu {}, {avec}", v.groupe),
    }
}

fn in_orders(json: &EntreeOrdre, choix: &Choix) -> anyhow::Result<Explications> {
    let groupes: Vec<_> = json
        .groupes_classement
        .iter()
        .filter(|g| choix.groupe.is_none_or(|groupe| g.groupe == groupe))
        .collect();
    if groupes.is_empty() {
        match choix.groupe {
            Some(groupe) => bail!(
                "aucun groupe de classement {groupe} dans ce cas ; {}",
                list("groupes", json.groupes_classement.iter().map(|g| g.groupe))
            ),
            None => bail!("ce cas n’a aucun groupe de classement"),
        }
    }
    let mut textes = Vec::new();
    for groupe in &groupes {
        let Some(position) = groupe.voeux.iter().position(|v| v.candidat == choix.candidat) else { continue };
        match explain_ordre(&ordres::to_columns(groupe), position as u32) {
            Ok(e) => textes.extend(e.map(|e| {
                let nom = format!("groupe de classement {}", groupe.groupe);
                explain_rang(&e, Personne::Lecteur, &format!("candidat {}", choix.candidat), &nom)
            })),
            Err(refus) => return Ok(Explications::Refus(ordres::refusal(groupe, &refus))),
        }
    }
    if textes.is_empty() {
        let classes = groupes.iter().flat_map(|g| &g.voeux).map(|v| v.candidat);
        bail!("le candidat {} n’est pas classé ici ; {}", choix.candidat, list("candidats", classes));
    }
    Ok(Explications::Textes(textes))
}

fn in_modification(json: &EntreeModification, choix: &Choix) -> anyhow::Result<Explications> {
    let (groupe, m) = (&json.groupe_classement, &json.modification);
    if choix.candidat != m.candidat || choix.groupe.is_some_and(|code| code != groupe.groupe) {
        bail!(
            "ce cas corrige le rang d’un seul candidat, dont il donne le nouveau rang d’appel : le candidat {} du groupe de \
             classement {}",
            m.candidat,
            groupe.groupe
        );
    }
    let (columns, modification) = ordres::to_modification(json);
    match explain_modification(&columns, &modification) {
        Ok(e) => {
            let e = e.context("le candidat n’est pas dans le classement corrigé")?;
            let nom = format!("groupe de classement {}", groupe.groupe);
            let candidat = format!("candidat {}", m.candidat);
            Ok(Explications::Textes(vec![phrases::explain_modification(&e, &candidat, &nom)]))
        }
        Err(refus) => Ok(Explications::Refus(ordres::refusal(groupe, &refus))),
    }
}

/// « candidats présents : 1, 2, 3… (12 en tout) ».
pub fn list<T: Ord + Display>(quoi: &str, valeurs: impl Iterator<Item = T>) -> String {
    const MONTRES: usize = 20;
    let mut valeurs: Vec<T> = valeurs.collect();
    valeurs.sort_unstable();
    valeurs.dedup();
    if valeurs.is_empty() {
        return format!("{quoi} présents : aucun");
    }
    let debut: Vec<String> = valeurs.iter().take(MONTRES).map(ToString::to_string).collect();
    let suite =
        if valeurs.len() > MONTRES { format!("… ({} en tout)", valeurs.len()) } else { String::new() };
    format!("{quoi} présents : {}{suite}", debut.join(", "))
}
