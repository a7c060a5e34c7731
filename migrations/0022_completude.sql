-- Whether nothing is missing in the draft of a course: capacity and fees are there, the places of its groups add up to its
-- capacity, its description lacks nothing. Kept by the triggers below, so that it cannot be forgotten by a write and that the
-- dashboards of the whole country count without reading every course again.
ALTER TABLE formation_session ADD COLUMN complete @int NOT NULL DEFAULT 0 CHECK (complete IN (0, 1));
UPDATE formation_session SET complete = 1
WHERE capacite IS NOT NULL AND frais_centimes IS NOT NULL
  AND COALESCE((SELECT SUM(a.places) FROM groupe_affectation a
                WHERE a.formation_session_id = formation_session.id AND a.supprime_le IS NULL), -1) = capacite
  AND EXISTS (SELECT 1 FROM formation_description y
              WHERE y.formation_session_id = formation_session.id AND y.manques = 0);

-- A new course has no description: it lacks something until one is written.
-- @si sqlite
CREATE TRIGGER formation_session_complete AFTER UPDATE OF capacite, frais_centimes ON formation_session BEGIN
  UPDATE formation_session SET complete = CASE WHEN capacite IS NOT NULL AND frais_centimes IS NOT NULL
    AND COALESCE((SELECT SUM(a.places) FROM groupe_affectation a
                  WHERE a.formation_session_id = formation_session.id AND a.supprime_le IS NULL), -1) = capacite
    AND EXISTS (SELECT 1 FROM formation_description y
                WHERE y.formation_session_id = formation_session.id AND y.manques = 0) THEN 1 ELSE 0 END WHERE id = NEW.id;
END;
CREATE TRIGGER groupe_affectation_complete_ajout AFTER INSERT ON groupe_affectation BEGIN
  UPDATE formation_session SET complete = CASE WHEN capacite IS NOT NULL AND frais_centimes IS NOT NULL
    AND COALESCE((SELECT SUM(a.places) FROM groupe_affectation a
                  WHERE a.formation_session_id = formation_session.id AND a.supprime_le IS NULL), -1) = capacite
    AND EXISTS (SELECT 1 FROM formation_description y
                WHERE y.formation_session_id = formation_session.id AND y.manques = 0) THEN 1 ELSE 0 END WHERE id = NEW.formation_session_id;
END;
CREATE TRIGGER groupe_affectation_complete AFTER UPDATE OF places, supprime_le ON groupe_affectation BEGIN
  UPDATE formation_session SET complete = CASE WHEN capacite IS NOT NULL AND frais_centimes IS NOT NULL
    AND COALESCE((SELECT SUM(a.places) FROM groupe_affectation a
                  WHERE a.formation_session_id = formation_session.id AND a.supprime_le IS NULL), -1) = capacite
    AND EXISTS (SELECT 1 FROM formation_description y
                WHERE y.formation_session_id = formation_session.id AND y.manques = 0) THEN 1 ELSE 0 END WHERE id = NEW.formation_session_id;
END;
CREATE TRIGGER groupe_affectation_complete_retrait AFTER DELETE ON groupe_affectation BEGIN
  UPDATE formation_session SET complete = CASE WHEN capacite IS NOT NULL AND frais_centimes IS NOT NULL
    AND COALESCE((SELECT SUM(a.places) FROM groupe_affectation a
                  WHERE a.formation_session_id = formation_session.id AND a.supprime_le IS NULL), -1) = capacite
    AND EXISTS (SELECT 1 FROM formation_description y
                WHERE y.formation_session_id = formation_session.id AND y.manques = 0) THEN 1 ELSE 0 END WHERE id = OLD.formation_session_id;
END;
CREATE TRIGGER formation_description_complete_ajout AFTER INSERT ON formation_description BEGIN
  UPDATE formation_session SET complete = CASE WHEN capacite IS NOT NULL AND frais_centimes IS NOT NULL
    AND COALESCE((SELECT SUM(a.places) FROM groupe_affectation a
                  WHERE a.formation_session_id = formation_session.id AND a.supprime_le IS NULL), -1) = capacite
    AND EXISTS (SELECT 1 FROM formation_description y
                WHERE y.formation_session_id = formation_session.id AND y.manques = 0) THEN 1 ELSE 0 END WHERE id = NEW.formation_session_id;
END;
CREATE TRIGGER formation_description_complete AFTER UPDATE OF manques ON formation_description BEGIN
  UPDATE formation_session SET complete = CASE WHEN capacite IS NOT NULL AND frais_centimes IS NOT NULL
    AND COALESCE((SELECT SUM(a.places) FROM groupe_affectation a
                  WHERE a.formation_session_id = formation_session.id AND a.supprime_le IS NULL), -1) = capacite
    AND EXISTS (SELECT 1 FROM formation_description y
                WHERE y.formation_session_id = formation_session.id AND y.manques = 0) THEN 1 ELSE 0 END WHERE id = NEW.formation_session_id;
END;
CREATE TRIGGER formation_description_complete_retrait AFTER DELETE ON formation_description BEGIN
  UPDATE formation_session SET complete = CASE WHEN capacite IS NOT NULL AND frais_centimes IS NOT NULL
    AND COALESCE((SELECT SUM(a.places) FROM groupe_affectation a
                  WHERE a.formation_session_id = formation_session.id AND a.supprime_le IS NULL), -1) = capacite
    AND EXISTS (SELECT 1 FROM formation_description y
                WHERE y.formation_session_id = formation_session.id AND y.manques = 0) THEN 1 ELSE 0 END WHERE id = OLD.formation_session_id;
END;
-- @fin_si
-- @si postgres
CREATE FUNCTION formation_complete(cle BIGINT) RETURNS void LANGUAGE sql AS $corps$
  UPDATE formation_session SET complete = CASE WHEN capacite IS NOT NULL AND frais_centimes IS NOT NULL
    AND COALESCE((SELECT SUM(a.places) FROM groupe_affectation a
                  WHERE a.formation_session_id = formation_session.id AND a.supprime_le IS NULL), -1) = capacite
    AND EXISTS (SELECT 1 FROM formation_description y
                WHERE y.formation_session_id = formation_session.id AND y.manques = 0) THEN 1 ELSE 0 END WHERE id = cle;
$corps$;
CREATE FUNCTION formation_session_complete() RETURNS trigger LANGUAGE plpgsql AS $corps$
BEGIN
  PERFORM formation_complete(NEW.id);
  RETURN NULL;
END $corps$;
CREATE FUNCTION partie_formation_complete() RETURNS trigger LANGUAGE plpgsql AS $corps$
BEGIN
  PERFORM formation_complete(CASE WHEN TG_OP = 'DELETE' THEN OLD.formation_session_id ELSE NEW.formation_session_id END);
  RETURN NULL;
END $corps$;
CREATE TRIGGER formation_session_complete AFTER UPDATE OF capacite, frais_centimes ON formation_session
  FOR EACH ROW EXECUTE FUNCTION formation_session_complete();
CREATE TRIGGER groupe_affectation_complete AFTER INSERT OR UPDATE OF places, supprime_le OR DELETE ON groupe_affectation
  FOR EACH ROW EXECUTE FUNCTION partie_formation_complete();
CREATE TRIGGER formation_description_complete AFTER INSERT OR UPDATE OF manques OR DELETE ON formation_description
  FOR EACH ROW EXECUTE FUNCTION partie_formation_complete();
-- @fin_si

-- The dashboards count courses by establishment and by kind from the index alone; those of a page are read in its order.
DROP INDEX formation_session_par_etablissement;
CREATE INDEX formation_session_par_etablissement ON formation_session
  (session_id, etablissement_id, etat, complete, famille, academie, supprime_le);
DROP INDEX formation_session_par_academie;
CREATE INDEX formation_session_par_academie ON formation_session
  (session_id, academie, famille, etablissement_id, etat, complete, supprime_le);
CREATE INDEX etablissement_session_par_lieu ON etablissement_session (session_id, departement, nom);
CREATE INDEX etablissement_session_par_academie ON etablissement_session (session_id, academie, departement, nom);
