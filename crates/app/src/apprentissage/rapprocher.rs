//! R-APP-19: records that describe a course that their establishment declared itself; what an academic service says of them.

use std::collections::{BTreeSet, HashMap};

use domain::PublicId;
use domain::RuleViolation;
use domain::apprentissage::{
    ChoixRapprochement, Declaree, Diplome, Fiche, Indice, Porteur, Registres, Statut, etablissements,
    nom_commun, rapproche,
};
use domain::droits::{Action, Scope};
use domain::formations::EtatFormation;
use serde_json::json;
use store::Sql;
use store::apprentissage::{self as base, CourseLibre, EvenementAEcrire, FicheSansFormation, NouveauStatut};
use store::registres::{diplomes_by_codes, organismes_by_sirets};

use super::doublons::kept;
use super::liste::departement;
use super::{PAR_PAGE, cible, read, statut};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::formations::intitule;
use crate::idempotence::{self, Garde, Recepisse};
use crate::journal::{Acte, record};
use crate::sessions;

/// What integration calls the course of a record.
pub(super) fn cle(fiche: &Fiche) -> String {
    format!("{PREFIXE}{}", fiche.cle_ministere.as_deref().unwrap_or(&fiche.id))
}

/// Of the keys of the courses that the catalogue named.
pub(super) const PREFIXE: &str = "carif:";

/// Whether a record in this status may still be compared with a course: integration has not looked at it.
fn is_comparable(statut: Statut) -> bool {
    statut.is_a_traiter() || statut == Statut::PretPourIntegration
}

/// What the registers say of all that records name.
async fn registres(c: &impl Sql, fiches: &[&Fiche]) -> Result<Registres, AppError> {
    let cfds: BTreeSet<&String> = fiches.iter().filter_map(|f| f.cfd.as_ref()).collect();
    let sirets: BTreeSet<&str> =
        fiches.iter().flat_map(|f| Porteur::ALL.into_iter().filter_map(move |p| f.siret(p))).collect();
    let cfds: Vec<String> = cfds.into_iter().cloned().collect();
    let sirets: Vec<String> = sirets.into_iter().map(str::to_owned).collect();
    let diplomes = diplomes_by_codes(c, &cfds).await?;
    let organismes = organismes_by_sirets(c, &sirets).await?;
    Ok(Registres::new(
        diplomes.into_iter().map(|d| Diplome { code: d.code, sigle: d.sigle, libelle: d.libelle }),
        organismes.into_iter().map(|o| (o.siret, o.uai)),
    ))
}

/// A course that a record may describe.
pub(super) struct Voisine<'c> {
    course: &'c CourseLibre,
    indice: Indice,
    choix: Option<ChoixRapprochement>,
}

/// What a record becomes.
pub(super) enum Prise {
    /// The course that it takes, by the key of its settings, the code of its establishment, and whether candidates read it.
    Course { formation_session: i64, uai: String, publiee: bool },
    /// Somebody says first whether it describes a course that is there.
    Attend,
    /// No course is its own.
    Aucune,
}

/// The courses under apprenticeship of a session that no record has, and what was said of them.
#[derive(Default)]
pub(super) struct Declarees {
    /// `None`: a record took it.
    courses: Vec<Option<CourseLibre>>,
    par_id: HashMap<i64, usize>,
    par_cle: HashMap<String, usize>,
    par_nom: HashMap<(String, String), Vec<usize>>,
    par_uai: HashMap<String, Vec<usize>>,
    registres: Registres,
    choix: HashMap<(i64, i64), ChoixRapprochement>,
    /// The record that each course was given to.
    promises: HashMap<i64, i64>,
}

impl Declarees {
    pub(super) async fn load(c: &impl Sql, session: i64) -> Result<Self, AppError> {
        let mut d = Self::default();
        for (i, course) in base::courses_libres(c, session).await?.into_iter().enumerate() {
            d.par_id.insert(course.formation_session_id, i);
            d.par_cle.insert(course.cle.clone(), i);
            // A course that the catalogue named is another record's: only its key finds it.
            if !course.cle.starts_with(PREFIXE) {
                let nom = (course.uai.clone(), nom_commun(&course.libelle));
                d.par_nom.entry(nom).or_default().push(i);
                d.par_uai.entry(course.uai.clone()).or_default().push(i);
            }
            d.courses.push(Some(course));
        }
        if d.courses.is_empty() {
            return Ok(d);
        }
        for l in base::rapprochements(c, session).await? {
            let Some(choix) = ChoixRapprochement::from_code(&l.choix) else { continue };
            d.choix.insert((l.fiche, l.formation_session), choix);
            if choix == ChoixRapprochement::Meme {
                d.promises.insert(l.formation_session, l.fiche);
            }
        }
        Ok(d)
    }

    /// Looks up what the registers say of these records, before they are compared.
    pub(super) async fn learn(&mut self, c: &impl Sql, fiches: &[&Fiche]) -> Result<(), AppError> {
        if !self.par_uai.is_empty() {
            self.registres = registres(c, fiches).await?;
        }
        Ok(())
    }

    fn course(&self, i: usize) -> Option<&CourseLibre> {
        self.courses.get(i)?.as_ref()
    }

    /// Free for this record: neither taken, nor given to another one, nor said to be another course.
    fn is_free(&self, fiche: i64, i: usize) -> bool {
        self.course(i).is_some_and(|course| {
            let cle = course.formation_session_id;
            self.promises.get(&cle).is_none_or(|f| *f == fiche)
                && self.choix.get(&(fiche, cle)) != Some(&ChoixRapprochement::Distinctes)
        })
    }

    /// That which integration takes without asking: the one that was chosen, else that of the key, else the only one of this name in
    /// this establishment.
    fn sure(&self, id: i64, fiche: &Fiche) -> Option<usize> {
        let given = self.promises.iter().find(|(_, f)| **f == id);
        let chosen = given.and_then(|(course, _)| self.par_id.get(course));
        let by_key = || self.par_cle.get(&cle(fiche));
        let only = || {
            let nom = (fiche.uai()?.to_owned(), nom_commun(fiche.titre()?));
            match self.par_nom.get(&nom)?.as_slice() {
                [i] => Some(i),
                _ => None,
            }
        };
        let free = |i: &&usize| self.is_free(id, **i);
        chosen.filter(free).or_else(|| by_key().filter(free)).or_else(|| only().filter(free)).copied()
    }

    /// The courses that a record may describe, whatever was said of them.
    pub(super) fn find(&self, id: i64, fiche: &Fiche) -> Vec<Voisine<'_>> {
        let mut trouvees = Vec::new();
        let chez = etablissements(fiche, &self.registres);
        let courses = chez.into_iter().filter_map(|uai| self.par_uai.get(uai)).flatten();
        for course in courses.filter_map(|i| self.course(*i)) {
            if self.promises.get(&course.formation_session_id).is_some_and(|f| *f != id) {
                continue;
            }
            let declaree = Declaree {
                uai: &course.uai,
                libelle: &course.libelle,
                departement: &course.departement,
                commune: &course.commune,
            };
            if let Some(indice) = rapproche(fiche, &self.registres, &declaree) {
                let choix = self.choix.get(&(id, course.formation_session_id)).copied();
                trouvees.push(Voisine { course, indice, choix });
            }
        }
        trouvees
    }

    /// Whether somebody has to say something of a record before it is integrated.
    fn waits(&self, id: i64, fiche: &Fiche) -> bool {
        self.sure(id, fiche).is_none() && self.find(id, fiche).iter().any(|v| v.choix.is_none())
    }

    /// What a record becomes; the course that it takes is free no more.
    pub(super) fn take(&mut self, id: i64, fiche: &Fiche) -> Prise {
        let sure = self.sure(id, fiche);
        if let Some(i) = sure
            && let Some(course) = self.courses.get_mut(i).and_then(Option::take)
        {
            Prise::Course {
                formation_session: course.formation_session_id,
                publiee: course.etat == EtatFormation::Publiee.code(),
                uai: course.uai,
            }
        } else if self.waits(id, fiche) {
            Prise::Attend
        } else {
            Prise::Aucune
        }
    }
}

/// A record that somebody compares with a course.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LigneRapprochement {
    /// Public identifier of the record.
    pub id: String,
    /// Its identifier in the catalogue.
    pub identifiant: String,
    /// Empty when nothing names the course.
    pub intitule: String,
    /// « Somme (80) ».
    pub departement: String,
    /// Where the record stands.
    pub statut: Statut,
    /// The courses that it may describe: « BTS Tourisme, Lycée Neuf (0801234B) ».
    pub formations: Vec<String>,
}

/// « BTS Tourisme, Lycée Neuf (0801234B) ».
fn named(course: &CourseLibre) -> String {
    let titre = intitule(&course.libelle, &course.detail);
    format!("{titre}, {} ({})", course.etablissement, course.uai)
}

/// The records of a perimeter of which somebody has to say whether they describe a course that is there, by title, and these courses. Only
/// the records that the base finds beside a course are read; without any, no course is.
async fn a_rapprocher(
    c: &impl Sql,
    scope: &Scope,
    session: i64,
) -> Result<(Vec<(FicheSansFormation, Fiche)>, Declarees), AppError> {
    let statuts: Vec<&'static str> =
        Statut::ALL.into_iter().filter(|s| is_comparable(*s)).map(Statut::code).collect();
    let mut lues: Vec<(FicheSansFormation, Fiche)> = Vec::new();
    for l in base::a_rapprocher(c, scope, session, &statuts, PREFIXE).await? {
        let fiche = read(&l.contenu)?;
        lues.push((l, fiche));
    }
    if lues.is_empty() {
        return Ok((lues, Declarees::default()));
    }
    let mut declarees = Declarees::load(c, session).await?;
    {
        let fiches: Vec<&Fiche> = lues.iter().map(|(_, fiche)| fiche).collect();
        declarees.learn(c, &fiches).await?;
    }
    lues.retain(|(l, fiche)| declarees.waits(l.id, fiche));
    Ok((lues, declarees))
}

fn combien(lues: &[(FicheSansFormation, Fiche)]) -> i64 {
    i64::try_from(lues.len()).unwrap_or(i64::MAX)
}

/// How many they are.
pub(super) async fn count_a_rapprocher(c: &impl Sql, scope: &Scope, session: i64) -> Result<i64, AppError> {
    let (lues, _) = a_rapprocher(c, scope, session).await?;
    Ok(combien(&lues))
}

/// The first of them, and how many they are.
pub(super) async fn page_a_rapprocher(
    c: &impl Sql,
    scope: &Scope,
    session: i64,
) -> Result<(i64, Vec<LigneRapprochement>), AppError> {
    let (lues, declarees) = a_rapprocher(c, scope, session).await?;
    let premieres = lues.iter().take(usize::try_from(PAR_PAGE).unwrap_or(usize::MAX));
    let lignes = premieres
        .map(|(l, fiche)| {
            Ok(LigneRapprochement {
                id: l.public_id.clone(),
                identifiant: l.identifiant.clone(),
                intitule: l.intitule.clone(),
                departement: departement(&l.departement),
                statut: statut(&l.statut)?,
                formations: declarees.find(l.id, fiche).iter().map(|v| named(v.course)).collect(),
            })
        })
        .collect::<Result<Vec<_>, AppError>>()?;
    Ok((combien(&lues), lignes))
}

/// A course that a record may describe, beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormationVoisine {
    /// Public identifier.
    pub id: String,
    /// Its label and its detail.
    pub intitule: String,
    /// « Lycée Neuf (0801234B) ».
    pub etablissement: String,
    /// « Amiens, Somme (80) ».
    pub lieu: String,
    /// Where it stands.
    pub etat: EtatFormation,
    /// What both have in common.
    pub indice: Indice,
    /// What was said of it.
    pub choix: Option<ChoixRapprochement>,
}

/// The courses that a record may describe, and whether integration waits until somebody says so.
pub(super) async fn voisinage(
    c: &impl Sql,
    session: i64,
    (f, fiche): (&base::FicheEntiere, &Fiche),
) -> Result<(Vec<FormationVoisine>, bool), AppError> {
    if f.formation_session_id.is_some() || f.doublon_de.is_some() || !is_comparable(statut(&f.statut)?) {
        return Ok((Vec::new(), false));
    }
    let mut declarees = Declarees::load(c, session).await?;
    declarees.learn(c, &[fiche]).await?;
    let vue = |v: Voisine<'_>| {
        let lieux = [v.course.commune.clone(), departement(&v.course.departement)];
        let lieux: Vec<String> = lieux.into_iter().filter(|l| !l.is_empty()).collect();
        FormationVoisine {
            id: v.course.public_id.clone(),
            intitule: intitule(&v.course.libelle, &v.course.detail),
            etablissement: format!("{} ({})", v.course.etablissement, v.course.uai),
            lieu: lieux.join(", "),
            etat: EtatFormation::from_code(&v.course.etat).unwrap_or(EtatFormation::Brouillon),
            indice: v.indice,
            choix: v.choix,
        }
    };
    let attend = declarees.waits(f.id, fiche);
    Ok((declarees.find(f.id, fiche).into_iter().map(vue).collect(), attend))
}

/// What an agent says of a record and of the courses that it may describe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rapprochement {
    /// It is this course, by its public identifier.
    Meme(PublicId),
    /// It is none of them.
    Distinctes,
}

/// What is kept of it: each course that the record may describe, and the code of what is said of it.
fn choices(voisines: &[Voisine<'_>], dit: &Rapprochement) -> Result<Vec<(i64, &'static str)>, AppError> {
    if voisines.is_empty() {
        return Err(AppError::NotFound);
    }
    let is_this = |v: &Voisine<'_>| match dit {
        Rapprochement::Meme(course) => v.course.public_id == course.as_str(),
        Rapprochement::Distinctes => false,
    };
    if matches!(dit, Rapprochement::Meme(_)) && !voisines.iter().any(is_this) {
        return Err(RuleViolation::Champ { champ: "rapprochement", motif: "inconnu" }.into());
    }
    let choice = |v: &Voisine<'_>| {
        let choix = if is_this(v) { ChoixRapprochement::Meme } else { ChoixRapprochement::Distinctes };
        (v.course.formation_session_id, choix.code())
    };
    Ok(voisines.iter().map(choice).collect())
}

/// R-APP-19: says whether a record describes a course that its establishment declared. Integration does what was said: until then it may be
/// said otherwise.
///
/// # Errors
/// [`AppError::NotFound`] for a record that describes no course; [`RuleViolation::Champ`] for a course that is not one of them;
/// [`AppError::Conflict`] when the record changed since the agent read it.
pub async fn decide_rapprochement(
    ctx: &Ctx,
    garde: &Garde,
    annee: i64,
    id: &PublicId,
    dit: &Rapprochement,
) -> Result<Recepisse, AppError> {
    let nomme = match dit {
        Rapprochement::Meme(course) => course.as_str(),
        Rapprochement::Distinctes => ChoixRapprochement::Distinctes.code(),
    };
    let demande = format!("rapprochement|{annee}|{id}|{nomme}");
    let tx = ctx.begin().await?;
    let session = sessions::session(&tx, annee).await?;
    let entieres = kept(ctx, &tx, &session, id).await?;
    let f = entieres.first().ok_or(AppError::NotFound)?;
    let permit = ctx.permit(Action::DeciderApprentissage, &cible(&session, f))?;
    if let Some(recepisse) = idempotence::deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(recepisse);
    }
    session.require_ouverte()?;
    garde.check_version(f.version)?;
    let etat = statut(&f.statut)?;
    if f.formation_session_id.is_some() || !is_comparable(etat) {
        return Err(AppError::Conflict);
    }
    let fiche = read(&f.contenu)?;
    let mut declarees = Declarees::load(&tx, session.id).await?;
    declarees.learn(&tx, &[&fiche]).await?;
    let choix = choices(&declarees.find(f.id, &fiche), dit)?;
    let meme = ChoixRapprochement::Meme.code();
    let chosen = choix.iter().find(|(_, choix)| *choix == meme).map(|(course, _)| *course);
    let e = ctx.ecriture(&permit);
    // What was said is of this version of the record: another tab reads it again. Written before the course is held, as integration
    // holds them: each would wait for the other.
    let meme_statut = NouveauStatut {
        statut: etat.code(),
        raison: f.raison.clone(),
        doublon_de: f.doublon_de.clone(),
        en_ligne: f.en_ligne == 1,
    };
    base::set_statut(&tx, &e, (f.id, f.version), meme_statut).await?;
    if let Some(course) = chosen {
        // Of two people who give one course to two records, the second one reads again.
        store::formations::hold_formations(&tx, &[course]).await?;
        let given = base::rapprochements(&tx, session.id).await?;
        if given.iter().any(|l| l.formation_session == course && l.fiche != f.id && l.choix == meme) {
            return Err(AppError::Conflict);
        }
    }
    base::replace_rapprochements(&tx, &e, f.id, &choix).await?;
    let evenement = EvenementAEcrire {
        fiche: f.id,
        issue: "decision",
        detail: json!({ "quoi": "rapprochement" }).to_string(),
        statut_avant: None,
        statut: None,
        raison: None,
    };
    base::add_evenements(&tx, &e, [evenement]).await?;
    let apres = match dit {
        Rapprochement::Meme(course) => {
            json!({ "etat": etat.code(), "nature": "rapprochement", "formation": course.as_str() })
        }
        Rapprochement::Distinctes => json!({ "etat": etat.code(), "nature": "distinctes" }),
    };
    let acte = Acte {
        objet: "fiche_apprentissage",
        objet_id: &f.public_id,
        avant: Some(json!({ "etat": etat.code() })),
        apres: Some(apres),
    };
    record(&tx, ctx, &permit, &acte).await?;
    let contenu = json!({ "fiche": f.public_id, "formation": nomme });
    let recepisse =
        idempotence::emettre(&tx, ctx, garde, &demande, "rapprochement_choisi", None, &contenu).await?;
    tx.commit().await?;
    Ok(recepisse)
}
