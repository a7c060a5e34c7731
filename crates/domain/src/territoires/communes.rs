//! R-ETA-10, R-FOR-27: which town is meant by a name and, when it is typed, a post code or a department.

use super::{Ville, departement, departement_par_nom, departement_postal, normalise, ville};

/// A town as the national list has it: once for each of its post codes.
#[derive(Debug, Clone, PartialEq)]
pub struct Commune {
    /// French name, its article included: « Le Havre ».
    pub nom: String,
    /// Five digits; empty in the list that the platform has of itself, which knows none.
    pub code_postal: String,
    /// Code of its department.
    pub departement: String,
    /// Degrees, WGS 84.
    pub latitude: f64,
    /// Degrees, WGS 84.
    pub longitude: f64,
}

/// What a name tells.
#[derive(Debug, Clone, PartialEq)]
pub enum Trouvee<'c> {
    /// One town.
    Une(&'c Commune),
    /// Several of that name, one a department, by code of department: the post code tells which.
    Plusieurs(Vec<&'c Commune>),
    /// None of that name.
    Aucune,
}

/// Towns that the national list has arrondissement by arrondissement.
const ARRONDISSEMENTS: [&str; 3] = ["lyon", "marseille", "paris"];

/// How a town is looked for: without accents, case nor punctuation; « St » stands for « Saint », and the arrondissements of a town are
/// that town.
pub fn cle_commune(nom: &str) -> String {
    let cle = normalise(nom);
    let mut mots = cle.split(' ');
    let (ville, numero) = (mots.next().unwrap_or_default(), mots.next().unwrap_or_default());
    if ARRONDISSEMENTS.contains(&ville) && numero.starts_with(|c: char| c.is_ascii_digit()) {
        return ville.to_owned();
    }
    cle
}

/// R-ETA-10: the town meant among those of one name: that of the post code; else that of its department; without any post code, that of
/// the department of whoever looks, else the only one. In one department a name is that of one town.
pub fn choose_commune<'c>(communes: &'c [Commune], code_postal: &str, departement: &str) -> Trouvee<'c> {
    let code_postal = code_postal.trim();
    if let Some(c) = communes.iter().find(|c| !code_postal.is_empty() && c.code_postal == code_postal) {
        return Trouvee::Une(c);
    }
    let ici = if code_postal.is_empty() {
        Some(departement)
    } else {
        departement_postal(code_postal).map(|d| d.code)
    };
    if let Some(c) = communes.iter().find(|c| Some(c.departement.as_str()) == ici) {
        return Trouvee::Une(c);
    }
    let mut ailleurs: Vec<&Commune> = communes.iter().collect();
    ailleurs.sort_by(|a, b| (&a.departement, &a.code_postal).cmp(&(&b.departement, &b.code_postal)));
    ailleurs.dedup_by(|a, b| a.departement == b.departement);
    if let [seule] = ailleurs[..]
        && code_postal.is_empty()
    {
        return Trouvee::Une(seule);
    }
    if ailleurs.is_empty() { Trouvee::Aucune } else { Trouvee::Plusieurs(ailleurs) }
}

/// R-FOR-27: a town as somebody names it in one text: « Saint-Denis », « Saint-Denis (93) », « Saint-Denis, La Réunion »,
/// « 93200 Saint-Denis », « 93200 ».
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct VilleDite {
    /// As it was typed; empty when a post code alone was.
    pub nom: String,
    /// Five digits; empty when none was typed.
    pub code_postal: String,
    /// Code of a department; empty when none was typed.
    pub departement: String,
}

impl VilleDite {
    /// Notes what tells the town from the others; `false` for what is neither a post code nor a department.
    fn precise(&mut self, texte: &str) -> bool {
        let texte = texte.trim();
        if texte.len() == 5 && texte.bytes().all(|o| o.is_ascii_digit()) {
            texte.clone_into(&mut self.code_postal);
            return true;
        }
        // One digit is an arrondissement.
        let code = departement(texte).filter(|_| (2..=3).contains(&texte.len()));
        let Some(d) = code.or_else(|| departement_par_nom(texte)) else { return false };
        d.code.clone_into(&mut self.departement);
        true
    }

    /// The same for one word, which is not the name of a department: « Paris » is a town.
    fn precise_mot(&mut self, mot: &str) -> bool {
        mot.starts_with(|c: char| c.is_ascii_digit()) && self.precise(mot)
    }
}

/// R-FOR-27: reads a town as people name it. What tells it from the others stands in brackets, after a comma, or at either end.
pub fn read_ville(texte: &str) -> VilleDite {
    let texte = texte.trim();
    let mut dite = VilleDite::default();
    let nom = if dite.precise_mot(texte) {
        ""
    } else if let Some((nom, reste)) = texte.split_once(['(', ',']) {
        dite.precise(reste.trim_end().trim_end_matches(')'));
        nom
    } else if let Some((mot, nom)) = texte.split_once([' ', '-'])
        && dite.precise_mot(mot)
    {
        nom
    } else if let Some((nom, mot)) = texte.rsplit_once(' ')
        && dite.precise_mot(mot)
    {
        nom
    } else {
        texte
    };
    nom.trim().clone_into(&mut dite.nom);
    dite
}

/// The whole town of which this is an arrondissement.
pub fn ville_entiere(c: &Commune) -> Option<&'static Ville> {
    let cle = cle_commune(&c.nom);
    if ARRONDISSEMENTS.contains(&cle.as_str()) { ville(&c.departement, &cle) } else { None }
}

/// Keys shorter than this are close to another within one letter, the others within two.
const COURTE: usize = 5;

/// Letters of a key that may stand for all those that begin so.
const DEBUT_MIN: usize = 3;

/// A key without its article: « havre » is looked for as « le havre ».
fn sans_article(cle: &str) -> &str {
    ["le ", "la ", "les ", "l "].into_iter().find_map(|a| cle.strip_prefix(a)).unwrap_or(cle)
}

/// Letters to add, remove, change or exchange with their neighbour to go from one word to another; `None` beyond `max`.
fn ecart(a: &[char], b: &[char], max: usize) -> Option<usize> {
    if a.len().abs_diff(b.len()) > max {
        return None;
    }
    let mut avant: Vec<usize> = Vec::new();
    let mut ici: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut suivante = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let change = ici[j] + usize::from(x != y);
            let mut moindre = change.min(ici[j + 1] + 1).min(suivante[j] + 1);
            if i > 0 && j > 0 && *x == b[j - 1] && a[i - 1] == *y {
                moindre = moindre.min(avant[j - 1] + 1);
            }
            suivante.push(moindre);
        }
        avant = std::mem::replace(&mut ici, suivante);
    }
    ici.last().copied().filter(|e| *e <= max)
}

/// R-FOR-27: the keys that are spelt almost as this one, or begin by it, so many at most; the closest first.
pub fn cles_proches<'c>(cle: &str, cles: impl IntoIterator<Item = &'c str>, combien: usize) -> Vec<&'c str> {
    let cherchee: Vec<char> = sans_article(cle).chars().collect();
    if cherchee.is_empty() {
        return Vec::new();
    }
    let max = if cherchee.len() < COURTE { 1 } else { 2 };
    let mut proches: Vec<(usize, usize, &str)> = Vec::new();
    for autre in cles {
        let nue: Vec<char> = sans_article(autre).chars().collect();
        let loin = ecart(&cherchee, &nue, max)
            .or_else(|| (cherchee.len() >= DEBUT_MIN && nue.starts_with(&cherchee)).then_some(max + 1));
        proches.extend(loin.map(|e| (e, nue.len(), autre)));
    }
    proches.sort_unstable();
    proches.dedup();
    proches.into_iter().map(|(_, _, cle)| cle).take(combien).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn commune(nom: &str, code_postal: &str, departement: &str) -> Commune {
        Commune {
            nom: nom.to_owned(),
            code_postal: code_postal.to_owned(),
            departement: departement.to_owned(),
            latitude: 48.0,
            longitude: 2.0,
        }
    }

    #[test]
    fn r_eta_10_a_town_is_looked_for_as_people_write_it() {
        for (ecrit, cle) in [
            ("Saint-Valery-sur-Somme", "saint valery sur somme"),
            ("ST VALERY SUR SOMME", "saint valery sur somme"),
            ("Ste-Menehould", "sainte menehould"),
            ("L’Étoile", "l etoile"),
            ("Paris 05", "paris"),
            ("Marseille 3e arrondissement", "marseille"),
            ("Paris-l’Hôpital", "paris l hopital"),
            ("Lyon", "lyon"),
        ] {
            assert_eq!(cle_commune(ecrit), cle, "{ecrit}");
        }
    }

    #[test]
    fn r_eta_10_the_post_code_tells_towns_of_one_name_apart() {
        let toutes = [
            commune("Saint-Denis", "93200", "93"),
            commune("Saint-Denis", "93210", "93"),
            commune("Saint-Denis", "97400", "974"),
        ];
        let une = |code: &str, ici: &str| match choose_commune(&toutes, code, ici) {
            Trouvee::Une(c) => c.code_postal.clone(),
            autre => panic!("{autre:?}"),
        };
        assert_eq!(une("97400", "93"), "97400");
        assert_eq!(une("", "974"), "97400", "that of whoever looks");
        assert_eq!(une("", "93"), "93200");
        assert_eq!(une("93999", "974"), "93200", "a post code of a company, in the department");
        for (code, ici) in [("", "80"), ("80000", "93")] {
            match choose_commune(&toutes, code, ici) {
                Trouvee::Plusieurs(p) => {
                    let ou: Vec<&str> = p.iter().map(|c| c.departement.as_str()).collect();
                    assert_eq!(ou, ["93", "974"], "{code} {ici}");
                }
                autre => panic!("{autre:?}"),
            }
        }
        assert_eq!(choose_commune(&toutes[2..], "", "80"), Trouvee::Une(&toutes[2]), "the only one");
        assert_eq!(choose_commune(&toutes[2..], "80000", "80"), Trouvee::Plusieurs(vec![&toutes[2]]));
        assert_eq!(choose_commune(&[], "80000", "80"), Trouvee::Aucune);
    }

    #[test]
    fn r_for_27_a_town_is_read_as_people_name_it() {
        for (texte, nom, code_postal, departement) in [
            ("Saint-Denis", "Saint-Denis", "", ""),
            (" Saint-Denis (93) ", "Saint-Denis", "", "93"),
            ("Saint-Denis (Seine-Saint-Denis)", "Saint-Denis", "", "93"),
            ("Saint-Denis, la Réunion", "Saint-Denis", "", "974"),
            ("Saint-Denis 97400", "Saint-Denis", "97400", ""),
            ("97400 Saint-Denis", "Saint-Denis", "97400", ""),
            ("Ajaccio (2a)", "Ajaccio", "", "2A"),
            ("974-saint-denis", "saint-denis", "", "974"),
            ("2a-ajaccio", "ajaccio", "", "2A"),
            ("80100", "", "80100", ""),
            ("Paris", "Paris", "", ""),
            ("Paris 5e", "Paris 5e", "", ""),
            ("Aubin Saint-Vaast", "Aubin Saint-Vaast", "", ""),
            ("Abbeville (nulle part)", "Abbeville", "", ""),
            ("", "", "", ""),
        ] {
            let lue = read_ville(texte);
            let lue = (lue.nom.as_str(), lue.code_postal.as_str(), lue.departement.as_str());
            assert_eq!(lue, (nom, code_postal, departement), "{texte}");
        }
        assert_eq!(ville_entiere(&commune("Paris 13", "75013", "75")).map(|v| v.nom), Some("Paris"));
        assert_eq!(ville_entiere(&commune("Abbeville", "80100", "80")), None);
    }

    #[test]
    fn r_for_27_the_closest_spellings_come_first() {
        let toutes = [
            "abbeville",
            "abbeville la riviere",
            "amiens",
            "brest",
            "le havre",
            "saint valery en caux",
            "saint valery sur somme",
            "paris",
        ];
        let proches = |cle: &str| cles_proches(cle, toutes, 3);
        assert_eq!(proches("abeville"), ["abbeville"]);
        assert_eq!(proches("abbeville"), ["abbeville", "abbeville la riviere"], "then what begins so");
        assert_eq!(proches("aimens"), ["amiens"], "two letters exchanged");
        assert_eq!(proches("havre"), ["le havre"]);
        assert_eq!(proches("saint valery"), ["saint valery en caux", "saint valery sur somme"]);
        assert_eq!(proches("bres"), ["brest"]);
        assert_eq!(proches("par"), ["paris"]);
        assert!(proches("marseille").is_empty() && proches("").is_empty());
        assert_eq!(cles_proches("saint valery", toutes, 1), ["saint valery en caux"]);
    }
}
