-- The files of an account, whatever the session: asked for at each request of a person or of a program.
CREATE INDEX candidat_du_compte ON candidat (compte_id) WHERE compte_id IS NOT NULL;
