"""Reads the words of Django's templates for Babel, which knows Python by itself.

`make messages` brings locale/*/LC_MESSAGES/django.po up to date; `make setup` compiles them.
"""

import io
from collections.abc import Iterable
from typing import Any

from babel.messages.extract import extract_python
from django.utils.translation.template import templatize


def extract_template(
    file: Any, keywords: Any, comment_tags: Any, options: Any
) -> Iterable[tuple[int, str, Any, Any]]:
    """Yield the words of one template."""
    python = templatize(file.read().decode("utf-8"))
    return extract_python(io.BytesIO(python.encode("utf-8")), keywords, comment_tags, options)
