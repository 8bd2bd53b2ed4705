from django.apps import AppConfig


class BookConfig(AppConfig):
    name = "smallwins.book"
    label = "book"

    def ready(self) -> None:
        from smallwins.book.memory import close_book
        from smallwins.people.actions import at_lock

        at_lock.append(close_book)
