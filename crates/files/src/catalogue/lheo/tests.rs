//! What the schema of LHÉO 2.3 refuses, one kind of fault after the other, and what it admits.

use super::super::tests::{error, fiche, lheo, read, refusee};
use super::schema::{Contenu, Valeur, element, elements};

/// The document of the tests with something else in it.
fn autre(avant: &str, apres: &str) -> String {
    let texte = lheo("");
    assert!(texte.contains(avant), "{avant}");
    texte.replacen(avant, apres, 1)
}

/// Where the only fault of the only record is, and what it says.
fn seule(texte: &str) -> (String, String) {
    let (lues, bilan) = read(texte.as_bytes()).unwrap();
    assert_eq!((lues.len(), bilan.refusees), (1, 1), "{lues:?}");
    let r = refusee(&lues[0]);
    let [f] = r.fautes.as_slice() else { panic!("{r:?}") };
    (f.champ.clone(), f.motif.clone())
}

fn check(cas: &[(&str, &str, &str, &str)]) {
    for (avant, apres, champ, dit) in cas {
        let (ou, motif) = seule(&autre(avant, apres));
        assert_eq!(ou, *champ, "{apres} : {motif}");
        assert!(motif.contains(dit), "{motif}");
    }
}

const CERTIFIANTE: &str = "<certifiante>1</certifiante>";
const CONTACT: &str = "<contact-formation><coordonnees/></contact-formation>";
const SORTIE: &str = "<code-niveau-sortie>6</code-niveau-sortie>";

#[test]
fn r_imp_09_each_element_is_in_its_place_and_in_number() {
    let rangs = format!("{CERTIFIANTE}{CONTACT}");
    let croises = format!("{CONTACT}{CERTIFIANTE}");
    let adresse = "formation/action/lieu-de-formation/coordonnees/adresse";
    check(&[
        (
            "<rythme-formation>Alternance</rythme-formation>",
            "",
            "formation/action/rythme-formation",
            "il manque l’élément « rythme-formation » : le schéma en veut un et un seul dans « action », au début",
        ),
        (
            CERTIFIANTE,
            "",
            "formation/certifiante",
            "le schéma en veut un et un seul dans « formation », après « contenu-formation »",
        ),
        (
            &rangs,
            &croises,
            "formation/certifiante",
            "l’élément « certifiante » vient après « contact-formation » : dans « formation », le schéma le veut avant",
        ),
        (
            SORTIE,
            &SORTIE.repeat(3),
            "formation/code-niveau-sortie",
            "un élément « code-niveau-sortie » de trop : le schéma en veut un au plus dans « formation »",
        ),
        (
            "<ligne>Bâtiment B</ligne>",
            &"<ligne>Bâtiment B</ligne>".repeat(4),
            &format!("{adresse}/ligne"),
            "le schéma en veut de 1 à 4 dans « adresse »",
        ),
        (
            CERTIFIANTE,
            &format!("{CERTIFIANTE}<couleur><ton>x</ton></couleur>"),
            "formation/couleur",
            "l’élément « couleur » n’existe pas en LHÉO 2.3 : dans « formation », le schéma veut ici « certifiante »",
        ),
        (
            SORTIE,
            &format!("{SORTIE}<ville>Amiens</ville>"),
            "formation/ville",
            "l’élément « ville » n’a pas sa place dans « formation »",
        ),
        (
            SORTIE,
            &format!("{SORTIE}<x:url-formation xmlns:x=\"urn:x\"/>"),
            "formation/url-formation",
            "n’est pas de l’espace de noms de LHÉO 2.3",
        ),
        (
            "<domaine-formation/>",
            "<domaine-formation>\nx\n</domaine-formation>",
            "formation/domaine-formation",
            "(« x »)",
        ),
        (
            "<nom-organisme>",
            "<nom-organisme><b/>",
            "formation/organisme-formation-responsable/nom-organisme/b",
            "« nom-organisme » contient l’élément « b » : le schéma n’y veut que du texte",
        ),
    ]);
}

#[test]
fn r_imp_09_each_text_and_each_attribute_is_what_the_schema_wants() {
    let adresse = "formation/action/lieu-de-formation/coordonnees/adresse";
    check(&[
        (
            "<ville>AMIENS</ville>",
            &format!("<ville>{}</ville>", "é".repeat(51)),
            &format!("{adresse}/ville"),
            "le texte a 51 caractères, blancs compris : le schéma en veut de 1 à 50",
        ),
        ("<ville>AMIENS</ville>", "<ville/>", &format!("{adresse}/ville"), "le texte a 0 caractère,"),
        ("<codepostal>80000", "<codepostal>8000", &format!("{adresse}/codepostal"), "le schéma en veut 5"),
        (
            CERTIFIANTE,
            "<certifiante>oui</certifiante>",
            "formation/certifiante",
            "le code « oui » n’est pas admis : le schéma veut l’un de ceux-ci : 0, 1",
        ),
        (
            "<debut>20240902</debut>",
            "<debut>2024-09-02</debut>",
            "formation/action/session/periode/debut",
            "« 2024-09-02 » n’est pas une date : le schéma veut huit chiffres",
        ),
        (
            "<capacite-cumulee>24<",
            "<capacite-cumulee>24 places<",
            "formation/action/session/cycle/capacite-cumulee",
            "« 24 places » n’est pas un nombre",
        ),
        (
            "<certifiante>",
            "<certifiante couleur=\"x\">",
            "formation/certifiante",
            "l’attribut « couleur » n’existe pas sur « certifiante » : le schéma y admet numero, info,",
        ),
        (
            "<certifiante>",
            "<certifiante datemaj=\"20240101\">",
            "formation/certifiante",
            "l’attribut « datemaj » n’existe pas sur « certifiante »",
        ),
        (
            "<certifiante>",
            "<certifiante xml:lang=\"fr\">",
            "formation/certifiante",
            "l’attribut « lang » n’existe pas",
        ),
        (
            "<action ",
            "<action horodatage-export=\"hier\" ",
            "formation/action",
            "l’attribut « horodatage-export » vaut « hier » : le schéma veut une date et une heure",
        ),
        (
            "<action ",
            "<action id=\"1a\" ",
            "formation/action",
            "l’attribut « id » vaut « 1a » : le schéma veut un nom",
        ),
    ]);
    let deux = autre("<certifiante>", "<certifiante id=\"a\">").replace("<action ", "<action id=\"a\" ");
    let (ou, motif) = seule(&deux);
    assert_eq!(ou, "formation/action");
    assert!(motif.contains("veut un nom qu’aucun autre élément du document n’a"), "{motif}");
}

#[test]
fn r_imp_09_what_the_schema_admits_is_read() {
    let extras = "<extras info=\"x\"><extras/><extra a=\"b\">t<x:y xmlns:x=\"urn:x\" z=\"1\">t<ville>Lille</ville></x:y></extra></extras>";
    let dates =
        "<action datemaj=\"1\" id=\"a\" horodatage-creation=\"2024-09-02T08:30:00+02:00\" uri=\"urn:x\" ";
    for texte in [
        autre("</action>", &format!("{extras}</action>")),
        autre("<action ", dates).replace("<certifiante>", "<certifiante idref=\"a\">"),
        autre("<certifiante>1<", "<certifiante>\n <!-- oui --> 1\n<"),
        autre("<ville>AMIENS<", "<ville><![CDATA[A & B]]><"),
        autre(
            "<lheo ",
            "<lheo xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\" i:schemaLocation=\"http://lheo.gouv.fr/2.3 x\" ",
        ),
    ] {
        let (lues, _) = read(texte.as_bytes()).unwrap();
        assert_eq!(fiche(&lues[0]).id, "9436|18706|19004");
    }
    // Of what is free, LHÉO still says what its own elements are.
    let fautif = extras.replace("<ville>Lille</ville>", "<ville/>");
    let (ou, _) = seule(&autre("</action>", &format!("{fautif}</action>")));
    assert_eq!(ou, "formation/action/extras/extra/y/ville");
}

#[test]
fn r_imp_09_a_fault_refuses_its_action_or_its_course_and_leaves_the_others() {
    let texte = lheo("");
    let part = |debut: &str, fin: &str| {
        let (debut, fin) = (texte.find(debut).unwrap(), texte.find(fin).unwrap() + fin.len());
        texte[debut..fin].to_owned()
    };
    let formation = part("<formation ", "</formation>").replace("9436", "9437");
    let (lues, bilan) = read(lheo(&formation.replace(CERTIFIANTE, "")).as_bytes()).unwrap();
    assert_eq!((lues.len(), bilan.refusees), (2, 1));
    assert_eq!(
        (fiche(&lues[0]).id.as_str(), refusee(&lues[1]).id.as_deref()),
        ("9436|18706|19004", Some("9437|18706|19004"))
    );

    let action = part("<action ", "</action>").replace("18706", "18707");
    let fautive = action.replace("<type-cycle>1</type-cycle>", "");
    let deux = |action: &str| autre("</action>", &format!("</action>{action}"));
    let (lues, _) = read(deux(&fautive).as_bytes()).unwrap();
    assert_eq!(fiche(&lues[0]).id, "9436|18706|19004");
    assert_eq!(refusee(&lues[1]).fautes[0].champ, "formation/action/session/cycle/type-cycle");
    let (lues, bilan) = read(deux(&action).replace(CERTIFIANTE, "").as_bytes()).unwrap();
    assert_eq!(bilan.refusees, 2);
    assert_eq!(refusee(&lues[0]).fautes, refusee(&lues[1]).fautes);

    let nombreuses = deux(&action).replace(CERTIFIANTE, &format!("{CERTIFIANTE}{}", "<x/>".repeat(300)));
    let (lues, _) = read(nombreuses.as_bytes()).unwrap();
    let combien: Vec<usize> = lues.iter().map(|l| refusee(l).fautes.len()).collect();
    assert_eq!(combien, [100, 10]);
}

#[test]
fn r_imp_09_what_breaks_the_envelope_refuses_the_document() {
    let attributs: String = (0..50).map(|n| format!(" a{n}=\"\"")).collect();
    for (texte, dit) in [
        (
            autre("<lheo ", "<lheo couleur=\"x\" "),
            "ligne 2, colonne 1 : « lheo » : l’attribut « couleur » n’existe pas sur « lheo »",
        ),
        (
            "<lheo xmlns=\"http://lheo.gouv.fr/2.3\"><offres/></lheo>".to_owned(),
            "« lheo/offres/formation » : il manque l’élément « formation » : le schéma en veut un au moins",
        ),
        (lheo("<couleur/>"), "« lheo/offres/couleur » : l’élément « couleur » n’existe pas en LHÉO 2.3"),
        (lheo("x"), "« lheo/offres » : « offres » contient du texte (« x »)"),
        (
            autre("<certifiante>", "<certifiante idref=\"z\">"),
            "ligne 5, colonne 1 : l’attribut « idref » renvoie à un identifiant",
        ),
        (format!("{}<lheo/>", lheo("")), "plus d’un élément racine"),
        (format!("{}x", lheo("")), "du texte est écrit hors de l’élément racine"),
        (autre("<certifiante>", &format!("<certifiante{attributs}>")), "plus de 40 attributs"),
        (autre("<certifiante>", "<certifiante info=\"\" info=\"\">"), "donné deux fois"),
        (autre("<certifiante>", "<certifiante info=\"&x;\">"), "l’attribut « info » est illisible"),
    ] {
        let e = error(texte.as_bytes());
        assert!(e.contains(dit), "« {dit} » : {e}");
    }
}

#[test]
fn r_imp_09_every_element_that_the_rules_name_has_its_rules() {
    assert_eq!(elements().count(), 170);
    for e in elements() {
        for x in e.contenu.enfants() {
            assert!(element(x.nom).is_some(), "{} in {}", x.nom, e.nom);
            assert!(x.max.is_none_or(|max| max >= x.min.max(1)), "{x:?}");
        }
        if let Contenu::Valeur(Valeur::Texte(min, max)) = e.contenu {
            assert!(min <= max, "{}", e.nom);
        }
    }
    let attributs = |nom: &str| element(nom).unwrap().attributs().count();
    assert_eq!(["ville", "action", "organisme-formateur", "formation"].map(attributs), [10, 12, 10, 14]);
}
