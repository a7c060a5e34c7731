-- Whom a change is still to be told, and what of it (place, modifiee, annulee): a session may have twenty thousand people, its page
-- writes one mark, the maintenance writes the mails.
ALTER TABLE inscription_seance ADD COLUMN a_prevenir TEXT CHECK (a_prevenir IN ('place', 'modifiee', 'annulee'));
CREATE INDEX inscription_seance_a_prevenir ON inscription_seance (a_prevenir) WHERE a_prevenir IS NOT NULL;

-- Counting reads the index alone.
DROP INDEX inscription_seance_rang;
CREATE INDEX inscription_seance_rang ON inscription_seance (seance_id, etat, rang, presente);
