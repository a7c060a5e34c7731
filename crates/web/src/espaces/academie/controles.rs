//! `/academie/{annee}/controles`: the courses that wait for the academic service; those that have not changed at once.

use app::formations::{
    Bilan, CriteresControle, FileControle, LaisseeDeCote, LigneFileControle, PriseFile, accept_unchanged,
    list_controles, view_acceptation,
};
use app::messages;
use askama::Template;
use axum::extract::{Path, Query};
use axum::http::{StatusCode, Uri};
use domain::PublicId;
use domain::formations::Famille;
use domain::formations::controle::EtatControle;
use jiff::Timestamp;

use super::lit_annee;
use crate::components::{
    Aide, Alerte, Badge, Bouton, Cellule, Choix, Colonne, Formulaire, LienBouton, Markup, Pagination,
    Tableau, Ton, accord, nombre, recepisse,
};
use crate::layout::{Lien, Page, rend};
use crate::socle::{Recu, Requete, Resultat, encode, query, redirige, refuse};

#[derive(Template)]
#[template(path = "academie/controles.html")]
struct PageControles {
    page: Page,
    url: String,
    /// Where the boxes are sent: the list comes back as it is.
    envoi: String,
    form: Formulaire,
    filtres: Formulaire,
    /// The person decides; whoever does not reads.
    decider: bool,
    /// What the acceptance of many that has just been made did.
    faits: Vec<Alerte>,
    /// What it left aside.
    de_cote: Option<Tableau>,
    alerte: Alerte,
    /// Returned courses whose last day is past, and the way there.
    depassees: Option<Alerte>,
    etats: Vec<Choix>,
    familles: Vec<Choix>,
    departements: Vec<Choix>,
    /// Who has taken them, for whoever decides what waits.
    prises: Option<Vec<Choix>>,
    /// The course that follows the one that has just been decided.
    suivante: Option<String>,
    /// None when there is nothing and nothing was looked for: the alert says so.
    titre: Option<String>,
    /// Unchanged courses that have no box, and why.
    laissees: Option<Alerte>,
    /// To all the unchanged courses of the list, whatever the page.
    inchangees: Option<(String, String)>,
    tableau: Option<Tableau>,
    en_nombre: bool,
    pagination: Pagination,
}

pub(super) fn quand(ms: i64) -> String {
    Timestamp::from_millisecond(ms).map(messages::date_heure).unwrap_or_default()
}

/// The last minute of a limit.
pub(super) fn limite(ms: i64) -> String {
    Timestamp::from_millisecond(ms).map(messages::date_limite).unwrap_or_default()
}

/// The name of this list.
const DELAI_DEPASSE: &str = "Retournée, délai dépassé";

/// What the list of states offers for returned courses whose last day is past.
const DEPASSEES: &str = "delai-depasse";

pub(super) fn criteres(form: &Formulaire) -> CriteresControle {
    let depassees = form.valeur("etat") == DEPASSEES;
    CriteresControle {
        etat: match EtatControle::from_code(form.valeur("etat")) {
            _ if depassees => EtatControle::Retournee,
            etat => etat.unwrap_or(EtatControle::Soumise),
        },
        depassees,
        texte: form.valeur("q").trim().chars().take(200).collect(),
        famille: Famille::from_code(form.valeur("famille")),
        departement: form.lit_texte_facultatif("departement").map(|d| d.chars().take(3).collect()),
        prise: PriseFile::from_code(form.valeur("prise")),
        page: form.valeur("page").parse().unwrap_or(1),
    }
}

/// What a list looks for, as the query of its address; empty: what it shows by itself.
pub(super) fn suite(c: &CriteresControle) -> String {
    let etat = match c.etat {
        _ if c.depassees => DEPASSEES,
        EtatControle::Soumise => "",
        etat => etat.code(),
    };
    let page = if c.page > 1 { c.page.to_string() } else { String::new() };
    let choix = [
        ("etat", etat),
        ("prise", c.prise.filter(|_| c.etat == EtatControle::Soumise).map_or("", PriseFile::code)),
        ("departement", c.departement.as_deref().unwrap_or("")),
        ("famille", c.famille.map_or("", Famille::code)),
        ("q", c.texte.as_str()),
        ("page", page.as_str()),
    ];
    query(None, &choix)
}

/// An address with more in its query.
pub(super) fn avec(url: &str, suite: &str) -> String {
    match url.contains('?') {
        _ if suite.is_empty() => url.to_owned(),
        true => format!("{url}&{suite}"),
        false => format!("{url}?{suite}"),
    }
}

/// The list that looks for that.
pub(super) fn liste(annee: i64, suite: &str) -> String {
    avec(&format!("/academie/{annee}/controles"), suite)
}

/// The address of a page that keeps the way back to that list.
pub(super) fn vers_la_liste(url: &str, suite: &str) -> String {
    if suite.is_empty() { url.to_owned() } else { avec(url, &format!("liste={}", encode(suite))) }
}

/// What the list looked for that such an address comes from, read as the list reads it.
pub(super) fn de_la_liste(form: &Formulaire) -> CriteresControle {
    let uri = format!("/?{}", form.valeur("liste")).parse::<Uri>().ok();
    let lues = uri.and_then(|uri| Query::<Vec<(String, String)>>::try_from_uri(&uri).ok());
    criteres(&Formulaire::recu("", lues.map(|Query(paires)| paires).unwrap_or_default()))
}

/// R-CTL-14: the same list once a course of it is decided, with the way to the one that follows.
pub(super) fn decidee(annee: i64, suite: &str, fait: &str, suivante: Option<&str>) -> String {
    let suivante = suivante.map(|id| format!("&suivante={id}")).unwrap_or_default();
    avec(&liste(annee, suite), &format!("fait={fait}{suivante}"))
}

pub async fn get_controles(
    requete: Requete,
    Path(annee): Path<String>,
    Query(paires): Query<Vec<(String, String)>>,
) -> Resultat {
    let annee = lit_annee(&annee)?;
    let filtres = Formulaire::recu("", paires);
    let criteres = criteres(&filtres);
    let file = list_controles(&requete.ctx, annee, &criteres).await?;
    let form = requete.formulaire();
    // The boxes that were ticked are told by the notice of the address.
    let bilan = match (filtres.valeur("fait"), filtres.valeur("recepisse")) {
        ("", numero) if !numero.is_empty() => view_acceptation(&requete.ctx, numero).await?,
        _ => None,
    };
    let decidee = matches!(filtres.valeur("fait"), "acceptee" | "retournee");
    let suivante = PublicId::parse(filtres.valeur("suivante")).filter(|_| decidee);
    let mut page = page(&requete, annee, &criteres, file, filtres, form);
    page.suivante =
        suivante.map(|id| vers_la_liste(&format!("/academie/{annee}/controles/{id}"), &suite(&criteres)));
    if let Some(bilan) = bilan {
        page.faits = faits(&bilan).into_iter().chain(recepisse(&requete.chemin)).collect();
        page.de_cote = de_cote(annee, &bilan.laissees, &suite(&criteres));
    }
    Ok(rend(StatusCode::OK, &page))
}

/// What an acceptance of many did, in numbers.
fn faits(b: &Bilan) -> Vec<Alerte> {
    let un = "formation est acceptée et publiée ; son établissement est prévenu";
    let plusieurs = "formations sont acceptées et publiées ; leurs établissements sont prévenus";
    let mut faits = vec![Alerte::succes(format_args!("{}.", accord(b.faites.len(), un, plusieurs)))];
    if !b.laissees.is_empty() {
        let combien = accord(b.laissees.len(), "formation est laissée", "formations sont laissées");
        faits
            .push(Alerte::attention(format_args!("{combien} de côté : le tableau ci-dessous dit pourquoi.")));
    }
    faits
}

/// Why each of those is not accepted with the others.
pub(super) fn de_cote(annee: i64, laissees: &[LaisseeDeCote], suite: &str) -> Option<Tableau> {
    let colonnes = vec![Colonne::new("Formation"), Colonne::longue("Pourquoi elle est laissée de côté")];
    (!laissees.is_empty()).then(|| {
        Tableau::new("Formations laissées de côté", colonnes).lignes(laissees.iter().map(|l| {
            let vers = vers_la_liste(&format!("/academie/{annee}/controles/{}", l.id), suite);
            vec![Cellule::lien(&l.formation, vers), Cellule::markup(Markup::lignes(&l.motifs))]
        }))
    })
}

/// R-CTL-05: the boxes ticked, accepted at once; the list comes back as it was.
pub async fn post_controles(
    Path(annee): Path<String>,
    Query(paires): Query<Vec<(String, String)>>,
    mut recu: Recu,
) -> Resultat {
    let annee = lit_annee(&annee)?;
    let requete = recu.requete.clone();
    let filtres = Formulaire::recu("", paires);
    let criteres = criteres(&filtres);
    let ids: Option<Vec<PublicId>> =
        recu.form.valeurs("formations").iter().map(|id| PublicId::parse(id)).collect();
    match ids {
        Some(ids) if !ids.is_empty() => {
            match accept_unchanged(&requete.ctx, &recu.garde(), annee, &ids).await {
                Ok(r) => {
                    let fait = format!("fait=acceptees&recepisse={}", r.numero);
                    return Ok(redirige(&avec(&liste(annee, &suite(&criteres)), &fait)));
                }
                Err(e) => refuse(&mut recu.form, e)?,
            }
        }
        _ => recu.form.refuse_tout("Cochez au moins une formation."),
    }
    let file = list_controles(&requete.ctx, annee, &criteres).await?;
    let page = page(&requete, annee, &criteres, file, filtres, recu.form);
    Ok(rend(StatusCode::UNPROCESSABLE_ENTITY, &page))
}

fn constats(l: &LigneFileControle, etat: EtatControle) -> Vec<(Ton, String)> {
    let mut constats = Vec::new();
    if l.depasse {
        constats.push((Ton::Erreur, "Délai dépassé".to_owned()));
    }
    if l.inchangee() {
        constats.push((Ton::Succes, "Inchangée".to_owned()));
    } else if let Some(n) = l.changes {
        constats.push((Ton::Info, accord(n, "champ changé", "champs changés")));
    }
    if l.nouvelle {
        constats.push((Ton::Info, "Nouvelle cette année".to_owned()));
    }
    if let (Some((avant, apres)), true) = (l.capacite, etat != EtatControle::Brouillon) {
        constats.push((Ton::Attention, format!("Capacité : {} → {}", nombre(avant), nombre(apres))));
    }
    if l.manques > 0 {
        constats.push((Ton::Attention, format!("Il manque {}", accord(l.manques, "champ", "champs"))));
    }
    if l.grille > 0 {
        let points = accord(l.grille, "point", "points");
        constats.push((Ton::Attention, format!("Grille : {points} à relire")));
    }
    if !l.contradictions.is_empty() {
        let quoi: Vec<&str> = l.contradictions.iter().map(|c| c.libelle()).collect();
        constats.push((Ton::Attention, format!("Contredit l’établissement : {}", quoi.join(", "))));
    }
    constats
}

/// R-CGE-18: those of the page that say what they said last year, and that are to be opened all the same.
fn laissees(f: &FileControle) -> Option<Alerte> {
    let texte = match f.lignes.iter().filter(|l| l.inchangee() && !l.is_acceptable_fermee()).count() {
        0 => return None,
        1 => "Sur cette page, une formation inchangée est laissée de côté : sa grille a des points à relire. Ouvrez-la pour la \
              contrôler."
            .to_owned(),
        n => format!(
            "Sur cette page, {n} formations inchangées sont laissées de côté : leur grille a des points à relire. Ouvrez-les \
             pour les contrôler une à une."
        ),
    };
    Some(Alerte::attention(texte))
}

/// R-CTL-09: returned courses that nobody can put right any more, and the way there.
fn depassees(url: &str, n: i64) -> Option<Alerte> {
    let texte = match n {
        0 => return None,
        1 => "1 formation retournée a dépassé le jour donné pour la corriger.".to_owned(),
        n => format!("{} formations retournées ont dépassé le jour donné pour les corriger.", nombre(n)),
    };
    let lien = Markup::lien(
        "Les lire, pour prolonger ou annuler leur retour",
        format_args!("{url}?etat={DEPASSEES}"),
    );
    Some(Alerte::attention(texte).suite(lien))
}

fn tableau(form: &Formulaire, annee: i64, c: &CriteresControle, f: &FileControle) -> Tableau {
    let (etat, suite) = (c.etat, suite(c));
    let vers = |id: &str| {
        if f.decider {
            vers_la_liste(&format!("/academie/{annee}/controles/{id}"), &suite)
        } else {
            format!("/gestion/{annee}/formations/{id}")
        }
    };
    // What was never submitted has neither a date nor anybody who examines it.
    let soumises = etat != EtatControle::Brouillon;
    let mut colonnes =
        vec![Colonne::new("Formation"), Colonne::new("Établissement"), Colonne::new("Constats")];
    if soumises {
        colonnes.extend([
            Colonne::new(if etat == EtatControle::Retournee {
                "À corriger jusqu’au"
            } else {
                "Soumise le"
            }),
            Colonne::new("Prise en charge"),
        ]);
    }
    Tableau::new(etat.libelle(), colonnes)
        .legende_cachee()
        .si_vide("Aucune formation de votre périmètre ne répond à cette recherche.")
        .lignes(f.lignes.iter().map(|l| {
            let premiere = if f.decider && etat == EtatControle::Soumise && is_cochable(l) {
                let nom = format!("{} – {}", l.libelle, l.etablissement);
                Markup::new(form.choix_de("formations", &l.id, nom).petite())
                    .et(Markup::lien("Ouvrir", vers(&l.id)))
            } else {
                Markup::lien(&l.libelle, vers(&l.id))
            };
            let constats = Markup::de(constats(l, etat).into_iter().map(|(ton, t)| Badge::new(ton, t)));
            let constats = if constats.est_vide() { Markup::texte("–") } else { constats };
            let mut ligne = vec![
                Cellule::markup(premiere),
                Cellule::texte(format_args!("{} – {}", l.etablissement, l.lieu)),
                Cellule::markup(constats),
            ];
            if soumises {
                let date = match etat {
                    EtatControle::Retournee => l.jusqu_a.map(limite),
                    _ => l.soumise_le.map(quand),
                };
                ligne.push(Cellule::texte(date.unwrap_or_else(|| "–".to_owned())));
                ligne.push(Cellule::texte(match &l.pris {
                    None => "Libre".to_owned(),
                    Some((_, true)) => "Par vous".to_owned(),
                    Some((nom, false)) => format!("Par {nom}"),
                }));
            }
            ligne
        }))
}

/// It may be accepted without being opened, and nobody else has taken it.
fn is_cochable(l: &LigneFileControle) -> bool {
    l.is_acceptable_fermee() && l.pris.as_ref().is_none_or(|(_, moi)| *moi)
}

/// What waits for a decision, over the perimeter.
fn attente(f: &FileControle) -> Alerte {
    let qui = if f.decider { "votre contrôle" } else { "le contrôle de leur service académique" };
    match f.en_attente {
        _ if !f.active => Alerte::info(
            "Cette session ne prévoit pas de contrôle académique : les établissements publient eux-mêmes leurs formations.",
        ),
        0 if f.decider => Alerte::succes("Aucune formation n’attend votre contrôle."),
        0 => Alerte::succes("Aucune formation n’attend le contrôle de son service académique."),
        1 if f.decider => Alerte::info("1 formation attend votre contrôle."),
        1 => Alerte::info("1 formation attend le contrôle de son service académique."),
        n => Alerte::info(format_args!("{} formations attendent {qui}.", nombre(n))),
    }
}

/// R-CTL-11: to all the unchanged courses of the list, when there are several.
fn inchangees(annee: i64, criteres: &CriteresControle, n: i64) -> Option<(String, String)> {
    let vers = format!("/academie/{annee}/controles/inchangees");
    let vers = avec(&vers, &suite(&CriteresControle { page: 1, ..criteres.clone() }));
    (n > 1).then(|| (format!("Accepter les {} formations inchangées de cette liste", nombre(n)), vers))
}

fn page(
    requete: &Requete,
    annee: i64,
    criteres: &CriteresControle,
    f: FileControle,
    filtres: Formulaire,
    form: Formulaire,
) -> PageControles {
    let url = liste(annee, "");
    let etat = if criteres.depassees { DEPASSEES } else { criteres.etat.code() };
    let adresse = |page: u32| liste(annee, &suite(&CriteresControle { page, ..criteres.clone() }));
    let montre = f.total > 0 || !suite(criteres).is_empty();
    let tableau = montre.then(|| tableau(&form, annee, criteres, &f));
    let nom = if criteres.depassees { DELAI_DEPASSE } else { criteres.etat.libelle() };
    let mut etats: Vec<Choix> =
        EtatControle::ALL.into_iter().map(|e| Choix::new(e.code(), e.libelle())).collect();
    etats.push(Choix::new(DEPASSEES, DELAI_DEPASSE));
    PageControles {
        page: requete
            .page("Contrôle des formations")
            .session(&f.session.libelle)
            .ariane(vec![if f.decider {
                Lien::new("Service académique", format_args!("/academie/{annee}"))
            } else {
                Lien::new("Équipe nationale", format_args!("/national/{annee}"))
            }])
            .en_erreur(!form.est_valide()),
        envoi: liste(annee, &suite(criteres)),
        decider: f.decider,
        faits: Vec::new(),
        de_cote: None,
        alerte: attente(&f),
        depassees: depassees(&url, f.depassees).filter(|_| f.decider && !criteres.depassees),
        inchangees: inchangees(annee, criteres, f.inchangees),
        etats,
        familles: Famille::ALL.into_iter().map(|f| Choix::new(f.code(), f.libelle())).collect(),
        prises: (f.decider && criteres.etat == EtatControle::Soumise)
            .then(|| PriseFile::ALL.into_iter().map(|p| Choix::new(p.code(), p.libelle())).collect()),
        suivante: None,
        departements: f.departements.iter().map(|(c, n)| Choix::new(c, format_args!("{n} ({c})"))).collect(),
        titre: montre.then(|| format!("{nom} : {}", accord(f.total, "formation", "formations"))),
        en_nombre: f.decider && criteres.etat == EtatControle::Soumise && f.lignes.iter().any(is_cochable),
        laissees: laissees(&f).filter(|_| f.decider && criteres.etat == EtatControle::Soumise),
        tableau,
        pagination: Pagination::new(f.page, f.pages, adresse),
        filtres: if filtres.valeur("etat").is_empty() { filtres.avec("etat", etat) } else { filtres },
        form,
        url,
    }
}
