"""What production runs with, asked of a process that was started as production is."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
STRICT = {
    "SESSION_COOKIE_NAME": "__Host-session",
    "CSRF_COOKIE_NAME": "__Host-csrf",
    "SESSION_COOKIE_SECURE": True,
    "CSRF_COOKIE_SECURE": True,
    "SESSION_COOKIE_HTTPONLY": True,
    "SECURE_HSTS_SECONDS": 31536000,
    "SECURE_HSTS_INCLUDE_SUBDOMAINS": True,
    "SECURE_SSL_REDIRECT": True,
    "DEBUG": False,
    "SECOND_FACTOR_REQUIRED": True,
    "CLOCK_MAY_MOVE": False,
    "MFA_TRUST_ENABLED": False,
    "ACCOUNT_CONFIRM_EMAIL_ON_GET": False,
    "ACCOUNT_PREVENT_ENUMERATION": True,
}
ASK = (
    "import json; from django.conf import settings;"
    f"print(json.dumps({{name: getattr(settings, name) for name in {list(STRICT)!r}}}))"
)
SECRETS = {
    "SECRET_KEY": "x" * 60,
    "KEY_ENCRYPTION_KEY": "A" * 43 + "=",
}


def ask(code, **environment):
    kept = {k: v for k, v in os.environ.items() if not k.startswith("DPS_")}
    return subprocess.run(
        [sys.executable, "-c", code],
        env=kept | {"DJANGO_SETTINGS_MODULE": "dps.settings", "DPS_DEMO": "0"} | environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_production_is_strict():
    assert json.loads(ask(ASK, **SECRETS).stdout) == STRICT


@pytest.mark.parametrize("missing", sorted(SECRETS))
def test_production_does_not_start_without_its_secrets(missing):
    secrets = {k: v for k, v in SECRETS.items() if k != missing}

    run = ask(ASK, **secrets)

    assert run.returncode != 0
    assert "Set SECRET_KEY and KEY_ENCRYPTION_KEY" in run.stderr


MAIL = (
    "import json; from django.conf import settings as s;"
    "print(json.dumps([s.EMAIL_HOST_USER, s.EMAIL_USE_TLS, s.EMAIL_USE_SSL, s.EMAIL_PORT]))"
)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, ["", False, False, 25]),
        ({"USER": "", "SECURITY": "", "PORT": ""}, ["", False, False, 25]),
        ({"USER": "mail"}, ["mail", True, False, 587]),
        ({"USER": "mail", "SECURITY": "tls"}, ["mail", False, True, 465]),
        ({"SECURITY": "starttls", "PORT": "2525"}, ["", True, False, 2525]),
    ],
)
def test_mail_logs_in_and_is_encrypted_as_the_environment_says(given, expected):
    environment = {f"DPS_EMAIL_{name}": value for name, value in given.items()}

    assert json.loads(ask(MAIL, **SECRETS, **environment).stdout) == expected


def test_an_unknown_way_of_encrypting_mail_does_not_start():
    run = ask(MAIL, **SECRETS, DPS_EMAIL_SECURITY="ssl")

    assert run.returncode != 0
    assert "Set DPS_EMAIL_SECURITY to none, starttls or tls" in run.stderr
