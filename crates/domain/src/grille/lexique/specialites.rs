//! The terminal examinations of the specialities (R-CGE-04).

mots! {
    EPREUVE: [
        "composition", "controle continu et final", "controle continu et terminal", "controle final",
        "controle terminal", "copie", "ecrit", "ecrits", "epr", "epreuve", "eval terminale",
        "evaluation finale", "evaluation terminale", "evaluations terminales", "examen", "partiel",
        "session",
    ];
    SPECIALITE: [
        "eds", "enseignement de spe*", "enseignements de spe*", "eppcs", "spe", "spe maths", "specialite",
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
    BAC: ["bac", "baccalaureat", "bacs"];
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
        "cours d annee", "cours de l annee", "moyenne", "moyennes", "notes de l annee", "pendant l annee",
        "trimestre",
    ];
    BLANC: [
        "anticip*", "blanc", "blanche", "blanches", "blancs", "brevet", "bts", "commun*", "concours",
        "d essai", "de premiere", "devoir", "devoirs", "eaf", "entrainement", "formati*", "francais",
        "grand oral", "hippique", "intermediaire*", "langue", "olympiade*", "philo", "philosophie", "pix",
        "sportiv*", "surveille*",
    ];
    CHOIX: ["abandonne*", "choisi*", "choix", "conserve*", "suivi*"];
    COMPOSANTE: ["coefficient", "grand oral", "philo", "philosophie"];
}
