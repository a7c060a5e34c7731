//! `/gestion/{annee}/demandes`: what an establishment asks about the life of its courses, and the forms that ask it.

use std::collections::BTreeSet;

use app::formations::{
    Demander, Filiere, Filieres, Guichet, OuvertureDemandee, ask_formation, ask_ouverture, search_filieres,
    view_demander, view_ouvrir,
};
use app::{AppError, messages, motif_refuse};
use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use domain::candidats::TypeBac;
use domain::droits::Action;
use domain::formations::demandes::{NatureDemande, NouvelleOffre, Souhait};
use domain::formations::{
    CAPACITE_MAX, Famille, GROUPES_MAX, GroupeVoulu, IdentiteFormation, StatutFormation,
};
use domain::territoires;
use domain::{PublicId, RuleViolation};

use super::formation::{adresse, lit_chemin};
use super::{lien_accueil, lien_formations};
use crate::components::demandes::{adresse as guichet, effet, fiche, liste, repond};
use crate::components::{
    Alerte, Bouton, Champ, Choix, Definitions, Formulaire, GroupeChoix, LienBouton, Markup, accord, nombre,
};
use crate::layout::{Lien, Page, rend};
use crate::socle::brouillons::with_brouillon;
use crate::socle::{Acces, Recu, Requete, Resultat, Table, redirige, refuse};

const ICI: Guichet = Guichet::Etablissement;

pub fn routes() -> Table {
    let demander = Acces::Action(Action::DemanderFormation);
    Table::new()
        .get("/gestion/{annee}/demandes", demander, get_demandes)
        .get("/gestion/{annee}/demandes/ouvrir", demander, get_ouvrir)
        .post("/gestion/{annee}/demandes/ouvrir", demander, post_ouvrir)
        .get("/gestion/{annee}/demandes/{id}", demander, get_demande)
        .post("/gestion/{annee}/demandes/{id}", demander, post_demande)
        .get("/gestion/{annee}/cessions", demander, get_cessions)
        .get("/gestion/{annee}/cessions/{id}", demander, get_cession)
        .post("/gestion/{annee}/cessions/{id}", demander, post_cession)
        .get("/gestion/{annee}/formations/{id}/demander", demander, get_demander)
        .post("/gestion/{annee}/formations/{id}/demander", demander, post_demander)
}

pub async fn get_demandes(
    requete: Requete,
    Path(annee): Path<String>,
    Query(paires): Query<Vec<(String, String)>>,
) -> Resultat {
    liste(&requete, ICI, &annee, &Formulaire::recu("", paires)).await
}

pub async fn get_demande(requete: Requete, Path(chemin): Path<(String, String)>) -> Resultat {
    fiche(&requete, ICI, &chemin).await
}

pub async fn post_demande(Path(chemin): Path<(String, String)>, recu: Recu) -> Resultat {
    repond(recu, ICI, &chemin).await
}

/// What other establishments propose to hand over.
pub async fn get_cessions(
    requete: Requete,
    Path(annee): Path<String>,
    Query(paires): Query<Vec<(String, String)>>,
) -> Resultat {
    liste(&requete, Guichet::Receveur, &annee, &Formulaire::recu("", paires)).await
}

pub async fn get_cession(requete: Requete, Path(chemin): Path<(String, String)>) -> Resultat {
    fiche(&requete, Guichet::Receveur, &chemin).await
}

pub async fn post_cession(Path(chemin): Path<(String, String)>, recu: Recu) -> Resultat {
    repond(recu, Guichet::Receveur, &chemin).await
}

#[derive(Template)]
#[template(path = "gestion/demande_ouverture.html")]
struct PageOuvrir {
    page: Page,
    url: String,
    retour: String,
    form: Formulaire,
    /// Why nothing can be asked now.
    obstacle: Option<Alerte>,
    effet: &'static str,
    /// What is chosen of the national list, where the session has it.
    nomenclature: Option<FormFiliere>,
    /// Its family, its title and its status are typed.
    libre: bool,
    /// Why it is not in the national list.
    hors: bool,
    familles: Vec<Choix>,
    statuts: Vec<Choix>,
    selectivites: Vec<Choix>,
    sites: Vec<Choix>,
}

/// Value of the choice of no national type.
const HORS: &str = "aucune";

/// The part of the form where a national type is looked for and chosen.
struct FormFiliere {
    cherche: Champ,
    /// What the words found.
    trouve: Option<String>,
    choix: Option<GroupeChoix>,
    /// What the chosen one says of the course.
    choisie: Option<Definitions>,
}

fn is_hors(form: &Formulaire) -> bool {
    form.valeur("filiere") == HORS
}

/// What the words of the form find, and what it chose.
async fn filieres(requete: &Requete, annee: i64, form: &Formulaire) -> Result<Option<Filieres>, AppError> {
    let code = form.valeur("filiere").parse().ok();
    search_filieres(&requete.ctx, annee, form.valeur("cherche"), code).await
}

fn offerte(f: &Filiere) -> Choix {
    let quoi = format!("{}, {}. Code {}.", f.famille.libelle(), f.statut.libelle().to_lowercase(), f.code);
    Choix::new(f.code, &f.titre).indice(quoi)
}

fn form_filiere(form: &Formulaire, f: &Filieres) -> FormFiliere {
    let cherche = form
        .texte("cherche", "Mots de l’intitulé national")
        .selon("pour chercher")
        .indice("« métiers de l’eau », « licence droit ». Les accents ne comptent pas.")
        .longueur_max(200);
    let total = i64::try_from(f.total).unwrap_or(i64::MAX);
    let trouve = match (form.valeur("cherche").trim().is_empty(), f.total) {
        (true, _) => None,
        (false, 0) => Some(
            "Aucune filière de la nomenclature n’a tous ces mots. Essayez-en d’autres, ou moins.".to_owned(),
        ),
        (false, n) if n > f.trouvees.len() => Some(format!(
            "Voici les {} premières des {} filières qui ont ces mots : ajoutez un mot pour préciser.",
            f.trouvees.len(),
            nombre(total)
        )),
        (false, _) => Some(format!("{}.", accord(total, "filière trouvée", "filières trouvées"))),
    };
    let absente = f.choisie.iter().map(|(c, _)| c).filter(|c| f.trouvees.iter().all(|t| t.code != c.code));
    let mut choix: Vec<Choix> = absente.chain(&f.trouvees).map(offerte).collect();
    if is_hors(form) {
        choix.push(Choix::new(HORS, "Ma formation n’est pas dans la nomenclature"));
    }
    let choisie = f.choisie.as_ref().map(|(c, attendus)| {
        let d = Definitions::new()
            .ligne("Intitulé national", &c.titre)
            .ligne("Type de formation", c.famille.libelle())
            .ligne("Statut", c.statut.libelle())
            .ligne("Code", format_args!("{} ({})", c.code, c.sigle));
        if attendus.is_empty() { d } else { d.ligne("Attendus nationaux", attendus.replace('\n', " ")) }
    });
    FormFiliere {
        cherche,
        trouve,
        choix: (!choix.is_empty()).then(|| form.radios("filiere", "Filière nationale", &choix)),
        choisie,
    }
}

fn choix(paires: &[(String, String)]) -> Vec<Choix> {
    paires.iter().map(|(id, nom)| Choix::new(id, nom)).collect()
}

fn statuts() -> Vec<Choix> {
    vec![
        Choix::new(StatutFormation::Etudiant.code(), "Étudiant"),
        Choix::new(StatutFormation::Apprentissage.code(), "Apprentissage"),
    ]
}

fn selectivites() -> Vec<Choix> {
    vec![
        Choix::new("oui", "Sélective : elle peut refuser une candidature"),
        Choix::new("non", "Non sélective : elle répond « oui », « oui-si » ou « en attente »"),
    ]
}

fn lit_statut(form: &mut Formulaire) -> Option<StatutFormation> {
    let message = "Choisissez le statut sous lequel la formation est suivie.";
    form.lit_choix("statut", message, StatutFormation::from_code)
}

fn lit_selective(form: &mut Formulaire) -> Option<bool> {
    form.lit_choix("selective", "Dites si la formation est sélective.", |v| match v {
        "oui" => Some(true),
        "non" => Some(false),
        _ => None,
    })
}

fn page_ouvrir(
    requete: &Requete,
    o: &OuvertureDemandee,
    f: Option<&Filieres>,
    form: Formulaire,
) -> PageOuvrir {
    let annee = o.session.annee;
    let retour = guichet(ICI, annee);
    let obstacle = match &o.possible {
        Err(r) => Some(Alerte::info(messages::regle(r))),
        Ok(()) if o.sites.is_empty() => Some(Alerte::attention(
            "Déclarez d’abord un site de formation, dans le paramétrage de l’établissement : la formation s’y tiendra.",
        )),
        Ok(()) => None,
    };
    PageOuvrir {
        page: requete
            .page("Demander l’ouverture d’une formation")
            .session(&o.session.libelle)
            .ariane(vec![lien_accueil(annee), Lien::new("Demandes", &retour)])
            .en_erreur(!form.est_valide()),
        url: format!("{retour}/ouvrir"),
        retour,
        obstacle,
        effet: effet(NatureDemande::Ouverture),
        nomenclature: f.map(|f| form_filiere(&form, f)),
        libre: f.is_none() || is_hors(&form),
        hors: f.is_some() && is_hors(&form),
        familles: Famille::ALL.into_iter().map(|f| Choix::new(f.code(), f.libelle())).collect(),
        statuts: statuts(),
        selectivites: selectivites(),
        sites: choix(&o.sites),
        form,
    }
}

pub async fn get_ouvrir(requete: Requete, Path(annee): Path<String>) -> Resultat {
    let annee = annee.parse().map_err(|_| AppError::NotFound)?;
    let o = view_ouvrir(&requete.ctx, annee).await?;
    let ici = format!("{}/ouvrir", guichet(ICI, annee));
    let ouverte = o.possible.is_ok() && !o.sites.is_empty();
    let form = with_brouillon(&requete, requete.formulaire(), &ici, ouverte).await?;
    let f = filieres(&requete, annee, &form).await?;
    Ok(rend(StatusCode::OK, &page_ouvrir(&requete, &o, f.as_ref(), form)))
}

/// The national type that is chosen, which says the rest.
fn lit_filiere(form: &mut Formulaire, f: &Filieres) -> Option<NouvelleOffre> {
    if let Some((c, _)) = &f.choisie {
        return Some(NouvelleOffre { filiere: Some(c.code), ..NouvelleOffre::default() });
    }
    // Told where the page has something to choose.
    let ou = if f.trouvees.is_empty() { "cherche" } else { "filiere" };
    form.refuse(
        ou,
        "Cherchez la filière par les mots de son intitulé, puis choisissez-la. Si la formation n’y est pas, dites-le.",
    );
    None
}

/// What is typed of a course without a national type; `hors`: and why it has none.
fn lit_libre(form: &mut Formulaire, hors: bool) -> Option<NouvelleOffre> {
    let raison = if hors {
        form.lit_texte("hors_nomenclature", "Dites pourquoi la formation n’est pas dans la nomenclature.")
    } else {
        Some(String::new())
    };
    let famille = form.lit_choix("famille", "Choisissez un type de formation.", Famille::from_code);
    let libelle = form.lit_texte("libelle", "Donnez l’intitulé de la formation.");
    let statut = lit_statut(form);
    Some(NouvelleOffre {
        famille: famille?.code().to_owned(),
        libelle: libelle?,
        statut: statut?.code().to_owned(),
        hors_nomenclature: raison.map(|r| hors.then_some(r))?,
        ..NouvelleOffre::default()
    })
}

/// What the form says; `None`: its faults are written in it.
fn lit_offre(form: &mut Formulaire, f: Option<&Filieres>) -> Option<NouvelleOffre> {
    let dite = match f {
        Some(f) if !is_hors(form) => lit_filiere(form, f),
        _ => lit_libre(form, f.is_some()),
    };
    let selective = lit_selective(form);
    let site = form.lit_texte("site", "Choisissez le site où elle se tiendra.");
    let detail = form.lit_texte_facultatif("detail").unwrap_or_default();
    Some(NouvelleOffre { detail, selective: selective?, site: site?, ..dite? })
}

/// A reason that says nothing is told with the other faults of its form.
pub(super) fn refuse_motif(requete: &Requete, form: &mut Formulaire) {
    let faute = motif_refuse(&requete.ctx, form.valeur("motif"));
    if let Some(faute) = faute.filter(|_| form.erreur("motif").is_none()) {
        form.refuse("motif", faute);
    }
}

pub async fn post_ouvrir(Path(annee): Path<String>, mut recu: Recu) -> Resultat {
    let annee = annee.parse().map_err(|_| AppError::NotFound)?;
    let requete = recu.requete.clone();
    if recu.form.valeur("acte") == "hors" {
        recu.form.pose("filiere", HORS);
    }
    let f = filieres(&requete, annee, &recu.form).await?;
    if let Some(f) = f.as_ref().filter(|_| !recu.form.valeur("acte").is_empty()) {
        return choisit(&requete, annee, f, recu.form).await;
    }
    if let Some(offre) = lit_offre(&mut recu.form, f.as_ref()) {
        let motif = recu.form.valeur("motif").to_owned();
        match ask_ouverture(&requete.ctx, &recu.garde(), annee, &offre, &motif).await {
            Ok(r) => return Ok(deposee(annee, &r.numero)),
            // The title is that of the chosen type: no field of the page has it.
            Err(AppError::Rule(r)) if offre.filiere.is_some() && r.champ() == "libelle" => {
                recu.form.refuse("filiere", messages::regle(&r));
            }
            Err(e) => refuse(&mut recu.form, e)?,
        }
    }
    refuse_motif(&requete, &mut recu.form);
    let o = view_ouvrir(&requete.ctx, annee).await?;
    Ok(rend(StatusCode::UNPROCESSABLE_ENTITY, &page_ouvrir(&requete, &o, f.as_ref(), recu.form)))
}

/// The same page with what was found or chosen: nothing is asked yet, and nothing typed is lost.
async fn choisit(requete: &Requete, annee: i64, f: &Filieres, mut form: Formulaire) -> Resultat {
    let acte = form.valeur("acte").to_owned();
    // The Enter key of any field searches: nothing is wrong once the choice is made.
    let reste = f.choisie.is_none() && !is_hors(&form);
    match acte.as_str() {
        "chercher" if reste && form.valeur("cherche").trim().is_empty() => {
            form.refuse("cherche", "Écrivez un mot au moins de l’intitulé de la filière.");
        }
        "choisir" if reste => form.refuse("filiere", "Choisissez une des filières trouvées."),
        _ => {}
    }
    let o = view_ouvrir(&requete.ctx, annee).await?;
    let statut = if form.est_valide() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(rend(statut, &page_ouvrir(requete, &o, Some(f), form)))
}

pub(super) fn deposee(annee: i64, recepisse: &str) -> Response {
    redirige(&format!("{}?fait=demande-deposee&recepisse={recepisse}", guichet(ICI, annee)))
}

/// A kind of request: its name, what it does, the address of its form or why there is none.
struct Offerte {
    libelle: &'static str,
    effet: &'static str,
    vers: Result<String, String>,
}

#[derive(Template)]
#[template(path = "gestion/demander.html")]
struct PageDemander {
    page: Page,
    url: String,
    retour: String,
    formation: String,
    form: Formulaire,
    natures: Vec<Offerte>,
    /// The kind of the form; `None`: it is still to be chosen.
    nature: Option<NatureDemande>,
    effet: &'static str,
    obstacle: Option<Alerte>,
    formations: Vec<Choix>,
    sites: Vec<Choix>,
    champs: Vec<Choix>,
    /// Lines of the form of the groups: what each is called, its fields.
    groupes: Vec<(String, Vec<Markup>)>,
    /// « La capacité est de 24 places. »
    capacite: String,
    academies: Vec<Choix>,
    /// Fields of a correction.
    identite: Vec<Markup>,
}

/// Name of a field of a group, in the form.
fn champ_groupe(i: usize, quoi: &str) -> String {
    format!("groupes.{i}.{quoi}")
}

/// The form filled with what the course is, where that is what is asked to change.
fn remplit(mut form: Formulaire, d: &Demander, nature: NatureDemande) -> Formulaire {
    match nature {
        NatureDemande::Groupes => {
            for (i, g) in d.groupes.iter().enumerate() {
                form.pose(&champ_groupe(i, "libelle"), &g.libelle);
                form.pose(&champ_groupe(i, "places"), g.places);
                for code in &g.series {
                    form.ajoute(&champ_groupe(i, "series"), code);
                }
            }
        }
        NatureDemande::Sectorisation => {
            for code in &d.secteur {
                form.ajoute("academies", code);
            }
        }
        NatureDemande::Correction => {
            let i = &d.identite;
            form.pose("libelle", &i.libelle);
            form.pose("detail", &i.detail);
            form.pose("statut", &i.statut);
            form.pose("selective", if i.selective { "oui" } else { "non" });
        }
        _ => {}
    }
    form
}

/// A line for each group that a course may have, blank ones after those that it has.
fn lignes_groupes(form: &Formulaire) -> Vec<(String, Vec<Markup>)> {
    let series: Vec<Choix> = TypeBac::ALL.into_iter().map(|t| Choix::new(t.code(), t.libelle())).collect();
    (0..GROUPES_MAX)
        .map(|i| {
            let champs = vec![
                Markup::new(form.texte(&champ_groupe(i, "libelle"), "Intitulé du groupe").longueur_max(200)),
                Markup::new(form.nombre(&champ_groupe(i, "places"), "Places").court()),
                Markup::new(form.cases(
                    &champ_groupe(i, "series"),
                    "Candidats classés dans ce groupe",
                    &series,
                )),
            ];
            (format!("Groupe {}", i + 1), champs)
        })
        .collect()
}

/// What a correction may change; what stays as it is says why, and offers nothing else (R-VIE-14).
fn lignes_identite(form: &Formulaire, d: &Demander) -> Vec<Markup> {
    let fixe = |nom: &str| {
        let celui = |r: &&RuleViolation| matches!(r, RuleViolation::Champ { champ, .. } if *champ == nom);
        d.fixes.iter().find(celui).map(messages::regle)
    };
    let texte = |nom: &str, libelle: &str, indice: &str| {
        let champ = form.texte(nom, libelle).longueur_max(200);
        match fixe(nom) {
            Some(pourquoi) => champ.indice(pourquoi).lecture_seule(),
            None => champ.indice(indice),
        }
    };
    let radios = |nom: &str, libelle: &str, mut choix: Vec<Choix>, actuel: &str| match fixe(nom) {
        Some(pourquoi) => {
            choix.retain(|c| c.valeur == actuel);
            form.radios(nom, libelle, &choix).indice(pourquoi)
        }
        None => form.radios(nom, libelle, &choix),
    };
    let i = &d.identite;
    let selective = if i.selective { "oui" } else { "non" };
    vec![
        Markup::new(texte(
            "libelle",
            "Intitulé",
            "Comme il sera lu par les candidats : « BTS - Services - Tourisme ».",
        )),
        Markup::new(
            texte(
                "detail",
                "Précision",
                "Ce qui la distingue d’une autre du même intitulé : une option, un parcours.",
            )
            .facultatif(),
        ),
        Markup::new(radios("statut", "Statut", statuts(), &i.statut).en_ligne()),
        Markup::new(radios("selective", "Sélectivité", selectivites(), selective)),
    ]
}

/// By name: nobody knows their codes.
fn academies() -> Vec<Choix> {
    let mut toutes: Vec<_> = territoires::academies().iter().collect();
    toutes.sort_by_key(|a| a.nom);
    toutes.into_iter().map(|a| Choix::new(a.code, a.nom)).collect()
}

fn nature_demandee(form: &Formulaire) -> Option<NatureDemande> {
    NatureDemande::from_code(form.valeur("nature")).filter(|n| n.is_sur_formation())
}

fn page_demander(requete: &Requete, d: &Demander, form: Formulaire) -> PageDemander {
    let annee = d.session.annee;
    let retour = adresse(annee, &d.id);
    let url = format!("{retour}/demander");
    let nature = nature_demandee(&form);
    let possible = |n: NatureDemande| d.natures.iter().find(|(autre, _)| *autre == n).map(|(_, p)| p);
    let obstacle = nature.and_then(possible).and_then(|p| p.as_ref().err());
    PageDemander {
        page: requete
            .page(nature.map_or("Demander au service académique", NatureDemande::libelle))
            .session(&d.session.libelle)
            .ariane(vec![
                lien_accueil(annee),
                lien_formations(annee),
                Lien::new(&d.intitule.libelle, &retour),
            ])
            .en_erreur(!form.est_valide()),
        natures: d
            .natures
            .iter()
            .map(|(n, possible)| Offerte {
                libelle: n.libelle(),
                effet: effet(*n),
                vers: match possible {
                    Ok(()) => Ok(format!("{url}?nature={}", n.code())),
                    Err(r) => Err(messages::regle(r)),
                },
            })
            .collect(),
        effet: nature.map_or("", effet),
        // What was typed stays in sight with its faults.
        obstacle: obstacle.filter(|_| form.est_valide()).map(|r| Alerte::info(messages::regle(r))),
        formations: choix(&d.formations),
        sites: choix(&d.sites),
        champs: d.champs.iter().map(|(code, libelle)| Choix::new(code, libelle)).collect(),
        groupes: if nature == Some(NatureDemande::Groupes) { lignes_groupes(&form) } else { Vec::new() },
        capacite: d.capacite.map_or_else(
            || "La capacité n’est pas encore déclarée.".to_owned(),
            |n| {
                format!(
                    "La capacité déclarée est de {} : les places des groupes doivent faire ce total.",
                    accord(n, "place", "places")
                )
            },
        ),
        academies: academies(),
        identite: if nature == Some(NatureDemande::Correction) {
            lignes_identite(&form, d)
        } else {
            Vec::new()
        },
        formation: d.intitule.to_string(),
        nature,
        url,
        retour,
        form,
    }
}

pub async fn get_demander(
    requete: Requete,
    Path(chemin): Path<(String, String)>,
    Query(paires): Query<Vec<(String, String)>>,
) -> Resultat {
    let (annee, id) = lit_chemin(chemin)?;
    let d = view_demander(&requete.ctx, annee, &id).await?;
    let choisie = Formulaire::recu("", paires);
    let mut form = requete.formulaire().avec_version(d.version).avec("nature", choisie.valeur("nature"));
    if let Some(nature) = nature_demandee(&form) {
        form = remplit(form, &d, nature);
        let ici = format!("{}/demander?nature={}", adresse(annee, &d.id), nature.code());
        let ouverte = d.natures.iter().any(|(n, possible)| *n == nature && possible.is_ok());
        form = with_brouillon(&requete, form, &ici, ouverte).await?;
    }
    Ok(rend(StatusCode::OK, &page_demander(&requete, &d, form)))
}

/// The course that takes its place: one of the list, or the address of the sheet of another establishment’s.
fn lit_successeur(form: &mut Formulaire) -> Result<Option<String>, ()> {
    let autre = form.valeur("autre").trim().to_owned();
    if autre.is_empty() {
        let choisi = form.valeur("successeur").to_owned();
        return Ok((!choisi.is_empty()).then_some(choisi));
    }
    let dernier = autre.split(['?', '#']).next().and_then(|a| a.trim_end_matches('/').rsplit('/').next());
    match dernier.and_then(PublicId::parse) {
        Some(id) => Ok(Some(id.as_str().to_owned())),
        None => {
            form.refuse("autre", "Collez l’adresse de la fiche publique de la formation, telle que votre navigateur l’affiche.");
            Err(())
        }
    }
}

/// The groups that are typed; lines where nothing is are left out. Faults of a line are written in it.
fn lit_groupes(form: &mut Formulaire) -> Vec<GroupeVoulu> {
    let mut groupes = Vec::new();
    for i in 0..GROUPES_MAX {
        let [libelle, places, cases] = ["libelle", "places", "series"].map(|quoi| champ_groupe(i, quoi));
        let series: BTreeSet<String> = form.valeurs(&cases).iter().cloned().collect();
        let dit = |form: &Formulaire, nom: &str| !form.valeur(nom).trim().is_empty();
        if series.is_empty() && !dit(form, &libelle) && !dit(form, &places) {
            continue;
        }
        let nom = form.lit_texte(&libelle, "Donnez un intitulé à ce groupe.").unwrap_or_default();
        if series.is_empty() {
            let nomme = if nom.is_empty() { String::new() } else { format!(" « {nom} »") };
            let message = format!("Groupe {}{nomme} : cochez les candidats qui y sont classés.", i + 1);
            form.refuse(&cases, message);
        }
        let places = if dit(form, &places) { form.lit_entier(&places, 0..=CAPACITE_MAX) } else { Some(0) };
        groupes.push(GroupeVoulu { libelle: nom, series, places: places.unwrap_or(0) });
    }
    groupes
}

/// What the form says; `None`: its faults are written in it.
fn lit_souhait(form: &mut Formulaire, nature: NatureDemande) -> Option<Souhait> {
    match nature {
        NatureDemande::Ouverture | NatureDemande::Reouverture => None,
        NatureDemande::Suspension => Some(Souhait::Suspension),
        NatureDemande::Fermeture => {
            lit_successeur(form).ok().map(|successeur| Souhait::Fermeture { successeur })
        }
        NatureDemande::Fusion => {
            let successeur = lit_successeur(form).ok()?;
            if successeur.is_none() {
                form.refuse("successeur", "Choisissez la formation qui remplace celle-ci.");
            }
            successeur.map(|successeur| Souhait::Fusion { successeur })
        }
        NatureDemande::Deplacement => {
            let site = form.lit_texte("site", "Choisissez le site où la formation se tiendra.")?;
            Some(Souhait::Deplacement { site })
        }
        NatureDemande::Cession => {
            let uai =
                form.lit_texte("uai", "Donnez le code UAI de l’établissement : 7 chiffres et une lettre.")?;
            Some(Souhait::Cession { uai: uai.split_whitespace().collect::<String>().to_uppercase() })
        }
        NatureDemande::Groupes => {
            let groupes = lit_groupes(form);
            form.est_valide().then_some(Souhait::Groupes { groupes })
        }
        NatureDemande::Sectorisation => {
            let academies: BTreeSet<String> = form.valeurs("academies").iter().cloned().collect();
            Some(Souhait::Sectorisation { academies })
        }
        NatureDemande::Correction => {
            let libelle = form.lit_texte("libelle", "Donnez l’intitulé de la formation.");
            let detail = form.lit_texte_facultatif("detail").unwrap_or_default();
            let (statut, selective) = (lit_statut(form), lit_selective(form));
            Some(Souhait::Correction(IdentiteFormation {
                libelle: libelle?,
                detail,
                statut: statut?.code().to_owned(),
                selective: selective?,
            }))
        }
        NatureDemande::Derogation => {
            let champs: BTreeSet<String> = form.valeurs("champs").iter().cloned().collect();
            if champs.is_empty() {
                form.refuse("champs", "Cochez au moins un champ à modifier.");
            }
            let jusqu_a = form.lit_date("jusqu_a")?.to_string();
            (!champs.is_empty()).then_some(Souhait::Derogation { champs, jusqu_a })
        }
    }
}

pub async fn post_demander(Path(chemin): Path<(String, String)>, mut recu: Recu) -> Resultat {
    let (annee, id) = lit_chemin(chemin)?;
    let requete = recu.requete.clone();
    let nature = NatureDemande::from_code(recu.form.valeur("nature")).ok_or(AppError::NotFound)?;
    let mut statut = StatusCode::UNPROCESSABLE_ENTITY;
    if let Some(souhait) = lit_souhait(&mut recu.form, nature) {
        let motif = recu.form.valeur("motif").to_owned();
        match ask_formation(&requete.ctx, &recu.garde(), annee, &id, &souhait, &motif).await {
            Ok(r) => return Ok(deposee(annee, &r.numero)),
            Err(AppError::Conflict) => {
                recu.form = requete.formulaire().with_values(&recu.form);
                recu.form.refuse_tout(
                    "Cette formation a changé depuis que vous avez ouvert cette page. Rien n’a été demandé : relisez-la, puis \
                     envoyez de nouveau.",
                );
                statut = StatusCode::CONFLICT;
            }
            // The places of all the groups are told where the groups are.
            Err(AppError::Rule(r @ RuleViolation::PlacesGroupes { .. })) => {
                recu.form.refuse("groupes", messages::regle(&r));
            }
            Err(e) => refuse(&mut recu.form, e)?,
        }
    }
    if statut == StatusCode::UNPROCESSABLE_ENTITY {
        refuse_motif(&requete, &mut recu.form);
    }
    let d = view_demander(&requete.ctx, annee, &id).await?;
    let form = recu.form.avec_version(d.version);
    Ok(rend(statut, &page_demander(&requete, &d, form)))
}
