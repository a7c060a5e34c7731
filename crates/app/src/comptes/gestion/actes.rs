//! What those who look after an account may do with it: one road for every act.

use domain::comptes::{EtatCompte, Role, require_ecart, require_successeur};
use domain::droits::{Action, Attribution, Cible, Denial, Permit, may_invite};
use domain::{PublicId, RuleViolation};
use jiff::Timestamp;
use serde_json::json;
use store::Tx;
use store::comptes as base;

use super::fiche::{Charge, load};
use super::liste::instant;
use crate::comptes::courriels;
use crate::comptes::invitations::same_role;
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::idempotence::{Garde, Recepisse, deja_fait, emettre, hash};
use crate::journal::{Acte, record};
use crate::motif::read_motif;

/// An act on somebody's account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActeCompte {
    /// Withdraw some of its roles, add one.
    ChangerRoles,
    /// MDP-5: the password may be known to somebody else.
    ForcerMotDePasse,
    /// LIM-6: the second factor is lost.
    RetirerFacteur,
    /// Second agent of a withdrawal.
    ValiderRetrait,
    /// Give a waiting withdrawal up.
    AnnulerRetrait,
    /// Nobody signs in with it any more; nothing is erased.
    Suspendre,
    /// Ends a suspension.
    Reactiver,
    /// Erases what identifies and opens; history stays.
    Supprimer,
    /// Carried over, and used by several people until then.
    DeclarerPartage,
    /// Names who takes a shared account over.
    ConfierReprise,
    /// Takes over a shared account that one was named for.
    Reprendre,
}

impl ActeCompte {
    /// Every act, in the order of the page.
    pub const ALL: [Self; 11] = [
        Self::ChangerRoles,
        Self::ForcerMotDePasse,
        Self::RetirerFacteur,
        Self::ValiderRetrait,
        Self::AnnulerRetrait,
        Self::Suspendre,
        Self::Reactiver,
        Self::Supprimer,
        Self::DeclarerPartage,
        Self::ConfierReprise,
        Self::Reprendre,
    ];

    /// Word of the address, and code of the receipt.
    pub const fn code(self) -> &'static str {
        match self {
            Self::ChangerRoles => "roles",
            Self::ForcerMotDePasse => "mot-de-passe",
            Self::RetirerFacteur => "facteur",
            Self::ValiderRetrait => "valider-retrait",
            Self::AnnulerRetrait => "annuler-retrait",
            Self::Suspendre => "suspendre",
            Self::Reactiver => "reactiver",
            Self::Supprimer => "supprimer",
            Self::DeclarerPartage => "declarer-partage",
            Self::ConfierReprise => "confier-reprise",
            Self::Reprendre => "reprendre",
        }
    }

    /// The act of a word.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|a| a.code() == code)
    }

    /// The right to do it, with a second step of a few minutes at most (HAB-7).
    pub(super) fn permit(self, ctx: &Ctx, c: &Charge) -> Result<Permit, AppError> {
        ctx.permit(Action::GererComptes, &self.entitled(ctx, c)?)
    }

    /// Over what the right is asked, for whoever has it: what decides whether a page shows the act.
    pub(super) fn entitled(self, ctx: &Ctx, c: &Charge) -> Result<Cible, AppError> {
        let refus = Denial { action: Action::GererComptes, connu: true };
        match self {
            Self::ChangerRoles => c.over_roles(ctx),
            Self::ConfierReprise => Ok(c.nomme(ctx)?.ok_or(refus)?),
            Self::Reprendre if c.is_entrusted(ctx) => c.over_roles(ctx),
            Self::Reprendre => Err(refus.into()),
            _ => c.over_account(ctx),
        }
    }

    /// Whether the account is in a state where it means something.
    pub(super) fn check(
        self,
        c: &Charge,
        retrait: Option<&base::LigneRetrait>,
        ctx: &Ctx,
    ) -> Result<(), AppError> {
        let etat = c.etat()?;
        let partage = c.vie.partage_annee.is_some();
        let possible = match self {
            Self::ChangerRoles => !partage,
            Self::ForcerMotDePasse => c.compte.mot_de_passe.is_some() && etat.may_sign_in(),
            Self::RetirerFacteur => c.facteur && retrait.is_none(),
            Self::ValiderRetrait => retrait.is_some_and(|r| Some(r.demande_par) != ctx.acteur.compte),
            Self::AnnulerRetrait => retrait.is_some(),
            Self::Suspendre => etat.may_sign_in(),
            Self::Reactiver => etat == EtatCompte::Suspendu && !partage,
            Self::Supprimer => !partage,
            Self::DeclarerPartage => etat == EtatCompte::ASecuriser,
            Self::ConfierReprise => partage && c.vie.repris_par.is_none(),
            Self::Reprendre => partage && c.is_entrusted(ctx),
        };
        if possible {
            return Ok(());
        }
        if self == Self::ValiderRetrait && retrait.is_some() {
            return Err(RuleViolation::DeuxAgents.into());
        }
        let code = if partage { "partage" } else { etat.code() };
        Err(RuleViolation::EtatDuCompte { etat: code }.into())
    }
}

/// What the form of an act says.
#[derive(Debug, Clone, Default)]
pub struct CommandeActe {
    /// Why, kept with the act.
    pub motif: String,
    /// How the identity of the person was checked: `presence`, `rappel` or `ligne_officielle`.
    pub controle: String,
    /// Identifiers of the roles that stay.
    pub gardes: Vec<String>,
    /// Role to add, if any.
    pub ajout: Option<Role>,
    /// Public identifiers of courses of the session.
    pub formations: Vec<String>,
    /// Public identifier of the administrator who takes the account over.
    pub confiee_a: String,
}

/// Does one act on an account.
///
/// # Errors
/// [`AppError::Denied`] out of reach, [`AppError::Rule`] when the state of the account or of the establishment forbids
/// it, [`AppError::Invalid`] for what the form lacks, [`AppError::Conflict`] when the account changed meanwhile.
pub async fn act_on_compte(
    ctx: &Ctx,
    garde: &Garde,
    id: &PublicId,
    acte: ActeCompte,
    commande: &CommandeActe,
) -> Result<Recepisse, AppError> {
    let demande = format!("compte|{id}|{}|{}", acte.code(), hash(&format!("{commande:?}")));
    let tx = ctx.begin().await?;
    if let Some(recepisse) = deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(recepisse);
    }
    let charge = load(ctx, &tx, id).await?;
    let permit = acte.permit(ctx, &charge)?;
    garde.check_version(charge.compte.version)?;
    let retrait = base::pending_withdrawal(&tx, charge.compte.id).await?;
    acte.check(&charge, retrait.as_ref(), ctx)?;
    let geste = Geste { ctx, tx: &tx, permit: &permit, charge: &charge, commande };
    let apres = geste.apply(acte, retrait).await?;
    let avant = json!({ "etat": charge.compte.etat, "roles": charge.roles.len() });
    let objet = Acte {
        objet: "compte",
        objet_id: &charge.compte.public_id,
        avant: Some(avant),
        apres: Some(apres.clone()),
    };
    record(&tx, ctx, &permit, &objet).await?;
    let code = format!("compte_{}", acte.code().replace('-', "_"));
    let recepisse = emettre(&tx, ctx, garde, &demande, &code, None, &apres).await?;
    tx.commit().await?;
    Ok(recepisse)
}

/// One act under way.
struct Geste<'a> {
    ctx: &'a Ctx,
    tx: &'a Tx,
    permit: &'a Permit,
    charge: &'a Charge,
    commande: &'a CommandeActe,
}

impl Geste<'_> {
    async fn apply(
        &self,
        acte: ActeCompte,
        retrait: Option<base::LigneRetrait>,
    ) -> Result<serde_json::Value, AppError> {
        let (tx, ctx, compte) = (self.tx, self.ctx, &self.charge.compte);
        let e = ctx.ecriture(self.permit);
        Ok(match acte {
            ActeCompte::Suspendre => {
                let motif = self.motif()?;
                base::set_etat(tx, &e, compte, EtatCompte::Suspendu, &motif).await?;
                base::delete_sessions_web(tx, compte.id).await?;
                self.tell(&courriels::compte_suspendu(ctx)).await?;
                json!({ "etat": "suspendu" })
            }
            ActeCompte::Reactiver => {
                self.motif()?;
                let etat = base::etat_avant(tx, compte.id).await?.unwrap_or(EtatCompte::Actif);
                base::set_etat(tx, &e, compte, etat, "").await?;
                self.tell(&courriels::compte_reactive(ctx)).await?;
                json!({ "etat": etat.code() })
            }
            ActeCompte::ForcerMotDePasse => {
                self.motif()?;
                base::revoke_passwords(tx, &e, &[compte.id]).await?;
                self.tell(&courriels::mot_de_passe_a_changer(ctx)).await?;
                json!({ "change": "mot_de_passe_annule" })
            }
            ActeCompte::RetirerFacteur => self.withdraw_factor().await?,
            ActeCompte::ValiderRetrait => {
                let r = retrait.ok_or(AppError::Conflict)?;
                self.require_gap()?;
                base::end_withdrawal(tx, &e, r.id, true).await?;
                self.clear_factor().await?;
                json!({ "second_facteur": "retire", "demande_par": r.demande_par })
            }
            ActeCompte::AnnulerRetrait => {
                let r = retrait.ok_or(AppError::Conflict)?;
                base::end_withdrawal(tx, &e, r.id, false).await?;
                json!({ "retrait": "annule" })
            }
            ActeCompte::Supprimer => {
                self.motif()?;
                self.require_successor(&self.charge.administres()?).await?;
                // Before the address goes.
                self.tell(&courriels::compte_supprime(ctx)).await?;
                base::remove(tx, &e, compte).await?;
                json!({ "etat": "supprime" })
            }
            ActeCompte::ChangerRoles => self.change_roles().await?,
            ActeCompte::DeclarerPartage => {
                self.motif()?;
                let annee = self.charge.session.annee - 1;
                base::set_partage(tx, &e, compte, annee).await?;
                json!({ "partage": annee })
            }
            ActeCompte::ConfierReprise => self.entrust().await?,
            ActeCompte::Reprendre => self.take_over().await?,
        })
    }

    fn motif(&self) -> Result<String, AppError> {
        read_motif(self.ctx, &self.commande.motif, "motif")
    }

    async fn tell(&self, courriel: &courriels::Courriel) -> Result<(), AppError> {
        let c = &self.charge.compte;
        courriels::enqueue(self.tx, self.ctx, Some(c.id), &c.courriel, courriel).await
    }

    /// CPT-8.
    async fn require_successor(&self, administres: &[i64]) -> Result<(), AppError> {
        for etablissement in administres {
            let autres = base::other_administrators(self.tx, *etablissement, self.charge.compte.id).await?;
            require_successeur(true, autres)?;
        }
        Ok(())
    }

    fn require_gap(&self) -> Result<(), AppError> {
        let changee: Option<Timestamp> = self.charge.vie.adresse_changee_le.map(instant);
        let heures = self.ctx.app.limites.ecart_facteur_adresse_h;
        Ok(require_ecart(changee, self.ctx.recu_le, heures)?)
    }

    /// LIM-6: in the establishment, one act; by the services above it, and for its last administrator, two agents.
    async fn withdraw_factor(&self) -> Result<serde_json::Value, AppError> {
        let sur_place = self.permit.role().is_over_etablissement();
        if sur_place {
            for etablissement in self.charge.administres()? {
                if base::other_administrators(self.tx, etablissement, self.charge.compte.id).await? == 0 {
                    return Err(RuleViolation::FacteurDuDernierAdministrateur.into());
                }
            }
        }
        self.require_gap()?;
        let motif = self.motif()?;
        let admis: &[&'static str] = if sur_place { &["presence", "rappel"] } else { &["ligne_officielle"] };
        let Some(controle) = admis.iter().find(|c| **c == self.commande.controle) else {
            let message = "Vérifiez d’abord l’identité de la personne, puis cochez comment vous l’avez fait.";
            return Err(AppError::Invalid(vec![("controle", message.to_owned())]));
        };
        let par = self.permit.compte().ok_or(AppError::NotFound)?;
        let retrait = base::NouveauRetrait {
            compte: self.charge.compte.id,
            motif: &motif,
            controle,
            demande_par: par,
            fait: sur_place,
        };
        base::insert_withdrawal(self.tx, &self.ctx.ecriture(self.permit), &retrait).await?;
        if sur_place {
            self.clear_factor().await?;
        }
        Ok(
            json!({ "second_facteur": if sur_place { "retire" } else { "retrait_demande" }, "controle": controle }),
        )
    }

    async fn clear_factor(&self) -> Result<(), AppError> {
        let (ctx, compte) = (self.ctx, &self.charge.compte);
        base::clear_factors(self.tx, &ctx.ecriture(self.permit), compte, ctx.recu_ms()).await?;
        base::delete_sessions_web(self.tx, compte.id).await?;
        self.tell(&courriels::facteur_retire(ctx)).await
    }

    async fn change_roles(&self) -> Result<serde_json::Value, AppError> {
        let (tx, ctx, c) = (self.tx, self.ctx, self.charge);
        let e = ctx.ecriture(self.permit);
        let mut retires = Vec::new();
        for r in &c.roles {
            if c.manages(ctx, r)? && !self.commande.gardes.contains(&r.public_id) {
                retires.push(r);
            }
        }
        let neuves = self.added_roles().await?;
        if retires.len() == c.roles.len() && neuves.is_empty() {
            let message =
                "Gardez ou ajoutez au moins un rôle. Si la personne n’intervient plus, supprimez son compte.";
            return Err(AppError::Invalid(vec![("gardes", message.to_owned())]));
        }
        let garde_admin = |etablissement: Option<i64>| {
            c.roles.iter().any(|r| {
                r.etablissement_id == etablissement
                    && !retires.iter().any(|x| x.id == r.id)
                    && r.role().is_ok_and(Role::needs_mobile)
            })
        };
        let mut degrades = Vec::new();
        for r in &retires {
            if r.role()?.needs_mobile() && !garde_admin(r.etablissement_id) {
                degrades.extend(r.etablissement_id);
            }
        }
        self.require_successor(&degrades).await?;
        for r in &retires {
            base::withdraw_attribution(tx, &e, r.id).await?;
        }
        let paires: Vec<(i64, &Attribution)> = neuves.iter().map(|a| (c.compte.id, a)).collect();
        base::insert_attributions(tx, &e, &paires).await?;
        if !retires.is_empty() || !neuves.is_empty() {
            self.tell(&courriels::roles_changes(ctx)).await?;
        }
        let codes = |roles: Vec<&str>| roles.join(",");
        Ok(json!({
            "retires": codes(retires.iter().map(|r| r.role.as_str()).collect()),
            "ajoutes": codes(neuves.iter().map(|a| a.role.code()).collect()),
        }))
    }

    /// The attributions of the role to add, if any, that the account does not have yet.
    async fn added_roles(&self) -> Result<Vec<Attribution>, AppError> {
        let c = self.charge;
        let Some(role) = self.commande.ajout else { return Ok(Vec::new()) };
        let lieu = c.roles.iter().find(|r| may_invite(&self.ctx.acteur, role, &r.cible()));
        let Some(etablissement) = lieu.and_then(|r| r.etablissement_id) else {
            return Err(AppError::Invalid(vec![("ajout", "Choisissez un rôle de la liste.".to_owned())]));
        };
        let simple = Attribution { etablissement: Some(etablissement), ..Attribution::simple(role) };
        let siens = base::attributions(self.tx, c.compte.id).await?;
        let neuve = |a: &Attribution| !siens.iter().any(|s| same_role(s, a));
        if !role.is_over_courses() {
            return Ok(Some(simple).into_iter().filter(neuve).collect());
        }
        let offertes = base::courses_of(self.tx, c.session.id, etablissement).await?;
        let choisies: Vec<Attribution> = offertes
            .iter()
            .filter(|f| self.commande.formations.contains(&f.public_id))
            .map(|f| Attribution { formation: Some(f.id), ..simple.clone() })
            .collect();
        if choisies.len() < self.commande.formations.len() {
            let message = "Une formation choisie n’est plus proposée : elle est fermée, retirée ou d’un autre \
                           établissement. Vérifiez les autres, puis recommencez.";
            return Err(AppError::Invalid(vec![("formations", message.to_owned())]));
        }
        if choisies.is_empty() {
            let message =
                "Choisissez au moins une formation : ce rôle ne donne accès qu’à celles que vous cochez.";
            return Err(AppError::Invalid(vec![("formations", message.to_owned())]));
        }
        Ok(choisies.into_iter().filter(neuve).collect())
    }

    async fn entrust(&self) -> Result<serde_json::Value, AppError> {
        let faute = || {
            let message = "Choisissez l’administrateur de la liste qui reprendra ce compte.";
            AppError::Invalid(vec![("confiee_a", message.to_owned())])
        };
        let etablissement =
            self.charge.nomme(self.ctx)?.and_then(|c| c.etablissement).ok_or(AppError::NotFound)?;
        let administrateurs = base::administrators_of(self.tx, etablissement).await?;
        let a = administrateurs.iter().find(|a| a.public_id == self.commande.confiee_a).ok_or_else(faute)?;
        base::entrust(self.tx, &self.ctx.ecriture(self.permit), &self.charge.compte, a.id).await?;
        let avis = courriels::reprise_confiee(self.ctx);
        courriels::enqueue(self.tx, self.ctx, Some(a.id), &a.courriel, &avis).await?;
        Ok(json!({ "reprise_confiee_a": a.public_id }))
    }

    /// The roles of the shared account become those of the person; what was done with it stays done by it.
    async fn take_over(&self) -> Result<serde_json::Value, AppError> {
        let (tx, c) = (self.tx, self.charge);
        let e = self.ctx.ecriture(self.permit);
        let par = self.ctx.acteur.compte.ok_or(AppError::NotFound)?;
        let partagees = base::attributions(tx, c.compte.id).await?;
        base::take_over(tx, &e, &c.compte, par).await?;
        let siens = base::attributions(tx, par).await?;
        let neuves: Vec<(i64, &Attribution)> =
            partagees.iter().filter(|a| !siens.iter().any(|s| same_role(s, a))).map(|a| (par, a)).collect();
        base::insert_attributions(tx, &e, &neuves).await?;
        Ok(json!({ "repris": true, "roles": neuves.len() }))
    }
}
