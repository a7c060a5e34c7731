//! Mails about accounts: their French texts, and how they join the outbox.

use domain::comptes::{Moyen, Role};
use store::Tx;
use store::messagerie::{NouvelEnvoi, enqueue_envoi, withdraw_envoi};

use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::messages::{PIED, date_heure};

/// A mail to be sent.
#[derive(Debug, Clone)]
pub(super) struct Courriel {
    canal: &'static str,
    /// What the message claims (NOT-2).
    modele: &'static str,
    sujet: &'static str,
    corps: String,
    /// 1 links and codes, 5 notices (NOT-1).
    priorite: i64,
    /// A link that ran out is not worth sending.
    perime_le: Option<i64>,
}

/// Puts the mail in the outbox, in the transaction of the act.
pub(super) async fn enqueue(
    tx: &Tx,
    ctx: &Ctx,
    compte: Option<i64>,
    destinataire: &str,
    c: &Courriel,
) -> Result<(), AppError> {
    put(tx, ctx, compte, destinataire, c).await.map(|_| ())
}

/// The same work for an address that nobody is told about (LIM-4): the mail of an unknown one is taken back at once, and
/// nothing is for a known one.
pub(super) async fn enqueue_if_known(
    tx: &Tx,
    ctx: &Ctx,
    compte: Option<i64>,
    destinataire: &str,
    c: &Courriel,
) -> Result<(), AppError> {
    let envoi = put(tx, ctx, compte, destinataire, c).await?;
    Ok(withdraw_envoi(tx, if compte.is_some() { "" } else { &envoi }).await?)
}

async fn put(
    tx: &Tx,
    ctx: &Ctx,
    compte: Option<i64>,
    destinataire: &str,
    c: &Courriel,
) -> Result<String, AppError> {
    let envoi = NouvelEnvoi {
        canal: c.canal,
        compte,
        destinataire,
        modele: c.modele,
        sujet: c.sujet,
        corps: &c.corps,
        priorite: c.priorite,
        cree_le: ctx.recu_ms(),
        perime_le: c.perime_le,
    };
    Ok(enqueue_envoi(tx, &ctx.app.coffre, ctx.app.alea.as_ref(), &envoi).await?)
}

fn notice(modele: &'static str, sujet: &'static str, texte: &str) -> Courriel {
    let corps = format!("Bonjour,\n\n{texte}{PIED}");
    Courriel { canal: "courriel", modele, sujet, corps, priorite: 5, perime_le: None }
}

/// The link that confirms an address and opens the registration form.
pub(super) fn lien_inscription(ctx: &Ctx, jeton: &str, expire_ms: i64) -> Courriel {
    let (adresse, heures) = (&ctx.app.adresse, ctx.app.limites.lien_inscription_h);
    let texte = format!(
        "Vous avez demandé à vous inscrire sur Parcoursup avec cette adresse. Pour la confirmer et remplir votre \
         dossier, ouvrez ce lien :\n\n{adresse}/inscription/{jeton}\n\nIl est valable {heures} heures et ne sert \
         qu’une fois. Si vous n’avez rien demandé, ne faites rien : aucun compte ne sera créé."
    );
    Courriel {
        priorite: 1,
        perime_le: Some(expire_ms),
        ..notice("inscription_lien", "Confirmez votre adresse pour vous inscrire", &texte)
    }
}

/// What somebody who has an account already is told when they ask to register.
pub(super) fn deja_inscrit(ctx: &Ctx) -> Courriel {
    let adresse = &ctx.app.adresse;
    let texte = format!(
        "Une inscription sur Parcoursup vient d’être demandée avec cette adresse, mais vous avez déjà un compte.\n\n\
         Pour vous connecter : {adresse}/connexion\nSi vous avez oublié votre mot de passe : \
         {adresse}/mot-de-passe-oublie\n\nSi vous n’avez rien demandé, ne faites rien : votre compte n’a pas changé."
    );
    notice("inscription_deja_faite", "Vous avez déjà un compte", &texte)
}

/// The acknowledgement of a registration.
pub(super) fn inscription_faite(ctx: &Ctx, numero: i64, recepisse: &str) -> Courriel {
    let adresse = &ctx.app.adresse;
    let texte = format!(
        "Votre inscription est enregistrée.\n\nNuméro de dossier : {numero}\nRécépissé : {recepisse}\n\nConnectez-vous \
         pour formuler vos vœux : {adresse}/connexion\nVous pouvez vérifier ce récépissé sur {adresse}/recepisse"
    );
    notice("inscription_faite", "Votre inscription est enregistrée", &texte)
}

/// The link that lets choose a new password.
pub(super) fn lien_oubli(ctx: &Ctx, jeton: &str, expire_ms: i64) -> Courriel {
    let (adresse, minutes) = (&ctx.app.adresse, ctx.app.limites.lien_oubli_min);
    let texte = format!(
        "Vous avez demandé à changer votre mot de passe. Ouvrez ce lien pour en choisir un nouveau :\n\n\
         {adresse}/mot-de-passe/{jeton}\n\nIl est valable {minutes} minutes et ne sert qu’une fois. Si vous n’avez \
         rien demandé, ne faites rien : votre mot de passe n’a pas changé."
    );
    Courriel {
        priorite: 1,
        perime_le: Some(expire_ms),
        ..notice("oubli_lien", "Choisissez un nouveau mot de passe", &texte)
    }
}

/// LIM-7: the holder learns that the password changed.
pub(super) fn mot_de_passe_change(ctx: &Ctx) -> Courriel {
    let adresse = &ctx.app.adresse;
    let texte = format!(
        "Le mot de passe de votre compte Parcoursup vient d’être changé, et toutes vos sessions ont été fermées.\n\n\
         Si ce n’est pas vous, choisissez tout de suite un nouveau mot de passe : {adresse}/mot-de-passe-oublie"
    );
    notice("mot_de_passe_change", "Votre mot de passe a été changé", &texte)
}

/// LIM-7: the holder learns that a second factor was enrolled.
pub(super) fn compte_securise(ctx: &Ctx) -> Courriel {
    let adresse = &ctx.app.adresse;
    let texte = format!(
        "Votre compte Parcoursup est sécurisé : la double authentification vient d’y être mise en place.\n\nSi ce n’est \
         pas vous, choisissez tout de suite un nouveau mot de passe ({adresse}/mot-de-passe-oublie) et prévenez \
         l’administrateur de votre établissement."
    );
    notice("compte_securise", "Votre compte est sécurisé", &texte)
}

/// CPT-5: the link by which an invited person accepts a role.
pub(super) fn lien_invitation(
    ctx: &Ctx,
    jeton: &str,
    expire_ms: i64,
    role: Role,
    etablissement: Option<&str>,
) -> Courriel {
    let (adresse, heures) = (&ctx.app.adresse, ctx.app.limites.lien_invitation_h);
    let qui = &ctx.acteur.nom;
    let lieu = etablissement.map_or_else(String::new, |e| format!(", pour {e}"));
    let texte = format!(
        "{qui} vous propose un rôle sur Parcoursup{lieu} : {}.\n\nPour l’accepter, ouvrez ce lien :\n\n\
         {adresse}/invitation/{jeton}\n\nIl est valable {heures} heures, ne sert qu’une fois et n’est que pour vous : ne le \
         transférez pas. Vous choisirez votre mot de passe, que personne d’autre ne connaîtra. Si cette proposition ne \
         vous concerne pas, ne faites rien.",
        role.libelle()
    );
    Courriel {
        priorite: 1,
        perime_le: Some(expire_ms),
        ..notice("invitation_lien", "Un rôle vous est proposé sur Parcoursup", &texte)
    }
}

/// What was offered: « Lecteur, pour Lycée Ampère ».
fn offre(role: Role, etablissement: Option<&str>) -> String {
    match etablissement {
        Some(e) => format!("{}, pour {e}", role.libelle()),
        None => role.libelle().to_owned(),
    }
}

/// CPT-5: whoever invited learns that the person accepted.
pub(super) fn invitation_acceptee(
    ctx: &Ctx,
    qui: &str,
    i: &store::comptes::LigneInvitation,
) -> Result<Courriel, AppError> {
    let adresse = &ctx.app.adresse;
    let quoi = offre(i.role()?, i.etablissement.as_deref());
    let texte = format!(
        "{qui} a accepté le rôle que vous lui avez proposé sur Parcoursup : {quoi}.\n\nSi ce n’est pas la personne que vous \
         attendiez, suspendez ce compte tout de suite. Vos comptes : {adresse}/comptes"
    );
    Ok(notice("invitation_acceptee", "Votre invitation est acceptée", &texte))
}

/// CPT-5: whoever invited learns that the link ran out.
pub(super) fn invitation_perimee(
    ctx: &Ctx,
    i: &store::comptes::LigneInvitation,
) -> Result<Courriel, AppError> {
    let (adresse, heures) = (&ctx.app.adresse, ctx.app.limites.lien_invitation_h);
    let quoi = offre(i.role()?, i.etablissement.as_deref());
    let texte = format!(
        "{} {} n’a pas accepté dans les {heures} heures le rôle que vous lui avez proposé sur Parcoursup : {quoi}. Son lien ne \
         sert plus.\n\nPour renvoyer l’invitation, ou l’annuler : {adresse}/comptes",
        i.prenom, i.nom
    );
    Ok(notice("invitation_perimee", "Une invitation n’a pas été acceptée", &texte))
}

/// CPT-2: what the establishment is told of its request.
pub(super) fn derogation_decidee(ctx: &Ctx, accordee: bool, reponse: &str) -> Courriel {
    let adresse = &ctx.app.adresse;
    let issue = if accordee {
        "acceptée pour cette session : vous pouvez maintenant inviter la personne à cette adresse"
    } else {
        "refusée : invitez la personne à une adresse qui porte son nom"
    };
    let texte = format!(
        "Votre demande d’utiliser une adresse de service est {issue}.\n\nRéponse du service académique : {reponse}\n\n\
         Vos comptes : {adresse}/comptes"
    );
    notice("derogation_decidee", "Votre demande au sujet d’une adresse", &texte)
}

/// LIM-7: the holder learns what somebody else did with the account.
fn acte_sur_compte(ctx: &Ctx, modele: &'static str, sujet: &'static str, quoi: &str) -> Courriel {
    let adresse = &ctx.app.adresse;
    let texte = format!(
        "{quoi}\n\nSi vous ne comprenez pas pourquoi, adressez-vous à l’administrateur de votre établissement ou à votre \
         service. Aide : {adresse}/aide"
    );
    notice(modele, sujet, &texte)
}

pub(super) fn compte_suspendu(ctx: &Ctx) -> Courriel {
    let quoi = "Votre compte Parcoursup vient d’être suspendu : vous ne pouvez plus vous connecter. Rien n’est effacé.";
    acte_sur_compte(ctx, "compte_suspendu", "Votre compte est suspendu", quoi)
}

pub(super) fn compte_reactive(ctx: &Ctx) -> Courriel {
    let quoi = "Votre compte Parcoursup est de nouveau actif, avec les mêmes rôles.";
    acte_sur_compte(ctx, "compte_reactive", "Votre compte est de nouveau actif", quoi)
}

pub(super) fn compte_supprime(ctx: &Ctx) -> Courriel {
    let quoi = "Votre compte Parcoursup vient d’être supprimé : votre adresse, votre mot de passe et votre second facteur \
                sont effacés.";
    acte_sur_compte(ctx, "compte_supprime", "Votre compte est supprimé", quoi)
}

pub(super) fn roles_changes(ctx: &Ctx) -> Courriel {
    let quoi = "Les rôles de votre compte Parcoursup viennent de changer. Vous les retrouvez dans « Informations \
                personnelles ».";
    acte_sur_compte(ctx, "roles_changes", "Vos rôles ont changé", quoi)
}

pub(super) fn facteur_retire(ctx: &Ctx) -> Courriel {
    let quoi = "Le second facteur de votre compte Parcoursup vient d’être retiré, à votre demande, et vos sessions sont \
                fermées. À votre prochaine connexion, un code vous sera envoyé à cette adresse ; mettez ensuite un \
                autre moyen en place dans « Sécurité de mon compte ». Si vous n’avez rien demandé, prévenez tout de suite l’administrateur de votre établissement.";
    acte_sur_compte(ctx, "facteur_retire", "Votre second facteur est retiré", quoi)
}

pub(super) fn reprise_confiee(ctx: &Ctx) -> Courriel {
    let quoi = "La reprise d’un ancien compte partagé de votre établissement vous est confiée. Connectez-vous, puis \
                ouvrez « Comptes » : ce compte y est signalé.";
    acte_sur_compte(ctx, "reprise_confiee", "Un compte partagé à reprendre", quoi)
}

/// MDP-5: no link, so that nobody learns to follow one.
fn a_changer(ctx: &Ctx, modele: &'static str, pourquoi: &str) -> Courriel {
    let adresse = &ctx.app.adresse;
    let texte = format!(
        "{pourquoi} Votre mot de passe n’ouvre plus votre compte et vos sessions sont fermées.\n\nAllez sur {adresse}, \
         choisissez « Se connecter », puis « Mot de passe oublié », pour en choisir un autre."
    );
    notice(modele, "Choisissez un nouveau mot de passe", &texte)
}

pub(super) fn mot_de_passe_a_changer(ctx: &Ctx) -> Courriel {
    let pourquoi = "Votre mot de passe Parcoursup est peut-être connu de quelqu’un d’autre.";
    a_changer(ctx, "mot_de_passe_a_changer", pourquoi)
}

pub(super) fn etablissement_securise(ctx: &Ctx, etablissement: &str) -> Courriel {
    let pourquoi =
        format!("Par précaution, les accès de {etablissement} à Parcoursup viennent d’être fermés.");
    a_changer(ctx, "etablissement_securise", &pourquoi)
}

/// CPT-6: the link that makes a new address effective.
pub(super) fn lien_adresse(ctx: &Ctx, jeton: &str, expire_ms: i64) -> Courriel {
    let (adresse, heures) = (&ctx.app.adresse, ctx.app.limites.lien_inscription_h);
    let texte = format!(
        "Vous avez demandé que cette adresse devienne celle de votre compte Parcoursup. Pour le confirmer, ouvrez ce lien \
         :\n\n{adresse}/compte/confirmer/{jeton}\n\nIl est valable {heures} heures et ne sert qu’une fois. Si vous n’avez \
         rien demandé, ne faites rien."
    );
    Courriel {
        priorite: 1,
        perime_le: Some(expire_ms),
        ..notice("adresse_lien", "Confirmez votre nouvelle adresse", &texte)
    }
}

/// CPT-6: the present address is told at once.
pub(super) fn adresse_demandee(ctx: &Ctx) -> Courriel {
    let quoi = "Un changement d’adresse vient d’être demandé pour votre compte Parcoursup. Il prendra effet quand la nouvelle \
                adresse sera confirmée. Si ce n’est pas vous, choisissez tout de suite un nouveau mot de passe.";
    acte_sur_compte(ctx, "adresse_demandee", "Un changement d’adresse est demandé", quoi)
}

pub(super) fn adresse_changee(ctx: &Ctx) -> Courriel {
    let quoi = "L’adresse de votre compte Parcoursup vient de changer : c’est avec la nouvelle que vous vous connectez. Si ce \
                n’est pas vous, prévenez tout de suite l’administrateur de votre établissement.";
    acte_sur_compte(ctx, "adresse_changee", "L’adresse de votre compte a changé", quoi)
}

pub(super) fn mobile_change(ctx: &Ctx) -> Courriel {
    let quoi = "Le téléphone mobile de votre compte Parcoursup vient de changer. Si ce n’est pas vous, choisissez tout de \
                suite un nouveau mot de passe.";
    acte_sur_compte(ctx, "mobile_change", "Votre téléphone mobile a changé", quoi)
}

/// CPT-7.
pub(super) fn rappel_inactivite(ctx: &Ctx, terme: jiff::Timestamp) -> Courriel {
    let (adresse, quand) = (&ctx.app.adresse, crate::messages::date_longue(terme));
    let texte = format!(
        "Votre compte Parcoursup n’a pas été ouvert depuis longtemps. Sans connexion de votre part, votre compte sera \
         suspendu le {quand}.\n\nPour le garder, connectez-vous : {adresse}/connexion\nSi vous n’en avez plus besoin, \
         supprimez-le depuis « Informations personnelles »."
    );
    notice("rappel_inactivite", "Votre compte sera bientôt suspendu", &texte)
}

/// SEC-7: a code, by mail or by SMS.
pub(super) fn code(ctx: &Ctx, code: &str, expire_ms: i64, canal: Moyen) -> Courriel {
    let minutes = ctx.app.limites.code_envoye_min;
    let (un, deux) = code.split_at(code.len() / 2);
    if canal == Moyen::Sms {
        // One SMS, without an address to open: what asks to follow a link is not from us.
        let corps = format!(
            "Parcoursup : votre code est {un} {deux}. Valable {minutes} min. Ne le donnez à personne."
        );
        return Courriel {
            canal: "sms",
            modele: "code_sms",
            sujet: "Code par SMS",
            corps,
            priorite: 1,
            perime_le: Some(expire_ms),
        };
    }
    let texte = format!(
        "Votre code pour Parcoursup est :\n\n{un} {deux}\n\nIl est valable {minutes} minutes, une seule fois, dans le \
         navigateur qui l’a demandé. Ne le donnez à personne.\n\nSi vous n’avez rien demandé, quelqu’un connaît votre mot \
         de passe : changez-le sur {}/mot-de-passe-oublie",
        ctx.app.adresse
    );
    Courriel {
        priorite: 1,
        perime_le: Some(expire_ms),
        ..notice("code_courriel", "Votre code Parcoursup", &texte)
    }
}

/// LIM-7: the holder learns that their means changed. `quoi`: « une clé d’accès y a été ajoutée ».
pub(super) fn moyen_change(ctx: &Ctx, quoi: &str) -> Courriel {
    let adresse = &ctx.app.adresse;
    let texte = format!(
        "Les moyens de double vérification de votre compte Parcoursup viennent de changer : {quoi}.\n\nSi ce n’est pas \
         vous, choisissez tout de suite un nouveau mot de passe ({adresse}/mot-de-passe-oublie) et prévenez \
         l’administrateur de votre établissement."
    );
    notice("moyen_change", "La double vérification de votre compte a changé", &texte)
}

/// SEC-9, LIM-7: a recovery code was used; a reminder when few are left.
pub(super) fn code_secours_utilise(ctx: &Ctx, reste: i64) -> Courriel {
    let adresse = &ctx.app.adresse;
    let rappel = if reste < ctx.app.limites.codes_secours_rappel {
        "\n\nIl vous en reste peu : demandez-en de nouveaux dans « Sécurité de mon compte »."
    } else {
        ""
    };
    let texte = format!(
        "Un code de secours vient de servir à vous connecter à Parcoursup. Codes restants : {reste}.{rappel}\n\nSi ce \
         n’est pas vous, choisissez tout de suite un nouveau mot de passe : {adresse}/mot-de-passe-oublie"
    );
    notice("code_secours_utilise", "Un code de secours a été utilisé", &texte)
}

/// LIM-7: the holder learns of a sign-in from a network never seen.
pub(super) fn nouveau_reseau(ctx: &Ctx) -> Courriel {
    let adresse = &ctx.app.adresse;
    let depuis = if ctx.appareil.is_empty() { String::new() } else { format!(" ({})", ctx.appareil) };
    let texte = format!(
        "Votre compte Parcoursup vient d’être ouvert depuis un réseau qui n’avait encore jamais servi{depuis}, le {}.\n\nSi c’est \
         vous, vous n’avez rien à faire. Sinon, choisissez tout de suite un nouveau mot de passe : \
         {adresse}/mot-de-passe-oublie",
        date_heure(ctx.recu_le)
    );
    notice("nouveau_reseau", "Connexion depuis un nouveau réseau", &texte)
}

/// LIM-7: failures, then a success.
pub(super) fn echecs_puis_succes(ctx: &Ctx, echecs: i64) -> Courriel {
    let adresse = &ctx.app.adresse;
    let texte = format!(
        "Le mot de passe de votre compte Parcoursup a été accepté le {} après {echecs} essais manqués.\n\nSi c’est vous, \
         vous n’avez rien à faire. Sinon, choisissez tout de suite un nouveau mot de passe : \
         {adresse}/mot-de-passe-oublie",
        date_heure(ctx.recu_le)
    );
    notice("echecs_puis_succes", "Des essais manqués avant votre connexion", &texte)
}

/// An address in part: « l•••@lycee.fr ».
pub(super) fn masque(courriel: &str) -> String {
    match courriel.split_once('@') {
        Some((locale, domaine)) => {
            let debut = locale.chars().next().map(String::from).unwrap_or_default();
            format!("{debut}•••@{domaine}")
        }
        None => String::new(),
    }
}
