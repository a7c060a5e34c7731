//! Describing an establishment: one part at a time, each a form of its own, all under the version of the whole; many parts at once by
//! a file.

use std::collections::{BTreeMap, HashMap, HashSet};

use domain::droits::{Action, Permit};
use domain::etablissements::{
    Civilite, Contact, Journee, Partie, check_a_venir, check_annulation, check_contact, check_fin_interim,
    check_jour_chef, check_place, check_seule,
};
use domain::{Fautes, PublicId, RuleViolation};
use jiff::ToSpan;
use jiff::civil::{Date, Time};
use serde_json::json;
use store::etablissements::{self as base, LigneJournee, LigneParametrage, Liste, NouveauChef};
use store::formations::{Nommante, naming};
use store::{Ecriture, Tx};

use super::saisie::{
    Colonnes, Personne, accueil, composante, coordonnees, heure_du_jour, journee, net_journee, site,
};
use super::signature::Signature;
use super::{Chargee, ChefEtablissement, cible, contacts, mandat, suivi, today};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::formations::{PartiesRouvertes, intitule};
use crate::idempotence::{self, Garde, Recepisse, hash};
use crate::journal::{Acte, record_all};
use crate::messages::accord;
use crate::sessions::{self, SessionAdmission};

/// What the public dials, writes to and visits, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Coordonnees {
    /// Short name.
    pub sigle: String,
    /// Number and street.
    pub adresse: String,
    /// Five digits in France.
    pub code_postal: String,
    /// Town.
    pub commune: String,
    /// Public number.
    pub telephone: String,
    /// Public mailbox, shared ones included.
    pub courriel: String,
    /// Web address.
    pub site_web: String,
}

/// How people are received, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Accueil {
    /// Access for disabled people.
    pub accessibilite: String,
    /// The person whom they write to.
    pub referent_nom: String,
    /// Their public mailbox.
    pub referent_courriel: String,
    /// Their public number.
    pub referent_telephone: String,
    /// Code of the answer on boarding; empty: not answered.
    pub internat: String,
    /// Places of the boarding.
    pub internat_places: Option<i64>,
    /// Scholarship holders come with their grant; `None`: not answered.
    pub boursiers: Option<bool>,
}

/// A component, as typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Composante {
    /// Faculty, institute, department.
    pub nom: String,
}

/// A place where one studies, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Site {
    /// « Site sud ».
    pub nom: String,
    /// Number and street.
    pub adresse: String,
    /// Five digits in France.
    pub code_postal: String,
    /// Town.
    pub commune: String,
    /// Degrees, as typed.
    pub latitude: String,
    /// Degrees, as typed.
    pub longitude: String,
}

/// An open day, as typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JourneeSaisie {
    /// When.
    pub jour: Date,
    /// Doors open.
    pub debut: Time,
    /// Doors close.
    pub fin: Time,
    /// On line rather than on the spot.
    pub a_distance: bool,
    /// A place, or a web address.
    pub ou: String,
}

/// How a head comes into office.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Prise {
    /// The same person: particulars put right, and confirmed for the session.
    Meme,
    /// Somebody else, from this day on: the former one ends the day before.
    Successeur(Date),
    /// Somebody stands in, from the first day to the last, included.
    Interim(Date, Date),
    /// Whoever stands in today, until another last day than was told, included.
    Jusque(Date),
}

/// A head, as typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chef {
    /// How letters name the person.
    pub civilite: Civilite,
    /// Name.
    pub nom: String,
    /// First name.
    pub prenom: String,
    /// « Proviseure », « Président ».
    pub fonction: String,
    /// Never public.
    pub courriel: String,
    /// Never public.
    pub telephone: String,
    /// Since when.
    pub prise: Prise,
}

/// One change. Lines of lists are named by their public identifier; absent: a new one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Modification {
    /// Public particulars.
    Coordonnees(Coordonnees),
    /// Access, boarding, scholarship holders.
    Accueil(Accueil),
    /// A component added or renamed.
    Composante(Option<String>, Composante),
    /// A component removed.
    RetirerComposante(String),
    /// A site added or changed.
    Site(Option<String>, Site),
    /// A site removed.
    RetirerSite(String),
    /// An open day added or changed.
    Journee(Option<String>, JourneeSaisie),
    /// An open day removed.
    RetirerJournee(String),
    /// Whoever signs.
    Chef(Chef),
    /// Whoever signs is the same as before, for this session too (R-ETA-03).
    ConfirmerChef,
    /// A head, or somebody who was to stand in, announced and not in office yet, does not come; by the public identifier.
    AnnulerAnnonce(String),
    /// The image of the signature of a head, by the public identifier of the head (R-ETA-08).
    Signature(String, Signature),
    /// That image withdrawn.
    RetirerSignature(String),
    /// A contact added or changed (R-ETA-07).
    Contact(Option<String>, Contact),
    /// A contact removed.
    RetirerContact(String),
}

impl Modification {
    /// Whether it only takes a line of a list, or an image, away.
    pub const fn is_retrait(&self) -> bool {
        matches!(
            self,
            Self::RetirerComposante(_)
                | Self::RetirerSite(_)
                | Self::RetirerJournee(_)
                | Self::RetirerContact(_)
                | Self::RetirerSignature(_)
        )
    }

    /// The part of the settings that it is about.
    const fn partie(&self) -> Partie {
        match self {
            Self::Coordonnees(_) => Partie::Coordonnees,
            Self::Accueil(_) => Partie::Accueil,
            Self::Composante(..) | Self::RetirerComposante(_) => Partie::Composantes,
            Self::Site(..) | Self::RetirerSite(_) => Partie::Sites,
            Self::Journee(..) | Self::RetirerJournee(_) => Partie::Journees,
            Self::Chef(_)
            | Self::ConfirmerChef
            | Self::AnnulerAnnonce(_)
            | Self::Signature(..)
            | Self::RetirerSignature(_) => Partie::Chef,
            Self::Contact(..) | Self::RetirerContact(_) => Partie::Contacts,
        }
    }

    /// Stable code, for the journal.
    const fn code(&self) -> &'static str {
        match self {
            Self::Coordonnees(_) => "coordonnees",
            Self::Accueil(_) => "accueil",
            Self::Composante(..) => "composante",
            Self::RetirerComposante(_) => "composante_retiree",
            Self::Site(..) => "site",
            Self::RetirerSite(_) => "site_retire",
            Self::Journee(..) => "journee",
            Self::RetirerJournee(_) => "journee_retiree",
            Self::Chef(_) => "chef",
            Self::ConfirmerChef => "chef_confirme",
            Self::AnnulerAnnonce(_) => "chef_annonce_annulee",
            Self::Signature(..) => "signature",
            Self::RetirerSignature(_) => "signature_retiree",
            Self::Contact(..) => "contact",
            Self::RetirerContact(_) => "contact_retire",
        }
    }
}

/// Saves one part of the settings of an establishment.
///
/// # Errors
/// [`AppError::Rule`] for a part that is closed, on an archived session or for a wrong value; [`AppError::Conflict`] when someone
/// else changed the establishment since the form was shown; [`AppError::NotFound`] for a line that is not there.
pub async fn save_etablissement(
    ctx: &Ctx,
    garde: &Garde,
    annee: i64,
    id: &PublicId,
    modification: &Modification,
) -> Result<Recepisse, AppError> {
    let demande = format!("etablissement|{annee}|{id}|{modification:?}");
    let tx = ctx.begin().await?;
    let session = sessions::session(&tx, annee).await?;
    let ligne = base::parametrage(&tx, session.id, id.as_str()).await?.ok_or(AppError::NotFound)?;
    let permit = ctx.permit(Action::ModifierEtablissement, &cible(session.id, &ligne))?;
    if let Some(recepisse) = idempotence::deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(recepisse);
    }
    let seule = AvecFormations::default();
    let ecrite = write_parts(&tx, ctx, &permit, (&session, &ligne), garde, (&[modification], &seule)).await?;
    let version = match ecrite {
        Parties::Ecrites { version, .. } => version,
        Parties::Refusees(refus) => {
            return Err(refus.into_iter().next().map_or(AppError::NotFound, |(_, refus)| refus));
        }
    };
    let contenu =
        json!({ "etablissement": ligne.etablissement, "version": version, "partie": modification.code() });
    let recepisse =
        idempotence::emettre(&tx, ctx, garde, &demande, "etablissement_enregistre", None, &contenu).await?;
    tx.commit().await?;
    Ok(recepisse)
}

/// What an act that also writes courses does to the places that they name; nothing for a page of the establishment.
#[derive(Debug, Default)]
pub(crate) struct AvecFormations {
    /// Courses, by key, and a place that each no longer names once the act is done.
    pub(crate) quittes: HashSet<(i64, String)>,
    /// How a refusal names a course, by key.
    pub(crate) noms: HashMap<i64, String>,
    /// What a refusal adds to the title of the others.
    pub(crate) autres: &'static str,
}

impl AvecFormations {
    fn nom(&self, f: &Nommante) -> String {
        let connu = self.noms.get(&f.id).cloned();
        connu.unwrap_or_else(|| format!("{}{}", intitule(&f.libelle, &f.detail), self.autres))
    }
}

/// What came of the parts that were to be written.
#[derive(Debug)]
pub(crate) enum Parties {
    /// All of them are.
    Ecrites {
        /// The one that follows.
        version: i64,
        /// Public identifier of each line added to a list, by place of its change.
        ajoutees: BTreeMap<usize, String>,
    },
    /// None of them is: those that are refused, by place of the change, and why.
    Refusees(Vec<(usize, AppError)>),
}

/// Writes parts of the settings in the transaction of the caller, over the version that `ligne` was read with, all of them or none;
/// as many statements for a hundred lines of a list as for one. Each is an act of the journal.
///
/// # Errors
/// Those of [`save_etablissement`] that are not of one part.
pub(crate) async fn write_parts(
    tx: &Tx,
    ctx: &Ctx,
    permit: &Permit,
    (session, ligne): (&SessionAdmission, &LigneParametrage),
    garde: &Garde,
    (modifications, avec): (&[&Modification], &AvecFormations),
) -> Result<Parties, AppError> {
    session.require_ouverte()?;
    let rouvertes = PartiesRouvertes::load(tx, session.id, ligne.etablissement_id).await?;
    let (mut refus, mut ouvertes) = (Vec::new(), Vec::new());
    for (place, m) in modifications.iter().copied().enumerate() {
        match rouvertes.require(session, m.partie(), ctx.campagne_le) {
            Ok(()) => ouvertes.push((place, m)),
            Err(regle) => refus.push((place, AppError::from(regle))),
        }
    }
    if refus.is_empty() {
        garde.check_version(ligne.version)?;
    }
    let e = ctx.ecriture(permit);
    let changement = Changement { tx, ctx, e: &e, session, ligne };
    let mut avant = changement.read(modifications, avec).await?;
    let mut gestes = Vec::with_capacity(ouvertes.len());
    for (place, m) in ouvertes {
        match changement.prepare(m, &mut avant) {
            Ok(geste) => gestes.push((place, geste)),
            Err(motif) => refus.push((place, motif)),
        }
    }
    if !refus.is_empty() {
        refus.sort_by_key(|(place, _)| *place);
        return Ok(Parties::Refusees(refus));
    }
    let ecrites = changement.write(gestes).await?;
    let colonnes: Colonnes = ecrites.colonnes.values().flatten().cloned().collect();
    let version = base::save_parametrage(tx, &e, (ligne.id, ligne.version), &colonnes).await?;
    let mut actes = Vec::with_capacity(modifications.len());
    for (place, m) in modifications.iter().enumerate() {
        // The journal keeps words as fingerprints (JOU-2): it tells that they changed, not what they say.
        let siennes = ecrites.colonnes.get(&place).into_iter().flatten();
        let dites: serde_json::Map<String, serde_json::Value> =
            siennes.map(|(nom, valeur)| ((*nom).to_owned(), json!(format!("{valeur:?}")))).collect();
        let empreinte = hash(&format!("{m:?}"));
        let apres = json!({
            "session": session.annee, "partie": m.code(), "champs": dites, "empreinte": empreinte,
        });
        actes.push(Acte {
            objet: "etablissement_session",
            objet_id: &ligne.etablissement,
            avant: None,
            apres: Some(apres),
        });
    }
    record_all(tx, ctx, permit, &actes).await?;
    Ok(Parties::Ecrites { version, ajoutees: ecrites.ajoutees })
}

fn found(trouve: bool) -> Result<(), AppError> {
    if trouve { Ok(()) } else { Err(AppError::NotFound) }
}

/// What is stored that a change is held against, read once for all of them.
struct Avant {
    /// The day of each open day, by public identifier.
    jours: HashMap<String, Date>,
    /// The open days that the changes leave as they are, then those that they tell.
    journees: Vec<Journee>,
    /// The courses that name a place to be taken away, as a refusal names them, by its public identifier.
    nommantes: HashMap<String, Vec<String>>,
}

fn lue(l: &LigneJournee) -> Option<Journee> {
    Some(Journee {
        jour: l.jour.parse().ok()?,
        debut: heure_du_jour(l.debut_min)?,
        fin: heure_du_jour(l.fin_min)?,
        a_distance: l.a_distance == 1,
        ou: l.ou.clone(),
    })
}

/// Courses that a refusal names; beyond, they are counted.
const NOMMEES: usize = 10;

impl Avant {
    /// R-ETA-12: an open day that is over stays as it was.
    fn require_a_venir(&self, id: &str, aujourd_hui: Date) -> Result<(), AppError> {
        let jour = self.jours.get(id).ok_or(AppError::NotFound)?;
        Ok(check_a_venir(*jour, aujourd_hui)?)
    }

    /// R-ETA-06: told once, beside what is stored and what the same act tells.
    fn tell(&mut self, j: &Journee) -> Result<(), RuleViolation> {
        check_seule(j, &self.journees)?;
        self.journees.push(j.clone());
        Ok(())
    }

    /// R-ETA-09: courses would say nothing of where they are given.
    fn require_unnamed(&self, lieu: &str) -> Result<(), RuleViolation> {
        let Some(nommantes) = self.nommantes.get(lieu) else { return Ok(()) };
        let mut formations: Vec<String> = nommantes.iter().take(NOMMEES).cloned().collect();
        let reste = nommantes.len() - formations.len();
        if reste > 0 {
            formations.push(accord(reste, "autre", "autres"));
        }
        Err(RuleViolation::LieuNomme { formations })
    }
}

/// What a change does, once what it says is read under its rules.
enum Geste<'m> {
    /// Columns of the settings.
    Colonnes(Colonnes),
    /// A line of a list, by its public identifier; none: a new one.
    Ligne(Liste, Option<&'m str>, Colonnes),
    /// A line off a list.
    Retrait(Liste, &'m str),
    /// What is written alone: a head, a signature, a contact.
    Seul(&'m Modification),
}

/// The lines of one list.
#[derive(Default)]
struct Lignes<'m> {
    /// With the place of their change.
    ajoutees: Vec<(usize, Colonnes)>,
    changees: Vec<(String, Colonnes)>,
    retirees: Vec<&'m str>,
}

/// What was written, by place of the change.
#[derive(Default)]
struct Ecrites {
    /// Columns of the settings.
    colonnes: BTreeMap<usize, Colonnes>,
    /// Public identifiers of the lines added.
    ajoutees: BTreeMap<usize, String>,
}

/// A change under way.
struct Changement<'a> {
    tx: &'a Tx,
    ctx: &'a Ctx,
    e: &'a Ecriture<'a>,
    session: &'a SessionAdmission,
    ligne: &'a LigneParametrage,
}

impl Changement<'_> {
    /// Reads what the changes are held against, when some are.
    async fn read(&self, modifications: &[&Modification], avec: &AvecFormations) -> Result<Avant, AppError> {
        let (mut lieux, mut de_journees, mut touchees) = (Vec::new(), false, HashSet::new());
        for m in modifications {
            match m {
                Modification::RetirerComposante(id) | Modification::RetirerSite(id) => {
                    lieux.extend(PublicId::parse(id));
                }
                Modification::Journee(None, _) => de_journees = true,
                Modification::Journee(Some(id), _) | Modification::RetirerJournee(id) => {
                    de_journees = true;
                    touchees.insert(id.as_str());
                }
                _ => {}
            }
        }
        let (mut jours, mut journees) = (HashMap::new(), Vec::new());
        if de_journees {
            for l in base::journees(self.tx, self.ligne.id).await? {
                let j = lue(&l).ok_or_else(|| AppError::Internal("journee_portes_ouvertes".to_owned()))?;
                jours.insert(l.public_id.clone(), j.jour);
                if !touchees.contains(l.public_id.as_str()) {
                    journees.push(j);
                }
            }
        }
        let mut nommantes: HashMap<String, Vec<String>> = HashMap::new();
        let (session, etablissement) = (self.session.id, self.ligne.etablissement_id);
        for (lieu, f) in naming(self.tx, session, etablissement, &lieux).await? {
            if !avec.quittes.contains(&(f.id, lieu.clone())) {
                nommantes.entry(lieu).or_default().push(avec.nom(&f));
            }
        }
        Ok(Avant { jours, journees, nommantes })
    }

    /// What a change does, under its rules.
    fn prepare<'m>(&self, m: &'m Modification, avant: &mut Avant) -> Result<Geste<'m>, AppError> {
        Ok(match m {
            Modification::Coordonnees(c) => Geste::Colonnes(coordonnees(c)?),
            Modification::Accueil(a) => Geste::Colonnes(accueil(a)?),
            Modification::Composante(id, c) => {
                Geste::Ligne(Liste::Composantes, id.as_deref(), composante(c)?)
            }
            Modification::Site(id, s) => Geste::Ligne(Liste::Sites, id.as_deref(), site(s)?),
            Modification::Journee(id, j) => {
                let aujourd_hui = today(self.ctx);
                if let Some(id) = id {
                    avant.require_a_venir(id, aujourd_hui)?;
                }
                let net = net_journee(j, self.session.campagne(), aujourd_hui)?;
                avant.tell(&net)?;
                Geste::Ligne(Liste::Journees, id.as_deref(), journee(net))
            }
            Modification::RetirerComposante(id) => {
                avant.require_unnamed(id)?;
                Geste::Retrait(Liste::Composantes, id)
            }
            Modification::RetirerSite(id) => {
                avant.require_unnamed(id)?;
                Geste::Retrait(Liste::Sites, id)
            }
            Modification::RetirerJournee(id) => {
                avant.require_a_venir(id, today(self.ctx))?;
                Geste::Retrait(Liste::Journees, id)
            }
            Modification::Chef(_)
            | Modification::ConfirmerChef
            | Modification::AnnulerAnnonce(_)
            | Modification::Signature(..)
            | Modification::RetirerSignature(_)
            | Modification::Contact(..)
            | Modification::RetirerContact(_) => Geste::Seul(m),
        })
    }

    /// Writes them, the lines of each list together.
    async fn write(&self, gestes: Vec<(usize, Geste<'_>)>) -> Result<Ecrites, AppError> {
        let mut ecrites = Ecrites::default();
        let mut listes: BTreeMap<Liste, Lignes<'_>> = BTreeMap::new();
        for (place, geste) in gestes {
            match geste {
                Geste::Colonnes(colonnes) => {
                    ecrites.colonnes.insert(place, colonnes);
                }
                Geste::Ligne(liste, None, colonnes) => {
                    listes.entry(liste).or_default().ajoutees.push((place, colonnes));
                }
                Geste::Ligne(liste, Some(id), colonnes) => {
                    listes.entry(liste).or_default().changees.push((id.to_owned(), colonnes));
                }
                Geste::Retrait(liste, id) => listes.entry(liste).or_default().retirees.push(id),
                Geste::Seul(m) => {
                    ecrites.colonnes.insert(place, self.write_alone(m).await?);
                }
            }
        }
        for (liste, l) in listes {
            let (places, nouvelles): (Vec<usize>, Vec<Colonnes>) = l.ajoutees.into_iter().unzip();
            let ids = base::insert_lignes(self.tx, self.e, liste, self.ligne.id, &nouvelles).await?;
            ecrites.ajoutees.extend(places.into_iter().zip(ids));
            found(base::update_lignes(self.tx, self.e, liste, self.ligne.id, &l.changees).await?)?;
            found(base::remove_lignes(self.tx, self.e, liste, self.ligne.id, &l.retirees).await?)?;
        }
        Ok(ecrites)
    }

    /// Writes what is written alone; gives the columns of the settings that change.
    async fn write_alone(&self, modification: &Modification) -> Result<Colonnes, AppError> {
        match modification {
            Modification::Chef(c) => return self.chef(c).await,
            Modification::ConfirmerChef => {
                let charge = Chargee::load(self.tx, self.ctx, self.ligne.clone()).await?;
                let signe = charge.signataire.and_then(|i| charge.chefs.get(i)).ok_or(AppError::NotFound)?;
                return Ok(self.confirmation(signe.id));
            }
            Modification::AnnulerAnnonce(id) => self.call_off(id).await?,
            Modification::Signature(id, s) => self.signature(id, s).await?,
            Modification::RetirerSignature(id) => {
                let (chef, _) = self.head(id).await?;
                found(base::remove_signature(self.tx, chef).await?)?;
            }
            Modification::Contact(id, c) => self.contact(id.as_deref(), c).await?,
            Modification::RetirerContact(id) => {
                found(base::remove_contact(self.tx, self.e, (self.ligne.etablissement_id, id)).await?)?;
            }
            // `prepare` has read what is of the settings or of their lists.
            _ => {}
        }
        Ok(Vec::new())
    }

    async fn contact(&self, id: Option<&str>, c: &Contact) -> Result<(), AppError> {
        let (coffre, etablissement) = (&self.ctx.app.coffre, self.ligne.etablissement_id);
        let c = check_contact(c)?;
        match id {
            Some(id) => found(base::update_contact(self.tx, self.e, coffre, (etablissement, id), &c).await?),
            None => {
                check_place(contacts(self.tx, self.ctx, etablissement).await?.len())?;
                Ok(base::insert_contact(self.tx, self.e, coffre, etablissement, &c).await?)
            }
        }
    }

    /// A head of this establishment, and whether the time of that person is over.
    async fn head(&self, id: &str) -> Result<(i64, bool), AppError> {
        let chefs = base::chefs(self.tx, &self.ctx.app.coffre, self.ligne.etablissement_id).await?;
        let chef = chefs.iter().find(|c| c.public_id == id).ok_or(AppError::NotFound)?;
        let jour = today(self.ctx).to_string();
        Ok((chef.id, chef.jusqu_a.as_ref().is_some_and(|fin| *fin < jour)))
    }

    /// R-ETA-03: whoever was announced does not come; the head whom a successor was to follow goes on.
    async fn call_off(&self, id: &str) -> Result<(), AppError> {
        let chefs = base::chefs(self.tx, &self.ctx.app.coffre, self.ligne.etablissement_id).await?;
        let annonce = chefs.iter().find(|c| c.public_id == id).ok_or(AppError::NotFound)?;
        check_annulation(mandat(annonce)?.depuis, today(self.ctx))?;
        if let Some(suivi) = suivi(&chefs, annonce)? {
            base::reopen_chef(self.tx, self.e, suivi.id).await?;
        }
        Ok(base::remove_chef(self.tx, self.e, annonce.id).await?)
    }

    /// R-ETA-08: what somebody signed is not given another signature afterwards.
    async fn signature(&self, id: &str, s: &Signature) -> Result<(), AppError> {
        let (chef, passe) = self.head(id).await?;
        if passe {
            return Err(RuleViolation::Champ { champ: "signataire", motif: "passe" }.into());
        }
        Ok(base::save_signature(self.tx, self.e, &self.ctx.app.coffre, chef, s.png()).await?)
    }

    fn confirmation(&self, chef: i64) -> Colonnes {
        vec![("chef_confirme", chef.into()), ("chef_confirme_le", self.e.ms().into())]
    }

    fn check_jour(&self, champ: &'static str, jour: Date) -> Result<(), RuleViolation> {
        check_jour_chef(champ, jour, today(self.ctx), self.ctx.app.limites.chef_jours)
    }

    /// Whoever was announced and is not in office yet has signed nothing: another announcement replaces it.
    fn annonce(&self, chefs: &[ChefEtablissement], interim: bool) -> Option<i64> {
        let jour = today(self.ctx).to_string();
        chefs.iter().find(|c| c.interim == interim && c.depuis > jour).map(|c| c.id)
    }

    /// Whoever heads it, an announced successor apart.
    fn titulaire<'c>(&self, chefs: &'c [ChefEtablissement]) -> Option<&'c ChefEtablissement> {
        let annonce = self.annonce(chefs, false);
        chefs.iter().find(|t| !t.interim && Some(t.id) != annonce)
    }

    /// The last to begin, the announced one apart, in office or ended the day before it: whoever a successor follows.
    fn remplace<'c>(&self, chefs: &'c [ChefEtablissement]) -> Option<&'c ChefEtablissement> {
        let annonce = self.annonce(chefs, false);
        self.titulaire(chefs).filter(|t| annonce.is_some() || t.jusqu_a.is_none())
    }

    /// From when, until when, and whether somebody stands in; days that cannot be go to `fautes`.
    fn mandat(&self, prise: Prise, charge: &Chargee, fautes: &mut Fautes) -> (String, Option<String>, bool) {
        match prise {
            Prise::Meme => {
                let actuel = charge.signataire.and_then(|i| charge.chefs.get(i));
                let depuis = actuel.map_or_else(|| today(self.ctx).to_string(), |a| a.depuis.clone());
                (depuis, actuel.and_then(|a| a.jusqu_a.clone()), actuel.is_some_and(|a| a.interim))
            }
            Prise::Successeur(jour) => {
                if self.titulaire(&charge.chefs).is_some() {
                    fautes.lit(self.check_jour("depuis", jour));
                }
                let depuis = jour.to_string();
                if self.remplace(&charge.chefs).is_some_and(|t| t.depuis >= depuis) {
                    fautes.note(RuleViolation::Champ { champ: "depuis", motif: "avant_precedent" });
                }
                (depuis, None, false)
            }
            Prise::Jusque(fin) => {
                let actuel = charge.signataire.and_then(|i| charge.chefs.get(i)).filter(|c| c.interim);
                let Some(actuel) = actuel else {
                    fautes.note(RuleViolation::Champ { champ: "prise", motif: "sans_interim" });
                    return (fin.to_string(), None, true);
                };
                // A stored date that is none was refused with the list of heads.
                let debut = actuel.depuis.parse().unwrap_or(fin);
                fautes.lit(check_fin_interim(debut, fin, today(self.ctx)));
                fautes.lit(self.check_jour("jusqu_a", fin));
                (actuel.depuis.clone(), Some(fin.to_string()), true)
            }
            Prise::Interim(de, a) => {
                fautes.lit(self.check_jour("depuis", de));
                if a < de {
                    fautes.note(RuleViolation::Champ { champ: "jusqu_a", motif: "avant_debut" });
                }
                fautes.lit(self.check_jour("jusqu_a", a));
                (de.to_string(), Some(a.to_string()), true)
            }
        }
    }

    /// Whoever signs today once this is saved is confirmed for the session.
    async fn chef(&self, c: &Chef) -> Result<Colonnes, AppError> {
        let coffre = &self.ctx.app.coffre;
        let charge = Chargee::load(self.tx, self.ctx, self.ligne.clone()).await?;
        let mut fautes = Fautes::default();
        let personne = Personne::read(c, &mut fautes);
        let (depuis, jusqu_a, interim) = self.mandat(c.prise, &charge, &mut fautes);
        fautes.conclut(())?;
        let nouveau = NouveauChef {
            civilite: c.civilite.code(),
            nom: &personne.nom,
            prenom: &personne.prenom,
            fonction: &personne.fonction,
            courriel: &personne.courriel,
            telephone: &personne.telephone,
            depuis: &depuis,
            jusqu_a: jusqu_a.as_deref(),
            interim,
        };
        match (c.prise, charge.signataire.and_then(|i| charge.chefs.get(i))) {
            (Prise::Meme | Prise::Jusque(_), Some(a)) => {
                base::update_chef(self.tx, self.e, coffre, (a.id, &a.public_id), &nouveau).await?;
            }
            (Prise::Successeur(jour), _) => {
                if let Some(id) = self.annonce(&charge.chefs, false) {
                    base::remove_chef(self.tx, self.e, id).await?;
                }
                if let Some(t) = self.remplace(&charge.chefs) {
                    let veille = jour.checked_sub(1.day()).unwrap_or(jour);
                    base::end_chef(self.tx, self.e, t.id, &veille.to_string()).await?;
                }
                base::insert_chef(self.tx, self.e, coffre, self.ligne.etablissement_id, &nouveau).await?;
            }
            _ => {
                if let Some(id) = self.annonce(&charge.chefs, true) {
                    base::remove_chef(self.tx, self.e, id).await?;
                }
                base::insert_chef(self.tx, self.e, coffre, self.ligne.etablissement_id, &nouveau).await?;
            }
        }
        let apres = Chargee::load(self.tx, self.ctx, self.ligne.clone()).await?;
        let signe = apres.signataire.and_then(|i| apres.chefs.get(i));
        Ok(signe.map_or_else(Vec::new, |s| self.confirmation(s.id)))
    }
}
