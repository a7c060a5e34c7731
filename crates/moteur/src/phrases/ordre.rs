//! One candidat in the call order of a formation.

use engine::explication::{Effet, ExplicationModification, ExplicationOrdre, Garantie};
use engine::ordre_appel::{Profil, ProprieteOrdre};

use super::{CANDIDATS, Texte, accord, compte, majuscule, nombre, ordinal};

/// The explanation of a rang d'appel. `candidat` and `groupe` are named without article.
#[must_use]
pub fn explain_rang(e: &ExplicationOrdre, candidat: &str, groupe: &str) -> Texte {
    let mut texte = Texte::new(format!(
        "{}, {groupe} : rang d’appel {}",
        majuscule(candidat),
        nombre(e.effet.rang_appel)
    ));
    texte.push("Du classement à l’ordre d’appel", ranks(e));
    texte.push("L’effet des taux", rates(e));
    texte.push("Ce qui est garanti", vec![guaranteed(&e.garantie, e)]);
    texte
}

/// The explanation of a late change of ranking.
#[must_use]
pub fn explain_modification(e: &ExplicationModification, candidat: &str, groupe: &str) -> Texte {
    let mut texte = explain_rang(&e.apres, candidat, groupe);
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
        super::Partie { titre: "La correction du classement", phrases: vec![phrase, suite.to_owned()] },
    );
    texte
}

fn ranks(e: &ExplicationOrdre) -> Vec<String> {
    let mut classement = format!(
        "La formation a classé {} ; celui-ci est au rang {}",
        compte(e.classes, CANDIDATS),
        nombre(e.rang)
    );
    if i64::from(e.rang) != i64::from(e.place) {
        classement
            .push_str(&format!(", le {} de la liste, car des rangs n’y sont pas occupés", ordinal(e.place)));
    }
    let appel = format!(
        "Il est appelé {} : c’est son rang d’appel. Les propositions sont faites dans cet ordre, qui est le classement de la \
         formation modifié, une seule fois, pour respecter les taux fixés par le recteur.",
        ordinal(e.effet.rang_appel)
    );
    vec![classement + ".", appel]
}

fn rates(e: &ExplicationOrdre) -> Vec<String> {
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
             secondaire, tant qu’il en reste. {} ; ce candidat {}.",
            nombre(qb),
            share(e.boursiers, e.classes, ["boursier", "boursiers"]),
            is(e.profil.is_boursier())
        ));
        phrases.push(moved("Avec ce seul taux", &e.boursiers_seuls, e.place));
    }
    if qr > 0 {
        phrases.push(format!(
            "Taux de résidents : aussi loin qu’on appelle, au moins {} % des candidats appelés sont du secteur de la \
             formation (ou assimilés), tant qu’il en reste et que le taux de boursiers le permet. {} ; ce candidat {}.",
            nombre(qr),
            share(e.residents, e.classes, ["du secteur", "du secteur"]),
            is(e.profil.is_resident())
        ));
        phrases.push(moved("Avec ce seul taux", &e.residents_seuls, e.place));
    }
    if qb > 0 && qr > 0 {
        phrases.push(moved("Avec les deux taux ensemble", &e.effet, e.place));
    }
    phrases
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

fn guaranteed(garantie: &Garantie, e: &ExplicationOrdre) -> String {
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
    let borne = match garantie.rang_appel_maximal {
        Some(rang) => format!(
            "Classé {} sur {}, il est appelé {} au plus tard, quels que soient les autres.",
            ordinal(e.place),
            nombre(e.classes),
            ordinal(rang)
        ),
        None => "Avec ces taux, aucun rang d’appel n’est garanti.".to_owned(),
    };
    format!("{} {regle} (règle {:?}). {borne}", majuscule(profil), garantie.propriete)
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
