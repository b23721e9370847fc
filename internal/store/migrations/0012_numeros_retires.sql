-- +goose Up
-- The day when an ANS number was withdrawn; '' while it is in use.
CREATE TABLE IF NOT EXISTS garde_numero (numero TEXT, retire TEXT);
ALTER TABLE numero_ans ADD COLUMN retire TEXT NOT NULL DEFAULT '';
UPDATE numero_ans SET retire = (SELECT g.retire FROM garde_numero g WHERE g.numero = numero_ans.numero)
	WHERE EXISTS (SELECT 1 FROM garde_numero g WHERE g.numero = numero_ans.numero);
DROP TABLE garde_numero;

-- +goose Down
CREATE TABLE garde_numero AS SELECT numero, retire FROM numero_ans WHERE retire <> '';
ALTER TABLE numero_ans DROP COLUMN retire;
