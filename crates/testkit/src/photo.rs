//! What a base holds, to be compared with another base where the same was done by other means.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use store::{Backend, Emplacement, Sql as _};

use crate::TestApp;

/// Tables that are not of the state that an act leaves, with the reason.
pub const TABLES_A_PART: &[(&str, &str)] = &[
    ("journal", "who did it, by what means, on which page"),
    ("journal_attente", "the same, before it is sealed"),
    ("journal_lecture", "what was read on the way: a page shows more than an answer"),
    ("journal_tete", "where the chain of the journal stands"),
    ("idempotence", "keys of the requests that were sent"),
    ("recepisse", "a receipt an act; a form may save what the interface writes in two"),
    ("appel_api", "the calls of a program, which people do not make"),
    ("session_web", "browsers that are signed in"),
    ("visite", "when a person last opened the home"),
    ("fil_lecture", "how far each person has read a conversation: a program reads for nobody"),
    ("brouillon_saisie", "what is typed and not saved"),
];

/// Columns that differ without the state being another, with the reason.
fn is_a_part(table: &str, colonne: &str) -> bool {
    match colonne {
        // Drawn at random: rows are told apart by their place, and named by it wherever a text names them.
        "id" | "public_id" => true,
        // After how many acts.
        "version" => true,
        // Drawn at random, as the receipts are.
        "recepisse" => table == "inscription_seance",
        // When a token was last used.
        "vu_le" => table == "jeton_api",
        // Under which role, by which account: whoever gave its token answers for what a program does.
        "role" => matches!(table, "demande_acte" | "message_fil"),
        "compte_id" => table == "message_fil",
        // Who did it, and by what means.
        _ => colonne.ends_with("_par") || colonne.ends_with("origine"),
    }
}

/// What a base holds: by table, its rows, by column.
pub type Photo = BTreeMap<String, Vec<BTreeMap<String, Value>>>;

/// Every identifier of the base, and the place of its row: « site_formation#2 ».
async fn places(t: &TestApp, tables: &BTreeSet<String>) -> BTreeMap<String, String> {
    let mut places = BTreeMap::new();
    for table in tables {
        let agrege = if t.app.db.backend() == Backend::Sqlite { "group_concat" } else { "string_agg" };
        let sql = format!(
            "SELECT {agrege}(x.public_id, ',') FROM (SELECT public_id FROM \"{table}\" ORDER BY id) x"
        );
        for (i, id) in t.mot(&sql, vec![]).await.split(',').filter(|id| !id.is_empty()).enumerate() {
            places.insert(id.to_owned(), format!("{table}#{}", i + 1));
        }
    }
    places
}

/// A text with the number of each receipt left out: « K7QX-2MWD-4FZR », drawn at random.
fn without_receipts(texte: &str) -> String {
    let is_part = |p: &str| p.len() == 4 && p.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
    let is_receipt = |mot: &str| mot.split('-').count() == 3 && mot.split('-').all(is_part);
    let mut dit = String::with_capacity(texte.len());
    for mot in texte.split_inclusive(char::is_whitespace) {
        let net = mot.trim_end();
        dit.push_str(if is_receipt(net) { "recepisse" } else { net });
        dit.push_str(&mot[net.len()..]);
    }
    dit
}

/// A text with each identifier replaced by the place of its row.
fn named(texte: &str, places: &BTreeMap<String, String>) -> String {
    let (mut dit, mut mot) = (String::new(), String::new());
    for c in texte.chars().chain(['\n']) {
        if c.is_ascii_lowercase() || c.is_ascii_digit() {
            mot.push(c);
            continue;
        }
        dit.push_str(places.get(&mot).unwrap_or(&mot));
        mot.clear();
        dit.push(c);
    }
    dit.pop();
    dit
}

/// What is sealed, opened: sealed twice, the same text is not the same bytes.
fn opened(t: &TestApp, table: &str, colonne: &str, ligne: &str, hexa: &str) -> String {
    let leak = |s: &str| -> &'static str { Box::leak(s.to_owned().into_boxed_str()) };
    let octets = data_encoding::HEXLOWER_PERMISSIVE.decode(hexa.as_bytes()).unwrap();
    let ou = Emplacement { table: leak(table), colonne: leak(colonne), ligne };
    match t.app.coffre.open(ou, &octets) {
        Ok(clair) => String::from_utf8_lossy(&clair).into_owned(),
        Err(_) => hexa.to_owned(),
    }
}

/// Every table but those left aside, in the order of its rows.
pub async fn photo(t: &TestApp) -> Photo {
    let colonnes = store::columns(&t.app.db).await.unwrap();
    let mut tables: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    for c in colonnes {
        tables.entry(c.nom_table).or_default().push((c.nom, c.genre));
    }
    for (table, _) in TABLES_A_PART {
        assert!(tables.contains_key(*table), "{table} is no table any more");
    }
    let sqlite = t.app.db.backend() == Backend::Sqlite;
    let nommees = tables.iter().filter(|(_, c)| c.iter().any(|(n, _)| n == "public_id"));
    let places = places(t, &nommees.map(|(t, _)| t.clone()).collect()).await;
    let mut photo = Photo::new();
    for (table, colonnes) in &tables {
        if TABLES_A_PART.iter().any(|(a_part, _)| a_part == table) {
            continue;
        }
        let lues = colonnes.iter().map(|(nom, genre)| match (genre.as_str(), sqlite) {
            ("bytes", true) => format!("lower(hex(\"{nom}\"))"),
            ("bytes", false) => format!("encode(\"{nom}\", 'hex')"),
            _ => format!("\"{nom}\""),
        });
        let lues = lues.collect::<Vec<_>>().join(", ");
        let cle = colonnes.iter().any(|(n, _)| n == "id");
        let ordre = match cle {
            true => "id".to_owned(),
            false => (1..=colonnes.len()).map(|i| i.to_string()).collect::<Vec<_>>().join(", "),
        };
        let rangees = format!("(SELECT * FROM \"{table}\" ORDER BY {ordre}) x");
        let sql = match sqlite {
            true => format!("SELECT json_group_array(json_array({lues})) FROM {rangees}"),
            false => format!(
                "SELECT CAST(COALESCE(json_agg(json_build_array({lues})), '[]') AS TEXT) FROM {rangees}"
            ),
        };
        let lignes: Vec<Vec<Value>> = serde_json::from_str(&t.mot(&sql, vec![]).await).unwrap();
        let place = |nom: &str| colonnes.iter().position(|(n, _)| n == nom);
        let lignes = lignes.into_iter().map(|valeurs| {
            let ligne = place("public_id").and_then(|i| valeurs[i].as_str()).unwrap_or_default().to_owned();
            let mut lue = BTreeMap::new();
            for ((nom, genre), valeur) in colonnes.iter().zip(valeurs) {
                if is_a_part(table, nom) {
                    continue;
                }
                let valeur = match valeur {
                    Value::String(hexa) if genre == "bytes" => {
                        Value::from(opened(t, table, nom, &ligne, &hexa))
                    }
                    autre => autre,
                };
                let valeur = match valeur {
                    Value::String(texte) => Value::from(named(&without_receipts(&texte), &places)),
                    autre => autre,
                };
                lue.insert(nom.clone(), valeur);
            }
            lue
        });
        photo.insert(table.clone(), lignes.collect());
    }
    photo
}

/// Where two bases differ: table, place of the row, column, what each says.
pub fn ecarts(a: &Photo, b: &Photo) -> Vec<String> {
    let mut ecarts = Vec::new();
    for (table, lignes) in a {
        let autres = &b[table];
        if lignes.len() != autres.len() {
            ecarts.push(format!("{table}: {} rows, {} rows", lignes.len(), autres.len()));
        }
        for (i, (l, m)) in lignes.iter().zip(autres).enumerate() {
            for (colonne, valeur) in l.iter().filter(|(c, v)| m[*c] != **v) {
                ecarts.push(format!("{table}#{} {colonne}: {valeur} — {}", i + 1, m[colonne]));
            }
        }
    }
    ecarts
}

#[cfg(test)]
mod tests {
    use super::without_receipts;

    #[test]
    fn the_number_of_a_receipt_is_left_out_and_a_day_is_not() {
        let dit = "Récépissé : K7QX-2MWD-4FZR\n\nLe 2023-11-20, A-B-C.";
        assert_eq!(without_receipts(dit), "Récépissé : recepisse\n\nLe 2023-11-20, A-B-C.");
        assert_eq!(without_receipts("2MWD-K7QX"), "2MWD-K7QX");
    }
}
