//! What every page stands on: state, request context, received forms, errors, route table.

mod appareil;
mod attente;
mod bornes;
pub(crate) mod brouillons;
mod champs;
pub(crate) mod contact;
mod contexte;
mod erreur;
mod etat;
mod fichier;
mod observation;
mod recu;
mod requete;
mod reseau;
mod table;
mod temoins;

pub(crate) use bornes::receive;
pub use contexte::contexte;
pub use erreur::{Erreur, Resultat, refuse};
pub use etat::{Demo, EtatWeb, Interne, Mesures, Persona};
pub use fichier::{CALENDRIER, CSV, document, fichier, is_known, lit_format, tableur};
pub use observation::observe;
pub(crate) use recu::paires;
pub use recu::{Recu, RecuFichier, RecuFichiers, RecuSansJeton, Rejet};
pub use requete::{Requete, comes_back, is_coming_back, lit_page, redirige};
pub(crate) use requete::{avec_criteres, critere, encode, query, received_context};
pub(crate) use reseau::client as adresse_cliente;
pub use table::{Acces, Ligne, Table};
pub use temoins::{cookie_navigateur, cookie_session, efface_session};
