"""The gate's window: which screen draws which view."""

from collections.abc import Callable

from kivy.uix.widget import Widget

from gate.ui.idle import GateIdleScreen
from gate.ui.sign import SignScreen
from terminal import views
from terminal.ui.keypad import KeypadScreen
from terminal.ui.message import MessageScreen
from terminal.ui.notice import NoticeScreen
from terminal.ui.picture import PictureScreen
from terminal.ui.pin import PinScreen
from terminal.ui.table import TableScreen
from terminal.ui.window import TerminalWindow

# each draws its own template only
SCREENS: dict[type[views.View], type[Widget]] = {
    views.GateIdleView: GateIdleScreen,
    views.SignView: SignScreen,
    views.PictureView: PictureScreen,
    views.KeypadView: KeypadScreen,
    views.NoticeView: NoticeScreen,
    views.MessageView: MessageScreen,
    views.PinView: PinScreen,
    views.TableView: TableScreen,
}


class GateWindow(TerminalWindow):
    """What whoever comes in sees."""

    def __init__(self, on_action: Callable[[str], None], on_touch: Callable[[], None]) -> None:
        super().__init__(SCREENS, on_action, on_touch)
