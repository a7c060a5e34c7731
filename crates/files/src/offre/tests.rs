//! Hand-made files, right and broken.

use std::io::Read;

use domain::formations::Famille;
use proptest::prelude::*;

use super::*;
use crate::valeurs::{Coordonnees, FormeUai, Taux};
use crate::{Limites, Nature, Releve};

const ENTETE: &str = "session;contrat_etab;cod_uai;g_ea_lib_vx;dep;acad_mies;ville_etab;lib_for_voe_ins;select_form;fili;g_olocalisation_des_formations;capa_fin;voe_tot;nb_voe_pp_internat;pct_f;lib_grp1;ran_grp1;list_com;cod_aff_form;lien_form_psup";

const PME: &str = "2023;Privé sous contrat d'association;0031041R;Lycée Anna Rodier;03;Clermont-Ferrand;Moulins;BTS - Services - Gestion de la PME;formation sélective;BTS;46.5666, 3.33573;24;136;;45.0;Autres candidats;12.0;Liste d'appel propre à cette formation;2151;https://dossier.parcoursup.fr/Candidats/public/fiches/afficherFicheFormation?g_ta_cod=2151";

fn read_bytes(octets: impl Read) -> Result<(Vec<LigneOffre>, Bilan), FichierError> {
    let mut lues = Vec::new();
    let bilan = read_offre(octets, "offre.csv", Options::default(), &mut |l| lues.push(l))?;
    Ok((lues, bilan))
}

fn read(lignes: &[&str]) -> (Vec<LigneOffre>, Bilan) {
    let texte = format!("{ENTETE}\r\n{}\r\n", lignes.join("\r\n"));
    read_bytes(texte.as_bytes()).unwrap()
}

/// The line with other cells in the named columns.
fn with(changements: &[(&str, &str)]) -> String {
    let mut cellules: Vec<&str> = PME.split(';').collect();
    for (colonne, valeur) in changements {
        let index = ENTETE.split(';').position(|c| c == *colonne).unwrap();
        cellules[index] = valeur;
    }
    cellules.join(";")
}

/// Columns and reasons of the faults of one line.
fn faults(ligne: &str) -> Vec<(String, String)> {
    let (lues, bilan) = read(&[ligne]);
    assert!(lues.is_empty());
    assert_eq!(bilan.lignes_fautives, 1);
    let fautes = bilan.releve.fautes;
    assert!(fautes.iter().all(|f| f.ligne == 2));
    fautes.into_iter().map(|f| (f.colonne, f.motif)).collect()
}

#[test]
fn reads_a_course() {
    let (lues, bilan) = read(&[PME]);
    assert!(bilan.releve.is_clean(), "{:?}", bilan.releve);
    let [l] = lues.as_slice() else { panic!("{lues:?}") };
    assert_eq!(l.identite, Identite::Nationale(2151));
    assert_eq!((l.session, l.ligne), (2023, 2));
    assert_eq!((l.uai.as_str(), l.forme_uai), ("0031041R", FormeUai::Conforme));
    assert_eq!(l.statut, Some(StatutEtablissement::PriveSousContrat));
    assert_eq!(l.departement.as_deref(), Some("03"));
    assert_eq!(l.academie, Some("06"));
    assert_eq!(l.famille, Famille::Bts);
    assert_eq!(l.selective, Some(true));
    assert_eq!(l.coordonnees, Some(Coordonnees { latitude: 46.5666, longitude: 3.33573 }));
    assert_eq!(l.capacite, Some(24));
    assert_eq!(l.liste_appel, Some(ListeAppel::Propre));
    assert_eq!(
        l.groupes,
        [GroupePublie { libelle: Some("Autres candidats".into()), rang_dernier_appele: Some(12) }]
    );
    assert_eq!(l.chiffres.voe_tot, Some(136));
    assert_eq!(l.chiffres.pct_f, Some(Taux(4500)));
    assert!(!l.internat);
}

#[test]
fn the_link_stands_for_a_missing_code() {
    let ligne = with(&[
        ("cod_aff_form", ""),
        ("lien_form_psup", "https://dossier.parcoursup.fr/Candidat/carte?ACTION=2&g_ti_cod=13&g_ta_cod=14"),
    ]);
    let (lues, _) = read(&[&ligne]);
    assert_eq!(lues[0].identite, Identite::Nationale(14));
    assert_eq!(lues[0].g_ti_cod, Some(13));
}

#[test]
fn without_code_nor_link_the_identity_is_uncertain_but_unique() {
    let ligne = with(&[("cod_aff_form", ""), ("lien_form_psup", "")]);
    let autre = with(&[("cod_aff_form", ""), ("lien_form_psup", ""), ("session", "2022")]);
    let (lues, bilan) = read(&[&ligne, PME, &ligne, &autre]);
    assert!(bilan.releve.is_clean());
    let cles: Vec<String> = lues.iter().map(|l| l.identite.cle()).collect();
    assert_eq!(
        cles,
        [
            "0031041R|BTS - Services - Gestion de la PME|1",
            "2151",
            "0031041R|BTS - Services - Gestion de la PME|2",
            "0031041R|BTS - Services - Gestion de la PME|1",
        ]
    );
    assert_eq!(bilan.releve.par_nature.get(&Nature::IdentiteIncertaine), Some(&3));
}

#[test]
fn a_code_met_twice_is_a_fault_in_one_session_only() {
    let (lues, bilan) = read(&[PME, &with(&[("session", "2022")]), PME]);
    assert_eq!(lues.len(), 2);
    let [faute] = bilan.releve.fautes.as_slice() else { panic!("{:?}", bilan.releve.fautes) };
    assert_eq!((faute.ligne, faute.colonne.as_str()), (4, "cod_aff_form"));
    assert!(faute.motif.contains("ligne 2"), "{}", faute.motif);
}

#[test]
fn missing_identity_is_a_fault_for_each_cell() {
    let colonnes: Vec<String> =
        faults(&with(&[("session", ""), ("cod_uai", ""), ("g_ea_lib_vx", ""), ("lib_for_voe_ins", "")]))
            .into_iter()
            .map(|(colonne, _)| colonne)
            .collect();
    assert_eq!(colonnes, ["session", "cod_uai", "g_ea_lib_vx", "lib_for_voe_ins"]);
}

#[test]
fn impossible_values_are_faults() {
    for (colonne, valeur, extrait) in [
        ("capa_fin", "-3", "négative"),
        ("capa_fin", "beaucoup", "illisible"),
        ("capa_fin", "12.5", "illisible"),
        ("capa_fin", "nd", "illisible"),
        ("capa_fin", "20001", "invraisemblable"),
        ("session", "23", "illisible"),
        ("session", "hier", "illisible"),
        ("cod_aff_form", "21x", "illisible"),
        ("cod_aff_form", "-1", "illisible"),
    ] {
        let trouvees = faults(&with(&[(colonne, valeur)]));
        assert_eq!(trouvees.len(), 1, "{trouvees:?}");
        assert_eq!(trouvees[0].0, colonne);
        assert!(trouvees[0].1.contains(extrait), "{trouvees:?}");
    }
}

#[test]
fn a_label_without_end_is_a_fault() {
    let trouvees = faults(&with(&[("lib_for_voe_ins", &"é".repeat(501))]));
    assert_eq!(trouvees.len(), 1);
    assert!(trouvees[0].1.contains("501 caractères"));
}

#[test]
fn capacities_nought_whole_and_absent() {
    for (ecrite, lue) in [("0", Some(0)), ("20.0", Some(20)), ("20000", Some(20_000)), ("", None)] {
        let (lues, bilan) = read(&[&with(&[("capa_fin", ecrite)])]);
        assert_eq!(lues[0].capacite, lue);
        let absentes = bilan.releve.par_nature.get(&Nature::CapaciteAbsente);
        assert_eq!(absentes.is_some(), lue.is_none());
    }
}

#[test]
fn what_is_not_decisive_is_only_told() {
    for (colonne, valeur, nature) in [
        ("ran_grp1", "nd", Nature::NonDisponible),
        ("voe_tot", "nd", Nature::NonDisponible),
        ("voe_tot", "cent", Nature::ChiffreIllisible),
        ("voe_tot", "-1", Nature::ChiffreIllisible),
        ("pct_f", "101", Nature::ChiffreIllisible),
        ("g_olocalisation_des_formations", "", Nature::SansCoordonnees),
        ("g_olocalisation_des_formations", "146.5, 3.3", Nature::CoordonneesHorsBornes),
        ("cod_uai", "0031041A", Nature::Uai),
        ("cod_uai", "identifiant obsolète", Nature::Uai),
        ("fili", "DEUG", Nature::ValeurInconnue),
        ("select_form", "peut-être", Nature::ValeurInconnue),
        ("contrat_etab", "associatif", Nature::ValeurInconnue),
        ("acad_mies", "Atlantide", Nature::Territoire),
        ("cod_aff_form", "2152", Nature::Discordance),
        ("ville_etab", "Mou\u{1a}lins", Nature::CaractereOte),
    ] {
        let (lues, bilan) = read(&[&with(&[(colonne, valeur)])]);
        assert!(bilan.releve.is_clean(), "{:?}", bilan.releve.fautes);
        assert_eq!(lues.len(), 1);
        assert_eq!(bilan.releve.par_nature.get(&nature), Some(&1), "{colonne} {valeur}");
        let dit = bilan.releve.avertissements.iter().find(|a| a.nature == nature);
        assert_eq!(dit.map(|a| (a.ligne, a.colonne.as_str())), Some((2, colonne)));
    }
}

#[test]
fn a_provisional_establishment_code_is_admitted() {
    let (lues, bilan) = read(&[&with(&[("cod_uai", "t123456a")])]);
    assert_eq!(lues[0].forme_uai, FormeUai::Provisoire);
    assert_eq!(lues[0].uai, "T123456A");
    assert_eq!(bilan.releve.par_nature.get(&Nature::Uai), None);
}

#[test]
fn an_establishment_without_true_code_is_told_by_its_name() {
    let (lues, _) = read(&[
        &with(&[("cod_uai", "identifiant obsolète"), ("cod_aff_form", "1")]),
        &with(&[("cod_uai", "identifiant obsolète"), ("cod_aff_form", "2"), ("g_ea_lib_vx", "Autre")]),
    ]);
    assert_ne!(lues[0].cle_etablissement(), lues[1].cle_etablissement());
}

#[test]
fn corsica_is_cut_in_two_however_it_is_written() {
    for (dep, uai, lu) in [
        ("20", "6200737G", "2A"),
        ("", "7200117P", "2B"),
        ("2b", "0692437Z", "2B"),
        ("003", "0031041R", "03"),
        ("1", "0692437Z", "01"),
    ] {
        let (lues, _) = read(&[&with(&[("dep", dep), ("cod_uai", uai)])]);
        assert_eq!(lues[0].departement.as_deref(), Some(lu), "{dep}");
    }
}

#[test]
fn swapped_lists_of_2024_and_2025_are_put_right_and_told_once() {
    for (session, lue) in [
        ("2023", ListeAppel::Propre),
        ("2024", ListeAppel::Commune),
        ("2025", ListeAppel::Commune),
        ("2026", ListeAppel::Propre),
    ] {
        let autre = with(&[("session", session), ("cod_aff_form", "7"), ("lien_form_psup", "")]);
        let (lues, bilan) = read(&[&with(&[("session", session)]), &autre]);
        assert!(lues.iter().all(|l| l.liste_appel == Some(lue)));
        let dits = bilan.releve.par_nature.get(&Nature::Discordance).copied();
        assert_eq!(dits, (lue == ListeAppel::Commune).then_some(1));
    }
}

#[test]
fn boarding_is_there_when_counted_even_at_nought() {
    let (lues, _) = read(&[&with(&[("nb_voe_pp_internat", "0")])]);
    assert!(lues[0].internat);
}

#[test]
fn columns_missing_without_remedy_refuse_the_file() {
    let erreur = read_bytes("session;ville_etab\n2023;Moulins\n".as_bytes()).unwrap_err();
    let absentes: Vec<&str> = erreur.fautes().iter().map(|f| f.colonne.as_str()).collect();
    assert_eq!(absentes, ["cod_uai", "g_ea_lib_vx", "capa_fin", "lib_for_voe_ins ou form_lib_voe_acc"]);
    assert!(erreur.to_string().contains("offre.csv"));
}

#[test]
fn columns_unknown_or_missing_are_told() {
    let texte = "session;cod_uai;g_ea_lib_vx;capa_fin;form_lib_voe_acc;fil_lib_voe_acc;surprise\n\
                 2018;0692437Z;Lyon 3;11;Licence - Lettres;Russe;?\n";
    let (lues, bilan) = read_bytes(texte.as_bytes()).unwrap();
    assert_eq!(lues[0].intitule(), "Licence - Lettres - Russe");
    assert_eq!(lues[0].departement.as_deref(), Some("69"));
    let inconnues: Vec<&str> = bilan
        .releve
        .avertissements
        .iter()
        .filter(|a| a.nature == Nature::ColonneInconnue)
        .map(|a| a.colonne.as_str())
        .collect();
    assert_eq!(inconnues, ["surprise"]);
    assert!(
        bilan
            .releve
            .avertissements
            .iter()
            .any(|a| a.colonne == "cod_aff_form" && a.nature == Nature::ColonneAbsente)
    );
}

#[test]
fn faults_and_warnings_are_all_counted_and_the_first_kept() {
    let fautive = with(&[("capa_fin", "x")]);
    let lignes: Vec<&str> = std::iter::repeat_n(fautive.as_str(), 2_500).collect();
    let (_, bilan) = read(&lignes);
    assert_eq!(bilan.releve.total_fautes, 2_500);
    assert_eq!(bilan.releve.fautes.len(), Releve::MAX);
    assert_eq!(bilan.lignes_fautives, 2_500);
}

#[test]
fn many_nd_do_not_hide_another_warning() {
    let mut lignes: Vec<String> = (1..=3_000)
        .map(|n| with(&[("voe_tot", "nd"), ("cod_aff_form", &n.to_string()), ("lien_form_psup", "")]))
        .collect();
    lignes.push(with(&[("cod_aff_form", "9999"), ("lien_form_psup", ""), ("fili", "DEUG")]));
    let lignes: Vec<&str> = lignes.iter().map(String::as_str).collect();
    let (_, bilan) = read(&lignes);
    assert_eq!(bilan.releve.par_nature.get(&Nature::NonDisponible), Some(&3_000));
    assert!(bilan.releve.avertissements.len() <= Releve::MAX);
    assert!(bilan.releve.avertissements.iter().any(|a| a.nature == Nature::ValeurInconnue));
}

#[test]
fn progress_reaches_the_size_of_the_file() {
    let texte = format!("{ENTETE}\n{PME}\n");
    let taille = texte.len() as u64;
    let mut derniere = None;
    let mut suivre = |p| derniere = Some(p);
    let options = Options { taille: Some(taille), progression: Some(&mut suivre), ..Options::default() };
    read_offre(texte.as_bytes(), "offre.csv", options, &mut |_| {}).unwrap();
    assert_eq!(derniere, Some(crate::Progression { lus: taille, total: Some(taille) }));
}

#[test]
fn the_number_of_lines_is_bounded() {
    let texte =
        format!("{ENTETE}\n{}\n{}\n{}\n", PME, with(&[("session", "2022")]), with(&[("session", "2021")]));
    let options = Options { limites: Limites { lignes: 2, ..Limites::default() }, ..Options::default() };
    let erreur = read_offre(texte.as_bytes(), "offre.csv", options, &mut |_| {}).unwrap_err();
    assert_eq!(erreur.code(), "trop_de_lignes");
}

proptest! {
    /// Whatever is broken in a right file, each line is either handed over or faulty.
    #[test]
    fn no_damage_panics_nor_loses_a_line(
        degats in proptest::collection::vec((0usize..1_000, any::<u8>()), 1..6),
    ) {
        let mut octets = format!("{ENTETE}\n{PME}\n{PME}\n").into_bytes();
        let taille = octets.len();
        for (position, octet) in degats {
            octets[position % taille] = octet;
        }
        if let Ok((lues, bilan)) = read_bytes(&octets[..]) {
            prop_assert_eq!(bilan.lignes_valides, lues.len() as u64);
            prop_assert_eq!(bilan.lignes_lues, bilan.lignes_valides + bilan.lignes_fautives);
            prop_assert_eq!(bilan.lignes_fautives > 0, !bilan.releve.is_clean());
        }
    }
}
