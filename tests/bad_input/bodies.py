"""Bodies that nobody should send, and somebody does."""

import gzip
import io
import json
import zlib

MEGABYTE = 1 << 20


def track(message_id, **further):
    """A good event, or one with something odd in it."""
    properties = further.pop("properties", {"product_id": "tee", "price": 20, "currency": "EUR"})
    return {"type": "track", "messageId": message_id, "userId": "u-1", "event": "Product Viewed",
            "properties": properties, **further}


def order(message_id, **properties):
    line = {"product_id": "tee", "quantity": 1, "price": 20}
    whole = {"order_id": message_id, "currency": "EUR", "total": 20, "products": [line], **properties}
    return {"type": "track", "messageId": message_id, "userId": "u-1", "event": "Order Completed", "properties": whole}


def nested(levels):
    """Lists in lists, as text: a library's own bound may be lower."""
    return "[" * levels + "1" + "]" * levels


def raw_event(message_id, properties):
    """An event whose properties are this JSON text, whatever it is."""
    return f'{{"type":"track","messageId":"{message_id}","userId":"u-1","event":"Odd","properties":{properties}}}'


def batch_of(raw_events):
    return ('{"batch":[' + ",".join(raw_events) + "]}").encode("utf-8", "surrogatepass")


def zeros_by_thousand():
    """Ten megabytes of zeros, a thousand times: 10 GB in 10 MB."""
    return gzip.compress(bytes(10 * MEGABYTE)) * 1_000


def zeros_below_the_bound():
    """As many of them as a body may hold: 4 GB in 4 MB."""
    return gzip.compress(bytes(10 * MEGABYTE)) * 400


def gzip_in_gzip():
    """A bomb that inflates to a bomb: 10 GB in some kilobytes."""
    return gzip.compress(zeros_by_thousand())


def batch_then_zeros():
    """A good batch, and then blanks without end."""
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb") as file:
        file.write(b'{"batch":[' + json.dumps(track("bomb")).encode())
        for _ in range(500):
            file.write(b" " * MEGABYTE)
        file.write(b"]}")
    return packed.getvalue()


def truncated_gzip():
    whole = gzip.compress(json.dumps({"batch": [track(f"cut-{number}") for number in range(100)]}).encode())
    return whole[: len(whole) // 2]


def gzip_with_wrong_checksum():
    whole = bytearray(gzip.compress(json.dumps({"batch": [track("sum")]}).encode()))
    whole[-5] ^= 0xFF
    return bytes(whole)


def zlib_body():
    """Deflate without gzip's head: another format."""
    return zlib.compress(json.dumps({"batch": [track("zlib")]}).encode())


# Bodies of which nothing can be taken, and the code of the answer where there is one.
REFUSED = {
    "no body": b"",
    "blanks": b"  \n ",
    "half a body": b'{"batch":[{"type":"track","event":"A"',
    "a quote too few": b'{"batch":[{"type":"track","event":"A}]}',
    "two commas": b'{"batch":[{"type":"track"},,{"type":"track"}]}',
    "another format": b"<xml>hello</xml>",
    "a bare word": b"undefined",
    "a number": b"42",
    "a text": b'"hello"',
    "null": b"null",
    "an object behind the batch": b'{"batch":[]}{"batch":[]}',
    "NUL bytes": bytes(1_000),
    "random bytes": bytes(range(256)) * 8,
    "100,000 open brackets": b"[" * 100_000,
    "5,000,000 open braces": b'{"a":' * 1_000_000,
    "truncated gzip": truncated_gzip(),
    "gzip with a wrong checksum": gzip_with_wrong_checksum(),
    "gzip with nothing behind its head": gzip.compress(b"")[:10],
    "zlib instead of gzip": zlib_body(),
    "a gzip bomb of 10 GB": zeros_by_thousand,
    "a gzip bomb of 4 GB": zeros_below_the_bound,
    "a gzip bomb in gzip": gzip_in_gzip,
    "a good batch and 500 MB of blanks in gzip": batch_then_zeros,
    "one event of 10 MB": lambda: json.dumps(track("huge", properties={"text": "x" * 10 * MEGABYTE})).encode(),
    "one event of 10 MB in gzip": lambda: gzip.compress(
        json.dumps(track("huge", properties={"text": "x" * 10 * MEGABYTE})).encode()),
}

# Events that are set aside, by the code of the reason, while those beside them are taken.
SET_ASIDE = {
    "an event of 600 kB": ("event_too_large", json.dumps(track("large", properties={"text": "x" * 600_000}))),
    "a text of 40 kB": ("too_long", json.dumps(track("long", properties={"text": "x" * 40_000}))),
    "65 levels of nesting": ("nested_too_deep", raw_event("deep", '{"a":' + nested(65) + "}")),
    "5,000 levels of nesting": ("nested_too_deep", raw_event("deeper", '{"a":' + nested(5_000) + "}")),
    "NUL in a text": ("nul_character", raw_event("nul", '{"a":"x\\u0000y"}')),
    "NUL in a name": ("nul_character", raw_event("nul-name", '{"a\\u0000b":1}')),
    "a lone high surrogate": ("lone_surrogate", raw_event("high", '{"a":"\\ud83d"}')),
    "a lone low surrogate": ("lone_surrogate", raw_event("low", '{"a":"\\ude00 x"}')),
    "a surrogate in raw bytes": ("not_utf8", raw_event("raw", '{"a":"\ud83d"}')),
    "a time in 1601": ("time_out_of_range", json.dumps(track("y1601", timestamp="1601-01-01T00:00:00Z"))),
    "a time in 10000": ("time_", json.dumps(track("y10000", timestamp="+010000-01-01T00:00:00Z"))),
    "a time that is none": ("time_not_understood", json.dumps(track("noon", timestamp="yesterday noon"))),
    "the 30th of February": ("time_not_understood", json.dumps(track("feb30", timestamp="2026-02-30T10:00:00Z"))),
    "an unknown currency": ("currency_unknown", json.dumps(order("o-cur", currency="XQZ"))),
    "a currency that is a sign": ("currency_unknown", json.dumps(order("o-sign", currency="$$"))),
    "a negative price": ("negative_amount", json.dumps(
        order("o-neg", total=20, products=[{"product_id": "tee", "quantity": 1, "price": -20}]))),
    "a negative total": ("negative_amount", json.dumps(order("o-neg-total", total=-20))),
    "an amount that is a word": ("not_a_number", json.dumps(order("o-word", total="a lot"))),
    "an amount of a galaxy": ("amount_too_large", json.dumps(order("o-galaxy", total=1e30))),
    "products that are a text": ("not_a_list", json.dumps(order("o-text", products="tee"))),
    "10,001 lines": ("too_many_lines", json.dumps(order("o-lines", products=[{"sku": "T"}] * 10_001))),
    "1,000 identifiers": ("too_many_identifiers", json.dumps(track("ids", context={"externalIds": [
        {"id": f"id-{number}", "type": "loyalty_id"} for number in range(1_000)]}))),
    "501 properties": ("too_many_properties", json.dumps(
        track("props", properties={f"p{number}": 1 for number in range(501)}))),
    "a name of 300 signs": ("too_long", json.dumps({**track("named"), "event": "E" * 300})),
    "an id of 300 signs": ("too_long", json.dumps(track("i" * 300))),
    "no type": ("no_type", '{"messageId":"typeless","userId":"u-1"}'),
    "an unknown type": ("unknown_type", '{"type":"dance","messageId":"dance","userId":"u-1"}'),
    "no event": ("no_event_name", '{"type":"track","messageId":"eventless","userId":"u-1"}'),
    "an identify of nobody": ("names_nobody", '{"type":"identify","messageId":"nobody","traits":{"city":"Madrid"}}'),
    "null": ("not_an_object", "null"),
    "a number": ("not_an_object", "17"),
    "a list": ("not_an_object", "[1,2,3]"),
    "a bare word": ("not_json", '{"type":"track","event":nothing}'),
    "a comma too many": ("not_json", '{"type":"track","event":"A",}'),
    "NaN": ("not_json", raw_event("nan", '{"a":NaN}')),
}

# Odd events that are understood all the same.
TAKEN = {
    "an amount of a hundred": json.dumps(order("o-hundred")).replace('"total": 20', '"total": 1e2'),
    "a time in 9999": json.dumps(track("y9999", timestamp="9999-12-31T23:59:59Z")),
    "64 levels of nesting": raw_event("deep-enough", '{"a":' + nested(61) + "}"),
    "a pair of surrogates": raw_event("pair", '{"a":"\\ud83d\\ude00"}'),
    "a number of 400 digits": raw_event("digits", '{"a":' + "9" * 400 + "}"),
    "the same name twice": raw_event("twice", '{"a":1,"a":2}'),
    "a name that is empty": raw_event("empty", '{"":1}'),
    "text of many scripts": raw_event("scripts", '{"a":"ñ \u202e abc \u0301\u0301\u0301 漢字 \U0001F600"}'),
}
