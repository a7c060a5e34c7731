//! A page that comes back by itself while the platform is at something: what it says of it, and how one stops it (RGAA 13.1).

use app::messages;

use super::{Bouton, LienBouton};

/// Seconds that nobody reads as a wait.
const SANS_ATTENTE: i64 = 5;

/// « à l’instant », « il y a 12 secondes ».
pub fn depuis(secondes: i64) -> String {
    if secondes < SANS_ATTENTE {
        "à l’instant".to_owned()
    } else {
        format!("il y a {}", messages::accord(secondes, "seconde", "secondes"))
    }
}

/// The sentence that ends what the page says, when it comes back by itself.
pub fn toute_seule(seule: bool) -> &'static str {
    if seule { " Cette page s’actualise toute seule." } else { "" }
}

/// To look again at this address, and to have the page do it by itself or not.
pub fn regards(url: &str, seule: bool) -> [Bouton; 2] {
    let arretee = format!("{url}{}actualiser=non", if url.contains('?') { '&' } else { '?' });
    let (ici, autre) = if seule {
        (url, LienBouton::new("Ne plus actualiser toute seule", &arretee))
    } else {
        (arretee.as_str(), LienBouton::new("Actualiser toute seule", url))
    };
    [LienBouton::new("Actualiser la page", ici), autre.secondaire()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_just_asked_for_is_not_said_to_wait() {
        assert_eq!(depuis(0), "à l’instant");
        assert_eq!(depuis(12), "il y a 12 secondes");
    }

    #[test]
    fn one_looks_again_as_one_looks_now() {
        let html = |url: &str, seule| regards(url, seule).map(|b| b.to_string());
        let [ici, autre] = html("/calculs/a", true);
        assert!(ici.contains(r#"href="/calculs/a""#), "{ici}");
        assert!(autre.contains(r#"href="/calculs/a?actualiser=non""#), "{autre}");
        let [ici, autre] = html("/explication?jour=1", false);
        assert!(ici.contains("jour=1") && ici.contains("actualiser=non"), "{ici}");
        assert!(autre.contains(r#"href="/explication?jour=1""#), "{autre}");
    }
}
