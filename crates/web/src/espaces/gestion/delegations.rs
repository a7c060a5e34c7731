//! `/gestion/{annee}/etablissements/{id}/delegations`: person × course × operation on one screen.

mod importer;
mod qui;

use app::delegations::{
    Demande, Difference, Matrice, differences, export_delegations, managed_establishments, save_delegations,
    view_delegations,
};
use app::{AppError, FormatTableau};
use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use domain::delegations::{Operation, Operations};
use domain::droits::Action;
use domain::references::Theme;
use serde::Deserialize;

use super::formation::lit_chemin;
use crate::components::{
    Aide, Alerte, Bouton, Cellule, Colonne, Formulaire, LienBouton, Markup, Pagination, Tableau,
};
use crate::layout::{Page, rend};
use crate::socle::{Acces, Recu, Requete, Resultat, Table, redirige, refuse, tableur};

pub fn routes() -> Table {
    let gerer = Acces::Action(Action::GererComptes);
    Table::new()
        .get("/gestion/{annee}/delegations", gerer, get_choix)
        .get("/gestion/{annee}/etablissements/{id}/delegations", gerer, get_matrice)
        .post("/gestion/{annee}/etablissements/{id}/delegations", gerer, post_matrice)
        .get("/gestion/{annee}/etablissements/{id}/delegations/export", gerer, get_export)
        .get("/gestion/{annee}/etablissements/{id}/delegations/import", gerer, importer::get_import)
        .post("/gestion/{annee}/etablissements/{id}/delegations/import", gerer, importer::post_import)
        .post(
            "/gestion/{annee}/etablissements/{id}/delegations/import/appliquer",
            gerer,
            importer::post_appliquer,
        )
        .get("/gestion/{annee}/formations/{id}/acces", gerer, qui::get_acces)
}

fn adresse(annee: i64, id: &str) -> String {
    format!("/gestion/{annee}/etablissements/{id}/delegations")
}

#[derive(Template)]
#[template(path = "gestion/delegations/choix.html")]
struct PageChoix {
    page: Page,
    aide: Aide,
    etablissements: Vec<(String, String)>,
}

async fn aide(requete: &Requete, annee: i64) -> Result<Aide, AppError> {
    Aide::comptes("deleguer", "déléguer des formations").sur(requete, annee, &[Theme::Comptes]).await
}

/// One establishment: its matrix at once; several: the list of them.
pub async fn get_choix(requete: Requete, Path(annee): Path<String>) -> Resultat {
    let annee = annee.parse().map_err(|_| AppError::NotFound)?;
    let siens = managed_establishments(&requete.ctx, annee).await?;
    if let [(id, _)] = siens.as_slice() {
        return Ok(redirige(&adresse(annee, id)));
    }
    let page = requete
        .page("Délégations")
        .session(format_args!("Session {annee}"))
        .ariane(vec![super::lien_accueil(annee)]);
    let etablissements = siens.into_iter().map(|(id, nom)| (nom, adresse(annee, &id))).collect();
    let aide = aide(&requete, annee).await?;
    Ok(rend(StatusCode::OK, &PageChoix { page, aide, etablissements }))
}

#[derive(Template)]
#[template(path = "gestion/delegations/matrice.html")]
struct PageMatrice {
    page: Page,
    export: String,
    import: String,
    /// Address of this page of the matrix.
    ici: String,
    etablissement: String,
    aide: Aide,
    alertes: Vec<Alerte>,
    form: Formulaire,
    /// Courses of this page: a box of theirs that does not come back was unticked.
    formations: String,
    /// What this form would change, when somebody else changed the matrix meanwhile.
    conflit: Option<Tableau>,
    tableau: Option<Tableau>,
    pagination: Pagination,
    modifiable: bool,
}

#[derive(Deserialize)]
pub struct Parametres {
    #[serde(default)]
    page: String,
}

pub async fn get_matrice(
    requete: Requete,
    Path(chemin): Path<(String, String)>,
    Query(p): Query<Parametres>,
) -> Resultat {
    let (annee, id) = lit_chemin(chemin)?;
    let m = view_delegations(&requete.ctx, annee, id.as_str()).await?;
    let form = remplit(requete.formulaire(), &m);
    let aide = aide(&requete, annee).await?;
    Ok(rend(StatusCode::OK, &vue(&requete, aide, &m, form, &p.page, None)))
}

pub async fn post_matrice(
    Path(chemin): Path<(String, String)>,
    Query(p): Query<Parametres>,
    mut recu: Recu,
) -> Resultat {
    let (annee, id) = lit_chemin(chemin)?;
    let requete = recu.requete.clone();
    let m = view_delegations(&requete.ctx, annee, id.as_str()).await?;
    let demandes = lit(&recu.form, &m);
    let fait = save_delegations(&requete.ctx, &recu.garde(), annee, id.as_str(), &demandes).await;
    let (statut, conflit) = match fait {
        Ok(_) => {
            let page = p.page.parse().unwrap_or(1u32);
            return Ok(redirige(&format!("{}?page={page}&fait=delegations", adresse(annee, id.as_str()))));
        }
        // What was ticked stays: shown against what the matrix has become.
        Err(AppError::Conflict) => {
            recu.form = requete.formulaire().with_values(&recu.form).avec_version(m.version);
            recu.form.refuse_tout(
                "Une autre personne a changé ces délégations depuis que vous avez ouvert la page : vérifiez ce que votre \
                 saisie changerait, puis enregistrez de nouveau.",
            );
            let changements = differences(&m, &demandes)?;
            (StatusCode::CONFLICT, Some(tableau_differences(&m, &changements)))
        }
        Err(e) => {
            refuse(&mut recu.form, e)?;
            (StatusCode::UNPROCESSABLE_ENTITY, None)
        }
    };
    let aide = aide(&requete, annee).await?;
    Ok(rend(statut, &vue(&requete, aide, &m, recu.form, &p.page, conflit)))
}

#[derive(Deserialize)]
pub struct Export {
    #[serde(default)]
    format: String,
}

pub async fn get_export(
    requete: Requete,
    Path(chemin): Path<(String, String)>,
    Query(q): Query<Export>,
) -> Resultat {
    let (annee, id) = lit_chemin(chemin)?;
    let format = FormatTableau::from_code(&q.format).unwrap_or(FormatTableau::Csv);
    let e = export_delegations(&requete.ctx, annee, id.as_str(), format).await?;
    Ok(tableur(&e.nom_fichier, e.format, e.octets))
}

/// Name of a box of the matrix.
fn champ(compte: &str, role: &str, formation: &str, operation: Operation) -> String {
    format!("d.{compte}.{role}.{formation}.{}", operation.code())
}

/// The matrix as it is stored.
fn remplit(form: Formulaire, m: &Matrice) -> Formulaire {
    let mut form = form.avec_version(m.version);
    for (&(p, f), operations) in &m.cellules {
        let (p, f) = (&m.personnes[p], &m.formations[f]);
        for o in operations.iter() {
            form.pose(&champ(&p.compte, p.role.code(), &f.id, o), "oui");
        }
    }
    form
}

/// What each cell of the page that was sent should become.
fn lit(form: &Formulaire, m: &Matrice) -> Vec<Demande> {
    let mut demandes = Vec::new();
    for formation in form.valeur("formations").split(',').filter(|f| !f.is_empty()) {
        for p in &m.personnes {
            let operations: Operations = Operation::ALL
                .into_iter()
                .filter(|o| form.lit_case(&champ(&p.compte, p.role.code(), formation, *o)))
                .collect();
            demandes.push(Demande {
                compte: p.compte.clone(),
                role: p.role.code().to_owned(),
                formation: formation.to_owned(),
                operations: operations.code(),
            });
        }
    }
    demandes
}

/// Courses of a page: every box of theirs ticked must fit in the fields of one form.
fn par_page(requete: &Requete, m: &Matrice) -> usize {
    const MARGE: usize = 20;
    let champs = requete.ctx.app.limites.champs.saturating_sub(MARGE);
    (champs / (Operation::ALL.len() * m.personnes.len().max(1))).clamp(1, 25)
}

fn vue(
    requete: &Requete,
    aide: Aide,
    m: &Matrice,
    form: Formulaire,
    page: &str,
    conflit: Option<Tableau>,
) -> PageMatrice {
    let annee = m.session.annee;
    let url = adresse(annee, &m.etablissement);
    let taille = par_page(requete, m);
    let pages = m.formations.len().div_ceil(taille).max(1);
    let numero = page.parse().unwrap_or(1usize).clamp(1, pages);
    let debut = (numero - 1) * taille;
    let places: Vec<usize> = (debut..m.formations.len().min(debut + taille)).collect();
    let modifiable = !m.session.archivee && !m.personnes.is_empty();
    PageMatrice {
        page: requete
            .page("Délégations")
            .session(&m.session.libelle)
            .ariane(vec![super::lien_accueil(annee)])
            .en_erreur(!form.est_valide()),
        etablissement: m.nom.clone(),
        aide,
        alertes: alertes(m),
        formations: places.iter().map(|&f| m.formations[f].id.as_str()).collect::<Vec<_>>().join(","),
        conflit,
        tableau: (!m.personnes.is_empty()).then(|| tableau(m, &form, &places, modifiable)),
        pagination: Pagination::new(entier(numero), entier(pages), |n| format!("{url}?page={n}")),
        modifiable,
        form,
        ici: format!("{url}?page={numero}"),
        export: format!("{url}/export"),
        import: format!("{url}/import"),
    }
}

fn entier(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// Orphan courses, idle accounts.
fn alertes(m: &Matrice) -> Vec<Alerte> {
    let mut alertes = Vec::new();
    if m.session.archivee {
        alertes.push(super::saisie::alerte_archive(m.session.annee));
    }
    if m.personnes.is_empty() {
        alertes.push(Alerte::info(
            "Personne n’est encore rattaché aux formations de cet établissement : invitez d’abord leurs responsables.",
        ));
        return alertes;
    }
    let orphelines: Vec<String> = m
        .formations
        .iter()
        .filter(|f| !f.sans_personne.is_empty())
        .map(|f| {
            let quoi: Vec<&str> = f.sans_personne.iter().map(|o| o.libelle()).collect();
            if quoi.len() == Operation::ALL.len() {
                format!("{} (aucune personne)", f.intitule)
            } else {
                format!("{} (personne pour : {})", f.intitule, quoi.join(", "))
            }
        })
        .collect();
    if !orphelines.is_empty() {
        alertes.push(
            Alerte::attention(format_args!("{}.", orphelines.join(" ; "))).titre("Formations orphelines"),
        );
    }
    let mut inactives: Vec<&str> =
        m.personnes.iter().filter(|p| p.inactive).map(|p| p.nom.as_str()).collect();
    inactives.dedup();
    if !inactives.is_empty() {
        alertes.push(
            Alerte::attention(format_args!(
                "{}. Retirez leurs délégations si ces personnes n’interviennent plus.",
                inactives.join(", ")
            ))
            .titre("Comptes sans connexion récente"),
        );
    }
    alertes
}

fn tableau(m: &Matrice, form: &Formulaire, places: &[usize], modifiable: bool) -> Tableau {
    let mut colonnes = vec![Colonne::new("Formation")];
    colonnes
        .extend(m.personnes.iter().map(|p| Colonne::new(format_args!("{} – {}", p.nom, p.role.libelle()))));
    Tableau::new("Délégations par formation et par personne", colonnes).legende_cachee().lignes(
        places.iter().map(|&place| {
            let f = &m.formations[place];
            let acces = format!("/gestion/{}/formations/{}/acces", m.session.annee, f.id);
            let mut ligne = vec![Cellule::lien(&f.intitule, acces)];
            ligne.extend(m.personnes.iter().map(|p| {
                let cases = Operations::of_role(p.role).iter().map(|o| {
                    form.case(&champ(&p.compte, p.role.code(), &f.id, o), o.libelle())
                        .petite()
                        .precision(format_args!("{}, {}", p.nom, f.intitule))
                        .desactive(!modifiable)
                });
                Cellule::markup(Markup::de(cases))
            }));
            ligne
        }),
    )
}

/// What would change, cell by cell.
fn tableau_differences(m: &Matrice, changements: &[Difference]) -> Tableau {
    let colonnes = vec![
        Colonne::new("Personne"),
        Colonne::new("Formation"),
        Colonne::new("Ajouté"),
        Colonne::new("Retiré"),
    ];
    let noms = |o: Operations| {
        if o.is_empty() {
            return "rien".to_owned();
        }
        o.iter().map(Operation::libelle).collect::<Vec<_>>().join(", ")
    };
    Tableau::new("Ce qui change", colonnes)
        .si_vide("Rien ne change : les délégations sont déjà celles-là.")
        .lignes(changements.iter().map(|d| {
            let p = &m.personnes[d.personne];
            vec![
                Cellule::texte(format_args!("{} – {}", p.nom, p.role.libelle())),
                Cellule::texte(&m.formations[d.formation].intitule),
                Cellule::texte(noms(d.ajoutees)),
                Cellule::texte(noms(d.retirees)),
            ]
        }))
}
