"""Knowledge pages that can be sent with an answer."""

from django.utils.translation import get_language

from hemiface_clinic.knowledge.pages import read_pages


def titles_of_pages() -> dict[str, str]:
    """Return the pages' titles by slug, in the language of the reader."""
    return {page.slug: page.title for page in read_pages(get_language() or "en")}
