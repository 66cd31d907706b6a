"""Why a paper was judged as it was: one sentence in each language."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Sentence:
    """The same said twice."""

    chinese: str
    english: str

    def __str__(self) -> str:
        return f"{self.chinese} {self.english}"

    def of(self, chinese: str, english: str) -> "Sentence":
        """With its ``{}`` filled."""
        return Sentence(self.chinese.format(chinese), self.english.format(english))

    def then(self, other: "Sentence") -> "Sentence":
        """Followed by another."""
        return Sentence(f"{self.chinese}{other.chinese}", f"{self.english} {other.english}")


UNREADABLE: Final = Sentence("纸面上读不出来：{}。", "On the paper: {}.")
UNKNOWN_CODE: Final = Sentence("二维码不是本程序认识的种类。", "The code is not of a kind this verifier knows.")
ALTERED_CODE: Final = Sentence("二维码与签发时不同。", "The code is not as its issuer signed it.")
UNKNOWN_KEY: Final = Sentence(
    "制作二维码的密钥未经受信任的根认可。", "The trusted root never vouched for the key that made the code."
)
CODE_HOLDS: Final = Sentence("二维码与签发时一致。", "The code is as its issuer signed it.")
DOCUMENT_ALTERED: Final = Sentence("文件在签署后有改动，或不是签署的那一份。{}", "{}")
OTHER_DOCUMENT: Final = Sentence("二维码不是为这份文件制作的。", "The code was made for another document than this.")
DOCUMENT_HOLDS: Final = Sentence("文件、签名和二维码一致。", "Document, signature and code agree.")
NO_DOCUMENT: Final = Sentence("用来比对的不是文件。", "What it was to be compared with is no document.")
EXPIRED: Final = Sentence("有效期至{}。", "It was valid until {}.")
VOID: Final = Sentence("{}的随带名单上，这份证明已作废。", "The carried list of {} says that it is void.")
NOT_VOID: Final = Sentence("截至{}未作废。", "Not void as of {}.")
NO_LIST: Final = Sentence(
    "没有随带名单，不知道是否已作废。", "There is no carried list: whether it is void is not known."
)
OLD_LIST: Final = Sentence("随带名单已过期，请更换新的。", "The carried list is old: get a newer one.")

WORDS_HOLD: Final = Sentence(
    "纸面文字逐字读出，与签发时的全文一致。", "Every word on the sheet was read, and is as it was signed."
)
FIELD_DIFFERS: Final = Sentence("纸面上的“{}”与签发时不同。", "On the sheet, “{}” is not what was signed.")
WORDS_UNSURE: Final = Sentence("纸面文字未能全部确认。", "Not every word on the sheet could be made out for certain.")
WORDS_OTHER: Final = Sentence(
    "读出的文字与签发时的全文不符，二维码写明的各项未见不同。",
    "What was read is not the text that was signed; none of the fields that the code states differs.",
)
OTHER_VERSION: Final = Sentence(
    "纸面的固定文字不是本版本的，全文无从核对；二维码写明的各项未见不同。",
    "The words that every paper carries are not those of this version, so the whole could not be checked; none of the "
    "fields that the code states differs.",
)
PORTRAIT: Final = Sentence("照片请人工比对。", "Compare the photograph by eye.")
NO_RECOGNISER: Final = Sentence(
    "文字识别模型未安装，未读纸面文字。", "The text recogniser is not installed: the sheet's words were not read."
)
NOT_LAID_OUT: Final = Sentence("未能在图上认出整张版面。", "The sheet's layout was not made out in the picture.")
