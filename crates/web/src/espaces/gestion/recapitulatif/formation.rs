//! What a course declared: state, capacity, presentation, the seven parts.

use app::documents::{Bloc, Colonne, RecapFormation};
use app::formations::{Comparaison, Parametrage, VueDescription};
use app::messages::date_heure;
use domain::formations::controle::EtatControle;
use domain::formations::description::{Champ, IMPORTANCES, LigneListe, POIDS, Rubrique, Valeur};
use domain::formations::{EtatFormation, format_montant};
use domain::grille;
use jiff::Timestamp;

use super::super::saisie::verbe;
use super::{definitions, manque, places, titre};
use crate::components::{nombre, regroupement};

/// Beyond, the columns of a list are too narrow to be read: each line is set apart.
const COLONNES_MAX: usize = 4;
/// In a cell where there is nothing to say.
const RIEN: &str = "–";

/// Title, with what tells it from the same course under student status.
pub(super) fn nom(f: &RecapFormation) -> String {
    let p = &f.parametrage;
    if p.apprentissage {
        format!("{} (apprentissage)", p.intitule.libelle)
    } else {
        p.intitule.libelle.clone()
    }
}

/// Every course on one line.
pub(super) fn resume(formations: &[RecapFormation]) -> Bloc {
    let lisibles = formations.iter().any(|f| f.parametrage.capacites_lisibles);
    let mut colonnes = vec![Colonne::new("Formation"), Colonne::new("État")];
    if lisibles {
        colonnes.push(Colonne::nombre("Capacité"));
    }
    colonnes.push(Colonne::new("Il manque"));
    let ligne = |f: &RecapFormation| {
        let p = &f.parametrage;
        let mut cellules = vec![nom(f), etat(p)];
        if lisibles {
            cellules.push(p.capacite.map_or_else(|| RIEN.to_owned(), nombre));
        }
        cellules.push(match manques(p) {
            rien if rien.is_empty() => RIEN.to_owned(),
            choses => choses.join(", "),
        });
        cellules
    };
    Bloc::Tableau { legende: String::new(), colonnes, lignes: formations.iter().map(ligne).collect() }
}

/// What prevents publication, by its name; by part for those who do not read capacities. Nothing once it is over.
fn manques(p: &Parametrage) -> Vec<&'static str> {
    if p.session.archivee || p.etat == EtatFormation::Fermee {
        return Vec::new();
    }
    if p.capacites_lisibles {
        return p.manques.clone();
    }
    p.rubriques.iter().filter(|(_, m)| !m.is_empty()).map(|(r, _)| r.libelle()).collect()
}

fn date(ms: i64) -> String {
    Timestamp::from_millisecond(ms).map(date_heure).unwrap_or_default()
}

/// « Publiée », « Brouillon, soumise au service académique ».
fn etat(p: &Parametrage) -> String {
    let suite = match (&p.controle, p.etat) {
        (_, EtatFormation::Fermee) => None,
        (Some(c), _) if c.etat == EtatControle::Soumise => Some("soumise au service académique"),
        (Some(c), _) if c.etat == EtatControle::Retournee => Some("retournée par le service académique"),
        (Some(c), EtatFormation::Brouillon) if c.etat == EtatControle::Acceptee => {
            Some("acceptée par le service académique")
        }
        (_, EtatFormation::Publiee) if p.a_publier => Some("modifiée depuis"),
        _ => None,
    };
    match suite {
        Some(suite) => format!("{}, {suite}", p.etat.libelle()),
        None => p.etat.libelle().to_owned(),
    }
}

/// The course under headings from `niveau` on.
pub(super) fn blocs(f: &RecapFormation, niveau: u8) -> Vec<Bloc> {
    let p = &f.parametrage;
    let mut blocs: Vec<Bloc> = vec![titre(niveau, "Situation")];
    blocs.extend(situation(p));
    blocs.extend(manque(&manques(p)));
    blocs.extend(retours(p));
    if p.capacites_lisibles {
        blocs.push(titre(niveau, "Capacité, places et frais"));
        blocs.extend(capacites(p));
    }
    blocs.push(titre(niveau, "Présentation"));
    blocs.push(Bloc::Paragraphe(match p.presentation.trim() {
        "" => "Aucune présentation n’est écrite.".to_owned(),
        texte => texte.to_owned(),
    }));
    for r in f.description.rubriques() {
        blocs.push(titre(niveau, r.libelle()));
        let dit = rubrique(&f.description, r, niveau + 1);
        let vide = dit.is_empty();
        blocs.extend(dit);
        let absents = p.rubriques.iter().find(|(autre, _)| *autre == r).map_or(&[][..], |(_, m)| m);
        let absents = if manques(p).is_empty() { &[] } else { absents };
        blocs.extend(manque(absents));
        if vide && absents.is_empty() {
            blocs.push(Bloc::Paragraphe("Rien n’est déclaré.".to_owned()));
        }
    }
    blocs
}

fn situation(p: &Parametrage) -> Option<Bloc> {
    let qui = p.maj_par.as_ref().map(|nom| format!(" par {nom}")).unwrap_or_default();
    let soumise = p.controle.as_ref().and_then(|c| c.soumise_le);
    let differe = if p.a_publier && p.publiee.is_some() { p.differences.join(" ; ") } else { String::new() };
    let fin = p.fin.as_ref().map(|fin| match &fin.successeur {
        _ if fin.suspendue => "Non ouverte cette année ; elle reviendra à la session suivante.".to_owned(),
        Some((_, titre)) => format!("Remplacée par « {titre} »."),
        None => "Fermée : elle ne reçoit plus de vœu.".to_owned(),
    });
    definitions(vec![
        ("État", etat(p)),
        ("Fin de la formation", fin.unwrap_or_default()),
        ("Soumise le", soumise.map(date).unwrap_or_default()),
        ("Publiée le", p.publiee.map(|x| date(x.publie_le)).unwrap_or_default()),
        ("Change depuis la publication", differe),
        ("Type de formation", p.genre.libelle().to_owned()),
        ("Statut", if p.apprentissage { "Apprentissage" } else { "Étudiant" }.to_owned()),
        (
            "Recrutement",
            if p.selective { "Formation sélective" } else { "Formation non sélective" }.to_owned(),
        ),
        ("Lieu", p.intitule.lieu.clone()),
        ("Regroupement", p.regroupement.as_ref().map(regroupement::en_bref).unwrap_or_default()),
        ("Dernière modification", format!("{}{qui}", date(p.maj_le))),
    ])
}

/// What the academic service returned, while it is to be put right.
fn retours(p: &Parametrage) -> Vec<Bloc> {
    let Some(c) = p.controle.as_ref().filter(|c| c.etat == EtatControle::Retournee) else {
        return Vec::new();
    };
    let motifs: Vec<(&str, String)> =
        c.retours.iter().map(|m| (m.libelle.as_str(), m.motif.clone())).collect();
    let intro = Bloc::Paragraphe("Le service académique demande de corriger :".to_owned());
    definitions(motifs).map_or_else(Vec::new, |d| vec![intro, d])
}

fn capacites(p: &Parametrage) -> Vec<Bloc> {
    let inconnu = || "Non déclarés".to_owned();
    let lignes = vec![
        ("Capacité d’accueil", p.capacite.map_or_else(|| "Non déclarée".to_owned(), places)),
        (
            "Frais de scolarité",
            p.frais_centimes.map_or_else(inconnu, |c| format!("{} par an", format_montant(c))),
        ),
    ];
    let mut blocs: Vec<Bloc> = definitions(lignes).into_iter().collect();
    if p.comparaison.as_ref().is_some_and(Comparaison::is_en_attente) && !p.session.archivee {
        let verbe = verbe(p.controle.is_some());
        blocs.push(Bloc::Attention(format!("La capacité enregistrée est à relire avant de {verbe}.")));
    }
    if !p.groupes.is_empty() {
        let groupe = |g: &app::formations::Groupe| {
            // Without a capacity, places are not declared: none is no « 0 ».
            let places = p.capacite.map_or_else(|| RIEN.to_owned(), |_| nombre(g.places));
            vec![g.libelle.clone(), g.series.clone(), places]
        };
        blocs.push(Bloc::Tableau {
            legende: "Places par groupe de classement".to_owned(),
            colonnes: vec![Colonne::new("Groupe"), Colonne::new("Candidats"), Colonne::nombre("Places")],
            lignes: p.groupes.iter().map(groupe).collect(),
        });
    }
    blocs
}

/// What a part says, in the order of its form: what is short first, then the lists.
fn rubrique(d: &VueDescription, r: Rubrique, niveau: u8) -> Vec<Bloc> {
    let poids = if r == Rubrique::Grille { poids(d) } else { None };
    let pese = |c: &Champ| poids.is_some() && (POIDS.contains(&c.code) || IMPORTANCES.contains(&c.code));
    let mut courts = Vec::new();
    let mut listes = Vec::new();
    for champ in r.champs(d.genre).filter(|c| !pese(c)) {
        match d.description.valeur(champ.code) {
            None => {}
            Some(Valeur::Texte(t)) => {
                let terme = if champ.public {
                    champ.libelle.to_owned()
                } else {
                    format!("{} (jamais publique)", champ.libelle)
                };
                courts.push((terme, d.lieux.lisible(champ, t)));
            }
            Some(Valeur::Lignes(lignes)) => listes.extend(liste(champ, lignes, niveau)),
        }
    }
    let courts = (!courts.is_empty()).then_some(Bloc::Definitions(courts));
    poids.into_iter().chain(courts).chain(listes).collect()
}

/// The five weights of the grid in one table; `None` while one is missing.
fn poids(d: &VueDescription) -> Option<Bloc> {
    let dit = |code: &str| {
        let texte = d.description.texte(code);
        Champ::from_code(code).filter(|_| !texte.is_empty()).map(|c| c.lisible(texte))
    };
    let mut lignes = Vec::with_capacity(POIDS.len());
    for ((poids, importance), nom) in POIDS.iter().zip(IMPORTANCES).zip(grille::CHAMPS) {
        lignes.push(vec![nom.to_owned(), dit(importance).unwrap_or_default(), format!("{} %", dit(poids)?)]);
    }
    Some(Bloc::Tableau {
        legende: "Poids des champs de la grille".to_owned(),
        colonnes: vec![Colonne::new("Champ"), Colonne::new("Importance"), Colonne::nombre("Poids")],
        lignes,
    })
}

/// A list: a table, or its lines one after another when they say too much for one.
fn liste(champ: &Champ, lignes: &[LigneListe], niveau: u8) -> Vec<Bloc> {
    let dit = |c: &Champ, l: &LigneListe| l.get(c.code).map_or_else(String::new, |v| c.lisible(v));
    let colonnes = champ.colonnes();
    if colonnes.len() > COLONNES_MAX {
        let mut blocs = Vec::new();
        for (i, l) in lignes.iter().enumerate() {
            // Its first field names the line.
            let nom = colonnes.first().map(|c| dit(c, l)).filter(|t| !t.is_empty());
            blocs.push(titre(niveau, nom.unwrap_or_else(|| format!("{} {}", champ.libelle, i + 1))));
            blocs.extend(definitions(colonnes.iter().skip(1).map(|c| (c.libelle, dit(c, l))).collect()));
        }
        return blocs;
    }
    let mut rangs: Vec<Vec<String>> =
        lignes.iter().map(|l| colonnes.iter().map(|c| dit(c, l)).collect()).collect();
    if champ.has_criteres() {
        // In the order of the fields of the grid, whatever that of the form.
        rangs.sort_by_key(|r| grille::CHAMPS.iter().position(|nom| r.first().is_some_and(|c| c == nom)));
    }
    vec![Bloc::Tableau {
        legende: champ.libelle.to_owned(),
        colonnes: colonnes.iter().map(|c| Colonne::new(c.libelle)).collect(),
        lignes: rangs,
    }]
}
