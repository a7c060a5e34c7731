//! `/assistance/{annee}/cellules`: what a cell says of itself, kept by the services of its région académique.

use app::AppError;
use app::assistance::{Changement, TenueCellule, list_tenues, save_cellule, view_reponses, view_tenue};
use app::messages::date_civile;
use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use domain::assistance::{FicheCellule, Publication, ReponseType, SiteCellule, ThemeAssistance};
use domain::calendrier::jour_paris;
use domain::territoires::{academie, departement, departements};
use serde::Deserialize;

use super::lien_aide;
use crate::components::{
    Aide, Bouton, Cellule, Champ, Choix, Colonne, Formulaire, GroupeChoix, LienBouton, Liste, Markup,
    Tableau, nom_departement, nombre,
};
use crate::layout::{Lien, Page, rend};
use crate::socle::{Recu, Requete, Resultat, redirige, refuse};

/// What one types for more than plain words.
const MISE_EN_FORME: &str = "Une ligne vide sépare deux paragraphes ; un tiret commence l’élément d’une liste ; deux astérisques de chaque côté mettent en gras, par exemple **important**.";

/// A number on one line, whatever the room.
fn numero(telephone: &str) -> String {
    telephone.replace(' ', "\u{a0}")
}

fn adresse(annee: i64) -> String {
    format!("/assistance/{annee}/cellules")
}

fn lit_annee(annee: &str) -> Result<i64, AppError> {
    annee.parse().map_err(|_| AppError::NotFound)
}

/// The line of a list that is changed; none: a new one.
#[derive(Deserialize)]
pub struct Ligne {
    #[serde(default)]
    ligne: String,
}

#[derive(Template)]
#[template(path = "commun/assistance/tenues.html")]
struct PageTenues {
    page: Page,
    tableau: Tableau,
}

pub async fn get_tenues(requete: Requete, Path(annee): Path<String>) -> Resultat {
    let annee = lit_annee(&annee)?;
    let (session, tenues) = list_tenues(&requete.ctx, annee).await?;
    let colonnes =
        vec![Colonne::longue("Région académique"), Colonne::longue("Sites"), Colonne::new("Publications")];
    let lignes = tenues.iter().map(|(region, cellule)| {
        let sites = cellule.as_ref().map_or_else(
            || "Cellule pas encore présentée".to_owned(),
            |c| {
                c.sites
                    .iter()
                    .map(|(_, s)| format!("{} : {}", s.nom, numero(&s.telephone)))
                    .collect::<Vec<_>>()
                    .join(" ; ")
            },
        );
        let publications = cellule.as_ref().map_or(0, |c| c.publications.len());
        vec![
            Cellule::lien(region.nom, format_args!("{}/{}", adresse(annee), region.code)),
            Cellule::texte(sites),
            Cellule::nombre(i64::try_from(publications).unwrap_or(i64::MAX)),
        ]
    });
    let page = PageTenues {
        page: requete
            .page("Cellules tenues par mon service")
            .session(&session.libelle)
            .ariane(vec![lien_aide()]),
        tableau: Tableau::new("Cellules des régions académiques", colonnes).lignes(lignes),
    };
    Ok(rend(StatusCode::OK, &page))
}

#[derive(Template)]
#[template(path = "commun/assistance/tenue.html")]
struct PageTenue {
    page: Page,
    url: String,
    retour: String,
    form: Formulaire,
    presentation: Champ,
    courriel: Champ,
    site_web: Champ,
    /// Once declared: its sites, its publications, what the public reads of it.
    parties: Vec<(String, String)>,
    ouverte: bool,
}

pub async fn get_tenue(requete: Requete, Path((annee, region)): Path<(String, String)>) -> Resultat {
    let t = view_tenue(&requete.ctx, lit_annee(&annee)?, &region).await?;
    let mut form = requete.formulaire().avec_version(version(&t));
    if let Some(c) = &t.cellule {
        form = form
            .avec("presentation", &c.fiche.presentation)
            .avec("courriel", &c.fiche.courriel)
            .avec("site_web", &c.fiche.page);
    }
    Ok(rend(StatusCode::OK, &page_tenue(&requete, &t, form)))
}

pub async fn post_tenue(Path((annee, region)): Path<(String, String)>, mut recu: Recu) -> Resultat {
    let annee = lit_annee(&annee)?;
    let requete = recu.requete.clone();
    let fiche = FicheCellule {
        presentation: recu.form.valeur("presentation").to_owned(),
        courriel: recu.form.valeur("courriel").to_owned(),
        page: recu.form.valeur("site_web").to_owned(),
    };
    match save_cellule(&requete.ctx, &recu.garde(), annee, &region, Changement::Fiche(fiche)).await {
        Ok(_) => return Ok(redirige(&format!("{}/{region}?fait=cellule", adresse(annee)))),
        Err(AppError::Conflict) => {
            let t = view_tenue(&requete.ctx, annee, &region).await?;
            return Ok(rend(StatusCode::CONFLICT, &page_tenue(&requete, &t, kept(recu.form, &t))));
        }
        Err(e) => refuse(&mut recu.form, e)?,
    }
    let t = view_tenue(&requete.ctx, annee, &region).await?;
    Ok(rend(StatusCode::UNPROCESSABLE_ENTITY, &page_tenue(&requete, &t, recu.form)))
}

/// What was typed, over the cell as somebody else has just left it.
fn kept(form: Formulaire, t: &TenueCellule) -> Formulaire {
    let mut form = form.avec_version(version(t));
    form.refuse_tout(
        "Cette cellule a changé pendant que vous saisissiez, et rien n’a été enregistré. Relisez, puis envoyez de nouveau.",
    );
    form
}

fn version(t: &TenueCellule) -> i64 {
    t.cellule.as_ref().map_or(0, |c| c.version)
}

fn titre(t: &TenueCellule) -> String {
    format!("Cellule {}", t.region.nom)
}

fn parties(c: &app::assistance::Cellule, annee: i64, agent: bool) -> Vec<(String, String)> {
    let n = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let ici = format!("{}/{}", adresse(annee), c.region.code);
    let mut parties = vec![
        (format!("Sites et téléphones : {}", nombre(n(c.sites.len()))), format!("{ici}/sites")),
        (format!("Publications : {}", nombre(n(c.publications.len()))), format!("{ici}/publications")),
    ];
    if agent {
        parties.push(("Réponses types".to_owned(), format!("{ici}/reponses")));
    }
    let premier = departements()
        .iter()
        .find(|d| academie(d.academie).is_some_and(|a| a.region_academique == c.region.code));
    parties.extend(
        premier.map(|d| ("Voir comme le public".to_owned(), format!("/assistance?departement={}", d.code))),
    );
    parties
}

fn page_tenue(requete: &Requete, t: &TenueCellule, form: Formulaire) -> PageTenue {
    let annee = t.session.annee;
    PageTenue {
        page: requete
            .page(titre(t))
            .session(&t.session.libelle)
            .ariane(vec![lien_aide(), Lien::new("Cellules tenues par mon service", adresse(annee))])
            .en_erreur(!form.est_valide()),
        url: format!("{}/{}", adresse(annee), t.region.code),
        retour: adresse(annee),
        presentation: form
            .zone("presentation", "Présentation")
            .indice(format_args!("Qui répond, à qui, pour quoi faire. {MISE_EN_FORME}"))
            .lignes(10),
        courriel: form.courriel("courriel", "Adresse électronique de la cellule"),
        site_web: form
            .texte("site_web", "Page de la cellule sur un autre site")
            .facultatif()
            .indice("Par exemple https://www.region-academique.fr/craoes."),
        parties: t.cellule.as_ref().map(|c| parties(c, annee, t.agent)).unwrap_or_default(),
        ouverte: !t.session.archivee,
        form,
    }
}

#[derive(Template)]
#[template(path = "commun/assistance/partie.html")]
struct PagePartie {
    page: Page,
    url: String,
    retour: String,
    form: Formulaire,
    tableau: Tableau,
    titre_forme: String,
    bouton: &'static str,
    /// Beside it, while a line is changed.
    retrait: &'static str,
    ajout: &'static str,
    /// The line that is changed.
    ligne: Option<String>,
    liste: Option<Liste>,
    champs: Vec<Champ>,
    cases: Option<GroupeChoix>,
    ouverte: bool,
}

fn partie(
    requete: &Requete,
    t: &TenueCellule,
    nom: &'static str,
    form: &Formulaire,
) -> (Page, String, String) {
    let annee = t.session.annee;
    let retour = format!("{}/{}", adresse(annee), t.region.code);
    let page = requete
        .page(format_args!("{nom} de la cellule {}", t.region.nom))
        .session(&t.session.libelle)
        .ariane(vec![
            lien_aide(),
            Lien::new("Cellules tenues par mon service", adresse(annee)),
            Lien::new(titre(t), &retour),
        ])
        .en_erreur(!form.est_valide());
    let url = format!("{retour}/{}", nom.to_lowercase());
    (page, url, retour)
}

/// The line of the form, when it is one of the list.
fn changed<T>(form: &Formulaire, lignes: &[(String, T)]) -> Result<Option<String>, AppError> {
    match form.valeur("ligne") {
        "" => Ok(None),
        id => lignes.iter().find(|(l, _)| l == id).map(|(l, _)| Some(l.clone())).ok_or(AppError::NotFound),
    }
}

pub async fn get_sites(
    requete: Requete,
    Path((annee, region)): Path<(String, String)>,
    Query(l): Query<Ligne>,
) -> Resultat {
    let t = view_tenue(&requete.ctx, lit_annee(&annee)?, &region).await?;
    let mut form = requete.formulaire().avec_version(version(&t)).avec("ligne", &l.ligne);
    let sites = t.cellule.as_ref().map(|c| c.sites.as_slice()).unwrap_or_default();
    if let Some((_, s)) = sites.iter().find(|(id, _)| *id == l.ligne) {
        form = form.avec("nom", &s.nom).avec("telephone", &s.telephone).avec("horaires", &s.horaires);
        s.departements.iter().for_each(|d| form.ajoute("departements", d));
    }
    Ok(rend(StatusCode::OK, &page_sites(&requete, &t, form)?))
}

pub async fn post_sites(Path((annee, region)): Path<(String, String)>, mut recu: Recu) -> Resultat {
    let annee = lit_annee(&annee)?;
    let requete = recu.requete.clone();
    let t = view_tenue(&requete.ctx, annee, &region).await?;
    let sites = t.cellule.as_ref().map(|c| c.sites.as_slice()).unwrap_or_default();
    let ligne = changed(&recu.form, sites)?;
    let changement = match (recu.form.valeur("acte"), ligne) {
        ("retirer", Some(ligne)) => Changement::RetirerSite(ligne),
        (_, ligne) => {
            let site = SiteCellule {
                nom: recu.form.valeur("nom").to_owned(),
                telephone: recu.form.valeur("telephone").to_owned(),
                horaires: recu.form.valeur("horaires").to_owned(),
                departements: recu.form.valeurs("departements").iter().cloned().collect(),
            };
            Changement::Site(ligne, site)
        }
    };
    match save_cellule(&requete.ctx, &recu.garde(), annee, &region, changement).await {
        Ok(_) => return Ok(redirige(&format!("{}/{region}/sites?fait=cellule", adresse(annee)))),
        Err(AppError::Conflict) => {
            let t = view_tenue(&requete.ctx, annee, &region).await?;
            return Ok(rend(StatusCode::CONFLICT, &page_sites(&requete, &t, kept(recu.form, &t))?));
        }
        Err(e) => refuse(&mut recu.form, e)?,
    }
    Ok(rend(StatusCode::UNPROCESSABLE_ENTITY, &page_sites(&requete, &t, recu.form)?))
}

fn page_sites(requete: &Requete, t: &TenueCellule, form: Formulaire) -> Result<PagePartie, AppError> {
    let cellule = t.cellule.as_ref().ok_or(AppError::NotFound)?;
    let ligne = changed(&form, &cellule.sites)?;
    let (page, url, retour) = partie(requete, t, "Sites", &form);
    let colonnes = vec![
        Colonne::longue("Site"),
        Colonne::new("Téléphone"),
        Colonne::longue("Horaires"),
        Colonne::longue("Départements"),
    ];
    let lignes = cellule.sites.iter().map(|(id, s)| {
        let noms: Vec<&str> = s.departements.iter().filter_map(|c| departement(c)).map(|d| d.nom).collect();
        vec![
            Cellule::lien(&s.nom, format_args!("{url}?ligne={id}")),
            Cellule::texte(numero(&s.telephone)),
            Cellule::texte(&s.horaires),
            Cellule::texte(if noms.is_empty() { "Toute la région".to_owned() } else { noms.join(", ") }),
        ]
    });
    let choix: Vec<Choix> = departements()
        .iter()
        .filter(|d| academie(d.academie).is_some_and(|a| a.region_academique == t.region.code))
        .map(|d| Choix::new(d.code, nom_departement(d.code)))
        .collect();
    Ok(PagePartie {
        page,
        retour,
        tableau: Tableau::new("Sites, dans l’ordre où ils ont été déclarés", colonnes)
            .lignes(lignes)
            .si_vide("Aucun site n’est déclaré."),
        titre_forme: if ligne.is_some() { "Modifier le site" } else { "Ajouter un site" }.to_owned(),
        bouton: "Enregistrer le site",
        retrait: "Retirer ce site",
        ajout: "Ajouter un autre site",
        liste: None,
        champs: vec![
            form.texte("nom", "Nom du site").indice("Par exemple la ville."),
            form.telephone("telephone", "Téléphone"),
            form.texte("horaires", "Horaires")
                .facultatif()
                .indice("Par exemple : du lundi au vendredi, de 9 h à 17 h."),
        ],
        cases: Some(
            form.cases("departements", "Départements servis en premier", &choix)
                .indice("Aucune case cochée : toute la région académique."),
        ),
        ouverte: !t.session.archivee,
        ligne,
        url,
        form,
    })
}

pub async fn get_publications(
    requete: Requete,
    Path((annee, region)): Path<(String, String)>,
    Query(l): Query<Ligne>,
) -> Resultat {
    let t = view_tenue(&requete.ctx, lit_annee(&annee)?, &region).await?;
    let mut form = requete.formulaire().avec_version(version(&t)).avec("ligne", &l.ligne);
    let publications = t.cellule.as_ref().map(|c| c.publications.as_slice()).unwrap_or_default();
    form = match publications.iter().find(|(id, _)| *id == l.ligne) {
        Some((_, p)) => form
            .avec("titre", &p.titre)
            .avec("theme", &p.theme)
            .avec("lien", &p.lien)
            .avec("texte", &p.texte)
            .avec("jour", p.parue_le),
        None => form.avec("jour", jour_paris(requete.ctx.campagne_le)),
    };
    Ok(rend(StatusCode::OK, &page_publications(&requete, &t, form)?))
}

pub async fn post_publications(Path((annee, region)): Path<(String, String)>, mut recu: Recu) -> Resultat {
    let annee = lit_annee(&annee)?;
    let requete = recu.requete.clone();
    let t = view_tenue(&requete.ctx, annee, &region).await?;
    let publications = t.cellule.as_ref().map(|c| c.publications.as_slice()).unwrap_or_default();
    let ligne = changed(&recu.form, publications)?;
    let changement = match (recu.form.valeur("acte"), ligne) {
        ("retirer", Some(ligne)) => Some(Changement::RetirerPublication(ligne)),
        (_, ligne) => recu.form.lit_date("jour").map(|parue_le| {
            let publication = Publication {
                titre: recu.form.valeur("titre").to_owned(),
                theme: recu.form.valeur("theme").to_owned(),
                lien: recu.form.valeur("lien").to_owned(),
                texte: recu.form.valeur("texte").to_owned(),
                parue_le,
            };
            Changement::Publication(ligne, publication)
        }),
    };
    if let Some(changement) = changement {
        match save_cellule(&requete.ctx, &recu.garde(), annee, &region, changement).await {
            Ok(_) => {
                return Ok(redirige(&format!("{}/{region}/publications?fait=cellule", adresse(annee))));
            }
            Err(AppError::Conflict) => {
                let t = view_tenue(&requete.ctx, annee, &region).await?;
                return Ok(rend(
                    StatusCode::CONFLICT,
                    &page_publications(&requete, &t, kept(recu.form, &t))?,
                ));
            }
            Err(e) => refuse(&mut recu.form, e)?,
        }
    }
    Ok(rend(StatusCode::UNPROCESSABLE_ENTITY, &page_publications(&requete, &t, recu.form)?))
}

fn page_publications(requete: &Requete, t: &TenueCellule, form: Formulaire) -> Result<PagePartie, AppError> {
    let cellule = t.cellule.as_ref().ok_or(AppError::NotFound)?;
    let ligne = changed(&form, &cellule.publications)?;
    let (page, url, retour) = partie(requete, t, "Publications", &form);
    let colonnes = vec![
        Colonne::longue("Titre"),
        Colonne::longue("Thème"),
        Colonne::new("Parue"),
        Colonne::new("À lire"),
    ];
    let lignes = cellule.publications.iter().map(|(id, p)| {
        let lire = match (p.lien.is_empty(), p.texte.is_empty()) {
            (true, _) => "Texte",
            (false, true) => "Lien",
            (false, false) => "Lien et texte",
        };
        vec![
            Cellule::lien(&p.titre, format_args!("{url}?ligne={id}")),
            Cellule::texte(&p.theme),
            Cellule::texte(date_civile(p.parue_le)),
            Cellule::markup(Markup::texte(lire)),
        ]
    });
    Ok(PagePartie {
        page,
        retour,
        tableau: Tableau::new("Publications, la dernière en premier", colonnes)
            .lignes(lignes)
            .si_vide("Rien n’est encore publié."),
        titre_forme: if ligne.is_some() { "Modifier la publication" } else { "Ajouter une publication" }
            .to_owned(),
        bouton: "Enregistrer la publication",
        retrait: "Retirer cette publication",
        ajout: "Ajouter une autre publication",
        liste: None,
        champs: vec![
            form.texte("titre", "Titre"),
            form.texte("theme", "Thème").indice("Les publications d’un même thème se lisent ensemble."),
            form.date("jour", "Date de parution"),
            form.texte("lien", "Adresse à ouvrir")
                .facultatif()
                .indice("Vide quand le texte ci-dessous suffit."),
            form.zone("texte", "Texte").facultatif().indice(MISE_EN_FORME).lignes(8),
        ],
        cases: None,
        ouverte: !t.session.archivee,
        ligne,
        url,
        form,
    })
}

pub async fn get_reponses(
    requete: Requete,
    Path((annee, region)): Path<(String, String)>,
    Query(l): Query<Ligne>,
) -> Resultat {
    let (t, reponses) = view_reponses(&requete.ctx, lit_annee(&annee)?, &region).await?;
    let mut form = requete.formulaire().avec_version(version(&t)).avec("ligne", &l.ligne);
    if let Some((_, r)) = reponses.iter().find(|(id, _)| *id == l.ligne) {
        form = form
            .avec("theme", r.theme.map_or("", ThemeAssistance::code))
            .avec("titre", &r.titre)
            .avec("texte", &r.texte);
    }
    Ok(rend(StatusCode::OK, &page_reponses(&requete, &t, &reponses, form)?))
}

pub async fn post_reponses(Path((annee, region)): Path<(String, String)>, mut recu: Recu) -> Resultat {
    let annee = lit_annee(&annee)?;
    let requete = recu.requete.clone();
    let (t, reponses) = view_reponses(&requete.ctx, annee, &region).await?;
    let ligne = changed(&recu.form, &reponses)?;
    let changement = match (recu.form.valeur("acte"), ligne) {
        ("retirer", Some(ligne)) => Changement::RetirerReponse(ligne),
        (_, ligne) => {
            let reponse = ReponseType {
                theme: ThemeAssistance::from_code(recu.form.valeur("theme")),
                titre: recu.form.valeur("titre").to_owned(),
                texte: recu.form.valeur("texte").to_owned(),
            };
            Changement::Reponse(ligne, reponse)
        }
    };
    match save_cellule(&requete.ctx, &recu.garde(), annee, &region, changement).await {
        Ok(_) => return Ok(redirige(&format!("{}/{region}/reponses?fait=reponses-types", adresse(annee)))),
        Err(AppError::Conflict) => {
            let (t, reponses) = view_reponses(&requete.ctx, annee, &region).await?;
            let page = page_reponses(&requete, &t, &reponses, kept(recu.form, &t))?;
            return Ok(rend(StatusCode::CONFLICT, &page));
        }
        Err(e) => refuse(&mut recu.form, e)?,
    }
    Ok(rend(StatusCode::UNPROCESSABLE_ENTITY, &page_reponses(&requete, &t, &reponses, recu.form)?))
}

fn page_reponses(
    requete: &Requete,
    t: &TenueCellule,
    reponses: &[(String, ReponseType)],
    form: Formulaire,
) -> Result<PagePartie, AppError> {
    t.cellule.as_ref().ok_or(AppError::NotFound)?;
    let ligne = changed(&form, reponses)?;
    let annee = t.session.annee;
    let retour = format!("{}/{}", adresse(annee), t.region.code);
    let url = format!("{retour}/reponses");
    let bornes = requete.ctx.app.limites.assistance_reponses;
    let colonnes = vec![Colonne::longue("Titre"), Colonne::longue("Sujet"), Colonne::longue("Texte")];
    let mut lignes: Vec<&(String, ReponseType)> = reponses.iter().collect();
    // In the order of the subjects, as everywhere.
    lignes.sort_by_key(|(_, r)| ThemeAssistance::ALL.iter().position(|x| Some(*x) == r.theme));
    let lignes = lignes.into_iter().map(|(id, r)| {
        vec![
            Cellule::lien(&r.titre, format_args!("{url}?ligne={id}")),
            Cellule::texte(r.theme.map_or("", ThemeAssistance::libelle)),
            Cellule::texte(&r.texte),
        ]
    });
    let themes: Vec<Choix> =
        ThemeAssistance::ALL.into_iter().map(|x| Choix::new(x.code(), x.libelle())).collect();
    Ok(PagePartie {
        page: requete
            .page(format_args!("Réponses types de la cellule {}", t.region.nom))
            .session(&t.session.libelle)
            .ariane(vec![
                lien_aide(),
                Lien::new("Cellules tenues par mon service", adresse(annee)),
                Lien::new(titre(t), &retour),
            ])
            .en_erreur(!form.est_valide()),
        retour,
        tableau: Tableau::new("Réponses types, lues par les agents de la cellule seuls", colonnes)
            .lignes(lignes)
            .si_vide("Aucune réponse type n’est encore gardée."),
        titre_forme: if ligne.is_some() { "Modifier la réponse type" } else { "Ajouter une réponse type" }
            .to_owned(),
        bouton: "Enregistrer la réponse type",
        retrait: "Retirer cette réponse type",
        ajout: "Ajouter une autre réponse type",
        liste: Some(form.liste("theme", "Sujet des questions", &themes)),
        champs: vec![
            form.texte("titre", "Titre").indice("Pour la retrouver ; il n’est pas envoyé."),
            form.zone("texte", "Texte")
                .indice(format_args!(
                    "Texte simple, {} caractères au plus. La cellule en garde {} au plus.",
                    nombre(i64::try_from(bornes.caracteres).unwrap_or(i64::MAX)),
                    nombre(bornes.nombre)
                ))
                .lignes(8),
        ],
        cases: None,
        ouverte: !t.session.archivee,
        ligne,
        url,
        form,
    })
}
