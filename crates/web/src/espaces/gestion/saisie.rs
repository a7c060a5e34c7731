//! What the form of a course sends, and the words shared by its pages.

use app::formations::{Capacites, EnregistrerParametrage, Groupe, Ouverture, Parametrage, Publiee};
use app::messages;
use domain::RuleViolation;
use domain::formations::{format_montant, write_montant};
use jiff::Timestamp;

use crate::components::{Alerte, Formulaire, Markup, nombre};

/// Field of the places of a group.
pub(super) fn champ_places(groupe: &Groupe) -> String {
    format!("places-{}", groupe.id)
}

/// The form filled with the draft.
pub(super) fn remplit(form: Formulaire, p: &Parametrage) -> Formulaire {
    let mut form = form.avec_version(p.version).avec("presentation", &p.presentation);
    if let Some(n) = p.capacite {
        form.pose("capacite", n);
        for g in &p.groupes {
            form.pose(&champ_places(g), g.places);
        }
    }
    if let Some(c) = p.frais_centimes {
        form.pose("frais", write_montant(c));
    }
    form
}

/// Reads what was typed; faults are noted on the form.
pub(super) fn lit(form: &mut Formulaire, p: &Parametrage) -> EnregistrerParametrage {
    let envoye = |form: &Formulaire, nom: &str| form.noms().any(|n| n == nom);
    let capacites = (envoye(form, "capacite") || envoye(form, "frais")).then(|| {
        // A field closed in the page is not sent: it stays as it is.
        let saisie = envoye(form, "capacite");
        let capacite = if saisie {
            facultatif(form, "capacite", |f| f.lit_entier("capacite", 0..=20_000_i64))
        } else {
            p.capacite
        };
        let frais_centimes = if envoye(form, "frais") {
            facultatif(form, "frais", |f| f.lit_montant("frais"))
        } else {
            p.frais_centimes
        };
        let mut places = Vec::new();
        if !saisie {
            places = p.groupes.iter().map(|g| (g.id.clone(), g.places)).collect();
        } else if capacite.is_some() && p.groupes.len() > 1 {
            for g in &p.groupes {
                if let Some(n) = form.lit_entier(&champ_places(g), 0..=20_000_i64) {
                    places.push((g.id.clone(), n));
                }
            }
        }
        Capacites { capacite, frais_centimes, places }
    });
    let presentation = envoye(form, "presentation").then(|| form.valeur("presentation").to_owned());
    EnregistrerParametrage { capacites, presentation }
}

fn facultatif<T>(
    form: &mut Formulaire,
    nom: &str,
    lit: impl FnOnce(&mut Formulaire) -> Option<T>,
) -> Option<T> {
    if form.valeur(nom).trim().is_empty() { None } else { lit(form) }
}

/// Puts the refusal of the places where they are typed.
pub(super) fn refuse_places(form: &mut Formulaire, p: &Parametrage, regle: &RuleViolation) -> bool {
    let sur_places =
        matches!(regle, RuleViolation::PlacesGroupes { .. } | RuleViolation::Champ { champ: "places", .. });
    match p.groupes.first() {
        Some(g) if sur_places => {
            form.refuse(&champ_places(g), messages::regle(regle));
            true
        }
        _ => false,
    }
}

pub(super) fn alerte_archive(annee: i64) -> Alerte {
    Alerte::info(format_args!("Session {annee} archivée : tout se consulte, rien ne se modifie."))
        .suite(Markup::lien("Revenir à la session en cours", "/gestion"))
}

/// Why a part of the form cannot be changed; nothing when it can.
pub(super) fn motif_fermeture(ouverture: &Ouverture) -> Option<String> {
    match ouverture {
        Ouverture::Ouverte { .. } => None,
        Ouverture::Fermee(regle) => Some(messages::regle(regle)),
        Ouverture::SansDroit => {
            Some("Votre rôle permet de lire ces informations, pas de les modifier.".to_owned())
        }
    }
}

/// « 24 places, dont 10 pour le groupe « Bac pro » et 14 pour le groupe « Autres » ».
pub(super) fn places_en_toutes_lettres(capacite: i64, groupes: &[Groupe]) -> String {
    let total = match capacite {
        0 => "Aucune place".to_owned(),
        1 => "1 place".to_owned(),
        n => format!("{} places", nombre(n)),
    };
    if groupes.len() < 2 {
        return total;
    }
    let parts: Vec<String> =
        groupes.iter().map(|g| format!("{} pour le groupe « {} »", nombre(g.places), g.libelle)).collect();
    let (derniere, premieres) = (parts.last().map_or("", String::as_str), &parts[..parts.len() - 1]);
    format!("{total}, dont {} et {derniere}", premieres.join(", "))
}

/// « 1 250,50 € par an », « aucuns frais ».
pub(super) fn frais_en_toutes_lettres(centimes: i64) -> String {
    if centimes == 0 {
        "Aucuns frais de scolarité (0 €)".to_owned()
    } else {
        format!("{} par an", format_montant(centimes))
    }
}

/// « Depuis le …, le public lit : 24 places, frais de scolarité : 170 €. »
pub(super) fn lecture_publique(p: &Publiee) -> String {
    let depuis = Timestamp::from_millisecond(p.publie_le).map(messages::date_heure).unwrap_or_default();
    let places = p.capacite.map_or_else(
        || "capacité non communiquée".to_owned(),
        |n| places_en_toutes_lettres(n, &[]).to_lowercase(),
    );
    let frais = p.frais_centimes.map_or_else(|| "non communiqués".to_owned(), format_montant);
    format!("Depuis le {depuis}, le public lit : {places} ; frais de scolarité : {frais}.")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn groupe(libelle: &str, places: i64) -> Groupe {
        Groupe { id: "a".to_owned(), libelle: libelle.to_owned(), series: String::new(), places }
    }

    #[test]
    fn what_becomes_public_is_said_in_full() {
        assert_eq!(places_en_toutes_lettres(24, &[groupe("Tous", 24)]), "24 places");
        assert_eq!(
            places_en_toutes_lettres(24, &[groupe("Pro", 8), groupe("Techno", 6), groupe("Autres", 10)]),
            "24 places, dont 8 pour le groupe « Pro », 6 pour le groupe « Techno » et 10 pour le groupe « Autres »"
        );
        assert_eq!(places_en_toutes_lettres(0, &[]), "Aucune place");
    }
}
