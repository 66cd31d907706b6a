"""Short paragraphs to read, then an answer."""

from kivy.properties import StringProperty

from terminal.theme import theme
from terminal.ui.page import Card, Page
from terminal.views import Choice, NoticeView
from terminal.widgets.choices import Choices  # noqa: F401 - the layout names it
from terminal.widgets.kv import load_kv

load_kv(__file__)

_PAIR = 2


class NoticeCard(Card):
    """A title and its paragraph."""

    title = StringProperty("")
    body = StringProperty("")


class NoticeScreen(Page[NoticeView]):
    """What will be done with whose data, and consent of equal rank."""

    small = StringProperty("")

    def fill(self, view: NoticeView) -> None:
        """Show the paragraphs and the answers."""
        column = self.ids.paragraphs
        if len(column.children) != len(view.paragraphs):
            column.clear_widgets()
            for _ in view.paragraphs:
                column.add_widget(NoticeCard())
        for card, (title, body) in zip(reversed(column.children), view.paragraphs, strict=True):
            card.title, card.body = title, body
        self.small = view.small
        equal = _equal(view.choices)  # whoever sees one of them sees the other
        many = len(view.choices) > _PAIR and theme.landscape  # so that all are seen at once
        self.ids.choices.shape = "wide" if equal else ""
        self.ids.choices.show(view.choices, _PAIR if equal or many else 1)


def _equal(choices: tuple[Choice, ...]) -> bool:
    """A yes and a no, of which neither has what the other has not."""
    return len(choices) == _PAIR and not any(each.icon or each.note for each in choices)
