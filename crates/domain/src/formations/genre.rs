//! Kinds of courses: a family, and where a family mixes several diplomas, the one that the label of the course names. What a course
//! has to say depends on it.

use super::{Famille, normalise_recherche};

/// Kind of course, as its settings tell it apart: it has fields and a template of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Genre {
    /// The family of the same name.
    Licence,
    /// The family of the same name.
    LicenceLas,
    /// The family of the same name.
    Pass,
    /// The family of the same name, complementary courses apart.
    Bts,
    /// The family of the same name.
    But,
    /// « Licence professionnelle », entered after the baccalauréat: three years.
    LicencePro,
    /// The family of the same name.
    Cpge,
    /// « Cycle pluridisciplinaire d’études supérieures »: a lycée and a university together, three years.
    Cpes,
    /// The family of the same name.
    Ingenieur,
    /// « Cursus master en ingénierie »: a licence then a master with more, five years at a university.
    Cmi,
    /// The family of the same name.
    Commerce,
    /// Nursing alone.
    Ifsi,
    /// The other health professions taught after the baccalauréat: occupational therapy, speech therapy…
    Paramedical,
    /// The family of the same name.
    Efts,
    /// National schools of architecture.
    Architecture,
    /// Institutes of political studies.
    Iep,
    /// « Diplôme national des métiers d’art et du design ».
    DnMade,
    /// Schools of art: « diplôme national d’art » and diplomas of these schools.
    Art,
    /// « Diplôme d’études universitaires scientifiques et techniques ».
    Deust,
    /// « Diplôme de comptabilité et de gestion ».
    Comptabilite,
    /// « Certificat de spécialisation », « mention complémentaire », « formation complémentaire d’initiative locale ».
    Specialisation,
    /// Diplomas of sport and youth work: BPJEPS, DEJEPS.
    Sport,
    /// A year or two that prepare for other courses.
    Preparation,
    /// Whatever is named nowhere else.
    Autre,
}

/// How a label begins, each word between spaces; the first that fits is right.
const DEBUTS: &[(&str, Genre)] = &[
    (" annee preparatoire ", Genre::Preparation),
    (" mise a niveau ", Genre::Preparation),
    (" classe de mise a niveau ", Genre::Preparation),
    (" classe preparatoire aux etudes superieures ", Genre::Preparation),
    (" classe d approfondissement ", Genre::Preparation),
    (" preparation ", Genre::Preparation),
    (" cupge ", Genre::Preparation),
    (" diplome d universite pareo ", Genre::Preparation),
    (" licence professionnelle ", Genre::LicencePro),
    // « CPES » alone also names the classes that prepare for higher education.
    (" cycle pluridisciplinaire d etudes superieures ", Genre::Cpes),
    (" cpes cycle pluridisciplinaire ", Genre::Cpes),
    (" c m i ", Genre::Cmi),
    (" cmi ", Genre::Cmi),
    (" cursus master en ingenierie ", Genre::Cmi),
    (" cursus de master en ingenierie ", Genre::Cmi),
    (" certificat de specialisation ", Genre::Specialisation),
    (" mention complementaire ", Genre::Specialisation),
    (" fcil ", Genre::Specialisation),
    (" formation complementaire d initiative locale ", Genre::Specialisation),
    (" dn made ", Genre::DnMade),
    (" diplome national des metiers d art ", Genre::DnMade),
    (" diplome national d art ", Genre::Art),
    (" dna ", Genre::Art),
    (" formation des ecoles superieure d art ", Genre::Art),
    (" formation des ecoles superieures d art ", Genre::Art),
    (" deust ", Genre::Deust),
    (" diplome de comptabilite et de gestion ", Genre::Comptabilite),
    (" dcg ", Genre::Comptabilite),
    (" bpjeps ", Genre::Sport),
    (" dejeps ", Genre::Sport),
    (" brevet professionnel de la jeunesse ", Genre::Sport),
    (" diplome d etat de la jeunesse ", Genre::Sport),
    (" architecture ", Genre::Architecture),
    (" bicursus architecture ", Genre::Architecture),
    (" formations bac 5 architecture ", Genre::Architecture),
    (" formations bac 5 bicursus architecture ", Genre::Architecture),
    (" institut d etudes politiques ", Genre::Iep),
    (" instituts d etudes politiques ", Genre::Iep),
    (" formation d ingenieur ", Genre::Ingenieur),
    (" titre d ingenieur ", Genre::Ingenieur),
    (" diplome d ingenieur ", Genre::Ingenieur),
];

/// Words that name a diploma wherever they stand: what comes before says its ministry, or that it is a « D.E ».
const NOMS: &[(&str, Genre)] = &[
    (" sciences po ", Genre::Iep),
    (" infirmier ", Genre::Ifsi),
    (" infirmiere ", Genre::Ifsi),
    (" ergotherapeute ", Genre::Paramedical),
    (" psychomotricien ", Genre::Paramedical),
    (" pedicure podologue ", Genre::Paramedical),
    (" audioprothesiste ", Genre::Paramedical),
    (" orthophoniste ", Genre::Paramedical),
    (" orthoptiste ", Genre::Paramedical),
    (" electroradiologie ", Genre::Paramedical),
    (" imagerie medicale ", Genre::Paramedical),
    (" technicien de laboratoire medical ", Genre::Paramedical),
    (" educateur specialise ", Genre::Efts),
    (" educateur technique specialise ", Genre::Efts),
    (" educateur de jeunes enfants ", Genre::Efts),
    (" assistant de service social ", Genre::Efts),
    (" conseiller en economie sociale familiale ", Genre::Efts),
];

/// A label as it is compared: each word between spaces, without accents.
pub(super) fn mots(libelle: &str) -> String {
    format!(" {} ", normalise_recherche(libelle))
}

impl Genre {
    /// Every kind, in display order.
    pub const ALL: [Self; 24] = [
        Self::Licence,
        Self::LicenceLas,
        Self::Pass,
        Self::Bts,
        Self::But,
        Self::LicencePro,
        Self::Cpge,
        Self::Cpes,
        Self::Ingenieur,
        Self::Cmi,
        Self::Commerce,
        Self::Ifsi,
        Self::Paramedical,
        Self::Efts,
        Self::Architecture,
        Self::Iep,
        Self::DnMade,
        Self::Art,
        Self::Deust,
        Self::Comptabilite,
        Self::Specialisation,
        Self::Sport,
        Self::Preparation,
        Self::Autre,
    ];

    /// That of a family whose label says nothing more.
    pub const fn of_famille(famille: Famille) -> Self {
        match famille {
            Famille::Licence => Self::Licence,
            Famille::LicenceLas => Self::LicenceLas,
            Famille::Pass => Self::Pass,
            Famille::Bts => Self::Bts,
            Famille::But => Self::But,
            Famille::Cpge => Self::Cpge,
            Famille::Ingenieur => Self::Ingenieur,
            Famille::Commerce => Self::Commerce,
            Famille::Ifsi => Self::Ifsi,
            Famille::Efts => Self::Efts,
            Famille::Autre => Self::Autre,
        }
    }

    /// R-FOR-22: that of a course, by its family and its label. A family that is one diploma is not contradicted by a label: public
    /// files put certificates beside the BTS, and other health professions beside nursing.
    pub fn of(famille: Famille, libelle: &str) -> Self {
        let sien = Self::of_famille(famille);
        if !matches!(sien, Self::Bts | Self::Ifsi | Self::Autre) {
            return sien;
        }
        let mots = mots(libelle);
        let nomme = DEBUTS
            .iter()
            .find(|(debut, _)| mots.starts_with(*debut))
            .or_else(|| NOMS.iter().find(|(nom, _)| mots.contains(*nom)))
            .map(|(_, genre)| *genre);
        match (sien, nomme) {
            (Self::Bts, Some(Self::Specialisation)) => Self::Specialisation,
            (Self::Ifsi, Some(Self::Paramedical)) => Self::Paramedical,
            (Self::Autre, Some(genre)) => genre,
            _ => sien,
        }
    }

    /// Stable code, used by programs.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Licence => Famille::Licence.code(),
            Self::LicenceLas => Famille::LicenceLas.code(),
            Self::Pass => Famille::Pass.code(),
            Self::Bts => Famille::Bts.code(),
            Self::But => Famille::But.code(),
            Self::LicencePro => "licence_pro",
            Self::Cpge => Famille::Cpge.code(),
            Self::Cpes => "cpes",
            Self::Ingenieur => Famille::Ingenieur.code(),
            Self::Cmi => "cmi",
            Self::Commerce => Famille::Commerce.code(),
            Self::Ifsi => Famille::Ifsi.code(),
            Self::Paramedical => "paramedical",
            Self::Efts => Famille::Efts.code(),
            Self::Architecture => "architecture",
            Self::Iep => "iep",
            Self::DnMade => "dn_made",
            Self::Art => "art",
            Self::Deust => "deust",
            Self::Comptabilite => "comptabilite",
            Self::Specialisation => "specialisation",
            Self::Sport => "sport",
            Self::Preparation => "preparation",
            Self::Autre => Famille::Autre.code(),
        }
    }

    /// French label shown on screen.
    pub const fn libelle(self) -> &'static str {
        match self {
            Self::Licence => Famille::Licence.libelle(),
            Self::LicenceLas => Famille::LicenceLas.libelle(),
            Self::Pass => Famille::Pass.libelle(),
            Self::Bts => Famille::Bts.libelle(),
            Self::But => Famille::But.libelle(),
            Self::LicencePro => "Licence professionnelle",
            Self::Cpge => Famille::Cpge.libelle(),
            Self::Cpes => "Cycle pluridisciplinaire d’études supérieures (CPES)",
            Self::Ingenieur => Famille::Ingenieur.libelle(),
            Self::Cmi => "Cursus master en ingénierie (CMI)",
            Self::Commerce => Famille::Commerce.libelle(),
            Self::Ifsi => Famille::Ifsi.libelle(),
            Self::Paramedical => "Formation paramédicale",
            Self::Efts => Famille::Efts.libelle(),
            Self::Architecture => "École d’architecture",
            Self::Iep => "Sciences Po et IEP",
            Self::DnMade => "DN MADE",
            Self::Art => "École supérieure d’art",
            Self::Deust => "DEUST",
            Self::Comptabilite => "Comptabilité et gestion (DCG)",
            Self::Specialisation => "Certificat de spécialisation et formation complémentaire",
            Self::Sport => "Sport et animation (BPJEPS, DEJEPS)",
            Self::Preparation => "Année ou cycle préparatoire",
            Self::Autre => Famille::Autre.libelle(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn r_for_22_a_label_names_its_diploma_where_the_family_does_not() {
        use Famille as F;
        for (famille, libelle, genre) in [
            (F::Autre, "DN MADE - Mention graphisme", Genre::DnMade),
            (F::Autre, "Diplôme National d’Art - Option design", Genre::Art),
            (F::Autre, "Sciences Po / Instituts d'études politiques - Sciences Humaines", Genre::Iep),
            (F::Autre, "Double diplôme  Sciences Po Lyon (Grade Master)", Genre::Iep),
            (F::Autre, "Préparation au concours IEP", Genre::Preparation),
            (F::Autre, "Architecture", Genre::Architecture),
            (F::Autre, "Formations Bac + 5 - Bicursus Architecture Ingénieur", Genre::Architecture),
            (F::Autre, "Diplôme d’établissement - Architecture d’intérieur", Genre::Autre),
            (F::Autre, "DEUST - Métiers de la forme", Genre::Deust),
            (F::Autre, "DCG - Diplôme de comptabilité et de gestion", Genre::Comptabilite),
            (F::Autre, "Diplôme de Comptabilité et de Gestion", Genre::Comptabilite),
            (F::Autre, "BPJEPS - Activités de la forme", Genre::Sport),
            (F::Autre, "FCIL - Soudure", Genre::Specialisation),
            (F::Autre, "Certificat de Spécialisation - Aide à domicile", Genre::Specialisation),
            (F::Bts, "Certificat de Spécialisation Agricole - Apiculture", Genre::Specialisation),
            (F::Bts, "BTS - Services - Tourisme", Genre::Bts),
            (F::Ifsi, "D.E secteur sanitaire - D.E Infirmier", Genre::Ifsi),
            (F::Ifsi, "D.E secteur sanitaire - D.E Ergothérapeute", Genre::Paramedical),
            (F::Autre, "Certificat de capacité d'Orthophoniste", Genre::Paramedical),
            (F::Autre, "D.E manipulateur/trice en électroradiologie médicale", Genre::Paramedical),
            (F::Autre, "Diplôme d’État d’éducateur spécialisé", Genre::Efts),
            (F::Efts, "D.E secteur social - D.E Assistant de service social", Genre::Efts),
            (F::Licence, "Licence - Sciences Po et droit", Genre::Licence),
            (F::Autre, "C.M.I - Cursus Master en Ingénierie - Physique, chimie", Genre::Cmi),
            (F::Autre, "Cursus de Master en Ingénierie : Biologie systémique du végétal", Genre::Cmi),
            (F::Licence, "Acoustique - parcours Cursus de Master en Ingénierie (CMI)", Genre::Licence),
            (F::Autre, "Cycle pluridisciplinaire d'Études Supérieures - Sciences et société", Genre::Cpes),
            (F::Autre, "CPES - Cycle pluridisciplinaire d'Études Supérieures - Sciences", Genre::Cpes),
            (F::Autre, "Classe préparatoire aux études supérieures - Arts", Genre::Preparation),
            (F::Autre, "Licence professionnelle - Bio-industries et biotechnologies", Genre::LicencePro),
            (
                F::Autre,
                "Diplôme d'Université - PAREO - ORA - s'Orienter, Réfléchir et Agir",
                Genre::Preparation,
            ),
            (F::Autre, "Diplôme d'Université - Diplôme intensif de Russe", Genre::Autre),
            (F::Autre, "", Genre::Autre),
        ] {
            assert_eq!(Genre::of(famille, libelle), genre, "{libelle}");
        }
    }

    #[test]
    fn r_for_22_a_kind_has_a_code_and_a_label_of_its_own() {
        let codes: HashSet<&str> = Genre::ALL.iter().map(|g| g.code()).collect();
        let libelles: HashSet<&str> = Genre::ALL.iter().map(|g| g.libelle()).collect();
        assert_eq!((codes.len(), libelles.len()), (Genre::ALL.len(), Genre::ALL.len()));
        for f in Famille::ALL {
            assert_eq!((Genre::of_famille(f).code(), Genre::of(f, "")), (f.code(), Genre::of_famille(f)));
        }
    }
}
