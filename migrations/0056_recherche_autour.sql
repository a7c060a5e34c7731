-- The public search around a town (R-FOR-27) compares places without reading the rows, whose presentations are long.
CREATE INDEX formation_session_par_lieu ON formation_session (session_id, etat, supprime_le, latitude, longitude);
