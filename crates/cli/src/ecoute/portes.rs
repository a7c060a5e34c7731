//! WEB-4: so many connections in all, so many of one address, and a queue for the next ones.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use metrics::counter;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How many connections are served at once, and how many wait.
#[derive(Debug, Clone)]
pub struct Foule {
    pub total: usize,
    /// Of one IPv4 address, or of the first 64 bits of an IPv6 one: a school has one address.
    pub par_adresse: usize,
    /// Connections that wait; the next one is closed.
    pub file: usize,
    /// Declared proxies: they carry everybody, and bound their own visitors.
    pub mandataires: Vec<IpAddr>,
}

/// The doors of the server.
pub struct Portes {
    foule: Foule,
    places: Arc<Semaphore>,
    file: Arc<Semaphore>,
    adresses: Mutex<HashMap<IpAddr, Weak<Semaphore>>>,
}

/// A connection that is served: gives its places back when it is dropped.
pub struct Place {
    _adresse: Option<OwnedSemaphorePermit>,
    _place: OwnedSemaphorePermit,
}

/// SEC-2: what one visitor holds of IPv6 is 64 bits wide.
fn reseau(adresse: IpAddr) -> IpAddr {
    match adresse.to_canonical() {
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() >> 64 << 64)),
        v4 => v4,
    }
}

impl Portes {
    pub fn new(foule: Foule) -> Self {
        Self {
            places: Arc::new(Semaphore::new(foule.total)),
            file: Arc::new(Semaphore::new(foule.file)),
            adresses: Mutex::default(),
            foule,
        }
    }

    /// The places of an address; none is counted for a declared proxy.
    fn of(&self, adresse: IpAddr) -> Option<Arc<Semaphore>> {
        let adresse = adresse.to_canonical();
        if self.foule.mandataires.contains(&adresse) {
            return None;
        }
        let mut adresses = self.adresses.lock().unwrap_or_else(PoisonError::into_inner);
        let reseau = reseau(adresse);
        if let Some(siennes) = adresses.get(&reseau).and_then(Weak::upgrade) {
            return Some(siennes);
        }
        // As many addresses as connections at most: those that left are forgotten when another one comes.
        if adresses.len() >= self.foule.total {
            adresses.retain(|_, places| places.strong_count() > 0);
        }
        let siennes = Arc::new(Semaphore::new(self.foule.par_adresse));
        adresses.insert(reseau, Arc::downgrade(&siennes));
        Some(siennes)
    }

    /// Waits for a place. `None` when too many wait already.
    pub async fn enter(&self, adresse: IpAddr) -> Option<Place> {
        let siennes = self.of(adresse);
        if let Some(place) = self.enter_at_once(siennes.as_ref()) {
            return Some(place);
        }
        let Ok(_attente) = self.file.try_acquire() else {
            counter!("parcoursup_connexions_refusees_total").increment(1);
            return None;
        };
        counter!("parcoursup_connexions_en_file_total").increment(1);
        let adresse = match siennes {
            Some(siennes) => Some(siennes.acquire_owned().await.ok()?),
            None => None,
        };
        let place = Arc::clone(&self.places).acquire_owned().await.ok()?;
        Some(Place { _adresse: adresse, _place: place })
    }

    fn enter_at_once(&self, siennes: Option<&Arc<Semaphore>>) -> Option<Place> {
        let adresse = match siennes {
            Some(siennes) => Some(Arc::clone(siennes).try_acquire_owned().ok()?),
            None => None,
        };
        let place = Arc::clone(&self.places).try_acquire_owned().ok()?;
        Some(Place { _adresse: adresse, _place: place })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MANDATAIRE: &str = "127.0.0.1";

    fn portes(total: usize, par_adresse: usize, file: usize) -> Arc<Portes> {
        let mandataires = vec![ip(MANDATAIRE)];
        Arc::new(Portes::new(Foule { total, par_adresse, file, mandataires }))
    }

    fn ip(texte: &str) -> IpAddr {
        texte.parse().expect("address")
    }

    /// Enters in the background: `None` while it waits.
    async fn waits(p: &Arc<Portes>, adresse: &str) -> tokio::task::JoinHandle<Option<Place>> {
        let (p, adresse) = (Arc::clone(p), ip(adresse));
        let entre = tokio::spawn(async move { p.enter(adresse).await });
        tokio::task::yield_now().await;
        entre
    }

    #[tokio::test]
    async fn web_4_the_501st_connection_of_an_address_waits_and_others_do_not() {
        let p = portes(4_000, 500, 10);
        let mut tenues = Vec::new();
        for _ in 0..500 {
            tenues.push(p.enter(ip("192.0.2.10")).await.expect("a place"));
        }
        let suivante = waits(&p, "192.0.2.10").await;
        assert!(!suivante.is_finished());
        assert!(p.enter(ip("192.0.2.11")).await.is_some());
        drop(tenues.pop());
        assert!(suivante.await.expect("joined").is_some());
        // A visitor changes the end of an IPv6 address at will, and an IPv4 one may be written as IPv6.
        let p = portes(10, 1, 0);
        let _une = p.enter(ip("2001:db8:1:2::1")).await.expect("a place");
        assert!(p.enter(ip("2001:db8:1:2:ffff::9")).await.is_none());
        assert!(p.enter(ip("2001:db8:1:3::1")).await.is_some());
        let _autre = p.enter(ip("192.0.2.1")).await.expect("a place");
        assert!(p.enter(ip("::ffff:192.0.2.1")).await.is_none());
    }

    #[tokio::test]
    async fn web_4_the_connection_after_the_last_waits_and_the_queue_is_bounded() {
        let p = portes(3, 2, 2);
        let mut tenues = Vec::new();
        for adresse in ["192.0.2.1", "192.0.2.1", "192.0.2.2"] {
            tenues.push(p.enter(ip(adresse)).await.expect("a place"));
        }
        let (a, b) = (waits(&p, "192.0.2.3").await, waits(&p, MANDATAIRE).await);
        assert!(!a.is_finished() && !b.is_finished());
        assert!(p.enter(ip("192.0.2.4")).await.is_none(), "the queue is full");
        drop(tenues);
        assert!(a.await.expect("joined").is_some() && b.await.expect("joined").is_some());
        assert_eq!((p.places.available_permits(), p.file.available_permits()), (3, 2), "all given back");
    }

    #[tokio::test]
    async fn web_4_a_declared_proxy_carries_everybody() {
        let p = portes(100, 2, 0);
        let mut tenues = Vec::new();
        for _ in 0..100 {
            tenues.push(p.enter(ip(MANDATAIRE)).await.expect("a place"));
        }
        assert!(p.enter(ip(MANDATAIRE)).await.is_none(), "in all");
        drop(tenues);
        for n in 0..1_000u32 {
            assert!(p.enter(IpAddr::V4(n.into())).await.is_some());
        }
        assert!(p.adresses.lock().expect("lock").len() <= 101, "addresses that left are forgotten");
    }
}
