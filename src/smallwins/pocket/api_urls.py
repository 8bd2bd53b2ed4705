from django.urls import path

from smallwins.pocket import api, token_views

app_name = "api"
urlpatterns = [
    path("api/v1/wins", api.wins, name="wins"),
    path("api/v1/openapi.json", api.openapi, name="openapi"),
    path("tokens/", token_views.token_page, name="tokens"),
]
