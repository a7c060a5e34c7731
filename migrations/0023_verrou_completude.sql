-- Two writes at once on the parts of a course each counted without the other's: the line of the course is locked first, so that
-- the second reads what the first wrote. SQLite has one writer at a time.
-- @si postgres
CREATE OR REPLACE FUNCTION formation_complete(cle BIGINT) RETURNS void LANGUAGE sql AS $corps$
  SELECT id FROM formation_session WHERE id = cle FOR UPDATE;
  UPDATE formation_session SET complete = CASE WHEN capacite IS NOT NULL AND frais_centimes IS NOT NULL
    AND COALESCE((SELECT SUM(a.places) FROM groupe_affectation a
                  WHERE a.formation_session_id = formation_session.id AND a.supprime_le IS NULL), -1) = capacite
    AND EXISTS (SELECT 1 FROM formation_description y
                WHERE y.formation_session_id = formation_session.id AND y.manques = 0) THEN 1 ELSE 0 END WHERE id = cle;
$corps$;
-- @fin_si
