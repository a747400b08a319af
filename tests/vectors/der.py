"""DER, as far as certificates and signatures need it."""


def element(tag, *contents):
    content = b"".join(contents)
    if len(content) < 0x80:
        return bytes([tag, len(content)]) + content
    length = len(content).to_bytes((len(content).bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content


def sequence(*contents):
    return element(0x30, *contents)


def set_of(*contents):
    return element(0x31, *sorted(contents))


def context(number, *contents):
    return element(0xA0 | number, *contents)


def integer(value):
    return element(0x02, value.to_bytes(value.bit_length() // 8 + 1, "big", signed=True))


def enumerated(value):
    return element(0x0A, bytes([value]))


def boolean(value):
    return element(0x01, b"\xff" if value else b"\x00")


def octets(content):
    return element(0x04, content)


def bits(content, unused=0):
    return element(0x03, bytes([unused]), content)


def null():
    return element(0x05)


def utf8(text):
    return element(0x0C, text.encode())


def oid(dotted):
    numbers = [int(each) for each in dotted.split(".")]
    numbers = [40 * numbers[0] + numbers[1]] + numbers[2:]
    content = b""
    for number in numbers:
        groups = [number & 0x7F]
        while number := number >> 7:
            groups.append(0x80 | number & 0x7F)
        content += bytes(reversed(groups))
    return element(0x06, content)


def utc_time(moment):
    return element(0x17, moment.strftime("%y%m%d%H%M%SZ").encode())


def generalized_time(moment):
    return element(0x18, moment.strftime("%Y%m%d%H%M%SZ").encode())


def time(moment):
    return utc_time(moment) if moment.year < 2050 else generalized_time(moment)
