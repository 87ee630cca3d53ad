#!/usr/bin/env python3
"""Verify an exported audit trail, with nothing but Python.

Usage: python tools/verify_audit.py EXPORT.jsonl [HEAD]
Each line holds authority_id, seq, body and hash; a hash is SHA-256 over the previous hash and
"seq:body". HEAD is a head that was lodged outside, in a letter: the chain must contain it, else its
tail was cut off. SALT:MARK checks a mailed mark (`manage.py verify_audit --lodged` prints salts).
Exit 0: sound; 1: broken, with the first place named.
"""

import hashlib
import json
import sys
from collections.abc import Iterable
from pathlib import Path


def check(lines: Iterable[str], head: str = "") -> str:
    """Return the first fault in words, or an empty string."""
    previous: dict[int, bytes] = {}
    position: dict[int, int] = {}
    seen: set[str] = set()
    for number, line in enumerate(lines, start=1):
        event = json.loads(line)
        chain, seq = event["authority_id"], event["seq"]
        expected_seq = position.get(chain, 0) + 1
        if seq != expected_seq:
            return f"line {number}: event {seq} follows {expected_seq - 1} in chain {chain}"
        text = f"{seq}:{event['body']}".encode()
        digest = hashlib.sha256(previous.get(chain, b"\x00") + text).digest()
        if digest.hex() != event["hash"]:
            return f"line {number}: the hash of event {seq} in chain {chain} does not match"
        previous[chain], position[chain] = digest, seq
        seen.add(digest.hex())
    if head and not any(_is_meant(digest, head) for digest in seen):
        return "the lodged head is not in the chain: its end is missing"
    return ""


def _is_meant(digest: str, head: str) -> bool:
    salt, is_mark, mark = head.partition(":")
    if is_mark:
        return hashlib.sha256(f"{salt}{digest}".encode()).hexdigest() == mark
    return digest.startswith(head)


def main(arguments: list[str]) -> int:
    if not 2 <= len(arguments) <= 3:
        sys.exit(__doc__)
    with Path(arguments[1]).open(encoding="utf-8") as lines:
        fault = check(lines, *arguments[2:])
    if fault:
        sys.stdout.write(fault + "\n")
        return 1
    sys.stdout.write("sound\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
