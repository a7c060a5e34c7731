//! A document as the template reads it: JSON whose text can all be drawn.

use std::borrow::Cow;

use app::documents::{Bloc, Colonne, Document};
use serde_json::{Value, json};

use crate::monde::is_dessine;

/// Stands for a character that no font of ours draws.
const INCONNU: char = '□';
/// Characters on end that a heading, a line and a cell hold: beyond, the line may end anywhere.
const TITRE: usize = 25;
const LIGNE: usize = 60;
const CELLULE: usize = 20;

/// The document as JSON.
pub(crate) fn donnees(d: &Document) -> String {
    json!({
        "titre": net(&d.titre, TITRE),
        "chapeau": d.chapeau.iter().map(|t| net(t, LIGNE)).collect::<Vec<_>>(),
        "rappel": net(&d.rappel, LIGNE),
        "sommaire": d.sommaire,
        "blocs": d.blocs.iter().map(bloc).collect::<Vec<_>>(),
    })
    .to_string()
}

fn bloc(b: &Bloc) -> Value {
    match b {
        Bloc::Titre { niveau, texte } => {
            let net = match net(texte, TITRE) {
                // Typed, and nothing of it is seen: a heading says something.
                rien if rien.trim().is_empty() && !texte.is_empty() => INCONNU.to_string().into(),
                net => net,
            };
            json!({ "genre": "titre", "niveau": niveau, "texte": net })
        }
        Bloc::Paragraphe(t) => json!({ "genre": "paragraphe", "texte": net(t, LIGNE) }),
        Bloc::Attention(t) => json!({ "genre": "attention", "texte": net(t, LIGNE) }),
        Bloc::Definitions(lignes) => json!({
            "genre": "definitions",
            "lignes": lignes.iter().map(|(t, v)| [net(t, CELLULE), net(v, LIGNE)]).collect::<Vec<_>>(),
        }),
        Bloc::Liste(points) => {
            json!({ "genre": "liste", "points": points.iter().map(|t| net(t, LIGNE)).collect::<Vec<_>>() })
        }
        Bloc::Tableau { legende, colonnes, lignes } => json!({
            "genre": "tableau",
            "legende": net(legende, LIGNE),
            "colonnes": colonnes.iter().enumerate().map(|(i, c)| colonne(c, i, lignes)).collect::<Vec<_>>(),
            "lignes": lignes
                .iter()
                .map(|l| l.iter().map(|t| net(t, CELLULE)).collect::<Vec<_>>())
                .collect::<Vec<_>>(),
        }),
        Bloc::Page => json!({ "genre": "page" }),
    }
}

/// Characters that a column holds without being given a part of the width.
const COURTE: usize = 24;

fn colonne(c: &Colonne, place: usize, lignes: &[Vec<String>]) -> Value {
    let long = |t: &str| t.chars().count();
    let cellules = || lignes.iter().filter_map(|l| l.get(place)).map(|t| long(t));
    let plus_longue = cellules().max().unwrap_or(0).max(long(&c.titre));
    // Twice the text is not twice the width: it would leave nothing to the others.
    let moyenne = cellules().sum::<usize>() / lignes.len().max(1);
    let part = match plus_longue {
        n if n <= COURTE => 0,
        _ => moyenne.max(COURTE).isqrt().min(12),
    };
    json!({ "titre": net(&c.titre, CELLULE), "nombre": c.nombre, "part": part })
}

/// The text without what an accessible file forbids or a reader does not see: control characters and marks that turn the
/// direction of reading are dropped, what has no drawing is a square; lines end where they must.
fn net(texte: &str, suite: usize) -> Cow<'_, str> {
    let mut d_un_trait = 0;
    let admis = |c: char| c == '\n' || (!is_invisible(c) && is_dessine(c));
    let long = |t: &str| t.split(is_fin_de_mot).any(|mot| mot.chars().count() > suite);
    if texte.chars().all(admis) && !long(texte) {
        return Cow::Borrowed(texte);
    }
    let mut sortie = String::with_capacity(texte.len() + 16);
    for c in texte.chars() {
        if c == '\n' || c == '\t' {
            sortie.push(if c == '\n' { '\n' } else { ' ' });
            d_un_trait = 0;
            continue;
        }
        if is_invisible(c) {
            continue;
        }
        d_un_trait = if is_fin_de_mot(c) { 0 } else { d_un_trait + 1 };
        if d_un_trait > suite {
            sortie.push('\u{200b}');
            d_un_trait = 1;
        }
        sortie.push(if is_dessine(c) { c } else { INCONNU });
    }
    Cow::Owned(sortie)
}

/// Where a line may end: no-break spaces are of the word.
fn is_fin_de_mot(c: char) -> bool {
    c.is_whitespace() && !matches!(c, '\u{a0}' | '\u{2007}' | '\u{202f}')
}

/// Controls, joiners, marks of direction, variants of a drawing, private use, what is no character.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(
            u32::from(c),
            0xAD | 0x34F
                | 0x61C
                | 0x180B..=0x180F
                | 0x200B..=0x200F
                | 0x2028..=0x202E
                | 0x2060..=0x206F
                | 0xFE00..=0xFE0F
                | 0xFEFF
                | 0xFFF0..=0xFFFB
                | 0xFFFE..=0xFFFF
                | 0xE000..=0xF8FF
                | 0xE0000..=0x10_FFFF
        )
}
