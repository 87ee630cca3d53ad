"""Every address of the service. Each of ours declares its action, which a test checks."""

from django.urls import include, path

from dps.views import (
    documents,
    errors,
    failing,
    health,
    joining,
    mailbox,
    people,
    start,
    trail,
    uploads,
)

urlpatterns = [
    path("", start.welcome, name="welcome"),
    path("start/", start.start, name="start"),
    path("you/", start.account, name="account"),
    path("people/", people.people, name="people"),
    path("people/invite/", people.invite, name="invite_colleague"),
    path("people/<uuid:membership_id>/remove/", people.remove, name="remove_colleague"),
    path("people/invited/<uuid:link_id>/", people.cancel, name="cancel_invitation"),
    path("join/", joining.accept, name="join"),
    path("join/done/", joining.joined, name="joined"),
    path("join/<str:token>/", joining.follow, name="joining_link"),
    path("audit-trail/", trail.trail, name="audit_trail"),
    path("audit-trail.csv", trail.trail_csv, name="audit_trail_csv"),
    path("failing-jobs/", failing.failing, name="failing_jobs"),
    path("brand/<slug:code>.css", start.brand, name="brand"),
    path("about/<slug:name>/", start.static_page, name="static_page"),
    path("mailbox/", mailbox.mailbox, name="mailbox"),
    path("mailbox/<int:authority_id>/<uuid:message_id>/", mailbox.message, name="mailbox_message"),
    path("documents/<int:authority_id>/<uuid:document_id>/", documents.document, name="document"),
    path("uploads/<uuid:upload_id>/", uploads.upload, name="upload"),
    path("health/live", health.live, name="health_live"),
    path("health/ready", health.ready, name="health_ready"),
    path("account/", include("allauth.urls")),
    path("", include("providers.urls")),
    path("", include("qualification.urls")),
    path("", include("referrals.urls")),
    path("", include("contracts.urls")),
]

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.server_error
