//! Publishing in the Fil info: an item written, programmed, corrected, taken down; who opened it.

use std::collections::{BTreeMap, BTreeSet};

use domain::actualites::{Audience, Emetteur, EtatActualite, Redaction, Situation, is_unread};
use domain::droits::{Action, Permit, Scope, scope_session};
use domain::{PublicId, RuleViolation};
use serde_json::json;
use store::Sql;
use store::actualites::{self as base, Comptes, LigneActualite, Piece, SituationSurPlace};
use store::etablissements::LigneEtablissement;

use super::{Actualite, permit_of, situations, situations_sur_place};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::formations::pages;
use crate::idempotence::{self, Garde, Recepisse, hash};
use crate::journal::{Acte, record};
use crate::references::{DocumentReference, joinable, list_carried};
use crate::sessions::{self, SessionAdmission};

/// How many of those whom an item is addressed to have opened it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Suivi {
    /// Accounts in service that meet the audience.
    pub concernes: usize,
    /// Those that opened it, before or since its last important correction.
    pub ouvertures: usize,
    /// Those that opened it since.
    pub a_jour: usize,
}

impl Suivi {
    fn new(
        l: &LigneActualite,
        comptes: &BTreeMap<i64, Vec<Situation>>,
        lues: &BTreeMap<(i64, i64), i64>,
    ) -> Self {
        let mut suivi = Self::default();
        for (&compte, _) in comptes.iter().filter(|(_, s)| s.iter().any(|s| l.audience.is_for(s))) {
            let lue = lues.get(&(compte, l.id)).copied();
            suivi.concernes += 1;
            suivi.ouvertures += usize::from(lue.is_some());
            suivi.a_jour += usize::from(!is_unread(lue, l.a_lire));
        }
        suivi
    }
}

/// Establishments of a page.
const PAR_PAGE: usize = 50;

/// An establishment where nobody has opened an item (R-INF-09).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SansLecture {
    /// Code of the national register.
    pub uai: String,
    /// Name, that of the session.
    pub nom: String,
    /// Town.
    pub commune: String,
    /// Code.
    pub departement: String,
    /// Code.
    pub academie: String,
}

/// R-INF-09: in which of the establishments of a publisher's perimeter an item was opened, by anybody; no account is named.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SuiviEtablissements {
    /// Those where an account in service meets the audience.
    pub concernes: usize,
    /// Among them, those where none of these accounts has opened it since its last important correction: by department, then by name.
    pub fermes: Vec<SansLecture>,
}

impl SuiviEtablissements {
    fn new(
        l: &LigneActualite,
        situations: &[SituationSurPlace],
        lues: &BTreeMap<(i64, i64), i64>,
        etablissements: Vec<LigneEtablissement>,
    ) -> Self {
        let mut ouverts: BTreeMap<i64, bool> = BTreeMap::new();
        for s in situations.iter().filter(|s| l.audience.is_for(&s.situation)) {
            let Some(etablissement) = s.etablissement else { continue };
            let lue = lues.get(&(s.compte, l.id)).copied();
            *ouverts.entry(etablissement).or_default() |= !is_unread(lue, l.a_lire);
        }
        let mut suivi = Self::default();
        for e in etablissements {
            let Some(ouvert) = ouverts.get(&e.etablissement_id) else { continue };
            suivi.concernes += 1;
            if !ouvert {
                let LigneEtablissement { uai, nom, commune, departement, academie, .. } = e;
                suivi.fermes.push(SansLecture { uai, nom, commune, departement, academie });
            }
        }
        suivi
    }

    /// A page of those where nobody has opened it, from 1: its lines, its number once within bounds, how many there are (at least 1).
    pub fn page(&self, page: u32) -> (&[SansLecture], u32, u32) {
        let total = i64::try_from(self.fermes.len()).unwrap_or(i64::MAX);
        let (page, pages) = pages(page, total, i64::try_from(PAR_PAGE).unwrap_or(i64::MAX));
        let avant = usize::try_from(page - 1).unwrap_or(usize::MAX);
        (self.fermes.chunks(PAR_PAGE).nth(avant).unwrap_or_default(), page, pages)
    }
}

/// The items that a person looks after.
#[derive(Debug, Clone)]
pub struct Publications {
    /// The one of the address, open or archived.
    pub session: SessionAdmission,
    /// Programmed, shown, taken down; the last published first.
    pub lignes: Vec<(Actualite, Suivi)>,
    /// Codes of the academies that the person speaks to; `None`: everybody.
    pub academies: Option<Vec<String>>,
}

/// An item to be corrected, or one to be written.
#[derive(Debug, Clone)]
pub struct Publication {
    /// The one of the address, open or archived.
    pub session: SessionAdmission,
    /// Codes of the academies that the person speaks to; `None`: everybody.
    pub academies: Option<Vec<String>>,
    /// `None`: a new one.
    pub ligne: Option<(Actualite, Suivi)>,
    /// Where nobody has opened it; none for a new one.
    pub etablissements: SuiviEtablissements,
    /// Empty for a new one.
    pub texte: String,
    /// What it carries.
    pub pieces: Vec<DocumentReference>,
    /// What it may carry: what it carries already, what the service deposited, the notes and guides that the person reads.
    pub joignables: Vec<DocumentReference>,
    /// TRX-4: the one that the form was made from.
    pub version: i64,
}

/// The academies that a person speaks to; `None`: everybody.
pub(crate) fn academies_of(scope: &Scope) -> Option<Vec<String>> {
    (!scope.portee().tout).then(|| scope.portee().academies.clone())
}

/// What this person published, or their service.
///
/// # Errors
/// [`AppError::NotFound`] for a session that does not exist, [`AppError::Denied`] for those who do not publish.
pub async fn list_publications(ctx: &Ctx, annee: i64) -> Result<Publications, AppError> {
    let db = &ctx.app.db;
    let session = sessions::session(db, annee).await?;
    let scope = scope_session(&ctx.acteur, Action::PublierInformation, session.id)?;
    let comptes = situations(db, session.id, Comptes::Tous).await?;
    let lues = base::lectures_by_compte(db, session.id).await?;
    let maintenant = ctx.campagne_ms();
    let lignes = base::actualites(db, session.id)
        .await?
        .iter()
        .filter(|l| l.emetteur.check(scope.portee(), &l.audience).is_ok())
        .map(|l| Ok((Actualite::new(l, maintenant, None)?, Suivi::new(l, &comptes, &lues))))
        .collect::<Result<_, AppError>>()?;
    Ok(Publications { academies: academies_of(&scope), session, lignes })
}

/// An item of theirs, or a blank one.
///
/// # Errors
/// [`AppError::NotFound`] for an item that does not exist, or that another level published.
pub async fn view_publication(ctx: &Ctx, annee: i64, id: Option<&PublicId>) -> Result<Publication, AppError> {
    let db = &ctx.app.db;
    let session = sessions::session(db, annee).await?;
    let scope = scope_session(&ctx.acteur, Action::PublierInformation, session.id)?;
    let academies = academies_of(&scope);
    let Some(id) = id else {
        return Ok(Publication {
            joignables: joignables(ctx, &session, &[]).await?,
            session,
            academies,
            ligne: None,
            etablissements: SuiviEtablissements::default(),
            texte: String::new(),
            pieces: Vec::new(),
            version: 0,
        });
    };
    let l = own(db, &scope, session.id, id).await?;
    let situations = situations_sur_place(db, session.id).await?;
    let lues = base::lecteurs(db, l.id).await?;
    let lues: BTreeMap<(i64, i64), i64> = lues.into_iter().map(|(compte, n)| ((compte, l.id), n)).collect();
    let portee = scope.portee();
    let mut siens = store::etablissements::list_by_session(db, session.id).await?;
    siens.retain(|e| portee.tout || portee.academies.contains(&e.academie));
    let etablissements = SuiviEtablissements::new(&l, &situations, &lues, siens);
    let suivi = Suivi::new(&l, &base::by_compte(situations), &lues);
    let pieces = list_carried(db, session.id, l.id).await?;
    Ok(Publication {
        joignables: joignables(ctx, &session, &pieces).await?,
        pieces,
        academies,
        texte: base::texte(db, l.id).await?,
        version: l.version,
        ligne: Some((Actualite::new(&l, ctx.campagne_ms(), None)?, suivi)),
        etablissements,
        session,
    })
}

async fn joignables(
    ctx: &Ctx,
    session: &SessionAdmission,
    portees: &[DocumentReference],
) -> Result<Vec<DocumentReference>, AppError> {
    let mut tous: Vec<DocumentReference> = portees.to_vec();
    let possibles = joinable(&ctx.app.db, ctx, session.id).await?;
    tous.extend(possibles.into_iter().map(|(_, d)| d).filter(|d| portees.iter().all(|p| p.id != d.id)));
    Ok(tous)
}

/// R-REF-04: the documents named are those that the author may join, or that the item carries already.
async fn pieces_of(
    c: &impl Sql,
    ctx: &Ctx,
    session: i64,
    avant: Option<i64>,
    demandees: &[PublicId],
) -> Result<Vec<Piece>, AppError> {
    if demandees.is_empty() {
        return Ok(Vec::new());
    }
    let deja: BTreeSet<i64> = match avant {
        Some(actualite) => base::pieces(c, session).await?.remove(&actualite).unwrap_or_default(),
        None => BTreeSet::new(),
    };
    let mut admises: BTreeMap<String, i64> =
        joinable(c, ctx, session).await?.into_iter().map(|(l, _)| (l.public_id, l.id)).collect();
    let documents = store::references::references(c, session).await?;
    admises.extend(documents.into_iter().filter(|l| deja.contains(&l.id)).map(|l| (l.public_id, l.id)));
    demandees
        .iter()
        .map(|id| match admises.get(id.as_str()) {
            Some(cle) => Ok(Piece { id: *cle, public_id: id.as_str().to_owned() }),
            None => Err(RuleViolation::Champ { champ: "pieces", motif: "inconnu" }.into()),
        })
        .collect()
}

async fn own(c: &impl Sql, scope: &Scope, session: i64, id: &PublicId) -> Result<LigneActualite, AppError> {
    let lignes = base::actualites(c, session).await?;
    let siennes = |l: &LigneActualite| {
        l.public_id == id.as_str() && l.emetteur.check(scope.portee(), &l.audience).is_ok()
    };
    lignes.into_iter().find(siennes).ok_or(AppError::NotFound)
}

/// What an author asks for, not checked yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saisie {
    /// One line.
    pub titre: String,
    /// With light marks.
    pub texte: String,
    /// Whom it concerns.
    pub audience: Audience,
    /// Milliseconds of the campaign; `None`: at once, or when it was published already.
    pub publiee_le: Option<i64>,
    /// First instant when it is no longer shown; `None`: none set.
    pub retiree_le: Option<i64>,
    /// The documents that it carries.
    pub pieces: Vec<PublicId>,
}

impl Saisie {
    /// As it would be kept. `sinon`: when it is published, if nothing says it.
    ///
    /// # Errors
    /// [`domain::RuleViolation::Champ`] (R-INF-07).
    pub fn checked(self, sinon: i64) -> Result<Redaction, RuleViolation> {
        let Self { titre, texte, audience, publiee_le, retiree_le, pieces: _ } = self;
        let publiee_le = publiee_le.unwrap_or(sinon);
        Redaction { titre, texte, audience, publiee_le, retiree_le }.checked()
    }

    /// What is asked for: the same sent twice is done once, whenever it arrives.
    fn demande(&self, acte: &str, annee: i64, id: &str, a_relire: bool) -> String {
        format!("{acte}|{annee}|{id}|{a_relire}|{}", hash(&format!("{self:?}")))
    }
}

/// JOU-2: no free text in the journal; the versions of the item keep it. `etat` and the year say to programs what happened (R-API-06).
fn trace(
    (etat, annee): (&str, i64),
    r: &Redaction,
    emetteur: Emetteur,
    pieces: &[Piece],
) -> serde_json::Value {
    json!({
        "etat": etat,
        "session": annee,
        "pieces": pieces.iter().map(|p| p.public_id.as_str()).collect::<Vec<_>>(),
        "emetteur": emetteur.code(),
        "publiee_le": r.publiee_le,
        "retiree_le": r.retiree_le,
        "roles": r.audience.roles.iter().map(|x| x.code()).collect::<Vec<_>>(),
        "familles": r.audience.familles.iter().map(|f| f.code()).collect::<Vec<_>>(),
        "paramedical": r.audience.paramedical,
        "statuts": r.audience.statuts.iter().map(|s| s.code()).collect::<Vec<_>>(),
        "academies": r.audience.academies,
        "empreinte": hash(&format!("{}\n{}", r.titre, r.texte)),
    })
}

/// Publishes an item, now or from the instant that it says on. It is told by mail to its audience (R-INF-06): a mass mail, which asks
/// for a fresh second step.
///
/// # Errors
/// [`AppError::Confirmation`]; [`AppError::Rule`] for a text that is empty or too long, an end before the beginning, academies outside
/// the perimeter, or an archived session.
pub async fn publish_actualite(
    ctx: &Ctx,
    garde: &Garde,
    annee: i64,
    saisie: Saisie,
) -> Result<Recepisse, AppError> {
    let demande = saisie.demande("publication", annee, "", false);
    let tx = ctx.begin().await?;
    let session = sessions::session(&tx, annee).await?;
    let (scope, permit) = right(ctx, session.id)?;
    // The digest tells its whole audience (HAB-7).
    ctx.require_fresh()?;
    if let Some(recepisse) = idempotence::deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(recepisse);
    }
    session.require_ouverte()?;
    let pieces = pieces_of(&tx, ctx, session.id, None, &saisie.pieces).await?;
    let r = saisie.checked(ctx.campagne_ms())?;
    let emetteur = Emetteur::of(scope.portee());
    emetteur.check(scope.portee(), &r.audience)?;
    let id = base::insert(&tx, &ctx.ecriture(&permit), session.id, emetteur, &r, &pieces).await?;
    let contenu = trace(("publiee", annee), &r, emetteur, &pieces);
    let acte = Acte { objet: "actualite", objet_id: &id, avant: None, apres: Some(contenu.clone()) };
    record(&tx, ctx, &permit, &acte).await?;
    let recepisse =
        idempotence::emettre(&tx, ctx, garde, &demande, "publier_actualite", None, &contenu).await?;
    tx.commit().await?;
    Ok(recepisse)
}

/// What a person who publishes may do, and their permit.
pub(crate) fn right(ctx: &Ctx, session: i64) -> Result<(Scope, Permit), AppError> {
    let scope = scope_session(&ctx.acteur, Action::PublierInformation, session)?;
    Ok((scope, permit_of(ctx, Action::PublierInformation, session)?))
}

/// Corrects an item; what it said before is kept. `a_relire`: who opened it is told again.
///
/// # Errors
/// As [`publish_actualite`]; [`AppError::NotFound`] for an item of another level; [`AppError::Conflict`] when it changed meanwhile.
pub async fn correct_actualite(
    ctx: &Ctx,
    garde: &Garde,
    annee: i64,
    id: &PublicId,
    saisie: Saisie,
    a_relire: bool,
) -> Result<Recepisse, AppError> {
    let demande = saisie.demande("correction", annee, id.as_str(), a_relire);
    let tx = ctx.begin().await?;
    let session = sessions::session(&tx, annee).await?;
    let (scope, permit) = right(ctx, session.id)?;
    // Those whom it adds, or who are to read it again, are told of it (HAB-7).
    ctx.require_fresh()?;
    if let Some(recepisse) = idempotence::deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(recepisse);
    }
    let avant = own(&tx, &scope, session.id, id).await?;
    session.require_ouverte()?;
    garde.check_version(avant.version)?;
    let pieces = pieces_of(&tx, ctx, session.id, Some(avant.id), &saisie.pieces).await?;
    let r = saisie.checked(avant.publiee_le)?;
    // The level stays the one that published it.
    avant.emetteur.check(scope.portee(), &r.audience)?;
    // Nobody opened what is not shown yet: nobody is to open it again.
    let montree = EtatActualite::at(ctx.campagne_ms(), avant.publiee_le, None) == EtatActualite::Publiee;
    base::correct(&tx, &ctx.ecriture(&permit), &avant, &r, &pieces, a_relire && montree).await?;
    let contenu = trace(("corrigee", annee), &r, avant.emetteur, &pieces);
    let acte = Acte {
        objet: "actualite",
        objet_id: &avant.public_id,
        avant: Some(json!({ "version": avant.version })),
        apres: Some(contenu.clone()),
    };
    record(&tx, ctx, &permit, &acte).await?;
    let recepisse =
        idempotence::emettre(&tx, ctx, garde, &demande, "corriger_actualite", None, &contenu).await?;
    tx.commit().await?;
    Ok(recepisse)
}

/// Takes an item down, now. It stays in the list of whoever published it.
///
/// # Errors
/// [`AppError::NotFound`] for an item of another level; [`AppError::Rule`] in an archived session.
pub async fn take_down_actualite(
    ctx: &Ctx,
    garde: &Garde,
    annee: i64,
    id: &PublicId,
) -> Result<Recepisse, AppError> {
    let demande = format!("retrait_actualite|{annee}|{}", id.as_str());
    let tx = ctx.begin().await?;
    let session = sessions::session(&tx, annee).await?;
    let (scope, permit) = right(ctx, session.id)?;
    if let Some(recepisse) = idempotence::deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(recepisse);
    }
    let avant = own(&tx, &scope, session.id, id).await?;
    session.require_ouverte()?;
    let le = ctx.campagne_ms();
    if EtatActualite::at(le, avant.publiee_le, avant.retiree_le) == EtatActualite::Retiree {
        return Err(AppError::Conflict);
    }
    base::take_down(&tx, &ctx.ecriture(&permit), avant.id, le).await?;
    let contenu = json!({ "etat": "retiree", "session": annee, "retiree_le": le });
    let acte = Acte {
        objet: "actualite",
        objet_id: &avant.public_id,
        avant: Some(json!({ "retiree_le": avant.retiree_le })),
        apres: Some(contenu.clone()),
    };
    record(&tx, ctx, &permit, &acte).await?;
    let recepisse =
        idempotence::emettre(&tx, ctx, garde, &demande, "retirer_actualite", None, &contenu).await?;
    tx.commit().await?;
    Ok(recepisse)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r_inf_09_establishments_are_read_page_by_page() {
        let un = |n: usize| SansLecture {
            uai: format!("{n:08}"),
            nom: "Lycée d’essai".to_owned(),
            commune: "Amiens".to_owned(),
            departement: "80".to_owned(),
            academie: "20".to_owned(),
        };
        let suivi = SuiviEtablissements { concernes: 500, fermes: (0..2 * PAR_PAGE + 1).map(un).collect() };
        let vu = |page: u32| {
            let (lignes, page, pages) = suivi.page(page);
            (lignes.first().map(|e| e.uai.as_str()), lignes.len(), page, pages)
        };
        assert_eq!(vu(1), (Some("00000000"), PAR_PAGE, 1, 3));
        assert_eq!(vu(2), (Some("00000050"), PAR_PAGE, 2, 3));
        for derniere in [3, 4, u32::MAX] {
            assert_eq!(vu(derniere), (Some("00000100"), 1, 3, 3));
        }
        assert_eq!(vu(0), vu(1));
        let vide = SuiviEtablissements::default();
        let (lignes, page, pages) = vide.page(7);
        assert_eq!((lignes.len(), page, pages), (0, 1, 1));
    }
}
