//! The guide to the interface of programs: its text is in `templates/documentation/interfaces`, its numbers are those of the
//! limits in force, its tables those of the rights.

use app::AppError;
use app::limites::Limites;
use app::messages;
use askama::Template;
use axum::http::StatusCode;
use domain::comptes::Role;
use domain::delegations::Operation;
use domain::droits::{Action, TABLE, roles_allowed};
use domain::interfaces::conformite::Exercice;
use domain::interfaces::evenements::Evenement;
use domain::interfaces::jetons::{is_sensible, operations_possibles};

use super::guide::{Couverture, Guide};
use super::noms::Noms;
use crate::components::{Cellule, Colonne, GUIDE_INTERFACES, INTERFACE, Markup, Tableau, nombre};

const COUVERTURE: Couverture = Couverture {
    adresse: GUIDE_INTERFACES,
    titre: "Guide des interfaces",
    nom: "le guide des interfaces",
    objet: "Lire et remplir le site de gestion depuis un logiciel : jetons d’accès, appels, erreurs, limites, événements.",
    lecteurs: "Pour les éditeurs de logiciels et les services informatiques des établissements : obtenir un jeton, faire un \
               premier appel, écrire sans rien écraser, être prévenu de ce qui change. Il se lit sans être connecté.",
};

/// What a status says, and what to do.
struct Statut {
    code: u16,
    conseil: &'static str,
}

const STATUTS: [Statut; 15] = [
    Statut {
        code: 400,
        conseil: "Le corps, un en-tête ou un paramètre n’est pas lisible, ou un champ n’existe pas. Le détail dit lequel, avec sa \
                  ligne et sa colonne : corrigez la demande avant de la refaire.",
    },
    Statut {
        code: 401,
        conseil: "Le jeton manque, a expiré, est révoqué, a été remplacé, ou la personne qui l’a donné ne gère plus l’établissement. Le \
                  code dit lequel : demandez le nouveau jeton, ou un autre, à l’établissement.",
    },
    Statut {
        code: 403,
        conseil: "Le jeton voit cet objet mais ne peut pas faire cet acte : demandez à l’établissement un jeton qui a cette \
                  opération.",
    },
    Statut {
        code: 404,
        conseil: "Rien à cette adresse pour ce jeton. Ce qui n’est pas confié au jeton répond comme ce qui n’existe pas.",
    },
    Statut {
        code: 405,
        conseil: "L’adresse existe mais n’accepte pas cette méthode : l’en-tête Allow dit celles qu’elle accepte.",
    },
    Statut {
        code: 408,
        conseil: "Le corps n’est pas arrivé à temps et rien n’a été fait : refaites la même demande, avec la même clé.",
    },
    Statut {
        code: 409,
        conseil: "La clé d’idempotence a déjà servi à une autre demande, ou l’objet a changé pendant l’acte. Relisez l’objet, et \
                  tirez une nouvelle clé si la demande est nouvelle.",
    },
    Statut {
        code: 412,
        conseil: "L’objet a changé depuis que vous l’avez lu : rien n’a été écrasé. Relisez-le, refaites votre changement sur ce \
                  qu’il est devenu, et renvoyez son nouvel ETag.",
    },
    Statut { code: 413, conseil: "Le corps dépasse la taille admise : envoyez moins à la fois." },
    Statut {
        code: 415,
        conseil: "Envoyez ce que la description de cette adresse annonce, et dites-le dans Content-Type : du JSON (application/json), ou un \
                  fichier CSV ou XLSX.",
    },
    Statut {
        code: 422,
        conseil: "La demande se lit, mais une règle la refuse : une date passée, une valeur hors bornes, un champ obligatoire \
                  vide. « champs » donne chaque faute ; la même demande refaite sera refusée de même.",
    },
    Statut {
        code: 428,
        conseil: "Cet acte remplace quelque chose : lisez d’abord l’objet, puis renvoyez son ETag dans If-Match.",
    },
    Statut {
        code: 429,
        conseil: "La limite du jeton est atteinte : attendez les secondes que dit l’en-tête Retry-After.",
    },
    Statut {
        code: 500,
        conseil: "La faute est de notre côté. Pour savoir si l’acte est fait, refaites la même demande avec la même clé : elle ne compte qu’une fois. \
                  Donnez le numéro « instance » à l’assistance.",
    },
    Statut {
        code: 503,
        conseil: "La réponse n’est pas venue à temps. Refaites la même demande, avec la même clé d’idempotence, après les \
                  secondes de Retry-After : elle ne compte qu’une fois.",
    },
];

const REPONSE_JETON: &str = r#"HTTP/1.1 200 OK
Content-Type: application/json

{
  "libelle": "SI scolarité",
  "expire_le": "2027-02-28T09:00:00Z",
  "ecrit_etablissement": false,
  "demande_etablissement": false,
  "toutes": null,
  "formations": [
    {
      "formation": "mfrggzdfmztwq2lknnwg23tpoa",
      "operations": ["parametrage"]
    }
  ]
}"#;

const PROBLEME: &str = r#"HTTP/1.1 412 Precondition Failed
Content-Type: application/problem+json

{
  "type": "/documentation/interfaces#412",
  "title": "Version dépassée",
  "status": 412,
  "detail": "L’objet a changé depuis que vous l’avez lu : rien n’a été écrasé.",
  "code": "version_depassee",
  "champs": [],
  "instance": "k7qx2mwd4fzr"
}"#;

const SIGNATURE: &str = r#"import base64, hashlib, hmac, time

def est_authentique(secret, entetes, corps):
    # corps : les octets reçus, avant toute lecture
    envoi = entetes["webhook-id"]
    horodatage = entetes["webhook-timestamp"]
    retard = abs(time.time() - int(horodatage))
    if retard > 300:
        return False
    cle = base64.b64decode(secret.removeprefix("whsec_"))
    signe = f"{envoi}.{horodatage}.".encode() + corps
    calcul = hmac.new(cle, signe, hashlib.sha256)
    attendue = "v1," + base64.b64encode(calcul.digest()).decode()
    recues = entetes["webhook-signature"].split(" ")
    return any(hmac.compare_digest(attendue, s) for s in recues)"#;

/// Where a demonstration answers when nothing else is asked.
const LOCAL: &str = "http://localhost:8024";

/// The text. Its methods say what a page shows: a test compares what they name with the pages.
#[derive(Template)]
#[template(path = "documentation/interfaces/guide.html")]
struct Texte<'a> {
    l: &'a Limites,
    /// Of the site, without a slash at its end.
    site: &'a str,
}

impl Noms for Texte<'_> {}

impl Texte<'_> {
    fn base(&self) -> &'static str {
        INTERFACE
    }

    fn statuts(&self) -> &'static [Statut] {
        &STATUTS
    }

    /// As the problems say it.
    fn titre_statut(&self, s: &Statut) -> &'static str {
        crate::api::titre(StatusCode::from_u16(s.code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR))
    }

    fn nombre(&self, n: &u32) -> String {
        nombre(i64::from(*n))
    }

    /// A piece of code, as it is written.
    fn code(&self, texte: &str) -> Markup {
        Markup::rendu(format!("<pre class=\"commande\"><code>{}</code></pre>", Markup::texte(texte)))
    }

    fn premier_appel(&self) -> Markup {
        self.code(&format!("curl -i {}{INTERFACE}/jeton \\\n  -H \"Authorization: Bearer pcs_…\"", self.site))
    }

    fn reponse(&self) -> Markup {
        self.code(REPONSE_JETON)
    }

    fn relire(&self) -> Markup {
        self.code(&format!(
            "curl -i {}{INTERFACE}/sessions \\\n  -H \"Authorization: Bearer pcs_…\" \\\n  -H 'If-None-Match: \"c5f0e1a9b3d7c2468ace\"'",
            self.site
        ))
    }

    fn ecrire(&self) -> Markup {
        self.code(&format!(
            "curl -i -X PUT {}{INTERFACE}/sessions/… \\\n  -H \"Authorization: Bearer pcs_…\" \\\n  -H \"Content-Type: application/json\" \
             \\\n  -H 'If-Match: \"v12\"' \\\n  -d @changement.json",
            self.site
        ))
    }

    fn probleme(&self) -> Markup {
        self.code(PROBLEME)
    }

    fn signature(&self) -> Markup {
        self.code(SIGNATURE)
    }

    fn abonner(&self) -> Markup {
        self.code(&format!(
            "curl -i {}{INTERFACE}/abonnements \\\n  -H \"Authorization: Bearer pcs_…\" \\\n  -H \"Content-Type: application/json\" \
             \\\n  -H \"Idempotency-Key: $(uuidgen)\" \\\n  -d '{{\"url\": \"https://si.lycee.example/parcoursup\", \
             \"evenements\": [\"formation.publiee\", \"classement.transmis\"]}}'",
            self.site
        ))
    }

    fn demarrer(&self) -> Markup {
        self.code("parcoursup demo --bac-a-sable")
    }

    /// A write of a sandbox, on the machine of whoever tries.
    fn bac(&self, methode: &str, suite: &str, corps: &str) -> Markup {
        let corps = match corps {
            "" => String::new(),
            c => format!(" \\\n  -H \"Content-Type: application/json\" \\\n  -d '{c}'"),
        };
        self.code(&format!(
            "curl -i -X {methode} {LOCAL}{INTERFACE}/bac-a-sable/{suite} \\\n  -H \"Authorization: Bearer pcs_…\"{corps}"
        ))
    }

    fn ouvrir(&self) -> Markup {
        self.code(&format!("curl -X POST {LOCAL}{INTERFACE}/bac-a-sable"))
    }

    fn horloge(&self) -> Markup {
        self.bac("PUT", "horloge", "{\"instant\": \"2024-04-15T10:00\"}")
    }

    fn incident(&self) -> Markup {
        self.bac("PUT", "incident", "{\"genre\": \"limite\"}")
    }

    fn remettre(&self) -> Markup {
        self.bac("POST", "remise-a-zero", "")
    }

    fn conformite(&self) -> Markup {
        self.code(&format!("parcoursup conformite --adresse {LOCAL} --rapport conformite.json"))
    }

    fn constat(&self) -> Markup {
        self.code(&format!("parcoursup conformite --adresse {LOCAL} --jeton pcs_… --constat"))
    }

    /// R-API-10.
    fn exercices(&self) -> &'static [Exercice] {
        &Exercice::ALL
    }

    /// Those whom the table of rights lets give one.
    fn donneurs(&self) -> String {
        let noms: Vec<String> =
            roles_allowed(Action::GererJetons).into_iter().map(|r| r.libelle().to_lowercase()).collect();
        noms.join(" ou ")
    }

    /// R-API-02 and R-API-03: what each operation opens, and how long.
    fn operations(&self) -> Tableau {
        let actes = |operation: Option<Operation>| {
            TABLE
                .iter()
                .filter(|r| r.role == Role::Logiciel)
                .flat_map(|r| r.actions)
                .filter(|a| a.operation_for(Role::Logiciel) == operation)
                .map(|a| messages::action(*a))
                .fold(Vec::new(), |mut actes: Vec<&str>, acte| {
                    // The same of a course and of the establishment is said once.
                    if !actes.contains(&acte) {
                        actes.push(acte);
                    }
                    actes
                })
                .join(", ")
        };
        let colonnes = vec![
            Colonne::new("Opération"),
            Colonne::longue("Ce qu’elle ouvre"),
            Colonne::new("Durée au plus"),
        ];
        let ligne = |nom: &str, actes: String, jours: i64| {
            vec![Cellule::texte(nom), Cellule::texte(actes), Cellule::texte(format_args!("{jours} jours"))]
        };
        let durees = self.l.jetons;
        Tableau::new("Ce qu’un jeton peut ouvrir", colonnes)
            .ligne(ligne("Lecture", actes(None), durees.jours))
            .ligne(ligne("Établissement, en écriture", actes(Some(Operation::Etablissement)), durees.jours))
            .ligne(ligne(
                "Demandes de l’établissement",
                "demander l’ouverture d’une formation, ou la réouverture de parties de l’établissement"
                    .to_owned(),
                durees.jours,
            ))
            .lignes(operations_possibles().iter().map(|o| {
                let jours = if is_sensible(o) { durees.jours_sensible } else { durees.jours };
                let nom = if o == Operation::Parametrage { "Paramétrage" } else { o.libelle() };
                ligne(nom, actes(Some(o)), jours)
            }))
    }

    fn evenements(&self) -> Tableau {
        let colonnes = vec![Colonne::new("Code"), Colonne::longue("Événement")];
        Tableau::new("Ce dont un logiciel peut être prévenu", colonnes).lignes(
            Evenement::ALL.iter().map(|e| vec![Cellule::texte(e.code()), Cellule::texte(e.libelle())]),
        )
    }
}

/// The guide, with the limits in force and the address of this site.
///
/// # Errors
/// [`AppError::Internal`] when its template does not render.
pub fn guide_interfaces(limites: &Limites, adresse: &str) -> Result<Guide, AppError> {
    let texte = Texte { l: limites, site: adresse.trim_end_matches('/') }
        .render()
        .map_err(|e| AppError::Internal(e.to_string()))?;
    Ok(Guide::new(COUVERTURE, &texte))
}
