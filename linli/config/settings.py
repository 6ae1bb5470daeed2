"""Everything a deployment may set comes from the environment; docs/deployment.md lists it."""

from pathlib import Path

import environ
from csp.constants import NONE, SELF

from linli.base.keys import keep_secret
from linli.config.domains import DOMAINS
from linli.config.schedule import SCHEDULE  # noqa: F401

REPOSITORY = Path(__file__).resolve().parents[2]
env = environ.Env()

DATA = Path(env("LINLI_DATA", default=str(REPOSITORY / "var")))
DATA.mkdir(parents=True, exist_ok=True)
DEMO = env.bool("LINLI_DEMO", default=False)
DEBUG = env.bool("LINLI_DEBUG", default=False)

SECRET_KEY = env("LINLI_SECRET_KEY", default="") or keep_secret(DATA / "keys" / "session")
# Keys that guard personal fields live outside the database and its backups.
FIELD_KEYS = DATA / "keys" / "fields"
FIELD_CIPHER = env("LINLI_FIELD_CIPHER", default="aes-256-gcm")  # or "sm4-gcm"
LOG_FOLDER = Path(env("LINLI_LOG_FOLDER", default=str(DATA / "log")))
LOG_KEY = Path(env("LINLI_LOG_KEY", default=str(DATA / "keys" / "log")))

ALLOWED_HOSTS = env.list("LINLI_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("LINLI_ORIGINS", default=[])
PUBLIC_ADDRESS = env("LINLI_ADDRESS", default="http://127.0.0.1:8000")
FILING_NUMBER = env("LINLI_FILING_NUMBER", default="")

INSTALLED_APPS = [
    "linli.base",
    *(f"linli.{name}" for name, _address, _floor in DOMAINS),
    "django_q",
    "csp",
    "linli.config.tables.TablesConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "linli.base.middleware.face",
    "linli.people.middleware.present_person",
    "linli.organisations.middleware.present_powers",
    "linli.burden.middleware.count_typing",
    "linli.trail.middleware.number_request",
    "linli.base.middleware.refusals",
    "linli.base.middleware.legible",
]
ROOT_URLCONF = "linli.config.urls"
WSGI_APPLICATION = "linli.config.wsgi.application"
AUTH_USER_MODEL = "people.Account"
LOGIN_URL = "people:sign_in"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "linli.config.navigation.page",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "linli.base.templatetags.linli",
            ],
        },
    }
]
FORM_RENDERER = "linli.base.forms.Renderer"

# What was acknowledged survives a power cut; NORMAL is for those who prefer speed (docs/deployment.md).
SQLITE_SYNCHRONOUS = env("LINLI_SQLITE_SYNCHRONOUS", default="FULL")
DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{DATA / 'linli.sqlite3'}")}
DATABASES["default"]["CONN_MAX_AGE"] = None
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": f"PRAGMA journal_mode=WAL; PRAGMA synchronous={SQLITE_SYNCHRONOUS}; PRAGMA cache_size=-65536",
    }
else:
    # Planning the wide joins costs more than running them: what a connection sends often, it plans once.
    PREPARED = env.bool("LINLI_PREPARED_STATEMENTS", default=True)
    DATABASES["default"]["OPTIONS"] = {
        "options": "-c jit=off",
        "server_side_binding": PREPARED,
        "prepare_threshold": 5 if PREPARED else None,
    }

CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 20000}}
}
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
SECURE_BEHIND_TLS = env.bool("LINLI_TLS", default=False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_BEHIND_TLS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE_BEHIND_TLS else None
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if SECURE_BEHIND_TLS else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "linli.base.views.csrf_failed"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "media-src": [SELF, "blob:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS: list[str] = []  # each domain carries its own locale folder
LANGUAGE_COOKIE_NAME = "language"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = DATA / "static"
MEDIA_ROOT = DATA / "media"  # never served as files: every picture passes a view that checks who asks
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
FILE_UPLOAD_HANDLERS = ["linli.attachments.uploads.UploadHandler"]
FILE_UPLOAD_TEMP_DIR = None
FILE_UPLOAD_PERMISSIONS, FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o600, 0o700  # for the service alone
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
# Who may see the files of a subject: its domain's guard.
ATTACHMENT_GUARDS = {
    "cases.Case": "linli.cases.guards.attachment_guard",
    "facilities.Inspection": "linli.facilities.guards.inspection_guard",
    "partners.Paper": "linli.partners.guards.paper_guard",
    "partners.RoundReport": "linli.partners.guards.round_guard",
}
# What each domain holds about a person: how it is shown to them, purged and erased.
HELD = "linli.config.held"
# Asked before anything is served or worked: each answers "" or the sentence why not.
START_CHECKS = ["linli.privacy.jobs.lost_key"]
# Columns that name a person as text ("people.Person:42"): a merge of two rows renames them; the trail keeps its own.
PERSON_NAMED_IN = [
    ("attachments.Attachment", "subject"),
    ("attachments.Attachment", "added_by"),
    ("todos.Todo", "subject"),
    ("reports.Wanted", "subject"),
]
UPLOAD_QUOTA = env.int("LINLI_UPLOAD_QUOTA", default=20 * 1024**3)  # bytes of stored uploads
# What bodies do, in words: the duty lists above them call them so (codes and labels, a TextChoices).
FUNCTIONS = "linli.duties.functions.Function"
# What came from above between two times, for the ledger of burdens.
ERRANDS = "linli.config.errands.short_notice"
REPORTS_KEPT_DAYS = env.int("LINLI_REPORTS_KEPT_DAYS", default=730)  # then only counts and digests stay
SECONDS_PER_CELL = env.int("LINLI_SECONDS_PER_CELL", default=6)  # saved by each cell filled: an estimate

# Background work: a job enqueued in a transaction runs at least once. One that was not acknowledged after `retry`
# seconds (its worker was killed) runs again; `retry` is longer than `timeout`, so that no job runs twice at once.
Q_CLUSTER = {
    "name": "linli",
    "orm": "default",
    "workers": env.int("LINLI_WORKERS", default=1),
    "timeout": 300,
    "retry": 360,
    "max_attempts": 5,
    "ack_failures": False,
    "catch_up": False,
    "poll": 0.5,  # seconds; an idle worker asks twice a second with one indexed read
    "save_limit": -1,  # only what failed is kept: a row per success would double the writes
    "bulk": 1,
    "log_level": "ERROR",
}

LOOKERS_BY_NAME = env.bool("LINLI_LOOKERS_BY_NAME", default=False)  # staff who looked are named in full
NOTICES_A_DAY = env.int(
    "LINLI_NOTICES_A_DAY", default=3
)  # messages outside the app per person; life safety passes
# How many working days ahead a certificate that runs out is warned of, and the largest small grant to a group (yuan).
PAPER_WARNINGS = [int(days) for days in env.list("LINLI_PAPER_WARNINGS", default=["60", "30", "7"])]
GROUP_GRANT_LIMIT = env.int("LINLI_GROUP_GRANT_LIMIT", default=2000)
TRIAGE = env("LINLI_TRIAGE", default="")  # another engine by dotted path, "off" for none, "" for ours
SMS_GATEWAY = env("LINLI_SMS_GATEWAY", default="linli.base.gateways.console")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"stderr": {"class": "logging.StreamHandler"}},
    "loggers": {
        "linli": {"handlers": ["stderr"], "level": "INFO"},
        "django": {"handlers": ["stderr"], "level": "WARNING"},
    },
}
