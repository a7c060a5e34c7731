-- The Fil info: what the national team and the academic services tell those who run courses.
CREATE TABLE actualite (
  id @id, @meta,
  session_id @int NOT NULL REFERENCES session_admission (id),
  -- national, academie: the level at which it is published, and changed
  emetteur TEXT NOT NULL CHECK (emetteur IN ('national', 'academie')),
  titre TEXT NOT NULL,
  texte TEXT NOT NULL,
  -- instants of the campaign
  publiee_le @int NOT NULL,
  retiree_le @int,
  -- version: of @meta; the last one that everybody should have read
  a_lire @int NOT NULL
@fin
CREATE INDEX actualite_par_session ON actualite (session_id, publiee_le);

-- Whom it concerns: several codes of one criterion add up, criteria restrict each other.
CREATE TABLE actualite_audience (
  actualite_id @int NOT NULL REFERENCES actualite (id),
  critere TEXT NOT NULL CHECK (critere IN ('role', 'famille', 'academie')),
  code TEXT NOT NULL,
  PRIMARY KEY (actualite_id, critere, code)
@cle

-- What it said before each correction: who was told what, and when.
CREATE TABLE actualite_version (
  actualite_id @int NOT NULL REFERENCES actualite (id),
  numero @int NOT NULL,
  titre TEXT NOT NULL,
  texte TEXT NOT NULL,
  audience TEXT NOT NULL,
  ecrite_le @int NOT NULL,
  ecrite_par @int REFERENCES compte (id),
  PRIMARY KEY (actualite_id, numero)
@cle

-- Who opened it: the version, and when (campaign).
CREATE TABLE actualite_lecture (
  actualite_id @int NOT NULL REFERENCES actualite (id),
  compte_id @int NOT NULL REFERENCES compte (id),
  numero @int NOT NULL,
  lue_le @int NOT NULL,
  PRIMARY KEY (actualite_id, compte_id)
@cle
CREATE INDEX actualite_lecture_par_compte ON actualite_lecture (compte_id);

-- When the last mail that tells of unread items left, in real time, and the last instant of the campaign that it told of.
CREATE TABLE resume_envoye (
  compte_id @int PRIMARY KEY REFERENCES compte (id),
  envoye_le @int NOT NULL,
  jusqu_au @int NOT NULL
@cle

-- When digests were last looked for in a session, in real time, and among which items: accounts are not read again every minute.
CREATE TABLE resume_recherche (
  session_id @int PRIMARY KEY REFERENCES session_admission (id),
  cherche_le @int NOT NULL,
  parmi TEXT NOT NULL
@cle

-- The charter of the procedure, version by version; the last one is in force.
CREATE TABLE charte (
  id @id, @meta,
  session_id @int NOT NULL REFERENCES session_admission (id),
  numero @int NOT NULL,
  texte TEXT NOT NULL,
  publiee_le @int NOT NULL,
  UNIQUE (session_id, numero)
@fin

-- Who accepted which version for an establishment, under which name, when: never changed.
CREATE TABLE charte_acceptee (
  charte_id @int NOT NULL REFERENCES charte (id),
  etablissement_id @int NOT NULL REFERENCES etablissement (id),
  compte_id @int REFERENCES compte (id),
  par TEXT NOT NULL,
  acceptee_le @int NOT NULL,
  PRIMARY KEY (charte_id, etablissement_id)
@cle
CREATE INDEX charte_acceptee_par_etablissement ON charte_acceptee (etablissement_id);
