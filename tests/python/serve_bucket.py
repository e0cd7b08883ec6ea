"""One bucket with the XML interface of Google Cloud Storage, or one container with the REST interface of
Azure's Blob Storage, as far as a client uses it that creates, replaces, reads, lists and removes objects.
Arguments: `gs` or `az`, the name of the bucket, a folder in which each object is a file, and whether
conditions of writes are honoured. Prints the address, and ends with standard input."""

import email.utils
import http.server
import pathlib
import re
import sys
import threading
import time
import urllib.parse
from xml.sax.saxutils import escape

KIND, BUCKET, FOLDER, CONDITIONS = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3]), sys.argv[4] == "yes"
# Listings come in pages.
PAGE = 7
ROOT = {"gs": f"/{BUCKET}", "az": f"/devstoreaccount1/{BUCKET}"}[KIND]
lock = threading.Lock()
objects = {}


def put(name, body, only_new):
    """Whether the object was written."""
    with lock:
        if only_new and CONDITIONS and name in objects:
            return False
        objects[name] = (body, len(objects) + 1, time.time())
        path = FOLDER / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
        return True


def delete(name):
    """Whether there was such an object."""
    with lock:
        if objects.pop(name, None) is None:
            return False
        path = FOLDER / name
        path.unlink()
        while path.parent != FOLDER and not any(path.parent.iterdir()):
            path = path.parent
            path.rmdir()
        return True


def page(prefix, delimiter, start):
    """The entries of a listing from `start` on, and where the next page starts."""
    with lock:
        names = sorted(name for name in objects if name.startswith(prefix))
        entries = {}
        for name in names:
            head, found, _ = name[len(prefix):].partition(delimiter) if delimiter else (name, "", "")
            entries.setdefault(prefix + head + delimiter if found else name, None if found else objects[name])
    entries = list(entries.items())
    return entries[start : start + PAGE], start + PAGE if start + PAGE < len(entries) else None


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, body=b"", **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def name(self):
        return urllib.parse.unquote(urllib.parse.urlsplit(self.path).path[len(ROOT) + 1 :])

    def query(self):
        return dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(self.path).query))

    def body(self):
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def do_PUT(self):
        body = self.body()
        if self.is_refused():
            return
        if KIND == "gs":
            only_new = self.headers.get("x-goog-if-generation-match") == "0"
        else:
            only_new = self.headers.get("If-None-Match") == "*"
            assert self.headers["x-ms-blob-type"] == "BlockBlob"
        if put(self.name(), body, only_new):
            _, generation, written = objects[self.name()]
            modified = email.utils.formatdate(written, usegmt=True)
            headers = {"x-goog-generation": str(generation)} if KIND == "gs" else {}
            status = 200 if KIND == "gs" else 201
            self.answer(status, ETag=f'"{generation}"', Last_Modified=modified, **headers)
        elif KIND == "gs":
            self.answer(412, b"<Error><Code>PreconditionFailed</Code></Error>")
        else:
            self.answer(409, b"", x_ms_error_code="BlobAlreadyExists")

    def do_GET(self):
        if self.is_refused():
            return
        if urllib.parse.urlsplit(self.path).path == ROOT:
            return self.listing()
        found = objects.get(self.name())
        if found is None:
            return self.answer(404)
        body, generation, written = found
        modified = email.utils.formatdate(written, usegmt=True)
        headers = {"ETag": f'"{generation}"', "Last_Modified": modified}
        part = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("Range", ""))
        if part is None:
            return self.answer(200, body, **headers)
        first, last = int(part[1]), min(int(part[2]), len(body) - 1)
        headers["Content_Range"] = f"bytes {first}-{last}/{len(body)}"
        return self.answer(206, body[first : last + 1], **headers)

    do_HEAD = do_GET

    def listing(self):
        query = self.query()
        start = int(query.get("continuation-token" if KIND == "gs" else "marker", 0))
        entries, following = page(query.get("prefix", ""), query.get("delimiter", ""), start)
        write = self.entries_of_gs if KIND == "gs" else self.entries_of_az
        self.answer(200, write(entries, following).encode(), Content_Type="application/xml")

    def entries_of_gs(self, entries, following):
        parts = []
        for name, entry in entries:
            if entry is None:
                parts.append(f"<CommonPrefixes><Prefix>{escape(name)}</Prefix></CommonPrefixes>")
                continue
            body, generation, written = entry
            date = time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(written))
            parts.append(
                f"<Contents><Key>{escape(name)}</Key><LastModified>{date}</LastModified>"
                f'<ETag>"{generation}"</ETag><Size>{len(body)}</Size></Contents>'
            )
        if following is not None:
            parts.append(f"<NextContinuationToken>{following}</NextContinuationToken>")
        return f"<ListBucketResult>{''.join(parts)}</ListBucketResult>"

    def entries_of_az(self, entries, following):
        parts = []
        for name, entry in entries:
            if entry is None:
                parts.append(f"<BlobPrefix><Name>{escape(name)}</Name></BlobPrefix>")
                continue
            body, generation, written = entry
            date = email.utils.formatdate(written, usegmt=True)
            parts.append(
                f"<Blob><Name>{escape(name)}</Name><Properties><Last-Modified>{date}</Last-Modified>"
                f"<Etag>{generation}</Etag><Content-Length>{len(body)}</Content-Length>"
                "<Content-Type>application/octet-stream</Content-Type></Properties></Blob>"
            )
        following = "" if following is None else following
        return (
            f"<EnumerationResults><Blobs>{''.join(parts)}</Blobs>"
            f"<NextMarker>{following}</NextMarker></EnumerationResults>"
        )

    def do_DELETE(self):
        if not self.is_refused():
            self.answer(204 if delete(self.name()) else 404)

    def do_POST(self):
        """Azure removes several blobs with one request."""
        body = self.body().decode()
        if self.is_refused():
            return
        assert self.query()["comp"] == "batch"
        parts = []
        for number, path in re.findall(r"content-id: (\d+).*?DELETE (\S+) HTTP", body, re.DOTALL | re.IGNORECASE):
            name = urllib.parse.unquote(path.split("?")[0]).split(f"{BUCKET}/", 1)[1]
            status = "202 Accepted" if delete(name) else "404 Not Found"
            parts.append(
                f"--answer\r\nContent-Type: application/http\r\nContent-ID: {number}\r\n\r\n"
                f"HTTP/1.1 {status}\r\nx-ms-version: 1\r\n\r\n\r\n"
            )
        body = "".join(parts) + "--answer--\r\n"
        self.answer(202, body.encode(), Content_Type="multipart/mixed; boundary=answer")

    def is_refused(self):
        """Azure's requests are signed; the settings of Google's clients say that no token is needed."""
        authorization = self.headers.get("Authorization", "")
        is_known = KIND == "gs" or authorization.startswith("SharedKey devstoreaccount1:")
        if is_known and urllib.parse.urlsplit(self.path).path.startswith(ROOT):
            return False
        self.answer(403)
        return True


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.daemon_threads = True
threading.Thread(target=server.serve_forever, daemon=True).start()
print(f"http://127.0.0.1:{server.server_port}", flush=True)
sys.stdin.read()
