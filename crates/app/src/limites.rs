//! Every number of `securite.md` in one structure, validated at start-up, never copied into the code.

use domain::comptes::DelaisInactivite;

/// Limits of accounts, sessions, forms and messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limites {
    /// SES-2: (idle minutes, total hours) by audience.
    pub session_nationale: (i64, i64),
    /// Accounts of establishments; those of académies have the national limits.
    pub session_etablissement: (i64, i64),
    /// Longer idle time, for the evening when admission opens.
    pub session_candidat: (i64, i64),
    /// LIM-1: failures before waiting, per account from an unknown network.
    pub echecs_avant_attente: u32,
    /// Failures in 24 hours beyond which one waits until the oldest is a day old.
    pub echecs_par_jour: u32,
    /// First wait in seconds; doubles up to the maximum.
    pub attente_initiale_s: u64,
    /// In seconds.
    pub attente_maximale_s: u64,
    /// SEC-8: attempts of a second factor before the sign-in attempt is destroyed.
    pub essais_second_facteur: u32,
    /// LIM-5, CPT-5: minutes or hours of validity of links.
    pub lien_oubli_min: i64,
    /// Hours: address to prove by a candidate.
    pub lien_inscription_h: i64,
    /// Hours: password to choose by an invited person.
    pub lien_invitation_h: i64,
    /// LIM-5: mails of reset per address.
    pub oublis_par_heure: i64,
    /// In 24 hours.
    pub oublis_par_jour: i64,
    /// CPT-7: days without a sign-in after which an account is pointed out to its administrator.
    pub compte_inactif_jours: i64,
    /// LIM-6: hours between a change of address and the withdrawal of a factor.
    pub ecart_facteur_adresse_h: i64,
    /// CPT-7.
    pub inactivite: DelaisInactivite,
    /// TRX-2.
    pub idempotence_h: i64,
    /// ENT-1.
    pub formulaire_octets: usize,
    /// Fields of a form.
    pub champs: usize,
    /// Characters of a long text.
    pub texte_long: usize,
    /// A reason given for an act on somebody's account or on the calendar: at least, in characters…
    pub motif_min: usize,
    /// … and at most.
    pub motif: usize,
    /// Bytes of an uploaded file.
    pub fichier_octets: usize,
    /// JOU-3: entries after which a head of the journal is signed.
    pub journal_tete_entrees: i64,
    /// JOU-3: minutes after which it is signed at the latest.
    pub journal_tete_min: i64,
    /// JOU-4: days that an entry is kept.
    pub journal_retention_j: i64,
    /// JOU-5: period, in minutes, over which readings, failures and sign-ins are counted.
    pub alarme_fenetre_min: i64,
    /// JOU-5: records read by one account beyond which the alarm is given.
    pub alarme_dossiers: i64,
    /// LIM-2: failures beyond which a network gives the alarm…
    pub alarme_echecs: i64,
    /// … when they are on more different accounts than this.
    pub alarme_comptes: i64,
    /// JOU-5: hours after which a network where an account was seen is known.
    pub alarme_reseau_connu_h: i64,
    /// MDP-6: waiting hashes beyond which the waiting page answers.
    pub file_hachage: usize,
}

impl Default for Limites {
    fn default() -> Self {
        Self {
            session_nationale: (15, 8),
            session_etablissement: (30, 12),
            session_candidat: (120, 12),
            echecs_avant_attente: 5,
            echecs_par_jour: 25,
            attente_initiale_s: 60,
            attente_maximale_s: 900,
            essais_second_facteur: 5,
            lien_oubli_min: 30,
            lien_inscription_h: 24,
            lien_invitation_h: 72,
            oublis_par_heure: 3,
            oublis_par_jour: 5,
            compte_inactif_jours: 90,
            ecart_facteur_adresse_h: 24,
            inactivite: DelaisInactivite { mois: 13, rappels_jours: [30, 7] },
            idempotence_h: 48,
            formulaire_octets: 256 * 1024,
            champs: 500,
            texte_long: 4_000,
            motif_min: 10,
            motif: 1_000,
            fichier_octets: 50 * 1024 * 1024,
            journal_tete_entrees: 1_000,
            journal_tete_min: 10,
            journal_retention_j: 365,
            alarme_fenetre_min: 10,
            alarme_dossiers: 200,
            alarme_echecs: 100,
            alarme_comptes: 20,
            alarme_reseau_connu_h: 24,
            file_hachage: 200,
        }
    }
}
