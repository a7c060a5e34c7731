//! What a session admits of the catalogue: kinds of diploma, and months of entry. Data of the session, not constants.

use crate::calendrier::MOIS;

use super::fiche::{Fiche, Moment};
use super::statut::Statut;

/// What is asked of a kind of diploma before it is published.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Acces {
    /// Entered right after the baccalauréat: nothing to check.
    Admis,
    /// Some are, some are not: somebody checks.
    Verifier,
    /// With the agreement of the rector.
    Recteur,
    /// When the certifier's habilitation is known.
    Habilitation,
    /// Never entered right after the baccalauréat.
    Exclu,
}

impl Acces {
    /// Every answer.
    pub const ALL: [Self; 5] = [Self::Admis, Self::Verifier, Self::Recteur, Self::Habilitation, Self::Exclu];

    /// Stable code, as stored and as files of rules write it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Admis => "admis",
            Self::Verifier => "verifier",
            Self::Recteur => "recteur",
            Self::Habilitation => "habilitation",
            Self::Exclu => "exclu",
        }
    }

    /// The answer of a code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|a| a.code() == code)
    }

    /// The status that a record of this kind takes.
    pub const fn statut(self) -> Statut {
        match self {
            Self::Admis => Statut::APublier,
            Self::Verifier => Statut::AVerifierAcces,
            Self::Recteur => Statut::AValiderRecteur,
            Self::Habilitation => Statut::SousHabilitation,
            Self::Exclu => Statut::NonPubliable,
        }
    }
}

/// Which records a rule is about.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Critere {
    /// Those whose code of diploma begins so.
    Cfd(String),
    /// Those of a European level that no longer beginning names.
    Niveau(u8),
}

/// One line of the perimeter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Regle {
    /// Which records.
    pub critere: Critere,
    /// What is asked of them.
    pub acces: Acces,
    /// What they are, in French, as reports say it.
    pub libelle: String,
}

/// What the flow says of a record's place on the platform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Eligibilite {
    /// Never one that only a person or the platform gives.
    pub statut: Statut,
    /// Why, when it is not publishable; French sentence with its final stop.
    pub raison: Option<String>,
}

/// What a session admits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Perimetre {
    regles: Vec<Regle>,
    /// First month of entry, included.
    debut: Moment,
    /// Last month of entry, included.
    fin: Moment,
}

/// Why a perimeter is refused; French text without final stop.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RegleError {
    /// Two lines about the same records.
    #[error("deux lignes portent sur « {0} » : gardez-en une")]
    Double(String),
    /// A code of diploma has at most eight letters and digits.
    #[error("« {0} » n’est pas le début d’un code de diplôme")]
    Cfd(String),
    /// European levels go from 1 to 8.
    #[error("le niveau {0} n’existe pas : il va de 1 à 8")]
    Niveau(u8),
    /// The last month comes before the first.
    #[error("la rentrée finit avant de commencer")]
    Rentree,
    /// Nothing would be admitted.
    #[error("aucune ligne n’admet de diplôme")]
    Vide,
    /// Neither a beginning of code, nor a level, nor the months of entry.
    #[error("critère inconnu « {0} » : cfd, niveau ou rentree est attendu")]
    Nature(String),
    /// Not one of the five answers.
    #[error("accès inconnu « {0} » : admis, verifier, recteur, habilitation ou exclu est attendu")]
    Acces(String),
    /// Two months are expected, on one line of the perimeter.
    #[error("mois de rentrée illisibles « {0} » : AAAA-MM/AAAA-MM est attendu")]
    Mois(String),
    /// No line says the months of entry.
    #[error("les mois de rentrée manquent : ajoutez une ligne « rentree »")]
    SansRentree,
}

/// A line of a perimeter as files and the base write it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LignePerimetre {
    /// `cfd`, `niveau` or `rentree`.
    pub nature: String,
    /// Beginning of a code, level, or « 2024-07/2025-03 ».
    pub valeur: String,
    /// Code of the answer; that of the months of entry is `admis`.
    pub acces: String,
    /// French, in lower case.
    pub libelle: String,
}

/// What one line says.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Dit {
    Regle(Regle),
    Rentree(Moment, Moment),
}

impl LignePerimetre {
    /// Whether the line alone can be read.
    ///
    /// # Errors
    /// What cannot.
    pub fn check(&self) -> Result<(), RegleError> {
        self.read().map(|_| ())
    }

    fn read(&self) -> Result<Dit, RegleError> {
        let critere = match self.nature.as_str() {
            "rentree" => {
                let mois = self.valeur.split_once('/').and_then(|(debut, fin)| {
                    let mois = |t: &str| Moment::parse(t.trim()).filter(|m| m.jour.is_none());
                    Some((mois(debut)?, mois(fin)?))
                });
                let (debut, fin) = mois.ok_or_else(|| RegleError::Mois(self.valeur.clone()))?;
                return Ok(Dit::Rentree(debut, fin));
            }
            "cfd" => Critere::Cfd(self.valeur.to_uppercase()),
            "niveau" => {
                let niveau =
                    self.valeur.parse().map_err(|_| RegleError::Nature(format!("niveau {}", self.valeur)))?;
                Critere::Niveau(niveau)
            }
            autre => return Err(RegleError::Nature(autre.to_owned())),
        };
        let acces = Acces::from_code(&self.acces).ok_or_else(|| RegleError::Acces(self.acces.clone()))?;
        Ok(Dit::Regle(Regle { critere, acces, libelle: self.libelle.clone() }))
    }
}

/// The months of entry of a session, when it says nothing else: from July of its year to the next March.
const RENTREE: (i8, i8) = (7, 3);

impl Perimetre {
    /// R-APP-02: the perimeter that a session starts with, until its own is loaded. Diplomas of level 5 that the schools give
    /// are entered after the baccalauréat; titles of certifiers depend on their habilitation; above, some are and some are not;
    /// additional mentions are agreed by the rector; what needs a diploma of level 5, and what comes before the baccalauréat,
    /// is left out.
    ///
    /// `annee`: that of the session.
    pub fn de_depart(annee: i16) -> Self {
        let cfd = |p: &str, acces, libelle: &str| Regle {
            critere: Critere::Cfd(p.to_owned()),
            acces,
            libelle: libelle.to_owned(),
        };
        let niveau = |n, acces, libelle: &str| Regle {
            critere: Critere::Niveau(n),
            acces,
            libelle: libelle.to_owned(),
        };
        Self {
            regles: vec![
                cfd("01", Acces::Recteur, "mention complémentaire"),
                cfd("25", Acces::Exclu, "licence professionnelle, qui suit un diplôme de niveau 5"),
                cfd("36", Acces::Habilitation, "titre professionnel de niveau 5"),
                cfd("26", Acces::Habilitation, "titre professionnel de niveau 6"),
                niveau(5, Acces::Admis, "diplôme de niveau 5"),
                niveau(6, Acces::Verifier, "diplôme de niveau 6"),
                niveau(7, Acces::Verifier, "diplôme de niveau 7"),
                niveau(
                    4,
                    Acces::Exclu,
                    "diplôme de niveau 4, que l’on prépare avant le baccalauréat ou à sa place",
                ),
                niveau(3, Acces::Exclu, "diplôme de niveau 3, que l’on prépare avant le baccalauréat"),
                niveau(8, Acces::Exclu, "diplôme de niveau 8"),
            ],
            debut: Moment::mois(annee, RENTREE.0),
            fin: Moment::mois(annee + 1, RENTREE.1),
        }
    }

    /// A perimeter of its own.
    ///
    /// # Errors
    /// The first line that says nothing, or twice the same.
    pub fn new(regles: Vec<Regle>, debut: Moment, fin: Moment) -> Result<Self, RegleError> {
        let mut vus = std::collections::HashSet::new();
        for r in &regles {
            let nom = match &r.critere {
                Critere::Cfd(p) => {
                    let juste = (1..=8).contains(&p.len())
                        && p.bytes().all(|o| o.is_ascii_digit() || o.is_ascii_uppercase());
                    if !juste {
                        return Err(RegleError::Cfd(p.clone()));
                    }
                    p.clone()
                }
                Critere::Niveau(n) if !(1..=8).contains(n) => return Err(RegleError::Niveau(*n)),
                Critere::Niveau(n) => format!("niveau {n}"),
            };
            if !vus.insert(&r.critere) {
                return Err(RegleError::Double(nom));
            }
        }
        if (fin.annee, fin.mois) < (debut.annee, debut.mois) {
            return Err(RegleError::Rentree);
        }
        if regles.iter().all(|r| r.acces == Acces::Exclu) {
            return Err(RegleError::Vide);
        }
        Ok(Self { regles, debut, fin })
    }

    /// From its lines, in their order.
    ///
    /// # Errors
    /// The first line that cannot be read, else what [`Perimetre::new`] refuses.
    pub fn from_lignes(lignes: &[LignePerimetre]) -> Result<Self, RegleError> {
        let mut regles = Vec::new();
        let mut rentree = None;
        for l in lignes {
            match l.read()? {
                Dit::Regle(r) => regles.push(r),
                Dit::Rentree(debut, fin) => {
                    if rentree.replace((debut, fin)).is_some() {
                        return Err(RegleError::Double("rentree".to_owned()));
                    }
                }
            }
        }
        let (debut, fin) = rentree.ok_or(RegleError::SansRentree)?;
        Self::new(regles, debut, fin)
    }

    /// As files and the base write it: [`Perimetre::from_lignes`] reads the same again.
    pub fn lignes(&self) -> Vec<LignePerimetre> {
        let rentree = LignePerimetre {
            nature: "rentree".to_owned(),
            valeur: format!("{}/{}", self.debut, self.fin),
            acces: Acces::Admis.code().to_owned(),
            libelle: "mois de rentrée".to_owned(),
        };
        let regles = self.regles.iter().map(|r| {
            let (nature, valeur) = match &r.critere {
                Critere::Cfd(p) => ("cfd", p.clone()),
                Critere::Niveau(n) => ("niveau", n.to_string()),
            };
            LignePerimetre {
                nature: nature.to_owned(),
                valeur,
                acces: r.acces.code().to_owned(),
                libelle: r.libelle.clone(),
            }
        });
        [rentree].into_iter().chain(regles).collect()
    }

    /// Its lines.
    pub fn regles(&self) -> &[Regle] {
        &self.regles
    }

    /// First and last month of entry, included.
    pub const fn rentree(&self) -> (Moment, Moment) {
        (self.debut, self.fin)
    }

    /// R-APP-02: what the platform asks of a record: a diploma, a beginning of code that the perimeter names (the longest wins),
    /// else its level; and a session that one enters during the months of the session.
    pub fn evalue(&self, fiche: &Fiche) -> Eligibilite {
        let non = |raison: String| Eligibilite { statut: Statut::NonPubliable, raison: Some(raison) };
        if fiche.cfd.is_none() && fiche.rncp.is_none() {
            return non(
                "Ni code de diplôme (CFD) ni code RNCP : demandez à l’organisme de le faire ajouter par son \
                        Carif-Oref."
                    .to_owned(),
            );
        }
        let par_code = self
            .regles
            .iter()
            .filter_map(|r| match (&r.critere, &fiche.cfd) {
                (Critere::Cfd(p), Some(cfd)) if cfd.starts_with(p.as_str()) => Some((p.len(), r)),
                _ => None,
            })
            .max_by_key(|(longueur, _)| *longueur)
            .map(|(_, r)| r);
        let niveau = fiche.niveau();
        let regle = par_code
            .or_else(|| self.regles.iter().find(|r| niveau.is_some_and(|n| r.critere == Critere::Niveau(n))));
        let Some(regle) = regle else {
            return non(match niveau {
                Some(n) => format!("Hors du périmètre de la session : aucun diplôme de niveau {n} n’y est admis."),
                None => "Le niveau du diplôme n’est pas connu : demandez à l’organisme de le faire ajouter par son \
                         Carif-Oref."
                    .to_owned(),
            });
        };
        if regle.acces == Acces::Exclu {
            return non(format!("Hors du périmètre de la session : {}.", regle.libelle));
        }
        let mois = |m: Moment| (m.annee, m.mois);
        let dedans = |m: Moment| (mois(self.debut)..=mois(self.fin)).contains(&mois(m));
        if !fiche.periodes.iter().any(|p| dedans(p.debut)) {
            return non(format!(
                "Aucune session ne commence entre {} et {} : demandez à l’organisme de déclarer celle de la rentrée.",
                en_lettres(self.debut),
                en_lettres(self.fin)
            ));
        }
        Eligibilite { statut: regle.acces.statut(), raison: None }
    }
}

fn en_lettres(m: Moment) -> String {
    let nom = usize::try_from(m.mois - 1).ok().and_then(|i| MOIS.get(i)).copied().unwrap_or_default();
    format!("{nom} {}", m.annee)
}

#[cfg(test)]
mod tests {
    use super::super::fiche::Periode;
    use super::super::fiche::tests::fiche;
    use super::*;

    fn dit(cfd: &str) -> (Statut, Option<String>) {
        let mut f = fiche("a");
        f.cfd = (!cfd.is_empty()).then(|| cfd.to_owned());
        let e = Perimetre::de_depart(2024).evalue(&f);
        (e.statut, e.raison)
    }

    #[test]
    fn r_app_02_diplomas_after_the_baccalaureat_are_admitted_each_in_its_way() {
        for (cfd, statut) in [
            ("32025101", Statut::APublier),
            ("35031011", Statut::APublier),
            ("24511001", Statut::AVerifierAcces),
            ("16X31007", Statut::AVerifierAcces),
            ("36T32001", Statut::SousHabilitation),
            ("26X31221", Statut::SousHabilitation),
            ("01022103", Statut::AValiderRecteur),
            ("25033105", Statut::NonPubliable),
            ("40025411", Statut::NonPubliable),
            ("50022137", Statut::NonPubliable),
        ] {
            let (trouve, raison) = dit(cfd);
            assert_eq!(trouve, statut, "{cfd}");
            assert_eq!(raison.is_some(), statut.exige_raison(), "{cfd}: {raison:?}");
        }
        assert_eq!(
            dit("50022137").1.unwrap(),
            "Hors du périmètre de la session : diplôme de niveau 3, que l’on prépare avant le baccalauréat."
        );
    }

    #[test]
    fn r_app_02_without_a_code_the_level_decides_and_without_a_level_somebody_completes() {
        assert!(dit("").1.unwrap().starts_with("Le niveau du diplôme n’est pas connu"));
        let mut f = fiche("a");
        (f.cfd, f.niveau_dit) = (None, Some(5));
        assert_eq!(Perimetre::de_depart(2024).evalue(&f).statut, Statut::APublier);
        f.rncp = None;
        assert!(Perimetre::de_depart(2024).evalue(&f).raison.unwrap().starts_with("Ni code de diplôme"));
    }

    #[test]
    fn r_app_02_one_enters_during_the_months_of_the_session() {
        let p = Perimetre::de_depart(2024);
        for (mois, dedans) in
            [((2024, 6), false), ((2024, 7), true), ((2025, 3), true), ((2025, 4), false), ((2021, 9), false)]
        {
            let mut f = fiche("a");
            f.periodes = vec![Periode { debut: Moment::mois(mois.0, mois.1), fin: None }];
            assert_eq!(p.evalue(&f).statut == Statut::APublier, dedans, "{mois:?}");
        }
        let mut f = fiche("a");
        f.periodes.clear();
        assert_eq!(
            p.evalue(&f).raison.unwrap(),
            "Aucune session ne commence entre juillet 2024 et mars 2025 : demandez à l’organisme de déclarer celle de la \
             rentrée."
        );
    }

    #[test]
    fn r_app_02_the_longest_beginning_of_a_code_wins_and_rules_are_said_once() {
        let r = |critere, acces| Regle { critere, acces, libelle: "essai".to_owned() };
        let cfd = |p: &str| Critere::Cfd(p.to_owned());
        let (debut, fin) = Perimetre::de_depart(2024).rentree();
        let regles = vec![
            r(Critere::Niveau(5), Acces::Exclu),
            r(cfd("32"), Acces::Verifier),
            r(cfd("3202"), Acces::Admis),
        ];
        let p = Perimetre::new(regles, debut, fin).unwrap();
        assert_eq!(p.evalue(&fiche("a")).statut, Statut::APublier);
        let refuse = |regles, (debut, fin): (Moment, Moment)| Perimetre::new(regles, debut, fin).unwrap_err();
        let double = vec![r(cfd("32"), Acces::Admis), r(cfd("32"), Acces::Exclu)];
        assert_eq!(refuse(double, (debut, fin)), RegleError::Double("32".to_owned()));
        assert_eq!(refuse(vec![r(cfd("3-"), Acces::Admis)], (debut, fin)), RegleError::Cfd("3-".to_owned()));
        assert_eq!(refuse(vec![r(Critere::Niveau(9), Acces::Admis)], (debut, fin)), RegleError::Niveau(9));
        assert_eq!(refuse(vec![r(cfd("32"), Acces::Admis)], (fin, debut)), RegleError::Rentree);
        assert_eq!(refuse(vec![r(cfd("32"), Acces::Exclu)], (debut, fin)), RegleError::Vide);
        let depart = Perimetre::de_depart(2024);
        assert_eq!(Perimetre::from_lignes(&depart.lignes()), Ok(depart.clone()));
        let sans: Vec<_> = depart.lignes().split_off(1);
        assert_eq!(Perimetre::from_lignes(&sans), Err(RegleError::SansRentree));
        let lit = |nature: &str, valeur: &str, acces: &str| {
            let [nature, valeur, acces] = [nature, valeur, acces].map(str::to_owned);
            LignePerimetre { nature, valeur, acces, libelle: String::new() }.check()
        };
        assert_eq!(lit("mef", "1", "admis"), Err(RegleError::Nature("mef".to_owned())));
        assert_eq!(lit("cfd", "32", "oui"), Err(RegleError::Acces("oui".to_owned())));
        assert_eq!(lit("rentree", "2024-07", "admis"), Err(RegleError::Mois("2024-07".to_owned())));
        assert!(lit("rentree", "2024-07-01/2025-03", "admis").is_err());
    }
}
