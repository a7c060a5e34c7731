//! `/compte`: « Informations personnelles ». Each change has its page; what is sensitive asks for password and code.

use app::AppError;
use app::actualites::{is_digest_wanted, set_digest_wanted, stop_digest, view_digest_link};
use app::comptes::{
    InfosPersonnelles, MobileDemande, Preuve, change_mobile, change_nom, change_password, check_address,
    confirm_address, confirm_mobile, leave, request_address, view_informations,
};
use askama::Template;
use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::Response;
use domain::comptes::Niveau;

use super::comptes::libelle_role;
use super::connexion::{duree, reessayer_apres};
use super::mot_de_passe::{indice, lien_perime};
use crate::components::{Badge, Bouton, Definitions, Formulaire, LienBouton, Markup, Ton};
use crate::layout::{Lien, Page, rend};
use crate::socle::{Erreur, Recu, RecuSansJeton, Requete, Resultat, efface_session, redirige, refuse};

#[derive(Template)]
#[template(path = "commun/moi.html")]
struct PageMoi {
    page: Page,
    resume: Definitions,
    roles: Vec<String>,
    adresse_demandee: Option<String>,
    /// Candidates keep their account.
    partir: bool,
    mobile: Bouton,
    form: Formulaire,
    /// The mail of the Fil info; `None` for who does not read it.
    resume_fil: Option<bool>,
}

pub async fn page(requete: Requete) -> Resultat {
    let session = requete.compte()?;
    let i = view_informations(&requete.ctx, session).await?;
    let resume_fil = is_digest_wanted(&requete.ctx, session).await?;
    let facteur =
        if i.facteur { Badge::new(Ton::Succes, "En place") } else { Badge::new(Ton::Info, "Absente") };
    let mobile = match &i.mobile {
        Some(m) if i.mobile_verifie => format!("{m} (vérifié)"),
        Some(m) => format!("{m} (à vérifier)"),
        None => "Aucun".to_owned(),
    };
    let page = PageMoi {
        page: requete.page("Informations personnelles"),
        resume: Definitions::new()
            .ligne("Prénom et nom", format_args!("{} {}", i.prenom, i.nom))
            .ligne("Adresse électronique", &i.courriel)
            .ligne("Téléphone mobile", mobile)
            .ligne_markup("Double authentification", Markup::new(facteur)),
        roles: i.roles.iter().map(libelle_role).collect(),
        adresse_demandee: i.adresse_demandee,
        mobile: LienBouton::new(
            if i.mobile.is_some() && !i.mobile_verifie && requete.ctx.app.sms.available() {
                "Vérifier mon téléphone mobile"
            } else {
                "Changer mon téléphone mobile"
            },
            "/compte/mobile",
        )
        .secondaire(),
        partir: session.roles.iter().all(|r| r.candidat.is_none()),
        resume_fil,
        form: requete.formulaire(),
    };
    Ok(rend(StatusCode::OK, &page))
}

pub async fn post_resume_arreter(recu: Recu) -> Resultat {
    set_digest_wanted(&recu.requete.ctx, recu.requete.compte()?, false).await?;
    Ok(redirige("/compte?fait=resume-arrete"))
}

pub async fn post_resume_reprendre(recu: Recu) -> Resultat {
    set_digest_wanted(&recu.requete.ctx, recu.requete.compte()?, true).await?;
    Ok(redirige("/compte?fait=resume-repris"))
}

#[derive(Template)]
#[template(path = "commun/resume.html")]
struct PageResume {
    page: Page,
    form: Formulaire,
    action: String,
    recu: bool,
}

fn rend_resume(requete: &Requete, recu: bool) -> Response {
    let titre =
        if recu { "Ne plus recevoir le courriel du Fil info" } else { "Vous ne recevez plus ce courriel" };
    let page = PageResume {
        page: requete.page(titre),
        form: requete.formulaire(),
        action: requete.chemin.split('?').next().unwrap_or_default().to_owned(),
        recu,
    };
    rend(StatusCode::OK, &page)
}

pub async fn get_resume(requete: Requete, Path(jeton): Path<String>) -> Resultat {
    let recu = view_digest_link(&requete.ctx, &jeton).await?;
    Ok(rend_resume(&requete, recu))
}

/// Sent by the page, or by a mail program that knows nothing of it (RFC 8058): the secret of the address is the proof, and the answer is
/// no redirection.
pub async fn post_resume(Path(jeton): Path<String>, recu: RecuSansJeton) -> Resultat {
    let requete = recu.0;
    stop_digest(&requete.ctx, &jeton).await?;
    Ok(rend_resume(&requete, false))
}

/// What is changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Quoi {
    Nom,
    Adresse,
    Mobile,
    MotDePasse,
    Depart,
}

impl Quoi {
    fn lit(mot: &str) -> Result<Self, Erreur> {
        Ok(match mot {
            "nom" => Self::Nom,
            "adresse" => Self::Adresse,
            "mobile" => Self::Mobile,
            "mot-de-passe" => Self::MotDePasse,
            "quitter" => Self::Depart,
            _ => return Err(Erreur(AppError::NotFound)),
        })
    }

    fn titre(self) -> &'static str {
        match self {
            Self::Nom => "Changer mon nom",
            Self::Adresse => "Changer mon adresse électronique",
            Self::Mobile => "Changer mon téléphone mobile",
            Self::MotDePasse => "Changer mon mot de passe",
            Self::Depart => "Supprimer mon compte",
        }
    }

    fn fait(self) -> &'static str {
        match self {
            Self::Nom => "/compte?fait=enregistre",
            Self::Adresse => "/compte?fait=adresse-demandee",
            Self::Mobile => "/compte?fait=mobile",
            Self::MotDePasse => "/compte?fait=mot-de-passe-change",
            Self::Depart => "/?fait=compte-supprime",
        }
    }
}

#[derive(Template)]
#[template(path = "commun/moi_changer.html")]
struct PageChanger {
    page: Page,
    form: Formulaire,
    quoi: Quoi,
    bouton: &'static str,
    action: String,
    infos: InfosPersonnelles,
    /// Codes leave by SMS.
    sms: bool,
    indice: &'static str,
}

impl PageChanger {
    fn preuve(&self) -> bool {
        self.quoi != Quoi::Nom
    }
}

async fn rend_changer(
    requete: &Requete,
    quoi: Quoi,
    form: Formulaire,
    statut: StatusCode,
) -> Result<Response, Erreur> {
    let session = requete.compte()?;
    let niveau =
        if app::comptes::needs_second_factor(&session.roles) { Niveau::Gestion } else { Niveau::Candidat };
    let page = PageChanger {
        page: requete
            .page(quoi.titre())
            .ariane(vec![Lien::new("Informations personnelles", "/compte")])
            .en_erreur(!form.est_valide()),
        infos: view_informations(&requete.ctx, session).await?,
        sms: requete.ctx.app.sms.available(),
        form,
        quoi,
        bouton: quoi.titre(),
        action: requete.chemin.split('?').next().unwrap_or_default().to_owned(),
        indice: indice(niveau),
    };
    Ok(rend(statut, &page))
}

pub async fn get_changer(requete: Requete, Path(quoi): Path<String>) -> Resultat {
    let quoi = Quoi::lit(&quoi)?;
    let session = requete.compte()?;
    let mut form = requete.formulaire();
    if quoi == Quoi::Nom {
        form = form.avec("nom", &session.nom).avec("prenom", &session.prenom);
    }
    rend_changer(&requete, quoi, form, StatusCode::OK).await
}

pub async fn post_changer(Path(quoi): Path<String>, recu: Recu) -> Resultat {
    let Recu { requete, mut form } = recu;
    let quoi = Quoi::lit(&quoi)?;
    let session = requete.compte()?;
    let (ctx, lu) = (&requete.ctx, |nom: &str| form.valeur(nom).to_owned());
    let preuve = Preuve { mot_de_passe: lu("mot_de_passe") };
    let resultat = match quoi {
        Quoi::Nom => change_nom(ctx, session, &lu("nom"), &lu("prenom")).await,
        Quoi::Adresse => request_address(ctx, session, &preuve, &lu("courriel")).await,
        Quoi::Mobile if form.valeur("etape") == "code" => {
            match confirm_mobile(ctx, session, &requete.navigateur, form.valeur("code_mobile")).await {
                Ok(()) => return Ok(redirige("/compte?fait=mobile-verifie")),
                autre => autre,
            }
        }
        Quoi::Mobile => {
            match change_mobile(ctx, session, &requete.navigateur, &preuve, &lu("mobile")).await {
                Ok(MobileDemande::CodeEnvoye) => return Ok(redirige("/compte/mobile?fait=code-mobile")),
                autre => autre.map(|_| ()),
            }
        }
        Quoi::MotDePasse => change_password(ctx, session, &preuve, &lu("nouveau"), &lu("confirmation")).await,
        Quoi::Depart => leave(ctx, session, &preuve).await,
    };
    match resultat {
        Ok(()) => {
            let mut reponse = redirige(quoi.fait());
            if quoi == Quoi::Depart {
                reponse.headers_mut().append(header::SET_COOKIE, efface_session(&requete.etat));
            }
            Ok(reponse)
        }
        Err(AppError::Rule(r @ domain::RuleViolation::BoiteDeFonction { .. })) => {
            form.refuse("courriel", app::messages::regle(&r));
            rend_changer(&requete, quoi, form, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(AppError::TooMany { attente_s }) => {
            form.refuse_tout(format_args!(
                "Trop de demandes ou d’essais. Vous pourrez recommencer dans {}.",
                duree(attente_s)
            ));
            let reponse = rend_changer(&requete, quoi, form, StatusCode::TOO_MANY_REQUESTS).await?;
            Ok(reessayer_apres(reponse, attente_s))
        }
        Err(e) => {
            refuse(&mut form, e)?;
            rend_changer(&requete, quoi, form, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

#[derive(Template)]
#[template(path = "commun/adresse.html")]
struct PageAdresse {
    page: Page,
    form: Formulaire,
    adresse: String,
    action: String,
}

fn perime(requete: &Requete) -> Response {
    let duree = format!("{} heures", requete.ctx.app.limites.lien_inscription_h);
    lien_perime(requete, duree, "/compte/adresse", "Demander un nouveau lien")
}

pub async fn get_adresse(requete: Requete, Path(jeton): Path<String>) -> Resultat {
    match check_address(&requete.ctx, &jeton).await {
        Ok(adresse) => {
            let page = PageAdresse {
                page: requete.page("Confirmer votre nouvelle adresse"),
                form: requete.formulaire(),
                adresse,
                action: requete.chemin.clone(),
            };
            Ok(rend(StatusCode::OK, &page))
        }
        Err(AppError::NotFound) => Ok(perime(&requete)),
        Err(e) => Err(e.into()),
    }
}

pub async fn post_adresse(Path(jeton): Path<String>, recu: Recu) -> Resultat {
    let requete = recu.requete;
    match confirm_address(&requete.ctx, &jeton).await {
        // Whoever is signing in goes on with securing the account.
        Ok(()) => Ok(match &requete.session {
            Some(s) if s.etape == app::comptes::EtapeConnexion::Complete => {
                redirige("/compte?fait=adresse-changee")
            }
            Some(_) => redirige("/connexion/conformite?fait=adresse-changee"),
            None => redirige("/connexion?fait=adresse-changee"),
        }),
        Err(AppError::NotFound) => Ok(perime(&requete)),
        Err(e) => Err(e.into()),
    }
}
