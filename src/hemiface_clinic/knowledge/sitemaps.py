"""The list of public pages for search engines, each in the languages it is written in."""

from datetime import date
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.urls import reverse

from hemiface_clinic.knowledge.pages import page, read_pages

SITE_PAGES = ("home", "knowledge", "ask", "privacy", "accessibility")
_LANGUAGES = [code for code, _ in settings.LANGUAGES]


class _Absolute(Sitemap):  # type: ignore[type-arg]  # takes no type when it runs
    """Addresses begin with the clinic's own, whatever host was asked."""

    i18n = alternates = x_default = True

    def get_domain(self, site: object = None) -> str:
        return urlsplit(settings.PUBLIC_URL).netloc

    def get_protocol(self, protocol: str | None = None) -> str:
        return urlsplit(settings.PUBLIC_URL).scheme


class SitePages(_Absolute):
    """Pages that are not knowledge pages."""

    def items(self) -> tuple[str, ...]:
        """Return their names."""
        return SITE_PAGES

    def location(self, item: str) -> str:
        """Return the address of one."""
        return reverse(item)


class KnowledgePages(_Absolute):
    """The knowledge pages; one that English stands in for is listed in English alone."""

    def items(self) -> list[str]:
        """Return their names."""
        return [each.slug for each in read_pages(settings.LANGUAGE_CODE)]

    def get_languages_for_item(self, item: str) -> list[str]:
        """Return the languages in which one is written."""
        return [code for code in _LANGUAGES if page(code, item).language == code]

    def location(self, item: str) -> str:
        """Return the address of one."""
        return reverse("page", args=[item])

    def lastmod(self, item: str) -> date:
        """Return when its sources were last checked."""
        return page(settings.LANGUAGE_CODE, item).reviewed
