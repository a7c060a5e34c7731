//! R-ADM-18: the version that the record of a run names is that of the sources that decide, not only that of the program. Their
//! fingerprint is what a shell gives at the root of the repository (`docs/proces-verbaux.md`): the SHA-256 of the list that
//! `sha256sum` writes of them, in the order of their paths. Made here because all of them are compiled into this crate.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

use sha2::{Digest as _, Sha256};

/// What computes, verifies, judges and seals a run. The lock file is left out: it changes with whatever draws a page, and the engine
/// and the reference decide by no other code than their own.
const DECIDE: [&str; 5] = [
    "crates/app/src/admission",
    "crates/domain/src/admission",
    "crates/engine/src",
    "crates/juge/src",
    "crates/reference/src",
];

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default()).join("../..");
    println!("cargo:rerun-if-changed=build.rs");
    let mut sources = Vec::new();
    for folder in DECIDE {
        println!("cargo:rerun-if-changed=../../{folder}");
        walk(&root, folder, &mut sources).map_err(|e| io::Error::other(format!("{folder}: {e}")))?;
    }
    sources.sort_unstable();
    let mut list = String::new();
    for source in &sources {
        list.push_str(&format!("{}  {source}\n", sha256(&fs::read(root.join(source))?)));
    }
    println!("cargo:rustc-env=SOURCES_QUI_DECIDENT={}", &sha256(list.as_bytes())[..16]);
    Ok(())
}

/// The sources of a folder, by their path from the root of the repository.
fn walk(root: &Path, folder: &str, sources: &mut Vec<String>) -> io::Result<()> {
    for entry in fs::read_dir(root.join(folder))? {
        let entry = entry?;
        let path = format!("{folder}/{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            walk(root, &path, sources)?;
        } else if path.ends_with(".rs") {
            sources.push(path);
        }
    }
    Ok(())
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
