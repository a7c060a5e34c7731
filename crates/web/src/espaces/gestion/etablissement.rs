//! `/gestion/{annee}/etablissements/{id}`: the settings of an establishment, one part at a time, with what the public reads.

mod retrait;
pub(super) mod saisie;

use std::collections::BTreeSet;

use app::AppError;
use app::completude::contact;
use app::etablissements::{
    Chef, ChefEtablissement, Modification, Prise, VueEtablissement, own_establishments, read_signature,
    save_etablissement, send_signature, view_etablissement, view_retrait,
};
use app::formations::{
    DemandeReouverture, Ouverture, SuiviDemande, ask_reouverture, requests_of, view_reouverture,
};
use app::messages;
use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use domain::PublicId;
use domain::droits::{Action, Denial};
use domain::etablissements::{Civilite, Internat, Manque, Partie};
use domain::references::Theme;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;

use super::demandes::{deposee, refuse_motif};
use super::formation::lit_chemin;
use super::saisie::{Lu, RELIRE, alerte_archive, motif_fermeture, require_ecriture};
use crate::components::demandes::suivis;
use crate::components::etablissement::{LUES, definitions_de, journee_sous_son_jour};
use crate::components::{
    Aide, Alerte, Apercu, Badge, Bouton, Choix, Definitions, Echeance, Formulaire, LienBouton, Markup, Plan,
    Previsualisation, Tableau, Ton,
};
use crate::layout::{Lien, Page, rend};
use crate::socle::brouillons::{still_waiting, with_brouillon};
use crate::socle::{Acces, Recu, RecuFichier, Requete, Resultat, Table, fichier, redirige, refuse};

pub fn routes() -> Table {
    let consulter = Acces::Action(Action::ConsulterEtablissement);
    let modifier = Acces::Action(Action::ModifierEtablissement);
    let demander = Acces::Action(Action::DemanderFormation);
    Table::new()
        .get("/gestion/{annee}/etablissements", consulter, get_choix)
        .get("/gestion/{annee}/etablissements/{id}", consulter, get_etablissement)
        .post("/gestion/{annee}/etablissements/{id}", demander, post_etablissement)
        .get("/gestion/{annee}/etablissements/{id}/{partie}", consulter, get_partie)
        .post("/gestion/{annee}/etablissements/{id}/{partie}", modifier, post_partie)
        .get("/gestion/{annee}/etablissements/{id}/signature", consulter, get_signature)
        .post("/gestion/{annee}/etablissements/{id}/signature/import", modifier, post_signature)
}

pub(super) fn adresse(annee: i64, id: &str) -> String {
    format!("/gestion/{annee}/etablissements/{id}")
}

#[derive(Template)]
#[template(path = "gestion/etablissements.html")]
struct PageChoix {
    page: Page,
    etablissements: Vec<(String, String)>,
}

/// One establishment: its settings at once; several: the list of them.
pub async fn get_choix(requete: Requete, Path(annee): Path<String>) -> Resultat {
    let annee = annee.parse().map_err(|_| AppError::NotFound)?;
    let siens = own_establishments(&requete.ctx, annee).await?;
    if let [(id, _)] = siens.as_slice() {
        return Ok(redirige(&adresse(annee, id)));
    }
    let page = requete
        .page("Mes établissements")
        .session(format_args!("Session {annee}"))
        .ariane(vec![super::lien_accueil(annee)]);
    let etablissements = siens.into_iter().map(|(id, nom)| (nom, adresse(annee, &id))).collect();
    Ok(rend(StatusCode::OK, &PageChoix { page, etablissements }))
}

/// One part on the page of the whole.
struct Volet {
    libelle: &'static str,
    url: String,
    /// What is said of it.
    etat: String,
}

#[derive(Template)]
#[template(path = "gestion/etablissement.html")]
struct PageEtablissement {
    page: Page,
    surtitre: String,
    badge: Badge,
    aide: Aide,
    alertes: Vec<Alerte>,
    echeance: Option<Echeance>,
    volets: Vec<Volet>,
    public: Definitions,
    /// Whom to call, for those who read it.
    contacts: Option<Vec<String>>,
    /// What it declared, and its courses, to print.
    recapitulatif: String,
    /// Those that rank who asks for a place.
    internats: String,
    /// To the conversation, for those who read it.
    echanges: Option<String>,
    /// R-ETA-13: to its name and its status, for those who correct them.
    identite: Option<String>,
    /// What it asked about its courses, for whoever may ask.
    demandes: Option<Tableau>,
    toutes: String,
    /// R-ETA-11: what is closed, for whoever may ask that it be opened again.
    rouvrir: Option<Rouvrir>,
    form: Formulaire,
    url: String,
    maj: String,
}

/// Parts that nothing opens now.
struct Rouvrir {
    parties: Vec<Choix>,
    /// Why none can be asked for now.
    obstacle: Option<Alerte>,
}

impl Rouvrir {
    /// Nothing when nothing is closed. What was typed stays in sight with its faults.
    fn new(d: &DemandeReouverture, form: &Formulaire) -> Option<Self> {
        if d.closes.is_empty() && form.est_valide() {
            return None;
        }
        let obstacle = d.possible.as_ref().err().filter(|_| form.est_valide());
        Some(Self {
            parties: d.closes.iter().map(|p| Choix::new(p.code(), p.libelle())).collect(),
            obstacle: obstacle.map(|r| Alerte::info(messages::regle(r))),
        })
    }
}

fn ariane(v: &VueEtablissement, avec: bool) -> Vec<Lien> {
    let annee = v.session.annee;
    let mut liens = vec![super::lien_accueil(annee)];
    if avec {
        liens.push(Lien::new(&v.ligne.nom, adresse(annee, &v.ligne.etablissement)));
    }
    liens
}

/// What the public reads of some parts, its name and status going with its address.
fn public(v: &VueEtablissement, parties: impl IntoIterator<Item = Partie>) -> Definitions {
    parties.into_iter().fold(Definitions::new(), |d, partie| {
        let d = if partie == Partie::Coordonnees { identite(d, v) } else { d };
        definitions_de(d, &v.public, partie)
    })
}

fn identite(mut d: Definitions, v: &VueEtablissement) -> Definitions {
    d = d.ligne("Établissement", &v.ligne.nom);
    if !v.ligne.sigle.is_empty() {
        d = d.ligne("Sigle", &v.ligne.sigle);
    }
    if !v.statut.is_empty() {
        d = d.ligne("Statut", v.statut);
    }
    if !v.public.tutelle.is_empty() {
        d = d.ligne("Ministère de tutelle", v.public.tutelle);
    }
    if let Some(site) = &v.ligne.site_web {
        d = d.ligne_markup("Site de l’établissement", Markup::lien(site, site));
    }
    d
}

fn badge(v: &VueEtablissement) -> Badge {
    if v.manques.is_empty() {
        Badge::new(Ton::Succes, "Complet")
    } else {
        Badge::new(Ton::Attention, "À compléter")
    }
}

fn alertes(v: &VueEtablissement) -> Vec<Alerte> {
    if v.session.archivee {
        return vec![alerte_archive(v.session.annee)];
    }
    let manques: Vec<&str> = v.manques.iter().map(|m| m.libelle()).collect();
    let mut alertes: Vec<Alerte> = motif_fermeture(&v.modification).map(Alerte::info).into_iter().collect();
    if !manques.is_empty() {
        alertes.push(Alerte::attention(format_args!(
            "Les formations de l’établissement ne peuvent pas être publiées tant qu’il manque : {}.",
            manques.join(", ")
        )));
    }
    alertes
}

fn echeance(requete: &Requete, v: &VueEtablissement, ouverture: &Ouverture) -> Option<Echeance> {
    match ouverture {
        Ouverture::Ouverte { ferme } => {
            Some(Echeance::new(requete.ctx.campagne_le, *ferme).locales(v.locale))
        }
        _ => None,
    }
}

/// What a part still lacks; of a list that nothing requires, that it is empty.
fn etat(v: &VueEtablissement, partie: Partie) -> String {
    let manques: Vec<&str> =
        v.manques.iter().filter(|m| m.partie() == partie).map(|m| Manque::libelle(*m)).collect();
    if !manques.is_empty() {
        return format!("il manque {}", manques.join(", "));
    }
    let vide = match partie {
        Partie::Composantes if v.composantes.is_empty() => "aucune composante déclarée (facultatif)",
        Partie::Journees if v.journees.is_empty() => "aucune journée déclarée (facultatif)",
        Partie::Contacts if v.contacts.as_ref().is_some_and(Vec::is_empty) => {
            "aucun contact déclaré (facultatif)"
        }
        _ if v.ouverture(partie).est_ouverte() => "rien à compléter",
        _ => "complet",
    };
    match v.ouverture(partie) {
        Ouverture::Ouverte { ferme } if v.est_rouverte(partie) => {
            format!("{vide}, à modifier jusqu’au {}", messages::jour_limite(*ferme))
        }
        _ => vide.to_owned(),
    }
}

pub async fn get_etablissement(
    requete: Requete,
    Path(chemin): Path<(String, String)>,
    Query(paires): Query<Vec<(String, String)>>,
) -> Resultat {
    let (annee, id) = lit_chemin(chemin)?;
    let v = view_etablissement(&requete.ctx, annee, &id).await?;
    let demande = view_reouverture(&requete.ctx, &v.session, &v.cible()).await?;
    let mut form = requete.formulaire();
    if let Some(d) = &demande {
        // Asked from the page of a part: that one is ticked.
        let choisie = Formulaire::recu("", paires);
        for p in d.closes.iter().filter(|p| choisie.valeurs("parties").iter().any(|c| c == p.code())) {
            form.ajoute("parties", p.code());
        }
        let ici = adresse(annee, &v.ligne.etablissement);
        form = with_brouillon(&requete, form, &ici, d.possible.is_ok()).await?;
    }
    Ok(rend(StatusCode::OK, &page_etablissement(&requete, &v, demande.as_ref(), form).await?))
}

/// The parts that are ticked, and the day; `None`: the faults are written in the form.
fn lit_reouverture(form: &mut Formulaire) -> Option<(BTreeSet<Partie>, Date)> {
    let cochees: Option<BTreeSet<Partie>> =
        form.valeurs("parties").iter().map(|c| Partie::from_code(c)).collect();
    let cochees = cochees.filter(|p| !p.is_empty());
    if cochees.is_none() {
        form.refuse("parties", "Cochez au moins une partie à modifier.");
    }
    let jour = form.lit_date("jusqu_a");
    cochees.zip(jour)
}

/// R-ETA-11: asks that parts be opened again.
pub async fn post_etablissement(Path(chemin): Path<(String, String)>, mut recu: Recu) -> Resultat {
    let (annee, id) = lit_chemin(chemin)?;
    let requete = recu.requete.clone();
    let v = view_etablissement(&requete.ctx, annee, &id).await?;
    if view_reouverture(&requete.ctx, &v.session, &v.cible()).await?.is_none() {
        return Err(AppError::Denied(Denial { action: Action::DemanderFormation, connu: true }).into());
    }
    let mut statut = StatusCode::UNPROCESSABLE_ENTITY;
    if let Some((parties, jour)) = lit_reouverture(&mut recu.form) {
        let motif = recu.form.valeur("motif").to_owned();
        match ask_reouverture(&requete.ctx, &recu.garde(), annee, &id, (&parties, jour), &motif).await {
            Ok(r) => return Ok(deposee(annee, &r.numero)),
            Err(AppError::Conflict) => {
                recu.form = requete.formulaire().with_values(&recu.form);
                recu.form.refuse_tout(
                    "Quelqu’un de l’établissement vient de demander la même chose. Rien n’a été demandé une seconde fois.",
                );
                statut = StatusCode::CONFLICT;
            }
            Err(e) => refuse(&mut recu.form, e)?,
        }
    }
    if statut == StatusCode::UNPROCESSABLE_ENTITY {
        refuse_motif(&requete, &mut recu.form);
    }
    let demande = view_reouverture(&requete.ctx, &v.session, &v.cible()).await?;
    Ok(rend(statut, &page_etablissement(&requete, &v, demande.as_ref(), recu.form).await?))
}

async fn page_etablissement(
    requete: &Requete,
    v: &VueEtablissement,
    demande: Option<&DemandeReouverture>,
    form: Formulaire,
) -> Result<PageEtablissement, AppError> {
    let annee = v.session.annee;
    let url = adresse(annee, &v.ligne.etablissement);
    let visible = |p: &Partie| !p.is_reservee() || v.chefs.is_some();
    let volets = Partie::ALL
        .into_iter()
        .filter(visible)
        .map(|p| Volet { libelle: p.libelle(), url: format!("{url}/{}", p.code()), etat: etat(v, p) })
        .collect();
    let qui = v.ligne.maj_par.as_ref().map(|nom| format!(" par {nom}")).unwrap_or_default();
    let quand = Timestamp::from_millisecond(v.ligne.maj_le).map(messages::date_heure).unwrap_or_default();
    Ok(PageEtablissement {
        page: requete
            .page(&v.ligne.nom)
            .session(&v.session.libelle)
            .ariane(ariane(v, false))
            .en_erreur(!form.est_valide()),
        surtitre: format!("{} – {}", v.ligne.uai, v.ligne.commune),
        badge: badge(v),
        aide: Aide::new("etablissement", "décrire l’établissement")
            .sur(requete, annee, &[Theme::Etablissement])
            .await?,
        alertes: alertes(v),
        echeance: echeance(requete, v, &v.modification),
        volets,
        public: public(v, LUES),
        contacts: v.contacts.as_ref().map(|c| c.iter().map(|c| contact(&c.contact)).collect()),
        recapitulatif: super::recapitulatif::adresse(annee, &v.ligne.etablissement),
        internats: super::internats::adresse(annee, &v.ligne.etablissement),
        echanges: v.echanges.then(|| format!("{url}/echanges")),
        identite: v.identite.then(|| super::identite::adresse(annee, &v.ligne.etablissement)),
        demandes: requests_of(&requete.ctx, v.session.id, &v.cible()).await?.map(|d| suivis(annee, &d, true)),
        toutes: format!("/gestion/{annee}/demandes"),
        rouvrir: demande.filter(|_| !v.session.archivee).and_then(|d| Rouvrir::new(d, &form)),
        form,
        url,
        maj: format!("Dernière modification : {quand}{qui}."),
    })
}

/// A line of a list, with what is done to it.
struct LignePartie {
    id: String,
    /// Its heading, when what is said of it is long.
    titre: Option<String>,
    libelle: Markup,
    nom: String,
    /// Leads to the form filled with it.
    modifier: String,
    /// R-ETA-12: over, it stays as it was.
    passee: bool,
}

#[derive(Template)]
#[template(path = "gestion/etablissement_partie.html")]
struct PagePartie {
    page: Page,
    url: String,
    /// Of the establishment.
    base: String,
    aide: Aide,
    partie: Partie,
    alertes: Vec<Alerte>,
    echeance: Option<Echeance>,
    form: Formulaire,
    ouverte: bool,
    /// Where the site is, or is to be.
    plan: Option<(Plan, bool)>,
    /// Lines of a list; the one being changed is in the form.
    lignes: Vec<LignePartie>,
    /// The line being changed.
    ligne: Option<String>,
    internats: Vec<Choix>,
    boursiers: Vec<Choix>,
    civilites: Vec<Choix>,
    prises: Vec<Choix>,
    /// Whoever signs today.
    chef: Option<Definitions>,
    a_confirmer: bool,
    mandats: Vec<Mandat>,
    /// The form that sends an image, and whose it may be.
    signature: (Formulaire, Vec<Choix>),
    suivante: Option<(&'static str, String)>,
    public: Option<Previsualisation>,
    /// R-ETA-11: what was asked about this part once it was closed, for whoever may ask.
    demandes: Option<Tableau>,
}

/// The time of a head, with the image of the signature.
struct Mandat {
    id: String,
    nom: String,
    texte: String,
    image: Option<Apercu>,
    /// Announced, not in office yet.
    annonce: bool,
}

#[derive(Deserialize)]
pub struct Parametres {
    #[serde(default)]
    ligne: String,
}

#[derive(Deserialize)]
pub struct De {
    #[serde(default)]
    de: String,
}

fn lit_partie((annee, id, partie): (String, String, String)) -> Result<(i64, PublicId, Partie), AppError> {
    let (annee, id) = lit_chemin((annee, id))?;
    Ok((annee, id, Partie::from_code(&partie).ok_or(AppError::NotFound)?))
}

/// The part, for whoever may read it: the head's particulars are not for everybody (R-ETA-03).
async fn load(
    requete: &Requete,
    annee: i64,
    id: &PublicId,
    partie: Partie,
) -> Result<VueEtablissement, AppError> {
    let v = view_etablissement(&requete.ctx, annee, id).await?;
    if partie.is_reservee() && v.chefs.is_none() {
        return Err(AppError::NotFound);
    }
    Ok(v)
}

pub async fn get_partie(
    requete: Requete,
    Path(chemin): Path<(String, String, String)>,
    Query(p): Query<Parametres>,
) -> Resultat {
    let (annee, id, partie) = lit_partie(chemin)?;
    let v = load(&requete, annee, &id, partie).await?;
    let form = saisie::remplit(requete.formulaire(), &v, partie, &p.ligne);
    let mut ici = format!("{}/{}", adresse(annee, &v.ligne.etablissement), partie.code());
    // Each line of a list has its own form, were it removed meanwhile.
    if PublicId::parse(&p.ligne).is_some() {
        ici = format!("{ici}?ligne={}", p.ligne);
    }
    let form = with_brouillon(&requete, form, &ici, v.ouverture(partie).est_ouverte()).await?;
    Ok(rend(StatusCode::OK, &page(&requete, &v, partie, form, Lu::Saisi).await?))
}

/// The image of the signature of a head; never public, checked at each reading (FIC-3).
pub async fn get_signature(
    requete: Requete,
    Path(chemin): Path<(String, String)>,
    Query(p): Query<De>,
) -> Resultat {
    let (annee, id) = lit_chemin(chemin)?;
    let png = read_signature(&requete.ctx, annee, &id, &p.de).await?;
    Ok(fichier("signature.png", "image/png", png))
}

pub async fn post_signature(Path(chemin): Path<(String, String)>, mut recu: RecuFichier) -> Resultat {
    let (annee, id) = lit_chemin(chemin)?;
    let requete = recu.requete.clone();
    let v = load(&requete, annee, &id, Partie::Chef).await?;
    let qui = recu.form.valeur("signataire").to_owned();
    let statut = if v.chefs.iter().flatten().any(|c| c.public_id == qui) {
        match send_signature(&requete.ctx, &recu.garde(), annee, &id, (&qui, &recu.octets)).await {
            Ok(_) => {
                let url = adresse(annee, &v.ligne.etablissement);
                return Ok(redirige(&format!("{url}/chef?fait=signature")));
            }
            Err(AppError::Conflict) => {
                recu.form.refuse_tout(
                    "Quelqu’un a modifié cet établissement pendant que vous choisissiez l’image. Rien n’a été écrasé : vérifiez le \
                     signataire, puis choisissez de nouveau l’image.",
                );
                StatusCode::CONFLICT
            }
            Err(e) => {
                refuse(&mut recu.form, e)?;
                StatusCode::UNPROCESSABLE_ENTITY
            }
        }
    } else {
        recu.form.refuse("signataire", "Choisissez de qui est cette signature.");
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let frais = load(&requete, annee, &id, Partie::Chef).await?;
    let form = saisie::remplit(requete.formulaire(), &frais, Partie::Chef, "");
    let mut page = page(&requete, &frais, Partie::Chef, form, Lu::Enregistre).await?;
    page.page = page.page.en_erreur(true);
    page.signature.0 = recu.form.avec_version(frais.ligne.version);
    Ok(rend(statut, &page))
}

pub async fn post_partie(Path(chemin): Path<(String, String, String)>, mut recu: Recu) -> Resultat {
    let (annee, id, partie) = lit_partie(chemin)?;
    let requete = recu.requete.clone();
    let v = load(&requete, annee, &id, partie).await?;
    if recu.form.valeur("acte") == RELIRE {
        require_ecriture(v.ouverture(partie), Action::ModifierEtablissement)?;
        return Ok(rend(StatusCode::OK, &page(&requete, &v, partie, recu.form, Lu::Saisi).await?));
    }
    if partie == Partie::Sites
        && v.ouverture(partie).est_ouverte()
        && saisie::montre(&requete.ctx, &mut recu.form, &v).await?
    {
        let statut = if recu.form.est_valide() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        return Ok(rend(statut, &page(&requete, &v, partie, recu.form, Lu::Saisi).await?));
    }
    let lue = saisie::lit(&mut recu.form, partie);
    if let (Some(m), Some(acte)) = (&lue, saisie::a_relire(&recu.form))
        && v.ouverture(partie).est_ouverte()
        && let Some(r) = view_retrait(&requete.ctx, annee, &id, m).await?
    {
        let ligne = recu.form.valeur("ligne");
        return Ok(rend(StatusCode::OK, &retrait::page(&requete, &v, (partie, &r), (ligne, acte))));
    }
    let statut = match lue {
        None => StatusCode::UNPROCESSABLE_ENTITY,
        Some(m) => match save_etablissement(&requete.ctx, &recu.garde(), annee, &id, &m).await {
            Ok(_) => {
                let url = adresse(annee, &v.ligne.etablissement);
                let fait = fait(partie, &m);
                return Ok(redirige(&format!("{url}/{}?fait={fait}", partie.code())));
            }
            Err(AppError::Conflict) => {
                let frais = load(&requete, annee, &id, partie).await?;
                let mut form = requete.formulaire().with_values(&recu.form).avec_version(frais.ligne.version);
                form.refuse_tout(
                    "Quelqu’un a enregistré cet établissement pendant que vous le modifiiez. Rien n’a été écrasé : votre \
                     saisie est gardée ici, comparez avec ce qui est enregistré, sous « Ce que le public lira », puis \
                     enregistrez de nouveau.",
                );
                let page = page(&requete, &frais, partie, form, Lu::Enregistre).await?;
                return Ok(rend(StatusCode::CONFLICT, &page));
            }
            Err(e) => {
                refuse(&mut recu.form, e)?;
                StatusCode::UNPROCESSABLE_ENTITY
            }
        },
    };
    Ok(rend(statut, &page(&requete, &v, partie, recu.form, Lu::Saisi).await?))
}

/// What has just been saved, by the code of its notice.
const fn fait(partie: Partie, m: &Modification) -> &'static str {
    if m.is_retrait() {
        return "retrait";
    }
    match partie {
        Partie::Chef => match m {
            Modification::ConfirmerChef | Modification::Chef(Chef { prise: Prise::Meme, .. }) => "chef",
            Modification::AnnulerAnnonce(_) => "chef-annule",
            _ => "chef-change",
        },
        Partie::Composantes => "composante",
        Partie::Sites => "site",
        Partie::Journees => "journee",
        Partie::Contacts => "contact",
        Partie::Coordonnees | Partie::Accueil => "etablissement",
    }
}

fn lignes(v: &VueEtablissement, partie: Partie) -> Vec<LignePartie> {
    let url = adresse(v.session.annee, &v.ligne.etablissement);
    let ligne = |id: &str, nom: &str, libelle| LignePartie {
        id: id.to_owned(),
        titre: matches!(partie, Partie::Sites | Partie::Journees).then(|| nom.to_owned()),
        nom: nom.to_owned(),
        libelle,
        modifier: format!("{url}/{}?ligne={id}#saisie", partie.code()),
        passee: false,
    };
    match partie {
        Partie::Composantes => {
            v.composantes.iter().map(|c| ligne(&c.public_id, &c.nom, Markup::texte(&c.nom))).collect()
        }
        Partie::Sites => v
            .sites
            .iter()
            .map(|s| {
                let texte = Markup::texte(format_args!("{}, {} {}", s.adresse, s.code_postal, s.commune));
                let place = match s.latitude {
                    Some(_) => Badge::new(Ton::Succes, "Placé sur la carte"),
                    None => Badge::new(Ton::Attention, "Position à indiquer"),
                };
                ligne(&s.public_id, &s.nom, texte.et(Markup::texte(" ")).et(place))
            })
            .collect(),
        Partie::Journees => v
            .journees
            .iter()
            .map(|j| {
                let passee = j.jour < v.jour;
                let texte = journee_sous_son_jour(j);
                let texte = if passee {
                    texte.et(Markup::texte(" ")).et(Badge::new(Ton::Neutre, "Passée"))
                } else {
                    texte
                };
                LignePartie { passee, ..ligne(&j.id, &messages::date_civile(j.jour), texte) }
            })
            .collect(),
        Partie::Contacts => {
            let siens = v.contacts.iter().flatten();
            siens
                .map(|c| ligne(&c.public_id, &c.contact.fonction, Markup::texte(contact(&c.contact))))
                .collect()
        }
        _ => Vec::new(),
    }
}

fn signature(url: &str, c: &ChefEtablissement) -> Option<Apercu> {
    let alt = format!("Signature de {} {}", c.prenom, c.nom);
    c.signe.then(|| Apercu::new(format_args!("{url}/signature?de={}", c.public_id), alt))
}

/// Heads whose signature may be sent: in office, or about to be.
fn signataires(v: &VueEtablissement) -> Vec<Choix> {
    let jour = v.jour.to_string();
    let chefs = v.chefs.iter().flatten();
    let presents = chefs.filter(|c| c.jusqu_a.as_ref().is_none_or(|fin| *fin >= jour));
    presents
        .map(|c| Choix::new(&c.public_id, format_args!("{} {}, {}", c.prenom, c.nom, c.fonction)))
        .collect()
}

fn chef(v: &VueEtablissement) -> Option<Definitions> {
    let c = v.signataire.and_then(|i| v.chefs.as_ref()?.get(i))?;
    let civilite = Civilite::from_code(&c.civilite).map_or("", Civilite::libelle);
    let depuis = saisie::jour(&c.depuis);
    let mut d = Definitions::new()
        .ligne("Signataire", format_args!("{civilite} {} {}", c.prenom, c.nom))
        .ligne("Fonction", &c.fonction)
        .ligne("Adresse électronique", &c.courriel)
        .ligne("Téléphone", &c.telephone)
        .ligne(if c.interim { "Intérim" } else { "En fonction" }, format_args!("depuis le {depuis}"));
    if let Some(fin) = &c.jusqu_a {
        d = d.ligne("Dernier jour", saisie::jour(fin));
    }
    d = d.ligne("Pour cette session", if v.confirme { "Confirmé" } else { "À confirmer" });
    Some(match signature(&adresse(v.session.annee, &v.ligne.etablissement), c) {
        Some(image) => d.ligne_markup("Signature", Markup::new(image)),
        None => d,
    })
}

/// Heads over the years: past signatures keep their signatory.
fn mandats(v: &VueEtablissement) -> Vec<Mandat> {
    let chefs = v.chefs.as_deref().unwrap_or_default();
    let url = adresse(v.session.annee, &v.ligne.etablissement);
    if chefs.len() == 1 && !chefs[0].signe && !v.is_annonce(&chefs[0]) {
        return Vec::new();
    }
    chefs
        .iter()
        .map(|c| {
            let fin = c.jusqu_a.as_deref().map_or_else(String::new, |f| format!(" au {}", saisie::jour(f)));
            let titre = if c.interim { " (intérim)" } else { "" };
            Mandat {
                id: c.public_id.clone(),
                nom: format!("{} {}", c.prenom, c.nom),
                texte: format!(
                    "{} {}, {}{titre} : du {}{fin}",
                    c.prenom,
                    c.nom,
                    c.fonction,
                    saisie::jour(&c.depuis)
                ),
                image: signature(&url, c),
                annonce: v.is_annonce(c),
            }
        })
        .collect()
}

/// What the public will read; nothing on a part that is never public.
fn previsualisation(
    v: &VueEtablissement,
    partie: Partie,
    form: &Formulaire,
    lu: Lu,
) -> Option<Previsualisation> {
    if partie.is_reservee() {
        return None;
    }
    let ouverte = v.ouverture(partie).est_ouverte();
    let saisie = lu.shows_typed(form, v.ligne.version, ouverte);
    // Read on a copy: what is at fault is told once the form is sent.
    let typee = if saisie { saisie::lue(&mut form.clone(), partie) } else { None };
    let typee = typee.map(|m| v.once(&m));
    let lue = typee.as_ref().unwrap_or(v);
    let dites = |d: Definitions| if d.est_vide() { Markup::default() } else { Markup::new(d) };
    let apercu = Previsualisation::new(dites(public(lue, [partie])));
    let apercu = apercu.saisie(saisie).suivie(lu.follows(ouverte));
    let autres = dites(public(lue, LUES.into_iter().filter(|p| *p != partie)));
    Some(apercu.reste("Le reste de ce que le public lit de l’établissement", autres))
}

/// R-ETA-11: what whoever may ask is told of a closed part: how to ask, or who opened it again.
fn rouvrir(v: &VueEtablissement, partie: Partie, d: &DemandeReouverture) -> Option<Alerte> {
    if v.session.archivee {
        return None;
    }
    if v.est_rouverte(partie) {
        return Some(Alerte::info(
            "Le service académique a rouvert cette partie : elle se modifie jusqu’à la date limite ci-dessus.",
        ));
    }
    if !d.closes.contains(&partie) {
        return None;
    }
    Some(match &d.possible {
        Err(r) => Alerte::info(messages::regle(r)),
        Ok(()) => {
            let base = adresse(v.session.annee, &v.ligne.etablissement);
            let vers = format!("{base}?parties={}#rouvrir", partie.code());
            Alerte::info(
                "Une erreur à corriger, quelque chose qui manque ? Demandez au service académique de rouvrir cette partie jusqu’à un \
                 jour, en disant pourquoi.",
            )
            .suite(Markup::lien("Demander à modifier cette partie", vers))
        }
    })
}

async fn page(
    requete: &Requete,
    v: &VueEtablissement,
    partie: Partie,
    form: Formulaire,
    lu: Lu,
) -> Result<PagePartie, AppError> {
    let annee = v.session.annee;
    let form = still_waiting(requete, form, v.ouverture(partie).est_ouverte()).await?;
    let demande = view_reouverture(&requete.ctx, &v.session, &v.cible()).await?;
    let aide = Aide::partie(partie).sur(requete, v.session.annee, &[Theme::Etablissement]).await?;
    let url = adresse(v.session.annee, &v.ligne.etablissement);
    let suivante = Partie::ALL
        .into_iter()
        .skip_while(|p| *p != partie)
        .nth(1)
        .filter(|p| !p.is_reservee() || v.chefs.is_some())
        .map(|p| (p.libelle(), format!("{url}/{}", p.code())));
    let manques: Vec<&str> =
        v.manques.iter().filter(|m| m.partie() == partie).map(|m| Manque::libelle(*m)).collect();
    let mut alertes: Vec<Alerte> =
        motif_fermeture(v.ouverture(partie)).map(Alerte::info).into_iter().collect();
    if !manques.is_empty() {
        alertes.push(Alerte::attention(format_args!("Il manque ici : {}.", manques.join(", "))));
    }
    alertes.extend(demande.as_ref().and_then(|d| rouvrir(v, partie, d)));
    let siennes: Vec<SuiviDemande> =
        demande.into_iter().flat_map(|d| d.suivis).filter(|s| s.parties.contains(&partie)).collect();
    Ok(PagePartie {
        page: requete
            .page(partie.libelle())
            .session(&v.session.libelle)
            .ariane(ariane(v, true))
            .en_erreur(!form.est_valide()),
        lignes: lignes(v, partie),
        ligne: form.lit_texte_facultatif("ligne"),
        alertes,
        echeance: echeance(requete, v, v.ouverture(partie)),
        ouverte: v.ouverture(partie).est_ouverte(),
        plan: (partie == Partie::Sites).then(|| {
            let (vue, point) = saisie::carte(&form);
            (Plan::new(vue, point, &format!("{url}/{}", partie.code())), vue.wider().is_some())
        }),
        internats: Internat::ALL.map(|i| Choix::new(i.code(), i.libelle())).to_vec(),
        boursiers: vec![Choix::new("oui", "Oui"), Choix::new("non", "Non")],
        civilites: Civilite::ALL.map(|c| Choix::new(c.code(), c.libelle())).to_vec(),
        prises: saisie::prises(v),
        chef: chef(v),
        a_confirmer: v.signataire.is_some() && !v.confirme,
        mandats: mandats(v),
        signature: (requete.formulaire().avec_version(v.ligne.version), signataires(v)),
        public: previsualisation(v, partie, &form, lu),
        demandes: (!siennes.is_empty()).then(|| suivis(annee, &siennes, true)),
        aide,
        partie,
        suivante,
        url: format!("{url}/{}", partie.code()),
        base: url,
        form,
    })
}
