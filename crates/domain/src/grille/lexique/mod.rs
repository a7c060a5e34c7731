//! The words that the rules look for, without accents, as [`super::texte::same`] compares them: `racine*` for any ending, a
//! word for its singular and its plural, several words for an expression, `_` for any word in it. To teach the reading a new
//! way of saying something, add it to a class: the rules only know classes.

/// Lists of words, one constant each.
macro_rules! mots {
    ($($nom:ident: [$($mot:literal),* $(,)?];)*) => {
        $(pub(super) const $nom: &[&str] = &[$($mot),*];)*
    };
}

mod conseil;
mod documents;
mod emploi;
mod epreuves;
mod indices;
mod lettre;
mod specialites;

macro_rules! lexique {
    ($($(#[$sens:meta])* $classe:ident: $expressions:expr;)*) => {
        /// What a word may be for the rules.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum Classe { $($(#[$sens])* $classe),* }

        /// Every class and its expressions. An expression belongs to its first word.
        pub(super) const TABLE: &[(Classe, &[&str])] = &[$((Classe::$classe, $expressions)),*];
    };
}

lexique! {
    // ---- Grammar -------------------------------------------------------------------------------------------------------

    /// Begins another part of the sentence.
    Charniere: &[
        "alors qu", "alors que", "car", "cependant", "en revanche", "mais", "neanmoins", "par contre",
        "parce qu", "parce que", "pourtant", "puisqu", "puisque", "tandis", "toutefois",
    ];
    /// Turns against what was just said.
    Oppose: &["cependant", "en revanche", "mais", "neanmoins", "par contre", "pourtant", "toutefois"];
    Ne: &["n", "ne"];
    /// « Ne » is enough with them.
    Modal: &["peut", "peuvent", "pourr*", "pouvoir", "pouvons", "puisse*", "saur*"];
    /// After « pas », « non », « plus », they take the denial back.
    Reprise: &[
        "accessoire*", "anecdotique*", "anodin*", "automatique*", "central*", "decisi*", "detail",
        "determinant*", "eliminatoire*", "etonn*", "exclusivement", "forcement", "interdit", "interdite",
        "inutil*", "juste", "l essentiel", "la principale", "la seule", "le premier", "le principal",
        "le seul", "les seul*", "moins", "necessairement", "negligeable", "parce", "preponderant*",
        "principal*", "qu", "que", "redhibitoire*", "rien", "seul*", "simplement", "systematique*", "tant",
        "tellement", "toujours", "tous", "tout", "toutes", "trop", "un detail", "une formalite", "unique*",
        "uniquement",
    ];
    /// What leaves out the group of words that follows.
    Sauf: &[
        "a l exception", "a l exclusion", "a la place d", "a la place de", "a la place des", "a la place du",
        "a =part", "absence d", "absence de", "absence des", "absence du", "abstraction faite", "au lieu",
        "avant l", "avant la", "avant le", "avant les", "avant meme", "aucune place", "avant d", "avant de", "avant que", "avant =tout",
        "avant =toute", "defaut d", "defaut de", "defaut des", "en dehors", "et non", "et pas", "excepte",
        "exceptees", "exceptes", "exclu*", "faute d", "faute de", "hormis", "hors", "independamment",
        "lorsque commencent", "lorsque debutent", "mais non", "mais pas", "mis a part", "mises a part",
        "moins les", "peu importe*", "plutot qu", "plutot que", "quand auront lieu", "quand commencent",
        "quand debutent", "quand ont lieu", "quel que soit", "quelle que soit", "quelles que soient",
        "quels que soient", "sans", "sauf",
        "trop tot pour",
    ];
    /// « Ne se limite pas à », « ne suffit pas »: there is more than what is denied.
    Limite: &[
        "arret*", "born*", "content*", "empech*", "limit*", "reduit*", "resum*", "suffi*", "tien* qu",
    ];
    /// What one does with an examination that is not one's own.
    Etude: &[
        "bonne chance", "courage", "negligez", "entrainement*", "entrainer*", "entrainez*", "prepar*", "reussir*",
        "reussissez", "revisent", "reviser*", "revisez", "revision*", "s entrain*", "soign*", "travaille", "travailler", "travaillez",
    ];
    /// After « les candidats » : some of them.
    Partie: &[
        "admissible*", "ayant", "deja", "dont", "en", "etranger*", "les mieux", "qui", "titulaire*",
        "venant", "venus",
    ];
    /// Stands between a denial and what it denies.
    Liaison: &[
        "a", "au", "aucun", "aucune", "autre", "aux", "besoin", "ce", "celle", "celles", "celui", "ces",
        "cet", "cette", "ceux", "d", "de", "des", "deux", "du", "en", "eventuel*", "l", "la", "le", "les",
        "leurs", "meme", "nos", "notamment", "note", "notes", "quelconque", "quelque", "question",
        "resultat", "resultats", "ses", "seul", "seule", "tous", "tout", "toute", "toutes", "un", "une",
        "vos",
    ];
    /// Stands between « aucun », « sans » and an examination.
    Lien: &[
        "a", "aucun", "aucune", "autre", "besoin", "d", "de", "devant", "epreuve", "grand", "la", "le",
        "moindre", "par", "passage", "passer", "pour", "preparer", "prevoir", "prevu", "quelconque",
        "question", "retenu", "souhaite", "tout", "toute", "voulu",
    ];
    /// Stands for what was said before.
    Anaphore: &[
        "c en est", "c est", "ca", "ce resultat", "ce test", "cela", "celle ci", "celles ci", "celui ci",
        "ces donnees", "ces elements", "ces epreuves", "ces notes", "ces resultats", "cet entretien",
        "cet oral", "cette donnee", "cette epreuve", "cette note", "ceux ci", "commission la", "commission le", "commission les", "dont",
        "elle", "elles", "en tenons", "il", "ils", "jury la", "jury le", "jury les", "l a", "l ecart*", "l ignor*", "l on",
        "l ont", "les a", "les ecart*", "les exclu*", "les ignor*", "les laiss*", "les ont", "les unes",
        "lesquel*", "leur note", "leurs notes", "leurs resultats", "n en", "n y", "ne l", "ne les",
        "nous la", "nous le", "nous les", "on la", "on le", "on les", "qu elle", "que l on", "que la commission", "que le jury",
        "que nous", "que personne", "qui", "rien de cela", "rien de tout", "tout cela", "y",
    ];
    /// The only one: nothing else.
    Seul: &["exclusivement", "rien que", "seul*", "strictement", "uniquement"];
    /// « Impossible de », « on aurait tort de »: turns what follows round.
    Empeche: &[
        "abst*", "absurde", "cess*", "defense", "difficile", "dommage", "empech*", "erreur", "evit*", "faux",
        "garde* de", "gardons", "hors de question", "illusoire", "impossible", "injuste", "interdi* d",
        "interdi* de", "interdisons de", "interdit d", "interdit de", "inutile d", "inutile de", "loin d",
        "loin de", "naif", "refus*", "regrettable", "renonc*", "tort",
    ];
    /// « It would be wrong to think that… »: turns the whole of what follows round.
    Croire: &["croire", "dire", "imaginer", "penser", "pretendre", "supposer"];

    // ---- Used or left out ----------------------------------------------------------------------------------------------

    /// Is counted.
    Compte: emploi::COMPTE;
    /// Is not counted.
    Exclut: emploi::EXCLUT;
    /// What counts for that counts elsewhere.
    Ailleurs: emploi::AILLEURS;
    /// Makes up for something.
    Repare: emploi::REPARE;
    /// « À part » after them sets apart, not aside.
    APart: emploi::A_PART;
    /// What an examination gives, and whoever publishes its marks.
    Rend: emploi::REND;
    /// After « aucun », « pas de » : what is denied is something else.
    AutreSujet: emploi::AUTRE_SUJET;
    /// After a denial: it does not hold for everybody.
    Exception: emploi::EXCEPTION;
    /// Those, or the cases, that an exception is made for.
    Certains: emploi::CERTAINS;
    /// Ends on what is not said yet: « restent, pour nous, … ».
    Etat: emploi::ETAT;
    /// What cannot do without it.
    Manque: emploi::MANQUE;
    /// From now on: what was said before is over.
    Desormais: emploi::DESORMAIS;

    // ---- The terminal examinations (B4) --------------------------------------------------------------------------------

    Epreuve: specialites::EPREUVE;
    Specialite: specialites::SPECIALITE;
    /// The initials say the school subjects of the baccalauréat and nothing else.
    Eds: specialites::EDS;
    Note: specialites::NOTE;
    Bac: specialites::BAC;
    /// After « bac »: where people come from, not an examination.
    Serie: specialites::SERIE;
    /// When the terminal examinations are, what they are.
    Terminal: specialites::TERMINAL;
    /// When the terminal examinations are held.
    Session: specialites::SESSION;
    /// « Terminale » as an adjective of an examination.
    Finale: specialites::FINALE;
    /// What else the baccalauréat is made of, what its marks are multiplied by.
    Composante: specialites::COMPOSANTE;
    Discipline: specialites::DISCIPLINE;
    /// Subjects that are nothing but specialities.
    Propre: specialites::PROPRE;
    /// What is in the reports of the year, and stays allowed.
    Bulletin: specialites::BULLETIN;
    /// The marks of the year.
    Annee: specialites::ANNEE;
    /// Other papers of the lycée than the terminal ones.
    Blanc: specialites::BLANC;
    /// Which specialities, not what marks.
    Choix: specialites::CHOIX;
    /// Something is obtained, by whoever was examined.
    Obtenu: specialites::OBTENU;
    /// Of an examination: held by the State, on a day.
    Officiel: specialites::OFFICIEL;
    /// Above all, among others.
    Surtout: specialites::SURTOUT;
    /// Who has the baccalauréat already.
    Bachelier: specialites::BACHELIER;
    /// Marks that somebody else makes known.
    Publie: specialites::PUBLIE;
    /// How much each counts, how two things are set side by side.
    Part: specialites::PART;
    /// What the works of the year are made like.
    Modele: specialites::MODELE;
    /// The works of the year that are made like an examination.
    Exerce: specialites::EXERCE;
    /// A mark of it is the commission's own.
    DuDossier: specialites::DU_DOSSIER;
    /// Before « bac »: on the way to it.
    VersLeBac: specialites::VERS_LE_BAC;

    // ---- The letter (B5, A7) -------------------------------------------------------------------------------------------

    Lettre: lettre::LETTRE;
    Motivation: lettre::MOTIVATION;
    /// Another letter.
    AutreLettre: lettre::AUTRE_LETTRE;
    /// What a commission does with a letter, what it tells.
    Usage: lettre::USAGE;
    /// What is asked of whoever writes it.
    Consigne: lettre::CONSIGNE;
    /// Where a letter is sent.
    Destinataire: lettre::DESTINATAIRE;
    /// Somebody else than the commission reads it.
    Tiers: lettre::TIERS;
    /// What is said against cheats is no use.
    Fraude: lettre::FRAUDE;
    /// Who reads letters.
    Lecteur: lettre::LECTEUR;
    /// What they do before they use anything, or what the candidate does.
    Demarche: lettre::DEMARCHE;
    /// Told by an indirect question.
    Interieur: lettre::INTERIEUR;
    /// Other pieces that may be read.
    AutrePiece: lettre::AUTRE_PIECE;
    /// What a letter may be read for.
    Contenu: lettre::CONTENU;
    /// What a title says that is assessed, more than « projet » and « motivation ».
    Evalue: lettre::EVALUE;
    /// Without it, the record is not read: that is no use of it.
    Recevable: lettre::RECEVABLE;
    /// How it is written, sent, admitted: tells nothing of its use.
    Forme: lettre::FORME;

    // ---- Examinations of the course (B6) -------------------------------------------------------------------------------

    OralNom: epreuves::ORAL_NOM;
    OralAdj: epreuves::ORAL_ADJ;
    Entretien: epreuves::ENTRETIEN;
    Audition: epreuves::AUDITION;
    Soutenance: epreuves::SOUTENANCE;
    /// Meetings that are an examination when they are given a mark.
    Rencontre: epreuves::RENCONTRE;
    /// The candidate is met.
    Recevoir: epreuves::RECEVOIR;
    /// Before an examination named as a thing.
    Article: epreuves::ARTICLE;
    EcritNom: epreuves::ECRIT_NOM;
    EcritAdj: epreuves::ECRIT_ADJ;
    /// What one writes in an examination room.
    Copie: epreuves::COPIE;
    PratiqueAdj: epreuves::PRATIQUE_ADJ;
    Pratique: epreuves::PRATIQUE;
    Situation: epreuves::SITUATION;
    EnLigne: epreuves::EN_LIGNE;
    Questionnaire: epreuves::QUESTIONNAIRE;
    AutreQuestionnaire: epreuves::AUTRE_QUESTIONNAIRE;
    Question: epreuves::QUESTION;
    Test: epreuves::TEST;
    EpreuveNom: epreuves::EPREUVE_NOM;
    Concours: epreuves::CONCOURS;
    /// What a paper may be called, with « écrit ».
    Devoir: epreuves::DEVOIR;
    /// How long a text is.
    Signes: epreuves::SIGNES;
    /// Tells that candidates go through it to be chosen.
    Selection: epreuves::SELECTION;
    /// An examination of the lycée.
    Lycee: epreuves::LYCEE;
    /// Comes after the admission.
    Cursus: epreuves::CURSUS;
    /// A skill, whatever shows it.
    Competence: epreuves::COMPETENCE;
    /// The questionnaire of everybody, or of the doctor.
    National: epreuves::NATIONAL;
    /// An interview of another life than the application.
    AutreVie: epreuves::AUTRE_VIE;
    /// Care of things, not of people.
    Soin: epreuves::SOIN;
    /// Tells that it is of the lycée, of the course of study, of another life.
    Ecole: epreuves::ECOLE;
    /// Is held.
    Existe: epreuves::EXISTE;
    /// Is no longer held.
    Supprime: epreuves::SUPPRIME;
    /// What a candidate loses, not an examination.
    Candidature: epreuves::CANDIDATURE;
    /// The record and nothing else.
    DossierSeul: epreuves::DOSSIER_SEUL;
    /// How long one writes.
    Heure: epreuves::HEURE;
    Salle: epreuves::SALLE;
    /// Months and days that an appointment is made for.
    Mois: epreuves::MOIS;
    Jour: epreuves::JOUR;
    /// Candidates are called, somebody waits for them.
    Rendezvous: epreuves::RENDEZVOUS;
    /// Called to be examined, whatever the examination.
    Convocation: epreuves::CONVOCATION;
    /// A step of the admission, after « jour de », « journée de ».
    Etape: epreuves::ETAPE;
    /// Of the course itself, after an examination.
    Maison: epreuves::MAISON;
    /// A length that comes back, or that studies and hobbies have.
    Habitude: epreuves::HABITUDE;
    /// Somebody watches.
    Surveille: epreuves::SURVEILLE;
    /// What is done with the hands, the body, on a stage.
    Geste: epreuves::GESTE;
    /// What candidates do together under the eyes of the course.
    Seance: epreuves::SEANCE;
    /// Something set to be performed.
    Programme: epreuves::PROGRAMME;
    /// Called to an examination.
    Appel: epreuves::APPEL;
    /// An « entretien » of that is a talk.
    Propos: epreuves::PROPOS;
    Candidat: epreuves::CANDIDAT;
    Auxiliaire: epreuves::AUXILIAIRE;
    Equipe: epreuves::EQUIPE;
    /// Candidates speak before somebody.
    Presenter: epreuves::PRESENTER;
    /// It decides something.
    Enjeu: epreuves::ENJEU;
    /// Before whom it is done.
    Agent: epreuves::AGENT;
    /// Who works for the course.
    Personnel: epreuves::PERSONNEL;
    Devant: epreuves::DEVANT;
    Commission: epreuves::COMMISSION;
    /// When the examinations of the lycée are.
    Fin: epreuves::FIN;
    Composer: epreuves::COMPOSER;
    Venir: epreuves::VENIR;
    Repondre: epreuves::REPONDRE;
    Jury: epreuves::JURY;
    /// Who sees candidates for something else than the admission.
    Hote: epreuves::HOTE;
    /// Who hires, and sees whoever would be hired.
    Employeur: epreuves::EMPLOYEUR;
    /// Before an employer: one that is looked for, or what is had from one.
    Quete: epreuves::QUETE;
    /// Tells what a paper is about.
    Porte: epreuves::PORTE;
    /// Under the name of a test: it is taken once admitted.
    ApresAdmission: epreuves::APRES_ADMISSION;
    /// What ends, after the name of the studies.
    Cloture: epreuves::CLOTURE;
    /// What a site is read for, about an examination.
    Renseigne: epreuves::RENSEIGNE;
    /// Or else the candidate is out.
    Menace: epreuves::MENACE;
    /// After « étudiants » : those who apply.
    Postule: epreuves::POSTULE;
    /// Of another life, unless they sit beside those of the course.
    Alumni: epreuves::ALUMNI;
    /// The questionnaire of everybody, which no course reads.
    Plateforme: epreuves::PLATEFORME;
    /// What questions are written on.
    Feuille: epreuves::FEUILLE;
    /// Nobody at all.
    Personne: epreuves::PERSONNE;

    // ---- Clues of an examination without a name (B6) ------------------------------------------------------------------

    /// A meeting that informs, chosen by nobody.
    Informe: indices::INFORME;
    /// Something that takes place.
    Moment: indices::MOMENT;
    /// Somebody is looked at.
    Regarde: indices::REGARDE;
    /// Somebody is looked at, and is there.
    EnPresence: indices::EN_PRESENCE;
    /// Who only looks at candidates that are there.
    Examinateur: indices::EXAMINATEUR;
    /// Numbers in words.
    Nombre: indices::NOMBRE;
    /// Where the course is, or what is its own.
    ChezNous: indices::CHEZ_NOUS;
    /// What a jury does to whoever stands before it.
    PoseQuestion: indices::POSE_QUESTION;
    /// The course, after whoever is in charge of it.
    Formation: indices::FORMATION;
    /// A length that is measured.
    Minute: indices::MINUTE;
    /// Before the ranking.
    Quand: indices::QUAND;
    /// Who looks at candidates, and is not of the lycée.
    Evaluateur: indices::EVALUATEUR;
    /// Who may look at candidates, or be met elsewhere.
    Profession: indices::PROFESSION;
    /// Who may be of the lycée or of the course.
    Enseignant: indices::ENSEIGNANT;
    /// How it is done.
    Maniere: indices::MANIERE;
    /// What is to be done.
    Tache: indices::TACHE;
    /// Candidates come.
    Vient: indices::VIENT;
    /// Who tells of it, where it is read.
    Source: indices::SOURCE;
    /// It is the record that is read.
    DossierLu: indices::DOSSIER_LU;

    // ---- Advice (A1, A2, A3) -------------------------------------------------------------------------------------------

    /// It is demanded.
    Exigence: conseil::EXIGENCE;
    /// A taste for it is not a knowledge of it.
    Envie: conseil::ENVIE;
    /// Words that expectations share, whatever they expect.
    Banal: conseil::BANAL;
    Cordee: conseil::CORDEE;
    Vague: conseil::VAGUE;
    /// Says nothing beside a vague word.
    Creux: conseil::CREUX;
    /// Carries nothing by itself.
    Vide: conseil::VIDE;
    /// It is there to say that it does not count.
    Indifferent: conseil::INDIFFERENT;
    /// People by their sex.
    Genre: conseil::GENRE;
    /// Some come before others.
    Priorite: conseil::PRIORITE;
    Sexe: conseil::SEXE;
    Age: conseil::AGE;
    /// When somebody was born, with an advantage.
    Naissance: conseil::NAISSANCE;
    /// Where somebody lives, with an advantage.
    Domicile: conseil::DOMICILE;
    /// What candidates pay, which income may depend on.
    Frais: conseil::FRAIS;
    Adresse: conseil::ADRESSE;
    Origine: conseil::ORIGINE;
    Revenus: conseil::REVENUS;

    // ---- Documents that candidates join (A8) ---------------------------------------------------------------------------

    Cv: documents::CV;
    Portfolio: documents::PORTFOLIO;
    /// What is in a portfolio.
    Oeuvres: documents::OEUVRES;
    Recommandation: documents::RECOMMANDATION;
    Video: documents::VIDEO;
    Attestation: documents::ATTESTATION;
    /// A certificate that is a diploma.
    Diplome: documents::DIPLOME;
    /// Tests of a language.
    Langue: documents::LANGUE;
    Bafa: documents::BAFA;
    Secourisme: documents::SECOURISME;
    /// What the registration needs.
    Administratif: documents::ADMINISTRATIF;
    /// All that is joined, whatever it is.
    ToutesPieces: documents::TOUTES_PIECES;
    /// Before the name of a test: what shows its result.
    Resultat: documents::RESULTAT;
}
