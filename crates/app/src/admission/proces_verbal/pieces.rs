//! The tables of a record: what a run read and what it decided.

use std::collections::{HashMap, HashSet};
use std::io;

use domain::admission::{FaitsGroupe, JourGroupe, ReponseProposition};
use engine::propositions::{Etat, Statut, VoeuInternat};
use store::admission::{GroupeAffectation, GroupeJour, InternatJour, LigneOrdre};

use super::tableau::{Defaut, decode, encode};
use super::{Parametres, Piece};
use crate::admission::jour::{self, InternatLu, Numeros, Resultat, RetenueLue, VoeuLu, petit};
use crate::admission::ordre_appel::{self, ClasseLu, GroupeLu};
use crate::admission::retrait::{self, DemissionLue, PropositionLue};

/// The roots of the commitments of each group (R-ADM-14): a record commits to what the public is told.
pub(in crate::admission) const ENGAGEMENTS: &str = "engagements";
pub(super) const GROUPES: &str = "groupes";
pub(super) const VOEUX: &str = "voeux";
pub(super) const INTERNATS: &str = "internats";
/// What the days before had shown, and what this one shows.
pub(super) const BARRES_VEILLE: &str = "barres-internat-veille";
pub(super) const BARRES: &str = "barres-internat";
/// Candidates whom the platform answers for, and what is decided in somebody's place.
pub(super) const REPONDEURS: &str = "repondeurs";
pub(super) const AUTOMATIQUES: &str = "automatiques";
/// Groups that the day found out of bounds or at fault, let through or not, and why (R-ADM-12, R-ADM-17).
pub(super) const RETENUES: &str = "retenues";
/// Wishes that the propositions of a withdrawal had made the platform give up (R-ADM-13).
pub(super) const DEMISSIONS: &str = "demissions";
pub(super) const PROPOSITIONS: &str = "propositions";
pub(super) const RANGS: &str = "rangs-attente";
pub(super) const AFFICHAGES: &str = "affichages";
pub(super) const CLASSEMENTS: &str = "classements";
pub(super) const ORDRES: &str = "ordres-appel";

const NOMS_GROUPES: [&str; 12] = [
    "groupe",
    "groupe_classement",
    "formation_session",
    "formation_inscription",
    "formation",
    "nombre_a_appeler",
    "rang_limite",
    "admissions_suspendues",
    "sans_classement",
    "dernier_interne",
    "dernier_reference",
    "dernier_affiche",
];
const NOMS_VOEUX: [&str; 11] = [
    "voeu",
    "candidat",
    "groupe",
    "statut",
    "avec_internat",
    "hors_pp",
    "rang_appel",
    "rang_veille",
    // 0 and 0: the wish depends on no boarding school that ranks
    "internat",
    "rang_internat",
    "rang_preference",
];
const NOMS_REPONDEURS: [&str; 1] = ["candidat"];
const NOMS_AUTOMATIQUES: [&str; 2] = ["voeu", "statut"];
const NOMS_RETENUES: [&str; 12] = [
    "groupe",
    "places",
    "nombre_a_appeler",
    "rang_limite",
    "classes",
    "capacite",
    // -1: a new course
    "capacite_avant",
    "sans_classement",
    "tenues",
    "propositions",
    "motifs",
    "levee",
];
const NOMS_INTERNATS: [&str; 6] =
    ["internat", "formation_inscription", "formation", "capacite", "classement_transmis", "classes"];
const NOMS_BARRES: [&str; 4] = ["internat", "groupe", "barre_internat", "barre_appel"];
const NOMS_PROPOSITIONS: [&str; 2] = ["voeu", "groupe"];
const NOMS_RANGS: [&str; 2] = ["voeu", "rang"];
const NOMS_AFFICHAGES: [&str; 5] =
    ["groupe", "dernier_appele", "dernier_interne", "en_attente", "propositions"];
const NOMS_GROUPES_RETABLIS: [&str; 5] =
    ["groupe", "jour", "dernier_appele", "dernier_interne", "en_attente"];
const NOMS_VOEUX_RETABLIS: [&str; 5] = ["voeu", "groupe", "jour", "reponse", "rang"];
const NOMS_DEMISSIONS: [&str; 4] = ["voeu", "jour", "statut", "cause"];
const NOMS_GROUPES_CLASSES: [&str; 3] = ["groupe", "taux_boursiers", "taux_residents"];
const NOMS_CLASSEMENTS: [&str; 5] = ["groupe", "rang", "candidat", "boursier", "resident"];
const NOMS_ORDRES: [&str; 3] = ["groupe", "candidat", "rang"];

/// The statuses that a wish may have before the day, in the order of their numbers in the table, from 1.
const STATUTS: [Statut; 3] = [Statut::EnAttente, Statut::AnterieureSansReponse, Statut::AnterieureAcceptee];

/// The pieces of a day.
///
/// # Errors
/// When the compressor refuses.
pub(in crate::admission) fn day_pieces(
    lecture: &jour::Lecture,
    resultat: &Resultat,
) -> io::Result<Vec<Piece>> {
    let groupes = encode(
        NOMS_GROUPES,
        lecture.groupes.iter().map(|g| {
            [
                g.id,
                g.groupe_classement_id,
                g.formation_session_id,
                g.formation_inscription_id,
                g.formation_id,
                g.nombre_a_appeler,
                g.rang_limite,
                g.admissions_suspendues,
                g.sans_classement,
                g.dernier_interne,
                g.dernier_reference,
                g.dernier_affiche,
            ]
        }),
    )?;
    let mut en_internat = lecture.en_internat.iter().peekable();
    let voeux = encode(
        NOMS_VOEUX,
        (0..).zip(&lecture.voeux).map(|(n, v)| {
            let (internat, rang_internat) = en_internat
                .next_if(|e| e.voeu == n)
                .map_or((0, 0), |e| (lecture.internats[e.internat as usize].id, e.rang));
            let statut = STATUTS.iter().position(|s| *s == v.etat.statut()).map_or(0, |n| n + 1);
            [
                v.id,
                lecture.candidats[v.candidat as usize],
                lecture.groupes[v.groupe as usize].id,
                i64::try_from(statut).unwrap_or(0),
                i64::from(v.etat.is_avec_internat()),
                i64::from(v.etat.is_hors_pp()),
                i64::from(v.rang),
                i64::from(v.veille),
                internat,
                i64::from(rang_internat),
                i64::from(v.preference),
            ]
        }),
    )?;
    let internats = encode(
        NOMS_INTERNATS,
        lecture.internats.iter().map(|i| {
            [
                i.id,
                i.formation_inscription,
                i.formation,
                i.capacite,
                i64::from(i.transmis),
                i64::from(i.classes),
            ]
        }),
    )?;
    let mut pieces = vec![
        Piece { role: GROUPES, octets: groupes },
        Piece { role: VOEUX, octets: voeux },
        Piece { role: INTERNATS, octets: internats },
        Piece { role: BARRES_VEILLE, octets: encode_bars(&lecture.barres)? },
        Piece {
            role: REPONDEURS,
            octets: encode(
                NOMS_REPONDEURS,
                lecture.repondeurs.iter().map(|c| [lecture.candidats[*c as usize]]),
            )?,
        },
    ];
    pieces.extend(result_pieces(resultat)?);
    Ok(pieces)
}

/// The piece of the groups that a day withheld, or let through.
///
/// # Errors
/// When the compressor refuses.
pub(in crate::admission) fn held_piece(lues: &[RetenueLue]) -> io::Result<Piece> {
    let ligne = |r: &RetenueLue| {
        let f = &r.faits;
        [
            r.groupe,
            f.places,
            f.a_appeler,
            f.rang_limite,
            f.classes,
            f.capacite,
            f.capacite_avant.unwrap_or(-1),
            i64::from(f.sans_classement),
            f.tenues,
            f.propositions,
            r.motifs,
            i64::from(r.levee),
        ]
    };
    Ok(Piece { role: RETENUES, octets: encode(NOMS_RETENUES, lues.iter().map(ligne))? })
}

fn encode_bars(barres: &[InternatJour]) -> io::Result<Vec<u8>> {
    encode(NOMS_BARRES, barres.iter().map(|b| [b.internat, b.groupe, b.barre_internat, b.barre_appel]))
}

fn read_bars(pieces: &Pieces<'_>, role: &'static str) -> Result<Vec<InternatJour>, Illisible> {
    let mut barres = Vec::new();
    lit(pieces, role, NOMS_BARRES, |[internat, groupe, barre_internat, barre_appel]| {
        barres.push(InternatJour { internat, groupe, barre_internat, barre_appel });
        Ok(())
    })?;
    Ok(barres)
}

/// The pieces of a withdrawal.
///
/// # Errors
/// When the compressor refuses.
pub(in crate::admission) fn withdrawal_pieces(
    lecture: &retrait::Lecture,
    resultat: &Resultat,
) -> io::Result<Vec<Piece>> {
    let groupes = encode(
        NOMS_GROUPES_RETABLIS,
        lecture.groupes.iter().map(|(g, j)| [*g, j.jour, j.dernier_appele, j.dernier_interne, j.en_attente]),
    )?;
    let voeux = encode(
        NOMS_VOEUX_RETABLIS,
        lecture.propositions.iter().map(|p| {
            let reponse = ReponseProposition::ALL.iter().position(|r| *r == p.reponse).map_or(0, |n| n + 1);
            [p.voeu, p.groupe, p.jour, i64::try_from(reponse).unwrap_or(0), p.rang]
        }),
    )?;
    let demissions =
        encode(NOMS_DEMISSIONS, lecture.demissions.iter().map(|d| [d.voeu, d.jour, d.statut, d.cause]))?;
    let mut pieces = vec![
        Piece { role: GROUPES, octets: groupes },
        Piece { role: VOEUX, octets: voeux },
        Piece { role: DEMISSIONS, octets: demissions },
    ];
    pieces.extend(result_pieces(resultat)?);
    Ok(pieces)
}

/// The pieces of what a day, or a withdrawal, decides.
fn result_pieces(resultat: &Resultat) -> io::Result<[Piece; 5]> {
    let propositions = encode(NOMS_PROPOSITIONS, resultat.propositions.iter().map(|&(v, g)| [v, g]))?;
    let rangs = encode(NOMS_RANGS, resultat.rangs.iter().map(|&(v, r)| [v, r]))?;
    let affichages = encode(
        NOMS_AFFICHAGES,
        resultat
            .groupes
            .iter()
            .map(|g| [g.groupe, g.dernier_appele, g.dernier_interne, g.en_attente, g.propositions]),
    )?;
    Ok([
        Piece { role: PROPOSITIONS, octets: propositions },
        Piece { role: RANGS, octets: rangs },
        Piece { role: AFFICHAGES, octets: affichages },
        Piece { role: BARRES, octets: encode_bars(&resultat.barres)? },
        Piece {
            role: AUTOMATIQUES,
            octets: encode(NOMS_AUTOMATIQUES, resultat.automatiques.iter().map(|&(v, s)| [v, s]))?,
        },
    ])
}

/// The pieces of the call orders.
///
/// # Errors
/// When the compressor refuses.
pub(in crate::admission) fn order_pieces(
    lecture: &ordre_appel::Lecture,
    lignes: &[LigneOrdre],
) -> io::Result<Vec<Piece>> {
    let groupes = encode(
        NOMS_GROUPES_CLASSES,
        lecture.groupes.iter().map(|g| [g.id, i64::from(g.taux_boursiers), i64::from(g.taux_residents)]),
    )?;
    let classements = encode(
        NOMS_CLASSEMENTS,
        lecture.classes.iter().map(|c| {
            let groupe = lecture.groupes[c.groupe as usize].id;
            [groupe, c.rang, c.candidat, i64::from(c.boursier), i64::from(c.resident)]
        }),
    )?;
    let ordres = encode(NOMS_ORDRES, lignes.iter().map(|l| [l.groupe, l.candidat, l.rang]))?;
    Ok(vec![
        Piece { role: GROUPES, octets: groupes },
        Piece { role: CLASSEMENTS, octets: classements },
        Piece { role: ORDRES, octets: ordres },
    ])
}

/// A piece that cannot be read: its role, and where.
pub(super) type Illisible = (&'static str, Defaut);

/// Bytes of a piece by its role, already checked.
pub(super) type Pieces<'a> = dyn Fn(&'static str) -> &'a [u8] + 'a;

fn lit<const N: usize>(
    pieces: &Pieces<'_>,
    role: &'static str,
    noms: [&str; N],
    recoit: impl FnMut([i64; N]) -> Result<(), &'static str>,
) -> Result<(), Illisible> {
    decode(pieces(role), noms, recoit).map_err(|defaut| (role, defaut))
}

fn oui_non(n: i64) -> Result<bool, &'static str> {
    match n {
        0 => Ok(false),
        1 => Ok(true),
        _ => Err("0 ou 1 est attendu"),
    }
}

fn admissions(n: i64) -> Result<i64, &'static str> {
    if [0, jour::SUSPENDU, jour::RETENU].contains(&n) { Ok(n) } else { Err("0, 1 ou 2 est attendu") }
}

fn court(n: i64) -> Result<i32, &'static str> {
    i32::try_from(n).map_err(|_| "le nombre est trop grand")
}

const INTERNAT_INCONNU: &str = "l’internat n’est pas dans la table des internats";
const GROUPE_INCONNU: &str = "le groupe n’est pas dans la table des groupes";

/// What a day read, from its pieces.
pub(super) fn read_day(pieces: &Pieces<'_>, parametres: Parametres) -> Result<jour::Lecture, Illisible> {
    let mut groupes = Vec::new();
    lit(pieces, GROUPES, NOMS_GROUPES, |l| {
        let [id, gc, fs, fi, f, places, limite, suspendues, sans, interne, reference, affiche] = l;
        groupes.push(GroupeAffectation {
            id,
            groupe_classement_id: gc,
            formation_session_id: fs,
            formation_inscription_id: fi,
            formation_id: f,
            nombre_a_appeler: places,
            rang_limite: limite,
            admissions_suspendues: admissions(suspendues)?,
            sans_classement: i64::from(oui_non(sans)?),
            dernier_interne: interne,
            dernier_reference: reference,
            dernier_affiche: affiche,
        });
        Ok(())
    })?;
    let position: HashMap<i64, u32> = groupes.iter().map(|g| g.id).zip(0..).collect();
    let mut internats = Vec::new();
    lit(
        pieces,
        INTERNATS,
        NOMS_INTERNATS,
        |[id, formation_inscription, formation, capacite, transmis, classes]| {
            let (transmis, classes) = (oui_non(transmis)?, court(classes)?);
            internats.push(InternatLu { id, formation_inscription, formation, capacite, transmis, classes });
            Ok(())
        },
    )?;
    let des_internats: HashMap<i64, u32> = internats.iter().map(|i| i.id).zip(0..).collect();
    let mut candidats = Numeros::default();
    let mut voeux: Vec<VoeuLu> = Vec::new();
    let mut en_internat = Vec::new();
    lit(pieces, VOEUX, NOMS_VOEUX, |l| {
        let [
            id,
            candidat,
            groupe,
            statut,
            avec_internat,
            hors_pp,
            rang,
            veille,
            internat,
            rang_internat,
            preference,
        ] = l;
        if internat != 0 {
            en_internat.push(VoeuInternat {
                voeu: u32::try_from(voeux.len()).map_err(|_| "il y a trop de vœux")?,
                internat: *des_internats.get(&internat).ok_or(INTERNAT_INCONNU)?,
                rang: court(rang_internat)?,
            });
        }
        let statut =
            usize::try_from(statut - 1).ok().and_then(|n| STATUTS.get(n)).ok_or("le statut est inconnu")?;
        voeux.push(VoeuLu {
            id,
            candidat: candidats.number(candidat),
            groupe: *position.get(&groupe).ok_or(GROUPE_INCONNU)?,
            etat: Etat::new(*statut).with_internat(oui_non(avec_internat)?).with_hors_pp(oui_non(hors_pp)?),
            rang: petit(rang),
            veille: petit(veille),
            preference: court(preference)?,
        });
        Ok(())
    })?;
    let barres = read_bars(pieces, BARRES_VEILLE)?;
    let parametres = parametres.into();
    let candidats = candidats.cles;
    let connus: HashMap<i64, u32> = candidats.iter().copied().zip(0..).collect();
    let mut repondeurs = Vec::new();
    lit(pieces, REPONDEURS, NOMS_REPONDEURS, |[candidat]| {
        repondeurs.push(*connus.get(&candidat).ok_or("le candidat n’a pas de vœu ce jour-là")?);
        Ok(())
    })?;
    Ok(jour::Lecture { parametres, groupes, candidats, voeux, internats, en_internat, repondeurs, barres })
}

/// What a withdrawal read, from its pieces.
pub(super) fn read_withdrawal(pieces: &Pieces<'_>, depuis: i64) -> Result<retrait::Lecture, Illisible> {
    let mut lecture = retrait::Lecture { depuis, ..retrait::Lecture::default() };
    lit(
        pieces,
        GROUPES,
        NOMS_GROUPES_RETABLIS,
        |[groupe, jour, dernier_appele, dernier_interne, en_attente]| {
            let retabli = JourGroupe { jour, dernier_appele, dernier_interne, en_attente };
            lecture.groupes.push((groupe, retabli));
            Ok(())
        },
    )?;
    let connus: HashSet<i64> = lecture.groupes.iter().map(|(g, _)| *g).collect();
    lit(pieces, VOEUX, NOMS_VOEUX_RETABLIS, |[voeu, groupe, jour, reponse, rang]| {
        let reponse = usize::try_from(reponse - 1).ok().and_then(|n| ReponseProposition::ALL.get(n));
        let reponse = *reponse.ok_or("la réponse est inconnue")?;
        if !connus.contains(&groupe) {
            return Err(GROUPE_INCONNU);
        }
        lecture.propositions.push(PropositionLue { voeu, groupe, jour, reponse, rang });
        Ok(())
    })?;
    // A record of before undid none.
    if !pieces(DEMISSIONS).is_empty() {
        lit(pieces, DEMISSIONS, NOMS_DEMISSIONS, |[voeu, jour, statut, cause]| {
            lecture.demissions.push(DemissionLue { voeu, jour, statut, cause });
            Ok(())
        })?;
    }
    Ok(lecture)
}

/// The groups that a day withheld, or let through, from that piece.
pub(super) fn read_held(pieces: &Pieces<'_>) -> Result<Vec<RetenueLue>, Illisible> {
    let mut lues = Vec::new();
    lit(pieces, RETENUES, NOMS_RETENUES, |l| {
        let [
            groupe,
            places,
            a_appeler,
            rang_limite,
            classes,
            capacite,
            avant,
            sans,
            tenues,
            faites,
            motifs,
            levee,
        ] = l;
        let faits = FaitsGroupe {
            places,
            a_appeler,
            rang_limite,
            classes,
            capacite,
            capacite_avant: (avant != -1).then_some(avant),
            sans_classement: oui_non(sans)?,
            tenues,
            propositions: faites,
        };
        lues.push(RetenueLue { groupe, faits, motifs, levee: oui_non(levee)? });
        Ok(())
    })?;
    Ok(lues)
}

/// The waiting ranks that a day decided, from the bytes of that piece alone.
pub(super) fn read_ranks(octets: &[u8]) -> Result<Vec<(i64, i64)>, Illisible> {
    let mut rangs = Vec::new();
    lit(&|_| octets, RANGS, NOMS_RANGS, |[v, rang]| {
        rangs.push((v, rang));
        Ok(())
    })?;
    Ok(rangs)
}

/// What a day, or a withdrawal, decided, from its pieces.
pub(super) fn read_result(pieces: &Pieces<'_>) -> Result<Resultat, Illisible> {
    let mut r = Resultat { barres: read_bars(pieces, BARRES)?, ..Resultat::default() };
    lit(pieces, AUTOMATIQUES, NOMS_AUTOMATIQUES, |[v, statut]| {
        r.automatiques.push((v, statut));
        Ok(())
    })?;
    lit(pieces, PROPOSITIONS, NOMS_PROPOSITIONS, |[v, g]| {
        r.propositions.push((v, g));
        Ok(())
    })?;
    lit(pieces, RANGS, NOMS_RANGS, |[v, rang]| {
        r.rangs.push((v, rang));
        Ok(())
    })?;
    lit(
        pieces,
        AFFICHAGES,
        NOMS_AFFICHAGES,
        |[groupe, dernier_appele, dernier_interne, en_attente, propositions]| {
            r.groupes.push(GroupeJour { groupe, dernier_appele, dernier_interne, en_attente, propositions });
            Ok(())
        },
    )?;
    Ok(r)
}

/// What the call orders read, from their pieces.
pub(super) fn read_rankings(pieces: &Pieces<'_>) -> Result<ordre_appel::Lecture, Illisible> {
    let mut groupes = Vec::new();
    lit(pieces, GROUPES, NOMS_GROUPES_CLASSES, |[id, boursiers, residents]| {
        groupes.push(GroupeLu { id, taux_boursiers: court(boursiers)?, taux_residents: court(residents)? });
        Ok(())
    })?;
    let position: HashMap<i64, u32> = groupes.iter().map(|g| g.id).zip(0..).collect();
    let mut classes = Vec::new();
    lit(pieces, CLASSEMENTS, NOMS_CLASSEMENTS, |[groupe, rang, candidat, boursier, resident]| {
        classes.push(ClasseLu {
            groupe: *position.get(&groupe).ok_or(GROUPE_INCONNU)?,
            rang,
            candidat,
            boursier: oui_non(boursier)?,
            resident: oui_non(resident)?,
        });
        Ok(())
    })?;
    Ok(ordre_appel::Lecture { groupes, classes })
}

/// The call orders, from their pieces.
pub(super) fn read_orders(pieces: &Pieces<'_>) -> Result<Vec<LigneOrdre>, Illisible> {
    let mut lignes = Vec::new();
    lit(pieces, ORDRES, NOMS_ORDRES, |[groupe, candidat, rang]| {
        lignes.push(LigneOrdre { groupe, candidat, rang });
        Ok(())
    })?;
    Ok(lignes)
}
