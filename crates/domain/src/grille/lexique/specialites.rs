//! The terminal examinations of the specialities (R-CGE-04).

mots! {
    EPREUVE: [
        "composition", "controle continu et final", "controle continu et terminal", "controle final",
        "controle terminal", "copie", "ecrit", "ecrits", "epr", "epreuve", "eval terminale",
        "evaluation finale", "evaluation terminale", "evaluations terminales", "examen", "partiel",
        "session",
    ];
    SPECIALITE: [
        "e d s", "eds", "enseignement de spe*", "enseignements de spe*", "eppcs", "spe", "spe maths", "specialite",
        "specialitee",
    ];
    EDS: [
        "eds", "enseignement de spe", "enseignement de specialite", "enseignements de spe",
        "enseignements de specialite", "spe",
    ];
    NOTE: [
        "copie", "mention", "moyenne", "notation", "note", "performance", "point", "points", "resultat",
        "reussite", "score",
    ];
    BAC: ["bac", "baccalaureat", "baccalaureats", "bachot", "bacs", "cyclades"];
    SERIE: [
        "accept*", "admis", "agricole", "assp", "blanc*", "commerce", "confondu*", "d orig", "d origine",
        "es", "etranger", "francais", "gatl", "general", "generale", "generaux", "mcv", "mei", "melec",
        "ms2", "obtenu", "ou", "plus", "prepare", "pro", "professionnel*", "s", "scientifique", "serie",
        "spvl", "st2s", "stav", "std2a", "sthr", "sti2d", "stl", "stmg", "techno*", "trpm",
    ];
    TERMINAL: [
        "certificati*", "definitif*", "definitive*", "examen", "fin d annee", "fin de l annee",
        "fin de terminale", "finaux", "juillet", "juin", "mai", "mars", "national*", "obtenu*", "officiel*",
        "passe*", "printemps", "terminal", "terminaux",
    ];
    SESSION: ["juin", "mars", "printemps"];
    FINALE: ["final", "finale", "finales", "finaux", "terminal", "terminale", "terminales", "terminaux"];
    DISCIPLINE: [
        "2i2d", "anglais", "art", "biochimie", "biologie", "bph", "chimie", "droit", "economie", "eps",
        "geographie", "geopolitique", "hggsp", "histoire", "hlp", "humanites", "informatique", "llce",
        "llcer", "management", "math", "mathematiques", "maths", "msgn", "nsi", "numerique", "physique",
        "sciences", "ses", "si", "spcl", "stss", "svt", "technologie",
    ];
    PROPRE: ["2i2d", "bph", "hggsp", "hlp", "llce", "llcer", "msgn", "nsi", "spcl", "stss", "svt"];
    BULLETIN: [
        "annuel*", "appreciation", "au fil de l annee", "bulletin", "classe", "controle continu",
        "cours de l annee", "de l annee", "en cours d annee", "fiche avenir", "livret", "moyenne",
        "pendant l annee", "releve", "semestre", "semestriel*", "trimestre", "trimestriel*",
    ];
    ANNEE: [
        "annuel*", "au fil de l annee", "bulletin", "continu", "controle", "controle continu",
        "cours d annee", "cours de l annee", "de l annee ou", "moyenne", "moyennes", "notes de l annee", "pendant l annee",
        "trimestre",
    ];
    BLANC: [
        "anticip*", "blanc", "blanche", "blanches", "blancs", "brevet", "bts", "commun*", "concours",
        "d essai", "de premiere", "devoir", "devoirs", "eaf", "entrainement", "formati*", "francais",
        "grand oral", "hippique", "intermediaire*", "langue", "olympiade*", "philo", "philosophie", "pix",
        "sportiv*", "surveille*",
    ];
    CHOIX: ["abandonne*", "choisi*", "choix", "conserve*", "suivi*"];
    OBTENU: [
        "a donne", "a rapporte", "acquis", "acquise", "acquises", "atteint", "atteinte", "atteintes",
        "attribu*", "chiffre*", "cueilli*", "decerne*", "decroch*", "delivre*", "empoch*", "engrang*", "evaluation", "excellence", "eu",
        "eue", "eues", "eus", "gagne*", "glan*", "marque*", "obten*", "obtien*", "prestation", "ramene*", "realise*",
        "recolt*", "recu", "recue", "recues", "recus", "reussi*", "rendu", "rendue", "rendues", "sorti*",
        "succes", "valide*", "verdict",
    ];
    OFFICIEL: [
        "de fin d annee", "de fin de lycee", "de fin de terminale", "definiti*", "du diplome", "fin d annee",
        "fin d etudes", "fin de lycee", "fin de terminale", "national*", "officiel*",
        "ponctuel*",
    ];
    SURTOUT: [
        "avant tout", "d abord", "dont", "en particulier", "et en premier", "notamment", "principalement",
        "specialement", "surtout", "y compris",
    ];
    BACHELIER: [
        "anciens bachel*", "bacheliers 20*", "bacheliers de l an", "bacheliers des annees", "deja bachel*",
        "deja diplom*", "deja le bac*", "deja leur bac*", "deja obtenu le bac*", "deja titulaire*",
        "ont le bac*", "ont obtenu le bac*", "titulaire du bac*", "titulaires du bac*",
    ];
    PUBLIE: [
        "arrivent", "arriveront", "connu*", "paraiss*", "paru*", "parvien*", "proclam*", "publi*",
        "tombent", "tomberont",
    ];
    PART: [
        "ainsi", "alors", "aussi", "autant", "bien", "comme", "d autre part", "d une part", "demi", "deux",
        "enfin", "ensuite", "moitie", "part", "quart", "quarts", "tiers", "trois", "un",
    ];
    DU_DOSSIER: [
        "attribu*", "calcul*", "candidature*", "classement", "commission", "dossier*", "jury", "plateforme",
        "sur 100", "voeu",
    ];
    VERS_LE_BAC: [
        "admis", "annee", "annees", "apres", "avant", "candidat*", "classe", "continu", "discipline*", "eleve*",
        "filiere*", "futur*", "ici", "inscri*", "jusqu", "lycee", "matiere*", "niveau", "post", "prepar*",
        "programme*", "serie*", "titulaire*", "type", "voie", "vue",
    ];
    MODELE: [
        "a l image", "a la facon", "a la maniere", "analogue*", "bareme", "au format", "bati* comme", "calque*", "concu* comme", "conforme*", "construit* comme", "copie* sur", "corrige* comme", "fait* comme",
        "dans l esprit", "dans le style", "dans les conditions", "du genre", "en conditions", "facon", "format",
        "identique*", "imit*", "inspire*", "modele", "note* comme", "organise* comme", "proche*", "reprenant", "reproduis*", "ressembl*", "semblable*", "similaire*",
        "simul*", "style", "type",
    ];
    EXERCE: [
        "bac blanc", "blanc", "blancs", "controle", "controles", "devoir", "devoirs", "ds", "dst", "entrainement*", "epreuves blanches",
        "evaluation*", "exercice*", "interrogation*", "simulation*", "sujet", "sujets", "travail", "travaux",
    ];
    COMPOSANTE: ["coefficient", "grand oral", "philo", "philosophie"];
}
