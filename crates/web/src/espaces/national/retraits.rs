//! `/national/{annee}/retrait?passage=…`: courses put back to what they were before a day (R-ADM-13): choosing them, reading what
//! will happen, computing the withdrawal.

use app::AppError;
use app::admission::{
    ApercuRetrait, DemandeRetrait, Devenirs, FormationDuJour, LigneRetrait, Possibilite, apercu_retrait,
    calculer_retrait, formations_a_retirer, tableau_national,
};
use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use domain::PublicId;
use domain::droits::{Action, Cible};

use super::{adresse, ariane, lit_annee, nom};
use crate::components::{
    Alerte, Bouton, Cellule, Colonne, Definitions, Formulaire, LienBouton, Markup, Tableau, nombre,
};
use crate::layout::{Page, rend};
use crate::socle::{Recu, Requete, Resultat, redirige, refuse};

/// Checkboxes of the courses, in both forms.
const FORMATIONS: &str = "formations";

#[derive(Template)]
#[template(path = "national/retrait.html")]
struct PageRetrait {
    page: Page,
    url: String,
    passage: String,
    retour: String,
    nom: String,
    /// Why not now.
    obstacle: Option<Alerte>,
    titre_choix: &'static str,
    recherche: Formulaire,
    formations: Tableau,
    apercu: Option<Apercu>,
    form: Formulaire,
}

/// What will happen to the courses chosen.
struct Apercu {
    resume: String,
    tableau: Tableau,
    choisies: Vec<String>,
    possible: bool,
}

/// « 3 propositions sans réponse sont retirées ; 1 acceptée le reste. » for whoever asks and whoever publishes.
pub(super) fn phrase(d: &Devenirs) -> String {
    let retirees = match d.retirees - d.automatiques {
        0 if d.automatiques == 0 => {
            "Aucune proposition n’attend de réponse : il n’y en a aucune à retirer".to_owned()
        }
        0 => "Aucune proposition n’attend de réponse".to_owned(),
        1 => "1 proposition sans réponse est retirée".to_owned(),
        n => format!("{} propositions sans réponse sont retirées", nombre(n)),
    };
    let restes: Vec<String> = [
        (d.acceptees, "acceptée", "acceptées"),
        (d.rendues, "refusée ou rendue", "refusées ou rendues"),
        (d.expirees, "expirée", "expirées"),
    ]
    .into_iter()
    .filter(|(n, ..)| *n > 0)
    .map(|(n, un, plusieurs)| match n {
        1 => format!("1 {un} le reste"),
        n => format!("{} {plusieurs} le restent", nombre(n)),
    })
    .collect();
    let ete = automatic(d);
    if restes.is_empty() {
        return format!("{retirees} ; personne n’avait encore répondu.{ete}");
    }
    format!("{retirees} ; {}.{ete}", restes.join(", "))
}

/// What the platform had done in candidates' places because of these propositions, and what becomes of it.
fn automatic(d: &Devenirs) -> String {
    let acceptees = match d.automatiques {
        0 => String::new(),
        1 => " 1 proposition que le répondeur automatique avait acceptée est aussi retirée.".to_owned(),
        n => format!(
            " {} propositions que le répondeur automatique avait acceptées sont aussi retirées.",
            nombre(n)
        ),
    };
    let retablis = match d.retablis {
        0 => String::new(),
        1 => " 1 vœu abandonné automatiquement à cause d’elles revient en liste d’attente.".to_owned(),
        n => format!(
            " {} vœux abandonnés automatiquement à cause d’elles reviennent en liste d’attente.",
            nombre(n)
        ),
    };
    let perdues = match d.perdues {
        0 => String::new(),
        1 => " 1 proposition rendue automatiquement à cause d’elles ne revient pas, car sa place a pu aller à quelqu’un \
              d’autre : à examiner avec la formation et le candidat."
            .to_owned(),
        n => format!(
            " {} propositions rendues automatiquement à cause d’elles ne reviennent pas, car leurs places ont pu aller à d’autres : à \
             examiner une à une avec les formations et les candidats.",
            nombre(n)
        ),
    };
    acceptees + &retablis + &perdues
}

/// The same in figures.
pub(super) fn chiffres(mut d: Definitions, devenirs: &Devenirs) -> Definitions {
    let ete = [
        ("Propositions acceptées par le répondeur automatique, retirées", devenirs.automatiques),
        ("Vœux abandonnés automatiquement, remis en attente", devenirs.retablis),
        ("Propositions rendues automatiquement, qui ne reviennent pas", devenirs.perdues),
    ];
    for (terme, n) in [
        ("Propositions sans réponse, retirées", devenirs.retirees - devenirs.automatiques),
        ("Propositions acceptées, qui restent", devenirs.acceptees),
        ("Propositions refusées ou rendues, qui le restent", devenirs.rendues),
        ("Propositions expirées, qui le restent", devenirs.expirees),
    ]
    .into_iter()
    .chain(ete.into_iter().filter(|(_, n)| *n > 0))
    {
        d = d.ligne(terme, nombre(n));
    }
    d
}

/// What the address or the form names.
fn lit(annee: &str, form: &Formulaire) -> Result<(i64, String, Vec<String>), AppError> {
    let id = |texte: &str| PublicId::parse(texte).map(|id| id.as_str().to_owned()).ok_or(AppError::NotFound);
    let mut choisies = form.valeurs(FORMATIONS).iter().map(|f| id(f)).collect::<Result<Vec<_>, _>>()?;
    choisies.sort_unstable();
    choisies.dedup();
    Ok((lit_annee(annee)?, id(form.valeur("passage"))?, choisies))
}

pub async fn get(
    requete: Requete,
    Path(annee): Path<String>,
    Query(paires): Query<Vec<(String, String)>>,
) -> Resultat {
    let recherche = Formulaire::recu("", paires);
    requete.ctx.permit(Action::CalculerPassage, &Cible::plateforme())?;
    let (annee, passage, choisies) = lit(&annee, &recherche)?;
    let form = requete.formulaire();
    let page = page(&requete, annee, &passage, choisies, recherche, form).await?;
    Ok(rend(StatusCode::OK, &page))
}

pub async fn post(Path(annee): Path<String>, mut recu: Recu) -> Resultat {
    let requete = recu.requete.clone();
    let (annee, passage, formations) = lit(&annee, &recu.form)?;
    if let Some(motif) = recu.form.lit_texte("motif", "Écrivez pourquoi ces propositions sont retirées.") {
        let demande = DemandeRetrait { passage: passage.clone(), formations: formations.clone(), motif };
        match calculer_retrait(&requete.ctx, &recu.garde(), annee, &demande).await {
            Ok(_) => {
                let t = tableau_national(&requete.ctx, annee).await?;
                let vers =
                    t.retrait.map_or_else(|| format!("/national/{annee}/passages"), |p| adresse(annee, &p));
                return Ok(redirige(&format!("{vers}?fait=retrait-calcule")));
            }
            Err(e) => refuse(&mut recu.form, e)?,
        }
    }
    let mut recherche = Formulaire::recu("", Vec::new());
    for f in &formations {
        recherche.ajoute(FORMATIONS, f);
    }
    let page = page(&requete, annee, &passage, formations, recherche, recu.form).await?;
    Ok(rend(StatusCode::UNPROCESSABLE_ENTITY, &page))
}

async fn page(
    requete: &Requete,
    annee: i64,
    passage: &str,
    choisies: Vec<String>,
    recherche: Formulaire,
    form: Formulaire,
) -> Result<PageRetrait, AppError> {
    let ctx = &requete.ctx;
    let a = apercu_retrait(ctx, annee, passage, &choisies).await?;
    let trouvees = formations_a_retirer(ctx, annee, passage, recherche.valeur("q")).await?;
    let retour = adresse(annee, &a.passage);
    Ok(PageRetrait {
        page: requete
            .page("Retirer des propositions")
            .session(format_args!("Session {annee}"))
            .ariane(ariane(annee, &a.passage))
            .en_erreur(!form.est_valide()),
        url: format!("/national/{annee}/retrait"),
        passage: passage.to_owned(),
        retour,
        nom: format!("Depuis le jour {} : {}", a.passage.jour, nom(&a.passage)),
        obstacle: match &a.possible {
            Possibilite::PasMaintenant(motif) if form.est_valide() => Some(Alerte::info(motif)),
            _ if choisies.is_empty() && recherche.valeur("voir") == "oui" => {
                Some(Alerte::erreur("Cochez au moins une formation, puis demandez ce qui sera retiré."))
            }
            _ => None,
        },
        titre_choix: if a.lignes.is_empty() { "Formations à rétablir" } else { "Changer ce choix" },
        formations: table(&recherche, &a.lignes, &trouvees),
        recherche,
        apercu: (!a.lignes.is_empty()).then(|| apercu(&a)),
        form,
    })
}

/// The courses chosen, then those found: ticked or not, none is lost from one search to the next.
fn table(form: &Formulaire, choisies: &[LigneRetrait], trouvees: &[FormationDuJour]) -> Tableau {
    let colonnes = vec![
        Colonne::new("Formation"),
        Colonne::nombre("Propositions de ce jour-là"),
        Colonne::new("Établissement"),
    ];
    let ligne = |id: &str, formation: &str, etablissement: &str, propositions: Cellule| {
        let case = form.choix_de(FORMATIONS, id, formation).petite().precision(etablissement);
        vec![Cellule::markup(Markup::new(case)), propositions, Cellule::texte(etablissement)]
    };
    let du_jour = |id: &str| trouvees.iter().find(|f| f.public_id == id);
    let dessus = choisies.iter().map(|l| {
        let propositions = match du_jour(&l.public_id) {
            Some(f) => Cellule::nombre(f.propositions),
            None => Cellule::texte("–"),
        };
        ligne(&l.public_id, &l.formation, &l.etablissement, propositions)
    });
    let autres = trouvees.iter().filter(|f| !choisies.iter().any(|l| l.public_id == f.public_id));
    let autres =
        autres.map(|f| ligne(&f.public_id, &f.formation, &f.etablissement, Cellule::nombre(f.propositions)));
    Tableau::new("Formations à rétablir", colonnes)
        .legende_cachee()
        .si_vide("Aucune formation de ce passage ne répond à cette recherche.")
        .lignes(dessus.chain(autres))
}

fn apercu(a: &ApercuRetrait) -> Apercu {
    let mut colonnes = vec![
        Colonne::new("Formation"),
        Colonne::nombre("Retirées"),
        Colonne::nombre("Acceptées, qui restent"),
        Colonne::nombre("Refusées ou rendues"),
        Colonne::nombre("Expirées"),
    ];
    // Before the summer nothing is done in a candidate's place.
    let ete = a.total.automatiques + a.total.retablis + a.total.perdues > 0;
    if ete {
        colonnes.extend([
            Colonne::nombre("Retirées, que le répondeur avait acceptées"),
            Colonne::nombre("Vœux remis en attente"),
            Colonne::nombre("Rendues automatiquement, perdues"),
        ]);
    }
    colonnes.push(Colonne::new("Établissement"));
    let tableau = Tableau::new("Effet du retrait, formation par formation", colonnes)
        .legende_cachee()
        .lignes(a.lignes.iter().map(|l| {
            let d = l.devenirs;
            let formation = if l.sans_effet {
                format!("{} : rien à retirer depuis ce jour, décochez-la", l.formation)
            } else {
                l.formation.clone()
            };
            let mut cellules = vec![
                Cellule::texte(formation),
                Cellule::nombre(d.retirees),
                Cellule::nombre(d.acceptees),
                Cellule::nombre(d.rendues),
                Cellule::nombre(d.expirees),
            ];
            if ete {
                cellules.extend([d.automatiques, d.retablis, d.perdues].map(Cellule::nombre));
            }
            cellules.push(Cellule::texte(&l.etablissement));
            cellules
        }));
    Apercu {
        resume: phrase(&a.total),
        tableau,
        choisies: a.lignes.iter().map(|l| l.public_id.clone()).collect(),
        possible: a.possible.is_oui() && !a.lignes.iter().any(|l| l.sans_effet),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_withdrawn_and_what_stays_is_one_sentence() {
        let d = |retirees, acceptees, rendues, expirees| {
            phrase(&Devenirs { retirees, acceptees, rendues, expirees, ..Devenirs::default() })
        };
        assert_eq!(
            d(1, 0, 0, 0),
            "1 proposition sans réponse est retirée ; personne n’avait encore répondu."
        );
        assert_eq!(
            d(2, 1, 3, 0),
            "2 propositions sans réponse sont retirées ; 1 acceptée le reste, 3 refusées ou rendues le restent."
        );
        assert!(d(0, 0, 0, 1).starts_with("Aucune proposition n’attend de réponse"));
        let ete = Devenirs { retirees: 3, automatiques: 1, retablis: 2, perdues: 1, ..Devenirs::default() };
        let dit = phrase(&ete);
        for attendu in [
            "2 propositions sans réponse sont retirées",
            "1 proposition que le répondeur automatique avait acceptée est aussi retirée",
            "2 vœux abandonnés automatiquement à cause d’elles reviennent en liste d’attente",
            "1 proposition rendue automatiquement à cause d’elles ne revient pas",
        ] {
            assert!(dit.contains(attendu), "{attendu}: {dit}");
        }
    }
}
