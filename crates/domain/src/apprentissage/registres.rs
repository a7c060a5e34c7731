//! R-APP-17, R-APP-18: what the national registers know and the catalogue does not say: the label of a diploma by its code, the code and
//! the name of an establishment by its SIRET. The catalogue always wins: nothing that it says is touched.

use std::collections::{BTreeSet, HashMap};

use super::fiche::{Complement, Fiche, Porteur, UaiComplete};
use super::redaction;

/// A diploma of the national nomenclature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diplome {
    /// Code of the diploma (CFD), eight letters or digits.
    pub code: String,
    /// Kind of diploma as the nomenclature abridges it: « BTS ».
    pub sigle: String,
    /// As the nomenclature writes it: capitals, without accents.
    pub libelle: String,
}

impl Diplome {
    /// R-APP-17: the title of a course that leads to it: « BTS Management commercial opérationnel ».
    pub fn intitule(&self) -> String {
        redaction::intitule(&self.sigle, &self.libelle)
    }
}

/// An establishment of the register of the catalogue of apprenticeship.
#[derive(Debug, Clone, PartialEq)]
pub struct OrganismeConnu {
    /// Fourteen digits.
    pub siret: String,
    /// In capitals; none: it has none, or nobody knows it.
    pub uai: Option<String>,
    /// As the register writes it, often in capitals.
    pub nom: String,
    /// Its town, likewise; empty: not said.
    pub ville: String,
    /// Code of its department; empty: not said.
    pub departement: String,
    /// Degrees, WGS 84.
    pub position: Option<(f64, f64)>,
    /// It no longer exists.
    pub ferme: bool,
}

impl OrganismeConnu {
    /// R-APP-18: its name as people read it.
    pub fn nom_ecrit(&self) -> String {
        redaction::nom(&self.nom)
    }

    /// R-APP-18: its town as people read it.
    pub fn ville_ecrite(&self) -> String {
        redaction::ville(&self.ville)
    }
}

/// R-APP-18: the name of an establishment among those that the register has: the one in use, else a sign of two words at least, else the
/// name of whoever holds it.
pub fn choose_nom<'n>(usage: &'n str, enseigne: &'n str, raison_sociale: &'n str) -> &'n str {
    if !usage.is_empty() {
        usage
    } else if raison_sociale.is_empty() || enseigne.split_whitespace().count() > 1 {
        enseigne
    } else {
        raison_sociale
    }
}

/// R-APP-18: among the establishments that bear one code, the one that a record names by its SIRET, in the order given; else the first
/// one that exists.
pub fn choose_organisme<'o>(
    organismes: &[&'o OrganismeConnu],
    sirets: &[&str],
) -> Option<&'o OrganismeConnu> {
    let nomme = sirets.iter().find_map(|s| organismes.iter().find(|o| o.siret == *s));
    nomme.copied().or_else(|| organismes.iter().copied().min_by_key(|o| (o.ferme, o.siret.as_str())))
}

/// What the registers say, as far as some records need it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Registres {
    intitules: HashMap<String, String>,
    uais: HashMap<String, String>,
}

impl Registres {
    /// From the diplomas, and from the establishments: SIRET and code.
    pub fn new(
        diplomes: impl IntoIterator<Item = Diplome>,
        uais: impl IntoIterator<Item = (String, String)>,
    ) -> Self {
        Self {
            intitules: diplomes.into_iter().map(|d| (d.code.clone(), d.intitule())).collect(),
            uais: uais.into_iter().filter(|(_, uai)| !uai.is_empty()).collect(),
        }
    }

    /// The title of the courses that lead to the diploma of a code.
    pub fn intitule(&self, cfd: &str) -> Option<&str> {
        self.intitules.get(cfd).map(String::as_str)
    }

    /// The code of the establishment of a SIRET.
    pub fn uai(&self, siret: &str) -> Option<&str> {
        self.uais.get(siret).map(String::as_str)
    }

    /// R-APP-17: gives a record the title of its diploma when it has none, and the code of its establishment when it has none: that of its
    /// place, else of its trainer, else of its manager. What the registers gave another day is computed again.
    pub fn complete(&self, fiche: &mut Fiche) {
        let intitule = match fiche.intitule {
            Some(_) => None,
            None => fiche.cfd.as_ref().and_then(|cfd| self.intitules.get(cfd)).cloned(),
        };
        let uai = if fiche.uai_dit().is_some() {
            None
        } else {
            Porteur::ALL.into_iter().find_map(|porteur| {
                let uai = self.uais.get(fiche.siret(porteur)?)?.clone();
                Some(UaiComplete { porteur, uai })
            })
        };
        fiche.complement = Complement { intitule, uai };
    }
}

/// What the registers are asked about some records: codes of diplomas, and SIRET.
pub fn sought<'f>(fiches: impl IntoIterator<Item = &'f Fiche>) -> (BTreeSet<&'f str>, BTreeSet<&'f str>) {
    let (mut cfds, mut sirets) = (BTreeSet::new(), BTreeSet::new());
    for f in fiches {
        if f.intitule.is_none() {
            cfds.extend(f.cfd.as_deref());
        }
        if f.uai_dit().is_none() {
            sirets.extend(Porteur::ALL.into_iter().filter_map(|p| f.siret(p)));
        }
    }
    (cfds, sirets)
}

#[cfg(test)]
mod tests {
    use super::super::constat::{Constat, constats};
    use super::super::fiche::tests::fiche;
    use super::*;

    fn registres() -> Registres {
        let tourisme = Diplome {
            code: "32033426".to_owned(),
            sigle: "BTS".to_owned(),
            libelle: "TOURISME (BTS)".to_owned(),
        };
        let uais = [("19290076900014", "0800002B"), ("73282932000074", "0800003C"), ("35600000000048", "")];
        Registres::new([tourisme], uais.map(|(siret, uai)| (siret.to_owned(), uai.to_owned())))
    }

    fn muette() -> Fiche {
        let mut f = fiche("a");
        (f.intitule, f.formateur.uai, f.gestionnaire.uai) = (None, None, None);
        f.cfd = Some("32033426".to_owned());
        f
    }

    #[test]
    fn r_app_17_a_record_without_title_nor_code_takes_those_of_the_registers() {
        let mut f = muette();
        assert_eq!(sought([&f]), (BTreeSet::from(["32033426"]), BTreeSet::from(["19290076900014"])));
        assert!(constats(&f).contains(&Constat::Intitule) && constats(&f).contains(&Constat::Uai));
        registres().complete(&mut f);
        assert_eq!((f.titre(), f.uai()), (Some("BTS Tourisme"), Some("0800002B")));
        assert_eq!(f.famille(), crate::formations::Famille::Bts);
        assert!(!constats(&f).iter().any(|c| c.is_bloquant()), "{:?}", constats(&f));
        // The place before the trainer, the trainer before the manager.
        f.lieu.siret = Some("73282932000074".to_owned());
        registres().complete(&mut f);
        assert_eq!(f.uai(), Some("0800003C"));
        f.lieu.siret = Some("35600000000048".to_owned());
        registres().complete(&mut f);
        assert_eq!(f.uai(), Some("0800002B"), "the place has no code: the trainer's");
        assert_eq!(f.complement.uai.as_ref().map(|u| u.porteur), Some(Porteur::Formateur));
        // Another register says nothing of it: nothing stays of the one before.
        Registres::default().complete(&mut f);
        assert_eq!((f.titre(), f.uai(), f.complement.is_empty()), (None, None, true));
    }

    #[test]
    fn r_app_17_what_the_catalogue_says_wins_and_is_never_hidden() {
        let mut f = muette();
        f.intitule = Some("BTS Tourisme d’affaires".to_owned());
        f.gestionnaire.uai = Some("0800001A".to_owned());
        assert_eq!(sought([&f]), (BTreeSet::new(), BTreeSet::new()));
        registres().complete(&mut f);
        assert_eq!((f.titre(), f.uai()), (Some("BTS Tourisme d’affaires"), Some("0800001A")));
        assert!(f.complement.is_empty());
    }

    #[test]
    fn r_app_17_a_completed_record_is_kept_and_read_again_as_it_was() {
        let mut f = muette();
        registres().complete(&mut f);
        let garde = serde_json::to_string(&f).unwrap();
        assert_eq!(serde_json::from_str::<Fiche>(&garde).unwrap(), f);
        // One that needs nothing is written as before there were registers.
        let entiere = serde_json::to_string(&fiche("a")).unwrap();
        assert!(!entiere.contains("complement"), "{entiere}");
        assert_eq!(serde_json::from_str::<Fiche>(&entiere).unwrap(), fiche("a"));
    }

    #[test]
    fn r_app_18_the_register_names_an_establishment_by_what_people_call_it() {
        assert_eq!(choose_nom("Lycée Belin", "LPO", "LYCEE POLYVALENT E BELIN"), "Lycée Belin");
        assert_eq!(choose_nom("", "CFA PLOUFRAGAN", "CHAMBRE DE METIERS"), "CFA PLOUFRAGAN");
        assert_eq!(choose_nom("", "LPO", "LYCEE POLYVALENT SCHUMAN"), "LYCEE POLYVALENT SCHUMAN");
        assert_eq!(choose_nom("", "LPO", ""), "LPO");
        let un = |siret: &str, ferme: bool| OrganismeConnu {
            siret: siret.to_owned(),
            uai: Some("0800001A".to_owned()),
            nom: "LYCEE JULES VERNE".to_owned(),
            ville: "AMIENS CEDEX".to_owned(),
            departement: "80".to_owned(),
            position: None,
            ferme,
        };
        let (a, b, c) = (un("1", true), un("2", false), un("3", false));
        let tous = [&a, &c, &b];
        assert_eq!(choose_organisme(&tous, &["9", "3"]).map(|o| o.siret.as_str()), Some("3"));
        assert_eq!(choose_organisme(&tous, &[]).map(|o| o.siret.as_str()), Some("2"), "one that exists");
        assert_eq!(choose_organisme(&[&a], &[]).map(|o| o.siret.as_str()), Some("1"));
        assert_eq!(choose_organisme(&[], &["1"]), None);
        assert_eq!((a.nom_ecrit(), a.ville_ecrite()), ("Lycée Jules Verne".to_owned(), "Amiens".to_owned()));
    }
}
