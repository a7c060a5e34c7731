//! `/gestion/{annee}/etablissements/{id}/identite`: the name, the legal status and the ministry of an establishment, which its academic
//! service corrects (R-ETA-13).

use app::AppError;
use app::etablissements::{Identite, VueEtablissement, correct_identity, statuts, view_etablissement};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use domain::PublicId;
use domain::droits::{Action, Denial};
use domain::etablissements::Tutelle;

use super::etablissement;
use super::formation::lit_chemin;
use crate::components::{ACADEMIE, Alerte, Bouton, Choix, Espace, Formulaire, LienBouton, alerte_archive};
use crate::layout::{Lien, Page, rend};
use crate::socle::{Acces, Recu, Requete, Resultat, Table, redirige, refuse};

pub fn routes() -> Table {
    let corriger = Acces::Action(Action::DeciderApprentissage);
    Table::new().get("/gestion/{annee}/etablissements/{id}/identite", corriger, get_identite).post(
        "/gestion/{annee}/etablissements/{id}/identite",
        corriger,
        post_identite,
    )
}

pub(super) fn adresse(annee: i64, etablissement: &str) -> String {
    format!("{}/identite", etablissement::adresse(annee, etablissement))
}

#[derive(Template)]
#[template(path = "gestion/identite.html")]
struct PageIdentite {
    page: Page,
    url: String,
    retour: String,
    surtitre: String,
    alertes: Vec<Alerte>,
    form: Formulaire,
    ouverte: bool,
    statuts: Vec<Choix>,
    tutelles: Vec<Choix>,
}

/// The establishment, for whoever corrects it; read only in an archived session.
async fn load(requete: &Requete, annee: i64, id: &PublicId) -> Result<VueEtablissement, AppError> {
    let v = view_etablissement(&requete.ctx, annee, id).await?;
    if v.identite || v.session.archivee {
        return Ok(v);
    }
    Err(AppError::Denied(Denial { action: Action::DeciderApprentissage, connu: true }))
}

fn page(requete: &Requete, v: &VueEtablissement, form: Formulaire) -> PageIdentite {
    let annee = v.session.annee;
    let retour = etablissement::adresse(annee, &v.ligne.etablissement);
    // Those who correct it come from their own space.
    let espace = Espace::pour(ACADEMIE.chemin, &requete.ctx.acteur).unwrap_or(ACADEMIE);
    let accueil = Lien::new(espace.nom, format_args!("{}/{annee}", espace.chemin));
    PageIdentite {
        page: requete
            .page("Nom, statut et tutelle de l’établissement")
            .session(&v.session.libelle)
            .ariane(vec![accueil, Lien::new(&v.ligne.nom, &retour)])
            .en_erreur(!form.est_valide()),
        url: adresse(annee, &v.ligne.etablissement),
        retour,
        surtitre: format!("{} – {}", v.ligne.uai, v.ligne.nom),
        alertes: if v.session.archivee { vec![alerte_archive(annee, espace)] } else { Vec::new() },
        form,
        ouverte: v.identite,
        statuts: statuts().map(|(code, libelle)| Choix::new(code, libelle)).to_vec(),
        tutelles: Tutelle::ALL.map(|t| Choix::new(t.code(), t.libelle())).to_vec(),
    }
}

pub async fn get_identite(requete: Requete, Path(chemin): Path<(String, String)>) -> Resultat {
    let (annee, id) = lit_chemin(chemin)?;
    let v = load(&requete, annee, &id).await?;
    let form = requete
        .formulaire()
        .avec_version(v.ligne.version)
        .avec("nom", &v.ligne.nom)
        .avec("statut", &v.ligne.statut)
        .avec("tutelle", &v.ligne.tutelle);
    Ok(rend(StatusCode::OK, &page(&requete, &v, form)))
}

pub async fn post_identite(Path(chemin): Path<(String, String)>, mut recu: Recu) -> Resultat {
    let (annee, id) = lit_chemin(chemin)?;
    let requete = recu.requete.clone();
    let dit = |champ: &str| recu.form.valeur(champ).to_owned();
    let identite = Identite { nom: dit("nom"), statut: dit("statut"), tutelle: dit("tutelle") };
    match correct_identity(&requete.ctx, &recu.garde(), annee, &id, &identite).await {
        Ok(_) => {
            let vers = etablissement::adresse(annee, id.as_str());
            Ok(redirige(&format!("{vers}?fait=etablissement")))
        }
        Err(AppError::Conflict) => {
            let v = load(&requete, annee, &id).await?;
            let mut form = requete.formulaire().with_values(&recu.form).avec_version(v.ligne.version);
            form.refuse_tout(
                "Quelqu’un a enregistré cet établissement pendant que vous le corrigiez. Rien n’a été écrasé : votre saisie est \
                 gardée ici, vérifiez-la, puis enregistrez de nouveau.",
            );
            Ok(rend(StatusCode::CONFLICT, &page(&requete, &v, form)))
        }
        Err(e) => {
            refuse(&mut recu.form, e)?;
            let v = load(&requete, annee, &id).await?;
            Ok(rend(StatusCode::UNPROCESSABLE_ENTITY, &page(&requete, &v, recu.form)))
        }
    }
}
