"""django-allauth's forms with labels, hints and messages in plain words."""

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp

from dps.govuk.forms import GovMixin

EMAIL = {"email": "Email address"}
NEW_PASSWORD = {"password1": "New password", "password2": "New password again"}
PASSWORD_HINT = {
    "password1": "At least 12 characters. Three random words make a good password.",
    "password2": "",
}
CODE = {"code": "Code"}
CODE_HINT = {"code": "6 numbers from your authenticator app, or one of your recovery codes"}


class LoginForm(GovMixin, account.LoginForm):
    labels = {"login": "Email address", "password": "Password", "remember": "Keep me signed in"}
    hints = {"login": "", "password": ""}


class SignupForm(GovMixin, account.SignupForm):
    labels = {**EMAIL, "password1": "Password", "password2": "Password again"}
    hints = PASSWORD_HINT


class ResetPasswordForm(GovMixin, account.ResetPasswordForm):
    labels = EMAIL


class ResetPasswordKeyForm(GovMixin, account.ResetPasswordKeyForm):
    labels = NEW_PASSWORD
    hints = PASSWORD_HINT


class ChangePasswordForm(GovMixin, account.ChangePasswordForm):
    labels = {"oldpassword": "Current password", **NEW_PASSWORD}
    hints = {"oldpassword": "", **PASSWORD_HINT}


class ReauthenticateForm(GovMixin, account.ReauthenticateForm):
    labels = {"password": "Password"}
    hints = {"password": ""}


class RequestLoginCodeForm(GovMixin, account.RequestLoginCodeForm):
    labels = EMAIL


class ConfirmLoginCodeForm(GovMixin, account.ConfirmLoginCodeForm):
    labels = CODE


class AuthenticateForm(GovMixin, mfa.AuthenticateForm):
    labels = CODE
    hints = CODE_HINT


class CodeReauthenticateForm(GovMixin, mfa.ReauthenticateForm):
    labels = CODE
    hints = CODE_HINT


class ActivateTOTPForm(GovMixin, totp.ActivateTOTPForm):
    labels = {"code": "Code from the app"}
    hints = {"code": "6 numbers, which change every 30 seconds"}
