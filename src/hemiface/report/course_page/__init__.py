"""A course on a page for the doctor's chart, as HTML and PDF, and drawn on one axis of time."""

from hemiface.report.course_page.answering import answer_course
from hemiface.report.course_page.answers import (
    Answer,
    Answers,
    Curve,
    Number,
    answers_document,
    read_answers,
)
from hemiface.report.course_page.chart import Chart, chart_of, choose
from hemiface.report.course_page.document import chart_document, read_chart
from hemiface.report.course_page.drawing import NARROW, WIDE, curve_of, draw_chart
from hemiface.report.course_page.page import summary_html, summary_pdf
from hemiface.report.course_page.window import Window, fitted, whole_window

__all__ = [
    "NARROW",
    "WIDE",
    "Answer",
    "Answers",
    "Chart",
    "Curve",
    "Number",
    "Window",
    "answer_course",
    "answers_document",
    "chart_document",
    "chart_of",
    "choose",
    "curve_of",
    "draw_chart",
    "fitted",
    "read_answers",
    "read_chart",
    "summary_html",
    "summary_pdf",
    "whole_window",
]
