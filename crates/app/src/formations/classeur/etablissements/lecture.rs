//! The sheets of the establishments that come back: what each line asks for, line by line.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::etablissements::{Internat, Partie};
use domain::formations::description::parse_jour;
use files::Faute;
use files::tableau::{FeuilleLue, normalize_header};
use jiff::civil::{Date, Time};

use super::super::capacites::lit_places;
use super::super::lieux::{Lieu, LieuxApres, provisoire};
use super::super::lire::{COLONNE_DOUBLE, COLONNE_INCONNUE, FEUILLE_DOUBLE, FauteFichier, meme_texte};
use super::{
    Difference, Ecriture, Existante, Feuille, IDENTITE, Maison, NON, Nature, OUI, Plan, Voulue, cellules,
    colonnes, libelle, oui_non,
};
use crate::etablissements::{Accueil, Composante, Coordonnees, JourneeSaisie, Modification, Site};
use crate::messages::nombre;

/// Lines of a sheet, those that change nothing included, for each change of a file.
const LIGNES: i64 = 10;

/// A fault: the field, and the reason.
type Defaut = (&'static str, String);

/// « 9:00 », « 9 h 30 »; a spreadsheet gives a time the day from which it counts.
fn lit_heure(saisi: &str) -> Option<Time> {
    let seule = saisi.rsplit_once(' ').filter(|(jour, _)| jour.parse::<Date>().is_ok());
    let net: String =
        seule.map_or(saisi, |(_, heure)| heure).chars().filter(|c| !c.is_whitespace()).collect();
    let mut parties = net.split([':', 'h', 'H']);
    let heures = parties.next()?.parse().ok()?;
    let minutes = match parties.next() {
        None | Some("") => 0,
        Some(minutes) => minutes.parse().ok()?,
    };
    Time::new(heures, minutes, 0, 0).ok()
}

fn lit_oui_non(saisi: &str) -> Result<Option<bool>, String> {
    match saisi.to_lowercase().as_str() {
        "" => Ok(None),
        OUI | "o" | "vrai" | "1" => Ok(Some(true)),
        NON | "n" | "faux" | "0" => Ok(Some(false)),
        _ => Err("Répondez par oui ou par non.".to_owned()),
    }
}

fn lit_internat(saisi: &str) -> Result<&'static str, String> {
    if saisi.is_empty() {
        return Ok("");
    }
    let connu = |i: &Internat| i.code() == saisi || normalize_header(i.libelle()) == normalize_header(saisi);
    Internat::ALL.into_iter().find(connu).map(Internat::code).ok_or_else(|| {
        let libelles = Internat::ALL.map(Internat::libelle).join(" ; ");
        format!("« {saisi} » n’est pas proposé ici. Choisissez parmi : {libelles}.")
    })
}

/// What a cell says; nothing, and its fault with the others, when it cannot be read.
fn retient<T: Default>(defauts: &mut Vec<Defaut>, champ: &'static str, lue: Result<T, String>) -> T {
    lue.unwrap_or_else(|motif| {
        defauts.push((champ, motif));
        T::default()
    })
}

/// What the cells of a part ask for, in the order of its columns, and what of them cannot be read.
fn lit_cellules(p: Partie, id: Option<&str>, dites: &[String]) -> (Option<Modification>, Vec<Defaut>) {
    let mot = |i: usize| dites.get(i).cloned().unwrap_or_default();
    let id = id.map(str::to_owned);
    let mut defauts: Vec<Defaut> = Vec::new();
    let lue = match p {
        Partie::Coordonnees => Some(Modification::Coordonnees(Coordonnees {
            sigle: mot(0),
            adresse: mot(1),
            code_postal: mot(2),
            commune: mot(3),
            telephone: mot(4),
            courriel: mot(5),
            site_web: mot(6),
        })),
        Partie::Accueil => {
            let internat = retient(&mut defauts, "internat", lit_internat(&mot(4)));
            let internat_places = retient(&mut defauts, "internat_places", lit_places(&mot(5)));
            let boursiers = retient(&mut defauts, "boursiers", lit_oui_non(&mot(6)));
            Some(Modification::Accueil(Accueil {
                accessibilite: mot(0),
                referent_nom: mot(1),
                referent_courriel: mot(2),
                referent_telephone: mot(3),
                internat: internat.to_owned(),
                internat_places,
                boursiers,
            }))
        }
        Partie::Composantes => Some(Modification::Composante(id, Composante { nom: mot(0) })),
        Partie::Sites => Some(Modification::Site(
            id,
            Site {
                nom: mot(0),
                adresse: mot(1),
                code_postal: mot(2),
                commune: mot(3),
                latitude: mot(4),
                longitude: mot(5),
            },
        )),
        Partie::Journees => {
            let (jour, debut, fin) = (parse_jour(&mot(0)), lit_heure(&mot(1)), lit_heure(&mot(2)));
            if jour.is_none() {
                let motif =
                    "Saisissez une date qui existe, sous la forme jour/mois/année, par exemple 13/03/2024.";
                defauts.push(("jour", motif.to_owned()));
            }
            for (champ, lue) in [("debut", debut), ("fin", fin)] {
                if lue.is_none() {
                    defauts.push((champ, "Saisissez une heure, par exemple 9:00 ou 17:30.".to_owned()));
                }
            }
            let a_distance = retient(&mut defauts, "a_distance", lit_oui_non(&mot(3)));
            jour.zip(debut).zip(fin).map(|((jour, debut), fin)| {
                let a_distance = a_distance.unwrap_or(false);
                Modification::Journee(id, JourneeSaisie { jour, debut, fin, a_distance, ou: mot(4) })
            })
        }
        Partie::Chef | Partie::Contacts => None,
    };
    if let Some(m) = &lue {
        for (champ, motif) in m.fautes() {
            if defauts.iter().all(|(c, _)| *c != champ) {
                defauts.push((champ, motif));
            }
        }
    }
    (lue, defauts)
}

/// A line of a list as it is shown.
fn lisible(p: Partie, dites: &[String]) -> String {
    let mot = |i: usize| dites.get(i).map_or("", String::as_str);
    match p {
        Partie::Sites => {
            let position =
                if mot(4).is_empty() { String::new() } else { format!(" ({} ; {})", mot(4), mot(5)) };
            format!("{} – {}, {} {}{position}", mot(0), mot(1), mot(2), mot(3))
        }
        Partie::Journees => {
            let lieu = if mot(3) == oui_non(true) { "à distance, " } else { "" };
            format!("{}, de {} à {} : {lieu}{}", mot(0), mot(1), mot(2), mot(4))
        }
        _ => mot(0).to_owned(),
    }
}

/// What tells a line of a list that says no identifier: the name, or the day and the hour.
fn cle(p: Partie, dites: &[String]) -> String {
    let mot = |i: usize| dites.get(i).map_or("", String::as_str);
    match (p, parse_jour(mot(0)), lit_heure(mot(1))) {
        (Partie::Journees, Some(jour), Some(debut)) => format!("{jour} {debut}"),
        _ => normalize_header(mot(0)),
    }
}

/// A site or a component, by the cells of its line.
fn lieu(id: &str, dites: &[String]) -> Lieu {
    let mot = |i: usize| dites.get(i).map_or("", String::as_str);
    let ou = if dites.len() > 3 { format!("{}, {}", mot(1), mot(3)) } else { String::new() };
    (id.to_owned(), mot(0).to_owned(), ou)
}

/// A place that is there already, as the file leaves it; none for one that it takes away.
fn tenu(l: &Existante, ecritures: &[Ecriture]) -> Option<Lieu> {
    for e in ecritures {
        match &e.modification {
            Modification::RetirerSite(id) | Modification::RetirerComposante(id) if *id == l.id => {
                return None;
            }
            m @ (Modification::Site(Some(id), _) | Modification::Composante(Some(id), _)) if *id == l.id => {
                return Some(lieu(&l.id, &cellules(m)));
            }
            _ => {}
        }
    }
    Some(lieu(&l.id, &l.cellules))
}

/// Where the columns of a sheet are.
struct Entetes {
    uai: usize,
    id: Option<usize>,
    /// One a column of the sheet, in their order; none for one that the file has not.
    champs: Vec<Option<usize>>,
}

/// A line of a list that comes back.
struct Venue {
    numero: u64,
    id: String,
    /// One a column; none for one that the file has not.
    dites: Vec<Option<String>>,
}

impl Venue {
    /// Nothing is typed in it: the line is not there. One that names a line is, unless it has every column.
    fn is_vide(&self) -> bool {
        let entiere = self.id.is_empty() || self.dites.iter().all(Option::is_some);
        entiere && self.dites.iter().flatten().all(String::is_empty)
    }

    fn cellules(&self) -> Vec<String> {
        self.dites.iter().map(|d| d.clone().unwrap_or_default()).collect()
    }
}

struct Lecteur<'m> {
    maisons: &'m [Maison],
    fautes: Vec<FauteFichier>,
    voulues: BTreeMap<usize, Voulue>,
    nommees: BTreeSet<usize>,
    /// Those that their own sheet names.
    decrites: BTreeSet<usize>,
    /// The places that lines add to each, those of a faulty line included: courses may name them.
    nouveaux: BTreeMap<usize, Vec<(Partie, Lieu)>>,
}

/// What the sheets of a file ask for, and what is wrong with them. `max`: changes of one file.
pub(in super::super) fn lit(
    maisons: &[Maison],
    feuilles: &[FeuilleLue],
    max: i64,
) -> (Plan, Vec<FauteFichier>) {
    let mut l = Lecteur {
        maisons,
        fautes: Vec::new(),
        voulues: BTreeMap::new(),
        nommees: BTreeSet::new(),
        decrites: BTreeSet::new(),
        nouveaux: BTreeMap::new(),
    };
    // An establishment that its own sheet names has those of its lines that a list still has.
    for quoi in Feuille::ALL {
        let mut siennes = feuilles.iter().filter(|f| Feuille::of_nom(&f.nom) == Some(quoi));
        if let Some(f) = siennes.next() {
            l.feuille(quoi, f, max);
        }
        // A second list would take away the lines of the first one.
        for f in siennes {
            l.faute(None, (&f.nom, 1), "", FEUILLE_DOUBLE);
        }
    }
    let lieux = l.lieux();
    let combien: usize = l.voulues.values().map(|v| v.ecritures.len()).sum();
    if i64::try_from(combien).is_ok_and(|n| n > max) {
        let premiere = l.voulues.values().flat_map(|v| &v.ecritures).map(|e| e.feuille.clone()).next();
        let motif = format!(
            "Un fichier change {} lignes des établissements au plus : envoyez-le en plusieurs fois.",
            nombre(max)
        );
        l.faute(None, (&premiere.unwrap_or_default(), 1), "", motif);
        // Nor are they tried out.
        l.voulues.clear();
    }
    (Plan { voulues: l.voulues.into_iter().collect(), nommees: l.nommees, lieux }, l.fautes)
}

impl Lecteur<'_> {
    /// The places of each establishment once the file is applied, by its key.
    fn lieux(&self) -> HashMap<i64, LieuxApres> {
        let mut lieux = HashMap::with_capacity(self.maisons.len());
        for (place, maison) in self.maisons.iter().enumerate() {
            let ecritures = self.voulues.get(&place).map_or(&[][..], |v| v.ecritures.as_slice());
            let nouveaux = self.nouveaux.get(&place).map_or(&[][..], Vec::as_slice);
            let apres = |p: Partie| -> Vec<Lieu> {
                let siens = nouveaux.iter().filter(|(sienne, _)| *sienne == p).map(|(_, l)| l.clone());
                maison.lignes(p).iter().filter_map(|l| tenu(l, ecritures)).chain(siens).collect()
            };
            let siens = LieuxApres::new(apres(Partie::Sites), apres(Partie::Composantes));
            lieux.insert(maison.ligne.etablissement_id, siens);
        }
        lieux
    }

    fn faute(
        &mut self,
        place: Option<usize>,
        (feuille, ligne): (&str, u64),
        colonne: &str,
        motif: impl Into<String>,
    ) {
        let faute = Faute { ligne, colonne: colonne.to_owned(), motif: motif.into() };
        let formation = place.map_or_else(String::new, |i| self.maisons[i].nom());
        let feuille = feuille.to_owned();
        self.fautes.push(FauteFichier { feuille, formation, faute, page: None });
    }

    fn feuille(&mut self, quoi: Feuille, f: &FeuilleLue, max: i64) {
        if self.maisons.is_empty() {
            let motif = "Votre rôle ne permet pas de décrire l’établissement : retirez cette feuille.";
            self.faute(None, (&f.nom, 1), "", motif);
            return;
        }
        let Some(entetes) = self.entetes(quoi, f) else { return };
        let lignes_max = max.saturating_mul(LIGNES);
        if i64::try_from(f.lignes.len()).is_ok_and(|n| n > lignes_max) {
            let motif = format!("Cette feuille a trop de lignes : {} au plus.", nombre(lignes_max));
            self.faute(None, (&f.nom, 1), "", motif);
            return;
        }
        match quoi {
            Feuille::Etablissement => self.etablissements(quoi, f, &entetes),
            // Without a column to read, no line says anything, and none is taken away.
            Feuille::Liste(_) if entetes.champs.iter().all(Option::is_none) => {}
            // Its lines would be matched with none, and all of them taken away.
            Feuille::Liste(_)
                if entetes.id.is_none() && entetes.champs.first().is_some_and(Option::is_none) =>
            {
                let nom = quoi.colonnes().first().map_or("", |c| c.libelle);
                let motif = format!(
                    "La colonne « {} » ou « {nom} » manque : reprenez le fichier exporté.",
                    IDENTITE[2]
                );
                self.faute(None, (&f.nom, 1), nom, motif);
            }
            Feuille::Liste(p) => self.liste(p, f, &entetes),
        }
    }

    fn entetes(&mut self, quoi: Feuille, f: &FeuilleLue) -> Option<Entetes> {
        let (numero, titres) = f.lignes.first()?;
        let normaux: Vec<String> = titres.iter().map(|t| normalize_header(t)).collect();
        let place = |titre: &str| normaux.iter().position(|n| *n == normalize_header(titre));
        let Some(uai) = place(IDENTITE[0]) else {
            let motif = "La colonne « UAI » manque : partez du fichier exporté.";
            self.faute(None, (&f.nom, *numero), IDENTITE[0], motif);
            return None;
        };
        let siennes = quoi.colonnes();
        let champs = siennes.iter().map(|c| place(c.libelle)).collect();
        let id = matches!(quoi, Feuille::Liste(_)).then(|| place(IDENTITE[2])).flatten();
        for (i, normal) in normaux.iter().enumerate().filter(|(_, n)| !n.is_empty()) {
            let connue = quoi.identite().iter().any(|t| normalize_header(t) == *normal)
                || siennes.iter().any(|c| normalize_header(c.libelle) == *normal);
            if !connue {
                self.faute(None, (&f.nom, *numero), &titres[i], COLONNE_INCONNUE);
            } else if normaux[..i].contains(normal) {
                self.faute(None, (&f.nom, *numero), &titres[i], COLONNE_DOUBLE);
            }
        }
        Some(Entetes { uai, id, champs })
    }

    /// The establishment of a line.
    fn place(&mut self, f: &FeuilleLue, (numero, lues): &(u64, Vec<String>), e: &Entetes) -> Option<usize> {
        let uai = lues.get(e.uai).map_or("", |t| t.trim());
        let place = self.maisons.iter().position(|m| m.ligne.uai.eq_ignore_ascii_case(uai));
        if let Some(place) = place {
            self.nommees.insert(place);
        } else {
            let motif =
                format!("« {uai} » n’est l’UAI d’aucun établissement que vous décrivez pour cette session.");
            self.faute(None, (&f.nom, *numero), IDENTITE[0], motif);
        }
        place
    }

    fn etablissements(&mut self, quoi: Feuille, f: &FeuilleLue, e: &Entetes) {
        for ligne in f.lignes.iter().skip(1) {
            let Some(place) = self.place(f, ligne, e) else { continue };
            let ou = (f.nom.as_str(), ligne.0);
            if !self.decrites.insert(place) {
                self.faute(Some(place), ou, IDENTITE[0], "Cet établissement est déjà sur une autre ligne.");
                continue;
            }
            let mut reste = lit_ligne(&ligne.1, e);
            for p in quoi.parties() {
                let suite = reste.split_off(colonnes(p).len());
                let dites = std::mem::replace(&mut reste, suite);
                let avant = self.maisons[place].cellules(p);
                let Some(m) = self.demande(place, p, ou, Some(("", avant.as_slice())), &dites) else {
                    continue;
                };
                let apres = cellules(&m);
                let changees = colonnes(p).iter().zip(avant.iter().zip(&apres));
                let changees = changees.filter(|(_, (avant, apres))| avant != apres);
                let differences = changees.map(|(c, (a, b))| Difference {
                    champ: c.libelle,
                    avant: a.clone(),
                    apres: b.clone(),
                    retirees: Vec::new(),
                });
                let voulue = self.voulues.entry(place).or_default();
                voulue.differences.extend(differences);
                voulue.ecritures.push(ecriture(ou, p, m, None));
            }
        }
    }

    /// What a line asks for: another text somewhere, whatever its spaces or its way of writing a number. Its faults are told.
    fn demande(
        &mut self,
        place: usize,
        p: Partie,
        (feuille, ligne): (&str, u64),
        existante: Option<(&str, &[String])>,
        dites: &[Option<String>],
    ) -> Option<Modification> {
        let vide = String::new();
        let avant = |i: usize| existante.and_then(|(_, c)| c.get(i)).unwrap_or(&vide);
        // A spreadsheet gives a number with its point.
        let net = |i: usize, d: &str| match colonnes(p).get(i) {
            Some(c) if c.nature == Nature::Degres => d.replace('.', ","),
            _ => d.to_owned(),
        };
        let change = |i: usize, d: &str| !meme_texte(avant(i), &net(i, d), feuille);
        let voulu: Vec<String> = dites
            .iter()
            .enumerate()
            .map(|(i, d)| d.as_ref().filter(|d| change(i, d)).unwrap_or_else(|| avant(i)).clone())
            .collect();
        if existante.is_some_and(|(_, c)| c == voulu) {
            return None;
        }
        let id = existante.map(|(id, _)| id).filter(|id| !id.is_empty());
        let (lue, defauts) = lit_cellules(p, id, &voulu);
        if !defauts.is_empty() {
            for (champ, motif) in defauts {
                self.faute(Some(place), (feuille, ligne), libelle(p, champ), motif);
            }
            return None;
        }
        let net = lue?.net().ok()?;
        let meme = existante.is_some_and(|(_, c)| c == cellules(&net));
        (!meme).then_some(net)
    }

    /// The lines of a list replace those of each establishment that the file names, here or on its own sheet.
    fn liste(&mut self, p: Partie, f: &FeuilleLue, e: &Entetes) {
        let mut venues: BTreeMap<usize, Vec<Venue>> =
            self.decrites.iter().map(|place| (*place, Vec::new())).collect();
        for ligne in f.lignes.iter().skip(1) {
            let Some(place) = self.place(f, ligne, e) else { continue };
            let id = e.id.and_then(|i| ligne.1.get(i)).map_or("", |t| t.trim()).to_owned();
            let venue = Venue { numero: ligne.0, id, dites: lit_ligne(&ligne.1, e) };
            venues.entry(place).or_default().push(venue);
        }
        for (place, siennes) in venues {
            self.liste_de(place, p, &f.nom, &siennes);
        }
    }

    fn liste_de(&mut self, place: usize, p: Partie, feuille: &str, venues: &[Venue]) {
        let maisons = self.maisons;
        let existantes = maisons[place].lignes(p);
        let (prises, justes) = self.rapproche(place, p, feuille, venues);
        let mut apres: Vec<Option<String>> =
            existantes.iter().map(|l| Some(lisible(p, &l.cellules))).collect();
        let mut nouvelles = Vec::new();
        let mut ecritures = Vec::new();
        for (v, prise) in venues.iter().zip(&prises) {
            let ou = (feuille, v.numero);
            let existante = prise.map(|i| (existantes[i].id.as_str(), existantes[i].cellules.as_slice()));
            if v.is_vide() {
                continue;
            }
            let demandee = self.demande(place, p, ou, existante, &v.dites);
            let nommable = prise.is_none() && matches!(p, Partie::Sites | Partie::Composantes);
            let provisoire = nommable.then(|| provisoire(place, p, v.numero));
            if let Some(id) = &provisoire {
                let dites = demandee.as_ref().map_or_else(|| v.cellules(), cellules);
                self.nouveaux.entry(place).or_default().push((p, lieu(id, &dites)));
            }
            let Some(m) = demandee else { continue };
            let dite = lisible(p, &cellules(&m));
            match prise {
                Some(i) => apres[*i] = Some(dite),
                None => nouvelles.push(dite),
            }
            ecritures.push(Ecriture { provisoire, ..ecriture(ou, p, m, None) });
        }
        let mut retirees = Vec::new();
        for (i, l) in existantes.iter().enumerate().filter(|(_, l)| !l.passee) {
            let dite = venues.iter().zip(&prises).any(|(v, prise)| *prise == Some(i) && !v.is_vide());
            if justes
                && !dite
                && let Some(m) = retrait(p, l)
            {
                let dite = lisible(p, &l.cellules);
                ecritures.push(ecriture((feuille, 1), p, m, Some(dite.clone())));
                retirees.push(dite);
                apres[i] = None;
            }
        }
        if ecritures.is_empty() {
            return;
        }
        let avant: Vec<String> = existantes.iter().map(|l| lisible(p, &l.cellules)).collect();
        let apres: Vec<String> = apres.into_iter().flatten().chain(nouvelles).collect();
        let voulue = self.voulues.entry(place).or_default();
        let (avant, apres) = (avant.join("\n"), apres.join("\n"));
        voulue.differences.push(Difference { champ: p.libelle(), avant, apres, retirees });
        voulue.ecritures.extend(ecritures);
    }

    /// Which line that is stored each line is, by its identifier, else by what tells it; none: a new one. And whether every identifier
    /// is right: what a wrong one is about is not missing.
    fn rapproche(
        &mut self,
        place: usize,
        p: Partie,
        feuille: &str,
        venues: &[Venue],
    ) -> (Vec<Option<usize>>, bool) {
        let maisons = self.maisons;
        let existantes = maisons[place].lignes(p);
        let mut prises: Vec<Option<usize>> = vec![None; venues.len()];
        let mut libres = vec![true; existantes.len()];
        let mut justes = true;
        for (n, v) in venues.iter().enumerate().filter(|(_, v)| !v.id.is_empty()) {
            let motif = match existantes.iter().position(|l| l.id == v.id) {
                Some(i) if libres[i] => {
                    libres[i] = false;
                    prises[n] = Some(i);
                    continue;
                }
                Some(_) => "Cet identifiant est déjà sur une autre ligne.".to_owned(),
                None => format!(
                    "« {} » n’est l’identifiant d’aucune ligne de cet établissement : videz la cellule pour en ajouter une.",
                    v.id
                ),
            };
            self.faute(Some(place), (feuille, v.numero), IDENTITE[2], motif);
            justes = false;
        }
        let cles: Vec<String> = existantes.iter().map(|l| cle(p, &l.cellules)).collect();
        let memes = |v: &Venue, i: usize, combien: usize| {
            let mut paires = v.dites.iter().zip(&existantes[i].cellules).take(combien);
            paires.all(|(dite, stockee)| dite.as_ref() == Some(stockee))
        };
        let tete = if p == Partie::Journees { 2 } else { 1 };
        // The very same line first, then the very same name: « Site A-1 » is not « Site A1 » while both are there.
        for combien in [Some(colonnes(p).len()), Some(tete), None] {
            for (n, v) in venues.iter().enumerate().filter(|(_, v)| v.id.is_empty() && !v.is_vide()) {
                if prises[n].is_some() {
                    continue;
                }
                let dite = cle(p, &v.cellules());
                let sienne = |i: &usize| match combien {
                    _ if !libres[*i] => false,
                    Some(combien) => memes(v, *i, combien),
                    None => cles[*i] == dite,
                };
                if let Some(i) = (0..cles.len()).find(sienne) {
                    libres[i] = false;
                    prises[n] = Some(i);
                }
            }
        }
        (prises, justes)
    }
}

fn ecriture(
    (feuille, ligne): (&str, u64),
    partie: Partie,
    m: Modification,
    retiree: Option<String>,
) -> Ecriture {
    Ecriture { feuille: feuille.to_owned(), ligne, partie, modification: m, retiree, provisoire: None }
}

fn retrait(p: Partie, l: &Existante) -> Option<Modification> {
    let id = l.id.clone();
    match p {
        Partie::Composantes => Some(Modification::RetirerComposante(id)),
        Partie::Sites => Some(Modification::RetirerSite(id)),
        Partie::Journees => Some(Modification::RetirerJournee(id)),
        _ => None,
    }
}

/// The cells of a line, one a column of its sheet.
fn lit_ligne(lues: &[String], e: &Entetes) -> Vec<Option<String>> {
    let lue = |i: &Option<usize>| i.map(|i| lues.get(i).map_or("", |t| t.trim()).to_owned());
    e.champs.iter().map(lue).collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::{date, time};

    use super::*;

    #[test]
    fn r_eta_14_days_and_hours_are_read_as_people_and_spreadsheets_write_them() {
        for saisi in ["03/02/2024", "2024-02-03", "3/2/2024"] {
            assert_eq!(parse_jour(saisi), Some(date(2024, 2, 3)), "{saisi}");
        }
        for saisi in ["9:00", "09:00", "9h", "9 h 00", "09:00:00", "1899-12-31 09:00:00"] {
            assert_eq!(lit_heure(saisi), Some(time(9, 0, 0, 0)), "{saisi}");
        }
        assert_eq!(lit_heure("17 h 30"), Some(time(17, 30, 0, 0)));
        for faux in ["", "25:00", "midi", "9:75"] {
            assert_eq!(lit_heure(faux), None, "{faux}");
        }
        assert_eq!(parse_jour("31/02/2024"), None);
    }

    #[test]
    fn r_eta_14_everything_that_is_wrong_with_a_line_is_told_at_once() {
        let dites = |mots: &[&str]| mots.iter().map(|m| (*m).to_owned()).collect::<Vec<String>>();
        let champs = |p, mots: &[&str]| {
            lit_cellules(p, None, &dites(mots)).1.into_iter().map(|(c, _)| c).collect::<Vec<_>>()
        };
        let accueil = ["", "", "rien", "12", "Dortoir", "beaucoup", "peut-être"];
        let attendus =
            ["internat", "internat_places", "boursiers", "referent_courriel", "referent_telephone"];
        assert_eq!(champs(Partie::Accueil, &accueil), attendus);
        assert_eq!(
            champs(Partie::Journees, &["hier", "tôt", "", "loin", ""]),
            ["jour", "debut", "fin", "a_distance"]
        );
        assert_eq!(
            champs(Partie::Sites, &["", "", "8", "", "95", "2"]),
            ["nom", "adresse", "code_postal", "commune", "latitude"]
        );
        assert_eq!(champs(Partie::Contacts, &["x"]), [""; 0]);
    }
}
