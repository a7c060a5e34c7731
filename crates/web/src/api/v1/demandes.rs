//! `/api/v1/sessions/{annee}/demandes`: what the establishment asks its academic service about the life of its courses and about its
//! own settings (R-API-14). Asked and withdrawn; answered by people.

use std::collections::BTreeSet;

use app::AppError;
use app::etablissements::view_etablissement;
use app::formations::{
    CriteresDemandes, Demander, FicheDemande, Guichet, LigneDemande, SuiviDemande, ask_formation,
    ask_ouverture, ask_reouverture, demande_of_recepisse, list_demandes, view_demande, view_demander,
    view_reouverture, withdraw_demande,
};
use app::idempotence::Recepisse;
use app::messages;
use axum::extract::Path;
use axum::http::{Method, StatusCode};
use axum::response::Response;
use domain::RuleViolation;
use domain::comptes::Role;
use domain::droits::{Action, Denial};
use domain::etablissements::Partie;
use domain::formations::demandes::{EtatDemande, NatureDemande, NouvelleOffre, Souhait};
use domain::formations::{GroupeVoulu, IdentiteFormation};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa::openapi::Type;

use super::commun::{RecepisseActe, instant};
use crate::api::appel::{Appel, Corps, Criteres, annee, depassee, fait, id, json};
use crate::api::document::{Doc, Interface};
use crate::api::probleme::{Probleme, Rendu};

const ICI: Guichet = Guichet::Etablissement;

pub fn routes() -> Interface {
    let demander = Action::DemanderFormation;
    let doc = |nom, resume| Doc::new("demandes", nom, resume);
    Interface::default()
        .lit(
            "/api/v1/sessions/{annee}/demandes",
            demander,
            doc("lister_demandes", "Les demandes au service académique que le jeton suit, et où elles en sont")
                .detail(
                    "Celles des formations où le jeton a l’opération « Demandes au service académique » ; celles de \
                     l’établissement lui-même (ouvertures, parties à rouvrir) avec ce droit. Celles qui attendent d’abord.",
                )
                .critere("page", "À partir de 1.", Type::Integer)
                .critere("etat", "deposee, transmise, acceptee, refusee ou retiree.", Type::String)
                .critere("nature", "Code d’une nature de demande.", Type::String)
                .rend::<Demandes>(),
            get_demandes,
        )
        .route(
            Method::POST,
            "/api/v1/sessions/{annee}/demandes",
            Some(demander),
            doc("demander_ouverture", "Demander l’ouverture d’une formation")
                .detail(
                    "Demande le droit « Demandes de l’établissement ». La formation existe une fois la demande acceptée. Si \
                     `filiere_exigee` est vrai dans la liste des demandes, donnez `filiere`, un code de la nomenclature nationale \
                     (`g_fl_cod`) : elle donne la famille, l’intitulé, le statut et les attendus nationaux, et rien de cela ne se dit \
                     autrement. Sans elle, donnez `hors_nomenclature` avec `famille`, `libelle` et `statut`. Sinon, ces trois champs \
                     sont attendus et `hors_nomenclature` n’est pas retenu.",
                )
                .recoit::<OuvertureVoulue>()
                .rend::<DemandeDeposee>()
                .cle()
                .cree(),
            post_ouverture,
        )
        .lit(
            "/api/v1/sessions/{annee}/demandes/{id}",
            demander,
            doc("lire_demande", "Une demande : ce qui est demandé, ce qui a été répondu").rend::<Demande>(),
            get_demande,
        )
        .route(
            Method::POST,
            "/api/v1/sessions/{annee}/demandes/{id}/retrait",
            Some(demander),
            doc("retirer_demande", "Retirer une demande qui attend encore sa réponse")
                .rend::<Demande>()
                .version()
                .cle(),
            post_retrait,
        )
        .lit(
            "/api/v1/sessions/{annee}/formations/{id}/demandes",
            demander,
            doc("lire_demandes_formation", "Ce qui peut être demandé sur une formation, et ce qui l’a été")
                .rend::<DemandesFormation>(),
            get_formation,
        )
        .route(
            Method::POST,
            "/api/v1/sessions/{annee}/formations/{id}/demandes",
            Some(demander),
            doc("demander_sur_formation", "Demander quelque chose sur une formation")
                .detail(
                    "Suspension, fermeture, fusion, déplacement, cession à un autre établissement, autres groupes de classement, autre \
                     secteur, intitulé, statut ou sélectivité à corriger, champs à modifier hors période. Une seule demande à la fois sur \
                     une formation.",
                )
                .recoit::<DemandeVoulue>()
                .rend::<DemandeDeposee>()
                .version()
                .cle()
                .cree(),
            post_formation,
        )
        .lit(
            "/api/v1/sessions/{annee}/etablissements/{id}/demandes",
            demander,
            doc(
                "lire_demandes_etablissement",
                "Les parties de l’établissement qui peuvent être rouvertes, et ce qui a été demandé",
            )
            .rend::<DemandesEtablissement>(),
            get_etablissement,
        )
        .route(
            Method::POST,
            "/api/v1/sessions/{annee}/etablissements/{id}/demandes",
            Some(demander),
            doc("demander_reouverture", "Demander que des parties de l’établissement soient rouvertes")
                .recoit::<ReouvertureVoulue>()
                .rend::<DemandeDeposee>()
                .cle()
                .cree(),
            post_etablissement,
        )
}

/// Ce qui peut être demandé maintenant.
#[derive(Serialize, ToSchema)]
struct Possibilite {
    possible: bool,
    /// Pourquoi non.
    motif: Option<String>,
}

impl Possibilite {
    fn new(r: &Result<(), RuleViolation>) -> Self {
        Self { possible: r.is_ok(), motif: r.as_ref().err().map(messages::regle) }
    }
}

/// Une demande de la liste.
#[derive(Serialize, ToSchema)]
struct DemandeListee {
    /// Identifiant public, dans les adresses.
    id: String,
    /// Code.
    nature: &'static str,
    libelle_nature: &'static str,
    /// `deposee`, `transmise` à l’équipe nationale, `acceptee`, `refusee` ou `retiree`.
    etat: &'static str,
    libelle_etat: &'static str,
    /// La formation, telle qu’elle s’appelle ou s’appellerait ; les parties de l’établissement.
    objet: String,
    #[schema(format = DateTime)]
    deposee_le: String,
    /// Réponse, ou retrait.
    #[schema(format = DateTime)]
    finie_le: Option<String>,
}

impl DemandeListee {
    fn new(
        id: &str,
        (nature, etat): (NatureDemande, EtatDemande),
        objet: &str,
        (le, finie_le): (i64, Option<i64>),
    ) -> Self {
        Self {
            id: id.to_owned(),
            nature: nature.code(),
            libelle_nature: nature.libelle(),
            etat: etat.code(),
            libelle_etat: etat.libelle(),
            objet: objet.to_owned(),
            deposee_le: instant(le),
            finie_le: finie_le.map(instant),
        }
    }

    fn of_ligne(l: &LigneDemande) -> Self {
        Self::new(&l.id, (l.nature, l.etat), &l.formation, (l.le, l.decidee_le))
    }

    /// `None`: not one that the program reads.
    fn of_suivi(s: &SuiviDemande) -> Option<Self> {
        Some(Self::new(s.id.as_deref()?, (s.nature, s.etat), &s.formation, (s.le, s.decidee_le)))
    }
}

/// Une page de demandes.
#[derive(Serialize, ToSchema)]
struct Demandes {
    /// Demandes trouvées, toutes pages.
    total: i64,
    /// Celles qui attendent leur réponse, quels que soient les critères.
    en_attente: i64,
    /// À partir de 1, parmi les pages qui existent.
    page: u32,
    pages: u32,
    /// Demander l’ouverture d’une formation.
    ouverture: Possibilite,
    /// La session a la nomenclature nationale : une ouverture se demande avec `filiere`, ou avec `hors_nomenclature`.
    filiere_exigee: bool,
    demandes: Vec<DemandeListee>,
}

/// What is looked for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Recherche {
    page: Option<u32>,
    etat: Option<String>,
    nature: Option<String>,
}

/// What a code names, or the field where it stands.
fn reconnu<T>(
    champ: &str,
    code: Option<&str>,
    reconnait: impl FnOnce(&str) -> Option<T>,
) -> Result<Option<T>, Box<Probleme>> {
    let Some(code) = code else { return Ok(None) };
    reconnait(code).map(Some).ok_or_else(|| Probleme::champ(champ, "ce code n’existe pas."))
}

async fn get_demandes(appel: Appel, Path(a): Path<String>, Criteres(r): Criteres<Recherche>) -> Rendu {
    if r.page == Some(0) {
        return Err(Probleme::champ("page", "les pages se comptent à partir de 1."));
    }
    let criteres = CriteresDemandes {
        etat: reconnu("etat", r.etat.as_deref(), EtatDemande::from_code)?,
        nature: reconnu("nature", r.nature.as_deref(), NatureDemande::from_code)?,
        texte: String::new(),
        departement: None,
        page: r.page.unwrap_or(1),
    };
    let l = list_demandes(&appel.ctx, annee(&a)?, ICI, &criteres).await?;
    let demandes = l.lignes.iter().map(DemandeListee::of_ligne).collect();
    // As the act itself: a token that asks about courses alone asks for none.
    let sans_droit = appel.ctx.scope(Action::DemanderFormation)?.portee().hors_formation().is_empty();
    let ouverture = if sans_droit {
        let motif = "Ce jeton n’a pas le droit « Demandes de l’établissement ».".to_owned();
        Possibilite { possible: false, motif: Some(motif) }
    } else {
        Possibilite::new(&l.ouverture)
    };
    let (total, en_attente, page, pages) = (l.total, l.en_attente, l.page, l.pages);
    let filiere_exigee = l.nomenclature;
    json(&Demandes { total, en_attente, page, pages, ouverture, filiere_exigee, demandes }, None)
}

/// Une formation qui n’existe pas encore.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct OuvertureVoulue {
    /// Code de la filière dans la nomenclature nationale (`g_fl_cod`).
    #[serde(default)]
    filiere: Option<u32>,
    /// Pourquoi la formation n’est pas dans la nomenclature nationale, en une phrase au moins.
    #[serde(default)]
    hors_nomenclature: Option<String>,
    /// Code de la famille ; donnée par `filiere`.
    #[serde(default)]
    famille: String,
    /// « BTS - Services - Tourisme » ; donné par `filiere`.
    #[serde(default)]
    libelle: String,
    /// Ce qui la distingue d’une autre du même intitulé.
    #[serde(default)]
    detail: String,
    /// `etudiant` ou `apprentissage` ; donné par `filiere`.
    #[serde(default)]
    statut: String,
    /// Elle pourra refuser une candidature.
    selective: bool,
    /// Identifiant public d’un site de l’établissement.
    site: String,
    /// Pourquoi, en une phrase au moins.
    motif: String,
}

/// Une demande qui vient d’être envoyée.
#[derive(Serialize, ToSchema)]
struct DemandeDeposee {
    /// Identifiant public de la demande.
    id: String,
    recepisse: RecepisseActe,
}

/// From the receipt: the same call made again reads what the first one did.
async fn deposee(appel: &Appel, r: &Recepisse) -> Rendu {
    let id = demande_of_recepisse(&appel.ctx, &r.numero).await?.ok_or(AppError::NotFound)?;
    let mut reponse: Response =
        fait(json(&DemandeDeposee { id, recepisse: RecepisseActe::from(r) }, None)?, r);
    *reponse.status_mut() = StatusCode::CREATED;
    Ok(reponse)
}

async fn post_ouverture(appel: Appel, Path(a): Path<String>, Corps(c): Corps<OuvertureVoulue>) -> Rendu {
    let garde = appel.garde_acte(false)?;
    let offre = NouvelleOffre {
        famille: c.famille,
        libelle: c.libelle,
        detail: c.detail,
        statut: c.statut,
        selective: c.selective,
        site: c.site,
        filiere: c.filiere.map(i64::from),
        hors_nomenclature: c.hors_nomenclature,
    };
    let r = ask_ouverture(&appel.ctx, &garde, annee(&a)?, &offre, &c.motif).await?;
    deposee(&appel, &r).await
}

/// Une chose que dit une demande.
#[derive(Serialize, ToSchema)]
struct ValeurDite {
    terme: &'static str,
    texte: String,
    /// Identifiant public de la formation nommée, quand le jeton la lit.
    formation: Option<String>,
}

/// Ce qui a été fait d’une demande.
#[derive(Serialize, ToSchema)]
struct ActeSurDemande {
    /// L’état qu’il a donné.
    etat: &'static str,
    libelle_etat: &'static str,
    #[schema(format = DateTime)]
    le: String,
    /// Au titre de quel rôle.
    role: Option<&'static str>,
    /// Motif ou avis ; peut être vide.
    motif: String,
    /// Premier instant trop tard pour ce qui est rouvert.
    #[schema(format = DateTime)]
    jusqu_a: Option<String>,
}

/// L’accord de l’établissement qui recevrait la formation.
#[derive(Serialize, ToSchema)]
struct AccordRecu {
    #[schema(format = DateTime)]
    le: String,
    /// Peut être vide.
    texte: String,
}

/// Une demande.
#[derive(Serialize, ToSchema)]
struct Demande {
    id: String,
    /// Code.
    nature: &'static str,
    libelle_nature: &'static str,
    /// `deposee`, `transmise` à l’équipe nationale, `acceptee`, `refusee` ou `retiree`.
    etat: &'static str,
    libelle_etat: &'static str,
    /// La formation, telle qu’elle s’appelle ou s’appellerait ; les parties de l’établissement.
    objet: String,
    /// Identifiant public de la formation, dès qu’elle existe et si le jeton la lit.
    formation: Option<String>,
    /// Identifiant public de l’établissement qui demande.
    etablissement: String,
    /// Ce qui est demandé, en détail.
    valeurs: Vec<ValeurDite>,
    motif: String,
    /// Dans leur ordre.
    actes: Vec<ActeSurDemande>,
    /// L’accord de l’établissement qui recevrait la formation est encore attendu.
    accord_attendu: bool,
    accord: Option<AccordRecu>,
    /// Elle attend encore sa réponse : elle peut être retirée.
    retirable: bool,
}

fn vue(f: &FicheDemande) -> Rendu {
    let demande = Demande {
        id: f.id.clone(),
        nature: f.nature.code(),
        libelle_nature: f.nature.libelle(),
        etat: f.etat.code(),
        libelle_etat: f.etat.libelle(),
        objet: f.titre.clone(),
        formation: f.formation.clone(),
        etablissement: f.etablissement_id.clone(),
        valeurs: f
            .valeurs
            .iter()
            .map(|v| ValeurDite { terme: v.terme, texte: v.texte.clone(), formation: v.formation.clone() })
            .collect(),
        motif: f.motif.clone(),
        actes: f
            .actes
            .iter()
            .map(|a| ActeSurDemande {
                etat: a.etat.code(),
                libelle_etat: a.etat.libelle(),
                le: instant(a.le),
                role: a.role.map(Role::libelle),
                motif: a.motif.clone(),
                jusqu_a: a.jusqu_a.map(instant),
            })
            .collect(),
        accord_attendu: f.attend,
        accord: f.accord.as_ref().map(|a| AccordRecu { le: instant(a.le), texte: a.texte.clone() }),
        retirable: f.retirable,
    };
    json(&demande, Some(f.version))
}

type Chemin = Path<(String, String)>;

async fn get_demande(appel: Appel, Path((a, d)): Chemin) -> Rendu {
    vue(&view_demande(&appel.ctx, annee(&a)?, ICI, &id(&d)?).await?)
}

async fn post_retrait(appel: Appel, Path((a, d)): Chemin) -> Rendu {
    let garde = appel.garde_acte(true)?;
    let (a, d) = (annee(&a)?, id(&d)?);
    match withdraw_demande(&appel.ctx, &garde, a, &d).await {
        Ok(r) => Ok(fait(vue(&view_demande(&appel.ctx, a, ICI, &d).await?)?, &r)),
        Err(e) => {
            let actuelle = view_demande(&appel.ctx, a, ICI, &d).await.ok().map(|f| f.version);
            Err(depassee(e, &garde, actuelle))
        }
    }
}

/// Une nature de demande, et si elle est possible maintenant.
#[derive(Serialize, ToSchema)]
struct NatureOfferte {
    /// Code.
    nature: &'static str,
    libelle: &'static str,
    #[serde(flatten)]
    maintenant: Possibilite,
}

/// Un champ que rien n’ouvre maintenant.
#[derive(Serialize, ToSchema)]
struct ChampClos {
    champ: &'static str,
    libelle: &'static str,
}

/// Un groupe de classement.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct GroupeDemande {
    libelle: String,
    /// Codes des types de baccalauréat qui y sont classés.
    series: Vec<String>,
    /// Sa part de la capacité ; ne compte pas pour un groupe seul, qui l’a toute.
    #[serde(default)]
    places: i64,
}

/// Ce que la formation s’appelle et est : ce qu’une demande de nature `correction` corrige.
#[derive(Serialize, ToSchema)]
struct IdentiteActuelle {
    libelle: String,
    /// Ce qui la distingue d’une autre du même intitulé ; peut être vide.
    detail: String,
    /// `etudiant` ou `apprentissage`.
    statut: String,
    /// Elle peut refuser une candidature.
    selective: bool,
    /// Ceux de ces champs qui ne changent pas, et pourquoi.
    fixes: Vec<ChampFixe>,
}

/// Un champ qu’une demande ne corrige pas.
#[derive(Serialize, ToSchema)]
struct ChampFixe {
    champ: &'static str,
    motif: String,
}

/// Ce qui peut être demandé sur une formation, et ce qui l’a été.
#[derive(Serialize, ToSchema)]
struct DemandesFormation {
    natures: Vec<NatureOfferte>,
    /// Ceux d’une demande de nature `derogation`.
    champs_clos: Vec<ChampClos>,
    /// Ses groupes de classement.
    groupes: Vec<GroupeDemande>,
    /// Codes des académies de son secteur.
    academies: Vec<String>,
    identite: IdentiteActuelle,
    /// La plus récente d’abord.
    demandes: Vec<DemandeListee>,
}

async fn get_formation(appel: Appel, Path((a, f)): Chemin) -> Rendu {
    let d: Demander = view_demander(&appel.ctx, annee(&a)?, &id(&f)?).await?;
    let vue = DemandesFormation {
        natures: d
            .natures
            .iter()
            .map(|(n, possible)| NatureOfferte {
                nature: n.code(),
                libelle: n.libelle(),
                maintenant: Possibilite::new(possible),
            })
            .collect(),
        champs_clos: d.champs.iter().map(|&(champ, libelle)| ChampClos { champ, libelle }).collect(),
        groupes: d
            .groupes
            .iter()
            .map(|g| GroupeDemande {
                libelle: g.libelle.clone(),
                series: g.series.iter().cloned().collect(),
                places: g.places,
            })
            .collect(),
        academies: d.secteur.clone(),
        identite: IdentiteActuelle {
            libelle: d.identite.libelle.clone(),
            detail: d.identite.detail.clone(),
            statut: d.identite.statut.clone(),
            selective: d.identite.selective,
            fixes: d
                .fixes
                .iter()
                .map(|r| ChampFixe { champ: r.champ(), motif: messages::regle(r) })
                .collect(),
        },
        demandes: d.suivis.iter().filter_map(DemandeListee::of_suivi).collect(),
    };
    json(&vue, Some(d.version))
}

/// Ce qui est demandé sur une formation : sa nature, et les champs de cette nature seulement.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct DemandeVoulue {
    /// `suspension`, `fermeture`, `fusion`, `deplacement`, `cession`, `groupes`, `sectorisation`, `correction` ou `derogation`.
    nature: String,
    /// Pourquoi, en une phrase au moins.
    motif: String,
    /// `fermeture` (facultatif), `fusion` : identifiant public de la formation qui la remplace.
    #[serde(default)]
    successeur: Option<String>,
    /// `deplacement` : identifiant public d’un site de l’établissement.
    #[serde(default)]
    site: Option<String>,
    /// `cession` : code UAI de l’établissement qui la recevrait.
    #[serde(default)]
    uai: Option<String>,
    /// `groupes` : tous ceux qui sont voulus.
    #[serde(default)]
    groupes: Option<Vec<GroupeDemande>>,
    /// `sectorisation` : codes des académies dont les candidats sont du secteur.
    #[serde(default)]
    academies: Option<Vec<String>>,
    /// `correction` : l’intitulé. Une correction donne les quatre champs, ceux qui ne changent pas compris.
    #[serde(default)]
    libelle: Option<String>,
    /// `correction` : ce qui la distingue d’une autre du même intitulé ; vide si rien.
    #[serde(default)]
    detail: Option<String>,
    /// `correction` : `etudiant` ou `apprentissage`.
    #[serde(default)]
    statut: Option<String>,
    /// `correction` : elle peut refuser une candidature.
    #[serde(default)]
    selective: Option<bool>,
    /// `derogation` : codes des champs à modifier.
    #[serde(default)]
    champs: Option<Vec<String>>,
    /// `derogation` : dernier jour voulu, AAAA-MM-JJ.
    #[serde(default)]
    #[schema(format = Date)]
    jusqu_a: Option<String>,
}

/// The fields of a kind.
const fn champs_de(nature: NatureDemande) -> &'static [&'static str] {
    match nature {
        NatureDemande::Fermeture | NatureDemande::Fusion => &["successeur"],
        NatureDemande::Deplacement => &["site"],
        NatureDemande::Cession => &["uai"],
        NatureDemande::Groupes => &["groupes"],
        NatureDemande::Sectorisation => &["academies"],
        NatureDemande::Correction => &["libelle", "detail", "statut", "selective"],
        NatureDemande::Derogation => &["champs", "jusqu_a"],
        NatureDemande::Suspension | NatureDemande::Ouverture | NatureDemande::Reouverture => &[],
    }
}

fn exige<T>(champ: &str, valeur: Option<T>) -> Result<T, Box<Probleme>> {
    valeur.ok_or_else(|| Probleme::champ(champ, "ce champ manque : cette demande n’a pas de sens sans lui."))
}

fn jour(texte: &str) -> Result<Date, Box<Probleme>> {
    texte.parse().map_err(|_| Probleme::champ("jusqu_a", "attendu : un jour, AAAA-MM-JJ."))
}

/// What is asked for, and its reason.
fn souhait(c: DemandeVoulue) -> Result<(Souhait, String), Box<Probleme>> {
    let nature = NatureDemande::from_code(&c.nature).filter(|n| n.is_sur_formation());
    let nature = nature.ok_or_else(|| {
        Probleme::champ("nature", "cette nature de demande n’existe pas sur une formation.")
    })?;
    let presents = [
        ("successeur", c.successeur.is_some()),
        ("site", c.site.is_some()),
        ("uai", c.uai.is_some()),
        ("groupes", c.groupes.is_some()),
        ("academies", c.academies.is_some()),
        ("libelle", c.libelle.is_some()),
        ("detail", c.detail.is_some()),
        ("statut", c.statut.is_some()),
        ("selective", c.selective.is_some()),
        ("champs", c.champs.is_some()),
        ("jusqu_a", c.jusqu_a.is_some()),
    ];
    if let Some((champ, _)) = presents.iter().find(|(c, la)| *la && !champs_de(nature).contains(c)) {
        return Err(Probleme::champ(*champ, "ce champ n’est pas de cette nature de demande."));
    }
    let souhait = match nature {
        NatureDemande::Ouverture | NatureDemande::Reouverture => return Err(Probleme::absent()),
        NatureDemande::Suspension => Souhait::Suspension,
        NatureDemande::Fermeture => Souhait::Fermeture { successeur: c.successeur },
        NatureDemande::Fusion => Souhait::Fusion { successeur: exige("successeur", c.successeur)? },
        NatureDemande::Deplacement => Souhait::Deplacement { site: exige("site", c.site)? },
        NatureDemande::Cession => {
            let uai: String = exige("uai", c.uai)?.split_whitespace().collect();
            Souhait::Cession { uai: uai.to_uppercase() }
        }
        NatureDemande::Groupes => {
            let groupes = exige("groupes", c.groupes)?.into_iter().map(|g| GroupeVoulu {
                libelle: g.libelle,
                series: g.series.into_iter().collect(),
                places: g.places,
            });
            Souhait::Groupes { groupes: groupes.collect() }
        }
        NatureDemande::Sectorisation => {
            Souhait::Sectorisation { academies: exige("academies", c.academies)?.into_iter().collect() }
        }
        NatureDemande::Correction => Souhait::Correction(IdentiteFormation {
            libelle: exige("libelle", c.libelle)?,
            detail: exige("detail", c.detail)?,
            statut: exige("statut", c.statut)?,
            selective: exige("selective", c.selective)?,
        }),
        NatureDemande::Derogation => Souhait::Derogation {
            champs: exige("champs", c.champs)?.into_iter().collect(),
            jusqu_a: jour(&exige("jusqu_a", c.jusqu_a)?)?.to_string(),
        },
    };
    Ok((souhait, c.motif))
}

async fn post_formation(appel: Appel, Path((a, f)): Chemin, Corps(c): Corps<DemandeVoulue>) -> Rendu {
    let garde = appel.garde_acte(true)?;
    let (a, f) = (annee(&a)?, id(&f)?);
    let (souhait, motif) = souhait(c)?;
    match ask_formation(&appel.ctx, &garde, a, &f, &souhait, &motif).await {
        Ok(r) => deposee(&appel, &r).await,
        Err(e) => {
            let actuelle = view_demander(&appel.ctx, a, &f).await.ok().map(|d| d.version);
            Err(depassee(e, &garde, actuelle))
        }
    }
}

/// Une partie de l’établissement que rien n’ouvre maintenant.
#[derive(Serialize, ToSchema)]
struct PartieClose {
    partie: &'static str,
    libelle: &'static str,
}

/// Ce qui peut être demandé sur l’établissement, et ce qui l’a été.
#[derive(Serialize, ToSchema)]
struct DemandesEtablissement {
    parties_closes: Vec<PartieClose>,
    reouverture: Possibilite,
    /// Réouvertures demandées, la plus récente d’abord.
    demandes: Vec<DemandeListee>,
}

async fn get_etablissement(appel: Appel, Path((a, e)): Chemin) -> Rendu {
    let v = view_etablissement(&appel.ctx, annee(&a)?, &id(&e)?).await?;
    let d = view_reouverture(&appel.ctx, &v.session, &v.cible()).await?;
    let d = d.ok_or(AppError::Denied(Denial { action: Action::DemanderFormation, connu: true }))?;
    let vue = DemandesEtablissement {
        // R-ETA-03: its head is said by people alone.
        parties_closes: d
            .closes
            .iter()
            .filter(|p| **p != Partie::Chef)
            .map(|p| PartieClose { partie: p.code(), libelle: p.libelle() })
            .collect(),
        reouverture: Possibilite::new(&d.possible),
        demandes: d.suivis.iter().filter_map(DemandeListee::of_suivi).collect(),
    };
    json(&vue, None)
}

/// Des parties de l’établissement à rouvrir.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ReouvertureVoulue {
    /// Codes des parties.
    parties: Vec<String>,
    /// Dernier jour voulu, AAAA-MM-JJ.
    #[schema(format = Date)]
    jusqu_a: String,
    /// Pourquoi, en une phrase au moins.
    motif: String,
}

async fn post_etablissement(appel: Appel, Path((a, e)): Chemin, Corps(c): Corps<ReouvertureVoulue>) -> Rendu {
    let garde = appel.garde_acte(false)?;
    let mut parties = BTreeSet::new();
    for (i, code) in c.parties.iter().enumerate() {
        let partie = Partie::from_code(code).filter(|p| *p != Partie::Chef);
        let partie = partie.ok_or_else(|| {
            Probleme::champ(format!("parties[{i}]"), "ce n’est pas une partie qu’un logiciel rouvre.")
        })?;
        parties.insert(partie);
    }
    let demande = (&parties, jour(&c.jusqu_a)?);
    let r = ask_reouverture(&appel.ctx, &garde, annee(&a)?, &id(&e)?, demande, &c.motif).await?;
    deposee(&appel, &r).await
}
