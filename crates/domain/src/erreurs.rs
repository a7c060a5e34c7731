//! Why a decision was refused: one variant per cause, a stable code, the data to explain it.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::calendrier::{Etape, Gel};
use crate::etablissements::Manque;
use crate::formations::EtatFormation;

/// A rule that forbids what was asked. The French text of each code is in the message catalogue.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum RuleViolation {
    /// The calendar of the session has not opened the step yet.
    #[error("not yet open")]
    NotYetOpen {
        /// Step that governs the act.
        etape: Etape,
        /// First instant at which it may be done.
        opens: Timestamp,
    },
    /// The calendar of the session has closed the step.
    #[error("closed")]
    Closed {
        /// Step that governs the act.
        etape: Etape,
        /// First instant at which it was too late.
        closes: Timestamp,
    },
    /// The calendar has no window for the step: closed by default.
    #[error("no calendar for this step")]
    NotScheduled {
        /// Step that governs the act.
        etape: Etape,
    },
    /// R-CAL-07: the clocks of the node and of the database disagree, nobody knows on which side of a deadline one is.
    #[error("clocks disagree")]
    HorlogeDecalee,
    /// R-SES-01: past sessions are read, never written.
    #[error("session is read-only")]
    SessionArchivee,
    /// R-ASS-06: the question is closed.
    #[error("question closed")]
    AssistanceClose,
    /// R-ASS-07: it was closed too long ago to be opened again.
    #[error("question closed too long ago")]
    ReouvertureTardive,
    /// R-ASS-10: nobody answers what they asked.
    #[error("one's own question")]
    AssistanceDeSoi,
    /// R-CHA-01: the head of the establishment has not accepted the charter in force.
    #[error("charter not accepted")]
    CharteNonAcceptee,
    /// R-API-03: a token lasts at least a day, and this many at most.
    #[error("token: {max} days at most")]
    DureeJeton {
        /// Days.
        max: i64,
    },
    /// R-SEA-03: too late to register in an information session, or to change it.
    #[error("registrations are closed")]
    SeanceFermee,
    /// R-SEA-08, R-SEA-09: what is said of an information session once it has begun, or is over.
    #[error("too early for this session")]
    SeanceAVenir,
    /// R-VOE-01: the state of the voeu does not admit what was asked, most often for a stale page.
    #[error("forbidden transition from {from} by {event}")]
    ForbiddenTransition {
        /// Code of the present state; « absent » when there is no such voeu.
        from: &'static str,
        /// Code of what was tried.
        event: &'static str,
    },
    /// R-VOE-02: as many wishes as allowed for this status.
    #[error("ceiling {plafond} reached")]
    PlafondVoeux {
        /// Setting of the session for that status.
        plafond: u32,
    },
    /// R-VOE-09: as many sub-wishes as allowed in one multiple wish.
    #[error("ceiling {plafond} of sub-wishes reached")]
    PlafondSousVoeux {
        /// Setting of the session.
        plafond: u32,
    },
    /// R-VOE-10: as many wishes as allowed in one filière.
    #[error("ceiling {plafond} of the wishes of a filière reached")]
    PlafondFiliere {
        /// Setting of the session.
        plafond: u32,
    },
    /// R-VOE-09: as many sub-wishes as allowed in all multiple wishes together.
    #[error("ceiling {plafond} of all sub-wishes reached")]
    PlafondSousVoeuxTotal {
        /// Setting of the session.
        plafond: u32,
    },
    /// R-REG-01: a grouping has two courses at least.
    #[error("a grouping of less than two courses")]
    RegroupementSeul,
    /// R-REG-01 to 03: a course that does not go with the others of the grouping.
    #[error("{formation} cannot be grouped: {motif}")]
    Regroupement {
        /// Course and detail.
        formation: String,
        /// `famille`, `statut`, `selective`, `groupes`, `fermee`, `ailleurs`.
        motif: &'static str,
    },
    /// R-REG-04: candidates have made wishes for it: what they count as does not change any more.
    #[error("{formation} has wishes")]
    RegroupementAvecVoeux {
        /// Course and detail.
        formation: String,
    },
    /// R-VOE-03: this course, in this variant, is already wished.
    #[error("already wished")]
    VoeuEnDouble,
    /// The public does not read this course: it cannot be wished.
    #[error("course is not open to wishes")]
    FormationNonPubliee,
    /// R-VOE-04: the series of the candidate enters none of the ranking groups of the course.
    #[error("no ranking group admits this series")]
    AucunGroupe,
    /// R-VOE-07: nothing is confirmed before the record says what the procedure needs.
    #[error("the record is incomplete")]
    DossierIncomplet {
        /// What is missing, in French with its article, never empty.
        champs: Vec<&'static str>,
    },
    /// R-FOR-11: a course says everything that is compulsory before it is confirmed or published.
    #[error("the description of {formation} is incomplete")]
    DescriptionIncomplete {
        /// Course and detail.
        formation: String,
        /// Labels of what is missing, in French, never empty.
        champs: Vec<&'static str>,
    },
    /// R-CGE-01 to 07: the analysis grid breaks a rule that prevents its publication.
    #[error("the grid breaks {regles} rules")]
    GrilleFautive {
        /// Findings that prevent the publication.
        regles: usize,
    },
    /// R-CGE-18: a course whose grid is to be read again is neither confirmed nor accepted together with others.
    #[error("the grid of {formation} has {points} findings")]
    GrilleARelire {
        /// Course and detail.
        formation: String,
        /// Findings of the frame.
        points: usize,
    },
    /// R-CTL-01: the academic service has not accepted these values of the course.
    #[error("not accepted by the academic service")]
    ControleRequis,
    /// R-CTL-03: another agent has taken the review of this course.
    #[error("taken by another agent")]
    ControlePris,
    /// R-CTL-03: nobody accepts or returns what they submitted.
    #[error("whoever submitted does not decide")]
    ControleDeSoi,
    /// TRX-4: the course changed since whoever acts on many read it.
    #[error("the course changed since it was shown")]
    ModifieeDepuis,
    /// R-CTL-10: the establishment has changed the course since it was returned: nobody submitted what it says now.
    #[error("the course changed since its return")]
    RetourEntame,
    /// R-ETA-09: a site or a component that courses name is not removed.
    #[error("named by {} courses", formations.len())]
    LieuNomme {
        /// Course and detail, a few of them.
        formations: Vec<String>,
    },
    /// One course of several refuses the act that was asked for all.
    #[error("{formation}: {cause}")]
    DansLot {
        /// Course and detail.
        formation: String,
        /// What refuses it.
        cause: Box<RuleViolation>,
    },
    /// R-CTL-05: only courses that say what they said last year are accepted without being opened.
    #[error("{formation} changed since last year")]
    ControleALire {
        /// Course and detail.
        formation: String,
    },
    /// R-APP-06: the platform could not make a course of the record.
    #[error("the record lacks {manques:?}")]
    FicheIncomplete {
        /// What prevents it, in French, never empty.
        manques: Vec<&'static str>,
    },
    /// R-APP-09: another record that says the same course has a course already.
    #[error("a record that has a course is not a duplicate")]
    DoublonRetenu,
    /// R-APP-09: it repeats a record that is kept.
    #[error("a duplicate is not let through")]
    FicheEnDouble,
    /// R-APP-12: the record of the catalogue that the course is made of is not ready.
    #[error("the record of the course is not ready")]
    FicheNonPrete,
    /// R-VIE-01: the request was answered, or withdrawn.
    #[error("the request is answered")]
    DemandeRepondue,
    /// R-VIE-08: the establishment that would receive the course has not agreed yet.
    #[error("the receiver has not agreed")]
    AccordAttendu,
    /// R-VIE-01: one question at a time about a course.
    #[error("another request waits for its answer")]
    DemandeEnCours,
    /// R-VIE-04: a candidate has a living wish for the course.
    #[error("a candidate wishes this course")]
    VoeuxVivants,
    /// R-VIE-03: what was asked for is no longer possible as it was asked.
    #[error("the request is no longer possible")]
    DemandeCaduque {
        /// The field of the request that no longer holds.
        champ: &'static str,
    },
    /// R-REP-03: an answer after the deadline of its proposition.
    #[error("answer deadline passed")]
    EcheanceDepassee {
        /// First instant that was too late.
        echeance: Timestamp,
    },
    /// R-ORD-01: no wish of this candidate is to be ordered.
    #[error("nothing to order")]
    RienAOrdonner,
    /// R-ORD-01: an order in which no waiting wish has a rank would lose them all.
    #[error("no waiting wish is ordered")]
    OrdreVide,
    /// R-ORD-01: two wishes at one rank of preference.
    #[error("rank of preference {rang} is given twice")]
    PreferenceEnDouble {
        /// From 1.
        rang: u32,
    },
    /// R-ORD-01: ranks of preference run from 1 without a hole.
    #[error("rank of preference {manquant} is missing")]
    PreferenceManquante {
        /// First rank that no wish has.
        manquant: u32,
    },
    /// R-ORD-02: whoever orders keeps one proposition at most.
    #[error("{propositions} propositions are held or without an answer")]
    PropositionsARepondre {
        /// Held or waiting for an answer, 2 at least.
        propositions: u32,
    },
    /// R-ORD-04: the proposition held takes part in the order.
    #[error("the proposition held has no rank")]
    PropositionSansRang,
    /// R-RA-01: the automatic answer follows an order, and every waiting wish is in it.
    #[error("waiting wishes are not ordered")]
    RepondeurSansOrdre,
    /// R-RA-01: a proposition waits for its answer.
    #[error("a proposition is not answered")]
    RepondeurPropositionOuverte,
    /// R-RA-02: the place held would be lost for a wish ordered after it.
    #[error("{voeux} waiting wishes are ordered after the proposition held")]
    RepondeurMoinsBon {
        /// How many, 1 at least.
        voeux: u32,
    },
    /// A value that cannot be accepted as typed.
    #[error("invalid field {champ}: {motif}")]
    Champ {
        /// Name of the field of the form, next to which the message shows.
        champ: &'static str,
        /// Code of the reason; the catalogue turns the pair into a sentence.
        motif: &'static str,
    },
    /// R-CLA-03: the ranks of a ranking run from 1 without a hole.
    #[error("ranks are not contiguous")]
    RangsNonContigus {
        /// First rank that nobody would hold.
        manquant: u32,
    },
    /// Two candidates at one rank: a ranking has no ties.
    #[error("rank {rang} is asked for twice")]
    RangEnDouble {
        /// From 1.
        rang: u32,
    },
    /// The same file number appears twice in a ranking.
    #[error("a candidate is ranked twice")]
    CandidatClasseDeuxFois,
    /// A ranking names someone who has no voeu in the group.
    #[error("unknown candidate in the ranking")]
    CandidatInconnu {
        /// File number, as written in the ranking.
        numero: i64,
    },
    /// R-INT-02: whoever asks for a boarding school is ranked in it, or in one that serves the same courses.
    #[error("{manquants} people who ask for boarding are not ranked")]
    InternatIncomplet {
        /// Candidates left without a rank.
        manquants: u32,
    },
    /// R-INT-02: ranked already in a boarding school that serves the same courses.
    #[error("candidate {numero} is ranked in another boarding school")]
    CandidatDejaInterne {
        /// File number.
        numero: i64,
    },
    /// R-INT-03: the ranking of a boarding school that serves the same courses is transmitted.
    #[error("a boarding school that serves the same courses is transmitted")]
    InternatFige,
    /// A course that cannot refuse must rank every record of the group.
    #[error("non selective courses rank every record")]
    ClassementIncomplet {
        /// Records without a rank.
        manquants: u32,
    },
    /// Transmitting nobody would refuse everyone: an operator decides that, not a click.
    #[error("nobody is ranked")]
    ClassementVide,
    /// A group that does not rank: everyone receives a proposition on the first day (§3.4).
    #[error("this group is not ranked")]
    GroupeSansClassement,
    /// A transmitted ranking is final for the site de gestion.
    #[error("ranking already sent")]
    ClassementTransmis,
    /// The call orders wait for every ranking.
    #[error("ranking missing for {groupes} groups")]
    ClassementsManquants {
        /// Groups that rank and have not transmitted.
        groupes: u32,
    },
    /// The call orders wait for every rate.
    #[error("scholarship rate missing for {groupes} groups")]
    TauxManquants {
        /// Groups without a minimum rate of scholarship holders.
        groupes: u32,
    },
    /// Scholarship holders wish this course: their minimum rate cannot be below the floor.
    #[error("rate under the floor of {plancher} per cent")]
    TauxSousPlancher {
        /// Setting of the session, in whole per cent.
        plancher: u32,
    },
    /// No day is computed before the call orders of the session are published.
    #[error("the call orders are not published")]
    OrdreAppelManquant,
    /// One living run a day: the present one is abandoned before another is computed.
    #[error("a run of this day already exists")]
    PassageExistant,
    /// Fingerprint or signature disagree with the rows: nothing is published (fail-closed, §7.4).
    #[error("what is stored of this run is not what was computed")]
    PassageAltere,
    /// R-ADM-40: call orders and withdrawals are published by hand.
    #[error("this run has no instant of publication")]
    PublicationSansHeure,
    /// R-ADM-40: an agreement is given, and called off, before its instant.
    #[error("the instant of publication is past")]
    PublicationHeurePassee {
        /// The instant.
        le: Timestamp,
    },
    /// R-ADM-40: an agreement is given once.
    #[error("the publication is agreed to already")]
    PublicationProgrammee {
        /// Its instant.
        le: Timestamp,
    },
    /// R-ADM-40: nobody agreed, or it was called off already.
    #[error("there is no agreement to call off")]
    PublicationNonProgrammee,
    /// R-ADM-16: a candidate asks for so many explanations of their wishes in a day, no more.
    #[error("too many explanations asked for in a day ({par_jour} at most)")]
    TropDExplications {
        /// Limit of the installation.
        par_jour: i64,
    },
    /// Days are computed one after the other, each on the published result of the one before.
    #[error("the run of day {jour} is neither published nor abandoned")]
    PassageEnAttente {
        /// Day of the run in the way; day 1 is the opening of admission.
        jour: i32,
    },
    /// R-ADM-13: a withdrawal changes what the next run continues: it is decided first.
    #[error("a withdrawal is neither published nor abandoned")]
    RetraitEnAttente,
    /// R-ADM-13: nothing of these courses counts since this day any more, or nothing ever did.
    #[error("nothing of these courses is left to withdraw since day {jour}")]
    RetraitSansEffet {
        /// Day of the admission phase asked for.
        jour: i32,
    },
    /// Whoever computed a run does not publish it.
    #[error("the same person cannot do both")]
    DeuxiemePersonne,
    /// R-ADM-03: the run was published or abandoned in between.
    #[error("this run is not in a state that allows it")]
    PassageIndisponible,
    /// The places of the ranking groups must add up to the capacity of the course.
    #[error("places by group make {somme}, not {capacite}")]
    PlacesGroupes {
        /// As declared for the course.
        capacite: i64,
        /// What the groups add up to.
        somme: i64,
    },
    /// A text longer than its field holds.
    #[error("{champ} over {max} characters")]
    TropLong {
        /// Name of the field.
        champ: &'static str,
        /// Characters that it holds.
        max: usize,
    },
    /// FIC-1: the file that is sent has more bytes than are kept.
    #[error("file over {max} bytes")]
    FichierLourd {
        /// Bytes that are kept.
        max: usize,
        /// A picture, rather than a document.
        image: bool,
    },
    /// FIC-2: a side of the picture that is sent is out of bounds, in pixels.
    #[error("side out of {min} to {max} pixels")]
    CoteImage {
        /// At least.
        min: u32,
        /// At most.
        max: u32,
    },
    /// R-ETA-06: an open day out of the campaign of its session.
    #[error("a day out of {premier} to {dernier}")]
    HorsCampagne {
        /// First day of the campaign.
        premier: Date,
        /// Last day of the campaign, included.
        dernier: Date,
    },
    /// R-VIE-10: the sector of a course leaves out the academy of the course.
    #[error("a sector without {academie}")]
    SecteurSansLaSienne {
        /// Name of that academy; its code when nobody knows it.
        academie: String,
    },
    /// R-FOR-08: a publication that would change nothing is not made.
    #[error("the public already reads these values")]
    RienAPublier,
    /// R-CAP-05: a capacity out of the ordinary is published once explained, and confirmed by a second person.
    #[error("this capacity waits for a second reading")]
    CapaciteARelire,
    /// The engine, or its independent check, refused the whole input: nothing was computed.
    #[error("data refused by the engine: {code}")]
    DonneesRefusees {
        /// Stable code of the refusal (`docs/moteur.md`), for the operator.
        code: &'static str,
    },
    /// CPT-8: an establishment keeps at least one active administrator.
    #[error("last active administrator of the establishment")]
    DernierAdministrateur,
    /// CPT-2: the address is that of a service, and no exception admits it.
    #[error("role mailbox: {mot}")]
    BoiteDeFonction {
        /// The word that says so.
        mot: String,
    },
    /// LIM-6: one of the two was changed less than a day ago.
    #[error("address and second factor within a day")]
    AdresseEtFacteur {
        /// First instant at which the other one may be changed.
        des: Timestamp,
    },
    /// Some roles of the account are out of the perimeter of whoever acts.
    #[error("the account also has roles out of reach")]
    RolesAilleurs,
    /// LIM-6: the agent who asked does not validate.
    #[error("two different agents are needed")]
    DeuxAgents,
    /// LIM-6: nobody in the establishment withdraws the factor of its last administrator.
    #[error("the factor of the last administrator is withdrawn by two agents")]
    FacteurDuDernierAdministrateur,
    /// SES-5: nothing leaves the establishment until the measure is lifted.
    #[error("the establishment is being made safe")]
    EtablissementEnSecurite,
    /// R-ETA-02: its courses wait until the establishment is described.
    #[error("the establishment is not described yet")]
    EtablissementIncomplet {
        /// What is missing, in the order of the screens, never empty.
        manques: Vec<Manque>,
    },
    /// R-CAL-10 (RUN-6): so many accounts are not changed at once during a freeze of the calendar.
    #[error("frozen before a date of the calendar")]
    Gel {
        /// The date, and until when.
        gel: Gel,
        /// Accounts that would change.
        comptes: u32,
    },
    /// The account is not in a state where this means something.
    #[error("account in state {etat}")]
    EtatDuCompte {
        /// Code of its state.
        etat: &'static str,
    },
}

impl RuleViolation {
    /// Stable code: key of the French text, and of the API's problem type.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotYetOpen { .. } => "pas_encore_ouvert",
            Self::Closed { .. } => "clos",
            Self::NotScheduled { .. } => "sans_echeance",
            Self::HorlogeDecalee => "horloge_decalee",
            Self::CharteNonAcceptee => "charte_non_acceptee",
            Self::DureeJeton { .. } => "duree_jeton",
            Self::SeanceFermee => "seance_fermee",
            Self::SeanceAVenir => "seance_a_venir",
            Self::AssistanceClose => "assistance_close",
            Self::ReouvertureTardive => "reouverture_tardive",
            Self::AssistanceDeSoi => "assistance_de_soi",
            Self::SessionArchivee => "session_archivee",
            Self::ForbiddenTransition { .. } => "transition_interdite",
            Self::PlafondVoeux { .. } => "plafond_voeux",
            Self::PlafondSousVoeux { .. } => "plafond_sous_voeux",
            Self::PlafondFiliere { .. } => "plafond_filiere",
            Self::PlafondSousVoeuxTotal { .. } => "plafond_sous_voeux_total",
            Self::RegroupementSeul => "regroupement_seul",
            Self::Regroupement { .. } => "regroupement",
            Self::RegroupementAvecVoeux { .. } => "regroupement_avec_voeux",
            Self::VoeuEnDouble => "voeu_en_double",
            Self::FormationNonPubliee => "formation_non_publiee",
            Self::AucunGroupe => "aucun_groupe",
            Self::DossierIncomplet { .. } => "dossier_incomplet",
            Self::EcheanceDepassee { .. } => "echeance_depassee",
            Self::RienAOrdonner => "rien_a_ordonner",
            Self::OrdreVide => "ordre_vide",
            Self::PreferenceEnDouble { .. } => "preference_en_double",
            Self::PreferenceManquante { .. } => "preference_manquante",
            Self::PropositionsARepondre { .. } => "propositions_a_repondre",
            Self::PropositionSansRang => "proposition_sans_rang",
            Self::RepondeurSansOrdre => "repondeur_sans_ordre",
            Self::RepondeurPropositionOuverte => "repondeur_proposition_ouverte",
            Self::RepondeurMoinsBon { .. } => "repondeur_moins_bon",
            // Programs compare codes: all that is wrong in one field has the same, beside the name of the field.
            Self::Champ { .. }
            | Self::TropLong { .. }
            | Self::FichierLourd { .. }
            | Self::CoteImage { .. }
            | Self::HorsCampagne { .. }
            | Self::SecteurSansLaSienne { .. } => "champ",
            Self::RangsNonContigus { .. } => "rangs_non_contigus",
            Self::RangEnDouble { .. } => "rang_en_double",
            Self::CandidatClasseDeuxFois => "candidat_classe_deux_fois",
            Self::InternatIncomplet { .. } => "internat_incomplet",
            Self::CandidatDejaInterne { .. } => "candidat_deja_interne",
            Self::InternatFige => "internat_fige",
            Self::CandidatInconnu { .. } => "candidat_inconnu",
            Self::ClassementIncomplet { .. } => "classement_incomplet",
            Self::ClassementVide => "classement_vide",
            Self::GroupeSansClassement => "groupe_sans_classement",
            Self::ClassementTransmis => "classement_transmis",
            Self::ClassementsManquants { .. } => "classements_manquants",
            Self::TauxManquants { .. } => "taux_manquants",
            Self::TauxSousPlancher { .. } => "taux_sous_plancher",
            Self::OrdreAppelManquant => "ordre_appel_manquant",
            Self::PassageExistant => "passage_existant",
            Self::PassageAltere => "passage_altere",
            Self::PublicationSansHeure => "publication_sans_heure",
            Self::PublicationHeurePassee { .. } => "publication_heure_passee",
            Self::PublicationProgrammee { .. } => "publication_programmee",
            Self::PublicationNonProgrammee => "publication_non_programmee",
            Self::TropDExplications { .. } => "trop_d_explications",
            Self::PassageEnAttente { .. } => "passage_en_attente",
            Self::RetraitEnAttente => "retrait_en_attente",
            Self::RetraitSansEffet { .. } => "retrait_sans_effet",
            Self::DeuxiemePersonne => "deuxieme_personne",
            Self::PassageIndisponible => "passage_indisponible",
            Self::PlacesGroupes { .. } => "places_groupes",
            Self::RienAPublier => "rien_a_publier",
            Self::CapaciteARelire => "capacite_a_relire",
            Self::DonneesRefusees { .. } => "donnees_refusees",
            Self::DernierAdministrateur => "dernier_administrateur",
            Self::BoiteDeFonction { .. } => "boite_de_fonction",
            Self::AdresseEtFacteur { .. } => "adresse_et_facteur",
            Self::RolesAilleurs => "roles_ailleurs",
            Self::DeuxAgents => "deux_agents",
            Self::FacteurDuDernierAdministrateur => "facteur_du_dernier_administrateur",
            Self::EtablissementEnSecurite => "etablissement_en_securite",
            Self::EtablissementIncomplet { .. } => "etablissement_incomplet",
            Self::DescriptionIncomplete { .. } => "description_incomplete",
            Self::GrilleFautive { .. } => "grille_fautive",
            Self::GrilleARelire { .. } => "grille_a_relire",
            Self::ControleRequis => "controle_requis",
            Self::ControlePris => "controle_pris",
            Self::LieuNomme { .. } => "lieu_nomme",
            Self::ControleDeSoi => "controle_de_soi",
            Self::RetourEntame => "retour_entame",
            Self::ModifieeDepuis => "modifiee_depuis",
            Self::DansLot { cause, .. } => cause.code(),
            Self::ControleALire { .. } => "controle_a_lire",
            Self::FicheIncomplete { .. } => "fiche_incomplete",
            Self::DoublonRetenu => "doublon_retenu",
            Self::FicheEnDouble => "fiche_en_double",
            Self::FicheNonPrete => "fiche_non_prete",
            Self::AccordAttendu => "accord_attendu",
            Self::DemandeRepondue => "demande_repondue",
            Self::DemandeEnCours => "demande_en_cours",
            Self::VoeuxVivants => "voeux_vivants",
            Self::DemandeCaduque { .. } => "demande_caduque",
            Self::Gel { .. } => "gel",
            Self::EtatDuCompte { .. } => "etat_du_compte",
        }
    }
}

impl RuleViolation {
    /// A course that is closed for its session: nothing is done of it any more. `event`: code of what was tried.
    pub const fn formation_fermee(event: &'static str) -> Self {
        Self::ForbiddenTransition { from: EtatFormation::Fermee.code(), event }
    }

    /// The field of a form where it is put right; empty: it is about no field.
    pub const fn champ(&self) -> &'static str {
        match self {
            Self::Champ { champ, .. } | Self::TropLong { champ, .. } => champ,
            Self::FichierLourd { .. } | Self::CoteImage { .. } => "fichier",
            Self::PlacesGroupes { .. } => "places",
            Self::HorsCampagne { .. } => "jour",
            Self::SecteurSansLaSienne { .. } => "academies",
            _ => "",
        }
    }
}

/// What is wrong with a form, all its fields read: whoever typed it is told everything at once, one fault a field.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Fautes(Vec<RuleViolation>);

impl Fautes {
    /// What was read; a default value in its place once its fault is noted.
    pub fn lit<T: Default>(&mut self, lu: Result<T, RuleViolation>) -> T {
        lu.unwrap_or_else(|faute| {
            self.note(faute);
            T::default()
        })
    }

    /// Adds a fault, unless its field has one already.
    pub fn note(&mut self, faute: RuleViolation) {
        if !self.0.iter().any(|f| f.champ() == faute.champ()) {
            self.0.push(faute);
        }
    }

    /// Adds those of a part of the form.
    pub fn ajoute<T: Default>(&mut self, lu: Result<T, Self>) -> T {
        lu.unwrap_or_else(|fautes| {
            for faute in fautes.0 {
                self.note(faute);
            }
            T::default()
        })
    }

    /// The form as it was read, when nothing is wrong with it.
    ///
    /// # Errors
    /// Every fault, never none.
    pub fn conclut<T>(self, forme: T) -> Result<T, Self> {
        if self.0.is_empty() { Ok(forme) } else { Err(self) }
    }

    /// In the order of the fields.
    pub fn liste(&self) -> &[RuleViolation] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_of_a_form_is_told_one_a_field() {
        let faux = |champ, motif| RuleViolation::Champ { champ, motif };
        let mut f = Fautes::default();
        assert_eq!(f.lit(Ok::<_, RuleViolation>(3)), 3);
        assert_eq!(f.lit(Err::<i64, _>(faux("nom", "vide"))), 0);
        f.note(faux("nom", "trop_long"));
        f.note(RuleViolation::PlacesGroupes { capacite: 24, somme: 23 });
        let mut partie = Fautes::default();
        partie.note(faux("nom", "trop_long"));
        partie.note(faux("adresse", "vide"));
        f.ajoute(partie.conclut(()));
        let champs: Vec<&str> = f.liste().iter().map(RuleViolation::champ).collect();
        assert_eq!(champs, ["nom", "places", "adresse"]);
        assert_eq!(f.liste()[0], faux("nom", "vide"), "the first of a field");
        assert!(f.conclut(1).is_err());
        assert_eq!(Fautes::default().conclut(1), Ok(1));
    }
}
