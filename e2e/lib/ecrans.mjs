// Every screen of the route table, as a person who may see it: checked (accessibility, console, width) and pictured at both
// sizes. A story tours one moment of the campaign.

import { readFile } from "node:fs/promises";

/** Routes that a tour cannot show: what shows them, or why they are no page. */
const ELSEWHERE = {
  "/informations/{annee}/calendrier/agenda": "a file (web/tests/it/actualites.rs)",
  "/informations/{annee}/calendrier/document": "a file (web/tests/it/actualites.rs)",
  "/informations/{annee}/donnees/document": "a file (web/tests/it/references.rs)",
  "/informations/{annee}/documents/{id}": "a file (web/tests/it/references.rs)",
  "/mes-seances": "leads to the sessions of the open campaign",
  "/mes-seances/{annee}/{id}/agenda": "a file (web/tests/it/seances.rs)",
  "/mes-seances/{annee}/organisation/statistiques/export": "files (web/tests/it/seances.rs)",
  "/formations/donnees/export": "a file (web/tests/it/offre_ouverte.rs)",
  "/resume/{jeton}": "behind the link of a mail (web/tests/it/actualites.rs)",
  "/seances/inscription/{jeton}": "16-seances: behind the link of a mail",
  "/seances/inscription/{jeton}/agenda": "a file (web/tests/it/seances.rs)",
  "/assistance/file": "leads to the queue of the open session",
  "/informations": "leads to the Fil info of the open session",
  "/gestion/{annee}/groupes/{id}/recepisses/{numero}": "40-classement: the receipt of the transmission",
  "/gestion/{annee}/groupes/{id}/export": "40-classement: a file",
  "/gestion/{annee}/internats/{id}": "41-internat: of a boarding school that was declared",
  "/gestion/{annee}/internats/{id}/import": "41-internat: of a boarding school that was declared",
  "/gestion/{annee}/internats/{id}/transmettre": "41-internat: of a boarding school that was declared",
  "/gestion/{annee}/internats/{id}/recepisses/{numero}": "41-internat: the receipt of the transmission",
  "/gestion/{annee}/internats/{id}/export": "41-internat: a file",
  "/journal/export": "90-journal: a file",
  "/compte/confirmer/{jeton}": "web/tests/it/comptes.rs",
  "/comptes/derogations/{id}": "for an exception that was asked for: the demonstration has none (web/tests/it/comptes.rs)",
  "/comptes/responsables/export": "85-comptes: files",
  "/academie/{annee}/apprentissage/rejets/export": "a file (web/tests/it/apprentissage.rs)",
  "/academie/{annee}/apprentissage/journees/{id}": "17-apprentissage: of a day that was sent",
  "/academie/{annee}/apprentissage/journees/{id}/export": "a file (web/tests/it/journees_catalogue.rs)",
  "/academie/{annee}/apprentissage/journees/{id}/proces-verbal": "a file (web/tests/it/journees_catalogue.rs)",
  "/academie/{annee}/completude/export": "files (web/tests/it/accueil.rs)",
  "/academie/{annee}/completude/formations/export": "files (web/tests/it/accueil.rs)",
  "/academie/{annee}/completude/relances/{id}": "21-accueil: of a reminder that was asked for",
  "/informations/{annee}/charte/export": "files (app/tests/it/charte.rs)",
  "/informations/{annee}/publication/{id}/lectures/export": "files (web/tests/it/actualites.rs)",
  "/gestion/archives": "leads to the only archived session",
  "/academie/archives": "leads to the only archived session",
  "/national/archives": "leads to the only archived session",
  "/gestion/{annee}/demandes/{id}": "27-demandes: of a request that was made",
  "/gestion/{annee}/cessions/{id}": "27-demandes: of a course that is proposed",
  "/academie/{annee}/demandes/{id}": "27-demandes: of a request that was made",
  "/academie/{annee}/demandes/export": "files (web/tests/it/demandes.rs)",
  "/academie/{annee}/capacites/export": "files (web/tests/it/accueil.rs)",
  "/national/{annee}/demandes/{id}": "27-demandes: of a request that was sent on",
  "/academie/{annee}/controles/{id}/retour": "26-controle: of a course that was submitted",
  "/gestion/{annee}/delegations": "leads to the only establishment of who looks",
  "/gestion/{annee}/interfaces": "leads to the only establishment of who looks",
  "/gestion/{annee}/etablissements": "leads to the only establishment of who looks",
  "/gestion/{annee}/etablissements/{id}/delegations/export": "a file",
  "/gestion/{annee}/etablissements/{id}/signature": "22-etablissement: a picture, in the page of the head",
  "/transparence": "leads to the register of the open session",
  "/transparence/{annee}/registre": "a file (web/tests/it/candidat.rs)",
  "/transparence/{annee}/derniers-appeles": "a file (web/tests/it/candidat.rs)",
  "/transparence/{annee}/groupes": "a file (web/tests/it/transparence.rs)",
  "/transparence/{annee}/tete": "a file (web/tests/it/candidat.rs)",
  "/carte": "22-etablissement: a picture, in the page of the sites",
  "/gestion/{annee}/classeur/export": "a file",
  "/gestion/{annee}/recapitulatif.pdf": "21-accueil: a file",
  "/gestion/{annee}/formations/{id}/recapitulatif.pdf": "a file (web/tests/it/recapitulatif.rs)",
  "/national/{annee}/calendrier/{id}": "for a prolongation or a lifted freeze that was proposed: the demonstration has none (web/tests/it/prolongations.rs, gel.rs)",
  "/national/{annee}/calculs/{id}": "50-passage-du-lendemain and 65-place-liberee pass by it",
  "/brouillon": "29-brouillons: of a form that was closed meanwhile",
  "/reprise/{id}": "80-second-facteur: sent again at once by its script",
  "/compte/agenda/fichier": "a file",
  "/agenda/{jeton}": "a file, without a session (web/tests/it/echeances.rs)",
  "/sante": "no page",
  "/metrics": "no page",
};

const COURSE = 'main a[href*="/formations/"]:has-text("Diététique")';
const GROUP = 'main a[href*="/groupes/"]';
const ACCOUNT = 'main a[href^="/comptes/"]:has-text("Leclercq")';
const SHARED = 'main table a[href^="/comptes/"]:has-text("Compte partagé")';
const YVES = "Yves Caron";
const EMILIE = "Émilie Wattel";
const SOPHIE = "Sophie Legrand";
const HENRI = "Henri Delattre";
const CLAIRE = "Claire Fontaine";
const MALIK = "Malik Berthier";

/**
 * One screen: the route, who looks, and the way there. A step is an address (« / »), what follows the present one (« + »), or
 * the first link that a selector finds; a function does what it wants. The last step leads to the page of the route.
 */
const screen = (route, who, ...steps) => ({ route, who, steps });

/**
 * Follows the first link of the newest message whose subject says this. Never at the moment of admission: the messages of the
 * day's proposals would push it out of what the outbox shows.
 */
const mailLink = (subject) => async (visitor) => {
  await visitor.goto("/dev/courriels");
  // Not the link that asks for the messages of the same person.
  await follow(visitor, `main details:has(summary:has-text("${subject}")) a[href]:not([href^="/dev/"])`);
};

const register = async (visitor) => {
  await visitor.goto("/inscription");
  const field = visitor.page.locator('main input[type="email"]').first();
  await field.fill("ecrans@courriel.example");
  await visitor.page.locator("main form button[type=submit]").first().click();
  await visitor.page.waitForLoadState("load");
};

const forgets = async (visitor) => {
  await visitor.goto("/mot-de-passe-oublie");
  await visitor.page.locator('main input[type="email"]').first().fill("responsable@parcoursup.example");
  await visitor.page.locator("main form button[type=submit]").first().click();
  await visitor.page.waitForLoadState("load");
};

const signsIn = async (visitor) => {
  await visitor.goto("/connexion");
  await visitor.page.locator('main input[type="email"]').fill("responsable@parcoursup.example");
  await visitor.page.locator('main input[type="password"]').fill("Tilleul-Cascade-2024");
  await visitor.page.locator("main form button[type=submit]").first().click();
  await visitor.page.waitForLoadState("load");
};

/** Gives a token, then opens it. */
const givesToken = async (visitor) => {
  await visitor.goto(`${new URL(visitor.page.url()).pathname}/nouveau`);
  await visitor.fill({ "Nom du logiciel": "SI scolarité" });
  await visitor.page.locator('[name="toutes[]"][value="lecture"]').press("Space");
  await visitor.click("Donner le jeton");
  await visitor.click("Voir les jetons de l’établissement");
};

const press = (name) => (visitor) => visitor.click(name);

export const SCREENS = {
  parametrage: [
    screen("/", null, "/"),
    screen("/formations", null, "/formations"),
    screen("/formations/donnees", null, "/formations/donnees"),
    screen("/gestion", EMILIE, "/gestion"),
    screen("/gestion/{annee}", "Nadia Lemaire", "/gestion/2024"),
    screen("/gestion/{annee}", EMILIE, "/gestion/2024"),
    screen("/gestion/{annee}", YVES, "/gestion/2023"),
    screen("/gestion/{annee}/recapitulatif", "Aïcha Rahmani", "/gestion/2024/recapitulatif"),
    screen("/gestion/{annee}/etablissements/{id}/echanges", YVES, "/gestion/2024/etablissements", "+/echanges"),
    screen("/gestion/{annee}/formations/{id}/echanges", EMILIE, "/gestion/2024/formations", COURSE, "+/echanges"),
    screen("/informations/{annee}", EMILIE, "/informations/2024"),
    screen("/informations/{annee}/actualites/{id}", EMILIE, "/informations/2024", 'main a[href*="/actualites/"]'),
    screen("/informations/{annee}/charte", "Nadia Lemaire", "/informations/2024/charte"),
    screen("/informations/{annee}/charte/nouvelle", CLAIRE, "/informations/2024/charte/nouvelle"),
    screen("/informations/{annee}/calendrier", EMILIE, "/informations/2024/calendrier"),
    screen("/informations/{annee}/publication", HENRI, "/informations/2024/publication"),
    screen("/informations/{annee}/publication/nouvelle", HENRI, "/informations/2024/publication/nouvelle"),
    screen("/informations/{annee}/publication/{id}", HENRI, "/informations/2024/publication", 'main tbody a'),
    screen("/informations/{annee}/donnees", EMILIE, "/informations/2024/donnees"),
    screen("/informations/{annee}/documents", EMILIE, "/informations/2024/documents"),
    screen("/informations/{annee}/publication/documents", HENRI, "/informations/2024/publication/documents"),
    screen("/informations/{annee}/publication/documents/nouveau", HENRI, "/informations/2024/publication/documents/nouveau"),
    screen("/informations/{annee}/publication/documents/{id}", HENRI, "/informations/2024/publication/documents", "main tbody a"),
    screen("/mes-seances/{annee}", EMILIE, "/mes-seances/2024"),
    screen("/mes-seances/{annee}/{id}", YVES, "/mes-seances/2024", 'main .actualites a'),
    screen("/mes-seances/{annee}/organisation", HENRI, "/mes-seances/2024/organisation"),
    screen("/mes-seances/{annee}/organisation/nouvelle", HENRI, "/mes-seances/2024/organisation/nouvelle"),
    screen("/mes-seances/{annee}/organisation/statistiques", CLAIRE, "/mes-seances/2024/organisation/statistiques"),
    screen("/mes-seances/{annee}/organisation/{id}", HENRI, "/mes-seances/2024/organisation", "main tbody a"),
    screen("/mes-seances/{annee}/organisation/{id}/presences", CLAIRE, "/mes-seances/2024/organisation", "main tbody a", "+/presences"),
    screen("/seances", null, "/seances"),
    screen("/seances/inscription", null, "/seances/inscription"),
    screen("/assistance", null, "/assistance?departement=80"),
    screen("/assistance", HENRI, "/assistance"),
    screen("/assistance/cellules", null, "/assistance/cellules"),
    screen("/assistance/demander", "Josiane Vasseur", "/gestion/2024/formations", COURSE, 'footer a[href^="/assistance/demander"]'),
    screen("/assistance/demandes", "Josiane Vasseur", "/assistance/demandes"),
    screen("/assistance/demandes/{id}", "Josiane Vasseur", "/assistance/demandes", 'main tbody a'),
    screen("/assistance/{annee}/file", HENRI, "/assistance/2024/file?etat=toutes"),
    screen("/assistance/{annee}/file/{id}", HENRI, "/assistance/2024/file", 'main tbody a'),
    screen("/assistance/{annee}/cellules", CLAIRE, "/assistance/2024/cellules"),
    screen("/assistance/{annee}/cellules/{region}", HENRI, "/assistance/2024/cellules/32"),
    screen("/assistance/{annee}/cellules/{region}/sites", HENRI, "/assistance/2024/cellules/32/sites", 'main tbody a'),
    screen("/assistance/{annee}/cellules/{region}/publications", HENRI, "/assistance/2024/cellules/32/publications", 'main tbody a'),
    screen("/assistance/{annee}/cellules/{region}/reponses", HENRI, "/assistance/2024/cellules/32/reponses"),
    screen("/academie/{annee}/completude", HENRI, "/academie/2024/completude"),
    screen("/academie/{annee}/apprentissage", HENRI, "/academie/2024/apprentissage?statut=tous"),
    screen("/academie/{annee}/apprentissage/fiches/{id}", HENRI, "/academie/2024/apprentissage", 'main tbody a[href*="/fiches/"]'),
    screen("/academie/{annee}/apprentissage/doublons", HENRI, "/academie/2024/apprentissage/doublons"),
    screen("/academie/{annee}/apprentissage/doublons/{id}", HENRI, "/academie/2024/apprentissage/doublons", 'main tbody a'),
    screen("/academie/{annee}/apprentissage/rejets", HENRI, "/academie/2024/apprentissage/rejets"),
    screen("/academie/{annee}/apprentissage/journees", CLAIRE, "/academie/2024/apprentissage/journees"),
    screen("/gestion/{annee}/apprentissage", YVES, "/gestion/2024/apprentissage"),
    screen("/academie/{annee}/controles", HENRI, "/academie/2024/controles?etat=brouillon"),
    screen("/academie/{annee}/controles", CLAIRE, "/academie/2024/controles?etat=brouillon"),
    screen("/academie/{annee}/controles/inchangees", HENRI, "/academie/2024/controles/inchangees"),
    screen("/academie/{annee}/controles/{id}", HENRI, "/academie/2024/controles?etat=brouillon", 'main a[href*="/controles/"]'),
    screen("/gestion/{annee}/demandes", YVES, "/gestion/2024/demandes"),
    screen("/gestion/{annee}/cessions", YVES, "/gestion/2024/cessions"),
    screen("/gestion/{annee}/demandes/ouvrir", YVES, "/gestion/2024/demandes/ouvrir"),
    screen("/gestion/{annee}/formations/{id}/demander", YVES, "/gestion/2024/formations", 'main tbody th a', "+/demander"),
    screen("/gestion/{annee}/formations/{id}/demander", YVES, "/gestion/2024/formations", 'main tbody th a', "+/demander?nature=fermeture"),
    screen("/academie/{annee}/demandes", HENRI, "/academie/2024/demandes"),
    screen("/national/{annee}/demandes", CLAIRE, "/national/2024/demandes"),
    screen("/academie/{annee}/completude/relance", HENRI, "/academie/2024/completude/relance"),
    screen("/academie/{annee}/completude/relances", HENRI, "/academie/2024/completude/relances"),
    screen("/academie/{annee}/completude/relances/nouvelle", HENRI, "/academie/2024/completude/relances/nouvelle"),
    screen("/academie/{annee}/capacites", HENRI, "/academie/2024/capacites"),
    screen("/gestion/{annee}/formations", "Nadia Lemaire", "/gestion/2024/formations"),
    screen("/gestion/{annee}/etablissements/{id}", YVES, "/gestion/2024/etablissements"),
    screen("/gestion/{annee}/etablissements/{id}/{partie}", YVES, "/gestion/2024/etablissements", 'main a[href$="/sites"]'),
    screen("/gestion/{annee}/etablissements/{id}/{partie}", YVES, "/gestion/2024/etablissements", 'main a[href$="/chef"]'),
    screen("/gestion/{annee}/etablissements/{id}/{partie}", YVES, "/gestion/2024/etablissements", 'main a[href$="/contacts"]'),
    screen("/gestion/{annee}/etablissements/{id}/identite", HENRI, "/academie/2024/completude", 'main tbody a[href*="/etablissements/"]', "+/identite"),
    screen("/gestion/{annee}/formations/{id}", EMILIE, "/gestion/2024/formations", COURSE),
    screen("/gestion/{annee}/formations/{id}/publier", EMILIE, "/gestion/2024/formations", COURSE, "+/publier"),
    screen("/gestion/{annee}/formations/{id}/relecture", EMILIE, "/gestion/2024/formations", COURSE, "+/relecture"),
    screen("/gestion/{annee}/formations/{id}/regroupement", YVES, "/gestion/2024/formations", 'main tbody th a', "+/regroupement"),
    screen("/gestion/{annee}/formations/{id}/versions", EMILIE, "/gestion/2024/formations", COURSE, "+/versions"),
    screen("/gestion/{annee}/formations/{id}/copier", EMILIE, "/gestion/2024/formations", COURSE, "+/copier?source=precedente"),
    ...["caracteristiques", "attendus", "candidature", "epreuves", "grille", "frais", "contacts"].map((part) =>
      screen("/gestion/{annee}/formations/{id}/{rubrique}", EMILIE, "/gestion/2024/formations", COURSE, `+/${part}`)),
    screen("/gestion/{annee}/lot", YVES, "/gestion/2024/lot"),
    screen("/gestion/{annee}/lot/capacites", YVES, "/gestion/2024/lot/capacites"),
    screen("/gestion/{annee}/classeur", YVES, "/gestion/2024/classeur"),
    screen("/national/{annee}", CLAIRE, "/national/2024"),
    screen("/national/{annee}/calendrier", CLAIRE, "/national/2024/calendrier"),
    screen("/national/{annee}/donnees", CLAIRE, "/national/2024/donnees"),
    screen("/compte", YVES, "/compte"),
    screen("/compte/{quoi}", YVES, "/compte/adresse"),
    screen("/compte/{quoi}", YVES, "/compte/mot-de-passe"),
    screen("/comptes", YVES, "/comptes"),
    screen("/comptes", HENRI, "/comptes"),
    screen("/comptes/inviter", YVES, "/comptes/inviter"),
    screen("/comptes/{id}", YVES, "/comptes", ACCOUNT),
    screen("/comptes/{id}/{acte}", YVES, "/comptes", ACCOUNT, 'main a[href^="/comptes/"]'),
    screen("/comptes/invitations/{id}", YVES, "/comptes", 'main a[href^="/comptes/invitations/"]'),
    screen("/comptes/{id}", SOPHIE, "/comptes", SHARED),
    screen("/comptes/{id}/{acte}", SOPHIE, "/comptes", SHARED, 'main a[href$="/reprendre"]'),
    screen("/invitation/{jeton}", null, "/dev", 'main a[href^="/invitation/"]'),
    screen("/connexion/enrolement", "Inès Moreau", "/connexion/enrolement"),
    screen("/connexion/conformite", "Brigitte Morel", "/connexion/conformite"),
    screen("/comptes/responsables", HENRI, "/comptes/responsables"),
    screen("/comptes/derogations", HENRI, "/comptes/derogations"),
    screen("/comptes/securite", HENRI, "/comptes/securite"),
    screen("/comptes/securite/{uai}", YVES, "/comptes", 'main a[href^="/comptes/securite/"]'),
    screen("/gestion/{annee}/etablissements/{id}/delegations", YVES, "/gestion/2024/delegations"),
    screen("/gestion/{annee}/etablissements/{id}/delegations/import", YVES, "/gestion/2024/delegations", 'main a[href$="/delegations/import"]'),
    screen("/gestion/{annee}/etablissements/{id}/interfaces", YVES, "/gestion/2024/interfaces"),
    screen("/gestion/{annee}/etablissements/{id}/interfaces/nouveau", YVES, "/gestion/2024/interfaces", "+/nouveau"),
    screen("/gestion/{annee}/etablissements/{id}/interfaces/{jeton}", YVES, "/gestion/2024/interfaces", givesToken, "main tbody th a"),
    screen("/gestion/{annee}/etablissements/{id}/interfaces/{jeton}/abonnements", YVES, "/gestion/2024/interfaces", "main tbody th a", "+/abonnements"),
    screen("/gestion/{annee}/etablissements/{id}/interfaces/{jeton}/modifier", YVES, "/gestion/2024/interfaces", "main tbody th a", "+/modifier"),
    screen("/gestion/{annee}/etablissements/{id}/interfaces/{jeton}/renouveler", YVES, "/gestion/2024/interfaces", "main tbody th a", "+/renouveler"),
    screen("/gestion/{annee}/etablissements/{id}/interfaces/{jeton}/revoquer", YVES, "/gestion/2024/interfaces", "main tbody th a", "+/revoquer"),
    screen("/gestion/{annee}/formations/{id}/acces", YVES, "/gestion/2024/delegations", 'main a[href$="/acces"]'),
  ],
  voeux: [
    screen("/", null, "/"),
    screen("/inscription", null, "/inscription"),
    screen("/inscription/{jeton}", null, register, mailLink("vous inscrire")),
    screen("/mot-de-passe/{jeton}", null, forgets, mailLink("mot de passe")),
    screen("/candidat", "candidat:0", "/candidat"),
    screen("/candidat/voeux", "candidat:0", "/candidat/voeux"),
    screen("/candidat/dossier", "candidat:0", "/candidat/dossier"),
    screen("/candidat/voeux/{id}/confirmer", "candidat:0", "/candidat/voeux", 'main a[href$="/confirmer"]'),
    screen("/candidat/voeux/{id}/retirer", "candidat:0", "/candidat/voeux", 'main a[href$="/retirer"]'),
    screen("/formations/{id}", "candidat:1", "/formations?q=licence+droit", 'main a[href^="/formations/"]'),
    screen("/candidat/voeux/ajouter", "candidat:1", "/formations?q=licence+droit", 'main a[href^="/formations/"]', 'main a[href*="/candidat/voeux/ajouter"]'),
    screen("/candidat/voeux", "candidat:2", "/candidat/voeux"),
  ],
  examen: [
    screen("/gestion/{annee}", EMILIE, "/gestion/2024"),
    screen("/gestion/{annee}/formations/{id}", EMILIE, "/gestion/2024/formations", COURSE),
    screen("/gestion/{annee}/groupes/{id}", EMILIE, "/gestion/2024/formations", COURSE, GROUP),
    screen("/gestion/{annee}/formations/{id}", "Karim Dubrulle", "/gestion/2024/formations", COURSE),
    screen("/gestion/{annee}/groupes/{id}/import", EMILIE, "/gestion/2024/formations", COURSE, GROUP, 'main a[href$="/import"]'),
    screen("/gestion/{annee}/groupes/{id}/transmettre", EMILIE, "/gestion/2024/formations", COURSE, GROUP, 'main a[href$="/transmettre"]'),
    screen("/gestion/{annee}/etablissements/{id}/internats", YVES, "/gestion/2024/etablissements", "+/internats"),
    screen("/academie", HENRI, "/academie"),
    screen("/academie/{annee}", HENRI, "/academie/2024?manquants=oui"),
    screen("/academie/{annee}/taux", HENRI, "/academie/2024/taux"),
    screen("/academie/{annee}/taux/{id}", HENRI, "/academie/2024?page=1", 'main a[href*="/taux/"]'),
    screen("/national/{annee}", CLAIRE, "/national/2024"),
    screen("/national/{annee}/ordre-appel", CLAIRE, "/national/2024/ordre-appel"),
    screen("/journal", "Solène Garnier", "/journal"),
    screen("/journal/vus", CLAIRE, "/journal/vus"),
    screen("/alarmes", CLAIRE, "/alarmes"),
    screen("/candidat/acces", "candidat:0", "/candidat/acces"),
    screen("/candidat/acces/qui", "candidat:0", "/candidat/acces/qui"),
    screen("/candidat", "candidat:0", "/candidat"),
    screen("/candidat/voeux", "candidat:0", "/candidat/voeux"),
  ],
  admission: [
    screen("/", null, "/"),
    screen("/connexion", null, "/connexion"),
    screen("/connexion/verification", null, signsIn),
    screen("/mot-de-passe-oublie", null, "/mot-de-passe-oublie"),
    screen("/recepisse", null, "/recepisse"),
    screen("/apparence", null, "/apparence"),
    screen("/accessibilite", null, "/accessibilite"),
    screen("/mentions-legales", null, "/mentions-legales"),
    screen("/plan-du-site", null, "/plan-du-site"),
    screen("/aide", null, "/aide"),
    screen("/documentation", null, "/documentation"),
    screen("/documentation", null, "/documentation?q=mot+de+passe"),
    screen("/documentation/comptes", null, "/documentation/comptes"),
    screen("/documentation/parametrage", null, "/documentation/parametrage"),
    screen("/documentation/academie", null, "/documentation/academie"),
    screen("/documentation/apprentissage", null, "/documentation/apprentissage"),
    screen("/documentation/interfaces", null, "/documentation/interfaces"),
    screen("/formations", null, "/formations?q=informatique"),
    screen("/formations/{id}", null, "/formations?q=informatique", 'main a[href^="/formations/"]'),
    screen("/candidat", "Yasmine Julien", "/candidat"),
    screen("/candidat/voeux", "Yasmine Julien", "/candidat/voeux"),
    screen("/candidat/dossier", "Yasmine Julien", "/candidat/dossier"),
    screen("/candidat/voeux/ordre", "Yasmine Julien", "/candidat/voeux/ordre"),
    screen("/candidat/voeux/repondeur", "Yasmine Julien", "/candidat/voeux/repondeur"),
    screen("/candidat/voeux/{id}/recu", "Yasmine Julien", "/candidat/voeux", 'main a[href$="/recu"]'),
    screen("/candidat/voeux/{id}/explication", "Yasmine Julien", "/candidat/voeux", 'main a[href$="/explication"]'),
    screen("/transparence/{annee}", null, "/transparence"),
    screen("/transparence/{annee}/verifier", null, "/transparence", press("Vérifier un reçu ici")),
    screen("/candidat/propositions/{id}", "Yasmine Julien", "/candidat/voeux", 'main a[href*="/propositions/"]'),
    screen("/candidat/propositions/{id}/repondre", "Yasmine Julien", "/candidat", press(/^Répondre/), press("J’accepte")),
    screen("/candidat", "Enora Masson", "/candidat"),
    screen("/candidat/propositions/{id}", "Enora Masson", "/candidat/voeux", 'main a[href*="/propositions/"]'),
    screen("/candidat/voeux/{id}/renoncer", "Enora Masson", "/candidat/voeux", 'main a[href$="/renoncer"]'),
    screen("/candidat", "Célia Wojcik", "/candidat"),
    screen("/candidat/voeux", "Célia Wojcik", "/candidat/voeux"),
    screen("/candidat/recepisses", "Elisa Guérin", "/candidat", press(/^Répondre/), press("Je refuse"), async (visitor) => {
      await visitor.page.locator("main form button").first().click();
      await visitor.page.waitForLoadState("load");
    }, "/candidat/recepisses"),
    screen("/candidat/recepisses/{numero}", "Elisa Guérin", "/candidat/recepisses", 'main a[href*="/recepisses/"]'),
    screen("/gestion/{annee}/groupes/{id}", EMILIE, "/gestion/2024/formations", COURSE, GROUP),
    screen("/academie/{annee}/taux/{id}", HENRI, "/academie/2024?page=1", 'main a[href*="/taux/"]'),
    screen("/compte/agenda", EMILIE, "/compte/agenda", async (visitor) => {
      await visitor.page.getByRole("button", { name: "Créer mon adresse" }).click();
      await visitor.page.waitForLoadState("load");
    }),
    screen("/compte/securite", EMILIE, "/compte/securite"),
    screen("/compte/securite/application", EMILIE, "/compte/securite/application"),
    screen("/national/securite", CLAIRE, "/national/securite"),
    screen("/national", CLAIRE, "/national"),
    screen("/national/{annee}", CLAIRE, "/national/2024"),
    screen("/national/{annee}/propositions", CLAIRE, "/national/2024/propositions"),
    screen("/national/{annee}/passages/{id}", CLAIRE, "/national/2024/propositions", async (visitor) => {
      await visitor.page.locator("main form button").first().click();
      // The page that follows the computation leads by itself to the run.
      await visitor.page.waitForURL(/\/passages\//, { timeout: 90_000 });
      await visitor.page.waitForLoadState("load");
    }),
    screen(
      "/national/{annee}/retenue",
      CLAIRE,
      "/national/2024/passages",
      'main table a[href*="/passages/"]',
      'main table a[href*="/retenue?"]',
    ),
    // From day 1: the last line but one, above the call orders.
    screen(
      "/national/{annee}/retrait",
      CLAIRE,
      "/national/2024/passages",
      'main table tr:nth-last-child(2) a[href*="/passages/"]',
      'main a[href*="/retrait?"]',
    ),
    // Of the day that was just computed, before its hour.
    screen(
      "/national/{annee}/programmation",
      MALIK,
      "/national/2024/passages",
      'main table a[href*="/passages/"]',
      'main a[href*="/programmation?"]',
    ),
    screen("/national/{annee}/passages/{id}/publier", MALIK, "/national/2024/passages", 'main table a[href*="/passages/"]', "+/publier"),
    screen("/national/{annee}/passages/{id}/abandonner", MALIK, "/national/2024/passages", 'main table a[href*="/passages/"]', "+/abandonner"),
    screen("/national/{annee}/passages", "Solène Garnier", "/national/2024/passages"),
    screen("/national/{annee}/passages/{id}", "Solène Garnier", "/national/2024/passages", 'main table tr:last-child a[href*="/passages/"]'),
    screen("/dev", null, "/dev"),
    screen("/dev/courriels", null, "/dev/courriels"),
    screen("/dev/composants", null, "/dev/composants"),
  ],
};

/** The routes that are pages and that no tour shows; empty when the tours are complete. */
export async function missingRoutes() {
  const table = await readFile(new URL("../../docs/routes.csv", import.meta.url), "utf8");
  const gets = table.split("\n").map((line) => line.split(";")).filter(([method]) => method === "GET");
  const shown = new Set(Object.values(SCREENS).flat().map(({ route }) => route));
  // What programs read is no page: each of its answers is held against its description (crates/web/tests/it/api.rs).
  const pages = gets.map(([, route]) => route).filter((route) => !route.startsWith("/api/"));
  return pages.filter((route) => !shown.has(route) && !(route in ELSEWHERE));
}

/** Visits the screens of a moment. */
export async function tour(stage, moment) {
  const persons = new Map();
  const seen = new Map();
  for (const { route, who, steps } of SCREENS[moment]) {
    if (!persons.has(who)) persons.set(who, await enter(stage, who));
    const visitor = persons.get(who);
    // Somebody who never came before, in the same window: a window costs more than the page.
    if (who === null) await visitor.context.clearCookies();
    for (const step of steps) await take(visitor, step);
    const { pathname } = new URL(visitor.page.url());
    const answered = pathname.match(pattern(route)) !== null || /^\/(gestion|academie|national)$/.test(route);
    if (!answered) throw new Error(`${route}: the way led to ${pathname}`);
    const name = `ecran-${moment}-${route === "/" ? "accueil" : route.slice(1).replace(/[^a-z]+/g, "-")}`;
    const times = (seen.get(name) ?? 0) + 1;
    seen.set(name, times);
    await visitor.screenshot(times > 1 ? `${name}-${times}` : name);
  }
}

const pattern = (route) => new RegExp(`^${route.replace(/\{[^}]+\}/g, "[^/]+")}$`);

async function enter(stage, who) {
  if (who === null) return stage.visitor({ name: "public" });
  if (!who.startsWith("candidat:")) return stage.persona(who);
  // Candidates are drawn by what they have done; the table of personas names them.
  const scout = await stage.visitor({ name: "scout" });
  await scout.goto("/dev");
  const cards = scout.page.locator(".carte", { hasText: "@courriel.example" });
  return stage.persona((await cards.nth(Number(who.slice(9))).locator("h3").textContent()).trim());
}

async function follow(visitor, selector) {
  const href = await visitor.page.locator(selector).first().getAttribute("href");
  await visitor.goto(href);
}

async function take(visitor, step) {
  if (typeof step === "function") {
    await step(visitor);
    await visitor.check();
  } else if (step.startsWith("/")) {
    await visitor.goto(step);
  } else if (step.startsWith("+")) {
    await visitor.goto(new URL(visitor.page.url()).pathname + step.slice(1));
  } else {
    await follow(visitor, step);
  }
}
