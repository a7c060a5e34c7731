//! `/academie/{annee}/controles/{id}`: a course side by side with last year, accepted or returned with its reasons.

use app::AppError;
use app::formations::{
    ChampCompare, FicheControle, PriseControle, Retour, RetourEnCours, accept_formation, cancel_retour,
    extend_retour, next_controle, return_formation, take_controle, view_controle,
};
use app::messages;
use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use domain::PublicId;
use domain::formations::controle::EtatControle;
use domain::formations::description::Rubrique;
use domain::grille::Decompte;

use super::controles::{avec, de_la_liste, decidee, limite, liste, quand, suite, vers_la_liste};
use super::lit_annee;
use crate::components::regroupement::en_bref;
use crate::components::versions::cotes;
use crate::components::{
    Aide, Alerte, Badge, Bouton, Cellule, Champ, Colonne, Constats, Definitions, Formulaire, LienBouton,
    Markup, Tableau, Ton, accord, alerte_contradictions, capacite,
};
use crate::layout::{Lien, Page, rend};
use crate::socle::brouillons::with_brouillon;
use crate::socle::{Recu, Requete, Resultat, encode, redirige, refuse};

#[derive(Template)]
#[template(path = "academie/controle.html")]
struct PageControle {
    page: Page,
    url: String,
    /// The same with the list that it was opened from.
    envoi: String,
    /// What that list looked for.
    liste: String,
    retour: String,
    formation: String,
    /// Its page on the site de gestion.
    page_formation: String,
    form: Formulaire,
    badge: Badge,
    alertes: Vec<Alerte>,
    prise: Option<(&'static str, &'static str)>,
    decidable: bool,
    /// A return that the course has not come back from.
    en_retour: Option<EnRetour>,
    /// What its establishment wrote about it, with the way there; `None`: not read by this person.
    echanges: Option<Markup>,
    depuis_retour: Option<Tableau>,
    /// A capacity out of the ordinary: why it is, and its second reading.
    capacite: Option<(Vec<String>, Definitions)>,
    /// What the reading of the grid finds.
    constats: Option<Constats>,
    changes: Tableau,
    memes: Tableau,
    /// Its multiple wish: what is said of it, its courses, the one that ranks for all, the page where it is changed.
    regroupement: Option<(String, Vec<String>, Option<String>, String)>,
    actes: Vec<(String, Definitions)>,
}

/// What may be done about a return.
struct EnRetour {
    champs: Vec<&'static str>,
    /// The form that gives more time: until when, with which words.
    prolonger: Option<(Champ, Champ)>,
    /// It may be taken back.
    reprendre: bool,
    /// Why one or the other is not offered.
    motif: Option<String>,
}

#[derive(Template)]
#[template(path = "academie/controle_retour.html")]
struct PageRetour {
    page: Page,
    url: String,
    retour: String,
    formation: String,
    form: Formulaire,
    champs: Vec<(&'static str, Champ)>,
    obstacle: Option<Alerte>,
    /// Something was typed: it stays in sight whatever happened meanwhile.
    saisie: bool,
}

fn lit_chemin((annee, id): (String, String)) -> Result<(i64, PublicId), AppError> {
    Ok((lit_annee(&annee)?, PublicId::parse(&id).ok_or(AppError::NotFound)?))
}

fn adresse(annee: i64, id: &str) -> String {
    format!("/academie/{annee}/controles/{id}")
}

pub async fn get_controle(
    requete: Requete,
    Path(chemin): Path<(String, String)>,
    Query(paires): Query<Vec<(String, String)>>,
) -> Resultat {
    let (annee, id) = lit_chemin(chemin)?;
    let f = view_controle(&requete.ctx, annee, &id).await?;
    let charte = charte(&requete, annee, &id, &f).await?;
    let form = requete.formulaire().avec_version(f.version);
    let suite = suite(&de_la_liste(&Formulaire::recu("", paires)));
    let mut page = page(&requete, annee, f, form, suite);
    page.alertes.extend(charte);
    Ok(rend(StatusCode::OK, &page))
}

/// R-CHA-04: what is said of a course to decide whose establishment has not accepted the charter in force.
async fn charte(
    requete: &Requete,
    annee: i64,
    id: &PublicId,
    f: &FicheControle,
) -> Result<Option<Alerte>, AppError> {
    if f.etat != EtatControle::Soumise {
        return Ok(None);
    }
    let numero = app::charte::not_accepted_for(&requete.ctx, annee, id).await?;
    Ok(numero.map(|n| {
        Alerte::attention(format_args!(
            "L’établissement n’a pas encore accepté la version {n} de la charte, publiée depuis qu’il a soumis cette formation. \
             Accepter la formation la publie quand même. Le chef d’établissement est prévenu par courriel : rien d’autre n’est \
             soumis avant son accord."
        ))
    }))
}

/// Taking, releasing or accepting; giving more time after a return, or taking it back.
pub async fn post_controle(
    Path(chemin): Path<(String, String)>,
    Query(paires): Query<Vec<(String, String)>>,
    mut recu: Recu,
) -> Resultat {
    let (annee, id) = lit_chemin(chemin)?;
    let requete = recu.requete.clone();
    let (ctx, garde) = (&requete.ctx, recu.garde());
    let voulus = de_la_liste(&Formulaire::recu("", paires));
    let suite = suite(&voulus);
    let ici =
        |fait: &str| avec(&vers_la_liste(&adresse(annee, id.as_str()), &suite), &format!("fait={fait}"));
    let (fait, vers) = match recu.form.valeur("acte") {
        "prolonger" => {
            let mot = recu.form.valeur("mot").to_owned();
            let Some(jusqu_a) = recu.form.lit_date("jusqu_a") else {
                let statut = StatusCode::UNPROCESSABLE_ENTITY;
                return refusee(&requete, (annee, &id), recu.form, statut, suite).await;
            };
            (extend_retour(ctx, &garde, annee, &id, jusqu_a, &mot).await, ici("retour-prolonge"))
        }
        "reprendre" => (cancel_retour(ctx, &garde, annee, &id).await, ici("retour-annule")),
        "prendre" => (take_controle(ctx, &garde, annee, &id, PriseControle::Prendre).await, ici("prise")),
        "liberer" => (take_controle(ctx, &garde, annee, &id, PriseControle::Liberer).await, ici("liberee")),
        "accepter" => {
            let suivante = next_controle(ctx, annee, &voulus, &id).await?;
            let vers = decidee(annee, &suite, "acceptee", suivante.as_deref());
            (accept_formation(ctx, &garde, annee, &id).await, vers)
        }
        _ => return Err(AppError::NotFound.into()),
    };
    let statut = match fait {
        Ok(r) => return Ok(redirige(&format!("{vers}&recepisse={}", r.numero))),
        Err(AppError::Conflict) => {
            recu.form = requete.formulaire().with_values(&recu.form);
            recu.form.refuse_tout(
                "Cette formation a changé depuis que vous l’avez ouverte. Rien n’a été décidé : relisez-la ci-dessous.",
            );
            StatusCode::CONFLICT
        }
        Err(e) => {
            refuse(&mut recu.form, e)?;
            StatusCode::UNPROCESSABLE_ENTITY
        }
    };
    refusee(&requete, (annee, &id), recu.form, statut, suite).await
}

async fn refusee(
    requete: &Requete,
    (annee, id): (i64, &PublicId),
    form: Formulaire,
    statut: StatusCode,
    suite: String,
) -> Resultat {
    let f = view_controle(&requete.ctx, annee, id).await?;
    let charte = charte(requete, annee, id, &f).await?;
    let form = form.avec_version(f.version);
    let mut page = page(requete, annee, f, form, suite);
    page.alertes.extend(charte);
    Ok(rend(statut, &page))
}

/// Two columns: before and after; with a box to return each field when it may be.
fn compare<'c>(
    legende: &str,
    (avant, apres): (&str, &str),
    champs: impl Iterator<Item = &'c ChampCompare>,
    choix: Option<&Formulaire>,
) -> Tableau {
    let colonnes = vec![
        Colonne::new(if choix.is_some() { "Champ à retourner" } else { "Champ" }),
        Colonne::longue(avant),
        Colonne::longue(apres),
    ];
    Tableau::new(legende, colonnes).legende_cachee().si_vide("Aucun champ.").lignes(champs.map(|c| {
        let nom = match choix {
            Some(form) => Markup::new(form.choix_de("champs", c.code, c.libelle).petite()),
            None => Markup::texte(c.libelle),
        };
        let [avant, apres] = cotes(&c.avant, &c.apres);
        vec![Cellule::markup(nom), avant, apres]
    }))
}

pub(super) fn ton(etat: EtatControle) -> Ton {
    match etat {
        EtatControle::Soumise => Ton::Info,
        EtatControle::Acceptee => Ton::Succes,
        EtatControle::Retournee => Ton::Attention,
        EtatControle::Brouillon => Ton::Neutre,
    }
}

fn alertes(f: &FicheControle) -> Vec<Alerte> {
    let mut alertes = Vec::new();
    match &f.pris {
        Some((_, true)) => alertes.push(Alerte::info("Vous avez pris cette formation en charge.")),
        Some((nom, false)) => alertes.push(Alerte::attention(format_args!(
            "{nom} a pris cette formation en charge : pour la contrôler à sa place, libérez-la d’abord."
        ))),
        None => {}
    }
    alertes.extend(f.retour.as_ref().map(dit_retour));
    if f.etat == EtatControle::Brouillon && !f.actes.is_empty() {
        alertes.push(Alerte::info(
            "L’établissement a modifié cette formation depuis : elle est à soumettre de nouveau.",
        ));
    }
    if !f.manques.is_empty() {
        alertes.push(Alerte::attention(format_args!("Il manque : {}.", f.manques.join(", "))));
    }
    if !f.contradictions.is_empty() {
        alertes.push(alerte_contradictions(
            &f.contradictions,
            "Ce n’est pas un obstacle, mais l’une des deux réponses est à corriger : retournez le champ de la formation, ou demandez à \
             l’établissement de corriger la sienne.",
        ));
    }
    let points = f.grille.as_ref().map_or(0, |(_, constats)| Decompte::of(constats).total());
    if points > 0 {
        alertes.push(Alerte::attention(format_args!(
            "Grille : {} à relire, plus bas, avant de décider.",
            accord(points, "point", "points")
        )));
    }
    alertes
}

/// Until when a returned course is waited for, or that it is too late.
fn dit_retour(r: &RetourEnCours) -> Alerte {
    let fin = limite(r.jusqu_a);
    if r.depasse {
        return Alerte::attention(
            "Les champs retournés ne sont plus rouverts. Si l’étape est close, l’établissement ne peut plus ni corriger ni soumettre : \
             donnez-lui un autre jour, ou annulez le retour pour décider la formation telle qu’elle a été soumise.",
        )
        .titre(format_args!("Délai dépassé depuis le {fin}"));
    }
    Alerte::info(format_args!("Retournée : l’établissement la corrige et la soumet jusqu’au {fin}."))
}

fn en_retour(form: &Formulaire, r: &RetourEnCours) -> EnRetour {
    EnRetour {
        champs: r.champs.clone(),
        prolonger: r.prolonger.is_ok().then(|| {
            let jour = form
                .date("jusqu_a", "Nouveau dernier jour pour corriger")
                .indice(format_args!("L’établissement a eu jusqu’au {}.", limite(r.jusqu_a)));
            let mot = form
                .zone("mot", "Précision pour l’établissement")
                .indice("Il la lit sur la formation ; le courriel qui le prévient ne la contient pas.")
                .lignes(2)
                .facultatif();
            (jour, mot)
        }),
        reprendre: r.reprendre.is_ok(),
        motif: r.reprendre.as_ref().err().map(messages::regle),
    }
}

/// « 1 message de l’établissement », a link to its conversation.
fn echanges(annee: i64, id: &str, messages: i64) -> Markup {
    let url = format!("/gestion/{annee}/formations/{id}/echanges");
    if messages == 0 {
        return Markup::texte("Aucun message de l’établissement sur cette formation.")
            .et(Markup::lien("Écrire à l’établissement", url));
    }
    Markup::lien(format_args!("{} de l’établissement", accord(messages, "message", "messages")), url)
}

/// `suite`: what the list that the course was opened from looks for.
fn page(requete: &Requete, annee: i64, f: FicheControle, form: Formulaire, suite: String) -> PageControle {
    let retour = liste(annee, &suite);
    let decidable = f.decision.is_ok();
    let choix = decidable.then(Formulaire::default);
    let avant = f.annee_precedente.map_or_else(|| "L’an dernier".to_owned(), |a| format!("Session {a}"));
    let apres = format!("Session {annee}");
    let cote = |changes: bool| f.champs.iter().filter(move |c| c.change == changes);
    // A course new this year has nothing to be compared with: all that it says is new.
    let changes = compare("Ce qui change", (&avant, &apres), cote(true), choix.as_ref());
    let memes = compare("Ce qui ne change pas", (&avant, &apres), cote(false), choix.as_ref());
    let depuis_retour = f
        .depuis_retour
        .as_ref()
        .map(|champs| compare("Depuis le retour", ("Au retour", "Maintenant"), champs.iter(), None));
    let actes = f
        .actes
        .iter()
        .map(|a| {
            let qui = a.par.as_ref().map(|nom| format!(" par {nom}")).unwrap_or_default();
            let quoi = a.geste.libelle();
            let mut motifs = a.motifs.iter().fold(Definitions::new(), |d, m| d.ligne(&m.libelle, &m.motif));
            if !a.mot.is_empty() {
                motifs = motifs.ligne("Précision", &a.mot);
            }
            if let Some(ms) = a.jusqu_a {
                motifs = motifs.ligne("À corriger jusqu’au", limite(ms));
            }
            (format!("{quoi} le {}{qui}", quand(a.le)), motifs)
        })
        .collect();
    PageControle {
        page: requete
            .page("Contrôler une formation")
            .session(&f.session.libelle)
            .ariane(vec![
                Lien::new("Service académique", format_args!("/academie/{annee}")),
                Lien::new("Contrôle des formations", &retour),
            ])
            .en_erreur(!form.est_valide()),
        envoi: vers_la_liste(&adresse(annee, &f.id), &suite),
        liste: suite,
        url: adresse(annee, &f.id),
        formation: f.intitule.to_string(),
        page_formation: format!("/gestion/{annee}/formations/{}", f.id),
        badge: Badge::new(ton(f.etat), f.etat.libelle()),
        alertes: alertes(&f),
        prise: match (&f.pris, f.etat) {
            (None, EtatControle::Soumise) => Some(("prendre", "Prendre en charge")),
            (Some(_), EtatControle::Soumise) => Some(("liberer", "Libérer")),
            _ => None,
        },
        decidable,
        en_retour: f.retour.as_ref().map(|r| en_retour(&form, r)),
        echanges: f.messages.map(|n| echanges(annee, &f.id, n)),
        depuis_retour,
        capacite: f.capacite.as_ref().map(|c| {
            let raisons = c.raisons.iter().map(ToString::to_string).collect();
            let lue = c.relecture.as_ref();
            (raisons, lue.map_or_else(Definitions::new, |r| capacite::relecture(Definitions::new(), r)))
        }),
        constats: f.grille.as_ref().map(|(d, constats)| {
            let grille = format!("/gestion/{annee}/formations/{}/{}", f.id, Rubrique::Grille.code());
            Constats::new(d, &grille, constats.clone())
        }),
        changes,
        memes,
        regroupement: f.regroupement.as_ref().map(|r| {
            (
                en_bref(r),
                r.formations.iter().map(|m| m.intitule.to_string()).collect(),
                r.porteuse().map(|m| m.intitule.to_string()),
                format!("/gestion/{annee}/formations/{}/regroupement", f.id),
            )
        }),
        actes,
        retour,
        form,
    }
}

/// The fields ticked, each with a place for its reason.
pub async fn get_retour(
    requete: Requete,
    Path(chemin): Path<(String, String)>,
    Query(paires): Query<Vec<(String, String)>>,
) -> Resultat {
    let (annee, id) = lit_chemin(chemin)?;
    let f = view_controle(&requete.ctx, annee, &id).await?;
    let choisis = Formulaire::recu("", paires);
    let suite = suite(&de_la_liste(&choisis));
    let mut form = requete.formulaire().avec_version(f.version);
    for code in choisis.valeurs("champs") {
        form.ajoute("champs", code);
    }
    // One draft a course, whatever fields were ticked: they come back with it.
    let retour = format!("{}/retour", adresse(annee, &f.id));
    let mut form = with_brouillon(&requete, form, &retour, f.decision.is_ok()).await?;
    if form.valeurs("champs").is_empty() && !choisis.valeur("fait").is_empty() {
        return Ok(redirige(&format!("{}?fait={}", adresse(annee, &f.id), encode(choisis.valeur("fait")))));
    }
    if form.valeurs("champs").is_empty() && !form.attend() {
        form.refuse_tout("Cochez au moins un champ à corriger.");
        return Ok(rend(StatusCode::UNPROCESSABLE_ENTITY, &page(&requete, annee, f, form, suite)));
    }
    Ok(rend(StatusCode::OK, &page_retour(&requete, annee, &f, form, &suite)))
}

pub async fn post_retour(
    Path(chemin): Path<(String, String)>,
    Query(paires): Query<Vec<(String, String)>>,
    mut recu: Recu,
) -> Resultat {
    let (annee, id) = lit_chemin(chemin)?;
    let voulus = de_la_liste(&Formulaire::recu("", paires));
    let suite = suite(&voulus);
    let requete = recu.requete.clone();
    let f = view_controle(&requete.ctx, annee, &id).await?;
    let retenus = retenus(&f, &recu.form);
    if retenus.len() != recu.form.valeurs("champs").len() {
        let inconnu = recu.form.valeurs("champs").iter().find(|c| !retenus.iter().any(|r| r.code == **c));
        return Err(AppError::Champ(inconnu.cloned().unwrap_or_default()).into());
    }
    let motifs = retenus.iter().map(|c| (c.code, recu.form.valeur(&nom_motif(c.code)).to_owned())).collect();
    let mut statut = StatusCode::UNPROCESSABLE_ENTITY;
    if let Some(jusqu_a) = recu.form.lit_date("jusqu_a") {
        let retour = Retour { motifs, jusqu_a };
        let suivante = next_controle(&requete.ctx, annee, &voulus, &id).await?;
        match return_formation(&requete.ctx, &recu.garde(), annee, &id, &retour).await {
            Ok(r) => {
                let vers = decidee(annee, &suite, "retournee", suivante.as_deref());
                return Ok(redirige(&format!("{vers}&recepisse={}", r.numero)));
            }
            Err(AppError::Invalid(fautes)) => {
                for (code, message) in fautes {
                    recu.form.refuse(&nom_motif(code), message);
                }
            }
            Err(AppError::Conflict) => {
                recu.form = requete.formulaire().with_values(&recu.form);
                recu.form.refuse_tout(
                    "Cette formation a changé depuis que vous l’avez ouverte. Rien n’a été retourné : vos motifs sont gardés ici, \
                     relisez la formation avant de les envoyer.",
                );
                statut = StatusCode::CONFLICT;
            }
            Err(e) => refuse(&mut recu.form, e)?,
        }
    }
    let form = recu.form.avec_version(f.version);
    Ok(rend(statut, &page_retour(&requete, annee, &f, form, &suite)))
}

fn nom_motif(code: &str) -> String {
    format!("motif.{code}")
}

/// The fields ticked, in the order of the forms.
fn retenus<'f>(f: &'f FicheControle, form: &Formulaire) -> Vec<&'f ChampCompare> {
    f.champs.iter().filter(|c| form.valeurs("champs").iter().any(|v| v == c.code)).collect()
}

fn page_retour(
    requete: &Requete,
    annee: i64,
    f: &FicheControle,
    form: Formulaire,
    suite: &str,
) -> PageRetour {
    let ici = adresse(annee, &f.id);
    let retour = vers_la_liste(&ici, suite);
    PageRetour {
        page: requete
            .page("Retourner la formation")
            .session(&f.session.libelle)
            .ariane(vec![
                Lien::new("Service académique", format_args!("/academie/{annee}")),
                Lien::new("Contrôle des formations", liste(annee, suite)),
                Lien::new(&f.intitule.libelle, &retour),
            ])
            .en_erreur(!form.est_valide()),
        url: vers_la_liste(&format!("{ici}/retour"), suite),
        formation: f.intitule.to_string(),
        champs: retenus(f, &form)
            .into_iter()
            .map(|c| {
                let legende = format!("Ce qui est à corriger dans « {} »", c.libelle);
                (c.code, form.zone(&nom_motif(c.code), legende).lignes(3))
            })
            .collect(),
        obstacle: f.decision.as_ref().err().map(|r| Alerte::info(messages::regle(r))),
        saisie: retenus(f, &form).iter().any(|c| !form.valeur(&nom_motif(c.code)).is_empty()),
        retour,
        form,
    }
}
