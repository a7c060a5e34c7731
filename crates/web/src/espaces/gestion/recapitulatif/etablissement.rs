//! What an establishment says of itself, part by part, for those who read each.

use app::completude::contact;
use app::documents::{Bloc, Colonne};
use app::etablissements::{ChefEtablissement, VueEtablissement};
use domain::etablissements::{Civilite, Partie};

use super::{definitions, manque, oui_non, titre};
use crate::components::etablissement::{internat, journee_texte};
use crate::espaces::gestion::etablissement::saisie::jour;

/// Every part that the person reads, with what is missing in it.
pub(super) fn blocs(v: &VueEtablissement) -> Vec<Bloc> {
    let mut blocs = Vec::new();
    for partie in Partie::ALL.into_iter().filter(|p| !p.is_reservee() || v.chefs.is_some()) {
        blocs.push(titre(2, partie.libelle()));
        let manques: Vec<&str> =
            v.manques.iter().filter(|m| m.partie() == partie).map(|m| m.libelle()).collect();
        let dit = contenu(v, partie);
        let vide = dit.is_empty() && manques.is_empty();
        blocs.extend(dit);
        blocs.extend(manque(&manques).filter(|_| !v.session.archivee));
        if vide {
            blocs.push(Bloc::Paragraphe("Rien n’est déclaré.".to_owned()));
        }
    }
    blocs
}

fn contenu(v: &VueEtablissement, partie: Partie) -> Vec<Bloc> {
    let l = &v.ligne;
    match partie {
        Partie::Coordonnees => definitions(vec![
            ("Établissement", l.nom.clone()),
            ("Sigle", l.sigle.clone()),
            ("Code UAI", l.uai.clone()),
            ("Statut", v.statut.to_owned()),
            ("Ministère de tutelle", v.public.tutelle.to_owned()),
            ("Adresse", v.public.adresse.clone()),
            ("Téléphone", l.telephone.clone()),
            ("Adresse électronique", l.courriel.clone()),
            ("Site internet", l.site_web.clone().unwrap_or_default()),
        ])
        .into_iter()
        .collect(),
        Partie::Accueil => definitions(vec![
            ("Accueil des personnes en situation de handicap", l.accessibilite.clone()),
            ("Référent handicap", joint(&v.public.referent)),
            ("Internat", v.public.internat.map(internat).unwrap_or_default()),
            ("Habilité à recevoir des boursiers", v.public.boursiers.map(oui_non).unwrap_or_default()),
        ])
        .into_iter()
        .collect(),
        Partie::Composantes => liste(v.composantes.iter().map(|c| c.nom.clone()).collect()),
        Partie::Sites if v.sites.is_empty() => Vec::new(),
        Partie::Sites => vec![Bloc::Tableau {
            legende: String::new(),
            colonnes: ["Site", "Adresse", "Placé sur la carte"].map(Colonne::new).to_vec(),
            lignes: v
                .sites
                .iter()
                .map(|s| {
                    let adresse = format!("{}, {} {}", s.adresse, s.code_postal, s.commune);
                    vec![s.nom.clone(), adresse, oui_non(s.latitude.is_some())]
                })
                .collect(),
        }],
        Partie::Journees => liste(v.journees.iter().map(journee_texte).collect()),
        Partie::Chef => chef(v).into_iter().collect(),
        Partie::Contacts => liste(v.contacts.iter().flatten().map(|c| contact(&c.contact)).collect()),
    }
}

fn liste(points: Vec<String>) -> Vec<Bloc> {
    if points.is_empty() { Vec::new() } else { vec![Bloc::Liste(points)] }
}

fn joint(parts: &[String]) -> String {
    parts.iter().map(String::as_str).filter(|p| !p.is_empty()).collect::<Vec<_>>().join(", ")
}

/// Whoever signs today, for those who read it.
fn chef(v: &VueEtablissement) -> Option<Bloc> {
    let c: &ChefEtablissement = v.signataire.and_then(|i| v.chefs.as_ref()?.get(i))?;
    let civilite = Civilite::from_code(&c.civilite).map_or("", Civilite::libelle);
    let depuis = format!("Depuis le {}", jour(&c.depuis));
    definitions(vec![
        ("Signataire", format!("{civilite} {} {}", c.prenom, c.nom)),
        ("Fonction", c.fonction.clone()),
        ("Adresse électronique", c.courriel.clone()),
        ("Téléphone", c.telephone.clone()),
        (if c.interim { "Intérim" } else { "En fonction" }, depuis),
        ("Dernier jour", c.jusqu_a.as_deref().map(jour).unwrap_or_default()),
        ("Image de la signature", if c.signe { "Donnée" } else { "Non donnée" }.to_owned()),
        ("Pour cette session", if v.confirme { "Confirmé" } else { "À confirmer" }.to_owned()),
    ])
}
