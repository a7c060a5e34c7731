//! R-APP-07: what an academic service looks at in a record, and what is to be done about it.

use super::fiche::{Fiche, check_appariement, is_siret_coherent};

/// Something to look at in a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Constat {
    /// Nothing names the course.
    Intitule,
    /// No establishment code: nobody to give the course to.
    Uai,
    /// Nobody knows in which department it is given.
    Departement,
    /// No session.
    Dates,
    /// No code of diploma.
    Diplome,
    /// No code of the years of the diploma.
    Mef,
    /// R-APP-01: the place bears the code of a trainer of another town.
    Appariement,
    /// The key of a SIRET is wrong.
    Siret,
    /// Nobody comes to the place.
    Distance,
}

impl Constat {
    /// Every one, those that prevent the integration first.
    pub const ALL: [Self; 9] = [
        Self::Intitule,
        Self::Uai,
        Self::Departement,
        Self::Dates,
        Self::Diplome,
        Self::Mef,
        Self::Appariement,
        Self::Siret,
        Self::Distance,
    ];

    /// Stable code, as stored and in addresses.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Intitule => "intitule",
            Self::Uai => "uai",
            Self::Departement => "departement",
            Self::Dates => "dates",
            Self::Diplome => "diplome",
            Self::Mef => "mef",
            Self::Appariement => "appariement",
            Self::Siret => "siret",
            Self::Distance => "distance",
        }
    }

    /// The finding of a code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|c| c.code() == code)
    }

    /// French, short.
    pub const fn libelle(self) -> &'static str {
        match self {
            Self::Intitule => "Intitulé absent",
            Self::Uai => "Aucun code UAI",
            Self::Departement => "Lieu inconnu",
            Self::Dates => "Aucune date de session",
            Self::Diplome => "Code de diplôme absent",
            Self::Mef => "Code MEF absent",
            Self::Appariement => "Même UAI dans deux communes",
            Self::Siret => "SIRET à vérifier",
            Self::Distance => "Entièrement à distance",
        }
    }

    /// French sentence: what is to be done.
    pub const fn a_faire(self) -> &'static str {
        match self {
            Self::Intitule => {
                "Ni la fiche ni le code de son diplôme ne nomment la formation : l’organisme doit donner l’intitulé, ou le bon code, à \
                 son Carif-Oref. Sans lui, la fiche ne s’intègre pas."
            }
            Self::Uai => {
                "Ni le lieu, ni le formateur, ni le gestionnaire n’a de code UAI, et le répertoire n’en connaît pas à leurs SIRET : \
                 l’organisme doit le faire ajouter par son Carif-Oref, ou demander son immatriculation au rectorat. Sans lui, la fiche ne \
                 s’intègre pas."
            }
            Self::Departement => {
                "L’organisme doit préciser la commune ou le code postal du lieu de formation : sans eux, la fiche ne s’intègre pas."
            }
            Self::Dates => "L’organisme doit déclarer la session de la rentrée à son Carif-Oref.",
            Self::Diplome => {
                "Le diplôme n’est connu que par son code RNCP : vérifiez qu’il s’agit bien d’une formation ouverte aux bacheliers."
            }
            Self::Mef => {
                "Le code MEF est à vérifier au moment où l’établissement complète la formation ; il n’empêche rien."
            }
            Self::Appariement => {
                "Le lieu porte le code UAI d’un formateur situé dans une autre commune : vérifiez le lieu, et faites corriger son code \
                 UAI s’il en a un à lui."
            }
            Self::Siret => {
                "La clé d’un SIRET est fausse : demandez à l’organisme de le vérifier auprès de son Carif-Oref."
            }
            Self::Distance => {
                "Personne ne vient sur place : vérifiez que la formation reste accessible à un élève de terminale."
            }
        }
    }

    /// R-APP-08: whether the platform cannot take the record as long as it stands.
    pub const fn is_bloquant(self) -> bool {
        matches!(self, Self::Intitule | Self::Uai | Self::Departement)
    }
}

/// R-APP-07: what is to be looked at in a record, in the order of [`Constat::ALL`].
pub fn constats(fiche: &Fiche) -> Vec<Constat> {
    let sirets = [&fiche.gestionnaire.siret, &fiche.formateur.siret, &fiche.lieu.siret];
    let vrai = |c: &Constat| match c {
        Constat::Intitule => fiche.titre().is_none(),
        Constat::Uai => fiche.uai().is_none(),
        Constat::Departement => fiche.departement().is_none(),
        Constat::Dates => fiche.periodes.is_empty(),
        Constat::Diplome => fiche.cfd.is_none(),
        Constat::Mef => fiche.mefs.is_empty(),
        Constat::Appariement => check_appariement(fiche).is_some(),
        Constat::Siret => sirets.into_iter().flatten().any(|s| !is_siret_coherent(s)),
        Constat::Distance => fiche.a_distance,
    };
    Constat::ALL.into_iter().filter(vrai).collect()
}

#[cfg(test)]
mod tests {
    use super::super::fiche::Fiche;
    use super::super::fiche::tests::fiche;
    use super::*;

    fn complete() -> Fiche {
        let mut f = fiche("a");
        f.intitule = Some("BTS Tourisme".to_owned());
        f.lieu.uai = Some("0800001A".to_owned());
        f.lieu.commune = Some("80021".to_owned());
        f.formateur.commune = Some("80021".to_owned());
        f.mefs = vec!["3113340131".to_owned()];
        f
    }

    /// A finding and what makes it of a complete record.
    type Cas = (Constat, fn(&mut Fiche));

    #[test]
    fn r_app_07_each_finding_has_its_cause_and_what_to_do() {
        assert_eq!(constats(&complete()), []);
        let cas: [Cas; 9] = [
            (Constat::Intitule, |f| f.intitule = None),
            (Constat::Uai, |f| {
                (f.lieu.uai, f.formateur.uai, f.gestionnaire.uai) = (None, None, None);
            }),
            (Constat::Departement, |f| (f.lieu.commune, f.lieu.code_postal) = (None, None)),
            (Constat::Dates, |f| f.periodes.clear()),
            (Constat::Diplome, |f| f.cfd = None),
            (Constat::Mef, |f| f.mefs.clear()),
            (Constat::Appariement, |f| {
                f.formateur.uai.clone_from(&f.lieu.uai);
                f.formateur.commune = Some("60057".to_owned());
            }),
            (Constat::Siret, |f| f.lieu.siret = Some("73282932000075".to_owned())),
            (Constat::Distance, |f| f.a_distance = true),
        ];
        for (constat, change) in cas {
            let mut f = complete();
            change(&mut f);
            assert_eq!(constats(&f), [constat]);
            assert_eq!(Constat::from_code(constat.code()), Some(constat));
            assert!(constat.a_faire().ends_with('.') && !constat.libelle().is_empty());
        }
    }
}
