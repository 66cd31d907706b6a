"""What the bench panel offers, as data: a section per simulated device, a row per setting, a button per value.

The values come from simulators.state and simulators.cli; here are only the Chinese words that stand over them.
"""

import tomllib
from dataclasses import dataclass

from simulators.cards import RESIDENTS_FILE
from simulators.cast import live_pictures
from simulators.cli import choices
from simulators.state import MODELS, DeviceModel

DEVICES = {
    "id_card": "读卡器 Card reader",
    "camera": "摄像头 Camera",
    "page_printer": "打印机 Printer",
    "records": "警务中心 Records",
    "message_gateway": "短信网关 Texts",
    "travel_document": "护照阅读器 Passport reader",
    "thermal_printer": "热敏打印机 Strips",
    "access_card": "门禁卡 Access card",
    "code_scanner": "扫码器 Code scanner",
    "door": "门禁控制器 Door",
}
SETTINGS = {
    "state": "状态\nstate",
    "card": "放卡\ncard",
    "status": "状态字\nstatus",
    "baud": "波特率\nbaud",
    "document": "放证\ndocument",
    "subject": "镜头前\nwho",
    "pose": "姿势\npose",
    "scene": "场景\nscene",
    "cheat": "作弊\ncheat",
    "then": "下一张起\nthen",
    "after": "出到几行\nafter",
    "paper": "取纸\npaper",
    "laid": "刷卡\nlaid",
    "show": "出示码\nshow",
    "contact": "门扇\ncontact",
    "exit": "出门按钮\nexit",
    "fire": "消防\nfire",
    "tamper": "箱盖\ntamper",
}
_STRANGER = "impostor_1"  # a portrait that belongs to no resident
_WORDS = {
    "state": {
        "ok": "正常",
        "up": "在线",
        "down": "断线",
        "unplugged": "拔线",
        "hung": "不应答",
        "noise": "乱码",
        "bad-checksum": "校验错",
        "fragments": "断续",
        "read-fails": "读不出",
        "refused": "拒读",
        "module-fault": "模块坏",
        "status": "按状态字",
        "stalled": "画面停",
        "drops": "掉帧",
        "dark": "全黑",
        "paper-low": "纸将尽",
        "paper-out": "缺纸",
        "jam": "卡纸",
        "cover-open": "盖未合",
        "near-end": "卷纸将尽",
        "cutter-error": "切刀故障",
        "overheated": "过热",
        "toner-low": "墨将尽",
        "toner-out": "墨尽",
        "output-full": "出纸满",
        "tray-missing": "纸盒未装",
        "waste-full": "废粉满",
        "wrong-key": "密钥不符",
        "missing-dg2": "缺照片",
        "tampered-dg1": "文字被改",
        "tampered-dg2": "照片被改",
        "wrong-signer": "签发不明",
        "forged-signature": "签名伪造",
        "expired-signer": "签发过期",
        "bac-only": "仅BAC协议",
        "pace-only": "仅PACE协议",
        "no-extended-length": "仅短指令",
        "removed-mid-read": "中途拿开",
        "not-a-passport": "别的卡",
        "garbage": "乱答",
        "slow": "很慢",
        "refuses": "拒发",
        "loses-answer": "答复丢失",
        "pieces": "分段答",
        "endless": "答不完",
        "damaged": "证书坏",
        "wrong-signature": "签名不符",
        "replayed": "重放签名",
        "held": "码不拿开",
        "oversized": "码太长",
        "cut-short": "码不全",
        "line-cut": "断线",
        "rebooted": "重启",
    },
    "card": {
        "none": "无卡",
        "permit": "港澳台居住",
        "foreigner-2017": "永居 旧版",
        "foreigner-2023": "永居 新版",
        "foreigner-long-name": "永居 长名",
        "unknown-kind": "未知卡型",
        "private": "钱□生",
        "damaged": "坏卡",
    },
    "status": {
        "80": "寻卡失败",
        "81": "选卡失败",
        "41": "读卡失败",
        "24": "未知错误",
        "31": "卡不认机",
        "32": "机不认卡",
        "33": "信息验错",
        "37": "指纹验错",
        "47": "随机数错",
        "40": "卡型未知",
        "91": "卡上没有",
        "3f": "信息长错",
        "10": "校验和错",
        "11": "长度错误",
        "21": "命令错误",
        "60": "自检失败",
        "66": "未经授权",
        "23": "没有权限",
    },
    "baud": {rate: f"每秒{rate}" for rate in choices("baud")},
    "document": {"none": "无证", "deng-permit": "张明灯通行证", "alex": "外国护照"},
    "subject": {"nobody": "无人", f"live:{_STRANGER}": "别人"},
    "pose": {"front": "正面", "left": "向左转", "right": "向右转", "up": "抬头", "down": "低头"},
    "scene": {
        "plain": "平常",
        "near": "太近",
        "far": "太远",
        "aside": "偏一边",
        "seated": "坐着",
        "leaning": "歪头",
        "mask": "口罩",
        "hand": "手挡脸",
        "cap": "帽檐低",
        "dim": "太暗",
        "glare": "过曝",
        "backlit": "逆光",
        "blurred": "晃动",
        "helper-near": "旁人并肩",
        "helper-behind": "旁人在后",
    },
    "cheat": {"none": "无", "frozen": "定格", "looped": "循环", "replay": "放录像"},
    "after": {"0": "立刻", "100": "百行后", "400": "四百行后"},
    "paper": {"taken": "取走", "left": "不取"},
    "laid": {
        "none": "无卡",
        "neighbour": "邻居的卡",
        "compressed": "压缩证书",
        "nameless": "随机卡号",
        "other-curve": "别的曲线",
        "empty": "空白卡",
        "number": "只有卡号",
        "number-short": "短卡号",
        "number-random": "卡号会变",
        "unknown": "别的卡",
    },
    "show": {"none": "无码", "slip": "流程单", "guest": "访客码", "phone": "手机"},
    "contact": {"closed": "关着", "open": "开着"},
    "exit": {"released": "松开", "pressed": "按下"},
    "fire": {"quiet": "无警", "alarm": "报警"},
    "tamper": {"closed": "盖好", "opened": "打开"},
}
_WORDS["then"] = _WORDS["state"] | {"none": "照旧"}


@dataclass(frozen=True, slots=True)
class Option:
    """A value, as ``sim`` calls it, and what it is in Chinese. ``fault``: the device is not well then."""

    value: str
    words: str
    fault: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One setting of one device."""

    device: str
    setting: str
    options: tuple[Option, ...]


def sections(squares: tuple[str, ...] = ()) -> dict[str, tuple[Row, ...]]:
    """The rows of each device: what hands do first, then what can be wrong with it. ``squares``: names of those that
    can be held before the scanner."""
    return {
        name: (
            *(Row(name, setting, _options(setting, squares)) for setting in model.settings),
            Row(name, "state", _states(model)),
        )
        for name, model in MODELS.items()
    }


def _states(model: DeviceModel) -> tuple[Option, ...]:
    return tuple(Option(state, _words("state", state), fault=state != model.states[0]) for state in model.states)


def _options(setting: str, squares: tuple[str, ...]) -> tuple[Option, ...]:
    values = ("none", *squares) if setting == "show" else _subjects() if setting == "subject" else choices(setting)
    return tuple(Option(value, _words(setting, value)) for value in values)


def _subjects() -> tuple[str, ...]:
    """Nobody, each resident with a picture, alive and as a picture held up, and a stranger."""
    people = tuple(live_pictures(RESIDENTS_FILE))
    living, still = (tuple(f"{kind}:{name}" for name in people) for kind in ("live", "still"))
    return ("nobody", *living, f"live:{_STRANGER}", *still)


def _words(setting: str, value: str) -> str:
    """The Chinese words of a value: a person's are their name."""
    kind, _, name = value.rpartition(":")
    resident = tomllib.loads(RESIDENTS_FILE.read_text("utf-8")).get(name)
    if resident is None or value in _WORDS[setting]:
        return _WORDS[setting].get(value, value)
    return f"{resident['name']}{'照片' if kind == 'still' else ''}"
