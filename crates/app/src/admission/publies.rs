//! R-ADM-20: what the base gives to be read of the published runs is what was sealed. No row of a run changes once it is written:
//! answers change the states of wishes and propositions, a withdrawal says of days that they count no more, and neither is looked at.

use std::sync::Arc;

use domain::admission::{EtatPassage, Nature};
use store::admission::{self as base, LigneOrdre, LignePassage};
use store::{Instantane, Sql};

use super::jour::Resultat;
use super::proces_verbal::{
    Ecart, EcartProcesVerbal, Maillon, Ouvert, ProcesVerbal, first_difference, sealed,
};
use super::proces_verbaux::recorded;
use super::sceau::{public_key, read_bilan, stored_hash};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::{messages, sessions};

/// Compares what the base holds of every published run, up to a day, with what its record sealed; gives how many agree. Records are
/// taken as they are signed: [`super::verifier_proces_verbaux`] looks at what they say.
///
/// # Errors
/// [`AppError::NotFound`] without such a session; when the database or the files do not answer.
pub async fn verifier_publies(
    ctx: &Ctx,
    annee: i64,
    jusqu_a: Option<i64>,
) -> Result<Result<usize, EcartProcesVerbal>, AppError> {
    let session = sessions::session(&ctx.app.db, annee).await?;
    let cle = public_key(ctx).to_bytes();
    let mut compares = 0;
    for (p, maillon) in recorded(ctx, session.id).await? {
        let Some(maillon) = maillon else { continue };
        let (pv, nature) = match sealed(&maillon, &cle) {
            Ok(lu) => lu,
            Err(quoi) => return Ok(Err(ecart(maillon.nom, quoi))),
        };
        if jusqu_a.is_some_and(|jour| pv.jour > jour) {
            break;
        }
        if p.etat != EtatPassage::Publie.code() {
            continue;
        }
        let passage = messages::passage(nature, pv.jour);
        if let Some(quoi) = compare(ctx, &p, (&pv, nature), maillon).await? {
            return Ok(Err(ecart(passage, quoi)));
        }
        compares += 1;
    }
    if let Some(voeu) = base::proposition_sans_publication(&ctx.app.db, session.id).await? {
        let quoi = format!("proposition du vœu {voeu}, d’un passage qui n’a pas été publié");
        return Ok(Err(ecart("Propositions".to_owned(), Ecart::Publication(quoi))));
    }
    Ok(Ok(compares))
}

fn ecart(passage: String, quoi: Ecart) -> EcartProcesVerbal {
    EcartProcesVerbal { passage, quoi, version: None }
}

/// The first thing that the base says otherwise of a run.
async fn compare(
    ctx: &Ctx,
    p: &LignePassage,
    (pv, nature): (&ProcesVerbal, Nature),
    maillon: Maillon,
) -> Result<Option<Ecart>, AppError> {
    if (p.nature.as_str(), p.jour, p.empreinte_sortie.as_str())
        != (pv.nature.as_str(), pv.jour, pv.sortie.as_str())
    {
        return Ok(Some(Ecart::Publication("nature, jour ou empreinte du passage".to_owned())));
    }
    let vue = ctx.app.db.freeze().await?;
    let proposees = base::load_passage_propositions(&vue, p.id).await?;
    if stored_hash(&vue, nature, p.id, &proposees).await? != pv.sortie {
        return locate(ctx, &vue, p.id, nature, maillon).await.map(Some);
    }
    if nature == Nature::OrdreAppel {
        return Ok(None);
    }
    // Publication leaves out the wishes that were answered meanwhile, and adds none.
    let publiees = base::load_propositions(&vue, p.id).await?;
    if let Some((voeu, groupe)) = publiees.iter().find(|ligne| proposees.binary_search(ligne).is_err()) {
        let quoi = format!("proposition du vœu {voeu} dans le groupe {groupe}, qui n’a pas été scellée");
        return Ok(Some(Ecart::Publication(quoi)));
    }
    let faites = read_bilan(&p.bilan).publies;
    if let Some(faites) = faites.filter(|n| usize::try_from(*n) != Ok(publiees.len())) {
        let quoi = format!("propositions : {} lues, {faites} faites à la publication", publiees.len());
        return Ok(Some(Ecart::Publication(quoi)));
    }
    Ok(None)
}

/// What a run decided, as sealed or as the base holds it.
enum Lignes {
    Ordres(Vec<LigneOrdre>),
    Jour(Resultat),
}

/// Which row of a run is not the one that was sealed.
async fn locate(
    ctx: &Ctx,
    vue: &Instantane,
    passage: i64,
    nature: Nature,
    maillon: Maillon,
) -> Result<Ecart, AppError> {
    let (depot, attente) = (Arc::clone(&ctx.app.depot), tokio::runtime::Handle::current());
    let cle = public_key(ctx).to_bytes();
    let scellees = tokio::task::spawn_blocking(move || {
        let lire = |empreinte: &str| attente.block_on(depot.read(empreinte));
        let ouvert = Ouvert::open(&maillon, &cle, &lire)?;
        Ok::<_, Ecart>(match nature {
            Nature::OrdreAppel => Lignes::Ordres(ouvert.orders()?),
            Nature::Propositions | Nature::Retrait => Lignes::Jour(ouvert.result()?),
        })
    })
    .await
    .map_err(AppError::internal)?;
    let lues = stored(vue, passage, nature).await?;
    Ok(match scellees {
        Ok(scellees) => Ecart::Publication(first_row(&lues, &scellees)),
        Err(quoi) => quoi,
    })
}

async fn stored(c: &impl Sql, passage: i64, nature: Nature) -> Result<Lignes, AppError> {
    if nature == Nature::OrdreAppel {
        let (mut lignes, mut apres) = (Vec::new(), (0, 0));
        loop {
            let lot = base::load_ordre_appel(c, passage, apres).await?;
            let Some(l) = lot.last() else { return Ok(Lignes::Ordres(lignes)) };
            apres = (l.groupe, l.candidat);
            lignes.extend(lot);
        }
    }
    let (mut rangs, mut apres) = (Vec::new(), 0);
    loop {
        let lot = base::load_rangs_attente(c, passage, apres).await?;
        let Some(&(voeu, _)) = lot.last() else { break };
        apres = voeu;
        rangs.extend(lot);
    }
    Ok(Lignes::Jour(Resultat {
        propositions: base::load_passage_propositions(c, passage).await?,
        rangs,
        groupes: base::load_groupe_jour(c, passage).await?,
        barres: base::load_internat_jour(c, passage).await?,
        automatiques: base::load_passage_automatiques(c, passage).await?,
    }))
}

/// The first row that differs, in the order in which they are hashed: its kind, then what is read in place of what was sealed.
fn first_row(lues: &Lignes, scellees: &Lignes) -> String {
    let trouve = match (lues, scellees) {
        (Lignes::Ordres(lues), Lignes::Ordres(scellees)) => row("ordres d’appel", lues, scellees, |l| {
            format!("groupe {}, candidat {}, rang {}", l.groupe, l.candidat, l.rang)
        }),
        (Lignes::Jour(lues), Lignes::Jour(scellees)) => first_row_of_day(lues, scellees),
        _ => None,
    };
    trouve.unwrap_or_else(|| "l’empreinte de ses lignes".to_owned())
}

fn first_row_of_day(lues: &Resultat, scellees: &Resultat) -> Option<String> {
    let paires = |genre: &str, a: &[(i64, i64)], b: &[(i64, i64)], nom: &str| {
        row(genre, a, b, |(voeu, n)| format!("vœu {voeu}, {nom} {n}"))
    };
    paires("propositions", &lues.propositions, &scellees.propositions, "groupe")
        .or_else(|| paires("rangs d’attente", &lues.rangs, &scellees.rangs, "rang"))
        .or_else(|| {
            row("derniers appelés", &lues.groupes, &scellees.groupes, |g| {
                format!(
                    "groupe {}, dernier appelé {} (affiché {}), {} en attente, propositions : {}",
                    g.groupe, g.dernier_interne, g.dernier_appele, g.en_attente, g.propositions
                )
            })
        })
        .or_else(|| {
            row("barres d’internat", &lues.barres, &scellees.barres, |b| {
                format!(
                    "internat {}, groupe {}, barres {} et {}",
                    b.internat, b.groupe, b.barre_internat, b.barre_appel
                )
            })
        })
        .or_else(|| paires("réponses automatiques", &lues.automatiques, &scellees.automatiques, "réponse"))
}

fn row<T: Copy + PartialEq>(
    genre: &str,
    lues: &[T],
    scellees: &[T],
    dit: impl Fn(T) -> String,
) -> Option<String> {
    let (lue, scellee) = first_difference(lues, scellees)?;
    let dit = |ligne: Option<T>| ligne.map_or_else(|| "rien".to_owned(), &dit);
    Some(format!("{genre} : « {} » au lieu de « {} »", dit(lue), dit(scellee)))
}

#[cfg(test)]
mod tests {
    use store::admission::{GroupeJour, InternatJour};

    use super::*;

    #[test]
    fn r_adm_20_each_kind_of_row_is_told_by_its_name() {
        let groupe =
            GroupeJour { groupe: 7, dernier_appele: 3, dernier_interne: 2, en_attente: 4, propositions: 1 };
        let barre = InternatJour { internat: 5, groupe: 7, barre_internat: 1, barre_appel: 2 };
        let scelle = || Resultat {
            propositions: vec![(1, 7)],
            rangs: vec![(2, 1), (3, 2)],
            groupes: vec![groupe],
            barres: vec![barre],
            automatiques: vec![(4, 2)],
        };
        type Change = (fn(&mut Resultat), &'static str);
        let changes: [Change; 6] = [
            (
                |r| r.propositions[0].1 = 8,
                "propositions : « vœu 1, groupe 8 » au lieu de « vœu 1, groupe 7 »",
            ),
            (|r| r.rangs[1].1 = 1, "rangs d’attente : « vœu 3, rang 1 » au lieu de « vœu 3, rang 2 »"),
            (|r| r.rangs.truncate(1), "rangs d’attente : « rien » au lieu de « vœu 3, rang 2 »"),
            (
                |r| r.groupes[0].dernier_appele = 9,
                "derniers appelés : « groupe 7, dernier appelé 2 (affiché 9), 4 en attente, propositions : 1 » au lieu de « \
                 groupe 7, dernier appelé 2 (affiché 3), 4 en attente, propositions : 1 »",
            ),
            (
                |r| r.barres[0].barre_appel = 6,
                "barres d’internat : « internat 5, groupe 7, barres 1 et 6 » au lieu de « internat 5, groupe 7, barres 1 et 2 »",
            ),
            (|r| r.automatiques.clear(), "réponses automatiques : « rien » au lieu de « vœu 4, réponse 2 »"),
        ];
        for (change, attendu) in changes {
            let mut lu = scelle();
            change(&mut lu);
            assert_eq!(first_row(&Lignes::Jour(lu), &Lignes::Jour(scelle())), attendu);
        }
        let ordre = |rang| Lignes::Ordres(vec![LigneOrdre { groupe: 7, candidat: 1, rang }]);
        let dit =
            "ordres d’appel : « groupe 7, candidat 1, rang 2 » au lieu de « groupe 7, candidat 1, rang 1 »";
        assert_eq!(first_row(&ordre(2), &ordre(1)), dit);
    }
}
