# SPDX-License-Identifier: LGPL-2.1-or-later
"""Certificates and user databases, each made once per directory of hosts."""
import os
import pathlib
import subprocess

PASSWORD = b"geheim99"
# kind: (days from now at which it is made, days that it lasts, RSA bits of the server, digest, other names)
KINDS = {"good": (0, 900, 2048, "sha256", False), "expired": (-400, 100, 2048, "sha256", False), "small": (0, 900, 1024, "sha256", False),
         "sha1": (0, 900, 2048, "sha1", False), "other-name": (0, 900, 2048, "sha256", True)}


def run(*words, **more):
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **more)


class Pool:
    def __init__(self, directory):
        self.top = pathlib.Path(directory)

    def make(self, host, kind):
        place = self.top / f"{host}-{kind}"
        if place.exists():
            return place
        place.mkdir(parents=True)
        start, days, bits, digest, other = KINDS[kind]
        clock = ["faketime", "-f", f"{start:+d}d"] if start else []
        name = "elsewhere.example.net" if other else host
        (place / "ext").write_text(f"basicConstraints=critical,CA:false\nkeyUsage=critical,digitalSignature,keyEncipherment\nextendedKeyUsage=serverAuth\n"
                                   f"subjectAltName=DNS:{name}\n")
        (place / "ca").write_text("[req]\ndistinguished_name=d\nx509_extensions=x\nprompt=no\n[d]\nO=Lab\nCN=Lab CA\n"
                                  "[x]\nbasicConstraints=critical,CA:true\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\n")
        run(*clock, "openssl", "req", "-x509", "-new", "-newkey", "rsa:2048", "-nodes", "-config", "ca", "-days", "3000", f"-{digest}",
            "-keyout", "ca-key.pem", "-out", "ca-cert.pem", cwd=place)
        run("openssl", "req", "-new", "-newkey", f"rsa:{bits}", "-nodes", "-subj", f"/O=Lab/CN={name}", "-keyout", "server-key.pem", "-out", "csr", cwd=place)
        run(*clock, "openssl", "x509", "-req", "-in", "csr", "-CA", "ca-cert.pem", "-CAkey", "ca-key.pem", "-set_serial", "7", "-days", str(days),
            f"-{digest}", "-extfile", "ext", "-out", "server-cert.pem", cwd=place)
        run("openssl", "rsa", "-in", "server-key.pem", "-aes256", "-passout", "pass:x", "-out", "locked-key.pem", cwd=place)
        return place

    def bytes(self, host, kind, name):
        return (self.make(host, kind) / name).read_bytes()

    def sasldb(self, realm, users=("anne", "bob")):
        path = self.top / f"{realm}-{'-'.join(users)}.db"
        if not path.exists():
            self.top.mkdir(parents=True, exist_ok=True)
            for user in users:
                run("saslpasswd2", "-f", os.fspath(path), "-p", "-c", "-u", realm, user, input=PASSWORD)
        return path.read_bytes()
