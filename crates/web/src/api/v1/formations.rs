//! `/api/v1/sessions/{annee}/formations`: the courses of a token, their capacities, fees and presentation.

use app::AppError;
use app::formations::{
    AttenteCapacite, BilanLot, Capacites, CriteresGestion, EnregistrerParametrage, Ouverture, Parametrage,
    confirm_descriptions, list_courses, motive_capacite, save_parametrage, view_bilan_lot, view_parametrage,
};
use axum::extract::Path;
use axum::http::Method;
use domain::PublicId;
use domain::droits::Action;
use domain::formations::EtatFormation;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa::openapi::Type;

use super::commun::{FormationLaissee, FormationLue, RecepisseActe, aucune, instant, lues};
use crate::api::appel::{Appel, Corps, Criteres, annee, depassee, fait, id, json};
use crate::api::document::{Doc, Interface};
use crate::api::probleme::{Probleme, Rendu};

pub fn routes() -> Interface {
    let lire = Action::ConsulterParametrage;
    let doc = |nom, resume| Doc::new("formations", nom, resume);
    Interface::default()
        .lit(
            "/api/v1/sessions/{annee}/formations",
            lire,
            doc("lister_formations", "Les formations que le jeton lit")
                .pages()
                .critere("texte", "Mots de la formation, de l’établissement ou de la commune.", Type::String)
                .critere("etat", "brouillon, publiee ou fermee.", Type::String)
                .critere("incompletes", "Seulement celles où la capacité ou les frais manquent.", Type::Boolean)
                .rend::<Formations>(),
            get_liste,
        )
        .lit(
            "/api/v1/sessions/{annee}/formations/{id}",
            lire,
            doc("lire_formation", "Où en est une formation : état, ce qui manque, ce qui est ouvert")
                .rend::<Formation>(),
            get_formation,
        )
        .lit(
            "/api/v1/sessions/{annee}/formations/{id}/capacites",
            Action::ConsulterCapacites,
            doc("lire_capacites", "La capacité, les places par groupe et les frais du brouillon")
                .rend::<CapacitesLues>(),
            get_capacites,
        )
        .route(
            Method::PUT,
            "/api/v1/sessions/{annee}/formations/{id}/capacites",
            Some(Action::ModifierCapacites),
            doc("ecrire_capacites", "Enregistrer la capacité, les places par groupe et les frais")
                .detail(
                    "La somme des places des groupes est la capacité ; avec un seul groupe, elles ne s’écrivent pas. Une \
                     capacité inhabituelle demande un motif puis la relecture d’une seconde personne, à l’écran.",
                )
                .recoit::<CapacitesEcrites>()
                .rend::<CapacitesLues>()
                .version(),
            put_capacites,
        )
        .route(
            Method::POST,
            "/api/v1/sessions/{annee}/formations/{id}/capacites/motif",
            Some(Action::ModifierCapacites),
            doc("motiver_capacite", "Dire pourquoi une capacité inhabituelle est la bonne")
                .recoit::<Motif>()
                .rend::<RecepisseActe>()
                .version()
                .cle(),
            post_motif,
        )
        .lit(
            "/api/v1/sessions/{annee}/formations/{id}/presentation",
            lire,
            doc("lire_presentation", "La présentation du brouillon").rend::<Presentation>(),
            get_presentation,
        )
        .route(
            Method::PUT,
            "/api/v1/sessions/{annee}/formations/{id}/presentation",
            Some(Action::ModifierFormation),
            doc("ecrire_presentation", "Enregistrer la présentation")
                .recoit::<Presentation>()
                .rend::<Presentation>()
                .version(),
            put_presentation,
        )
        .route(
            Method::POST,
            "/api/v1/sessions/{annee}/formations/confirmation",
            Some(Action::ModifierFormation),
            doc("confirmer_formations", "Confirmer que des descriptions reprises de l’an dernier sont justes")
                .detail(
                    "Chaque formation est nommée avec la version qui a été lue ; celle qui a changé depuis est laissée de côté, les \
                     autres sont confirmées. Si toutes ont changé, rien n’est fait : la réponse est 422, avec le code `aucune_confirmee`.",
                )
                .recoit::<Confirmation>()
                .rend::<ConfirmationFaite>()
                .cle(),
            post_confirmation,
        )
}

/// What is looked for.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Recherche {
    page: Option<u32>,
    par_page: Option<u32>,
    #[serde(default)]
    texte: String,
    etat: Option<String>,
    #[serde(default)]
    incompletes: bool,
}

/// Une formation de la liste.
#[derive(Serialize, ToSchema)]
struct FormationListee {
    /// Identifiant public, dans les adresses.
    id: String,
    /// Version du brouillon : va avec la formation quand on la nomme avec d’autres.
    version: i64,
    libelle: String,
    etablissement: String,
    uai: String,
    commune: String,
    /// En apprentissage.
    apprentissage: bool,
    /// `brouillon`, `publiee` ou `fermee`.
    etat: &'static str,
    /// Du brouillon ; null : non déclarée.
    capacite: Option<i64>,
    /// Du brouillon, en centimes ; null : non déclarés.
    frais_centimes: Option<i64>,
    /// Le brouillon diffère de ce que lit le public.
    modifications_non_publiees: bool,
    /// La capacité sort de l’ordinaire et attend son motif.
    capacite_a_expliquer: bool,
    /// La capacité est motivée et attend une seconde personne.
    capacite_a_confirmer: bool,
    /// Ce qui manque avant publication.
    manques: Vec<&'static str>,
}

/// Une page de formations.
#[derive(Serialize, ToSchema)]
struct Formations {
    /// Formations trouvées, toutes pages.
    total: i64,
    /// À partir de 1, parmi les pages qui existent.
    page: u32,
    pages: u32,
    formations: Vec<FormationListee>,
}

async fn get_liste(appel: Appel, Path(a): Path<String>, Criteres(r): Criteres<Recherche>) -> Rendu {
    let etat = match r.etat.as_deref() {
        None => None,
        Some(code) => Some(
            EtatFormation::from_code(code)
                .ok_or_else(|| Probleme::champ("etat", "brouillon, publiee ou fermee."))?,
        ),
    };
    if r.page == Some(0) {
        return Err(Probleme::champ("page", "les pages se comptent à partir de 1."));
    }
    if r.par_page.is_some_and(|n| !(1..=super::PAR_PAGE_MAX).contains(&i64::from(n))) {
        return Err(Probleme::champ("par_page", format!("de 1 à {} lignes par page.", super::PAR_PAGE_MAX)));
    }
    let criteres = CriteresGestion {
        texte: r.texte,
        etat,
        incompletes: r.incompletes,
        soumises: None,
        retournees: false,
        page: r.page.unwrap_or(1),
        par_page: r.par_page,
    };
    let l = list_courses(&appel.ctx, annee(&a)?, &criteres).await?;
    let formations = l
        .lignes
        .into_iter()
        .map(|f| FormationListee {
            manques: f.manques_dits(),
            id: f.id,
            version: f.version,
            libelle: f.libelle,
            etablissement: f.etablissement,
            uai: f.uai,
            commune: f.commune,
            apprentissage: f.apprentissage,
            etat: f.etat.code(),
            capacite: f.capacite,
            frais_centimes: f.frais_centimes,
            modifications_non_publiees: f.modifications_non_publiees,
            capacite_a_expliquer: f.attente == Some(AttenteCapacite::Motif),
            capacite_a_confirmer: f.attente == Some(AttenteCapacite::Confirmation),
        })
        .collect();
    json(&Formations { total: l.total, page: l.page, pages: l.pages, formations }, None)
}

/// Ce qui est possible maintenant.
#[derive(Serialize, ToSchema)]
pub(super) struct Acte {
    /// Possible maintenant.
    ouvert: bool,
    /// Premier instant trop tard, quand c’est possible ; null aussi pour ce que rien ne ferme.
    #[schema(format = DateTime)]
    jusqu_a: Option<String>,
    /// Pourquoi non ; null quand c’est possible, ou non confié au jeton.
    motif: Option<String>,
}

impl Acte {
    pub(super) fn new(o: &Ouverture) -> Self {
        match o {
            Ouverture::Ouverte { ferme } => {
                Self { ouvert: true, jusqu_a: Some(super::commun::quand(*ferme)), motif: None }
            }
            Ouverture::Permanente => Self { ouvert: true, jusqu_a: None, motif: None },
            Ouverture::Fermee(r) => {
                Self { ouvert: false, jusqu_a: None, motif: Some(app::messages::regle(r)) }
            }
            Ouverture::SansDroit => Self { ouvert: false, jusqu_a: None, motif: None },
        }
    }
}

/// Ce que lit le public.
#[derive(Serialize, ToSchema)]
struct Publique {
    #[schema(format = DateTime)]
    publiee_le: String,
    capacite: Option<i64>,
    frais_centimes: Option<i64>,
}

/// Une rubrique de la description.
#[derive(Serialize, ToSchema)]
struct EtatRubrique {
    /// Dans l’adresse de la rubrique.
    rubrique: &'static str,
    libelle: &'static str,
    /// Libellés de ce qui y manque.
    manques: Vec<&'static str>,
}

/// Pourquoi le service académique a retourné un champ.
#[derive(Serialize, ToSchema)]
struct ChampRetourne {
    champ: String,
    libelle: String,
    motif: String,
}

/// Où en est le contrôle du service académique.
#[derive(Serialize, ToSchema)]
struct Controle {
    /// `brouillon`, `soumise`, `acceptee` ou `retournee`.
    etat: &'static str,
    #[schema(format = DateTime)]
    soumise_le: Option<String>,
    /// Premier instant trop tard pour corriger ce qui a été retourné.
    #[schema(format = DateTime)]
    jusqu_a: Option<String>,
    retours: Vec<ChampRetourne>,
    /// Acceptée, puis modifiée.
    a_resoumettre: bool,
}

/// Une formation.
#[derive(Serialize, ToSchema)]
struct Formation {
    id: String,
    libelle: String,
    etablissement: String,
    lieu: String,
    uai: String,
    /// Code de la famille.
    famille: &'static str,
    /// Code du genre : les champs de la description en dépendent.
    genre: &'static str,
    apprentissage: bool,
    /// La formation peut refuser.
    selective: bool,
    /// `brouillon`, `publiee` ou `fermee`.
    etat: &'static str,
    /// Dernière modification du brouillon.
    #[schema(format = DateTime)]
    modifiee_le: String,
    /// Ce que lit le public ; null : rien encore.
    publique: Option<Publique>,
    /// Le brouillon diffère de ce que lit le public.
    a_publier: bool,
    /// Libellés des champs qui diffèrent.
    differences: Vec<&'static str>,
    /// Ce qui empêche de publier.
    manques: Vec<&'static str>,
    rubriques: Vec<EtatRubrique>,
    /// Null : cette session est sans contrôle.
    controle: Option<Controle>,
    /// Écrire capacités et frais.
    capacites: Acte,
    /// Écrire la présentation.
    presentation: Acte,
    /// Publier, ou soumettre.
    publication: Acte,
}

type Chemin = Path<(String, String)>;

async fn load(
    appel: &Appel,
    (a, f): &(String, String),
) -> Result<(i64, PublicId, Parametrage), Box<Probleme>> {
    let (a, f) = (annee(a)?, id(f)?);
    let v = view_parametrage(&appel.ctx, a, &f).await?;
    Ok((a, f, v))
}

async fn get_formation(appel: Appel, Path(chemin): Chemin) -> Rendu {
    let (_, _, v) = load(&appel, &chemin).await?;
    json(
        &Formation {
            id: v.id.clone(),
            libelle: v.intitule.libelle.clone(),
            etablissement: v.intitule.etablissement.clone(),
            lieu: v.intitule.lieu.clone(),
            uai: v.uai.clone(),
            famille: v.famille.code(),
            genre: v.genre.code(),
            apprentissage: v.apprentissage,
            selective: v.selective,
            etat: v.etat.code(),
            modifiee_le: instant(v.maj_le),
            publique: v.publiee.map(|p| Publique {
                publiee_le: instant(p.publie_le),
                capacite: p.capacite.filter(|_| v.capacites_lisibles),
                frais_centimes: p.frais_centimes.filter(|_| v.capacites_lisibles),
            }),
            a_publier: v.a_publier,
            differences: v.differences.clone(),
            manques: v.manques.clone(),
            rubriques: v
                .rubriques
                .iter()
                .map(|(r, manques)| EtatRubrique {
                    rubrique: r.code(),
                    libelle: r.libelle(),
                    manques: manques.clone(),
                })
                .collect(),
            controle: v.controle.as_ref().map(|c| Controle {
                etat: c.etat.code(),
                soumise_le: c.soumise_le.map(instant),
                jusqu_a: c.jusqu_a.map(instant),
                retours: c
                    .retours
                    .iter()
                    .map(|r| ChampRetourne {
                        champ: r.code.clone(),
                        libelle: r.libelle.clone(),
                        motif: r.motif.clone(),
                    })
                    .collect(),
                a_resoumettre: c.a_resoumettre,
            }),
            capacites: Acte::new(&v.capacites),
            presentation: Acte::new(&v.textes),
            publication: Acte::new(&v.publication),
        },
        None,
    )
}

/// Places d’un groupe de classement.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PlacesGroupe {
    /// Identifiant public du groupe.
    groupe: String,
    places: i64,
}

/// Un groupe de classement.
#[derive(Serialize, ToSchema)]
struct GroupeLu {
    /// Identifiant public du groupe.
    groupe: String,
    libelle: String,
    /// Qui y est classé.
    series: String,
    places: i64,
}

/// Capacité et frais du brouillon.
#[derive(Serialize, ToSchema)]
struct CapacitesLues {
    /// Places ouvertes ; null : non déclarées.
    capacite: Option<i64>,
    /// Coût d’une année, en centimes ; null : non déclaré.
    frais_centimes: Option<i64>,
    groupes: Vec<GroupeLu>,
    /// Pourquoi la capacité doit être relue par une seconde personne ; vide sinon.
    a_relire: Vec<String>,
    /// Une seconde personne doit encore la confirmer, à l’écran.
    en_attente_de_relecture: bool,
}

/// Capacité et frais à enregistrer.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CapacitesEcrites {
    /// 0 est une valeur ; null : non déclarée.
    capacite: Option<i64>,
    /// En centimes ; null : non déclarés.
    frais_centimes: Option<i64>,
    /// Inutile quand il y a un seul groupe.
    #[serde(default)]
    groupes: Vec<PlacesGroupe>,
}

fn capacites(v: &Parametrage) -> CapacitesLues {
    CapacitesLues {
        capacite: v.capacite,
        frais_centimes: v.frais_centimes,
        groupes: v
            .groupes
            .iter()
            .map(|g| GroupeLu {
                groupe: g.id.clone(),
                libelle: g.libelle.clone(),
                series: g.series.clone(),
                places: g.places,
            })
            .collect(),
        a_relire: v.comparaison.iter().flat_map(|c| c.raisons.iter().map(ToString::to_string)).collect(),
        en_attente_de_relecture: v
            .comparaison
            .as_ref()
            .is_some_and(app::formations::Comparaison::is_en_attente),
    }
}

async fn get_capacites(appel: Appel, Path(chemin): Chemin) -> Rendu {
    let (_, _, v) = load(&appel, &chemin).await?;
    appel.ctx.permit(Action::ConsulterCapacites, v.cible())?;
    json(&capacites(&v), Some(v.version))
}

/// Saves a part of the settings, and gives the course as it then is, with its receipt.
async fn save(
    appel: &Appel,
    (a, f): (i64, &PublicId),
    commande: &EnregistrerParametrage,
    rend: impl Fn(&Parametrage) -> Rendu,
) -> Rendu {
    let garde = appel.garde(true)?;
    match save_parametrage(&appel.ctx, &garde, a, f, commande).await {
        Ok(recepisse) => {
            let v = view_parametrage(&appel.ctx, a, f).await?;
            Ok(fait(rend(&v)?, &recepisse))
        }
        Err(e) => {
            let actuelle = view_parametrage(&appel.ctx, a, f).await.ok().map(|v| v.version);
            Err(depassee(e, &garde, actuelle))
        }
    }
}

async fn put_capacites(appel: Appel, Path((a, f)): Chemin, Corps(c): Corps<CapacitesEcrites>) -> Rendu {
    let commande = EnregistrerParametrage {
        capacites: Some(Capacites {
            capacite: c.capacite,
            frais_centimes: c.frais_centimes,
            places: c.groupes.into_iter().map(|g| (g.groupe, g.places)).collect(),
        }),
        presentation: None,
    };
    let (a, f) = (annee(&a)?, id(&f)?);
    save(&appel, (a, &f), &commande, |v| json(&capacites(v), Some(v.version))).await
}

/// Pourquoi cette capacité est la bonne.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Motif {
    motif: String,
}

async fn post_motif(appel: Appel, Path((a, f)): Chemin, Corps(m): Corps<Motif>) -> Rendu {
    let mut garde = appel.garde_acte(true)?;
    let (a, f) = (annee(&a)?, id(&f)?);
    let v = view_parametrage(&appel.ctx, a, &f).await?;
    // What was read is the capacities; their reading by a second person has a version of its own beside.
    if garde.version == Some(v.version) {
        garde.version = v.comparaison.map(|c| c.version);
    }
    match motive_capacite(&appel.ctx, &garde, a, &f, &m.motif).await {
        Ok(r) => Ok(fait(json(&RecepisseActe::from(&r), None)?, &r)),
        Err(e) => {
            let v = view_parametrage(&appel.ctx, a, &f).await.ok();
            let actuelle = v.and_then(|v| v.comparaison).map(|c| c.version);
            Err(depassee(e, &garde, actuelle))
        }
    }
}

/// La présentation du brouillon.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Presentation {
    /// Texte simple ; peut être vide.
    texte: String,
}

async fn get_presentation(appel: Appel, Path(chemin): Chemin) -> Rendu {
    let (_, _, v) = load(&appel, &chemin).await?;
    json(&Presentation { texte: v.presentation.clone() }, Some(v.version))
}

async fn put_presentation(appel: Appel, Path((a, f)): Chemin, Corps(p): Corps<Presentation>) -> Rendu {
    let commande = EnregistrerParametrage { capacites: None, presentation: Some(p.texte) };
    let (a, f) = (annee(&a)?, id(&f)?);
    let rend = |v: &Parametrage| json(&Presentation { texte: v.presentation.clone() }, Some(v.version));
    save(&appel, (a, &f), &commande, rend).await
}

/// Formations dont la description est juste.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Confirmation {
    /// Chacune une fois.
    formations: Vec<FormationLue>,
}

/// La preuve d’une confirmation, et ce qu’elle a fait.
#[derive(Serialize, ToSchema)]
struct ConfirmationFaite {
    #[serde(flatten)]
    recepisse: RecepisseActe,
    /// Identifiants publics de celles qui sont confirmées.
    confirmees: Vec<String>,
    /// Celles qui ont changé depuis la version nommée, dans l’ordre de la demande.
    laissees: Vec<FormationLaissee>,
}

async fn post_confirmation(appel: Appel, Path(a): Path<String>, Corps(c): Corps<Confirmation>) -> Rendu {
    let garde = appel.garde_acte(false)?;
    let (a, choisies) = (annee(&a)?, lues(&appel, &c.formations)?);
    match confirm_descriptions(&appel.ctx, &garde, a, &choisies).await? {
        Ok(r) => {
            // From the receipt: the same call made again reads what the first one did.
            let Some(BilanLot::Confirmees(bilan)) = view_bilan_lot(&appel.ctx, &r.numero).await? else {
                return Err(AppError::NotFound.into());
            };
            let faite = ConfirmationFaite {
                recepisse: RecepisseActe::from(&r),
                confirmees: bilan.faites,
                laissees: bilan.laissees.into_iter().map(FormationLaissee::from).collect(),
            };
            Ok(fait(json(&faite, None)?, &r))
        }
        Err(bilan) => {
            let dit = "Aucune formation n’est confirmée : chacune a été modifiée depuis que vous l’avez lue.";
            Err(aucune("aucune_confirmee", dit, &bilan))
        }
    }
}
