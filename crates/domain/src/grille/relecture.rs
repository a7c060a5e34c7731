//! R-CGE-01 to 17: reads a grid again, rule by rule.

use super::lexique as l;
use super::texte::{Phrase, any, exact, phrases, same};
use super::{Constat, Contexte, Grille, Importance, Regle};

/// R-CGE-14: longest criterion, in characters, title and elements together.
const CRITERE_MAX: usize = 1_500;

/// The texts of a place of the grid.
struct Passage {
    champ: usize,
    critere: usize,
    titre: Vec<Phrase>,
    corps: Vec<Phrase>,
}

impl Passage {
    fn phrases(&self) -> impl Iterator<Item = &Phrase> {
        self.titre.iter().chain(&self.corps)
    }

    /// Whether a sentence says `cite` without leaving it out. A title says it for what follows: what follows may leave it
    /// out.
    fn affirms(&self, cite: impl Fn(&Phrase) -> bool) -> bool {
        let niee_apres = |p: &Phrase| denies(p) && !cite(p);
        let titre = self.titre.iter().any(|p| cite(p) && !denies(p)) && !self.corps.iter().any(niee_apres);
        titre || self.corps.iter().any(|p| cite(p) && !denies(p))
    }
}

/// What the rules find in a grid, in the order of its fields.
pub fn relire(grille: &Grille, contexte: &Contexte) -> Vec<Constat> {
    let passages = passages(grille);
    let mut constats = structure(grille);
    for p in &passages {
        let mut ici = |regle| constats.push(Constat { regle, champ: p.champ, critere: p.critere });
        if p.affirms(cites_terminal_exam) {
            ici(Regle::B4);
        }
        if p.phrases().any(cites_former_project) {
            ici(Regle::B7);
        }
        if p.phrases().any(cites_unsent_data) {
            ici(Regle::A1);
        }
        if p.phrases().any(|f| f.has(&["cordee"])) {
            ici(Regle::A2);
        }
        if p.critere > 0 && is_vague(p) {
            ici(Regle::A3);
        }
        if !contexte.lettre && p.affirms(cites_letter) {
            ici(Regle::A7);
        }
    }
    if contexte.lettre && !passages.iter().any(|p| p.champ == 4 && explains_letter(p)) {
        constats.push(Constat { regle: Regle::B5, champ: 4, critere: 0 });
    }
    examinations(&passages, contexte, &mut constats);
    constats.sort_unstable();
    constats.dedup();
    constats
}

fn passages(grille: &Grille) -> Vec<Passage> {
    let mut tous: Vec<Passage> = grille
        .champs
        .iter()
        .zip(1..)
        .flat_map(|(champ, i)| {
            champ.criteres.iter().zip(1..).map(move |(c, k)| Passage {
                champ: i,
                critere: k,
                titre: phrases(&c.intitule),
                corps: phrases(&c.elements),
            })
        })
        .collect();
    tous.push(Passage { champ: 0, critere: 0, titre: Vec::new(), corps: phrases(&grille.conseils) });
    tous
}

/// R-CGE-01 to 03, 14 and 16: what needs no reading.
fn structure(grille: &Grille) -> Vec<Constat> {
    let mut constats = Vec::new();
    let mut note = |regle, champ, critere| constats.push(Constat { regle, champ, critere });
    if grille.champs.iter().map(|c| c.poids).sum::<u32>() != 100 {
        note(Regle::B1, 0, 0);
    }
    for (i, champ) in grille.champs.iter().enumerate() {
        if champ.poids > 0 && champ.criteres.is_empty() {
            note(Regle::B2, i + 1, 0);
        }
        if champ.poids == 0 && !champ.criteres.is_empty() {
            note(Regle::B3, i + 1, 0);
        }
        for (k, c) in champ.criteres.iter().enumerate() {
            if c.intitule.chars().count() + c.elements.chars().count() > CRITERE_MAX {
                note(Regle::A4, i + 1, k + 1);
            }
        }
        if let Some(oad) = &grille.oad {
            let essentiel = champ.importance == Importance::Essentiel;
            if (oad[i] == 0 && essentiel && champ.poids > 0) || (oad[i] > 0 && champ.poids == 0) {
                note(Regle::A6, i + 1, 0);
            }
        }
    }
    constats
}

/// Whether a sentence leaves out what it speaks of. « Pas seulement », « ne… que », « pas sans » leave out nothing.
fn denies(p: &Phrase) -> bool {
    // What comes before a colon speaks of what follows it only when it ends on what is done with it.
    if let Some(fin) = p.deux_points.filter(|f| *f > 0 && *f < p.mots.len()) {
        let avant = Phrase { mots: p.mots[..fin].to_vec(), deux_points: None };
        let apres = Phrase { mots: p.mots[fin..].to_vec(), deux_points: None };
        const SUITE: &[&str] = &[
            "compte", "pris", "prise", "retenu*", "regard*", "consider*", "exclu*", "transmi*", "ecarte*", "hors", "examin*",
            "utilis*", "lu", "lue", "consult*", "dehors",
        ];
        let annonce = avant.mots.iter().rev().take(5).any(|m| any(m, SUITE));
        return denies_flat(&apres) || (annonce && denies_flat(&avant));
    }
    denies_flat(p)
}

/// After « pas », they say yes.
const DOUBLE: &[&str] =
    &["sans", "ignor*", "neglig*", "ecart*", "oubli*", "exclu*", "dispens*", "indiffer*", "secondaire", "cote"];

fn denies_flat(p: &Phrase) -> bool {
    let mots = &p.mots;
    let is = |i: usize, lexique: &[&str]| mots.get(i).is_some_and(|m| lexique.contains(&m.as_str()));
    let ne = mots.iter().any(|m| m == "ne" || m == "n");
    // « Ce n'est pas parce que… que nous les laissons de côté » leaves out nothing.
    if p.follows(&["pas", "parce"]).is_some() {
        return false;
    }
    for (i, mot) in mots.iter().enumerate() {
        let suite = |k: usize| mots.get(i + k).map_or("", String::as_str);
        let vrai = match mot.as_str() {
            "pas" | "plus" | "jamais" | "guere" | "point" if !ne && mot != "pas" => false,
            "pas" | "plus" | "jamais" => {
                let seulement = matches!(
                    suite(1),
                    "seulement" | "uniquement" | "simplement" | "que" | "qu" | "rien" | "moins" | "interdit"
                );
                let double = (1..7).any(|k| exact(suite(k), DOUBLE));
                let avant = i > 0 && exact(&mots[i - 1], &["manqu*", "oubli*", "neglig*"]);
                !seulement && !double && !avant
            }
            "aucun" | "aucune" | "nullement" => true,
            "ni" => true,
            "non" => matches!(suite(1), "a" | "aux" | "au" | "les" | "celles" | "ceux" | "pris" | "prise" | "prises" | "retenues" | "retenus" | "comptees" | "transmises" | "communiquees" | "sur" | "pas" | "demandee" | "demandees" | "exigee" | "requise") && suite(1) != "pas",
            "sans" => {
                // « Sans lettre convaincante, le dossier descend » asks for one.
                let garde = matches!(suite(1), "oublier" | "omettre" | "negliger" | "exception" | "oubli")
                    || (suite(1) == "lettre" && suite(2) != "de");
                let double = (1..6).any(|k| i >= k && is(i - k, &["pas", "jamais"]));
                !garde && !double
            }
            "cote" if i > 0 && mots[i - 1] == "de" => true,
            m if exact(m, l::ECARTE) => {
                // « pas exclues » : what is not left out stays.
                !(1..7).any(|k| i >= k && is(i - k, &["pas", "non", "jamais", "aucunement"]))
            }
            "apres" => (1..5).any(|k| matches!(suite(k), "cloture" | "fin" | "travaux" | "examen" | "classement"))
                && (1..4).any(|k| matches!(suite(k), "notre" | "nos" | "la" | "le" | "l")),
            _ => false,
        };
        if vrai {
            return true;
        }
    }
    false
}

/// R-CGE-04: marks of the terminal examinations of specialities, under any of their names.
fn cites_terminal_exam(p: &Phrase) -> bool {
    if p.has(&["anticipee"]) && !p.has(l::SPECIALITE) {
        return false;
    }
    let bac: Vec<usize> = p.places(l::BAC).into_iter().filter(|i| !exact(p.at(i + 1), l::SERIE)).collect();
    let pres = |lexique: &[&str], ecart: usize| {
        p.places(lexique).iter().any(|i| bac.iter().any(|j| i.abs_diff(*j) <= ecart))
    };
    let epreuve = p.near(l::EPREUVE, l::SPECIALITE, 7)
        || p.near(&["examen"], l::SPECIALITE, 3)
        || ["ecrit", "copie", "oral"].iter().any(|m| p.follows(&[m, "de", "specialite"]).is_some());
    let terminale = ["epreuve", "examen", "epr"].iter().any(|e| {
        ["terminale", "finale", "terminal", "final", "terminaux"].iter().any(|t| p.follows(&[e, t]).is_some())
    });
    let marque = pres(&["note", "resultat", "copie"], 6) || p.near(&["note", "resultat"], l::SPECIALITE, 4);
    let du_bac = pres(l::SPECIALITE, 6) && marque && !pres(l::BULLETIN, 6);
    let par_discipline = pres(l::EPREUVE, 5) && pres(l::DISCIPLINE, 5) && !p.has(&["francais", "philosophie"]);
    let eds = !p.has(l::BULLETIN)
        && p.places(&["eds"]).iter().any(|i| (1..=4).any(|k| any(p.at(i + k), l::TERMINAL)));
    epreuve || terminale || du_bac || par_discipline || eds
}

/// R-CGE-07: the document that the letter replaced, by its name or its initials.
fn cites_former_project(p: &Phrase) -> bool {
    let motive = |m: &str| same(m, "motive") || same(m, "motivee");
    let en_toutes_lettres = p.places(&["projet"]).iter().any(|&i| {
        let formation = (i + 1..=i + 3).find(|j| same(p.at(*j), "formation"));
        let suite = formation.is_some_and(|j| {
            (j + 1..=j + 2).any(|k| motive(p.at(k)) && !matches!(p.at(k + 1), "par"))
        });
        let inverse = motive(p.at(i + 1)) && p.at(i + 2) == "de" && same(p.at(i + 3), "formation");
        suite || inverse
    });
    en_toutes_lettres || p.mots.iter().any(|m| m == "pfm" || m == "pfms") || p.follows(&["p", "f", "m"]).is_some()
}

/// The letter of motivation, by its name.
fn cites_letter(p: &Phrase) -> bool {
    p.places(l::LETTRE).iter().any(|&i| (i + 1..=i + 3).any(|j| any(p.at(j), l::MOTIVATION)))
}

/// R-CGE-05: names the letter and tells what is done with it.
fn explains_letter(p: &Passage) -> bool {
    p.phrases().any(cites_letter) && p.phrases().any(|f| f.mots.iter().any(|m| exact(m, l::USAGE)))
}

/// R-CGE-11: sex, age, address, lycée of origin, income.
fn cites_unsent_data(p: &Phrase) -> bool {
    if denies_flat(p) {
        return false;
    }
    let suit = |mot: &str, apres: &[&str]| p.places(&[mot]).iter().any(|i| (1..=3).any(|k| any(p.at(i + k), apres)));
    let sexe = p.mots.iter().enumerate().any(|(i, m)| m == "sexe" && !matches!(p.at(i.wrapping_sub(1)), "des" | "deux"));
    let age = p.mots.iter().enumerate().any(|(i, m)| {
        m == "age" && (matches!(p.at(i.wrapping_sub(1)), "son" | "l" | "d" | "et" | "leur") || p.at(i + 1) == "du")
    });
    let adresse = suit("adresse", &["famille", "domicile", "candidat", "postale", "parent"])
        || p.follows(&["distance", "entre"]).is_some() && p.has(&["adresse", "domicile"])
        || p.follows(&["lieu", "de", "residence"]).is_some();
    let origine = ["lycee", "etablissement"].iter().any(|m| p.follows(&[m, "d", "origine"]).is_some());
    let revenus = p.follows(&["revenu", "modeste"]).is_some()
        || p.places(&["revenu"]).iter().any(|i| p.mots[*i] == "revenus" && p.at(i + 1) != "sur")
        || p.follows(&["situation", "familiale"]).is_some();
    sexe || age || adresse || origine || revenus
}

/// R-CGE-13: nothing but words that everybody would use of anybody.
fn is_vague(p: &Passage) -> bool {
    let dit = |m: &String| !any(m, l::VIDE) && !any(m, l::VAGUE) && m.len() > 1;
    let mut mots = p.corps.iter().flat_map(|f| &f.mots).peekable();
    mots.peek().is_some() && !mots.any(dit)
}

/// What may be organised, beside the record.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sorte {
    Questionnaire,
    Ecrit,
    Oral,
    Pratique,
    EnLigne,
}

const SORTES: [Sorte; 5] = [Sorte::Questionnaire, Sorte::Ecrit, Sorte::Oral, Sorte::Pratique, Sorte::EnLigne];

impl Sorte {
    fn is_set(self, c: &Contexte) -> bool {
        match self {
            Self::Questionnaire => c.questionnaire,
            Self::Ecrit => c.ecrit,
            Self::Oral => c.oral,
            Self::Pratique => c.pratique,
            Self::EnLigne => c.en_ligne,
        }
    }

    /// Places of the words that name it in a sentence. `titre`: of a criterion.
    fn places(self, p: &Phrase, titre: bool) -> Vec<usize> {
        let avant = |i: usize, mots: &[&str]| (1..=4).any(|k| i >= k && any(p.at(i - k), mots));
        let mot = |lexique: &[&str]| p.places(lexique);
        match self {
            Self::Questionnaire => mot(&["questionnaire"])
                .into_iter()
                .filter(|i| !(p.at(i + 1) == "de" && matches!(p.at(i + 2), "satisfaction" | "genealogie" | "sante")))
                .collect(),
            Self::Oral => p
                .mots
                .iter()
                .enumerate()
                .filter(|(i, m)| match m.as_str() {
                    "oral" | "oraux" | "orale" | "orales" => {
                        !avant(*i, &["expression", "exprim*", "aisance", "participation", "maitrise", "comprehension", "anticipee", "francais",
                            "grand", "langue", "expose", "presentation", "parole", "production", "interaction"])
                    }
                    "entretien" | "entretiens" => {
                        let de = matches!(p.at(i + 1), "d" | "de" | "du" | "des");
                        let suite = p.at(i + 2);
                        let durees = ["dix", "quinze", "vingt", "trente", "motivation", "selection", "admission", "recrutement", "groupe", "vingtaine", "dizaine", "quinzaine", "explicitation", "evaluation"];
                        let metier = avant(*i, &["metier", "agent", "produit", "travaux", "gout"]);
                        !metier && (!de || durees.contains(&suite) || suite.parse::<u32>().is_ok())
                    }
                    "entrevue" | "entrevues" | "soutenance" => true,
                    "audition" | "auditions" => !avant(*i, &["classe", "conservatoire", "ecole"]),
                    _ => false,
                })
                .map(|(i, _)| i)
                .collect(),
            Self::Ecrit => p
                .mots
                .iter()
                .enumerate()
                .filter(|(i, m)| match m.as_str() {
                    "ecrit" | "ecrits" => {
                        let debut = titre && *i == 0 && !matches!(p.at(1), "professionnels" | "scolaires" | "personnels" | "et");
                        let nom = i.checked_sub(1).is_some_and(|j| matches!(p.at(j), "un" | "l" | "aucun" | "d" | "concours" | "ni" | "les"))
                            && !matches!(p.at(i + 1), "scolaires" | "professionnels");
                        (debut || nom || (*i == 0 && !titre && matches!(p.at(1), "de" | "d"))) && !avant(*i, &["par", "retour", "anticipee"])
                    }
                    "ecrite" | "ecrites" => avant(*i, &["epreuve"]) && !p.has(&["anticipee", "juin", "bac", "baccalaureat"]),
                    _ => false,
                })
                .map(|(i, _)| i)
                .collect(),
            Self::Pratique => mot(&["pratique"])
                .into_iter()
                .filter(|i| avant(*i, &["epreuve", "essai", "test", "exercice", "atelier"]))
                .chain(if p.follows(&["test", "d", "entree"]).is_some() { mot(&["test"]) } else { Vec::new() })
                .collect(),
            Self::EnLigne => p
                .places(&["ligne"])
                .into_iter()
                .filter(|i| *i > 0 && p.at(i - 1) == "en" && avant(*i, &["test", "epreuve", "qcm", "examen", "evaluation", "exercice", "module"]))
                .chain(mot(&["qcm"]))
                .collect(),
        }
    }
}

const GENERIQUE: &[&str] = &["epreuve", "test", "concours"];

/// Whether what is named at `i` is said not to take place.
fn is_denied(p: &Phrase, i: usize) -> bool {
    let avant = |k: usize| i.checked_sub(k).map_or("", |j| p.at(j));
    let refus = (1..=3).any(|k| match avant(k) {
        "aucun" | "aucune" | "sans" | "ni" => true,
        "d" | "de" => matches!(avant(k + 1), "pas" | "plus" | "point"),
        _ => false,
    });
    let supprime = (1..=6).any(|k| {
        let m = p.at(i + k);
        (m == "n" && same(p.at(i + k + 1), "existe")) || same(m, "supprime") || same(m, "supprimee")
            || (m == "n" && p.at(i + k + 1) == "est" && matches!(p.at(i + k + 2), "pas" | "plus")
                && matches!(p.at(i + k + 3), "prevu" | "prevue" | "organise" | "organisee" | "demande" | "demandee"))
            || (m == "n" && p.at(i + k + 1) == "aura")
            || (m == "n" && p.at(i + k + 1) == "a" && matches!(p.at(i + k + 2), "pas" | "plus") && p.at(i + k + 3) == "lieu")
            || exact(m, &["disparu*", "abandonn*"])
    }) || (1..=4).any(|k| same(avant(k), "supprime"));
    refus || supprime
}

/// R-CGE-06: what is set up is spoken of, what is not is not.
fn examinations(passages: &[Passage], contexte: &Contexte, constats: &mut Vec<Constat>) {
    for sorte in SORTES {
        let mut cite = false;
        for p in passages {
            let ici = Constat { regle: Regle::B6, champ: p.champ, critere: p.critere };
            let lues = p.titre.iter().map(|f| (f, true)).chain(p.corps.iter().map(|f| (f, false)));
            for (f, titre) in lues {
                let places = sorte.places(f, titre);
                let generiques = f.places(GENERIQUE);
                if sorte.is_set(contexte) {
                    let niee = places.iter().any(|i| is_denied(f, *i));
                    // « Aucune épreuve n'est prévue » denies them all.
                    let toutes = sorte != Sorte::Questionnaire
                        && !f.has(l::SPECIALITE)
                        && generiques.iter().any(|i| is_denied(f, *i))
                        && !f.has(&["dispense"]);
                    let seul = places.is_empty()
                        && (f.follows(&["seul", "dossier"]).is_some()
                            || f.follows(&["dossier", "seul"]).is_some()
                            || f.follows(&["uniquement", "sur", "dossier"]).is_some()
                            || f.follows(&["exclusivement", "sur", "dossier"]).is_some());
                    if niee || toutes || (seul && sorte != Sorte::Questionnaire) {
                        constats.push(ici);
                        cite = true;
                    }
                    let sans_nom = match sorte {
                        Sorte::EnLigne => f.has(&["test"]),
                        Sorte::Pratique => {
                            f.has(&["test", "essai", "demonstration"]) || f.follows(&["mise", "en", "situation"]).is_some()
                        }
                        Sorte::Oral => f.has(&["jury"]),
                        Sorte::Questionnaire => f.has(&["formulaire"]),
                        Sorte::Ecrit => false,
                    };
                    cite |= !places.is_empty() || sans_nom;
                } else if places.iter().any(|i| !is_denied(f, *i)) && is_selection(p, f) {
                    constats.push(ici);
                }
            }
        }
        if sorte.is_set(contexte) && !cite {
            constats.push(Constat { regle: Regle::B6, champ: 0, critere: 0 });
        }
    }
    let organise = SORTES.iter().any(|s| s.is_set(contexte));
    for p in passages.iter().filter(|p| p.champ != 5 && !organise) {
        if p.phrases().any(is_unnamed_selection) {
            constats.push(Constat { regle: Regle::B6, champ: p.champ, critere: p.critere });
        }
    }
}

/// A mention of what is not set up is a fault when candidates would go through it to be chosen.
fn is_selection(p: &Passage, f: &Phrase) -> bool {
    const AILLEURS: &[&str] = &["etudiant", "programme", "autre", "satisfaction", "expose", "eleve", "lycee", "colle", "kholle", "enquete", "sondage", "club", "quiz",
        "psychologue", "proviseur", "orientation"];
    let du_bac = p.phrases().any(|f| f.has(&["anticipee"]) || f.has(l::SPECIALITE) || f.has(l::BAC));
    if p.champ == 5 || du_bac || f.has(AILLEURS) {
        return false;
    }
    let sans = f.has(&["aucun", "aucune", "ni"]);
    let ne = f.has(&["ne", "n"]) && f.has(&["pas", "plus"]) && !f.has(&["eliminatoire", "obligatoire"]);
    !sans && !ne
}

/// A test, a call or a meeting that gives marks, without a name of ours.
fn is_unnamed_selection(f: &Phrase) -> bool {
    let note = f.has(&["noter", "notera", "note", "notee", "classer", "classement", "point", "selection*"]);
    let rencontre = f.follows(&["rendez", "vous", "individuel"]).is_some()
        || (f.has(&["telephone", "visio"]) && f.has(&["appele", "appel"]))
        || (f.has(&["test"]) && !f.has(&["entree"]) && f.places(&["test"]).iter().all(|i| !is_denied(f, *i)));
    note && rencontre && !denies(f)
}
