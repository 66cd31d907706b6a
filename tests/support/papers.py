"""Papers to draw, sign and spoil. All people are made up; the numbers' region code is nobody's."""

import base64
import io
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

from PIL import Image, ImageDraw

from forms.paper import (
    HouseholdCertificate,
    HouseholdMember,
    LaterReceipt,
    NoCriminalRecord,
    Paper,
    ResidenceReceipt,
    TemporaryIdProof,
    Wording,
)

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

# --- the other kinds ---

RAREST = "\u3402\u4dae\u9fef\U00020bb7\U0002cb5b\U00030edd\U0002ec00"
"""First and last of extension A's newest, the newest of GB 18030-2022's base plane, extensions B, E, G and I."""


def portrait() -> str:
    """A made-up picture of the size of an identity photograph, base64 of its JPEG: a head's shape on grey."""
    picture = Image.new("RGB", (358, 441), (226, 230, 236))
    pen = ImageDraw.Draw(picture)
    pen.ellipse((30, 330, 328, 600), fill=(70, 84, 110))
    pen.ellipse((109, 90, 249, 300), fill=(222, 186, 160))
    pen.pieslice((99, 70, 259, 260), 180, 360, fill=(40, 36, 34))
    for x in (150, 208):
        pen.ellipse((x - 9, 180, x + 9, 192), fill=(40, 36, 34))
    pen.arc((150, 220, 208, 262), 20, 160, fill=(150, 90, 84), width=4)
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=88)
    return base64.b64encode(buffer.getvalue()).decode()


CHILD = replace(
    FULL,
    serial="PAD-2026-00000127",
    name="王小灯",
    former_name="",
    sex="女",
    birth_date=date(2018, 6, 1),
    id_number="990101201806010023",
    relation="女",
    purpose="子女入学、证明亲属关系",
    applicant="王小明（父亲）",
    members=(
        HouseholdMember("户主", "王大明", "9901**********0011"),
        HouseholdMember("子", "王小明", "9901**********0012"),
        HouseholdMember("儿媳", "李小红", "9901**********0024"),
    ),
)

PROOF = TemporaryIdProof(
    wording=Wording(
        "临时身份证明",
        "Temporary ID proof",
        "经核验，下列身份信息与人口信息系统的记载一致。",
        "The identity below has been checked against the population register.",
        (
            "只限所列用途，超过有效期限无效。",
            "本证明不是居民身份证，也不是临时居民身份证；找到证件后，本证明作废。",
        ),
    ),
    serial="PAD-2026-00000201",
    name=FULL.name,
    sex=FULL.sex,
    nation=FULL.nation,
    birth_date=FULL.birth_date,
    id_number=FULL.id_number,
    address=FULL.address,
    portrait=portrait(),
    purpose="住宿旅馆",
    purposes=("乘坐火车", "住宿旅馆", "参加考试", "乘坐长途客车", "办理银行业务", "其他单位查验身份"),
    valid_from=ISSUED_AT,
    valid_until=ISSUED_AT + timedelta(hours=72),
    issuer=FULL.issuer,
    machine=FULL.machine,
    issued_at=ISSUED_AT,
    specimen=True,
)

NO_RECORD = NoCriminalRecord(
    wording=Wording(
        "无犯罪记录证明",
        "No-criminal-record certificate",
        "经查询，在所列时段内未发现下列人员有犯罪记录。",
        "For the period stated, no criminal record of the person below was found.",
        ("本证明只反映查询时犯罪记录信息系统所记载的情况。", "对查询结果有异议的，可以向出具机关申请复查。"),
    ),
    serial="PAD-2026-00000301",
    name=FULL.name,
    sex=FULL.sex,
    birth_date=FULL.birth_date,
    nationality="中国",
    document="居民身份证",
    document_number=FULL.id_number,
    queried_from=None,
    queried_until=ISSUED_AT.date(),
    purpose="求职、入职",
    valid_until=date(2027, 2, 19),
    issuer=FULL.issuer,
    machine=FULL.machine,
    issued_at=ISSUED_AT,
    specimen=True,
)

RESIDENCE = ResidenceReceipt(
    wording=Wording(
        "居住登记凭证",
        "Residence registration receipt",
        "下列居住地址已由本人申报，登记在册。",
        "The residence below has been declared and is registered.",
        (
            "居住满半年、符合条件的，可以凭本凭证和住所证明申领居住证。",
            "住址有变动的，请重新申报。本凭证不证明房屋权属。",
        ),
    ),
    serial="PAD-2026-00000401",
    name=FULL.name,
    id_number="9901**********0012",
    address="示例省示例市平安区灯火路18号平安灯小区3栋2单元1201室",
    declared_on=ISSUED_AT.date(),
    permit_from=date(2027, 5, 22),
    purpose="申报居住地址",
    valid_until=date(2027, 11, 21),
    issuer=FULL.issuer,
    machine=FULL.machine,
    issued_at=ISSUED_AT,
    specimen=True,
)

LATER = LaterReceipt(
    wording=Wording(
        "受理回执",
        "Receipt of application",
        "您的申请已经受理，请按下列日期和地点领取结果。",
        "Your application has been received. Collect the result as stated below.",
        ("本回执只说明申请已经受理，不表示任何结果。", "请妥善保管；回执遗失的，可以凭本人证件到窗口领取。"),
    ),
    serial="PAD-2026-00000501",
    name="王*明",
    id_number="**************0012",
    ready_on=date(2026, 11, 25),
    window="平安灯派出所户籍窗口，示例省示例市平安区灯火路1号",
    hours="周一至周六 9:00–17:00",
    phone="0000-00000110",
    bring="本回执、本人有效身份证件",
    purpose="无犯罪记录证明",
    valid_until=date(2026, 12, 22),
    issuer=FULL.issuer,
    machine=FULL.machine,
    issued_at=ISSUED_AT,
    specimen=True,
)

EVERY_KIND: tuple[Paper, ...] = (FULL, PROOF, NO_RECORD, RESIDENCE, LATER)


def renamed(paper: Paper, name: str) -> Paper:
    """The same paper of somebody with another name."""
    return replace(paper, name=name)


def lengthened(paper: Paper) -> Paper:
    """The same paper with the longest texts that anybody's register and a bureau's policy are likely to hold."""
    wording = replace(
        paper.wording,
        statement=paper.wording.statement * 2,
        statement_english=f"{paper.wording.statement_english} " * 2,
        remarks=paper.wording.remarks + ("本证明的内容以出具之日的登记为准，登记变更后请重新申领。",) * 2,
    )
    long = replace(paper, wording=wording, name=LONG.name, issuer=LONG.issuer, machine=LONG.machine)
    match long:
        case TemporaryIdProof():
            purposes = (*long.purposes, LONG.purpose, "办理其他需要证明本人身份的事项（限一次）")
            return replace(long, address=LONG.address, purposes=purposes, purpose=LONG.purpose)
        case NoCriminalRecord():
            return replace(
                long,
                document="中华人民共和国港澳居民来往内地通行证",
                queried_from=date(1996, 12, 31),
                purpose=LONG.purpose,
            )
        case ResidenceReceipt():
            return replace(long, address=LONG.address)
        case LaterReceipt():
            return replace(long, window=f"{long.window}（{LONG.address}）", bring=f"{long.bring}；{LONG.purpose}")
        case _:
            return replace(LONG, wording=wording, applicant=f"{LONG.name}（法定监护人）", members=CHILD.members)
