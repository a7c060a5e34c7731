//! What a refused rule says to the person.

use domain::RuleViolation;
use domain::calendrier::{Borne, Gel};
use domain::etablissements::CONTACTS_MAX;
use domain::formations::{CAPACITE_MAX, FRAIS_MAX, GROUPES_MAX, format_montant};
use domain::seances::PLACES_MAX;
use domain::territoires::HeureLocale;
use jiff::Timestamp;

use super::{
    accord, date_civile, date_heure, date_heure_ici, date_limite_ici, etat_compte, minuscule, nombre, poids,
};
use crate::admission::RETRAIT_MAX;

/// The page where anybody finds whom to ask, as sentences name it.
pub const AIDE: &str = "« Aide et contact »";

/// Where to turn once a step is closed.
pub const RECOURS: &str = "Pour une situation particulière, voyez « Aide et contact ».";

/// Until when the calendar is frozen, and before which date (R-CAL-09).
pub fn gel(g: &Gel) -> String {
    gel_ici(g, None)
}

fn gel_ici(g: &Gel, ici: Option<HeureLocale>) -> String {
    let date = match g.borne {
        Borne::Ouverture => format!("ouvre le {}", date_heure_ici(g.le, ici)),
        Borne::Echeance => format!("se termine le {}", date_limite_ici(g.le, ici)),
    };
    format!("Gel jusqu’au {} : l’étape « {} » {date}.", date_heure_ici(g.fin, ici), g.etape.libelle())
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
        R::Closed { etape, closes } => {
            format!("L’étape « {} » est close depuis le {}. {RECOURS}", etape.libelle(), limite(*closes))
        }
        R::NotScheduled { etape } => {
            format!("L’étape « {} » n’a pas encore de date au calendrier de cette session.", etape.libelle())
        }
        R::HorlogeDecalee => {
            "Rien n’a été enregistré : l’horloge de ce serveur est déréglée, et cet acte dépend d’une date limite. Vous n’y êtes \
             pour rien et l’exploitant est prévenu. Recommencez dans quelques minutes ; si la date limite passe entre-temps, \
             voyez « Aide et contact »."
                .to_owned()
        }
        R::SeanceFermee => {
            "Il est trop tard : les inscriptions à cette séance sont closes. Voyez les séances à venir.".to_owned()
        }
        R::SeanceAVenir => {
            "Il est trop tôt, ou la séance est annulée : les présences se notent à partir de son début, et l’enregistrement se publie après sa fin.".to_owned()
        }
        R::DureeJeton { max } => format!(
            "Un jeton de cette étendue dure de 1 à {max} jours : au-delà, il se remplace. Réduisez la durée, ou n’ouvrez ni la \
             publication, ni les dossiers, ni le classement."
        ),
        R::CharteNonAcceptee => {
            "La charte de la procédure n’est pas acceptée pour cet établissement : rien n’y est publié avant. Son chef la lit et l’accepte dans « Fil info », « Charte de la procédure »."
                .to_owned()
        }
        R::AssistanceClose => {
            "Cette question est close : seule la personne qui l’a posée peut la rouvrir.".to_owned()
        }
        R::ReouvertureTardive => {
            "Cette question est close depuis trop longtemps pour être rouverte : posez-en une nouvelle.".to_owned()
        }
        R::AssistanceDeSoi => {
            "Vous avez posé cette question vous-même : un autre agent de votre service y répond.".to_owned()
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
        R::RienAOrdonner => "Vous n’avez aucun vœu en attente à ordonner.".to_owned(),
        R::OrdreVide => {
            "Donnez un rang à un vœu en attente au moins : sans ordre, vous les perdriez tous. Pour abandonner un vœu, renoncez-y \
             depuis la page « Mes vœux »."
                .to_owned()
        }
        R::PreferenceEnDouble { rang } => format!(
            "Le rang {rang} est donné à deux vœux : chaque vœu ordonné a un rang à lui."
        ),
        R::PreferenceManquante { manquant } => format!(
            "Les rangs se suivent à partir de 1 : le rang {manquant} manque."
        ),
        R::PropositionsARepondre { propositions } => format!(
            "Vous avez {propositions} propositions : répondez-y d’abord pour n’en garder qu’une, puis ordonnez vos vœux en attente."
        ),
        R::PropositionSansRang => {
            "Donnez aussi un rang à la proposition que vous gardez, pour dire quels vœux vous préférez à elle. La place vous reste, \
             quel que soit ce rang."
                .to_owned()
        }
        R::RepondeurSansOrdre => {
            "Le répondeur automatique suit l’ordre de vos vœux en attente : il faut au moins un vœu en attente, et qu’ils soient \
             tous ordonnés. Renoncez à celui qui n’a pas de rang."
                .to_owned()
        }
        R::RepondeurPropositionOuverte => {
            "Une proposition attend votre réponse : répondez-y d’abord, puis activez le répondeur automatique.".to_owned()
        }
        R::RepondeurMoinsBon { voeux } => {
            let (ils, y) = if *voeux > 1 {
                (format!("{voeux} vœux en attente sont ordonnés"), "Renoncez-y")
            } else {
                ("Un vœu en attente est ordonné".to_owned(), "Renoncez à ce vœu")
            };
            format!(
                "{ils} après la proposition que vous avez acceptée : le répondeur pourrait vous la faire perdre pour une place que \
                 vous aimez moins. {y} d’abord."
            )
        }
        R::Champ { champ, motif } => champ_invalide(champ, motif),
        R::TropLong { champ, max } => trop_long(champ, *max),
        R::FichierLourd { max, image: false } => format!(
            "Ce fichier est trop lourd : {} au plus. Réduisez ses images, ou faites-en deux documents.",
            poids(*max)
        ),
        R::FichierLourd { max, image: true } => format!(
            "Cette image est trop lourde : {} au plus. Enregistrez-la en plus petit, puis envoyez-la de nouveau.",
            poids(*max)
        ),
        R::CoteImage { min, max } => format!(
            "Chaque côté de l’image compte de {min} à {}. Recadrez-la, puis envoyez-la de nouveau.",
            accord(i64::from(*max), "pixel", "pixels")
        ),
        R::HorsCampagne { premier, dernier } => format!(
            "Choisissez un jour entre le {}, ouverture du site de gestion, et le {}, fin de la phase d’admission.",
            date_civile(*premier),
            date_civile(*dernier)
        ),
        R::RangsNonContigus { manquant } => format!(
            "Les rangs doivent se suivre à partir de 1 : le rang {manquant} manque."
        ),
        R::RangEnDouble { rang } => format!(
            "Le rang {rang} est demandé pour deux candidats : les ex æquo ne sont pas admis, départagez-les."
        ),
        R::CandidatClasseDeuxFois => "Un candidat figure deux fois dans le classement.".to_owned(),
        R::CandidatInconnu { numero } => {
            format!("Le dossier nº {numero} ne fait pas partie des candidatures à classer ici.")
        }
        R::InternatIncomplet { manquants } => format!(
            "Un internat classe tous les candidats qui le demandent : il en manque {manquants}. Quand plusieurs internats servent les \
             mêmes formations, chaque candidat est classé dans un seul d’entre eux, et le dernier transmis classe tous ceux qui restent."
        ),
        R::CandidatDejaInterne { numero } => format!(
            "Le dossier nº {numero} est déjà classé dans un autre internat, transmis, qui sert les mêmes formations : retirez-le de \
             celui-ci."
        ),
        R::InternatFige => {
            "Le classement d’un internat qui sert les mêmes formations a été transmis : les internats de ces formations ne changent plus. \
             Une erreur se corrige auprès du service académique."
                .to_owned()
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
        R::ClassementsManquants { groupes: 1 } => {
            "Un groupe n’a pas encore transmis son classement.".to_owned()
        }
        R::ClassementsManquants { groupes } => {
            format!("{groupes} groupes n’ont pas encore transmis leur classement.")
        }
        R::TauxManquants { groupes } => format!(
            "Le taux minimum de boursiers n’est pas fixé pour {}.",
            accord(*groupes, "groupe", "groupes")
        ),
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
        R::PublicationSansHeure => {
            "Seules les propositions d’un jour se publient d’elles-mêmes, à l’heure du calendrier : publiez ce passage quand il est relu."
                .to_owned()
        }
        R::PublicationHeurePassee { le } => format!(
            "L’heure de publication, le {}, est passée : l’accord ne se donne plus d’avance et ne s’annule plus. Publiez ce passage, ou \
             abandonnez-le.",
            instant(*le)
        ),
        R::PublicationProgrammee { le } => format!(
            "La publication de ce passage est déjà programmée le {}. Elle s’annule jusque-là.",
            instant(*le)
        ),
        R::PublicationNonProgrammee => {
            "La publication de ce passage n’est pas programmée, ou ne l’est plus : il n’y a rien à annuler.".to_owned()
        }
        R::TropDExplications { par_jour } => format!(
            "Vous avez demandé {} en une journée, le plus qui soit possible : revenez demain. Celles qui sont prêtes se lisent toujours.",
            accord(*par_jour, "explication", "explications")
        ),
        R::PassageEnAttente { jour } => format!(
            "Le passage du jour {jour} est calculé mais pas publié : publiez-le ou abandonnez-le avant d’en calculer un autre."
        ),
        R::RetraitEnAttente => {
            "Un retrait est calculé mais pas publié : publiez-le ou abandonnez-le avant de calculer un autre passage.".to_owned()
        }
        R::RetraitSansEffet { jour } => format!(
            "Il n’y a rien à retirer depuis le jour {jour} pour une au moins de ces formations : elle a déjà été rétablie, ou ce \
             jour-là n’y a rien changé. Rien n’est modifié."
        ),
        R::DeuxiemePersonne => {
            "Cet acte demande deux personnes : celle qui l’a préparé ne peut pas en décider elle-même, une deuxième personne doit \
             le faire. Préparé en ligne de commande, il se valide sur le site."
                .to_owned()
        }
        R::PassageIndisponible => {
            "Ce passage n’est plus dans un état qui le permet : il a été publié ou abandonné entre-temps.".to_owned()
        }
        R::SecteurSansLaSienne { academie } => {
            format!("Le secteur comprend toujours l’académie de la formation : cochez {academie}.")
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
            "L’adresse et le second facteur d’un compte ne se changent pas à si peu d’intervalle : ce sera possible à partir du {}.",
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
        R::Gel { gel, comptes } => format!(
            "{} D’ici là, {} ne se changent pas en une fois : rien n’a été enregistré. Le travail compte par compte continue. Pour le \
             faire sans attendre, demandez à l’équipe nationale de lever le gel pour votre établissement : une personne le propose, \
             une autre le valide.",
            gel_ici(gel, ici),
            accord(i64::from(*comptes), "compte", "comptes")
        ),
        R::EtablissementEnSecurite => {
            "Votre établissement est mis en sécurité : les exports sont coupés. L’administrateur, le chef d’établissement ou le service académique peut lever cette mesure."
                .to_owned()
        }
        R::GrilleFautive { regles } => format!(
            "La grille d’analyse ne peut pas être publiée : {} à corriger. Ouvrez-la pour lire la relecture.",
            en_points(*regles)
        ),
        R::GrilleARelire { formation, points } => format!(
            "{formation} : {} à relire dans la grille d’analyse. Lisez-la, puis confirmez ou acceptez cette formation seule. Rien n’a \
             été fait pour les autres.",
            en_points(*points)
        ),
        R::DescriptionIncomplete { formation, champs } => format!(
            "{formation} : avant de confirmer ou de publier, renseignez {}.",
            en_minuscules(champs)
        ),
        R::ControleRequis => {
            "Cette formation n’est publiée qu’après son contrôle : soumettez-la au service académique, qui l’accepte ou la retourne."
                .to_owned()
        }
        R::ControlePris => {
            "Un autre agent a pris cette formation en charge : lui seul peut la contrôler. Si besoin, libérez-la d’abord.".to_owned()
        }
        R::FicheIncomplete { manques } => format!(
            "La plateforme ne peut pas reprendre cette fiche ({}) : demandez à l’organisme de la corriger auprès de son Carif-Oref.",
            en_minuscules(manques)
        ),
        R::FicheEnDouble => {
            "Cette fiche décrit la même formation qu’une autre, qui est gardée : choisissez d’abord laquelle garder, dans les doublons."
                .to_owned()
        }
        R::FicheNonPrete => {
            "La fiche de cette formation dans le catalogue de l’apprentissage est revenue à l’étude : la formation se publiera quand le \
             service académique l’aura de nouveau déclarée prête. « Mes fiches du catalogue » dit ce qu’il attend."
                .to_owned()
        }
        R::DoublonRetenu => {
            "Une autre fiche du même groupe a déjà sa formation sur la plateforme : c’est elle qui est gardée. Pour en changer, fermez-la \
             d’abord."
                .to_owned()
        }
        R::ControleDeSoi => {
            "Vous avez soumis cette formation vous-même : un autre agent du service académique la contrôle.".to_owned()
        }
        R::ModifieeDepuis => "Elle a été modifiée depuis que vous l’avez lue : relisez-la.".to_owned(),
        R::RetourEntame => {
            "L’établissement a modifié cette formation depuis le retour : personne n’a soumis ce qu’elle dit maintenant, et le retour ne \
             s’annule plus. Prolongez-le, pour que l’établissement la soumette."
                .to_owned()
        }
        R::LieuNomme { formations } => format!(
            "Des formations s’y donnent encore : {}. Indiquez-leur un autre lieu dans « Caractéristiques », puis retirez celui-ci.",
            formations.join(" ; ")
        ),
        R::DansLot { formation, cause } => {
            format!("{formation} : {} Rien n’a été fait pour les autres.", regle_ici(cause, ici))
        }
        R::ControleALire { formation } => format!(
            "{formation} a changé depuis l’an dernier, ou depuis que vous avez lu cette liste : ouvrez-la pour la contrôler. Rien n’a été accepté."
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
                "intitule" => "l’intitulé de la formation est déjà celui-là, ou vient maintenant du catalogue de l’apprentissage",
                "statut" => {
                    "le statut de la formation ne change plus : des candidats ont un vœu pour elle, ou sa fiche au catalogue, son vœu multiple ou une autre session le fixe"
                }
                "selective" => {
                    "la sélectivité de la formation ne change plus : des candidats ont un vœu pour elle, ou elle partage son classement"
                }
                "groupes" => "la capacité ou les groupes de la formation ont changé depuis, ou son classement est partagé",
                "academies" => "le secteur ou l’académie de la formation ont changé depuis, ou son classement est partagé",
                _ => "la formation est déjà fermée",
            };
            format!("Ce qui est demandé n’est plus possible : {quoi}. Refusez la demande en le disant.")
        }
        R::EtablissementIncomplet { manques } => {
            let manques: Vec<&str> = manques.iter().map(|m| m.libelle()).collect();
            format!(
                "Avant ses formations, l’établissement doit être décrit. Il manque : {}. La personne qui administre le site de l’établissement le complète ; une partie close se rouvre sur demande, depuis la page de l’établissement.",
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

/// All that keeps a course out of an act on many, beside its name: what is missing in one line, then the rest.
pub fn motifs_a_part(refus: &[RuleViolation]) -> Vec<String> {
    use RuleViolation as R;
    let mut manque: Vec<&str> = Vec::new();
    let mut motifs = Vec::new();
    for r in refus {
        match r {
            R::Champ { champ: "capacite", motif: "manquant" } => manque.push("capacité"),
            R::Champ { champ: "frais", motif: "manquant" } => manque.push("frais de scolarité"),
            R::DescriptionIncomplete { champs, .. } => manque.extend(champs.iter().copied()),
            autre => motifs.push(a_part(autre)),
        }
    }
    if !manque.is_empty() {
        motifs.insert(0, format!("Il manque : {}.", manque.join(", ")));
    }
    motifs
}

/// Labels in a sentence: « aucun code UAI, lieu inconnu ».
fn en_minuscules(libelles: &[&str]) -> String {
    libelles.iter().map(|l| minuscule(l)).collect::<Vec<String>>().join(", ")
}

fn en_points(combien: usize) -> String {
    if combien == 1 { "un point".to_owned() } else { format!("{combien} points") }
}

/// What keeps a course out of an acceptance of many: it is opened, and decided alone.
pub fn motif_controle(r: &RuleViolation) -> String {
    use RuleViolation as R;
    match r {
        R::ControleALire { .. } => {
            "Elle a changé depuis l’an dernier : ouvrez-la pour la contrôler.".to_owned()
        }
        R::GrilleARelire { points, .. } => {
            format!("Sa grille d’analyse a {} à relire : ouvrez-la pour la contrôler.", en_points(*points))
        }
        R::CapaciteARelire => {
            "Sa capacité sort de l’ordinaire et attend d’être relue par une deuxième personne.".to_owned()
        }
        autre => regle(autre),
    }
}

/// What keeps a course out of an act on many: the others are done without it.
fn a_part(r: &RuleViolation) -> String {
    use RuleViolation as R;
    match r {
        R::ForbiddenTransition { from: "soumise", .. } => {
            "Elle est déjà soumise : elle attend la réponse du service académique.".to_owned()
        }
        R::ForbiddenTransition { from: "acceptee", .. } => {
            "Le service académique l’a déjà acceptée, telle qu’elle est.".to_owned()
        }
        R::RienAPublier => "Déjà publiée, sans changement : rien à soumettre.".to_owned(),
        R::GrilleARelire { points, .. } => format!(
            "Sa grille d’analyse a {} à relire. {} de publier, mais la formation se soumet alors seule : ouvrez-la, relisez sa \
             grille, puis soumettez-la.",
            en_points(*points),
            if *points == 1 { "Il n’empêche pas" } else { "Ils n’empêchent pas" }
        ),
        autre => regle(autre),
    }
}

/// A text that its field does not hold. `max`: characters that it does.
fn trop_long(champ: &str, max: usize) -> String {
    let max = accord(max, "caractère", "caractères");
    match champ {
        "url" | "lien" | "enregistrement" => format!("Cette adresse est trop longue : {max} au plus."),
        "libelle" => format!("Cet intitulé est trop long : {max} au plus."),
        "presentation" => format!("La présentation est trop longue : {max} au plus."),
        "contenu" => format!("Ce texte est trop long : {max} au plus. Faites-en deux informations."),
        "texte" => format!("Ce message est trop long : {max} au plus. Coupez-le en deux."),
        "commune" => format!("Le nom de la commune dépasse {max} : abrégez-le."),
        _ => format!("Ce texte est trop long : {max} au plus."),
    }
}

fn champ_invalide(champ: &str, motif: &str) -> String {
    match (champ, motif) {
        ("url", "url_a_appeler") => {
            "Donnez une adresse complète qui commence par https://, sans identifiant, ni mot de passe, ni « # », par exemple https://si.exemple.fr/parcoursup."
                .to_owned()
        }
        ("url", "url_privee") => {
            "Cette adresse est celle d’un réseau privé ou de la machine elle-même : donnez-en une que tout Internet joint.".to_owned()
        }
        ("evenements", "aucun") => "Choisissez au moins un événement.".to_owned(),
        ("evenements", "evenement_inconnu") => {
            "Un des événements n’existe pas, ou ne s’envoie qu’à la demande.".to_owned()
        }
        ("jeton", "sans_effet") => {
            "Ce jeton n’ouvre plus rien : renouvelez-le, ou donnez-en un autre à ce logiciel.".to_owned()
        }
        ("jeton", "revoque") => {
            "Un jeton révoqué ne se renouvelle pas : donnez-en un autre à ce logiciel.".to_owned()
        }
        ("abonnement", "suspendu") => {
            "Cet abonnement est suspendu : reprenez-le avant de demander un message d’essai.".to_owned()
        }
        ("texte", "question_vide") => "Écrivez votre question.".to_owned(),
        ("texte", "reponse_vide") => "Écrivez votre réponse.".to_owned(),
        ("texte", "reponse_longue") => {
            "Cette réponse type est trop longue : raccourcissez-la, ou faites-en deux.".to_owned()
        }
        ("texte", "trop_de_demandes") => {
            "Vous avez déjà posé beaucoup de questions aujourd’hui. Complétez l’une d’elles dans « Mes questions », ou revenez demain.".to_owned()
        }
        ("texte", "trop_de_complements") => {
            "Vous avez déjà ajouté beaucoup de messages aujourd’hui : attendez la réponse, ou revenez demain.".to_owned()
        }
        ("texte", "trop_de_reponses") => {
            "Votre cellule garde déjà autant de réponses types qu’il est possible : retirez-en une qui ne sert plus.".to_owned()
        }
        ("donnees", "examen_commence") => {
            "L’examen des vœux est ouvert : la liste des données de cette session ne change plus.".to_owned()
        }
        ("donnees", "vide") => "Cochez au moins une donnée.".to_owned(),
        ("donnees", "impossible") => "Une des données n’existe pas pour cette session.".to_owned(),
        (_, "sans_source") => "Dites d’où vient cette donnée, ou ne la cochez pas.".to_owned(),
        ("theme", "sujet_manquant") => "Choisissez le sujet des questions auxquelles ce texte répond.".to_owned(),
        ("theme", "manquant") => "Choisissez ce que votre question concerne.".to_owned(),
        ("theme", "vide") => "Donnez un thème : il classe les publications.".to_owned(),
        ("vers", _) => "Choisissez à quel service transmettre la question.".to_owned(),
        ("presentation", "vide") => "Présentez la cellule en quelques lignes.".to_owned(),
        ("departements", _) => "Ces départements ne sont pas tous de la région académique : cochez-en d’autres.".to_owned(),
        ("lien", "rien_a_lire") => "Donnez une adresse à ouvrir, ou écrivez le texte ci-dessous.".to_owned(),
        ("charte", "vide") => "Écrivez le texte de la charte.".to_owned(),
        ("charte", "identique") => {
            "Ce texte est celui de la version en vigueur : une nouvelle version demanderait à chacun d’accepter la même chose.".to_owned()
        }
        ("fiches", "aucune") => "Cochez au moins une fiche.".to_owned(),
        ("academies", "hors_perimetre") => {
            "Choisissez au moins une académie, parmi celles de votre service.".to_owned()
        }
        ("retrait", "avant_debut") => "Le retrait doit venir après la publication.".to_owned(),
        ("qualites", "public_et_gestion") => {
            "Une séance s’adresse soit au public, soit aux personnes du site de gestion : pour le public, ne cochez ni rôle ni type de formation.".to_owned()
        }
        ("qualites", "inscriptions") => {
            "Des personnes sont déjà inscrites : cette séance garde le public auquel elle a été annoncée. Annulez-la pour en annoncer une autre.".to_owned()
        }
        ("cloture", "apres_debut") => {
            "Les inscriptions ne peuvent pas se clore après le début : choisissez un jour avant la séance, ou laissez vide.".to_owned()
        }
        ("places", "hors_bornes_seance") => format!(
            "Indiquez un nombre de places entre 1 et {}, ou laissez vide pour ne pas les limiter.",
            nombre(PLACES_MAX)
        ),
        ("places", "moins_que_inscrits") => {
            "Des personnes inscrites perdraient leur place : indiquez au moins autant de places que d’inscrits.".to_owned()
        }
        ("lien", "vide") => "Indiquez un lien de connexion, ou un lieu.".to_owned(),
        ("lien" | "enregistrement", "adresse") => {
            "Indiquez une adresse complète qui commence par https://, par exemple https://visio.exemple.fr/salle.".to_owned()
        }
        ("lien", _) => "Saisissez une adresse complète, par exemple https://www.region-academique.fr/guide.".to_owned(),
        ("enregistrement", "vide") => "Indiquez l’adresse de l’enregistrement.".to_owned(),
        ("jour", "passe") => "Choisissez un jour et une heure à venir : une séance s’annonce avant qu’elle commence.".to_owned(),
        ("titre", "vide") => "Donnez un titre.".to_owned(),
        ("contenu", "vide") => "Écrivez le texte de l’information.".to_owned(),
        ("jusque", "avance") => {
            "Choisissez un jour après la date limite actuelle : une échéance se reporte, elle ne s’avance pas.".to_owned()
        }
        ("jusque", "passe") => "Choisissez un jour qui n’est pas déjà passé.".to_owned(),
        ("temoin", "vide") => "Nommez le témoin, sur une ligne.".to_owned(),
        ("signature", "invalide") => {
            "Cette signature n’est d’aucune tête du registre, ou pas de cette clé : « parcoursup admission tete » écrit le texte exact à signer.".to_owned()
        }
        ("capacite", "hors_bornes") => {
            format!("La capacité doit être un nombre entier de 0 à {}.", nombre(CAPACITE_MAX))
        }
        ("internat_places", _) => {
            format!("Le nombre de places d’internat est un entier de 0 à {}.", nombre(CAPACITE_MAX))
        }
        ("capacite", "manquant") => {
            "Indiquez la capacité d’accueil avant de publier (0 s’il n’y a aucune place).".to_owned()
        }
        ("frais", "manquant") => {
            "Indiquez les frais de scolarité avant de publier (0 s’il n’y a rien à payer).".to_owned()
        }
        ("frais", "hors_bornes") => {
            format!("Les frais de scolarité doivent être compris entre 0 et {}.", format_montant(FRAIS_MAX))
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
        ("groupes" | "academies", "partage") => {
            "Cette formation partage son classement avec celles de son vœu multiple : elle le quitte d’abord, dans « Regroupement »."
                .to_owned()
        }
        ("groupes", "nombre") => format!("Décrivez un groupe au moins, et {GROUPES_MAX} au plus."),
        ("groupes", "sans_nom") => "Donnez un intitulé à chaque groupe.".to_owned(),
        ("groupes", "nom_double") => "Deux groupes ont le même intitulé : distinguez-les.".to_owned(),
        ("groupes", "sans_serie" | "serie_inconnue") => {
            "Cochez, pour chaque groupe, les candidats qui y sont classés.".to_owned()
        }
        ("groupes", "serie_double") => {
            "Les mêmes candidats sont cochés dans deux groupes : chacun est classé dans un seul.".to_owned()
        }
        ("groupes", "serie_absente") => {
            "Des candidats ne sont cochés dans aucun groupe : chacun est classé dans l’un d’eux.".to_owned()
        }
        ("groupes", "capacite") => {
            "Déclarez d’abord la capacité d’accueil : les groupes se la partagent.".to_owned()
        }
        ("groupes", "memes") => "Ce sont déjà les groupes de la formation : changez-en un.".to_owned(),
        ("academies", "selective") => {
            "Une formation sélective n’a pas de secteur : il ne sert qu’au taux maximum de non-résidents, qu’elle n’a pas.".to_owned()
        }
        ("academies", "inconnue") => "Choisissez des académies de la liste.".to_owned(),
        ("academies", "meme") => "C’est déjà le secteur de la formation : changez-le.".to_owned(),
        ("uai", "meme") => "C’est déjà l’établissement de la formation : indiquez-en un autre.".to_owned(),
        ("uai", "academie") => {
            "Cet établissement est d’une autre académie : la formation y est à ouvrir, puis à fermer ici.".to_owned()
        }
        ("uai", "inconnu" | "departement") => {
            "Aucun établissement de la session n’a ce code. Vérifiez-le : 7 chiffres et une lettre.".to_owned()
        }
        ("libelle", "manquant") => "Donnez un intitulé.".to_owned(),
        ("libelle", "meme") => "Rien ne change : corrigez l’intitulé, la précision, le statut ou la sélectivité.".to_owned(),
        ("libelle", "catalogue") => {
            "L’intitulé vient de la fiche de la formation au catalogue national de l’apprentissage : faites-le corriger dans le catalogue."
                .to_owned()
        }
        ("statut", "catalogue") => {
            "Le statut ne change pas : la formation a sa fiche au catalogue national de l’apprentissage.".to_owned()
        }
        ("statut", "voeux") => "Le statut ne change plus : des candidats ont un vœu pour cette formation.".to_owned(),
        ("selective", "voeux") => {
            "La sélectivité ne change plus : des candidats ont un vœu pour cette formation.".to_owned()
        }
        ("statut", "session") => {
            "Le statut ne change pas : la formation est aussi d’une autre session, sous ce statut. Demandez l’ouverture d’une formation \
             sous l’autre statut, puis la fermeture de celle-ci."
                .to_owned()
        }
        ("statut", "regroupement") => {
            "Le statut ne change pas : les formations d’un vœu multiple ont le même. La formation le quitte d’abord, dans « Regroupement »."
                .to_owned()
        }
        ("selective", "regroupement") => {
            "La sélectivité ne change pas : les formations qui partagent leur classement ont la même. La formation quitte d’abord son vœu \
             multiple, dans « Regroupement »."
                .to_owned()
        }
        ("libelle", "existe") => "L’établissement a déjà cette formation, avec ce statut, dans cette commune.".to_owned(),
        ("libelle", "demande") => "Vous avez déjà demandé cette formation : la réponse est attendue.".to_owned(),
        ("tutelle", _) => "Choisissez un ministère dans la liste.".to_owned(),
        ("famille", "manquant") => "Choisissez un type de formation.".to_owned(),
        ("filiere", "manquante") => {
            "Choisissez une filière de la nomenclature nationale, ou dites pourquoi la formation n’y est pas.".to_owned()
        }
        ("filiere", _) => "Cette filière n’est pas dans la nomenclature de la session : choisissez-en une autre.".to_owned(),
        ("famille" | "libelle" | "statut", "filiere") => {
            "La filière nationale dit autre chose : ne remplissez pas ce champ, ou choisissez une autre filière.".to_owned()
        }
        ("hors_nomenclature", _) => {
            "Une formation qui a sa filière dans la nomenclature n’a pas à dire pourquoi elle n’y serait pas.".to_owned()
        }
        ("statut", "manquant") => "Choisissez le statut sous lequel la formation est suivie.".to_owned(),
        ("champs", "reouverture") => "Cochez au moins un champ.".to_owned(),
        ("parties", "ouvertes") => {
            "Ces parties sont encore ouvertes, ou le sont de nouveau : modifiez-les sans rien demander.".to_owned()
        }
        ("parties", "demande") => {
            "Une autre demande de l’établissement attend sa réponse. Attendez-la, ou retirez-la d’abord.".to_owned()
        }
        ("parties", "demandees") => "Ne rouvrez que des parties qui sont demandées.".to_owned(),
        ("parties", _) => "Cochez au moins une partie.".to_owned(),
        ("champs", _) => "Cochez au moins un champ à reprendre.".to_owned(),
        ("formations", "trop") => {
            format!("Un retrait porte sur {RETRAIT_MAX} formations au plus : faites-en plusieurs, l’un après l’autre.")
        }
        ("formations", _) => "Cochez au moins une formation.".to_owned(),
        ("places", _) => format!(
            "Indiquez le nombre de places de chaque groupe, un nombre entier de 0 à {}.",
            nombre(CAPACITE_MAX)
        ),
        ("formation", "sans_internat") => {
            "Choisissez « commun », ou une formation de l’établissement qui propose un internat.".to_owned()
        }
        ("accueil", "vide") => "Choisissez qui est accueilli : filles, garçons, ou les deux.".to_owned(),
        ("internat", "indisponible") => {
            "Cette formation n’a pas d’internat : choisissez un vœu sans internat.".to_owned()
        }
        ("engagement", "transmission") => {
            "Cochez la case : la transmission est définitive, elle demande votre engagement.".to_owned()
        }
        ("engagement", "manquant") => "Cochez la case pour confirmer ce vœu.".to_owned(),
        ("departement", "inconnu") => "Choisissez un département dans la liste.".to_owned(),
        ("rapprochement", "inconnu") => {
            "Cette formation n’est plus à comparer avec la fiche : relisez la liste, puis choisissez de nouveau.".to_owned()
        }
        ("commune", "manquant") => "Indiquez la commune où vous habitez.".to_owned(),
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
        ("pieces", _) => {
            "Un document coché n’est plus dans la liste : il a été retiré, ou il n’est pas de votre service. Cochez-en d’autres.".to_owned()
        }
        ("fichier", "vide") => "Choisissez un fichier PDF : celui qui a été envoyé est vide ou absent.".to_owned(),
        ("fichier", "pdf_nom") => {
            "Ce fichier n’est pas un PDF : son nom doit finir par « .pdf ». Enregistrez votre document au format PDF, puis envoyez-le.".to_owned()
        }
        ("fichier", "pdf_format") => {
            "Ce fichier se nomme « .pdf », mais ce n’en est pas un. Ouvrez-le, exportez-le au format PDF, puis envoyez-le.".to_owned()
        }
        ("fichier", "pdf_tronque") => {
            "Ce PDF est abîmé ou incomplet : sa fin manque. Exportez-le de nouveau, puis envoyez-le.".to_owned()
        }
        ("fichier", "pdf_chiffre") => {
            "Ce PDF est protégé par un mot de passe : ses lecteurs ne pourraient pas l’ouvrir. Enregistrez-le sans protection.".to_owned()
        }
        ("fichier", "virus") => {
            "L’antivirus refuse ce fichier. Ne le transmettez à personne, et prévenez votre service informatique.".to_owned()
        }
        ("fichier", "antivirus") => {
            "L’antivirus ne répond pas : aucun fichier n’est accepté tant qu’il ne peut pas être examiné. Réessayez plus tard ; votre saisie est gardée dans la page.".to_owned()
        }
        ("fichier", "image_vide") => "Choisissez l’image de la signature avant de l’envoyer.".to_owned(),
        ("fichier", "image_format") => {
            "Ce fichier n’est ni une image PNG ni une image JPEG. Enregistrez la signature sous l’un de ces deux formats.".to_owned()
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
        ("jour", "deja_passe") => {
            "Choisissez un jour à venir : une journée passée ne s’annonce plus.".to_owned()
        }
        ("jour", "journee_passee") => {
            "Cette journée est passée : elle ne se modifie plus, et ne se retire plus.".to_owned()
        }
        ("jour", "deja_annoncee") => {
            "Cette journée est déjà annoncée, aux mêmes heures et au même lieu : modifiez celle qui est dans la liste, ou changez \
             le jour, les heures ou le lieu."
                .to_owned()
        }
        ("fin" | "heure_fin", "avant_debut") => "L’heure de fin doit suivre l’heure de début.".to_owned(),
        ("ou", "manquant") => {
            "Indiquez où venir, ou l’adresse du site si la journée se tient à distance.".to_owned()
        }
        ("ou", "format") => {
            "À distance, indiquez l’adresse du site, par exemple https://visio.lycee.fr.".to_owned()
        }
        ("jusqu_a", "passe") => "Choisissez un jour qui n’est pas déjà passé.".to_owned(),
        ("jusqu_a", "lointain") => "Ce jour est trop lointain : choisissez-en un plus proche.".to_owned(),
        ("jusqu_a", "deja_donne") => "L’établissement a déjà jusqu’à ce jour : choisissez-en un plus éloigné.".to_owned(),
        ("jusqu_a", "avant_debut") => "Le dernier jour doit suivre le premier.".to_owned(),
        ("jusqu_a", "deja_signe") => {
            "Choisissez hier au plus tôt : les jours passés, c’est cette personne qui a signé.".to_owned()
        }
        ("prise", "sans_interim") => {
            "Personne n’assure d’intérim aujourd’hui : choisissez une autre réponse.".to_owned()
        }
        ("jusqu_a", "manquant") => "Un intérim a une fin : indiquez son dernier jour.".to_owned(),
        ("depuis" | "jusqu_a", "eloigne") => {
            "Ce jour est trop éloigné d’aujourd’hui : vérifiez l’année.".to_owned()
        }
        ("depuis", "en_fonction") => {
            "Cette personne est déjà en fonction : son arrivée ne s’annule plus. Dites qui lui succède, ou quel jour finit son intérim."
                .to_owned()
        }
        ("depuis", "avant_precedent") => {
            "Cette prise de fonction précède celle du chef actuel : vérifiez la date.".to_owned()
        }
        ("texte", "vide") => "Écrivez votre message avant de l’envoyer.".to_owned(),
        (_, "vide") => "Remplissez ce champ : il est obligatoire.".to_owned(),
        (_, "manquant") => format!("Le champ « {champ} » est obligatoire."),
        _ => format!("La valeur du champ « {champ} » n’est pas acceptée."),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::sources;

    #[test]
    fn a_text_too_long_is_told_with_what_its_own_field_holds() {
        let dit = |champ, max| regle(&RuleViolation::TropLong { champ, max });
        assert_eq!(dit("motif", 2_000), "Ce texte est trop long : 2\u{202f}000 caractères au plus.");
        assert_eq!(dit("commune", 80), "Le nom de la commune dépasse 80 caractères : abrégez-le.");
        assert_eq!(dit("url", 500), "Cette adresse est trop longue : 500 caractères au plus.");
        let lourd = |image| regle(&RuleViolation::FichierLourd { max: 5_000_000, image });
        assert!(lourd(false).contains("5 Mo au plus") && lourd(true).starts_with("Cette image"));
        let cote = regle(&RuleViolation::CoteImage { min: 20, max: 3_000 });
        assert!(cote.contains("de 20 à 3\u{202f}000 pixels"), "{cote}");
        let (premier, dernier) = (date(2023, 11, 13), date(2024, 9, 12));
        assert_eq!(
            regle(&RuleViolation::HorsCampagne { premier, dernier }),
            "Choisissez un jour entre le lundi 13 novembre 2023, ouverture du site de gestion, et le jeudi 12 septembre 2024, \
             fin de la phase d’admission."
        );
        let champ = |champ, motif| regle(&RuleViolation::Champ { champ, motif });
        assert!(champ("places", "hors_bornes").contains("de chaque groupe"));
        assert!(champ("places", "hors_bornes_seance").contains("1 et 100\u{202f}000"));
    }

    /// Whether a line of the sources tells a limit by digits of its own, and not by those of a constant or of a setting.
    fn tells_a_limit(ligne: &str) -> bool {
        let limite = ["au plus", "au moins", "dépass"].into_iter().any(|mot| ligne.contains(mot));
        let mut dedans = false;
        let mut dits = ligne.chars().filter(|c| {
            dedans = (dedans || *c == '{') && *c != '}';
            !dedans
        });
        limite && !ligne.trim_start().starts_with("//") && dits.any(|c| c.is_ascii_digit())
    }

    #[test]
    fn no_limit_is_typed_in_a_sentence() {
        // The report of a simulation chooses what it compares.
        let lues = sources::lues().into_iter().filter(|(chemin, _)| !chemin.contains("simulation"));
        let typees: Vec<String> = lues
            .flat_map(|(chemin, texte)| {
                let lignes = texte.lines().filter(|l| tells_a_limit(l));
                lignes.map(|l| format!("{chemin}: {}", l.trim())).collect::<Vec<_>>()
            })
            .collect();
        assert!(typees.is_empty(), "{}", typees.join("\n"));
        assert!(tells_a_limit("\"Ce texte est trop long : 200 caractères au plus.\""));
        assert!(!tells_a_limit("format!(\"{MAX2} caractères au plus.\")"));
    }
}
