"""The page of an MRI measurement: the answer in words, the numbers, the pictures."""

from hemiface.report.mri_page.page import mri_html
from hemiface.report.mri_page.wording import say_mass, say_numbers, say_side

__all__ = ["mri_html", "say_mass", "say_numbers", "say_side"]
