//! Degrees on a flat drawing, and back: true enough for a country or less.

/// What a drawing has to hold, in degrees.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cadre {
    pub sud: f64,
    pub nord: f64,
    pub ouest: f64,
    pub est: f64,
}

impl Cadre {
    /// The smallest around these points (latitude, longitude), at least `etendue` degrees on each side.
    pub fn around(points: impl Iterator<Item = (f64, f64)> + Clone, etendue: f64) -> Self {
        let (sud, nord) = bornes(points.clone().map(|p| p.0), etendue);
        let (ouest, est) = bornes(points.map(|p| p.1), etendue);
        Self { sud, nord, ouest, est }
    }

    pub fn holds(&self, latitude: f64, longitude: f64) -> bool {
        (self.sud..=self.nord).contains(&latitude) && (self.ouest..=self.est).contains(&longitude)
    }
}

/// Smallest and largest, at least so far apart.
fn bornes(valeurs: impl Iterator<Item = f64>, etendue: f64) -> (f64, f64) {
    let (min, max) = valeurs.fold((f64::MAX, f64::MIN), |(a, b), v| (a.min(v), b.max(v)));
    let manque = (etendue - (max - min)).max(0.0) / 2.0;
    (min - manque, max + manque)
}

/// Kilometres of a degree of latitude.
const DEGRE_KM: f64 = 111.2;

/// Where a place is in a drawing.
#[derive(Clone, Copy, Debug)]
pub struct Projection {
    /// The place drawn at `origine`.
    latitude: f64,
    longitude: f64,
    origine: (f64, f64),
    /// A degree of longitude is shorter than one of latitude, by the cosine of the latter.
    serre: f64,
    /// Units of a degree of latitude.
    echelle: f64,
}

impl Projection {
    /// Holds a frame, as large as it can be within a width and a height; at the top, in the middle of the width.
    pub fn fit(c: &Cadre, (largeur, hauteur): (f64, f64), marge: f64) -> Self {
        let serre = f64::midpoint(c.sud, c.nord).to_radians().cos();
        let echelle = ((largeur - 2.0 * marge) / ((c.est - c.ouest) * serre))
            .min((hauteur - 2.0 * marge) / (c.nord - c.sud));
        let gauche = (largeur - (c.est - c.ouest) * serre * echelle) / 2.0;
        Self { latitude: c.nord, longitude: c.ouest, origine: (gauche, marge), serre, echelle }
    }

    /// Has a place in the middle, and so many kilometres from side to side.
    pub fn around((latitude, longitude): (f64, f64), km: f64, (largeur, hauteur): (f64, f64)) -> Self {
        Self {
            latitude,
            longitude,
            origine: (largeur / 2.0, hauteur / 2.0),
            serre: latitude.to_radians().cos(),
            echelle: largeur * DEGRE_KM / km,
        }
    }

    /// The same, further right and down.
    #[must_use]
    pub fn shifted(self, x: f64, y: f64) -> Self {
        Self { origine: (self.origine.0 + x, self.origine.1 + y), ..self }
    }

    /// Units from the left and from the top.
    pub fn place(&self, latitude: f64, longitude: f64) -> (f64, f64) {
        (
            ((longitude - self.longitude) * self.serre).mul_add(self.echelle, self.origine.0),
            (self.latitude - latitude).mul_add(self.echelle, self.origine.1),
        )
    }

    /// Latitude and longitude.
    pub fn degres(&self, x: f64, y: f64) -> (f64, f64) {
        (
            self.latitude - (y - self.origine.1) / self.echelle,
            self.longitude + (x - self.origine.0) / (self.echelle * self.serre),
        )
    }

    /// Units of a kilometre.
    pub fn km(&self) -> f64 {
        self.echelle / DEGRE_KM
    }
}

/// Names beside points, none over another.
#[derive(Debug, Default)]
pub struct Etiquettes {
    pris: Vec<[f64; 4]>,
    droite: f64,
    police: f64,
}

impl Etiquettes {
    /// Within a width, in letters of a size.
    pub fn new(droite: f64, police: f64) -> Self {
        Self { pris: Vec::new(), droite, police }
    }

    /// Nothing is written over this disc.
    pub fn keep_off(&mut self, (x, y): (f64, f64), rayon: f64) {
        self.pris.push([x - rayon, y - rayon, x + rayon, y + rayon]);
    }

    /// Nothing is written over this text, which begins there on its line.
    pub fn keep_off_text(&mut self, (x, y): (f64, f64), texte: &str) {
        let fin = (texte.chars().count() as f64).mul_add(self.police * 0.564, x);
        self.pris.push([x, y - self.police, fin, self.police.mul_add(0.3, y)]);
    }

    /// Where a name may stand beside a disc; nowhere when it would cover another name, another disc, or go out.
    pub fn beside(&mut self, (x, y): (f64, f64), rayon: f64, nom: &str) -> Option<(f64, f64)> {
        let debut = x + rayon + 2.0;
        self.takes((debut, debut + self.longueur(nom)), y).then(|| (debut, self.ligne(y)))
    }

    /// The same on the left of the disc: where the name ends.
    pub fn before(&mut self, (x, y): (f64, f64), rayon: f64, nom: &str) -> Option<(f64, f64)> {
        let fin = x - rayon - 2.0;
        self.takes((fin - self.longueur(nom), fin), y).then(|| (fin, self.ligne(y)))
    }

    fn longueur(&self, nom: &str) -> f64 {
        nom.chars().count() as f64 * self.police * 0.564
    }

    /// The line that letters in the middle of `y` stand on.
    fn ligne(&self, y: f64) -> f64 {
        self.police.mul_add(0.364, y)
    }

    /// Takes the place of a name, when it is free.
    fn takes(&mut self, (debut, fin): (f64, f64), y: f64) -> bool {
        let demi = self.police * 0.64;
        let cadre = [debut, y - demi, fin, y + demi];
        let couvre = |a: &[f64; 4]| a[0] < cadre[2] && cadre[0] < a[2] && a[1] < cadre[3] && cadre[1] < a[3];
        let libre = debut >= 0.0 && fin <= self.droite && !self.pris.iter().any(couvre);
        if libre {
            self.pris.push(cadre);
        }
        libre
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_comes_back_from_the_drawing() {
        let cadre = Cadre { sud: 41.3, nord: 51.1, ouest: -5.0, est: 9.6 };
        for p in [
            Projection::fit(&cadre, (600.0, 540.0), 8.0),
            Projection::around((49.89, 2.3), 20.0, (600.0, 640.0)).shifted(3.0, 4.0),
        ] {
            for (la, lo) in [(49.894, 2.302), (41.4, 9.1), (48.4, -4.5)] {
                let (x, y) = p.place(la, lo);
                let (a, o) = p.degres(x, y);
                assert!((a - la).abs() < 1e-9 && (o - lo).abs() < 1e-9, "{a} {o}");
            }
        }
    }

    #[test]
    fn no_name_is_written_over_the_text_that_is_there_already() {
        let mut e = Etiquettes::new(600.0, 12.0);
        e.keep_off_text((4.0, 100.0), "51,0° N");
        assert_eq!(e.beside((10.0, 98.0), 3.0, "Lille"), None);
        assert!(e.beside((10.0, 130.0), 3.0, "Lille").is_some());
        assert!(e.beside((200.0, 98.0), 3.0, "Lens").is_some());
    }

    #[test]
    fn a_name_without_room_on_the_right_may_stand_on_the_left() {
        let mut e = Etiquettes::new(600.0, 12.0);
        e.keep_off((240.0, 100.0), 15.0);
        assert_eq!(e.beside((210.0, 100.0), 3.0, "Lille"), None, "over the disc");
        let (fin, _) = e.before((210.0, 100.0), 3.0, "Lille").unwrap();
        assert!((fin - 205.0).abs() < 1e-9, "{fin}");
        assert_eq!(e.before((210.0, 100.0), 3.0, "Lens"), None, "over the other name");
        assert_eq!(e.before((20.0, 300.0), 3.0, "Lille"), None, "out of the drawing");
    }

    #[test]
    fn a_drawing_is_as_many_kilometres_wide_as_it_says() {
        let p = Projection::around((49.89, 2.3), 120.0, (600.0, 640.0));
        let (ouest, est) = (p.degres(0.0, 320.0), p.degres(600.0, 320.0));
        let km = domain::territoires::distance_km(ouest.0, ouest.1, est.0, est.1);
        assert!((km - 120.0).abs() < 0.2, "{km}");
        assert!((p.km() - 5.0).abs() < 1e-9);
    }
}
