-- R-SEA-09: those who registered are told once that a recording is published, as of a change.
-- @si sqlite
BEGIN IMMEDIATE;
DROP INDEX inscription_seance_a_prevenir;
ALTER TABLE inscription_seance RENAME COLUMN a_prevenir TO a_prevenir_avant;
ALTER TABLE inscription_seance ADD COLUMN a_prevenir TEXT
  CHECK (a_prevenir IN ('place', 'modifiee', 'annulee', 'enregistrement'));
UPDATE inscription_seance SET a_prevenir = a_prevenir_avant WHERE a_prevenir_avant IS NOT NULL;
ALTER TABLE inscription_seance DROP COLUMN a_prevenir_avant;
CREATE INDEX inscription_seance_a_prevenir ON inscription_seance (a_prevenir) WHERE a_prevenir IS NOT NULL;
COMMIT;
-- @fin_si
-- @si postgres
ALTER TABLE inscription_seance DROP CONSTRAINT inscription_seance_a_prevenir_check;
ALTER TABLE inscription_seance ADD CONSTRAINT inscription_seance_a_prevenir_check
  CHECK (a_prevenir IN ('place', 'modifiee', 'annulee', 'enregistrement'));
-- @fin_si
