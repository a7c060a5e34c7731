//! The ranking as a spreadsheet.

use domain::RuleViolation;
use domain::candidats::TypeBac;
use domain::droits::Action;
use files::classement_csv::{AUTRES, EXPORT, FORMATIONS, LigneExport, ORIGINE, write_classement};

use super::vues::{internat, load_demandees};
use super::{Nature, Objet, load_groupe, load_situation};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::journal::{Lecture, record_lecture};

/// A file ready to be downloaded.
#[derive(Debug, Clone)]
pub struct ExportClassement {
    /// Offered to the browser; names the session and the group, nobody.
    pub nom_fichier: String,
    /// CSV in UTF-8, semicolons (§6.8).
    pub octets: Vec<u8>,
}

/// Whether a file names people (DON-3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Noms {
    /// A pseudonym instead of name and file number: the same from one file to the next of an establishment and a session, so
    /// that a file goes out, is filled in and comes back; nothing in common with that of another establishment or year.
    #[default]
    Sans,
    /// Names leave the platform: a fresh second step (HAB-7), a number in the journal and in the name of the file, and who took
    /// it away on each line.
    Avec,
}

/// Writes the candidates of a group with their present ranks: ranked ones first. The export is recorded with the
/// records it holds and its fingerprint (JOU-1).
///
/// # Errors
/// [`AppError::Rule`] before the examination opens; [`AppError::Denied`] or [`AppError::NotFound`];
/// [`AppError::Confirmation`] for names without a fresh second step; [`AppError::TooMany`] beyond the files of an hour or a day.
pub async fn export_classement(
    ctx: &Ctx,
    annee: i64,
    groupe: impl Into<Objet<'_>>,
    noms: Noms,
) -> Result<ExportClassement, AppError> {
    let objet = groupe.into();
    let _tour = ctx.export_turn().await?;
    let tx = ctx.begin().await?;
    let g = load_groupe(&tx, annee, objet).await?;
    let permit = g.permit(ctx, Action::ConsulterDossiers)?;
    crate::comptes::require_no_safety(&tx, g.ligne.etablissement_id).await?;
    if noms == Noms::Avec {
        ctx.require_fresh()?;
    }
    if let Err(r @ (RuleViolation::NotYetOpen { .. } | RuleViolation::NotScheduled { .. })) =
        g.require_open(ctx)
    {
        return Err(r.into());
    }
    let s = load_situation(&tx, &g).await?;
    let demandees = load_demandees(&tx, &g).await?;
    let rangs: std::collections::HashMap<i64, u32> = s.ordre.iter().copied().zip(1..).collect();
    let mut lignes: Vec<LigneExport> = s
        .candidats
        .iter()
        .map(|c| LigneExport {
            rang: rangs.get(&c.numero).copied(),
            code: match noms {
                Noms::Sans => g.pseudonyme(ctx, c.numero),
                Noms::Avec => c.numero.to_string(),
            },
            noms: (noms == Noms::Avec).then(|| [c.nom.clone(), c.prenom.clone()]),
            moyenne_generale: c.moyenne_centiemes.filter(|_| g.nature == Nature::Groupe),
            note: None,
            autres: {
                let mut autres = match g.nature {
                    Nature::Groupe => vec![
                        TypeBac::from_code(&c.type_bac).map_or("", TypeBac::libelle).to_owned(),
                        c.serie.clone(),
                        c.etablissement_origine.clone(),
                        internat(c.sans_internat == 1, c.avec_internat == 1).to_owned(),
                    ],
                    Nature::Internat => {
                        vec![
                            c.etablissement_origine.clone(),
                            demandees.get(&c.id).cloned().unwrap_or_default(),
                        ]
                    }
                };
                autres.push(format!("{}, export {}", ctx.acteur.nom, ctx.requete));
                autres
            },
        })
        .collect();
    // The unranked by file number, as they were read; without names, by pseudonym: their order would say who they are.
    match noms {
        Noms::Avec => lignes.sort_by_key(|l| l.rang.unwrap_or(u32::MAX)),
        Noms::Sans => lignes.sort_by_cached_key(|l| (l.rang.unwrap_or(u32::MAX), l.code.clone())),
    }
    let mut colonnes = match g.nature {
        Nature::Groupe => AUTRES.to_vec(),
        Nature::Internat => vec![ORIGINE, FORMATIONS],
    };
    let (champs, suffixe) = match noms {
        Noms::Sans => (g.champs_sans_noms(), String::new()),
        Noms::Avec => {
            colonnes.push(EXPORT);
            (g.champs_lus(), format!("-noms-{}", ctx.requete))
        }
    };
    let octets = write_classement(&colonnes, &lignes).map_err(AppError::internal)?;
    let lecture = Lecture {
        dossiers: s.candidats.iter().map(|c| c.id).collect(),
        export: Some((lignes.len(), super::importer::empreinte(&octets))),
        ..g.lecture(champs)
    };
    record_lecture(&tx, ctx, &permit, &lecture).await?;
    tx.commit().await?;
    Ok(ExportClassement {
        nom_fichier: format!("classement-{annee}-{}{suffixe}.csv", objet.id.get(..8).unwrap_or(objet.id)),
        octets,
    })
}
