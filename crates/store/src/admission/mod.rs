//! Admission: rates, call orders, runs, propositions. Bulk statements only: a run holds millions of rows.

mod automatiques;
mod engagements;
mod explications;
mod internats;
mod jour;
mod ordre;
mod passages;
mod publication;
mod retenues;
mod retraits;
mod taux;

pub use automatiques::{insert_passage_automatiques, load_passage_automatiques, move_automatically};
pub use engagements::{
    Engagement, GroupeNomme, LigneEngagement, LigneTemoignage, NouvelEngagement, VoeuEngage,
    derniere_declaration, engagement, engagements_publics, groupes_nommes, insert_engagement,
    insert_temoignage, passages_engages, temoignages, voeu_engage,
};
pub use explications::{
    Explication, ExplicationDemandee, JourExplicable, explication, explications_demandees,
    explications_depuis, insert_explication, jours_explicables, purge_explications, refuse_explications,
    save_explication,
};
pub(crate) use internats::school_of_wish;
pub use internats::{
    InternatClasse, InternatJour, VoeuEnInternat, barres_passees, insert_internat_jour, internats,
    load_internat_jour, voeux_en_internat,
};
pub use jour::{
    GroupeAffectation, GroupeJour, VoeuDuJour, groupes_affectation, insert_groupe_jour,
    insert_passage_propositions, insert_rangs_attente, load_groupe_jour, load_passage_propositions,
    load_rangs_attente, tranches_de_voeux, voeux_du_jour,
};
pub use ordre::{
    CandidatScelle, GroupeAClasser, LigneOrdre, candidats_scelles, groupes_a_classer, insert_ordre_appel,
    load_ordre_appel, rangs_de_classements, voeux_classes,
};
pub use passages::{
    Comptes, LigneGroupe, LignePassage, NomGroupe, NouveauPassage, PublicationDue, VoeuNomme, comptes,
    en_attente_de_publication, groupes_du_passage, insert_passage, lock_passages, noms_groupes, passage,
    passage_en_vigueur, passages, publications_dues, refuse_programme, set_abandonne, set_bilan, set_calcule,
    set_programme, set_publie, voeux_nommes,
};
pub use publication::{
    Annonce, NouvelleProposition, annonces, insert_propositions, load_propositions, open_waiting_list,
    propose_voeux, proposition_sans_publication,
};
pub use retenues::{DeclareGroupe, LigneLevee, declares, insert_levee, levees};
pub use retraits::{
    AnnonceRetrait, DemissionCausee, FormationDuJour, GroupeRetabli, JourDuGroupe, NomFormation,
    PropositionDuGroupe, RangDuVoeu, annonces_retrait, demissions_causees, formations_du_jour,
    groupes_retablis, jours_des_formations, noms_formations, propositions_depuis, rangs_du_groupe,
    retablir_demissions, retirer_jours, retirer_propositions, retrait_calcule, retrait_publie,
};
pub use taux::{
    FiltreTaux, GroupeTaux, boursiers_scelles, count_taux, groupe_taux, groupes_lies, list_taux, set_taux,
    set_taux_manquants,
};

use domain::droits::Scope;
use sea_orm::Value;

/// Rows read at a time: enough to be fast, little enough to stay in memory.
const LOT: i64 = 50_000;

/// The name of a course (`f`, a `formation_session`), with what tells it from others of the same label.
const NOM_FORMATION: &str = "f.libelle || CASE WHEN f.detail = '' THEN '' ELSE ' – ' || f.detail END";

/// To whom a proposition (`p`) is told, and of what: candidate, account, wish, course and its establishment (`c`, `k`, `v`, `f`, `e`).
const DESTINATAIRE: &str = "JOIN candidat c ON c.id = p.candidat_id
             JOIN compte k ON k.id = c.compte_id
             JOIN voeu v ON v.id = p.voeu_id
             JOIN formation_session f ON f.id = v.formation_session_id
             LEFT JOIN etablissement_session e ON e.etablissement_id = f.etablissement_id AND e.session_id = f.session_id";

/// The condition that keeps the courses (`f`, a `formation_session`) of a perimeter; its parameters are added.
fn perimetre(scope: &Scope, valeurs: &mut Vec<Value>) -> String {
    let portee = scope.portee();
    if portee.tout {
        return "1 = 1".to_owned();
    }
    let mut clauses = Vec::new();
    let mut dans = |colonne: &str, liste: Vec<Value>| {
        if !liste.is_empty() {
            let places: Vec<String> = liste
                .into_iter()
                .map(|v| {
                    valeurs.push(v);
                    format!("${}", valeurs.len())
                })
                .collect();
            clauses.push(format!("{colonne} IN ({})", places.join(", ")));
        }
    };
    dans("f.etablissement_id", portee.etablissements.iter().map(|&e| e.into()).collect());
    dans("f.formation_id", portee.formations.iter().map(|&x| x.into()).collect());
    dans("f.academie", portee.academies.iter().map(|a| a.clone().into()).collect());
    if clauses.is_empty() { "1 = 0".to_owned() } else { format!("({})", clauses.join(" OR ")) }
}
