import os
import sys

from django.core.management import CommandError
from django.core.wsgi import get_wsgi_application

from linli.base.processes import require_start

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.config.settings")
application = get_wsgi_application()
try:
    require_start()
except CommandError as refused:
    sys.exit(str(refused))
