-- The outbox is read in the order in which it leaves: most useful first, without sorting all that is due.
DROP INDEX envoi_a_prendre;
CREATE INDEX envoi_a_prendre ON envoi (etat, priorite, id, prochain_le);
