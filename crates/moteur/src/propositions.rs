//! Cases `propositions`: from JSON to the engine and back.

use std::collections::HashMap;
use std::hash::Hash;

use anyhow::bail;
use engine::propositions::{
    self, AffichageGroupe, AffichageInternat, Changement, Entree, Etat, Groupe, Internat, Lieu, Options,
    Parametres, Refus, SANS_LIMITE, Sortie, Statut, Voeu, VoeuInternat, Voeux,
};
use serde::Deserialize;
use serde_json::Value;

use crate::cas::{
    AffichageGroupeJson, AffichageInternatJson, BarresJson, ChangementJson, EntreePropositions,
    RangAttenteJson, SortiePropositions, StatutJson,
};
use crate::codes::Codes;
use crate::ecarts::differences;
use crate::resultat::Resultat;

/// A case in columns, with the codes of its candidats.
pub struct Jour {
    /// The columns.
    pub entree: Entree,
    candidats: Codes,
}

impl Jour {
    /// Turns codes into positions.
    pub fn new(json: &EntreePropositions) -> anyhow::Result<Self> {
        let groupes: Vec<Groupe> = json
            .groupes
            .iter()
            .map(|g| Groupe {
                groupe_classement: g.groupe_classement,
                formation_inscription: g.formation_inscription,
                formation: g.formation,
                places: g.places,
                rang_limite: g.rang_limite,
                rang_dernier_appele: g.rang_dernier_appele,
                rang_dernier_appele_reference: g.rang_dernier_appele_reference,
                fin_reservation_internats: g.fin_reservation_internats,
                admissions_suspendues: g.admissions_suspendues,
            })
            .collect();
        let internats: Vec<Internat> = json
            .internats
            .iter()
            .map(|i| Internat {
                classement_internat: i.classement_internat,
                formation_inscription: i.formation_inscription,
                formation: i.formation,
                capacite: i.capacite,
            })
            .collect();
        let groupe_de = identifiers(
            "groupes",
            json.groupes.iter().map(|g| (g.id, (g.groupe_classement, g.formation_inscription, g.formation))),
        )?;
        let internat_de = identifiers(
            "internats",
            json.internats
                .iter()
                .map(|i| (i.id, (i.classement_internat, i.formation_inscription, i.formation))),
        )?;
        let mut candidats = Codes::default();
        let mut voeux = Voeux::default();
        for v in &json.voeux {
            // An identifier of nothing becomes a position of nothing: the engine refuses it at its turn.
            let internat = match v.internat {
                Some(id) => Some(internat_de.get(&id).copied().unwrap_or(INCONNU)),
                None if v.rang_internat != 0 => Some(VoeuInternat::SANS_REFERENCE),
                None => None,
            };
            voeux.push(Voeu {
                candidat: candidats.position(v.candidat),
                groupe: groupe_de.get(&v.groupe).copied().unwrap_or(INCONNU),
                rang_appel: v.rang_appel,
                etat: Etat::new(Statut::from(v.statut))
                    .with_internat(v.avec_internat)
                    .with_hors_pp(v.hors_pp)
                    .with_ignorer_rang_attente(v.ignorer_rang_attente)
                    .with_ignorer_barre_internat(v.ignorer_barre_internat),
                rang_preference: v.rang_preference,
                rang_appel_affiche: v.rang_appel_affiche,
                rang_attente_veille: v.rang_attente_veille,
                internat: internat.map(|i| (i, v.rang_internat)),
            });
        }
        let repondeurs = json.candidats_repondeur.iter().map(|&code| candidats.position(code)).collect();
        let p = &json.parametres;
        let entree = Entree {
            parametres: Parametres {
                jour: p.jour,
                jour_fin_reservation_internats: p.jour_fin_reservation_internats,
                jour_debut_gdd: p.jour_debut_gdd,
                jour_fin_ordonnancement_gdd: p.jour_fin_ordonnancement_gdd,
            },
            nombre_candidats: candidats.len() as u32,
            groupes,
            internats,
            voeux,
            repondeurs,
        };
        Ok(Self { entree, candidats })
    }

    /// Why the day is refused and where, with the code of the refusal.
    pub fn refusal(&self, json: &EntreePropositions, refus: &Refus) -> String {
        format!("{} [{}]", self.explain(json, refus), refus.code())
    }

    /// Where the refusal is, with the codes of the file.
    fn explain(&self, json: &EntreePropositions, refus: &Refus) -> String {
        let lieu = match refus.lieu {
            Lieu::Voeu(p) => match json.voeux.get(p as usize) {
                Some(v) => format!("vœu n° {p} de « voeux » (candidat {}, groupe {})", v.candidat, v.groupe),
                None => format!("vœu n° {p} de « voeux »"),
            },
            Lieu::Groupe(p) => format!("groupe {}", json.groupes[p as usize].id),
            Lieu::Internat(p) => format!("internat {}", json.internats[p as usize].id),
            Lieu::Candidat(p) => format!("candidat {}", self.candidats.code(p)),
            Lieu::Parametres => "parametres".to_owned(),
            Lieu::Colonnes => "voeux".to_owned(),
        };
        format!("{lieu} : {}", refus.motif.explication())
    }
}

/// A position of nothing.
const INCONNU: u32 = u32::MAX - 1;

/// Position of each identifier. One identifier for two objects is a fault of the file, unless they have the same key,
/// which the engine refuses by its own name.
fn identifiers<K: Eq + Hash + Copy>(
    liste: &str,
    objets: impl Iterator<Item = (i64, K)>,
) -> anyhow::Result<HashMap<i64, u32>> {
    let mut positions: HashMap<i64, (u32, K)> = HashMap::new();
    for (position, (id, cle)) in (0..).zip(objets) {
        let (_, premiere) = *positions.entry(id).or_insert((position, cle));
        if premiere != cle {
            bail!("« {liste} » donne l’identifiant {id} à deux objets différents : numérotez-les autrement");
        }
    }
    Ok(positions.into_iter().map(|(id, (position, _))| (id, position)).collect())
}

/// Computes a case.
pub fn compute(json: &EntreePropositions, options: &Options) -> anyhow::Result<Resultat> {
    let jour = Jour::new(json)?;
    match propositions::compute_with(&jour.entree, options) {
        Ok(sortie) => {
            let avis = abnormal(json, &sortie);
            Ok(Resultat { avis, ..Resultat::computed(&to_json(json, &sortie))? })
        }
        Err(refus) => Resultat::refused(refus.code(), jour.explain(json, &refus)),
    }
}

/// Groupes named when many have the same fault.
const CITES: usize = 5;

/// §8.4: waiting ranks that go down along the call order tell of abnormal ranks of the day before. Told, not refused.
fn abnormal(json: &EntreePropositions, sortie: &Sortie) -> Option<String> {
    let ids: Vec<String> =
        sortie.rangs_decroissants.iter().map(|&g| json.groupes[g as usize].id.to_string()).collect();
    let liste = match ids.as_slice() {
        [] => return None,
        [seul] => format!("le groupe {seul}"),
        tous if tous.len() <= CITES => format!("les groupes {}", tous.join(", ")),
        tous => format!("{} groupes, dont {}", tous.len(), tous[..CITES].join(", ")),
    };
    Some(format!(
        "rangs d’attente qui ne suivent pas l’ordre d’appel pour {liste} : ceux de la veille n’étaient pas normaux"
    ))
}

/// The output, with the identifiers of the file.
fn to_json(json: &EntreePropositions, sortie: &Sortie) -> SortiePropositions {
    let groupe = |position: u32| json.groupes[position as usize].id;
    let is_ecarte =
        |position: u32| !sortie.reparee && sortie.groupes_ecartes.binary_search(&position).is_ok();
    SortiePropositions {
        alerte: sortie.alerte,
        avertissement: sortie.avertissement,
        reparee: sortie.reparee,
        groupes_ecartes: sortie.groupes_ecartes.iter().map(|&g| groupe(g)).collect(),
        changements: sortie
            .changements
            .iter()
            .map(|c| ChangementJson { voeu: c.voeu, statut: c.statut.into() })
            .collect(),
        rangs_attente: (0..)
            .zip(&sortie.rangs_attente)
            .filter(|(_, rang)| **rang > 0)
            .map(|(voeu, &rang)| RangAttenteJson { voeu, rang })
            .collect(),
        groupes: (0..)
            .zip(&sortie.groupes)
            .filter(|(position, _)| !is_ecarte(*position))
            .map(|(position, g)| AffichageGroupeJson {
                id: groupe(position),
                estimation_rang_dernier_appele: Some(g.estimation_rang_dernier_appele)
                    .filter(|&r| r != i64::from(SANS_LIMITE)),
                rang_dernier_appele_affiche: g.rang_dernier_appele_affiche,
                candidats_en_attente: g.candidats_en_attente,
            })
            .collect(),
        internats: (0..)
            .zip(&sortie.internats)
            .filter(|(position, _)| sortie.internats_ecartes.binary_search(position).is_err())
            .map(|(position, i)| internat_to_json(json.internats[position as usize].id, i, groupe))
            .collect(),
    }
}

/// Runs the independent verifier on a recorded output; one sentence per fault.
pub fn verify(json: &EntreePropositions, sortie: &Value) -> anyhow::Result<Vec<String>> {
    let jour = Jour::new(json)?;
    if sortie.get("erreur").is_some() {
        // A refusal has no property: it is right if the data deserve it.
        return Ok(differences(sortie, &compute(json, &Options::default())?.sortie, 1));
    }
    let sortie = match SortiePropositions::deserialize(sortie) {
        Ok(sortie) => from_json(json, &jour.entree, &sortie),
        Err(error) => return Ok(vec![format!("la sortie n’a pas la forme attendue ({error})")]),
    };
    Ok(match sortie {
        Some(sortie) => propositions::verify(&jour.entree, &sortie).iter().map(ToString::to_string).collect(),
        None => vec!["la sortie cite un vœu, un groupe ou un internat qui n’existe pas".to_owned()],
    })
}

/// The output in positions, or none if it names what the input does not have.
fn from_json(json: &EntreePropositions, entree: &Entree, sortie: &SortiePropositions) -> Option<Sortie> {
    let groupes: HashMap<i64, u32> = json.groupes.iter().zip(0..).map(|(g, p)| (g.id, p)).collect();
    let internats: HashMap<i64, u32> = json.internats.iter().zip(0..).map(|(i, p)| (i.id, p)).collect();
    let mut resultat = Sortie {
        alerte: sortie.alerte,
        avertissement: sortie.avertissement,
        reparee: sortie.reparee,
        rangs_attente: vec![0; entree.voeux.len()],
        groupes: vec![AffichageGroupe::default(); entree.groupes.len()],
        internats: vec![AffichageInternat::default(); entree.internats.len()],
        ..Sortie::default()
    };
    for id in &sortie.groupes_ecartes {
        resultat.groupes_ecartes.push(*groupes.get(id)?);
    }
    resultat.groupes_ecartes.sort_unstable();
    for c in &sortie.changements {
        resultat.changements.push(Changement { voeu: c.voeu, statut: c.statut.into() });
    }
    for r in &sortie.rangs_attente {
        *resultat.rangs_attente.get_mut(r.voeu as usize)? = r.rang;
    }
    for g in &sortie.groupes {
        resultat.groupes[*groupes.get(&g.id)? as usize] = AffichageGroupe {
            estimation_rang_dernier_appele: g
                .estimation_rang_dernier_appele
                .unwrap_or(i64::from(SANS_LIMITE)),
            rang_dernier_appele_affiche: g.rang_dernier_appele_affiche,
            candidats_en_attente: g.candidats_en_attente,
        };
    }
    let mut kept = vec![false; entree.internats.len()];
    for i in &sortie.internats {
        let position = *internats.get(&i.id)? as usize;
        kept[position] = true;
        resultat.internats[position].barre_maximale = i.barre_maximale.unwrap_or(SANS_LIMITE);
        resultat.internats[position].barre = i.barre.unwrap_or(SANS_LIMITE);
    }
    resultat.internats_ecartes = (0..).zip(kept).filter(|(_, kept)| !kept).map(|(p, _)| p).collect();
    Some(resultat)
}

fn internat_to_json(
    id: i64,
    internat: &AffichageInternat,
    groupe: impl Fn(u32) -> i64,
) -> AffichageInternatJson {
    let limit = |barre: i32| Some(barre).filter(|&b| b != SANS_LIMITE);
    let mut affichages: Vec<BarresJson> = internat
        .affichages
        .iter()
        .map(|b| BarresJson {
            groupe: groupe(b.groupe),
            barre_appel: b.barre_appel,
            barre_internat: b.barre_internat,
        })
        .collect();
    affichages.sort_by_key(|b| b.groupe);
    AffichageInternatJson {
        id,
        barre_maximale: limit(internat.barre_maximale),
        barre: limit(internat.barre),
        affichages,
    }
}

macro_rules! same_statuts {
    ($($json:ident = $engine:ident),+ $(,)?) => {
        impl From<StatutJson> for Statut {
            fn from(statut: StatutJson) -> Self {
                match statut { $(StatutJson::$json => Self::$engine),+ }
            }
        }
        impl From<Statut> for StatutJson {
            fn from(statut: Statut) -> Self {
                match statut { $(Statut::$engine => Self::$json),+ }
            }
        }
    };
}

same_statuts!(
    EnAttente = EnAttente,
    PropositionDuJour = PropositionDuJour,
    RaDemissionAttente = RaDemissionAttente,
    GddDemissionAttente = GddDemissionAttente,
    GddDemissionProposition = GddDemissionProposition,
    RaAcceptation = RaAcceptation,
    RaRefusProposition = RaRefusProposition,
    PropositionAnterieureSansReponse = AnterieureSansReponse,
    PropositionAnterieureAcceptee = AnterieureAcceptee,
    PropositionAnterieureRefusee = AnterieureRefusee,
    RefusOuDemission = RefusOuDemission,
    NonClasse = NonClasse,
);
