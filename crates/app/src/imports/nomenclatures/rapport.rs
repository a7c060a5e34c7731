//! What an import of nomenclatures says: to a person in French, to a machine in JSON.

use std::collections::HashMap;
use std::fmt::Write as _;

use files::Releve;
use serde::Serialize;
use store::nomenclatures::{LigneType, TypeImport};

use super::super::rapport::{REFUS, conclusion, ecrit_releve};
use super::relier::Liens;
use crate::messages::nombre;

/// What was read of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FichierLu {
    /// Its name.
    pub fichier: String,
    /// Types, faulty ones included.
    pub lus: u64,
    /// Faults and warnings with their place.
    pub releve: Releve,
}

/// The report of an import of nomenclatures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RapportNomenclatures {
    /// Year of the session that takes the types.
    pub session: i64,
    /// Written to the base.
    pub applique: bool,
    /// The faults refused the files: nothing was compared.
    pub refuse: bool,
    /// Types that the session did not have.
    pub types_ajoutes: u64,
    /// Types whose label or texts change.
    pub types_modifies: u64,
    /// Types that the session has as they are.
    pub types_inchanges: u64,
    /// Types of the session that the file does not have: left as they are.
    pub types_absents: u64,
    /// Types that say what is expected.
    pub avec_attendus: u64,
    /// Texts of a type that the list does not have: left out.
    pub textes_sans_type: usize,
    /// The courses of the session and their drafts.
    pub liens: Liens,
    /// In the order given.
    pub fichiers: Vec<FichierLu>,
}

/// The wanted types beside those of the session.
pub(super) struct Comparaison<'v> {
    pub nouveaux: Vec<&'v TypeImport>,
    pub modifies: Vec<(i64, &'v TypeImport)>,
    /// What the session will have; the key of a new one is 0.
    pub types: Vec<LigneType>,
}

fn ligne(id: i64, t: &TypeImport) -> LigneType {
    LigneType {
        id,
        code: t.code,
        code_sans_apprentissage: t.code_sans_apprentissage,
        sigle: t.sigle.clone(),
        libelle: t.libelle.clone(),
        apprentissage: t.apprentissage.into(),
        las: t.las.into(),
        attendus: t.attendus.clone(),
        specialites: t.specialites.clone(),
        source: t.source.clone(),
        maj_le: 0,
    }
}

impl RapportNomenclatures {
    /// Labels without a type that the text shows; all are in the JSON.
    const MAX_LIBELLES: usize = 30;

    pub(super) fn new(session: i64, fichiers: impl Iterator<Item = FichierLu>) -> Self {
        Self {
            session,
            applique: false,
            refuse: false,
            types_ajoutes: 0,
            types_modifies: 0,
            types_inchanges: 0,
            types_absents: 0,
            avec_attendus: 0,
            textes_sans_type: 0,
            liens: Liens::default(),
            fichiers: fichiers.collect(),
        }
    }

    /// Lines at fault, both files.
    pub fn fautes(&self) -> u64 {
        self.fichiers.iter().map(|f| f.releve.total_fautes).sum()
    }

    pub(super) fn compare<'v>(
        &mut self,
        voulus: &'v [TypeImport],
        connus: Vec<LigneType>,
    ) -> Comparaison<'v> {
        let mut restent: HashMap<i64, LigneType> = connus.into_iter().map(|t| (t.code, t)).collect();
        let mut c = Comparaison { nouveaux: Vec::new(), modifies: Vec::new(), types: Vec::new() };
        for t in voulus {
            self.avec_attendus += u64::from(!t.attendus.is_empty());
            match restent.remove(&t.code) {
                None => {
                    self.types_ajoutes += 1;
                    c.nouveaux.push(t);
                    c.types.push(ligne(0, t));
                }
                Some(connu) if ligne(connu.id, t) == (LigneType { maj_le: 0, ..connu.clone() }) => {
                    self.types_inchanges += 1;
                    c.types.push(connu);
                }
                Some(connu) => {
                    self.types_modifies += 1;
                    c.modifies.push((connu.id, t));
                    c.types.push(ligne(connu.id, t));
                }
            }
        }
        self.types_absents = restent.len() as u64;
        c.types.extend(restent.into_values());
        c.types.sort_by_key(|t| t.code);
        c
    }

    /// Whether something is, or would be, written.
    pub fn change(&self) -> bool {
        self.types_ajoutes + self.types_modifies + self.liens.types_poses + self.liens.remplis > 0
    }

    /// Success for a script: applied, or nothing wrong to say.
    pub fn reussi(&self) -> bool {
        !self.refuse
    }

    /// The counts, as the table of imports and the journal keep them.
    pub(super) fn compte(&self) -> serde_json::Value {
        let l = &self.liens;
        serde_json::json!({
            "types_ajoutes": self.types_ajoutes, "types_modifies": self.types_modifies,
            "formations": l.formations, "par_code": l.par_code, "par_libelle": l.par_libelle,
            "sans_type": l.total_sans_type(), "types_poses": l.types_poses,
            "remplis": l.remplis, "identiques": l.identiques, "autres": l.autres, "fautes": self.fautes(),
        })
    }

    /// The last line of every report.
    pub fn derniere_ligne(&self) -> String {
        let n = |n: u64| nombre(i64::try_from(n).unwrap_or(i64::MAX));
        let l = &self.liens;
        format!(
            "{} types lus, {} ajoutés, {} modifiés, {} inchangés ; {} formations, {} avec un type ; {} brouillons remplis, \
             {} fautes",
            n(self.fichiers.first().map_or(0, |f| f.lus)),
            n(self.types_ajoutes),
            n(self.types_modifies),
            n(self.types_inchanges),
            n(l.formations),
            n(l.par_code + l.par_libelle),
            n(l.remplis),
            n(self.fautes())
        )
    }

    /// The report for a person.
    pub fn texte(&self) -> String {
        let mut t = String::new();
        for f in &self.fichiers {
            // Writing to a String cannot fail.
            let _ = writeln!(t, "Fichier « {} » : {} types", f.fichier, f.lus);
            ecrit_releve(&mut t, &f.releve);
        }
        if !self.refuse {
            self.compare_texte(&mut t);
        }
        let fin = if self.refuse { REFUS } else { conclusion(self.applique, self.change(), true) };
        let _ = writeln!(t, "{fin}");
        t.push_str(&self.derniere_ligne());
        t
    }

    fn compare_texte(&self, t: &mut String) {
        let l = &self.liens;
        let n = |n: u64| nombre(i64::try_from(n).unwrap_or(i64::MAX));
        let _ = writeln!(
            t,
            "Session {} : {} types ont des attendus nationaux.",
            self.session,
            n(self.avec_attendus)
        );
        if self.textes_sans_type > 0 {
            let _ = writeln!(t, "{} textes sont ceux d’un type absent de la liste.", self.textes_sans_type);
        }
        if self.types_absents > 0 {
            let absents = n(self.types_absents);
            let _ = writeln!(
                t,
                "{absents} types de la session ne sont pas dans le fichier : ils restent en l’état."
            );
        }
        let _ = writeln!(
            t,
            "Formations de la session : {}, dont {} reconnues par leur code, {} par leur libellé, {} sans type.",
            n(l.formations),
            n(l.par_code),
            n(l.par_libelle),
            n(l.total_sans_type())
        );
        let mut libelles: Vec<(&String, u64)> = l.sans_type.iter().map(|(nom, n)| (nom, *n)).collect();
        libelles.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
        for (libelle, formations) in libelles.iter().take(Self::MAX_LIBELLES) {
            let _ = writeln!(t, "    sans type : « {libelle} » ({})", n(*formations));
        }
        if libelles.len() > Self::MAX_LIBELLES {
            let reste = libelles.len() - Self::MAX_LIBELLES;
            let _ = writeln!(t, "    … et {reste} autres libellés (--json en donne la liste).");
        }
        let verbe = if self.applique { "ont été remplis" } else { "seront remplis" };
        let _ = writeln!(
            t,
            "Attendus des brouillons : {} {verbe}, {} disent déjà le texte national, {} disent autre chose.",
            n(l.remplis),
            n(l.identiques),
            n(l.autres)
        );
        for nom in &l.montres {
            let _ = writeln!(t, "    autre texte : {nom}");
        }
        let reste = l.autres - l.montres.len() as u64;
        if reste > 0 {
            let _ = writeln!(t, "    … et {} autres brouillons.", n(reste));
        }
    }
}
