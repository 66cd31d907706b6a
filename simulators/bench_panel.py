"""The bench panel's window: a button for everything that hands and faults can do to the simulated devices.

Each button writes the state files, as ``sim`` does, and what they hold is shown, whoever wrote it. It knows no kiosk.
"""

from kivy.app import App
from kivy.clock import Clock
from kivy.core.window import Window
from kivy.properties import BooleanProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout

from simulators import squares
from simulators.bench_rows import DEVICES, SETTINGS, Row, sections
from simulators.message_gateway import end as message_gateway
from simulators.state import MODELS, SimulatedState
from terminal.theme import Palette, theme
from terminal.widgets.button import Target
from terminal.widgets.kv import load_kv
from terminal.widgets.pressable import Act
from terminal.widgets.scroll import ScrollPane  # noqa: F401 - the layout names it
from terminal.widgets.text import TextBlock  # noqa: F401 - the layout names it

load_kv(__file__)

_LOOK_S = 0.2
_UNIT = 0.43  # of the sizes at 1080: this is read at arm's length, on a desk


class BenchButton(Target):
    """A value of a setting; ``on`` while the setting has it: blue, or amber where that is a fault."""

    on = BooleanProperty(defaultvalue=False)
    fault = BooleanProperty(defaultvalue=False)

    def __init__(self, **kwargs: object) -> None:
        super().__init__(**kwargs)
        self.fbind("on", self._colour)
        self._colour()

    def _colour(self, *_: object) -> None:
        super()._colour()
        if self.on and self.fault:
            self.ground, self.ink, self.edge = Palette.amber_tint, Palette.amber_ink, Palette.amber
        elif self.on:
            self.ground, self.ink, self.edge = Palette.blue, Palette.white, Palette.none


class SettingRow(BoxLayout):  # type: ignore[misc] # Kivy is untyped
    """The values of one setting."""

    words = StringProperty("")

    def __init__(self, row: Row, act: Act) -> None:
        super().__init__()
        self.words = SETTINGS[row.setting]
        self._row = row
        self._switches = {
            option.value: BenchButton(
                action=f"{row.device} {row.setting}={option.value}",
                label=option.words,
                note=option.value,
                fault=option.fault,
                act=act,
            )
            for option in row.options
        }
        for switch in self._switches.values():
            self.ids.grid.add_widget(switch)

    def follow(self, values: dict[str, str]) -> None:
        """Show which value it has now."""
        for value, switch in self._switches.items():
            switch.on = value == values[self._row.setting]


class DeviceSection(BoxLayout):  # type: ignore[misc] # Kivy is untyped
    """One device. ``said``: what came out of it last, where that is words."""

    words = StringProperty("")
    said = StringProperty("")

    def __init__(self, device: str, rows: tuple[Row, ...], act: Act) -> None:
        super().__init__()
        self.words = DEVICES[device]
        self._rows = [SettingRow(row, act) for row in rows]
        for row in self._rows:
            self.add_widget(row)

    def follow(self, values: dict[str, str]) -> None:
        """Show the device as it is now."""
        for row in self._rows:
            row.follow(values)


class BenchPanel(BoxLayout):  # type: ignore[misc] # Kivy is untyped
    """Devices of one folder of state files."""

    def __init__(self, state: SimulatedState, devices: tuple[str, ...]) -> None:
        super().__init__()
        self._state = state
        rows = sections(squares.names(state.folder))
        self._sections = {device: DeviceSection(device, rows[device], self.act) for device in devices}
        column = BoxLayout(orientation="vertical", size_hint_y=None, spacing=theme.px(20))
        column.bind(minimum_height=column.setter("height"))
        for section in self._sections.values():
            column.add_widget(section)
        self.ids.pane.put(column)
        self.follow()

    def act(self, action: str) -> None:
        """Do what a button says: 'DEVICE SETTING=VALUE', or 'reset'."""
        if action == "reset":
            for name in self._sections:
                self._state.set(name, MODELS[name].states[0], **MODELS[name].settings)
        else:
            device, change = action.split(" ", 1)
            setting, value = change.split("=", 1)
            self._state.set(device, **{setting: value})
        self.follow()

    def follow(self, *_: object) -> None:
        """Show what the files say, whoever wrote them."""
        for device, section in self._sections.items():
            section.follow(self._state.read(device))
        texts = message_gateway.texts(self._state.folder)
        if texts and message_gateway.DEVICE in self._sections:
            self._sections[message_gateway.DEVICE].said = f"{texts[-1].number}\n{texts[-1].text}"


class BenchApp(App):  # type: ignore[misc] # Kivy is untyped
    """The panel in a window of its own."""

    title = "Lamplight · 模拟台"
    use_kivy_settings = False

    def __init__(self, state: SimulatedState, devices: tuple[str, ...] = tuple(MODELS)) -> None:
        super().__init__()
        self._state, self._devices = state, devices

    def build(self) -> BenchPanel:
        """Make the panel."""
        Window.clearcolor = Palette.paper
        theme.unit = _UNIT
        return BenchPanel(self._state, self._devices)

    def on_start(self) -> None:
        """Begin to look at the files."""
        self._looking = Clock.schedule_interval(self.root.follow, _LOOK_S)

    def on_stop(self) -> None:
        """Look no more."""
        self._looking.cancel()
