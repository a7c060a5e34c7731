//! `/gestion/{annee}/groupes/{id}` and `/gestion/{annee}/internats/{id}`: the records of a ranking group, or of those who ask for a
//! boarding school, and their order.

mod importer;
mod transmettre;

use app::classements::{
    GroupeVue, Nature, Noms, Objet, PAR_PAGE, SaisieOrdre, export_classement, groupe_vue, save_ordre,
    start_from_averages,
};
use app::{AppError, messages};
use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use domain::classements::Sens;
use domain::droits::Action;
use domain::references::Theme;
use serde::Deserialize;

use super::formation::lit_chemin;
use crate::components::{
    Aide, Alerte, Badge, Bouton, Cellule, Colonne, Definitions, Echeance, Formulaire, LienBouton, Markup,
    Pagination, Tableau, Ton, par_groupes,
};
use crate::layout::{Lien, Page, rend};
use crate::socle::{Acces, CSV, Recu, Requete, Resultat, Table, fichier, redirige, refuse};

/// What is ranked at an address.
pub trait Quoi: Send + 'static {
    const NATURE: Nature;

    fn objet(id: &str) -> Objet<'_> {
        Objet { nature: Self::NATURE, id }
    }

    fn adresse(annee: i64, id: &str) -> String {
        adresse(Self::NATURE, annee, id)
    }
}

/// A ranking group of courses.
pub struct Groupe;

/// A boarding school.
pub struct Internat;

impl Quoi for Groupe {
    const NATURE: Nature = Nature::Groupe;
}

impl Quoi for Internat {
    const NATURE: Nature = Nature::Internat;
}

pub fn routes() -> Table {
    let lire = Acces::Action(Action::ConsulterDossiers);
    let saisir = Acces::Action(Action::SaisirClassement);
    let transmettre = Acces::Action(Action::TransmettreClassement);
    let classer = Acces::Action(Action::ClasserInternat);
    let envoyer = Acces::Action(Action::TransmettreInternat);
    Table::new()
        .get("/gestion/{annee}/groupes/{id}", lire, get_groupe::<Groupe>)
        .post("/gestion/{annee}/groupes/{id}/ordre", saisir, post_ordre::<Groupe>)
        .post("/gestion/{annee}/groupes/{id}/moyennes", saisir, post_moyennes)
        .get("/gestion/{annee}/groupes/{id}/export", lire, get_export::<Groupe>)
        .get("/gestion/{annee}/groupes/{id}/import", saisir, importer::get_import::<Groupe>)
        .post("/gestion/{annee}/groupes/{id}/import", saisir, importer::post_import::<Groupe>)
        .post("/gestion/{annee}/groupes/{id}/import/appliquer", saisir, importer::post_appliquer::<Groupe>)
        .get("/gestion/{annee}/groupes/{id}/transmettre", transmettre, transmettre::get_transmettre::<Groupe>)
        .post(
            "/gestion/{annee}/groupes/{id}/transmettre",
            transmettre,
            transmettre::post_transmettre::<Groupe>,
        )
        .get("/gestion/{annee}/groupes/{id}/recepisses/{numero}", lire, transmettre::get_recepisse::<Groupe>)
        .get("/gestion/{annee}/internats/{id}", lire, get_groupe::<Internat>)
        .post("/gestion/{annee}/internats/{id}/ordre", classer, post_ordre::<Internat>)
        .get("/gestion/{annee}/internats/{id}/export", lire, get_export::<Internat>)
        .get("/gestion/{annee}/internats/{id}/import", classer, importer::get_import::<Internat>)
        .post("/gestion/{annee}/internats/{id}/import", classer, importer::post_import::<Internat>)
        .post(
            "/gestion/{annee}/internats/{id}/import/appliquer",
            classer,
            importer::post_appliquer::<Internat>,
        )
        .get("/gestion/{annee}/internats/{id}/transmettre", envoyer, transmettre::get_transmettre::<Internat>)
        .post(
            "/gestion/{annee}/internats/{id}/transmettre",
            envoyer,
            transmettre::post_transmettre::<Internat>,
        )
        .get(
            "/gestion/{annee}/internats/{id}/recepisses/{numero}",
            lire,
            transmettre::get_recepisse::<Internat>,
        )
}

pub(super) fn adresse(nature: Nature, annee: i64, id: &str) -> String {
    match nature {
        Nature::Groupe => format!("/gestion/{annee}/groupes/{id}"),
        Nature::Internat => format!("/gestion/{annee}/internats/{id}"),
    }
}

/// The way to the pages of a ranking.
fn ariane(nature: Nature, annee: i64) -> Vec<Lien> {
    match nature {
        Nature::Groupe => vec![super::lien_accueil(annee), super::lien_formations(annee)],
        Nature::Internat => vec![super::lien_accueil(annee)],
    }
}

#[derive(Template)]
#[template(path = "gestion/classements/groupe.html")]
struct PageGroupe {
    page: Page,
    url: String,
    formation: String,
    aide: Aide,
    /// Heading of the list.
    liste: &'static str,
    numero_page: usize,
    badge: Badge,
    alertes: Vec<Alerte>,
    echeance: Option<Echeance>,
    compte: String,
    form: Formulaire,
    /// The form that starts from the averages, where a commission ranks.
    depart: Option<Formulaire>,
    tableau: Option<Tableau>,
    pagination: Pagination,
    peut_saisir: bool,
    peut_transmettre: bool,
    remplace: bool,
    ex_aequo: Option<Alerte>,
    /// What proves the list sent, folded.
    empreinte: Option<Definitions>,
}

#[derive(Deserialize)]
pub struct Parametres {
    #[serde(default)]
    page: String,
}

impl Parametres {
    /// Page from 1; anything that is not a number is the first.
    fn page(&self) -> usize {
        self.page.parse().unwrap_or(1)
    }
}

pub async fn get_groupe<Q: Quoi>(
    requete: Requete,
    Path(chemin): Path<(String, String)>,
    Query(p): Query<Parametres>,
) -> Resultat {
    let (annee, id) = lit_chemin(chemin)?;
    let g = groupe_vue(&requete.ctx, annee, Q::objet(id.as_str()), p.page()).await?;
    let form = remplit(requete.formulaire(), &g);
    let aide = aide(&requete, annee).await?;
    Ok(rend(StatusCode::OK, &vue(&requete, aide, &g, form)))
}

pub async fn post_ordre<Q: Quoi>(
    Path(chemin): Path<(String, String)>,
    Query(p): Query<Parametres>,
    mut recu: Recu,
) -> Resultat {
    let (annee, id) = lit_chemin(chemin)?;
    let requete = recu.requete.clone();
    let cmd = lit_ordre(&mut recu.form);
    if recu.form.est_valide() {
        match save_ordre(&requete.ctx, &recu.garde(), annee, Q::objet(id.as_str()), &cmd).await {
            Ok(_) => {
                let url = Q::adresse(annee, id.as_str());
                let (page, ancre) = lieu(&recu.form, &cmd, p.page());
                let fait = if is_decale(&cmd) { "classement-decale" } else { "classement-enregistre" };
                return Ok(redirige(&format!("{url}?page={page}&fait={fait}{ancre}")));
            }
            Err(e) => refuse(&mut recu.form, e)?,
        }
    }
    let g = groupe_vue(&requete.ctx, annee, Q::objet(id.as_str()), p.page()).await?;
    let aide = aide(&requete, annee).await?;
    Ok(rend(StatusCode::UNPROCESSABLE_ENTITY, &vue(&requete, aide, &g, recu.form)))
}

pub async fn post_moyennes(Path(chemin): Path<(String, String)>, recu: Recu) -> Resultat {
    let (annee, id) = lit_chemin(chemin)?;
    start_from_averages(&recu.requete.ctx, &recu.garde(), annee, id.as_str()).await?;
    Ok(redirige(&format!("{}?fait=classement-enregistre", Groupe::adresse(annee, id.as_str()))))
}

#[derive(Deserialize)]
pub struct ParametresExport {
    #[serde(default)]
    noms: String,
}

/// Without names unless they are asked for (DON-3).
pub async fn get_export<Q: Quoi>(
    requete: Requete,
    Path(chemin): Path<(String, String)>,
    Query(p): Query<ParametresExport>,
) -> Resultat {
    let (annee, id) = lit_chemin(chemin)?;
    let noms = if p.noms == "oui" { Noms::Avec } else { Noms::Sans };
    let e = export_classement(&requete.ctx, annee, Q::objet(id.as_str()), noms).await?;
    Ok(fichier(&e.nom_fichier, CSV, e.octets))
}

fn champ(numero: i64) -> String {
    format!("rang-{numero}")
}

/// The button that moves a candidate, on the page.
fn bouton(sens: Sens, numero: i64) -> String {
    let sens = match sens {
        Sens::Monter => "monter",
        Sens::Descendre => "descendre",
    };
    format!("{sens}-{numero}")
}

/// The page to show once the order is saved, and the place in it: a candidate that was moved may be on the next page, or on the one
/// before, and is moved again from there.
fn lieu(form: &Formulaire, cmd: &SaisieOrdre, page: usize) -> (usize, String) {
    let Some((numero, sens)) = cmd.deplacement else { return (page, String::new()) };
    let avant = form.valeur(&champ(numero)).trim().parse::<usize>();
    let apres = avant.map(|rang| match sens {
        Sens::Monter => rang.saturating_sub(1).max(1),
        Sens::Descendre => rang.saturating_add(1),
    });
    let page = apres.map_or(page, |rang| rang.div_ceil(PAR_PAGE));
    (page, format!("#{}", bouton(sens, numero)))
}

/// A rank typed for a candidate was that of another one of the page, who makes room with those who follow.
fn is_decale(cmd: &SaisieOrdre) -> bool {
    let mut rangs: Vec<u32> = cmd.rangs.iter().filter_map(|(_, rang)| *rang).collect();
    let typees = rangs.len();
    rangs.sort_unstable();
    rangs.dedup();
    cmd.deplacement.is_none() && rangs.len() < typees
}

/// The ranks of the page as they are stored.
fn remplit(form: Formulaire, g: &GroupeVue) -> Formulaire {
    let form = form.avec_version(g.version);
    g.lignes.iter().fold(form, |form, l| match l.rang {
        Some(rang) => form.avec(&champ(l.numero), rang),
        None => form,
    })
}

/// The ranks typed and the button pressed; a rank that is no number is a fault of its field.
fn lit_ordre(form: &mut Formulaire) -> SaisieOrdre {
    let mut cmd = SaisieOrdre::default();
    let noms: Vec<String> = form.noms().filter(|n| n.starts_with("rang-")).map(str::to_owned).collect();
    for nom in noms {
        let Some(numero) = nom.strip_prefix("rang-").and_then(|n| n.parse().ok()) else { continue };
        match form.lit_texte_facultatif(&nom).map(|t| t.parse::<u32>()) {
            None => cmd.rangs.push((numero, None)),
            Some(Ok(rang)) if rang > 0 => cmd.rangs.push((numero, Some(rang))),
            Some(_) => form.refuse(
                &nom,
                format_args!(
                    "Dossier nº {numero} : saisissez un rang entier à partir de 1, ou videz le champ pour ne pas \
                     classer ce candidat."
                ),
            ),
        }
    }
    cmd.deplacement = form.valeur("deplacer").split_once(':').and_then(|(sens, numero)| {
        let sens = match sens {
            "monter" => Sens::Monter,
            "descendre" => Sens::Descendre,
            _ => return None,
        };
        Some((numero.parse().ok()?, sens))
    });
    cmd
}

/// What is said of the examination of the wishes, and of the admission that follows: the same page serves both.
async fn aide(requete: &Requete, annee: i64) -> Result<Aide, AppError> {
    Aide::sans_guide().sur(requete, annee, &[Theme::Examen, Theme::Admission]).await
}

fn vue(requete: &Requete, aide: Aide, g: &GroupeVue, form: Formulaire) -> PageGroupe {
    let url = adresse(g.nature, g.annee, &g.public_id);
    let mut alertes = Vec::new();
    if g.sans_classement {
        alertes.push(Alerte::info(messages::regle(&domain::RuleViolation::GroupeSansClassement)));
    }
    if g.nature == Nature::Internat {
        alertes.push(internat(g));
    } else if !g.formations_communes.is_empty() {
        alertes.push(
            Alerte::info(format_args!(
                "Vous classez aussi pour les autres formations du regroupement : {}. Chacune garde ses places.",
                g.formations_communes.join(" ; ")
            ))
            .titre("Classement commun"),
        );
    }
    match g.transmis_le {
        Some(le) => alertes.push(
            Alerte::succes(format_args!("Transmis le {}. Il ne se modifie plus.", messages::date_heure(le)))
                .titre("Classement transmis"),
        ),
        None => alertes.extend(g.refus.as_ref().map(|r| Alerte::info(messages::regle(r)))),
    }
    let mut chemin = ariane(g.nature, g.annee);
    chemin.push(match g.nature {
        Nature::Groupe => {
            Lien::new(&g.formation, format_args!("/gestion/{}/formations/{}", g.annee, g.parent))
        }
        Nature::Internat => Lien::new("Internats", super::internats::adresse(g.annee, &g.parent)),
    });
    PageGroupe {
        page: requete
            .page(format_args!("Classement – {}", g.libelle))
            .session(format_args!("Session {}", g.annee))
            .ariane(chemin)
            .en_erreur(!form.est_valide()),
        formation: g.formation.clone(),
        aide,
        liste: match g.nature {
            Nature::Groupe => "Candidatures",
            Nature::Internat => "Demandes d’internat",
        },
        numero_page: g.page,
        badge: match (g.transmis_le, g.brouillon) {
            (Some(_), _) => Badge::new(Ton::Succes, "Transmis"),
            (None, true) => Badge::new(Ton::Attention, "Brouillon"),
            (None, false) => Badge::new(Ton::Neutre, "À commencer"),
        },
        alertes,
        echeance: (g.peut_saisir)
            .then(|| g.ferme.map(|f| Echeance::new(requete.ctx.campagne_le, f)))
            .flatten(),
        compte: compte(g),
        tableau: (!g.lignes.is_empty()).then(|| tableau(g, &form)),
        pagination: Pagination::new(entier(g.page), entier(g.pages), |n| format!("{url}?page={n}")),
        peut_saisir: g.peut_saisir && !g.sans_classement,
        peut_transmettre: g.peut_transmettre && !g.sans_classement,
        remplace: g.classes > 0,
        ex_aequo: (g.ex_aequo > 0 && g.peut_saisir).then(|| {
            Alerte::info(format_args!(
                "{} candidats ont la même moyenne qu’un autre. L’ordre de départ les range par numéro de dossier : \
                 c’est à vous de les départager.",
                g.ex_aequo
            ))
        }),
        empreinte: g
            .empreinte
            .as_ref()
            .map(|e| Definitions::new().ligne("Empreinte SHA-256", par_groupes(e))),
        depart: (g.nature == Nature::Groupe).then(|| requete.formulaire().avec_version(g.version)),
        url,
        form,
    }
}

/// What a boarding school serves, and what is asked of whoever ranks for it.
fn internat(g: &GroupeVue) -> Alerte {
    let servies = match g.formations_communes.as_slice() {
        [] => "Cet internat ne sert aucune formation.".to_owned(),
        [une] => format!("Cet internat sert la formation « {une} »."),
        plusieurs => format!("Cet internat sert {} formations : {}.", plusieurs.len(), plusieurs.join(" ; ")),
    };
    let ailleurs = match g.ailleurs {
        0 => String::new(),
        1 => " 1 candidat l’est déjà.".to_owned(),
        n => format!(" {n} candidats le sont déjà."),
    };
    let autres = match (g.ailleurs, g.attendus) {
        (0, 0) => "Tous ceux qui le demandent sont à classer.".to_owned(),
        (_, attendus) => format!(
            "D’autres internats servent les mêmes formations : chaque candidat est classé dans un seul d’entre eux.{ailleurs}{}",
            if attendus == 0 { " Celui-ci classe tous ceux qui restent." } else { "" }
        ),
    };
    Alerte::info(format_args!(
        "{servies} {autres} L’ordre tient compte des ressources du foyer et de l’éloignement du domicile, que la plateforme ne \
         connaît pas : c’est l’établissement qui l’établit et qui en répond."
    ))
    .titre("Qui est classé ici")
}

fn entier(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

fn compte(g: &GroupeVue) -> String {
    let reste = g.candidats.saturating_sub(g.classes);
    let s = |n: usize| if n > 1 { "s" } else { "" };
    if g.nature == Nature::Internat {
        let demandes = format!("{} demande{} d’internat", g.candidats, s(g.candidats));
        return match (g.candidats, g.classes, reste) {
            (0, _, _) => "Aucune demande d’internat à classer ici.".to_owned(),
            (_, 0, _) => format!("{demandes}, aucune classée."),
            (_, _, 0) => format!("{demandes}, toutes classées."),
            (_, n, reste) => format!("{demandes} : {n} classée{}, {reste} à classer.", s(n)),
        };
    }
    let candidatures = format!("{} candidature{} confirmée{}", g.candidats, s(g.candidats), s(g.candidats));
    let sort = match (g.selective, reste) {
        (true, 1) => "1 candidat sans rang, qui ne sera pas retenu".to_owned(),
        (true, n) => format!("{n} candidats sans rang, qui ne seront pas retenus"),
        (false, n) => format!("{n} à classer"),
    };
    match (g.candidats, g.classes, reste) {
        (0, _, _) => "Aucune candidature confirmée dans ce groupe.".to_owned(),
        (_, 0, _) => format!("{candidatures}, aucune classée."),
        (_, _, 0) => format!("{candidatures}, toutes classées."),
        (_, n, _) => format!("{candidatures} : {n} classée{}, {sort}.", s(n)),
    }
}

fn tableau(g: &GroupeVue, form: &Formulaire) -> Tableau {
    let saisie = g.peut_saisir && !g.sans_classement;
    let mut colonnes = vec![Colonne::new("Candidat"), Colonne::new("Rang")];
    if saisie {
        colonnes.push(Colonne::actions("Déplacer"));
    }
    let legende = match g.nature {
        Nature::Groupe => {
            colonnes.extend([
                Colonne::nombre("Moyenne"),
                Colonne::new("Baccalauréat"),
                Colonne::new("Établissement d’origine"),
                Colonne::new("Internat"),
            ]);
            "Candidatures du groupe"
        }
        Nature::Internat => {
            colonnes.extend([Colonne::new("Établissement d’origine"), Colonne::new("Formations demandées")]);
            "Demandes d’internat"
        }
    };
    Tableau::new(legende, colonnes).legende_cachee().lignes(g.lignes.iter().map(|l| {
        let qui = format!("{} {} (dossier nº {})", l.nom, l.prenom, l.numero);
        let mut ligne = vec![Cellule::texte(&qui)];
        if saisie {
            let rang =
                form.nombre(&champ(l.numero), format_args!("Rang de {qui}")).facultatif().sans_libelle();
            ligne.push(Cellule::markup(Markup::new(rang)));
            let deplacer = |libelle: &str, sens: Sens, icone: &str| {
                let id = bouton(sens, l.numero);
                Bouton::new(libelle)
                    .petit()
                    .tertiaire()
                    .icone(icone)
                    .valeur("deplacer", id.replace('-', ":"))
                    .id(id)
                    .precision(&qui)
            };
            let boutons = l.rang.map(|_| {
                [
                    deplacer("Monter", Sens::Monter, "arrow-up-line"),
                    deplacer("Descendre", Sens::Descendre, "arrow-down-line"),
                ]
            });
            ligne.push(Cellule::markup(Markup::de(boutons.into_iter().flatten())));
        } else {
            ligne.push(Cellule::texte(l.rang.map_or_else(|| "non classé".to_owned(), |r| r.to_string())));
        }
        if g.nature == Nature::Internat {
            ligne.extend([Cellule::texte(&l.etablissement_origine), Cellule::texte(&l.formations)]);
            return ligne;
        }
        ligne.extend([
            Cellule::texte(l.moyenne.map_or_else(|| "—".to_owned(), moyenne)),
            Cellule::texte(bac(l.type_bac, &l.serie)),
            Cellule::texte(&l.etablissement_origine),
            Cellule::texte(l.internat),
        ]);
        ligne
    }))
}

/// « Baccalauréat professionnel (Cuisine) », « Baccalauréat technologique, STMG »: some series begin by saying the kind again.
fn bac(type_bac: &str, serie: &str) -> String {
    let genres = ["Générale", "Technologique", "Professionnelle"];
    let precision = genres.iter().find_map(|genre| serie.strip_prefix(*genre)).map(str::trim);
    match precision.filter(|p| p.is_empty() || p.starts_with('(')) {
        _ if type_bac.is_empty() => serie.to_owned(),
        Some("") => type_bac.to_owned(),
        Some(p) => format!("{type_bac} {p}"),
        None if serie.is_empty() => type_bac.to_owned(),
        None => format!("{type_bac}, {serie}"),
    }
}

/// « 14,50 ».
fn moyenne(centiemes: i64) -> String {
    format!("{},{:02}", centiemes / 100, centiemes.rem_euclid(100))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_series_that_says_the_kind_again_is_said_once() {
        for (genre, serie, dit) in [
            ("Baccalauréat général", "Générale (Maths, SVT)", "Baccalauréat général (Maths, SVT)"),
            ("Baccalauréat général", "Générale", "Baccalauréat général"),
            ("Baccalauréat technologique", "STMG", "Baccalauréat technologique, STMG"),
            ("Baccalauréat général", "", "Baccalauréat général"),
            ("", "STMG", "STMG"),
        ] {
            assert_eq!(bac(genre, serie), dit);
        }
    }

    #[test]
    fn a_rank_typed_twice_in_the_page_is_seen() {
        let saisie = |rangs: &[(i64, Option<u32>)]| SaisieOrdre { rangs: rangs.to_vec(), deplacement: None };
        assert!(is_decale(&saisie(&[(1, Some(1)), (2, Some(1)), (3, None)])));
        assert!(!is_decale(&saisie(&[(1, Some(2)), (2, Some(1)), (3, None), (4, None)])));
    }
}
