//! Examinations, and what tells those of the course from others (R-CGE-06).

mots! {
    ORAL_NOM: ["oral", "oraux"];
    ORAL_ADJ: ["oral", "orale", "orales", "oraux"];
    ENTRETIEN: ["entretien", "entrevue", "interview"];
    AUDITION: ["audition", "auditions"];
    SOUTENANCE: ["soutenance"];
    RENCONTRE: [
        "appel aux candidats", "appel de chaque", "appel telephonique", "appel video", "appele par",
        "appeler*", "appeles par", "appellera*", "appellerons", "appelons", "appels telephoniques",
        "appels video", "conversation", "coup de fil", "coup de telephone", "coups de fil", "coups de telephone", "de vive voix", "dialogue",
        "discussion", "echange", "echangent avec", "echanger* avec", "=entretenir", "entretienn*", "=entretient", "entrevue", "face a face",
        "minute* de presentation", "pitch", "presentation orale", "prend contact", "prendra contact", "prendront contact", "prennent contact", "rappele par", "rappeles par",
        "rappelons chaque", "rdv", "rencontre", "rendez vous", "sera appele*", "serez appele*",
        "seront appele*", "skype", "table ronde", "telephone", "telephonent", "telephonons", "telephoner*", "telephonique", "tete a tete", "visio",
        "visioconf", "visioconference", "visite d admission", "zoom",
    ];
    RECEVOIR: [
        "accueillera", "accueilleront",
        "appele* au telephone", "appele* par telephone", "appelle chaque", "appellent chaque",
        "appellent les candidat*", "appellent tous", "appellerons", "appelons", "auditionn*",
        "contacte* par telephone", "convocation", "convoqu*", "ecoute", "ecoutent", "ecouter*", "entend chaque", "entend les candidat*", "entendent chaque", "entendent les candidat*", "entendra",
        "entendront", "entendu*", "interrog*", "questionne*", "verra chaque", "verra les candidat*", "verrons", "voyons chaque", "voyons les candidat*", "voyons pas", "recevoir", "recevons", "recevra", "recevrons",
        "recoit", "recoivent", "recu", "recue", "recues", "recus", "rencontr*",
    ];
    ARTICLE: [
        "aucun", "bref", "cet", "chaque", "concours", "court", "d", "dernier", "des", "deux", "en", "et",
        "l", "les", "ni", "notre", "ou", "petit", "plus", "premier", "puis", "sans", "second", "son", "un",
        "votre",
    ];
    ECRIT_NOM: ["ecrit", "ecrits"];
    ECRIT_ADJ: ["ecrit", "ecrite", "ecrites", "ecrits"];
    COPIE: [
        "analyse d un", "analyse de document*", "annales", "cas pratique", "commentaire", "composition",
        "compte rendu de", "copie", "devoir ecrit", "devoir sur table", "dictee", "dissertation",
        "etude d un", "etude d une", "etude de cas", "etude de document*", "etude de texte*", "exercice*",
        "note critique", "note de synthese", "probleme", "redaction", "resume", "sujet", "sujets",
        "synthese", "texte a", "theme", "traduction", "version",
    ];
    PRATIQUE_ADJ: [
        "artistique", "artistiques", "danse", "gestuel*", "instrumental*", "physique", "physiques",
        "plastique", "pratique", "pratiques", "professionnel", "sportif", "sportifs", "sportive",
        "sportives", "technique", "techniques",
    ];
    PRATIQUE: [
        "atelier d admission", "atelier d essai", "atelier pratique", "casting", "demonstration",
        "epreuve de danse", "epreuve de dessin", "essai", "essais", "evaluation pratique",
        "exercice pratique", "parcours chronometr*", "parcours d adresse", "parcours sportif", "piece en",
        "prestation", "seance collective", "seance d essai", "seance pratique", "workshop",
    ];
    SITUATION: [
        "jeu de role", "jeux de role", "mis en situation", "mise en situation", "mises en situation",
        "simulation",
    ];
    EN_LIGNE: [
        "a distance", "a l ecran", "chez eux", "chez soi", "chez vous", "connexion", "dematerialise*",
        "depuis chez", "depuis la maison", "depuis leur", "depuis votre", "devant l ecran", "distanciel",
        "en ligne", "informatise*", "interactif*", "lien", "moodle", "numerique", "numeriques", "online",
        "par internet", "sur ecran", "sur internet", "sur la plateforme de", "sur le web",
        "sur notre plateforme", "sur notre site", "sur ordinateur", "sur votre ordinateur", "tablette",
        "teams", "via la plateforme", "webcam",
    ];
    QUESTIONNAIRE: ["fiche de questions", "formulaire", "liste de questions", "questionnaire"];
    AUTRE_QUESTIONNAIRE: [
        "auto evaluation droit", "auto evaluation en", "autoevaluation droit", "autoevaluation en", "cio",
        "d inscription", "d orientation", "de la plateforme", "de voeux", "enquete", "genealogie",
        "insertion", "interet", "lecture", "medical*", "observatoire", "parcoursup", "sante", "satisfaction",
        "sondage", "statistique*", "sur la vie",
    ];
    QUESTION: ["question", "questions"];
    TEST: [
        "choix multiple*",
        "evaluation d entree", "evaluation de niveau", "evaluation en ligne", "examen d admission",
        "examen d entree", "exercices en ligne", "qcm", "quiz", "quizz", "session en ligne", "test", "tests",
    ];
    EPREUVE_NOM: ["epr", "epreuve", "examen"];
    CONCOURS: ["concours"];
    DEVOIR: ["composition", "controle", "devoir", "exercice*", "interrogation", "test", "travail"];
    SIGNES: ["caracteres", "lignes", "mots", "pages", "signes"];
    SELECTION: [
        "a l issue de l etude", "absence a", "admis", "admise", "admissi*", "annales", "apprecie* par",
        "au cours d", "aura lieu", "auront lieu", "avril", "bareme", "batterie de", "binome", "candidat*",
        "chacun", "chaque", "classement", "classer", "coefficient", "commission", "compte*",
        "concours comport*", "concours compren*", "concours comprend", "concours se compose*", "convo*",
        "creneau*", "d admission", "d aptitude*", "d entree", "date des", "dates des", "de selection",
        "demi heure", "demi journee", "departag*", "devant", "dossier", "dossiers retenus", "ecole",
        "eliminat*", "empechement", "entree", "epreuve", "est organise*", "etape", "eval*", "examinateur*",
        "examinatrice*", "formateur*", "frais d inscription", "heure", "heures", "individuel*",
        "inscri* au concours", "inscription aux", "institut", "invit*", "journee", "jury", "la selection",
        "lors d", "lors de l", "lors de la", "lors de votre", "lors des", "mai", "mesure* par", "minute*",
        "moitie", "note", "notee", "noter", "notera", "notes", "organis*", "passent", "passer*", "passez",
        "pendant l", "personnalite", "preselecti*", "prev*", "procedure", "psychometri*", "psychotechnique*",
        "quart", "quart d heure", "recrutement", "recu", "recue", "recues", "recus", "renoncement",
        "retenues", "retenus", "selecti*", "sera organise*", "seront organise*", "sur dix", "sur place",
        "sur vingt", "tiers", "tirage au sort", "tire* au sort", "verifie* par", "votre", "vous",
    ];
    LYCEE: [
        "anticip*", "au cap", "bac", "baccalaureat", "blanc", "blanche", "brevet", "ccf", "chef d oeuvre",
        "concours general", "de cap", "devoir surveille", "ds", "dst", "du bep", "du cap", "eaf", "en cap", "grand oral",
        "kangourou", "olympiade*", "pfmp", "revue de projet", "tpe",
    ];
    CURSUS: [
        "a l issue de la formation", "a l issue de la licence", "a l issue des", "a l issue du",
        "annee commence*", "annee debute*", "apres admission", "apres inscription", "apres l admission", "apres l inscription",
        "apres leur admission", "apres leur inscription", "apres son admission", "apres son inscription",
        "apres les admissions", "apres les inscriptions", "apres votre admission", "apres votre inscription", "au bout d",
        "aux admis", "aux etudiants", "aux inscrits", "but1", "chaque apprenti", "chaque etudiant",
        "chaque jeudi", "chaque lundi", "chaque mardi", "chaque mercredi", "chaque mois", "chaque samedi",
        "chaque semaine", "chaque semestre", "chaque trimestre", "chaque vendredi", "colle", "colles",
        "cesure", "chaque admis", "concours des ecoles", "concours d entree dans les", "concours des grandes", "concours interne*", "controle des connaissances", "de janvier", "decembre", "des etudiants", "deuxieme annee",
        "diplome d", "diplome national", "du diplome", "durant l annee", "ecoles d ingenieurs", "en bts",
        "en but", "en cours d annee", "en cours de formation", "ens", "examen du bp", "examen du bts", "examen du cap", "examen du dcg", "examen du deust", "examen du de", "examen professionnel", "fin d annee", "fin d etudes",
        "fin de bts", "fin de but", "fin de formation", "fin de las", "fin de licence", "fin de pass",
        "fin de cursus", "fin de semestre", "formation comporte", "formation comprend", "formation prepar*", "grandes ecoles",
        "hebdomadaire*", "inscrits en", "khole*", "kholle*", "l1", "l2", "l3", "las1", "le diplome",
        "les admis", "les etudiants", "les examens", "les inscrits", "les internes", "licence 1", "memoire",
        "mi parcours", "mmop", "nos cours", "nos enseignements", "nos etudiant*", "nos td", "nos tp",
        "nouveaux entrants", "nouvel etudiant", "nouveaux etudiants", "novembre", "octobre", "par quinzaine", "par semaine",
        "partiel*", "pendant l annee", "ponctuel*", "ponctuent l annee", "pour choisir vos",
        "licence prepar*", "prepare a des", "prepare au concours", "prepare aux", "section prepar*",
        "premiere annee", "remise a niveau", "rentree", "seconde session", "seconde annee", "septembre", "session de juin", "td", "tout au long", "tp",
        "travaux diriges", "travaux pratiques", "troisieme annee", "ue", "une fois admis",
        "une fois inscrit*", "votre bachelor", "votre diplome", "votre licence", "votre scolarite",
    ];
    COMPETENCE: [
        "aisance", "capacite*", "communication", "communiquer", "competences", "comprehension", "expression",
        "francais", "grammaire", "langue*", "maitrise", "niveau a2", "niveau b1", "niveau b2", "niveau c1",
        "orthographe", "participation", "philosophie", "prise de parole", "qualite de", "qualites",
        "redaction", "savoir", "syntaxe", "vocabulaire",
    ];
    NATIONAL: [
        "certificat", "=medecin", "=medecins", "medical*", "national*", "onisep", "terminales", "vaccin*",
    ];
    AUTRE_VIE: [
        "ancien", "anciens", "au secretariat", "avec l entreprise", "avec une entreprise",
        "alternants", "certains master*", "cio", "club", "conseiller*", "cpe", "dans l entreprise", "dans une entreprise", "du lundi au", "ecole de danse",
        "ecole de musique", "embauche", "employeur*", "en alternance", "en entreprise", "en master",
        "en stage", "entreprise d accueil", "federation*", "forum", "france travail", "futurs apprentis",
        "harmonie municipale", "infirmiere scolaire", "interview d", "interview de", "interviews d",
        "interviews de", "job", "jpo", "l entreprise fait", "les entreprises", "mission locale",
        "obtenir un", "orientation", "parent", "parents", "permanence*", "petit boulot", "pole emploi",
        "pole espoir*", "portes ouvertes", "pour un emploi", "pour un job", "pour un stage",
        "prof principal", "professeur principal", "proviseur", "psy en", "psychologue", "recruteur*",
        "salon", "secretariat est", "secretariat ouvert", "secretariat peut", "secretariat repond",
        "stagiaire*", "trouver son stage", "trouver un stage", "trouver une entreprise", "tuteur*",
    ];
    SOIN: [
        "animaux", "bateau*", "batiment*", "chaudiere*", "chevaux", "corporel*", "courant", "cours d eau",
        "cultures", "depannage", "equipement*", "espaces verts", "foret*", "forme", "foyer", "haies",
        "installation*", "jardin*", "langue*", "ligne de", "lignes de", "linge", "locaux", "machine*",
        "maintenance", "maison", "materiel", "mecanique", "memoire", "moto*", "nettoyage", "outil*", "parc",
        "physique", "piscine*", "reparation*", "routier*", "sol", "sols", "textile*", "vehicule*", "velo*",
        "verger*", "vigne*",
    ];
    ECOLE: [
        "appreciation*", "au bout", "aupres", "bulletin", "cambridge", "ccf", "certifi*", "club", "colle",
        "colles", "conduit par l", "cours", "de l annee", "=devoirs", "diplomes", "dnl", "eleve*",
        "en classe", "enquete", "ens", "enseignants", "expose*", "fiche avenir", "forum", "genealogie",
        "grandes ecoles", "hobby", "information", "informel*", "jpo", "khole*", "kholle*", "licence",
        "loisirs", "lycee", "lyceen*", "mene par l", "menes par l", "moyenne*", "national*", "onisep",
        "participation", "pix", "portes ouvertes", "preparation", "prepare a", "preparent", "professeur*",
        "programme", "proviseur", "realise par l", "=redactions", "reunion", "salon", "sans effet",
        "sans enjeu", "sans incidence", "sante", "satisfaction", "section europeenne", "semestre*",
        "semestriel*", "sondage", "stage", "stages", "terminales", "toeic", "trimestre", "tuteur*",
    ];
    EXISTE: [
        "a composer", "a convaincre", "a defendre", "a demontrer", "a parler", "a presenter", "a rediger",
        "a vous", "appelle*", "appelons", "attend", "attendez", "composerez", "composeront", "planch*", "verrons", "voyons pas", "attendu*", "auditionn*", "besoin", "conserve*", "convoqu*", "demand*",
        "entendu*", "=entretenons", "entretiendr*", "=entretiennent", "=entretient", "est programme",
        "exig*", "exist*", "faire", "faisons passer", "fait", "fait passer", "faites", "fera",
        "fera l objet", "ferons", "impos*", "inflig*", "interroge*", "lieu", "lieu d", "maintenu*",
        "mett* en place", "mis en place", "organis*", "particip*", "passe", "passent", "passer", "passera*",
        "passere*", "passez", "planifi*", "plus cours", "plus d actualite", "plus de mise", "plus en place",
        "plus en service", "plus en usage", "plus en vigueur", "pratiqu*", "presenter", "prev*", "proced*",
        "propos*", "recev*", "recoi*", "reconduit*", "recour*", "recu", "recue", "recues", "recus", "rempli",
        "remplir", "remplissez", "rencontr*", "renouvel*", "requi*", "reserv*", "sera programme",
        "sont programme", "soumet*", "soumis*", "subir*", "tenu", "tiendra", "tiendront", "tient", "utilis*",
        "y a", "y aura", "y en a", "y en aura",
    ];
    SUPPRIME: [
        "a vecu", "abandon*", "aboli*", "ancien temps", "annul*", "appartien* au passe", "appartiennent a",
        "appartient a", "appartient au passe", "arret*", "cess*", "disparai*", "disparu*", "dispens*",
        "du passe", "economis*", "enterr*", "epargn*", "exempt*", "exit", "fait office", "fini", "finie",
        "finies", "finis", "histoire ancienne", "inutile*", "met fin", "mis fin", "neant", "nous passer d",
        "nous passer de", "nous passerons d*", "nous passons d", "nous passons de", "ont vecu",
        "passe de mode", "remplac*", "renonce", "renoncons", "retir*", "sans objet", "se passe d",
        "se passe de", "se passer d", "se passer de", "supprim*", "suspendu*", "c est termine", "est termine", "est terminee", "sont termine*", "tiennent lieu",
        "tient lieu", "tourn* la page",
    ];
    CANDIDATURE: ["candidature", "dossier", "inscription", "voeu"];
    DOSSIER_SEUL: [
        "au seul dossier", "dossier et lui seul", "dossier et rien", "dossier exclusivement",
        "dossier scolaire seul", "dossier seul", "dossier suffit", "dossier uniquement", "du seul dossier",
        "entierement sur dossier", "exclusivement sur dossier", "exclusivement sur le dossier",
        "integralement sur dossier", "le seul dossier", "le seul dossier scolaire", "papier seul",
        "que du dossier", "que le dossier", "que sur dossier", "que sur le dossier", "rien que le dossier",
        "sans entendre", "sans recevoir", "sans rencontrer", "sans voir les candidats", "sans voir personne",
        "sans vous entendre", "sans vous recevoir", "sans vous rencontrer", "sans vous voir",
        "seul examen des dossiers", "seul examen du dossier", "seul le dossier", "seul vu du dossier",
        "seule analyse du dossier", "seule base du dossier", "seule etude du dossier",
        "seule foi du dossier", "seule lecture du dossier", "seulement sur dossier",
        "seules pieces du dossier", "seuls elements du dossier", "seuls les dossiers",
        "simple etude du dossier", "simple lecture du dossier", "strictement sur dossier", "sur pieces",
        "uniquement a partir du dossier", "uniquement sur dossier", "uniquement sur le dossier",
    ];
    HEURE: [
        "1h*", "2h*", "3h*", "4h*", "chronometr*", "h", "heure", "heures", "min", "minute", "minutes", "mn",
        "temps imparti", "temps limite",
    ];
    SALLE: [
        "amphi", "amphitheatre", "centre d examen", "centres d examen", "dans les locaux", "dans nos locaux",
        "en salle", "sur place", "sur table",
    ];
    MOIS: [
        "aout", "avril", "de janvier", "decembre", "fevrier", "juillet", "juin", "mai", "mars", "novembre",
        "octobre", "septembre",
    ];
    JOUR: [
        "au mois d", "au mois de", "le jeudi", "le jour d", "le jour de", "le lundi", "le mardi",
        "le jour meme", "le mercredi", "le samedi", "le vendredi", "meme jour", "un mercredi", "un samedi",
    ];
    RENDEZVOUS: [
        "convocation*", "convoqu*", "demi journee", "etes attendu*", "invite* a se presenter",
        "jury d admission", "jury d entree", "jury de recrutement", "jury de selection", "jury du concours",
        "lors de la venue", "lors de votre venue", "nous attend", "obligatoire* avant", "se presenter",
        "sur rendez vous", "vous attend", "vous attendent", "vous presenter",
    ];
    CONVOCATION: [
        "appele* a se presenter", "convie* a", "convocation", "heure de passage", "horaires de passage",
        "invite* a passer", "invite* a rencontrer", "invite* a se presenter", "invite* a venir presenter",
        "invite* a venir rencontrer", "invite* a venir se presenter", "prie* de se presenter",
        "ordre de passage", "venez vous presenter", "venir vous presenter", "viendrez vous presenter",
    ];
    ETAPE: [
        "admission*", "audition*", "concours", "entretien*", "epreuve*", "recrutement*", "selection*",
        "test*",
    ];
    MAISON: [
        "de l ecole", "de l etablissement", "de l institut", "de l iut", "de l ufr", "de l universite",
        "de la faculte", "de notre",
    ];
    HABITUDE: [
        "benevolat", "cours", "entrainement", "formation", "hebdomadaire*", "par jour", "par mois",
        "par semaine", "pratique par", "service", "stage", "stages", "trajet", "travail",
    ];
    SURVEILLE: [
        "sous l oeil", "sous le regard", "sous les yeux", "sous surveillance", "surveillant*",
        "surveille*",
    ];
    GESTE: [
        "chantent", "chanter*", "courent", "courront", "dansent", "danser*", "dessinent", "dessiner*", "grimp*",
        "jouerez une", "nagent", "nager*", "sautent", "sauter*",
        "adresse", "agility", "air au choix", "apnee", "aptitude physique", "aptitudes physiques", "atelier",
        "bassin", "chant", "cheval", "choregraphie", "classe de danse", "condition physique",
        "cours collectif", "cours de danse", "course", "croquis", "cuisine", "danse", "dessin",
        "echauffement*", "endurance", "epreuves physiques", "etabli", "floral*", "fourneau*", "fusain",
        "gainage", "geste", "gestes", "gymnase", "improvis*", "improvisation", "instrument",
        "interpretation d", "laboratoire", "=lancers", "lecture a vue", "machine", "maquette", "metres",
        "modelage", "modele vivant", "monologue", "morceau*", "nage", "natation", "nature morte", "navette",
        "oeuvre*", "parcours chrono*", "parcours d adresse", "parcours d agilite", "parcours d obstacle*",
        "parcours physique", "parcours sportif", "parcours technique", "partition", "peinture", "piano",
        "piste", "plateau", "plongeon", "preparation physique", "recette", "reprise montee", "saut", "sauts",
        "scene", "sculpture", "soudure", "sportif", "sportifs", "studio", "terrain", "tests physiques",
        "texte appris", "texte de theatre", "traversee*", "variation", "volume",
    ];
    SEANCE: ["atelier", "ateliers", "seance", "workshop"];
    PROGRAMME: [
        "au choix", "dechiffrage", "execution d", "impose", "imposee", "imposees", "imposes",
        "interpretation d un", "interpretation d une", "presentation d un morceau", "presentation d une scene",
        "presentation d une variation", "realisation d", "realiser un", "realiser une",
    ];
    APPEL: [
        "absence", "absent", "absente", "admis", "admise", "admiss*", "appel*", "convo*", "dispens*",
        "inscri*", "invit*", "passage", "passer*", "present*", "retard", "retenu*", "selectionn*",
    ];
    PROPOS: [
        "admissib*", "admission", "annee*", "approfond*", "avril", "candidat*", "chacun", "connaissance",
        "culture", "decouverte", "dix", "dizaine", "entree", "evaluation", "explicitation", "groupe", "jury",
        "mai", "minutes", "motivation", "personnalite", "positionnement", "presentation", "quart",
        "quelques minutes", "quinzaine", "quinze", "recrutement", "selection", "session", "tous les",
        "trente", "vingt", "vingtaine",
    ];
    CANDIDAT: [
        "admissible*", "eleve* interesse*", "eleve* souhait*", "etudiant* candidat*", "etudiant* desir*",
        "etudiant* interesse*", "etudiant* souhait*", "futur* etudiant*", "candidat*", "chacun", "chacune", "elle", "elles", "il", "ils", "les autres", "on",
        "personne", "postulant*", "tous", "vos", "vous",
    ];
    AUXILIAIRE: ["est", "etes", "etre", "sera", "serait", "serez", "seront", "soit", "sont"];
    EQUIPE: [
        "commission", "departement", "directeur", "directrice", "ecole", "enseignants", "equipe",
        "formateurs", "institut", "jury", "nous", "on",
    ];
    PRESENTER: [
        "convainc*", "convers*", "defend*", "dialogu*", "=direz", "discut*", "echang*", "entretenir*",
        "entretien* avec", "explique*", "expos*", "exprim*", "montrent un", "montrer* un", "parlent", "parler", "parlera", "parlerez",
        "passe", "passent", "passer*", "passez", "plaid*", "present*", "repond*",
    ];
    ENJEU: [
        "admission", "apprecie*", "avis", "bareme", "class*", "compte*", "demi heure", "departag*", "evalu*",
        "jury", "minute*", "note", "notee", "noter", "notera", "notes", "point", "points", "quart d heure",
        "selecti*", "une appreciation",
    ];
    AGENT: ["aux", "avec", "devant", "par"];
    PERSONNEL: [
        "chef", "coordonnateur*", "coordonnatrice*", "ddfpt", "directeur", "directrice", "doyen*",
        "enseignant", "enseignante", "enseignants", "equipe", "examinateur*", "examinatrice*", "formateur*",
        "formatrice*", "instructeur*", "jury", "membre*", "moniteur*", "president*", "principal",
        "professeur*", "proviseur*", "referent*", "responsable*",
    ];
    DEVANT: ["devant", "face"];
    COMMISSION: [
        "binome", "comite", "commission", "danseur*", "des professionnels", "deux professionnels",
        "directeur", "directrice", "enseignante", "enseignants", "equipe", "formateur*", "panel",
        "professeur", "professeurs", "trinome",
    ];
    FIN: [
        "fin d annee", "fin de l annee", "fin de terminale", "juillet", "juin", "l annee", "mars",
        "premiere", "terminale",
    ];
    COMPOSER: [
        "compose", "composent", "composer*", "composez", "planchent", "plancher*", "planchez", "redigent",
        "rediger*",
    ];
    VENIR: [
        "apres midi", "demi journee", "deplac*", "execut*", "journee", "matinee", "passer*", "realis*",
        "venez", "venir", "viendr*",
    ];
    REPONDRE: ["posee*", "poserons", "repond*", "reponse*"];
    JURY: ["examinateur*", "examinatrice*", "jury", "jurys"];
    HOTE: [
        "artisan*", "assistante sociale", "bureau", "cio", "conseiller*", "conseillere*", "employeur*",
        "entreprise*", "infirmier*", "infirmiere*", "maitre d apprentissage", "maitre de stage",
        "maitres d apprentissage", "mission locale", "parrain*", "patron*", "recruteur*", "scolarite",
        "secretariat", "service*", "tuteur*",
    ];
    EMPLOYEUR: [
        "artisan*", "chef d entreprise", "employeur*", "entreprise*", "gerant*", "maitre d apprentissage",
        "maitre de stage", "maitres d apprentissage", "patron*", "tuteur*",
    ];
    QUETE: [
        "ayant", "cherch*", "contrat", "promesse", "recherch*", "sans", "stage", "stages", "trouv*",
    ];
    PORTE: [
        "appui*", "chapitre*", "couvr*", "inspir*", "limit*", "niveau", "notions", "portant", "porte", "portent",
        "portera", "porteront", "repos*", "reprend*", "reprenn*", "sur", "trait*",
    ];
    APRES_ADMISSION: [
        "apres admission", "apres inscription", "apres l admission", "apres l inscription", "apres les admissions",
        "apres les inscriptions", "apres son admission", "apres son inscription", "apres votre admission",
        "apres votre inscription", "aux admis", "aux etudiants", "aux inscrits", "chaque admis", "debut d annee",
        "les admis", "les etudiants", "les inscrits", "les nouveaux", "nouveaux etudiants", "nouvel etudiant",
        "octobre", "pendant l ete", "premiere semaine", "premiers jours", "rentree", "septembre", "tous etudiants", "tout etudiant inscrit", "une fois admis*",
        "une fois inscrit*",
    ];
    CLOTURE: [
        "debouche* sur", "est sanctionne*", "est valide*", "fini* par", "prend fin", "s achev*", "se clo*", "se conclu*",
        "se termin*", "s obtien*",
    ];
    RENSEIGNE: [
        "annales", "calendrier*", "date", "dates", "informations", "inscription*", "modalites", "notice*", "programme",
        "reglement", "renseignements", "resultats",
    ];
    MENACE: [
        "a defaut", "elimin*", "faute de quoi", "radi*", "sans cela", "sans quoi", "sinon", "sous peine",
    ];
    POSTULE: [
        "attire*", "candidat*", "demand*", "desir*", "en reorientation", "en reprise", "envisag*", "interesse*",
        "postul*", "souhait*", "tente*", "veulent", "visant", "vise", "visent", "volontaire*", "voul*",
    ];
    ALUMNI: ["ancien", "ancienne*", "anciens", "parent", "parents"];
    PLATEFORME: [
        "attestation*", "ministere*", "national*", "onisep", "site terminales", "sur terminales", "terminales20*",
    ];
    FEUILLE: [
        "document*", "feuille*", "fiche*", "grille*", "liste*", "page*",
    ];
    PERSONNE: [
        "aucun candidat", "aucun d entre", "aucun de vous", "aucune candidate", "nul candidat", "nul n",
        "personne",
    ];
}
