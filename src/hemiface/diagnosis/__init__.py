"""History, examination and a reasoned differential: what to think of, and what to do next.

It explains itself and never states a diagnosis. Every rule names its source; what is our choice
says so. Red flags come first and wait for a clinician's sign-off.
"""

from hemiface.diagnosis.checking import Problem, check_answers, is_asked
from hemiface.diagnosis.differential import Differential, differential
from hemiface.diagnosis.fhir import answers_to_fhir, to_fhir
from hemiface.diagnosis.findings import Finding, find_signs, read_signs
from hemiface.diagnosis.next_steps import Step
from hemiface.diagnosis.questions import (
    Answers,
    Item,
    Option,
    Questionnaire,
    Section,
    Value,
    When,
    read_questionnaire,
)
from hemiface.diagnosis.ratios import LikelihoodRatio, Ratio, likelihood_ratios
from hemiface.diagnosis.red_flags import RedFlag, find_red_flags
from hemiface.diagnosis.weighing import Condition, Evidence, Ranked, Weighed

__all__ = [
    "Answers",
    "Condition",
    "Differential",
    "Evidence",
    "Finding",
    "Item",
    "LikelihoodRatio",
    "Option",
    "Problem",
    "Questionnaire",
    "Ranked",
    "Ratio",
    "RedFlag",
    "Section",
    "Step",
    "Value",
    "Weighed",
    "When",
    "answers_to_fhir",
    "check_answers",
    "differential",
    "find_red_flags",
    "find_signs",
    "is_asked",
    "likelihood_ratios",
    "read_questionnaire",
    "read_signs",
    "to_fhir",
]
