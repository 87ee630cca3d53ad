"""The addresses of the central team."""

from django.urls import path

from contracts.views import compliance, master_log, regional_awards

urlpatterns = [
    path("compliance/", compliance.compliance, name="compliance"),
    path("master-log/", master_log.master_log, name="master_log"),
    path("master-log.csv", master_log.master_log_csv, name="master_log_csv"),
    path("master-log.xlsx", master_log.master_log_xlsx, name="master_log_xlsx"),
    path("regional-awards/", regional_awards.regional_awards, name="regional_awards"),
]
