//! R-API-06: what programs are told. The sealed journal is followed in its order, which a transaction committed late does not
//! disturb: an act that is done is told, one that was undone is not. A message names what changed and never says how: the program
//! reads it again with its token, under its rights.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use domain::actualites::Situation;
use domain::droits::{Acteur, Action, Cible, authorize};
use domain::interfaces::evenements::{Evenement, Fait, Genre};
use jiff::Timestamp;
use serde::Serialize;
use store::actualites::LigneActualite;
use store::interfaces::{self as base, LigneFait, LigneObjet, NouvelleLivraison};
use store::seances::LigneSeance;

use super::abonnements::read_evenements;
use super::jetons::acteur_of;
use crate::actualites::situations_sur_place;
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::plateforme::Plateforme;
use crate::sessions;

/// What a message is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Objet<'a> {
    /// Year; `None` for what belongs to no session.
    pub session: Option<i64>,
    /// Kind and public identifier of what its address begins with; `None` when it begins with nothing else.
    pub sous: Option<(Genre, &'a str)>,
    /// Public identifier.
    pub id: &'a str,
}

#[derive(Serialize)]
struct Corps<'a> {
    id: &'a str,
    r#type: &'static str,
    date: String,
    session: Option<i64>,
    objet: CorpsObjet<'a>,
    url: String,
}

#[derive(Serialize)]
struct CorpsObjet<'a> {
    genre: &'static str,
    id: &'a str,
}

/// The message of an event, under the identifier of its delivery.
pub(super) fn corps(
    id: &str,
    evenement: Evenement,
    date: Timestamp,
    objet: &Objet<'_>,
) -> Result<String, AppError> {
    let genre = evenement.genre();
    let session = objet.session.map(|annee| format!("/sessions/{annee}")).unwrap_or_default();
    let sous = objet.sous.map(|(genre, id)| format!("/{}/{id}", genre.chemin())).unwrap_or_default();
    let lieu = match genre.chemin() {
        "" => String::new(),
        chemin => format!("/{chemin}"),
    };
    let lui = if genre.is_list() { String::new() } else { format!("/{}", objet.id) };
    let corps = Corps {
        id,
        r#type: evenement.code(),
        date: date.to_string(),
        session: objet.session,
        objet: CorpsObjet { genre: genre.code(), id: objet.id },
        url: format!("/api/v1{session}{sous}{lieu}{lui}"),
    };
    serde_json::to_string(&corps).map_err(AppError::internal)
}

/// Makes events of what the journal has sealed since the last time. Gives how many messages are to be delivered.
///
/// # Errors
/// When the database refuses.
pub async fn make_events(app: &Arc<Plateforme>) -> Result<usize, AppError> {
    let ctx = Ctx::systeme(app, "événements", "tache");
    ctx.permit(Action::EntretenirPlateforme, &Cible::plateforme())?;
    let mut total = 0;
    loop {
        let (faits, encore) = one_lot(&ctx).await?;
        total += faits;
        if !encore {
            return Ok(total);
        }
    }
}

/// How many messages were made, and whether more waits behind. The cursor moves with them; an idle platform, or one where nobody
/// subscribes, writes only once in a while.
async fn one_lot(ctx: &Ctx) -> Result<(usize, bool), AppError> {
    let db = &ctx.app.db;
    let lot = ctx.app.limites.evenements_lot.max(1);
    let fin = base::head(db).await?;
    let Some(debut) = base::curseur(db).await? else {
        // What was done before anybody could be told is not told.
        let tx = ctx.begin().await?;
        base::start_curseur(&tx, fin).await?;
        tx.commit().await?;
        return Ok((0, false));
    };
    if fin <= debut {
        return Ok((0, false));
    }
    let ecoute = base::is_subscribed(db, ctx.recu_ms()).await?;
    let jusqu_a = if ecoute { fin.min(debut + lot) } else { fin };
    let faits = match ecoute {
        true => base::faits(db, debut, jusqu_a, &Evenement::OBJETS).await?,
        false => Vec::new(),
    };
    if faits.is_empty() && jusqu_a - debut < lot {
        return Ok((0, false));
    }
    let nouvelles = messages(ctx, &faits).await?;
    let tx = ctx.begin().await?;
    if !base::move_curseur(&tx, debut, jusqu_a).await? {
        // Another node told these: what comes after them is for the next time.
        return Ok((0, false));
    }
    base::insert_livraisons(&tx, &nouvelles, ctx.recu_ms()).await?;
    tx.commit().await?;
    Ok((nouvelles.len(), jusqu_a < fin))
}

/// What an entry says of before and after the act, of what the journal says in clear.
struct Dit {
    avant: Option<String>,
    etat: Option<String>,
    /// Its year.
    session: Option<i64>,
}

impl Dit {
    fn read(l: &LigneFait) -> Self {
        let lit = |t: &Option<String>| -> serde_json::Value {
            t.as_deref().and_then(|t| serde_json::from_str(t).ok()).unwrap_or_default()
        };
        let (avant, apres) = (lit(&l.avant), lit(&l.apres));
        let etat = |lu: &serde_json::Value| lu.get("etat").and_then(|v| v.as_str()).map(str::to_owned);
        Self {
            avant: etat(&avant),
            etat: etat(&apres),
            session: ["session", "annee"].iter().find_map(|nom| apres.get(nom)?.as_i64()),
        }
    }
}

/// A subscription in force, with who reads by its token.
struct Abonne {
    cle: i64,
    evenements: Vec<Evenement>,
    etablissement: i64,
    acteur: Arc<Acteur>,
}

impl Abonne {
    /// Whether it is told of this object: one of its establishment, that its token reads.
    fn covers(&self, genre: Genre, o: &LigneObjet) -> bool {
        let action = match genre {
            Genre::Formation | Genre::Groupe => Action::ConsulterParametrage,
            Genre::Demande => Action::DemanderFormation,
            Genre::Conversation => Action::ConsulterEchanges,
            Genre::Actualite | Genre::Charte => Action::ConsulterInformations,
            Genre::Seance => Action::ConsulterSeances,
            Genre::Etablissement
            | Genre::Internat
            | Genre::Apprentissage
            | Genre::Calendrier
            | Genre::Abonnement => Action::ConsulterEtablissement,
        };
        let cible = Cible {
            session: Some(o.session_id),
            etablissement: Some(o.etablissement_id),
            formation: o.formation_id,
            ..Cible::default()
        };
        // A course that changed hands is not the establishment's any more, whatever its tokens name.
        o.etablissement_id == self.etablissement && authorize(&self.acteur, action, &cible).is_ok()
    }
}

async fn messages(ctx: &Ctx, faits: &[LigneFait]) -> Result<Vec<NouvelleLivraison>, AppError> {
    let mut dits = Vec::new();
    let mut ids: BTreeMap<Genre, BTreeSet<String>> = BTreeMap::new();
    let mut annonces: BTreeMap<i64, BTreeSet<Genre>> = BTreeMap::new();
    for l in faits {
        let dit = Dit::read(l);
        let fait = Fait {
            role: &l.role,
            action: &l.action,
            objet: &l.objet,
            issue: &l.issue,
            avant: dit.avant.as_deref(),
            etat: dit.etat.as_deref(),
        };
        let Some(evenement) = Evenement::of(fait) else { continue };
        let genre = evenement.genre();
        if !genre.is_of_session() {
            ids.entry(genre).or_default().insert(l.objet_id.clone());
        } else if let Some(annee) = dit.session {
            annonces.entry(annee).or_default().insert(genre);
        }
        dits.push((evenement, l, dit.session));
    }
    let objets = load_objets(ctx, &ids).await?;
    let sessions = load_annonces(ctx, &annonces).await?;
    let abonnes = load_abonnes(ctx, &objets, !sessions.is_empty()).await?;
    let mut nouvelles = Vec::new();
    for (evenement, l, session) in dits {
        let genre = evenement.genre();
        let date = Timestamp::from_microsecond(l.instant_us).map_err(AppError::internal)?;
        if genre.is_of_session() {
            let Some(annonces) = session.and_then(|annee| sessions.get(&annee)) else { continue };
            // The calendar has no name but that of its session.
            let annee = annonces.annee.to_string();
            let id = if genre == Genre::Calendrier { annee.as_str() } else { l.objet_id.as_str() };
            let objet = Objet { session: Some(annonces.annee), sous: None, id };
            for a in abonnes.values().flatten().filter(|a| a.evenements.contains(&evenement)) {
                if let Some(montree_le) = annonces.told_to(genre, &l.objet_id, a) {
                    let des = ctx.recu_ms() + (montree_le - ctx.campagne_ms()).max(0);
                    nouvelles.push(livraison(ctx, a, (evenement, date), &objet, des)?);
                }
            }
            continue;
        }
        let Some(lignes) = objets.get(&(genre, l.objet_id.clone())) else { continue };
        // An establishment is in several sessions, and its entry says which one.
        let lignes: Vec<&LigneObjet> =
            lignes.iter().filter(|o| !genre.is_of_etablissement() || Some(o.annee) == session).collect();
        let Some(premiere) = lignes.first() else { continue };
        let sous = if genre == Genre::Conversation && premiere.formation_id.is_some() {
            Genre::Formation
        } else {
            Genre::Etablissement
        };
        let objet = Objet {
            session: Some(premiere.annee),
            sous: premiere.sous.as_deref().map(|id| (sous, id)),
            id: &l.objet_id,
        };
        let maisons: BTreeSet<i64> = lignes.iter().map(|o| o.etablissement_id).collect();
        for a in maisons.iter().filter_map(|m| abonnes.get(m)).flatten() {
            if a.evenements.contains(&evenement) && lignes.iter().any(|o| a.covers(genre, o)) {
                nouvelles.push(livraison(ctx, a, (evenement, date), &objet, ctx.recu_ms())?);
            }
        }
    }
    Ok(nouvelles)
}

/// `des`: not sent before this instant, milliseconds of real time.
fn livraison(
    ctx: &Ctx,
    a: &Abonne,
    (evenement, date): (Evenement, Timestamp),
    objet: &Objet<'_>,
    des: i64,
) -> Result<NouvelleLivraison, AppError> {
    let public_id = ctx.app.alea.public_id().as_str().to_owned();
    Ok(NouvelleLivraison {
        corps: corps(&public_id, evenement, date, objet)?,
        public_id,
        abonnement: a.cle,
        evenement: evenement.code(),
        des,
    })
}

/// What is said in a session to many establishments at once, and what those who answer for programs are there.
struct Annonces {
    annee: i64,
    session: i64,
    /// By public identifier.
    actualites: HashMap<String, LigneActualite>,
    /// By public identifier, those of the public site left out.
    seances: HashMap<String, LigneSeance>,
    /// By account and establishment.
    situations: HashMap<(i64, i64), Vec<Situation>>,
}

impl Annonces {
    /// R-API-12: from when a subscription is told of it, in milliseconds of the campaign: what whoever gave its token reads by what they
    /// are over its establishment. `None`: not at all.
    fn told_to(&self, genre: Genre, id: &str, a: &Abonne) -> Option<i64> {
        let ici = LigneObjet {
            public_id: id.to_owned(),
            annee: self.annee,
            session_id: self.session,
            etablissement_id: a.etablissement,
            formation_id: None,
            sous: None,
        };
        let (audience, montree_le) = match genre {
            Genre::Actualite => {
                let l = self.actualites.get(id)?;
                (Some(&l.audience), l.publiee_le)
            }
            Genre::Seance => (Some(&self.seances.get(id)?.programme.audience), 0),
            _ => (None, 0),
        };
        let concerne = audience.is_none_or(|audience| {
            let siennes = a.acteur.compte.and_then(|c| self.situations.get(&(c, a.etablissement)));
            siennes.is_some_and(|siennes| siennes.iter().any(|s| audience.is_read_by(s)))
        });
        (concerne && a.covers(genre, &ici)).then_some(montree_le)
    }
}

/// By year.
async fn load_annonces(
    ctx: &Ctx,
    dites: &BTreeMap<i64, BTreeSet<Genre>>,
) -> Result<BTreeMap<i64, Annonces>, AppError> {
    let db = &ctx.app.db;
    let mut par_annee = BTreeMap::new();
    for (annee, genres) in dites {
        let session = match sessions::session(db, *annee).await {
            Ok(session) => session.id,
            Err(AppError::NotFound) => continue,
            Err(e) => return Err(e),
        };
        let mut annonces = Annonces {
            annee: *annee,
            session,
            actualites: HashMap::new(),
            seances: HashMap::new(),
            situations: HashMap::new(),
        };
        if genres.contains(&Genre::Actualite) {
            for l in store::actualites::actualites(db, session).await? {
                annonces.actualites.insert(l.public_id.clone(), l);
            }
        }
        if genres.contains(&Genre::Seance) {
            for l in store::seances::seances(db, session).await? {
                if !l.programme.is_public() {
                    annonces.seances.insert(l.public_id.clone(), l);
                }
            }
        }
        if !annonces.actualites.is_empty() || !annonces.seances.is_empty() {
            for s in situations_sur_place(db, session).await? {
                if let Some(etablissement) = s.etablissement {
                    annonces.situations.entry((s.compte, etablissement)).or_default().push(s.situation);
                }
            }
        }
        par_annee.insert(*annee, annonces);
    }
    Ok(par_annee)
}

type Objets = HashMap<(Genre, String), Vec<LigneObjet>>;

async fn load_objets(ctx: &Ctx, ids: &BTreeMap<Genre, BTreeSet<String>>) -> Result<Objets, AppError> {
    let db = &ctx.app.db;
    let mut objets = Objets::new();
    for (genre, ids) in ids {
        let ids: Vec<String> = ids.iter().cloned().collect();
        let lignes = match genre {
            Genre::Formation => base::objets_formation(db, &ids).await?,
            Genre::Etablissement | Genre::Apprentissage => base::objets_etablissement(db, &ids).await?,
            Genre::Groupe => base::objets_groupe(db, &ids).await?,
            Genre::Internat => base::objets_internat(db, &ids).await?,
            Genre::Demande => base::objets_demande(db, &ids).await?,
            Genre::Conversation => base::objets_conversation(db, &ids).await?,
            Genre::Calendrier | Genre::Actualite | Genre::Charte | Genre::Seance | Genre::Abonnement => {
                Vec::new()
            }
        };
        for l in lignes {
            objets.entry((*genre, l.public_id.clone())).or_default().push(l);
        }
    }
    Ok(objets)
}

/// By the key of their establishment. `tous`: those of every establishment, and not of these objects alone.
async fn load_abonnes(
    ctx: &Ctx,
    objets: &Objets,
    tous: bool,
) -> Result<BTreeMap<i64, Vec<Abonne>>, AppError> {
    let db = &ctx.app.db;
    let maisons: BTreeSet<i64> = objets.values().flatten().map(|o| o.etablissement_id).collect();
    let maisons: Vec<i64> = maisons.into_iter().collect();
    let mut jetons: HashMap<i64, Option<(i64, Arc<Acteur>)>> = HashMap::new();
    let mut abonnes: BTreeMap<i64, Vec<Abonne>> = BTreeMap::new();
    let en_vigueur = if tous {
        base::all_abonnements_in_force(db, ctx.recu_ms()).await?
    } else {
        base::abonnements_in_force(db, &maisons, ctx.recu_ms()).await?
    };
    for a in en_vigueur {
        if let Entry::Vacant(place) = jetons.entry(a.jeton_id) {
            let lu = match base::jeton_by_id(db, a.jeton_id).await? {
                None => None,
                Some(j) => match acteur_of(db, &j, ctx.recu_ms()).await {
                    Ok(acteur) => acteur.map(|acteur| (j.etablissement_id, Arc::new(acteur))),
                    // What a newer version wrote, while it is being put in place: the others are told all the same.
                    Err(AppError::Internal(cause)) => {
                        tracing::error!(jeton = %j.public_id, %cause, "jeton illisible : rien ne lui est annoncé");
                        None
                    }
                    Err(autre) => return Err(autre),
                },
            };
            place.insert(lu);
        }
        let Some(Some((etablissement, acteur))) = jetons.get(&a.jeton_id) else { continue };
        let Ok(evenements) = read_evenements(&a.evenements) else {
            tracing::error!(abonnement = %a.public_id, "abonnement illisible : rien ne lui est annoncé");
            continue;
        };
        abonnes.entry(*etablissement).or_default().push(Abonne {
            cle: a.id,
            evenements,
            etablissement: *etablissement,
            acteur: Arc::clone(acteur),
        });
    }
    Ok(abonnes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r_api_06_a_message_names_what_changed_and_says_nothing_of_it() {
        let date = "2024-01-20T09:30:00Z".parse().expect("an instant");
        let objet = Objet { session: Some(2024), sous: None, id: "f1" };
        let dit = corps("l1", Evenement::FormationPubliee, date, &objet).expect("JSON");
        assert_eq!(
            dit,
            "{\"id\":\"l1\",\"type\":\"formation.publiee\",\"date\":\"2024-01-20T09:30:00Z\",\"session\":2024,\
             \"objet\":{\"genre\":\"formation\",\"id\":\"f1\"},\"url\":\"/api/v1/sessions/2024/formations/f1\"}"
        );
        let internat = Objet { sous: Some((Genre::Etablissement, "e1")), id: "i1", ..objet };
        let dit = corps("l1", Evenement::InternatModifie, date, &internat).expect("JSON");
        assert!(dit.contains("\"/api/v1/sessions/2024/etablissements/e1/internats/i1\""), "{dit}");
        let maison = Objet { session: Some(2024), sous: None, id: "e1" };
        let dit = corps("l1", Evenement::ApprentissageModifie, date, &maison).expect("JSON");
        assert!(dit.contains("{\"genre\":\"apprentissage\",\"id\":\"e1\"}"), "{dit}");
        assert!(dit.contains("\"url\":\"/api/v1/sessions/2024/apprentissage\""), "{dit}");
        // A conversation is read under what it is about, a calendar under its session.
        let fil = Objet { session: Some(2024), sous: Some((Genre::Formation, "f1")), id: "c1" };
        let dit = corps("l1", Evenement::ConversationMessage, date, &fil).expect("JSON");
        assert!(dit.contains("\"url\":\"/api/v1/sessions/2024/formations/f1/echanges\""), "{dit}");
        let calendrier = Objet { session: Some(2024), sous: None, id: "2024" };
        let dit = corps("l1", Evenement::CalendrierReporte, date, &calendrier).expect("JSON");
        assert!(dit.contains("\"url\":\"/api/v1/sessions/2024\""), "{dit}");
        let aucun = Objet { session: None, sous: None, id: "a1" };
        let essai = corps("l2", Evenement::Essai, date, &aucun).expect("JSON");
        assert!(
            essai.contains("\"session\":null") && essai.contains("\"/api/v1/abonnements/a1\""),
            "{essai}"
        );
    }
}
