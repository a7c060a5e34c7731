//! Counts what a piece of work does, by the measures that it leaves.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use metrics::{Counter, Gauge, Histogram, Key, KeyName, Metadata, Recorder, SharedString, Unit};

/// Counters by name, whatever their labels.
#[derive(Debug, Default)]
pub struct Compteurs(Mutex<BTreeMap<String, Arc<AtomicU64>>>);

impl Compteurs {
    /// What the measures of this name count while the work is done, on this thread.
    pub async fn of<T>(travail: impl Future<Output = T>, noms: [&str; 2]) -> (T, [u64; 2]) {
        let compteurs = Self::default();
        let fait = {
            let _ici = metrics::set_default_local_recorder(&compteurs);
            travail.await
        };
        let lus = compteurs.0.lock().unwrap();
        (fait, noms.map(|nom| lus.get(nom).map_or(0, |n| n.load(Ordering::Relaxed))))
    }

    /// How many statements the work takes.
    pub async fn statements<T>(travail: impl Future<Output = T>) -> (T, u64) {
        let (fait, [n, _]) =
            Self::of(travail, ["parcoursup_instructions_total", "parcoursup_hachages_total"]).await;
        (fait, n)
    }
}

impl Recorder for Compteurs {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn register_counter(&self, cle: &Key, _: &Metadata<'_>) -> Counter {
        let mut compteurs = self.0.lock().unwrap();
        Counter::from_arc(Arc::clone(compteurs.entry(cle.name().to_owned()).or_default()))
    }
    fn register_gauge(&self, _: &Key, _: &Metadata<'_>) -> Gauge {
        Gauge::noop()
    }
    fn register_histogram(&self, _: &Key, _: &Metadata<'_>) -> Histogram {
        Histogram::noop()
    }
}
