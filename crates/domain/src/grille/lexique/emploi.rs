//! What is counted, what is not (R-CGE-04).

mots! {
    COMPTE: [
        "accessible*", "accord*", "addition*", "ajout*", "ajust*", "apprecie*", "appuie*", "appuy*", "atout",
        "attach*", "attend*", "avantage", "base*", "bienvenu*", "bonif*", "bonus", "calcul*", "chang*",
        "coefficient", "collecte*", "communiqu*", "compar*", "complet*", "compt*", "confirm*", "confront*",
        "connaiss*", "connu*", "considere*", "constitu*", "consult*", "contribu*", "corrig*", "critere",
        "croise*", "decid*", "decisif*", "decisive*", "demand*", "departag*", "depend*", "determin*",
        "difference", "disponible*", "dispos*", "donne*", "doubl*", "eclair*", "emplo*", "emport*", "entre",
        "entrent", "entrer*", "envoy*", "essentiel*", "etudi*", "evalue*", "examine*", "exig*", "exploit*",
        "fait partie", "figur*", "fond*", "font partie", "fourn*", "guid*", "import*", "inclu*",
        "indicateur*", "indispensable", "influ*", "integr*", "interess*", "interven*", "intervien*",
        "joign*", "joindre", "joue", "jouent", "jouer*", "jug*", "lire", "lisent", "lisons", "lit", "lu", "lue", "lues", "lus",
        "major*", "mobilis*", "modifi*", "montr*", "multipli*", "nuanc*", "oriente", "orientent", "part aux",
        "particip*", "pese*", "place a", "place aux", "pond*", "prend en", "prendre en", "prennent en",
        "prenons", "primor*", "pris", "pris en", "prise", "prise en", "prises", "prises en", "rapport*",
        "recev*", "reclam*", "recoi*", "recueill*", "recuper*", "regarde", "regardee", "regardees",
        "regardent", "regarder*", "regardes", "regardons", "releve la", "releve les", "relevee", "relevees",
        "relevent les", "relever*", "relevons", "sont releves", "remont*", "repere", "repos*", "requi*",
        "retenon*", "retenu*", "retien*", "saisi*", "scrut*", "sert", "serv*", "sollicit*", "tenant compte",
        "tenir compte", "tenons compte", "tenu compte", "tien* a", "tiendr* compte", "tiennent compte",
        "tient compte", "tranch*", "transm*", "une part", "une place", "utilis*", "valent", "valoris*",
        "vaut", "verifi*", "vis* par", "voit", "voulons", "voyons", "vu", "vues", "vus",
    ];
    EXCLUT: [
        "a =part", "a lieu apres", "angle mort", "a lieu en juin", "abandon*", "absent*", "abstraction", "affaire du",
        "appartien*", "apres coup", "apres l examen", "apres la cloture", "apres la commission",
        "apres la date", "apres la decision", "apres la delib*", "apres la fermeture", "apres la bataille", "apres la fin",
        "apres la publication", "apres la reunion", "apres la selection", "apres le classement",
        "apres le conseil", "apres les delib*", "apres les travaux", "apres nos", "apres notre",
        "arriv* apres", "arrive en juin", "arrivent en juin", "arrivent ensuite", "au baccalaureat seul",
        "au jury du", "autre calendrier", "ayant lieu apres", "ayant lieu ensuite", "bann*", "barr*",
        "biff*", "cess*", "clos", "close", "concern* le bac*", "confidentiel*", "contraire*", "de cote",
        "decal*", "decouvr*", "defendu*", "delaiss*", "disparai*", "disparu*", "dispensons", "du jury du",
        "ecart*", "echapp*", "elimin* du", "encore a venir", "est a venir", "est en juin", "etranger a", "etranger au", "etrangere a",
        "etrangere au", "etrangeres a", "etrangeres au", "etrangers a", "etrangers au", "evacu*",
        "exception", "exceptees", "exceptes", "exclu*", "exempt*", "ferme les yeux", "fermons les yeux", "gomm*", "hors bac*",
        "hors cadre", "hors calcul", "hors champ", "hors classement", "hors commission", "hors de l",
        "hors de notre", "hors de propos", "hors dossier", "hors du calcul", "hors du champ",
        "hors du dossier", "hors du perimetre", "hors examen", "hors grille", "hors jeu", "hors note",
        "hors perimetre", "hors selection", "hors sujet", "ignor*", "illegal*", "impasse", "inapercu*",
        "inconnu*", "indifferent*", "indisponible*", "interdi*", "interviendront apres",
        "interviennent apres", "inutil*", "invisible*", "irreguli*", "laiss*", "laisse au", "laissees au",
        "laissons au", "lettre morte", "manqu*", "mis a l ecart", "mises a l ecart", "mystere*", "ne font plus", "neglig*", "neutralis*",
        "nous passons", "nul", "nulle", "nulles", "nuls", "omet*", "omis*", "ont lieu apres",
        "ont lieu en juin", "ont lieu ensuite", "ont lieu plus tard", "ote", "otee", "oubli*",
        "parvien* apres", "passer des epreuves de", "passera de", "passons de", "passons des", "point aveugle", "posterieur*",
        "pour le jury du", "prematur*", "priv*", "prohib*", "proscri*", "quand la liste", "quand le classement", "quand nous aurons", "qu apres", "qu au mois",
        "qu en juillet", "qu en juin", "quitte la grille", "quitte le class*", "quitte nos", "quitte notre", "quittent", "regard* le bac*", "regardent le bac*", "rejet*",
        "relevant d", "relevent du", "remplac*", "rend* impossible", "renonc*", "report de", "report des",
        "reporte* a", "reporte* apres", "reporte* au", "reporte* en", "repouss*", "reserv*",
        "reste en dehors", "reste* au", "restent au", "restent en dehors", "retir*", "sans consequence",
        "sans effet", "sans importance", "sans incidence", "sans influence", "sans objet", "sans poids",
        "sans rapport", "se deroulent apres", "se dispens*", "se pass* de", "se passe de", "se passe des",
        "se passent", "se passer d", "se passer de", "se passer des", "se tenant apres", "se tiennent apres",
        "sont a venir", "sont en juin", "sort* du", "sorti* du", "soustrai*", "supprim*", "tais*", "tardi*", "terra incognita", "tien* lieu d", "tien* lieu de", "tien* lieu des", "tombant apres",
        "tombent apres", "tombent en juin", "tout est deja", "tout est fini", "tout est joue", "trop tard", "trop tardi*", "ulterieur*", "une fois la liste", "une fois le classement", "vain", "vaine",
        "viendr* apres", "viendr* plus tard", "viennent apres", "viennent plus tard", "vient apres", "zero",
    ];
    AILLEURS: [
        "a l inscription", "a l obtention", "a la mention", "a la seule mention", "a votre bac*", "au bac",
        "au baccalaureat", "au diplome", "au seul bac*", "au seul diplome", "au seul dossier du bac*",
        "dans votre bac*", "pour eux", "pour l examen du", "pour l inscription", "pour l obtention",
        "pour la mention", "pour le bac*", "pour le diplome", "pour leur bac*", "pour obtenir",
        "pour son bac*", "pour votre bac*", "pour votre diplome", "pour vous",
    ];
    REPARE: [
        "attenu*", "au secours", "compens*", "contrebalanc*", "corrige", "corrigent", "corriger*", "effac*", "fait oublier", "fait pardonner", "faire oublier",
        "faire pardonner", "fasse oublier", "font oublier", "font pardonner", "nuance", "nuancent", "nuancer*", "pallie*", "rachet*", "rattrape", "rattrapent",
        "rattraper*", "redress*", "rehauss*", "repar*", "sauve", "sauvent", "sauver*", "supplee*",
    ];
    A_PART: [
        "attention", "bloc", "case", "cas", "coefficient", "colonne", "critere", "etude", "lecture", "ligne",
        "mention", "moyenne", "note", "place", "points", "rang", "rubrique", "score", "statut", "valeur",
    ];
    REND: [
        "apport*", "attribu*", "communiqu*", "delivr*", "donne*", "envo*", "fourn*", "montr*", "obten*", "publi*",
        "rapport*", "recu*", "rend*", "revel*", "transm*", "valent", "vaut",
    ];
    AUTRE_SUJET: [
        "audition*", "autre", "bareme", "certificat*", "coefficient*", "concours", "cv", "document*", "dossier papier",
        "entretien*", "envoi*", "frais", "internat", "lettre*", "oral", "oraux", "piece*", "ponderation*",
        "prerequis", "questionnaire*", "quota*", "rattrapage", "test", "tests",
    ];
    EXCEPTION: [
        "a l exception", "a moins d", "a moins qu", "a moins que", "a une exception", "a une seule exception",
        "en dehors d", "en dehors de", "en dehors des", "en dehors du",
        "exception faite", "fait exception", "faisant exception", "font exception", "excepte", "exceptees", "exceptes", "hormis", "hors", "sauf", "seulement pour",
        "si ce n est", "uniquement pour",
    ];
    CERTAINS: [
        "annees anterieures", "an dernier", "an passe", "annee derniere", "annee precedente", "bachel*", "candidat*",
        "cas", "celui", "ceux", "deja", "departag*", "eleves qui", "egalite", "etudiant*", "ex aequo", "les eleves", "quand",
        "lorsqu", "lorsque", "redoubl*", "reorient*", "reprise", "si", "titulaire*",
    ];
    ETAT: [
        "constitu*", "demeur*", "est", "n a", "n ont", "represent*", "reste", "restent", "resteront", "sont", "seront",
    ];
    MANQUE: [
        "bancal*", "boiteu*", "impossible", "inclassable*", "incomplet*", "inexploitable*", "insuffisant*",
        "irrecevable*",
    ];
    DESORMAIS: [
        "a partir de cette annee", "aujourd hui", "cette annee", "depuis", "desormais", "dorenavant",
        "maintenant",
    ];
}
