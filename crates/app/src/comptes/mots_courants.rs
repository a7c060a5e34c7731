//! MDP-3: the offline lists. 30,000 passwords found in thefts, 64,000 English words and names (`zxcvbn`), and what a French
//! person chooses first: words of ours, names and the towns of the table of territories. Nothing leaves the machine.

use std::sync::LazyLock;

use domain::comptes::reduce_mot_de_passe;
use domain::territoires::villes;
use zxcvbn::zxcvbn;

/// In the order in which they would be tried.
const FRANCAIS: &str = include_str!("mots_courants.txt");
/// Guesses within which a word of the lists is found, its capitals and its substitutions tried as well.
const LISTES: u64 = 100_000;
/// Guesses within which a word is among the very first: nothing that surrounds it makes up for it.
const PREMIERS: u64 = 1_000;
/// Characters beyond which it is no word of the lists any more, nor one written two or three times: looking for it would only
/// keep the processor busy.
const LONGUEUR: usize = 48;
/// MDP-3: characters around a word that make up for it when it is not one of the very first.
const RESTE: usize = 6;

static MOTS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let ville = |nom: &str| {
        let [.., nom] = reduce_mot_de_passe(nom).formes;
        joined(&nom)
    };
    let villes = villes().iter().map(|v| ville(v.nom)).filter(|nom| nom.len() > 2);
    FRANCAIS.lines().map(str::to_owned).chain(villes).collect()
});

/// « Charleville-Mézières » and « charlevillemezieres » are one word.
fn joined(texte: &str) -> String {
    texte.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Whether the lists give it, as it is or once reduced.
pub(super) fn is_common(mot_de_passe: &str) -> bool {
    if mot_de_passe.chars().count() > LONGUEUR {
        return false;
    }
    let mots: Vec<&str> = MOTS.iter().map(String::as_str).collect();
    let guesses = |texte: &str| zxcvbn(texte, &mots).guesses();
    if guesses(mot_de_passe) <= LISTES {
        return true;
    }
    let reduit = reduce_mot_de_passe(mot_de_passe);
    let seuil = if reduit.reste < RESTE { LISTES } else { PREMIERS };
    let mut formes: Vec<String> = reduit.formes.iter().flat_map(|f| [f.clone(), joined(f)]).collect();
    formes.sort_unstable();
    formes.dedup();
    formes.iter().any(|forme| !forme.is_empty() && guesses(forme) <= seuil)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mdp_3_common_french_and_stolen_passwords_are_refused_however_they_are_dressed() {
        for faible in [
            "123M0td3p@sse456!",
            "Motdepasse2024!!",
            "AZERTYUIOP-2024",
            "Soleiiiiiiil2024",
            "azertyazerty",
            "Charleville-Mézières",
            "CharlevilleMezieres08",
            "Guillaume.1998",
            "!P@ssw0rd!!!!",
            "!!starfish24",
            "Constitution!9",
            "1qaz2wsx3edc",
            "qwertyuiop123",
            "motdepassemotdepasse",
        ] {
            assert!(is_common(faible), "{faible} : {}", zxcvbn(faible, &[]).guesses());
        }
        for fort in [
            "Tilleul-Cascade-2024",
            "Grun4!pLoc7?",
            "grunapplocsz",
            "Nora mange six mandarines",
            "vR8#kq2!zWpt",
            "cheval correct pile agrafe",
        ] {
            let r = reduce_mot_de_passe(fort);
            assert!(!is_common(fort), "{fort} {r:?}");
        }
    }

    #[test]
    fn mdp_3_a_word_of_the_large_list_is_made_up_for_by_what_surrounds_it() {
        assert!(is_common("!starfish84") && !is_common("!8#472starfish941"));
        assert!(is_common("!8#472soleil941"), "not one of the very first");
    }

    #[test]
    fn mdp_3_the_lists_are_what_the_documentation_says() {
        assert!(
            FRANCAIS.lines().count() > 450 && MOTS.len() > 650,
            "{} {}",
            FRANCAIS.lines().count(),
            MOTS.len()
        );
        let reduit = |mot: &str| reduce_mot_de_passe(mot).formes[2] == *mot;
        assert!(FRANCAIS.lines().all(reduit), "{:?}", FRANCAIS.lines().find(|m| !reduit(m)));
    }
}
