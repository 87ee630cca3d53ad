"""What gunicorn serves. The demonstration has no nginx before it, so it stamps for itself."""

import os
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from dps.edge import EdgeStamp, InUtf8

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dps.settings")

application: "WSGIApplication" = InUtf8(get_wsgi_application())
if settings.DEMO:
    application = EdgeStamp(application)
