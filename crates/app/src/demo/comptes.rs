//! Accounts that are not simply in use: carried over, shared, without a second factor, invited.

use std::sync::Arc;

use domain::comptes::{EtatCompte, Role};
use domain::droits::{Action, Attribution, Cible};
use domain::{PublicId, territoires};
use simulation::PetiteFrance;
use store::comptes as base;
use store::messagerie::list_envois;

use super::pays::Pays;
use super::personas::{Agents, MOT_DE_PASSE};
use super::{Moment, Personnage, contexte};
use crate::comptes::{
    ActeCompte, CommandeActe, CommandeInvitation, MotDePasse, NouveauCompte, act_on_compte, create_compte,
    create_comptes, invite, mobile_key,
};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::idempotence::Garde;
use crate::plateforme::Plateforme;

/// What the seeded accounts have in common.
struct Semis<'a> {
    app: &'a Arc<Plateforme>,
    /// Hash of the one password.
    mot_de_passe: &'a str,
    /// The platform acting by itself, at the moment of the demonstration.
    ctx: Ctx,
    /// Establishment of the personas: key, name, code.
    lycee: (i64, &'a str, &'a str),
}

/// Everyone whose account is at another stage than « in use ».
pub(super) async fn ecrire(
    app: &Arc<Plateforme>,
    france: &PetiteFrance,
    pays: &Pays,
    vedette: usize,
    mot_de_passe: &str,
    moment: Moment,
    agents: &Agents,
) -> Result<Vec<Personnage>, AppError> {
    let ici = france.formations[vedette].etablissement;
    let lycee = &france.etablissements[ici];
    let quand = moment.instant()?;
    let s = Semis {
        app,
        mot_de_passe,
        ctx: contexte(app, None, quand),
        lycee: (pays.etablissements[ici], &lycee.nom, &lycee.uai),
    };
    let chef = contexte(app, Some(agents.chef.clone()), quand);
    let administrateur = contexte(app, Some(agents.administrateur.clone()), quand);
    s.mobile(agents.administrateur.compte, "+33639980001").await?;
    let voisin = neighbour(france, ici)?;
    Ok(vec![
        s.carried_over(pays.etablissements[voisin], &france.etablissements[voisin].nom).await?,
        s.shared(&chef).await?,
        s.without_factor().await?,
        s.invited(&administrateur, pays.session).await?,
    ])
}

/// Another establishment of the same region.
fn neighbour(france: &PetiteFrance, ici: usize) -> Result<usize, AppError> {
    let academies: Vec<&str> =
        ["Amiens", "Lille"].iter().filter_map(|a| territoires::academie_par_nom(a)).map(|a| a.code).collect();
    let ouverte = |i: usize| {
        i != ici && france.formations.iter().any(|f| f.etablissement == i && f.session_2024.is_some())
    };
    (0..france.etablissements.len())
        .find(|&i| academies.contains(&france.etablissements[i].academie) && ouverte(i))
        .ok_or_else(|| AppError::Internal("one establishment in Hauts-de-France".to_owned()))
}

impl Semis<'_> {
    fn compte(&self, courriel: &str, prenom: &str, nom: &str, role: Role, etat: EtatCompte) -> NouveauCompte {
        NouveauCompte {
            courriel: format!("{courriel}@parcoursup.example"),
            nom: nom.to_owned(),
            prenom: prenom.to_owned(),
            mot_de_passe: MotDePasse::Hache(self.mot_de_passe.to_owned()),
            roles: vec![Attribution { etablissement: Some(self.lycee.0), ..Attribution::simple(role) }],
            etat,
            totp: None,
        }
    }

    fn personnage(code: &str, c: &NouveauCompte, role: String, accueil: &str) -> Personnage {
        Personnage {
            code: code.to_owned(),
            nom: format!("{} {}", c.prenom, c.nom),
            role,
            courriel: c.courriel.clone(),
            mot_de_passe: Some(MOT_DE_PASSE.to_owned()),
            totp: c.totp.as_ref().map(|t| data_encoding::BASE32_NOPAD.encode(t)),
            accueil: accueil.to_owned(),
        }
    }

    async fn mobile(&self, compte: Option<i64>, numero: &str) -> Result<(), AppError> {
        let permit = self.ctx.permit(Action::GererComptes, &Cible::plateforme())?;
        let tx = self.ctx.begin().await?;
        let compte = base::by_id(&tx, compte.ok_or(AppError::NotFound)?).await?;
        let e = self.ctx.ecriture(&permit);
        let (cle, coffre) = (mobile_key(&self.ctx, numero), &self.app.coffre);
        base::set_mobile_prouve(&tx, &e, coffre, &compte, numero, &cle, self.ctx.recu_ms()).await?;
        tx.commit().await?;
        Ok(())
    }

    /// CPT-4: an administrator of the year before, under the address of a service, with neither mobile nor factor.
    async fn carried_over(&self, etablissement: i64, nom: &str) -> Result<Personnage, AppError> {
        let role = Role::AdminSite;
        let mut c = self.compte("secretariat", "Brigitte", "Morel", role, EtatCompte::ASecuriser);
        c.roles = vec![Attribution { etablissement: Some(etablissement), ..Attribution::simple(role) }];
        let quoi = format!("Administratrice du site, {nom} : compte de 2023 à mettre à jour");
        let p = Self::personnage("a-securiser", &c, quoi, "/connexion/conformite");
        create_compte(&self.ctx, c).await?;
        Ok(p)
    }

    /// CPT-1: an account that several people used; the head named the administrator who takes it over.
    async fn shared(&self, chef: &Ctx) -> Result<Personnage, AppError> {
        let mut secret = vec![0; 20];
        self.app.alea.fill(&mut secret);
        let qui = NouveauCompte {
            totp: Some(secret),
            ..self.compte("admin-reprise", "Sophie", "Legrand", Role::AdminSite, EtatCompte::Actif)
        };
        let partage = NouveauCompte {
            totp: None,
            ..self.compte("bureau-bts", "Bureau", "des BTS", Role::GestAdmin, EtatCompte::ASecuriser)
        };
        let quoi = format!("Administratrice du site, {} : un compte partagé à reprendre", self.lycee.1);
        let p = Self::personnage("admin-reprise", &qui, quoi, "/comptes");
        let ids = create_comptes(&self.ctx, vec![qui, partage]).await?;
        self.mobile(ids.first().copied(), "+33639980002").await?;
        let mut publics = Vec::with_capacity(ids.len());
        for id in &ids {
            let public = base::by_id(&self.app.db, *id).await?.public_id;
            publics.push(PublicId::parse(&public).ok_or(AppError::NotFound)?);
        }
        let [sophie, partage] = publics.as_slice() else { return Err(AppError::NotFound) };
        let gestes = [
            (ActeCompte::DeclarerPartage, "Quatre collègues se servaient de ce compte l’an dernier."),
            (ActeCompte::ConfierReprise, ""),
        ];
        for (acte, motif) in gestes {
            let commande = CommandeActe {
                motif: motif.to_owned(),
                confiee_a: sophie.as_str().to_owned(),
                ..CommandeActe::default()
            };
            act_on_compte(chef, &Garde::default(), partage, acte, &commande).await?;
        }
        Ok(p)
    }

    /// SEC-1: the second factor is set at the first sign-in.
    async fn without_factor(&self) -> Result<Personnage, AppError> {
        let c = self.compte("sans-facteur", "Inès", "Moreau", Role::Lecteur, EtatCompte::Actif);
        let quoi = format!("Lectrice, {} : double authentification à mettre en place", self.lycee.1);
        let p = Self::personnage("sans-facteur", &c, quoi, "/connexion/enrolement");
        create_compte(&self.ctx, c).await?;
        Ok(p)
    }

    /// CPT-5: two courses offered by the administrator; the link waits.
    async fn invited(&self, administrateur: &Ctx, session: i64) -> Result<Personnage, AppError> {
        let cours = base::courses_of(&self.app.db, session, self.lycee.0).await?;
        let commande = CommandeInvitation {
            courriel: "lucie.bernard@parcoursup.example".to_owned(),
            nom: "Bernard".to_owned(),
            prenom: "Lucie".to_owned(),
            role: Some(Role::MembreCev),
            uai: self.lycee.2.to_owned(),
            formations: cours.into_iter().take(2).map(|f| f.public_id).collect(),
            academies: Vec::new(),
        };
        invite(administrateur, &Garde::default(), &commande).await?;
        let messages = list_envois(&self.app.db, &self.app.coffre, 1).await?;
        let lien = messages.first().and_then(|m| link(&m.corps)).ok_or(AppError::NotFound)?;
        Ok(Personnage {
            code: "invitee".to_owned(),
            nom: format!("{} {}", commande.prenom, commande.nom),
            role: format!("Invitée à la commission, {} : n’a pas encore de compte", self.lycee.1),
            courriel: commande.courriel,
            mot_de_passe: None,
            totp: None,
            accueil: lien,
        })
    }
}

/// The path of the invitation that a mail holds.
fn link(corps: &str) -> Option<String> {
    let debut = corps.find("/invitation/")?;
    corps[debut..].split_whitespace().next().map(str::to_owned)
}
