"""What a member does on the pages, with their own key in hand."""

from __future__ import annotations

import html
import re

import msgspec

from comuna.book import keys
from comuna.book.strict import base64_text
from comuna.clerk import Submission, signed_bytes


def write(browser, village, kind, data, query=""):
    """Fill in the form of a kind of act; gives the answer."""
    return browser.post(f"/{village.body}/act/{kind}{query}", data)


def draft_of(answer) -> str:
    """The address of the draft that a form led to."""
    assert answer.status_code == 302, faults(answer)
    return answer["Location"]


def faults(answer) -> list[str]:
    """What a form says is wrong, and at which field."""
    found = re.findall(r'class="fault" id="([^"]*)-fault">([^<]*)', answer.content.decode())
    return [f"{name}: {html.unescape(said)}" for name, said in found]


def shown(browser, address) -> Submission:
    """The submission that a draft's page gives to the browser to sign."""
    page = browser.get(address).content.decode()
    text = re.search(r'data-submission="([^"]*)"', page)
    assert text, page
    return msgspec.json.decode(html.unescape(text[1]), type=Submission)


def sign(browser, village, address, member, seed=None):
    """Sign a draft as the script does; gives the status and the answer."""
    seed = seed or village.seeds[member]
    value = base64_text(keys.sign(seed, signed_bytes(shown(browser, address))))
    signature = {"member": member, "key": keys.key_id(keys.public_key(seed)), "value": value}
    answer = browser.post(
        f"{address}/signature", msgspec.json.encode(signature), content_type="application/json"
    )
    return answer.status_code, answer.json()


def do(browser, village, member, kind, data, also=None) -> int:
    """Write an act and sign it, alone or with those `also` asked (member → browser); it must be
    recorded."""
    others = also or {}
    asked = {"together-asked": ", ".join(map(str, others))} if others else {}
    address = draft_of(write(browser, village, kind, data | asked))
    status, answer = sign(browser, village, address, member)
    for other, theirs in others.items():
        status, answer = sign(theirs, village, address, other)
    assert status == 201, answer
    return answer["number"]
