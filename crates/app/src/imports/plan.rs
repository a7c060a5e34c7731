//! What an import would change: a comparison in memory, without the database.

use std::collections::{HashMap, HashSet};

use store::imports::{
    self as base, EtablissementConnu, EtablissementImport, FormationConnue, GroupeConnu, OffreImport,
    StatistiqueConnue, StatistiqueImport,
};
use store::{Sql, StoreError};

use super::groupes::GroupeImport;
use super::ligne::LigneImport;

/// What the base holds before the import.
#[derive(Debug, Default)]
pub(super) struct Connus {
    pub etablissements: HashMap<String, EtablissementConnu>,
    pub formations: HashMap<String, FormationConnue>,
    /// By settings of a course.
    pub groupes: HashMap<i64, Vec<GroupeConnu>>,
    /// By permanent course.
    pub statistiques: HashMap<i64, StatistiqueConnue>,
}

impl Connus {
    /// Reads the session (`None`: it does not exist yet) and the figures of a year.
    pub(super) async fn load(c: &impl Sql, session: Option<i64>, annee: i64) -> Result<Self, StoreError> {
        // No session has the key 0: permanent rows are read alone.
        let session = session.unwrap_or(0);
        let etablissements =
            base::etablissements(c, session).await?.into_iter().map(|e| (e.uai.clone(), e)).collect();
        let formations =
            base::formations(c, session).await?.into_iter().map(|f| (f.cle.clone(), f)).collect();
        let mut groupes: HashMap<i64, Vec<GroupeConnu>> = HashMap::new();
        for g in base::groupes(c, session).await? {
            groupes.entry(g.formation_session_id).or_default().push(g);
        }
        let statistiques =
            base::statistiques(c, annee).await?.into_iter().map(|s| (s.formation_id, s)).collect();
        Ok(Self { etablissements, formations, groupes, statistiques })
    }
}

/// The words that a course is looked for by, among which the name of its establishment.
const RECHERCHE: &str = "texte de recherche";

/// A value that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Difference {
    pub champ: &'static str,
    pub avant: String,
    pub apres: String,
}

/// What to do with the settings of a course.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Acte {
    Ajouter,
    /// What differs among the settings; may be empty when only groups or figures do.
    Modifier {
        offre_id: i64,
        differences: Vec<Difference>,
        groupes: bool,
    },
    Rien,
    /// R-IMP-02: a person changed the settings since: the file does not overwrite them.
    Proteger,
}

/// A line and what to do with it.
#[derive(Debug)]
pub(super) struct LignePlan<'a> {
    pub ligne: &'a LigneImport,
    pub formation: Option<&'a FormationConnue>,
    pub acte: Acte,
    pub statistique: ActeStatistique,
}

/// What to do with the figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ActeStatistique {
    Ajouter,
    Modifier(i64),
    Rien,
}

/// What an import would change.
#[derive(Debug, Default)]
pub(super) struct Plan<'a> {
    /// Establishments of the file, each once, in the order of the file.
    pub etablissements: Vec<&'a EtablissementImport>,
    pub etablissements_nouveaux: Vec<&'a str>,
    pub etablissements_session_nouveaux: Vec<&'a EtablissementImport>,
    pub etablissements_modifies: Vec<(i64, &'a EtablissementImport)>,
    /// R-IMP-02: by key, those that a person named otherwise than the file: their courses are looked for by that name.
    pub renommes: HashMap<i64, String>,
    pub lignes: Vec<LignePlan<'a>>,
    /// Courses of the session that the file does not have.
    pub absentes: usize,
}

impl<'a> Plan<'a> {
    pub(super) fn new(lignes: &'a [LigneImport], connus: &'a Connus) -> Self {
        let mut plan = Self::default();
        plan.etablissements(lignes, connus);
        let mut cles: HashSet<&str> = HashSet::with_capacity(lignes.len());
        for ligne in lignes {
            cles.insert(&ligne.cle);
            let formation = connus.formations.get(&ligne.cle);
            plan.lignes.push(LignePlan {
                ligne,
                formation,
                acte: acte(ligne, formation, connus),
                statistique: acte_statistique(ligne, formation, connus),
            });
        }
        plan.absentes = connus
            .formations
            .values()
            .filter(|f| f.offre.is_some() && !cles.contains(f.cle.as_str()))
            .count();
        plan
    }

    fn etablissements(&mut self, lignes: &'a [LigneImport], connus: &Connus) {
        let mut vus = HashSet::new();
        for e in lignes.iter().map(|l| &l.etablissement) {
            if !vus.insert(&e.uai) {
                continue;
            }
            self.etablissements.push(e);
            match connus.etablissements.get(&e.uai) {
                None => {
                    self.etablissements_nouveaux.push(&e.uai);
                    self.etablissements_session_nouveaux.push(e);
                }
                Some(c) => match c.ligne {
                    None => self.etablissements_session_nouveaux.push(e),
                    Some(id) if c.touchee == 0 && !same_etablissement(e, c) => {
                        self.etablissements_modifies.push((id, e));
                    }
                    Some(_) if is_renomme(e, c) => {
                        self.renommes.insert(c.id, c.nom.clone().unwrap_or_default());
                    }
                    Some(_) => {}
                },
            }
        }
    }

    /// Nothing to write.
    pub(super) fn is_empty(&self) -> bool {
        self.etablissements_session_nouveaux.is_empty()
            && self.etablissements_modifies.is_empty()
            && self.lignes.iter().all(LignePlan::is_inchangee)
    }
}

impl LignePlan<'_> {
    /// Nothing to write for this line.
    pub(super) fn is_inchangee(&self) -> bool {
        matches!(self.acte, Acte::Rien | Acte::Proteger) && self.statistique == ActeStatistique::Rien
    }
}

fn acte(ligne: &LigneImport, formation: Option<&FormationConnue>, connus: &Connus) -> Acte {
    let Some(f) = formation else { return Acte::Ajouter };
    let Some(offre_id) = f.offre else { return Acte::Ajouter };
    let mut differences = differences(&ligne.offre, f);
    let connu = connus.etablissements.get(&ligne.etablissement.uai);
    if connu.is_some_and(|c| is_renomme(&ligne.etablissement, c)) {
        differences.retain(|d| d.champ != RECHERCHE);
    }
    let etablissement = connu.map(|e| e.id);
    if etablissement.is_none() || etablissement != f.etablissement_id {
        differences.push(Difference {
            champ: "établissement",
            avant: connus
                .etablissements
                .values()
                .find(|e| Some(e.id) == f.etablissement_id)
                .map(|e| e.uai.clone())
                .unwrap_or_default(),
            apres: ligne.etablissement.uai.clone(),
        });
    }
    let connus = connus.groupes.get(&offre_id).map_or(&[][..], Vec::as_slice);
    let groupes = !same_groupes(&ligne.groupes, connus);
    if differences.is_empty() && !groupes {
        Acte::Rien
    } else if f.touchee == 1 {
        Acte::Proteger
    } else {
        Acte::Modifier { offre_id, differences, groupes }
    }
}

fn acte_statistique(
    ligne: &LigneImport,
    formation: Option<&FormationConnue>,
    connus: &Connus,
) -> ActeStatistique {
    let Some(s) = &ligne.statistique else { return ActeStatistique::Rien };
    match formation.and_then(|f| connus.statistiques.get(&f.id)) {
        None => ActeStatistique::Ajouter,
        Some(c) if same_statistique(s, c) => ActeStatistique::Rien,
        Some(c) => ActeStatistique::Modifier(c.id),
    }
}

/// R-IMP-02: a person named it otherwise than the file.
fn is_renomme(e: &EtablissementImport, c: &EtablissementConnu) -> bool {
    c.touchee == 1 && c.nom.as_deref() != Some(e.nom.as_str())
}

fn same_etablissement(e: &EtablissementImport, c: &EtablissementConnu) -> bool {
    let same = |a: &str, b: &Option<String>| b.as_deref() == Some(a);
    same(&e.nom, &c.nom)
        && same(&e.statut, &c.statut)
        && same(&e.departement, &c.departement)
        && same(&e.academie, &c.academie)
        && same(&e.commune, &c.commune)
        && e.latitude == c.latitude
        && e.longitude == c.longitude
        // A file that does not know the site leaves the one that another file gave.
        && (e.site_web.is_none() || e.site_web == c.site_web)
}

fn same_statistique(s: &StatistiqueImport, c: &StatistiqueConnue) -> bool {
    s.chiffres == c.chiffres
        && s.capacite == c.capacite
        && s.candidats == c.candidats
        && s.propositions == c.propositions
        && s.acceptations == c.acceptations
}

/// Same groups, in any order. A group that lost its places because the file dropped it, but that holds wishes, does not
/// count.
fn same_groupes(voulus: &[GroupeImport], connus: &[GroupeConnu]) -> bool {
    let nommes = |libelle: &str| voulus.iter().any(|v| v.libelle == libelle);
    let mut a: Vec<(&str, &str, i64)> =
        voulus.iter().map(|v| (v.libelle.as_str(), v.series.as_str(), i64::from(v.places))).collect();
    let mut b: Vec<(&str, &str, i64)> = connus
        .iter()
        .filter(|c| c.places > 0 || nommes(&c.libelle))
        .map(|c| (c.libelle.as_str(), c.series.as_str(), c.places))
        .collect();
    a.sort_unstable();
    b.sort_unstable();
    a == b
}

fn differences(o: &OffreImport, f: &FormationConnue) -> Vec<Difference> {
    let mut sortie = Vec::new();
    let mut texte = |champ, avant: &Option<String>, apres: &str| {
        if avant.as_deref() != Some(apres) {
            sortie.push(Difference {
                champ,
                avant: avant.clone().unwrap_or_default(),
                apres: apres.to_owned(),
            });
        }
    };
    texte("famille", &f.famille, o.famille);
    texte("libellé", &f.libelle, &o.libelle);
    texte("détail", &f.detail, &o.detail);
    texte("département", &f.departement, &o.departement);
    texte("académie", &f.academie, &o.academie);
    texte("commune", &f.commune, &o.commune);
    texte(RECHERCHE, &f.recherche, &o.recherche);
    texte("état", &f.etat, "publiee");
    let nombre = |n: Option<i64>| n.map_or_else(|| "inconnue".to_owned(), |n| n.to_string());
    if f.capacite != o.capacite {
        sortie.push(Difference { champ: "capacité", avant: nombre(f.capacite), apres: nombre(o.capacite) });
    }
    let oui = |b: bool| if b { "oui" } else { "non" }.to_owned();
    for (champ, avant, apres) in
        [("sélective", f.selective, o.selective), ("internat", f.internat, o.internat)]
    {
        if avant != Some(i64::from(apres)) {
            sortie.push(Difference { champ, avant: oui(avant == Some(1)), apres: oui(apres) });
        }
    }
    if o.code_type.is_some() && f.code_type != o.code_type {
        let code = |n: Option<i64>| n.map_or_else(|| "inconnu".to_owned(), |n| n.to_string());
        sortie.push(Difference {
            champ: "type national",
            avant: code(f.code_type),
            apres: code(o.code_type),
        });
    }
    if f.latitude != o.latitude || f.longitude != o.longitude {
        let place = |la: Option<f64>, lo: Option<f64>| match (la, lo) {
            (Some(la), Some(lo)) => format!("{la}, {lo}"),
            _ => "inconnues".to_owned(),
        };
        sortie.push(Difference {
            champ: "coordonnées",
            avant: place(f.latitude, f.longitude),
            apres: place(o.latitude, o.longitude),
        });
    }
    sortie
}
