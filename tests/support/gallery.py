"""One sample view of every template, in both languages, with texts as long as real ones get."""

from terminal import views as v

_STEPS = {"zh": ("用途", "身份证", "核验", "核对", "取证明"), "en": ("Purpose", "ID card", "Check", "Review", "Paper")}
_ROW = {
    "zh": ("大字", "语音", "English", "帮助", "清屏退出", "一键报警", "按住两秒"),
    "en": ("Large type", "Speech", "中文", "Help", "Clear and leave", "Alarm", "hold two seconds"),
}
_ACTIONS = ("large_type", "speech", "language", "help", "clear")
NAME = "测试甲𠮷"
ADDRESS = "示例市平安区灯火路十二号三幢二单元五〇一室"


def chrome(language: str = "zh", *, large: bool = False, warning: str = "", help_text: str = "") -> v.Chrome:
    """What stands around a view."""
    *labels, alarm, hint = _ROW[language]
    return v.Chrome(
        buttons=tuple(v.Choice(action, label) for action, label in zip(_ACTIONS, labels, strict=True)),
        alarm=alarm,
        alarm_hint=hint,
        large_type=large,
        language=language,
        warning=warning,
        warning_choice=v.Choice("extend", "我还在，继续办理") if warning else None,
        help=help_text,
        help_close=v.Choice("help", "关闭帮助") if help_text else None,
    )


def views(language: str = "zh") -> dict[str, v.View]:
    """Name -> view, one of every template."""
    zh = language == "zh"
    steps = v.Steps(_STEPS[language], 2)
    back = v.Choice("back", "返回" if zh else "Back")
    forward = v.Choice("on", "同意并继续" if zh else "Agree and go on")
    ask = "请把身份证放在读卡区，不要拿开，好吗？" if zh else "Please lay your ID card on the reader, will you?"
    long = "没有出证明，本机不留您的信息。" * 3 if zh else "No paper was made, and this machine keeps nothing. " * 3
    said = (ask, ask, ask)
    choices = tuple(
        v.Choice(
            f"purpose:{i}", f"户口迁往外省 {i}" if zh else f"Moving the household to another province {i}", long[:30]
        )
        for i in range(8)
    )
    return {
        "attract": v.AttractView(
            *said,
            tone=v.Tone.NIGHT,
            clock="23:05",
            date="2026年11月22日",
            state="部分服务暂停",
            notes=(ask, ask),
            begin=ask,
        ),
        "choice": v.ChoiceView(*said, choices=choices, columns=2, paragraph=long),
        "purposes": v.ChoiceView(*said, steps=steps, back=back, choices=choices[:4], picture=v.Picture.TAKE_PAPER),
        "notice": v.NoticeView(*said, steps=steps, back=back, forward=forward, paragraphs=((ask, long),) * 4),
        "picture": v.PictureView(*said, steps=steps, picture=v.Picture.LAY_CARD, line=long, choices=choices[:1]),
        "measured": v.PictureView(
            *said, steps=steps, back=back, picture=v.Picture.LAY_DOCUMENT, line=ask, progress=0.6
        ),
        "camera": v.CameraView(*said, steps=steps, progress=0.4, simulated="模拟画面", choices=choices[:1]),
        "data": v.DataView(
            *said,
            steps=steps,
            back=back,
            forward=forward,
            rows=(v.DataRow("姓名", "测**", NAME), v.DataRow("户籍地址", "示例市******", ADDRESS)),
            reveal="按住看全部",
            mistake=v.Choice("mistake", "信息有误"),
        ),
        "progress": v.ProgressView(*said, steps=steps, line=long, stages=tuple((ask[:8], s) for s in v.StageState)),
        "message": v.MessageView(
            *said, tone=v.Tone.ATTENTION, true_now=long, you_can=long, picture=v.Picture.DESK, choices=choices[:2]
        ),
        "alarm": v.AlarmView(*said, tone=v.Tone.ALARM, reached=long, desk=(ask, long), choices=choices[:1]),
        **{
            f"keypad-{keys}": v.KeypadView(
                *said,
                steps=steps,
                back=back,
                forward=forward,
                keys=keys,
                groups=("990101", "1986", ""),
                sizes=(6, 8, 4),
                line=ask,
                wrong=True,
                choices=choices[:2] if keys is v.Keys.LETTERS else choices[:1],
            )
            for keys in v.Keys
        },
        "code": v.CodeView(*said, steps=steps, back=back, code=("482", "913"), line=ask, you_can=long[:60]),
        "pin": v.PinView(*said, back=back, dots=3, line=ask),
        "table": v.TableView(
            *said,
            back=back,
            groups=(("设备", tuple(v.TableRow("读卡器", "拔掉了", level, long[:20]) for level in ("ready", "down"))),),
            choices=(forward, v.Choice("purpose:0", back.label)),
        ),
    }
