-- +goose Up
-- Who is to examine a request; 0 = nobody yet.
ALTER TABLE demande ADD COLUMN agent_id BIGINT NOT NULL DEFAULT 0;
CREATE INDEX demande_agent ON demande (agent_id, statut, serie) WHERE agent_id <> 0;
CREATE INDEX demande_libre ON demande (serie) WHERE agent_id = 0 AND statut = 'deposee';
-- What people set up, a few rows a kind: saved views, rules of assignment,
-- announcements, rules to come.
CREATE TABLE reglage (
	id {{serie}},
	genre TEXT NOT NULL,
	etat TEXT NOT NULL
);
CREATE INDEX reglage_genre ON reglage (genre, id);
CREATE TABLE note (
	id {{serie}},
	numero_asp TEXT NOT NULL,
	date TEXT NOT NULL,
	auteur TEXT NOT NULL,
	texte TEXT NOT NULL,
	barree TEXT NOT NULL, -- when it was struck; '' = it stands
	barree_par TEXT NOT NULL,
	motif TEXT NOT NULL
);
CREATE INDEX note_demande ON note (numero_asp, id);
CREATE TABLE ombre (
	regles_id BIGINT NOT NULL,
	serie BIGINT NOT NULL, -- of the request that they would hit
	numero_asp TEXT NOT NULL,
	raisons TEXT NOT NULL,
	PRIMARY KEY (regles_id, serie)
){{sans_rang}};
CREATE TABLE selection (
	id TEXT PRIMARY KEY,
	compte_id BIGINT NOT NULL,
	etat TEXT NOT NULL,
	cree TEXT NOT NULL
);
CREATE TABLE selection_ligne (
	selection_id TEXT NOT NULL REFERENCES selection (id),
	rang INTEGER NOT NULL,
	numero_asp TEXT NOT NULL,
	resultat TEXT NOT NULL, -- '' = not decided yet
	PRIMARY KEY (selection_id, rang)
){{sans_rang}};
-- Lines that control refused, by the code that was returned.
CREATE TABLE rejet (
	depot_id TEXT NOT NULL REFERENCES depot (id),
	code TEXT NOT NULL,
	nombre INTEGER NOT NULL,
	PRIMARY KEY (depot_id, code)
){{sans_rang}};

-- +goose Down
DROP TABLE rejet;
DROP TABLE selection_ligne;
DROP TABLE selection;
DROP TABLE ombre;
DROP TABLE note;
DROP TABLE reglage;
DROP INDEX demande_libre;
DROP INDEX demande_agent;
ALTER TABLE demande DROP COLUMN agent_id;
