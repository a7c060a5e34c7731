//! The matrix as a spreadsheet: exported, changed, shown as a difference, then applied.

use domain::RuleViolation;
use domain::droits::Action;
use files::Faute;
use files::delegations::{LigneDelegation, cells, headers, read_delegations};
use serde_json::json;

use super::{Chargee, Demande, Difference, Matrice, changed_accounts, difference, load};
use crate::comptes::require_no_safety;
use crate::contexte::Ctx;
use crate::debits::Debit;
use crate::erreur::AppError;
use crate::journal::{Acte, record};
use crate::sessions;
use crate::tableaux::{FichierTableau, FormatTableau};

/// Writes every cell of the matrix, those without any operation included, so that each can be changed.
///
/// # Errors
/// [`AppError::NotFound`] or [`AppError::Denied`]; [`AppError::Rule`] while the establishment is under safety (SES-5).
pub async fn export_delegations(
    ctx: &Ctx,
    annee: i64,
    etablissement: &str,
    format: FormatTableau,
) -> Result<FichierTableau, AppError> {
    let _tour = ctx.export_turn().await?;
    let tx = ctx.begin().await?;
    let c = load(&tx, ctx, annee, etablissement).await?;
    let permit = ctx.permit(Action::GererComptes, &c.cible)?;
    if let Some(cle) = c.cible.etablissement {
        require_no_safety(&tx, cle).await?;
    }
    let m = &c.matrice;
    let mut lignes = Vec::with_capacity(m.personnes.len() * m.formations.len());
    for (p, personne) in m.personnes.iter().enumerate() {
        for (f, formation) in m.formations.iter().enumerate() {
            lignes.push(cells(LigneDelegation {
                compte: personne.compte.clone(),
                nom: personne.nom.clone(),
                role: personne.role,
                formation: formation.id.clone(),
                intitule: formation.intitule.clone(),
                operations: m.cellules.get(&(p, f)).copied().unwrap_or_default(),
            }));
        }
    }
    let octets = format.write("Délégations", ctx.recu_le, &headers(), &lignes)?;
    let acte = Acte {
        objet: "attribution",
        objet_id: etablissement,
        avant: None,
        apres: Some(json!({ "lignes": lignes.len(), "comptes": m.personnes.len(), "format": format.code() })),
    };
    record(&tx, ctx, &permit, &acte).await?;
    tx.commit().await?;
    Ok(FichierTableau { nom_fichier: format!("delegations-{annee}.{}", format.code()), format, octets })
}

/// What applying a file would do, or why it cannot be applied.
#[derive(Debug, Clone)]
pub struct ApercuDelegations {
    /// As it is now.
    pub matrice: Matrice,
    /// The sheet that was read, when the file is a workbook.
    pub feuille: Option<String>,
    /// Any of them refuses the whole file.
    pub fautes: Vec<Faute>,
    /// What would change.
    pub differences: Vec<Difference>,
    /// What a confirmation asks for: the cells that change, and they alone.
    pub demandes: Vec<Demande>,
    /// R-CAL-10: why the file waits though nothing is wrong with it.
    pub gel: Option<RuleViolation>,
}

/// What is to be sent, where something else was.
const ATTENDU: &str = "le fichier CSV ou XLSX exporté de cette page";

/// Reads a file and says what applying it would do. Changes nothing.
///
/// # Errors
/// [`AppError::NotFound`] or [`AppError::Denied`]; [`AppError::Invalid`] without a file.
pub async fn preview_import(
    ctx: &Ctx,
    annee: i64,
    etablissement: &str,
    nom_fichier: &str,
    octets: &[u8],
) -> Result<ApercuDelegations, AppError> {
    ctx.take(Debit::Import)?;
    let Chargee { matrice, cible, .. } = load(&ctx.app.db, ctx, annee, etablissement).await?;
    if octets.is_empty() {
        let message = "Choisissez un fichier CSV ou XLSX : celui qui a été envoyé est vide ou absent.";
        return Err(AppError::Invalid(vec![("fichier", message.to_owned())]));
    }
    let refuse = |matrice, feuille, fautes| ApercuDelegations {
        matrice,
        feuille,
        fautes,
        differences: Vec::new(),
        demandes: Vec::new(),
        gel: None,
    };
    let lu = match read_delegations(octets, nom_fichier, files::Limites::default()) {
        Ok(lu) => lu,
        Err(illisible) => return Ok(refuse(matrice, None, illisible.en_fautes(ATTENDU))),
    };
    let mut releve = lu.bilan.releve;
    let mut changent = Vec::new();
    let mut demandes = Vec::new();
    for (numero, l) in lu.lignes {
        let d = Demande {
            compte: l.compte,
            role: l.role.code().to_owned(),
            formation: l.formation,
            operations: l.operations.code(),
        };
        match difference(&matrice, &d) {
            Ok(None) => {}
            Ok(Some(change)) => {
                changent.push(change);
                demandes.push(d);
            }
            Err(r) => releve.fault(Faute { ligne: numero, colonne: r.colonne.to_owned(), motif: r.motif }),
        }
    }
    if !releve.is_clean() {
        releve.fautes.sort_by_key(|f| f.ligne);
        return Ok(refuse(matrice, lu.feuille, releve.fautes));
    }
    let (session, comptes) = (matrice.session.id, changed_accounts(&matrice, &changent));
    let admis = sessions::require_hors_gel(&ctx.app.db, ctx, session, cible.etablissement, comptes).await;
    let gel = match admis {
        Err(AppError::Rule(r)) => Some(r),
        autre => autre.map(|()| None)?,
    };
    Ok(ApercuDelegations {
        matrice,
        feuille: lu.feuille,
        fautes: Vec::new(),
        differences: changent,
        demandes,
        gel,
    })
}
