-- The home of the site de gestion: what changed since one's last visit, and conversations with the academic service.

-- One line a person a session. The end of the visit before is kept while this one lasts: a page opened again tells the same.
CREATE TABLE visite (
  compte_id @int NOT NULL REFERENCES compte (id),
  session_id @int NOT NULL REFERENCES session_admission (id),
  precedente_le @int,
  vue_le @int NOT NULL,
  PRIMARY KEY (compte_id, session_id)
@cle

CREATE INDEX formation_session_par_maj ON formation_session (session_id, maj_le);
CREATE INDEX etablissement_session_par_maj ON etablissement_session (session_id, maj_le);
CREATE INDEX formation_publication_par_date ON formation_publication (publie_le);

-- What completeness counts over a whole country is read from the indices alone.
DROP INDEX formation_session_par_etablissement;
CREATE INDEX formation_session_par_etablissement ON formation_session
  (session_id, etablissement_id, etat, capacite, frais_centimes, famille, academie, supprime_le);
DROP INDEX groupe_affectation_par_formation;
CREATE INDEX groupe_affectation_par_formation ON groupe_affectation (formation_session_id, places, supprime_le);

-- A thread of messages about an establishment, or about one of its courses, in a session.
CREATE TABLE fil (
  id @id, @meta,
  session_id @int NOT NULL REFERENCES session_admission (id),
  etablissement_id @int NOT NULL REFERENCES etablissement (id),
  formation_session_id @int REFERENCES formation_session (id)
@fin
CREATE UNIQUE INDEX fil_d_etablissement ON fil (session_id, etablissement_id) WHERE formation_session_id IS NULL;
CREATE UNIQUE INDEX fil_de_formation ON fil (formation_session_id) WHERE formation_session_id IS NOT NULL;
CREATE INDEX fil_par_etablissement ON fil (session_id, etablissement_id, formation_session_id);

-- What was said stays as it was said.
CREATE TABLE message_fil (
  id @id,
  public_id TEXT NOT NULL UNIQUE,
  fil_id @int NOT NULL REFERENCES fil (id),
  compte_id @int NOT NULL REFERENCES compte (id),
  role TEXT NOT NULL,
  envoye_le @int NOT NULL,
  texte TEXT NOT NULL,
  relance @int NOT NULL DEFAULT 0 CHECK (relance IN (0, 1))
@fin
CREATE INDEX message_par_fil ON message_fil (fil_id, id);
CREATE INDEX message_relance ON message_fil (fil_id, envoye_le) WHERE relance = 1;
-- @si sqlite
CREATE TRIGGER message_fil_fige BEFORE UPDATE ON message_fil BEGIN SELECT RAISE(ABORT, 'message : jamais modifié'); END;
-- @si postgres
CREATE FUNCTION message_fil_fige() RETURNS trigger LANGUAGE plpgsql AS $corps$
BEGIN
  RAISE EXCEPTION 'message : jamais modifié';
END $corps$;
CREATE TRIGGER message_fil_fige BEFORE UPDATE ON message_fil FOR EACH ROW EXECUTE FUNCTION message_fil_fige();
-- @fin_si

-- How far a person has read a thread, and when they were last told of it by mail (real time, maybe still to come).
CREATE TABLE fil_lecture (
  compte_id @int NOT NULL REFERENCES compte (id),
  fil_id @int NOT NULL REFERENCES fil (id),
  lu @int NOT NULL DEFAULT 0,
  avise_le @int,
  PRIMARY KEY (compte_id, fil_id)
@cle
