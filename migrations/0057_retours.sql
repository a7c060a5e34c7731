-- R-CTL-09, R-CTL-10: a return is extended, or taken back, by the academic service; `mot`: what it says beside, which may be nothing.
-- SQLite changes no constraint of a table in place: the table, to which no other refers, is written again under its name.
-- @si sqlite
BEGIN IMMEDIATE;
CREATE TABLE controle_acte_suivi (
  id @id,
  public_id TEXT NOT NULL UNIQUE,
  controle_id @int NOT NULL REFERENCES controle_formation (id),
  numero @int NOT NULL,
  acte TEXT NOT NULL CHECK (acte IN ('soumise', 'acceptee', 'retournee', 'prolongee', 'reprise')),
  fait_le @int NOT NULL,
  fait_par @int,
  contenu TEXT NOT NULL,
  motifs TEXT NOT NULL DEFAULT '{}',
  jusqu_a @int,
  mot TEXT NOT NULL DEFAULT '',
  UNIQUE (controle_id, numero)
@fin
INSERT INTO controle_acte_suivi (id, public_id, controle_id, numero, acte, fait_le, fait_par, contenu, motifs, jusqu_a)
  SELECT id, public_id, controle_id, numero, acte, fait_le, fait_par, contenu, motifs, jusqu_a FROM controle_acte;
DROP TABLE controle_acte;
ALTER TABLE controle_acte_suivi RENAME TO controle_acte;
COMMIT;
-- @fin_si
-- @si postgres
ALTER TABLE controle_acte DROP CONSTRAINT controle_acte_acte_check;
ALTER TABLE controle_acte ADD CONSTRAINT controle_acte_acte_check
  CHECK (acte IN ('soumise', 'acceptee', 'retournee', 'prolongee', 'reprise'));
ALTER TABLE controle_acte ADD COLUMN mot TEXT NOT NULL DEFAULT '';
-- @fin_si
