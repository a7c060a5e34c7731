//! R-ECH-04: a reminder to every incomplete establishment of a perimeter: shown with its numbers before anything leaves, then written
//! batch after batch by tasks that may be cut, stopped and resumed.

use std::collections::{BTreeSet, HashMap};

use domain::PublicId;
use domain::droits::{Action, Cible, Scope, scope_session};
use domain::echanges::{EtatRelance, GesteRelance, SortRelance};
use domain::territoires;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::completude::{self as base, LigneCible, LigneCompletude, LigneRelance, SuiteRelance};
use store::messagerie::{enqueue_tache, tache_demandee};
use store::{Sql, Tx};

use super::relancer::{
    Choisi, courriel, is_due, proposition, read_texte, tell, with_responsables, write_reminder,
};
use super::{FiltreCompletude, perimetre, stored};
use crate::contexte::{Ctx, cible_over};
use crate::erreur::AppError;
use crate::exploitation::au_nom_du_compte;
use crate::idempotence::{self, Garde, Recepisse, hash};
use crate::journal::{Acte, record};
use crate::sessions::{self, SessionAdmission};
use crate::taches::RELANCER;

/// Reminders of a list.
const RELANCES: usize = 20;
/// Establishments of the page of a reminder.
const ETABLISSEMENTS: i64 = 200;

/// What a reminder to the whole perimeter would be.
#[derive(Debug, Clone)]
pub struct ApercuEnNombre {
    /// The open one.
    pub session: SessionAdmission,
    /// Establishments that would be written to.
    pub etablissements: usize,
    /// Incomplete ones left out, reminded too short a while ago (R-ECH-03).
    pub deja: usize,
    /// People who would be told, by one mail each.
    pub courriels: usize,
    /// Establishments where nobody is there to be told.
    pub sans_destinataire: usize,
    /// What was typed, or what is proposed as a message.
    pub texte: String,
    /// Subject and body of the mail, as the first of these establishments will receive it; `None`: nobody is to be reminded.
    pub courriel: Option<(String, String)>,
}

/// The incomplete establishments that the filter keeps and that may be reminded, and how many others were reminded too short a while ago.
async fn targets(
    ctx: &Ctx,
    c: &impl Sql,
    scope: &Scope,
    session: i64,
    f: &FiltreCompletude,
) -> Result<(Vec<LigneCompletude>, usize), AppError> {
    let filtre = base::FiltreCompletude { incomplets: true, ..stored(ctx, session, f) };
    let toutes = base::list(c, scope, &filtre, None).await?;
    let (dues, recentes): (Vec<_>, Vec<_>) = toutes.into_iter().partition(|l| is_due(ctx, l.relance_le));
    Ok((dues, recentes.len()))
}

/// What would leave; nothing is written. `texte`: `None` for what is proposed.
///
/// # Errors
/// [`AppError::Denied`] for whoever reminds nobody; [`AppError::Rule`] on the text or in an archived session.
pub async fn preview_en_nombre(
    ctx: &Ctx,
    annee: i64,
    f: &FiltreCompletude,
    texte: Option<&str>,
) -> Result<ApercuEnNombre, AppError> {
    let (session, scope) = perimetre(ctx, annee, Action::RelancerEtablissements).await?;
    session.require_ouverte()?;
    let texte = match texte {
        Some(texte) => read_texte(texte)?,
        None => proposition(&session),
    };
    let db = &ctx.app.db;
    let (dues, deja) = targets(ctx, db, &scope, session.id, f).await?;
    let cles: Vec<i64> = dues.iter().map(|l| l.etablissement_id).collect();
    let (mut personnes, mut servis) = (BTreeSet::new(), BTreeSet::new());
    for d in base::responsables(db, session.id, &cles).await? {
        personnes.insert(d.compte_id);
        servis.insert(d.etablissement_id);
    }
    let premier = dues.first().and_then(|l| Some((l.nom.clone(), PublicId::parse(&l.public_id)?)));
    Ok(ApercuEnNombre {
        etablissements: dues.len(),
        deja,
        courriels: personnes.len(),
        sans_destinataire: dues.len() - servis.len(),
        texte,
        courriel: premier.map(|p| courriel(ctx, &session, &[p])),
        session,
    })
}

/// A batch to be done, as its task carries it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Lot {
    annee: i64,
    relance: String,
    etape: i64,
}

impl Lot {
    fn cle(&self) -> String {
        format!("{RELANCER}:{}:{}", self.relance, self.etape)
    }

    fn donnees(&self) -> Result<String, AppError> {
        serde_json::to_string(self).map_err(AppError::internal)
    }

    async fn enqueue(&self, tx: &Tx, ctx: &Ctx) -> Result<(), AppError> {
        let (alea, maintenant) = (ctx.app.alea.as_ref(), ctx.recu_ms());
        let (cle, donnees) = (self.cle(), self.donnees()?);
        enqueue_tache(tx, alea, RELANCER, Some(&cle), &donnees, maintenant, maintenant).await?;
        Ok(())
    }

    /// Its task failed too many times.
    async fn is_given_up(&self, c: &impl Sql) -> Result<bool, AppError> {
        let donnees = self.donnees()?;
        let tache = tache_demandee(c, RELANCER, &self.cle()).await?;
        Ok(tache.is_some_and(|t| t.donnees == donnees && t.etat == "abandonnee"))
    }
}

/// Begins a reminder to every incomplete establishment that the filter keeps, as they are now. Gives its public identifier, but for a
/// form sent before.
///
/// # Errors
/// [`AppError::Confirmation`] without a fresh second step; [`AppError::Invalid`] when nobody is to be reminded; [`AppError::Rule`] on the
/// text or in an archived session.
pub async fn start_en_nombre(
    ctx: &Ctx,
    garde: &Garde,
    annee: i64,
    f: &FiltreCompletude,
    texte: &str,
) -> Result<(Recepisse, Option<String>), AppError> {
    let demande = format!("relance_en_nombre|{annee}|{f:?}|{}", hash(texte));
    ctx.scope(Action::RelancerEtablissements)?;
    let tx = ctx.begin().await?;
    if let Some(recepisse) = idempotence::deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok((recepisse, None));
    }
    let texte = read_texte(texte)?;
    let (session, scope) = perimetre(ctx, annee, Action::RelancerEtablissements).await?;
    session.require_ouverte()?;
    let permit = ctx.permit_over(Action::RelancerEtablissements, session.id, &scope)?;
    let (dues, _) = targets(ctx, &tx, &scope, session.id, f).await?;
    if dues.is_empty() {
        let faute = "Plus aucun établissement de cette recherche n’est à relancer.".to_owned();
        return Err(AppError::Invalid(vec![("texte", faute)]));
    }
    let cles: Vec<i64> = dues.iter().map(|l| l.etablissement_id).collect();
    let academies = match scope.portee() {
        p if p.tout => String::new(),
        p => p.academies.join(","),
    };
    let e = ctx.ecriture(&permit);
    let id = base::insert_relance(&tx, &e, session.id, (&academies, &texte), &cles).await?;
    Lot { annee, relance: id.clone(), etape: 0 }.enqueue(&tx, ctx).await?;
    let contenu = json!({
        "etat": EtatRelance::EnCours.code(), "etablissements": cles.len(), "empreinte": hash(&texte)
    });
    let acte = Acte { objet: "relance", objet_id: &id, avant: None, apres: Some(contenu.clone()) };
    record(&tx, ctx, &permit, &acte).await?;
    let recepisse =
        idempotence::emettre(&tx, ctx, garde, &demande, "relance_en_nombre", None, &contenu).await?;
    tx.commit().await?;
    Ok((recepisse, Some(id)))
}

/// Does a batch, then asks for the next one, in the transaction of its task.
///
/// # Errors
/// When the database refuses; [`AppError::Conflict`] when somebody stopped the reminder meanwhile.
pub(crate) async fn run_batch(ctx: &Ctx, tx: &Tx, lot: &Lot) -> Result<(), AppError> {
    let session = sessions::session(tx, lot.annee).await?;
    base::hold_relance(tx, &lot.relance).await?;
    let Some(r) = base::relance(tx, session.id, &lot.relance).await? else { return Ok(()) };
    // Stopped, or done already.
    if r.etat != EtatRelance::EnCours.code() || r.etape != lot.etape {
        return Ok(());
    }
    let suivant = Lot { etape: lot.etape + 1, ..lot.clone() };
    let (etat, motif) = match asker(ctx, &session, &r).await? {
        Err(motif) => (EtatRelance::Arretee, motif),
        Ok((personne, scope)) => {
            if work(tx, &personne, &scope, (&session, &r)).await? {
                suivant.enqueue(tx, ctx).await?;
                (EtatRelance::EnCours, "")
            } else {
                (EtatRelance::Terminee, "")
            }
        }
    };
    let permit = ctx.permit(Action::EntretenirPlateforme, &Cible::plateforme())?;
    let suite = SuiteRelance {
        etat: etat.code(),
        motif,
        etape: suivant.etape,
        terminee: etat == EtatRelance::Terminee,
    };
    base::set_relance(tx, &ctx.ecriture(&permit), &r, &suite).await?;
    Ok(())
}

/// Whoever asked, with their rights of now and what they reach; else why the reminder stops.
async fn asker(
    ctx: &Ctx,
    session: &SessionAdmission,
    r: &LigneRelance,
) -> Result<Result<(Ctx, Scope), &'static str>, AppError> {
    const SANS_DROIT: &str = "Le compte qui l’a demandée n’est plus en service, ou n’a plus le droit de relancer des établissements.";
    if session.archivee {
        return Ok(Err("La session est archivée."));
    }
    let personne = match au_nom_du_compte(ctx, r.compte_id).await {
        Ok(personne) => personne,
        Err(AppError::NotFound) => return Ok(Err(SANS_DROIT)),
        Err(e) => return Err(e),
    };
    Ok(match scope_session(&personne.acteur, Action::RelancerEtablissements, session.id) {
        Ok(scope) => Ok((personne, scope)),
        Err(_) => Err(SANS_DROIT),
    })
}

/// Writes to the next establishments; once all of them are, tells the next people. Gives whether something was left to do.
async fn work(
    tx: &Tx,
    personne: &Ctx,
    scope: &Scope,
    (session, r): (&SessionAdmission, &LigneRelance),
) -> Result<bool, AppError> {
    let combien = i64::try_from(personne.app.limites.relances).unwrap_or(i64::MAX).max(1);
    let cibles = base::relance_cibles(tx, (session.id, r.id), "a_faire", combien).await?;
    if !cibles.is_empty() {
        write_batch(tx, personne, scope, (session, r), &cibles).await?;
        return Ok(true);
    }
    let permit = personne.permit_over(Action::RelancerEtablissements, session.id, scope)?;
    let avertis = base::relance_avis(tx, r.id, combien).await?;
    for a in &avertis {
        let mut siens = Vec::new();
        for (nom, id) in base::avis_of(tx, session.id, (r.id, a.compte_id)).await? {
            siens.push((nom, PublicId::parse(&id).ok_or(AppError::NotFound)?));
        }
        tell(tx, personne, session, (a.compte_id, a.courriel.as_str()), &siens).await?;
        base::set_averti(tx, &personne.ecriture(&permit), (r.id, a.compte_id)).await?;
    }
    Ok(!avertis.is_empty())
}

async fn write_batch(
    tx: &Tx,
    personne: &Ctx,
    scope: &Scope,
    (session, r): (&SessionAdmission, &LigneRelance),
    cibles: &[LigneCible],
) -> Result<(), AppError> {
    let permit = personne.permit_over(Action::RelancerEtablissements, session.id, scope)?;
    let e = personne.ecriture(&permit);
    let ids: Vec<String> = cibles.iter().map(|c| c.public_id.clone()).collect();
    base::hold_etablissements(tx, session.id, &ids).await?;
    let filtre = base::FiltreCompletude {
        incomplets: true,
        etablissements: Some(ids),
        ..stored(personne, session.id, &FiltreCompletude::default())
    };
    let combien = i64::try_from(cibles.len()).unwrap_or(i64::MAX);
    let lignes = base::list(tx, scope, &filtre, Some((combien, 0))).await?;
    let mut choisis: HashMap<i64, Choisi> = with_responsables(tx, session.id, lignes)
        .await?
        .into_iter()
        .map(|c| (c.ligne.etablissement_id, c))
        .collect();
    for cible in cibles {
        let objet = Cible {
            session: Some(session.id),
            etablissement: Some(cible.etablissement_id),
            academie: Some(cible.academie.clone()),
            ..Cible::default()
        };
        let choisi = choisis.remove(&cible.etablissement_id);
        let sort = SortRelance::decide(
            personne.may(Action::RelancerEtablissements, &objet),
            choisi.as_ref().map(|c| is_due(personne, c.ligne.relance_le)),
            choisi.as_ref().map_or(0, |c| c.destinataires.len()),
        );
        if let Some(c) = choisi.filter(|_| sort.is_ecrite()) {
            write_reminder(tx, personne, session.id, &c, &r.texte).await?;
            for d in &c.destinataires {
                base::add_avis(tx, &e, r.id, (d.compte_id, cible.etablissement_id)).await?;
            }
        }
        base::set_cible(tx, &e, (r.id, cible.rang), sort.code()).await?;
    }
    Ok(())
}

/// How far a reminder is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SuiviRelance {
    /// Public identifier.
    pub id: String,
    /// First name and name of whoever asked for it.
    pub auteur: String,
    /// Milliseconds of the campaign.
    pub le: i64,
    /// Names of the academies of its perimeter; empty: the whole country.
    pub academies: Vec<String>,
    /// Where it stands.
    pub etat: EtatRelance,
    /// Its batch was given up: somebody must resume it.
    pub interrompue: bool,
    /// Why it stopped by itself; empty otherwise.
    pub motif: String,
    /// What each conversation keeps.
    pub texte: String,
    /// Establishments, all of them.
    pub total: i64,
    /// Still to be looked at.
    pub a_faire: i64,
    /// Written to.
    pub ecrites: i64,
    /// Among them, those where nobody is there to be told.
    pub sans_destinataire: i64,
    /// Left out: complete meanwhile.
    pub completes: i64,
    /// Left out: reminded meanwhile.
    pub deja_relances: i64,
    /// Left out: no longer of the perimeter.
    pub hors_perimetre: i64,
    /// People told, by one mail each.
    pub courriels: i64,
    /// People still to be told, among those of the establishments written to.
    pub a_avertir: i64,
    /// Milliseconds of the campaign.
    pub terminee_le: Option<i64>,
    /// What the person may do to it now.
    pub gestes: Vec<GesteRelance>,
}

/// The codes of « 20,09 », as lists of academies are written; reminders were once « |20|09| ».
fn codes(academies: &str) -> impl Iterator<Item = &str> {
    academies.split([',', '|']).filter(|a| !a.is_empty())
}

/// Whether a reminder is of the perimeter of whoever looks.
fn is_within(scope: &Scope, academies: &str) -> bool {
    let portee = scope.portee();
    let siennes = |code: &str| portee.academies.iter().any(|a| a == code);
    portee.tout || (codes(academies).next().is_some() && codes(academies).all(siennes))
}

/// Where a reminder stands, the batch that it waits for, and whether that one was given up: somebody must resume it.
async fn stand(c: &impl Sql, annee: i64, r: &LigneRelance) -> Result<(EtatRelance, Lot, bool), AppError> {
    let etat =
        EtatRelance::from_code(&r.etat).ok_or_else(|| AppError::Internal("relance.etat".to_owned()))?;
    let lot = Lot { annee, relance: r.public_id.clone(), etape: r.etape };
    let interrompue = etat == EtatRelance::EnCours && lot.is_given_up(c).await?;
    Ok((etat, lot, interrompue))
}

async fn suivi_of(
    c: &impl Sql,
    session: &SessionAdmission,
    r: LigneRelance,
) -> Result<SuiviRelance, AppError> {
    let (etat, _, interrompue) = stand(c, session.annee, &r).await?;
    let possible = |g: &GesteRelance| !session.archivee && etat.after(*g, interrompue).is_ok();
    Ok(SuiviRelance {
        academies: codes(&r.academies)
            .map(|code| territoires::academie(code).map_or(code, |a| a.nom).to_owned())
            .collect(),
        gestes: [GesteRelance::Arreter, GesteRelance::Reprendre].into_iter().filter(possible).collect(),
        etat,
        interrompue,
        id: r.public_id,
        auteur: r.auteur,
        le: r.cree_le,
        motif: r.motif,
        texte: r.texte,
        total: r.total,
        a_faire: r.a_faire,
        ecrites: r.ecrites + r.sans_destinataire,
        sans_destinataire: r.sans_destinataire,
        completes: r.completes,
        deja_relances: r.deja_relances,
        hors_perimetre: r.hors_perimetre,
        courriels: r.courriels,
        a_avertir: r.a_avertir,
        terminee_le: r.terminee_le,
    })
}

/// The last reminders of a perimeter.
#[derive(Debug, Clone)]
pub struct ListeRelances {
    /// The one of the address, open or archived.
    pub session: SessionAdmission,
    /// Newest first.
    pub relances: Vec<SuiviRelance>,
}

/// The reminders to whole perimeters that the person may see, newest first.
///
/// # Errors
/// [`AppError::Denied`] for whoever reminds nobody; [`AppError::NotFound`] for an unknown session.
pub async fn list_relances(ctx: &Ctx, annee: i64) -> Result<ListeRelances, AppError> {
    let (session, scope) = perimetre(ctx, annee, Action::RelancerEtablissements).await?;
    let db = &ctx.app.db;
    let toutes = base::relances(db, session.id).await?;
    let siennes = toutes.iter().filter(|(_, academies)| is_within(&scope, academies));
    let cles: Vec<i64> = siennes.take(RELANCES).map(|(id, _)| *id).collect();
    let mut relances = Vec::new();
    for r in base::relances_by_ids(db, &cles).await? {
        relances.push(suivi_of(db, &session, r).await?);
    }
    Ok(ListeRelances { session, relances })
}

/// A reminder, with the establishments where somebody is to be found by other means.
#[derive(Debug, Clone)]
pub struct FicheRelance {
    /// The one of the address, open or archived.
    pub session: SessionAdmission,
    /// How far it is.
    pub suivi: SuiviRelance,
    /// Written to, nobody being there to be told: (code, name, « Amiens (80) »), the first of them.
    pub sans_destinataire: Vec<(String, String, String)>,
}

/// One of their reminders.
async fn load(c: &impl Sql, scope: &Scope, session: i64, id: &PublicId) -> Result<LigneRelance, AppError> {
    let r = base::relance(c, session, id.as_str()).await?.filter(|r| is_within(scope, &r.academies));
    r.ok_or(AppError::NotFound)
}

/// A reminder to a whole perimeter.
///
/// # Errors
/// [`AppError::NotFound`] for one that does not exist or is of another perimeter.
pub async fn view_relance(ctx: &Ctx, annee: i64, id: &PublicId) -> Result<FicheRelance, AppError> {
    let (session, scope) = perimetre(ctx, annee, Action::RelancerEtablissements).await?;
    let db = &ctx.app.db;
    let r = load(db, &scope, session.id, id).await?;
    let sans = SortRelance::SansDestinataire.code();
    let sans_destinataire = base::relance_cibles(db, (session.id, r.id), sans, ETABLISSEMENTS)
        .await?
        .into_iter()
        .map(|c| (c.uai, c.nom, format!("{} ({})", c.commune, c.departement)))
        .collect();
    Ok(FicheRelance { suivi: suivi_of(db, &session, r).await?, sans_destinataire, session })
}

/// Stops a reminder, or makes it go on from where it stood.
///
/// # Errors
/// [`AppError::NotFound`] for one of another perimeter; [`AppError::Confirmation`] to make it go on without a fresh second step;
/// [`AppError::Rule`] when its state does not allow it, or in an archived session.
pub async fn act_on_relance(
    ctx: &Ctx,
    garde: &Garde,
    annee: i64,
    id: &PublicId,
    geste: GesteRelance,
) -> Result<Recepisse, AppError> {
    let demande = format!("relance_{}|{annee}|{}", geste.code(), id.as_str());
    let (session, scope) = perimetre(ctx, annee, Action::RelancerEtablissements).await?;
    let tx = ctx.begin().await?;
    base::hold_relance(&tx, id.as_str()).await?;
    let r = load(&tx, &scope, session.id, id).await?;
    let cible = cible_over(session.id, &scope);
    let permit = match geste {
        GesteRelance::Arreter => ctx.permit_to_stop(Action::RelancerEtablissements, &cible)?,
        GesteRelance::Reprendre => ctx.permit(Action::RelancerEtablissements, &cible)?,
    };
    if let Some(recepisse) = idempotence::deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(recepisse);
    }
    session.require_ouverte()?;
    let (etat, lot, interrompue) = stand(&tx, annee, &r).await?;
    let vers = etat.after(geste, interrompue)?;
    // A batch given up, or asked for before the stop, is never done: the next one has another number.
    let suivant = Lot { etape: lot.etape + 1, ..lot };
    let suite = SuiteRelance { etat: vers.code(), motif: "", etape: suivant.etape, terminee: false };
    base::set_relance(&tx, &ctx.ecriture(&permit), &r, &suite).await?;
    if vers == EtatRelance::EnCours {
        suivant.enqueue(&tx, ctx).await?;
    }
    let contenu = json!({ "etat": vers.code(), "acte": geste.code() });
    let acte = Acte {
        objet: "relance",
        objet_id: &r.public_id,
        avant: Some(json!({ "etat": etat.code() })),
        apres: Some(contenu.clone()),
    };
    record(&tx, ctx, &permit, &acte).await?;
    let acte = format!("relance_{}", geste.code());
    let recepisse = idempotence::emettre(&tx, ctx, garde, &demande, &acte, None, &contenu).await?;
    tx.commit().await?;
    Ok(recepisse)
}

#[cfg(test)]
mod tests {
    use domain::comptes::Role;
    use domain::droits::{Acteur, Attribution, scope};

    use super::*;

    #[test]
    fn r_ech_04_a_service_sees_the_reminders_of_its_own_academies() {
        let of = |attribution: Attribution| {
            let acteur = Acteur { compte: Some(1), nom: "Essai".to_owned(), attributions: vec![attribution] };
            scope(&acteur, Action::RelancerEtablissements).expect("allowed")
        };
        let academies = |codes: &[&str]| codes.iter().map(|c| (*c).to_owned()).collect();
        let service =
            of(Attribution { academies: academies(&["20", "09"]), ..Attribution::simple(Role::Academie) });
        assert!(is_within(&service, "20") && is_within(&service, "20,09") && is_within(&service, "|20|09|"));
        assert!(
            !is_within(&service, "20,10") && !is_within(&service, ""),
            "neither part of it nor the country"
        );
        let national = of(Attribution::simple(Role::AdminNational));
        assert!(is_within(&national, "") && is_within(&national, "10"));
    }
}
