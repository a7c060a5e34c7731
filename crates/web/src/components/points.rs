//! Points on a map drawn by us: how many, and which part is done. The table beside it says the same.

use std::fmt::Display;

use askama::Template;

use super::projection::{Cadre, Etiquettes, Projection};

/// A place.
#[derive(Clone, Debug)]
pub struct Point {
    pub nom: String,
    /// Degrees.
    pub latitude: f64,
    pub longitude: f64,
    pub fait: i64,
    pub total: i64,
}

/// A disc drawn, in units of the drawing.
#[derive(Clone, Debug)]
struct Disque {
    titre: String,
    x: String,
    y: String,
    rayon: String,
    fait: String,
    /// Beside it, where there is room.
    nom: Option<(String, String, String)>,
}

/// Points of metropolitan France at their places, those overseas in a line under them. The disc grows with what is counted;
/// its full part is what is done.
#[derive(Clone, Debug, Template)]
#[template(
    ext = "html",
    source = r#"<figure class="points"><svg viewBox="0 0 {{ largeur }} {{ hauteur }}" role="img" aria-label="{{ titre }}">
{%- for d in disques %}
<g><title>{{ d.titre }}</title><circle class="points__total" cx="{{ d.x }}" cy="{{ d.y }}" r="{{ d.rayon }}"/><circle class="points__fait" cx="{{ d.x }}" cy="{{ d.y }}" r="{{ d.fait }}"/></g>
{%- endfor %}
{%- for d in disques %}{% if let Some((x, y, nom)) = d.nom %}<text class="points__nom" x="{{ x }}" y="{{ y }}">{{ nom }}</text>{% endif %}
{%- endfor %}
</svg><figcaption>{{ legende }}</figcaption></figure>"#
)]
pub struct Points {
    titre: String,
    legende: String,
    largeur: u32,
    hauteur: u32,
    disques: Vec<Disque>,
}
composant!(Points);

const LARGEUR: f64 = 600.0;
const HAUTEUR: f64 = 560.0;
const MARGE: f64 = 30.0;
/// Degrees that the drawing holds at least, so that two neighbouring towns are not at its ends.
const ETENDUE: f64 = 1.0;
/// Size of the names, as in the style sheet.
const POLICE: f64 = 11.0;

fn is_metropole(p: &Point) -> bool {
    (41.0..52.0).contains(&p.latitude) && (-6.0..10.0).contains(&p.longitude)
}

impl Points {
    pub fn new(titre: impl Display, legende: impl Display, points: &[Point]) -> Self {
        let (metropole, ailleurs): (Vec<&Point>, Vec<&Point>) = points.iter().partition(|p| is_metropole(p));
        let plus = points.iter().map(|p| p.total).max().unwrap_or(1).max(1);
        let mut disques: Vec<Place> = Vec::with_capacity(points.len());
        let mut bas = 0.0;
        if !metropole.is_empty() {
            let cadre = Cadre::around(metropole.iter().map(|p| (p.latitude, p.longitude)), ETENDUE);
            let projection = Projection::fit(&cadre, (LARGEUR, HAUTEUR), MARGE);
            bas = projection.place(cadre.sud, cadre.ouest).1 + MARGE;
            for p in metropole {
                let (x, y) = projection.place(p.latitude, p.longitude);
                disques.push(place(p, x, y, plus));
            }
        }
        let pas = LARGEUR / (ailleurs.len() as f64 + 1.0);
        for (i, p) in ailleurs.iter().enumerate() {
            disques.push(place(p, pas * (i as f64 + 1.0), bas + MARGE, plus));
        }
        if !ailleurs.is_empty() {
            bas += 2.0 * MARGE;
        }
        // Small ones are drawn last, over the large ones.
        disques.sort_by(|a, b| b.rayon.total_cmp(&a.rayon));
        Self {
            titre: titre.to_string(),
            legende: legende.to_string(),
            largeur: LARGEUR as u32,
            hauteur: bas.max(1.0) as u32,
            disques: named(disques),
        }
    }
}

/// A point at its place in the drawing.
struct Place<'a> {
    point: &'a Point,
    x: f64,
    y: f64,
    rayon: f64,
}

fn place(point: &Point, x: f64, y: f64, plus: i64) -> Place<'_> {
    let rayon = (point.total as f64 / plus as f64).sqrt().mul_add(18.0, 5.0);
    Place { point, x, y, rayon }
}

/// The largest are named first; a name that would cover another one, or another disc, is left to the table.
fn named(places: Vec<Place<'_>>) -> Vec<Disque> {
    let mut etiquettes = Etiquettes::new(LARGEUR, POLICE);
    for p in &places {
        etiquettes.keep_off((p.x, p.y), p.rayon);
    }
    let mut disques = Vec::with_capacity(places.len());
    for p in &places {
        let nom = etiquettes.beside((p.x, p.y), p.rayon, &p.point.nom);
        let t = p.point;
        let part = if t.total > 0 { (t.fait as f64 / t.total as f64).clamp(0.0, 1.0) } else { 0.0 };
        disques.push(Disque {
            titre: format!("{} : {} sur {}", t.nom, t.fait, t.total),
            x: format!("{:.1}", p.x),
            y: format!("{:.1}", p.y),
            rayon: format!("{:.1}", p.rayon),
            fait: format!("{:.1}", p.rayon * part.sqrt()),
            nom: nom.map(|(x, y)| (format!("{x:.1}"), format!("{y:.1}"), t.nom.clone())),
        });
    }
    disques
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(nom: &str, latitude: f64, longitude: f64, fait: i64) -> Point {
        Point { nom: nom.to_owned(), latitude, longitude, fait, total: 4 }
    }

    #[test]
    fn places_keep_their_sides_and_those_overseas_stand_under() {
        let carte = Points::new(
            "Carte",
            "",
            &[
                point("Lille", 50.63, 3.06, 4),
                point("Brest", 48.39, -4.49, 0),
                point("Saint-Denis", -20.88, 55.45, 1),
            ],
        );
        let lieu = |nom: &str| {
            let d = carte.disques.iter().find(|d| d.titre.starts_with(nom)).unwrap();
            (d.x.parse::<f64>().unwrap(), d.y.parse::<f64>().unwrap())
        };
        assert!(lieu("Brest").0 < lieu("Lille").0 && lieu("Lille").1 < lieu("Brest").1);
        assert!(lieu("Saint-Denis").1 > lieu("Brest").1);
        let html = carte.to_string();
        assert!(html.contains("<title>Lille : 4 sur 4</title>") && html.contains(r#"r="0.0""#), "{html}");
        for d in &carte.disques {
            let (x, y): (f64, f64) = (d.x.parse().unwrap(), d.y.parse().unwrap());
            assert!((0.0..=LARGEUR).contains(&x) && (0.0..=f64::from(carte.hauteur)).contains(&y), "{d:?}");
        }
    }

    #[test]
    fn one_place_alone_is_in_the_middle() {
        let carte = Points::new("Carte", "", &[point("Amiens", 49.89, 2.3, 2)]);
        assert_eq!(carte.disques[0].x, "300.0");
    }
}
