"""Pages of the site itself."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from hemiface_clinic.card import shown_card, write_vcard
from hemiface_clinic.knowledge.pages import read_pages
from hemiface_clinic.knowledge.structured import as_script, describe_clinic
from hemiface_clinic.site.public import public_page


@public_page
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the home page."""
    facts = as_script({"@context": "https://schema.org", **describe_clinic(shown_card())})
    known = {"pages": read_pages(request.LANGUAGE_CODE), "facts": facts}
    return render(request, "site/home.html", known)


@public_page
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Say what is kept, who reads it, and how to have it erased."""
    return render(request, "site/privacy.html")


@public_page
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """Say how the site can be used, and what is known not to work."""
    return render(request, "site/accessibility.html")


@public_page
@require_safe
def vcard(request: HttpRequest) -> HttpResponse:
    """Return the clinic's card for an address book."""
    headers = {"Content-Disposition": 'attachment; filename="clinic.vcf"'}
    return HttpResponse(write_vcard(shown_card()), content_type="text/vcard", headers=headers)
