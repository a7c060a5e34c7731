//! `/mes-seances/{annee}/organisation`: a session written, read again, announced, changed, cancelled.

use app::messages::date_longue;
use app::seances::{
    Organisation, Seance, announce_seance, cancel_seance, correct_seance, list_organised, view_organised,
};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use domain::PublicId;
use domain::actualites::TEXTE_MAX;
use domain::calendrier::{fin_de_jour, instant_paris, jour_paris, paris};
use domain::seances::{EtatSeance, PLACES_MAX, Programme, Qualite};
use jiff::civil::{Date, Time};

use super::super::actualites::{
    ChampsAudience, MARQUES, destinataires, lit_annee, lit_audience, pose_audience,
};
use super::{adresse, lit_chemin};
use crate::components::{
    Aide, Badge, Bouton, Cellule, Champ, Choix, Colonne, Formulaire, GroupeChoix, LienBouton, Markup,
    Tableau, Ton, badge_seance, enumere, instant, nombre, places_seance, quand, texte_riche,
};
use crate::layout::{Lien, Page, rend};
use crate::socle::brouillons::with_brouillon;
use crate::socle::{Recu, Requete, Resultat, redirige, refuse};

#[derive(Template)]
#[template(path = "commun/seances/organisation.html")]
struct PageListe {
    page: Page,
    /// Not in an archived session.
    nouvelle: Option<String>,
    statistiques: String,
    tableau: Tableau,
}

pub async fn get_liste(requete: Requete, Path(annee): Path<String>) -> Resultat {
    let annee = lit_annee(&annee)?;
    let o = list_organised(&requete.ctx, annee).await?;
    let url = format!("{}/organisation", adresse(annee));
    let colonnes = vec![
        Colonne::longue("Séance"),
        Colonne::new("État"),
        Colonne::new("Quand"),
        Colonne::longue("Destinataires"),
        Colonne::nombre("Places"),
        Colonne::nombre("Inscrits"),
        Colonne::nombre("En attente"),
        Colonne::nombre("Présents"),
    ];
    let lignes = o.seances.iter().map(|s| {
        vec![
            Cellule::lien(&s.programme.titre, format_args!("{url}/{}", s.id.as_str())),
            Cellule::markup(Markup::new(badge(s))),
            Cellule::texte(quand(s)),
            Cellule::texte(pour(s)),
            s.programme.places.map_or_else(|| Cellule::texte("sans limite"), Cellule::nombre),
            Cellule::nombre(s.comptage.inscrits),
            Cellule::nombre(s.comptage.attente),
            Cellule::nombre(s.comptage.presents),
        ]
    });
    let page = PageListe {
        page: requete
            .page("Séances de mon service")
            .session(&o.session.libelle)
            .ariane(vec![Lien::new("Séances d’information", adresse(annee))]),
        nouvelle: (!o.session.archivee).then(|| format!("{url}/nouvelle")),
        statistiques: format!("{url}/statistiques"),
        tableau: Tableau::new("Séances, la première à se tenir en premier", colonnes)
            .lignes(lignes)
            .si_vide("Votre service n’a encore annoncé aucune séance pour cette session."),
    };
    Ok(rend(StatusCode::OK, &page))
}

fn badge(s: &Seance) -> Badge {
    badge_seance(s).unwrap_or_else(|| {
        let ton = if s.etat == EtatSeance::AVenir { Ton::Succes } else { Ton::Neutre };
        Badge::new(ton, s.etat.libelle())
    })
}

fn pour(s: &Seance) -> String {
    let p = &s.programme;
    if !p.is_public() {
        return destinataires(&p.audience);
    }
    let qualites: Vec<&str> = p.qualites.iter().map(|q| q.libelle()).collect();
    format!("Site public : {}", enumere(&qualites))
}

#[derive(Template)]
#[template(path = "commun/seances/organiser.html")]
struct PageOrganiser {
    page: Page,
    url: String,
    retour: String,
    form: Formulaire,
    /// Of a session already announced: its state, how many people.
    suivi: Option<(Badge, String)>,
    presences: Option<String>,
    apercu: Option<(String, Markup)>,
    titre: Champ,
    contenu: Champ,
    jour: Champ,
    heure: Champ,
    fin: Champ,
    places: Champ,
    cloture: Champ,
    lieu: Champ,
    lien: Champ,
    qualites: GroupeChoix,
    pour: ChampsAudience,
    /// It may still be written.
    modifiable: bool,
    /// Its address alone may.
    tenue: bool,
    bouton: &'static str,
    /// The form that cancels it.
    annuler: Option<(String, Formulaire)>,
}

pub async fn get_nouvelle(requete: Requete, Path(annee): Path<String>) -> Resultat {
    get(&requete, lit_annee(&annee)?, None).await
}

pub async fn get_seance(requete: Requete, Path(chemin): Path<(String, String)>) -> Resultat {
    let (annee, id) = lit_chemin(&chemin)?;
    get(&requete, annee, Some(&id)).await
}

pub async fn post_nouvelle(Path(annee): Path<String>, recu: Recu) -> Resultat {
    post(recu, lit_annee(&annee)?, None).await
}

pub async fn post_seance(Path(chemin): Path<(String, String)>, recu: Recu) -> Resultat {
    let (annee, id) = lit_chemin(&chemin)?;
    post(recu, annee, Some(&id)).await
}

pub async fn post_annulation(Path(chemin): Path<(String, String)>, recu: Recu) -> Resultat {
    let (annee, id) = lit_chemin(&chemin)?;
    cancel_seance(&recu.requete.ctx, &recu.garde(), annee, &id).await?;
    Ok(redirige(&format!("{}/organisation?fait=seance-annulee", adresse(annee))))
}

async fn get(requete: &Requete, annee: i64, id: Option<&PublicId>) -> Resultat {
    let o = view_organised(&requete.ctx, annee, id).await?;
    let form = with_brouillon(requete, filled(requete.formulaire(), &o), &url(&o), is_open(&o)).await?;
    Ok(rend(StatusCode::OK, &page(requete, &o, form, None)))
}

fn is_open(o: &Organisation) -> bool {
    !o.session.archivee && o.seance.as_ref().is_none_or(|s| s.etat == EtatSeance::AVenir)
}

/// R-SEA-05: it is being held, and its address alone may still be mended.
fn is_held(o: &Organisation) -> bool {
    !o.session.archivee && o.seance.as_ref().is_some_and(|s| s.etat == EtatSeance::EnCours)
}

fn url(o: &Organisation) -> String {
    let quoi = o.seance.as_ref().map_or("nouvelle", |s| s.id.as_str());
    format!("{}/organisation/{quoi}", adresse(o.session.annee))
}

/// A form as the session is.
fn filled(form: Formulaire, o: &Organisation) -> Formulaire {
    let Some(s) = &o.seance else { return form };
    let p = &s.programme;
    let [debut, fin] = [p.debut, p.fin].map(|ms| paris().to_datetime(instant(ms)));
    let mut form = form
        .avec_version(o.version)
        .avec("titre", &p.titre)
        .avec("contenu", &p.texte)
        .avec("jour", debut.date())
        .avec("heure", debut.strftime("%H:%M"))
        .avec("heure_fin", fin.strftime("%H:%M"))
        .avec("lieu", &p.lieu)
        .avec("lien", &p.lien);
    if let Some(n) = p.places {
        form.pose("places", n);
    }
    // The last day when one registers: the limit is the first instant after.
    if let Some(le) = p.ferme_le {
        form.pose("cloture", jour_paris(instant(le - 1)));
    }
    p.qualites.iter().for_each(|q| form.ajoute("qualites", q.code()));
    pose_audience(&mut form, &p.audience);
    form
}

async fn post(mut recu: Recu, annee: i64, id: Option<&PublicId>) -> Resultat {
    let requete = recu.requete.clone();
    let o = view_organised(&requete.ctx, annee, id).await?;
    let garde = recu.garde();
    let lu = match o.seance.as_ref().filter(|_| is_held(&o)) {
        Some(s) => {
            let lien = recu.form.valeur("lien").to_owned();
            recu.form = filled(recu.form, &o).avec("lien", &lien);
            Some(Programme { lien, ..s.programme.clone() })
        }
        None => lit(&mut recu.form),
    };
    if recu.form.valeur("acte") == "apercu" {
        let mut motif = None;
        let apercu = lu.and_then(|p| match p.checked() {
            Ok(p) => Some((p.titre, texte_riche(&p.texte, 3))),
            Err(e) => {
                motif = Some(e);
                None
            }
        });
        if let Some(e) = motif {
            refuse(&mut recu.form, e.into())?;
        }
        let statut = if recu.form.est_valide() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        return Ok(rend(statut, &page(&requete, &o, recu.form, apercu)));
    }
    if let Some(p) = lu {
        let ctx = &requete.ctx;
        let fait = match id {
            None => announce_seance(ctx, &garde, annee, p).await,
            Some(id) => correct_seance(ctx, &garde, annee, id, p).await,
        };
        match fait {
            Ok(r) => {
                let quoi = if id.is_none() { "seance" } else { "seance-corrigee" };
                let url = format!("{}/organisation?fait={quoi}&recepisse={}", adresse(annee), r.numero);
                return Ok(redirige(&url));
            }
            Err(e) => refuse(&mut recu.form, e)?,
        }
    }
    Ok(rend(StatusCode::UNPROCESSABLE_ENTITY, &page(&requete, &o, recu.form, None)))
}

/// What was typed; `None` when something cannot be read, said on its field.
fn lit(form: &mut Formulaire) -> Option<Programme> {
    let jour = form.lit_date("jour");
    let debut = lit_instant(form, jour, "heure");
    let fin = lit_instant(form, jour, "heure_fin");
    let places = match form.lit_texte_facultatif("places") {
        None => Some(None),
        Some(_) => form.lit_entier("places", 1..=PLACES_MAX).map(Some),
    };
    let ferme_le = match form.lit_texte_facultatif("cloture") {
        None => Some(None),
        Some(_) => form.lit_date("cloture").map(|jour| Some(fin_de_jour(jour).as_millisecond())),
    };
    Some(Programme {
        titre: form.valeur("titre").to_owned(),
        texte: form.valeur("contenu").to_owned(),
        audience: lit_audience(form),
        qualites: form.valeurs("qualites").iter().filter_map(|c| Qualite::from_code(c)).collect(),
        debut: debut?,
        fin: fin?,
        places: places?,
        lieu: form.valeur("lieu").to_owned(),
        lien: form.valeur("lien").to_owned(),
        ferme_le: ferme_le?,
    })
}

fn lit_instant(form: &mut Formulaire, jour: Option<Date>, nom: &str) -> Option<i64> {
    let heure: Option<Time> = form.lit_heure(nom);
    let le = instant_paris(jour?.to_datetime(heure?));
    if le.is_none() {
        form.refuse(nom, "Cette nuit-là, l’heure change entre 2 h et 3 h : choisissez une autre heure.");
    }
    le.map(|t| t.as_millisecond())
}

fn page(
    requete: &Requete,
    o: &Organisation,
    form: Formulaire,
    apercu: Option<(String, Markup)>,
) -> PageOrganiser {
    let annee = o.session.annee;
    let retour = format!("{}/organisation", adresse(annee));
    let existante = o.seance.as_ref();
    let modifiable = is_open(o);
    let titre = if existante.is_some() { "Modifier une séance" } else { "Annoncer une séance" };
    let choix: Vec<Choix> = Qualite::ALL.into_iter().map(|q| Choix::new(q.code(), q.libelle())).collect();
    let (ferme, tenue) = (!modifiable, is_held(o));
    PageOrganiser {
        page: requete
            .page(titre)
            .session(&o.session.libelle)
            .ariane(vec![
                Lien::new("Séances d’information", adresse(annee)),
                Lien::new("Séances de mon service", &retour),
            ])
            .en_erreur(!form.est_valide()),
        url: url(o),
        suivi: existante.map(|s| {
            let inscrits = app::messages::accord(s.comptage.inscrits, "personne inscrite", "personnes inscrites");
            let le = date_longue(instant(s.programme.debut));
            (badge(s), format!("« {} », {le} : {inscrits}. Places : {}.", s.programme.titre, places_seance(s)))
        }),
        presences: existante.map(|_| format!("{}/presences", url(o))),
        apercu,
        titre: form.texte("titre", "Titre").desactive(ferme),
        contenu: form
            .zone("contenu", "Texte")
            .indice(format_args!(
                "{} caractères au plus. {MARQUES}",
                nombre(i64::try_from(TEXTE_MAX).unwrap_or(i64::MAX))
            ))
            .lignes(10)
            .desactive(ferme),
        jour: form.date("jour", "Jour").desactive(ferme),
        heure: form.heure("heure", "Heure de début").indice("Heure de Paris.").desactive(ferme),
        fin: form.heure("heure_fin", "Heure de fin").indice("Le même jour, heure de Paris.").desactive(ferme),
        places: form
            .nombre("places", "Nombre de places")
            .facultatif()
            .indice("Vide : sans limite. Une fois les places prises, les personnes suivantes attendent dans l’ordre de leurs demandes.")
            .desactive(ferme),
        cloture: form
            .date("cloture", "Dernier jour pour s’inscrire")
            .facultatif()
            .indice("Vide : jusqu’au début de la séance.")
            .desactive(ferme),
        lieu: form
            .texte("lieu", "Lieu")
            .facultatif()
            .indice("Vide pour une visioconférence. Tout le monde le lit.")
            .desactive(ferme),
        lien: form
            .texte("lien", "Lien de connexion")
            .facultatif()
            .indice(format_args!(
                "Adresse en https:// de la visioconférence. Seules les personnes qui ont une place la voient, {} avant le début.",
                app::messages::accord(requete.ctx.app.limites.seance_lien_h, "heure", "heures")
            ))
            .desactive(ferme && !tenue),
        qualites: form
            .cases("qualites", "Sur le site public", &choix)
            .indice("Aucune case cochée : la séance est sur le site de gestion, pour les personnes choisies plus bas.")
            .desactive(ferme),
        pour: ChampsAudience::new(&form, o.academies.as_deref()),
        modifiable,
        tenue,
        bouton: if existante.is_some() { "Enregistrer les modifications" } else { "Annoncer la séance" },
        annuler: existante
            .filter(|_| modifiable)
            .map(|_| (format!("{}/annuler", url(o)), requete.formulaire())),
        retour,
        form,
    }
}
