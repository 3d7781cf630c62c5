"""Questionnaires and answers as plain documents of FHIR R5, for other systems.

Written after the published R5 resources Questionnaire and QuestionnaireResponse, without the
package `fhir.resources`, which the tests use to validate them. A choice is R5's `coding`.
"""

from collections.abc import Mapping
from datetime import date

from hemiface.diagnosis.checking import is_asked
from hemiface.diagnosis.questions import (
    Answers,
    Item,
    Questionnaire,
    Value,
    When,
    read_questionnaire,
)

Json = str | bool | int | float | list["Json"] | dict[str, "Json"]
Document = dict[str, Json]

_TYPES = {"choice": "coding"}
_KEYS = {"boolean": "valueBoolean", "choice": "valueCoding", "integer": "valueInteger",
         "decimal": "valueDecimal", "date": "valueDate", "text": "valueString"}  # fmt: skip
_LIMIT = "http://hl7.org/fhir/StructureDefinition/{}Value"


def to_fhir(questionnaire: Questionnaire) -> Document:
    """Return a questionnaire as a FHIR R5 Questionnaire.

    Parameters
    ----------
    questionnaire : Questionnaire

    Returns
    -------
    dict
        Sections become groups. Ids of options are codes of this questionnaire's own system.
    """
    return {
        "resourceType": "Questionnaire",
        "url": questionnaire.url,
        "version": questionnaire.version,
        "name": f"Hemiface{questionnaire.name.title()}",
        "title": questionnaire.title,
        "language": questionnaire.language,
        "status": "draft",  # until a clinician has reviewed it
        "subjectType": ["Patient"],
        "item": [
            {
                "linkId": f"section.{section.id}",
                "text": section.text,
                "type": "group",
                "item": [
                    _question(item, questionnaire)
                    for item in questionnaire.items
                    if item.section == section.id
                ],
            }
            for section in questionnaire.sections
        ],
    }


def answers_to_fhir(answers: Answers, language: str = "en") -> Document:
    """Return answers as a FHIR R5 QuestionnaireResponse.

    Parameters
    ----------
    answers : Answers
        Must have no problems (`hemiface.diagnosis.check_answers`); what is no question of the
        questionnaire, or was not asked, is left out.
    language : str
        Of the words beside the codes.

    Returns
    -------
    dict
        `status` is "completed" where every required question is answered, else "in-progress".
    """
    questionnaire = read_questionnaire(answers.questionnaire, language)
    groups: list[Json] = [
        group
        for section in questionnaire.sections
        if (group := _answered_group(section.id, questionnaire, answers.answered))["item"]
    ]
    document: Document = {
        "resourceType": "QuestionnaireResponse",
        "questionnaire": f"{questionnaire.url}|{answers.version}",
        "status": "completed" if _is_complete(questionnaire, answers.answered) else "in-progress",
    }
    if groups:  # FHIR knows no empty lists
        document["item"] = groups
    if answers.on is not None:
        document["authored"] = answers.on.isoformat()
    return document


def _question(item: Item, questionnaire: Questionnaire) -> Document:
    question: Document = {
        "linkId": item.id,
        "text": item.text,
        "type": _TYPES.get(item.type, item.type),
        "required": item.required,
        "repeats": item.repeats,
    }
    if item.options:
        question["answerOption"] = [
            {"valueCoding": _coding(item, option.id, questionnaire)} for option in item.options
        ]
    if item.when is not None:
        question["enableWhen"] = [_enable_when(item.when, questionnaire)]
    limits = _limits(item)
    if limits:
        question["extension"] = limits
    return question


def _coding(item: Item, option_id: str, questionnaire: Questionnaire) -> Document:
    words = {option.id: option.text for option in item.options}
    return {"system": questionnaire.url, "code": option_id, "display": words[option_id]}


def _enable_when(when: When, questionnaire: Questionnaire) -> Document:
    condition: Document = {"question": when.ask, "operator": "="}
    if isinstance(when.value, bool):
        condition["answerBoolean"] = when.value
    else:
        asked = questionnaire.item(when.ask)
        condition["answerCoding"] = _coding(asked, when.value, questionnaire)
    return condition


def _limits(item: Item) -> list[Json]:
    found = (("min", item.least), ("max", item.most))
    return [
        {"url": _LIMIT.format(end), _KEYS[item.type]: value}
        for end, value in found
        if value is not None
    ]


def _answered_group(
    section: str, questionnaire: Questionnaire, answered: Mapping[str, Value]
) -> Document:
    found: list[Json] = [
        {
            "linkId": item.id,
            "text": item.text,
            "answer": [_answer(item, one, questionnaire) for one in _each(answered[item.id])],
        }
        for item in questionnaire.items
        if item.section == section and answered.get(item.id, ()) != () and is_asked(item, answered)
    ]
    return {"linkId": f"section.{section}", "item": found}


def _each(value: Value) -> tuple[Value, ...]:
    return value if isinstance(value, tuple) else (value,)


def _answer(item: Item, value: Value, questionnaire: Questionnaire) -> Json:
    if item.type == "choice":
        return {"valueCoding": _coding(item, str(value), questionnaire)}
    if isinstance(value, date):
        return {"valueDate": value.isoformat()}
    assert not isinstance(value, tuple)
    return {_KEYS[item.type]: value}


def _is_complete(questionnaire: Questionnaire, answered: Mapping[str, Value]) -> bool:
    return all(
        answered.get(item.id, ()) != ()
        for item in questionnaire.items
        if item.required and is_asked(item, answered)
    )
