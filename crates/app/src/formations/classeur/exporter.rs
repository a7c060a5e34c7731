//! The workbook that leaves.

use domain::droits::Action;
use domain::formations::description::{Champ, Nature, Rubrique};
use files::tableau::{FeuilleAEcrire, write_feuilles, write_lignes};
use sha2::Digest;
use store::formations::LigneGestion;

use super::capacites::colonnes;
use super::presentation::PRESENTATION;
use super::regroupements::Colonne as ColonneRegroupement;
use super::{FORMATIONS, IDENTITE, cellule, charge, etablissements, listes, lit_frais, simples};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::formations::description::Lieux;
use crate::formations::gestion::cible_of;
use crate::formations::intitule;
use crate::journal::{Lecture, record_lecture};
use crate::sessions;
use crate::tableaux::{FichierTableau, FormatTableau};

/// Values that the spreadsheet offers: their whole is bounded by the format, beyond which nothing is offered.
fn offertes(c: &Champ) -> Vec<&'static str> {
    let choix: Vec<&'static str> = match c.nature {
        Nature::OuiNon => vec!["oui", "non"],
        Nature::Choix(choix) => choix.iter().map(|(_, l)| *l).collect(),
        _ => Vec::new(),
    };
    let total: usize = choix.iter().map(|l| l.chars().count() + 1).sum();
    if total > 250 || choix.iter().any(|l| l.contains(',')) { Vec::new() } else { choix }
}

/// Columns that stay in sight: the identifier and the name of the course, or of the establishment.
pub(super) const FIGEES: u16 = 2;

pub(super) fn places(rangs: impl IntoIterator<Item = usize>) -> Vec<u16> {
    rangs.into_iter().filter_map(|i| u16::try_from(i).ok()).collect()
}

/// Where the numbers are among these fields, whose first column is the one numbered `depuis`.
fn chiffrees(champs: &[&'static Champ], depuis: usize) -> Vec<u16> {
    let nombres =
        champs.iter().enumerate().filter(|(_, c)| matches!(c.nature, Nature::Nombre(..) | Nature::Montant));
    places(nombres.map(|(i, _)| depuis + i))
}

fn identite(l: &LigneGestion) -> Vec<String> {
    vec![l.public_id.clone(), intitule(&l.libelle, &l.detail), l.etablissement.clone()]
}

/// Writes the settings of every course of the person: capacity, places, fees, multiple wish, presentation and simple fields on the
/// first sheet, one sheet a list; then what the establishments that the person describes say of themselves.
///
/// # Errors
/// [`AppError::Invalid`] beyond the courses of one act; [`AppError::Denied`] for someone without a role on courses.
pub async fn export_descriptions(
    ctx: &Ctx,
    annee: i64,
    format: FormatTableau,
) -> Result<FichierTableau, AppError> {
    let _tour = ctx.export_turn().await?;
    ctx.scope(Action::ConsulterParametrage)?;
    let session = sessions::session(&ctx.app.db, annee).await?;
    let c = charge(ctx, session.id).await?;
    type Entetes = Vec<(String, Vec<&'static str>)>;
    let entetes = |siennes: Entetes, champs: &[&'static Champ]| -> Entetes {
        let identite = IDENTITE.iter().map(|e| ((*e).to_owned(), Vec::new()));
        let propres = champs.iter().map(|c| (c.libelle.to_owned(), offertes(c)));
        identite.chain(siennes).chain(propres).collect()
    };
    let capacites = colonnes(ctx, session.id, &c);
    let siennes = capacites.iter().map(|c| (c.libelle(), Vec::new()));
    let regroupement = ColonneRegroupement::ALL.iter().map(|c| (c.libelle().to_owned(), c.offertes()));
    let presentation = [(PRESENTATION.to_owned(), Vec::new())];
    let siennes: Entetes = siennes.chain(regroupement).chain(presentation).collect();
    let avant = IDENTITE.len() + siennes.len();
    let champs: Vec<&Champ> = simples().collect();
    let mut premiere = Vec::with_capacity(c.lignes.len());
    for l in &c.lignes {
        let d = c.description(l);
        let lieux = c.lieux(l);
        let frais = lit_frais(ctx, session.id, l);
        let mut cellules = identite(l);
        cellules.extend(capacites.iter().map(|colonne| colonne.cellule(ctx, session.id, &c, l)));
        cellules.extend(ColonneRegroupement::ALL.map(|colonne| colonne.cellule(&c, l)));
        cellules.push(l.presentation.clone());
        cellules.extend(champs.iter().map(|champ| {
            if champ.rubrique == Rubrique::Frais && !frais {
                return String::new();
            }
            cellule(champ, d.texte(champ.code), lieux)
        }));
        premiere.push(cellules);
    }
    let mut nombres = places(IDENTITE.len()..IDENTITE.len() + capacites.len());
    nombres.extend(chiffrees(&champs, avant));
    let mut feuilles = vec![FeuilleAEcrire {
        nom: FORMATIONS,
        entetes: entetes(siennes, &champs),
        lignes: premiere,
        figees: FIGEES,
        nombres,
    }];
    for liste in listes() {
        let siennes: Vec<&Champ> = liste.colonnes().iter().collect();
        let mut lignes = Vec::new();
        for l in &c.lignes {
            for saisie in c.description(l).lignes(liste.code) {
                let mut cellules = identite(l);
                cellules.extend(siennes.iter().map(|c| {
                    saisie.get(c.code).map_or_else(String::new, |v| cellule(c, v, &Lieux::default()))
                }));
                lignes.push(cellules);
            }
        }
        feuilles.push(FeuilleAEcrire {
            nom: liste.libelle,
            entetes: entetes(Vec::new(), &siennes),
            lignes,
            figees: FIGEES,
            nombres: chiffrees(&siennes, IDENTITE.len()),
        });
    }
    feuilles.extend(etablissements::feuilles(&c.maisons));
    let octets = match format {
        FormatTableau::Xlsx => write_feuilles("Paramétrage", ctx.recu_le.as_second(), &feuilles),
        FormatTableau::Csv => write_lignes(&feuilles[0]),
    }
    .map_err(AppError::internal)?;
    let lu = match (c.lignes.first(), c.maisons.first()) {
        (Some(l), _) => Some((Action::ConsulterParametrage, cible_of(session.id, l))),
        // An establishment without courses yet.
        (None, Some(m)) => Some((Action::ConsulterEtablissement, m.cible(session.id))),
        (None, None) => None,
    };
    if let Some((action, cible)) = lu {
        let permit = ctx.permit(action, &cible)?;
        let empreinte = data_encoding::HEXLOWER.encode(&sha2::Sha256::digest(&octets));
        let lecture = Lecture {
            objet: "formation_description",
            objet_id: "parametrage",
            etablissement: None,
            dossiers: Vec::new(),
            champs: &["parametrage"],
            export: Some((c.lignes.len(), empreinte)),
        };
        let tx = ctx.begin().await?;
        record_lecture(&tx, ctx, &permit, &lecture).await?;
        tx.commit().await?;
    }
    Ok(FichierTableau { nom_fichier: format!("parametrage-{annee}.{}", format.code()), format, octets })
}
