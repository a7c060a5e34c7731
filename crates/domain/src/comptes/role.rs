//! Roles (`domaine.md` §2).

/// What a person is allowed to be. Rights come from `droits`, never from a comparison of roles elsewhere (HAB-1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Sessions, calendar, offer and runs; created by an operator.
    AdminNational,
    /// Reads runs and the journal, no personal record (CESP, Cour des comptes, CNIL).
    Auditeur,
    /// Rector’s services, over one or several académies: rates and checks.
    Academie,
    /// Head of an establishment: signs, publishes, answers for the accounts.
    ChefEtab,
    /// Runs the site de gestion of an establishment, and gives its roles.
    AdminSite,
    /// Sets courses, examines their records and sends their rankings.
    RespFormation,
    /// Examines and ranks; neither sets courses nor sends rankings.
    MembreCev,
    /// Reads records for papers and enrolments; neither marks nor ranks.
    GestAdmin,
    /// Reads the settings of an establishment, no record.
    Lecteur,
    /// Their own record and wishes, and nobody else’s.
    Candidat,
    /// Anybody without an account.
    Public,
    /// A program of an establishment, by a token (R-API-02): never a person.
    Logiciel,
    /// Scheduled jobs and operator commands.
    Systeme,
}

impl Role {
    /// Every role, in the order of the printed matrix.
    pub const ALL: [Self; 13] = [
        Self::AdminNational,
        Self::Auditeur,
        Self::Academie,
        Self::ChefEtab,
        Self::AdminSite,
        Self::RespFormation,
        Self::MembreCev,
        Self::GestAdmin,
        Self::Lecteur,
        Self::Candidat,
        Self::Public,
        Self::Logiciel,
        Self::Systeme,
    ];

    /// Stable code, used in storage and in the journal.
    pub const fn code(self) -> &'static str {
        match self {
            Self::AdminNational => "admin_national",
            Self::Auditeur => "auditeur",
            Self::Academie => "academie",
            Self::ChefEtab => "chef_etab",
            Self::AdminSite => "admin_site",
            Self::RespFormation => "resp_formation",
            Self::MembreCev => "membre_cev",
            Self::GestAdmin => "gest_admin",
            Self::Lecteur => "lecteur",
            Self::Candidat => "candidat",
            Self::Public => "public",
            Self::Logiciel => "logiciel",
            Self::Systeme => "systeme",
        }
    }

    /// The role of a stored code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|r| r.code() == code)
    }

    /// French name shown on screen.
    pub const fn libelle(self) -> &'static str {
        match self {
            Self::AdminNational => "Équipe nationale",
            Self::Auditeur => "Auditeur",
            Self::Academie => "Service académique",
            Self::ChefEtab => "Chef d’établissement",
            Self::AdminSite => "Administrateur du site de gestion",
            Self::RespFormation => "Responsable de formation",
            Self::MembreCev => "Membre de la commission d’examen des vœux",
            Self::GestAdmin => "Gestionnaire administratif",
            Self::Lecteur => "Lecteur",
            Self::Candidat => "Candidat",
            Self::Public => "Public",
            Self::Logiciel => "Logiciel de l’établissement",
            Self::Systeme => "Plateforme",
        }
    }

    /// Accounts of the site de gestion need a second factor (SEC-1).
    pub const fn needs_second_factor(self) -> bool {
        !matches!(self, Self::Candidat | Self::Public | Self::Logiciel | Self::Systeme)
    }

    /// Somebody signs in under it: neither everybody, nor a program, nor the platform.
    pub const fn signs_in(self) -> bool {
        !matches!(self, Self::Public | Self::Logiciel | Self::Systeme)
    }

    /// Given over courses, one by one.
    pub const fn is_over_courses(self) -> bool {
        matches!(self, Self::RespFormation | Self::MembreCev)
    }

    /// Given over an establishment, or over some of its courses.
    pub const fn is_over_etablissement(self) -> bool {
        matches!(
            self,
            Self::ChefEtab
                | Self::AdminSite
                | Self::RespFormation
                | Self::MembreCev
                | Self::GestAdmin
                | Self::Lecteur
        )
    }

    /// Given over academies.
    pub const fn is_over_academies(self) -> bool {
        matches!(self, Self::Academie)
    }

    /// CPT-3: a verified mobile is asked of whoever looks after the accounts of others.
    pub const fn needs_mobile(self) -> bool {
        matches!(self, Self::AdminSite)
    }

    /// An authenticator or a passkey is compulsory soon after the first sign-in (SEC-5).
    pub const fn needs_strong_factor(self) -> bool {
        matches!(self, Self::AdminSite | Self::Academie | Self::AdminNational)
    }
}
