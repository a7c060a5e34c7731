#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]
//! The independent verifier on every recorded output of the oracle: all are sound, and it sees when one is altered.

mod commun;

use commun::{each_case, oracle};
use engine::propositions::Options;
use moteur::evaluation::{evaluate, verify};
use serde_json::Value;

#[test]
fn the_recorded_outputs_are_sound() {
    for fichier in [
        "ordre_appel.jsonl.gz",
        "ordre_appel_moyen.jsonl.gz",
        "propositions.jsonl.gz",
        "propositions_moyen.jsonl.gz",
    ] {
        let Some(chemin) = oracle(fichier) else { return };
        let mut wrong = Vec::new();
        each_case(&chemin, |lieu, ligne| {
            let (cas, faults) = verify(lieu, ligne).unwrap();
            if !faults.is_empty() {
                wrong.push(format!("{cas} : {faults:#?}"));
            }
        });
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}

/// Drops one proposition: the verifier must notice, but for a boarding voeu on a day of several passes (its bar may
/// have been lower before) or one of the two variants of a candidat.
#[test]
fn altered_outputs_are_seen() {
    let Some(chemin) = oracle("propositions.jsonl.gz") else { return };
    let (mut altered, mut seen) = (0, 0);
    each_case(&chemin, |lieu, ligne| {
        let mut cas: Value = serde_json::from_str(ligne).unwrap();
        let Some(changements) = cas["sortie"]["changements"].as_array_mut() else { return };
        let Some(k) = changements.iter().position(|c| c["statut"] == "proposition_du_jour") else { return };
        changements.remove(k);
        altered += 1;
        seen += i32::from(!verify(lieu, &cas.to_string()).unwrap().1.is_empty());
    });
    assert!(altered > 200, "{altered}");
    assert!(seen * 100 >= altered * 90, "{seen} of {altered}");
}

/// With the repair, no day ends with an output that its own verifier, or the next morning, refuses.
#[test]
fn repaired_outputs_are_sound() {
    let Some(chemin) = oracle("propositions.jsonl.gz") else { return };
    let mut repaired = 0;
    each_case(&chemin, |lieu, ligne| {
        let mut cas: Value = serde_json::from_str(ligne).unwrap();
        if cas["sortie"]["alerte"] != true {
            return;
        }
        let evalue = evaluate(lieu, ligne, &Options { reparation: true }).unwrap();
        let sortie = evalue.resultat.sortie;
        assert_eq!(sortie["alerte"], true, "{}", evalue.cas);
        repaired += 1;
        cas["sortie"] = sortie;
        let (_, faults) = verify(lieu, &cas.to_string()).unwrap();
        assert!(faults.is_empty(), "{} : {faults:#?}", evalue.cas);
    });
    assert!(repaired > 10, "{repaired}");
}
