from django.apps import AppConfig


class BookConfig(AppConfig):
    name = "smallwins.book"
    label = "book"
