// usage: node agree.cjs MODULES SCHEMA FIXTURES
//
// Compiles the schema with ajv in strict mode and prints `CASE valid` or `CASE invalid` for every FIXTURES/*/policy.yml, or
// delivery.yml.
const { existsSync, readdirSync, readFileSync } = require("node:fs");
const { createRequire } = require("node:module");
const { resolve } = require("node:path");

const [modules, schema, fixtures] = process.argv.slice(2).map((path) => resolve(path));
const load = createRequire(`${modules}/`);
const Ajv = load("ajv/dist/2020").default;
const { parseAllDocuments } = load("yaml");

// What is no YAML, or more than one document, is no valid policy either. Read as PyYAML reads, so that the two differ in
// nothing but the schema: with YAML 1.1's merge keys, of a key given twice the last, and no tag of one's own, which is a
// mere warning here.
function isValid(validate, bytes) {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    const documents = parseAllDocuments(text, { merge: true, uniqueKeys: false, logLevel: "silent" });
    const [document] = documents;
    return documents.length === 1 && document.errors.length + document.warnings.length === 0 && validate(document.toJS());
  } catch {
    return false;
  }
}

// Strict: unknown keywords and formats are errors, and a branch of anyOf or if has to say the types and properties that
// it is about.
const validate = new Ajv({ strict: true }).compile(JSON.parse(readFileSync(schema, "utf8")));
for (const name of readdirSync(fixtures).sort()) {
  const policy = `${fixtures}/${name}/policy.yml`;
  const bytes = readFileSync(existsSync(policy) ? policy : `${fixtures}/${name}/delivery.yml`);
  console.log(name, isValid(validate, bytes) ? "valid" : "invalid");
}
