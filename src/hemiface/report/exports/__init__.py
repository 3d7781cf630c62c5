"""A course for other programs: FHIR, CSV, and a de-identified table of many people."""

from hemiface.report.exports.cohort import (
    Anonymity,
    cohort_table,
    measure_anonymity,
    write_cohort,
)
from hemiface.report.exports.fhir import fhir_bundle, read_fhir, write_fhir
from hemiface.report.exports.spreadsheets import read_csv, write_csv

__all__ = [
    "Anonymity",
    "cohort_table",
    "fhir_bundle",
    "measure_anonymity",
    "read_csv",
    "read_fhir",
    "write_cohort",
    "write_csv",
    "write_fhir",
]
