"""Which forms django-allauth uses, for the settings: theirs, with our words and messages."""

_FORMS = "dps.govuk.sign_in_forms."

ACCOUNT_FORMS = {
    "login": f"{_FORMS}LoginForm",
    "signup": f"{_FORMS}SignupForm",
    "reset_password": f"{_FORMS}ResetPasswordForm",
    "reset_password_from_key": f"{_FORMS}ResetPasswordKeyForm",
    "change_password": f"{_FORMS}ChangePasswordForm",
    "reauthenticate": f"{_FORMS}ReauthenticateForm",
    "request_login_code": f"{_FORMS}RequestLoginCodeForm",
    "confirm_login_code": f"{_FORMS}ConfirmLoginCodeForm",
}
MFA_FORMS = {
    "authenticate": f"{_FORMS}AuthenticateForm",
    "reauthenticate": f"{_FORMS}CodeReauthenticateForm",
    "activate_totp": f"{_FORMS}ActivateTOTPForm",
}
