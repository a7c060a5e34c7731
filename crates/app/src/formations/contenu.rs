//! All that is reviewed and published of a course, at one moment; two moments compared field by field.

use std::collections::HashMap;

use domain::formations::Genre;
use domain::formations::controle::CHAMPS_PROPRES;
use domain::formations::description::{Champ, Description, Rubrique, Valeur};
use domain::formations::format_montant;
use serde::{Deserialize, Serialize};
use store::Sql;
use store::formations::{self as base, LigneFormation, LigneGroupe, LignePublication};

use super::description::{Lieux, genre, lit, load_description};
use super::{PlacesPubliees, distinctes, load_groupes, load_groupes_of, places_of, places_publiees};
use crate::erreur::AppError;
use crate::idempotence::hash;
use crate::messages::{accord, nombre};
use crate::sessions;

/// The values of a course.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Contenu {
    capacite: Option<i64>,
    frais_centimes: Option<i64>,
    presentation: String,
    groupes: Vec<PlacesPubliees>,
    description: Description,
}

impl Contenu {
    /// The draft.
    pub(super) fn new(f: &LigneFormation, groupes: &[LigneGroupe], description: Description) -> Self {
        Self {
            capacite: f.capacite,
            frais_centimes: f.frais_centimes,
            presentation: f.presentation.clone(),
            groupes: places_of(groupes),
            description,
        }
    }

    /// What a publication says; one that came with an import says little.
    pub(super) fn of_publication(p: &LignePublication, genre: Genre) -> Result<Self, AppError> {
        Ok(Self {
            capacite: p.capacite,
            frais_centimes: p.frais_centimes,
            presentation: p.presentation.clone(),
            groupes: places_publiees(&p.groupes),
            description: lit(&p.description, genre)?,
        })
    }

    /// The draft, read again.
    pub(super) async fn load(c: &impl Sql, f: &LigneFormation) -> Result<Self, AppError> {
        let groupes = load_groupes(c, f.id).await?;
        let (description, _) = load_description(c, f).await?;
        Ok(Self::new(f, &groupes, description))
    }

    pub(super) fn lit(json: &str) -> Result<Self, AppError> {
        serde_json::from_str(json).map_err(|e| AppError::Internal(format!("controle_acte : {e}")))
    }

    pub(super) fn ecrit(&self) -> Result<String, AppError> {
        serde_json::to_string(self).map_err(AppError::internal)
    }

    /// Fingerprint: the same for the same values, and for no other.
    pub(super) fn empreinte(&self) -> Result<String, AppError> {
        Ok(hash(&self.ecrit()?))
    }

    /// What the course says of itself.
    pub(super) fn description(&self) -> &Description {
        &self.description
    }

    /// R-FOR-11: labels of what is missing in the description.
    pub(super) fn manques(&self, genre: Genre) -> Vec<&'static str> {
        self.description.manques(genre).into_iter().map(|c| c.libelle).collect()
    }

    /// The same without the days, which belong to one year.
    fn reportee(&self) -> Self {
        Self { description: self.description.clone().reportee(), ..self.clone() }
    }

    /// What a field says, one line each; nothing: not said.
    fn lignes(&self, code: &str, lieux: &Lieux) -> Vec<String> {
        match code {
            "capacite" => {
                let places = self.capacite.map(|n| accord(n, "place", "places"));
                let groupes = self.groupes.iter().filter(|_| self.groupes.len() > 1);
                let groupes = groupes.map(|g| format!("{} : {}", g.libelle, nombre(g.places)));
                places.into_iter().chain(groupes).collect()
            }
            "frais" => self.frais_centimes.map(format_montant).into_iter().collect(),
            "presentation" => paragraphes(&self.presentation),
            code => match Champ::from_code(code).zip(self.description.valeur(code)) {
                None => Vec::new(),
                Some((champ, Valeur::Texte(t))) => paragraphes(&lieux.lisible(champ, t)),
                Some((champ, Valeur::Lignes(lignes))) => champ.lignes_lisibles(lignes),
            },
        }
    }
}

fn paragraphes(texte: &str) -> Vec<String> {
    texte.lines().map(str::trim).filter(|l| !l.is_empty()).map(str::to_owned).collect()
}

/// A field at two moments, as it is read: one line each, none where nothing is said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChampCompare {
    /// Stable code.
    pub code: &'static str,
    /// French label.
    pub libelle: &'static str,
    /// Part of the forms, in French.
    pub rubrique: &'static str,
    /// At the first moment.
    pub avant: Vec<String>,
    /// At the second.
    pub apres: Vec<String>,
    /// Whether it says something else; days apart when they are those of two years.
    pub change: bool,
    /// Whether candidates read it.
    pub public: bool,
}

impl ChampCompare {
    /// Whether only those who read capacities and fees read it (R-DRO-04).
    pub(super) fn de_capacite(&self) -> bool {
        matches!(self.code, "capacite" | "frais")
            || Champ::from_code(self.code).is_some_and(|c| c.rubrique == Rubrique::Frais)
    }
}

/// The values of a course at one moment, and the places that they name.
#[derive(Debug, Clone)]
pub(super) struct Cote {
    pub contenu: Contenu,
    pub lieux: Lieux,
}

/// (code, label, part, whether candidates read it) of the fields compared, in the order of the forms.
fn champs(genre: Genre) -> Vec<(&'static str, &'static str, &'static str, bool)> {
    let description = Rubrique::ALL
        .into_iter()
        .flat_map(|r| r.champs(genre))
        .map(|c| (c.code, c.libelle, c.rubrique.libelle(), c.public));
    let propres = CHAMPS_PROPRES
        .into_iter()
        .map(|(code, libelle)| (code, libelle, "Capacité, frais, présentation", true));
    propres.chain(description).collect()
}

/// Every field of a kind of courses at two moments. `autre_annee`: what belongs to one year is no change.
pub(super) fn compare_contenus(
    avant: Option<&Cote>,
    apres: &Cote,
    genre: Genre,
    autre_annee: bool,
) -> Vec<ChampCompare> {
    let norme = |c: &Cote| if autre_annee { c.contenu.reportee() } else { c.contenu.clone() };
    let (avant_norme, apres_norme) = (avant.map(norme), norme(apres));
    champs(genre)
        .into_iter()
        .map(|(code, libelle, rubrique, public)| {
            let la =
                avant_norme.as_ref().zip(avant).map(|(n, c)| n.lignes(code, &c.lieux)).unwrap_or_default();
            ChampCompare {
                code,
                libelle,
                rubrique,
                change: la != apres_norme.lignes(code, &apres.lieux),
                avant: avant.map(|c| c.contenu.lignes(code, &c.lieux)).unwrap_or_default(),
                apres: apres.contenu.lignes(code, &apres.lieux),
                public,
            }
        })
        .collect()
}

/// Labels of what the draft says otherwise than a publication, in the order of the forms.
pub(super) async fn differences(
    c: &impl Sql,
    f: &LigneFormation,
    (brouillon, publiee): (&Contenu, &LignePublication),
    genre: Genre,
    lisibles: bool,
) -> Result<Vec<&'static str>, AppError> {
    let lieux = Lieux::load(c, f.session_id, f.etablissement_id).await?;
    let avant = Cote { contenu: Contenu::of_publication(publiee, genre)?, lieux: lieux.clone() };
    let apres = Cote { contenu: brouillon.clone(), lieux };
    let compares = compare_contenus(Some(&avant), &apres, genre, false);
    Ok(compares.iter().filter(|c| c.change && (lisibles || !c.de_capacite())).map(|c| c.libelle).collect())
}

/// The draft with its places.
pub(super) async fn present(c: &impl Sql, f: &LigneFormation) -> Result<Cote, AppError> {
    Ok(Cote {
        contenu: Contenu::load(c, f).await?,
        lieux: Lieux::load(c, f.session_id, f.etablissement_id).await?,
    })
}

/// Last year's values, and that year; `None` for a course new this year.
pub(super) async fn precedent(c: &impl Sql, f: &LigneFormation) -> Result<Option<(i64, Cote)>, AppError> {
    Ok(precedents(c, std::slice::from_ref(f)).await?.remove(&f.id))
}

/// The same of many courses, all read at once, by key of the course of this year; one that is new has none.
pub(super) async fn precedents(
    c: &impl Sql,
    formations: &[LigneFormation],
) -> Result<HashMap<i64, (i64, Cote)>, AppError> {
    let cles = distinctes(formations.iter().filter_map(|f| f.precedente_id));
    let anciennes = base::by_ids(c, &cles).await?;
    if anciennes.is_empty() {
        return Ok(HashMap::new());
    }
    let annees = sessions::annees(c).await?;
    let descriptions = base::descriptions(c, &cles).await?;
    let descriptions: HashMap<i64, &str> =
        descriptions.iter().map(|d| (d.formation_session_id, d.contenu.as_str())).collect();
    let groupes = load_groupes_of(c, &cles).await?;
    let lieux = lieux_of(c, &anciennes).await?;
    let anciennes: HashMap<i64, LigneFormation> = anciennes.into_iter().map(|f| (f.id, f)).collect();
    let mut precedents = HashMap::with_capacity(formations.len());
    for f in formations {
        let Some(avant) = f.precedente_id.and_then(|id| anciennes.get(&id)) else { continue };
        let Some(annee) = annees.get(&avant.session_id) else { continue };
        // Read with this year's kind: a field that it does not have is no longer compared.
        let contenu = descriptions.get(&avant.id);
        let description = contenu.map_or_else(|| Ok(Description::default()), |texte| lit(texte, genre(f)))?;
        let siens = groupes.get(&avant.id).map_or(&[][..], Vec::as_slice);
        let maison = (avant.session_id, avant.etablissement_id);
        let cote = Cote {
            contenu: Contenu::new(avant, siens, description),
            lieux: lieux.get(&maison).cloned().unwrap_or_default(),
        };
        precedents.insert(f.id, (*annee, cote));
    }
    Ok(precedents)
}

/// The places of the establishments of these courses, by key of the session and of the establishment.
async fn lieux_of(
    c: &impl Sql,
    formations: &[LigneFormation],
) -> Result<HashMap<(i64, i64), Lieux>, AppError> {
    let mut lieux = HashMap::new();
    for session in distinctes(formations.iter().map(|f| f.session_id)) {
        let maisons =
            distinctes(formations.iter().filter(|f| f.session_id == session).map(|f| f.etablissement_id));
        let lus = Lieux::load_all(c, session, &maisons).await?;
        lieux.extend(lus.into_iter().map(|(maison, l)| ((session, maison), l)));
    }
    Ok(lieux)
}
