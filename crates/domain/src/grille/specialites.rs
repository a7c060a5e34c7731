//! R-CGE-04: marks of the terminal examinations of specialities, under any of their names. The reports of the year, the
//! continuous assessment, mock examinations and the choice of specialities are something else.

use std::ops::Range;

use super::lexique::Classe as C;
use super::polarite::{is_denial, is_left_out};
use super::relecture::Passage;
use super::terminales;
use super::texte::{Phrase, Signe};

/// Where a passage uses these marks: the sentence, and its words.
pub(super) fn uses(passage: &Passage) -> Option<(usize, Range<usize>)> {
    let mut parle_de_specialite = false;
    for (k, phrase) in passage.phrases.iter().enumerate() {
        for (tete, cite) in cites(phrase, parle_de_specialite) {
            if is_imitated(phrase, &cite) {
                continue;
            }
            let tete = head(phrase, tete);
            if !is_left_out(phrase, &(tete..cite.end.max(tete + 1)), passage.phrases.get(k + 1)) {
                return Some((k, cite));
            }
        }
        let titre_note = phrase.a(C::Note) && !phrase.a(C::Bulletin);
        let titre_bac = phrase.partie == super::Partie::Intitule
            && phrase.places(C::Bac).any(|i| is_the_exam(phrase, i))
            && phrase.len() <= 4;
        if let Some(suivante) = passage.phrases.get(k + 1).filter(|_| titre_bac) {
            let note = suivante
                .places(C::Note)
                .find(|n| !suivante.est(*n, C::Bulletin) && suivante.apres(*n, 5, C::Specialite));
            let seule = || {
                let libre = !suivante.a(C::Bulletin) && !suivante.a(C::Choix);
                suivante.places(C::Specialite).next().filter(|_| titre_note && libre)
            };
            // « Résultats au bac | Note de maths et note de physique ».
            let matiere = || {
                let d = disciplines(suivante).find(|d| suivante.avant(*d, 4, C::Note))?;
                (!suivante.a(C::Bulletin) && !suivante.a(C::Choix)).then_some(d)
            };
            let note = note.or_else(seule).or_else(matiere);
            if let Some(n) = note.filter(|n| !is_left_out(suivante, &(*n..n + 1), passage.phrases.get(k + 2)))
            {
                return Some((k + 1, n..n + 1));
            }
        }
        parle_de_specialite = phrase.a(C::Specialite);
    }
    None
}

/// « Les DS sur le modèle des épreuves de spécialité » : works of the year, made like the examination.
fn is_imitated(phrase: &Phrase, cite: &Range<usize>) -> bool {
    let examen =
        cite.clone().find(|i| phrase.est(*i, C::Epreuve) || phrase.est(*i, C::Bac)).unwrap_or(cite.start);
    let lies = |k: usize| (k + 1..=examen).all(|j| phrase.jetons[j].avant == Signe::Rien);
    (examen.saturating_sub(6)..examen).any(|k| {
        phrase.est(k, C::Modele)
            && lies(k)
            && phrase.avant(k, 7, C::Exerce)
            && !(k + 1..examen)
                .any(|j| matches!(phrase.mot(j), "et" | "ou" | "puis") || phrase.est(j, C::Note))
    })
}

/// « Les notes des deux spécialités à l'examen » : the word that the whole group hangs on, which a denial stands before.
fn head(phrase: &Phrase, tete: usize) -> usize {
    // « Ce que l'élève a obtenu au bac ».
    let ce_que = |k: usize| phrase.mot(k) == "ce" && phrase.mot(k + 1) == "que";
    let debut = (tete.saturating_sub(12)..tete)
        .rev()
        .take_while(|k| {
            phrase.jetons[k + 1].avant == Signe::Rien
                && ![C::Exclut, C::Compte, C::Oppose, C::Charniere].iter().any(|c| phrase.est(*k, *c))
                && !is_denial(phrase, *k)
                && !matches!(phrase.mot(*k), "mais" | "ni" | "ou" | "puis" | "qui")
                && (phrase.mot(*k) != "que" || *k > 0 && (ce_que(k - 1) || phrase.est(k - 1, C::Note)))
                && (phrase.mot(*k) != "et" || matches!(phrase.mot(k + 1), "en" | "de" | "d"))
        })
        .filter(|k| {
            let note =
                phrase.est(*k, C::Note) && (!phrase.est(*k, C::Bulletin) || phrase.est(k + 1, C::Obtenu));
            note || ce_que(*k)
        })
        .last();
    debut.unwrap_or(tete)
}

/// Whether an examination is the terminal one of a speciality: no examination of the course is announced there.
pub(super) fn is_of_the_bac(phrase: &Phrase, place: usize) -> bool {
    (phrase.a(C::Specialite) || phrase.a(C::Discipline))
        && cites(phrase, false).iter().any(|(_, mots)| place + 6 >= mots.start && place < mots.end + 6)
}

/// A mention: its main word, and all its words.
pub(super) type Cite = (usize, Range<usize>);

pub(super) fn cite(tete: usize, places: &[usize]) -> Cite {
    let fin = places.iter().fold(tete, |a, b| a.max(*b));
    (tete, places.iter().fold(tete, |a, b| a.min(*b))..fin + 1)
}

pub(super) fn near(a: usize, b: usize, ecart: usize) -> bool {
    a.abs_diff(b) <= ecart
}

/// Every mention in a sentence. `suite`: the sentence before spoke of specialities.
fn cites(phrase: &Phrase, suite: bool) -> Vec<Cite> {
    let epreuves: Vec<usize> = phrase.places(C::Epreuve).filter(|i| is_terminal_exam(phrase, *i)).collect();
    let bacs: Vec<usize> = phrase.places(C::Bac).filter(|i| is_the_exam(phrase, *i)).collect();
    // « Bac général : EDS (coefficient 16), français, grand oral » : what the examination is made of.
    let compose = phrase.places(C::Bac).filter(|b| {
        phrase.est(b + 1, C::Serie)
            && phrase.mot(b + 1) != "pro"
            && phrase.a(C::Composante)
            && !phrase.a(C::Choix)
    });
    let mut sorties: Vec<Cite> =
        phrase.places(C::Specialite).filter_map(|s| of_a_speciality(phrase, s, &epreuves, &bacs)).collect();
    sorties.extend(against_the_year(phrase, &epreuves, &bacs, suite));
    sorties.extend(epreuves.iter().filter_map(|e| of_an_exam(phrase, *e, &bacs, suite)));
    sorties.extend(bacs.iter().flat_map(|b| of_the_bac(phrase, *b)));
    sorties.extend(the_other_mark(phrase, &epreuves, &bacs, suite));
    sorties.extend(compose.filter_map(|b| label(phrase, b).map(|s| cite(b, &[s]))));
    if suite {
        sorties.extend(phrase.places(C::Note).filter_map(|n| of_the_title(phrase, n, &bacs)));
    }
    if sorties.is_empty() {
        sorties.extend(terminales::clues(phrase, suite));
    }
    sorties
}

/// « Épreuves de spécialité », « notes de spécialité au bac », « EDS du bac ».
fn of_a_speciality(phrase: &Phrase, s: usize, epreuves: &[usize], bacs: &[usize]) -> Option<Cite> {
    if let Some(e) = nearest(epreuves, s).filter(|e| near(*e, s, 7) && same_group(phrase, *e, s)) {
        return Some(cite(e, &[s]));
    }
    let finale = |f: &usize| {
        *f > 0
            && (phrase.mot(*f).starts_with("terminal")
                || phrase.mot(*f).starts_with("final")
                    && (f + 1..f + 3).any(|s| phrase.est(s, C::Specialite)))
            && phrase.est(f - 1, C::Note)
    };
    let fins: Vec<usize> = phrase
        .places(C::Terminal)
        .filter(|t| !is_school_year(phrase, *t) && !phrase.est(t + 1, C::Blanc))
        .chain(bacs.iter().copied())
        .chain(phrase.places(C::Finale).filter(finale))
        .filter(|t| near(*t, s, 8))
        .collect();
    // A mark and the examination that gives it, with no word of the reports between.
    let marque = phrase
        .places(C::Note)
        .filter(|n| near(*n, s, 8) && phrase.mot(*n) != "mention")
        .flat_map(|n| fins.iter().map(move |f| (n, *f)))
        .filter(|(n, f)| {
            // « Notes de français au bac, moyennes de spécialité ».
            let moyenne = phrase.est(*n, C::Bulletin)
                && n > f
                && phrase.jetons[f + 1..=*n].iter().any(|j| j.avant != Signe::Rien);
            near(*f, *n, 8)
                && !moyenne
                && !terminales::is_of_another(phrase, *n.min(f), *n.max(f))
                && !between(phrase, *n, *f)
                && !parted(phrase, *n, *f)
                && !told_apart(phrase, *n.max(f), s)
        })
        .min_by_key(|(n, f)| f.abs_diff(*n));
    if let Some((n, fin)) = marque {
        return Some(cite(n, &[fin, s]));
    }
    // « Tels qu'évalués au baccalauréat ».
    let evalue = |f: usize| {
        f > s
            && f - s <= 8
            && ["evalue", "note", "obtenu", "passe", "valide"]
                .iter()
                .any(|m| phrase.mot(f - 2).starts_with(m))
    };
    let nomme =
        |f: &usize| (near(*f, s, 4) || evalue(*f)) && names_exam(phrase, s, *f) && !between(phrase, s, *f);
    fins.iter().copied().find(nomme).map(|fin| cite(s, &[fin]))
}

/// « Épreuves terminales », « épreuve de maths du bac », « notes de l'épreuve de NSI ».
fn of_an_exam(phrase: &Phrase, e: usize, bacs: &[usize], suite: bool) -> Option<Cite> {
    let finale =
        (e + 1..=e + 3).find(|i| phrase.est(*i, C::Finale) && phrase.jetons[*i].avant == Signe::Rien);
    let discipline = disciplines(phrase).find(|d| near(*d, e, 5));
    let bac = nearest(bacs, e).filter(|b| near(*b, e, 6));
    let session = (e + 1..=e + 5).any(|i| phrase.est(i, C::Session));
    let note = phrase.avant(e, 4, C::Note);
    // « Le diplôme s'obtient après un écrit final » : the examination of the studies.
    let du_cursus = phrase.a(C::Cursus) && !phrase.a(C::Specialite) && discipline.is_none();
    match (finale, discipline, bac) {
        (Some(_), ..) if du_cursus => None,
        (Some(f), ..) => Some(cite(e, &[f])),
        (None, Some(d), None) if session => Some(cite(e, &[d])),
        (None, Some(d), Some(b)) => Some(cite(e, &[d, b])),
        // « Les épreuves de mars ».
        (None, None, None)
            if phrase.mot(e) == "epreuves" && phrase.mot(e + 1) == "de" && phrase.mot(e + 2) == "mars" =>
        {
            Some(cite(e, &[e + 2]))
        }
        (None, None, Some(b)) if suite || note && phrase.est(e, C::EpreuveNom) => Some(cite(e, &[b])),
        _ => {
            let poids = phrase.a(C::Composante) || phrase.apres(e, 8, C::Bac);
            if let Some(d) = (e + 1..e + 6).find(|d| poids && phrase.est(*d, C::Propre)) {
                return Some(cite(e, &[d]));
            }
            let definie = e > 0 && phrase.mot(e - 1) == "l" && note;
            (e + 1..e + 4).find(|d| definie && phrase.est(*d, C::Propre)).map(|d| cite(e, &[d]))
        }
    }
}

/// « Les notes du bac en SVT », « bac : spécialités, français ».
fn of_the_bac(phrase: &Phrase, b: usize) -> impl Iterator<Item = Cite> {
    // « Notes d'HGGSP et de SES du baccalauréat » : nothing but subjects between.
    let liste = |n: usize| {
        n < b && b - n <= 14 && (n + 1..b).all(|k| phrase.est(k, C::Discipline) || phrase.est(k, C::Vide))
    };
    let note = phrase.places(C::Note).find(|n| (near(*n, b, 4) || liste(*n)) && !between(phrase, *n, b));
    let discipline = disciplines(phrase).find(|d| near(*d, b, 4) && same_group(phrase, *d, b));
    // « Un 15 au bac ».
    let chiffre = (b.saturating_sub(3)..b).find(|k| {
        phrase.mot(*k).parse::<u32>().is_ok_and(|n| n <= 20)
            && matches!(phrase.mot(k.wrapping_sub(1)), "un" | "d" | "de" | "le")
    });
    let matiere = note.or(chiffre).zip(discipline).map(|(n, d)| cite(n, &[d, b]));
    // « HGGSP au bac », « le baccalauréat dans les deux spécialités ».
    let propre =
        (b >= 2 && phrase.mot(b - 1) == "au" && phrase.est(b - 2, C::Propre)).then(|| cite(b, &[b - 2]));
    let dans = matches!(phrase.mot(b + 1), "dans" | "de" | "en")
        .then(|| (b + 2..b + 5).find(|s| phrase.est(*s, C::Specialite)))
        .flatten()
        .filter(|_| {
            phrase.a(C::Note) || phrase.a(C::Annee) || phrase.jetons.iter().any(|j| j.mot == "terminale")
        })
        .map(|s| cite(b, &[s]));
    // « Au bac dans la spécialité », « le bac, et notamment les spécialités ».
    let surtout = (b + 1..b + 6).find(|k| {
        let au = phrase.mot(b.wrapping_sub(1)) == "au"
            && *k == b + 1
            && matches!(phrase.mot(*k), "dans" | "en" | "pour" | "de");
        (au || phrase.est(*k, C::Surtout)) && !phrase.a(C::Choix)
    });
    let surtout =
        surtout.and_then(|k| (k + 1..k + 4).find(|s| phrase.est(*s, C::Specialite))).map(|s| cite(b, &[s]));
    matiere
        .into_iter()
        .chain(propre)
        .chain(surtout)
        .chain(dans)
        .chain(label(phrase, b).map(|s| cite(b, &[s])))
}

/// « Spécialités » in the title, « notes du bac » below.
fn of_the_title(phrase: &Phrase, n: usize, bacs: &[usize]) -> Option<Cite> {
    let examen =
        (n + 1..=n + 3).find(|i| phrase.mot(*i) == "examen" || phrase.mot(*i).starts_with("terminal"));
    let fin = bacs.iter().copied().find(|b| near(*b, n, 9)).or(examen)?;
    let autre = (n..fin + 3).any(|k| phrase.est(k, C::Blanc));
    (!between(phrase, n, fin) && !autre).then(|| cite(n, &[fin]))
}

/// « Spécialités : contrôle continu et épreuve » : what is set against the marks of the year. Of a subject, « note du bac » only.
fn against_the_year(
    phrase: &Phrase,
    epreuves: &[usize],
    bacs: &[usize],
    suite: bool,
) -> Option<(usize, Range<usize>)> {
    let specialite = phrase.places(C::Specialite).next();
    let sujet = specialite.or_else(|| disciplines(phrase).next());
    if sujet.is_none() && !suite {
        return None;
    }
    let lien = |k: usize| {
        const LIENS: [C; 5] = [C::Vide, C::Annee, C::Note, C::Compte, C::Part];
        let vide = LIENS.iter().any(|c| phrase.est(k, *c));
        let nombre = phrase.mot(k).contains(|c: char| c.is_ascii_digit());
        vide || nombre || matches!(phrase.mot(k), "annee" | "moment" | "puis" | "terminale" | "premiere")
    };
    let oppose = |t: usize, c: usize| {
        t.abs_diff(c) <= 8
            && !terminales::is_of_another(phrase, t.saturating_sub(3), t)
            && (t.min(c) + 1..t.max(c)).all(lien)
            && (specialite.is_some() || suite || bacs.contains(&t) && t > c + 1 && phrase.est(t - 2, C::Note))
    };
    let fin =
        phrase.places(C::Annee).find_map(|c| epreuves.iter().chain(bacs).copied().find(|t| oppose(*t, c)))?;
    let sujet = sujet.unwrap_or(fin);
    Some((fin, fin.min(sujet)..fin.max(sujet) + 1))
}

/// « Les notes de spécialité, celles de l'année et celles de l'examen », « de l'année comme de l'examen » : the year on one side, the
/// examination on the other, and a word that stands for the marks or joins the two.
fn the_other_mark(phrase: &Phrase, epreuves: &[usize], bacs: &[usize], suite: bool) -> Option<Cite> {
    let sujet =
        phrase.places(C::Specialite).next().or_else(|| disciplines(phrase).next()).or(suite.then_some(0))?;
    let note = phrase.a(C::Note) || phrase.a(C::Annee) || phrase.mot(0) == "ce";
    let examen = |x: usize| {
        let nomme =
            phrase.mot(x) == "examen" && phrase.mot(x.wrapping_sub(1)) == "l" && !is_review(phrase, x);
        let autre = (x + 1..x + 3).any(|k| phrase.est(k, C::Blanc));
        (nomme || epreuves.contains(&x) || bacs.contains(&x)) && !autre
    };
    let an = |k: usize| {
        phrase.mot(k) == "annee"
            || phrase.est(k, C::Annee)
            || phrase.est(k, C::Bulletin)
            || phrase.mot(k) == "lycee"
    };
    let pronom = |k: usize| {
        matches!(phrase.mot(k), "celle" | "celles" | "ceux" | "celui")
            || phrase.mot(k) == "autre" && phrase.mot(k - 1) == "l"
    };
    let joint = |k: usize| matches!(phrase.mot(k), "comme" | "et" | "ou" | "puis" | "que");
    // Nothing between the word that stands for the marks and the examination but what binds them.
    let lie = |k: usize| {
        phrase.est(k, C::Liaison)
            || phrase.est(k, C::Obtenu)
            || joint(k)
            || matches!(phrase.mot(k), "jour" | "moment")
    };
    let fin = (1..phrase.len()).filter(|x| examen(*x)).find(|x| {
        let tenu = (x.saturating_sub(5)..*x).rev().find(|k| *k > 0 && (pronom(*k) || joint(*k)));
        tenu.is_some_and(|k| {
            let reste = (k + 1..*x).all(|j| lie(j) && (j == k + 1 || phrase.jetons[j].avant == Signe::Rien));
            reste && (k.saturating_sub(8)..k).any(an)
        })
    })?;
    note.then(|| {
        let debut = (fin.saturating_sub(3)..fin).find(|k| pronom(*k)).unwrap_or(fin);
        (debut, sujet.min(debut)..sujet.max(fin) + 1)
    })
}

/// « Bac : spécialité, français » : the examination, then what is read of it.
fn label(phrase: &Phrase, b: usize) -> Option<usize> {
    let serie = phrase.est(b + 1, C::Serie) && phrase.jetons[b + 1].avant == Signe::Rien;
    let lu = [C::Note, C::Compte];
    let releve = serie
        || (b.saturating_sub(3)..b).any(|k| {
            lu.iter().any(|c| phrase.est(k, *c))
                || phrase.mot(k) == "consideration"
                || phrase.mot(k) == "releve"
        });
    let portee = if releve { 6 } else { 1 };
    let liste = (b + 1..=b + portee).find(|k| {
        let signe = phrase.jetons.get(*k).map(|j| j.avant);
        signe == Some(Signe::DeuxPoints) || serie && signe == Some(Signe::Ouvrante)
    })?;
    (liste..liste + 6).find(|s| phrase.est(*s, C::Specialite) && !phrase.autour(*s, 3, 2, C::Choix))
}

/// School subjects. « Ses » and « si » are subjects when they end a group of words.
pub(super) fn disciplines(phrase: &Phrase) -> impl Iterator<Item = usize> + '_ {
    phrase.places(C::Discipline).filter(|d| {
        let fin = phrase.jetons.get(d + 1).is_none_or(|j| {
            j.avant != Signe::Rien || matches!(j.mot.as_str(), "et" | "ou" | "au" | "du" | "est")
        });
        let nommee = phrase.jetons[*d].sigle || phrase.mot(d.wrapping_sub(1)) == "en";
        fin || nommee || !matches!(phrase.mot(*d), "ses" | "si" | "art")
    })
}

/// « Notes de spécialité, hormis celles du bac ».
pub(super) fn parted(phrase: &Phrase, a: usize, b: usize) -> bool {
    (a.min(b) + 1..a.max(b)).any(|k| {
        phrase.est(k, C::Sauf)
            && matches!(
                phrase.mot(k),
                "hors" | "hormis" | "sauf" | "excepte" | "sans" | "exclusion" | "exception"
            )
    })
}

/// « N'envoyez pas vos notes du bac : les spécialités… » : something else after the colon.
fn told_apart(phrase: &Phrase, fin: usize, s: usize) -> bool {
    (0..fin).any(|k| is_denial(phrase, k))
        && (fin + 1..=s).any(|k| phrase.jetons[k].avant == Signe::DeuxPoints)
}

/// « EDS du bac », « spécialités au baccalauréat », with no mark named.
fn names_exam(phrase: &Phrase, s: usize, fin: usize) -> bool {
    let au_bac = fin > s
        && phrase.est(fin, C::Bac)
        && phrase.mot(fin - 1) == "au"
        && !phrase.autour(s, 3, 0, C::Choix);
    let entre = fin == s + 1 && phrase.est(fin, C::Bac) && phrase.jetons[fin].avant == Signe::Ouvrante;
    phrase.est(s, C::Eds) || au_bac || entre
}

fn nearest(places: &[usize], s: usize) -> Option<usize> {
    places.iter().copied().min_by_key(|e| e.abs_diff(s))
}

/// An examination that is neither of the year, nor of French or philosophy, nor of another competition.
pub(super) fn is_terminal_exam(phrase: &Phrase, i: usize) -> bool {
    let autre = (i + 1..=i + 3)
        .take_while(|k| {
            phrase.jetons.get(*k).is_some_and(|j| j.avant == Signe::Rien)
                && !matches!(phrase.mot(*k), "et" | "ni" | "ou" | "comme")
        })
        .any(|k| phrase.est(k, C::Blanc));
    let celles = (i + 1..i + 9).any(|k| {
        matches!(phrase.mot(k), "celles" | "celle") && matches!(phrase.mot(k + 1), "de" | "des" | "d")
    });
    let oral = phrase.est(i, C::OralNom) || phrase.est(i, C::EcritNom);
    let participe = phrase.mot(i).starts_with("ecrit")
        && !matches!(phrase.mot(i + 1), "de" | "du" | "d" | "des" | "en")
        && !phrase.est(i + 1, C::Finale);
    let concours = (i + 4..=i + 5).any(|k| matches!(phrase.mot(k), "bts" | "concours" | "diplome"));
    // « Copies de spécialité rapportées dans les bulletins ».
    let de_l_annee = phrase.mot(i).starts_with("copie") && phrase.a(C::Bulletin);
    let exclue = de_l_annee || concours || autre && !celles || oral && participe;
    !exclue && !is_review(phrase, i)
}

/// « L'examen des notes », « notre examen »: that of the records.
fn is_review(phrase: &Phrase, i: usize) -> bool {
    if !phrase.mot(i).starts_with("examen") {
        return false;
    }
    let de = matches!(phrase.mot(i + 1), "des" | "de" | "du" | "d");
    let du_bac =
        phrase.apres(i, 3, C::Bac) || phrase.apres(i, 3, C::Terminal) || phrase.apres(i, 3, C::Specialite);
    let qualifie = ["attentif", "approfondi", "minutieux", "detaille", "global", "complet", "soigneux"]
        .contains(&phrase.mot(i + 1));
    de && !du_bac || qualifie || matches!(phrase.mot(i.wrapping_sub(1)), "notre" | "leur" | "cet")
}

/// « Bac » as an examination: not followed by a series, not a level of studies.
pub(super) fn is_the_exam(phrase: &Phrase, i: usize) -> bool {
    let niveau = matches!(phrase.mot(i + 1).as_bytes(), [b'1'..=b'8'])
        && phrase.jetons[i + 1].avant == Signe::Rien
        || matches!(phrase.mot(i.wrapping_sub(1)), "apres" | "post")
        || phrase.mot(i.wrapping_sub(2)) == "jusqu"
        || matches!(phrase.mot(i.wrapping_sub(2)), "apres" | "avant");
    let autre = matches!(phrase.mot(i + 1), "de" | "en") && phrase.est(i + 2, C::Blanc);
    // « Bac ou bulletin », not « bac ou équivalent ».
    let ou = phrase.mot(i + 1) == "ou" && phrase.est(i + 2, C::Annee);
    let serie = phrase.est(i + 1, C::Serie) && phrase.jetons[i + 1].avant == Signe::Rien && !ou;
    !niveau && !autre && !serie && !is_on_the_way(phrase, i)
}

/// « L'année du bac », « le contrôle continu du bac », « jusqu'au bac » : the way to it.
fn is_on_the_way(phrase: &Phrase, i: usize) -> bool {
    const JUSQU: [&str; 8] = ["admis", "apres", "avant", "candidat", "ici", "inscri", "jusqu", "prepar"];
    let vers = |k: usize| {
        phrase.est(k, C::VersLeBac)
            && (phrase.mot(i.wrapping_sub(1)) != "au" || JUSQU.iter().any(|m| phrase.mot(k).starts_with(m)))
    };
    let proche = (0..i).rev().take(4).find(|k| !phrase.est(*k, C::Liaison) || vers(*k));
    proche.is_some_and(|k| vers(k) && phrase.jetons[k + 1..=i].iter().all(|j| j.avant == Signe::Rien))
}

/// « Terminale » the class, « obtenu » in the reports.
fn is_school_year(phrase: &Phrase, i: usize) -> bool {
    let signe = |k: usize| phrase.jetons.get(k).is_none_or(|j| j.avant != Signe::Rien);
    let avant = (0..3)
        .scan(i, |k, _| {
            (*k > 0 && !signe(*k)).then(|| {
                *k -= 1;
                *k
            })
        })
        .any(|k| phrase.est(k, C::Bulletin));
    // « Mars (deuxième trimestre) » : a bracket may follow at once, nothing else. What is obtained may be so in the year.
    let obtenu = phrase.mot(i).starts_with("obten");
    let portee = if obtenu { 7 } else { 3 };
    let apres = (i + 1..=i + portee)
        .take_while(|k| *k == i + 1 || !signe(*k))
        .any(|k| phrase.est(k, C::Bulletin) || obtenu && phrase.est(k, C::Blanc));
    avant || apres || is_review(phrase, i)
}

/// « Épreuves communes, choix des spécialités » are two things: a comma between, and no « de » to join them.
fn same_group(phrase: &Phrase, a: usize, b: usize) -> bool {
    let (a, b) = (a.min(b), a.max(b));
    let signes = phrase.jetons[a + 1..=b].iter().filter(|j| j.avant != Signe::Rien).count();
    let choix = phrase.autour(b, 3, 0, C::Choix)
        || (a + 1..b).any(|k| phrase.est(k, C::Oppose) || matches!(phrase.mot(k), "hors" | "sans"));
    let bulletin = (a + 1..b).any(|k| phrase.est(k, C::Bulletin) && !phrase.est(k, C::Note));
    signes <= 3 && !choix && !bulletin
}

/// Whether a word of the reports stands between two places.
pub(super) fn between(phrase: &Phrase, a: usize, b: usize) -> bool {
    (a.min(b) + 1..a.max(b)).any(|k| {
        // « Le relevé du baccalauréat ».
        let du_bac = phrase.mot(k).starts_with("releve") && phrase.apres(k, 4, C::Bac);
        phrase.est(k, C::Bulletin) && !du_bac
    })
}
