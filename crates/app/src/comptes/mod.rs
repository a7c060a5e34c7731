//! Comptes: sign-in, second factor, registration, forgotten password.

mod acceptation;
mod conformite;
mod connexion;
mod courriels;
mod creer;
mod derogations;
mod enrolement;
mod gestion;
mod hachage;
mod inactivite;
mod informations;
mod inscription;
mod invitations;
mod mot_de_passe;
mod oubli;
mod purge;
mod second_facteur;
mod session;
mod tentatives;
mod totp;

pub use acceptation::{
    CommandeAcceptation, InvitationRecue, accept_invitation, accept_with_account, check_invitation,
};
pub use conformite::{Conformite, give_mobile, request_conforming_address, view_conformite};
pub use connexion::{Connexion, sign_in};
pub use creer::{MotDePasse, NouveauCompte, create_compte, create_comptes, create_comptes_in};
pub use derogations::{
    DerogationVue, decide_derogation, list_derogations, request_derogation, view_derogation,
};
pub use enrolement::{CommandeEnrolement, Enrolement, Facteur, enrol, prepare_enrolement};
pub use gestion::{
    ActeCompte, CommandeActe, CompteListe, FicheCompte, FiltreListe, InvitationListe, ListeComptes,
    RetraitVu, RoleVu, SecuriteVue, act_on_compte, lift_securite, list_comptes, require_no_safety,
    secure_etablissement, view_compte, view_securite,
};
pub use hachage::Bassin;
pub use inactivite::{BilanInactivite, suspend_inactifs};
pub use informations::{
    InfosPersonnelles, Preuve, change_mobile, change_nom, change_password, check_address, confirm_address,
    leave, request_address, view_informations,
};
pub use inscription::{CommandeInscription, check_inscription, complete_inscription, request_inscription};
pub use invitations::{
    ChoixPropose, CommandeInvitation, FormulaireInvitation, cancel_invitation, invite, prepare_invitation,
    resend_invitation, view_invitation,
};
pub use oubli::{check_reset, request_reset, reset_password};
pub use purge::{BilanPurge, purge_comptes};
pub use second_facteur::{Verification, verify_code};
pub use session::{
    EtapeConnexion, SessionVue, close_session, needs_second_factor, open_session, resolve_session, sign_out,
};
pub use totp::totp_code;
