"""Posts to the webhook at URL, which is public at PUBLIC, what Twilio's client signs with TOKENs.

Usage: signed.py URL PUBLIC TOKEN...
"""

import hashlib
import sys
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlencode
from urllib.request import Request, urlopen

from twilio.request_validator import RequestValidator

FORM = "application/x-www-form-urlencoded"
PATH = "/webhook/whatsapp"

url, public, *tokens = sys.argv[1:]
with_port = public + ":443"
failures = 0


def fields(number, *more):
    return [
        ("AccountSid", "AC00000000000000000000000000000000"),
        ("Body", "¿Tienen un Versa? 🚗 50% + más"),
        ("From", "whatsapp:+5215512345678"),
        ("MessageSid", f"SM{number:032}"),
        ("NumMedia", "0"),
        ("ProfileName", "José Núñez"),
        ("To", "whatsapp:+525500000000"),
        *more,
    ]


class Params(dict):
    """What a web framework hands to the validator: several values of a name at `getlist`."""

    def __init__(self, body):
        super().__init__(parse_qs(body.decode(), keep_blank_values=True))

    def getlist(self, name):
        return self[name]


def post(path, body, signature, kind=FORM):
    request = Request(url + path, body, {"Content-Type": kind, "X-Twilio-Signature": signature})
    try:
        with urlopen(request, timeout=30) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as error:
        return error.code, error.read().decode()


def expect(what, wanted, got):
    global failures
    status, body = got
    ok = status == wanted and (status != 200 or "<Message>" in body)
    print(("ok    " if ok else "WRONG ") + f"{what}: {status}")
    if not ok:
        failures += 1
        print(body, file=sys.stderr)


def is_signed(what, number, *more, token=tokens[0], base=public, path=PATH):
    """A form that is as signed comes in; with one letter more it does not."""
    body = urlencode(fields(number, *more)).encode()
    signature = RequestValidator(token).compute_signature(base + path, Params(body))
    expect(what, 200, post(path, body, signature))
    expect(what + ", changed on its way", 403, post(path, body + b"1", signature))
    expect(what + ", sent elsewhere", 403, post(path + "?a=1", body, signature))


is_signed("a form", 1)
is_signed("a form with empty fields", 2, ("Latitude", ""), ("Label", ""))
is_signed("a form with one name twice", 3, ("Media", "b"), ("Media", "a"), ("Media", "b"))
is_signed("an address with the port", 4, base=with_port)
is_signed("an address with a query", 5, path=PATH + "?x=%C3%A1&y=&x=2")
is_signed("the token that is being replaced", 6, token=tokens[-1])

body = urlencode(fields(7)).encode()
signature = RequestValidator("another").compute_signature(public + PATH, Params(body))
expect("a token that is not ours", 403, post(PATH, body, signature))

# A body that is no form is let in by its digest, and then is no message.
body = '{"Body": "¿hola?"}'.encode()
path = PATH + "?bodySHA256=" + hashlib.sha256(body).hexdigest()
signature = RequestValidator(tokens[0]).compute_signature(public + path, {})
expect("a body that is no form", 415, post(path, body, signature, "application/json"))
expect("another body", 403, post(path, body + b" ", signature, "application/json"))

sys.exit(1 if failures else 0)
