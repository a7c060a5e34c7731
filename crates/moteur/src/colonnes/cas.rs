//! A case, to tables and back.

use std::io::{BufRead, Write};

use anyhow::{Context, bail};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::table::{Colonne, Table, write};
use crate::cas::{
    CandidatClasseJson, EntreeModification, EntreeOrdre, EntreePropositions, GroupeJson, InternatJson,
    StatutJson, VoeuJson,
};
use crate::evaluation::{CasLu, EntreeLue};
use crate::lecture::explain_json;

/// Cases in columns, one after the other.
pub struct Lecteur {
    nom: String,
    numero: usize,
    source: Box<dyn BufRead>,
}

impl Lecteur {
    /// Reads from a source already decompressed.
    pub fn new(nom: &str, source: Box<dyn BufRead>) -> Self {
        Self { nom: nom.to_owned(), numero: 0, source }
    }

    /// The next case.
    pub fn next_cas(&mut self) -> anyhow::Result<Option<CasLu>> {
        self.numero += 1;
        let lieu = format!("{}, cas n° {}", self.nom, self.numero);
        read(&mut *self.source, &lieu).with_context(|| lieu.clone())
    }
}

fn read(source: &mut dyn BufRead, lieu: &str) -> anyhow::Result<Option<CasLu>> {
    let Some(mut table) = Table::read(source).context("table « cas »")? else { return Ok(None) };
    if !table.is("cas") || table.len() != 1 {
        bail!(
            "ce n’est pas une table « cas » d’une ligne : le fichier n’a pas été écrit par « convertir », ou est abîmé"
        );
    }
    let cas = table.text("cas")?;
    let genre = table.text("type")?;
    let entree = table.text("entree")?;
    let autres: Map<String, Value> = json("autres", &table.text("autres")?)?;
    let mut count = |nom: &str| table.integers::<u32>(nom).map(|n| n[0] as usize);
    let [classes, groupes, internats, voeux, repondeurs] =
        [count("classes")?, count("groupes")?, count("internats")?, count("voeux")?, count("repondeurs")?];
    table.finish()?;
    let entree = match genre.as_str() {
        "ordre_appel" => {
            let mut entree: EntreeOrdre = json("entree", &entree)?;
            read_classes(source, classes, |groupe, classe| {
                let groupe = entree.groupes_classement.get_mut(groupe as usize)?;
                groupe.voeux.push(classe);
                Some(())
            })?;
            EntreeLue::Ordre(entree)
        }
        "modification_classement" => {
            let mut entree: EntreeModification = json("entree", &entree)?;
            read_classes(source, classes, |groupe, classe| {
                (groupe == 0).then(|| entree.groupe_classement.voeux.push(classe))
            })?;
            EntreeLue::Modification(entree)
        }
        "propositions" => {
            let mut entree: EntreePropositions = json("entree", &entree)?;
            entree.groupes = read_groupes(source, groupes)?;
            entree.internats = read_internats(source, internats)?;
            entree.voeux = read_voeux(source, voeux)?;
            entree.candidats_repondeur = rows(source, "repondeurs", repondeurs, |t| t.integers("candidat"))?;
            EntreeLue::Jour(entree)
        }
        autre => EntreeLue::Inconnue(autre.to_owned()),
    };
    Ok(Some(CasLu { lieu: lieu.to_owned(), cas, entree, autres }))
}

fn json<T: DeserializeOwned>(colonne: &str, texte: &str) -> anyhow::Result<T> {
    serde_json::from_str(texte)
        .map_err(|error| anyhow::anyhow!("table « cas », texte « {colonne} », {}", explain_json(&error)))
}

/// The rows of a table, when it has some.
fn rows<T>(
    source: &mut dyn BufRead,
    nom: &str,
    lignes: usize,
    take: impl FnOnce(&mut Table) -> anyhow::Result<Vec<T>>,
) -> anyhow::Result<Vec<T>> {
    if lignes == 0 {
        return Ok(Vec::new());
    }
    let mut table = Table::expect(source, nom, lignes)?;
    let valeurs = take(&mut table)?;
    table.finish()?;
    Ok(valeurs)
}

fn read_classes(
    source: &mut dyn BufRead,
    lignes: usize,
    mut push: impl FnMut(u32, CandidatClasseJson) -> Option<()>,
) -> anyhow::Result<()> {
    let classes = rows(source, "classes", lignes, |t| {
        let groupe = t.integers::<u32>("groupe")?;
        let candidat = t.integers("candidat")?;
        let rang = t.integers("rang")?;
        let (boursier, resident) = (t.booleans("boursier")?, t.booleans("resident")?);
        Ok((0..groupe.len())
            .map(|i| {
                let (candidat, rang) = (candidat[i], rang[i]);
                let (boursier, resident) = (boursier[i], resident[i]);
                (groupe[i], CandidatClasseJson { candidat, rang, boursier, resident })
            })
            .collect())
    })?;
    for (i, (groupe, classe)) in classes.into_iter().enumerate() {
        push(groupe, classe).with_context(|| {
            format!(
                "table « classes », colonne « groupe », ligne {} : le groupe n° {groupe} n’existe pas",
                i + 1
            )
        })?;
    }
    Ok(())
}

fn read_groupes(source: &mut dyn BufRead, lignes: usize) -> anyhow::Result<Vec<GroupeJson>> {
    rows(source, "groupes", lignes, |t| {
        let id = t.integers("id")?;
        let groupe_classement = t.integers("groupe_classement")?;
        let formation_inscription = t.integers("formation_inscription")?;
        let formation = t.integers("formation")?;
        let places = t.integers("places")?;
        let rang_limite = t.integers("rang_limite")?;
        let rang_dernier_appele = t.integers("rang_dernier_appele")?;
        let rang_dernier_appele_reference = t.integers("rang_dernier_appele_reference")?;
        let fin_reservation_internats = t.booleans("fin_reservation_internats")?;
        let admissions_suspendues = t.booleans("admissions_suspendues")?;
        Ok((0..id.len())
            .map(|i| GroupeJson {
                id: id[i],
                groupe_classement: groupe_classement[i],
                formation_inscription: formation_inscription[i],
                formation: formation[i],
                places: places[i],
                rang_limite: rang_limite[i],
                rang_dernier_appele: rang_dernier_appele[i],
                rang_dernier_appele_reference: rang_dernier_appele_reference[i],
                fin_reservation_internats: fin_reservation_internats[i],
                admissions_suspendues: admissions_suspendues[i],
            })
            .collect())
    })
}

fn read_internats(source: &mut dyn BufRead, lignes: usize) -> anyhow::Result<Vec<InternatJson>> {
    rows(source, "internats", lignes, |t| {
        let id = t.integers("id")?;
        let classement_internat = t.integers("classement_internat")?;
        let formation_inscription = t.integers("formation_inscription")?;
        let formation = t.integers("formation")?;
        let capacite = t.integers("capacite")?;
        Ok((0..id.len())
            .map(|i| InternatJson {
                id: id[i],
                classement_internat: classement_internat[i],
                formation_inscription: formation_inscription[i],
                formation: formation[i],
                capacite: capacite[i],
            })
            .collect())
    })
}

fn read_voeux(source: &mut dyn BufRead, lignes: usize) -> anyhow::Result<Vec<VoeuJson>> {
    rows(source, "voeux", lignes, |t| {
        let candidat = t.integers("candidat")?;
        let groupe = t.integers("groupe")?;
        let avec_internat = t.booleans("avec_internat")?;
        let internat = t.optional("internat")?;
        let rang_internat = t.integers("rang_internat")?;
        let rang_appel = t.integers("rang_appel")?;
        let rang_appel_affiche = t.optional("rang_appel_affiche")?;
        let rang_preference = t.integers("rang_preference")?;
        let statut = t.integers::<i64>("statut")?;
        let hors_pp = t.booleans("hors_pp")?;
        let ignorer_rang_attente = t.booleans("ignorer_rang_attente")?;
        let ignorer_barre_internat = t.booleans("ignorer_barre_internat")?;
        let rang_attente_veille = t.integers("rang_attente_veille")?;
        (0..candidat.len())
            .map(|i| {
                Ok(VoeuJson {
                    candidat: candidat[i],
                    groupe: groupe[i],
                    avec_internat: avec_internat[i],
                    internat: internat[i],
                    rang_internat: rang_internat[i],
                    rang_appel: rang_appel[i],
                    rang_appel_affiche: rang_appel_affiche[i],
                    rang_preference: rang_preference[i],
                    statut: to_statut(statut[i]).with_context(|| {
                        format!(
                            "table « voeux », colonne « statut », ligne {} : {} n’est pas un statut, de 0 à 11",
                            i + 1,
                            statut[i]
                        )
                    })?,
                    hors_pp: hors_pp[i],
                    ignorer_rang_attente: ignorer_rang_attente[i],
                    ignorer_barre_internat: ignorer_barre_internat[i],
                    rang_attente_veille: rang_attente_veille[i],
                })
            })
            .collect()
    })
}

fn to_statut(numero: i64) -> Option<StatutJson> {
    let statut = engine::propositions::Statut::TOUS.get(usize::try_from(numero).ok()?)?;
    Some(StatutJson::from(*statut))
}

/// Writes a case.
pub fn write_case(sortie: &mut dyn Write, cas: CasLu) -> anyhow::Result<()> {
    let CasLu { lieu, cas, entree, autres } = cas;
    let (mut classes, mut jour) = (Vec::new(), None);
    let (genre, texte) = match entree {
        EntreeLue::Ordre(mut entree) => {
            for (groupe, json) in (0..).zip(&mut entree.groupes_classement) {
                classes.extend(std::mem::take(&mut json.voeux).into_iter().map(|classe| (groupe, classe)));
            }
            ("ordre_appel", serde_json::to_string(&entree)?)
        }
        EntreeLue::Modification(mut entree) => {
            let voeux = std::mem::take(&mut entree.groupe_classement.voeux);
            classes.extend(voeux.into_iter().map(|classe| (0, classe)));
            ("modification_classement", serde_json::to_string(&entree)?)
        }
        EntreeLue::Jour(mut entree) => {
            let tables = EntreePropositions {
                parametres: crate::cas::ParametresJson::default(),
                groupes: std::mem::take(&mut entree.groupes),
                internats: std::mem::take(&mut entree.internats),
                voeux: std::mem::take(&mut entree.voeux),
                candidats_repondeur: std::mem::take(&mut entree.candidats_repondeur),
            };
            jour = Some(tables);
            ("propositions", serde_json::to_string(&entree)?)
        }
        EntreeLue::Inconnue(autre) => bail!("{lieu} : le type « {autre} » n’a pas de forme en colonnes"),
    };
    let count = |n: usize| Colonne::Entiers(vec![n as i64]);
    let of_day = |n: fn(&EntreePropositions) -> usize| count(jour.as_ref().map_or(0, n));
    write(
        sortie,
        "cas",
        vec![
            ("cas", Colonne::Texte(cas)),
            ("type", Colonne::Texte(genre.to_owned())),
            ("entree", Colonne::Texte(texte)),
            ("autres", Colonne::Texte(serde_json::to_string(&autres)?)),
            ("classes", count(classes.len())),
            ("groupes", of_day(|e| e.groupes.len())),
            ("internats", of_day(|e| e.internats.len())),
            ("voeux", of_day(|e| e.voeux.len())),
            ("repondeurs", of_day(|e| e.candidats_repondeur.len())),
        ],
    )?;
    if !classes.is_empty() {
        write(
            sortie,
            "classes",
            vec![
                ("candidat", integers(&classes, |(_, c)| c.candidat)),
                ("groupe", integers(&classes, |(groupe, _)| *groupe)),
                ("rang", integers(&classes, |(_, c)| c.rang.into())),
                ("boursier", booleans(&classes, |(_, c)| c.boursier)),
                ("resident", booleans(&classes, |(_, c)| c.resident)),
            ],
        )?;
    }
    match jour {
        Some(jour) => write_day(sortie, &jour),
        None => Ok(()),
    }
}

fn write_day(sortie: &mut dyn Write, jour: &EntreePropositions) -> anyhow::Result<()> {
    let groupes = &jour.groupes;
    if !groupes.is_empty() {
        write(
            sortie,
            "groupes",
            vec![
                ("id", integers(groupes, |g| g.id)),
                ("groupe_classement", integers(groupes, |g| g.groupe_classement)),
                ("formation_inscription", integers(groupes, |g| g.formation_inscription)),
                ("formation", integers(groupes, |g| g.formation)),
                ("places", integers(groupes, |g| g.places.into())),
                ("rang_limite", integers(groupes, |g| g.rang_limite.into())),
                ("rang_dernier_appele", integers(groupes, |g| g.rang_dernier_appele.into())),
                (
                    "rang_dernier_appele_reference",
                    integers(groupes, |g| g.rang_dernier_appele_reference.into()),
                ),
                ("fin_reservation_internats", booleans(groupes, |g| g.fin_reservation_internats)),
                ("admissions_suspendues", booleans(groupes, |g| g.admissions_suspendues)),
            ],
        )?;
    }
    let internats = &jour.internats;
    if !internats.is_empty() {
        write(
            sortie,
            "internats",
            vec![
                ("id", integers(internats, |i| i.id)),
                ("classement_internat", integers(internats, |i| i.classement_internat)),
                ("formation_inscription", integers(internats, |i| i.formation_inscription)),
                ("formation", integers(internats, |i| i.formation)),
                ("capacite", integers(internats, |i| i.capacite.into())),
            ],
        )?;
    }
    let voeux = &jour.voeux;
    if !voeux.is_empty() {
        let optional = |of: fn(&VoeuJson) -> Option<i64>| Colonne::Optionnels(voeux.iter().map(of).collect());
        write(
            sortie,
            "voeux",
            vec![
                ("candidat", integers(voeux, |v| v.candidat)),
                ("groupe", integers(voeux, |v| v.groupe)),
                ("avec_internat", booleans(voeux, |v| v.avec_internat)),
                ("internat", optional(|v| v.internat)),
                ("rang_internat", integers(voeux, |v| v.rang_internat.into())),
                ("rang_appel", integers(voeux, |v| v.rang_appel.into())),
                ("rang_appel_affiche", optional(|v| v.rang_appel_affiche.map(i64::from))),
                ("rang_preference", integers(voeux, |v| v.rang_preference.into())),
                (
                    "statut",
                    integers(voeux, |v| i64::from(engine::propositions::Statut::from(v.statut) as u8)),
                ),
                ("hors_pp", booleans(voeux, |v| v.hors_pp)),
                ("ignorer_rang_attente", booleans(voeux, |v| v.ignorer_rang_attente)),
                ("ignorer_barre_internat", booleans(voeux, |v| v.ignorer_barre_internat)),
                ("rang_attente_veille", integers(voeux, |v| v.rang_attente_veille.into())),
            ],
        )?;
    }
    if jour.candidats_repondeur.is_empty() {
        return Ok(());
    }
    write(sortie, "repondeurs", vec![("candidat", Colonne::Entiers(jour.candidats_repondeur.clone()))])
}

fn integers<T>(lignes: &[T], of: impl Fn(&T) -> i64) -> Colonne {
    Colonne::Entiers(lignes.iter().map(of).collect())
}

fn booleans<T>(lignes: &[T], of: impl Fn(&T) -> bool) -> Colonne {
    Colonne::Booleens(lignes.iter().map(of).collect())
}
