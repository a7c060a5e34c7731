//! The sources of this crate, for the tests that hold a table against all that writes its codes.

use std::path::Path;

/// Path and text of each file, without what its tests say.
pub(crate) fn lues() -> Vec<(String, String)> {
    let mut fichiers = Vec::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut fichiers);
    assert!(fichiers.len() > 100, "{}", fichiers.len());
    fichiers
}

fn walk(dossier: &Path, fichiers: &mut Vec<(String, String)>) {
    for entree in std::fs::read_dir(dossier).expect("sources") {
        let chemin = entree.expect("a file").path();
        if chemin.is_dir() {
            walk(&chemin, fichiers);
        } else if chemin.extension().is_some_and(|e| e == "rs") {
            let texte = std::fs::read_to_string(&chemin).expect("a text");
            let code = texte.split("#[cfg(test)]").next().unwrap_or_default().to_owned();
            fichiers.push((chemin.display().to_string(), code));
        }
    }
}
