//! Words of the rules that are advice.

mots! {
    CORDEE: ["cordee"];
    VAGUE: [
        "acceptable*", "adapte*", "adequat*", "agreable*", "ambition*", "assez", "attendu*", "atypique",
        "beau", "beaux", "belle", "bien", "bon", "bonne", "brillant*", "coherent*", "convenable*",
        "correct*", "dynamique*", "envie", "excellen*", "exemplaire*", "exige", "exigeant*", "favorable*",
        "fiable", "fort", "forte", "haut", "haute", "honorable*", "impeccable*", "interessant*",
        "irreprochable*", "mature*", "maturite", "meilleur*", "mentalite", "motivation", "motive*", "moyen",
        "nickel", "ok", "personnalite", "positif*", "positive*", "potentiel", "prometteu*", "qualite",
        "realiste*", "remarquable*", "sain*", "satisfaisant*", "serieuse", "serieux", "solide*", "souhait*",
        "suffisant*", "sympathique*", "tonus", "top", "valable*", "valeur*", "volontaire*",
    ];
    CREUX: [
        "ambiance", "conduite", "cpge", "demande*", "doit", "doivent", "negatif*", "pas", "reproche", "reste", "sans", "suffit",
        "apprecie*", "aptitudes", "attitude", "autre*", "bulletin*", "candidat*", "capacites", "caractere",
        "comportement", "dossier", "eleve*", "ensemble", "esprit", "etat", "etc", "etudiant*", "exige*",
        "general*", "global*", "grand*", "nature", "necessaire*", "niveau", "parcours", "personnalite*",
        "plutot", "profil*", "qualites", "reel*", "requis*", "resultat*", "scolarite", "temperament", "tous",
        "tout*", "travail", "tres", "trop", "vrai*",
    ];
    VIDE: [
        "a", "au", "aux", "avec", "avoir", "ayant", "c", "ce", "d", "dans", "de", "des", "du", "elle", "en",
        "est", "et", "etre", "il", "l", "la", "le", "les", "notre", "nous", "on", "ou", "par", "plus",
        "pour", "que", "qui", "s", "sa", "ses", "son", "sont", "sur", "un", "une", "votre", "vous",
    ];
    INDIFFERENT: [
        "hors de", "importe peu", "indifferent*", "peu importe", "quel que soit", "quelle que soit",
        "quels que soient", "sans distinction",
    ];
    GENRE: [
        "feminin*", "femme", "femmes", "fille", "filles", "garcon", "garcons", "homme", "hommes",
        "masculin*",
    ];
    PRIORITE: [
        "passent d abord",
        "avantag*", "bonif*", "bonus", "favoris*", "point de plus", "points de plus", "pour tendre",
        "prefer*", "prime", "priorit*", "privilegi*", "reequilibr*",
    ];
    SEXE: ["genre", "sexe"];
    AGE: ["age", "annee de naissance", "date de naissance"];
    NAISSANCE: [
        "ans et moins", "ans et plus", "ans ou moins", "ans ou plus", "majeur*", "mineur*", "moins de _ ans", "ne apres", "ne avant",
        "nee apres", "nee avant", "nes apres", "nes avant", "plus de _ ans",
    ];
    FRAIS: ["bourse", "bourses", "frais", "internat", "logement", "tarif*"];
    DOMICILE: ["domicili*", "habitant*", "habitent", "resid*", "vivant dans"];
    ADRESSE: [
        "habiter a", "habiter dans",
        "adresse de la famille", "adresse des parents", "adresse du candidat", "adresse du domicile",
        "adresse personnelle", "adresse postale", "code postal", "commune de residence",
        "departement de residence", "distance domicile", "distance entre", "eloignement geographique",
        "lieu d habitation", "lieu de residence", "proximite geographique", "quartier d origine",
        "quartier de residence", "ville de residence",
    ];
    ORIGINE: [
        "classement du lycee", "etablissement d origine", "etablissement de provenance",
        "etablissement frequente", "lycee d origine", "lycee de provenance", "lycee frequente",
        "niveau du lycee", "renommee du lycee", "reputation de l etablissement", "reputation du lycee",
        "taux de reussite du lycee",
    ];
    REVENUS: [
        "le revenu est",
        "categorie socio*", "csp", "metier des parents", "origine sociale", "profession des parents",
        "quotient familial", "ressources de la famille", "ressources des parents", "revenu de la famille",
        "revenu des parents", "revenu du foyer", "revenu fiscal", "revenu modeste", "situation familiale",
        "situation financiere",
    ];
    EXIGENCE: [
        "attendu", "attendue", "attendues", "attendus", "demande", "demandee", "demandees", "demandes",
        "doit avoir", "doit etre", "doivent avoir", "doivent etre", "est a maitriser", "est un prealable",
        "exige*", "il faut", "imperati*", "indispensable*", "necessaire*", "obligatoire*", "prerequis",
        "requis*", "sine qua non",
    ];
    ENVIE: ["appetence", "curiosite", "envie", "gout", "interet", "motivation", "ouverture"];
    BANAL: [
        "acquis", "activite", "aisance", "approfondi*", "aptitude", "arrivee", "arriver", "aucun", "aucune",
        "autre", "avance*", "avant", "avoir", "bien", "bon", "bonne", "candidat*", "capable*", "capacite",
        "certain*", "champ", "choix", "commence*", "competence", "comprehension", "comprendre", "compte",
        "connaissance", "connaitre", "culture", "dans", "demontrer", "determin*", "developper", "disposer",
        "domaine", "dossier", "egalement", "eleve", "enseignement*", "entree", "esprit", "etre", "etude",
        "etudiant*", "experience", "faire", "formation", "general*", "humain*", "interesse*", "interesser",
        "interet", "issu*", "leur*", "maitrise*", "matiere", "meme", "methode", "mobiliser", "montrer",
        "moyenne", "n est", "necessaire*", "niveau", "niveaux", "note", "notre", "pas", "personnel*", "plus",
        "posseder", "pouvoir", "pratique", "prealable*", "premiere", "pris", "prise", "profil", "projet",
        "qualite", "question", "relation", "relationnel*", "resultat", "sans", "savoir", "sens", "serieu*",
        "solide*", "suffisant*", "tenir", "tenu", "terminale", "travail", "travailler", "tres", "universite",
        "utiliser", "vers", "votre",
    ];
}
