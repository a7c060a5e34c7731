//! The words that the rules look for, without accents, as [`super::texte::same`] compares them: `racine*` for any ending, a
//! word for its singular and its plural, several words for an expression, `_` for any word in it. To teach the reading a new
//! way of saying something, add it to a class: the rules only know classes.

macro_rules! lexique {
    ($($(#[$sens:meta])* $classe:ident: $expressions:expr;)*) => {
        /// What a word may be for the rules.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum Classe { $($(#[$sens])* $classe),* }

        /// Every class and its expressions. An expression belongs to its first word.
        pub(super) const TABLE: &[(Classe, &[&str])] = &[$((Classe::$classe, &$expressions)),*];
    };
}

lexique! {
    // ---- Grammar -------------------------------------------------------------------------------------------------------

    /// Begins another part of the sentence.
    Charniere: [
        "mais", "car", "puisque", "puisqu", "tandis", "alors que", "alors qu", "en revanche", "par contre", "cependant",
        "toutefois", "pourtant", "neanmoins", "parce que", "parce qu",
    ];
    /// Turns against what was just said.
    Oppose: ["mais", "cependant", "toutefois", "pourtant", "neanmoins", "en revanche", "par contre"];
    Ne: ["ne", "n"];
    /// « Ne » is enough with them.
    Modal: ["saur*", "peut", "peuvent", "pourr*", "puisse*"];
    /// After « pas », « non », « plus », they take the denial back.
    Reprise: ["un detail", "detail", "une formalite", "anecdotique*", "accessoire*",
        "seulement", "uniquement", "simplement", "exclusivement", "juste", "que", "qu", "rien", "moins", "negligeable",
        "toujours", "parce", "interdit", "interdite", "forcement", "necessairement", "tant", "tellement", "seul*", "les seul*", "la seule", "le seul", "tous",
        "toutes", "tout", "trop", "etonn*", "inutil*", "anodin*",
    ];
    /// What leaves out the group of words that follows.
    Sauf: ["quel que soit", "quels que soient", "quelle que soit", "quelles que soient", "peu importe*", "independamment", "absence des", "absence du",
        "sans", "hors", "hormis", "sauf", "excepte", "exceptees", "exceptes", "en dehors", "a l exception", "a l exclusion",
        "au lieu", "plutot que", "plutot qu", "abstraction faite", "a part", "mises a part", "mis a part", "exclu*",
        "excluant", "moins les", "et non", "mais non", "mais pas", "et pas", "avant que", "avant les", "avant l", "avant meme", "absence de", "absence d", "defaut de", "defaut d", "defaut des", "faute de", "faute d",
    ];
    /// « Ne se limite pas à », « ne suffit pas »: there is more than what is denied.
    Limite: ["content*", "limit*", "born*", "resum*", "suffi*", "arret*", "reduit*", "empech*", "tien* qu"];
    /// What one does with an examination that is not one's own.
    Etude: ["prepar*", "revis*", "entrain*", "travaill*", "reussir*", "reussissez", "soign*", "courage", "chance"];
    /// Stands between a denial and what it denies.
    Liaison: [
        "a", "au", "aux", "d", "de", "des", "du", "l", "la", "le", "les", "ces", "cette", "cet", "ce", "ses", "leurs", "vos", "nos",
        "celles", "celle", "ceux", "celui", "toute", "toutes", "tout", "tous", "quelque", "quelconque", "eventuel*", "notamment",
        "meme", "autre", "une", "un", "deux", "seule", "seul", "notes", "note", "resultats", "resultat", "en", "aucun", "aucune",
    ];
    /// Stands for what was said before.
    Anaphore: ["nous le", "on le",
        "elles", "elle", "ils", "il", "celles ci", "celle ci", "ceux ci", "celui ci", "cela", "ca", "qui", "dont", "lesquel*",
        "ces notes", "ces resultats", "ces epreuves", "leurs notes", "leurs resultats", "leur note", "cette note", "cette epreuve",
        "ce resultat", "ne les", "n en", "n y", "ne l", "l on", "y", "en tenons", "tout cela", "rien de cela", "rien de tout",
        "les unes", "ces donnees", "cette donnee", "ces elements", "les ecart*", "les ignor*", "les exclu*", "les laiss*",
        "nous les", "on les", "commission les", "jury les", "l ecart*", "l ignor*", "cet oral", "cet entretien", "ce test", "c est", "c en est",
    ];
    /// The only one: nothing else.
    Seul: ["seul*", "uniquement", "exclusivement", "rien que", "strictement"];
    /// « Impossible de », « on aurait tort de »: turns what follows round.
    Empeche: ["cess*", "empech*",
        "impossible", "difficile", "tort", "refus*", "evit*", "loin de", "loin d", "hors de question", "defense", "interdit de",
        "interdit d", "absurde", "dommage", "inutile de", "inutile d", "interdi* de", "interdi* d", "interdisons de", "garde* de", "gardons", "abst*", "renonc*",
    ];

    // ---- Used or left out ----------------------------------------------------------------------------------------------

    /// Is counted.
    Compte: ["relevons", "relevee", "relevees", "releves", "relever*", "releve la", "releve les", "relevent les", "dispos*", "regarde", "regardes", "regardee", "regardees", "regardons", "regardent", "regarder*",
        "compt*", "pris en", "prise en", "prises en", "prendre en", "prenons", "prend en", "prennent en", "entre", "entrent", "entrer*",
        "entreront", "pese*", "peser*", "pond*", "ajout*", "integr*", "inclu*", "inclure", "retenu*", "retien*", "retenon*",
        "departag*", "sert", "serv*", "valoris*", "font partie", "fait partie", "complet*", "utilis*", "exploit*",
        "examine*", "consult*", "etudi*", "attend*", "coefficient", "bonif*", "bonus", "ajust*", "corrig*", "modifi*",
        "influ*", "determin*", "decid*", "major*", "multipli*", "doubl*",
        "indispensable", "exig*", "demand*", "joindre", "joign*", "bienvenu*", "addition*", "reportee", "reporte", "calcul*", "lu", "lus",
        "lue", "lues", "lire", "lit", "lisons", "lisent", "tenir compte", "tient compte", "tenons compte", "tiennent compte", "tenu compte",
        "tiendr* compte", "tenant compte", "appuy*", "appuie*", "intervien*", "interven*", "particip*", "contribu*", "fond*", "base*",
        "repos*", "apprecie*", "evalue*", "jug*", "considere*", "import*", "rapport*", "donne*", "constitu*", "figur*", "transm*",
        "communiqu*", "fourn*", "reclam*", "requi*", "connu*", "connaiss*", "vu", "vus", "vues", "disponible*", "accessible*", "voit",
        "voyons", "remont*", "depend*", "chang*", "jou*", "not*es par", "primor*", "essentiel*", "orientent", "oriente", "tranch*", "emport*", "guid*", "eclair*", "difference", "valent", "vaut", "voulons", "atout", "avantage", "confirm*", "nuanc*", "montr*", "critere", "repere", "indicateur*", "decisif*", "decisive*", "croise*", "confront*",
        "compar*", "scrut*", "vis* par", "attach*", "accord*", "tien* a", "recuper*", "recueill*", "collect*", "emplo*", "mobilis*",
        "pris", "prises", "prise", "saisi*", "envoy*", "place a", "place aux", "une place", "part aux", "une part", "interess*", "sollicit*", "verifi*",
    ];
    /// Is not counted.
    Exclut: ["hors bac*", "rend* impossible", "relevant d", "autre calendrier", "sont en juin", "est en juin", "a lieu en juin", "ont lieu en juin", "se passer de", "se passer des", "se passer d", "decouvr*", "pour le jury du", "au jury du", "affaire du",
        "exclu*", "exclure", "ecart*", "ignor*", "proscri*", "interdi*", "bann*", "retir*", "supprim*", "abandon*", "neutralis*",
        "omis*", "omet*", "omettre", "de cote", "hors champ", "hors du champ", "hors perimetre", "hors du perimetre", "hors jeu", "hors cadre",
        "hors grille", "hors sujet", "hors calcul", "hors de notre", "hors de l", "hors du calcul", "hors du dossier", "se passe des",
        "se passe de", "se passent", "passons des", "passons de", "nous passons", "passer des epreuves de", "passera de", "abstraction", "renonc*",
        "impasse", "inconnu*", "indisponible*", "invisible*", "absent*", "etrang*", "trop tard", "trop tardi*", "tardi*", "priv*", "repouss*", "decal*", "clos", "close", "ote", "otee", "vain", "vaine", "relevent du", "appartien*", "confidentiel*", "prematur*", "ulterieur*", "vient apres", "viennent apres", "viendr* apres", "arriv* apres", "parvien* apres", "se pass* de", "apres la cloture",
        "apres nos", "apres notre", "apres l examen", "apres la commission", "apres la fin", "apres coup", "apres le conseil", "apres la date", "apres la publication", "apres la reunion", "apres la delib*", "apres les delib*", "apres la decision", "apres la fermeture", "laiss*", "hors dossier", "hors selection", "hors classement", "hors commission", "hors examen", "hors note", "apres la selection", "apres le classement", "apres les travaux",
        "qu apres", "qu en juillet", "qu en juin", "qu au mois", "posterieur*", "inutil*", "indifferent*", "sans effet",
        "sans incidence", "sans influence", "sans consequence", "sans poids", "sans rapport", "sans objet", "sans importance",
        "zero", "prohib*", "rejet*", "defendu*", "echapp*", "soustrai*", "gomm*", "a part", "exempt*", "oubli*",
        "neglig*", "disparu*", "disparai*", "remplac*", "au baccalaureat seul", "nul", "nulle", "nuls", "nulles", "exception",
        "cess*", "banni*", "delaiss*", "elimin* du", "supprime*", "se dispens*", "dispensons", "tais*", "sort* du", "sorti* du",
        "quitt*", "reste* au", "restent au", "reserv*", "laissons au", "laisse au", "laissees au", "ne font plus", "mis a l ecart",
        "mises a l ecart", "ecartees", "fermons les yeux", "ferme les yeux", "manqu*", "evacu*", "barr*", "biff*",
    ];
    /// What counts for that counts elsewhere.
    Ailleurs: [
        "pour votre bac*", "pour le bac*", "pour l obtention", "a l inscription", "pour l inscription", "au diplome", "pour le diplome",
        "pour votre diplome", "pour l examen du", "pour la mention", "pour obtenir", "pour vous", "a l obtention", "dans votre bac*",
        "au bac", "au baccalaureat", "a votre bac*", "pour eux", "pour leur bac*", "pour son bac*",
    ];

    // ---- The terminal examinations (B4) --------------------------------------------------------------------------------

    Epreuve: [
        "epreuve", "epr", "examen", "ecrit", "ecrits", "copie", "composition", "controle terminal", "controle final", "session",
        "eval terminale", "evaluation terminale", "evaluations terminales", "evaluation finale", "partiel", ];
    Specialite: ["specialite", "spe", "eds", "eppcs", "spe maths", "enseignement de spe*", "enseignements de spe*"];
    /// The initials say the school subjects of the baccalauréat and nothing else.
    Eds: ["eds", "spe", "enseignement de specialite", "enseignements de specialite", "enseignement de spe", "enseignements de spe"];
    Note: ["note", "resultat", "score", "points", "point", "moyenne", "notation", "reussite", "performance", "copie", "mention"];
    Bac: ["bac", "baccalaureat", "bacs"];
    /// After « bac »: where people come from, not an examination.
    Serie: [
        "general", "generaux", "generale", "techno*", "pro", "professionnel*", "sti2d", "st2s", "stl", "stmg", "s", "es", "std2a", "sthr",
        "stav", "trpm", "melec", "assp", "ou", "agricole", "francais", "etranger", "blanc*", "confondu*", "plus", "accept*", "admis",
        "scientifique", "d origine", "d orig", "obtenu", "serie", "spvl", "prepare", "ms2", "gatl", "commerce", "mcv", "mei",
    ];
    /// When the terminal examinations are, what they are.
    Terminal: [
        "juin", "mars", "printemps", "terminaux", "finaux", "terminal", "examen", "passe*", "obtenu*",
        "fin d annee", "fin de terminale", "fin de l annee", "definitif*", "definitive*", "national*", "officiel*", "juillet", "mai",
    ];
    /// « Terminale » as an adjective of an examination.
    Finale: ["terminale", "terminales", "terminaux", "terminal", "finale", "finales", "final", "finaux"];
    Discipline: [
        "mathematiques", "maths", "math", "physique", "svt", "ses", "hggsp", "hlp", "nsi", "llcer", "llce", "biologie", "chimie", "si", "art",
        "management", "droit", "biochimie", "spcl", "anglais", "histoire", "geographie", "geopolitique", "eps", "economie", "sciences",
        "technologie", "humanites", "numerique", "informatique",
    ];
    /// What is in the reports of the year, and stays allowed.
    Bulletin: [
        "bulletin", "trimestriel*", "trimestre", "semestre", "semestriel*", "controle continu", "annuel*", "livret", "au fil de l annee",
        "de l annee", "classe", "moyenne", "fiche avenir", "releve", "appreciation",
    ];
    /// Other papers of the lycée than the terminal ones.
    Blanc: [
        "blanc", "blanche", "blancs", "blanches", "commun*", "entrainement", "anticip*", "francais", "philosophie", "philo", "formati*", "d essai",
        "sportiv*", "hippique", "brevet", "bts", "concours", "olympiade*", "pix", "langue", "eaf", "grand oral", "devoir", "devoirs", "intermediaire*", "surveille*",
    ];

    /// Which specialities, not what marks.
    Choix: ["choix", "choisi*", "suivi*", "abandonne*", "conserve*"];

    // ---- The letter (B5, A7) -------------------------------------------------------------------------------------------

    Lettre: ["lettre", "courrier", "letre", "lm"];
    Motivation: ["motivation", "motiv*"];
    /// Another letter.
    AutreLettre: [
        "recommandation", "d un employeur", "d un tuteur", "d un prof*", "du tuteur", "d un maitre", "a ou", "a b", "moderne*", "classique*", "langues", "de soutien",
        "d appui", "d un artisan", "d engagement", "d un", "de parrainage",
    ];
    /// What a commission does with a letter, what it tells.
    Usage: ["servent", "servira", "serviront", "servir a", "servi a", "attendons", "part de", "partent de", "reprend", "reprennent", "reprenons", "reprise par", "utile*", "devin*", "laisse*", "recul*", "monte*", "descend*", "rangs", "places", "trie*", "trier", "rapproch*", "appren*", "traqu*", "flair*", "devoil*", "capt*", "separ*", "affin*", "enrichi*", "relier", "relie*", "construi*", "gagn*", "perd*", "recompens*", "penalis*", "favoris*", "coute*", "leve*", "dessin*", "fait apparaitre", "faire apparaitre", "fait ressortir", "atteste*", "trouv*", "scrut*",
        "lu", "lue", "lus", "lues", "lisons", "lire", "lit", "lisent", "lira", "lirons", "lecture", "lecteur", "lectrice*", "relu*", "relit",
        "relisent", "relisons", "cherch*", "recherch*", "evalu*", "notee", "notees", "notons", "notation", "notent", "notera", "verifi*", "appreci*", "jug*",
        "montr*", "demontr*", "prouv*", "dire", "dit", "disent", "dira", "sert", "permet*", "permis", "precise", "precisera", "regard*", "voyons", "voit", "voir si",
        "nous attendons", "on attend", "attend que", "attend de", "attend d", "attend du", "attend un", "accordons", "accorde*", "vise", "visent", "s assur*", "attente*", "repon*", "prepar*", "discut*", "base de", "point de depart", "revien*", "appui*",
        "appuy*", "evoqu*", "etablir", "etablit", "attribu*", "ouvr*", "mesur*", "racont*", "expos*", "justifi*", "indiqu*",
        "distingu*", "question*", "points", "departag*", "veut", "voulons", "veulent", "a compris", "avez compris", "ont compris", "bien compris", "pas compris", "compris ce", "compris la", "compris l", "compris le", "compris que", "comprend*", "comprenn*", "expliqu*", "eclair*",
        "retien*", "retenu*", "retenon*", "examin*", "analys*", "etudi*", "confront*", "compar*", "pese*", "approfond*", "nourri*", "eprouv*",
        "trouv*", "savoir si", "savoir ce", "savoir pour*", "savoir comment", "saurons", "decriv*", "convain*", "confirm*", "infirm*", "utilis*", "exploit*", "croise*",
        "temoign*", "souhait*", "entendre", "entend", "depist*", "reper*", "comment*", "valoris*", "illustr*", "parl*", "revel*",
        "clarifi*", "reflet*", "renseign*", "situ*", "decid*", "aid*", "apport*", "donne*", "fournit", "fournissent", "complete*", "nuanc*", "corrobor*",
        "etay*", "traduit", "traduis*", "perm*", "cern*", "apprehend*", "discern*", "estim*", "sond*", "test*", "tranch*", "pond*", "class*",
        "hierarchis*", "compt*", "rapport*", "pris en", "prise en", "prendre en", "tient compte", "tenir compte", "coefficient", "bareme",
        "critere", "grille", "credit*", "sanction*", "bonus", "bonif*", "critiqu*", "releve*", "relevons", "cote", "coche*", "cochons", "barem*", "qualifi*", "interpret*",
        "detect*", "decouvr*", "decel*", "connaitre", "afin", "percev*", "perco*", "sentir", "saisir ce", "saisir la", "saisir le", "saisir pour*", "tirons", "tire*", "puis*", "fil conducteur",
        "amorce", "support", "appui", "fonde*", "nous informe*", "lumiere", "mis en", "mise en valeur", "rend* compte", "interess*", "emploi*", "employ*", "scrut*", "decrypt*", "tem*", "mettre en",
        "orient*", "guid*", "determin*", "joue", "jouent", "influ*", "fait la difference", "attentif*", "attentive*", "prete* attention", "porte* attention", "attention portee", "different*", "sens", "coherenc*", "adequation", "solidite", "sincerite",
        "realisme", "on y", "nous y", "y lit", "pourquoi", "recoup*",
        "ecout*", "argument*", "recrut*", "presente*", "exprim*", "ressort*", "transpar*", "convainc*", "instrui*", "arbitr*", "trahi*",
        "partir", "commence*", "pench*", "balance", "emport*", "bascul*", "ferons", "fait l objet", "valent", "vaut", "avis", "preuve*", "signes de", "marque*", "trace*", "juste*", "racine*", "raison*",
    ];
    /// What is asked of whoever writes it.
    Consigne: ["verifier", "verifiez", "relire", "relisez", "lire", "lisez"];
    /// What a letter may be read for.
    Contenu: [
        "connaissance*", "coherence*", "adequation", "clarte", "projet*", "experience*", "metier*", "profession", "debouche*", "interet*", "parcours", "realisme", "cheminement",
        "vocation", "maturite", "engagement*", "curiosite", "raison*", "choix du", "choix de", "comprehension", "argumentation", "lucidite", "sincerite", "representation*", "ambition*", "attentes",
        "motivation* pour", "competence*", "capacite*", "qualite* de l expression", "reflexion", "recul", "ouverture", "motif*", "besoins", "preuve*", "exemples",
    ];
    /// Without it, the record is not read: that is no use of it.
    Recevable: ["incomplet*", "irrecevab*", "recevab*", "sans quoi", "sous peine", "faute de", "rejete*", "annule*", "invalide*", "hors delai"];
    /// How it is written, sent, admitted: tells nothing of its use.
    Forme: [
        "obligatoire*", "exig*", "requi*", "depos*", "envoy*", "joint*", "joindre", "joign*", "fourni*", "televers*", "page*", "ligne*", "mot", "mots",
        "caractere*", "signe*", "format", "pdf", "police", "taille", "avant", "date", "delai", "avril", "mars", "limite", "max*", "manuscrit*",
        "dactylograph*", "ecrit*", "redig*", "personnel*", "orthograph*", "faute*", "saisi*", "espace", "plateforme", "rubrique", "piece*", "notice",
        "liste", "candidat*", "dossier", "complet", "incomplet", "recevable", "irrecevable", "enregistr*", "transm*", "soign*", "relire", "relis*",
        "tien*", "depass*", "excede*", "recto", "verso", "adress*", "sign*", "nom*", "obligation",
    ];

    // ---- Examinations of the course (B6) -------------------------------------------------------------------------------

    OralNom: ["oral", "oraux"];
    OralAdj: ["oral", "orale", "oraux", "orales"];
    Entretien: ["entretien", "entrevue", "interview"];
    Audition: ["audition", "auditions"];
    Soutenance: ["soutenance"];
    /// Meetings that are an examination when they are given a mark.
    Rencontre: ["rappel*",
        "rendez vous", "echange", "dialogue", "conversation", "discussion", "rencontre", "appel*", "visio", "visioconference", "visioconf",
        "entretienn*", "face a face", "tete a tete", "table ronde", "telephone", "telephonique", "presentation orale", "pitch", "entrevue",
        "visite d admission", "rdv", "skype", "zoom",
    ];
    /// The candidate is met.
    Recevoir: [
        "recu", "recus", "recue", "recues", "recevoir", "recevra", "recevrons", "recevons", "recoit", "recoivent", "interrog*", "entendu*", "ecoute", "ecoutent", "ecouter*",
        "auditionn*", "convoqu*", "convocation", "rencontr*", "questionne*",
    ];
    /// Before an examination named as a thing.
    Article: [
        "l", "un", "d", "cet", "aucun", "son", "notre", "votre", "chaque", "des", "les", "deux", "ni", "et", "ou", "sans", "premier", "second", "bref", "court",
        "plus", "en", "petit", "dernier", "concours",
    ];
    EcritNom: ["ecrit", "ecrits"];
    EcritAdj: ["ecrite", "ecrites", "ecrit", "ecrits"];
    /// What one writes in an examination room.
    Copie: ["etude d un", "etude de texte*", "etude de document*", "analyse de document*", "analyse d un", "dissertation", "composition", "synthese", "resume", "commentaire", "redaction", "note de synthese", "etude de cas", "version", "probleme", "copie"];
    PratiqueAdj: ["pratique", "pratiques", "physique", "physiques", "sportif", "sportifs", "sportive", "sportives", "artistique", "artistiques", "professionnel", "gestuel*", "technique", "techniques", "instrumental*", "danse", "plastique"];
    Pratique: ["seance collective", "essai", "essais", "demonstration", "epreuve de danse", "atelier d admission", "seance d essai", "casting", "atelier d essai", "prestation", "piece en", "parcours sportif", "parcours d adresse", "parcours chronometr*", "epreuve de dessin"];
    Situation: ["mise en situation", "mises en situation", "jeu de role", "jeux de role", "simulation"];
    EnLigne: [
        "en ligne", "a distance", "sur internet", "par internet", "sur ordinateur", "sur ecran", "depuis chez", "sur le web", "connexion", "numerique", "numeriques", "depuis la maison",
        "depuis votre", "informatise*", "dematerialise*", "online", "distanciel", "sur votre ordinateur", "devant l ecran", "depuis leur",
    ];
    Questionnaire: ["questionnaire", "formulaire"];
    AutreQuestionnaire: ["satisfaction", "genealogie", "sante", "medical*", "lecture", "enquete", "sondage", "sante", "d orientation", "interet", "cio"];
    Question: ["question", "questions"];
    Test: ["test", "tests", "qcm", "quiz", "quizz", "examen d entree", "examen d admission", "evaluation d entree", "evaluation en ligne", "session en ligne", "exercices en ligne"];
    EpreuveNom: ["epreuve", "epr", "examen"];
    Concours: ["concours"];

    /// Tells that candidates go through it to be chosen.
    Selection: ["lors de l", "lors d", "pendant l", "au cours d", "sera organise*", "seront organise*", "est organise*", "sur place", "demi journee", "journee", "la selection", "etape",
        "candidat*", "vous", "votre", "jury", "examinateur*", "examinatrice*", "admission", "admissi*", "admis", "admise", "annales", "selecti*", "preselecti*", "convo*", "minute*", "demi heure",
        "heure", "heures", "quart d heure", "note", "notee", "notes", "notera", "noter", "bareme", "sur vingt", "sur dix", "coefficient", "avril", "mai", "passer*", "passera",
        "passez", "passent", "commission", "retenus", "retenues", "entree", "recrutement", "classement", "classer", "departag*", "eliminat*", "compte*", "moitie", "tiers", "quart",
        "evaluateur*", "recu", "recus", "recue", "recues", "invit*", "epreuve", "formateur*", "devant", "organis*", "prev*", "aura lieu", "auront lieu", "personnalite",
        "individuel*", "chaque", "chacun", "dossier", "ecole", "institut", "eval*", "inscri* au concours", "binome", "tirage au sort", "tire* au sort",
    ];
    /// An examination of the lycée.
    Lycee: ["anticip*", "bac", "baccalaureat", "grand oral", "blanc", "blanche", "eaf", "chef d oeuvre", "tpe", "brevet"];
    /// Comes after the admission.
    Cursus: ["ponctu*", "tout au long", "memoire", "les internes", "du diplome", "le diplome", "diplome d", "diplome national", "mi parcours", "fin de cursus", "pour choisir vos",
        "premiere annee", "deuxieme annee", "troisieme annee", "rentree", "septembre", "octobre", "decembre", "une fois admis", "une fois inscrit*", "apres l admission", "apres l inscription", "partiel*", "mmop",
        "nos etudiant*", "les etudiants", "fin d annee", "fin de semestre", "fin d etudes", "fin de cursus", "inscrits en", "chaque semestre", "controle des connaissances", "colle", "colles", "kholle*", "khole*", "ens", "grandes ecoles", "ecoles d ingenieurs",
        "a l issue du", "a l issue de la formation", "a l issue de la licence", "a l issue des", "aux admis", "les admis", "nouveaux entrants", "nouveaux etudiants", "au bout d", "en cours d annee", "pendant l annee", "durant l annee", "par semaine", "hebdomadaire*", "les inscrits", "votre scolarite", "en cours de formation", "l1", "l2", "l3", "but1", "las1", "ue", "licence 1",
    ];
    /// A skill, whatever shows it.
    Competence: ["orthographe", "vocabulaire", "syntaxe", "grammaire", "redaction",
        "expression", "comprehension", "aisance", "maitrise", "langue*", "francais", "philosophie", "prise de parole", "competences", "qualite de", "qualites", "capacite*", "savoir", "communication", "communiquer", "participation",
    ];
    /// The questionnaire of everybody, or of the doctor.
    National: ["terminales", "national*", "onisep", "medical*", "medecin*", "certificat", "vaccin*"];
    /// An interview of another life than the application.
    AutreVie: ["secretariat", "certains master*", "certains master*", "avec l entreprise", "entreprise d accueil", "avec une entreprise", "en alternance", "les entreprises", "interview d", "interview de", "interviews d", "interviews de",
        "obtenir un", "pour un stage", "pour un emploi", "pour un job", "job", "embauche", "employeur*", "recruteur*", "petit boulot", "psychologue", "psy en", "cio", "orientation", "mission locale",
        "pole emploi", "france travail", "professeur principal", "prof principal", "conseiller*", "infirmiere scolaire", "parent", "parents", "ancien", "anciens", "proviseur", "cpe",
    ];
    /// Care of things, not of people.
    Soin: [
        "reparation*", "maintenance", "nettoyage", "depannage", "jardin*", "locaux", "materiel", "machine*", "vehicule*", "espaces verts", "linge", "textile*", "parc", "moto*", "velo*", "mecanique", "piscine*",
        "batiment*", "outil*", "foret*", "routier*", "cultures", "sol", "sols", "equipement*", "installation*", "haies", "chevaux", "animaux", "bateau*", "cours d eau", "courant", "corporel*", "memoire", "langue*",
        "maison", "chaudiere*", "ligne de", "lignes de", "verger*", "vigne*", "foyer", "physique", "forme",
    ];
    /// Tells that it is of the lycée, of the course of study, of another life.
    Ecole: ["certifi*", "toeic", "cambridge", "bulletin", "lycee", "lyceen*", "eleve*", "colle", "colles", "kholle*",
        "khole*", "expose*", "ccf", "trimestre", "semestre*", "semestriel*",

        "grandes ecoles", "ens", "a l issue", "au bout", "prepare a", "preparent", "preparation", "diplomes", "club", "salon",
        "portes ouvertes", "jpo", "forum", "professeur*", "enseignants", "appreciation*", "cours", "en classe", "programme", "satisfaction", "genealogie", "sante", "enquete", "sondage",
        "terminales", "onisep", "stage", "stages", "tuteur*", "proviseur", "licence", "fiche avenir", "participation", "moyenne*", "informel*", "sans effet", "sans incidence", "sans enjeu", "facultati*", "reunion", "information", "national*", "mene par l", "menes par l", "realise par l", "aupres", "conduit par l", "loisirs", "hobby", ];
    /// Is held.
    Existe: ["a defendre", "a presenter", "a convaincre", "a vous", "a parler", "a rediger", "a composer", "a demontrer", "interroge*",
        "organis*", "prev*", "lieu", "exist*", "demand*", "impos*", "soumis*", "soumet*", "tenu", "tient", "tiendra", "tiendront", "y a", "y aura", "y en a", "y en aura", "passer", "passera*", "passere*", "passez",
        "passe", "passent", "passerez", "fait passer", "faisons passer", "convoqu*", "recu", "recus", "recue", "recues", "recev*", "recoi*", "entendu*", "auditionn*", "rencontr*",
        "propos*", "requi*", "exig*", "particip*", "fera l objet", "reserv*", "est programme", "sont programme", "sera programme", "planifi*", "reconduit*", "maintenu*", "proced*", "renouvel*", "conserve*", "presenter", "inflig*", "ser*z", "subir*", "remplir", "remplissez", "rempli",
        "pratiqu*", "recour*", "mett* en place", "mis en place", "plus cours", "plus d actualite", "plus en vigueur", "plus en service", "plus de mise", "plus en usage", "plus en place", "besoin", "lieu d", "utilis*", "attend", "attendu*", "faire", "faites", "fait", "ferons", "fera",
    ];
    /// Is no longer held.
    Supprime: ["exit",
        "supprim*", "annul*", "abandon*", "disparu*", "disparai*", "termin*", "retir*", "renonce", "renoncons", "remplac*", "fini", "finie", "finis", "finies", "cess*", "passe de mode",
        "a vecu", "ont vecu", "du passe", "neant", "dispens*", "exempt*", "suspendu*", "sans objet", "inutile*", "tient lieu", "tiennent lieu", "fait office", "appartient a", "appartiennent a", "ancien temps", "histoire ancienne",
        "appartien* au passe", "appartient au passe", "mis fin", "met fin", "arret*", "aboli*", "epargn*", "tourn* la page", "economis*", "se passe d", "nous passons d", "enterr*",
    ];
    /// The record and nothing else.
    DossierSeul: [
        "du seul dossier", "le seul dossier", "au seul dossier", "seul examen du dossier", "seule etude du dossier", "seule lecture du dossier", "seul examen des dossiers", "dossier seul", "dossier uniquement", "dossier exclusivement", "dossier suffit", "seul le dossier", "seuls les dossiers",
        "uniquement sur dossier", "uniquement sur le dossier", "exclusivement sur dossier", "exclusivement sur le dossier", "seulement sur dossier", "que du dossier", "que le dossier", "que sur dossier",
        "que sur le dossier", "rien que le dossier", "simple etude du dossier", "dossier scolaire seul", "le seul dossier scolaire", "seule base du dossier", "seules pieces du dossier", "seuls elements du dossier", "dossier et rien", "dossier et lui seul", "dossier exclusivement", "strictement sur dossier", "entierement sur dossier", "integralement sur dossier",
        "uniquement a partir du dossier", "sur pieces", "sans vous voir", "sans voir les candidats", "sans voir personne", "sans rencontrer", "sans entendre", "sans recevoir", "sans vous rencontrer", "sans vous entendre", "sans vous recevoir", "papier seul", "simple lecture du dossier", "seule foi du dossier", "seul vu du dossier", "seule analyse du dossier",
    ];
    /// How long one writes.
    Heure: ["temps limite", "temps imparti", "chronometr*", "heure", "heures", "minute", "minutes"];
    Salle: ["en salle", "sur place", "sur table", "dans nos locaux", "dans les locaux", "amphi", "amphitheatre"];
    /// What is done with the hands, the body, on a stage.
    Geste: ["atelier", "geste", "gestes", "plateau", "scene", "danse", "piste", "gymnase", "cuisine", "terrain", "parcours", "machine", "piano", "instrument", "agility", "cheval", "sportif", "sportifs", "physique", "physiques", "laboratoire", "bassin", "adresse", "studio", "variation", "improvisation", "morceau*", "oeuvre*", "texte", "monologue", "chant", "partition"];
    /// Called to an examination.
    Appel: ["convo*", "invit*", "admis", "admise", "admiss*", "inscri*", "present*", "retenu*", "appel*", "passer*", "passage", "selectionn*", "dispens*"];
    /// An « entretien » of that is a talk.
    Propos: ["motivation", "selection", "admission", "recrutement", "groupe", "evaluation", "explicitation", "personnalite", "positionnement", "dix", "quinze", "vingt", "trente", "vingtaine", "dizaine", "quinzaine", "quelques minutes", "connaissance", "approfond*", "minutes", "entree", "decouverte", "admissib*", "presentation", "culture", "annee*", "candidat*", "jury", "avril", "mai", "session", "chacun", "tous les"];
    Candidat: ["vos", "candidat*", "vous", "chacun", "chacune", "personne", "admissible*", "postulant*", "il", "elle", "ils", "elles", "on", "tous"];
    Auxiliaire: ["est", "sont", "sera", "serez", "seront", "serait", "etes", "etre", "soit"];
    Equipe: ["nous", "on", "jury", "commission", "departement", "ecole", "equipe", "enseignants", "formateurs", "institut", "directeur", "directrice"];
    /// Candidates speak before somebody.
    Presenter: ["defend*", "present*", "expos*", "repond*", "convainc*", "parlerez", "parlera", "parler", "parlent", "plaid*", "echang*", "dialogu*", "entretenir*", "entretien* avec", "convers*", "discut*", "passer*", "passez", "passent", "passe"];
    /// It decides something.
    Enjeu: ["apprecie*", "une appreciation", "note", "notes", "notera", "noter", "notee", "minute*", "point", "points", "class*", "selecti*", "jury", "evalu*", "compte*", "departag*", "avis", "bareme", "admission", "quart d heure", "demi heure"];
    /// Before whom it is done.
    Agent: ["par", "devant"];
    Devant: ["devant", "face"];
    Commission: ["deux professionnels", "des professionnels", "commission", "panel", "equipe", "formateur*", "enseignants", "professeurs", "binome", "trinome", "directeur", "directrice", "comite"];
    /// When the examinations of the lycée are.
    Fin: ["juin", "mars", "juillet", "fin d annee", "fin de l annee", "l annee", "fin de terminale", "terminale", "premiere"];
    Composer: ["compose", "composent", "composer*", "composez"];
    Venir: ["viendr*", "venir", "venez", "deplac*", "passer*", "realis*", "execut*", "journee", "matinee", "apres midi", "demi journee"];
    Repondre: ["repond*", "reponse*"];
    Jury: ["jury", "jurys", "examinateur*", "examinatrice*"];
    /// Nobody at all.
    Personne: ["personne", "aucun candidat", "aucune candidate", "nul candidat", "nul n", "aucun de vous", "aucun d entre"];

    // ---- Advice (A1, A2, A3) -------------------------------------------------------------------------------------------

    Cordee: ["cordee"];
    Vague: [
        "bon", "bonne", "solide*", "serieux", "serieuse", "correct*", "motive*", "excellen*", "atypique", "satisfaisant*", "convenable*", "interessant*",
        "potentiel", "envie", "tonus", "ambition*", "adequat*", "adapte*", "suffisant*", "coherent*", "bien", "assez", "maturite", "brillant*", "mentalite",
        "fort", "forte", "meilleur*", "moyen", "mature*", "honorable*", "favorable*", "positif*", "positive*", "remarquable*", "beau", "belle", "beaux", "valeur*",
        "souhait*", "prometteu*", "exemplaire*", "irreprochable*", "sain*", "exigeant*", "realiste*", "haut", "haute", "ok", "top", "nickel", "impeccable*",
        "valable*", "acceptable*", "fiable", "volontaire*", "dynamique*", "agreable*", "sympathique*", "qualite", "personnalite", "exige", "attendu*", "motivation",
    ];
    /// Says nothing beside a vague word.
    Creux: [
        "niveau", "dossier", "etat", "esprit", "attitude", "profil*", "general*", "ensemble", "eleve*", "candidat*", "candidature*", "globalement", "plutot", "resultat*", "parcours",
        "travail", "scolarite", "etudiant*", "comportement", "apprecie*", "requis*", "reel*", "vrai*", "grand*", "nature", "temperament", "caractere", "qualites", "capacites", "aptitudes",
        "tres", "trop", "tout*", "tous", "necessaire*", "global*", "exige*", "personnalite*", "autre*", "etc", "bulletin*",
    ];
    /// Carries nothing by itself.
    Vide: [
        "a", "au", "aux", "d", "de", "des", "du", "en", "et", "l", "la", "le", "les", "ou", "par", "pour", "sur", "un", "une", "son", "sa", "ses",
        "dans", "avec", "est", "sont", "qui", "que", "il", "elle", "nous", "vous", "on", "ce", "c", "s", "notre", "votre", "etre", "avoir", "ayant", "plus",
    ];
    /// It is there to say that it does not count.
    Indifferent: ["indifferent*", "peu importe", "importe peu", "sans distinction", "quel que soit", "quelle que soit", "quels que soient", "hors de"];
    /// People by their sex.
    Genre: ["garcon", "garcons", "fille", "filles", "femme", "femmes", "homme", "hommes", "masculin*", "feminin*"];
    /// Some come before others.
    Priorite: ["favoris*", "privilegi*", "priorit*", "avantag*", "bonus", "reequilibr*", "bonif*", "prefer*", "prime", "point de plus", "points de plus", "pour tendre"];
    Sexe: ["sexe", "genre"];
    Age: ["age", "annee de naissance", "date de naissance"];
    Adresse: [
        "adresse du domicile", "adresse de la famille", "adresse du candidat", "adresse postale", "adresse des parents", "adresse personnelle", "lieu de residence", "lieu d habitation",
        "commune de residence", "ville de residence", "code postal", "quartier d origine", "departement de residence", "distance entre", "distance domicile", "proximite geographique", "eloignement geographique", "quartier de residence",
    ];
    Origine: [
        "lycee d origine", "etablissement d origine", "lycee de provenance", "etablissement de provenance", "reputation du lycee", "classement du lycee", "niveau du lycee", "lycee frequente",
        "etablissement frequente", "reputation de l etablissement", "renommee du lycee", "taux de reussite du lycee",
    ];
    Revenus: [
        "revenu modeste", "revenu des parents", "revenu du foyer", "revenu de la famille", "revenu fiscal", "situation familiale", "ressources de la famille", "ressources des parents", "quotient familial",
        "profession des parents", "metier des parents", "situation financiere", "categorie socio*", "origine sociale", "csp",
    ];
}
