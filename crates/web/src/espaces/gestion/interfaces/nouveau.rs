//! Giving a token, and the form that says what one opens: chosen for all the courses at once, those to come included or not, or course
//! by course. A page of the table goes with the next one: what was ticked elsewhere travels in a field of its own.

use std::collections::BTreeMap;

use app::AppError;
use app::interfaces::{DemandeJeton, EtendueJeton, Jeton, Jetons, Remise, give_jeton, view_jetons};
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
    Alerte, Bouton, Case, Cellule, Champ, Choix, Colonne, Formulaire, GUIDE_INTERFACES, GroupeChoix,
    INTERFACE, LienBouton, Markup, Tableau, instant, nombre,
};
use crate::layout::{Lien, Page, rend};
use crate::socle::brouillons::with_brouillon;
use crate::socle::{Recu, Requete, Resultat, refuse};

/// Courses of one page of the table.
const PAR_PAGE: usize = 25;
/// The box that gives no operation.
const LECTURE: &str = "lecture";

/// What a form that says what a token opens is for.
pub(super) struct Usage {
    pub titre: &'static str,
    pub ariane: Vec<Lien>,
    pub url: String,
    pub retour: String,
    /// What to know before filling it.
    pub intro: String,
    pub bouton: Bouton,
    /// Whether it says how long the token lasts.
    pub duree: bool,
    pub alertes: Vec<Alerte>,
    /// There is something to fill.
    pub ouverte: bool,
}

#[derive(Template)]
#[template(path = "gestion/interfaces/nouveau.html")]
pub(super) struct PageNouveau {
    page: Page,
    etablissement: String,
    url: String,
    retour: String,
    intro: String,
    bouton: Bouton,
    alertes: Vec<Alerte>,
    ouverte: bool,
    form: Formulaire,
    libelle: Champ,
    jours: Option<Champ>,
    maison: GroupeChoix,
    demandes: Case,
    toutes: GroupeChoix,
    a_venir: Case,
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
pub(super) struct PageDonne {
    page: Page,
    etablissement: String,
    /// The token; `None`: it was shown already.
    jeton: Option<Champ>,
    libelle: String,
    jusque: String,
    /// What becomes of the secret of before; nothing for one that is given.
    ancien: Option<String>,
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
    /// Those to come too.
    a_venir: bool,
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
        Self { toutes: coche("toutes"), a_venir: form.lit_case("a_venir"), siennes }
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

fn usage(j: &Jetons) -> Usage {
    let annee = j.session.annee;
    let retour = adresse(annee, &j.etablissement);
    let mut alertes = Vec::new();
    if j.session.archivee {
        alertes.push(super::super::saisie::alerte_archive(annee));
    }
    Usage {
        titre: "Donner un jeton d’accès",
        ariane: ariane(j),
        url: format!("{retour}/nouveau"),
        retour,
        intro: "Donnez un jeton par logiciel, et seulement ce dont il a besoin. Vous en répondez : s’il s’en sert mal, révoquez-le. \
                Si vous ne gérez plus l’établissement, il n’ouvre plus rien."
            .to_owned(),
        bouton: Bouton::new("Donner le jeton"),
        duree: true,
        alertes,
        ouverte: !j.session.archivee,
    }
}

pub async fn get_nouveau(requete: Requete, Path(chemin): Path<(String, String)>) -> Resultat {
    let (annee, id) = lit_chemin(chemin)?;
    let j = view_jetons(&requete.ctx, annee, &id).await?;
    let form = requete
        .formulaire()
        .avec("jours", requete.ctx.app.limites.jetons.jours_sensible)
        .avec("etablissement", LECTURE);
    let usage = usage(&j);
    let form = with_brouillon(&requete, form, &usage.url, usage.ouverte).await?;
    Ok(rend(StatusCode::OK, &vue(&requete, &j, usage, form)))
}

pub async fn post_nouveau(Path(chemin): Path<(String, String)>, mut recu: Recu) -> Resultat {
    let (annee, id) = lit_chemin(chemin)?;
    let requete = recu.requete.clone();
    let j = view_jetons(&requete.ctx, annee, &id).await?;
    // Another page of the table, or a search in it: nothing is given yet.
    if !recu.form.valeur("acte").is_empty() {
        return Ok(rend(StatusCode::OK, &vue(&requete, &j, usage(&j), recu.form)));
    }
    if let Some(demande) = lit(&mut recu.form, &j, &requete.ctx.app.limites) {
        match give_jeton(&requete.ctx, &recu.garde(), annee, &id, &demande).await {
            Ok(remise) => {
                let donne = donne(&requete, &j, (&demande.libelle, demande.jours), &remise, None);
                return Ok(rend(StatusCode::OK, &donne));
            }
            Err(e) => refuse_demande(&mut recu.form, e)?,
        }
    }
    Ok(rend(StatusCode::UNPROCESSABLE_ENTITY, &vue(&requete, &j, usage(&j), recu.form)))
}

fn lit(form: &mut Formulaire, j: &Jetons, l: &Limites) -> Option<DemandeJeton> {
    let jours = form.lit_entier("jours", 1..=l.jetons.jours);
    let etendue = lit_etendue(form, j);
    Some(DemandeJeton { libelle: form.valeur("libelle").to_owned(), jours: jours?, etendue: etendue? })
}

/// What the form says that a token opens; `None`: its faults are written in it.
pub(super) fn lit_etendue(form: &mut Formulaire, j: &Jetons) -> Option<EtendueJeton> {
    let ecrit_etablissement = match form.valeur("etablissement") {
        LECTURE => Some(false),
        "ecriture" => Some(true),
        _ => {
            form.refuse("etablissement", "Choisissez ce que le logiciel peut faire de ces informations.");
            None
        }
    };
    let selection = Selection::lit(form);
    let toutes = selection.toutes.filter(|_| selection.a_venir);
    if selection.a_venir && toutes.is_none() {
        form.refuse(
            "a_venir",
            "Cochez d’abord ce que le logiciel peut faire sur toutes les formations, ou décochez cette case.",
        );
        return None;
    }
    Some(EtendueJeton {
        ecrit_etablissement: ecrit_etablissement?,
        demande_etablissement: form.lit_case("demandes"),
        toutes,
        formations: match toutes {
            // Those of today are among all of them.
            Some(_) => selection.siennes.into_iter().collect(),
            None => selection.demande(j),
        },
    })
}

/// What a token does on each of the courses of today; `None`: one of them is not its own.
fn communes(j: &Jetons, jeton: &Jeton) -> Option<Operations> {
    let mut siennes = j
        .formations
        .iter()
        .map(|(id, _)| jeton.formations.iter().find(|f| f.id == *id).map(|f| f.operations));
    let premiere = siennes.next()??;
    siennes.try_fold(premiere, |communes, o| Some(communes.and(o?)))
}

/// The form filled with what a token opens.
pub(super) fn remplit(form: Formulaire, j: &Jetons, jeton: &Jeton) -> Formulaire {
    let mut form = form
        .avec_version(jeton.version)
        .avec("libelle", &jeton.libelle)
        .avec("etablissement", if jeton.ecrit_etablissement { "ecriture" } else { LECTURE });
    if jeton.demande_etablissement {
        form.pose("demandes", "oui");
    }
    if jeton.toutes.is_some() {
        form.pose("a_venir", "oui");
    }
    let toutes = jeton.toutes.or_else(|| communes(j, jeton));
    if let Some(communes) = toutes {
        form.pose("toutes", LECTURE);
        communes.iter().for_each(|o| form.ajoute("toutes", o.code()));
    }
    let ailleurs: Vec<String> = jeton
        .formations
        .iter()
        .filter(|f| Some(f.operations) != toutes)
        .map(|f| format!("{}={}", f.id, f.operations.code()))
        .collect();
    form.avec("ailleurs", ailleurs.join(";"))
}

/// Each fault beside the field of this form where it is mended.
pub(super) fn refuse_demande(form: &mut Formulaire, e: AppError) -> Result<(), crate::socle::Erreur> {
    match e {
        AppError::Rule(r @ RuleViolation::DureeJeton { .. }) => form.refuse("jours", app::messages::regle(&r)),
        AppError::Rule(RuleViolation::Champ { champ: "libelle", motif: "vide" }) => {
            form.refuse("libelle", "Donnez un nom à ce logiciel : il est dans cette liste et dans le journal.");
        }
        AppError::Rule(RuleViolation::TropLong { champ: "libelle", max }) => {
            form.refuse("libelle", format_args!("Ce nom est trop long : {max} caractères au plus."));
        }
        AppError::Rule(RuleViolation::Champ { champ: "formations", .. }) => form.refuse(
            "toutes",
            "Cochez au moins une case, ici ou en face d’une formation, ou confiez quelque chose de l’établissement.",
        ),
        // Taken back, or over, since the page was opened.
        AppError::Rule(r @ RuleViolation::Champ { champ: "jeton", .. }) => {
            form.refuse_tout(app::messages::regle(&r));
        }
        AppError::Invalid(fautes) => {
            for (champ, message) in fautes {
                form.refuse(if champ == "formations" { "toutes" } else { champ }, message);
            }
        }
        autre => return refuse(form, autre),
    }
    Ok(())
}

/// The page that shows a secret, once. `ancien`: what becomes of the one of before, for a token that is renewed.
pub(super) fn donne(
    requete: &Requete,
    j: &Jetons,
    (libelle, jours): (&str, i64),
    r: &Remise,
    ancien: Option<String>,
) -> PageDonne {
    let annee = j.session.annee;
    let form = requete.formulaire().avec("jeton", r.jeton.as_deref().unwrap_or_default());
    let fin = requete.ctx.recu_ms() + jours * app::limites::JOUR_MS;
    let adresse_site = requete.ctx.app.adresse.trim_end_matches('/');
    let titre = match (&r.jeton, &ancien) {
        (Some(_), None) => "Jeton d’accès donné",
        (None, None) => "Jeton d’accès déjà donné",
        (Some(_), Some(_)) => "Jeton d’accès renouvelé",
        (None, Some(_)) => "Jeton d’accès déjà renouvelé",
    };
    PageDonne {
        page: requete.page(titre).session(&j.session.libelle).ariane(ariane(j)),
        etablissement: j.nom.clone(),
        jeton: r.jeton.as_ref().map(|_| {
            form.texte("jeton", "Jeton d’accès").lecture_seule().remplissage("off").indice(
                "Placez le curseur dans le champ, sélectionnez tout, puis copiez : Ctrl + A et Ctrl + C, Cmd au lieu de Ctrl sur \
                 un Mac, un appui long sur un téléphone.",
            )
        }),
        libelle: libelle.split_whitespace().collect::<Vec<_>>().join(" "),
        jusque: date_heure(instant(fin)),
        ancien,
        recepisse: r.recepisse.numero.clone(),
        essai: format!("curl {adresse_site}{INTERFACE}/jeton -H \"Authorization: Bearer pcs_…\""),
        liste: adresse(annee, &j.etablissement),
        documentation: GUIDE_INTERFACES,
    }
}

pub(super) fn vue(requete: &Requete, j: &Jetons, usage: Usage, mut form: Formulaire) -> PageNouveau {
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
    let l = &requete.ctx.app.limites;
    let nombreuses = j.formations.len() > PAR_PAGE;
    PageNouveau {
        page: requete
            .page(usage.titre)
            .session(&j.session.libelle)
            .ariane(usage.ariane)
            .en_erreur(!form.est_valide()),
        etablissement: j.nom.clone(),
        url: usage.url,
        retour: usage.retour,
        intro: usage.intro,
        bouton: usage.bouton,
        alertes: usage.alertes,
        ouverte: usage.ouverte,
        libelle: form.texte("libelle", "Nom du logiciel").longueur_max(LIBELLE_MAX).indice(
            "Tel que vous le reconnaîtrez dans la liste et dans le journal. Par exemple : SI scolarité.",
        ),
        jours: usage.duree.then(|| champ_duree(&form, l)),
        maison: form.radios(
            "etablissement",
            "Informations de l’établissement",
            &[
                Choix::new(LECTURE, "Lecture"),
                Choix::new("ecriture", "Lecture et écriture")
                    .indice(
                    "Coordonnées, accueil, sites, composantes, journées portes ouvertes, internats, contacts du service \
                     académique et échanges avec lui ; et le regroupement des formations dont le paramétrage lui est confié.",
                ),
            ],
        ),
        demandes: form.case("demandes", "Demandes de l’établissement au service académique").indice(
            "Demander l’ouverture d’une formation, ou la réouverture de parties de l’établissement ; suivre et retirer ces demandes.",
        ),
        toutes: toutes(&form, j.formations.len()),
        a_venir: form.case("a_venir", "Y compris les formations à venir").indice(
            "Une formation ouverte plus tard, ou reçue d’un autre établissement, est confiée au logiciel dès qu’elle est de \
             l’établissement, avec les mêmes opérations.",
        ),
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

pub(super) fn champ_duree(form: &Formulaire, l: &Limites) -> Champ {
    form.nombre("jours", "Durée").unite("jours").indice(durees(l))
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
    let mut choix = vec![Choix::new(LECTURE, "Lecture")];
    choix.extend(operations_possibles().iter().map(|o| Choix::new(o.code(), libelle(o))));
    let legende = format!("Sur toutes les formations ({})", nombre(i64::try_from(formations).unwrap_or(0)));
    form.cases("toutes", legende, &choix).facultatif().indice(
        "Une case cochée ici vaut pour chaque formation de l’établissement, telle que la liste est aujourd’hui.",
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
