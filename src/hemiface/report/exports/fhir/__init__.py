"""Courses as FHIR, the exchange format of hospitals: R5 and R4B."""

from hemiface.report.exports.fhir.files import fhir_bundle, read_fhir, write_fhir

__all__ = ["fhir_bundle", "read_fhir", "write_fhir"]
