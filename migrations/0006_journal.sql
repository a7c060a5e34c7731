-- The journal as evidence (JOU-1 to JOU-6): fuller entries, chain of seals, signed heads, alarms.

-- JOU-2: route, establishment on whose behalf, means of proof, how many records were read.
ALTER TABLE journal ADD COLUMN route TEXT NOT NULL DEFAULT '';
ALTER TABLE journal ADD COLUMN etablissement_id @int;
ALTER TABLE journal ADD COLUMN moyen TEXT NOT NULL DEFAULT '';
ALTER TABLE journal ADD COLUMN dossiers @int NOT NULL DEFAULT 0;
CREATE INDEX journal_par_etablissement ON journal (etablissement_id, id) WHERE etablissement_id IS NOT NULL;
CREATE INDEX journal_par_lecture ON journal (compte_id, instant_us) WHERE dossiers > 0;
CREATE INDEX journal_par_connexion ON journal (reseau, instant_us) WHERE action = 'connexion';

-- Who read whose record, to answer the candidate at once. The entry itself holds the same list, under its seal.
CREATE TABLE journal_lecture (
  candidat_id @int NOT NULL,
  entree_id @int NOT NULL,
  PRIMARY KEY (candidat_id, entree_id)
@fin
CREATE INDEX journal_lecture_par_entree ON journal_lecture (entree_id);

-- Entries not sealed yet: filled by the trigger below in the transaction of the act, emptied by the sealer. A transaction
-- that commits late brings its entries here late: none is skipped, whatever its number.
CREATE TABLE journal_attente (
  entree_id @int NOT NULL PRIMARY KEY
@fin

-- The chain: order of sealing, and SHA-256 of the entry and of the link before.
CREATE TABLE journal_sceau (
  rang @int NOT NULL PRIMARY KEY,
  entree_id @int NOT NULL UNIQUE,
  empreinte @bytes NOT NULL
@fin

-- Signed heads of the chain (Ed25519), copied outside the database.
CREATE TABLE journal_tete (
  numero @int NOT NULL PRIMARY KEY,
  rang @int NOT NULL UNIQUE,
  empreinte @bytes NOT NULL,
  signee_le @int NOT NULL,
  signature @bytes NOT NULL
@fin

-- Removals at the end of retention (JOU-4): everything up to a signed head, which stays.
CREATE TABLE journal_purge (
  rang @int NOT NULL PRIMARY KEY,
  avant_le @int NOT NULL,
  purgee_le @int NOT NULL,
  entrees @int NOT NULL,
  signature @bytes NOT NULL
@fin

-- One row: its lock makes the sealers of several machines take turns.
CREATE TABLE journal_scelleur (
  id @int NOT NULL PRIMARY KEY CHECK (id = 1),
  passes @int NOT NULL,
  ronde_rang @int NOT NULL,
  ronde_le @int NOT NULL
@fin
INSERT INTO journal_scelleur (id, passes, ronde_rang, ronde_le) VALUES (1, 0, 0, 0);
INSERT INTO journal_attente (entree_id) SELECT id FROM journal;

-- JOU-5: what somebody must look at.
CREATE TABLE alarme (
  id @id,
  public_id TEXT NOT NULL UNIQUE,
  genre TEXT NOT NULL CHECK (genre IN ('lecture_massive', 'export_reseau_inconnu', 'rupture_chaine', 'bourrage', 'double_connexion')),
  cle TEXT NOT NULL UNIQUE,
  constatee_le @int NOT NULL,
  compte_id @int,
  details TEXT NOT NULL,
  vue_le @int,
  vue_par @int
@fin

-- Append only, and the end of retention alone removes. On PostgreSQL the role of the application has no more than
-- SELECT and INSERT on these tables (`deploy/postgres/roles.sql`); these triggers also stop a role that has more.
-- @si sqlite
CREATE TRIGGER journal_entre AFTER INSERT ON journal BEGIN
  INSERT INTO journal_attente (entree_id) VALUES (NEW.id);
END;
CREATE TRIGGER journal_fige BEFORE UPDATE ON journal BEGIN SELECT RAISE(ABORT, 'journal : ajout seulement'); END;
CREATE TRIGGER journal_garde BEFORE DELETE ON journal
WHEN NOT EXISTS (SELECT 1 FROM journal_sceau s JOIN journal_purge p ON p.rang >= s.rang WHERE s.entree_id = OLD.id)
BEGIN SELECT RAISE(ABORT, 'journal : ajout seulement'); END;
CREATE TRIGGER journal_lecture_fige BEFORE UPDATE ON journal_lecture BEGIN SELECT RAISE(ABORT, 'journal : ajout seulement'); END;
CREATE TRIGGER journal_lecture_garde BEFORE DELETE ON journal_lecture
WHEN NOT EXISTS (SELECT 1 FROM journal_sceau s JOIN journal_purge p ON p.rang >= s.rang WHERE s.entree_id = OLD.entree_id)
BEGIN SELECT RAISE(ABORT, 'journal : ajout seulement'); END;
CREATE TRIGGER journal_sceau_fige BEFORE UPDATE ON journal_sceau BEGIN SELECT RAISE(ABORT, 'journal : ajout seulement'); END;
CREATE TRIGGER journal_sceau_garde BEFORE DELETE ON journal_sceau
WHEN NOT EXISTS (SELECT 1 FROM journal_purge WHERE rang >= OLD.rang)
BEGIN SELECT RAISE(ABORT, 'journal : ajout seulement'); END;
CREATE TRIGGER journal_tete_fige BEFORE UPDATE ON journal_tete BEGIN SELECT RAISE(ABORT, 'journal : ajout seulement'); END;
CREATE TRIGGER journal_tete_garde BEFORE DELETE ON journal_tete BEGIN SELECT RAISE(ABORT, 'journal : ajout seulement'); END;
CREATE TRIGGER journal_purge_fige BEFORE UPDATE ON journal_purge BEGIN SELECT RAISE(ABORT, 'journal : ajout seulement'); END;
CREATE TRIGGER journal_purge_garde BEFORE DELETE ON journal_purge BEGIN SELECT RAISE(ABORT, 'journal : ajout seulement'); END;
CREATE TRIGGER journal_purge_entre BEFORE INSERT ON journal_purge
WHEN NOT EXISTS (SELECT 1 FROM journal_tete WHERE rang = NEW.rang)
BEGIN SELECT RAISE(ABORT, 'journal : une purge va jusqu''à une tête signée'); END;
-- @si postgres
CREATE FUNCTION journal_entre() RETURNS trigger LANGUAGE plpgsql AS $corps$
BEGIN
  INSERT INTO journal_attente (entree_id) VALUES (NEW.id);
  RETURN NULL;
END $corps$;
CREATE TRIGGER journal_entre AFTER INSERT ON journal FOR EACH ROW EXECUTE FUNCTION journal_entre();
CREATE FUNCTION journal_garde() RETURNS trigger LANGUAGE plpgsql AS $corps$
BEGIN
  -- One table at a time: a field of another table's row does not even parse.
  IF TG_OP = 'DELETE' THEN
    IF TG_TABLE_NAME = 'journal' THEN
      IF EXISTS (SELECT 1 FROM journal_sceau s JOIN journal_purge p ON p.rang >= s.rang WHERE s.entree_id = OLD.id) THEN
        RETURN OLD;
      END IF;
    ELSIF TG_TABLE_NAME = 'journal_lecture' THEN
      IF EXISTS (SELECT 1 FROM journal_sceau s JOIN journal_purge p ON p.rang >= s.rang WHERE s.entree_id = OLD.entree_id) THEN
        RETURN OLD;
      END IF;
    ELSIF TG_TABLE_NAME = 'journal_sceau' THEN
      IF EXISTS (SELECT 1 FROM journal_purge WHERE rang >= OLD.rang) THEN
        RETURN OLD;
      END IF;
    END IF;
  END IF;
  RAISE EXCEPTION 'journal : ajout seulement';
END $corps$;
CREATE TRIGGER journal_garde BEFORE UPDATE OR DELETE ON journal FOR EACH ROW EXECUTE FUNCTION journal_garde();
CREATE TRIGGER journal_vide BEFORE TRUNCATE ON journal FOR EACH STATEMENT EXECUTE FUNCTION journal_garde();
CREATE TRIGGER journal_garde BEFORE UPDATE OR DELETE ON journal_lecture FOR EACH ROW EXECUTE FUNCTION journal_garde();
CREATE TRIGGER journal_vide BEFORE TRUNCATE ON journal_lecture FOR EACH STATEMENT EXECUTE FUNCTION journal_garde();
CREATE TRIGGER journal_garde BEFORE UPDATE OR DELETE ON journal_sceau FOR EACH ROW EXECUTE FUNCTION journal_garde();
CREATE TRIGGER journal_vide BEFORE TRUNCATE ON journal_sceau FOR EACH STATEMENT EXECUTE FUNCTION journal_garde();
CREATE TRIGGER journal_garde BEFORE UPDATE OR DELETE ON journal_tete FOR EACH ROW EXECUTE FUNCTION journal_garde();
CREATE TRIGGER journal_vide BEFORE TRUNCATE ON journal_tete FOR EACH STATEMENT EXECUTE FUNCTION journal_garde();
CREATE TRIGGER journal_garde BEFORE UPDATE OR DELETE ON journal_purge FOR EACH ROW EXECUTE FUNCTION journal_garde();
CREATE TRIGGER journal_vide BEFORE TRUNCATE ON journal_purge FOR EACH STATEMENT EXECUTE FUNCTION journal_garde();
CREATE FUNCTION journal_purge_entre() RETURNS trigger LANGUAGE plpgsql AS $corps$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM journal_tete WHERE rang = NEW.rang) THEN
    RAISE EXCEPTION 'journal : une purge va jusqu''à une tête signée';
  END IF;
  RETURN NEW;
END $corps$;
CREATE TRIGGER journal_purge_entre BEFORE INSERT ON journal_purge FOR EACH ROW EXECUTE FUNCTION journal_purge_entre();
-- The one way to remove, for a role that may not DELETE: what a recorded purge covers, and nothing else.
CREATE FUNCTION journal_effacer(jusqu_a BIGINT) RETURNS BIGINT LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $corps$
DECLARE n BIGINT;
BEGIN
  DELETE FROM journal_lecture WHERE entree_id IN (SELECT entree_id FROM journal_sceau WHERE rang <= jusqu_a);
  DELETE FROM journal WHERE id IN (SELECT entree_id FROM journal_sceau WHERE rang <= jusqu_a);
  GET DIAGNOSTICS n = ROW_COUNT;
  DELETE FROM journal_sceau WHERE rang <= jusqu_a;
  RETURN n;
END $corps$;
REVOKE ALL ON FUNCTION journal_effacer(BIGINT) FROM PUBLIC;
-- @fin_si
