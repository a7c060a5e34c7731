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
        "alors qu", "alors que", "car", "cependant", "en revanche", "mais", "neanmoins", "par contre",
        "parce qu", "parce que", "pourtant", "puisqu", "puisque", "tandis", "toutefois",
    ];
    /// Turns against what was just said.
    Oppose: ["cependant", "en revanche", "mais", "neanmoins", "par contre", "pourtant", "toutefois"];
    Ne: ["n", "ne"];
    /// « Ne » is enough with them.
    Modal: ["peut", "peuvent", "pourr*", "puisse*", "saur*"];
    /// After « pas », « non », « plus », they take the denial back.
    Reprise: [
        "accessoire*", "anecdotique*", "anodin*", "automatique*", "central*", "decisi*", "detail",
        "determinant*", "eliminatoire*", "etonn*", "exclusivement", "forcement", "interdit", "interdite",
        "inutil*", "juste", "l essentiel", "la principale", "la seule", "le premier", "le principal",
        "le seul", "les seul*", "moins", "necessairement", "negligeable", "parce", "preponderant*",
        "principal*", "qu", "que", "redhibitoire*", "rien", "seul*", "simplement", "systematique*", "tant",
        "tellement", "toujours", "tous", "tout", "toutes", "trop", "un detail", "une formalite", "unique*",
        "uniquement",
    ];
    /// What leaves out the group of words that follows.
    Sauf: [
        "a l exception", "a l exclusion", "a la place d", "a la place de", "a la place des", "a la place du",
        "a part", "absence d", "absence de", "absence des", "absence du", "abstraction faite", "au lieu",
        "avant l", "avant le", "avant les", "avant meme", "avant que", "defaut d", "defaut de", "defaut des",
        "en dehors", "et non", "et pas", "excepte", "exceptees", "exceptes", "exclu*", "faute d", "faute de",
        "hormis", "hors", "independamment", "lorsque commencent", "lorsque debutent", "mais non", "mais pas",
        "mis a part", "mises a part", "moins les", "peu importe*", "plutot qu", "plutot que",
        "quand auront lieu", "quand commencent", "quand debutent", "quand ont lieu", "quel que soit",
        "quelle que soit", "quelles que soient", "quels que soient", "sans", "sauf",
    ];
    /// « Ne se limite pas à », « ne suffit pas »: there is more than what is denied.
    Limite: ["arret*", "born*", "content*", "empech*", "limit*", "reduit*", "resum*", "suffi*", "tien* qu"];
    /// What one does with an examination that is not one's own.
    Etude: [
        "chance", "courage", "entrainement*", "entrainer*", "entrainez*", "prepar*", "reussir*", "reussissez",
        "revis*", "s entrain*", "soign*", "travaill*",
    ];
    /// Stands between a denial and what it denies.
    Liaison: [
        "a", "au", "aucun", "aucune", "autre", "aux", "besoin", "ce", "celle", "celles", "celui", "ces",
        "cet", "cette", "ceux", "d", "de", "des", "deux", "du", "en", "eventuel*", "l", "la", "le", "les",
        "leurs", "meme", "nos", "notamment", "note", "notes", "quelconque", "quelque", "question", "resultat",
        "resultats", "ses", "seul", "seule", "tous", "tout", "toute", "toutes", "un", "une", "vos",
    ];
    /// Stands between « aucun », « sans » and an examination.
    Lien: [
        "a", "aucun", "aucune", "autre", "besoin", "d", "de", "devant", "epreuve", "grand", "la", "le",
        "moindre", "par", "passage", "passer", "preparer", "prevoir", "quelconque", "question",
    ];
    /// Stands for what was said before.
    Anaphore: [
        "c en est", "c est", "ca", "ce resultat", "ce test", "cela", "celle ci", "celles ci", "celui ci",
        "ces donnees", "ces elements", "ces epreuves", "ces notes", "ces resultats", "cet entretien",
        "cet oral", "cette donnee", "cette epreuve", "cette note", "ceux ci", "commission les", "dont",
        "elle", "elles", "en tenons", "il", "ils", "jury les", "l a", "l ecart*", "l ignor*", "l on", "l ont",
        "les a", "les ecart*", "les exclu*", "les ignor*", "les laiss*", "les ont", "les unes", "lesquel*",
        "leur note", "leurs notes", "leurs resultats", "n en", "n y", "ne l", "ne les", "nous le", "nous les",
        "on le", "on les", "qu elle", "que l on", "que la commission", "que le jury", "que nous",
        "que personne", "qui", "rien de cela", "rien de tout", "tout cela", "y",
    ];
    /// The only one: nothing else.
    Seul: ["exclusivement", "rien que", "seul*", "strictement", "uniquement"];
    /// « Impossible de », « on aurait tort de »: turns what follows round.
    Empeche: [
        "abst*", "absurde", "cess*", "defense", "difficile", "dommage", "empech*", "erreur", "evit*", "faux",
        "garde* de", "gardons", "hors de question", "illusoire", "impossible", "injuste", "interdi* d",
        "interdi* de", "interdisons de", "interdit d", "interdit de", "inutile d", "inutile de", "loin d",
        "loin de", "naif", "refus*", "regrettable", "renonc*", "tort",
    ];
    /// « It would be wrong to think that… »: turns the whole of what follows round.
    Croire: ["croire", "dire", "imaginer", "penser", "pretendre", "supposer"];

    // ---- Used or left out ----------------------------------------------------------------------------------------------

    /// Is counted.
    Compte: [
        "accessible*", "accord*", "addition*", "ajout*", "ajust*", "apprecie*", "appuie*", "appuy*", "atout",
        "attach*", "attend*", "avantage", "base*", "bienvenu*", "bonif*", "bonus", "calcul*", "chang*",
        "coefficient", "collect*", "communiqu*", "compar*", "complet*", "compt*", "confirm*", "confront*",
        "connaiss*", "connu*", "considere*", "constitu*", "consult*", "contribu*", "corrig*", "critere",
        "croise*", "decid*", "decisif*", "decisive*", "demand*", "departag*", "depend*", "determin*",
        "difference", "disponible*", "dispos*", "donne*", "doubl*", "eclair*", "emplo*", "emport*", "entre",
        "entrent", "entrer*", "envoy*", "essentiel*", "etudi*", "evalue*", "examine*", "exig*", "exploit*",
        "fait partie", "figur*", "fond*", "font partie", "fourn*", "guid*", "import*", "inclu*",
        "indicateur*", "indispensable", "influ*", "integr*", "interess*", "interven*", "intervien*", "joign*",
        "joindre", "jou*", "jug*", "lire", "lisent", "lisons", "lit", "lu", "lue", "lues", "lus", "major*",
        "mobilis*", "modifi*", "montr*", "multipli*", "nuanc*", "oriente", "orientent", "part aux",
        "particip*", "pese*", "place a", "place aux", "pond*", "prend en", "prendre en", "prennent en",
        "prenons", "primor*", "pris", "pris en", "prise", "prise en", "prises", "prises en", "rapport*",
        "recev*", "reclam*", "recoi*", "recueill*", "recuper*", "regarde", "regardee", "regardees",
        "regardent", "regarder*", "regardes", "regardons", "releve la", "releve les", "relevee", "relevees",
        "relevent les", "relever*", "releves", "relevons", "remont*", "repere", "repos*", "requi*",
        "retenon*", "retenu*", "retien*", "saisi*", "scrut*", "sert", "serv*", "sollicit*", "tenant compte",
        "tenir compte", "tenons compte", "tenu compte", "tien* a", "tiendr* compte", "tiennent compte",
        "tient compte", "tranch*", "transm*", "une part", "une place", "utilis*", "valent", "valoris*",
        "vaut", "verifi*", "vis* par", "voit", "voulons", "voyons", "vu", "vues", "vus",
    ];
    /// Is not counted.
    Exclut: [
        "a lieu apres", "a lieu en juin", "a part", "abandon*", "absent*", "abstraction", "affaire du",
        "appartien*", "apres coup", "apres l examen", "apres la cloture", "apres la commission",
        "apres la date", "apres la decision", "apres la delib*", "apres la fermeture", "apres la fin",
        "apres la publication", "apres la reunion", "apres la selection", "apres le classement",
        "apres le conseil", "apres les delib*", "apres les travaux", "apres nos", "apres notre",
        "arriv* apres", "arrive en juin", "arrivent en juin", "arrivent ensuite", "au baccalaureat seul",
        "au jury du", "autre calendrier", "ayant lieu apres", "ayant lieu ensuite", "bann*", "barr*", "biff*",
        "cess*", "clos", "close", "concern* le bac*", "confidentiel*", "contraire*", "de cote", "decal*",
        "decouvr*", "defendu*", "delaiss*", "disparai*", "disparu*", "dispensons", "du jury du", "ecart*",
        "echapp*", "elimin* du", "est en juin", "etranger a", "etranger au", "etrangere a", "etrangere au",
        "etrangeres a", "etrangeres au", "etrangers a", "etrangers au", "evacu*", "exception", "exclu*",
        "exempt*", "ferme les yeux", "fermons les yeux", "gomm*", "hors bac*", "hors cadre", "hors calcul",
        "hors champ", "hors classement", "hors commission", "hors de l", "hors de notre", "hors dossier",
        "hors du calcul", "hors du champ", "hors du dossier", "hors du perimetre", "hors examen",
        "hors grille", "hors jeu", "hors note", "hors perimetre", "hors selection", "hors sujet", "ignor*",
        "illegal*", "impasse", "inconnu*", "indifferent*", "indisponible*", "interdi*",
        "interviendront apres", "interviennent apres", "inutil*", "invisible*", "irreguli*", "laiss*",
        "laisse au", "laissees au", "laissons au", "manqu*", "mis a l ecart", "mises a l ecart",
        "ne font plus", "neglig*", "neutralis*", "nous passons", "nul", "nulle", "nulles", "nuls", "omet*",
        "omis*", "ont lieu apres", "ont lieu en juin", "ont lieu ensuite", "ont lieu plus tard", "ote",
        "otee", "oubli*", "parvien* apres", "passer des epreuves de", "passera de", "passons de",
        "passons des", "posterieur*", "pour le jury du", "prematur*", "priv*", "prohib*", "proscri*",
        "qu apres", "qu au mois", "qu en juillet", "qu en juin", "quitt*", "regard* le bac*",
        "regardent le bac*", "rejet*", "relevant d", "relevent du", "remplac*", "rend* impossible", "renonc*",
        "report de", "report des", "reporte* a", "reporte* apres", "reporte* au", "reporte* en", "repouss*",
        "reserv*", "reste en dehors", "reste* au", "restent au", "restent en dehors", "retir*",
        "sans consequence", "sans effet", "sans importance", "sans incidence", "sans influence", "sans objet",
        "sans poids", "sans rapport", "se deroulent apres", "se dispens*", "se pass* de", "se passe de",
        "se passe des", "se passent", "se passer d", "se passer de", "se passer des", "se tenant apres",
        "se tiennent apres", "sont en juin", "sort* du", "sorti* du", "soustrai*", "supprim*", "tais*",
        "tardi*", "tombant apres", "tombent apres", "tombent en juin", "trop tard", "trop tardi*",
        "ulterieur*", "vain", "vaine", "viendr* apres", "viennent apres", "vient apres", "zero",
    ];
    /// What counts for that counts elsewhere.
    Ailleurs: [
        "a l inscription", "a l obtention", "a la mention", "a la seule mention", "a votre bac*", "au bac",
        "au baccalaureat", "au diplome", "au seul bac*", "au seul diplome", "au seul dossier du bac*",
        "dans votre bac*", "pour eux", "pour l examen du", "pour l inscription", "pour l obtention",
        "pour la mention", "pour le bac*", "pour le diplome", "pour leur bac*", "pour obtenir",
        "pour son bac*", "pour votre bac*", "pour votre diplome", "pour vous",
    ];
    /// What cannot do without it.
    Manque: [
        "bancal*", "boiteu*", "impossible", "inclassable*", "incomplet*", "inexploitable*", "insuffisant*",
        "irrecevable*",
    ];
    /// From now on: what was said before is over.
    Desormais: [
        "a partir de cette annee", "aujourd hui", "cette annee", "depuis", "desormais", "dorenavant",
        "maintenant",
    ];

    // ---- The terminal examinations (B4) --------------------------------------------------------------------------------

    Epreuve: [
        "composition", "controle final", "controle terminal", "copie", "ecrit", "ecrits", "epr", "epreuve",
        "eval terminale", "evaluation finale", "evaluation terminale", "evaluations terminales", "examen",
        "partiel", "session",
    ];
    Specialite: [
        "eds", "enseignement de spe*", "enseignements de spe*", "eppcs", "spe", "spe maths", "specialite",
    ];
    /// The initials say the school subjects of the baccalauréat and nothing else.
    Eds: [
        "eds", "enseignement de spe", "enseignement de specialite", "enseignements de spe",
        "enseignements de specialite", "spe",
    ];
    Note: [
        "copie", "mention", "moyenne", "notation", "note", "performance", "point", "points", "resultat",
        "reussite", "score",
    ];
    Bac: ["bac", "baccalaureat", "bacs"];
    /// After « bac »: where people come from, not an examination.
    Serie: [
        "accept*", "admis", "agricole", "assp", "blanc*", "commerce", "confondu*", "d orig", "d origine",
        "es", "etranger", "francais", "gatl", "general", "generale", "generaux", "mcv", "mei", "melec", "ms2",
        "obtenu", "ou", "plus", "prepare", "pro", "professionnel*", "s", "scientifique", "serie", "spvl",
        "st2s", "stav", "std2a", "sthr", "sti2d", "stl", "stmg", "techno*", "trpm",
    ];
    /// When the terminal examinations are, what they are.
    Terminal: [
        "definitif*", "definitive*", "examen", "fin d annee", "fin de l annee", "fin de terminale", "finaux",
        "juillet", "juin", "mai", "mars", "national*", "obtenu*", "officiel*", "passe*", "printemps",
        "terminal", "terminaux",
    ];
    /// When the terminal examinations are held.
    Session: ["juin", "mars", "printemps"];
    /// « Terminale » as an adjective of an examination.
    Finale: ["final", "finale", "finales", "finaux", "terminal", "terminale", "terminales", "terminaux"];
    Discipline: [
        "anglais", "art", "biochimie", "biologie", "chimie", "droit", "economie", "eps", "geographie",
        "geopolitique", "hggsp", "histoire", "hlp", "humanites", "informatique", "llce", "llcer",
        "management", "math", "mathematiques", "maths", "nsi", "numerique", "physique", "sciences", "ses",
        "si", "spcl", "svt", "technologie",
    ];
    /// Subjects that are nothing but specialities.
    Propre: ["hggsp", "hlp", "llce", "llcer", "nsi", "spcl", "svt"];
    /// What is in the reports of the year, and stays allowed.
    Bulletin: [
        "annuel*", "appreciation", "au fil de l annee", "bulletin", "classe", "controle continu",
        "de l annee", "fiche avenir", "livret", "moyenne", "releve", "semestre", "semestriel*", "trimestre",
        "trimestriel*",
    ];
    /// The marks of the year.
    Annee: [
        "annuel*", "bulletin", "continu", "controle", "controle continu", "moyenne", "moyennes",
        "notes de l annee", "trimestre",
    ];
    /// Other papers of the lycée than the terminal ones.
    Blanc: [
        "anticip*", "blanc", "blanche", "blanches", "blancs", "brevet", "bts", "commun*", "concours",
        "d essai", "devoir", "devoirs", "eaf", "entrainement", "formati*", "francais", "grand oral",
        "hippique", "intermediaire*", "langue", "olympiade*", "philo", "philosophie", "pix", "sportiv*",
        "surveille*",
    ];

    /// Which specialities, not what marks.
    Choix: ["abandonne*", "choisi*", "choix", "conserve*", "suivi*"];

    // ---- The letter (B5, A7) -------------------------------------------------------------------------------------------

    Lettre: ["courrier", "letre", "lettre", "lm"];
    Motivation: ["motiv*"];
    /// Another letter.
    AutreLettre: [
        "a b", "a ou", "classique*", "d appui", "d engagement", "d un", "d un artisan", "d un employeur",
        "d un maitre", "d un prof*", "d un tuteur", "de parrainage", "de soutien", "du tuteur", "langues",
        "moderne*", "recommandation",
    ];
    /// What a commission does with a letter, what it tells.
    Usage: [
        "a compris", "accorde*", "accordons", "adequation", "affin*", "afin", "aide a", "aide au*", "aide la",
        "aide le", "aide les", "aide notre", "aident", "aider*", "aidera*", "amorce", "analys*",
        "apparaissent", "apparait", "apparaitre", "apport*", "appreci*", "apprehend*", "appren*",
        "approfond*", "appui*", "appuy*", "arbitr*", "attend d", "attend de", "attend du", "attend que",
        "attend un", "attendons", "attendu un", "attendue une", "attendues des", "attendus des", "attente*",
        "attentif*", "attention portee", "attentive*", "atteste*", "attribu*", "avez compris", "avis",
        "balance", "barem*", "bascul*", "base de", "bien compris", "bonif*", "bonus", "capt*", "cern*",
        "cherch*", "clarifi*", "class*", "coche*", "cochons", "coefficient", "coherenc*", "commence*",
        "comment*", "compar*", "compens*", "comprend*", "comprenn*", "compris ce", "compris l", "compris la",
        "compris le", "compris que", "compt*", "confirme", "confirmee*", "confirment", "confirmer",
        "confirmera", "confront*", "connaitre", "construi*", "convain*", "corrobor*", "cote", "coule",
        "coulent", "coute*", "credit*", "critere", "critiqu*", "croise*", "de la note", "decel*", "decid*",
        "decisi*", "decouvr*", "decriv*", "decrypt*", "demontr*", "departag*", "depist*", "descend*",
        "desser*", "dessin*", "detect*", "determin*", "determinant*", "devin*", "devoil*", "differenci*",
        "dira", "dire", "discern*", "discut*", "disent", "distingu*", "dit", "donne*", "du total", "eclair*",
        "ecout*", "emploi*", "employee a", "employee comme", "employee pour", "emport*", "enrichi*", "entend",
        "entendre", "eprouv*", "equilibr*", "estim*", "etablir", "etablit", "etay*", "etudi*", "evalu*",
        "evoqu*", "examen de la", "examen des lettres", "examen du courrier", "examin*", "expliqu*",
        "exploit*", "expos*", "exprim*", "faire apparaitre", "faire la difference", "fait apparaitre",
        "fait l objet", "fait la difference", "fait ressortir", "favoris*", "ferons", "fil conducteur",
        "flair*", "fonde*", "fournissent", "fournit", "gagn*", "grille", "guid*", "hierarchis*", "illustr*",
        "indique", "indiquent", "indiquer*", "indiquera*", "infirm*", "influ*", "instrui*", "interess*",
        "interpret*", "joue", "jouent", "jug*", "juste*", "justifi*", "laisse*", "lecteur", "lectrice*",
        "lecture", "leve*", "lira", "lire", "lirons", "lisent", "lisons", "lit", "lu", "lue", "lues",
        "lumiere", "lus", "marque*", "mesur*", "mettre en", "mis en", "mise en valeur", "monte*", "montr*",
        "notation", "note finale", "note globale", "notee", "notees", "notent", "notera", "notons", "nourri*",
        "nous aide", "nous attendons", "nous informe*", "nous y", "nuanc*", "on attend", "on y",
        "ont compris", "orient*", "ouvr*", "parl*", "part de", "partent de", "partir", "pas compris",
        "penalis*", "pench*", "percev*", "perco*", "perd*", "perm*", "pese*", "places", "plomb*",
        "point de depart", "points", "pond*", "porte* attention", "pourquoi", "precise", "precisera",
        "prefere", "preferee*", "preferees", "preferes", "prendre en", "prepar*", "presente la",
        "presente le", "presente son", "presente un", "presentent", "presenter*", "presentera",
        "prete* attention", "preuve*", "prime", "priment", "pris en", "prise en", "privilegi*", "prouv*",
        "puis*", "qualifi*", "question*", "racine*", "racont*", "raison*", "rangs", "rapport*", "rapproch*",
        "rattrap*", "realisme", "recherch*", "recompens*", "recoup*", "recrut*", "recul*", "reflet*",
        "regard*", "releve*", "relevons", "relie*", "relisent", "relisons", "relit", "relu*", "rend* compte",
        "renforc*", "renseign*", "repech*", "reper*", "repon*", "reprend", "reprennent", "reprenons",
        "reprise par", "ressort*", "retenon*", "retenu*", "retien*", "revel*", "revien*", "s assur*",
        "saisir ce", "saisir l", "saisir la coher*", "saisir la log*", "saisir la person*",
        "saisir le chemin*", "saisir le sens", "saisir pour*", "sanction*", "saurons", "sauv*", "savoir ce",
        "savoir comment", "savoir pour*", "savoir si", "scrut*", "sens", "sensible*", "sentir", "separ*",
        "sert", "servent", "servi a", "servir a", "servira", "serviront", "signes de", "sincerite", "situ*",
        "solidite", "sond*", "souhait*", "source", "support", "temoign*", "tenir compte", "test*",
        "tient compte", "tire*", "tirons", "trace*", "traduis*", "traduit", "trahi*", "tranch*", "transpar*",
        "traqu*", "trie*", "trouv*", "utile*", "utilis*", "valent", "valoris*", "vaut", "verifi*", "veulent",
        "veut", "vise", "visent", "voir si", "voit", "voulons", "voyons", "y lit",
    ];
    /// What is asked of whoever writes it.
    Consigne: [
        "indiquez", "lire", "lisez", "mentionnez", "precisez", "relire", "relisez", "verifier", "verifiez",
    ];
    /// Somebody else than the commission reads it.
    Tiers: [
        "par la famille", "par le cpe", "par le lycee", "par le prof*", "par le professeur",
        "par le proviseur", "par les parents", "par quelqu", "par qui", "par un adulte", "par un enseignant",
        "par un parent", "par un proche", "par un prof*", "par un tiers", "par vos", "par votre",
        "par votre prof*",
    ];
    /// What is said against cheats is no use.
    Fraude: ["chatgpt", "copie* colle*", "ia", "intelligence artificielle", "logiciel*", "plagi*"];
    /// Who reads letters.
    Lecteur: [
        "commission", "correcteur*", "departement", "enseignants", "equipe", "examinateur*", "formateurs",
        "jury", "lecteur*", "lectrice*", "nous", "on", "rapporteur*",
    ];
    /// What they do before they use anything, or what the candidate does.
    Demarche: [
        "accept*", "archiv*", "attir*", "candidat*", "commence*", "complet*", "conseil*", "conserv*",
        "demand*", "depos*", "detrui*", "enregistr*", "envoy*", "etre", "evit*", "exig*", "fera", "finalis*",
        "fourni*", "impos*", "interdi*", "invit*", "joindre", "oblig*", "obtenir", "postul*", "preciser",
        "precisons", "prions", "rappel*", "recev*", "reclam*", "recoi*", "recommand*", "redig*", "refus*",
        "rejet*", "remettre", "reserv*", "respect*", "saisi*", "signal*", "soign*", "televers*", "tolere*",
        "transm*", "valid*", "veill*",
    ];
    /// Told by an indirect question.
    Interieur: [
        "amene", "attire*", "avez", "bulletin*", "candidat*", "conduit", "decid*", "eleve*", "etes",
        "interess*", "motive*", "notes", "nous", "plait", "pousse*", "releve*", "vous",
    ];
    /// Other pieces that may be read.
    AutrePiece: [
        "appreciation*", "avis", "bulletin*", "cv", "entretien", "fiche", "fiche avenir", "livret", "notes",
        "oral", "releve*",
    ];
    /// What a letter may be read for.
    Contenu: [
        "adequation", "adhesion", "ambition*", "argument", "argumentation", "arguments", "attentes",
        "attrait", "besoins", "capacite*", "cheminement", "choix de", "choix du", "clarte", "coherence*",
        "competence*", "comprehension", "connaissance*", "curiosite", "debouche*", "determination", "doute*",
        "engagement*", "envie*", "esprit critique", "exemple*", "exemples", "experience*", "gout", "histoire",
        "interet*", "lucidite", "maturite", "metier*", "motif*", "motivation* pour", "origine", "ouverture",
        "parcours", "preuve*", "profession", "projet*", "qualite* de l expression", "raison*", "realisme",
        "recul", "reflexion", "regard", "representation*", "sincerite", "valeurs", "vecu", "vocation",
    ];
    /// What a title says that is assessed, more than « projet » and « motivation ».
    Evalue: [
        "adequation", "adhesion", "argumentation", "attrait", "clarte", "coherence", "comprehension",
        "connaissance*", "curiosite", "explication*", "expression de la motivation", "interet*", "maturite",
        "motivation* a", "motivation* pour", "pertinence", "realisme", "reflexion", "representation*", "sens",
    ];
    /// Without it, the record is not read: that is no use of it.
    Recevable: [
        "annule*", "faute de", "hors delai", "incomplet*", "invalide*", "irrecevab*", "recevab*", "rejete*",
        "sans quoi", "sous peine",
    ];
    /// How it is written, sent, admitted: tells nothing of its use.
    Forme: [
        "adress*", "avant", "avril", "candidat*", "caractere*", "complet", "dactylograph*", "date", "delai",
        "depass*", "depos*", "dossier", "ecrit*", "enregistr*", "envoy*", "espace", "excede*", "exig*",
        "faute*", "format", "fourni*", "incomplet", "irrecevable", "joign*", "joindre", "joint*", "ligne*",
        "limite", "liste", "manuscrit*", "mars", "max*", "mot", "mots", "nom*", "notice", "obligation",
        "obligatoire*", "orthograph*", "page*", "pdf", "personnel*", "piece*", "plateforme", "police",
        "recevable", "recto", "redig*", "relire", "relis*", "requi*", "rubrique", "saisi*", "sign*", "soign*",
        "taille", "televers*", "tien*", "transm*", "verso",
    ];

    // ---- Examinations of the course (B6) -------------------------------------------------------------------------------

    OralNom: ["oral", "oraux"];
    OralAdj: ["oral", "orale", "orales", "oraux"];
    Entretien: ["entretien", "entrevue", "interview"];
    Audition: ["audition", "auditions"];
    Soutenance: ["soutenance"];
    /// Meetings that are an examination when they are given a mark.
    Rencontre: [
        "appel aux candidats", "appel de chaque", "appel telephonique", "appel video", "appele par",
        "appeler*", "appeles par", "appellera*", "appellerons", "appelons", "appels telephoniques",
        "appels video", "conversation", "coup de fil", "coups de fil", "de vive voix", "dialogue",
        "discussion", "echange", "entretienn*", "entrevue", "face a face", "minute* de presentation", "pitch",
        "presentation orale", "rappele par", "rappeles par", "rappelons chaque", "rdv", "rencontre",
        "rendez vous", "sera appele*", "serez appele*", "seront appele*", "skype", "table ronde", "telephone",
        "telephonique", "tete a tete", "visio", "visioconf", "visioconference", "visite d admission", "zoom",
    ];
    /// The candidate is met.
    Recevoir: [
        "appele* au telephone", "appele* par telephone", "appellerons", "appelons", "auditionn*",
        "contacte* par telephone", "convocation", "convoqu*", "ecoute", "ecoutent", "ecouter*", "entendra",
        "entendront", "entendu*", "interrog*", "questionne*", "recevoir", "recevons", "recevra", "recevrons",
        "recoit", "recoivent", "recu", "recue", "recues", "recus", "rencontr*",
    ];
    /// Before an examination named as a thing.
    Article: [
        "aucun", "bref", "cet", "chaque", "concours", "court", "d", "dernier", "des", "deux", "en", "et", "l",
        "les", "ni", "notre", "ou", "petit", "plus", "premier", "sans", "second", "son", "un", "votre",
    ];
    EcritNom: ["ecrit", "ecrits"];
    EcritAdj: ["ecrit", "ecrite", "ecrites", "ecrits"];
    /// What one writes in an examination room.
    Copie: [
        "analyse d un", "analyse de document*", "cas pratique", "commentaire", "composition",
        "compte rendu de", "copie", "devoir ecrit", "devoir sur table", "dictee", "dissertation",
        "etude d un", "etude d une", "etude de cas", "etude de document*", "etude de texte*", "exercice*",
        "note de synthese", "probleme", "redaction", "resume", "sujet", "sujets", "synthese", "texte a",
        "theme", "traduction", "version",
    ];
    PratiqueAdj: [
        "artistique", "artistiques", "danse", "gestuel*", "instrumental*", "physique", "physiques",
        "plastique", "pratique", "pratiques", "professionnel", "sportif", "sportifs", "sportive", "sportives",
        "technique", "techniques",
    ];
    Pratique: [
        "atelier d admission", "atelier d essai", "atelier pratique", "casting", "demonstration",
        "epreuve de danse", "epreuve de dessin", "essai", "essais", "evaluation pratique",
        "exercice pratique", "parcours chronometr*", "parcours d adresse", "parcours sportif", "piece en",
        "prestation", "seance collective", "seance d essai", "seance pratique", "workshop",
    ];
    Situation: [
        "jeu de role", "jeux de role", "mis en situation", "mise en situation", "mises en situation",
        "simulation",
    ];
    EnLigne: [
        "a distance", "chez eux", "chez soi", "chez vous", "connexion", "dematerialise*", "depuis chez",
        "depuis la maison", "depuis leur", "depuis votre", "devant l ecran", "distanciel", "en ligne",
        "informatise*", "lien", "moodle", "numerique", "numeriques", "online", "par internet", "sur ecran",
        "sur internet", "sur la plateforme de", "sur le web", "sur notre plateforme", "sur notre site",
        "sur ordinateur", "sur votre ordinateur", "tablette", "teams", "via la plateforme", "webcam",
    ];
    Questionnaire: ["formulaire", "questionnaire"];
    AutreQuestionnaire: [
        "auto evaluation droit", "auto evaluation en", "autoevaluation droit", "autoevaluation en", "cio",
        "d inscription", "d orientation", "enquete", "genealogie", "interet", "lecture", "medical*", "sante",
        "satisfaction", "sondage", "sur la vie",
    ];
    Question: ["question", "questions"];
    Test: [
        "evaluation d entree", "evaluation de niveau", "evaluation en ligne", "examen d admission",
        "examen d entree", "exercices en ligne", "qcm", "quiz", "quizz", "session en ligne", "test", "tests",
    ];
    EpreuveNom: ["epr", "epreuve", "examen"];
    Concours: ["concours"];
    /// What a paper may be called, with « écrit ».
    Devoir: ["composition", "controle", "devoir", "exercice*", "interrogation", "test", "travail"];
    /// How long a text is.
    Signes: ["caracteres", "lignes", "mots", "pages", "signes"];

    /// Tells that candidates go through it to be chosen.
    Selection: [
        "a l issue de l etude", "absence a", "admis", "admise", "admissi*", "annales", "apprecie* par",
        "au cours d", "aura lieu", "auront lieu", "avril", "bareme", "batterie de", "binome", "candidat*",
        "chacun", "chaque", "classement", "classer", "coefficient", "commission", "compte*",
        "concours comport*", "concours compren*", "concours comprend", "convo*", "creneau*", "d admission",
        "date des", "dates des", "demi heure", "demi journee", "departag*", "devant", "dossier",
        "dossiers retenus", "ecole", "eliminat*", "empechement", "entree", "epreuve", "est organise*",
        "etape", "eval*", "examinateur*", "examinatrice*", "formateur*", "frais d inscription", "heure",
        "heures", "individuel*", "inscri* au concours", "inscription aux", "institut", "invit*", "journee",
        "jury", "la selection", "lors d", "lors de l", "lors de la", "lors de votre", "lors des", "mai",
        "mesure* par", "minute*", "moitie", "note", "notee", "noter", "notera", "notes", "organis*",
        "passent", "passer*", "passez", "pendant l", "personnalite", "preselecti*", "prev*", "procedure",
        "quart", "quart d heure", "recrutement", "recu", "recue", "recues", "recus", "renoncement",
        "retenues", "retenus", "selecti*", "sera organise*", "seront organise*", "sur dix", "sur place",
        "sur vingt", "tiers", "tirage au sort", "tire* au sort", "verifie* par", "votre", "vous",
    ];
    /// An examination of the lycée.
    Lycee: [
        "anticip*", "au cap", "bac", "baccalaureat", "blanc", "blanche", "brevet", "chef d oeuvre",
        "concours general", "du bep", "du cap", "eaf", "grand oral", "kangourou", "olympiade*",
        "revue de projet", "tpe",
    ];
    /// Comes after the admission.
    Cursus: [
        "a l issue de la formation", "a l issue de la licence", "a l issue des", "a l issue du",
        "apres l admission", "apres l inscription", "au bout d", "aux admis", "aux etudiants", "but1",
        "chaque mois", "chaque semaine", "chaque semestre", "chaque trimestre", "colle", "colles",
        "controle des connaissances", "decembre", "des etudiants", "deuxieme annee", "diplome d",
        "diplome national", "du diplome", "durant l annee", "ecoles d ingenieurs", "en bts", "en but",
        "en cours d annee", "en cours de formation", "ens", "fin d annee", "fin d etudes", "fin de cursus",
        "fin de semestre", "formation comporte", "formation comprend", "grandes ecoles", "hebdomadaire*",
        "inscrits en", "janvier", "khole*", "kholle*", "l1", "l2", "l3", "las1", "le diplome", "les admis",
        "les etudiants", "les examens", "les inscrits", "les internes", "licence 1", "memoire", "mi parcours",
        "mmop", "nos cours", "nos enseignements", "nos etudiant*", "nos td", "nos tp", "nouveaux entrants",
        "nouveaux etudiants", "novembre", "octobre", "par quinzaine", "par semaine", "partiel*",
        "pendant l annee", "ponctu*", "pour choisir vos", "premiere annee", "rentree", "septembre", "td",
        "tout au long", "tp", "travaux diriges", "travaux pratiques", "troisieme annee", "ue",
        "une fois admis", "une fois inscrit*", "votre bachelor", "votre diplome", "votre licence",
        "votre scolarite",
    ];
    /// A skill, whatever shows it.
    Competence: [
        "aisance", "capacite*", "communication", "communiquer", "competences", "comprehension", "expression",
        "francais", "grammaire", "langue*", "maitrise", "niveau a2", "niveau b1", "niveau b2", "niveau c1",
        "orthographe", "participation", "philosophie", "prise de parole", "qualite de", "qualites",
        "redaction", "savoir", "syntaxe", "vocabulaire",
    ];
    /// The questionnaire of everybody, or of the doctor.
    National: ["certificat", "medecin*", "medical*", "national*", "onisep", "terminales", "vaccin*"];
    /// An interview of another life than the application.
    AutreVie: [
        "ancien", "anciens", "au secretariat", "avec l entreprise", "avec une entreprise", "certains master*",
        "cio", "conseiller*", "cpe", "embauche", "employeur*", "en alternance", "en entreprise",
        "entreprise d accueil", "forum", "france travail", "futurs apprentis", "infirmiere scolaire",
        "interview d", "interview de", "interviews d", "interviews de", "job", "jpo", "l entreprise fait",
        "les entreprises", "mission locale", "obtenir un", "orientation", "parent", "parents", "petit boulot",
        "pole emploi", "portes ouvertes", "pour un emploi", "pour un job", "pour un stage", "prof principal",
        "professeur principal", "proviseur", "psy en", "psychologue", "recruteur*", "salon",
        "secretariat est", "secretariat ouvert", "secretariat peut", "secretariat repond",
    ];
    /// Care of things, not of people.
    Soin: [
        "animaux", "bateau*", "batiment*", "chaudiere*", "chevaux", "corporel*", "courant", "cours d eau",
        "cultures", "depannage", "equipement*", "espaces verts", "foret*", "forme", "foyer", "haies",
        "installation*", "jardin*", "langue*", "ligne de", "lignes de", "linge", "locaux", "machine*",
        "maintenance", "maison", "materiel", "mecanique", "memoire", "moto*", "nettoyage", "outil*", "parc",
        "physique", "piscine*", "reparation*", "routier*", "sol", "sols", "textile*", "vehicule*", "velo*",
        "verger*", "vigne*",
    ];
    /// Tells that it is of the lycée, of the course of study, of another life.
    Ecole: [
        "appreciation*", "au bout", "aupres", "bulletin", "cambridge", "ccf", "certifi*", "club", "colle",
        "colles", "conduit par l", "cours", "de l annee", "diplomes", "dnl", "eleve*", "en classe", "enquete",
        "ens", "enseignants", "expose*", "fiche avenir", "forum", "genealogie", "grandes ecoles", "hobby",
        "information", "informel*", "jpo", "khole*", "kholle*", "licence", "loisirs", "lycee", "lyceen*",
        "mene par l", "menes par l", "moyenne*", "national*", "onisep", "participation", "pix",
        "portes ouvertes", "preparation", "prepare a", "preparent", "professeur*", "programme", "proviseur",
        "realise par l", "reunion", "salon", "sans effet", "sans enjeu", "sans incidence", "sante",
        "satisfaction", "section europeenne", "semestre*", "semestriel*", "sondage", "stage", "stages",
        "terminales", "toeic", "trimestre", "tuteur*",
    ];
    /// Is held.
    Existe: [
        "a composer", "a convaincre", "a defendre", "a demontrer", "a parler", "a presenter", "a rediger",
        "a vous", "attend", "attendu*", "auditionn*", "besoin", "conserve*", "convoqu*", "demand*",
        "entendu*", "est programme", "exig*", "exist*", "faire", "faisons passer", "fait", "fait passer",
        "faites", "fera", "fera l objet", "ferons", "impos*", "inflig*", "interroge*", "lieu", "lieu d",
        "maintenu*", "mett* en place", "mis en place", "organis*", "particip*", "passe", "passent", "passer",
        "passera*", "passere*", "passez", "planifi*", "plus cours", "plus d actualite", "plus de mise",
        "plus en place", "plus en service", "plus en usage", "plus en vigueur", "pratiqu*", "presenter",
        "prev*", "proced*", "propos*", "recev*", "recoi*", "reconduit*", "recour*", "recu", "recue", "recues",
        "recus", "rempli", "remplir", "remplissez", "rencontr*", "renouvel*", "requi*", "reserv*",
        "sera programme", "sont programme", "soumet*", "soumis*", "subir*", "tenu", "tiendra", "tiendront",
        "tient", "utilis*", "y a", "y aura", "y en a", "y en aura",
    ];
    /// Is no longer held.
    Supprime: [
        "a vecu", "abandon*", "aboli*", "ancien temps", "annul*", "appartien* au passe", "appartiennent a",
        "appartient a", "appartient au passe", "arret*", "cess*", "disparai*", "disparu*", "dispens*",
        "du passe", "economis*", "enterr*", "epargn*", "exempt*", "exit", "fait office", "fini", "finie",
        "finies", "finis", "histoire ancienne", "inutile*", "met fin", "mis fin", "neant", "nous passer d",
        "nous passer de", "nous passerons d*", "nous passons d", "nous passons de", "ont vecu",
        "passe de mode", "remplac*", "renonce", "renoncons", "retir*", "sans objet", "se passe d",
        "se passe de", "se passer d", "se passer de", "supprim*", "suspendu*", "termin*", "tiennent lieu",
        "tient lieu", "tourn* la page",
    ];
    /// What a candidate loses, not an examination.
    Candidature: ["candidature", "dossier", "inscription", "voeu"];
    /// The record and nothing else.
    DossierSeul: [
        "au seul dossier", "dossier et lui seul", "dossier et rien", "dossier exclusivement",
        "dossier scolaire seul", "dossier seul", "dossier suffit", "dossier uniquement", "du seul dossier",
        "entierement sur dossier", "exclusivement sur dossier", "exclusivement sur le dossier",
        "integralement sur dossier", "le seul dossier", "le seul dossier scolaire", "papier seul",
        "que du dossier", "que le dossier", "que sur dossier", "que sur le dossier", "rien que le dossier",
        "sans entendre", "sans recevoir", "sans rencontrer", "sans voir les candidats", "sans voir personne",
        "sans vous entendre", "sans vous recevoir", "sans vous rencontrer", "sans vous voir",
        "seul examen des dossiers", "seul examen du dossier", "seul le dossier", "seul vu du dossier",
        "seule analyse du dossier", "seule base du dossier", "seule etude du dossier", "seule foi du dossier",
        "seule lecture du dossier", "seulement sur dossier", "seules pieces du dossier",
        "seuls elements du dossier", "seuls les dossiers", "simple etude du dossier",
        "simple lecture du dossier", "strictement sur dossier", "sur pieces",
        "uniquement a partir du dossier", "uniquement sur dossier", "uniquement sur le dossier",
    ];
    /// How long one writes.
    Heure: [
        "1h*", "2h*", "3h*", "4h*", "chronometr*", "h", "heure", "heures", "min", "minute", "minutes", "mn",
        "temps imparti", "temps limite",
    ];
    Salle: [
        "amphi", "amphitheatre", "centre d examen", "centres d examen", "dans les locaux", "dans nos locaux",
        "en salle", "sur place", "sur table",
    ];
    /// Months and days that an appointment is made for.
    Mois: [
        "aout", "avril", "decembre", "fevrier", "janvier", "juillet", "juin", "mai", "mars", "novembre", "octobre",
        "septembre",
    ];
    Jour: [
        "au mois d", "au mois de", "le jeudi", "le jour d", "le jour de", "le lundi", "le mardi",
        "le mercredi", "le samedi", "le vendredi", "meme jour", "un mercredi", "un samedi",
    ];
    /// Candidates are called, somebody waits for them.
    Rendezvous: [
        "convocation*", "convoqu*", "demi journee", "etes attendu*", "invite* a se presenter",
        "jury d admission", "jury d entree", "jury de recrutement", "jury de selection", "jury du concours",
        "lors de la venue", "lors de votre venue", "nous attend", "obligatoire* avant", "se presenter",
        "sur rendez vous", "vous attend", "vous attendent", "vous presenter",
    ];
    /// Called to be examined, whatever the examination.
    Convocation: ["convocation", "invite* a se presenter"];
    /// A step of the admission, after « jour de », « journée de ».
    Etape: [
        "admission*", "audition*", "concours", "entretien*", "epreuve*", "recrutement*", "selection*",
        "test*",
    ];
    /// Of the course itself, after an examination.
    Maison: [
        "de l ecole", "de l etablissement", "de l institut", "de l iut", "de l ufr", "de l universite",
        "de la faculte", "de notre",
    ];
    /// A length that comes back, or that studies and hobbies have.
    Habitude: [
        "benevolat", "cours", "entrainement", "formation", "hebdomadaire*", "par jour", "par mois", "par semaine", "pratique par",
        "service", "stage", "stages", "trajet", "travail",
    ];
    /// Somebody watches.
    Surveille: ["sous l oeil", "sous le regard d", "sous surveillance", "surveillant*", "surveille*"];
    /// What is done with the hands, the body, on a stage.
    Geste: [
        "adresse", "agility", "air au choix", "aptitude physique", "aptitudes physiques", "atelier", "bassin",
        "chant", "cheval", "choregraphie", "classe de danse", "condition physique", "cours collectif",
        "cours de danse", "croquis", "cuisine", "danse", "dessin", "endurance", "epreuves physiques",
        "etabli", "floral*", "fourneau*", "fusain", "gainage", "geste", "gestes", "gymnase", "improvis*",
        "improvisation", "instrument", "interpretation d", "laboratoire", "lecture a vue", "machine",
        "maquette", "modelage", "modele vivant", "monologue", "morceau*", "natation", "nature morte",
        "navette", "oeuvre*", "parcours chrono*", "parcours d adresse", "parcours d agilite",
        "parcours d obstacle*", "parcours physique", "parcours sportif", "parcours technique", "partition",
        "peinture", "piano", "piste", "plateau", "preparation physique", "recette", "reprise montee", "scene",
        "sculpture", "soudure", "sportif", "sportifs", "studio", "terrain", "tests physiques", "texte appris",
        "texte de theatre", "variation", "volume",
    ];
    /// What candidates do together under the eyes of the course.
    Seance: ["atelier", "ateliers", "seance", "workshop"];
    /// Something set to be performed.
    Programme: [
        "au choix", "dechiffrage", "execution d", "impose", "imposee", "imposees", "imposes", "realisation d",
        "realiser un", "realiser une",
    ];
    /// Called to an examination.
    Appel: [
        "absence", "absent", "absente", "admis", "admise", "admiss*", "appel*", "convo*", "dispens*",
        "inscri*", "invit*", "passage", "passer*", "present*", "retard", "retenu*", "selectionn*",
    ];
    /// An « entretien » of that is a talk.
    Propos: [
        "admissib*", "admission", "annee*", "approfond*", "avril", "candidat*", "chacun", "connaissance",
        "culture", "decouverte", "dix", "dizaine", "entree", "evaluation", "explicitation", "groupe", "jury",
        "mai", "minutes", "motivation", "personnalite", "positionnement", "presentation", "quelques minutes",
        "quinzaine", "quinze", "recrutement", "selection", "session", "tous les", "trente", "vingt",
        "vingtaine",
    ];
    Candidat: [
        "admissible*", "candidat*", "chacun", "chacune", "elle", "elles", "il", "ils", "on", "personne",
        "postulant*", "tous", "vos", "vous",
    ];
    Auxiliaire: ["est", "etes", "etre", "sera", "serait", "serez", "seront", "soit", "sont"];
    Equipe: [
        "commission", "departement", "directeur", "directrice", "ecole", "enseignants", "equipe",
        "formateurs", "institut", "jury", "nous", "on",
    ];
    /// Candidates speak before somebody.
    Presenter: [
        "convainc*", "convers*", "defend*", "dialogu*", "discut*", "echang*", "entretenir*",
        "entretien* avec", "explique*", "expos*", "parlent", "parler", "parlera", "parlerez", "passe",
        "passent", "passer*", "passez", "plaid*", "present*", "repond*",
    ];
    /// It decides something.
    Enjeu: [
        "admission", "apprecie*", "avis", "bareme", "class*", "compte*", "demi heure", "departag*", "evalu*",
        "jury", "minute*", "note", "notee", "noter", "notera", "notes", "point", "points", "quart d heure",
        "selecti*", "une appreciation",
    ];
    /// Before whom it is done.
    Agent: ["aux", "avec", "devant", "par"];
    /// Who works for the course.
    Personnel: [
        "chef", "coordonnateur*", "coordonnatrice*", "ddfpt", "directeur", "directrice", "doyen*",
        "enseignant", "enseignante", "enseignants", "equipe", "examinateur*", "examinatrice*", "formateur*",
        "formatrice*", "instructeur*", "jury", "membre*", "moniteur*", "president*", "principal",
        "professeur*", "proviseur*", "referent*", "responsable*",
    ];
    Devant: ["devant", "face"];
    Commission: [
        "binome", "comite", "commission", "danseur*", "des professionnels", "deux professionnels",
        "directeur", "directrice", "enseignante", "enseignants", "equipe", "formateur*", "panel",
        "professeur", "professeurs", "trinome",
    ];
    /// When the examinations of the lycée are.
    Fin: [
        "fin d annee", "fin de l annee", "fin de terminale", "juillet", "juin", "l annee", "mars", "premiere",
        "terminale",
    ];
    Composer: [
        "compose", "composent", "composer*", "composez", "planchent", "plancher*", "planchez", "redigent",
        "redigerez", "redigeront",
    ];
    Venir: [
        "apres midi", "demi journee", "deplac*", "execut*", "journee", "matinee", "passer*", "realis*",
        "venez", "venir", "viendr*",
    ];
    Repondre: ["posee*", "poserons", "repond*", "reponse*"];
    Jury: ["examinateur*", "examinatrice*", "jury", "jurys"];
    /// Nobody at all.
    Personne: [
        "aucun candidat", "aucun d entre", "aucun de vous", "aucune candidate", "nul candidat", "nul n",
        "personne",
    ];

    // ---- Advice (A1, A2, A3) -------------------------------------------------------------------------------------------

    Cordee: ["cordee"];
    Vague: [
        "acceptable*", "adapte*", "adequat*", "agreable*", "ambition*", "assez", "attendu*", "atypique",
        "beau", "beaux", "belle", "bien", "bon", "bonne", "brillant*", "coherent*", "convenable*", "correct*",
        "dynamique*", "envie", "excellen*", "exemplaire*", "exige", "exigeant*", "favorable*", "fiable",
        "fort", "forte", "haut", "haute", "honorable*", "impeccable*", "interessant*", "irreprochable*",
        "mature*", "maturite", "meilleur*", "mentalite", "motivation", "motive*", "moyen", "nickel", "ok",
        "personnalite", "positif*", "positive*", "potentiel", "prometteu*", "qualite", "realiste*",
        "remarquable*", "sain*", "satisfaisant*", "serieuse", "serieux", "solide*", "souhait*", "suffisant*",
        "sympathique*", "tonus", "top", "valable*", "valeur*", "volontaire*",
    ];
    /// Says nothing beside a vague word.
    Creux: [
        "apprecie*", "aptitudes", "attitude", "autre*", "bulletin*", "candidat*", "capacites", "caractere",
        "comportement", "dossier", "eleve*", "ensemble", "esprit", "etat", "etc", "etudiant*", "exige*",
        "general*", "global*", "grand*", "nature", "necessaire*", "niveau", "parcours", "personnalite*",
        "plutot", "profil*", "qualites", "reel*", "requis*", "resultat*", "scolarite", "temperament", "tous",
        "tout*", "travail", "tres", "trop", "vrai*",
    ];
    /// Carries nothing by itself.
    Vide: [
        "a", "au", "aux", "avec", "avoir", "ayant", "c", "ce", "d", "dans", "de", "des", "du", "elle", "en",
        "est", "et", "etre", "il", "l", "la", "le", "les", "notre", "nous", "on", "ou", "par", "plus", "pour",
        "que", "qui", "s", "sa", "ses", "son", "sont", "sur", "un", "une", "votre", "vous",
    ];
    /// It is there to say that it does not count.
    Indifferent: [
        "hors de", "importe peu", "indifferent*", "peu importe", "quel que soit", "quelle que soit",
        "quels que soient", "sans distinction",
    ];
    /// People by their sex.
    Genre: [
        "feminin*", "femme", "femmes", "fille", "filles", "garcon", "garcons", "homme", "hommes", "masculin*",
    ];
    /// Some come before others.
    Priorite: [
        "avantag*", "bonif*", "bonus", "favoris*", "point de plus", "points de plus", "pour tendre",
        "prefer*", "prime", "priorit*", "privilegi*", "reequilibr*",
    ];
    Sexe: ["genre", "sexe"];
    Age: ["age", "annee de naissance", "date de naissance"];
    Adresse: [
        "adresse de la famille", "adresse des parents", "adresse du candidat", "adresse du domicile",
        "adresse personnelle", "adresse postale", "code postal", "commune de residence",
        "departement de residence", "distance domicile", "distance entre", "eloignement geographique",
        "lieu d habitation", "lieu de residence", "proximite geographique", "quartier d origine",
        "quartier de residence", "ville de residence",
    ];
    Origine: [
        "classement du lycee", "etablissement d origine", "etablissement de provenance",
        "etablissement frequente", "lycee d origine", "lycee de provenance", "lycee frequente",
        "niveau du lycee", "renommee du lycee", "reputation de l etablissement", "reputation du lycee",
        "taux de reussite du lycee",
    ];
    Revenus: [
        "categorie socio*", "csp", "metier des parents", "origine sociale", "profession des parents",
        "quotient familial", "ressources de la famille", "ressources des parents", "revenu de la famille",
        "revenu des parents", "revenu du foyer", "revenu fiscal", "revenu modeste", "situation familiale",
        "situation financiere",
    ];
}
