//! `/gestion/{annee}/lot`: many courses at once. Confirming those that have not changed, submitting those that are ready, the same
//! field in all of them.

use app::AppError;
use app::formations::{
    Bilan, BilanLot, ChampDesFormations, Confirmation, EcritureLot, LaisseeDeCote, LigneLot, ListeLot,
    Ouverture, confirm_descriptions, field_of_courses, search_lot, set_field, submit_formations,
    view_bilan_lot, view_lot, view_soumission,
};
use app::messages::{capitale, minuscule};
use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use domain::PublicId;
use domain::formations::description::{Champ, DefautSaisie, Rubrique, Valeur, read_lignes, read_texte};
use serde::Deserialize;

use super::description::retire;
use super::formation::adresse;
use super::formations::retour;
use super::saisie::{alerte_archive, confirmation, motif_fermeture, verbe};
use super::{lit_annee, sans_lieu, seul};
use crate::components::description::{LigneSaisie, lignes_saisies, lit_lignes, nom_ligne, saisie};
use crate::components::{
    Aide, Alerte, Badge, Bouton, Cellule, Choix, Colonne, Echeance, Formulaire, LienBouton, Markup, Tableau,
    Ton, accord, badges_grille, lue, nombre, recepisse,
};
use crate::layout::{Lien, Page, rend};
use crate::socle::{Recu, Requete, Resultat, encode, redirige, refuse};

#[derive(Template)]
#[template(path = "gestion/lot.html")]
struct PageLot {
    page: Page,
    /// Where the words that are looked for are sent.
    liste: String,
    /// What is looked for; `None`: the list is short enough to be read.
    recherche: Option<Formulaire>,
    url: String,
    classeur: String,
    /// To last year's capacities, for those who may put them back now.
    capacites: Option<String>,
    form: Formulaire,
    alertes: Vec<Alerte>,
    /// What the act that has just been made left aside.
    laissees: Option<Tableau>,
    echeance: Option<Echeance>,
    ouverte: bool,
    /// Boxes are shown.
    cases: bool,
    /// Where what is ticked is submitted, for those who may now.
    soumettre: Option<String>,
    /// Text and address of what ticks, or unticks, several courses at once.
    cocher: Vec<(String, String)>,
    tableau: Tableau,
    champs: Vec<Choix>,
}

#[derive(Template)]
#[template(path = "gestion/lot_champ.html")]
struct PageChamp {
    page: Page,
    url: String,
    retour: String,
    form: Formulaire,
    champ: &'static Champ,
    /// Where it is typed otherwise.
    surtitre: &'static str,
    formations: Vec<String>,
    echeance: Option<Echeance>,
    /// The field, or what is done of a list.
    saisie: Markup,
    /// The lines to write, when it is a list.
    lignes: Vec<LigneSaisie>,
    /// What an address names the last of them by.
    fin: String,
    tableau: Tableau,
    resume: String,
}

/// Where a field is typed, by its name on the page of a course.
fn surtitre(champ: &Champ) -> &'static str {
    if champ.is_propre() { "Page de la formation" } else { champ.rubrique.libelle() }
}

/// What is done of the list of each course.
const FACON: &str = "facon";
/// The lines come after its own.
const AJOUTER: &str = "ajouter";
/// The lines take the place of its own.
const REMPLACER: &str = "remplacer";

/// What is to be written, else every fault with the name of its field.
fn lit(form: &Formulaire, champ: &Champ) -> Result<EcritureLot, Vec<(String, String)>> {
    let rien = |dit: &str| Err(vec![(champ.code.to_owned(), dit.to_owned())]);
    if champ.colonnes().is_empty() {
        return match read_texte(champ, form.valeur(champ.code)) {
            Ok(Some(t)) => Ok(EcritureLot::Dire(Valeur::Texte(t))),
            Ok(None) => rien("Indiquez la valeur à écrire dans ces formations."),
            Err(message) => rien(&message),
        };
    }
    let faute = |d: DefautSaisie| {
        let nom = d.ou.map_or_else(|| champ.code.to_owned(), |(i, sous)| nom_ligne(champ.code, i, sous));
        (nom, d.message)
    };
    match read_lignes(champ, &lit_lignes(form, champ)) {
        Err(defauts) => Err(defauts.into_iter().map(faute).collect()),
        Ok(lignes) if lignes.is_empty() => rien("Indiquez au moins une ligne à écrire dans ces formations."),
        Ok(lignes) if form.valeur(FACON) == REMPLACER => Ok(EcritureLot::Dire(Valeur::Lignes(lignes))),
        Ok(lignes) => Ok(EcritureLot::Ajouter(lignes)),
    }
}

#[derive(Deserialize)]
pub struct Parametres {
    /// Ticked when the page opens: [`TOUTES`], [`LISTE`], [`RETOURNEES`], [`PRETES`], or the public identifier of a course.
    #[serde(default)]
    cocher: String,
    /// Number of the receipt of the submission that has just been made.
    #[serde(default)]
    recepisse: String,
    /// Words that the list is kept to.
    #[serde(default)]
    q: String,
}

impl Parametres {
    /// R-FOR-29: the words that the list is kept to.
    fn mots(&self) -> String {
        self.q.trim().chars().take(200).collect()
    }
}

/// R-FOR-29: a page of the list that is kept to these words; `suite`: what its address says besides.
fn vers_la_liste(annee: i64, (page, mots): (&str, &str), suite: &str) -> String {
    let q = if mots.is_empty() { String::new() } else { format!("q={}", encode(mots)) };
    let dits: Vec<&str> = [q.as_str(), suite].into_iter().filter(|p| !p.is_empty()).collect();
    let url = format!("/gestion/{annee}/lot{page}");
    if dits.is_empty() { url } else { format!("{url}?{}", dits.join("&")) }
}

/// Courses from which words are asked for: fewer are read at a glance.
const RECHERCHE_DES: i64 = 20;

/// Value of the button that confirms one course, on its page.
pub(super) const ICI: &str = "ici";
/// Every course that waits only to be confirmed.
const TOUTES: &str = "toutes";
/// Every course of the list.
const LISTE: &str = "liste";
/// Every course that the academic service returned.
const RETOURNEES: &str = "retournees";
/// Every course that waits only to be submitted.
const PRETES: &str = "pretes";

pub async fn get_lot(requete: Requete, Path(annee): Path<String>, Query(p): Query<Parametres>) -> Resultat {
    let annee = lit_annee(&annee)?;
    let mots = p.mots();
    let liste = search_lot(&requete.ctx, annee, &mots).await?;
    let mut form = requete.formulaire();
    let cochee = |l: &&LigneLot| match p.cocher.as_str() {
        TOUTES => l.is_confirmable(),
        LISTE => true,
        RETOURNEES => is_a_rendre(l),
        PRETES => l.is_prete(),
        id => l.id == id,
    };
    for l in liste.lignes.iter().filter(cochee).filter(|l| is_cochable(&liste, l)) {
        form.ajoute("formations", lue(&l.id, l.version));
    }
    let bilan = match p.recepisse.as_str() {
        "" => None,
        numero => view_soumission(&requete.ctx, numero).await?,
    };
    let fait = match (p.recepisse.as_str(), &bilan) {
        ("", _) | (_, Some(_)) => None,
        (numero, None) => view_bilan_lot(&requete.ctx, numero).await?,
    };
    let mut page = page(&requete, (&liste, &mots), form, bilan.as_ref());
    if p.cocher == TOUTES {
        page.alertes.extend(restantes(&liste.lignes, "cochée"));
    }
    if let Some(fait) = fait {
        let mut dits = vec![Alerte::succes(dit(&liste, &fait))];
        if let BilanLot::Confirmees(b) = &fait {
            dits.extend(modifiees(b.laissees.len()).map(Alerte::attention));
            dits.extend(restantes(&liste.lignes, "confirmée"));
            page.laissees = tableau_laissees(&liste, &b.laissees, "Pourquoi elle n’est pas confirmée");
        }
        dits.extend(recepisse(&requete.chemin));
        page.alertes = dits.into_iter().chain(page.alertes).collect();
    }
    Ok(rend(StatusCode::OK, &page))
}

/// Courses that are named in what is told of an act; beyond, they are counted.
const NOMMEES: usize = 5;

/// These courses by name, when they are few.
fn nommees(liste: &ListeLot, ids: &[String]) -> Option<String> {
    let noms: Vec<&str> =
        liste.lignes.iter().filter(|l| ids.contains(&l.id)).map(|l| l.libelle.as_str()).collect();
    (noms.len() == ids.len() && (1..=NOMMEES).contains(&noms.len())).then(|| noms.join(", "))
}

/// What an act on many courses did, in numbers.
fn dit(liste: &ListeLot, fait: &BilanLot) -> String {
    match fait {
        BilanLot::Confirmees(b) => {
            let ids = &b.faites;
            let combien = accord(ids.len() as u64, "formation est confirmée", "formations sont confirmées");
            match nommees(liste, ids) {
                Some(noms) => format!("{combien} : {noms}."),
                None => format!("{combien} pour cette session."),
            }
        }
        BilanLot::Ecrites { formations: 0, .. } => {
            "Ces formations disaient déjà cela : aucune n’a changé.".to_owned()
        }
        BilanLot::Ecrites { formations, publiees } => {
            let acte = verbe(liste.soumission.is_some());
            let suite = match publiees {
                0 => String::new(),
                1 => format!(" ; 1, déjà publiée, est à {acte} de nouveau"),
                n => format!(" ; {n}, déjà publiées, sont à {acte} de nouveau"),
            };
            format!(
                "Le champ est écrit dans {}{suite}.",
                accord(*formations as u64, "formation", "formations")
            )
        }
    }
}

/// TRX-4: how many were left aside because they changed since they were shown.
fn modifiees(n: usize) -> Option<String> {
    let suite = match n {
        0 => return None,
        1 => "relisez-la, puis cochez-la de nouveau",
        _ => "relisez-les, puis cochez-les de nouveau",
    };
    let combien = accord(n as u64, "formation a été modifiée", "formations ont été modifiées");
    Some(format!("{combien} depuis l’affichage : {suite}."))
}

/// Where what is said of the boxes as a whole shows: beside the list.
const CASES: &str = "cases";

/// What was ticked; nothing, or what is none of ours, is told beside the list.
fn cochees<T>(form: &mut Formulaire, lues: Option<Vec<T>>) -> Option<Vec<T>> {
    let lues = lues.filter(|l| !l.is_empty());
    if lues.is_none() {
        form.refuse(CASES, "Cochez au moins une formation.");
    }
    lues
}

/// The courses ticked, each as its line showed it (TRX-4).
fn choix(form: &mut Formulaire) -> Option<Vec<(PublicId, i64)>> {
    let lues = form.lit_lues("formations");
    cochees(form, lues)
}

/// The courses of the page of a field, which has a version of its own.
fn ids(form: &mut Formulaire) -> Option<Vec<PublicId>> {
    let lues = form.valeurs("formations").iter().map(|id| PublicId::parse(id)).collect();
    cochees(form, lues)
}

/// Confirming, or choosing the field to change.
pub async fn post_lot(Path(annee): Path<String>, Query(p): Query<Parametres>, mut recu: Recu) -> Resultat {
    let annee = lit_annee(&annee)?;
    let mots = p.mots();
    let requete = recu.requete.clone();
    let choix = choix(&mut recu.form);
    if recu.form.valeur("acte") == "champ" {
        let champ = Champ::partageables().find(|c| c.code == recu.form.valeur("champ"));
        if champ.is_none() {
            recu.form.refuse("champ", "Choisissez le champ à modifier.");
        }
        if let (Some(champ), Some(choix)) = (champ, choix) {
            let ids: Vec<PublicId> = choix.into_iter().map(|(id, _)| id).collect();
            return affiche_champ(&requete, (annee, &mots), champ, &ids, recu.form, StatusCode::OK).await;
        }
    } else if let Some(choix) = choix {
        match confirm_descriptions(&requete.ctx, &recu.garde(), annee, &choix).await {
            Ok(Ok(r)) => {
                // One course, from its page: back to it.
                let vers = match (recu.form.valeur("acte"), choix.as_slice()) {
                    (ICI, [(id, _)]) => {
                        let page = adresse(annee, id.as_str());
                        format!("{page}?fait=confirmee&recepisse={}", r.numero)
                    }
                    _ => vers_la_liste(annee, ("", &mots), &format!("recepisse={}", r.numero)),
                };
                return Ok(redirige(&vers));
            }
            // Each of them changed; or this form was sent before for something else.
            Ok(Err(_)) | Err(AppError::Conflict) => return depassee(&requete, annee, &choix, &mots).await,
            Err(e) => refuse(&mut recu.form, e)?,
        }
    }
    refusee(&requete, annee, recu.form, &mots).await
}

async fn refusee(requete: &Requete, annee: i64, form: Formulaire, mots: &str) -> Resultat {
    let liste = search_lot(&requete.ctx, annee, mots).await?;
    Ok(rend(StatusCode::UNPROCESSABLE_ENTITY, &page(requete, (&liste, mots), form, None)))
}

/// TRX-4: nothing was confirmed, since each of them changed meanwhile; under a new key, those that did not stay ticked.
async fn depassee(requete: &Requete, annee: i64, choix: &[(PublicId, i64)], mots: &str) -> Resultat {
    let liste = search_lot(&requete.ctx, annee, mots).await?;
    let meme = |l: &&LigneLot| choix.iter().any(|(id, vue)| id.as_str() == l.id && *vue == l.version);
    let mut form = requete.formulaire();
    for l in liste.lignes.iter().filter(meme) {
        form.ajoute("formations", lue(&l.id, l.version));
    }
    let changees = choix.len().saturating_sub(form.valeurs("formations").len());
    let dit = modifiees(changees).unwrap_or_else(|| "Ce formulaire a déjà servi.".to_owned());
    form.refuse(CASES, format_args!("{dit} Rien n’est confirmé."));
    Ok(rend(StatusCode::CONFLICT, &page(requete, (&liste, mots), form, None)))
}

/// R-CTL-08: submitting those that are ready; the others say why they are not.
pub async fn post_soumission(
    Path(annee): Path<String>,
    Query(p): Query<Parametres>,
    mut recu: Recu,
) -> Resultat {
    let annee = lit_annee(&annee)?;
    let mots = p.mots();
    let requete = recu.requete.clone();
    if let Some(choix) = choix(&mut recu.form) {
        match submit_formations(&requete.ctx, &recu.garde(), annee, &choix).await {
            Ok(Ok(r)) => {
                let suite = format!("recepisse={}", r.numero);
                return Ok(redirige(&vers_la_liste(annee, ("", &mots), &suite)));
            }
            // Nothing of the form is at fault: the table says why of each.
            Ok(Err(bilan)) => {
                let liste = search_lot(&requete.ctx, annee, &mots).await?;
                let vue = page(&requete, (&liste, &mots), recu.form, Some(&bilan));
                return Ok(rend(StatusCode::UNPROCESSABLE_ENTITY, &vue));
            }
            Err(e) => refuse(&mut recu.form, e)?,
        }
    }
    refusee(&requete, annee, recu.form, &mots).await
}

/// The same field, read again with its new value, then written.
pub async fn post_champ(
    Path((annee, code)): Path<(String, String)>,
    Query(p): Query<Parametres>,
    mut recu: Recu,
) -> Resultat {
    let annee = lit_annee(&annee)?;
    let mots = p.mots();
    let ici = (annee, mots.as_str());
    let requete = recu.requete.clone();
    let champ = Champ::partageables().find(|c| c.code == code).ok_or(AppError::NotFound)?;
    let Some(ids) = ids(&mut recu.form) else {
        recu.form.pose("champ", champ.code);
        return refusee(&requete, annee, recu.form, &mots).await;
    };
    let acte = recu.form.valeur("acte").to_owned();
    if let Some(ligne) = acte.strip_prefix("retirer.").and_then(|r| r.strip_prefix(champ.code)) {
        let ligne: usize = ligne.trim_start_matches('.').parse().map_err(|_| AppError::NotFound)?;
        let form = retire(&recu.form, &requete, champ, ligne);
        return affiche_champ(&requete, ici, champ, &ids, form, StatusCode::OK).await;
    }
    if acte == "ligne" {
        return affiche_champ(&requete, ici, champ, &ids, recu.form, StatusCode::OK).await;
    }
    let statut = match lit(&recu.form, champ) {
        Err(fautes) => {
            for (nom, message) in fautes {
                recu.form.refuse(&nom, message);
            }
            StatusCode::UNPROCESSABLE_ENTITY
        }
        Ok(_) if acte != "ecrire" => StatusCode::OK,
        Ok(voulue) => match set_field(&requete.ctx, &recu.garde(), annee, &ids, champ, &voulue).await {
            Ok(r) => {
                let suite = format!("recepisse={}", r.numero);
                return Ok(redirige(&vers_la_liste(annee, ("", &mots), &suite)));
            }
            Err(AppError::Conflict) => {
                recu.form.refuse_tout(
                        "Ce champ a changé dans l’une de ces formations depuis que vous les avez lues. Rien n’a été enregistré : \
                         relisez le tableau, votre saisie est gardée.",
                    );
                StatusCode::CONFLICT
            }
            Err(e) => {
                refuse(&mut recu.form, e)?;
                StatusCode::UNPROCESSABLE_ENTITY
            }
        },
    };
    affiche_champ(&requete, ici, champ, &ids, recu.form, statut).await
}

/// What the description lacks, and what the reading of its grid finds, with the way to it.
fn etat(l: &LigneLot, annee: i64) -> Markup {
    let mut badges = Vec::new();
    if l.soumise {
        badges.push(Badge::new(Ton::Info, "Soumise"));
    }
    if l.manques > 0 {
        let manques = accord(l.manques, "champ", "champs");
        badges.push(Badge::new(Ton::Attention, format_args!("Il manque {manques}")));
    }
    badges.extend(badges_grille(l.grille));
    let etat = match l.retournee {
        Some(r) => badges.into_iter().fold(retour(r), Markup::et),
        None if badges.is_empty() => return Markup::new(Badge::new(Ton::Succes, "Complète")),
        None => Markup::de(badges),
    };
    if l.grille.total() == 0 {
        return etat;
    }
    let grille = format!("{}/{}", adresse(annee, &l.id), Rubrique::Grille.code());
    etat.et(Markup::lien("Ouvrir la grille", grille))
}

/// Those that wait to be confirmed, and are not with the others; `faites`: « confirmée », « cochée ».
fn restantes(lignes: &[LigneLot], faites: &str) -> Option<Alerte> {
    let restent: Vec<&LigneLot> = lignes.iter().filter(|l| l.a_confirmer && !l.is_confirmable()).collect();
    let dit = match restent.as_slice() {
        [] => return None,
        [une] => {
            let avant = match une.grille.bloquants {
                _ if une.manques > 0 => "complétez-la d’abord",
                0 => "relisez d’abord sa grille",
                _ => "corrigez d’abord sa grille",
            };
            format!("1\u{a0}formation n’est pas {faites} : {avant}.")
        }
        plusieurs => format!(
            "{}\u{a0}formations ne sont pas {faites}s : la colonne « Description » dit ce qui leur manque, ou ce qui est à relire dans \
             leur grille.",
            plusieurs.len()
        ),
    };
    Some(Alerte::attention(dit))
}

/// What a submission of many did, above the list.
fn alerte_bilan(liste: &ListeLot, b: &Bilan) -> Alerte {
    if b.faites.is_empty() {
        return Alerte::attention(format_args!("{} Le tableau ci-dessous dit pourquoi.", b.dit_aucune()));
    }
    let soumises = accord(b.faites.len() as u64, "formation soumise", "formations soumises");
    let noms = nommees(liste, &b.faites).map(|noms| format!(" : {noms}")).unwrap_or_default();
    let laissees = match b.laissees.len() {
        0 => String::new(),
        n => {
            let combien = accord(n as u64, "laissée de côté", "laissées de côté");
            format!(" {combien} : le tableau ci-dessous dit pourquoi.")
        }
    };
    Alerte::succes(format_args!("{soumises} au service académique{noms}.{laissees}"))
}

/// Everything that prevents each of those that an act on many left aside.
fn tableau_laissees(liste: &ListeLot, laissees: &[LaisseeDeCote], pourquoi: &str) -> Option<Tableau> {
    let annee = liste.session.annee;
    let seul = seul_lieu(liste);
    let colonnes = vec![Colonne::new("Formation"), Colonne::longue(pourquoi)];
    (!laissees.is_empty()).then(|| {
        Tableau::new("Formations laissées de côté", colonnes).lignes(laissees.iter().map(|l| {
            vec![
                Cellule::lien(sans_lieu(&l.formation, seul), adresse(annee, &l.id)),
                Cellule::markup(Markup::lignes(&l.motifs)),
            ]
        }))
    })
}

/// The establishment of the list, when there is only one.
fn seul_lieu(liste: &ListeLot) -> Option<&str> {
    seul(liste.lignes.iter().map(|l| l.etablissement.as_str()))
}

/// Returned, and still submitted from here.
fn is_a_rendre(l: &LigneLot) -> bool {
    l.retournee.is_some() && l.is_soumettable()
}

/// What is to be filled in or settled before a course is submitted; the first few by name. R-CTL-04: of one that is not, why.
fn manque(l: &LigneLot) -> String {
    match &l.soumission {
        _ if l.soumise => return "Déjà soumise".to_owned(),
        _ if l.publiee => return "Déjà publiée".to_owned(),
        Some(Ouverture::Fermee(_)) => return "Ne se soumet plus".to_owned(),
        Some(Ouverture::SansDroit) => return "Votre rôle ne la soumet pas".to_owned(),
        _ => {}
    }
    match l.a_fournir.as_deref() {
        None => "–".to_owned(),
        // R-CGE-18: it does not go with the others.
        Some([]) if l.grille.a_verifier > 0 => {
            "Rien, mais sa grille est à relire : soumettez-la seule".to_owned()
        }
        Some([]) => "Rien".to_owned(),
        Some(noms) => premiers_noms(noms),
    }
}

/// Where the confirmation of what was carried over from last year stands, for a person who reads the list.
fn ou_en_est(l: &LigneLot) -> Markup {
    match l.confirmation {
        Confirmation::Attendue if l.a_confirmer => Markup::new(Badge::new(Ton::Info, "À confirmer")),
        Confirmation::Attendue if l.soumise => Markup::texte("Non confirmée (soumise)"),
        Confirmation::Attendue => Markup::texte("Non confirmée (publiée)"),
        Confirmation::SansObjet if l.publiee => Markup::texte("Publiée"),
        autre => Markup::texte(confirmation(autre).unwrap_or_else(|| "Sans objet".to_owned())),
    }
}

/// The first few by name, the others counted.
fn premiers_noms(noms: &[&str]) -> String {
    match noms.split_at_checked(NOMMEES) {
        Some((premiers, autres)) if autres.len() > 1 => {
            format!("{} et {} autres", capitale(&premiers.join(", ")), autres.len())
        }
        _ => capitale(&noms.join(", ")),
    }
}

/// R-FOR-28, R-CTL-04: what may be written in a course now, else why nothing may, unless the page has said it for all of them (`dit`).
fn modifiables(l: &LigneLot, dit: Option<&str>) -> String {
    match l.fermeture.as_deref() {
        Some(motif) if Some(motif) == dit => return "Rien".to_owned(),
        Some(motif) => return motif.to_owned(),
        None => {}
    }
    let (ouverts, fermes): (Vec<&Champ>, Vec<&Champ>) =
        Champ::partageables().filter(|c| c.concerne(l.genre)).partition(|c| l.ouverts.contains(&c.code));
    if fermes.is_empty() {
        return "Tous les champs de la liste ci-dessous".to_owned();
    }
    let noms: Vec<String> = ouverts.iter().map(|c| minuscule(c.libelle)).collect();
    premiers_noms(&noms.iter().map(String::as_str).collect::<Vec<_>>())
}

/// Whether a course has a box: something is done now to all of them, or this one may be submitted or written.
fn is_cochable(liste: &ListeLot, l: &LigneLot) -> bool {
    liste.modification.est_ouverte() || l.is_soumettable() || liste.is_saisissable(l)
}

/// What ticks several courses at once, or unticks them.
fn cocher((liste, mots): (&ListeLot, &str), form: &Formulaire, soumettre: bool) -> Vec<(String, String)> {
    let vers = |suite: &str| vers_la_liste(liste.session.annee, ("", mots), suite);
    if !form.valeurs("formations").is_empty() {
        return vec![("Tout décocher".to_owned(), vers(""))];
    }
    let confirmables = liste.lignes.iter().filter(|l| l.is_confirmable()).count();
    let mut liens = Vec::new();
    if liste.modification.est_ouverte() && confirmables > 1 {
        let texte = format!("Cocher les {confirmables} formations à confirmer");
        liens.push((texte, vers(&format!("cocher={TOUTES}"))));
    }
    let retournees = liste.lignes.iter().filter(|l| is_a_rendre(l)).count();
    if soumettre && retournees > 1 {
        let texte = format!("Cocher les {retournees} formations retournées");
        liens.push((texte, vers(&format!("cocher={RETOURNEES}"))));
    }
    let pretes = liste.lignes.iter().filter(|l| l.is_prete()).count();
    if soumettre && pretes > 1 {
        let texte = format!("Cocher les {pretes} formations prêtes à soumettre");
        liens.push((texte, vers(&format!("cocher={PRETES}"))));
    }
    if liste.lignes.iter().filter(|l| is_cochable(liste, l)).count() > 1 {
        liens.push(("Cocher toute la liste".to_owned(), vers(&format!("cocher={LISTE}"))));
    }
    liens
}

fn tableau(liste: &ListeLot, form: &Formulaire) -> Tableau {
    let annee = liste.session.annee;
    let seul = seul_lieu(liste);
    let soumettre = liste.is_soumettable();
    let rouvertes = liste.rouvertes() > 0;
    let dit = motif_fermeture(&liste.modification);
    let mut colonnes = vec![
        Colonne::new("Formation"),
        Colonne::courte("Description"),
        Colonne::new("Changements depuis l’an dernier"),
        Colonne::courte("Confirmation"),
    ];
    if soumettre {
        colonnes.insert(2, Colonne::new("Manque pour soumettre"));
    }
    if rouvertes {
        colonnes.insert(1, Colonne::new(MODIFIABLES));
    }
    Tableau::new("Mes formations", colonnes).si_vide("Aucune formation.").lignes(liste.lignes.iter().map(
        |l| {
            let nom = match seul {
                Some(_) => l.libelle.clone(),
                None => format!("{} – {}", l.libelle, l.etablissement),
            };
            let lien = Markup::lien("Ouvrir", adresse(annee, &l.id));
            let premiere = if is_cochable(liste, l) {
                Markup::new(form.choix_de("formations", lue(&l.id, l.version), &nom).petite()).et(lien)
            } else {
                Markup::lien(&nom, adresse(annee, &l.id))
            };
            let changes = match &l.changes {
                None => "Nouvelle cette année".to_owned(),
                Some(c) if c.is_empty() => "Aucun".to_owned(),
                Some(c) => c.join(", "),
            };
            let mut cellules = vec![
                Cellule::markup(premiere),
                Cellule::markup(etat(l, annee)),
                Cellule::texte(changes),
                Cellule::markup(ou_en_est(l)),
            ];
            if soumettre {
                cellules.insert(2, Cellule::texte(manque(l)));
            }
            if rouvertes {
                cellules.insert(1, Cellule::texte(modifiables(l, dit.as_deref())));
            }
            cellules
        },
    ))
}

/// The column that says what may be written in each course, once this is not the same in all.
const MODIFIABLES: &str = "Ce qui s’y modifie";

/// What may still be done although a step is closed, said at once: the courses that have fields open (R-FOR-28, R-CTL-04), and those that may
/// be submitted (R-CTL-08, R-CTL-04).
fn alerte_reste(liste: &ListeLot) -> Option<Alerte> {
    let rouvertes = liste.rouvertes() as u64;
    let combien = accord(rouvertes, "formation a des champs rouverts", "formations ont des champs rouverts");
    let modifiables = (rouvertes > 0).then(|| {
        format!(
            "{combien} : la colonne « {MODIFIABLES} » dit ce qui se modifie dans chaque formation, ou pourquoi rien ne s’y modifie."
        )
    });
    let soumises = liste.resoumettables().map(|(motif, n)| {
        let combien = accord(
            n as u64,
            "formation retournée ou rouverte se soumet encore",
            "formations retournées ou rouvertes se soumettent encore",
        );
        format!("{motif} {combien}.")
    });
    let dits: Vec<String> = modifiables.into_iter().chain(soumises).collect();
    (!dits.is_empty()).then(|| Alerte::info(dits.join(" ")))
}

/// `mots`: what the list is kept to.
fn page(
    requete: &Requete,
    (liste, mots): (&ListeLot, &str),
    form: Formulaire,
    bilan: Option<&Bilan>,
) -> PageLot {
    let annee = liste.session.annee;
    let ouverte = liste.modification.est_ouverte();
    let soumettre = liste.is_soumettable();
    let mut alertes: Vec<Alerte> = bilan.map(|b| alerte_bilan(liste, b).annonce()).into_iter().collect();
    alertes.extend(bilan.and_then(|_| recepisse(&requete.chemin)));
    if liste.session.archivee {
        alertes.push(alerte_archive(annee));
    } else if !liste.lignes.is_empty() || mots.is_empty() {
        // What is looked for and not found closes nothing.
        alertes.extend(motif_fermeture(&liste.modification).map(Alerte::info));
        alertes.extend(alerte_reste(liste));
    }
    let max = requete.ctx.app.limites.lot_formations;
    if liste.total > max {
        alertes.push(Alerte::info(format_args!(
            "Les {} premières formations sur {} sont affichées : cherchez les autres par un mot de leur nom.",
            nombre(max),
            nombre(liste.total)
        )));
    }
    let champs: Vec<Choix> = Champ::partageables()
        .filter(|c| liste.is_ouvert(c))
        .map(|c| Choix::new(c.code, format_args!("{} : {}", surtitre(c), minuscule(c.libelle))))
        .collect();
    let cases = ouverte || soumettre || !champs.is_empty();
    let cherchee = liste.total > RECHERCHE_DES || !mots.is_empty();
    PageLot {
        liste: vers_la_liste(annee, ("", ""), ""),
        recherche: cherchee.then(|| Formulaire::default().avec("q", mots)),
        cocher: cocher((liste, mots), &form, soumettre),
        soumettre: soumettre.then(|| vers_la_liste(annee, ("/soumission", mots), "")),
        capacites: liste.capacites.est_ouverte().then(|| format!("/gestion/{annee}/lot/capacites")),
        laissees: bilan.and_then(|b| tableau_laissees(liste, &b.laissees, "Pourquoi elle n’est pas soumise")),
        tableau: tableau(liste, &form),
        cases,
        page: requete
            .page("Plusieurs formations à la fois")
            .session(&liste.session.libelle)
            .ariane(vec![super::lien_accueil(annee), super::lien_formations(annee)])
            .en_erreur(!form.est_valide()),
        url: vers_la_liste(annee, ("", mots), ""),
        classeur: format!("/gestion/{annee}/classeur"),
        alertes,
        echeance: match &liste.modification {
            Ouverture::Ouverte { ferme } => Some(Echeance::new(requete.ctx.campagne_le, *ferme)),
            _ => None,
        },
        ouverte,
        champs,
        form,
    }
}

/// What may be done of a list.
fn facons() -> [Choix; 2] {
    [
        Choix::new(AJOUTER, "Ajouter ces lignes")
            .indice("Chaque formation garde les siennes. Une ligne qui y est déjà n’est pas répétée."),
        Choix::new(REMPLACER, "Remplacer toute la liste").indice(
            "Les lignes de chaque formation disparaissent : la liste dit celles-ci, et rien d’autre.",
        ),
    ]
}

/// What a field says, line by line.
fn montre(lignes: &[String]) -> Cellule {
    match lignes {
        [] => Cellule::texte("(vide)"),
        [une] => Cellule::texte(une),
        plusieurs => Cellule::markup(Markup::lignes(plusieurs)),
    }
}

/// `mots`: what the list that the courses were ticked in is kept to.
async fn affiche_champ(
    requete: &Requete,
    (annee, mots): (i64, &str),
    champ: &'static Champ,
    ids: &[PublicId],
    form: Formulaire,
    statut: StatusCode,
) -> Resultat {
    let liste = !champ.colonnes().is_empty();
    let voulue = lit(&form, champ).ok();
    let ChampDesFormations { lignes, ferme, version } =
        field_of_courses(&requete.ctx, annee, ids, champ, voulue.as_ref()).await?;
    let mut form = form.avec_version(version);
    if liste && form.valeur(FACON).is_empty() {
        form.pose(FACON, AJOUTER);
    }
    let lot = view_lot(&requete.ctx, annee).await?;
    let colonnes = vec![Colonne::new("Formation"), Colonne::new("Aujourd’hui"), Colonne::new("Après")];
    let tableau = Tableau::new("Formations choisies", colonnes).lignes(lignes.iter().map(|l| {
        let apres = match &l.empechement {
            Some(motif) => {
                Cellule::texte(format_args!("Ce champ ne s’y modifie pas : l’ensemble sera refusé. {motif}"))
            }
            None if voulue.is_none() => Cellule::texte("À saisir"),
            None => montre(&l.apres),
        };
        vec![
            Cellule::texte(sans_lieu(&format!("{} – {}", l.libelle, l.etablissement), lot.seul.as_deref())),
            montre(&l.actuel),
            apres,
        ]
    }));
    let changent = lignes.iter().filter(|l| l.change).count();
    let retour = vers_la_liste(annee, ("", mots), "");
    Ok(rend(
        statut,
        &PageChamp {
            page: requete
                .page("Le même champ dans plusieurs formations")
                .session(&lot.session.libelle)
                .ariane(vec![
                    super::lien_accueil(annee),
                    super::lien_formations(annee),
                    Lien::new("Plusieurs formations à la fois", &retour),
                ])
                .en_erreur(!form.est_valide()),
            url: vers_la_liste(annee, (&format!("/{}", champ.code), mots), ""),
            retour,
            echeance: ferme.map(|ferme| Echeance::new(requete.ctx.campagne_le, ferme)),
            saisie: if liste {
                Markup::new(form.radios(FACON, "Dans la liste de chaque formation", &facons()))
            } else {
                saisie(&form, champ, champ.code, champ.aide, &[], false)
            },
            lignes: lignes_saisies(&form, champ, false),
            fin: format!("fin-{}", champ.code),
            surtitre: surtitre(champ),
            formations: ids.iter().map(|id| id.as_str().to_owned()).collect(),
            tableau,
            resume: if voulue.is_some() {
                format!(
                    "{} sur {}.",
                    accord(changent as u64, "formation change", "formations changent"),
                    lignes.len()
                )
            } else {
                String::new()
            },
            champ,
            form,
        },
    ))
}
