-- +goose Up
CREATE TABLE finess (
	numero TEXT PRIMARY KEY,
	categorie INTEGER NOT NULL,
	raison_sociale TEXT NOT NULL,
	code_postal TEXT NOT NULL
);

-- +goose Down
DROP TABLE finess;
