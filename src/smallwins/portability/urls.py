from django.urls import path

from smallwins.portability import views

app_name = "portability"
urlpatterns = [
    path("take-away/", views.take_away, name="take_away"),
    path("take-away/export/", views.export, name="export"),
    path("take-away/import/", views.import_, name="import"),
    path("delete-everything/", views.delete_everything, name="delete_everything"),
]
