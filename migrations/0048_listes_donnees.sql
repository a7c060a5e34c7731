-- The list of the data of a session, once somebody changed it: how many times, when (campaign), who last. The journal has each change.
CREATE TABLE liste_donnees (
  session_id @int PRIMARY KEY REFERENCES session_admission (id),
  version @int NOT NULL,
  maj_le @int NOT NULL,
  maj_par @int REFERENCES compte (id)
@cle
