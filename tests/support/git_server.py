#!/usr/bin/env python3
"""A git server over HTTP for tests: git_server.py --root DIR [OPTION…]

Hands every request to `git http-backend`, which serves the repositories below DIR. Prints `listening on URL`, then for
each request one line: method, path, status, and the user and password that came with it (`-`: none).

  --token TOKEN         whoever does not send it as the password gets 401
  --tls CERT KEY        https
  --redirect URL        every request is sent there instead
  --page                every answer is a page for people
  --breaks BYTES        what is fetched breaks off after so many bytes
  --pause SECONDS       what is fetched comes in two halves, so long apart
"""
import argparse
import base64
import http.server
import os
import ssl
import subprocess
import sys
import time


def options():
    parser = argparse.ArgumentParser()
    parser.add_argument("--root", required=True)
    parser.add_argument("--token")
    parser.add_argument("--tls", nargs=2)
    parser.add_argument("--redirect")
    parser.add_argument("--page", action="store_true")
    parser.add_argument("--breaks", type=int)
    parser.add_argument("--pause", type=float, default=0)
    return parser.parse_args()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def who(self):
        kind, _, what = self.headers.get("Authorization", "").partition(" ")
        return base64.b64decode(what).decode() if kind == "Basic" else "-"

    def answer(self, status, headers, body):
        print(self.command, self.path, status, self.who(), flush=True)
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        cut = asked.breaks if asked.breaks is not None and self.command == "POST" else len(body)
        half = cut // 2 if asked.pause and self.command == "POST" else cut
        self.wfile.write(body[:half])
        if half < cut:
            time.sleep(asked.pause)
            self.wfile.write(body[half:cut])
        if cut < len(body):
            self.close_connection = True

    def serve(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if asked.redirect:
            return self.answer(302, [("Location", asked.redirect + self.path)], b"")
        if asked.page:
            return self.answer(200, [("Content-Type", "text/html")], b"<html>Sign in</html>")
        if asked.token and self.who().partition(":")[2] != asked.token:
            return self.answer(401, [("WWW-Authenticate", 'Basic realm="git"')], b"")
        path, _, query = self.path.partition("?")
        environment = dict(os.environ, GIT_PROJECT_ROOT=asked.root, GIT_HTTP_EXPORT_ALL="1", PATH_INFO=path,
                           QUERY_STRING=query, REQUEST_METHOD=self.command, REMOTE_ADDR="127.0.0.1",
                           CONTENT_TYPE=self.headers.get("Content-Type", ""), CONTENT_LENGTH=str(len(body)))
        out = subprocess.run(["git", "http-backend"], input=body, env=environment, capture_output=True, check=False).stdout
        head, _, rest = out.partition(b"\r\n\r\n")
        headers = [line.split(": ", 1) for line in head.decode().split("\r\n") if line]
        status = next((int(value.split()[0]) for name, value in headers if name == "Status"), 200)
        return self.answer(status, [header for header in headers if header[0] != "Status"], rest)

    do_GET = do_POST = serve

    def log_message(self, *_):
        pass


asked = options()
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
if asked.tls:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*asked.tls)
    server.socket = context.wrap_socket(server.socket, server_side=True)
print(f"listening on {'https' if asked.tls else 'http'}://127.0.0.1:{server.server_port}", flush=True)
try:
    server.serve_forever()
except KeyboardInterrupt:
    sys.exit(0)
