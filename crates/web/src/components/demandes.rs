//! What establishments ask about the life of their courses, and about their own settings: the same pages at each desk.

use std::collections::BTreeSet;

use app::formations::{
    AccordDemande, ActeDemande, CriteresDemandes, FicheDemande, FinFormation, Guichet, LigneDemande,
    ListeDemandes, Reponse, SuiviDemande, answer_demande, count_a_examiner, list_demandes, view_demande,
    withdraw_demande,
};
use app::{AppError, messages};
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use domain::PublicId;
use domain::formations::demandes::{EtatDemande, NatureDemande};
use jiff::Timestamp;

use super::{
    Aide, Alerte, Badge, Bouton, Cellule, Champ, Choix, Colonne, Definitions, Formulaire, GroupeChoix,
    LienBouton, Markup, Pagination, Tableau, Ton, accord, exports, nombre, recepisse,
};
use crate::layout::{Lien, Page, rend};
use crate::socle::brouillons::with_brouillon;
use crate::socle::{Recu, Requete, Resultat, avec_criteres, redirige, refuse};

/// Where a desk is.
pub fn adresse(guichet: Guichet, annee: i64) -> String {
    match guichet {
        Guichet::Etablissement => format!("/gestion/{annee}/demandes"),
        Guichet::Receveur => format!("/gestion/{annee}/cessions"),
        Guichet::Academie => format!("/academie/{annee}/demandes"),
        Guichet::National => format!("/national/{annee}/demandes"),
    }
}

fn ariane(guichet: Guichet, annee: i64) -> Lien {
    match guichet {
        Guichet::Etablissement | Guichet::Receveur => {
            Lien::new("Site de gestion", format_args!("/gestion/{annee}"))
        }
        Guichet::Academie => Lien::new("Service académique", format_args!("/academie/{annee}")),
        Guichet::National => Lien::new("Équipe nationale", format_args!("/national/{annee}")),
    }
}

/// What the guide of the academic service says of its desk.
fn aide(guichet: Guichet) -> Option<Aide> {
    (guichet == Guichet::Academie).then(|| Aide::academie("repondre-a-une-demande", "répondre à une demande"))
}

fn quand(ms: i64) -> String {
    Timestamp::from_millisecond(ms).map(messages::date_heure).unwrap_or_default()
}

/// The last minute of a limit.
fn limite(ms: i64) -> String {
    Timestamp::from_millisecond(ms).map(messages::date_limite).unwrap_or_default()
}

fn badge(etat: EtatDemande) -> Badge {
    let ton = match etat {
        EtatDemande::Deposee | EtatDemande::Transmise => Ton::Attention,
        EtatDemande::Acceptee => Ton::Succes,
        EtatDemande::Refusee | EtatDemande::Retiree => Ton::Neutre,
    };
    Badge::new(ton, etat.libelle())
}

/// What a request waits for first, at the desk of the establishment that would receive a course.
const A_VOUS: &str = "À examiner par vous";

/// The state as a desk reads it; `attend`: the establishment that would receive the course has not agreed.
fn badge_at(guichet: Guichet, etat: EtatDemande, attend: bool) -> Badge {
    if guichet == Guichet::Receveur && etat == EtatDemande::Deposee && attend {
        Badge::new(Ton::Attention, A_VOUS)
    } else {
        badge(etat)
    }
}

/// What happens when it is accepted.
pub fn effet(nature: NatureDemande) -> &'static str {
    match nature {
        NatureDemande::Ouverture => {
            "La formation est créée, en brouillon, avec les groupes de classement habituels de son type : l’établissement la \
             décrit, puis demande sa publication. Tous ses champs se modifient jusqu’au dernier jour que fixe la réponse, même si \
             l’étape est close."
        }
        NatureDemande::Suspension => {
            "La formation n’apparaît plus dans la recherche de cette session. Elle revient à la session suivante, avec ce \
             qu’elle dit aujourd’hui."
        }
        NatureDemande::Fermeture => {
            "La formation est fermée, pour cette session et les suivantes. Sa fiche publique le dit et mène à la formation qui \
             la remplace, s’il y en a une."
        }
        NatureDemande::Fusion => {
            "La formation est fermée, pour cette session et les suivantes. Sa fiche publique mène à celle qui la remplace."
        }
        NatureDemande::Deplacement => {
            "Le lieu de la formation change aussitôt, sur sa fiche et dans la recherche ; choisir un autre « Site de formation » dans \
             « Caractéristiques » n’y change que le nom du site. Soumise, elle reste au contrôle, avec son \
             nouveau lieu. Ce qui dépend du lieu (site, composante, internat, contacts, présentation) se modifie jusqu’au dernier jour \
             que fixe la réponse, même si l’étape est close."
        }
        NatureDemande::Cession => {
            "La formation et ses échanges passent à l’autre établissement. Les personnes de l’établissement d’aujourd’hui n’y ont \
             plus accès ; le nouvel établissement désigne ses responsables. Tous les champs se modifient jusqu’au dernier jour que fixe \
             la réponse, même si l’étape est close ; si elle était au contrôle, il la soumet de nouveau."
        }
        NatureDemande::Groupes => {
            "Les groupes de classement sont ceux de la demande, avec leurs places ; ceux qui portent le même intitulé gardent leurs \
             taux. Si le public lit déjà cette capacité, il lit aussitôt ces groupes. Soumise, la formation reste au contrôle, avec ces \
             groupes. La capacité se modifie jusqu’au dernier jour que fixe la réponse, même si l’étape est close."
        }
        NatureDemande::Sectorisation => {
            "Les candidats qui résident dans une de ces académies comptent comme résidents pour le taux maximum de non-résidents. La \
             fiche publique le dit aussitôt."
        }
        NatureDemande::Correction => {
            "L’intitulé, le statut et la sélectivité sont aussitôt ceux de la demande, sur la fiche et dans la recherche ; l’historique de \
             la fiche dit ce qui est corrigé. Soumise, la formation reste au contrôle. Son type national est celui que la nomenclature \
             donne à l’intitulé corrigé. Une formation qui devient sélective n’a plus de secteur."
        }
        NatureDemande::Derogation => {
            "Les champs demandés se modifient jusqu’au dernier jour accordé, et la formation peut être soumise ou publiée de \
             nouveau."
        }
        NatureDemande::Reouverture => {
            "Les parties accordées de l’établissement, et elles seules, se modifient jusqu’au dernier jour fixé. Le public lit aussitôt \
             ce qui est enregistré."
        }
    }
}

/// How a course ended, for whoever looks for it; `lien`: the address of a course.
pub fn fermee(fin: &FinFormation, lien: impl Fn(&str) -> String) -> Alerte {
    match &fin.successeur {
        _ if fin.suspendue => Alerte::info(
            "Cette formation n’est pas ouverte cette année : elle ne reçoit aucun vœu. Elle reviendra à la session suivante.",
        )
        .titre("Formation non ouverte cette année"),
        None => Alerte::info("Cette formation est fermée : elle ne reçoit plus de vœu.").titre("Formation fermée"),
        Some((id, titre)) => {
            Alerte::info("Cette formation est fermée : elle ne reçoit plus de vœu. Une autre la remplace :")
                .titre("Formation fermée")
                .suite(Markup::lien(titre, lien(id)))
        }
    }
}

/// The requests about a course, or of an establishment.
pub fn suivis(annee: i64, suivis: &[SuiviDemande], nommees: bool) -> Tableau {
    let colonnes = vec![
        Colonne::new("Demande"),
        Colonne::new("Demandée le"),
        Colonne::new("État"),
        Colonne::new("Réponse"),
    ];
    Tableau::new("Demandes", colonnes).legende_cachee().si_vide("Aucune demande.").lignes(suivis.iter().map(
        |s| {
            let nom = if nommees {
                format!("{} : {}", s.nature.libelle(), s.formation)
            } else {
                s.nature.libelle().to_owned()
            };
            let nom = match &s.id {
                Some(id) => {
                    Markup::lien(nom, format_args!("{}/{id}", adresse(Guichet::Etablissement, annee)))
                }
                None => Markup::texte(nom),
            };
            let par = s.par.as_ref().map(|p| format!(", par {p}")).unwrap_or_default();
            let reponse = match (s.decidee_le, s.jusqu_a) {
                (Some(le), Some(fin)) => format!("{} ; modifiable jusqu’au {}", quand(le), limite(fin)),
                (Some(le), None) => quand(le),
                _ => "–".to_owned(),
            };
            vec![
                Cellule::markup(nom),
                Cellule::texte(format_args!("{}{par}", quand(s.le))),
                Cellule::markup(Markup::new(badge(s.etat))),
                Cellule::texte(reponse),
            ]
        },
    ))
}

#[derive(Template)]
#[template(path = "commun/demandes.html")]
struct PageDemandes {
    page: Page,
    url: String,
    aide: Option<Aide>,
    intro: &'static str,
    alertes: Vec<Alerte>,
    /// To the form of a new course; why there is none.
    ouvrir: Option<Result<String, String>>,
    filtres: Formulaire,
    etats: Vec<Choix>,
    natures: Option<Vec<Choix>>,
    /// At the desk of a service alone, as the words.
    departements: Option<Vec<Choix>>,
    /// The same list as a file, at the desk of an academic service.
    exports: Vec<Bouton>,
    /// None when there is nothing and nothing was looked for.
    titre: Option<String>,
    /// None when an alert has already said that there is nothing.
    tableau: Option<Tableau>,
    pagination: Pagination,
}

/// What a desk looks at first: what waits for it, where something may.
fn attendu(guichet: Guichet, archivee: bool) -> Option<EtatDemande> {
    match guichet {
        _ if archivee => None,
        Guichet::Etablissement => None,
        Guichet::Academie | Guichet::Receveur => Some(EtatDemande::Deposee),
        Guichet::National => Some(EtatDemande::Transmise),
    }
}

/// Many establishments ask there.
fn is_service(guichet: Guichet) -> bool {
    matches!(guichet, Guichet::Academie | Guichet::National)
}

/// What is looked for, as an address says it.
fn criteres(guichet: Guichet, archivee: bool, form: &Formulaire) -> CriteresDemandes {
    let cherche = |champ: &str, longueur: usize| -> String {
        let dit = if is_service(guichet) { form.valeur(champ).trim() } else { "" };
        dit.chars().take(longueur).collect()
    };
    let attendu = attendu(guichet, archivee);
    CriteresDemandes {
        etat: match form.valeur("etat") {
            "toutes" => None,
            code => EtatDemande::from_code(code).or(attendu),
        },
        nature: NatureDemande::from_code(form.valeur("nature")),
        texte: cherche("q", 200),
        departement: Some(cherche("departement", 3)).filter(|d| !d.is_empty()),
        page: form.valeur("page").parse().unwrap_or(1),
    }
}

fn tableau(url: &str, guichet: Guichet, lignes: &[LigneDemande], si_vide: &str) -> Tableau {
    let etablissement = guichet != Guichet::Etablissement;
    let mut colonnes = vec![Colonne::new("Demande"), Colonne::new("Objet")];
    if etablissement {
        colonnes.push(Colonne::new("Établissement"));
    }
    colonnes.extend([Colonne::new("Demandée le"), Colonne::new("État")]);
    Tableau::new("Demandes", colonnes).legende_cachee().si_vide(si_vide).lignes(lignes.iter().map(|l| {
        let mut ligne = vec![
            Cellule::lien(l.nature.libelle(), format_args!("{url}/{}", l.id)),
            Cellule::texte(&l.formation),
        ];
        if etablissement {
            ligne.push(Cellule::texte(&l.etablissement));
        }
        let par = l.par.as_ref().map(|p| format!(", par {p}")).unwrap_or_default();
        let etat = Markup::new(badge_at(guichet, l.etat, l.attend));
        ligne.push(Cellule::texte(format_args!("{}{par}", quand(l.le))));
        ligne.push(Cellule::markup(match l.decidee_le {
            Some(le) => etat.et(Markup::texte(format_args!("le {}", quand(le)))),
            None => etat,
        }));
        ligne
    }))
}

/// The list of a desk.
fn rend_liste(
    requete: &Requete,
    guichet: Guichet,
    criteres: &CriteresDemandes,
    l: &ListeDemandes,
    recues: Option<Alerte>,
) -> Response {
    let annee = l.session.annee;
    let url = adresse(guichet, annee);
    let etat = criteres.etat.map_or("toutes", EtatDemande::code);
    // What is looked for goes along with the pages and the files.
    let choix = [
        ("etat", etat),
        ("nature", criteres.nature.map_or("", NatureDemande::code)),
        ("departement", criteres.departement.as_deref().unwrap_or("")),
        ("q", criteres.texte.as_str()),
    ];
    let avec = |chemin: &str, page: Option<u32>| {
        avec_criteres(&format!("{url}{chemin}"), page.map(|n| format!("page={n}")), &choix)
    };
    let (titre, intro) = match guichet {
        Guichet::Etablissement => (
            "Demandes sur mes formations",
            "Une formation ne s’ouvre, ne se ferme, ne se déplace ni ne se fusionne sans l’accord du service académique. Chaque \
             demande est motivée, et sa réponse reste ici. Ce qui est clos dans l’établissement se rouvre de la même façon.",
        ),
        Guichet::Receveur => (
            "Formations proposées à mon établissement",
            "Un autre établissement peut vous proposer une formation. Elle ne vous est confiée qu’avec votre accord, puis celui du \
             service académique.",
        ),
        Guichet::Academie => (
            "Demandes des établissements",
            "Ce que les établissements demandent sur la vie de leurs formations, et sur ce qui est clos de leur propre description. Une \
             demande acceptée prend effet aussitôt ; un refus dit pourquoi. Une modification hors période, ou un changement d’académie, se transmet à l’équipe nationale, avec un avis.",
        ),
        Guichet::National => (
            "Demandes transmises par les académies",
            "Ce que les services académiques transmettent, avec leur avis. Accordée, une modification hors période rouvre les champs \
             cités jusqu’au dernier jour fixé, et eux seuls ; un changement d’académie prend effet aussitôt.",
        ),
    };
    // Nobody answers any more in an archive.
    let attente = (!l.session.archivee).then(|| match (guichet, l.en_attente) {
        (Guichet::Etablissement, 0) => {
            Alerte::info("Aucune demande n’attend de réponse du service académique.")
        }
        (_, 0) => Alerte::succes("Aucune demande n’attend votre réponse."),
        (Guichet::Etablissement, n) => Alerte::info(format_args!(
            "{} du service académique.",
            accord(n, "demande attend la réponse", "demandes attendent la réponse")
        )),
        (_, 1) => Alerte::info("1 demande attend votre réponse."),
        (_, n) => Alerte::info(format_args!("{} demandes attendent votre réponse.", nombre(n))),
    });
    let mut etats: Vec<Choix> = vec![Choix::new("toutes", "Tous les états")];
    etats.extend(EtatDemande::ALL.into_iter().map(|e| {
        let a_vous = guichet == Guichet::Receveur && e == EtatDemande::Deposee;
        Choix::new(e.code(), if a_vous { A_VOUS } else { e.libelle() })
    }));
    let premier = attendu(guichet, l.session.archivee);
    let cherche = criteres.nature.is_some()
        || criteres.etat != premier
        || criteres.departement.is_some()
        || !criteres.texte.is_empty();
    let si_vide = if cherche { "Aucune demande ne répond à cette recherche." } else { "Aucune demande." };
    let filtres = choix.iter().fold(Formulaire::default(), |f, (nom, valeur)| f.avec(nom, valeur));
    let page = PageDemandes {
        page: requete.page(titre).session(&l.session.libelle).ariane(vec![ariane(guichet, annee)]),
        aide: aide(guichet),
        intro,
        alertes: recepisse(&requete.chemin).into_iter().chain(recues).chain(attente).collect(),
        ouvrir: (guichet == Guichet::Etablissement).then(|| match &l.ouverture {
            Ok(()) => Ok(format!("{url}/ouvrir")),
            Err(r) => Err(messages::regle(r)),
        }),
        filtres,
        etats,
        natures: (guichet != Guichet::Receveur)
            .then(|| NatureDemande::ALL.into_iter().map(|n| Choix::new(n.code(), n.libelle())).collect()),
        departements: is_service(guichet)
            .then(|| l.departements.iter().map(|(c, n)| Choix::new(c, format_args!("{n} ({c})"))).collect()),
        exports: if guichet == Guichet::Academie && l.total > 0 {
            exports(&avec("/export", None))
        } else {
            Vec::new()
        },
        titre: (cherche || l.total > 0).then(|| accord(l.total, "demande", "demandes")),
        tableau: (cherche || l.total > 0 || premier.is_none())
            .then(|| tableau(&url, guichet, &l.lignes, si_vide)),
        pagination: Pagination::new(l.page, l.pages, |n| avec("", Some(n))),
        url,
    };
    rend(StatusCode::OK, &page)
}

#[derive(Template)]
#[template(path = "commun/demande.html")]
struct PageDemande {
    page: Page,
    url: String,
    aide: Option<Aide>,
    retour: String,
    formation: String,
    badge: Badge,
    /// What stands in the way of an answer, or of an acceptance.
    alertes: Vec<Alerte>,
    valeurs: Definitions,
    /// What an acceptance would do, while one is possible.
    effet: Option<&'static str>,
    form: Formulaire,
    /// The form of the answer, for whoever may answer.
    reponse: Option<FormReponse>,
    retirable: bool,
    actes: Vec<(String, Definitions)>,
    liens: Vec<Bouton>,
}

/// The fields of an answer.
struct FormReponse {
    choix: GroupeChoix,
    /// What is opened again of what is asked for.
    parties: Option<GroupeChoix>,
    jour: Option<Champ>,
    texte: Champ,
}

fn acte(a: &ActeDemande) -> (String, Definitions) {
    let quoi = match a.etat {
        EtatDemande::Deposee => "Demandée",
        EtatDemande::Transmise => "Transmise à l’équipe nationale",
        EtatDemande::Acceptee => "Acceptée",
        EtatDemande::Refusee => "Refusée",
        EtatDemande::Retiree => "Retirée",
    };
    let qui = a.par.as_ref().map(|nom| format!(" par {nom}")).unwrap_or_default();
    let role = a.role.map(|r| format!(" ({})", r.libelle().to_lowercase())).unwrap_or_default();
    let mut details = Definitions::new();
    if !a.motif.is_empty() {
        let terme = if a.etat == EtatDemande::Transmise { "Avis" } else { "Motif" };
        details = details.ligne(terme, &a.motif);
    }
    if let Some(fin) = a.jusqu_a {
        details = details.ligne("Modifiable jusqu’au", limite(fin));
    }
    (format!("{quoi} le {}{qui}{role}", quand(a.le)), details)
}

fn accord_donne(a: &AccordDemande) -> (String, Definitions) {
    let qui = a.par.as_ref().map(|nom| format!(" par {nom}")).unwrap_or_default();
    let mut details = Definitions::new();
    if !a.texte.is_empty() {
        details = details.ligne("Précision", &a.texte);
    }
    (format!("Accord de l’établissement qui reçoit, donné le {}{qui}", quand(a.le)), details)
}

fn reponse(form: &Formulaire, guichet: Guichet, f: &FicheDemande) -> FormReponse {
    let mut choix = Vec::new();
    if f.transmissible {
        let transmettre = Choix::new("transmettre", "Transmettre à l’équipe nationale, avec mon avis");
        choix.push(if f.acceptable.is_ok() { transmettre } else { transmettre.desactive() });
    } else if guichet == Guichet::Receveur {
        choix.push(Choix::new("accepter", "Donner l’accord de mon établissement"));
    } else {
        let accepter = Choix::new("accepter", "Accepter");
        choix.push(if f.acceptable.is_ok() { accepter } else { accepter.desactive() });
    }
    choix.push(Choix::new("refuser", "Refuser, avec mes motifs"));
    let texte = form
        .zone(
            "reponse",
            if f.transmissible { "Avis, ou motif du refus" } else { "Motif du refus, ou précision" },
        )
        .indice(
            "L’établissement lit ce texte en se connectant ; le courriel qui le prévient ne le contient pas.",
        )
        .lignes(4);
    let jour = (f.jour.is_some() && !f.transmissible).then(|| {
        form.date("jusqu_a", "Dernier jour accordé").selon("pour accepter").indice(format_args!(
            "L’établissement souhaite : {}.",
            f.jour.map(messages::date_civile).unwrap_or_default()
        ))
    });
    let jour = jour.or_else(|| {
        f.suite.map(|_| {
            form.date("jusqu_a", "Dernier jour pour compléter et soumettre").selon("pour accepter").indice(
                "Ce que l’acceptation ouvre se modifie, et la formation se soumet, jusqu’à la fin de ce jour, même si l’étape est close. \
                 L’établissement le lit sur la formation et dans le courriel qui le prévient.",
            )
        })
    });
    let parties: Vec<Choix> = f.parties.iter().map(|p| Choix::new(p.code(), p.libelle())).collect();
    FormReponse {
        choix: form.radios("decision", "Réponse", &choix),
        parties: (!parties.is_empty())
            .then(|| form.cases("parties", "Parties rouvertes", &parties).selon("pour accepter")),
        jour,
        texte,
    }
}

fn alertes(guichet: Guichet, f: &FicheDemande) -> Vec<Alerte> {
    match (&f.reponse, &f.acceptable) {
        // At the desk of whoever asks, its state says it.
        _ if guichet == Guichet::Etablissement && f.attend => vec![Alerte::info(
            "L’établissement qui recevrait la formation n’a pas encore donné son accord ; le service académique attend cet accord.",
        )],
        (Err(domain::RuleViolation::ForbiddenTransition { .. }), _) if guichet == Guichet::Receveur => {
            vec![Alerte::info("Votre établissement a répondu. Le service académique décide maintenant.")]
        }
        _ if guichet == Guichet::Etablissement || !f.etat.is_en_cours() => Vec::new(),
        (Err(domain::RuleViolation::ForbiddenTransition { .. }), _) => {
            vec![Alerte::info("Cette demande attend la réponse de l’équipe nationale.")]
        }
        (Err(r), _) => vec![Alerte::info(messages::regle(r))],
        (Ok(()), Err(r)) => {
            vec![Alerte::attention(messages::regle(r)).titre("Cette demande ne peut pas être acceptée")]
        }
        _ => Vec::new(),
    }
}

/// A request, at a desk.
fn rend_fiche(
    requete: &Requete,
    guichet: Guichet,
    f: &FicheDemande,
    form: Formulaire,
    statut: StatusCode,
) -> Response {
    let annee = f.session.annee;
    let retour = adresse(guichet, annee);
    let mut valeurs = f.valeurs.iter().fold(Definitions::new(), |d, v| match &v.formation {
        Some(id) => {
            d.ligne_markup(v.terme, Markup::lien(&v.texte, format_args!("/gestion/{annee}/formations/{id}")))
        }
        None => d.ligne(v.terme, &v.texte),
    });
    valeurs = valeurs.ligne("Motif de l’établissement", &f.motif);
    let (fiche, echanges) = match &f.formation {
        Some(id) => {
            let url = format!("/gestion/{annee}/formations/{id}");
            (("La formation", url.clone()), format!("{url}/echanges"))
        }
        None => {
            let url = format!("/gestion/{annee}/etablissements/{}", f.etablissement_id);
            (("L’établissement", url.clone()), format!("{url}/echanges"))
        }
    };
    let page = PageDemande {
        page: requete
            .page(f.nature.libelle())
            .session(&f.session.libelle)
            .ariane(vec![ariane(guichet, annee), Lien::new("Demandes", &retour)])
            .en_erreur(!form.est_valide()),
        url: format!("{retour}/{}", f.id),
        aide: aide(guichet),
        formation: format!("{} – {}", f.titre, f.etablissement),
        badge: badge_at(guichet, f.etat, f.attend),
        alertes: recepisse(&requete.chemin).into_iter().chain(alertes(guichet, f)).collect(),
        valeurs,
        effet: f.etat.is_en_cours().then(|| effet(f.nature)),
        reponse: (guichet != Guichet::Etablissement && f.reponse.is_ok()).then(|| reponse(&form, guichet, f)),
        retirable: f.retirable,
        actes: f.actes.iter().map(acte).chain(f.accord.as_ref().map(accord_donne)).collect(),
        // Whoever would receive a course does not read it yet, nor what is said of it.
        liens: if guichet == Guichet::Receveur {
            Vec::new()
        } else {
            vec![
                LienBouton::new(fiche.0, fiche.1).secondaire(),
                LienBouton::new(
                    if guichet == Guichet::Etablissement {
                        "Échanges avec le service académique"
                    } else {
                        "Échanges avec l’établissement"
                    },
                    echanges,
                )
                .secondaire(),
            ]
        },
        retour,
        form,
    };
    rend(statut, &page)
}

/// Year and public identifier of an address; anything else does not exist.
fn lit_chemin((annee, id): &(String, String)) -> Result<(i64, PublicId), AppError> {
    let annee = annee.parse().map_err(|_| AppError::NotFound)?;
    Ok((annee, PublicId::parse(id).ok_or(AppError::NotFound)?))
}

/// What an address looks for at a desk.
pub async fn cherches(
    requete: &Requete,
    guichet: Guichet,
    annee: i64,
    form: &Formulaire,
) -> Result<CriteresDemandes, AppError> {
    let archivee = app::sessions::is_archivee(&requete.ctx.app.db, annee).await?;
    Ok(criteres(guichet, archivee, form))
}

/// Answers with the list of a desk.
pub async fn liste(requete: &Requete, guichet: Guichet, annee: &str, form: &Formulaire) -> Resultat {
    let annee = annee.parse().map_err(|_| AppError::NotFound)?;
    let criteres = cherches(requete, guichet, annee, form).await?;
    let l = list_demandes(&requete.ctx, annee, guichet, &criteres).await?;
    let recues = if guichet == Guichet::Etablissement { cessions(requete, annee).await? } else { None };
    Ok(rend_liste(requete, guichet, &criteres, &l, recues))
}

/// Other establishments wait for the agreement of the person's.
pub async fn cessions(requete: &Requete, annee: i64) -> Result<Option<Alerte>, AppError> {
    let n = count_a_examiner(&requete.ctx, annee, Guichet::Receveur).await?.unwrap_or(0);
    let texte = match n {
        0 => return Ok(None),
        1 => "Un établissement demande à vous confier une formation : votre accord est attendu.".to_owned(),
        n => format!(
            "{} formations vous sont proposées par d’autres établissements : votre accord est attendu.",
            nombre(n)
        ),
    };
    let lien = Markup::lien("Lire et répondre", adresse(Guichet::Receveur, annee));
    Ok(Some(Alerte::attention(texte).suite(lien)))
}

/// Answers with a request.
pub async fn fiche(requete: &Requete, guichet: Guichet, chemin: &(String, String)) -> Resultat {
    let (annee, id) = lit_chemin(chemin)?;
    let f = view_demande(&requete.ctx, annee, guichet, &id).await?;
    let mut form = requete.formulaire().avec_version(f.version);
    if let Some(jour) = f.jour.filter(|_| !f.transmissible).or(f.suite) {
        form = form.avec("jusqu_a", jour);
    }
    for p in &f.parties {
        form.ajoute("parties", p.code());
    }
    if guichet != Guichet::Etablissement {
        let ici = format!("{}/{}", adresse(guichet, annee), f.id);
        form = with_brouillon(requete, form, &ici, f.reponse.is_ok()).await?;
    }
    Ok(rend_fiche(requete, guichet, &f, form, StatusCode::OK))
}

/// What the form of an answer says; `None`: its faults are written in it.
fn lit_reponse(form: &mut Formulaire, f: &FicheDemande) -> Option<Reponse> {
    let decision = form.lit_choix("decision", "Choisissez une réponse.", |v| match v {
        "transmettre" | "accepter" | "refuser" => Some(v.to_owned()),
        _ => None,
    })?;
    let texte = form.valeur("reponse").to_owned();
    Some(match decision.as_str() {
        "transmettre" => Reponse::Transmettre(texte),
        "accepter" if f.nature == NatureDemande::Derogation && !f.transmissible => {
            Reponse::Accepter(texte, Some(form.lit_date("jusqu_a")?))
        }
        "accepter" if f.nature == NatureDemande::Reouverture => {
            let parties: BTreeSet<String> = form.valeurs("parties").iter().cloned().collect();
            if parties.is_empty() {
                form.refuse("parties", "Cochez au moins une partie à rouvrir, ou refusez la demande.");
            }
            let jour = form.lit_date("jusqu_a")?;
            if parties.is_empty() {
                return None;
            }
            Reponse::Rouvrir(texte, parties, jour)
        }
        "accepter" if f.suite.is_some() => Reponse::Accepter(texte, Some(form.lit_date("jusqu_a")?)),
        "accepter" => Reponse::Accepter(texte, None),
        _ => Reponse::Refuser(texte),
    })
}

/// Withdraws a request at the desk of whoever asks, answers it at another one.
pub async fn repond(mut recu: Recu, guichet: Guichet, chemin: &(String, String)) -> Resultat {
    let (annee, id) = lit_chemin(chemin)?;
    let requete = recu.requete.clone();
    let (ctx, garde) = (&requete.ctx, recu.garde());
    let f = view_demande(ctx, annee, guichet, &id).await?;
    let fait = if guichet == Guichet::Etablissement {
        Some((withdraw_demande(ctx, &garde, annee, &id).await, "demande-retiree"))
    } else {
        match lit_reponse(&mut recu.form, &f) {
            None => None,
            Some(r) => {
                let avis = match &r {
                    Reponse::Transmettre(_) => "demande-transmise",
                    Reponse::Accepter(..) if guichet == Guichet::Receveur => "accord-donne",
                    Reponse::Accepter(..) | Reponse::Rouvrir(..) => "demande-acceptee",
                    Reponse::Refuser(_) => "demande-refusee",
                };
                Some((answer_demande(ctx, &garde, annee, guichet, &id, &r).await, avis))
            }
        }
    };
    let mut statut = StatusCode::UNPROCESSABLE_ENTITY;
    match fait {
        None => {}
        Some((Ok(r), avis)) => {
            let url = adresse(guichet, annee);
            return Ok(redirige(&format!("{url}/{}?fait={avis}&recepisse={}", f.id, r.numero)));
        }
        Some((Err(AppError::Conflict), _)) => {
            recu.form = requete.formulaire().with_values(&recu.form);
            recu.form.refuse_tout(
                "Cette demande, ou la formation, a changé depuis que vous l’avez ouverte. Rien n’a été décidé : relisez-la \
                 ci-dessous.",
            );
            statut = StatusCode::CONFLICT;
        }
        Some((Err(e), _)) => refuse(&mut recu.form, e)?,
    }
    let f = view_demande(ctx, annee, guichet, &id).await?;
    let form = recu.form.avec_version(f.version);
    Ok(rend_fiche(&requete, guichet, &f, form, statut))
}
