//! R-FOR-10 to 14: what a course says of itself, field by field: reading it, writing a part, carrying it over.

use std::collections::{HashMap, HashSet};

use domain::calendrier::Etape;
use domain::droits::{Action, Cible, Permit};
use domain::formations::description::{
    Champ, Description, Nature, Rubrique, Valeur, check_jours, check_valeur,
};
use domain::formations::{
    AccueilDeclare, Contradiction, EtatFormation, Famille, Genre, Remarque, StatutFormation, contradictions,
    remarques,
};
use domain::territoires::HeureLocale;
use domain::{PublicId, RuleViolation};
use files::tableau::normalize_header;
use serde_json::json;
use store::etablissements::{self, LigneLieu, LigneParametrage};
use store::formations::{self as base, LigneDescription, LigneFormation};
use store::{Sql, Tx};

use super::contenu::Contenu;
use super::controle::{Controle, Reouvertures, SuiviControle};
use super::national::{CadreNational, load_national};
use super::parametrage::{Ouverture, is_lisible, ouverture};
use super::{Intitule, cible, distinctes, load, load_in_session, load_many};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::idempotence::{self, Garde, Recepisse, hash};
use crate::journal::{Acte, record_each};
use crate::sessions::{self, SessionAdmission};

/// A field and what it says from now on; `None`: nothing.
pub type Changement = (&'static Champ, Option<Valeur>);

/// The receipt of the description of a course.
pub(super) const ECRITURE: &str = "description_enregistree";

/// R-FOR-14: where the confirmation of what was carried over from last year stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Confirmation {
    /// Nothing was carried over: there is nothing to confirm.
    SansObjet,
    /// Carried over, and nobody has said yet that it is right.
    Attendue,
    /// Said to be right at this instant (UTC milliseconds), and the same since.
    Faite(i64),
    /// Said to be right at the first instant (UTC milliseconds), and written again, last at the second.
    Modifiee(i64, i64),
}

impl Confirmation {
    pub(super) fn of(ligne: Option<&LigneDescription>) -> Self {
        match ligne.map(|l| (l.confirmee_le, l)) {
            Some((Some(le), l)) if l.maj_le > le => Self::Modifiee(le, l.maj_le),
            Some((Some(le), _)) => Self::Faite(le),
            Some((None, l)) if l.reprise == 1 => Self::Attendue,
            _ => Self::SansObjet,
        }
    }
}

/// The description of a course, with what the person may do to it now.
#[derive(Debug, Clone)]
pub struct VueDescription {
    /// The one of the address, open or archived.
    pub session: SessionAdmission,
    /// Public identifier of the course.
    pub id: String,
    /// The title of the pages.
    pub intitule: Intitule,
    /// Public identifier of the establishment.
    pub etablissement: String,
    /// Kind of course: it has the fields of its kind.
    pub genre: Genre,
    /// Under apprenticeship rather than student status.
    pub apprentissage: bool,
    /// Whether the draft may change.
    pub etat: EtatFormation,
    /// The draft.
    pub description: Description,
    /// What last year said, and its year; `None` for a course new this year or that said nothing.
    pub precedente: Option<(i64, Description)>,
    /// What the nation says of its type; `None`: its type is not known.
    pub national: Option<CadreNational>,
    /// What its fields may name.
    pub lieux: Lieux,
    /// R-FOR-11: what is missing, in the order of the forms.
    pub manques: Vec<&'static Champ>,
    /// Carried over from last year, and nobody has said yet that it is right.
    pub a_confirmer: bool,
    /// Last change, in milliseconds, and by whom when it was a person; `None`: nothing was ever said.
    pub maj: Option<(i64, Option<String>)>,
    /// Whether the person reads fees (R-DRO-04).
    pub frais_lisibles: bool,
    /// Where the course is, when the clocks are not those of Paris (TPS-4).
    pub locale: Option<HeureLocale>,
    /// What its establishment answered, and that the description says too.
    accueil: AccueilDeclare,
    /// R-FOR-21: whether boarding is proposed where the description does not say it.
    internat: bool,
    ouvertures: Vec<(Rubrique, Ouverture)>,
    /// Fields open in a part whose step is closed.
    reouverts: Vec<&'static str>,
    /// Parts that the calendar itself opens to the person.
    etapes_ouvertes: Vec<Rubrique>,
}

impl VueDescription {
    /// Whether the person may change this part now.
    pub fn ouverture(&self, rubrique: Rubrique) -> &Ouverture {
        self.ouvertures.iter().find(|(r, _)| *r == rubrique).map_or(&Ouverture::SansDroit, |(_, o)| o)
    }

    /// Whether the person may change this field now: its step is open, or a return reopened it (R-CTL-04).
    pub fn is_ouvert(&self, champ: &Champ) -> bool {
        self.ouverture(champ.rubrique).est_ouverte()
            && (self.etapes_ouvertes.contains(&champ.rubrique) || self.reouverts.contains(&champ.code))
    }

    /// R-CTL-04: in this part, only the returned fields are open.
    pub fn is_reouverte(&self, rubrique: Rubrique) -> bool {
        self.ouverture(rubrique).est_ouverte() && !self.etapes_ouvertes.contains(&rubrique)
    }

    /// TRX-4: what goes along with the form of a part. It changes when that part changes, not when another does.
    pub fn version(&self, rubrique: Rubrique) -> i64 {
        version(&self.description, self.genre, rubrique)
    }

    /// R-FOR-40: what a description, saved or not, says that the establishment contradicts, in the parts that the person reads.
    pub fn contradictions(&self, d: &Description) -> Vec<Contradiction> {
        let mut toutes = contradictions(d, self.internat, self.accueil);
        toutes.retain(|c| self.rubriques().any(|r| r == c.rubrique()));
        toutes
    }

    /// R-FOR-31, R-FOR-40: what is to be known of the draft, in the parts that the person reads; nothing of what is archived.
    pub fn remarques(&self) -> Vec<Remarque> {
        if self.session.archivee {
            return Vec::new();
        }
        let mut toutes = remarques(&self.description, self.internat, self.accueil);
        toutes.retain(|r| self.rubriques().any(|lue| lue == r.rubrique()));
        toutes
    }

    /// The parts that the person reads, in the order of the forms.
    pub fn rubriques(&self) -> impl Iterator<Item = Rubrique> {
        Rubrique::ALL.into_iter().filter(|r| *r != Rubrique::Frais || self.frais_lisibles)
    }
}

fn version(d: &Description, genre: Genre, rubrique: Rubrique) -> i64 {
    let valeurs: Vec<(&str, Option<&Valeur>)> =
        rubrique.champs(genre).map(|c| (c.code, d.valeur(c.code))).collect();
    version_of(&valeurs)
}

/// TRX-4: first bytes of the fingerprint of what a form shows, for what has no version of its own.
pub(super) fn version_of(valeurs: &impl serde::Serialize) -> i64 {
    let empreinte = hash(&serde_json::to_string(valeurs).unwrap_or_default());
    i64::from_str_radix(empreinte.get(..15).unwrap_or("0"), 16).unwrap_or(0)
}

/// The stored text back; what an older form of the product wrote and that no field knows any more is left aside.
pub(crate) fn lit(contenu: &str, genre: Genre) -> Result<Description, AppError> {
    serde_json::from_str::<Description>(contenu)
        .map(|d| d.connue(genre))
        .map_err(|e| AppError::Internal(format!("formation_description : {e}")))
}

pub(crate) fn ecrit(d: &Description) -> Result<String, AppError> {
    serde_json::to_string(d).map_err(AppError::internal)
}

pub(super) fn famille(f: &LigneFormation) -> Famille {
    Famille::from_code(&f.famille).unwrap_or(Famille::Autre)
}

/// R-FOR-22: the kind of a course, by the code of its family and its label.
pub(crate) fn genre_de(famille: &str, libelle: &str) -> Genre {
    Genre::of(Famille::from_code(famille).unwrap_or(Famille::Autre), libelle)
}

/// The same of a course as it is loaded.
pub(super) fn genre(f: &LigneFormation) -> Genre {
    genre_de(&f.famille, &f.libelle)
}

/// The draft of a course and its row; nothing said is an empty draft.
pub(super) async fn load_description(
    c: &impl Sql,
    f: &LigneFormation,
) -> Result<(Description, Option<LigneDescription>), AppError> {
    let ligne = base::description(c, f.id).await?;
    let d = ligne.as_ref().map_or_else(|| Ok(Description::default()), |l| lit(&l.contenu, genre(f)))?;
    Ok((d, ligne))
}

/// TRX-4: what goes along with an act on the whole draft of a course: it changes with its numbers and with its description.
pub(super) fn version_brouillon(f: &LigneFormation, description: Option<&LigneDescription>) -> i64 {
    f.version + description.map_or(0, |d| d.version)
}

/// What an establishment answered, and that its courses say too.
pub(super) fn accueil(l: &LigneParametrage) -> AccueilDeclare {
    AccueilDeclare::new(&l.internat, l.internat_places, l.boursiers)
}

/// R-FOR-11: the parts where something is missing, by their French name.
pub(super) fn rubriques_incompletes(d: &Description, genre: Genre) -> Vec<&'static str> {
    let manques = d.manques(genre);
    Rubrique::ALL
        .into_iter()
        .filter(|r| manques.iter().any(|c| c.rubrique == *r))
        .map(Rubrique::libelle)
        .collect()
}

/// The places that a field may name: (identifier, name).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lieux {
    /// Sites of the establishment.
    pub sites: Vec<(String, String)>,
    /// Its components.
    pub composantes: Vec<(String, String)>,
}

impl Lieux {
    /// Those that a field of this nature names; none for the others.
    pub fn of(&self, nature: Nature) -> &[(String, String)] {
        match nature {
            Nature::Site => &self.sites,
            Nature::Composante => &self.composantes,
            _ => &[],
        }
    }

    /// A stored text as it is read: places by their name, empty for one that is no longer there.
    pub fn lisible(&self, champ: &Champ, stocke: &str) -> String {
        if !champ.nature.is_lieu() {
            return champ.lisible(stocke);
        }
        let noms = self.of(champ.nature);
        noms.iter().find(|(id, _)| id == stocke).map_or_else(String::new, |(_, nom)| nom.clone())
    }

    /// Those of an establishment in a session; none for one that the session does not know.
    pub(super) async fn load(c: &impl Sql, session: i64, etablissement: i64) -> Result<Self, AppError> {
        Ok(Self::load_all(c, session, &[etablissement]).await?.remove(&etablissement).unwrap_or_default())
    }

    /// Those of many establishments, by their key; an establishment that has none may be left out.
    pub(super) async fn load_all(
        c: &impl Sql,
        session: i64,
        etablissements: &[i64],
    ) -> Result<HashMap<i64, Self>, AppError> {
        let (sites, composantes) = etablissements::lieux(c, session, etablissements).await?;
        let mut lieux: HashMap<i64, Self> = HashMap::new();
        for (maison, siens) in by_maison(sites, |s| format!("{}, {}", s.adresse, s.commune)) {
            lieux.entry(maison).or_default().sites = siens;
        }
        for (maison, siennes) in by_maison(composantes, |_| String::new()) {
            lieux.entry(maison).or_default().composantes = siennes;
        }
        Ok(lieux)
    }
}

/// Places by the key of their establishment, as they are read. `precision`: where one is.
fn by_maison(
    lieux: Vec<LigneLieu>,
    precision: impl Fn(&LigneLieu) -> String,
) -> HashMap<i64, Vec<(String, String)>> {
    let mut par_maison: HashMap<i64, Vec<(String, String, String)>> = HashMap::new();
    for l in lieux {
        let precision = precision(&l);
        par_maison.entry(l.etablissement_id).or_default().push((l.public_id, l.nom, precision));
    }
    par_maison.into_iter().map(|(maison, siens)| (maison, distincts(siens))).collect()
}

/// Two places of the same name are told apart by where they are, else by their order: a file names places by what is read. Each: its
/// identifier, its name, where it is.
pub(super) fn distincts(lieux: Vec<(String, String, String)>) -> Vec<(String, String)> {
    let mut comptes: HashMap<String, usize> = HashMap::new();
    for (_, nom, _) in &lieux {
        *comptes.entry(normalize_header(nom)).or_default() += 1;
    }
    let mut pris = HashSet::new();
    lieux
        .into_iter()
        .map(|(id, nom, precision)| {
            let seul = comptes.get(&normalize_header(&nom)) == Some(&1);
            let voulu = if seul || precision.is_empty() { nom } else { format!("{nom} ({precision})") };
            let mut lisible = voulu.clone();
            let mut rang = 1;
            while !pris.insert(normalize_header(&lisible)) {
                rang += 1;
                lisible = format!("{voulu} n° {rang}");
            }
            (id, lisible)
        })
        .collect()
}

/// Loads the description of a course for the person.
///
/// # Errors
/// [`AppError::NotFound`], or [`AppError::Denied`] outside the person's perimeter.
pub async fn view_description(ctx: &Ctx, annee: i64, id: &PublicId) -> Result<VueDescription, AppError> {
    let db = &ctx.app.db;
    let (session, f) = load_in_session(db, annee, id).await?;
    let cible = cible(&f);
    ctx.permit(Action::ConsulterParametrage, &cible)?;
    vue(ctx, session, &f, &cible).await
}

/// R-CTL-02: the review of a course, for whoever writes a part of it.
#[derive(Debug, Clone, PartialEq)]
pub struct SuiviRubrique {
    /// Where it stands: what changes in the course takes it out of the review.
    pub controle: SuiviControle,
    /// Whether the person may submit it now.
    pub soumission: Ouverture,
}

/// Loads the review of a course for the person; `None`: its session is not reviewed.
///
/// # Errors
/// As [`view_description`].
pub async fn view_suivi(ctx: &Ctx, annee: i64, id: &PublicId) -> Result<Option<SuiviRubrique>, AppError> {
    let db = &ctx.app.db;
    let (session, f) = load_in_session(db, annee, id).await?;
    let cible = cible(&f);
    ctx.permit(Action::ConsulterParametrage, &cible)?;
    let contenu = Contenu::load(db, &f).await?;
    let controle = Controle::load(db, &f).await?.suivi(&f, &contenu, ctx.campagne_le)?;
    let Some(controle) = controle else { return Ok(None) };
    let reouvertures = Reouvertures::load(db, f.id).await?;
    let ici = ouverture(ctx, &session, &cible, Action::PublierFormation, Etape::CapacitesFrais);
    Ok(Some(SuiviRubrique { controle, soumission: reouvertures.prolonge_soumission(ici, ctx.campagne_le) }))
}

async fn vue(
    ctx: &Ctx,
    session: SessionAdmission,
    f: &LigneFormation,
    cible: &Cible,
) -> Result<VueDescription, AppError> {
    let db = &ctx.app.db;
    let genre = genre(f);
    let (description, ligne) = load_description(db, f).await?;
    let precedente = match f.precedente_id {
        None => None,
        Some(avant) => anterieure(db, avant, genre).await?,
    };
    let etablissement = etablissements::parametrage_of(db, session.id, f.etablissement_id).await?;
    let lieux = Lieux::load(db, session.id, f.etablissement_id).await?;
    let reouvertures = Reouvertures::load(db, f.id).await?;
    let national = load_national(db, f.id).await?;
    let now = ctx.campagne_le;
    let calendaires: Vec<(Rubrique, Ouverture)> = Rubrique::ALL
        .into_iter()
        .map(|r| match f.etat == EtatFormation::Fermee.code() {
            true => (r, Ouverture::SansDroit),
            false => (r, ouverture(ctx, &session, cible, r.action(), r.etape())),
        })
        .collect();
    let etapes_ouvertes = calendaires.iter().filter(|(_, o)| o.est_ouverte()).map(|(r, _)| *r).collect();
    let ouvertures = calendaires
        .into_iter()
        .map(|(r, o)| (r, reouvertures.prolonge(o, r.champs(genre).map(|c| c.code), now)))
        .collect();
    let reouverts = Rubrique::ALL
        .into_iter()
        .flat_map(|r| r.champs(genre))
        .map(|c| c.code)
        .filter(|code| reouvertures.ouvre(code, now))
        .collect();
    let frais_lisibles = is_lisible(ctx, "frais_centimes", cible);
    Ok(VueDescription {
        id: f.public_id.clone(),
        intitule: Intitule::of(f),
        accueil: etablissement.as_ref().map(accueil).unwrap_or_default(),
        internat: f.internat == 1,
        etablissement: etablissement.map(|e| e.etablissement).unwrap_or_default(),
        genre,
        apprentissage: f.statut == StatutFormation::Apprentissage.code(),
        etat: EtatFormation::from_code(&f.etat).unwrap_or(EtatFormation::Brouillon),
        manques: description
            .manques(genre)
            .into_iter()
            .filter(|c| frais_lisibles || c.rubrique != Rubrique::Frais)
            .collect(),
        a_confirmer: Confirmation::of(ligne.as_ref()) == Confirmation::Attendue,
        maj: ligne.map(|l| (l.maj_le, l.maj_par)),
        locale: HeureLocale::of_departement(&f.departement),
        description,
        precedente,
        national,
        lieux,
        frais_lisibles,
        ouvertures,
        reouverts,
        etapes_ouvertes,
        session,
    })
}

/// Labels of the fields that a draft says otherwise than last year's description. Days and places apart: they are those of a
/// session.
pub(super) fn changes_since(d: &Description, avant: Description, genre: Genre) -> Vec<&'static str> {
    let differents = d.differences(&avant.reportee(), genre).into_iter();
    differents.filter(|c| !c.nature.is_lieu()).map(|c| c.libelle).collect()
}

async fn anterieure(
    c: &impl Sql,
    formation_session: i64,
    genre: Genre,
) -> Result<Option<(i64, Description)>, AppError> {
    let Some(f) = base::by_id(c, formation_session).await? else { return Ok(None) };
    let Some(annee) = sessions::annee(c, f.session_id).await? else { return Ok(None) };
    let Some(l) = base::description(c, f.id).await? else { return Ok(None) };
    Ok(Some((annee, lit(&l.contenu, genre)?)))
}

/// What is read of a course before its description is written.
#[derive(Default)]
pub(super) struct Lue {
    pub description: Description,
    /// `None`: nothing was ever said.
    pub ligne: Option<LigneDescription>,
    pub reouvertures: Reouvertures,
    /// What its fields may name; needed only where one of those written does.
    pub lieux: Lieux,
}

impl Lue {
    pub(super) async fn load(c: &impl Sql, f: &LigneFormation) -> Result<Self, AppError> {
        let (description, ligne) = load_description(c, f).await?;
        let reouvertures = Reouvertures::load(c, f.id).await?;
        Ok(Self { description, ligne, reouvertures, lieux: Lieux::default() })
    }

    /// The same of many courses, all read at once, by key.
    pub(super) async fn load_all(
        c: &impl Sql,
        formations: &[LigneFormation],
    ) -> Result<HashMap<i64, Self>, AppError> {
        let cles = distinctes(formations.iter().map(|f| f.id));
        let genres: HashMap<i64, Genre> = formations.iter().map(|f| (f.id, genre(f))).collect();
        let mut reouvertures = Reouvertures::load_all(c, &cles).await?;
        let mut lues: HashMap<i64, Self> = HashMap::with_capacity(cles.len());
        for ligne in base::descriptions(c, &cles).await? {
            let cle = ligne.formation_session_id;
            let Some(genre) = genres.get(&cle) else { continue };
            let lue = lues.entry(cle).or_default();
            lue.description = lit(&ligne.contenu, *genre)?;
            lue.ligne = Some(ligne);
        }
        for cle in cles {
            lues.entry(cle).or_default().reouvertures = reouvertures.remove(&cle).unwrap_or_default();
        }
        Ok(lues)
    }
}

/// The session and the course change at all.
pub(super) fn require_vivante(session: &SessionAdmission, f: &LigneFormation) -> Result<(), AppError> {
    session.require_ouverte()?;
    if f.etat == EtatFormation::Fermee.code() {
        return Err(RuleViolation::formation_fermee("modification").into());
    }
    Ok(())
}

/// What somebody writes in the description of one course: each field under its right and its step.
pub(super) struct Plume<'a> {
    pub tx: &'a Tx,
    pub ctx: &'a Ctx,
    pub session: &'a SessionAdmission,
}

impl Plume<'_> {
    /// R-FOR-12: every field written asks for its right and its step; the whole is refused with the first refused.
    pub(super) fn require(&self, f: &LigneFormation, rubriques: &[Rubrique]) -> Result<Permit, AppError> {
        let cible = cible(f);
        let mut permit = None;
        for r in rubriques {
            permit = Some(self.ctx.permit(r.action(), &cible)?);
        }
        let permit = match permit {
            Some(p) => p,
            None => self.ctx.permit(Action::ModifierFormation, &cible)?,
        };
        Ok(permit)
    }

    /// Loads courses where all these parts may be written, and holds them; the first that is unknown or forbidden refuses them all.
    pub(super) async fn load_all(
        &self,
        ids: &[PublicId],
        rubriques: &[Rubrique],
    ) -> Result<Vec<LigneFormation>, AppError> {
        let mut formations = Vec::with_capacity(ids.len());
        for f in load_many(self.tx, self.session, ids).await? {
            let f = f.ok_or(AppError::NotFound)?;
            self.require(&f, rubriques)?;
            formations.push(f);
        }
        let cles: Vec<i64> = formations.iter().map(|f| f.id).collect();
        base::hold_formations(self.tx, &cles).await?;
        Ok(formations)
    }

    /// R-FOR-12, R-CTL-04: the step of each part is open, or a return has reopened each of the fields of it that change; when
    /// none does, some field of it.
    async fn require_open(
        &self,
        f: &LigneFormation,
        rubriques: &[Rubrique],
        champs: &[&'static str],
    ) -> Result<(), AppError> {
        require_vivante(self.session, f)?;
        let reouvertures = Reouvertures::load(self.tx, f.id).await?;
        self.check_open(f, rubriques, champs, &reouvertures)
    }

    /// The same, over what is reopened of the course.
    fn check_open(
        &self,
        f: &LigneFormation,
        rubriques: &[Rubrique],
        champs: &[&'static str],
        reouvertures: &Reouvertures,
    ) -> Result<(), AppError> {
        let now = self.ctx.campagne_le;
        for r in rubriques {
            let codes = || r.champs(genre(f)).map(|c| c.code);
            let mut siens: Vec<&str> = codes().filter(|c| champs.contains(c)).collect();
            if siens.is_empty() {
                siens = codes().filter(|c| reouvertures.ouvre(c, now)).collect();
            }
            reouvertures.require(&self.session.calendrier, r.etape(), siens, now)?;
        }
        Ok(())
    }

    /// Writes; gives the fields that really changed.
    pub(super) async fn write(
        &self,
        f: &LigneFormation,
        changements: &[Changement],
        confirmee: bool,
    ) -> Result<Vec<&'static str>, AppError> {
        let mut lue = Lue::load(self.tx, f).await?;
        if names_lieux(changements) {
            lue.lieux = Lieux::load(self.tx, self.session.id, f.etablissement_id).await?;
        }
        self.write_over(f, lue, changements, confirmee).await
    }

    /// The same, over what was read in this transaction.
    pub(super) async fn write_over(
        &self,
        f: &LigneFormation,
        lue: Lue,
        changements: &[Changement],
        confirmee: bool,
    ) -> Result<Vec<&'static str>, AppError> {
        let Some(ecrite) = self.prepare(f, lue, changements, confirmee)? else { return Ok(Vec::new()) };
        self.write_all(std::slice::from_ref(&ecrite), confirmee).await?;
        Ok(ecrite.changes)
    }

    /// What is to be written, once it was found right; `None`: nothing changes, and nobody confirms it.
    pub(super) fn prepare<'f>(
        &self,
        f: &'f LigneFormation,
        lue: Lue,
        changements: &[Changement],
        confirmee: bool,
    ) -> Result<Option<AEcrire<'f>>, AppError> {
        let mut rubriques: Vec<Rubrique> = changements.iter().map(|(c, _)| c.rubrique).collect();
        if rubriques.is_empty() {
            rubriques.push(Rubrique::Caracteristiques);
        }
        rubriques.sort_unstable();
        rubriques.dedup();
        let permit = self.require(f, &rubriques)?;
        require_vivante(self.session, f)?;
        let genre = genre(f);
        let Lue { description: avant, ligne, reouvertures, lieux } = lue;
        let mut apres = avant.clone();
        let mut fautes = Vec::new();
        for (champ, valeur) in changements {
            match check(self.session, champ, valeur.as_ref(), (genre, &lieux)) {
                Ok(()) => apres.pose(champ.code, valeur.clone()),
                Err(siennes) => fautes.extend(siennes),
            }
        }
        if !fautes.is_empty() {
            return Err(AppError::Invalid(fautes));
        }
        let changes: Vec<&'static str> =
            apres.differences(&avant, genre).into_iter().map(|c| c.code).collect();
        if confirmee {
            self.session.calendrier.require_open(Rubrique::Caracteristiques.etape(), self.ctx.campagne_le)?;
        }
        self.check_open(f, &rubriques, &changes, &reouvertures)?;
        if changes.is_empty() && !confirmee {
            return Ok(None);
        }
        Ok(Some(AEcrire { f, permit, lue: ligne.map(|l| l.version), avant, apres, changes }))
    }

    /// Writes the descriptions of courses, each named once, all of them confirmed or none. As many statements for many as for one; the
    /// journal tells them course by course.
    pub(super) async fn write_all(&self, ecrites: &[AEcrire<'_>], confirmees: bool) -> Result<(), AppError> {
        let Some(premiere) = ecrites.first() else { return Ok(()) };
        let e = self.ctx.ecriture(&premiere.permit);
        let mut descriptions = Vec::with_capacity(ecrites.len());
        for d in ecrites {
            descriptions.push((d.f.id, d.lue, ecrit(&d.apres)?, d.apres.a_completer(genre(d.f))));
        }
        base::save_descriptions(self.tx, &e, descriptions, confirmees).await?;
        let changees: Vec<i64> = ecrites.iter().filter(|d| !d.changes.is_empty()).map(|d| d.f.id).collect();
        base::undo_controles(self.tx, &e, &changees).await?;
        let actes: Vec<Acte<'_>> = ecrites.iter().map(|d| d.acte(confirmees)).collect();
        let actes: Vec<(&Permit, &Acte<'_>)> = ecrites.iter().map(|d| &d.permit).zip(&actes).collect();
        record_each(self.tx, self.ctx, &actes).await
    }
}

/// The description of a course that may be written.
pub(super) struct AEcrire<'f> {
    f: &'f LigneFormation,
    permit: Permit,
    /// Version of the row that was read; `None`: nothing was ever said.
    lue: Option<i64>,
    avant: Description,
    apres: Description,
    /// Codes of the fields that really change.
    changes: Vec<&'static str>,
}

impl AEcrire<'_> {
    /// JOU-2: the journal says which fields changed and a fingerprint of what they say.
    fn acte(&self, confirmee: bool) -> Acte<'_> {
        let dit = |d: &Description| {
            let champs: serde_json::Map<String, serde_json::Value> = self
                .changes
                .iter()
                .map(|code| {
                    let texte = serde_json::to_string(&d.valeur(code)).unwrap_or_default();
                    ((*code).to_owned(), json!(hash(&texte)))
                })
                .collect();
            json!({ "champs": champs, "confirmee": confirmee })
        };
        Acte {
            objet: "formation_description",
            objet_id: &self.f.public_id,
            avant: Some(dit(&self.avant)),
            apres: Some(dit(&self.apres)),
        }
    }
}

/// Whether one of these fields names a place of the establishment.
pub(super) fn names_lieux(changements: &[Changement]) -> bool {
    changements.iter().any(|(c, _)| c.nature.is_lieu())
}

/// A course of a kind that does not have the field.
pub(super) const SANS_CHAMP: &str = "Ce champ n’existe pas pour ce type de formation.";

/// R-FOR-10, R-FOR-30: a value that the field accepts, in a course that has the field, with days of the session, naming places that
/// exist; else what is wrong, by field.
pub(super) fn check(
    session: &SessionAdmission,
    champ: &'static Champ,
    valeur: Option<&Valeur>,
    (genre, lieux): (Genre, &Lieux),
) -> Result<(), Vec<(&'static str, String)>> {
    let faute = |message: &str| Err(vec![(champ.code, message.to_owned())]);
    if !champ.concerne(genre) {
        return faute(SANS_CHAMP);
    }
    let Some(valeur) = valeur else { return Ok(()) };
    if let Err(defauts) = check_valeur(champ, valeur) {
        return Err(defauts.into_iter().map(|d| (champ.code, d.to_string())).collect());
    }
    if let Valeur::Lignes(lignes) = valeur {
        let jours = check_jours(champ, lignes, session.campagne());
        if !jours.is_empty() {
            return Err(jours.into_iter().map(|d| (champ.code, d.to_string())).collect());
        }
    }
    if !champ.nature.is_lieu() {
        return Ok(());
    }
    match valeur {
        Valeur::Texte(t) if lieux.of(champ.nature).iter().any(|(id, _)| id == t) => Ok(()),
        _ => faute("Choisissez parmi ce que l’établissement a décrit."),
    }
}

pub(super) fn demande(acte: &str, annee: i64, corps: &impl serde::Serialize) -> Result<String, AppError> {
    let corps = serde_json::to_string(corps).map_err(AppError::internal)?;
    Ok(format!("{acte}|{annee}|{corps}"))
}

/// The same of many courses, each at the version that was read.
pub(super) fn demande_lot(acte: &str, annee: i64, choisies: &[(PublicId, i64)]) -> Result<String, AppError> {
    let dites: Vec<(&str, i64)> = choisies.iter().map(|(id, version)| (id.as_str(), *version)).collect();
    demande(acte, annee, &dites)
}

fn dits(changements: &[Changement]) -> Vec<(&str, Option<&Valeur>)> {
    changements.iter().map(|(c, v)| (c.code, v.as_ref())).collect()
}

/// Saves one part of the description of a course: fields that are not named stay as they are.
///
/// # Errors
/// [`AppError::Invalid`] by field; [`AppError::Rule`] outside the step; [`AppError::Conflict`] when the part changed since
/// the form was shown.
pub async fn save_rubrique(
    ctx: &Ctx,
    garde: &Garde,
    annee: i64,
    id: &PublicId,
    rubrique: Rubrique,
    changements: &[Changement],
) -> Result<Recepisse, AppError> {
    let demande = demande("description", annee, &(id.as_str(), rubrique.code(), dits(changements)))?;
    let tx = ctx.begin().await?;
    let session = sessions::session(&tx, annee).await?;
    let f = load(&tx, &session, id).await?;
    let plume = Plume { tx: &tx, ctx, session: &session };
    plume.require(&f, &[rubrique])?;
    if let Some(recepisse) = idempotence::deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(recepisse);
    }
    // Some of its fields are open: the others are refused if they change.
    plume.require_open(&f, &[rubrique], &[]).await?;
    if let Some((champ, _)) = changements.iter().find(|(c, _)| c.rubrique != rubrique) {
        return Err(AppError::Champ(champ.code.to_owned()));
    }
    let (avant, _) = load_description(&tx, &f).await?;
    garde.check_version(version(&avant, genre(&f), rubrique))?;
    let changes = plume.write(&f, changements, false).await?;
    let contenu = json!({ "formation": f.public_id, "rubrique": rubrique.code(), "champs": changes });
    let recepisse = idempotence::emettre(&tx, ctx, garde, &demande, ECRITURE, None, &contenu).await?;
    tx.commit().await?;
    Ok(recepisse)
}

/// R-FOR-14: what last year said is the draft of this year, waiting to be confirmed; days are typed again, sites and
/// components are those of the new session with the same name.
///
/// # Errors
/// When the database refuses.
pub(crate) async fn carry_over(tx: &Tx, e: &store::Ecriture<'_>, session: i64) -> Result<u64, AppError> {
    let renvois = base::renvois_lieux(tx, session).await?;
    let (mut apres, mut total) = (0, 0);
    loop {
        let lot = base::descriptions_anterieures(tx, session, apres, 1_000).await?;
        let Some(derniere) = lot.last() else { return Ok(total) };
        apres = derniere.formation_session_id;
        let mut lignes = Vec::with_capacity(lot.len());
        for l in lot {
            let genre = genre_de(&l.famille, &l.libelle);
            let mut d = lit(&l.contenu, genre)?.reportee();
            for code in ["site", "composante"] {
                let nouveau = renvois.get(d.texte(code)).cloned().map(Valeur::Texte);
                d.pose(code, nouveau);
            }
            lignes.push((l.formation_session_id, ecrit(&d)?, d.a_completer(genre), true));
        }
        total += base::add_descriptions(tx, e, lignes).await?;
    }
}
