//! What the courses of the small France say of themselves: the template of their type, and what is their own.

use domain::droits::{Action, Cible};
use domain::formations::Famille;
use domain::formations::description::{Description, LigneListe, Valeur, modele};
use simulation::Alea;
use store::simulation::{self as semis, FormationADecrire};
use store::{Ecriture, Tx};

use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::formations::ecrit;

/// (national expectations, what the letter is for, an examination) of a type.
const fn propre(famille: Famille) -> (&'static str, &'static str, &'static str) {
    match famille {
        Famille::Licence => (
            "Comprendre et construire une argumentation écrite et orale ; disposer de connaissances solides dans les \
             disciplines de la mention ; savoir organiser seul son travail.",
            "",
            "",
        ),
        Famille::LicenceLas | Famille::Pass => (
            "Disposer de très bonnes connaissances scientifiques ; retenir un grand volume d’informations ; s’intéresser \
             aux questions de santé et à la relation avec les patients.",
            "",
            "",
        ),
        Famille::Bts => (
            "S’intéresser au métier préparé et à ses techniques ; travailler en équipe ; accepter le rythme des cours, des \
             travaux pratiques et du stage.",
            "",
            "",
        ),
        Famille::But => (
            "Aimer les travaux pratiques et les projets ; avoir des bases en mathématiques et en expression écrite ; vouloir \
             une formation encadrée de trois ans.",
            "",
            "",
        ),
        Famille::Cpge => (
            "Fournir un travail régulier et soutenu ; disposer d’acquis solides dans les disciplines de la voie ; être \
             curieux et supporter un rythme exigeant.",
            "",
            "",
        ),
        Famille::Ingenieur => (
            "Avoir un bon niveau scientifique ; s’intéresser à la technologie ; communiquer en français et en anglais.",
            "",
            "Entretien de motivation scientifique",
        ),
        Famille::Commerce => (
            "Avoir une culture générale ouverte ; communiquer en deux langues ; s’intéresser à la vie des entreprises.",
            "La lettre éclaire le projet professionnel et prépare l’entretien.",
            "Entretien individuel",
        ),
        Famille::Ifsi => (
            "S’intéresser au soin et à l’accompagnement ; savoir écouter et travailler en équipe ; avoir des acquis en \
             sciences et en expression écrite.",
            "La lettre permet d’apprécier la connaissance du métier d’infirmier.",
            "",
        ),
        Famille::Efts => (
            "Avoir de l’intérêt pour l’accompagnement des personnes ; savoir prendre du recul ; s’exprimer clairement.",
            "La lettre sert à situer l’engagement et les expériences qui ont mûri le projet.",
            "Entretien avec deux membres de la commission",
        ),
        Famille::Autre => (
            "S’intéresser au domaine de la formation ; avoir pratiqué ou rencontré des professionnels ; travailler avec \
             régularité.",
            "",
            "",
        ),
    }
}

fn ligne(paires: &[(&str, &str)]) -> LigneListe {
    paires.iter().map(|(code, valeur)| ((*code).to_owned(), (*valeur).to_owned())).collect()
}

/// The full description of a course for the session of a year.
fn decrite(f: &FormationADecrire, annee: i64, graine: u64) -> Description {
    let famille = Famille::from_code(&f.famille).unwrap_or(Famille::Autre);
    let cle = u64::try_from(f.formation_id).unwrap_or(0);
    let mut alea = Alea::pour(graine, &[0x464F_524D, cle]);
    let (attendus, lettre, epreuve) = propre(famille);
    let mut d = modele(famille)
        .avec("attendus", attendus)
        .avec("contact", "Secrétariat de la formation")
        .avec("contact_courriel", &f.courriel)
        .avec("contact_telephone", &f.telephone)
        .avec("site", &f.site);
    if famille == Famille::Autre {
        d = d
            .avec("diplome", "Diplôme de l’établissement")
            .avec("controle", if alea.sous(2) == 0 { "titre_rncp" } else { "visa" })
            .avec("duree", if alea.sous(2) == 0 { "3" } else { "2" });
    }
    if matches!(famille, Famille::Pass | Famille::LicenceLas) {
        let mineures = ["Droit", "Sciences de la vie", "Psychologie", "Chimie"];
        d = d.avec("mineure", alea.choix::<&str>(&mineures));
    }
    if f.apprentissage == 1 {
        d = d.avec("rythme", "alternance");
    }
    if !lettre.is_empty() {
        d = d.avec("lettre", "oui").avec("lettre_usage", lettre);
        let mut criteres = d.lignes("criteres").to_vec();
        if let Some(motivation) = criteres.iter_mut().find(|c| c.get("champ").is_some_and(|n| n == "4")) {
            motivation.insert(
                "elements".to_owned(),
                "La lettre de motivation est lue pour apprécier la connaissance de la formation et du métier ; fiche Avenir."
                    .to_owned(),
            );
        }
        d.pose("criteres", Some(Valeur::Lignes(criteres)));
    }
    if !epreuve.is_empty() {
        let jour = 2 + alea.sous(20);
        let debut = format!("{annee}-04-{jour:02}");
        d.pose(
            "epreuves",
            Some(Valeur::Lignes(vec![ligne(&[
                ("epreuve", epreuve),
                ("type", "oral"),
                ("debut", &debut),
                ("lieu", "Dans l’établissement ou à distance"),
                ("frais", "0"),
            ])])),
        );
        d = d
            .avec("preselection", "oui")
            .avec("frais_dossier", if famille == Famille::Commerce { "9500" } else { "0" })
            .avec("frais_dossier_boursiers", "totale");
        let mut criteres = d.lignes("criteres").to_vec();
        if let Some(savoir_etre) = criteres.iter_mut().find(|c| c.get("champ").is_some_and(|n| n == "3")) {
            savoir_etre.insert(
                "elements".to_owned(),
                "Entretien devant la commission : écoute, clarté, capacité à se remettre en question."
                    .to_owned(),
            );
        }
        d.pose("criteres", Some(Valeur::Lignes(criteres)));
    }
    if alea.sous(3) == 0 {
        d = d.avec(
            "conseils",
            "Relisez la fiche avant de confirmer votre vœu et venez aux journées portes ouvertes : la commission regrette des \
             dossiers qui décrivent une autre formation que la nôtre.",
        );
    }
    d
}

/// Describes the courses of a session: all of them, or those that are published and half of the new ones.
pub(super) async fn describe_courses(
    tx: &Tx,
    e: &Ecriture<'_>,
    session: i64,
    annee: i64,
    graine: u64,
    toutes: bool,
) -> Result<(), AppError> {
    let mut descriptions = Vec::new();
    for f in semis::formations_a_decrire(tx, session).await? {
        let neuve = f.decrite == 0 && f.id % 2 == 0;
        if !(toutes || f.publiee == 1 || neuve) {
            continue;
        }
        let d = decrite(&f, annee, graine);
        let famille = Famille::from_code(&f.famille).unwrap_or(Famille::Autre);
        descriptions.push((f.id, ecrit(&d)?, d.a_completer(famille), false));
    }
    let ids: Vec<i64> = descriptions.iter().map(|d| d.0).collect();
    semis::forget_descriptions(tx, &ids).await?;
    store::formations::add_descriptions(tx, e, descriptions).await?;
    Ok(semis::publish_descriptions(tx, session).await?)
}

/// The same in a transaction of its own.
pub(super) async fn describe_open_session(
    ctx: &Ctx,
    session: i64,
    annee: i64,
    graine: u64,
) -> Result<(), AppError> {
    let permit = ctx.permit(Action::ImporterOffre, &Cible::plateforme())?;
    let tx = ctx.begin().await?;
    describe_courses(&tx, &ctx.ecriture(&permit), session, annee, graine, false).await?;
    tx.commit().await?;
    Ok(())
}
