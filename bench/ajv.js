// The ajv side of the in-memory rows. It compiles the schema once, then
// answers one JSON request a line on standard input:
//   {"load": name, "path": file}     reads a file into a string
//   {"run": name, "times": n}        parses and validates it n times
// The time is taken here, around the n rounds, so that pipes do not count.
'use strict';
const fs = require('fs');
const readline = require('readline');
const Ajv2020 = require('ajv/dist/2020');

const schema = JSON.parse(fs.readFileSync(process.argv[2], 'utf8'));
const validate = new Ajv2020({ allErrors: true, strict: false, validateFormats: false }).compile(schema);
const texts = new Map();

function answer(request) {
  if (request.load) {
    texts.set(request.load, fs.readFileSync(request.path, 'utf8'));
    return {};
  }
  const text = texts.get(request.run);
  let valid = true;
  const start = process.hrtime.bigint();
  for (let i = 0; i < request.times; i++) {
    valid = validate(JSON.parse(text)) && valid;
  }
  const ns = Number(process.hrtime.bigint() - start);
  const first = valid ? '' : JSON.stringify(validate.errors[0]);
  return { ns, valid, errors: valid ? 0 : validate.errors.length, first };
}

readline.createInterface({ input: process.stdin }).on('line', (line) => {
  process.stdout.write(JSON.stringify(answer(JSON.parse(line))) + '\n');
});
