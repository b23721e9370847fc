-- +goose Up
CREATE TABLE cle_acces (
	identifiant TEXT PRIMARY KEY, -- of the credential, base64url
	compte_id BIGINT NOT NULL REFERENCES compte (id),
	poignee TEXT NOT NULL, -- how authenticators name the account; it tells nothing of it
	nom TEXT NOT NULL,
	charge TEXT NOT NULL, -- public key, counter, flags
	cree TEXT NOT NULL,
	usage TEXT NOT NULL
);
CREATE INDEX cle_acces_compte ON cle_acces (compte_id);
CREATE TABLE identite (
	emetteur TEXT NOT NULL,
	sujet TEXT NOT NULL,
	compte_id BIGINT NOT NULL REFERENCES compte (id),
	cree TEXT NOT NULL,
	usage TEXT NOT NULL,
	PRIMARY KEY (emetteur, sujet)
);
CREATE INDEX identite_compte ON identite (compte_id);
-- What waits between two pages of a sign-in: a challenge, a state.
CREATE TABLE ceremonie (
	empreinte TEXT PRIMARY KEY,
	usage TEXT NOT NULL,
	charge TEXT NOT NULL,
	expire TEXT NOT NULL
);
CREATE TABLE appareil (
	empreinte TEXT PRIMARY KEY,
	compte_id BIGINT NOT NULL REFERENCES compte (id),
	expire TEXT NOT NULL
);
CREATE INDEX appareil_compte ON appareil (compte_id);
-- A token made before there were scopes could do all that its account may.
ALTER TABLE jeton ADD COLUMN portees TEXT NOT NULL DEFAULT 'tout';
ALTER TABLE session ADD COLUMN vue TEXT NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN moyen TEXT NOT NULL DEFAULT 'mot_de_passe';
ALTER TABLE compte ADD COLUMN mandat TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE compte DROP COLUMN mandat;
ALTER TABLE session DROP COLUMN moyen;
ALTER TABLE session DROP COLUMN vue;
ALTER TABLE jeton DROP COLUMN portees;
DROP TABLE appareil;
DROP TABLE ceremonie;
DROP TABLE identite;
DROP TABLE cle_acces;
