//! Every setting in one table: its name, its default, what it is for. The commented example, the names of the
//! environment variables and the refusal of unknown names all come from here.

/// One setting.
#[derive(Debug)]
pub struct Reglage {
    /// `section.nom`, or `nom` at the top of the file.
    pub nom: &'static str,
    /// As written in TOML; empty when there is no default.
    pub defaut: &'static str,
    /// Shown commented in the example when there is no default.
    pub exemple: &'static str,
    /// One line each.
    pub aide: &'static [&'static str],
}

impl Reglage {
    /// `courriel.hote` → `PARCOURSUP_COURRIEL_HOTE`.
    pub fn variable(&self) -> String {
        format!("PARCOURSUP_{}", self.nom.replace('.', "_").to_uppercase())
    }
}

const fn reglage(
    nom: &'static str,
    defaut: &'static str,
    exemple: &'static str,
    aide: &'static [&'static str],
) -> Reglage {
    Reglage { nom, defaut, exemple, aide }
}

/// Settings, in the order of the example.
pub const REGLAGES: &[Reglage] = &[
    reglage(
        "adresse",
        "",
        "\"https://parcoursup.exemple.fr\"",
        &[
            "Adresse publique du site, sans barre finale. Obligatoire pour « servir » : les courriels y renvoient.",
            "En https, sauf sur la machine elle-même (http://localhost:8080).",
        ],
    ),
    reglage(
        "ecoute",
        "[\"127.0.0.1:8080\"]",
        "",
        &["Adresses et ports locaux où le serveur répond ; le mandataire inverse s’y adresse."],
    ),
    reglage(
        "mandataires",
        "[]",
        "[\"127.0.0.1\", \"::1\"]",
        &[
            "Adresses des mandataires inverses de confiance : d’eux seuls l’adresse du visiteur (X-Forwarded-For) est crue.",
        ],
    ),
    reglage(
        "identite",
        "\"neutre\"",
        "",
        &[
            "« etat » montre le bloc-marque et la police de l’État, réservés à ses services ; sinon « neutre ».",
        ],
    ),
    reglage(
        "base",
        "\"sqlite\"",
        "\"postgres://parcoursup@/parcoursup?host=/run/postgresql\"",
        &[
            "« sqlite » (un fichier du dossier des données, un seul serveur) ou l’adresse d’une base PostgreSQL.",
            "Sans mot de passe dans cette adresse : prise locale, ou fichier ~/.pgpass.",
        ],
    ),
    reglage(
        "cles",
        "\"cles.toml\"",
        "\"/etc/parcoursup/cles.toml\"",
        &[
            "Fichier des clés de chiffrement, lisible par son seul propriétaire (0600) ; chemin absolu, ou relatif au",
            "dossier des données. Il se crée par « parcoursup cles creer » et se sauvegarde à part de la base.",
        ],
    ),
    reglage(
        "fichiers",
        "\"fichiers\"",
        "",
        &["Dossier des fichiers déposés, rangés par empreinte ; absolu, ou relatif au dossier des données."],
    ),
    reglage(
        "arret_s",
        "10",
        "",
        &["Secondes laissées aux demandes en cours quand le serveur s’arrête (1 à 300)."],
    ),
    reglage(
        "journaux.format",
        "\"json\"",
        "",
        &["« json » (une ligne par événement, sur la sortie d’erreur) ou « lisible »."],
    ),
    reglage("journaux.niveau", "\"info\"", "", &["« erreur », « avertissement », « info » ou « detail »."]),
    reglage(
        "courriel.transport",
        "\"journal\"",
        "\"smtp\"",
        &[
            "« smtp » envoie par le relais ci-dessous ; « journal » garde tout dans la boîte d’envoi (démonstration, essais).",
        ],
    ),
    reglage("courriel.hote", "", "\"relais.exemple.fr\"", &["Nom ou adresse du relais."]),
    reglage("courriel.port", "587", "", &["Port du relais."]),
    reglage(
        "courriel.securite",
        "\"starttls\"",
        "",
        &["« starttls », « tls » (port 465) ou « aucune » (relais de la même machine seulement)."],
    ),
    reglage("courriel.utilisateur", "", "\"parcoursup\"", &["Compte sur le relais, s’il en demande un."]),
    reglage(
        "courriel.mot_de_passe_fichier",
        "",
        "\"/etc/parcoursup/relais.secret\"",
        &[
            "Fichier (0600) dont la première ligne est le mot de passe du relais : jamais le mot de passe ici.",
        ],
    ),
    reglage(
        "courriel.expediteur",
        "",
        "\"Parcoursup <ne-pas-repondre@parcoursup.exemple.fr>\"",
        &["Expéditeur des courriels."],
    ),
    reglage(
        "courriel.repondre_a",
        "",
        "\"aide@parcoursup.exemple.fr\"",
        &["Adresse des réponses, si elle diffère."],
    ),
    reglage(
        "courriel.delai_s",
        "20",
        "",
        &["Secondes avant d’abandonner un échange avec le relais (1 à 120)."],
    ),
    reglage(
        "sms.url",
        "",
        "\"https://sms.exemple.fr/v1/messages\"",
        &["Adresse de la passerelle SMS, en https. Sans elle, aucun code ne part par SMS."],
    ),
    reglage(
        "sms.entetes",
        "[]",
        "[\"Authorization: Bearer {secret}\"]",
        &["En-têtes HTTP à joindre ; {secret} est remplacé par le contenu de sms.secret_fichier."],
    ),
    reglage(
        "sms.format",
        "\"json\"",
        "",
        &["« json » ou « formulaire » : comment les valeurs sont écrites dans le corps."],
    ),
    reglage(
        "sms.corps",
        "'{\"to\":\"{destinataire}\",\"text\":\"{texte}\",\"reference\":\"{identifiant}\"}'",
        "",
        &[
            "Corps envoyé : {destinataire} (+33…), {texte}, {identifiant} (le même à chaque reprise) et {secret}.",
        ],
    ),
    reglage(
        "sms.secret_fichier",
        "",
        "\"/etc/parcoursup/sms.secret\"",
        &["Fichier (0600) dont la première ligne est le secret de la passerelle : jamais le secret ici."],
    ),
    reglage(
        "sms.delai_s",
        "10",
        "",
        &["Secondes avant d’abandonner un échange avec la passerelle (1 à 60)."],
    ),
    reglage(
        "antivirus.prise",
        "",
        "\"unix:/run/clamav/clamd.ctl\"",
        &[
            "Prise d’un antivirus qui parle le protocole de clamd : « unix:/chemin » ou « tcp:hôte:port ». Sans lui, aucun",
            "document de référence ne peut être déposé.",
        ],
    ),
    reglage(
        "antivirus.delai_s",
        "20",
        "",
        &["Secondes avant d’abandonner l’examen d’un fichier (1 à 120) : il est alors refusé."],
    ),
    reglage(
        "supervision.url",
        "",
        "\"https://veille.exemple.fr/alarmes\"",
        &[
            "Adresse d’un service de supervision, en https : chaque alarme de sécurité y part aussi, en JSON, sans donnée",
            "personnelle. Sans elle, les alarmes partent par courriel à l’équipe nationale.",
        ],
    ),
    reglage(
        "supervision.secret_fichier",
        "",
        "\"/etc/parcoursup/supervision.secret\"",
        &[
            "Fichier (0600) dont la première ligne, d’au moins 32 caractères, signe chaque envoi : l’en-tête",
            "Parcoursup-Signature porte « sha256= » et le HMAC-SHA-256 du numéro (Parcoursup-Envoi), d’un point et du corps.",
        ],
    ),
    reglage(
        "supervision.delai_s",
        "10",
        "",
        &["Secondes avant d’abandonner un échange avec ce service (1 à 60) ; il sera repris."],
    ),
    reglage(
        "interfaces.bacs_a_sable",
        "50",
        "",
        &["Bacs à sable ouverts en un jour par une démonstration qui les offre (« demo --bac-a-sable »)."],
    ),
    reglage(
        "abonnements.boucle_locale",
        "\"non\"",
        "",
        &[
            "« oui » : un logiciel peut faire envoyer ses messages à la machine elle-même (http://localhost:…). Pour un bac à sable ;",
            "jamais pour un vrai service, dont la machine écoute sans doute autre chose.",
        ],
    ),
    reglage(
        "mots_de_passe.memoire_kio",
        "19456",
        "",
        &[
            "Mémoire d’Argon2id, en Kio : le coût d’un essai. Jamais moins hors démonstration. Plus haut, chaque mot de passe",
            "est haché de nouveau à la connexion suivante.",
        ],
    ),
    reglage(
        "mots_de_passe.passes",
        "2",
        "",
        &["Passes d’Argon2id (1 à 20). Jamais moins de 2 hors démonstration."],
    ),
    reglage(
        "mots_de_passe.coeurs",
        "0",
        "",
        &[
            "Cœurs qui vérifient les mots de passe (1 à 256) ; 0 : tous sauf un, laissé aux pages. C’est ce qui borne le nombre",
            "de connexions à la seconde.",
        ],
    ),
    reglage(
        "mots_de_passe.courtoisie",
        "10",
        "",
        &[
            "De 0 à 19 : plus haut, le système sert d’abord les pages, puis la vérification des mots de passe (« nice »).",
        ],
    ),
    reglage(
        "sessions.nationale",
        "[15, 8]",
        "",
        &[
            "Équipe nationale et services académiques : minutes sans action, puis heures en tout, avant de se reconnecter.",
        ],
    ),
    reglage("sessions.etablissement", "[30, 12]", "", &["Les mêmes pour les établissements."]),
    reglage("sessions.candidat", "[120, 12]", "", &["Les mêmes pour les candidats."]),
    reglage(
        "delais.entetes_s",
        "10",
        "",
        &[
            "Secondes laissées à un visiteur pour envoyer les en-têtes d’une demande (1 à 300), puis pour en commencer une autre.",
        ],
    ),
    reglage(
        "delais.corps_s",
        "30",
        "",
        &[
            "Secondes pour envoyer un formulaire ou un fichier (1 à 600), plus celles que demande le débit suivant.",
        ],
    ),
    reglage(
        "delais.corps_kio_s",
        "50",
        "",
        &["Débit au-dessous duquel un envoi qui dure est interrompu, en Kio par seconde."],
    ),
    reglage("delais.reponse_s", "15", "", &["Secondes pour répondre à une demande (1 à 300)."]),
    reglage(
        "delais.reponse_longue_s",
        "60",
        "",
        &["Les mêmes pour un fichier envoyé ou emporté et pour une publication (1 à 3600)."],
    ),
    reglage(
        "delais.sql_s",
        "5",
        "",
        &[
            "Secondes laissées à la base pour une instruction d’un écran (1 à 300) ; avec PostgreSQL, elle y met fin elle-même.",
        ],
    ),
    reglage("connexions.total", "4000", "", &["Connexions servies en même temps ; les suivantes attendent."]),
    reglage(
        "connexions.par_adresse",
        "500",
        "",
        &[
            "Les mêmes pour une seule adresse. Les mandataires déclarés n’y sont pas soumis : ils portent tout le monde, et",
            "limitent eux-mêmes leurs visiteurs.",
        ],
    ),
    reglage(
        "connexions.file",
        "1000",
        "",
        &["Connexions qui attendent leur tour ; au-delà, elles sont fermées."],
    ),
    reglage(
        "debits.pages",
        "[120, 40]",
        "",
        &[
            "Pages ouvertes par un compte : par minute, puis d’affilée. Au-delà, une page dit d’attendre (429). Compté par",
            "serveur, en mémoire, comme les cinq réglages suivants.",
        ],
    ),
    reglage(
        "debits.ecritures",
        "[30, 10]",
        "",
        &[
            "Formulaires et fichiers envoyés par un compte : par minute, puis d’affilée. Rien de saisi n’est perdu.",
        ],
    ),
    reglage(
        "debits.brouillons",
        "[30, 10]",
        "",
        &[
            "Saisies non enregistrées qu’un compte fait garder : par minute, puis d’affilée. Au-delà, la page attend.",
        ],
    ),
    reglage(
        "debits.recherches",
        "6000",
        "",
        &["Recherches de formations par minute depuis un même réseau : tout un lycée a la même adresse."],
    ),
    reglage("debits.reponses", "20", "", &["Réponses d’un candidat à des propositions, par minute."]),
    reglage("debits.lectures_api", "6000", "", &["Lectures d’un jeton d’accès (logiciels), par minute."]),
    reglage("debits.ecritures_api", "600", "", &["Écritures d’un jeton d’accès (logiciels), par minute."]),
    reglage(
        "debits.imports",
        "10",
        "",
        &["Fichiers de classement ou de délégations envoyés par un compte, par heure."],
    ),
    reglage(
        "debits.exports",
        "[5, 20]",
        "",
        &[
            "Fichiers nominatifs emportés par un compte : par heure, puis par jour ; comptés pour tous les serveurs.",
        ],
    ),
    reglage(
        "debits.exports_simultanes",
        "4",
        "",
        &[
            "Fichiers nominatifs préparés en même temps par ce serveur ; un seul à la fois par compte, les autres attendent.",
        ],
    ),
    reglage(
        "mesures.adresses",
        "[\"127.0.0.1\", \"::1\"]",
        "",
        &["Adresses qui peuvent lire /metrics ; les autres reçoivent « page introuvable »."],
    ),
    reglage(
        "journal.tetes",
        "\"tetes-journal.jsonl\"",
        "\"/var/lib/parcoursup-tetes/tetes.jsonl\"",
        &[
            "Fichier où sont recopiées les têtes signées du journal d’audit ; absolu, ou relatif au dossier des données.",
            "Sur un autre disque ou une autre machine que la base, ou recopié là : c’est lui qui prouve le journal.",
        ],
    ),
    reglage(
        "sauvegarde.cle",
        "",
        "\"/etc/parcoursup/sauvegarde.cle\"",
        &[
            "Fichier (0600) de la clé qui chiffre les sauvegardes ; se crée par « parcoursup cles sauvegarde FICHIER ».",
            "À garder aussi hors de cette machine : sans elle, une sauvegarde ne se relit pas.",
        ],
    ),
];

/// Names of the environment that begin like settings and are not.
pub const AUTRES_VARIABLES: &[&str] =
    &["PARCOURSUP_DONNEES", "PARCOURSUP_CONFIGURATION", "PARCOURSUP_CHROMIUM"];

/// The commented file that `configuration exemple` prints.
pub fn exemple() -> String {
    let mut texte = String::from(
        "# Configuration de Parcoursup : à poser dans le dossier des données sous le nom parcoursup.toml,\n\
         # ou ailleurs avec --configuration. Un réglage peut aussi venir de l’environnement (le nom est indiqué) :\n\
         # l’environnement l’emporte sur le fichier, l’option de la ligne de commande l’emporte sur les deux.\n",
    );
    let mut section = "";
    for r in REGLAGES {
        let (ici, nom) = r.nom.split_once('.').unwrap_or(("", r.nom));
        if ici != section {
            section = ici;
            texte.push_str(&format!("\n[{section}]\n"));
        }
        texte.push('\n');
        for ligne in r.aide {
            texte.push_str(&format!("# {ligne}\n"));
        }
        texte.push_str(&format!("# Environnement : {}\n", r.variable()));
        match (r.defaut, r.exemple) {
            ("", exemple) => texte.push_str(&format!("# {nom} = {exemple}\n")),
            (defaut, "") => texte.push_str(&format!("{nom} = {defaut}\n")),
            (defaut, exemple) => {
                texte.push_str(&format!("# Par exemple : {nom} = {exemple}\n{nom} = {defaut}\n"))
            }
        }
    }
    texte
}

/// The known name nearest to a mistaken one, when it is near enough.
pub fn proche(nom: &str) -> Option<&'static str> {
    REGLAGES
        .iter()
        .map(|r| (distance(nom, r.nom), r.nom))
        .min()
        .filter(|(d, _)| *d <= 1 + nom.chars().count() / 4)
        .map(|(_, n)| n)
}

/// Edits needed to turn one word into another.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut ligne: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.chars().enumerate() {
        let mut diagonale = ligne[0];
        ligne[0] = i + 1;
        for (j, &cb) in b.iter().enumerate() {
            let remplace = diagonale + usize::from(ca != cb);
            diagonale = ligne[j + 1];
            ligne[j + 1] = remplace.min(ligne[j] + 1).min(diagonale + 1);
        }
    }
    ligne[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_is_toml_and_holds_every_setting() {
        let texte = exemple();
        let lu: toml::Table = texte.parse().unwrap();
        for r in REGLAGES {
            assert!(texte.contains(&r.variable()), "{}", r.nom);
            let (section, nom) = r.nom.split_once('.').unwrap_or(("", r.nom));
            let table =
                if section.is_empty() { Some(&lu) } else { lu.get(section).and_then(toml::Value::as_table) };
            assert_eq!(table.is_some_and(|t| t.contains_key(nom)), !r.defaut.is_empty(), "{}", r.nom);
            assert!(!r.defaut.is_empty() || !r.exemple.is_empty(), "{}", r.nom);
        }
        // Uncommented, the examples are TOML as well.
        for r in REGLAGES.iter().filter(|r| !r.exemple.is_empty()) {
            assert!(format!("x = {}", r.exemple).parse::<toml::Table>().is_ok(), "{}", r.nom);
        }
    }

    #[test]
    fn a_mistaken_name_finds_its_neighbour() {
        assert_eq!(proche("courriel.hotes"), Some("courriel.hote"));
        assert_eq!(proche("adress"), Some("adresse"));
        assert_eq!(proche("tout.autre.chose"), None);
    }
}
