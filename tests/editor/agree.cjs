// usage: node agree.cjs MODULES SCHEMA FIXTURES
//
// Compiles the schema with ajv in strict mode and prints `CASE valid` or `CASE invalid` for every FIXTURES/*/policy.yml.
const { readdirSync, readFileSync } = require("node:fs");
const { createRequire } = require("node:module");
const { resolve } = require("node:path");

const [modules, schema, fixtures] = process.argv.slice(2).map((path) => resolve(path));
const load = createRequire(`${modules}/`);
const Ajv = load("ajv/dist/2020").default;
const { parseAllDocuments } = load("yaml");

// What is no YAML, or more than one document, is no valid policy either.
function isValid(validate, bytes) {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    const documents = parseAllDocuments(text, { merge: true, uniqueKeys: false, logLevel: "silent" });
    return documents.length === 1 && documents[0].errors.length === 0 && validate(documents[0].toJS());
  } catch {
    return false;
  }
}

// Unknown keywords and formats are errors. What a branch of anyOf or if says of the level above it is none:
// strictRequired and strictTypes look at each branch alone.
const validate = new Ajv({ strict: true, strictRequired: false, strictTypes: false }).compile(JSON.parse(readFileSync(schema, "utf8")));
for (const name of readdirSync(fixtures).sort()) {
  const bytes = readFileSync(`${fixtures}/${name}/policy.yml`);
  console.log(name, isValid(validate, bytes) ? "valid" : "invalid");
}
