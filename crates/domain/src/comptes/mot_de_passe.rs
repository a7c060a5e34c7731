//! Passwords: what is asked of them (MDP-1, MDP-2).

use std::collections::HashSet;

use unicode_normalization::UnicodeNormalization;

/// How strong a password must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Niveau {
    /// Site de gestion: 80 bits.
    Gestion,
    /// Candidates: 50 bits.
    Candidat,
}

/// MDP-1: characters of a password, at least…
pub const LONGUEUR_MIN: usize = 12;
/// … and at most.
const LONGUEUR_MAX: usize = 128;
/// The same in bytes.
const OCTETS_MAX: usize = 512;
/// MDP-2: different characters, at least.
const DIFFERENTS_MIN: usize = 6;

/// Why a password is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FauteMotDePasse {
    /// Too few characters (MDP-1).
    TropCourt,
    /// Too many characters, or bytes.
    TropLong,
    /// Entropy found and required, in bits.
    TropFaible {
        /// Length times the logarithm of the alphabet used, to the whole bit.
        bits: u32,
        /// According to the [`Niveau`].
        requis: u32,
    },
    /// Too few different characters.
    TropPeuDeCaracteres,
    /// More than half of it follows the alphabet, the digits or a row of keys.
    Suite,
    /// These words of the context (name, town, platform…) make more than half of it.
    Contexte(Vec<String>),
    /// In the lists of common, French or stolen passwords, once reduced: [`reduce`].
    Courant,
}

impl FauteMotDePasse {
    /// French sentence for the form.
    pub fn message(&self) -> String {
        match self {
            Self::TropCourt => format!("Le mot de passe doit compter au moins {LONGUEUR_MIN} caractères."),
            Self::TropLong => format!("Le mot de passe ne peut pas dépasser {LONGUEUR_MAX} caractères."),
            Self::TropFaible { bits, requis } => format!(
                "Ce mot de passe est trop facile à deviner (force {bits}, il faut {requis}). Allongez-le ou mêlez majuscules, minuscules, chiffres et signes."
            ),
            Self::TropPeuDeCaracteres => format!("Utilisez au moins {DIFFERENTS_MIN} caractères différents."),
            Self::Suite => "Évitez les suites de lettres, de chiffres ou de touches du clavier.".to_owned(),
            Self::Contexte(mots) => {
                let mots: Vec<String> = mots.iter().map(|mot| format!("« {mot} »")).collect();
                let dits = match mots.as_slice() {
                    [debut @ .., dernier] if !debut.is_empty() => {
                        format!("{} et {dernier}", debut.join(", "))
                    }
                    seuls => seuls.concat(),
                };
                format!("Le mot de passe ne doit pas reposer sur {dits} : c’est trop facile à deviner.")
            }
            Self::Courant => {
                "Ce mot de passe figure, aux chiffres et aux signes près, dans les listes de mots de passe courants ou volés : \
                 c’est par elles que l’on commence. Prenez plusieurs mots sans lien entre eux."
                    .to_owned()
            }
        }
    }
}

const SUITES: [&str; 6] = [
    "abcdefghijklmnopqrstuvwxyz",
    "0123456789",
    "azertyuiopqsdfghjklmwxcvbn",
    "qwertyuiopasdfghjklzxcvbnm",
    "1234567890",
    "9876543210",
];

/// MDP-1 to MDP-3, but for the lists, which `app` holds. `contexte`: words tied to the person.
///
/// # Errors
/// Every fault found, so that the person mends them at once.
pub fn check_mot_de_passe(
    texte: &str,
    niveau: Niveau,
    contexte: &[&str],
) -> Result<(), Vec<FauteMotDePasse>> {
    let texte = normalise_mot_de_passe(texte);
    let mut fautes = Vec::new();
    let longueur = texte.chars().count();
    if longueur < LONGUEUR_MIN {
        fautes.push(FauteMotDePasse::TropCourt);
    }
    if longueur > LONGUEUR_MAX || texte.len() > OCTETS_MAX {
        fautes.push(FauteMotDePasse::TropLong);
    }
    let mut alphabet = 0u32;
    if texte.chars().any(|c| c.is_ascii_lowercase()) {
        alphabet += 26;
    }
    if texte.chars().any(|c| c.is_ascii_uppercase()) {
        alphabet += 26;
    }
    if texte.chars().any(|c| c.is_ascii_digit()) {
        alphabet += 10;
    }
    if texte.chars().any(|c| !c.is_ascii_alphanumeric()) {
        alphabet += 37;
    }
    // Rounded to the whole bit, as the CNIL's table reads (MDP-2).
    let bits = (longueur as f64 * f64::from(alphabet.max(1)).log2()).round() as u32;
    let requis = match niveau {
        Niveau::Gestion => 80,
        Niveau::Candidat => 50,
    };
    if bits < requis {
        fautes.push(FauteMotDePasse::TropFaible { bits, requis });
    }
    if texte.chars().collect::<HashSet<_>>().len() < DIFFERENTS_MIN {
        fautes.push(FauteMotDePasse::TropPeuDeCaracteres);
    }
    let minuscules = texte.to_lowercase();
    if longest_suite(&minuscules) * 2 > longueur.max(1) {
        fautes.push(FauteMotDePasse::Suite);
    }
    let mots = words_rested_on(&minuscules, contexte);
    if !mots.is_empty() {
        fautes.push(FauteMotDePasse::Contexte(mots));
    }
    if fautes.is_empty() { Ok(()) } else { Err(fautes) }
}

/// MDP-1: the form that is counted and hashed, the same on every keyboard. Neither cut nor changed otherwise.
pub fn normalise_mot_de_passe(texte: &str) -> String {
    texte.nfc().collect()
}

/// The words of the context that together make more than half of the password, none when they do not (MDP-3). The name of the
/// platform and the years belong to the context of everybody; each part of « Saint-Étienne » or of « nora.lefevre » is a word; accents do not tell words apart.
fn words_rested_on(minuscules: &str, contexte: &[&str]) -> Vec<String> {
    let lettres: Vec<char> = sans_accents(minuscules).chars().collect();
    let mut couvertes = vec![false; lettres.len()];
    let mut vus: Vec<Vec<char>> = Vec::new();
    let mut mots = Vec::new();
    let annees = years(&lettres);
    let parties = contexte
        .iter()
        .copied()
        .chain(["parcoursup"])
        .chain(annees.iter().map(String::as_str))
        .flat_map(|mot| mot.split(|c: char| !c.is_alphanumeric()));
    for partie in parties {
        let mot: Vec<char> = sans_accents(&partie.to_lowercase()).chars().collect();
        if mot.len() < 3 || vus.contains(&mot) {
            continue;
        }
        let places: Vec<usize> = (0..lettres.len()).filter(|i| lettres[*i..].starts_with(&mot)).collect();
        for place in &places {
            couvertes[*place..place + mot.len()].fill(true);
        }
        if !places.is_empty() {
            mots.push(partie.to_owned());
        }
        vus.push(mot);
    }
    if couvertes.iter().filter(|c| **c).count() * 2 > lettres.len() { mots } else { Vec::new() }
}

/// The years written in the password: of birth, of the session, of any other.
fn years(lettres: &[char]) -> Vec<String> {
    let year =
        |f: &[char]| matches!(f, ['1', '9', ..] | ['2', '0', ..]) && f.iter().all(char::is_ascii_digit);
    lettres.windows(4).filter(|f| year(f)).map(|f| f.iter().collect()).collect()
}

fn sans_accents(texte: &str) -> String {
    texte.nfd().filter(|c| !('\u{300}'..='\u{36f}').contains(c)).collect()
}

/// What is looked for in the lists (MDP-3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reduit {
    /// The password in lower case without accents, the digits and signs of both ends taken off, common substitutions undone;
    /// then with the letters that are repeated three times or more written twice, and once.
    pub formes: [String; 3],
    /// Characters taken off.
    pub reste: usize,
}

/// The word that a password is made of, whatever surrounds or disguises it (MDP-3).
pub fn reduce(texte: &str) -> Reduit {
    let texte = sans_accents(&normalise_mot_de_passe(texte).to_lowercase());
    let coeur = texte.trim_matches(|c: char| !c.is_alphabetic() && !"@$".contains(c));
    let reste = texte.chars().count() - coeur.chars().count();
    let coeur: String = coeur
        .chars()
        .map(|c| match c {
            '@' => 'a',
            '0' => 'o',
            '1' => 'i',
            '3' => 'e',
            '5' | '$' => 's',
            autre => autre,
        })
        .collect();
    Reduit { formes: [squeeze(&coeur, 2), squeeze(&coeur, 1), coeur], reste }
}

/// Letters repeated three times or more, written `n` times.
fn squeeze(texte: &str, n: usize) -> String {
    let lettres: Vec<char> = texte.chars().collect();
    lettres
        .chunk_by(|a, b| a == b)
        .flat_map(|suite| suite.iter().take(if suite.len() > 2 { n } else { suite.len() }))
        .collect()
}

/// Length of the longest stretch that follows the alphabet, the digits or a keyboard row, either way.
fn longest_suite(minuscules: &str) -> usize {
    let lettres: Vec<char> = minuscules.chars().collect();
    let mut meilleure = 0;
    for suite in SUITES {
        let rang = |c: char| suite.chars().position(|s| s == c);
        for sens in [1i64, -1] {
            let mut longueur = 1;
            for paire in lettres.windows(2) {
                let suit = matches!((rang(paire[0]), rang(paire[1])), (Some(a), Some(b)) if b as i64 - a as i64 == sens);
                longueur = if suit { longueur + 1 } else { 1 };
                meilleure = meilleure.max(longueur);
            }
        }
    }
    meilleure
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mdp_2_twelve_characters_of_four_classes_are_eighty_bits() {
        assert_eq!(check_mot_de_passe("Grun4!pLoc7?", Niveau::Gestion, &[]), Ok(()));
        assert!(check_mot_de_passe("grunapplocsz", Niveau::Gestion, &[]).is_err());
        assert_eq!(check_mot_de_passe("grunapplocsz", Niveau::Candidat, &[]), Ok(()));
    }

    #[test]
    fn mdp_1_length_is_counted_in_code_points_after_nfc() {
        assert_eq!(
            check_mot_de_passe("e\u{301}tage", Niveau::Candidat, &[]).map_err(|f| f[0].clone()),
            Err(FauteMotDePasse::TropCourt)
        );
        assert_eq!(
            check_mot_de_passe(&"aé!Z9".repeat(30), Niveau::Candidat, &[]).map_err(|f| f[0].clone()),
            Err(FauteMotDePasse::TropLong)
        );
    }

    #[test]
    fn mdp_2_sequences_and_poor_alphabets_are_refused() {
        let fautes = check_mot_de_passe("azertyuiopqsd", Niveau::Candidat, &[]).unwrap_err();
        assert!(fautes.contains(&FauteMotDePasse::Suite));
        let fautes = check_mot_de_passe("abababababababab", Niveau::Candidat, &[]).unwrap_err();
        assert!(fautes.contains(&FauteMotDePasse::TropPeuDeCaracteres));
    }

    #[test]
    fn mdp_3_the_names_of_a_person_are_found_together_and_without_their_accents() {
        let contexte = ["Lefèvre", "Nora", "Saint-Étienne", "nora.lefevre"];
        for (faible, mots) in [
            ("Nora-Lefevre-2006", vec!["Lefèvre", "Nora", "2006"]),
            ("LEFÈVRElefevre42", vec!["Lefèvre"]),
            ("saint etienne 42", vec!["Saint", "Étienne"]),
        ] {
            let fautes = check_mot_de_passe(faible, Niveau::Candidat, &contexte).unwrap_err();
            let attendue = FauteMotDePasse::Contexte(mots.into_iter().map(str::to_owned).collect());
            assert!(fautes.contains(&attendue), "{faible} : {fautes:?}");
        }
        // The year alone is not enough of it; with a name, it is.
        assert_eq!(check_mot_de_passe("Tilleul-Cascade-2024", Niveau::Gestion, &contexte), Ok(()));
        for (faible, contexte) in [
            ("Lefevre1998-2024!", &["Lefèvre"][..]),
            ("0801234A-2023-grun", &["0801234A"]),
            ("Amiens-Ampere-xv7!", &["Lycée André-Marie Ampère", "Amiens"]),
            ("parcoursup-2024-!A", &[]),
        ] {
            let fautes = check_mot_de_passe(faible, Niveau::Candidat, contexte).unwrap_err();
            assert!(
                fautes.iter().any(|f| matches!(f, FauteMotDePasse::Contexte(_))),
                "{faible} : {fautes:?}"
            );
        }
        // A name among other words is no more than a part of a sentence.
        assert_eq!(check_mot_de_passe("Nora mange six mandarines", Niveau::Candidat, &contexte), Ok(()));
        let message = FauteMotDePasse::Contexte(vec!["Lefèvre".into(), "Nora".into()]).message();
        assert!(message.contains("reposer sur « Lefèvre » et « Nora »"), "{message}");
        let message = FauteMotDePasse::Contexte(vec!["Zoé".into(), "Perrin".into(), "2024".into()]).message();
        assert!(message.contains("sur « Zoé », « Perrin » et « 2024 » :"), "{message}");
    }

    #[test]
    fn mdp_3_a_password_that_rests_on_the_platform_is_refused() {
        let fautes = check_mot_de_passe("Parcoursup2024!", Niveau::Candidat, &[]).unwrap_err();
        assert!(fautes.iter().any(|f| matches!(f, FauteMotDePasse::Contexte(_))));
    }

    #[test]
    fn mdp_3_what_surrounds_or_disguises_a_word_is_taken_off() {
        for (texte, forme, reste) in [
            ("123M0td3p@sse456!", "motdepasse", 7),
            ("Été2024!", "ete", 5),
            ("$oleil--", "soleil", 2),
            ("soleiiiiil99", "soleil", 2),
            ("passssword", "password", 0),
            ("football", "football", 0),
            ("20242024", "", 8),
        ] {
            let r = reduce(texte);
            assert!(r.formes.iter().any(|f| f == forme) && r.reste == reste, "{texte} : {r:?}");
        }
    }
}
