//! Notices shown after an act, by code: `?fait=code` in the address that follows a POST.

use app::limites::Limites;

use crate::components::{Alerte, accord};

/// The notice of a code, with the limits in force; an unknown code shows nothing.
pub fn avis(code: &str, l: &Limites) -> Option<Alerte> {
    let texte = match code {
        "alarmes-vues" => "Les alarmes sont notées comme examinées, à votre nom.",
        "agenda-cree" => {
            "Votre adresse d’agenda est créée : la précédente, s’il y en avait une, ne répond plus."
        }
        "regroupement" => "Le regroupement est enregistré.",
        "regroupement-quitte" => {
            "La formation est retirée du regroupement : les candidats y font un vœu à part, et elle a son propre classement."
        }
        "agenda-retire" => "Votre adresse d’agenda est retirée : elle ne répond plus.",
        "resume-arrete" => {
            "Vous ne recevrez plus le courriel du Fil info ; les informations restent sur le site."
        }
        "resume-repris" => "Vous recevrez de nouveau le courriel du Fil info, une fois par jour au plus.",
        "apparence" => "Votre choix est enregistré sur cet appareil.",
        "codes-refuses" => {
            return Some(Alerte::attention(
                "Trop de codes refusés : reconnectez-vous avec votre mot de passe.",
            ));
        }
        "session-finie" => {
            return Some(Alerte::attention(format_args!(
                "Votre session est terminée. Ce que vous veniez d’envoyer est gardé {} : connectez-vous pour le reprendre.",
                accord(l.demande_gardee_min, "minute", "minutes")
            )));
        }
        "session-finie-fichier" => {
            return Some(Alerte::attention(
                "Votre session est terminée, et ce que vous veniez d’envoyer n’a pas pu être gardé : connectez-vous, puis recommencez.",
            ));
        }
        "brouillon-oublie" => "Votre saisie non enregistrée est oubliée.",
        "classeur" => "Les changements du fichier sont enregistrés.",
        "confirmee" => "La description est confirmée pour cette session.",
        "acceptee" => "La formation est acceptée et publiée ; l’établissement est prévenu.",
        "acceptees" => {
            "Les formations cochées sont acceptées et publiées ; leurs établissements sont prévenus."
        }
        "fiche-decidee" => "La décision est enregistrée ; l’établissement la lit sur son site de gestion.",
        "fiches-pretes" => {
            "Les fiches cochées sont prêtes : la plateforme en fait des formations, que leurs établissements complètent."
        }
        "doublon-choisi" => "La fiche choisie est gardée ; les autres deviennent ses doublons.",
        "rapprochement-choisi" => {
            "Votre réponse est enregistrée : la prochaine intégration en tient compte, et vous pouvez la changer d’ici là."
        }
        "integration" => "L’intégration est demandée : la plateforme la fait sans attendre la nuit.",
        "journee-recue" => {
            "Les fichiers sont reçus. La plateforme les lit, puis montre ici ce qui changerait : rien n’est encore appliqué."
        }
        "journee-deja" => {
            return Some(Alerte::info(
                "Ces fichiers avaient déjà été reçus : rien n’est enregistré de nouveau, voici la journée d’alors.",
            ));
        }
        "journee-confirmee" => {
            "La journée est confirmée : la plateforme l’applique telle qu’elle a été montrée."
        }
        "journee-relue" => {
            "La journée est relue comme un envoi partiel : aucune fiche absente ne sera retirée."
        }
        "journee-abandonnee" => "La journée est abandonnée : rien n’en a été appliqué.",
        "liberee" => "La formation est libérée : un autre agent peut la prendre.",
        "prise" => "Vous avez pris la formation en charge.",
        "retournee" => "La formation est retournée ; l’établissement est prévenu.",
        "retour-prolonge" => "Le retour est prolongé ; l’établissement est prévenu.",
        "retour-annule" => {
            "Le retour est annulé : la formation attend de nouveau votre décision, telle qu’elle a été soumise. L’établissement est prévenu."
        }
        "soumise" => "La formation est soumise au service académique, qui l’acceptera ou la retournera.",
        "capacites-reprises" => {
            "Les capacités de l’an dernier sont reprises : relisez-les, rien n’est encore public."
        }
        "demande-deposee" => "Votre demande est envoyée au service académique : sa réponse sera ici.",
        "accord-donne" => {
            "L’accord de votre établissement est enregistré : le service académique décide maintenant."
        }
        "demande-retiree" => "La demande est retirée.",
        "demande-transmise" => "La demande est transmise à l’équipe nationale, avec votre avis.",
        "demande-acceptee" => "La demande est acceptée et a pris effet ; l’établissement est prévenu.",
        "demande-refusee" => "La demande est refusée ; l’établissement est prévenu.",
        "description" => "La rubrique est enregistrée.",
        "etablissement" => "L’établissement est enregistré.",
        "chef" => "Le chef d’établissement est confirmé pour la session.",
        "chef-annule" => "Le changement annoncé est annulé. La page dit qui signe aujourd’hui.",
        "chef-change" => "Le changement est enregistré. La page dit qui signe aujourd’hui.",
        "composante" => "La composante est enregistrée.",
        "site" => "Le site est enregistré.",
        "journee" => "La journée est enregistrée.",
        "contact" => "Le contact est enregistré.",
        "retrait" => "La ligne est retirée de l’établissement. Les lignes qui restent n’ont pas changé.",
        "internat" => "L’internat est enregistré.",
        "internat-retire" => "L’internat est retiré. Les autres n’ont pas changé.",
        "signature" => "La signature est enregistrée.",
        "relance" => "La relance est partie : elle est datée dans les échanges de chaque établissement.",
        "relance-en-nombre" => "La relance est demandée : elle se fait par lots, que cette page suit.",
        "relance-arretee" => "La relance est arrêtée : plus rien ne part tant qu’elle n’est pas reprise.",
        "relance-reprise" => "La relance est reprise là où elle en était.",
        "message" => "Votre message est envoyé : il est daté, et ne se modifie plus.",
        "question-posee" => {
            "Votre question est envoyée : la réponse sera ici, et un courriel vous préviendra."
        }
        "question-completee" => "Votre message est ajouté à la question.",
        "question-close" => "La question est close.",
        "question-prise" => "Vous avez pris la question en charge.",
        "question-repondue" => "La réponse est envoyée ; la personne est prévenue par courriel.",
        "question-transmise" => "La question est transmise : elle n’est plus dans votre file.",
        "liste-donnees" => "La liste est enregistrée : les dossiers et la note la suivent dès maintenant.",
        "reponses-types" => "Les réponses types de la cellule sont enregistrées.",
        "cellule" => "La cellule est enregistrée : le public lit ces informations dès maintenant.",
        "charte" => "La charte est acceptée, à votre nom, pour votre établissement.",
        "charte-publiee" => "La version est publiée : elle est en vigueur dès maintenant.",
        "actualite" => {
            "L’information est enregistrée : elle paraît dans le Fil info à l’instant que vous avez choisi."
        }
        "document" => "Le document est déposé : ses lecteurs le trouvent dès maintenant.",
        "document-corrige" => "Le document est enregistré ; les fichiers d’avant sont gardés.",
        "document-retire" => "Le document est retiré des listes.",
        "actualite-corrigee" => "La correction est enregistrée ; le texte d’avant est gardé.",
        "seance" => "La séance est annoncée : les personnes concernées peuvent s’inscrire.",
        "seance-corrigee" => {
            "La séance est modifiée. Si son horaire ou son lieu change, les inscrits sont prévenus."
        }
        "seance-annulee" => "La séance est annulée ; les inscrits sont prévenus par courriel.",
        "seance-inscrit" => {
            "Votre demande est enregistrée : cette page dit si vous avez une place. Un courriel vous le confirme."
        }
        "seance-desiste" => "Vous n’êtes plus inscrit à cette séance.",
        "seance-presences" => "Les présences sont enregistrées.",
        "seance-enregistrement" => "L’enregistrement est publié.",
        "seance-lien" => {
            return Some(Alerte::succes(format_args!(
                "Si cette adresse est exacte, un courriel vient de lui être envoyé : ouvrez son lien dans les {} pour prendre votre place.",
                accord(l.lien_inscription_h, "heure", "heures")
            )));
        }
        "actualite-retiree" => "L’information est retirée : plus personne ne la lit dans le Fil info.",
        "reprise" => "Les champs cochés sont repris. Relisez-les dans chaque rubrique.",
        "fichier-non-garde" => {
            return Some(Alerte::attention(
                "Ce que vous avez envoyé n’a pas été enregistré, ni gardé : recommencez après cette vérification.",
            ));
        }
        "moyen-sur" => {
            return Some(Alerte::attention(
                "Cet acte demande un moyen plus sûr que le courriel : ajoutez-en un sur cette page, puis recommencez.",
            ));
        }
        "code-courriel" => "Un code vient de partir par courriel.",
        "code-sms" => "Un code vient de partir par SMS.",
        "cle-ajoutee" => "La clé d’accès est ajoutée.",
        "cle-retiree" => "La clé d’accès est retirée.",
        "application" => "L’application d’authentification est en place.",
        "mobile-verifie" => "Votre numéro de mobile est vérifié : il peut recevoir des codes.",
        "session-fermee" => "La session est fermée.",
        "navigateurs-oublies" => "Vos navigateurs et réseaux habituels sont oubliés.",
        "deconnecte-partout" => "Vous êtes déconnecté, ici et partout ailleurs.",
        "mode-connexion" => "Le réglage de la connexion est enregistré.",
        "inscription-lien" => {
            return Some(Alerte::succes(format_args!(
                "Un courriel vient d’être envoyé à cette adresse. Ouvrez le lien qu’il contient avant {} pour continuer.",
                accord(l.lien_inscription_h, "heure", "heures")
            )));
        }
        "connecte" => "Vous êtes connecté.",
        "deconnecte" => "Vous êtes déconnecté.",
        "enregistre" => "Vos modifications sont enregistrées.",
        "capacite-motivee" => {
            "Le motif est enregistré. Une deuxième personne peut maintenant confirmer cette capacité."
        }
        "capacite-confirmee" => "La capacité est confirmée.",
        "publie" => "La formation est publiée : le public voit ces informations dès maintenant.",
        "voeu-ajoute" => "Le vœu est ajouté. Pensez à le confirmer avant la date limite.",
        "voeu-confirme" => "Votre vœu est confirmé.",
        "voeu-retire" => "Le vœu est retiré.",
        "reponse" => "Votre réponse est enregistrée.",
        "voeux-ordonnes" => "L’ordre de vos vœux est enregistré.",
        "repondeur-active" => "Le répondeur automatique est activé.",
        "repondeur-desactive" => "Le répondeur automatique est désactivé.",
        "voeux-maintenus" => "Vos vœux en attente sont maintenus.",
        "classement-enregistre" => "L’ordre du classement est enregistré.",
        "classement-decale" => {
            return Some(Alerte::info(
                "L’ordre du classement est enregistré. Un rang que vous avez écrit était celui d’un autre candidat : celui-ci et ceux qui \
                 le suivent se sont décalés. Vérifiez l’ordre.",
            ));
        }
        "classement-transmis" => "Le classement est transmis.",
        "delegations" => {
            "Les délégations sont enregistrées : elles valent dès la prochaine page de chaque personne."
        }
        "abonnement-retire" => "L’abonnement est retiré : rien n’est plus envoyé à cette adresse.",
        "jeton-change" => "Le jeton d’accès est modifié : cela vaut dès le prochain appel du logiciel.",
        "jeton-revoque" => "Le jeton d’accès est révoqué : il n’ouvre plus rien.",
        "taux" => "Le taux est enregistré.",
        "passage-calcule" => "Le passage est calculé. Une deuxième personne peut maintenant le publier.",
        "passage-publie" => "Le passage est publié.",
        "retenue-levee" => {
            "La retenue est levée pour ces chiffres : elle ne vaudra plus au prochain calcul. Pour qu’elle compte dès aujourd’hui, \
             abandonnez ce passage et recalculez-le."
        }
        "retrait-calcule" => {
            "Le retrait est calculé : une deuxième personne peut le relire et le publier. Rien n’a changé pour les candidats."
        }
        "passage-abandonne" => "Le passage est abandonné.",
        "publication-programmee" => {
            "La publication est programmée : la plateforme publiera ce passage à l’heure dite. Rien n’est visible jusque-là."
        }
        "publication-deprogrammee" => {
            "La programmation est annulée : ce passage ne sera pas publié sans qu’une personne le fasse."
        }
        "prolongation-proposee" => {
            "La prolongation est proposée. Un autre agent national peut maintenant en décider."
        }
        "prolongation-validee" => {
            "La prolongation est validée : la nouvelle date est en vigueur, les personnes concernées vont recevoir un courriel."
        }
        "prolongation-refusee" => "La prolongation est refusée : le calendrier ne change pas.",
        "levee-proposee" => {
            "La levée du gel est proposée. Un autre agent national peut maintenant en décider."
        }
        "levee-validee" => {
            "La levée du gel est validée : cet établissement peut changer ses comptes en nombre jusqu’à la fin du gel."
        }
        "levee-refusee" => "La levée du gel est refusée : rien ne change.",
        "horloge" => "L’horloge de la campagne est déplacée.",
        "courriel-envoye" => "Si cette adresse est connue, un courriel vient d’y être envoyé.",
        "mot-de-passe" => "Votre mot de passe est changé. Connectez-vous.",
        "inscription" => "Votre inscription est confirmée. Connectez-vous pour formuler vos vœux.",
        "invitation-envoyee" => "L’invitation est envoyée.",
        "invitation-renvoyee" => "L’invitation est renvoyée ; le lien précédent ne sert plus.",
        "invitation-annulee" => "L’invitation est annulée : son lien ne sert plus.",
        "derogation-demandee" => {
            "Votre demande est transmise au service académique, qui vous répondra par courriel."
        }
        "derogation-decidee" => "Votre décision est enregistrée et envoyée à l’établissement.",
        "role-accepte" => "Vous avez accepté ce rôle.",
        "role-accepte-a-securiser" => {
            "Vous avez accepté ce rôle. Reconnectez-vous pour choisir un mot de passe plus fort et mettre en place la double authentification."
        }
        "compte-roles" => "Les rôles sont changés ; la personne est prévenue.",
        "compte-mot-de-passe" => "L’ancien mot de passe n’ouvre plus rien ; la personne est prévenue.",
        "compte-facteur" => {
            "Le retrait est enregistré : la personne est prévenue dès que son second facteur est retiré."
        }
        "compte-valider-retrait" => "Le second facteur est retiré ; la personne est prévenue.",
        "compte-annuler-retrait" => "La demande de retrait est annulée.",
        "compte-suspendre" => "Le compte est suspendu et ses sessions sont fermées.",
        "compte-reactiver" => "Le compte est de nouveau actif.",
        "compte-supprimer" => "Le compte est supprimé ; ce qui a été fait avec lui reste dans l’historique.",
        "compte-declarer-partage" => {
            "Le compte est déclaré partagé : confiez sa reprise à un administrateur."
        }
        "compte-confier-reprise" => "La reprise est confiée ; l’administrateur est prévenu.",
        "compte-reprendre" => "Les rôles du compte partagé sont maintenant les vôtres.",
        "acte-impossible" => {
            return Some(Alerte::info("Cette action n’est pas possible dans l’état actuel du compte."));
        }
        "etablissement-securise" => {
            "L’établissement est en sécurité : sessions fermées, mots de passe et liens annulés, exports coupés."
        }
        "mon-etablissement-securise" => {
            "Votre établissement est en sécurité : sessions fermées, mots de passe et liens annulés, exports coupés. Pour revenir, choisissez « Mot de passe oublié »."
        }
        "securite-levee" => "La mise en sécurité est levée : les exports sont rétablis.",
        "adresse-demandee" => {
            "Un lien est envoyé à la nouvelle adresse : ouvrez-le pour qu’elle devienne celle de votre compte."
        }
        "adresse-changee" => "Votre nouvelle adresse est confirmée : c’est elle qui sert à vous connecter.",
        "code-mobile" => {
            "Un code vient de partir par SMS : saisissez-le pour prouver que ce numéro est le vôtre."
        }
        "mobile" => "Votre téléphone mobile est enregistré.",
        "mot-de-passe-change" => "Votre mot de passe est changé ; vos autres sessions sont fermées.",
        "compte-supprime" => "Votre compte est supprimé.",
        "dossier" => "Votre dossier est enregistré.",
        _ => return None,
    };
    Some(Alerte::succes(texte))
}
