-- The courses of one entry of the national list: whether another is left when one is handed over.
CREATE INDEX formation_par_inscription ON formation (formation_inscription_id);
