//! What the public reads of an establishment beside its courses. Never its head (R-ETA-03).

use domain::etablissements::{Internat, Tutelle};
use jiff::civil::Date;
use store::Sql;
use store::etablissements::{self as base, LigneJournee, LigneParametrage, LigneSite};

use crate::erreur::AppError;

/// An open day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JourneePublique {
    /// Public identifier of its line.
    pub id: String,
    /// The day.
    pub jour: Date,
    /// Minutes of that day, in the time of the place.
    pub horaires: (i64, i64),
    /// A web address rather than a place.
    pub a_distance: bool,
    /// Where to come, or the address.
    pub ou: String,
}

/// The public part of the settings of an establishment.
#[derive(Debug, Clone, PartialEq)]
pub struct EtablissementPublic {
    /// French label of the ministry that answers for it; empty while nobody said it.
    pub tutelle: &'static str,
    /// « 12 rue des Écoles, 80000 Amiens »; empty while nobody said it.
    pub adresse: String,
    /// Empty when there is none.
    pub telephone: String,
    /// Empty when there is none.
    pub courriel: String,
    /// Access for disabled people, plain text.
    pub accessibilite: String,
    /// Name, mailbox and telephone of the person for disabled people; empty parts are not said.
    pub referent: [String; 3],
    /// What was answered on boarding.
    pub internat: Option<(Internat, Option<i64>)>,
    /// Scholarship holders come with their grant; `None`: not said.
    pub boursiers: Option<bool>,
    /// Components by name.
    pub composantes: Vec<String>,
    /// Where one studies.
    pub sites: Vec<LigneSite>,
    /// From `jour` on, in their order.
    pub journees: Vec<JourneePublique>,
}

/// « 12 rue des Écoles, 80000 Amiens ».
fn adresse(l: &LigneParametrage) -> String {
    if l.adresse.is_empty() {
        return String::new();
    }
    format!("{}, {} {}", l.adresse, l.code_postal, l.commune)
}

pub(super) fn journee(l: LigneJournee) -> Option<JourneePublique> {
    Some(JourneePublique {
        id: l.public_id,
        jour: l.jour.parse().ok()?,
        horaires: (l.debut_min, l.fin_min),
        a_distance: l.a_distance == 1,
        ou: l.ou,
    })
}

impl EtablissementPublic {
    /// What the public reads of these settings; open days before `jour` are over.
    pub(super) fn new(
        l: &LigneParametrage,
        composantes: Vec<String>,
        sites: Vec<LigneSite>,
        journees: impl IntoIterator<Item = JourneePublique>,
        jour: Date,
    ) -> Self {
        Self {
            tutelle: Tutelle::from_code(&l.tutelle).map_or("", Tutelle::libelle),
            adresse: adresse(l),
            telephone: l.telephone.clone(),
            courriel: l.courriel.clone(),
            accessibilite: l.accessibilite.clone(),
            referent: [l.referent_nom.clone(), l.referent_courriel.clone(), l.referent_telephone.clone()],
            internat: Internat::from_code(&l.internat).map(|i| (i, l.internat_places)),
            boursiers: l.boursiers.map(|b| b == 1),
            composantes,
            sites,
            journees: journees.into_iter().filter(|j| j.jour >= jour).collect(),
        }
    }
}

/// The public part of an establishment of a session; nothing when the session does not know it.
///
/// # Errors
/// When the database refuses.
pub async fn public_sheet(
    c: &impl Sql,
    session: i64,
    etablissement: i64,
    jour: Date,
) -> Result<Option<EtablissementPublic>, AppError> {
    let Some(l) = base::parametrage_of(c, session, etablissement).await? else { return Ok(None) };
    let composantes = base::composantes(c, l.id).await?.into_iter().map(|c| c.nom).collect();
    let sites = base::sites(c, l.id).await?;
    let journees = base::journees(c, l.id).await?.into_iter().filter_map(journee);
    Ok(Some(EtablissementPublic::new(&l, composantes, sites, journees, jour)))
}
