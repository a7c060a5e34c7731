-- What of its role a person is delegated on the course (R-DRO-03): codes separated by commas. NULL: all of the role.
ALTER TABLE attribution ADD COLUMN operations TEXT;
CREATE INDEX delegation_par_formation ON attribution (formation_id);
