//! `/gestion/{annee}/classeur`: the whole set-up as a workbook, exported, sent back, shown as a difference, applied.

use app::formations::{
    ApercuFichier, ConstatFichier, FauteFichier, Lot, Ouverture, PageFormation, applied_findings,
    apply_descriptions, export_descriptions, preview_descriptions, view_lot,
};
use app::messages::capitale;
use app::{AppError, FICHIER_ENTIER, FormatTableau};
use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use domain::grille::Regle;
use serde::Deserialize;

use super::formation::adresse;
use super::saisie::motif_fermeture;
use super::{lit_annee, sans_lieu};
use crate::components::versions::cotes;
use crate::components::{
    Aide, Alerte, Badge, Bouton, Cellule, Colonne, Echeance, Formulaire, LienBouton, Markup, Tableau, Ton,
    accord, badge_constat, nombre, recepisse,
};
use crate::layout::{Page, rend};
use crate::socle::{Recu, RecuFichier, Requete, Resultat, redirige, refuse, tableur};

#[derive(Template)]
#[template(path = "gestion/classeur.html")]
struct PageClasseur {
    page: Page,
    url: String,
    xlsx: String,
    csv: String,
    form: Formulaire,
    echeance: Option<Echeance>,
    alertes: Vec<Alerte>,
    /// No more courses than a workbook holds.
    tient: bool,
    ouverte: bool,
    lecture: Option<Lecture>,
    /// What the reading of what a file brings finds, before it is applied or after.
    releve: Option<Releve>,
    /// The list of the courses, once a file is applied.
    suite: Option<String>,
    /// The establishment, when all the courses are of one.
    seul: Option<String>,
}

/// What is to be put right, or read again, and how much of it.
struct Releve {
    bilan: Alerte,
    detail: Tableau,
}

struct Lecture {
    bilan: Alerte,
    detail: Option<Tableau>,
    appliquer: Option<(Formulaire, String)>,
}

#[derive(Deserialize)]
pub struct Parametres {
    #[serde(default)]
    format: String,
}

#[derive(Deserialize)]
pub struct Apres {
    /// Number of the receipt of the file that has just been applied.
    #[serde(default)]
    recepisse: String,
}

/// R-CTL-04, R-ETA-11, R-ETA-12: what a file may change although the steps are closed.
fn alerte_reste(liste: &Lot) -> Option<Alerte> {
    let mut dites = Vec::new();
    if liste.rouvertes > 0 {
        let combien = accord(
            liste.rouvertes as u64,
            "formation a des champs rouverts",
            "formations ont des champs rouverts",
        );
        dites.push(format!(
            "{combien} : un fichier peut les changer ; la page dit pourquoi les autres ne changent pas."
        ));
    }
    if liste.journees && !liste.saisie.est_ouverte() {
        let dit = "Toute l’année, un fichier peut changer les journées portes ouvertes à venir ; il change aussi les parties rouvertes de \
                   l’établissement.";
        dites.push(dit.to_owned());
    }
    (!dites.is_empty()).then(|| Alerte::info(dites.join(" ")))
}

/// What a file of somebody who has no course is about.
const SANS_FORMATION: &str = "Vous n’avez pas de formation dans cette session : un fichier ne change que ce que vos établissements disent \
                              d’eux-mêmes.";

async fn page(requete: &Requete, annee: i64, form: Formulaire) -> Result<PageClasseur, AppError> {
    let liste = view_lot(&requete.ctx, annee).await?;
    let mut alertes: Vec<Alerte> = motif_fermeture(&liste.saisie).map(Alerte::info).into_iter().collect();
    let reste = liste.rouvertes > 0 || liste.journees;
    let max = requete.ctx.app.limites.lot_formations;
    if liste.total <= max {
        let seules = liste.total == 0 && liste.journees;
        alertes.extend(seules.then(|| Alerte::info(SANS_FORMATION)));
        alertes.extend(alerte_reste(&liste));
    } else {
        alertes.push(Alerte::attention(format_args!(
            "Un classeur contient {} formations au plus ; votre périmètre en a {}.",
            nombre(max),
            nombre(liste.total)
        )));
    }
    Ok(PageClasseur {
        page: requete
            .page("Tout le paramétrage dans un classeur")
            .session(&liste.session.libelle)
            .ariane(vec![super::lien_accueil(annee), super::lien_formations(annee)])
            .en_erreur(!form.est_valide()),
        url: format!("/gestion/{annee}/classeur"),
        xlsx: format!("/gestion/{annee}/classeur/export?format=xlsx"),
        csv: format!("/gestion/{annee}/classeur/export?format=csv"),
        echeance: match &liste.saisie {
            Ouverture::Ouverte { ferme } => Some(Echeance::new(requete.ctx.campagne_le, *ferme)),
            _ => None,
        },
        tient: liste.total <= max,
        ouverte: (liste.saisie.est_ouverte() || reste) && liste.total <= max,
        alertes,
        form,
        lecture: None,
        releve: None,
        suite: None,
        seul: liste.seul,
    })
}

pub async fn get_classeur(
    requete: Requete,
    Path(annee): Path<String>,
    Query(apres): Query<Apres>,
) -> Resultat {
    let annee = lit_annee(&annee)?;
    let form = requete.formulaire();
    let mut vue = page(&requete, annee, form).await?;
    if !apres.recepisse.is_empty() {
        let constats = applied_findings(&requete.ctx, &apres.recepisse).await?;
        vue.alertes.extend(recepisse(&requete.chemin));
        vue.releve = releve(&constats, Moment::Applique, (annee, vue.seul.as_deref()));
        vue.suite = Some(format!("/gestion/{annee}/lot"));
    }
    Ok(rend(StatusCode::OK, &vue))
}

pub async fn get_export(
    requete: Requete,
    Path(annee): Path<String>,
    Query(p): Query<Parametres>,
) -> Resultat {
    let annee = lit_annee(&annee)?;
    let format = FormatTableau::from_code(&p.format).ok_or(AppError::NotFound)?;
    let e = export_descriptions(&requete.ctx, annee, format).await?;
    Ok(tableur(&e.nom_fichier, e.format, e.octets))
}

pub async fn post_import(Path(annee): Path<String>, mut recu: RecuFichier) -> Resultat {
    let annee = lit_annee(&annee)?;
    let requete = recu.requete.clone();
    match preview_descriptions(&requete.ctx, annee, &recu.nom_fichier, &recu.octets).await {
        Ok(a) => {
            let statut = if a.fautes.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
            if let [FauteFichier { faute, .. }] = a.fautes.as_slice()
                && let Some(motif) = faute.du_fichier()
            {
                recu.form.refuse("fichier", motif);
                return Ok(rend(statut, &page(&requete, annee, recu.form).await?));
            }
            let mut vue = page(&requete, annee, requete.formulaire()).await?;
            vue.page.en_erreur = !a.fautes.is_empty();
            let ici = (annee, vue.seul.as_deref());
            let (relevees, lue) = (releve(&a.constats, Moment::Verifie, ici), lecture(&requete, a, ici));
            (vue.releve, vue.lecture) = (relevees, Some(lue));
            Ok(rend(statut, &vue))
        }
        Err(e) => {
            refuse(&mut recu.form, e)?;
            Ok(rend(StatusCode::UNPROCESSABLE_ENTITY, &page(&requete, annee, recu.form).await?))
        }
    }
}

pub async fn post_appliquer(Path(annee): Path<String>, mut recu: Recu) -> Resultat {
    let annee = lit_annee(&annee)?;
    let requete = recu.requete.clone();
    let fichier = recu.form.valeur("fichier_recu").to_owned();
    let statut = match apply_descriptions(&requete.ctx, &recu.garde(), annee, &fichier).await {
        Ok(r) => {
            let suite = format!("fait=classeur&recepisse={}", r.numero);
            return Ok(redirige(&format!("/gestion/{annee}/classeur?{suite}")));
        }
        Err(AppError::NotFound) => {
            recu.form.refuse_tout("Le fichier vérifié n’est plus gardé : envoyez-le de nouveau.");
            StatusCode::UNPROCESSABLE_ENTITY
        }
        Err(AppError::Conflict) => {
            recu.form.refuse_tout(
                "Le paramétrage a changé depuis la vérification. Rien n’a été enregistré : envoyez le fichier de nouveau.",
            );
            StatusCode::CONFLICT
        }
        Err(e) => {
            refuse(&mut recu.form, e)?;
            StatusCode::UNPROCESSABLE_ENTITY
        }
    };
    Ok(rend(statut, &page(&requete, annee, recu.form).await?))
}

/// Rows shown: beyond, the file is looked at where it was made.
const MONTREES: usize = 300;

/// R-FOR-25: how much a finding matters; a capacity out of the ordinary is read by two people.
fn badge(c: &ConstatFichier) -> Badge {
    match Regle::from_code(&c.code) {
        Some(regle) => badge_constat(regle),
        None if c.bloquant => Badge::new(Ton::Attention, "À relire à deux"),
        None => Badge::new(Ton::Info, "À savoir"),
    }
}

/// R-CGE-18: it prevents nothing, but its grid is to be read again before its course is submitted.
fn is_a_relire(c: &ConstatFichier) -> bool {
    !c.bloquant && Regle::from_code(&c.code).is_some_and(Regle::is_blocking)
}

/// The year of the session, and the establishment of all the courses when there is only one.
type Ici<'a> = (i64, Option<&'a str>);

/// The course that a line is about, with the way to where it is put right.
fn formation((annee, seul): Ici<'_>, nom: &str, page: Option<&PageFormation>) -> Cellule {
    let nom = sans_lieu(nom, seul);
    match page {
        None => Cellule::texte(nom),
        Some(p) if p.partie.is_empty() => Cellule::lien(nom, adresse(annee, &p.formation)),
        Some(p) => Cellule::lien(nom, format_args!("{}/{}", adresse(annee, &p.formation), p.partie)),
    }
}

/// Where a finding is in the file.
fn ou(c: &ConstatFichier) -> String {
    if c.feuille.is_empty() { c.ligne.to_string() } else { format!("{}, ligne {}", c.feuille, c.ligne) }
}

/// What is wrong, with the words found.
fn dit(c: &ConstatFichier) -> String {
    let mots: Vec<String> = c.mots.iter().map(|m| format!("« {m} »")).collect();
    if mots.is_empty() { c.message.clone() } else { format!("{} {}", c.message, mots.join(", ")) }
}

/// When a file is read again.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Moment {
    /// Before it is applied.
    Verifie,
    /// Once it is.
    Applique,
}

/// What the findings prevent, without the end of its sentence. `a_relire`: those of a grid to be read again.
fn effet((total, bloquants, a_relire): (usize, usize, usize), moment: Moment) -> String {
    let verifie = moment == Moment::Verifie;
    let retient = match bloquants {
        0 => {
            let acte = if verifie { "ni d’appliquer le fichier ni de publier" } else { "pas de publier" };
            let debut = if total == 1 {
                format!("Il n’empêche {acte}")
            } else {
                format!("Ils n’empêchent {acte}")
            };
            // R-CGE-18: advice, and what is only to be known, hold nothing.
            let suite = match a_relire {
                0 => return debut,
                1 if total == 1 => "la formation se soumet alors seule",
                n if n == total => "chacune de ces formations se soumet alors seule",
                _ => "une formation dont la grille est à relire se soumet alors seule",
            };
            return format!("{debut}, mais {suite}");
        }
        1 if total == 1 => "retient la publication de la formation".to_owned(),
        1 => "l’un d’eux retient la publication de sa formation".to_owned(),
        n => format!("{n} d’entre eux retiennent la publication de leur formation"),
    };
    match (verifie, total) {
        (true, 1) => format!("Il n’empêche pas d’appliquer le fichier, mais {retient}"),
        (true, _) => format!("Ils n’empêchent pas d’appliquer le fichier, mais {retient}"),
        (false, 1) => format!("Il {retient}"),
        (false, _) => capitale(&retient),
    }
}

/// What the reading finds, line by line; nothing when it finds nothing.
fn releve(constats: &[ConstatFichier], moment: Moment, ici: Ici<'_>) -> Option<Releve> {
    if constats.is_empty() {
        return None;
    }
    let total = accord(constats.len() as u64, "point", "points");
    let combien = |retenu: fn(&ConstatFichier) -> bool| constats.iter().filter(|c| retenu(c)).count();
    let effet = effet((constats.len(), combien(|c| c.bloquant), combien(is_a_relire)), moment);
    let dans = match moment {
        Moment::Verifie => "dans ce fichier",
        Moment::Applique => "dans ce qui vient d’être enregistré",
    };
    let verifiez = if constats.len() == 1 { "vérifiez-le" } else { "vérifiez-les" };
    let montres = if constats.len() > MONTREES {
        format!(" Les {MONTREES} premiers sont montrés.")
    } else {
        String::new()
    };
    let colonnes = vec![
        Colonne::courte("Ligne"),
        Colonne::new("Formation"),
        Colonne::new("Champ"),
        Colonne::longue("Ce qui est relevé"),
        Colonne::longue("Ce qui est proposé"),
    ];
    let detail =
        Tableau::new("Relecture automatique", colonnes).lignes(constats.iter().take(MONTREES).map(|c| {
            vec![
                Cellule::texte(ou(c)),
                formation(ici, &c.formation, c.page.as_ref()),
                Cellule::texte(&c.champ),
                Cellule::markup(Markup::new(badge(c)).et(Markup::texte(dit(c)))),
                Cellule::texte(&c.correction),
            ]
        }));
    let bilan = Alerte::attention(format_args!(
        "La relecture automatique relève {total} {dans}. {effet}. La relecture peut se tromper : {verifiez}.{montres}"
    ));
    Some(Releve { bilan, detail })
}

/// Fields emptied, or lines taken away, that are named; beyond, they are counted.
const EFFACES: usize = 5;

/// The lines of the lists of establishments that would be lost, said before the file is applied; nothing when none would.
fn retirees(a: &ApercuFichier) -> String {
    let lignes: Vec<&str> = a.differences.iter().flat_map(|d| &d.retirees).map(String::as_str).collect();
    let combien = accord(a.lignes_retirees() as u64, "ligne retirée", "lignes retirées");
    match lignes.len() {
        0 => String::new(),
        1..=EFFACES => format!(" {combien} : {}.", lignes.join(" ; ")),
        _ => format!(" {combien}."),
    }
}

/// What the file would empty, said before it is applied; nothing when it empties nothing. A list that loses all its lines says so
/// line by line.
fn effaces(a: &ApercuFichier, seul: Option<&str>) -> String {
    let vides: Vec<String> = a
        .differences
        .iter()
        .filter(|d| d.apres.is_empty() && !d.avant.is_empty() && d.retirees.is_empty())
        .map(|d| format!("{} ({})", d.champ, sans_lieu(&d.formation, seul)))
        .collect();
    let combien = accord(vides.len() as u64, "champ serait effacé", "champs seraient effacés");
    match vides.len() {
        0 => String::new(),
        1..=EFFACES => format!(" {combien} : {}.", vides.join(", ")),
        _ => format!(" {combien}."),
    }
}

fn tableau_fautes(a: &ApercuFichier, ici: Ici<'_>) -> Tableau {
    let fautes = &a.fautes;
    // A CSV file has no sheet.
    let feuilles = fautes.iter().any(|f| !f.feuille.is_empty());
    let mut colonnes = vec![
        Colonne::nombre("Ligne"),
        Colonne::new(titre_objet(a)),
        Colonne::courte("Colonne"),
        Colonne::new("Ce qui ne va pas"),
    ];
    if feuilles {
        colonnes.insert(0, Colonne::courte("Feuille"));
    }
    Tableau::new("Fautes à corriger", colonnes).lignes(fautes.iter().map(|f| {
        let numero = match f.faute.ligne {
            FICHIER_ENTIER => Cellule::texte("fichier"),
            n => Cellule::nombre(i64::try_from(n).unwrap_or(i64::MAX)),
        };
        let mut ligne = vec![
            numero,
            formation(ici, &f.formation, f.page.as_ref()),
            Cellule::texte(&f.faute.colonne),
            Cellule::texte(&f.faute.motif),
        ];
        if feuilles {
            ligne.insert(0, Cellule::texte(&f.feuille));
        }
        ligne
    }))
}

/// What the file is about.
fn nommees(a: &ApercuFichier) -> String {
    let formations = accord(a.formations as u64, "formation", "formations");
    let etablissements = accord(a.etablissements as u64, "établissement", "établissements");
    match (a.formations, a.etablissements) {
        (_, 0) => formations,
        (0, _) => etablissements,
        _ => format!("{formations}, {etablissements}"),
    }
}

/// The title of the column that names what a line is about.
const fn titre_objet(a: &ApercuFichier) -> &'static str {
    if a.etablissements == 0 { "Formation" } else { "Formation ou établissement" }
}

fn lecture(requete: &Requete, a: ApercuFichier, ici: Ici<'_>) -> Lecture {
    if !a.fautes.is_empty() {
        return Lecture {
            bilan: Alerte::erreur(format_args!(
                "Le fichier est refusé : {}. Rien n’est enregistré : corrigez-le et envoyez-le de nouveau.",
                accord(a.fautes.len() as u64, "faute", "fautes")
            ))
            .refus(),
            detail: Some(tableau_fautes(&a, ici)),
            appliquer: None,
        };
    }
    let n = a.differences.len();
    let suite = if n > MONTREES { format!(" Les {MONTREES} premiers sont montrés.") } else { String::new() };
    let bilan = if n == 0 {
        Alerte::info(format_args!("Le fichier est lisible ({}) et ne change rien.", nommees(&a)))
    } else {
        Alerte::info(format_args!(
            "Le fichier est lisible. Rien n’est encore enregistré : {} à vérifier, puis à appliquer.{}{}{suite}",
            accord(n as u64, "changement", "changements"),
            retirees(&a),
            effaces(&a, ici.1)
        ))
    };
    let colonnes = vec![
        Colonne::new(titre_objet(&a)),
        Colonne::courte("Champ"),
        Colonne::new("Aujourd’hui"),
        Colonne::new("Après"),
    ];
    let lignes = |t: &str| t.lines().map(str::to_owned).collect::<Vec<_>>();
    let detail = (n > 0).then(|| {
        Tableau::new("Ce qui change", colonnes).lignes(a.differences.iter().take(MONTREES).map(|d| {
            let [avant, apres] = cotes(&lignes(&d.avant), &lignes(&d.apres));
            let formation = formation(ici, &d.formation, d.page.as_ref());
            vec![formation, Cellule::texte(&d.champ), avant, apres]
        }))
    });
    Lecture { bilan, detail, appliquer: a.recu.map(|r| (requete.formulaire(), r)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_findings_prevent_is_said_of_as_many_as_there_are() {
        let dits = [
            (
                (1, 0, 1),
                Moment::Verifie,
                "Il n’empêche ni d’appliquer le fichier ni de publier, mais la formation se soumet alors seule",
            ),
            (
                (2, 0, 2),
                Moment::Applique,
                "Ils n’empêchent pas de publier, mais chacune de ces formations se soumet alors seule",
            ),
            (
                (3, 0, 1),
                Moment::Applique,
                "Ils n’empêchent pas de publier, mais une formation dont la grille est à relire se soumet alors seule",
            ),
            ((1, 0, 0), Moment::Verifie, "Il n’empêche ni d’appliquer le fichier ni de publier"),
            ((2, 0, 0), Moment::Applique, "Ils n’empêchent pas de publier"),
            ((1, 1, 0), Moment::Applique, "Il retient la publication de la formation"),
            ((3, 1, 1), Moment::Applique, "L’un d’eux retient la publication de sa formation"),
            ((3, 2, 1), Moment::Applique, "2 d’entre eux retiennent la publication de leur formation"),
        ];
        for (combien, moment, dit) in dits {
            assert_eq!(effet(combien, moment), dit);
        }
        assert!(
            effet((3, 1, 0), Moment::Verifie).starts_with("Ils n’empêchent pas d’appliquer le fichier, mais")
        );
    }
}
