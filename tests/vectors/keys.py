"""Throw-away keys: each is made from its name, so everybody has them, and they sign vectors only.

ECDSA with the nonces of RFC 6979, so that the same vectors come out of every run.
"""
import hashlib
import hmac

import der


class Curve:
    def __init__(self, name, oid, p, b, n, g, digest):
        self.name, self.oid, self.p, self.b, self.n, self.g, self.digest = name, oid, p, b, n, g, digest
        self.octets = (n.bit_length() + 7) // 8

    def add(self, one, other):
        if one is None or other is None:
            return one or other
        (x1, y1), (x2, y2) = one, other
        if x1 == x2 and (y1 + y2) % self.p == 0:
            return None
        if one == other:
            slope = (3 * x1 * x1 - 3) * pow(2 * y1, -1, self.p)
        else:
            slope = (y2 - y1) * pow(x2 - x1, -1, self.p)
        x = (slope * slope - x1 - x2) % self.p
        return x, (slope * (x1 - x) - y1) % self.p

    def times(self, factor, point):
        result = None
        while factor:
            if factor & 1:
                result = self.add(result, point)
            point = self.add(point, point)
            factor >>= 1
        return result


P256 = Curve(
    "P-256", "1.2.840.10045.3.1.7",
    0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF,
    0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B,
    0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551,
    (0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
     0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5), "sha256")
P384 = Curve(
    "P-384", "1.3.132.0.34",
    2**384 - 2**128 - 2**96 + 2**32 - 1,
    0xB3312FA7E23EE7E4988E056BE3F82D19181D9C6EFE8141120314088F5013875AC656398D8A2ED19D2A85C8EDD3EC2AEF,
    0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973,
    (0xAA87CA22BE8B05378EB1C71EF320AD746E1D3B628BA79B9859F741E082542A385502F25DBF55296C3A545E3872760AB7,
     0x3617DE4A96262C6F5D9E98BF9292DC29F8F41DBD289A147CE9DA3113B5F0B8C00A60B1CE1D7E819D7A431D7C90EA0E5F),
    "sha384")


def nonce(curve, secret, digest, name):
    """RFC 6979 section 3.2; the digests here are never longer than the curve."""
    secret_octets = secret.to_bytes(curve.octets, "big")
    hashed = int.from_bytes(digest, "big") % curve.n
    seed = secret_octets + hashed.to_bytes(curve.octets, "big")
    size = hashlib.new(name).digest_size
    value, key = b"\x01" * size, b"\x00" * size

    def mac(content):
        return hmac.new(key, content, name).digest()

    for round_octet in (b"\x00", b"\x01"):
        key = mac(value + round_octet + seed)
        value = mac(value)
    while True:
        text = b""
        while len(text) < curve.octets:
            value = mac(value)
            text += value
        candidate = int.from_bytes(text[:curve.octets], "big")
        if 1 <= candidate < curve.n:
            return candidate
        key = mac(value + b"\x00")
        value = mac(value)


class Key:
    def __init__(self, name, curve=P384):
        seed = hashlib.sha512(b"quietus throw-away vector key: " + name.encode()).digest()
        self.curve = curve
        self.secret = int.from_bytes(seed, "big") % (curve.n - 1) + 1
        x, y = curve.times(self.secret, curve.g)
        self.point = b"\x04" + x.to_bytes(curve.octets, "big") + y.to_bytes(curve.octets, "big")

    def public(self):
        algorithm = der.sequence(der.oid("1.2.840.10045.2.1"), der.oid(self.curve.oid))
        return der.sequence(algorithm, der.bits(self.point))

    def identifier(self):
        return hashlib.sha1(self.point).digest()  # RFC 5280 section 4.2.1.2, method 1

    def signature_algorithm(self, digest=None):
        number = {"sha1": "1", "sha256": "3.2", "sha384": "3.3"}[digest or self.curve.digest]
        return der.sequence(der.oid("1.2.840.10045.4." + number))

    def sign(self, content, digest=None):
        name = digest or self.curve.digest
        hashed = hashlib.new(name, content).digest()
        k = nonce(self.curve, self.secret, hashed, name)
        r = self.curve.times(k, self.curve.g)[0] % self.curve.n
        number = int.from_bytes(hashed, "big")
        s = pow(k, -1, self.curve.n) * (number + r * self.secret) % self.curve.n
        return der.sequence(der.integer(r), der.integer(s))
