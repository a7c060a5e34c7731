//! Giving a token: what it opens is chosen for all the courses at once, or course by course. A page of the table goes with
//! the next one: what was ticked elsewhere travels in a field of its own.

use std::collections::BTreeMap;

use app::AppError;
use app::interfaces::{DemandeJeton, Jetons, give_jeton, view_jetons};
use app::limites::Limites;
use app::messages::{accord, date_heure};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use domain::RuleViolation;
use domain::delegations::{Operation, Operations};
use domain::formations::{mots_recherche, normalise_recherche};
use domain::interfaces::jetons::{LIBELLE_MAX, is_sensible, operations_possibles};

use super::{adresse, ariane, dit, libelle, lit_chemin};
use crate::components::{
    Alerte, Bouton, Cellule, Champ, Choix, Colonne, Formulaire, GUIDE_INTERFACES, GroupeChoix, INTERFACE,
    LienBouton, Markup, Tableau, nombre,
};
use crate::layout::{Page, rend};
use crate::socle::brouillons::with_brouillon;
use crate::socle::{Recu, Requete, Resultat, refuse};

/// Courses of one page of the table.
const PAR_PAGE: usize = 25;
/// The box that gives no operation.
const LECTURE: &str = "lecture";

#[derive(Template)]
#[template(path = "gestion/interfaces/nouveau.html")]
struct PageNouveau {
    page: Page,
    etablissement: String,
    url: String,
    retour: String,
    alertes: Vec<Alerte>,
    ouverte: bool,
    form: Formulaire,
    libelle: Champ,
    jours: Champ,
    maison: GroupeChoix,
    toutes: GroupeChoix,
    /// Where the establishment has more courses than one page shows.
    cherche: Option<Champ>,
    /// How many are ticked, and where one is among them.
    situation: String,
    tableau: Tableau,
    /// Courses shown: a box of theirs that does not come back was unticked.
    vues: String,
    ailleurs: String,
    numero: usize,
    precedente: Option<usize>,
    suivante: Option<usize>,
}

#[derive(Template)]
#[template(path = "gestion/interfaces/donne.html")]
struct PageDonne {
    page: Page,
    etablissement: String,
    /// The token; `None`: it was shown already.
    jeton: Option<Champ>,
    libelle: String,
    jusque: String,
    recepisse: String,
    /// A first call, to copy.
    essai: String,
    liste: String,
    documentation: &'static str,
}

/// What was chosen of the courses.
#[derive(Default)]
struct Selection {
    /// For all of them; `None`: nothing, not even reading.
    toutes: Option<Operations>,
    /// By public identifier.
    siennes: BTreeMap<String, Operations>,
}

fn champ(formation: &str) -> String {
    format!("f.{formation}")
}

/// The operations of ticked boxes; reading alone has none.
fn lit_operations<'v>(codes: impl Iterator<Item = &'v str>) -> Operations {
    codes.filter_map(|c| Operation::ALL.into_iter().find(|o| o.code() == c)).collect()
}

impl Selection {
    fn lit(form: &Formulaire) -> Self {
        let coche = |nom: &str| {
            let valeurs = form.valeurs(nom);
            (!valeurs.is_empty()).then(|| lit_operations(valeurs.iter().map(String::as_str)))
        };
        let vues: Vec<&str> = form.valeur("vues").split(',').collect();
        let mut siennes = BTreeMap::new();
        for (id, codes) in form.valeur("ailleurs").split(';').filter_map(|f| f.split_once('=')) {
            if !vues.contains(&id) {
                siennes.insert(id.to_owned(), lit_operations(codes.split(',')));
            }
        }
        for nom in form.noms().filter(|n| n.starts_with("f.")) {
            if let Some(operations) = coche(nom) {
                siennes.insert(nom[2..].to_owned(), operations);
            }
        }
        Self { toutes: coche("toutes"), siennes }
    }

    /// Course by course. One that the establishment no longer has is asked for all the same: it is refused by its name.
    fn demande(&self, j: &Jetons) -> Vec<(String, Operations)> {
        let mut toutes: BTreeMap<String, Operations> = self.siennes.clone();
        if let Some(communes) = self.toutes {
            for (id, _) in &j.formations {
                let o = toutes.entry(id.clone()).or_default();
                *o = o.or(communes);
            }
        }
        toutes.into_iter().collect()
    }
}

pub async fn get_nouveau(requete: Requete, Path(chemin): Path<(String, String)>) -> Resultat {
    let (annee, id) = lit_chemin(chemin)?;
    let j = view_jetons(&requete.ctx, annee, &id).await?;
    let form = requete
        .formulaire()
        .avec("jours", requete.ctx.app.limites.jetons.jours_sensible)
        .avec("etablissement", LECTURE);
    let url = format!("{}/nouveau", adresse(annee, &j.etablissement));
    let form = with_brouillon(&requete, form, &url, !j.session.archivee).await?;
    Ok(rend(StatusCode::OK, &vue(&requete, &j, form)))
}

pub async fn post_nouveau(Path(chemin): Path<(String, String)>, mut recu: Recu) -> Resultat {
    let (annee, id) = lit_chemin(chemin)?;
    let requete = recu.requete.clone();
    let j = view_jetons(&requete.ctx, annee, &id).await?;
    // Another page of the table, or a search in it: nothing is given yet.
    if !recu.form.valeur("acte").is_empty() {
        return Ok(rend(StatusCode::OK, &vue(&requete, &j, recu.form)));
    }
    if let Some(demande) = lit(&mut recu.form, &j, &requete.ctx.app.limites) {
        match give_jeton(&requete.ctx, &recu.garde(), annee, &id, &demande).await {
            Ok(remise) => return Ok(rend(StatusCode::OK, &donne(&requete, &j, &demande, &remise))),
            Err(e) => refuse_demande(&mut recu.form, e)?,
        }
    }
    Ok(rend(StatusCode::UNPROCESSABLE_ENTITY, &vue(&requete, &j, recu.form)))
}

fn lit(form: &mut Formulaire, j: &Jetons, l: &Limites) -> Option<DemandeJeton> {
    let jours = form.lit_entier("jours", 1..=l.jetons.jours);
    let ecrit_etablissement = match form.valeur("etablissement") {
        LECTURE => Some(false),
        "ecriture" => Some(true),
        _ => {
            form.refuse("etablissement", "Choisissez ce que le logiciel peut faire de ces informations.");
            None
        }
    };
    Some(DemandeJeton {
        libelle: form.valeur("libelle").to_owned(),
        formations: Selection::lit(form).demande(j),
        jours: jours?,
        ecrit_etablissement: ecrit_etablissement?,
    })
}

/// Each fault beside the field of this form where it is mended.
fn refuse_demande(form: &mut Formulaire, e: AppError) -> Result<(), crate::socle::Erreur> {
    match e {
        AppError::Rule(r @ RuleViolation::DureeJeton { .. }) => form.refuse("jours", app::messages::regle(&r)),
        AppError::Rule(RuleViolation::Champ { champ: "libelle", motif: "vide" }) => {
            form.refuse("libelle", "Donnez un nom à ce logiciel : il est dans cette liste et dans le journal.");
        }
        AppError::Rule(RuleViolation::Champ { champ: "libelle", .. }) => {
            form.refuse("libelle", format_args!("Ce nom est trop long : {LIBELLE_MAX} caractères au plus."));
        }
        AppError::Rule(RuleViolation::Champ { champ: "formations", .. }) => form.refuse(
            "toutes",
            "Cochez au moins une case, ici ou en face d’une formation, ou donnez l’écriture sur l’établissement.",
        ),
        AppError::Invalid(fautes) => {
            for (champ, message) in fautes {
                form.refuse(if champ == "formations" { "toutes" } else { champ }, message);
            }
        }
        autre => return refuse(form, autre),
    }
    Ok(())
}

fn donne(requete: &Requete, j: &Jetons, d: &DemandeJeton, r: &app::interfaces::Remise) -> PageDonne {
    let annee = j.session.annee;
    let form = requete.formulaire().avec("jeton", r.jeton.as_deref().unwrap_or_default());
    let fin = requete.ctx.recu_ms() + d.jours * app::limites::JOUR_MS;
    let adresse_site = requete.ctx.app.adresse.trim_end_matches('/');
    PageDonne {
        page: requete
            .page(if r.jeton.is_some() { "Jeton d’accès donné" } else { "Jeton d’accès déjà donné" })
            .session(&j.session.libelle)
            .ariane(ariane(j)),
        etablissement: j.nom.clone(),
        jeton: r.jeton.as_ref().map(|_| {
            form.texte("jeton", "Jeton d’accès").lecture_seule().remplissage("off").indice(
                "Placez le curseur dans le champ, sélectionnez tout, puis copiez : Ctrl + A et Ctrl + C, Cmd au lieu de Ctrl sur \
                 un Mac, un appui long sur un téléphone.",
            )
        }),
        libelle: d.libelle.split_whitespace().collect::<Vec<_>>().join(" "),
        jusque: date_heure(crate::components::instant(fin)),
        recepisse: r.recepisse.numero.clone(),
        essai: format!(
            "curl {adresse_site}{INTERFACE}/jeton -H \"Authorization: Bearer pcs_…\""
        ),
        liste: adresse(annee, &j.etablissement),
        documentation: GUIDE_INTERFACES,
    }
}

fn vue(requete: &Requete, j: &Jetons, mut form: Formulaire) -> PageNouveau {
    let annee = j.session.annee;
    let retour = adresse(annee, &j.etablissement);
    let mots = mots_recherche(form.valeur("cherche"));
    let trouvees: Vec<&(String, String)> = j
        .formations
        .iter()
        .filter(|(_, intitule)| {
            let net = format!(" {}", normalise_recherche(intitule));
            mots.iter().all(|m| net.contains(&format!(" {m}")))
        })
        .collect();
    let pages = trouvees.len().div_ceil(PAR_PAGE).max(1);
    let numero = match form.valeur("acte").split_once('-') {
        Some(("page", n)) => n.parse().unwrap_or(1),
        // Another search: its first page.
        _ if form.valeur("acte") == "filtrer" => 1,
        _ => form.valeur("page").parse().unwrap_or(1usize),
    }
    .clamp(1, pages);
    let debut = (numero - 1) * PAR_PAGE;
    let montrees = &trouvees[debut..trouvees.len().min(debut + PAR_PAGE)];
    let mut selection = Selection::lit(&form);
    selection.siennes.retain(|id, _| j.formations.iter().any(|(f, _)| f == id));
    let est_montree = |id: &str| montrees.iter().any(|(f, _)| f == id);
    for (id, operations) in selection.siennes.iter().filter(|(id, _)| est_montree(id)) {
        form.pose(&champ(id), LECTURE);
        operations.iter().for_each(|o| form.ajoute(&champ(id), o.code()));
    }
    let ailleurs: Vec<String> = selection
        .siennes
        .iter()
        .filter(|(id, _)| !est_montree(id))
        .map(|(id, o)| format!("{id}={}", o.code()))
        .collect();
    let mut alertes = Vec::new();
    if j.session.archivee {
        alertes.push(super::super::saisie::alerte_archive(annee));
    }
    let l = &requete.ctx.app.limites;
    let nombreuses = j.formations.len() > PAR_PAGE;
    PageNouveau {
        page: requete
            .page("Donner un jeton d’accès")
            .session(&j.session.libelle)
            .ariane(ariane(j))
            .en_erreur(!form.est_valide()),
        etablissement: j.nom.clone(),
        url: format!("{retour}/nouveau"),
        retour,
        alertes,
        ouverte: !j.session.archivee,
        libelle: form.texte("libelle", "Nom du logiciel").longueur_max(LIBELLE_MAX).indice(
            "Tel que vous le reconnaîtrez dans la liste et dans le journal. Par exemple : SI scolarité.",
        ),
        jours: form.nombre("jours", "Durée").unite("jours").indice(durees(l)),
        maison: form.radios(
            "etablissement",
            "Informations de l’établissement",
            &[
                Choix::new(LECTURE, "Lecture"),
                Choix::new("ecriture", "Lecture et écriture")
                    .indice(
                    "Coordonnées, accueil, sites, composantes, journées portes ouvertes, internats, contacts du service \
                     académique ; et le regroupement des formations dont le paramétrage lui est confié.",
                ),
            ],
        ),
        toutes: toutes(&form, j.formations.len()),
        cherche: nombreuses.then(|| form.texte("cherche", "Mots de l’intitulé").facultatif()),
        situation: situation(&selection, trouvees.len(), numero, pages),
        tableau: tableau(&form, montrees),
        vues: montrees.iter().map(|(id, _)| id.as_str()).collect::<Vec<_>>().join(","),
        ailleurs: ailleurs.join(";"),
        numero,
        precedente: (numero > 1).then(|| numero - 1),
        suivante: (numero < pages).then(|| numero + 1),
        form,
    }
}

/// R-API-03, in words.
fn durees(l: &Limites) -> String {
    let sensibles: Operations = operations_possibles().iter().filter(|o| is_sensible(*o)).collect();
    format!(
        "De 1 à {} jours ; {} au plus avec l’une de ces opérations : {}.",
        l.jetons.jours,
        l.jetons.jours_sensible,
        dit(sensibles)
    )
}

fn toutes(form: &Formulaire, formations: usize) -> GroupeChoix {
    let mut choix = vec![Choix::new(LECTURE, "Lecture du paramétrage")];
    choix.extend(operations_possibles().iter().map(|o| Choix::new(o.code(), libelle(o))));
    let legende = format!("Sur toutes les formations ({})", nombre(i64::try_from(formations).unwrap_or(0)));
    form.cases("toutes", legende, &choix).facultatif().indice(
        "Une case cochée ici vaut pour chaque formation de l’établissement, telle que la liste est aujourd’hui : une formation \
         ouverte plus tard n’en fait pas partie.",
    )
}

fn situation(selection: &Selection, trouvees: usize, numero: usize, pages: usize) -> String {
    let n = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let cochees = match selection.siennes.len() {
        0 => "Aucune formation cochée à part".to_owned(),
        k => accord(n(k), "formation cochée à part", "formations cochées à part"),
    };
    if pages == 1 {
        return format!("{cochees}.");
    }
    let debut = (numero - 1) * PAR_PAGE + 1;
    let fin = trouvees.min(numero * PAR_PAGE);
    format!(
        "{cochees}. Le tableau montre les formations {debut} à {fin} sur {} : ce qui est coché ailleurs reste coché.",
        nombre(n(trouvees))
    )
}

fn tableau(form: &Formulaire, montrees: &[&(String, String)]) -> Tableau {
    let colonnes = vec![Colonne::new("Formation"), Colonne::new("Opérations")];
    Tableau::new("Opérations par formation", colonnes)
        .legende_cachee()
        .si_vide("Aucune formation n’a ces mots dans son intitulé.")
        .lignes(montrees.iter().map(|(id, intitule)| {
            let lecture = std::iter::once((LECTURE, "Lecture"));
            let operations = operations_possibles();
            let cases = lecture
                .chain(operations.iter().map(|o| (o.code(), libelle(o))))
                .map(|(code, dit)| form.choix_de(&champ(id), code, dit).petite().precision(intitule));
            vec![Cellule::texte(intitule), Cellule::markup(Markup::en_colonnes(cases))]
        }))
}
