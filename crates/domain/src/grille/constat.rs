//! What the reading of a grid found: what, where, why, and how to mend it, in French.

use super::attendus::Desaccord;
use super::documents::Manque;
use super::epreuves::Ecart;
use super::relecture::CRITERE_MAX;
use super::{CHAMPS, Grille, Regle};

/// A text of the grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Partie {
    /// The title of a criterion.
    Intitule,
    /// What a criterion takes into account.
    Elements,
    /// The advice to candidates.
    Conseils,
}

/// Words of the grid, by their place in bytes in the text that was typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Extrait {
    /// In which text.
    pub partie: Partie,
    /// Their first byte.
    pub debut: usize,
    /// The byte after them.
    pub fin: usize,
}

/// Something to mend, or to know.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Constat {
    /// Which rule.
    pub regle: Regle,
    /// From 1; 0: the whole grid, or the advice.
    pub champ: usize,
    /// From 1; 0: the field itself.
    pub critere: usize,
    /// The words found; none for what is missing, or a matter of numbers.
    pub extraits: Vec<Extrait>,
    /// What is wrong, in French.
    pub quoi: String,
    /// What to do about it, in French.
    pub correction: String,
}

impl Constat {
    /// Their order before a reader: what prevents publication, what is blocking, then as the grid is read.
    pub fn rang(&self) -> (bool, bool, usize, usize) {
        (!self.regle.prevents_publication(), !self.regle.is_blocking(), self.champ, self.critere)
    }

    /// Why, in French: the text that the rule comes from.
    pub fn pourquoi(&self) -> &'static str {
        self.regle.source()
    }

    /// Where, in French.
    pub fn lieu(&self) -> String {
        match (self.champ, self.critere) {
            (0, _) if self.extraits.is_empty() => "Grille entière".to_owned(),
            (0, _) => "Conseils aux candidats".to_owned(),
            (champ, 0) => format!("Champ {champ} « {} »", CHAMPS[champ - 1]),
            (champ, critere) => format!("Champ {champ} « {} », critère {critere}", CHAMPS[champ - 1]),
        }
    }

    /// The words found, as they are typed in the grid, their spaces squeezed.
    pub fn mots(&self, grille: &Grille) -> Vec<String> {
        let critere =
            || grille.champs.get(self.champ.checked_sub(1)?)?.criteres.get(self.critere.checked_sub(1)?);
        let mot = |e: &Extrait| {
            let texte = match e.partie {
                Partie::Conseils => grille.conseils.as_str(),
                Partie::Intitule => critere()?.intitule.as_str(),
                Partie::Elements => critere()?.elements.as_str(),
            };
            texte.get(e.debut..e.fin).map(|t| t.split_whitespace().collect::<Vec<_>>().join(" "))
        };
        self.extraits.iter().filter_map(mot).collect()
    }

    pub(super) fn new(
        regle: Regle,
        champ: usize,
        critere: usize,
        (quoi, correction): (String, String),
    ) -> Self {
        Self { regle, champ, critere, extraits: Vec::new(), quoi, correction }
    }
}

/// How many findings a grid has under the rules of the frame, those in B; advice is not counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Decompte {
    /// Those that prevent the publication.
    pub bloquants: usize,
    /// Those that prevent nothing and are to be read again.
    pub a_verifier: usize,
}

impl Decompte {
    /// Of the findings of a reading.
    pub fn of(constats: &[Constat]) -> Self {
        let combien = |retenue: fn(Regle) -> bool| constats.iter().filter(|c| retenue(c.regle)).count();
        Self {
            bloquants: combien(Regle::prevents_publication),
            a_verifier: combien(|r| r.is_blocking() && !r.prevents_publication()),
        }
    }

    /// All of them.
    pub const fn total(self) -> usize {
        self.bloquants + self.a_verifier
    }
}

impl Regle {
    /// Where the rule comes from, in French.
    pub const fn source(self) -> &'static str {
        match self {
            Self::B1 | Self::B2 | Self::B3 => {
                "Lettre de référence (novembre 2023) : cinq champs, dont les poids font 100 %, expliqués par leurs critères."
            }
            Self::B4 => {
                "Lettre de référence (novembre 2023) : en 2024, la grille ne cite pas les notes des épreuves terminales de spécialité."
            }
            Self::B5 => {
                "Lettre de référence (novembre 2023) : quand la lettre de motivation est demandée, la grille dit l’usage qui en est fait."
            }
            Self::B6 => {
                "Règle de la plateforme : la grille et les modalités de candidature, publiées sur la même fiche, ne se contredisent pas."
            }
            Self::B7 => {
                "Lettre de référence (novembre 2023) : le projet de formation motivé disparaît, la lettre de motivation le remplace."
            }
            Self::A1 => {
                "Conseil de la plateforme : un critère repose sur des données que la commission reçoit."
            }
            Self::A2 => "Loi de programmation de la recherche du 24 décembre 2020, article 37.",
            Self::A3 | Self::A4 => "Conseil de la plateforme : un critère est précis et se lit d’un trait.",
            Self::A5 => {
                "Règle de la plateforme : la grille et les attendus, publiés sur la même fiche, ne se contredisent pas."
            }
            Self::A6 => {
                "Conseil de la plateforme : la grille publiée et l’outil d’aide à la décision disent la même chose."
            }
            Self::A7 => {
                "Lettre de référence (novembre 2023) : une lettre qui n’est pas demandée n’est pas un critère."
            }
            Self::A8 => {
                "Conseil de la plateforme : la grille s’appuie sur les pièces demandées aux candidats, et dit l’usage de chacune."
            }
        }
    }
}

type Texte = (String, String);

fn texte(quoi: &str, correction: &str) -> Texte {
    (quoi.to_owned(), correction.to_owned())
}

/// What is said of a rule that needs nothing but itself.
pub(super) fn general(regle: Regle) -> Texte {
    match regle {
        Regle::B2 => texte(
            "Ce champ a un poids, mais aucun critère ne l’explique.",
            "Ajoutez au moins un critère, ou ramenez le poids du champ à 0 %.",
        ),
        Regle::B3 => texte(
            "Ce champ a un poids de 0 %, mais il contient un critère.",
            "Donnez un poids au champ, ou retirez ses critères.",
        ),
        Regle::B4 => texte(
            "Ce passage s’appuie sur les notes des épreuves terminales de spécialité, que la grille ne doit pas citer en 2024.",
            "Retirez cette mention. Vous pouvez écrire à la place : « moyennes des enseignements de spécialité, d’après les bulletins de première et de terminale ».",
        ),
        Regle::B5 => texte(
            "La lettre de motivation est demandée, mais aucun critère de ce champ ne la nomme en disant ce qu’en fait la commission.",
            "Ajoutez par exemple : « Lettre de motivation : la commission y apprécie la connaissance de la formation et la cohérence du projet. » Si vous ne la lisez pas, ne la demandez plus.",
        ),
        Regle::B7 => texte(
            "Ce passage cite le « projet de formation motivé », qui n’existe plus.",
            "Écrivez « lettre de motivation » si vous en demandez une ; sinon, retirez cette mention.",
        ),
        Regle::A1 => texte(
            "Ce critère repose sur une donnée que la commission ne reçoit pas (sexe, âge, adresse, lycée d’origine ou revenus).",
            "Retirez ce critère, ou appuyez-le sur une pièce du dossier.",
        ),
        Regle::A2 => texte(
            "Ce passage cite les cordées de la réussite. La loi permet d’en tenir compte.",
            "Rien à corriger.",
        ),
        Regle::A3 => texte(
            "Ces mots conviennent à tous les dossiers : le candidat n’y apprend pas ce qui est examiné.",
            "Dites ce que vous regardez et dans quelle pièce. Par exemple : « moyennes de mathématiques de première et de terminale » ou « assiduité, d’après les bulletins ».",
        ),
        Regle::A4 => (
            format!(
                "Ce critère dépasse {CRITERE_MAX} signes, intitulé compris : peu de candidats le liront jusqu’au bout."
            ),
            "Raccourcissez-le ou partagez-le en plusieurs critères.".to_owned(),
        ),
        Regle::A7 => texte(
            "Ce passage cite la lettre de motivation, que vous ne demandez pas.",
            "Retirez cette mention, ou demandez la lettre dans « Lettre, pièces et questionnaire ».",
        ),
        Regle::B1 | Regle::B6 | Regle::A5 | Regle::A6 | Regle::A8 => texte("", ""),
    }
}

/// R-CGE-01: the sum, and how far it is.
pub(super) fn weights(grille: &Grille) -> Texte {
    let somme: u32 = grille.champs.iter().map(|c| c.poids).sum();
    let sens = if somme > 100 {
        format!("Retirez {} %", somme - 100)
    } else {
        format!("Ajoutez {} %", 100 - somme)
    };
    (format!("Les poids des cinq champs font {somme} % au lieu de 100 %."), format!("{sens} au total."))
}

/// R-CGE-15: which expectation, and how it is contradicted.
pub(super) fn expectation(comment: Desaccord, attendu: &str) -> Texte {
    const LONGUEUR: usize = 160;
    let mut cite: String = attendu.split_whitespace().collect::<Vec<_>>().join(" ").replace('\'', "’");
    if cite.chars().count() > LONGUEUR {
        cite = cite.chars().take(LONGUEUR).chain(['…']).collect();
    }
    match comment {
        Desaccord::Ecarte => (
            format!(
                "Ce passage dit qu’il n’est pas tenu compte de ce que les attendus demandent : « {cite} »."
            ),
            "Dites comment la commission apprécie ce point, ou retirez-le des attendus.".to_owned(),
        ),
        Desaccord::Exige => (
            format!("Ce passage exige ce que les attendus disent ne pas demander : « {cite} »."),
            "Retirez cette exigence, ou corrigez les attendus.".to_owned(),
        ),
    }
}

/// R-CGE-16: what the tool and the grid say.
pub(super) fn tool(poids: u32, oad: u32) -> Texte {
    let quoi = if oad == 0 {
        "Ce champ est affiché comme essentiel, mais il compte pour 0 % dans l’outil d’aide à la décision."
            .to_owned()
    } else {
        format!(
            "Ce champ compte pour {oad} % dans l’outil d’aide à la décision, mais pour {poids} % dans la grille."
        )
    };
    (quoi, "Accordez la grille et l’outil d’aide à la décision.".to_owned())
}

/// R-CGE-06: which examination, and what is wrong with it.
pub(super) fn examination(ecart: Ecart) -> Texte {
    match ecart {
        Ecart::NonConfiguree(s) => (
            format!("Ce passage annonce {}, qui ne figure pas dans les modalités de la formation.", s.libelle()),
            "Retirez cette mention, ou ajoutez l’épreuve ou le questionnaire aux modalités de la formation.".to_owned(),
        ),
        Ecart::Niee(s) => (
            format!("Ce passage dit que les candidats n’ont pas à passer {}, que les modalités de la formation prévoient.", s.libelle()),
            "Corrigez ce passage, ou retirez l’épreuve ou le questionnaire des modalités de la formation.".to_owned(),
        ),
        Ecart::Oubliee(s) => (
            format!("Les modalités de la formation prévoient {}, mais la grille n’en parle pas.", s.libelle()),
            "Dites dans un critère ou dans les conseils ce qui y est évalué, ou retirez-en la mention des modalités.".to_owned(),
        ),
    }
}

/// R-CGE-19: which document, and what is not said alike.
pub(super) fn document(manque: Manque) -> Texte {
    match manque {
        Manque::NonDemande(d) => (
            format!("Ce critère s’appuie sur {}, que vous ne demandez pas aux candidats.", d.libelle()),
            "Ajoutez cette pièce dans « Lettre, pièces et questionnaire », ou dites où la commission lit ce critère.".to_owned(),
        ),
        Manque::NonCite(d) => (
            format!("Vous demandez aux candidats {}, mais ni les critères ni les conseils n’en parlent.", d.libelle()),
            "Dites dans un critère ou dans les conseils ce qu’en fait la commission, ou ne demandez plus cette pièce.".to_owned(),
        ),
    }
}
