"""How every form of Linli looks and what every text field accepts."""

from django.forms.renderers import DjangoTemplates


class Renderer(DjangoTemplates):
    """Fields render through `linli/base/templates/linli/field.html`: label, help, input, error tied by id.

    Django ties help and error to the input itself (aria-describedby names `<id>_helptext` and `<id>_error`).
    """

    field_template_name = "linli/field.html"
    form_template_name = "linli/form.html"
