//! What each act is called, on its receipt and in the journal: one name for a code.

/// What a receipt says was done, from the code of the act.
pub fn acte(code: &str) -> String {
    // A code that is named nowhere is still readable.
    acte_nomme(code).map_or_else(|| super::capitale(&code.replace('_', " ")), str::to_owned)
}

/// The same; nothing for what is no act.
pub fn acte_nomme(code: &str) -> Option<&'static str> {
    Some(match code {
        "abandonner_passage" => "Abandon d’un passage",
        "accepter_proposition" => "Acceptation d’une proposition",
        "activer_repondeur" => "Activation du répondeur automatique",
        "ajouter_voeu" => "Ajout d’un vœu",
        "calculer_ordre_appel" => "Calcul des ordres d’appel",
        "calculer_propositions" => "Calcul des propositions du jour",
        "calculer_retrait" => "Calcul d’un retrait de propositions",
        "changer_delegations" => "Changement de délégations",
        "compte_annuler_retrait" => "Annulation d’un retrait de second facteur",
        "compte_confier_reprise" => "Reprise d’un compte partagé confiée",
        "compte_declarer_partage" => "Déclaration d’un compte partagé",
        "compte_facteur" => "Retrait d’un second facteur",
        "compte_mot_de_passe" => "Changement de mot de passe forcé",
        "compte_reactiver" => "Réactivation d’un compte",
        "compte_reprendre" => "Reprise d’un compte partagé",
        "compte_roles" => "Changement des rôles d’un compte",
        "compte_supprimer" => "Suppression d’un compte",
        "compte_suspendre" => "Suspension d’un compte",
        "compte_valider_retrait" => "Validation d’un retrait de second facteur",
        "confirmer_voeu" => "Confirmation d’un vœu",
        "deprogrammer_publication" => "Annulation d’une publication programmée",
        "desactiver_repondeur" => "Désactivation du répondeur automatique",
        "derogation_decidee" => "Décision sur une adresse de service",
        "derogation_demandee" => "Demande au sujet d’une adresse de service",
        "etablissement_enregistre" => "Enregistrement du paramétrage d’un établissement",
        "etablissement_en_securite" => "Mise en sécurité d’un établissement",
        "jeton_donne" => "Jeton d’accès donné à un logiciel",
        "jeton_change" => "Modification d’un jeton d’accès",
        "jeton_renouvele" => "Renouvellement d’un jeton d’accès",
        "jeton_revoque" => "Révocation d’un jeton d’accès",
        "abonnement_pris" => "Abonnement d’un logiciel à des événements",
        "abonnement_retire" => "Retrait d’un abonnement",
        "abonnement_repris" => "Reprise d’un abonnement suspendu",
        "essai_demande" => "Demande d’un message d’essai",
        "fixer_taux" => "Fixation d’un taux",
        "capacite_motivee" => "Motif d’une capacité inhabituelle",
        "capacite_confirmee" => "Confirmation d’une capacité inhabituelle",
        "fiche_decidee" => "Décision sur une fiche d’apprentissage",
        "fiches_pretes" => "Fiches d’apprentissage déclarées prêtes",
        "doublon_choisi" => "Choix entre des fiches d’apprentissage",
        "rapprochement_choisi" => "Comparaison d’une fiche d’apprentissage avec une formation",
        "fiches_integrees" => "Intégration de fiches d’apprentissage",
        "journee_recue" => "Envoi d’une journée du catalogue de l’apprentissage",
        "journee_confirmee" => "Application d’une journée du catalogue de l’apprentissage",
        "journee_relue" => "Nouvelle lecture d’une journée du catalogue de l’apprentissage",
        "journee_abandonnee" => "Abandon d’une journée du catalogue de l’apprentissage",
        "formation_acceptee" => "Acceptation d’une formation",
        "formation_prise" => "Prise en charge du contrôle d’une formation",
        "formation_liberee" => "Libération du contrôle d’une formation",
        "formation_retournee" => "Retour d’une formation à l’établissement",
        "retour_prolonge" => "Prolongation du retour d’une formation",
        "retour_annule" => "Annulation du retour d’une formation",
        "formation_soumise" => "Soumission d’une formation au service académique",
        "formations_acceptees" => "Acceptation de formations inchangées",
        "formations_soumises" => "Soumission de formations au service académique",
        "capacites_reprises" => "Reprise des capacités de l’an dernier",
        "champ_ecrit" => "Écriture d’un champ dans plusieurs formations",
        "classeur_applique" => "Application d’un classeur de paramétrage",
        "description_enregistree" => "Enregistrement de la description d’une formation",
        "descriptions_confirmees" => "Confirmation de descriptions",
        "demande_deposee" => "Demande sur une formation",
        "demande_transmise" => "Transmission d’une demande à l’équipe nationale",
        "demande_acceptee" => "Acceptation d’une demande",
        "demande_refusee" => "Refus d’une demande",
        "demande_retiree" => "Retrait d’une demande",
        "formation_publiee" => "Publication d’une formation",
        "inscription" => "Inscription d’un candidat",
        "enregistrer_internat" => "Enregistrement du classement d’un internat",
        "importer_internat" => "Import du classement d’un internat",
        "transmettre_internat" => "Transmission du classement d’un internat",
        "internat_enregistre" => "Enregistrement d’un internat soumis à classement",
        "internat_retire" => "Retrait d’un internat soumis à classement",
        "invitation" => "Invitation à un rôle",
        "invitation_annulee" => "Annulation d’une invitation",
        "invitation_renvoyee" => "Nouvel envoi d’une invitation",
        "lever_retenue" => "Levée d’une retenue",
        "charte_acceptee" => "Acceptation de la charte de la procédure",
        "charte_publiee" => "Publication d’une version de la charte",
        "publier_actualite" => "Publication dans le Fil info",
        "corriger_actualite" => "Correction d’une information du Fil info",
        "demander_explication" => "Demande de l’explication d’un vœu",
        "deposer_document" => "Dépôt d’un document de référence",
        "corriger_document" => "Modification d’un document de référence",
        "retirer_document" => "Retrait d’un document de référence",
        "seance_annoncee" => "Annonce d’une séance d’information",
        "seance_corrigee" => "Modification d’une séance d’information",
        "seance_annulee" => "Annulation d’une séance d’information",
        "seance_enregistrement" => "Publication de l’enregistrement d’une séance",
        "seance_presences" => "Présences à une séance d’information",
        "seance_inscription" => "Inscription à une séance d’information",
        "seance_desistement" => "Désinscription d’une séance d’information",
        "retirer_actualite" => "Retrait d’une information du Fil info",
        "assistance_demandee" => "Question posée à un service",
        "assistance_completee" => "Message ajouté à une question",
        "assistance_prise" => "Prise en charge d’une question",
        "assistance_repondue" => "Réponse à une question",
        "assistance_transmise" => "Transmission d’une question à un autre service",
        "assistance_close" => "Clôture d’une question",
        "cellule_enregistree" => "Mise à jour d’une cellule d’assistance",
        "liste_donnees" => "Liste des données transmises aux formations",
        "message_envoye" => "Message au service académique ou à un établissement",
        "modifier_residence" => "Modification de la résidence",
        "ordonner_voeux" => "Ordre des vœux en attente",
        "parametrage_enregistre" => "Enregistrement du paramétrage d’une formation",
        "programmer_publication" => "Accord pour publier un passage à l’heure du calendrier",
        "publier_passage" => "Publication d’un passage",
        "refuser_proposition" => "Refus d’une proposition",
        "relance_envoyee" => "Relance d’établissements",
        "relance_en_nombre" => "Relance de tous les établissements incomplets d’un périmètre",
        "relance_arreter" => "Arrêt d’une relance",
        "relance_reprendre" => "Reprise d’une relance",
        "renoncer_voeu" => "Renonciation à un vœu",
        "retirer_voeu" => "Retrait d’un vœu",
        "enregistrer_classement" => "Enregistrement d’un classement",
        "importer_classement" => "Import d’un classement",
        "transmettre_classement" => "Transmission d’un classement",
        "partir_des_moyennes" => "Classement par les moyennes",
        "maintenir_voeux" => "Maintien des vœux en attente",
        "accord_donne" => "Accord de l’établissement qui reçoit une formation",
        "proposer_prolongation" => "Proposition de prolonger une étape",
        "decider_prolongation" => "Décision sur la prolongation d’une étape",
        "proposer_levee_gel" => "Proposition de lever le gel pour un établissement",
        "decider_levee_gel" => "Décision sur la levée du gel pour un établissement",
        "formations_regroupees" => "Regroupement de formations",
        "formation_degroupee" => "Retrait d’une formation de son regroupement",
        "securite_levee" => "Levée de la mise en sécurité d’un établissement",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use domain::echanges::GesteRelance;
    use domain::formations::demandes::EtatDemande;

    use super::*;
    use crate::comptes::ActeCompte;
    use crate::sources;

    /// Codes that are made of parts, or chosen: they do not stand in the call that writes the receipt.
    fn composes() -> Vec<String> {
        let classements = ["classement", "internat"].into_iter().flat_map(|quoi| {
            ["enregistrer", "importer", "transmettre"].map(|verbe| format!("{verbe}_{quoi}"))
        });
        let comptes = ActeCompte::ALL.into_iter().map(|a| format!("compte_{}", a.code().replace('-', "_")));
        let demandes = EtatDemande::ALL.into_iter().map(|e| format!("demande_{}", e.code()));
        let relances =
            [GesteRelance::Arreter, GesteRelance::Reprendre].map(|g| format!("relance_{}", g.code()));
        let choisis = [
            "accepter_proposition",
            "activer_repondeur",
            "assistance_close",
            "assistance_completee",
            "assistance_prise",
            "assistance_repondue",
            "assistance_transmise",
            "desactiver_repondeur",
            "formation_liberee",
            "formation_prise",
            "journee_abandonnee",
            "journee_confirmee",
            "journee_relue",
            "partir_des_moyennes",
            "refuser_proposition",
            "renoncer_voeu",
        ];
        let choisis = choisis.map(str::to_owned);
        classements.chain(comptes).chain(demandes).chain(relances).chain(choisis).collect()
    }

    /// The value of a constant of the sources, in the same file first.
    fn constante(fichiers: &[(String, String)], texte: &str, nom: &str) -> String {
        let debut = format!("const {nom}: &str = \"");
        let mut textes = std::iter::once(texte).chain(fichiers.iter().map(|(_, t)| t.as_str()));
        let (_, suite) = textes.find_map(|t| t.split_once(&debut)).expect(nom);
        suite.split('"').next().expect(nom).to_owned()
    }

    #[test]
    fn every_act_that_gives_a_receipt_has_its_name() {
        const CALCULES: [&str; 7] = ["&acte", "&code", "acte", "code", "f.acte", "fin.acte", "receipt(acte)"];
        let fichiers = sources::lues();
        let mut codes = composes();
        for (chemin, texte) in &fichiers {
            for appel in texte.split("emettre(").skip(1).filter_map(|t| t.split_once(".await")) {
                // Nor is its own declaration a call.
                let dit = appel.0.split(',').nth(4).map(str::trim).filter(|d| !d.contains(": "));
                let Some(dit) = dit else { continue };
                if let Some(code) = dit.strip_prefix('"').and_then(|d| d.strip_suffix('"')) {
                    codes.push(code.to_owned());
                } else if dit.bytes().all(|o| o.is_ascii_uppercase() || o == b'_') {
                    codes.push(constante(&fichiers, texte, dit));
                } else {
                    assert!(CALCULES.contains(&dit), "{chemin}: what codes does « {dit} » give?");
                }
            }
            for code in texte.split(" acte: \"").skip(1) {
                codes.extend(code.split('"').next().map(str::to_owned));
            }
        }
        assert!(codes.len() > 100, "{}", codes.len());
        let muets: Vec<&String> = codes.iter().filter(|c| acte_nomme(c).is_none()).collect();
        assert!(muets.is_empty(), "without a name: {muets:?}");
        assert_eq!(acte("code_inconnu"), "Code inconnu");
    }
}
