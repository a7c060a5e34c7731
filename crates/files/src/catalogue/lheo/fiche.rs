//! From the texts of an action and of its course to a record.

use super::super::Lue;
use super::super::champs::{Chantier, Qui};
use super::super::place::Place;
use super::{Action, Formation, Texte};
use crate::Releve;
use crate::tableau::Nature;

/// Elements that may be there several times and of which only the first is taken.
pub(super) const GARDES_EN_NOMBRE: &[&str] =
    &["certification", "action/lieu-de-formation", "action/organisme-formateur"];
/// Text of the mark that such an element begins.
pub(super) const DEBUT: &str = "\u{1}";

/// The texts of the first element only, of those that may be several.
fn first<'t>(textes: &'t [Texte], prefixe: &str) -> (Vec<&'t Texte>, usize) {
    let mut nombre = 0;
    let mut gardes = Vec::new();
    for t in textes.iter().filter(|t| t.chemin.starts_with(prefixe)) {
        if t.chemin == prefixe && t.texte == DEBUT {
            nombre += 1;
        } else if nombre == 1 {
            gardes.push(t);
        }
    }
    (gardes, nombre)
}

/// The record of an action. Nothing in the standard says the code of the diploma nor those of its years.
pub(super) fn record(f: &Formation, action: &Action, releve: &mut Releve) -> Lue {
    let (certification, certifications) = first(&f.textes, "certification");
    let (lieu, lieux) = first(&action.textes, "lieu-de-formation");
    let (formateur, formateurs) = first(&action.textes, "organisme-formateur");
    for (nombre, champ, quoi) in [
        (certifications, "certification", "certifications"),
        (lieux, "lieu-de-formation", "lieux"),
        (formateurs, "organisme-formateur", "organismes formateurs"),
    ] {
        if nombre > 1 {
            releve.warn(Nature::Discordance, action.ou.ligne, champ, || {
                format!("{nombre} {quoi} : seul le premier est repris")
            });
        }
    }
    let mut c = Chantier::new(action.ou, releve);
    let certifinfo = certification
        .iter()
        .find(|t| t.chemin.ends_with("/code-CERTIFINFO"))
        .map_or("-", |t| t.texte.as_str());
    if f.numero.is_empty() || action.numero.is_empty() {
        let motif = "l’identifiant manque : la formation et l’action ont chacune un attribut « numero »";
        c.without_id(action.ou, "numero", motif);
    } else {
        c.id(action.ou, "numero", &[&f.numero, &action.numero, certifinfo]);
    }
    for t in certification.iter().filter(|t| t.chemin.ends_with("/code-RNCP")) {
        c.rncp(t.ou, "code-RNCP", &t.texte);
    }
    for t in &f.textes {
        match t.chemin.as_str() {
            "intitule-formation" => c.intitule(t.ou, "intitule-formation", &t.texte),
            "code-niveau-sortie" => {
                // Two numberings: that of the former levels, one above the European ones, and these from 11 on.
                let europeen = match t.texte.parse::<u8>() {
                    Ok(n @ 4..=8) => Some(n - 1),
                    Ok(n @ 11..=18) => Some(n - 10),
                    _ => None,
                };
                if let Some(n) = europeen {
                    c.niveau(t.ou, "code-niveau-sortie", &n.to_string());
                }
            }
            _ => {}
        }
    }
    let responsable: Vec<&Texte> =
        f.textes.iter().filter(|t| t.chemin.starts_with("organisme-formation-responsable/")).collect();
    organisme(&mut c, Qui::Gestionnaire, &responsable);
    organisme(&mut c, Qui::Formateur, &formateur);
    if formateurs == 0 {
        c.formateur_is_gestionnaire();
    }
    organisme(&mut c, Qui::Lieu, &lieu);
    let lignes: Vec<&str> =
        lieu.iter().filter(|t| t.chemin.ends_with("/adresse/ligne")).map(|t| t.texte.as_str()).collect();
    if let Some(premiere) = lieu.iter().find(|t| t.chemin.ends_with("/adresse/ligne")) {
        c.adresse(premiere.ou, "ligne", &lignes.join(" "));
    }
    if let Some(t) = lieu.iter().find(|t| t.chemin.ends_with("/adresse/ville")) {
        c.ville(t.ou, "ville", &t.texte);
    }
    if let Some(t) = lieu.iter().find(|t| t.chemin.ends_with("/adresse/codepostal")) {
        c.code_postal(t.ou, "codepostal", &t.texte);
    }
    sessions(&mut c, &action.textes);
    c.finish()
}

fn organisme(c: &mut Chantier<'_>, qui: Qui, textes: &[&Texte]) {
    let find = |fin: &str| textes.iter().find(|t| t.chemin.ends_with(fin));
    if let Some(t) = find("/SIRET") {
        c.siret(qui, t.ou, "SIRET", &t.texte);
    }
    if let Some(t) = find("/code-UAI") {
        c.uai(qui, t.ou, "code-UAI", &t.texte);
    }
    if let Some(t) = find("/code-INSEE-commune") {
        c.commune(qui, t.ou, "code-INSEE-commune", &t.texte);
    }
    if let (Some(lat), Some(lon)) = (find("/latitude"), find("/longitude")) {
        c.point(qui, lat.ou, "geolocalisation", &format!("{},{}", lat.texte, lon.texte));
    }
}

fn sessions(c: &mut Chantier<'_>, textes: &[Texte]) {
    let mut debut: Option<&Texte> = None;
    let mut places: Option<(Place, u32)> = None;
    for t in textes {
        match t.chemin.as_str() {
            "modalites-enseignement" => c.a_distance(t.texte == "2"),
            "session/periode/debut" => debut = Some(t),
            "session/periode/fin" => {
                if let Some(d) = debut.take() {
                    // The standard writes 99999999 for an end that nobody knows.
                    let fin = Some(t.texte.as_str()).filter(|f| *f != "99999999");
                    c.periode(d.ou, "periode", &d.texte, fin);
                }
            }
            "session/cycle/capacite-cumulee" | "session/cycle/capacite-simultanee" => {
                match t.texte.parse::<u32>() {
                    Ok(n) => places = Some((t.ou, places.map_or(n, |(_, avant)| avant.max(n)))),
                    Err(_) => c.capacite(t.ou, "capacite", &t.texte),
                }
            }
            _ => {}
        }
    }
    if let Some((ou, n)) = places {
        c.capacite(ou, "capacite", &n.to_string());
    }
}
