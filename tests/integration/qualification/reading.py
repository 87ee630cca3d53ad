"""What a test reads of a page."""

import re

from django.urls import reverse


def text_of(response):
    words = re.sub(r"<script.*?</script>|<[^>]+>", " ", response.content.decode(), flags=re.S)
    return " ".join(words.split())


def page(name, *ids):
    return reverse(f"qualification:{name}", args=ids)
