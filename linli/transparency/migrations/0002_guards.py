"""The triggers that keep the record append-only (linli/transparency/guards.py)."""

from django.db import migrations

from linli.transparency import guards


def put_up(apps, editor):
    guards.install(editor.connection)


def take_down(apps, editor):
    guards.remove(editor.connection)


class Migration(migrations.Migration):
    dependencies = [("transparency", "0001_initial")]
    operations = [migrations.RunPython(put_up, take_down)]
