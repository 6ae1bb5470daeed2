"""How every form of Linli looks and what every text field accepts."""

from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    """Fields render through `linli/base/templates/linli/field.html`: label, help, input, error tied by id."""

    field_template_name = "linli/field.html"
    form_template_name = "linli/form.html"
