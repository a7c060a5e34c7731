//! The admission engine of Parcoursup, for the platform and for whoever wants to study it.
//!
//! Three computations, each on plain columns of integers, with no clock, no chance, no file and no database:
//!
//! 1. [`ordre_appel`]: from the ranking of a formation and its rates of boursiers and residents, the order in which
//!    candidats are called. Once a year.
//! 2. [`propositions`]: every night, who gets a proposition, what is resigned or answered automatically, and what is
//!    displayed. [`propositions::Journee`] keeps a night for the next one.
//! 3. Two verifiers, [`ordre_appel::verify_ordre_appel`] and [`propositions::verify`], which share no code with the
//!    computations and restate the published properties.
//!
//! Why one voeu got what it got is recounted from both sides by [`explication`].
//!
//! Candidats, groupes, internats and voeux are positions in the caller's lists. The same input gives the same output
//! whatever the number of threads; numbering them otherwise gives the same decisions.
//!
//! ```
//! use engine::ordre_appel::{GroupeClassement, Profil, compute_ordre_appel};
//! use engine::propositions::{Entree, Groupe, Parametres, Statut, Voeu, compute, verify};
//!
//! // Four candidats, at least 25 % of boursiers: the third is boursier and moves up to the first place.
//! let mut classement = GroupeClassement::new(25, 0);
//! for (candidat, boursier) in [false, false, true, false].into_iter().enumerate() {
//!     classement.push(candidat as u32, candidat as i32 + 1, Profil::new(boursier, false));
//! }
//! let ordre = compute_ordre_appel(&classement)?;
//! assert_eq!(ordre.candidats(&classement).collect::<Vec<_>>(), [2, 0, 1, 3]);
//!
//! // The first day, with two places.
//! let mut jour = Entree {
//!     parametres: Parametres {
//!         jour: 1,
//!         jour_fin_reservation_internats: 30,
//!         jour_debut_gdd: 45,
//!         jour_fin_ordonnancement_gdd: 48,
//!     },
//!     nombre_candidats: 4,
//!     groupes: vec![Groupe { groupe_classement: 1, formation: 1, places: 2, ..Groupe::default() }],
//!     ..Entree::default()
//! };
//! for (candidat, rang) in ordre.rangs_appel().into_iter().enumerate() {
//!     jour.voeux.push(Voeu { candidat: candidat as u32, rang_appel: rang as i32, ..Voeu::default() });
//! }
//! let sortie = compute(&jour)?;
//! let proposes: Vec<u32> = sortie.changements.iter().map(|c| c.voeu).collect();
//! assert_eq!(proposes, [0, 2]);
//! assert!(sortie.changements.iter().all(|c| c.statut == Statut::PropositionDuJour));
//! assert_eq!(sortie.rangs_attente, [0, 1, 0, 2]);
//!
//! // Nothing is published before the independent verifier has found nothing.
//! assert!(verify(&jour, &sortie).is_empty());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#![deny(missing_docs)]

mod bits;
pub mod explication;
pub mod ordre_appel;
pub mod propositions;
