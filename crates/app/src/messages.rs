//! French texts by code: the one catalogue for pages, mails, commands and API.

use domain::RuleViolation;
use domain::admission::{FaitsGroupe, MotifRetenue};
use domain::calendrier::paris;
use domain::droits::{Action, Relation};
use domain::etablissements::CONTACTS_MAX;
use domain::territoires::HeureLocale;
use jiff::civil::{Date, Weekday};
use jiff::{Timestamp, ZonedDateTime};

/// A field that the form should not have (HAB-4).
pub fn champ_interdit(nom: &str) -> String {
    let court: String = nom.chars().take(60).collect();
    format!(
        "Le champ « {court} » n’est pas de ceux que vous pouvez modifier ici. Rien n’a été enregistré : rechargez la page, \
         puis recommencez."
    )
}

/// What a rule says to the person, and what to do next.
pub fn regle(r: &RuleViolation) -> String {
    regle_ici(r, None)
}

/// The same for somebody who lives where the clocks are not those of Paris: each limit in both times (TPS-4).
pub fn regle_ici(r: &RuleViolation, ici: Option<HeureLocale>) -> String {
    use RuleViolation as R;
    let instant = |t: Timestamp| date_heure_ici(t, ici);
    let limite = |t: Timestamp| date_limite_ici(t, ici);
    match r {
        R::NotYetOpen { etape, opens } => {
            format!("L’étape « {} » n’est pas encore ouverte : ouverture le {}.", etape.libelle(), instant(*opens))
        }
        R::Closed { etape, closes } => format!(
            "L’étape « {} » est close depuis le {}. Pour une situation particulière, voyez « Aide et contact ».",
            etape.libelle(),
            limite(*closes)
        ),
        R::NotScheduled { etape } => {
            format!("L’étape « {} » n’a pas encore de date au calendrier de cette session.", etape.libelle())
        }
        R::HorlogeDecalee => {
            "Rien n’a été enregistré : l’horloge de ce serveur est déréglée, et cet acte dépend d’une date limite. Vous n’y êtes \
             pour rien et l’exploitant est prévenu. Recommencez dans quelques minutes ; si la date limite passe entre-temps, \
             voyez « Aide et contact »."
                .to_owned()
        }
        R::SessionArchivee => {
            "Cette session est archivée : elle se consulte mais ne se modifie plus.".to_owned()
        }
        R::ForbiddenTransition { .. } => {
            "Cette action n’est plus possible dans l’état actuel. Rechargez la page pour voir la situation à jour."
                .to_owned()
        }
        R::PlafondVoeux { plafond } => format!(
            "Vous avez déjà {plafond} vœux, le maximum autorisé. Retirez-en un pour en ajouter un autre."
        ),
        R::PlafondSousVoeux { plafond } => format!(
            "Ce vœu multiple a déjà {plafond} sous-vœux, le maximum autorisé. Retirez-en un pour en ajouter un autre."
        ),
        R::PlafondFiliere { plafond } => format!(
            "Vous avez déjà {plafond} vœux pour ce type de formation, le maximum autorisé. Retirez-en un pour en ajouter un autre."
        ),
        R::PlafondSousVoeuxTotal { plafond } => format!(
            "Vous avez déjà {plafond} sous-vœux dans l’ensemble de vos vœux multiples, le maximum autorisé. Retirez-en un pour en \
             ajouter un autre."
        ),
        R::RegroupementSeul => {
            "Un regroupement réunit au moins deux formations : cochez-en une autre, ou enlevez la formation du regroupement."
                .to_owned()
        }
        R::Regroupement { formation, motif } => {
            let raison = match *motif {
                "famille" => "elle n’est pas du même type que les autres",
                "statut" => "elle ne se suit pas sous le même statut (étudiant ou apprenti) que les autres",
                "selective" => "un dossier unique réunit des formations toutes sélectives, ou toutes non sélectives",
                "groupes" => {
                    "un dossier unique demande les mêmes groupes de candidats, un par série, dans toutes les formations"
                }
                "fermee" => "elle est fermée pour cette session",
                _ => "elle fait déjà partie d’un autre regroupement",
            };
            format!("« {formation} » ne peut pas entrer dans ce regroupement : {raison}.")
        }
        R::RegroupementAvecVoeux { formation } => format!(
            "Des candidats ont déjà formulé des vœux pour « {formation} » : son regroupement ne change plus cette session."
        ),
        R::VoeuEnDouble => "Cette formation est déjà dans vos vœux.".to_owned(),
        R::FormationNonPubliee => "Cette formation n’accepte pas de vœu actuellement.".to_owned(),
        R::AucunGroupe => {
            "Cette formation n’est pas ouverte à votre série de baccalauréat ou à votre parcours.".to_owned()
        }
        R::DossierIncomplet { champs } => {
            format!("Votre dossier est incomplet : il manque {}.", champs.join(", "))
        }
        R::EcheanceDepassee { echeance } => {
            format!("Le délai de réponse est dépassé depuis le {}.", limite(*echeance))
        }
        R::Champ { champ, motif } => champ_invalide(champ, motif),
        R::RangsNonContigus { manquant } => format!(
            "Les rangs doivent se suivre à partir de 1 : le rang {manquant} manque."
        ),
        R::RangEnDouble { rang } => format!(
            "Le rang {rang} est demandé pour deux candidats : les ex æquo ne sont pas admis, départagez-les."
        ),
        R::CandidatClasseDeuxFois => "Un candidat figure deux fois dans le classement.".to_owned(),
        R::CandidatInconnu { numero } => {
            format!("Le dossier nº {numero} ne fait pas partie des candidatures de ce groupe.")
        }
        R::ClassementIncomplet { manquants } => format!(
            "Une formation non sélective classe tous les dossiers : il en manque {manquants}."
        ),
        R::ClassementVide => {
            "Aucun candidat n’est classé. Enregistrez un ordre avant de transmettre ; si vous ne retenez vraiment personne, contactez le service académique."
                .to_owned()
        }
        R::GroupeSansClassement => {
            "Ce groupe ne se classe pas : tous ses candidats reçoivent une proposition le premier jour.".to_owned()
        }
        R::ClassementTransmis => {
            "Ce classement a été transmis : il ne se modifie plus. Une erreur se corrige auprès du service académique."
                .to_owned()
        }
        R::ClassementsManquants { groupes } => format!(
            "{groupes} groupe(s) n’ont pas encore transmis leur classement."
        ),
        R::TauxManquants { groupes } => {
            format!("Le taux minimum de boursiers n’est pas fixé pour {groupes} groupe(s).")
        }
        R::TauxSousPlancher { plancher } => format!(
            "Des candidats boursiers ont fait un vœu ici : le taux minimum de boursiers doit être compris entre {plancher} et 100 %."
        ),
        R::OrdreAppelManquant => {
            "Les ordres d’appel de cette session ne sont pas publiés : calculez-les, puis faites-les publier par une deuxième personne."
                .to_owned()
        }
        R::PassageExistant => {
            "Ce passage est déjà calculé ou publié. Pour le recalculer avant sa publication, abandonnez-le d’abord."
                .to_owned()
        }
        R::PassageAltere => {
            "Le résultat enregistré n’est plus celui qui a été calculé et signé : rien n’est publié. Abandonnez ce passage, recalculez-le et prévenez l’exploitant."
                .to_owned()
        }
        R::PassageEnAttente { jour } => format!(
            "Le passage du jour {jour} est calculé mais pas publié : publiez-le ou abandonnez-le avant d’en calculer un autre."
        ),
        R::DeuxiemePersonne => {
            "Cet acte demande deux personnes : celle qui l’a préparé ne peut pas le décider elle-même, une deuxième personne doit \
             le faire. Préparé en ligne de commande, il se décide sur le site."
                .to_owned()
        }
        R::PassageIndisponible => {
            "Ce passage n’est plus dans un état qui le permet : il a été publié ou abandonné entre-temps.".to_owned()
        }
        R::PlacesGroupes { capacite, somme } => format!(
            "Les places des groupes font {} en tout, alors que la capacité est de {} : corrigez l’une ou les autres.",
            nombre(*somme),
            nombre(*capacite)
        ),
        R::RienAPublier => "Aucune modification à publier : le public voit déjà ces informations.".to_owned(),
        R::CapaciteARelire => {
            "Cette capacité sort de l’ordinaire : avant de la publier, il faut en écrire le motif, puis qu’une deuxième personne la \
             confirme."
                .to_owned()
        }
        R::DernierAdministrateur => {
            "C’est le dernier administrateur actif de l’établissement : faites d’abord nommer un autre administrateur par le chef d’établissement ou le service académique."
                .to_owned()
        }
        R::BoiteDeFonction { mot } => format!(
            "Cette adresse est celle d’un service (« {mot} »), pas d’une personne : un compte appartient à une seule personne. Indiquez son adresse nominative, ou demandez une dérogation au service académique."
        ),
        R::AdresseEtFacteur { des } => format!(
            "L’adresse et le second facteur d’un compte ne se changent pas à moins de 24 heures d’intervalle : ce sera possible à partir du {}.",
            date_heure(*des)
        ),
        R::RolesAilleurs => {
            "Cette personne a aussi un rôle que vous ne gérez pas : vous pouvez retirer les rôles de votre périmètre, pas agir sur tout le compte. Adressez-vous au service académique."
                .to_owned()
        }
        R::DeuxAgents => {
            "La personne qui a demandé ce retrait ne peut pas le valider elle-même : un autre agent doit le faire.".to_owned()
        }
        R::FacteurDuDernierAdministrateur => {
            "C’est le dernier administrateur de l’établissement : seuls deux agents du service académique peuvent retirer son second facteur, après avoir rappelé la ligne officielle. Contactez le service académique."
                .to_owned()
        }
        R::EtablissementEnSecurite => {
            "Votre établissement est mis en sécurité : les exports sont coupés. L’administrateur, le chef d’établissement ou le service académique peut lever cette mesure."
                .to_owned()
        }
        R::GrilleFautive { regles } => format!(
            "La grille d’analyse ne peut pas être publiée : {} à corriger. Ouvrez-la pour lire la relecture.",
            if *regles == 1 { "un point".to_owned() } else { format!("{regles} points") }
        ),
        R::DescriptionIncomplete { formation, champs } => format!(
            "{formation} : avant de confirmer ou de publier, renseignez {}.",
            champs.join(", ").to_lowercase()
        ),
        R::ControleRequis => {
            "Cette formation n’est publiée qu’après son contrôle : soumettez-la au service académique, qui l’accepte ou la retourne."
                .to_owned()
        }
        R::ControlePris => {
            "Un autre agent a pris cette formation en charge : lui seul la décide. Si besoin, libérez-la d’abord.".to_owned()
        }
        R::ControleDeSoi => {
            "Vous avez soumis cette formation vous-même : un autre agent du service académique la contrôle.".to_owned()
        }
        R::LieuNomme { formations } => format!(
            "Des formations s’y donnent encore : {}. Indiquez-leur un autre lieu dans « Caractéristiques », puis retirez celui-ci.",
            formations.join(" ; ")
        ),
        R::DansLot { formation, cause } => {
            format!("{formation} : {} Rien n’a été fait pour les autres.", regle_ici(cause, ici))
        }
        R::ControleALire { formation } => format!(
            "{formation} a changé depuis l’an dernier, ou depuis que vous avez lu cette liste : ouvrez-la pour la décider. Rien n’a été accepté."
        ),
        R::DemandeRepondue => {
            "Cette demande a déjà reçu une réponse, ou l’établissement l’a retirée. Rechargez la page pour la lire.".to_owned()
        }
        R::AccordAttendu => {
            "L’établissement qui recevrait la formation n’a pas encore donné son accord : la demande ne peut pas être acceptée avant. \
             Vous pouvez la refuser."
                .to_owned()
        }
        R::DemandeEnCours => {
            "Une autre demande sur cette formation attend sa réponse. Attendez-la, ou retirez-la d’abord.".to_owned()
        }
        R::VoeuxVivants => {
            "Des candidats ont un vœu pour cette formation : elle ne peut plus être fermée, déplacée, confiée ni fusionnée pendant \
             cette session. Écrivez au service académique par les échanges de la formation."
                .to_owned()
        }
        R::DemandeCaduque { champ } => {
            let quoi = match *champ {
                "successeur" => "la formation qui devait la remplacer est fermée, ou n’est plus de la session",
                "site" => "le site n’existe plus, ou n’est pas de l’académie",
                "uai" => "l’établissement qui devait la recevoir n’est pas de la session, ou pas de l’académie",
                "libelle" => "l’établissement a déjà cette formation",
                _ => "la formation est déjà fermée",
            };
            format!("Ce qui est demandé n’est plus possible : {quoi}. Refusez la demande en le disant.")
        }
        R::EtablissementIncomplet { manques } => {
            let manques: Vec<&str> = manques.iter().map(|m| m.libelle()).collect();
            format!(
                "Avant ses formations, l’établissement doit être décrit. Il manque : {}. La personne qui administre le site de l’établissement le complète.",
                manques.join(", ")
            )
        }
        R::EtatDuCompte { etat } => format!(
            "Ce compte est {} : cette action n’est pas possible dans cet état.",
            etat_compte(etat)
        ),
        R::DonneesRefusees { code } => {
            format!("Le moteur d’admission refuse ces données (code « {code} »). Rien n’a été calculé.")
        }
    }
}

/// The state of an account, in a sentence.
pub fn etat_compte(code: &str) -> &'static str {
    match code {
        "invite" => "en attente d’activation",
        "a_securiser" => "à sécuriser",
        "actif" => "actif",
        "suspendu" => "suspendu",
        "partage" => "un ancien compte partagé",
        _ => "fermé",
    }
}

/// What an action lets somebody do, after « peut » or « pourra ».
pub const fn action(action: Action) -> &'static str {
    match action {
        Action::ConsulterParametrage => "voir le paramétrage",
        Action::ConsulterCapacites => "voir les capacités et les frais",
        Action::ModifierFormation => "modifier la présentation",
        Action::ModifierCapacites => "modifier les capacités et les frais",
        Action::PublierFormation => "publier la formation",
        Action::ConfirmerCapacite => "confirmer une capacité inhabituelle",
        Action::ControlerFormation => "contrôler la formation, l’accepter ou la retourner",
        Action::RegrouperFormations => "regrouper des formations sous un vœu multiple",
        Action::DemanderFormation => "demander d’ouvrir, de fermer, de déplacer ou de modifier une formation",
        Action::DeciderDemande => "répondre aux demandes des établissements",
        Action::AccorderDerogation => "accorder une modification hors période",
        Action::ConsulterEtablissement => "voir l’établissement",
        Action::ModifierEtablissement => "modifier l’établissement",
        Action::ConsulterDossiers => "lire les dossiers des candidats",
        Action::SaisirClassement => "saisir le classement",
        Action::TransmettreClassement => "transmettre le classement",
        Action::FixerTaux => "fixer les taux",
        Action::ConsulterTaux => "voir les taux fixés",
        Action::ConsulterPassages => "voir les passages",
        Action::CalculerPassage => "calculer un passage, ou l’abandonner",
        Action::PublierPassage => "publier un passage calculé par quelqu’un d’autre",
        Action::GererSession => "ouvrir une session, changer son calendrier",
        Action::ImporterOffre => "charger les formations d’une session",
        Action::GererComptes => "donner et retirer des rôles, suspendre des comptes",
        Action::ConsulterComptes => "voir les comptes",
        Action::InviterComptes => "inviter des personnes",
        Action::DerogerAdresse => "admettre l’adresse d’un service",
        Action::SecuriserEtablissement => "mettre un établissement en sécurité",
        Action::ConsulterEchanges => "lire les échanges avec le service académique",
        Action::EcrireEchange => "écrire dans les échanges avec le service académique",
        Action::SuivreParametrage => "suivre la complétude des établissements",
        Action::RelancerEtablissements => "relancer des établissements",
        Action::ConsulterJournal => "lire le journal",
        Action::ConsulterOffre => "lire l’offre publiée",
        Action::ConsulterDossier => "lire son propre dossier",
        Action::ModifierDossier => "changer sa résidence",
        Action::FormulerVoeu => "ajouter et retirer des vœux",
        Action::ConfirmerVoeu => "confirmer des vœux",
        Action::RepondreProposition => "répondre aux propositions",
        Action::EntretenirPlateforme => "exécuter les traitements de nuit",
    }
}

/// A group of fields of a candidate's record (R-DRO-04), with what is in it.
pub fn groupe_dossier(code: &str) -> &'static str {
    match code {
        "identite" => "Identité : numéro de dossier, nom, prénom",
        "etat_civil" => "État civil : date de naissance, INE",
        "scolarite" => "Scolarité : baccalauréat, série, établissement d’origine, notes et moyenne",
        "bourse" => "Bourse : ce que vous avez déclaré",
        "residence" => "Résidence : commune, département, académie",
        _ => "Autre élément du dossier",
    }
}

/// Why a role reaches what it reaches, after « parce que ».
pub const fn relation(relation: Relation) -> &'static str {
    match relation {
        Relation::Tout => "son rôle vaut pour tout le pays",
        Relation::SonEtablissement => "son rôle vaut pour tout l’établissement",
        Relation::SaFormation => "cette formation lui est confiée",
        Relation::SonAcademie => "la formation est de son académie",
        Relation::SonDossier => "c’est son dossier",
    }
}

/// R-ADM-12: why a group is withheld, with the numbers to read again.
pub fn retenue(motif: MotifRetenue, f: &FaitsGroupe) -> String {
    use MotifRetenue as M;
    match motif {
        M::Appels => {
            format!("{} candidats à appeler pour {} places.", nombre(f.a_appeler), nombre(f.places))
        }
        M::RangLimite => format!(
            "Appel jusqu’au rang {} pour {} places : est-ce bien la liste de ceux qui sont appelés, et non la liste d’attente ?",
            nombre(f.rang_limite),
            nombre(f.places)
        ),
        M::Capacite => format!(
            "Capacité de {} places, contre {} à la session précédente.",
            nombre(f.capacite),
            nombre(f.capacite_avant.unwrap_or(0))
        ),
        M::Propositions => format!(
            "{} propositions en tout, dont {} ce jour-là, pour {} places.",
            nombre(f.tenues + f.propositions),
            nombre(f.propositions),
            nombre(f.places)
        ),
    }
}

/// What a receipt says was done, from the code of the act.
pub fn acte(code: &str) -> String {
    match code {
        "abandonner_passage" => "Abandon d’un passage".to_owned(),
        "accepter_proposition" => "Acceptation d’une proposition".to_owned(),
        "ajouter_voeu" => "Ajout d’un vœu".to_owned(),
        "calculer_ordre_appel" => "Calcul des ordres d’appel".to_owned(),
        "calculer_propositions" => "Calcul des propositions du jour".to_owned(),
        "changer_delegations" => "Changement de délégations".to_owned(),
        "compte_annuler_retrait" => "Annulation d’un retrait de second facteur".to_owned(),
        "compte_confier_reprise" => "Reprise d’un compte partagé confiée".to_owned(),
        "compte_declarer_partage" => "Déclaration d’un compte partagé".to_owned(),
        "compte_facteur" => "Retrait d’un second facteur".to_owned(),
        "compte_mot_de_passe" => "Changement de mot de passe forcé".to_owned(),
        "compte_reactiver" => "Réactivation d’un compte".to_owned(),
        "compte_reprendre" => "Reprise d’un compte partagé".to_owned(),
        "compte_roles" => "Changement des rôles d’un compte".to_owned(),
        "compte_supprimer" => "Suppression d’un compte".to_owned(),
        "compte_suspendre" => "Suspension d’un compte".to_owned(),
        "compte_valider_retrait" => "Validation d’un retrait de second facteur".to_owned(),
        "confirmer_voeu" => "Confirmation d’un vœu".to_owned(),
        "derogation_decidee" => "Décision sur une adresse de service".to_owned(),
        "derogation_demandee" => "Demande au sujet d’une adresse de service".to_owned(),
        "etablissement_enregistre" => "Enregistrement du paramétrage d’un établissement".to_owned(),
        "etablissement_en_securite" => "Mise en sécurité d’un établissement".to_owned(),
        "fixer_taux" => "Fixation d’un taux".to_owned(),
        "capacite_motivee" => "Motif d’une capacité inhabituelle".to_owned(),
        "capacite_confirmee" => "Confirmation d’une capacité inhabituelle".to_owned(),
        "formation_acceptee" => "Acceptation d’une formation".to_owned(),
        "formation_prise" => "Prise en charge du contrôle d’une formation".to_owned(),
        "formation_liberee" => "Libération du contrôle d’une formation".to_owned(),
        "formation_retournee" => "Retour d’une formation à l’établissement".to_owned(),
        "formation_soumise" => "Soumission d’une formation au service académique".to_owned(),
        "formations_acceptees" => "Acceptation de formations inchangées".to_owned(),
        "demande_deposee" => "Demande sur une formation".to_owned(),
        "demande_transmise" => "Transmission d’une demande à l’équipe nationale".to_owned(),
        "demande_acceptee" => "Acceptation d’une demande".to_owned(),
        "demande_refusee" => "Refus d’une demande".to_owned(),
        "demande_retiree" => "Retrait d’une demande".to_owned(),
        "formation_publiee" => "Publication d’une formation".to_owned(),
        "inscription" => "Inscription d’un candidat".to_owned(),
        "invitation" => "Invitation à un rôle".to_owned(),
        "invitation_annulee" => "Annulation d’une invitation".to_owned(),
        "invitation_renvoyee" => "Nouvel envoi d’une invitation".to_owned(),
        "lever_retenue" => "Levée d’une retenue".to_owned(),
        "message_envoye" => "Message au service académique ou à un établissement".to_owned(),
        "modifier_residence" => "Modification de la résidence".to_owned(),
        "parametrage_enregistre" => "Enregistrement du paramétrage d’une formation".to_owned(),
        "publier_passage" => "Publication d’un passage".to_owned(),
        "refuser_proposition" => "Refus d’une proposition".to_owned(),
        "relance_envoyee" => "Relance d’établissements".to_owned(),
        "renoncer_voeu" => "Renonciation à un vœu".to_owned(),
        "retirer_voeu" => "Retrait d’un vœu".to_owned(),
        // A code not named here is still readable.
        autre => {
            let mut lettres = autre.replace('_', " ").chars().collect::<Vec<_>>();
            if let Some(premiere) = lettres.first_mut() {
                *premiere = premiere.to_uppercase().next().unwrap_or(*premiere);
            }
            lettres.into_iter().collect()
        }
    }
}

fn champ_invalide(champ: &str, motif: &str) -> String {
    match (champ, motif) {
        ("jusque", "avance") => {
            "Choisissez un jour après la date limite actuelle : une échéance se reporte, elle ne s’avance pas.".to_owned()
        }
        ("jusque", "passe") => "Choisissez un jour qui n’est pas déjà passé.".to_owned(),
        ("capacite", "hors_bornes") => "La capacité doit être un nombre entier de 0 à 20 000.".to_owned(),
        ("capacite", "manquant") => {
            "Indiquez la capacité d’accueil avant de publier (0 est une valeur).".to_owned()
        }
        ("frais", "manquant") => {
            "Indiquez les frais de scolarité avant de publier (0 est une valeur).".to_owned()
        }
        ("frais", "hors_bornes") => {
            "Les frais de scolarité doivent être compris entre 0 et 100 000 €.".to_owned()
        }
        ("groupes", "manquant") => {
            "Cette formation n’a aucun groupe de classement : elle ne peut pas être publiée. Contactez le service académique."
                .to_owned()
        }
        ("champs", "ouverts") => {
            "Ces champs sont encore ouverts, ou le sont de nouveau : modifiez-les sans rien demander.".to_owned()
        }
        ("successeur", "manquant" | "inconnu") => {
            "Choisissez la formation dans la liste, ou collez l’adresse de sa fiche publique.".to_owned()
        }
        ("successeur", "meme") => "Une formation ne se remplace pas elle-même : choisissez-en une autre.".to_owned(),
        ("successeur", "fermee") => "Cette formation est fermée : choisissez-en une qui est ouverte.".to_owned(),
        ("successeur", _) => "Cette formation est elle-même remplacée par celle-ci : choisissez-en une autre.".to_owned(),
        ("site", "meme") => "La formation est déjà sur ce site : choisissez-en un autre.".to_owned(),
        ("site", "academie") => {
            "Ce site est d’une autre académie : fermez la formation ici et demandez-en l’ouverture là-bas.".to_owned()
        }
        ("site", "departement") => {
            "Le code postal de ce site n’est pas celui d’un département : corrigez-le dans les sites de l’établissement.".to_owned()
        }
        ("site", _) => {
            "Choisissez un site de l’établissement. S’il n’est pas dans la liste, déclarez-le d’abord dans ses sites.".to_owned()
        }
        ("uai", "meme") => "C’est déjà l’établissement de la formation : indiquez-en un autre.".to_owned(),
        ("uai", "academie") => {
            "Cet établissement est d’une autre académie : la formation y est à ouvrir, puis à fermer ici.".to_owned()
        }
        ("uai", "inconnu" | "departement") => {
            "Aucun établissement de la session n’a ce code. Vérifiez-le : 7 chiffres et une lettre.".to_owned()
        }
        ("libelle", "manquant") => "Donnez l’intitulé de la formation.".to_owned(),
        ("libelle", "existe") => "L’établissement a déjà cette formation, avec ce statut, dans cette commune.".to_owned(),
        ("libelle", "demande") => "Vous avez déjà demandé cette formation : la réponse est attendue.".to_owned(),
        ("famille", "manquant") => "Choisissez un type de formation.".to_owned(),
        ("statut", "manquant") => "Choisissez le statut sous lequel la formation est suivie.".to_owned(),
        ("champs", "reouverture") => "Cochez au moins un champ.".to_owned(),
        ("champs", _) => "Cochez au moins un champ à reprendre.".to_owned(),
        ("formations", _) => "Cochez au moins une formation.".to_owned(),
        ("places", _) => "Indiquez le nombre de places de chaque groupe, un nombre entier de 0 à 20 000.".to_owned(),
        ("presentation", "trop_long") => {
            "La présentation est trop longue : 5 000 caractères au plus.".to_owned()
        }
        ("internat", "indisponible") => {
            "Cette formation n’a pas d’internat : choisissez un vœu sans internat.".to_owned()
        }
        ("engagement", "transmission") => {
            "Cochez la case : la transmission est définitive, elle demande votre engagement.".to_owned()
        }
        ("engagement", "manquant") => "Cochez la case pour confirmer ce vœu.".to_owned(),
        ("departement", "inconnu") => "Choisissez un département dans la liste.".to_owned(),
        ("commune", "manquant") => "Indiquez la commune où vous habitez.".to_owned(),
        ("commune", "trop_long") => "Le nom de la commune dépasse 80 caractères : abrégez-le.".to_owned(),
        ("choix", "manquant") => "Choisissez votre réponse : accepter ou refuser.".to_owned(),
        ("taux_min_boursiers" | "taux_max_non_residents", "hors_bornes") => {
            "Le taux doit être un nombre entier de 0 à 100.".to_owned()
        }
        ("code_postal", _) => "Saisissez un code postal : cinq chiffres en France, par exemple 80000.".to_owned(),
        ("contact_telephone", "injoignable") => {
            "Donnez un téléphone ou une adresse électronique : l’un des deux suffit.".to_owned()
        }
        ("contact_fonction", "trop") => {
            format!("Un établissement donne {CONTACTS_MAX} contacts au plus : modifiez-en un, ou retirez-en un.")
        }
        ("fichier", "image_vide") => "Choisissez l’image de la signature avant de l’envoyer.".to_owned(),
        ("fichier", "image_lourde") => {
            "Cette image est trop lourde : 200\u{a0}ko au plus. Enregistrez-la en plus petit, puis envoyez-la de nouveau.".to_owned()
        }
        ("fichier", "image_format") => {
            "Ce fichier n’est ni une image PNG ni une image JPEG. Enregistrez la signature sous l’un de ces deux formats.".to_owned()
        }
        ("fichier", "image_cote") => {
            "Chaque côté de l’image compte de 20 à 3\u{202f}000\u{a0}pixels. Recadrez-la, puis envoyez-la de nouveau.".to_owned()
        }
        ("fichier", "image_illisible") => {
            "Cette image est abîmée : elle ne se lit pas jusqu’au bout. Enregistrez-la de nouveau, puis envoyez-la.".to_owned()
        }
        ("signataire", _) => "Choisissez une personne en fonction, ou qui va l’être.".to_owned(),
        ("telephone" | "referent_telephone" | "chef_telephone" | "contact_telephone", _) => {
            "Saisissez un numéro de téléphone à dix chiffres, par exemple 03 22 33 44 55, ou un numéro international qui commence par +."
                .to_owned()
        }
        ("site_web", _) => "Saisissez l’adresse d’un site, par exemple https://www.lycee.fr.".to_owned(),
        ("courriel" | "referent_courriel" | "chef_courriel" | "contact_courriel", _) => {
            "Saisissez une adresse électronique complète : nom@domaine.fr.".to_owned()
        }
        ("latitude", "hors_bornes") => "La latitude est comprise entre −90 et 90 degrés.".to_owned(),
        ("longitude", "hors_bornes") => "La longitude est comprise entre −180 et 180 degrés.".to_owned(),
        ("latitude" | "longitude", _) => {
            "Saisissez la latitude et la longitude en degrés, par exemple 49,894 et 2,302, ou laissez les deux vides.".to_owned()
        }
        ("jour", "hors_campagne") => {
            "Choisissez un jour entre l’ouverture du site de gestion et la fin de la phase d’admission.".to_owned()
        }
        ("fin", "avant_debut") => "L’heure de fin doit suivre l’heure de début.".to_owned(),
        ("ou", "manquant") => {
            "Indiquez où venir, ou l’adresse du site si la journée se tient à distance.".to_owned()
        }
        ("ou", "format") => {
            "À distance, indiquez l’adresse du site, par exemple https://visio.lycee.fr.".to_owned()
        }
        ("jusqu_a", "passe") => "Choisissez un jour qui n’est pas déjà passé.".to_owned(),
        ("jusqu_a", "lointain") => "Ce jour est trop lointain : choisissez-en un plus proche, pour que la formation soit contrôlée à temps.".to_owned(),
        ("jusqu_a", "avant_debut") => "Le dernier jour doit suivre le premier.".to_owned(),
        ("jusqu_a", "manquant") => "Un intérim a une fin : indiquez son dernier jour.".to_owned(),
        ("depuis" | "jusqu_a", "eloigne") => {
            "Ce jour est trop éloigné d’aujourd’hui : vérifiez l’année.".to_owned()
        }
        ("depuis", "avant_precedent") => {
            "Cette prise de fonction précède celle du chef actuel : vérifiez la date.".to_owned()
        }
        ("texte", "trop_long") => "Ce message est trop long : 2 000 caractères au plus. Coupez-le en deux.".to_owned(),
        ("texte", "vide") => "Écrivez votre message avant de l’envoyer.".to_owned(),
        ("accessibilite", "trop_long") => "Ce texte est trop long : 2 000 caractères au plus.".to_owned(),
        (_, "vide") => "Remplissez ce champ : il est obligatoire.".to_owned(),
        (_, "trop_long") => "Ce texte est trop long : 200 caractères au plus.".to_owned(),
        (_, "manquant") => format!("Le champ « {champ} » est obligatoire."),
        _ => format!("La valeur du champ « {champ} » n’est pas acceptée."),
    }
}

const JOURS: [&str; 7] = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"];
const MOIS: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];

/// « jeudi 30 mai 2024 ».
pub fn date_longue(instant: Timestamp) -> String {
    date_civile(instant.to_zoned_datetime(paris()).date())
}

/// « mercredi 1er mai 2024 ».
pub fn date_civile(date: Date) -> String {
    let jour = if date.day() == 1 { "1er".to_owned() } else { date.day().to_string() };
    format!(
        "{} {jour} {} {}",
        JOURS[usize::from(date.weekday().since(Weekday::Monday).unsigned_abs())],
        MOIS[usize::from(date.month().unsigned_abs()) - 1],
        date.year()
    )
}

/// « 23 h 59 », « 8 h », held together by no-break spaces.
pub fn heure(instant: &ZonedDateTime) -> String {
    match instant.minute() {
        0 => format!("{}\u{a0}h", instant.hour()),
        minute => format!("{}\u{a0}h\u{a0}{minute:02}", instant.hour()),
    }
}

/// « jeudi 30 mai 2024 à 19 h » (heure de Paris).
pub fn date_heure(instant: Timestamp) -> String {
    format!("{} à {}", date_longue(instant), heure(&instant.to_zoned_datetime(paris())))
}

/// A limit, « closes » outside: « dimanche 2 juin 2024 à 23 h 59 ».
pub fn date_limite(ferme: Timestamp) -> String {
    date_heure(ferme.checked_sub(jiff::SignedDuration::from_nanos(1)).unwrap_or(ferme))
}

/// A limit as the clocks of a territory show it: « vendredi 15 mars 2024 à 2 h 59 (heure de La Réunion) ».
pub fn date_limite_locale(ferme: Timestamp, ici: HeureLocale) -> String {
    date_heure_locale(ferme.checked_sub(jiff::SignedDuration::from_nanos(1)).unwrap_or(ferme), ici)
}

/// An instant as the clocks of a territory show it.
pub fn date_heure_locale(instant: Timestamp, ici: HeureLocale) -> String {
    let z = ici.at(instant);
    format!("{} à {} ({})", date_civile(z.date()), heure(&z), ici.nom)
}

/// An instant for somebody who may live where the clocks are not those of Paris: in both times then (TPS-4).
pub fn date_heure_ici(instant: Timestamp, ici: Option<HeureLocale>) -> String {
    both(date_heure(instant), ici.map(|ici| date_heure_locale(instant, ici)))
}

/// A limit, likewise.
pub fn date_limite_ici(ferme: Timestamp, ici: Option<HeureLocale>) -> String {
    both(date_limite(ferme), ici.map(|ici| date_limite_locale(ferme, ici)))
}

fn both(paris: String, locale: Option<String>) -> String {
    match locale {
        None => paris,
        Some(ici) => format!("{paris} (heure de Paris), soit le {ici}"),
    }
}

/// « 02/06/2024 ».
pub fn date_courte(instant: Timestamp) -> String {
    let z = instant.to_zoned_datetime(paris());
    format!("{:02}/{:02}/{}", z.day(), z.month(), z.year())
}

/// « 12 957 760 », with narrow no-break spaces.
pub fn nombre(n: i64) -> String {
    let chiffres = n.unsigned_abs().to_string();
    let mut sortie = String::new();
    if n < 0 {
        sortie.push('−');
    }
    for (i, c) in chiffres.chars().enumerate() {
        if i > 0 && (chiffres.len() - i).is_multiple_of(3) {
            sortie.push('\u{202f}');
        }
        sortie.push(c);
    }
    sortie
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::calendrier::{fin_de_jour, instant_paris};
    use jiff::civil::date;

    #[test]
    fn tps_1_a_limit_is_written_as_the_last_minute_of_the_day() {
        assert_eq!(date_limite(fin_de_jour(date(2024, 6, 2))), "dimanche 2 juin 2024 à 23\u{a0}h\u{a0}59");
        let t = instant_paris(date(2024, 5, 1).at(9, 5, 0, 0)).expect("exists");
        assert_eq!(date_heure(t), "mercredi 1er mai 2024 à 9\u{a0}h\u{a0}05");
        let t = instant_paris(date(2024, 5, 30).at(19, 0, 0, 0)).expect("exists");
        assert_eq!(date_heure(t), "jeudi 30 mai 2024 à 19\u{a0}h");
    }

    #[test]
    fn numbers_are_grouped_by_three() {
        assert_eq!(nombre(12_957_760), "12\u{202f}957\u{202f}760");
        assert_eq!(nombre(999), "999");
        assert_eq!(nombre(-1_000_000), "−1\u{202f}000\u{202f}000");
    }
}
