//! `/api/v1/sessions/{annee}/formations/{id}/description`: what a course says of itself, one part at a time. The fields are those
//! of the forms, of the workbook and of the sheet: one list (`domain::formations::description::CHAMPS`).

use app::formations::{
    Changement, Source, VueDescription, compare, save_rubrique, take_fields, view_description,
};
use axum::extract::Path;
use axum::http::Method;
use domain::PublicId;
use domain::droits::Action;
use domain::formations::description::{
    CHAMPS, Champ, LigneListe, Nature, Rubrique, Valeur, check_jours, check_valeur,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json as valeur_json};
use utoipa::ToSchema;
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, OneOfBuilder, SchemaType, Type};
use utoipa::openapi::{KnownFormat, Ref, RefOr, Schema, SchemaFormat};

use super::commun::RecepisseActe;
use crate::api::appel::{Appel, Corps, Criteres, annee, depassee, fait, id, json};
use crate::api::document::{Doc, Interface};
use crate::api::probleme::{ChampFautif, Probleme, Rendu};

pub fn routes() -> Interface {
    let lire = Action::ConsulterParametrage;
    let doc = |nom, resume| Doc::new("formations", nom, resume);
    let (noms, parties) = schemas();
    Interface::default()
        .lit(
            "/api/v1/sessions/{annee}/formations/{id}/description/{rubrique}",
            lire,
            doc("lire_rubrique", "Une rubrique de la description du brouillon")
                .rend_schema(noms.clone(), parties.clone()),
            get_rubrique,
        )
        .route(
            Method::PATCH,
            "/api/v1/sessions/{annee}/formations/{id}/description/{rubrique}",
            Some(Action::ModifierFormation),
            doc("ecrire_rubrique", "Enregistrer des champs d’une rubrique")
                .detail(
                    "Les champs absents restent tels quels ; null efface un champ. La rubrique « frais » demande l’opération \
                     « Capacités et frais ».",
                )
                .recoit_schema(noms.clone(), parties.clone())
                .rend_schema(noms, parties)
                .version(),
            patch_rubrique,
        )
        .lit(
            "/api/v1/sessions/{annee}/formations/{id}/reprise",
            lire,
            doc("comparer_reprise", "Ce que dit une autre source, champ par champ")
                .critere("source", "precedente, modele, ou l’identifiant d’une autre formation.", Type::String)
                .rend::<Ecarts>(),
            get_reprise,
        )
        .route(
            Method::POST,
            "/api/v1/sessions/{annee}/formations/{id}/reprise",
            Some(Action::ModifierFormation),
            doc("reprendre", "Reprendre des champs d’une source").recoit::<Reprise>().rend::<RecepisseActe>().cle(),
            post_reprise,
        )
}

/// The schema of a field, nothing said included.
fn schema(c: &Champ) -> Schema {
    let genre = |t: Type| SchemaType::from_iter([t, Type::Null]);
    let texte = || ObjectBuilder::new().schema_type(genre(Type::String));
    let decrit =
        |b: ObjectBuilder| b.title(Some(c.libelle)).description((!c.aide.is_empty()).then_some(c.aide));
    match c.nature {
        Nature::Texte(max) | Nature::Zone(max) => decrit(texte().max_length(Some(max))).build().into(),
        Nature::OuiNon => decrit(ObjectBuilder::new().schema_type(genre(Type::Boolean))).build().into(),
        Nature::Choix(liste) => {
            let codes = liste.iter().map(|(code, _)| valeur_json!(code)).chain([Json::Null]);
            decrit(texte().enum_values(Some(codes))).build().into()
        }
        Nature::Nombre(min, max) => {
            let n = ObjectBuilder::new().schema_type(genre(Type::Integer));
            decrit(n.minimum(Some(min)).maximum(Some(max))).build().into()
        }
        Nature::Montant => {
            let n = ObjectBuilder::new().schema_type(genre(Type::Integer)).minimum(Some(0));
            n.title(Some(c.libelle)).description(Some(format!("En centimes. {}", c.aide))).build().into()
        }
        Nature::Jour => {
            decrit(texte().format(Some(SchemaFormat::KnownFormat(KnownFormat::Date)))).build().into()
        }
        Nature::Courriel | Nature::Telephone | Nature::Site | Nature::Composante => {
            decrit(texte()).build().into()
        }
        Nature::Liste(colonnes, max, _) => {
            let mut ligne = ObjectBuilder::new().schema_type(Type::Object);
            for sous in colonnes {
                ligne = ligne.property(sous.code, schema(sous));
            }
            ArrayBuilder::new()
                .items(ligne.build())
                .max_items(Some(max))
                .title(Some(c.libelle))
                .description((!c.aide.is_empty()).then_some(c.aide))
                .schema_type(genre(Type::Array))
                .build()
                .into()
        }
    }
}

/// `RubriqueFrais`.
fn nom_schema(r: Rubrique) -> String {
    let code = r.code();
    let (premiere, reste) = code.split_at(1);
    format!("Rubrique{}{reste}", premiere.to_uppercase())
}

/// One schema a part, and whichever.
fn schemas() -> (Vec<(String, RefOr<Schema>)>, RefOr<Schema>) {
    let mut noms = Vec::new();
    let mut parties = OneOfBuilder::new();
    for r in Rubrique::ALL {
        let mut objet = ObjectBuilder::new().schema_type(Type::Object).title(Some(r.libelle()));
        for c in CHAMPS.iter().filter(|c| c.rubrique == r) {
            objet = objet.property(c.code, schema(c));
        }
        noms.push((nom_schema(r), objet.build().into()));
        parties = parties.item(Ref::from_schema_name(nom_schema(r)));
    }
    // Any of them: several share no field but the empty object is all of them.
    let parties = parties.build();
    let mut un = utoipa::openapi::schema::AnyOfBuilder::new();
    for item in parties.items {
        un = un.item(item);
    }
    (noms, Schema::AnyOf(un.build()).into())
}

/// A stored text as the interface writes it.
fn ecrit(c: &Champ, stocke: &str) -> Json {
    match c.nature {
        Nature::OuiNon => Json::Bool(stocke == "oui"),
        Nature::Nombre(..) | Nature::Montant => stocke.parse::<i64>().map_or(Json::Null, Json::from),
        _ => Json::from(stocke),
    }
}

fn ecrit_valeur(c: &Champ, v: Option<&Valeur>) -> Json {
    match v {
        None => Json::Null,
        Some(Valeur::Texte(t)) => ecrit(c, t),
        Some(Valeur::Lignes(lignes)) => Json::Array(
            lignes
                .iter()
                .map(|l| {
                    c.colonnes()
                        .iter()
                        .map(|sous| {
                            (sous.code.to_owned(), l.get(sous.code).map_or(Json::Null, |t| ecrit(sous, t)))
                        })
                        .collect::<Map<_, _>>()
                        .into()
                })
                .collect(),
        ),
    }
}

fn type_attendu(c: &Champ) -> &'static str {
    match c.nature {
        Nature::OuiNon => "true, false ou null",
        Nature::Nombre(..) => "un nombre entier ou null",
        Nature::Montant => "un nombre entier de centimes ou null",
        Nature::Liste(..) => "une liste d’objets ou null",
        _ => "un texte ou null",
    }
}

/// What was sent in its stored form; `None`: nothing said.
fn lit(c: &Champ, ou: &str, v: &Json) -> Result<Option<String>, Box<Probleme>> {
    let faux = || Probleme::champ(ou, format!("attendu : {}.", type_attendu(c)));
    Ok(match (c.nature, v) {
        (_, Json::Null) => None,
        (Nature::OuiNon, Json::Bool(b)) => Some(if *b { "oui" } else { "non" }.to_owned()),
        (Nature::Nombre(..) | Nature::Montant, Json::Number(n)) => {
            Some(n.as_i64().ok_or_else(faux)?.to_string())
        }
        (Nature::OuiNon | Nature::Nombre(..) | Nature::Montant | Nature::Liste(..), _) => return Err(faux()),
        (_, Json::String(t)) => Some(t.trim().to_owned()).filter(|t| !t.is_empty()),
        _ => return Err(faux()),
    })
}

fn lit_lignes(c: &Champ, v: &Json) -> Result<Option<Valeur>, Box<Probleme>> {
    let lignes = match v {
        Json::Null => return Ok(None),
        Json::Array(lignes) => lignes,
        _ => return Err(Probleme::champ(c.code, format!("attendu : {}.", type_attendu(c)))),
    };
    let mut lues = Vec::with_capacity(lignes.len());
    for (i, ligne) in lignes.iter().enumerate() {
        let ou = format!("{}[{i}]", c.code);
        let Json::Object(objet) = ligne else { return Err(Probleme::champ(ou, "attendu : un objet.")) };
        let mut lue = LigneListe::new();
        for (nom, v) in objet {
            let sous = c.colonnes().iter().find(|s| s.code == nom).ok_or_else(|| {
                Probleme::champ(format!("{ou}.{nom}"), "ce champ n’est pas de cette liste.")
            })?;
            if let Some(t) = lit(sous, &format!("{ou}.{nom}"), v)? {
                lue.insert(nom.clone(), t);
            }
        }
        if !lue.is_empty() {
            lues.push(lue);
        }
    }
    Ok((!lues.is_empty()).then_some(Valeur::Lignes(lues)))
}

/// Every fault at once, as the forms do.
fn changements(
    v: &VueDescription,
    r: Rubrique,
    corps: &Map<String, Json>,
) -> Result<Vec<Changement>, Box<Probleme>> {
    let mut changements = Vec::new();
    let mut fautes = Vec::new();
    for (nom, valeur) in corps {
        let c = r.champs(v.genre).find(|c| c.code == nom).ok_or_else(|| {
            Probleme::champ(
                nom.as_str(),
                format!("ce champ n’est pas de la rubrique « {} » de cette formation.", r.libelle()),
            )
        })?;
        let lue = match c.nature {
            Nature::Liste(..) => lit_lignes(c, valeur)?,
            _ => lit(c, c.code, valeur)?.map(Valeur::Texte),
        };
        if let Some(lue) = &lue {
            let mut defauts = check_valeur(c, lue).err().unwrap_or_default();
            if let Valeur::Lignes(lignes) = lue {
                defauts.extend(check_jours(c, lignes, v.session.campagne()));
            }
            fautes.extend(defauts.into_iter().map(|d| ChampFautif {
                champ: d.ou.map_or_else(|| c.code.to_owned(), |(i, sous)| format!("{}[{i}].{sous}", c.code)),
                message: d.message,
            }));
        }
        if let (Some(Valeur::Texte(t)), true) = (&lue, c.nature.is_lieu())
            && !v.lieux.of(c.nature).iter().any(|(id, _)| id == t)
        {
            let message =
                "ce lieu n’est pas de l’établissement : voyez ses sites et ses composantes.".to_owned();
            fautes.push(ChampFautif { champ: c.code.to_owned(), message });
        }
        changements.push((c, lue));
    }
    if fautes.is_empty() {
        return Ok(changements);
    }
    let detail = fautes.iter().map(|f| format!("{} : {}", f.champ, f.message)).collect::<Vec<_>>().join(" ");
    let mut p = Probleme::new(axum::http::StatusCode::UNPROCESSABLE_ENTITY, "saisie", detail);
    p.champs = fautes;
    Err(p)
}

type Chemin = Path<(String, String, String)>;

fn lit_chemin((a, f, r): (String, String, String)) -> Result<(i64, PublicId, Rubrique), Box<Probleme>> {
    Ok((annee(&a)?, id(&f)?, Rubrique::from_code(&r).ok_or_else(Probleme::absent)?))
}

/// A part as it is read; fees are not for everybody (R-DRO-04).
fn rend(v: &VueDescription, r: Rubrique) -> Rendu {
    if !v.rubriques().any(|lue| lue == r) {
        return Err(Probleme::absent());
    }
    let champs: Map<String, Json> = r
        .champs(v.genre)
        .map(|c| (c.code.to_owned(), ecrit_valeur(c, v.description.valeur(c.code))))
        .collect();
    json(&champs, Some(v.version(r)))
}

async fn get_rubrique(appel: Appel, Path(chemin): Chemin) -> Rendu {
    let (a, f, r) = lit_chemin(chemin)?;
    rend(&view_description(&appel.ctx, a, &f).await?, r)
}

async fn patch_rubrique(appel: Appel, Path(chemin): Chemin, Corps(corps): Corps<Map<String, Json>>) -> Rendu {
    let (a, f, r) = lit_chemin(chemin)?;
    let garde = appel.garde(true)?;
    let v = view_description(&appel.ctx, a, &f).await?;
    let changements = changements(&v, r, &corps)?;
    match save_rubrique(&appel.ctx, &garde, a, &f, r, &changements).await {
        Ok(recepisse) => Ok(fait(rend(&view_description(&appel.ctx, a, &f).await?, r)?, &recepisse)),
        Err(e) => {
            let actuelle = view_description(&appel.ctx, a, &f).await.ok().map(|v| v.version(r));
            Err(depassee(e, &garde, actuelle))
        }
    }
}

/// Where fields come from.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Origine {
    source: Option<String>,
}

fn source(texte: &str) -> Result<Source, Box<Probleme>> {
    match texte {
        "precedente" => Ok(Source::Precedente),
        "modele" => Ok(Source::Modele),
        autre => PublicId::parse(autre).map(Source::Formation).ok_or_else(|| {
            Probleme::champ("source", "precedente, modele, ou l’identifiant d’une autre formation.")
        }),
    }
}

/// Un champ que la source dit autrement.
#[derive(Serialize, ToSchema)]
struct EcartChamp {
    champ: &'static str,
    libelle: &'static str,
    /// Ce que dit le brouillon ; null : rien.
    #[schema(value_type = Object, nullable)]
    ici: Json,
    /// Ce que dit la source.
    #[schema(value_type = Object)]
    la_bas: Json,
}

/// Ce qui peut être repris d’une source.
#[derive(Serialize, ToSchema)]
struct Ecarts {
    /// Nom de la source.
    source: String,
    #[schema(value_type = Vec<Object>)]
    ecarts: Vec<EcartChamp>,
}

async fn get_reprise(
    appel: Appel,
    Path((a, f)): Path<(String, String)>,
    Criteres(o): Criteres<Origine>,
) -> Rendu {
    let source = source(o.source.as_deref().unwrap_or("precedente"))?;
    let e = compare(&appel.ctx, annee(&a)?, &id(&f)?, &source).await?;
    let ecarts = e
        .ecarts
        .iter()
        .map(|e| EcartChamp {
            champ: e.champ.code,
            libelle: e.champ.libelle,
            ici: ecrit_valeur(e.champ, e.ici.as_ref()),
            la_bas: ecrit_valeur(e.champ, Some(&e.la)),
        })
        .collect();
    json(&Ecarts { source: e.nom, ecarts }, None)
}

/// Champs à reprendre.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Reprise {
    /// `precedente`, `modele`, ou l’identifiant d’une autre formation.
    source: String,
    /// Codes.
    champs: Vec<String>,
}

async fn post_reprise(appel: Appel, Path((a, f)): Path<(String, String)>, Corps(c): Corps<Reprise>) -> Rendu {
    let garde = appel.garde_acte(false)?;
    let source = source(&c.source)?;
    let r = take_fields(&appel.ctx, &garde, annee(&a)?, &id(&f)?, &source, &c.champs).await?;
    Ok(fait(json(&RecepisseActe::from(&r), None)?, &r))
}
