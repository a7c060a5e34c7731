//! What the courses of the small France say of themselves: the template of their type, and what is their own.

use domain::droits::{Action, Cible};
use domain::formations::Genre;
use domain::formations::description::{Description, LigneListe, Valeur, modele_de};
use simulation::Alea;
use store::simulation::{self as semis, FormationADecrire};
use store::{Ecriture, Tx};

use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::formations::{ecrit, genre_de};

/// (national expectations, what the letter is for, an examination) of a type.
const fn propre(genre: Genre) -> (&'static str, &'static str, &'static str) {
    match genre {
        Genre::Licence => (
            "Comprendre et construire une argumentation écrite et orale ; disposer de connaissances solides dans les \
             disciplines de la mention ; savoir organiser seul son travail.",
            "",
            "",
        ),
        Genre::LicenceLas | Genre::Pass => (
            "Disposer de très bonnes connaissances scientifiques ; retenir un grand volume d’informations ; s’intéresser \
             aux questions de santé et à la relation avec les patients.",
            "",
            "",
        ),
        Genre::Bts => (
            "S’intéresser au métier préparé et à ses techniques ; travailler en équipe ; accepter le rythme des cours, des \
             travaux pratiques et du stage.",
            "",
            "",
        ),
        Genre::But => (
            "Aimer les travaux pratiques et les projets ; avoir des bases en mathématiques et en expression écrite ; vouloir \
             une formation encadrée de trois ans.",
            "",
            "",
        ),
        Genre::Cpge => (
            "Fournir un travail régulier et soutenu ; disposer d’acquis solides dans les disciplines de la voie ; être \
             curieux et supporter un rythme exigeant.",
            "",
            "",
        ),
        Genre::LicencePro => (
            "S’intéresser au métier préparé ; avoir des bases solides dans les disciplines de la mention ; vouloir une formation \
             partagée entre les cours, les projets et l’entreprise.",
            "",
            "",
        ),
        Genre::Cpes => (
            "Être curieux de plusieurs disciplines ; disposer d’acquis solides dans chacune ; fournir un travail régulier et \
             vouloir s’initier à la recherche.",
            "La lettre dit ce qui attire le candidat vers des études pluridisciplinaires.",
            "",
        ),
        Genre::Cmi => (
            "Avoir un bon niveau scientifique ; s’intéresser à la recherche et à l’ingénierie ; accepter une charge de travail \
             plus lourde que celle d’une licence.",
            "",
            "Entretien de motivation",
        ),
        Genre::Ingenieur => (
            "Avoir un bon niveau scientifique ; s’intéresser à la technologie ; communiquer en français et en anglais.",
            "",
            "Entretien de motivation scientifique",
        ),
        Genre::Commerce => (
            "Avoir une culture générale ouverte ; communiquer en deux langues ; s’intéresser à la vie des entreprises.",
            "La lettre éclaire le projet professionnel et prépare l’entretien.",
            "Entretien individuel",
        ),
        Genre::Ifsi => (
            "S’intéresser au soin et à l’accompagnement ; savoir écouter et travailler en équipe ; avoir des acquis en \
             sciences et en expression écrite.",
            "La lettre permet d’apprécier la connaissance du métier d’infirmier.",
            "",
        ),
        Genre::Efts => (
            "Avoir de l’intérêt pour l’accompagnement des personnes ; savoir prendre du recul ; s’exprimer clairement.",
            "La lettre sert à situer l’engagement et les expériences qui ont mûri le projet.",
            "Entretien avec deux membres de la commission",
        ),
        Genre::Paramedical => (
            "S’intéresser à la rééducation et au soin ; savoir écouter ; avoir des acquis en sciences et en expression écrite.",
            "",
            "",
        ),
        Genre::DnMade | Genre::Art => (
            "Avoir une pratique personnelle du dessin, du volume ou de l’image ; être curieux de la création contemporaine ; savoir \
             présenter ce que l’on fait.",
            "",
            "Entretien autour du dossier artistique",
        ),
        Genre::Deust => (
            "S’intéresser au métier préparé ; avoir des bases solides dans les disciplines de la mention ; travailler en équipe.",
            "",
            "",
        ),
        Genre::Comptabilite => (
            "Raisonner avec rigueur ; s’intéresser à l’économie, au droit et aux chiffres ; fournir un travail régulier.",
            "",
            "",
        ),
        Genre::Specialisation => (
            "Vouloir ajouter à un premier diplôme une compétence du métier ; accepter un rythme partagé avec l’entreprise.",
            "",
            "",
        ),
        Genre::Preparation => {
            ("Fournir un travail régulier ; avoir des bases à consolider et un projet d’études.", "", "")
        }
        Genre::Architecture | Genre::Iep | Genre::Sport | Genre::Autre => (
            "S’intéresser au domaine de la formation ; avoir pratiqué ou rencontré des professionnels ; travailler avec \
             régularité.",
            "",
            "",
        ),
    }
}

/// What a kind of courses says in the fields that it alone has.
const fn du_genre(genre: Genre) -> &'static [(&'static str, &'static str)] {
    match genre {
        Genre::Licence => &[(
            "accompagnement",
            "Remise à niveau de deux heures par semaine au premier semestre, et un tuteur : la durée des études ne change pas.",
        )],
        Genre::LicenceLas | Genre::Pass => &[
            ("filieres_sante", "Médecine, maïeutique, odontologie, pharmacie"),
            (
                "accompagnement",
                "Tutorat hebdomadaire et séances de méthode : la durée des études ne change pas.",
            ),
        ],
        Genre::Bts => &[("stages", "Huit à douze semaines de stage sur les deux années, en entreprise.")],
        Genre::But => &[("stages", "Vingt-deux à vingt-six semaines de stage sur les trois années.")],
        Genre::Cpge => &[
            (
                "vise",
                "Les concours des grandes écoles de la voie ; interrogations orales toutes les deux semaines.",
            ),
            ("universite", "L’université de l’académie : les étudiants s’y inscrivent aussi."),
        ],
        Genre::LicencePro => &[
            ("secteur_professionnel", "Celui de l’intitulé"),
            ("stages", "Seize semaines de stage en troisième année, et des projets chaque semestre."),
        ],
        Genre::Cpes => &[
            ("universite", "Une université de l’académie : les étudiants y sont inscrits."),
            ("vise", "Les masters et les grandes écoles des disciplines suivies."),
        ],
        Genre::Cmi => &[
            ("licence_suivie", "La licence de la mention, complétée d’un cinquième d’heures."),
            ("etranger", "obligatoire"),
            (
                "stages",
                "Des projets et des stages chaque année, dont un stage de fin d’études d’un semestre.",
            ),
            ("selection", "Étude du dossier, puis entretien pour les candidats retenus."),
        ],
        Genre::Ingenieur => &[
            ("cti_fin", "2027"),
            ("cycle_preparatoire", "integre"),
            ("etranger", "obligatoire"),
            ("etranger_precision", "Un semestre en quatrième année, dans une université partenaire."),
            ("stages", "Un stage d’exécution d’un mois, puis deux stages de quatre et six mois."),
            ("selection", "Étude du dossier, puis entretien d’une demi-heure pour les candidats retenus."),
        ],
        Genre::Commerce => &[
            ("controle_texte", "Visa accordé par arrêté, jusqu’au 31 août 2027"),
            ("etranger", "obligatoire"),
            ("etranger_precision", "Une année dans une université partenaire, en troisième année."),
            ("campus", "Toutes les années se suivent sur le même campus, sauf celle de l’étranger."),
            ("stages", "Trois stages, de six semaines à six mois."),
            ("selection", "Épreuves écrites du concours, puis un entretien individuel et un oral de langue."),
        ],
        Genre::Ifsi => &[("universite", "L’université de la région, par convention")],
        Genre::Paramedical => &[
            ("controle", "diplome_national"),
            ("universite", "L’université de la région, par convention"),
            ("stages", "Trente-six semaines de stage sur les trois années, à l’hôpital et en cabinet."),
        ],
        Genre::Efts => &[
            (
                "stages",
                "Cinquante à soixante semaines de stage sur les trois années, dans deux établissements au moins.",
            ),
            (
                "selection",
                "Étude du dossier, puis entretien de vingt minutes devant un formateur et un professionnel.",
            ),
        ],
        Genre::DnMade => &[
            ("universite", "Une université de la région, par convention"),
            ("dossier_artistique", "entretien"),
            ("dossier_artistique_contenu", "Dix travaux au choix, dont deux carnets de recherche."),
            ("etranger", "propose"),
            ("stages", "Douze à seize semaines de stage, en deuxième et en troisième années."),
            ("suite", "Diplôme supérieur d’arts appliqués (DSAA), master"),
        ],
        Genre::Art => &[
            ("dossier_artistique", "entretien"),
            ("dossier_artistique_contenu", "Une quinzaine de travaux personnels, achevés ou en cours."),
            ("etranger", "propose"),
            ("suite", "Diplôme national supérieur d’expression plastique (DNSEP)"),
        ],
        Genre::Deust => &[
            ("secteur_professionnel", "Sport et remise en forme"),
            ("stages", "Dix semaines de stage en deuxième année."),
            ("suite", "Licence professionnelle du même secteur"),
        ],
        Genre::Comptabilite => &[("stages", "Huit semaines de stage, au cours de la troisième année.")],
        Genre::Specialisation => &[
            ("diplome_requis", "Un diplôme de niveau 4 du même secteur"),
            ("secteur_professionnel", "Celui de l’intitulé"),
            ("stages", "Douze à seize semaines en entreprise."),
        ],
        Genre::Preparation => &[("vise", "Les licences et les écoles du domaine.")],
        Genre::Architecture | Genre::Iep | Genre::Sport | Genre::Autre => &[],
    }
}

fn ligne(paires: &[(&str, &str)]) -> LigneListe {
    paires.iter().map(|(code, valeur)| ((*code).to_owned(), (*valeur).to_owned())).collect()
}

/// The full description of a course for the session of a year.
fn decrite(f: &FormationADecrire, annee: i64, graine: u64) -> Description {
    let genre = genre_de(&f.famille, &f.libelle);
    let cle = u64::try_from(f.formation_id).unwrap_or(0);
    let mut alea = Alea::pour(graine, &[0x464F_524D, cle]);
    let (attendus, lettre, epreuve) = propre(genre);
    let mut d = modele_de(genre, &f.libelle)
        .avec("attendus", attendus)
        .avec("contact", "Secrétariat de la formation")
        .avec("contact_courriel", &f.courriel)
        .avec("contact_telephone", &f.telephone)
        .avec("site", &f.site);
    for (code, texte) in du_genre(genre) {
        d = d.avec(code, texte);
    }
    // What neither the kind nor the label says.
    let (label, annees) = (alea.sous(2), alea.sous(2));
    for (code, texte) in [
        ("diplome", "Diplôme de l’établissement"),
        ("controle", if label == 0 { "titre_rncp" } else { "visa" }),
        ("duree", if annees == 0 { "3" } else { "2" }),
    ] {
        if d.texte(code).is_empty() {
            d = d.avec(code, texte);
        }
    }
    if matches!(genre, Genre::Pass | Genre::LicenceLas) {
        let mineures = ["Droit", "Sciences de la vie", "Psychologie", "Chimie"];
        d = d.avec("mineure", alea.choix::<&str>(&mineures));
    }
    if f.apprentissage == 1 {
        d = d
            .avec("rythme", "alternance")
            .avec("alternance", "Deux jours dans l’entreprise, trois jours en cours");
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
            .avec("frais_dossier", if genre == Genre::Commerce { "9500" } else { "0" })
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
        let genre = genre_de(&f.famille, &f.libelle);
        descriptions.push((f.id, ecrit(&d)?, d.a_completer(genre), false));
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
