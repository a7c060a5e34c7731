//! The letter of motivation: what is done with it, how it is written (R-CGE-05).

mots! {
    LETTRE: ["courrier", "letre", "lettre", "lm"];
    MOTIVATION: ["motiv*"];
    AUTRE_LETTRE: [
        "a b", "a ou", "classique*", "d appui", "d engagement", "d un", "d un artisan", "d un employeur",
        "d un maitre", "d un prof*", "d un tuteur", "de parrainage", "de soutien", "du tuteur", "langues",
        "moderne*", "recommandation",
    ];
    USAGE: [
        "a compris", "accorde*", "accordons", "adequation", "affin*", "afin", "aide a", "aide au*",
        "aide la", "aide le", "aide les", "aide notre", "aident", "aider*", "aidera*", "amorce", "analys*",
        "apparaissent", "apparait", "apparaitre", "apport*", "appreci*", "apprehend*", "apprend",
        "apprendra", "apprendre", "apprenn*", "apprenons", "approfond*", "appui*", "appuy*", "arbitr*",
        "attend d", "attend de", "attend du", "attend que", "attend un", "attendons", "attendu un",
        "attendue une", "attendues des", "attendus des", "attente*", "attentif*", "attention portee",
        "attentive*", "atteste*", "attribu*", "avez compris", "avis favorable", "balance", "barem*",
        "bascul*", "base de", "bien compris", "bonif*", "bonus", "capte*", "cern*", "cherch*", "clarifi*",
        "classe les", "classe selon", "classement", "classent", "classer*", "classera", "classons", "coche*",
        "cochons", "coefficient", "coherenc*", "commence par elle", "commencons", "comment", "commente*",
        "compar*", "compens*", "complete ce", "complete l idee", "complete l image", "complete l impression", "complete la lecture", "complete les", "completent ce", "completent les", "comprend*", "comprenn*", "compris ce", "compris l", "compris la",
        "compris le", "compris que", "compte*", "comptee*", "comptons", "confirme", "confirmee*",
        "confirment", "confirmer", "confirmera", "confront*", "connaitre", "construi*", "consulte*",
        "convainc", "convaincre", "convainqu*", "corrobor*", "cote", "coule", "coulent", "coute*",
        "credite*", "critere", "critiqu*", "croise*", "de la note", "decel*", "decid*", "decisi*",
        "decouvr*", "decriv*", "decrypt*", "demontr*", "departag*", "depist*", "descend*", "desser*",
        "dessine*", "detect*", "determin*", "determinant*", "deux avis", "devin*", "devoil*", "differenci*",
        "dira", "dire", "discern*", "discut*", "disent", "distingu*", "dit", "=donne", "=donnent", "donner*",
        "donnons", "du total", "eclair*", "ecout*", "emploie*", "employee a", "employee comme",
        "employee pour", "emport*", "enrichi*", "entend", "entendre", "eprouv*", "equilibr*", "est donnee",
        "estim*", "etablir", "etablit", "etay*", "=etudie", "=etudiee", "=etudiees", "=etudient", "etudier",
        "etudiera", "etudieront", "=etudies", "etudions", "evalu*", "evoqu*", "examen de la",
        "examen des lettres", "examen du courrier", "examin*", "expliqu*", "exploite*", "expose", "exposent",
        "exposer*", "exposez", "exprimant", "exprime*", "faire apparaitre", "faire la difference",
        "fait apparaitre", "fait l objet", "fait la difference", "fait ressortir", "favoris*", "ferons",
        "fil conducteur", "flair*", "fonde*", "fournissent", "fournit", "gagn*", "grace a elle", "grille",
        "guide la", "guide le jury", "guide les", "guide nos", "=guident", "guider*", "hierarchis*",
        "illustr*", "importance donnee", "indique", "indiquent", "indiquer*", "indiquera*", "infirm*",
        "influ*", "instrui*", "interesse*", "interessons", "interpret*", "joue", "jouent", "jug*",
        "justesse", "justification", "justifie*", "laisse*", "lecteur", "lectrice*", "lecture", "leve*",
        "lira", "lire", "lirons", "lisent", "lisons", "lit", "lu", "lue", "lues", "lumiere", "lus",
        "marque*", "mesur*", "mettre en", "mis en", "mise en valeur", "monte*", "montr*", "notation",
        "note finale", "note globale", "notee", "notees", "notent", "notera", "notons", "nourri*",
        "nous aide", "nous attendons", "nous informe*", "nous y", "nuanc*", "on attend", "on y",
        "ont compris", "oriente", "orientent", "orienter*", "orientera*", "=ouvre", "=ouvrent", "ouvrir*",
        "parlant*", "parle*", "parlons", "part de", "partent de", "pas compris", "penalis*", "pench*",
        "percev*", "perco*", "perd*", "permet*", "permettr*", "permis de", "pese*", "places", "plomb*",
        "point de depart", "points", "pond*", "porte* attention", "pourquoi", "precise", "precisera",
        "prefere", "preferee*", "preferees", "preferes", "prendre en", "preparation de l", "prepare*",
        "preparer*", "preparons", "presente la", "presente le", "presente son", "presente un", "presentent",
        "presenter*", "presentera", "prete* attention", "preuve*", "prime", "priment", "pris en", "prise en",
        "privilegi*", "prouv*", "puise*", "puisent", "puisons", "qualifie*", "questionne*", "questions",
        "racont*", "raison*", "rangs", "rapporte*", "rapportons", "rapproch*", "rattrap*", "realisme",
        "recherch*", "recompens*", "recoup*", "recrute*", "recul", "reflet*", "=regarde", "regardee*",
        "=regardent", "regarder*", "regardons", "releve ce", "releve l", "releve la", "releve le",
        "releve les", "relevent", "relevons", "relie*", "relisent", "relisons", "relit", "relu*",
        "rend* compte", "renforc*", "renseigne*", "repech*", "reper*", "repon*", "reprend", "reprennent",
        "reprenons", "reprise par", "ressort*", "retenon*", "retenu*", "retien*", "revel*", "revien*",
        "s assur*", "saisir ce", "saisir l", "saisir la coher*", "saisir la log*", "saisir la person*",
        "saisir le chemin*", "saisir le sens", "saisir pour*", "sanction*", "saurons", "sauv*", "savoir ce",
        "savoir comment", "savoir pour*", "savoir si", "scrut*", "sens", "sensible*", "sentir", "separ*",
        "sert", "servent", "sont classe*", "sont departage*", "seront classe*", "seront departage*", "servi a", "servir a", "servira", "serviront", "signes de", "sincerite", "situe*",
        "situer*", "solidite", "sond*", "souhait*", "source", "support", "temoigne*", "tenir compte",
        "=teste", "=testent", "tient compte", "tire*", "tirons", "trace*", "traduis*", "traduit", "trahi*",
        "tranch*", "transpar*", "traqu*", "trie*", "trouv*", "un avis", "utile*", "utilis*", "valent",
        "valoris*", "vaut", "verifi*", "veulent", "veut", "vise", "visent", "voir si", "voit", "voulons",
        "voyons", "y lit",
    ];
    CONSIGNE: [
        "indiquez", "lire", "lisez", "mentionnez", "precisez", "relire", "relisez", "verifier", "verifiez",
    ];
    DESTINATAIRE: [
        "campus", "ecoles", "etablissement", "etablissements", "ifsi", "institut", "instituts", "les formations", "regroupement*",
        "site", "sites", "sous voeu*", "toutes les formations", "universites", "voeu", "voeux",
    ];
    TIERS: [
        "par la famille", "par le cpe", "par le lycee", "par le prof*", "par le professeur",
        "par le proviseur", "par les parents", "par quelqu", "par qui", "par un adulte", "par un enseignant",
        "par un parent", "par un proche", "par un prof*", "par un tiers", "par vos", "par votre",
        "par votre prof*",
    ];
    FRAUDE: ["chatgpt", "copie* colle*", "ia", "intelligence artificielle", "logiciel*", "plagi*"];
    LECTEUR: [
        "commission", "correcteur*", "departement", "enseignants", "equipe", "examinateur*", "formateurs",
        "jury", "lecteur*", "lectrice*", "nous", "on", "rapporteur*",
    ];
    DEMARCHE: [
        "accept*", "archiv*", "attir*", "candidat*", "commence*", "complet*", "conseil*", "conserv*",
        "demand*", "depos*", "detrui*", "enregistr*", "envoy*", "etre", "evit*", "exig*", "fera", "finalis*",
        "fourni*", "gard*", "impos*", "interdi*", "invit*", "joindre", "oblig*", "obtenir", "postul*",
        "preciser", "precisons", "prions", "rang*", "rappel*", "recev*", "reclam*", "recoi*", "recommand*",
        "redig*", "refus*", "rejet*", "remettre", "reserv*", "respect*", "saisi*", "signal*", "soign*",
        "stock*", "televers*", "tolere*", "transm*", "valid*", "veill*",
    ];
    INTERIEUR: [
        "amene", "attire*", "avez", "bulletin*", "candidat*", "conduit", "decid*", "eleve*", "etes",
        "interess*", "motive*", "notes", "nous", "plait", "pousse*", "releve*", "vous",
    ];
    AUTRE_PIECE: [
        "appreciation*", "avis des", "avis du", "avis favorable", "bulletin*", "cv", "entretien", "fiche", "fiche avenir", "livret",
        "notes", "oral", "releve*", "un avis",
    ];
    CONTENU: [
        "adequation", "adhesion", "ambition*", "argument", "argumentation", "arguments", "attentes",
        "attrait", "besoins", "capacite*", "cheminement", "choix de", "choix du", "clarte", "coherence*",
        "competence*", "comprehension", "connaissance*", "curiosite", "debouche*", "determination", "doute*",
        "engagement*", "envie*", "esprit critique", "exemple*", "exemples", "experience*", "gout",
        "histoire", "interet*", "lucidite", "maturite", "metier*", "motif*", "motivation* pour", "origine",
        "ouverture", "parcours", "preuve*", "profession", "projet*", "qualite* de l expression", "raison*",
        "realisme", "recul", "reflexion", "regard", "representation*", "sincerite", "valeurs", "vecu",
        "vocation",
    ];
    EVALUE: [
        "adequation", "adhesion", "argumentation", "attrait", "clarte", "coherence", "comprehension",
        "connaissance*", "curiosite", "explication*", "expression de la motivation", "interet*", "maturite",
        "motivation* a", "motivation* pour", "pertinence", "realisme", "reflexion", "representation*",
        "sens",
    ];
    RECEVABLE: [
        "annule*", "faute de", "hors delai", "incomplet*", "invalide*", "irrecevab*", "recevab*", "rejete*",
        "sans quoi", "sous peine",
    ];
    FORME: [
        "adress*", "avant", "avril", "candidat*", "caractere*", "complet", "dactylograph*", "date", "delai",
        "depass*", "depos*", "dossier", "ecrit*", "en allemand", "en anglais", "en espagnol", "en francais",
        "en langue", "enregistr*", "envoy*", "espace", "excede*", "exig*", "faute*", "format", "fourni*",
        "incomplet", "irrecevable", "joign*", "joindre", "joint*", "ligne*", "limite", "liste", "manuscrit*",
        "mars", "max*", "mot", "mots", "nom*", "notice", "obligation", "obligatoire*", "orthograph*",
        "page*", "pdf", "personnel*", "piece*", "plateforme", "police", "recevable", "recto", "redig*",
        "relire", "relis*", "requi*", "rubrique", "saisi*", "sign*", "soign*", "taille", "televers*",
        "tien*", "transm*", "verso",
    ];
}
