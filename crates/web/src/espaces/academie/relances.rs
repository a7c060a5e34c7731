//! `/academie/{annee}/completude/relances`: a reminder to every incomplete establishment of a search: read again with its numbers, followed
//! while it goes by batches, stopped, resumed.

use app::AppError;
use app::completude::{
    ApercuEnNombre, FicheRelance, FiltreCompletude, SuiviRelance, act_on_relance, list_relances,
    preview_en_nombre, start_en_nombre, view_relance,
};
use app::messages::{accord, date_heure};
use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use domain::PublicId;
use domain::echanges::{EtatRelance, GesteRelance};
use domain::etablissements::TEXTE_MAX;

use super::completude::{ariane, en_adresse, lit_filtre};
use super::lit_annee;
use crate::components::{
    Aide, Alerte, Badge, Bouton, Cellule, Champ, Colonne, Definitions, Formulaire, LienBouton, Markup,
    Progression, Tableau, Ton, instant, nombre, regards, toute_seule,
};
use crate::layout::{Lien, Page, rend};
use crate::socle::{Recu, Requete, Resultat, comes_back, is_coming_back, redirige, refuse};

fn adresse(annee: i64) -> String {
    format!("/academie/{annee}/completude/relances")
}

/// The way to one of them.
fn chemin(requete: &Requete, annee: i64) -> Vec<Lien> {
    let mut liens = ariane(requete, annee);
    liens.push(Lien::new("Relances", adresse(annee)));
    liens
}

fn n(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

#[derive(Template)]
#[template(path = "academie/relances.html")]
struct PageRelances {
    page: Page,
    /// For an open session.
    nouvelle: Option<String>,
    tableau: Tableau,
}

pub async fn get_relances(requete: Requete, Path(annee): Path<String>) -> Resultat {
    let annee = lit_annee(&annee)?;
    let l = list_relances(&requete.ctx, annee).await?;
    let url = adresse(annee);
    let colonnes = vec![
        Colonne::new("Demandée"),
        Colonne::new("État"),
        Colonne::nombre("Établissements"),
        Colonne::nombre("Relancés"),
        Colonne::nombre("Personnes averties"),
        Colonne::new("Périmètre"),
    ];
    let lignes = l.relances.iter().map(|r| {
        let demandee = format!("{}, par {}", date_heure(instant(r.le)), r.auteur);
        vec![
            Cellule::lien(demandee, format_args!("{url}/{}", r.id)),
            Cellule::markup(Markup::new(badge(r))),
            Cellule::nombre(r.total),
            Cellule::nombre(r.ecrites),
            Cellule::nombre(r.courriels),
            Cellule::texte(perimetre(r)),
        ]
    });
    let page = PageRelances {
        page: requete
            .page("Relances de tous les établissements incomplets")
            .session(&l.session.libelle)
            .ariane(ariane(&requete, annee)),
        nouvelle: (!l.session.archivee).then(|| format!("{url}/nouvelle")),
        tableau: Tableau::new("Relances, la dernière en premier", colonnes)
            .lignes(lignes)
            .si_vide("Aucune relance de ce genre n’a été faite dans votre périmètre pour cette session."),
    };
    Ok(rend(StatusCode::OK, &page))
}

fn badge(r: &SuiviRelance) -> Badge {
    match r.etat {
        EtatRelance::EnCours if r.interrompue => Badge::new(Ton::Erreur, "Interrompue"),
        EtatRelance::EnCours => Badge::new(Ton::Info, "En cours"),
        EtatRelance::Arretee => Badge::new(Ton::Attention, "Arrêtée"),
        EtatRelance::Terminee => Badge::new(Ton::Succes, "Terminée"),
    }
}

fn perimetre(r: &SuiviRelance) -> String {
    if r.academies.is_empty() { "Toute la France".to_owned() } else { r.academies.join(", ") }
}

#[derive(Template)]
#[template(path = "academie/relance_en_nombre.html")]
struct PageNouvelle {
    page: Page,
    url: String,
    retour: String,
    form: Formulaire,
    chiffres: Definitions,
    /// Absent when nobody is to be reminded.
    texte: Option<Champ>,
    /// Why nobody is.
    personne: String,
    /// Read again before it leaves.
    apercu: Option<Apercu>,
}

/// What would leave.
struct Apercu {
    message: Vec<String>,
    sujet: String,
    courriel: Vec<String>,
    /// What is sent again with « Envoyer ».
    texte: String,
    envoi: Bouton,
    correction: Bouton,
}

pub async fn get_nouvelle(
    requete: Requete,
    Path(annee): Path<String>,
    Query(paires): Query<Vec<(String, String)>>,
) -> Resultat {
    let annee = lit_annee(&annee)?;
    let filtre = lit_filtre(&mut Formulaire::recu("", paires));
    let p = preview_en_nombre(&requete.ctx, annee, &filtre, None).await?;
    let form = requete.formulaire().avec("texte", &p.texte);
    Ok(rend(StatusCode::OK, &nouvelle(&requete, &filtre, p, form, false)))
}

pub async fn post_nouvelle(
    Path(annee): Path<String>,
    Query(paires): Query<Vec<(String, String)>>,
    mut recu: Recu,
) -> Resultat {
    let annee = lit_annee(&annee)?;
    let requete = recu.requete.clone();
    let filtre = lit_filtre(&mut Formulaire::recu("", paires));
    let texte = recu.form.valeur("texte").to_owned();
    let refus = match recu.form.valeur("acte") {
        "envoyer" => match start_en_nombre(&requete.ctx, &recu.garde(), annee, &filtre, &texte).await {
            Ok((_, id)) => {
                let suite = id.map_or_else(String::new, |id| format!("/{id}"));
                return Ok(redirige(&format!("{}{suite}?fait=relance-en-nombre", adresse(annee))));
            }
            Err(e) => Some(e),
        },
        "corriger" => None,
        _ => match preview_en_nombre(&requete.ctx, annee, &filtre, Some(&texte)).await {
            Ok(p) => return Ok(rend(StatusCode::OK, &nouvelle(&requete, &filtre, p, recu.form, true))),
            Err(e) => Some(e),
        },
    };
    let statut = if refus.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    if let Some(e) = refus {
        refuse(&mut recu.form, e)?;
    }
    let p = preview_en_nombre(&requete.ctx, annee, &filtre, None).await?;
    Ok(rend(statut, &nouvelle(&requete, &filtre, p, recu.form, false)))
}

fn lignes(texte: &str) -> Vec<String> {
    texte.split('\n').filter(|l| !l.trim().is_empty()).map(str::to_owned).collect()
}

/// `relue`: the text is shown as it would leave.
fn nouvelle(
    requete: &Requete,
    f: &FiltreCompletude,
    p: ApercuEnNombre,
    form: Formulaire,
    relue: bool,
) -> PageNouvelle {
    let annee = p.session.annee;
    let jours = requete.ctx.app.limites.relance_jours;
    let mut chiffres = Definitions::new()
        .ligne("Établissements à relancer", nombre(n(p.etablissements)))
        .ligne("Personnes à avertir, par un seul courriel chacune", nombre(n(p.courriels)));
    if p.deja > 0 {
        chiffres = chiffres.ligne(
            format_args!("Laissés de côté : relancés depuis moins de {jours} jours"),
            nombre(n(p.deja)),
        );
    }
    if p.sans_destinataire > 0 {
        let terme = "Établissements où personne ne peut être averti : le message y sera lu plus tard";
        chiffres = chiffres.ligne(terme, nombre(n(p.sans_destinataire)));
    }
    let personne = p.etablissements == 0;
    let envoi = format!("Envoyer à {}", accord(n(p.etablissements), "établissement", "établissements"));
    let apercu = p.courriel.filter(|_| relue).map(|(sujet, corps)| Apercu {
        message: lignes(&p.texte),
        sujet,
        courriel: lignes(&corps),
        texte: p.texte.clone(),
        envoi: Bouton::new(envoi).icone("send-plane-line").valeur("acte", "envoyer"),
        correction: Bouton::new("Corriger").secondaire().valeur("acte", "corriger"),
    });
    let nul = match p.deja {
        0 => "Aucun établissement incomplet ne répond à cette recherche : il n’y a personne à relancer."
            .to_owned(),
        1 => format!(
            "L’établissement incomplet a été relancé depuis moins de {jours} jours : il n’y a personne à relancer."
        ),
        deja => format!(
            "Les {} établissements incomplets ont été relancés depuis moins de {jours} jours : il n’y a personne à relancer.",
            nombre(n(deja))
        ),
    };
    PageNouvelle {
        page: requete
            .page("Relancer tous les établissements incomplets")
            .session(&p.session.libelle)
            .ariane(chemin(requete, annee))
            .en_erreur(!form.est_valide()),
        url: en_adresse(&format!("{}/nouvelle", adresse(annee)), f, None),
        retour: en_adresse(&format!("/academie/{annee}/completude"), f, None),
        chiffres,
        personne: nul,
        texte: (!personne && apercu.is_none()).then(|| {
            form.zone("texte", "Message")
                .indice(format_args!(
                    "{} caractères au plus. Il est gardé dans les échanges de chaque établissement ; le courriel y mène et ne le \
                     répète pas.",
                    nombre(n(TEXTE_MAX))
                ))
                .lignes(8)
        }),
        apercu,
        form,
    }
}

#[derive(Template)]
#[template(path = "academie/relance_suivi.html")]
struct PageSuivi {
    page: Page,
    url: String,
    form: Formulaire,
    alerte: Alerte,
    progression: Progression,
    chiffres: Definitions,
    message: Vec<String>,
    gestes: Vec<Bouton>,
    liens: Vec<Bouton>,
    /// Where nobody is there to be told.
    sans: Option<Tableau>,
}

fn lit_chemin((annee, id): &(String, String)) -> Result<(i64, PublicId), AppError> {
    Ok((lit_annee(annee)?, PublicId::parse(id).ok_or(AppError::NotFound)?))
}

pub async fn get_relance(
    requete: Requete,
    Path(chemin): Path<(String, String)>,
    Query(paires): Query<Vec<(String, String)>>,
) -> Resultat {
    let (annee, id) = lit_chemin(&chemin)?;
    let f = view_relance(&requete.ctx, annee, &id).await?;
    let vivante = f.suivi.etat == EtatRelance::EnCours && !f.suivi.interrompue;
    let seule = vivante && is_coming_back(&paires);
    let reponse = rend(StatusCode::OK, &suivi(&requete, &f, requete.formulaire(), (vivante, seule)));
    Ok(if seule { comes_back(reponse) } else { reponse })
}

pub async fn post_relance(Path(chemin): Path<(String, String)>, mut recu: Recu) -> Resultat {
    let (annee, id) = lit_chemin(&chemin)?;
    let requete = recu.requete.clone();
    let geste = GesteRelance::from_code(recu.form.valeur("acte")).ok_or(AppError::NotFound)?;
    match act_on_relance(&requete.ctx, &recu.garde(), annee, &id, geste).await {
        Ok(_) => {
            let fait = match geste {
                GesteRelance::Arreter => "relance-arretee",
                GesteRelance::Reprendre => "relance-reprise",
            };
            Ok(redirige(&format!("{}/{}?fait={fait}", adresse(annee), id.as_str())))
        }
        Err(e) => {
            refuse(&mut recu.form, e)?;
            let f = view_relance(&requete.ctx, annee, &id).await?;
            let page = suivi(&requete, &f, recu.form, (false, false));
            Ok(rend(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
    }
}

fn etat(s: &SuiviRelance, seule: bool) -> Alerte {
    match s.etat {
        EtatRelance::EnCours if s.interrompue => Alerte::erreur(
            "Un lot n’a pas pu être fait. Rien n’est envoyé deux fois : reprenez la relance, elle continue où elle en était.",
        )
        .titre("Relance interrompue"),
        EtatRelance::EnCours => Alerte::info(format_args!(
            "Elle se poursuit par lots. Vous pouvez quitter cette page.{}",
            toute_seule(seule)
        ))
        .titre("Relance en cours"),
        EtatRelance::Arretee if s.motif.is_empty() => Alerte::attention(
            "Ce qui est déjà écrit reste écrit ; le reste attend que la relance soit reprise.",
        )
        .titre("Relance arrêtée"),
        EtatRelance::Arretee => Alerte::attention(format_args!("{} Le reste attend que la relance soit reprise.", s.motif))
            .titre("Relance arrêtée"),
        EtatRelance::Terminee => {
            let le = s.terminee_le.map_or_else(String::new, |ms| format!(" le {}", date_heure(instant(ms))));
            Alerte::succes(format_args!("Terminée{le}."))
        }
    }
}

fn chiffres(s: &SuiviRelance) -> Definitions {
    let mut d = Definitions::new()
        .ligne("Demandée", format_args!("{}, par {}", date_heure(instant(s.le)), s.auteur))
        .ligne("Périmètre", perimetre(s))
        .ligne("Établissements relancés", nombre(s.ecrites))
        .ligne("Personnes averties, par un seul courriel chacune", nombre(s.courriels));
    let restes = [
        ("Personnes encore à avertir", s.a_avertir),
        ("Laissés de côté : complets entre-temps", s.completes),
        ("Laissés de côté : relancés entre-temps", s.deja_relances),
        ("Laissés de côté : hors du périmètre", s.hors_perimetre),
    ];
    for (terme, combien) in restes.into_iter().filter(|(_, combien)| *combien > 0) {
        d = d.ligne(terme, nombre(combien));
    }
    d
}

/// `vivante`: batches go on; `seule`: the page comes back by itself.
fn suivi(requete: &Requete, f: &FicheRelance, form: Formulaire, (vivante, seule): (bool, bool)) -> PageSuivi {
    let annee = f.session.annee;
    let s = &f.suivi;
    let url = format!("{}/{}", adresse(annee), s.id);
    let mut liens = Vec::new();
    if vivante {
        liens.extend(regards(&url, seule).map(Bouton::secondaire));
    }
    liens.push(LienBouton::new("Toutes les relances", adresse(annee)).secondaire());
    let faits = u32::try_from(s.total - s.a_faire).unwrap_or(u32::MAX);
    let colonnes = vec![Colonne::longue("Établissement"), Colonne::courte("UAI"), Colonne::new("Commune")];
    let sans = f.sans_destinataire.iter();
    let sans =
        sans.map(|(uai, nom, lieu)| vec![Cellule::texte(nom), Cellule::texte(uai), Cellule::texte(lieu)]);
    let page = requete
        .page("Suivi d’une relance")
        .session(&f.session.libelle)
        .ariane(chemin(requete, annee))
        .en_erreur(!form.est_valide());
    // What was about to be done is done.
    let dite = s.etat == EtatRelance::Terminee && requete.fait() == Some("relance-en-nombre");
    PageSuivi {
        page: if dite { page.avis(None) } else { page },
        alerte: etat(s, seule),
        progression: Progression::new(
            "Établissements traités :",
            faits,
            u32::try_from(s.total).unwrap_or(u32::MAX),
        ),
        chiffres: chiffres(s),
        message: lignes(&s.texte),
        gestes: s
            .gestes
            .iter()
            .map(|g| match g {
                GesteRelance::Arreter => {
                    Bouton::new("Arrêter la relance").secondaire().valeur("acte", g.code())
                }
                GesteRelance::Reprendre => Bouton::new("Reprendre la relance").valeur("acte", g.code()),
            })
            .collect(),
        liens,
        sans: (s.sans_destinataire > 0).then(|| {
            let legende = if s.sans_destinataire > n(f.sans_destinataire.len()) {
                format!("Les {} premiers, dans l’ordre du tableau", f.sans_destinataire.len())
            } else {
                "Dans l’ordre du tableau".to_owned()
            };
            Tableau::new(legende, colonnes).lignes(sans)
        }),
        url,
        form,
    }
}
