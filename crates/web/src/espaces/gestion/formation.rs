//! `/gestion/{annee}/formations/{id}`: the settings of one course.

use app::AppError;
use app::formations::{Confirmation, Ouverture, Parametrage, Precedente, save_parametrage, view_parametrage};
use app::messages;
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use domain::PublicId;
use domain::calendrier::Etape;
use domain::droits::Action;
use domain::formations::controle::EtatControle;
use domain::formations::description::Rubrique;
use domain::formations::{PRESENTATION_MAX, format_montant};
use domain::references::Theme;
use domain::territoires::HeureLocale;
use jiff::Timestamp;

use super::relecture::{self, Reperes};
use super::saisie::{self, Lu, RELIRE, champ_places, require_ecriture};
use crate::components::demandes::{fermee, suivis};
use crate::components::fiche::{FichePublique, places_et_frais};
use crate::components::{
    Aide, Alerte, Badge, Bouton, Cellule, Champ, Colonne, Definitions, Echeance, Formulaire, LienBouton,
    Markup, Previsualisation, Tableau, Ton, accord, badges_grille, lue, nombre, recepisse, regroupement,
};
use crate::layout::{Page, rend};
use crate::socle::brouillons::{still_waiting, with_brouillon};
use crate::socle::{Recu, Requete, Resultat, redirige};

#[derive(Template)]
#[template(path = "gestion/formation.html")]
struct PageFormation {
    page: Page,
    url: String,
    surtitre: String,
    badges: Markup,
    aide: Aide,
    alertes: Vec<Alerte>,
    form: Formulaire,
    /// Both values of each field where they differ, when someone else saved the course meanwhile.
    conflit: Option<Tableau>,
    /// Absent for those who do not read them (R-DRO-04).
    capacites: Option<Section>,
    reperes: Option<Reperes>,
    /// To last year's capacity, when it may be put back.
    reconduire: Option<String>,
    textes: Section,
    modifiable: bool,
    rubriques: Vec<Volet>,
    /// Whether what comes from last year was said to be right.
    confirmation: Option<Reprise>,
    /// The page of its grouping, and what is said of it.
    regroupement: (String, String),
    champs: Vec<Markup>,
    somme_groupes: bool,
    presentation: Markup,
    apercu: Previsualisation,
    presentation_precedente: Option<(i64, String)>,
    publier: Option<(&'static str, String)>,
    fiche: Option<String>,
    versions: Option<String>,
    /// What the course declared, to print.
    recapitulatif: String,
    /// To the conversation, for those who read it.
    echanges: Option<String>,
    /// To what may be asked of the academic service.
    demander: Option<String>,
    /// What was asked about its life.
    demandes: Option<Tableau>,
    classements: Vec<(String, String)>,
    /// R-REG-03: which other course ranks for this one.
    classee_par: Option<String>,
    maj: String,
}

/// A part of the description, with a page of its own.
struct Volet {
    libelle: &'static str,
    url: String,
    manques: Vec<&'static str>,
    /// What the reading of the grid finds.
    points: Vec<Badge>,
}

/// What was carried over from last year: what is said of it, and the button that confirms it, for those who may now.
struct Reprise {
    dit: String,
    bouton: Option<&'static str>,
    /// Where it is sent, with what.
    vers: String,
    acte: &'static str,
    formation: String,
}

/// A part of the form and its step of the calendar.
struct Section {
    ouverte: bool,
    echeance: Option<Echeance>,
    motif: Option<String>,
}

pub(super) fn adresse(annee: i64, id: &str) -> String {
    format!("/gestion/{annee}/formations/{id}")
}

/// Year and public identifier of an address; anything else does not exist.
pub(super) fn lit_chemin((annee, id): (String, String)) -> Result<(i64, PublicId), AppError> {
    let annee = annee.parse().map_err(|_| AppError::NotFound)?;
    Ok((annee, PublicId::parse(&id).ok_or(AppError::NotFound)?))
}

pub async fn get_formation(requete: Requete, Path(chemin): Path<(String, String)>) -> Resultat {
    let (annee, id) = lit_chemin(chemin)?;
    let p = view_parametrage(&requete.ctx, annee, &id).await?;
    let form = saisie::remplit(requete.formulaire(), &p);
    let modifiable = p.capacites.est_ouverte() || p.textes.est_ouverte();
    let form = with_brouillon(&requete, form, &adresse(annee, &p.id), modifiable).await?;
    Ok(rend(StatusCode::OK, &page(&requete, p, form, None).await?))
}

pub async fn post_formation(Path(chemin): Path<(String, String)>, mut recu: Recu) -> Resultat {
    let (annee, id) = lit_chemin(chemin)?;
    let requete = recu.requete.clone();
    let p = view_parametrage(&requete.ctx, annee, &id).await?;
    p.require_champs(&requete.ctx, recu.form.noms().filter(|n| *n != "acte"))?;
    if recu.form.valeur("acte") == RELIRE {
        let une = if p.capacites == Ouverture::SansDroit { &p.textes } else { &p.capacites };
        require_ecriture(une, Action::ModifierFormation)?;
        return Ok(rend(StatusCode::OK, &page(&requete, p, recu.form, None).await?));
    }
    let commande = saisie::lit(&mut recu.form, &p);
    if !recu.form.est_valide() {
        return refusee(&requete, p, recu.form).await;
    }
    match save_parametrage(&requete.ctx, &recu.garde(), annee, &id, &commande).await {
        Ok(r) => Ok(redirige(&format!("{}?fait=enregistre&recepisse={}", adresse(annee, &p.id), r.numero))),
        Err(AppError::Conflict) => en_conflit(&requete, annee, &id, recu.form).await,
        Err(e) => {
            saisie::refuse_saisie(&mut recu.form, &p, e)?;
            refusee(&requete, p, recu.form).await
        }
    }
}

async fn refusee(requete: &Requete, p: Parametrage, form: Formulaire) -> Resultat {
    Ok(rend(StatusCode::UNPROCESSABLE_ENTITY, &page(requete, p, form, None).await?))
}

/// TRX-4: nothing is overwritten in silence. What was typed stays in the form, beside what is now stored; sending it
/// again, over the version now seen, is a choice.
async fn en_conflit(requete: &Requete, annee: i64, id: &PublicId, saisi: Formulaire) -> Resultat {
    let p = view_parametrage(&requete.ctx, annee, id).await?;
    let tableau = conflit(&p, &saisi);
    let mut form = saisie::remplit(requete.formulaire(), &p).kept_as(&saisi);
    for nom in saisi.noms().map(str::to_owned).collect::<Vec<_>>() {
        form.pose(&nom, saisi.valeur(&nom));
    }
    form.refuse_tout(
        "Quelqu’un a enregistré cette formation pendant que vous la modifiiez. Rien n’a été écrasé : comparez, \
         corrigez, puis enregistrez de nouveau.",
    );
    Ok(rend(StatusCode::CONFLICT, &page(requete, p, form, Some(tableau)).await?))
}

fn conflit(p: &Parametrage, saisi: &Formulaire) -> Tableau {
    let actuel = saisie::remplit(Formulaire::default(), p);
    let mut champs = vec![
        ("capacite".to_owned(), "Capacité d’accueil".to_owned()),
        ("frais".to_owned(), "Frais de scolarité".to_owned()),
    ];
    if p.groupes.len() > 1 {
        champs.extend(
            p.groupes.iter().map(|g| (champ_places(g), format!("Places du groupe « {} »", g.libelle))),
        );
    }
    champs.push(("presentation".to_owned(), "Présentation".to_owned()));
    let colonnes = vec![Colonne::new("Champ"), Colonne::new("Votre saisie"), Colonne::new("Enregistré")];
    let montre = |texte: &str| {
        Cellule::texte(if texte.trim().is_empty() { "(vide)".to_owned() } else { texte.to_owned() })
    };
    let differents =
        champs.into_iter().filter(|(nom, _)| saisi.noms().any(|n| n == nom)).filter_map(|(nom, libelle)| {
            let (ici, la) = (saisi.valeur(&nom).replace("\r\n", "\n"), actuel.valeur(&nom));
            (ici.trim() != la.trim()).then(|| vec![Cellule::texte(libelle), montre(&ici), montre(la)])
        });
    Tableau::new("Ce qui diffère", colonnes)
        .si_vide("Votre saisie est identique aux valeurs enregistrées entre-temps.")
        .lignes(differents)
}

fn section(requete: &Requete, locale: Option<HeureLocale>, ouverture: &Ouverture) -> Section {
    Section {
        ouverte: ouverture.est_ouverte(),
        echeance: match ouverture {
            Ouverture::Ouverte { ferme } => {
                Some(Echeance::new(requete.ctx.campagne_le, *ferme).locales(locale))
            }
            _ => None,
        },
        motif: saisie::motif_fermeture(ouverture),
    }
}

/// What last year said; `vide`: how it is told that it said nothing.
fn en_annee(
    p: Option<&Precedente>,
    vide: &str,
    valeur: impl Fn(&Precedente) -> Option<String>,
) -> Option<String> {
    let p = p?;
    Some(format!("En {} : {}.", p.annee, valeur(p).unwrap_or_else(|| vide.to_owned())))
}

fn avec_indice(champ: Champ, indice: Option<String>) -> Champ {
    match indice {
        Some(texte) => champ.indice(texte),
        None => champ,
    }
}

/// Whether a field is shown as one: it may be written, or something else than what is stored was typed while it still could.
fn is_champ(p: &Parametrage, form: &Formulaire, nom: &str) -> bool {
    if p.is_ouvert(nom) {
        return true;
    }
    let actuel = saisie::remplit(Formulaire::default(), p);
    let typee = form.valeur(nom).replace("\r\n", "\n");
    form.noms().any(|n| n == nom) && typee.trim() != actuel.valeur(nom).trim()
}

/// What is typed of the numbers, after those that one may only read now.
fn champs(p: &Parametrage, form: &Formulaire) -> Vec<Markup> {
    if !p.capacites_lisibles {
        return Vec::new();
    }
    let avant = p.precedente.as_ref();
    let dit = |n: i64| accord(n, "place", "places");
    let mut lus = Definitions::new();
    let mut champs = Vec::new();
    let fermee = !p.is_ouvert("capacite");
    if is_champ(p, form, "capacite") {
        let indice = en_annee(avant, "non renseignée", |p| p.capacite.map(dit));
        let capacite = form.nombre("capacite", "Capacité d’accueil").unite("places").desactive(fermee);
        champs.push(Markup::new(capacite.indice(relecture::definition(indice))));
    } else {
        lus = lus.ligne("Capacité d’accueil", p.capacite.map_or_else(|| "Non renseignée".to_owned(), dit));
    }
    if is_champ(p, form, "frais") {
        let indice = en_annee(avant, "non renseignés", |p| p.frais_centimes.map(format_montant));
        let frais = form.montant("frais", "Frais de scolarité").unite("€ par an");
        champs.push(Markup::new(avec_indice(frais.desactive(!p.is_ouvert("frais")), indice)));
    } else {
        let frais = p.frais_centimes.map(|c| format!("{} par an", format_montant(c)));
        lus = lus.ligne("Frais de scolarité", frais.unwrap_or_else(|| "Non renseignés".to_owned()));
    }
    for g in p.groupes.iter().filter(|_| p.groupes.len() > 1) {
        let libelle = format!("Places du groupe « {} »", g.libelle);
        let nom = champ_places(g);
        if !is_champ(p, form, &nom) {
            let places = p.capacite.map_or_else(|| "Non renseignées".to_owned(), |_| dit(g.places));
            lus = lus.ligne(libelle, places);
            continue;
        }
        let places = en_annee(avant, "non renseignées", |p| {
            p.groupes.iter().find(|(l, _)| *l == g.libelle).map(|(_, n)| dit(*n))
        });
        let indice = places.map_or_else(|| g.series.clone(), |t| format!("{}. {t}", g.series));
        let champ = form.nombre(&nom, libelle).unite("places").indice(indice);
        champs.push(Markup::new(champ.desactive(fermee)));
    }
    if !lus.est_vide() {
        champs.insert(0, Markup::new(lus));
    }
    champs
}

/// The text that presents the course: typed, or read by whoever may not type it now.
fn presentation(p: &Parametrage, form: &Formulaire) -> Markup {
    if is_champ(p, form, "presentation") {
        let indice = format!(
            "Texte simple, {} caractères au plus. Une ligne vide sépare deux paragraphes.",
            nombre(i64::try_from(PRESENTATION_MAX).unwrap_or(i64::MAX))
        );
        let champ = form.zone("presentation", "Présentation publique").indice(indice).lignes(10);
        return Markup::new(champ.facultatif().desactive(!p.is_ouvert("presentation")));
    }
    let lignes: Vec<String> = p.presentation.lines().map(str::to_owned).collect();
    if lignes.is_empty() {
        return Markup::new(Definitions::new().ligne("Présentation publique", "Non renseignée"));
    }
    Markup::new(Definitions::new().ligne_markup("Présentation publique", Markup::lignes(&lignes)))
}

/// What the academic service does with the course, and what it asks for.
fn controle(p: &Parametrage) -> Vec<Alerte> {
    let Some(c) = &p.controle else { return Vec::new() };
    let close = matches!(p.publication, Ouverture::Fermee(_));
    let limite = |ms| Timestamp::from_millisecond(ms).map(messages::date_limite).unwrap_or_default();
    match c.etat {
        EtatControle::Soumise => vec![Alerte::info(format_args!(
            "Soumise au service académique le {}.{}",
            c.soumise_le.map(date).unwrap_or_default(),
            if close {
                ""
            } else {
                " La modifier la retire du contrôle : elle serait à soumettre de nouveau."
            }
        ))],
        EtatControle::Acceptee => vec![Alerte::succes("Acceptée par le service académique.")],
        EtatControle::Retournee => {
            let mut motifs = c.retours.iter().fold(Definitions::new(), |d, m| d.ligne(&m.libelle, &m.motif));
            if !c.mot.is_empty() {
                motifs = motifs.ligne("Précision du service académique", &c.mot);
            }
            let jusque = c.jusqu_a.map(limite).unwrap_or_default();
            if c.depasse {
                return vec![retour_depasse(p, &jusque).suite(Markup::new(motifs))];
            }
            vec![
                Alerte::attention(format_args!(
                    "Corrigez ces champs, puis soumettez de nouveau la formation, jusqu’au {jusque} :"
                ))
                .titre("Le service académique vous retourne cette formation")
                .suite(Markup::new(motifs)),
            ]
        }
        EtatControle::Brouillon if c.a_resoumettre && !close => vec![Alerte::attention(
            "Cette formation a changé depuis sa soumission : elle est à soumettre de nouveau.",
        )],
        EtatControle::Brouillon => Vec::new(),
    }
}

/// R-CTL-09: the last day of a return is past: what it means, and whom to write to.
fn retour_depasse(p: &Parametrage, jusque: &str) -> Alerte {
    let suite = match &p.publication {
        Ouverture::Ouverte { ferme } => format!(
            "Ce qui est encore ouvert se corrige, et la formation se soumet de nouveau, jusqu’au {}.",
            messages::date_limite(*ferme)
        ),
        _ => "Les champs retournés ne se modifient plus et la formation n’est plus au contrôle : rien de ce qui a changé ne devient \
              public. Le service académique peut vous donner un nouveau jour, ou annuler le retour : écrivez-lui."
            .to_owned(),
    };
    let alerte = Alerte::attention(suite).titre(format_args!(
        "Le jour donné pour corriger cette formation est passé : c’était jusqu’au {jusque}"
    ));
    if !p.echanges {
        return alerte;
    }
    let vers = format!("{}/echanges", adresse(p.session.annee, &p.id));
    alerte.suite(Markup::lien("Écrire au service académique", vers))
}

/// R-VIE-11: what an accepted request keeps open, and until when.
fn rouverte(p: &Parametrage) -> Option<Alerte> {
    let (nature, fin) = p.rouverte?;
    let ecrit = [&p.capacites, &p.textes, &p.publication].iter().any(|o| o.est_ouverte());
    let fin = Timestamp::from_millisecond(fin).map(messages::date_limite).ok().filter(|_| ecrit)?;
    let verbe = if p.controle.is_some() { "se soumet" } else { "se publie" };
    let suite = match &p.publication {
        Ouverture::Ouverte { ferme } => {
            format!(" La formation {verbe} jusqu’au {}.", messages::date_limite(*ferme))
        }
        _ => String::new(),
    };
    let texte = format!("Les champs que cette demande rouvre se modifient jusqu’au {fin}.{suite}");
    Some(Alerte::info(texte).titre(format_args!("Demande acceptée : {}", nature.libelle().to_lowercase())))
}

/// R-APP-21: what a record of the catalogue that came late keeps open, and until when.
fn tardive(p: &Parametrage) -> Option<Alerte> {
    let ecrit = [&p.capacites, &p.textes, &p.publication].iter().any(|o| o.est_ouverte());
    let fin = p.tardive.filter(|_| ecrit).and_then(|fin| Timestamp::from_millisecond(fin).ok())?;
    let fin = messages::date_limite(fin);
    let verbe = if p.controle.is_some() { "se soumet" } else { "se publie" };
    let texte = format!(
        "La fiche de cette formation est arrivée après la période de paramétrage, ou peu avant sa fin : tous ses champs se modifient, et \
         la formation {verbe}, jusqu’au {fin}."
    );
    Some(Alerte::info(texte).titre("Fiche tardive du catalogue de l’apprentissage"))
}

fn alertes(requete: &Requete, p: &Parametrage) -> Vec<Alerte> {
    let mut alertes: Vec<Alerte> = recepisse(&requete.chemin).into_iter().collect();
    if p.session.archivee {
        alertes.push(saisie::alerte_archive(p.session.annee));
        return alertes;
    }
    if let Some(fin) = &p.fin {
        alertes.push(fermee(fin, |id| adresse(p.session.annee, id)));
        return alertes;
    }
    alertes.extend(controle(p));
    alertes.extend(rouverte(p));
    alertes.extend(tardive(p));
    // Once the step is closed, there is nothing more to do before publication.
    if matches!(p.publication, Ouverture::Fermee(_)) {
        return alertes;
    }
    if p.controle.as_ref().is_some_and(|c| matches!(c.etat, EtatControle::Soumise | EtatControle::Acceptee)) {
        return alertes;
    }
    if let Some(c) = p.comparaison.as_ref().filter(|c| c.is_en_attente()) {
        let verbe = saisie::verbe(p.controle.is_some());
        let dit = format!("La capacité enregistrée est à relire avant de {verbe}.");
        let url = adresse(p.session.annee, &p.id);
        alertes.push(Alerte::attention(dit).suite(relecture::lien(&url, c)));
    }
    if !p.manques.is_empty() {
        alertes.push(Alerte::attention(saisie::il_manque(p)));
    } else if let (true, Some(publiee)) = (p.a_publier, &p.publiee) {
        let change = if p.differences.is_empty() {
            saisie::lecture_publique(publiee)
        } else {
            format!(
                "Ont changé depuis la publication du {} : {}.",
                date(publiee.publie_le),
                p.differences.join(" ; ")
            )
        };
        alertes.push(Alerte::attention(format_args!(
            "Les valeurs enregistrées ne sont pas encore publiques. {change}"
        )));
    } else if p.a_publier {
        alertes.push(Alerte::info("Cette formation n’est pas encore publiée : le public ne la voit pas."));
    }
    alertes
}

/// What the public will read: of what is typed while it may be saved; of what is stored beside a conflict.
fn apercu(p: &Parametrage, form: &Formulaire, lu: Lu) -> Previsualisation {
    let modifiable = p.capacites.est_ouverte() || p.textes.est_ouverte();
    let ouverte = lu.shows_typed(form, p.version, modifiable);
    let mut public = FichePublique::apercu();
    // Read on a copy: what is at fault is told once the form is sent.
    let typee = ouverte.then(|| saisie::lit(&mut form.clone(), p));
    let capacites = typee.as_ref().and_then(|t| t.capacites.as_ref());
    if p.capacites_lisibles {
        let mut groupes = p.groupes.clone();
        for g in &mut groupes {
            let places = capacites.and_then(|c| c.places.iter().find(|(id, _)| *id == g.id));
            g.places = places.map_or(g.places, |(_, n)| *n);
        }
        let capacite = capacites.map_or(p.capacite, |c| c.capacite);
        let frais = capacites.map_or(p.frais_centimes, |c| c.frais_centimes);
        public = public
            .essentiel(places_et_frais(capacite, frais))
            .groupes(&saisie::groupes_publics(capacite, &groupes), Markup::default());
    }
    let presentation = typee.as_ref().and_then(|t| t.presentation.as_ref()).unwrap_or(&p.presentation);
    let public = public.presentation(&presentation.replace("\r\n", "\n"));
    Previsualisation::new(public.lue())
        .saisie(ouverte)
        .suivie(lu.follows(modifiable))
        .relue(form.valeur("acte") == RELIRE)
}

/// R-FOR-24: where last year's capacity is put back, when the draft says another and may be written.
fn reconduire(p: &Parametrage) -> Option<String> {
    let avant = p.precedente.as_ref().filter(|a| a.capacite.is_some() && p.is_ouvert("capacite"))?;
    let autre =
        |g: &app::formations::Groupe| avant.groupes.iter().any(|(l, n)| *l == g.libelle && *n != g.places);
    let differe = avant.capacite != p.capacite || (p.groupes.len() > 1 && p.groupes.iter().any(autre));
    differe.then(|| format!("/gestion/{}/lot/capacites?formation={}", p.session.annee, p.id))
}

/// R-FOR-14: nothing is said of a course that takes nothing over from last year.
fn reprise(p: &Parametrage) -> Option<Reprise> {
    // Whoever submitted it said that it is right.
    let soumise =
        p.controle.as_ref().is_some_and(|c| matches!(c.etat, EtatControle::Soumise | EtatControle::Acceptee));
    let dit = match p.confirmation {
        Confirmation::SansObjet => return None,
        Confirmation::Attendue if p.session.archivee || soumise => return None,
        Confirmation::Attendue => {
            let source = if p.comme_avant { "celle de l’an dernier" } else { "reprise de l’an dernier" };
            format!("La description est {source} : personne n’a encore dit qu’elle est juste.")
        }
        autre => format!("{}.", saisie::confirmation(autre)?),
    };
    let bouton = match p.confirmation {
        Confirmation::Attendue if p.comme_avant => "Confirmer comme l’an dernier",
        Confirmation::Attendue => "Confirmer la description",
        _ => "Confirmer de nouveau",
    };
    let attend = !matches!(p.confirmation, Confirmation::Faite(_));
    Some(Reprise {
        dit,
        bouton: (attend && p.confirmable && !soumise).then_some(bouton),
        vers: format!("/gestion/{}/lot", p.session.annee),
        acte: super::lot::ICI,
        formation: lue(&p.id, p.version_publication),
    })
}

/// The other course whose commission ranks for this one.
fn classee_par(p: &Parametrage) -> Option<String> {
    let porteuse = p.regroupement.as_ref()?.porteuse()?;
    (porteuse.id != p.id).then(|| porteuse.intitule.to_string())
}

fn date(ms: i64) -> String {
    Timestamp::from_millisecond(ms).map(messages::date_heure).unwrap_or_default()
}

/// What the documents of reference of a course are about, beside those of its parts.
fn themes(p: &Parametrage) -> Vec<Theme> {
    let mut themes = vec![Theme::Formation, Theme::Capacites];
    if p.apprentissage {
        themes.push(Theme::Apprentissage);
    }
    themes
}

async fn page(
    requete: &Requete,
    p: Parametrage,
    form: Formulaire,
    conflit: Option<Tableau>,
) -> Result<PageFormation, AppError> {
    let annee = p.session.annee;
    let modifiable = p.capacites.est_ouverte() || p.textes.est_ouverte();
    let form = still_waiting(requete, form, modifiable).await?;
    let aide =
        Aide::new("page-d-une-formation", "la page d’une formation").sur(requete, annee, &themes(&p)).await?;
    let url = adresse(annee, &p.id);
    let soumise = p.controle.as_ref().is_some_and(|c| c.etat == EtatControle::Soumise);
    let mut badges =
        super::formations::badges(p.etat, soumise).et(Badge::new(Ton::Neutre, p.genre.libelle()));
    if p.apprentissage {
        badges = badges.et(Badge::new(Ton::Info, "Apprentissage"));
    }
    badges = badges.et(Badge::new(Ton::Neutre, if p.selective { "Sélective" } else { "Non sélective" }));
    let qui = p.maj_par.as_ref().map(|nom| format!(" par {nom}")).unwrap_or_default();
    let precedente =
        p.precedente.as_ref().filter(|a| !a.presentation.is_empty() && a.presentation != p.presentation);
    let visible = !p.session.archivee
        && p.session.calendrier.require_open(Etape::Consultation, requete.ctx.campagne_le).is_ok();
    Ok(PageFormation {
        page: requete
            .page(&p.intitule.libelle)
            .session(&p.session.libelle)
            .ariane(vec![super::lien_accueil(annee), super::lien_formations(annee)])
            .en_erreur(!form.est_valide()),
        surtitre: format!("{} – {}", p.intitule.etablissement, p.intitule.lieu),
        badges,
        aide,
        alertes: alertes(requete, &p),
        apercu: apercu(&p, &form, if conflit.is_some() { Lu::Enregistre } else { Lu::Saisi })
            .publie(visible && p.publiee.is_some() && !p.a_publier),
        conflit,
        reperes: p.comparaison.as_ref().map(|c| Reperes::new(&url, &p, c)),
        reconduire: reconduire(&p),
        capacites: p.capacites_lisibles.then(|| section(requete, p.locale, &p.capacites)),
        textes: section(requete, p.locale, &p.textes),
        modifiable,
        rubriques: p
            .rubriques
            .iter()
            .map(|(r, manques)| Volet {
                libelle: r.libelle(),
                url: format!("{url}/{}", r.code()),
                manques: manques.clone(),
                points: if *r == Rubrique::Grille { badges_grille(p.grille) } else { Vec::new() },
            })
            .collect(),
        confirmation: reprise(&p),
        regroupement: (
            format!("{url}/regroupement"),
            p.regroupement.as_ref().map_or_else(
                || "Aucun : les candidats y font un vœu à part.".to_owned(),
                regroupement::en_bref,
            ),
        ),
        champs: champs(&p, &form),
        somme_groupes: p.groupes.len() > 1,
        presentation: presentation(&p, &form),
        presentation_precedente: precedente.map(|a| (a.annee, a.presentation.clone())),
        publier: (p.publication.est_ouverte()
            && p.a_publier
            && p.manques.is_empty()
            && !relecture::is_en_attente(&p))
        .then(|| match p.controle.as_ref().map(|c| c.etat) {
            None => Some(("Relire et publier", format!("{url}/publier"))),
            Some(EtatControle::Soumise) => None,
            Some(_) => Some(("Relire et soumettre", format!("{url}/publier"))),
        })
        .flatten(),
        fiche: (visible && (p.publiee.is_some() || p.fin.is_some())).then(|| format!("/formations/{}", p.id)),
        versions: p.publiee.is_some().then(|| format!("{url}/versions")),
        recapitulatif: format!("{url}/recapitulatif.pdf"),
        echanges: p.echanges.then(|| format!("{url}/echanges")),
        demander: p.demander.then(|| format!("{url}/demander")),
        demandes: (!p.demandes.is_empty()).then(|| suivis(annee, &p.demandes, false)),
        classee_par: classee_par(&p),
        classements: if p.classement && classee_par(&p).is_none() {
            p.groupes
                .iter()
                .map(|g| (g.libelle.clone(), format!("/gestion/{annee}/groupes/{}", g.id)))
                .collect()
        } else {
            Vec::new()
        },
        maj: format!("Dernière modification : {}{qui}.", date(p.maj_le)),
        form,
        url,
    })
}
