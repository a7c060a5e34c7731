//! The table of the fields. Labels and helps are what the secretary reads; codes never change.

use super::Exigence::{Facultatif, Si, Toujours};
use super::Nature::{
    Choix, Composante, Courriel, Jour, Liste, Montant, Nombre, OuiNon, Site, Telephone, Texte, Zone,
};
use super::{Champ, Description, Exigence, Genres, Lignes, Nature, Rubrique};
use crate::formations::{Genre, PRESENTATION_MAX};
use crate::grille::{self, Importance};

/// A field that candidates read and that every course has.
const fn champ(rubrique: Rubrique, code: &'static str, libelle: &'static str, nature: Nature) -> Champ {
    Champ {
        code,
        rubrique,
        libelle,
        aide: "",
        nature,
        exige: Facultatif,
        public: true,
        reglementaire: false,
        genres: Genres::Tous,
    }
}

impl Description {
    /// R-FOR-21: whether candidates may ask for boarding with this course; `None`: it is not said.
    pub fn internat(&self) -> Option<bool> {
        match self.texte(INTERNAT) {
            "" => None,
            dit => Some(dit == "oui"),
        }
    }
}

impl Champ {
    const fn aide(mut self, aide: &'static str) -> Self {
        self.aide = aide;
        self
    }

    const fn exige(mut self, exige: Exigence) -> Self {
        self.exige = exige;
        self
    }

    const fn reglementaire(mut self) -> Self {
        self.reglementaire = true;
        self.exige = Toujours;
        self
    }

    const fn interne(mut self) -> Self {
        self.public = false;
        self
    }

    const fn pour(mut self, genres: &'static [Genre]) -> Self {
        self.genres = Genres::Seulement(genres);
        self
    }
}

const CONTROLE: &[(&str, &str)] = &[
    ("diplome_national", "Diplôme national"),
    ("grade", "Grade de licence ou de master"),
    ("visa", "Visa du ministère"),
    ("titre_rncp", "Titre inscrit au répertoire national (RNCP)"),
    ("aucun", "Aucun label de contrôle"),
];
const RYTHME: &[(&str, &str)] =
    &[("temps_plein", "Temps plein"), ("alternance", "Alternance"), ("temps_partiel", "Temps partiel")];
const MODALITE: &[(&str, &str)] = &[
    ("presentiel", "En présence"),
    ("hybride", "En partie à distance"),
    ("distance", "Entièrement à distance"),
];
const FORMAT: &[(&str, &str)] = &[("pdf", "PDF"), ("image", "Image"), ("pdf_ou_image", "PDF ou image")];
const REPONSE: &[(&str, &str)] =
    &[("courte", "Réponse courte"), ("longue", "Réponse longue"), ("oui_non", "Oui ou non")];
const TYPE_EPREUVE: &[(&str, &str)] = &[
    ("ecrit", "Écrit"),
    ("oral", "Oral ou entretien"),
    ("pratique", "Épreuve pratique"),
    ("en_ligne", "Tests en ligne"),
];
const EXONERATION: &[(&str, &str)] =
    &[("totale", "Exonérés"), ("partielle", "Tarif réduit"), ("aucune", "Plein tarif")];
/// The mentions of a DN MADE, those of the national list of types.
pub(super) const MENTIONS: &[(&str, &str)] = &[
    ("animation", "Animation"),
    ("espace", "Espace"),
    ("evenement", "Événement"),
    ("graphisme", "Graphisme"),
    ("innovation_sociale", "Innovation sociale"),
    ("instrument", "Instrument"),
    ("livre", "Livre"),
    ("materiaux", "Matériaux"),
    ("mode", "Mode"),
    ("numerique", "Numérique"),
    ("objet", "Objet"),
    ("ornement", "Ornement"),
    ("patrimoine", "Patrimoine"),
    ("spectacle", "Spectacle"),
    ("textile", "Textile"),
];
const OPTIONS_ART: &[(&str, &str)] = &[
    ("art", "Art"),
    ("design", "Design"),
    ("communication", "Communication"),
    ("autre", "Autre cursus de l’école"),
];
const SOCIAUX: &[(&str, &str)] = &[
    ("deass", "Assistant de service social (DEASS)"),
    ("dees", "Éducateur spécialisé (DEES)"),
    ("deeje", "Éducateur de jeunes enfants (DEEJE)"),
    ("deets", "Éducateur technique spécialisé (DEETS)"),
    ("decesf", "Conseiller en économie sociale familiale (DECESF)"),
];
const SANTE: &[(&str, &str)] = &[
    ("audioprothesiste", "Audioprothésiste"),
    ("ergotherapeute", "Ergothérapeute"),
    ("manipulateur", "Manipulateur d’électroradiologie médicale (diplôme d’État)"),
    ("imagerie", "Imagerie médicale et radiologie thérapeutique (DTS)"),
    ("orthophoniste", "Orthophoniste"),
    ("orthoptiste", "Orthoptiste"),
    ("pedicure", "Pédicure-podologue"),
    ("psychomotricien", "Psychomotricien"),
    ("laboratoire", "Technicien de laboratoire médical"),
];
const COMPLEMENTS: &[(&str, &str)] = &[
    ("cs", "Certificat de spécialisation"),
    ("csa", "Certificat de spécialisation agricole"),
    ("mc", "Mention complémentaire"),
    ("fcil", "Formation complémentaire d’initiative locale (FCIL)"),
];
const CYCLES: &[(&str, &str)] = &[
    ("integre", "Intégré à l’école"),
    ("commun", "Commun à plusieurs écoles"),
    ("partenaire", "Dans un lycée ou une université partenaire"),
    ("sans", "Pas de cycle préparatoire"),
];
const ETRANGER: &[(&str, &str)] =
    &[("obligatoire", "Obligatoire"), ("propose", "Proposé"), ("aucun", "Aucun")];
const DOSSIER_ARTISTIQUE: &[(&str, &str)] = &[
    ("aucun", "Aucun"),
    ("candidature", "À joindre à la candidature"),
    ("entretien", "À présenter à l’entretien"),
];

/// Kinds whose candidates show what they have drawn or made.
const ARTISTIQUES: &[Genre] = &[Genre::Architecture, Genre::DnMade, Genre::Art];
/// Kinds of which a part is followed in companies, hospitals or social services.
const A_STAGES: &[Genre] = &[
    Genre::Bts,
    Genre::But,
    Genre::LicencePro,
    Genre::Cpes,
    Genre::Ingenieur,
    Genre::Cmi,
    Genre::Commerce,
    Genre::Ifsi,
    Genre::Paramedical,
    Genre::Efts,
    Genre::Architecture,
    Genre::Iep,
    Genre::DnMade,
    Genre::Art,
    Genre::Deust,
    Genre::Comptabilite,
    Genre::Specialisation,
    Genre::Sport,
    Genre::Autre,
];
/// Kinds where a stay abroad counts in the choice.
const SEJOURS: &[Genre] = &[
    Genre::Cpes,
    Genre::Ingenieur,
    Genre::Cmi,
    Genre::Commerce,
    Genre::Architecture,
    Genre::Iep,
    Genre::DnMade,
    Genre::Art,
    Genre::Autre,
];
/// Kinds that are entered through several steps, some of them in several sessions.
const A_SELECTION: &[Genre] = &[
    Genre::LicencePro,
    Genre::Cpes,
    Genre::Ingenieur,
    Genre::Cmi,
    Genre::Commerce,
    Genre::Paramedical,
    Genre::Efts,
    Genre::Architecture,
    Genre::Iep,
    Genre::DnMade,
    Genre::Art,
    Genre::Sport,
    Genre::Autre,
];

const fn degre(i: Importance) -> (&'static str, &'static str) {
    (i.code(), i.libelle())
}

const IMPORTANCE: &[(&str, &str)] = &[
    degre(Importance::Essentiel),
    degre(Importance::TresImportant),
    degre(Importance::Important),
    degre(Importance::Complementaire),
];
const CHAMP_GRILLE: &[(&str, &str)] = &[
    ("1", grille::CHAMPS[0]),
    ("2", grille::CHAMPS[1]),
    ("3", grille::CHAMPS[2]),
    ("4", grille::CHAMPS[3]),
    ("5", grille::CHAMPS[4]),
];

use Rubrique as R;

const QUESTIONS: &[Champ] = &[
    champ(R::Candidature, "question", "Question", Texte(300)).exige(Toujours),
    champ(R::Candidature, "reponse", "Forme de la réponse", Choix(REPONSE)).exige(Toujours),
    champ(R::Candidature, "obligatoire", "Réponse obligatoire", OuiNon).exige(Toujours),
];
const PIECES: &[Champ] = &[
    champ(R::Candidature, "piece", "Pièce demandée", Texte(200)).exige(Toujours),
    champ(R::Candidature, "obligatoire", "Obligatoire", OuiNon).exige(Toujours),
    champ(R::Candidature, "format", "Format", Choix(FORMAT)).exige(Toujours),
    champ(R::Candidature, "precision", "Précision", Texte(300)),
];
const EPREUVES: &[Champ] = &[
    champ(R::Epreuves, "epreuve", "Intitulé", Texte(200)).exige(Toujours),
    champ(R::Epreuves, "type", "Type", Choix(TYPE_EPREUVE)).exige(Toujours),
    champ(R::Epreuves, "debut", "Premier jour", Jour).exige(Toujours),
    champ(R::Epreuves, "fin", "Dernier jour", Jour),
    champ(R::Epreuves, "lieu", "Lieu", Texte(200)),
    champ(R::Epreuves, "coefficient", "Coefficient", Nombre(1, 100)),
    champ(R::Epreuves, "frais", "Frais", Montant).exige(Toujours),
    champ(R::Epreuves, "convocation", "Convocation", Texte(300)),
];
const CRITERES: &[Champ] = &[
    champ(R::Grille, "champ", "Champ de la grille", Choix(CHAMP_GRILLE)).exige(Toujours),
    champ(R::Grille, "intitule", "Critère", Texte(300)).exige(Toujours),
    champ(R::Grille, "elements", "Éléments du dossier pris en compte", Zone(4_000)).exige(Toujours),
    champ(R::Grille, "importance", "Importance", Choix(IMPORTANCE)).exige(Toujours),
];

const fn poids(code: &'static str, libelle: &'static str) -> Champ {
    champ(R::Grille, code, libelle, Nombre(0, 100)).exige(Toujours)
}

const fn importance(code: &'static str, libelle: &'static str) -> Champ {
    champ(R::Grille, code, libelle, Choix(IMPORTANCE)).exige(Toujours)
}

/// R-FOR-21: the field that says whether boarding is proposed.
pub const INTERNAT: &str = "internat";

/// The fees of a course, among [`PROPRES`].
pub const FRAIS: &str = "frais";

/// The text that presents a course, among [`PROPRES`].
pub const PRESENTATION: &str = "presentation";

/// R-FOR-28: fields of the page of a course that are not of its description, and that many courses may say alike.
pub const PROPRES: &[Champ] = &[
    champ(R::Frais, FRAIS, "Frais de scolarité", Montant)
        .aide("Le montant d’une année, en euros ; 0 s’il n’y a rien à payer.")
        .exige(Toujours),
    champ(R::Caracteristiques, PRESENTATION, "Présentation publique", Zone(PRESENTATION_MAX))
        .aide("Texte simple. Une ligne vide sépare deux paragraphes.")
        .exige(Toujours),
];

/// Every field, in the order of the forms.
pub const CHAMPS: &[Champ] = &[
    champ(R::Caracteristiques, "intitule_local", "Intitulé local", Texte(200))
        .aide("Le nom que l’établissement donne à la formation, s’il diffère de celui du type."),
    champ(R::Caracteristiques, "diplome", "Diplôme ou titre délivré", Texte(200)).exige(Toujours),
    champ(R::Caracteristiques, "controle", "Contrôle de l’État", Choix(CONTROLE))
        .aide("Le label du ministère que le candidat verra à côté du diplôme.")
        .reglementaire(),
    champ(R::Caracteristiques, "duree", "Durée en années", Nombre(1, 8)).exige(Toujours),
    champ(R::Caracteristiques, "diplome_sante", "Profession de santé préparée", Choix(SANTE))
        .pour(&[Genre::Paramedical]),
    champ(R::Caracteristiques, "diplome_social", "Diplôme d’État du travail social", Choix(SOCIAUX))
        .pour(&[Genre::Efts]),
    champ(R::Caracteristiques, "mention_dnmade", "Mention du DN MADE", Choix(MENTIONS))
        .aide("Le parcours propre à l’établissement se dit dans « Options et parcours ».")
        .pour(&[Genre::DnMade]),
    champ(R::Caracteristiques, "option_art", "Option artistique", Choix(OPTIONS_ART)).pour(&[Genre::Art]),
    champ(R::Caracteristiques, "complement", "Nature de la formation complémentaire", Choix(COMPLEMENTS))
        .pour(&[Genre::Specialisation]),
    champ(R::Caracteristiques, "controle_texte", "Texte du visa, du grade ou de l’inscription", Texte(300))
        .aide(
            "Ce qui permet au candidat de vérifier le label : l’arrêté et sa date, ou le numéro de la fiche RNCP, et jusqu’à \
             quand.",
        )
        .pour(&[
            Genre::LicencePro,
            Genre::Cpes,
            Genre::Ingenieur,
            Genre::Cmi,
            Genre::Commerce,
            Genre::Iep,
            Genre::Art,
            Genre::Sport,
            Genre::Autre,
        ]),
    champ(R::Caracteristiques, "cti_fin", "Fin de l’accréditation du titre d’ingénieur", Nombre(2000, 2100))
        .aide("L’année où s’achève l’accréditation, telle que la Commission des titres d’ingénieur (CTI) la publie.")
        .pour(&[Genre::Ingenieur]),
    champ(R::Caracteristiques, "rythme", "Rythme", Choix(RYTHME)).exige(Toujours),
    champ(R::Caracteristiques, "alternance", "Rythme de l’alternance", Texte(200))
        .aide("En alternance ou en apprentissage. Par exemple : deux jours en entreprise, trois jours en cours."),
    champ(R::Caracteristiques, "modalite", "Modalité", Choix(MODALITE)).exige(Toujours),
    champ(R::Caracteristiques, "langues", "Langues d’enseignement", Texte(200))
        .aide("Par exemple : français ; français et anglais.")
        .exige(Toujours),
    champ(R::Caracteristiques, "site", "Site de formation", Site)
        .aide("Un site décrit avec l’établissement. Le changer ici corrige ce nom sur la fiche ; la ville de la fiche et de la recherche ne change que si le service académique accepte de déplacer la formation.")
        .exige(Toujours),
    champ(R::Caracteristiques, "composante", "Composante", Composante)
        .aide("Faculté, institut ou école interne, s’il y en a."),
    champ(R::Caracteristiques, INTERNAT, "Internat proposé", OuiNon)
        .aide("Les candidats peuvent demander une place d’internat avec ce vœu. Sans réponse, l’indication de l’an dernier est gardée."),
    champ(R::Caracteristiques, "options", "Options et parcours", Zone(4_000))
        .aide("Ce que l’étudiant choisit à l’entrée ou ensuite."),
    champ(R::Caracteristiques, "mineure", "Mineure ou option disciplinaire", Texte(200))
        .aide("La discipline suivie à côté des enseignements de santé.")
        .exige(Toujours)
        .pour(&[Genre::Pass, Genre::LicenceLas]),
    champ(R::Caracteristiques, "filieres_sante", "Filières de santé préparées", Texte(200))
        .aide("Par exemple : médecine, maïeutique, odontologie, pharmacie, kinésithérapie.")
        .pour(&[Genre::Pass, Genre::LicenceLas]),
    champ(R::Caracteristiques, "accompagnement", "Accompagnement proposé avec « oui-si »", Zone(2_000))
        .aide("Ce que suit l’étudiant admis avec « oui-si », et si la durée des études en est allongée.")
        .pour(&[Genre::Licence, Genre::LicenceLas, Genre::Pass]),
    champ(R::Caracteristiques, "secteur_professionnel", "Secteur professionnel", Texte(200))
        .aide("Le domaine où l’on travaille avec ce diplôme.")
        .pour(&[Genre::LicencePro, Genre::Deust, Genre::Specialisation, Genre::Sport]),
    champ(R::Caracteristiques, "vise", "Formations et concours préparés", Zone(1_000))
        .aide("Ceux auxquels la formation prépare, et l’aide à s’y présenter.")
        .pour(&[Genre::Cpge, Genre::Cpes, Genre::Preparation]),
    champ(R::Caracteristiques, "universite", "Université partenaire", Texte(200))
        .aide("Celle avec laquelle l’établissement a une convention : l’étudiant peut s’y inscrire, ou y valider ses crédits.")
        .pour(&[
            Genre::LicencePro,
            Genre::Cpge,
            Genre::Cpes,
            Genre::Ifsi,
            Genre::Paramedical,
            Genre::Efts,
            Genre::DnMade,
            Genre::Comptabilite,
            Genre::Preparation,
        ]),
    champ(R::Caracteristiques, "licence_suivie", "Licence suivie avec le cursus", Texte(200))
        .aide("Le diplôme national où l’étudiant s’inscrit d’abord, avant le master qui le prolonge.")
        .pour(&[Genre::Cmi]),
    champ(R::Caracteristiques, "cycle_preparatoire", "Cycle préparatoire", Choix(CYCLES))
        .aide("Où se suivent les deux premières années.")
        .pour(&[Genre::Ingenieur]),
    champ(R::Caracteristiques, "campus", "Campus et écoles du réseau", Zone(1_000))
        .aide("Où se suit chaque année du cursus, quand elle change de ville ou d’école.")
        .pour(&[Genre::Ingenieur, Genre::Commerce, Genre::Iep]),
    champ(R::Caracteristiques, "etranger", "Séjour à l’étranger", Choix(ETRANGER)).pour(SEJOURS),
    champ(R::Caracteristiques, "etranger_precision", "Précisions sur le séjour à l’étranger", Texte(300))
        .aide("L’année du cursus, la durée, et ce qu’il ajoute aux frais.")
        .pour(SEJOURS),
    champ(R::Caracteristiques, "architecte", "Diplôme d’État d’architecte préparé dans l’école", OuiNon)
        .aide("Le second cycle, qui suit le diplôme d’études en architecture.")
        .pour(&[Genre::Architecture]),
    champ(R::Caracteristiques, "hmonp", "HMONP préparée dans l’école", OuiNon)
        .aide("L’habilitation à exercer la maîtrise d’œuvre en son nom propre, après le diplôme d’État d’architecte.")
        .pour(&[Genre::Architecture]),
    champ(R::Caracteristiques, "stages", "Stages et périodes en milieu professionnel", Zone(1_000))
        .aide("Leur durée, leur moment et les lieux habituels.")
        .pour(A_STAGES),
    champ(R::Caracteristiques, "suite", "Formation qui prolonge celle-ci", Texte(300))
        .aide("Le diplôme que l’on prépare le plus souvent ensuite, dans l’établissement ou ailleurs.")
        .pour(&[Genre::DnMade, Genre::Art, Genre::Deust, Genre::Comptabilite, Genre::Specialisation]),
    champ(R::Caracteristiques, "statut_concours", "Concours commun ou banque d’épreuves", Texte(200))
        .aide("Le nom du concours, si l’entrée se fait par un concours partagé.")
        .pour(&[
            Genre::Ingenieur,
            Genre::Commerce,
            Genre::Paramedical,
            Genre::Architecture,
            Genre::Iep,
            Genre::Art,
            Genre::Autre,
        ]),
    champ(R::Caracteristiques, "cesure", "Césure acceptée", OuiNon)
        .aide("Le candidat peut demander à commencer par une année de césure.")
        .exige(Toujours),
    champ(R::Caracteristiques, "debouches", "Poursuites d’études et métiers", Zone(4_000))
        .aide("Ce que deviennent les étudiants, chiffres à l’appui quand il y en a."),
    champ(
        R::Caracteristiques,
        "amenagements",
        "Aménagements pour les publics à besoins particuliers",
        Zone(4_000),
    )
    .aide("Handicap, sportifs de haut niveau, étudiants salariés ou chargés de famille.")
    .reglementaire(),
    champ(R::Attendus, "attendus", "Attendus de la formation", Zone(4_000))
        .aide(
            "Les connaissances et compétences nécessaires à la réussite : celles du cadre national du type.",
        )
        .reglementaire(),
    champ(R::Attendus, "attendus_locaux", "Attendus propres à l’établissement", Zone(4_000))
        .aide("Seulement s’ils s’ajoutent à ceux du cadre national."),
    champ(R::Attendus, "eligibilite", "Conditions pour candidater", Zone(2_000))
        .aide("Type de baccalauréat, niveau, âge ou nationalité, quand un texte les impose."),
    champ(R::Attendus, "diplome_requis", "Diplôme exigé à l’entrée", Texte(300))
        .aide("Celui sans lequel on ne s’inscrit pas, en plus ou à la place du baccalauréat.")
        .pour(&[Genre::Efts, Genre::Specialisation, Genre::Sport]),
    champ(R::Attendus, "exigences_prealables", "Exigences préalables à l’entrée", Zone(2_000))
        .aide("Tests sportifs, attestation de secourisme, certificat médical : ce qu’il faut avoir, et quand le présenter.")
        .pour(&[Genre::Sport]),
    champ(R::Attendus, "vaccinations", "Vaccinations et certificats avant les stages", Zone(1_000))
        .aide(
            "Ce que l’étudiant présente avant son premier stage : vaccinations des professions concernées (article L. 3111-4 du \
             code de la santé publique), certificat médical.",
        )
        .pour(&[Genre::Ifsi, Genre::Paramedical]),
    champ(R::Candidature, "lettre", "Lettre de motivation demandée", OuiNon)
        .aide("La lettre n’est pas obligatoire : demandez-la si la commission la lit.")
        .exige(Toujours),
    champ(R::Candidature, "lettre_usage", "Pourquoi la lettre est demandée", Zone(1_000))
        .aide("Ce que la commission y cherche ; le candidat le lira avant d’écrire.")
        .exige(Si("lettre", &["oui"], "si la lettre est demandée")),
    champ(R::Candidature, "pieces", "Pièces demandées", Liste(PIECES, 15, Lignes::Simples))
        .aide("En plus des bulletins, que la plateforme transmet."),
    champ(R::Candidature, "questions", "Questionnaire", Liste(QUESTIONS, 20, Lignes::Simples)),
    champ(R::Candidature, "dossier_artistique", "Dossier artistique", Choix(DOSSIER_ARTISTIQUE))
        .aide("S’il se joint à la candidature, ajoutez-le aux pièces demandées.")
        .pour(ARTISTIQUES),
    champ(R::Candidature, "dossier_artistique_contenu", "Contenu du dossier artistique", Zone(1_000))
        .aide("Le nombre de travaux, leur nature, ce qu’ils doivent montrer.")
        .pour(ARTISTIQUES),
    champ(R::Epreuves, "selection", "Étapes et sessions de la sélection", Zone(2_000))
        .aide("Comment l’on est retenu, étape par étape : sessions au choix, durée et objet d’un entretien, qui le conduit.")
        .pour(A_SELECTION),
    champ(R::Epreuves, "epreuves", "Épreuves et entretiens", Liste(EPREUVES, 10, Lignes::Simples)),
    champ(R::Epreuves, "preselection", "Présélection sur dossier", OuiNon)
        .aide("Oui si seuls certains candidats sont convoqués aux épreuves.")
        .exige(Si("epreuves", &["*"], "s’il y a des épreuves")),
    champ(R::Epreuves, "frais_dossier", "Frais de candidature", Montant)
        .aide("Frais de dossier ou de concours, pour toutes les épreuves ; 0 s’il n’y en a pas.")
        .exige(Si("epreuves", &["*"], "s’il y a des épreuves")),
    champ(R::Epreuves, "frais_dossier_boursiers", "Frais de candidature des boursiers", Choix(EXONERATION))
        .exige(Si("epreuves", &["*"], "s’il y a des épreuves")),
    poids("poids_1", "Poids des résultats académiques"),
    importance("importance_1", "Importance des résultats académiques"),
    poids("poids_2", "Poids des compétences, méthodes et savoir-faire"),
    importance("importance_2", "Importance des compétences, méthodes et savoir-faire"),
    poids("poids_3", "Poids du savoir-être"),
    importance("importance_3", "Importance du savoir-être"),
    poids("poids_4", "Poids de la motivation et du projet"),
    importance("importance_4", "Importance de la motivation et du projet"),
    poids("poids_5", "Poids des engagements et activités"),
    importance("importance_5", "Importance des engagements et activités"),
    champ(R::Grille, "criteres", "Critères", Liste(CRITERES, 40, Lignes::Criteres))
        .exige(Toujours)
        .reglementaire(),
    champ(R::Grille, "conseils", "Conseils aux candidats", Zone(4_000)).aide(
        "Ce que la commission a regretté ou apprécié l’an dernier ; comment bien préparer son dossier.",
    ),
    champ(R::Frais, "frais_boursiers", "Frais de scolarité des boursiers", Choix(EXONERATION))
        .reglementaire(),
    champ(R::Frais, "boursiers", "Formation habilitée à recevoir des boursiers", OuiNon).reglementaire(),
    champ(R::Frais, "frais_precision", "Précisions sur les frais", Zone(1_000))
        .aide("Tarif selon le revenu, contribution de vie étudiante, matériel, frais de concours."),
    champ(R::Contacts, "contact", "Pour échanger avec la formation", Texte(200))
        .aide("Un service ou une fonction, jamais la personne qui signe les décisions.")
        .exige(Toujours),
    champ(R::Contacts, "contact_courriel", "Adresse électronique publique", Courriel)
        .aide("Une adresse de service convient ici.")
        .exige(Toujours),
    champ(R::Contacts, "contact_telephone", "Téléphone public", Telephone),
    champ(R::Contacts, "handicap_courriel", "Référent handicap de la formation", Courriel)
        .aide("Son adresse électronique seule. Vide : celui de l’établissement."),
    champ(R::Contacts, "note_academie", "Note pour le service académique", Zone(2_000))
        .aide("Jamais publique.")
        .interne(),
];
