//! What may not be in `Cargo.lock`: a C library with its own advisories, a second TLS, a crate that downloads when built.

const BANNED: &[&str] = &["openssl-sys", "native-tls", "aws-lc-sys"];

#[test]
fn no_banned_crate_is_locked() {
    let lock = super::document("Cargo.lock");
    assert!(lock.lines().any(|line| line == "name = \"rustls\""), "Cargo.lock is not read as expected");
    let faults: Vec<String> = BANNED
        .iter()
        .filter(|name| lock.lines().any(|line| line == format!("name = \"{name}\"")))
        .map(|name| (*name).to_owned())
        .collect();
    super::none(&faults, "refused crates in Cargo.lock (cargo tree -i NAME tells who brings them)");
}
