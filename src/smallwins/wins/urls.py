from django.urls import path

from smallwins.people import converters  # noqa: F401  registers <record:…>
from smallwins.wins import views

app_name = "wins"
urlpatterns = [
    path("", views.today, name="today"),
    path("wins/", views.list_wins, name="list"),
    path("wins/search/", views.search, name="search"),
    path("wins/from/<record:begin>/", views.list_wins, name="list_from"),
    path("wins/<record:record>/", views.show, name="win"),
    path("wins/<record:record>/edit/", views.edit, name="edit"),
    path("wins/<record:record>/hard/", views.hard, name="hard"),
    path("wins/<record:record>/keep-this/", views.keep_this, name="keep_this"),
    path("wins/<record:record>/keep-both/", views.keep_both, name="keep_both"),
    path("wins/<record:record>/delete/", views.delete, name="delete"),
    path("wins/<record:record>/undo/", views.undo, name="undo"),
    path("what-counts/", views.what_counts, name="taps"),
]
