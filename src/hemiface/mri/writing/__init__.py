"""What was measured as files: JSON, and masks as NIfTI."""

from hemiface.mri.writing.document import NOTICE, SCHEMA, found_document
from hemiface.mri.writing.files import write_found
from hemiface.mri.writing.masks import LABELS, masks

__all__ = ["LABELS", "NOTICE", "SCHEMA", "found_document", "masks", "write_found"]
