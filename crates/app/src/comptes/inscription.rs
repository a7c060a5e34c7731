//! A candidate registers: the address is proved first, then one form creates account and record together.

use domain::calendrier::{Etape, jour_paris};
use domain::candidats::{AGE_MAX, AGE_MIN, Ine, TypeBac, code_boursier, naissance_plausible, nom_propre};
use domain::comptes::{EtatCompte, Niveau};
use domain::droits::{Acteur, Action, Cible};
use domain::etablissements::check_ligne;
use domain::territoires;
use jiff::civil::Date;
use store::comptes as base;
use store::inscriptions::{self, NouveauCandidat};
use store::jetons::{self, Usage};

use super::courriels;
use super::creer::{MotDePasse, NouveauCompte, create_comptes_in, salt};
use super::mot_de_passe::{names, password_faults};
use super::oubli::{fresh_token, read_address};
use super::session::needs_second_factor;
use super::tentatives::Tentative;
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::idempotence::{Garde, Recepisse, deja_fait, emettre, hash};
use crate::journal::{Acte, record};
use crate::messages;
use crate::sessions::{SessionAdmission, courante};

/// What the candidate fills in once the address is proved.
#[derive(Debug, Clone)]
pub struct CommandeInscription {
    /// At the level of candidates (MDP-2).
    pub mot_de_passe: String,
    /// The same, typed again.
    pub confirmation: String,
    /// Birth name.
    pub nom: String,
    /// First name in use.
    pub prenom: String,
    /// `None`: missing or not a date, a fault.
    pub naissance: Option<Date>,
    /// May be empty.
    pub ine: String,
    /// `None`: missing, a fault.
    pub type_bac: Option<TypeBac>,
    /// Series or speciality, as the candidate writes it; may be empty.
    pub serie: String,
    /// Code of the department of residence.
    pub departement: String,
    /// Of residence, as the candidate writes it.
    pub commune: String,
    /// Present or last school; may be empty.
    pub etablissement_origine: String,
    /// Scholarship of the lycée; `None`: missing, a fault.
    pub boursier: Option<bool>,
}

async fn open_session_of_wishes(ctx: &Ctx) -> Result<SessionAdmission, AppError> {
    let session = courante(&ctx.app.db).await?;
    session.calendrier.require_open(Etape::Voeux, ctx.campagne_le)?;
    Ok(session)
}

/// Sends the link that proves an address. Whoever has an account already is told so by mail, never on screen (LIM-4).
///
/// # Errors
/// The rule of the calendar outside the step « Inscription et formulation des vœux »; [`AppError::Invalid`] when it is
/// not an address.
pub async fn request_inscription(ctx: &Ctx, courriel: &str) -> Result<(), AppError> {
    let session = open_session_of_wishes(ctx).await?;
    let adresse = read_address(courriel)?;
    let tentative = Tentative::reserve(ctx, "envoi-inscription", adresse.as_str()).await?;
    if !tentative.may_send(ctx).await? {
        return Ok(());
    }
    let libre = may_register(ctx, session.id, adresse.as_str()).await?;
    let jeton = fresh_token(ctx);
    let expire = ctx.recu_ms() + ctx.app.limites.lien_inscription_h * 3_600_000;
    let courriel =
        if libre { courriels::lien_inscription(ctx, &jeton, expire) } else { courriels::deja_inscrit(ctx) };
    let tx = ctx.begin().await?;
    jetons::replace(&tx, Usage::Inscription, &hash(&jeton), adresse.as_str(), None, ctx.recu_ms(), expire)
        .await?;
    courriels::enqueue(&tx, ctx, None, adresse.as_str(), &courriel).await?;
    tx.commit().await?;
    Ok(())
}

/// An address may register when it has no account, or the account of a former session without any role in this one.
async fn may_register(ctx: &Ctx, session: i64, courriel: &str) -> Result<bool, AppError> {
    let compte = base::by_courriel(&ctx.app.db, courriel).await?;
    // Asked for an account that does not exist too: the same work (LIM-4).
    let roles = base::attributions(&ctx.app.db, compte.as_ref().map_or(0, |c| c.id)).await?;
    let Some(compte) = compte else { return Ok(true) };
    let candidat = roles.iter().any(|r| r.candidat.is_some() && r.session == Some(session));
    Ok(compte.etat()? == EtatCompte::Actif && !needs_second_factor(&roles) && !candidat)
}

/// The address that a living link proves.
///
/// # Errors
/// [`AppError::NotFound`] when the link was used or ran out.
pub async fn check_inscription(ctx: &Ctx, jeton: &str) -> Result<String, AppError> {
    let ligne = jetons::find(&ctx.app.db, Usage::Inscription, &hash(jeton), ctx.recu_ms()).await?;
    Ok(ligne.ok_or(AppError::NotFound)?.courriel)
}

/// The identity, checked.
struct Identite {
    nom: String,
    prenom: String,
    naissance: Date,
    ine: Option<Ine>,
    type_bac: TypeBac,
    departement: &'static territoires::Departement,
    commune: String,
    boursier: bool,
}

fn check(c: &CommandeInscription, courriel: &str, jour: Date) -> Result<Identite, AppError> {
    let mut fautes: Vec<(&'static str, String)> = Vec::new();
    let mut faute = |champ, message: &str| fautes.push((champ, message.to_owned()));
    let nom = nom_propre(&c.nom);
    if nom.is_none() {
        faute(
            "nom",
            "Saisissez votre nom comme sur votre pièce d’identité (lettres, espaces, tirets, apostrophes).",
        );
    }
    let prenom = nom_propre(&c.prenom);
    if prenom.is_none() {
        faute("prenom", "Saisissez votre prénom comme sur votre pièce d’identité.");
    }
    let naissance = c.naissance.filter(|n| naissance_plausible(*n, jour));
    if c.naissance.is_some() && naissance.is_none() {
        let dit = format!(
            "Vérifiez votre date de naissance : elle donne un âge de moins de {AGE_MIN} ans ou de plus de {AGE_MAX} ans."
        );
        faute("naissance", &dit);
    } else if naissance.is_none() {
        faute("naissance", "Saisissez votre date de naissance, par exemple 14/05/2006.");
    }
    let ine = Ine::parse(&c.ine);
    if ine.is_none() && !c.ine.trim().is_empty() {
        faute(
            "ine",
            "L’INE compte 11 caractères : dix chiffres et une lettre, ou neuf chiffres et deux lettres. Laissez ce champ vide si vous n’en avez pas.",
        );
    }
    if c.type_bac.is_none() {
        faute("type_bac", "Choisissez votre situation.");
    }
    let departement = territoires::departement(&c.departement);
    if departement.is_none() {
        faute("departement", "Choisissez votre département de résidence.");
    }
    let commune = nom_propre(&c.commune);
    if commune.is_none() {
        faute("commune", "Saisissez le nom de votre commune, sans chiffres.");
    }
    for (champ, texte) in [("serie", &c.serie), ("etablissement_origine", &c.etablissement_origine)] {
        if let Err(long) = check_ligne(champ, texte) {
            faute(champ, &messages::regle(&long));
        }
    }
    if c.boursier.is_none() {
        faute("boursier", "Indiquez si vous êtes boursier du secondaire cette année.");
    }
    let mut contexte = names(&c.nom, &c.prenom, courriel);
    contexte.extend([c.commune.clone(), c.etablissement_origine.clone()]);
    fautes.extend(password_faults(&c.mot_de_passe, &c.confirmation, Niveau::Candidat, &contexte));
    match (nom, prenom, naissance, c.type_bac, departement, commune, c.boursier) {
        (
            Some(nom),
            Some(prenom),
            Some(naissance),
            Some(type_bac),
            Some(departement),
            Some(commune),
            Some(boursier),
        ) if fautes.is_empty() => {
            Ok(Identite { nom, prenom, naissance, ine, type_bac, departement, commune, boursier })
        }
        _ => Err(AppError::Invalid(fautes)),
    }
}

/// Creates the account and the record of the open session, or nothing. Signs nobody in.
///
/// # Errors
/// The rule of the calendar; [`AppError::NotFound`] when the link was used or ran out; [`AppError::Invalid`] with every
/// fault of the form.
pub async fn complete_inscription(
    ctx: &Ctx,
    garde: &Garde,
    jeton: &str,
    c: &CommandeInscription,
) -> Result<Recepisse, AppError> {
    let session = open_session_of_wishes(ctx).await?;
    let demande = format!("inscription|{}", hash(jeton));
    let tx = ctx.begin().await?;
    if let Some(recepisse) = deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(recepisse);
    }
    drop(tx);
    let ligne = jetons::find(&ctx.app.db, Usage::Inscription, &hash(jeton), ctx.recu_ms())
        .await?
        .ok_or(AppError::NotFound)?;
    let identite = check(c, &ligne.courriel, jour_paris(ctx.campagne_le))?;
    let empreinte = ctx.app.hachage.hash(&c.mot_de_passe, salt(ctx)).await?;

    // The platform creates the account: nobody else may before it exists.
    let plateforme = Ctx { acteur: Acteur::systeme("inscription"), ..ctx.clone() };
    let permit = plateforme.permit(Action::GererComptes, &Cible::plateforme())?;
    let e = plateforme.ecriture(&permit);
    if !may_register(ctx, session.id, &ligne.courriel).await? {
        return Err(AppError::Conflict);
    }
    let tx = ctx.begin().await?;
    if !jetons::consume(&tx, ligne.id, ctx.recu_ms()).await? {
        return Err(AppError::NotFound);
    }
    if let Some(ine) = &identite.ine
        && inscriptions::ine_taken(&tx, &ctx.app.coffre, session.id, ine.as_str()).await?
    {
        return Err(AppError::Invalid(vec![(
            "ine",
            "Un dossier existe déjà avec cet INE pour cette session. Vérifiez-le ; s’il est bien le vôtre, connectez-vous avec l’adresse de votre première inscription ou contactez le service académique."
                .to_owned(),
        )]));
    }
    let compte = match base::by_courriel(&tx, &ligne.courriel).await? {
        Some(ancien) => {
            base::set_password(&tx, &e, &ancien, &empreinte, EtatCompte::Actif).await?;
            base::delete_sessions_web(&tx, ancien.id).await?;
            ancien.id
        }
        None => {
            let nouveau = NouveauCompte {
                courriel: ligne.courriel.clone(),
                nom: identite.nom.clone(),
                prenom: identite.prenom.clone(),
                mot_de_passe: MotDePasse::Hache(empreinte),
                roles: Vec::new(),
                etat: EtatCompte::Actif,
                totp: None,
            };
            let ids = create_comptes_in(&tx, &plateforme, &[nouveau]).await?;
            ids.into_iter().next().ok_or_else(|| AppError::Internal("no account created".to_owned()))?
        }
    };
    let naissance = identite.naissance.to_string();
    let nouveau = NouveauCandidat {
        session: session.id,
        compte: Some(compte),
        nom: &identite.nom,
        prenom: &identite.prenom,
        naissance: &naissance,
        ine: identite.ine.as_ref().map(Ine::as_str),
        type_bac: identite.type_bac.code(),
        serie: c.serie.trim(),
        boursier: code_boursier(identite.boursier),
        commune: &identite.commune,
        departement: identite.departement.code,
        academie: identite.departement.academie,
        etablissement_origine: c.etablissement_origine.trim(),
    };
    let (candidat, numero) = inscriptions::insert(&tx, &e, &ctx.app.coffre, &nouveau).await?;
    let acte = Acte {
        objet: "candidat",
        objet_id: &numero.to_string(),
        avant: None,
        apres: Some(serde_json::json!({ "etat": "inscrit", "session": session.annee })),
    };
    record(&tx, &plateforme, &permit, &acte).await?;
    let contenu = serde_json::json!({ "session": session.annee, "numero": numero });
    let recepisse = emettre(&tx, ctx, garde, &demande, "inscription", Some(candidat), &contenu).await?;
    let avis = courriels::inscription_faite(ctx, numero, &recepisse.numero);
    courriels::enqueue(&tx, ctx, Some(compte), &ligne.courriel, &avis).await?;
    tx.commit().await?;
    Ok(recepisse)
}
