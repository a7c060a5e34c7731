//! R-ETA-18: a second look at what is gone for good, or that the public reads, before it is taken away.

use app::etablissements::{ARelire, VueEtablissement};
use app::messages::date_civile;
use askama::Template;
use domain::etablissements::Partie;

use super::{adresse, ariane};
use crate::components::{Bouton, Formulaire, LienBouton};
use crate::layout::{Lien, Page};
use crate::socle::Requete;

#[derive(Template)]
#[template(path = "gestion/etablissement_retrait.html")]
pub(super) struct PageRetrait {
    page: Page,
    url: String,
    form: Formulaire,
    /// What is taken away.
    ligne: String,
    acte: &'static str,
    textes: Vec<String>,
    /// Courses whose sheets say it.
    formations: Vec<String>,
    bouton: &'static str,
    renoncer: &'static str,
}

fn titre(r: &ARelire) -> &'static str {
    match r {
        ARelire::Signature { .. } => "Retirer la signature",
        ARelire::Annonce { .. } => "Annuler un changement annoncé",
        ARelire::Site { .. } => "Retirer un site",
        ARelire::Journee { .. } => "Retirer une journée",
    }
}

fn bouton(r: &ARelire) -> &'static str {
    match r {
        ARelire::Signature { .. } => "Retirer la signature définitivement",
        ARelire::Annonce { .. } => "Confirmer l’annulation",
        ARelire::Site { .. } => "Retirer ce site",
        ARelire::Journee { .. } => "Retirer cette journée",
    }
}

/// What is to be known before.
fn textes(r: &ARelire) -> Vec<String> {
    match r {
        ARelire::Signature { nom } => vec![
            format!("L’image de la signature de {nom} est effacée : personne ne peut la retrouver."),
            "Pour en remettre une, il faudra l’envoyer de nouveau, tant que cette personne est en fonction.".to_owned(),
        ],
        ARelire::Annonce { nom, fonction, depuis, jusqu_a, reste, signe } => {
            let depuis = date_civile(*depuis);
            let mut textes = match jusqu_a {
                Some(fin) => vec![format!(
                    "{nom}, {fonction}, n’assurera pas l’intérim annoncé du {depuis} au {}.",
                    date_civile(*fin)
                )],
                None => vec![format!("{nom}, {fonction}, ne prendra pas ses fonctions le {depuis}.")],
            };
            textes.push(match reste {
                Some(reste) => format!("Ce jour-là, c’est {reste} qui signera."),
                None => "Ce jour-là, personne ne signera : dites ensuite qui vient.".to_owned(),
            });
            if *signe {
                textes.push("L’image de sa signature est effacée en même temps.".to_owned());
            }
            textes
        }
        ARelire::Site { nom, .. } => vec![
            format!("Vos formations ne disent plus « {nom} », mais le public le lit encore sur ces fiches :"),
            "Retiré, il disparaît aussitôt de la page de l’établissement et de ces fiches : elles ne diront plus où l’on étudie, jusqu’à leur \
             prochaine publication."
                .to_owned(),
        ],
        ARelire::Journee { jour } => vec![
            format!("Le public lit déjà la journée du {} : des candidats ont pu la noter.", date_civile(*jour)),
            "Retirée, elle disparaît aussitôt. Si elle change seulement de jour, d’heures ou de lieu, modifiez-la plutôt."
                .to_owned(),
        ],
    }
}

pub(super) fn page(
    requete: &Requete,
    v: &VueEtablissement,
    (partie, r): (Partie, &ARelire),
    (ligne, acte): (&str, &'static str),
) -> PageRetrait {
    let url = format!("{}/{}", adresse(v.session.annee, &v.ligne.etablissement), partie.code());
    let mut chemin = ariane(v, true);
    chemin.push(Lien::new(partie.libelle(), &url));
    PageRetrait {
        page: requete.page(titre(r)).session(&v.session.libelle).ariane(chemin),
        form: requete.formulaire().avec_version(v.ligne.version),
        ligne: ligne.to_owned(),
        acte,
        textes: textes(r),
        formations: match r {
            ARelire::Site { formations, .. } => formations.clone(),
            _ => Vec::new(),
        },
        bouton: bouton(r),
        renoncer: match r {
            ARelire::Annonce { .. } => "Revenir sans rien annuler",
            _ => "Revenir sans rien retirer",
        },
        url,
    }
}
