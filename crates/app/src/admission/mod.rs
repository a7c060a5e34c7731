//! Admission: rates, call orders, the day's propositions, publication by a second person.
//!
//! A run reads one frozen state, computes, verifies, writes its result apart; nothing of it can be read by candidates
//! before publication (TPS-6). It holds the writer for some tenths of a second at a time; interrupted, it leaves an
//! abandoned run, which nothing reads (RUN-2).

mod annonces;
mod demander;
mod engagements;
mod enregistrer;
mod explications;
mod expliquer;
mod jour;
mod ordre_appel;
mod pourquoi;
mod proces_verbal;
mod proces_verbaux;
mod programmer;
mod publier;
mod publies;
mod retenues;
mod retrait;
mod sceau;
mod taux;
mod un_jour;
mod vues;

pub(crate) use annonces::mail_id;
pub use annonces::{annoncer_propositions, annoncer_retrait};
pub(crate) use demander::executer_calcul;
pub use demander::{Avancement, SuiviCalcul, demander_calcul, suivi_calcul};
pub(crate) use engagements::{COLONNES_APPELES, COLONNES_GROUPES};
pub use engagements::{
    Chemin, Declaration, EcartRecu, Inscription, JourPublie, Recu, RecuDuVoeu, RecuVerifie, Registre,
    SecretPassage, Temoignage, derniers_appeles_publics, exporter_secrets, groupes_publics, recu_du_candidat,
    recu_pour, registre, temoigner, verifier_engagements, verify_engagements, verify_recu, verify_registre,
};
pub use explications::{BilanExplications, verifier_explications, verify_explications};
pub use expliquer::{ExplicationVoeu, expliquer_voeu};
pub use jour::calculer_propositions;
pub(crate) use jour::{Lecture, read_next_day};
pub use ordre_appel::calculer_ordre_appel;
pub use phrases::{Personne, Texte};
pub use pourquoi::{
    EtatExplication, ExplicationVue, PartieExplication, demander_explication, explication_du_candidat,
};
pub(crate) use pourquoi::{explain_asked, plan_rest, purge_explications};
pub use proces_verbal::{Chaine, Ecart, EcartProcesVerbal, Lecteur, Maillon, PassageRejoue, verify_chain};
pub use proces_verbaux::{
    BilanProcesVerbaux, cle_publique, exporter_proces_verbaux, piece, verifier_proces_verbaux,
};
pub use programmer::{deprogrammer_publication, programmer_publication, publier_programmees};
pub use publier::{abandonner_passage, publier_passage};
pub use publies::verifier_publies;
pub use retenues::{Levee, RETENUS_MONTRES, Retenue, groupes_leves, groupes_retenus, lever_retenue};
pub use retrait::{
    ApercuRetrait, DemandeRetrait, Devenirs, FormationDuJour, LigneRetrait, RETRAIT_MAX, apercu_retrait,
    calculer_retrait, formations_a_retirer,
};
pub use sceau::{Bilan, BilanRetrait, GroupeEcarte, GroupeRetenu};
pub(crate) use sceau::{is_texte_signed, read_bilan, sign_texte, write_json};
pub use taux::{
    FicheTaux, FiltreTaux, LigneTaux, NouveauTaux, PageTaux, TauxParFamille, fixer_taux,
    fixer_taux_manquants, liste_taux, manquants_par_famille, taux,
};
pub use un_jour::{BilanJour, un_jour};
pub use vues::{
    Comptes, Ecarte, LigneGroupe, Passage, Possibilite, Programmation, TableauNational, groupes_du_passage,
    groupes_ecartes, passage, passages, tableau_national,
};

use domain::droits::Cible;

use crate::contexte::Ctx;
use crate::sessions::SessionAdmission;

/// Version of the code that computes, kept with each run (R-ADM-18): that of the program, then the fingerprint of the sources that
/// decide. Records of before it name the program alone.
pub const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), "+", env!("SOURCES_QUI_DECIDENT"));

/// Tells the database how large things have become; a plan made for empty tables reads everything. Best effort.
async fn refresh_statistics(ctx: &Ctx) {
    if let Err(cause) = ctx.app.db.analyze().await {
        tracing::warn!(%cause, "statistiques de la base non rafraîchies");
    }
}

/// What the rights of the national team are about.
pub(crate) fn cible(session: &SessionAdmission) -> Cible {
    session.cible()
}
