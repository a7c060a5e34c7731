//! R-API-08: the addresses that events are sent to.

// Addresses as values: `core` opens no socket.
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::erreurs::RuleViolation;

/// Characters of the address of a subscription.
pub const URL_MAX: usize = 500;

/// R-API-08: whether a message may go to this network address: one that the Internet routes, and no other. `boucle_locale`: the
/// machine itself too, for a sandbox.
pub fn is_reachable(adresse: IpAddr, boucle_locale: bool) -> bool {
    match adresse {
        _ if boucle_locale && adresse.is_loopback() => true,
        IpAddr::V4(a) => is_public_v4(a),
        IpAddr::V6(a) => is_public_v6(a),
    }
}

fn is_public_v4(a: Ipv4Addr) -> bool {
    let [o1, o2, o3, _] = a.octets();
    !(a.is_private()
        || a.is_loopback()
        || a.is_link_local()
        || a.is_multicast()
        || a.is_documentation()
        || o1 == 0
        || o1 >= 240
        // Shared by operators, assigned to protocols, to relays between versions, to measures.
        || (o1 == 100 && (64..128).contains(&o2))
        || (o1 == 192 && o2 == 0 && o3 == 0)
        || (o1 == 192 && o2 == 88 && o3 == 99)
        || (o1 == 198 && (18..20).contains(&o2)))
}

/// Only 2000::/3 is routed; within it, what is assigned to protocols or documentation, or carries another address, is not.
fn is_public_v6(a: Ipv6Addr) -> bool {
    let [s1, s2, ..] = a.segments();
    s1 & 0xe000 == 0x2000
        && !(s1 == 0x2001 && s2 < 0x0200)
        && !(s1 == 0x2001 && s2 == 0x0db8)
        && s1 != 0x2002
        && !(s1 == 0x3fff && s2 < 0x1000)
}

/// R-API-08: the address of a subscription, as it will be called: https, a host that is not on a network of ours, no name nor
/// password, no fragment. `boucle_locale`: http too, to the machine itself.
///
/// # Errors
/// [`RuleViolation::Champ`] or [`RuleViolation::TropLong`] on `url`.
pub fn check_url(texte: &str, boucle_locale: bool) -> Result<String, RuleViolation> {
    let faux = |motif| RuleViolation::Champ { champ: "url", motif };
    let net = texte.trim();
    if net.len() > URL_MAX {
        return Err(RuleViolation::TropLong { champ: "url", max: URL_MAX });
    }
    // Written so that every reader of addresses reads the same: no blank, no backslash, nothing to decode in the host.
    let illisible = |c: char| !c.is_ascii_graphic() || matches!(c, '\\' | '#' | '"' | '<' | '>' | '`');
    if net.contains(illisible) {
        return Err(faux("url_a_appeler"));
    }
    let (protege, reste) = match (net.strip_prefix("https://"), net.strip_prefix("http://")) {
        (Some(reste), _) => (true, reste),
        (None, Some(reste)) => (false, reste),
        (None, None) => return Err(faux("url_a_appeler")),
    };
    let fin = reste.find(['/', '?']).unwrap_or(reste.len());
    let autorite = reste.get(..fin).unwrap_or_default();
    let (hote, port) = split_port(autorite).ok_or_else(|| faux("url_a_appeler"))?;
    let port_juste = port.is_none_or(|p| {
        (1..=5).contains(&p.len())
            && p.bytes().all(|o| o.is_ascii_digit())
            && p.parse::<u16>().is_ok_and(|n| n > 0)
    });
    if !port_juste {
        return Err(faux("url_a_appeler"));
    }
    let hote = Hote::read(hote).ok_or_else(|| faux("url_a_appeler"))?;
    match hote {
        Hote::Adresse(a) if !is_reachable(a, boucle_locale) => Err(faux("url_privee")),
        Hote::Local if !boucle_locale => Err(faux("url_privee")),
        _ if protege || (boucle_locale && hote.is_local()) => Ok(net.to_owned()),
        _ => Err(faux("url_a_appeler")),
    }
}

/// Host, and port when there is one.
fn split_port(autorite: &str) -> Option<(&str, Option<&str>)> {
    if let Some(reste) = autorite.strip_prefix('[') {
        let (v6, apres) = reste.split_once(']')?;
        let port = match apres.strip_prefix(':') {
            Some(port) => Some(port),
            None if apres.is_empty() => None,
            None => return None,
        };
        // The brackets say that it is a number.
        return Some((autorite.get(..v6.len() + 2)?, port));
    }
    Some(match autorite.split_once(':') {
        Some((hote, port)) => (hote, Some(port)),
        None => (autorite, None),
    })
}

enum Hote {
    Adresse(IpAddr),
    Local,
    Nom,
}

impl Hote {
    fn read(hote: &str) -> Option<Self> {
        if let Some(v6) = hote.strip_prefix('[').and_then(|h| h.strip_suffix(']')) {
            return v6.parse::<Ipv6Addr>().ok().map(|a| Self::Adresse(a.into()));
        }
        if let Ok(v4) = hote.parse::<Ipv4Addr>() {
            return Some(Self::Adresse(v4.into()));
        }
        if hote.eq_ignore_ascii_case("localhost") {
            return Some(Self::Local);
        }
        let partie_juste = |p: &str| {
            (1..=63).contains(&p.len())
                && p.bytes().all(|o| o.is_ascii_alphanumeric() || o == b'-')
                && !p.starts_with('-')
                && !p.ends_with('-')
        };
        let parties: Vec<&str> = hote.split('.').collect();
        // A last part that begins with a digit is an address written otherwise: « 127.1 », « 0x7f.1 ».
        let nom = parties.len() >= 2
            && hote.len() <= 253
            && parties.iter().all(|p| partie_juste(p))
            && parties.last().is_some_and(|p| p.starts_with(|c: char| c.is_ascii_alphabetic()));
        nom.then_some(Self::Nom)
    }

    fn is_local(&self) -> bool {
        match self {
            Self::Adresse(a) => a.is_loopback(),
            Self::Local => true,
            Self::Nom => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r_api_08_only_addresses_that_the_internet_routes_are_called() {
        let motif = |url: &str, locale: bool| match check_url(url, locale) {
            Ok(_) => "",
            Err(RuleViolation::Champ { champ: "url", motif }) => motif,
            Err(autre) => panic!("{url}: {autre:?}"),
        };
        for url in [
            "https://si.lycee.example/parcoursup",
            "https://si.lycee.example:8443/a?b=c",
            "https://93.184.216.34/a",
            "https://[2a00:1450:4007:80e::200e]/a",
        ] {
            assert_eq!(motif(url, false), "", "{url}");
        }
        for url in [
            "http://si.lycee.example/",
            "ftp://si.lycee.example/",
            "https://",
            "https://lycee/",
            "https://ada:secret@si.lycee.example/",
            "https://si.lycee.example/#haut",
            "https://si.lycee.example\\@10.0.0.1/",
            "https://si.lycee.example:0/",
            "https://si.lycee.example:99999/",
            "https://2130706433/",
            "https://127.1/",
            "https://0x7f.0x1/",
            "https://[::1/",
            "https://[fe80::1%25eth0]/",
            "https://lycée.example/",
            "si.lycee.example/a",
        ] {
            assert_eq!(motif(url, false), "url_a_appeler", "{url}");
        }
        for url in [
            "https://localhost/",
            "https://127.0.0.1/",
            "https://10.1.2.3/",
            "https://172.16.0.1/",
            "https://192.168.1.1/",
            "https://169.254.169.254/latest",
            "https://100.64.0.1/",
            "https://0.0.0.0/",
            "https://224.0.0.1/",
            "https://255.255.255.255/",
            "https://[::1]/",
            "https://[::]/",
            "https://[::ffff:10.0.0.1]/",
            "https://[::ffff:93.184.216.34]/",
            "https://[fe80::1]/",
            "https://[fd00::1]/",
            "https://[ff02::1]/",
            "https://[64:ff9b::a00:1]/",
            "https://[2002:a00:1::]/",
            "https://[2001:db8::1]/",
            "https://[2001::1]/",
        ] {
            assert_eq!(motif(url, false), "url_privee", "{url}");
        }
        let longue = check_url(&format!("https://si.lycee.example/{}", "a".repeat(URL_MAX)), false);
        assert_eq!(longue, Err(RuleViolation::TropLong { champ: "url", max: URL_MAX }));
        for url in ["http://localhost:8090/a", "http://127.0.0.1:8090/", "http://[::1]:8090/"] {
            assert_eq!((motif(url, true), motif(url, false)), ("", "url_privee"), "{url}");
        }
        assert_eq!(motif("http://si.lycee.example/", true), "url_a_appeler");
        assert_eq!(motif("https://10.0.0.1/", true), "url_privee", "the machine itself alone");
    }
}
