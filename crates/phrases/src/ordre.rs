//! One candidat in the call order of a formation.

use engine::explication::{Effet, ExplicationModification, ExplicationOrdre, Garantie};
use engine::ordre_appel::{Profil, ProprieteOrdre};

use super::{CANDIDATS, Personne, Texte, accord, compte, majuscule, nombre, ordinal};

/// The explanation of a rang d'appel. `candidat` and `groupe` are named without article.
#[must_use]
pub fn explain_rang(e: &ExplicationOrdre, p: Personne, candidat: &str, groupe: &str) -> Texte {
    let rang = format!("{groupe} : rang d’appel {}", nombre(e.effet.rang_appel));
    let mut texte = Texte::new(match p {
        Personne::Lecteur => format!("{}, {rang}", majuscule(candidat)),
        Personne::Candidat => rang,
    });
    texte.push("Du classement à l’ordre d’appel", ranks(e, p));
    texte.push("L’effet des taux", rates(e, p));
    texte.push("Ce qui est garanti", vec![guaranteed(&e.garantie, e, p)]);
    texte
}

/// The explanation of a late change of ranking.
#[must_use]
pub fn explain_modification(e: &ExplicationModification, candidat: &str, groupe: &str) -> Texte {
    let mut texte = explain_rang(&e.apres, Personne::Lecteur, candidat, groupe);
    let rang = nombre(e.apres.effet.rang_appel);
    let phrase = match e.rang_appel_avant {
        None => format!(
            "Le classement est corrigé : ce candidat, qui n’y était pas, y entre au rang {}. Son rang d’appel est {rang}.",
            nombre(e.apres.rang)
        ),
        Some(avant) => format!(
            "Le classement est corrigé : ce candidat passe au rang {}. Son rang d’appel était {} ; il {} {rang}.",
            nombre(e.apres.rang),
            nombre(avant),
            if avant == e.apres.effet.rang_appel { "reste" } else { "devient" }
        ),
    };
    let suite = "Les autres candidats gardent leur ordre entre eux ; ceux qui avaient ce rang d’appel ou un rang suivant reculent \
                 d’un rang, sans que celui qui leur est affiché change.";
    texte.parties.insert(
        0,
        super::Partie {
            titre: "La correction du classement",
            phrases: vec![phrase, suite.to_owned()],
            liste: Vec::new(),
        },
    );
    texte
}

fn ranks(e: &ExplicationOrdre, p: Personne) -> Vec<String> {
    let appel = format!(
        "{} {} : c’est {} rang d’appel. Les propositions sont faites dans cet ordre, qui est le classement de la formation \
         modifié, une seule fois, pour respecter les taux fixés par le recteur.",
        p.dit("Il est appelé", "Vous passez"),
        ordinal(e.effet.rang_appel),
        p.dit("son", "votre")
    );
    // The rank that the formation gave is not shown to candidats.
    if p.is_candidat() {
        return vec![appel];
    }
    let mut classement = format!(
        "La formation a classé {} ; celui-ci est au rang {}",
        compte(e.classes, CANDIDATS),
        nombre(e.rang)
    );
    if i64::from(e.rang) != i64::from(e.place) {
        classement
            .push_str(&format!(", le {} de la liste, car des rangs n’y sont pas occupés", ordinal(e.place)));
    }
    vec![classement + ".", appel]
}

fn rates(e: &ExplicationOrdre, p: Personne) -> Vec<String> {
    let (qb, qr) = (e.taux_min_boursiers, e.taux_min_residents);
    if qb == 0 && qr == 0 {
        return vec![
            "Aucun taux ne s’applique ici : l’ordre d’appel est celui du classement, sans changement."
                .to_owned(),
        ];
    }
    let mut phrases = Vec::new();
    if qb > 0 {
        phrases.push(format!(
            "Taux de boursiers : aussi loin qu’on appelle, au moins {} % des candidats appelés sont des boursiers du \
             secondaire, tant qu’il en reste. {}.",
            nombre(qb),
            counted(p, e.profil.is_boursier(), e.boursiers, e.classes, ["boursier", "boursiers"])
        ));
        phrases.push(effect(Taux::Seul, &e.boursiers_seuls, e.place, p));
    }
    if qr > 0 {
        phrases.push(format!(
            "Taux de résidents : aussi loin qu’on appelle, au moins {} % des candidats appelés sont du secteur de la \
             formation (ou assimilés), tant qu’il en reste et que le taux de boursiers le permet. {}.",
            nombre(qr),
            counted(p, e.profil.is_resident(), e.residents, e.classes, ["du secteur", "du secteur"])
        ));
        phrases.push(effect(Taux::Seul, &e.residents_seuls, e.place, p));
    }
    if qb > 0 && qr > 0 {
        phrases.push(effect(Taux::Ensemble, &e.effet, e.place, p));
    }
    phrases
}

/// Whose effect it is.
#[derive(Clone, Copy)]
enum Taux {
    Seul,
    Ensemble,
}

/// Whether the candidat counts for a rate; among how many, for whoever reads the runs.
fn counted(p: Personne, yes: bool, n: u32, classes: u32, formes: [&str; 2]) -> String {
    match (p, yes) {
        (Personne::Lecteur, _) => format!("{} ; ce candidat {}", share(n, classes, formes), is(yes)),
        (Personne::Candidat, true) => "Le calcul vous compte parmi eux".to_owned(),
        (Personne::Candidat, false) => "Le calcul ne vous compte pas parmi eux".to_owned(),
    }
}

/// What a rate does: in how many ranks for whoever reads the runs. Told so, the rank given by the formation would be known to the
/// candidat, who reads which way they move.
fn effect(taux: Taux, effet: &Effet, place: u32, p: Personne) -> String {
    match (p, taux) {
        (Personne::Lecteur, Taux::Seul) => moved("Avec ce seul taux", effet, place),
        (Personne::Lecteur, Taux::Ensemble) => moved("Avec les deux taux ensemble", effet, place),
        (Personne::Candidat, Taux::Seul) => direction(
            "À lui seul, ce taux",
            effet,
            place,
            ["vous fait avancer", "vous fait reculer", "ne change pas"],
        ),
        (Personne::Candidat, Taux::Ensemble) => direction(
            "Ensemble, les deux taux",
            effet,
            place,
            ["vous font avancer", "vous font reculer", "ne changent pas"],
        ),
    }
}

fn direction(debut: &str, effet: &Effet, place: u32, [avance, recule, rien]: [&str; 3]) -> String {
    match effet.rang_appel.cmp(&place) {
        std::cmp::Ordering::Less => format!("{debut} {avance} dans l’ordre d’appel."),
        std::cmp::Ordering::Greater => format!("{debut} {recule} dans l’ordre d’appel."),
        std::cmp::Ordering::Equal => format!("{debut} {rien} votre rang."),
    }
}

/// « 2 des 8 candidats classés sont boursiers ».
fn share(n: u32, classes: u32, formes: [&str; 2]) -> String {
    match n {
        0 => format!("Aucun des {} n’est {}", compte(classes, CLASSES), formes[0]),
        n if n == classes && n > 1 => format!("Les {} sont tous {}", compte(classes, CLASSES), formes[1]),
        n if n == classes => format!("Le seul candidat classé est {}", formes[0]),
        n => format!(
            "{} des {} {} {}",
            nombre(n),
            compte(classes, CLASSES),
            accord(n, "est", "sont"),
            accord(n, formes[0], formes[1])
        ),
    }
}

const CLASSES: [&str; 3] = ["candidats classés", "candidat classé", "candidats classés"];

const fn is(yes: bool) -> &'static str {
    if yes { "l’est" } else { "ne l’est pas" }
}

fn moved(debut: &str, effet: &Effet, place: u32) -> String {
    let mut parts = Vec::new();
    if effet.gagnees > 0 {
        parts.push(format!(
            "{} mieux classé{} {} après lui",
            compte(effet.gagnees, CANDIDATS),
            accord(effet.gagnees, "", "s"),
            accord(effet.gagnees, "est appelé", "sont appelés")
        ));
    }
    if effet.perdues > 0 {
        parts.push(format!(
            "{} moins bien classé{}{} {} avant lui",
            compte(effet.perdues, CANDIDATS),
            accord(effet.perdues, "", "s"),
            kinds(effet),
            accord(effet.perdues, "est appelé", "sont appelés")
        ));
    }
    if parts.is_empty() {
        return format!("{debut}, rien ne change pour lui : il est appelé {}.", ordinal(effet.rang_appel));
    }
    let total = match effet.rang_appel.cmp(&place) {
        std::cmp::Ordering::Less => {
            format!(
                "il gagne {} et est appelé {}",
                compte(place - effet.rang_appel, RANGS),
                ordinal(effet.rang_appel)
            )
        }
        std::cmp::Ordering::Greater => {
            format!(
                "il perd {} et est appelé {}",
                compte(effet.rang_appel - place, RANGS),
                ordinal(effet.rang_appel)
            )
        }
        std::cmp::Ordering::Equal => format!("les deux se compensent, il est appelé {}", ordinal(place)),
    };
    format!("{debut}, {} : {total}.", parts.join(" et "))
}

const RANGS: [&str; 3] = ["aucun rang", "rang", "rangs"];

/// « (dont 2 boursiers et 1 du secteur) »: who was called before.
fn kinds(effet: &Effet) -> String {
    let (n, b, r) = (effet.perdues, effet.perdues_boursiers, effet.perdues_residents);
    let boursiers = compte(b, ["aucun boursier", "boursier", "boursiers"]);
    let texte = match (n, b, r) {
        (_, 0, 0) => return String::new(),
        (1, 1, 1) => "boursier et du secteur".to_owned(),
        (1, 1, _) => "boursier".to_owned(),
        (1, ..) => "du secteur".to_owned(),
        _ if b == n && r == n => "tous boursiers et du secteur".to_owned(),
        _ if b == n && r == 0 => "tous boursiers".to_owned(),
        _ if r == n && b == 0 => "tous du secteur".to_owned(),
        _ if b == n => format!("tous boursiers, dont {} du secteur", nombre(r)),
        _ if r == n => format!("tous du secteur, dont {boursiers}"),
        (_, 0, r) => format!("dont {} du secteur", nombre(r)),
        (_, _, 0) => format!("dont {boursiers}"),
        _ => format!("dont {boursiers} et {} du secteur", nombre(r)),
    };
    format!(" ({texte})")
}

fn guaranteed(garantie: &Garantie, e: &ExplicationOrdre, p: Personne) -> String {
    let profil = describe(e.profil, e);
    let regle = match garantie.propriete {
        ProprieteOrdre::O2 => "n’est jamais dépassé : personne de moins bien classé n’est appelé avant lui",
        ProprieteOrdre::O3 if e.taux_min_boursiers == 0 => {
            "n’est dépassé par personne, faute de taux de boursiers"
        }
        ProprieteOrdre::O3 => "ne peut être dépassé que par des boursiers",
        ProprieteOrdre::O4 => "ne peut être dépassé que par des candidats du secteur",
        _ => "ne dépasse personne ; seuls des boursiers ou des candidats du secteur peuvent passer avant lui",
    };
    // The number of the rule is a word of those who check the computation.
    if p.is_candidat() {
        return format!("{} {regle}.", majuscule(profil));
    }
    let debut = format!("{} {regle} (règle {:?}).", majuscule(profil), garantie.propriete);
    let borne = match garantie.rang_appel_maximal {
        Some(rang) => format!(
            "Classé {} sur {}, il est appelé {} au plus tard, quels que soient les autres.",
            ordinal(e.place),
            nombre(e.classes),
            ordinal(rang)
        ),
        None => "Avec ces taux, aucun rang d’appel n’est garanti.".to_owned(),
    };
    format!("{debut} {borne}")
}

/// What counts in the candidat: only what a rate looks at.
fn describe(profil: Profil, e: &ExplicationOrdre) -> &'static str {
    match (profil.is_boursier(), profil.is_resident(), e.taux_min_residents > 0) {
        (true, true, true) => "un boursier du secteur",
        (true, false, true) => "un boursier hors du secteur",
        (false, true, true) => "un candidat du secteur qui n’est pas boursier",
        (false, false, true) => "un candidat hors du secteur qui n’est pas boursier",
        (true, _, false) => "un boursier",
        (false, _, false) => "un candidat qui n’est pas boursier",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ranked 5th of 8 under two rates, called 4th: 2 gained, 1 lost.
    fn exemple() -> ExplicationOrdre {
        let effet = |rang_appel, gagnees, perdues| Effet { rang_appel, gagnees, perdues, ..Effet::default() };
        ExplicationOrdre {
            classes: 8,
            boursiers: 2,
            residents: 6,
            taux_min_boursiers: 30,
            taux_min_residents: 50,
            profil: Profil::new(true, false),
            rang: 7,
            place: 5,
            effet: effet(4, 2, 1),
            boursiers_seuls: effet(1, 4, 0),
            residents_seuls: effet(8, 0, 3),
            garantie: Garantie { propriete: ProprieteOrdre::O4, rang_appel_maximal: Some(8) },
        }
    }

    #[test]
    fn a_candidat_reads_which_way_rates_move_them_and_never_the_rank_given_by_the_formation() {
        let texte = explain_rang(&exemple(), Personne::Candidat, "candidat 3", "BTS Optique").to_string();
        for dit in [
            "BTS Optique : rang d’appel 4",
            "Vous passez 4e : c’est votre rang d’appel.",
            "au moins 30 % des candidats appelés",
            "Le calcul vous compte parmi eux.",
            "À lui seul, ce taux vous fait avancer dans l’ordre d’appel.",
            "Le calcul ne vous compte pas parmi eux.",
            "À lui seul, ce taux vous fait reculer dans l’ordre d’appel.",
            "Ensemble, les deux taux vous font avancer dans l’ordre d’appel.",
            "Un boursier hors du secteur ne peut être dépassé que par des candidats du secteur.",
        ] {
            assert!(texte.contains(dit), "{dit} : {texte}");
        }
        // Neither the rank nor the place, nor what would give them: how many ranks are gained, how many are ranked, the guaranteed rank.
        for tu in ["candidat 3", "5e", "rang 7", "gagne", "perd", " 8", "classés sont", "mieux classé"] {
            assert!(!texte.contains(tu), "{tu} : {texte}");
        }
        let lecteur = explain_rang(&exemple(), Personne::Lecteur, "candidat 3", "BTS Optique").to_string();
        assert!(lecteur.starts_with("Candidat 3, BTS Optique : rang d’appel 4"), "{lecteur}");
        assert!(lecteur.contains("celui-ci est au rang 7, le 5e de la liste"), "{lecteur}");
    }

    #[test]
    fn a_rate_that_moves_nobody_is_told_so() {
        let reste = Effet { rang_appel: 5, ..Effet::default() };
        let e = ExplicationOrdre {
            taux_min_residents: 0,
            effet: reste,
            boursiers_seuls: reste,
            residents_seuls: reste,
            ..exemple()
        };
        let texte = explain_rang(&e, Personne::Candidat, "", "BTS Optique").to_string();
        assert!(texte.contains("À lui seul, ce taux ne change pas votre rang."), "{texte}");
        assert!(!texte.contains("Ensemble"), "{texte}");
    }
}
