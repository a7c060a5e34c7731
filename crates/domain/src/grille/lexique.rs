//! The words that the rules look for, without accents, as [`super::texte::same`] compares them.

pub(super) const EPREUVE: &[&str] = &["epreuve", "epr"];
pub(super) const SPECIALITE: &[&str] = &["specialite", "spe", "eds", "eppcs"];
pub(super) const NOTE: &[&str] = &["note", "resultat", "moyenne"];
pub(super) const BAC: &[&str] = &["bac", "baccalaureat"];
/// What is in the reports of the year, and stays allowed.
pub(super) const BULLETIN: &[&str] = &["bulletin", "trimestriel*", "trimestre", "semestre"];
/// A baccalauréat named by its series is where people come from, not an examination.
pub(super) const SERIE: &[&str] = &[
    "general", "generaux", "techno*", "pro", "professionnel*", "sti2d", "st2s", "stl", "stmg", "s", "es", "std2a", "sthr", "stav",
];
pub(super) const DISCIPLINE: &[&str] = &[
    "mathematiques", "maths", "physique", "svt", "ses", "hggsp", "hlp", "nsi", "llcer", "llce", "biologie", "chimie", "si", "art",
    "management", "droit",
];
/// When the terminal examinations are.
pub(super) const TERMINAL: &[&str] =
    &["bac", "baccalaureat", "juin", "mars", "printemps", "passe", "passee", "terminaux", "finaux", "finale", "examen"];

pub(super) const LETTRE: &[&str] = &["lettre", "courrier"];
pub(super) const MOTIVATION: &[&str] = &["motivation"];

/// What a commission does with a letter.
pub(super) const USAGE: &[&str] = &[
    "lu", "lue", "lisons", "lire", "lit", "lisent", "lecture", "lecteur", "relu*", "cherch*", "recherch*", "evalu*", "note",
    "notee", "notons", "notation", "verifi*", "appreci*", "jug*", "montr*", "dire", "dit", "disent", "dite", "sert",
    "servi*", "permet*", "precis*", "regard*", "voyons", "attendons", "attendez", "attente", "repon*", "prepar*", "discut*", "base", "part",
    "partir", "revien*", "appui*", "appuy*", "evoqu*", "nomm*", "etablir", "etablit", "etablisse", "attribu*", "fourni*", "ouvr*", "mesur*", "racont*",
    "expos*", "justifi*", "indique", "indiquent", "distingu*", "question*", "point", "departag*", "veut", "voulons", "compris",
    "comprend*", "expliqu*", "argument*", "eclair*", "retien*", "reten*", "examin*", "analys*", "confront*", "compar*", "pese",
    "approfond*", "nourri*", "eprouv*", "trouv*", "savoir", "sait", "saurons", "decriv*",
    "decrire", "convain*", "confirme", "utilisee", "utilise", "utilisons", "exploit*", "croise",
    "interess*", "temoign*", "souhait*", "entendre", "depister", "reper*", "commente*", "valorise*", "illustr*", "parl*",
];

/// Tells that something is left out.
pub(super) const ECARTE: &[&str] = &[
    "exclu", "exclue", "excluant", "exclusion", "ecartee", "ecarte", "ecartons", "retir*", "supprim*",
    "abandonn*", "ignor*", "excepte", "neutralis*", "disparu*", "remplac*", "hors", "dispense", "interdi*",
];

pub(super) const VAGUE: &[&str] = &[
    "bon", "bonne", "niveau", "dossier", "solide", "serieux", "serieuse", "correct", "correcte", "motive", "motivee", "excellent",
    "excellente", "etat", "esprit", "attitude", "profil", "atypique", "exige", "exigee", "tres", "personnalite", "qualite",
    "satisfaisant", "satisfaisante", "convenable", "general", "generale", "ensemble", "interessant", "interessante", "attendu",
    "attendue", "potentiel", "eleve", "candidat", "candidature", "envie", "tonus", "ambition", "adequat", "adapte", "suffisant",
    "coherent", "globalement", "bien", "assez", "plutot", "motivation", "valeur", "maturite", "resultats", "resultat",
];

/// Words that carry nothing by themselves.
pub(super) const VIDE: &[&str] = &[
    "a", "au", "aux", "d", "de", "des", "du", "en", "et", "l", "la", "le", "les", "ou", "par", "pour", "sur", "un", "une", "un",
    "son", "sa", "ses", "dans", "avec", "est", "sont",
];
