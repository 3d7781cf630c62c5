"""A course on one page for the doctor's chart, a second at most: HTML to print, and PDF/UA."""

from datetime import date

from hemiface.diagnosis import Differential
from hemiface.errors import MissingExtraError
from hemiface.records import Course
from hemiface.report.course_page.answers import Answers
from hemiface.report.course_page.contents import summary_contents
from hemiface.report.page import font_faces, read_asset


def summary_html(
    course: Course,
    made_on: date,
    *,
    name: str = "",
    answers: Answers | None = None,
    differential: Differential | None = None,
) -> str:
    """Return the summary of a course as one self-contained page that prints well.

    Parameters
    ----------
    course : Course
    made_on : date
        Stands on the page.
    name : str
        Whose it is; the course's pseudonym where none is given.
    answers : Answers, optional
        From `answer_course`, which may take long; without, the page says only what was recorded.
    differential : Differential, optional
        Its red flags stand first.

    Raises
    ------
    OutputError
        If the fonts were not built.
    """
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(lambda file: read_asset(f"course_page/{file}")),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    return environment.get_template("summary.html.j2").render(
        summary_contents(
            course,
            made_on,
            name=name,
            answers=answers or Answers(),
            differential=differential,
        ),
        style=font_faces() + read_asset("course_page/summary.css"),
    )


def summary_pdf(
    course: Course,
    made_on: date,
    *,
    name: str = "",
    answers: Answers | None = None,
    differential: Differential | None = None,
) -> bytes:
    """Return the summary as PDF/UA-1: tagged, with a language, a title and bookmarks.

    Nothing is fetched for it; what it shows lies in the page.

    Parameters
    ----------
    course, made_on, name, answers, differential
        As in `summary_html`.

    Raises
    ------
    MissingExtraError
        If WeasyPrint is not installed.
    OutputError
        If the fonts were not built.
    """
    page = summary_html(course, made_on, name=name, answers=answers, differential=differential)
    return _as_pdf(page)


def _as_pdf(page: str) -> bytes:
    try:
        from weasyprint import HTML
        from weasyprint.urls import URLFetcher
    except (ImportError, OSError) as problem:  # OSError: Pango is absent
        raise MissingExtraError(
            "The summary as PDF needs WeasyPrint and Pango; they are not there. "
            "Install hemiface[pdf]."
        ) from problem
    inside = URLFetcher(allowed_protocols={"data"}, allow_redirects=False)
    content: bytes = HTML(string=page, url_fetcher=inside).write_pdf(pdf_variant="pdf/ua-1")
    return content
