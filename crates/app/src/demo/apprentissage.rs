//! A dozen records of the catalogue of apprenticeship in the region of the personas, in each kind of situation: to be published, ready,
//! to be checked, twice the same, sent back, refused, out of the perimeter, one that became a course and those that cannot be read.

use std::sync::Arc;

use domain::PublicId;
use domain::apprentissage::{Fiche, Lieu, Moment, Organisme, Periode, Point, Statut};
use domain::droits::{Action, Cible};
use files::catalogue::{FauteFiche, FicheRefusee};
use simulation::PetiteFrance;
use simulation::petite_france::EtablissementSimule;

use super::pays::Pays;
use super::personas::Agents;
use super::{ANNEE, contexte, instant};
use crate::apprentissage::{Decision, decide_fiche, integrate};
use crate::erreur::AppError;
use crate::idempotence::Garde;
use crate::imports::{FluxLu, write_day};
use crate::plateforme::Plateforme;

/// What the agent decided: a status, and why.
type Decide = Option<(Statut, &'static str)>;

/// Identifier, title, code of the diploma, establishment (0: that of the personas), what the agent decided.
const FICHES: [(&str, &str, &str, usize, Decide); 12] = [
    ("24_310001", "BTS Management commercial opérationnel", "32031213", 0, None),
    ("24_310002", "BTS Tourisme", "32033423", 0, None),
    (
        "24_310003",
        "BTS Support à l’action managériale",
        "32032409",
        0,
        Some((
            Statut::EnAttenteMiseAJour,
            "L’adresse du lieu de formation est celle de l’ancien site : faites-la corriger par votre Carif-Oref.",
        )),
    ),
    (
        "24_310004",
        "BTS Maintenance des systèmes, option production",
        "32025009",
        1,
        Some((Statut::PretPourIntegration, "")),
    ),
    ("24_310005", "BTS Gestion de la PME", "32031409", 1, None),
    ("24_310006", "BTS Gestion de la PME", "32031409", 1, None),
    ("24_310007", "Bachelor Responsable de la distribution", "24631201", 2, None),
    ("24_310008", "Mention complémentaire Technicien en soudage", "01025401", 2, None),
    ("24_310009", "Titre professionnel Technicien supérieur systèmes et réseaux", "36T32601", 2, None),
    ("24_310010", "CAP Cuisine", "50022137", 2, None),
    (
        "24_310011",
        "BTS Opticien-lunetier",
        "32033105",
        3,
        Some((
            Statut::NonPublie,
            "Le plateau technique n’est pas conforme au référentiel : la visite de l’inspection du 15 novembre l’a constaté.",
        )),
    ),
    ("24_310012", "BTS Négociation et digitalisation de la relation client", "32031212", 3, None),
];

fn identifiant(id: &str) -> String {
    format!("{id}|{id}1|8{}", &id[4..])
}

fn fiche(id: &str, titre: &str, cfd: &str, e: &EtablissementSimule) -> Fiche {
    let point = Point::from_degres(e.latitude, e.longitude);
    let organisme = Organisme {
        siret: Some("73282932000074".to_owned()),
        uai: Some(e.uai.clone()),
        commune: Some(format!("{}001", e.departement)),
        point,
    };
    Fiche {
        id: identifiant(id),
        intitule: Some(titre.to_owned()),
        gestionnaire: organisme.clone(),
        formateur: organisme,
        lieu: Lieu {
            uai: Some(e.uai.clone()),
            commune: Some(format!("{}001", e.departement)),
            ville: Some(e.commune.to_owned()),
            code_postal: Some(format!("{}000", e.departement)),
            adresse: Some(format!("{} rue de la Gare", id.len())),
            point,
            ..Lieu::default()
        },
        cfd: Some(cfd.to_owned()),
        rncp: Some(format!("RNCP{}", &cfd[3..])),
        mefs: vec![format!("311{}", &cfd[1..])],
        periodes: vec![Periode { debut: Moment::mois(2024, 9), fin: Some(Moment::mois(2026, 6)) }],
        ..Fiche::default()
    }
}

fn refusee(
    (rang, ligne): (u64, u64),
    (id, titre): (&str, &str),
    e: &EtablissementSimule,
    champ: &str,
    motif: &str,
) -> FicheRefusee {
    let faute = FauteFiche { ligne: ligne + 4, colonne: 3, champ: champ.to_owned(), motif: motif.to_owned() };
    FicheRefusee {
        rang,
        ligne,
        id: Some(identifiant(id)),
        intitule: Some(titre.to_owned()),
        lieu: Some(format!("{}, UAI {}", e.commune, e.uai)),
        academie: Some(e.academie),
        fautes: vec![faute],
    }
}

/// The day of 16 November, what the agent decided since, and the course made of one record.
pub(super) async fn ecrire(
    app: &Arc<Plateforme>,
    france: &PetiteFrance,
    pays: &Pays,
    vedette: usize,
    agents: &Agents,
) -> Result<(), AppError> {
    let sien = france.formations[vedette].etablissement;
    let region: Vec<&str> =
        agents.academie.attributions.iter().flat_map(|a| &a.academies).map(String::as_str).collect();
    let la = |e: &EtablissementSimule| region.contains(&e.academie);
    let autres: Vec<&EtablissementSimule> = france
        .etablissements
        .iter()
        .enumerate()
        .filter(|(i, e)| *i != sien && la(e))
        .map(|(_, e)| e)
        .collect();
    let lycee = &france.etablissements[sien];
    let chez = |n: usize| match n {
        0 => lycee,
        n => autres.get(n - 1).copied().unwrap_or(lycee),
    };
    let mut fiches: Vec<Fiche> =
        FICHES.iter().map(|(id, titre, cfd, n, _)| fiche(id, titre, cfd, chez(*n))).collect();
    // The same course, said again with a capacity.
    if let Some(f) = fiches.iter_mut().find(|f| f.id == identifiant("24_310006")) {
        f.capacite = Some(12);
    }
    // The place bears the code of its trainer, who is elsewhere; and one whose establishment nobody knows.
    if let Some(f) = fiches.iter_mut().find(|f| f.id == identifiant("24_310012")) {
        f.formateur.commune = Some(format!("{}002", chez(3).departement));
    }
    if let Some(f) = fiches.iter_mut().find(|f| f.id == identifiant("24_310009")) {
        (f.lieu.uai, f.formateur.uai, f.gestionnaire.uai) = (None, None, None);
    }
    let refusees = vec![
        refusee(
            (13, 412),
            ("24_310013", "BTS Tourisme"),
            lycee,
            "cfd",
            "le code de diplôme « 3203 » n’a pas huit lettres ou chiffres",
        ),
        refusee(
            (14, 488),
            ("24_310014", "BTS Communication"),
            lycee,
            "date_fin",
            "la session 2024-09-02/2023-06-30 finit avant de commencer",
        ),
    ];
    let lu = FluxLu::invented(fiches, refusees);
    let ctx = contexte(app, None, instant("2023-11-16T22:00")?);
    let permit = ctx.permit(Action::ImporterOffre, &Cible::plateforme())?;
    let tx = ctx.begin().await?;
    write_day(&ctx, &tx, &ctx.ecriture(&permit), (pays.session, ANNEE), &lu).await?;
    tx.commit().await?;
    let agent = contexte(app, Some(agents.academie.clone()), instant("2023-11-17T15:00")?);
    for (id, .., decide) in FICHES {
        let Some((vers, motif)) = decide else { continue };
        let d = Decision { vers, motif: motif.to_owned() };
        let public_id = store::apprentissage::public_id(&app.db, pays.session, &identifiant(id)).await?;
        let public_id = public_id.as_deref().and_then(PublicId::parse).ok_or(AppError::NotFound)?;
        decide_fiche(&agent, &Garde::default(), ANNEE, &public_id, &d).await?;
    }
    let nuit = contexte(app, None, instant("2023-11-18T02:00")?);
    integrate(&nuit, ANNEE).await?;
    Ok(())
}
