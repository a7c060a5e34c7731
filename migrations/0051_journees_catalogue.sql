-- R-IMP-11, R-IMP-12: a day of the national catalogue of apprenticeship as it was received: what it asked for, where it stands, what it
-- would change or changed. `empreinte`: what was sent, the extent and the fingerprints of the files; `lus`: bytes read so far;
-- `rapport`: record by record, in the depot; `compte_rendu`: the same as a table, in the depot, named by what is signed. `numero`: rank
-- among the days of the flow that were applied, each signed after the one before.
CREATE TABLE journee_catalogue (
  id @id, @meta,
  session_id @int NOT NULL REFERENCES session_admission (id),
  flux TEXT NOT NULL,
  etendue TEXT NOT NULL CHECK (etendue IN ('complete', 'partielle')),
  etat TEXT NOT NULL CHECK (etat IN ('a_lire', 'a_confirmer', 'retenue', 'a_appliquer', 'appliquee', 'sans_changement',
    'refusee', 'abandonnee')),
  empreinte TEXT NOT NULL,
  retraits @int NOT NULL DEFAULT 0 CHECK (retraits IN (0, 1)),
  taille @int NOT NULL CHECK (taille >= 0),
  lus @int NOT NULL DEFAULT 0 CHECK (lus >= 0),
  message TEXT,
  bilan TEXT,
  rapport TEXT,
  numero @int,
  appliquee_le @int,
  compte_rendu TEXT,
  proces_verbal TEXT,
  signature TEXT,
  UNIQUE (session_id, flux, numero),
  CHECK (etat <> 'appliquee' OR (numero IS NOT NULL AND appliquee_le IS NOT NULL AND signature IS NOT NULL)),
  CHECK (etat <> 'refusee' OR message IS NOT NULL)
@fin
CREATE INDEX journee_catalogue_par_envoi ON journee_catalogue (session_id, flux, empreinte);

-- Its files, in their order. Those that a command read are not in the depot.
CREATE TABLE journee_catalogue_fichier (
  journee_id @int NOT NULL REFERENCES journee_catalogue (id),
  rang @int NOT NULL,
  nom TEXT NOT NULL,
  empreinte TEXT NOT NULL,
  taille @int NOT NULL CHECK (taille >= 0),
  PRIMARY KEY (journee_id, rang)
@cle
