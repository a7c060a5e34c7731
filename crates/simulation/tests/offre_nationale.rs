//! The cohort on the real public figures: the tolerances asked for, the limits, the plausibility.
//!
//! `SIMULATION_ECHELLE=1 cargo test -p simulation --test offre_nationale -- --nocapture` draws the whole country.

#[cfg(test)]
mod tests {
    use std::path::PathBuf;
    use std::time::Instant;

    use domain::candidats::TypeBac;
    use domain::formations::{Famille, StatutFormation};
    use simulation::cohorte::{FichierMoyennes, drapeau};
    use simulation::{
        CibleSerie, Cibles, DistributionsMoyennes, FormationSimulee, OffreSimulee, Parametres,
        RapportCohorte, Series, cohorte, rapport,
    };

    /// The folder of public data beside the repository; absent, the tests are skipped, except in continuous integration.
    fn donnees(fichier: &str) -> Option<Vec<u8>> {
        let chemin = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data").join(fichier);
        match std::fs::read(&chemin) {
            Ok(octets) => Some(zstd::decode_all(octets.as_slice()).unwrap()),
            Err(e) => {
                assert!(std::env::var("CI").is_err(), "{fichier}: {e}");
                println!("skipped: {fichier} is absent");
                None
            }
        }
    }

    fn famille(fili: &str) -> Famille {
        match fili {
            "Licence" => Famille::Licence,
            "Licence_Las" => Famille::LicenceLas,
            "PASS" => Famille::Pass,
            "BTS" => Famille::Bts,
            "BUT" => Famille::But,
            "CPGE" => Famille::Cpge,
            "Ecole d'Ingénieur" => Famille::Ingenieur,
            "Ecole de Commerce" => Famille::Commerce,
            "IFSI" => Famille::Ifsi,
            "EFTS" => Famille::Efts,
            _ => Famille::Autre,
        }
    }

    fn groupe(libelle: &str) -> Option<Series> {
        match libelle {
            l if l.starts_with("Bacheliers professionnels") => Some(Series::AUCUNE.avec(TypeBac::Pro)),
            l if l.starts_with("Bacheliers technologiques") => Some(Series::AUCUNE.avec(TypeBac::Techno)),
            _ => None,
        }
    }

    fn offre(annee: u16) -> Option<OffreSimulee> {
        let octets = donnees(&format!("02-statistiques/fr-esr-parcoursup_{annee}.csv.zst"))?;
        let mut lecteur = csv::ReaderBuilder::new().delimiter(b';').from_reader(octets.as_slice());
        let entetes = lecteur.headers().unwrap().clone();
        let col = |nom: &str| entetes.iter().position(|h| h == nom).unwrap_or_else(|| panic!("column {nom}"));
        let nom = [
            "fili",
            "form_lib_voe_acc",
            "fil_lib_voe_acc",
            "dep",
            "g_olocalisation_des_formations",
            "capa_fin",
        ];
        let c = nom.map(col);
        let selectif = col("select_form");
        let series = ["bg", "bt", "bp", "at"].map(|s| {
            let brs = if s == "at" { None } else { Some(col(&format!("nb_voe_pp_{s}_brs"))) };
            (
                col(&format!("nb_voe_pp_{s}")),
                brs,
                col(&format!("nb_cla_pp_{s}")),
                col(&format!("nb_voe_pc_{s}")),
            )
        });
        let (internat, internat_classes) = (col("nb_voe_pp_internat"), col("nb_cla_pp_internat"));
        let libelles = ["lib_grp1", "lib_grp2", "lib_grp3"].map(col);
        let formations = lecteur
            .records()
            .map(|r| {
                let r = r.unwrap();
                let nombre = |i: usize| r[i].parse::<f64>().map_or(0, |x| x as u32);
                let mut cibles = Cibles { internat: nombre(internat), ..Cibles::default() };
                for (cible, (voeux, brs, classes, tard)) in cibles.series.iter_mut().zip(series) {
                    let voeux = nombre(voeux);
                    *cible = CibleSerie {
                        voeux,
                        boursiers: brs.map_or(0, nombre).min(voeux),
                        classes: nombre(classes).min(voeux),
                        complementaires: nombre(tard),
                    };
                }
                cibles.internat_classes = nombre(internat_classes).min(cibles.internat);
                let mut groupes: Vec<Series> = libelles.iter().filter_map(|i| groupe(&r[*i])).collect();
                let autres = TypeBac::ALL
                    .into_iter()
                    .filter(|s| !groupes.iter().any(|g| g.contient(*s)))
                    .fold(Series::AUCUNE, Series::avec);
                groupes.push(autres);
                FormationSimulee {
                    famille: famille(&r[c[0]]),
                    statut: StatutFormation::Etudiant,
                    selective: &r[selectif] == "formation sélective",
                    libelle: format!("{} - {}", &r[c[1]], &r[c[2]]),
                    departement: r[c[3]].to_owned(),
                    position: r[c[4]]
                        .split_once(',')
                        .and_then(|(a, b)| Some((a.trim().parse().ok()?, b.trim().parse().ok()?))),
                    capacite: nombre(c[5]),
                    groupes,
                    cibles,
                }
            })
            .collect();
        Some(OffreSimulee { formations })
    }

    fn verifier(r: &RapportCohorte) {
        assert_eq!((r.doublons, r.hors_limites), (0, 0));
        for m in &r.mesures {
            let p95 = match m.mesure {
                "candidats" | "vœux de phase principale" => 0.05,
                _ => 0.10,
            };
            assert!(m.p95 <= p95, "{m:?}");
            if p95 < 0.1 {
                assert!(r.echelle < 0.05 || m.formations > 1_000, "{m:?}");
                assert!(m.mediane <= 0.01, "{m:?}");
            }
            assert!(m.ecart_max_petites <= 3.0, "{m:?}");
        }
        assert!((11.5..13.5).contains(&r.voeux_par_candidat));
        // In a very small cohort a rare group may be too few for the limits.
        let tolere = if r.echelle < 0.05 { r.voeux / 100 } else { 0 };
        assert!(r.non_places as usize <= tolere, "{}", r.non_places);
        assert!((40.0..90.0).contains(&r.distance_mediane_km), "{}", r.distance_mediane_km);
        assert!(r.echelle < 0.05 || r.part_domaine_majoritaire > 0.65, "{}", r.part_domaine_majoritaire);
    }

    fn tirer(annee: u16) {
        let Some(offre) = offre(annee) else { return };
        let echelle = std::env::var("SIMULATION_ECHELLE").ok().and_then(|e| e.parse().ok()).unwrap_or(0.1);
        let mut parametres = Parametres::new(2024, echelle);
        if let Some(octets) = donnees("09-population/mps_distribution-des-moyennes-des-admis.json.zst") {
            let fichier: FichierMoyennes = serde_json::from_slice(&octets).unwrap();
            parametres.moyennes = DistributionsMoyennes::depuis_fichier(&fichier).unwrap();
        }
        let debut = Instant::now();
        let c = cohorte(&offre, &parametres).unwrap();
        let duree = debut.elapsed();
        let r = rapport(&offre, &c, echelle);
        println!("{annee} at {echelle}: {duree:?}\n{r}");
        verifier(&r);
        // Courses of La Réunion fill on the island, and a BTS recruits nearer than a preparatory class.
        let residents = |choisi: &dyn Fn(&FormationSimulee) -> bool| {
            let (mut tous, mut ici) = (0_u32, 0_u32);
            for (f, d) in c.voeux.formation.iter().zip(&c.voeux.drapeaux) {
                if choisi(&offre.formations[*f as usize]) {
                    tous += 1;
                    ici += u32::from(d & drapeau::RESIDENT != 0);
                }
            }
            f64::from(ici) / f64::from(tous.max(1))
        };
        let reunion = residents(&|f| f.departement == "974");
        let bts = residents(&|f| f.famille == Famille::Bts);
        let cpge = residents(&|f| f.famille == Famille::Cpge);
        println!("residents: La Réunion {reunion:.2}, BTS {bts:.2}, CPGE {cpge:.2}");
        if echelle >= 0.05 {
            assert!(reunion > 0.7 && bts > cpge + 0.1 && bts > 0.4);
        }
    }

    #[test]
    fn margins_of_2024() {
        tirer(2024);
    }

    #[test]
    fn margins_of_2025() {
        tirer(2025);
    }
}
