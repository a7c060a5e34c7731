-- One source for both databases: `store::migrations` renders the @tokens (ADR 0002).
--   @id key, @int whole number, @real, @bytes, @fin end of table,
--   @meta public identifier, author, instant, version, origin and logical removal (DON-1).

CREATE TABLE session_admission (
  id @id, @meta,
  annee @int NOT NULL UNIQUE,
  libelle TEXT NOT NULL,
  etat TEXT NOT NULL CHECK (etat IN ('preparation', 'ouverte', 'archivee')),
  precedente_id @int REFERENCES session_admission (id)
@fin

CREATE TABLE calendrier (
  id @id, @meta,
  session_id @int NOT NULL REFERENCES session_admission (id),
  numero @int NOT NULL,
  reference TEXT NOT NULL,
  effet_le @int NOT NULL,
  UNIQUE (session_id, numero)
@fin

CREATE TABLE echeance (
  id @id,
  calendrier_id @int NOT NULL REFERENCES calendrier (id),
  etape TEXT NOT NULL,
  ouvre_le @int NOT NULL,
  ferme_le @int NOT NULL,
  source TEXT NOT NULL,
  UNIQUE (calendrier_id, etape),
  CHECK (ouvre_le < ferme_le)
@fin

-- Answering delays: propositions dated du..au (inclusive, days in Paris) answer within `jours` days or before the end of `jusque`.
CREATE TABLE delai_reponse (
  id @id,
  calendrier_id @int NOT NULL REFERENCES calendrier (id),
  du TEXT NOT NULL,
  au TEXT NOT NULL,
  jours @int,
  jusque TEXT,
  source TEXT NOT NULL,
  CHECK ((jours IS NULL) <> (jusque IS NULL))
@fin

CREATE TABLE parametre (
  id @id, @meta,
  session_id @int NOT NULL REFERENCES session_admission (id),
  cle TEXT NOT NULL,
  numero @int NOT NULL,
  valeur TEXT NOT NULL,
  source TEXT NOT NULL,
  UNIQUE (session_id, cle, numero)
@fin

-- State of this installation (demo clock, fencing numbers): one line a key, never a person's data.
CREATE TABLE reglage (
  cle TEXT NOT NULL PRIMARY KEY,
  valeur TEXT NOT NULL,
  maj_le @int NOT NULL
@fin

CREATE TABLE etablissement (
  id @id, @meta,
  uai TEXT NOT NULL UNIQUE,
  successeur_id @int REFERENCES etablissement (id)
@fin

CREATE TABLE etablissement_session (
  id @id, @meta,
  etablissement_id @int NOT NULL REFERENCES etablissement (id),
  session_id @int NOT NULL REFERENCES session_admission (id),
  precedent_id @int REFERENCES etablissement_session (id),
  nom TEXT NOT NULL,
  statut TEXT NOT NULL,
  departement TEXT NOT NULL,
  academie TEXT NOT NULL,
  commune TEXT NOT NULL,
  latitude @real,
  longitude @real,
  site_web TEXT,
  UNIQUE (etablissement_id, session_id)
@fin

CREATE TABLE formation_inscription (
  id @id, @meta,
  etablissement_id @int NOT NULL REFERENCES etablissement (id),
  cle TEXT NOT NULL UNIQUE
@fin

-- Formation d'affectation: what a proposition is about; permanent, apart from its settings of a session.
CREATE TABLE formation (
  id @id, @meta,
  formation_inscription_id @int NOT NULL REFERENCES formation_inscription (id),
  cle TEXT NOT NULL UNIQUE,
  g_ta_cod @int UNIQUE,
  identite_incertaine @int NOT NULL DEFAULT 0 CHECK (identite_incertaine IN (0, 1)),
  statut TEXT NOT NULL CHECK (statut IN ('etudiant', 'apprentissage')),
  successeur_id @int REFERENCES formation (id)
@fin

CREATE TABLE formation_session (
  id @id, @meta,
  formation_id @int NOT NULL REFERENCES formation (id),
  session_id @int NOT NULL REFERENCES session_admission (id),
  etablissement_id @int NOT NULL REFERENCES etablissement (id),
  precedente_id @int REFERENCES formation_session (id),
  famille TEXT NOT NULL,
  libelle TEXT NOT NULL,
  detail TEXT NOT NULL DEFAULT '',
  selective @int NOT NULL CHECK (selective IN (0, 1)),
  departement TEXT NOT NULL,
  academie TEXT NOT NULL,
  commune TEXT NOT NULL,
  latitude @real,
  longitude @real,
  capacite @int CHECK (capacite >= 0),
  frais_centimes @int CHECK (frais_centimes >= 0),
  internat @int NOT NULL DEFAULT 0 CHECK (internat IN (0, 1)),
  presentation TEXT NOT NULL DEFAULT '',
  etat TEXT NOT NULL CHECK (etat IN ('brouillon', 'publiee', 'fermee')),
  publiee_le @int,
  recherche TEXT NOT NULL DEFAULT '',
  UNIQUE (formation_id, session_id)
@fin
CREATE INDEX formation_session_par_etablissement ON formation_session (session_id, etablissement_id);
CREATE INDEX formation_session_par_academie ON formation_session (session_id, academie, famille);

-- What the public saw, kept dated: every publication of a change adds a line. An imported offer may not say the
-- capacity or the fees: unknown then, never 0.
CREATE TABLE formation_publication (
  id @id,
  public_id TEXT NOT NULL UNIQUE,
  formation_session_id @int NOT NULL REFERENCES formation_session (id),
  numero @int NOT NULL,
  publie_le @int NOT NULL,
  publie_par @int,
  capacite @int,
  frais_centimes @int,
  presentation TEXT NOT NULL,
  UNIQUE (formation_session_id, numero)
@fin

CREATE TABLE groupe_classement (
  id @id, @meta,
  session_id @int NOT NULL REFERENCES session_admission (id),
  formation_session_id @int NOT NULL REFERENCES formation_session (id),
  libelle TEXT NOT NULL,
  -- series admitted in this group: 'tous', or codes of TypeBac separated by commas
  series TEXT NOT NULL DEFAULT 'tous',
  sans_classement @int NOT NULL DEFAULT 0 CHECK (sans_classement IN (0, 1)),
  taux_min_boursiers @int CHECK (taux_min_boursiers BETWEEN 0 AND 100),
  taux_max_non_residents @int CHECK (taux_max_non_residents BETWEEN 0 AND 100)
@fin
CREATE INDEX groupe_classement_par_formation ON groupe_classement (formation_session_id);

CREATE TABLE groupe_affectation (
  id @id, @meta,
  groupe_classement_id @int NOT NULL REFERENCES groupe_classement (id),
  formation_session_id @int NOT NULL REFERENCES formation_session (id),
  places @int NOT NULL CHECK (places >= 0),
  nombre_a_appeler @int NOT NULL CHECK (nombre_a_appeler >= 0),
  rang_limite @int NOT NULL DEFAULT 0 CHECK (rang_limite >= 0),
  admissions_suspendues @int NOT NULL DEFAULT 0 CHECK (admissions_suspendues IN (0, 1)),
  UNIQUE (groupe_classement_id, formation_session_id)
@fin
CREATE INDEX groupe_affectation_par_formation ON groupe_affectation (formation_session_id);

CREATE TABLE groupe_internat (
  id @id, @meta,
  session_id @int NOT NULL REFERENCES session_admission (id),
  etablissement_id @int NOT NULL REFERENCES etablissement (id),
  formation_session_id @int REFERENCES formation_session (id),
  libelle TEXT NOT NULL,
  capacite @int NOT NULL CHECK (capacite >= 0),
  avec_classement @int NOT NULL DEFAULT 0 CHECK (avec_classement IN (0, 1))
@fin

CREATE TABLE statistique_formation (
  id @id, @meta,
  formation_id @int NOT NULL REFERENCES formation (id),
  annee @int NOT NULL,
  capacite @int,
  candidats @int,
  propositions @int,
  acceptations @int,
  chiffres TEXT NOT NULL,
  UNIQUE (formation_id, annee)
@fin

CREATE TABLE compte (
  id @id, @meta,
  courriel TEXT NOT NULL,
  nom TEXT NOT NULL,
  prenom TEXT NOT NULL,
  etat TEXT NOT NULL CHECK (etat IN ('invite', 'a_securiser', 'actif', 'suspendu', 'desactive')),
  mot_de_passe TEXT,
  mobile_chiffre @bytes,
  totp_chiffre @bytes,
  totp_dernier_pas @int NOT NULL DEFAULT 0,
  courriel_verifie_le @int,
  derniere_connexion_le @int
@fin
CREATE UNIQUE INDEX compte_par_courriel ON compte (courriel) WHERE supprime_le IS NULL;

CREATE TABLE attribution (
  id @id, @meta,
  compte_id @int NOT NULL REFERENCES compte (id),
  role TEXT NOT NULL,
  session_id @int REFERENCES session_admission (id),
  etablissement_id @int REFERENCES etablissement (id),
  formation_id @int REFERENCES formation (id),
  academies TEXT NOT NULL DEFAULT ''
@fin
CREATE INDEX attribution_par_compte ON attribution (compte_id);

CREATE TABLE session_web (
  id @id,
  public_id TEXT NOT NULL UNIQUE,
  jeton_hache TEXT NOT NULL UNIQUE,
  compte_id @int NOT NULL REFERENCES compte (id),
  etape TEXT NOT NULL CHECK (etape IN ('second_facteur', 'enrolement', 'complete')),
  reseau TEXT NOT NULL,
  navigateur TEXT NOT NULL,
  csrf TEXT NOT NULL,
  ouverte_le @int NOT NULL,
  vue_le @int NOT NULL,
  expire_le @int NOT NULL,
  second_facteur_le @int,
  essais @int NOT NULL DEFAULT 0
@fin
CREATE INDEX session_web_par_compte ON session_web (compte_id);

CREATE TABLE jeton (
  id @id,
  empreinte TEXT NOT NULL UNIQUE,
  usage TEXT NOT NULL CHECK (usage IN ('inscription', 'oubli', 'invitation')),
  compte_id @int REFERENCES compte (id),
  courriel TEXT NOT NULL,
  cree_le @int NOT NULL,
  expire_le @int NOT NULL,
  utilise_le @int
@fin
CREATE INDEX jeton_par_courriel ON jeton (courriel, usage);

CREATE TABLE essai (
  id @id,
  cle TEXT NOT NULL,
  instant @int NOT NULL
@fin
CREATE INDEX essai_par_cle ON essai (cle, instant);

CREATE TABLE candidat (
  id @id, @meta,
  session_id @int NOT NULL REFERENCES session_admission (id),
  compte_id @int REFERENCES compte (id),
  numero @int NOT NULL,
  nom TEXT NOT NULL,
  prenom TEXT NOT NULL,
  naissance TEXT,
  ine_chiffre @bytes,
  ine_hmac TEXT,
  type_bac TEXT NOT NULL CHECK (type_bac IN ('general', 'techno', 'pro', 'autre')),
  serie TEXT NOT NULL DEFAULT '',
  boursier_chiffre @bytes,
  commune TEXT NOT NULL,
  departement TEXT NOT NULL,
  academie TEXT NOT NULL,
  etablissement_origine TEXT NOT NULL DEFAULT '',
  moyenne_centiemes @int CHECK (moyenne_centiemes BETWEEN 0 AND 2000),
  notes TEXT NOT NULL DEFAULT '{}',
  etat TEXT NOT NULL CHECK (etat IN ('cree', 'inscrit', 'annule')),
  UNIQUE (session_id, numero)
@fin
CREATE UNIQUE INDEX candidat_par_compte ON candidat (session_id, compte_id) WHERE compte_id IS NOT NULL;
CREATE UNIQUE INDEX candidat_par_ine ON candidat (session_id, ine_hmac) WHERE ine_hmac IS NOT NULL;

CREATE TABLE voeu (
  id @id, @meta,
  session_id @int NOT NULL REFERENCES session_admission (id),
  candidat_id @int NOT NULL REFERENCES candidat (id),
  formation_session_id @int NOT NULL REFERENCES formation_session (id),
  groupe_classement_id @int NOT NULL REFERENCES groupe_classement (id),
  avec_internat @int NOT NULL DEFAULT 0 CHECK (avec_internat IN (0, 1)),
  phase TEXT NOT NULL CHECK (phase IN ('pp', 'pc')),
  etat TEXT NOT NULL,
  etat_le @int NOT NULL,
  confirme_le @int,
  rang_preference @int NOT NULL DEFAULT 0,
  -- set when the candidat explicitly keeps this waiting voeu after accepting another proposition (I2)
  maintenu_le @int
@fin
CREATE UNIQUE INDEX voeu_unique ON voeu (candidat_id, formation_session_id, avec_internat) WHERE supprime_le IS NULL;
CREATE INDEX voeu_par_groupe ON voeu (groupe_classement_id, etat);
CREATE INDEX voeu_par_formation ON voeu (formation_session_id);

CREATE TABLE classement (
  id @id, @meta,
  groupe_classement_id @int NOT NULL REFERENCES groupe_classement (id),
  numero @int NOT NULL,
  etat TEXT NOT NULL CHECK (etat IN ('brouillon', 'transmis')),
  transmis_le @int,
  transmis_par @int,
  empreinte TEXT,
  UNIQUE (groupe_classement_id, numero),
  CHECK (etat = 'brouillon' OR transmis_le IS NOT NULL)
@fin

CREATE TABLE classement_rang (
  classement_id @int NOT NULL REFERENCES classement (id),
  candidat_id @int NOT NULL REFERENCES candidat (id),
  rang @int NOT NULL CHECK (rang > 0),
  PRIMARY KEY (classement_id, candidat_id)
@fin
CREATE UNIQUE INDEX classement_rang_unique ON classement_rang (classement_id, rang);

CREATE TABLE passage (
  id @id, @meta,
  session_id @int NOT NULL REFERENCES session_admission (id),
  nature TEXT NOT NULL CHECK (nature IN ('ordre_appel', 'propositions')),
  jour @int NOT NULL,
  etat TEXT NOT NULL CHECK (etat IN ('calcule', 'publie', 'abandonne')),
  calcule_le @int NOT NULL,
  calcule_par @int,
  publie_le @int,
  publie_par @int,
  empreinte_entree TEXT NOT NULL,
  empreinte_sortie TEXT NOT NULL,
  version_code TEXT NOT NULL,
  parametres TEXT NOT NULL,
  bilan TEXT NOT NULL
@fin
CREATE UNIQUE INDEX passage_unique ON passage (session_id, nature, jour) WHERE etat <> 'abandonne';

-- Result of a run of nature ordre_appel, in force once the run is published.
CREATE TABLE ordre_appel (
  passage_id @int NOT NULL REFERENCES passage (id),
  groupe_classement_id @int NOT NULL REFERENCES groupe_classement (id),
  candidat_id @int NOT NULL REFERENCES candidat (id),
  rang_appel @int NOT NULL CHECK (rang_appel > 0),
  PRIMARY KEY (groupe_classement_id, candidat_id, passage_id)
@fin

-- What a computed day decides, before anybody may read it (TPS-6); publication turns it into propositions.
CREATE TABLE passage_proposition (
  passage_id @int NOT NULL REFERENCES passage (id),
  voeu_id @int NOT NULL REFERENCES voeu (id),
  groupe_affectation_id @int NOT NULL REFERENCES groupe_affectation (id),
  PRIMARY KEY (passage_id, voeu_id)
@fin

CREATE TABLE rang_attente (
  passage_id @int NOT NULL REFERENCES passage (id),
  voeu_id @int NOT NULL REFERENCES voeu (id),
  rang @int NOT NULL CHECK (rang > 0),
  PRIMARY KEY (voeu_id, passage_id)
@fin

CREATE TABLE groupe_jour (
  passage_id @int NOT NULL REFERENCES passage (id),
  groupe_affectation_id @int NOT NULL REFERENCES groupe_affectation (id),
  dernier_appele @int NOT NULL,
  dernier_appele_interne @int NOT NULL,
  en_attente @int NOT NULL,
  propositions @int NOT NULL,
  PRIMARY KEY (groupe_affectation_id, passage_id)
@fin

CREATE TABLE proposition (
  id @id, @meta,
  voeu_id @int NOT NULL UNIQUE REFERENCES voeu (id),
  candidat_id @int NOT NULL REFERENCES candidat (id),
  groupe_affectation_id @int NOT NULL REFERENCES groupe_affectation (id),
  passage_id @int NOT NULL REFERENCES passage (id),
  emise_le @int NOT NULL,
  echeance_le @int NOT NULL,
  reponse TEXT NOT NULL CHECK (reponse IN ('attendue', 'acceptee', 'refusee', 'renoncee', 'expiree')),
  repondue_le @int
@fin
CREATE INDEX proposition_par_candidat ON proposition (candidat_id);
CREATE INDEX proposition_par_groupe ON proposition (groupe_affectation_id);

CREATE TABLE recepisse (
  id @id,
  public_id TEXT NOT NULL UNIQUE,
  numero TEXT NOT NULL UNIQUE,
  session_id @int REFERENCES session_admission (id),
  compte_id @int REFERENCES compte (id),
  candidat_id @int REFERENCES candidat (id),
  acte TEXT NOT NULL,
  contenu TEXT NOT NULL,
  empreinte TEXT NOT NULL,
  emis_le @int NOT NULL
@fin

CREATE TABLE journal (
  id @id,
  instant_us @int NOT NULL,
  compte_id @int,
  role TEXT NOT NULL,
  reseau TEXT NOT NULL,
  requete TEXT NOT NULL,
  action TEXT NOT NULL,
  objet TEXT NOT NULL,
  objet_id TEXT NOT NULL,
  issue TEXT NOT NULL,
  avant TEXT,
  apres TEXT
@fin
CREATE INDEX journal_par_objet ON journal (objet, objet_id);
CREATE INDEX journal_par_compte ON journal (compte_id, instant_us);

CREATE TABLE idempotence (
  cle TEXT NOT NULL PRIMARY KEY,
  compte_id @int,
  empreinte TEXT NOT NULL,
  reponse TEXT NOT NULL,
  expire_le @int NOT NULL
@fin

CREATE TABLE tache (
  id @id,
  public_id TEXT NOT NULL UNIQUE,
  genre TEXT NOT NULL,
  cle TEXT UNIQUE,
  donnees TEXT NOT NULL,
  etat TEXT NOT NULL CHECK (etat IN ('a_faire', 'en_cours', 'faite', 'abandonnee')),
  priorite @int NOT NULL DEFAULT 5,
  cree_le @int NOT NULL,
  prochaine_le @int NOT NULL,
  bail_expire_le @int,
  bail_numero @int NOT NULL DEFAULT 0,
  essais @int NOT NULL DEFAULT 0,
  erreur TEXT,
  faite_le @int
@fin
CREATE INDEX tache_a_prendre ON tache (etat, prochaine_le, priorite);

CREATE TABLE envoi (
  id @id,
  public_id TEXT NOT NULL UNIQUE,
  canal TEXT NOT NULL CHECK (canal IN ('courriel', 'sms')),
  compte_id @int REFERENCES compte (id),
  destinataire_chiffre @bytes NOT NULL,
  modele TEXT NOT NULL,
  sujet TEXT NOT NULL,
  corps_chiffre @bytes NOT NULL,
  etat TEXT NOT NULL CHECK (etat IN ('a_envoyer', 'envoye', 'perime', 'abandonne')),
  priorite @int NOT NULL,
  cree_le @int NOT NULL,
  prochain_le @int NOT NULL,
  perime_le @int,
  essais @int NOT NULL DEFAULT 0,
  erreur TEXT,
  envoye_le @int
@fin
CREATE INDEX envoi_a_prendre ON envoi (etat, prochain_le, priorite);

CREATE TABLE fichier (
  id @id, @meta,
  empreinte TEXT NOT NULL,
  taille @int NOT NULL CHECK (taille >= 0),
  nom TEXT NOT NULL,
  type_mime TEXT NOT NULL,
  usage TEXT NOT NULL
@fin

CREATE TABLE import (
  id @id, @meta,
  nature TEXT NOT NULL,
  session_id @int REFERENCES session_admission (id),
  empreinte TEXT NOT NULL,
  nom TEXT NOT NULL,
  bilan TEXT NOT NULL
@fin
