"""What programs that we did not write say of a finished paper: its signature, its structure, its archival, its text."""

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from forms.content import canonical, compose
from forms.paper import Paper
from forms.reading import page_text
from simulators.preflight import complaints

_WELL = "yes"
_SIGNED_WELL = ("Signature is Valid", "Certificate is Trusted", "Total document signed")


@dataclass(frozen=True, slots=True)
class Finding:
    """``yes``, or what was found instead, for each judge."""

    pdfsig: str
    qpdf: str
    preflight: str
    text: str

    @property
    def well(self) -> bool:
        """Whether nobody has anything to say."""
        return {self.pdfsig, self.qpdf, self.preflight, self.text} == {_WELL}


def check(papers: dict[str, tuple[Paper, bytes]], root_pem: str, folder: Path) -> dict[str, Finding]:
    """Judge signed PDFs, as one who believes ``root_pem``. ``folder`` is empty and private."""
    database = _believing(root_pem, folder)
    judged = complaints({name: pdf for name, (_, pdf) in papers.items()}, folder)
    return {
        name: Finding(
            pdfsig=_pdfsig(folder / f"{name}.pdf", database),
            qpdf=_qpdf(folder / f"{name}.pdf"),
            preflight="; ".join(judged[name]) or _WELL,
            text=_text(paper, pdf),
        )
        for name, (paper, pdf) in papers.items()
    }


def _believing(root_pem: str, folder: Path) -> str:
    """A store of trusted certificates (NSS) that holds the root."""
    (folder / "nss").mkdir()
    (folder / "root.pem").write_text(root_pem, "ascii")
    database = f"sql:{folder / 'nss'}"
    subprocess.run(["certutil", "-N", "-d", database, "--empty-password"], check=True)
    root = ["-n", "root", "-t", "CT,C,C", "-a", "-i", str(folder / "root.pem")]
    subprocess.run(["certutil", "-A", "-d", database, *root], check=True)
    return database


def _pdfsig(file: Path, database: str) -> str:
    said = _run("pdfsig", "-nssdir", database, str(file)).stdout
    missing = [each for each in _SIGNED_WELL if each not in said]
    return f"not: {', '.join(missing)}" if missing else _WELL


def _qpdf(file: Path) -> str:
    done = _run("qpdf", "--check", str(file))
    return _WELL if (done.returncode, done.stderr) == (0, "") else done.stderr.strip() or f"status {done.returncode}"


def _text(paper: Paper, pdf: bytes) -> str:
    """Whether two readers that share no code copy exactly what was meant."""
    meant = canonical("".join(compose(paper).texts()))
    wrong = [name for name, text in _read(pdf) if canonical(text) != meant]
    return f"no, says {' and '.join(wrong)}" if wrong else _WELL


def _read(pdf: bytes) -> Iterator[tuple[str, str]]:
    yield "PDFium", page_text(pdf)
    command = ["pdftotext", "-raw", "-enc", "UTF-8", "-", "-"]
    yield "poppler", subprocess.run(command, input=pdf, capture_output=True, check=True).stdout.decode()


def _run(*command: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(command, capture_output=True, text=True, check=False)
