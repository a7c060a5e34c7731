//! Ranking groups of a published course: which series each takes, and how a total capacity is shared between them.

use domain::candidats::TypeBac;
use domain::formations::{Famille, parse_series, write_series};
use files::offre::Chiffres;
use files::tableau::normalize_header;
use simulation::Series;

/// A ranking group of an imported course.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupeImport {
    /// Made from the series when the file does not name the group.
    pub libelle: String,
    /// As stored ([`write_series`]).
    pub series: String,
    /// Share of the capacity; 0 when the file does not say.
    pub places: u32,
}

const TOUS: &str = "Tous les candidats";
const AUTRES: &str = "Autres candidats";

/// Series as the column `groupe_classement.series` writes them.
pub fn code_series(series: Series) -> String {
    write_series(|t| series.contient(t))
}

/// Reads what [`code_series`] wrote.
pub fn series_from_code(code: &str) -> Series {
    parse_series(code).into_iter().fold(Series::AUCUNE, Series::avec)
}

/// Series that the label names; `None` when it names none (« Autres candidats », « Toutes les filles »).
fn series_nommees(libelle: &str) -> Option<Series> {
    let net = normalize_header(libelle);
    let sauf = net.contains("sauf");
    let (pro, techno) = (net.contains("professionnel"), net.contains("technologique"));
    if !pro && !techno {
        return None;
    }
    let nommees = [(pro, TypeBac::Pro), (techno, TypeBac::Techno)]
        .into_iter()
        .filter(|(nommee, _)| *nommee)
        .fold(Series::AUCUNE, |s, (_, t)| s.avec(t));
    Some(if sauf { complement(&[nommees]) } else { nommees })
}

fn complement(prises: &[Series]) -> Series {
    TypeBac::ALL
        .into_iter()
        .filter(|t| !prises.iter().any(|p| p.contient(*t)))
        .fold(Series::AUCUNE, Series::avec)
}

/// R-IMP-05: the groups of a course: those published, series read from their labels, completed so that every series has one;
/// the usual groups of the family when none is published.
pub fn groupes(
    libelles: &[String],
    famille: Famille,
    capacite: Option<u32>,
    chiffres: &Chiffres,
) -> Vec<GroupeImport> {
    let mut lus: Vec<(String, Series)> = if libelles.is_empty() {
        Series::groupes_habituels(famille).into_iter().map(|s| (libelle_habituel(s), s)).collect()
    } else {
        let nommees: Vec<Series> = libelles.iter().filter_map(|l| series_nommees(l)).collect();
        let reste = complement(&nommees);
        let reste = if reste == Series::AUCUNE { Series::TOUTES } else { reste };
        libelles.iter().map(|l| (l.clone(), series_nommees(l).unwrap_or(reste))).collect()
    };
    let series: Vec<Series> = lus.iter().map(|(_, s)| *s).collect();
    let orphelines = complement(&series);
    if orphelines != Series::AUCUNE {
        lus.push((AUTRES.to_owned(), orphelines));
    }
    let series: Vec<Series> = lus.iter().map(|(_, s)| *s).collect();
    let places = partager(capacite.unwrap_or(0), &poids(&series, chiffres));
    lus.into_iter()
        .zip(places)
        .map(|((libelle, s), places)| GroupeImport { libelle, series: code_series(s), places })
        .collect()
}

fn libelle_habituel(series: Series) -> String {
    let seule = |t| series == Series::AUCUNE.avec(t);
    if series == Series::TOUTES {
        TOUS.to_owned()
    } else if seule(TypeBac::Pro) {
        "Bacheliers professionnels toutes séries".to_owned()
    } else if seule(TypeBac::Techno) {
        "Bacheliers technologiques toutes séries".to_owned()
    } else {
        AUTRES.to_owned()
    }
}

/// Ranked candidates by group (candidates when the ranked are unknown); each series goes to the first group that
/// takes it, groups of the same series share it.
fn poids(series: &[Series], c: &Chiffres) -> Vec<u64> {
    let classes = [c.nb_cla_pp_bg, c.nb_cla_pp_bt, c.nb_cla_pp_bp, c.nb_cla_pp_at];
    let candidats = [c.nb_voe_pp_bg, c.nb_voe_pp_bt, c.nb_voe_pp_bp, c.nb_voe_pp_at];
    let effectifs = if classes.iter().flatten().any(|n| *n > 0) { classes } else { candidats };
    let mut poids = vec![0_u64; series.len()];
    for (serie, n) in TypeBac::ALL.into_iter().zip(effectifs) {
        let preneurs: Vec<usize> = (0..series.len()).filter(|g| series[*g].contient(serie)).collect();
        let parts = u64::try_from(preneurs.len()).unwrap_or(1).max(1);
        for (g, n) in preneurs.into_iter().zip(std::iter::repeat(u64::from(n.unwrap_or(0)))) {
            // Sixty is divisible by any number of groups met in practice.
            poids[g] += n * 60 / parts;
        }
    }
    poids
}

/// Largest remainder: the parts add up to the total; without any weight, equal parts.
pub fn partager(total: u32, poids: &[u64]) -> Vec<u32> {
    if poids.is_empty() {
        return Vec::new();
    }
    let egaux = vec![1_u64; poids.len()];
    let poids = if poids.iter().all(|p| *p == 0) { &egaux[..] } else { poids };
    let somme: u128 = poids.iter().map(|p| u128::from(*p)).sum();
    let mut parts: Vec<u32> = Vec::with_capacity(poids.len());
    let mut restes: Vec<(u128, usize)> = Vec::with_capacity(poids.len());
    for (i, p) in poids.iter().enumerate() {
        let produit = u128::from(total) * u128::from(*p);
        parts.push(u32::try_from(produit / somme).unwrap_or(u32::MAX));
        restes.push((produit % somme, i));
    }
    restes.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    let donnees: u32 = parts.iter().sum();
    for (_, i) in restes.into_iter().take(usize::try_from(total - donnees).unwrap_or(0)) {
        parts[i] += 1;
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noms(libelles: &[&str], famille: Famille) -> Vec<(String, String)> {
        let libelles: Vec<String> = libelles.iter().map(|l| (*l).to_owned()).collect();
        groupes(&libelles, famille, Some(30), &Chiffres::default())
            .into_iter()
            .map(|g| (g.libelle, g.series))
            .collect()
    }

    fn series(libelles: &[&str]) -> Vec<String> {
        noms(libelles, Famille::Bts).into_iter().map(|(_, s)| s).collect()
    }

    #[test]
    fn r_imp_05_labels_of_every_session_give_their_series() {
        assert_eq!(series(&["Tous les candidats"]), ["tous"]);
        assert_eq!(
            series(&[
                "Autres candidats",
                "Bacheliers professionnels toutes series",
                "Bacheliers technologiques toutes séries"
            ]),
            ["general,autre", "pro", "techno"]
        );
        assert_eq!(
            series(&[
                "Tous les candidats sauf les Bac professionnels",
                "Bacheliers professionnels toutes séries"
            ]),
            ["general,techno,autre", "pro"]
        );
        assert_eq!(
            series(&[
                "Bacheliers technologiques toutes séries",
                "Tous les candidats sauf les Bac technologiques et Bac professionnels",
                "Bacheliers professionnels toutes séries"
            ]),
            ["techno", "general,autre", "pro"]
        );
        assert_eq!(series(&["Toutes les filles", "Tous les garçons"]), ["tous", "tous"]);
    }

    #[test]
    fn r_imp_05_every_series_has_a_group() {
        assert_eq!(
            noms(&["Bacheliers professionnels toutes séries"], Famille::Bts).last(),
            Some(&("Autres candidats".to_owned(), "general,techno,autre".to_owned()))
        );
        assert_eq!(noms(&[], Famille::Licence), [("Tous les candidats".to_owned(), "tous".to_owned())]);
        assert_eq!(noms(&[], Famille::Bts).len(), 3);
        for code in ["tous", "pro", "general,autre"] {
            assert_eq!(code_series(series_from_code(code)), code);
        }
    }

    #[test]
    fn r_imp_05_places_follow_the_ranked_and_add_up() {
        let chiffres = Chiffres {
            nb_cla_pp_bg: Some(50),
            nb_cla_pp_bt: Some(30),
            nb_cla_pp_bp: Some(20),
            ..Chiffres::default()
        };
        let places: Vec<u32> =
            groupes(&[], Famille::Bts, Some(35), &chiffres).iter().map(|g| g.places).collect();
        assert_eq!(places, [7, 11, 17]);
        assert_eq!(partager(10, &[0, 0, 0]), [4, 3, 3]);
        assert_eq!(partager(0, &[5, 1]), [0, 0]);
        assert_eq!(partager(7, &[1, 1, 1]).iter().sum::<u32>(), 7);
    }
}
