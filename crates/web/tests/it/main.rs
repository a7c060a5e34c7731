//! Pages and routes through the router, without a socket: one binary, so that the workspace is linked once.

#[expect(clippy::unwrap_used, reason = "helpers of tests: a failure must stop the test")]
#[path = "../../src/components/verification.rs"]
mod verification;

mod academie;
mod accueil;
mod actualites;
mod api;
mod api_ensemble;
mod api_informations;
mod apprentissage;
mod assistance;
mod attaque;
mod brouillons;
mod candidat;
mod champs;
mod classements;
mod commun;
mod comptes;
mod controle;
mod debits;
mod delegations;
mod demandes;
mod dev;
mod echeances;
mod etablissement;
mod exigences;
mod exploitation;
mod gel;
mod gestion_description;
mod gestion_formations;
mod gestion_lot;
mod guide;
mod horloge;
mod interfaces;
mod internats;
mod journal;
mod journees_catalogue;
mod national;
mod offre_ouverte;
mod ordonnancement;
mod parcours_droits;
mod pourquoi;
mod prolongations;
mod public_formations;
mod recapitulatif;
mod references;
mod regroupement;
mod rejeu;
mod relecture;
mod routes;
mod seances;
mod securite;
mod transparence;
