//! Comptes: sign-in, second factor, registration, forgotten password.

mod acceptation;
mod cles;
mod codes;
mod conformite;
mod connexion;
mod connus;
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
mod mots_courants;
mod moyens;
mod oubli;
mod purge;
mod reglages;
mod second_facteur;
mod securite;
mod session;
mod suites;
mod tentatives;
mod totp;

pub use acceptation::{
    CommandeAcceptation, InvitationRecue, accept_invitation, accept_with_account, check_invitation,
};
pub use cles::{add_passkey, remove_passkey, start_passkey, start_verification};
pub use codes::{confirm_mobile, renew_codes, send_code, send_mobile_code};
pub use conformite::{
    Conformite, confirm_conforming_mobile, give_mobile, request_conforming_address, view_conformite,
};
pub use connexion::{Connexion, sign_in};
pub use connus::{DemandeGardee, keep_request, kept_request};
pub(crate) use connus::{is_usual_network, network_key};
pub use creer::{MotDePasse, NouveauCompte, create_compte, create_comptes, create_comptes_in};
pub use derogations::{
    DerogationVue, decide_derogation, list_derogations, request_derogation, view_derogation,
};
pub use enrolement::{
    CommandeEnrolement, Enrolement, Facteur, enrol, enrol_passkey, postpone_enrolement, prepare_enrolement,
};
pub(crate) use gestion::COLONNES_RESPONSABLES;
pub use gestion::{
    ActeCompte, CommandeActe, CompteListe, CoursPropose, FicheCompte, FiltreListe, FiltreResponsables,
    InvitationListe, ListeComptes, ListeResponsables, ListeSansResponsable, Responsable, RetraitVu, RoleVu,
    SansResponsable, SecuriteVue, act_on_compte, export_responsables, lift_securite, list_comptes,
    list_responsables, list_sans_responsable, require_no_safety, secure_etablissement, view_compte,
    view_securite,
};
pub use hachage::{Bassin, File, Place};
pub use inactivite::{BilanInactivite, suspend_inactifs};
pub(crate) use informations::own as own_account;
pub use informations::{
    InfosPersonnelles, MobileDemande, Preuve, change_mobile, change_nom, change_password, check_address,
    confirm_address, leave, request_address, view_informations,
};
pub use inscription::{CommandeInscription, check_inscription, complete_inscription, request_inscription};
pub use invitations::{
    ChoixPropose, CommandeInvitation, FormulaireInvitation, cancel_invitation, invite, prepare_invitation,
    resend_invitation, view_invitation,
};
pub(crate) use mot_de_passe::platform_permit;
pub(crate) use moyens::mobile_key;
pub(crate) use oubli::read_address;
pub use oubli::{check_reset, request_reset, reset_password};
pub use purge::{BilanPurge, purge_comptes};
pub use reglages::{
    Appareil, Cle, Reglages, add_authenticator, close_one, forget_browsers, prepare_authenticator,
    security_page, sign_out_everywhere,
};
pub use second_facteur::{Choix, Verification, second_step_choices, verify_code};
pub use securite::{Decision, Securite, decide_security, security_settings};
pub use session::{
    EtapeConnexion, SessionFinie, SessionVue, close_session, ended_session, needs_second_factor,
    open_session, resolve_session, sign_out,
};
pub use suites::tell_expired_invitations;
pub(crate) use tentatives::Tentative;
pub use totp::{PAS_S, totp_code};
