// usage: node language_server.mjs MODULES SCHEMA POLICY...
//
// Opens the policies in yaml-language-server as an editor does and prints `POLICY:LINE: MESSAGE` for each mark.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [modules, schema, ...policies] = process.argv.slice(2);
const server = spawn(process.execPath, [`${modules}/yaml-language-server/bin/yaml-language-server`, "--stdio"], {
  stdio: ["pipe", "pipe", "inherit"],
});
const uri = (path) => pathToFileURL(resolve(path)).href;
const waiting = new Map(policies.map((path) => [uri(path), path]));
// Nothing is fetched: the only schema is ours.
const yaml = { validate: true, schemaStore: { enable: false }, schemas: { [uri(schema)]: "*.yml" } };

function send(message) {
  const body = JSON.stringify({ jsonrpc: "2.0", ...message });
  server.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
}

function open(path) {
  const textDocument = { uri: uri(path), languageId: "yaml", version: 1, text: readFileSync(path, "utf8") };
  send({ method: "textDocument/didOpen", params: { textDocument } });
}

function start() {
  send({ method: "initialized", params: {} });
  send({ method: "workspace/didChangeConfiguration", params: { settings: { yaml } } });
  policies.forEach(open);
}

// The server asks for the settings section by section: yaml, http, [yaml], editor, files.
function answer({ id, method, params }) {
  const sections = method === "workspace/configuration" ? params.items : null;
  send({ id, result: sections && sections.map(({ section }) => (section === "yaml" ? yaml : {})) });
}

function print({ uri: marked, diagnostics }) {
  // Before the settings arrive, a policy is looked at without the schema: no marks yet.
  if (diagnostics.length === 0 || !waiting.has(marked)) return;
  for (const { range, message } of diagnostics) {
    console.log(`${waiting.get(marked)}:${range.start.line + 1}: ${message.split("\n")[0]}`);
  }
  waiting.delete(marked);
  if (waiting.size === 0) server.kill();
}

function receive(message) {
  if (message.method && message.id !== undefined) answer(message);
  else if (message.id === 1) start();
  else if (message.method === "textDocument/publishDiagnostics") print(message.params);
}

let bytes = Buffer.alloc(0);
server.stdout.on("data", (chunk) => {
  bytes = Buffer.concat([bytes, chunk]);
  for (;;) {
    const end = bytes.indexOf("\r\n\r\n");
    if (end < 0) return;
    const length = Number(/Content-Length: (\d+)/i.exec(bytes.toString("latin1", 0, end))[1]);
    if (bytes.length < end + 4 + length) return;
    const body = bytes.toString("utf8", end + 4, end + 4 + length);
    bytes = bytes.subarray(end + 4 + length);
    receive(JSON.parse(body));
  }
});
server.on("exit", () => {
  for (const path of waiting.values()) console.log(`${path}: not marked`);
  process.exitCode = waiting.size > 0 ? 1 : 0;
});

const capabilities = { workspace: { configuration: true, didChangeConfiguration: { dynamicRegistration: true } } };
send({ id: 1, method: "initialize", params: { processId: process.pid, rootUri: null, capabilities } });
