//! Pictures that people send: decoded, made no larger than what serves, and drawn anew without what came along (FIC-2).

use std::io::Cursor;

use image::{DynamicImage, ImageError, ImageFormat, ImageReader, Limits};

/// How large a picture may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BornesImage {
    /// Bytes of the file.
    pub octets: usize,
    /// Pixels of a side, at least…
    pub cote_min: u32,
    /// … and at most.
    pub cote_max: u32,
    /// Pixels kept: width, height.
    pub garde: (u32, u32),
}

/// Why a picture is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefusImage {
    /// No file, or an empty one.
    Vide,
    /// Too many bytes.
    Lourde,
    /// Neither PNG nor JPEG by its first bytes, whatever its name says.
    Format,
    /// A side too short or too long.
    Cote,
    /// Announced as one of them, and not readable.
    Illisible,
}

/// Memory of a decoding.
const MEMOIRE_MAX: u64 = 64 << 20;

/// A PNG of ours with the same drawing: nothing else of the file is left.
///
/// # Errors
/// [`RefusImage`].
pub fn read_image(octets: &[u8], bornes: BornesImage) -> Result<Vec<u8>, RefusImage> {
    match octets.len() {
        0 => return Err(RefusImage::Vide),
        n if n > bornes.octets => return Err(RefusImage::Lourde),
        _ => {}
    }
    let format = image::guess_format(octets).map_err(|_| RefusImage::Format)?;
    if !matches!(format, ImageFormat::Png | ImageFormat::Jpeg) {
        return Err(RefusImage::Format);
    }
    let mut limites = Limits::default();
    limites.max_image_width = Some(bornes.cote_max);
    limites.max_image_height = Some(bornes.cote_max);
    limites.max_alloc = Some(MEMOIRE_MAX);
    let mut lecteur = ImageReader::with_format(Cursor::new(octets), format);
    lecteur.limits(limites);
    let lue = lecteur.decode().map_err(|e| match e {
        ImageError::Limits(_) => RefusImage::Cote,
        _ => RefusImage::Illisible,
    })?;
    if lue.width().min(lue.height()) < bornes.cote_min {
        return Err(RefusImage::Cote);
    }
    let (largeur, hauteur) = bornes.garde;
    let petite = lue.width() <= largeur && lue.height() <= hauteur;
    let gardee = if petite { lue } else { lue.thumbnail(largeur, hauteur) };
    let mut png = Vec::new();
    DynamicImage::ImageRgba8(gardee.into_rgba8())
        .write_to(&mut Cursor::new(&mut png), ImageFormat::Png)
        .map_err(|_| RefusImage::Illisible)?;
    Ok(png)
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::RgbImage;
    use proptest::prelude::*;

    const BORNES: BornesImage =
        BornesImage { octets: 200 * 1024, cote_min: 20, cote_max: 3_000, garde: (800, 400) };

    fn dessin(largeur: u32, hauteur: u32, format: ImageFormat) -> Vec<u8> {
        let mut octets = Vec::new();
        let image =
            RgbImage::from_fn(largeur, hauteur, |x, y| image::Rgb([(x % 251) as u8, (y % 83) as u8, 7]));
        DynamicImage::ImageRgb8(image).write_to(&mut Cursor::new(&mut octets), format).unwrap();
        octets
    }

    #[test]
    fn fic_2_a_picture_is_drawn_anew_and_nothing_else_of_the_file_is_left() {
        for format in [ImageFormat::Png, ImageFormat::Jpeg] {
            let mut envoyee = dessin(300, 90, format);
            if format == ImageFormat::Jpeg {
                // A comment right after the first mark.
                envoyee.splice(2..2, *b"\xff\xfe\x00\x0eTEMOIN-TEXTE");
            }
            envoyee.extend_from_slice(b"<script>TEMOIN-APRES</script>");
            let png = read_image(&envoyee, BORNES).unwrap();
            assert!(png.starts_with(b"\x89PNG\r\n\x1a\n"));
            assert!(!String::from_utf8_lossy(&png).contains("TEMOIN"), "{format:?}");
            let relue = image::load_from_memory(&png).unwrap();
            assert_eq!((relue.width(), relue.height()), (300, 90));
        }
        let grande = read_image(&dessin(2_000, 500, ImageFormat::Jpeg), BORNES).unwrap();
        let grande = image::load_from_memory(&grande).unwrap();
        assert_eq!((grande.width(), grande.height()), (800, 200));
    }

    #[test]
    fn ent_1_a_picture_out_of_bounds_or_that_is_none_is_refused() {
        let png = dessin(300, 90, ImageFormat::Png);
        for (octets, refus) in [
            (Vec::new(), RefusImage::Vide),
            (vec![0_u8; 200 * 1024 + 1], RefusImage::Lourde),
            (b"%PDF-1.7".to_vec(), RefusImage::Format),
            (b"GIF89a\x01\x00\x01\x00".to_vec(), RefusImage::Format),
            (b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec(), RefusImage::Format),
            (png[..png.len() / 2].to_vec(), RefusImage::Illisible),
            (b"\xff\xd8\xff\xe0 rien".to_vec(), RefusImage::Illisible),
            (dessin(300, 19, ImageFormat::Png), RefusImage::Cote),
            (dessin(3_001, 30, ImageFormat::Png), RefusImage::Cote),
        ] {
            assert_eq!(read_image(&octets, BORNES), Err(refus), "{refus:?}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn ent_1_no_damaged_picture_panics(place in 0_usize..3_000, octet in any::<u8>(), jpeg in any::<bool>()) {
            let mut octets = dessin(40, 30, if jpeg { ImageFormat::Jpeg } else { ImageFormat::Png });
            let ici = place % octets.len();
            octets[ici] = octet;
            let _ = read_image(&octets, BORNES);
        }
    }
}
