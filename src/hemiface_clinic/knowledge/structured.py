"""What a page says, for search engines: schema.org facts as JSON-LD. Only facts that it shows."""

import json
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as noted

from hemiface_clinic.card import Card
from hemiface_clinic.knowledge.pages import Page

# In English here; shown in the language of the page. A test finds each of them on the pages.
CONDITION = noted("Hemifacial spasm")
CODES = {"ICD-10": "G51.3", "ICD-11": "8B88.2"}
ANATOMY = noted("Facial nerve")
SIGNS = (
    noted("Flicker under the eye"),
    noted("Mouth corner pulled"),
    noted("Click in the ear"),
)
TREATMENTS = (noted("Botulinum toxin"), noted("Microvascular decompression"))
FAQ_SLUG = "questions"
Facts = dict[str, Any]


def describe_page(page: Page, card: Card) -> SafeString:
    """Return the facts of a page, in the language that is active."""
    graph = [_web_page(page), _condition(), _breadcrumbs(page), describe_clinic(card)]
    if page.slug == FAQ_SLUG:
        graph.append(_questions(page))
    return as_script({"@context": "https://schema.org", "@graph": graph})


def describe_clinic(card: Card) -> Facts:
    """Return the clinic's card as facts."""
    address = {"streetAddress": ", ".join(card.address), "addressCountry": card.country}
    facts: Facts = {
        "@type": "MedicalClinic",
        "@id": f"{settings.PUBLIC_URL}/#clinic",
        "name": card.name,
        "url": f"{settings.PUBLIC_URL}/",
        "telephone": card.phone,
        "address": {"@type": "PostalAddress", **address},
    }
    hours = [f"{','.join(each.days)} {each.opens}-{each.closes}" for each in card.hours]
    return facts | ({"openingHours": hours} if hours else {})


def as_script(facts: Facts) -> SafeString:
    """Return facts as a block of data that no text in them can close."""
    text = json.dumps(facts, ensure_ascii=False)
    for sign in "<>&":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return mark_safe(f'<script type="application/ld+json">{text}</script>')


def _web_page(page: Page) -> Facts:
    facts: Facts = {
        "@type": "MedicalWebPage",
        "@id": _address("page", page.slug),
        "url": _address("page", page.slug),
        "name": page.title,
        "description": page.summary,
        "inLanguage": page.language,
        "lastReviewed": page.reviewed.isoformat(),
        "about": {"@id": f"{settings.PUBLIC_URL}/#condition"},
        "publisher": {"@id": f"{settings.PUBLIC_URL}/#clinic"},
        "citation": [source.url or source.text for source in page.sources],
    }
    doctor = {"reviewedBy": {"@type": "Person", "name": page.reviewed_by}}
    return facts | (doctor if page.reviewed_by else {})


def _condition() -> Facts:
    return {
        "@type": "MedicalCondition",
        "@id": f"{settings.PUBLIC_URL}/#condition",
        "name": gettext(CONDITION),
        "code": [
            {"@type": "MedicalCode", "codeValue": value, "codingSystem": system}
            for system, value in CODES.items()
        ],
        "associatedAnatomy": {"@type": "AnatomicalStructure", "name": gettext(ANATOMY)},
        "signOrSymptom": [{"@type": "MedicalSignOrSymptom", "name": gettext(s)} for s in SIGNS],
        "possibleTreatment": [{"@type": "MedicalTherapy", "name": gettext(t)} for t in TREATMENTS],
    }


def _breadcrumbs(page: Page) -> Facts:
    way = {
        gettext("Home"): _address("home"),
        gettext("The condition"): _address("knowledge"),
        page.short: _address("page", page.slug),
    }
    steps = [
        {"@type": "ListItem", "position": place, "name": name, "item": address}
        for place, (name, address) in enumerate(way.items(), start=1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": steps}


def _questions(page: Page) -> Facts:
    asked = [
        {
            "@type": "Question",
            "name": part.title,
            "acceptedAnswer": {"@type": "Answer", "text": part.text},
        }
        for part in page.sections
        if part.level and part.text
    ]
    return {"@type": "FAQPage", "mainEntity": asked}


def _address(name: str, *parts: str) -> str:
    return settings.PUBLIC_URL + reverse(name, args=parts)
