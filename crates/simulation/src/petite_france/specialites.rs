//! What is taught: national labels by family, with how sought after each is.

/// A national label: type, speciality, candidates for one place beside others of the family.
pub type Specialite = (&'static str, &'static str, f64);

const ALL: &str = "Licence - Arts-lettres-langues";
const DEG: &str = "Licence - Droit-économie-gestion";
const SHS: &str = "Licence - Sciences humaines et sociales";
const STS: &str = "Licence - Sciences - technologies - santé";
const STAPS: &str = "Licence - STAPS";

pub const LICENCES: &[Specialite] = &[
    (DEG, "Droit", 1.3),
    (DEG, "Économie et gestion", 1.1),
    (DEG, "Administration économique et sociale", 0.9),
    (DEG, "Gestion", 1.2),
    (SHS, "Psychologie", 1.7),
    (SHS, "Sociologie", 0.7),
    (SHS, "Histoire", 0.7),
    (SHS, "Géographie et aménagement", 0.5),
    (SHS, "Philosophie", 0.4),
    (SHS, "Sciences de l’éducation et de la formation", 0.9),
    (SHS, "Information – communication", 1.4),
    (ALL, "Lettres", 0.5),
    (ALL, "Langues étrangères appliquées - Anglais-Espagnol", 0.9),
    (ALL, "Langues étrangères appliquées - Anglais-Chinois", 0.4),
    (ALL, "Langues, littératures et civilisations étrangères et régionales - Anglais", 0.9),
    (ALL, "Langues, littératures et civilisations étrangères et régionales - Espagnol", 0.4),
    (ALL, "Arts plastiques", 0.8),
    (ALL, "Cinéma et audiovisuel", 1.1),
    (ALL, "Musicologie", 0.4),
    (STS, "Mathématiques", 0.8),
    (STS, "Informatique", 1.4),
    (STS, "Physique", 0.6),
    (STS, "Chimie", 0.5),
    (STS, "Sciences de la vie", 1.1),
    (STS, "Sciences de la terre", 0.4),
    (STS, "Sciences pour l’ingénieur", 0.7),
    (STS, "Sciences de la vie et de la terre", 0.6),
    (STAPS, "Sciences et techniques des activités physiques et sportives", 1.6),
];

/// Majors of the LAS.
pub const LAS: &[Specialite] = &[
    (STS, "Sciences de la vie - accès santé (LAS)", 1.5),
    (STS, "Chimie - accès santé (LAS)", 0.8),
    (DEG, "Droit - accès santé (LAS)", 0.8),
    (SHS, "Psychologie - accès santé (LAS)", 1.0),
    (STAPS, "STAPS - accès santé (LAS)", 0.9),
    (STS, "Mathématiques - accès santé (LAS)", 0.5),
];

pub const PASS: &[Specialite] = &[(STS, "Parcours d’accès spécifique santé (PASS)", 1.0)];

const BUT_P: &str = "BUT - Production";
const BUT_S: &str = "BUT - Service";

pub const BUT: &[Specialite] = &[
    (BUT_S, "Techniques de commercialisation", 1.2),
    (BUT_S, "Gestion des entreprises et des administrations", 1.2),
    (BUT_S, "Gestion administrative et commerciale des organisations", 0.8),
    (BUT_S, "Carrières sociales parcours éducation spécialisée", 1.4),
    (BUT_S, "Information communication parcours communication des organisations", 1.5),
    (BUT_S, "Carrières juridiques", 1.1),
    (BUT_S, "Management de la logistique et des transports", 0.6),
    (BUT_P, "Informatique", 1.6),
    (BUT_P, "Métiers du multimédia et de l’internet", 1.3),
    (BUT_P, "Réseaux et télécommunications", 0.8),
    (BUT_P, "Génie électrique et informatique industrielle", 0.6),
    (BUT_P, "Génie mécanique et productique", 0.6),
    (BUT_P, "Génie civil - construction durable", 0.9),
    (BUT_P, "Mesures physiques", 0.6),
    (BUT_P, "Chimie", 0.7),
    (BUT_P, "Génie biologique parcours biologie médicale et biotechnologie", 1.3),
    (BUT_P, "Qualité, logistique industrielle et organisation", 0.5),
    (BUT_P, "Science des données", 0.7),
];

const BTS_S: &str = "BTS - Services";
const BTS_P: &str = "BTS - Production";
const BTS_A: &str = "BTS - Agricole";

pub const BTS: &[Specialite] = &[
    (BTS_S, "Management commercial opérationnel", 1.2),
    (BTS_S, "Négociation et digitalisation de la relation client", 1.0),
    (BTS_S, "Comptabilité et gestion", 0.8),
    (BTS_S, "Gestion de la PME", 0.9),
    (BTS_S, "Support à l’action managériale", 0.8),
    (BTS_S, "Services informatiques aux organisations", 1.2),
    (BTS_S, "Commerce international", 0.9),
    (BTS_S, "Tourisme", 0.8),
    (BTS_S, "Communication", 1.5),
    (BTS_S, "Banque, conseiller de clientèle", 0.8),
    (BTS_S, "Professions immobilières", 1.0),
    (BTS_S, "Assurance", 0.6),
    (BTS_S, "Notariat", 0.9),
    (BTS_S, "Économie sociale familiale", 1.0),
    (BTS_S, "Services et prestations des secteurs sanitaire et social", 1.2),
    (BTS_S, "Diététique", 1.7),
    (BTS_S, "Management en hôtellerie restauration", 0.5),
    (BTS_S, "Métiers de l’esthétique-cosmétique-parfumerie", 0.9),
    (BTS_S, "Métiers de l’audiovisuel option métiers du son", 2.5),
    (BTS_P, "Électrotechnique", 0.8),
    (BTS_P, "Cybersécurité, informatique et réseaux, électronique option informatique et réseaux", 1.1),
    (BTS_P, "Maintenance des systèmes option systèmes de production", 0.6),
    (BTS_P, "Maintenance des véhicules option voitures particulières", 0.8),
    (BTS_P, "Conception des processus de réalisation de produits", 0.5),
    (BTS_P, "Conception et industrialisation en microtechniques", 0.4),
    (BTS_P, "Bâtiment", 0.6),
    (BTS_P, "Travaux publics", 0.7),
    (BTS_P, "Fluides, énergies, domotique option génie climatique et fluidique", 0.5),
    (BTS_P, "Métiers de la chimie", 0.8),
    (BTS_P, "Biotechnologies", 1.2),
    (BTS_P, "Analyses de biologie médicale", 1.5),
    (BTS_P, "Aéronautique", 1.3),
    (BTS_P, "Étude et réalisation d’agencement", 0.6),
    (BTS_P, "Métiers de la mode - vêtements", 0.9),
];

pub const BTS_AGRICOLES: &[Specialite] = &[
    (BTS_A, "Aménagements paysagers", 0.6),
    (BTS_A, "Gestion et protection de la nature", 1.3),
    (BTS_A, "Productions animales", 0.5),
    (BTS_A, "Viticulture - œnologie", 0.5),
    (BTS_A, "Bioqualité", 0.6),
    (BTS_A, "Gestion forestière", 0.6),
];

const CPGE_S: &str = "Classe préparatoire scientifique";
const CPGE_E: &str = "Classe préparatoire économique et commerciale";
const CPGE_L: &str = "Classe préparatoire littéraire";

pub const CPGE: &[Specialite] = &[
    (CPGE_S, "MPSI", 1.2),
    (CPGE_S, "PCSI", 1.1),
    (CPGE_S, "BCPST", 0.9),
    (CPGE_S, "PTSI", 0.6),
    (CPGE_S, "MP2I", 1.2),
    (CPGE_S, "TSI", 0.4),
    (CPGE_E, "ECG - Mathématiques approfondies + HGG", 0.9),
    (CPGE_E, "ECG - Mathématiques appliquées + ESH", 0.9),
    (CPGE_E, "ECT - Option technologique", 0.4),
    (CPGE_L, "Lettres", 0.7),
    (CPGE_L, "B/L - Lettres et sciences sociales", 0.7),
];

const SANITAIRE: &str = "D.E secteur sanitaire";
pub const INFIRMIER: Specialite = (SANITAIRE, "D.E Infirmier", 1.0);
pub const PARAMEDICALES: &[Specialite] = &[
    (SANITAIRE, "D.E Ergothérapeute", 1.5),
    (SANITAIRE, "D.E Psychomotricien", 1.8),
    (SANITAIRE, "Certificat de capacité d’orthophoniste", 2.5),
    (SANITAIRE, "D.E manipulateur/trice en électroradiologie médicale", 1.0),
];

const SOCIAL: &str = "D.E secteur social";
pub const SOCIALES: &[Specialite] = &[
    (SOCIAL, "D.E Éducateur spécialisé", 1.2),
    (SOCIAL, "D.E Assistant de service social", 0.9),
    (SOCIAL, "D.E Éducateur de jeunes enfants", 1.1),
];

pub const INGENIEURS: &[Specialite] = &[
    ("Formations des écoles d’ingénieurs", "Formation d’ingénieur Bac + 5 - Bac général", 1.2),
    ("Formations des écoles d’ingénieurs", "Formation d’ingénieur Bac + 5 - Bac STI2D et STL", 0.6),
];
pub const COMMERCE: &[Specialite] = &[
    ("Formation des écoles de commerce et de management", "Programme grande école Bac + 5", 1.0),
    ("Formation des écoles de commerce et de management", "Bachelor Bac + 3", 0.7),
];
pub const ARTS: &[Specialite] =
    &[("Diplôme National d’Art", "Option art", 1.0), ("Diplôme National d’Art", "Option design", 1.2)];

/// Other courses of lycées and universities.
pub const DN_MADE: &[Specialite] = &[
    ("DN MADE", "Mention graphisme", 1.8),
    ("DN MADE", "Mention espace", 1.3),
    ("DN MADE", "Mention mode", 1.2),
    ("DN MADE", "Mention numérique", 1.4),
];
pub const DCG: Specialite = ("DCG", "Diplôme de comptabilité et de gestion", 0.9);
pub const MENTIONS: &[Specialite] = &[
    ("Certificat de Spécialisation", "Aide à domicile", 0.4),
    ("Certificat de Spécialisation", "Accueil-réception", 0.4),
    ("Certificat de Spécialisation", "Technicien en énergies renouvelables", 0.5),
    ("Certificat de Spécialisation", "Encadrement secteur sportif", 0.7),
];
pub const AUTRES_UNIVERSITE: &[Specialite] = &[
    ("DEUST", "Métiers de la forme", 0.9),
    ("CUPGE - Sciences, technologie, santé", "Physique - chimie", 0.7),
    ("C.M.I - Cursus Master en Ingénierie", "Informatique", 0.8),
];
