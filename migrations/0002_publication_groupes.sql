-- A publication also freezes the places by ranking group, so that the public sheet never mixes a draft with it.
ALTER TABLE formation_publication ADD COLUMN groupes TEXT NOT NULL DEFAULT '[]';
