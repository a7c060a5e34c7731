//! A ranking made in a spreadsheet: sent, shown, then applied.

use app::AppError;
use app::classements::{ApercuImport, Nature, apply_import, groupe_etat, preview_import};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;

use super::super::formation::lit_chemin;
use super::{Quoi, ariane};
use crate::components::{Alerte, Bouton, Cellule, Colonne, Definitions, Formulaire, LienBouton, Tableau};
use crate::layout::{Lien, Page, rend};
use crate::socle::{Recu, RecuFichier, Requete, Resultat, redirige, refuse};

#[derive(Template)]
#[template(path = "gestion/classements/importer.html")]
struct PageImport {
    page: Page,
    url: String,
    retour: String,
    /// The course and the group, or the boarding school.
    classee: String,
    form: Formulaire,
    /// The file that was sent, once read.
    lecture: Option<Lecture>,
}

struct Lecture {
    bilan: Alerte,
    fautes: Option<Tableau>,
    avertissements: Option<Tableau>,
    resume: Option<Definitions>,
    premiers: Option<Tableau>,
    /// The form that applies the file.
    appliquer: Option<(Formulaire, String)>,
}

async fn page<Q: Quoi>(
    requete: &Requete,
    annee: i64,
    id: &str,
    form: Formulaire,
    lecture: Option<Lecture>,
) -> Result<PageImport, AppError> {
    let g = groupe_etat(&requete.ctx, annee, Q::objet(id)).await?;
    let retour = Q::adresse(annee, id);
    let mut chemin = ariane(Q::NATURE, annee);
    chemin.push(Lien::new("Classement", &retour));
    Ok(PageImport {
        page: requete
            .page("Importer un classement")
            .session(format_args!("Session {annee}"))
            .ariane(chemin)
            .en_erreur(!form.est_valide() || lecture.as_ref().is_some_and(|l| l.appliquer.is_none())),
        url: format!("{retour}/import"),
        retour,
        classee: match g.nature {
            Nature::Groupe => format!("{}, groupe « {} »", g.formation, g.libelle),
            Nature::Internat => g.formation,
        },
        form,
        lecture,
    })
}

pub async fn get_import<Q: Quoi>(requete: Requete, Path(chemin): Path<(String, String)>) -> Resultat {
    let (annee, id) = lit_chemin(chemin)?;
    // The right and the step are those of the group.
    let g = groupe_etat(&requete.ctx, annee, Q::objet(id.as_str())).await?;
    if !g.peut_saisir {
        return Ok(redirige(&Q::adresse(annee, id.as_str())));
    }
    let form = requete.formulaire();
    Ok(rend(StatusCode::OK, &page::<Q>(&requete, annee, id.as_str(), form, None).await?))
}

pub async fn post_import<Q: Quoi>(Path(chemin): Path<(String, String)>, mut recu: RecuFichier) -> Resultat {
    let (annee, id) = lit_chemin(chemin)?;
    let requete = recu.requete.clone();
    match preview_import(&requete.ctx, annee, Q::objet(id.as_str()), &recu.nom_fichier, &recu.octets).await {
        Ok(apercu) => {
            let statut =
                if apercu.fichier.is_some() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
            if let [faute] = apercu.fautes.as_slice()
                && let Some(motif) = faute.du_fichier()
            {
                recu.form.refuse("fichier", motif);
                let vue = page::<Q>(&requete, annee, id.as_str(), recu.form, None).await?;
                return Ok(rend(statut, &vue));
            }
            let lecture = lecture(&requete, &apercu);
            let form = requete.formulaire();
            Ok(rend(statut, &page::<Q>(&requete, annee, id.as_str(), form, Some(lecture)).await?))
        }
        Err(e) => {
            refuse(&mut recu.form, e)?;
            let vue = page::<Q>(&requete, annee, id.as_str(), recu.form, None).await?;
            Ok(rend(StatusCode::UNPROCESSABLE_ENTITY, &vue))
        }
    }
}

pub async fn post_appliquer<Q: Quoi>(Path(chemin): Path<(String, String)>, recu: Recu) -> Resultat {
    let (annee, id) = lit_chemin(chemin)?;
    let fichier = recu.form.valeur("fichier_recu");
    apply_import(&recu.requete.ctx, &recu.garde(), annee, Q::objet(id.as_str()), fichier).await?;
    Ok(redirige(&format!("{}?fait=classement-enregistre", Q::adresse(annee, id.as_str()))))
}

fn lecture(requete: &Requete, a: &ApercuImport) -> Lecture {
    let bilan = if a.fichier.is_some() {
        Alerte::info(format_args!(
            "Le fichier « {} » est lisible. Rien n’est encore enregistré : vérifiez, puis appliquez.",
            a.nom_fichier
        ))
    } else {
        let fautes =
            if a.total_fautes > 1 { format!("{} fautes", a.total_fautes) } else { "une faute".to_owned() };
        Alerte::erreur(format_args!(
            "Le fichier « {} » est refusé : {fautes}. Rien n’est enregistré. Corrigez le fichier et envoyez-le de nouveau.",
            a.nom_fichier
        ))
        .refus()
    };
    let appliquer = a.fichier.clone().map(|fichier| (requete.formulaire().avec_version(a.version), fichier));
    let premiers = Tableau::new(
        "Premiers rangs après application",
        vec![Colonne::new("Rang"), Colonne::new("Dossier"), Colonne::new("Candidat")],
    )
    .lignes(a.premiers.iter().zip(1..).map(|((numero, nom), rang): (_, u32)| {
        vec![Cellule::texte(rang), Cellule::texte(numero), Cellule::texte(nom)]
    }));
    Lecture {
        bilan,
        fautes: (!a.fautes.is_empty()).then(|| {
            Tableau::releve(
                "Fautes à corriger",
                "Ce qui ne va pas",
                a.fautes.iter().map(|f| (f.ligne, f.colonne.as_str(), f.motif.as_str())),
            )
        }),
        avertissements: (!a.avertissements.is_empty()).then(|| {
            Tableau::releve(
                "À savoir",
                "Ce qui est à savoir",
                a.avertissements.iter().map(|f| (f.ligne, f.colonne.as_str(), f.motif.as_str())),
            )
        }),
        resume: appliquer.is_some().then(|| {
            Definitions::new()
                .ligne("Candidats classés par le fichier", a.classes)
                .ligne("Candidats du groupe sans rang", a.non_classes)
                .ligne("Candidats dont le rang change", a.changes)
        }),
        premiers: (appliquer.is_some() && !a.premiers.is_empty()).then_some(premiers),
        appliquer,
    }
}
