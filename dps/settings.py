"""Settings of every installation. Only the environment differs; the defaults are the demo's."""

import os
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from dps.embedded.places import places
from dps.govuk.csp import JS_ENABLED_HASH
from dps.govuk.sign_in import ACCOUNT_FORMS, MFA_FORMS  # noqa: F401

BASE_DIR = Path(__file__).resolve().parent.parent
STATE_DIR = Path(os.environ.get("DPS_STATE_DIR", BASE_DIR / "var"))
PLACES = places(STATE_DIR)


def flag(name: str, *, default: bool) -> bool:
    return os.environ.get(name, "1" if default else "0") == "1"


DEMO = flag("DPS_DEMO", default=True)
TESTING = flag("DPS_TEST", default=False)
SECURE = flag("DPS_SECURE", default=not DEMO and not TESTING)

DEMO_KEY = "demo-only-" + "0" * 54
SECRET_KEY = os.environ.get("SECRET_KEY", DEMO_KEY)
# Base64 of 32 bytes: wraps each authority's data key (dps.crypto).
KEY_ENCRYPTION_KEY = os.environ.get("KEY_ENCRYPTION_KEY", "")
if SECURE and (SECRET_KEY == DEMO_KEY or not KEY_ENCRYPTION_KEY):
    raise RuntimeError("Set SECRET_KEY and KEY_ENCRYPTION_KEY, or DPS_DEMO=1 for a demo.")

DEBUG = False
ALLOWED_HOSTS = os.environ.get("DPS_HOSTS", "localhost,127.0.0.1,[::1],testserver").split(",")
PUBLIC_ADDRESS = os.environ.get("DPS_ADDRESS", "http://127.0.0.1:8000")
CSRF_TRUSTED_ORIGINS = [PUBLIC_ADDRESS]
PRODUCT_NAME = "Find and buy specialist places"
# Of the published awards; the Open Contracting Partnership registers one for each publisher.
OCDS_PREFIX = os.environ.get("DPS_OCDS_PREFIX") or "ocds-000000"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_filters",
    "django_tables2",
    "rest_framework",
    "csp",
    "dps.govuk",
    "dps",
    "providers",
    "qualification",
    "referrals",
    "contracts",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "dps.views.hygiene.ReceivedAtMiddleware",
    "dps.views.hygiene.HygieneMiddleware",
    "dps.views.hygiene.NoStoreMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "dps.urls"
WSGI_APPLICATION = "dps.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "dps.views.page.page",
            ]
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
DJANGO_TABLES2_TEMPLATE = "govuk/table2.html"


def database(url: str) -> dict[str, object]:
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "dps.tenancy.db",
        "NAME": parts.path.lstrip("/") or "dps",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", None) or parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": True,
        "OPTIONS": options,
    }


DATABASES = {"default": database(os.environ.get("DATABASE_URL", PLACES.database_url()))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = os.environ.get("REDIS_URL", PLACES.redis_url())
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL.replace("redis+socket://", "unix://"),
    }
}
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 300
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 900, "socket_timeout": 5}
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
# Beat only asks "is anything due?"; what is due is worked out from the London date.
CELERY_BEAT_SCHEDULE = {
    "forget-unused-files": {"task": "dps.forget_unused_files", "schedule": 3600.0},
    "lodge-audit-heads": {"task": "dps.lodge_audit_heads", "schedule": 3600.0},
    "annual-compliance-audit": {"task": "contracts.run_compliance_audit", "schedule": 3600.0},
    "quarterly-publication": {"task": "contracts.publish_ended_quarters", "schedule": 3600.0},
    "close-choice-windows": {"task": "referrals.close_choice_windows", "schedule": 300.0},
}

AUTH_USER_MODEL = "dps.Account"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
# The tests and the demo's loader make many accounts; a slow hash there proves nothing.
if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "start"
ACCOUNT_ADAPTER = "dps.views.accounts.AccountAdapter"
MFA_ADAPTER = "dps.views.accounts.SecondFactorAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_LOGIN_ON_PASSWORD_RESET = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_RATE_LIMITS = {"login_failed": "30/m/ip,5/5m/key"} if not TESTING else {}
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("DPS_PROXIES", "0"))
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TRUST_ENABLED = False
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SECURE
MFA_TOTP_ISSUER = PRODUCT_NAME
SECOND_FACTOR_REQUIRED = flag("DPS_SECOND_FACTOR", default=not DEMO)

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "dps.views.errors.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
if SECURE:
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SECURE_SSL_REDIRECT = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# Not "no-referrer": under it browsers send "Origin: null" with a form, which no check can pass.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'", JS_ENABLED_HASH],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True
USE_I18N = False
DATE_FORMAT = "j F Y"
FORMAT_MODULE_PATH = None

STATIC_URL = "static/"
STATIC_ROOT = STATE_DIR / "static"
STATICFILES_DIRS = [
    folder for folder in (BASE_DIR / "static/src", BASE_DIR / "static/vendor") if folder.exists()
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING
        else "dps.govuk.storage.Storage"
    },
}
WHITENOISE_USE_FINDERS = TESTING

# The demo keeps its mail in the Message table and sends none.
EMAIL_BACKEND = os.environ.get(
    "DPS_EMAIL_BACKEND",
    "django.core.mail.backends.dummy.EmailBackend"
    if DEMO or TESTING
    else "django.core.mail.backends.smtp.EmailBackend",
)
EMAIL_HOST = os.environ.get("DPS_EMAIL_HOST", "localhost")
EMAIL_HOST_USER = os.environ.get("DPS_EMAIL_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("DPS_EMAIL_PASSWORD", "")
# A login does not travel in the clear unless somebody says so.
EMAIL_SECURITY = os.environ.get("DPS_EMAIL_SECURITY") or ("starttls" if EMAIL_HOST_USER else "none")
EMAIL_PORTS = {"none": 25, "starttls": 587, "tls": 465}
if EMAIL_SECURITY not in EMAIL_PORTS:
    raise RuntimeError("Set DPS_EMAIL_SECURITY to none, starttls or tls, or leave it unset.")
EMAIL_USE_TLS = EMAIL_SECURITY == "starttls"
EMAIL_USE_SSL = EMAIL_SECURITY == "tls"
EMAIL_PORT = int(os.environ.get("DPS_EMAIL_PORT") or EMAIL_PORTS[EMAIL_SECURITY])
EMAIL_TIMEOUT = 30
DEFAULT_FROM_EMAIL = os.environ.get("DPS_EMAIL_FROM", "places@localhost")

# Where clamd listens: tcp://host:port or unix:/path. Empty: a stand-in that knows a test file.
CLAMAV_ADDRESS = os.environ.get("CLAMAV_ADDRESS", "")

# The demo's loader and the tests replay a history; nobody else may move the database's clock.
CLOCK_MAY_MOVE = DEMO or TESTING

REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "UNAUTHENTICATED_USER": None,
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "class": "dps.logs.WithoutLinks",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
