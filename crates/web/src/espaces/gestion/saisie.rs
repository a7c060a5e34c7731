//! What the form of a course sends, and the words shared by its pages.

use app::AppError;
use app::formations::{
    Capacites, Confirmation, EnregistrerParametrage, Groupe, GroupeFiche, Ouverture, Parametrage, Publiee,
};
use app::messages;
use domain::Fautes;
use domain::droits::{Action, Denial};
use domain::formations::{
    CAPACITE_MAX, check_frais, check_places, check_presentation, format_montant, write_montant,
};
use jiff::Timestamp;

use crate::components::{self, Alerte, Formulaire, GESTION, nombre};
use crate::socle::{Erreur, refuse};

/// Value of the button that shows what is typed, saving nothing.
pub(super) const RELIRE: &str = "relire";

/// What is typed is shown to whoever may save it: the right is that of the form.
pub(super) fn require_ecriture(ouverture: &Ouverture, action: Action) -> Result<(), AppError> {
    match ouverture {
        Ouverture::SansDroit => Err(AppError::Denied(Denial { action, connu: true })),
        Ouverture::Ouverte { .. } | Ouverture::Permanente | Ouverture::Fermee(_) => Ok(()),
    }
}

/// Of what the page says what the public will read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Lu {
    /// Of what is typed, as long as the form may be saved.
    Saisi,
    /// Of what is stored, to be compared with what was typed.
    Enregistre,
}

impl Lu {
    /// What has just been typed is shown, whatever changed meanwhile. What is taken back over values that changed since it was typed
    /// (SES-3) is first to be compared with what is stored.
    pub(super) fn shows_typed(self, form: &Formulaire, version: i64, ouverte: bool) -> bool {
        self.follows(ouverte) && (form.revient() || form.version().is_none_or(|typee| typee == version))
    }

    /// What is typed next will be shown as it is typed.
    pub(super) fn follows(self, ouverte: bool) -> bool {
        self == Self::Saisi && ouverte
    }
}

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

/// Reads what was typed; faults are noted on the form, all of them.
pub(super) fn lit(form: &mut Formulaire, p: &Parametrage) -> EnregistrerParametrage {
    let envoye = |form: &Formulaire, nom: &str| form.noms().any(|n| n == nom);
    let capacites = (envoye(form, "capacite") || envoye(form, "frais")).then(|| {
        // A field closed in the page is not sent: it stays as it is.
        let saisie = envoye(form, "capacite");
        let capacite = if saisie {
            facultatif(form, "capacite", |f| f.lit_entier("capacite", 0..=CAPACITE_MAX))
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
        } else if !form.valeur("capacite").trim().is_empty() && p.groupes.len() > 1 {
            for g in &p.groupes {
                if let Some(n) = form.lit_entier(&champ_places(g), 0..=CAPACITE_MAX) {
                    places.push((g.id.clone(), n));
                }
            }
        }
        Capacites { capacite, frais_centimes, places }
    });
    let presentation = envoye(form, "presentation").then(|| form.valeur("presentation").to_owned());
    if !form.est_valide() {
        refuse_lus(form, p, (capacites.as_ref(), presentation.as_deref()));
    }
    EnregistrerParametrage { capacites, presentation }
}

/// What could be read is held to its rules beside what could not: everything is told at once. When all could be read, the act itself
/// tells it.
fn refuse_lus(form: &mut Formulaire, p: &Parametrage, (c, texte): (Option<&Capacites>, Option<&str>)) {
    let mut fautes = Fautes::default();
    if let Some(c) = c {
        fautes.lit(c.frais_centimes.map_or(Ok(0), check_frais));
        let places: Vec<i64> = c.places.iter().map(|(_, n)| *n).collect();
        if let (Some(capacite), true) = (c.capacite, p.groupes.len() > 1 && places.len() == p.groupes.len()) {
            fautes.lit(check_places(capacite, &places));
        }
    }
    fautes.lit(texte.map_or(Ok(String::new()), check_presentation));
    for f in fautes.liste() {
        form.refuse(&ou(p, f.champ()), messages::regle(f));
    }
}

fn facultatif<T>(
    form: &mut Formulaire,
    nom: &str,
    lit: impl FnOnce(&mut Formulaire) -> Option<T>,
) -> Option<T> {
    if form.valeur(nom).trim().is_empty() { None } else { lit(form) }
}

/// Where a field of the rules is typed: the places of all the groups, where those of the first are.
fn ou(p: &Parametrage, champ: &str) -> String {
    p.groupes.first().filter(|_| champ == "places").map_or_else(|| champ.to_owned(), champ_places)
}

/// Puts the refusal of what was typed where it was; gives back any other error.
pub(super) fn refuse_saisie(form: &mut Formulaire, p: &Parametrage, e: AppError) -> Result<(), Erreur> {
    match e {
        AppError::Rule(regle) if !regle.champ().is_empty() => {
            form.refuse(&ou(p, regle.champ()), messages::regle(&regle));
            Ok(())
        }
        AppError::Invalid(fautes) => {
            for (champ, message) in fautes {
                form.refuse(&ou(p, champ), message);
            }
            Ok(())
        }
        autre => refuse(form, autre),
    }
}

pub(super) fn alerte_archive(annee: i64) -> Alerte {
    components::alerte_archive(annee, GESTION)
}

/// Why a part of the form cannot be changed; nothing when it can.
pub(super) fn motif_fermeture(ouverture: &Ouverture) -> Option<String> {
    match ouverture {
        Ouverture::Ouverte { .. } | Ouverture::Permanente => None,
        Ouverture::Fermee(regle) => Some(messages::regle(regle)),
        Ouverture::SansDroit => {
            Some("Votre rôle permet de lire ces informations, pas de les modifier.".to_owned())
        }
    }
}

/// What is asked of a course once it is complete: its submission where the academic service reviews it, else its publication.
pub(super) fn verbe(controlee: bool) -> &'static str {
    if controlee { "soumettre" } else { "publier" }
}

/// What prevents the publication of a course, before what is asked of it.
pub(super) fn il_manque(p: &Parametrage) -> String {
    format!("Avant de {}, il manque : {}.", verbe(p.controle.is_some()), p.manques.join(", "))
}

/// When what comes from last year was said to be right; nothing when nobody said so.
pub(super) fn confirmation(c: Confirmation) -> Option<String> {
    let quand = |ms| Timestamp::from_millisecond(ms).map(messages::date_heure).unwrap_or_default();
    match c {
        Confirmation::SansObjet | Confirmation::Attendue => None,
        Confirmation::Faite(le) => Some(format!("Confirmée le {}", quand(le))),
        Confirmation::Modifiee(le, depuis) => {
            Some(format!("Confirmée le {}, modifiée depuis, le {}", quand(le), quand(depuis)))
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

/// The groups of a draft as the public will read them: the whole capacity is that of the only one.
pub(super) fn groupes_publics(capacite: Option<i64>, groupes: &[Groupe]) -> Vec<GroupeFiche> {
    let seul = groupes.len() == 1;
    let lu = |g: &Groupe| GroupeFiche {
        libelle: g.libelle.clone(),
        series: g.series.clone(),
        places: capacite.map(|n| if seul { n } else { g.places }),
        dernier_appele: None,
    };
    groupes.iter().map(lu).collect()
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

    #[test]
    fn r_for_26_what_has_just_been_typed_is_shown_and_what_is_taken_back_is_compared_first() {
        let reprise = Formulaire::new("j").avec_version(7);
        assert!(Lu::Saisi.shows_typed(&reprise, 7, true));
        assert!(!Lu::Saisi.shows_typed(&reprise, 8, true) && Lu::Saisi.follows(true));
        let envoyee = Formulaire::recu("j", [("_version".to_owned(), "7".to_owned())]);
        assert!(Lu::Saisi.shows_typed(&envoyee, 8, true));
        assert!(!Lu::Enregistre.shows_typed(&envoyee, 8, true) && !Lu::Enregistre.follows(true));
        assert!(!Lu::Saisi.shows_typed(&envoyee, 7, false) && !Lu::Saisi.follows(false));
    }

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

    #[test]
    fn the_only_group_has_the_whole_capacity_that_is_typed() {
        let places = |capacite, groupes: &[Groupe]| -> Vec<Option<i64>> {
            groupes_publics(capacite, groupes).into_iter().map(|g| g.places).collect()
        };
        assert_eq!(places(Some(30), &[groupe("Tous", 24)]), [Some(30)]);
        assert_eq!(places(Some(30), &[groupe("Pro", 8), groupe("Autres", 16)]), [Some(8), Some(16)]);
        assert_eq!(places(None, &[groupe("Pro", 8), groupe("Autres", 16)]), [None, None]);
    }
}
