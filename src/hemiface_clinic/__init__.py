"""The clinic's website: learn about hemifacial spasm, ask the doctor, run the practice.

Requests flow one way: `urls` → `views` → `queries` (reads) or `actions` (writes) → `models`. An
object is always looked up through the person who asks for it; every write, and every read of a
patient's data, leaves one event in the audit.
"""

from pathlib import Path

DEFAULT_DATA = Path("hemiface-data")
