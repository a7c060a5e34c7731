-- Second steps, known networks and browsers, requests kept while somebody proves again who they are.

-- First complete sign-in: the strong factor becomes compulsory some days after it (SEC-5).
ALTER TABLE compte ADD COLUMN active_le @int;
-- Means of the last second step of this session; nothing when the session opened without one.
ALTER TABLE session_web ADD COLUMN moyen TEXT CHECK (moyen IN ('cle_acces', 'totp', 'sms', 'courriel', 'secours'));
-- What the person reads in the list of their sessions: « Firefox, Windows ».
ALTER TABLE session_web ADD COLUMN appareil TEXT NOT NULL DEFAULT '';

-- A code on its way by mail or SMS: one at a time for each attempt (SEC-7).
CREATE TABLE code_envoye (
  id @id,
  public_id TEXT NOT NULL UNIQUE,
  session_web_id @int NOT NULL REFERENCES session_web (id) ON DELETE CASCADE,
  usage TEXT NOT NULL CHECK (usage IN ('connexion', 'mobile')),
  canal TEXT NOT NULL CHECK (canal IN ('sms', 'courriel')),
  empreinte TEXT NOT NULL,
  navigateur TEXT NOT NULL,
  -- the number being proved
  mobile_chiffre @bytes,
  cree_le @int NOT NULL,
  expire_le @int NOT NULL,
  UNIQUE (session_web_id, usage),
  CHECK ((usage = 'mobile') = (mobile_chiffre IS NOT NULL))
@fin

-- The number that received a code and gave it back: another number proves nothing.
CREATE TABLE mobile_prouve (
  compte_id @int PRIMARY KEY REFERENCES compte (id),
  empreinte TEXT NOT NULL,
  prouve_le @int NOT NULL
@fin

CREATE TABLE code_secours (
  id @id,
  compte_id @int NOT NULL REFERENCES compte (id),
  empreinte TEXT NOT NULL,
  cree_le @int NOT NULL,
  utilise_le @int,
  UNIQUE (compte_id, empreinte)
@fin

CREATE TABLE cle_acces (
  id @id, @meta,
  compte_id @int NOT NULL REFERENCES compte (id),
  identifiant TEXT NOT NULL UNIQUE,
  nom TEXT NOT NULL,
  donnees_chiffre @bytes NOT NULL,
  utilisee_le @int
@fin
CREATE INDEX cle_acces_par_compte ON cle_acces (compte_id);

-- The challenge of a passkey: one at a time for each session, used once.
CREATE TABLE defi_cle (
  id @id,
  public_id TEXT NOT NULL UNIQUE,
  session_web_id @int NOT NULL UNIQUE REFERENCES session_web (id) ON DELETE CASCADE,
  usage TEXT NOT NULL CHECK (usage IN ('ajout', 'connexion')),
  etat_chiffre @bytes NOT NULL,
  expire_le @int NOT NULL
@fin

-- Networks and browsers of the successful second steps (SEC-2, LIM-1).
CREATE TABLE reseau_connu (
  id @id,
  compte_id @int NOT NULL REFERENCES compte (id),
  empreinte TEXT NOT NULL,
  confirme_le @int NOT NULL,
  UNIQUE (compte_id, empreinte)
@fin
CREATE TABLE navigateur_connu (
  id @id,
  public_id TEXT NOT NULL UNIQUE,
  compte_id @int NOT NULL REFERENCES compte (id),
  empreinte TEXT NOT NULL,
  appareil TEXT NOT NULL,
  cree_le @int NOT NULL,
  confirme_le @int NOT NULL,
  UNIQUE (compte_id, empreinte)
@fin

-- A form sent while the session had to be confirmed (SEC-3).
CREATE TABLE demande_gardee (
  id @id,
  public_id TEXT NOT NULL UNIQUE,
  compte_id @int NOT NULL REFERENCES compte (id),
  chemin_chiffre @bytes NOT NULL,
  corps_chiffre @bytes NOT NULL,
  expire_le @int NOT NULL
@fin
CREATE INDEX demande_gardee_par_compte ON demande_gardee (compte_id);

-- Sign-ins of the last days by ten minutes, to see a wave of failures (LIM-2, LIM-3).
CREATE TABLE mesure_connexion (
  tranche @int PRIMARY KEY,
  essais @int NOT NULL,
  echecs @int NOT NULL
@fin
-- Failures by network and account of the last minutes (LIM-2): fingerprints only.
CREATE TABLE echec_reseau (
  id @id,
  reseau TEXT NOT NULL,
  adresse TEXT NOT NULL,
  instant @int NOT NULL
@fin
CREATE INDEX echec_reseau_par_reseau ON echec_reseau (reseau, instant);
