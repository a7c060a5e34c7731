//! What a request needs to be possible, and what its acceptance does.

use std::collections::{BTreeSet, HashMap, HashSet};

use domain::droits::Permit;
use domain::formations::demandes::{NouvelleOffre, Souhait};
use domain::formations::description::{Description, Valeur};
use domain::formations::{
    EtatFormation, Famille, Genre, IdentiteFormation, academies_du_secteur, lieu_recherche, texte_recherche,
};
use domain::territoires::{self, Departement};
use domain::{PublicId, RuleViolation};
use files::offre::Chiffres;
use serde_json::{Value as Json, json};
use store::etablissements::LigneParametrage;
use store::formations::{
    self as base, Cession, Deplacement, Fermeture, Fin, GroupeRedefini, LigneDemande, LigneDescription,
    LigneFormation, LignePublication, LigneSiteSession, NouveauGroupe, NouvelleDescription,
    NouvelleFormation, NouvelleFormationSession, NouvellePublication, RoleRetire,
};
use store::nomenclatures::{give_code, type_by_code};
use store::{Ecriture, Sql, Tx};

use super::correction::{correct, identite_voulue};
use super::definition::{groupes_voulus, redefine, secteur_voulu};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::formations::controle::{settle, standing};
use crate::formations::description::{genre, lit, load_description};
use crate::formations::regroupement::leave;
use crate::formations::{CadreNational, distinctes, ecrit, load, load_many};
use crate::imports::groupes::groupes;
use crate::journal::{Acte, record, record_all};
use crate::sessions::SessionAdmission;

pub(super) fn champ(champ: &'static str, motif: &'static str) -> AppError {
    RuleViolation::Champ { champ, motif }.into()
}

/// Where a course is, or would be.
#[derive(Debug, Clone)]
pub(super) struct Lieu {
    pub etablissement: i64,
    /// Name, that of the session.
    pub nom: String,
    /// Public identifier of the site; `None` when the establishment declares none.
    pub site: Option<String>,
    pub departement: &'static Departement,
    commune: String,
    coordonnees: Option<(f64, f64)>,
}

impl Lieu {
    fn of_site(s: LigneSiteSession) -> Result<Self, AppError> {
        Ok(Self {
            etablissement: s.etablissement_id,
            nom: s.etablissement,
            site: Some(s.public_id),
            departement: territoires::departement_postal(&s.code_postal)
                .ok_or_else(|| champ("site", "departement"))?,
            commune: s.commune,
            coordonnees: s.latitude.zip(s.longitude),
        })
    }

    /// A site of one of these establishments.
    pub(super) async fn site(
        c: &impl Sql,
        session: i64,
        etablissements: &[i64],
        site: &str,
    ) -> Result<Self, AppError> {
        let sites = base::sites_of(c, session, etablissements).await?;
        let trouve = sites.into_iter().find(|s| s.public_id == site);
        Self::of_site(trouve.ok_or_else(|| champ("site", "inconnu"))?)
    }

    /// The first site of an establishment; without any, its own town.
    async fn principal(c: &impl Sql, session: i64, etablissement: i64) -> Result<Self, AppError> {
        let lieu = Self::principaux(c, session, &[etablissement]).await?.remove(&etablissement);
        lieu.unwrap_or_else(|| Err(champ("uai", "inconnu")))
    }

    /// The same of many establishments; one that the session does not have has none.
    async fn principaux(
        c: &impl Sql,
        session: i64,
        etablissements: &[i64],
    ) -> Result<HashMap<i64, Result<Self, AppError>>, AppError> {
        let mut lieux = HashMap::with_capacity(etablissements.len());
        for s in base::sites_of(c, session, etablissements).await? {
            lieux.entry(s.etablissement_id).or_insert_with(|| Self::of_site(s));
        }
        let sans_site: Vec<i64> = etablissements.iter().copied().filter(|e| !lieux.contains_key(e)).collect();
        for e in store::etablissements::parametrages_of(c, session, &sans_site).await? {
            lieux.insert(e.etablissement_id, Self::of_commune(e));
        }
        Ok(lieux)
    }

    fn of_commune(e: LigneParametrage) -> Result<Self, AppError> {
        Ok(Self {
            etablissement: e.etablissement_id,
            departement: territoires::departement(&e.departement)
                .ok_or_else(|| champ("uai", "departement"))?,
            nom: e.nom,
            site: None,
            commune: e.commune,
            coordonnees: e.latitude.zip(e.longitude),
        })
    }

    pub(super) fn academie(&self) -> &'static str {
        self.departement.academie
    }

    fn recherche(&self, libelle: &str, detail: &str) -> String {
        texte_recherche(libelle, detail, &self.nom, &lieu_recherche(&self.commune, self.departement.code))
    }

    /// The course taught there from now on; in another academy, its sector is that of the new one (R-VIE-10).
    fn deplacement<'a>(&'a self, f: &'a LigneFormation) -> Deplacement<'a> {
        Deplacement {
            lue: (f.id, f.version),
            etablissement: self.etablissement,
            departement: self.departement.code,
            academie: self.academie(),
            commune: &self.commune,
            coordonnees: self.coordonnees,
            secteur: if f.academie == self.academie() { &f.secteur } else { "" },
            recherche: self.recherche(&f.libelle, &f.detail),
        }
    }
}

/// What an acceptance does to a course.
#[derive(Debug, Clone)]
pub(super) enum Effet {
    Fermer(Fin),
    Deplacer(Lieu),
    Ceder(Lieu),
    /// Other ranking groups, as they are stored.
    Redefinir(Vec<GroupeRedefini>),
    /// Another sector, as it is stored.
    Sectoriser(String),
    /// Another identity, as it is kept.
    Corriger(IdentiteFormation),
    /// The dispensation itself opens the fields (R-VIE-11).
    Rien,
}

impl Effet {
    /// The academy where the course would be; `None`: it does not move.
    pub(super) fn academie(&self) -> Option<&'static str> {
        match self {
            Self::Deplacer(lieu) | Self::Ceder(lieu) => Some(lieu.academie()),
            Self::Fermer(_) | Self::Redefinir(_) | Self::Sectoriser(_) | Self::Corriger(_) | Self::Rien => {
                None
            }
        }
    }
}

/// R-VIE-03: what was asked about a course is possible as the session stands now.
///
/// # Errors
/// [`RuleViolation::Champ`] on the field that does not hold.
pub(super) async fn resolve(
    c: &impl Sql,
    session: &SessionAdmission,
    f: &LigneFormation,
    s: &Souhait,
) -> Result<Effet, AppError> {
    if f.etat == EtatFormation::Fermee.code() {
        return Err(RuleViolation::formation_fermee("demande").into());
    }
    Ok(match s {
        // An opening has no course yet; an establishment is none.
        Souhait::Ouverture(_) | Souhait::Reouverture { .. } => return Err(AppError::NotFound),
        Souhait::Suspension => Effet::Fermer(Fin::Suspension),
        Souhait::Fermeture { successeur: None } => Effet::Fermer(Fin::Definitive(None)),
        Souhait::Fermeture { successeur: Some(id) } | Souhait::Fusion { successeur: id } => {
            Effet::Fermer(Fin::Definitive(Some(successeur(c, session, f, id).await?)))
        }
        Souhait::Deplacement { site } => {
            let lieu = Lieu::site(c, session.id, &[f.etablissement_id], site).await?;
            if load_description(c, f).await?.0.texte("site") == site {
                return Err(champ("site", "meme"));
            }
            Effet::Deplacer(lieu)
        }
        Souhait::Cession { uai } => {
            let etablissement = store::etablissements::by_uai(c, uai).await?;
            let etablissement = etablissement.ok_or_else(|| champ("uai", "inconnu"))?;
            if etablissement == f.etablissement_id {
                return Err(champ("uai", "meme"));
            }
            let lieu = Lieu::principal(c, session.id, etablissement).await?;
            Effet::Ceder(lieu)
        }
        Souhait::Groupes { groupes } => Effet::Redefinir(groupes_voulus(c, f, groupes).await?),
        Souhait::Sectorisation { academies } => Effet::Sectoriser(secteur_voulu(c, f, academies).await?),
        Souhait::Correction(voulue) => Effet::Corriger(identite_voulue(c, f, voulue).await?),
        Souhait::Derogation { .. } => Effet::Rien,
    })
}

/// The same, with the rule that forbids it; `None`: the request is about no course yet.
///
/// # Errors
/// When the database refuses.
pub(super) async fn foresee(
    c: &impl Sql,
    session: &SessionAdmission,
    f: Option<&LigneFormation>,
    s: &Souhait,
) -> Result<Option<Result<Effet, RuleViolation>>, AppError> {
    let Some(f) = f else { return Ok(None) };
    match resolve(c, session, f, s).await {
        Ok(effet) => Ok(Some(Ok(effet))),
        Err(AppError::Rule(r)) => Ok(Some(Err(r))),
        Err(autre) => Err(autre),
    }
}

/// The permanent course that takes the place of this one: open, another one, and not itself replaced by this one.
async fn successeur(
    c: &impl Sql,
    session: &SessionAdmission,
    f: &LigneFormation,
    id: &str,
) -> Result<i64, AppError> {
    let id = PublicId::parse(id).ok_or_else(|| champ("successeur", "inconnu"))?;
    let s = match load(c, session, &id).await {
        Err(AppError::NotFound) => return Err(champ("successeur", "inconnu")),
        autre => autre?,
    };
    if s.formation_id == f.formation_id {
        return Err(champ("successeur", "meme"));
    }
    if s.etat == EtatFormation::Fermee.code() {
        return Err(champ("successeur", "fermee"));
    }
    let mut vues = BTreeSet::from([s.formation_id]);
    let mut suivante = base::successeur(c, s.formation_id).await?;
    while let Some(n) = suivante {
        if n == f.formation_id {
            return Err(champ("successeur", "boucle"));
        }
        suivante = if vues.insert(n) { base::successeur(c, n).await? } else { None };
    }
    Ok(s.formation_id)
}

/// R-VIE-01: the establishment has no such course in the session.
///
/// # Errors
/// [`RuleViolation::Champ`] on `libelle`.
pub(super) async fn require_nouvelle(
    c: &impl Sql,
    session: i64,
    lieu: &Lieu,
    o: &NouvelleOffre,
) -> Result<(), AppError> {
    let nom = (o.libelle.as_str(), o.detail.as_str(), o.statut.as_str());
    require_seule(c, session, (lieu.etablissement, lieu.commune.as_str()), nom, None).await
}

/// The same of a label, a detail and a status in a town; `sauf`: public identifier of the course that would be called so.
pub(super) async fn require_seule(
    c: &impl Sql,
    session: i64,
    (etablissement, commune): (i64, &str),
    (libelle, detail, statut): (&str, &str, &str),
    sauf: Option<&str>,
) -> Result<(), AppError> {
    let memes = |a: &str, b: &str| a.to_lowercase() == b.to_lowercase();
    let existe = base::ouvertes_of(c, session, etablissement).await?.iter().any(|f| {
        sauf != Some(f.public_id.as_str())
            && memes(&f.libelle, libelle)
            && memes(&f.detail, detail)
            && f.statut == statut
            && memes(&f.commune, commune)
    });
    if existe { Err(champ("libelle", "existe")) } else { Ok(()) }
}

/// Makes the course, as a draft; gives its key and its public identifier.
pub(super) async fn open(
    tx: &Tx,
    ctx: &Ctx,
    permit: &Permit,
    session: &SessionAdmission,
    (d, o): (&LigneDemande, &NouvelleOffre),
) -> Result<(i64, String), AppError> {
    let lieu = Lieu::site(tx, session.id, &[d.etablissement_id], &o.site).await?;
    // The site may have been moved since: whoever answers decides for their academy alone.
    if lieu.academie() != d.academie {
        return Err(champ("site", "academie"));
    }
    require_nouvelle(tx, session.id, &lieu, o).await?;
    let famille = Famille::from_code(&o.famille).unwrap_or(Famille::Autre);
    let e = ctx.ecriture(permit);
    let formation = base::insert_formation(
        tx,
        &e,
        &NouvelleFormation {
            etablissement: d.etablissement_id,
            cle: &cle(d),
            g_ta_cod: None,
            identite_incertaine: false,
            statut: &o.statut,
        },
    )
    .await?;
    let (id, public_id) = base::insert_formation_session(
        tx,
        &e,
        &NouvelleFormationSession {
            formation,
            session: session.id,
            etablissement: d.etablissement_id,
            precedente: None,
            famille: famille.code(),
            libelle: &o.libelle,
            detail: &o.detail,
            selective: o.selective,
            departement: lieu.departement.code,
            academie: lieu.academie(),
            commune: &lieu.commune,
            coordonnees: lieu.coordonnees,
            capacite: None,
            frais_centimes: None,
            internat: false,
            presentation: "",
            recherche: &lieu.recherche(&o.libelle, &o.detail),
        },
    )
    .await?;
    for g in groupes(&[], famille, None, &Chiffres::default()) {
        let groupe = NouveauGroupe {
            session: session.id,
            formation_session: id,
            libelle: &g.libelle,
            series: &g.series,
            sans_classement: false,
            places: 0,
        };
        base::insert_groupe(tx, &e, &groupe).await?;
    }
    let mut description = Description::default().avec("site", &o.site);
    if let Some(code) = o.filiere {
        description = give_filiere(tx, (session.id, id), code, description).await?;
    }
    let genre = Genre::of(famille, &o.libelle);
    let nouvelle = NouvelleDescription {
        contenu: &ecrit(&description)?,
        manques: description.a_completer(genre),
        confirmee: false,
    };
    base::save_description(tx, &e, id, None, &nouvelle).await?;
    let apres = json!({ "etat": "brouillon", "famille": o.famille, "nature": "ouverture" });
    let acte = Acte { objet: "formation_session", objet_id: &public_id, avant: None, apres: Some(apres) };
    record(tx, ctx, permit, &acte).await?;
    Ok((id, public_id))
}

/// R-VIE-13: the new course has the code and the type that it was asked for with, and its draft says what is expected nationally.
async fn give_filiere(
    tx: &Tx,
    (session, formation_session): (i64, i64),
    code: i64,
    description: Description,
) -> Result<Description, AppError> {
    let national = type_by_code(tx, session, code).await?;
    give_code(tx, formation_session, (code, national.as_ref().map(|t| t.id))).await?;
    Ok(match national {
        Some(t) => CadreNational::from(t).complete(description),
        None => description,
    })
}

/// Of what a request makes: no import makes the same.
fn cle(d: &LigneDemande) -> String {
    format!("demande:{}", d.public_id)
}

/// Does what was asked about a course; gives what the journal says of it.
pub(super) async fn apply(
    tx: &Tx,
    ctx: &Ctx,
    permit: &Permit,
    (d, f): (&LigneDemande, &LigneFormation),
    effet: &Effet,
) -> Result<(), AppError> {
    let e = ctx.ecriture(permit);
    let apres = match effet {
        Effet::Rien => return Ok(()),
        Effet::Fermer(fin) => {
            leave(tx, ctx, permit, f.id).await?;
            let fermeture = Fermeture { lue: (f.id, f.version), formation: f.formation_id, fin: *fin };
            base::close_formations(tx, &e, &[fermeture]).await?;
            json!({ "etat": "fermee", "nature": d.nature })
        }
        Effet::Deplacer(lieu) => {
            let avant = standing(tx, f).await?;
            base::move_formations(tx, &e, &[lieu.deplacement(f)]).await?;
            teach_at(tx, ctx, permit, &[(f, lieu)], false).await?;
            settle(tx, ctx, permit, f.id, (avant, true)).await?;
            json!({ "etat": f.etat, "nature": d.nature, "lieu": lieu.departement.code })
        }
        Effet::Ceder(lieu) => {
            let retires = hand_over(tx, ctx, permit, &[(f, lieu, &cle(d))]).await?.concat();
            json!({ "etat": f.etat, "nature": d.nature, "etablissement": lieu.etablissement, "retires": retires })
        }
        Effet::Redefinir(voulus) => {
            let places: Vec<i64> = voulus.iter().map(|g| g.places).collect();
            let avant = standing(tx, f).await?;
            redefine(tx, &e, f, voulus).await?;
            settle(tx, ctx, permit, f.id, (avant, true)).await?;
            json!({ "etat": f.etat, "nature": d.nature, "groupes": voulus.len(), "places": places })
        }
        Effet::Sectoriser(secteur) => {
            base::set_secteur(tx, &e, (f.id, f.version), secteur).await?;
            let academies = academies_du_secteur(secteur, &f.academie);
            json!({ "etat": f.etat, "nature": d.nature, "academies": academies })
        }
        Effet::Corriger(voulue) => {
            let champs = correct(tx, ctx, permit, f, voulue).await?;
            json!({ "etat": f.etat, "nature": d.nature, "corriges": champs })
        }
    };
    note(tx, ctx, permit, f, apres).await
}

async fn note(tx: &Tx, ctx: &Ctx, permit: &Permit, f: &LigneFormation, apres: Json) -> Result<(), AppError> {
    record(tx, ctx, permit, &acte(f, apres)).await
}

fn acte(f: &LigneFormation, apres: Json) -> Acte<'_> {
    Acte {
        objet: "formation_session",
        objet_id: &f.public_id,
        avant: Some(json!({ "etat": f.etat, "etablissement": f.etablissement_id })),
        apres: Some(sans_nul(apres)),
    }
}

/// Other establishments take courses over, with what goes along; gives the roles that end on each. With each course, where it is from then
/// on, and the key of its course of registration, when others share the former one.
async fn hand_over(
    tx: &Tx,
    ctx: &Ctx,
    permit: &Permit,
    cedees: &[(&LigneFormation, &Lieu, &str)],
) -> Result<Vec<Vec<RoleRetire>>, AppError> {
    let e = ctx.ecriture(permit);
    let cles: Vec<i64> = cedees.iter().map(|(f, ..)| f.id).collect();
    let controlees: HashSet<i64> =
        base::controles(tx, &cles).await?.into_iter().map(|l| l.formation_session_id).collect();
    let mut avant = Vec::new();
    for (f, ..) in cedees.iter().filter(|(f, ..)| controlees.contains(&f.id)) {
        avant.push((f.id, standing(tx, f).await?));
    }
    for membre in base::in_regroupement(tx, &cles).await? {
        leave(tx, ctx, permit, membre).await?;
    }
    let deplacements: Vec<Deplacement<'_>> = cedees.iter().map(|(f, lieu, _)| lieu.deplacement(f)).collect();
    base::move_formations(tx, &e, &deplacements).await?;
    let cessions: Vec<Cession<'_>> = cedees
        .iter()
        .map(|(f, lieu, cle)| Cession {
            formation_session: f.id,
            formation: f.formation_id,
            etablissement: lieu.etablissement,
            cle,
        })
        .collect();
    let retires = base::hand_over(tx, &e, &cessions).await?;
    let ailleurs: Vec<(&LigneFormation, &Lieu)> = cedees.iter().map(|(f, lieu, _)| (*f, *lieu)).collect();
    teach_at(tx, ctx, permit, &ailleurs, true).await?;
    for (formation_session, avant) in avant {
        settle(tx, ctx, permit, formation_session, (avant, false)).await?;
    }
    Ok(retires)
}

/// A course that the catalogue gives to another establishment.
pub(crate) struct Reprise {
    pub id: PublicId,
    pub etablissement: i64,
    /// Of its course of registration, when others share the former one.
    pub cle: String,
}

/// R-APP-14: the catalogue gives courses to other establishments, which take them over as by a request that was accepted. Says of each
/// whether it was: nothing is done when nobody knows where its establishment is.
///
/// # Errors
/// [`AppError::NotFound`]; [`AppError::Conflict`] when someone was faster.
pub(crate) async fn hand_to(
    tx: &Tx,
    ctx: &Ctx,
    permit: &Permit,
    session: &SessionAdmission,
    reprises: &[Reprise],
) -> Result<Vec<bool>, AppError> {
    let ids: Vec<PublicId> = reprises.iter().map(|r| r.id.clone()).collect();
    let formations: Vec<LigneFormation> =
        load_many(tx, session, &ids).await?.into_iter().collect::<Option<_>>().ok_or(AppError::NotFound)?;
    let etablissements = distinctes(reprises.iter().map(|r| r.etablissement));
    let mut lieux = HashMap::with_capacity(etablissements.len());
    for (etablissement, lieu) in Lieu::principaux(tx, session.id, &etablissements).await? {
        match lieu {
            Ok(lieu) => {
                lieux.insert(etablissement, lieu);
            }
            Err(AppError::Rule(_)) => {}
            Err(e) => return Err(e),
        }
    }
    let cedees: Vec<(&LigneFormation, &Lieu, &str)> = formations
        .iter()
        .zip(reprises)
        .filter_map(|(f, r)| lieux.get(&r.etablissement).map(|lieu| (f, lieu, r.cle.as_str())))
        .collect();
    let retires = hand_over(tx, ctx, permit, &cedees).await?;
    let actes: Vec<Acte<'_>> = cedees
        .iter()
        .zip(&retires)
        .map(|((f, lieu, _), retires)| {
            acte(
                f,
                json!({
                    "etat": f.etat, "nature": "restructuration", "etablissement": lieu.etablissement, "retires": retires
                }),
            )
        })
        .collect();
    record_all(tx, ctx, permit, &actes).await?;
    Ok(reprises.iter().map(|r| lieux.contains_key(&r.etablissement)).collect())
}

fn sans_nul(mut v: Json) -> Json {
    if let Some(champs) = v.as_object_mut() {
        champs.retain(|_, v| !v.is_null());
    }
    v
}

/// The descriptions say where courses are taught now; a component of the former establishment is said no more.
async fn teach_at(
    tx: &Tx,
    ctx: &Ctx,
    permit: &Permit,
    formations: &[(&LigneFormation, &Lieu)],
    ailleurs: bool,
) -> Result<(), AppError> {
    let e = ctx.ecriture(permit);
    let cles: Vec<i64> = formations.iter().map(|(f, _)| f.id).collect();
    let lues: HashMap<i64, LigneDescription> =
        base::descriptions(tx, &cles).await?.into_iter().map(|l| (l.formation_session_id, l)).collect();
    let mut nouvelles = Vec::with_capacity(formations.len());
    for (f, lieu) in formations {
        let (genre, ligne) = (genre(f), lues.get(&f.id));
        let dite = ligne.map_or_else(|| Ok(Description::default()), |l| lit(&l.contenu, genre))?;
        let dite = taught_at(dite, lieu, ailleurs);
        nouvelles.push((f.id, ligne.map(|l| l.version), ecrit(&dite)?, dite.a_completer(genre)));
    }
    base::save_descriptions(tx, &e, nouvelles, false).await?;
    let publiees: HashMap<i64, LignePublication> =
        base::last_publications(tx, &cles).await?.into_iter().collect();
    for (f, lieu) in formations {
        if let Some(publiee) = publiees.get(&f.id) {
            republish_place(tx, &e, f, publiee, (lieu, ailleurs)).await?;
        }
    }
    Ok(())
}

fn taught_at(mut description: Description, lieu: &Lieu, ailleurs: bool) -> Description {
    description.pose("site", lieu.site.clone().map(Valeur::Texte));
    if ailleurs {
        description.pose("composante", None);
    }
    description
}

/// R-VIE-03: what the public reads says the new place at once, as a version of its own: nothing else of it changes.
async fn republish_place(
    tx: &Tx,
    e: &Ecriture<'_>,
    f: &LigneFormation,
    publiee: &LignePublication,
    (lieu, ailleurs): (&Lieu, bool),
) -> Result<(), AppError> {
    // What came with an import names no place, and says no more than it did.
    let Some((capacite, frais_centimes)) = publiee.capacite.zip(publiee.frais_centimes) else {
        return Ok(());
    };
    let description = taught_at(lit(&publiee.description, genre(f))?, lieu, ailleurs);
    let nouvelle = NouvellePublication {
        formation_session: f.id,
        capacite,
        frais_centimes,
        presentation: &publiee.presentation,
        groupes: &publiee.groupes,
        description: &ecrit(&description)?,
    };
    base::insert_publication(tx, e, &nouvelle).await?;
    Ok(())
}
