-- +goose Up
CREATE TABLE lettre (
	id {{serie}},
	numero_asp TEXT NOT NULL,
	genre TEXT NOT NULL,
	date TEXT NOT NULL,
	charge TEXT NOT NULL,
	lue TEXT NOT NULL, -- first reading by the supplier
	lue_par TEXT NOT NULL
);
CREATE INDEX lettre_demande ON lettre (numero_asp, id);
CREATE TABLE controle (
	id TEXT PRIMARY KEY,
	serie BIGINT NOT NULL UNIQUE,
	etat TEXT NOT NULL
);
CREATE TABLE controle_ligne (
	controle_id TEXT NOT NULL REFERENCES controle (id),
	rang INTEGER NOT NULL, -- in the frozen population
	numero_asp TEXT NOT NULL,
	montant BIGINT NOT NULL,
	tirage INTEGER NOT NULL, -- place in the draw; 0 = not drawn
	ecart TEXT NOT NULL, -- why its control could not be opened; '' = it was
	PRIMARY KEY (controle_id, rang)
);
CREATE TABLE depot_certificat (
	depot_id TEXT PRIMARY KEY REFERENCES depot (id),
	etat TEXT NOT NULL
);
-- A receipt names the entry of its deposit, a case file those of its request.
CREATE INDEX journal_objet ON journal (objet);

-- +goose Down
DROP INDEX journal_objet;
DROP TABLE depot_certificat;
DROP TABLE controle_ligne;
DROP TABLE controle;
DROP TABLE lettre;
