//! What the forms of an establishment say, read under its rules: everything that is wrong is told at once, by field.

use domain::comptes::Courriel;
use domain::etablissements::{
    Internat, Journee, check_code_postal, check_contact, check_journee, check_ligne, check_ou,
    check_site_web, check_telephone, check_texte, parse_position,
};
use domain::formations::check_capacite;
use domain::{Fautes, RuleViolation};
use jiff::civil::{Date, Time};
use store::Value;

use super::{Accueil, Chef, Composante, Coordonnees, JourneeSaisie, Modification, Site};
use crate::messages;

pub(super) type Colonnes = Vec<(&'static str, Value)>;

fn texte(valeur: String) -> Value {
    valeur.into()
}

/// Empty stays empty; anything else must be right.
fn facultatif(
    saisi: &str,
    lit: impl FnOnce(&str) -> Result<String, RuleViolation>,
) -> Result<String, RuleViolation> {
    if saisi.trim().is_empty() { Ok(String::new()) } else { lit(saisi) }
}

pub(super) fn obligatoire(champ: &'static str, saisi: &str) -> Result<String, RuleViolation> {
    let net = check_ligne(champ, saisi)?;
    if net.is_empty() { Err(RuleViolation::Champ { champ, motif: "vide" }) } else { Ok(net) }
}

pub(super) fn courriel(champ: &'static str, saisi: &str) -> Result<String, RuleViolation> {
    let faux = RuleViolation::Champ { champ, motif: "format" };
    Courriel::parse(saisi).map(|c| c.as_str().to_owned()).map_err(|_| faux)
}

/// A latitude or a longitude as it is typed: « 49,894 ».
pub fn degres(valeur: f64) -> String {
    valeur.to_string().replace('.', ",")
}

fn net_coordonnees(c: &Coordonnees) -> Result<Coordonnees, Fautes> {
    let mut f = Fautes::default();
    let net = Coordonnees {
        sigle: f.lit(check_ligne("sigle", &c.sigle)),
        adresse: f.lit(check_ligne("adresse", &c.adresse)),
        code_postal: f.lit(facultatif(&c.code_postal, check_code_postal)),
        commune: f.lit(obligatoire("commune", &c.commune)),
        telephone: f.lit(facultatif(&c.telephone, |t| check_telephone("telephone", t))),
        courriel: f.lit(facultatif(&c.courriel, |t| courriel("courriel", t))),
        site_web: f.lit(facultatif(&c.site_web, |t| check_site_web("site_web", t))),
    };
    f.conclut(net)
}

pub(super) fn coordonnees(c: &Coordonnees) -> Result<Colonnes, Fautes> {
    let c = net_coordonnees(c)?;
    Ok(vec![
        ("sigle", texte(c.sigle)),
        ("adresse", texte(c.adresse)),
        ("code_postal", texte(c.code_postal)),
        ("commune", texte(c.commune)),
        ("telephone", texte(c.telephone)),
        ("courriel", texte(c.courriel)),
        ("site_web", Some(c.site_web).filter(|s| !s.is_empty()).into()),
    ])
}

fn net_accueil(a: &Accueil) -> Result<Accueil, Fautes> {
    let internat = Internat::from_code(&a.internat);
    // The places of no boarding are none.
    let places = a.internat_places.filter(|_| internat.is_some_and(|i| i != Internat::Sans));
    let places = places.map(|n| {
        let hors_bornes = RuleViolation::Champ { champ: "internat_places", motif: "hors_bornes" };
        check_capacite(n).map_err(|_| hors_bornes)
    });
    let mut f = Fautes::default();
    let net = Accueil {
        accessibilite: f.lit(check_texte("accessibilite", &a.accessibilite)),
        referent_nom: f.lit(check_ligne("referent_nom", &a.referent_nom)),
        referent_courriel: f.lit(facultatif(&a.referent_courriel, |t| courriel("referent_courriel", t))),
        referent_telephone: f
            .lit(facultatif(&a.referent_telephone, |t| check_telephone("referent_telephone", t))),
        internat: internat.map_or("", Internat::code).to_owned(),
        internat_places: places.map(|n| f.lit(n)),
        boursiers: a.boursiers,
    };
    f.conclut(net)
}

pub(super) fn accueil(a: &Accueil) -> Result<Colonnes, Fautes> {
    let a = net_accueil(a)?;
    Ok(vec![
        ("accessibilite", texte(a.accessibilite)),
        ("referent_nom", texte(a.referent_nom)),
        ("referent_courriel", texte(a.referent_courriel)),
        ("referent_telephone", texte(a.referent_telephone)),
        ("internat", texte(a.internat)),
        ("internat_places", a.internat_places.into()),
        ("boursiers", a.boursiers.map(i64::from).into()),
    ])
}

fn net_composante(c: &Composante) -> Result<Composante, Fautes> {
    let mut f = Fautes::default();
    let net = Composante { nom: f.lit(obligatoire("nom", &c.nom)) };
    f.conclut(net)
}

pub(super) fn composante(c: &Composante) -> Result<Colonnes, Fautes> {
    Ok(vec![("nom", texte(net_composante(c)?.nom))])
}

/// With its position in degrees.
fn net_site(s: &Site) -> Result<(Site, Option<(f64, f64)>), Fautes> {
    let mut f = Fautes::default();
    let mut net = Site {
        nom: f.lit(obligatoire("nom", &s.nom)),
        adresse: f.lit(obligatoire("adresse", &s.adresse)),
        code_postal: f.lit(check_code_postal(&s.code_postal)),
        commune: f.lit(obligatoire("commune", &s.commune)),
        ..Site::default()
    };
    let position = f.lit(parse_position(&s.latitude, &s.longitude));
    if let Some((latitude, longitude)) = position {
        (net.latitude, net.longitude) = (degres(latitude), degres(longitude));
    }
    f.conclut((net, position))
}

pub(super) fn site(s: &Site) -> Result<Colonnes, Fautes> {
    let (s, position) = net_site(s)?;
    Ok(vec![
        ("nom", texte(s.nom)),
        ("adresse", texte(s.adresse)),
        ("code_postal", texte(s.code_postal)),
        ("commune", texte(s.commune)),
        ("latitude", position.map(|p| p.0).into()),
        ("longitude", position.map(|p| p.1).into()),
    ])
}

pub(super) fn minutes(t: Time) -> i64 {
    i64::from(t.hour()) * 60 + i64::from(t.minute())
}

/// The hour of so many minutes of a day; none where it has not as many.
pub(crate) fn heure_du_jour(minutes: i64) -> Option<Time> {
    Time::new(i8::try_from(minutes / 60).ok()?, i8::try_from(minutes % 60).ok()?, 0, 0).ok()
}

/// As it would be told; `campagne`: first and last day of it.
pub(super) fn net_journee(
    j: &JourneeSaisie,
    campagne: (Date, Date),
    aujourd_hui: Date,
) -> Result<Journee, Fautes> {
    check_journee(
        Journee { jour: j.jour, debut: j.debut, fin: j.fin, a_distance: j.a_distance, ou: j.ou.clone() },
        campagne,
        aujourd_hui,
    )
}

pub(super) fn journee(j: Journee) -> Colonnes {
    vec![
        ("jour", texte(j.jour.to_string())),
        ("debut_min", minutes(j.debut).into()),
        ("fin_min", minutes(j.fin).into()),
        ("a_distance", i64::from(j.a_distance).into()),
        ("ou", texte(j.ou)),
    ]
}

/// Who a head is, and how to reach them.
pub(super) struct Personne {
    pub nom: String,
    pub prenom: String,
    pub fonction: String,
    pub courriel: String,
    pub telephone: String,
}

impl Personne {
    /// As typed; what is wrong goes to `f`.
    pub(super) fn read(c: &Chef, f: &mut Fautes) -> Self {
        Self {
            nom: f.lit(obligatoire("chef_nom", &c.nom)),
            prenom: f.lit(obligatoire("chef_prenom", &c.prenom)),
            fonction: f.lit(obligatoire("chef_fonction", &c.fonction)),
            courriel: f.lit(courriel("chef_courriel", &c.courriel)),
            telephone: f.lit(check_telephone("chef_telephone", &c.telephone)),
        }
    }
}

impl Modification {
    /// The same as it would be kept, as far as that is known without what is stored.
    ///
    /// # Errors
    /// What [`Self::fautes`] says in French.
    pub(crate) fn net(&self) -> Result<Self, Fautes> {
        Ok(match self {
            Self::Coordonnees(c) => Self::Coordonnees(net_coordonnees(c)?),
            Self::Accueil(a) => Self::Accueil(net_accueil(a)?),
            Self::Composante(id, c) => Self::Composante(id.clone(), net_composante(c)?),
            Self::Site(id, s) => Self::Site(id.clone(), net_site(s)?.0),
            Self::Journee(id, j) => {
                let ou = check_ou(j.a_distance, &j.ou).unwrap_or_else(|_| j.ou.clone());
                Self::Journee(id.clone(), JourneeSaisie { ou, ..j.clone() })
            }
            autre => autre.clone(),
        })
    }

    /// What is wrong with what is typed, by field, as far as it is known without what is stored: a page tells it together with
    /// the fields that it cannot even read.
    pub fn fautes(&self) -> Vec<(&'static str, String)> {
        let lues = match self {
            Self::Coordonnees(c) => coordonnees(c).err(),
            Self::Accueil(a) => accueil(a).err(),
            Self::Composante(_, c) => composante(c).err(),
            Self::Site(_, s) => site(s).err(),
            Self::Contact(_, c) => check_contact(c).err(),
            Self::Chef(c) => {
                let mut f = Fautes::default();
                Personne::read(c, &mut f);
                Some(f)
            }
            _ => None,
        };
        lues.iter().flat_map(Fautes::liste).map(|f| (f.champ(), messages::regle(f))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_of_a_form_is_read_whatever_is_wrong_with_the_others() {
        let c = Coordonnees {
            code_postal: "8".to_owned(),
            telephone: "12".to_owned(),
            courriel: "sans-arobase".to_owned(),
            site_web: "lycee".to_owned(),
            ..Coordonnees::default()
        };
        let champs = |m: &Modification| m.fautes().into_iter().map(|(c, _)| c).collect::<Vec<_>>();
        let attendus = ["code_postal", "commune", "telephone", "courriel", "site_web"];
        assert_eq!(champs(&Modification::Coordonnees(c)), attendus);
        let s = Site { latitude: "95".to_owned(), longitude: "2".to_owned(), ..Site::default() };
        let attendus = ["nom", "adresse", "code_postal", "commune", "latitude"];
        assert_eq!(champs(&Modification::Site(None, s)), attendus);
        let a = Accueil {
            accessibilite: "x".repeat(2_001),
            referent_telephone: "3615".to_owned(),
            ..Accueil::default()
        };
        assert_eq!(champs(&Modification::Accueil(a)), ["accessibilite", "referent_telephone"]);
        assert_eq!(champs(&Modification::ConfirmerChef), [""; 0]);
    }
}
