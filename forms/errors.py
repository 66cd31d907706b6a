"""Why a paper can't be made, or can't be relied on.

FormsError
├── AssetsMissingError     the third-party fonts are not installed
├── MissingGlyphError      no font of the chain has a character of the paper
├── PaperTooLongError      the fields don't fit the page even at the smallest size
├── PortraitError          the photograph is none that a paper can carry
├── CodeMismatchError      the compact code was not made for this paper
├── SignatureMisfitError   the document has no room for its signature
├── TimeStampError         an authority gave no time stamp for what was asked
├── UnreadablePaperError   the file is no picture and no PDF, or carries no compact code
├── AlteredPaperError      the document is not as it was signed
├── TrustError             the trust folder or a certificate in it can't be used
│   └── CarriedListError     the carried list in it is damaged, or nobody vouches for it
├── CoseError              the bytes are no signed message of our one form
└── CodeError              what a compact code turned out to be
    ├── UnreadableCodeError  not a compact code of this product
    ├── UnknownIssuerError   made by a key that the root never vouched for
    └── AlteredCodeError     of a known key, and not as that key signed it

No message holds anything personal: a missing character is counted, not named.
"""

from civic.errors import CodedError


class FormsError(CodedError):
    """A paper can't be made or relied on."""

    code = "paper"


class AssetsMissingError(FormsError):
    """The third-party fonts are not where they should be. ``detail``: the file's name."""

    code = "assets-missing"


class MissingGlyphError(FormsError):
    """A character would print as nothing or as a box. ``detail``: how many characters."""

    code = "missing-glyph"


class PaperTooLongError(FormsError):
    """The fields don't fit the page even at the smallest size."""

    code = "paper-too-long"


class PortraitError(FormsError):
    """The photograph is no JPEG, or none that the page's colours hold. ``detail`` says which."""

    code = "portrait"


class CodeMismatchError(FormsError):
    """The compact code states another serial or other contents than the page."""

    code = "code-mismatch"


class SignatureMisfitError(FormsError):
    """The document has no room for its signature: the container is too long, or the file can't be continued."""

    code = "signature-misfit"


class TimeStampError(FormsError):
    """An authority gave no time stamp, or one of something else. ``detail`` says which."""

    code = "time-stamp"


class UnreadablePaperError(FormsError):
    """The file is no picture and no PDF, or carries no compact code, or several. ``detail`` says which."""

    code = "paper-unreadable"


class AlteredPaperError(FormsError):
    """The document is not as it was signed. ``detail`` is a sentence saying why."""

    code = "paper-altered"


class TrustError(FormsError):
    """The trust folder, or a certificate in it, can't be used. ``detail`` says why."""

    code = "trust"


class CarriedListError(TrustError):
    """The list of void papers and issuers can't be used. ``detail`` says why."""

    code = "carried-list"


class CoseError(FormsError):
    """No COSE_Sign1 in the one form that we write (forms.cose). ``detail`` names the rule."""

    code = "cose"


class CodeError(FormsError):
    """What a compact code turned out to be."""

    code = "code"


class UnreadableCodeError(CodeError):
    """Not a compact code of this product: wrong prefix, size or structure. ``detail`` names the rule."""

    code = "code-unreadable"


class UnknownIssuerError(CodeError):
    """Made by a key that the trusted root never vouched for, or outside that key's validity."""

    code = "code-unknown-issuer"


class AlteredCodeError(CodeError):
    """It names a known key, and that key did not sign these bytes."""

    code = "code-altered"
