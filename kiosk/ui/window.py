"""The kiosk's window: which screen draws which view."""

from collections.abc import Callable

from kivy.uix.widget import Widget

from kiosk.ui.alarm import AlarmScreen
from kiosk.ui.attract import AttractScreen
from kiosk.ui.choice import ChoiceScreen
from kiosk.ui.code import CodeScreen
from kiosk.ui.data import DataScreen
from kiosk.ui.progress import ProgressScreen
from terminal import views
from terminal.ui.camera import CameraScreen
from terminal.ui.keypad import KeypadScreen
from terminal.ui.message import MessageScreen
from terminal.ui.notice import NoticeScreen
from terminal.ui.picture import PictureScreen
from terminal.ui.pin import PinScreen
from terminal.ui.table import TableScreen
from terminal.ui.window import TerminalWindow

# each draws its own template only
SCREENS: dict[type[views.View], type[Widget]] = {
    views.AttractView: AttractScreen,
    views.ChoiceView: ChoiceScreen,
    views.NoticeView: NoticeScreen,
    views.PictureView: PictureScreen,
    views.CameraView: CameraScreen,
    views.DataView: DataScreen,
    views.ProgressView: ProgressScreen,
    views.MessageView: MessageScreen,
    views.AlarmView: AlarmScreen,
    views.KeypadView: KeypadScreen,
    views.CodeView: CodeScreen,
    views.PinView: PinScreen,
    views.TableView: TableScreen,
}


class KioskWindow(TerminalWindow):
    """The resident's face of the kiosk."""

    def __init__(self, on_action: Callable[[str], None], on_touch: Callable[[], None]) -> None:
        super().__init__(SCREENS, on_action, on_touch)
