//! `/assistance` and `/assistance/cellules`: whom to call, where one is.

use std::collections::BTreeMap;

use app::AppError;
use app::assistance::{Cellule, Cellules, count_unread, own_lieu, view_cellules};
use app::messages::date_civile;
use app::seances::{Seance, list_public_seances};
use askama::Template;
use axum::extract::Query;
use axum::http::StatusCode;
use domain::assistance::{Lieu, SiteCellule, sites_of};
use domain::droits::{Action, scope};
use domain::territoires;

use super::lien_aide;
use crate::components::{
    Alerte, Bouton, Champ, Formulaire, LienBouton, Liste, Markup, academies_nommees, adresse_inscription,
    choix_departements, enumere, nom_lieu, places_seance, quand, texte_riche,
};
use crate::layout::{Page, rend};
use crate::socle::{Requete, Resultat};

struct VueSite {
    nom: String,
    telephone: String,
    a_composer: String,
    horaires: String,
    sert: String,
}

/// Places to call.
#[derive(Template)]
#[template(
    ext = "html",
    source = r#"<div class="grille">
{%- for s in sites %}
<div class="carte">
  <p class="fr-text--lead fr-text--bold">{{ s.nom }}</p>
  <p><a class="fr-link" href="tel:{{ s.a_composer }}">{{ s.telephone }}</a></p>
  {%- if !s.horaires.is_empty() %}<p>{{ s.horaires }}</p>{% endif %}
  <p class="fr-hint-text">Pour : {{ s.sert }}</p>
</div>
{%- endfor %}
</div>"#
)]
struct Sites {
    sites: Vec<VueSite>,
}

impl askama::filters::HtmlSafe for Sites {}

impl Sites {
    fn est_vide(&self) -> bool {
        self.sites.is_empty()
    }
}

struct VuePublication {
    titre: String,
    lien: Option<String>,
    texte: Option<Markup>,
    parue: String,
    iso: String,
}

struct VueCellule {
    code: &'static str,
    region: &'static str,
    presentation: Markup,
    courriel: String,
    page: Option<String>,
    /// To call first; then the others.
    premiers: Sites,
    autres: Sites,
    themes: Vec<(String, Vec<VuePublication>)>,
}

/// A session of the public site that the région académique organises.
struct VueSeance {
    titre: String,
    quand: String,
    /// « élève ou étudiant, parent ».
    pour: String,
    places: String,
    /// One would wait for a place.
    complete: bool,
    inscription: Option<String>,
    /// Why one does not register, when one does not.
    refus: String,
}

fn seance(s: &Seance, lieu: Lieu) -> VueSeance {
    let pour: Vec<String> = s.programme.qualites.iter().map(|q| q.libelle().to_lowercase()).collect();
    let libres = s.libres();
    VueSeance {
        titre: s.programme.titre.clone(),
        quand: quand(s),
        pour: pour.join(", "),
        places: libres.map_or_else(|| "Sans limite de places".to_owned(), |_| places_seance(s)),
        complete: libres == Some(0),
        inscription: adresse_inscription(s, lieu.departement),
        refus: if s.ouverte {
            format!(
                "Réservée aux académies suivantes : {}.",
                enumere(&academies_nommees(&s.programme.audience))
            )
        } else {
            "Les inscriptions sont closes.".to_owned()
        },
    }
}

/// Those to come of the région académique of a place.
async fn seances(requete: &Requete, lieu: Option<Lieu>) -> Result<Vec<VueSeance>, AppError> {
    let Some(lieu) = lieu else { return Ok(Vec::new()) };
    match list_public_seances(&requete.ctx).await {
        Ok(l) => Ok(l.of_region(lieu.region.code).into_iter().map(|s| seance(s, lieu)).collect()),
        Err(AppError::NotFound) => Ok(Vec::new()),
        Err(e) => Err(e),
    }
}

fn site(s: &SiteCellule) -> VueSite {
    let noms: Vec<&str> =
        s.departements.iter().filter_map(|c| territoires::departement(c)).map(|d| d.nom).collect();
    VueSite {
        nom: s.nom.clone(),
        telephone: s.telephone.clone(),
        a_composer: s.a_composer(),
        horaires: s.horaires.clone(),
        sert: if noms.is_empty() { "toute la région académique".to_owned() } else { noms.join(", ") },
    }
}

fn cellule(c: &Cellule, lieu: Option<Lieu>) -> VueCellule {
    let sites: Vec<SiteCellule> = c.sites.iter().map(|(_, s)| s.clone()).collect();
    let (premiers, autres) = sites_of(&sites, lieu.and_then(|l| l.departement));
    let vus = |places: Vec<usize>| Sites {
        sites: places.into_iter().filter_map(|i| sites.get(i)).map(site).collect(),
    };
    let mut themes: BTreeMap<&str, Vec<VuePublication>> = BTreeMap::new();
    for (_, p) in &c.publications {
        themes.entry(&p.theme).or_default().push(VuePublication {
            titre: p.titre.clone(),
            lien: (!p.lien.is_empty()).then(|| p.lien.clone()),
            texte: (!p.texte.is_empty()).then(|| texte_riche(&p.texte, 5)),
            parue: date_civile(p.parue_le),
            iso: p.parue_le.to_string(),
        });
    }
    VueCellule {
        code: c.region.code,
        region: c.region.nom,
        presentation: texte_riche(&c.fiche.presentation, 3),
        courriel: c.fiche.courriel.clone(),
        page: (!c.fiche.page.is_empty()).then(|| c.fiche.page.clone()),
        premiers: vus(premiers),
        autres: vus(autres),
        themes: themes.into_iter().map(|(t, p)| (t.to_owned(), p)).collect(),
    }
}

#[derive(Template)]
#[template(path = "commun/assistance/assistance.html")]
struct PageAssistance {
    page: Page,
    form: Formulaire,
    departement: Liste,
    code_postal: Champ,
    /// « Nord, région académique Hauts-de-France ».
    lieu: Option<String>,
    /// Said when nobody answers there.
    absente: Option<Alerte>,
    cellule: Option<VueCellule>,
    seances: Vec<VueSeance>,
    /// Where all of them are listed, around the place.
    toutes_seances: String,
    /// For a signed-in person: what they asked, with answers that they have not read.
    demandes: Option<String>,
    connecte: bool,
    /// For those who keep a cell.
    tenir: Option<String>,
}

pub async fn get_assistance(requete: Requete, Query(paires): Query<Vec<(String, String)>>) -> Resultat {
    let mut form = Formulaire::recu("", paires);
    let lieu = match lit(&mut form) {
        Some(lieu) => Some(lieu),
        None if form.est_valide() => own_lieu(&requete.ctx).await?,
        None => None,
    };
    if let Some(d) = lieu.and_then(|l| l.departement).filter(|_| form.est_valide()) {
        form.pose("departement", d.code);
        form.pose("code_postal", "");
    }
    let c = view_cellules(&requete.ctx).await?;
    let acteur = &requete.ctx.acteur;
    let connecte = scope(acteur, Action::DemanderAssistance).is_ok();
    let demandes = match count_unread(&requete.ctx).await? {
        _ if !connecte => None,
        0 => Some("Mes questions".to_owned()),
        1 => Some("Mes questions : 1 nouvelle réponse".to_owned()),
        n => Some(format!("Mes questions : {n} nouvelles réponses")),
    };
    let statut = if form.est_valide() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let seances = seances(&requete, lieu).await?;
    Ok(rend(statut, &page(&requete, form, lieu, (&c, seances), (connecte, demandes))))
}

/// The place that was said; a fault on its field when there is none.
fn lit(form: &mut Formulaire) -> Option<Lieu> {
    let postal = form.valeur("code_postal").trim().to_owned();
    if !postal.is_empty() {
        let lieu = Lieu::of_code_postal(&postal);
        if lieu.is_none() {
            form.refuse(
                "code_postal",
                "Aucun département n’a ce code postal : saisissez cinq chiffres, par exemple 80000.",
            );
        }
        return lieu;
    }
    let code = form.valeur("departement").to_owned();
    if code.is_empty() {
        return None;
    }
    let lieu = Lieu::of_departement(&code);
    if lieu.is_none() {
        form.refuse("departement", "Choisissez un département de la liste.");
    }
    lieu
}

fn page(
    requete: &Requete,
    form: Formulaire,
    lieu: Option<Lieu>,
    (c, seances): (&Cellules, Vec<VueSeance>),
    (connecte, demandes): (bool, Option<String>),
) -> PageAssistance {
    let ici = lieu.and_then(|l| c.cellules.iter().find(|c| c.region.code == l.region.code));
    let annee = c.session.as_ref().map(|s| s.annee);
    PageAssistance {
        page: requete.page("Aide et contact").en_erreur(!form.est_valide()),
        departement: form.liste("departement", "Département", &choix_departements()).filtre().invite("Choisissez"),
        code_postal: form
            .texte("code_postal", "Ou code postal")
            .facultatif()
            .mode_saisie("numeric")
            .remplissage("postal-code")
            .court(),
        lieu: lieu.map(nom_lieu),
        absente: lieu.filter(|_| ici.is_none()).map(|l| {
            Alerte::info(if l.has_cellule() {
                "La cellule de cette région académique n’a pas encore donné ses coordonnées pour cette session. Candidats et établissements connectés posent leur question ici : elle arrive au service de leur académie."
            } else {
                "Aucune cellule de région académique ne sert cette destination. Les personnes connectées posent leur question ici : elle arrive à l’équipe nationale."
            })
        }),
        cellule: ici.map(|c| cellule(c, lieu)),
        seances,
        toutes_seances: lieu
            .and_then(|l| l.departement)
            .map_or_else(|| "/seances".to_owned(), |d| format!("/seances?departement={}", d.code)),
        demandes,
        connecte,
        tenir: annee
            .filter(|_| scope(&requete.ctx.acteur, Action::TenirCellule).is_ok())
            .map(|a| format!("/assistance/{a}/cellules")),
        form,
    }
}

#[derive(Template)]
#[template(path = "commun/assistance/cellules.html")]
struct PageCellules {
    page: Page,
    cellules: Vec<VueCellule>,
}

pub async fn get_cellules(requete: Requete) -> Resultat {
    let c = view_cellules(&requete.ctx).await?;
    let page = PageCellules {
        page: requete.page("Toutes les cellules d’assistance").ariane(vec![lien_aide()]),
        cellules: c.cellules.iter().map(|c| cellule(c, None)).collect(),
    };
    Ok(rend(StatusCode::OK, &page))
}
