//! Every number of `securite.md` in one structure, validated at start-up, never copied into the code.

use domain::apprentissage::SeuilRetraits;
use domain::assistance::BornesReponses;
use domain::comptes::DelaisInactivite;
use domain::formations::Seuils;
use domain::interfaces::jetons::DureesJeton;
use files::dessin::BornesImage;

/// Milliseconds of a day.
pub const JOUR_MS: i64 = 86_400_000;

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
    /// LIM-1: (failures before waiting, failures a day) from a known network.
    pub echecs_reseau_connu: (u32, u32),
    /// The same from a known browser.
    pub echecs_navigateur_connu: (u32, u32),
    /// LIM-2: failures of one network in ten minutes beyond which each attempt waits.
    pub bourrage_echecs: i64,
    /// LIM-2: accounts of those failures.
    pub bourrage_comptes: i64,
    /// LIM-2: what each attempt then waits, in milliseconds.
    pub bourrage_delai_ms: u64,
    /// LIM-3: rate of failures, as a multiple of the median of the week, that turns the reinforced mode on.
    pub renfort_multiple: i64,
    /// LIM-3: failures in ten minutes below which nothing is concluded.
    pub renfort_echecs: i64,
    /// LIM-3: median below which the week counts as this much, in hundredths.
    pub renfort_taux_pour_cent: i64,
    /// TPS-5: milliseconds by which the clocks of the node and of the database may differ.
    pub ecart_horloge_ms: i64,
    /// SEC-1: days that a second step holds.
    pub confirmation_jours: i64,
    /// SEC-2: networks kept for an account.
    pub reseaux_connus: i64,
    /// LIM-1: browsers kept for an account.
    pub navigateurs_connus: i64,
    /// SEC-3: minutes that a form waits for a confirmation.
    pub demande_gardee_min: i64,
    /// SEC-3: forms that wait at once for one account.
    pub demandes_gardees: i64,
    /// SES-3: days that what is typed and not saved waits for its author, counted from its last change.
    pub brouillon_jours: i64,
    /// SES-3: forms of which one account keeps what is not saved; beyond, the oldest goes.
    pub brouillons: i64,
    /// SES-3: bytes of what is kept of one form.
    pub brouillon_octets: usize,
    /// §10: (what one account has kept of its forms in a minute, and at once).
    pub brouillons_par_minute: (u32, u32),
    /// SES-4: sessions that one account may hold open at once.
    pub sessions_paralleles: i64,
    /// Passkeys of one account.
    pub cles_par_compte: usize,
    /// LIM-1: days after which a browser not used is unknown again.
    pub navigateur_jours: i64,
    /// SES-3: hours after its end during which a session is still known, to keep what is sent from its pages.
    pub session_finie_h: i64,
    /// SEC-5: days after the first sign-in.
    pub facteur_fort_jours: i64,
    /// HAB-7: minutes that a second step holds for sensitive acts.
    pub acte_sensible_min: i64,
    /// SEC-7: minutes that a code sent holds.
    pub code_envoye_min: i64,
    /// SEC-8: attempts of a second factor before the sign-in attempt is destroyed.
    pub essais_second_facteur: u32,
    /// SEC-8: failures in 24 hours, by all means.
    pub echecs_second_facteur_par_jour: u32,
    /// SEC-9: recovery codes given at once.
    pub codes_secours: usize,
    /// SEC-9: fewer left than this, and the holder is reminded.
    pub codes_secours_rappel: i64,
    /// SEC-10: codes sent to one account in a minute.
    pub codes_par_minute: i64,
    /// SEC-10: in an hour.
    pub codes_par_heure: i64,
    /// SEC-10: in a day.
    pub codes_par_jour: i64,
    /// SEC-10: SMS of the whole platform in an hour.
    pub sms_par_heure: i64,
    /// SES-3: seconds before the end of a session when its holder is told.
    pub avis_expiration_s: i64,
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
    /// Minutes without opening the home after which the next time is another visit.
    pub visite_min: i64,
    /// Minutes between two mails that tell the same person of the same conversation.
    pub avis_fil_min: i64,
    /// Hours between two mails that tell the same person of what they have not read in the Fil info.
    pub resume_h: i64,
    /// R-SEA-06: hours before the beginning of a webinar from which its address is shown.
    pub seance_lien_h: i64,
    /// R-SEA-07: hours before an information session when its reminder leaves.
    pub seance_rappel_h: i64,
    /// R-SEA-10: days after an information session of the public site when the addresses of who registered are forgotten.
    pub seance_adresses_jours: i64,
    /// LIM-5: mails of registration that one address receives in an hour, whatever the sessions…
    pub seance_liens_par_heure: i64,
    /// … and in a day.
    pub seance_liens_par_jour: i64,
    /// People of an information session noted on one page.
    pub seance_presences: usize,
    /// Courses of the file of the offer read from the base at a time.
    pub offre_lot: i64,
    /// Seconds during which caches keep the file of the offer without asking again.
    pub offre_cache_s: u32,
    /// R-ASS-08: questions that one account may ask in a day of the campaign.
    pub assistance_par_jour: i64,
    /// R-ASS-14: messages that one account may add to its questions in a day of the campaign.
    pub assistance_complements_par_jour: i64,
    /// Messages of a question on one page.
    pub assistance_messages: i64,
    /// R-ASS-13: texts that a cell keeps to answer with.
    pub assistance_reponses: BornesReponses,
    /// R-ASS-07: days after its closing during which a question is opened again.
    pub assistance_reouverture_jours: i64,
    /// R-ASS-09: days without anything new after which a question is deleted.
    pub assistance_conservation_jours: i64,
    /// R-API-03: how long a token of a program may last.
    pub jetons: DureesJeton,
    /// Tokens in force that one establishment may have.
    pub jetons_par_etablissement: usize,
    /// Days before its end when the pages warn that a token expires.
    pub jetons_avis_jours: i64,
    /// R-API-05: days that a call of a program is kept.
    pub appels_jours: i64,
    /// R-API-09: sandboxes opened in a day by an installation that offers them.
    pub bacs_a_sable_par_jour: i64,
    /// R-API-08: subscriptions that one token may have.
    pub abonnements_par_jeton: usize,
    /// R-API-06: entries of the journal of which events are made at a time.
    pub evenements_lot: i64,
    /// R-API-07: hours during which a message is tried…
    pub livraison_h: i64,
    /// … and messages given up in a row after which the subscription is suspended.
    pub livraisons_abandonnees: i64,
    /// Messages delivered at once by one node…
    pub livraisons_simultanees: i64,
    /// … and those of one token.
    pub livraisons_par_jeton: i64,
    /// Days that a delivery is kept.
    pub livraisons_jours: i64,
    /// R-API-09: times that a sandbox is put back to its beginning in an hour.
    pub remises_a_zero_par_heure: u32,
    /// Refusals of one token that are written down in a minute.
    pub refus_api: u32,
    /// §10: reads of one token in a minute…
    pub lectures_api: u32,
    /// … and its writes.
    pub ecritures_api: u32,
    /// R-APP-05: removals in one day above which a flow of the catalogue of apprenticeship is not believed.
    pub retraits_apprentissage: SeuilRetraits,
    /// R-IMP-11: files of one day of the catalogue, sent from a page.
    pub journee_fichiers: usize,
    /// R-ADM-16: explanations of their wishes that one candidate may ask for in a day of the campaign…
    pub explications_par_jour: i64,
    /// … and days that one is kept: the record makes it again.
    pub explications_jours: i64,
    /// Days during which an establishment that was reminded is not reminded again.
    pub relance_jours: i64,
    /// R-ACC-02: days after which what waits for an academic service is late.
    pub attente_jours: i64,
    /// Days before the end of a step from which what is missing is late.
    pub retard_jours: i64,
    /// Establishments chosen for one reminder, and those of a batch of a reminder to a whole perimeter.
    pub relances: usize,
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
    /// ENT-1: bytes of a document of reference.
    pub document_octets: usize,
    /// ENT-1: the image of a signature, as it may be sent and as it is kept.
    pub signature: BornesImage,
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
    /// Records read by one account in that period, since its last second step, beyond which another is asked.
    pub dossiers_avant_confirmation: i64,
    /// Files with names that one account may take away in an hour…
    pub exports_par_heure: i64,
    /// … and in a day.
    pub exports_par_jour: i64,
    /// Such files under way at once on one node…
    pub exports_simultanes: usize,
    /// … and seconds that the next one waits for its turn.
    pub export_attente_s: u64,
    /// §10: (pages of one account in a minute, and at once).
    pub pages: (u32, u32),
    /// §10: (forms and files sent by one account in a minute, and at once).
    pub ecritures: (u32, u32),
    /// §10: searches of courses by one network in a minute.
    pub recherches_par_minute: u32,
    /// §10: files of rankings or delegations sent by one account in an hour.
    pub imports_par_heure: u32,
    /// §10: answers to propositions by one account in a minute.
    pub reponses_par_minute: u32,
    /// JOU-5: hours that a network must have been confirmed for an export from it to be ordinary: that of a thief is as
    /// young as the theft.
    pub alarme_reseau_connu_h: i64,
    /// WEB-4: seconds to send the headers of a request.
    pub entetes_s: u64,
    /// WEB-4: seconds to send its body, however small…
    pub corps_s: u64,
    /// … and bytes that a second more is worth.
    pub corps_octets_s: u64,
    /// WEB-4: seconds to answer.
    pub reponse_s: u64,
    /// The same for a file sent or taken away, and for what concerns everybody at once.
    pub reponse_longue_s: u64,
    /// WEB-4: seconds that a statement of a page may last.
    pub sql_ecran_s: u64,
    /// WEB-4: connections served at once by one node…
    pub connexions: usize,
    /// … of one address…
    pub connexions_par_adresse: usize,
    /// … and those that wait; the next one is closed.
    pub connexions_en_file: usize,
    /// MDP-6: waiting hashes beyond which the waiting page answers.
    pub file_hachage: usize,
    /// MDP-6: threads that hash; 0: one less than the machine has cores.
    pub hachage_coeurs: usize,
    /// MDP-6: how far these threads stand behind those that answer pages, as `nice` counts (0 to 19).
    pub hachage_courtoisie: i32,
    /// MDP-6: sign-ins that may be at the database at once, below the connections that it has.
    pub connexions_base: usize,
    /// MDP-4: memory of Argon2id, in KiB. A production never goes below [`Limites::HACHAGE_PLANCHER_KIO`].
    pub hachage_memoire_kio: u32,
    /// MDP-4: passes of Argon2id.
    pub hachage_passes: u32,
    /// Courses of which the description is read or written by one act, one file included.
    pub lot_formations: i64,
    /// R-DOC-01: courses of one printed document; an establishment with more has volumes. Measured by `cargo xtask bench documents`.
    pub volume_formations: i64,
    /// R-ETA-03: days before and after today within which a change of head is told.
    pub chef_jours: u32,
    /// R-VIE-11: days that an accepted request gives, when whoever accepts says no other, to complete and submit its course…
    pub suite_demande_jours: u32,
    /// … and at most.
    pub suite_demande_jours_max: u32,
    /// R-CAP-01 to 04 and 07: capacities that are read again, measured by `cargo xtask campagne capacites`.
    pub vraisemblance: Seuils,
    /// Seconds during which what the session before says of a type is not read again; it no longer moves.
    pub reperes_s: i64,
}

impl Limites {
    /// ASVS floor of Argon2id with one lane: memory…
    pub const HACHAGE_PLANCHER_KIO: u32 = 19_456;
    /// … and passes.
    pub const HACHAGE_PLANCHER_PASSES: u32 = 2;

    /// LIM-2: whether so many failures, of so many accounts, slow a network down.
    pub(crate) fn is_stuffing(&self, echecs: i64, comptes: i64) -> bool {
        echecs > self.bourrage_echecs && comptes > self.bourrage_comptes
    }
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
            echecs_reseau_connu: (10, 50),
            echecs_navigateur_connu: (10, 100),
            bourrage_echecs: 100,
            bourrage_comptes: 20,
            bourrage_delai_ms: 2_000,
            renfort_multiple: 5,
            renfort_echecs: 50,
            renfort_taux_pour_cent: 2,
            ecart_horloge_ms: 2_000,
            confirmation_jours: 30,
            reseaux_connus: 10,
            navigateurs_connus: 10,
            demande_gardee_min: 30,
            demandes_gardees: 5,
            brouillon_jours: 30,
            brouillons: 20,
            brouillon_octets: 128 * 1024,
            brouillons_par_minute: (30, 10),
            sessions_paralleles: 5,
            cles_par_compte: 10,
            navigateur_jours: 365,
            session_finie_h: 12,
            facteur_fort_jours: 14,
            acte_sensible_min: 15,
            code_envoye_min: 10,
            essais_second_facteur: 5,
            echecs_second_facteur_par_jour: 25,
            codes_secours: 10,
            codes_secours_rappel: 3,
            codes_par_minute: 1,
            codes_par_heure: 3,
            codes_par_jour: 8,
            sms_par_heure: 2_000,
            avis_expiration_s: 120,
            lien_oubli_min: 30,
            lien_inscription_h: 24,
            lien_invitation_h: 72,
            oublis_par_heure: 3,
            oublis_par_jour: 5,
            compte_inactif_jours: 90,
            ecart_facteur_adresse_h: 24,
            inactivite: DelaisInactivite { mois: 13, rappels_jours: [30, 7] },
            visite_min: 30,
            avis_fil_min: 60,
            resume_h: 24,
            seance_lien_h: 3,
            seance_rappel_h: 24,
            seance_adresses_jours: 15,
            seance_liens_par_heure: 6,
            seance_liens_par_jour: 12,
            seance_presences: 200,
            offre_lot: 1_000,
            offre_cache_s: 300,
            assistance_par_jour: 10,
            assistance_complements_par_jour: 20,
            assistance_messages: 50,
            assistance_reponses: BornesReponses { nombre: 100, caracteres: 1_500 },
            assistance_reouverture_jours: 15,
            assistance_conservation_jours: 400,
            jetons: DureesJeton { jours: 400, jours_sensible: 92 },
            jetons_par_etablissement: 20,
            jetons_avis_jours: 15,
            appels_jours: 400,
            bacs_a_sable_par_jour: 50,
            abonnements_par_jeton: 10,
            evenements_lot: 500,
            livraison_h: 48,
            livraisons_abandonnees: 10,
            livraisons_simultanees: 32,
            livraisons_par_jeton: 4,
            livraisons_jours: 30,
            remises_a_zero_par_heure: 20,
            refus_api: 60,
            lectures_api: 6_000,
            ecritures_api: 600,
            retraits_apprentissage: SeuilRetraits { libres: 10, centiemes: 20 },
            journee_fichiers: 20,
            explications_par_jour: 60,
            explications_jours: 60,
            relance_jours: 7,
            attente_jours: 7,
            retard_jours: 14,
            relances: 200,
            idempotence_h: 48,
            formulaire_octets: 256 * 1024,
            champs: 500,
            texte_long: 4_000,
            motif_min: 10,
            motif: 1_000,
            fichier_octets: 50_000_000,
            document_octets: 5_000_000,
            signature: BornesImage { octets: 200_000, cote_min: 20, cote_max: 3_000, garde: (800, 400) },
            journal_tete_entrees: 1_000,
            journal_tete_min: 10,
            journal_retention_j: 365,
            alarme_fenetre_min: 10,
            alarme_dossiers: 200,
            dossiers_avant_confirmation: 500,
            exports_par_heure: 5,
            exports_par_jour: 20,
            exports_simultanes: 4,
            export_attente_s: 5,
            pages: (120, 40),
            ecritures: (30, 10),
            recherches_par_minute: 6_000,
            imports_par_heure: 10,
            reponses_par_minute: 20,
            alarme_reseau_connu_h: 24,
            entetes_s: 10,
            corps_s: 30,
            corps_octets_s: 50 * 1024,
            reponse_s: 15,
            reponse_longue_s: 60,
            sql_ecran_s: 5,
            connexions: 4_000,
            connexions_par_adresse: 500,
            connexions_en_file: 1_000,
            file_hachage: 200,
            hachage_coeurs: 0,
            hachage_courtoisie: 10,
            connexions_base: 3,
            hachage_memoire_kio: Self::HACHAGE_PLANCHER_KIO,
            hachage_passes: Self::HACHAGE_PLANCHER_PASSES,
            lot_formations: 400,
            volume_formations: 40,
            chef_jours: 400,
            suite_demande_jours: 15,
            suite_demande_jours_max: 30,
            reperes_s: 60,
            vraisemblance: Seuils {
                baisse: 60,
                hausse: 120,
                hausse_usuelle: 140,
                hausse_non_pourvue: 110,
                pourvue: 80,
                autre: (74, 120),
                retour: (60, 150),
                usuelle_pour_mille: 4,
                etendue: (5, 95),
                effectif: 20,
                groupe: (50, 200),
                groupe_rare: (67, 150),
                groupe_places: 6,
            },
        }
    }
}
