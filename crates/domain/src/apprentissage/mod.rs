//! Apprenticeship courses of the national catalogue: one record a course, its publication status, and what a day of the flow
//! changes (`domaine.md` §11). The flow says what exists; the academic service says what may be published.

mod constat;
mod decider;
mod delta;
mod fiche;
mod journee;
mod perimetre;
mod rapprochement;
mod redaction;
mod registres;
mod statut;
mod tardive;

pub use constat::{Constat, constats};
pub use decider::{Candidate, decide, keep};
pub use delta::{
    Connue, Decision, Delta, Etendue, Flux, Issue, Passage, Restructuration, Role, SeuilRetraits, delta,
    evalue,
};
pub use fiche::{
    Appariement, Champ, Changement, Complement, Fiche, Lieu, Moment, Organisme, Periode, Point, Porteur,
    UaiComplete, changements, check_appariement, is_siret_coherent, parse_siret,
};
pub use journee::{ActeJournee, EtatJournee};
pub use perimetre::{Acces, Critere, Eligibilite, LignePerimetre, Perimetre, Regle, RegleError};
pub use rapprochement::{ChoixRapprochement, Declaree, Indice, etablissements, nom_commun, rapproche};
pub use registres::{Diplome, OrganismeConnu, Registres, choose_nom, choose_organisme, sought};
pub use statut::{ActeurStatut, Statut};
pub use tardive::ouverture_tardive;
