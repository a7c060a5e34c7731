//! The messages of a stream, checked one by one before Arrow reads them: its reader trusts the places and lengths that a
//! message gives, and stops the program on some that are wrong.

use std::io::{BufRead, Cursor, Read};

use anyhow::{Context, bail, ensure};
use arrow_array::RecordBatch;
use arrow_ipc::reader::StreamReader;
use arrow_ipc::{Field, MessageHeader, Type, root_as_message};
use arrow_schema::SchemaRef;

/// How each message begins, hence each file.
pub const MARQUE: [u8; 4] = [0xff; 4];
/// A header is names and types: a few kilobytes.
const ENTETE_MAX: u32 = 1 << 20;

/// The next stream: its schema and its batches; none at the end of the file.
pub(super) fn next_stream(source: &mut dyn BufRead) -> anyhow::Result<Option<(SchemaRef, Vec<RecordBatch>)>> {
    if source.fill_buf().context("lecture impossible, le fichier est tronqué ou abîmé")?.is_empty() {
        return Ok(None);
    }
    let mut octets = Vec::new();
    let mut types = None;
    loop {
        let debut = octets.len();
        take(source, 8, &mut octets)?;
        ensure!(octets[debut..debut + 4] == MARQUE, "un message ne commence pas comme il doit");
        let taille =
            u32::from_le_bytes([octets[debut + 4], octets[debut + 5], octets[debut + 6], octets[debut + 7]]);
        if taille == 0 {
            break;
        }
        ensure!(taille <= ENTETE_MAX, "l’en-tête d’un message annonce {taille} octets");
        take(source, taille.into(), &mut octets)?;
        let corps = check(&octets[debut + 8..], &mut types)?;
        take(source, corps, &mut octets)?;
    }
    let reader = StreamReader::try_new(Cursor::new(octets), None).context("table Arrow illisible")?;
    let schema = reader.schema();
    let lots = reader.collect::<Result<_, _>>().context("table Arrow illisible")?;
    Ok(Some((schema, lots)))
}

/// Appends so many bytes, never reserving more than the file has.
fn take(source: &mut dyn BufRead, taille: u64, octets: &mut Vec<u8>) -> anyhow::Result<()> {
    let lus = source
        .take(taille)
        .read_to_end(octets)
        .context("lecture impossible, le fichier est tronqué ou abîmé")?;
    ensure!(lus as u64 == taille, "le fichier s’arrête avant la fin");
    Ok(())
}

/// Checks the header of a message; the length of what follows it. `types`: those of the columns, once the schema is seen.
fn check(entete: &[u8], types: &mut Option<Vec<Type>>) -> anyhow::Result<u64> {
    let Ok(message) = root_as_message(entete) else { bail!("un en-tête est abîmé") };
    let Ok(corps) = u64::try_from(message.bodyLength()) else { bail!("un message a une longueur négative") };
    match (message.header_type(), &types) {
        (MessageHeader::Schema, None) => {
            let champs = message.header_as_schema().and_then(|schema| schema.fields());
            let champs = champs.context("une table n’a pas de colonnes")?;
            for champ in champs {
                check_field(&champ)?;
            }
            ensure!(corps == 0, "un schéma a des données");
            *types = Some(champs.iter().map(|champ| champ.type_type()).collect());
        }
        (MessageHeader::RecordBatch, Some(types)) => {
            let lot = message.header_as_record_batch().context("un lot est abîmé")?;
            ensure!(
                lot.compression().is_none(),
                "les colonnes sont compressées une à une ; compressez plutôt le fichier entier (gzip ou zstd)"
            );
            let bits = corps.saturating_mul(8);
            let fits = |n: i64| u64::try_from(n).is_ok_and(|n| n <= bits);
            ensure!(fits(lot.length()), "un lot annonce {} lignes", lot.length());
            let noeuds = lot.nodes().context("un lot n’a pas de colonnes")?;
            ensure!(noeuds.len() == types.len(), "un lot n’a pas les colonnes du schéma");
            for noeud in noeuds {
                let vides = noeud.null_count();
                ensure!(noeud.length() == lot.length(), "les colonnes d’un lot n’ont pas la même longueur");
                ensure!(
                    (0..=noeud.length()).contains(&vides),
                    "une colonne annonce {vides} valeurs absentes"
                );
            }
            let mut zones = lot.buffers().into_iter().flatten();
            for genre in types {
                // Presence, then values; for a text presence, bounds, then letters.
                let bornes = match *genre {
                    Type::Utf8 => Some(4),
                    Type::LargeUtf8 => Some(8),
                    _ => None,
                };
                for place in 0..if bornes.is_some() { 3 } else { 2 } {
                    let zone = zones.next().context("un lot n’a pas toutes ses colonnes")?;
                    let (debut, longueur) = (zone.offset(), zone.length());
                    let fin = debut.checked_add(longueur).and_then(|fin| u64::try_from(fin).ok());
                    let inside = debut >= 0 && longueur >= 0 && fin.is_some_and(|fin| fin <= corps);
                    ensure!(inside, "une colonne dépasse de son lot");
                    let width = if place == 1 { bornes.unwrap_or(1) } else { 1 };
                    ensure!(debut % 8 == 0 && longueur % width == 0, "une colonne n’est pas à sa place");
                }
            }
        }
        _ => bail!("un message n’est ni un schéma ni un lot de lignes, ou n’est pas à sa place"),
    }
    Ok(corps)
}

/// Integers, booleans and texts, without anything inside.
fn check_field(champ: &Field<'_>) -> anyhow::Result<()> {
    let nom = champ.name().unwrap_or_default();
    let simple = matches!(champ.type_type(), Type::Int | Type::Bool | Type::Utf8 | Type::LargeUtf8);
    let alone = champ.children().is_none_or(|enfants| enfants.is_empty()) && champ.dictionary().is_none();
    ensure!(
        simple && alone,
        "la colonne « {nom} » n’est ni d’entiers, ni de booléens, ni de textes (les dictionnaires ne sont pas admis)"
    );
    Ok(())
}
