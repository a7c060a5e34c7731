-- R-IMP-12: a refused record is named by its course and its place; a document of one line has no other place than its rank.

ALTER TABLE rejet_apprentissage ADD COLUMN intitule TEXT;
ALTER TABLE rejet_apprentissage ADD COLUMN lieu TEXT;
-- among the records of its file, from 1; 0: refused before it was kept
ALTER TABLE rejet_apprentissage ADD COLUMN rang @int NOT NULL DEFAULT 0;
