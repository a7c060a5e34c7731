-- On PostgreSQL, the body of a function in SQL is planned again at each row that a trigger sees, and a course that stays as it was was
-- written again, with its indexes: four tenths of a millisecond a row when the offer of a year is read.
-- @si postgres
CREATE OR REPLACE FUNCTION formation_complete(cle BIGINT) RETURNS void LANGUAGE plpgsql AS $corps$
BEGIN
  -- Locked first, so that the second of two writes reads what the first one wrote (0023).
  PERFORM id FROM formation_session WHERE id = cle FOR UPDATE;
  UPDATE formation_session SET complete = 1 - complete
  WHERE id = cle AND complete <> CASE WHEN capacite IS NOT NULL AND frais_centimes IS NOT NULL
    AND COALESCE((SELECT SUM(a.places) FROM groupe_affectation a
                  WHERE a.formation_session_id = cle AND a.supprime_le IS NULL), -1) = capacite
    AND EXISTS (SELECT 1 FROM formation_description y
                WHERE y.formation_session_id = cle AND y.manques = 0) THEN 1 ELSE 0 END;
END $corps$;
-- @fin_si
