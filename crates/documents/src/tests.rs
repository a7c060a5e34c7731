//! What a printed document is, whatever is typed in it.

use app::documents::{Bloc, Colonne, Document, Imprimeur};
use typst::layout::{Frame, FrameItem, Point};
use typst_layout::PagedDocument;

use super::monde::{MODELE, Monde};
use super::{Typographe, compose, texte};

fn document(blocs: Vec<Bloc>) -> Document {
    Document {
        titre: "Récapitulatif du paramétrage – Lycée d’essai".to_owned(),
        chapeau: vec!["Lycée d’essai – Amiens – 0801234A".to_owned(), "Session 2024".to_owned()],
        rappel: "Récapitulatif – Lycée d’essai".to_owned(),
        le: "2024-01-15T09:30:00Z".parse().expect("instant"),
        sommaire: true,
        blocs,
    }
}

fn titre(niveau: u8, texte: &str) -> Bloc {
    Bloc::Titre { niveau, texte: texte.to_owned() }
}

/// One block of each kind, over three pages.
fn complet() -> Document {
    let definitions = [("Adresse", "12 rue des Écoles\n80000 Amiens"), ("Téléphone", "03 22 00 00 00")];
    document(vec![
        titre(1, "L’établissement"),
        Bloc::Definitions(definitions.map(|(t, v)| (t.to_owned(), v.to_owned())).to_vec()),
        Bloc::Liste(vec!["samedi 3 février 2024, de 9 h à 17 h".to_owned(), "à distance".to_owned()]),
        Bloc::Page,
        titre(1, "Les formations"),
        Bloc::Tableau {
            legende: "Places par groupe".to_owned(),
            colonnes: vec![Colonne::new("Groupe"), Colonne::nombre("Places")],
            lignes: vec![
                vec!["Baccalauréats généraux".to_owned(), "24".to_owned()],
                vec!["Baccalauréats professionnels".to_owned(), "12".to_owned()],
            ],
        },
        Bloc::Page,
        titre(2, "BTS Électronique"),
        titre(3, "Attendus"),
        Bloc::Attention("Il manque : les frais.".to_owned()),
        Bloc::Paragraphe("Un premier.\n\nUn second.".to_owned()),
    ])
}

fn imprime(d: &Document) -> Vec<u8> {
    Typographe.imprime(d).unwrap_or_else(|e| panic!("{e}"))
}

fn contient(octets: &[u8], texte: &str) -> bool {
    octets.windows(texte.len()).any(|f| f == texte.as_bytes())
}

fn compte(octets: &[u8], texte: &str) -> usize {
    octets.windows(texte.len()).filter(|f| *f == texte.as_bytes()).count()
}

/// The pages as they are set, before they are written.
fn pose(modele: &str, d: &Document) -> PagedDocument {
    let monde = Monde::new(modele, &texte::donnees(d)).expect("world");
    typst::compile(&monde).output.unwrap_or_else(|e| panic!("{e:?}"))
}

/// Each text with its left and right ends.
fn textes(frame: &Frame, ici: Point, vus: &mut Vec<(String, f64, f64)>) {
    for (place, item) in frame.items() {
        let ou = ici + *place;
        match item {
            FrameItem::Group(g) => textes(&g.frame, ou, vus),
            FrameItem::Text(t) => {
                vus.push((t.text.to_string(), ou.x.to_pt(), ou.x.to_pt() + t.width().to_pt()));
            }
            _ => {}
        }
    }
}

/// The text of each page, spaces aside: where lines end is not what is looked at.
fn lu(d: &PagedDocument) -> Vec<String> {
    d.pages()
        .iter()
        .map(|p| {
            let mut vus = Vec::new();
            textes(&p.frame, Point::zero(), &mut vus);
            vus.iter().flat_map(|(t, _, _)| t.chars()).filter(|c| !c.is_whitespace()).collect()
        })
        .collect()
}

#[test]
fn r_doc_01_the_file_is_tagged_titled_in_french_and_says_that_it_is_accessible() {
    let octets = imprime(&complet());
    assert!(octets.starts_with(b"%PDF-1.7"));
    for dit in [
        "/MarkInfo<</Marked true",
        "<pdfuaid:part>1</pdfuaid:part>",
        "/Lang(fr-FR)",
        "/DisplayDocTitle true",
        "/Outlines",
        "/StructTreeRoot",
        "<xmp:CreateDate>2024-01-15T09:30:00+00:00</xmp:CreateDate>",
    ] {
        assert!(contient(&octets, dit), "no {dit}");
    }
    // Headings, and headers of columns and of lines.
    for (role, fois) in
        [("/S/H1", 3), ("/S/H2", 1), ("/S/H3", 1), ("/S/Table", 2), ("/S/TH", 6), ("/S/TD", 4), ("/S/LI", 2)]
    {
        assert!(compte(&octets, role) >= fois, "{role} {} times", compte(&octets, role));
    }
    assert!(contient(&octets, "/Scope/Row") && contient(&octets, "/Scope/Column"));
    // Nothing of the machine: neither its name nor the version of a tool.
    assert!(contient(&octets, "Parcoursup") && !contient(&octets, "Typst"));
}

#[test]
fn each_page_says_its_number_and_how_many_there_are() {
    let pages = lu(&pose(MODELE, &complet()));
    assert_eq!(pages.len(), 3);
    for (i, page) in pages.iter().enumerate() {
        assert!(page.contains(&format!("page{}sur3", i + 1)), "{page}");
    }
    assert!(!pages[0].starts_with("Récapitulatif–Lycée") && pages[1].contains("Récapitulatif–Lycéed’essai"));
    assert!(
        pages[0].contains("Sommaire")
            && pages[2].contains("Unpremier.")
            && pages[2].contains("Ilmanque:lesfrais.")
    );
}

#[test]
fn the_same_document_at_the_same_instant_is_the_same_file() {
    let d = complet();
    let premier = imprime(&d);
    let autres: Vec<_> = (0..3)
        .map(|_| {
            let d = d.clone();
            std::thread::spawn(move || imprime(&d))
        })
        .collect();
    for autre in autres {
        assert!(autre.join().expect("no panic") == premier, "another file");
    }
    let demain = Document { le: "2024-01-16T09:30:00Z".parse().expect("instant"), ..d };
    assert!(imprime(&demain) != premier);
}

#[test]
fn nothing_outside_the_document_is_read() {
    for source in [
        "#read(\"/etc/hostname\")",
        "#read(\"document.typ\")",
        "#image(\"/etc/logo.png\", alt: \"x\")",
        "#include \"autre.typ\"",
        "#import \"@preview/exemple:0.1.0\": *",
        "#json(\"donnees.json\")",
        "#plugin(\"p.wasm\")",
    ] {
        let refus = compose(source, &complet()).expect_err(source).to_string();
        assert!(refus.contains("access denied"), "{source}: {refus}");
    }
    let sans_horloge = compose("#datetime.today().display()", &complet()).expect_err("no clock");
    assert!(sans_horloge.to_string().contains("date"), "{sans_horloge}");
}

#[test]
fn what_is_typed_is_text_and_never_markup() {
    let typees = [
        "#import \"@preview/x:0.1.0\"",
        "#read(\"/etc/passwd\")",
        "]",
        "[",
        "\") #panic(\"x",
        "= Faux titre",
        "- tiret",
        "*gras* _italique_ `code`",
        "$x^2$",
        "<etiquette> @renvoi",
        "// commentaire /* suite */",
        "\\u{41} \\",
        "\u{2018}a\u{2019} \"b\" -- ... ~",
        "#let doc = 1; {{ x }} ${y} %s",
    ];
    let blocs = typees
        .iter()
        .flat_map(|t| {
            let t = (*t).to_owned();
            [
                titre(1, &t),
                Bloc::Paragraphe(t.clone()),
                Bloc::Attention(t.clone()),
                Bloc::Definitions(vec![(t.clone(), t.clone())]),
                Bloc::Liste(vec![t.clone()]),
                Bloc::Tableau {
                    legende: t.clone(),
                    colonnes: vec![Colonne::new(&t), Colonne::nombre(&t)],
                    lignes: vec![vec![t.clone(), t]],
                },
            ]
        })
        .collect();
    let d = Document { titre: typees.join(" "), rappel: typees[0].to_owned(), ..document(blocs) };
    let lu = lu(&pose(MODELE, &d)).concat();
    for t in typees {
        let net: String = t.chars().filter(|c| !c.is_whitespace()).collect();
        // Title, table of contents, heading, paragraph, warning, definition, item, caption and its cells; a hyphen may cut it
        // in the narrow ones: a term, two headers.
        assert!(lu.matches(&net).count() >= 10, "{t}: {}", lu.matches(&net).count());
    }
    imprime(&d);
}

#[test]
fn what_no_font_draws_is_a_square_and_the_file_stays_accessible() {
    let d = document(vec![
        titre(1, "🎓 Formation"),
        titre(2, "\u{200b}\u{feff} "),
        Bloc::Paragraphe(
            "汉字 – עברית – العربية – 🧪 – e\u{301} – Œuvre, naïf, ﬁn, œ, Æ, ÿ, €, №, ½, →, ✓".to_owned(),
        ),
        Bloc::Definitions(vec![(
            "a\u{0}b\u{7}c\u{feff}d\u{202e}e\u{e000}f\u{fffe}g\u{200b}h".to_owned(),
            "\u{1f468}\u{200d}\u{1f469}\u{fe0f}\u{10ffff}".to_owned(),
        )]),
    ]);
    imprime(&d);
    let lu = lu(&pose(MODELE, &d)).concat();
    assert!(lu.contains("□Formation") && lu.contains("abcdefgh") && lu.contains("Œuvre,naïf"), "{lu}");
    assert!(!lu.contains('🎓') && !lu.contains('汉'));
}

#[test]
fn no_text_leaves_its_column_however_long_its_words() {
    let long = "x".repeat(300);
    let adresse = "https://exemple.example/un/chemin/tres/long/qui/ne/finit/pas/et/continue/encore/loin.html";
    let courriel = "secretariat.des.admissions.du.lycee@etablissement-de-la-region.example";
    let cellules = [&long, adresse, courriel, "12"].map(str::to_owned).to_vec();
    let colonnes = vec![
        Colonne::new("Éléments du dossier pris en compte"),
        Colonne::new("Anticonstitutionnellement"),
        Colonne::new("Adresse"),
        Colonne::nombre("Places"),
    ];
    let d = document(vec![
        titre(1, &long),
        Bloc::Paragraphe(long.clone()),
        Bloc::Paragraphe("a\u{a0}b\u{202f}".repeat(200)),
        Bloc::Definitions(vec![(long.clone(), long.clone()), ("Adresse".to_owned(), adresse.to_owned())]),
        Bloc::Tableau { legende: long.clone(), colonnes, lignes: vec![cellules.clone(), cellules] },
    ]);
    let document = pose(MODELE, &d);
    for page in document.pages() {
        let largeur = page.frame.width().to_pt();
        let mut vus = Vec::new();
        textes(&page.frame, Point::zero(), &mut vus);
        assert!(!vus.is_empty());
        for (texte, gauche, droite) in vus {
            // Two centimetres on each side, and what is left of a space at the end of a line.
            assert!(
                gauche > 56.0 && droite < largeur - 53.0,
                "« {texte} » from {gauche} to {droite} of {largeur}"
            );
        }
    }
}

#[test]
fn a_document_that_cannot_be_accessible_is_an_error() {
    let sans_titre = Document { titre: String::new(), ..complet() };
    let refus = Typographe.imprime(&sans_titre).expect_err("no title").to_string();
    assert!(refus.contains("title"), "{refus}");
    let muette = document(vec![titre(1, "")]);
    assert!(Typographe.imprime(&muette).is_err());
    // The same rules for the template: a picture that says nothing to those who do not see it.
    let image = "#set document(title: \"x\")\n= A\n#image(bytes(\"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>\"))";
    let refus = compose(image, &complet()).expect_err("no alternative").to_string();
    assert!(refus.contains("alt"), "{refus}");
}
