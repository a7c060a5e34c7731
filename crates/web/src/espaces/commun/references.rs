//! `/informations/{annee}/documents`: notes and guides, and where a service deposits them.

use std::collections::BTreeMap;

use app::AppError;
use app::messages::date_heure;
use app::references::{
    Bibliotheque, Depot, DocumentReference, FicheDepot, correct_reference, deposit_reference, list_depots,
    list_references, read_reference, retire_reference, view_depot,
};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use domain::references::{Nature, Notice, Theme};

use super::actualites::{
    ChampsAudience, adresse, destinataires, instant, lit_annee, lit_audience, lit_chemin, pose_audience,
};
use crate::components::{
    Aide, Bouton, Cellule, Champ, Choix, Colonne, Documents, Formulaire, GroupeChoix, LienBouton, Liste,
    Tableau, poids,
};
use crate::layout::{Lien, Page, rend};
use crate::socle::{Recu, RecuFichier, Requete, Resultat, document, redirige, refuse};

/// The documents of a theme.
struct Rayon {
    theme: &'static str,
    ancre: &'static str,
    documents: Documents,
}

#[derive(Template)]
#[template(path = "commun/references/liste.html")]
struct PageListe {
    page: Page,
    rayons: Vec<Rayon>,
    charte: String,
    calendrier: String,
    donnees: String,
    /// For those who deposit.
    depots: Option<String>,
}

pub async fn get_liste(requete: Requete, Path(annee): Path<String>) -> Resultat {
    let annee = lit_annee(&annee)?;
    let Bibliotheque { session, documents, depose } = list_references(&requete.ctx, annee).await?;
    let mut par_theme: BTreeMap<Theme, Vec<&DocumentReference>> = BTreeMap::new();
    for d in &documents {
        par_theme.entry(d.theme).or_default().push(d);
    }
    let page = PageListe {
        page: requete
            .page("Documents de référence")
            .session(&session.libelle)
            .ariane(vec![Lien::new("Fil info", adresse(annee))]),
        rayons: par_theme
            .into_iter()
            .map(|(t, d)| Rayon { theme: t.libelle(), ancre: t.code(), documents: Documents::new(annee, d) })
            .collect(),
        charte: format!("{}/charte", adresse(annee)),
        calendrier: format!("{}/calendrier", adresse(annee)),
        donnees: format!("{}/donnees", adresse(annee)),
        depots: depose.then(|| depots(annee)),
    };
    Ok(rend(StatusCode::OK, &page))
}

pub async fn get_document(requete: Requete, Path(chemin): Path<(String, String)>) -> Resultat {
    let (annee, id) = lit_chemin(&chemin)?;
    let (nom, octets) = read_reference(&requete.ctx, annee, &id).await?;
    Ok(document(&nom, "application/pdf", octets))
}

fn depots(annee: i64) -> String {
    format!("{}/publication/documents", adresse(annee))
}

#[derive(Template)]
#[template(path = "commun/references/depots.html")]
struct PageDepots {
    page: Page,
    nouveau: String,
    tableau: Tableau,
}

pub async fn get_depots(requete: Requete, Path(annee): Path<String>) -> Resultat {
    let annee = lit_annee(&annee)?;
    let d = list_depots(&requete.ctx, annee).await?;
    let colonnes = vec![
        Colonne::longue("Document"),
        Colonne::new("Nature"),
        Colonne::longue("Thème"),
        Colonne::longue("Destinataires"),
        Colonne::new("Dernier dépôt"),
        Colonne::new("État"),
    ];
    let lignes = d.documents.iter().map(|d| {
        let lus = if d.nature == Nature::Piece {
            "Lecteurs des informations qui le portent".to_owned()
        } else {
            destinataires(&d.audience)
        };
        vec![
            Cellule::lien(&d.titre, format_args!("{}/{}", depots(annee), d.id.as_str())),
            Cellule::texte(d.nature.libelle()),
            Cellule::texte(d.theme.libelle()),
            Cellule::texte(lus),
            Cellule::texte(date_heure(instant(d.fichier.depose_le))),
            Cellule::texte(if d.retire_le.is_some() { "Retiré" } else { "En ligne" }),
        ]
    });
    let page = PageDepots {
        page: requete.page("Documents déposés par mon service").session(&d.session.libelle).ariane(vec![
            Lien::new("Fil info", adresse(annee)),
            Lien::new("Documents de référence", format_args!("{}/documents", adresse(annee))),
        ]),
        nouveau: format!("{}/nouveau", depots(annee)),
        tableau: Tableau::new("Documents, le dernier déposé en premier", colonnes)
            .lignes(lignes)
            .si_vide("Aucun document n’a encore été déposé par votre service pour cette session."),
    };
    Ok(rend(StatusCode::OK, &page))
}

#[derive(Template)]
#[template(path = "commun/references/depot.html")]
struct PageDepot {
    page: Page,
    url: String,
    retour: String,
    form: Formulaire,
    titre: Champ,
    nature: GroupeChoix,
    theme: Liste,
    fichier: Champ,
    audience: ChampsAudience,
    bouton: &'static str,
    /// Of a document already kept, the last first: number, name, weight, when, fingerprint.
    fichiers: Tableau,
    /// Its address, when it is in the lists or may be read again.
    lire: Option<String>,
    /// The form that takes it down.
    retirer: Option<(String, Formulaire)>,
}

pub async fn get_nouveau(requete: Requete, Path(annee): Path<String>) -> Resultat {
    let f = view_depot(&requete.ctx, lit_annee(&annee)?, None).await?;
    let form =
        requete.formulaire().avec("nature", Nature::Note.code()).avec("theme", Theme::Procedure.code());
    Ok(rend(StatusCode::OK, &page(&requete, &f, form)))
}

pub async fn get_depot(requete: Requete, Path(chemin): Path<(String, String)>) -> Resultat {
    let (annee, id) = lit_chemin(&chemin)?;
    let f = view_depot(&requete.ctx, annee, Some(&id)).await?;
    let form = filled(requete.formulaire().avec_version(f.version), &f);
    Ok(rend(StatusCode::OK, &page(&requete, &f, form)))
}

fn filled(form: Formulaire, f: &FicheDepot) -> Formulaire {
    let Some(d) = &f.document else { return form };
    let mut form = form.avec("titre", &d.titre).avec("nature", d.nature.code()).avec("theme", d.theme.code());
    pose_audience(&mut form, &d.audience);
    form
}

pub async fn post_nouveau(Path(annee): Path<String>, recu: RecuFichier) -> Resultat {
    post(recu, lit_annee(&annee)?, None).await
}

pub async fn post_depot(Path(chemin): Path<(String, String)>, recu: RecuFichier) -> Resultat {
    let (annee, id) = lit_chemin(&chemin)?;
    post(recu, annee, Some(&id)).await
}

async fn post(mut recu: RecuFichier, annee: i64, id: Option<&domain::PublicId>) -> Resultat {
    let requete = recu.requete.clone();
    let f = view_depot(&requete.ctx, annee, id).await?;
    // A field left empty is sent too, without a name.
    let envoye = !recu.nom_fichier.is_empty() || !recu.octets.is_empty();
    let statut = match lit(&mut recu.form) {
        None => StatusCode::UNPROCESSABLE_ENTITY,
        Some(notice) => {
            let fichier = envoye.then_some((recu.nom_fichier.as_str(), recu.octets.as_slice()));
            let (garde, ctx) = (recu.garde(), &requete.ctx);
            let depot = Depot { notice, fichier };
            let fait = match id {
                None => deposit_reference(ctx, &garde, annee, depot).await,
                Some(id) => correct_reference(ctx, &garde, annee, id, depot).await,
            };
            match fait {
                Ok(_) => {
                    let quoi = if id.is_none() { "document" } else { "document-corrige" };
                    return Ok(redirige(&format!("{}?fait={quoi}", depots(annee))));
                }
                Err(AppError::Conflict) => {
                    recu.form.refuse_tout(
                        "Quelqu’un a modifié ce document pendant que vous saisissiez. Rien n’a été écrasé : rouvrez-le pour voir ce \
                         qui a changé, puis recommencez.",
                    );
                    StatusCode::CONFLICT
                }
                Err(e) => {
                    refuse(&mut recu.form, e)?;
                    StatusCode::UNPROCESSABLE_ENTITY
                }
            }
        }
    };
    // A browser forgets the file of a page that comes back: better said than found out.
    if envoye && recu.form.erreur("fichier").is_none() {
        recu.form.refuse("fichier", "Choisissez de nouveau le fichier : le navigateur ne le garde pas.");
    }
    Ok(rend(statut, &page(&requete, &f, recu.form)))
}

fn lit(form: &mut Formulaire) -> Option<Notice> {
    let nature = Nature::from_code(form.valeur("nature"));
    if nature.is_none() {
        form.refuse("nature", "Choisissez ce qu’est ce document.");
    }
    let theme = Theme::from_code(form.valeur("theme"));
    if theme.is_none() {
        form.refuse("theme", "Choisissez un thème dans la liste.");
    }
    Some(Notice {
        nature: nature?,
        theme: theme?,
        titre: form.valeur("titre").to_owned(),
        audience: lit_audience(form),
    })
}

pub async fn post_retrait(Path(chemin): Path<(String, String)>, recu: Recu) -> Resultat {
    let (annee, id) = lit_chemin(&chemin)?;
    retire_reference(&recu.requete.ctx, &recu.garde(), annee, &id).await?;
    Ok(redirige(&format!("{}?fait=document-retire", depots(annee))))
}

fn page(requete: &Requete, f: &FicheDepot, form: Formulaire) -> PageDepot {
    let annee = f.session.annee;
    let existant = f.document.as_ref();
    let url = format!("{}/{}", depots(annee), existant.map_or("nouveau", |d| d.id.as_str()));
    let natures = Nature::ALL.map(|n| Choix::new(n.code(), n.libelle()));
    let themes = Theme::ALL.map(|t| Choix::new(t.code(), t.libelle()));
    let max = poids(i64::try_from(requete.ctx.app.limites.document_octets).unwrap_or(i64::MAX));
    let fichier = form.fichier("fichier", if existant.is_some() { "Nouveau fichier" } else { "Fichier" });
    let fichier = if existant.is_some() {
        fichier.facultatif().indice(format_args!("PDF, {max} au plus. Vide : le fichier actuel reste."))
    } else {
        fichier
            .indice(format_args!("PDF, {max} au plus ; il est examiné par l’antivirus avant d’être gardé."))
    };
    let colonnes = vec![
        Colonne::new("Version"),
        Colonne::longue("Fichier"),
        Colonne::new("Taille"),
        Colonne::new("Déposé le"),
    ];
    let lignes = f.fichiers.iter().map(|v| {
        vec![
            Cellule::texte(format_args!("Version {}", v.numero)),
            Cellule::texte(&v.nom),
            Cellule::texte(poids(v.taille)),
            Cellule::texte(date_heure(instant(v.depose_le))),
        ]
    });
    let titre = if existant.is_some() { "Modifier un document" } else { "Déposer un document" };
    PageDepot {
        page: requete
            .page(titre)
            .session(&f.session.libelle)
            .ariane(vec![
                Lien::new("Fil info", adresse(annee)),
                Lien::new("Documents déposés par mon service", depots(annee)),
            ])
            .en_erreur(!form.est_valide()),
        titre: form.texte("titre", "Titre").indice("Tel que ses lecteurs le voient dans la liste."),
        nature: form.radios("nature", "Ce qu’est ce document", &natures),
        theme: form.liste("theme", "Thème", &themes).indice(
            "Une note ou un guide est proposé aussi sur les écrans de ce thème, à ceux à qui il s’adresse.",
        ),
        fichier,
        audience: ChampsAudience::new(&form, f.academies.as_deref()),
        bouton: if existant.is_some() { "Enregistrer" } else { "Déposer" },
        fichiers: Tableau::new("Fichiers déposés : le premier de la liste est celui que l’on lit", colonnes)
            .lignes(lignes),
        lire: existant.map(|d| format!("{}/documents/{}", adresse(annee), d.id.as_str())),
        retirer: existant
            .filter(|d| d.retire_le.is_none() && !f.session.archivee)
            .map(|_| (format!("{url}/retirer"), requete.formulaire())),
        retour: depots(annee),
        url,
        form,
    }
}
