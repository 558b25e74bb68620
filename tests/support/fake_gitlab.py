#!/usr/bin/env python3
"""A GitLab for tests: the part of its REST API that qgate uses, with a memory and with its refusals.

    fake_gitlab.py [--port N] [--state FILE] [--repository DIR] [--certificate FILE --key FILE] [--proxy] [--resets N]

Listens on loopback, prints `listening on PORT`, and ends on SIGTERM or with its parent. With a certificate it
speaks TLS; as a --proxy it carries bytes for CONNECT and lists the hosts in `connects`; with --resets the
first N connections break. The diff of the merge request, files and commits come from the git repository
named; everything else is the state, a JSON object that --state begins with (fake_gitlab_state.py) and that a
test reads and changes through

    GET  /_state             all of it, with `requests`: what was asked, in order
    POST /_state             {"key": value…}: replaces these keys
    POST /_faults            [{"method", "path" (a regular expression), "times", "do", …}, …]: added

A fault is one of: {"do": "status", "status": 503, "headers": {…}, "body": "text"}, "drop" (the request is
carried out, then the connection is cut without an answer), "refuse" (cut before it is carried out),
"slow" {"seconds"}, "redirect" {"location"}, "garbage" (an answer that is no HTTP), "pass" (none: what is
behind it in the list comes later).

Behaviour was taken from GitLab's documentation and API description; where its real answer differs from
the description (201 for a status), this one is real; members that are null in GitLab are left out, because
the description calls them strings.
"""
import argparse
import json
import os
import re
import signal
import socket
import ssl
import struct
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from fake_gitlab_api import Api
from fake_gitlab_state import Refused, State


def without_nulls(value):
    if isinstance(value, dict):
        return {key: without_nulls(one) for key, one in value.items() if one is not None}
    return [without_nulls(one) for one in value] if isinstance(value, list) else value


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "fake-gitlab"

    def log_message(self, *args):
        pass

    def send(self, status, body, headers):
        plain = isinstance(body, (bytes, str))
        data = body if isinstance(body, bytes) else body.encode() if isinstance(body, str) else (
            b"" if body is None else json.dumps(without_nulls(body)).encode())
        headers = dict(headers)
        kind = headers.pop("Content-Type", "text/plain" if plain else "application/json")
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if status != 204:
            self.wfile.write(data)

    def read_body(self):
        data = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.headers.get("Content-Type", "").startswith("multipart/form-data"):
            return dict(re.findall(r'name="([^"]*)"\r\n\r\n(.*?)\r\n--', data.decode(), re.DOTALL))
        try:
            return json.loads(data) if data else None
        except ValueError:
            return None

    def control(self, state, path, body):
        with state.lock:
            if self.command == "GET" and path == "/_state":
                return self.send(200, json.dumps(state.data), {})
            if self.command == "POST" and path == "/_state":
                state.data.update(body)
            elif self.command == "POST" and path == "/_faults":
                state.faults += body
            else:
                return self.send(404, {}, {})
            return self.send(200, {}, {})

    def take_fault(self, state, path):
        for fault in state.faults:
            if fault.get("times", 1) > 0 and fault.get("method", self.command) == self.command \
                    and re.search(fault.get("path", ""), path):
                fault["times"] = fault.get("times", 1) - 1
                return fault
        return None

    def cut(self):
        self.close_connection = True
        self.connection.close()

    def limits(self, state):
        rate = state.data["rate"]
        if rate is None:
            return {"RateLimit-Limit": "2000", "RateLimit-Remaining": "1999", "RateLimit-Reset": str(int(time.time()) + 60)}
        if rate["remaining"] <= 0:
            raise Refused(429, b"Retry later\n", {"Retry-After": str(rate.get("retry_after", 1))})
        rate["remaining"] -= 1
        return {"RateLimit-Limit": "10", "RateLimit-Remaining": str(rate["remaining"]),
                "RateLimit-Reset": str(rate.get("reset", int(time.time())))}

    def carry_out(self, state, path, query, body):
        headers = {}
        try:
            headers = self.limits(state)
            started = re.fullmatch(r"/projects/(\d+)/trigger/pipeline", path)
            if started and self.command == "POST":
                return self.trigger(state, started[1], body or {})
            api = Api(state, self.command, path, query, self.headers, body)
            status, answer = api.answer()
            headers.update(api.headers)
            return status, answer, headers
        except Refused as refused:
            message = refused.message
            if not isinstance(message, (dict, bytes)):
                message = {"message": message}
            headers.update(refused.headers)
            return refused.status, message, headers

    @staticmethod
    def trigger(state, project, form):
        """A pipeline of another project: the token stands in the form, that of a job will do."""
        token = state.data["tokens"].get(form.get("token"))
        if token is None or token["header"] != "JOB-TOKEN":
            raise Refused(404, "404 Not Found")
        inputs = {key[7:-1]: value for key, value in form.items() if key.startswith("inputs[")}
        state.data["triggers"].append({"project": int(project), "ref": form["ref"], "inputs": inputs})
        return 201, {"id": state.new_id(), "ref": form["ref"]}, {}

    def handle_request(self):
        state = self.server.state
        parts = urlsplit(self.path)
        body = self.read_body()
        if parts.path.startswith("/_"):
            return self.control(state, parts.path, body)
        with state.lock:
            token = next((f"{n}: {self.headers[n]}" for n in ("PRIVATE-TOKEN", "JOB-TOKEN", "Authorization")
                          if self.headers.get(n)), None)
            state.data["requests"].append({"method": self.command, "path": self.path, "token": token, "body": body,
                                           "headers": dict(self.headers.items()), "port": self.client_address[1]})
            fault = self.take_fault(state, self.path) or {}
        if fault.get("do") == "slow":
            time.sleep(fault["seconds"])
        if fault.get("do") == "refuse":
            return self.cut()
        if fault.get("do") == "status":
            return self.send(fault["status"], fault.get("body", ""), fault.get("headers", {}))
        if fault.get("do") == "redirect":
            return self.send(302, "", {"Location": fault["location"]})
        if fault.get("do") == "garbage":
            self.wfile.write(b"\x00\x01 no HTTP at all\r\n\r\n")
            return self.cut()
        if not parts.path.startswith("/api/v4/"):
            return self.send(404, "<html>not found</html>", {})
        with state.lock:
            answer = self.carry_out(state, parts.path[7:], dict(parse_qsl(parts.query)), body)
        if fault.get("do") == "drop":
            return self.cut()
        return self.send(*answer)

    do_GET = do_POST = do_PUT = do_DELETE = handle_request

    def do_CONNECT(self):
        if not self.server.is_proxy:
            return self.send(404, "", {})
        with self.server.state.lock:
            self.server.state.data["connects"].append(self.path)
        host, _, port = self.path.rpartition(":")
        with socket.create_connection((host, int(port))) as other:
            self.send_response(200)
            self.end_headers()
            there = threading.Thread(target=carry, args=(self.connection, other), daemon=True)
            there.start()
            carry(other, self.connection)
            there.join()
        self.close_connection = True


def carry(source, target):
    """Bytes from one socket to the other, until there are no more."""
    try:
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def get_request(self):
        """The first `resets` connections are broken before anything is read from them."""
        connection, address = self.socket.accept()
        if self.resets > 0:
            self.resets -= 1
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            connection.close()
            raise OSError("reset")
        return connection, address


def end_with_parent(server, parent):
    while os.getppid() == parent:
        time.sleep(0.5)
    server.shutdown()


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--port", type=int, default=0)
    options.add_argument("--state")
    options.add_argument("--repository")
    options.add_argument("--certificate")
    options.add_argument("--key")
    options.add_argument("--proxy", action="store_true")
    options.add_argument("--resets", type=int, default=0)
    given = options.parse_args()
    more = {}
    if given.state:
        with open(given.state, encoding="utf-8") as file:
            more = json.load(file)
    server = Server(("127.0.0.1", given.port), Handler)
    server.resets = given.resets
    server.state = State(given.repository, more)
    server.is_proxy = given.proxy
    if given.certificate:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(given.certificate, given.key)
        server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    print(f"listening on {server.server_address[1]}", flush=True)
    threading.Thread(target=end_with_parent, args=(server, os.getppid()), daemon=True).start()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    server.serve_forever()


if __name__ == "__main__":
    main()
