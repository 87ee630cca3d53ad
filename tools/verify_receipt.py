"""
Checks the receipt of a bid, with nothing but Python.

    python verify_receipt.py receipt.json [DIGEST]

It works the digest out again from the bid, the salt and who sent it when. Give the digest that the
council shows after the opening to check that the bid opened is the bid sent.
"""

import hashlib
import json
import sys
from pathlib import Path

HASHED = ("referral", "invitation", "establishment", "provider", "revision", "received_at")


def digest_of(receipt: dict[str, object]) -> str:
    body = {name: receipt[name] for name in (*HASHED, "salt", "content")}
    text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def main(arguments: list[str]) -> None:
    if len(arguments) not in (1, 2):
        sys.exit("Usage: python verify_receipt.py receipt.json [DIGEST]")
    try:
        receipt = json.loads(Path(arguments[0]).read_text(encoding="utf-8"))
        found = digest_of(receipt)
    except (OSError, ValueError, KeyError, TypeError) as error:
        sys.exit(f"This is not a receipt: {error}")
    for told in (receipt.get("digest"), *arguments[1:]):
        if found != told:
            sys.exit(f"FALSE: the digest is {found}, not {told}")
    print(f"True: bid {receipt['revision']} received {receipt['received_at']} has digest {found}")


if __name__ == "__main__":
    main(sys.argv[1:])
