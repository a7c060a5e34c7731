//! The summer, as a candidate goes through it: waiting wishes put in order, the automatic answer switched on and off.

use domain::calendrier::Etape;
use domain::candidats::TypeBac;
use domain::candidatures::EtatVoeu as E;
use domain::formations::Famille;
use testkit::fabrique::{CandidatEssai, VoeuEssai};
use testkit::{Base, Navigateur, Reponse, TestApp};

struct Scene {
    t: TestApp,
    etablissement: i64,
    lea: CandidatEssai,
    n: Navigateur,
    voeux: Vec<VoeuEssai>,
}

/// Three wishes in waiting, as the ordering opens.
async fn prepare() -> Scene {
    let t = TestApp::with_session_2024(Base::sqlite()).await;
    let etablissement = t.etablissement("0800001A", "Lycée Jules-Verne").await;
    let lea = t.candidat("lea@exemple.example", TypeBac::General).await;
    t.at_opening(Etape::Ordonnancement).await;
    let n = t.navigateur_de(lea.compte).await;
    let mut s = Scene { t, etablissement, lea, n, voeux: Vec::new() };
    for libelle in ["BTS Optique", "BUT Chimie", "Licence Lettres"] {
        let v = s.add(libelle, E::EnAttente).await;
        s.voeux.push(v);
    }
    s
}

impl Scene {
    async fn add(&self, libelle: &str, etat: E) -> VoeuEssai {
        let f = self.t.formation(self.etablissement, libelle, Famille::Bts, true, 24, true).await;
        let v = self.t.voeu(&self.lea, &f, etat).await;
        if let Some(reponse) =
            [(E::Propose, "attendue"), (E::Accepte, "acceptee")].iter().find(|(e, _)| *e == etat)
        {
            let quand = ("2024-06-30T19:00", "2024-07-30T00:00");
            self.t.proposition((&self.lea, &f, &v), quand, reponse.1).await;
        }
        v
    }

    fn champ(&self, i: usize) -> String {
        format!("rang-{}", self.voeux[i].public_id)
    }

    /// Presses a button of the list, on the line of a wish.
    async fn presses(&mut self, page: &Reponse, bouton: &str, geste: &str, i: usize) -> Reponse {
        let acte = format!("{geste}:{}", self.voeux[i].public_id);
        self.n.submits(page, bouton, &[("acte", &acte)]).await
    }

    async fn rangs(&self) -> Vec<i64> {
        let mut rangs = Vec::new();
        for v in &self.voeux {
            rangs.push(
                self.t.nombre("SELECT rang_preference FROM voeu WHERE id = $1", vec![v.id.into()]).await,
            );
        }
        rangs
    }
}

/// The wishes of a page in the order in which they stand.
fn suite(page: &Reponse) -> Vec<&'static str> {
    let texte = page.texte();
    let mut lus: Vec<(usize, &str)> = ["Optique", "Chimie", "Lettres"]
        .into_iter()
        .map(|nom| (texte.find(nom).expect("the wish is on the page"), nom))
        .collect();
    lus.sort_unstable();
    lus.into_iter().map(|(_, nom)| nom).collect()
}

#[tokio::test]
async fn r_ord_01_wishes_are_ordered_with_buttons_or_numbers_and_nothing_is_saved_before_the_summary() {
    let mut s = prepare().await;
    s.n.opens("/candidat")
        .await
        .is(200)
        .sees("Ordonnez vos vœux en attente")
        .sees("3 vœux en attente n’ont pas de rang");
    let liste = s.n.opens("/candidat/voeux").await;
    liste.is(200).sees("Ordonnez vos vœux en attente").sees("aucun : ce vœu sera supprimé");
    let page = s.n.opens(&liste.link("Ordonner mes vœux")).await;
    page.is(200)
        .sees("mercredi 3 juillet 2024")
        .sees("Avec et sans internat")
        .sees_not("proposition que vous gardez");
    // Without a script: each button sends the form, and the page comes back with the ranks moved.
    let page = s.presses(&page, "Placer à la suite", "ordonner", 2).await;
    let page = s.presses(&page, "Placer à la suite", "ordonner", 0).await;
    assert_eq!(suite(&page), ["Lettres", "Optique", "Chimie"]);
    let page = s.presses(&page, "Monter", "monter", 0).await;
    assert_eq!(suite(&page), ["Optique", "Lettres", "Chimie"]);
    let page = s.presses(&page, "Descendre", "descendre", 0).await;
    let page = s.presses(&page, "Ne pas ordonner", "oter", 0).await;
    assert_eq!(suite(&page)[0], "Lettres");
    assert_eq!(s.rangs().await, [0, 0, 0]);
    // What the rules refuse is said on the page, with what was typed.
    let (un, deux) = (s.champ(0), s.champ(2));
    let refus =
        s.n.submits(&page, "Vérifier mon ordre", &[("acte", "verifier"), (&un, "3"), (&deux, "1")]).await;
    refus.is(422).sees("le rang 2 manque");
    let refus = s.n.submits(&refus, "Vérifier mon ordre", &[("acte", "verifier"), (&un, "premier")]).await;
    refus.is(422).sees("saisissez un rang entier à partir de 1");
    let page =
        s.n.submits(&refus, "Vérifier mon ordre", &[("acte", "verifier"), (&un, "1"), (&deux, "2")]).await;
    page.is(200)
        .sees("Vœux que je n’ordonne pas")
        .sees("définitivement supprimé après le mercredi 3 juillet 2024");
    assert_eq!(s.rangs().await, [0, 0, 0]);
    let encore = s.n.submits(&page, "Modifier mon ordre", &[("acte", "modifier")]).await;
    encore.is(200).sees("Mes vœux, du préféré au moins préféré");
    let recu = s.n.submits(&page, "Confirmer mon ordre", &[("acte", "confirmer")]).await;
    recu.is(200).sees("L’ordre de vos vœux est enregistré.").sees("Vœu nº 1").sees("Vœu non ordonné");
    assert_eq!(s.rangs().await, [1, 0, 2]);
    let liste = s.n.opens("/candidat/voeux").await;
    liste.sees("Votre rang de préférence").sees("Un vœu en attente n’a pas de rang");
    s.n.opens("/candidat/recepisses").await.sees("Ordre des vœux en attente");
}

#[tokio::test]
async fn r_ord_01_a_list_that_changed_is_shown_as_it_is_now_and_nothing_is_lost_unseen() {
    let mut s = prepare().await;
    let page = s.n.opens("/candidat/voeux/ordre").await;
    s.add("BTS Tourisme", E::EnAttente).await;
    let (un, deux, trois) = (s.champ(0), s.champ(1), s.champ(2));
    let typed = [("acte", "verifier"), (un.as_str(), "1"), (deux.as_str(), "2"), (trois.as_str(), "3")];
    let conflit = s.n.submits(&page, "Vérifier mon ordre", &typed).await;
    conflit.is(409).sees("Vos vœux ont changé").sees("BTS Tourisme");
    assert!(conflit.html.contains("value=\"3\""), "what was typed comes back");
    assert_eq!(s.rangs().await, [0, 0, 0]);
    s.t.at_closing(Etape::Ordonnancement).await;
    s.n.submits(&page, "Vérifier mon ordre", &typed)
        .await
        .is(422)
        .sees("close depuis le mercredi 3 juillet 2024");
    s.n.opens("/candidat/voeux/ordre").await.is(200).sees("close depuis").sees_not("Vérifier mon ordre");
}

#[tokio::test]
async fn r_ord_02_the_page_says_which_answers_are_missing_before_the_order() {
    let mut s = prepare().await;
    s.add("BTS Tourisme", E::Propose).await;
    s.add("BTS Photographie", E::Accepte).await;
    let page = s.n.opens("/candidat/voeux/ordre").await;
    page.is(200)
        .sees("Vous avez 2 propositions")
        .sees("Voir mes propositions")
        .sees_not("Vérifier mon ordre");
    s.n.opens("/candidat").await.sees("répondez-y d’abord pour n’en garder qu’une");
}

#[tokio::test]
async fn r_ra_01_r_ra_02_the_automatic_answer_says_what_it_does_and_is_switched_by_its_candidate() {
    let mut s = prepare().await;
    let tenue = s.add("BTS Photographie", E::Accepte).await;
    let page = s.n.opens("/candidat/voeux/ordre").await;
    page.sees("La proposition que vous gardez");
    let tenu = format!("rang-{}", tenue.public_id);
    let champs = [s.champ(0), s.champ(1), s.champ(2)];
    let typed = [
        ("acte", "verifier"),
        (champs[0].as_str(), "1"),
        (champs[1].as_str(), "2"),
        (tenu.as_str(), "3"),
        (champs[2].as_str(), "4"),
    ];
    let page = s.n.submits(&page, "Vérifier mon ordre", &typed).await;
    page.is(200).sees("Vœux que j’aime moins").sees("(la proposition que je garde)");
    s.n.submits(&page, "Confirmer mon ordre", &[("acte", "confirmer")]).await.is(200);
    let url = "/candidat/voeux/repondeur";
    s.n.opens(url).await.is(200).sees("n’est pas encore ouverte").sees_not("Activer le répondeur");
    s.t.at_opening(Etape::Repondeur).await;
    let accueil = s.n.opens("/candidat").await;
    accueil.sees("Répondeur automatique").sees("vous répondez vous-même");
    let page = s.n.opens(&accueil.link("Voir ce que fait le répondeur")).await;
    page.is(200).sees("Un vœu en attente est ordonné après la proposition").sees_not("Activer le répondeur");
    s.t.sql("UPDATE voeu SET etat = 'renonce' WHERE id = $1", vec![s.voeux[2].id.into()]).await;
    let page = s.n.opens(url).await;
    page.is(200)
        .sees("désactivé")
        .sees("Rang 3, proposition acceptée")
        .sees("Rien de cela ne s’annule")
        .sees("Jusqu’au mardi 20 août 2024");
    let recu = s.n.submits(&page, "Activer le répondeur automatique", &[]).await;
    recu.is(200).sees("Le répondeur automatique est activé.");
    // The same page, left open in another tab: it is on already.
    let garde = s.n.opens(url).await;
    garde.sees("activé le").sees("Désactiver le répondeur automatique");
    s.n.opens("/candidat/voeux").await.sees("acceptée à votre place, selon votre ordre");
    s.t.at_closing(Etape::Repondeur).await;
    let page = s.n.opens(url).await;
    s.n.submits(&page, "Désactiver le répondeur automatique", &[])
        .await
        .sees("Le répondeur automatique est désactivé.");
    s.n.submits(&garde, "Désactiver le répondeur automatique", &[]).await.is(422);
    s.n.opens(url).await.is(200).sees("close depuis le mardi 20 août 2024").sees_not("Activer le répondeur");
}
