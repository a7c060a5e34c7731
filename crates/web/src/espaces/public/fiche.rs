//! `/formations/{id}`: the public sheet of a course.

use app::formations::{
    ChiffresCles, Fiche, FicheFermee, PublicationFiche, RegroupementVu, closed_sheet, compare_published,
    sheet,
};
use app::{AppError, messages};
use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use domain::formations::description::{INTERNAT, RubriqueFiche};
use domain::formations::format_montant;
use domain::formations::regroupement::Mutualisation;
use domain::{PublicId, RuleViolation};
use jiff::Timestamp;

use super::recherche::page_fermee;
use crate::components::demandes::fermee;
use crate::components::etablissement::definitions;
use crate::components::fiche::{FichePublique, nature, places_et_frais};
use crate::components::versions::{ChoixVersions, lit_versions};
use crate::components::{
    Alerte, Badge, Barres, Bouton, Cellule, Colonne, Definitions, Formulaire, LienBouton, Markup, Tableau,
    Ton, nombre,
};
use crate::layout::{Lien, Page, rend};
use crate::socle::{Requete, Resultat};

#[derive(Template)]
#[template(path = "public/formation.html")]
struct PageFiche {
    page: Page,
    surtitre: String,
    badges: Markup,
    /// Address where the wish is added, when wishes are open.
    voeu: Option<String>,
    /// Why no wish can be added now.
    voeux_fermes: Option<Alerte>,
    fiche: FichePublique,
}

/// The dated publications, and two of them side by side when there are two.
#[derive(Template)]
#[template(path = "public/formation_historique.html")]
struct Historique {
    tableau: Tableau,
    choix: Option<ChoixVersions>,
    url: String,
}

#[derive(Template)]
#[template(path = "public/formation_close.html")]
struct PageClose {
    page: Page,
    surtitre: String,
    alerte: Alerte,
}

pub async fn get_fiche(
    requete: Requete,
    Path(id): Path<String>,
    Query(paires): Query<Vec<(String, String)>>,
) -> Resultat {
    let id = PublicId::parse(&id).ok_or(AppError::NotFound)?;
    let demande = lit_versions(&Formulaire::recu("", paires));
    match sheet(&requete.ctx, &id).await {
        Ok(fiche) => {
            let versions = compare_published(&requete.ctx, &id, demande).await?;
            Ok(rend(StatusCode::OK, &page(&requete, &fiche, ChoixVersions::new(&versions))))
        }
        Err(AppError::Rule(regle)) => Ok(page_fermee(&requete, &regle)),
        Err(AppError::NotFound) => {
            let f = closed_sheet(&requete.ctx, &id).await?;
            Ok(rend(StatusCode::OK, &page_close(&requete, &f)))
        }
        Err(autre) => Err(autre.into()),
    }
}

/// R-VIE-06: a closed course says so, and leads to the one that takes its place.
fn page_close(requete: &Requete, f: &FicheFermee) -> PageClose {
    PageClose {
        page: requete
            .page(&f.intitule.libelle)
            .session(&f.session)
            .ariane(vec![Lien::new("Formations", "/formations")]),
        surtitre: format!("{} – {}", f.intitule.etablissement, f.intitule.lieu),
        alerte: fermee(&f.fin, |id| format!("/formations/{id}")),
    }
}

fn date(ms: i64) -> String {
    Timestamp::from_millisecond(ms).map(messages::date_longue).unwrap_or_default()
}

fn page(requete: &Requete, f: &Fiche, choix: Option<ChoixVersions>) -> PageFiche {
    let mut badges = Markup::new(Badge::new(Ton::Neutre, f.genre.libelle()));
    if f.apprentissage {
        badges = badges.et(Badge::new(Ton::Info, "Apprentissage"));
    }
    badges = badges.et(Badge::new(Ton::Neutre, if f.selective { "Sélective" } else { "Non sélective" }));
    if f.internat {
        badges = badges.et(Badge::new(Ton::Neutre, "Internat"));
    }
    let voeux_fermes = f.voeux.as_ref().err().map(|regle| match regle {
        RuleViolation::NotYetOpen { opens, .. } => Alerte::info(format_args!(
            "Vous pourrez ajouter cette formation à vos vœux à partir du {}.",
            messages::date_heure(*opens)
        )),
        autre => Alerte::info(messages::regle(autre)),
    });
    PageFiche {
        page: requete
            .page(&f.intitule.libelle)
            .session(&f.session.libelle)
            .ariane(vec![Lien::new("Formations", "/formations")]),
        surtitre: format!("{} – {}", f.intitule.etablissement, f.intitule.lieu),
        badges,
        voeu: f.voeux.is_ok().then(|| format!("/candidat/voeux/ajouter?formation={}", f.id)),
        voeux_fermes,
        fiche: rubriques(f, choix),
    }
}

/// R-FOR-32: everything that is read of the course, in its rubric.
fn rubriques(f: &Fiche, choix: Option<ChoixVersions>) -> FichePublique {
    let historique =
        Historique { tableau: historique(&f.publications), choix, url: format!("/formations/{}", f.id) };
    let voeu_multiple = f.regroupement.as_ref().map(|r| regroupement(&f.id, r)).unwrap_or_default();
    FichePublique::page()
        .essentiel(essentiel(f))
        .presentation(&f.presentation)
        .champs(&f.description, f.national.as_ref())
        .bloc("Vœu multiple", RubriqueFiche::Modalites, voeu_multiple)
        .groupes(&f.groupes, f.appels_le.map(appels).unwrap_or_default())
        .bloc("Statistiques d’admission", RubriqueFiche::Chiffres, chiffres(f.chiffres.as_ref()))
        .bloc("Historique des publications", RubriqueFiche::Chiffres, Markup::rendu(historique.to_string()))
        .bloc("Établissement et lieu", RubriqueFiche::Contact, Markup::new(etablissement(f)))
}

fn paragraphe(texte: &str) -> Markup {
    Markup::rendu(format!("<p>{}</p>", Markup::texte(texte)))
}

fn appels(le: i64) -> Markup {
    paragraphe(&format!(
        "Le rang du dernier appelé est celui de la liste d’appel du groupe, au {}. Il ne recule jamais d’un jour à l’autre.",
        date(le)
    ))
}

fn essentiel(f: &Fiche) -> Definitions {
    let d = places_et_frais(f.capacite, f.frais_centimes);
    let d = nature(d, f.genre, f.apprentissage, f.selective);
    let d = match f.secteur[..] {
        [] => d,
        _ => d.ligne("Secteur", messages::secteur(&f.secteur)),
    };
    // R-FOR-21: said by the course itself, it is read with the rest of what it says.
    if f.description.iter().any(|c| c.champ.code == INTERNAT) {
        d
    } else {
        d.ligne("Internat", if f.internat { "Proposé" } else { "Non proposé" })
    }
}

fn etablissement(f: &Fiche) -> Definitions {
    let mut d = Definitions::new().ligne("Établissement", &f.intitule.etablissement);
    if !f.statut_etablissement.is_empty() {
        d = d.ligne("Statut de l’établissement", f.statut_etablissement);
    }
    if let Some(e) = f.etablissement.as_ref().filter(|e| !e.tutelle.is_empty()) {
        d = d.ligne("Ministère de tutelle", e.tutelle);
    }
    d = d.ligne("Code UAI", &f.uai).ligne("Ville", &f.intitule.lieu);
    if let Some(nom) = f.departement {
        d = d.ligne("Département", nom);
    }
    if let Some(nom) = f.academie {
        d = d.ligne("Académie", nom);
    }
    // Only what a browser can follow: the address comes from files.
    if let Some(site) =
        f.site_web.as_deref().filter(|s| s.starts_with("https://") || s.starts_with("http://"))
    {
        d = d.ligne_markup("Site de l’établissement", Markup::lien(site, site));
    }
    match &f.etablissement {
        Some(e) => definitions(d, e),
        None => d,
    }
}

/// The multiple wish that the course is part of: what it means, its other courses.
fn regroupement(ici: &str, r: &RegroupementVu) -> Markup {
    let commun = match r.mutualisation {
        Mutualisation::Aucune => "Chaque formation examine et classe les candidatures qu’elle reçoit.",
        Mutualisation::Epreuves => {
            "Les épreuves se passent une seule fois pour toutes ; chaque formation classe ensuite."
        }
        Mutualisation::DossierUnique => {
            "Un seul dossier et un seul classement servent à toutes les formations demandées."
        }
    };
    let dit = paragraphe(&format!(
        "Cette formation fait partie du vœu multiple « {} » : les formations que vous y demandez sont des sous-vœux, et comptent \
         pour un seul vœu. {commun}",
        r.libelle
    ));
    let autres = r.formations.iter().filter(|f| f.id != ici);
    let lignes: Vec<String> = autres
        .map(|f| format!("<li>{}</li>", Markup::lien(&f.intitule, format_args!("/formations/{}", f.id))))
        .collect();
    if lignes.is_empty() {
        return dit;
    }
    dit.et(paragraphe("Les autres formations de ce vœu :"))
        .et(Markup::rendu(format!("<ul>{}</ul>", lignes.concat())))
}

/// Key figures, each chart being a table.
fn chiffres(chiffres: Option<&ChiffresCles>) -> Markup {
    let Some(c) = chiffres else {
        return paragraphe("Cette formation n’a pas de chiffres publiés pour une session précédente.");
    };
    let mut resume = Definitions::new();
    if let Some(n) = c.capacite {
        resume = resume.ligne(format_args!("Places en {}", c.annee), nombre(n));
    }
    resume = match c.taux_acces {
        Some(taux) => resume.ligne(
            "Taux d’accès",
            format_args!("{taux} % : part des candidats qui pouvaient recevoir une proposition"),
        ),
        None => resume.ligne("Taux d’accès", "Non communiqué"),
    };
    let mut flux =
        Barres::new(format_args!("De la candidature à l’admission en {}", c.annee), "Étape", "Candidats");
    for (nom, n) in [
        ("Ont formulé un vœu", c.candidats),
        ("Ont reçu une proposition", c.propositions),
        ("L’ont acceptée", c.acceptations),
    ] {
        if let Some(n) = n {
            flux = flux.ligne(nom, n);
        }
    }
    let dit = paragraphe(&format!("Session {}, phases principale et complémentaire.", c.annee));
    let dit = dit.et(resume).et(flux);
    if c.admis.is_empty() {
        return dit;
    }
    let titre = format!("Admis en {} selon le parcours d’origine", c.annee);
    dit.et(c.admis.iter().fold(Barres::new(titre, "Parcours", "Admis"), |b, (nom, n)| b.ligne(nom, *n)))
}

fn historique(publications: &[PublicationFiche]) -> Tableau {
    let colonnes = vec![
        Colonne::new("Publié le"),
        Colonne::nombre("Places"),
        Colonne::nombre("Frais par an"),
        Colonne::longue("Ce qui change"),
    ];
    let lignes = publications.iter().enumerate().map(|(i, p)| {
        vec![
            Cellule::texte(date(p.publie_le)),
            Cellule::texte(ecrit(p.capacite, nombre)),
            Cellule::texte(ecrit(p.frais_centimes, format_montant)),
            Cellule::texte(changements(p, publications.get(i + 1))),
        ]
    });
    Tableau::new("Publications de cette formation", colonnes).legende_cachee().lignes(lignes)
}

/// A value that an imported offer may not have said.
fn ecrit(valeur: Option<i64>, ecriture: impl Fn(i64) -> String) -> String {
    valeur.map_or_else(|| "non communiqué".to_owned(), ecriture)
}

/// Fields that a line of the history names; beyond, they are counted: two publications are compared under it.
const NOMMES: usize = 3;

fn changements(p: &PublicationFiche, avant: Option<&PublicationFiche>) -> String {
    let relue = p.relue.as_ref().map(|(le, motif)| {
        format!("capacité confirmée par une deuxième personne le {} : {motif}", date(*le))
    });
    let Some(avant) = avant else {
        return ["Première publication".to_owned()].into_iter().chain(relue).collect::<Vec<_>>().join(" ; ");
    };
    let mut liste = Vec::new();
    if p.capacite != avant.capacite {
        liste.push(format!(
            "capacité : {} au lieu de {}",
            ecrit(p.capacite, nombre),
            ecrit(avant.capacite, nombre)
        ));
    }
    if p.groupes != avant.groupes && !p.groupes.is_empty() && !avant.groupes.is_empty() {
        liste.push("répartition des places".to_owned());
    }
    if p.frais_centimes != avant.frais_centimes {
        liste.push(format!(
            "frais : {} au lieu de {}",
            ecrit(p.frais_centimes, format_montant),
            ecrit(avant.frais_centimes, format_montant)
        ));
    }
    liste.extend(relue);
    for c in &p.identite {
        let avant = if c.avant.is_empty() { String::new() } else { format!(" au lieu de « {} »", c.avant) };
        let apres = if c.apres.is_empty() { "aucune".to_owned() } else { format!("« {} »", c.apres) };
        liste.push(format!("{} : {apres}{avant}", messages::minuscule(c.champ)));
    }
    if p.presentation_changee {
        liste.push("texte de présentation".to_owned());
    }
    match p.champs.as_slice() {
        [] => {}
        peu if peu.len() <= NOMMES => {
            let noms: Vec<String> = peu.iter().map(|c| messages::minuscule(c)).collect();
            liste.push(format!("description : {}", noms.join(", ")));
        }
        beaucoup => liste.push(format!("description : {} champs", beaucoup.len())),
    }
    if liste.is_empty() { "Sans changement de ces valeurs".to_owned() } else { liste.join(" ; ") }
}

#[cfg(test)]
mod tests {
    use app::formations::IdentiteCorrigee;

    use super::*;

    #[test]
    fn the_history_says_what_changed() {
        let p = |capacite, frais_centimes| PublicationFiche {
            numero: 1,
            publie_le: 0,
            capacite: Some(capacite),
            frais_centimes: Some(frais_centimes),
            presentation_changee: false,
            champs: Vec::new(),
            identite: Vec::new(),
            groupes: Vec::new(),
            relue: None,
        };
        assert_eq!(changements(&p(24, 0), None), "Première publication");
        assert_eq!(
            changements(&p(24, 17_000), Some(&p(20, 0))),
            "capacité : 24 au lieu de 20 ; frais : 170\u{a0}€ au lieu de 0\u{a0}€"
        );
        assert_eq!(changements(&p(24, 0), Some(&p(24, 0))), "Sans changement de ces valeurs");
        let decrite = |champs: &[&'static str]| PublicationFiche { champs: champs.to_vec(), ..p(24, 0) };
        assert_eq!(
            changements(&decrite(&["Attendus de la formation", "Critères"]), Some(&p(24, 0))),
            "description : attendus de la formation, critères"
        );
        let tout = decrite(&["Attendus de la formation", "Critères", "Rythme", "Modalité"]);
        assert_eq!(changements(&tout, Some(&p(24, 0))), "description : 4 champs");
        let dite = |champ, avant: &str, apres: &str| IdentiteCorrigee {
            champ,
            avant: avant.to_owned(),
            apres: apres.to_owned(),
        };
        let identite = vec![
            dite("Intitulé", "BTS Eau", "BTS - Eau"),
            dite("Précision", "", "Anglais"),
            dite("Précision", "Anglais", ""),
        ];
        let corrigee = PublicationFiche { identite, ..p(24, 0) };
        assert_eq!(
            changements(&corrigee, Some(&p(24, 0))),
            "intitulé : « BTS - Eau » au lieu de « BTS Eau » ; précision : « Anglais » ; précision : aucune au lieu de « Anglais »"
        );
        let relue = PublicationFiche { relue: Some((0, "Deuxième division.".to_owned())), ..p(48, 0) };
        assert_eq!(
            changements(&relue, Some(&p(24, 0))),
            "capacité : 48 au lieu de 24 ; capacité confirmée par une deuxième personne le jeudi 1er janvier 1970 : Deuxième division."
        );
    }
}
