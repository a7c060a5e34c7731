//! What candidates join to their record (R-CGE-19).

mots! {
    CV: ["=cv", "=cvs", "c v", "curriculum"];
    PORTFOLIO: [
        "=book", "=books", "dossier artistique", "dossier d images", "dossier d oeuvre", "dossier de creation*",
        "dossier de dessin*", "dossier de realisation*", "dossier de ses travaux", "dossier de travaux",
        "dossier de vos travaux", "dossier graphique", "dossier personnel de travaux", "dossier photo*",
        "dossier plastique", "dossier visuel", "port folio", "porte folio", "portefolio", "portfolio",
        "portfolio*", "portofolio", "press book", "pressbook*",
    ];
    OEUVRES: [
        "carnet*", "creation*", "croquis", "dessin*", "dossier personnel", "oeuvre*", "production*",
        "realisation*", "travaux",
    ];
    RECOMMANDATION: [
        "courrier d appui", "courrier de recommandation", "courrier de soutien", "lettre d appui",
        "lettre de parrainage", "lettre de recommandation", "lettre de soutien", "recommandation d un*",
        "recommandation ecrite", "recommandation du prof*", "recommandation signee",
    ];
    VIDEO: [
        "autoportrait video", "breve video", "capsule video", "clip de presentation", "courte video",
        "film de presentation", "presentation filmee", "presentation video", "video d une minute",
        "video de _ a _ minute", "video de _ minute", "video de candidature", "video de motivation",
        "video de presentation", "video personnelle", "video presentant",
    ];
    ATTESTATION: ["attestation", "certificat", "justificatif"];
    DIPLOME: [
        "certificat d aptitude", "certificat d etude", "certificat de capacite", "certificat de fin",
        "certificat de qualification", "certificat de specialite",
    ];
    LANGUE: [
        "bulats", "certification d anglais", "certification de langue", "certification en anglais",
        "certification en langue", "certification linguistique", "dalf", "delf", "ielts", "linguaskill",
        "=tcf", "toefl", "toeic",
    ];
    BAFA: ["bafa", "bafd", "brevet d aptitude aux fonction"];
    SECOURISME: [
        "afgsu", "geste de premier secours", "premiers secours", "pse 1", "pse 2", "pse1", "pse2", "psc 1",
        "psc1", "secourisme", "=sst",
    ];
    ADMINISTRATIF: [
        "assurance", "assure*", "bourse*", "casier", "contre indication", "defense", "domicile", "handicap",
        "hebergement", "identite", "imposition", "jdc", "medica*", "nationalite", "recensement", "residence",
        "responsabilite civile", "ressources", "rqth", "scolarite", "securite sociale", "vaccin*",
    ];
    TOUTES_PIECES: [
        "document demande", "document depose", "document fourni", "document joint", "dossier complet",
        "element joint", "ensemble des pieces", "ensemble du dossier", "piece complementaire",
        "piece demandee", "piece deposee", "piece du dossier", "piece fournie", "piece jointe",
        "tout le dossier", "totalite du dossier",
    ];
    RESULTAT: ["certifie*", "copie", "diplome", "releve", "resultat", "score"];
}
