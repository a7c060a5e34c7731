//! The perimeter of a list: what of the table of rights becomes a condition on rows.

use super::{Acteur, Action, Denial, Relation, TABLE};

/// Which objects a list may show. No list function of `store` exists without one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    portee: Portee,
    compte: Option<i64>,
}

/// The extent of a [`Scope`]. Several perimeters add up.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Portee {
    /// Every object: the lists below are then of no account.
    pub tout: bool,
    /// Internal keys.
    pub etablissements: Vec<i64>,
    /// Establishments of which only what is about no course is in the perimeter.
    pub seuls: Vec<i64>,
    /// Internal keys, permanent ones.
    pub formations: Vec<i64>,
    /// Codes.
    pub academies: Vec<String>,
    /// Internal key of the person’s own record.
    pub candidat: Option<i64>,
}

impl Portee {
    /// The establishments of which what is about no course is in the perimeter.
    pub fn hors_formation(&self) -> Vec<i64> {
        self.etablissements.iter().chain(&self.seuls).copied().collect()
    }
}

impl Scope {
    /// What may be listed.
    pub fn portee(&self) -> &Portee {
        &self.portee
    }

    /// Who lists.
    pub fn compte(&self) -> Option<i64> {
        self.compte
    }
}

/// The perimeter over which a person may do something.
///
/// # Errors
/// [`Denial`] when no line of the table gives the action to any of the person's roles.
pub fn scope(acteur: &Acteur, action: Action) -> Result<Scope, Denial> {
    let mut portee = Portee::default();
    let mut trouve = false;
    for attribution in &acteur.attributions {
        for regle in TABLE.iter().filter(|r| {
            r.role == attribution.role && r.actions.contains(&action) && attribution.allows(action)
        }) {
            trouve = true;
            match regle.relation {
                Relation::Tout => portee.tout = true,
                Relation::SonEtablissement => portee.etablissements.extend(attribution.etablissement),
                Relation::SonEtablissementSeul if attribution.formation.is_none() => {
                    portee.seuls.extend(attribution.etablissement);
                }
                Relation::SonEtablissementSeul => {}
                Relation::SaFormation => portee.formations.extend(attribution.formation),
                Relation::SonAcademie => portee.academies.extend(attribution.academies.iter().cloned()),
                Relation::SonDossier => portee.candidat = attribution.candidat.or(portee.candidat),
            }
        }
    }
    if trouve { Ok(Scope { portee, compte: acteur.compte }) } else { Err(Denial { action, connu: true }) }
}

/// The perimeter over which a person may do something in one session: attributions for other sessions do not count.
///
/// # Errors
/// [`Denial`] when no line of the table gives the action to any of the person's roles for that session.
pub fn scope_session(acteur: &Acteur, action: Action, session: i64) -> Result<Scope, Denial> {
    let attributions =
        acteur.attributions.iter().filter(|a| a.session.is_none_or(|s| s == session)).cloned().collect();
    scope(&Acteur { attributions, ..acteur.clone() }, action)
}
