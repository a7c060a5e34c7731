//! The fields of the description of a course: as one types them, and as one reads them. Made from the table of fields.

use app::formations::{CadreNational, ChampFiche, ContenuFiche};
use app::messages;
use domain::formations::description::{
    Champ, Exigence, IMPORTANCES, LigneListe, Nature, POIDS, Valeur, read_texte, write_texte,
};
use domain::grille;
use jiff::Timestamp;
use jiff::civil::Date;

use super::{Barres, Cellule, Champ as ChampSaisi, Choix, Colonne, Definitions, Formulaire, Markup, Tableau};

/// (identifier, name) of what a field names: sites, components.
pub type Lieux<'a> = &'a [(String, String)];

/// Name of a field of a line, in a form: « pieces.2.format ».
pub fn nom_ligne(liste: &str, ligne: usize, champ: &str) -> String {
    format!("{liste}.{ligne}.{champ}")
}

/// The form filled with a value.
pub fn pose(form: &mut Formulaire, champ: &Champ, valeur: Option<&Valeur>) {
    match valeur {
        None => {}
        Some(Valeur::Texte(t)) => form.pose(champ.code, write_texte(champ, t)),
        Some(Valeur::Lignes(lignes)) => pose_lignes(form, champ, lignes),
    }
}

/// The form filled with the lines of a list.
pub fn pose_lignes(form: &mut Formulaire, champ: &Champ, lignes: &[LigneListe]) {
    for (i, ligne) in lignes.iter().enumerate() {
        for c in champ.colonnes() {
            if let Some(t) = ligne.get(c.code) {
                form.pose(&nom_ligne(champ.code, i, c.code), write_texte(c, t));
            }
        }
    }
}

/// The lines of a list as they were typed, empty ones before the last included: their numbers are those of the form.
pub fn lit_lignes(form: &Formulaire, champ: &Champ) -> Vec<LigneListe> {
    let debut = format!("{}.", champ.code);
    let derniere =
        form.noms().filter_map(|n| n.strip_prefix(&debut)?.split('.').next()?.parse::<usize>().ok()).max();
    // A number far beyond the lines shown is not of this form: it adds nothing.
    let total = derniere.map_or(0, |n| n.min(200) + 1);
    let mut lignes: Vec<LigneListe> = (0..total)
        .map(|i| {
            champ
                .colonnes()
                .iter()
                .map(|c| (c.code.to_owned(), form.valeur(&nom_ligne(champ.code, i, c.code)).to_owned()))
                .collect()
        })
        .collect();
    // The blank line that the form offers is none.
    while lignes.last().is_some_and(|l| l.values().all(|v| v.trim().is_empty())) {
        lignes.pop();
    }
    lignes
}

fn mention(c: ChampSaisi, champ: &Champ) -> ChampSaisi {
    match champ.exige {
        Exigence::Toujours => c,
        Exigence::Facultatif => c.facultatif(),
        Exigence::Si(.., quand) => c.selon(quand),
    }
}

/// A field that is not a list. `indice` is shown under its label, `lieux` are what it may name.
pub fn saisie(
    form: &Formulaire,
    champ: &Champ,
    nom: &str,
    indice: &str,
    lieux: Lieux<'_>,
    ferme: bool,
) -> Markup {
    let liste = |choix: Vec<Choix>| {
        let l = form.liste(nom, champ.libelle, &choix).desactive(ferme).invite("À choisir");
        let l = if indice.is_empty() { l } else { l.indice(indice) };
        Markup::new(match champ.exige {
            Exigence::Toujours => l,
            Exigence::Facultatif => l.facultatif(),
            Exigence::Si(.., quand) => l.selon(quand),
        })
    };
    let texte = |c: ChampSaisi| {
        let c = mention(c, champ).desactive(ferme);
        Markup::new(if indice.is_empty() { c } else { c.indice(indice) })
    };
    match champ.nature {
        Nature::OuiNon => {
            let r = form
                .radios(nom, champ.libelle, &[Choix::new("oui", "Oui"), Choix::new("non", "Non")])
                .en_ligne()
                .desactive(ferme);
            let r = if indice.is_empty() { r } else { r.indice(indice) };
            Markup::new(match champ.exige {
                Exigence::Toujours => r,
                Exigence::Facultatif => r.facultatif(),
                Exigence::Si(.., quand) => r.selon(quand),
            })
        }
        Nature::Choix(choix) => liste(choix.iter().map(|(code, l)| Choix::new(code, l)).collect()),
        Nature::Site | Nature::Composante => liste(lieux.iter().map(|(id, l)| Choix::new(id, l)).collect()),
        Nature::Texte(max) => texte(form.texte(nom, champ.libelle).longueur_max(max)),
        Nature::Zone(max) => {
            let lignes = if max > 1_000 { 6 } else { 3 };
            texte(form.zone(nom, champ.libelle).lignes(lignes))
        }
        Nature::Nombre(..) if POIDS.contains(&champ.code) => {
            texte(form.nombre(nom, champ.libelle).unite("%").court())
        }
        Nature::Nombre(..) => texte(form.nombre(nom, champ.libelle).court()),
        Nature::Montant => texte(form.montant(nom, champ.libelle).unite("€")),
        Nature::Jour => texte(form.date(nom, champ.libelle)),
        Nature::Courriel => texte(form.courriel(nom, champ.libelle)),
        Nature::Telephone => texte(form.telephone(nom, champ.libelle)),
        Nature::Liste(..) => Markup::default(),
    }
}

/// What an address names a line of a list by, in a form.
pub fn ancre_ligne(liste: &str, ligne: usize) -> String {
    format!("ligne-{liste}-{ligne}")
}

/// A line of a list in a form.
pub struct LigneSaisie {
    /// What an address names it by.
    pub ancre: String,
    /// « Pièce demandée 2 ».
    pub legende: String,
    /// Value of the button that takes it away; `None` for the blank one. The next line then has its number.
    pub retirer: Option<String>,
    /// Its fields.
    pub champs: Vec<Markup>,
}

/// A line that is read and not typed: a field of one line would hide most of a long text.
fn lue(form: &Formulaire, champ: &Champ, ligne: usize) -> Definitions {
    champ.colonnes().iter().fold(Definitions::new(), |d, c| {
        let stocke = read_texte(c, form.valeur(&nom_ligne(champ.code, ligne, c.code))).ok().flatten();
        match stocke {
            Some(t) => d.ligne(c.libelle, c.lisible(&t)),
            None => d,
        }
    })
}

/// The lines of a list as they are in the form, and a blank one when there is room.
pub fn lignes_saisies(form: &Formulaire, champ: &Champ, ferme: bool) -> Vec<LigneSaisie> {
    let Nature::Liste(colonnes, max, _) = champ.nature else { return Vec::new() };
    let typees = lit_lignes(form, champ).len();
    let total = if ferme || typees >= max { typees } else { typees + 1 };
    // What the line is about: its first field that is written in words.
    let premiere = colonnes.iter().find(|c| matches!(c.nature, Nature::Texte(_)));
    let premiere = premiere.or(colonnes.first()).map_or("Ligne", |c| c.libelle);
    (0..total)
        .map(|i| LigneSaisie {
            ancre: ancre_ligne(champ.code, i),
            legende: if i < typees {
                format!("{premiere} {}", i + 1)
            } else {
                format!("{premiere} à ajouter")
            },
            retirer: (i < typees && !ferme).then(|| format!("retirer.{}.{i}", champ.code)),
            champs: if ferme {
                vec![Markup::new(lue(form, champ, i))]
            } else {
                colonnes
                    .iter()
                    .map(|c| saisie(form, c, &nom_ligne(champ.code, i, c.code), c.aide, &[], false))
                    .collect()
            },
        })
        .collect()
}

/// Criteria stand in the order of the fields of the grid, whatever that of the form.
fn in_grid_order(lignes: &[Vec<String>]) -> Vec<&Vec<String>> {
    let mut lignes: Vec<&Vec<String>> = lignes.iter().collect();
    lignes.sort_by_key(|l| grille::CHAMPS.iter().position(|nom| l.first().is_some_and(|c| c == nom)));
    lignes
}

fn tableau(champ: &Champ, lignes: &[Vec<String>]) -> Tableau {
    let lu = |l: &[String], i: usize| l.get(i).cloned().unwrap_or_default();
    // A column where nothing is said takes the place of the others.
    let dites: Vec<(usize, &Champ)> = champ
        .colonnes()
        .iter()
        .enumerate()
        .filter(|(i, _)| lignes.iter().any(|l| !lu(l, *i).is_empty()))
        .collect();
    let colonnes = dites.iter().map(|(_, c)| Colonne::new(c.libelle)).collect();
    Tableau::new(champ.libelle, colonnes)
        .lignes(lignes.iter().map(|l| dites.iter().map(|(i, c)| cellule(c, &lu(l, *i))).collect::<Vec<_>>()))
}

/// A day is written as everywhere else on the pages.
fn cellule(c: &Champ, lu: &str) -> Cellule {
    match Date::strptime("%d/%m/%Y", lu) {
        Ok(jour) if c.nature == Nature::Jour => Cellule::texte(messages::date_civile(jour)),
        _ => Cellule::texte(lu),
    }
}

/// A block for each criterion, whose texts are too long for the columns of a table: its title, then what it says.
fn en_blocs(champ: &Champ, lignes: &[Vec<String>]) -> Markup {
    let titre = champ.colonnes().iter().position(|c| c.code == "intitule").unwrap_or_default();
    let mut blocs = Definitions::new();
    for l in in_grid_order(lignes) {
        let dits: Vec<String> = champ
            .colonnes()
            .iter()
            .zip(l)
            .enumerate()
            .filter(|(i, (_, dit))| *i != titre && !dit.is_empty())
            .map(|(_, (c, dit))| format!("{} : {dit}", c.libelle))
            .collect();
        blocs = blocs.ligne_markup(l.get(titre).map_or("", String::as_str), Markup::lignes(&dits));
    }
    let titre = format!(r#"<p class="fr-text--bold fr-mb-0">{}</p>"#, champ.libelle);
    Markup::rendu(titre).et(blocs)
}

/// The weights of the grid as candidates see them, each with its importance.
fn poids(champs: &[&ChampFiche]) -> Option<Barres> {
    let dit = |code: &str| {
        champs.iter().find(|c| c.champ.code == code).and_then(|c| match &c.contenu {
            ContenuFiche::Texte(t) => Some(t.as_str()),
            ContenuFiche::Lignes(_) => None,
        })
    };
    let mut barres = Barres::new("Poids des champs de la grille", "Champ", "Poids").en_parts();
    for ((poids, importance), nom) in POIDS.iter().zip(IMPORTANCES).zip(grille::CHAMPS) {
        let libelle = match dit(importance) {
            Some(i) => format!("{nom} – {}", i.to_lowercase()),
            None => nom.to_owned(),
        };
        barres = barres.ligne(libelle, dit(poids)?.parse().ok()?);
    }
    Some(barres)
}

/// What is read of some fields: the weights of the grid, what is short as definitions, then the lists.
pub fn lecture(champs: &[&ChampFiche]) -> Markup {
    let liste = |c: &Champ, lignes: &[Vec<String>]| {
        if c.has_criteres() { en_blocs(c, lignes) } else { Markup::new(tableau(c, lignes)) }
    };
    let mut definitions = Definitions::new();
    let mut tableaux = Markup::default();
    let mut vide = true;
    let dessin = poids(champs);
    // What the drawing and its table say is not said twice.
    let dessine = |c: &ChampFiche| {
        dessin.is_some() && (POIDS.contains(&c.champ.code) || IMPORTANCES.contains(&c.champ.code))
    };
    for c in champs.iter().filter(|c| !dessine(c)) {
        match &c.contenu {
            ContenuFiche::Texte(t) => {
                definitions = definitions.ligne(c.champ.libelle, t);
                vide = false;
            }
            ContenuFiche::Lignes(lignes) => tableaux = tableaux.et(liste(c.champ, lignes)),
        }
    }
    let lu = dessin.map(Markup::new).unwrap_or_default();
    let lu = if vide { lu } else { lu.et(definitions) };
    lu.et(tableaux)
}

/// R-FOR-18: the specialities advised nationally, with where they were read; nothing when nothing is said.
pub fn specialites(national: Option<&CadreNational>) -> Option<Markup> {
    let national = national.filter(|n| !n.specialites.is_empty())?;
    let lignes: Vec<String> = national.specialites.lines().map(str::to_owned).collect();
    let jour = Timestamp::from_millisecond(national.lu_le).map(messages::date_longue).unwrap_or_default();
    let conseil = Definitions::new()
        .ligne_markup("Enseignements de spécialité conseillés", Markup::lignes(&lignes))
        .ligne("Source du conseil", format_args!("{}, lue le {jour}", national.source));
    Some(Markup::new(conseil))
}
