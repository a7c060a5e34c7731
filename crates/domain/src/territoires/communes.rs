//! R-ETA-10: which town is meant by a name and, when it is typed, a post code.

use super::{departement_postal, normalise};

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
}
