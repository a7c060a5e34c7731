//! Front-end files: installs the State's design system from the lock file, keeps the part that we
//! serve, adapts it (see `build/feuilles.rs`) and leaves everything in `OUT_DIR/assets`, each text
//! beside its gzip. Nothing of it is committed; a second build reuses the folder of packages.

#[path = "build/feuilles.rs"]
mod feuilles;

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

type Resultat<T> = Result<T, String>;

fn main() {
    for watched in ["build.rs", "build", "package.json", "package-lock.json", "ui"] {
        println!("cargo:rerun-if-changed={watched}");
    }
    if let Err(message) = run() {
        eprintln!("\nerror: {message}\n");
        std::process::exit(1);
    }
}

fn run() -> Resultat<()> {
    let source = PathBuf::from(variable("CARGO_MANIFEST_DIR")?);
    let out = PathBuf::from(variable("OUT_DIR")?);
    let packages = install(&source, &out)?;
    let dsfr = packages.join("node_modules/@gouvfr/dsfr");

    let mut files: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    design_system(&dsfr, &source, &mut files)?;
    for name in ["site.css", "site.js", "cles.js", "theme/neutre.css", "favicon.svg"] {
        files.insert(name.to_owned(), read(&source.join("ui").join(name))?);
    }

    for entry in fs::read_dir(source.join("ui/guide")).map_err(|e| format!("cannot list ui/guide: {e}"))? {
        let path = entry.map_err(|e| format!("cannot list ui/guide: {e}"))?.path();
        if let (true, Some(name)) = (path.extension().is_some_and(|e| e == "webp"), path.file_name()) {
            files.insert(format!("guide/{}", name.to_string_lossy()), read(&path)?);
        }
    }

    let assets = out.join("assets");
    if assets.exists() {
        fs::remove_dir_all(&assets).map_err(|e| format!("cannot empty {}: {e}", assets.display()))?;
    }
    let mut hasher = DefaultHasher::new();
    for (name, content) in &files {
        name.hash(&mut hasher);
        content.hash(&mut hasher);
        write(&assets.join(name), content)?;
        if is_text(name) {
            write(&assets.join(format!("{name}.gz")), &gzip(content)?)?;
        }
    }
    println!("cargo:rustc-env=ASSETS_HASH={:016x}", hasher.finish());
    Ok(())
}

/// The style sheets, the script, the fonts and the icons they name.
fn design_system(dsfr: &Path, source: &Path, files: &mut BTreeMap<String, Vec<u8>>) -> Resultat<()> {
    let dist = dsfr.join("dist");
    let main = read_text(&dist.join("dsfr.main.min.css"))?;
    let print = read_text(&dist.join("dsfr.print.min.css"))?;
    let icons = read_text(&dist.join("utility/icons/icons.main.min.css"))?;
    let wanted = read_text(&source.join("ui/icones.txt"))?;
    let wanted: Vec<&str> =
        wanted.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')).collect();

    let sheets = feuilles::adapt(&main, &print, &icons, &wanted)?;
    for path in feuilles::urls(&sheets.common) {
        files.insert(path.to_owned(), read(&dist.join(path))?);
    }
    let etat = read_text(&source.join("ui/theme/etat.css"))?;
    for path in feuilles::urls(&sheets.fonts) {
        files.insert(format!("theme/{path}"), read(&dist.join(path))?);
    }
    files.insert("dsfr.css".to_owned(), sheets.common.into_bytes());
    files.insert("theme/etat.css".to_owned(), format!("{}{etat}", sheets.fonts).into_bytes());
    files.insert("theme/favicon-etat.svg".to_owned(), read(&dist.join("favicon/favicon.svg"))?);
    files.insert("dsfr.js".to_owned(), without_source_map(&read_text(&dist.join("dsfr.module.min.js"))?));
    files.insert("LICENCE-dsfr.txt".to_owned(), read(&dsfr.join("LICENSE.md"))?);
    Ok(())
}

/// A browser with its tools open would ask for a map that we do not serve.
fn without_source_map(script: &str) -> Vec<u8> {
    let kept: Vec<&str> = script.lines().filter(|line| !line.starts_with("//# sourceMappingURL=")).collect();
    kept.join("\n").into_bytes()
}

/// Runs `npm ci` once per lock file, in a folder shared by all profiles.
fn install(source: &Path, out: &Path) -> Resultat<PathBuf> {
    // OUT_DIR is <target>/<profile>/build/web-<hash>/out.
    let target = out.ancestors().nth(4).ok_or_else(|| format!("unexpected OUT_DIR {}", out.display()))?;
    let mut hasher = DefaultHasher::new();
    for name in ["package.json", "package-lock.json"] {
        read(&source.join(name))?.hash(&mut hasher);
    }
    let cache = target.join("npm");
    let ready = cache.join(format!("{:016x}", hasher.finish()));
    if ready.is_dir() {
        return Ok(ready);
    }

    // Installed aside and renamed when complete: an interrupted build leaves nothing half done.
    let partial = cache.join(format!("partial-{}", std::process::id()));
    for name in ["package.json", "package-lock.json"] {
        write(&partial.join(name), &read(&source.join(name))?)?;
    }
    if let Err(message) = npm_ci(&partial) {
        // Left behind, it would only take room: the next build starts again. The first fault matters more.
        fs::remove_dir_all(&partial).ok();
        return Err(message);
    }
    match fs::rename(&partial, &ready) {
        Ok(()) => Ok(ready),
        // Another build finished first: its folder has the same content.
        Err(_) if ready.is_dir() => {
            fs::remove_dir_all(&partial).map_err(|e| format!("cannot remove {}: {e}", partial.display()))?;
            Ok(ready)
        }
        Err(e) => Err(format!("cannot rename {} to {}: {e}", partial.display(), ready.display())),
    }
}

fn npm_ci(folder: &Path) -> Resultat<()> {
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let output = Command::new(npm)
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--omit=dev"])
        .current_dir(folder)
        .output()
        .map_err(|e| {
            format!(
                "cannot run npm ({e}).\n  The web crate embeds the design system @gouvfr/dsfr, installed by npm.\n  \
                 Install Node.js 20.19 or later with npm (Debian: apt-get install nodejs npm), then build again."
            )
        })?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!(
        "`npm ci` failed ({}).\n  Check the network and the npm registry setting, then build again. npm said:\n{}",
        output.status,
        String::from_utf8_lossy(&output.stderr)
    ))
}

fn is_text(name: &str) -> bool {
    [".css", ".js", ".svg", ".txt"].iter().any(|extension| name.ends_with(extension))
}

fn gzip(content: &[u8]) -> Resultat<Vec<u8>> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(content).and_then(|()| encoder.finish()).map_err(|e| format!("cannot compress: {e}"))
}

fn variable(name: &str) -> Resultat<String> {
    env::var(name).map_err(|e| format!("{name}: {e}"))
}

fn read(path: &Path) -> Resultat<Vec<u8>> {
    fs::read(path).map_err(|e| format!("cannot read {}: {e}", path.display()))
}

fn read_text(path: &Path) -> Resultat<String> {
    fs::read_to_string(path).map_err(|e| format!("cannot read {}: {e}", path.display()))
}

fn write(path: &Path, content: &[u8]) -> Resultat<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|e| format!("cannot create {}: {e}", folder.display()))?;
    }
    fs::write(path, content).map_err(|e| format!("cannot write {}: {e}", path.display()))
}
