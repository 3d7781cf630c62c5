"""The reports on a patient's MRI, beside their course."""

from dataclasses import replace

from hemiface.report.course_page import Chart, read_chart
from hemiface.report.course_page.chart import Mark
from hemiface_clinic.course.models import Reading
from hemiface_clinic.mri.models import Report
from hemiface_clinic.mri.queries import signed_of_patient


def chart_with_mri(reading: Reading) -> Chart:
    """Return the chart of a course with a mark for each MRI on which a report was signed."""
    chart = read_chart(reading.chart)
    marks = [_mark(one) for one in signed_of_patient(reading.patient)]
    if not marks:
        return chart
    days = [mark.on for mark in marks]
    return replace(
        chart,
        first=min(chart.first, *days),
        last=max(chart.last, *days),
        marks=tuple(sorted((*chart.marks, *marks), key=lambda mark: mark.on)),
    )


def _mark(report: Report) -> Mark:
    # As all words of the drawing: in English, and nothing that only the doctor may read.
    return Mark("mri", report.study.on, ("MRI", "report"), "MRI: the doctor's report")
