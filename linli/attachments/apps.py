from django.apps import AppConfig


class AttachmentsConfig(AppConfig):
    """Photos and voice messages."""

    name = "linli.attachments"
