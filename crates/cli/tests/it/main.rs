//! The program, run as its users run it: one binary, so that the workspace is linked once.

mod admission;
mod commun;
mod conformite;
mod demo;
mod doctor;
mod documents;
mod gel;
mod import;
mod moteur;
mod sauvegarde;
mod servir;
mod verifier;
