"""Uploads that are larger than any video may be stop taking room on the disk."""

from django.core.files.uploadhandler import FileUploadHandler

from hemiface_clinic.recordings.bounds import MAX_BYTES


class CappedUpload(FileUploadHandler):
    """Passes on one chunk more than a video may have, so that it is known to be too big."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Return the chunk for the next handler, or nothing beyond the cap."""
        return raw_data if start <= MAX_BYTES else None

    def file_complete(self, file_size: int) -> None:
        """Leave the file to the next handler."""
