//! R-FOR-10: reading what was typed in a field, and writing it back as it is typed.

use std::fmt;

use jiff::civil::Date;

use super::{Champ, LigneListe, Nature, Valeur};
use crate::comptes::Courriel;
use crate::etablissements::check_telephone;
use crate::formations::{FRAIS_MAX, format_montant, milliers, parse_montant, write_montant};

/// Why a typed value is refused, in French, with the column when it is in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DefautSaisie {
    /// Line of the list, from 0, and code of its field; `None` for the field itself.
    pub ou: Option<(usize, &'static str)>,
    /// What is wrong and what to do.
    pub message: String,
}

impl fmt::Display for DefautSaisie {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.ou {
            Some((ligne, colonne)) => write!(f, "ligne {}, {colonne} : {}", ligne + 1, self.message),
            None => f.write_str(&self.message),
        }
    }
}

fn sans_espaces(texte: &str) -> String {
    texte.chars().filter(|c| !c.is_whitespace()).collect()
}

/// Lines ended the same way, no spaces around.
fn net(texte: &str) -> String {
    texte.replace("\r\n", "\n").replace('\r', "\n").trim().to_owned()
}

/// A day as people and spreadsheets write it: « 15/04/2024 », « 2024-04-15 ».
pub fn parse_jour(texte: &str) -> Option<Date> {
    let iso = texte.parse().ok();
    iso.or_else(|| {
        let mut parts = texte.split(['/', '.', '-']).map(str::trim);
        let (j, m, a) = (parts.next()?, parts.next()?, parts.next()?);
        if parts.next().is_some() || a.len() != 4 {
            return None;
        }
        Date::new(a.parse().ok()?, m.parse().ok()?, j.parse().ok()?).ok()
    })
}

/// The stored form of what was typed in a field that is not a list; `None` when nothing was.
///
/// # Errors
/// A French sentence: what is expected.
pub fn read_texte(champ: &Champ, saisi: &str) -> Result<Option<String>, String> {
    let texte = net(saisi);
    if texte.is_empty() {
        return Ok(None);
    }
    let borne = |max: usize| {
        let n = texte.chars().count();
        if n > max {
            let [n, max] = [n, max].map(|l| milliers(i64::try_from(l).unwrap_or(i64::MAX)));
            Err(format!("{n} caractères : {max} au plus. Raccourcissez ce texte."))
        } else {
            Ok(Some(texte.clone()))
        }
    };
    match champ.nature {
        Nature::Texte(max) => {
            if texte.contains('\n') {
                return Err("Ce texte tient sur une seule ligne.".to_owned());
            }
            borne(max)
        }
        Nature::Zone(max) => borne(max),
        Nature::Site | Nature::Composante => Ok(Some(texte)),
        Nature::OuiNon => match texte.to_lowercase().as_str() {
            "oui" | "o" | "vrai" | "1" => Ok(Some("oui".to_owned())),
            "non" | "n" | "faux" | "0" => Ok(Some("non".to_owned())),
            _ => Err("Répondez par oui ou par non.".to_owned()),
        },
        Nature::Choix(choix) => choix
            .iter()
            .find(|(code, libelle)| *code == texte || libelle.to_lowercase() == texte.to_lowercase())
            .map(|(code, _)| Some((*code).to_owned()))
            .ok_or_else(|| {
                let libelles: Vec<&str> = choix.iter().map(|(_, l)| *l).collect();
                format!("« {texte} » n’est pas proposé ici. Choisissez parmi : {}.", libelles.join(" ; "))
            }),
        Nature::Nombre(min, max) => match sans_espaces(&texte).parse::<i64>() {
            Ok(n) if (min..=max).contains(&n) => Ok(Some(n.to_string())),
            _ => Err(format!("Saisissez un nombre entier compris entre {min} et {max}.")),
        },
        Nature::Montant => {
            let centimes = parse_montant(&texte)?;
            if centimes > FRAIS_MAX {
                return Err(format!("Le montant dépasse {}.", format_montant(FRAIS_MAX)));
            }
            Ok(Some(centimes.to_string()))
        }
        Nature::Jour => parse_jour(&texte)
            .map(|d| Some(d.to_string()))
            .ok_or_else(|| "Indiquez un jour qui existe, par exemple 15/04/2024.".to_owned()),
        Nature::Courriel => Courriel::parse(&texte)
            .map(|c| Some(c.as_str().to_owned()))
            .map_err(|_| "Indiquez une adresse complète, par exemple scolarite@lycee.fr.".to_owned()),
        Nature::Telephone => check_telephone(champ.code, &texte)
            .map(Some)
            .map_err(|_| "Indiquez un numéro de téléphone, par exemple 03 22 33 44 55.".to_owned()),
        Nature::Liste(..) => Err("Cette rubrique se remplit ligne à ligne.".to_owned()),
    }
}

/// The stored lines of a list as typed; lines where nothing is typed are left out, so that the numbers of the faults are
/// those of the lines received.
///
/// # Errors
/// Every fault, each with its line and field.
pub fn read_lignes(champ: &Champ, saisies: &[LigneListe]) -> Result<Vec<LigneListe>, Vec<DefautSaisie>> {
    let Nature::Liste(colonnes, max, _) = champ.nature else {
        return Err(vec![DefautSaisie { ou: None, message: "Ce champ n’a pas de lignes.".to_owned() }]);
    };
    let mut defauts = Vec::new();
    let mut lignes = Vec::new();
    for (i, saisie) in saisies.iter().enumerate() {
        if saisie.values().all(|v| v.trim().is_empty()) {
            continue;
        }
        let mut ligne = LigneListe::new();
        for c in colonnes {
            let saisi = saisie.get(c.code).map_or("", String::as_str);
            match read_texte(c, saisi) {
                Ok(Some(valeur)) => {
                    ligne.insert(c.code.to_owned(), valeur);
                }
                Ok(None) if c.exige == super::Exigence::Toujours => defauts.push(DefautSaisie {
                    ou: Some((i, c.code)),
                    message: "Renseignez ce champ, ou videz toute la ligne pour la retirer.".to_owned(),
                }),
                Ok(None) => {}
                Err(message) => defauts.push(DefautSaisie { ou: Some((i, c.code)), message }),
            }
        }
        if let (Some(debut), Some(fin)) = (ligne.get("debut"), ligne.get("fin"))
            && fin < debut
        {
            defauts.push(DefautSaisie {
                ou: Some((i, "fin")),
                message: "Le dernier jour ne peut pas précéder le premier.".to_owned(),
            });
        }
        lignes.push(ligne);
    }
    if lignes.len() > max {
        defauts.push(DefautSaisie { ou: None, message: format!("{} lignes : {max} au plus.", lignes.len()) });
    }
    if defauts.is_empty() { Ok(lignes) } else { Err(defauts) }
}

/// « 02/06/2024 ».
fn en_chiffres(d: Date) -> String {
    format!("{:02}/{:02}/{}", d.day(), d.month(), d.year())
}

/// R-FOR-30: the days of the lines of a list, stored or as typed, that are not of a session (its first and last day included): last
/// year's, or a slip of the keyboard. What is no day is told by [`read_lignes`].
pub fn check_jours(champ: &Champ, lignes: &[LigneListe], (de, a): (Date, Date)) -> Vec<DefautSaisie> {
    let mut defauts = Vec::new();
    for (i, ligne) in lignes.iter().enumerate() {
        for c in champ.colonnes().iter().filter(|c| c.nature == Nature::Jour) {
            let jour = ligne.get(c.code).and_then(|t| parse_jour(t.trim()));
            if jour.is_some_and(|jour| jour < de || jour > a) {
                let message = format!(
                    "Ce jour n’est pas de cette session : indiquez un jour du {} au {}.",
                    en_chiffres(de),
                    en_chiffres(a)
                );
                defauts.push(DefautSaisie { ou: Some((i, c.code)), message });
            }
        }
    }
    defauts
}

/// Whether a stored value is one that the field accepts: what comes from last year, a template or a file.
///
/// # Errors
/// Every fault.
pub fn check_valeur(champ: &Champ, valeur: &Valeur) -> Result<(), Vec<DefautSaisie>> {
    match valeur {
        Valeur::Lignes(lignes) => {
            let saisies: Vec<LigneListe> = lignes
                .iter()
                .map(|l| {
                    l.iter().map(|(code, v)| (code.clone(), saisie_de(champ.colonnes(), code, v))).collect()
                })
                .collect();
            read_lignes(champ, &saisies).map(|_| ())
        }
        Valeur::Texte(t) => read_texte(champ, &write_texte(champ, t))
            .map(|_| ())
            .map_err(|message| vec![DefautSaisie { ou: None, message }]),
    }
}

fn saisie_de(colonnes: &[Champ], code: &str, stocke: &str) -> String {
    colonnes.iter().find(|c| c.code == code).map_or_else(|| stocke.to_owned(), |c| write_texte(c, stocke))
}

/// A stored text as one types it: euros for cents, days in the French order. Choices keep their code.
pub fn write_texte(champ: &Champ, stocke: &str) -> String {
    match champ.nature {
        Nature::Montant => stocke.parse().map_or_else(|_| stocke.to_owned(), write_montant),
        _ => stocke.to_owned(),
    }
}

impl Champ {
    /// A line of a list as it is read: its columns one after the other, no comma after what already ends a sentence.
    pub fn ligne_lisible(&self, ligne: &LigneListe) -> String {
        let mut dite = String::new();
        for c in self.colonnes() {
            let Some(lu) = ligne.get(c.code).map(|v| c.lisible(v)) else { continue };
            let lu = lu.trim();
            if lu.is_empty() {
                continue;
            }
            if !dite.is_empty() {
                dite.push_str(if dite.ends_with(['.', ';', ':', '!', '?', '…']) { " " } else { ", " });
            }
            dite.push_str(lu);
        }
        dite
    }

    /// The lines of a list as they are read, each in one text.
    pub fn lignes_lisibles(&self, lignes: &[LigneListe]) -> Vec<String> {
        lignes.iter().map(|l| self.ligne_lisible(l)).collect()
    }

    /// A stored text as it is read: labels for codes, euros, days in full figures.
    pub fn lisible(&self, stocke: &str) -> String {
        match self.nature {
            Nature::Choix(choix) => choix
                .iter()
                .find(|(code, _)| *code == stocke)
                .map_or_else(|| stocke.to_owned(), |(_, l)| (*l).to_owned()),
            Nature::OuiNon => if stocke == "oui" { "Oui" } else { "Non" }.to_owned(),
            Nature::Montant => stocke.parse().map_or_else(|_| stocke.to_owned(), format_montant),
            Nature::Jour => stocke.parse().map_or_else(|_| stocke.to_owned(), en_chiffres),
            _ => stocke.to_owned(),
        }
    }
}
