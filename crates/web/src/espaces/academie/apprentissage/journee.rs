//! A day of the catalogue: what the platform is doing of it, what it would change, the decision, then what it changed and what proves it.
//! While the platform is at it the page comes back by itself, unless asked not to.

use app::AppError;
use app::apprentissage::{
    JourneeVue, RapportGarde, ScelleVu, SuiviJournee, Travail, decide_journee, export_journee,
    proces_verbal_journee, view_journee,
};
use app::imports::FLUX_CATALOGUE;
use app::messages::capitale;
use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use domain::apprentissage::{ActeJournee, EtatJournee, Etendue};

use super::super::controles::quand;
use super::journees::{badge, chemin, comptes, n, qui};
use super::{adresse, ariane, endroit, faute, lit_chemin, noms};
use crate::components::{
    Aide, Alerte, Badge, Bouton, Case, Cellule, Colonne, Definitions, Formulaire, LienBouton, Markup,
    Progression, Tableau, accord, depuis, nombre, par_groupes, poids, recepisse, regards, toute_seule,
};
use crate::layout::{Lien, Page, rend};
use crate::socle::{Recu, Requete, Resultat, comes_back, fichier, is_coming_back, redirige, refuse, tableur};

/// Lines shown: beyond, the table that downloads has them all.
const MONTREES: usize = 300;

#[derive(Template)]
#[template(path = "academie/apprentissage/journee.html")]
struct PageJournee {
    page: Page,
    url: String,
    badge: Badge,
    alertes: Vec<Alerte>,
    progression: Option<Progression>,
    /// To look again, and to have the page do it or not.
    regards: Vec<Bouton>,
    form: Formulaire,
    /// The decision: what is to be ticked, the buttons.
    retraits: Option<Case>,
    actes: Vec<Bouton>,
    fiche: Definitions,
    fichiers: Tableau,
    effets: Option<Effets>,
    preuves: Option<(Definitions, String)>,
    liens: Vec<Bouton>,
}

/// What the day does, or would do.
struct Effets {
    titre: &'static str,
    comptes: Definitions,
    export: String,
    rejets: Option<Tableau>,
    changements: Option<Tableau>,
}

pub async fn get(
    requete: Requete,
    Path(chemin): Path<(String, String)>,
    Query(paires): Query<Vec<(String, String)>>,
) -> Resultat {
    let (annee, id) = lit_chemin(chemin)?;
    let j = view_journee(&requete.ctx, annee, &id).await?;
    let form = requete.formulaire().avec_version(j.version);
    let seule = is_coming_back(&paires);
    let reponse = rend(StatusCode::OK, &page(&requete, &j, form, seule));
    Ok(if seule && under_way(&j) { comes_back(reponse) } else { reponse })
}

pub async fn post(Path(chemin): Path<(String, String)>, mut recu: Recu) -> Resultat {
    let (annee, id) = lit_chemin(chemin)?;
    let requete = recu.requete.clone();
    let mut statut = StatusCode::UNPROCESSABLE_ENTITY;
    match ActeJournee::from_code(recu.form.valeur("acte")) {
        None => recu.form.refuse_tout("Choisissez ce qu’il faut faire de cette journée."),
        Some(ActeJournee::Retirer) if !recu.form.lit_case("retraits") => {
            recu.form.refuse("retraits", "Cochez cette case si ces fiches ont vraiment quitté le catalogue.");
        }
        Some(acte) => match decide_journee(&requete.ctx, &recu.garde(), annee, &id, acte).await {
            Ok(r) => {
                let fait = match acte {
                    ActeJournee::Appliquer | ActeJournee::Retirer => "journee-confirmee",
                    ActeJournee::Partielle => "journee-relue",
                    ActeJournee::Abandonner => "journee-abandonnee",
                };
                let ici = adresse_de(annee, id.as_str());
                return Ok(redirige(&format!("{ici}?fait={fait}&recepisse={}", r.numero)));
            }
            Err(AppError::Conflict) => {
                recu.form = requete.formulaire().with_values(&recu.form);
                recu.form.refuse_tout(
                    "Cette journée a changé depuis que vous l’avez ouverte, et rien n’a été fait. Relisez-la ci-dessous.",
                );
                statut = StatusCode::CONFLICT;
            }
            Err(e) => refuse(&mut recu.form, e)?,
        },
    }
    let j = view_journee(&requete.ctx, annee, &id).await?;
    let form = recu.form.avec_version(j.version);
    Ok(rend(statut, &page(&requete, &j, form, false)))
}

pub async fn get_export(requete: Requete, Path(chemin): Path<(String, String)>) -> Resultat {
    let (annee, id) = lit_chemin(chemin)?;
    let e = export_journee(&requete.ctx, annee, &id).await?;
    Ok(tableur(&e.nom_fichier, e.format, e.octets))
}

pub async fn get_proces_verbal(requete: Requete, Path(chemin): Path<(String, String)>) -> Resultat {
    let (annee, id) = lit_chemin(chemin)?;
    let (nom, texte) = proces_verbal_journee(&requete.ctx, annee, &id).await?;
    Ok(fichier(&nom, "text/plain; charset=utf-8", texte.into_bytes()))
}

fn adresse_de(annee: i64, id: &str) -> String {
    format!("{}/{id}", chemin(annee))
}

/// The platform is at it, or will be without being asked again.
fn under_way(j: &JourneeVue) -> bool {
    j.etat.is_en_cours() && j.suivi.as_ref().is_none_or(|s| s.travail != Travail::Abandonne)
}

fn wait(requete: &Requete, j: &JourneeVue, s: &SuiviJournee, seule: bool) -> Alerte {
    let quoi = if j.etat == EtatJournee::ALire { "Lecture" } else { "Application" };
    let secondes = requete.ctx.recu_le.duration_since(s.demande_le).as_secs().max(0);
    let etat = match s.travail {
        Travail::EnAttente => "va commencer",
        Travail::EnCours => "se poursuit",
        Travail::Reprise => "n’a pas abouti au premier essai ; un autre sera fait dans quelques minutes",
        Travail::Abandonne => {
            return Alerte::erreur(
                "La plateforme n’y est pas arrivée, et n’essaie plus : rien n’a été appliqué. Abandonnez cette journée, prévenez \
                 l’exploitant, puis envoyez de nouveau les fichiers.",
            )
            .titre(format_args!("{quoi} interrompue"));
        }
    };
    let (article, nom) =
        if j.etat == EtatJournee::ALire { ("La ", "lecture") } else { ("L’", "application") };
    Alerte::info(format_args!(
        "{article}{nom}, demandée {}, {etat}. Vous pouvez quitter cette page.{}",
        depuis(secondes),
        toute_seule(seule)
    ))
    .titre(format_args!("{quoi} en cours"))
}

/// « La journée est appliquée : 2 fiches créées, 1 fiche refusée. »
fn applied(j: &JourneeVue) -> String {
    let c = j.rapport.as_ref().map(|r| r.compte.clone()).unwrap_or_default();
    let faits = [
        (c.creations, "fiche créée", "fiches créées"),
        (c.modifications, "fiche modifiée", "fiches modifiées"),
        (c.restructurations, "fiche restructurée", "fiches restructurées"),
        (c.retraits, "fiche retirée", "fiches retirées"),
        (c.retours, "fiche revenue", "fiches revenues"),
        (c.refusees, "fiche refusée", "fiches refusées"),
    ];
    let faits: Vec<String> =
        faits.into_iter().filter(|(n, ..)| *n > 0).map(|(n, un, des)| accord(n, un, des)).collect();
    if faits.is_empty() {
        "La journée est appliquée.".to_owned()
    } else {
        format!("La journée est appliquée : {}.", faits.join(", "))
    }
}

fn alertes(requete: &Requete, j: &JourneeVue, seule: bool) -> Vec<Alerte> {
    let mut alertes: Vec<Alerte> = recepisse(&requete.chemin).into_iter().collect();
    if let Some(s) = &j.suivi {
        alertes.push(wait(requete, j, s, seule));
    }
    if let Some((id, le)) = &j.deja
        && j.etat != EtatJournee::Appliquee
    {
        let texte = format!("Les mêmes fichiers ont déjà été appliqués le {}.", quand(*le));
        let lien = Markup::lien("Voir cette journée", adresse_de(j.session.annee, id));
        alertes.push(Alerte::info(texte).suite(lien));
    }
    let message = j.message.as_deref();
    let decider = |a: Alerte| {
        if j.session.archivee { a } else { a.suite(Markup::lien("Aller à la décision", "#decision")) }
    };
    match j.etat {
        EtatJournee::Retenue => alertes.push(decider(
            Alerte::attention(format_args!("{} Rien n’est appliqué.", message.unwrap_or_default()))
                .titre("Cette journée est retenue")
                .points(
                    [
                        "S’il manque des fichiers : « Abandonner cette journée », puis envoyez-les tous ensemble.",
                        "S’ils n’ont que ce qui change : « Relire comme un envoi partiel ».",
                        "Si ces fiches ont vraiment quitté le catalogue : cochez la case, puis « Retirer ces fiches et appliquer ».",
                    ]
                    .map(str::to_owned),
                ),
        )),
        EtatJournee::AConfirmer => {
            alertes.extend(message.map(Alerte::attention));
            alertes.push(decider(Alerte::info(
                "Essai à blanc : rien n’est encore appliqué. Vérifiez ce qui changerait, puis confirmez.",
            )));
        }
        EtatJournee::Appliquee if requete.fait() == Some("journee-confirmee") => {
            alertes.push(Alerte::succes(applied(j)).annonce());
        }
        EtatJournee::SansChangement => alertes.push(Alerte::succes(
            "La session correspond déjà à ces fichiers : il n’y a rien à appliquer.",
        )),
        EtatJournee::Refusee => {
            // What is missing is told one a line.
            let mut lignes = message.unwrap_or_default().lines();
            let pourquoi = lignes.next().unwrap_or_default();
            alertes.push(
                Alerte::erreur(pourquoi)
                    .titre("Les fichiers ne peuvent pas être repris")
                    .suite(Markup::texte(
                        "Rien n’est appliqué : corrigez ou remplacez les fichiers, puis envoyez-les de nouveau.",
                    ))
                    .points(lignes.map(str::to_owned)),
            );
        }
        _ => {}
    }
    if j.rapport.as_ref().is_some_and(|r| r.perimetre_change) && !j.etat.is_finie() {
        alertes.push(Alerte::info(
            "C’est la première journée de la session : ce qu’elle admet du catalogue est écrit avec elle.",
        ));
    }
    if let Some(combien) = j.rapport.as_ref().map(|r| r.compte.retraits_suspendus).filter(|n| *n > 0) {
        alertes.push(Alerte::attention(format_args!(
            "{} : une fiche refusée ne dit pas laquelle elle est.",
            accord(combien, "fiche absente n’est pas retirée", "fiches absentes ne sont pas retirées")
        )));
    }
    alertes
}

fn fiche(j: &JourneeVue) -> Definitions {
    let d =
        Definitions::new().ligne("Reçue le", quand(j.recue_le)).ligne("Envoyée par", qui(j.par.as_deref()));
    let d = if j.flux == FLUX_CATALOGUE { d } else { d.ligne("Nom du flux", &j.flux) };
    let d = d.ligne("Contenu des fichiers", capitale(j.etendue.libelle()));
    match &j.scelle {
        Some(s) => {
            d.ligne("Appliquée le", quand(s.appliquee_le)).ligne("Confirmée par", qui(s.par.as_deref()))
        }
        None => d,
    }
}

fn fichiers(j: &JourneeVue) -> Tableau {
    let colonnes = vec![Colonne::longue("Fichier"), Colonne::courte("Taille"), Colonne::new("SHA-256")];
    Tableau::new("Fichiers de la journée", colonnes).legende_cachee().lignes(j.fichiers.iter().map(|f| {
        vec![
            Cellule::texte(&f.nom),
            Cellule::texte(poids(f.taille)),
            Cellule::texte(par_groupes(&f.empreinte)),
        ]
    }))
}

fn rejets(r: &RapportGarde) -> Option<Tableau> {
    let colonnes =
        vec![Colonne::new("Fiche"), Colonne::new("Fichier"), Colonne::longue("Ce qu’il faut faire corriger")];
    let lignes = r.rejets.iter().take(MONTREES).map(|r| {
        let fautes: Vec<String> = r.fautes.iter().map(|f| faute(f, r.ligne)).collect();
        let noms = noms(r.intitule.as_deref(), r.lieu.as_deref(), r.identifiant.as_deref());
        vec![
            Cellule::markup(Markup::lignes(&noms)),
            Cellule::texte(endroit(&r.fichier, r.rang, r.ligne)),
            Cellule::markup(Markup::lignes(&fautes)),
        ]
    });
    (!r.rejets.is_empty()).then(|| {
        let legende = beyond("Fiches refusées", r.rejets.len());
        Tableau::new(legende, colonnes).lignes(lignes)
    })
}

/// Says that some are not shown.
fn beyond(quoi: &str, combien: usize) -> String {
    let n = |n: usize| nombre(i64::try_from(n).unwrap_or(i64::MAX));
    if combien > MONTREES {
        format!("{quoi} : les {MONTREES} premières des {}, toutes dans le compte rendu", n(combien))
    } else {
        quoi.to_owned()
    }
}

fn changements(r: &RapportGarde) -> Option<Tableau> {
    let colonnes = vec![
        Colonne::new("Fiche"),
        Colonne::courte("Devient"),
        Colonne::longue("Ce qui change"),
        Colonne::new("Nouveau statut"),
        Colonne::new("Fichier"),
    ];
    let lignes = r.lignes.iter().take(MONTREES).map(|l| {
        let mut faits: Vec<String> = l.details.iter().map(|d| capitale(d)).collect();
        faits.extend(l.doublon_de.as_ref().map(|id| format!("Décrit la même formation que la fiche {id}")));
        faits.extend(l.avertissement().map(|a| format!("Avertissement : {a}")));
        if faits.is_empty() {
            faits.push("–".to_owned());
        }
        let entier = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
        let place = l.fichier.as_ref().zip(l.ligne).map_or_else(
            || "–".to_owned(),
            |(fichier, ligne)| endroit(fichier, l.rang.map_or(0, entier), entier(ligne)),
        );
        let statut = l.devient().map(|s| capitale(s.libelle()));
        let statut: Vec<String> = statut.into_iter().chain(l.raison.clone()).collect();
        let noms = noms(l.intitule.as_deref(), l.lieu.as_deref(), Some(&l.identifiant));
        vec![
            Cellule::markup(Markup::lignes(&noms)),
            Cellule::texte(l.verbe()),
            Cellule::markup(Markup::lignes(&faits)),
            Cellule::markup(Markup::lignes(&statut)),
            Cellule::texte(place),
        ]
    });
    (!r.lignes.is_empty()).then(|| {
        let legende = beyond("Fiche par fiche", r.lignes.len());
        Tableau::new(legende, colonnes).lignes(lignes)
    })
}

fn effets(url: &str, j: &JourneeVue) -> Option<Effets> {
    let doublons = format!("{}/doublons", adresse(j.session.annee));
    let r = j.rapport.as_ref()?;
    let lues = Definitions::new().ligne("Fiches lues", n(r.compte.lues));
    let partielle = j.etendue == Etendue::Partielle;
    let nomme = |quoi: &'static str| match quoi {
        "Inchangées" if partielle => "Inchangées (fiches absentes de ces fichiers comprises)",
        quoi => quoi,
    };
    Some(Effets {
        titre: match j.etat {
            EtatJournee::Appliquee => "Ce qui a changé",
            EtatJournee::SansChangement => "Ce que disent les fichiers",
            _ => "Ce qui changerait",
        },
        comptes: comptes(&r.compte).into_iter().fold(lues, |d, (quoi, combien)| match quoi {
            "Doublons" if j.derniere => {
                let lien = Markup::lien("Les comparer", &doublons);
                d.ligne_markup(quoi, Markup::texte(n(combien)).et(lien))
            }
            quoi => d.ligne(nomme(quoi), n(combien)),
        }),
        export: format!("{url}/export"),
        rejets: rejets(r),
        changements: changements(r),
    })
}

fn preuves(s: &ScelleVu) -> Definitions {
    Definitions::new()
        .ligne("Rang parmi les journées appliquées du flux", nombre(s.numero))
        .ligne("SHA-256 du compte rendu (CSV)", &s.compte_rendu)
        .ligne("Signature (Ed25519)", &s.signature)
        .ligne("Clé publique de la signature", &s.cle)
        .ligne(
            "Vérification",
            if s.juste {
                "Le procès-verbal gardé est celui qui a été signé."
            } else {
                "Le procès-verbal gardé n’est plus celui qui a été signé : prévenez l’exploitant."
            },
        )
}

fn actes(j: &JourneeVue) -> Vec<Bouton> {
    // What is being applied is not given up, unless the platform gave up itself.
    let en_train = j.etat == EtatJournee::AAppliquer && under_way(j);
    let permis = |a: ActeJournee| !j.session.archivee && !en_train && j.etat.after(a).is_some();
    let bouton = |a: ActeJournee| {
        let bouton = match a {
            ActeJournee::Appliquer => Bouton::new("Appliquer cette journée").icone("check-line"),
            ActeJournee::Retirer => Bouton::new("Retirer ces fiches et appliquer").icone("check-line"),
            ActeJournee::Partielle => Bouton::new("Relire comme un envoi partiel").secondaire(),
            ActeJournee::Abandonner => Bouton::new("Abandonner cette journée").secondaire(),
        };
        bouton.valeur("acte", a.code())
    };
    ActeJournee::ALL.into_iter().filter(|a| permis(*a)).map(bouton).collect()
}

fn page(requete: &Requete, j: &JourneeVue, form: Formulaire, seule: bool) -> PageJournee {
    let annee = j.session.annee;
    let url = adresse_de(annee, &j.id);
    let mut vers = ariane(requete, annee);
    vers.push(Lien::new("Journées reçues du catalogue", chemin(annee)));
    let mut liens = Vec::new();
    if matches!(j.etat, EtatJournee::Refusee | EtatJournee::Abandonnee) && !j.session.archivee {
        liens.push(
            LienBouton::new("Envoyer de nouveau", format_args!("{}#envoyer", chemin(annee)))
                .icone("upload-line"),
        );
    }
    if j.derniere {
        let racine = adresse(annee);
        liens.push(LienBouton::new("Fiches refusées", format_args!("{racine}/rejets")).secondaire());
        liens.push(LienBouton::new("Doublons", format_args!("{racine}/doublons")).secondaire());
        liens.push(LienBouton::new("Fiches d’apprentissage", racine).secondaire());
    }
    liens.push(LienBouton::new("Retour aux journées", chemin(annee)).secondaire());
    let lus = j.suivi.as_ref().filter(|s| s.travail == Travail::EnCours && s.pour_cent > 0);
    let page = requete
        .page("Journée du catalogue")
        .session(&j.session.libelle)
        .ariane(vers)
        .en_erreur(!form.est_valide());
    // What was about to be done is done.
    let dite = match requete.fait() {
        Some("journee-recue" | "journee-relue") => j.etat != EtatJournee::ALire,
        Some("journee-confirmee") => j.etat != EtatJournee::AAppliquer,
        _ => false,
    };
    PageJournee {
        page: if dite { page.avis(None) } else { page },
        badge: badge(j.etat),
        alertes: alertes(requete, j, seule),
        progression: lus.map(|s| {
            Progression::new("Centièmes des fichiers lus", u32::try_from(s.pour_cent).unwrap_or(0), 100)
        }),
        regards: if under_way(j) { regards(&url, seule).into() } else { Vec::new() },
        retraits: (j.etat == EtatJournee::Retenue && !j.session.archivee)
            .then(|| form.case("retraits", "Ces fiches ont vraiment quitté le catalogue : je l’ai vérifié.")),
        actes: actes(j),
        fiche: fiche(j),
        fichiers: fichiers(j),
        effets: effets(&url, j),
        preuves: j.scelle.as_ref().map(|s| (preuves(s), format!("{url}/proces-verbal"))),
        liens,
        url,
        form,
    }
}
