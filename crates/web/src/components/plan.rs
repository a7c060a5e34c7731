//! A map drawn by us, on which a place is chosen by clicks and without any script: each click brings a closer map.
//!
//! A browser sends where a picture was clicked in units of the screen, so that each drawing is shown at its own size and
//! never stretched: one for large screens, one for small ones.

use std::fmt::Write as _;

use askama::Template;
use domain::territoires::{Ville, distance_km, villes};

use super::Markup;
use super::projection::{Cadre, Etiquettes, Projection};

/// Where the drawings are.
pub const ADRESSE: &str = "/carte";

/// Latitude and longitude, in degrees.
pub type Position = (f64, f64);

/// Size of a drawing, in units of the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taille {
    /// On a large screen.
    Grande,
    /// On a telephone, and beside an address.
    Petite,
}

impl Taille {
    pub const ALL: [Self; 2] = [Self::Grande, Self::Petite];

    /// In the address of the drawing, and as the name of the field of a click.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Grande => "grande",
            Self::Petite => "petite",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|t| t.code() == code)
    }

    const fn largeur(self) -> u16 {
        match self {
            Self::Grande => 600,
            Self::Petite => 280,
        }
    }

    const fn hauteur(self) -> u16 {
        match self {
            Self::Grande => 640,
            Self::Petite => 344,
        }
    }

    /// Height of a line of insets.
    const fn rang(self) -> u16 {
        match self {
            Self::Grande => 64,
            Self::Petite => 42,
        }
    }

    const fn police(self) -> u16 {
        match self {
            Self::Grande => 12,
            Self::Petite => 9,
        }
    }

    fn cote(self) -> (f64, f64) {
        (f64::from(self.largeur()), f64::from(self.hauteur()))
    }
}

/// What a drawing shows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Vue {
    /// The country, its overseas territories in insets.
    France,
    /// What surrounds a place.
    Region(Position),
    /// What surrounds it closely.
    Commune(Position),
}

impl Vue {
    /// In an address and in a form.
    pub fn code(self) -> String {
        match self {
            Self::France => "france".to_owned(),
            Self::Region(p) => format!("region_{}", ecrit(p)),
            Self::Commune(p) => format!("commune_{}", ecrit(p)),
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        match code.split_once('_') {
            None => (code == "france").then_some(Self::France),
            Some(("region", p)) => lit(p).map(Self::Region),
            Some(("commune", p)) => lit(p).map(Self::Commune),
            Some(_) => None,
        }
    }

    /// Kilometres from side to side.
    pub const fn km(self) -> f64 {
        match self {
            Self::France => 1_200.0,
            Self::Region(_) => 120.0,
            Self::Commune(_) => 20.0,
        }
    }

    /// A wider one.
    pub const fn wider(self) -> Option<Self> {
        match self {
            Self::France => None,
            Self::Region(_) => Some(Self::France),
            Self::Commune(p) => Some(Self::Region(p)),
        }
    }

    /// The place of a click, to the precision of the drawing, and what is then shown. None outside the drawing.
    pub fn click(self, taille: Taille, (x, y): (f64, f64)) -> Option<(Position, Self)> {
        let (largeur, hauteur) = taille.cote();
        if !(0.0..=largeur).contains(&x) || !(0.0..=hauteur).contains(&y) {
            return None;
        }
        let (la, lo) = match self {
            Self::France => match encarts(taille).find(|e| e.holds(x, y)) {
                Some(e) => e.projection.degres(x, y),
                None => metropole(taille).degres(x, y),
            },
            Self::Region(p) | Self::Commune(p) => {
                Projection::around(p, self.km(), taille.cote()).degres(x, y)
            }
        };
        // A hundredth of a degree is about a kilometre, a thousandth about a hundred metres.
        let pas = if self == Self::France { 100.0 } else { 1_000.0 };
        let p = ((la * pas).round() / pas, (lo * pas).round() / pas);
        let suite = match self {
            Self::France => Self::Region(p),
            Self::Region(_) => Self::Commune(p),
            Self::Commune(_) => self,
        };
        Some((p, suite))
    }
}

fn ecrit((latitude, longitude): Position) -> String {
    format!("{latitude:.3}_{longitude:.3}")
}

fn lit(texte: &str) -> Option<Position> {
    let (latitude, longitude) = texte.split_once('_')?;
    let (la, lo): (f64, f64) = (latitude.parse().ok()?, longitude.parse().ok()?);
    // Near a pole, a degree of longitude is no length.
    (la.abs() <= 85.0 && lo.abs() <= 180.0).then_some((la, lo))
}

/// The position of an address of a drawing.
pub fn lit_point(texte: &str) -> Option<Position> {
    lit(texte)
}

/// The known town nearest to a place, and how far it is.
pub fn nearest((latitude, longitude): Position) -> Option<(&'static Ville, f64)> {
    let loin = |v: &'static Ville| (v, distance_km(latitude, longitude, v.latitude, v.longitude));
    villes().iter().map(loin).min_by(|a, b| a.1.total_cmp(&b.1))
}

const FRANCE: Cadre = Cadre { sud: 41.2, nord: 51.3, ouest: -5.4, est: 9.8 };

/// Overseas territories: short name, frame (south, north, west, east).
static OUTRE_MER: [(&str, Cadre); 10] = {
    const fn c(sud: f64, nord: f64, ouest: f64, est: f64) -> Cadre {
        Cadre { sud, nord, ouest, est }
    }
    [
        ("Guadeloupe", c(15.8, 16.6, -61.9, -60.9)),
        ("Martinique", c(14.3, 14.95, -61.3, -60.75)),
        ("Guyane", c(2.0, 6.0, -54.8, -51.5)),
        ("La Réunion", c(-21.45, -20.8, 55.15, 55.9)),
        ("Mayotte", c(-13.1, -12.55, 44.95, 45.4)),
        ("Calédonie", c(-22.9, -19.4, 163.4, 168.3)),
        ("Tahiti", c(-18.0, -17.3, -150.0, -149.0)),
        ("Wallis-Fut.", c(-14.45, -13.1, -178.4, -176.0)),
        ("Miquelon", c(46.7, 47.2, -56.6, -56.0)),
        ("St-Martin", c(17.85, 18.15, -63.2, -62.75)),
    ]
};
const PAR_RANG: usize = 5;

struct Encart {
    nom: &'static str,
    /// Left, top, width, height.
    boite: [f64; 4],
    cadre: Cadre,
    projection: Projection,
}

impl Encart {
    fn holds(&self, x: f64, y: f64) -> bool {
        let [gauche, haut, largeur, hauteur] = self.boite;
        (gauche..gauche + largeur).contains(&x) && (haut..=haut + hauteur).contains(&y)
    }
}

fn encarts(taille: Taille) -> impl Iterator<Item = Encart> {
    let (largeur, hauteur) = taille.cote();
    let (rang, police) = (f64::from(taille.rang()), f64::from(taille.police()));
    OUTRE_MER.iter().enumerate().map(move |(i, (nom, cadre))| {
        let cote = largeur / PAR_RANG as f64;
        let gauche = (i % PAR_RANG) as f64 * cote;
        let rangs = OUTRE_MER.len().div_ceil(PAR_RANG);
        let haut = hauteur - rang * (rangs - i / PAR_RANG) as f64;
        // The name is over the territory.
        let projection = Projection::fit(cadre, (cote, rang - police - 2.0), 3.0);
        Encart {
            nom,
            boite: [gauche, haut, cote, rang],
            cadre: *cadre,
            projection: projection.shifted(gauche, haut + police + 2.0),
        }
    })
}

fn metropole(taille: Taille) -> Projection {
    let (largeur, hauteur) = taille.cote();
    let rangs = OUTRE_MER.len().div_ceil(PAR_RANG) as f64;
    Projection::fit(&FRANCE, (largeur, hauteur - rangs * f64::from(taille.rang())), 4.0)
}

/// Coasts and borders, simplified to some kilometres: enough to know a country, not to find a street.
#[rustfmt::skip] // points along a line read like the line that they are
static CONTOURS: [&[Position]; 2] = [
    &[
        (51.09, 2.55), (50.85, 2.60), (50.72, 2.88), (50.78, 3.15), (50.70, 3.26), (50.52, 3.45), (50.36, 3.70), (50.32, 4.08),
        (50.27, 4.22), (49.98, 4.15), (49.97, 4.47), (50.16, 4.86), (49.80, 4.87), (49.70, 5.30), (49.55, 5.80), (49.47, 6.02),
        (49.47, 6.37), (49.21, 6.72), (49.15, 7.00), (49.18, 7.40), (49.06, 7.95), (48.97, 8.23), (48.58, 7.81), (48.03, 7.58),
        (47.59, 7.60), (47.43, 7.40), (47.50, 7.00), (47.33, 6.95), (47.05, 6.72), (46.76, 6.43), (46.42, 6.07), (46.13, 5.97),
        (46.24, 6.30), (46.40, 6.52), (46.40, 6.82), (46.13, 6.80), (46.04, 6.98), (45.83, 6.87), (45.68, 6.88), (45.41, 7.18),
        (45.15, 6.85), (45.10, 6.62), (44.93, 6.74), (44.68, 7.06), (44.42, 6.88), (44.15, 7.30), (44.15, 7.68), (43.78, 7.53),
        (43.68, 7.28), (43.54, 7.13), (43.42, 6.77), (43.17, 6.68), (43.09, 6.36), (43.03, 6.13), (43.05, 5.86), (43.20, 5.52),
        (43.22, 5.35), (43.33, 5.05), (43.34, 4.60), (43.45, 4.40), (43.52, 4.00), (43.38, 3.68), (43.26, 3.50), (43.12, 3.13),
        (42.70, 3.05), (42.44, 3.18), (42.47, 2.86), (42.36, 2.00), (42.50, 1.72), (42.62, 1.44), (42.78, 1.07), (42.84, 0.70),
        (42.69, 0.66), (42.69, 0.00), (42.79, -0.52), (42.95, -0.75), (43.05, -1.45), (43.26, -1.40), (43.37, -1.79), (43.49, -1.57),
        (44.20, -1.31), (44.65, -1.27), (45.00, -1.20), (45.57, -1.09), (45.15, -0.72), (45.15, -0.66), (45.62, -1.03), (45.80, -1.22),
        (46.15, -1.22), (46.34, -1.45), (46.49, -1.81), (46.69, -1.96), (46.90, -2.15), (47.12, -2.14), (47.26, -2.20), (47.29, -2.55),
        (47.50, -2.50), (47.49, -2.82), (47.48, -3.13), (47.69, -3.40), (47.80, -3.90), (47.80, -4.37), (48.04, -4.73), (48.12, -4.35),
        (48.28, -4.60), (48.33, -4.77), (48.58, -4.68), (48.70, -4.30), (48.74, -3.97), (48.83, -3.55), (48.87, -3.10), (48.56, -2.72),
        (48.68, -2.32), (48.67, -2.00), (48.70, -1.84), (48.61, -1.50), (48.85, -1.62), (49.37, -1.82), (49.73, -1.94), (49.67, -1.62),
        (49.70, -1.26), (49.36, -1.15), (49.40, -0.95), (49.34, -0.60), (49.28, -0.22), (49.38, 0.10), (49.43, 0.25), (49.51, 0.05),
        (49.70, 0.18), (49.78, 0.40), (49.94, 1.08), (50.07, 1.36), (50.21, 1.54), (50.40, 1.55), (50.73, 1.57), (50.88, 1.59),
        (50.98, 1.87),
    ],
    &[
        (43.01, 9.40), (42.70, 9.46), (42.10, 9.56), (41.60, 9.37), (41.37, 9.20), (41.55, 8.80), (41.72, 8.68), (41.89, 8.60),
        (42.13, 8.57), (42.37, 8.54), (42.58, 8.74), (42.65, 8.94), (42.73, 9.17), (42.69, 9.30), (42.97, 9.34),
    ],
];

/// Writing to a string does not fail.
macro_rules! trace {
    ($s:expr, $($format:tt)+) => { let _ = write!($s, $($format)+); };
}

/// The drawing itself, with colours of its own: shown as a picture, it knows nothing of the page.
pub fn svg(vue: Vue, taille: Taille, point: Option<Position>) -> String {
    let (largeur, hauteur) = (taille.largeur(), taille.hauteur());
    let police = taille.police();
    let mut s = String::with_capacity(16 * 1024);
    s.push_str(&format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" width="{largeur}" height="{hauteur}" viewBox="0 0 {largeur} {hauteur}" font-family="sans-serif" font-size="{police}"><rect width="{largeur}" height="{hauteur}" fill="#ffffff"/>"##
    ));
    match vue {
        Vue::France => country(&mut s, taille, point),
        Vue::Region(p) | Vue::Commune(p) => {
            let projection = Projection::around(p, vue.km(), taille.cote());
            let croix = point.map(|ici| projection.place(ici.0, ici.1));
            surroundings(&mut s, taille, vue, (&projection, croix));
        }
    }
    s.push_str(&format!(
        r##"<rect x="0.5" y="0.5" width="{}" height="{}" fill="none" stroke="#666666"/></svg>"##,
        largeur - 1,
        hauteur - 1
    ));
    s
}

fn country(s: &mut String, taille: Taille, point: Option<Position>) {
    let projection = metropole(taille);
    for contour in &CONTOURS {
        let points: Vec<String> = contour
            .iter()
            .map(|(la, lo)| projection.place(*la, *lo))
            .map(|(x, y)| format!("{x:.1},{y:.1}"))
            .collect();
        trace!(
            s,
            r##"<polygon points="{}" fill="#f6f6f6" stroke="#929292" stroke-linejoin="round"/>"##,
            points.join(" ")
        );
    }
    let (largeur, _) = taille.cote();
    let dedans = |v: &&Ville| FRANCE.holds(v.latitude, v.longitude);
    let etiquettes = Etiquettes::new(largeur, f64::from(taille.police()));
    let croix = point.filter(|p| FRANCE.holds(p.0, p.1)).map(|p| projection.place(p.0, p.1));
    towns(s, villes().iter().filter(dedans), (&projection, croix), etiquettes);
    for e in encarts(taille) {
        let [gauche, haut, cote, rang] = e.boite;
        let police = f64::from(taille.police());
        trace!(
            s,
            r##"<rect x="{gauche:.1}" y="{haut:.1}" width="{cote:.1}" height="{rang:.1}" fill="#ffffff" stroke="#929292"/><text x="{:.1}" y="{:.1}" fill="#161616">{}</text>"##,
            gauche + 3.0,
            haut + police,
            e.nom
        );
        for v in villes().iter().filter(|v| e.cadre.holds(v.latitude, v.longitude)) {
            let (x, y) = e.projection.place(v.latitude, v.longitude);
            trace!(s, r##"<circle cx="{x:.1}" cy="{y:.1}" r="2" fill="#000091"/>"##);
        }
        if let Some(ici) = point.filter(|p| e.cadre.holds(p.0, p.1)) {
            cross(s, e.projection.place(ici.0, ici.1));
        }
    }
}

/// Lines of round degrees, the scale, and the towns that one knows, whose names leave room for the cross.
fn surroundings(
    s: &mut String,
    taille: Taille,
    vue: Vue,
    (projection, croix): (&Projection, Option<(f64, f64)>),
) {
    let (largeur, hauteur) = taille.cote();
    let (pas, decimales, trait_km) = match vue {
        Vue::Commune(_) => (0.05, 2, 5.0),
        _ => (0.5, 1, 20.0),
    };
    let police = f64::from(taille.police());
    let (nord, ouest) = projection.degres(0.0, 0.0);
    let (sud, est) = projection.degres(largeur, hauteur);
    let rondes = |de: f64, a: f64| {
        ((de / pas).ceil() as i32..=(a / pas).floor() as i32).map(move |n| f64::from(n) * pas)
    };
    let ecrit = |valeur: f64, signes: [&str; 2]| {
        let signe = if valeur < 0.0 { signes[1] } else { signes[0] };
        format!("{:.decimales$}°\u{a0}{signe}", valeur.abs()).replace('.', ",")
    };
    // Names of towns are written around what is written here.
    let mut etiquettes = Etiquettes::new(largeur, police);
    for la in rondes(sud, nord) {
        let (_, y) = projection.place(la, ouest);
        let degres = ecrit(la, ["N", "S"]);
        etiquettes.keep_off_text((4.0, y - 3.0), &degres);
        trace!(
            s,
            r##"<path d="M0 {y:.1}H{largeur}" stroke="#dddddd"/><text x="4" y="{:.1}" fill="#666666">{degres}</text>"##,
            y - 3.0
        );
    }
    for lo in rondes(ouest, est) {
        let (x, _) = projection.place(nord, lo);
        let degres = ecrit(lo, ["E", "O"]);
        etiquettes.keep_off_text((x + 3.0, police), &degres);
        trace!(
            s,
            r##"<path d="M{x:.1} 0V{hauteur}" stroke="#dddddd"/><text x="{:.1}" y="{police:.1}" fill="#666666">{degres}</text>"##,
            x + 3.0
        );
    }
    let dedans = |v: &&Ville| {
        let (x, y) = projection.place(v.latitude, v.longitude);
        (0.0..largeur).contains(&x) && (0.0..hauteur).contains(&y)
    };
    let fin = largeur - 12.0;
    let debut = projection.km().mul_add(-trait_km, fin);
    etiquettes.keep_off_text((debut, hauteur - 20.0), "20 km");
    towns(s, villes().iter().filter(dedans), (projection, croix), etiquettes);
    trace!(
        s,
        r##"<path d="M{debut:.1} {y1:.1}v6h{longueur:.1}v-6" fill="none" stroke="#161616" stroke-width="2"/><text x="{debut:.1}" y="{y2:.1}" fill="#161616">{trait_km}&#160;km</text>"##,
        y1 = hauteur - 16.0,
        y2 = hauteur - 20.0,
        longueur = fin - debut
    );
}

/// Half of the side of the cross, and a little room around it.
const CROIX: f64 = 15.0;

/// The towns, the cross over them, then the names, the largest first: none under the cross, one that has no room on the right of
/// its town on the left of it.
fn towns<'a>(
    s: &mut String,
    lieux: impl Iterator<Item = &'a Ville>,
    (projection, croix): (&Projection, Option<(f64, f64)>),
    mut etiquettes: Etiquettes,
) {
    // On a map of the whole country, a small town is a dot that hides another.
    let seuil = if projection.km() < 1.0 { 80_000 } else { 0 };
    let mut lieux: Vec<(&Ville, (f64, f64))> = lieux
        .filter(|v| v.population >= seuil)
        .map(|v| (v, projection.place(v.latitude, v.longitude)))
        .collect();
    lieux.sort_by_key(|(v, _)| std::cmp::Reverse(v.population));
    for (_, (x, y)) in &lieux {
        trace!(s, r##"<circle cx="{x:.1}" cy="{y:.1}" r="3" fill="#000091"/>"##);
    }
    if let Some(ici) = croix {
        etiquettes.keep_off(ici, CROIX);
        cross(s, ici);
    }
    // Letters are wider on some machines than on others: a line around them keeps them apart from what is under.
    s.push_str(
        r##"<g fill="#161616" stroke="#ffffff" stroke-width="2.5" stroke-linejoin="round" paint-order="stroke">"##,
    );
    for (v, ici) in lieux {
        // The town under the cross has its name beside the cross.
        let autour = croix.filter(|c| (c.0 - ici.0).abs() < CROIX && (c.1 - ici.1).abs() < CROIX);
        let (la, rayon) = autour.map_or((ici, 3.0), |c| ((c.0, ici.1), CROIX));
        let nom = Markup::texte(v.nom);
        if let Some((x, y)) = etiquettes.beside(la, rayon, v.nom) {
            trace!(s, r##"<text x="{x:.1}" y="{y:.1}">{nom}</text>"##);
        } else if let Some((x, y)) = etiquettes.before(la, rayon, v.nom) {
            trace!(s, r##"<text x="{x:.1}" y="{y:.1}" text-anchor="end">{nom}</text>"##);
        }
    }
    s.push_str("</g>");
}

fn cross(s: &mut String, (x, y): (f64, f64)) {
    trace!(
        s,
        r##"<circle cx="{x:.1}" cy="{y:.1}" r="8" fill="none" stroke="#c9191e" stroke-width="2.5"/><path d="M{:.1} {y:.1}h28M{x:.1} {:.1}v28" stroke="#c9191e" stroke-width="1.5"/>"##,
        x - 14.0,
        y - 14.0
    );
}

fn adresse(vue: Vue, taille: Taille, point: Option<Position>) -> String {
    let point = point.map(|p| format!("&point={}", ecrit(p))).unwrap_or_default();
    format!("{ADRESSE}?vue={}&taille={}{point}", vue.code(), taille.code())
}

struct Image {
    taille: Taille,
    src: String,
}

/// The map of a form: clicked, it sends its form with the place of the click. `vue` goes along, so that the next click is
/// read on what was shown.
#[derive(Template)]
#[template(
    ext = "html",
    source = r#"<div class="plan" id="plan">
<input type="hidden" name="vue" value="{{ vue }}">
<p class="fr-hint-text">{{ legende }}</p>
{%- for i in images %}
<input type="image" class="plan__image plan__image--{{ i.taille.code() }}" name="{{ i.taille.code() }}" src="{{ i.src }}" alt="{{ alt }}" width="{{ i.taille.largeur() }}" height="{{ i.taille.hauteur() }}" formaction="{{ vers }}#plan">
{%- endfor %}
{%- if let Some(repere) = repere %}
<p>{{ repere }}</p>
{%- endif %}
</div>"#
)]
pub struct Plan {
    vue: String,
    legende: String,
    alt: String,
    images: Vec<Image>,
    repere: Option<String>,
    vers: String,
}
composant!(Plan);

impl Plan {
    /// `vers`: the action of the form; the page that answers a click opens at the map.
    pub fn new(vue: Vue, point: Option<Position>, vers: &str) -> Self {
        let (legende, alt) = match vue {
            Vue::France => (
                "Cliquez sur la carte près du site : une carte plus proche s’affiche. Le contour est simplifié.".to_owned(),
                "Carte de la France et de l’outre-mer, à cliquer avec une souris".to_owned(),
            ),
            Vue::Region(_) => (
                "Carte de 120 km de large. Cliquez : une carte plus proche s’affiche.".to_owned(),
                "Carte de 120 km de large, à cliquer avec une souris".to_owned(),
            ),
            Vue::Commune(_) => (
                "Carte de 20 km de large : un clic place le site à une centaine de mètres près. Précisez ensuite les degrés à la \
                 main si besoin."
                    .to_owned(),
                "Carte de 20 km de large, à cliquer avec une souris".to_owned(),
            ),
        };
        let repere = point.and_then(nearest).map(|(v, km)| {
            format!("Ville connue la plus proche de cette position : {}, à {km:.0}\u{a0}km.", v.nom)
        });
        let images = Taille::ALL
            .into_iter()
            .map(|taille| Image { taille, src: adresse(vue, taille, point) })
            .collect();
        Self { vue: vue.code(), legende, alt, images, repere, vers: vers.to_owned() }
    }
}

/// Where a place is, beside its address.
#[derive(Template)]
#[template(
    ext = "html",
    source = r#"<img class="plan__reperage" src="{{ src }}" alt="{{ alt }}" width="{{ Taille::Petite.largeur() }}" height="{{ Taille::Petite.hauteur() }}" loading="lazy">"#
)]
pub struct Reperage {
    src: String,
    alt: String,
}
composant!(Reperage);

impl Reperage {
    pub fn new(nom: &str, point: Position) -> Self {
        let pres =
            nearest(point).map(|(v, km)| format!(", à {km:.0}\u{a0}km de {}", v.nom)).unwrap_or_default();
        Self {
            src: adresse(Vue::Region(point), Taille::Petite, Some(point)),
            alt: format!("Carte : {nom}{pres}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ville(departement: &str, nom: &str) -> &'static Ville {
        domain::territoires::ville(departement, nom).unwrap()
    }

    /// Clicks where the drawing shows the place, until the closest map.
    fn clicks(taille: Taille, (la, lo): Position) -> Position {
        let dessin = |vue: Vue| match vue {
            Vue::France if FRANCE.holds(la, lo) => metropole(taille),
            Vue::France => encarts(taille).find(|e| e.cadre.holds(la, lo)).unwrap().projection,
            Vue::Region(p) | Vue::Commune(p) => Projection::around(p, vue.km(), taille.cote()),
        };
        let mut vue = Vue::France;
        let mut place = (0.0, 0.0);
        for _ in 0..3 {
            let (x, y) = dessin(vue).place(la, lo);
            // A browser sends whole numbers.
            (place, vue) = vue.click(taille, (x.round(), y.round())).unwrap();
        }
        assert!(matches!(vue, Vue::Commune(_)));
        place
    }

    #[test]
    fn r_eta_05_three_clicks_find_a_place_to_a_hundred_metres() {
        for (departement, nom) in [
            ("80", "Amiens"),
            ("29", "Brest"),
            ("2A", "Ajaccio"),
            ("974", "Saint-Denis"),
            ("973", "Cayenne"),
            ("971", "Pointe-à-Pitre"),
            ("988", "Nouméa"),
        ] {
            let v = ville(departement, nom);
            for taille in Taille::ALL {
                let (la, lo) = clicks(taille, (v.latitude + 0.004, v.longitude - 0.003));
                let loin = distance_km(la, lo, v.latitude + 0.004, v.longitude - 0.003);
                assert!(loin < 0.13, "{nom} {taille:?}: {loin} km");
            }
        }
    }

    #[test]
    fn r_eta_05_a_click_outside_the_drawing_is_none() {
        for (x, y) in [(-1.0, 5.0), (5.0, -1.0), (601.0, 5.0), (5.0, 641.0), (f64::NAN, 5.0)] {
            assert_eq!(Vue::France.click(Taille::Grande, (x, y)), None, "{x} {y}");
        }
        for faux in [
            "",
            "monde",
            "region",
            "region_",
            "region_90_2",
            "region_x_2",
            "commune_2",
            "commune_1_inf",
            "commune_NaN_1",
        ] {
            assert_eq!(Vue::from_code(faux), None, "{faux}");
        }
        let vue = Vue::Commune((-20.879, 55.448));
        assert_eq!(Vue::from_code(&vue.code()), Some(vue));
        assert_eq!(vue.wider().and_then(Vue::wider), Some(Vue::France));
    }

    #[test]
    fn every_known_town_is_on_the_map_of_the_country_and_inside_its_contour() {
        let inside = |contour: &[Position], la: f64, lo: f64| {
            let cotes = contour.iter().zip(contour.iter().cycle().skip(1));
            let croise = |(a, b): &(&Position, &Position)| {
                (a.1 > lo) != (b.1 > lo) && la < (b.0 - a.0) * (lo - a.1) / (b.1 - a.1) + a.0
            };
            cotes.filter(croise).count() % 2 == 1
        };
        for v in villes() {
            let outre_mer = OUTRE_MER.iter().any(|(_, c)| c.holds(v.latitude, v.longitude));
            let pres = |(la, lo): &Position| distance_km(*la, *lo, v.latitude, v.longitude) < 12.0;
            let dedans = CONTOURS.iter().any(|c| inside(c, v.latitude, v.longitude) || c.iter().any(pres));
            assert!(outre_mer || dedans, "{} {} {}", v.nom, v.latitude, v.longitude);
        }
    }

    #[test]
    fn names_of_insets_fit_and_no_drawing_has_a_style() {
        for taille in Taille::ALL {
            let cote = taille.cote().0 / PAR_RANG as f64;
            for (nom, _) in &OUTRE_MER {
                assert!(nom.chars().count() as f64 * f64::from(taille.police()) * 0.52 < cote, "{nom}");
            }
            for vue in [Vue::France, Vue::Region((49.9, 2.3)), Vue::Commune((49.9, 2.3))] {
                let dessin = svg(vue, taille, Some((49.894, 2.302)));
                assert!(!dessin.contains("style") && dessin.ends_with("</svg>"));
                let repere = if vue == Vue::France { "Lyon" } else { "Amiens" };
                assert!(dessin.contains(repere) && dessin.contains("#c9191e"), "{vue:?} {taille:?}");
            }
        }
        assert!(svg(Vue::Commune((49.9, 2.3)), Taille::Grande, None).contains("5&#160;km"));
    }

    /// Left, top, right and bottom of the name of a town, as far as one knows without its letters.
    fn cadre(dessin: &str, police: f64, nom: &str) -> Option<[f64; 4]> {
        let (avant, _) = dessin.split_once(&format!(">{nom}</text>"))?;
        let (_, attributs) = avant.rsplit_once("<text ")?;
        let lu = |nom: &str| -> f64 {
            let (_, suite) = attributs.split_once(&format!("{nom}=\"")).unwrap();
            suite.split('"').next().unwrap().parse().unwrap()
        };
        let (x, y) = (lu("x"), lu("y") - 0.364 * police);
        let long = nom.chars().count() as f64 * 0.564 * police;
        let gauche = if attributs.contains("text-anchor=\"end\"") { x - long } else { x };
        Some([gauche, y - 0.64 * police, gauche + long, y + 0.64 * police])
    }

    #[test]
    fn r_eta_05_the_name_of_a_town_beside_the_cross_stands_clear_of_it() {
        let v = ville("80", "Amiens");
        let vue = Vue::Commune((v.latitude, v.longitude));
        for taille in Taille::ALL {
            let police = f64::from(taille.police());
            let projection = Projection::around((v.latitude, v.longitude), vue.km(), taille.cote());
            let mut a_gauche = 0;
            for (pas, haut) in (-40_i32..=40).flat_map(|pas| [(pas, -0.004), (pas, 0.0), (pas, 0.002)]) {
                let point = (v.latitude + haut, f64::from(pas).mul_add(0.002, v.longitude));
                let (x, y) = projection.place(point.0, point.1);
                let dessin = svg(vue, taille, Some(point));
                let [gauche, dessus, droite, dessous] = cadre(&dessin, police, v.nom)
                    .unwrap_or_else(|| panic!("{taille:?} {pas} {haut}: there is room for a name"));
                let touche =
                    gauche < x + 14.0 && x - 14.0 < droite && dessus < y + 14.0 && y - 14.0 < dessous;
                assert!(!touche, "{taille:?} {pas} {haut}: {gauche} to {droite}, the cross at {x}");
                a_gauche += i32::from(droite < taille.cote().0 / 2.0);
                // Wider letters than those that one counts on are over the cross, and not under it.
                assert!(dessin.find("#c9191e") < dessin.find(">Amiens<"), "{dessin}");
            }
            assert!(a_gauche > 0, "{taille:?}: no name was moved to the left of its town");
        }
    }

    #[test]
    fn the_cross_hides_no_name() {
        let v = ville("80", "Amiens");
        for taille in Taille::ALL {
            let milieu = taille.cote().0 / 2.0;
            let debut = |point| -> f64 {
                let dessin = svg(Vue::Commune((v.latitude, v.longitude)), taille, point);
                let (avant, _) = dessin.split_once(">Amiens<").unwrap();
                let (_, x) = avant.rsplit_once("<text x=\"").unwrap();
                x.split('"').next().unwrap().parse().unwrap()
            };
            assert!((debut(None) - milieu - 5.0).abs() < 0.2, "{taille:?}: beside its dot");
            let ici = debut(Some((v.latitude, v.longitude)));
            assert!(ici > milieu + CROIX, "{taille:?}: beside the cross");
        }
    }
}
