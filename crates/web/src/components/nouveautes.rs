//! What is new on a home: changes made by others since the last visit, messages not read.

use app::accueil::{Changement, Changements, Ecart, Nature, Objet};
use app::echanges::NonLu;
use app::messages;
use askama::Template;
use domain::formations::format_montant;
use jiff::Timestamp;

use super::{Markup, nombre};

/// « Depuis votre dernière visite »: who changed what, when.
#[derive(Clone, Debug, Template)]
#[template(
    ext = "html",
    source = r#"<section aria-labelledby="nouveautes">
<h2 id="nouveautes">Depuis votre dernière visite</h2>
<p>{{ depuis }}</p>
{%- if !lignes.is_empty() %}
<ul class="dates">
{%- for (quoi, details, qui) in lignes %}
  <li>{{ quoi }}{{ details }}<br><span class="fr-hint-text">{{ qui }}</span></li>
{%- endfor %}
</ul>
{%- endif %}
</section>"#
)]
pub struct Nouveautes {
    depuis: String,
    /// The object, what was done to it, who did it and when.
    lignes: Vec<(Markup, String, String)>,
}
composant!(Nouveautes);

/// « BTS Tourisme – Lycée d’essai : 2 messages non lus », a link each.
pub fn non_lus(annee: i64, fils: &[NonLu]) -> Vec<Markup> {
    fils.iter()
        .map(|n| {
            let nombre = super::accord(n.nombre, "message non lu", "messages non lus");
            Markup::lien(format_args!("{} : {nombre}", n.titre), n.sujet.chemin(annee))
                .et(Markup::texte(format_args!("(le dernier, le {})", date(n.le))))
        })
        .collect()
}

fn date(ms: i64) -> String {
    Timestamp::from_millisecond(ms).map(messages::date_heure).unwrap_or_default()
}

impl Nouveautes {
    pub fn new(annee: i64, c: &Changements) -> Self {
        let depuis = match c.depuis {
            None if c.liste.is_empty() => {
                "C’est votre première visite : ce que d’autres changeront vous sera dit à la prochaine."
                    .to_owned()
            }
            None => "C’est votre première visite. Des réponses à des demandes vous attendent.".to_owned(),
            Some(le) if c.liste.is_empty() => {
                format!("Personne d’autre que vous n’a rien changé ici depuis le {}.", date(le))
            }
            Some(le) => format!("Ce que d’autres ont changé depuis le {}.", date(le)),
        };
        Self { depuis, lignes: c.liste.iter().map(|c| ligne(annee, c)).collect() }
    }
}

fn ligne(annee: i64, c: &Changement) -> (Markup, String, String) {
    let objet = match &c.objet {
        Objet::Etablissement(None) => Markup::texte("Établissement"),
        Objet::Etablissement(Some((id, nom))) => {
            Markup::lien(nom, format_args!("/gestion/{annee}/etablissements/{id}"))
        }
        Objet::Formation { id, libelle } => {
            Markup::lien(libelle, format_args!("/gestion/{annee}/formations/{id}"))
        }
        Objet::Demande(id, libelle) => Markup::lien(libelle, format_args!("/gestion/{annee}/demandes/{id}")),
    };
    let qui = c.qui.as_deref().unwrap_or("la plateforme, ou un fichier importé");
    (objet, format!(" : {}", nature(&c.nature)), format!("Par {qui}, le {}", date(c.le)))
}

fn nature(n: &Nature) -> String {
    let (titre, ecarts) = match n {
        Nature::Description(objet, acte, nom) => return description(objet, acte, nom),
        Nature::Reponse(nature, etat) => {
            return format!("« {} », demande {}", nature.libelle(), etat.libelle().to_lowercase());
        }
        Nature::Brouillon(ecarts) => ("brouillon modifié".to_owned(), ecarts),
        Nature::Publication(1, ecarts) => ("première publication".to_owned(), ecarts),
        Nature::Publication(n, ecarts) => (format!("{n}e publication"), ecarts),
    };
    if ecarts.is_empty() {
        return titre;
    }
    let dits: Vec<String> = ecarts.iter().map(ecart).collect();
    format!("{titre} ({})", dits.join(" ; "))
}

fn ecart(e: &Ecart) -> String {
    let passe = |quoi: &str, avant: Option<String>, apres: Option<String>| {
        let dit = |v: Option<String>| v.unwrap_or_else(|| "non renseigné".to_owned());
        match avant {
            None => format!("{quoi} : {}", dit(apres)),
            avant => format!("{quoi} : {} au lieu de {}", dit(apres), dit(avant)),
        }
    };
    match *e {
        Ecart::Capacite(avant, apres) => passe("capacité", avant.map(nombre), apres.map(nombre)),
        Ecart::Frais(avant, apres) => passe("frais", avant.map(format_montant), apres.map(format_montant)),
        Ecart::Presentation => "présentation réécrite".to_owned(),
        Ecart::Description => "description modifiée".to_owned(),
    }
}

fn description(objet: &str, acte: &str, nom: &str) -> String {
    let (quoi, feminin) = match objet {
        "composante" => ("composante", true),
        "site" => ("site de formation", false),
        "journee" => ("journée portes ouvertes", true),
        "chef" => ("chef d’établissement", false),
        "contact" => ("contact du service académique", false),
        _ => return "description modifiée".to_owned(),
    };
    let verbe = match acte {
        "ajout" => "ajouté",
        "retrait" => "retiré",
        _ => "modifié",
    };
    let accord = if feminin { "e" } else { "" };
    let nom = match objet {
        "journee" => nom.parse().map_or_else(|_| nom.to_owned(), messages::date_civile),
        _ => nom.to_owned(),
    };
    if nom.is_empty() {
        format!("{quoi} {verbe}{accord}")
    } else {
        format!("{quoi} « {nom} » {verbe}{accord}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_change_is_said_in_french() {
        let d = |objet: &str, acte: &str, nom: &str| {
            nature(&Nature::Description(objet.to_owned(), acte.to_owned(), nom.to_owned()))
        };
        assert_eq!(d("site", "ajout", "Annexe"), "site de formation « Annexe » ajouté");
        assert_eq!(
            d("journee", "retrait", "2024-03-02"),
            "journée portes ouvertes « samedi 2 mars 2024 » retirée"
        );
        assert_eq!(d("parametrage", "modification", ""), "description modifiée");
        let ecarts = vec![
            Ecart::Capacite(Some(24), Some(30)),
            Ecart::Frais(None, Some(0)),
            Ecart::Presentation,
            Ecart::Description,
        ];
        let dit = nature(&Nature::Publication(2, ecarts));
        assert!(dit.starts_with("2e publication (capacité : 30 au lieu de 24 ; frais : "), "{dit}");
        assert!(dit.ends_with("; présentation réécrite ; description modifiée)"), "{dit}");
        assert_eq!(nature(&Nature::Brouillon(Vec::new())), "brouillon modifié");
    }
}
