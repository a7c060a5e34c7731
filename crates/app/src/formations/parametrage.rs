//! The settings of one course, with what the person may do to them now.

use domain::PublicId;
use domain::RuleViolation;
use domain::calendrier::Etape;
use domain::droits::{Action, Cible, Fiche, GroupeChamps, authorize, champ_interdit};
use domain::etablissements::check_complet;
use domain::formations::demandes::{EtatDemande, NatureDemande};
use domain::formations::description::{Description, Rubrique};
use domain::formations::{EtatFormation, Famille, Genre, StatutFormation};
use domain::grille::Decompte;
use domain::territoires::HeureLocale;
use jiff::Timestamp;
use store::Sql;
use store::apprentissage::ouvertures_fiches;
use store::formations::{self as base, LigneDescription, LigneFormation, LigneGroupe, LignePublication};

use super::contenu::{Contenu, differences};
use super::controle::{Controle, Reouvertures, SuiviControle};
use super::demandes::{self, FinFormation, SuiviDemande};
use super::description::{
    Confirmation, changes_since, ecrit, famille, genre, lit, load_description, rubriques_incompletes,
    version_brouillon,
};
use super::gestion::manques;
use super::regroupement::{RegroupementVu, regroupement_vu};
use super::vraisemblance::{self, Comparaison, Lectures};
use super::{Groupe, Intitule, cible, groupe, load_groupes, load_in_session, places_json};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::etablissements;
use crate::sessions::{self, SessionAdmission};

/// Whether an act is possible now.
#[derive(Debug, Clone, PartialEq)]
pub enum Ouverture {
    /// Until this instant (outside the window).
    Ouverte {
        /// First instant too late.
        ferme: Timestamp,
    },
    /// As long as the session is not archived.
    Permanente,
    /// The calendar or the state of the session forbids it.
    Fermee(RuleViolation),
    /// The person may only read.
    SansDroit,
}

impl Ouverture {
    /// Possible now.
    pub fn est_ouverte(&self) -> bool {
        matches!(self, Self::Ouverte { .. } | Self::Permanente)
    }
}

/// What the public reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Publiee {
    /// UTC milliseconds.
    pub publie_le: i64,
    /// Absent when an imported offer did not say it.
    pub capacite: Option<i64>,
    /// Absent when an imported offer did not say them.
    pub frais_centimes: Option<i64>,
}

/// What last year's session said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Precedente {
    /// Year of that session.
    pub annee: i64,
    /// `None`: never declared.
    pub capacite: Option<i64>,
    /// In cents; `None`: never declared.
    pub frais_centimes: Option<i64>,
    /// Plain text; may be empty.
    pub presentation: String,
    /// (label, places).
    pub groupes: Vec<(String, i64)>,
}

/// The settings of a course: the draft, what the public reads, last year's values.
#[derive(Debug, Clone)]
pub struct Parametrage {
    /// The one of the address, open or archived.
    pub session: SessionAdmission,
    /// Public identifier, in the addresses.
    pub id: String,
    /// Sent back by the forms: a draft changed in between is a conflict.
    pub version: i64,
    /// The same for the publication, which takes the description too.
    pub version_publication: i64,
    /// Last change, description included, in milliseconds, and the person who made it when it was one.
    pub maj_le: i64,
    /// `None`: an import or an operator.
    pub maj_par: Option<String>,
    /// Where the course is, when the clocks are not those of Paris (TPS-4).
    pub locale: Option<HeureLocale>,
    /// The title of the page.
    pub intitule: Intitule,
    /// Identifier of the establishment in the national register.
    pub uai: String,
    /// Kind of course, as the search names it.
    pub famille: Famille,
    /// Kind of course, as its settings tell it apart.
    pub genre: Genre,
    /// Under apprenticeship rather than student status.
    pub apprentissage: bool,
    /// The course may refuse; not a setting of the establishment.
    pub selective: bool,
    /// Whether the public reads anything, and whether the draft may change.
    pub etat: EtatFormation,
    /// Whether the person reads capacities and fees (R-DRO-04); otherwise they are absent here.
    pub capacites_lisibles: bool,
    /// What the course is to the table of rights.
    cible: Cible,
    /// R-REG-01: the multiple wish that it is part of.
    pub regroupement: Option<RegroupementVu>,
    /// Of the draft; `None`: not declared.
    pub capacite: Option<i64>,
    /// Of the draft, in cents; `None`: not declared.
    pub frais_centimes: Option<i64>,
    /// Of the draft, plain text; may be empty.
    pub presentation: String,
    /// With the places of the draft.
    pub groupes: Vec<Groupe>,
    /// Last publication.
    pub publiee: Option<Publiee>,
    /// The draft differs from what the public reads (or nothing is published).
    pub a_publier: bool,
    /// Labels of the fields that the draft says otherwise than the last publication; empty when nothing is published.
    pub differences: Vec<&'static str>,
    /// The parts of the description that the person reads, with the labels of what is missing in each.
    pub rubriques: Vec<(Rubrique, Vec<&'static str>)>,
    /// What prevents publication, in French.
    pub manques: Vec<&'static str>,
    /// What the reading of its grid finds.
    pub grille: Decompte,
    /// R-FOR-14: what was carried over from last year, and whether somebody said that it is right.
    pub confirmation: Confirmation,
    /// The description says what it said last year, days and places apart.
    pub comme_avant: bool,
    /// The person may say now that the description is right as it stands.
    pub confirmable: bool,
    /// `None` for a course new this year.
    pub precedente: Option<Precedente>,
    /// The review by the academic service; `None`: this session is not reviewed.
    pub controle: Option<SuiviControle>,
    /// R-VIE-11: the accepted request that opens fields whose step is closed, and the first instant too late for them (UTC
    /// milliseconds); `None`: none does.
    pub rouverte: Option<(NatureDemande, i64)>,
    /// R-APP-21: the same for the record of the catalogue that brought the course late: first instant too late (UTC milliseconds).
    pub tardive: Option<i64>,
    /// R-CTL-04: fields that may be written although their step is closed, by code.
    reouverts: Vec<&'static str>,
    /// Steps that the calendar has closed.
    closes: Vec<Etape>,
    /// Capacity, places and fees.
    pub capacites: Ouverture,
    /// Presentation.
    pub textes: Ouverture,
    /// Making the draft what the public reads.
    pub publication: Ouverture,
    /// What the capacity is compared with, and its second reading; `None` for those who do not read capacities.
    pub comparaison: Option<Comparaison>,
    /// The person ranks in these groups and the examination has begun.
    pub classement: bool,
    /// Whether the person reads the conversation about it.
    pub echanges: bool,
    /// What was asked about its life, newest first.
    pub demandes: Vec<SuiviDemande>,
    /// Whether the person may ask something now.
    pub demander: bool,
    /// How it ended, for a closed course.
    pub fin: Option<FinFormation>,
}

/// Loads the settings of a course for the person.
///
/// # Errors
/// [`AppError::NotFound`], or [`AppError::Denied`] outside the person's perimeter.
pub async fn view_parametrage(ctx: &Ctx, annee: i64, id: &PublicId) -> Result<Parametrage, AppError> {
    let db = &ctx.app.db;
    let (session, f) = load_in_session(db, annee, id).await?;
    ctx.permit(Action::ConsulterParametrage, &cible(&f))?;
    let lisibles = is_lisible(ctx, "capacite", &cible(&f));
    let groupes = load_groupes(db, f.id).await?;
    let lectures = match lisibles {
        true => Some(Lectures::load(ctx, db, &session, std::slice::from_ref(&f)).await?),
        false => None,
    };
    let publication = match &lectures {
        Some(lu) => lu.publication(&f).cloned(),
        None => base::last_publication(db, f.id).await?,
    };
    let precedente = match f.precedente_id {
        None => None,
        Some(precedente) => load_precedente(db, precedente).await?,
    };
    let decrit = etablissements::completude(db, ctx, session.id, f.etablissement_id).await?;
    let (description, ligne_description) = load_description(db, &f).await?;
    let reouvertures = Reouvertures::load(db, f.id).await?;
    let demandes = demandes::suivis(ctx, db, &f).await?;
    let fin = demandes::fin(db, &f).await?;
    let regroupement = regroupement_vu(db, f.id).await?;
    let controle = Controle::load(db, &f).await?;
    // R-VIE-03: what is closed is read, no more.
    let fermee = f.etat == EtatFormation::Fermee.code();
    let ouverture = |action, etape| match fermee {
        true => Ouverture::SansDroit,
        false => ouverture(ctx, &session, &cible(&f), action, etape),
    };
    let places = (!groupes.is_empty()).then(|| groupes.iter().map(|g| g.places).sum());
    let brouillon = Brouillon { formation: &f, groupes: &groupes };
    let chiffres = manques(f.capacite, f.frais_centimes, places);
    let mut manques: Vec<&str> = chiffres.into_iter().map(|m| m.libelle()).collect();
    if check_complet(&decrit).is_err() {
        manques.push("la description de l’établissement");
    }
    let genre = genre(&f);
    manques.extend(rubriques_incompletes(&description, genre));
    let grille = match &ligne_description {
        None => Decompte::default(),
        Some(l) => ctx.app.relues.points(&l.contenu, genre)?,
    };
    let fautive = grille.bloquants > 0;
    if fautive {
        manques.push("la correction de la grille d’analyse");
    }
    let comparaison =
        lectures.map(|lu| vraisemblance::view(ctx, &lu, &session, &brouillon, &reouvertures)).transpose()?;
    let absents = description.manques(genre);
    let comme_avant = match f.precedente_id {
        Some(avant) => says_the_same(db, avant, &description, genre).await?,
        None => false,
    };
    let (maj_le, maj_par) = last_change(&f, ligne_description.as_ref());
    let rubriques = Rubrique::ALL
        .into_iter()
        .filter(|r| lisibles || *r != Rubrique::Frais)
        .map(|r| {
            let mut manques: Vec<&str> =
                absents.iter().filter(|c| c.rubrique == r).map(|c| c.libelle).collect();
            if fautive && r == Rubrique::Grille {
                manques.push("la correction de ce qui est relevé");
            }
            (r, manques)
        })
        .collect();
    let now = ctx.campagne_le;
    let contenu = Contenu::new(&f, &groupes, description.clone());
    let controle = controle.suivi(&f, &contenu, now)?;
    let publication_ouverte =
        reouvertures.prolonge_soumission(ouverture(Action::PublierFormation, Etape::CapacitesFrais), now);
    let closes: Vec<Etape> = [Etape::CapacitesFrais, Etape::Parametrage]
        .into_iter()
        .filter(|e| session.calendrier.require_open(*e, now).is_err())
        .collect();
    let a_publier = !brouillon.is_published(publication.as_ref(), &description)?;
    let differences = match &publication {
        Some(p) if a_publier => differences(db, &f, (&contenu, p), genre, lisibles).await?,
        _ => Vec::new(),
    };
    let vue = Parametrage {
        differences,
        comparaison,
        controle,
        reouverts: ["capacite", "frais", "presentation"]
            .into_iter()
            .filter(|c| reouvertures.ouvre(c, now))
            .collect(),
        rouverte: if closes.is_empty() { None } else { rouverte(&demandes, now) },
        tardive: if closes.is_empty() { None } else { tardive(db, f.id, now).await? },
        closes,
        rubriques,
        grille,
        confirmation: Confirmation::of(ligne_description.as_ref()),
        comme_avant,
        confirmable: !fautive
            && absents.iter().all(|c| c.rubrique == Rubrique::Frais)
            && ouverture(Action::ModifierFormation, Rubrique::Caracteristiques.etape()).est_ouverte(),
        capacites_lisibles: lisibles,
        cible: cible(&f),
        a_publier,
        manques,
        capacites: reouvertures.prolonge(
            ouverture(Action::ModifierCapacites, Etape::CapacitesFrais),
            ["capacite", "frais"],
            now,
        ),
        textes: reouvertures.prolonge(
            ouverture(Action::ModifierFormation, Etape::Parametrage),
            ["presentation"],
            now,
        ),
        publication: publication_ouverte,
        classement: !matches!(
            ouverture(Action::SaisirClassement, Etape::Examen),
            Ouverture::SansDroit
                | Ouverture::Fermee(RuleViolation::NotYetOpen { .. } | RuleViolation::NotScheduled { .. })
        ),
        echanges: ctx.may(Action::ConsulterEchanges, &cible(&f)),
        demandes,
        demander: !session.archivee && !fermee && ctx.may(Action::DemanderFormation, &cible(&f)),
        fin,
        regroupement,
        groupes: groupes.iter().map(groupe).collect(),
        publiee: publication.map(|p| Publiee {
            publie_le: p.publie_le,
            capacite: p.capacite,
            frais_centimes: p.frais_centimes,
        }),
        precedente,
        locale: HeureLocale::of_departement(&f.departement),
        intitule: Intitule::of(&f),
        uai: f.uai.clone(),
        famille: famille(&f),
        genre,
        apprentissage: f.statut == StatutFormation::Apprentissage.code(),
        selective: f.selective == 1,
        etat: EtatFormation::from_code(&f.etat).unwrap_or(EtatFormation::Brouillon),
        capacite: f.capacite,
        frais_centimes: f.frais_centimes,
        id: f.public_id.clone(),
        version: f.version,
        version_publication: version_brouillon(&f, ligne_description.as_ref()),
        maj_le,
        maj_par,
        presentation: f.presentation.clone(),
        session: session.clone(),
    };
    Ok(if lisibles { vue } else { vue.without_capacites() })
}

/// The accepted request that keeps fields open last.
fn rouverte(demandes: &[SuiviDemande], now: Timestamp) -> Option<(NatureDemande, i64)> {
    let accordees = demandes.iter().filter(|d| d.etat == EtatDemande::Acceptee);
    accordees
        .filter_map(|d| Some((d.nature, d.jusqu_a?)))
        .filter(|(_, fin)| *fin > now.as_millisecond())
        .max_by_key(|(_, fin)| *fin)
}

/// When the record that brought a course late lets its fields close.
async fn tardive(db: &impl Sql, formation_session: i64, now: Timestamp) -> Result<Option<i64>, AppError> {
    let now = now.as_millisecond();
    let ouvertes = ouvertures_fiches(db, formation_session).await?;
    let fins = ouvertes.iter().filter(|o| o.rouverte_le <= now).map(|o| o.rouverte_jusqu_a);
    Ok(fins.filter(|fin| *fin > now).max())
}

/// When anything of a course was written last, and by whom: its numbers and its presentation, or its description.
fn last_change(f: &LigneFormation, description: Option<&LigneDescription>) -> (i64, Option<String>) {
    match description {
        Some(d) if d.maj_le > f.maj_le => (d.maj_le, d.maj_par.clone()),
        _ => (f.maj_le, f.maj_par.clone()),
    }
}

/// Whether a draft says what the description of the course of last year said.
async fn says_the_same(
    db: &impl Sql,
    avant: i64,
    description: &Description,
    genre: Genre,
) -> Result<bool, AppError> {
    let Some(l) = base::description(db, avant).await? else { return Ok(false) };
    Ok(changes_since(description, lit(&l.contenu, genre)?, genre).is_empty())
}

/// R-DRO-04: whether the person reads a column of the settings of this course.
pub(crate) fn is_lisible(ctx: &Ctx, colonne: &str, cible: &Cible) -> bool {
    GroupeChamps::of_colonne(Fiche::Formation, colonne).is_some_and(|g| g.is_lisible(&ctx.acteur, cible))
}

impl Parametrage {
    /// What the course is to the table of rights.
    pub fn cible(&self) -> &Cible {
        &self.cible
    }

    /// R-DRO-04: refuses a form with a field that is not of it, or that the person may not write. Whoever may write none
    /// is refused as such by the act itself.
    ///
    /// # Errors
    /// [`AppError::Champ`].
    pub fn require_champs<'n>(
        &self,
        ctx: &Ctx,
        noms: impl Iterator<Item = &'n str> + Clone,
    ) -> Result<(), AppError> {
        let inconnu = |n: &&str| {
            GroupeChamps::of_saisie(Fiche::Formation, n).is_none()
                || n.strip_prefix("places-").is_some_and(|id| !self.groupes.iter().any(|g| g.id == id))
        };
        let ecrit = [&self.capacites, &self.textes].iter().any(|o| **o != Ouverture::SansDroit);
        let interdit = || champ_interdit(&ctx.acteur, Fiche::Formation, &self.cible, noms.clone());
        let fautif = noms.clone().find(inconnu).or_else(|| if ecrit { interdit() } else { None });
        fautif.map_or(Ok(()), |n| Err(AppError::Champ(n.to_owned())))
    }

    /// Whether the person may change this field of the form now: `capacite`, `frais`, `presentation`, or places, which go
    /// with the capacity.
    pub fn is_ouvert(&self, nom: &str) -> bool {
        let (code, ouverture, etape) = match nom {
            "presentation" => ("presentation", &self.textes, Etape::Parametrage),
            "frais" => ("frais", &self.capacites, Etape::CapacitesFrais),
            _ => ("capacite", &self.capacites, Etape::CapacitesFrais),
        };
        ouverture.est_ouverte() && (!self.closes.contains(&etape) || self.reouverts.contains(&code))
    }

    fn without_capacites(mut self) -> Self {
        (self.capacite, self.frais_centimes) = (None, None);
        self.manques = Vec::new();
        for g in &mut self.groupes {
            g.places = 0;
        }
        if let Some(p) = &mut self.precedente {
            (p.capacite, p.frais_centimes) = (None, None);
            p.groupes = Vec::new();
        }
        self
    }
}

/// Whether the person may do this to that now.
pub(crate) fn ouverture(
    ctx: &Ctx,
    session: &SessionAdmission,
    cible: &Cible,
    action: Action,
    etape: Etape,
) -> Ouverture {
    if authorize(&ctx.acteur, action, cible).is_err() {
        return Ouverture::SansDroit;
    }
    let regle =
        session.require_ouverte().and_then(|()| session.calendrier.require_open(etape, ctx.campagne_le));
    match (regle, session.calendrier.fenetre(etape)) {
        (Err(regle), _) => Ouverture::Fermee(regle),
        (Ok(()), Some(fenetre)) => Ouverture::Ouverte { ferme: fenetre.ferme },
        (Ok(()), None) => Ouverture::Fermee(RuleViolation::NotScheduled { etape }),
    }
}

async fn load_precedente(db: &impl Sql, id: i64) -> Result<Option<Precedente>, AppError> {
    let Some(f) = base::by_id(db, id).await? else { return Ok(None) };
    let Some(annee) = sessions::annee(db, f.session_id).await? else { return Ok(None) };
    let groupes = load_groupes(db, f.id).await?;
    Ok(Some(Precedente {
        annee,
        capacite: f.capacite,
        frais_centimes: f.frais_centimes,
        presentation: f.presentation,
        groupes: groupes.into_iter().map(|g| (g.libelle, g.places)).collect(),
    }))
}

/// The draft of a course, compared with what the public reads.
pub(super) struct Brouillon<'a> {
    pub formation: &'a LigneFormation,
    pub groupes: &'a [LigneGroupe],
}

impl Brouillon<'_> {
    /// R-FOR-08: whether the last publication says the same, field by field.
    pub(super) fn is_published(
        &self,
        publication: Option<&LignePublication>,
        description: &Description,
    ) -> Result<bool, AppError> {
        let description = ecrit(description)?;
        Ok(self.is_capacite_published(publication)?
            && publication.is_some_and(|p| {
                self.formation.frais_centimes == p.frais_centimes
                    && self.formation.presentation == p.presentation
                    && description == p.description
            }))
    }

    /// Whether the public already reads the capacity and the places.
    pub(super) fn is_capacite_published(
        &self,
        publication: Option<&LignePublication>,
    ) -> Result<bool, AppError> {
        let Some(p) = publication.filter(|_| self.formation.etat == EtatFormation::Publiee.code()) else {
            return Ok(false);
        };
        let places = is_places_published(self.groupes, (&p.groupes, p.capacite))?;
        Ok(places && self.formation.capacite == p.capacite)
    }
}

/// Whether a publication says the places of these groups: its groups, as it is stored, and its capacity.
pub(super) fn is_places_published(
    groupes: &[LigneGroupe],
    (publies, capacite): (&str, Option<i64>),
) -> Result<bool, AppError> {
    // A publication that came with an import froze no places: theirs are then those of the capacity.
    let somme: i64 = groupes.iter().map(|g| g.places).sum();
    Ok(if publies == "[]" { Some(somme) == capacite } else { publies == places_json(groupes)? })
}
