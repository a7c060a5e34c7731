-- R-ADM-13: a withdrawal is a run; it puts some groups back to what they were before a day.

-- SQLite changes no constraint of a table in place: the table is written again under its name. Other tables refer to it by that name;
-- their references are not looked at meanwhile.
-- @si sqlite
PRAGMA foreign_keys = OFF;
BEGIN IMMEDIATE;
CREATE TABLE passage_avec_retraits (
  id @id, @meta,
  session_id @int NOT NULL REFERENCES session_admission (id),
  nature TEXT NOT NULL CHECK (nature IN ('ordre_appel', 'propositions', 'retrait')),
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
INSERT INTO passage_avec_retraits (id, public_id, cree_le, cree_par, maj_le, maj_par, origine, version, supprime_le, session_id,
    nature, jour, etat, calcule_le, calcule_par, publie_le, publie_par, empreinte_entree, empreinte_sortie, version_code,
    parametres, bilan)
  SELECT id, public_id, cree_le, cree_par, maj_le, maj_par, origine, version, supprime_le, session_id, nature, jour, etat,
    calcule_le, calcule_par, publie_le, publie_par, empreinte_entree, empreinte_sortie, version_code, parametres, bilan
  FROM passage;
DROP TABLE passage;
ALTER TABLE passage_avec_retraits RENAME TO passage;

CREATE TABLE proposition_avec_retraits (
  id @id, @meta,
  voeu_id @int NOT NULL REFERENCES voeu (id),
  candidat_id @int NOT NULL REFERENCES candidat (id),
  groupe_affectation_id @int NOT NULL REFERENCES groupe_affectation (id),
  passage_id @int NOT NULL REFERENCES passage (id),
  emise_le @int NOT NULL,
  echeance_le @int NOT NULL,
  reponse TEXT NOT NULL CHECK (reponse IN ('attendue', 'acceptee', 'refusee', 'renoncee', 'expiree', 'retiree')),
  repondue_le @int
@fin
INSERT INTO proposition_avec_retraits (id, public_id, cree_le, cree_par, maj_le, maj_par, origine, version, supprime_le, voeu_id,
    candidat_id, groupe_affectation_id, passage_id, emise_le, echeance_le, reponse, repondue_le)
  SELECT id, public_id, cree_le, cree_par, maj_le, maj_par, origine, version, supprime_le, voeu_id, candidat_id,
    groupe_affectation_id, passage_id, emise_le, echeance_le, reponse, repondue_le
  FROM proposition;
DROP TABLE proposition;
ALTER TABLE proposition_avec_retraits RENAME TO proposition;
CREATE INDEX proposition_par_candidat ON proposition (candidat_id);
CREATE INDEX proposition_par_groupe ON proposition (groupe_affectation_id);
CREATE INDEX proposition_par_echeance ON proposition (reponse, echeance_le);
-- @fin_si
-- @si postgres
ALTER TABLE passage DROP CONSTRAINT passage_nature_check;
ALTER TABLE passage ADD CONSTRAINT passage_nature_check CHECK (nature IN ('ordre_appel', 'propositions', 'retrait'));
DROP INDEX passage_unique;
ALTER TABLE proposition DROP CONSTRAINT proposition_reponse_check;
ALTER TABLE proposition ADD CONSTRAINT proposition_reponse_check
  CHECK (reponse IN ('attendue', 'acceptee', 'refusee', 'renoncee', 'expiree', 'retiree'));
ALTER TABLE proposition DROP CONSTRAINT proposition_voeu_id_key;
-- @fin_si

-- Several withdrawals may start from one day; one at a time waits to be published.
CREATE UNIQUE INDEX passage_unique ON passage (session_id, nature, jour) WHERE etat <> 'abandonne' AND nature <> 'retrait';
CREATE UNIQUE INDEX retrait_unique ON passage (session_id) WHERE nature = 'retrait' AND etat = 'calcule';

-- A wish whose proposition was withdrawn may be proposed again: one proposition counts, the others are history.
CREATE UNIQUE INDEX proposition_unique ON proposition (voeu_id) WHERE reponse <> 'retiree';
-- The withdrawal that took it back.
ALTER TABLE proposition ADD COLUMN retiree_par @int REFERENCES passage (id);
CREATE INDEX proposition_retiree ON proposition (retiree_par, id) WHERE retiree_par IS NOT NULL;
-- The withdrawal after which this day counts for nothing in this group.
ALTER TABLE groupe_jour ADD COLUMN retire_par @int REFERENCES passage (id);
-- @si sqlite
COMMIT;
PRAGMA foreign_keys = ON;
-- @fin_si
