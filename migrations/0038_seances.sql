-- Information sessions and webinars, of the national team and of the academic services.
CREATE TABLE seance (
  id @id, @meta,
  session_id @int NOT NULL REFERENCES session_admission (id),
  -- national, academie: the level that organises it, as for the Fil info
  emetteur TEXT NOT NULL CHECK (emetteur IN ('national', 'academie')),
  titre TEXT NOT NULL,
  texte TEXT NOT NULL,
  -- instants of the campaign
  debut @int NOT NULL,
  fin @int NOT NULL,
  -- NULL: without limit
  places @int CHECK (places > 0),
  -- said to everybody, and shown on the day to who has a place
  lieu TEXT NOT NULL,
  lien TEXT NOT NULL,
  -- NULL: at the beginning
  ferme_le @int,
  enregistrement TEXT,
  annulee_le @int,
  CHECK (fin > debut)
@fin
CREATE INDEX seance_par_session ON seance (session_id, debut);

-- Whom it is for: as for the Fil info, or the kinds of people of the public site.
CREATE TABLE seance_audience (
  seance_id @int NOT NULL REFERENCES seance (id),
  critere TEXT NOT NULL CHECK (critere IN ('role', 'famille', 'academie', 'qualite')),
  code TEXT NOT NULL,
  PRIMARY KEY (seance_id, critere, code)
@cle

-- A person of the site de gestion, or an address of the public site; of the latter the address goes some days after the session.
CREATE TABLE inscription_seance (
  id @id, @meta,
  seance_id @int NOT NULL REFERENCES seance (id),
  compte_id @int REFERENCES compte (id),
  courriel_chiffre @bytes,
  empreinte TEXT,
  etat TEXT NOT NULL CHECK (etat IN ('a_verifier', 'inscrit', 'attente')),
  -- order in which people asked; 0 until the address is proved
  rang @int NOT NULL,
  -- instants of the campaign
  inscrit_le @int NOT NULL,
  rappel_le @int,
  -- end of the link that proves the address, in real time
  expire_le @int,
  recepisse TEXT,
  presente @int NOT NULL DEFAULT 0 CHECK (presente IN (0, 1)),
  CHECK (compte_id IS NULL OR empreinte IS NULL)
@fin
CREATE UNIQUE INDEX inscription_seance_compte ON inscription_seance (seance_id, compte_id) WHERE compte_id IS NOT NULL;
CREATE UNIQUE INDEX inscription_seance_adresse ON inscription_seance (seance_id, empreinte) WHERE empreinte IS NOT NULL;
CREATE INDEX inscription_seance_rang ON inscription_seance (seance_id, etat, rang);
CREATE INDEX inscription_seance_par_compte ON inscription_seance (compte_id);

-- What is counted of who registers: types of course, departments, kind of person.
CREATE TABLE inscription_seance_profil (
  inscription_id @int NOT NULL REFERENCES inscription_seance (id),
  critere TEXT NOT NULL CHECK (critere IN ('famille', 'departement', 'qualite')),
  code TEXT NOT NULL,
  PRIMARY KEY (inscription_id, critere, code)
@cle
