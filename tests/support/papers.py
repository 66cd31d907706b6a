"""Papers to draw, sign and spoil. All people are made up; the numbers' region code is nobody's."""

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

from forms.paper import HouseholdCertificate, Wording

ISSUED_AT = datetime(2026, 11, 22, 23, 5, tzinfo=timezone(timedelta(hours=8)))

WORDING = Wording(
    "户籍证明",
    "Household certificate",
    "兹证明，下列内容与本机关户口登记的记载一致。",
    "The particulars below agree with the household register kept by this authority.",
)
FULL = HouseholdCertificate(
    wording=WORDING,
    serial="PAD-2026-00000123",
    name="王小明",
    former_name="王明明",
    sex="男",
    nation="汉族",
    birth_date=date(1990, 3, 7),
    id_number="990101199003070012",
    birthplace="示例省示例市平安区",
    native_place="示例省示例市",
    address="示例省示例市平安区平安路街道灯火社区18号平安小区3栋2单元1201室",
    household_type="家庭户",
    householder="王大明",
    relation="子",
    moved_in="2008年9月1日由示例省另一市河边区迁来",
    purpose="办理户口迁移（跨省）",
    issuer="示例市公安局平安路派出所",
    machine="PAD-01",
    issued_at=ISSUED_AT,
    valid_until=date(2026, 12, 21),
    specimen=True,
)

# each of these six characters is missing from common fonts
RARE = replace(FULL, serial="PAD-2026-00000124", name="䶮㛃𫞩𬬩𠮷")

SPARSE = replace(
    FULL,
    serial="PAD-2026-00000125",
    former_name="",
    birthplace="",
    native_place="",
    householder="",
    relation="",
    moved_in="",
    specimen=False,
)

LONG = replace(
    FULL,
    serial="PAD-2026-00000126",
    name="阿卜杜热依木江·阿卜杜热合曼·买买提艾力·吐尔逊江·艾合买提江",
    former_name="阿卜杜热依木江·阿卜杜热合曼·买买提艾力",
    birthplace="示例省示例自治州示例县平安镇（原示例公社第三生产大队）",
    address="示例省示例自治州示例县平安镇灯火街道平安路（东段）甲1234号平安灯火花园小区二期（北区）第12栋3单元28层2801室"
    * 2,
    moved_in="2008年9月1日由示例省另一自治州河边县河边镇河边村第二村民小组（因投靠亲属、随父母迁移）迁来",
    purpose="出国留学、探亲及办理境外居留手续（接收单位：示例国驻示例市总领事馆签证处）",
    issuer="示例自治州公安局示例县分局平安路灯火街道派出所",
    machine="PAD-GATE-NORTH-01",
)
