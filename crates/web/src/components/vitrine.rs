//! The page `/dev/composants`: every component in each of its states, to look at and to check.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;

use super::*;
use crate::layout::{Page, rend};

/// Template of the page. The route exists in demonstration only.
#[derive(Template)]
#[template(path = "dev/composants.html")]
struct Vitrine {
    page: Page,
    vierge: Formulaire,
    rempli: Formulaire,
    errone: Formulaire,
    filieres: Vec<Choix>,
    reponses: Vec<Choix>,
    langues: Vec<Choix>,
    alertes: Vec<Alerte>,
    badges: Vec<Badge>,
    etapes: Etapes,
    tableau: Tableau,
    tableau_vide: Tableau,
    pagination: Pagination,
    definitions: Definitions,
    barres: Barres,
    progression: Progression,
    renvoi: Renvoi,
    echeances: Vec<Echeance>,
    cartes: Vec<Carte>,
    tuiles: Vec<Tuile>,
    plan: Plan,
    reperage: Reperage,
}

/// Renders the page; `maintenant` is the campaign's clock, from which the sample deadlines count.
pub fn composants(page: Page, jeton: &str, maintenant: Timestamp) -> Response {
    rend(StatusCode::OK, &vitrine(page, jeton, maintenant))
}

fn vitrine(page: Page, jeton: &str, maintenant: Timestamp) -> Vitrine {
    let vierge = Formulaire::new(jeton).avec_prefixe("vierge").avec_cle("cle-exemple").avec_version(3);
    let rempli = Formulaire::new(jeton)
        .avec_prefixe("rempli")
        .avec("nom", "Martin-Lefèvre")
        .avec("courriel", "lea.martin@exemple.fr")
        .avec("places", 32)
        .avec("frais", "250,50")
        .avec("naissance", "2006-05-14")
        .avec("filiere", "bts")
        .avec("reponse", "oui")
        .avec("langue", "en")
        .avec("engagement", "oui")
        .avec(
            "projet",
            "Je souhaite devenir technicienne en électronique.\nJ’ai fait un stage de deux semaines.",
        );
    let mut errone =
        Formulaire::new(jeton).avec_prefixe("errone").avec("places", "-3").avec("courriel", "lea.martin");
    errone.refuse("nom", "Indiquez votre nom.");
    errone
        .refuse("courriel", "L’adresse « lea.martin » n’est pas complète : ajoutez ce qui suit le signe @.");
    errone.lit_entier("places", 1..=999_u32);
    errone.lit_date("naissance");
    errone.refuse("secret", "Ce mot de passe est trop courant : choisissez-en un autre.");
    errone.refuse("filiere", "Choisissez une filière.");
    errone.refuse("reponse", "Choisissez votre réponse.");
    errone.refuse("engagement", "Cochez cette case pour confirmer le vœu.");
    errone.refuse("piece", "Le fichier pèse 12 Mo : la taille permise est 5 Mo.");
    errone.refuse("projet", "Écrivez au moins quelques mots.");
    errone.refuse_tout("La confirmation n’est pas possible tant que le dossier est incomplet.");

    Vitrine {
        page: page.titre("Composants"),
        vierge,
        rempli,
        errone,
        filieres: vec![
            Choix::new("licence", "Licence"),
            Choix::new("bts", "BTS"),
            Choix::new("but", "BUT"),
            Choix::new("cpge", "Classe préparatoire").desactive(),
        ],
        reponses: vec![
            Choix::new("oui", "J’accepte la proposition")
                .indice("Vos vœux en attente restent possibles si vous les maintenez."),
            Choix::new("non", "Je renonce à la proposition")
                .indice("La place sera proposée à une autre personne."),
        ],
        langues: vec![
            Choix::new("en", "Anglais"),
            Choix::new("de", "Allemand"),
            Choix::new("es", "Espagnol"),
        ],
        alertes: vec![
            Alerte::info("Les réponses arrivent chaque matin."),
            Alerte::succes("Votre vœu est confirmé. Un accusé de réception vous a été envoyé.")
                .titre("Vœu confirmé")
                .niveau(3),
            Alerte::attention("Il vous reste 2 vœux à confirmer.")
                .titre("Vœux non confirmés")
                .niveau(3)
                .suite(Markup::lien("Voir ces vœux", "#alertes")),
            Alerte::erreur("Le classement n’a pas été transmis."),
        ],
        badges: vec![
            Badge::new(Ton::Succes, "Accepté"),
            Badge::new(Ton::Info, "En attente"),
            Badge::new(Ton::Attention, "À confirmer"),
            Badge::new(Ton::Erreur, "Refusé"),
            Badge::new(Ton::Neutre, "Brouillon"),
        ],
        etapes: Etapes::new(2, &["Identité", "Scolarité", "Vœux", "Confirmation"]),
        tableau: tableau(),
        tableau_vide: Tableau::new("Vœux archivés", vec![Colonne::new("Formation")])
            .si_vide("Vous n’avez aucun vœu archivé."),
        pagination: Pagination::new(7, 42, |n| format!("?page={n}#parcours")),
        definitions: Definitions::new()
            .ligne("Établissement", "Lycée Ampère, Lyon")
            .ligne("Capacité", "32 places")
            .ligne_markup("État", Markup::new(Badge::new(Ton::Succes, "Publiée"))),
        barres: Barres::new("Admis selon le baccalauréat (exemple)", "Baccalauréat", "Admis")
            .ligne("Général", 1842)
            .ligne("Technologique", 967)
            .ligne("Professionnel", 388),
        progression: Progression::new("Dossier complété", 3, 5),
        renvoi: Renvoi::new(
            "#renvoi",
            String::new(),
            vec![("motif".to_owned(), "Le lycée a changé de nom.".to_owned())],
        ),
        echeances: [172_800 * 3, 5_400, -3_600]
            .into_iter()
            .filter_map(|secondes| {
                let ferme = maintenant.checked_add(jiff::SignedDuration::from_secs(secondes)).ok()?;
                Some(Echeance::new(maintenant, ferme))
            })
            .collect(),
        cartes: vec![
            Carte::new("BTS Électronique")
                .vers("#cartes")
                .surtitre("Lycée Ampère – Lyon (69)")
                .badges(Markup::new(Badge::new(Ton::Info, "En attente")).et(Etiquette::new("Internat")))
                .texte("Rang 48 sur la liste d’attente ; le dernier appelé l’an passé avait le rang 61."),
            Carte::new("Licence Droit")
                .surtitre("Université Jean-Moulin – Lyon (69)")
                .badges(Markup::new(Badge::new(Ton::Succes, "Proposition")))
                .contenu(Markup::new(Definitions::new().ligne("Réponse avant", "le 5 juin, 23 h 59")))
                .actions(
                    Markup::new(
                        LienBouton::new("Répondre", "#cartes")
                            .petit()
                            .precision("à la proposition de Licence Droit"),
                    )
                    .et(LienBouton::new("Voir la fiche", "#cartes")
                        .petit()
                        .secondaire()
                        .icone("file-text-line")),
                ),
        ],
        plan: Plan::new(plan::Vue::Region((49.894, 2.302)), Some((49.894, 2.302)), ""),
        reperage: Reperage::new("Site principal", (49.894, 2.302)),
        tuiles: vec![
            Tuile::new("Chercher une formation", "#tuiles")
                .niveau(3)
                .detail("25 000 formations, de la licence au BTS"),
            Tuile::new("Mes vœux", "#tuiles").niveau(3),
        ],
    }
}

fn tableau() -> Tableau {
    let colonnes = vec![
        Colonne::new("Formation").tri("?tri=formation#tableaux", Some(Ordre::Croissant)),
        Colonne::new("Ville").tri("?tri=ville#tableaux", None),
        Colonne::nombre("Places"),
        Colonne::nombre("Vœux"),
        Colonne::new("État"),
        Colonne::actions("Actions"),
    ];
    let ligne = |nom: &str, ville: &str, places: i64, voeux: i64, badge: Badge| {
        vec![
            Cellule::lien(nom, "#tableaux"),
            Cellule::texte(ville),
            Cellule::nombre(places),
            Cellule::nombre(voeux),
            Cellule::markup(Markup::new(badge)),
            Cellule::markup(Markup::new(
                LienBouton::new("Modifier", "#tableaux").petit().tertiaire().precision(nom),
            )),
        ]
    };
    Tableau::new("Formations de l’établissement", colonnes)
        .ligne(ligne("BTS Électronique", "Lyon", 32, 614, Badge::new(Ton::Succes, "Publiée")))
        .ligne(ligne(
            "BUT Informatique – parcours réalisation d’applications",
            "Villeurbanne",
            120,
            4873,
            Badge::new(Ton::Neutre, "Brouillon"),
        ))
        .ligne(ligne("Licence Droit", "Lyon", 1200, 10_245, Badge::new(Ton::Attention, "À vérifier")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::components::verification::verifie;
    use crate::layout::Site;

    #[test]
    fn acc_1_every_component_in_every_state_respects_the_rules() {
        let page = Page::new(Site::default(), "").ariane(vec![]);
        let html = vitrine(page, "jeton", "2024-03-11T22:00:00Z".parse().unwrap()).render().unwrap();
        verifie(&html);
        for attendu in [
            "11 erreurs sont à corriger",
            r#"aria-describedby="champ-errone-places-indice champ-errone-places-unite champ-errone-places-erreur""#,
            r##"href="#champ-errone-reponse""##,
            r#"value="-3""#,
            "Saisissez un nombre entier compris entre 1 et 999.",
            r#"autocomplete="one-time-code""#,
            "10\u{202f}245",
            r#"aria-sort="ascending""#,
            "Vous n’avez aucun vœu archivé.",
            " disabled",
        ] {
            assert!(html.contains(attendu), "{attendu}\n{html}");
        }
    }
}
