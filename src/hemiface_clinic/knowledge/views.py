"""The knowledge pages as they are asked for: the list, one page, a search; and for machines."""

from itertools import pairwise
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.sitemaps.views import sitemap as write_sitemap
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import override
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from hemiface_clinic.card import shown_card
from hemiface_clinic.knowledge.pages import Page, page, read_pages
from hemiface_clinic.knowledge.search import read_index
from hemiface_clinic.knowledge.sitemaps import KnowledgePages, SitePages
from hemiface_clinic.knowledge.structured import CODES, describe_page
from hemiface_clinic.site.public import MAX_AGE_S, public_page

MAX_QUESTION = 200


@public_page
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List the pages."""
    facts = {"pages": read_pages(request.LANGUAGE_CODE), "codes": CODES.items()}
    return render(request, "knowledge/index.html", facts)


@public_page
@require_safe
def show(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a page.

    Raises
    ------
    django.http.Http404
        If there is none of that name.
    """
    try:
        shown = page(request.LANGUAGE_CODE, slug)
    except KeyError:
        raise Http404 from None
    facts = {
        "page": shown,
        "facts": describe_page(shown, shown_card()),
        "canonical": _address_in(shown.language, slug),
        **_neighbours(shown, read_pages(request.LANGUAGE_CODE)),
    }
    return render(request, "knowledge/page.html", facts)


@login_not_required
@require_safe
@cache_control(public=True, max_age=MAX_AGE_S)
def find(request: HttpRequest) -> HttpResponse:
    """Show the sections that answer a search."""
    request.is_public = True  # type: ignore[attr-defined]  # the answer shows nobody's messages
    question = request.GET.get("q", "")[:MAX_QUESTION].strip()
    hits = read_index(request.LANGUAGE_CODE).find(question)
    return render(request, "knowledge/search.html", {"question": question, "hits": hits})


@public_page
@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """List the public pages for search engines."""
    return write_sitemap(request, {"site": SitePages, "knowledge": KnowledgePages})


@public_page
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Tell search engines where the list is, and that results of a search are no pages."""
    searches = [_in_language(code, "search") for code, _ in settings.LANGUAGES]
    lines = [
        "User-agent: *",
        *(f"Disallow: {address}" for address in searches),
        f"Sitemap: {settings.PUBLIC_URL}{reverse('sitemap')}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def _neighbours(shown: Page, pages: tuple[Page, ...]) -> dict[str, Any]:
    """Return the pages before and after one."""
    pairs = list(pairwise(pages))
    return {
        "previous": next((before for before, after in pairs if after == shown), None),
        "next": next((after for before, after in pairs if before == shown), None),
    }


def _address_in(language: str, slug: str) -> str:
    return settings.PUBLIC_URL + _in_language(language, "page", slug)


def _in_language(language: str, name: str, *parts: str) -> str:
    with override(language):
        return reverse(name, args=parts)
