//! The places that the courses of a file name, as the file itself leaves them: one that it adds is named at once, one that it takes away
//! is named no more.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use domain::etablissements::Partie;
use domain::formations::description::{Champ, Nature, Valeur};

use super::comparer::Demande;
use super::constats::Lignes;
use super::{Chargees, FORMATIONS};
use crate::etablissements::AvecFormations;
use crate::formations::description::{Lieux, distincts};
use crate::formations::intitule;
use crate::messages::accord;

/// A place: its identifier, its name, where it is.
pub(super) type Lieu = (String, String, String);

/// What stands for a place that a line adds, until it is there; no identifier is like it.
pub(super) fn provisoire(maison: usize, partie: Partie, ligne: u64) -> String {
    format!("nouveau-{maison}-{}-{ligne}", partie.code())
}

/// The places of an establishment once a file is applied.
#[derive(Debug, Default)]
pub(super) struct LieuxApres {
    /// As they are read then.
    pub(super) lisibles: Lieux,
    /// By the very name that their lines say: two may have the same.
    noms: Lieux,
}

impl LieuxApres {
    pub(super) fn new(sites: Vec<Lieu>, composantes: Vec<Lieu>) -> Self {
        let noms = |lieux: &[Lieu]| lieux.iter().map(|(id, nom, _)| (id.clone(), nom.clone())).collect();
        Self {
            noms: Lieux { sites: noms(&sites), composantes: noms(&composantes) },
            lisibles: Lieux { sites: distincts(sites), composantes: distincts(composantes) },
        }
    }
}

/// Spaces of every kind are the same.
fn memes(nom: &str, saisi: &str) -> bool {
    nom.split_whitespace().eq(saisi.split_whitespace())
}

/// The name under which a place is read, after the file or else before.
fn lisible<'l>(id: &str, apres: &'l Lieux, avant: &'l Lieux, nature: Nature) -> &'l str {
    let mut tous = apres.of(nature).iter().chain(avant.of(nature));
    tous.find(|(sien, _)| sien == id).map_or("", |(_, nom)| nom.as_str())
}

/// Places that a refusal names; beyond, they are counted.
const NOMMES: usize = 5;

/// The names that a cell may say, after the refusal of another one; nothing when there is none.
fn noms_connus(lieux: &[(String, String)]) -> String {
    let cites: Vec<String> = lieux.iter().take(NOMMES).map(|(_, nom)| format!("« {nom} »")).collect();
    match (cites.as_slice(), lieux.len() - cites.len()) {
        ([], _) => String::new(),
        ([seul], _) => format!(" Nom connu : {seul}."),
        (_, 0) => format!(" Noms connus : {}.", cites.join(" ; ")),
        (_, reste) => {
            format!(" Noms connus : {}, et {}.", cites.join(" ; "), accord(reste, "autre", "autres"))
        }
    }
}

/// The place that a cell names, by its identifier or by its name, before the file or after it. `actuel`: the one that the course names
/// today, which is asked nothing; `apres`: absent where the file may not change any.
pub(super) fn trouve(
    champ: &Champ,
    (avant, apres): (&Lieux, Option<&LieuxApres>),
    (saisi, actuel): (&str, &str),
) -> Result<String, String> {
    let nature = champ.nature;
    let mut candidats: Vec<&str> = Vec::new();
    let connus = avant.of(nature).iter().filter(|(id, nom)| id == saisi || memes(nom, saisi));
    let dits = apres.into_iter().flat_map(|a| a.lisibles.of(nature).iter().chain(a.noms.of(nature)));
    for (id, _) in connus.chain(dits.filter(|(_, nom)| memes(nom, saisi))) {
        if !candidats.contains(&id.as_str()) {
            candidats.push(id);
        }
    }
    let tenus = apres.map_or(avant, |a| &a.lisibles);
    let id = match candidats.as_slice() {
        [] => {
            return Err(format!(
                "« {saisi} » n’est pas décrit avec l’établissement.{}",
                noms_connus(tenus.of(nature))
            ));
        }
        [seul] => *seul,
        plusieurs => {
            let noms: Vec<&str> = plusieurs.iter().map(|id| lisible(id, tenus, avant, nature)).collect();
            let cites = noms.iter().map(|nom| format!("« {nom} »")).collect::<Vec<_>>().join(" ; ");
            // One of them is read so and cannot be told from another, which was.
            return Err(if noms.iter().any(|nom| memes(nom, saisi)) {
                format!(
                    "« {saisi} » désigne un lieu avant ce fichier, et un autre après : {cites}. Donnez au nouveau un nom qui n’a pas servi."
                )
            } else {
                format!("« {saisi} » est le nom de plusieurs lieux : {cites}. Écrivez l’un de ces noms.")
            });
        }
    };
    if id != actuel && tenus.of(nature).iter().all(|(sien, _)| sien != id) {
        let feuille = if nature == Nature::Composante { Partie::Composantes } else { Partie::Sites };
        return Err(format!(
            "« {saisi} » n’a plus sa ligne dans la feuille « {} » : choisissez un autre lieu, ou remettez-la.",
            feuille.libelle()
        ));
    }
    Ok(id.to_owned())
}

/// What a file does to the places that courses name, for whoever takes some away (R-ETA-09). `fermes`: the fields that it may not write
/// now.
pub(super) fn avec_formations(
    c: &Chargees,
    lignes: &Lignes,
    changent: &BTreeMap<usize, Demande>,
    fermes: &BTreeSet<(usize, &'static str)>,
) -> AvecFormations {
    let mut quittes = HashSet::new();
    for (i, voulue) in changent {
        let l = &c.lignes[*i];
        for (champ, _) in &voulue.champs {
            if champ.nature.is_lieu() && !fermes.contains(&(*i, champ.code)) {
                quittes.insert((l.id, c.description(l).texte(champ.code).to_owned()));
            }
        }
    }
    let mut noms = HashMap::with_capacity(c.lignes.len());
    for (i, l) in c.lignes.iter().enumerate() {
        let ou = match lignes.formation(i) {
            Some((feuille, ligne)) => format!("feuille « {feuille} », ligne {ligne}"),
            None => format!("absente de la feuille « {FORMATIONS} »"),
        };
        noms.insert(l.id, format!("{} ({ou})", intitule(&l.libelle, &l.detail)));
    }
    AvecFormations { quittes, noms, autres: " (que vous ne modifiez pas)" }
}

/// Puts the places that the file has just added where they are named. `ajoutes`: each by what stood for it.
pub(super) fn rejoint(changent: &mut BTreeMap<usize, Demande>, ajoutes: &HashMap<String, String>) {
    for voulue in changent.values_mut() {
        for (champ, valeur) in &mut voulue.champs {
            if let Some(Valeur::Texte(id)) = valeur
                && champ.nature.is_lieu()
                && let Some(ajoute) = ajoutes.get(id.as_str())
            {
                id.clone_from(ajoute);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lieu(id: &str, nom: &str, ou: &str) -> Lieu {
        (id.to_owned(), nom.to_owned(), ou.to_owned())
    }

    fn lieux(sites: Vec<Lieu>) -> Lieux {
        Lieux { sites: distincts(sites), composantes: Vec::new() }
    }

    #[test]
    fn r_eta_14_a_place_is_named_as_it_was_or_as_it_will_be_and_never_guessed() {
        let champ = Champ::from_code("site").expect("the site");
        let avant = lieux(vec![lieu("a", "Nord", "1 rue A, Laon"), lieu("b", "Sud", "2 rue B, Laon")]);
        let apres = |sites: Vec<Lieu>| LieuxApres::new(sites, Vec::new());
        let lu = |apres: &LieuxApres, saisi: &str| trouve(champ, (&avant, Some(apres)), (saisi, "a"));
        let id = |id: &str| Ok::<_, String>(id.to_owned());
        // Renamed, added.
        let suite = apres(vec![lieu("a", "Centre", ""), lieu("b", "Sud", ""), lieu("n", "Quai", "")]);
        for (saisi, dit) in [("Nord", "a"), ("Centre", "a"), ("Sud\u{a0}", "b"), ("Quai", "n"), ("b", "b")] {
            assert_eq!(lu(&suite, saisi), id(dit), "{saisi}");
        }
        let inconnu = lu(&suite, "Est").expect_err("no place of that name");
        let attendu =
            "« Est » n’est pas décrit avec l’établissement. Noms connus : « Centre » ; « Sud » ; « Quai ».";
        assert_eq!(inconnu, attendu);
        assert!(lu(&suite, "n").is_err(), "what stands for a place is no name of it");
        // Taken away: the course that is there is told where it is taken away, another one may not go there.
        let suite = apres(vec![lieu("n", "Quai", "")]);
        assert_eq!(lu(&suite, "Nord"), id("a"));
        assert!(
            lu(&suite, "Sud")
                .is_err_and(|m| m.contains("n’a plus sa ligne dans la feuille « Sites de formation »"))
        );
        // Two of one name.
        let suite = apres(vec![lieu("a", "Nord", "1 rue A, Laon"), lieu("n", "Nord", "9 rue Z, Laon")]);
        assert_eq!(lu(&suite, "Nord (9 rue Z, Laon)"), id("n"));
        let deux = lu(&suite, "Nord").expect_err("which one");
        assert!(deux.contains("« Nord (1 rue A, Laon) » ; « Nord (9 rue Z, Laon) »"), "{deux}");
        // The name of one given to another.
        let suite = apres(vec![lieu("a", "Sud", ""), lieu("b", "Nord", "")]);
        assert!(lu(&suite, "Nord").is_err_and(|m| m.contains("qui n’a pas servi")));
        assert_eq!(lu(&suite, "a"), id("a"));
        // Many are counted, and none is no list.
        let noms: Vec<String> = (1..=7).map(|n| format!("Site {n}")).collect();
        let sept = apres(noms.iter().map(|nom| lieu(nom, nom, "")).collect());
        let inconnu = lu(&sept, "Est").expect_err("no place of that name");
        assert!(inconnu.ends_with("« Site 4 » ; « Site 5 », et 2 autres."), "{inconnu}");
        let vide = trouve(champ, (&lieux(Vec::new()), None), ("Est", "")).expect_err("no place at all");
        assert_eq!(vide, "« Est » n’est pas décrit avec l’établissement.");
        // Somebody who does not describe the establishment.
        assert_eq!(trouve(champ, (&avant, None), ("Sud", "a")), id("b"));
    }
}
