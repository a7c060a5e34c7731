//! Adding a wish.

use domain::RuleViolation;
use domain::calendrier::Etape;
use domain::candidats::TypeBac;
use domain::candidatures::{
    ChoixInternat, EtatVoeu, FiliereLimitee, Multiple, VoeuExistant, check_nouveau_voeu, count_sous_voeux,
    groupe_pour,
};
use domain::droits::Action;
use domain::formations::StatutFormation;
use domain::formations::regroupement::Mutualisation;
use domain::territoires::HeureLocale;
use serde_json::json;
use store::Sql;
use store::candidatures::{self as base, FormationVoeu, NouveauVoeu};

use super::decompte::Decompte;
use super::intitule;
use crate::candidats::{Dossier, mien, mien_verrouille};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::formations;
use crate::idempotence::{Garde, Recepisse, deja_fait, emettre};
use crate::journal::{Acte, record};

/// What the candidate asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddVoeu {
    /// Public identifier of the course of the session.
    pub formation: String,
    /// One voeu, or two when both variants are asked.
    pub internat: ChoixInternat,
}

/// A course as offered to a candidate who is about to wish it.
#[derive(Debug, Clone)]
pub struct OffreVoeu {
    /// Year of the session.
    pub annee: i64,
    /// Public identifier, sent back as [`AddVoeu::formation`].
    pub formation_id: String,
    /// Label of the course, with what tells it from others of the same name.
    pub libelle: String,
    /// Its name, that of the session.
    pub etablissement: String,
    /// Town of the course.
    pub commune: String,
    /// The course may refuse: said before the wish is made.
    pub selective: bool,
    /// Counts in the ceiling of apprenticeship.
    pub apprentissage: bool,
    /// R-VOE-09: the wish would be a sub-wish of this multiple wish.
    pub multiple: Option<MultipleVu>,
    /// Choices of boarding that would be accepted; empty when none would.
    pub choix: Vec<ChoixInternat>,
    /// Why no choice would be accepted, when none would.
    pub refus: Option<RuleViolation>,
    /// First instant too late to add a wish; `None` when the calendar does not say.
    pub ferme: Option<jiff::Timestamp>,
    /// Of the candidate's home, where it is not that of Paris.
    pub locale: Option<HeureLocale>,
}

/// A multiple wish as its candidate reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MultipleVu {
    /// Name of the grouping.
    pub libelle: String,
    /// Living sub-wishes that the candidate has there already.
    pub sous_voeux: usize,
    /// The most of them: a setting of the session, or as many as its establishments.
    pub plafond: u32,
    /// One file and one ranking for all of them.
    pub dossier_unique: bool,
}

struct Demande {
    formation: FormationVoeu,
    statut: StatutFormation,
    groupe: Result<i64, RuleViolation>,
    existants: Vec<VoeuExistant>,
    multiple: Option<Multiple>,
    filiere: Option<FiliereLimitee>,
    decompte: Decompte,
}

async fn demande(c: &impl Sql, d: &Dossier, public_id: &str) -> Result<Demande, AppError> {
    let formation = base::formation(c, d.session.id, public_id).await?;
    let statut = StatutFormation::from_code(&formation.statut)
        .ok_or_else(|| AppError::Internal("formation.statut".to_owned()))?;
    let type_bac = TypeBac::from_code(&d.ligne.type_bac)
        .ok_or_else(|| AppError::Internal("candidat.type_bac".to_owned()))?;
    let groupe = groupe_pour(&base::groupes(c, formation.id).await?, type_bac);
    let decompte = Decompte::load(c, d.session.id).await?;
    let existants = decompte.existants(&base::list_voeux(c, d.ligne.id).await?)?;
    let (multiple, filiere) = decompte.of_formation(&formation);
    Ok(Demande { formation, statut, groupe, existants, multiple, filiere, decompte })
}

impl Demande {
    /// Everything that decides but the calendar: gives the ranking group and the variants to create.
    fn decide(&self, internat: ChoixInternat) -> Result<(i64, &'static [bool]), RuleViolation> {
        if self.formation.etat != "publiee" {
            return Err(RuleViolation::FormationNonPubliee);
        }
        let groupe = self.groupe.clone()?;
        let variantes = internat.variantes(self.formation.internat == 1)?;
        let mut existants = self.existants.clone();
        for &avec_internat in variantes {
            let nouveau = VoeuExistant {
                formation_session: self.formation.id,
                avec_internat,
                statut: self.statut,
                etat: EtatVoeu::Saisi,
                multiple: self.multiple,
                filiere: self.filiere.clone(),
            };
            check_nouveau_voeu(&existants, &nouveau, self.decompte.plafonds)?;
            existants.push(nouveau);
        }
        Ok((groupe, variantes))
    }

    fn multiple(&self) -> Option<MultipleVu> {
        let m = self.multiple?;
        let unique = Mutualisation::DossierUnique.code();
        Some(MultipleVu {
            libelle: self.formation.regroupement.clone()?,
            sous_voeux: count_sous_voeux(&self.existants, m.regroupement),
            plafond: m.plafond,
            dossier_unique: self.formation.mutualisation.as_deref() == Some(unique),
        })
    }
}

fn require_open(ctx: &Ctx, d: &Dossier) -> Result<(), RuleViolation> {
    d.session.require_ouverte()?;
    d.session.calendrier.require_open(Etape::Voeux, ctx.campagne_le)?;
    d.require_inscrit()
}

/// What the page of a new wish shows: the very decision of [`add_voeu`], not done.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown course.
pub async fn offre_voeu(ctx: &Ctx, formation: &str) -> Result<OffreVoeu, AppError> {
    let db = &ctx.app.db;
    let d = mien(db, ctx, Action::FormulerVoeu).await?;
    let demande = demande(db, &d, formation).await?;
    let mut refus = require_open(ctx, &d).err();
    let mut choix = Vec::new();
    if refus.is_none() {
        for c in ChoixInternat::ALL {
            match demande.decide(c) {
                Ok(_) => choix.push(c),
                // The first reason is that of the plain wish, the one that concerns every course.
                Err(r) if refus.is_none() => refus = Some(r),
                Err(_) => {}
            }
        }
    }
    let multiple = demande.multiple();
    let f = demande.formation;
    Ok(OffreVoeu {
        multiple,
        annee: d.session.annee,
        formation_id: f.public_id,
        libelle: formations::intitule(&f.libelle, &f.detail),
        etablissement: f.etablissement.unwrap_or_default(),
        commune: f.commune,
        selective: f.selective == 1,
        apprentissage: demande.statut == StatutFormation::Apprentissage,
        refus: if choix.is_empty() { refus } else { None },
        choix,
        ferme: d.session.calendrier.fenetre(Etape::Voeux).map(|f| f.ferme),
        locale: HeureLocale::of_departement(&d.ligne.departement),
    })
}

/// Adds a wish (or both boarding variants of one) for the person who acts. R-VOE-02 to 05, R-VOE-09, R-VOE-10.
///
/// # Errors
/// [`AppError::Rule`] outside the step, over the ceiling, for a course not published or already wished.
pub async fn add_voeu(ctx: &Ctx, garde: &Garde, cmd: &AddVoeu) -> Result<Recepisse, AppError> {
    let texte = format!("ajouter|{}|{}", cmd.formation, cmd.internat.code());
    let tx = ctx.begin().await?;
    let d = mien_verrouille(&tx, ctx, Action::FormulerVoeu).await?;
    if let Some(fait) = deja_fait(&tx, ctx, garde, &texte).await? {
        return Ok(fait);
    }
    require_open(ctx, &d)?;
    let demande = demande(&tx, &d, &cmd.formation).await?;
    let (groupe_classement, variantes) = demande.decide(cmd.internat)?;
    let e = ctx.ecriture(&d.permit);
    for &avec_internat in variantes {
        let nouveau = NouveauVoeu {
            session: d.session.id,
            candidat: d.ligne.id,
            formation_session: demande.formation.id,
            groupe_classement,
            avec_internat,
        };
        let id = base::insert_voeu(&tx, &e, nouveau).await?;
        let acte = Acte {
            objet: "voeu",
            objet_id: &id,
            avant: None,
            apres: Some(json!({ "etat": "saisi", "formation": cmd.formation, "internat": avec_internat })),
        };
        record(&tx, ctx, &d.permit, &acte).await?;
    }
    let f = &demande.formation;
    let libelle = formations::intitule(&f.libelle, &f.detail);
    let contenu = json!({
        "candidat": d.ligne.numero,
        "session": d.session.annee,
        "lignes": [
            ["Formation", intitule(&libelle, f.etablissement.as_deref(), &f.commune)],
            ["Internat", libelle_internat(cmd.internat)],
        ],
    });
    let recepisse = emettre(&tx, ctx, garde, &texte, "ajouter_voeu", Some(d.ligne.id), &contenu).await?;
    tx.commit().await?;
    Ok(recepisse)
}

const fn libelle_internat(choix: ChoixInternat) -> &'static str {
    match choix {
        ChoixInternat::Sans => "sans internat",
        ChoixInternat::Avec => "avec internat",
        ChoixInternat::LesDeux => "avec et sans internat (deux demandes, un seul vœu compté)",
    }
}
