-- The public search compares and sorts the texts of `recherche` without reading the rows, whose presentations are long.
CREATE INDEX formation_session_par_recherche ON formation_session (session_id, etat, supprime_le, recherche);
