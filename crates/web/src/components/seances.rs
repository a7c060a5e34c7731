//! What is shown of an information session, on the site de gestion and on the public site; who signs it, as for the Fil info.

use app::messages::{date_heure, date_limite, date_longue, heure};
pub use app::messages::{du, enumere};
use app::seances::{MonInscription, Seance};
use domain::actualites::{Audience, Emetteur};
use domain::calendrier::paris;
use domain::seances::{EtatInscription, EtatSeance};
use domain::territoires::{Departement, academie};
use jiff::Timestamp;

use super::{Alerte, Badge, Definitions, Markup, Ton, accord};

/// An instant of the campaign, from its milliseconds.
pub fn instant(ms: i64) -> Timestamp {
    Timestamp::from_millisecond(ms).unwrap_or_default()
}

/// « Équipe nationale », or the academies of the service.
pub fn signature(emetteur: Emetteur, audience: &Audience) -> String {
    match emetteur {
        Emetteur::National => "Équipe nationale".to_owned(),
        Emetteur::Academie => {
            let noms = academies_nommees(audience);
            match noms.as_slice() {
                [seule] => format!("Service académique {}", du(seule)),
                noms => {
                    let noms: Vec<String> = noms.iter().map(|n| du(n)).collect();
                    let noms: Vec<&str> = noms.iter().map(String::as_str).collect();
                    format!("Services académiques {}", enumere(&noms))
                }
            }
        }
    }
}

/// Names of the academies that an audience names.
pub fn academies_nommees(audience: &Audience) -> Vec<&'static str> {
    audience.academies.iter().filter_map(|c| academie(c)).map(|a| a.nom).collect()
}

/// Where one registers on the public site, with the department that was said; `None` when it is too late, or when the session is for
/// other academies.
pub fn adresse_inscription(s: &Seance, departement: Option<&Departement>) -> Option<String> {
    let ici = departement.is_none_or(|d| s.programme.is_for_departement(d));
    let suite = departement.map(|d| format!("&departement={}", d.code)).unwrap_or_default();
    (s.ouverte && ici).then(|| format!("/seances/inscription?seance={}{suite}", s.id.as_str()))
}

/// « lundi 20 novembre 2023, de 10 h à 14 h ».
pub fn quand(s: &Seance) -> String {
    let [debut, fin] = [s.programme.debut, s.programme.fin].map(instant);
    let a = |t: Timestamp| heure(&t.to_zoned_datetime(paris()));
    format!("{}, de {} à {}", date_longue(debut), a(debut), a(fin))
}

/// « 3 places libres », « Complète : 2 personnes en attente ».
pub fn places(s: &Seance) -> String {
    let dit = match s.libres() {
        None => return "Sans limite".to_owned(),
        Some(0) => "Complète".to_owned(),
        Some(n) => accord(n, "place libre", "places libres"),
    };
    match s.comptage.attente {
        0 => dit,
        n => format!("{dit} : {} en attente", accord(n, "personne", "personnes")),
    }
}

pub fn badge_seance(s: &Seance) -> Option<Badge> {
    match s.etat {
        EtatSeance::Annulee => Some(Badge::new(Ton::Erreur, s.etat.libelle())),
        EtatSeance::EnCours => Some(Badge::new(Ton::Info, s.etat.libelle())),
        EtatSeance::AVenir | EtatSeance::Passee => None,
    }
}

/// What a session is, line by line.
pub fn definitions(s: &Seance) -> Definitions {
    let p = &s.programme;
    let mut d = Definitions::new().ligne("Quand", format_args!("{} (heure de Paris)", quand(s)));
    if p.lieu.is_empty() {
        d = d.ligne("Où", "En visioconférence");
    } else {
        d = d.ligne("Lieu", &p.lieu);
    }
    d = d.ligne("Organisée par", signature(s.emetteur, &p.audience));
    if s.etat == EtatSeance::AVenir {
        d = d.ligne("Places", places(s));
        let limite = instant(p.ferme_le.unwrap_or(p.debut));
        let jusqu_a = if p.ferme_le.is_some() { date_limite(limite) } else { date_heure(limite) };
        d = d.ligne("Inscription obligatoire, jusqu’au", jusqu_a);
    }
    if s.programme.is_public() {
        let pour: Vec<&str> = p.qualites.iter().map(|q| q.libelle()).collect();
        d = d.ligne("S’adresse aux personnes suivantes", enumere(&pour));
        let noms = academies_nommees(&p.audience);
        if !noms.is_empty() {
            d = d.ligne("Réservée aux académies suivantes", enumere(&noms));
        }
    }
    d
}

/// What a person is told of their registration.
pub fn etat_inscription(s: &Seance, i: &MonInscription) -> Vec<Alerte> {
    let mut dites = Vec::new();
    match (s.etat, i.etat) {
        (EtatSeance::Annulee, _) => {}
        (EtatSeance::Passee, EtatInscription::Inscrit) => dites.push(Alerte::info("Vous aviez une place.")),
        (EtatSeance::Passee, _) => dites.push(Alerte::info("Aucune place ne s’est libérée pour vous.")),
        (_, EtatInscription::Inscrit) => {
            dites.push(Alerte::succes("Vous avez une place pour cette séance."));
            match (&i.lien, i.lien_des) {
                (Some(lien), _) => dites.push(
                    Alerte::info("La séance se tient à cette adresse, réservée aux personnes inscrites.")
                        .suite(Markup::lien("Rejoindre la séance", lien)),
                ),
                (None, Some(des)) => dites.push(Alerte::info(format_args!(
                    "Le lien de connexion sera sur cette page à partir du {}.",
                    date_heure(instant(des))
                ))),
                (None, None) => {}
            }
        }
        (EtatSeance::EnCours, EtatInscription::Attente) => {
            dites.push(Alerte::info("La séance a commencé : aucune place ne s’est libérée pour vous."));
        }
        (_, EtatInscription::Attente) => dites.push(Alerte::attention(format_args!(
            "La séance est complète : vous êtes en position {} sur la liste d’attente. Un courriel vous préviendra si une place se libère pour vous.",
            i.position
        ))),
        (_, EtatInscription::AVerifier) => {}
    }
    dites
}
