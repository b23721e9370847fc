-- +goose Up
-- SQLite preferred the index of the statuses to that of the requests which
-- nobody has, and opened each to see. Both conditions stand in the index now.
DROP INDEX demande_libre;
CREATE INDEX demande_libre ON demande (statut, agent_id, serie) WHERE agent_id = 0 AND statut = 'deposee';

-- +goose Down
DROP INDEX demande_libre;
CREATE INDEX demande_libre ON demande (serie) WHERE agent_id = 0 AND statut = 'deposee';
