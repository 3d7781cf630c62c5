"""How forms are drawn: one field, its label, its help and its error, in our own template."""

from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    """Draws fields with `site/field.html`."""

    field_template_name = "site/field.html"
