//! WEB-3: the client's address, decided once.

use std::net::{IpAddr, Ipv6Addr};

use axum::http::HeaderMap;

/// The peer, unless it is a declared proxy: then the last undeclared hop of `X-Forwarded-For`, read from the right.
pub(crate) fn client(pair: IpAddr, entetes: &HeaderMap, mandataires: &[IpAddr]) -> IpAddr {
    if !mandataires.contains(&pair) {
        return pair;
    }
    let sauts: Vec<IpAddr> = entetes
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|v| v.to_str().ok())
        .flat_map(|v| v.split(','))
        .filter_map(|s| s.trim().parse().ok())
        .collect();
    sauts.iter().rev().find(|s| !mandataires.contains(s)).copied().unwrap_or(pair)
}

/// SEC-2: a network is an IPv4 address or the first 64 bits of an IPv6 one.
pub(super) fn reseau(adresse: IpAddr) -> String {
    match adresse {
        IpAddr::V4(v4) => v4.to_string(),
        IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
            Some(v4) => v4.to_string(),
            None => {
                let s = v6.segments();
                format!("{}/64", Ipv6Addr::new(s[0], s[1], s[2], s[3], 0, 0, 0, 0))
            }
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entetes(valeur: &str) -> HeaderMap {
        let mut h = HeaderMap::new();
        h.insert("x-forwarded-for", valeur.parse().expect("header"));
        h
    }

    #[test]
    fn web_3_a_spoofed_header_has_no_effect_without_a_declared_proxy() {
        let pair: IpAddr = "203.0.113.9".parse().expect("address");
        assert_eq!(client(pair, &entetes("10.0.0.1"), &[]), pair);
    }

    #[test]
    fn web_3_behind_a_declared_proxy_the_last_undeclared_hop_counts() {
        let proxy: IpAddr = "127.0.0.1".parse().expect("address");
        let vrai: IpAddr = "198.51.100.4".parse().expect("address");
        assert_eq!(client(proxy, &entetes("1.2.3.4, 198.51.100.4, 127.0.0.1"), &[proxy]), vrai);
    }

    #[test]
    fn sec_2_an_ipv6_network_is_its_first_64_bits() {
        let a: IpAddr = "2001:db8:1:2:aaaa::1".parse().expect("address");
        let b: IpAddr = "2001:db8:1:2:bbbb::9".parse().expect("address");
        assert_eq!(reseau(a), reseau(b));
        assert_eq!(reseau("::ffff:192.0.2.1".parse().expect("address")), "192.0.2.1");
    }
}
