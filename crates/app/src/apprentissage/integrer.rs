//! R-APP-08, R-APP-10, R-APP-14: records that are ready become courses of the session; what the catalogue changes of them later follows, and
//! never what the establishment typed; a record that is closed or refused closes its course.

use std::collections::{BTreeMap, HashMap, HashSet};

use domain::apprentissage::{ActeurStatut, Fiche, Statut, constats};
use domain::calendrier::jour_paris;
use domain::droits::{Action, Cible, Permit};
use domain::formations::description::Description;
use domain::formations::{EtatFormation, StatutFormation, normalise_recherche, texte_recherche};
use domain::{PublicId, RuleViolation};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::json;
use store::apprentissage::{
    self as base, CourseLibre, EvenementAEcrire, FicheAIntegrer, NouveauStatut, PartDuCatalogue,
};
use store::formations::Fin;
use store::imports::{
    self as imports, EtablissementConnu, EtablissementImport, FormationAjoutee, GroupeAjoute, OffreAjoutee,
    OffreImport,
};
use store::{Ecriture, Tx};
use tokio::runtime::Handle;

use super::fiche::changed_hands;
use super::{read, statut};
use crate::candidatures::tell_suspended;
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::formations::{ecrit, hand_to, leave};
use crate::idempotence::{self, Garde, Recepisse};
use crate::imports::{Liens, relier};
use crate::journal::{Acte, record};
use crate::sessions::{self, SessionAdmission};

/// What an integration did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct BilanIntegration {
    /// Courses made, as drafts that their establishment completes.
    pub creees: u64,
    /// Courses that the session had already.
    pub rattachees: u64,
    /// Courses of which the catalogue changed its part.
    pub mises_a_jour: u64,
    /// Courses that another establishment takes over.
    pub cedees: u64,
    /// Records whose course candidates read from now on.
    pub publiees: u64,
    /// Courses closed for good.
    pub fermees: u64,
    /// Courses suspended, because candidates wish them.
    pub suspendues: u64,
    /// Closed courses that are drafts again.
    pub rouvertes: u64,
    /// Records that the platform cannot take.
    pub rejetees: u64,
    /// Establishments made.
    pub etablissements: u64,
}

impl BilanIntegration {
    /// Records that something was done about.
    pub const fn total(&self) -> u64 {
        self.creees
            + self.rattachees
            + self.mises_a_jour
            + self.cedees
            + self.publiees
            + self.fermees
            + self.suspendues
            + self.rouvertes
            + self.rejetees
    }

    /// One line, in French.
    pub fn phrase(&self) -> String {
        format!(
            "{} formations créées ({} établissements ajoutés), {} rattachées, {} mises à jour, {} passées à un autre établissement, {} \
             rouvertes, {} publiées, {} fermées, {} suspendues ; {} fiches rejetées",
            self.creees,
            self.etablissements,
            self.rattachees,
            self.mises_a_jour,
            self.cedees,
            self.rouvertes,
            self.publiees,
            self.fermees,
            self.suspendues,
            self.rejetees
        )
    }
}

/// R-APP-08: makes courses of the records that are ready. Done again, it does nothing.
///
/// # Errors
/// [`AppError::Denied`]; [`domain::RuleViolation::SessionArchivee`]; [`AppError::NotFound`] for an unknown session.
pub async fn integrate(ctx: &Ctx, annee: i64) -> Result<BilanIntegration, AppError> {
    let ctx = ctx.clone();
    apart(move |poignee| poignee.block_on(integrate_here(&ctx, annee))).await
}

/// Thousands of records at once: on a thread of its own, where nothing waits for it but whoever asked.
async fn apart<T: Send + 'static>(
    integration: impl FnOnce(Handle) -> Result<T, AppError> + Send + 'static,
) -> Result<T, AppError> {
    let poignee = Handle::current();
    tokio::task::spawn_blocking(move || integration(poignee)).await.map_err(AppError::internal)?
}

async fn integrate_here(ctx: &Ctx, annee: i64) -> Result<BilanIntegration, AppError> {
    let permit = ctx.permit(Action::ImporterOffre, &Cible::plateforme())?;
    let tx = ctx.begin().await?;
    let session = sessions::session(&tx, annee).await?;
    session.require_ouverte()?;
    let bilan = run(&tx, ctx, &permit, &session).await?;
    tx.commit().await?;
    Ok(bilan)
}

/// The same in the open session, once a day of the campaign: the first maintenance of the day, so that a missed night repairs itself.
/// Gives how many records something was done about.
///
/// # Errors
/// When the database refuses.
pub(crate) async fn integrate_courante(ctx: &Ctx) -> Result<u64, AppError> {
    let db = &ctx.app.db;
    let session = match sessions::courante(db).await {
        Ok(session) => session,
        Err(AppError::NotFound) => return Ok(0),
        Err(e) => return Err(e),
    };
    let jour = |ms: i64| Timestamp::from_millisecond(ms).map(jour_paris).ok();
    let derniere = base::last_integration(db, session.id).await?.and_then(jour);
    if derniere >= Some(jour_paris(ctx.campagne_le)) || !base::has_a_integrer(db, session.id).await? {
        return Ok(0);
    }
    Ok(integrate(ctx, session.annee).await?.total())
}

/// The same, asked by a person of the national team.
///
/// # Errors
/// As [`integrate`]; [`AppError::Conflict`] for the same form sent with another request.
pub async fn ask_integration(
    ctx: &Ctx,
    garde: &Garde,
    annee: i64,
) -> Result<(Recepisse, Option<BilanIntegration>), AppError> {
    let (ctx, garde) = (ctx.clone(), garde.clone());
    apart(move |poignee| poignee.block_on(ask_here(&ctx, &garde, annee))).await
}

async fn ask_here(
    ctx: &Ctx,
    garde: &Garde,
    annee: i64,
) -> Result<(Recepisse, Option<BilanIntegration>), AppError> {
    let demande = format!("integration|{annee}");
    let permit = ctx.permit(Action::ImporterOffre, &Cible::plateforme())?;
    let tx = ctx.begin().await?;
    let session = sessions::session(&tx, annee).await?;
    if let Some(recepisse) = idempotence::deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok((recepisse, None));
    }
    session.require_ouverte()?;
    let bilan = run(&tx, ctx, &permit, &session).await?;
    let contenu = serde_json::to_value(bilan).map_err(AppError::internal)?;
    let recepisse =
        idempotence::emettre(&tx, ctx, garde, &demande, "fiches_integrees", None, &contenu).await?;
    tx.commit().await?;
    Ok((recepisse, Some(bilan)))
}

/// A record with what it says.
struct Une {
    l: FicheAIntegrer,
    fiche: Fiche,
    statut: Statut,
    /// That of its row, as this run leaves it.
    version: i64,
}

async fn run(
    tx: &Tx,
    ctx: &Ctx,
    permit: &Permit,
    session: &SessionAdmission,
) -> Result<BilanIntegration, AppError> {
    let mut toutes = Vec::new();
    for l in base::a_integrer(tx, session.id).await? {
        let (fiche, statut, version) = (read(&l.contenu)?, statut(&l.statut)?, l.version);
        toutes.push(Une { l, fiche, statut, version });
    }
    let mut atelier = Atelier {
        tx,
        ctx,
        permit,
        e: ctx.ecriture(permit),
        session,
        bilan: BilanIntegration::default(),
        evenements: Vec::new(),
    };
    let (avec, sans): (Vec<Une>, Vec<Une>) =
        toutes.into_iter().partition(|u| u.l.formation_session_id.is_some());
    let prets = atelier.reject(sans).await?;
    if !prets.is_empty() {
        atelier.create(prets).await?;
    }
    for une in atelier.hand_over(avec).await? {
        atelier.follow(une).await?;
    }
    let Atelier { e, bilan, evenements, .. } = atelier;
    base::add_evenements(tx, &e, evenements).await?;
    if bilan.creees > 0 {
        let types = store::nomenclatures::types(tx, session.id).await?;
        relier(tx, Some(&e), (session.id, true), &types, &mut Liens::default()).await?;
    }
    let compte = serde_json::to_value(bilan).map_err(AppError::internal)?;
    imports::record_import(tx, &e, base::INTEGRATION, session.id, "", "", &compte.to_string()).await?;
    if bilan.total() > 0 {
        let acte = Acte {
            objet: "fiche_apprentissage",
            objet_id: "integration",
            avant: None,
            apres: Some(json!({ "session": session.annee, "bilan": compte })),
        };
        record(tx, ctx, permit, &acte).await?;
    }
    Ok(bilan)
}

struct Atelier<'a> {
    tx: &'a Tx,
    ctx: &'a Ctx,
    permit: &'a Permit,
    e: Ecriture<'a>,
    session: &'a SessionAdmission,
    bilan: BilanIntegration,
    evenements: Vec<EvenementAEcrire>,
}

/// « BTS Tourisme - en apprentissage », as the composed offer names them.
fn libelle(fiche: &Fiche) -> String {
    let titre = fiche.intitule.clone().unwrap_or_default();
    if normalise_recherche(&titre).contains("apprentissage") {
        titre
    } else {
        format!("{titre} - en apprentissage")
    }
}

/// What two names of one course have in common.
fn nom_commun(libelle: &str) -> String {
    let net = normalise_recherche(libelle);
    net.strip_suffix("en apprentissage").unwrap_or(&net).trim_end().to_owned()
}

fn cle(fiche: &Fiche) -> String {
    format!("carif:{}", fiche.cle_ministere.as_deref().unwrap_or(&fiche.id))
}

/// The part of a course that the catalogue owns.
struct Part {
    libelle: String,
    departement: &'static str,
    academie: &'static str,
    commune: String,
    coordonnees: Option<(f64, f64)>,
    recherche: String,
}

impl Part {
    /// `connu`: the name, the department, the town and the position of its establishment.
    fn new(fiche: &Fiche, detail: &str, connu: &Chez<'_>) -> Option<Self> {
        let place = fiche.departement()?;
        // The town of the establishment is that of the course when the course is given there.
        let sur_place = fiche.lieu.uai.is_some() || fiche.lieu.commune == fiche.formateur.commune;
        let chez = sur_place && connu.departement == place.code;
        let ici = if chez { connu.commune } else { "" };
        let commune = fiche.lieu.ville.as_deref().unwrap_or(ici).to_owned();
        let degres = |micro: i32| f64::from(micro) / 1e6;
        let coordonnees = fiche
            .lieu
            .point
            .map(|p| (degres(p.latitude), degres(p.longitude)))
            .or(connu.coordonnees.filter(|_| chez));
        let libelle = libelle(fiche);
        let lieu = format!("{commune} {} {}", place.code, place.nom);
        let recherche = texte_recherche(&libelle, detail, connu.nom, &lieu);
        let (departement, academie) = (place.code, place.academie);
        Some(Self { libelle, departement, academie, commune, coordonnees, recherche })
    }
}

/// An establishment, as a part of a course repeats it.
struct Chez<'a> {
    nom: &'a str,
    departement: &'a str,
    commune: &'a str,
    coordonnees: Option<(f64, f64)>,
}

impl<'a> From<&'a EtablissementImport> for Chez<'a> {
    fn from(e: &'a EtablissementImport) -> Self {
        Self {
            nom: &e.nom,
            departement: &e.departement,
            commune: &e.commune,
            coordonnees: e.latitude.zip(e.longitude),
        }
    }
}

impl Atelier<'_> {
    fn event(&mut self, une: &Une, quoi: &str, vers: Option<(Statut, Option<String>)>) {
        let (statut, raison) = vers.unzip();
        self.evenements.push(EvenementAEcrire {
            fiche: une.l.id,
            issue: "decision",
            detail: json!({ "quoi": quoi }).to_string(),
            statut_avant: statut.map(|_| une.statut.code()),
            statut: statut.map(Statut::code),
            raison: raison.flatten(),
        });
    }

    async fn set(
        &mut self,
        une: &mut Une,
        vers: Statut,
        raison: Option<&str>,
        en_ligne: bool,
    ) -> Result<(), AppError> {
        if vers != une.statut && !une.statut.peut_devenir(vers, ActeurStatut::Plateforme) {
            return Err(
                RuleViolation::ForbiddenTransition { from: une.statut.code(), event: vers.code() }.into()
            );
        }
        // Neither what is ready nor what has a course repeats another record.
        let nouveau = NouveauStatut { statut: vers.code(), raison, doublon_de: None, en_ligne };
        base::set_statut(self.tx, &self.e, (une.l.id, une.version), &nouveau).await?;
        une.version += 1;
        Ok(())
    }

    /// Leaves out the records that cannot be taken, with the reason.
    async fn reject(&mut self, fiches: Vec<Une>) -> Result<Vec<Une>, AppError> {
        let mut prets = Vec::with_capacity(fiches.len());
        for mut une in fiches {
            let manques: Vec<&str> =
                constats(&une.fiche).into_iter().filter(|c| c.is_bloquant()).map(|c| c.a_faire()).collect();
            if manques.is_empty() {
                prets.push(une);
                continue;
            }
            let raison = manques.join(" ");
            self.event(&une, "rejet", Some((Statut::Rejete, Some(raison.clone()))));
            self.set(&mut une, Statut::Rejete, Some(&raison), false).await?;
            self.bilan.rejetees += 1;
        }
        Ok(prets)
    }

    /// The establishments of records by code, those that the session does not have being added; key and what the session says.
    async fn establishments(
        &mut self,
        prets: &[Une],
    ) -> Result<HashMap<String, (i64, EtablissementImport)>, AppError> {
        let (tx, session) = (self.tx, self.session);
        let connus: HashMap<String, EtablissementConnu> =
            imports::etablissements(tx, session.id).await?.into_iter().map(|c| (c.uai.clone(), c)).collect();
        let anciens: HashMap<String, EtablissementConnu> = match session.precedente {
            None => HashMap::new(),
            Some(p) => {
                imports::etablissements(tx, p).await?.into_iter().map(|c| (c.uai.clone(), c)).collect()
            }
        };
        let mut voulus: BTreeMap<&str, EtablissementImport> = BTreeMap::new();
        for une in prets {
            let (Some(uai), Some(place)) = (une.fiche.uai(), une.fiche.departement()) else { continue };
            if voulus.contains_key(uai) {
                continue;
            }
            let dit = connus
                .get(uai)
                .filter(|c| c.ligne.is_some())
                .or_else(|| anciens.get(uai).filter(|c| c.ligne.is_some()));
            let point = une.fiche.lieu.point.map(|p| {
                let degres = |micro: i32| f64::from(micro) / 1e6;
                (degres(p.latitude), degres(p.longitude))
            });
            let texte = |t: Option<&String>| t.cloned().unwrap_or_default();
            let e = match dit {
                Some(c) => EtablissementImport {
                    uai: uai.to_owned(),
                    nom: texte(c.nom.as_ref()),
                    statut: texte(c.statut.as_ref()),
                    departement: texte(c.departement.as_ref()),
                    academie: texte(c.academie.as_ref()),
                    commune: texte(c.commune.as_ref()),
                    latitude: c.latitude,
                    longitude: c.longitude,
                    site_web: c.site_web.clone(),
                },
                // The catalogue does not name them: as the import of the offer does.
                None => EtablissementImport {
                    uai: uai.to_owned(),
                    nom: format!("Établissement {uai}"),
                    statut: String::new(),
                    departement: place.code.to_owned(),
                    academie: place.academie.to_owned(),
                    commune: String::new(),
                    latitude: point.map(|p| p.0),
                    longitude: point.map(|p| p.1),
                    site_web: None,
                },
            };
            voulus.insert(uai, e);
        }
        let nouveaux: Vec<&str> = voulus.keys().copied().filter(|uai| !connus.contains_key(*uai)).collect();
        self.bilan.etablissements += nouveaux.len() as u64;
        let ajoutes = imports::add_etablissements(tx, &self.e, &nouveaux).await?;
        let mut cles: HashMap<&str, i64> = connus.iter().map(|(uai, c)| (uai.as_str(), c.id)).collect();
        cles.extend(nouveaux.iter().copied().zip(ajoutes));
        let sans_ligne: Vec<(i64, &EtablissementImport)> = voulus
            .iter()
            .filter(|(uai, _)| connus.get(**uai).is_none_or(|c| c.ligne.is_none()))
            .filter_map(|(uai, e)| cles.get(uai).map(|id| (*id, e)))
            .collect();
        imports::add_etablissements_session(tx, &self.e, session.id, sans_ligne).await?;
        Ok(voulus
            .iter()
            .filter_map(|(uai, e)| cles.get(uai).map(|id| ((*uai).to_owned(), (*id, e.clone()))))
            .collect())
    }

    /// Gives each record its course: one that the session has already, else a new one.
    async fn create(&mut self, prets: Vec<Une>) -> Result<(), AppError> {
        let (tx, session) = (self.tx, self.session.id);
        let etablissements = self.establishments(&prets).await?;
        let mut libres = Libres::new(base::courses_libres(tx, session).await?);
        let permanentes: HashMap<String, (i64, bool)> = imports::formations(tx, session)
            .await?
            .into_iter()
            .map(|f| (f.cle, (f.id, f.offre.is_some())))
            .collect();
        let mut prises: HashSet<String> = HashSet::new();
        let mut nouvelles: Vec<(Une, String, i64, OffreImport)> = Vec::new();
        for mut une in prets {
            let Some((etablissement, chez)) = une.fiche.uai().and_then(|uai| etablissements.get(uai)) else {
                continue;
            };
            let Some(part) = Part::new(&une.fiche, "", &Chez::from(chez)) else { continue };
            if let Some(course) = libres.take(&cle(&une.fiche), &chez.uai, &part.libelle) {
                base::attach(tx, &self.e, une.l.id, course.formation_session_id).await?;
                une.version += 1;
                self.bilan.rattachees += 1;
                self.event(&une, "rattachement", None);
                if course.etat == EtatFormation::Publiee.code() {
                    self.publish(&mut une).await?;
                }
                continue;
            }
            let mut cle = cle(&une.fiche);
            if prises.contains(&cle) || permanentes.get(&cle).is_some_and(|(_, ici)| *ici) {
                cle = format!("carif:{}|{}", self.session.annee, une.l.public_id);
            }
            prises.insert(cle.clone());
            let offre = OffreImport {
                famille: une.fiche.famille().code(),
                libelle: part.libelle,
                detail: String::new(),
                selective: true,
                departement: part.departement.to_owned(),
                academie: part.academie.to_owned(),
                commune: part.commune,
                latitude: part.coordonnees.map(|c| c.0),
                longitude: part.coordonnees.map(|c| c.1),
                // The establishment says it, in its step.
                capacite: None,
                internat: false,
                recherche: part.recherche,
                code_type: None,
            };
            nouvelles.push((une, cle, *etablissement, offre));
        }
        self.add(&nouvelles, &permanentes).await
    }

    /// New courses, drafts with one group and nothing said but their rhythm.
    async fn add(
        &mut self,
        nouvelles: &[(Une, String, i64, OffreImport)],
        permanentes: &HashMap<String, (i64, bool)>,
    ) -> Result<(), AppError> {
        let (tx, session) = (self.tx, self.session.id);
        let e = self.e;
        let a_faire: Vec<FormationAjoutee<'_>> = nouvelles
            .iter()
            .filter(|(_, cle, ..)| !permanentes.contains_key(cle))
            .map(|(_, cle, etablissement, _)| FormationAjoutee {
                etablissement: *etablissement,
                cle,
                cle_inscription: cle,
                g_ta_cod: None,
                incertaine: false,
                statut: StatutFormation::Apprentissage.code(),
            })
            .collect();
        let mut ajoutees = imports::add_formations(tx, &e, &a_faire).await?.into_iter();
        let mut offres = Vec::with_capacity(nouvelles.len());
        for (_, cle, etablissement, offre) in nouvelles {
            let formation = permanentes.get(cle).map_or_else(|| ajoutees.next(), |(id, _)| Some(*id));
            offres.push(OffreAjoutee {
                formation: formation.ok_or(AppError::NotFound)?,
                etablissement: *etablissement,
                precedente: None,
                offre,
                frais_centimes: None,
                presentation: "",
                etat: EtatFormation::Brouillon.code(),
                publiee_le: None,
            });
        }
        let cles = imports::add_offres(tx, &e, session, &offres).await?;
        // The contract decides, not the series (`domaine.md` §11): one group.
        let groupes: Vec<GroupeAjoute<'_>> = cles
            .iter()
            .map(|id| GroupeAjoute {
                formation_session: *id,
                libelle: "Tous les candidats",
                series: "tous",
                places: 0,
                taux_min_boursiers: None,
            })
            .collect();
        let ids = imports::add_groupes(tx, &e, session, &groupes).await?;
        imports::add_affectations(tx, &e, &ids, &groupes).await?;
        let dite = Description::default().avec("rythme", "alternance");
        let contenu = ecrit(&dite)?;
        let descriptions: Vec<(i64, String, usize, bool)> = nouvelles
            .iter()
            .zip(&cles)
            .map(|((une, ..), id)| (*id, contenu.clone(), dite.a_completer(une.fiche.famille()), false))
            .collect();
        store::formations::add_descriptions(tx, &e, descriptions).await?;
        for ((une, ..), id) in nouvelles.iter().zip(cles) {
            base::attach(tx, &e, une.l.id, id).await?;
            self.bilan.creees += 1;
            self.event(une, "integration", None);
        }
        Ok(())
    }

    async fn publish(&mut self, une: &mut Une) -> Result<(), AppError> {
        self.event(une, "publication", Some((Statut::Publie, None)));
        self.bilan.publiees += 1;
        self.set(une, Statut::Publie, None, true).await
    }

    /// R-APP-14: gives the courses of records whose establishments changed to the one that they name now. What candidates wish stays
    /// where it is. Gives all the records again, as they are then.
    async fn hand_over(&mut self, avec: Vec<Une>) -> Result<Vec<Une>, AppError> {
        let (mut restent, mut partent) = (Vec::with_capacity(avec.len()), Vec::new());
        for une in avec {
            if self.is_leaving(&une).await? { partent.push(une) } else { restent.push(une) }
        }
        if partent.is_empty() {
            return Ok(restent);
        }
        let etablissements = self.establishments(&partent).await?;
        for mut une in partent {
            let vers = une.fiche.uai().and_then(|uai| etablissements.get(uai)).map(|(id, _)| *id);
            let id = une.l.formation_public_id.as_deref().and_then(PublicId::parse);
            if let (Some(vers), Some(id), Some(cle)) = (vers, id, une.l.formation_session_id)
                && self.takes_over(&une, (cle, &id), vers).await?
            {
                self.bilan.cedees += 1;
                self.event(&une, "cession", None);
                une.l = base::a_integrer_seule(self.tx, une.l.id).await?;
            }
            restent.push(une);
        }
        Ok(restent)
    }

    /// Whether the record names another establishment than the one that has its course, and did not when it was given there.
    async fn is_leaving(&self, une: &Une) -> Result<bool, AppError> {
        let Some(uai) = une.fiche.uai() else { return Ok(false) };
        let ici = une.l.etablissement_uai.as_deref();
        let pret = une.statut == Statut::PretPourIntegration && une.fiche.departement().is_some();
        if !pret || ici.is_none() || ici == Some(uai) {
            return Ok(false);
        }
        // R-VIE-03: what the establishment closed stays so.
        let fermee = une.l.etat.as_deref() == Some(EtatFormation::Fermee.code());
        if fermee && !self.was_closed_here(une).await? {
            return Ok(false);
        }
        changed_hands(self.tx, une.l.id).await
    }

    async fn takes_over(&self, une: &Une, (cle, id): (i64, &PublicId), vers: i64) -> Result<bool, AppError> {
        store::formations::hold_formation(self.tx, cle).await?;
        if store::formations::has_voeu_vivant(self.tx, cle).await? {
            return Ok(false);
        }
        let inscription = format!("restructuration:{}|{}", self.session.annee, une.l.public_id);
        hand_to(self.tx, self.ctx, self.permit, (self.session, id), (vers, &inscription)).await
    }

    /// A record that has its course.
    async fn follow(&mut self, mut une: Une) -> Result<(), AppError> {
        let fermee = une.l.etat.as_deref() == Some(EtatFormation::Fermee.code());
        match une.statut {
            // R-VIE-03: what the establishment closed or left out of this year stays so.
            Statut::PretPourIntegration if fermee && !self.was_closed_here(&une).await? => Ok(()),
            Statut::PretPourIntegration => {
                self.update(&mut une, fermee).await?;
                if une.l.etat.as_deref() == Some(EtatFormation::Publiee.code()) {
                    self.publish(&mut une).await?;
                }
                Ok(())
            }
            Statut::NonPublie | Statut::Ferme if !fermee => self.close(&mut une).await,
            _ => Ok(()),
        }
    }

    /// R-APP-10: whether integration closed the course, and nobody since.
    async fn was_closed_here(&self, une: &Une) -> Result<bool, AppError> {
        let dernier = base::last_act(self.tx, une.l.id).await?;
        Ok(dernier.is_some_and(|d| d.contains("fermeture") || d.contains("suspension")))
    }

    /// What the catalogue owns follows it; what somebody typed stays.
    async fn update(&mut self, une: &mut Une, fermee: bool) -> Result<(), AppError> {
        let l = &une.l;
        let (Some(id), Some(version)) = (l.formation_session_id, l.formation_version) else { return Ok(()) };
        let texte = |t: &Option<String>| t.clone().unwrap_or_default();
        let (nom, departement, commune) = (texte(&l.etablissement), texte(&l.departement), texte(&l.commune));
        let (la, leur) = (texte(&l.etablissement_departement), texte(&l.etablissement_commune));
        let chez = Chez {
            nom: &nom,
            departement: &la,
            commune: &leur,
            coordonnees: l.etablissement_latitude.zip(l.etablissement_longitude),
        };
        let Some(mut part) = Part::new(&une.fiche, l.detail.as_deref().unwrap_or_default(), &chez) else {
            return Ok(());
        };
        // A course that the offer named before the catalogue keeps its name.
        let cree_ici = l.cle.as_deref().is_some_and(|c| c.starts_with("carif:"));
        if !cree_ici {
            part.libelle = texte(&l.libelle);
        }
        // A record that does not say where takes nothing away from what the course says.
        if departement == part.departement {
            if part.commune.is_empty() {
                part.commune.clone_from(&commune);
            }
            if part.coordonnees.is_none() {
                part.coordonnees = l.latitude.zip(l.longitude);
            }
        }
        let meme = l.libelle.as_deref() == Some(&part.libelle)
            && departement == part.departement
            && commune == part.commune
            && l.latitude.zip(l.longitude) == part.coordonnees;
        if meme && !fermee {
            return Ok(());
        }
        let lieu = format!("{} {}", part.commune, part.departement);
        let recherche = if cree_ici {
            part.recherche.clone()
        } else {
            texte_recherche(&part.libelle, l.detail.as_deref().unwrap_or_default(), &nom, &lieu)
        };
        let n = PartDuCatalogue {
            libelle: &part.libelle,
            departement: part.departement,
            academie: part.academie,
            commune: &part.commune,
            coordonnees: part.coordonnees,
            recherche: &recherche,
            rouvre: fermee,
        };
        base::update_part(self.tx, &self.e, (id, version), &n).await?;
        if fermee {
            self.bilan.rouvertes += 1;
        } else {
            self.bilan.mises_a_jour += 1;
        }
        self.event(une, "mise_a_jour", None);
        Ok(())
    }

    /// R-APP-10: the course of a record that is refused or closed ends: for good, or for the session when candidates wish it.
    async fn close(&mut self, une: &mut Une) -> Result<(), AppError> {
        let (Some(id), Some(version), Some(formation)) =
            (une.l.formation_session_id, une.l.formation_version, une.l.formation_id)
        else {
            return Ok(());
        };
        store::formations::hold_formation(self.tx, id).await?;
        let demandee = store::formations::has_voeu_vivant(self.tx, id).await?;
        let (fin, quoi) =
            if demandee { (Fin::Suspension, "suspension") } else { (Fin::Definitive(None), "fermeture") };
        leave(self.tx, self.ctx, self.permit, id).await?;
        store::formations::close_formation(self.tx, &self.e, (id, version, formation), fin).await?;
        if demandee {
            tell_suspended(self.tx, self.ctx, id).await?;
            self.bilan.suspendues += 1;
        } else {
            self.bilan.fermees += 1;
        }
        self.event(une, quoi, None);
        base::set_statut(
            self.tx,
            &self.e,
            (une.l.id, une.version),
            &NouveauStatut {
                statut: une.statut.code(),
                raison: une.l.raison.as_deref(),
                doublon_de: None,
                en_ligne: false,
            },
        )
        .await?;
        let acte = Acte {
            objet: "formation_session",
            objet_id: une.l.formation_public_id.as_deref().unwrap_or_default(),
            avant: Some(json!({ "etat": une.l.etat })),
            apres: Some(json!({ "etat": "fermee", "nature": quoi })),
        };
        record(self.tx, self.ctx, self.permit, &acte).await
    }
}

/// Courses under apprenticeship that no record has, by permanent key and by establishment and name.
struct Libres {
    par_cle: HashMap<String, usize>,
    par_nom: HashMap<(String, String), Vec<usize>>,
    courses: Vec<Option<CourseLibre>>,
}

impl Libres {
    fn new(courses: Vec<CourseLibre>) -> Self {
        let mut l = Self { par_cle: HashMap::new(), par_nom: HashMap::new(), courses: Vec::new() };
        for (i, c) in courses.into_iter().enumerate() {
            l.par_cle.insert(c.cle.clone(), i);
            // A course that the catalogue named is another record's: only its key finds it.
            if !c.cle.starts_with("carif:") {
                l.par_nom.entry((c.uai.clone(), nom_commun(&c.libelle))).or_default().push(i);
            }
            l.courses.push(Some(c));
        }
        l
    }

    /// That of the key, else the only one of this name in this establishment; it is free no more.
    fn take(&mut self, cle: &str, uai: &str, libelle: &str) -> Option<CourseLibre> {
        let seul = || match self.par_nom.get(&(uai.to_owned(), nom_commun(libelle)))?.as_slice() {
            [i] => Some(*i),
            _ => None,
        };
        let i = self.par_cle.get(cle).copied().or_else(seul)?;
        self.courses.get_mut(i)?.take()
    }
}
