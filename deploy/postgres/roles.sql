-- Roles of the database (DEG-4, JOU-3). Run once by the owner of the database, after `parcoursup migrer`, then again after
-- each update: a new table is not granted by itself.
--   psql --dbname parcoursup --file roles.sql
-- « parcoursup_migration » owns the tables and runs `parcoursup migrer`; « parcoursup » is what `servir` and `travailler`
-- use. Neither has a password here: local socket, or ~/.pgpass.

DO $$ BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'parcoursup') THEN CREATE ROLE parcoursup LOGIN; END IF;
END $$;

GRANT USAGE ON SCHEMA public TO parcoursup;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO parcoursup;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO parcoursup;

-- The journal only grows. What goes at the end of retention goes through the function, which removes no more than what a
-- recorded and signed purge covers.
REVOKE UPDATE, DELETE, TRUNCATE ON journal, journal_lecture, journal_sceau, journal_tete, journal_purge FROM parcoursup;
GRANT EXECUTE ON FUNCTION journal_effacer(BIGINT) TO parcoursup;
