-- +goose Up
-- One card may stand for thousands of pharmacies: the first of them are read in
-- order, not sorted.
DROP INDEX demande_carte;
CREATE INDEX demande_carte ON demande (carte, serie) WHERE carte <> '';

-- +goose Down
DROP INDEX demande_carte;
CREATE INDEX demande_carte ON demande (carte) WHERE carte <> '';
