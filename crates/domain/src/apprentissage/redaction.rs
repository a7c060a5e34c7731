//! R-APP-17, R-APP-18: how what the national registers say is written, whose labels and names are in capitals without accents.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::formations::normalise_recherche;

/// French words that bear accents, as they are spelt: capitals do not tell.
static ACCENTS: LazyLock<HashMap<String, &'static str>> = LazyLock::new(|| {
    include_str!("mots_accentues.txt").split_whitespace().map(|m| (normalise_recherche(m), m)).collect()
});

/// Words that stay in small letters inside a name.
const PETITS: &str = "a au aux d dans de des du en et l la le les ou par pour sans sous sur un une";
/// Words that are their initials, beside those without any vowel.
const SIGLES: &str = "ACSE AFPA AFTRAL BAC BEP BPJEPS BUT CAO CAP CAPA CCI CEA CESI CFA CFAA CFAI CFPPA CIFA CMA CNAM CPGE CREPS DAO \
     DEUST DUT EPLEFPA EPS ERP ESC ESF FIM FPA GIP GMS GPME GRETA IA IAE IFA IFSI II III INFA INSA IPAC ISO IUT IV IX JEPS LEGTA LPO \
     MFR MFREO NDRC NTIC OGEC PAO PME PMI QHSE SI SIG TPE TV UFA UFR UIMM USA VI VII VIII XI XII XIII";
/// After them, a letter is the name of something: « option A ».
const NOMMEES: &str = "option options opt specialite spe mention niveau parcours domaine groupe type classe categorie serie permis";
/// Words that labels cut short.
const ABREGES: [(&str, &str); 2] = [("spe", "spécialité"), ("opt", "option")];

/// Diplomas as a label names them between parentheses at its end, and how a title begins with them; nothing: it does not.
const DIPLOMES: &[(&str, &str)] = &[
    ("BTS", "BTS"),
    ("BTSA", "BTSA"),
    ("BTSM", "BTSM"),
    ("BUT", "BUT"),
    ("DUT", "DUT"),
    ("DEUST", "DEUST"),
    ("DCG", "DCG"),
    ("DSCG", "DSCG"),
    ("DN", "DNMADE"),
    ("DN MADE", "DNMADE"),
    ("DMA", "DMA"),
    ("DSAA", "DSAA"),
    ("BMA", "BMA"),
    ("CAP", "CAP"),
    ("CAPA", "CAPA"),
    ("BEP", "BEP"),
    ("BP", "BP"),
    ("BPA5", "BPA"),
    ("BAC PRO", "Bac pro"),
    ("BAC PRO AG", "Bac pro"),
    ("BAC TECHNO", "Bac technologique"),
    ("BPJEPS", "BPJEPS"),
    ("BP JEPS", "BPJEPS"),
    ("DE JEPS", "DEJEPS"),
    ("DES JEPS", "DESJEPS"),
    ("TP", "Titre professionnel"),
    ("MC NIVEAU III", "Mention complémentaire"),
    ("MC NIVEAU IV", "Mention complémentaire"),
    ("MC NIVEAU V", "Mention complémentaire"),
    ("CS3", "Certificat de spécialisation"),
    ("CS4", "Certificat de spécialisation"),
    ("CSA", "Certificat de spécialisation"),
    ("ING", ""),
];
/// Those that may be followed by whoever awards them, the longest first.
const DECERNES: &[(&str, &str)] = &[
    ("LICENCE PRO", "Licence professionnelle"),
    ("LIC PRO", "Licence professionnelle"),
    ("LIC LMD", "Licence"),
    ("LP", "Licence professionnelle"),
    ("LICENCE", "Licence"),
    ("MASTER PRO", "Master"),
    ("MASTER", "Master"),
    ("BM", "Brevet de maîtrise"),
    ("BTM", "BTM"),
    ("CTM", "CTM"),
];

/// How capitals are written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Casse {
    /// One capital, at the beginning.
    Phrase,
    /// A capital at each word that counts.
    Nom,
}

/// Whether a text is written in capitals, one word apart.
fn is_capitales(texte: &str) -> bool {
    let grandes = texte.chars().filter(|c| c.is_uppercase()).count();
    let petites = texte.chars().filter(|c| c.is_lowercase()).count();
    petites * 3 < grandes
}

/// Words and what is between them, in order.
fn pieces(texte: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let (mut debut, mut dans) = (0, None);
    for (i, c) in texte.char_indices() {
        let mot = c.is_alphanumeric();
        if dans.is_some_and(|d| d != mot) {
            pieces.extend(texte.get(debut..i));
            debut = i;
        }
        dans = Some(mot);
    }
    pieces.extend(texte.get(debut..).filter(|p| !p.is_empty()));
    pieces
}

/// Whether a word is one of a list.
fn parmi(liste: &str, mot: &str) -> bool {
    liste.split_ascii_whitespace().any(|m| m == mot)
}

fn capitale(mot: &str) -> String {
    let mut lettres = mot.chars();
    lettres.next().map_or_else(String::new, |c| c.to_uppercase().chain(lettres).collect())
}

/// « 1ERE » is « 1re », « 2EME » is « 2e ».
fn ordinal(mot: &str) -> Option<String> {
    let suffixe = mot.trim_start_matches(|c: char| c.is_ascii_digit());
    let nombre = mot.strip_suffix(suffixe).filter(|n| !n.is_empty())?;
    let court = match suffixe {
        "ER" => "er",
        "ERE" | "RE" => "re",
        "E" | "EME" | "IEME" | "ND" | "NDE" => "e",
        _ => return None,
    };
    Some(format!("{nombre}{court}"))
}

/// A word among those around it.
struct Mot<'t> {
    texte: &'t str,
    /// The word before, normalised; empty for the first.
    avant: &'t str,
    /// What is between that word and this one, and after this one.
    entre: &'t str,
    suite: &'t str,
}

impl Mot<'_> {
    fn ecrit(&self, casse: Casse) -> String {
        let Self { texte, avant, entre, suite } = *self;
        let net = normalise_recherche(texte);
        if suite.starts_with('’') {
            return texte.to_lowercase();
        }
        if texte.chars().any(char::is_lowercase) {
            return texte.to_owned();
        }
        let enclos = suite.starts_with(')') && entre.ends_with('(');
        let lettres = texte.chars().count();
        if lettres == 1 {
            return match texte {
                "A" if !avant.is_empty() && !parmi(NOMMEES, avant) => "à".to_owned(),
                // « e-commerce », « agent(e) ».
                _ if suite.starts_with('-') || (enclos && entre == "(") => texte.to_lowercase(),
                _ => texte.to_owned(),
            };
        }
        if let Some(rang) = ordinal(texte) {
            return rang;
        }
        let initiales = enclos && entre != "(" && lettres <= 5;
        let consonnes = !net.contains(['a', 'e', 'i', 'o', 'u', 'y']);
        let saint = match (casse, net.as_str()) {
            (Casse::Nom, "st") => Some("Saint"),
            (Casse::Nom, "ste") => Some("Sainte"),
            _ => None,
        };
        if let Some(saint) = saint {
            return saint.to_owned();
        }
        let entier = ABREGES.iter().find(|(court, _)| casse == Casse::Phrase && *court == net);
        if let Some((_, entier)) = entier {
            return (*entier).to_owned();
        }
        if parmi(SIGLES, texte) || consonnes || initiales || texte.contains(|c: char| c.is_ascii_digit()) {
            return texte.to_owned();
        }
        // An engineer has the diploma.
        let accents = match (net.as_str(), avant) {
            ("diplome", "ingenieur" | "ingenieurs") => Some("diplômé"),
            (net, _) => ACCENTS.get(net).copied(),
        };
        let mot = accents.map_or_else(|| texte.to_lowercase(), str::to_owned);
        if casse == Casse::Nom && !parmi(PETITS, &net) { capitale(&mot) } else { mot }
    }
}

/// Writes capitals as a person does; what is not in capitals stays as it is.
fn redige(texte: &str, casse: Casse) -> String {
    let texte = texte.replace('\'', "’");
    if !is_capitales(&texte) {
        return texte;
    }
    let pieces = pieces(&texte);
    let is_mot = |p: &str| p.starts_with(char::is_alphanumeric);
    let (mut ecrit, mut avant, mut entre) = (String::with_capacity(texte.len() + 8), String::new(), "");
    let mut restent = pieces.iter().copied().enumerate();
    while let Some((i, piece)) = restent.next() {
        if !is_mot(piece) {
            entre = piece;
            ecrit.push_str(piece);
            continue;
        }
        let suite = pieces.get(i + 1).copied().unwrap_or_default();
        let suivant = normalise_recherche(pieces.get(i + 2).copied().unwrap_or_default());
        // « CHAMBRE D AGRICULTURE »: the register left an apostrophe out.
        let elide = matches!(piece, "D" | "L")
            && suite == " "
            && suivant.starts_with(['a', 'e', 'i', 'o', 'u', 'y', 'h'])
            && !avant.is_empty()
            && !parmi(NOMMEES, &avant);
        let mot = if elide {
            restent.next();
            format!("{}’", piece.to_lowercase())
        } else {
            Mot { texte: piece, avant: &avant, entre, suite }.ecrit(casse)
        };
        ecrit.push_str(&if avant.is_empty() { capitale(&mot) } else { mot });
        avant = normalise_recherche(piece);
        entre = "";
    }
    ecrit
}

/// What a label names between parentheses at its end: how the title begins, and what is left of the parenthesis.
fn nomme(dit: &str) -> (Option<&'static str>, &str) {
    let exact = DIPLOMES.iter().chain(DECERNES).find(|(court, _)| *court == dit);
    if let Some((_, debut)) = exact {
        return (Some(*debut), "");
    }
    let decerne = DECERNES.iter().find_map(|(court, debut)| {
        let par = dit.strip_prefix(*court)?.strip_prefix(' ')?;
        Some((Some(*debut), par))
    });
    decerne.unwrap_or((None, dit))
}

/// R-APP-17: the title of a course from the label of its diploma, which ends with the kind of diploma between parentheses:
/// « TOURISME (BTS) » is « BTS Tourisme ». `sigle`: the kind of diploma as the nomenclature abridges it.
pub(super) fn intitule(sigle: &str, libelle: &str) -> String {
    let libelle = libelle.trim();
    let clos = libelle.strip_suffix(')').and_then(|l| l.rsplit_once('('));
    let (mut corps, dit) = clos.map_or((libelle, ""), |(corps, dit)| (corps.trim_end(), dit.trim()));
    let (mut debut, reste) = if dit.is_empty() { (None, "") } else { nomme(dit) };
    if debut.is_none() && !corps.split_whitespace().any(|m| m == sigle) {
        debut = DIPLOMES.iter().find(|(court, _)| *court == sigle).map(|(_, debut)| *debut);
    }
    // « COMPTABILITE ET GESTION (DIPLOME DE) (DCG) »
    if let Some((avant, _)) = corps.strip_suffix(" DE)").and_then(|c| c.rsplit_once('(')) {
        corps = avant.trim_end();
    }
    let mut titre = redige(corps, Casse::Phrase);
    let net = normalise_recherche(&titre);
    if let Some(debut) = debut.filter(|d| !d.is_empty())
        && !net.starts_with(&normalise_recherche(debut))
        && !net.starts_with("diplome ")
    {
        titre = format!("{debut} {titre}");
    }
    if normalise_recherche(reste).starts_with("diplome") {
        let reste = redige(reste, Casse::Phrase);
        titre = format!("{titre} ({})", reste.replacen('D', "d", 1));
    } else if !reste.is_empty() {
        titre = format!("{titre} ({})", redige(reste, Casse::Nom));
    }
    titre
}

/// R-APP-18: the name of an establishment: « LYCEE PROFESSIONNEL MARIE CURIE » is « Lycée Professionnel Marie Curie ».
pub(super) fn nom(texte: &str) -> String {
    redige(texte.trim(), Casse::Nom)
}

/// R-APP-18: the name of a town, without the number of its district nor what the post adds: « LYON 6EME » is « Lyon ».
pub(super) fn ville(texte: &str) -> String {
    let ajoute = |m: &&str| !m.starts_with(|c: char| c.is_ascii_digit()) && !m.eq_ignore_ascii_case("cedex");
    let mots: Vec<&str> = texte.split_whitespace().take_while(ajoute).collect();
    redige(&mots.join(" "), Casse::Nom)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r_app_17_the_label_of_a_diploma_is_written_as_a_title() {
        for (sigle, libelle, attendu) in [
            ("BTS", "MANAGEMENT COMMERCIAL OPERATIONNEL (BTS)", "BTS Management commercial opérationnel"),
            ("BTS", "SUPPORT A L'ACTION MANAGERIALE (BTS)", "BTS Support à l’action managériale"),
            (
                "BTS",
                "MAINTENANCE DES SYSTEMES OPTION A SYSTEMES DE PRODUCTION(BTS)",
                "BTS Maintenance des systèmes option A systèmes de production",
            ),
            ("BTS", "GUIDE INTERPRETE", "BTS Guide interprète"),
            (
                "BTS",
                "BANQUE, CONSEILLER DE CLIENTELE (PARTICULIERS) (BTS)",
                "BTS Banque, conseiller de clientèle (particuliers)",
            ),
            ("BTSA", "TECHNICO-COMMERCIAL (BTSA)", "BTSA Technico-commercial"),
            ("DCG", "COMPTABILITE ET GESTION (DIPLÔME DE) (DCG)", "DCG Comptabilité et gestion"),
            ("DIV-2", "INFIRMIER OU INFIRMIERE (DIPLOME D'ETAT)", "Infirmier ou infirmière (diplôme d’État)"),
            (
                "LIC-PRO",
                "METIERS DU NOTARIAT (LP PARIS 10)",
                "Licence professionnelle Métiers du notariat (Paris 10)",
            ),
            (
                "TH5-T",
                "ASSISTANT DE VIE AUX FAMILLES (TP)",
                "Titre professionnel Assistant de vie aux familles",
            ),
            (
                "TH2-C",
                "CHARGE DE MARKETING ET E-COMMERCE (CCI FRANCE)",
                "Chargé de marketing et e-commerce (CCI France)",
            ),
            ("ING", "INGENIEUR DIPLOME DE L'ECOLE DES MINES", "Ingénieur diplômé de l’école des mines"),
            ("TH5-T", "AGENT(E) DE SURETE (TP)", "Titre professionnel Agent(e) de sûreté"),
            ("BEP", "1ERE ANNEE COMMUNE (BEP)", "BEP 1re année commune"),
            ("", "Attestation de sécurité routière", "Attestation de sécurité routière"),
        ] {
            assert_eq!(intitule(sigle, libelle), attendu);
        }
    }

    #[test]
    fn r_app_18_names_of_establishments_and_towns_are_written_as_names() {
        for (texte, attendu) in [
            ("LYCEE PROFESSIONNEL FRANCOIS CLOUET", "Lycée Professionnel François Clouet"),
            ("CHAMBRE DE METIERS ET DE L ARTISANAT", "Chambre de Métiers et de l’Artisanat"),
            ("CFA DE L'ACADEMIE DE REIMS", "CFA de l’Académie de Reims"),
            ("LYCEE ST VINCENT DE PAUL", "Lycée Saint Vincent de Paul"),
            ("Lycée Edouard Belin", "Lycée Edouard Belin"),
            ("", ""),
        ] {
            assert_eq!(nom(texte), attendu);
        }
        for (texte, attendu) in [
            ("AIX-EN-PROVENCE", "Aix-en-Provence"),
            ("LYON 6EME", "Lyon"),
            ("PARIS 5", "Paris"),
            ("AMIENS CEDEX 1", "Amiens"),
            ("", ""),
        ] {
            assert_eq!(ville(texte), attendu);
        }
    }
}
