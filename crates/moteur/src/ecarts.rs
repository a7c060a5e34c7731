//! Differences between two JSON values, by path, for a person to read.

use serde_json::Value;

/// The first differences (at most `max`) between the recorded and the computed output.
pub fn differences(attendu: &Value, obtenu: &Value, max: usize) -> Vec<String> {
    let mut found = Vec::new();
    walk("sortie", attendu, obtenu, max, &mut found);
    found
}

fn walk(chemin: &str, attendu: &Value, obtenu: &Value, max: usize, found: &mut Vec<String>) {
    if found.len() >= max || attendu == obtenu {
        return;
    }
    match (attendu, obtenu) {
        (Value::Object(a), Value::Object(o)) => {
            for (cle, valeur) in a {
                match o.get(cle) {
                    Some(autre) => walk(&format!("{chemin}.{cle}"), valeur, autre, max, found),
                    None => found.push(format!("{chemin}.{cle} : attendu {}, absent", short(valeur))),
                }
            }
            for (cle, valeur) in o.iter().filter(|(cle, _)| !a.contains_key(*cle)) {
                found.push(format!("{chemin}.{cle} : non attendu, obtenu {}", short(valeur)));
            }
        }
        (Value::Array(a), Value::Array(o)) => {
            if a.len() != o.len() {
                found.push(format!("{chemin} : {} éléments attendus, {} obtenus", a.len(), o.len()));
            }
            for (i, (valeur, autre)) in a.iter().zip(o).enumerate() {
                walk(&format!("{chemin}[{i}]"), valeur, autre, max, found);
            }
        }
        _ => found.push(format!("{chemin} : attendu {}, obtenu {}", short(attendu), short(obtenu))),
    }
    found.truncate(max);
}

fn short(valeur: &Value) -> String {
    let texte = valeur.to_string();
    if texte.chars().count() <= 80 { texte } else { texte.chars().take(79).chain(['…']).collect() }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::differences;

    #[test]
    fn names_the_path_and_both_values() {
        let attendu = json!({"changements": [{"voeu": 1, "statut": "a"}], "alerte": false});
        let obtenu = json!({"changements": [{"voeu": 1, "statut": "b"}], "surplus": 1});
        let found = differences(&attendu, &obtenu, 10);
        assert_eq!(
            found,
            [
                "sortie.alerte : attendu false, absent",
                "sortie.changements[0].statut : attendu \"a\", obtenu \"b\"",
                "sortie.surplus : non attendu, obtenu 1",
            ]
        );
        assert_eq!(differences(&attendu, &obtenu, 1).len(), 1);
        assert!(differences(&attendu, &attendu, 10).is_empty());
    }
}
