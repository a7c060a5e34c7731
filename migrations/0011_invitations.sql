-- When whoever invited was told that the link ran out; a new link starts again (CPT-5).
ALTER TABLE invitation ADD COLUMN perimee_dite_le @int;
