//! The figures of a course for one session, under the technical names of the data set.

use serde::{Deserialize, Serialize};

use crate::valeurs::Taux;

/// A count of the data set: its column and its place in [`Chiffres`].
pub struct Compteur {
    pub colonne: &'static str,
    pub get: fn(&Chiffres) -> Option<u32>,
    pub(super) slot: fn(&mut Chiffres) -> &mut Option<u32>,
}

/// A rate of the data set: its column, the other names of that column in some sessions, its place.
pub struct ColonneTaux {
    pub colonne: &'static str,
    pub alias: &'static [&'static str],
    pub get: fn(&Chiffres) -> Option<Taux>,
    pub(super) slot: fn(&mut Chiffres) -> &mut Option<Taux>,
}

macro_rules! chiffres {
    (
        compteurs { $($(#[$doc_c:meta])* $compteur:ident,)* }
        taux { $($(#[$doc_t:meta])* $taux:ident $(| $alias:literal)*,)* }
    ) => {
        /// Figures of one course for one session. Absent = not published for that session, « nd » or empty.
        ///
        /// Suffixes: `_f` women, `_bg` `_bt` `_bp` general, technological and vocational baccalauréat, `_at` others,
        /// `_brs` scholarship holders, `pp` and `pc` main and complementary phase.
        #[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(default)]
        pub struct Chiffres {
            $($(#[$doc_c])* #[serde(skip_serializing_if = "Option::is_none")] pub $compteur: Option<u32>,)*
            $($(#[$doc_t])* #[serde(skip_serializing_if = "Option::is_none")] pub $taux: Option<Taux>,)*
        }

        impl Chiffres {
            /// Every count.
            pub const COMPTEURS: &'static [Compteur] = &[
                $(Compteur {
                    colonne: stringify!($compteur),
                    get: |c| c.$compteur,
                    slot: |c| &mut c.$compteur,
                },)*
            ];
            /// Every rate.
            pub const TAUX: &'static [ColonneTaux] = &[
                $(ColonneTaux {
                    colonne: stringify!($taux),
                    alias: &[$($alias),*],
                    get: |c| c.$taux,
                    slot: |c| &mut c.$taux,
                },)*
            ];
        }
    };
}

chiffres! {
    compteurs {
        /// Candidates in all.
        voe_tot,
        voe_tot_f,
        /// Candidates in the main phase.
        nb_voe_pp,
        /// Of whom asking for a boarding place.
        nb_voe_pp_internat,
        nb_voe_pp_bg,
        nb_voe_pp_bg_brs,
        nb_voe_pp_bt,
        nb_voe_pp_bt_brs,
        nb_voe_pp_bp,
        nb_voe_pp_bp_brs,
        nb_voe_pp_at,
        /// Candidates in the complementary phase.
        nb_voe_pc,
        nb_voe_pc_bg,
        nb_voe_pc_bt,
        nb_voe_pc_bp,
        nb_voe_pc_at,
        /// Candidates ranked in the main phase.
        nb_cla_pp,
        nb_cla_pc,
        nb_cla_pp_internat,
        nb_cla_pp_pasinternat,
        nb_cla_pp_bg,
        nb_cla_pp_bg_brs,
        nb_cla_pp_bt,
        nb_cla_pp_bt_brs,
        nb_cla_pp_bp,
        nb_cla_pp_bp_brs,
        nb_cla_pp_at,
        /// Candidates who received a proposal.
        prop_tot,
        prop_tot_bg,
        prop_tot_bg_brs,
        prop_tot_bt,
        prop_tot_bt_brs,
        prop_tot_bp,
        prop_tot_bp_brs,
        prop_tot_at,
        /// Candidates who accepted.
        acc_tot,
        acc_tot_f,
        acc_pp,
        acc_pc,
        /// Who had received the proposal on the opening day.
        acc_debutpp,
        /// Before the baccalauréat.
        acc_datebac,
        /// Before the end of the main phase.
        acc_finpp,
        acc_internat,
        acc_brs,
        acc_neobac,
        acc_bg,
        acc_bt,
        acc_bp,
        acc_at,
        acc_mention_nonrenseignee,
        acc_sansmention,
        acc_ab,
        acc_b,
        acc_tb,
        acc_tbf,
        acc_bg_mention,
        acc_bt_mention,
        acc_bp_mention,
        /// From the same establishment.
        acc_term,
        acc_term_f,
        /// From the same academy.
        acc_aca_orig,
        acc_aca_orig_idf,
    }
    taux {
        pct_acc_debutpp,
        pct_acc_datebac,
        pct_acc_finpp,
        pct_f,
        pct_aca_orig,
        pct_aca_orig_idf,
        pct_etab_orig,
        pct_bours,
        pct_neobac,
        pct_mention_nonrenseignee,
        pct_sansmention,
        pct_ab,
        pct_b,
        pct_tb,
        pct_tbf,
        pct_bg,
        pct_bg_mention,
        pct_bt,
        pct_bt_mention,
        pct_bp,
        pct_bp_mention,
        /// Access rate.
        taux_acces_ens | "taux_adm_psup",
        part_acces_gen | "taux_adm_psup_gen",
        part_acces_tec | "taux_adm_psup_techno",
        part_acces_pro | "taux_adm_psup_pro",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_is_its_own() {
        let mut chiffres = Chiffres::default();
        for (n, compteur) in (1u32..).zip(Chiffres::COMPTEURS) {
            *(compteur.slot)(&mut chiffres) = Some(n);
        }
        for (n, compteur) in (1u32..).zip(Chiffres::COMPTEURS) {
            assert_eq!((compteur.get)(&chiffres), Some(n), "{}", compteur.colonne);
        }
        for (n, taux) in (1u16..).zip(Chiffres::TAUX) {
            *(taux.slot)(&mut chiffres) = Some(Taux(n));
        }
        for (n, taux) in (1u16..).zip(Chiffres::TAUX) {
            assert_eq!((taux.get)(&chiffres), Some(Taux(n)), "{}", taux.colonne);
        }
    }

    #[test]
    fn survives_json() {
        let chiffres = Chiffres { voe_tot: Some(136), pct_bours: Some(Taux(8800)), ..Chiffres::default() };
        let json = serde_json::to_string(&chiffres).unwrap();
        assert_eq!(json, r#"{"voe_tot":136,"pct_bours":8800}"#);
        assert_eq!(serde_json::from_str::<Chiffres>(&json).unwrap(), chiffres);
    }
}
