//! `/academie/{annee}/controles/inchangees`: the unchanged courses of a list, read again with those that are left aside, then accepted
//! together (R-CTL-11).

use app::formations::{ApercuInchangees, CriteresControle, LaisseeDeCote, accept_list, preview_unchanged};
use app::messages::minuscule;
use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;

use super::controles::{avec, criteres, de_cote, liste, suite, vers_la_liste};
use super::lit_annee;
use crate::components::{
    Aide, Alerte, Bouton, Cellule, Colonne, Definitions, Formulaire, LienBouton, Tableau, lue,
    nom_departement, nombre,
};
use crate::layout::{Lien, Page, rend};
use crate::socle::{Recu, Requete, Resultat, redirige, refuse};

#[derive(Template)]
#[template(path = "academie/inchangees.html")]
struct PageInchangees {
    page: Page,
    envoi: String,
    retour: String,
    form: Formulaire,
    /// What the list looks for.
    liste: String,
    chiffres: Definitions,
    /// Those of the next batches.
    suivantes: Option<Alerte>,
    /// What is sent: each as its review is now.
    choisies: Vec<String>,
    /// « Accepter et publier ces 12 formations ».
    bouton: String,
    de_cote: Option<Tableau>,
    acceptees: Tableau,
}

pub async fn get_inchangees(
    requete: Requete,
    Path(annee): Path<String>,
    Query(paires): Query<Vec<(String, String)>>,
) -> Resultat {
    let annee = lit_annee(&annee)?;
    let criteres = criteres(&Formulaire::recu("", paires));
    let apercu = preview_unchanged(&requete.ctx, annee, &criteres).await?;
    let form = requete.formulaire();
    Ok(rend(StatusCode::OK, &page(&requete, annee, &criteres, &apercu, form, None)))
}

/// Accepts those that were shown, as they were.
pub async fn post_inchangees(
    Path(annee): Path<String>,
    Query(paires): Query<Vec<(String, String)>>,
    mut recu: Recu,
) -> Resultat {
    let annee = lit_annee(&annee)?;
    let requete = recu.requete.clone();
    let criteres = criteres(&Formulaire::recu("", paires));
    let mut refusees = None;
    match recu.form.lit_lues("formations").filter(|lues| !lues.is_empty()) {
        None => recu.form.refuse_tout("Aucune formation n’a été choisie : relisez la liste ci-dessous."),
        Some(choisies) => match accept_list(&requete.ctx, &recu.garde(), annee, &choisies).await {
            Ok(Ok(r)) => {
                let fait = format!("recepisse={}", r.numero);
                return Ok(redirige(&avec(&liste(annee, &suite(&criteres)), &fait)));
            }
            Ok(Err(bilan)) => {
                recu.form.refuse_tout(
                    "Aucune de ces formations n’est acceptée : le premier tableau dit pourquoi. La liste ci-dessous est celle de \
                     maintenant.",
                );
                refusees = Some(bilan.laissees);
            }
            Err(e) => refuse(&mut recu.form, e)?,
        },
    }
    let apercu = preview_unchanged(&requete.ctx, annee, &criteres).await?;
    // Other courses may be shown now: what is sent next is another act.
    let mut form = requete.formulaire();
    for e in recu.form.erreurs() {
        form.refuse_tout(&e.message);
    }
    let page = page(&requete, annee, &criteres, &apercu, form, refusees.as_deref());
    Ok(rend(StatusCode::UNPROCESSABLE_ENTITY, &page))
}

/// What the list looks for, in French.
fn dit(c: &CriteresControle) -> String {
    let mut dits = Vec::new();
    if !c.texte.is_empty() {
        dits.push(format!("recherche « {} »", c.texte));
    }
    dits.extend(c.departement.as_deref().map(|d| format!("département {}", nom_departement(d))));
    dits.extend(c.famille.map(|f| format!("type « {} »", f.libelle())));
    dits.extend(c.prise.map(|p| minuscule(p.libelle())));
    if dits.is_empty() {
        return "Toutes les formations de votre périmètre qui attendent votre contrôle.".to_owned();
    }
    format!("Formations de votre périmètre qui attendent votre contrôle : {}.", dits.join(", "))
}

fn page(
    requete: &Requete,
    annee: i64,
    criteres: &CriteresControle,
    a: &ApercuInchangees,
    form: Formulaire,
    refusees: Option<&[LaisseeDeCote]>,
) -> PageInchangees {
    let suite = suite(criteres);
    let ici = format!("/academie/{annee}/controles/inchangees");
    let retour = liste(annee, &suite);
    let mut chiffres = Definitions::new().ligne("Formations inchangées à accepter", nombre(n(a.total)));
    if !a.laissees.is_empty() {
        chiffres = chiffres.ligne("Inchangées, mais laissées de côté", nombre(n(a.laissees.len())));
    }
    let apres = a.total - a.lot.len();
    let colonnes = vec![Colonne::longue("Formation")];
    PageInchangees {
        page: requete
            .page("Accepter les formations inchangées")
            .session(&a.session.libelle)
            .ariane(vec![
                Lien::new("Service académique", format_args!("/academie/{annee}")),
                Lien::new("Contrôle des formations", &retour),
            ])
            .en_erreur(!form.est_valide()),
        envoi: avec(&ici, &suite),
        liste: dit(criteres),
        chiffres,
        suivantes: (apres > 0).then(|| {
            Alerte::info(format_args!(
                "Un seul envoi en accepte {} : les autres, {}, se proposent ensuite de la même façon.",
                nombre(n(a.lot.len())),
                nombre(n(apres))
            ))
        }),
        choisies: a.lot.iter().map(|i| lue(&i.id, i.version)).collect(),
        bouton: match a.lot.len() {
            1 => "Accepter et publier cette formation".to_owned(),
            combien => format!("Accepter et publier ces {} formations", nombre(n(combien))),
        },
        de_cote: de_cote(annee, refusees.unwrap_or(&a.laissees), &suite),
        acceptees: Tableau::new("Formations inchangées à accepter", colonnes)
            .legende_cachee()
            .si_vide("Aucune formation de cette liste ne peut être acceptée sans être ouverte.")
            .lignes(a.lot.iter().map(|i| {
                let vers = vers_la_liste(&format!("/academie/{annee}/controles/{}", i.id), &suite);
                vec![Cellule::lien(&i.formation, vers)]
            })),
        retour,
        form,
    }
}

fn n(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}
