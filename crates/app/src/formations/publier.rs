//! Publishing a course: from this instant the public reads these values, and the history keeps them dated.

use domain::calendrier::Etape;
use domain::droits::{Action, Permit};
use domain::etablissements::check_complet;
use domain::formations::description::Description;
use domain::formations::{EtatFormation, check_places, check_publication};
use domain::grille::Decompte;
use domain::{PublicId, RuleViolation};
use serde_json::json;
use store::formations::{self as base, LigneFormation, LigneGroupe, LignePublication, NouvellePublication};
use store::{Ecriture, Tx};

use super::contenu::Contenu;
use super::controle::{Reouvertures, require_accepte};
use super::description::{ecrit, genre, load_description, version_brouillon};
use super::parametrage::Brouillon;
use super::vraisemblance::{Lectures, require_relue};
use super::{cible, intitule, load, load_groupes, places_json};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::etablissements;
use crate::idempotence::{self, Garde, Recepisse, hash};
use crate::journal::{Acte, record};
use crate::sessions::{self, SessionAdmission};

/// A draft that may be public: complete, coherent, with all that its publication writes.
pub(super) struct Pret {
    description: Description,
    groupes: Vec<LigneGroupe>,
    capacite: i64,
    frais_centimes: i64,
    precedente: Option<LignePublication>,
    publiee: bool,
    /// Key of the second reading that its capacity needed (R-CAP-05).
    relecture: Option<i64>,
}

impl Pret {
    /// R-FOR-08: the public does not read these values yet.
    pub(super) fn require_nouveau(&self) -> Result<(), RuleViolation> {
        if self.publiee { Err(RuleViolation::RienAPublier) } else { Ok(()) }
    }

    /// What is reviewed.
    pub(super) fn contenu(&self, f: &LigneFormation) -> Contenu {
        Contenu::new(f, &self.groupes, self.description.clone())
    }
}

/// Checks that nothing is missing in a draft, at the version that the person read.
///
/// # Errors
/// [`AppError::Rule`] for the first thing that is missing, or a capacity that waits for a second reading (R-CAP-05);
/// [`AppError::Conflict`] when the draft changed since.
pub(super) async fn verifie(
    tx: &Tx,
    ctx: &Ctx,
    session: &SessionAdmission,
    f: &LigneFormation,
    garde: &Garde,
) -> Result<Pret, AppError> {
    let (description, ligne) = load_description(tx, f).await?;
    garde.check_version(version_brouillon(f, ligne.as_ref()))?;
    let lu = Lectures::load(ctx, tx, session, std::slice::from_ref(f)).await?;
    let bloquee = !store::apprentissage::bloquees(tx, &[f.id]).await?.is_empty();
    let groupes = load_groupes(tx, f.id).await?;
    examine(ctx, &lu, f, AExaminer { description, groupes, bloquee })?.map_err(first_refusal)
}

/// Of all that prevents a publication, what is told to who asks for that one alone.
pub(super) fn first_refusal(refus: Vec<RuleViolation>) -> AppError {
    refus.into_iter().next().map_or(AppError::NotFound, AppError::Rule)
}

/// What is read of a draft before it is examined.
pub(super) struct AExaminer {
    pub description: Description,
    pub groupes: Vec<LigneGroupe>,
    /// R-APP-12: the record that it is made of does not let it be public.
    pub bloquee: bool,
}

/// Looks at all that a draft needs to be public: it is ready, or everything that prevents it is given, in the order of the forms. `lu`:
/// what its numbers are held against.
pub(super) fn examine(
    ctx: &Ctx,
    lu: &Lectures,
    f: &LigneFormation,
    AExaminer { description, groupes, bloquee }: AExaminer,
) -> Result<Result<Pret, Vec<RuleViolation>>, AppError> {
    let mut refus = Vec::new();
    if bloquee {
        refus.push(RuleViolation::FicheNonPrete);
    }
    let etat = EtatFormation::from_code(&f.etat).unwrap_or(EtatFormation::Brouillon);
    if let Err(fautes) = check_publication(etat, f.capacite, f.frais_centimes) {
        refus.extend_from_slice(fautes.liste());
    }
    let manques = description.manques(genre(f));
    if !manques.is_empty() {
        let champs = manques.into_iter().map(|c| c.libelle).collect();
        let formation = intitule(&f.libelle, &f.detail);
        refus.push(RuleViolation::DescriptionIncomplete { formation, champs });
    }
    let regles = Decompte::of(&description.constats()).bloquants;
    if regles > 0 {
        refus.push(RuleViolation::GrilleFautive { regles });
    }
    let places: Vec<i64> = groupes.iter().map(|g| g.places).collect();
    if groupes.is_empty() {
        refus.push(RuleViolation::Champ { champ: "groupes", motif: "manquant" });
    } else if let Some(Err(regle)) = f.capacite.map(|n| check_places(n, &places)) {
        refus.push(regle);
    }
    let precedente = lu.publication(f).cloned();
    let brouillon = Brouillon { formation: f, groupes: &groupes };
    let publiee = brouillon.is_published(precedente.as_ref(), &description)?;
    let relecture = if publiee {
        None
    } else {
        match require_relue(ctx, lu, &brouillon) {
            Err(AppError::Rule(regle)) => {
                refus.push(regle);
                None
            }
            autre => autre?,
        }
    };
    // Both are there when nothing is refused.
    let (true, Some((capacite, frais_centimes))) = (refus.is_empty(), f.capacite.zip(f.frais_centimes))
    else {
        return Ok(Err(refus));
    };
    Ok(Ok(Pret { description, groupes, capacite, frais_centimes, precedente, publiee, relecture }))
}

/// R-CHA-01, R-ETA-02: the charter is accepted, the establishment of the course is described, when somebody of it publishes or submits. What is accepted afterwards
/// was submitted so: a head who changed since, when nothing of the establishment is open any more, stops nobody.
///
/// # Errors
/// [`AppError::Rule`] with the first thing that is missing.
pub(super) async fn require_decrit(
    tx: &Tx,
    ctx: &Ctx,
    session: &SessionAdmission,
    f: &LigneFormation,
) -> Result<(), AppError> {
    let refus = examine_maison(tx, ctx, session, f.etablissement_id).await?;
    refus.into_iter().next().map_or(Ok(()), |regle| Err(regle.into()))
}

/// The same for all the courses of an establishment: everything that is missing.
pub(super) async fn examine_maison(
    tx: &Tx,
    ctx: &Ctx,
    session: &SessionAdmission,
    etablissement: i64,
) -> Result<Vec<RuleViolation>, AppError> {
    let mut refus = Vec::new();
    match crate::charte::require_acceptee(tx, session.id, etablissement).await {
        Err(AppError::Rule(regle)) => refus.push(regle),
        autre => autre?,
    }
    refus.extend(check_complet(&etablissements::completude(tx, ctx, session.id, etablissement).await?).err());
    Ok(refus)
}

/// Makes the draft what the public reads, and notes it; gives what the receipt says.
async fn publie(
    tx: &Tx,
    ctx: &Ctx,
    permit: &Permit,
    f: &LigneFormation,
    pret: &Pret,
) -> Result<serde_json::Value, AppError> {
    let numeros = write_publications(tx, &ctx.ecriture(permit), &[(f, pret)]).await?;
    let acte = acte_publication(f, pret, numeros.first().copied().ok_or(AppError::NotFound)?)?;
    record(tx, ctx, permit, &acte).await?;
    Ok(acte.apres.unwrap_or_default())
}

/// Makes drafts what the public reads, all at once, each course named once; gives the number of each publication, in their order.
pub(super) async fn write_publications(
    tx: &Tx,
    e: &Ecriture<'_>,
    prets: &[(&LigneFormation, &Pret)],
) -> Result<Vec<i64>, AppError> {
    let lues: Vec<(i64, i64)> = prets.iter().map(|(f, _)| (f.id, f.version)).collect();
    let cles: Vec<i64> = prets.iter().map(|(f, _)| f.id).collect();
    base::set_publiees(tx, e, &lues).await?;
    base::call_places(tx, e, &cles).await?;
    // R-FOR-21: what is not said stays as the offer said it.
    for internat in [true, false] {
        let dites = prets.iter().filter(|(_, pret)| pret.description.internat() == Some(internat));
        let dites: Vec<i64> = dites.map(|(f, _)| f.id).collect();
        base::set_internat(tx, &dites, internat).await?;
    }
    let mut ecrits = Vec::with_capacity(prets.len());
    for (_, pret) in prets {
        ecrits.push((places_json(&pret.groupes)?, ecrit(&pret.description)?));
    }
    let mut nouvelles = Vec::with_capacity(prets.len());
    for ((f, pret), (places, publiee)) in prets.iter().zip(&ecrits) {
        nouvelles.push(NouvellePublication {
            formation_session: f.id,
            capacite: pret.capacite,
            frais_centimes: pret.frais_centimes,
            presentation: &f.presentation,
            groupes: places,
            description: publiee,
        });
    }
    let numeros = base::insert_publications(tx, e, &nouvelles).await?;
    let numerotes = prets.iter().zip(&numeros);
    let relectures: Vec<(i64, i64)> =
        numerotes.filter_map(|((_, pret), numero)| Some((pret.relecture?, *numero))).collect();
    base::set_relectures_publiees(tx, e, &relectures).await?;
    Ok(numeros)
}

/// What the journal says of a publication.
pub(super) fn acte_publication<'a>(
    f: &'a LigneFormation,
    pret: &Pret,
    numero: i64,
) -> Result<Acte<'a>, AppError> {
    let places = places_json(&pret.groupes)?;
    let publiee = ecrit(&pret.description)?;
    // JOU-2: no free text in the journal; the publication keeps it.
    let avant = pret.precedente.as_ref().map(|p| {
        json!({ "numero": p.numero, "capacite": p.capacite, "frais_centimes": p.frais_centimes,
                "groupes": p.groupes, "presentation": hash(&p.presentation) })
    });
    let apres = json!({ "numero": numero, "capacite": pret.capacite, "frais_centimes": pret.frais_centimes,
                        "groupes": places, "presentation": hash(&f.presentation), "description": hash(&publiee),
                        "capacite_relue": pret.relecture.is_some() });
    Ok(Acte { objet: "formation_session", objet_id: &f.public_id, avant, apres: Some(apres) })
}

/// Publishes the draft of a course; when the session is reviewed, once it is accepted (R-CTL-01).
///
/// # Errors
/// [`AppError::Rule`] when something is missing, when nothing changed (R-FOR-08), when these values are not accepted, or
/// outside the step; [`AppError::Conflict`] when the draft changed since the person read it.
pub async fn publish_formation(
    ctx: &Ctx,
    garde: &Garde,
    annee: i64,
    id: &PublicId,
) -> Result<Recepisse, AppError> {
    let demande = format!("publication|{annee}|{id}");
    let tx = ctx.begin().await?;
    let session = sessions::session(&tx, annee).await?;
    let f = load(&tx, &session, id).await?;
    let permit = ctx.permit(Action::PublierFormation, &cible(&f))?;
    if let Some(recepisse) = idempotence::deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(recepisse);
    }
    session.require_ouverte()?;
    // R-VIE-07: what a dispensation lets be written may be published.
    if Reouvertures::load(&tx, f.id).await?.soumission(ctx.campagne_le).is_none() {
        session.calendrier.require_open(Etape::CapacitesFrais, ctx.campagne_le)?;
    }
    let pret = verifie(&tx, ctx, &session, &f, garde).await?;
    require_decrit(&tx, ctx, &session, &f).await?;
    pret.require_nouveau()?;
    require_accepte(&tx, &f, &pret.contenu(&f)).await?;
    let apres = publie(&tx, ctx, &permit, &f, &pret).await?;
    let contenu = json!({ "formation": f.public_id, "publication": apres });
    let recepisse =
        idempotence::emettre(&tx, ctx, garde, &demande, "formation_publiee", None, &contenu).await?;
    tx.commit().await?;
    Ok(recepisse)
}
