"""What the content security policy must allow for these pages: one inline line, by its hash."""

# The Design System's own line, first in <body>: it says whether scripts run. A test
# compares it with templates/base.html, so that the two cannot part.
JS_ENABLED = (
    "document.body.className += ' js-enabled' + "
    "('noModule' in HTMLScriptElement.prototype ? ' govuk-frontend-supported' : '');"
)
JS_ENABLED_HASH = "'sha256-GUQ5ad8JK5KmEWmROf3LZd9ge94daqNvd8xy9YS1iDw='"
