//! Clues that candidates are seen by the course, whatever the examination is called (R-CGE-06).

mots! {
    MOMENT: [
        "activite", "appel", "apres midi", "atelier", "bilan", "controle", "conversation", "coup de fil",
        "cours collectif", "creneau", "cours d essai", "debat", "defi", "demi journee", "demonstration", "dialogue",
        "discussion", "echange", "epreuve", "essai", "evaluation", "exercice", "expose", "immersion", "interrogation",
        "jeu", "jeux", "journee", "lecture a", "matinee", "mise en situation", "mises en situation", "moment d",
        "moment d echange", "observation", "passage", "presentation", "prestation", "prise de parole",
        "quiz*", "rdv", "rencontre", "rendez vous", "repetition", "seance", "serie d", "serie de", "session",
        "simulation", "soiree", "table ronde", "tache", "temps d", "temps d echange", "temps de", "test",
        "tests", "tour de table", "travail a plusieurs", "travail collectif", "travail d equipe",
        "travail de groupe", "travail en groupe", "travaux de groupe", "verification", "visio*",
    ];
    REGARDE: [
        "evaluent", "jugent", "notent", "observent",
        "apprecie*", "apprehende*", "constate*", "controle", "controlee", "controlees", "controles",
        "decele*", "evalue*", "juge*", "mesure*", "sonde*", "verifie*", "vu", "vue", "vues", "vus",
    ];
    EN_PRESENCE: [
        "commente*",
        "debattu*", "defend*", "defendu*", "discute*", "execute*", "expose", "exposee", "exposees",
        "exposent", "exprim*", "interrog*", "joue", "jouee", "jouees", "joues", "mis a l epreuve",
        "mise a l epreuve", "mises a l epreuve", "observe*", "presente*", "questionne*", "realise*",
        "soutenu*", "teste*",
    ];
    CHEZ_NOUS: [
        "a l academie", "a l atelier", "a l ecole", "a l ensa*", "a l ifas", "a l ifsi", "a l insa",
        "a l institut", "a l iut", "a l ufr", "a l universite", "a la fac", "a la faculte", "a la piscine",
        "au bassin", "au campus", "au centre equestre", "au cfa", "au gymnase", "au laboratoire",
        "au plateau", "au stade", "au studio", "centre d examen", "centres d examen", "chez nous",
        "d une salle", "dans l ecole", "dans nos", "dans notre", "dans un de nos", "de l ecole", "de l ifsi",
        "de l institut", "de l iut", "de l ufr", "de l universite", "de la fac", "de la faculte", "de notre",
        "des locaux", "du departement", "en nos", "en salle", "nos ateliers", "nos locaux", "nos murs", "nos soins",
        "nos studios", "notre departement", "notre plateforme", "notre site", "notre studio",
        "par l academie", "par l ecole", "par l etablissement", "par l ifsi", "par l institut", "par l iut",
        "par l ufr", "par l universite", "par la fac", "par la faculte", "par le departement", "par notre",
        "piece d identite", "plateau technique", "salle de tp", "salle informatique", "sur le campus",
        "sur place", "sur site", "sur table",
    ];
    MINUTE: [
        "chrono", "chronometr*", "demi heure", "minutee*", "minuteur", "quart d heure", "temps compte",
        "temps imparti", "temps limite",
    ];
    QUAND: [
        "annees passees", "annees precedentes", "apportez", "au printemps", "avant d etre classe*",
        "avant de classer", "avant l admission", "avant la commission", "avant la reunion de la commission",
        "avant classement", "avant le classement", "avant selection", "avant les classements", "avant tout classement", "en amont du classement",
        "fixe par l", "jour de la venue", "jour de votre venue", "munissez vous", "pendant les vacances",
        "prealable au classement", "precede* la commission", "precede* le classement", "sur convocation",
        "sur invitation", "sur rendez vous", "venez avec",
    ];
    EVALUATEUR: [
        "choregraphe*", "correcteur*", "correctrice*", "doyen*", "evaluateur*", "evaluatrice*",
        "examinateur*", "examinatrice*", "formateur*", "formatrice*", "instructeur*", "instructrice*",
        "interlocuteur*", "intervenant*", "jury", "jurys", "metteur*", "metteuse*", "moniteur*",
        "monitrice*", "psychologue*",
    ];
    PROFESSION: [
        "animateur*", "animatrice*", "artisan*", "artiste*", "auteur*", "cadre*", "comedien*", "danseur*",
        "danseuse*", "educateur*", "educatrice*", "expert*", "graphiste*", "infirmier*", "infirmiere*",
        "ingenieur*", "kinesitherapeute*", "musicien*", "officier*", "photographe*", "praticien*",
        "professionnel", "professionnelle", "professionnels", "recruteur*", "technicien*",
    ];
    ENSEIGNANT: [
        "chef", "coordinateur*", "coordinatrice*", "coordonnateur*", "coordonnatrice*", "directeur",
        "directrice", "enseignant", "enseignante", "enseignantes", "enseignants", "membre*", "personne*",
        "professeur", "professeure*", "professeurs", "referent*", "responsable*", "universitaire*",
    ];
    MANIERE: [
        "avec chaque candidat*", "avec eux", "avec le candidat", "avec les candidats", "avec lui",
        "avec vous", "en votre presence",
        "a cinq", "a deux", "a huit", "a plusieurs", "a quatre", "a six", "a trois", "anonym*", "au choix",
        "collectif", "collective", "de visu", "de vive voix", "document inconnu", "double correction",
        "du tac au tac", "en binome*", "en direct", "en equipe", "en groupe*", "en personne",
        "en petit groupe", "en petits groupes", "en temps limite", "en trinome*", "face a face", "impose",
        "imposee", "imposees", "imposes", "individuel", "individuelle", "individuellement", "individuels",
        "libre", "par groupe*", "psychotechnique*", "sans appareil", "sans aucun document",
        "sans calculatrice", "sans document*", "sans note", "sans notes", "sans preparation", "tete a tete",
        "texte inconnu", "tire* au sort", "tire* un sujet", "un par un",
    ];
    TACHE: [
        "a analyser", "a assembler", "a commenter", "a completer", "a composer", "a construire", "a ecrire",
        "a fabriquer", "a interpreter", "a monter", "a realiser", "a traduire", "a usiner", "affirmation*",
        "croquis", "dessin a", "dessiner", "enonce*", "epreuve", "expliquer son", "improvisation", "items",
        "maquette", "phrases", "question", "questions", "realisation", "redige*", "rediger", "reponse",
        "reponses", "resoudre", "rubriques", "sujet", "sujets", "texte a", "traiter",
    ];
    DOSSIER_LU: [
        "candidature est", "candidatures sont", "chaque dossier est", "classement est", "commission examine",
        "commission se", "courrier", "cv", "deux lecteurs", "dossier est etudie*", "dossier est evalue*",
        "dossier est examine*", "dossier est lu", "dossier est note*", "dossiers sont etudie*",
        "dossiers sont examine*", "dossiers sont lus", "double lecture", "lecture des dossiers",
        "lecture du dossier", "lettre", "lettres", "note globale", "projet de formation",
        "reponse de la commission", "resultats", "voeux sont",
    ];
    VIENT: [
        "accueilli*", "convi* a", "deplac*", "est attendu*", "etes attendu*", "invit* a particip*",
        "invit* a pass*", "invit* a rencontr*", "invit* a se", "invit* a un", "invit* a une",
        "invit* a venir", "reuni*", "sont attendu*",
        "se present*", "se rend*", "se retrouv*", "seront attendu*", "venez", "venir", "viendr*", "viennent",
        "vient",
    ];
    SOURCE: [
        "attest*", "au vu", "avis du", "cite* dans", "cite* par", "d apres", "decrit* par", "fiche avenir",
        "mentionne* dans", "mentionne* par", "raconte* par", "rapporte* par", "relate* par", "selon l avis",
        "selon l equipe", "selon la fiche", "selon le lycee", "selon les prof*", "signale* dans",
        "signale* par", "temoign*",
    ];
    EXAMINATEUR: ["evaluateur*", "evaluatrice*", "examinateur*", "examinatrice*", "instructeur*"];
    NOMBRE: [
        "cinq", "deux", "dix", "dizaine de", "douze", "huit", "neuf", "quarante", "quatre", "quinze", "sept",
        "six", "trente", "trois", "vingt", "vingtaine de",
    ];
    INFORME: [
        "d information*", "d orientation", "information*", "orientation", "parents", "portes ouvertes",
        "tout renseignement", "toute question", "vos questions",
    ];
    FORMATION: [
        "de filiere", "de formation", "de la filiere", "de la formation", "de la licence", "de la mention",
        "de la prepa*", "de la section", "de parcours", "de section", "des etudes", "du bachelor", "du bts",
        "du but", "du cycle", "du deust", "du dn*", "du master", "du parcours", "pedagogique*",
    ];
    POSE_QUESTION: [
        "pose _ question", "pose des questions", "pose quelques", "pose une question", "posent _ question",
        "posent des", "poser* des questions",
    ];
}
